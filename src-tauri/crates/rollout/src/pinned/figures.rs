//! The few figures that batches are decided from.

use super::{Left, PINNED_SECONDS};
use crate::observe::{Expected, Observed};
use std::time::Duration;

/// One Deployment and its `ReplicaSets` at one moment. Pods are counted as the `ReplicaSets` want them, which includes no
/// failed or terminating ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, and any of them go together")]
pub struct Figures {
    /// `spec.replicas` of the Deployment.
    pub count: u32,
    /// Pods wanted of the newest template …
    pub new: u32,
    /// … and of all others.
    pub old: u32,
    /// `maxSurge` and `maxUnavailable` in pods.
    pub surge: u32,
    pub unavailable: u32,
    pub paused: bool,
    /// New pods never count as available.
    pub pinned: bool,
    /// Every generation, of the Deployment and of all its `ReplicaSets`, has been observed by its controller.
    pub current: bool,
    /// There is a `ReplicaSet` of the newest template: a paused Deployment gets none.
    pub made: bool,
    /// There is one of another template: what ran before has its own as long as it has pods.
    pub kept: bool,
    /// New pods that have been ready for the group's own `minReadySeconds`.
    pub ready: u32,
    /// New pods that count as available.
    pub available: u32,
}

impl Figures {
    /// Of a Deployment that is there and ours. `min_ready_seconds` is the group's own.
    pub fn of(observed: &Observed, expected: &Expected, min_ready_seconds: u32) -> Self {
        let Some(deployment) = &observed.deployment else { return Self::default() };
        let (new, old) = observed.replica_sets(expected);
        let settled = new.iter().chain(&old).all(|set| set.observed_generation >= set.generation);
        let long_enough = Duration::from_secs(min_ready_seconds.into());
        let carries = |pod: &&slipway_model::instance::PodFacts| {
            pod.ready && (min_ready_seconds == 0 || observed.age(pod.ready_since) >= long_enough)
        };
        let ready = observed.new_pods(expected).filter(carries).count();
        Self {
            count: deployment.desired,
            new: new.iter().map(|set| set.desired).sum(),
            old: old.iter().map(|set| set.desired).sum(),
            surge: pods(&deployment.max_surge, deployment.desired, u64::div_ceil),
            unavailable: pods(&deployment.max_unavailable, deployment.desired, |all, by| all / by),
            paused: deployment.paused,
            pinned: deployment.min_ready_seconds >= PINNED_SECONDS,
            current: deployment.observed_generation >= deployment.generation && settled,
            made: !new.is_empty(),
            kept: !old.is_empty(),
            ready: u32::try_from(ready).unwrap_or(u32::MAX),
            available: new.iter().map(|set| set.available).sum(),
        }
    }

    /// Pods wanted of all versions.
    pub fn sum(&self) -> u32 {
        self.new + self.old
    }

    /// Pods wanted above the count.
    pub fn over(&self) -> u32 {
        self.sum().saturating_sub(self.count)
    }

    /// What a rest leaves.
    pub fn left(&self) -> Left {
        Left { count: self.count, new: self.new }
    }
}

/// A number, or a part of `count`: the words of Kubernetes' `IntOrString`.
fn pods(written: &str, count: u32, part: fn(u64, u64) -> u64) -> u32 {
    match written.strip_suffix('%') {
        None => written.parse().unwrap_or_default(),
        Some(percent) => {
            let percent: u64 = percent.parse().unwrap_or_default();
            u32::try_from(part(percent * u64::from(count), 100)).unwrap_or(u32::MAX)
        }
    }
}
