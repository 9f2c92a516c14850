//! A file a table: its columns, its rows, its queries, its tests.

pub(crate) mod app;
pub(crate) mod balancer;
pub(crate) mod change;
pub(crate) mod environment;
pub(crate) mod group;
pub(crate) mod link;
pub(crate) mod release;
pub(crate) mod secret;
pub(crate) mod setting;

use crate::database::Failure;
use crate::error::StoreError;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A stored JSON body.
pub(crate) fn from_json<T: DeserializeOwned>(what: &'static str, text: &[u8]) -> Result<T, Failure> {
    serde_json::from_slice(text).map_err(|source| StoreError::Body { what, source }.into())
}

pub(crate) fn to_json<T: Serialize>(what: &'static str, value: &T) -> Result<Vec<u8>, Failure> {
    serde_json::to_vec(value).map_err(|source| StoreError::Body { what, source }.into())
}

/// UTC milliseconds now.
pub(crate) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

#[cfg(test)]
pub(crate) mod testing {
    use crate::{Failure, Store, Tag, Writer};

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
