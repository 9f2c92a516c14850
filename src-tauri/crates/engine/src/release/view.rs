//! The one row of the feed `release`: a release as its page shows it.

use super::answer::{Change, ReleaseAction, ReleaseRow, ReleaseView};
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use crate::tag;
use serde_json::{Value, json};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Release, ReleaseState};
use slipway_render::side::{Role, Side, without_references};
use std::collections::BTreeMap;

impl Row for ReleaseView {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Engine {
    /// A release, again after every transition.
    pub fn live_release(&self, id: ReleaseId) -> Live<ReleaseView> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let mut changes = engine.store.changes();
            let tag = tag::release(&id);
            loop {
                let open = match engine.release_view(&id).await {
                    Ok(view) => sender.replace(vec![view], Some(Trust::Live)).await,
                    Err(error) => sender.trust(Trust::Failed(error)).await,
                };
                if !open || !crate::live::changed(&mut changes, &tag).await {
                    return;
                }
            }
        })
    }

    pub(crate) async fn release(&self, id: &ReleaseId) -> Result<Release> {
        let id = id.clone();
        self.store.read(move |r| r.release(&id)).await?.ok_or_else(|| Error::not_found("release", ""))
    }

    async fn release_view(&self, id: &ReleaseId) -> Result<ReleaseView> {
        let release = self.release(id).await?;
        let link = release.link.clone();
        let link = self.store.read(move |r| r.link(&link)).await?;
        Ok(ReleaseView {
            id: release.id.clone(),
            row: ReleaseRow::from(&release),
            link: release.link.clone(),
            cluster: link.map(|link| link.name),
            namespace: release.plan.namespace.clone(),
            workload: release.plan.workload.clone(),
            image: release.plan.image.to_string(),
            label: release.seq.map(|seq| seq.to_string()),
            count: release.plan.base.as_ref().map_or(release.plan.group.count, |base| base.replicas),
            diagnosis: release.diagnosis.clone(),
            ours: self.drivers.drives(id) || release.author.device == self.device,
            actions: actions(&release),
            objects: release.plan.objects.clone(),
            changes: changes(&release),
            transitions: release.transitions,
        })
    }
}

/// What a person may do now.
fn actions(release: &Release) -> Vec<ReleaseAction> {
    match release.state {
        ReleaseState::Stopped => vec![ReleaseAction::Continue, ReleaseAction::Abort],
        ReleaseState::Moving if release.stage >= slipway_model::release::Stage::Move => vec![ReleaseAction::Abort],
        _ => Vec::new(),
    }
}

/// What the release changes of variables, files and the pod template, as it was planned.
fn changes(release: &Release) -> Vec<Change> {
    let plan = &release.plan;
    let rendered = slipway_render::render(plan.into(), "");
    let after = Side::rendered(&rendered);
    let stable = plan.base.as_ref().map(|base| json!({ "spec": base.stable }));
    let before = stable.as_ref().map(|stable| Side::of(stable, []));
    let pod = |deployment: &Value| without_references(deployment)["spec"]["template"]["spec"].take();
    let fields = slipway_render::diff::stated_fields(stable.as_ref().map(pod).as_ref(), &pod(&rendered.deployment));
    // Below one key: a path says what kind of thing it leads to.
    let beside = |values: Value| json!({ "variables": values });
    let said = plan.base.as_ref().map(|base| base.variables.as_slice()).unwrap_or_default();
    let said: Value = said.iter().map(|variable| (variable.name.clone(), variable.value.clone())).collect();
    let maps = super::configuration::variable_maps(&after);
    let says = maps.first().map_or_else(|| json!({}), |map| map["data"].clone());
    let changed = slipway_render::diff::fields(Some(&beside(said)), &beside(says));
    let changed = changed.into_iter().chain(fields).map(|(path, before, after)| Change { path, before, after });
    changed.chain(replaced(before.as_ref(), &after)).collect()
}

/// Files and Secrets that are another object now: their names say so, and nothing of what they hold.
fn replaced(before: Option<&Side>, after: &Side) -> Vec<Change> {
    let of = |side: &Side| -> BTreeMap<Role, String> {
        let told = side.objects.iter().filter(|object| {
            !matches!(object.role, Role::Workload | Role::Other(_) | Role::Variables { sensitive: false })
        });
        told.map(|object| (object.role.clone(), object.name.clone())).collect()
    };
    let (mut old, new) = (before.map(of).unwrap_or_default(), of(after));
    let mut changes: Vec<Change> = Vec::new();
    for (role, name) in new {
        let before = old.remove(&role);
        if before.as_ref() != Some(&name) {
            changes.push(Change { path: role.to_string(), before, after: Some(name) });
        }
    }
    changes.extend(old.into_iter().map(|(role, name)| Change {
        path: role.to_string(),
        before: Some(name),
        after: None,
    }));
    changes
}
