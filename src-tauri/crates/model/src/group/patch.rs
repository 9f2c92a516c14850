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
/// Directives that take away what they do not name.
const SWEEPING: &[&str] = &["$patch", "$retainKeys"];
/// Lists that bring a group its files and variables: a patch adds to them, or takes out what it names.
const OF_CONFIG: &[&str] = &["volumes", "volumeMounts", "envFrom"];
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
    if let Some(field) = OF_RELEASES.iter().chain(SWEEPING).find(|field| fields.contains_key(**field)) {
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
    if let Some(field) = SWEEPING.iter().find(|field| fields.contains_key(**field)) {
        return Some(format!("{path}.{field}"));
    }
    if let Some(list) = emptied(fields) {
        return Some(format!("{path}.{list}"));
    }
    let path = format!("{path}.containers");
    let Some(containers) = fields.get("containers")?.as_array() else { return Some(path) };
    for (at, one) in containers.iter().enumerate() {
        let Some(name) = one.get("name").and_then(Value::as_str) else {
            return Some(format!("{path}.{at}.{}", if one.get("$patch").is_some() { "$patch" } else { "name" }));
        };
        if name == container
            && let Some(fields) = one.as_object()
            && let Some(field) =
                ["image"].iter().chain(SWEEPING).find(|field| fields.contains_key(**field)).copied().or(emptied(fields))
        {
            return Some(format!("{path}.{name}.{field}"));
        }
    }
    None
}

/// The first list of the configuration that is removed or replaced as a whole.
fn emptied(fields: &Map<String, Value>) -> Option<&'static str> {
    OF_CONFIG.iter().copied().find(|list| match fields.get(*list) {
        Some(Value::Array(items)) => items.iter().any(|item| item["$patch"] == "replace"),
        Some(_) => true,
        None => false,
    })
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
    use proptest::prelude::*;

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
            ("spec: { $retainKeys: [strategy] }", "spec.$retainKeys"),
            ("spec: { template: { spec: { $retainKeys: [volumes] } } }", "spec.template.spec.$retainKeys"),
            ("spec: { template: { spec: { volumes: null } } }", "spec.template.spec.volumes"),
            ("spec: { template: { spec: { volumes: [{ $patch: replace }] } } }", "spec.template.spec.volumes"),
            (
                "spec: { template: { spec: { containers: [{ name: app, $retainKeys: [name] }] } } }",
                "spec.template.spec.containers.app.$retainKeys",
            ),
            (
                "spec: { template: { spec: { containers: [{ name: app, $patch: delete }] } } }",
                "spec.template.spec.containers.app.$patch",
            ),
            (
                "spec: { template: { spec: { containers: [{ name: app, image: null }] } } }",
                "spec.template.spec.containers.app.image",
            ),
            (
                "spec: { template: { spec: { containers: [{ name: app, volumeMounts: [{ $patch: replace }] }] } } }",
                "spec.template.spec.containers.app.volumeMounts",
            ),
            (
                "spec: { template: { spec: { containers: [{ name: app, envFrom: null }] } } }",
                "spec.template.spec.containers.app.envFrom",
            ),
            ("metadata: null", "metadata"),
            ("metadata: { labels: null }", "metadata.labels"),
            ("metadata: { namespace: other }", "metadata.namespace"),
            ("metadata: { labels: { $patch: replace } }", "metadata.labels.$patch"),
            ("spec: { template: null }", "spec.template"),
            ("$patch: delete", "$patch"),
        ] {
            assert_eq!(refused(text), (FieldCode::NotInPatch, path.to_owned()), "{text}");
        }
    }

    #[test]
    fn what_is_named_may_go() {
        for text in [
            "spec: { template: { spec: { volumes: [{ name: cache, $patch: delete }] } } }",
            "spec: { template: { spec: { affinity: { $patch: replace } } } }",
            "spec: { template: { spec: { containers: [{ name: agent, $patch: delete }] } } }",
        ] {
            assert!(Patch::parse(text, OWN_CONTAINER).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_text_that_grows_beyond_all_bounds_is_no_patch() {
        let level = |n: usize| format!("l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); 10].join(", "));
        let laughs = "l0: &l0 [ha, ha]\n".to_owned() + &(1..10).map(level).collect::<String>();
        assert_eq!(refused(&laughs).0, FieldCode::NotYaml);
        for open in ["[", "{a: ", "- "] {
            assert_eq!(refused(&open.repeat(PATCH_MAX / open.len())).0, FieldCode::NotYaml, "{open}");
        }
        for twice in ["spec: 1\nspec: 2\n", "spec: {}\n---\nspec: {}\n"] {
            assert_eq!(refused(twice).0, FieldCode::NotYaml, "{twice}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_a_patch_or_is_not(text in any::<String>(), yaml in "([ \\-{}\\[\\]&*:!|>'\"#\n]|spec|template|\\$patch|null|app){0,60}") {
            for text in [text, yaml] {
                if let Ok(Some(patch)) = Patch::parse(&text, OWN_CONTAINER) {
                    prop_assert!(patch.value().is_object());
                    prop_assert_eq!(Patch::try_from(text), Ok(patch));
                }
            }
        }
    }

    #[test]
    fn what_is_no_yaml_says_where() {
        assert_eq!(refused("spec:\n  template: [1,\n"), (FieldCode::NotYaml, "2".to_owned()));
        assert_eq!(refused("- 1"), (FieldCode::NotYaml, "1".to_owned()));
        assert_eq!(refused(&format!("a: {}", "x".repeat(PATCH_MAX))).0, FieldCode::TooLarge);
    }
}
