//! A release: one group from what runs now to one image and one frozen configuration.

use crate::app::App;
use crate::balancer::BalancerSnapshot;
use crate::config::Config;
use crate::diagnosis::Diagnosis;
use crate::environment::Environment;
use crate::group::Group;
use crate::id::{AppId, GroupId, LinkId, ReleaseId};
use crate::image::ImageRef;
use crate::variable::Variable;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Version of the record's format that this code writes, and the oldest reader that may write such a record.
pub const RECORD_VERSION: u32 = 1;
/// Records of a group that stay in the cluster; history keeps all.
pub const RECORDS_KEPT: usize = 50;
/// How long a Lease stands without a renewal, seconds.
pub const LEASE_SECONDS: u32 = 30;

/// Number of a release within its group: r1, r2 …
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "number")]
pub struct Seq(pub u32);

impl std::fmt::Display for Seq {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "r{}", self.0)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseState {
    Planned,
    Moving,
    Resting,
    /// Paused in the cluster; waits for a person.
    Stopped,
    Succeeded,
    Aborted,
    Superseded,
    /// Ended without anybody's decision: begin refused, group deleted.
    Failed,
}

impl ReleaseState {
    /// Nothing follows any more.
    pub fn ended(self) -> bool {
        matches!(self, Self::Succeeded | Self::Aborted | Self::Superseded | Self::Failed)
    }
}

/// Where a release stands on its way, finer than its state. Written to `SQLite` *before* it is acted on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    Plan,
    Lease,
    Record,
    Objects,
    Begin,
    Move,
    End,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Transition {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub stage: Stage,
    pub state: ReleaseState,
    /// Who caused it; `None` for what the release did by itself.
    pub by: Option<String>,
    pub note: Option<String>,
}

/// Who did something, from where.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Author {
    /// Authenticated name in the cluster.
    pub identity: String,
    /// Self-chosen, not proven.
    pub display: String,
    pub device: String,
}

/// A release as this computer knows it: also the whole of the record in the cluster, less what is compressed there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Release {
    pub id: ReleaseId,
    pub app: AppId,
    pub group: GroupId,
    pub link: LinkId,
    /// None until the record is created, which allocates it.
    pub seq: Option<Seq>,
    pub state: ReleaseState,
    pub stage: Stage,
    pub plan: Plan,
    pub author: Author,
    pub note: String,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
    pub transitions: Vec<Transition>,
    pub diagnosis: Option<Diagnosis>,
    #[serde(default)]
    pub progress: Progress,
}

/// Where a movement stands, beyond what the Deployment and its `ReplicaSet`s show.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Progress {
    /// The batch that is under way, or that is done while the release rests; from 0. Rolling is one batch.
    pub batch: u32,
    /// Set while it rests.
    pub rest: Option<Rest>,
    /// Pods of the group when this was written.
    pub count: u32,
    /// Who wants back what ran before: written down before anything is done about it.
    pub aborting: Option<String>,
}

/// A rest between two batches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Rest {
    pub left: Left,
    #[ts(type = "string")]
    pub since: Timestamp,
}

/// What a rest left in the cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Left {
    /// Pods of the group …
    pub count: u32,
    /// … and of these, of the new version.
    pub new: u32,
}

/// What holds a Deployment between two versions: all that a release in batches writes of it once it has begun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hold {
    pub paused: bool,
    /// `maxSurge` and `maxUnavailable`, in pods; not both zero.
    pub surge: u32,
    pub unavailable: u32,
    /// New pods never count as available.
    pub pinned: bool,
}

/// `minReadySeconds` of a pinned Deployment: one less than the largest that Kubernetes takes, because
/// `progressDeadlineSeconds`, which is that largest then, has to be greater.
pub const PINNED_SECONDS: u32 = i32::MAX as u32 - 1;

impl Release {
    /// Whether it moves batch by batch.
    pub fn in_batches(&self) -> bool {
        self.plan.in_batches()
    }
}

/// What will be done, frozen at confirmation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// SHA-256 over the plan without seq and release label, hex.
    pub hash: String,
    pub app: App,
    pub environment: Environment,
    pub group: Group,
    /// The configuration that takes effect for it.
    #[serde(default)]
    pub config: Config,
    pub namespace: String,
    /// Name of the Deployment.
    pub workload: String,
    pub image: ImageRef,
    /// Version that ran before; `None` for the first release of a group.
    pub from: Option<String>,
    /// Names of the config objects that the pod template refers to.
    pub objects: Vec<String>,
    /// The live object when the plan was made; `None` when there was none.
    pub base: Option<Base>,
    /// The load balancers that point at the group, by name.
    #[serde(default)]
    pub balancers: Vec<BalancerSnapshot>,
}

impl Plan {
    /// Whether it moves batch by batch. The first release of a group does not, nor one of a group that has no pods.
    pub fn in_batches(&self) -> bool {
        self.group.strategy.batches.is_some() && self.base.as_ref().is_some_and(|base| base.replicas > 0)
    }
}

/// What tells that a live Deployment has moved: not its resourceVersion, which every status update moves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Base {
    pub uid: String,
    pub generation: i64,
    /// SHA-256 of the live spec, hex.
    pub spec_hash: String,
    /// Live `spec.replicas`; every apply carries it.
    pub replicas: u32,
    /// The exact pod template, strategy and timings before this release, for abort.
    pub stable: serde_json::Value,
    /// What the pods before this release have from the config objects of their variables, by name.
    #[serde(default)]
    pub variables: Vec<Variable>,
}
