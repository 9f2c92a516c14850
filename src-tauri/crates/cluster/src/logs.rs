//! Logs of containers.

use crate::{ClusterError, Session};
use futures::{AsyncBufRead, AsyncBufReadExt as _};
use jiff::Timestamp;
use kube::api::LogParams;
use kube::core::Request;
use std::collections::VecDeque;
use std::pin::Pin;
use std::time::Duration;

/// Longest line that is handed over, bytes; the rest of a longer one is left out and counted.
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
    pub since: Option<Since>,
    /// Each line begins with the kubelet's time (RFC 3339) and a space.
    pub timestamps: bool,
    /// Goes on with what comes; otherwise the log ends with what is there.
    pub follow: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Since {
    /// Before now, by the node's clock.
    Seconds(u32),
    /// The cluster knows whole seconds: what is below is cut off.
    Time(Timestamp),
}

/// A line of a log. Control characters are data, and it needs not be UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'a> {
    /// Without its line break, and no more than `LINE_MAX`.
    pub text: &'a [u8],
    /// Bytes of the line behind them.
    pub left_out: u64,
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
        let (since_seconds, since_time) = match options.since {
            None => (None, None),
            Some(Since::Seconds(seconds)) => (Some(i64::from(seconds)), None),
            // kube would round to the nearest second.
            Some(Since::Time(at)) => (None, floor(at)),
        };
        let params = LogParams {
            container: Some(container.to_owned()),
            follow: options.follow,
            previous: options.previous,
            tail_lines: options.tail.map(i64::from),
            since_seconds,
            since_time,
            timestamps: options.timestamps,
            ..LogParams::default()
        };
        let path = crate::Kind::Pod.path(&connection.namespace);
        let request = Request::new(path).logs(pod, &params).map_err(|error| ClusterError::other(&doing, error))?;
        let reader = connection.clients.streams.request_stream(request).await;
        let reader = reader.map_err(|error| ClusterError::from_kube(&doing, &connection.server, error));
        Ok(Log { reader: Box::pin(self.note(reader)?), lines: Lines::default(), doing, server: connection.server })
    }

    /// The last lines that a container has written, oldest first; what is not UTF-8 became U+FFFD.
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
            while log.read(|line| last.push_back(String::from_utf8_lossy(line.text).into_owned())).await? {
                last.drain(..last.len().saturating_sub(count));
            }
            last.drain(..last.len().saturating_sub(count));
            let last = Vec::from(last);
            if matches!(&last[..], [only] if is_no_log(only.as_bytes())) {
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

/// The kubelet answers for a container whose log it has removed as if its own sentence were that log; with times asked
/// for, too, it has none.
pub fn is_no_log(line: &[u8]) -> bool {
    line.starts_with(b"unable to retrieve container logs for ")
}

impl Log {
    /// Hands over the lines that came next, if whole ones did; false at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    /// `Unreachable` or `Timeout` where the connection broke; of the line that was under way nothing is handed over.
    pub async fn read(&mut self, mut each: impl FnMut(Line<'_>)) -> Result<bool, ClusterError> {
        let chunk = self.reader.fill_buf().await;
        let chunk = chunk
            .map_err(|error| ClusterError::from_kube(&self.doing, &self.server, kube::Error::ReadEvents(error)))?;
        let size = chunk.len();
        if size == 0 {
            self.lines.rest(&mut each);
            return Ok(false);
        }
        self.lines.split(chunk, &mut each);
        self.reader.consume_unpin(size);
        Ok(true)
    }
}

/// The second that a time is in.
fn floor(at: Timestamp) -> Option<Timestamp> {
    let cut = i64::from(at.subsec_nanosecond() < 0);
    Timestamp::from_second(at.as_second() - cut).ok()
}

/// Makes lines of chunks. Only of a line that is in two of them something is kept.
#[derive(Debug, Default)]
struct Lines {
    begun: Vec<u8>,
    /// Bytes of the line that has begun which are not in it.
    left_out: u64,
}

impl Lines {
    fn split(&mut self, chunk: &[u8], each: &mut impl FnMut(Line<'_>)) {
        let mut rest = chunk;
        while let Some(at) = memchr::memchr(b'\n', rest) {
            let (line, after) = (&rest[..at], &rest[at + 1..]);
            rest = after;
            if self.begun.is_empty() {
                let text = &line[..line.len().min(LINE_MAX)];
                each(Line { text, left_out: (line.len() - text.len()) as u64 });
            } else {
                self.push(line);
                self.rest(each);
            }
        }
        self.push(rest);
    }

    /// What stands behind the last line break.
    fn rest(&mut self, each: &mut impl FnMut(Line<'_>)) {
        if !self.begun.is_empty() {
            each(Line { text: &self.begun, left_out: std::mem::take(&mut self.left_out) });
            self.begun.clear();
        }
    }

    fn push(&mut self, bytes: &[u8]) {
        let taken = bytes.len().min(LINE_MAX - self.begun.len());
        self.begun.extend_from_slice(&bytes[..taken]);
        self.left_out += (bytes.len() - taken) as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(chunks: &[&[u8]]) -> Vec<(Vec<u8>, u64)> {
        let (mut lines, mut found) = (Lines::default(), Vec::new());
        let mut each = |line: Line<'_>| found.push((line.text.to_vec(), line.left_out));
        for chunk in chunks {
            lines.split(chunk, &mut each);
        }
        lines.rest(&mut each);
        found
    }

    #[test]
    fn what_the_kubelet_says_of_a_removed_log_is_no_log() {
        assert!(is_no_log(b"unable to retrieve container logs for containerd://859aad07"));
        assert!(!is_no_log(b"starting"));
    }

    #[test]
    fn lines_do_not_depend_on_chunks() {
        let text = "first\n\nthird \u{1b}[31mred\u{7}\r\n支付\nlast".as_bytes();
        let whole: Vec<_> = text.split(|byte| *byte == b'\n').map(|line| (line.to_vec(), 0)).collect();
        for size in 1..=text.len() {
            assert_eq!(all(&text.chunks(size).collect::<Vec<_>>()), whole, "chunks of {size}");
        }
    }

    #[test]
    fn a_line_without_end_is_bounded_and_its_rest_counted() {
        let mut chunks = vec![&[b'x'; 4096][..]; 100];
        chunks.push(b"y\nz\n\xff\n");
        let found = all(&chunks);
        assert_eq!(found[0], (vec![b'x'; LINE_MAX], 100 * 4096 + 1 - LINE_MAX as u64));
        assert_eq!(found[1..], [(b"z".to_vec(), 0), (b"\xff".to_vec(), 0)]);
        let long = [vec![b'x'; LINE_MAX + 5], b"\n".to_vec()].concat();
        assert_eq!(all(&[&long]), [(vec![b'x'; LINE_MAX], 5)], "also within one chunk");
    }
}
