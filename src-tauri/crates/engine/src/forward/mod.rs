//! Forwards: ports of this computer that lead into pods. They are kept in memory alone, and end with Slipway.
//!
//! Each listens on the loopback address. A task follows the pods that it may lead to and says which is the one now;
//! every connection is carried to that one by itself.

mod carry;
mod choose;
mod follow;
mod listen;
mod offer;

pub use offer::ForwardPort;

use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use jiff::Timestamp;
use listen::Unbound;
use serde::{Deserialize, Serialize};
use slipway_model::balancer::Target;
use slipway_model::cluster::Rule;
use slipway_model::forward::Forward;
pub use slipway_model::forward::{ForwardDraft, ForwardTarget};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep_until};
use ts_rs::TS;

/// Between two words to the window about bytes alone.
const TELL_BYTES_EVERY: Duration = Duration::from_secs(1);

/// A row of the feed `forward_list`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ForwardRow {
    pub id: String,
    /// Rises with every forward that is opened.
    pub number: u32,
    pub target: ForwardTarget,
    /// Of the pod, the group or the load balancer.
    pub name: String,
    /// Empty where it has none.
    pub port_name: String,
    /// Of the pod or the Service; `None` until it is known.
    pub port: Option<u16>,
    /// On this computer.
    pub local: u16,
    #[ts(type = "string")]
    pub since: Timestamp,
    /// Bytes from the pod.
    pub down: u64,
    /// Bytes to the pod.
    pub up: u64,
    pub state: ForwardState,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ForwardState {
    /// Its way is looked for.
    Opening,
    Open {
        pod: String,
    },
    /// The pod takes no connection at this port: what it says.
    Refused {
        pod: String,
        reason: String,
    },
    /// What it leads to has no port of this name or number.
    NoPort {
        of: String,
        port: String,
    },
    /// It goes on by itself. Connections are kept waiting for a while.
    Waiting {
        why: ForwardWait,
        reason: String,
        #[ts(type = "string | null")]
        retry_at: Option<Timestamp>,
    },
    /// This computer does not give the port. `proposal` is the next one that is free.
    Taken {
        /// It is kept for administrators.
        privileged: bool,
        proposal: Option<u16>,
    },
    /// It does not go on.
    Ended {
        /// The right that is missing.
        lacks: Option<Rule>,
        reason: String,
    },
}

/// What a forward waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ForwardWait {
    /// A pod that is ready.
    Pod,
    /// One in the place of the pod that it led to.
    Replacement,
    /// The Service of the load balancer.
    Service,
    /// The cluster.
    Cluster,
    /// The next try: the way to the pod broke.
    Way,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForwardUse {
    pub id: String,
    /// The port on this computer that it is to have instead; `None` for any that is free.
    pub local: Option<u16>,
}

impl Row for ForwardRow {
    fn id(&self) -> &str {
        &self.id
    }
}

/// Who wants to know of all forwards.
#[derive(Debug, Default)]
struct News {
    /// Rises with every forward and every state.
    told: watch::Sender<u64>,
    /// Rises with every byte.
    moved: watch::Sender<u64>,
}

/// The forwards that are open.
#[derive(Debug, Default)]
pub(crate) struct Forwards {
    open: Mutex<BTreeMap<String, Arc<OpenForward>>>,
    last: AtomicU64,
    news: Arc<News>,
}

impl Forwards {
    fn held(&self) -> MutexGuard<'_, BTreeMap<String, Arc<OpenForward>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, id: &str) -> Result<Arc<OpenForward>> {
        self.held().get(id).cloned().ok_or_else(|| Error::not_found("forward", id))
    }

    /// Ends all of them.
    pub(crate) async fn stop(&self) {
        let all = std::mem::take(&mut *self.held());
        for forward in all.values() {
            forward.stop().await;
        }
    }
}

#[derive(Debug)]
struct OpenForward {
    id: String,
    number: u32,
    asked: Forward,
    name: String,
    since: Timestamp,
    down: AtomicU64,
    up: AtomicU64,
    now: Mutex<Now>,
    news: Arc<News>,
    task: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Debug)]
struct Now {
    local: u16,
    port_name: String,
    port: Option<u16>,
    state: ForwardState,
}

impl OpenForward {
    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, change: impl FnOnce(&mut Now)) {
        change(&mut self.now());
        self.news.told.send_modify(|told| *told += 1);
    }

    fn set(&self, state: ForwardState) {
        if self.now().state != state {
            self.tell(|now| now.state = state);
        }
    }

    /// Bytes went through, in one direction of the two.
    fn moved(&self, direction: &AtomicU64, bytes: u64) {
        direction.fetch_add(bytes, Ordering::Relaxed);
        self.news.moved.send_modify(|moved| *moved += bytes);
    }

    fn row(&self) -> ForwardRow {
        let now = self.now();
        ForwardRow {
            id: self.id.clone(),
            number: self.number,
            target: self.asked.target.clone(),
            name: self.name.clone(),
            port_name: now.port_name.clone(),
            port: now.port,
            local: now.local,
            since: self.since,
            down: self.down.load(Ordering::Relaxed),
            up: self.up.load(Ordering::Relaxed),
            state: now.state.clone(),
        }
    }

    /// Once this has returned, its port is free.
    async fn stop(&self) {
        let task = self.task.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(task) = task {
            task.abort();
            // That it was ended is what was asked for.
            let _ = task.await;
        }
    }
}

impl Engine {
    /// Opens a forward and answers its id. Where this computer does not give the port, it says so as its state.
    ///
    /// # Errors
    /// `Invalid` for what is no port, and `NotFound` for a target that is not known here.
    pub async fn forward_open(&self, draft: &ForwardDraft) -> Result<String> {
        let asked = draft.validate().map_err(Error::Invalid)?;
        let (name, ports) = self.forward_target(&asked.target).await?;
        let known = ports.iter().find(|port| match &asked.port {
            Target::Number(number) => port.port == *number,
            Target::Name(name) => port.name == *name,
        });
        let number = self.forwards.last.fetch_add(1, Ordering::Relaxed) + 1;
        let (port_name, port) = match &asked.port {
            Target::Number(number) => (known.map(|port| port.name.clone()).unwrap_or_default(), Some(*number)),
            Target::Name(name) => (name.clone(), known.map(|port| port.port)),
        };
        let forward = Arc::new(OpenForward {
            id: format!("forward {number}"),
            number: u32::try_from(number).unwrap_or(u32::MAX),
            name,
            since: Timestamp::now(),
            down: AtomicU64::new(0),
            up: AtomicU64::new(0),
            now: Now { local: asked.local.unwrap_or_default(), port_name, port, state: ForwardState::Opening }.into(),
            asked,
            news: self.forwards.news.clone(),
            task: Mutex::default(),
        });
        self.forward_begin(&forward, forward.asked.local);
        self.forwards.held().insert(forward.id.clone(), forward.clone());
        forward.tell(|_| {});
        Ok(forward.id.clone())
    }

    /// Gives a forward another port on this computer. What went through the port before ends.
    ///
    /// # Errors
    /// `NotFound` once it was closed.
    pub async fn forward_use(&self, order: &ForwardUse) -> Result<()> {
        let forward = self.forwards.get(&order.id)?;
        forward.stop().await;
        self.forward_begin(&forward, order.local);
        Ok(())
    }

    /// Ends a forward; its port is free then. One that is not there any more is closed already.
    pub async fn forward_close(&self, id: &str) {
        let forward = self.forwards.held().remove(id);
        if let Some(forward) = forward {
            forward.stop().await;
            forward.tell(|_| {});
        }
    }

    fn forward_begin(&self, forward: &Arc<OpenForward>, local: Option<u16>) {
        match listen::bind(local) {
            Ok((listener, local)) => {
                forward.tell(|now| {
                    now.local = local;
                    now.state = ForwardState::Opening;
                });
                let task = tokio::spawn(follow::run(self.clone(), forward.clone(), listener));
                *forward.task.lock().unwrap_or_else(PoisonError::into_inner) = Some(task);
            }
            Err(Unbound { local, state }) => forward.tell(|now| {
                now.local = local;
                now.state = state;
            }),
        }
    }

    /// The forwards that are open: a new state at once, bytes once a second.
    pub fn live_forwards(&self) -> Live<ForwardRow> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let news = engine.forwards.news.clone();
            let (mut told, mut moved) = (news.told.subscribe(), news.moved.subscribe());
            loop {
                told.mark_unchanged();
                moved.mark_unchanged();
                let rows = engine.forwards.held().values().map(|forward| forward.row()).collect();
                if !sender.replace(rows, Some(Trust::Live)).await {
                    return;
                }
                let next = Instant::now() + TELL_BYTES_EVERY;
                let bytes = async {
                    let open = moved.changed().await;
                    sleep_until(next).await;
                    open
                };
                tokio::select! {
                    Ok(()) = told.changed() => {}
                    Ok(()) = bytes => {}
                }
            }
        })
    }
}
