//! What an export holds: one JSON file a noun, in a zip. Sensitive values are not in it; what refers to them stays.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::app::App;
use slipway_model::balancer::BalancerDraft;
use slipway_model::config::{Content, Value};
use slipway_model::environment::Environment;
use slipway_model::group::GroupDraft;
use slipway_model::id::{BalancerId, FileId, GroupId, LinkId};
use slipway_model::variable::Variable;

/// The format that this code writes.
pub(super) const FORMAT: u32 = 1;
/// The oldest format whose readers understand what this code writes.
pub(super) const READER: u32 = 1;

pub(super) const MANIFEST: &str = "slipway.json";
pub(super) const APP: &str = "app.json";
pub(super) const ENVIRONMENTS: &str = "environments.json";
pub(super) const CLUSTERS: &str = "clusters.json";
pub(super) const GROUPS: &str = "groups.json";
pub(super) const BALANCERS: &str = "balancers.json";
pub(super) const FILES: &str = "files.json";
pub(super) const VALUES: &str = "values.json";

/// Where the content of a configuration file is, by its place in `FILES`.
pub(super) fn content_of(at: usize) -> String {
    format!("files/{at}.json")
}

/// Read before everything else, and whatever its version.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    pub format: u32,
    /// The oldest format whose readers understand it.
    pub reader: u32,
    pub contents: Contents,
    /// Slug of the app.
    pub app: String,
    pub created: Timestamp,
    /// Version of Slipway that wrote it.
    pub by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Contents {
    App,
    /// One group of it, and the app as far as the group needs it: what a deletion writes.
    Group,
}

/// Everything behind the manifest.
#[derive(Clone, Debug)]
pub(super) struct Parcel {
    pub contents: Contents,
    pub app: App,
    pub environments: Vec<Environment>,
    pub clusters: Vec<ExportedCluster>,
    pub groups: Vec<ExportedGroup>,
    pub balancers: Vec<ExportedBalancer>,
    pub files: Vec<(ExportedFile, Content)>,
    pub values: ExportedValues,
}

/// What tells a linked cluster on another computer: links themselves are of one computer, and hold credentials.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExportedCluster {
    /// What the groups call it.
    pub id: LinkId,
    pub name: String,
    pub namespace: String,
    pub namespace_uid: String,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExportedGroup {
    pub id: GroupId,
    pub draft: GroupDraft,
    /// Name of its Deployment, where it was released.
    pub workload: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExportedBalancer {
    pub id: BalancerId,
    pub draft: BalancerDraft,
}

/// A configuration file as it is saved; its content stands in a part of its own. A sensitive one is only an id there.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExportedFile {
    pub id: FileId,
    /// The group's own; else the app's.
    pub group: Option<GroupId>,
    pub path: String,
    pub literal: bool,
    pub sensitive: bool,
}

/// Values of placeholders and the app's variables. Of sensitive ones there is an id, which means something only where
/// the vault knows it.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct ExportedValues {
    /// Keys that were made or marked, and whether they are sensitive.
    pub keys: Vec<(String, bool)>,
    pub values: Vec<ExportedValue>,
    pub variables: Vec<Variable>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct ExportedValue {
    pub key: String,
    /// The group's own; else the app's default.
    pub group: Option<GroupId>,
    pub value: Value,
}
