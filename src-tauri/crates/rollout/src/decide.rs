//! One step of a release.

use crate::observe::{Expected, InBatches, Observed};
use crate::pinned::{self, Figures, Move, Wait, Write};
use crate::verdict::verdict;
use slipway_model::diagnosis::{Cause, Diagnosis, Evidence, ForeignChange};
use slipway_model::release::Left;
use slipway_model::workload::{DeploymentFacts, FIELD_MANAGER, Manager};
use std::time::Duration;

/// How long a Deployment that was just applied may be missing from a watch.
const FIRST_SIGHT: Duration = Duration::from_secs(5);
/// The Deployment controller writes revision annotations and the status; it changes nothing that was asked for.
const CONTROLLER: &str = "kube-controller-manager";

#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// Nothing to do now. Ask again on every change, and at least once a second: some verdicts ripen by time alone.
    Wait(Waiting),
    /// A small write of what holds the Deployment, under the version of it that was observed.
    Write(Write),
    /// The batch is done, and the cluster rests: write that down, with what it left.
    Rest(Left),
    /// The batch that follows has begun already: write that down.
    Next,
    /// The batch that was done is under way again: write that down.
    Again,
    /// All pods are of the new version and available.
    Succeed,
    /// Write `paused: true` and let a person decide.
    Stop(Diagnosis),
    /// It ended without anybody's decision: there is nothing left to pause.
    Fail(Diagnosis),
}

/// What a release waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    /// Our watch does not show our last write yet.
    Sight,
    /// The Deployment controller has not seen the newest generation yet.
    Controller,
    /// New pods are missing or not available yet.
    NewPods,
    /// Pods of another version are still there.
    OldPods,
    /// It rests, until the next batch may begin.
    Approval,
    /// It is stopped, and stays so until somebody decides.
    Person,
}

/// What to do next in a release that has begun. Total: any observation has an answer.
pub fn decide(observed: &Observed, expected: &Expected) -> Step {
    let because = |cause| Diagnosis { cause, at: observed.now, evidence: Evidence::default() };
    let Some(deployment) = &observed.deployment else {
        let lagging = observed.since_begin < FIRST_SIGHT;
        return if lagging { Step::Wait(Waiting::Sight) } else { Step::Fail(because(gone(expected))) };
    };
    if deployment.deleting || expected.uid.as_ref().is_some_and(|uid| *uid != deployment.uid) {
        return Step::Fail(because(gone(expected)));
    }
    if deployment.generation < expected.generation {
        return Step::Wait(Waiting::Sight);
    }
    if let Some(cause) = foreign(deployment, expected) {
        return Step::Stop(because(cause));
    }
    if expected.paused {
        return Step::Wait(Waiting::Person);
    }
    if let Some(batches) = &expected.batches {
        return in_batches(observed, deployment, expected, batches);
    }
    match missing(observed, deployment, expected) {
        None => Step::Succeed,
        Some(waiting) => verdict(observed, expected).map_or(Step::Wait(waiting), Step::Stop),
    }
}

fn in_batches(observed: &Observed, deployment: &DeploymentFacts, expected: &Expected, batches: &InBatches) -> Step {
    let figures = Figures::of(observed, expected, batches.strategy.min_ready_seconds);
    let stop = |cause| Step::Stop(Diagnosis { cause, at: observed.now, evidence: Evidence::default() });
    let stuck = |waiting| verdict(observed, expected).map_or(Step::Wait(waiting), Step::Stop);
    match pinned::next(&figures, &batches.course(figures.count)) {
        // What has not been observed yet, or waits for a person, says nothing of what might be wrong.
        Move::Wait(Wait::Controller) => Step::Wait(Waiting::Controller),
        Move::Wait(Wait::Approval) => Step::Wait(Waiting::Approval),
        Move::Wait(Wait::Pods | Wait::Ready) => stuck(Waiting::NewPods),
        Move::Write(write) => Step::Write(write),
        Move::Rest(left) => Step::Rest(left),
        Move::Next => Step::Next,
        Move::Again => Step::Again,
        Move::Done => Step::Succeed,
        Move::Foreign => {
            stop(Cause::Foreign { manager: newest_writer(&deployment.managers), what: ForeignChange::Strategy })
        }
        // Whose it was is in no managedFields.
        Move::Lost => stop(Cause::Gone { what: format!("ReplicaSet of Deployment {}", expected.workload) }),
    }
}

fn gone(expected: &Expected) -> Cause {
    Cause::Gone { what: format!("Deployment {}", expected.workload) }
}

/// What somebody else changed since our last write.
fn foreign(deployment: &DeploymentFacts, expected: &Expected) -> Option<Cause> {
    let what = if !expected.is(&deployment.template_release, &deployment.template_hash) {
        ForeignChange::Template
    } else if expected.batches.is_some() {
        // A pause is a part of it; what else holds it is for the batches to judge.
        return None;
    } else if deployment.paused && !expected.paused {
        ForeignChange::Paused
    } else if expected.paused && !deployment.paused {
        ForeignChange::Resumed
    } else {
        return None;
    };
    Some(Cause::Foreign { manager: newest_writer(&deployment.managers), what })
}

/// Who wrote last, as managedFields name them; `unknown` where they do not. Times are whole seconds: in the same one,
/// somebody else is the likelier answer than we are.
fn newest_writer(managers: &[Manager]) -> String {
    managers
        .iter()
        .filter(|manager| manager.subresource != "status" && manager.name != CONTROLLER)
        .max_by_key(|manager| (manager.at, manager.name != FIELD_MANAGER))
        .map_or_else(|| "unknown".to_owned(), |manager| manager.name.clone())
}

/// What is still missing to the end of the rollout. Figures of the Deployment and of its `ReplicaSets` must agree:
/// their watches are not in step.
fn missing(observed: &Observed, deployment: &DeploymentFacts, expected: &Expected) -> Option<Waiting> {
    if deployment.observed_generation < deployment.generation {
        return Some(Waiting::Controller);
    }
    let (new, old) = observed.replica_sets(expected);
    let desired = deployment.desired;
    let complete = deployment.updated == desired
        && deployment.available == desired
        && new.iter().map(|set| set.desired).sum::<u32>() == desired
        && new.iter().map(|set| set.available).sum::<u32>() == desired;
    if !complete {
        return Some(Waiting::NewPods);
    }
    let left = deployment.current != desired || old.iter().any(|set| set.desired > 0 || set.current > 0);
    left.then_some(Waiting::OldPods)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scene::{DAY, Scene, done, manager};
    use proptest::prelude::*;
    use slipway_model::instance::ContainerState;

    #[track_caller]
    fn check(change: impl FnOnce(&mut Scene), step: &Step) {
        let mut scene = done(3);
        change(&mut scene);
        assert_eq!(decide(&scene.observed, &scene.expected), *step);
        assert_eq!(decide(&scene.observed, &scene.expected), *step, "the same answer twice");
    }

    fn waits(change: impl FnOnce(&mut Scene), waiting: Waiting) {
        check(change, &Step::Wait(waiting));
    }

    fn stops(change: impl FnOnce(&mut Scene), manager: &str, what: ForeignChange) {
        let cause = Cause::Foreign { manager: manager.into(), what };
        check(change, &Step::Stop(Diagnosis { cause, at: DAY, evidence: Evidence::default() }));
    }

    #[test]
    fn a_rollout_that_goes_well() {
        check(|_| {}, &Step::Succeed);
        waits(|s| s.deployment().generation += 1, Waiting::Controller);
        waits(|s| s.deployment().updated = 2, Waiting::NewPods);
        waits(|s| s.deployment().available = 2, Waiting::NewPods);
        waits(|s| s.new_set().available = 2, Waiting::NewPods);
        waits(|s| s.observed.replica_sets.clear(), Waiting::NewPods);
        waits(|s| s.deployment().current = 4, Waiting::OldPods);
        waits(|s| s.old_set().desired = 1, Waiting::OldPods);
        waits(|s| s.old_set().current = 1, Waiting::OldPods);
        check(
            |s| {
                s.old_set().owner = "another Deployment".into();
                s.old_set().current = 9;
            },
            &Step::Succeed,
        );
    }

    #[test]
    fn without_pods_only_the_template_changes() {
        let scene = done(0);
        assert_eq!(decide(&scene.observed, &scene.expected), Step::Succeed);
    }

    #[test]
    fn a_watch_that_lags_proves_nothing() {
        waits(
            |s| {
                s.expected.generation = 8;
                s.deployment().template_release = "r6".into();
            },
            Waiting::Sight,
        );
        waits(
            |s| {
                s.observed.deployment = None;
                s.observed.since_begin = Duration::from_secs(4);
            },
            Waiting::Sight,
        );
    }

    #[test]
    fn a_deployment_that_is_gone() {
        let fail = |change: fn(&mut Scene)| {
            let cause = Cause::Gone { what: "Deployment shop-prod".into() };
            check(change, &Step::Fail(Diagnosis { cause, at: DAY, evidence: Evidence::default() }));
        };
        fail(|s| s.observed.deployment = None);
        fail(|s| s.deployment().deleting = true);
        fail(|s| s.deployment().uid = "made anew".into());
    }

    #[test]
    fn somebody_else_is_named() {
        use ForeignChange::{Paused, Resumed, Template};
        let set_image = |s: &mut Scene| {
            s.deployment().template_hash = "theirs".into();
            s.deployment().managers.push(manager("kubectl-set", "", 9));
        };
        stops(set_image, "kubectl-set", Template);
        stops(|s| s.deployment().template_release = "r8".into(), "slipway", Template);
        stops(
            |s| {
                s.deployment().paused = true;
                // The controller's own writes, and one of ours in the same second, hide nobody.
                let managers = &mut s.deployment().managers;
                managers.push(manager("kubectl-patch", "", 9));
                managers.push(manager("slipway", "", 9));
                managers.push(manager("kube-controller-manager", "status", 10));
            },
            "kubectl-patch",
            Paused,
        );
        stops(|s| s.expected.paused = true, "slipway", Resumed);
        stops(
            |s| {
                s.deployment().paused = true;
                s.deployment().managers.clear();
            },
            "unknown",
            Paused,
        );
    }

    #[test]
    fn a_stopped_release_waits_for_a_person_even_when_all_is_well_again() {
        waits(
            |s| {
                s.expected.paused = true;
                s.deployment().paused = true;
            },
            Waiting::Person,
        );
    }

    #[test]
    fn a_pod_that_cannot_start_stops_it_at_once() {
        let mut scene = done(3);
        scene.deployment().available = 2;
        scene.pod().ready = false;
        scene.container().ready = false;
        scene.container().state =
            ContainerState::Waiting { reason: "InvalidImageName".into(), message: "bad name".into() };
        let step = decide(&scene.observed, &scene.expected);
        assert!(matches!(step, Step::Stop(Diagnosis { cause: Cause::Image { .. }, .. })), "{step:?}");
    }

    /// Mostly the figures of a finished rollout, so that success and everything near it come up often.
    fn scenes() -> impl Strategy<Value = Scene> {
        let near = |usual: u32| prop_oneof![6 => Just(usual), 1 => 0..5_u32];
        let mostly = |usual: bool| prop_oneof![9 => Just(usual), 1 => Just(!usual)];
        let deployment = (near(3), near(3), near(3), near(3), mostly(true), mostly(false), mostly(true));
        let new = (near(3), near(3), near(3));
        let old = (near(0), near(0), near(0));
        (deployment, new, old, mostly(true), 0..20_u64).prop_map(|(figures, new, old, there, seconds)| {
            let mut scene = done(3);
            let deployment = scene.deployment();
            let (desired, updated, available, current, seen, paused, ours) = figures;
            (deployment.desired, deployment.updated) = (desired, updated);
            (deployment.available, deployment.current) = (available, current);
            deployment.paused = paused;
            if !seen {
                deployment.generation += 1;
            }
            if !ours {
                deployment.template_hash = "theirs".into();
            }
            for (set, (desired, current, available)) in scene.observed.replica_sets.iter_mut().zip([new, old]) {
                (set.desired, set.current, set.available) = (desired, current, available);
            }
            scene.observed.since_begin = Duration::from_secs(seconds);
            scene.observed.deployment.take_if(|_| !there);
            scene
        })
    }

    proptest! {
        #[test]
        fn success_means_that_only_the_new_version_runs_and_all_of_it(scene in scenes()) {
            let step = decide(&scene.observed, &scene.expected);
            prop_assert_eq!(&step, &decide(&scene.observed, &scene.expected));
            if step == Step::Succeed {
                let deployment = scene.observed.deployment.expect("a Deployment");
                let (new, old): (Vec<_>, Vec<_>) =
                    scene.observed.replica_sets.iter().partition(|set| set.template_release == "r7");
                prop_assert!(old.iter().all(|set| set.current == 0 && set.desired == 0));
                prop_assert_eq!(new.iter().map(|set| set.available).sum::<u32>(), deployment.desired);
                prop_assert!(!deployment.paused && deployment.template_hash == "ours");
                prop_assert!(deployment.observed_generation >= deployment.generation);
            }
        }

        #[test]
        fn the_order_of_what_was_seen_does_not_matter(mut scene in scenes()) {
            let before = decide(&scene.observed, &scene.expected);
            scene.observed.replica_sets.reverse();
            scene.observed.pods.reverse();
            scene.observed.events.reverse();
            prop_assert_eq!(before, decide(&scene.observed, &scene.expected));
        }
    }
}
