//! A live value taken into a draft, where the form has a field for it.

use crate::managed::{Path, Step, plain};
use crate::names::CONTAINER;
use serde_json::Value;
use slipway_model::group::{CommandDraft, GroupDraft};

/// Puts a live value (`None`: it was taken away) where the form says it. False where the form has no field for it, and
/// for the image that somebody took away, without which nothing runs.
pub fn adopt(draft: &mut GroupDraft, path: &Path, value: Option<&Value>) -> bool {
    let text = value.map(plain).unwrap_or_default();
    let words = || -> Vec<String> { value.and_then(Value::as_array).into_iter().flatten().map(plain).collect() };
    let fields: Vec<&str> = path.0.iter().map(field).collect();
    match fields.as_slice() {
        ["spec", "replicas"] => draft.count = text,
        ["spec", "template", "spec", "containers", CONTAINER, own @ ..] => match own {
            ["image"] if value.is_some() => draft.image = text,
            ["resources", "requests", "cpu"] => draft.cpu.request = text,
            ["resources", "limits", "cpu"] => draft.cpu.limit = text,
            ["resources", "requests", "memory"] => draft.memory.request = text,
            ["resources", "limits", "memory"] => draft.memory.limit = text,
            ["command"] => {
                draft.command = if value.is_some() { CommandDraft::List(words()) } else { CommandDraft::Image };
            }
            ["args"] => draft.args = words(),
            _ => return false,
        },
        _ => return false,
    }
    true
}

fn field(step: &Step) -> &str {
    match step {
        Step::Field(name) => name,
        Step::Entry(keys) => keys.get("name").and_then(Value::as_str).unwrap_or_default(),
        Step::Item(_) | Step::Place(_) => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::managed::step;
    use serde_json::json;

    fn at(container: &str, rest: &[&str]) -> Path {
        let way = ["spec", "template", "spec", "containers"].map(|name| Step::Field(name.to_owned()));
        let entry = step(&format!("k:{{\"name\":\"{container}\"}}")).expect("a step");
        let rest = rest.iter().map(|name| Step::Field((*name).to_owned()));
        Path(way.into_iter().chain([entry]).chain(rest).collect())
    }

    #[test]
    fn what_the_form_has_is_in_it() {
        let mut draft = GroupDraft { args: vec!["a".into()], ..GroupDraft::default() };
        let memory = at("app", &["resources", "limits", "memory"]);
        assert!(adopt(&mut draft, &memory, Some(&json!("768Mi"))));
        assert!(adopt(
            &mut draft,
            &Path(vec![Step::Field("spec".into()), Step::Field("replicas".into())]),
            Some(&json!(8))
        ));
        assert!(adopt(&mut draft, &at("app", &["command"]), Some(&json!(["run", "it"]))));
        assert!(adopt(&mut draft, &at("app", &["args"]), None));
        assert_eq!((draft.memory.limit.as_str(), draft.count.as_str()), ("768Mi", "8"));
        assert_eq!(draft.command, CommandDraft::List(vec!["run".into(), "it".into()]));
        assert!(draft.args.is_empty());
        for (container, field) in [("log", "image"), ("app", "tty")] {
            assert!(!adopt(&mut draft, &at(container, &[field]), Some(&json!("x"))), "{container} {field}");
        }
        assert!(!adopt(&mut draft, &at("app", &["image"]), None));
    }
}
