//! Who owns which field of a live object: its managedFields, read as paths.
//!
//! The format is `FieldsV1` of k8s.io/apimachinery (`f:` a field, `k:` an entry of a list by its keys, `v:` a value of a
//! set, `i:` a place, `.` the thing itself).

use crate::names::MANAGER;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

/// One step into an object.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    Field(String),
    /// The entry of a list that has these values.
    Entry(Map<String, Value>),
    /// The entry of a list that is this value.
    Item(Value),
    Place(usize),
}

/// Where a field is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path(pub Vec<Step>);

impl std::fmt::Display for Path {
    /// `spec.template.spec.containers[app].ports[8080/TCP].name`
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Field(name) if name.contains(['.', '/']) => write!(f, "[{name}]")?,
                Step::Field(name) => write!(f, "{}{name}", if at == 0 { "" } else { "." })?,
                Step::Entry(keys) => {
                    write!(f, "[{}]", keys.values().map(plain).collect::<Vec<_>>().join("/"))?;
                }
                Step::Item(value) => write!(f, "[{}]", plain(value))?,
                Step::Place(place) => write!(f, "[{place}]")?,
            }
        }
        Ok(())
    }
}

/// A value as people read it: a text without its quotes.
pub(crate) fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

impl Path {
    /// The value there.
    pub fn of<'a>(&self, object: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(object, |value, step| match step {
            Step::Field(name) => value.get(name),
            Step::Entry(keys) => value.as_array()?.iter().find(|item| has(item, keys)),
            Step::Item(wanted) => value.as_array()?.iter().find(|item| *item == wanted),
            Step::Place(place) => value.get(place),
        })
    }

    /// Puts a value there; what leads to it is made where it is missing. `None` takes it away.
    pub fn set(&self, object: &mut Value, value: Option<Value>) {
        set(&self.0, object, value);
    }

    /// Whether the other lies at or below this one.
    pub fn holds(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }
}

fn set(steps: &[Step], at: &mut Value, value: Option<Value>) {
    let Some((step, rest)) = steps.split_first() else { return };
    let last = rest.is_empty();
    match step {
        Step::Field(name) => {
            if !at.is_object() {
                *at = json!({});
            }
            let Some(fields) = at.as_object_mut() else { return };
            match (last, value) {
                (true, None) => drop(fields.remove(name)),
                (true, Some(value)) => drop(fields.insert(name.clone(), value)),
                (false, value) => set(rest, fields.entry(name.clone()).or_insert(Value::Null), value),
            }
        }
        Step::Entry(_) | Step::Item(_) | Step::Place(_) => {
            if !at.is_array() {
                *at = json!([]);
            }
            let Some(items) = at.as_array_mut() else { return };
            let found = items.iter().position(|item| is_at(step, item)).or(match step {
                Step::Place(place) if *place < items.len() => Some(*place),
                _ => None,
            });
            match (last, value, found) {
                (true, None, found) => drop(found.map(|found| items.remove(found))),
                (true, Some(value), Some(found)) => items[found] = value,
                (true, Some(value), None) => items.push(value),
                (false, value, Some(found)) => set(rest, &mut items[found], value),
                (false, value, None) => {
                    let mut item = match step {
                        Step::Entry(keys) => Value::Object(keys.clone()),
                        _ => Value::Null,
                    };
                    set(rest, &mut item, value);
                    items.push(item);
                }
            }
        }
    }
}

fn is_at(step: &Step, item: &Value) -> bool {
    match step {
        Step::Entry(keys) => has(item, keys),
        Step::Item(wanted) => item == wanted,
        Step::Field(_) | Step::Place(_) => false,
    }
}

fn has(item: &Value, keys: &Map<String, Value>) -> bool {
    keys.iter().all(|(key, value)| item.get(key) == Some(value))
}

/// What one manager owns by one way of writing.
#[derive(Clone, Debug)]
pub struct Owner<'a> {
    pub manager: &'a str,
    /// `scale`, `status`, or empty for the object itself.
    pub subresource: &'a str,
    /// By server-side apply.
    pub applied: bool,
    /// When it last wrote this object.
    pub time: Option<Timestamp>,
    pub fields: &'a Value,
}

/// Everybody who owns something of a live object.
pub fn owners(live: &Value) -> impl Iterator<Item = Owner<'_>> {
    live["metadata"]["managedFields"].as_array().into_iter().flatten().map(|entry| Owner {
        manager: entry["manager"].as_str().unwrap_or_default(),
        subresource: entry["subresource"].as_str().unwrap_or_default(),
        applied: entry["operation"] == "Apply",
        time: entry["time"].as_str().and_then(|time| time.parse().ok()),
        fields: &entry["fieldsV1"],
    })
}

/// The owned fields that have nothing owned below them.
pub fn leaves(fields: &Value) -> Vec<Path> {
    let mut found = Vec::new();
    walk(fields, &mut Vec::new(), &mut found);
    found
}

fn walk(fields: &Value, path: &mut Vec<Step>, found: &mut Vec<Path>) {
    let below: Vec<_> =
        fields.as_object().into_iter().flatten().filter_map(|(key, below)| Some((step(key)?, below))).collect();
    if below.is_empty() && !path.is_empty() {
        found.push(Path(path.clone()));
    }
    for (step, below) in below {
        path.push(step);
        walk(below, path, found);
        path.pop();
    }
}

pub(crate) fn step(key: &str) -> Option<Step> {
    let (kind, rest) = key.split_once(':')?;
    match kind {
        "f" => Some(Step::Field(rest.to_owned())),
        "k" => Some(Step::Entry(serde_json::from_str(rest).ok()?)),
        "v" => Some(Step::Item(serde_json::from_str(rest).ok()?)),
        "i" => Some(Step::Place(rest.parse().ok()?)),
        _ => None,
    }
}

/// managedFields in which `paths`, and all below them, belong to our own apply and to nobody else: the next apply that
/// says something else of them, or nothing, has its way without force. Changes nothing that runs.
pub fn taken_over(live: &Value, paths: &[Path]) -> Value {
    let mut entries = live["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let ours = entries.iter().position(|entry| entry["manager"] == MANAGER && entry["operation"] == "Apply");
    let mut taken = ours.map_or_else(|| json!({}), |ours| entries[ours]["fieldsV1"].clone());
    for (at, entry) in entries.iter_mut().enumerate() {
        if Some(at) == ours || entry["subresource"] == "status" {
            continue;
        }
        for path in paths {
            take(&mut entry["fieldsV1"], &path.0, &mut taken);
        }
    }
    match ours {
        Some(ours) => entries[ours]["fieldsV1"] = taken,
        None => entries.push(own_entry(taken)),
    }
    entries.retain(|entry| entry["fieldsV1"].as_object().is_some_and(|fields| !fields.is_empty()));
    Value::Array(entries)
}

/// managedFields in which all that these managers own of the object itself belongs to our own apply: as if we had made it.
/// Also the items of lists, which [`taken_over`] leaves to who made them.
pub fn folded(live: &Value, theirs: impl Fn(&str) -> bool) -> Value {
    let mut entries = live["metadata"]["managedFields"].as_array().cloned().unwrap_or_default();
    let ours = entries.iter().position(|entry| entry["manager"] == MANAGER && entry["operation"] == "Apply");
    let mut taken = ours.map_or_else(|| json!({}), |ours| entries[ours]["fieldsV1"].clone());
    let folds = |entry: &Value| {
        let whole = entry["subresource"].as_str().unwrap_or_default().is_empty();
        whole && entry["manager"].as_str().is_some_and(&theirs)
    };
    for entry in entries.iter_mut().filter(|entry| folds(entry)) {
        merge(&mut taken, entry["fieldsV1"].take());
    }
    match ours {
        Some(ours) => entries[ours]["fieldsV1"] = taken,
        None => entries.push(own_entry(taken)),
    }
    entries.retain(|entry| entry["fieldsV1"].as_object().is_some_and(|fields| !fields.is_empty()));
    Value::Array(entries)
}

fn own_entry(fields: Value) -> Value {
    json!({
        "manager": MANAGER, "operation": "Apply", "apiVersion": "apps/v1", "fieldsType": "FieldsV1",
        "time": Timestamp::now().round(jiff::Unit::Second).unwrap_or_default().to_string(), "fieldsV1": fields,
    })
}

/// Moves what is owned at a path from one tree to another.
fn take(from: &mut Value, path: &[Step], to: &mut Value) {
    let (Some((first, rest)), Some(fields)) = (path.split_first(), from.as_object_mut()) else { return };
    let Some(key) = fields.keys().find(|key| step(key).as_ref() == Some(first)).cloned() else { return };
    if !to.is_object() {
        *to = json!({});
    }
    if rest.is_empty() {
        if let Some(owned) = fields.remove(&key) {
            merge(&mut to[&key], owned);
        }
    } else {
        take(&mut fields[&key], rest, &mut to[&key]);
        if to[&key].is_null()
            && let Some(fields) = to.as_object_mut()
        {
            fields.remove(&key);
        }
        // A parent of which nothing else is owned is owned no more, unless it is said by itself.
        if fields[&key].as_object().is_some_and(Map::is_empty) {
            fields.remove(&key);
        }
    }
}

fn merge(to: &mut Value, owned: Value) {
    match (to, owned) {
        (Value::Object(to), Value::Object(owned)) => {
            for (key, below) in owned {
                merge(to.entry(key).or_insert(Value::Null), below);
            }
        }
        (to, owned) => *to = owned,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_others_made_is_ours_with_its_items() {
        let live = serde_json::json!({ "metadata": { "managedFields": [
            { "manager": "kubectl", "operation": "Update", "fieldsV1": {
                "f:spec": { "f:env": { "k:{\"name\":\"A\"}": { ".": {}, "f:name": {} } } } } },
            { "manager": "kubectl", "operation": "Update", "subresource": "scale", "fieldsV1": { "f:spec": {} } },
            { "manager": MANAGER, "operation": "Apply", "fieldsV1": { "f:metadata": {} } },
        ] } });
        let folded = folded(&live, |manager| manager == "kubectl");
        let folded = folded.as_array().expect("a list");
        assert_eq!(folded.len(), 2, "the scale stays whose it is: {folded:?}");
        let ours = &folded[1]["fieldsV1"];
        assert!(
            ours["f:spec"]["f:env"]["k:{\"name\":\"A\"}"]["."].is_object() && ours["f:metadata"].is_object(),
            "{ours}"
        );
    }

    fn live() -> Value {
        json!({ "metadata": { "managedFields": [
            { "manager": "slipway", "operation": "Apply", "apiVersion": "apps/v1", "fieldsV1": {
                "f:spec": { "f:paused": {}, "f:template": { "f:spec": { "f:containers": {
                    "k:{\"name\":\"app\"}": { ".": {}, "f:name": {}, "f:image": {} } } } } } } },
            { "manager": "kubectl", "operation": "Update", "subresource": "scale", "time": "2026-11-20T03:09:00Z",
              "fieldsV1": { "f:spec": { "f:replicas": {} } } },
            { "manager": "kubectl-edit", "operation": "Update", "time": "2026-11-20T03:08:00Z", "fieldsV1": {
                "f:spec": { "f:template": { "f:spec": { "f:containers": {
                    "k:{\"name\":\"app\"}": { "f:resources": { "f:limits": { "f:memory": {} } } },
                    "k:{\"name\":\"log\"}": { ".": {}, "f:name": {}, "f:image": {} } } } } } } },
        ] } })
    }

    #[test]
    fn fields_are_named_as_people_read_them() {
        let live = live();
        let mut named: Vec<_> = owners(&live)
            .skip(1)
            .flat_map(|owner| {
                leaves(owner.fields)
                    .into_iter()
                    .map(move |path| format!("{} {path}", owner.manager))
                    .collect::<Vec<_>>()
            })
            .collect();
        named.sort();
        assert_eq!(
            named,
            [
                "kubectl spec.replicas",
                "kubectl-edit spec.template.spec.containers[app].resources.limits.memory",
                "kubectl-edit spec.template.spec.containers[log].image",
                "kubectl-edit spec.template.spec.containers[log].name",
            ]
        );
        let port = Path(vec![
            Step::Field("ports".into()),
            step(r#"k:{"containerPort":8080,"protocol":"TCP"}"#).expect("a step"),
            Step::Field("example.com/x".into()),
        ]);
        assert_eq!(port.to_string(), "ports[8080/TCP][example.com/x]");
    }

    #[test]
    fn a_value_is_found_set_and_taken_away() {
        let entry = |name: &str| step(&format!("k:{{\"name\":\"{name}\"}}")).expect("a step");
        let path = Path(vec![Step::Field("c".into()), entry("b"), Step::Field("image".into())]);
        let mut object = json!({ "c": [{ "name": "a" }] });
        assert_eq!(path.of(&object), None);
        path.set(&mut object, Some("x".into()));
        assert_eq!(object, json!({ "c": [{ "name": "a" }, { "name": "b", "image": "x" }] }));
        assert_eq!(path.of(&object), Some(&json!("x")));
        path.set(&mut object, Some("y".into()));
        assert_eq!(path.of(&object), Some(&json!("y")));
        path.set(&mut object, None);
        Path(vec![Step::Field("c".into()), entry("a")]).set(&mut object, None);
        assert_eq!(object, json!({ "c": [{ "name": "b" }] }));
    }

    #[test]
    fn what_is_taken_over_belongs_to_our_apply_alone() {
        let live = live();
        let paths: Vec<_> = owners(&live).last().map(|owner| leaves(owner.fields)).expect("an owner");
        let sidecar = Path(paths[1].0[..5].to_vec());
        assert_eq!(sidecar.to_string(), "spec.template.spec.containers[log]");
        let after = json!({ "metadata": { "managedFields": taken_over(&live, &[paths[0].clone(), sidecar]) } });
        let owned: Vec<_> = owners(&after).map(|owner| (owner.manager, leaves(owner.fields).len())).collect();
        assert_eq!(owned, [("slipway", 6), ("kubectl", 1)], "an entry that owns nothing any more is gone: {after}");
        // What was ours stays so, and another's field that was not named too.
        let again = taken_over(&after, &[]);
        assert_eq!(again, after["metadata"]["managedFields"]);
    }
}
