//! A linked cluster: a namespace of a Kubernetes cluster, with the identity that this computer has there.

use crate::field::{FieldCode, Refusal};
use crate::id::LinkId;
use crate::name::{self, TITLE_MAX};
use crate::traffic::ServicePlace;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ClusterLink {
    pub id: LinkId,
    /// Free text, unique on this computer.
    pub name: String,
    /// `https://host:port` of the API server that answered.
    pub server: String,
    /// SHA-256 of the CA certificate (DER), upper-case hex in pairs with colons; empty when the system's roots are used.
    pub fingerprint: String,
    pub namespace: String,
    /// What the link *is*: survives new codes, addresses and certificates.
    pub namespace_uid: String,
    /// Authenticated name (`SelfSubjectReview`).
    pub identity: String,
    pub role: Option<Role>,
    #[ts(type = "string | null")]
    pub expires: Option<Timestamp>,
    pub source: LinkSource,
    /// Where its Prometheus is, where a person has said so.
    #[serde(default)]
    pub prometheus: Option<ServicePlace>,
}

/// Where the credential comes from. The credential itself is in the vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkSource {
    /// An authorization code.
    Code,
    /// A context of a kubeconfig file, read anew at each sign-in.
    Kubeconfig { file: String, context: String },
    /// A context of a pasted kubeconfig, whose copy is in the vault.
    KubeconfigCopy { context: String },
}

/// Role presets that the API server enforces, weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Operator,
    Deployer,
    Manager,
    Owner,
}

/// State of the session with one linked cluster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum SessionState {
    Connecting,
    /// Answers; `latency_ms` is the last probe's.
    Ready {
        latency_ms: u32,
    },
    /// Answers, but a watch is behind since then.
    Degraded {
        #[ts(type = "string")]
        since: Timestamp,
        reason: String,
    },
    Unreachable {
        #[ts(type = "string")]
        since: Timestamp,
        #[ts(type = "string | null")]
        retry_at: Option<Timestamp>,
        reason: String,
    },
    /// 401: only this link needs the person.
    SignInNeeded {
        reason: String,
    },
}

/// A link's name: any text a person can read, not empty.
///
/// # Errors
/// `Required`, `TooLong` or `ControlCharacters`.
pub fn link_name(typed: &str) -> Result<String, Refusal> {
    let name = name::text(typed, TITLE_MAX, false)?;
    if name.is_empty() { Err(Refusal::new(FieldCode::Required)) } else { Ok(name) }
}

/// A feature of Slipway as a set of permissions, asked of the cluster before a link is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// Pods, logs, history.
    See,
    /// Restart, scale, evict, terminal.
    Operate,
    /// Deploy, batches, roll back, configuration.
    Deploy,
    /// Load balancers, delete groups.
    Manage,
    Metrics,
    /// GPU types and node capacity; optional.
    Nodes,
    Members,
}

/// One permission: verbs on a resource of an API group in the app's namespace (or in the whole cluster).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rule {
    pub api_group: String,
    /// `pods`, or with a subresource `pods/log`.
    pub resource: String,
    pub verbs: Vec<String>,
}

/// What this identity may do of one feature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Grant {
    pub feature: Feature,
    pub allowed: bool,
    /// Rules that the cluster refused.
    pub missing: Vec<Rule>,
    /// A Role and `RoleBinding` that would grant what is missing; empty where nothing is.
    pub yaml: String,
}
