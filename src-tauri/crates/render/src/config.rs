//! A group's configuration as immutable objects, and what keeps it from being one.
//!
//! A file or variable that a sensitive value goes into is in a Secret as a whole. The name of a Secret comes from what
//! everybody knows: paths, sources, plain values, and the random ids of sensitive ones. So it tells nothing about a value,
//! changes with each version of one, and is the same on a computer that has no values at all.

mod masked;

pub use masked::masked;

use crate::effective::{self, Given, Hindrance, Source};
use crate::secrets::Secrets;
use crate::template::{self, Template};
use crate::workload::Workload;
use crate::{names, workload};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use slipway_model::config::{
    CONTENT_MAX, Config, ConfigSource, ConfigValue, Content, Owner, Value as KeyValue, resolve,
};
use slipway_model::field::Refusal;
use slipway_model::variable::{Variable, VariableKind};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The one key of a file's object: the mount names the file.
const FILE_KEY: &str = "content";
/// As the kubelet's own default, stated: 0644, because containers run as any user.
const FILE_MODE: u32 = 0o644;
/// So many control characters a text may have as text: JSON writes each in six bytes, and the API server takes 3 MiB.
const CONTROLS_MAX: usize = 64 * 1024;
/// Characters of a file's name in the name of its object.
const SLUG_MAX: usize = 20;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ObjectKind {
    ConfigMap,
    Secret,
}

impl ObjectKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ConfigMap => "ConfigMap",
            Self::Secret => "Secret",
        }
    }
}

/// An immutable object that a pod template refers to by a name which its content decides.
#[derive(Clone, PartialEq)]
pub struct ConfigObject {
    pub name: String,
    pub kind: ObjectKind,
    /// `None`: a value of it is not known here, so it must be in the cluster already.
    pub body: Option<Value>,
    /// What is not known, by key, variable or path.
    pub missing: Vec<String>,
    /// Metadata of a Secret; a `ConfigMap` is fit to be shown as it is.
    shown: Option<Value>,
    /// Where a file of it is mounted.
    path: Option<String>,
}

impl std::fmt::Debug for ConfigObject {
    /// As it may be shown.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ConfigObject")
            .field("shown", self.shown())
            .field("missing", &self.missing)
            .finish_non_exhaustive()
    }
}

impl ConfigObject {
    /// Without what a Secret holds.
    pub fn shown(&self) -> &Value {
        self.shown.as_ref().or(self.body.as_ref()).unwrap_or(&Value::Null)
    }

    /// What asks whether it is there: a create of it that is refused with `AlreadyExists` says so.
    pub fn probe(&self) -> &Value {
        self.body.as_ref().unwrap_or_else(|| self.shown())
    }
}

/// Why a configuration cannot be released.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Path of the file as typed, or name of the variable.
    pub at: String,
    pub what: ProblemKind,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Where it would be mounted.
    Path(Refusal),
    Template(template::TemplateError),
    /// Neither value nor default.
    Unset(template::Unset),
    /// Bytes that it would have.
    TooLarge(usize),
    /// Bytes that all variables of one object would have; `at` is the largest of them.
    VariablesTooLarge(usize),
}

/// All that keeps the configuration of a group from being released. What is only unknown on this computer is no problem.
pub fn problems(workload: Workload<'_>) -> Vec<Problem> {
    let values = Values::new(workload.config, workload.secrets);
    let mut problems = Vec::new();
    let mut places: Vec<(String, &str)> = Vec::new();
    for file in &workload.config.files {
        let mut note = |what| problems.push(Problem { at: file.path.clone(), what });
        match resolve(&workload.app.deploy_path, &file.path) {
            Err(refusal) => note(ProblemKind::Path(refusal)),
            Ok(path) => {
                let clash = places.iter().find_map(|(other, _)| slipway_model::config::clash(&path, other));
                places.push((path, &file.path));
                if let Some(refusal) = clash {
                    note(ProblemKind::Path(refusal));
                }
            }
        }
        if let Some(text) = text(file, workload.secrets) {
            hindered(values.fill(Source { owner: file.owner, literal: file.literal, text }), &mut note);
        }
    }
    for variable in variables(workload) {
        if variable.kind == VariableKind::Template {
            let mut note = |what| problems.push(Problem { at: variable.name.clone(), what });
            hindered(values.fill_own(&variable.value), &mut note);
        }
    }
    problems.extend(environment(workload, &values).iter().filter_map(overfull));
    problems
}

/// The app's variables and the group's, filled, in one object.
fn overfull(object: &ConfigObject) -> Option<Problem> {
    let data = object.body.as_ref()?["data"].as_object()?;
    let length = |value: &Value| {
        let length = value.as_str().map_or(0, str::len);
        // That of a Secret is base64.
        if object.kind == ObjectKind::Secret { length / 4 * 3 } else { length }
    };
    let size = data.iter().map(|(name, value)| name.len() + length(value)).sum();
    let (largest, _) = data.iter().max_by_key(|(_, value)| length(value))?;
    (size > CONTENT_MAX).then(|| Problem { at: largest.clone(), what: ProblemKind::VariablesTooLarge(size) })
}

fn hindered(filled: Result<String, Hindrance>, note: &mut impl FnMut(ProblemKind)) {
    match filled {
        Ok(_) | Err(Hindrance::Elsewhere(_)) => {}
        Err(Hindrance::Template(errors)) => errors.into_iter().for_each(|error| note(ProblemKind::Template(error))),
        Err(Hindrance::Unset(unset)) => unset.into_iter().for_each(|unset| note(ProblemKind::Unset(unset))),
        Err(Hindrance::TooLarge(size)) => note(ProblemKind::TooLarge(size)),
    }
}

/// The keys that files and variables of a group use.
pub fn used_keys(workload: Workload<'_>) -> BTreeSet<String> {
    let of_files = workload.config.files.iter().flat_map(|file| keys_of(file, workload.secrets));
    let of_variables = variables(workload).into_iter().filter(|v| v.kind == VariableKind::Template);
    of_files.chain(of_variables.flat_map(|variable| keys_in(&variable.value))).collect()
}

/// Keys of a file; of one that cannot be read here, as they were when it could.
pub fn keys_of(file: &ConfigSource, secrets: Option<&Secrets>) -> Vec<String> {
    if file.literal || matches!(file.content, Content::Binary(_)) {
        return Vec::new();
    }
    text(file, secrets).map_or_else(|| file.keys.clone(), keys_in)
}

fn keys_in(text: &str) -> Vec<String> {
    template::parse(text).map(|template| template.keys().into_iter().map(str::to_owned).collect()).unwrap_or_default()
}

/// The app's variables and the group's over them, by name.
pub fn variables(workload: Workload<'_>) -> Vec<&Variable> {
    let all = workload.config.variables.iter().chain(&workload.group.variables);
    all.map(|variable| (variable.name.as_str(), variable)).collect::<BTreeMap<_, _>>().into_values().collect()
}

/// What a group has for its keys: made once, asked for every placeholder of every file.
#[derive(Debug)]
pub struct Values<'c> {
    by_key: HashMap<&'c str, &'c ConfigValue>,
    secrets: Option<&'c Secrets>,
}

impl<'c> Values<'c> {
    pub fn new(config: &'c Config, secrets: Option<&'c Secrets>) -> Self {
        Self { by_key: config.values.iter().map(|value| (value.key.as_str(), value)).collect(), secrets }
    }

    /// What the group has for a key.
    pub fn given(&self, key: &str) -> Option<Given<'c>> {
        let (value, owner) = self.effective(key)?;
        Some(match value {
            KeyValue::Plain(text) => Given { owner, sensitive: false, text: Some(text) },
            KeyValue::Sealed(id) => {
                Given { owner, sensitive: true, text: self.secrets.and_then(|secrets| secrets.get(id)) }
            }
        })
    }

    fn effective(&self, key: &str) -> Option<(&'c KeyValue, Owner)> {
        self.by_key.get(key)?.effective()
    }

    fn fill(&self, source: Source<'_>) -> Result<String, Hindrance> {
        effective::fill(source, |key| self.given(key))
    }

    /// A template of the group's own: a variable.
    fn fill_own(&self, text: &str) -> Result<String, Hindrance> {
        self.fill(Source { owner: Owner::Group, literal: false, text })
    }

    /// What the named keys are, as everybody may know it: plain text, or the random id of a sensitive version. And whether
    /// any of them is sensitive.
    fn public<'k>(&self, keys: impl IntoIterator<Item = &'k str>) -> (Vec<&'k str>, bool)
    where
        'c: 'k,
    {
        let (mut parts, mut sensitive) = (Vec::new(), false);
        for key in keys {
            let (kind, value): (_, &'k str) = match self.effective(key) {
                None => ("", ""),
                Some((KeyValue::Plain(text), _)) => ("plain", text),
                Some((KeyValue::Sealed(id), _)) => {
                    sensitive = true;
                    ("sealed", id.as_str())
                }
            };
            parts.extend([key, kind, value]);
        }
        (parts, sensitive)
    }
}

/// Text of a file, where it has one and it is known here.
fn text<'c>(file: &'c ConfigSource, secrets: Option<&'c Secrets>) -> Option<&'c str> {
    match &file.content {
        Content::Text(text) => Some(text),
        Content::Sealed(id) => secrets.and_then(|secrets| secrets.get(id)),
        Content::Binary(_) => None,
    }
}

/// The objects of a workload, the variables' first, then those of files by path.
pub(crate) fn objects(workload: Workload<'_>) -> Vec<ConfigObject> {
    let values = Values::new(workload.config, workload.secrets);
    let mut files: Vec<_> = workload
        .config
        .files
        .iter()
        .filter_map(|file| Some((resolve(&workload.app.deploy_path, &file.path).ok()?, file)))
        .collect();
    files.sort_by(|a, b| a.0.cmp(&b.0));
    files.dedup_by(|a, b| a.0 == b.0);
    let files = files.into_iter().map(|(path, source)| file(workload, &values, path, source));
    environment(workload, &values).into_iter().chain(files).collect()
}

fn file(workload: Workload<'_>, values: &Values<'_>, path: String, source: &ConfigSource) -> ConfigObject {
    let text = text(source, workload.secrets);
    // Taken apart once, for its keys and for what fills them.
    let template = text.filter(|_| !source.literal).map(template::parse);
    let keys = match (&template, &source.content) {
        (Some(template), _) => template.as_ref().map(Template::keys).unwrap_or_default(),
        (None, Content::Sealed(_)) if !source.literal => source.keys.iter().map(String::as_str).collect(),
        (None, _) => Vec::new(),
    };
    let fill = |text| match &template {
        Some(Ok(template)) => effective::fill_template(template, |key| values.given(key)),
        Some(Err(errors)) => Err(Hindrance::Template(errors.clone())),
        None => values.fill(Source { owner: source.owner, literal: source.literal, text }),
    };
    let (parts, filled) = values.public(keys);
    if source.sensitive || filled {
        let written = ["file", "Secret", &path, &source.hash, if source.literal { "literal" } else { "" }];
        let hash = names::content_hash(written.into_iter().chain(parts));
        let (data, missing) = match text.map(fill) {
            Some(Ok(text)) => (Some(text), Vec::new()),
            Some(Err(Hindrance::Elsewhere(keys))) => (None, keys),
            Some(Err(_)) => (None, Vec::new()),
            None => (None, vec![source.path.clone()]),
        };
        let data = data.map(|text| BTreeMap::from([(FILE_KEY.to_owned(), text)]));
        let name = names::file(workload.name, &slug(&path), &hash);
        return ConfigObject { path: Some(path), ..secret(workload, name, data, missing) };
    }
    let (field, content) = match &source.content {
        Content::Binary(base64) => ("binaryData", base64.clone()),
        Content::Sealed(_) => ("data", String::new()),
        // What cannot be filled is shown as it is written; `problems` keeps it from a cluster.
        Content::Text(text) => {
            let text = fill(text).unwrap_or_else(|_| text.clone());
            if is_of_controls(&text) { ("binaryData", STANDARD.encode(text)) } else { ("data", text) }
        }
    };
    let hash = names::content_hash(["file", "ConfigMap", &path, field, &content]);
    let name = names::file(workload.name, &slug(&path), &hash);
    ConfigObject { path: Some(path), ..config_map(workload, name, field, json!({ FILE_KEY: content })) }
}

fn is_of_controls(text: &str) -> bool {
    let control = |byte: &u8| byte.is_ascii_control() && !byte.is_ascii_whitespace();
    text.len() > CONTROLS_MAX && text.as_bytes().iter().filter(|byte| control(byte)).count() > CONTROLS_MAX
}

/// The objects of the variables: one for those that everybody may read, one for the others.
fn environment(workload: Workload<'_>, values: &Values<'_>) -> Vec<ConfigObject> {
    let (mut plain, mut sensitive) = (BTreeMap::new(), Vec::new());
    for variable in variables(workload) {
        let keys = if variable.kind == VariableKind::Template { keys_in(&variable.value) } else { Vec::new() };
        if variable.kind == VariableKind::Sensitive || values.public(keys.iter().map(String::as_str)).1 {
            sensitive.push((variable, keys));
            continue;
        }
        let value = match variable.kind {
            VariableKind::Template => values.fill_own(&variable.value).unwrap_or_else(|_| variable.value.clone()),
            VariableKind::Plain | VariableKind::Sensitive => variable.value.clone(),
        };
        plain.insert(variable.name.as_str(), value);
    }
    let mut objects = Vec::new();
    if !plain.is_empty() {
        let parts = plain.iter().flat_map(|(name, value)| [*name, value.as_str()]);
        let hash = names::content_hash(["env"].into_iter().chain(parts));
        objects.push(config_map(workload, names::variables(workload.name, &hash), "data", json!(plain)));
    }
    if !sensitive.is_empty() {
        objects.push(sensitive_environment(workload, values, &sensitive));
    }
    objects
}

fn sensitive_environment(
    workload: Workload<'_>,
    values: &Values<'_>,
    sensitive: &[(&Variable, Vec<String>)],
) -> ConfigObject {
    let (mut parts, mut missing, mut data) = (vec!["env", "Secret"], Vec::new(), BTreeMap::new());
    for (variable, keys) in sensitive {
        let id = variable.secret.as_ref().map_or("", |id| id.as_str());
        parts.extend([variable.name.as_str(), variable.value.as_str(), id]);
        parts.extend(values.public(keys.iter().map(String::as_str)).0);
        let value = match (&variable.secret, variable.kind) {
            (Some(id), VariableKind::Sensitive) => {
                workload.secrets.and_then(|secrets| secrets.get(id)).map(str::to_owned)
            }
            _ => match values.fill_own(&variable.value) {
                Ok(text) => Some(text),
                Err(Hindrance::Elsewhere(keys)) => {
                    missing.extend(keys);
                    continue;
                }
                Err(_) => None,
            },
        };
        match value {
            Some(value) => _ = data.insert(variable.name.clone(), value),
            None => missing.push(variable.name.clone()),
        }
    }
    let name = names::secret_variables(workload.name, &names::content_hash(parts));
    let data = missing.is_empty().then_some(data);
    secret(workload, name, data, missing)
}

fn config_map(workload: Workload<'_>, name: String, field: &str, data: Value) -> ConfigObject {
    let body = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": workload::metadata(workload, &name), "immutable": true,
        field: data,
    });
    let kind = ObjectKind::ConfigMap;
    ConfigObject { name, kind, body: Some(body), missing: Vec::new(), shown: None, path: None }
}

fn secret(
    workload: Workload<'_>,
    name: String,
    data: Option<BTreeMap<String, String>>,
    missing: Vec<String>,
) -> ConfigObject {
    let shown = json!({
        "apiVersion": "v1", "kind": "Secret", "metadata": workload::metadata(workload, &name), "immutable": true,
        "type": "Opaque",
    });
    let body = data.map(|data| {
        let data: BTreeMap<_, _> = data.into_iter().map(|(key, text)| (key, STANDARD.encode(text))).collect();
        let mut body = shown.clone();
        body["data"] = json!(data);
        body
    });
    ConfigObject { name, kind: ObjectKind::Secret, body, missing, shown: Some(shown), path: None }
}

/// `envFrom` of the app's container.
pub(crate) fn env_from(objects: &[ConfigObject]) -> Vec<Value> {
    let variables = objects.iter().filter(|object| object.path.is_none());
    let reference = |object: &ConfigObject| match object.kind {
        ObjectKind::ConfigMap => json!({ "configMapRef": { "name": object.name } }),
        ObjectKind::Secret => json!({ "secretRef": { "name": object.name } }),
    };
    variables.map(reference).collect()
}

/// Volumes of the pod and the mounts of the app's container: each file by itself, beside what the image has there.
pub(crate) fn mounts(objects: &[ConfigObject]) -> (Vec<Value>, Vec<Value>) {
    let files = objects.iter().filter_map(|object| Some((object, object.path.as_ref()?)));
    files
        .map(|(object, path)| {
            // By the path, so that a new content changes one line of the template.
            let volume = names::file("config", &slug(path), &names::content_hash(["volume", path]));
            let mut source = json!({ "name": volume });
            match object.kind {
                ObjectKind::ConfigMap => {
                    source["configMap"] = json!({ "name": object.name, "defaultMode": FILE_MODE });
                }
                ObjectKind::Secret => {
                    source["secret"] = json!({ "secretName": object.name, "defaultMode": FILE_MODE });
                }
            }
            let mount = json!({ "name": volume, "mountPath": path, "subPath": FILE_KEY, "readOnly": true });
            (source, mount)
        })
        .unzip()
}

/// What of a file's name can stand in the name of an object.
fn slug(path: &str) -> String {
    let mut slug = String::with_capacity(SLUG_MAX);
    for c in path.rsplit('/').next().unwrap_or(path).chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            slug.push(c);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() == SLUG_MAX {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() { "file".to_owned() } else { slug.to_owned() }
}

#[cfg(test)]
mod tests;
