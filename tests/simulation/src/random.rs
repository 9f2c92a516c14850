//! How a group of a run moves, at random.

use rand::RngExt;
use rand::rngs::SmallRng;
use slipway_model::group::{Batches, Pace, Share, Step};

pub(crate) fn share(rng: &mut SmallRng) -> Share {
    match rng.random_range(0..4) {
        0 => Share::Pods(0),
        1 => Share::Pods(rng.random_range(1..=5)),
        2 => Share::Percent(25),
        _ => Share::Percent(rng.random_range(1..=100)),
    }
}

pub(crate) fn split(rng: &mut SmallRng) -> Batches {
    let pace = Pace::Approval;
    if rng.random_bool(0.5) {
        let canary = rng.random_bool(0.5).then(|| Share::Pods(rng.random_range(1..=3)));
        let least = 1 + u32::from(canary.is_some());
        return Batches::Even { number: rng.random_range(least..=least + 5), canary, pace };
    }
    let steps = (0..rng.random_range(1..=5)).map(|_| Step {
        size: if rng.random_bool(0.5) {
            Share::Pods(rng.random_range(1..=6))
        } else {
            Share::Percent(rng.random_range(1..=20))
        },
        pace,
    });
    Batches::Explicit { steps: steps.collect() }
}
