//! Records and Leases, down to what tells that they have changed.

use super::Wire;
use crate::lease::{self, LeaseFacts};
use crate::objects::Kind;
use crate::record::RecordFacts;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct RecordWire {
    metadata: RecordMeta,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct RecordMeta {
    name: String,
    uid: String,
    resource_version: String,
    annotations: BTreeMap<String, String>,
}

impl Wire for RecordWire {
    type Row = RecordFacts;
    const KIND: Kind = Kind::ConfigMap;
    const WHOLE: bool = false;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> RecordFacts {
        let RecordMeta { name, uid, resource_version, annotations } = self.metadata;
        RecordFacts::new(name, uid, resource_version, annotations)
    }
}

#[derive(Clone, Deserialize)]
pub(crate) struct LeaseWire(Value);

impl LeaseWire {
    fn text(&self, field: &str) -> &str {
        self.0["metadata"][field].as_str().unwrap_or_default()
    }
}

impl Wire for LeaseWire {
    type Row = LeaseFacts;
    const KIND: Kind = Kind::Lease;

    fn uid(&self) -> &str {
        self.text("uid")
    }

    fn resource_version(&self) -> &str {
        self.text("resourceVersion")
    }

    fn into_row(mut self) -> LeaseFacts {
        LeaseFacts {
            uid: self.text("uid").to_owned(),
            name: self.text("name").to_owned(),
            by: lease::by(&self.0),
            spec: self.0["spec"].take(),
        }
    }
}
