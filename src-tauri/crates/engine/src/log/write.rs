//! From the containers to the disk: lines in order, in batches. Nothing here waits for the screen.

use super::LogMark;
use super::merge::{Batch, Line, Merge, Out};
use super::open::OpenLog;
use slipway_journal::{Entry, Writer};
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

/// What marks of the core itself are of.
pub(super) const CORE: u16 = u16::MAX;

/// What a container's reader says.
#[derive(Debug)]
pub(super) enum Word {
    /// Lines may come.
    Open(u16),
    Lines(Batch),
    /// No more for now: nobody needs to wait.
    Quiet(u16),
}

/// Lines that could not be written since the last one that could.
#[derive(Debug, Default)]
struct Skipped {
    lines: u64,
    bytes: u64,
    reason: String,
}

pub(super) async fn write(log: Arc<OpenLog>, writer: Writer, mut words: mpsc::Receiver<Word>) {
    let (mut merge, mut out, mut skipped) = (Merge::default(), Out::default(), Skipped::default());
    let mut writer = Some(writer);
    let mut again: Option<Instant> = None;
    loop {
        let word = tokio::select! {
            word = words.recv() => match word {
                Some(word) => Some(word),
                None => return,
            },
            () = sleep_until(again.unwrap_or_else(Instant::now)), if again.is_some() => None,
        };
        let now = Instant::now();
        let mut next = word;
        while let Some(word) = next {
            match word {
                Word::Open(source) => merge.open(source, now),
                Word::Lines(batch) => merge.push(batch, now),
                Word::Quiet(source) => merge.close(source),
            }
            next = words.try_recv().ok();
        }
        again = merge.drain(Instant::now(), &mut out);
        if out.lines.is_empty() {
            continue;
        }
        let Some(used) = writer.take() else { return };
        let work = tokio::task::spawn_blocking(move || append(used, out, skipped)).await;
        let Ok((used, emptied, left, fresh)) = work else { return };
        log.skipped.fetch_add(fresh, Ordering::Relaxed);
        let unwritten = (left.lines > 0).then(|| left.reason.clone());
        (writer, out, skipped) = (Some(used), emptied, left);
        log.tell_written(unwritten);
    }
}

/// Writes what is in order, behind a mark of what could not be written before it. Answers how many lines are skipped.
fn append(mut writer: Writer, mut out: Out, mut skipped: Skipped) -> (Writer, Out, Skipped, u64) {
    let mut fresh = 0;
    match append_all(&mut writer, &out, &skipped) {
        Ok(()) => skipped = Skipped::default(),
        Err(error) => {
            fresh = out.lines.iter().filter(|line| !line.mark).count() as u64;
            skipped.lines += fresh;
            skipped.bytes += out.lines.iter().map(|line| line.text.len() as u64 + line.left_out).sum::<u64>();
            skipped.reason = error.to_string();
        }
    }
    out.text.clear();
    out.lines.clear();
    (writer, out, skipped, fresh)
}

fn append_all(writer: &mut Writer, out: &Out, skipped: &Skipped) -> io::Result<()> {
    let mut mark = Batch { source: CORE, ..Batch::default() };
    if skipped.lines > 0 {
        let said = LogMark::Skipped { lines: skipped.lines, bytes: skipped.bytes, reason: skipped.reason.clone() };
        said.put(&mut mark, out.lines.first().map_or(0, |line| line.time));
    }
    let before = mark.lines.iter().map(|line| entry(&mark.text, line));
    writer.append(before.chain(out.lines.iter().map(|line| entry(&out.text, line))))
}

fn entry<'a>(text: &'a [u8], line: &Line) -> Entry<'a> {
    let Line { text: place, time, source, mark, tag, left_out } = line;
    Entry { text: &text[place.clone()], time: *time, source: *source, mark: *mark, tag: *tag, left_out: *left_out }
}
