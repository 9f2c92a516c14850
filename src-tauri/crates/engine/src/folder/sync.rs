//! One look at a folder: every file on both sides, and what follows from it.

use super::disk::{self, Found};
use super::source::{SourceFile, Sources};
use super::step::{Step, step};
use super::{
    FolderAdd, FolderChange, FolderConflict, FolderKeep, FolderProblem, FolderSettle, FolderTrouble, FolderView,
    LeftOut, Place, off_thread, refused,
};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use slipway_model::config::CONTENT_MAX;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{AppId, FileId};
use slipway_render::diff::{self, Diff};
use slipway_render::merge::Merge;
use slipway_store::FolderFile;
use std::collections::{HashMap, VecDeque};
use std::path::{Path, PathBuf};

/// So many changes are remembered: all of them are versions of their files.
const CHANGES_KEPT: usize = 50;

/// What the last look saw.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Seen {
    gone: bool,
    pub(super) unwatched: Option<String>,
    left_out: Vec<LeftOut>,
    changes: VecDeque<FolderChange>,
    conflicts: Vec<Conflict>,
    problems: Vec<FolderProblem>,
    strangers: Vec<String>,
}

/// The sides that a person is shown, and decides on.
#[derive(Clone, Debug, PartialEq)]
struct Conflict {
    place: Place,
    merge: Option<Merge>,
    slipway: Vec<u8>,
    folder: Vec<u8>,
}

impl Seen {
    pub(super) fn view(self, app: &AppId, path: String, files: u32) -> FolderView {
        let conflict = |Conflict { place, merge, .. }| FolderConflict { place, merge };
        FolderView {
            app: app.clone(),
            path,
            gone: self.gone,
            unwatched: self.unwatched,
            files,
            left_out: self.left_out,
            changes: self.changes.into(),
            conflicts: self.conflicts.into_iter().map(conflict).collect(),
            problems: self.problems,
            strangers: self.strangers,
        }
    }
}

/// What one look adds up to.
#[derive(Default)]
struct Look {
    changes: Vec<FolderChange>,
    conflicts: Vec<Conflict>,
    problems: Vec<FolderProblem>,
}

impl Look {
    fn trouble(&mut self, place: &Place, what: FolderTrouble, reason: impl ToString) {
        self.problems.push(FolderProblem { place: place.clone(), what, reason: reason.to_string() });
    }
}

impl Engine {
    /// Looks at both sides of every file, and brings them together as far as nobody has to decide.
    pub(super) async fn sync_folder(&self, app: &AppId) -> Result<()> {
        let Some(state) = self.folders.state(app) else { return Ok(()) };
        let _turn = state.turn.lock().await;
        let Some(entry) = self.folder_entry(app).await? else { return Ok(()) };
        let sources = self.folder_sources(app).await?;
        let root = PathBuf::from(&entry.path);
        let places: Vec<String> = sources.files.iter().map(|file| file.place.place.clone()).collect();
        let at = root.clone();
        let on_disk = off_thread(move || {
            at.is_dir().then(|| {
                let found: Vec<Found> = places.iter().map(|place| disk::read(&at, place)).collect();
                (found, disk::strangers(&at, &places.into_iter().collect()))
            })
        });
        let before = state.seen().clone();
        let mut seen = Seen { left_out: sources.left_out.clone(), gone: true, ..before.clone() };
        if let Some((found, strangers)) = on_disk.await? {
            let look = self.look_at_folder(app, &root, &sources, found, entry.files).await?;
            seen.gone = false;
            seen.conflicts = look.conflicts;
            seen.problems = look.problems;
            seen.strangers = strangers;
            look.changes.into_iter().for_each(|change| seen.changes.push_front(change));
            seen.changes.truncate(CHANGES_KEPT);
        }
        let news = {
            let mut kept = state.seen();
            seen.unwatched.clone_from(&kept.unwatched);
            let news = *kept != seen;
            *kept = seen;
            news
        };
        if news {
            self.announce_folder(app);
        }
        Ok(())
    }

    async fn look_at_folder(
        &self,
        app: &AppId,
        root: &Path,
        sources: &Sources,
        found: Vec<Found>,
        bases: Vec<FolderFile>,
    ) -> Result<Look> {
        let mut bases: HashMap<FileId, FolderFile> = bases.into_iter().map(|base| (base.file.clone(), base)).collect();
        let mut look = Look::default();
        for (source, found) in sources.files.iter().zip(found) {
            // A group that got another name has another folder: what stands in the old one is no longer followed.
            let base = bases.remove(&source.place.file).filter(|base| base.place == source.place.place);
            let folder = match found {
                Found::Nothing => None,
                Found::File(bytes) => Some(bytes),
                Found::TooLarge => {
                    look.trouble(&source.place, FolderTrouble::TooLarge, "");
                    continue;
                }
                Found::Odd => {
                    look.trouble(&source.place, FolderTrouble::Odd, "");
                    continue;
                }
                Found::Failed(reason) => {
                    look.trouble(&source.place, FolderTrouble::Unreadable, reason);
                    continue;
                }
            };
            self.sync_file(app, root, source, base.map(|base| base.base), folder, &mut look).await?;
        }
        // What Slipway has no more stays in the folder, and becomes a stranger there.
        let gone: Vec<FileId> = bases.into_keys().collect();
        if !gone.is_empty() {
            let app = app.clone();
            self.store.write(move |w| gone.iter().try_for_each(|file| w.forget_folder_file(&app, file))).await?;
        }
        Ok(look)
    }

    /// Does what follows for one file. Whatever is not done is looked at again next time.
    async fn sync_file(
        &self,
        app: &AppId,
        root: &Path,
        source: &SourceFile,
        base: Option<Vec<u8>>,
        folder: Option<Vec<u8>>,
        look: &mut Look,
    ) -> Result<()> {
        let place = &source.place;
        match step(base.as_deref(), folder.as_deref(), &source.bytes) {
            Step::Agree => self.agree_on_file(app, place, source.bytes.clone()).await?,
            Step::Write => match put(root, place, source.bytes.clone(), folder).await? {
                Ok(true) => self.agree_on_file(app, place, source.bytes.clone()).await?,
                // Somebody wrote there a moment ago: the disk tells of it, and the next look sees it.
                Ok(false) => {}
                Err(error) => look.trouble(place, FolderTrouble::Unwritable, error),
            },
            Step::Take => {
                let bytes = folder.unwrap_or_default();
                if self.take_edit(source, &bytes, false, look).await {
                    self.agree_on_file(app, place, bytes).await?;
                }
            }
            // Slipway first: it has versions, so that both sides are kept whatever happens next.
            Step::Merge(text) if self.take_edit(source, text.as_bytes(), true, look).await => {
                let (merged, folder) = (text.into_bytes(), folder.unwrap_or_default());
                let written = put(root, place, merged.clone(), Some(folder.clone())).await?;
                // Until the folder has it too, what both have is what the folder has.
                let base = if matches!(written, Ok(true)) { merged } else { folder };
                self.agree_on_file(app, place, base).await?;
                if let Err(error) = written {
                    look.trouble(place, FolderTrouble::Unwritable, error);
                }
            }
            Step::Rest | Step::Merge(_) => {}
            Step::Conflict(merge) => look.conflicts.push(Conflict {
                place: place.clone(),
                merge,
                slipway: source.bytes.clone(),
                folder: folder.unwrap_or_default(),
            }),
            Step::Missing => look.trouble(place, FolderTrouble::Missing, ""),
        }
        Ok(())
    }

    /// Saves in Slipway what an editor made. Where Slipway has moved on meanwhile nothing is saved: the change that moved
    /// it wakes the next look.
    async fn take_edit(&self, source: &SourceFile, bytes: &[u8], merged: bool, look: &mut Look) -> bool {
        let place = &source.place;
        match self.take_from_folder(&place.file, &source.hash, bytes.to_owned()).await {
            Ok(true) => {
                let diff = compared(&source.bytes, bytes);
                look.changes.push(FolderChange { place: place.clone(), at: Timestamp::now(), merged, diff });
                true
            }
            Ok(false) => false,
            Err(error) => {
                look.trouble(place, FolderTrouble::Unsaved, error);
                false
            }
        }
    }

    /// Notes what both sides have now.
    async fn agree_on_file(&self, app: &AppId, place: &Place, base: Vec<u8>) -> Result<()> {
        let app = app.clone();
        let file = FolderFile { file: place.file.clone(), place: place.place.clone(), base };
        Ok(self.store.write(move |w| w.put_folder_file(&app, &file)).await?)
    }

    /// Ends a conflict as a person decided. Where a side has moved on since they saw it, nothing is done, and the
    /// conflict is another one.
    ///
    /// # Errors
    /// `NotFound` for a file that is in no conflict, `File` where the folder cannot be written.
    pub async fn folder_settle(&self, settle: &FolderSettle) -> Result<()> {
        let FolderSettle { app, file, keep } = settle;
        let unknown = || Error::not_found("file", file.as_str());
        let state = self.folders.state(app).ok_or_else(unknown)?;
        let entry = self.folder_entry(app).await?.ok_or_else(unknown)?;
        let conflict = state.seen().conflicts.iter().find(|conflict| conflict.place.file == *file).cloned();
        let conflict = conflict.ok_or_else(unknown)?;
        let turn = state.turn.lock().await;
        let Conflict { place, slipway, folder, .. } = conflict;
        let kept = match keep {
            FolderKeep::Slipway => slipway.clone(),
            FolderKeep::Folder => folder.clone(),
            FolderKeep::Merged { text } => text.clone().into_bytes(),
        };
        if kept.len() > CONTENT_MAX {
            let mut fields = Fields::new();
            fields.refuse("content", FieldCode::TooLarge).with("max", CONTENT_MAX).with("size", kept.len());
            return Err(Error::Invalid(fields.into_errors()));
        }
        // Slipway first: it has versions, so that both sides are kept whatever happens next.
        let expected = super::source::hash_of(&slipway);
        if kept == slipway || self.take_from_folder(file, &expected, kept.clone()).await? {
            let root = PathBuf::from(&entry.path);
            let written = kept == folder
                || match put(&root, &place, kept.clone(), Some(folder.clone())).await? {
                    Ok(written) => written,
                    Err(error) => return Err(refused("write", &root.join(&place.place), &error.to_string())),
                };
            // Until the folder has it too, what both have is what the folder has.
            match (written, kept == slipway) {
                (true, _) => self.agree_on_file(app, &place, kept).await?,
                (false, false) => self.agree_on_file(app, &place, folder).await?,
                (false, true) => {}
            }
        }
        drop(turn);
        self.sync_folder(app).await
    }

    /// Takes a file that Slipway did not know.
    ///
    /// # Errors
    /// `NotFound` where there is none, `Invalid` with `path` for one that is none or is taken, and `File` for one that cannot
    /// be read.
    pub async fn folder_add(&self, add: &FolderAdd) -> Result<FileId> {
        let unknown = || Error::not_found("file", &add.place);
        let entry = self.folder_entry(&add.app).await?.ok_or_else(unknown)?;
        let root = PathBuf::from(&entry.path);
        let (at, place) = (root.clone(), add.place.clone());
        let bytes = match off_thread(move || disk::read(&at, &place)).await? {
            Found::File(bytes) => bytes,
            Found::Nothing | Found::Odd => return Err(unknown()),
            Found::TooLarge => return Err(refused("read", &root.join(&add.place), "more than 900 KiB")),
            Found::Failed(reason) => return Err(refused("read", &root.join(&add.place), &reason)),
        };
        let id = self.add_from_folder(&add.app, &add.place, bytes).await?;
        self.sync_folder(&add.app).await?;
        Ok(id)
    }
}

/// Writes one file off the async threads.
async fn put(root: &Path, place: &Place, bytes: Vec<u8>, expected: Option<Vec<u8>>) -> Result<std::io::Result<bool>> {
    let (root, place) = (root.to_owned(), place.place.clone());
    off_thread(move || disk::write(&root, &place, &bytes, expected.as_deref())).await
}

fn compared(before: &[u8], after: &[u8]) -> Option<Diff> {
    Some(diff::texts(std::str::from_utf8(before).ok()?, std::str::from_utf8(after).ok()?))
}
