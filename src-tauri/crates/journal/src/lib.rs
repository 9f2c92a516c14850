//! A log on disk: a ring of segments, read by line number, searched as fast as the disk gives it.
//!
//! The text of all lines lies in one piece a segment, each with its line break, and beside it a record of fixed size a
//! line. So a line is found by its number with two small reads, and a search runs over the text as over any file. Files
//! are read, not mapped: a mapping of a file on a full disk ends the process, and a block that is read into the same
//! buffer each time costs nothing beside the search itself.
//!
//! Knows nothing of clusters: what a source, a tag or a mark means is the writer's.

mod at;
mod query;
mod ring;
mod search;
mod segment;
mod unit;

pub use query::{Choice, Pattern, PatternError};
pub use ring::{Dropped, Journal, Writer};
pub use search::{Hit, Progress, Search};
pub use unit::Unit;

/// A line as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// Without a line break inside.
    pub text: &'a [u8],
    /// Nanoseconds since 1970.
    pub time: i64,
    pub source: u16,
    /// The writer's own, and no line of the source: it is never found by a pattern.
    pub mark: bool,
    /// What the writer files it under, below `TAGS`.
    pub tag: u8,
    /// Bytes of the line that are not in `text`.
    pub left_out: u64,
}

/// Tags are smaller than this.
pub const TAGS: u8 = 8;

/// A line as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Numbers rise by one and are never given twice.
    pub number: u64,
    /// Not more bytes than were asked for.
    pub text: Vec<u8>,
    /// Bytes of the line that the journal has and `text` has not.
    pub more: u64,
    pub time: i64,
    pub source: u16,
    pub mark: bool,
    pub tag: u8,
    /// Bytes of the line that the journal has not.
    pub left_out: u64,
}
