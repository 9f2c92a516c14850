//! One container: reads its log, over restarts and broken connections, each line once.

use super::level::LogLevel;
use super::merge::{Batch, Line};
use super::open::{Mode, OpenLog, time};
use super::replay::{Had, Replay};
use super::write::Word;
use super::{LogFrom, LogMark, LogPartState};
use crate::error::Error;
use jiff::Timestamp;
use slipway_cluster::logs::is_no_log;
use slipway_cluster::{ClusterError, Log, LogOptions, Session, Since};
use slipway_model::instance::ContainerState;
use std::pin::pin;
use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{Duration, sleep};

/// Bytes of one container that may be under way to the disk; then its connection waits.
const ROOM: u32 = 1024 * 1024;
/// The cluster gives each line by itself, and each that goes on wakes who writes. Those that come within this time go on
/// together, up to so many bytes; one that comes later than that after the others goes on at once.
const TOGETHER: Duration = Duration::from_millis(2);
const TOGETHER_MAX: usize = 64 * 1024;
/// Before a connection is tried again. Doubles up to the longest, and is short again after a line.
const AGAIN_FIRST: Duration = Duration::from_millis(100);
const AGAIN_MAX: Duration = Duration::from_secs(5);

/// What the cluster knows of a container.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Facts {
    pub(super) restarts: u32,
    pub(super) state: ContainerState,
    /// Its pod is there no more.
    pub(super) gone: bool,
}

impl Facts {
    fn runs(&self) -> bool {
        matches!(self.state, ContainerState::Running { .. } | ContainerState::Unknown)
    }
}

/// Reads until nothing more can come.
pub(super) async fn read(
    log: Arc<OpenLog>,
    session: Session,
    source: u16,
    facts: watch::Receiver<Facts>,
    words: mpsc::Sender<Word>,
) {
    let Some(part) = log.parts().into_iter().nth(source.into()) else { return };
    let restarts = facts.borrow().restarts;
    let reader = Reader {
        session,
        source,
        pod: part.pod,
        container: part.container,
        mode: log.mode.subscribe(),
        log,
        facts,
        words,
        room: Arc::new(Semaphore::new(ROOM as usize)),
        had: Had::default(),
        restarts,
        turned: None,
        behind: Vec::new(),
        until: None,
    };
    reader.run().await;
}

struct Reader {
    log: Arc<OpenLog>,
    session: Session,
    source: u16,
    pod: String,
    container: String,
    mode: watch::Receiver<Mode>,
    facts: watch::Receiver<Facts>,
    words: mpsc::Sender<Word>,
    room: Arc<Semaphore>,
    had: Had,
    /// Of the run that is read.
    restarts: u32,
    /// The newest line when a restart was seen last: seeing the same again tells of no other.
    turned: Option<i64>,
    /// What is to be said before the next line.
    behind: Vec<LogMark>,
    /// Lines after this time are not wanted.
    until: Option<i64>,
}

/// How reading ended.
enum End {
    /// Everything that was there came.
    Whole,
    /// The person wants it otherwise.
    Mode,
    /// Nothing more is wanted.
    Done,
    /// Nobody listens.
    Gone,
}

impl Reader {
    async fn run(mut self) {
        if let LogFrom::Range { until, .. } = self.log.source.from {
            self.until = until.and_then(|at| i64::try_from(at.as_nanosecond()).ok());
        }
        let mut again = AGAIN_FIRST;
        let mut refreshed = 0;
        loop {
            let mode = *self.mode.borrow_and_update();
            let read_now = mode.live || refreshed != mode.refreshed || self.had.newest().is_none();
            refreshed = mode.refreshed;
            let before = self.facts.borrow_and_update().clone();
            let newest = self.had.newest();
            let ended = if read_now { self.read_once(mode.live).await } else { Ok(End::Whole) };
            if self.words.send(Word::Quiet(self.source)).await.is_err() {
                return;
            }
            if self.had.newest() != newest {
                again = AGAIN_FIRST;
            }
            let now = self.facts.borrow().clone();
            let state = match ended {
                Ok(End::Gone) => return,
                Ok(End::Mode) => continue,
                Ok(End::Done) => break,
                Ok(End::Whole) if self.log.source.previous || now.gone => break,
                Ok(End::Whole) if !mode.live => LogPartState::Read,
                // It has ended meanwhile, and may have written more before.
                Ok(End::Whole) if now != before => continue,
                Ok(End::Whole) if !now.runs() => waiting(&now),
                Ok(End::Whole) => LogPartState::Reconnecting { reason: String::new() },
                Err(error) => match self.after(error, &now) {
                    Some(state) => state,
                    None => break,
                },
            };
            let settled = matches!(state, LogPartState::Waiting { .. } | LogPartState::Read);
            self.log.set_state(self.source, state);
            tokio::select! {
                changed = self.facts.changed() => if changed.is_err() { return },
                changed = self.mode.changed() => if changed.is_err() { return },
                // What has ended for now goes on with a change, which may be long in coming where the watch is behind.
                () = sleep(if settled { AGAIN_MAX } else { again }) => again = (again * 2).min(AGAIN_MAX),
            }
        }
        self.log.set_state(self.source, LogPartState::Ended);
    }

    /// What becomes of a container whose log could not be read; `None` when nothing more comes.
    fn after(&self, error: ClusterError, facts: &Facts) -> Option<LogPartState> {
        let reason = error.to_string();
        match error {
            ClusterError::NotFound { .. } | ClusterError::Invalid { .. } if facts.gone || self.log.source.previous => {
                None
            }
            ClusterError::NotFound { .. } => Some(LogPartState::Reconnecting { reason }),
            // It has not begun, as the cluster says.
            ClusterError::Invalid { .. } => Some(waiting(facts)),
            error if error.retryable() => Some(LogPartState::Reconnecting { reason }),
            error => {
                if matches!(error, ClusterError::Forbidden { .. }) {
                    self.log.set_refused(Some(Error::Cluster(error)));
                }
                Some(LogPartState::Failed { reason })
            }
        }
    }

    async fn read_once(&mut self, follow: bool) -> Result<End, ClusterError> {
        if self.words.send(Word::Connect(self.source)).await.is_err() {
            return Ok(End::Gone);
        }
        let previous = self.log.source.previous;
        let mut log = self.open(previous, follow && !previous).await?;
        if self.words.send(Word::Open(self.source)).await.is_err() {
            return Ok(End::Gone);
        }
        self.log.set_refused(None);
        self.log.set_state(self.source, LogPartState::Live);
        // It may be another run than the one that was read: then that one's last lines are in the log before. It is asked
        // for only now, so that no run can end between the two.
        let joined = self.had.newest().is_some() && !previous && self.read_before().await?;
        let mut replay = self.had.replay();
        if joined {
            replay.give_up();
        }
        self.read_all(&mut log, &mut replay, true).await
    }

    async fn open(&self, previous: bool, follow: bool) -> Result<Log, ClusterError> {
        let (tail, since) = match (self.had.resume(), self.log.source.from) {
            (Some(at), _) => (None, Some(Since::Time(at))),
            (None, LogFrom::Tail { lines }) => (Some(lines), None),
            (None, LogFrom::Since { seconds }) => (None, Some(Since::Seconds(seconds))),
            (None, LogFrom::Range { from, .. }) => (None, Some(Since::Time(from))),
            (None, LogFrom::Beginning) => (None, None),
        };
        let options = LogOptions { previous, tail, since, timestamps: true, follow };
        self.session.log(&self.pod, &self.container, &options).await
    }

    /// What the run before has beyond what was read. Whether it is the one that was read.
    async fn read_before(&mut self) -> Result<bool, ClusterError> {
        let (mut replay, newest) = (self.had.replay(), self.had.newest());
        match self.open(true, false).await {
            Ok(mut log) => {
                self.read_all(&mut log, &mut replay, false).await?;
            }
            // There is none, or the kubelet has removed its log.
            Err(ClusterError::Invalid { .. } | ClusterError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
        let restarts = self.facts.borrow().restarts;
        let turned = (replay.joined() || self.had.newest() != newest) && self.turned != self.had.newest();
        // What was read is the run before now; the cluster may say so only later.
        let now = restarts.max(self.restarts + u32::from(turned));
        if now > self.restarts {
            self.behind.push(LogMark::Restarted { missed: now - self.restarts - 1 });
            self.restarts = now;
            self.turned = self.had.newest();
        }
        Ok(replay.joined())
    }

    /// Hands on what is new. `last`: nothing follows this log that could join what was read.
    async fn read_all(&mut self, log: &mut Log, replay: &mut Replay, last: bool) -> Result<End, ClusterError> {
        let mut mode = self.mode.clone();
        let mut changed = pin!(mode.changed());
        loop {
            let mut batch = Batch { source: self.source, ..Batch::default() };
            let mut together = pin!(sleep(TOGETHER));
            let ended = loop {
                let begun = !batch.lines.is_empty();
                let mut done = false;
                let each = |line: slipway_cluster::Line<'_>| done |= !self.line(line, replay, last, &mut batch);
                tokio::select! {
                    read = log.read(each) => match read {
                        Err(error) => break Some(Err(error)),
                        Ok(_) if done => break Some(Ok(End::Done)),
                        Ok(false) => break Some(Ok(End::Whole)),
                        Ok(true) if batch.text.len() >= TOGETHER_MAX => break None,
                        Ok(true) => {}
                    },
                    _ = &mut changed => break Some(Ok(End::Mode)),
                    () = &mut together, if begun => break None,
                }
            };
            // Also before an error: these lines are had, and do not come again.
            if !batch.lines.is_empty() && !self.send(batch).await {
                return Ok(End::Gone);
            }
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    /// Takes one line. False where nothing that follows is wanted.
    fn line(&mut self, line: slipway_cluster::Line<'_>, replay: &mut Replay, last: bool, batch: &mut Batch) -> bool {
        let (at, text) = match timed(line.text) {
            Some(found) => found,
            None if is_no_log(line.text) => return true,
            // The kubelet's own words have no time.
            None => (self.had.newest().unwrap_or_default(), line.text),
        };
        if self.until.is_some_and(|until| at > until) {
            return false;
        }
        if replay.is_had(&self.had, at, text) {
            return true;
        }
        if last && !replay.joined() {
            if let Some(newest) = self.had.newest() {
                self.behind.push(LogMark::Gap { since: time(newest), until: time(at) });
            }
            replay.give_up();
        }
        for mark in self.behind.drain(..) {
            mark.put(batch, at);
        }
        self.had.take(at, text);
        let tag = LogLevel::of(text) as u8;
        let (source, left_out) = (self.source, line.left_out);
        batch.push(text, Line { text: 0..0, time: at, source, mark: false, tag, left_out });
        true
    }

    /// Waits while too much of this container is under way.
    async fn send(&self, mut batch: Batch) -> bool {
        let size = u32::try_from(batch.text.len()).unwrap_or(ROOM).min(ROOM);
        let Ok(room) = self.room.clone().acquire_many_owned(size).await else { return false };
        batch.room = Some(room);
        self.words.send(Word::Lines(batch)).await.is_ok()
    }
}

fn waiting(facts: &Facts) -> LogPartState {
    let reason = match &facts.state {
        ContainerState::Waiting { reason, .. } => reason.clone(),
        ContainerState::Terminated(exit) => exit.reason.clone(),
        ContainerState::Unknown | ContainerState::Running { .. } => String::new(),
    };
    LogPartState::Waiting { reason }
}

/// The kubelet's time in front of a line, and the line.
fn timed(line: &[u8]) -> Option<(i64, &[u8])> {
    let space = memchr::memchr(b' ', &line[..line.len().min(TIME_MAX)]);
    // A line without text may end with its time.
    let end = space.unwrap_or(line.len());
    let at: Timestamp = std::str::from_utf8(line.get(..end)?).ok()?.parse().ok()?;
    Some((i64::try_from(at.as_nanosecond()).ok()?, line.get(end + 1..).unwrap_or_default()))
}

/// Longest time: `2026-11-25T15:52:41.639486123+08:00` and a space.
const TIME_MAX: usize = 36;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_in_front() {
        let at = 1_764_086_399_000_000_000 + 639_486_123;
        assert_eq!(timed(b"2025-11-25T15:59:59.639486123Z a line"), Some((at, &b"a line"[..])));
        assert_eq!(timed(b"2025-11-25T15:59:59.639486123Z "), Some((at, &b""[..])));
        assert_eq!(timed(b"2025-11-25T15:59:59.639486123Z"), Some((at, &b""[..])));
        assert_eq!(timed(b"failed to try resolving symlinks"), None);
        assert_eq!(timed(b""), None);
    }
}
