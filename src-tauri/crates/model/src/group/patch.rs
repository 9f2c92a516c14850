//! What the form does not model, as a strategic merge patch over the Deployment that is rendered.

use super::{Group, GroupDraft, OWN_CONTAINER};
use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use ts_rs::TS;

/// Largest text of a patch: far above any Deployment that people write, well below what a record can hold.
const PATCH_MAX: usize = 128 * 1024;
/// Fields of a Deployment that releases decide.
const OF_RELEASES: &[&str] = &["replicas", "selector", "paused"];
/// Domain of our own labels and annotations.
const OWN_DOMAIN: &str = "slipway.dev";

/// YAML of a map that leaves to releases what is theirs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Patch(String);

impl Patch {
    /// `container` is the name of the app's own container, whose image is a release's to say.
    ///
    /// # Errors
    /// `NotYaml` with `line`, `column` and `reason`; `NotInPatch` with the `path` of what a patch may not change;
    /// `TooLarge`.
    pub fn parse(typed: &str, container: &str) -> Result<Option<Self>, Refusal> {
        if typed.len() > PATCH_MAX {
            return Err(Refusal::new(FieldCode::TooLarge).with("max", PATCH_MAX));
        }
        let value = match read(typed)? {
            Value::Null => return Ok(None),
            Value::Object(fields) => fields,
            _ => return Err(Refusal::new(FieldCode::NotYaml).with("line", 1).with("column", 1).with("reason", "map")),
        };
        match forbidden(&value, container) {
            Some(path) => Err(Refusal::new(FieldCode::NotInPatch).with("path", path)),
            None => Ok(Some(Self(typed.to_owned()))),
        }
    }

    /// As typed, with its comments.
    pub fn text(&self) -> &str {
        &self.0
    }

    pub fn value(&self) -> Value {
        read(&self.0).unwrap_or_default()
    }
}

impl Group {
    /// Name of the app's own container in the pod.
    pub fn container(&self) -> &str {
        self.adopted.as_ref().map_or(OWN_CONTAINER, |adopted| &adopted.container)
    }
}

impl GroupDraft {
    /// Name of the app's own container in the pod.
    pub fn container(&self) -> &str {
        self.adopted.as_ref().map_or(OWN_CONTAINER, |adopted| &adopted.container)
    }
}

impl TryFrom<String> for Patch {
    type Error = String;

    /// What was valid once stays readable: what a patch may change is looked at where it is typed.
    fn try_from(text: String) -> Result<Self, String> {
        match read(&text) {
            Ok(Value::Object(_)) => Ok(Self(text)),
            _ => Err("not a patch".to_owned()),
        }
    }
}

impl From<Patch> for String {
    fn from(patch: Patch) -> Self {
        patch.0
    }
}

fn read(text: &str) -> Result<Value, Refusal> {
    if text.trim().is_empty() {
        return Ok(Value::Null);
    }
    serde_saphyr::from_str(text).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| (at.line(), at.column()));
        Refusal::new(FieldCode::NotYaml).with("line", line).with("column", column).with("reason", "syntax")
    })
}

/// Path of the first field that a patch may not change.
fn forbidden(patch: &Map<String, Value>, container: &str) -> Option<String> {
    patch.iter().find_map(|(key, value)| match key.as_str() {
        "metadata" => only(value, "metadata", &["labels", "annotations"]).or_else(|| labels(value, "metadata")),
        "spec" => spec(value, container),
        other => Some(other.to_owned()),
    })
}

fn spec(spec: &Value, container: &str) -> Option<String> {
    let Some(fields) = spec.as_object() else { return Some("spec".to_owned()) };
    if let Some(field) = OF_RELEASES.iter().chain(&["$patch"]).find(|field| fields.contains_key(**field)) {
        return Some(format!("spec.{field}"));
    }
    let template = fields.get("template")?;
    let path = "spec.template";
    if let Some(path) = only(template, path, &["metadata", "spec"]) {
        return Some(path);
    }
    let metadata = format!("{path}.metadata");
    let of_metadata = template
        .get("metadata")
        .and_then(|value| only(value, &metadata, &["labels", "annotations"]).or_else(|| labels(value, &metadata)));
    of_metadata.or_else(|| pod(template.get("spec")?, container))
}

fn pod(pod: &Value, container: &str) -> Option<String> {
    let path = "spec.template.spec";
    let Some(fields) = pod.as_object() else { return Some(path.to_owned()) };
    if fields.contains_key("$patch") {
        return Some(format!("{path}.$patch"));
    }
    let path = format!("{path}.containers");
    let Some(containers) = fields.get("containers")?.as_array() else { return Some(path) };
    for (at, one) in containers.iter().enumerate() {
        let Some(name) = one.get("name").and_then(Value::as_str) else {
            return Some(format!("{path}.{at}.{}", if one.get("$patch").is_some() { "$patch" } else { "name" }));
        };
        if name == container
            && let Some(field) = ["image", "$patch"].iter().find(|field| one.get(**field).is_some())
        {
            return Some(format!("{path}.{name}.{field}"));
        }
    }
    None
}

fn only(value: &Value, path: &str, allowed: &[&str]) -> Option<String> {
    let Some(fields) = value.as_object() else { return Some(path.to_owned()) };
    fields.keys().find(|key| !allowed.contains(&key.as_str())).map(|key| format!("{path}.{key}"))
}

/// Our own labels and annotations tell what belongs to a group.
fn labels(metadata: &Value, path: &str) -> Option<String> {
    let own = |key: &str| {
        let domain = key.split_once('/').map_or("", |(domain, _)| domain);
        domain == OWN_DOMAIN || domain.ends_with(".slipway.dev") || key == "app.kubernetes.io/managed-by"
    };
    ["labels", "annotations"].into_iter().find_map(|kind| match metadata.get(kind)? {
        Value::Object(fields) => {
            let key = fields.keys().find(|key| own(key) || key.starts_with('$'))?;
            Some(format!("{path}.{kind}.{key}"))
        }
        _ => Some(format!("{path}.{kind}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (FieldCode, String) {
        let refusal = Patch::parse(text, OWN_CONTAINER).expect_err(text);
        (refusal.code, refusal.params.get("path").or(refusal.params.get("line")).cloned().unwrap_or_default())
    }

    #[test]
    fn what_is_kept() {
        let text = "# for the disk\nspec:\n  template:\n    spec:\n      affinity: {}\n      containers:\n      \
                    - name: agent\n        image: agent:1\n      - name: app\n        stdin: true\n";
        let patch = Patch::parse(text, OWN_CONTAINER).expect("valid").expect("a patch");
        assert_eq!(patch.text(), text);
        assert_eq!(patch.value()["spec"]["template"]["spec"]["containers"][0]["name"], "agent");
        for nothing in ["", "  \n", "# only a word\n"] {
            assert_eq!(Patch::parse(nothing, OWN_CONTAINER), Ok(None), "{nothing:?}");
        }
    }

    #[test]
    fn what_releases_decide_is_no_patchs() {
        for (text, path) in [
            ("kind: Deployment", "kind"),
            ("metadata: { name: x }", "metadata.name"),
            ("metadata: { labels: { slipway.dev/app: x } }", "metadata.labels.slipway.dev/app"),
            ("spec: { replicas: 3 }", "spec.replicas"),
            ("spec: { selector: {} }", "spec.selector"),
            ("spec: [1]", "spec"),
            ("spec: { template: { $patch: replace } }", "spec.template.$patch"),
            (
                "spec: { template: { metadata: { labels: { slipway.dev/release: r1 } } } }",
                "spec.template.metadata.labels.slipway.dev/release",
            ),
            (
                "spec: { template: { spec: { containers: [{ name: app, image: x }] } } }",
                "spec.template.spec.containers.app.image",
            ),
            ("spec: { template: { spec: { containers: [{ image: x }] } } }", "spec.template.spec.containers.0.name"),
            (
                "spec: { template: { spec: { containers: [{ $patch: replace }] } } }",
                "spec.template.spec.containers.0.$patch",
            ),
        ] {
            assert_eq!(refused(text), (FieldCode::NotInPatch, path.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        assert_eq!(refused("spec:\n  template: [1,\n"), (FieldCode::NotYaml, "2".to_owned()));
        assert_eq!(refused("- 1"), (FieldCode::NotYaml, "1".to_owned()));
        assert_eq!(refused(&format!("a: {}", "x".repeat(PATCH_MAX))).0, FieldCode::TooLarge);
    }
}
