//! Commands in running containers, and connections to their ports.

use crate::{ClusterError, Session};
use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use k8s_openapi::api::core::v1::Pod;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Status;
use kube::Api;
use kube::api::AttachParams;
use kube::client::UpgradeConnectionError;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncReadExt as _, DuplexStream, ReadHalf, SimplexStream};
use tokio::time::timeout;

/// What the kubelet calls the exit code among the causes of its status.
const EXIT_CODE: &str = "ExitCode";
/// A forwarded port says nothing when it was taken, and its error at once when it was not: silence for this long is a yes.
pub const REFUSED_WITHIN: Duration = Duration::from_millis(500);

/// The reason where the stream ended and nothing else is known.
pub const CLOSED: &str = "the connection was closed";

/// How a command in a container ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ran {
    pub exit: i32,
    /// What it wrote to both outputs, the first bytes only.
    pub output: Vec<u8>,
    /// It wrote more.
    pub cut: bool,
    /// From the open connection to its end.
    pub took: Duration,
}

/// How a connection to a port of a pod went.
#[derive(Debug)]
pub enum Dialled {
    /// Open; dropping it closes it.
    Taken(DuplexStream),
    /// Nobody listens: what the kubelet says of it.
    Refused(String),
}

impl Session {
    /// Runs a command in a container and waits for its end. `None` when it did not end in time: the cluster has no way to
    /// end it then, which is why a probe's command should be short.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, and `Other` with the kubelet's words where the command cannot be started.
    pub async fn run(
        &self,
        pod: &str,
        container: &str,
        command: &[String],
        most: usize,
        within: Duration,
    ) -> Result<Option<Ran>, ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("run a command in {container} of {}/{pod}", connection.namespace);
        let api: Api<Pod> = Api::namespaced(connection.clients.streams.clone(), &connection.namespace);
        let params = AttachParams::default().container(container).stdin(false).stdout(true).stderr(true);
        let run = async {
            let process = api.exec(pod, command, &params).await;
            let mut process = process.map_err(|error| refused(&doing, &connection.server, "pods/exec", error))?;
            let (Some(stdout), Some(stderr), Some(status)) =
                (process.stdout(), process.stderr(), process.take_status())
            else {
                return Err(ClusterError::other(&doing, "the streams of the process are gone"));
            };
            let (begun, ended) = (Instant::now(), status.boxed().shared());
            let broke = ClusterError::Unreachable {
                doing: doing.clone(),
                server: connection.server.clone(),
                reason: CLOSED.to_owned(),
            };
            let (out, err) = tokio::select! {
                both = futures::future::join(first(stdout, most), first(stderr, most)) => both,
                () = broken(&ended) => return Err(broke),
            };
            let Some(status) = ended.await else { return Err(broke) };
            let took = begun.elapsed();
            let exit = match (status.status.as_deref(), exit_code(&status)) {
                (Some("Success"), _) => 0,
                (_, Some(code)) => code,
                (_, None) => return Err(ClusterError::other(&doing, status.message.unwrap_or_default())),
            };
            let mut output = out.0;
            output.extend(err.0);
            let cut = out.1 || err.1 || output.len() > most;
            output.truncate(most);
            Ok(Ran { exit, output, cut, took })
        };
        match timeout(within, run).await {
            Ok(ran) => self.note(ran).map(Some),
            Err(_) => Ok(None),
        }
    }

    /// Connects to a port of a pod, as seen from inside it. The kubelet's own probes come from outside: a server that
    /// listens on the loopback address only answers here and not there.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, and what breaks on the way.
    pub async fn dial(&self, pod: &str, port: u16) -> Result<Dialled, ClusterError> {
        let (stream, refusal) = self.forward(pod, port).await?;
        Ok(match timeout(REFUSED_WITHIN, refusal).await {
            Ok(reason) => Dialled::Refused(reason),
            Err(_) => Dialled::Taken(stream),
        })
    }

    /// A stream to a port of a pod, and what resolves with the reason once it is of no use. It has one end alone: once
    /// nothing more is written, nothing more is read.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, and what breaks on the way.
    pub async fn forward(
        &self,
        pod: &str,
        port: u16,
    ) -> Result<(DuplexStream, impl Future<Output = String> + use<>), ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("connect to port {port} of {}/{pod}", connection.namespace);
        let api: Api<Pod> = Api::namespaced(connection.clients.streams.clone(), &connection.namespace);
        let forwarder = api.portforward(pod, &[port]).await;
        let forwarder = forwarder.map_err(|error| refused(&doing, &connection.server, "pods/portforward", error));
        let mut forwarder = self.note(forwarder)?;
        let (Some(stream), Some(error)) = (forwarder.take_stream(port), forwarder.take_error(port)) else {
            return Err(ClusterError::other(&doing, "the stream of the port is gone"));
        };
        let refusal = error.map(|reason| reason.map_or_else(|| CLOSED.to_owned(), |reason| plain(&reason)));
        Ok((stream, refusal))
    }
}

pub(crate) fn exit_code(status: &Status) -> Option<i32> {
    let causes = status.details.as_ref()?.causes.iter().flatten();
    causes
        .filter(|cause| cause.reason.as_deref() == Some(EXIT_CODE))
        .find_map(|cause| cause.message.as_ref()?.parse().ok())
}

/// The runtime tells of its sandbox and of both families of addresses; of IPv6 where there is none, too.
fn plain(reason: &str) -> String {
    const REFUSED: &str = "connection refused";
    if reason.contains(REFUSED) { REFUSED.to_owned() } else { reason.trim().to_owned() }
}

/// Resolves with the status of a process, or with `None` where its connection broke.
pub(crate) type Ended = Shared<BoxFuture<'static, Option<Status>>>;

/// Its connection broke: its streams are left as they were then, and nothing comes to an end by itself.
async fn broken(ended: &Ended) {
    if ended.clone().await.is_some() {
        std::future::pending::<()>().await;
    }
}

/// The bytes that came next, so many at most; `None` at the end, and where the connection broke. Dropping the future loses
/// nothing.
pub(crate) async fn next_of(stream: &mut ReadHalf<SimplexStream>, ended: &Ended, most: usize) -> Option<Vec<u8>> {
    let mut piece = Vec::with_capacity(most);
    tokio::select! {
        biased;
        read = stream.read_buf(&mut piece) => matches!(read, Ok(count) if count > 0).then_some(piece),
        () = broken(ended) => None,
    }
}

/// The first bytes, and whether there were more: the rest is read and dropped, so that the process is not held up.
pub(crate) async fn first(mut from: impl AsyncRead + Unpin, most: usize) -> (Vec<u8>, bool) {
    let mut kept = Vec::new();
    let limit = u64::try_from(most).unwrap_or(u64::MAX);
    // What was read before an error is still what was said.
    let _ = (&mut from).take(limit).read_to_end(&mut kept).await;
    let more = tokio::io::copy(&mut from, &mut tokio::io::sink()).await.unwrap_or(0);
    (kept, more > 0)
}

/// A stream that was not opened: the answer to the upgrade is a status without the server's words.
pub(crate) fn refused(doing: &str, server: &str, resource: &str, error: kube::Error) -> ClusterError {
    let kube::Error::UpgradeConnection(UpgradeConnectionError::ProtocolSwitch(status)) = &error else {
        return ClusterError::from_kube(doing, server, error);
    };
    match status.as_u16() {
        403 => ClusterError::Forbidden {
            doing: doing.to_owned(),
            verb: "create".to_owned(),
            resource: resource.to_owned(),
            namespace: String::new(),
            message: format!("{resource} may not be created"),
        },
        404 => ClusterError::NotFound { doing: doing.to_owned(), what: "Pod".to_owned() },
        _ => ClusterError::from_kube(doing, server, error),
    }
}
