//! What the nodes offer besides CPU and memory.

use crate::objects::PAGE;
use crate::{ClusterError, Session};
use kube::api::ListParams;
use kube::core::Request;
use serde::Deserialize;
use slipway_model::quantity::Quantity;
use std::collections::BTreeMap;

/// A node as far as pods choose it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NodeOffer {
    pub name: String,
    /// Whole units that pods can ask for, by name of the extended resource (`nvidia.com/gpu`).
    pub resources: BTreeMap<String, u32>,
    pub labels: BTreeMap<String, String>,
    /// Takes no new pods just now.
    pub cordoned: bool,
}

impl Session {
    /// All nodes; `None` where this identity may not list them.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn nodes(&self) -> Result<Option<Vec<NodeOffer>>, ClusterError> {
        let connection = self.connection().await?;
        let doing = "list Nodes";
        let mut offers = Vec::new();
        let mut params = ListParams::default().limit(PAGE);
        loop {
            let request = Request::new("/api/v1/nodes").list(&params);
            let page = match self.note(connection.send::<NodeList>(doing, request).await) {
                Ok(page) => page,
                Err(ClusterError::Forbidden { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            offers.extend(page.items.into_iter().map(NodeOffer::from));
            match page.metadata.next {
                Some(next) if !next.is_empty() => params = params.continue_token(&next),
                _ => return Ok(Some(offers)),
            }
        }
    }
}

#[derive(Deserialize)]
struct NodeList {
    #[serde(default)]
    metadata: ListMeta,
    #[serde(default)]
    items: Vec<NodeWire>,
}

#[derive(Default, Deserialize)]
struct ListMeta {
    #[serde(rename = "continue")]
    next: Option<String>,
}

#[derive(Deserialize)]
struct NodeWire {
    metadata: Named,
    #[serde(default)]
    spec: NodeSpec,
    #[serde(default)]
    status: NodeStatus,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeSpec {
    unschedulable: bool,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    allocatable: BTreeMap<String, Quantity>,
}

impl From<NodeWire> for NodeOffer {
    fn from(node: NodeWire) -> Self {
        let resources = node.status.allocatable.into_iter().filter(|(name, _)| is_extended(name));
        Self {
            name: node.metadata.name,
            resources: resources.map(|(name, amount)| (name, u32::try_from(amount.units()).unwrap_or(0))).collect(),
            labels: node.metadata.labels,
            cordoned: node.spec.unschedulable,
        }
    }
}

/// Kubernetes' own resources have no domain, or its own (apimachinery `IsExtendedResourceName`).
fn is_extended(resource: &str) -> bool {
    resource.split_once('/').is_some_and(|(domain, _)| !domain.ends_with("kubernetes.io"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_device_plugin_offers_is_listed() {
        let node: NodeWire = serde_json::from_str(
            r#"{"metadata":{"name":"gpu-1","labels":{"nvidia.com/gpu.product":"A100"}},"spec":{"unschedulable":true},
                "status":{"allocatable":{"cpu":"8","hugepages-2Mi":"0","nvidia.com/gpu":"4",
                "attachable-volumes.kubernetes.io/x":"3"}}}"#,
        )
        .expect("a node");
        let offer = NodeOffer::from(node);
        assert_eq!(offer.resources, BTreeMap::from([("nvidia.com/gpu".to_owned(), 4)]));
        assert_eq!(offer.labels["nvidia.com/gpu.product"], "A100");
        assert!(offer.cordoned);
    }
}
