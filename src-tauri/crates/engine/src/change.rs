//! The feed `changes`: tags as they change, for the caches of all windows.

use crate::Engine;
use crate::live::{Live, Row, Trust};
use serde::Serialize;
use tokio::sync::broadcast::error::RecvError;
use ts_rs::TS;

/// Stands for every tag: some changes were missed.
pub const ALL: &str = "*";

/// One tag that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangeRow {
    /// Number of the change.
    pub id: String,
    pub tag: String,
}

impl Row for ChangeRow {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Engine {
    /// Tags as they change, from now on.
    pub fn live_changes(&self) -> Live<ChangeRow> {
        let mut changes = self.store.changes();
        Live::start(|mut sender| async move {
            let mut number = 0_u64;
            let mut open = sender.trust(Trust::Live).await;
            while open {
                let tags: Vec<String> = match changes.recv().await {
                    Ok(change) => change.tags.into_iter().map(String::from).collect(),
                    Err(RecvError::Lagged(_)) => vec![ALL.to_owned()],
                    Err(RecvError::Closed) => return,
                };
                let rows = tags.into_iter().map(|tag| {
                    number += 1;
                    ChangeRow { id: number.to_string(), tag }
                });
                // Each row is news by itself: none is kept.
                open = sender.tell(rows.collect()).await;
            }
        })
    }
}
