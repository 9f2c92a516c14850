//! The change feed: which tags each transaction changed, newest kept.

use crate::database::{Failure, Reader};
use crate::tag::Tag;
use rusqlite::{Connection, params};

pub(crate) const V1: &str = "CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tag TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;";

/// Rows that stay.
const KEPT: i64 = 10_000;

/// Appends tags; the last number given is the transaction's.
pub(crate) fn append(connection: &Connection, tags: &[Tag]) -> rusqlite::Result<i64> {
    let mut insert = connection.prepare_cached("INSERT INTO change (tag, at_ms) VALUES (?1, ?2)")?;
    for tag in tags {
        insert.execute(params![tag.as_str(), super::now()])?;
    }
    let seq = connection.last_insert_rowid();
    if !tags.is_empty() {
        connection.prepare_cached("DELETE FROM change WHERE seq <= ?1")?.execute([seq - KEPT])?;
    }
    Ok(seq)
}

impl Reader<'_> {
    /// Number of the last change; 0 when there was none.
    pub fn last_change(&self) -> Result<i64, Failure> {
        let sql = "SELECT coalesce(max(seq), 0) FROM change";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }

    /// The same of what groups inherit and use: of all but their own drafts, their releases, and what only this computer
    /// shows of them.
    pub fn last_change_around_groups(&self) -> Result<i64, Failure> {
        let sql = "SELECT coalesce(max(seq), 0) FROM change WHERE NOT (
                       tag IN ('apps', 'settings', 'keyring') OR tag LIKE 'release:%'
                       OR tag LIKE '%/groups' OR tag LIKE '%/releases'
                       OR (tag LIKE 'group:%' AND tag NOT LIKE '%/%'))";
        Ok(self.connection.prepare_cached(sql)?.query_row([], |row| row.get(0))?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreError;
    use crate::table::testing::store;
    use crate::tag;
    use slipway_model::setting::Settings;

    #[tokio::test]
    async fn the_feed_keeps_its_newest_rows_and_its_numbers_rise() {
        let (_folder, store) = store().await;
        let mut changes = store.changes();
        let mut last = 0;
        for _ in 0..3 {
            let many = |w: &mut crate::Writer<'_>| {
                (0..4_000).for_each(|n| w.touch(tag::app(&format!("{n}").into())));
                Ok(())
            };
            store.write(many).await.expect("a write");
            let told = changes.try_recv().expect("told");
            assert_eq!(told.tags.len(), 4_000);
            assert!(told.seq > last);
            last = told.seq;
        }
        let count = "SELECT count(*) FROM change";
        let kept: i64 = store.read(|r| Ok(r.connection.query_row(count, [], |row| row.get(0))?)).await.expect("read");
        assert_eq!(kept, KEPT);
        assert_eq!(store.read(|r| r.last_change()).await.expect("read"), last);
    }

    #[tokio::test]
    async fn a_write_that_fails_leaves_nothing_and_tells_nobody() {
        let (_folder, store) = store().await;
        let mut changes = store.changes();
        let failed: Result<(), _> = store
            .write(|w| {
                w.set_settings(&Settings { display_name: "half".to_owned(), ..Settings::default() })?;
                Err(StoreError::InUse { what: "test", count: 1 }.into())
            })
            .await;
        assert!(matches!(failed, Err(StoreError::InUse { .. })));
        assert!(changes.try_recv().is_err());
        assert_eq!(store.read(|r| r.settings()).await.expect("read"), Settings::default());
    }

    #[tokio::test]
    async fn a_write_that_panics_is_undone_and_the_next_one_works() {
        let (_folder, store) = store().await;
        let writer = store.clone();
        let panicked = tokio::spawn(async move {
            writer
                .write(|w| -> Result<(), _> {
                    w.set_settings(&Settings { display_name: "half".to_owned(), ..Settings::default() })?;
                    panic!("in the middle of a write")
                })
                .await
        });
        assert!(panicked.await.expect_err("the panic goes on to the caller").is_panic());
        assert_eq!(store.read(|r| r.settings()).await.expect("read"), Settings::default());
        store.write(|w| w.set_settings(&Settings::default())).await.expect("the next write");
    }
}
