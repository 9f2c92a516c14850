//! A file a table: its columns, its rows, its queries, its tests.

pub(crate) mod app;
pub(crate) mod artifact;
pub(crate) mod balancer;
pub(crate) mod change;
pub(crate) mod computer;
pub(crate) mod config;
pub(crate) mod deletion;
pub(crate) mod environment;
pub(crate) mod folder;
pub(crate) mod group;
pub(crate) mod link;
pub(crate) mod registry;
pub(crate) mod release;
pub(crate) mod secret;
pub(crate) mod setting;
pub(crate) mod train;
pub(crate) mod unused;
pub(crate) mod usage;
pub(crate) mod value;

use crate::database::Failure;
use crate::error::StoreError;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

/// A stored JSON body.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|source| StoreError::Body { what, source }.into())
}

pub(crate) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|source| StoreError::Body { what, source }.into())
}

/// Bodies above this are compressed, bytes: to a third or less, which backups pay for three times over.
const PLAIN_MAX: usize = 1024;
/// First bytes of a zstd frame: no JSON begins with them.
const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A body as it is stored.
pub(crate) fn pack(what: &'static str, json: Vec<u8>) -> Result<Vec<u8>, Failure> {
    if json.len() <= PLAIN_MAX {
        return Ok(json);
    }
    zstd::encode_all(json.as_slice(), 0).map_err(|error| compression(what, error))
}

pub(crate) fn unpack<'b>(what: &'static str, body: &'b [u8]) -> Result<Cow<'b, [u8]>, Failure> {
    if body.starts_with(&ZSTD_MAGIC) {
        return zstd::decode_all(body).map(Cow::Owned).map_err(|error| compression(what, error));
    }
    Ok(Cow::Borrowed(body))
}

fn compression(what: &'static str, error: std::io::Error) -> Failure {
    StoreError::Body { what, source: serde_json::Error::io(error) }.into()
}

/// UTC milliseconds now.
pub(crate) fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

/// How long what was deleted can be had back.
pub const UNDO: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Deletes a row so that it can be had back: it stays, and is seen no more.
pub(crate) fn delete(connection: &Connection, table: &str, id: &str) -> rusqlite::Result<()> {
    let sql = format!("UPDATE {table} SET deleted_ms = ?2 WHERE id = ?1");
    connection.execute(&sql, params![id, now()]).map(drop)
}

/// Has a row back. What is unique among those that are seen may be taken by now.
pub(crate) fn restore(connection: &Connection, table: &str, id: &str) -> rusqlite::Result<()> {
    let sql = format!("UPDATE {table} SET deleted_ms = NULL WHERE id = ?1");
    connection.execute(&sql, [id]).map(drop)
}

/// UTC milliseconds: what was deleted before can be had back no more.
pub(crate) fn undone_before() -> i64 {
    (Timestamp::now() - UNDO).as_millisecond()
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::{Failure, Reader, Store, Tag, Writer};

    /// The steps by which a query is answered.
    pub(crate) fn plan(r: &Reader<'_>, sql: &str) -> Result<Vec<String>, Failure> {
        let mut query = r.connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}"))?;
        let parameters = vec![rusqlite::types::Null; query.parameter_count()];
        let rows = query.query_map(rusqlite::params_from_iter(parameters), |row| row.get("detail"))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub(crate) async fn store() -> (tempfile::TempDir, Store) {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::open(folder.path()).await.expect("a new store").store;
        (folder, store)
    }

    /// The tags that a write publishes.
    pub(crate) async fn tags_of(
        store: &Store,
        write: impl FnOnce(&mut Writer<'_>) -> Result<(), Failure> + Send + 'static,
    ) -> Vec<Tag> {
        let mut changes = store.changes();
        store.write(write).await.expect("a write");
        changes.try_recv().expect("published before the write is answered").tags
    }
}
