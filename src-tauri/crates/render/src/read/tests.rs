//! A form that was rendered reads back as it was, and what it does not model comes back with its patch.

use super::*;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::json;
use slipway_model::group::{
    Amounts, BeforeStart, Check, Gpu, HELPER_IMAGE, Hook, HttpGet, Lifecycle, Patch, Port, PortRef, Probe, Share,
    Strategy as Movement, Toleration, WaitForUrl,
};
use slipway_model::quantity::Quantity;

const IMAGE: &str = "registry.example.com/shop/api:2.14.0";

fn rendered(group: &Group) -> Value {
    let workload = Workload {
        app: &app(),
        group,
        config: &Config::default(),
        secrets: None,
        image: &ImageRef::parse(IMAGE, "").expect("an image"),
        namespace: "shop",
        name: "api",
        live_count: None,
        balancers: &[],
        hold: None,
    };
    render(workload, "r1").deployment
}

/// The group that a Deployment reads as, where the given one is.
fn read_back(live: &Value, group: &Group) -> Group {
    let draft = GroupDraft {
        name: group.slug.to_string(),
        environment: group.environment.to_string(),
        link: group.link.to_string(),
        note: group.note.clone(),
        ..read(live, group.container()).draft
    };
    let mut read = draft.validate(group.id.clone(), &app()).expect("what was valid");
    // Not of a Deployment.
    read.strategy.batches.clone_from(&group.strategy.batches);
    read.adopted.clone_from(&group.adopted);
    read
}

fn words() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        proptest::collection::vec("[a-z $()-]{1,8}", 1..4)
            .prop_filter("not blank", |words| !words[0].trim().is_empty()),
        "[a-z ]{0,8}[a-z]".prop_map(|line| vec!["/bin/sh".to_owned(), "-c".to_owned(), line]),
    ]
}

fn http_get() -> impl Strategy<Value = HttpGet> {
    let header = ("[A-Z][a-z-]{0,6}", "[a-z0-9]{0,6}").prop_map(|(name, value)| Header { name, value });
    let port = prop_oneof![(1_u16..).prop_map(PortRef::Number), Just(PortRef::Name("http".into()))];
    let scheme = prop_oneof![Just(Scheme::Http), Just(Scheme::Https)];
    ("/[a-z/?=]{0,8}", port, scheme, proptest::collection::vec(header, 0..3))
        .prop_map(|(path, port, scheme, headers)| HttpGet { path, port, scheme, headers })
}

fn probe_of(only_one: bool) -> impl Strategy<Value = Probe> {
    let check = prop_oneof![
        http_get().prop_map(Check::Http),
        words().prop_map(Check::Command),
        (1_u16..).prop_map(|port| Check::Tcp(PortRef::Number(port))),
    ];
    let successes = if only_one { 1..2_u32 } else { 1..5 };
    (check, 0..60_u32, 1..60_u32, 1..60_u32, successes, 1..60_u32).prop_map(
        |(check, delay_seconds, period_seconds, timeout_seconds, success_threshold, failure_threshold)| Probe {
            check,
            delay_seconds,
            period_seconds,
            timeout_seconds,
            success_threshold,
            failure_threshold,
        },
    )
}

fn lifecycle() -> impl Strategy<Value = Lifecycle> {
    let hook = || of(prop_oneof![words().prop_map(Hook::Command), http_get().prop_map(Hook::Http)]);
    let image = prop_oneof![Just(HELPER_IMAGE), Just("registry.example.com/tools/curl:8")];
    let wait = ("https?://[a-z]{1,5}/[a-z]{0,5}", image, 1..600_u32).prop_map(|(url, image, seconds)| WaitForUrl {
        url,
        image: ImageRef::parse(image, "").expect("an image"),
        seconds,
    });
    let before = of(prop_oneof![words().prop_map(BeforeStart::Command), wait.prop_map(BeforeStart::Wait)]);
    // A hook needs time to run.
    (before, hook(), hook(), 0..120_u32).prop_map(|(before_start, after_start, before_stop, grace)| Lifecycle {
        grace_period_seconds: grace.max(u32::from(before_stop.is_some())),
        before_start,
        after_start,
        before_stop,
    })
}

fn toleration_of() -> impl Strategy<Value = Toleration> {
    let effect = prop_oneof![
        Just(TolerationEffect::Any),
        Just(TolerationEffect::NoSchedule),
        Just(TolerationEffect::PreferNoSchedule),
        Just(TolerationEffect::NoExecute),
    ];
    ("[a-z]{1,4}", "[a-z]{0,4}", any::<bool>(), effect, of(0..600_u32)).prop_map(
        |(key, value, exists, effect, seconds)| Toleration {
            key,
            operator: if exists { TolerationOperator::Exists } else { TolerationOperator::Equal },
            value: if exists { String::new() } else { value },
            effect,
            seconds: seconds.filter(|_| effect == TolerationEffect::NoExecute),
        },
    )
}

fn movement() -> impl Strategy<Value = Movement> {
    let share = || prop_oneof![(1..10_u32).prop_map(Share::Pods), (1..=100_u32).prop_map(Share::Percent)];
    (share(), share(), 0..60_u32, 61..900_u32).prop_map(
        |(max_surge, max_unavailable, min_ready_seconds, progress_deadline_seconds)| Movement {
            max_surge,
            max_unavailable,
            min_ready_seconds,
            progress_deadline_seconds,
            batches: None,
        },
    )
}

/// Amounts as the server writes them.
fn amounts(amount: &str) -> Amounts {
    let quantity = Quantity::parse(amount).expect("a quantity");
    Amounts { request: Some(quantity.clone()), limit: Some(quantity) }
}

fn groups() -> impl Strategy<Value = Group> {
    let place = (
        proptest::collection::btree_map("[a-z]{1,4}", "[a-z]{0,4}", 0..3),
        proptest::collection::vec(toleration_of(), 0..3),
        of("[a-z]{1,8}"),
        of("[a-z]{1,8}"),
        of("/[a-z]{1,8}"),
        of((1..9_u32, of("[a-z]{1,4}"))),
    );
    let container = (of(words()), proptest::collection::vec("[a-z -]{0,6}", 0..3), any::<bool>(), any::<bool>());
    let checks = (of(probe_of(false)), of(probe_of(true)), of(probe_of(true)));
    (place, container, checks, lifecycle(), movement(), 0..20_u32).prop_map(
        |(place, container, checks, lifecycle, strategy, count)| {
            let (node_selector, tolerations, pull_secret, service_account, working_dir, gpu) = place;
            let (command, args, limited, patched) = container;
            let mut draft = slipway_model::group::first_draft();
            (draft.name, draft.environment, draft.link) = ("prod".into(), "e".into(), "l".into());
            let mut group = draft.validate("g".into(), &app()).expect("a first draft");
            group.image = Some(ImageRef::parse(IMAGE, "").expect("an image"));
            group.count = count;
            group.command = command.unwrap_or_default();
            group.args = args;
            (group.cpu, group.memory) =
                if limited { (amounts("250m"), amounts("1Gi")) } else { (Amounts::default(), Amounts::default()) };
            group.ports = vec![Port { name: "http".into(), port: 8080, protocol: Protocol::Udp }];
            (group.node_selector, group.tolerations) = (node_selector, tolerations);
            (group.pull_secret, group.service_account, group.working_dir) = (pull_secret, service_account, working_dir);
            if let Some((count, product)) = gpu {
                group.gpu = Some(Gpu { resource: "gpu.example.com/card".into(), count });
                group.node_selector.extend(product.map(|product| ("gpu.example.com/product".to_owned(), product)));
            }
            (group.readiness, group.liveness, group.startup) = checks;
            (group.lifecycle, group.strategy) = (lifecycle, strategy);
            if patched {
                let patch = json!({ "spec": { "template": { "spec": {
                    "affinity": { "nodeAffinity": {} }, "volumes": [{ "name": "cache", "emptyDir": {} }],
                    "containers": [{ "name": "app", "stdin": true }, { "name": "agent", "image": "agent:1" }],
                } } } });
                group.patch = Patch::parse(&yaml::text(&patch), "app").expect("a patch");
            }
            group
        },
    )
}

proptest! {
    #[test]
    fn a_form_that_was_rendered_reads_back_as_it_was(group in groups()) {
        let live = rendered(&group);
        let read = read_back(&live, &group);
        prop_assert_eq!(&read, &group);
        prop_assert_eq!(rendered(&read), live);
    }
}

/// Names that the reader looks for, and others.
fn field() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "metadata",
        "labels",
        "annotations",
        "spec",
        "template",
        "containers",
        "initContainers",
        "name",
        "image",
        "app",
        "env",
        "value",
        "valueFrom",
        "ports",
        "containerPort",
        "resources",
        "limits",
        "requests",
        "nvidia.com/gpu",
        "readinessProbe",
        "httpGet",
        "path",
        "port",
        "lifecycle",
        "preStop",
        "exec",
        "command",
        "volumes",
        "volumeMounts",
        "nodeSelector",
        "tolerations",
        "operator",
        "strategy",
        "rollingUpdate",
        "maxSurge",
        "replicas",
        "selector",
        "matchLabels",
        "imagePullSecrets",
        "terminationGracePeriodSeconds",
        "$patch",
        "slipway.dev/group",
        "status",
    ];
    prop_oneof![9 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => any::<String>()]
}

/// Any JSON, with the names of a Deployment in it.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        field().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(8, 96, 6, |inner| {
        prop_oneof![
            1 => proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            4 => proptest::collection::vec((field(), inner), 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A real Deployment with something else in one place.
fn broken() -> impl Strategy<Value = Value> {
    fn places(value: &Value, at: String, found: &mut Vec<String>) {
        found.push(at.clone());
        match value {
            Value::Object(fields) => {
                for (name, below) in fields {
                    places(below, format!("{at}/{}", name.replace('~', "~0").replace('/', "~1")), found);
                }
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(n, below)| places(below, format!("{at}/{n}"), found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    places(&foreign(), String::new(), &mut found);
    (proptest::sample::select(found), anything()).prop_map(|(at, value)| {
        let mut live = foreign();
        if let Some(place) = live.pointer_mut(&at) {
            *place = value;
        }
        live
    })
}

proptest! {
    #[test]
    fn whatever_it_is_given_it_reads(live in prop_oneof![anything(), broken()], container in "(app|web|\\PC{0,4})") {
        let reading = read(&live, &container);
        // What it makes of it is a draft that can be kept and looked at, whether or not it is a valid one.
        let draft = GroupDraft { name: "g".into(), environment: "e".into(), link: "l".into(), ..reading.draft };
        let errors = draft.validate("g".into(), &app()).err().unwrap_or_default();
        prop_assert!(errors.iter().all(|error| matches!(error.field.as_str(), "image" | "patch")), "{:?}", errors);
    }
}

/// As kubectl and others made it, with what the server filled in.
fn foreign() -> Value {
    let own = json!({ "name": "web", "image": "shop/backoffice:2.12.9", "imagePullPolicy": "Always",
                          "command": ["java", "-jar", "app.jar"], "ports": [{ "containerPort": 8080, "protocol": "TCP" }],
                          "env": [
                              { "name": "PROFILE", "value": "prod" },
                              { "name": "HOST", "value": "db" },
                              { "name": "URL", "value": "jdbc://$(HOST)/x" },
                              { "name": "PASSWORD", "valueFrom": { "secretKeyRef": { "name": "db", "key": "p" } } },
                          ],
                          "envFrom": [{ "configMapRef": { "name": "backoffice-conf" } }],
                          "volumeMounts": [{ "name": "cache", "mountPath": "/var/cache" }],
                          "livenessProbe": { "grpc": { "port": 9000 }, "periodSeconds": 20 },
                          "readinessProbe": {
                              "httpGet": { "path": "/healthz", "port": "web", "scheme": "HTTP" },
                              "periodSeconds": 10, "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3,
                          },
                          "resources": {}, "terminationMessagePath": "/dev/termination-log",
                          "terminationMessagePolicy": "File" });
    let agent = json!({ "name": "agent", "image": "agent", "imagePullPolicy": "Always", "ports": [] });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": "backoffice", "namespace": "shop", "labels": { "app": "backoffice", "team": "orders" },
            "annotations": { "deployment.kubernetes.io/revision": "3", "owner": "orders@example.com" },
        },
        "spec": {
            "replicas": 2, "revisionHistoryLimit": 3, "progressDeadlineSeconds": 600,
            "selector": { "matchLabels": { "app": "backoffice" } },
            "strategy": { "type": "Recreate" },
            "template": {
                "metadata": { "labels": { "app": "backoffice", "tier": "web" },
                              "annotations": { "prometheus.io/scrape": "true" } },
                "spec": {
                    "restartPolicy": "Always", "dnsPolicy": "ClusterFirst", "schedulerName": "default-scheduler",
                    "securityContext": {}, "terminationGracePeriodSeconds": 30,
                    "serviceAccount": "web", "serviceAccountName": "web",
                    "affinity": { "podAntiAffinity": { "x": 1 } },
                    "volumes": [{ "name": "cache", "emptyDir": { "sizeLimit": "2Gi" } }],
                    "initContainers": [{ "name": "migrate", "image": "migrate:1", "imagePullPolicy": "IfNotPresent" }],
                    "containers": [own, agent],
                },
            },
        },
        "status": { "readyReplicas": 2 },
    })
}

#[test]
fn what_others_made_becomes_a_group_and_a_patch() {
    let reading = read(&foreign(), "web");
    let draft = &reading.draft;
    assert_eq!((draft.image.as_str(), draft.count.as_str()), ("shop/backoffice:2.12.9", "2"));
    assert_eq!(draft.variables, [Variable::plain("PROFILE", "prod")]);
    assert_eq!(draft.readiness, ProbeDraft::default(), "a port that nothing has a name for is not the form's");
    insta::assert_snapshot!(draft.patch);
    let kinds: Vec<_> = reading.kept.iter().map(|part| (part.kind, part.name.as_str())).collect();
    for part in [
        (KeptKind::InitContainer, "migrate"),
        (KeptKind::Sidecar, "agent"),
        (KeptKind::Volume, "cache"),
        (KeptKind::Variable, "PASSWORD"),
        (KeptKind::Container, "livenessProbe"),
        (KeptKind::Pod, "affinity"),
        (KeptKind::Deployment, "strategy"),
        (KeptKind::Label, "team"),
        (KeptKind::Annotation, "prometheus.io/scrape"),
    ] {
        assert!(kinds.contains(&part), "{part:?}: {kinds:?}");
    }
}

#[test]
fn what_others_made_is_rendered_as_it_was() {
    let live = foreign();
    let mut draft = read(&live, "web").draft;
    (draft.name, draft.environment, draft.link) = ("prod".into(), "e".into(), "l".into());
    let group = draft.validate("g".into(), &app()).expect("valid");
    let again = rendered(&group);
    assert_eq!(again["spec"]["selector"], live["spec"]["selector"]);
    let template = &again["spec"]["template"];
    for (label, value) in [("app", "backoffice"), ("tier", "web"), (names::LABEL_GROUP, "prod")] {
        assert_eq!(template["metadata"]["labels"][label], value);
    }
    let taken = &group.variables;
    let own = |deployment: &Value| {
        let mut normal = normal(deployment, "web", false, taken);
        let own = &mut normal["spec"]["template"]["spec"]["containers"][0];
        own["envFrom"] = json!(
            items(&own["envFrom"]).filter(|s| s["configMapRef"]["name"] == "backoffice-conf").collect::<Vec<_>>()
        );
        normal
    };
    assert_eq!(own(&again), own(&live));
}
