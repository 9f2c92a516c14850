//! What a live Deployment says, and the small patches that move it.

use crate::names;
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use slipway_model::hex::hex;
use slipway_model::release::{Hold, PINNED_SECONDS};
use slipway_model::workload::Restart;

/// What the Deployment controller adds to the template of each `ReplicaSet`.
const LABEL_OF_CONTROLLER: &str = "pod-template-hash";

/// SHA-256 of an object's spec, hex: tells that somebody changed what is wanted, whatever the status does.
pub fn spec_hash(object: &Value) -> String {
    hash(&object["spec"])
}

/// SHA-256 over the canonical JSON of any value, hex.
pub fn hash(value: &Value) -> String {
    // Whether the maps are sorted already is for the features of the whole build to say.
    let mut value = value.clone();
    value.sort_all_objects();
    hex(&Sha256::digest(value.to_string().as_bytes()))
}

/// SHA-256 of a live pod template, hex: equal for a Deployment and the `ReplicaSet` that it made of it.
pub fn template_hash(template: &Value) -> String {
    let mut template = template.clone();
    if let Some(labels) = template.pointer_mut("/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(LABEL_OF_CONTROLLER);
    }
    drop_nulls(&mut template);
    hash(&template)
}

/// Some servers write `creationTimestamp: null` into templates; decoding drops it.
fn drop_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(drop_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(drop_nulls),
        _ => {}
    }
}

/// Label of the release that the live pod template carries.
pub fn template_release(deployment: &Value) -> Option<&str> {
    deployment["spec"]["template"]["metadata"]["labels"][names::LABEL_RELEASE].as_str()
}

/// Image of the app's container in the live template (the first container where it is not there).
pub fn template_image<'a>(deployment: &'a Value, container: &str) -> Option<&'a str> {
    let containers = deployment["spec"]["template"]["spec"]["containers"].as_array()?;
    let own = containers.iter().find(|c| c["name"] == container).or_else(|| containers.first())?;
    own["image"].as_str()
}

/// Names of the `ConfigMap`s that the live template takes all its variables from, in their order.
pub fn variable_objects(deployment: &Value) -> Vec<&str> {
    let containers = deployment["spec"]["template"]["spec"]["containers"].as_array();
    let sources = containers.into_iter().flatten().filter_map(|container| container["envFrom"].as_array()).flatten();
    sources.filter_map(|source| source["configMapRef"]["name"].as_str()).collect()
}

/// A pod's spec without what refers to them: their names say nothing that their content would not say better.
pub fn without_variable_objects(pod: &Value) -> Value {
    let mut pod = pod.clone();
    for container in pod["containers"].as_array_mut().into_iter().flatten() {
        if let Some(fields) = container.as_object_mut() {
            fields.remove("envFrom");
        }
    }
    pod
}

/// Id of the group that an object of ours belongs to.
pub fn group_uid(object: &Value) -> Option<&str> {
    object["metadata"]["annotations"][names::ANNOTATION_GROUP].as_str()
}

/// Template, strategy and timings exactly as live: what *abort* goes back to. Rendering it again instead would make a
/// third `ReplicaSet` and replace every healthy pod.
pub fn stable_of(deployment: &Value) -> Value {
    let spec = &deployment["spec"];
    json!({
        "template": spec["template"],
        "strategy": spec["strategy"],
        "minReadySeconds": spec["minReadySeconds"].as_i64().unwrap_or(0),
        "progressDeadlineSeconds": spec["progressDeadlineSeconds"].as_i64().unwrap_or(600),
    })
}

/// JSON patch back to the stable template. Never contains the count.
pub fn abort_patch(stable: &Value, resource_version: &str) -> Value {
    let set = |path: &str, value: &Value| json!({ "op": "add", "path": path, "value": value });
    json!([
        // Replaced and not tested: an older one is then told as a conflict, and not as a patch that is wrong.
        { "op": "replace", "path": "/metadata/resourceVersion", "value": resource_version },
        { "op": "replace", "path": "/spec/template", "value": stable["template"] },
        { "op": "replace", "path": "/spec/strategy", "value": stable["strategy"] },
        set("/spec/minReadySeconds", &stable["minReadySeconds"]),
        set("/spec/progressDeadlineSeconds", &stable["progressDeadlineSeconds"]),
        set("/spec/paused", &Value::Bool(false)),
    ])
}

/// The same by a way on which no pod comes on top, and so many at most are missing.
pub fn with_less(stable: &Value, less: u32) -> Value {
    let mut stable = stable.clone();
    stable["strategy"] = json!({ "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 0, "maxUnavailable": less } });
    stable
}

/// Strategy and timings by which a release in batches holds a Deployment, over those of `spec`, which stay where it is not
/// pinned.
pub(crate) fn put_hold(spec: &mut Value, hold: &Hold) {
    spec["paused"] = hold.paused.into();
    spec["strategy"] = json!({
        "type": "RollingUpdate", "rollingUpdate": { "maxSurge": hold.surge, "maxUnavailable": hold.unavailable },
    });
    if hold.pinned {
        spec["minReadySeconds"] = PINNED_SECONDS.into();
        spec["progressDeadlineSeconds"] = (PINNED_SECONDS + 1).into();
    }
}

/// Merge patch of what holds the Deployment, and of nothing else: another version of Slipway might render the template
/// differently, which would start a rollout. `own` is the group's Deployment as it is rendered; its timings take effect
/// where nothing is pinned.
pub fn hold_patch(own: &Value, hold: &Hold, resource_version: &str) -> Value {
    let mut patch = commit_patch(own, resource_version);
    put_hold(&mut patch["spec"], hold);
    patch
}

/// Merge patch of the group's own strategy and timings, and not paused.
pub fn commit_patch(own: &Value, resource_version: &str) -> Value {
    let own = &own["spec"];
    json!({
        "metadata": { "resourceVersion": resource_version },
        "spec": {
            "paused": false,
            "strategy": own["strategy"],
            "minReadySeconds": own["minReadySeconds"],
            "progressDeadlineSeconds": own["progressDeadlineSeconds"],
        },
    })
}

/// Whether new pods of a live Deployment never count as available.
pub fn is_pinned(deployment: &Value) -> bool {
    deployment["spec"]["minReadySeconds"].as_u64().is_some_and(|seconds| seconds >= PINNED_SECONDS.into())
}

/// Merge patch that holds a Deployment where it is.
pub fn pause_patch(resource_version: &str) -> Value {
    json!({ "metadata": { "resourceVersion": resource_version }, "spec": { "paused": true } })
}

pub fn resume_patch(resource_version: &str) -> Value {
    json!({ "metadata": { "resourceVersion": resource_version }, "spec": { "paused": false } })
}

/// Merge patch that scales to nothing and remembers how many there were.
pub fn stop_patch(resource_version: &str, count: u64) -> Value {
    let annotations = json!({ names::ANNOTATION_COUNT: count.to_string() });
    json!({
        "metadata": { "resourceVersion": resource_version, "annotations": annotations },
        "spec": { "replicas": 0 },
    })
}

/// Merge patch that brings them back.
pub fn start_patch(resource_version: &str, count: u64) -> Value {
    let annotations = json!({ names::ANNOTATION_COUNT: null });
    json!({
        "metadata": { "resourceVersion": resource_version, "annotations": annotations },
        "spec": { "replicas": count },
    })
}

/// How many there were when the group was stopped.
pub fn stopped_count(deployment: &Value) -> Option<u64> {
    deployment["metadata"]["annotations"][names::ANNOTATION_COUNT].as_str()?.parse().ok()
}

/// Merge patch that has every pod replaced, by the Deployment's own strategy.
pub fn restart_patch(resource_version: &str, at: Timestamp, by: &str) -> Value {
    let annotations = json!({
        names::ANNOTATION_RESTARTED_AT: at.to_string(),
        names::ANNOTATION_RESTARTED_BY: format!("{at} {by}"),
    });
    json!({
        "metadata": { "resourceVersion": resource_version },
        "spec": { "template": { "metadata": { "annotations": annotations } } },
    })
}

/// When the pods of a template were last replaced by themselves. A restart from elsewhere leaves our word on the one
/// before it as it was.
pub fn restarted(template: &Value) -> Option<Restart> {
    let annotations = &template["metadata"]["annotations"];
    let at = annotations[names::ANNOTATION_RESTARTED_AT].as_str()?;
    let by =
        annotations[names::ANNOTATION_RESTARTED_BY].as_str().and_then(|told| told.strip_prefix(at)?.strip_prefix(' '));
    Some(Restart { at: at.parse().ok()?, by: by.map(str::to_owned) })
}

/// Merge patch for the abort of a first release: there is nothing to go back to.
pub fn zero_patch(resource_version: &str) -> Value {
    json!({ "metadata": { "resourceVersion": resource_version }, "spec": { "paused": false, "replicas": 0 } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_does_not_move_the_hash() {
        let object = |ready: u32, count: u32| json!({ "spec": { "replicas": count }, "status": { "ready": ready } });
        assert_eq!(spec_hash(&object(1, 3)), spec_hash(&object(2, 3)));
        assert_ne!(spec_hash(&object(1, 3)), spec_hash(&object(1, 4)));
    }

    #[test]
    fn the_order_of_keys_does_not_move_the_hash() {
        let read = |text: &str| serde_json::from_str::<Value>(text).expect("JSON");
        assert_eq!(hash(&read(r#"{"a":{"x":1,"y":2},"b":3}"#)), hash(&read(r#"{"b":3,"a":{"y":2,"x":1}}"#)));
        assert_ne!(hash(&read("[1,2]")), hash(&read("[2,1]")));
    }

    #[test]
    fn a_replica_set_means_the_same_pods_as_its_deployment() {
        let own = json!({ "metadata": { "labels": { "a": "b" }, "creationTimestamp": null }, "spec": { "x": 1 } });
        let made = json!({ "metadata": { "labels": { "a": "b", "pod-template-hash": "7f9" } }, "spec": { "x": 1 } });
        let other = json!({ "metadata": { "labels": { "a": "c" } }, "spec": { "x": 1 } });
        assert_eq!(template_hash(&own), template_hash(&made));
        assert_ne!(template_hash(&own), template_hash(&other));
    }

    #[test]
    fn what_is_stopped_remembers_its_count() {
        let patch = stop_patch("7", 6);
        assert_eq!((&patch["spec"]["replicas"], stopped_count(&patch)), (&json!(0), Some(6)));
        let patch = start_patch("8", 6);
        assert_eq!((&patch["spec"]["replicas"], stopped_count(&patch)), (&json!(6), None));
    }

    #[test]
    fn a_restart_says_who_did_it_until_somebody_else_restarts() {
        let at: Timestamp = "2026-02-03T04:05:06Z".parse().expect("a time");
        let mut template = restart_patch("7", at, "Li Hua")["spec"]["template"].clone();
        assert_eq!(restarted(&template), Some(Restart { at, by: Some("Li Hua".into()) }));
        template["metadata"]["annotations"][names::ANNOTATION_RESTARTED_AT] = "2026-02-03T05:00:00Z".into();
        assert_eq!(restarted(&template).map(|restart| restart.by), Some(None), "by kubectl");
        assert_eq!(restarted(&json!({})), None);
    }

    #[test]
    fn the_image_is_that_of_the_apps_container_wherever_it_stands() {
        let containers = json!([{ "name": "agent", "image": "agent:9" }, { "name": "web", "image": "shop/api:2" }]);
        let live = json!({ "spec": { "template": { "spec": { "containers": containers } } } });
        assert_eq!(template_image(&live, "web"), Some("shop/api:2"));
        assert_eq!(template_image(&live, "app"), Some("agent:9"), "the first stands in for one that is gone");
    }

    #[test]
    fn batches_hold_the_deployment_and_nothing_else_of_it() {
        let rolling = json!({ "type": "RollingUpdate", "rollingUpdate": { "maxSurge": "25%", "maxUnavailable": 0 } });
        let own = json!({ "spec": {
            "replicas": 6, "template": { "spec": {} }, "paused": false,
            "strategy": rolling, "minReadySeconds": 5, "progressDeadlineSeconds": 600,
        } });
        let limits = |patch: &Value| patch["spec"]["strategy"]["rollingUpdate"].clone();
        let seconds = |patch: &Value| {
            (patch["spec"]["minReadySeconds"].clone(), patch["spec"]["progressDeadlineSeconds"].clone())
        };
        let hold = Hold { paused: true, surge: 0, unavailable: 2, pinned: true };
        let pinned = hold_patch(&own, &hold, "7");
        assert_eq!(limits(&pinned), json!({ "maxSurge": 0, "maxUnavailable": 2 }));
        assert_eq!(seconds(&pinned), (json!(2_147_483_646), json!(2_147_483_647)));
        assert!(is_pinned(&pinned));
        let honest = hold_patch(&own, &Hold { pinned: false, ..hold }, "7");
        assert_eq!((limits(&honest), seconds(&honest)), (limits(&pinned), (json!(5), json!(600))));
        let commit = commit_patch(&own, "7");
        assert_eq!((&commit["spec"]["strategy"], seconds(&commit)), (&rolling, (json!(5), json!(600))));
        for patch in [pinned, honest, commit] {
            assert_eq!(patch["metadata"], json!({ "resourceVersion": "7" }));
            let fields: Vec<_> = patch["spec"].as_object().expect("a spec").keys().collect();
            assert_eq!(fields, ["minReadySeconds", "paused", "progressDeadlineSeconds", "strategy"]);
        }
    }

    #[test]
    fn abort_never_touches_the_count() {
        let live = json!({ "spec": {
            "replicas": 3, "template": { "metadata": { "labels": { "a": "b" } } }, "strategy": { "type": "Recreate" },
        } });
        let patch = abort_patch(&stable_of(&live), "7");
        assert_eq!(patch[0]["value"], "7");
        assert_eq!(patch[1]["value"], live["spec"]["template"]);
        assert!(!patch.to_string().contains("replicas"));
    }
}
