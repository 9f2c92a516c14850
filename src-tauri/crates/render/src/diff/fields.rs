//! Fields that differ between two objects.

use crate::yaml;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// One field: path, before, after. Entries of lists are named where all have a name: `containers.app.image`.
pub type Change = (String, Option<Value>, Option<Value>);

/// Every leaf that differs.
pub fn fields(before: Option<&Value>, after: &Value) -> Vec<Change> {
    let before = before.map(yaml::cleaned).unwrap_or_default();
    let mut changes = Vec::new();
    walk("", &before, &yaml::cleaned(after), &mut changes);
    changes
}

/// Like `fields`, but only of what `after` states: what the server filled in by itself is no change of ours.
pub fn stated_fields(before: Option<&Value>, after: &Value) -> Vec<Change> {
    let known = before.map(|before| stated(before, after));
    fields(known.as_ref(), after)
}

fn walk(path: &str, before: &Value, after: &Value, changes: &mut Vec<Change>) {
    if before == after {
        return;
    }
    let (old, new) = (children(before), children(after));
    // An object that is there on one side only is told by its leaves, an empty one as itself.
    let inner = match (&old, &new) {
        (Some(old), Some(new)) => !(old.is_empty() && new.is_empty()),
        (Some(only), None) => before.is_object() && after.is_null() && !only.is_empty(),
        (None, Some(only)) => after.is_object() && before.is_null() && !only.is_empty(),
        (None, None) => false,
    };
    if !inner {
        let there = |value: &Value| (!value.is_null()).then(|| value.clone());
        changes.push((path.to_owned(), there(before), there(after)));
        return;
    }
    let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
    for key in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        walk(&path, old.get(key).unwrap_or(&&Value::Null), new.get(key).unwrap_or(&&Value::Null), changes);
    }
}

/// Keys sort as text, places in a list as numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key<'a> {
    Name(&'a str),
    Place(usize),
}

impl std::fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Place(at) => write!(f, "{at}"),
        }
    }
}

fn children(value: &Value) -> Option<BTreeMap<Key<'_>, &Value>> {
    match value {
        Value::Object(fields) => Some(fields.iter().map(|(key, value)| (Key::Name(key), value)).collect()),
        Value::Array(items) => Some(match by_name(items) {
            Some(named) => named.into_iter().map(|(name, item)| (Key::Name(name), item)).collect(),
            None => items.iter().enumerate().map(|(at, item)| (Key::Place(at), item)).collect(),
        }),
        _ => None,
    }
}

/// The entries of a list by their names, where every one has a name of its own.
fn by_name(items: &[Value]) -> Option<BTreeMap<&str, &Value>> {
    let named: BTreeMap<&str, &Value> =
        items.iter().map(|item| item["name"].as_str().map(|name| (name, item))).collect::<Option<_>>()?;
    (!named.is_empty() && named.len() == items.len()).then_some(named)
}

/// The part of `live` that `ours` speaks of.
fn stated(live: &Value, ours: &Value) -> Value {
    match (live, ours) {
        (Value::Object(live), Value::Object(ours)) => {
            let known = ours.iter().filter_map(|(key, ours)| Some((key.clone(), stated(live.get(key)?, ours))));
            Value::Object(known.collect::<Map<_, _>>())
        }
        (Value::Array(live), Value::Array(ours)) => match (by_name(live), by_name(ours)) {
            // Others may add entries to a list of named ones; they stay when ours is applied.
            (Some(live), Some(ours)) => {
                ours.iter().filter_map(|(name, ours)| live.get(name).map(|live| stated(live, ours))).collect()
            }
            _ => live
                .iter()
                .enumerate()
                .map(|(at, live)| ours.get(at).map_or(live.clone(), |ours| stated(live, ours)))
                .collect(),
        },
        (live, _) => live.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(before: &Value, after: &Value, expected: &[(&str, Value, Value)]) {
        let changes = fields(Some(before), after);
        let there = |value: &Value| (!value.is_null()).then(|| value.clone());
        let expected: Vec<Change> =
            expected.iter().map(|(path, old, new)| ((*path).to_owned(), there(old), there(new))).collect();
        assert_eq!(changes, expected);
    }

    #[test]
    fn paths_and_values() {
        check(&json!({ "a": 1 }), &json!({ "a": 1 }), &[]);
        check(
            &json!({ "a": 1, "b": "x" }),
            &json!({ "a": 2 }),
            &[("a", json!(1), json!(2)), ("b", json!("x"), Value::Null)],
        );
        check(
            &json!({}),
            &json!({ "limits": { "cpu": "1" }, "empty": {} }),
            &[("empty", Value::Null, json!({})), ("limits.cpu", Value::Null, json!("1"))],
        );
        check(
            &json!({ "args": ["a", "b"] }),
            &json!({ "args": ["a", "c", "d"] }),
            &[("args.1", json!("b"), json!("c")), ("args.2", Value::Null, json!("d"))],
        );
        check(&json!({ "args": [] }), &json!({ "args": {} }), &[("args", json!([]), json!({}))]);
    }

    #[test]
    fn entries_of_lists_are_known_by_their_names() {
        let pod = |containers: &[(&str, &str)]| {
            let containers: Vec<_> =
                containers.iter().map(|(name, image)| json!({ "name": name, "image": image })).collect();
            json!({ "containers": containers })
        };
        let (before, after) = (pod(&[("app", "a:1")]), pod(&[("proxy", "p:1"), ("app", "a:2")]));
        check(
            &before,
            &after,
            &[
                ("containers.app.image", json!("a:1"), json!("a:2")),
                ("containers.proxy.image", Value::Null, json!("p:1")),
                ("containers.proxy.name", Value::Null, json!("proxy")),
            ],
        );
        // Somebody's sidecar stays when ours is applied.
        assert_eq!(stated_fields(Some(&after), &pod(&[("app", "a:2")])), []);
    }

    #[test]
    fn what_the_server_filled_in_is_no_change() {
        let live = json!({ "replicas": 3, "terminationGracePeriodSeconds": 30, "args": ["a"] });
        assert_eq!(stated_fields(Some(&live), &json!({ "replicas": 3, "args": ["a"] })), []);
        assert_eq!(stated_fields(Some(&live), &json!({ "replicas": 4 })).len(), 1);
        assert_eq!(stated_fields(Some(&live), &json!({ "args": [] })).len(), 1);
        assert_eq!(stated_fields(None, &json!({ "replicas": 4 })).len(), 1);
    }
}
