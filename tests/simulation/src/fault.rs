//! What goes wrong at random.

use crate::cluster::{Cluster, Limits};
use crate::driver::{OURS, STABLE};
use rand::rngs::SmallRng;
use rand::{Rng, RngExt};

/// How likely each fault is at one step, in parts of a million. All zero: nothing goes wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Faults {
    pub killed_before: u32,
    pub killed_after: u32,
    pub answer_lost: u32,
    pub record_lost: u32,
    pub blind: u32,
    pub second_driver: u32,
    pub pod_lost: u32,
    pub foreign: u32,
    pub abort: u32,
}

impl Faults {
    /// One in four runs has none; the others have some of them, now and then or all the time.
    pub(crate) fn random(rng: &mut SmallRng) -> Self {
        if rng.random_ratio(1, 4) {
            return Self::default();
        }
        let mut some = |most: u32| if rng.random_bool(0.5) { rng.random_range(0..most) } else { 0 };
        Self {
            killed_before: some(100_000),
            killed_after: some(100_000),
            answer_lost: some(100_000),
            record_lost: some(300_000),
            blind: some(50_000),
            second_driver: some(50_000),
            pod_lost: some(300),
            foreign: some(600),
            abort: some(600),
        }
    }
}

pub(crate) fn happens(rng: &mut SmallRng, millionths: u32) -> bool {
    millionths > 0 && rng.random_range(0..1_000_000) < millionths
}

/// A write of somebody who knows nothing of the release, as kubectl, an autoscaler or a hand does it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Foreign {
    Scale(u32),
    Undo,
    Restart,
    SetImage,
    Resume,
    Pause,
    EditLimits(Limits),
    DeleteNewSet,
    /// All but the newest.
    DeleteOldSets,
}

impl Foreign {
    pub(crate) fn random(rng: &mut SmallRng, count: u32) -> Self {
        use slipway_model::group::Share::Pods;
        match rng.random_range(0..11) {
            0..4 => Self::Scale(rng.random_range(0..=2 * count.max(2))),
            4 => Self::Undo,
            5 => Self::Restart,
            6 => Self::SetImage,
            7 => Self::Resume,
            8 => Self::Pause,
            9 => Self::DeleteOldSets,
            _ if rng.random_bool(0.5) => Self::EditLimits(Limits { surge: Pods(1), unavailable: Pods(0) }),
            _ => Self::DeleteNewSet,
        }
    }

    /// Whether pods go that the controllers would keep.
    pub(crate) fn takes_pods(self) -> bool {
        matches!(self, Self::DeleteNewSet | Self::DeleteOldSets)
    }

    /// What kubectl refuses changes nothing.
    pub(crate) fn act(self, cluster: &mut Cluster, rng: &mut impl Rng) {
        let paused = cluster.deployment.paused;
        let other = 2 + rng.next_u32() % 1_000;
        let written = cluster.write(None, |deployment| match self {
            Self::Scale(count) => deployment.count = count,
            // `rollout undo` and `rollout restart` refuse a paused Deployment.
            Self::Undo if !paused => deployment.template = STABLE,
            Self::Restart if !paused => deployment.template = other,
            Self::SetImage => deployment.template = other,
            Self::Resume => deployment.paused = false,
            Self::Pause => deployment.paused = true,
            Self::EditLimits(limits) => deployment.limits = limits,
            Self::Undo | Self::Restart | Self::DeleteNewSet | Self::DeleteOldSets => {}
        });
        debug_assert!(written.is_ok(), "it reads and writes at one moment");
        match self {
            Self::DeleteNewSet => cluster.remove_set(OURS),
            Self::DeleteOldSets => {
                let newest = cluster.deployment.template;
                let old = cluster.sets.iter().map(|set| set.template).filter(|template| *template != newest);
                old.collect::<Vec<_>>().into_iter().for_each(|template| cluster.remove_set(template));
            }
            _ => {}
        }
    }
}
