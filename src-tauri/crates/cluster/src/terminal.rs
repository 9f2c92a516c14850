//! Terminals in running containers.

use crate::exec::{CLOSED, Ended, exit_code, next_of, refused};
use crate::{ClusterError, Session};
use futures::FutureExt as _;
use futures::SinkExt as _;
use futures::channel::mpsc;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{AttachParams, AttachedProcess, TerminalSize as KubeSize};
use tokio::io::{AsyncWriteExt as _, ReadHalf, SimplexStream, WriteHalf};

/// The best shell there is, found where it runs: asking first which one would be a round trip more.
const SHELL: [&str; 3] =
    ["sh", "-c", "TERM=xterm-256color; export TERM; command -v bash >/dev/null 2>&1 && exec bash -i; exec sh -i"];
/// Read ahead of who shows it, bytes, and the largest piece that is handed over.
const PIECE: usize = 64 * 1024;
/// How a runtime says that there is no such program in the image.
pub(crate) const NO_PROGRAM: [&str; 3] =
    ["executable file not found", "no such file or directory", "not found in $PATH"];

/// Of a terminal, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub columns: u16,
    pub rows: u16,
}

impl From<Size> for KubeSize {
    fn from(size: Size) -> Self {
        Self { width: size.columns, height: size.rows }
    }
}

/// How a shell ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShellEnd {
    Exited(i32),
    /// It never began: the image has none.
    NoShell,
}

/// A shell with its screen. Dropping its parts ends it.
#[derive(Debug)]
pub struct Shell {
    pub output: ShellOutput,
    pub input: ShellInput,
}

/// What the shell writes.
pub struct ShellOutput {
    reader: ReadHalf<SimplexStream>,
    ended: Ended,
    doing: String,
    server: String,
    _process: AttachedProcess,
}

/// What is typed, and the size of the screen it is typed at.
pub struct ShellInput {
    writer: WriteHalf<SimplexStream>,
    sizes: mpsc::Sender<KubeSize>,
}

impl std::fmt::Debug for ShellOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShellOutput").field("doing", &self.doing).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ShellInput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShellInput").finish_non_exhaustive()
    }
}

impl Session {
    /// Starts a shell in a container. The connection is kept alive while nobody types.
    ///
    /// # Errors
    /// `Forbidden`, `NotFound`, and what breaks on the way. An image without a shell is an end of it, not an error.
    pub async fn shell(&self, pod: &str, container: &str, size: Size) -> Result<Shell, ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("run a shell in {container} of {}/{pod}", connection.namespace);
        let api: Api<Pod> = Api::namespaced(connection.clients.streams.clone(), &connection.namespace);
        let params = AttachParams::interactive_tty().container(container).max_stdout_buf_size(PIECE);
        let process = api.exec(pod, SHELL, &params).await;
        let process = process.map_err(|error| refused(&doing, &connection.server, "pods/exec", error));
        let mut process = self.note(process)?;
        let (Some(reader), Some(writer), Some(mut sizes), Some(ended)) =
            (process.stdout(), process.stdin(), process.terminal_size(), process.take_status())
        else {
            return Err(ClusterError::other(&doing, "the streams of the process are gone"));
        };
        // A connection that ended already says why where its output is read.
        sizes.send(size.into()).await.ok();
        let ended = ended.boxed().shared();
        let output = ShellOutput { reader, ended, doing, server: connection.server, _process: process };
        Ok(Shell { output, input: ShellInput { writer, sizes } })
    }
}

impl ShellOutput {
    /// The bytes that came next; `None` at the end, and where the connection broke. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        next_of(&mut self.reader, &self.ended, PIECE).await
    }

    /// How it ended, after the last bytes.
    ///
    /// # Errors
    /// `Unreachable` where the connection broke: the shell may run on for a while without anybody. `Other` with the
    /// runtime's words where it could not be started.
    pub async fn end(self) -> Result<ShellEnd, ClusterError> {
        let Some(status) = self.ended.await else {
            let (doing, server) = (self.doing, self.server);
            return Err(ClusterError::Unreachable { doing, server, reason: CLOSED.to_owned() });
        };
        match (status.status.as_deref(), exit_code(&status)) {
            (Some("Success"), _) => Ok(ShellEnd::Exited(0)),
            (_, Some(code)) => Ok(ShellEnd::Exited(code)),
            (_, None) => {
                let message = status.message.unwrap_or_default();
                if NO_PROGRAM.iter().any(|words| message.contains(words)) {
                    return Ok(ShellEnd::NoShell);
                }
                Err(ClusterError::other(&self.doing, message))
            }
        }
    }
}

impl ShellInput {
    /// Types. `None` once nobody reads it any more.
    pub async fn write(&mut self, bytes: &[u8]) -> Option<()> {
        self.writer.write_all(bytes).await.ok()?;
        self.writer.flush().await.ok()
    }

    /// The screen has another size. `None` once there is none any more.
    pub async fn resize(&mut self, size: Size) -> Option<()> {
        self.sizes.send(size.into()).await.ok()
    }
}
