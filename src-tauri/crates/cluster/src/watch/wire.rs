//! What all objects have, as far as rows need it.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use slipway_model::workload::Manager;
use slipway_render::names;
use std::borrow::Cow;

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

/// The labels that rows need; the others are passed over.
#[derive(Clone, Default)]
pub(super) struct Labels {
    pub release: String,
    /// Slug.
    pub group: String,
    /// Of an `EndpointSlice`: its Service.
    pub service: String,
    /// Names of load balancers, see `names::balancer_label`.
    pub balancers: Vec<String>,
}

/// Label of the `EndpointSlice` controller.
const LABEL_SERVICE: &str = "kubernetes.io/service-name";

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Map;

        impl<'de> Visitor<'de> for Map {
            type Value = Labels;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("labels")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Labels, A::Error> {
                let mut labels = Labels::default();
                while let Some(Text(key)) = map.next_key()? {
                    let Text(value) = map.next_value()?;
                    match key.as_ref() {
                        names::LABEL_RELEASE => labels.release = value.into_owned(),
                        names::LABEL_GROUP => labels.group = value.into_owned(),
                        LABEL_SERVICE => labels.service = value.into_owned(),
                        other => {
                            let balancer = other.strip_prefix(names::LABEL_BALANCER_PREFIX);
                            labels.balancers.extend(balancer.filter(|_| value == "true").map(str::to_owned));
                        }
                    }
                }
                Ok(labels)
            }
        }
        deserializer.deserialize_map(Map)
    }
}

/// Text that is borrowed where it can be.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotations {
    #[serde(rename = "deployment.kubernetes.io/revision")]
    pub revision: String,
    /// Of a Service: id and definition of the load balancer that it stands for.
    #[serde(rename = "slipway.dev/balancer-uid")]
    pub balancer: String,
    #[serde(rename = "slipway.dev/balancer")]
    pub definition: String,
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
