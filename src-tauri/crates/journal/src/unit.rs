//! A piece of a journal in memory: whole lines of one segment, a few megabytes of text.

use crate::Entry;
use crate::ring::place;
use crate::segment::{RECORD, Record, Segment};
use std::io;
use std::ops::Range;
use std::sync::Arc;

/// Bytes of text that are loaded in one go; more only for a single line.
const TEXT_MAX: u32 = 4 * 1024 * 1024;

/// Lines in memory. Keeps its buffers from one load to the next.
#[derive(Debug, Default)]
pub struct Unit {
    segment: Option<Arc<Segment>>,
    first: u64,
    lines: u32,
    /// Where the text begins in the segment.
    start: u32,
    text: Vec<u8>,
    records: Vec<u8>,
}

impl Unit {
    /// Numbers of its lines.
    pub fn numbers(&self) -> Range<u64> {
        self.first..self.first + u64::from(self.lines)
    }

    /// Text of all of its lines, each with its line break.
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Its lines with their numbers.
    pub fn lines(&self) -> impl Iterator<Item = (u64, Entry<'_>)> {
        let mut start = 0;
        (0..self.lines).map(move |at| {
            let Record { end, source, mark, tag, time } = self.record(at);
            let until = (end - self.start) as usize;
            let text = &self.text[start..until - 1];
            start = until;
            (self.first + u64::from(at), Entry { text, time, source, mark, tag, left_out: self.left_out(at) })
        })
    }

    pub(crate) fn clear(&mut self, first: u64) {
        self.segment = None;
        (self.first, self.lines, self.start) = (first, 0, 0);
        self.text.clear();
        self.records.clear();
    }

    pub(crate) fn load(&mut self, segment: Arc<Segment>, from: u64, until: u64) -> io::Result<()> {
        let begin = place(&segment, from);
        let last = place(&segment, until.min(segment.end()));
        self.start = segment.start(begin)?;
        let end = forth(&segment, begin, last, self.start)?;
        segment.text(self.start, segment.start(end)?, &mut self.text)?;
        segment.records(begin, end - begin, &mut self.records)?;
        self.lines = end - begin;
        self.segment = Some(segment);
        Ok(())
    }

    pub(crate) fn record(&self, at: u32) -> Record {
        let (records, _) = self.records.as_chunks::<RECORD>();
        Record::from_bytes(&records[at as usize])
    }

    fn left_out(&self, at: u32) -> u64 {
        self.segment.as_ref().map_or(0, |segment| segment.left_out(place(segment, self.first + u64::from(at))))
    }

    /// The line in which a place of the text lies, looking from another line on: what is looked for is mostly near.
    pub(crate) fn line_at(&self, byte: u64, from: u32) -> u32 {
        let byte = u64::from(self.start) + byte;
        let (records, _) = self.records.as_chunks::<RECORD>();
        let ends_before = |record: &[u8; RECORD]| u64::from(Record::from_bytes(record).end) <= byte;
        let (mut low, mut step) = (from as usize, 1);
        while low + step <= records.len() && ends_before(&records[low + step - 1]) {
            low += step;
            step *= 2;
        }
        let high = (low + step).min(records.len());
        let at = low + records[low..high].partition_point(ends_before);
        u32::try_from(at).unwrap_or(u32::MAX)
    }
}

/// The last line, not beyond `last`, up to which there is not too much text, but one line at least.
fn forth(segment: &Segment, begin: u32, last: u32, start: u32) -> io::Result<u32> {
    if begin >= last || segment.start(last)? - start <= TEXT_MAX {
        return Ok(last);
    }
    let (mut low, mut high) = (begin + 1, last);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if segment.start(middle)? - start <= TEXT_MAX { low = middle } else { high = middle - 1 }
    }
    Ok(low)
}

/// The first line from which on there is not too much text until `until`, which lies in this segment or ends it.
pub(crate) fn back(segment: &Segment, until: u64) -> io::Result<u64> {
    let last = place(segment, until);
    let end = segment.start(last)?;
    let (mut low, mut high) = (0, last - 1);
    while low < high {
        let middle = low + (high - low) / 2;
        if end - segment.start(middle)? <= TEXT_MAX { high = middle } else { low = middle + 1 }
    }
    Ok(segment.first + u64::from(low))
}
