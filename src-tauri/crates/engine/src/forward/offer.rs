//! What there is to forward to: names of targets, and their ports.

use crate::Engine;
use crate::error::{Error, Result};
use crate::watched::Kept;
use serde::Serialize;
use serde_json::Value;
use slipway_cluster::{Kind, Session};
use slipway_model::forward::ForwardTarget;
use slipway_model::group::{PortDraft, Protocol};
use slipway_model::id::GroupId;
use std::time::Duration;
use ts_rs::TS;

/// What the cluster may take to say which ports there are besides those that are known here.
const ASKED_WITHIN: Duration = Duration::from_secs(3);

/// A TCP port that can be forwarded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ForwardPort {
    /// Empty where it has none.
    pub name: String,
    pub port: u16,
}

impl Engine {
    /// The ports of a target: of the group's definition, and of the containers that others put beside it.
    ///
    /// # Errors
    /// `NotFound` for a target that is not known here.
    pub async fn forward_ports(&self, target: &ForwardTarget) -> Result<Vec<ForwardPort>> {
        let (_, mut ports) = self.forward_target(target).await?;
        let (group, pod) = match target {
            ForwardTarget::Pod { group, pod } => (group, Some(pod.as_str())),
            ForwardTarget::Group { group } => (group, None),
            ForwardTarget::Balancer { .. } => return Ok(ports),
        };
        // What the cluster does not say is left out: the port can be typed.
        if let Ok(Ok(found)) = tokio::time::timeout(ASKED_WITHIN, self.ports_of_pod(group, pod)).await {
            let known: Vec<u16> = ports.iter().map(|port| port.port).collect();
            ports.extend(found.into_iter().filter(|port| !known.contains(&port.port)));
        }
        Ok(ports)
    }

    async fn ports_of_pod(&self, group: &GroupId, pod: Option<&str>) -> Result<Vec<ForwardPort>> {
        let place = self.place(group).await?;
        let name = if let Some(pod) = pod {
            pod.to_owned()
        } else {
            let mut pods = Kept::new(place.session.pods(&place.selector));
            pods.changed().await;
            let ready = pods.rows().find(|pod| pod.ready).map(|pod| pod.name.clone());
            ready.ok_or_else(|| Error::not_found("pod", ""))?
        };
        Ok(declared(&place.session, &name).await?)
    }

    /// Name of a target, and its ports as they are known here.
    pub(super) async fn forward_target(&self, target: &ForwardTarget) -> Result<(String, Vec<ForwardPort>)> {
        match target {
            ForwardTarget::Pod { group, .. } | ForwardTarget::Group { group } => {
                let draft = self.group_entry(group).await?.draft;
                let name = match target {
                    ForwardTarget::Pod { pod, .. } => pod.clone(),
                    _ => draft.name.trim().to_owned(),
                };
                Ok((name, draft.ports.iter().filter_map(typed).collect()))
            }
            ForwardTarget::Balancer { balancer, .. } => {
                let draft = self.balancer_entry(balancer).await?.draft;
                let tcp = draft.ports.iter().filter(|port| port.protocol == Protocol::Tcp);
                let port = |port: &slipway_model::balancer::BalancerPortDraft| {
                    Some(ForwardPort { name: port.name.trim().to_owned(), port: port.port.trim().parse().ok()? })
                };
                Ok((draft.name.trim().to_owned(), tcp.filter_map(port).collect()))
            }
        }
    }
}

fn typed(port: &PortDraft) -> Option<ForwardPort> {
    let tcp = port.protocol == Protocol::Tcp;
    let number = port.port.trim().parse().ok().filter(|number| tcp && *number > 0)?;
    Some(ForwardPort { name: port.name.trim().to_owned(), port: number })
}

/// The TCP ports that the containers of a pod declare.
pub(super) async fn declared(
    session: &Session,
    pod: &str,
) -> std::result::Result<Vec<ForwardPort>, slipway_cluster::ClusterError> {
    let object = session.get(Kind::Pod, pod).await?;
    let object = object.ok_or_else(|| slipway_cluster::ClusterError::NotFound {
        doing: format!("read the ports of {pod}"),
        what: "Pod".to_owned(),
    })?;
    Ok(ports_of(&object))
}

fn ports_of(pod: &Value) -> Vec<ForwardPort> {
    let of = |containers: &str| pod["spec"][containers].as_array().into_iter().flatten();
    let beside = of("initContainers").filter(|container| container["restartPolicy"] == "Always");
    let ports =
        of("containers").chain(beside).flat_map(|container| container["ports"].as_array().into_iter().flatten());
    let tcp = ports.filter(|port| port["protocol"].as_str().is_none_or(|protocol| protocol == "TCP"));
    let port = |port: &Value| {
        let number = port["containerPort"].as_u64()?;
        Some(ForwardPort {
            name: port["name"].as_str().unwrap_or_default().to_owned(),
            port: u16::try_from(number).ok()?,
        })
    };
    tcp.filter_map(port).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn tcp_ports_of_containers_that_stay() {
        let pod = json!({ "spec": {
            "containers": [
                { "ports": [{ "name": "http", "containerPort": 8080, "protocol": "TCP" }, { "containerPort": 53, "protocol": "UDP" }] },
                { "name": "portless" },
            ],
            "initContainers": [
                { "restartPolicy": "Always", "ports": [{ "name": "metrics", "containerPort": 9102 }] },
                { "ports": [{ "containerPort": 1 }] },
            ],
        } });
        let port = |name: &str, port| ForwardPort { name: name.to_owned(), port };
        assert_eq!(ports_of(&pod), [port("http", 8080), port("metrics", 9102)]);
        assert_eq!(ports_of(&json!({})), []);
    }
}
