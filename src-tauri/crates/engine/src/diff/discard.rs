//! A change of the draft taken back: one field of a group is as it was released again.

use crate::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_model::group::GroupDraft;
use slipway_model::id::GroupId;
use slipway_render::diff::Section;
use ts_rs::TS;

/// A row of what the draft changes.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Discard {
    pub group: GroupId,
    pub section: Section,
    pub field: String,
}

/// What became of a discarded change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Discarded {
    /// Something of it was changed for all groups of the app. That stays: it is not this group's to take back.
    pub left_to_app: bool,
}

impl Engine {
    /// Takes back what the draft changes of one field since the last release.
    ///
    /// # Errors
    /// `NotFound` for what the draft does not change, or no field of the form is, and `Invalid` where the draft could not
    /// be kept with it.
    pub async fn group_discard(&self, discard: &Discard) -> Result<Discarded> {
        let Discard { group, section, field } = discard;
        let unchanged = || Error::not_found("field", field);
        let released = self.released(group).await?.ok_or_else(unchanged)?;
        if *section == Section::Files {
            let left_to_app = Box::pin(self.config_discard(group, field, &released.plan)).await?;
            return Ok(Discarded { left_to_app });
        }
        let draft = self.group_entry(group).await?.draft;
        let mut before = GroupDraft::from(&released.plan.group);
        let mut variables = before.variables.iter_mut();
        if let Some(variable) = variables.find(|variable| format!("variables.{}", variable.name) == *field)
            && let Some(id) = variable.secret.as_ref().filter(|id| id.is_withheld())
        {
            variable.secret = Some(self.version_of(id, &variable.name).await?);
        }
        if let Some(draft) = set_back(&draft, &before, field) {
            Box::pin(self.group_update(group, &draft)).await?;
            return Ok(Discarded { left_to_app: false });
        }
        let name = field.strip_prefix("variables.").filter(|_| *section == Section::Variables).ok_or_else(unchanged)?;
        let of = |variables: &[slipway_model::variable::Variable]| {
            variables.iter().find(|variable| variable.name == name).cloned()
        };
        let now = self.app_variables(&released.plan.app.id).await?;
        if of(&now.variables) == of(&released.plan.config.variables) {
            return Err(unchanged());
        }
        Ok(Discarded { left_to_app: true })
    }
}

/// The draft with one field of another; `None` where they are the same, or there is no such field.
fn set_back(draft: &GroupDraft, before: &GroupDraft, field: &str) -> Option<GroupDraft> {
    let mut now = serde_json::to_value(draft).ok()?;
    let before = serde_json::to_value(before).ok()?;
    let top = field.split('.').next().unwrap_or_default();
    before.get(top)?;
    take(&mut now, &before, field);
    serde_json::from_value(now).ok().filter(|set| set != draft)
}

/// Takes the value at a path: names of fields, and of entries of lists. What has no names is taken as a whole.
fn take(now: &mut Value, before: &Value, path: &str) {
    let rest = |name: &str| match path.strip_prefix(name)? {
        "" => Some(String::new()),
        more => more.strip_prefix('.').map(str::to_owned),
    };
    match (now, before) {
        (Value::Object(now), Value::Object(before)) => {
            let step = before.keys().find_map(|key| Some((key.clone(), rest(key)?)));
            match step.and_then(|(key, more)| Some((now.get_mut(&key)?, before.get(&key)?, more))) {
                Some((now, before, more)) => take(now, before, &more),
                None => now.clone_from(before),
            }
        }
        (Value::Array(now), Value::Array(before)) => {
            let named = |items: &[Value]| {
                items.iter().enumerate().find_map(|(at, item)| Some((at, rest(item["name"].as_str()?)?)))
            };
            match (named(now), named(before)) {
                (Some((at, more)), Some((from, _))) => take(&mut now[at], &before[from], &more),
                (Some((at, _)), None) => drop(now.remove(at)),
                (None, Some((from, _))) => now.insert(from.min(now.len()), before[from].clone()),
                (None, None) => now.clone_from(before),
            }
        }
        (now, before) => now.clone_from(before),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::group::first_draft;
    use slipway_model::variable::Variable;

    fn variables(of: &[(&str, &str)]) -> Vec<Variable> {
        let variable = |(name, value): &(&str, &str)| Variable {
            name: (*name).to_owned(),
            value: (*value).to_owned(),
            ..Variable::default()
        };
        of.iter().map(variable).collect()
    }

    #[test]
    fn one_field_goes_back_and_the_others_stay() {
        let mut before = first_draft();
        before.variables = variables(&[("A", "1"), ("B.c", "2")]);
        let mut now = before.clone();
        now.memory.limit = "1Gi".into();
        now.cpu.limit = "2".into();
        now.variables = variables(&[("B.c", "3"), ("D", "4")]);

        let back = set_back(&now, &before, "memory.limit").expect("a change");
        assert_eq!((back.memory.limit.as_str(), back.cpu.limit.as_str()), ("256Mi", "2"));
        let back = set_back(&now, &before, "variables.B.c").expect("a change");
        assert_eq!(back.variables, variables(&[("B.c", "2"), ("D", "4")]));
        let back = set_back(&now, &before, "variables.A").expect("a change");
        assert_eq!(back.variables, variables(&[("A", "1"), ("B.c", "3"), ("D", "4")]));
        let back = set_back(&now, &before, "variables.D").expect("a change");
        assert_eq!(back.variables, variables(&[("B.c", "3")]));
    }

    #[test]
    fn what_is_no_change_and_no_field_is_neither() {
        let before = first_draft();
        let mut now = before.clone();
        now.image = "2.0.0".into();
        assert_eq!(set_back(&now, &before, "memory.limit"), None);
        assert_eq!(set_back(&now, &before, "spec.replicas"), None);
        assert_eq!(set_back(&now, &before, "image"), Some(before));
    }

    #[test]
    fn a_list_without_names_goes_back_as_a_whole() {
        let mut before = first_draft();
        before.args = vec!["-v".into()];
        let mut now = before.clone();
        now.args = vec!["-q".into(), "x".into()];
        assert_eq!(set_back(&now, &before, "args"), Some(before.clone()));
        now.strategy.max_surge = "7".into();
        let back = set_back(&now, &before, "strategy.surge").expect("a change");
        assert_eq!((back.strategy, back.args), (before.strategy, now.args));
    }
}
