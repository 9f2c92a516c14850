//! Logs: an open log is a journal on disk, and what is read into it from containers.
//!
//! The window names a log when it opens its feed, and asks for rows by that name; the feed itself only counts. When the
//! feed ends, so does everything behind it, and the journal is gone.

mod find;
mod level;
mod merge;
mod open;
mod part;
mod replay;
mod roster;
mod rows;
mod save;
mod write;

pub use find::{LogFind, LogFindAnswer, LogFound, LogHit, LogHitAsk};
pub use level::LogLevel;
pub use rows::{LogLine, LogRead, LogRows, LogText};
pub use save::{LogSave, LogSaved, LogSaving};

use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use jiff::Timestamp;
use open::{OpenLog, Reading};
use serde::{Deserialize, Serialize};
use slipway_model::id::GroupId;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;
use ts_rs::TS;

/// Between two words to the window.
const TELL_EVERY: Duration = Duration::from_millis(20);

/// Which log a person opens.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct LogSource {
    pub group: GroupId,
    pub of: LogOf,
    /// The runs before the current ones; they end by themselves.
    pub previous: bool,
    pub from: LogFrom,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogOf {
    Container {
        pod: String,
        container: String,
    },
    /// Every container of a pod, merged.
    Pod {
        pod: String,
    },
    /// The app's own container in every pod, merged; new ones join by themselves.
    Group,
}

/// Where a log begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogFrom {
    /// With the last lines of each container.
    Tail {
        lines: u32,
    },
    Since {
        seconds: u32,
    },
    Range {
        #[ts(type = "string")]
        from: Timestamp,
        #[ts(type = "string | null")]
        until: Option<Timestamp>,
    },
    /// With what the cluster still has.
    Beginning,
}

/// A row of an open log's feed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogRow {
    Log(LogLive),
    Part(LogPart),
}

/// What there is of a log.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LogLive {
    pub id: String,
    /// Number of the oldest line that is there. Numbers rise by one.
    pub first: u64,
    /// One past the newest line.
    pub end: u64,
    /// Lines that the ring let go of: it is full.
    pub dropped: u64,
    /// Time of the last of them.
    #[ts(type = "string | null")]
    pub dropped_until: Option<Timestamp>,
    /// Lines that could not be written.
    pub skipped: u64,
    /// Why they could not, while that is so.
    pub unwritten: Option<String>,
    /// Bytes on disk, and how many there may be.
    pub size: u64,
    pub limit: u64,
    /// Follows what comes.
    pub live: bool,
    /// Containers that are not read: there are too many.
    pub unread: u32,
    pub found: Option<LogFound>,
    pub saving: Option<LogSaving>,
}

/// One container of a log.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LogPart {
    pub id: String,
    /// What its lines name it by.
    pub source: u16,
    pub pod: String,
    pub container: String,
    pub version: String,
    #[ts(type = "string | null")]
    pub created: Option<Timestamp>,
    /// The pod is in trouble.
    pub failing: bool,
    pub state: LogPartState,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum LogPartState {
    Opening,
    /// Its lines come as they are written.
    Live,
    /// Everything up to now was read; more is read when it is asked for.
    Read,
    /// It has not begun, or not again.
    Waiting {
        reason: String,
    },
    /// The connection broke; it goes on where it was.
    Reconnecting {
        reason: String,
    },
    /// Nothing comes any more; what came stays.
    Ended,
    Failed {
        reason: String,
    },
}

/// What the core says within a log, between two lines of a container.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LogMark {
    /// Lines may be missing here: what comes does not join what was there.
    Gap {
        #[ts(type = "string")]
        since: Timestamp,
        #[ts(type = "string")]
        until: Timestamp,
    },
    /// The container was started again. So many runs in between have no log any more.
    Restarted { missed: u32 },
    /// Lines that could not be written.
    Skipped { lines: u64, bytes: u64, reason: String },
}

impl Row for LogRow {
    fn id(&self) -> &str {
        match self {
            Self::Log(log) => &log.id,
            Self::Part(part) => &part.id,
        }
    }
}

/// The logs that are open, and where their journals are.
#[derive(Debug)]
pub(crate) struct Logs {
    folder: PathBuf,
    open: Mutex<HashMap<String, Weak<OpenLog>>>,
}

impl Logs {
    /// What an earlier process left is taken away: a data folder is one process's.
    pub(crate) fn new(data_dir: &Path) -> Self {
        let logs = Self { folder: data_dir.join("cache/logs"), open: Mutex::default() };
        logs.clear();
        logs
    }

    /// Takes the files of all logs away.
    pub(crate) fn clear(&self) {
        let folder = &self.folder;
        if let Err(error) = std::fs::remove_dir_all(folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %folder.display(), "logs are left on disk");
        }
    }

    fn add(&self, name: &str, log: &Arc<OpenLog>) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|_, log| log.strong_count() > 0);
        open.insert(name.to_owned(), Arc::downgrade(log));
    }

    fn get(&self, name: &str) -> Result<Arc<OpenLog>> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let found = open.get(name).and_then(Weak::upgrade);
        found.ok_or_else(|| Error::NotFound { what: "log", name: name.to_owned() })
    }
}

impl Engine {
    /// Opens a log under a name of the caller's, and counts what comes. Dropping it closes the log.
    pub fn live_log(&self, name: String, source: LogSource) -> Live<LogRow> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let opened = async {
                let place = engine.place(&source.group).await?;
                let limit = engine.settings().await?.log_size.held();
                let (log, writer) = OpenLog::create(&engine.logs.folder, &source, limit)?;
                engine.logs.add(&name, &log);
                Ok(Reading::start(log, writer, place))
            };
            let reading = match opened.await {
                Ok(reading) => reading,
                Err(error) => {
                    sender.trust(Trust::Failed(error)).await;
                    return;
                }
            };
            let mut news = reading.log.news();
            loop {
                news.mark_unchanged();
                if !sender.replace(reading.log.rows(&name), Some(reading.log.trust())).await {
                    return;
                }
                tokio::time::sleep(TELL_EVERY).await;
                if news.changed().await.is_err() {
                    return;
                }
            }
        })
    }

    /// Follows what comes, or stands still.
    pub fn log_live(&self, name: &str, live: bool) -> Result<()> {
        self.logs.get(name)?.set_live(live);
        Ok(())
    }

    /// Reads what has come since, in a log that stands still.
    pub fn log_refresh(&self, name: &str) -> Result<()> {
        self.logs.get(name)?.refresh();
        Ok(())
    }
}
