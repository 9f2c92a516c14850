//! Three texts on the same lines: what was released, what is live, what would be rendered now.

use super::{CONTEXT, count};
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
            let own = Cell { number: count(at + 1), text: (*text).to_owned() };
            rows.push(row(Some(own), live.at[at].as_ref(), saved.at[at].as_ref()));
        }
    }
    fold(rows)
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
        let cell = |at: usize| Cell { number: count(at + 1), text: lines[at].to_owned() };
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
