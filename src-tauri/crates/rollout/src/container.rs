//! What is wrong with one container of the new version.

use crate::evidence::Finding;
use crate::observe::{Expected, Observed};
use slipway_model::diagnosis::{Cause, EventFact, ProbeKind};
use slipway_model::instance::{ContainerFacts, ContainerState, Exit, PodFacts};
use std::time::Duration;

/// Failures in a row that Kubernetes' own default forgives.
const PROBE_FAILURES: u32 = 3;
/// Part of the progress deadline that a container may take to become ready while its probe fails, and the bounds of
/// that time: slow starters are no failures.
const READINESS_SHARE: u32 = 10;
const READINESS_MIN: Duration = Duration::from_secs(10);
const READINESS_MAX: Duration = Duration::from_mins(1);

/// What the runtime says of a binary for another architecture (or of no binary at all).
const WRONG_ARCHITECTURE: &str = "exec format error";
/// Reasons of a waiting container that lie in the image.
const IMAGE_REASONS: &[&str] = &[
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "ErrImageNeverPull",
    "ImageInspectError",
    "RegistryUnavailable",
    "SignatureValidationFailed",
];
/// Reasons that lie in what the container is made with.
const CONFIG_REASONS: &[&str] = &["CreateContainerConfigError", "CreateContainerError"];
/// A pull that failed for one of these will fail again.
const EVIDENT: &[&str] =
    &["not found", "manifest unknown", "unauthorized", "denied", "forbidden", "no match for platform", "invalid"];
/// A pull that failed for one of these may succeed the next time.
const PASSING: &[&str] = &[
    "timeout",
    "timed out",
    "deadline exceeded",
    "connection refused",
    "connection reset",
    "network is unreachable",
    "no route to host",
    "no such host",
    "temporary failure",
    "server misbehaving",
    "eof",
    "too many requests",
    "toomanyrequests",
    "status code 429",
    "internal server error",
    "bad gateway",
    "service unavailable",
    "status code 50",
];

/// One pod among everything that was seen.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scene<'a> {
    pub(crate) observed: &'a Observed,
    pub(crate) expected: &'a Expected,
    pub(crate) pod: &'a PodFacts,
    /// The progress deadline has passed: nothing gets more time.
    pub(crate) late: bool,
}

impl Scene<'_> {
    /// `runs_once`: an init container, for which to end well is to be done.
    pub(crate) fn finding(&self, container: &ContainerFacts, runs_once: bool) -> Option<Finding> {
        match &container.state {
            ContainerState::Waiting { reason, message } => {
                self.waiting(container, reason, message).or_else(|| self.last_run(container, runs_once))
            }
            ContainerState::Terminated(exit) if runs_once && exit.code == 0 => None,
            ContainerState::Terminated(exit) => Some(self.ended(container, exit)),
            ContainerState::Running { .. } => {
                self.killed_by_probe(container).or_else(|| self.last_run(container, runs_once)).or_else(|| {
                    let never_ready = !runs_once && !container.ready;
                    never_ready.then(|| self.not_ready(container)).flatten()
                })
            }
            ContainerState::Unknown => None,
        }
    }

    fn waiting(&self, container: &ContainerFacts, reason: &str, message: &str) -> Option<Finding> {
        if message.contains(WRONG_ARCHITECTURE) {
            return Some(self.wrong_architecture(container, message, None));
        }
        let pod = self.pod.name.clone();
        let cause = if IMAGE_REASONS.contains(&reason) {
            if self.pull_may_pass(reason, message) {
                return None;
            }
            let image = container.image.clone();
            Cause::Image { pod, image, reason: reason.to_owned(), message: self.pull_message(message) }
        } else if CONFIG_REASONS.contains(&reason) {
            Cause::Config { pod, container: container.name.clone(), message: message.to_owned() }
        } else if reason == "RunContainerError" && container.last.is_none() {
            // The command itself cannot be started; kubelets give that 128.
            Cause::Crash { pod, container: container.name.clone(), code: 128, restarts: container.restarts }
        } else {
            return None;
        };
        Some(Finding::of_container(self.pod, container, cause, None))
    }

    /// A first failure of the network or the registry is not evident; the second is.
    fn pull_may_pass(&self, reason: &str, message: &str) -> bool {
        let text = self.pull_message(message).to_lowercase();
        let has = |signs: &[&str]| signs.iter().any(|sign| text.contains(sign));
        let passing = has(PASSING) && !has(EVIDENT);
        match reason {
            "ErrImagePull" => passing,
            // The kubelet says so after one failure as well; only events tell how many there were.
            "ImagePullBackOff" => passing && self.failed_pulls().map(|event| event.count.max(1)).sum::<u32>() == 1,
            _ => false,
        }
    }

    /// `ImagePullBackOff` mostly says only that it waits; the event says what for.
    fn pull_message(&self, message: &str) -> String {
        let bare = message.is_empty() || (message.starts_with("Back-off pulling image") && !message.contains(": "));
        let said = bare.then(|| self.failed_pulls().last().map(|event| event.message.clone())).flatten();
        said.unwrap_or_else(|| message.to_owned())
    }

    fn failed_pulls(&self) -> impl Iterator<Item = &EventFact> {
        self.events()
            .into_iter()
            .filter(|event| event.reason == "Failed" && event.message.starts_with("Failed to pull"))
    }

    /// A container that restarted and is not ready. The kubelet hardly ever says `CrashLoopBackOff`: the last run does.
    fn last_run(&self, container: &ContainerFacts, runs_once: bool) -> Option<Finding> {
        let exit = container.last.as_ref().filter(|exit| !(runs_once && exit.code == 0))?;
        (container.restarts > 0 && !container.ready).then(|| self.ended(container, exit))
    }

    /// A run that ended, although it was not to: also with code 0.
    fn ended(&self, container: &ContainerFacts, exit: &Exit) -> Finding {
        let (pod, name, restarts) = (self.pod.name.clone(), container.name.clone(), container.restarts);
        if exit.message.contains(WRONG_ARCHITECTURE) {
            return self.wrong_architecture(container, &exit.message, Some(exit.clone()));
        }
        let cause = if self.out_of_memory(exit) {
            let limit = self.expected.memory_limit.clone();
            Cause::OutOfMemory { pod, container: name, limit, restarts }
        } else if let Some(finding) = self.killed_by_probe(container) {
            return finding;
        } else {
            Cause::Crash { pod, container: name, code: exit.code, restarts }
        };
        Finding::of_container(self.pod, container, cause, Some(exit.clone()))
    }

    fn wrong_architecture(&self, container: &ContainerFacts, message: &str, exit: Option<Exit>) -> Finding {
        let cause = Cause::Image {
            pod: self.pod.name.clone(),
            image: container.image.clone(),
            reason: WRONG_ARCHITECTURE.to_owned(),
            message: message.to_owned(),
        };
        Finding::of_container(self.pod, container, cause, exit)
    }

    /// 137 alone is any SIGKILL.
    fn out_of_memory(&self, exit: &Exit) -> bool {
        let told = || {
            exit.message.to_lowercase().contains("oom")
                || self.events().iter().any(|event| event.reason.contains("OOM"))
        };
        exit.reason == "OOMKilled" || (exit.code == 137 && told())
    }

    /// The kubelet has killed it because a probe failed as often as the probe allows: whatever it looks like now.
    fn killed_by_probe(&self, container: &ContainerFacts) -> Option<Finding> {
        let killed = |word: &str| {
            let sentence = format!("Container {} failed {word} probe", container.name);
            self.events().iter().any(|event| event.reason == "Killing" && event.message.starts_with(&sentence))
        };
        let signal = |exit: &Exit| matches!(exit.code, 137 | 143);
        let exit = match &container.state {
            ContainerState::Terminated(exit) => Some(exit),
            _ => container.last.as_ref(),
        };
        let (probe, word) = [(ProbeKind::Startup, "startup"), (ProbeKind::Liveness, "liveness")].into_iter().find(
            |(probe, word)| killed(word) || (exit.is_some_and(signal) && self.unhealthy(*probe).0 >= PROBE_FAILURES),
        )?;
        let message = self.unhealthy(probe).1.unwrap_or_else(|| format!("{word} probe failed"));
        Some(self.probe(container, probe, message, exit.cloned()))
    }

    /// Started, asked often enough, and still not ready.
    fn not_ready(&self, container: &ContainerFacts) -> Option<Finding> {
        let ContainerState::Running { since } = &container.state else { return None };
        let (failures, message) = self.unhealthy(ProbeKind::Readiness);
        let deadline = self.observed.deployment.as_ref().map_or(0, |deployment| deployment.progress_deadline_seconds);
        let patience = Duration::from_secs(u64::from(deadline / READINESS_SHARE)).clamp(READINESS_MIN, READINESS_MAX);
        let lasting = failures >= PROBE_FAILURES && self.observed.age(*since) >= patience;
        (container.started && (lasting || self.late))
            .then_some(message)
            .flatten()
            .map(|message| self.probe(container, ProbeKind::Readiness, message, None))
    }

    fn probe(&self, container: &ContainerFacts, probe: ProbeKind, message: String, exit: Option<Exit>) -> Finding {
        let (pod, name) = (self.pod.name.clone(), container.name.clone());
        Finding::of_container(self.pod, container, Cause::Probe { pod, container: name, probe, message }, exit)
    }

    /// How often a probe failed, and what it said the last time.
    fn unhealthy(&self, probe: ProbeKind) -> (u32, Option<String>) {
        let word = match probe {
            ProbeKind::Liveness => "Liveness probe",
            ProbeKind::Readiness => "Readiness probe",
            ProbeKind::Startup => "Startup probe",
        };
        let events = self.events();
        let failures = || events.iter().filter(|event| event.reason == "Unhealthy" && event.message.starts_with(word));
        let count = failures().fold(0_u32, |sum, event| sum.saturating_add(event.count.max(1)));
        (count, failures().next_back().map(|event| event.message.clone()))
    }

    fn events(&self) -> Vec<&EventFact> {
        self.observed.events_of(&format!("Pod/{}", self.pod.name))
    }
}
