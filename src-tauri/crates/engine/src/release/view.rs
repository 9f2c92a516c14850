//! The one row of the feed `release`: a release as its page shows it.

use super::answer::{BatchView, ReleaseAction, ReleaseRow, ReleaseView};
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use crate::tag;
use slipway_model::id::ReleaseId;
use slipway_model::release::{Release, ReleaseState, Stage};
use slipway_store::ReleaseHead;

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
        let planned = release.plan.base.as_ref().map_or(release.plan.group.count, |base| base.replicas);
        let count = if release.progress.count > 0 { release.progress.count } else { planned };
        let strategy = &release.plan.group.strategy;
        let batches = if release.in_batches() { BatchView::all(strategy, count) } else { Vec::new() };
        Ok(ReleaseView {
            id: release.id.clone(),
            row: ReleaseRow::from(&ReleaseHead::from(&release)),
            link: release.link.clone(),
            cluster: link.map(|link| link.name),
            namespace: release.plan.namespace.clone(),
            workload: release.plan.workload.clone(),
            image: release.plan.image.to_string(),
            label: release.seq.map(|seq| seq.to_string()),
            count,
            batches,
            progress: release.progress.clone(),
            diagnosis: release.diagnosis.clone(),
            ours: self.drivers.drives(id) || release.author.device == self.device,
            actions: actions(&release),
            objects: release.plan.objects.clone(),
            changes: slipway_render::diff::of_release(&release.plan),
            transitions: release.transitions,
        })
    }
}

/// What a person may do now.
pub(super) fn actions(release: &Release) -> Vec<ReleaseAction> {
    if release.stage != Stage::Move || release.progress.aborting.is_some() {
        return Vec::new();
    }
    match release.state {
        ReleaseState::Stopped | ReleaseState::Resting => vec![ReleaseAction::Continue, ReleaseAction::Abort],
        ReleaseState::Moving => vec![ReleaseAction::Pause, ReleaseAction::Abort],
        _ => Vec::new(),
    }
}
