//! The few facts of a Deployment and its `ReplicaSets` that releases are decided from: what their watches are decoded
//! into.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The name that all our writes carry in managedFields.
pub const FIELD_MANAGER: &str = "slipway";

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeploymentFacts {
    pub uid: String,
    pub name: String,
    pub resource_version: String,
    pub generation: i64,
    /// The generation that the status speaks of: with an older one, every figure below may be of the time before.
    pub observed_generation: i64,
    /// Has a deletion timestamp.
    pub deleting: bool,
    /// `spec.replicas`
    pub desired: u32,
    pub paused: bool,
    /// `status.replicas`: pods of all versions that are not terminating.
    pub current: u32,
    /// … of these: of the newest template, ready, ready for `min_ready_seconds`, and still missing.
    pub updated: u32,
    pub ready: u32,
    pub available: u32,
    pub unavailable: u32,
    /// Label `slipway.dev/release` of the pod template.
    pub template_release: String,
    /// SHA-256 over the canonical JSON of the pod template without its `pod-template-hash`, hex.
    pub template_hash: String,
    /// Names of the containers and their images. Which of them is the app's is the group's to say.
    pub images: Vec<(String, String)>,
    pub restarted: Option<Restart>,
    /// A number or a percentage, as written; empty for `Recreate`.
    pub max_surge: String,
    pub max_unavailable: String,
    pub min_ready_seconds: u32,
    pub progress_deadline_seconds: u32,
    pub conditions: Vec<Condition>,
    /// Who wrote it, newest last.
    pub managers: Vec<Manager>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ReplicaSetFacts {
    pub uid: String,
    pub name: String,
    /// uid of the Deployment that owns it.
    pub owner: String,
    pub created: Option<Timestamp>,
    pub generation: i64,
    pub observed_generation: i64,
    /// Annotation `deployment.kubernetes.io/revision`.
    pub revision: i64,
    /// `spec.replicas`
    pub desired: u32,
    pub current: u32,
    pub ready: u32,
    pub available: u32,
    /// Label `slipway.dev/release` of its pods.
    pub template_release: String,
    /// As of the Deployment: equal when both mean the same pods.
    pub template_hash: String,
    /// Names of the containers and their images. Which of them is the app's is the group's to say.
    pub images: Vec<(String, String)>,
    /// Why it may not make pods: reason and message of the condition `ReplicaFailure` while it is true.
    pub failure: Option<(String, String)>,
}

/// All pods of a Deployment, replaced by themselves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Restart {
    #[ts(type = "string")]
    pub at: Timestamp,
    /// `None` where it was not done with Slipway.
    pub by: Option<String>,
}

/// A condition of a Deployment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Condition {
    /// `Available`, `Progressing`, `ReplicaFailure`
    pub kind: String,
    /// `True`, `False` or `Unknown`
    pub status: String,
    pub reason: String,
    pub message: String,
}

/// One entry of managedFields, without its fields.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Manager {
    pub name: String,
    /// `Apply` or `Update`
    pub operation: String,
    /// `status`, `scale`, or empty for the object itself.
    pub subresource: String,
    pub at: Option<Timestamp>,
}

/// Image of the app's container; the first one stands in where it is not there.
pub fn image_of<'a>(images: &'a [(String, String)], container: &str) -> &'a str {
    let own = images.iter().find(|(name, _)| name == container).or_else(|| images.first());
    own.map(|(_, image)| image.as_str()).unwrap_or_default()
}

impl DeploymentFacts {
    pub fn condition(&self, kind: &str) -> Option<&Condition> {
        self.conditions.iter().find(|condition| condition.kind == kind)
    }
}
