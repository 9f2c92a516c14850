//! What the nodes offer, and what their pods have asked of it.

use crate::objects::PAGE;
use crate::{ClusterError, Session};
use kube::api::ListParams;
use kube::core::Request;
use serde::Deserialize;
use serde_json::Value;
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
    /// Thousandths of what pods can ask for in all: `cpu`, `memory`, `pods` and what is extended.
    pub allocatable: BTreeMap<String, i128>,
    /// What keeps pods away that do not tolerate it.
    pub taints: Vec<Taint>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Taint {
    pub key: String,
    pub value: String,
    pub effect: String,
}

/// Pods that are read to know how full the nodes are; a cluster with more is not looked through for a plan.
const PODS_MAX: usize = 5_000;

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

impl Session {
    /// Specifications of all pods of the cluster that have a node and have not ended, with its name; `None` where this
    /// identity may not list them, or they are too many.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn pods_on_nodes(&self) -> Result<Option<Vec<(String, Value)>>, ClusterError> {
        let connection = self.connection().await?;
        let doing = "list the Pods of all namespaces";
        let mut found = Vec::new();
        let running = "status.phase!=Succeeded,status.phase!=Failed";
        let mut params = ListParams::default().fields(running).limit(PAGE);
        loop {
            let request = Request::new("/api/v1/pods").list(&params);
            let mut page = match self.note(connection.send::<Value>(doing, request).await) {
                Ok(page) => page,
                Err(ClusterError::Forbidden { .. }) => return Ok(None),
                Err(error) => return Err(error),
            };
            for pod in page["items"].as_array_mut().into_iter().flatten() {
                if let Some(node) = pod["spec"]["nodeName"].as_str().map(str::to_owned) {
                    found.push((node, pod["spec"].take()));
                }
            }
            match page["metadata"]["continue"].as_str() {
                Some(next) if !next.is_empty() && found.len() < PODS_MAX => params = params.continue_token(next),
                Some(next) if !next.is_empty() => return Ok(None),
                _ => return Ok(Some(found)),
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
    taints: Vec<Taint>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NodeStatus {
    allocatable: BTreeMap<String, Quantity>,
}

impl From<NodeWire> for NodeOffer {
    fn from(node: NodeWire) -> Self {
        let allocatable = &node.status.allocatable;
        let allocatable = allocatable.iter().map(|(name, amount)| (name.clone(), amount.milli())).collect();
        let resources = node.status.allocatable.into_iter().filter(|(name, _)| is_extended(name));
        Self {
            name: node.metadata.name,
            resources: resources.map(|(name, amount)| (name, u32::try_from(amount.units()).unwrap_or(0))).collect(),
            labels: node.metadata.labels,
            cordoned: node.spec.unschedulable,
            allocatable,
            taints: node.spec.taints,
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
        assert_eq!(offer.allocatable["cpu"], 8_000);
    }
}
