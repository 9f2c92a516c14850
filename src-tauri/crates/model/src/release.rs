//! A release: one group from what runs now to one image and one frozen configuration.

use crate::app::App;
use crate::balancer::BalancerSnapshot;
use crate::config::Config;
use crate::diagnosis::Diagnosis;
use crate::environment::Environment;
use crate::group::{Group, Pace, pace};
use crate::id::{AppId, GroupId, LinkId, ReleaseId};
use crate::image::ImageRef;
use crate::train::{Decided, Train};
use crate::usage::Usage;
use crate::variable::Variable;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
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
    /// It was not taken back, and not without any effect: its group became, or becomes, what it says.
    pub fn took_effect(self) -> bool {
        !matches!(self, Self::Aborted | Self::Failed | Self::Superseded)
    }

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
    /// The batch that it is of, from 0; `None` where it is of none, or where an older Slipway wrote it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub batch: Option<u32>,
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
    /// A newer Slipway made its record, of this version: it is shown, and not driven.
    #[serde(default)]
    pub newer: Option<u32>,
    /// What was measured, in few points; `None` until it ended.
    #[serde(default)]
    pub usage: Option<Usage>,
    /// The train that it is part of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub train: Option<Train>,
    /// What was decided of that train, as far as its record was told.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub decided: Vec<Decided>,
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
    /// Whether fewer pods may run on the way back; `None` while that is no question.
    #[serde(default)]
    pub below: Option<Below>,
    /// The way back is written: another template from then on is somebody else's.
    #[serde(default)]
    #[ts(skip)]
    pub written_back: bool,
    /// Whoever drives it, where that is not its author.
    #[serde(default)]
    pub driver: Option<Author>,
}

/// A way back that a quota lets no pod come on top for: it goes on with a pod less, once somebody agrees, and with one
/// more if others take the room of that.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Below {
    /// The cluster refuses a pod, in these words.
    Asked { message: String },
    Allowed {
        /// The cluster refuses a pod all the same, in these words. It goes on once there is room.
        #[serde(default)]
        message: Option<String>,
        /// So many pods may be missing.
        #[serde(default = "one_less")]
        less: u32,
    },
}

fn one_less() -> u32 {
    1
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

    /// Pods of the group, as it knows them last.
    pub fn count(&self) -> u32 {
        if self.progress.count > 0 { self.progress.count } else { self.plan.count() }
    }

    /// Whoever drives it, or drove it last.
    pub fn driver(&self) -> &Author {
        self.progress.driver.as_ref().unwrap_or(&self.author)
    }

    /// Whether it is what became of `told`: two computers that both went on with it have parted.
    pub fn goes_on_from(&self, told: &[Transition]) -> bool {
        self.transitions.starts_with(told)
    }

    /// How long the batch that is done is followed by nothing; `None`: until a person says so.
    pub fn timer(&self) -> Option<Duration> {
        let at = usize::try_from(self.progress.batch).unwrap_or(usize::MAX);
        match pace(&self.plan.group.strategy, at)? {
            Pace::Approval => None,
            Pace::Wait { seconds } => Some(Duration::from_secs(seconds.into())),
        }
    }

    /// With how many pods less its way back would go on, where it waits until somebody agrees to that or there is room. One
    /// stays in any case.
    pub fn asks_for_less(&self) -> Option<u32> {
        let less = match self.progress.below.as_ref().filter(|_| self.progress.aborting.is_some())? {
            Below::Asked { .. } => 1,
            Below::Allowed { message, less } => {
                message.as_ref().map(|_| less + 1).filter(|less| *less < self.count())?
            }
        };
        Some(less)
    }

    /// How many pods its way back may take away before others come.
    pub fn goes_below(&self) -> u32 {
        if let Some(Below::Allowed { less, .. }) = self.progress.below { less } else { 0 }
    }

    /// Whether it waits for a person: nobody has to drive it then, and anybody may.
    pub fn waits(&self) -> bool {
        let rests = self.state == ReleaseState::Resting && self.timer().is_none();
        self.progress.aborting.is_none() && (rests || self.state == ReleaseState::Stopped)
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
    /// The older release that it goes back to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Back>,
    /// What its checks said; not part of what the hash names. `None` of a plan by a Slipway that did not keep it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preflight: Option<Preflight>,
}

/// How the checks of a plan went that somebody confirmed: none of them stood in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Preflight {
    pub checks: u32,
    /// The others are warnings.
    pub passed: u32,
}

/// Which release a release goes back to, and with what of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Back {
    pub release: ReleaseId,
    pub seq: Option<Seq>,
    pub scope: BackScope,
}

/// What goes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BackScope {
    /// The image alone, with the configuration that runs now.
    Image,
    /// The image and everything that its pods were configured by.
    Configuration,
    /// Also the load balancers that led to the group, with their ports.
    Balancers,
}

impl Plan {
    /// Pods that will run: the live count, or the group's first one.
    pub fn count(&self) -> u32 {
        self.base.as_ref().map_or(self.group.count, |base| base.replicas)
    }

    /// Whether load balancers are brought back with it.
    pub fn takes_balancers_back(&self) -> bool {
        self.back.as_ref().is_some_and(|back| back.scope == BackScope::Balancers)
    }

    /// Pods above and below the count while it moves.
    pub fn fenceposts(&self) -> (u32, u32) {
        self.group.strategy.fenceposts(self.count())
    }

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
