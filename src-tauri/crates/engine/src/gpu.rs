//! GPUs that the nodes of a cluster offer, and whether a group's are among them.

use crate::Engine;
use crate::error::Result;
use crate::release::{Check, Verdict, VerdictLevel, verdict};
use serde::Serialize;
use slipway_cluster::{NodeOffer, Session};
use slipway_model::group::Group;
use slipway_model::id::LinkId;
use std::collections::BTreeMap;
use ts_rs::TS;

/// Labels by which device plugins and providers name the product of a node.
const PRODUCT_LABELS: &[&str] = &[
    "nvidia.com/gpu.product",
    "amd.com/gpu.product-name",
    "gpu.intel.com/product",
    "cloud.google.com/gke-accelerator",
    "aliyun.accelerator/nvidia_name",
];

/// What can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct GpuOffers {
    /// Whether the nodes may be listed; otherwise the names have to be typed.
    pub known: bool,
    pub types: Vec<GpuType>,
}

/// An extended resource of the nodes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GpuType {
    pub resource: String,
    /// Nodes that offer it.
    pub nodes: u32,
    /// Most that one pod can have: of the node with the most.
    pub most: u32,
    pub products: Vec<GpuProduct>,
}

/// Nodes that offer a resource and carry a label of its product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GpuProduct {
    pub label: String,
    pub value: String,
    pub nodes: u32,
    pub most: u32,
}

impl Engine {
    pub async fn gpu_list(&self, link: &LinkId) -> Result<GpuOffers> {
        let nodes = self.session(link)?.nodes().await?;
        Ok(nodes.map_or_else(GpuOffers::default, |nodes| GpuOffers { known: true, types: types(&nodes) }))
    }
}

fn types(nodes: &[NodeOffer]) -> Vec<GpuType> {
    let mut types: BTreeMap<&str, GpuType> = BTreeMap::new();
    for (node, resource, count) in offered(nodes) {
        let of_type = types.entry(resource).or_insert_with(|| GpuType {
            resource: resource.to_owned(),
            nodes: 0,
            most: 0,
            products: Vec::new(),
        });
        of_type.nodes += 1;
        of_type.most = of_type.most.max(count);
        for &label in PRODUCT_LABELS {
            let Some(value) = node.labels.get(label) else { continue };
            let known = of_type.products.iter_mut().find(|known| known.label == label && known.value == *value);
            match known {
                Some(known) => (known.nodes, known.most) = (known.nodes + 1, known.most.max(count)),
                None => of_type.products.push(GpuProduct {
                    label: label.to_owned(),
                    value: value.clone(),
                    nodes: 1,
                    most: count,
                }),
            }
        }
    }
    types.into_values().collect()
}

/// Each resource of each node, with its count.
fn offered(nodes: &[NodeOffer]) -> impl Iterator<Item = (&NodeOffer, &str, u32)> {
    nodes.iter().flat_map(|node| {
        let offered = node.resources.iter().filter(|(_, count)| **count > 0);
        offered.map(move |(name, count)| (node, name.as_str(), *count))
    })
}

/// Whether some node can take a pod of the group as far as its GPUs go; nothing is said of a group without.
pub(crate) async fn preflight(session: &Session, group: &Group) -> Result<Option<Verdict>> {
    let Some(gpu) = &group.gpu else { return Ok(None) };
    let Some(nodes) = session.nodes().await? else {
        return Ok(Some(verdict(Check::Gpu, VerdictLevel::Warning, "unknown", [("resource", gpu.resource.clone())])));
    };
    Ok(Some(look(&nodes, &gpu.resource, gpu.count, &group.node_selector)))
}

fn look(nodes: &[NodeOffer], resource: &str, count: u32, selector: &BTreeMap<String, String>) -> Verdict {
    use VerdictLevel::{Blocks, Ok, Warning};
    let found: Vec<_> = offered(nodes).filter(|(_, name, _)| *name == resource).collect();
    let named = |more: [(&'static str, String); 1]| {
        let [more] = more;
        [("resource", resource.to_owned()), more]
    };
    if found.is_empty() {
        let mut others: Vec<_> = offered(nodes).map(|(_, name, _)| name).collect();
        others.sort_unstable();
        others.dedup();
        return match others.as_slice() {
            [] => verdict(Check::Gpu, Blocks, "none", [("resource", resource.to_owned())]),
            others => verdict(Check::Gpu, Blocks, "other", named([("others", others.join(", "))])),
        };
    }
    let selected: Vec<_> = found
        .iter()
        .filter(|(node, ..)| selector.iter().all(|(key, value)| node.labels.get(key) == Some(value)))
        .collect();
    if selected.is_empty() {
        let wanted: Vec<_> = selector.iter().map(|(key, value)| format!("{key}={value}")).collect();
        return verdict(Check::Gpu, Blocks, "product", named([("labels", wanted.join(", "))]));
    }
    let most = selected.iter().map(|(.., most)| *most).max().unwrap_or(0);
    if most < count {
        let params = [("resource", resource.to_owned()), ("count", count.to_string()), ("most", most.to_string())];
        return verdict(Check::Gpu, Blocks, "most", params);
    }
    let fits = |node: &NodeOffer, most: u32| !node.cordoned && most >= count;
    if !selected.iter().any(|(node, _, most)| fits(node, *most)) {
        return verdict(Check::Gpu, Warning, "cordoned", [("resource", resource.to_owned())]);
    }
    verdict(Check::Gpu, Ok, "ok", named([("nodes", selected.len().to_string())]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn node(name: &str, gpus: u32, product: &str, cordoned: bool) -> NodeOffer {
        let resources = if gpus > 0 { BTreeMap::from([("nvidia.com/gpu".into(), gpus)]) } else { BTreeMap::new() };
        let labels = BTreeMap::from([("nvidia.com/gpu.product".into(), product.into())]);
        NodeOffer { name: name.into(), resources, labels, cordoned, allocatable: BTreeMap::new(), taints: Vec::new() }
    }

    #[test]
    fn types_and_products_of_the_nodes() {
        let nodes = [
            node("a", 4, "A100", false),
            node("b", 8, "A100", false),
            node("c", 1, "T4", true),
            node("d", 0, "", false),
        ];
        let found = types(&nodes);
        assert_eq!((found.len(), found[0].nodes, found[0].most), (1, 3, 8));
        let products: Vec<_> = found[0].products.iter().map(|p| (p.value.as_str(), p.nodes, p.most)).collect();
        assert_eq!(products, [("A100", 2, 8), ("T4", 1, 1)]);
    }

    #[test]
    fn what_no_node_offers_is_refused_in_words() {
        let nodes = [node("a", 4, "A100", false), node("c", 1, "T4", true)];
        let product = |value: &str| BTreeMap::from([("nvidia.com/gpu.product".to_owned(), value.to_owned())]);
        let none = BTreeMap::new();
        for (nodes, resource, count, selector, level, code) in [
            (&nodes[..], "nvidia.com/gpu", 4, &none, VerdictLevel::Ok, "ok"),
            (&nodes[..], "nvidia.com/gpu", 5, &none, VerdictLevel::Blocks, "most"),
            (&nodes[..], "amd.com/gpu", 1, &none, VerdictLevel::Blocks, "other"),
            (&nodes[2..], "amd.com/gpu", 1, &none, VerdictLevel::Blocks, "none"),
            (&nodes[..], "nvidia.com/gpu", 1, &product("V100"), VerdictLevel::Blocks, "product"),
            (&nodes[..], "nvidia.com/gpu", 1, &product("T4"), VerdictLevel::Warning, "cordoned"),
        ] {
            let found = look(nodes, resource, count, selector);
            assert_eq!((found.level, found.code.as_str()), (level, code), "{resource} {count}");
        }
    }
}
