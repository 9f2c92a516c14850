//! Files of this computer taken over: chosen, looked at, and written as configuration files.

use super::answer::{FileContent, PickedFile, VersionWhy};
use super::discard::cut;
use super::file::{content, free_place};
use super::known::Known;
use crate::Engine;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::FieldError;
use slipway_model::config::{self, CONTENT_MAX, Content, FILES_MAX};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{AppId, FileId, GroupId};
use slipway_store::FileEntry;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use ts_rs::TS;
use zip::ZipArchive;

/// Most folders below each other: links may lead in a circle.
const DEPTH_MAX: usize = 32;

/// What a person chooses to import from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PickFrom {
    /// Files, of which an archive stands for what is in it.
    Files,
    Folder,
}

/// Files that were read.
#[derive(Clone, Debug, Default, Serialize, TS)]
pub struct PickedFiles {
    /// Named by their path below the folder, or in the archive.
    pub files: Vec<PickedFile>,
    pub not_picked: Vec<NotPicked>,
}

/// A file that was not read, and why not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct NotPicked {
    pub name: String,
    /// `content` too large, too many files, or a `path` that is none; else it is what the system said.
    pub error: Option<FieldError>,
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ConfigImport {
    pub app: AppId,
    /// They become the group's own; else the app's.
    pub group: Option<GroupId>,
    pub files: Vec<ImportFile>,
    /// Only look at what would become of them.
    pub look: bool,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ImportFile {
    pub path: String,
    pub content: FileContent,
}

/// What becomes of a file that is imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ImportRow {
    pub path: String,
    /// The file of this owner and path whose content it replaces.
    pub replaces: Option<FileId>,
    /// It holds the same already.
    pub same: bool,
    /// `path`, `content`
    pub errors: Vec<FieldError>,
}

impl PickedFiles {
    fn take(&mut self, name: String, size: u64, bytes: impl FnOnce() -> std::io::Result<Vec<u8>>) {
        if self.files.len() >= FILES_MAX {
            return self.refuse(name, "path", FieldCode::TooMany, FILES_MAX);
        }
        if size > CONTENT_MAX as u64 {
            return self.refuse(name, "content", FieldCode::TooLarge, CONTENT_MAX);
        }
        match bytes() {
            // What a file says of its size need not be true.
            Ok(bytes) if bytes.len() > CONTENT_MAX => self.refuse(name, "content", FieldCode::TooLarge, CONTENT_MAX),
            Ok(bytes) => {
                let size = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
                let content = match String::from_utf8(bytes) {
                    Ok(text) => FileContent::Text { text },
                    Err(error) => FileContent::Binary { base64: STANDARD.encode(error.as_bytes()) },
                };
                self.files.push(PickedFile { name, content, size });
            }
            Err(error) => self.leave(name, &error),
        }
    }

    fn leave(&mut self, name: String, why: &dyn std::fmt::Display) {
        self.not_picked.push(NotPicked { name, error: None, reason: why.to_string() });
    }

    fn refuse(&mut self, name: String, field: &str, code: FieldCode, max: usize) {
        let mut fields = Fields::new();
        fields.refuse(field, code).with("max", max);
        let error = fields.into_errors().pop();
        self.not_picked.push(NotPicked { name, error, reason: String::new() });
    }

    fn file(&mut self, path: &Path, name: String) {
        match File::open(path).and_then(|file| Ok((file.metadata()?, file))) {
            Ok((about, file)) => self.take(name, about.len(), || whole(file)),
            Err(error) => self.leave(name, &error),
        }
    }

    /// Everything below a folder but what editors, systems and version control keep for themselves.
    fn folder(&mut self, path: &Path, below: &str, depth: usize) {
        let entries = match std::fs::read_dir(path).and_then(Iterator::collect::<std::io::Result<Vec<_>>>) {
            Ok(entries) => entries,
            Err(error) => return self.leave(below.to_owned(), &error),
        };
        let mut entries: Vec<_> =
            entries.into_iter().map(|entry| (entry.file_name().to_string_lossy().into_owned(), entry.path())).collect();
        entries.sort();
        for (name, path) in entries.into_iter().filter(|(name, _)| !name.starts_with('.') && !name.ends_with('~')) {
            let place = if below.is_empty() { name } else { format!("{below}/{name}") };
            if !path.is_dir() {
                self.file(&path, place);
            } else if depth > 0 {
                self.folder(&path, &place, depth - 1);
            }
        }
    }

    fn archive(&mut self, path: &Path, name: &str) {
        let opened = File::open(path).map_err(zip::result::ZipError::from).and_then(ZipArchive::new);
        let mut archive = match opened {
            Ok(archive) => archive,
            Err(error) => return self.leave(name.to_owned(), &error),
        };
        for at in 0..archive.len() {
            let entry = match archive.by_index(at) {
                Ok(entry) if entry.is_dir() => continue,
                Ok(entry) => entry,
                Err(error) => {
                    self.leave(format!("{name} {at}"), &error);
                    continue;
                }
            };
            let place = String::from_utf8_lossy(entry.name_raw()).into_owned();
            if entry.enclosed_name().is_none() || place.starts_with('/') || place.contains('\\') {
                self.refuse(place, "path", FieldCode::NotAFilePath, 0);
            } else {
                let size = entry.size();
                self.take(place, size, || whole(entry));
            }
        }
    }
}

/// No more of it than can be kept, whatever size it says.
fn whole(from: impl std::io::Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(CONTENT_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn pick(paths: Vec<PathBuf>) -> PickedFiles {
    let mut picked = PickedFiles::default();
    for path in paths {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let archive = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("zip"));
        if path.is_dir() {
            picked.folder(&path, "", DEPTH_MAX);
        } else if archive {
            picked.archive(&path, &name);
        } else {
            picked.file(&path, name);
        }
    }
    picked
}

impl Engine {
    /// Reads files, everything below folders, and what is in archives. Nothing is written.
    pub async fn config_pick_files(&self, paths: Vec<PathBuf>) -> Result<PickedFiles> {
        let read = tokio::task::spawn_blocking(move || pick(paths)).await;
        read.map_err(|error| Error::File { operation: "read", path: String::new(), reason: error.to_string() })
    }

    /// Makes files of an app, or of a group, of what was read: all of them, or none. Content that is replaced is a version
    /// first, and what is imported is one.
    ///
    /// # Errors
    /// `Invalid` with `N.path` and `N.content`, unless it is only looked at: then each row has its own.
    pub async fn config_import(&self, import: ConfigImport) -> Result<Vec<ImportRow>> {
        let ConfigImport { app, group, files, look } = import;
        let known = self.configured(&app).await?;
        if let Some(group) = &group {
            known.groups.iter().find(|entry| entry.id == *group).ok_or(Error::GroupGone)?;
        }
        let (mut rows, mut made) = (Vec::with_capacity(files.len()), Vec::new());
        let mut places: Vec<String> = Vec::new();
        let mut new = 0;
        for file in &files {
            let (row, content) = self.looked_at(&known, group.as_ref(), file, &mut places, &mut new).await?;
            made.push(content.map(|content| (row.replaces.clone(), row.same, content)));
            rows.push(row);
        }
        if look {
            return Ok(rows);
        }
        let wrong = rows.iter().enumerate().flat_map(|(at, row)| {
            row.errors.iter().map(move |error| FieldError { field: format!("{at}.{}", error.field), ..error.clone() })
        });
        let wrong: Vec<FieldError> = wrong.collect();
        if !wrong.is_empty() {
            return Err(Error::Invalid(wrong));
        }
        let by = self.writer().await?;
        let mut entries = Vec::new();
        for (file, made) in files.iter().zip(made) {
            let Some((replaces, same, content)) = made else { continue };
            if same {
                continue;
            }
            let before = replaces.as_ref().and_then(|id| known.file(id)).map(|file| file.entry.clone());
            let sealed = before.as_ref().is_some_and(|before| before.sensitive);
            let content = if sealed { self.seal(content).await? } else { content };
            let saved = Timestamp::now();
            let stored = before.is_some();
            let entry = before.unwrap_or_else(|| FileEntry {
                id: FileId::random(),
                app: app.clone(),
                group: group.clone(),
                path: file.path.trim().to_owned(),
                literal: false,
                sensitive: false,
                hash: content.hash(),
                content: content.clone(),
                revision: 1,
                saved,
                saved_by: String::new(),
                saved_in: String::new(),
                versions: 0,
                newest: None,
                fresh: true,
            });
            entries
                .push((stored, FileEntry { content, saved, saved_by: by.clone(), saved_in: String::new(), ..entry }));
        }
        let written = self.store.write(move |w| {
            for (stored, entry) in &entries {
                if *stored {
                    cut(w, &entry.id, VersionWhy::Idle)?;
                    w.save_file(entry)?;
                } else {
                    w.insert_file(entry)?;
                }
                cut(w, &entry.id, VersionWhy::Import)?;
            }
            Ok(())
        });
        written.await?;
        Ok(rows)
    }

    async fn looked_at(
        &self,
        known: &Known,
        group: Option<&GroupId>,
        file: &ImportFile,
        places: &mut Vec<String>,
        new: &mut usize,
    ) -> Result<(ImportRow, Option<Content>)> {
        let mut fields = Fields::new();
        let place = fields.take("path", config::resolve(&known.app.deploy_path, &file.path));
        let content = fields.take("content", content(&file.content));
        let found = place.as_ref().and_then(|place| known.of(group).find(|other| other.place() == place));
        let mut same = false;
        if let (Some(found), Some(content)) = (found, &content) {
            let template = !found.entry.literal && !found.read.uses.is_empty();
            if matches!(content, Content::Binary(_)) && (found.entry.sensitive || template) {
                fields.refuse("content", FieldCode::NotText);
            }
            same = self.holds(&found.entry.content, content).await?;
        } else if place.is_some() {
            fields.take("path", free_place(known, group, &file.path, *new));
            *new += 1;
        }
        if let Some(place) = place {
            let clash = places.iter().find_map(|other| config::clash(&place, other));
            if let Some(refusal) = clash {
                fields.take::<()>("path", Err(refusal));
            }
            places.push(place);
        }
        let replaces = found.map(|found| found.entry.id.clone());
        let row = ImportRow { path: file.path.clone(), replaces, same, errors: fields.into_errors() };
        Ok((row, content))
    }
}
