//! What was made sensitive since a configuration was frozen.

use slipway_model::config::Content;
use slipway_model::release::Plan;
use slipway_model::variable::{Variable, VariableKind};
use slipway_store::{Failure, Reader};
use std::collections::HashSet;

/// A file, a key or a variable that a plan has in the clear, and that is sensitive by now: such a plan must not begin.
pub(crate) fn hidden_since(r: &Reader<'_>, plan: &Plan) -> Result<Option<String>, Failure> {
    for file in plan.config.files.iter().filter(|file| !matches!(file.content, Content::Sealed(_))) {
        if r.is_file_sensitive(&file.id)? {
            return Ok(Some(file.path.clone()));
        }
    }
    let keys = r.keys_of_app(&plan.app.id)?;
    let keys: HashSet<&str> = keys.iter().filter(|(_, sensitive)| *sensitive).map(|(key, _)| key.as_str()).collect();
    let mut values = plan.config.values.iter().filter(|value| !value.sensitive);
    if let Some(value) = values.find(|value| keys.contains(value.key.as_str())) {
        return Ok(Some(value.key.clone()));
    }
    let of_group = r.group(&plan.group.id)?.map(|entry| entry.draft.variables).unwrap_or_default();
    let (frozen, now) = ([&plan.config.variables, &plan.group.variables], [r.app_variables(&plan.app.id)?, of_group]);
    Ok(frozen.into_iter().zip(&now).find_map(|(frozen, now)| hidden(frozen, now)))
}

fn hidden(frozen: &[Variable], now: &[Variable]) -> Option<String> {
    let is_sensitive = |variable: &&Variable| variable.kind == VariableKind::Sensitive;
    let hidden: HashSet<&str> = now.iter().filter(is_sensitive).map(|variable| variable.name.trim()).collect();
    let mut open = frozen.iter().filter(|variable| !is_sensitive(variable));
    open.find(|variable| hidden.contains(variable.name.as_str())).map(|variable| variable.name.clone())
}
