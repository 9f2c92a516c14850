//! One session per linked cluster: a supervisor signs in, looks whether the cluster answers, and waits for it when it
//! does not; watches and calls share what it has.

use crate::backoff::about;
use crate::lease;
use crate::sign_in::{Connection, Credential, connect};
use crate::watch::AllWatches;
use crate::{Apply, ClusterError, Kind, Named, Version};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use slipway_model::cluster::SessionState;
use slipway_model::id::LinkId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};
use tokio_util::sync::{CancellationToken, DropGuard};

/// While somebody looks: how often the cluster is asked whether it is there.
const PROBE_EVERY: Duration = Duration::from_secs(15);
/// One answer missed for this long makes everything stale.
const PROBE_TIMEOUT: Duration = Duration::from_secs(5);
const BACKOFF_FIRST: Duration = Duration::from_secs(1);
const BACKOFF_MAX: Duration = Duration::from_secs(30);
/// A refused identity is tried again on its own only this often, and only where no program has to be run for it.
const SIGN_IN_AGAIN: Duration = Duration::from_mins(1);
/// A credential that can be had anew is, this long before it ends.
const RENEW_AHEAD: SignedDuration = SignedDuration::from_mins(1);

/// A linked cluster. A cheap clone; dropping the last one ends everything behind it.
#[derive(Clone)]
pub struct Session {
    pub(crate) core: Arc<Core>,
    pub(crate) watches: Arc<AllWatches>,
    _end: Arc<DropGuard>,
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Session")
            .field("link", &self.core.link)
            .field("state", &*self.core.state.borrow())
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Begins to connect, in the background of the current tokio runtime. A window counts as visible until said
    /// otherwise.
    pub fn start(link: LinkId, credential: Credential) -> Self {
        let session = Self::new(link, credential, Phase::Connecting);
        let core = session.core.clone();
        tokio::spawn(async move {
            let stop = core.stop.clone();
            stop.run_until_cancelled(supervise(&core)).await;
        });
        session
    }

    fn new(link: LinkId, credential: Credential, phase: Phase) -> Self {
        let stop = CancellationToken::new();
        let core = Core {
            link,
            credential,
            state: watch::Sender::new(SessionState::Connecting),
            phase: watch::Sender::new(phase),
            met: Mutex::default(),
            visible: watch::Sender::new(true),
            doubt: Notify::new(),
            retry: Notify::new(),
            behind: Mutex::default(),
            version: Mutex::default(),
            latency_ms: AtomicU32::new(0),
            pages_only: AtomicBool::new(false),
            leases: lease::Observed::default(),
            stop: stop.clone(),
        };
        Self { core: Arc::new(core), watches: Arc::default(), _end: Arc::new(stop.drop_guard()) }
    }

    pub fn link(&self) -> &LinkId {
        &self.core.link
    }

    pub fn state(&self) -> watch::Receiver<SessionState> {
        self.core.state.subscribe()
    }

    /// As the API server said it last.
    pub fn server_version(&self) -> Option<String> {
        lock(&self.core.version).clone()
    }

    /// Probes run only while somebody looks; watches go on.
    pub fn set_visible(&self, visible: bool) {
        self.core.visible.send_if_modified(|now| std::mem::replace(now, visible) != visible);
    }

    /// Asks at once: after a wake-up, a change of network, or a person's *retry*.
    pub fn retry_now(&self) {
        self.core.retry.notify_one();
    }

    /// Ends tasks and watches, also while clones of the session are left.
    pub fn stop(&self) {
        self.core.stop.cancel();
    }

    /// The connection of now: waits while the first sign-in runs.
    ///
    /// # Errors
    /// Why there is none: the identity was refused, or the first sign-in failed.
    pub async fn connection(&self) -> Result<Connection, ClusterError> {
        self.core.connection().await
    }

    /// # Errors
    /// What the cluster says; never `NotFound`.
    pub async fn get(&self, kind: Kind, name: &str) -> Result<Option<Value>, ClusterError> {
        self.note(self.connection().await?.get(kind, name).await)
    }

    /// # Errors
    /// What the cluster says.
    pub async fn list(&self, kind: Kind, selector: &str) -> Result<Vec<Value>, ClusterError> {
        self.note(self.connection().await?.list(kind, selector).await)
    }

    /// # Errors
    /// What the cluster says.
    pub async fn list_names(&self, kind: Kind, selector: &str) -> Result<Vec<Named>, ClusterError> {
        self.note(self.connection().await?.list_names(kind, selector).await)
    }

    /// # Errors
    /// See `Connection::create`.
    pub async fn create(&self, kind: Kind, object: &Value) -> Result<Value, ClusterError> {
        self.note(self.connection().await?.create(kind, object).await)
    }

    /// # Errors
    /// See `Connection::dry_create`.
    pub async fn dry_create(&self, kind: Kind, object: &Value) -> Result<Value, ClusterError> {
        self.note(self.connection().await?.dry_create(kind, object).await)
    }

    /// # Errors
    /// See `Connection::apply`.
    pub async fn apply(&self, kind: Kind, object: &Value, how: Apply) -> Result<Value, ClusterError> {
        self.note(self.connection().await?.apply(kind, object, how).await)
    }

    /// # Errors
    /// See `Connection::merge_patch`.
    pub async fn merge_patch(&self, kind: Kind, name: &str, patch: &Value) -> Result<Value, ClusterError> {
        self.note(self.connection().await?.merge_patch(kind, name, patch).await)
    }

    /// # Errors
    /// See `Connection::json_patch`.
    pub async fn json_patch(&self, kind: Kind, name: &str, patch: &Value) -> Result<Value, ClusterError> {
        self.note(self.connection().await?.json_patch(kind, name, patch).await)
    }

    /// # Errors
    /// See `Connection::delete`.
    pub async fn delete(&self, kind: Kind, name: &str) -> Result<bool, ClusterError> {
        self.note(self.connection().await?.delete(kind, name).await)
    }

    /// # Errors
    /// `Conflict` where another object has the name, and what the cluster says.
    pub async fn delete_exact(&self, kind: Kind, name: &str, version: Version<'_>) -> Result<bool, ClusterError> {
        self.note(self.connection().await?.delete_exact(kind, name, version).await)
    }

    /// # Errors
    /// See `Connection::may`.
    pub async fn may(&self, group: &str, resource: &str, verb: &str) -> Result<bool, ClusterError> {
        self.note(self.connection().await?.may(group, resource, verb).await)
    }

    /// Lets the supervisor look when an answer puts the connection in doubt.
    pub(crate) fn note<T>(&self, answer: Result<T, ClusterError>) -> Result<T, ClusterError> {
        if let Err(error) = &answer {
            self.core.doubt(error);
        }
        answer
    }

    pub(crate) fn seen_leases(&self) -> &lease::Observed {
        &self.core.leases
    }

    /// Without a supervisor: over a client that a test answers.
    #[cfg(test)]
    pub(crate) fn over(client: kube::Client, namespace: &str) -> Self {
        let credential = Credential::Kubeconfig {
            source: crate::sign_in::KubeconfigSource::Files(Vec::new()),
            context: String::new(),
        };
        let session =
            Self::new("test".into(), credential, Phase::Connected(Box::new(Connection::over(client, namespace))));
        session.core.state.send_replace(SessionState::Ready { latency_ms: 0 });
        session
    }
}

/// What the tasks of a session share.
pub(crate) struct Core {
    link: LinkId,
    credential: Credential,
    state: watch::Sender<SessionState>,
    phase: watch::Sender<Phase>,
    /// What it met when it did not answer the last time.
    met: Mutex<Option<ClusterError>>,
    visible: watch::Sender<bool>,
    /// Something that was asked for failed: look.
    doubt: Notify,
    retry: Notify,
    /// Watches that are behind: since when, and why.
    behind: Mutex<BTreeMap<String, (Timestamp, String)>>,
    version: Mutex<Option<String>>,
    latency_ms: AtomicU32,
    pages_only: AtomicBool,
    leases: lease::Observed,
    pub(crate) stop: CancellationToken,
}

/// How far signing in has come. An unreachable cluster keeps its connection: calls find out by themselves.
#[derive(Clone)]
enum Phase {
    Connecting,
    Connected(Box<Connection>),
    Failed(ClusterError),
}

impl Core {
    async fn connection(&self) -> Result<Connection, ClusterError> {
        let mut phase = self.phase.subscribe();
        let settled = phase.wait_for(|phase| !matches!(phase, Phase::Connecting));
        let settled = self.stop.run_until_cancelled(settled).await;
        match settled.and_then(Result::ok).as_deref() {
            Some(Phase::Connected(connection)) => Ok(Connection::clone(connection)),
            Some(Phase::Failed(error)) => Err(error.clone()),
            Some(Phase::Connecting) | None => Err(ClusterError::other("use a linked cluster", "the session has ended")),
        }
    }

    /// Waits until the cluster answers.
    pub(crate) async fn answering(&self) -> Connection {
        let mut state = self.state.subscribe();
        loop {
            // The sender is of this very struct and cannot be gone.
            let _ = state.wait_for(answers).await;
            if let Ok(connection) = self.connection().await {
                return connection;
            }
            let _ = state.changed().await;
        }
    }

    /// Waits until the cluster does not answer any more, and says why.
    pub(crate) async fn unanswered(&self) -> ClusterError {
        let mut state = self.state.subscribe();
        // The sender is of this very struct and cannot be gone.
        let _ = state.wait_for(|state| !answers(state)).await;
        self.why()
    }

    /// Waits until it is known that the cluster does not answer, which at the start takes a first question.
    pub(crate) async fn silent(&self) -> ClusterError {
        let mut state = self.state.subscribe();
        let is_silent = |state: &SessionState| {
            matches!(state, SessionState::Unreachable { .. } | SessionState::SignInNeeded { .. })
        };
        // The sender is of this very struct and cannot be gone.
        let _ = state.wait_for(is_silent).await;
        self.why()
    }

    fn why(&self) -> ClusterError {
        let met = lock(&self.met).clone();
        met.unwrap_or_else(|| ClusterError::other("use a linked cluster", "it has not answered yet"))
    }

    pub(crate) fn doubt(&self, error: &ClusterError) {
        if error.of_the_connection() {
            self.doubt.notify_one();
        }
    }

    /// Notes that a watch is behind, or (`None`) that it is not.
    pub(crate) fn behind(&self, watch: &str, reason: Option<&str>) {
        {
            let mut behind = lock(&self.behind);
            match reason {
                Some(reason) => {
                    let since = behind.get(watch).map_or_else(Timestamp::now, |(since, _)| *since);
                    behind.insert(watch.to_owned(), (since, reason.to_owned()));
                }
                None if behind.remove(watch).is_none() => return,
                None => {}
            }
        }
        if answers(&self.state.borrow()) {
            self.tell_answering();
        }
    }

    fn tell_answering(&self) {
        let behind = lock(&self.behind);
        let first = behind.values().min_by_key(|(since, _)| *since);
        let state = match first {
            Some((since, reason)) => SessionState::Degraded { since: *since, reason: reason.clone() },
            None => SessionState::Ready { latency_ms: self.latency_ms.load(Ordering::Relaxed) },
        };
        self.tell(state);
    }

    fn tell(&self, state: SessionState) {
        self.state.send_if_modified(|now| {
            *now != state && {
                *now = state;
                true
            }
        });
    }

    pub(crate) fn streams_lists(&self) -> bool {
        !self.pages_only.load(Ordering::Relaxed)
    }

    pub(crate) fn never_stream_lists(&self) {
        self.pages_only.store(true, Ordering::Relaxed);
    }
}

fn answers(state: &SessionState) -> bool {
    matches!(state, SessionState::Ready { .. } | SessionState::Degraded { .. })
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Looks, says what it found, waits, for ever.
async fn supervise(core: &Core) {
    let runs_a_program = core.credential.runs_a_program();
    let mut outage: Option<(Timestamp, Duration)> = None;
    loop {
        match look(core).await {
            Ok(()) => {
                outage = None;
                core.tell_answering();
                rest(core).await;
            }
            Err(error @ ClusterError::SignIn { .. }) => {
                outage = None;
                *lock(&core.met) = Some(error.clone());
                core.phase.send_replace(Phase::Failed(error.clone()));
                core.tell(SessionState::SignInNeeded { reason: error.to_string() });
                let again =
                    async { if runs_a_program { std::future::pending().await } else { sleep(SIGN_IN_AGAIN).await } };
                tokio::select! {
                    () = core.retry.notified() => {}
                    () = again => {}
                }
            }
            Err(error) => {
                let (since, wait) = outage.map_or((Timestamp::now(), BACKOFF_FIRST), |(since, wait)| (since, wait));
                outage = Some((since, (wait * 2).min(BACKOFF_MAX)));
                let wait = about(wait);
                let retry_at =
                    SignedDuration::try_from(wait).ok().and_then(|wait| Timestamp::now().checked_add(wait).ok());
                let reason = error.to_string();
                *lock(&core.met) = Some(error.clone());
                core.phase.send_if_modified(|phase| {
                    *phase = match phase {
                        // Nothing is kept of connections into a network that may be gone.
                        Phase::Connected(connection) => Phase::Connected(Box::new(connection.renewed())),
                        _ => Phase::Failed(error),
                    };
                    true
                });
                core.tell(SessionState::Unreachable { since, retry_at, reason });
                tokio::select! {
                    () = sleep(wait) => {}
                    () = core.retry.notified() => {}
                    () = became_visible(core) => {}
                }
            }
        }
    }
}

/// Until it is time to look again.
async fn rest(core: &Core) {
    let mut visible = core.visible.subscribe();
    let looked_at = *visible.borrow_and_update();
    let probe = async { if looked_at { sleep(PROBE_EVERY).await } else { std::future::pending().await } };
    tokio::select! {
        () = probe => {}
        () = core.doubt.notified() => {}
        () = core.retry.notified() => {}
        _ = visible.changed() => {}
    }
}

async fn became_visible(core: &Core) {
    let mut visible = core.visible.subscribe();
    while visible.changed().await.is_ok() {
        if *visible.borrow() {
            return;
        }
    }
}

/// Signs in where that is due, and asks one small question.
async fn look(core: &Core) -> Result<(), ClusterError> {
    let current = match &*core.phase.borrow() {
        Phase::Connected(connection) if !ends_soon(&core.credential, connection) => Some(connection.clone()),
        _ => None,
    };
    if let Some(connection) = current {
        match probe(core, &connection).await {
            // What was good may have ended; a new one may be had.
            Err(ClusterError::SignIn { .. }) => {}
            answer => return answer,
        }
    }
    let connection = connect(&core.credential).await?;
    let answer = probe(core, &connection).await;
    if !matches!(answer, Err(ClusterError::SignIn { .. })) {
        core.phase.send_replace(Phase::Connected(Box::new(connection)));
    }
    answer
}

fn ends_soon(credential: &Credential, connection: &Connection) -> bool {
    let renewable = matches!(credential, Credential::Kubeconfig { .. });
    renewable && connection.ends().is_some_and(|at| at.duration_since(Timestamp::now()) < RENEW_AHEAD)
}

async fn probe(core: &Core, connection: &Connection) -> Result<(), ClusterError> {
    let begun = Instant::now();
    let answer = timeout(PROBE_TIMEOUT, connection.version()).await;
    let latency_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    match answer {
        Err(_) => Err(ClusterError::Unreachable {
            doing: format!("ask {} for its version", connection.server),
            server: connection.server.clone(),
            reason: format!("no answer within {} s", PROBE_TIMEOUT.as_secs()),
        }),
        Ok(Err(error)) if error.of_the_connection() || error.retryable() => Err(error),
        // Any other answer is one: some clusters keep their version to themselves.
        Ok(answer) => {
            core.latency_ms.store(latency_ms, Ordering::Relaxed);
            if let Ok(version) = answer {
                *lock(&core.version) = Some(version);
            }
            Ok(())
        }
    }
}
