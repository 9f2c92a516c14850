//! Files as pages show them.

use super::answer::{
    CellState, ConfigTree, Effective, FileAsk, FileContent, FileInGroup, FileKey, FileRow, FileView, GroupFile,
    GroupFiles,
};
use super::known::{InGroup, Known, KnownFile, Read};
use crate::Engine;
use crate::error::{Error, Result};
use slipway_model::FieldError;
use slipway_model::config::{self, Content};
use slipway_model::field::{Fields, Refusal};
use slipway_model::id::{AppId, FileId, GroupId};
use slipway_render::Secrets;
use slipway_render::config::Values;
use slipway_render::effective::{self, Source};
use slipway_store::GroupEntry;
use std::collections::{BTreeMap, HashMap};
use std::ops::Bound;

impl Engine {
    pub async fn config_tree(&self, app: &AppId) -> Result<ConfigTree> {
        let known = self.configured(app).await?;
        let clashes = clashes(&known.files);
        Ok(ConfigTree {
            app: app.clone(),
            deploy_path: known.app.deploy_path.clone(),
            files: known.of(None).map(|file| row(file, &clashes)).collect(),
            groups: known.groups.iter().map(|group| group_files(&known, group, &clashes)).collect(),
        })
    }

    pub async fn config_file(&self, ask: &FileAsk) -> Result<FileView> {
        let entry = self.file_entry(&ask.id).await?;
        let known = self.configured(&entry.app).await?;
        let file = known.file(&ask.id).ok_or_else(|| Error::not_found("file", ""))?;
        let content = match &file.entry.content {
            Content::Text(text) => FileContent::Text { text: text.clone() },
            Content::Binary(base64) => FileContent::Binary { base64: base64.clone() },
            Content::Sealed(_) => match self.text_of(&file.entry.content).await? {
                Some(text) => FileContent::Text { text },
                None => FileContent::Elsewhere,
            },
        };
        let in_group = match &ask.group {
            Some(group) => Some(in_group(&known, group, file, &content)?),
            None => None,
        };
        Ok(FileView {
            file: row(file, &clashes(&known.files)),
            app: entry.app,
            owner: file.entry.owner(),
            group: file.entry.group.clone(),
            content,
            revision: file.entry.revision,
            saved_by: file.entry.saved_by.clone(),
            in_group,
        })
    }
}

fn row(file: &KnownFile, clashes: &Clashes<'_>) -> FileRow {
    let entry = &file.entry;
    FileRow {
        id: entry.id.clone(),
        path: entry.path.clone(),
        resolved: file.resolved.clone().ok(),
        literal: entry.literal,
        sensitive: entry.sensitive,
        binary: matches!(entry.content, Content::Binary(_)),
        size: entry.content.size().and_then(|size| u32::try_from(size).ok()),
        keys: count(file.read.uses.len()),
        versions: entry.versions,
        saved: entry.saved,
        errors: errors(file, clashes),
    }
}

/// What is wrong with its path, also beside others, and with its text.
fn errors(file: &KnownFile, clashes: &Clashes<'_>) -> Vec<FieldError> {
    let mut fields = Fields::new();
    let alone = file.resolved.as_ref().err().cloned();
    if let Some(refusal) = alone.or_else(|| clashes.get(&file.entry.id).cloned()) {
        fields.take::<()>("path", Err(refusal));
    }
    let mut errors = fields.into_errors();
    errors.extend(file.read.errors("content"));
    errors
}

/// Files that cannot be mounted beside another of their owner, and why.
type Clashes<'k> = HashMap<&'k FileId, Refusal>;

/// Each path is looked up among the others, and not compared with all of them: a group may have five hundred.
fn clashes(files: &[KnownFile]) -> Clashes<'_> {
    let mut owners: HashMap<Option<&GroupId>, BTreeMap<&str, Vec<&FileId>>> = HashMap::new();
    for file in files {
        if let Ok(path) = &file.resolved {
            owners.entry(file.entry.group.as_ref()).or_default().entry(path).or_default().push(&file.entry.id);
        }
    }
    let mut found = Clashes::new();
    for places in owners.values() {
        for (path, ids) in places {
            let other = if ids.len() > 1 { Some(*path) } else { above(places, path).or_else(|| below(places, path)) };
            if let Some(refusal) = other.and_then(|other| config::clash(path, other)) {
                found.extend(ids.iter().map(|id| (*id, refusal.clone())));
            }
        }
    }
    found
}

/// A file that stands where a folder of `path` is to be.
fn above<'k, T>(places: &BTreeMap<&'k str, T>, path: &str) -> Option<&'k str> {
    let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
    folders.find_map(|folder| places.get_key_value(folder)).map(|(found, _)| *found)
}

/// A file for which `path` would have to be a folder.
fn below<'k, T>(places: &BTreeMap<&'k str, T>, path: &str) -> Option<&'k str> {
    let folder = format!("{path}/");
    let (next, _) = places.range::<str, _>((Bound::Included(folder.as_str()), Bound::Unbounded)).next()?;
    next.starts_with(&folder).then_some(*next)
}

fn group_files(known: &Known, group: &GroupEntry, clashes: &Clashes<'_>) -> GroupFiles {
    let unset = |read: &Read| {
        let empty = read.uses.iter().filter(|of| known.state(&of.key, &group.id, Some(of)) == CellState::Empty);
        count(empty.count())
    };
    let files = known.in_group(&group.id).into_iter().map(|found| GroupFile {
        file: row(found.file, clashes),
        choice: found.choice,
        app_file: app_file(&found),
        unset: unset(&found.file.read),
    });
    let uses = known.uses_in(group);
    let empty = uses.iter().filter(|(key, of)| known.state(key, &group.id, Some(of)) == CellState::Empty).count();
    let own = known.keys.iter().filter(|(_, of)| of.groups.contains_key(&group.id)).map(|(key, _)| key);
    GroupFiles {
        id: group.id.clone(),
        name: group.draft.name.clone(),
        environment: known.environments.iter().find(|e| e.id.as_str() == group.draft.environment).cloned(),
        files: files.collect(),
        unset: count(empty),
        unused: own.filter(|key| !uses.contains_key(*key)).cloned().collect(),
    }
}

fn app_file(found: &InGroup<'_>) -> Option<FileId> {
    let inherited = found.overridden.or_else(|| found.file.is_of(None).then_some(found.file));
    inherited.map(|file| file.entry.id.clone())
}

fn in_group(known: &Known, group: &GroupId, file: &KnownFile, content: &FileContent) -> Result<FileInGroup> {
    known.groups.iter().find(|entry| entry.id == *group).ok_or(Error::GroupGone)?;
    let all = known.in_group(group);
    let found = all.iter().find(|found| found.file.entry.id == file.entry.id);
    let found = found.ok_or_else(|| Error::not_found("file", &file.entry.path))?;
    let config = known.config(group);
    let none = Secrets::default();
    let values = Values::new(&config, Some(&none));
    let effective = match content {
        FileContent::Text { text } => {
            let source = Source { owner: file.entry.owner(), literal: file.entry.literal, text };
            effective::show(source, |key| values.given(key)).ok()
        }
        FileContent::Binary { .. } | FileContent::Elsewhere => None,
    };
    let keys = file.read.uses.iter().map(|of| {
        let key = known.keys.get(&of.key);
        FileKey {
            key: of.key.clone(),
            line: of.line,
            sensitive: key.is_some_and(|key| key.sensitive),
            state: known.state(&of.key, group, Some(of)),
            value: key.and_then(|key| key.groups.get(group)).map(|value| known.cell(value)),
            default: key.and_then(|key| key.default.as_ref()).map(|value| known.cell(value)),
            inline: of.inline.clone(),
        }
    });
    Ok(FileInGroup {
        group: group.clone(),
        choice: found.choice,
        app_file: app_file(found),
        effective: effective.map(|shown| Effective {
            text: shown.text,
            lines: shown.lines,
            marks: shown.marks,
            too_large: shown.too_large,
        }),
        keys: keys.collect(),
    })
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::known::testing::file;
    use proptest::prelude::*;

    /// As the words of the limits say it: each path beside each other of its owner.
    fn compared(files: &[KnownFile]) -> Vec<&FileId> {
        let beside = |one: &KnownFile, other: &KnownFile| {
            one.entry.id != other.entry.id && other.is_of(one.entry.group.as_ref())
        };
        let met = |one: &KnownFile, other: &KnownFile| {
            let (Ok(path), Ok(other)) = (&one.resolved, &other.resolved) else { return false };
            config::clash(path, other).is_some()
        };
        let clashing = files.iter().filter(|one| files.iter().any(|other| beside(one, other) && met(one, other)));
        clashing.map(|file| &file.entry.id).collect()
    }

    proptest! {
        #[test]
        fn what_clashes_is_found_without_comparing_all(
            paths in prop::collection::vec(("(/[ab]{1,2}){1,3}", prop::option::of(0_u8..2)), 0..12)
        ) {
            let files: Vec<_> = (0_u32..)
                .zip(&paths)
                .map(|(n, (path, group))| file(n, path, group.map(|group| GroupId::from(group.to_string()))))
                .collect();
            let mut found: Vec<_> = clashes(&files).into_keys().collect();
            found.sort();
            let mut expected = compared(&files);
            expected.sort();
            prop_assert_eq!(found, expected);
        }
    }
}
