//! What Slipway has for a folder, and how it takes what an editor made of it.

use super::{LeftOut, LeftOutWhy, Place, place};
use crate::Engine;
use crate::config::{ConfigCreate, FileContent, VersionWhy, next_content};
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use slipway_model::config::{self, Content};
use slipway_model::id::{AppId, FileId};
use slipway_store::FileEntry;
use std::collections::{HashMap, HashSet};

/// Stands where an editor of the window has its own mark: no window's save is taken for the folder's.
const EDITOR: &str = "folder";

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
    ///
    /// # Errors
    /// `Invalid` with `content` for what the file cannot hold.
    pub(super) async fn take_from_folder(&self, file: &FileId, expected: &str, bytes: Vec<u8>) -> Result<bool> {
        let (id, expected) = (file.clone(), expected.to_owned());
        let as_expected = move |file: &FileEntry| file.hash == expected && !file.sensitive;
        let before = self.store.read(move |r| r.file(&id)).await?;
        let Some(before) = before.filter(&as_expected) else { return Ok(false) };
        let content = next_content(&before, &FileContent::from(bytes))?;
        let by = self.writer().await?;
        let taken = self.store.write(move |w| {
            let Some(before) = w.file(&before.id)?.filter(as_expected) else { return Ok(false) };
            w.cut_version(&before, VersionWhy::Import.word(), None)?;
            let saved =
                FileEntry { content, saved: Timestamp::now(), saved_by: by, saved_in: EDITOR.to_owned(), ..before };
            w.save_file(&saved)?;
            if let Some(now) = w.file(&saved.id)? {
                w.cut_version(&now, VersionWhy::Import.word(), None)?;
            }
            Ok(true)
        });
        Ok(taken.await?)
    }

    /// Makes a file of Slipway of one that stands in the folder.
    pub(super) async fn add_from_folder(&self, app: &AppId, at: &str, bytes: Vec<u8>) -> Result<FileId> {
        let unknown = || Error::not_found("file", at);
        let (group, path) = place::file_of(at).ok_or_else(unknown)?;
        let of_app = app.clone();
        let groups = self.store.read(move |r| r.groups_of_app(&of_app)).await?;
        let group = match group {
            None => None,
            Some(name) => {
                let named = groups.into_iter().find(|group| group.draft.name.trim() == name);
                Some(named.ok_or_else(unknown)?.id)
            }
        };
        let (app, content) = (app.clone(), FileContent::from(bytes));
        let create = ConfigCreate { app, group, path, content, literal: false, sensitive: false };
        self.add_file(&create, EDITOR, VersionWhy::Import).await
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
