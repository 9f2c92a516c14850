//! Whether files on both sides are the same: by their digests, whatever their names.

use slipway_cluster::{FileError, Process};
use std::collections::HashMap;

const LENGTH: usize = 32;
/// A line that is longer is no digest with a name.
const LINE_MAX: usize = 16 * 1024;

pub(super) type Digest = [u8; LENGTH];

/// Digests of files, as often as they come.
#[derive(Debug, Default)]
pub(super) struct Digests(HashMap<Digest, u64>);

impl Digests {
    pub(super) fn add(&mut self, digest: Digest) {
        *self.0.entry(digest).or_default() += 1;
    }

    /// How many of these the other side does not have.
    pub(super) async fn missing(mut self, mut other: Process) -> Result<u64, FileError> {
        each_line(&mut other, |line| {
            if let Some(count) = digest(line).and_then(|digest| self.0.get_mut(&digest)) {
                *count = count.saturating_sub(1);
            }
        })
        .await;
        other.end().await?;
        Ok(self.0.values().sum())
    }
}

/// How many files a process names the sizes of, and their sum.
pub(super) async fn sum(mut sizes: Process) -> Result<(u64, u64), FileError> {
    let (mut files, mut bytes) = (0, 0_u64);
    each_line(&mut sizes, |line| {
        if let Some(size) = str::from_utf8(line).ok().and_then(|line| line.parse::<u64>().ok()) {
            files += 1;
            bytes = bytes.saturating_add(size);
        }
    })
    .await;
    sizes.end().await?;
    Ok((files, bytes))
}

async fn each_line(process: &mut Process, mut line: impl FnMut(&[u8])) {
    let mut rest = Vec::new();
    while let Some(piece) = process.next().await {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            if rest.len() < LINE_MAX {
                rest.extend_from_slice(part);
            }
            if part.ends_with(b"\n") {
                line(rest.strip_suffix(b"\n").unwrap_or(&rest));
                rest.clear();
            }
        }
    }
}

/// At the beginning of a line; GNU puts a backslash in front where it escapes the name.
fn digest(line: &[u8]) -> Option<Digest> {
    let line = line.strip_prefix(b"\\").unwrap_or(line);
    let (digits, rest) = line.split_at_checked(2 * LENGTH)?;
    if !rest.starts_with(b" ") {
        return None;
    }
    let mut digest = [0; LENGTH];
    for (byte, pair) in digest.iter_mut().zip(digits.as_chunks::<2>().0) {
        *byte = u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(digest)
}

#[cfg(test)]
mod tests {
    use super::digest;

    #[test]
    fn digests_are_read_from_lines_of_both_families() {
        let digits = "0a".repeat(31) + "ff";
        let expected = Some([[10; 31].as_slice(), &[255]].concat().try_into().expect("32 bytes"));
        assert_eq!(digest(format!("{digits}  ./a b").as_bytes()), expected);
        assert_eq!(digest(format!("\\{digits}  ./a\\nb").as_bytes()), expected);
        for odd in ["line of a name", &digits, &format!("{}  a", "zz".repeat(32))] {
            assert_eq!(digest(odd.as_bytes()), None, "{odd}");
        }
    }
}
