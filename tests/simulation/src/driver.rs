//! A Slipway that drives a release: it observes, asks `rollout`, writes the transition down, and acts. What it knows beyond
//! the cluster dies with it; the record stays.

use crate::cluster::{Cluster, Deployment, Instant, Limits, Pod, ReplicaSet, Template};
use slipway_model::group::Strategy;
use slipway_rollout::pinned::{Course, Figures, Hold, Left, Move, PINNED_SECONDS, Wait, Write, next};

/// What runs before the release, and what it brings.
pub(crate) const STABLE: Template = 0;
pub(crate) const OURS: Template = 1;

/// Where a release stands, as its record in the cluster says. A driver's own copy may be newer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Record {
    pub begun: bool,
    /// Batch under way, or done; from 0.
    pub batch: usize,
    pub rest: Option<Left>,
    /// Pods of the group when it was written.
    pub count: u32,
    /// A person wants the way back; written down before anything is done about it.
    pub aborting: bool,
    pub end: Option<Ended>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ended {
    Succeeded,
    Aborted,
    /// Waits for a person: somebody else's template or settings, or pods that do not get ready.
    Stopped(Why),
    /// The group was changed before the release began.
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    Template,
    Settings,
    NotReady,
}

/// The group whose release it is.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub strategy: Strategy,
    pub limits: Limits,
    /// Generation of the Deployment when the release was planned.
    pub planned: u64,
}

impl Group {
    fn course(&self, count: u32, record: &Record) -> Course {
        Course::of(&self.strategy, count, record.batch, record.rest, record.count)
    }

    /// New pods when the batch of a record is done, for a count.
    pub(crate) fn target(&self, count: u32, record: &Record) -> u32 {
        self.course(count, record).target
    }
}

/// The cluster as a driver saw it last.
#[derive(Clone, Debug)]
struct Seen {
    at: Instant,
    deployment: Deployment,
    sets: Vec<ReplicaSet>,
    pods: Vec<Pod>,
}

#[derive(Debug, Default)]
pub(crate) struct Driver {
    pub record: Record,
    seen: Option<Seen>,
    watching_since: Option<Instant>,
    /// Since when it has been waiting for the same pods.
    waiting: Option<(Instant, u32)>,
}

/// What a driver is about to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Act {
    /// Nothing.
    Idle,
    /// Waits for an approval, or its timer.
    Approval,
    /// Only the record changes.
    Note(Record),
    /// A write of the Deployment under the version that was seen.
    Deployment { write: Change, version: u64, then: Record },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    Begin(Hold),
    Hold(Hold),
    Commit,
    Abort,
}

impl Change {
    pub(crate) fn apply(self, group: &Group, deployment: &mut Deployment) {
        let hold = |deployment: &mut Deployment, hold: Hold| {
            use slipway_model::group::Share::Pods;
            deployment.paused = hold.paused;
            deployment.limits = Limits { surge: Pods(hold.surge), unavailable: Pods(hold.unavailable) };
            deployment.min_ready_seconds = if hold.pinned { PINNED_SECONDS } else { group.strategy.min_ready_seconds };
        };
        let own = |deployment: &mut Deployment| {
            deployment.paused = false;
            deployment.limits = group.limits;
            deployment.min_ready_seconds = group.strategy.min_ready_seconds;
        };
        match self {
            Self::Begin(with) => {
                deployment.template = OURS;
                hold(deployment, with);
            }
            Self::Hold(with) => hold(deployment, with),
            Self::Commit => own(deployment),
            Self::Abort => {
                deployment.template = STABLE;
                own(deployment);
            }
        }
    }
}

impl Driver {
    /// One that comes to a release with what its record says.
    pub(crate) fn of(record: Record) -> Self {
        Self { record, ..Self::default() }
    }

    pub(crate) fn observe(&mut self, cluster: &Cluster) {
        self.watching_since.get_or_insert(cluster.now);
        let seen = self.seen.get_or_insert_with(|| Seen {
            at: 0,
            deployment: cluster.deployment,
            sets: Vec::new(),
            pods: Vec::new(),
        });
        seen.at = cluster.now;
        seen.deployment = cluster.deployment;
        seen.sets.clone_from(&cluster.sets);
        seen.pods.clone_from(&cluster.pods);
    }

    /// What it does next. `skew` is how far its clock is ahead; `patience` how long pods may take to get ready.
    pub(crate) fn decide(&mut self, group: &Group, skew: i64, patience: Instant) -> Act {
        let Some(seen) = &self.seen else { return Act::Idle };
        if self.record.end.is_some() {
            return Act::Idle;
        }
        let deployment = seen.deployment;
        let begun = deployment.template == OURS;
        // Held in motion, it has begun, whatever became of its template since.
        let held = deployment.min_ready_seconds >= PINNED_SECONDS && !deployment.paused;
        if !self.record.begun && !begun && !held {
            if deployment.generation != group.planned {
                return Act::Note(Record { end: Some(Ended::Refused), ..self.record });
            }
            let course = group.course(deployment.count, &self.record);
            let write = Change::Begin(course.begin());
            let then = Record { begun: true, ..self.record };
            return Act::Deployment { write, version: deployment.version, then };
        }
        if deployment.generation <= group.planned {
            // A view of before the release began.
            return Act::Idle;
        }
        let record = Record { begun: true, ..self.record };
        let figures = self.figures(seen, group, skew);
        if record.aborting {
            let then = Record { end: Some(Ended::Aborted), ..record };
            let own = deployment.limits == group.limits && !figures.pinned && !deployment.paused;
            return if deployment.template == STABLE && own {
                Act::Note(then)
            } else if figures.current {
                Act::Deployment { write: Change::Abort, version: deployment.version, then: record }
            } else {
                Act::Idle
            };
        }
        let course = group.course(figures.count, &record);
        if !begun {
            // Held in the middle of a movement, a paused Deployment would be brought to other figures.
            if !figures.current {
                return Act::Idle;
            }
            return stop(record, &course, &figures, deployment.version, Why::Template);
        }
        match next(&figures, &course) {
            Move::Wait(Wait::Approval) => Act::Approval,
            Move::Wait(Wait::Pods | Wait::Ready) => {
                let since = match self.waiting {
                    Some((since, ready)) if ready == figures.ready => since,
                    _ => seen.at,
                };
                let late = seen.at - since > patience;
                let act =
                    if late { stop(record, &course, &figures, deployment.version, Why::NotReady) } else { Act::Idle };
                self.waiting = Some((since, figures.ready));
                act
            }
            Move::Wait(Wait::Controller) => Act::Idle,
            Move::Write(Write::Hold(hold)) => {
                Act::Deployment { write: Change::Hold(hold), version: deployment.version, then: record }
            }
            Move::Write(Write::Commit) => {
                Act::Deployment { write: Change::Commit, version: deployment.version, then: record }
            }
            Move::Rest(left) => Act::Note(Record { rest: Some(left), count: left.count, ..record }),
            Move::Next => Act::Note(Record { rest: None, batch: record.batch + 1, ..record }),
            Move::Again => Act::Note(Record { rest: None, ..record }),
            Move::Done => Act::Note(Record { end: Some(Ended::Succeeded), ..record }),
            Move::Foreign | Move::Lost => stop(record, &course, &figures, deployment.version, Why::Settings),
        }
    }

    /// Somebody approves the next batch.
    pub(crate) fn approved(&self) -> Record {
        Record { rest: None, batch: self.record.batch + 1, ..self.record }
    }

    /// A person wants the way back.
    pub(crate) fn aborting(&self) -> Record {
        Record { aborting: true, ..self.record }
    }

    fn figures(&self, seen: &Seen, group: &Group, skew: i64) -> Figures {
        let Deployment { count, paused, limits, template, min_ready_seconds, .. } = seen.deployment;
        let ours = |template_of: Template| template_of == template;
        let sets = |new: bool| seen.sets.iter().filter(move |set| ours(set.template) == new);
        let sum = |new: bool| sets(new).map(|set| set.desired).sum();
        let long_enough = u64::from(group.strategy.min_ready_seconds) * 1_000;
        let watched = seen.at - self.watching_since.unwrap_or(seen.at);
        let carries = |pod: &&Pod| {
            ours(pod.template)
                && pod.ready_for(seen.at).is_some_and(|age| {
                    let age = age.saturating_add_signed(skew).min(watched);
                    long_enough == 0 || age >= long_enough
                })
        };
        let (surge, unavailable) = (limits.surge.up(count), limits.unavailable.down(count));
        Figures {
            count,
            new: sum(true),
            old: sum(false),
            surge,
            unavailable,
            paused,
            pinned: min_ready_seconds >= PINNED_SECONDS,
            current: seen.deployment.observed >= seen.deployment.generation
                && seen.sets.iter().all(|set| set.observed >= set.generation),
            made: sets(true).next().is_some(),
            kept: sets(false).next().is_some(),
            ready: crate::cluster::count(seen.pods.iter().filter(carries)),
            available: sets(true).map(|set| set.available).sum(),
        }
    }
}

fn stop(record: Record, course: &Course, figures: &Figures, version: u64, why: Why) -> Act {
    let then = Record { end: Some(Ended::Stopped(why)), ..record };
    Act::Deployment { write: Change::Hold(course.stop(figures)), version, then }
}
