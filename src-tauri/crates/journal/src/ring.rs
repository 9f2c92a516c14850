//! The ring: one writer, any number of readers.

use crate::segment::{Record, Segment};
use crate::unit::Unit;
use crate::{Entry, Line};
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard};

/// The ring is this many segments long, so at most this part of it is dropped at once.
const SEGMENTS: u64 = 16;
/// Bytes of text after which a segment is closed, at least; below it, files cost more than they hold.
const SEGMENT_MIN: u64 = 64 * 1024;
/// And at most, so that places in it fit into 32 bits, whatever line comes last.
const SEGMENT_MAX: u64 = 1 << 30;

/// What the ring has let go of, from its beginning.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Dropped {
    pub lines: u64,
    /// Bytes of text.
    pub bytes: u64,
    /// Time of the last of them.
    pub until: i64,
}

/// A log on disk, to be read. A cheap clone; its folder goes with the last one and the writer.
#[derive(Clone, Debug)]
pub struct Journal(Arc<Ring>);

/// The one who writes.
#[derive(Debug)]
pub struct Writer {
    ring: Arc<Ring>,
    open: Arc<Segment>,
    text: Vec<u8>,
    records: Vec<u8>,
    cut: Vec<(u32, u64)>,
}

#[derive(Debug)]
struct Ring {
    folder: PathBuf,
    limit: u64,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    /// Never empty.
    segments: VecDeque<Arc<Segment>>,
    dropped: Dropped,
}

impl Drop for Ring {
    fn drop(&mut self) {
        // What is left of it goes when the folder above is cleared.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Ring {
    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    /// Begins a journal in a folder of its own, which is made. `limit`: bytes on disk; the last segment may go beyond.
    ///
    /// # Errors
    /// Of the file system; also where the folder is there.
    pub fn create(folder: &Path, limit: u64) -> io::Result<(Writer, Self)> {
        std::fs::create_dir(folder)?;
        let open = Arc::new(Segment::create(folder, 0)?);
        let state = State { segments: [open.clone()].into(), dropped: Dropped::default() };
        let ring = Arc::new(Ring { folder: folder.to_owned(), limit, state: state.into() });
        let writer = Writer { ring: ring.clone(), open, text: Vec::new(), records: Vec::new(), cut: Vec::new() };
        Ok((writer, Self(ring)))
    }

    /// Number of the oldest line that is there.
    pub fn first(&self) -> u64 {
        self.0.read().segments.front().map_or(0, |segment| segment.first)
    }

    /// One past the newest line.
    pub fn end(&self) -> u64 {
        self.0.read().segments.back().map_or(0, |segment| segment.end())
    }

    pub fn dropped(&self) -> Dropped {
        self.0.read().dropped
    }

    /// Bytes on disk.
    pub fn size(&self) -> u64 {
        self.0.read().segments.iter().map(|segment| segment.size()).sum()
    }

    /// Bytes on disk that there may be.
    pub fn limit(&self) -> u64 {
        self.0.limit
    }

    /// Bytes of text.
    pub fn bytes(&self) -> u64 {
        self.0.read().segments.iter().map(|segment| u64::from(segment.bytes())).sum()
    }

    /// Lines by their numbers, each with at most `text_max` bytes of its text. Those that are not there are not in it.
    ///
    /// # Errors
    /// Of the file system.
    pub fn read(&self, numbers: impl IntoIterator<Item = u64>, text_max: usize) -> io::Result<Vec<Line>> {
        let mut lines = Vec::new();
        let mut held: Option<Arc<Segment>> = None;
        for number in numbers {
            let near = held.take().filter(|segment| (segment.first..segment.end()).contains(&number));
            let Some(segment) = near.or_else(|| self.segment(number)) else { continue };
            lines.push(line(&segment, number, text_max)?);
            held = Some(segment);
        }
        Ok(lines)
    }

    /// The first line that is not older than a time. Where times do not rise, one of those that follow an older one.
    ///
    /// # Errors
    /// Of the file system.
    pub fn at_time(&self, time: i64) -> io::Result<u64> {
        let (mut low, mut high) = (self.first(), self.end());
        while low < high {
            let middle = low + (high - low) / 2;
            let Some(segment) = self.segment(middle) else {
                // Dropped meanwhile.
                low = self.first();
                high = high.max(low);
                continue;
            };
            if segment.record(place(&segment, middle))?.time < time { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// Loads the lines from a number on, until another one or until there is enough of them for one go. Empty at the end.
    ///
    /// # Errors
    /// Of the file system.
    pub fn load(&self, from: u64, until: u64, unit: &mut Unit) -> io::Result<()> {
        let from = from.max(self.first());
        unit.clear(from);
        match self.segment(from) {
            Some(segment) if from < until => unit.load(segment, from, until),
            _ => Ok(()),
        }
    }

    /// Where a unit begins that ends at a number.
    pub(crate) fn back(&self, until: u64) -> io::Result<u64> {
        match until.checked_sub(1).and_then(|last| self.segment(last)) {
            Some(segment) => crate::unit::back(&segment, until),
            None => Ok(self.first()),
        }
    }

    /// One past the last line of the segment in which a line is.
    pub(crate) fn segment_end(&self, number: u64) -> Option<u64> {
        Some(self.segment(number)?.end())
    }

    fn segment(&self, number: u64) -> Option<Arc<Segment>> {
        let state = self.0.read();
        let after = state.segments.partition_point(|segment| segment.first <= number);
        let segment = state.segments.get(after.checked_sub(1)?)?;
        (number < segment.end()).then(|| segment.clone())
    }
}

/// Place of a line in its segment.
pub(crate) fn place(segment: &Segment, number: u64) -> u32 {
    u32::try_from(number - segment.first).unwrap_or(u32::MAX)
}

fn line(segment: &Segment, number: u64, text_max: usize) -> io::Result<Line> {
    let place = place(segment, number);
    let (start, record) = (segment.start(place)?, segment.record(place)?);
    // Without its line break.
    let until = record.end - 1;
    let shown = until.min(start.saturating_add(u32::try_from(text_max).unwrap_or(u32::MAX)));
    let mut text = Vec::new();
    segment.text(start, shown, &mut text)?;
    Ok(Line {
        number,
        text,
        more: u64::from(until - shown),
        time: record.time,
        source: record.source,
        mark: record.mark,
        tag: record.tag,
        left_out: segment.left_out(place),
    })
}

impl Writer {
    /// Adds lines behind the others, all or none, and lets go of the oldest where that makes too many.
    ///
    /// # Errors
    /// Of the file system; nothing was added then, and what was there before stays.
    pub fn append<'a>(&mut self, entries: impl IntoIterator<Item = Entry<'a>>) -> io::Result<()> {
        let segment_max = (self.ring.limit / SEGMENTS).clamp(SEGMENT_MIN, SEGMENT_MAX);
        if u64::from(self.open.bytes()) >= segment_max || self.open.lines() > u32::MAX / 2 {
            self.next_segment()?;
        }
        self.text.clear();
        self.records.clear();
        self.cut.clear();
        let (begun, mut lines) = (self.open.bytes() as usize, self.open.lines());
        for entry in entries {
            debug_assert!(!entry.text.contains(&b'\n') && entry.tag < crate::TAGS, "{entry:?}");
            self.text.extend_from_slice(entry.text);
            self.text.push(b'\n');
            let end =
                u32::try_from(begun + self.text.len()).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
            self.records.extend_from_slice(&Record::of(&entry, end).to_bytes());
            if entry.left_out > 0 {
                self.cut.push((lines, entry.left_out));
            }
            lines += 1;
        }
        self.open.append(&self.text, &self.records, &self.cut)?;
        self.let_go()
    }

    fn next_segment(&mut self) -> io::Result<()> {
        let next = Arc::new(Segment::create(&self.ring.folder, self.open.end())?);
        self.ring.state.write().unwrap_or_else(PoisonError::into_inner).segments.push_back(next.clone());
        self.open = next;
        Ok(())
    }

    /// The oldest segments go, but never the one that is open.
    fn let_go(&mut self) -> io::Result<()> {
        let mut size: u64 = self.ring.read().segments.iter().map(|segment| segment.size()).sum();
        while size > self.ring.limit {
            let oldest = match self.ring.read().segments.front() {
                Some(oldest) if !Arc::ptr_eq(oldest, &self.open) => oldest.clone(),
                _ => return Ok(()),
            };
            let until = match oldest.lines() {
                0 => None,
                lines => Some(oldest.record(lines - 1)?.time),
            };
            let mut state = self.ring.state.write().unwrap_or_else(PoisonError::into_inner);
            state.segments.pop_front();
            state.dropped.lines += u64::from(oldest.lines());
            state.dropped.bytes += u64::from(oldest.bytes());
            state.dropped.until = until.unwrap_or(state.dropped.until);
            drop(state);
            size -= oldest.size();
            oldest.remove();
        }
        Ok(())
    }
}
