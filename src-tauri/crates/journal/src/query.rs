//! What is looked for.

use crate::segment::Record;
use grep_matcher::Matcher as _;
use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use std::collections::BTreeSet;
use std::ops::Range;

/// Text or a regular expression, over bytes: a line needs not be UTF-8.
#[derive(Clone, Debug)]
pub struct Pattern(RegexMatcher);

/// No regular expression, and why.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct PatternError(String);

impl Pattern {
    /// `regex`: as ripgrep reads one; never beyond a line.
    ///
    /// # Errors
    /// Where the expression is none, or too large.
    pub fn new(text: &str, regex: bool, case: bool) -> Result<Self, PatternError> {
        let mut builder = RegexMatcherBuilder::new();
        builder.fixed_strings(!regex).case_insensitive(!case).line_terminator(Some(b'\n'));
        builder.build(text).map(Self).map_err(|error| PatternError(error.to_string()))
    }

    /// Where it stands in a line, the first places only.
    pub fn places(&self, text: &[u8], most: usize) -> Vec<Range<usize>> {
        let mut places = Vec::new();
        // Its error type has no values.
        let _ = self.0.find_iter(text, |found| {
            if !found.is_empty() {
                places.push(found.start()..found.end());
            }
            places.len() < most
        });
        places
    }

    pub(crate) fn matcher(&self) -> &RegexMatcher {
        &self.0
    }
}

/// Which lines are looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// Only of these; of all where there are none.
    pub sources: BTreeSet<u16>,
    /// Only with these, a bit each; with any where it is 0. Marks are of no tag, and always taken.
    pub tags: u8,
}

impl Choice {
    pub(crate) fn takes(&self, record: &Record) -> bool {
        (self.sources.is_empty() || self.sources.contains(&record.source))
            && (self.tags == 0 || record.mark || self.tags & (1 << record.tag) != 0)
    }

    pub(crate) fn is_all(&self) -> bool {
        *self == Self::default()
    }
}
