//! A Deployment made comparable.

use super::text;
use crate::pod::BEFORE_START;
use serde_json::{Map, Value, json};
use slipway_model::variable::Variable;

/// The definition without what releases decide, and without what the server fills in where nothing is said.
pub(crate) fn normal(deployment: &Value, container: &str, before: bool, taken: &[Variable]) -> Value {
    let mut spec = deployment["spec"].clone();
    let fields = shaped(&mut spec);
    for field in ["replicas", "selector", "paused"] {
        fields.remove(field);
    }
    defaults(fields, &[("revisionHistoryLimit", json!(10)), ("minReadySeconds", json!(0))]);
    let template = shaped(fields.entry("template").or_insert(Value::Null));
    template.remove("metadata");
    let pod = shaped(template.entry("spec").or_insert(Value::Null));
    normal_pod(pod);
    for list in ["containers", "initContainers"] {
        for one in pod.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let own = one["name"] == container;
            let Some(fields) = one.as_object_mut() else { continue };
            normal_container(fields);
            if own && list == "containers" {
                fields.remove("image");
                let env = fields.get_mut("env").and_then(Value::as_array_mut);
                if let Some(env) = env {
                    env.retain(|entry| !taken.iter().any(|variable| entry["name"] == variable.name.as_str()));
                    if env.is_empty() {
                        fields.remove("env");
                    }
                }
            } else if before && fields.get("name").is_some_and(|name| name == BEFORE_START) {
                // Of the app's image or of a helper, as the form says; what it asks for follows the app's container.
                fields.remove("image");
                fields.remove("resources");
            }
        }
    }
    json!({ "spec": spec })
}

/// A map, also where something else stands: no server would take that.
fn shaped(place: &mut Value) -> &mut Map<String, Value> {
    if !place.is_object() {
        *place = json!({});
    }
    place.as_object_mut().expect("made one just now")
}

fn defaults(fields: &mut Map<String, Value>, defaults: &[(&str, Value)]) {
    for (field, value) in defaults {
        if fields.get(*field).is_some_and(|found| found == value || found.is_null()) {
            fields.remove(*field);
        }
    }
}

fn normal_pod(pod: &mut Map<String, Value>) {
    let account = pod.get("serviceAccountName").cloned();
    // The name of earlier days, which the server keeps equal to the other.
    if pod.get("serviceAccount") == account.as_ref() {
        pod.remove("serviceAccount");
    }
    defaults(
        pod,
        &[
            ("restartPolicy", json!("Always")),
            ("dnsPolicy", json!("ClusterFirst")),
            ("schedulerName", json!("default-scheduler")),
            ("securityContext", json!({})),
            ("enableServiceLinks", json!(true)),
        ],
    );
    for volume in pod.get_mut("volumes").and_then(Value::as_array_mut).into_iter().flatten() {
        for kind in ["configMap", "secret", "projected", "downwardAPI"] {
            if let Some(source) = volume.get_mut(kind).and_then(Value::as_object_mut) {
                defaults(source, &[("defaultMode", json!(0o644))]);
            }
        }
    }
    for toleration in pod.get_mut("tolerations").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = toleration.as_object_mut() {
            defaults(fields, &[("operator", json!("Equal")), ("value", json!(""))]);
        }
    }
}

fn normal_container(container: &mut Map<String, Value>) {
    let image = container.get("image").map(text).unwrap_or_default();
    let latest =
        !image.contains('@') && (image.ends_with(":latest") || !image[image.rfind('/').unwrap_or(0)..].contains(':'));
    defaults(
        container,
        &[
            ("terminationMessagePath", json!("/dev/termination-log")),
            ("terminationMessagePolicy", json!("File")),
            ("imagePullPolicy", json!(if latest { "Always" } else { "IfNotPresent" })),
            ("resources", json!({})),
        ],
    );
    // Asked for as much as the limit, which is what Kubernetes does where nothing is said.
    if let Some(resources) = container.get_mut("resources") {
        let limits = resources["limits"].clone();
        if let Some(requests) = resources.get_mut("requests").and_then(Value::as_object_mut) {
            requests.retain(|name, amount| !name.contains('/') || limits[name] != *amount);
            if requests.is_empty() {
                resources.as_object_mut().map(|fields| fields.remove("requests"));
            }
        }
    }
    for port in container.get_mut("ports").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(fields) = port.as_object_mut() {
            defaults(fields, &[("protocol", json!("TCP"))]);
        }
    }
    for entry in container.get_mut("env").and_then(Value::as_array_mut).into_iter().flatten() {
        if let Some(reference) = entry.pointer_mut("/valueFrom/fieldRef").and_then(Value::as_object_mut) {
            defaults(reference, &[("apiVersion", json!("v1"))]);
        }
    }
    for probe in ["readinessProbe", "livenessProbe", "startupProbe"] {
        if let Some(fields) = container.get_mut(probe).and_then(Value::as_object_mut) {
            defaults(fields, &[("initialDelaySeconds", json!(0))]);
        }
    }
}
