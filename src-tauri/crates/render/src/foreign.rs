//! What somebody else changed of a live Deployment since its last release, by its managedFields.

use crate::managed::{Owner, Path, Step, leaves, owners, plain};
use crate::names::{ANNOTATION_COUNT, MANAGER};
use jiff::Timestamp;
use serde_json::Value;

/// Fields that the controller keeps up to date by itself, and those that say which release this is.
const NOT_A_CHANGE: &[&str] =
    &["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration", "slipway.dev/release"];

/// One field that is not as it was released.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignField {
    pub path: Path,
    pub released: Option<Value>,
    pub live: Option<Value>,
    /// Who changed it; `None` where nobody owns it any more: it was taken away, or goes back already.
    pub by: Option<ForeignManager>,
    /// Belongs to our own apply, or to nobody: the next release sets it back.
    pub goes_back: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignManager {
    pub manager: String,
    /// `scale`, or empty.
    pub subresource: String,
    pub time: Option<Timestamp>,
}

/// Every field of `live` that another manager set to something else than `released` says, and what it says that is gone.
/// `released` has the values as the server would write them.
pub fn foreign(live: &Value, released: &Value) -> Vec<ForeignField> {
    let (ours, others): (Vec<_>, Vec<_>) =
        owners(live).filter(|owner| owner.subresource != "status").partition(|owner| owner.manager == MANAGER);
    let applied: Vec<Path> = ours.iter().filter(|owner| owner.applied).flat_map(|owner| leaves(owner.fields)).collect();
    let own: Vec<Path> = ours.iter().flat_map(|owner| leaves(owner.fields)).collect();
    let mut found: Vec<ForeignField> = Vec::new();
    for owner in &others {
        for path in leaves(owner.fields) {
            let by = ForeignManager {
                manager: owner.manager.to_owned(),
                subresource: owner.subresource.to_owned(),
                time: owner.time,
            };
            // Also a list that somebody made and whose items were taken over: there is nothing else in it.
            if !own.iter().any(|own| path.holds(own)) {
                note(&mut found, live, released, &path, Some(by));
            }
        }
    }
    for path in &applied {
        note(&mut found, live, released, path, None);
    }
    for path in stated(released) {
        if path.of(live).is_none() {
            note(&mut found, live, released, &path, None);
        }
    }
    found
}

fn note(found: &mut Vec<ForeignField>, live: &Value, released: &Value, path: &Path, by: Option<ForeignManager>) {
    let path = whole(path, released, live);
    if !speaks(&path) || found.iter().any(|known| known.path.holds(&path) || path.holds(&known.path)) {
        return;
    }
    let (now, then) = (path.of(live), path.of(released));
    if now == then {
        return;
    }
    let goes_back = by.is_none();
    found.push(ForeignField { released: then.cloned(), live: now.cloned(), path, by, goes_back });
}

/// Fields of which half says nothing.
const UNITS: &[&str] = &["readinessProbe", "livenessProbe", "startupProbe", "postStart", "preStop", "strategy"];
/// Fields of which an object has one: what kind it is.
const KINDS: &[&str] = &[
    // Of checks and hooks,
    "exec",
    "httpGet",
    "tcpSocket",
    "grpc",
    "sleep",
    // of a strategy and of a variable,
    "rollingUpdate",
    "valueFrom",
    // and of a volume.
    "configMap",
    "csi",
    "downwardAPI",
    "emptyDir",
    "ephemeral",
    "hostPath",
    "image",
    "nfs",
    "persistentVolumeClaim",
    "projected",
    "secret",
];

/// What only changes as a whole: an entry of a list, a check or a hook, where one of the two has none or another kind. A
/// container more is one change, and so is a check that asks in another way.
fn whole(path: &Path, released: &Value, live: &Value) -> Path {
    for end in 1..path.0.len() {
        let above = Path(path.0[..end].to_vec());
        let entry = match &path.0[end - 1] {
            Step::Entry(_) => true,
            Step::Field(name) if UNITS.contains(&name.as_str()) => false,
            _ => continue,
        };
        let (then, now) = (above.of(released), above.of(live));
        let other_kind = || KINDS.iter().any(|kind| has(then, kind) != has(now, kind));
        // A container has an image whoever made it.
        let container = entry && matches!(&path.0[end - 2], Step::Field(list) if list.ends_with("ontainers"));
        if then.is_none() || now.is_none() || (!container && other_kind()) {
            return above;
        }
    }
    path.clone()
}

fn has(value: Option<&Value>, field: &str) -> bool {
    value.is_some_and(|value| value.get(field).is_some())
}

fn speaks(path: &Path) -> bool {
    let field = |at: usize| match path.0.get(at) {
        Some(Step::Field(name)) => name.as_str(),
        _ => "",
    };
    let last = field(path.0.len() - 1);
    let ours_to_say = match field(0) {
        "spec" => true,
        "metadata" => matches!(field(1), "labels" | "annotations"),
        _ => false,
    };
    ours_to_say && !NOT_A_CHANGE.contains(&last)
}

/// Every value that an object states. Entries of lists are told apart by their names; other lists are one value.
fn stated(object: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    collect(object, &mut Vec::new(), &mut found);
    found
}

fn collect(value: &Value, path: &mut Vec<Step>, found: &mut Vec<Path>) {
    match value {
        Value::Object(fields) if !fields.is_empty() => {
            for (key, value) in fields {
                path.push(Step::Field(key.clone()));
                collect(value, path, found);
                path.pop();
            }
        }
        Value::Array(items) if !items.is_empty() && items.iter().all(|item| item["name"].is_string()) => {
            for item in items {
                let key = [("name".to_owned(), item["name"].clone())];
                path.push(Step::Entry(key.into_iter().collect()));
                collect(item, path, found);
                path.pop();
            }
        }
        _ => found.push(Path(path.clone())),
    }
}

/// The fields of a live object that somebody owns, we or another, by manager. All else the server filled in.
pub fn owned(live: &Value) -> Vec<&Value> {
    owners(live).filter(|owner| owner.subresource != "status").map(|Owner { fields, .. }| fields).collect()
}

/// What we write into a live Deployment between releases, which says how it is held and not what it is: that it is paused,
/// and how many pods it had before it was stopped. Each as it is now; without what another manager has a say in.
pub fn held(live: &Value) -> Vec<(Path, Option<Value>)> {
    let field = |name: &str| Step::Field(name.to_owned());
    let paths = [
        Path(vec![field("spec"), field("paused")]),
        Path(vec![field("metadata"), field("annotations"), field(ANNOTATION_COUNT)]),
    ];
    let others: Vec<Path> =
        owners(live).filter(|owner| owner.manager != MANAGER).flat_map(|owner| leaves(owner.fields)).collect();
    let ours = paths.into_iter().filter(|path| !others.iter().any(|other| other.holds(path)));
    ours.map(|path| (path.clone(), path.of(live).cloned())).collect()
}

/// A value as it stands in a table, on one line.
pub fn shown(value: &Value) -> String {
    plain(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn released() -> Value {
        json!({ "metadata": { "labels": { "a": "b" } }, "spec": { "replicas": 6, "paused": false, "template": { "spec": {
            "containers": [{ "name": "app", "image": "a:1", "resources": { "limits": { "memory": "512Mi" } } }],
        } } } })
    }

    fn owned(manager: &str, operation: &str, subresource: &str, fields: &Value) -> Value {
        json!({ "manager": manager, "operation": operation, "subresource": subresource,
                "time": "2026-11-20T03:08:00Z", "fieldsV1": fields })
    }

    fn told(live: &Value) -> Vec<String> {
        let value = |value: &Option<Value>| value.as_ref().map_or("-".to_owned(), shown);
        foreign(live, &released())
            .iter()
            .map(|f| {
                let by = f.by.as_ref().map_or("nobody".to_owned(), |by| format!("{} {}", by.manager, by.subresource));
                format!("{} {} → {} by {}", f.path, value(&f.released), value(&f.live), by.trim())
            })
            .collect()
    }

    #[test]
    fn each_field_has_its_manager() {
        let mut live = released();
        live["spec"]["replicas"] = 8.into();
        live["spec"]["template"]["spec"]["containers"] = json!([
            { "name": "app", "image": "a:1", "resources": { "limits": { "memory": "768Mi" } }, "tty": false },
            { "name": "log", "image": "l:1" },
        ]);
        live["spec"].as_object_mut().expect("a spec").remove("paused");
        live["metadata"]["annotations"] = json!({ "deployment.kubernetes.io/revision": "4" });
        live["status"] = json!({ "readyReplicas": 8 });
        live["metadata"]["managedFields"] = json!([
            owned(
                "slipway",
                "Apply",
                "",
                &json!({ "f:metadata": { "f:labels": { "f:a": {} } }, "f:spec": { "f:template": {
                "f:spec": { "f:containers": { "k:{\"name\":\"app\"}": { "f:image": {} } } } } } })
            ),
            owned("kubectl", "Update", "scale", &json!({ "f:spec": { "f:replicas": {} } })),
            owned(
                "kubectl-edit",
                "Update",
                "",
                &json!({ "f:spec": { "f:template": { "f:spec": { "f:containers": {
                "k:{\"name\":\"app\"}": { "f:image": {}, "f:resources": { "f:limits": { "f:memory": {} } } },
                "k:{\"name\":\"log\"}": { ".": {}, "f:name": {}, "f:image": {} },
            } } } } })
            ),
            owned("kube-controller-manager", "Update", "status", &json!({ "f:status": { "f:readyReplicas": {} } })),
            owned(
                "kube-controller-manager",
                "Update",
                "",
                &json!({ "f:metadata": { "f:annotations": {
                "f:deployment.kubernetes.io/revision": {} } } })
            ),
        ]);
        let mut told = told(&live);
        told.sort();
        assert_eq!(
            told,
            [
                "spec.paused false → - by nobody",
                "spec.replicas 6 → 8 by kubectl scale",
                "spec.template.spec.containers[app].resources.limits.memory 512Mi → 768Mi by kubectl-edit",
                "spec.template.spec.containers[log] - → {\"image\":\"l:1\",\"name\":\"log\"} by kubectl-edit",
            ]
        );
    }

    #[test]
    fn how_we_hold_it_is_ours_until_somebody_else_says_so_too() {
        let told = |live: &Value| -> Vec<_> {
            held(live).into_iter().map(|(path, value)| format!("{path} {}", value.unwrap_or_default())).collect()
        };
        let mut live = released();
        live["spec"]["paused"] = true.into();
        live["metadata"]["annotations"] = json!({ ANNOTATION_COUNT: "3" });
        let paused = json!({ "f:spec": { "f:paused": {} } });
        live["metadata"]["managedFields"] = json!([owned("slipway", "Update", "", &paused)]);
        let count = format!("metadata.annotations[{ANNOTATION_COUNT}] \"3\"");
        assert_eq!(told(&live), ["spec.paused true", &count]);
        assert_eq!(told(&json!({})).len(), 2, "also that it is not");

        live["metadata"]["managedFields"] =
            json!([owned("slipway", "Update", "", &paused), owned("kubectl-rollout", "Update", "", &paused)]);
        assert_eq!(told(&live), [count]);
    }

    #[test]
    fn what_we_took_over_goes_back() {
        let mut live = released();
        live["spec"]["template"]["spec"]["containers"][0]["image"] = "x".into();
        let image = json!({ "f:spec": { "f:template": { "f:spec": { "f:containers": {
            "k:{\"name\":\"app\"}": { "f:image": {} } } } } } });
        live["metadata"]["managedFields"] = json!([owned("slipway", "Apply", "", &image)]);
        let found = foreign(&live, &released());
        assert_eq!((found.len(), found[0].goes_back, &found[0].by), (1, true, &None));
        // An item of a list that somebody else made: what is left to them is the list, and nothing in it.
        let mut live = released();
        live["spec"]["template"]["spec"]["containers"][0]["env"] = json!([{ "name": "DEBUG", "value": "1" }]);
        let env = |fields: Value| json!({ "f:spec": { "f:template": { "f:spec": { "f:containers": { "k:{\"name\":\"app\"}": { "f:env": fields } } } } } });
        let made = json!({ ".": {}, "k:{\"name\":\"DEBUG\"}": { ".": {}, "f:name": {}, "f:value": {} } });
        live["metadata"]["managedFields"] = json!([
            owned("slipway", "Apply", "", &json!({ "f:spec": { "f:replicas": {} } })),
            owned("kubectl-set", "Update", "", &env(made)),
        ]);
        let found = foreign(&live, &released());
        assert_eq!(told(&live).len(), 1);
        live["metadata"]["managedFields"] = crate::managed::taken_over(&live, &[found[0].path.clone()]);
        let after = foreign(&live, &released());
        assert_eq!((after.len(), after[0].goes_back, &after[0].path), (1, true, &found[0].path), "{live}");
        // What another release of ours set belongs to us, too: there is nothing foreign in what is as it was released.
        assert_eq!(foreign(&released(), &released()), []);
    }
}
