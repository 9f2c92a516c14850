//! Scenes for the tests: a release r7 of a group, all of whose pods run well, and changes of it.

use crate::observe::{Expected, Observed};
use jiff::{SignedDuration, Timestamp};
use slipway_model::diagnosis::EventFact;
use slipway_model::instance::{ContainerFacts, ContainerState, Exit, PodFacts};
use slipway_model::workload::{DeploymentFacts, Manager, ReplicaSetFacts};
use std::time::Duration;

/// The moment at which everything is looked at.
pub(crate) const DAY: Timestamp = Timestamp::constant(1_800_000_000, 0);

#[derive(Clone, Debug)]
pub(crate) struct Scene {
    pub(crate) observed: Observed,
    pub(crate) expected: Expected,
}

impl Scene {
    pub(crate) fn deployment(&mut self) -> &mut DeploymentFacts {
        self.observed.deployment.as_mut().expect("a Deployment")
    }

    pub(crate) fn new_set(&mut self) -> &mut ReplicaSetFacts {
        &mut self.observed.replica_sets[0]
    }

    pub(crate) fn old_set(&mut self) -> &mut ReplicaSetFacts {
        &mut self.observed.replica_sets[1]
    }

    /// The first pod of the new version.
    pub(crate) fn pod(&mut self) -> &mut PodFacts {
        &mut self.observed.pods[0]
    }

    /// Its only container.
    pub(crate) fn container(&mut self) -> &mut ContainerFacts {
        &mut self.observed.pods[0].containers[0]
    }

    pub(crate) fn event(&mut self, reason: &str, message: &str, count: u32) {
        self.event_of("Pod/p0", reason, message, count);
    }

    pub(crate) fn event_of(&mut self, object: &str, reason: &str, message: &str, count: u32) {
        let id = format!("e{}", self.observed.events.len());
        self.observed.events.push(EventFact {
            id,
            at: Some(DAY),
            kind: "Warning".into(),
            reason: reason.into(),
            message: message.into(),
            object: object.into(),
            count,
        });
    }
}

pub(crate) fn expected() -> Expected {
    Expected {
        workload: "shop-prod".into(),
        uid: Some("d".into()),
        release: "r7".into(),
        template_hash: Some("ours".into()),
        generation: 7,
        paused: false,
        memory_limit: Some("256Mi".into()),
        batches: None,
    }
}

/// A finished rollout of `count` pods.
pub(crate) fn done(count: u32) -> Scene {
    let set = |uid: &str, release: &str, hash: &str, count: u32| ReplicaSetFacts {
        uid: uid.into(),
        name: uid.into(),
        owner: "d".into(),
        created: Some(ago(60)),
        desired: count,
        current: count,
        ready: count,
        available: count,
        template_release: release.into(),
        template_hash: hash.into(),
        ..ReplicaSetFacts::default()
    };
    let deployment = DeploymentFacts {
        uid: "d".into(),
        name: "shop-prod".into(),
        generation: 7,
        observed_generation: 7,
        desired: count,
        current: count,
        updated: count,
        ready: count,
        available: count,
        template_release: "r7".into(),
        template_hash: "ours".into(),
        progress_deadline_seconds: 600,
        managers: vec![manager("slipway", "", 7)],
        ..DeploymentFacts::default()
    };
    let observed = Observed {
        deployment: Some(deployment),
        replica_sets: vec![set("new", "r7", "ours", count), set("old", "r6", "before", 0)],
        pods: (0..count).map(pod).collect(),
        events: Vec::new(),
        now: DAY,
        since_begin: Duration::from_mins(1),
        since_progress: Duration::ZERO,
    };
    Scene { observed, expected: expected() }
}

fn pod(number: u32) -> PodFacts {
    PodFacts {
        name: format!("p{number}"),
        uid: format!("p{number}"),
        phase: "Running".into(),
        created: Some(ago(60)),
        ready: true,
        containers: vec![ContainerFacts {
            name: "app".into(),
            image: "shop/api:2".into(),
            ready: true,
            started: true,
            state: ContainerState::Running { since: Some(ago(60)) },
            ..ContainerFacts::default()
        }],
        node: "n1".into(),
        replica_set: "new".into(),
        release: "r7".into(),
        ..PodFacts::default()
    }
}

pub(crate) fn exit(code: i32, reason: &str) -> Exit {
    Exit { code, reason: reason.into(), finished: Some(ago(1)), ..Exit::default() }
}

pub(crate) fn manager(name: &str, subresource: &str, second: i64) -> Manager {
    Manager {
        name: name.into(),
        operation: "Update".into(),
        subresource: subresource.into(),
        at: Timestamp::from_second(second).ok(),
    }
}

pub(crate) fn ago(seconds: i64) -> Timestamp {
    DAY - SignedDuration::from_secs(seconds)
}
