//! What Slipway has for a folder, and how it takes what an editor made of it.

use super::{LeftOut, LeftOutWhy, Place, place};
use crate::Engine;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use slipway_model::Fields;
use slipway_model::config::{self, Content};
use slipway_model::id::{AppId, FileId};
use slipway_store::FileEntry;
use std::collections::{HashMap, HashSet};

/// Stands where an editor of the window has its own mark: no window's save is taken for the folder's.
const EDITOR: &str = "folder";
/// Why a version was cut.
const WHY: &str = "import";

/// The files of an app that go into its folder.
#[derive(Debug)]
pub(super) struct Sources {
    pub(super) files: Vec<SourceFile>,
    pub(super) left_out: Vec<LeftOut>,
    /// Top folders.
    pub(super) owners: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct SourceFile {
    pub(super) place: Place,
    pub(super) bytes: Vec<u8>,
    /// Of the content.
    pub(super) hash: String,
}

impl Engine {
    pub(super) async fn folder_sources(&self, app: &AppId) -> Result<Sources> {
        let deploy_path = self.app(app).await?.deploy_path;
        let of_app = app.clone();
        let (files, groups) =
            self.store.read(move |r| Ok((r.files_of_app(&of_app)?, r.groups_of_app(&of_app)?))).await?;
        let names: HashMap<_, _> = groups.iter().map(|group| (&group.id, group.draft.name.trim())).collect();
        let mut sources = Sources {
            files: Vec::with_capacity(files.len()),
            left_out: Vec::new(),
            owners: place::owners(names.values().copied()),
        };
        let mut taken = HashSet::new();
        for file in files {
            let group = match &file.group {
                None => None,
                Some(id) => match names.get(id) {
                    Some(name) => Some(*name),
                    // Of a group that was deleted.
                    None => continue,
                },
            };
            // A relative path is a good one, whether or not there is a folder to join it to yet.
            let deploy_path = if deploy_path.is_empty() { "/" } else { &deploy_path };
            let place = config::resolve(deploy_path, &file.path).ok().and_then(|_| place::place(group, &file.path));
            let bytes = bytes(&file.content).filter(|_| !file.sensitive);
            let why = match (place, bytes) {
                (_, None) => LeftOutWhy::Sensitive,
                (None, _) => LeftOutWhy::Name,
                (Some(place), Some(bytes)) => {
                    if taken.insert(place.to_lowercase()) {
                        let place = Place { file: file.id, group: file.group, path: file.path, place };
                        sources.files.push(SourceFile { place, bytes, hash: file.hash });
                        continue;
                    }
                    LeftOutWhy::Case
                }
            };
            sources.left_out.push(LeftOut { file: file.id, group: file.group, path: file.path, why });
        }
        Ok(sources)
    }

    /// Saves what stands in the folder, if Slipway still has what it was made from; `false` if not. Both what was saved
    /// before and what is saved now are versions: nothing that a person wrote is lost.
    pub(super) async fn take_from_folder(&self, file: &FileId, expected: &str, bytes: Vec<u8>) -> Result<bool> {
        let (id, expected, by) = (file.clone(), expected.to_owned(), self.folder_author().await?);
        let taken = self.store.write(move |w| {
            let Some(before) = w.file(&id)?.filter(|file| file.hash == expected && !file.sensitive) else {
                return Ok(false);
            };
            w.cut_version(&before, WHY, None)?;
            let content = content(bytes);
            let saved =
                FileEntry { content, saved: Timestamp::now(), saved_by: by, saved_in: EDITOR.to_owned(), ..before };
            w.save_file(&saved)?;
            if let Some(now) = w.file(&id)? {
                w.cut_version(&now, WHY, None)?;
            }
            Ok(true)
        });
        Ok(taken.await?)
    }

    /// Makes a file of Slipway of one that stands in the folder.
    pub(super) async fn add_from_folder(&self, app: &AppId, at: &str, bytes: Vec<u8>) -> Result<FileId> {
        let unknown = || Error::not_found("file", at);
        let (group, path) = place::file_of(at).ok_or_else(unknown)?;
        let deploy_path = self.app(app).await?.deploy_path;
        let mut fields = Fields::new();
        if fields.take("path", config::resolve(&deploy_path, &path)).is_none() {
            return Err(Error::Invalid(fields.into_errors()));
        }
        let of_app = app.clone();
        let groups = self.store.read(move |r| r.groups_of_app(&of_app)).await?;
        let group = match group {
            None => None,
            Some(name) => {
                let named = groups.into_iter().find(|group| group.draft.name.trim() == name);
                Some(named.ok_or_else(unknown)?.id)
            }
        };
        let content = content(bytes);
        let entry = FileEntry {
            id: FileId::random(),
            app: app.clone(),
            group,
            path,
            literal: false,
            sensitive: false,
            hash: content.hash(),
            content,
            revision: 1,
            saved: Timestamp::now(),
            saved_by: self.folder_author().await?,
            saved_in: EDITOR.to_owned(),
            versions: 0,
            newest: None,
            fresh: true,
        };
        let id = entry.id.clone();
        let added = self.store.write(move |w| {
            w.insert_file(&entry)?;
            w.cut_version(&entry, WHY, None).map(drop)
        });
        added.await?;
        Ok(id)
    }

    async fn folder_author(&self) -> Result<String> {
        let settings = self.store.read(|r| r.settings()).await?;
        Ok(if settings.display_name.is_empty() { self.device.clone() } else { settings.display_name })
    }
}

/// `None` of what is sealed.
fn bytes(content: &Content) -> Option<Vec<u8>> {
    match content {
        Content::Text(text) => Some(text.clone().into_bytes()),
        Content::Binary(base64) => STANDARD.decode(base64).ok(),
        Content::Sealed(_) => None,
    }
}

fn content(bytes: Vec<u8>) -> Content {
    String::from_utf8(bytes).map_or_else(|error| Content::Binary(STANDARD.encode(error.into_bytes())), Content::Text)
}

/// Of the content that these bytes are.
pub(super) fn hash_of(bytes: &[u8]) -> String {
    content(bytes.to_owned()).hash()
}
