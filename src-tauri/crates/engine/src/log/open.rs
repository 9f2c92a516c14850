//! An open log: its journal, what is known of its containers, and the tasks that read them.

use super::find::Finding;
use super::merge::{Batch, Line};
use super::roster;
use super::save::Saving;
use super::write::{self, Word};
use super::{LogLive, LogMark, LogPart, LogPartState, LogRow, LogSource};
use crate::error::{Error, Result};
use crate::instance::Place;
use crate::live::Trust;
use jiff::Timestamp;
use slipway_journal::{Dropped, Journal, Writer};
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Batches that may be under way to the disk. What bounds them is their text, not their number.
const UNDER_WAY: usize = 64;

/// How a log is read, as the person wants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mode {
    pub(super) live: bool,
    /// How often it was read anew.
    pub(super) refreshed: u64,
}

#[derive(Debug)]
pub(super) struct OpenLog {
    pub(super) source: LogSource,
    pub(super) journal: Journal,
    pub(super) mode: watch::Sender<Mode>,
    /// Rises with everything the window is told of.
    news: watch::Sender<u64>,
    /// Rises with every line.
    pub(super) written: watch::Sender<u64>,
    pub(super) skipped: AtomicU64,
    known: Mutex<Known>,
    pub(super) finding: Mutex<Option<Finding>>,
    pub(super) saving: Mutex<Option<Arc<Saving>>>,
}

#[derive(Debug)]
struct Known {
    parts: Vec<LogPart>,
    /// Containers beyond those that are read.
    unread: u32,
    trust: Trust,
    /// What the cluster refuses to whom is signed in: a right is missing.
    refused: Option<Error>,
    /// Why lines can not be written just now.
    unwritten: Option<String>,
}

impl OpenLog {
    pub(super) fn create(folder: &Path, source: &LogSource, limit: u64) -> Result<(Arc<Self>, Writer)> {
        let own = folder.join(uuid::Uuid::new_v4().to_string());
        let made = std::fs::create_dir_all(folder).and_then(|()| Journal::create(&own, limit));
        let (writer, journal) = made.map_err(|error| Error::unwritable(&own, &error))?;
        let known = Known { parts: Vec::new(), unread: 0, trust: Trust::Loading, refused: None, unwritten: None };
        let log = Self {
            source: source.clone(),
            journal,
            mode: watch::Sender::new(Mode { live: true, refreshed: 0 }),
            news: watch::Sender::new(0),
            written: watch::Sender::new(0),
            skipped: 0.into(),
            known: known.into(),
            finding: Mutex::default(),
            saving: Mutex::default(),
        };
        Ok((Arc::new(log), writer))
    }

    pub(super) fn news(&self) -> watch::Receiver<u64> {
        self.news.subscribe()
    }

    /// There is something new to say to the window.
    pub(super) fn tell(&self) {
        self.news.send_modify(|news| *news += 1);
    }

    /// Says it was written up to the journal's end.
    pub(super) fn tell_written(&self, unwritten: Option<String>) {
        self.known().unwritten = unwritten;
        self.written.send_modify(|written| *written += 1);
        self.tell();
    }

    pub(super) fn set_live(&self, live: bool) {
        self.mode.send_if_modified(|mode| std::mem::replace(&mut mode.live, live) != live);
        self.tell();
    }

    pub(super) fn refresh(&self) {
        self.mode.send_modify(|mode| mode.refreshed += 1);
    }

    pub(super) fn trust(&self) -> Trust {
        let known = self.known();
        known.refused.clone().map_or_else(|| known.trust.clone(), Trust::Failed)
    }

    pub(super) fn set_refused(&self, refused: Option<Error>) {
        self.known().refused = refused;
    }

    pub(super) fn set_trust(&self, trust: Trust) {
        self.known().trust = trust;
        self.tell();
    }

    pub(super) fn set_unread(&self, unread: u32) {
        self.known().unread = unread;
    }

    /// A container that was not there before; its number is what its lines name it by.
    pub(super) fn add_part(&self, part: impl FnOnce(u16) -> LogPart) -> Option<u16> {
        let mut known = self.known();
        let source = u16::try_from(known.parts.len()).ok().filter(|source| *source < write::CORE)?;
        known.parts.push(part(source));
        drop(known);
        self.tell();
        Some(source)
    }

    pub(super) fn change_part(&self, source: u16, change: impl FnOnce(&mut LogPart)) {
        if let Some(part) = self.known().parts.get_mut(usize::from(source)) {
            change(part);
        }
        self.tell();
    }

    pub(super) fn set_state(&self, source: u16, state: LogPartState) {
        self.change_part(source, |part| part.state = state);
    }

    pub(super) fn parts(&self) -> Vec<LogPart> {
        self.known().parts.clone()
    }

    pub(super) fn rows(&self, name: &str) -> Vec<LogRow> {
        let Dropped { lines: dropped, until, .. } = self.journal.dropped();
        let known = self.known();
        let log = LogLive {
            id: name.to_owned(),
            first: self.journal.first(),
            end: self.journal.end(),
            dropped,
            dropped_until: (dropped > 0).then(|| time(until)),
            skipped: self.skipped.load(Ordering::Relaxed),
            unwritten: known.unwritten.clone(),
            size: self.journal.size(),
            limit: self.journal.limit(),
            live: self.mode.borrow().live,
            unread: known.unread,
            found: lock(&self.finding).as_ref().map(Finding::found),
            saving: lock(&self.saving).as_ref().map(|saving| saving.progress()),
        };
        let mut rows: Vec<LogRow> = known.parts.iter().cloned().map(LogRow::Part).collect();
        rows.push(LogRow::Log(log));
        rows
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        lock(&self.known)
    }
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A time of a journal.
pub(super) fn time(nanoseconds: i64) -> Timestamp {
    Timestamp::from_nanosecond(nanoseconds.into()).unwrap_or_default()
}

impl LogMark {
    /// As a line, between those of a container.
    pub(super) fn put(&self, batch: &mut Batch, time: i64) {
        // A mark is made of numbers and words, and so always JSON.
        let text = serde_json::to_vec(self).unwrap_or_default();
        let line = Line { text: 0..0, time, source: batch.source, mark: true, tag: 0, left_out: 0 };
        batch.push(&text, line);
    }
}

/// A log and everything that works for it. Dropping it ends all of that.
#[derive(Debug)]
pub(super) struct Reading {
    pub(super) log: Arc<OpenLog>,
    _tasks: JoinSet<()>,
}

impl Reading {
    pub(super) fn start(log: Arc<OpenLog>, writer: Writer, place: Place) -> Self {
        let (words, heard) = mpsc::channel::<Word>(UNDER_WAY);
        let mut tasks = JoinSet::new();
        tasks.spawn(write::write(log.clone(), writer, heard));
        tasks.spawn(roster::follow(log.clone(), place, words));
        Self { log, _tasks: tasks }
    }
}

impl Drop for Reading {
    fn drop(&mut self) {
        // They run on threads of their own, which nobody can end from outside.
        if let Some(finding) = lock(&self.log.finding).take() {
            finding.stop();
        }
        if let Some(saving) = lock(&self.log.saving).take() {
            saving.stop();
        }
    }
}
