//! Files written: created, saved, switched, deleted, chosen.

use super::answer::{
    ConfigChoose, ConfigCreate, ConfigSave, ConfigSaved, ConfigSwitch, FileChoice, FileContent, PickedFile, VersionWhy,
};
use super::known::{Known, Read};
use crate::Engine;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::{SignedDuration, Timestamp};
use secrecy::{ExposeSecret, SecretString};
use slipway_model::config::{self, CONTENT_MAX, Content, FILES_MAX};
use slipway_model::field::{FieldCode, Fields, Refusal};
use slipway_model::id::{FileId, GroupId, SecretId};
use slipway_store::FileEntry;
use std::path::Path;

/// What was saved last this long ago is a version by itself.
pub(super) const IDLE: SignedDuration = SignedDuration::from_mins(5);

/// How a save ended in the store.
enum Saved {
    Done(ConfigSaved),
    Moved { path: String, by: String },
    Gone,
}

impl Engine {
    /// # Errors
    /// `Invalid` with `path` or `content`.
    pub async fn config_create(&self, create: &ConfigCreate) -> Result<FileId> {
        self.add_file(create, "", VersionWhy::Created).await
    }

    /// A new file, from wherever: `saved_in` is the editor, `why` what its first version says.
    pub(crate) async fn add_file(&self, create: &ConfigCreate, saved_in: &str, why: VersionWhy) -> Result<FileId> {
        let known = self.configured(&create.app).await?;
        if let Some(group) = &create.group {
            known.groups.iter().find(|entry| entry.id == *group).ok_or(Error::GroupGone)?;
        }
        let mut fields = Fields::new();
        fields.take("path", free_place(&known, create.group.as_ref(), &create.path, 0));
        let content = fields.take("content", content(&create.content));
        if create.sensitive && matches!(content, Some(Content::Binary(_))) {
            fields.refuse("content", FieldCode::NotText);
        }
        fields.finish().map_err(Error::Invalid)?;
        let content = content.unwrap_or(Content::Text(String::new()));
        // An empty one that was made here is about to be written.
        let cut = why != VersionWhy::Created || content.size() != Some(0);
        let content = if create.sensitive { self.seal(content).await? } else { content };
        let path = create.path.trim().to_owned();
        let file = FileEntry {
            literal: create.literal,
            sensitive: create.sensitive,
            saved_by: self.writer().await?,
            saved_in: saved_in.to_owned(),
            ..FileEntry::new(FileId::random(), create.app.clone(), create.group.clone(), path, content)
        };
        let id = file.id.clone();
        self.store
            .write(move |w| {
                w.insert_file(&file)?;
                if cut {
                    w.cut_version(&file, why.word(), None)?;
                }
                Ok(())
            })
            .await?;
        Ok(id)
    }

    /// Done twice it changes nothing. What somebody else saved meanwhile is not overwritten.
    ///
    /// # Errors
    /// `FileMoved`, and `Invalid` with `content`.
    pub async fn config_save(&self, save: &ConfigSave) -> Result<ConfigSaved> {
        let before = self.file_entry(&save.id).await?;
        let typed = next_content(&before, &save.content)?;
        if self.holds(&before.content, &typed).await? {
            return Ok(ConfigSaved { revision: before.revision, saved: before.saved });
        }
        let content = if before.sensitive { self.seal(typed).await? } else { typed };
        let (by, made) = (self.writer().await?, content.clone());
        let save = save.clone();
        let saved = self
            .store
            .write(move |w| {
                let Some(now) = w.file(&save.id)? else { return Ok(Saved::Gone) };
                if now.revision != save.base && now.saved_in != save.editor {
                    return Ok(Saved::Moved { path: now.path, by: now.saved_by });
                }
                let saved = Timestamp::now();
                if saved.duration_since(now.saved) > IDLE {
                    w.cut_version(&now, VersionWhy::Idle.word(), None)?;
                }
                let revision = now.revision + 1;
                w.save_file(&FileEntry { content, saved, saved_by: by, saved_in: save.editor, ..now })?;
                Ok(Saved::Done(ConfigSaved { revision, saved }))
            })
            .await?;
        // Of a sensitive text only versions stay, and what a plan that waits is made of; what was typed in between is
        // erased, and so is what was refused.
        match saved {
            Saved::Done(saved) => {
                self.unseal_typed(&before).await?;
                Ok(saved)
            }
            Saved::Moved { path, by } => {
                self.erase(&made).await?;
                Err(Error::FileMoved { path, by })
            }
            Saved::Gone => {
                self.erase(&made).await?;
                Err(Error::not_found("file", &before.path))
            }
        }
    }

    /// Making a file sensitive takes its text, that of all its versions, and what releases had of it, out of what can be
    /// read.
    ///
    /// # Errors
    /// `FileMoved` where it was saved meanwhile, `Invalid` with `content` for one that is not text, `Elsewhere` for a text
    /// that is not known here.
    pub async fn config_switch(&self, switch: &ConfigSwitch) -> Result<()> {
        let before = self.file_entry(&switch.id).await?;
        if (before.literal, before.sensitive) == (switch.literal, switch.sensitive) {
            return Ok(());
        }
        let (mut content, mut versions) = (before.content.clone(), Vec::new());
        if switch.sensitive && !before.sensitive {
            (content, versions) = self.sealed_file(&before).await?;
        } else if before.sensitive && !switch.sensitive {
            content = match self.text_of(&content).await? {
                Some(text) => Content::Text(text),
                None => return Err(Error::Elsewhere { keys: vec![before.path] }),
            };
        }
        let (by, switch, path, app) = (self.writer().await?, switch.clone(), before.path.clone(), before.app.clone());
        let moved = self
            .write_and_hide(&app, move |w| {
                let Some(now) = w.file(&switch.id)? else { return Ok((None, false)) };
                // What was taken out of sight, or brought back, is what it was then.
                if (now.revision, now.versions) != (before.revision, before.versions) {
                    return Ok((Some(now.saved_by), false));
                }
                for (number, version) in &versions {
                    w.replace_version(&now.id, *number, version)?;
                }
                let (literal, sensitive) = (switch.literal, switch.sensitive);
                let (content, saved_by, hash) = (content.clone(), by.clone(), now.hash.clone());
                let entry = FileEntry { content, literal, sensitive, saved: Timestamp::now(), saved_by, hash, ..now };
                w.save_file(&entry)?;
                Ok((None, sensitive))
            })
            .await?;
        moved.map_or(Ok(()), |by| Err(Error::FileMoved { path, by }))
    }

    /// What runs keeps it until the next release. It can be had back for thirty days.
    pub async fn config_delete(&self, id: &FileId) -> Result<()> {
        let file = self.file_entry(id).await?;
        Ok(self.store.write(move |w| w.delete_file(&file)).await?)
    }

    pub async fn config_undelete(&self, id: &FileId) -> Result<()> {
        let of = id.clone();
        let file = self.store.read(move |r| r.any_file(&of)).await?;
        let file = file.ok_or_else(|| Error::not_found("file", ""))?;
        let known = self.configured(&file.app).await?;
        if known.file(id).is_some() {
            return Ok(());
        }
        let mut fields = Fields::new();
        fields.take("path", free_place(&known, file.group.as_ref(), &file.path, 0));
        fields.finish().map_err(Error::Invalid)?;
        Ok(self.store.write(move |w| w.undelete_file(&file)).await?)
    }

    /// What a group does with an app's file. `inherit` takes its own file away, and its values of keys that only this file
    /// uses; gives the group's own file for `override`.
    pub async fn config_choose(&self, choose: &ConfigChoose) -> Result<Option<FileId>> {
        let app = self.file_entry(&choose.id).await?.app;
        let known = self.configured(&app).await?;
        let group = known.groups.iter().find(|entry| entry.id == choose.group).ok_or(Error::GroupGone)?;
        let file = known.file(&choose.id).filter(|file| file.is_of(None));
        let file = file.ok_or_else(|| Error::not_found("file", ""))?;
        let own = known.of(Some(&choose.group)).find(|own| own.place() == file.place());
        match choose.choice {
            FileChoice::Own => Err(refused("choice", FieldCode::Unknown)),
            FileChoice::Override => {
                if let Some(own) = own {
                    return Ok(Some(own.entry.id.clone()));
                }
                let (group, path) = (Some(choose.group.clone()), file.entry.path.clone());
                let content = self.copied(&file.entry.content).await?;
                let copy = FileEntry {
                    literal: file.entry.literal,
                    sensitive: file.entry.sensitive,
                    saved_by: self.writer().await?,
                    ..FileEntry::new(FileId::random(), app, group, path, content)
                };
                let id = copy.id.clone();
                self.store.write(move |w| w.insert_file(&copy)).await?;
                Ok(Some(id))
            }
            FileChoice::Values | FileChoice::Inherit => {
                let clear: Vec<String> = if choose.choice == FileChoice::Inherit {
                    let elsewhere = |key: &str| {
                        let files = known.in_group(&group.id);
                        let mut others = files.iter().filter(|other| other.file.place() != file.place());
                        let of = |read: &Read| read.uses.iter().any(|of| of.key == key);
                        others.any(|other| of(&other.file.read))
                            || known.variables_of(group).iter().any(|(variable, ..)| of(&variable.read))
                    };
                    let keys = file.read.uses.iter().map(|of| &of.key);
                    keys.filter(|key| !elsewhere(key)).cloned().collect()
                } else {
                    Vec::new()
                };
                let (own, group) = (own.map(|own| own.entry.clone()), choose.group.clone());
                self.store
                    .write(move |w| {
                        if let Some(own) = &own {
                            w.delete_file(own)?;
                        }
                        clear.iter().try_for_each(|key| w.set_value(&app, key, Some(&group), None))
                    })
                    .await?;
                Ok(None)
            }
        }
    }

    /// Reads a file of this computer.
    ///
    /// # Errors
    /// `File`, and `Invalid` with `content` for one that is too large.
    pub async fn config_pick(&self, path: &Path) -> Result<PickedFile> {
        let failed = |source: std::io::Error| Error::File {
            operation: "read",
            path: path.display().to_string(),
            reason: source.to_string(),
        };
        let size = tokio::fs::metadata(path).await.map_err(failed)?.len();
        if size > CONTENT_MAX as u64 {
            return Err(too_large(size));
        }
        let bytes = tokio::fs::read(path).await.map_err(failed)?;
        let size = u32::try_from(bytes.len()).map_err(|_| too_large(size))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Ok(PickedFile { name, content: FileContent::from(bytes), size })
    }

    pub(super) async fn file_entry(&self, id: &FileId) -> Result<FileEntry> {
        let id = id.clone();
        self.store.read(move |r| r.file(&id)).await?.ok_or_else(|| Error::not_found("file", ""))
    }

    /// Who saves on this computer.
    pub(crate) async fn writer(&self) -> Result<String> {
        let name = self.store.read(|r| r.settings()).await?.display_name;
        Ok(if name.is_empty() { self.device.clone() } else { name })
    }

    /// What a file and its versions hold, in the vault.
    ///
    /// # Errors
    /// `Invalid` with `content` where one of them is not text.
    pub(crate) async fn sealed_file(&self, file: &FileEntry) -> Result<(Content, Vec<(u32, Content)>)> {
        let id = file.id.clone();
        let all = self.store.read(move |r| r.file_contents(&id)).await?;
        if all.iter().map(|(_, content)| content).chain([&file.content]).any(|c| matches!(c, Content::Binary(_))) {
            return Err(refused("content", FieldCode::NotText));
        }
        let (now, mut versions) = (self.seal(file.content.clone()).await?, Vec::new());
        for (number, version) in all {
            let same = version == file.content;
            versions.push((number, if same { now.clone() } else { self.seal(version).await? }));
        }
        Ok((now, versions))
    }

    /// A text in the vault, under an id of its own.
    pub(super) async fn seal(&self, content: Content) -> Result<Content> {
        let Content::Text(text) = content else { return Ok(content) };
        let id = SecretId::random();
        self.vault.put(&id.in_vault(), SecretString::from(text)).await?;
        Ok(Content::Sealed(id))
    }

    /// The text of a content, where it has one and it is known here.
    pub(super) async fn text_of(&self, content: &Content) -> Result<Option<String>> {
        Ok(match content {
            Content::Text(text) => Some(text.clone()),
            Content::Binary(_) => None,
            Content::Sealed(id) => self.vault.get(&id.in_vault()).await?.map(|value| value.expose_secret().to_owned()),
        })
    }

    /// Whether what is stored is what was typed.
    pub(super) async fn holds(&self, stored: &Content, typed: &Content) -> Result<bool> {
        Ok(match (stored, typed) {
            (Content::Sealed(_), Content::Text(text)) => self.text_of(stored).await?.as_ref() == Some(text),
            _ => stored == typed,
        })
    }

    /// The same content for another file: a sealed one under an id of its own, so that each can be erased by itself.
    async fn copied(&self, content: &Content) -> Result<Content> {
        match (content, self.text_of(content).await?) {
            (Content::Sealed(_), Some(text)) => self.seal(Content::Text(text)).await,
            _ => Ok(content.clone()),
        }
    }

    /// Erases what a file held before a save, unless a version has it.
    async fn unseal_typed(&self, before: &FileEntry) -> Result<()> {
        let id = before.id.clone();
        let versions = self.store.read(move |r| r.file_versions(&id)).await?;
        if versions.iter().any(|version| version.hash == before.hash) || self.plans.have(&before.hash) {
            return Ok(());
        }
        self.erase(&before.content).await
    }

    async fn erase(&self, content: &Content) -> Result<()> {
        if let Content::Sealed(id) = content {
            self.vault.delete(&id.in_vault()).await?;
        }
        Ok(())
    }
}

/// What was made of a file, where it can hold that: a template and a sensitive file stay text.
pub(crate) fn next_content(before: &FileEntry, typed: &FileContent) -> Result<Content> {
    let mut fields = Fields::new();
    let typed = fields.take("content", content(typed));
    let was_template = matches!(&before.content, Content::Text(text)
        if !before.literal && !Read::text(text).uses.is_empty());
    if matches!(typed, Some(Content::Binary(_))) && (before.sensitive || was_template) {
        fields.refuse("content", FieldCode::NotText);
    }
    fields.finish().map_err(Error::Invalid)?;
    Ok(typed.unwrap_or(Content::Text(String::new())))
}

fn refused(field: &str, code: FieldCode) -> Error {
    let mut fields = Fields::new();
    fields.refuse(field, code);
    Error::Invalid(fields.into_errors())
}

fn too_large(size: u64) -> Error {
    let mut fields = Fields::new();
    fields.refuse("content", FieldCode::TooLarge).with("max", CONTENT_MAX).with("size", size);
    Error::Invalid(fields.into_errors())
}

/// What was typed, where a file can hold it.
pub(super) fn content(typed: &FileContent) -> std::result::Result<Content, Refusal> {
    let content = match typed {
        FileContent::Text { text } => Content::Text(text.clone()),
        FileContent::Binary { base64 } => {
            let bytes = STANDARD.decode(base64).map_err(|_| Refusal::new(FieldCode::Unknown))?;
            String::from_utf8(bytes).map_or_else(|_| Content::Binary(base64.clone()), Content::Text)
        }
        FileContent::Elsewhere => return Err(Refusal::new(FieldCode::Required)),
    };
    match content.size() {
        Some(size) if size > CONTENT_MAX => {
            Err(Refusal::new(FieldCode::TooLarge).with("max", CONTENT_MAX).with("size", size))
        }
        _ => Ok(content),
    }
}

/// A place where this owner may put a file, besides so many more.
pub(super) fn free_place(
    known: &Known,
    group: Option<&GroupId>,
    typed: &str,
    more: usize,
) -> std::result::Result<String, Refusal> {
    let path = config::resolve(&known.app.deploy_path, typed)?;
    for other in &known.files {
        // A group may take the app's place, and the app one that a group has taken already.
        let beside = other.is_of(group);
        let met = group.is_none() || beside || other.is_of(None);
        let clash = other.resolved.as_deref().ok().filter(|_| met).and_then(|other| config::clash(&path, other));
        if let Some(refusal) = clash.filter(|clash| beside || clash.code != FieldCode::PathTaken) {
            return Err(refusal);
        }
    }
    let full = |group: Option<&GroupId>| {
        let own = group.map_or(0, |group| known.of(Some(group)).count());
        known.of(None).count() + own + more >= FILES_MAX
    };
    let everywhere = || known.groups.iter().any(|group| full(Some(&group.id)));
    if full(group) || (group.is_none() && everywhere()) {
        return Err(Refusal::new(FieldCode::TooMany).with("max", FILES_MAX));
    }
    Ok(path)
}
