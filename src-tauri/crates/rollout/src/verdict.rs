//! What keeps the new version from running, said as soon as it is evident and not when the progress deadline passes.

use crate::container;
use crate::evidence::Finding;
use crate::observe::{Expected, Observed};
use slipway_model::diagnosis::{Cause, Diagnosis, ProbeKind};
use slipway_model::instance::PodFacts;
use std::time::Duration;

/// The scheduler and the quota are asked again within milliseconds: a refusal has to stand this long.
const GRACE: Duration = Duration::from_secs(2);
/// Room that terminating pods are about to free comes within the default grace period of 30 s and some more.
const RELIEF: Duration = Duration::from_secs(40);
/// A refusal that might pass (a webhook that does not answer) has to stand this long.
const REFUSAL_PASSES: Duration = Duration::from_secs(10);

/// Why the new version does not run; `None` while nothing is evident. Only pods of the new version count, and of them
/// only those that are not on their way out. Of several causes the most specific one is told.
pub fn verdict(observed: &Observed, expected: &Expected) -> Option<Diagnosis> {
    let late = deadline(observed, expected);
    let mut findings: Vec<Finding> =
        observed.new_pods(expected).filter_map(|pod| pod_finding(observed, expected, pod, late.is_some())).collect();
    findings.extend(refusal(observed, expected));
    findings.extend(late);
    findings.sort_by(|a, b| (specificity(&a.cause), &a.object).cmp(&(specificity(&b.cause), &b.object)));
    findings.into_iter().next().map(|finding| finding.diagnosis(observed))
}

/// The smaller, the nearer to what has to be mended.
fn specificity(cause: &Cause) -> u8 {
    match cause {
        Cause::Image { .. } => 0,
        Cause::Config { .. } => 1,
        Cause::OutOfMemory { .. } => 2,
        Cause::Probe { probe: ProbeKind::Liveness | ProbeKind::Startup, .. } => 3,
        Cause::Crash { .. } => 4,
        Cause::NodeLost { .. } => 5,
        Cause::Probe { probe: ProbeKind::Readiness, .. } => 6,
        Cause::Quota { .. } => 7,
        Cause::Admission { .. } => 8,
        Cause::Unschedulable { .. } => 9,
        Cause::Deadline { .. } | Cause::Foreign { .. } | Cause::Gone { .. } | Cause::Refused { .. } => 10,
    }
}

fn pod_finding(observed: &Observed, expected: &Expected, pod: &PodFacts, late: bool) -> Option<Finding> {
    if let Some(finding) = node_lost(observed, pod) {
        return Some(finding);
    }
    // An evicted or refused pod object stays behind while the ReplicaSet makes another one: nothing of it is a crash.
    if pod.phase == "Failed" && !pod.reason.is_empty() {
        return None;
    }
    let scene = container::Scene { observed, expected, pod, late };
    let inits = pod.init_containers.iter().map(|init| (init, !init.sidecar));
    let containers = pod.containers.iter().map(|container| (container, false));
    inits
        .chain(containers)
        .filter_map(|(container, runs_once)| scene.finding(container, runs_once))
        .min_by_key(|finding| specificity(&finding.cause))
        .or_else(|| unschedulable(observed, pod))
}

fn node_lost(observed: &Observed, pod: &PodFacts) -> Option<Finding> {
    let silent = || observed.events_of(&format!("Pod/{}", pod.name)).iter().any(|event| event.reason == "NodeNotReady");
    let lost = pod.reason == "NodeLost" || (!pod.ready && !pod.node.is_empty() && silent());
    lost.then(|| Finding::of_pod(pod, Cause::NodeLost { pod: pod.name.clone(), node: pod.node.clone() }))
}

fn unschedulable(observed: &Observed, pod: &PodFacts) -> Option<Finding> {
    let (reason, message) = pod.unschedulable.as_ref()?;
    let age = observed.age(pod.created);
    // Only a lack of something that pods hold can be mended by pods that go.
    let held =
        ["Insufficient", "free ports", "anti-affinity", "Too many pods"].iter().any(|lack| message.contains(lack));
    let relief = held && relief_is_coming(observed, age);
    (reason == "Unschedulable" && age >= GRACE && !relief)
        .then(|| Finding::of_pod(pod, Cause::Unschedulable { pod: pod.name.clone(), message: message.clone() }))
}

/// The `ReplicaSet` may not make pods.
fn refusal(observed: &Observed, expected: &Expected) -> Option<Finding> {
    let (new, _) = observed.replica_sets(expected);
    let failing = new.into_iter().filter_map(|set| set.failure.as_ref().map(|(_, message)| (set, message)));
    let (set, message) = failing.min_by_key(|(set, _)| &set.name)?;
    let age = observed.age(set.created);
    let text = message.to_lowercase();
    let quota = text.contains("exceeded quota");
    let passing = [
        // A namespace that was just made gets its accounts a moment later.
        "error looking up service account",
        "failed calling webhook",
        "operation cannot be fulfilled",
        "context deadline exceeded",
        "status unknown for quota",
        "timeout",
    ]
    .iter()
    .any(|sign| text.contains(sign));
    let patience = if passing { REFUSAL_PASSES } else { GRACE };
    if age < patience || (quota && relief_is_coming(observed, age)) {
        return None;
    }
    let message = message.clone();
    let cause = if quota { Cause::Quota { message } } else { Cause::Admission { message } };
    Some(Finding::of(format!("ReplicaSet/{}", set.name), cause))
}

/// Pods of this group are terminating and still hold what the new ones ask for.
fn relief_is_coming(observed: &Observed, waited: Duration) -> bool {
    waited < RELIEF && observed.pods.iter().any(|pod| pod.deleting)
}

fn deadline(observed: &Observed, expected: &Expected) -> Option<Finding> {
    let deployment = observed.deployment.as_ref()?;
    if let Some(batches) = &expected.batches {
        // That of the Deployment is out of force while batches hold it.
        let seconds = batches.strategy.progress_deadline_seconds;
        let late = observed.since_progress >= Duration::from_secs(seconds.into());
        return late.then(|| Finding::of(format!("Deployment/{}", deployment.name), Cause::Deadline { seconds }));
    }
    let current = deployment.observed_generation >= deployment.generation;
    let progressing = deployment.condition("Progressing")?;
    let exceeded = progressing.status == "False" && progressing.reason == "ProgressDeadlineExceeded";
    (current && exceeded).then(|| {
        let cause = Cause::Deadline { seconds: deployment.progress_deadline_seconds };
        Finding::of(format!("Deployment/{}", deployment.name), cause)
    })
}

#[cfg(test)]
mod tests;
