//! What pods use now, of the metrics API.

use crate::{ClusterError, Session};
use kube::api::ListParams;
use kube::core::Request;
use serde::Deserialize;
use slipway_model::quantity::Quantity;

/// Sums over the containers of one pod.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodUsage {
    pub pod: String,
    pub cpu_milli: u32,
    pub memory_bytes: u64,
}

impl Session {
    /// Usage of the pods that carry the labels of `selector`; `None` when the cluster has no metrics API. A pod without
    /// a sample yet (the first 20 s) is not in the list.
    ///
    /// # Errors
    /// What the cluster says; `Busy` while the metrics API is there and has nobody behind it.
    pub async fn usage(&self, selector: &str) -> Result<Option<Vec<PodUsage>>, ClusterError> {
        let connection = self.connection().await?;
        let doing = format!("read the usage of pods of {}", connection.namespace);
        let request = Request::new(format!("/apis/metrics.k8s.io/v1beta1/namespaces/{}/pods", connection.namespace));
        let params = ListParams::default().labels(selector);
        match self.note(connection.send::<PodMetricsList>(&doing, request.list(&params)).await) {
            Ok(list) => Ok(Some(list.items.into_iter().map(PodUsage::from).collect())),
            Err(ClusterError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[derive(Deserialize)]
struct PodMetricsList {
    #[serde(default)]
    items: Vec<PodMetrics>,
}

#[derive(Deserialize)]
struct PodMetrics {
    metadata: Named,
    #[serde(default)]
    containers: Vec<ContainerMetrics>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
struct ContainerMetrics {
    usage: Usage,
}

#[derive(Deserialize)]
struct Usage {
    cpu: Option<Quantity>,
    memory: Option<Quantity>,
}

impl From<PodMetrics> for PodUsage {
    fn from(metrics: PodMetrics) -> Self {
        let all = || metrics.containers.iter().map(|container| &container.usage);
        let cpu: i128 = all().filter_map(|usage| usage.cpu.as_ref()).map(Quantity::milli).sum();
        let memory: i128 = all().filter_map(|usage| usage.memory.as_ref()).map(Quantity::units).sum();
        Self {
            cpu_milli: u32::try_from(cpu).unwrap_or(u32::MAX),
            memory_bytes: u64::try_from(memory).unwrap_or(u64::MAX),
            pod: metrics.metadata.name,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn usage_is_summed_over_containers() {
        let list: PodMetricsList = serde_json::from_str(
            r#"{"kind":"PodMetricsList","metadata":{},"items":[{"metadata":{"name":"a"},"timestamp":"2026-01-01T00:00:00Z",
                "window":"15s","containers":[{"name":"app","usage":{"cpu":"4215551n","memory":"5Mi"}},
                {"name":"web","usage":{"cpu":"0","memory":"1024Ki"}}]}]}"#,
        )
        .expect("a list");
        let usage: Vec<PodUsage> = list.items.into_iter().map(PodUsage::from).collect();
        assert_eq!(usage, [PodUsage { pod: "a".into(), cpu_milli: 5, memory_bytes: 6 * 1024 * 1024 }]);
    }
}
