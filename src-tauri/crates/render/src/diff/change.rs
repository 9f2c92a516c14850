//! What differs between two definitions of a group, by the names that its form has for it.

use super::{Change, fields};
use crate::side::{Object, Role, Side, without_references};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use similar::TextDiff;
use slipway_model::group::{Group, Share};
use slipway_model::release::Plan;
use slipway_model::variable::VariableKind;
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// A part of the group's page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "GroupSection")]
pub enum Section {
    Basics,
    Container,
    Strategy,
    Health,
    Lifecycle,
    Gpu,
    Variables,
    Patch,
    Files,
    Balancers,
    /// Of the rendered objects, and of no field of the form.
    Other,
}

/// One field that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FieldChange {
    pub section: Section,
    /// As the form names it (`memory.limit`, `variables.JAVA_OPTS`), a file's path, or a path into the Deployment.
    pub field: String,
    /// As the definition has it: a text, a number, or everything that it consists of. `None`: not set.
    #[ts(type = "unknown")]
    pub before: Option<Value>,
    #[ts(type = "unknown")]
    pub after: Option<Value>,
    /// A sensitive value: only that it is another one is told.
    pub hidden: bool,
    /// How many changes of its text a file has; 1 for everything else.
    pub count: u32,
}

impl FieldChange {
    pub(super) fn new(section: Section, field: String, before: Option<Value>, after: Option<Value>) -> Self {
        Self { section, field, before, after, hidden: false, count: 1 }
    }

    /// Of a path into the Deployment.
    pub(super) fn of_path((path, before, after): Change) -> Self {
        Self::new(section_of(&path), short(&path), before, after)
    }
}

/// One side: its objects, and what they were rendered from where that is known.
#[derive(Clone, Copy, Debug)]
pub struct Definition<'a> {
    /// `None` for what is live.
    pub plan: Option<&'a Plan>,
    pub side: &'a Side,
}

/// Every field that differs. The count is no part of it: it is changed live, and releases never touch it.
pub fn changes(before: Definition<'_>, after: Definition<'_>) -> Vec<FieldChange> {
    let mut changes = match (before.plan, after.plan) {
        (Some(old), Some(new)) => of_form(&old.group, &new.group),
        _ => Vec::new(),
    };
    if changes.is_empty() {
        changes = of_deployment(before.side, after.side);
    }
    let of_objects = of_objects(before.side, after.side).into_iter();
    match (before.plan, after.plan) {
        // By name, where the names are known.
        (Some(old), Some(new)) => {
            changes.extend(named_secrets(Some(old), new));
            changes.extend(of_objects.filter(|change| change.field != SENSITIVE));
        }
        _ => changes.extend(of_objects),
    }
    changes.sort_by(|a, b| (a.section, &a.field).cmp(&(b.section, &b.field)));
    changes
}

/// Fields of a group that are no part of what its pods are, or are told by their objects.
const NOT_COMPARED: &[&str] = &["id", "app", "environment", "link", "slug", "note", "count", "variables", "adopted"];

/// All sensitive variables of a live container: only their object is known.
const SENSITIVE: &str = "sensitive";

/// Sensitive variables that have another version of their value, told by the ids of both.
pub(super) fn named_secrets(before: Option<&Plan>, after: &Plan) -> Vec<FieldChange> {
    let of = |plan: &Plan| -> BTreeMap<String, Option<String>> {
        // The group's own come over the app's.
        let all = plan.config.variables.iter().chain(&plan.group.variables);
        let named: BTreeMap<_, _> = all.map(|variable| (variable.name.clone(), variable.clone())).collect();
        let own = named.into_iter().filter(|(_, variable)| variable.kind == VariableKind::Sensitive);
        own.map(|(name, variable)| (name, variable.secret.map(|secret| secret.to_string()))).collect()
    };
    let (old, new) = (before.map(of).unwrap_or_default(), of(after));
    let names: BTreeSet<_> = old.keys().chain(new.keys()).collect();
    let changed = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    changed
        .map(|name| {
            let id = |side: &BTreeMap<String, Option<String>>| side.get(name).cloned().flatten().map(Value::from);
            let field = format!("variables.{name}");
            FieldChange { hidden: true, ..FieldChange::new(Section::Variables, field, id(&old), id(&new)) }
        })
        .collect()
}

/// A group by the names of its form.
fn form(group: &Group) -> Value {
    let mut form = serde_json::to_value(group).unwrap_or_default();
    if let Some(fields) = form.as_object_mut() {
        fields.retain(|key, _| !NOT_COMPARED.contains(&key.as_str()));
    }
    shares_as_typed(&mut form["strategy"]);
    form
}

/// A share is one value: `3` or `25%`, as people type it.
pub fn shares_as_typed(value: &mut Value) {
    if let Ok(share) = serde_json::from_value::<Share>(value.clone()) {
        *value = share.to_string().into();
        return;
    }
    match value {
        Value::Object(fields) => fields.values_mut().for_each(shares_as_typed),
        Value::Array(items) => items.iter_mut().for_each(shares_as_typed),
        _ => {}
    }
}

fn of_form(before: &Group, after: &Group) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    compare(&mut Vec::new(), &form(before), &form(after), &mut changes);
    changes
}

/// What a group begins with: each part of its form that says something.
pub(super) fn of_start(group: &Group) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    for (field, value) in form(group).as_object().into_iter().flatten() {
        compare(&mut vec![field.clone()], &Value::Null, value, &mut changes);
    }
    changes
}

/// A person who switches a health check on has changed one thing, whatever it consists of: what is there on one side
/// only is one change, and so are a list of words and what is of another kind.
fn compare(path: &mut Vec<String>, before: &Value, after: &Value, changes: &mut Vec<FieldChange>) {
    if before == after || said(before).is_none() && said(after).is_none() {
        return;
    }
    match (children(before), children(after)) {
        (Some(old), Some(new)) if !(before.is_object() && of_other_kind(&old, &new)) => {
            let mut keys: Vec<_> = old.keys().chain(new.keys()).collect();
            keys.sort();
            keys.dedup();
            for key in keys {
                path.push(key.clone());
                let of = |side: &Map<String, Value>| side.get(key).cloned().unwrap_or_default();
                compare(path, &of(&old), &of(&new), changes);
                path.pop();
            }
        }
        _ => {
            let field = path.join(".");
            changes.push(FieldChange::new(section_of_form(&field), field, said(before), said(after)));
        }
    }
}

/// Whether two values are alternatives of one choice: told by `kind`, or by the one field that each has.
fn of_other_kind(before: &Map<String, Value>, after: &Map<String, Value>) -> bool {
    let one = |side: &Map<String, Value>| side.len() == 1;
    before.get("kind") != after.get("kind") || one(before) && one(after) && !before.keys().eq(after.keys())
}

/// Fields of an object, or entries of a list by name; of anything else there are none.
fn children(value: &Value) -> Option<Map<String, Value>> {
    match value {
        Value::Object(fields) if !fields.is_empty() => Some(fields.clone()),
        Value::Array(items) if items.iter().any(Value::is_object) => Some(
            items
                .iter()
                .enumerate()
                .map(|(at, item)| {
                    let name = item["name"].as_str().filter(|name| !name.is_empty());
                    (name.map_or_else(|| at.to_string(), str::to_owned), item.clone())
                })
                .collect(),
        ),
        // So that one port more is told by its name.
        Value::Array(items) if items.is_empty() => Some(Map::new()),
        _ => None,
    }
}

/// The value, where it says something.
fn said(value: &Value) -> Option<Value> {
    let says = match value {
        Value::Null => false,
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => fields.values().any(|value| said(value).is_some()),
        _ => true,
    };
    says.then(|| value.clone())
}

/// Where the form has a field, by its name there.
pub fn section_of_form(field: &str) -> Section {
    match field.split('.').next().unwrap_or_default() {
        "" => Section::Other,
        "note" => Section::Basics,
        "variables" => Section::Variables,
        "strategy" => Section::Strategy,
        "readiness" | "liveness" | "startup" => Section::Health,
        "hooks" | "lifecycle" | "grace" => Section::Lifecycle,
        "gpu" => Section::Gpu,
        "patch" => Section::Patch,
        _ => Section::Container,
    }
}

/// Differences of the Deployments themselves, for sides that no form is known of.
fn of_deployment(before: &Side, after: &Side) -> Vec<FieldChange> {
    let of = |side: &Side| side.deployment().map(without_references);
    let (Some(old), Some(new)) = (of(before), of(after)) else { return Vec::new() };
    fields(Some(&old), &new).into_iter().map(FieldChange::of_path).collect()
}

/// Where the form has a field of the Deployment. Entries of lists are named in the path, as `fields` does.
pub fn section_of(path: &str) -> Section {
    let path = short(path);
    let has = |parts: &[&str]| parts.iter().any(|part| path.split(['.', '[', ']']).any(|step| step == *part));
    if path == "spec.replicas" {
        Section::Basics
    } else if path.contains("balancer.slipway.dev/") {
        Section::Balancers
    } else if has(&["strategy", "minReadySeconds", "progressDeadlineSeconds"]) {
        Section::Strategy
    } else if has(&["readinessProbe", "livenessProbe", "startupProbe"]) {
        Section::Health
    } else if has(&["lifecycle", "terminationGracePeriodSeconds", "initContainers"]) {
        Section::Lifecycle
    } else if has(&["env", "envFrom"]) {
        Section::Variables
    } else if has(&["volumes", "volumeMounts"]) {
        Section::Files
    } else if has(&["containers", "imagePullSecrets", "serviceAccountName", "nodeSelector", "tolerations"]) {
        Section::Container
    } else {
        Section::Other
    }
}

/// A path into the Deployment without the way to the pod that all have in common.
pub fn short(path: &str) -> String {
    path.strip_prefix("spec.template.spec.").unwrap_or(path).to_owned()
}

/// Variables by name, and files by their text.
fn of_objects(before: &Side, after: &Side) -> Vec<FieldChange> {
    let roles = |side: &Side| side.objects.iter().map(|object| object.role.clone()).collect::<Vec<_>>();
    let mut all = roles(before);
    all.extend(roles(after));
    all.sort();
    all.dedup();
    all.iter().filter(|role| **role != Role::Workload).flat_map(|role| of_object(role, before, after)).collect()
}

pub(super) fn of_object(role: &Role, before: &Side, after: &Side) -> Vec<FieldChange> {
    let (old, new) = (before.get(role), after.get(role));
    // The content decides the name.
    if old.map(|object| (&object.kind, &object.name)) == new.map(|object| (&object.kind, &object.name)) {
        return Vec::new();
    }
    let name = |object: Option<&Object>| object.map(|object| object.name.clone().into());
    let hidden = old.or(new).is_some_and(|object| object.sensitive) || new.is_some_and(|object| object.sensitive);
    let (section, field) = match role {
        Role::Variables { sensitive: false } => return variables(old, new),
        Role::Variables { sensitive: true } => (Section::Variables, SENSITIVE.to_owned()),
        Role::File(path) => (Section::Files, path.clone()),
        Role::Other(other) => (Section::Files, other.clone()),
        Role::Workload => return Vec::new(),
    };
    let mut change = FieldChange::new(section, field, name(old), name(new));
    change.hidden = hidden;
    if let (Some(old), Some(new), false) = (old, new, hidden) {
        change.count = blocks(&content(&old.body), &content(&new.body)).max(1);
    }
    vec![change]
}

fn variables(before: Option<&Object>, after: Option<&Object>) -> Vec<FieldChange> {
    let of = |object: Option<&Object>| object.map(|object| object.body["data"].clone()).filter(Value::is_object);
    let (old, new) = (of(before), of(after).unwrap_or_else(|| Value::Object(Map::new())));
    let changed = fields(Some(&old.unwrap_or_else(|| Value::Object(Map::new()))), &new).into_iter();
    changed
        .map(|(name, before, after)| FieldChange::new(Section::Variables, format!("variables.{name}"), before, after))
        .collect()
}

/// All texts of a config object.
fn content(object: &Value) -> String {
    let data = object["data"].as_object().into_iter().flatten();
    let binary = object["binaryData"].as_object().into_iter().flatten();
    data.chain(binary).filter_map(|(_, text)| text.as_str()).collect()
}

/// Runs of changed lines, as a person steps through them.
fn blocks(before: &str, after: &str) -> u32 {
    let diff = TextDiff::from_lines(before, after);
    super::count(diff.ops().iter().filter(|op| op.tag() != similar::DiffTag::Equal).count())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[track_caller]
    fn check(before: &Value, after: &Value, expected: &Value) {
        let mut changes = Vec::new();
        compare(&mut Vec::new(), before, after, &mut changes);
        let told: Map<_, _> = changes.into_iter().map(|c| (c.field, json!([c.before, c.after]))).collect();
        assert_eq!(Value::Object(told), *expected);
    }

    #[test]
    fn what_a_person_does_is_one_change() {
        check(
            &json!({ "readiness": null, "args": [], "memory": { "limit": "512Mi", "request": null } }),
            &json!({ "readiness": { "path": "/ready", "port": 80 }, "args": ["-v", "x"],
                     "memory": { "limit": "768Mi", "request": null } }),
            &json!({ "args": [null, ["-v", "x"]], "memory.limit": ["512Mi", "768Mi"],
                     "readiness": [null, { "path": "/ready", "port": 80 }] }),
        );
        let [http, admin] = [json!({ "name": "http", "port": 80 }), json!({ "name": "admin", "port": 81 })];
        check(
            &json!({ "ports": [http] }),
            &json!({ "ports": [admin, { "name": "http", "port": 8080 }] }),
            &json!({ "ports.admin": [null, admin], "ports.http.port": [80, 8080] }),
        );
        check(&json!({ "ports": [] }), &json!({ "ports": [http] }), &json!({ "ports.http": [null, http] }));
    }

    #[test]
    fn one_choice_for_another_is_one_change() {
        let [http, tcp] = [json!({ "http": { "path": "/ready" } }), json!({ "tcp": 80 })];
        check(
            &json!({ "readiness": { "check": http, "period_seconds": 5 } }),
            &json!({ "readiness": { "check": tcp, "period_seconds": 9 } }),
            &json!({ "readiness.check": [http, tcp], "readiness.period_seconds": [5, 9] }),
        );
        let [wait, approval] = [json!({ "kind": "wait", "seconds": 9 }), json!({ "kind": "approval" })];
        check(&json!({ "pace": wait }), &json!({ "pace": approval }), &json!({ "pace": [wait, approval] }));
    }

    #[test]
    fn a_limit_is_one_value() {
        let mut strategy =
            json!({ "max_surge": { "percent": 25 }, "batches": { "steps": [{ "size": { "pods": 1 } }] } });
        shares_as_typed(&mut strategy);
        assert_eq!(strategy, json!({ "max_surge": "25%", "batches": { "steps": [{ "size": "1" }] } }));
    }

    fn side(memory: &str, files: &[(&str, &str)], variables: &Value) -> Side {
        let refs: Vec<_> =
            files.iter().map(|(path, text)| (path, format!("f-{}", crate::names::content_hash([*text])))).collect();
        let env = format!("env-{}", crate::names::content_hash([variables.to_string().as_str()]));
        let deployment = json!({ "metadata": { "name": "api" }, "spec": { "template": {
            "metadata": { "labels": { "slipway.dev/release": memory } },
            "spec": {
                "containers": [{ "name": "app", "resources": { "limits": { "memory": memory } },
                    "envFrom": [{ "configMapRef": { "name": env } }],
                    "volumeMounts": refs.iter().map(|(path, _)| json!({ "name": path, "mountPath": path })).collect::<Vec<_>>() }],
                "volumes": refs.iter().map(|(path, name)| json!({ "name": path, "configMap": { "name": name } })).collect::<Vec<_>>(),
            } } } });
        let mut configs = vec![json!({ "metadata": { "name": env }, "data": variables })];
        configs.extend(
            refs.iter()
                .zip(files)
                .map(|((_, name), (_, text))| json!({ "metadata": { "name": name }, "data": { "f": text } })),
        );
        Side::of(&deployment, configs)
    }

    #[test]
    fn files_count_by_their_blocks_and_variables_by_their_names() {
        let text = |pool: &str, more: &str| format!("a\npool: {pool}\nb\nc\n{more}d\n");
        let before = side("512Mi", &[("/a", &text("20", "")), ("/b", "x\n")], &json!({ "A": "1", "B": "2" }));
        let after = side("768Mi", &[("/a", &text("26", "shipping\n")), ("/c", "y\n")], &json!({ "A": "1", "C": "3" }));
        let changes = changes(Definition { plan: None, side: &before }, Definition { plan: None, side: &after });
        let told: Vec<_> = changes.iter().map(|c| (c.section, c.field.as_str(), c.count)).collect();
        assert_eq!(
            told,
            [
                (Section::Container, "containers.app.resources.limits.memory", 1),
                (Section::Variables, "variables.B", 1),
                (Section::Variables, "variables.C", 1),
                (Section::Files, "/a", 2),
                (Section::Files, "/b", 1),
                (Section::Files, "/c", 1),
            ],
            "neither the release's label nor names of objects are changes"
        );
    }

    #[test]
    fn nothing_differs_from_itself() {
        let side = side("1Gi", &[("/a", "x\n")], &json!({ "A": "1" }));
        let definition = Definition { plan: None, side: &side };
        assert_eq!(changes(definition, definition), []);
    }
}
