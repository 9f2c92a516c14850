//! Logs of containers.

use crate::{ClusterError, Session};
use futures::{AsyncBufRead, AsyncBufReadExt as _};
use kube::api::LogParams;
use kube::core::Request;
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

/// Longest line that is handed over, bytes; the rest of a longer one is left out and said to be.
pub const LINE_MAX: usize = 64 * 1024;
/// Reading the end of a log is a small thing.
const LAST_LINES_TIMEOUT: Duration = Duration::from_secs(20);

/// Which part of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LogOptions {
    /// Of the container's run before.
    pub previous: bool,
    /// Only the last lines.
    pub tail: Option<u32>,
    pub since_seconds: Option<u32>,
    /// Each line begins with the kubelet's time (RFC 3339) and a space.
    pub timestamps: bool,
    /// Goes on with what comes; otherwise the log ends with what is there.
    pub follow: bool,
}

/// A line of a log. Control characters are data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Without its line break; what is not UTF-8 became U+FFFD.
    pub text: String,
    /// It was longer than `LINE_MAX`.
    pub cut: bool,
}

/// An open log. Dropping it ends the reading; nothing is read ahead of who asks.
pub struct Log {
    reader: Pin<Box<dyn AsyncBufRead + Send>>,
    lines: Lines,
    doing: String,
    server: String,
}

impl std::fmt::Debug for Log {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Log").field("doing", &self.doing).finish_non_exhaustive()
    }
}

impl Session {
    /// Opens a container's log.
    ///
    /// # Errors
    /// `Invalid` while the container has not begun (or has no previous run), and what the cluster says.
    pub async fn log(&self, pod: &str, container: &str, options: &LogOptions) -> Result<Log, ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("read the log of {container} in {}/{pod}", connection.namespace);
        let params = LogParams {
            container: Some(container.to_owned()),
            follow: options.follow,
            previous: options.previous,
            tail_lines: options.tail.map(i64::from),
            since_seconds: options.since_seconds.map(i64::from),
            timestamps: options.timestamps,
            ..LogParams::default()
        };
        let path = crate::Kind::Pod.path(&connection.namespace);
        let request = Request::new(path).logs(pod, &params).map_err(|error| ClusterError::other(&doing, error))?;
        let reader = connection.clients.streams.request_stream(request).await;
        let reader = reader.map_err(|error| ClusterError::from_kube(&doing, &connection.server, error));
        Ok(Log { reader: Box::pin(self.note(reader)?), lines: Lines::default(), doing, server: connection.server })
    }

    /// The last lines that a container has written, oldest first.
    ///
    /// # Errors
    /// As `log`, and `NotFound` for a run whose log the kubelet has removed already.
    pub async fn last_lines(
        &self,
        pod: &str,
        container: &str,
        previous: bool,
        count: usize,
    ) -> Result<Vec<String>, ClusterError> {
        let options = LogOptions { previous, tail: u32::try_from(count).ok(), ..LogOptions::default() };
        let read = async {
            let mut log = self.log(pod, container, &options).await?;
            let mut last = VecDeque::new();
            while let Some(lines) = log.lines().await? {
                last.extend(lines.into_iter().map(|line| line.text));
                last.drain(..last.len().saturating_sub(count));
            }
            let last = Vec::from(last);
            if is_no_log(&last) {
                return Err(ClusterError::NotFound { doing: log.doing, what: format!("log of {container}") });
            }
            Ok(last)
        };
        tokio::time::timeout(LAST_LINES_TIMEOUT, read).await.unwrap_or_else(|_| {
            let doing = format!("read the log of {container} in {pod}");
            Err(ClusterError::Timeout { doing, reason: format!("within {} s", LAST_LINES_TIMEOUT.as_secs()) })
        })
    }
}

/// The kubelet answers for a container whose log it has removed as if its own sentence were that log.
fn is_no_log(lines: &[String]) -> bool {
    matches!(lines, [only] if only.starts_with("unable to retrieve container logs for "))
}

impl Log {
    /// The bytes that came next; `None` at the end.
    ///
    /// # Errors
    /// `Unreachable` or `Timeout` where the connection broke.
    pub async fn bytes(&mut self) -> Result<Option<Vec<u8>>, ClusterError> {
        let chunk = self.reader.fill_buf().await;
        let chunk = chunk
            .map_err(|error| ClusterError::from_kube(&self.doing, &self.server, kube::Error::ReadEvents(error)))?;
        if chunk.is_empty() {
            return Ok(None);
        }
        let chunk = chunk.to_vec();
        self.reader.consume_unpin(chunk.len());
        Ok(Some(chunk))
    }

    /// The lines that came next, at least one; `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    /// As `bytes`.
    pub async fn lines(&mut self) -> Result<Option<Vec<Line>>, ClusterError> {
        loop {
            let Some(chunk) = self.bytes().await? else {
                return Ok(self.lines.rest().map(|line| vec![line]));
            };
            let lines = self.lines.split(&chunk);
            if !lines.is_empty() {
                return Ok(Some(lines));
            }
        }
    }
}

/// Makes lines of chunks.
#[derive(Debug, Default)]
struct Lines {
    begun: Vec<u8>,
    /// More than `LINE_MAX` of the line that has begun was left out.
    cut: bool,
}

impl Lines {
    fn split(&mut self, chunk: &[u8]) -> Vec<Line> {
        let mut lines = Vec::new();
        let mut rest = chunk;
        while let Some(at) = rest.iter().position(|byte| *byte == b'\n') {
            self.push(&rest[..at]);
            lines.push(self.line());
            rest = &rest[at + 1..];
        }
        self.push(rest);
        lines
    }

    /// What stands behind the last line break.
    fn rest(&mut self) -> Option<Line> {
        (!self.begun.is_empty()).then(|| self.line())
    }

    fn push(&mut self, bytes: &[u8]) {
        let room = LINE_MAX - self.begun.len();
        self.cut |= bytes.len() > room;
        self.begun.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn line(&mut self) -> Line {
        let text = String::from_utf8(std::mem::take(&mut self.begun))
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Line { text, cut: std::mem::take(&mut self.cut) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_kubelet_says_of_a_removed_log_is_no_log() {
        let lines = |lines: &[&str]| lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>();
        let removed = "unable to retrieve container logs for containerd://859aad07";
        assert!(is_no_log(&lines(&[removed])));
        assert!(!is_no_log(&lines(&["starting", removed])), "an application may say so too");
        assert!(!is_no_log(&[]));
    }

    #[test]
    fn lines_do_not_depend_on_chunks() {
        let text = "first\n\nthird \u{1b}[31mred\u{7}\r\n支付\nlast".as_bytes();
        let whole: Vec<String> =
            "first\n\nthird \u{1b}[31mred\u{7}\r\n支付\nlast".split('\n').map(str::to_owned).collect();
        for size in 1..=text.len() {
            let mut lines = Lines::default();
            let mut found: Vec<Line> = text.chunks(size).flat_map(|chunk| lines.split(chunk)).collect();
            found.extend(lines.rest());
            assert_eq!(found.iter().map(|line| line.text.clone()).collect::<Vec<_>>(), whole, "chunks of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_bounded() {
        let mut lines = Lines::default();
        for _ in 0..100 {
            assert!(lines.split(&[b'x'; 4096]).is_empty());
        }
        let found = lines.split(b"y\nz\n");
        assert_eq!((found[0].text.len(), found[0].cut), (LINE_MAX, true));
        assert_eq!(found[1], Line { text: "z".into(), cut: false });
        assert_eq!(lines.split(b"\xff\n")[0].text, "\u{fffd}");
    }
}
