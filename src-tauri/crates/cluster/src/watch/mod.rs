//! Shared watches: one per kind and selector, kept as long as somebody is subscribed.

mod event;
mod follow;
mod pod;
mod record;
mod rows;
mod service;
mod wire;
mod workload;

pub(crate) use follow::{Wire, follow};

use crate::ClusterError;
use crate::lease::LeaseFacts;
use crate::record::RecordFacts;
use crate::session::{Core, Session};
use event::EventWire;
use jiff::Timestamp;
use pod::PodWire;
use record::{LeaseWire, RecordWire};
use rows::Rows;
use service::{ServiceWire, SliceWire};
use slipway_model::diagnosis::EventFact;
use slipway_model::instance::PodFacts;
use slipway_model::service::{ServiceFacts, SliceFacts};
use slipway_model::workload::{DeploymentFacts, ReplicaSetFacts};
use slipway_render::names;
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio::time::Instant;
use workload::{DeploymentWire, ReplicaSetWire};

/// Ended watches of one kind whose rows a session still knows: the pages that somebody goes back to.
const REMEMBERED: usize = 32;
/// A subscriber is told at once, and then not again for this long.
const BATCH: Duration = Duration::from_millis(50);

/// What changed, or how far the rows can be believed.
#[derive(Clone, Debug)]
pub enum Update<T> {
    /// All rows known so far: always the first update. Unless `complete`, a row that is not there may still come.
    Snapshot {
        rows: Vec<Arc<T>>,
        complete: bool,
    },
    Upsert(Vec<Arc<T>>),
    /// Uids.
    Remove(Vec<String>),
    /// The list is complete and followed: no row means none.
    Live,
    /// The rows are of a moment ago; they are kept.
    Stale {
        since: Timestamp,
        reason: String,
    },
    /// The cluster refuses the watch: not allowed, or no such kind. It is asked again from time to time.
    Failed(ClusterError),
}

/// Something with a uid, as a watch keeps it.
pub trait Row: PartialEq + Send + Sync + std::fmt::Debug + 'static {
    fn uid(&self) -> &str;
}

impl Row for PodFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for EventFact {
    fn uid(&self) -> &str {
        &self.id
    }
}

impl Row for DeploymentFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for ReplicaSetFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for ServiceFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for SliceFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for RecordFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

impl Row for LeaseFacts {
    fn uid(&self) -> &str {
        &self.uid
    }
}

/// One reader of a watch. Updates that it does not fetch in time are put together, so a slow reader costs no memory.
#[derive(Debug)]
pub struct Subscription<T: Row> {
    watch: Arc<Running<T>>,
    reader: u64,
    wake: Arc<Notify>,
    ready: VecDeque<Update<T>>,
    told: Option<Instant>,
}

impl<T: Row> Subscription<T> {
    /// The next update; `None` when the session has ended. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Update<T>> {
        loop {
            if let Some(update) = self.ready.pop_front() {
                return Some(update);
            }
            if !self.watch.rows.waiting(self.reader)? {
                self.wake.notified().await;
                continue;
            }
            if let Some(told) = self.told {
                tokio::time::sleep_until(told + BATCH).await;
            }
            self.told = Some(Instant::now());
            self.ready = self.watch.rows.take(self.reader);
        }
    }
}

impl<T: Row> Drop for Subscription<T> {
    fn drop(&mut self) {
        self.watch.rows.leave(self.reader);
    }
}

/// A watch with its task, which ends with the last subscription.
#[derive(Debug)]
struct Running<T> {
    selector: String,
    rows: Arc<Rows<T>>,
    task: AbortHandle,
    ended: Weak<Ended<T>>,
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.task.abort();
        if let Some(ended) = self.ended.upgrade() {
            let now = Timestamp::now();
            let mut ended = ended.lock().unwrap_or_else(PoisonError::into_inner);
            ended.retain(|(selector, _)| *selector != self.selector);
            ended.truncate(REMEMBERED - 1);
            ended.push_front((self.selector.clone(), Rows::after(&self.rows, now)));
        }
    }
}

/// What watches knew when they ended, by selector, the last one first. Whoever comes back sees it at once, and while
/// the cluster does not answer it is all there is to see.
type Ended<T> = Mutex<VecDeque<(String, Rows<T>)>>;

/// The watches of one kind, by selector.
pub(crate) struct Watches<T> {
    running: Mutex<HashMap<String, Weak<Running<T>>>>,
    ended: Arc<Ended<T>>,
}

impl<T> Default for Watches<T> {
    fn default() -> Self {
        Self { running: Mutex::default(), ended: Arc::default() }
    }
}

impl<T: Row> Watches<T> {
    /// Joins the watch of `selector`, or starts it.
    pub(crate) fn subscribe<W: Wire<Row = T>>(&self, core: &Arc<Core>, selector: &str) -> Subscription<T> {
        let watch = {
            let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
            running.retain(|_, watch| watch.strong_count() > 0);
            if let Some(watch) = running.get(selector).and_then(Weak::upgrade) {
                watch
            } else {
                let rows = Arc::new(self.known(selector));
                let task = tokio::spawn(follow::<W>(core.clone(), selector.to_owned(), rows.clone())).abort_handle();
                let ended = Arc::downgrade(&self.ended);
                let watch = Arc::new(Running { selector: selector.to_owned(), rows, task, ended });
                running.insert(selector.to_owned(), Arc::downgrade(&watch));
                watch
            }
        };
        let (reader, wake) = watch.rows.join();
        Subscription { watch, reader, wake, ready: VecDeque::new(), told: None }
    }

    /// What the last watch of `selector` knew.
    fn known(&self, selector: &str) -> Rows<T> {
        let mut ended = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let at = ended.iter().position(|(known, _)| known == selector);
        let rows = at.and_then(|at| ended.remove(at)).map(|(_, rows)| rows).unwrap_or_default();
        rows.expire_if_old(Timestamp::now());
        rows
    }
}

/// All watches of a session.
#[derive(Default)]
pub(crate) struct AllWatches {
    pub pods: Watches<PodFacts>,
    pub events: Watches<EventFact>,
    pub deployments: Watches<DeploymentFacts>,
    pub replica_sets: Watches<ReplicaSetFacts>,
    pub services: Watches<ServiceFacts>,
    pub slices: Watches<SliceFacts>,
    pub records: Watches<RecordFacts>,
    pub leases: Watches<LeaseFacts>,
}

impl Session {
    /// Pods that carry the labels of `selector` (empty: all of the namespace).
    pub fn pods(&self, selector: &str) -> Subscription<PodFacts> {
        self.watches.pods.subscribe::<PodWire>(&self.core, selector)
    }

    /// Events of the namespace: they carry no labels to select by.
    pub fn events(&self) -> Subscription<EventFact> {
        self.watches.events.subscribe::<EventWire>(&self.core, "")
    }

    pub fn deployments(&self, selector: &str) -> Subscription<DeploymentFacts> {
        self.watches.deployments.subscribe::<DeploymentWire>(&self.core, selector)
    }

    pub fn replica_sets(&self, selector: &str) -> Subscription<ReplicaSetFacts> {
        self.watches.replica_sets.subscribe::<ReplicaSetWire>(&self.core, selector)
    }

    pub fn services(&self, selector: &str) -> Subscription<ServiceFacts> {
        self.watches.services.subscribe::<ServiceWire>(&self.core, selector)
    }

    /// `EndpointSlices` carry the labels of their Services.
    pub fn endpoint_slices(&self, selector: &str) -> Subscription<SliceFacts> {
        self.watches.slices.subscribe::<SliceWire>(&self.core, selector)
    }

    /// Release records of the namespace, without what they hold.
    pub fn records(&self) -> Subscription<RecordFacts> {
        self.watches.records.subscribe::<RecordWire>(&self.core, names::LABEL_SEQ)
    }

    /// The Leases of groups.
    pub fn leases(&self) -> Subscription<LeaseFacts> {
        let ours = format!("{}={}", names::LABEL_MANAGED_BY, names::MANAGER);
        self.watches.leases.subscribe::<LeaseWire>(&self.core, &ours)
    }
}
