//! How far a transfer is, and how fast.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The rate is that of so long.
const WINDOW: Duration = Duration::from_secs(3);
const SAMPLE_EVERY: Duration = Duration::from_millis(200);

#[derive(Debug, Default)]
pub(super) struct Meter {
    bytes: AtomicU64,
    files: AtomicU64,
    /// What is no file, no folder and no link within.
    left_out: AtomicU64,
    samples: Mutex<VecDeque<(Instant, u64)>>,
}

impl Meter {
    pub(super) fn moved(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn file(&self) {
        self.files.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn left_out(&self) {
        self.left_out.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn bytes(&self) -> u64 {
        self.bytes.load(Ordering::Relaxed)
    }

    pub(super) fn files(&self) -> u64 {
        self.files.load(Ordering::Relaxed)
    }

    pub(super) fn count_left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }

    /// It begins anew.
    pub(super) fn reset(&self) {
        for one in [&self.bytes, &self.files, &self.left_out] {
            one.store(0, Ordering::Relaxed);
        }
        self.samples.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Bytes a second of late.
    pub(super) fn rate(&self, now: Instant) -> u64 {
        let mut samples = self.samples.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = self.bytes();
        if samples.back().is_none_or(|(at, _)| now.duration_since(*at) >= SAMPLE_EVERY) {
            samples.push_back((now, bytes));
        }
        while samples.len() > 2 && samples.front().is_some_and(|(at, _)| now.duration_since(*at) > WINDOW) {
            samples.pop_front();
        }
        let Some((at, before)) = samples.front() else { return 0 };
        let millis = now.duration_since(*at).as_millis();
        if millis == 0 {
            return 0;
        }
        u64::try_from(u128::from(bytes - before.min(&bytes)) * 1_000 / millis).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rate_is_of_late() {
        let (meter, begun) = (Meter::default(), Instant::now());
        assert_eq!(meter.rate(begun), 0);
        for second in 1..=10 {
            meter.moved(1_000);
            meter.rate(begun + Duration::from_secs(second));
        }
        assert_eq!(meter.rate(begun + Duration::from_secs(10)), 1_000);
        // Nothing comes any more.
        for second in 11..=15 {
            meter.rate(begun + Duration::from_secs(second));
        }
        assert_eq!(meter.rate(begun + Duration::from_secs(15)), 0);
    }
}
