//! Opening the file of a data folder: refused when newer, set aside when damaged, brought up to date when older.

use crate::backup;
use crate::error::StoreError;
use crate::migration;
use crate::table;
use jiff::Timestamp;
use rusqlite::{Connection, OpenFlags};
use std::path::{Path, PathBuf};
use std::time::Duration;

const FILE: &str = "slipway.db";
/// Stands beside a file that was found damaged in use, or whose daily copy failed its check.
const SUSPECT: &str = "-suspect";

/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// Path and writing connection of a folder's database, and where a damaged one was put.
pub(crate) fn open(folder: &Path) -> Result<(PathBuf, Connection, Option<PathBuf>), StoreError> {
    std::fs::create_dir_all(folder).map_err(|source| match source.kind() {
        // What the error of a path below a file is called differs between systems.
        std::io::ErrorKind::AlreadyExists => {
            StoreError::NotWritable { path: folder.to_owned(), reason: "it is a file, not a folder".to_owned() }
        }
        _ => StoreError::file("make the data folder", folder, source),
    })?;
    let path = folder.join(FILE);
    match open_file(&path) {
        Ok(connection) => Ok((path, connection, None)),
        Err(error) if error.is_damage() => {
            tracing::error!(%error, "the database is damaged");
            let aside = set_aside(&path)?;
            let connection = open_file(&path)?;
            Ok((path, connection, Some(aside)))
        }
        Err(error) => Err(error),
    }
}

fn open_file(path: &Path) -> Result<Connection, StoreError> {
    let known = path.metadata().is_ok_and(|file| file.len() > 0);
    let outdated = known && look(path)? < migration::newest();
    let failed = |source| StoreError::sqlite("open the database", path, source);
    let mut connection = connect(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)?;
    connection.pragma_update(None, "journal_mode", "WAL").map_err(failed)?;
    // A release's next step is written before it is acted on: it must outlive a power cut.
    connection.pragma_update(None, "synchronous", "FULL").map_err(failed)?;
    if outdated {
        backup::back_up(&connection, path)?;
    } else if known {
        backup::back_up_daily(path);
    }
    migration::migrate(&mut connection, path)?;
    table::group::forget_deleted(&connection).map_err(failed)?;
    table::balancer::forget_deleted(&connection).map_err(failed)?;
    table::config::forget_deleted(&connection).map_err(failed)?;
    Ok(connection)
}

/// Version of an existing file that may be opened. Nothing is written to it before this says so.
fn look(path: &Path) -> Result<u32, StoreError> {
    let unfinished = with_suffix(path, "-wal").metadata().is_ok_and(|file| file.len() > 0);
    let suspect = with_suffix(path, SUSPECT);
    let connection = connect(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let found = migration::version(&connection, path)?;
    if found > migration::newest() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: migration::newest() });
    }
    // Every page is read only where there is a reason to: with years of history that takes longer than a start may.
    if unfinished || suspect.exists() {
        check(&connection, path)?;
        if suspect.exists() {
            std::fs::remove_file(&suspect)
                .map_err(|source| StoreError::file("clear the suspicion of", &suspect, source))?;
        }
    }
    Ok(found)
}

/// Reads every page.
pub(crate) fn check(connection: &Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::sqlite("look through the database", path, source);
    let verdict: String = connection.query_row("PRAGMA quick_check(1)", [], |row| row.get(0)).map_err(failed)?;
    if verdict == "ok" {
        return Ok(());
    }
    let damage = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CORRUPT);
    Err(failed(rusqlite::Error::SqliteFailure(damage, Some(verdict))))
}

/// Has the file looked through when it is opened next.
pub(crate) fn suspect(path: &Path) {
    if let Err(error) = std::fs::File::create(with_suffix(path, SUSPECT)) {
        tracing::warn!(%error, "the damaged database could not be marked");
    }
}

pub(crate) fn connect(path: &Path, flags: OpenFlags) -> Result<Connection, StoreError> {
    let failed = |source| StoreError::sqlite("open the database", path, source);
    let connection = Connection::open_with_flags(path, flags | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(failed)?;
    connection.busy_timeout(PATIENCE).map_err(failed)?;
    connection.pragma_update(None, "foreign_keys", true).map_err(failed)?;
    // What becomes sensitive must not stay readable in pages that are free.
    connection.pragma_update(None, "secure_delete", true).map_err(failed)?;
    Ok(connection)
}

/// Moves the file and its companions to a name that says what and since when they are.
fn set_aside(path: &Path) -> Result<PathBuf, StoreError> {
    let stamp = Timestamp::now().strftime("%Y%m%d-%H%M%S%3f").to_string();
    let aside = with_suffix(path, &format!(".corrupt-{stamp}"));
    // The companions first: a new file beside an old -wal would be damaged again.
    for suffix in ["-wal", "-shm", SUSPECT, ""] {
        let from = with_suffix(path, suffix);
        match std::fs::rename(&from, with_suffix(&aside, suffix)) {
            Err(source) if source.kind() != std::io::ErrorKind::NotFound => {
                return Err(StoreError::file("set aside", &from, source));
            }
            _ => {}
        }
    }
    tracing::warn!(aside = %aside.display(), "the damaged database is set aside");
    Ok(aside)
}

pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
