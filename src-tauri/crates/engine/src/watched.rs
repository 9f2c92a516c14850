//! The rows of one watch as they are now, and how far they can be believed.

use crate::error::Error;
use crate::live::Trust;
use slipway_cluster::{Row, Subscription, Update};
use std::collections::HashMap;
use std::sync::Arc;

#[derive(Debug)]
pub(crate) struct Kept<R: Row> {
    source: Subscription<R>,
    rows: HashMap<String, Arc<R>>,
    trust: Trust,
}

impl<R: Row> Kept<R> {
    pub(crate) fn new(source: Subscription<R>) -> Self {
        Self { source, rows: HashMap::new(), trust: Trust::Loading }
    }

    /// Waits for one update. For ever once the session has ended: who holds this is told of that otherwise. Dropping
    /// the future loses nothing.
    pub(crate) async fn changed(&mut self) {
        match self.source.next().await {
            Some(update) => self.take(update),
            None => std::future::pending().await,
        }
    }

    fn take(&mut self, update: Update<R>) {
        match update {
            Update::Snapshot { rows, complete } => {
                self.rows = rows.into_iter().map(|row| (row.uid().to_owned(), row)).collect();
                self.trust = if complete { Trust::Live } else { Trust::Loading };
            }
            Update::Upsert(rows) => self.rows.extend(rows.into_iter().map(|row| (row.uid().to_owned(), row))),
            Update::Remove(uids) => self.rows.retain(|uid, _| !uids.contains(uid)),
            Update::Live => self.trust = Trust::Live,
            Update::Stale { since, reason } => self.trust = Trust::Stale { since, retry_at: None, reason },
            Update::Failed(error) => self.trust = Trust::Failed(Error::Cluster(error)),
        }
    }

    /// In no order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = &R> {
        self.rows.values().map(AsRef::as_ref)
    }

    /// The same, to be kept.
    pub(crate) fn shared(&self) -> impl Iterator<Item = &Arc<R>> {
        self.rows.values()
    }

    pub(crate) fn get(&self, uid: &str) -> Option<&Arc<R>> {
        self.rows.get(uid)
    }

    pub(crate) fn has(&self, uid: &str) -> bool {
        self.rows.contains_key(uid)
    }

    pub(crate) fn trust(&self) -> Trust {
        self.trust.clone()
    }

    /// Whether the list is complete and followed just now.
    pub(crate) fn live(&self) -> bool {
        matches!(self.trust, Trust::Live)
    }
}
