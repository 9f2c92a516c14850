//! What follows from three versions of one file: in the folder, in Slipway, and what both had last. Pure.

use slipway_render::merge::{self, Merge};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// Both are as they were.
    Rest,
    /// Both are the same, and another than before.
    Agree,
    /// Only Slipway changed: the folder gets it.
    Write,
    /// Only the folder changed: Slipway gets it.
    Take,
    /// Both changed, in different places: both get this.
    Merge(String),
    /// Both changed in one place, or it is not text: a person decides.
    Conflict(Option<Merge>),
    /// It was in the folder and is there no more.
    Missing,
}

/// `base` is `None` for a file that was never the same on both sides, `folder` for one that is not there.
pub(super) fn step(base: Option<&[u8]>, folder: Option<&[u8]>, slipway: &[u8]) -> Step {
    let Some(folder) = folder else {
        return if base.is_none() { Step::Write } else { Step::Missing };
    };
    if folder == slipway {
        return if base == Some(folder) { Step::Rest } else { Step::Agree };
    }
    let Some(base) = base else {
        // Merged with an empty beginning: a conflict as a whole, with both sides.
        return Step::Conflict(merged(b"", slipway, folder).filter(|merge| merge.conflicts() > 0));
    };
    if folder == base {
        return Step::Write;
    }
    if slipway == base {
        return Step::Take;
    }
    match merged(base, slipway, folder) {
        Some(merge) => match merge.text() {
            Some(text) => Step::Merge(text),
            None => Step::Conflict(Some(merge)),
        },
        None => Step::Conflict(None),
    }
}

fn merged(base: &[u8], slipway: &[u8], folder: &[u8]) -> Option<Merge> {
    let text = |bytes| std::str::from_utf8(bytes).ok();
    Some(merge::texts(text(base)?, text(slipway)?, text(folder)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_side_gets_what_only_the_other_changed() {
        let of = |base: &str, folder: &str, slipway: &str| {
            step(Some(base.as_bytes()), Some(folder.as_bytes()), slipway.as_bytes())
        };
        assert_eq!(of("a", "a", "a"), Step::Rest);
        assert_eq!(of("a", "b", "b"), Step::Agree);
        assert_eq!(of("a", "a", "b"), Step::Write);
        assert_eq!(of("a", "b", "a"), Step::Take);
        assert_eq!(of("a\nb\nc\n", "A\nb\nc\n", "a\nb\nC\n"), Step::Merge("A\nb\nC\n".to_owned()));
        assert!(matches!(of("a\n", "b\n", "c\n"), Step::Conflict(Some(_))));
        // An empty file is one as well.
        assert_eq!(of("a", "", "a"), Step::Take);
    }

    #[test]
    fn nothing_is_taken_of_what_is_gone_or_was_never_shared() {
        assert_eq!(step(Some(b"a"), None, b"a"), Step::Missing);
        assert_eq!(step(Some(b"a"), None, b"b"), Step::Missing);
        assert_eq!(step(None, None, b"a"), Step::Write);
        assert_eq!(step(None, Some(b"a"), b"a"), Step::Agree);
        assert!(matches!(step(None, Some(b"b"), b"a"), Step::Conflict(Some(_))));
        assert_eq!(step(None, Some(b""), b"a"), Step::Conflict(None));
        assert_eq!(step(Some(b"\xff"), Some(b"\xfe"), b"\xfd"), Step::Conflict(None));
        assert_eq!(step(Some(b"a"), Some(b"\xfe"), b"b"), Step::Conflict(None));
    }
}
