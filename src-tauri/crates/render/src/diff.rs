//! Differences between two objects or texts, line by line.

mod change;
mod fields;
mod release;
mod seen;
mod three;

pub use change::{Definition, FieldChange, Section, changes, section_of, section_of_form, shares_as_typed, short};
pub use fields::{Change, fields, stated_fields};
pub use release::of_release;
pub use seen::seen;
pub use three::{Cell, Row, three};

use crate::side::without_release;
use crate::yaml;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use similar::{ChangeTag, DiffOp, InlineChange, InlineChangeMode, InlineChangeOptions, TextDiff};
use ts_rs::TS;

/// Unchanged lines kept around a change.
const CONTEXT: usize = 3;
/// Words are compared within a replaced block of at most so many lines: in a larger one nobody looks for words.
const BLOCK_WITH_WORDS: usize = 100;
/// … and in at most so many lines of one diff: each costs as much as a hundred lines without.
const LINES_WITH_WORDS: usize = 400;

/// Two texts on the same lines. `added` and `removed` count lines.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DiffView")]
pub struct Diff {
    pub lines: Vec<Line>,
    pub added: u32,
    pub removed: u32,
}

/// Nothing is said of what a line does not have: a long difference has a thousand of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DiffLine")]
pub struct Line {
    pub kind: LineKind,
    /// Line number in the old text, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub old: Option<u32>,
    /// Line number in the new text, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub new: Option<u32>,
    pub text: String,
    /// Ranges of UTF-16 code units that changed within the line.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(optional, as = "Option<Vec<(u32, u32)>>")]
    pub words: Vec<(u32, u32)>,
    /// For `fold`: how many unchanged lines are left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub folded: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "DiffLineKind")]
pub enum LineKind {
    Same,
    Add,
    Del,
    Fold,
}

/// What changes from the live objects to those that would be, as YAML documents one after the other.
pub fn objects(before: &[&Value], after: &[&Value]) -> Diff {
    texts(&documents(before), &documents(after))
}

fn documents(objects: &[&Value]) -> String {
    objects.iter().map(|object| yaml::text(&without_release(object))).collect::<Vec<_>>().join("---\n")
}

/// Lines with their changed words; unchanged lines far from a change are folded.
pub fn texts(before: &str, after: &str) -> Diff {
    texts_around(before, after, CONTEXT)
}

/// The same with another number of unchanged lines kept around a change: `usize::MAX` keeps all, for a window that folds
/// and opens them itself.
pub fn texts_around(before: &str, after: &str, context: usize) -> Diff {
    let comparison = TextDiff::from_lines(before, after);
    let mut options = InlineChangeOptions::new();
    options.mode(InlineChangeMode::UnicodeWords).semantic_cleanup(true);
    let ops = comparison.ops();
    let short = context >= ops.iter().map(lines_of).sum();
    let (mut diff, mut left) = (Diff::default(), LINES_WITH_WORDS);
    for (at, op) in ops.iter().enumerate() {
        let size = op.old_range().len() + op.new_range().len();
        match *op {
            DiffOp::Replace { .. } if size <= BLOCK_WITH_WORDS.min(left) => {
                left -= size;
                // Without a deadline, so that the same texts always give the same marks.
                let changes = comparison.iter_inline_changes_with_options_deadline(op, options, None);
                changes.for_each(|change| diff.push(&change));
            }
            DiffOp::Equal { old_index, new_index, len } if !short => {
                let head = if at == 0 { 0 } else { context.min(len) };
                let tail = if at + 1 == ops.len() { 0 } else { context.min(len - head) };
                let same = |from, len| DiffOp::Equal { old_index: old_index + from, new_index: new_index + from, len };
                diff.push_all(&comparison, &same(0, head));
                diff.fold(old_index + head, new_index + head, len - head - tail);
                diff.push_all(&comparison, &same(len - tail, tail));
            }
            _ => diff.push_all(&comparison, op),
        }
    }
    diff
}

/// Of both texts together.
fn lines_of(op: &DiffOp) -> usize {
    match *op {
        DiffOp::Equal { len, .. } => len,
        _ => op.old_range().len() + op.new_range().len(),
    }
}

impl Diff {
    fn push_all(&mut self, comparison: &TextDiff<'_, '_, str>, op: &DiffOp) {
        comparison.iter_changes(op).for_each(|change| self.push(&change.into()));
    }

    /// Leaves out so many unchanged lines, from these on (from 0).
    fn fold(&mut self, old: usize, new: usize, lines: usize) {
        if lines > 0 {
            let [old, new] = [old, new].map(|index| Some(count(index + 1)));
            let folded = Some(count(lines));
            self.lines.push(Line { kind: LineKind::Fold, old, new, text: String::new(), words: Vec::new(), folded });
        }
    }

    fn push(&mut self, change: &InlineChange<'_, str>) {
        let kind = match change.tag() {
            ChangeTag::Equal => LineKind::Same,
            ChangeTag::Insert => LineKind::Add,
            ChangeTag::Delete => LineKind::Del,
        };
        let (mut text, mut words, mut at) = (String::new(), Vec::new(), 0);
        for (changed, part) in change.values() {
            let part = part.trim_end_matches(['\n', '\r']);
            let end = at + utf16(part);
            if *changed && end > at {
                words.push((at, end));
            }
            text.push_str(part);
            at = end;
        }
        let number = |index: Option<usize>| index.map(|index| count(index + 1));
        let (old, new) = (number(change.old_index()), number(change.new_index()));
        self.added += u32::from(kind == LineKind::Add);
        self.removed += u32::from(kind == LineKind::Del);
        self.lines.push(Line { kind, old, new, text, words, folded: None });
    }
}

fn utf16(text: &str) -> u32 {
    count(text.encode_utf16().count())
}

pub(crate) fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;
    use std::fmt::Write as _;

    /// A diff as a person would write it down, with the changed words in brackets.
    fn written(diff: &Diff) -> String {
        let mut text = String::new();
        for line in &diff.lines {
            let sign = match line.kind {
                LineKind::Same => ' ',
                LineKind::Add => '+',
                LineKind::Del => '-',
                LineKind::Fold => '…',
            };
            let units: Vec<u16> = line.text.encode_utf16().collect();
            let mut marked = Vec::new();
            for at in 0..=count(units.len()) {
                marked.extend(line.words.iter().filter(|word| word.1 == at).map(|_| u16::from(b']')));
                marked.extend(line.words.iter().filter(|word| word.0 == at).map(|_| u16::from(b'[')));
                marked.extend(units.get(at as usize));
            }
            let number = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
            let shown = String::from_utf16(&marked).expect("marks between characters");
            let shown = line.folded.map_or(shown, |folded| folded.to_string());
            writeln!(text, "{:>3} {:>3} {sign} {shown}", number(line.old), number(line.new)).expect("a String");
        }
        text
    }

    fn object(image: &str, cpu: &str, ready: u32) -> Value {
        json!({
            "apiVersion": "apps/v1", "kind": "Deployment",
            "metadata": { "name": "api", "uid": "x", "generation": ready, "labels": { "支付": "🚢" } },
            "spec": { "replicas": 3, "template": { "spec": { "containers": [
                { "name": "app", "image": image, "resources": { "limits": { "cpu": cpu, "memory": "256Mi" } } },
            ] } } },
            "status": { "ready": ready },
        })
    }

    #[test]
    fn a_release() {
        let before = object("registry.example.com/shop/api:2.13.4", "500m", 1);
        let after = object("registry.example.com/shop/api:2.14.0", "1", 2);
        insta::assert_snapshot!(written(&objects(&[&before], &[&after])));
    }

    #[test]
    fn a_first_release_is_all_new() {
        let diff = objects(&[], &[&object("api:1", "1", 1)]);
        assert!(diff.lines.iter().all(|line| line.kind == LineKind::Add));
        assert_eq!((diff.added as usize, diff.removed), (diff.lines.len(), 0));
    }

    #[test]
    fn what_only_the_server_changed_is_no_difference() {
        let diff = objects(&[&object("api:1", "1", 1)], &[&object("api:1", "1", 2)]);
        assert_eq!((diff.added, diff.removed, diff.lines.len()), (0, 0, 1));
        assert_eq!(diff.lines[0].kind, LineKind::Fold);
    }

    #[test]
    fn the_number_of_a_release_is_no_change_and_objects_follow_each_other() {
        let deployment = |label: &str| {
            json!({ "spec": { "template": { "metadata": { "labels": {
            "slipway.dev/group": "prod", "slipway.dev/release": label,
        } } } } })
        };
        let config = |pool: &str| json!({ "kind": "ConfigMap", "data": { "DB_POOL_MAX": pool } });
        let (old, new) = (config("20"), config("60"));
        let diff = objects(&[&deployment("r2"), &old], &[&deployment("r0"), &new]);
        let changed: Vec<_> =
            diff.lines.iter().filter(|line| matches!(line.kind, LineKind::Add | LineKind::Del)).collect();
        assert!(changed.iter().all(|line| line.text.contains("DB_POOL_MAX")), "{changed:?}");
        assert_eq!((diff.added, diff.removed), (1, 1));
        assert!(diff.lines.iter().any(|line| line.text == "---"));
    }

    #[test]
    fn words_are_counted_as_the_window_counts() {
        let diff = texts("🚢 two\n", "🚢 three\n");
        let words: Vec<_> = diff.lines.iter().map(|line| line.words.clone()).collect();
        assert_eq!(words, [[(3, 6)], [(3, 8)]]);
    }

    #[test]
    fn words_of_a_long_diff_are_marked_up_to_a_limit() {
        let text = |word: &str| format!("same\nkey: {word}\n").repeat(2_000);
        let diff = texts(&text("old"), &text("new"));
        assert_eq!((diff.added, diff.removed), (2_000, 2_000));
        assert_eq!(diff.lines.iter().filter(|line| !line.words.is_empty()).count(), LINES_WITH_WORDS);
    }

    #[test]
    fn far_lines_are_folded_and_counted() {
        let text = |last: &str| "the same\n".repeat(100) + last;
        let whole = texts_around(&text("old\n"), &text("new\n"), usize::MAX);
        assert_eq!((whole.lines.len(), whole.lines[0].kind), (102, LineKind::Same));
        let diff = texts(&text("old\n"), &text("new\n"));
        assert_eq!(diff.lines[0].kind, LineKind::Fold);
        assert_eq!(diff.lines[0].folded, Some(97));
    }

    proptest! {
        #[test]
        fn both_texts_can_be_read_back(before in "([ab]{0,2}\n){0,12}", after in "([ab]{0,2}\n){0,12}") {
            let diff = texts(&before, &after);
            let folded: u32 = diff.lines.iter().filter_map(|line| line.folded).sum();
            let lines = |kind: LineKind| diff.lines.iter().filter(|l| l.kind == kind).count();
            prop_assert_eq!(lines(LineKind::Same) + lines(LineKind::Del) + folded as usize, before.lines().count());
            prop_assert_eq!(lines(LineKind::Same) + lines(LineKind::Add) + folded as usize, after.lines().count());
            for line in diff.lines {
                let text = match line.kind {
                    LineKind::Fold => continue,
                    LineKind::Del => before.lines().nth(line.old.expect("a place") as usize - 1),
                    LineKind::Same | LineKind::Add => after.lines().nth(line.new.expect("a place") as usize - 1),
                };
                prop_assert_eq!(text, Some(line.text.as_str()));
            }
        }

        #[test]
        fn marks_lie_within_their_line(before in "(\\PC{0,8}\n){0,4}", after in "(\\PC{0,8}\n){0,4}") {
            for line in texts(&before, &after).lines {
                let length = utf16(&line.text);
                prop_assert!(line.words.iter().all(|(start, end)| start < end && *end <= length));
                prop_assert!(line.words.windows(2).all(|pair| pair[0].1 <= pair[1].0));
            }
        }
    }
}
