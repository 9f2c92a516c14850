//! Tags: what a write changes and a read depends on. Only these functions make them.

use serde::{Deserialize, Serialize};
use slipway_model::id::{AppId, BalancerId, FileId, GroupId, LinkId, ReleaseId, TrainId};

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Tag(pub(crate) String);

impl Tag {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<Tag> for String {
    fn from(tag: Tag) -> Self {
        tag.0
    }
}

/// The list of apps.
pub fn apps() -> Tag {
    Tag("apps".to_owned())
}

pub fn app(id: &AppId) -> Tag {
    Tag(format!("app:{id}"))
}

/// The list of an app's groups.
pub fn groups(app: &AppId) -> Tag {
    Tag(format!("app:{app}/groups"))
}

pub fn group(id: &GroupId) -> Tag {
    Tag(format!("group:{id}"))
}

/// Files, values and variables of an app and of all its groups.
pub fn config(app: &AppId) -> Tag {
    Tag(format!("app:{app}/config"))
}

/// One configuration file, with its versions.
pub fn file(id: &FileId) -> Tag {
    Tag(format!("file:{id}"))
}

/// The folder that an app is opened as.
pub fn folder(app: &AppId) -> Tag {
    Tag(format!("app:{app}/folder"))
}

/// The list of an app's load balancers.
pub fn balancers(app: &AppId) -> Tag {
    Tag(format!("app:{app}/balancers"))
}

pub fn balancer(id: &BalancerId) -> Tag {
    Tag(format!("balancer:{id}"))
}

pub fn releases_of_app(app: &AppId) -> Tag {
    Tag(format!("app:{app}/releases"))
}

pub fn releases_of_group(group: &GroupId) -> Tag {
    Tag(format!("group:{group}/releases"))
}

pub fn release(id: &ReleaseId) -> Tag {
    Tag(format!("release:{id}"))
}

/// A train: what was decided of it, and what its rules say.
pub fn train(id: &TrainId) -> Tag {
    Tag(format!("train:{id}"))
}

/// What the pods of a group used. Not below the group: it comes four times a minute, and whoever reads the group would ask
/// as often, the cluster too.
pub fn usage(group: &GroupId) -> Tag {
    Tag(format!("usage:{group}"))
}

/// What of an app's groups waits for a release.
pub fn pending(app: &AppId) -> Tag {
    Tag(format!("pending:{app}"))
}

/// The list of linked clusters.
pub fn clusters() -> Tag {
    Tag("clusters".to_owned())
}

pub fn cluster(id: &LinkId) -> Tag {
    Tag(format!("cluster:{id}"))
}

pub fn environments() -> Tag {
    Tag("environments".to_owned())
}

pub fn settings() -> Tag {
    Tag("settings".to_owned())
}

/// Logins at registries.
pub fn registries() -> Tag {
    Tag("registries".to_owned())
}

/// The tags of a repository as they were read last.
pub fn artifacts(repository: &str) -> Tag {
    Tag(format!("artifacts:{repository}"))
}

/// What the vault says of the OS keyring.
pub fn keyring() -> Tag {
    Tag("keyring".to_owned())
}
