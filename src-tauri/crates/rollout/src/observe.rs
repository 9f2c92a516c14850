//! What a release is decided from.

use crate::pinned::Course;
use jiff::Timestamp;
use slipway_model::diagnosis::EventFact;
use slipway_model::group::Strategy;
use slipway_model::instance::PodFacts;
use slipway_model::release::Progress;
use slipway_model::workload::{DeploymentFacts, ReplicaSetFacts};
use std::time::Duration;

/// The cluster at one moment, as far as the group's watches know it.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// `None` when the watch is complete and there is none.
    pub deployment: Option<DeploymentFacts>,
    /// May hold those of other owners.
    pub replica_sets: Vec<ReplicaSetFacts>,
    /// Pods of all versions.
    pub pods: Vec<PodFacts>,
    pub events: Vec<EventFact>,
    /// The cluster's clock: this computer's, put right by the offset that was seen.
    pub now: Timestamp,
    /// Since the release began, or since it is driven here; by a monotonic clock.
    pub since_begin: Duration,
    /// Since a pod of the new version was last made or got ready, as far as it was watched here.
    pub since_progress: Duration,
}

/// What a release has left in the cluster, and therefore expects to find there.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expected {
    /// Name of the Deployment.
    pub workload: String,
    /// Its uid, once it is known.
    pub uid: Option<String>,
    /// Label of the new pods: `r7`.
    pub release: String,
    /// As the server answered the apply that began. `None`: only the label can be compared.
    pub template_hash: Option<String>,
    /// The generation that our last write made; 0 where it is not known. An older one is a watch that lags.
    pub generation: i64,
    /// We left it paused: the release is stopped.
    pub paused: bool,
    /// Limit of the app's container, for the diagnosis.
    pub memory_limit: Option<String>,
    /// `None`: rolling.
    pub batches: Option<InBatches>,
}

/// What a release in batches goes by.
#[derive(Clone, Debug, PartialEq)]
pub struct InBatches {
    /// Of the group.
    pub strategy: Strategy,
    pub progress: Progress,
}

impl InBatches {
    /// What is to be done where the group has so many pods.
    pub fn course(&self, count: u32) -> Course {
        let Progress { batch, rest, count: counted, .. } = &self.progress;
        let at = usize::try_from(*batch).unwrap_or(usize::MAX);
        Course::of(&self.strategy, count, at, rest.map(|rest| rest.left), *counted)
    }
}

impl Observed {
    /// Pods of the new version that are meant to stay.
    pub(crate) fn new_pods<'a>(&'a self, expected: &'a Expected) -> impl Iterator<Item = &'a PodFacts> {
        self.pods.iter().filter(|pod| !pod.deleting && !pod.release.is_empty() && pod.release == expected.release)
    }

    /// The `ReplicaSets` of our Deployment, those of the new version apart from all others.
    pub(crate) fn replica_sets(&self, expected: &Expected) -> (Vec<&ReplicaSetFacts>, Vec<&ReplicaSetFacts>) {
        let uid = self.deployment.as_ref().map(|deployment| deployment.uid.as_str());
        self.replica_sets
            .iter()
            .filter(|set| Some(set.owner.as_str()) == uid)
            .partition(|set| expected.is(&set.template_release, &set.template_hash))
    }

    /// Pods of the new version, all and ready.
    pub fn progress(&self, expected: &Expected) -> (usize, usize) {
        (self.new_pods(expected).count(), self.new_pods(expected).filter(|pod| pod.ready).count())
    }

    /// How long until a pod of the new version that is ready now has been so for long enough; `None` when time alone
    /// makes no difference.
    pub fn ripens(&self, expected: &Expected) -> Option<Duration> {
        let long_enough = Duration::from_secs(expected.batches.as_ref()?.strategy.min_ready_seconds.into());
        let ready = self.new_pods(expected).filter(|pod| pod.ready);
        ready.filter_map(|pod| long_enough.checked_sub(self.age(pod.ready_since)).filter(|left| !left.is_zero())).min()
    }

    /// Events of one object, oldest first; `object` as in `EventFact`.
    pub(crate) fn events_of(&self, object: &str) -> Vec<&EventFact> {
        let mut events: Vec<&EventFact> = self.events.iter().filter(|event| event.object == object).collect();
        events.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
        events
    }

    /// How long ago something began, as far as it can be known: clocks that disagree never make it older than the
    /// time we have watched.
    pub(crate) fn age(&self, began: Option<Timestamp>) -> Duration {
        began.map_or(self.since_begin, |at| {
            let age = Duration::try_from(self.now.duration_since(at)).unwrap_or(Duration::ZERO);
            age.min(self.since_begin)
        })
    }
}

impl Expected {
    /// Whether a pod template is ours in full: a foreign `set image` keeps the label.
    pub(crate) fn is(&self, release: &str, hash: &str) -> bool {
        release == self.release && self.template_hash.as_deref().is_none_or(|ours| ours == hash)
    }
}
