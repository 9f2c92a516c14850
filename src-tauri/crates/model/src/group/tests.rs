//! Drafts that are wrong, and drafts of earlier days.

use super::*;

fn app() -> App {
    App {
        id: "a".into(),
        slug: Slug::parse("checkout-api").expect("slug"),
        title: "checkout-api".into(),
        repository: "registry.example.com/shop/checkout-api".into(),
        deploy_path: String::new(),
    }
}

fn draft() -> GroupDraft {
    GroupDraft {
        name: "prod-bj-1".into(),
        environment: "prod".into(),
        link: "l".into(),
        image: "2.14.0".into(),
        ..first_draft()
    }
}

fn check(change: impl FnOnce(&mut GroupDraft), field: &str, code: FieldCode) {
    let mut draft = draft();
    change(&mut draft);
    let errors = draft.validate("g".into(), &app()).expect_err(field);
    assert!(errors.iter().any(|e| e.field == field && e.code == code), "{field}: {errors:?}");
}

#[test]
fn a_valid_draft_is_a_group() {
    let group = draft().validate("g".into(), &app()).expect("valid");
    assert_eq!(group.image.expect("image").to_string(), "registry.example.com/shop/checkout-api:2.14.0");
}

#[test]
fn every_wrong_field_is_named() {
    use FieldCode as Code;
    check(|d| d.name = "Prod".into(), "name", Code::NotALabel);
    check(|d| d.name = "a".repeat(34), "name", Code::NamesTooLong);
    check(|d| d.environment.clear(), "environment", Code::Required);
    check(|d| d.link.clear(), "link", Code::Required);
    check(|d| d.image = "A/b:1".into(), "image", Code::NotAnImage);
    check(|d| d.count = "-1".into(), "count", Code::OutOfRange);
    check(|d| d.count = "9".repeat(60), "count", Code::OutOfRange);
    check(|d| d.count = "2.5".into(), "count", Code::NotANumber);
    check(|d| d.count = String::new(), "count", Code::Required);
    check(|d| d.cpu.request = "one".into(), "cpu.request", Code::NotAQuantity);
    check(|d| d.cpu.limit = "50m".into(), "cpu.limit", Code::LimitBelowRequest);
    check(|d| d.memory.limit = "-5Mi".into(), "memory.limit", Code::OutOfRange);
    check(|d| d.args = vec!["a\0b".into()], "args.0", Code::ControlCharacters);
    let port = |name: &str, port: &str| PortDraft { name: name.into(), port: port.into(), ..PortDraft::default() };
    check(|d| d.ports = vec![port("http", "0")], "ports.0.port", Code::OutOfRange);
    check(|d| d.ports = vec![port("http", "65536")], "ports.0.port", Code::OutOfRange);
    check(|d| d.ports = vec![port("a-very-long-port", "80")], "ports.0.name", Code::NotAPortName);
    check(|d| d.ports = vec![port("http", "80"), port("http", "81")], "ports.1.name", Code::Duplicate);
    check(|d| d.ports = vec![port("http", "80"), port("web", "80")], "ports.1.port", Code::Duplicate);
    check(|d| d.ports = vec![port("", "80"), port("web", "81")], "ports.0.name", Code::Required);
    let variable = |name: &str, value: &str| Variable::plain(name, value);
    check(|d| d.variables = vec![variable("1A", "")], "variables.0.name", Code::NotAVariableName);
    check(|d| d.variables = vec![variable("A", ""), variable("A", "")], "variables.1.name", Code::Duplicate);
    check(|d| d.variables = vec![variable("A", &"x".repeat(32 * 1024 + 1))], "variables.0.value", Code::TooLarge);
}

#[test]
fn a_hook_needs_time_to_run() {
    let hook = |d: &mut GroupDraft| {
        d.lifecycle.grace_period_seconds = "0".into();
        d.lifecycle.before_stop =
            HookDraft { kind: HookKind::Command, command: CommandDraft::Shell("sync".into()), ..HookDraft::default() };
    };
    check(hook, "lifecycle.grace_period_seconds", FieldCode::OutOfRange);
    let mut at_once = draft();
    at_once.lifecycle.grace_period_seconds = "0".into();
    assert!(at_once.validate("g".into(), &app()).is_ok());
}

#[test]
fn every_wrong_field_around_the_container_is_named() {
    use FieldCode as Code;
    check(|d| d.working_dir = "srv".into(), "working_dir", Code::NotAPath);
    check(|d| d.pull_secret = "My Secret".into(), "pull_secret", Code::NotAnObjectName);
    check(|d| d.service_account = "-a".into(), "service_account", Code::NotAnObjectName);
    let label = |key: &str, value: &str| LabelDraft { key: key.into(), value: value.into() };
    check(|d| d.node_selector = vec![label("a b", "")], "node_selector.0.key", Code::NotALabelKey);
    check(|d| d.node_selector = vec![label("disk", "s d")], "node_selector.0.value", Code::NotALabelValue);
    check(|d| d.gpu.count = "1".into(), "gpu.resource", Code::Required);
    check(|d| d.gpu.resource = "nvidia.com/gpu".into(), "gpu.count", Code::Required);
    check(
        |d| {
            d.gpu = GpuDraft { resource: "gpu".into(), count: "0".into(), selector: vec![label("disk", "ssd")] };
            d.node_selector = vec![label("disk", "ssd")];
        },
        "gpu.selector.0.key",
        Code::Duplicate,
    );
    check(|d| d.tolerations = vec![TolerationDraft::default()], "tolerations.0.key", Code::Required);
    check(
        |d| {
            d.tolerations = vec![TolerationDraft {
                key: "gpu".into(),
                effect: TolerationEffect::NoExecute,
                seconds: "-1".into(),
                ..TolerationDraft::default()
            }];
        },
        "tolerations.0.seconds",
        Code::OutOfRange,
    );
    check(|d| d.patch = "spec: { replicas: 1 }".into(), "patch", Code::NotInPatch);
}

#[test]
fn every_wrong_field_of_a_strategy_is_named() {
    use FieldCode as Code;
    check(|d| d.strategy.max_surge = "a quarter".into(), "strategy.max_surge", Code::NotAShare);
    check(
        |d| (d.strategy.max_surge, d.strategy.max_unavailable) = ("0".into(), "0%".into()),
        "strategy.max_unavailable",
        Code::BothZero,
    );
    check(
        |d| (d.strategy.min_ready_seconds, d.strategy.progress_deadline_seconds) = ("60".into(), "60".into()),
        "strategy.progress_deadline_seconds",
        Code::OutOfRange,
    );
    let batches = |strategy: StrategyDraft| StrategyDraft { kind: StrategyKind::Batches, ..strategy };
    let even = |number: &str, canary: &str| {
        batches(StrategyDraft { number: number.into(), canary: canary.into(), ..StrategyDraft::default() })
    };
    check(|d| d.strategy = even("101", ""), "strategy.number", Code::OutOfRange);
    check(|d| d.strategy = even("1", "1"), "strategy.number", Code::OutOfRange);
    check(|d| d.strategy = even("2", "0"), "strategy.canary", Code::OutOfRange);
    let steps = |sizes: &[&str]| {
        let pace = PaceDraft { approval: false, seconds: "soon".into() };
        let steps = sizes.iter().map(|size| StepDraft { size: (*size).into(), pace: pace.clone() }).collect();
        batches(StrategyDraft { split: Split::Explicit, steps, ..StrategyDraft::default() })
    };
    check(|d| d.strategy = steps(&[]), "strategy.steps", Code::OutOfRange);
    check(|d| d.strategy = steps(&["1", "0"]), "strategy.steps.1.size", Code::OutOfRange);
    check(|d| d.strategy = steps(&["60%", "50%"]), "strategy.steps.1.size", Code::OutOfRange);
    check(|d| d.strategy = steps(&["1"]), "strategy.steps.0.pace.seconds", Code::NotANumber);
}

#[test]
fn every_wrong_field_of_checks_and_hooks_is_named() {
    use FieldCode as Code;
    let http = |path: &str, port: &str| ProbeDraft {
        kind: CheckKind::Http,
        http: HttpGetDraft { path: path.into(), port: port.into(), ..HttpGetDraft::default() },
        ..ProbeDraft::default()
    };
    check(|d| d.readiness = http("", "8080"), "readiness.http.path", Code::Required);
    check(|d| d.readiness = http("ready", "80"), "readiness.http.path", Code::NotAPath);
    check(|d| d.liveness = http("/", "0"), "liveness.http.port", Code::OutOfRange);
    check(|d| d.startup = http("/", "admn"), "startup.http.port", Code::UnknownPort);
    check(|d| d.readiness.kind = CheckKind::Tcp, "readiness.tcp", Code::Required);
    check(|d| d.readiness.kind = CheckKind::Command, "readiness.command", Code::Required);
    let header = |name: &str, value: &str| {
        let mut probe = http("/", "80");
        probe.http.headers = vec![Header { name: name.into(), value: value.into() }];
        probe
    };
    check(|d| d.readiness = header("X Probe", ""), "readiness.http.headers.0.name", Code::NotAHeader);
    check(|d| d.readiness = header("X", "a\nb"), "readiness.http.headers.0.value", Code::ControlCharacters);
    let twice = ProbeDraft { success_threshold: "2".into(), ..http("/", "80") };
    check(|d| d.liveness = twice.clone(), "liveness.success_threshold", Code::OutOfRange);
    let mut draft = draft();
    draft.readiness = twice.clone();
    assert!(draft.validate("g".into(), &app()).is_ok(), "readiness may ask for several");
    check(|d| d.lifecycle.before_start.kind = BeforeStartKind::Wait, "lifecycle.before_start.url", Code::Required);
    check(|d| d.lifecycle.before_stop.kind = HookKind::Command, "lifecycle.before_stop.command", Code::Required);
    check(|d| d.lifecycle.after_start.kind = HookKind::Http, "lifecycle.after_start.http.path", Code::Required);
    check(|d| d.lifecycle.grace_period_seconds = "-1".into(), "lifecycle.grace_period_seconds", Code::OutOfRange);
    let wait = |url: &str, image: &str| BeforeStartDraft {
        kind: BeforeStartKind::Wait,
        url: url.into(),
        image: image.into(),
        ..BeforeStartDraft::default()
    };
    check(|d| d.lifecycle.before_start = wait("ftp://a", ""), "lifecycle.before_start.url", Code::NotAUrl);
    check(|d| d.lifecycle.before_start = wait("http://a", "b"), "lifecycle.before_start.image", Code::NotAnImage);
}

#[test]
fn a_slip_in_the_name_of_a_port_is_mended() {
    let mut draft = draft();
    let port = |name: &str, port: &str| PortDraft { name: name.into(), port: port.into(), ..PortDraft::default() };
    draft.ports = vec![port("http", "8080"), port("admin", "8081")];
    draft.liveness = ProbeDraft { kind: CheckKind::Tcp, tcp: "admn".into(), ..ProbeDraft::default() };
    let errors = draft.validate("g".into(), &app()).expect_err("no such port");
    assert_eq!((errors[0].code, errors[0].fix.as_deref()), (FieldCode::UnknownPort, Some("admin")));
}

#[test]
fn what_was_stored_before_is_read() {
    let mut stored = serde_json::to_value(draft()).expect("JSON");
    let fields = stored.as_object_mut().expect("a map");
    for new in
        ["gpu", "working_dir", "pull_secret", "service_account", "node_selector", "tolerations", "strategy", "patch"]
    {
        fields.remove(new).expect(new);
    }
    for new in ["liveness", "startup", "lifecycle", "adopted"] {
        fields.remove(new).expect(new);
    }
    fields.insert("readiness".into(), serde_json::json!({ "path": "/readyz", "port": "8080" }));
    let old: GroupDraft = serde_json::from_value(stored.clone()).expect("an older draft");
    let group = old.validate("g".into(), &app()).expect("valid as it was");
    let readiness = group.readiness.clone().expect("a probe");
    assert!(matches!(&readiness.check, Check::Http(get) if get.path == "/readyz"), "{readiness:?}");
    assert_eq!((group.strategy.clone(), group.lifecycle.clone()), (Strategy::default(), Lifecycle::default()));

    stored["readiness"] = serde_json::json!({ "path": "", "port": "" });
    let old: GroupDraft = serde_json::from_value(stored).expect("an older draft");
    assert_eq!(old.readiness, ProbeDraft::default(), "it had none");

    let mut record = serde_json::to_value(&group).expect("JSON");
    record["readiness"] = serde_json::json!({ "path": "/readyz", "port": 8080 });
    let group: Group = serde_json::from_value(record).expect("an older record");
    assert_eq!(group.readiness, Some(readiness));
}

#[test]
fn a_group_is_typed_again_as_the_same() {
    let mut draft = draft();
    let label = |key: &str, value: &str| LabelDraft { key: key.into(), value: value.into() };
    draft.image = "registry.example.com/shop/checkout-api:2.14.0".into();
    draft.gpu = GpuDraft {
        resource: "nvidia.com/gpu".into(),
        count: "2".into(),
        selector: vec![label("nvidia.com/gpu.product", "A100")],
    };
    draft.node_selector = vec![label("disk", "ssd")];
    draft.liveness =
        ProbeDraft { kind: CheckKind::Command, command: CommandDraft::Shell("test -f /x".into()), ..draft.liveness };
    draft.lifecycle.before_start.kind = BeforeStartKind::Wait;
    draft.lifecycle.before_start.url = "https://config.example.com/ready".into();
    draft.patch = "# kept\nspec: { template: { spec: { affinity: {} } } }".into();
    let group = draft.validate("g".into(), &app()).expect("valid");
    assert_eq!(GroupDraft::from(&group), draft);
}
