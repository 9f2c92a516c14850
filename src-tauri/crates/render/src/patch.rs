//! Strategic merge patches of Deployments: kubectl's rules, without a server.
//!
//! Maps are merged, `null` removes. Lists whose items have a key of their own are merged item by item; all others are
//! replaced. The keys are those that k8s.io/api gives the fields of a pod template (`patchMergeKey`).

use serde_json::{Map, Value};

/// What to do with a map, an item, or the whole list that it stands in. What else begins with `$` says how items are
/// ordered, and nothing here depends on that.
const DIRECTIVE: &str = "$patch";
/// Removes what it does not name.
const RETAIN: &str = "$retainKeys";

/// Lists that are merged, by their name: the fields that tell the items apart.
///
/// `containerPort` alone would make two protocols of one port the same; server-side apply tells them apart, too.
fn keys(list: &str) -> Option<&'static [&'static str]> {
    Some(match list {
        "containers"
        | "initContainers"
        | "ephemeralContainers"
        | "volumes"
        | "env"
        | "imagePullSecrets"
        | "resourceClaims"
        | "schedulingGates" => &["name"],
        "ports" => &["containerPort", "protocol"],
        "volumeMounts" => &["mountPath"],
        "volumeDevices" => &["devicePath"],
        "hostAliases" => &["ip"],
        "topologySpreadConstraints" => &["topologyKey", "whenUnsatisfiable"],
        _ => return None,
    })
}

/// Where a map stands. Lists have keys in a pod and in its containers only: elsewhere the same names mean nothing.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    Root,
    Spec,
    Template,
    Pod,
    Container,
    Below,
}

impl Place {
    fn below(self, field: &str) -> Self {
        match (self, field) {
            (Self::Root, "spec") => Self::Spec,
            (Self::Spec, "template") => Self::Template,
            (Self::Template, "spec") => Self::Pod,
            _ => Self::Below,
        }
    }

    /// Keys of the items of a list in this map, and where they stand.
    fn list(self, field: &str) -> Option<(&'static [&'static str], Self)> {
        let of_container = matches!(field, "env" | "ports" | "volumeMounts" | "volumeDevices");
        let here = if of_container { Self::Container } else { Self::Pod };
        let items = if matches!(field, "containers" | "initContainers" | "ephemeralContainers") {
            Self::Container
        } else {
            Self::Below
        };
        keys(field).filter(|_| self == here).map(|keys| (keys, items))
    }
}

/// Puts a patch over a Deployment.
pub fn apply(deployment: &mut Value, patch: &Value) {
    match (deployment, patch) {
        (Value::Object(base), Value::Object(patch)) => merge(base, patch, Place::Root),
        (base, patch) => *base = plain(patch),
    }
}

fn merge(base: &mut Map<String, Value>, patch: &Map<String, Value>, place: Place) {
    match patch.get(DIRECTIVE).and_then(Value::as_str) {
        Some("replace") => base.clear(),
        Some("delete") => return base.clear(),
        _ => {}
    }
    if let Some(kept) = patch.get(RETAIN).and_then(Value::as_array) {
        base.retain(|field, _| kept.iter().any(|kept| kept == field));
    }
    for (field, value) in patch.iter().filter(|(field, _)| !field.starts_with('$')) {
        match (value, base.get_mut(field)) {
            (Value::Null, _) => _ = base.remove(field),
            // Without keys, and kubectl would replace the list. Whoever has sources of a group's own keeps them: a later
            // one goes over an earlier one of the same variable.
            (Value::Array(value), Some(Value::Array(old))) if place == Place::Container && field == "envFrom" => {
                let own = std::mem::replace(old, value.iter().map(plain).collect());
                old.extend(own.into_iter().filter(|source| !value.contains(source)));
            }
            (Value::Object(value), Some(Value::Object(old))) => merge(old, value, place.below(field)),
            (Value::Array(value), Some(Value::Array(old))) if place.list(field).is_some() => {
                if let Some((keys, items)) = place.list(field) {
                    merge_list(old, value, keys, items);
                }
            }
            _ => _ = base.insert(field.clone(), plain(value)),
        }
    }
}

fn merge_list(base: &mut Vec<Value>, patch: &[Value], keys: &[&str], place: Place) {
    if patch.iter().any(|item| item[DIRECTIVE] == "replace") {
        base.clear();
    }
    let before = base.len();
    let mut gone = Vec::new();
    for item in patch {
        // Only what was there before: two new items may have the same key where the key is not the whole identity.
        let at = base[..before].iter().position(|old| same(old, item, keys));
        match (item[DIRECTIVE].as_str(), at) {
            (Some("delete"), at) => gone.extend(at),
            (_, Some(at)) => match (&mut base[at], item) {
                (Value::Object(old), Value::Object(item)) => merge(old, item, place),
                (old, item) => *old = plain(item),
            },
            (Some("replace"), None) if keys.iter().all(|key| item[*key].is_null()) => {}
            (_, None) => base.push(plain(item)),
        }
    }
    let mut at = 0;
    base.retain(|_| {
        at += 1;
        !gone.contains(&(at - 1))
    });
}

/// What tells an item apart; a port is TCP where it does not say.
fn key<'v>(item: &'v Value, name: &str) -> Option<&'v str> {
    match &item[name] {
        Value::Null if name == "protocol" => Some("TCP"),
        Value::String(text) => Some(text),
        _ => None,
    }
}

fn same(a: &Value, b: &Value, keys: &[&str]) -> bool {
    keys.iter().all(|name| match (key(a, name), key(b, name)) {
        (Some(a), Some(b)) => a == b,
        _ => !a[*name].is_null() && a[*name] == b[*name],
    })
}

/// The patch that makes one Deployment of another: `apply(from, diff(from, to))` is `to`, but for the order of lists
/// whose items have keys, and for maps and lists that are empty.
pub fn diff(from: &Value, to: &Value) -> Value {
    match (from, to) {
        (Value::Object(from), Value::Object(to)) => changed(from, to, Place::Root).into(),
        (_, to) => to.clone(),
    }
}

fn changed(from: &Map<String, Value>, to: &Map<String, Value>, place: Place) -> Map<String, Value> {
    let mut patch = Map::new();
    for (field, value) in to {
        match (from.get(field), value) {
            (Some(old), value) if old == value => {}
            (Some(Value::Object(old)), Value::Object(value)) => {
                let below = changed(old, value, place.below(field));
                if !below.is_empty() {
                    patch.insert(field.clone(), below.into());
                }
            }
            (Some(Value::Array(old)), Value::Array(value)) if place.list(field).is_some() => {
                let items = place.list(field).map(|(keys, items)| changed_list(old, value, keys, items));
                if let Some(items) = items.filter(|items| !items.is_empty()) {
                    patch.insert(field.clone(), items.into());
                }
            }
            // Sources of the group's own are kept where a patch is put over them: it only says the others.
            (Some(Value::Array(old)), Value::Array(value))
                if place == Place::Container
                    && field == "envFrom"
                    && old.iter().all(|source| value.contains(source)) =>
            {
                let others = value.iter().filter(|source| !old.contains(source)).cloned().collect();
                patch.insert(field.clone(), Value::Array(others));
            }
            (_, value) => _ = patch.insert(field.clone(), value.clone()),
        }
    }
    for field in from.keys().filter(|field| !to.contains_key(*field)) {
        patch.insert(field.clone(), Value::Null);
    }
    patch
}

fn changed_list(from: &[Value], to: &[Value], keys: &[&str], place: Place) -> Vec<Value> {
    let with_keys = |item: &Value, mut fields: Map<String, Value>| {
        fields.extend(
            keys.iter().filter(|key| !item[**key].is_null()).map(|key| ((*key).to_owned(), item[*key].clone())),
        );
        Value::Object(fields)
    };
    let mut patch = Vec::new();
    for item in to {
        match (from.iter().find(|old| same(old, item, keys)), item) {
            (Some(Value::Object(old)), Value::Object(new)) => {
                let below = changed(old, new, place);
                if !below.is_empty() {
                    patch.push(with_keys(item, below));
                }
            }
            _ => patch.push(item.clone()),
        }
    }
    for old in from.iter().filter(|old| !to.iter().any(|item| same(old, item, keys))) {
        patch.push(with_keys(old, Map::from_iter([(DIRECTIVE.to_owned(), "delete".into())])));
    }
    patch
}

/// What a patch adds where nothing was.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(fields) => fields
            .iter()
            .filter(|(field, value)| !field.starts_with('$') && !value.is_null())
            .map(|(field, value)| (field.clone(), plain(value)))
            .collect(),
        Value::Array(items) => items.iter().map(plain).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn patched(base: Value, patch: &Value) -> Value {
        let mut patched = base;
        apply(&mut patched, patch);
        patched
    }

    fn pod(spec: &Value) -> Value {
        json!({ "spec": { "template": { "spec": spec } } })
    }

    #[test]
    fn items_are_told_apart_by_their_keys() {
        let base = pod(&json!({
            "containers": [
                { "name": "app", "image": "a:1", "ports": [{ "containerPort": 53, "name": "dns" }],
                  "env": [{ "name": "A", "value": "1" }] },
            ],
            "tolerations": [{ "key": "a" }],
        }));
        let patch = pod(&json!({
            "containers": [
                { "name": "app", "stdin": true, "env": [{ "name": "A", "value": "2" }, { "name": "B", "value": "3" }],
                  "ports": [{ "containerPort": 53, "protocol": "UDP", "name": "dns-udp" }] },
                { "name": "agent", "image": "agent:1" },
            ],
            "tolerations": [{ "key": "b" }],
        }));
        let whole = pod(&json!({
            "containers": [
                { "name": "app", "image": "a:1", "stdin": true,
                  "ports": [{ "containerPort": 53, "name": "dns" },
                            { "containerPort": 53, "protocol": "UDP", "name": "dns-udp" }],
                  "env": [{ "name": "A", "value": "2" }, { "name": "B", "value": "3" }] },
                { "name": "agent", "image": "agent:1" },
            ],
            "tolerations": [{ "key": "b" }],
        }));
        assert_eq!(patched(base, &patch), whole);
    }

    #[test]
    fn what_is_said_is_removed() {
        let base = pod(&json!({ "a": 1, "volumes": [{ "name": "x", "emptyDir": {} }, { "name": "y" }] }));
        let patch = pod(&json!({
            "a": null,
            "volumes": [{ "name": "y", "$patch": "delete" },
                        { "name": "x", "$retainKeys": ["name", "hostPath"], "hostPath": { "path": "/x" } }],
            "$setElementOrder/volumes": [{ "name": "x" }],
        }));
        let left = json!({ "volumes": [{ "name": "x", "hostPath": { "path": "/x" } }] });
        assert_eq!(patched(base, &patch), pod(&left));
    }

    #[test]
    fn the_same_names_elsewhere_are_plain_lists() {
        let sources =
            |name: &str| pod(&json!({ "volumes": [{ "name": "v", "projected": { "volumes": [{ "name": name }] } }] }));
        assert_eq!(patched(sources("a"), &sources("b")), sources("b"));
    }

    fn deployments() -> impl Strategy<Value = Value> {
        let maps = |keys: &'static str| proptest::collection::btree_map(keys, 1_u8..3, 1..3);
        let ports = proptest::collection::btree_set((1_u16..4, any::<bool>()), 1..4).prop_map(|ports| {
            let port = |(port, udp): (u16, bool)| {
                if udp { json!({ "containerPort": port, "protocol": "UDP" }) } else { json!({ "containerPort": port }) }
            };
            ports.into_iter().map(port).collect::<Vec<_>>()
        });
        let container = (proptest::option::of(ports), maps("[a-c]"), proptest::option::of(1_u8..3)).prop_map(
            |(ports, resources, stdin)| {
                let mut container = json!({ "resources": resources });
                if let Some(ports) = ports {
                    container["ports"] = ports.into();
                }
                if let Some(stdin) = stdin {
                    container["stdin"] = stdin.into();
                }
                container
            },
        );
        let containers = proptest::collection::btree_map("[a-d]", container, 1..4).prop_map(|containers| {
            let named = |(name, mut container): (String, Value)| {
                container["name"] = name.into();
                container
            };
            containers.into_iter().map(named).collect::<Vec<_>>()
        });
        (containers, proptest::option::of(maps("[a-c]")), proptest::collection::vec(1_u8..4, 1..3)).prop_map(
            |(containers, affinity, tolerations)| {
                let mut spec = json!({ "containers": containers, "tolerations": tolerations });
                if let Some(affinity) = affinity {
                    spec["affinity"] = json!(affinity);
                }
                pod(&spec)
            },
        )
    }

    /// Lists whose items have keys, in one order.
    fn sorted(mut deployment: Value) -> Value {
        let containers = deployment.pointer_mut("/spec/template/spec/containers").and_then(Value::as_array_mut);
        let containers = containers.expect("containers");
        containers.sort_by_key(|container| container["name"].to_string());
        for ports in containers.iter_mut().filter_map(|container| container["ports"].as_array_mut()) {
            ports.sort_by_key(ToString::to_string);
        }
        for container in containers {
            let fields = container.as_object_mut().expect("a map");
            fields.retain(|_, value| !value.is_null());
        }
        deployment
    }

    proptest! {
        #[test]
        fn a_difference_put_over_the_one_is_the_other(from in deployments(), to in deployments()) {
            let patch = diff(&from, &to);
            prop_assert_eq!(sorted(patched(from, &patch)), sorted(to));
        }
    }
}
