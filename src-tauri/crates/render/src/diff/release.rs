//! What a release changes, as it was planned.

use super::change::{FieldChange, Section, named_secrets, of_object, of_start};
use super::{fields, stated_fields};
use crate::side::{Role, Side, without_references};
use serde_json::{Value, json};
use slipway_model::release::Plan;
use std::collections::BTreeSet;

/// Variables, files and fields that a release changes; of a first one everything that its group begins with. Files and
/// Secrets are told by their names, and by nothing of what they hold.
pub fn of_release(plan: &Plan) -> Vec<FieldChange> {
    let rendered = crate::render(plan.into(), "");
    let after = Side::rendered(&rendered);
    let mut changes = match &plan.base {
        None => {
            let mut begun = of_start(&plan.group);
            begun.extend(named_secrets(None, plan));
            begun.extend(of_objects(&Side::default(), &after, |role| *role != Role::Variables { sensitive: true }));
            begun
        }
        Some(base) => {
            let stable = json!({ "spec": base.stable });
            let pod = |deployment: &Value| without_references(deployment)["spec"]["template"]["spec"].take();
            let changed = stated_fields(Some(&pod(&stable)), &pod(&rendered.deployment));
            let mut changed: Vec<_> = changed.into_iter().map(FieldChange::of_path).collect();
            let before: Value =
                base.variables.iter().map(|variable| (variable.name.clone(), variable.value.clone())).collect();
            let plain = Role::Variables { sensitive: false };
            let said = after.get(&plain).map_or_else(|| json!({}), |map| map.body["data"].clone());
            changed.extend(fields(Some(&before), &said).into_iter().map(|(name, before, after)| {
                FieldChange::new(Section::Variables, format!("variables.{name}"), before, after)
            }));
            changed.extend(of_objects(&Side::of(&stable, []), &after, |role| *role != plain));
            changed
        }
    };
    changes.sort_by(|a, b| (a.section, &a.field).cmp(&(b.section, &b.field)));
    changes
}

fn of_objects(before: &Side, after: &Side, told: impl Fn(&Role) -> bool) -> Vec<FieldChange> {
    let both = before.objects.iter().chain(&after.objects).map(|object| &object.role);
    let roles: BTreeSet<_> = both.filter(|role| !matches!(role, Role::Other(_)) && told(role)).collect();
    roles.into_iter().flat_map(|role| of_object(role, before, after)).collect()
}
