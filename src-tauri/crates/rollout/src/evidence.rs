//! The facts that show a cause. Log lines are read by whoever may talk to the cluster.

use crate::observe::Observed;
use slipway_model::diagnosis::{Cause, Diagnosis, Evidence};
use slipway_model::instance::{ContainerFacts, ContainerState, Exit, PodFacts};

/// Newest events that are kept with a release.
const EVENTS_KEPT: usize = 20;

/// One cause, and where it was seen.
#[derive(Clone, Debug)]
pub(crate) struct Finding {
    pub(crate) cause: Cause,
    /// `Pod/…`, `ReplicaSet/…`, `Deployment/…`
    pub(crate) object: String,
    pub(crate) exit: Option<Exit>,
    log: Option<Log>,
    ruled_out: Vec<&'static str>,
}

/// Where the last words are.
#[derive(Clone, Debug)]
struct Log {
    pod: String,
    container: String,
    previous: bool,
}

impl Finding {
    pub(crate) fn of(object: String, cause: Cause) -> Self {
        Self { cause, object, exit: None, log: None, ruled_out: Vec::new() }
    }

    pub(crate) fn of_pod(pod: &PodFacts, cause: Cause) -> Self {
        Self::of(format!("Pod/{}", pod.name), cause)
    }

    /// A cause in one container. `exit` is how its failing run ended, where it did.
    pub(crate) fn of_container(pod: &PodFacts, container: &ContainerFacts, cause: Cause, exit: Option<Exit>) -> Self {
        let ran = container.last.is_some()
            || matches!(container.state, ContainerState::Running { .. } | ContainerState::Terminated(_));
        // The run that failed is the current one until the next has begun.
        let previous = exit.is_some() && !matches!(container.state, ContainerState::Terminated(_));
        let log = ran.then(|| Log { pod: pod.name.clone(), container: container.name.clone(), previous });
        let ruled_out = [
            ("scheduled", !pod.node.is_empty()),
            ("image_pulled", ran && !matches!(cause, Cause::Image { .. })),
            ("config_present", ran),
            ("no_oom", exit.is_some() && !matches!(cause, Cause::OutOfMemory { .. })),
        ];
        let ruled_out = ruled_out.into_iter().filter_map(|(code, holds)| holds.then_some(code)).collect();
        Self { exit, log, ruled_out, ..Self::of_pod(pod, cause) }
    }

    pub(crate) fn diagnosis(self, observed: &Observed) -> Diagnosis {
        let events = observed.events_of(&self.object);
        let newest = events.len().saturating_sub(EVENTS_KEPT);
        let log = self.log.unwrap_or(Log { pod: String::new(), container: String::new(), previous: false });
        Diagnosis {
            cause: self.cause,
            at: observed.now,
            evidence: Evidence {
                last_exit: self.exit,
                events: events[newest..].iter().map(|event| (*event).clone()).collect(),
                log: Vec::new(),
                log_pod: log.pod,
                log_container: log.container,
                log_previous: log.previous,
                ruled_out: self.ruled_out.into_iter().map(str::to_owned).collect(),
            },
        }
    }
}
