//! What a use case can end with. The contract turns it into a code, params and hints.

use crate::transfer::ImportError;
use slipway_cluster::kubeconfig::KubeconfigError;
use slipway_cluster::lease::LeaseError;
use slipway_cluster::record::RecordError;
use slipway_cluster::{ClusterError, CodeError, FieldConflict, Obstacle};
use slipway_model::FieldError;
use slipway_model::id::ReleaseId;
use slipway_model::release::ReleaseState;
use slipway_registry::Failure;
use slipway_store::{StoreError, VaultError};
use std::path::Path;
use std::sync::Arc;

pub type Result<T> = std::result::Result<T, Error>;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error("{} fields are wrong", .0.len())]
    Invalid(Vec<FieldError>),
    /// Of the saved draft of a group, where somebody asked for what it says.
    #[error("{} fields of the draft of {group:?} are wrong", fields.len())]
    Draft { group: String, fields: Vec<FieldError> },
    #[error("there is no {what} {name:?}")]
    NotFound { what: &'static str, name: String },
    #[error("{what} {name:?} exists already")]
    Taken { what: &'static str, name: String },
    #[error("{what} {name:?} is in use {count} times")]
    InUse { what: &'static str, name: String, count: u32 },
    #[error("the group was deleted")]
    GroupGone,
    #[error("the group {group:?} is being deleted")]
    Deleting { group: String },
    #[error("the cluster of group {group:?} is linked no more")]
    Unlinked { group: String },
    #[error("the image of {container:?} has no shell")]
    NoShell { container: String },
    #[error("the image of {container:?} has no {tool}")]
    NoTool { container: String, tool: &'static str },
    /// What a container says of one of its files.
    #[error("{path}: {what:?} {message}")]
    Remote { what: Obstacle, path: String, message: String },
    /// What came out in a container is not what was sent.
    #[error("{path} is not what was sent")]
    Differs { path: String },
    /// An archive of a container names what is not in it.
    #[error("{name:?} leads out of the folder")]
    Outside { name: String },
    #[error("{path} is no file")]
    Special { path: String },
    #[error("the disk of {path} is full")]
    DiskFull { path: String },
    #[error("what was under way was ended")]
    Stopped,
    #[error("this preview of a link is not known any more")]
    LinkForgotten,
    #[error("this plan is not known any more")]
    PlanForgotten,
    #[error("file {path:?} was saved by {by} meanwhile")]
    FileMoved { path: String, by: String },
    /// Sensitive values that only other computers know, of an object that the cluster does not have.
    #[error("the cluster has no object with the values of {}, and this computer does not know them", keys.join(", "))]
    Elsewhere { keys: Vec<String> },
    /// The draft, or what others released, since a merge of both was shown.
    #[error("a side of the merge is not as it was shown")]
    MergeMoved,
    #[error("a check of this plan blocks it")]
    PlanBlocked,
    #[error("{what} moved since the plan")]
    PlanMoved { what: String },
    #[error("{what} was made sensitive since the plan, which has it in the clear")]
    MadeSensitive { what: String },
    #[error("another release of this group moves: {seq} by {by}")]
    ReleaseRunning { id: Option<ReleaseId>, seq: String, by: String },
    /// Paused by a person, or at rest between two batches.
    #[error("the Deployment {name:?} is held where it is")]
    Held { name: String },
    #[error("this is not possible while the release is {state:?}")]
    NotNow { state: ReleaseState },
    /// By another Slipway, since this one applied it.
    #[error("{what} {name:?} was changed by another computer")]
    ChangedElsewhere { what: &'static str, name: String },
    /// Of a live object, since somebody saw it.
    #[error("field {field} is not as it was seen")]
    FieldMoved { field: String },
    #[error("{} fields belong to other field managers", .0.len())]
    Conflict(Vec<FieldConflict>),
    /// A record in the cluster that this Slipway may not write, or cannot read.
    #[error("{0}")]
    Record(String),
    #[error(transparent)]
    Code(#[from] CodeError),
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    #[error(transparent)]
    Store(Arc<StoreError>),
    #[error(transparent)]
    Vault(Arc<VaultError>),
    #[error(transparent)]
    Import(#[from] ImportError),
    /// What a registry says, or why it can not be asked.
    #[error("ask {host} of {repository}: {failure}")]
    Registry { host: String, repository: String, failure: Failure },
    /// Since the plan: what it leads to is not what was shown.
    #[error("the tag {tag} was moved from {planned} to {now}")]
    TagMoved { tag: String, planned: String, now: String },
    /// An export cannot be written to its place.
    #[error("write the export {path}: {reason}")]
    Export { path: String, reason: String },
    #[error("{operation} {path}: {reason}")]
    File { operation: &'static str, path: String, reason: String },
}

impl Error {
    pub(crate) fn unwritable(path: &Path, error: &std::io::Error) -> Self {
        Self::File { operation: "write", path: path.display().to_string(), reason: error.to_string() }
    }

    pub(crate) fn not_found(what: &'static str, name: &str) -> Self {
        Self::NotFound { what, name: name.to_owned() }
    }

    /// The same may succeed a moment later without anybody's doing.
    pub(crate) fn passing(&self) -> bool {
        match self {
            // A network's own login page, say, stands between here and the cluster.
            Self::Cluster(ClusterError::SignIn { .. } | ClusterError::Nonsense { .. }) => true,
            Self::Cluster(error) => error.retryable(),
            Self::Store(error) => matches!(**error, StoreError::Full { .. }),
            _ => false,
        }
    }

    /// What the server said when it refused an object for good.
    pub(crate) fn refusal(&self) -> Option<String> {
        match self {
            Self::Cluster(
                ClusterError::Invalid { message, .. }
                | ClusterError::Admission { message, .. }
                | ClusterError::Forbidden { message, .. }
                | ClusterError::QuotaExceeded { message, .. }
                | ClusterError::TooLarge { message, .. },
            ) => Some(message.clone()),
            _ => None,
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { what } => Self::Taken { what, name: String::new() },
            StoreError::InUse { what, count } => Self::InUse { what, name: String::new(), count },
            error => Self::Store(Arc::new(error)),
        }
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        Self::Vault(Arc::new(error))
    }
}

impl From<LeaseError> for Error {
    fn from(error: LeaseError) -> Self {
        let held = |by| Self::ReleaseRunning { id: None, seq: String::new(), by };
        match error {
            LeaseError::Held { holder, .. } => held(holder),
            LeaseError::Lost { holder, .. } => held(holder.unwrap_or_default()),
            LeaseError::Cluster(error) => error.into(),
        }
    }
}

impl From<RecordError> for Error {
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::Cluster(error) => error.into(),
            RecordError::Overtaken { name } => Self::overtaken(name),
            error => Self::Record(error.to_string()),
        }
    }
}
