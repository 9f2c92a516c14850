//! Lines of an open log as the window shows them.

use super::LogMark;
use super::find::Finding;
use super::level::LogLevel;
use super::open::{OpenLog, lock, time};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_journal::{Line, Pattern};
use std::fmt::Write as _;
use std::ops::Range;
use std::sync::Arc;
use ts_rs::TS;

/// Rows that are read in one go: more than any window has place for.
const ROWS_MAX: u32 = 1_000;
/// Bytes of a line that a row has; the rest of a longer one is read when somebody looks at that line.
const ROW_MAX: usize = 4 * 1024;
/// Places in one row that are marked as found.
const PLACES_MAX: usize = 100;
/// Bytes of text that are copied in one go.
const TEXT_MAX: usize = 16 * 1024 * 1024;

/// Which rows of a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogRead {
    pub log: String,
    /// Number of the first line; where only what is found is shown, its place among that.
    pub from: u64,
    pub count: u32,
    /// Only what is found, with its context.
    pub found: bool,
    /// With the whole text of each line, as far as the log has it.
    pub whole: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LogRows {
    /// What was asked for, from the first row that is there.
    pub from: u64,
    pub rows: Vec<LogLine>,
}

/// One line.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct LogLine {
    pub number: u64,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub source: u16,
    pub level: LogLevel,
    /// As it was written, controls included; what is not UTF-8 became U+FFFD.
    pub text: String,
    /// What the core says here; the line has no text then.
    pub mark: Option<LogMark>,
    /// Begin and end of what is found, in units of UTF-16.
    pub places: Vec<(u32, u32)>,
    /// Bytes that the log has and this row has not.
    pub more: u64,
    /// Bytes that the log has not: the line was too long.
    pub left_out: u64,
    /// Some of it is not UTF-8.
    pub broken: bool,
}

/// Lines to be copied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogText {
    pub log: String,
    /// As in `LogRead`.
    pub from: u64,
    pub until: u64,
    pub found: bool,
    /// With time, pod and container in front.
    pub prefix: bool,
}

impl Engine {
    pub async fn log_rows(&self, read: LogRead) -> Result<LogRows> {
        let log = self.logs.get(&read.log)?;
        on_disk(move || {
            let finding = if read.found { lock(&log.finding).as_ref().map(Finding::search) } else { None };
            let pattern = lock(&log.finding).as_ref().map(Finding::search);
            let pattern = pattern.as_ref().and_then(|search| search.pattern());
            let count = u64::from(read.count.min(ROWS_MAX));
            let (from, numbers) = if let Some(search) = &finding {
                (read.from, search.numbers(read.from..read.from + count))
            } else {
                let from = read.from.max(log.journal.first());
                (from, (from..from + count).collect())
            };
            let lines = log.journal.read(numbers, if read.whole { usize::MAX } else { ROW_MAX })?;
            Ok(LogRows { from, rows: lines.into_iter().map(|line| row(line, pattern)).collect() })
        })
        .await
    }

    /// The text of some lines.
    pub async fn log_text(&self, text: LogText) -> Result<String> {
        let log = self.logs.get(&text.log)?;
        on_disk(move || {
            let numbers = numbers(&log, text.from..text.until, text.found);
            let prefix = Prefix::new(&log, text.prefix);
            let mut out = Vec::new();
            for line in log.journal.read(numbers, usize::MAX)?.iter().filter(|line| !line.mark) {
                prefix.put(&mut out, line.time, line.source, &line.text);
                if out.len() > TEXT_MAX {
                    break;
                }
            }
            Ok(String::from_utf8_lossy(&out).into_owned())
        })
        .await
    }
}

fn numbers(log: &OpenLog, lines: Range<u64>, found: bool) -> Vec<u64> {
    let search = if found { lock(&log.finding).as_ref().map(Finding::search) } else { None };
    match search {
        Some(search) => search.numbers(lines),
        None => (lines.start.max(log.journal.first())..lines.end.min(log.journal.end())).collect(),
    }
}

/// Runs what reads files beside the async threads.
pub(super) async fn on_disk<T: Send + 'static>(
    work: impl FnOnce() -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    let done = tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other).flatten();
    done.map_err(|error| Error::File { operation: "read", path: "cache/logs".to_owned(), reason: error.to_string() })
}

/// Names of the containers of a log, where lines are to begin with them.
pub(super) struct Prefix(Option<Vec<String>>);

impl Prefix {
    pub(super) fn new(log: &Arc<OpenLog>, wanted: bool) -> Self {
        let name = |part: super::LogPart| format!("{}/{}", part.pod, part.container);
        Self(wanted.then(|| log.parts().into_iter().map(name).collect()))
    }

    /// Adds a line and its break.
    pub(super) fn put(&self, out: &mut Vec<u8>, at: i64, source: u16, text: &[u8]) {
        if let Some(names) = &self.0 {
            let mut prefix = String::new();
            let name = names.get(usize::from(source)).map_or("", String::as_str);
            // A String takes everything.
            let _ = write!(prefix, "{} {name} ", time(at));
            out.extend_from_slice(prefix.as_bytes());
        }
        out.extend_from_slice(text);
        out.push(b'\n');
    }
}

fn row(line: Line, pattern: Option<&Pattern>) -> LogLine {
    let mark = if line.mark { serde_json::from_slice(&line.text).ok() } else { None };
    let (mut text, mut places, mut broken) = (String::new(), Vec::new(), false);
    if mark.is_none() {
        let found = pattern.map(|pattern| pattern.places(&line.text, PLACES_MAX)).unwrap_or_default();
        let mut units = 0;
        let mut take = |bytes: &[u8]| {
            let piece = String::from_utf8_lossy(bytes);
            broken |= matches!(piece, std::borrow::Cow::Owned(_));
            let begun = units;
            units += u32::try_from(piece.encode_utf16().count()).unwrap_or(u32::MAX);
            text.push_str(&piece);
            (begun, units)
        };
        let mut from = 0;
        for place in found {
            take(&line.text[from..place.start]);
            from = place.end;
            places.push(take(&line.text[place]));
        }
        take(&line.text[from..]);
    }
    LogLine {
        number: line.number,
        at: time(line.time),
        source: line.source,
        level: LogLevel::of_tag(line.tag),
        text,
        mark,
        places,
        more: line.more,
        left_out: line.left_out,
        broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &[u8]) -> Line {
        Line { number: 7, text: text.to_vec(), more: 0, time: 0, source: 0, mark: false, tag: 5, left_out: 0 }
    }

    #[test]
    fn places_are_counted_as_the_page_counts() {
        let pattern = Pattern::new("ab", false, true).expect("a pattern");
        let row = row(line("😀支ab\u{1b}[0m\u{0}".as_bytes()), Some(&pattern));
        assert_eq!(row.places, [(3, 5)]);
        assert_eq!((row.text.as_str(), row.level, row.broken), ("😀支ab\u{1b}[0m\u{0}", LogLevel::Error, false));
    }

    #[test]
    fn what_is_not_text_is_said_to_be() {
        let pattern = Pattern::new("ab", false, true).expect("a pattern");
        let row = row(line(b"\xff\xfeab\xff"), Some(&pattern));
        assert_eq!((row.text.as_str(), row.broken), ("\u{fffd}\u{fffd}ab\u{fffd}", true));
        assert_eq!(row.places, [(2, 4)]);
    }

    #[test]
    fn a_mark_is_no_text() {
        let mark = LogMark::Restarted { missed: 2 };
        let row = row(Line { mark: true, ..line(&serde_json::to_vec(&mark).expect("JSON")) }, None);
        assert_eq!((row.mark, row.text.as_str()), (Some(mark), ""));
    }
}
