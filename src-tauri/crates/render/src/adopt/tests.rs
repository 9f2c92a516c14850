//! Every field comes into the draft, or into its patch, and is rendered as it was there.

use super::*;
use crate::managed::step;
use serde_json::json;
use slipway_model::app::App;
use slipway_model::config::Config;
use slipway_model::group::{CheckKind, CommandDraft, Protocol, first_draft};
use slipway_model::image::ImageRef;
use slipway_model::name::Slug;

/// A path by its fields; `[name]` is the entry of a list with that name, `[key=value]` one with another key.
fn at(path: &str) -> Path {
    let step = |word: &str| match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
        None => Step::Field(word.to_owned()),
        Some(entry) => {
            let (key, value) = entry.split_once('=').unwrap_or(("name", entry));
            step(&format!("k:{{\"{key}\":\"{value}\"}}")).expect("a step")
        }
    };
    Path(path.split(' ').map(step).collect())
}

const APP: &str = "spec template spec containers [app]";

struct Scene {
    app: App,
    draft: GroupDraft,
}

impl Scene {
    fn new(change: impl FnOnce(&mut GroupDraft)) -> Self {
        let app = App {
            id: "a".into(),
            slug: Slug::parse("shop").expect("a label"),
            title: "shop".into(),
            repository: "registry.example.com/shop".into(),
            deploy_path: String::new(),
        };
        let mut draft = first_draft();
        (draft.name, draft.environment, draft.link, draft.image) = ("prod".into(), "e".into(), "l".into(), "1".into());
        change(&mut draft);
        Self { app, draft }
    }

    fn with<T>(&self, of: impl FnOnce(Workload<'_>) -> T) -> T {
        let group = self.draft.validate("g".into(), &self.app).expect("a valid draft");
        let image = ImageRef::parse("1", &self.app.repository).expect("an image");
        let config = Config { variables: Vec::new(), ..Config::default() };
        of(Workload {
            app: &self.app,
            group: &group,
            config: &config,
            secrets: None,
            image: group.image.as_ref().unwrap_or(&image),
            namespace: "shop",
            name: "shop-prod",
            live_count: Some(3),
            balancers: &[],
            hold: None,
        })
    }

    fn live(&self, changes: &[(&str, Option<Value>)]) -> Value {
        let mut live = self.with(|workload| render(workload, "r1").deployment);
        for (path, value) in changes {
            at(path).set(&mut live, value.clone());
        }
        live
    }

    /// Adopts every change, and whether some went into the patch.
    fn adopt(&mut self, changes: &[(&str, Option<Value>)]) -> Result<bool, String> {
        let live = self.live(changes);
        let paths: Vec<_> = changes.iter().map(|(path, _)| at(path)).collect();
        let paths: Vec<_> = paths.iter().collect();
        let adopted = self.with(|workload| adopt(&self.draft, workload, &live, &paths));
        let adopted = adopted.map_err(|path| path.to_string())?;
        self.draft = adopted.draft;
        Ok(adopted.patched)
    }
}

#[test]
fn what_the_form_has_is_in_it() {
    let mut scene = Scene::new(|draft| draft.args = vec!["a".into()]);
    let app = |rest: &str| format!("{APP} {rest}");
    let probe = json!({ "tcpSocket": { "port": 9000 }, "initialDelaySeconds": 1, "periodSeconds": 20,
                        "timeoutSeconds": 1, "successThreshold": 1, "failureThreshold": 3 });
    let changes = [
        (app("resources limits memory"), Some(json!("768Mi"))),
        (app("command"), Some(json!(["run", "it"]))),
        (app("args"), None),
        (app("livenessProbe"), Some(probe)),
        (app("ports"), Some(json!([{ "containerPort": 53, "protocol": "UDP" }]))),
        (app("lifecycle preStop"), Some(json!({ "exec": { "command": ["sleep", "5"] } }))),
        (app("env [LEVEL]"), Some(json!({ "name": "LEVEL", "value": "debug" }))),
        ("spec replicas".to_owned(), Some(json!(8))),
        ("spec minReadySeconds".to_owned(), Some(json!(30))),
        ("spec template spec nodeSelector".to_owned(), Some(json!({ "disk": "ssd" }))),
        ("spec template spec tolerations".to_owned(), Some(json!([{ "key": "gpu", "operator": "Exists" }]))),
    ];
    let changes: Vec<_> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    assert_eq!(scene.adopt(&changes), Ok(false), "{}", scene.draft.patch);
    let draft = &scene.draft;
    assert_eq!((draft.memory.limit.as_str(), draft.count.as_str()), ("768Mi", "8"));
    assert_eq!((draft.strategy.min_ready_seconds.as_str(), draft.cpu.limit.as_str()), ("30", "500m"));
    assert_eq!(draft.command, CommandDraft::List(vec!["run".into(), "it".into()]));
    let liveness = &draft.liveness;
    assert_eq!(
        (liveness.kind, liveness.tcp.as_str(), liveness.period_seconds.as_str()),
        (CheckKind::Tcp, "9000", "20")
    );
    assert_eq!((draft.ports[0].port.as_str(), draft.ports[0].protocol), ("53", Protocol::Udp));
    assert_eq!(draft.lifecycle.before_stop.command, CommandDraft::List(vec!["sleep".into(), "5".into()]));
    assert_eq!(draft.variables, [Variable::plain("LEVEL", "debug")]);
    assert_eq!((draft.node_selector[0].value.as_str(), draft.tolerations[0].key.as_str()), ("ssd", "gpu"));
    assert!(draft.args.is_empty() && draft.patch.is_empty());
}

#[test]
fn what_it_has_not_is_in_the_patch() {
    let patch = json!({ "spec": { "template": { "spec": { "containers": [
        { "name": "app", "stdin": true, "workingDir": "/a" }, { "name": "proxy", "image": "proxy:1" } ] } } } });
    let mut scene = Scene::new(|draft| draft.patch = format!("# ours\n{}", yaml::text(&patch)));
    let text = scene.draft.patch.clone();
    assert_eq!(scene.adopt(&[("spec replicas", Some(json!(4)))]), Ok(false));
    assert_eq!(scene.draft.patch, text, "a patch that nothing changed stays as it was typed");

    let affinity = json!({ "nodeAffinity": { "x": [1] } });
    let log = json!({ "name": "log", "image": "log:1" });
    let of = |rest: &str| format!("{APP} {rest}");
    let changes = [
        ("spec template spec containers [log]".to_owned(), Some(log)),
        ("spec template spec containers [proxy]".to_owned(), None),
        ("spec template spec affinity".to_owned(), Some(affinity)),
        (of("tty"), Some(json!(true))),
        (of("stdin"), None),
        (of("readinessProbe"), Some(json!({ "grpc": { "port": 9000 } }))),
        (
            of("env [HOST]"),
            Some(json!({ "name": "HOST", "valueFrom": { "fieldRef": { "fieldPath": "spec.nodeName" } } })),
        ),
        ("metadata labels team".to_owned(), Some(json!("orders"))),
    ];
    let changes: Vec<_> = changes.iter().map(|(path, value)| (path.as_str(), value.clone())).collect();
    let live = scene.live(&changes);
    assert_eq!(scene.adopt(&changes), Ok(true));
    let rendered = scene.live(&[]);
    for (path, _) in &changes {
        assert_eq!(at(path).of(&rendered), at(path).of(&live), "{path}: {}", scene.draft.patch);
    }
    assert_eq!(at(&of("workingDir")).of(&rendered), Some(&json!("/a")), "what else the patch says stays");

    // The patch has the last word: where the form has a field for it, it speaks of it no more.
    assert_eq!(scene.adopt(&[(&of("workingDir"), Some(json!("/b")))]), Ok(false));
    assert!(!scene.draft.patch.contains("workingDir") && scene.draft.working_dir == "/b", "{}", scene.draft.patch);
}

#[test]
fn what_the_form_would_refuse_is_in_the_patch() {
    let mut scene = Scene::new(|_| {});
    let dir = format!("{APP} workingDir");
    assert_eq!(scene.adopt(&[(&dir, Some(json!("not/absolute")))]), Ok(true));
    assert_eq!(scene.draft.working_dir, "");
    assert_eq!(at(&dir).of(&scene.live(&[])), Some(&json!("not/absolute")));
}

#[test]
fn sources_of_variables_are_taken_without_our_own() {
    let mut scene = Scene::new(|draft| draft.variables = vec![Variable::plain("A", "1")]);
    let sources = format!("{APP} envFrom");
    let mut all = at(&sources).of(&scene.live(&[])).and_then(Value::as_array).cloned().expect("ours");
    let ours = all[0]["configMapRef"]["name"].clone();
    all.insert(0, json!({ "configMapRef": { "name": "theirs" } }));
    assert_eq!(scene.adopt(&[(&sources, Some(Value::Array(all.clone())))]), Ok(true));
    assert!(!scene.draft.patch.contains(ours.as_str().expect("a name")), "{}", scene.draft.patch);
    assert_eq!(at(&sources).of(&scene.live(&[])), Some(&Value::Array(all)));
}

#[test]
fn what_releases_decide_is_not_taken_and_named() {
    let mut scene = Scene::new(|_| {});
    let before = scene.draft.clone();
    for path in ["spec paused", "metadata labels slipway.dev/app"] {
        let changes = [("spec minReadySeconds", Some(json!(9))), (path, Some(json!("other")))];
        assert_eq!(scene.adopt(&changes), Err(at(path).to_string()));
    }
    assert_eq!(scene.adopt(&[("spec paused", None)]), Err("spec.paused".into()));
    assert_eq!(scene.draft, before);
}
