//! List, then watch, for ever: through expired versions, ended and cut streams, and servers that fall silent.
//!
//! kube's own watcher does not say when a failed watch is back, cannot fall back from streaming lists, and waits five
//! minutes for a silent one; the rows here carry how far they can be believed.

use super::Row;
use super::rows::Rows;
use crate::backoff::about;
use crate::objects::{Kind, PAGE};
use crate::session::Core;
use crate::{ClusterError, Connection};
use futures::StreamExt as _;
use jiff::Timestamp;
use kube::api::{ListParams, WatchParams};
use kube::core::{Request, Status, WatchEvent};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::{Instant, sleep, timeout};

/// How long the server keeps a watch open, seconds.
const WATCH_SECONDS: u32 = 290;
/// A watch without a word for this long is opened anew. Bookmarks come about once a minute.
const IDLE: Duration = Duration::from_secs(75);
/// What changed before a watch was opened is sent first, and without a pause: rows are of now after so long without a
/// word, or where there is no such silence, after so long in all.
const QUIET: Duration = Duration::from_millis(100);
const CAUGHT_UP: Duration = Duration::from_secs(1);
/// Opening a watch, or reading one page.
const OPEN: Duration = Duration::from_secs(10);
const BACKOFF_FIRST: Duration = Duration::from_millis(250);
const BACKOFF_MAX: Duration = Duration::from_secs(20);
/// A refusal is the cluster's word: asking again is only for rights that were given meanwhile.
const REFUSED_AGAIN: Duration = Duration::from_mins(1);
/// Between two watches that ended well.
const REOPEN: Duration = Duration::from_secs(1);

/// An object as it is sent, with only the fields that a row is made of.
pub(crate) trait Wire: DeserializeOwned + Clone + Send + Sync + 'static {
    type Row: Row;
    const KIND: Kind;
    /// Whether more than the metadata is sent.
    const WHOLE: bool = true;
    fn uid(&self) -> &str;
    fn resource_version(&self) -> &str;
    fn into_row(self) -> Self::Row;
}

/// Keeps `rows` as the cluster has them until the session ends.
pub(crate) async fn follow<W: Wire>(core: Arc<Core>, selector: String, rows: Arc<Rows<W::Row>>) {
    let name = format!("{} {selector}", W::KIND);
    let stop = core.stop.clone();
    let mut follower = Follower::<W> { core: &core, selector, rows: &rows, name };
    stop.run_until_cancelled(follower.run()).await;
    rows.end();
}

struct Follower<'a, W: Wire> {
    core: &'a Core,
    selector: String,
    rows: &'a Rows<W::Row>,
    /// Of this watch among those of the session.
    name: String,
}

impl<W: Wire> Drop for Follower<'_, W> {
    fn drop(&mut self) {
        self.core.behind(&self.name, None);
    }
}

impl<W: Wire> Follower<'_, W> {
    async fn run(&mut self) {
        let mut wait = BACKOFF_FIRST;
        loop {
            let core = self.core;
            let connection = tokio::select! {
                biased;
                connection = core.answering() => connection,
                error = core.silent() => {
                    self.stale(&error);
                    core.answering().await
                }
            };
            let begun = Instant::now();
            let end = tokio::select! {
                end = self.pass(&connection) => end,
                error = core.unanswered() => {
                    self.stale(&error);
                    continue;
                }
            };
            match end {
                Ok(()) => {
                    wait = BACKOFF_FIRST;
                    tokio::time::sleep_until(begun + REOPEN).await;
                }
                Err(ClusterError::Expired { .. }) => self.rows.expire(),
                Err(
                    error @ (ClusterError::Forbidden { .. }
                    | ClusterError::NotFound { .. }
                    | ClusterError::NamespaceGone { .. }),
                ) => {
                    self.rows.expire();
                    self.rows.failed(error);
                    sleep(REFUSED_AGAIN).await;
                }
                Err(error) => {
                    self.stale(&error);
                    self.core.doubt(&error);
                    if begun.elapsed() > BACKOFF_MAX {
                        wait = BACKOFF_FIRST;
                    }
                    sleep(about(wait)).await;
                    wait = (wait * 2).min(BACKOFF_MAX);
                }
            }
        }
    }

    fn stale(&self, error: &ClusterError) {
        self.rows.stale(Timestamp::now(), error);
        self.core.behind(&self.name, Some(&error.to_string()));
    }

    fn live(&self) {
        self.rows.live();
        self.core.behind(&self.name, None);
    }

    /// Until the watch ends by itself.
    async fn pass(&mut self, connection: &Connection) -> Result<(), ClusterError> {
        if self.rows.version().is_none() && self.core.streams_lists() {
            match self.watch(connection, true).await {
                // A server before 1.27 does not know streaming lists, one before 1.32 may have them switched off.
                Err(ClusterError::Invalid { .. }) => self.core.never_stream_lists(),
                end => return end,
            }
        }
        if self.rows.version().is_none() {
            self.list(connection).await?;
        }
        self.watch(connection, false).await
    }

    /// In pages, each passed on as it comes.
    async fn list(&mut self, connection: &Connection) -> Result<(), ClusterError> {
        let doing = format!("list {} of {}", W::KIND, connection.namespace);
        let mut seen = HashSet::new();
        let mut params = ListParams::default().labels(&self.selector).limit(PAGE);
        let version = loop {
            let objects = Request::new(W::KIND.path(&connection.namespace));
            let request = if W::WHOLE { objects.list(&params) } else { objects.list_metadata(&params) };
            let page: Page<W> = timeout(OPEN, connection.send(&doing, request)).await.map_err(|_| late(&doing))??;
            for object in page.items {
                seen.insert(object.uid().to_owned());
                self.rows.upsert(object.into_row(), None);
            }
            match page.metadata.continue_.filter(|token| !token.is_empty()) {
                Some(token) => params = params.continue_token(&token),
                None => break page.metadata.resource_version,
            }
        };
        self.rows.keep(&seen, &version);
        self.live();
        Ok(())
    }

    /// With `listing`, the server sends first what is there and then says that this was all.
    async fn watch(&mut self, connection: &Connection, listing: bool) -> Result<(), ClusterError> {
        let doing = format!("watch {} of {}", W::KIND, connection.namespace);
        let params = WatchParams { send_initial_events: listing, ..WatchParams::default() };
        let params = params.labels(&self.selector).timeout(WATCH_SECONDS);
        let objects = Request::new(W::KIND.path(&connection.namespace));
        let from = self.rows.version().unwrap_or_default();
        let request = if W::WHOLE { objects.watch(&params, &from) } else { objects.watch_metadata(&params, &from) };
        let request = request.map_err(|error| ClusterError::other(&doing, error))?;
        let failed = |error| ClusterError::from_kube(&doing, &connection.server, error);
        let open = connection.clients.streams.request_events::<W>(request);
        let stream = timeout(OPEN, open).await.map_err(|_| late(&doing))?.map_err(failed)?;
        let mut stream = std::pin::pin!(stream);
        let mut seen = listing.then(HashSet::new);
        let mut catching_up = (!listing).then(Instant::now);
        loop {
            // What is there is sent without a pause; afterwards silence is normal for a while.
            let patience = match (&seen, catching_up) {
                (Some(_), _) => OPEN,
                (None, Some(_)) => QUIET,
                (None, None) => IDLE,
            };
            let event = timeout(patience, stream.next()).await;
            if catching_up.take_if(|opened| event.is_err() || opened.elapsed() > CAUGHT_UP).is_some() {
                self.live();
                if event.is_err() {
                    continue;
                }
            }
            let event = match event {
                Ok(Some(event)) => event,
                Err(_) if seen.is_some() => return Err(late(&doing)),
                // Silence may be a dead peer: opening it anew tells.
                Ok(None) | Err(_) => return Ok(()),
            };
            match event {
                Ok(WatchEvent::Added(object) | WatchEvent::Modified(object)) => {
                    let version = seen.is_none().then(|| object.resource_version().to_owned());
                    if let Some(seen) = &mut seen {
                        seen.insert(object.uid().to_owned());
                    }
                    self.rows.upsert(object.into_row(), version.as_deref());
                }
                Ok(WatchEvent::Deleted(object)) => {
                    self.rows.remove(object.uid(), object.resource_version());
                }
                Ok(WatchEvent::Bookmark(mark)) => {
                    let version = &mark.metadata.resource_version;
                    if let Some(seen) = seen.take_if(|_| mark.metadata.annotations.contains_key(INITIAL_END)) {
                        self.rows.keep(&seen, version);
                        self.live();
                    } else if seen.is_none() {
                        self.rows.reach(version);
                    }
                }
                Ok(WatchEvent::Error(status)) => {
                    return Err(ClusterError::from_status(doing, &connection.server, &status));
                }
                // kube takes a line that it cannot read for a Status, of which every field may be missing.
                Err(kube::Error::Api(status)) if *status == Status::default() => {
                    tracing::warn!(kind = %W::KIND, "an object of a watch is not readable; passed over");
                }
                Err(error) => return Err(failed(error)),
            }
        }
    }
}

/// On the bookmark that ends a streaming list.
const INITIAL_END: &str = "k8s.io/initial-events-end";

fn late(doing: &str) -> ClusterError {
    ClusterError::Timeout { doing: doing.to_owned(), reason: format!("within {} s", OPEN.as_secs()) }
}

#[derive(Deserialize)]
#[serde(bound = "W: DeserializeOwned")]
struct Page<W> {
    #[serde(default)]
    metadata: PageMeta,
    /// Empty lists of some servers are null.
    #[serde(default, deserialize_with = "null_is_empty")]
    items: Vec<W>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct PageMeta {
    resource_version: String,
    #[serde(rename = "continue")]
    continue_: Option<String>,
}

fn null_is_empty<'de, D: Deserializer<'de>, T: Deserialize<'de>>(from: D) -> Result<Vec<T>, D::Error> {
    Ok(Option::<Vec<T>>::deserialize(from)?.unwrap_or_default())
}
