//! The deletion of a group: what goes with it, how far it is, and what stays in the cluster to say so.

use crate::id::{AppId, BalancerId, GroupId, LinkId};
use crate::release::{Author, Seq};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// The kinds of objects that go with a group, in the order in which they do: what runs goes before what it needs, and
/// the Lease, which keeps others away meanwhile, goes last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
pub enum DoomedKind {
    Deployment,
    Service,
    ConfigMap,
    Secret,
    Lease,
}

/// An object that goes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Doomed {
    pub kind: DoomedKind,
    pub name: String,
    /// Another object of the same name stays. Empty where it may not be read.
    pub uid: String,
    /// What is worth knowing of it: `pods` and `replica_sets`; `type` and `address`; `bytes`, `keys`.
    pub facts: BTreeMap<String, String>,
    pub state: DoomedState,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum DoomedState {
    #[default]
    Waiting,
    Gone,
    /// The cluster refused it; English.
    Failed {
        message: String,
    },
}

/// A deletion that was confirmed. It is written down before anything goes, so that it can be gone on with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Deletion {
    pub group: GroupId,
    pub app: AppId,
    pub link: LinkId,
    pub namespace: String,
    pub app_slug: String,
    pub group_slug: String,
    /// Name of its Deployment.
    pub workload: String,
    pub author: Author,
    #[ts(type = "string")]
    pub begun: Timestamp,
    /// Everything is gone.
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    pub objects: Vec<Doomed>,
    /// Load balancers that went with it, or lost it.
    pub balancers: Vec<BalancerId>,
    /// Where the export is that was written before.
    pub export: String,
    /// Why it does not go on by itself; English.
    pub stuck: Option<String>,
}

/// What stays in the cluster of a deleted group: joining would bring it back otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tombstone {
    pub group: GroupId,
    pub app: AppId,
    pub app_slug: String,
    pub group_slug: String,
    pub workload: String,
    pub author: Author,
    pub at: Timestamp,
    /// Highest number of its releases: numbers go on where a group of its name is made again.
    pub seq: Option<Seq>,
}
