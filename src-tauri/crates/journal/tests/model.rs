//! A journal against a plain list of lines: whatever is written, read and looked for, both say the same.

use proptest::prelude::*;
use slipway_journal::{Choice, Entry, Hit, Journal, Line, Pattern, Search, Unit, Writer};
use std::collections::BTreeSet;
use std::path::Path;

#[derive(Clone, Debug)]
struct Written {
    text: Vec<u8>,
    time: i64,
    source: u16,
    mark: bool,
    tag: u8,
    left_out: u64,
}

impl Written {
    fn entry(&self) -> Entry<'_> {
        let Self { text, time, source, mark, tag, left_out } = self;
        Entry { text, time: *time, source: *source, mark: *mark, tag: *tag, left_out: *left_out }
    }
}

/// Bytes of any kind but line breaks: words that are looked for, NUL, broken UTF-8, nothing, and long ones.
fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        4 => "[a-c ]{0,12}".prop_map(String::into_bytes),
        2 => "(支付|error|Error|\u{1b}\\[31m){1,4}".prop_map(String::into_bytes),
        1 => proptest::collection::vec(any::<u8>().prop_filter("no line break", |byte| *byte != b'\n'), 0..20),
        1 => (1_000_usize..9_000).prop_map(|size| vec![b'x'; size]),
    ]
}

fn written() -> impl Strategy<Value = Written> {
    (text(), 0..1_000_i64, 0..3_u16, any::<bool>(), 0..8_u8, 0..2_u64).prop_map(
        |(text, time, source, mark, tag, left_out)| Written {
            text,
            time,
            source,
            mark: mark && tag == 0,
            tag,
            left_out,
        },
    )
}

fn batches() -> impl Strategy<Value = Vec<Vec<Written>>> {
    proptest::collection::vec(proptest::collection::vec(written(), 0..60), 1..30)
}

/// Small, so that the ring turns.
const LIMIT: u64 = 200_000;

fn journal(folder: &tempfile::TempDir) -> (Writer, Journal) {
    Journal::create(&folder.path().join("one"), LIMIT).expect("a journal")
}

fn check_line(line: &Line, number: u64, model: &Written, most: usize) {
    let shown = model.text.len().min(most);
    assert_eq!((line.number, &line.text[..]), (number, &model.text[..shown]));
    assert_eq!(line.more, (model.text.len() - shown) as u64);
    assert_eq!((line.time, line.source, line.mark), (model.time, model.source, model.mark));
    assert_eq!((line.tag, line.left_out), (model.tag, model.left_out));
}

fn contains(text: &[u8], word: &str, case: bool) -> bool {
    text.windows(word.len())
        .any(|part| if case { part == word.as_bytes() } else { part.eq_ignore_ascii_case(word.as_bytes()) })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read(batches in batches()) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut writer, journal) = journal(&folder);
        let mut model: Vec<Written> = Vec::new();
        for batch in batches {
            writer.append(batch.iter().map(Written::entry)).expect("to be written");
            model.extend(batch);
            prop_assert_eq!(journal.end(), model.len() as u64);
            let first = journal.first();
            prop_assert_eq!(journal.dropped().lines, first);
            let dropped: usize = model[..usize::try_from(first).unwrap()].iter().map(|line| line.text.len() + 1).sum();
            prop_assert_eq!(journal.dropped().bytes, dropped as u64);
        }
        let first = usize::try_from(journal.first()).unwrap();
        let lines = journal.read(0..model.len() as u64 + 3, 4_000).expect("to be read");
        prop_assert_eq!(lines.len(), model.len() - first);
        for (at, line) in lines.iter().enumerate() {
            check_line(line, (first + at) as u64, &model[first + at], 4_000);
        }
        // In pieces it is the same.
        let (mut from, mut unit) = (0, Unit::default());
        let mut seen = first;
        loop {
            journal.load(from, u64::MAX, &mut unit).expect("to be read");
            if unit.numbers().is_empty() { break; }
            for (number, entry) in unit.lines() {
                prop_assert_eq!(number, seen as u64);
                prop_assert_eq!(entry, model[seen].entry());
                seen += 1;
            }
            from = unit.numbers().end;
        }
        prop_assert_eq!(seen, model.len());
        // Files of no more than the limit, and of the segment that is open.
        prop_assert!(journal.size() <= LIMIT + 70_000 + 60 * 9_100, "{} bytes", journal.size());
    }

    #[test]
    fn what_is_looked_for_is_found(
        before in batches(),
        after in batches(),
        case in any::<bool>(),
        word in prop_oneof![Just("a"), Just("error"), Just("支付"), Just("b c")],
        sources in proptest::collection::btree_set(0..3_u16, 0..3),
        tags in any::<u8>(),
        context in 0..3_u32,
        from in 0..2_000_u64,
    ) {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut writer, journal) = journal(&folder);
        let mut model: Vec<Written> = Vec::new();
        for batch in before {
            writer.append(batch.iter().map(Written::entry)).expect("to be written");
            model.extend(batch);
        }
        let pattern = Pattern::new(word, false, case).expect("a pattern");
        let choice = Choice { sources: sources.clone(), tags };
        let search = Search::new(journal.clone(), Some(pattern), choice, context, from);
        let begun = search.progress();
        prop_assert_eq!((begun.found, begun.seen), (0, 0));
        search.run(2, &|| {}).expect("to be looked at");
        // And what comes meanwhile.
        for batch in after {
            writer.append(batch.iter().map(Written::entry)).expect("to be written");
            model.extend(batch);
            search.run(2, &|| {}).expect("to be looked at");
        }
        let first = journal.first();
        let taken = |line: &Written| {
            !line.mark
                && (sources.is_empty() || sources.contains(&line.source))
                && (tags == 0 || tags & (1 << line.tag) != 0)
                && contains(&line.text, word, case)
        };
        let numbers = (first..model.len() as u64).filter(|number| taken(&model[usize::try_from(*number).unwrap()]));
        let expected: Vec<u64> = numbers.collect();
        let progress = search.progress();
        prop_assert_eq!((progress.found, progress.seen), (expected.len() as u64, progress.total));
        let shown = |number: &u64| {
            expected.iter().any(|found| found.abs_diff(*number) <= context.into())
        };
        // The context of a line that was dropped may stay for a while.
        let sure = first + u64::from(context);
        let expected_shown: BTreeSet<u64> = (sure..model.len() as u64).filter(shown).collect();
        let seen: BTreeSet<u64> = search.numbers(0..search.shown()).into_iter().collect();
        let seen_surely: BTreeSet<u64> = seen.range(sure..).copied().collect();
        prop_assert_eq!(&seen_surely, &expected_shown);
        for (place, number) in seen.iter().enumerate() {
            prop_assert_eq!(search.place(*number), place as u64);
        }
        for from in [0, from, first, model.len() as u64 / 2, model.len() as u64] {
            let next = expected.iter().position(|number| *number >= from);
            let back = expected.iter().rposition(|number| *number < from);
            let hit = |at: Option<usize>| at.map_or(Hit::Nothing, |at| Hit::Line { number: expected[at], ordinal: at as u64 + 1 });
            prop_assert_eq!(search.hit(from, true), hit(next));
            prop_assert_eq!(search.hit(from, false), hit(back));
        }
    }
}

fn line(text: &[u8], time: i64) -> Entry<'_> {
    Entry { text, time, source: 0, mark: false, tag: 0, left_out: 0 }
}

#[test]
fn the_folder_goes_with_the_journal() {
    let parent = tempfile::tempdir().expect("a folder");
    let folder = parent.path().join("one");
    let (mut writer, journal) = Journal::create(&folder, LIMIT).expect("a journal");
    writer.append([line(b"a", 1)]).expect("to be written");
    Journal::create(&folder, LIMIT).expect_err("a folder is one journal's");
    drop(writer);
    assert_eq!(journal.read([0], 10).expect("still there")[0].text, b"a");
    drop(journal);
    assert!(!folder.exists());
}

#[test]
fn a_time_is_found() {
    let parent = tempfile::tempdir().expect("a folder");
    let (mut writer, journal) = Journal::create(&parent.path().join("one"), LIMIT).expect("a journal");
    for time in 0..1_000 {
        writer.append([line(&[b'x'; 500], time * 10)]).expect("to be written");
    }
    assert!(journal.first() > 0, "the ring has turned");
    assert_eq!(journal.at_time(5_001).expect("found"), journal.first().max(501));
    assert_eq!(journal.at_time(i64::MAX).expect("found"), 1_000);
    assert_eq!(journal.at_time(0).expect("found"), journal.first());
}

#[test]
fn a_pattern_stays_within_its_line() {
    let parent = tempfile::tempdir().expect("a folder");
    let (mut writer, journal) = Journal::create(&parent.path().join("one"), LIMIT).expect("a journal");
    writer.append([line(b"one", 1), line(b"two", 2), line(b"one two", 3)]).expect("to be written");
    let found = |text: &str| {
        let search = Search::new(
            journal.clone(),
            Some(Pattern::new(text, true, true).expect("a regex")),
            Choice::default(),
            0,
            0,
        );
        search.run(2, &|| {}).expect("to be looked at");
        search.numbers(0..search.shown())
    };
    assert_eq!(found(r"one\s+two"), [2]);
    assert_eq!(found("^two"), [1]);
    assert_eq!(found("one$"), [0]);
    assert!(Pattern::new("a(", true, true).is_err());
    assert!(Pattern::new("a(", false, true).is_ok());
    let places = Pattern::new("o", false, true).expect("a pattern").places(b"one two", 10);
    assert_eq!(places, [0..1, 6..7]);
}

#[test]
fn a_search_that_is_stopped_ends() {
    let parent = tempfile::tempdir().expect("a folder");
    let (mut writer, journal) = Journal::create(&parent.path().join("one"), 64 << 20).expect("a journal");
    for _ in 0..300 {
        writer.append((0..1_000).map(|time| line(b"a line as logs have it", time))).expect("to be written");
    }
    let search =
        Search::new(journal, Some(Pattern::new("as", false, true).expect("a pattern")), Choice::default(), 0, 150_000);
    search.run(2, &|| search.stop()).expect("to be looked at");
    let progress = search.progress();
    assert!(progress.seen > 0 && progress.seen < progress.total, "{progress:?}");
}

/// What the files of a journal are long.
fn on_disk(folder: &Path) -> u64 {
    let files = std::fs::read_dir(folder).expect("the folder");
    files.map(|file| file.expect("a file").metadata().expect("its length").len()).sum()
}

#[test]
fn every_size_holds_and_keeps_as_much_as_it_may() {
    // With the segment that is open, which may go beyond by one batch.
    const BATCH: u64 = 100 * (200 + 1 + 16);
    for limit in [2_u64 << 20, 4 << 20, 16 << 20] {
        let parent = tempfile::tempdir().expect("a folder");
        let folder = parent.path().join("one");
        let (mut writer, journal) = Journal::create(&folder, limit).expect("a journal");
        assert_eq!(journal.limit(), limit);
        let mut time = 0;
        while journal.dropped().bytes < limit {
            let lines: Vec<_> = (time..time + 100).map(|time| line(&[b'x'; 200], time)).collect();
            writer.append(lines).expect("to be written");
            time += 100;
            assert!(on_disk(&folder) <= limit + BATCH, "{} of {limit}", on_disk(&folder));
            assert_eq!(on_disk(&folder), journal.size());
        }
        // A segment at a time goes, of sixteen.
        assert!(journal.size() > limit - limit / 8, "{} of {limit}", journal.size());
        let first = journal.first();
        let kept = journal.read(first - 1..=first, 1).expect("to be read");
        assert_eq!(
            kept.iter().map(|line| (line.number, line.time)).collect::<Vec<_>>(),
            [(first, first.cast_signed())]
        );
    }
}
