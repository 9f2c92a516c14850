//! What all objects have, as far as rows need it.

use jiff::Timestamp;
use serde::Deserialize;
use slipway_model::workload::Manager;

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Meta {
    pub name: String,
    pub uid: String,
    pub resource_version: String,
    pub generation: i64,
    pub creation_timestamp: Option<Timestamp>,
    pub deletion_timestamp: Option<Timestamp>,
    pub labels: Labels,
    pub annotations: Annotations,
    pub owner_references: Vec<Owner>,
}

impl Meta {
    /// The owner of a kind that acts for this object.
    pub(super) fn owner(&self, kind: &str) -> Option<&Owner> {
        self.owner_references.iter().find(|owner| owner.kind == kind)
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Labels {
    #[serde(rename = "slipway.dev/release")]
    pub release: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotations {
    #[serde(rename = "deployment.kubernetes.io/revision")]
    pub revision: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Owner {
    pub kind: String,
    pub name: String,
    pub uid: String,
}

/// An entry of managedFields. Its fields, the bulk of it, are passed over.
#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct ManagerWire {
    manager: String,
    operation: String,
    subresource: String,
    time: Option<Timestamp>,
}

impl From<ManagerWire> for Manager {
    fn from(wire: ManagerWire) -> Self {
        Self { name: wire.manager, operation: wire.operation, subresource: wire.subresource, at: wire.time }
    }
}
