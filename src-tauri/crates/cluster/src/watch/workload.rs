//! Deployments and `ReplicaSets`, down to the facts that releases are decided from.

use super::Wire;
use super::wire::{Annotations, ManagerWire, Meta};
use crate::objects::Kind;
use serde::Deserialize;
use serde_json::Value;
use slipway_model::workload::{Condition, DeploymentFacts, Manager, ReplicaSetFacts, Restart};
use slipway_render::{live, names};

/// The controller's mark of a `ReplicaSet`, on its template too.
const LABEL_HASH: &str = "pod-template-hash";

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DeploymentWire {
    metadata: DeploymentMeta,
    spec: DeploymentSpec,
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeploymentMeta {
    name: String,
    uid: String,
    resource_version: String,
    generation: i64,
    deletion_timestamp: Option<jiff::Timestamp>,
    managed_fields: Vec<ManagerWire>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct DeploymentSpec {
    replicas: u32,
    paused: bool,
    min_ready_seconds: u32,
    progress_deadline_seconds: u32,
    strategy: Strategy,
    template: Value,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Strategy {
    rolling_update: RollingUpdate,
}

/// Numbers or percentages.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RollingUpdate {
    max_surge: Value,
    max_unavailable: Value,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    observed_generation: i64,
    replicas: u32,
    updated_replicas: u32,
    ready_replicas: u32,
    available_replicas: u32,
    unavailable_replicas: u32,
    conditions: Vec<ConditionWire>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ConditionWire {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    reason: String,
    message: String,
}

impl From<ConditionWire> for Condition {
    fn from(wire: ConditionWire) -> Self {
        Self { kind: wire.kind, status: wire.status, reason: wire.reason, message: wire.message }
    }
}

impl Wire for DeploymentWire {
    type Row = DeploymentFacts;
    const KIND: Kind = Kind::Deployment;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> DeploymentFacts {
        let Self { metadata, spec, status } = self;
        let mut managers: Vec<Manager> = metadata.managed_fields.into_iter().map(Manager::from).collect();
        managers.sort_by_key(|manager| manager.at);
        let template = Template::of(spec.template);
        DeploymentFacts {
            uid: metadata.uid,
            name: metadata.name,
            resource_version: metadata.resource_version,
            generation: metadata.generation,
            observed_generation: status.observed_generation,
            deleting: metadata.deletion_timestamp.is_some(),
            desired: spec.replicas,
            paused: spec.paused,
            current: status.replicas,
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            available: status.available_replicas,
            unavailable: status.unavailable_replicas,
            template_release: template.release,
            template_hash: template.hash,
            images: template.images,
            restarted: template.restarted,
            max_surge: number_or_percent(&spec.strategy.rolling_update.max_surge),
            max_unavailable: number_or_percent(&spec.strategy.rolling_update.max_unavailable),
            min_ready_seconds: spec.min_ready_seconds,
            progress_deadline_seconds: spec.progress_deadline_seconds,
            conditions: status.conditions.into_iter().map(Condition::from).collect(),
            managers,
        }
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReplicaSetWire {
    metadata: Meta,
    spec: ReplicaSetSpec,
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct ReplicaSetSpec {
    replicas: u32,
    template: Value,
}

impl Wire for ReplicaSetWire {
    type Row = ReplicaSetFacts;
    const KIND: Kind = Kind::ReplicaSet;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> ReplicaSetFacts {
        let Self { metadata, spec, status } = self;
        let template = Template::of(spec.template);
        let failure = status.conditions.into_iter().find(|c| c.kind == "ReplicaFailure" && c.status == "True");
        let owner = metadata.owner("Deployment").map(|owner| owner.uid.clone()).unwrap_or_default();
        let Annotations { revision, .. } = metadata.annotations;
        ReplicaSetFacts {
            uid: metadata.uid,
            name: metadata.name,
            owner,
            created: metadata.creation_timestamp,
            generation: metadata.generation,
            observed_generation: status.observed_generation,
            revision: revision.parse().unwrap_or(0),
            desired: spec.replicas,
            current: status.replicas,
            ready: status.ready_replicas,
            available: status.available_replicas,
            template_release: template.release,
            template_hash: template.hash,
            images: template.images,
            failure: failure.map(|why| (why.reason, why.message)),
        }
    }
}

/// What tells pod templates apart.
struct Template {
    release: String,
    hash: String,
    images: Vec<(String, String)>,
    restarted: Option<Restart>,
}

impl Template {
    fn of(mut template: Value) -> Self {
        if let Some(labels) = template["metadata"]["labels"].as_object_mut() {
            labels.remove(LABEL_HASH);
        }
        let containers = template["spec"]["containers"].as_array().map(Vec::as_slice).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Self {
            release: text(&template["metadata"]["labels"][names::LABEL_RELEASE]),
            images: containers.iter().map(|one| (text(&one["name"]), text(&one["image"]))).collect(),
            restarted: slipway_render::restarted(&template),
            hash: live::hash(&template),
        }
    }
}

fn number_or_percent(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::workload::image_of;

    #[test]
    fn a_deployment_and_its_replica_set_as_the_server_sends_them() {
        let text = include_str!("fixtures/deployment.json");
        let deployment = serde_json::from_str::<DeploymentWire>(text).expect("a Deployment").into_row();
        assert_eq!((deployment.desired, deployment.template_release.as_str()), (1, "r7"));
        assert_eq!((deployment.max_surge.as_str(), deployment.max_unavailable.as_str()), ("1", "25%"));
        assert_eq!(deployment.progress_deadline_seconds, 600);
        assert_eq!(deployment.generation, deployment.observed_generation);
        assert!(deployment.condition("Available").is_some_and(|available| available.status == "False"));
        let image = image_of(&deployment.images, "app");
        assert!(image.ends_with("checkout-api:crash"), "of the container named app: {:?}", deployment.images);
        let managers: Vec<&str> = deployment.managers.iter().map(|manager| manager.operation.as_str()).collect();
        assert_eq!(managers, ["Apply", "Update"]);

        let text = include_str!("fixtures/replicaset.json");
        let set = serde_json::from_str::<ReplicaSetWire>(text).expect("a ReplicaSet").into_row();
        assert_eq!((set.owner.as_str(), set.revision), (deployment.uid.as_str(), 1));
        assert_eq!(set.template_hash, deployment.template_hash, "the same pods");
        assert_eq!((set.desired, set.current, set.ready), (1, 1, 0));
    }

    #[test]
    fn a_refused_replica_set_says_why() {
        let set = serde_json::from_str::<ReplicaSetWire>(
            r#"{"metadata":{"uid":"1"},"status":{"conditions":[{"type":"ReplicaFailure","status":"True",
                "reason":"FailedCreate","message":"exceeded quota"}]}}"#,
        );
        let failure = set.expect("a ReplicaSet").into_row().failure;
        assert_eq!(failure, Some(("FailedCreate".into(), "exceeded quota".into())));
    }
}
