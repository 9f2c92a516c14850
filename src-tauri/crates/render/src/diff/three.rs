//! Three texts on the same lines: what was released, what is live, what would be rendered now.

use super::{CONTEXT, LINES_WITH_WORDS, LineKind, count, texts};
use serde::Serialize;
use similar::{DiffOp, TextDiff};
use ts_rs::TS;

/// A line of one of the three.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "ThreeCell")]
pub struct Cell {
    /// From 1.
    pub number: u32,
    pub text: String,
    /// [start, end) of what differs, in UTF-16 units; of the released line from either of the others.
    pub words: Vec<(u32, u32)>,
}

/// The same line of all three; a side that has none there is empty. All empty: so many unchanged lines are left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "ThreeLine")]
pub struct Row {
    pub released: Option<Cell>,
    pub live: Option<Cell>,
    pub saved: Option<Cell>,
    /// The live side differs from what was released.
    pub foreign: bool,
    /// The draft differs from what was released.
    pub drafted: bool,
    pub folded: u32,
}

/// Lays the texts beside each other, line by line; unchanged lines far from a difference are folded.
pub fn three(released: &str, live: &str, saved: &str) -> Vec<Row> {
    let lines: Vec<&str> = released.lines().collect();
    let (live, saved) = (Beside::new(released, live), Beside::new(released, saved));
    let mut rows = Vec::new();
    for at in 0..=lines.len() {
        let (more_live, more_saved) = (&live.before[at], &saved.before[at]);
        for extra in 0..more_live.len().max(more_saved.len()) {
            rows.push(row(None, more_live.get(extra), more_saved.get(extra)));
        }
        if let Some(text) = lines.get(at) {
            let own = Cell { number: count(at + 1), text: (*text).to_owned(), words: Vec::new() };
            rows.push(row(Some(own), live.at[at].as_ref(), saved.at[at].as_ref()));
        }
    }
    rows.iter_mut().filter(|row| row.foreign || row.drafted).take(LINES_WITH_WORDS).for_each(mark);
    fold(rows)
}

/// Marks the words that differ, where a line stands beside another one.
fn mark(row: &mut Row) {
    let Some(released) = &mut row.released else { return };
    for other in row.live.iter_mut().chain(&mut row.saved).filter(|other| other.text != released.text) {
        for line in texts(&format!("{}\n", released.text), &format!("{}\n", other.text)).lines {
            match line.kind {
                LineKind::Add => other.words = line.words,
                LineKind::Del => released.words = joined(&released.words, &line.words),
                LineKind::Same | LineKind::Fold => {}
            }
        }
    }
}

/// The parts of two lists, in order and without overlaps.
fn joined(one: &[(u32, u32)], other: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let mut all: Vec<_> = one.iter().chain(other).copied().collect();
    all.sort_unstable();
    let mut joined: Vec<(u32, u32)> = Vec::new();
    for (start, end) in all {
        match joined.last_mut().filter(|last| start <= last.1) {
            Some(last) => last.1 = last.1.max(end),
            None => joined.push((start, end)),
        }
    }
    joined
}

fn row(released: Option<Cell>, live: Option<&Cell>, saved: Option<&Cell>) -> Row {
    let text = |cell: Option<&Cell>| cell.map(|cell| cell.text.clone());
    let before = text(released.as_ref());
    Row {
        foreign: text(live) != before,
        drafted: text(saved) != before,
        released,
        live: live.cloned(),
        saved: saved.cloned(),
        folded: 0,
    }
}

/// The lines of one text beside those of another.
struct Beside {
    /// The one that stands for each line of the other: equal, or in its place.
    at: Vec<Option<Cell>>,
    /// Those that stand before each line of the other, and after the last.
    before: Vec<Vec<Cell>>,
}

impl Beside {
    fn new(base: &str, text: &str) -> Self {
        let (base_lines, lines) = (base.lines().count(), text.lines().collect::<Vec<_>>());
        let mut beside = Self { at: vec![None; base_lines], before: vec![Vec::new(); base_lines + 1] };
        let cell = |at: usize| Cell { number: count(at + 1), text: lines[at].to_owned(), words: Vec::new() };
        for op in TextDiff::from_lines(base, text).ops() {
            let (old, new) = (op.old_range(), op.new_range());
            if matches!(op, DiffOp::Delete { .. }) {
                continue;
            }
            for (step, line) in new.clone().enumerate() {
                match old.clone().nth(step) {
                    Some(place) => beside.at[place] = Some(cell(line)),
                    None => beside.before[old.end].push(cell(line)),
                }
            }
        }
        beside
    }
}

fn fold(rows: Vec<Row>) -> Vec<Row> {
    let changed: Vec<bool> = rows.iter().map(|row| row.foreign || row.drafted).collect();
    let mut folded: Vec<Row> = Vec::new();
    for (at, row) in rows.into_iter().enumerate() {
        let end = (at + CONTEXT + 1).min(changed.len());
        if changed[at.saturating_sub(CONTEXT)..end].contains(&true) {
            folded.push(row);
        } else if let Some(last) = folded.last_mut().filter(|last| last.folded > 0) {
            last.folded += 1;
        } else {
            folded.push(Row { released: None, live: None, saved: None, foreign: false, drafted: false, folded: 1 });
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn told(rows: &[Row]) -> Vec<String> {
        let text = |cell: &Option<Cell>| cell.as_ref().map_or("-", |cell| cell.text.as_str()).to_owned();
        rows.iter()
            .map(|row| match row.folded {
                0 => format!("{} {} {}", text(&row.released), text(&row.live), text(&row.saved)),
                folded => format!("… {folded}"),
            })
            .collect()
    }

    #[test]
    fn the_same_lines_stand_beside_each_other() {
        let same = "s\n".repeat(5);
        let rows = three(
            &format!("{same}r: 6\nm\nv: 1\n"),
            &format!("{same}r: 8\nm\nnew\nv: 1\n"),
            &format!("{same}r: 6\nm\nv: 2\n"),
        );
        assert_eq!(
            told(&rows),
            ["… 2", "s s s", "s s s", "s s s", "r: 6 r: 8 r: 6", "m m m", "- new -", "v: 1 v: 1 v: 2"]
        );
        let marks: Vec<_> = rows.iter().map(|row| (row.foreign, row.drafted)).skip(4).collect();
        assert_eq!(marks, [(true, false), (false, false), (true, false), (false, true)]);
    }

    #[test]
    fn words_are_marked_on_all_sides() {
        let rows = three("a: 512Mi # 6\n", "a: 768Mi # 6\n", "a: 512Mi # 7\n");
        let words = |cell: &Option<Cell>| cell.as_ref().map(|cell| cell.words.clone()).unwrap_or_default();
        assert_eq!(words(&rows[0].released), [(3, 8), (11, 12)]);
        assert_eq!((words(&rows[0].live), words(&rows[0].saved)), (vec![(3, 8)], vec![(11, 12)]));
    }

    type Side = fn(&Row) -> &Option<Cell>;

    proptest! {
        #[test]
        fn no_line_is_lost(
            released in "([ab]{0,2}\n){0,10}", live in "([ab]{0,2}\n){0,10}", saved in "([ab]{0,2}\n){0,10}"
        ) {
            let rows = three(&released, &live, &saved);
            let folded: u32 = rows.iter().map(|row| row.folded).sum();
            let sides: [(&str, Side); 3] =
                [(&released, |row| &row.released), (&live, |row| &row.live), (&saved, |row| &row.saved)];
            for (text, side) in sides {
                let cells: Vec<&Cell> = rows.iter().filter_map(|row| side(row).as_ref()).collect();
                prop_assert_eq!(cells.len() + folded as usize, text.lines().count());
                prop_assert!(cells.windows(2).all(|pair| pair[0].number < pair[1].number));
                for cell in cells {
                    prop_assert_eq!(text.lines().nth(cell.number as usize - 1), Some(cell.text.as_str()));
                }
            }
        }
    }
}
