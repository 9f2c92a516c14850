//! Artifacts: what a registry has under a tag of an app's repository.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;
use ts_rs::TS;

/// What a digest stands for. It never changes, so it is kept for good.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ImageFacts {
    /// Of the manifest, or of the index over several: what a tag leads to.
    pub digest: String,
    /// Images by platform; none of something that is no image (a chart, a signature).
    pub platforms: Vec<PlatformImage>,
    /// Media type of what is no image.
    pub other: Option<String>,
}

impl ImageFacts {
    /// The image that was looked at: only its size and time are known.
    pub fn looked_at(&self) -> Option<&PlatformImage> {
        self.platforms.iter().find(|platform| platform.size.is_some())
    }

    /// The image for an architecture, of the system that Kubernetes calls by the same words.
    pub fn for_architecture(&self, os: &str, architecture: &str) -> Option<&PlatformImage> {
        self.platforms.iter().find(|platform| platform.os == os && platform.architecture == architecture)
    }

    /// Whether a digest names this, or the image of one platform in it.
    pub fn is(&self, digest: &str) -> bool {
        self.digest == digest || self.platforms.iter().any(|platform| platform.digest == digest)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PlatformImage {
    pub os: String,
    /// `amd64`, `arm64` …: Go's words, which Kubernetes labels nodes with.
    pub architecture: String,
    /// `v7`, `v8` …
    pub variant: Option<String>,
    pub digest: String,
    /// Layers and configuration as they are transferred, bytes; `None` until it was looked at.
    #[ts(type = "number | null")]
    pub size: Option<u64>,
    /// When it was built, as its configuration says.
    #[ts(type = "string | null")]
    pub created: Option<Timestamp>,
    /// Commit it was built of, where it says.
    pub revision: Option<String>,
}

/// The order of versions: newest first. Numbers compare as numbers, a release stands above its candidates (semver 2.0,
/// with any number of parts and an optional `v`); tags that are no versions stand below, by name.
pub fn newest_first(a: &str, b: &str) -> Ordering {
    match (Version::of(a), Version::of(b)) {
        (Some(a), Some(b)) => b.cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
    .then_with(|| a.cmp(b))
}

/// A tag that reads as a version.
#[derive(PartialEq, Eq)]
struct Version<'t> {
    /// Without zeros at the end: `1.2` is `1.2.0`.
    numbers: Vec<u64>,
    /// Behind the first `-`: empty for a release.
    pre: &'t str,
}

impl<'t> Version<'t> {
    fn of(tag: &'t str) -> Option<Self> {
        let bare = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
        // What a tag can not hold is written with another sign: `1.2.0_build.5`.
        let bare = bare.split(['+', '_']).next().unwrap_or_default();
        let (numbers, pre) = bare.split_once('-').unwrap_or((bare, ""));
        let mut numbers = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<Vec<u64>>>()?;
        // One bare number is a build or a date, and as good.
        while numbers.last() == Some(&0) && numbers.len() > 1 {
            numbers.pop();
        }
        Some(Self { numbers, pre })
    }
}

impl PartialOrd for Version<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre, other.pre) {
            ("", "") => Ordering::Equal,
            ("", _) => Ordering::Greater,
            (_, "") => Ordering::Less,
            (a, b) => parts(a, b),
        })
    }
}

/// Parts between points: numbers below words, and the longer one higher where the rest is equal (semver 2.0 § 11).
fn parts(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let (a, b) = match (a.next(), b.next()) {
            (Some(a), Some(b)) => (a, b),
            (a, b) => return a.is_some().cmp(&b.is_some()),
        };
        let order = match (a.parse::<u64>(), b.parse::<u64>()) {
            (Ok(a), Ok(b)) => a.cmp(&b),
            (Ok(_), Err(_)) => Ordering::Less,
            (Err(_), Ok(_)) => Ordering::Greater,
            (Err(_), Err(_)) => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_stand_in_their_order() {
        let sorted = [
            "20251120",
            "v2.15.0-dev.7",
            "2.14.1",
            "2.14.1-rc.10",
            "2.14.1-rc.2",
            "2.14.1-rc",
            "2.14.1-alpha",
            "2.14.1-1",
            "2.14",
            "2.13.10",
            "2.13.4",
            "v1",
            "0.9.1_build.5",
            "crash",
            "latest",
        ];
        let mut tags = sorted;
        tags.reverse();
        tags.sort_by(|a, b| newest_first(a, b));
        assert_eq!(tags, sorted);
    }

    #[test]
    fn a_number_that_is_too_long_is_a_word() {
        assert_eq!(newest_first("99999999999999999999999", "1"), Ordering::Greater);
    }
}
