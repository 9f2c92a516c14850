//! Finding in an open log: at once from where the person looks, then everything, then what comes.

use super::level::LogLevel;
use super::open::{OpenLog, lock};
use crate::Engine;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use slipway_journal::{Choice, Hit, Pattern, Progress, Search};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::AbortHandle;
use ts_rs::TS;

/// Threads that look together.
const THREADS: usize = 2;
/// Between two looks at lines that come one by one.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// What is looked for. Nothing at all ends the search.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogFind {
    pub log: String,
    pub text: String,
    pub regex: bool,
    /// Upper and lower case are not the same.
    pub case: bool,
    /// Only lines of these containers; of all where there are none.
    pub sources: Vec<u16>,
    /// Only lines of these levels; of any where there are none.
    pub levels: Vec<LogLevel>,
    /// Lines before and after that are shown with one that is found.
    pub context: u32,
    /// What is near this line is looked at first.
    pub from: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogFindAnswer {
    /// Why the text is no regular expression.
    pub wrong: Option<String>,
}

/// How far a search is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogFound {
    /// Lines that are found.
    pub count: u64,
    /// Rows that they make, with their context.
    pub shown: u64,
    /// Lines that were looked at, of `total`.
    pub seen: u64,
    pub total: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogHitAsk {
    pub log: String,
    /// The line at or behind it, or else the one before it.
    pub from: u64,
    pub forward: bool,
}

/// A line that is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogHit {
    pub number: u64,
    /// Which of all it is, from 1.
    pub ordinal: u64,
    /// Its place where only what is found is shown.
    pub place: u64,
}

/// A search that runs.
#[derive(Debug)]
pub(super) struct Finding {
    search: Arc<Search>,
    task: AbortHandle,
}

impl Finding {
    pub(super) fn search(&self) -> Arc<Search> {
        self.search.clone()
    }

    pub(super) fn found(&self) -> LogFound {
        let Progress { found, seen, total } = self.search.progress();
        LogFound { count: found, shown: self.search.shown(), seen, total }
    }

    pub(super) fn stop(&self) {
        self.search.stop();
        self.task.abort();
    }
}

impl Engine {
    /// Begins to look, in place of what was looked for before.
    pub fn log_find(&self, find: &LogFind) -> Result<LogFindAnswer> {
        let log = self.logs.get(&find.log)?;
        let pattern = match (!find.text.is_empty()).then(|| Pattern::new(&find.text, find.regex, find.case)).transpose()
        {
            Ok(pattern) => pattern,
            Err(wrong) => return Ok(LogFindAnswer { wrong: Some(wrong.to_string()) }),
        };
        let tags = find.levels.iter().fold(0, |tags, level| tags | 1 << (*level as u8));
        let choice = Choice { sources: find.sources.iter().copied().collect(), tags };
        let nothing = pattern.is_none() && choice == Choice::default();
        let next = (!nothing).then(|| {
            let search = Arc::new(Search::new(log.journal.clone(), pattern, choice, find.context, find.from));
            let task = tokio::spawn(look(Arc::downgrade(&log), search.clone())).abort_handle();
            Finding { search, task }
        });
        if let Some(before) = std::mem::replace(&mut *lock(&log.finding), next) {
            before.stop();
        }
        log.tell();
        Ok(LogFindAnswer { wrong: None })
    }

    /// The nearest line that is found, as soon as that is known.
    pub async fn log_hit(&self, ask: &LogHitAsk) -> Result<Option<LogHit>> {
        let log = self.logs.get(&ask.log)?;
        let mut news = log.news();
        loop {
            news.mark_unchanged();
            let Some(search) = lock(&log.finding).as_ref().map(Finding::search) else { return Ok(None) };
            match search.hit(ask.from, ask.forward) {
                Hit::Line { number, ordinal } => {
                    return Ok(Some(LogHit { number, ordinal, place: search.place(number) }));
                }
                Hit::Nothing => return Ok(None),
                // The log holds the sender.
                Hit::Searching => drop(news.changed().await),
            }
        }
    }
}

async fn look(log: std::sync::Weak<OpenLog>, search: Arc<Search>) {
    let Some(mut written) = log.upgrade().map(|log| log.written.subscribe()) else { return };
    loop {
        written.mark_unchanged();
        let (search, told) = (search.clone(), log.clone());
        let looked = tokio::task::spawn_blocking(move || {
            let step = || {
                if let Some(log) = told.upgrade() {
                    log.tell();
                }
            };
            search.run(THREADS, &step).map(|()| search.is_stopped())
        });
        match looked.await {
            Ok(Ok(false)) => {}
            Ok(Ok(true)) | Err(_) => return,
            Ok(Err(error)) => tracing::warn!(%error, "a log could not be searched"),
        }
        tokio::time::sleep(LOOK_EVERY).await;
        if written.changed().await.is_err() {
            return;
        }
    }
}
