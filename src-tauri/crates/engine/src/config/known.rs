//! All configuration of an app at one moment, and what each group makes of it.

use super::answer::{CellState, CellValue, FileChoice};
use crate::Engine;
use crate::error::{Error, Result};
use slipway_model::FieldError;
use slipway_model::app::App;
use slipway_model::config::{self, Config, ConfigSource, ConfigValue, Content, Owner, Value};
use slipway_model::environment::Environment;
use slipway_model::field::{FieldCode, Fields, Refusal};
use slipway_model::id::{AppId, FileId, GroupId, SecretId};
use slipway_model::variable::{Variable, VariableKind};
use slipway_render::Secrets;
use slipway_render::template::{self, TemplateError};
use slipway_store::{FileEntry, GroupEntry};
use std::collections::{BTreeMap, HashMap, HashSet};

/// An app with everything that its groups are configured by.
pub(crate) struct Known {
    pub app: App,
    /// By name.
    pub groups: Vec<GroupEntry>,
    pub environments: Vec<Environment>,
    /// By path as typed.
    pub(super) files: Vec<KnownFile>,
    /// By key.
    pub(super) keys: BTreeMap<String, KnownKey>,
    /// The app's.
    pub(super) variables: Vec<KnownVariable>,
    /// Sensitive values that this computer has.
    here: HashSet<String>,
}

pub(super) struct KnownFile {
    pub entry: FileEntry,
    pub resolved: std::result::Result<String, Refusal>,
    pub read: Read,
}

#[derive(Clone)]
pub(super) struct KnownVariable {
    pub variable: Variable,
    pub read: Read,
}

/// The placeholders of a text.
#[derive(Clone, Debug, Default)]
pub(super) struct Read {
    /// By first use.
    pub uses: Vec<Use>,
    pub errors: Vec<TemplateError>,
}

#[derive(Clone, Debug)]
pub(super) struct Use {
    pub key: String,
    /// The first line that needs a value, else the first of all.
    pub line: u32,
    /// Some use of it has no default of its own.
    pub needs: bool,
    /// The first default that a use has of its own.
    pub inline: Option<String>,
}

/// What has been said of one key.
#[derive(Clone, Debug, Default)]
pub(super) struct KnownKey {
    pub sensitive: bool,
    pub default: Option<Value>,
    pub groups: HashMap<GroupId, Value>,
}

impl Read {
    pub(super) fn text(text: &str) -> Self {
        let template = match template::parse(text) {
            Ok(template) => template,
            Err(errors) => return Self { errors, ..Self::default() },
        };
        let (mut uses, mut at): (Vec<Use>, HashMap<&str, usize>) = (Vec::new(), HashMap::new());
        for (key, default, line) in template.placeholders() {
            let inline = default.map(str::to_owned);
            let Some(known) = at.get(key).map(|at| &mut uses[*at]) else {
                at.insert(key, uses.len());
                uses.push(Use { key: key.to_owned(), line, needs: inline.is_none(), inline });
                continue;
            };
            if inline.is_none() && !known.needs {
                (known.needs, known.line) = (true, line);
            }
            known.inline = known.inline.take().or(inline);
        }
        Self { uses, errors: Vec::new() }
    }

    pub(super) fn errors(&self, field: &str) -> Vec<FieldError> {
        let mut fields = Fields::new();
        for error in &self.errors {
            let reason = serde_json::to_value(error.code).ok();
            let reason = reason.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default();
            fields
                .refuse(field, FieldCode::NotATemplate)
                .with("line", error.line)
                .with("column", error.column)
                .with("reason", reason);
        }
        fields.into_errors()
    }
}

/// What is wrong with the templates among variables.
pub(crate) fn template_errors(variables: &[Variable]) -> Vec<FieldError> {
    let templates = variables.iter().enumerate().filter(|(_, variable)| variable.kind == VariableKind::Template);
    templates.flat_map(|(at, variable)| Read::text(&variable.value).errors(&format!("variables.{at}.value"))).collect()
}

impl Engine {
    pub(crate) async fn configured(&self, app: &AppId) -> Result<Known> {
        let id = app.clone();
        let (found, mut groups, environments, files, values, keys, variables, here) = self
            .store
            .read(move |r| {
                Ok((
                    r.app(&id)?,
                    r.groups_of_app(&id)?,
                    r.environments()?,
                    r.files_of_app(&id)?,
                    r.values_of_app(&id)?,
                    r.keys_of_app(&id)?,
                    r.app_variables(&id)?,
                    r.sealed_ids()?,
                ))
            })
            .await?;
        let app = found.ok_or_else(|| Error::not_found("app", ""))?;
        // As on the board, from the safest environment on.
        let place = |group: &GroupEntry| environments.iter().position(|of| of.id.as_str() == group.draft.environment);
        groups.sort_by_key(|group| place(group).unwrap_or(usize::MAX));
        let texts = self.secrets(files.iter().filter_map(|file| file.content.sealed().cloned()).collect()).await;
        let mut all: BTreeMap<String, KnownKey> = BTreeMap::new();
        for (key, sensitive) in keys {
            all.entry(key).or_default().sensitive = sensitive;
        }
        for value in values {
            let key = all.entry(value.key).or_default();
            match value.group {
                Some(group) => _ = key.groups.insert(group, value.value),
                None => key.default = Some(value.value),
            }
        }
        let live: HashSet<&GroupId> = groups.iter().map(|group| &group.id).collect();
        let files = files
            .into_iter()
            .filter(|file| file.group.as_ref().is_none_or(|group| live.contains(group)))
            .map(|entry| {
                let read = match readable(&entry, &texts) {
                    Some(text) => Read::text(text),
                    None => Read::default(),
                };
                KnownFile { resolved: config::resolve(&app.deploy_path, &entry.path), read, entry }
            })
            .collect();
        let variables = variables.into_iter().map(KnownVariable::new).collect();
        let memory = self.vault.in_memory();
        Ok(Known {
            files,
            keys: all,
            variables,
            environments,
            app,
            groups,
            here: here.into_iter().chain(memory).collect(),
        })
    }

    /// The configuration that takes effect for a group, as it is saved now.
    pub(crate) async fn config_of(&self, known: &Known, group: &GroupId) -> Result<Config> {
        let mut config = known.config(group);
        // Who cannot read a sensitive file knows its keys from the release that had them.
        if config.files.iter().any(|file| matches!(file.content, Content::Sealed(_)) && file.keys.is_empty()) {
            let id = group.clone();
            let released = self.store.read(move |r| r.released(&id)).await?;
            for file in &mut config.files {
                let before = released.iter().flat_map(|release| &release.plan.config.files);
                if let Some(before) =
                    before.filter(|_| file.keys.is_empty()).find(|before| before.content == file.content)
                {
                    file.keys.clone_from(&before.keys);
                }
            }
        }
        Ok(config)
    }
}

/// The text of a file in which braces mean something.
fn readable<'f>(file: &'f FileEntry, texts: &'f Secrets) -> Option<&'f str> {
    match &file.content {
        _ if file.literal => None,
        Content::Text(text) => Some(text),
        Content::Sealed(id) => texts.get(id),
        Content::Binary(_) => None,
    }
}

impl KnownVariable {
    fn new(variable: Variable) -> Self {
        let template = variable.kind == VariableKind::Template;
        let read = if template { Read::text(&variable.value) } else { Read::default() };
        Self { variable, read }
    }
}

impl KnownFile {
    pub(super) fn is_of(&self, group: Option<&GroupId>) -> bool {
        self.entry.group.as_ref() == group
    }

    /// Where it is mounted; a wrong path stands for itself.
    pub(super) fn place(&self) -> &str {
        self.resolved.as_deref().unwrap_or(&self.entry.path)
    }
}

/// A file that takes effect in a group.
pub(super) struct InGroup<'k> {
    pub file: &'k KnownFile,
    /// The app's file of the same place, where the group has its own.
    pub overridden: Option<&'k KnownFile>,
    pub choice: FileChoice,
}

impl Known {
    pub(super) fn file(&self, id: &FileId) -> Option<&KnownFile> {
        self.files.iter().find(|file| file.entry.id == *id)
    }

    pub(super) fn of(&self, owner: Option<&GroupId>) -> impl Iterator<Item = &KnownFile> {
        self.files.iter().filter(move |file| file.is_of(owner))
    }

    /// What takes effect in a group, by path as typed.
    pub(super) fn in_group(&self, group: &GroupId) -> Vec<InGroup<'_>> {
        let own: Vec<&KnownFile> = self.of(Some(group)).collect();
        let places: HashSet<&str> = own.iter().map(|file| file.place()).collect();
        let inherited = self.of(None).filter(|file| !places.contains(file.place())).map(|file| {
            let valued = file.read.uses.iter().any(|of| self.own_value(&of.key, group).is_some());
            let choice = if valued { FileChoice::Values } else { FileChoice::Inherit };
            InGroup { file, overridden: None, choice }
        });
        let mut all: Vec<InGroup<'_>> = inherited.collect();
        let of_app: HashMap<&str, &KnownFile> = self.of(None).map(|file| (file.place(), file)).collect();
        all.extend(own.into_iter().map(|file| {
            let overridden = of_app.get(file.place()).copied();
            let choice = if overridden.is_some() { FileChoice::Override } else { FileChoice::Own };
            InGroup { file, overridden, choice }
        }));
        all.sort_by(|a, b| a.file.entry.path.cmp(&b.file.entry.path));
        all
    }

    /// Variables of a group, its own over the app's, by name.
    pub(super) fn variables_of(&self, group: &GroupEntry) -> Vec<(KnownVariable, Owner, bool)> {
        let mut all: BTreeMap<String, (KnownVariable, Owner, bool)> = BTreeMap::new();
        for inherited in &self.variables {
            all.insert(inherited.variable.name.trim().to_owned(), (inherited.clone(), Owner::App, false));
        }
        for variable in &group.draft.variables {
            let name = variable.name.trim().to_owned();
            let overrides = all.contains_key(&name);
            all.insert(name, (KnownVariable::new(variable.clone()), Owner::Group, overrides));
        }
        all.into_values().collect()
    }

    fn own_value(&self, key: &str, group: &GroupId) -> Option<&Value> {
        self.keys.get(key)?.groups.get(group)
    }

    /// What a group gets for a key.
    pub(super) fn effective(&self, key: &str, group: &GroupId) -> Option<&Value> {
        let said = self.keys.get(key)?;
        said.groups.get(group).or(said.default.as_ref())
    }

    /// Keys that a group's files and variables use, each with what is true of all its uses together.
    pub(super) fn uses_in(&self, group: &GroupEntry) -> BTreeMap<String, Use> {
        let mut uses: BTreeMap<String, Use> = BTreeMap::new();
        let mut add = |read: &Read| {
            for of in &read.uses {
                let known = uses.entry(of.key.clone()).or_insert_with(|| of.clone());
                known.needs |= of.needs;
                known.inline = known.inline.take().or_else(|| of.inline.clone());
            }
        };
        self.in_group(&group.id).iter().for_each(|found| add(&found.file.read));
        self.variables_of(group).iter().for_each(|(known, ..)| add(&known.read));
        uses
    }

    /// How a key stands in a group that uses it as `of` says.
    pub(super) fn state(&self, key: &str, group: &GroupId, of: Option<&Use>) -> CellState {
        let known = self.keys.get(key);
        if known.is_some_and(|known| known.groups.contains_key(group)) {
            return CellState::Set;
        }
        if known.is_some_and(|known| known.default.is_some()) {
            return CellState::Default;
        }
        match of {
            Some(of) if of.needs => CellState::Empty,
            Some(_) => CellState::Inline,
            None => CellState::None,
        }
    }

    pub(super) fn cell(&self, value: &Value) -> CellValue {
        match value {
            Value::Plain(text) => CellValue::Plain { text: text.clone() },
            Value::Sealed(id) => CellValue::Sealed { known: self.here.contains(&id.in_vault()), id: id.clone() },
        }
    }

    pub(super) fn is_here(&self, id: &SecretId) -> bool {
        self.here.contains(&id.in_vault())
    }

    /// As a release of the group would freeze it.
    pub(super) fn config(&self, group: &GroupId) -> Config {
        let source = |found: InGroup<'_>| {
            let entry = &found.file.entry;
            let unlike = entry.newest.as_ref() != Some(&entry.hash);
            ConfigSource {
                id: entry.id.clone(),
                path: entry.path.clone(),
                owner: entry.owner(),
                overrides: found.overridden.map(|file| file.entry.id.clone()),
                literal: entry.literal,
                sensitive: entry.sensitive,
                keys: match entry.content {
                    Content::Sealed(_) => found.file.read.uses.iter().map(|of| of.key.clone()).collect(),
                    Content::Text(_) | Content::Binary(_) => Vec::new(),
                },
                content: entry.content.clone(),
                version: entry.versions + u32::from(unlike),
                hash: entry.hash.clone(),
                parent: entry.newest.clone().filter(|_| unlike),
            }
        };
        let value = |(key, known): (&String, &KnownKey)| {
            let value = known.groups.get(group).cloned();
            let said = value.is_some() || known.default.is_some();
            let (key, sensitive, default) = (key.clone(), known.sensitive, known.default.clone());
            said.then_some(ConfigValue { key, sensitive, value, default })
        };
        Config {
            files: self.in_group(group).into_iter().map(source).collect(),
            values: self.keys.iter().filter_map(value).collect(),
            variables: self.variables.iter().map(|known| known.variable.clone()).collect(),
        }
    }
}

#[cfg(test)]
pub(super) mod testing {
    use super::*;

    /// An empty file at a place.
    pub(in crate::config) fn file(n: u32, path: &str, group: Option<GroupId>) -> KnownFile {
        let content = Content::Text(String::new());
        let entry = FileEntry::new(n.to_string().into(), "app".into(), group, path.to_owned(), content);
        KnownFile { resolved: config::resolve("", path), read: Read::default(), entry }
    }
}
