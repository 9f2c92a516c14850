//! Saving a log to a file of the person's.

use super::find::Finding;
use super::open::{OpenLog, lock};
use super::rows::{Prefix, on_disk};
use crate::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use slipway_journal::{Search, Unit};
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use ts_rs::TS;

/// Lines that are gathered before they are written.
const LINES: u64 = 4_096;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogSave {
    pub log: String,
    /// What the choice of a place is called, and the name that is offered.
    pub title: String,
    pub name: String,
    /// Only what is found, with its context.
    pub found: bool,
    /// With time, pod and container in front of each line.
    pub prefix: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogSaved {
    pub path: String,
    pub lines: u64,
    pub bytes: u64,
}

/// How far saving is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct LogSaving {
    pub lines: u64,
    pub total: u64,
}

#[derive(Debug)]
pub(super) struct Saving {
    lines: AtomicU64,
    total: u64,
    stopped: AtomicBool,
}

impl Saving {
    pub(super) fn progress(&self) -> LogSaving {
        LogSaving { lines: self.lines.load(Ordering::Relaxed), total: self.total }
    }

    pub(super) fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }
}

impl Engine {
    /// Saves what is there now. Under the final name stands the whole or nothing; `None` when it was stopped.
    pub async fn log_save(&self, save: &LogSave, path: &Path) -> Result<Option<LogSaved>> {
        let log = self.logs.get(&save.log)?;
        let search = if save.found { lock(&log.finding).as_ref().map(Finding::search) } else { None };
        let (first, end) = (log.journal.first(), log.journal.end());
        let total = search.as_ref().map_or(end - first, |search| search.shown());
        let saving = Arc::new(Saving { lines: 0.into(), total, stopped: false.into() });
        if let Some(before) = lock(&log.saving).replace(saving.clone()) {
            before.stop();
        }
        let (prefix, to) = (Prefix::new(&log, save.prefix), path.to_owned());
        let written = {
            let (log, saving) = (log.clone(), saving.clone());
            on_disk(move || Ok(write(&log, search.as_deref(), &prefix, &saving, end, &to))).await
        };
        let mut shown = lock(&log.saving);
        if shown.as_ref().is_some_and(|shown| Arc::ptr_eq(shown, &saving)) {
            *shown = None;
        }
        drop(shown);
        log.tell();
        let bytes = written?.map_err(|error| Error::unwritable(path, &error))?;
        Ok(bytes.map(|bytes| LogSaved {
            path: path.display().to_string(),
            lines: saving.lines.load(Ordering::Relaxed),
            bytes,
        }))
    }

    /// Ends saving; nothing is left of it.
    pub fn log_save_stop(&self, name: &str) -> Result<()> {
        if let Some(saving) = &*lock(&self.logs.get(name)?.saving) {
            saving.stop();
        }
        Ok(())
    }
}

/// Bytes that were written; `None` when it was stopped.
fn write(
    log: &Arc<OpenLog>,
    search: Option<&Search>,
    prefix: &Prefix,
    saving: &Saving,
    end: u64,
    path: &Path,
) -> io::Result<Option<u64>> {
    let folder = path.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut part = tempfile::Builder::new().suffix(".part").tempfile_in(folder)?;
    let mut out = BufWriter::with_capacity(1024 * 1024, part.as_file_mut());
    let (mut bytes, mut line, mut unit) = (0, Vec::new(), Unit::default());
    let mut put = |at: i64, source: u16, text: &[u8], out: &mut BufWriter<_>| {
        line.clear();
        prefix.put(&mut line, at, source, text);
        bytes += line.len() as u64;
        out.write_all(&line)
    };
    let mut from = if search.is_some() { 0 } else { log.journal.first() };
    loop {
        if saving.stopped.load(Ordering::Acquire) {
            return Ok(None);
        }
        let count = if let Some(search) = search {
            let numbers = search.numbers(from..(from + LINES).min(saving.total));
            let count = numbers.len() as u64;
            for line in log.journal.read(numbers, usize::MAX)?.iter().filter(|line| !line.mark) {
                put(line.time, line.source, &line.text, &mut out)?;
            }
            from += count;
            count
        } else {
            log.journal.load(from, end, &mut unit)?;
            for (_, entry) in unit.lines().filter(|(_, entry)| !entry.mark) {
                put(entry.time, entry.source, entry.text, &mut out)?;
            }
            from = unit.numbers().end;
            unit.numbers().end - unit.numbers().start
        };
        if count == 0 {
            break;
        }
        saving.lines.fetch_add(count, Ordering::Relaxed);
        log.tell();
    }
    out.flush()?;
    drop(out);
    part.as_file().sync_all()?;
    part.persist(path).map_err(|error| error.error)?;
    Ok(Some(bytes))
}
