//! Three rotating copies of the database: drafts exist nowhere else.

use crate::error::StoreError;
use crate::opening::{check, connect, suspect, with_suffix};
use rusqlite::backup::Backup;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Copies that stay, the newest with number 1.
const KEPT: u32 = 3;
const EVERY: Duration = Duration::from_hours(24);
/// All pages in one step: the copy is of one moment, and writers do not make it begin again.
const PAGES: i32 = i32::MAX;

fn copy(path: &Path, n: u32) -> PathBuf {
    with_suffix(path, &format!(".backup-{n}"))
}

/// Copies the database aside, when the newest copy is a day old, on a thread of its own: a start does not wait for it.
pub(crate) fn back_up_daily(path: &Path) {
    let age = copy(path, 1).metadata().and_then(|file| file.modified()).ok();
    if age.and_then(|made| SystemTime::now().duration_since(made).ok()).is_some_and(|age| age < EVERY) {
        return;
    }
    // Connected here and now: by the time the thread runs, another file may stand at this path.
    let connection = match connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY) {
        Ok(connection) => connection,
        Err(error) => return tracing::warn!(%error, "no copy of the database was made today"),
    };
    let path = path.to_owned();
    std::thread::spawn(move || {
        if let Err(error) = back_up(&connection, &path) {
            if error.is_damage() {
                suspect(&path);
            }
            tracing::warn!(%error, "no copy of the database was made today");
        }
    });
}

/// Copies the database aside. A damaged one is not copied, and a copy that fails pushes out no earlier one.
pub(crate) fn back_up(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    check(connection, path)?;
    let unfinished = with_suffix(path, ".backup-unfinished");
    remove(&unfinished)?;
    let failed = |source| StoreError::sqlite("back up the database to", &unfinished, source);
    let mut target = Connection::open(&unfinished).map_err(failed)?;
    Backup::new(connection, &mut target)
        .and_then(|backup| backup.run_to_completion(PAGES, Duration::ZERO, None))
        .map_err(failed)?;
    target.close().map_err(|(_, source)| failed(source))?;
    for n in (1..KEPT).rev().filter(|n| copy(path, *n).exists()) {
        rename(&copy(path, n), &copy(path, n + 1))?;
    }
    rename(&unfinished, &copy(path, 1))
}

fn rename(from: &Path, to: &Path) -> Result<(), StoreError> {
    std::fs::rename(from, to).map_err(|source| StoreError::file("rename the backup", from, source))
}

fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
            Err(StoreError::file("remove the unfinished backup", path, source))
        }
        _ => Ok(()),
    }
}
