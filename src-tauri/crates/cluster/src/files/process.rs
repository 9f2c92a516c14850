//! A program in a container whose streams are read and written as they come.

use super::{FileError, Obstacle, script};
use crate::exec::{CLOSED, Ended, exit_code, first, next_of, refused};
use crate::terminal::NO_PROGRAM;
use crate::{ClusterError, Session};
use futures::FutureExt as _;
use k8s_openapi::api::core::v1::Pod;
use kube::Api;
use kube::api::{AttachParams, AttachedProcess};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, ReadHalf, SimplexStream, WriteHalf};
use tokio_util::task::AbortOnDropHandle;

/// Read ahead of who takes it, bytes, and the largest piece that is handed over.
const PIECE: usize = 64 * 1024;
/// What a program says of its failure, bytes.
const SAID_MAX: usize = 4 * 1024;

/// Dropping it cuts its streams; a program that reads or writes them ends then.
pub struct Process {
    stdout: ReadHalf<SimplexStream>,
    stdin: Option<WriteHalf<SimplexStream>>,
    stderr: AbortOnDropHandle<Vec<u8>>,
    ended: Ended,
    doing: String,
    server: String,
    container: String,
    _attached: AttachedProcess,
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("doing", &self.doing).finish_non_exhaustive()
    }
}

impl Session {
    pub(super) async fn process(
        &self,
        pod: &str,
        container: &str,
        doing: &str,
        command: Vec<String>,
        input: bool,
    ) -> Result<Process, ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("{doing} {container} of {}/{pod}", connection.namespace);
        let api: Api<Pod> = Api::namespaced(connection.clients.streams.clone(), &connection.namespace);
        let params = AttachParams::default().container(container).stdin(input).stdout(true).stderr(true);
        let params = params.max_stdout_buf_size(PIECE).max_stdin_buf_size(PIECE).max_stderr_buf_size(SAID_MAX);
        let process = api.exec(pod, command, &params).await;
        let process = process.map_err(|error| refused(&doing, &connection.server, "pods/exec", error));
        let mut process = self.note(process)?;
        let (Some(stdout), Some(stderr), Some(ended)) = (process.stdout(), process.stderr(), process.take_status())
        else {
            return Err(ClusterError::other(&doing, "the streams of the process are gone"));
        };
        let stdin = process.stdin();
        // Somebody has to read it: what nobody reads holds the other streams up.
        let stderr = AbortOnDropHandle::new(tokio::spawn(async move { first(stderr, SAID_MAX).await.0 }));
        let (server, container) = (connection.server, container.to_owned());
        let ended = ended.boxed().shared();
        Ok(Process { stdout, stdin, stderr, ended, doing, server, container, _attached: process })
    }
}

impl Process {
    /// The bytes that came next; `None` at the end, and where the connection broke. Dropping the future loses nothing.
    pub async fn next(&mut self) -> Option<Vec<u8>> {
        next_of(&mut self.stdout, &self.ended, PIECE).await
    }

    /// Gives the program bytes. `None` once it takes none any more: it has ended, or says something.
    pub async fn write(&mut self, bytes: &[u8]) -> Option<()> {
        let ended = self.ended.clone();
        let stdin = self.stdin.as_mut()?;
        let mut said = Vec::new();
        tokio::select! {
            written = stdin.write_all(bytes) => written.ok(),
            _ = self.stdout.read_buf(&mut said) => None,
            _ = ended => None,
        }
    }

    /// Everything was written.
    pub async fn close(&mut self) {
        if let Some(mut stdin) = self.stdin.take() {
            // What has ended already has nobody who reads it.
            stdin.shutdown().await.ok();
        }
    }

    /// How it ended, after its last bytes: what it said of what it could not do.
    ///
    /// # Errors
    /// What stood in its way, and `Unreachable` where the connection broke.
    pub async fn end(mut self) -> Result<(), FileError> {
        self.close().await;
        while self.next().await.is_some() {}
        let Some(status) = self.ended.clone().await else {
            let (doing, server) = (self.doing, self.server);
            return Err(ClusterError::Unreachable { doing, server, reason: CLOSED.to_owned() }.into());
        };
        let code = match (status.status.as_deref(), exit_code(&status)) {
            (Some("Success"), _) => return Ok(()),
            (_, Some(code)) => code,
            (_, None) => {
                let message = status.message.unwrap_or_default();
                if NO_PROGRAM.iter().any(|words| message.contains(words)) {
                    return Err(FileError::NoShell { container: self.container });
                }
                return Err(ClusterError::other(&self.doing, message).into());
            }
        };
        let said = self.stderr.await.unwrap_or_default();
        let message = said_by(&String::from_utf8_lossy(&said), code);
        Err(match code {
            script::exit::NO_TAR => FileError::NoTool { container: self.container, tool: "tar" },
            script::exit::NO_STAT => FileError::NoTool { container: self.container, tool: "stat" },
            script::exit::NO_DIGEST => FileError::NoTool { container: self.container, tool: "sha256sum" },
            code => FileError::Obstacle { what: obstacle(code, &message), doing: self.doing, message },
        })
    }
}

/// The first thing that was said; what comes after it mostly follows from it.
fn said_by(said: &str, code: i32) -> String {
    match said.lines().map(str::trim).find(|line| !line.is_empty()) {
        Some(line) => line.to_owned(),
        // The script's own word, which says all there is to say.
        None if (script::exit::MISSING..=script::exit::TAKEN).contains(&code) => String::new(),
        None => format!("exit code {code}"),
    }
}

/// The tools all speak with the words of the system.
fn obstacle(code: i32, message: &str) -> Obstacle {
    let says = |words: &[&str]| words.iter().any(|words| message.contains(words));
    match code {
        script::exit::MISSING => Obstacle::Missing,
        script::exit::NO_FOLDER => Obstacle::NoFolder,
        script::exit::DENIED => Obstacle::Denied,
        script::exit::TAKEN => Obstacle::Taken,
        _ if says(&["Read-only file system"]) => Obstacle::ReadOnly,
        _ if says(&["No space left on device", "Disk quota exceeded"]) => Obstacle::Full,
        _ if says(&["Permission denied", "Operation not permitted"]) => Obstacle::Denied,
        _ if says(&["No such file or directory"]) => Obstacle::Missing,
        _ => Obstacle::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tools_say_is_told_apart() {
        for (code, said, what) in [
            (1, "mkdir: can't create directory '.slipway-1.part': Read-only file system", Obstacle::ReadOnly),
            (1, "tar: write error: No space left on device", Obstacle::Full),
            (2, "tar: new/a: Cannot write: No space left on device\ntar: Exiting with failure", Obstacle::Full),
            (1, "mkdir: cannot create directory ‘x’: Permission denied", Obstacle::Denied),
            (1, "mv: cannot move 'a' to './a': Device or resource busy", Obstacle::Other),
            (81, "", Obstacle::Missing),
            (84, "", Obstacle::Taken),
        ] {
            assert_eq!(obstacle(code, &said_by(said, code)), what, "{said}");
        }
        assert_eq!(said_by("\n\n", 7), "exit code 7");
        assert_eq!(said_by("tar: a\ntar: b\n", 1), "tar: a");
    }
}
