//! What a driver sees of its release: Deployment, `ReplicaSets`, pods and events, put together after every change.

use crate::instance::of_workload;
use crate::watched::Kept;
use jiff::Timestamp;
use slipway_cluster::Session;
use slipway_model::diagnosis::EventFact;
use slipway_model::instance::PodFacts;
use slipway_model::release::Release;
use slipway_model::workload::{DeploymentFacts, ReplicaSetFacts};
use slipway_rollout::{Expected, Observed};
use std::time::Duration;
use tokio::time::{Instant, Interval, interval};

/// Without any change the picture is looked at anew this often, for what only time makes evident.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// Who has not looked for so long was asleep, or waited for an answer as long: what is known is old either way.
const ASLEEP: Duration = Duration::from_secs(10);

/// One look.
pub(super) enum Scene {
    /// Not everything has been listed yet, or a watch is behind: nothing may be decided.
    Blind,
    Seen(Box<Observed>),
}

pub(super) struct Watch {
    session: Session,
    selector: String,
    deployments: Kept<DeploymentFacts>,
    replica_sets: Kept<ReplicaSetFacts>,
    pods: Kept<PodFacts>,
    events: Kept<EventFact>,
    workload: String,
    begun: Instant,
    look: Interval,
    /// When time alone was to make a difference.
    ripe: Option<Instant>,
    /// Pods of the new version, all and ready, and since when they have been so many.
    progress: ((usize, usize), Instant),
    /// By the clock of the wall: the other one stands still while a computer sleeps.
    looked: Timestamp,
}

impl Watch {
    pub(super) fn open(session: &Session, release: &Release) -> Self {
        let plan = &release.plan;
        let selector = slipway_render::names::selector(&plan.app.slug, plan.group.slug.as_str());
        Self::of(session.clone(), selector, plan.workload.clone())
    }

    fn of(session: Session, selector: String, workload: String) -> Self {
        Self {
            deployments: Kept::new(session.deployments(&selector)),
            replica_sets: Kept::new(session.replica_sets(&selector)),
            pods: Kept::new(session.pods(&selector)),
            events: Kept::new(session.events()),
            session,
            selector,
            workload,
            begun: Instant::now(),
            look: interval(LOOK_EVERY),
            ripe: None,
            progress: ((0, 0), Instant::now()),
            looked: Timestamp::now(),
        }
    }

    /// Waits for a change of anything, or for the next look.
    pub(super) async fn next(&mut self, expected: &Expected) -> Scene {
        let ripe = self.ripe.unwrap_or_else(Instant::now);
        tokio::select! {
            () = tokio::time::sleep_until(ripe), if self.ripe.is_some() => {}
            () = self.deployments.changed() => {}
            () = self.replica_sets.changed() => {}
            () = self.pods.changed() => {}
            () = self.events.changed() => {}
            _ = self.look.tick() => {}
        }
        if self.slept() {
            // What is known is of before, and would be judged by how long ago that was: all of it is listed anew.
            *self = Self::of(self.session.clone(), self.selector.clone(), self.workload.clone());
            return Scene::Blind;
        }
        if !(self.deployments.live() && self.replica_sets.live() && self.pods.live()) {
            // Nobody knows how far it came meanwhile.
            self.progressed();
            return Scene::Blind;
        }
        let mut observed = self.observed();
        let progress = observed.progress(expected);
        if progress != self.progress.0 {
            self.progress = (progress, Instant::now());
        }
        observed.since_progress = self.progress.1.elapsed();
        self.ripe = observed.ripens(expected).map(|left| Instant::now() + left);
        Scene::Seen(Box::new(observed))
    }

    fn slept(&mut self) -> bool {
        let last = std::mem::replace(&mut self.looked, Timestamp::now());
        Duration::try_from(self.looked.duration_since(last)).is_ok_and(|away| away > ASLEEP)
    }

    /// Something that is no change of a pod begins anew: what was waited for is not waited for any more.
    pub(super) fn progressed(&mut self) {
        self.progress.1 = Instant::now();
    }

    fn observed(&self) -> Observed {
        Observed {
            deployment: self.deployments.rows().find(|deployment| deployment.name == self.workload).cloned(),
            replica_sets: self.replica_sets.rows().cloned().collect(),
            pods: self.pods.rows().cloned().collect(),
            events: self.events.rows().filter(|event| of_workload(&event.object, &self.workload)).cloned().collect(),
            now: Timestamp::now(),
            since_begin: self.begun.elapsed(),
            since_progress: Duration::ZERO,
        }
    }
}
