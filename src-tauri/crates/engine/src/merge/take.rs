//! A merge written into the draft, all of it or nothing.

use super::fields::{Fields, KeyMerged};
use super::files::Becomes;
use super::sides::{Sides, of_owner, ours};
use super::{GroupMergeTake, MergeChoice};
use crate::Engine;
use crate::config::{FileContent, VersionWhy, next_content, put_back, save};
use crate::error::{Error, Result};
use jiff::Timestamp;
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::{Value as Json, json};
use slipway_model::app::App;
use slipway_model::config::{Content, Value};
use slipway_model::field::{FieldCode, Fields as Refused};
use slipway_model::group::{Group, GroupDraft};
use slipway_model::id::{FileId, GroupId, ReleaseId};
use slipway_model::variable::Variable;
use slipway_render::merge::How;
use slipway_store::{Failure, FileEntry, Writer};

/// Of a group, or (`None`) the default of the app.
type ValueOf = (String, Option<GroupId>, Option<Value>);

/// All that is written.
#[derive(Clone)]
struct Merged {
    group: GroupId,
    draft: GroupDraft,
    app: App,
    variables: Vec<Variable>,
    /// Keys that are of another kind now, and whether that is sensitive.
    keys: Vec<(String, bool)>,
    values: Vec<ValueOf>,
    files: Vec<Written>,
    /// What the draft goes out from now.
    base: ReleaseId,
}

/// What is written of one file.
#[derive(Clone)]
enum Written {
    Gone(FileEntry),
    /// One that is not here yet, or no more.
    New(FileEntry),
    Saved {
        entry: FileEntry,
        /// It is sensitive from now on: what it and its versions held, out of sight.
        sealed: Option<(Content, Vec<(u32, Content)>)>,
    },
}

impl Engine {
    /// Writes a merge into the draft, which goes out from the newest release then. What was saved of a file is a version
    /// first.
    ///
    /// # Errors
    /// `MergeMoved` where a side is not as it was shown, `Invalid` with each conflict that is open and with what no file can
    /// hold, `Elsewhere` for sensitive values that are to be readable and are not known here.
    pub async fn group_merge_take(&self, take: &GroupMergeTake) -> Result<()> {
        let sides = self.merge_sides(&take.group).await?.filter(|sides| sides.hash() == take.hash);
        let sides = sides.ok_or(Error::MergeMoved)?;
        let merged = self.merged(&sides, take).await?;
        let (app, seen, by) = (merged.app.id.clone(), sides.ours, self.writer().await?);
        let written = self.write_and_hide(&app, move |w| {
            if ours(w, &merged.group)?.as_ref() != Some(&seen) {
                return Ok((false, false));
            }
            merged.clone().write(w, &seen.app, &by).map(|()| (true, true))
        });
        if written.await? { Ok(()) } else { Err(Error::MergeMoved) }
    }

    async fn merged(&self, sides: &Sides, take: &GroupMergeTake) -> Result<Merged> {
        let theirs = |id: &str| take.choices.get(id) == Some(&MergeChoice::Theirs);
        let (fields, rows) = sides.fields(&theirs);
        let files: Vec<_> =
            sides.files().iter().map(|file| (file.id(), file.becomes(take.choices.get(&file.id())))).collect();
        let mut refused = Refused::new();
        let decided = |id: &str| matches!(take.choices.get(id), Some(MergeChoice::Ours | MergeChoice::Theirs));
        for row in rows.iter().filter(|row| row.how == How::Conflict && !decided(&row.id)) {
            refused.refuse(&row.id, FieldCode::Required);
        }
        for (id, _) in files.iter().filter(|(_, becomes)| becomes.is_none()) {
            refused.refuse(id, FieldCode::Required);
        }
        refused.finish().map_err(Error::Invalid)?;
        let Fields { group, app, variables, keys } = fields;
        let (keys, values) = self.values(sides, keys).await?;
        let mut written = Vec::new();
        for (file, (_, becomes)) in sides.files().into_iter().zip(files) {
            let entry = file.ours.and_then(|ours| sides.ours.files.iter().find(|entry| entry.id == *ours.id));
            match (becomes, entry) {
                (Some(Becomes::Gone), Some(entry)) => written.push(Written::Gone(entry.clone())),
                (Some(Becomes::Put { content, literal, sensitive }), Some(entry)) => {
                    written.push(self.saved(entry, content, literal, sensitive).await?);
                }
                (Some(Becomes::Put { content, literal, sensitive }), None) => {
                    let id = file.theirs.map_or_else(FileId::random, |theirs| theirs.id.clone());
                    let (owner, path) = file.place;
                    let owner = of_owner(owner, &sides.group.id);
                    let entry = FileEntry::new(id, sides.ours.app.id.clone(), owner, path, content);
                    written.push(Written::New(FileEntry { literal, sensitive, ..entry }));
                }
                _ => {}
            }
        }
        let app = read(&app, sides.ours.app.clone())?;
        Ok(Merged {
            group: sides.group.id.clone(),
            draft: draft(&sides.ours.entry.draft, &sides.group, &of_json(group)?)?,
            app,
            variables: of_json(variables)?,
            keys,
            values,
            files: written,
            base: sides.theirs.id.clone(),
        })
    }

    async fn saved(&self, entry: &FileEntry, content: Content, literal: bool, sensitive: bool) -> Result<Written> {
        let content = match content {
            Content::Text(text) if !sensitive => next_content(entry, &FileContent::Text { text })?,
            content => content,
        };
        let sealed = if sensitive && !entry.sensitive { Some(self.sealed_file(entry).await?) } else { None };
        Ok(Written::Saved { entry: FileEntry { content, literal, sensitive, ..entry.clone() }, sealed })
    }

    /// Sensitivity belongs to the key: where it changes, all values of it follow.
    async fn values(
        &self,
        sides: &Sides,
        keys: std::collections::BTreeMap<String, KeyMerged>,
    ) -> Result<(Vec<(String, bool)>, Vec<ValueOf>)> {
        let (mut marked, mut values) = (Vec::new(), Vec::new());
        for (key, merged) in keys {
            let group = Some(sides.group.id.clone());
            let mut all = vec![(group, merged.value), (None, merged.default)];
            let was = sides.ours.keys.iter().any(|(known, sensitive)| *known == key && *sensitive);
            if was != merged.sensitive {
                marked.push((key.clone(), merged.sensitive));
                let others = sides.ours.values.iter().filter(|entry| {
                    entry.key == key && entry.group.as_ref().is_some_and(|group| *group != sides.group.id)
                });
                all.extend(others.map(|entry| (entry.group.clone(), Some(entry.value.clone()))));
            }
            for (group, value) in all {
                let value = match value {
                    Some(Value::Plain(text)) if merged.sensitive => Some(Value::Sealed(self.put_value(text).await?)),
                    // A record may name any id: only what was this key's here comes out of the vault.
                    Some(Value::Sealed(id)) if !merged.sensitive => {
                        let ours = sides
                            .ours
                            .values
                            .iter()
                            .any(|entry| entry.key == key && entry.value == Value::Sealed(id.clone()));
                        let text = if ours { self.vault.get(&id.in_vault()).await? } else { None };
                        match text {
                            Some(text) => Some(Value::Plain(text.expose_secret().to_owned())),
                            None => return Err(Error::Elsewhere { keys: vec![key] }),
                        }
                    }
                    value => value,
                };
                values.push((key.clone(), group, value));
            }
        }
        Ok((marked, values))
    }
}

impl Merged {
    fn write(self, w: &mut Writer<'_>, before: &App, by: &str) -> std::result::Result<(), Failure> {
        let app = &self.app.id;
        if self.app != *before {
            w.update_app(&self.app)?;
        }
        if w.app_variables(app)? != self.variables {
            w.put_app_variables(app, &self.variables)?;
        }
        self.keys.iter().try_for_each(|(key, sensitive)| w.put_key(app, key, *sensitive))?;
        self.values.iter().try_for_each(|(key, group, value)| w.set_value(app, key, group.as_ref(), value.as_ref()))?;
        self.files.into_iter().try_for_each(|file| file.write(w, by))?;
        w.update_group(&self.group, &self.draft)?;
        w.go_out_from(&self.base)
    }
}

impl Written {
    fn write(self, w: &mut Writer<'_>, by: &str) -> std::result::Result<(), Failure> {
        let saved = |entry: FileEntry| FileEntry {
            saved: Timestamp::now(),
            saved_by: by.to_owned(),
            saved_in: String::new(),
            ..entry
        };
        match self {
            Self::Gone(entry) => w.delete_file(&entry),
            Self::New(entry) => {
                let known = w.any_file(&entry.id)?;
                let other =
                    known.is_some_and(|known| (known.group, known.path) != (entry.group.clone(), entry.path.clone()));
                let id = if other { FileId::random() } else { entry.id.clone() };
                put_back(w, saved(FileEntry { id, ..entry }), VersionWhy::Import)
            }
            Self::Saved { entry, sealed } => {
                let mut now = entry.clone();
                if let Some((content, versions)) = sealed {
                    for (number, version) in &versions {
                        w.replace_version(&entry.id, *number, version)?;
                    }
                    w.save_file(&saved(FileEntry { content, ..entry.clone() }))?;
                    now = w.file(&entry.id)?.unwrap_or(now);
                }
                let FileEntry { content, literal, sensitive, .. } = entry;
                save(w, &saved(FileEntry { content, literal, sensitive, ..now }), VersionWhy::Import)
            }
        }
    }
}

/// The draft as it was typed, but for what the merge makes of it.
fn draft(typed: &GroupDraft, before: &Group, merged: &Group) -> Result<GroupDraft> {
    let [mut typed, before, merged] = [json!(typed), json!(GroupDraft::from(before)), json!(GroupDraft::from(merged))];
    for (field, value) in typed.as_object_mut().into_iter().flatten() {
        if before[field] != merged[field] {
            value.clone_from(&merged[field]);
        }
    }
    of_json(typed)
}

fn read(merged: &Json, app: App) -> Result<App> {
    let mut of = json!(app);
    for (field, value) in merged.as_object().into_iter().flatten() {
        of[field] = value.clone();
    }
    of_json(of)
}

/// What is put together of good definitions is one; what a record says may be another's mistake all the same.
fn of_json<T: DeserializeOwned>(value: Json) -> Result<T> {
    serde_json::from_value(value).map_err(|error| Error::Record(error.to_string()))
}
