//! One side: found, and rendered.

use crate::Engine;
use crate::error::{Error, Result};
use crate::group::ValidGroup;
use crate::release::frozen;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{GroupId, ReleaseId};
use slipway_model::release::{Plan, Release};
use slipway_render::Workload;
use slipway_render::diff::{Definition, FieldChange, changes};
use slipway_render::side::{Role, Side as Objects};
use ts_rs::TS;

/// Which definition of a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(rename = "DiffSide")]
pub enum Side {
    /// What a release would make of the draft now.
    Saved,
    /// The last release that was not undone: from the copy of history, so also offline.
    Released,
    /// What the cluster has.
    Live,
    /// Any release of it.
    Release { id: ReleaseId },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(rename = "DiffSideOf")]
pub struct SideOf {
    pub group: GroupId,
    pub side: Side,
}

/// What a side is, in words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(rename = "DiffSideHead")]
pub struct SideHead {
    pub group: GroupId,
    pub group_name: String,
    pub side: Side,
    /// Of a release.
    pub seq: Option<u32>,
    pub version: Option<String>,
    pub by: Option<String>,
    /// When it was saved, released or read.
    #[ts(type = "string")]
    pub at: Timestamp,
    pub workload: String,
}

/// A side with all that is known of it.
pub(super) struct Loaded {
    pub head: SideHead,
    /// `None` for what is live.
    pub plan: Option<Plan>,
    pub side: Objects,
}

impl Loaded {
    fn rendered(head: SideHead, plan: Plan, count: Option<u32>) -> Self {
        Self { head, side: Objects::rendered(&render(&plan, count)), plan: Some(plan) }
    }

    /// How many pods it says.
    pub(super) fn count(&self) -> Option<u32> {
        self.side.deployment()?["spec"]["replicas"].as_u64().and_then(|count| u32::try_from(count).ok())
    }

    pub(super) fn put_deployment(&mut self, deployment: Value) {
        if let Some(workload) = self.side.objects.iter_mut().find(|object| object.role == Role::Workload) {
            workload.body = deployment;
        }
    }

    /// Takes over how we hold the live Deployment: that is no part of a definition.
    pub(super) fn hold_as(&mut self, live: &Value) {
        if let Some(workload) = self.side.objects.iter_mut().find(|object| object.role == Role::Workload) {
            for (path, value) in slipway_render::foreign::held(live) {
                path.set(&mut workload.body, value);
            }
        }
    }

    pub(super) fn set_count(&mut self, count: Option<u32>) {
        let workload = self.side.objects.iter_mut().find(|object| object.role == Role::Workload);
        if let (Some(count), Some(workload)) = (count, workload) {
            workload.body["spec"]["replicas"] = count.into();
        }
    }
}

/// Every field that differs between two plans of a group. How many pods run is no part of either.
pub(crate) fn between(before: &Plan, after: &Plan) -> Vec<FieldChange> {
    let count = Some(before.base.as_ref().map_or(before.group.count, |base| base.replicas));
    let [old, new] = [before, after].map(|plan| Objects::rendered(&render(plan, count)));
    let of = |plan, side| Definition { plan: Some(plan), side };
    changes(of(before, &old), of(after, &new))
}

/// What a plan says, less the number of its release: that it gets only when it begins.
pub(super) fn render(plan: &Plan, count: Option<u32>) -> slipway_render::Rendered {
    let workload = Workload::from(plan);
    let live_count = count.or(workload.live_count);
    let mut rendered = slipway_render::render(Workload { live_count, ..workload }, "");
    rendered.deployment = slipway_render::side::without_release(&rendered.deployment);
    rendered
}

impl Engine {
    pub(super) async fn load_side(&self, of: &SideOf) -> Result<Loaded> {
        match &of.side {
            Side::Saved => self.saved_side(&of.group).await,
            Side::Released => {
                let release = self.released(&of.group).await?;
                let release = release.ok_or_else(|| Error::not_found("release", ""))?;
                Ok(of_release(of, release))
            }
            Side::Release { id } => Ok(of_release(of, self.release(id).await?)),
            Side::Live => self.live_side(&of.group).await,
        }
    }

    /// The last release of a group that took effect and was not taken back.
    pub(super) async fn released(&self, group: &GroupId) -> Result<Option<Release>> {
        let group = group.clone();
        Ok(self.store.read(move |r| r.released(&group)).await?)
    }

    pub(super) async fn saved_side(&self, group: &GroupId) -> Result<Loaded> {
        let (entry, released) = (self.group_entry(group).await?, self.released(group).await?);
        let plan = self.saved_plan(group, released.as_ref()).await.map_err(|error| match error {
            Error::Invalid(fields) => Error::Draft { group: entry.draft.name.clone(), fields },
            error => error,
        })?;
        let head = SideHead {
            group: group.clone(),
            group_name: plan.group.slug.to_string(),
            side: Side::Saved,
            seq: None,
            version: Some(plan.image.version().to_owned()),
            by: None,
            at: entry.saved,
            workload: plan.workload.clone(),
        };
        // The form gives the first count; afterwards releases keep what runs.
        Ok(Loaded::rendered(head, plan, released.as_ref().map(count_of)))
    }

    /// What a release of the draft would freeze now. Where it names no image, it is the last one that was released.
    async fn saved_plan(&self, group: &GroupId, released: Option<&Release>) -> Result<Plan> {
        planned(self.valid_group(group).await?, released)
    }
}

/// What a release of a valid draft would freeze.
pub(super) fn planned(valid: ValidGroup, released: Option<&Release>) -> Result<Plan> {
    let released = released.map(|release| &release.plan.image);
    // A tag that was released stands for what it led to then.
    let image = match (&valid.group.image, released) {
        (Some(saved), Some(released)) if saved.leads_to(released) => Some(released.clone()),
        (saved, released) => saved.clone().or_else(|| released.cloned()),
    };
    let image = image.ok_or_else(|| {
        let mut fields = Fields::new();
        fields.refuse("image", FieldCode::Required);
        Error::Invalid(fields.into_errors())
    })?;
    let workload = valid.workload.clone();
    let workload = workload.unwrap_or_else(|| slipway_render::names::workload(&valid.app.slug, &valid.group.slug));
    Ok(frozen(valid, image, workload))
}

/// Pods that a release found, or began with.
pub(super) fn count_of(release: &Release) -> u32 {
    release.plan.base.as_ref().map_or(release.plan.group.count, |base| base.replicas)
}

fn of_release(of: &SideOf, release: Release) -> Loaded {
    let head = SideHead {
        group: release.group.clone(),
        group_name: release.plan.group.slug.to_string(),
        side: of.side.clone(),
        seq: release.seq.map(|seq| seq.0),
        version: Some(release.plan.image.version().to_owned()),
        by: Some(release.author.display.clone()).filter(|name| !name.is_empty()).or(Some(release.author.identity)),
        at: release.created,
        workload: release.plan.workload.clone(),
    };
    Loaded::rendered(head, release.plan, None)
}
