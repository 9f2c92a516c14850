//! The configuration of a plan: what keeps it from a cluster, and what of it the cluster has.

use super::answer::{Check, Verdict, VerdictLevel};
use super::preflight::verdict;
use crate::config::kind_of;
use crate::error::Result;
use serde_json::{Value, json};
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::config::CONTENT_MAX;
use slipway_render::config::{ConfigObject, Problem, ProblemKind, problems, used_keys};
use slipway_render::side::{Role, Side};
use slipway_render::template::TemplateCode;
use slipway_render::{Rendered, Workload};

/// Problems that are told one by one: who has more mends these first.
const TOLD_MAX: usize = 20;

/// What is wrong with it, one verdict each; keys that nothing uses; values that only other computers know. `back`: it is
/// that of an older release.
pub(super) async fn check(
    session: &Session,
    workload: Workload<'_>,
    rendered: &Rendered,
    back: bool,
) -> Result<Vec<Verdict>> {
    let mut verdicts: Vec<Verdict> = problems(workload).into_iter().take(TOLD_MAX).map(problem).collect();
    for object in rendered.objects.iter().filter(|object| object.body.is_none() && !object.missing.is_empty()) {
        if !stands(session, object).await? {
            let keys = object.missing.join(", ");
            let code = if back { "gone" } else { "elsewhere" };
            verdicts.push(verdict(Check::Config, VerdictLevel::Blocks, code, [("keys", keys)]));
        }
    }
    let used = used_keys(workload);
    let own = workload.config.values.iter().filter(|value| value.value.is_some());
    let unused: Vec<&str> = own.map(|value| value.key.as_str()).filter(|key| !used.contains(*key)).collect();
    if !unused.is_empty() {
        verdicts.push(verdict(Check::Config, VerdictLevel::Warning, "unused", [("keys", unused.join(", "))]));
    }
    if verdicts.is_empty() {
        verdicts.push(verdict(Check::Config, VerdictLevel::Ok, "ok", []));
    }
    Ok(verdicts)
}

fn problem(problem: Problem) -> Verdict {
    let at = ("file", problem.at);
    match problem.what {
        ProblemKind::Unset(unset) => {
            let params = [at, ("key", unset.key), ("line", unset.line.to_string())];
            verdict(Check::Config, VerdictLevel::Blocks, "unset", params)
        }
        ProblemKind::Template(error) => {
            let reason = match error.code {
                TemplateCode::Unclosed => "unclosed",
                TemplateCode::BadKey => "bad_key",
                TemplateCode::EmptyKey => "empty_key",
            };
            let (line, column) = (error.line.to_string(), error.column.to_string());
            let params = [at, ("line", line), ("column", column), ("reason", reason.to_owned())];
            verdict(Check::Config, VerdictLevel::Blocks, "template", params)
        }
        ProblemKind::Path(refusal) => {
            let other = refusal.params.get("path").cloned().unwrap_or_default();
            verdict(Check::Config, VerdictLevel::Blocks, "path", [at, ("other", other)])
        }
        ProblemKind::TooLarge(size) => {
            let params = [at, ("size", size.to_string()), ("max", CONTENT_MAX.to_string())];
            verdict(Check::Config, VerdictLevel::Blocks, "too_large", params)
        }
        ProblemKind::VariablesTooLarge(size) => {
            let params = [at, ("size", size.to_string()), ("max", CONTENT_MAX.to_string())];
            verdict(Check::Config, VerdictLevel::Blocks, "variables", params)
        }
    }
}

/// Whether the image pull secret is there, where it may not be read; nothing is said where a role may not ask that
/// either. `tried`: the login that is known here was good for the image.
pub(super) async fn pull_secret(session: &Session, name: &str, host: &str, tried: bool) -> Result<Option<Verdict>> {
    let probe = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": name } });
    let params = [("name", name.to_owned()), ("host", host.to_owned())];
    let said = |level, code| Ok(Some(verdict(Check::PullSecret, level, code, params)));
    match session.dry_create(Kind::Secret, &probe).await {
        Err(ClusterError::AlreadyExists { .. }) => said(VerdictLevel::Ok, if tried { "login" } else { "ok" }),
        // The kubelet then pulls as nobody: a warning, because the image may be public.
        Ok(_) => said(VerdictLevel::Warning, "missing"),
        Err(ClusterError::Forbidden { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Whether an object that cannot be made here is in the cluster: a create of it is asked for, and not made.
pub(super) async fn stands(session: &Session, object: &ConfigObject) -> Result<bool> {
    match session.dry_create(kind_of(object.kind), object.probe()).await {
        Err(ClusterError::AlreadyExists { .. }) => Ok(true),
        // Who may not create it is told so by the permissions.
        Ok(_) | Err(ClusterError::Forbidden { .. }) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// The objects that the live pods are configured by, as far as they may be read. One that somebody deleted stands there
/// by its name.
pub(super) async fn live_side(session: &Session, live: Option<&Value>) -> Result<Side> {
    let Some(live) = live else { return Ok(Side::default()) };
    let mut found = Vec::new();
    for object in Side::of(live, []).objects.iter().filter(|object| object.kind == Kind::ConfigMap.to_string()) {
        found.extend(session.get(Kind::ConfigMap, &object.name).await?);
    }
    Ok(Side::of(live, found))
}

/// Objects of a side that hold the variables everybody may read.
pub(super) fn variable_maps(side: &Side) -> Vec<&Value> {
    let plain = Role::Variables { sensitive: false };
    side.objects.iter().filter(|object| object.role == plain).map(|object| &object.body).collect()
}
