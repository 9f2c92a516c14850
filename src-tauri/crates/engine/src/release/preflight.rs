//! What a plan meets in its cluster: each thing that can keep a release from going well, asked before it begins.

use super::answer::{Check, Verdict, VerdictLevel};
use super::apply::{self, Applied};
use crate::Engine;
use crate::config::hidden_since;
use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{ClusterError, Session};
use slipway_model::release::{BackScope, Plan};
use std::collections::BTreeMap;

impl Engine {
    /// Why an old configuration must not go back to a cluster: what it has in the clear is sensitive by now, or a newer
    /// Slipway wrote it, which may have said more of it than is known here.
    pub(super) async fn unfit_to_go_back(&self, plan: &Plan) -> Result<Vec<Verdict>> {
        let Some(back) = plan.back.clone() else { return Ok(Vec::new()) };
        let (plan, of) = (plan.clone(), back.release);
        let read = self.store.read(move |r| Ok((hidden_since(r, &plan)?, r.release(&of)?.and_then(|to| to.newer))));
        let (shown, newer) = read.await?;
        let newer = newer.filter(|_| back.scope != BackScope::Image);
        let blocks = |code, param| verdict(Check::Config, VerdictLevel::Blocks, code, [param]);
        let shown = shown.map(|what| blocks("made_sensitive", ("what", what)));
        Ok(shown.into_iter().chain(newer.map(|version| blocks("newer", ("version", version.to_string())))).collect())
    }
}

/// The object as the server would make it, and what that says.
pub(super) async fn dry_run(session: &Session, ours: Value, name: &str) -> Result<(Value, Vec<Verdict>)> {
    match apply::dry_run(session, &ours, name).await {
        Ok(Applied { object, overridden }) => {
            let ownership = if overridden.is_empty() {
                verdict(Check::Ownership, VerdictLevel::Ok, "ok", [])
            } else {
                verdict(Check::Ownership, VerdictLevel::Warning, "ours", [("fields", overridden.join(", "))])
            };
            Ok((object, vec![verdict(Check::DryRun, VerdictLevel::Ok, "ok", []), ownership]))
        }
        Err(Error::Conflict(conflicts)) => {
            let (manager, field) =
                conflicts.first().map_or_else(Default::default, |first| (first.manager.clone(), first.field.clone()));
            let params = [("manager", manager), ("field", field), ("count", conflicts.len().to_string())];
            Ok((ours, vec![verdict(Check::Ownership, VerdictLevel::Blocks, "conflict", params)]))
        }
        Err(error) => match error.refusal() {
            Some(message) => {
                Ok((ours, vec![verdict(Check::DryRun, VerdictLevel::Blocks, "refused", [("message", message)])]))
            }
            None => Err(error),
        },
    }
}

/// What a release writes, asked rule by rule; Secrets and Services where it has any.
pub(super) async fn permissions(session: &Session, secrets: bool, services: bool) -> Result<Verdict> {
    const WRITES: &[(&str, &str, &[&str])] = &[
        ("apps", "deployments", &["get", "create", "patch"]),
        ("", "configmaps", &["create", "patch"]),
        ("coordination.k8s.io", "leases", &["get", "create", "update"]),
        ("", "pods", &["list", "watch"]),
    ];
    let mut missing = Vec::new();
    let secrets: &[(&str, &str, &[&str])] = if secrets { &[("", "secrets", &["create"])] } else { &[] };
    let services: &[(&str, &str, &[&str])] =
        if services { &[("", "services", &["get", "create", "patch", "delete"])] } else { &[] };
    for (group, resource, verbs) in WRITES.iter().chain(secrets).chain(services) {
        for verb in *verbs {
            if !session.may(group, resource, verb).await? {
                missing.push(format!("{verb} {resource}"));
            }
        }
    }
    Ok(if missing.is_empty() {
        verdict(Check::Permissions, VerdictLevel::Ok, "ok", [])
    } else {
        verdict(Check::Permissions, VerdictLevel::Blocks, "missing", [("rules", missing.join(", "))])
    })
}

/// Whether each load balancer leads to a port that the group has. A container may listen on more than it says.
pub(super) fn balancers(plan: &Plan) -> Option<Verdict> {
    let missing = plan.balancers.iter().find_map(|snapshot| {
        let target = snapshot.balancer.missing_targets(&plan.group).into_iter().next()?;
        Some([("balancer", snapshot.balancer.name.to_string()), ("port", target.to_string())])
    });
    match missing {
        Some(params) => Some(verdict(Check::Balancers, VerdictLevel::Warning, "target", params)),
        None if plan.balancers.is_empty() => None,
        None => Some(verdict(Check::Balancers, VerdictLevel::Ok, "ok", [])),
    }
}

/// What was read; `None` where a role may not read it, or the cluster has no such kind.
pub(super) fn readable<T>(answer: std::result::Result<T, ClusterError>) -> Result<Option<T>> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(ClusterError::Forbidden { .. } | ClusterError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(crate) fn verdict<const N: usize>(
    check: Check,
    level: VerdictLevel,
    code: &str,
    params: [(&str, String); N],
) -> Verdict {
    let params: BTreeMap<_, _> = params.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
    Verdict { check, level, code: code.to_owned(), params }
}
