//! One pod of a group as the window shows it, and the one function that says how it is.

use crate::image::ImageRef;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The few facts of a pod that Slipway uses: what a watch is decoded into.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PodFacts {
    pub name: String,
    pub uid: String,
    pub phase: String,
    /// `status.reason`: Evicted, `NodeLost` …
    pub reason: String,
    pub message: String,
    pub deleting: bool,
    pub created: Option<Timestamp>,
    pub ready: bool,
    pub ready_since: Option<Timestamp>,
    /// `PodScheduled` is false: the scheduler's reason and message.
    pub unschedulable: Option<(String, String)>,
    pub init_containers: Vec<ContainerFacts>,
    pub containers: Vec<ContainerFacts>,
    pub ip: String,
    pub host_ip: String,
    pub node: String,
    /// Name of the owning `ReplicaSet`.
    pub replica_set: String,
    /// Label `slipway.dev/release` of the pod.
    pub release: String,
    /// Label `slipway.dev/group`: the slug of its group.
    pub group: String,
    /// Names of the load balancers of several groups that it is behind, by its labels.
    pub balancers: Vec<String>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ContainerFacts {
    pub name: String,
    pub image: String,
    pub ready: bool,
    pub started: bool,
    pub restarts: u32,
    pub state: ContainerState,
    pub last: Option<Exit>,
    /// Restartable init container.
    pub sidecar: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ContainerState {
    /// No status yet.
    #[default]
    Unknown,
    Waiting {
        reason: String,
        message: String,
    },
    Running {
        since: Option<Timestamp>,
    },
    Terminated(Exit),
}

/// How a container ended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Exit {
    pub code: i32,
    pub reason: String,
    pub message: String,
    #[ts(type = "string | null")]
    pub started: Option<Timestamp>,
    #[ts(type = "string | null")]
    pub finished: Option<Timestamp>,
}

/// A row of *Instances*.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Instance {
    /// Pod uid: also the row's identity in the feed.
    pub id: String,
    pub name: String,
    pub health: Health,
    /// The word kubectl would print (`Running`, `CrashLoopBackOff`, `ImagePullBackOff` …).
    pub status: String,
    /// Why, in facts, where it is not well.
    pub reason: Option<InstanceReason>,
    pub version: String,
    /// Sequence of the release that made it (`r41`), where the label says so.
    pub release: Option<String>,
    pub image: String,
    pub ready: bool,
    pub ready_containers: u32,
    pub containers: u32,
    /// Name of the app's container, whose log is shown first.
    pub container: String,
    pub restarts: u32,
    pub last_exit: Option<Exit>,
    pub ip: String,
    pub host_ip: String,
    pub node: String,
    pub replica_set: String,
    #[ts(type = "string | null")]
    pub created: Option<Timestamp>,
    #[ts(type = "string | null")]
    pub ready_since: Option<Timestamp>,
    /// Millicores; none until the metrics API has a sample.
    pub cpu_milli: Option<u32>,
    /// Bytes.
    #[ts(type = "number | null")]
    pub memory_bytes: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct InstanceReason {
    pub container: String,
    pub code: Option<i32>,
    pub message: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    /// Ready and serving.
    Ok,
    /// On its way: pending, creating, not ready yet, terminating.
    Progress,
    /// Serves, but something happened (restarted not long ago).
    Warn,
    /// Can not start or does not stay up.
    Danger,
    /// Ended on purpose.
    Done,
    Unknown,
}

/// How often a container may have restarted before *Running* is no longer the whole truth.
const RESTARTS_SUSPECT: u32 = 1;
/// A restart younger than this still counts as trouble, seconds.
const RESTART_RECENT: i64 = 600;

/// The status of a pod: the word as kubectl derives it (`printPod` in k8s.io/kubernetes `pkg/printers`), plus readiness
/// and crash loops, which a default kubelet hardly ever names.
pub fn status(pod: &PodFacts, now: Timestamp) -> (Health, String, Option<InstanceReason>) {
    let word = word(pod);
    if pod.deleting {
        let lost = pod.reason == "NodeLost";
        return (if lost { Health::Unknown } else { Health::Progress }, word, None);
    }
    if let Some((reason, message)) = &pod.unschedulable {
        let reason = InstanceReason { container: String::new(), code: None, message: format!("{reason}: {message}") };
        return (Health::Danger, word, Some(reason));
    }
    for container in pod.init_containers.iter().chain(&pod.containers) {
        if let Some(found) = container_trouble(container, now) {
            let word = if word == "Running" || word == "Completed" || word == "Error" { found.1 } else { word };
            return (found.0, word, Some(found.2));
        }
    }
    match pod.phase.as_str() {
        "Failed" => {
            let message = if pod.message.is_empty() { pod.reason.clone() } else { pod.message.clone() };
            (Health::Danger, word, Some(InstanceReason { container: String::new(), code: None, message }))
        }
        "Succeeded" => (Health::Done, word, None),
        "Running" if pod.ready => (Health::Ok, word, None),
        "Running" => (Health::Progress, if word == "Running" { "NotReady".to_owned() } else { word }, None),
        "Pending" => (Health::Progress, word, None),
        _ => (Health::Unknown, word, None),
    }
}

/// What is wrong with one container: (health, word, why).
fn container_trouble(container: &ContainerFacts, now: Timestamp) -> Option<(Health, String, InstanceReason)> {
    let why = |code: Option<i32>, message: String| InstanceReason { container: container.name.clone(), code, message };
    match &container.state {
        ContainerState::Waiting { reason, message } => {
            let exit = container.last.as_ref();
            match reason.as_str() {
                "" | "ContainerCreating" | "PodInitializing" if container.restarts == 0 => None,
                "" | "ContainerCreating" | "PodInitializing" => {
                    exit.map(|exit| (Health::Danger, "CrashLoopBackOff".into(), why(Some(exit.code), exit_text(exit))))
                }
                "CrashLoopBackOff" => {
                    let text = exit.map_or_else(|| message.clone(), exit_text);
                    Some((Health::Danger, reason.clone(), why(exit.map(|exit| exit.code), text)))
                }
                _ => Some((Health::Danger, reason.clone(), why(None, message.clone()))),
            }
        }
        ContainerState::Terminated(exit) if exit.code != 0 || container.restarts > 0 => {
            let word = if container.restarts > 0 { "CrashLoopBackOff" } else { exit_word(exit) };
            Some((Health::Danger, word.to_owned(), why(Some(exit.code), exit_text(exit))))
        }
        ContainerState::Running { .. } => {
            let last = container.last.as_ref().filter(|_| container.restarts >= RESTARTS_SUSPECT)?;
            let age = last.finished.map_or(i64::MAX, |at| now.as_second() - at.as_second());
            if age > RESTART_RECENT {
                return None;
            }
            if !container.ready && container.restarts > 1 {
                return Some((Health::Danger, "CrashLoopBackOff".into(), why(Some(last.code), exit_text(last))));
            }
            Some((Health::Warn, "Restarted".into(), why(Some(last.code), exit_text(last))))
        }
        _ => None,
    }
}

fn exit_word(exit: &Exit) -> &str {
    if exit.reason.is_empty() { "Error" } else { &exit.reason }
}

fn exit_text(exit: &Exit) -> String {
    if exit.message.is_empty() { exit.reason.clone() } else { exit.message.trim().to_owned() }
}

/// kubectl's STATUS column.
fn word(pod: &PodFacts) -> String {
    let mut word = if pod.reason.is_empty() { pod.phase.clone() } else { pod.reason.clone() };
    let mut initializing = false;
    for (at, container) in pod.init_containers.iter().enumerate() {
        match &container.state {
            ContainerState::Terminated(exit) if exit.code == 0 => continue,
            ContainerState::Running { .. } if container.sidecar && container.started => continue,
            ContainerState::Terminated(exit) => word = format!("Init:{}", exit_word(exit)),
            ContainerState::Waiting { reason, .. } if !reason.is_empty() && reason != "PodInitializing" => {
                word = format!("Init:{reason}");
            }
            _ => word = format!("Init:{at}/{}", pod.init_containers.len()),
        }
        initializing = true;
        break;
    }
    if !initializing {
        let mut running = false;
        for container in pod.containers.iter().rev() {
            match &container.state {
                ContainerState::Waiting { reason, .. } if !reason.is_empty() => word.clone_from(reason),
                ContainerState::Terminated(exit) => exit_word(exit).clone_into(&mut word),
                ContainerState::Running { .. } if container.ready => running = true,
                _ => {}
            }
        }
        if word == "Completed" && running {
            if pod.ready { "Running" } else { "NotReady" }.clone_into(&mut word);
        }
    }
    if pod.deleting {
        if pod.reason == "NodeLost" { "Unknown" } else { "Terminating" }.clone_into(&mut word);
    }
    if word == "Pending" && pod.unschedulable.is_some() {
        "Unschedulable".clone_into(&mut word);
    }
    word
}

impl Instance {
    /// The row of a pod. `container` names the app's own container; the first one stands in where it is not there.
    pub fn new(pod: &PodFacts, container: &str, now: Timestamp) -> Self {
        let (health, status, reason) = status(pod, now);
        let own = pod.containers.iter().find(|c| c.name == container).or_else(|| pod.containers.first());
        Self {
            id: pod.uid.clone(),
            name: pod.name.clone(),
            health,
            status,
            reason,
            version: own.map(|c| ImageRef::version_of(&c.image)).unwrap_or_default(),
            release: Some(pod.release.clone()).filter(|release| !release.is_empty()),
            image: own.map(|c| c.image.clone()).unwrap_or_default(),
            ready: pod.ready && !pod.deleting,
            ready_containers: u32::try_from(pod.containers.iter().filter(|c| c.ready).count()).unwrap_or(u32::MAX),
            containers: u32::try_from(pod.containers.len()).unwrap_or(u32::MAX),
            container: own.map(|c| c.name.clone()).unwrap_or_default(),
            restarts: pod.containers.iter().map(|c| c.restarts).sum(),
            last_exit: own.and_then(|c| c.last.clone()),
            ip: pod.ip.clone(),
            host_ip: pod.host_ip.clone(),
            node: pod.node.clone(),
            replica_set: pod.replica_set.clone(),
            created: pod.created,
            ready_since: pod.ready_since,
            cpu_milli: None,
            memory_bytes: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(phase: &str, ready: bool, container: ContainerFacts) -> PodFacts {
        PodFacts { phase: phase.into(), ready, containers: vec![container], ..PodFacts::default() }
    }

    fn exit(code: i32, at: i64) -> Exit {
        let finished = Timestamp::from_second(at).ok();
        Exit { code, reason: "Error".into(), finished, ..Exit::default() }
    }

    fn check(pod: &PodFacts, health: Health, word: &str) {
        let now = Timestamp::from_second(1_000_000).expect("time");
        let (got, text, _) = status(pod, now);
        assert_eq!((got, text.as_str()), (health, word));
    }

    #[test]
    fn words_and_health() {
        let running = || ContainerState::Running { since: None };
        let container = |state, ready| ContainerFacts { name: "app".into(), state, ready, ..ContainerFacts::default() };
        check(&pod("Running", true, container(running(), true)), Health::Ok, "Running");
        check(&pod("Running", false, container(running(), false)), Health::Progress, "NotReady");
        let waiting = |reason: &str| ContainerState::Waiting { reason: reason.into(), message: String::new() };
        check(
            &pod("Pending", false, container(waiting("ContainerCreating"), false)),
            Health::Progress,
            "ContainerCreating",
        );
        check(&pod("Pending", false, container(waiting("ErrImagePull"), false)), Health::Danger, "ErrImagePull");
        check(
            &pod("Running", false, container(ContainerState::Terminated(exit(1, 5)), false)),
            Health::Danger,
            "Error",
        );
        let looping = ContainerFacts { restarts: 2, last: Some(exit(1, 999_990)), ..container(running(), false) };
        check(&pod("Running", false, looping), Health::Danger, "CrashLoopBackOff");
        let recovered = ContainerFacts { restarts: 25, last: Some(exit(137, 999_900)), ..container(running(), true) };
        check(&pod("Running", true, recovered), Health::Warn, "Restarted");
        let old = ContainerFacts { restarts: 25, last: Some(exit(137, 5)), ..container(running(), true) };
        check(&pod("Running", true, old), Health::Ok, "Running");
        let mut pending = pod("Pending", false, container(ContainerState::Unknown, false));
        pending.unschedulable = Some(("Unschedulable".into(), "0/1 nodes".into()));
        check(&pending, Health::Danger, "Unschedulable");
        let mut going = pod("Running", true, container(running(), true));
        going.deleting = true;
        check(&going, Health::Progress, "Terminating");
    }
}
