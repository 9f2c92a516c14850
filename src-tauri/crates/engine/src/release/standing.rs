//! How the Deployment stands, and who else has hands on it and its pods.

use super::answer::{Check, Verdict, VerdictLevel};
use super::preflight::{readable, verdict};
use crate::error::Result;
use serde::Serialize;
use serde_json::Value;
use slipway_cluster::{Kind, Session};
use slipway_model::release::{Plan, ReleaseState, Seq};
use slipway_render::names;
use ts_rs::TS;

/// Paused by somebody, of another type, or between two versions that are none of ours.
pub(super) async fn deployment(session: &Session, plan: &Plan, live: Option<&Value>) -> Result<Vec<Verdict>> {
    let Some(live) = live else { return Ok(Vec::new()) };
    let selector = names::selector(&plan.app.slug, plan.group.slug.as_str());
    let sets = readable(session.list(Kind::ReplicaSet, &selector).await)?;
    let ours = under_way(session, plan, live).await?;
    Ok(of_deployment(live, sets.as_deref(), ours, plan.in_batches()))
}

/// A release of any computer of ours that moves, rests or is stopped: its record says so.
async fn under_way(session: &Session, plan: &Plan, live: &Value) -> Result<bool> {
    let seq = slipway_render::template_release(live).and_then(|label| label.strip_prefix('r')?.parse().ok());
    let Some(seq) = seq else { return Ok(false) };
    let record = readable(session.get(Kind::ConfigMap, &names::record(&plan.workload, Seq(seq))).await)?.flatten();
    let state = record.map(|record| record["metadata"]["labels"][names::LABEL_STATUS].clone()).unwrap_or_default();
    Ok(serde_json::from_value::<ReleaseState>(state).is_ok_and(|state| !state.ended()))
}

fn of_deployment(live: &Value, sets: Option<&[Value]>, ours: bool, in_batches: bool) -> Vec<Verdict> {
    use VerdictLevel::{Blocks, Ok, Warning};
    let said = |level, code, params: [(&str, String); 1]| verdict(Check::Deployment, level, code, params);
    let mut found = Vec::new();
    if live["spec"]["paused"] == true && !ours {
        found.push(verdict(Check::Deployment, Blocks, "paused", []));
    }
    if live["spec"]["strategy"]["type"] == "Recreate" {
        found.push(verdict(Check::Deployment, Warning, "recreate", []));
    }
    match sets {
        None => found.push(verdict(Check::Deployment, Warning, "unseen", [])),
        Some(sets) => {
            let of_it = |set: &&Value| set["metadata"]["ownerReferences"][0]["uid"] == live["metadata"]["uid"];
            let active = sets.iter().filter(of_it).filter(|set| set["spec"]["replicas"].as_u64() > Some(0)).count();
            if active > 1 && !ours {
                let level = if in_batches { Blocks } else { Warning };
                found.push(said(level, "mixed", [("versions", active.to_string())]));
            }
        }
    }
    if found.is_empty() {
        found.push(verdict(Check::Deployment, Ok, "ok", []));
    }
    found
}

/// A `HorizontalPodAutoscaler`, and between which counts it decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Scaler {
    pub name: String,
    pub min: u32,
    pub max: u32,
}

impl Scaler {
    /// That of a Deployment.
    fn of(scalers: &[Value], workload: &str) -> Option<Self> {
        let scaler = scalers.iter().find(|scaler| {
            let target = &scaler["spec"]["scaleTargetRef"];
            target["kind"] == "Deployment" && target["name"] == workload
        })?;
        let number = |value: &Value| value.as_u64().and_then(|count| count.try_into().ok()).unwrap_or(1);
        Some(Self {
            name: scaler["metadata"]["name"].as_str().unwrap_or_default().to_owned(),
            min: number(&scaler["spec"]["minReplicas"]),
            max: number(&scaler["spec"]["maxReplicas"]),
        })
    }

    /// The same, asked now; `None` also where they cannot be read.
    pub(crate) async fn read(session: &Session, workload: &str) -> Result<Option<Self>> {
        let scalers = readable(session.list(Kind::HorizontalPodAutoscaler, "").await)?.unwrap_or_default();
        Ok(Self::of(&scalers, workload))
    }
}

/// Whether something else decides how many pods there are.
pub(super) async fn replica_owner(session: &Session, plan: &Plan) -> Result<Verdict> {
    use VerdictLevel::{Ok as Fine, Warning};
    let Some(scalers) = readable(session.list(Kind::HorizontalPodAutoscaler, "").await)? else {
        return Ok(verdict(Check::ReplicaOwner, Warning, "unseen", []));
    };
    let Some(Scaler { name, min, max }) = Scaler::of(&scalers, &plan.workload) else {
        return Ok(verdict(Check::ReplicaOwner, Fine, "ok", []));
    };
    let params = [("name", name), ("min", min.to_string()), ("max", max.to_string())];
    let (level, code) = if plan.in_batches() { (Warning, "hpa_batches") } else { (Fine, "hpa") };
    Ok(verdict(Check::ReplicaOwner, level, code, params))
}

/// Whether the release keeps as many pods as disruption budgets want; those stop nodes from being drained, never a
/// release.
pub(super) async fn budget(session: &Session, template: &Value, plan: &Plan) -> Result<Verdict> {
    let Some(budgets) = readable(session.list(Kind::PodDisruptionBudget, "").await)? else {
        return Ok(verdict(Check::Budget, VerdictLevel::Warning, "unseen", []));
    };
    let count = plan.count();
    Ok(of_budgets(&budgets, template, count, count.saturating_sub(plan.fenceposts().1)))
}

/// `ready`: as few pods as the release leaves.
fn of_budgets(budgets: &[Value], template: &Value, count: u32, ready: u32) -> Verdict {
    use VerdictLevel::{Ok, Warning};
    let labels = &template["metadata"]["labels"];
    let of_pods: Vec<&Value> = budgets.iter().filter(|one| selects(&one["spec"]["selector"], labels)).collect();
    let name = |budget: &Value| budget["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let [budget] = of_pods[..] else {
        let names = of_pods.iter().map(|budget| name(budget)).collect::<Vec<_>>().join(", ");
        return match of_pods.len() {
            0 => verdict(Check::Budget, Ok, "none", []),
            _ => verdict(Check::Budget, Warning, "several", [("names", names)]),
        };
    };
    let spec = &budget["spec"];
    let wanted = match (share(&spec["minAvailable"], count), share(&spec["maxUnavailable"], count)) {
        (Some(least), _) => least,
        (None, Some(most)) => count.saturating_sub(most),
        (None, None) => 0,
    };
    let params = [("name", name(budget)), ("wanted", wanted.to_string()), ("ready", ready.to_string())];
    if ready < wanted {
        verdict(Check::Budget, Warning, "below", params)
    } else {
        verdict(Check::Budget, Ok, "ok", params)
    }
}

/// A number or a percentage of the pods, rounded up as the disruption controller does.
fn share(value: &Value, count: u32) -> Option<u32> {
    if let Some(number) = value.as_u64() {
        return u32::try_from(number).ok();
    }
    let percent: u32 = value.as_str()?.strip_suffix('%')?.parse().ok()?;
    Some(count.saturating_mul(percent).div_ceil(100))
}

/// Whether a label selector takes these labels. One that is empty takes all.
fn selects(selector: &Value, labels: &Value) -> bool {
    let exact = selector["matchLabels"].as_object().into_iter().flatten();
    let expressions = selector["matchExpressions"].as_array().into_iter().flatten();
    exact.into_iter().all(|(key, value)| labels[key] == *value)
        && expressions.into_iter().all(|expression| {
            let label = &labels[expression["key"].as_str().unwrap_or_default()];
            let among = expression["values"].as_array().is_some_and(|values| values.contains(label));
            match expression["operator"].as_str() {
                Some("In") => among,
                Some("NotIn") => !among,
                Some("Exists") => !label.is_null(),
                Some("DoesNotExist") => label.is_null(),
                _ => false,
            }
        })
}

/// Ports that health checks and hooks ask, and that no container says it has. A container may listen on more than it
/// says, but only a port that it says has a name.
pub(super) fn probe_ports(pod: &Value) -> Option<Verdict> {
    use VerdictLevel::{Blocks, Ok, Warning};
    let containers = || pod["containers"].as_array().into_iter().flatten();
    let says = |container: &Value, port: &Value| {
        let ports = container["ports"].as_array().into_iter().flatten();
        ports.into_iter().any(|said| said["name"] == *port || said["containerPort"] == *port)
    };
    let mut asked = false;
    let mut undeclared = None;
    for container in containers() {
        for (what, asks) in asks(container) {
            for port in ["httpGet", "tcpSocket", "grpc"].iter().map(|kind| &asks[kind]["port"]) {
                if port.is_null() {
                    continue;
                }
                asked = true;
                let text = port.as_str().map_or_else(|| port.to_string(), str::to_owned);
                let params = [("probe", what.to_owned()), ("port", text)];
                if port.is_string() && !says(container, port) {
                    return Some(verdict(Check::Ports, Blocks, "unnamed", params));
                }
                // Containers of a pod share their ports.
                if !containers().any(|other| says(other, port)) {
                    undeclared.get_or_insert(params);
                }
            }
        }
    }
    match undeclared {
        Some(params) => Some(verdict(Check::Ports, Warning, "undeclared", params)),
        None => asked.then(|| verdict(Check::Ports, Ok, "ok", [])),
    }
}

/// What asks a container something, by its field.
fn asks(container: &Value) -> [(&'static str, &Value); 5] {
    let lifecycle = &container["lifecycle"];
    [
        ("readinessProbe", &container["readinessProbe"]),
        ("livenessProbe", &container["livenessProbe"]),
        ("startupProbe", &container["startupProbe"]),
        ("postStart", &lifecycle["postStart"]),
        ("preStop", &lifecycle["preStop"]),
    ]
}

#[cfg(test)]
mod tests;
