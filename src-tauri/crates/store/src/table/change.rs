//! The change feed: which tags each transaction changed, newest kept.

use crate::tag::Tag;
use rusqlite::{Connection, Result, params};

pub(crate) const V1: &str = "CREATE TABLE change (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    tag TEXT NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT;";

/// Rows that stay.
const KEPT: i64 = 10_000;

/// Appends tags; the last number given is the transaction's.
pub(crate) fn append(connection: &Connection, tags: &[Tag]) -> Result<i64> {
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
