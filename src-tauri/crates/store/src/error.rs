//! What can be wrong with a data folder, its database, or a write.

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    #[error("the data folder {} cannot be written: {reason}", path.display())]
    NotWritable { path: PathBuf, reason: String },
    #[error("no room left on the disk of {}", path.display())]
    Full { path: PathBuf },
    /// Refused untouched.
    #[error("the database {} has version {found}; this Slipway knows {known}", path.display())]
    Newer { path: PathBuf, found: u32, known: u32 },
    /// A unique value exists already; `what` is `app.slug`, `balancer.name`, `file.path`, `group.name`, `cluster.name` or `cluster.namespace`.
    #[error("{what} is taken")]
    Taken { what: &'static str },
    #[error("{what} is in use {count} times")]
    InUse { what: &'static str, count: u32 },
    #[error("the store is closed")]
    Closed,
    #[error("{operation} {}: {source}", path.display())]
    Sqlite { operation: &'static str, path: PathBuf, source: rusqlite::Error },
    #[error("read a stored {what}: {source}")]
    Body { what: &'static str, source: serde_json::Error },
    #[error("{operation} {}: {source}", path.display())]
    File { operation: &'static str, path: PathBuf, source: std::io::Error },
}

/// The columns that are unique and what the rest of the house calls it. `SQLite` names columns, not the index.
const UNIQUE: &[(&str, &str)] = &[
    ("app.slug", "app.slug"),
    ("balancer.app, balancer.name", "balancer.name"),
    ("index 'config_file_path'", "file.path"),
    ("group_draft.app, group_draft.name", "group.name"),
    ("link.name", "cluster.name"),
    ("link.namespace_uid", "cluster.namespace"),
];

impl StoreError {
    pub(crate) fn sqlite(operation: &'static str, path: &Path, source: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if let rusqlite::Error::SqliteFailure(failure, message) = &source {
            match failure.code {
                ErrorCode::DiskFull => return Self::Full { path },
                // The shared memory beside the file could not be made as long as it must be.
                ErrorCode::SystemIoFailure if failure.extended_code == SQLITE_IOERR_SHMSIZE => {
                    return Self::Full { path };
                }
                ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied => {
                    return Self::NotWritable { path, reason: source.to_string() };
                }
                ErrorCode::ConstraintViolation => {
                    let columns = message.as_deref().and_then(|text| text.strip_prefix("UNIQUE constraint failed: "));
                    if let Some((_, what)) = UNIQUE.iter().find(|(unique, _)| columns == Some(unique)) {
                        return Self::Taken { what };
                    }
                }
                _ => {}
            }
        }
        Self::Sqlite { operation, path, source }
    }

    pub(crate) fn file(operation: &'static str, path: &Path, source: std::io::Error) -> Self {
        let path = path.to_owned();
        match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Self::Full { path },
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem | ErrorKind::NotADirectory => {
                Self::NotWritable { path, reason: source.to_string() }
            }
            _ => Self::File { operation, path, source },
        }
    }

    /// The bytes of the file are not those of a sound database.
    pub(crate) fn is_damage(&self) -> bool {
        let Self::Sqlite { source: rusqlite::Error::SqliteFailure(failure, _), .. } = self else { return false };
        matches!(failure.code, ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_unique_value_is_named_and_not_mistaken_for_another() {
        for (unique, what) in UNIQUE {
            let failure = rusqlite::Error::SqliteFailure(
                rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE),
                Some(format!("UNIQUE constraint failed: {unique}")),
            );
            let error = StoreError::sqlite("write", Path::new("x"), failure);
            assert!(matches!(&error, StoreError::Taken { what: named } if named == what), "{unique}: {error}");
        }
    }
}
