//! Live rows: what a feed of the window is made of. A task watches, a receiver hands over, dropping it ends the task.

use crate::error::Error;
use jiff::Timestamp;
use slipway_store::{Changes, Tag};
use std::collections::BTreeMap;
use tokio::sync::{broadcast, mpsc};
use tokio::task::JoinHandle;

/// Updates that may wait for a slow window before the watching task waits with them.
const BACKLOG: usize = 64;

/// How much the rows of a feed can be believed.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The first list is not complete: no row does not mean none.
    Loading,
    Live,
    Stale {
        since: Timestamp,
        retry_at: Option<Timestamp>,
        reason: String,
    },
    Failed(Error),
}

/// Something with an identity in a feed.
pub trait Row: Clone + PartialEq + Send + 'static {
    fn id(&self) -> &str;
}

/// What changed since the update before.
#[derive(Clone, Debug)]
pub struct Update<R> {
    pub upserts: Vec<R>,
    pub removes: Vec<String>,
    /// `None`: as before.
    pub trust: Option<Trust>,
}

impl<R> Update<R> {
    pub fn trust(trust: Trust) -> Self {
        Self { upserts: Vec::new(), removes: Vec::new(), trust: Some(trust) }
    }
}

/// The receiving end of a live view.
#[derive(Debug)]
pub struct Live<R> {
    updates: mpsc::Receiver<Update<R>>,
    task: JoinHandle<()>,
}

impl<R: Row> Live<R> {
    /// Runs `watch` until it ends or this is dropped.
    pub(crate) fn start<F>(watch: impl FnOnce(Sender<R>) -> F) -> Self
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let (sender, updates) = mpsc::channel(BACKLOG);
        let task = tokio::spawn(watch(Sender { updates: sender, rows: BTreeMap::new() }));
        Self { updates, task }
    }

    /// The next update; `None` when the source has ended for good.
    pub async fn next(&mut self) -> Option<Update<R>> {
        self.updates.recv().await
    }
}

impl<R> Drop for Live<R> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The sending end: remembers the rows it has sent, so that only real changes travel.
#[derive(Debug)]
pub(crate) struct Sender<R> {
    updates: mpsc::Sender<Update<R>>,
    rows: BTreeMap<String, R>,
}

impl<R: Row> Sender<R> {
    /// Makes `rows` the whole of the view. Returns false when nobody listens any more.
    pub(crate) async fn replace(&mut self, rows: Vec<R>, trust: Option<Trust>) -> bool {
        let new: BTreeMap<String, R> = rows.into_iter().map(|row| (row.id().to_owned(), row)).collect();
        let removes: Vec<String> = self.rows.keys().filter(|id| !new.contains_key(*id)).cloned().collect();
        let upserts: Vec<R> =
            new.iter().filter(|(id, row)| self.rows.get(*id) != Some(row)).map(|(_, row)| row.clone()).collect();
        self.rows = new;
        self.send(Update { upserts, removes, trust }).await
    }

    /// Sends rows that are not kept: each is news by itself.
    pub(crate) async fn tell(&mut self, rows: Vec<R>) -> bool {
        self.send(Update { upserts: rows, removes: Vec::new(), trust: None }).await
    }

    /// Says how much the rows can be believed.
    pub(crate) async fn trust(&self, trust: Trust) -> bool {
        self.updates.send(Update::trust(trust)).await.is_ok()
    }

    async fn send(&self, update: Update<R>) -> bool {
        if update.upserts.is_empty() && update.removes.is_empty() && update.trust.is_none() {
            return !self.updates.is_closed();
        }
        self.updates.send(update).await.is_ok()
    }
}

/// Waits until `tag` changes. False when the store is closed.
pub(crate) async fn changed(changes: &mut broadcast::Receiver<Changes>, tag: &Tag) -> bool {
    any_changed(changes, std::slice::from_ref(tag)).await
}

/// Waits until one of `tags` changes; also after a gap, because it may have been in it. False when the store is closed.
pub(crate) async fn any_changed(changes: &mut broadcast::Receiver<Changes>, tags: &[Tag]) -> bool {
    loop {
        match changes.recv().await {
            Ok(change) if change.tags.iter().any(|tag| tags.contains(tag)) => return true,
            Ok(_) => {}
            Err(broadcast::error::RecvError::Lagged(_)) => return true,
            Err(broadcast::error::RecvError::Closed) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Clone, Debug, PartialEq)]
    struct Number(String, u32);

    impl Row for Number {
        fn id(&self) -> &str {
            &self.0
        }
    }

    fn row(id: &str, n: u32) -> Number {
        Number(id.to_owned(), n)
    }

    #[tokio::test]
    async fn only_changes_travel() {
        let mut live = Live::start(|mut sender| async move {
            sender.replace(vec![row("a", 1), row("b", 1)], Some(Trust::Live)).await;
            sender.replace(vec![row("a", 1), row("b", 2), row("c", 3)], None).await;
            sender.replace(vec![row("a", 1), row("b", 2), row("c", 3)], None).await;
            sender.replace(vec![row("c", 3)], None).await;
        });
        let first = live.next().await.expect("first");
        assert_eq!(first.upserts, [row("a", 1), row("b", 1)]);
        let second = live.next().await.expect("second");
        assert_eq!((second.upserts, second.removes.len()), (vec![row("b", 2), row("c", 3)], 0));
        let third = live.next().await.expect("the unchanged view is not sent");
        assert_eq!(third.removes, ["a", "b"]);
        assert!(live.next().await.is_none());
    }
}
