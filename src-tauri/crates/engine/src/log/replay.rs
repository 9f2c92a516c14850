//! What was read of a container, so that reading again gives what is new and nothing twice.
//!
//! The cluster can be asked for lines from a whole second on. So the lines of the last two seconds are remembered, by
//! time and text: what comes again is exactly those, in any order, and everything else is new.

use jiff::Timestamp;
use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

const SECOND: i64 = 1_000_000_000;

#[derive(Debug, Default)]
pub(super) struct Had {
    hasher: RandomState,
    /// Time and what stands for the text, of the lines that would come again.
    recent: Vec<(i64, u64)>,
    newest: Option<i64>,
}

impl Had {
    /// Time of the newest line.
    pub(super) fn newest(&self) -> Option<i64> {
        self.newest
    }

    /// From where on to ask again. Streams of one container may overtake each other by a little, so from a second earlier.
    pub(super) fn resume(&self) -> Option<Timestamp> {
        Timestamp::from_nanosecond(begin(self.newest?).into()).ok()
    }

    pub(super) fn take(&mut self, time: i64, text: &[u8]) {
        let newest = self.newest.unwrap_or(i64::MIN);
        if time > newest {
            if self.newest.is_none() || begin(time) > begin(newest) {
                self.recent.retain(|(time_then, _)| *time_then >= begin(time));
            }
            self.newest = Some(time);
        }
        if time >= begin(self.newest.unwrap_or(time)) {
            self.recent.push((time, self.hash(time, text)));
        }
    }

    fn hash(&self, time: i64, text: &[u8]) -> u64 {
        self.hasher.hash_one((time, text))
    }

    /// What comes again when it is asked from `resume` on.
    pub(super) fn replay(&self) -> Replay {
        let mut left = HashMap::new();
        for (_, hash) in &self.recent {
            *left.entry(*hash).or_insert(0) += 1;
        }
        Replay {
            left,
            newest: self.newest,
            last: self.recent.last().map(|(_, hash)| *hash),
            joined: self.newest.is_none(),
        }
    }
}

/// The beginning of the second before the one that a time is in.
fn begin(time: i64) -> i64 {
    (time.div_euclid(SECOND) - 1) * SECOND
}

#[derive(Debug)]
pub(super) struct Replay {
    left: HashMap<u64, u32>,
    newest: Option<i64>,
    last: Option<u64>,
    joined: bool,
}

impl Replay {
    /// Whether a line that comes was read before.
    pub(super) fn is_had(&mut self, had: &Had, time: i64, text: &[u8]) -> bool {
        let Some(newest) = self.newest.filter(|newest| time <= *newest) else { return false };
        if time < begin(newest) {
            // From before what is remembered: it was asked for before something newer was read elsewhere.
            return true;
        }
        let hash = had.hash(time, text);
        let Some(count) = self.left.get_mut(&hash).filter(|count| **count > 0) else { return false };
        *count -= 1;
        self.joined |= self.last == Some(hash);
        true
    }

    /// Whether what came joins what was there: the last line that was read came again.
    pub(super) fn joined(&self) -> bool {
        self.joined
    }

    /// Something else did, or it was said that nothing does.
    pub(super) fn give_up(&mut self) {
        self.joined = true;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Reads on from a place of the log, as the cluster would give it.
    fn again(had: &mut Had, log: &[(i64, String)], until: usize) -> (Vec<usize>, bool) {
        let since = had.resume().map_or(i64::MIN, |at| i64::try_from(at.as_nanosecond()).expect("in range"));
        let mut replay = had.replay();
        let mut new = Vec::new();
        for (at, (time, text)) in log.iter().enumerate().take(until).filter(|(_, (time, _))| *time >= since) {
            if !replay.is_had(had, *time, text.as_bytes()) {
                had.take(*time, text.as_bytes());
                new.push(at);
            }
        }
        (new, replay.joined())
    }

    proptest! {
        /// Lines of few texts at few times, a little out of order, read in pieces: each once, and in order.
        #[test]
        fn each_line_once(
            steps in proptest::collection::vec((0..4_i64, -1..2_i64, 0..3_u8), 1..200),
            cuts in proptest::collection::vec(0..200_usize, 0..8),
        ) {
            let mut now = 0;
            let log: Vec<(i64, String)> = steps.iter().map(|(step, back, text)| {
                now += step * SECOND / 3;
                (now + back * 1_000, format!("text {text}"))
            }).collect();
            let mut cuts = cuts;
            cuts.push(log.len());
            cuts.sort_unstable();
            let (mut had, mut all) = (Had::default(), Vec::new());
            for cut in cuts {
                let (new, joined) = again(&mut had, &log, cut);
                prop_assert!(joined || new.is_empty());
                all.extend(new);
            }
            prop_assert_eq!(all, (0..log.len()).collect::<Vec<_>>());
        }
    }

    /// A container that waits to be started again has the same run as its current and its previous log.
    #[test]
    fn what_is_read_from_two_logs_is_one() {
        let line = |ms: i64| (ms * SECOND / 1_000, format!("line {ms}"));
        let log: Vec<_> = (0..60).map(|at| line(at * 100)).collect();
        let mut had = Had::default();
        again(&mut had, &log, 10);
        again(&mut had, &log, 60);
        // Opened before the others were read.
        let mut replay = had.replay();
        assert!(log.iter().all(|(time, text)| replay.is_had(&had, *time, text.as_bytes())));
    }

    #[test]
    fn what_does_not_join_is_seen() {
        let line = |second: i64| (second * SECOND, format!("line {second}"));
        let mut had = Had::default();
        again(&mut had, &[line(1), line(2), line(3)], 3);
        // The kubelet has begun a new file meanwhile.
        let (new, joined) = again(&mut had, &[line(9), line(10)], 2);
        assert_eq!((new, joined), (vec![0, 1], false));
    }
}
