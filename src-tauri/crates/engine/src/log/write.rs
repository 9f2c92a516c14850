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
    /// Is asked for lines.
    Connect(u16),
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
                Word::Connect(source) => merge.connect(source, now),
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::mounted::mounted;
    use slipway_journal::Journal;
    use std::fs::{self, File};
    use std::io::{ErrorKind, Write as _};

    fn out(count: i64) -> Out {
        let (mut batch, text) = (Batch::default(), [b'x'; 1_000]);
        for time in 0..count {
            batch.push(&text, Line { text: 0..0, time, source: 0, mark: false, tag: 0, left_out: 0 });
        }
        Out { text: batch.text, lines: batch.lines.into() }
    }

    #[test]
    fn what_a_full_disk_does_not_take_is_counted_where_it_is_missing() {
        let mount = "mount -t tmpfs -o size=1m tmpfs \"$PLACE\"";
        let test = "what_a_full_disk_does_not_take_is_counted_where_it_is_missing";
        let Some(place) = mounted(module_path!(), test, mount) else { return };
        let (writer, journal) = Journal::create(&place.join("log"), 1 << 30).expect("room enough");
        let (writer, _, skipped, fresh) = append(writer, out(10), Skipped::default());
        assert_eq!((journal.end(), skipped.lines, fresh), (10, 0, 0));

        let mut filler = File::create(place.join("filler")).expect("room for a name");
        let full = loop {
            if let Err(error) = filler.write_all(&[0; 4096]) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::StorageFull);
        let (writer, _, skipped, fresh) = append(writer, out(300), skipped);
        assert_eq!((journal.end(), skipped.lines, fresh), (10, 300, 300), "all or none");
        let (writer, _, skipped, fresh) = append(writer, out(200), skipped);
        assert_eq!((skipped.lines, skipped.bytes, fresh), (500, 500_000, 200));

        fs::remove_file(place.join("filler")).expect("there");
        drop(filler);
        let (_writer, _, skipped, fresh) = append(writer, out(1), skipped);
        assert_eq!((journal.end(), skipped.lines, fresh), (12, 0, 0));
        let mark = journal.read([10], 1_000).expect("read").remove(0);
        let said = serde_json::from_slice(&mark.text).expect("a mark");
        let LogMark::Skipped { lines: 500, bytes: 500_000, reason } = said else { panic!("{said:?}") };
        assert!(mark.mark && mark.source == CORE && !reason.is_empty(), "{mark:?} {reason}");
    }
}
