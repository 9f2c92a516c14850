//! One segment: two files, and how much of them may be read.

use crate::{Entry, at};
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

/// Bytes of a line's record: end of its text (4), source (2), mark (1), tag (1), time (8).
pub(crate) const RECORD: usize = 16;

/// What is kept of a line beside its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// Where its line break ends in the text.
    pub(crate) end: u32,
    pub(crate) source: u16,
    pub(crate) mark: bool,
    pub(crate) tag: u8,
    pub(crate) time: i64,
}

impl Record {
    pub(crate) fn of(entry: &Entry<'_>, end: u32) -> Self {
        Self { end, source: entry.source, mark: entry.mark, tag: entry.tag, time: entry.time }
    }

    pub(crate) fn to_bytes(self) -> [u8; RECORD] {
        let mut bytes = [0; RECORD];
        bytes[..4].copy_from_slice(&self.end.to_le_bytes());
        bytes[4..6].copy_from_slice(&self.source.to_le_bytes());
        bytes[6] = self.mark.into();
        bytes[7] = self.tag;
        bytes[8..].copy_from_slice(&self.time.to_le_bytes());
        bytes
    }

    pub(crate) fn from_bytes(bytes: &[u8; RECORD]) -> Self {
        let [e0, e1, e2, e3, s0, s1, mark, tag, time @ ..] = *bytes;
        Self {
            end: u32::from_le_bytes([e0, e1, e2, e3]),
            source: u16::from_le_bytes([s0, s1]),
            mark: mark != 0,
            tag,
            time: i64::from_le_bytes(time),
        }
    }
}

/// Grows at its end; what is published never changes.
#[derive(Debug)]
pub(crate) struct Segment {
    /// Number of its first line.
    pub(crate) first: u64,
    text: File,
    records: File,
    paths: [PathBuf; 2],
    lines: AtomicU32,
    bytes: AtomicU32,
    /// Bytes left out of its cut lines, by their place. A line is cut only when it is long, so there are few.
    cut: Mutex<BTreeMap<u32, u64>>,
}

impl Segment {
    pub(crate) fn create(folder: &Path, first: u64) -> io::Result<Self> {
        let paths = ["text", "lines"].map(|kind| folder.join(format!("{first:016}.{kind}")));
        let open = |path: &Path| OpenOptions::new().read(true).write(true).create_new(true).open(path);
        Ok(Self {
            first,
            text: open(&paths[0])?,
            records: open(&paths[1])?,
            paths,
            lines: 0.into(),
            bytes: 0.into(),
            cut: Mutex::default(),
        })
    }

    pub(crate) fn lines(&self) -> u32 {
        self.lines.load(Ordering::Acquire)
    }

    /// Bytes of its text.
    pub(crate) fn bytes(&self) -> u32 {
        self.bytes.load(Ordering::Acquire)
    }

    /// Bytes on disk.
    pub(crate) fn size(&self) -> u64 {
        u64::from(self.bytes()) + u64::from(self.lines()) * RECORD as u64
    }

    /// One past its last line.
    pub(crate) fn end(&self) -> u64 {
        self.first + u64::from(self.lines())
    }

    /// Adds whole lines: their text, their records, and what was left out of which. Nothing of it is there if it fails.
    pub(crate) fn append(&self, text: &[u8], records: &[u8], cut: &[(u32, u64)]) -> io::Result<()> {
        let (lines, bytes) = (self.lines(), self.bytes());
        at::write(&self.text, text, bytes.into())?;
        at::write(&self.records, records, u64::from(lines) * RECORD as u64)?;
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).extend(cut.iter().copied());
        // The segment has been closed before either count could overflow.
        let added = |bytes: usize| u32::try_from(bytes).unwrap_or(u32::MAX);
        self.bytes.store(bytes.saturating_add(added(text.len())), Ordering::Release);
        self.lines.store(lines.saturating_add(added(records.len() / RECORD)), Ordering::Release);
        Ok(())
    }

    pub(crate) fn record(&self, line: u32) -> io::Result<Record> {
        let mut bytes = [0; RECORD];
        at::read(&self.records, &mut bytes, u64::from(line) * RECORD as u64)?;
        Ok(Record::from_bytes(&bytes))
    }

    /// The records of some lines.
    pub(crate) fn records(&self, from: u32, count: u32, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize(count as usize * RECORD, 0);
        at::read(&self.records, bytes, u64::from(from) * RECORD as u64)
    }

    /// Where the text of a line begins.
    pub(crate) fn start(&self, line: u32) -> io::Result<u32> {
        if line == 0 { Ok(0) } else { Ok(self.record(line - 1)?.end) }
    }

    pub(crate) fn text(&self, from: u32, until: u32, bytes: &mut Vec<u8>) -> io::Result<()> {
        bytes.resize((until - from) as usize, 0);
        at::read(&self.text, bytes, from.into())
    }

    pub(crate) fn left_out(&self, line: u32) -> u64 {
        self.cut.lock().unwrap_or_else(PoisonError::into_inner).get(&line).copied().unwrap_or_default()
    }

    /// Takes its files away. Who reads it just now reads on.
    pub(crate) fn remove(&self) {
        for path in &self.paths {
            // What can not be taken away now goes with the folder.
            let _ = std::fs::remove_file(path);
        }
    }
}
