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
            let entry = before.unwrap_or_else(|| {
                let path = file.path.trim().to_owned();
                FileEntry::new(FileId::random(), app.clone(), group.clone(), path, content.clone())
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

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::app::AppDraft;
    use std::fs;
    use std::io::Write as _;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    async fn scene() -> (tempfile::TempDir, tempfile::TempDir, Engine, AppId) {
        let (data, disk) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let engine = Engine::open(data.path()).await.expect("a new core");
        let draft = AppDraft { slug: "shop".into(), deploy_path: "/export/".into(), ..AppDraft::default() };
        let app = engine.app_create(&draft).await.expect("an app").id;
        (data, disk, engine, app)
    }

    fn names(picked: &PickedFiles) -> (Vec<&str>, Vec<&str>) {
        let read = picked.files.iter().map(|file| file.name.as_str());
        (read.collect(), picked.not_picked.iter().map(|file| file.name.as_str()).collect())
    }

    fn import(app: &AppId, files: &[(&str, &str)], look: bool) -> ConfigImport {
        let file = |(path, text): &(&str, &str)| ImportFile {
            path: (*path).to_owned(),
            content: FileContent::Text { text: (*text).to_owned() },
        };
        ConfigImport { app: app.clone(), group: None, files: files.iter().map(file).collect(), look }
    }

    fn codes(rows: &[ImportRow]) -> Vec<Option<FieldCode>> {
        rows.iter().map(|row| row.errors.first().map(|error| error.code)).collect()
    }

    #[tokio::test]
    async fn a_folder_is_read_without_what_can_not_be_kept() {
        let (_data, disk, engine, _) = scene().await;
        fs::create_dir_all(disk.path().join("conf/.git")).expect("a folder");
        fs::write(disk.path().join("conf/.git/HEAD"), "x").expect("written");
        fs::write(disk.path().join("conf/a.yml"), "a: {{x}}\r\n").expect("written");
        fs::write(disk.path().join("key"), [0xff, 0xfe]).expect("written");
        let large = fs::File::create(disk.path().join("large")).expect("a file");
        large.set_len(CONTENT_MAX as u64 + 1).expect("made large");
        let picked = engine.config_pick_files(vec![disk.path().to_owned()]).await.expect("read");
        assert_eq!(names(&picked), (vec!["conf/a.yml", "key"], vec!["large"]));
        assert_eq!(picked.files[0].content, FileContent::Text { text: "a: {{x}}\r\n".into() });
        assert!(matches!(picked.files[1].content, FileContent::Binary { .. }));
        let why = picked.not_picked[0].error.as_ref().map(|error| error.code);
        assert_eq!(why, Some(FieldCode::TooLarge));
    }

    #[tokio::test]
    async fn an_archive_stands_for_what_is_in_it_and_leads_nowhere_else() {
        let (_data, disk, engine, _) = scene().await;
        let path = disk.path().join("all.zip");
        let mut zip = ZipWriter::new(fs::File::create(&path).expect("a file"));
        for name in ["conf/a.yml", "../../.bashrc"] {
            zip.start_file(name, SimpleFileOptions::default()).expect("a part");
            zip.write_all(b"a: 1\n").expect("written");
        }
        zip.finish().expect("written");
        fs::write(disk.path().join("no.zip"), "PK, but no more").expect("written");
        let paths = vec![path, disk.path().join("no.zip"), disk.path().join("gone.yml")];
        let picked = engine.config_pick_files(paths).await.expect("read");
        assert_eq!(names(&picked), (vec!["conf/a.yml"], vec!["../../.bashrc", "no.zip", "gone.yml"]));
        let why: Vec<_> = picked.not_picked.iter().map(|file| file.error.as_ref().map(|error| error.code)).collect();
        assert_eq!(why, [Some(FieldCode::NotAFilePath), None, None]);
    }

    #[tokio::test]
    async fn all_are_written_or_none_and_what_was_there_is_a_version() {
        let (_data, _disk, engine, app) = scene().await;
        let files = async || engine.config_tree(&app).await.expect("read").files;
        let first = [("conf/a.yml", "a: 1\n"), ("/etc/b.yml", "b: 1\n")];
        let rows = engine.config_import(import(&app, &first, true)).await.expect("looked at");
        assert!(rows.iter().all(|row| row.replaces.is_none() && !row.same && row.errors.is_empty()), "{rows:?}");
        assert_eq!(files().await.len(), 0, "it was only looked at");
        engine.config_import(import(&app, &first, false)).await.expect("written");
        assert_eq!(files().await.len(), 2);

        let next = [("conf/a.yml", "a: 2\n"), ("/etc/b.yml", "b: 1\n"), ("/export/conf/a.yml", ""), ("../c", "")];
        let rows = engine.config_import(import(&app, &next, true)).await.expect("looked at");
        assert!(rows[0].replaces.is_some() && !rows[0].same && rows[1].same, "{rows:?}");
        assert_eq!(codes(&rows), [None, None, Some(FieldCode::PathTaken), Some(FieldCode::NotAFilePath)]);
        let refused = engine.config_import(import(&app, &next, false)).await;
        assert!(matches!(refused, Err(Error::Invalid(errors)) if errors[0].field == "2.path"));
        assert_eq!(files().await.iter().map(|file| file.versions).collect::<Vec<_>>(), [1, 1], "nothing was written");

        engine.config_import(import(&app, &next[..2], false)).await.expect("written");
        let file = rows[0].replaces.clone().expect("the first");
        let versions = engine.config_versions(&file).await.expect("read");
        assert_eq!(versions.iter().map(|version| version.why).collect::<Vec<_>>(), [VersionWhy::Import; 2]);
    }
}
