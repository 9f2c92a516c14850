//! Back to a version: a new release made of an old one's record.

use super::answer::{PlanView, ReleaseRow};
use super::plan::same_namespace;
use crate::Engine;
use crate::diff::between;
use crate::error::Result;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use slipway_model::app::App;
use slipway_model::config::{Config, Value};
use slipway_model::group::Group;
use slipway_model::id::{LinkId, ReleaseId};
use slipway_model::release::{Back, BackScope, Plan, Release};
use slipway_render::diff::{FieldChange, Section};
use slipway_store::ReleaseHead;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use ts_rs::TS;

/// Releases since then that are looked through for who changed what: the newest.
const LOOKED_THROUGH: u32 = 50;

#[derive(Clone, Debug, Deserialize, TS)]
pub struct RollbackRequest {
    /// What is gone back to.
    pub release: ReleaseId,
    pub scope: BackScope,
}

/// What going back would do.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RollbackView {
    pub to: ReleaseRow,
    /// What runs now, or moves.
    pub now: ReleaseRow,
    /// Confirmed like that of any release.
    pub plan: PlanView,
    /// What changed since then besides the image, as all of it would go back.
    pub changes: Vec<BackChange>,
    /// Load balancers that point at the group now and did not then, or did otherwise, or do no longer.
    pub balancers: Vec<BalancerSince>,
}

/// A field from how it is now to how it was.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct BackChange {
    pub change: FieldChange,
    /// It is the value of a key, and `change.field` that key.
    pub key: bool,
    /// The release that changed it last; `None` where that is further back than was looked.
    pub last: Option<ChangedBy>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ChangedBy {
    pub seq: Option<u32>,
    pub by: String,
    #[ts(type = "string")]
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BalancerSince {
    pub name: String,
    pub what: SinceThen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SinceThen {
    Added,
    Changed,
    Removed,
}

impl Engine {
    /// What a release back to an old one would do, as the cluster and the registry answer. Drafts are no part of it: what
    /// does not go back stays as it was released last. Writes nothing.
    ///
    /// # Errors
    /// `NotFound`, `GroupGone`, and as of `release_plan`.
    pub async fn rollback_plan(&self, request: &RollbackRequest) -> Result<RollbackView> {
        let to = self.release(&request.release).await?;
        let entry = self.group_entry(&to.group).await?;
        let link = self.link(&LinkId::from(entry.draft.link.as_str())).await?;
        let session = self.session(&link.id)?;
        same_namespace(&session, &link).await?;
        // What colleagues released since is part of what runs now.
        self.catch_up(&session, &to.plan.app.slug, &to.plan.group.slug).await?;
        let (of, limit) = (to.group.clone(), LOOKED_THROUGH);
        let (now, newest) =
            self.store.read(move |r| Ok((r.released(&of)?, r.whole_releases_of_group(&of, limit)?))).await?;
        let now = now.unwrap_or_else(|| to.clone());
        let environments = self.environment_list().await?;
        let mut now_plan = now.plan.clone();
        // Where it is: as this computer knows it, whoever released it.
        now_plan.app = App { deploy_path: now.plan.app.deploy_path.clone(), ..self.app(&to.app).await? };
        now_plan.balancers = self.pointing(&to.app).await?.at(&to.group);
        now_plan.namespace.clone_from(&link.namespace);
        now_plan.group.link.clone_from(&link.id);
        if let Some(environment) = environments.into_iter().find(|one| one.id.as_str() == entry.draft.environment) {
            now_plan.group.environment.clone_from(&environment.id);
            now_plan.environment = environment;
        }
        if let Some(workload) = entry.workload {
            now_plan.workload = workload;
        }
        let all = back(&now_plan, &to, BackScope::Configuration);
        let mut plan = back(&now_plan, &to, request.scope);
        if request.scope == BackScope::Balancers {
            plan.balancers = self.pointing(&to.app).await?.back(&to.group, &to.plan.balancers).at(&to.group);
        }
        let view = Box::pin(self.weigh(&session, link, plan)).await?;
        let balancers = balancers(&to.plan, &now_plan);
        let (to_row, now_row) = (row(&to), row(&now));
        let compare = move || since(&to, &now_plan, &all, &newest);
        // Files may be long.
        let changes = tokio::task::spawn_blocking(compare).await.unwrap_or_default();
        Ok(RollbackView { to: to_row, now: now_row, plan: view, changes, balancers })
    }
}

impl Engine {
    /// Load balancers go back before the pods do: what a cluster refuses of them begins nothing.
    pub(super) async fn bring_balancers_back(&self, plan: &Plan) -> Result<()> {
        let Some(back) = plan.back.as_ref().filter(|_| plan.takes_balancers_back()) else { return Ok(()) };
        let then = self.release(&back.release).await?.plan.balancers;
        Box::pin(self.balancers_back(&plan.app.id, &plan.group.id, &then)).await
    }
}

fn row(release: &Release) -> ReleaseRow {
    ReleaseRow::from(&ReleaseHead::from(release))
}

/// The plan that goes back: how the group moves, and where it is, stay as they are.
fn back(now: &Plan, to: &Release, scope: BackScope) -> Plan {
    let from = match scope {
        BackScope::Image => now,
        BackScope::Configuration | BackScope::Balancers => &to.plan,
    };
    Plan {
        hash: String::new(),
        app: App { deploy_path: from.app.deploy_path.clone(), ..now.app.clone() },
        group: Group {
            id: now.group.id.clone(),
            app: now.app.id.clone(),
            environment: now.group.environment.clone(),
            link: now.group.link.clone(),
            slug: now.group.slug.clone(),
            image: Some(to.plan.image.clone()),
            strategy: now.group.strategy.clone(),
            adopted: now.group.adopted.clone(),
            note: now.group.note.clone(),
            count: now.group.count,
            ..from.group.clone()
        },
        config: from.config.clone(),
        image: to.plan.image.clone(),
        from: None,
        objects: Vec::new(),
        base: None,
        back: Some(Back { release: to.id.clone(), seq: to.seq, scope }),
        preflight: None,
        ..now.clone()
    }
}

/// What differs between now and then, with who changed it last.
fn since(to: &Release, now: &Plan, all: &Plan, newest: &[Release]) -> Vec<BackChange> {
    let mut last: HashMap<(Section, String, bool), ChangedBy> = HashMap::new();
    let later = newest.iter().rev().filter(|release| release.created > to.created && release.state.took_effect());
    let mut before = &to.plan;
    for release in later {
        for (change, key) in differing(before, &release.plan) {
            let by = &release.author;
            let by = if by.display.is_empty() { &by.identity } else { &by.display };
            let seq = release.seq.map(|seq| seq.0);
            last.insert((change.section, change.field, key), ChangedBy { seq, by: by.clone(), at: release.created });
        }
        before = &release.plan;
    }
    let of = |change: FieldChange, key| BackChange {
        last: last.get(&(change.section, change.field.clone(), key)).cloned(),
        change,
        key,
    };
    differing(now, all).into_iter().map(|(change, key)| of(change, key)).collect()
}

/// Fields and keys, the image left out: it has a place of its own.
fn differing(before: &Plan, after: &Plan) -> Vec<(FieldChange, bool)> {
    let fields = between(before, after).into_iter().filter(|change| change.field != "image");
    let keys = keys(&before.config, &after.config);
    fields.map(|change| (change, false)).chain(keys.into_iter().map(|change| (change, true))).collect()
}

/// Keys that have another value: of sensitive ones only that.
fn keys(before: &Config, after: &Config) -> Vec<FieldChange> {
    let of = |config: &Config| -> BTreeMap<String, Value> {
        let values = config.values.iter().filter_map(|value| Some((value.key.clone(), value.effective()?.0.clone())));
        values.collect()
    };
    let (old, new) = (of(before), of(after));
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let said = |value: Option<&Value>| {
        value.map(|value| match value {
            Value::Plain(text) => Json::from(text.clone()),
            Value::Sealed(id) => Json::from(id.to_string()),
        })
    };
    let sealed = |value: Option<&Value>| matches!(value, Some(Value::Sealed(_)));
    let differing = names.into_iter().filter(|name| old.get(*name) != new.get(*name));
    differing
        .map(|name| {
            let (before, after) = (old.get(name), new.get(name));
            FieldChange {
                section: Section::Files,
                field: name.clone(),
                before: said(before),
                after: said(after),
                hidden: sealed(before) || sealed(after),
                count: 1,
            }
        })
        .collect()
}

/// Those that point at the group otherwise than they did.
fn balancers(then: &Plan, now: &Plan) -> Vec<BalancerSince> {
    let of = |plan: &Plan| -> BTreeMap<String, _> {
        let snapshots = plan.balancers.iter().map(|snapshot| &snapshot.balancer);
        snapshots.map(|one| (one.name.to_string(), (one.id.clone(), one.kind, one.ports.clone()))).collect()
    };
    let (old, new) = (of(then), of(now));
    let gone = old.keys().filter(|name| !new.contains_key(*name)).map(|name| (name, SinceThen::Removed));
    let others = new.iter().filter_map(|(name, one)| match old.get(name) {
        None => Some((name, SinceThen::Added)),
        Some(before) => (before != one).then_some((name, SinceThen::Changed)),
    });
    others.chain(gone).map(|(name, what)| BalancerSince { name: name.clone(), what }).collect()
}
