//! One side of a comparison: the objects that a group is made of, each known by what it is for, whatever its name.

use crate::names;
use crate::workload::Rendered;
use serde_json::{Value, json};

/// What an object is for. Objects of two sides with the same role are compared, though a name that follows the content
/// differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Workload,
    /// Variables of the container; `sensitive` ones are in a Secret.
    Variables {
        sensitive: bool,
    },
    /// The file that pods see at this path.
    File(String),
    /// Something that the template refers to in another way.
    Other(String),
}

impl std::fmt::Display for Role {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Workload => f.write_str("workload"),
            Self::Variables { sensitive: false } => f.write_str("variables"),
            Self::Variables { sensitive: true } => f.write_str("sensitive"),
            Self::File(path) => write!(f, "file:{path}"),
            Self::Other(name) => write!(f, "other:{name}"),
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    pub role: Role,
    pub kind: String,
    pub name: String,
    /// As it may be shown: what a Secret holds is never in it.
    pub body: Value,
    /// Holds values that are not shown.
    pub sensitive: bool,
}

/// The objects of a group, the Deployment first, then by role.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Side {
    pub objects: Vec<Object>,
}

impl Side {
    /// What would be applied.
    pub fn rendered(rendered: &Rendered) -> Self {
        Self::of(&rendered.deployment, rendered.objects.iter().map(|object| object.shown().clone()))
    }

    /// A Deployment and config objects, as far as they were found. What the Deployment refers to and is not among them
    /// stands there by its name: Secrets always do.
    pub fn of(deployment: &Value, configs: impl IntoIterator<Item = Value>) -> Self {
        let configs: Vec<Value> = configs.into_iter().collect();
        let workload = Object {
            role: Role::Workload,
            kind: "Deployment".to_owned(),
            name: name(deployment),
            body: deployment.clone(),
            sensitive: false,
        };
        let mut others: Vec<Object> = references(deployment)
            .into_iter()
            .map(|Reference { role, secret, name }| {
                let found = configs.iter().find(|object| object["metadata"]["name"] == name.as_str());
                let (kind, body) = if secret {
                    ("Secret", hidden(&name, found))
                } else {
                    ("ConfigMap", found.cloned().unwrap_or_else(|| unknown(&name)))
                };
                Object { role, kind: kind.to_owned(), name, body, sensitive: secret }
            })
            .collect();
        others.sort_by(|a, b| a.role.cmp(&b.role));
        others.dedup_by(|a, b| a.role == b.role && a.name == b.name);
        Self { objects: std::iter::once(workload).chain(others).collect() }
    }

    pub fn get(&self, role: &Role) -> Option<&Object> {
        self.objects.iter().find(|object| object.role == *role)
    }

    /// Its Deployment.
    pub fn deployment(&self) -> Option<&Value> {
        self.get(&Role::Workload).map(|object| &object.body)
    }
}

fn name(object: &Value) -> String {
    object["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

/// A Secret without its values.
fn hidden(name: &str, found: Option<&Value>) -> Value {
    let mut object = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name }, "immutable": true, "type": "Opaque",
    });
    if let Some(found) = found {
        object["metadata"] = found["metadata"].clone();
    }
    object
}

fn unknown(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name } })
}

struct Reference {
    role: Role,
    secret: bool,
    name: String,
}

/// The config objects that a pod template refers to.
fn references(deployment: &Value) -> Vec<Reference> {
    let pod = &deployment["spec"]["template"]["spec"];
    let containers = || pod["containers"].as_array().into_iter().flatten();
    let mut found = Vec::new();
    for source in containers().filter_map(|container| container["envFrom"].as_array()).flatten() {
        for (field, secret) in [("configMapRef", false), ("secretRef", true)] {
            if let Some(name) = source[field]["name"].as_str() {
                let role = Role::Variables { sensitive: secret };
                found.push(Reference { role, secret, name: name.to_owned() });
            }
        }
    }
    for volume in pod["volumes"].as_array().into_iter().flatten() {
        let (secret, name) = match (volume["configMap"]["name"].as_str(), volume["secret"]["secretName"].as_str()) {
            (Some(name), _) => (false, name.to_owned()),
            (None, Some(name)) => (true, name.to_owned()),
            (None, None) => continue,
        };
        let mounts = containers().filter_map(|container| container["volumeMounts"].as_array()).flatten();
        let path = mounts.filter(|mount| mount["name"] == volume["name"]).find_map(|mount| mount["mountPath"].as_str());
        let role = path.map_or_else(|| Role::Other(name.clone()), |path| Role::File(path.to_owned()));
        found.push(Reference { role, secret, name });
    }
    found
}

/// A Deployment without the label of its release and without what leads to config objects: their content says it better.
pub fn without_references(deployment: &Value) -> Value {
    let mut object = without_release(deployment);
    let Some(pod) = object.pointer_mut("/spec/template/spec") else { return object };
    *pod = crate::live::without_variable_objects(pod);
    let leads = |volume: &Value| !volume["configMap"].is_null() || !volume["secret"].is_null();
    let volumes = pod["volumes"].as_array().into_iter().flatten();
    let gone: Vec<Value> = volumes.filter(|volume| leads(volume)).map(|volume| volume["name"].clone()).collect();
    drop_entries(pod, "volumes", &gone);
    for container in pod["containers"].as_array_mut().into_iter().flatten() {
        drop_entries(container, "volumeMounts", &gone);
    }
    object
}

fn drop_entries(owner: &mut Value, list: &str, names: &[Value]) {
    if let Some(entries) = owner[list].as_array_mut() {
        entries.retain(|entry| !names.contains(&entry["name"]));
    }
    if let Some(fields) = owner.as_object_mut()
        && fields.get(list).is_some_and(|entries| entries.as_array().is_none_or(Vec::is_empty))
    {
        fields.remove(list);
    }
}

/// Every release has another number, and gets it only when it begins: no change that anybody makes.
pub fn without_release(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(labels) = object.pointer_mut("/spec/template/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(names::LABEL_RELEASE);
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_are_known_by_what_they_are_for() {
        let deployment = json!({
            "kind": "Deployment", "metadata": { "name": "api" },
            "spec": { "template": { "spec": {
                "containers": [{ "name": "app",
                    "envFrom": [{ "configMapRef": { "name": "api-env-1" } }, { "secretRef": { "name": "api-env-2" } }],
                    "volumeMounts": [{ "name": "v", "mountPath": "/etc/b.yaml", "subPath": "b" },
                        { "name": "w", "mountPath": "/etc/a.yaml", "subPath": "a" }] }],
                "volumes": [{ "name": "v", "configMap": { "name": "api-b-3" } },
                    { "name": "w", "secret": { "secretName": "api-a-4" } },
                    { "name": "x", "emptyDir": {} }, { "name": "y", "configMap": { "name": "unmounted" } }],
            } } },
        });
        let secret = json!({ "kind": "Secret", "metadata": { "name": "api-a-4" }, "data": { "a": "aHVudGVyMg==" } });
        let config = json!({ "kind": "ConfigMap", "metadata": { "name": "api-b-3" }, "data": { "b": "x" } });
        let side = Side::of(&deployment, [secret, config.clone()]);
        let told: Vec<_> = side.objects.iter().map(|o| format!("{} {} {}", o.role, o.kind, o.name)).collect();
        assert_eq!(
            told,
            [
                "workload Deployment api",
                "variables ConfigMap api-env-1",
                "sensitive Secret api-env-2",
                "file:/etc/a.yaml Secret api-a-4",
                "file:/etc/b.yaml ConfigMap api-b-3",
                "other:unmounted ConfigMap unmounted",
            ]
        );
        assert_eq!(side.get(&Role::File("/etc/b.yaml".into())).map(|object| &object.body), Some(&config));
        assert!(!format!("{side:?}").contains("aHVudGVyMg"), "what a Secret holds is nowhere");
    }
}
