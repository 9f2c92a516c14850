//! A live value taken into a draft.

use crate::managed::{Path, Step, plain};
use crate::names::CONTAINER;
use crate::yaml;
use serde_json::{Value, json};
use slipway_model::group::{CommandDraft, GroupDraft};

/// Where an adopted value is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Adopted {
    Form,
    Patch,
}

/// Puts a live value (`None`: it was taken away) into a draft: where the form has a field for it, else into the patch. A
/// field that the patch speaks of already stays there, because the patch has the last word.
///
/// `None` for a patch that cannot be read: nothing is changed then.
pub fn adopt(draft: &mut GroupDraft, path: &Path, value: Option<&Value>) -> Option<Adopted> {
    let mut patch = match draft.patch.trim() {
        "" => json!({}),
        text => serde_saphyr::from_str(text).ok().filter(Value::is_object)?,
    };
    if path.of(&patch).is_none() && in_form(draft, path, value) {
        return Some(Adopted::Form);
    }
    match (path.0.last(), value) {
        (Some(Step::Entry(keys)), None) => {
            let mut gone = keys.clone();
            gone.insert("$patch".to_owned(), "delete".into());
            path.set(&mut patch, Some(gone.into()));
        }
        (_, value) => path.set(&mut patch, Some(value.cloned().unwrap_or_default())),
    }
    draft.patch = yaml::text(&patch);
    Some(Adopted::Patch)
}

fn in_form(draft: &mut GroupDraft, path: &Path, value: Option<&Value>) -> bool {
    let text = value.map(plain).unwrap_or_default();
    let words = || -> Vec<String> { value.and_then(Value::as_array).into_iter().flatten().map(plain).collect() };
    let own = draft.adopted.as_ref().map_or_else(|| CONTAINER.to_owned(), |adopted| adopted.container.clone());
    let fields: Vec<&str> = path.0.iter().map(field).collect();
    let ["spec", below @ ..] = fields.as_slice() else { return false };
    match below {
        ["replicas"] => draft.count = text,
        ["minReadySeconds"] => draft.strategy.min_ready_seconds = text,
        ["progressDeadlineSeconds"] => draft.strategy.progress_deadline_seconds = text,
        ["strategy", "rollingUpdate", "maxSurge"] => draft.strategy.max_surge = text,
        ["strategy", "rollingUpdate", "maxUnavailable"] => draft.strategy.max_unavailable = text,
        ["template", "spec", "terminationGracePeriodSeconds"] => draft.lifecycle.grace_period_seconds = text,
        ["template", "spec", "serviceAccountName"] => draft.service_account = text,
        ["template", "spec", "containers", container, rest @ ..] if *container == own => match rest {
            // Without one nothing runs.
            ["image"] if value.is_some() => draft.image = text,
            ["resources", "requests", "cpu"] => draft.cpu.request = text,
            ["resources", "limits", "cpu"] => draft.cpu.limit = text,
            ["resources", "requests", "memory"] => draft.memory.request = text,
            ["resources", "limits", "memory"] => draft.memory.limit = text,
            ["workingDir"] => draft.working_dir = text,
            ["command"] => draft.command = CommandDraft::of(&words()),
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
        let spec = |name: &str| Path(vec![Step::Field("spec".into()), Step::Field(name.into())]);
        for (path, value) in [
            (at("app", &["resources", "limits", "memory"]), Some(json!("768Mi"))),
            (at("app", &["command"]), Some(json!(["run", "it"]))),
            (at("app", &["args"]), None),
            (spec("replicas"), Some(json!(8))),
            (spec("minReadySeconds"), Some(json!(30))),
        ] {
            assert_eq!(adopt(&mut draft, &path, value.as_ref()), Some(Adopted::Form), "{path}");
        }
        assert_eq!((draft.memory.limit.as_str(), draft.count.as_str()), ("768Mi", "8"));
        assert_eq!(draft.strategy.min_ready_seconds, "30");
        assert_eq!(draft.command, CommandDraft::List(vec!["run".into(), "it".into()]));
        assert!(draft.args.is_empty() && draft.patch.is_empty());
    }

    #[test]
    fn what_it_has_not_is_in_the_patch_and_goes_over_what_is_rendered() {
        let mut draft = GroupDraft::default();
        let gone = at("proxy", &[]);
        for (path, value) in [
            (at("log", &["image"]), Some(json!("log:1"))),
            (at("app", &["tty"]), Some(json!(true))),
            (at("app", &["stdin"]), None),
            (gone, None),
        ] {
            assert_eq!(adopt(&mut draft, &path, value.as_ref()), Some(Adopted::Patch), "{path}");
        }
        let pod = |containers: Value| json!({ "spec": { "template": { "spec": { "containers": containers } } } });
        let mut deployment = pod(json!([{ "name": "app", "image": "a:1", "stdin": true }, { "name": "proxy" }]));
        crate::patch::apply(&mut deployment, &serde_saphyr::from_str(&draft.patch).expect("our own YAML"));
        let expected =
            pod(json!([{ "name": "app", "image": "a:1", "tty": true }, { "name": "log", "image": "log:1" }]));
        assert_eq!(deployment, expected, "{}", draft.patch);

        // The patch has the last word, so that it is the patch that has to say it.
        draft.patch = yaml::text(&pod(json!([{ "name": "app", "workingDir": "/a" }])));
        assert_eq!(adopt(&mut draft, &at("app", &["workingDir"]), Some(&json!("/b"))), Some(Adopted::Patch));
        assert!(draft.patch.contains("/b") && draft.working_dir.is_empty(), "{}", draft.patch);

        draft.patch = "- no patch".into();
        assert_eq!(adopt(&mut draft, &at("app", &["tty"]), None), None);
        assert_eq!(draft.patch, "- no patch");
    }
}
