//! The model of the controllers alone, under a script of writes: what the real ones are compared with.

use crate::cluster::{Cluster, Instant, Limits, Template};
use crate::controller::{Cache, Kubelet, sync, sync_set};
use slipway_model::group::Share;
use slipway_rollout::pinned::PINNED_SECONDS;
use std::collections::BTreeMap;

/// Rounds of all controllers after which anything has come to rest.
const ROUNDS_MAX: usize = 1_000;
/// Between two rounds, milliseconds.
const ROUND: Instant = 1_000;

/// What a write changes of a Deployment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Count(u32),
    /// Index of a pod template.
    Template(u32),
    Paused(bool),
    Limits {
        surge: Share,
        unavailable: Share,
    },
    /// New pods never count as available; else at once.
    Pinned(bool),
    /// `revisionHistoryLimit`.
    History(u32),
}

/// A group whose pods are ready and gone at once, and the controllers of its Deployment.
#[derive(Debug)]
pub struct Model(Cluster);

struct AtOnce;

impl Kubelet for AtOnce {
    fn ready_at(&mut self, _: Template, now: Instant) -> Option<Instant> {
        Some(now)
    }

    fn gone_at(&mut self, now: Instant) -> Instant {
        now
    }

    fn ends(&mut self, _: &Cluster, _: Template) {}
}

impl Model {
    /// With all its pods on template 0.
    pub fn new(count: u32, surge: Share, unavailable: Share) -> Self {
        Self(Cluster::at_work(count, Limits { surge, unavailable }, 0))
    }

    /// One write of the Deployment.
    pub fn write(&mut self, changes: &[Change]) {
        let written = self.0.write(None, |deployment| {
            for change in changes {
                match *change {
                    Change::Count(count) => deployment.count = count,
                    Change::Template(template) => deployment.template = template,
                    Change::Paused(paused) => deployment.paused = paused,
                    Change::Limits { surge, unavailable } => deployment.limits = Limits { surge, unavailable },
                    Change::Pinned(pinned) => deployment.min_ready_seconds = if pinned { PINNED_SECONDS } else { 0 },
                    Change::History(sets) => deployment.history = sets,
                }
            }
        });
        debug_assert!(written.is_ok(), "it is read and written at one moment");
    }

    /// Somebody deletes the `ReplicaSet` of a template, with its pods.
    pub fn delete_set(&mut self, template: u32) {
        self.0.remove_set(template);
    }

    /// Lets the controllers act until nothing changes any more. Pods that each `ReplicaSet` wants, by template.
    ///
    /// # Panics
    /// When they never come to rest.
    pub fn settle(&mut self) -> BTreeMap<u32, u32> {
        for _ in 0..ROUNDS_MAX {
            let before = (self.0.version(), self.0.pods.clone());
            let mut cache = Cache::of(&self.0);
            // A conflict is tried again in the next round.
            let _ = sync(&mut self.0, &mut cache);
            for template in self.0.sets.iter().map(|set| set.template).collect::<Vec<_>>() {
                sync_set(&mut self.0, template, &mut AtOnce);
            }
            self.0.pass(ROUND);
            if before == (self.0.version(), self.0.pods.clone()) {
                return self.0.sets.iter().map(|set| (set.template, set.desired)).collect();
            }
        }
        panic!("no rest after {ROUNDS_MAX} rounds: {:?}", self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::{Change, Model};
    use slipway_model::group::Share::Pods;

    #[test]
    fn a_rollout_leaves_its_history_and_a_limit_of_none_leaves_nothing() {
        let mut model = Model::new(3, Pods(1), Pods(0));
        model.write(&[Change::Template(1)]);
        assert_eq!(model.settle(), [(0, 0), (1, 3)].into());
        model.write(&[Change::History(0)]);
        assert_eq!(model.settle(), [(1, 3)].into());
    }

    #[test]
    fn a_pinned_deployment_stops_by_itself() {
        let mut model = Model::new(10, Pods(1), Pods(0));
        model.write(&[Change::Template(1), Change::Pinned(true)]);
        assert_eq!(model.settle(), [(0, 10), (1, 1)].into());
    }
}
