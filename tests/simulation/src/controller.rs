//! The Deployment and `ReplicaSet` controllers, as kube-controller-manager 1.36 has them (`pkg/controller/deployment`:
//! sync, rolling, recreate apart; `pkg/controller/replicaset`). They act on what their caches showed last, so that what
//! they do may be of a moment ago.

use crate::cluster::{Cluster, Conflict, Deployment, Instant, Pod, PodState, ReplicaSet, Status, Template, count};

/// What the informers of kube-controller-manager showed last.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    pub deployment: Deployment,
    pub sets: Vec<ReplicaSet>,
    /// Version of the cluster in which a sync by what is shown here had nothing to write: until one of both moves, another
    /// has not either.
    idle_at: Option<u64>,
}

impl Cache {
    pub(crate) fn of(cluster: &Cluster) -> Self {
        Self { deployment: cluster.deployment, sets: cluster.sets.clone(), idle_at: None }
    }

    /// The newest Deployment. What the controller itself wrote before is known then: the two watches are of one server,
    /// and changes reach a watch within milliseconds.
    pub(crate) fn refresh_deployment(&mut self, cluster: &Cluster) {
        self.deployment = cluster.deployment;
        self.refresh_sets(cluster);
    }

    pub(crate) fn refresh_sets(&mut self, cluster: &Cluster) {
        self.sets.clone_from(&cluster.sets);
        self.idle_at = None;
    }
}

/// One `syncDeployment`. A conflict ends it; it is tried again with a newer cache.
pub(crate) fn sync(cluster: &mut Cluster, cache: &mut Cache) -> Result<(), Conflict> {
    let before = cluster.version();
    if cache.idle_at == Some(before) {
        return Ok(());
    }
    let mut sync = Sync { cluster, deployment: cache.deployment, sets: cache.sets.clone() };
    sync.run()?;
    let (Deployment { generation, version, .. }, status) = (cache.deployment, sync.status());
    cluster.observe(generation, version, status);
    cache.idle_at = (cluster.version() == before).then_some(before);
    Ok(())
}

struct Sync<'c> {
    cluster: &'c mut Cluster,
    deployment: Deployment,
    /// As this sync knows them: what it writes it sees.
    sets: Vec<ReplicaSet>,
}

impl Sync<'_> {
    fn run(&mut self) -> Result<(), Conflict> {
        self.sync_new_set(false)?;
        if self.deployment.paused || self.is_scaling_event() {
            self.scale()?;
            if self.deployment.paused {
                self.clean_up();
            }
            return Ok(());
        }
        self.sync_new_set(true)?;
        if self.reconcile_new()? {
            return Ok(());
        }
        self.reconcile_old()?;
        if self.is_complete() {
            self.clean_up();
        }
        Ok(())
    }

    fn new_at(&self) -> Option<usize> {
        self.sets.iter().position(|set| set.template == self.deployment.template)
    }

    fn old_active(&self) -> Vec<usize> {
        let template = self.deployment.template;
        (0..self.sets.len()).filter(|at| self.sets[*at].template != template && self.sets[*at].desired > 0).collect()
    }

    fn wanted(&self) -> u32 {
        self.sets.iter().map(|set| set.desired).sum()
    }

    /// `calculateStatus`.
    fn status(&self) -> Status {
        Status {
            all: self.sets.iter().map(|set| set.pods).sum(),
            updated: self.new_at().map_or(0, |at| self.sets[at].pods),
            available: self.sets.iter().map(|set| set.available).sum(),
        }
    }

    fn limits(&self) -> (u32, u32) {
        let count = self.deployment.count;
        let (surge, unavailable) = self.deployment.limits.resolved(count);
        (surge, if count == 0 { 0 } else { unavailable.min(count) })
    }

    /// `getNewReplicaSet`: brings the one of the newest template up to date, or makes it.
    fn sync_new_set(&mut self, create: bool) -> Result<(), Conflict> {
        let (surge, _) = self.limits();
        let Deployment { count, template, min_ready_seconds, .. } = self.deployment;
        let old = self.sets.iter().filter(|set| set.template != template);
        let revision = old.map(|set| set.revision).max().unwrap_or_default() + 1;
        if let Some(at) = self.new_at() {
            return self.write(at, |set| {
                set.revision = set.revision.max(revision);
                set.min_ready_seconds = min_ready_seconds;
            });
        }
        if !create {
            return Ok(());
        }
        let desired = (count + surge).saturating_sub(self.wanted()).min(count);
        let set = ReplicaSet {
            template,
            desired,
            min_ready_seconds,
            generation: 1,
            observed: 0,
            version: 0,
            pods: 0,
            available: 0,
            seen_count: count,
            seen_most: count + surge,
            revision,
        };
        let made = self.cluster.add_set(set)?;
        self.sets.push(made);
        Ok(())
    }

    /// `DeploymentComplete`: all pods are of the newest template, and available.
    fn is_complete(&self) -> bool {
        let Deployment { count, generation, observed, .. } = self.deployment;
        let new = self.new_at().map(|at| self.sets[at]);
        observed >= generation
            && self.wanted() == count
            && new.is_some_and(|new| new.desired == count && new.available == count)
    }

    /// `cleanupDeployment`: of the old ones without pods, the oldest go, until so many are left as the limit says.
    fn clean_up(&mut self) {
        let template = self.deployment.template;
        let mut old: Vec<ReplicaSet> = self.sets.iter().filter(|set| set.template != template).copied().collect();
        let over = old.len().saturating_sub(self.deployment.history as usize);
        old.sort_by_key(|set| set.revision);
        for set in old.into_iter().take(over).filter(|set| set.desired == 0 && set.generation <= set.observed) {
            self.cluster.remove_set(set.template);
            self.sets.retain(|known| known.template != set.template);
        }
    }

    fn is_scaling_event(&self) -> bool {
        self.sets.iter().any(|set| set.desired > 0 && set.seen_count != self.deployment.count)
    }

    fn write(&mut self, at: usize, change: impl FnOnce(&mut ReplicaSet)) -> Result<(), Conflict> {
        let ReplicaSet { template, version, .. } = self.sets[at];
        self.sets[at] = self.cluster.write_set(template, version, change)?;
        Ok(())
    }

    fn scale_set(&mut self, at: usize, size: u32) -> Result<(), Conflict> {
        let (surge, _) = self.limits();
        let count = self.deployment.count;
        self.write(at, |set| {
            set.desired = size;
            set.seen_count = count;
            set.seen_most = count + surge;
        })
    }

    /// `scale`: a changed count is shared between the versions in proportion; also while paused.
    fn scale(&mut self) -> Result<(), Conflict> {
        let count = self.deployment.count;
        let active: Vec<usize> = (0..self.sets.len()).filter(|at| self.sets[*at].desired > 0).collect();
        match active.as_slice() {
            [] => {
                let latest = self.new_at().or_else(|| self.sets.len().checked_sub(1));
                return latest.map_or(Ok(()), |at| self.resize(at, count));
            }
            [only] => return self.resize(*only, count),
            _ => {}
        }
        if let Some(new) = self.new_at().map(|at| self.sets[at])
            && new.desired == count
            && new.seen_count == count
            && new.available == count
        {
            return self.old_active().into_iter().try_for_each(|at| self.resize(at, 0));
        }
        self.scale_in_proportion(active)
    }

    fn resize(&mut self, at: usize, size: u32) -> Result<(), Conflict> {
        if self.sets[at].desired == size { Ok(()) } else { self.scale_set(at, size) }
    }

    fn scale_in_proportion(&mut self, mut active: Vec<usize>) -> Result<(), Conflict> {
        let count = self.deployment.count;
        let most = if count > 0 { count + self.limits().0 } else { 0 };
        let to_add = i64::from(most) - i64::from(self.wanted());
        // The larger first; of two alike the newer one grows, the older one shrinks.
        if to_add > 0 {
            active.sort_by_key(|at| (std::cmp::Reverse(self.sets[*at].desired), std::cmp::Reverse(*at)));
        } else if to_add < 0 {
            active.sort_by_key(|at| (std::cmp::Reverse(self.sets[*at].desired), *at));
        }
        let mut added = 0;
        let mut sizes = Vec::with_capacity(active.len());
        for at in &active {
            let part = self.proportion(&self.sets[*at], to_add, added);
            added += part;
            sizes.push(i64::from(self.sets[*at].desired) + part);
        }
        if to_add != 0 {
            sizes[0] = (sizes[0] + to_add - added).max(0);
        }
        for (at, size) in active.into_iter().zip(sizes) {
            self.scale_set(at, u32::try_from(size).unwrap_or_default())?;
        }
        Ok(())
    }

    /// `GetReplicaSetProportion`.
    fn proportion(&self, set: &ReplicaSet, to_add: i64, added: i64) -> i64 {
        if set.desired == 0 || to_add == 0 || to_add == added {
            return 0;
        }
        let desired = i64::from(set.desired);
        let fraction = if self.deployment.count == 0 {
            -desired
        } else {
            let most = i64::from(self.deployment.count + self.limits().0);
            let before = i64::from(set.seen_most);
            // Rounded half away from zero.
            (2 * desired * most + before) / (2 * before) - desired
        };
        let allowed = to_add - added;
        if to_add > 0 { fraction.min(allowed) } else { fraction.max(allowed) }
    }

    /// `reconcileNewReplicaSet`: whether it scaled.
    fn reconcile_new(&mut self) -> Result<bool, Conflict> {
        let Some(at) = self.new_at() else { return Ok(false) };
        let (desired, count) = (self.sets[at].desired, self.deployment.count);
        if desired == count {
            return Ok(false);
        }
        let size = if desired > count {
            count
        } else {
            let room = (count + self.limits().0).saturating_sub(self.wanted());
            desired + room.min(count - desired)
        };
        if size == desired {
            return Ok(false);
        }
        self.scale_set(at, size)?;
        Ok(true)
    }

    /// `reconcileOldReplicaSets`: unhealthy old pods first, then as many as availability allows.
    fn reconcile_old(&mut self) -> Result<(), Conflict> {
        let old = self.old_active();
        if old.is_empty() {
            return Ok(());
        }
        let (_, unavailable) = self.limits();
        let least = i64::from(self.deployment.count) - i64::from(unavailable);
        let new = self.new_at().map_or((0, 0), |at| (self.sets[at].desired, self.sets[at].available));
        let most_down = i64::from(self.wanted()) - least - (i64::from(new.0) - i64::from(new.1));
        if most_down <= 0 {
            return Ok(());
        }
        let mut down = 0;
        for at in &old {
            let ReplicaSet { desired, available, .. } = self.sets[*at];
            if down >= most_down || desired == 0 || desired == available {
                continue;
            }
            let by = (most_down - down).min(i64::from(desired) - i64::from(available));
            if by < 0 {
                // A status of before the last scaling: the controller gives up until it is newer.
                return Ok(());
            }
            self.scale_set(*at, desired - u32::try_from(by).unwrap_or_default())?;
            down += by;
        }
        let available: i64 = self.sets.iter().map(|set| i64::from(set.available)).sum();
        let mut left = available - least;
        for at in old {
            let desired = self.sets[at].desired;
            if left <= 0 || desired == 0 {
                continue;
            }
            let by = left.min(i64::from(desired));
            self.scale_set(at, desired - u32::try_from(by).unwrap_or_default())?;
            left -= by;
        }
        Ok(())
    }
}

/// How new pods start and old ones end.
pub(crate) trait Kubelet {
    /// When a pod made now becomes ready; `None`: never.
    fn ready_at(&mut self, template: Template, now: Instant) -> Option<Instant>;
    fn gone_at(&mut self, now: Instant) -> Instant;
    /// Called before a pod that takes traffic is ended.
    fn ends(&mut self, cluster: &Cluster, template: Template);
}

/// One sync of the `ReplicaSet` of a template: makes and ends pods, and writes the status.
pub(crate) fn sync_set(cluster: &mut Cluster, template: Template, kubelet: &mut impl Kubelet) {
    let Some(set) = cluster.sets.iter().find(|set| set.template == template).copied() else { return };
    let now = cluster.now;
    let staying = count(cluster.pods.iter().filter(|pod| pod.template == template && pod.stays()));
    for _ in staying..set.desired {
        let state = PodState::Starting { ready_at: kubelet.ready_at(template, now) };
        cluster.pods.push(Pod { template, state });
    }
    for _ in set.desired..staying {
        // Those that are not ready first, then the youngest.
        let rank = |pod: &Pod| match pod.state {
            PodState::Ready { since } => (1, std::cmp::Reverse(since)),
            _ => (0, std::cmp::Reverse(0)),
        };
        let candidates = (0..cluster.pods.len()).filter(|at| {
            let pod = &cluster.pods[*at];
            pod.template == template && pod.stays()
        });
        let Some(at) = candidates.min_by_key(|at| rank(&cluster.pods[*at])) else { break };
        if cluster.pods[at].ready() {
            kubelet.ends(cluster, template);
        }
        cluster.pods[at].state = PodState::Ending { gone_at: kubelet.gone_at(now) };
    }
    let long_enough = u64::from(set.min_ready_seconds) * 1_000;
    let available = cluster
        .pods
        .iter()
        .filter(|pod| pod.template == template && pod.ready_for(now).is_some_and(|time| time >= long_enough));
    let available = count(available);
    let pods = count(cluster.pods.iter().filter(|pod| pod.template == template && pod.stays()));
    // The status is written under the version that was just read.
    let written = cluster.write_set(template, set.version, |set| {
        (set.pods, set.available) = (pods, available);
        set.observed = set.generation;
    });
    debug_assert!(written.is_ok(), "read and written at one moment");
}
