//! Pods, down to the facts that are shown and decided from.

use super::Wire;
use super::wire::Meta;
use crate::objects::Kind;
use jiff::Timestamp;
use serde::Deserialize;
use slipway_model::instance::{ContainerFacts, ContainerState, Exit, PodFacts};

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct PodWire {
    metadata: Meta,
    spec: Spec,
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    node_name: String,
    containers: Vec<Container>,
    init_containers: Vec<Container>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Container {
    name: String,
    image: String,
    restart_policy: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    phase: String,
    reason: String,
    message: String,
    #[serde(rename = "podIP")]
    pod_ip: String,
    #[serde(rename = "hostIP")]
    host_ip: String,
    conditions: Vec<Condition>,
    container_statuses: Vec<ContainerStatus>,
    init_container_statuses: Vec<ContainerStatus>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    reason: String,
    message: String,
    last_transition_time: Option<Timestamp>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct ContainerStatus {
    name: String,
    ready: bool,
    started: Option<bool>,
    restart_count: u32,
    state: State,
    last_state: State,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct State {
    waiting: Option<Waiting>,
    running: Option<Running>,
    terminated: Option<Terminated>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Waiting {
    reason: String,
    message: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Running {
    started_at: Option<Timestamp>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Terminated {
    exit_code: i32,
    reason: String,
    message: String,
    started_at: Option<Timestamp>,
    finished_at: Option<Timestamp>,
}

impl From<Terminated> for Exit {
    fn from(end: Terminated) -> Self {
        Self {
            code: end.exit_code,
            reason: end.reason,
            message: end.message,
            started: end.started_at,
            finished: end.finished_at,
        }
    }
}

impl From<State> for ContainerState {
    fn from(state: State) -> Self {
        match state {
            State { terminated: Some(end), .. } => Self::Terminated(end.into()),
            State { running: Some(running), .. } => Self::Running { since: running.started_at },
            State { waiting: Some(waiting), .. } => Self::Waiting { reason: waiting.reason, message: waiting.message },
            _ => Self::Unknown,
        }
    }
}

impl Wire for PodWire {
    type Row = PodFacts;
    const KIND: Kind = Kind::Pod;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> PodFacts {
        let Status { conditions, container_statuses, init_container_statuses, .. } = self.status;
        let condition = |kind: &str| conditions.iter().find(|condition| condition.kind == kind);
        let ready = condition("Ready").filter(|ready| ready.status == "True");
        let unschedulable = condition("PodScheduled").filter(|scheduled| scheduled.status == "False");
        let replica_set = self.metadata.owner("ReplicaSet").map(|owner| owner.name.clone()).unwrap_or_default();
        PodFacts {
            phase: self.status.phase,
            reason: self.status.reason,
            message: self.status.message,
            deleting: self.metadata.deletion_timestamp.is_some(),
            created: self.metadata.creation_timestamp,
            ready: ready.is_some(),
            ready_since: ready.and_then(|ready| ready.last_transition_time),
            unschedulable: unschedulable.map(|why| (why.reason.clone(), why.message.clone())),
            init_containers: containers(self.spec.init_containers, init_container_statuses),
            containers: containers(self.spec.containers, container_statuses),
            ip: self.status.pod_ip,
            host_ip: self.status.host_ip,
            node: self.spec.node_name,
            replica_set,
            release: self.metadata.labels.release,
            group: self.metadata.labels.group,
            balancers: self.metadata.labels.balancers,
            name: self.metadata.name,
            uid: self.metadata.uid,
        }
    }
}

/// In the order of the spec, which is the order of their author; the statuses come sorted by name.
fn containers(specs: Vec<Container>, mut statuses: Vec<ContainerStatus>) -> Vec<ContainerFacts> {
    let facts = specs.into_iter().map(|spec| {
        let at = statuses.iter().position(|status| status.name == spec.name);
        let status = at.map(|at| statuses.swap_remove(at)).unwrap_or_default();
        ContainerFacts {
            name: spec.name,
            image: spec.image,
            ready: status.ready,
            started: status.started.unwrap_or(false),
            restarts: status.restart_count,
            state: status.state.into(),
            last: status.last_state.terminated.map(Exit::from),
            sidecar: spec.restart_policy == "Always",
        }
    });
    facts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pod_as_the_server_sends_it() {
        let text = include_str!("fixtures/pod.json");
        let pod = serde_json::from_str::<PodWire>(text).expect("a pod").into_row();
        assert_eq!((pod.phase.as_str(), pod.ready, pod.deleting), ("Running", false, false));
        assert!(pod.replica_set.starts_with("crash-") && !pod.ip.is_empty() && !pod.node.is_empty());
        assert_eq!(pod.release, "r7");
        let [first, second] = pod.containers.as_slice() else { panic!("{:?}", pod.containers) };
        assert_eq!((first.name.as_str(), second.name.as_str()), ("web", "app"), "the author's order");
        assert!(first.ready && matches!(first.state, ContainerState::Running { since: Some(_) }));
        assert!(second.restarts > 0 && second.last.as_ref().is_some_and(|exit| exit.code != 0), "{second:?}");
        let init = &pod.init_containers[0];
        assert!(!init.sidecar && matches!(&init.state, ContainerState::Terminated(exit) if exit.code == 0));
    }

    #[test]
    fn a_pod_without_status() {
        let pod = serde_json::from_str::<PodWire>(
            r#"{"metadata":{"uid":"1","name":"a","creationTimestamp":null,"labels":{"slipway.dev/group":"prod",
               "balancer.slipway.dev/all":"true","balancer.slipway.dev/gone":"false","other":"x"}},"spec":{"containers":[{"name":"app"}]},
               "status":{"conditions":[{"type":"PodScheduled","status":"False","reason":"Unschedulable","message":"0/1"}]}}"#,
        );
        let pod = pod.expect("a pod").into_row();
        assert_eq!(pod.unschedulable, Some(("Unschedulable".into(), "0/1".into())));
        assert_eq!(pod.containers[0].state, ContainerState::Unknown);
        assert_eq!((pod.group.as_str(), pod.balancers), ("prod", vec!["all".to_owned()]));
    }
}
