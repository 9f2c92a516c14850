//! Connections: each is carried to the pod of the moment over a stream of its own.

use super::OpenForward;
use slipway_cluster::{ClusterError, REFUSED_WITHIN, Session};
use std::future::Future;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, sink, split};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// Connections of one forward at a time: each is one to the cluster, too. More of them wait.
const MOST: usize = 128;
/// A connection that finds no way waits this long for one.
const KEPT_WAITING: Duration = Duration::from_secs(20);
/// Who has said all may still be listening: so long after the last byte that came for them.
const QUIET: Duration = Duration::from_secs(10);
/// What the other side still sends is taken for so long, so that it reads what was sent to it.
const LINGER: Duration = Duration::from_secs(1);
/// After the system refused a connection that had come: it has no room for the moment.
const AGAIN: Duration = Duration::from_millis(100);
const PIECE: usize = 64 * 1024;

/// Where connections are carried now.
#[derive(Clone, Debug)]
pub(super) struct Route {
    pub(super) session: Session,
    pub(super) pod: String,
    pub(super) port: u16,
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        (&self.pod, self.port) == (&other.pod, other.port)
    }
}

pub(super) type Routes = watch::Receiver<Option<Route>>;

/// What a connection met.
#[derive(Debug)]
pub(super) enum Report {
    /// The pod answers.
    Works {
        pod: String,
    },
    Refused {
        pod: String,
        reason: String,
    },
    Broken {
        pod: String,
        error: ClusterError,
    },
}

/// Takes connections, for ever. All of them end when this is dropped.
pub(super) async fn accept(
    listener: TcpListener,
    forward: Arc<OpenForward>,
    routes: Routes,
    reports: mpsc::Sender<Report>,
) {
    let room = Arc::new(Semaphore::new(MOST));
    let mut connections = JoinSet::new();
    loop {
        // It is never closed.
        let Ok(permit) = room.clone().acquire_owned().await else { return };
        match listener.accept().await {
            Ok((local, _)) => {
                let (forward, routes, reports) = (forward.clone(), routes.clone(), reports.clone());
                connections.spawn(async move {
                    connection(local, &forward, routes, &reports).await;
                    drop(permit);
                });
            }
            Err(error) => {
                tracing::warn!(%error, forward = forward.id, "a connection is not taken");
                sleep(AGAIN).await;
            }
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn connection(local: TcpStream, forward: &OpenForward, mut routes: Routes, reports: &mpsc::Sender<Report>) {
    // Small questions and answers go as they come, as they would without us.
    local.set_nodelay(true).ok();
    let deadline = Instant::now() + KEPT_WAITING;
    loop {
        let found = timeout_at(deadline, routes.wait_for(Option::is_some)).await;
        let Some(route) = found.ok().and_then(Result::ok).and_then(|route| route.clone()) else { return };
        let Route { session, pod, port } = route.clone();
        match session.forward(&pod, port).await {
            Ok((stream, refusal)) => {
                carry(local, stream, refusal, forward, &pod, reports).await;
                return;
            }
            Err(error) => {
                reports.send(Report::Broken { pod, error }).await.ok();
                // Nothing was said yet: the same connection may go another way.
                let other = routes.wait_for(|now| now.as_ref() != Some(&route));
                if !matches!(timeout_at(deadline, other).await, Ok(Ok(_))) {
                    return;
                }
            }
        }
    }
}

async fn carry(
    local: TcpStream,
    stream: impl AsyncRead + AsyncWrite + Unpin,
    refusal: impl Future<Output = String>,
    forward: &OpenForward,
    pod: &str,
    reports: &mpsc::Sender<Report>,
) {
    let (mut from_here, mut to_here) = local.into_split();
    let (mut from_pod, mut to_pod) = split(stream);
    let came = AtomicU64::new(0);
    let ended = {
        let down = pass(&mut from_pod, &mut to_here, |bytes| {
            if came.fetch_add(bytes, Ordering::Relaxed) == 0 {
                // Where many wait to be heard, this is known.
                reports.try_send(Report::Works { pod: pod.to_owned() }).ok();
            }
            forward.moved(&forward.down, bytes);
        });
        tokio::pin!(down);
        let up = pass(&mut from_here, &mut to_pod, |bytes| forward.moved(&forward.up, bytes));
        tokio::select! {
            ended = &mut down => ended,
            said = up => if said.is_err() {
                said
            } else {
                // The stream ends as a whole or not at all: it stays for the answer to what was said last.
                tokio::select! {
                    ended = &mut down => ended,
                    () = quiet(&came) => Ok(()),
                }
            },
        }
    };
    if came.load(Ordering::Relaxed) == 0
        && let Ok(reason) = timeout(REFUSED_WITHIN, refusal).await
        && reason != slipway_cluster::CLOSED
    {
        reports.send(Report::Refused { pod: pod.to_owned(), reason }).await.ok();
    }
    if ended.is_ok() && to_here.shutdown().await.is_ok() {
        timeout(LINGER, tokio::io::copy(&mut from_here, &mut sink())).await.ok();
    }
}

/// Hands on what comes until there is no more.
async fn pass(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    count: impl Fn(u64),
) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        let length = from.read(&mut piece).await?;
        if length == 0 {
            return Ok(());
        }
        to.write_all(&piece[..length]).await?;
        count(length as u64);
    }
}

/// Until nothing has come for a while.
async fn quiet(came: &AtomicU64) {
    loop {
        let before = came.load(Ordering::Relaxed);
        sleep(QUIET).await;
        if came.load(Ordering::Relaxed) == before {
            return;
        }
    }
}
