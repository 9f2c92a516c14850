//! Numbered steps from an empty file to today's tables. Forward only; a step that was released never changes.

use crate::error::StoreError;
use crate::table;
use rusqlite::Connection;
use std::path::Path;

/// Step n makes version n + 1. Each room of `table` gives its part.
const STEPS: &[&[&str]] = &[
    &[
        table::change::V1,
        table::environment::V1,
        table::app::V1,
        table::link::V1,
        table::group::V1,
        table::release::V1,
        table::setting::V1,
        table::secret::V1,
    ],
    &[
        table::balancer::V2,
        table::registry::V2,
        table::folder::V2,
        table::config::V2,
        table::config::VERSIONS_V2,
        table::value::V2,
        table::deletion::V2,
    ],
    &[table::group::V3, table::release::V3, table::config::V3],
    &[table::unused::V4],
    &[table::release::FILES_V5, table::group::V5, table::artifact::V5, table::registry::V5],
    &[table::release::SEARCH_V6],
    &[table::release::V7, table::computer::V7],
    &[table::usage::V8],
    &[table::train::V9],
];

/// Newest version this code writes.
pub(crate) fn newest() -> u32 {
    u32::try_from(STEPS.len()).expect("a handful of steps")
}

/// Version of an opened file; 0 for a new one.
pub(crate) fn version(connection: &Connection, path: &Path) -> Result<u32, StoreError> {
    connection
        .query_row("PRAGMA user_version", [], |row| row.get(0))
        .map_err(|source| StoreError::sqlite("read the version of the database", path, source))
}

/// Brings a file to today's version.
pub(crate) fn migrate(connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    migrate_to(newest(), connection, path)
}

/// Brings a file to a version, one transaction a step.
pub(crate) fn migrate_to(wanted: u32, connection: &mut Connection, path: &Path) -> Result<(), StoreError> {
    let failed = |source| StoreError::sqlite("bring the database up to date", path, source);
    let found = version(connection, path)?;
    if found > newest() {
        return Err(StoreError::Newer { path: path.to_owned(), found, known: newest() });
    }
    for (step, parts) in (1..=wanted).zip(STEPS).skip(found as usize) {
        let transaction = connection.transaction().map_err(failed)?;
        for part in *parts {
            transaction.execute_batch(part).map_err(failed)?;
        }
        if step == 1 {
            table::environment::seed(&transaction).map_err(failed)?;
        }
        if step == 5 {
            table::artifact::seed(&transaction).map_err(failed)?;
        }
        if step == 6 {
            table::release::seed(&transaction).map_err(failed)?;
        }
        transaction.pragma_update(None, "user_version", step).map_err(failed)?;
        transaction.commit().map_err(failed)?;
    }
    Ok(())
}
