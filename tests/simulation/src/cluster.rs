//! What a cluster has of one group: its Deployment, `ReplicaSets` and pods, and the clock of it all.

use slipway_model::group::Share;

/// Index of a pod template. Two are the same pods exactly when their numbers are equal.
pub(crate) type Template = u32;

/// Milliseconds since the run began.
pub(crate) type Instant = u64;

/// `revisionHistoryLimit` where nothing is said.
const HISTORY: u32 = 10;

/// `maxSurge` and `maxUnavailable` as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub surge: Share,
    pub unavailable: Share,
}

impl Limits {
    /// Resolved as the controller does (`ResolveFenceposts`).
    pub(crate) fn resolved(self, count: u32) -> (u32, u32) {
        let (surge, unavailable) = (self.surge.up(count), self.unavailable.down(count));
        if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Deployment {
    pub count: u32,
    pub paused: bool,
    pub template: Template,
    pub limits: Limits,
    pub min_ready_seconds: u32,
    /// `revisionHistoryLimit`.
    pub history: u32,
    pub generation: u64,
    pub observed: u64,
    pub status: Status,
    /// resourceVersion: also status updates move it.
    pub version: u64,
}

/// Pods that there are, as the Deployment controller last counted them from what the `ReplicaSets` tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub all: u32,
    /// Of the newest template.
    pub updated: u32,
    pub available: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReplicaSet {
    pub template: Template,
    pub desired: u32,
    pub min_ready_seconds: u32,
    pub generation: u64,
    pub observed: u64,
    pub version: u64,
    /// Status, as its controller last wrote it.
    pub pods: u32,
    pub available: u32,
    /// Annotations of the Deployment controller: count, and count with surge, when it last scaled it.
    pub seen_count: u32,
    pub seen_most: u32,
    /// Grows with every time that its template became the newest.
    pub revision: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pod {
    pub template: Template,
    pub state: PodState,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PodState {
    /// Becomes ready then; never for `None`.
    Starting {
        ready_at: Option<Instant>,
    },
    Ready {
        since: Instant,
    },
    /// Holds its place until then, and takes no traffic.
    Ending {
        gone_at: Instant,
    },
}

impl Pod {
    pub(crate) fn stays(&self) -> bool {
        !matches!(self.state, PodState::Ending { .. })
    }

    pub(crate) fn ready(&self) -> bool {
        matches!(self.state, PodState::Ready { .. })
    }

    /// How long it has been ready, at `now`.
    pub(crate) fn ready_for(&self, now: Instant) -> Option<Instant> {
        match self.state {
            PodState::Ready { since } => Some(now.saturating_sub(since)),
            _ => None,
        }
    }
}

/// The objects of one group. `sets` are in the order in which they were made.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    pub now: Instant,
    pub deployment: Deployment,
    pub sets: Vec<ReplicaSet>,
    pub pods: Vec<Pod>,
    versions: u64,
}

/// The object has moved since it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Conflict;

impl Cluster {
    /// A group whose pods are all ready, `min_ready_seconds` and limits as the group has them.
    pub(crate) fn at_work(count: u32, limits: Limits, min_ready_seconds: u32) -> Self {
        let (surge, _) = limits.resolved(count);
        let deployment = Deployment {
            count,
            paused: false,
            template: 0,
            limits,
            min_ready_seconds,
            history: HISTORY,
            generation: 1,
            observed: 1,
            status: Status { all: count, updated: count, available: count },
            version: 1,
        };
        let set = ReplicaSet {
            template: 0,
            desired: count,
            min_ready_seconds,
            generation: 1,
            observed: 1,
            version: 2,
            pods: count,
            available: count,
            seen_count: count,
            seen_most: count + surge,
            revision: 1,
        };
        let pod = Pod { template: 0, state: PodState::Ready { since: 0 } };
        // Ready for long enough by any setting.
        let now = 1_000 * 1_000;
        Self { now, deployment, sets: vec![set], pods: vec![pod; count as usize], versions: 2 }
    }

    /// Changes the spec of the Deployment as somebody who read it at `version`; `None` reads it at the same moment.
    pub(crate) fn write(
        &mut self,
        version: Option<u64>,
        change: impl FnOnce(&mut Deployment),
    ) -> Result<u64, Conflict> {
        if version.is_some_and(|version| version != self.deployment.version) {
            return Err(Conflict);
        }
        let before = self.deployment;
        change(&mut self.deployment);
        if self.deployment != before {
            self.deployment.generation += 1;
            self.deployment.version = self.next_version();
        }
        Ok(self.deployment.version)
    }

    /// The status of the Deployment that was read at `version`.
    pub(crate) fn observe(&mut self, generation: u64, version: u64, status: Status) {
        let Deployment { observed, status: before, version: now, .. } = self.deployment;
        if version == now && (observed < generation || status != before) {
            self.deployment.observed = observed.max(generation);
            self.deployment.status = status;
            self.deployment.version = self.next_version();
        }
    }

    /// Changes a `ReplicaSet` that was read at `version`.
    pub(crate) fn write_set(
        &mut self,
        template: Template,
        version: u64,
        change: impl FnOnce(&mut ReplicaSet),
    ) -> Result<ReplicaSet, Conflict> {
        let next = self.versions + 1;
        let set =
            self.sets.iter_mut().find(|set| set.template == template && set.version == version).ok_or(Conflict)?;
        let before = *set;
        change(set);
        if (set.desired, set.min_ready_seconds) != (before.desired, before.min_ready_seconds) {
            set.generation += 1;
        }
        if *set != before {
            set.version = next;
            self.versions = next;
        }
        Ok(*set)
    }

    pub(crate) fn add_set(&mut self, set: ReplicaSet) -> Result<ReplicaSet, Conflict> {
        if self.sets.iter().any(|known| known.template == set.template) {
            return Err(Conflict);
        }
        let set = ReplicaSet { version: self.next_version(), ..set };
        self.sets.push(set);
        Ok(set)
    }

    /// A `ReplicaSet` goes, and its pods with it.
    pub(crate) fn remove_set(&mut self, template: Template) {
        self.sets.retain(|set| set.template != template);
        let gone_at = self.now;
        for pod in self.pods.iter_mut().filter(|pod| pod.template == template) {
            pod.state = PodState::Ending { gone_at };
        }
        self.next_version();
    }

    /// Of the newest write.
    pub(crate) fn version(&self) -> u64 {
        self.versions
    }

    fn next_version(&mut self) -> u64 {
        self.versions += 1;
        self.versions
    }

    /// Pods that `ReplicaSets` want, of all versions.
    pub(crate) fn wanted(&self) -> u32 {
        self.sets.iter().map(|set| set.desired).sum()
    }

    /// Pods that take traffic.
    pub(crate) fn ready(&self) -> u32 {
        count(self.pods.iter().filter(|pod| pod.ready()))
    }

    /// Places in the count that templates other than these have, and that carry nothing yet.
    pub(crate) fn taken_by_others(&self, ours: &[Template]) -> u32 {
        let others = self.sets.iter().filter(|set| !ours.contains(&set.template));
        let carry = self.pods.iter().filter(|pod| pod.ready() && !ours.contains(&pod.template));
        others.map(|set| set.desired).sum::<u32>().saturating_sub(count(carry))
    }

    /// Every `ReplicaSet` has the pods that it wants, and all of them take traffic.
    pub(crate) fn whole(&self) -> bool {
        let staying =
            |set: &ReplicaSet| self.pods.iter().filter(|pod| pod.template == set.template && pod.stays()).count();
        self.sets.iter().all(|set| staying(set) == set.desired as usize)
            && self.pods.iter().all(|pod| pod.ready() || !pod.stays())
    }

    /// Lets time go on: pods become ready, and go.
    pub(crate) fn pass(&mut self, milliseconds: u64) {
        self.now += milliseconds;
        let now = self.now;
        for pod in &mut self.pods {
            if let PodState::Starting { ready_at: Some(at) } = pod.state
                && at <= now
            {
                pod.state = PodState::Ready { since: at };
            }
        }
        self.pods.retain(|pod| !matches!(pod.state, PodState::Ending { gone_at } if gone_at <= now));
    }
}

pub(crate) fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}
