//! Fields, variables and values of the three sides. Pure.

use super::sides::Sides;
use super::{MergedField, MergedOf};
use serde_json::{Value, json};
use slipway_model::app::App;
use slipway_model::config::{self, ConfigValue};
use slipway_model::variable::{Variable, VariableKind};
use slipway_render::diff::{Section, section_of_form, shares_as_typed};
use slipway_render::merge::{FieldMerge, How, fields};
use std::collections::BTreeMap;

/// What the fields of a merge become.
pub(super) struct Fields {
    /// By the names of its model.
    pub group: Value,
    /// Title, repository and deploy path.
    pub app: Value,
    /// The app's variables.
    pub variables: Value,
    /// By key: those that a side changed.
    pub keys: BTreeMap<String, KeyMerged>,
}

/// What a key becomes: the group's value, the app's default, and whether they are sensitive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct KeyMerged {
    pub value: Option<config::Value>,
    pub default: Option<config::Value>,
    pub sensitive: bool,
}

impl Sides {
    /// Everything merged, with theirs for the conflicts that `take_theirs` says so of by their id, and each field that a
    /// side changed.
    pub(super) fn fields(&self, take_theirs: &dyn Fn(&str) -> bool) -> (Fields, Vec<MergedField>) {
        let mut rows = Vec::new();
        let mut part = |of: MergedOf, [base, ours, theirs]: [Value; 3]| {
            let (merged, found) = fields(&base, &ours, &theirs, &|field| take_theirs(&id(of, field)));
            rows.extend(found.into_iter().map(|row| shown(of, row)));
            merged
        };
        let group = part(MergedOf::Group, self.forms());
        let (base, theirs) = (&self.base.plan, &self.theirs.plan);
        let app = part(MergedOf::App, [&base.app, &self.ours.app, &theirs.app].map(of_app));
        let variables = [&base.config.variables, &self.ours.variables, &theirs.config.variables];
        let variables = part(MergedOf::AppVariable, variables.map(|list| json!(list)));
        let keys = self.keys(take_theirs, &mut rows);
        rows.sort_by(|a, b| (a.of, a.section, &a.field).cmp(&(b.of, b.section, &b.field)));
        (Fields { group, app, variables, keys }, rows)
    }

    fn keys(&self, take_theirs: &dyn Fn(&str) -> bool, rows: &mut Vec<MergedField>) -> BTreeMap<String, KeyMerged> {
        let sides =
            [of_values(&self.base.plan.config.values), self.own_keys(), of_values(&self.theirs.plan.config.values)];
        let mut keys: Vec<&String> = sides.iter().flat_map(BTreeMap::keys).collect();
        keys.sort();
        keys.dedup();
        let none = KeyMerged::default();
        let mut merged = BTreeMap::new();
        for key in keys {
            let [base, ours, theirs] = sides.each_ref().map(|side| side.get(key).unwrap_or(&none));
            // A key that nobody gives a value any more is as sensitive as it was.
            let said = |side: &KeyMerged| side.value.is_some() || side.default.is_some();
            let of_sensitive = |side: &KeyMerged| if said(side) { side.sensitive } else { ours.sensitive };
            let mut row = |of, how, [base, ours, theirs]: [Option<Value>; 3], hidden| {
                let (id, field) = (id(of, key), key.clone());
                let takes = how == How::Theirs || how == How::Conflict && take_theirs(&id);
                rows.push(MergedField { id, of, section: Section::Files, field, how, base, ours, theirs, hidden });
                takes
            };
            let mut is = ours.clone();
            if base == ours && ours == theirs {
                continue;
            }
            for (of, pick) in [
                (MergedOf::Value, (|side| &side.value) as fn(&KeyMerged) -> &Option<config::Value>),
                (MergedOf::Default, |side| &side.default),
            ] {
                let values = [base, ours, theirs].map(pick);
                let [base, ours, theirs] = values;
                if base == ours && ours == theirs {
                    continue;
                }
                let hidden = values.iter().any(|value| matches!(value, Some(config::Value::Sealed(_))));
                let taken =
                    row(of, How::of(&base, &ours, &theirs), values.map(|value| value.as_ref().map(told)), hidden);
                let value = if taken { theirs } else { ours };
                match of {
                    MergedOf::Value => is.value.clone_from(value),
                    _ => is.default.clone_from(value),
                }
            }
            let sensitive = [base, ours, theirs].map(of_sensitive);
            let [base, own, other] = sensitive;
            if base != own || own != other {
                // Of two, one side has changed it, or both have made the same of it.
                let how = How::of(&base, &own, &other);
                let taken = row(MergedOf::Sensitive, how, sensitive.map(|is| Some(is.into())), false);
                is.sensitive = if taken { other } else { own };
            }
            merged.insert(key.clone(), is);
        }
        merged
    }

    fn own_keys(&self) -> BTreeMap<String, KeyMerged> {
        let mut keys: BTreeMap<String, KeyMerged> = BTreeMap::new();
        for (key, sensitive) in &self.ours.keys {
            keys.entry(key.clone()).or_default().sensitive = *sensitive;
        }
        for entry in &self.ours.values {
            let key = keys.entry(entry.key.clone()).or_default();
            match &entry.group {
                None => key.default = Some(entry.value.clone()),
                Some(group) if *group == self.group.id => key.value = Some(entry.value.clone()),
                Some(_) => {}
            }
        }
        keys
    }
}

fn of_values(values: &[ConfigValue]) -> BTreeMap<String, KeyMerged> {
    let key =
        |of: &ConfigValue| KeyMerged { value: of.value.clone(), default: of.default.clone(), sensitive: of.sensitive };
    values.iter().map(|value| (value.key.clone(), key(value))).collect()
}

fn of_app(app: &App) -> Value {
    json!({ "title": app.title, "repository": app.repository, "deploy_path": app.deploy_path })
}

fn told(value: &config::Value) -> Value {
    match value {
        config::Value::Plain(text) => Value::from(text.clone()),
        config::Value::Sealed(id) => Value::from(id.to_string()),
    }
}

/// What a choice names a field by.
fn id(of: MergedOf, field: &str) -> String {
    let of = json!(of);
    format!("{}:{field}", of.as_str().unwrap_or_default())
}

fn shown(of: MergedOf, row: FieldMerge) -> MergedField {
    let FieldMerge { field, how, base, ours, theirs } = row;
    let section = match of {
        MergedOf::AppVariable => Section::Variables,
        MergedOf::App => Section::Basics,
        _ => section_of_form(&field),
    };
    let variables = [&base, &ours, &theirs].map(|side| side.as_ref().and_then(variable));
    let hidden = variables.iter().flatten().any(|variable| variable.kind == VariableKind::Sensitive);
    let mut sides = [base, ours, theirs];
    if section == Section::Strategy {
        sides.iter_mut().flatten().for_each(shares_as_typed);
    }
    if section == Section::Variables {
        let told = |variable: Variable| variable.secret.map_or(Value::from(variable.value), |id| id.to_string().into());
        sides = variables.map(|variable| variable.map(told));
    }
    let [base, ours, theirs] = sides;
    MergedField { id: id(of, &field), of, section, field, how, base, ours, theirs, hidden }
}

fn variable(value: &Value) -> Option<Variable> {
    serde_json::from_value(value.clone()).ok()
}
