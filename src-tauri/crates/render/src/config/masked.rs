//! Files with sensitive values, as they may be shown.

use super::Values;
use crate::Workload;
use crate::effective::MASK;
use crate::template;
use slipway_model::config::{ConfigSource, Content, Value, resolve};
use slipway_model::id::SecretId;
use std::borrow::Cow;
use std::collections::HashMap;

/// How much of a value's random id tells two of them apart; it says nothing about the value.
const ID_SHOWN: usize = 4;

/// The file at a path in the container, with dots for each sensitive value, to be compared with the one that `beside`
/// has. A value that differs there carries the beginning of its random id, so that the change is seen. `None` for what
/// has no such file, is sensitive as a whole, is not text, or cannot be filled.
pub fn masked(workload: Workload<'_>, beside: Option<Workload<'_>>, path: &str) -> Option<String> {
    let file = file_at(workload, path).filter(|file| !file.sensitive)?;
    let Content::Text(text) = &file.content else { return None };
    if file.literal {
        return Some(text.clone());
    }
    let template = template::parse(text).ok()?;
    let values = Values::new(workload.config, None);
    let others = beside.map(|beside| Values::new(beside.config, None));
    let shown: HashMap<&str, Cow<'_, str>> = template
        .keys()
        .into_iter()
        .filter_map(|key| {
            let (value, _) = values.effective(key)?;
            let other = others.as_ref().and_then(|others| others.effective(key));
            Some((key, shown(value, other.map(|(other, _)| other))))
        })
        .collect();
    template.render(|key| shown.get(key).map(AsRef::as_ref)).ok()
}

fn file_at<'c>(workload: Workload<'c>, path: &str) -> Option<&'c ConfigSource> {
    let deploy_path = &workload.app.deploy_path;
    workload.config.files.iter().find(|file| resolve(deploy_path, &file.path).is_ok_and(|resolved| resolved == path))
}

fn shown<'c>(value: &'c Value, beside: Option<&Value>) -> Cow<'c, str> {
    match value {
        Value::Plain(text) => Cow::Borrowed(text),
        Value::Sealed(_) if beside.is_none_or(|other| other == value) => Cow::Borrowed(MASK),
        Value::Sealed(id) => Cow::Owned(format!("{MASK} {}", beginning(id))),
    }
}

fn beginning(id: &SecretId) -> String {
    id.as_str().chars().take(ID_SHOWN).collect()
}
