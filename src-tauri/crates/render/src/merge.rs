//! Three-way merges: what two sides made of the same beginning, together.
//!
//! A line that one side wrote is in the result or in a conflict, never lost. What both changed in the same place, or
//! next to each other, is a conflict with its three sides, unless both made the same of it.

mod fields;

pub use fields::{FieldMerge, How, fields};

use serde::{Deserialize, Serialize};
use similar::{MergeRegion, MergeResolution, TextMerge};
use ts_rs::TS;

/// A merged text, in parts that follow each other without a gap.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "MergeView")]
pub struct Merge {
    pub parts: Vec<MergePart>,
}

/// Whole lines, with their ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MergePart {
    /// Nobody changed it.
    Same { text: String },
    /// Only we changed it: an empty text where we deleted lines.
    Ours { text: String },
    /// Only they changed it.
    Theirs { text: String },
    /// Both made the same of it.
    Both { text: String },
    /// Both changed it, each in another way.
    Conflict { base: String, ours: String, theirs: String },
}

impl Merge {
    pub fn conflicts(&self) -> usize {
        self.parts.iter().filter(|part| matches!(part, MergePart::Conflict { .. })).count()
    }

    /// The merged text; `None` while there is a conflict.
    pub fn text(&self) -> Option<String> {
        let text = |part: &MergePart| match part {
            MergePart::Same { text }
            | MergePart::Ours { text }
            | MergePart::Theirs { text }
            | MergePart::Both { text } => Some(text.clone()),
            MergePart::Conflict { .. } => None,
        };
        self.parts.iter().map(text).collect()
    }
}

/// Merges line by line, by exact comparison: another line end is another line.
pub fn texts(base: &str, ours: &str, theirs: &str) -> Merge {
    let merge = TextMerge::from_lines(base, ours, theirs);
    Merge { parts: merge.regions().iter().map(|region| part(&merge, region)).collect() }
}

fn part(merge: &TextMerge<'_, '_, '_, str>, region: &MergeRegion) -> MergePart {
    let base = || region.base_range().filter_map(|at| merge.base_line(at)).collect();
    let ours = || region.ours_range().filter_map(|at| merge.ours_line(at)).collect();
    let theirs = || region.theirs_range().filter_map(|at| merge.theirs_line(at)).collect();
    match region.resolution() {
        MergeResolution::Unchanged => MergePart::Same { text: ours() },
        MergeResolution::Ours => MergePart::Ours { text: ours() },
        MergeResolution::Theirs => MergePart::Theirs { text: theirs() },
        MergeResolution::Both => MergePart::Both { text: ours() },
        // The library may learn of more: none of them is taken for granted.
        _ => MergePart::Conflict { base: base(), ours: ours(), theirs: theirs() },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn changes_in_different_places_come_together() {
        let merge = texts("a\nb\nc\nd\n", "A\nb\nc\nd\n", "a\nb\nc\nD\ne\n");
        assert_eq!(merge.text().as_deref(), Some("A\nb\nc\nD\ne\n"));
        assert_eq!(texts("a\nb\nc", "a\nb\nc", "a\nc").text().as_deref(), Some("a\nc"));
        assert_eq!(texts("", "new\n", "").text().as_deref(), Some("new\n"));
        assert_eq!(texts("a\r\nb\r\nc", "a\r\nb\r\nc\r\n", "A\r\nb\r\nc").text().as_deref(), Some("A\r\nb\r\nc\r\n"));
    }

    #[test]
    fn changes_in_one_place_are_a_conflict_with_three_sides() {
        let merge = texts("a\npool: 20\nz\n", "a\npool: 26\nz\n", "a\npool: 60\nz\n");
        assert_eq!((merge.conflicts(), merge.text()), (1, None));
        let text = |text: &str| text.to_owned();
        assert_eq!(
            merge.parts,
            [
                MergePart::Same { text: text("a\n") },
                MergePart::Conflict { base: text("pool: 20\n"), ours: text("pool: 26\n"), theirs: text("pool: 60\n") },
                MergePart::Same { text: text("z\n") },
            ]
        );
        assert_eq!(texts("a\n", "", "b\n").conflicts(), 1);
        assert_eq!(texts("", "a\n", "b\n").conflicts(), 1);
        assert_eq!(texts("a\n", "b\n", "b\n").text().as_deref(), Some("b\n"));
    }

    fn text() -> impl Strategy<Value = String> {
        "([abc]{0,1}(\n|\r\n)){0,8}[abc]{0,1}"
    }

    /// What a part makes of a side: the lines that it stands for there.
    fn side(merge: &TextMerge<'_, '_, '_, str>, region: &MergeRegion) -> [String; 3] {
        [
            region.base_range().filter_map(|at| merge.base_line(at)).collect(),
            region.ours_range().filter_map(|at| merge.ours_line(at)).collect(),
            region.theirs_range().filter_map(|at| merge.theirs_line(at)).collect(),
        ]
    }

    proptest! {
        #[test]
        fn no_line_is_dropped_silently(base in text(), ours in text(), theirs in text()) {
            let merge = TextMerge::from_lines(base.as_str(), ours.as_str(), theirs.as_str());
            let (mut whole, mut result) = ([const { String::new() }; 3], String::new());
            for region in merge.regions() {
                let sides = side(&merge, region);
                whole.iter_mut().zip(&sides).for_each(|(whole, side)| whole.push_str(side));
                let [base, ours, theirs] = &sides;
                // A side's lines are left out only where that side has just what it began with.
                match part(&merge, region) {
                    MergePart::Same { text } => prop_assert!(text == *base && text == *ours && text == *theirs),
                    MergePart::Ours { text } => prop_assert!(text == *ours && theirs == base),
                    MergePart::Theirs { text } => prop_assert!(text == *theirs && ours == base),
                    MergePart::Both { text } => prop_assert!(text == *ours && text == *theirs),
                    conflict @ MergePart::Conflict { .. } => {
                        let [base, ours, theirs] = sides.clone();
                        prop_assert_eq!(conflict, MergePart::Conflict { base, ours, theirs });
                    }
                }
                result.push_str(if theirs == base { ours } else { theirs });
            }
            // Every line of every side is in one part, in its order.
            prop_assert_eq!(&whole, &[base.clone(), ours.clone(), theirs.clone()]);
            // And no two lines of different sides run into one.
            if let Some(text) = texts(&base, &ours, &theirs).text() {
                let known = |line: &str| [&base, &ours, &theirs].iter().any(|side| {
                    side.split_inclusive('\n').any(|own| own == line)
                });
                prop_assert_eq!(&text, &result);
                prop_assert!(text.split_inclusive('\n').all(known), "{:?}", text);
            }
        }

        #[test]
        fn who_changed_nothing_takes_all(base in text(), other in text()) {
            prop_assert_eq!(texts(&base, &other, &base).text(), Some(other.clone()));
            prop_assert_eq!(texts(&base, &base, &other).text(), Some(other.clone()));
            prop_assert_eq!(texts(&base, &other, &other).text(), Some(other.clone()));
        }
    }
}
