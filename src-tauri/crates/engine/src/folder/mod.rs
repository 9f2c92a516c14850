//! An app opened as a folder: its configuration files on the disk, for any editor.
//!
//! What an editor changes there is saved in Slipway, as a draft that waits for a release like any other; what is saved in
//! Slipway is written there. What both changed is merged against what both had last. Where that is not possible, nothing
//! is written on either side until a person has decided. Nothing is ever deleted on either side, and nothing sensitive
//! leaves Slipway.

mod disk;
mod place;
mod source;
mod step;
mod sync;
#[cfg(test)]
mod tests;
mod watch;

use crate::Engine;
use crate::error::{Error, Result};
use crate::tag;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::id::{AppId, FileId, GroupId};
use slipway_render::diff::Diff;
use slipway_render::merge::Merge;
use slipway_store::FolderFile;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use sync::Seen;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use ts_rs::TS;

/// An app that is opened as a folder, and how it stands with it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FolderView {
    pub app: AppId,
    pub path: String,
    /// It is on the disk no more. In Slipway everything is as it was.
    pub gone: bool,
    /// Why changes are seen only when the window comes to the front; `None` while they are seen at once.
    pub unwatched: Option<String>,
    /// Files that are the same on both sides, or were.
    pub files: u32,
    pub left_out: Vec<LeftOut>,
    /// What editors changed since it was opened or Slipway started, the newest first.
    pub changes: Vec<FolderChange>,
    pub conflicts: Vec<FolderConflict>,
    pub problems: Vec<FolderProblem>,
    /// Places of files that Slipway does not know.
    pub strangers: Vec<String>,
}

/// A file of either side.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "FolderPlace")]
pub struct Place {
    pub file: FileId,
    /// Whose own it is; else the app's.
    pub group: Option<GroupId>,
    /// As typed.
    pub path: String,
    /// Below the folder.
    pub place: String,
}

/// A file that is not in the folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LeftOut {
    pub file: FileId,
    pub group: Option<GroupId>,
    pub path: String,
    pub why: LeftOutWhy,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LeftOutWhy {
    Sensitive,
    /// Its path, or the name of its group, is wrong.
    Name,
    /// Another one has this path but for capital letters: not every disk tells them apart.
    Case,
}

/// A change that an editor made and that is saved now.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FolderChange {
    #[serde(flatten)]
    pub place: Place,
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Slipway had changed it too, in other lines.
    pub merged: bool,
    /// `None` of what is not text.
    pub diff: Option<Diff>,
}

/// Both sides changed the same lines. Nothing is written until a person has decided, or made them the same.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FolderConflict {
    #[serde(flatten)]
    pub place: Place,
    /// Ours is Slipway, theirs is the folder. `None` of what is not text.
    pub merge: Option<Merge>,
}

/// A file that stands as it is on both sides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct FolderProblem {
    #[serde(flatten)]
    pub place: Place,
    pub what: FolderTrouble,
    /// What the system says.
    pub reason: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FolderTrouble {
    /// Deleted in the folder.
    Missing,
    TooLarge,
    /// A folder or a link stands there.
    Odd,
    Unreadable,
    Unwritable,
    /// It cannot be saved.
    Unsaved,
}

/// What of a conflict stays.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct FolderSettle {
    pub app: AppId,
    pub file: FileId,
    pub keep: FolderKeep,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FolderKeep {
    Slipway,
    Folder,
    /// What a person made of both.
    Merged {
        text: String,
    },
}

/// A file of the folder that Slipway does not know.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct FolderAdd {
    pub app: AppId,
    pub place: String,
}

/// The folders that are open, by app.
#[derive(Debug, Default)]
pub struct Folders(Mutex<HashMap<AppId, Opened>>);

/// One folder, and who follows it.
#[derive(Debug)]
struct Opened {
    state: Arc<State>,
    task: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct State {
    /// One look at a time.
    turn: tokio::sync::Mutex<()>,
    seen: Mutex<Seen>,
    wake: Notify,
}

impl State {
    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Folders {
    fn held(&self) -> MutexGuard<'_, HashMap<AppId, Opened>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self, app: &AppId) -> Option<Arc<State>> {
        self.held().get(app).map(|opened| opened.state.clone())
    }

    /// Looks at every folder again.
    pub(crate) fn wake(&self) {
        self.held().values().for_each(|opened| opened.state.wake.notify_one());
    }

    async fn forget(&self, app: &AppId) {
        let opened = self.held().remove(app);
        if let Some(opened) = opened {
            opened.task.abort();
            // Aborted or finished, it is over.
            let _ = opened.task.await;
        }
    }

    pub(crate) async fn stop(&self) {
        let all: Vec<_> = self.held().drain().collect();
        for (_, opened) in all {
            opened.task.abort();
            let _ = opened.task.await;
        }
    }
}

impl Engine {
    /// The folder that an app is opened as.
    pub async fn folder(&self, app: &AppId) -> Result<Option<FolderView>> {
        let Some(entry) = self.folder_entry(app).await? else { return Ok(None) };
        let files = u32::try_from(entry.files.len()).unwrap_or(u32::MAX);
        let seen = self.folders.state(app).map(|state| state.seen().clone()).unwrap_or_default();
        Ok(Some(seen.view(app, entry.path, files)))
    }

    /// Opens an app as a folder of its own below `parent`, named by its slug. A folder that stands there already is taken
    /// when nothing else is in it; none of its files is overwritten.
    ///
    /// # Errors
    /// `File` for a folder that can not be made, or has something else in it. Then nothing of it is left.
    pub async fn folder_open(&self, app: &AppId, parent: &Path) -> Result<FolderView> {
        let slug = self.app(app).await?.slug;
        let root = parent.join(slug.as_str());
        let Some(path) = root.to_str().map(str::to_owned) else {
            return Err(refused("open", &root, "the path is not UTF-8"));
        };
        let sources = self.folder_sources(app).await?;
        let at = root.clone();
        let made = off_thread(move || make(&at, &sources).map(|new| if new { sources.files } else { Vec::new() }));
        let known = made.await?.map_err(|error| refused("write", &root, &error.to_string()))?;
        self.folders.forget(app).await;
        let (of_app, at) = (app.clone(), path.clone());
        let stored = self.store.write(move |w| {
            w.put_folder(&of_app, &at)?;
            known.into_iter().try_for_each(|source| {
                let source::SourceFile { place: Place { file, place, .. }, bytes: base, .. } = source;
                w.put_folder_file(&of_app, &FolderFile { file, place, base })
            })
        });
        stored.await?;
        self.follow_folder(app);
        self.sync_folder(app).await?;
        self.folder(app).await?.ok_or_else(|| Error::not_found("folder", &path))
    }

    /// Follows the folder no more. What is on the disk stays.
    pub async fn folder_close(&self, app: &AppId) -> Result<()> {
        self.folders.forget(app).await;
        let app = app.clone();
        Ok(self.store.write(move |w| w.forget_folder(&app)).await?)
    }

    /// Writes what was deleted in the folder there again, the folder itself included.
    pub async fn folder_write(&self, app: &AppId) -> Result<()> {
        let Some(entry) = self.folder_entry(app).await? else { return Ok(()) };
        let root = PathBuf::from(&entry.path);
        let gone = off_thread(move || {
            std::fs::create_dir_all(&root).map_err(|error| refused("write", &root, &error.to_string()))?;
            let gone = |place: &str| disk::read(&root, place) == disk::Found::Nothing;
            Ok::<_, Error>(entry.files.into_iter().filter(|file| gone(&file.place)).collect::<Vec<_>>())
        });
        let gone = gone.await??;
        let of_app = app.clone();
        let forget = move |w: &mut slipway_store::Writer<'_>| {
            gone.iter().try_for_each(|file| w.forget_folder_file(&of_app, &file.file))
        };
        self.store.write(forget).await?;
        self.sync_folder(app).await
    }

    async fn folder_entry(&self, app: &AppId) -> Result<Option<slipway_store::FolderEntry>> {
        let app = app.clone();
        Ok(self.store.read(move |r| r.folder(&app)).await?)
    }

    /// Follows the folders that were open when Slipway ended.
    pub(crate) async fn resume_folders(&self) -> Result<()> {
        for app in self.store.read(|r| r.folders()).await? {
            self.follow_folder(&app);
        }
        Ok(())
    }

    fn follow_folder(&self, app: &AppId) {
        let state = Arc::new(State::default());
        let task = tokio::spawn(watch::follow(self.clone(), app.clone(), state.clone()));
        if let Some(before) = self.folders.held().insert(app.clone(), Opened { state, task }) {
            before.task.abort();
        }
    }

    fn announce_folder(&self, app: &AppId) {
        self.store.announce(vec![tag::folder(app)]);
    }
}

/// A new folder with everything in it; one that is there is looked at, and filled later. Whether it is new.
fn make(root: &Path, sources: &source::Sources) -> std::io::Result<bool> {
    if !root.try_exists()? {
        let files: Vec<_> = sources.files.iter().map(|file| (file.place.place.clone(), file.bytes.clone())).collect();
        return disk::create(root, &files).map(|()| true);
    }
    match disk::intruder(root, &sources.owners)? {
        None => Ok(false),
        Some(name) => {
            let reason = format!("something else is in this folder: {name}");
            Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, reason))
        }
    }
}

fn refused(operation: &'static str, path: &Path, reason: &str) -> Error {
    Error::File { operation, path: path.display().to_string(), reason: reason.to_owned() }
}

async fn off_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::File {
        operation: "look at",
        path: String::new(),
        reason: error.to_string(),
    })
}
