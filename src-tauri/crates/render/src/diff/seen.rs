//! What of an object is worth comparing: what we state of it, and what somebody else made of it. All else the server
//! filled in.

use crate::managed;
use serde_json::{Map, Value};

/// The part of `object` that one of `stated` speaks of, or that `owned` (managedFields) names, and how many values were
/// left out because the server filled them in.
pub fn seen(object: &Value, stated: &[&Value], owned: &[&Value]) -> (Value, u32) {
    let mut left_out = 0;
    let seen = part(object, stated, owned, &mut left_out).unwrap_or_default();
    (seen, left_out)
}

fn part(object: &Value, stated: &[&Value], owned: &[&Value], left_out: &mut u32) -> Option<Value> {
    if stated.is_empty() && owned.is_empty() {
        *left_out += values(object);
        return None;
    }
    // Owned as a whole, and nothing of ours is inside.
    if owned.iter().any(|fields| fields.as_object().is_none_or(Map::is_empty)) {
        return Some(object.clone());
    }
    match object {
        Value::Object(fields) => {
            let kept: Map<_, _> = fields
                .iter()
                .filter_map(|(key, value)| {
                    let stated: Vec<_> = stated.iter().filter_map(|stated| stated.get(key)).collect();
                    let name = format!("f:{key}");
                    let owned: Vec<_> = owned.iter().filter_map(|owned| owned.get(&name)).collect();
                    part(value, &stated, &owned, left_out).map(|value| (key.clone(), value))
                })
                .collect();
            Some(Value::Object(kept))
        }
        Value::Array(items) if items.iter().any(Value::is_object) => {
            let kept = items.iter().enumerate().filter_map(|(at, item)| {
                let stated: Vec<_> =
                    stated.iter().filter_map(|stated| same_entry(stated.as_array()?, item, at)).collect();
                let owned: Vec<_> = owned.iter().flat_map(|owned| entries_of(owned, item, at)).collect();
                part(item, &stated, &owned, left_out)
            });
            Some(Value::Array(kept.collect()))
        }
        other => Some(other.clone()),
    }
}

/// The entry of a list that is the same thing as `item`: by name, else by place.
fn same_entry<'a>(list: &'a [Value], item: &Value, at: usize) -> Option<&'a Value> {
    // The keys by which the API server tells entries of lists apart, for all that a Deployment has.
    const KEYS: &[&str] = &["name", "mountPath", "containerPort", "key", "devicePath", "topologyKey"];
    for key in KEYS {
        if !item[*key].is_null() && list.iter().all(|other| !other[*key].is_null()) {
            return list.iter().find(|other| other[*key] == item[*key]);
        }
    }
    list.get(at)
}

fn entries_of<'a>(owned: &'a Value, item: &Value, at: usize) -> Vec<&'a Value> {
    let fields = owned.as_object().into_iter().flatten();
    fields
        .filter(|(key, _)| match managed::step(key) {
            Some(managed::Step::Entry(keys)) => keys.iter().all(|(key, value)| item.get(key) == Some(value)),
            Some(managed::Step::Place(place)) => place == at,
            Some(managed::Step::Item(value)) => value == *item,
            Some(managed::Step::Field(_)) | None => false,
        })
        .map(|(_, below)| below)
        .collect()
}

fn values(object: &Value) -> u32 {
    match object {
        Value::Object(fields) => fields.values().map(values).sum(),
        Value::Array(items) if items.iter().any(Value::is_object) => items.iter().map(values).sum(),
        _ => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_servers_defaults_are_left_out_and_counted() {
        let live = json!({ "spec": {
            "replicas": 8, "dnsPolicy": "ClusterFirst", "args": ["a", "b"],
            "containers": [
                { "name": "log", "image": "l", "terminationMessagePath": "/dev/x" },
                { "name": "app", "image": "a:2", "ports": [{ "containerPort": 80, "protocol": "TCP" }],
                  "resources": { "limits": { "memory": "768Mi" } }, "imagePullPolicy": "Always" },
            ],
        } });
        let ours = json!({ "spec": {
            "replicas": 6, "args": ["a"],
            "containers": [{ "name": "app", "image": "a:1", "ports": [{ "containerPort": 80 }] }],
        } });
        let theirs = json!({ "f:spec": { "f:containers": {
            "k:{\"name\":\"app\"}": { "f:resources": { "f:limits": { "f:memory": {} } } },
            "k:{\"name\":\"log\"}": { ".": {}, "f:name": {}, "f:image": {} },
        } } });
        let (seen, left_out) = seen(&live, &[&ours], &[&theirs]);
        assert_eq!(
            seen,
            json!({ "spec": {
                "replicas": 8, "args": ["a", "b"],
                "containers": [
                    { "name": "log", "image": "l" },
                    { "name": "app", "image": "a:2", "ports": [{ "containerPort": 80 }],
                      "resources": { "limits": { "memory": "768Mi" } } },
                ],
            } })
        );
        assert_eq!(left_out, 4, "dnsPolicy, terminationMessagePath, protocol, imagePullPolicy");
    }

    #[test]
    fn what_nobody_states_is_nothing() {
        assert_eq!(seen(&json!({ "a": 1, "b": { "c": [1, 2] } }), &[], &[]), (Value::Null, 2));
        assert_eq!(seen(&json!({ "a": 1 }), &[&json!({})], &[]), (json!({}), 1));
    }
}
