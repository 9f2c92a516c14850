//! Who follows a folder: looks again when the disk or Slipway says that something changed.

use super::State;
use crate::Engine;
use crate::tag;
use notify_debouncer_full::file_id::{FileId, get_file_id};
use notify_debouncer_full::notify::event::{AccessKind, AccessMode, EventKind};
use notify_debouncer_full::notify::{self, RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};
use slipway_model::id::AppId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast::error::RecvError;

/// An editor that replaces a file by another takes less than this from the first step to the last.
const DEBOUNCE: Duration = Duration::from_millis(300);

type Watcher = Debouncer<RecommendedWatcher, RecommendedCache>;

/// A watch, and the folder that it was put on. One that was deleted and made again needs another.
struct Watched {
    root: PathBuf,
    id: Option<FileId>,
    /// Watches as long as it lives.
    _watcher: Watcher,
}

/// Runs until it is aborted, or the folder is opened no more.
pub(super) async fn follow(engine: Engine, app: AppId, state: Arc<State>) {
    let mut changes = engine.store.changes();
    let mut watched: Option<Watched> = None;
    while let Ok(Some(entry)) = engine.folder_entry(&app).await {
        let root = PathBuf::from(entry.path);
        let id = get_file_id(&root).ok();
        if watched.as_ref().is_none_or(|watched| watched.root != root || watched.id != id) {
            let woken = state.clone();
            // The look that follows sees what happened before the watch began.
            match watch(&root, move || woken.wake.notify_one()) {
                Ok(watcher) => {
                    watched = Some(Watched { root, id, _watcher: watcher });
                    state.seen().unwatched = None;
                }
                Err(error) => {
                    watched = None;
                    state.seen().unwatched = Some(error.to_string());
                }
            }
        }
        if let Err(error) = engine.sync_folder(&app).await {
            tracing::warn!(%app, %error, "a folder could not be looked at");
        }
        wait(&state, &mut changes, &app).await;
    }
}

/// Until the disk, Slipway or the window gives a reason to look.
async fn wait(state: &State, changes: &mut tokio::sync::broadcast::Receiver<slipway_store::Changes>, app: &AppId) {
    let mine = [tag::config(app), tag::groups(app), tag::app(app)];
    loop {
        tokio::select! {
            () = state.wake.notified() => return,
            change = changes.recv() => match change {
                Ok(change) if change.tags.iter().any(|tag| mine.contains(tag)) => return,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => return,
                // The store is closed: what follows is the end.
                Err(RecvError::Closed) => std::future::pending().await,
            },
        }
    }
}

/// Watches the folder with all below it, and its parent for the folder itself to go and come.
fn watch(root: &Path, wake: impl Fn() + Send + 'static) -> notify::Result<Watcher> {
    let below = root.to_owned();
    let told = move |result: DebounceEventResult| {
        let news = match result {
            Ok(events) => events.iter().any(|event| {
                // Looking at a file is an event, too: ours would wake us for ever.
                let looked =
                    matches!(event.kind, EventKind::Access(kind) if kind != AccessKind::Close(AccessMode::Write));
                !looked && event.paths.iter().any(|path| path.starts_with(&below))
            }),
            // Events were lost.
            Err(_) => true,
        };
        if news {
            wake();
        }
    };
    let mut watcher = new_debouncer(DEBOUNCE, None, told)?;
    if root.is_dir() {
        watcher.watch(root, RecursiveMode::Recursive)?;
    }
    if let Some(parent) = root.parent().filter(|parent| parent.is_dir()) {
        watcher.watch(parent, RecursiveMode::NonRecursive)?;
    }
    Ok(watcher)
}
