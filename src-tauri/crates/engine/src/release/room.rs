//! Whether there is room for a release: in the quotas of its namespace, and on the nodes.

use super::answer::{Check, Verdict, VerdictLevel};
use super::configuration::stands;
use super::preflight::{readable, verdict};
use crate::error::Result;
use serde::Serialize;
use serde_json::Value;
use slipway_cluster::{Kind, NodeOffer, Session, Taint};
use slipway_model::quantity::Quantity;
use slipway_model::release::Plan;
use slipway_render::amount::{limited, requested};
use slipway_render::config::{ConfigObject, ObjectKind};
use slipway_render::names;
use std::collections::{BTreeMap, HashMap, HashSet};
use ts_rs::TS;

/// Thousandths of one whole.
const ONE: i128 = 1_000;
const MEBI: i128 = 1024 * 1024;

/// What a release needs at its fullest, beyond what stands.
pub(super) struct Needs<'a> {
    /// Nothing of the group stands.
    pub first: bool,
    /// Pods that come on top at once: all of them where nothing runs.
    pub pods: u32,
    /// Pods that it may miss meanwhile.
    pub unavailable: u32,
    /// The pod as the server would have it.
    pub pod: &'a Value,
    pub objects: &'a [ConfigObject],
    /// Of what the group has already.
    pub selector: String,
}

impl<'a> Needs<'a> {
    pub(super) fn of(plan: &Plan, pod: &'a Value, objects: &'a [ConfigObject]) -> Self {
        let (surge, unavailable) = plan.fenceposts();
        let pods = match &plan.base {
            None => plan.group.count,
            Some(base) if base.replicas == 0 => 0,
            Some(_) => surge,
        };
        let selector = names::selector(&plan.app.slug, plan.group.slug.as_str());
        Self { first: plan.base.is_none(), pods, unavailable, pod, objects, selector }
    }

    /// Whether it moves at all with less room than it wants.
    fn manages_with(&self, fits: u32) -> bool {
        !self.first && (fits > 0 || self.unavailable > 0)
    }
}

/// What the quotas of the namespace leave.
pub(super) async fn quota(session: &Session, needs: &Needs<'_>) -> Result<Verdict> {
    let Some(quotas) = readable(session.list(Kind::ResourceQuota, "").await)? else {
        return Ok(verdict(Check::Quota, VerdictLevel::Warning, "unseen", []));
    };
    if quotas.is_empty() {
        return Ok(verdict(Check::Quota, VerdictLevel::Ok, "none", []));
    }
    let counts = |kind: &str| {
        let named = [kind.to_owned(), format!("count/{kind}")];
        quotas.iter().any(|quota| named.iter().any(|name| !quota["status"]["hard"][name].is_null()))
    };
    let (mut maps, mut secrets) = (0, 0);
    if counts("configmaps") {
        let there = session.list_names(Kind::ConfigMap, &needs.selector).await?;
        let there: HashSet<&str> = there.iter().map(|map| map.name.as_str()).collect();
        let of_files = needs.objects.iter().filter(|object| object.kind == ObjectKind::ConfigMap);
        // And the record.
        maps = 1 + of_files.filter(|object| !there.contains(object.name.as_str())).count();
    }
    if counts("secrets") {
        for object in needs.objects.iter().filter(|object| object.kind == ObjectKind::Secret) {
            secrets += usize::from(!stands(session, object).await?);
        }
    }
    Ok(of_quotas(&quotas, needs, maps, secrets))
}

/// One limit of one quota.
struct Limit<'q> {
    quota: &'q str,
    resource: &'q str,
    hard: &'q str,
    used: &'q str,
    left: i128,
}

fn limits(quota: &Value) -> impl Iterator<Item = Limit<'_>> {
    let (name, status) = (quota["metadata"]["name"].as_str().unwrap_or_default(), &quota["status"]);
    status["hard"].as_object().into_iter().flatten().filter_map(move |(resource, hard)| {
        let hard = hard.as_str()?;
        let used = status["used"][resource].as_str().unwrap_or("0");
        let milli = |text: &str| Quantity::parse(text).ok().map(|amount| amount.milli());
        Some(Limit { quota: name, resource, hard, used, left: milli(hard)? - milli(used)? })
    })
}

/// Whether a quota counts pods of this kind.
fn concerns(quota: &Value, pod: &Value) -> bool {
    let scopes: Vec<&str> =
        quota["spec"]["scopes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let best_effort = || ["cpu", "memory"].iter().all(|resource| requested(pod, resource).is_none_or(|of| of == 0));
    quota["spec"]["scopeSelector"].is_null()
        && scopes.iter().all(|scope| match *scope {
            "NotTerminating" => true,
            "BestEffort" => best_effort(),
            "NotBestEffort" => !best_effort(),
            _ => false,
        })
}

/// How much of a resource one pod takes, in thousandths; `None` where the pod does not say what its quota wants said.
fn of_each(resource: &str, pod: &Value) -> Option<i128> {
    match resource {
        "pods" | "count/pods" => Some(ONE),
        // Of volumes.
        "requests.storage" => Some(0),
        "cpu" | "memory" | "ephemeral-storage" => requested(pod, resource),
        other => match (other.strip_prefix("requests."), other.strip_prefix("limits.")) {
            (Some(resource), _) if resource.contains('/') => Some(requested(pod, resource).unwrap_or(0)),
            (Some(resource), _) => requested(pod, resource),
            (_, Some(resource)) => limited(pod, resource),
            // Services, and what else a release makes none of.
            (None, None) => Some(0),
        },
    }
}

/// How many more pods of a template the tightest quota has room for; `None` where none counts them, or they cannot be read.
pub(crate) async fn pods_left(session: &Session, template: &Value) -> Result<Option<PodsLeft>> {
    let quotas = readable(session.list(Kind::ResourceQuota, "").await)?.unwrap_or_default();
    let of_quota = |quota: &Value| {
        let counted = limits(quota).filter_map(|limit| {
            let each = of_each(limit.resource, template).filter(|each| *each > 0)?;
            let pods = u32::try_from(limit.left.max(0) / each).unwrap_or(u32::MAX);
            Some(PodsLeft { quota: limit.quota.to_owned(), resource: limit.resource.to_owned(), pods })
        });
        counted.min_by_key(|left| left.pods)
    };
    let counting = quotas.iter().filter(|quota| concerns(quota, template));
    Ok(counting.filter_map(of_quota).min_by_key(|left| left.pods))
}

/// What a quota leaves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PodsLeft {
    pub quota: String,
    /// That is used up first: `pods`, `requests.cpu` …
    pub resource: String,
    pub pods: u32,
}

fn of_quotas(quotas: &[Value], needs: &Needs<'_>, maps: usize, secrets: usize) -> Verdict {
    use VerdictLevel::{Blocks, Ok, Warning};
    let (mut tight, mut unsaid) = (None, None);
    for limit in quotas.iter().flat_map(limits) {
        let quota = quotas.iter().find(|quota| quota["metadata"]["name"] == limit.quota);
        let told = |need: String| {
            let free = said(limit.resource, limit.left.max(0));
            [
                ("quota", limit.quota.to_owned()),
                ("resource", limit.resource.to_owned()),
                ("hard", limit.hard.to_owned()),
                ("used", limit.used.to_owned()),
                ("free", free),
                ("need", need),
            ]
        };
        let objects = match limit.resource {
            "configmaps" | "count/configmaps" => Some(maps),
            "secrets" | "count/secrets" => Some(secrets),
            "count/replicasets.apps" => Some(1),
            "count/deployments.apps" => Some(usize::from(needs.first)),
            _ => None,
        };
        if let Some(objects) = objects {
            if i128::try_from(objects).unwrap_or(i128::MAX).saturating_mul(ONE) > limit.left {
                return verdict(Check::Quota, Blocks, "objects", told(objects.to_string()));
            }
            continue;
        }
        if !quota.is_some_and(|quota| concerns(quota, needs.pod)) {
            continue;
        }
        let Some(each) = of_each(limit.resource, needs.pod) else {
            let params = [("quota", limit.quota.to_owned()), ("resource", limit.resource.to_owned())];
            unsaid.get_or_insert_with(|| verdict(Check::Quota, Warning, "unsaid", params));
            continue;
        };
        let pods = needs.pods;
        let fits = if each == 0 { pods } else { u32::try_from(limit.left.max(0) / each).unwrap_or(u32::MAX) };
        if fits >= pods {
            continue;
        }
        let all = told(said(limit.resource, each * i128::from(pods)));
        if !needs.manages_with(fits) {
            return verdict(Check::Quota, Blocks, "full", all);
        }
        tight.get_or_insert_with(|| verdict(Check::Quota, Warning, "tight", all));
    }
    tight.or(unsaid).unwrap_or_else(|| verdict(Check::Quota, Ok, "ok", []))
}

/// An amount as people write it: memory in mebibytes.
fn said(resource: &str, milli: i128) -> String {
    if resource.ends_with("memory") || resource.ends_with("storage") {
        return format!("{}Mi", (milli / ONE + MEBI - 1) / MEBI);
    }
    if milli % ONE == 0 { (milli / ONE).to_string() } else { format!("{milli}m") }
}

/// What the nodes that the pods may use have left.
pub(super) async fn nodes(session: &Session, needs: &Needs<'_>) -> Result<Verdict> {
    let unseen = || verdict(Check::Room, VerdictLevel::Warning, "unseen", []);
    let Some(nodes) = session.nodes().await? else { return Ok(unseen()) };
    let Some(pods) = session.pods_on_nodes().await? else { return Ok(unseen()) };
    Ok(of_nodes(&nodes, &pods, needs))
}

const COUNTED: [&str; 2] = ["cpu", "memory"];

fn of_nodes(nodes: &[NodeOffer], pods: &[(String, Value)], needs: &Needs<'_>) -> Verdict {
    use VerdictLevel::{Ok, Warning};
    let asks: BTreeMap<&str, i128> =
        COUNTED.into_iter().map(|resource| (resource, requested(needs.pod, resource).unwrap_or(0))).collect();
    let of = |node: &NodeOffer, resource: &str| node.allocatable.get(resource).copied().unwrap_or(0);
    let may_use = |node: &&NodeOffer| {
        let selector = needs.pod["nodeSelector"].as_object().into_iter().flatten();
        selector.into_iter().all(|(key, value)| node.labels.get(key).map(String::as_str) == value.as_str())
            && node.taints.iter().all(|taint| tolerated(taint, needs.pod))
    };
    let usable: Vec<&NodeOffer> = nodes.iter().filter(may_use).collect();
    let need = COUNTED.map(|resource| format!("{resource} {}", said(resource, asks[resource]))).join(", ");
    let need = ("need", need);
    if !usable.iter().any(|node| COUNTED.iter().all(|resource| of(node, resource) >= asks[resource])) {
        return verdict(Check::Room, Warning, "large", [need]);
    }
    let mut taken: HashMap<&str, (i128, BTreeMap<&str, i128>)> = HashMap::new();
    for (node, pod) in pods {
        let (count, amounts) = taken.entry(node.as_str()).or_default();
        *count += ONE;
        for resource in COUNTED {
            *amounts.entry(resource).or_default() += requested(pod, resource).unwrap_or(0);
        }
    }
    let fits = |node: &&&NodeOffer| {
        let (count, amounts) = taken.get(node.name.as_str()).cloned().unwrap_or_default();
        let by_resource = COUNTED
            .iter()
            .filter(|resource| asks[*resource] > 0)
            .map(|resource| (of(node, resource) - amounts.get(resource).copied().unwrap_or(0)).max(0) / asks[resource]);
        by_resource.chain([(of(node, "pods") - count).max(0) / ONE]).min().unwrap_or(0)
    };
    let fits: i128 = usable.iter().filter(|node| !node.cordoned).map(|node| fits(&node)).sum();
    let (fits, pods) = (u32::try_from(fits).unwrap_or(u32::MAX), needs.pods);
    let params = [need, ("fits", fits.to_string()), ("pods", pods.to_string())];
    if fits >= pods {
        return verdict(Check::Room, Ok, "ok", params);
    }
    verdict(Check::Room, Warning, if needs.manages_with(fits) { "tight" } else { "full" }, params)
}

/// Whether a taint lets the pod be.
fn tolerated(taint: &Taint, pod: &Value) -> bool {
    if taint.effect == "PreferNoSchedule" {
        return true;
    }
    pod["tolerations"].as_array().into_iter().flatten().any(|toleration| {
        let text = |field: &str| toleration[field].as_str().unwrap_or_default();
        let effect = text("effect").is_empty() || text("effect") == taint.effect;
        let key = text("key").is_empty() || text("key") == taint.key;
        effect && key && (text("operator") == "Exists" || text("value") == taint.value)
    })
}

#[cfg(test)]
mod tests;
