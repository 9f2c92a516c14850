//! The one row of the feed `release`: a release as its page shows it.

use super::answer::{BatchView, Hands, ReleaseAction, ReleaseRow, ReleaseView};
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use crate::tag;
use crate::watched::Kept;
use slipway_cluster::Session;
use slipway_cluster::lease::{self, LeaseFacts};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Release, ReleaseState, Stage};
use slipway_render::names;
use slipway_store::ReleaseHead;
use std::time::Duration;

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
            let mut lease: Option<LeaseWatch> = None;
            loop {
                let open = match engine.release(&id).await {
                    Ok(release) => {
                        let hands = engine.hands(&release, &mut lease).await;
                        match engine.release_view(release, hands).await {
                            Ok(view) => sender.replace(vec![view], Some(Trust::Live)).await,
                            Err(error) => sender.trust(Trust::Failed(error)).await,
                        }
                    }
                    Err(error) => sender.trust(Trust::Failed(error)).await,
                };
                if !open {
                    return;
                }
                tokio::select! {
                    open = crate::live::changed(&mut changes, &tag) => if !open { return },
                    () = LeaseWatch::changed(lease.as_mut()) => {}
                }
            }
        })
    }

    pub(crate) async fn release(&self, id: &ReleaseId) -> Result<Release> {
        let id = id.clone();
        self.store.read(move |r| r.release(&id)).await?.ok_or_else(|| Error::not_found("release", ""))
    }

    /// In whose hands a release is. Where that is told by the Lease, `watch` looks at it.
    async fn hands(&self, release: &Release, watch: &mut Option<LeaseWatch>) -> Hands {
        let ours = self.owes(&release.id).await.unwrap_or_default();
        let told = ours || release.state.ended() || release.waits();
        if told {
            *watch = None;
            return if ours { Hands::Ours } else { Hands::Nobodys };
        }
        if watch.is_none() {
            *watch = self.session(&release.link).ok().map(|session| LeaseWatch::open(session, &release.plan.workload));
        }
        match watch {
            Some(watch) if watch.expired() => Hands::Adrift,
            _ => Hands::Others,
        }
    }

    async fn release_view(&self, release: Release, hands: Hands) -> Result<ReleaseView> {
        let link = release.link.clone();
        let link = self.store.read(move |r| r.link(&link)).await?;
        Ok(ReleaseView {
            id: release.id.clone(),
            row: ReleaseRow::from(&ReleaseHead::from(&release)),
            link: release.link.clone(),
            cluster: link.map(|link| link.name),
            namespace: release.plan.namespace.clone(),
            workload: release.plan.workload.clone(),
            image: release.plan.image.to_string(),
            label: release.seq.map(|seq| seq.to_string()),
            count: release.count(),
            batches: BatchView::of(&release),
            progress: release.progress.clone(),
            diagnosis: release.diagnosis.clone(),
            hands,
            driver: release.driver().clone(),
            newer: release.newer,
            actions: actions(&release, hands),
            objects: release.plan.objects.clone(),
            changes: slipway_render::diff::of_release(&release.plan),
            preflight: release.plan.preflight,
            transitions: release.transitions,
        })
    }
}

/// The Lease of a group, and whether whoever has it is still there.
struct LeaseWatch {
    session: Session,
    leases: Kept<LeaseFacts>,
    name: String,
}

impl LeaseWatch {
    fn open(session: Session, workload: &str) -> Self {
        Self { leases: Kept::new(session.leases()), session, name: names::lease(workload) }
    }

    fn left(&self) -> Duration {
        lease::left(&self.session, &self.name, self.leases.rows().find(|lease| lease.name == self.name))
    }

    /// Nobody knows while the cluster is not followed.
    fn expired(&self) -> bool {
        self.leases.live() && self.left().is_zero()
    }

    /// Waits until it is told anew, or stood still for as long as it stands; for ever where there is none.
    async fn changed(watch: Option<&mut Self>) {
        let Some(watch) = watch else { return std::future::pending().await };
        let left = watch.left();
        let stands = watch.leases.live() && !left.is_zero();
        tokio::select! {
            () = watch.leases.changed() => {}
            () = tokio::time::sleep(left), if stands => {}
        }
    }
}

/// What a person may do now. Who may write at all is for the cluster to say.
pub(super) fn actions(release: &Release, hands: Hands) -> Vec<ReleaseAction> {
    let moves = release.stage == Stage::Move && release.progress.aborting.is_none();
    match hands {
        _ if release.newer.is_some() || release.state.ended() => return Vec::new(),
        Hands::Others => return Vec::new(),
        Hands::Adrift if moves => return vec![ReleaseAction::TakeOver, ReleaseAction::Abort],
        Hands::Adrift => return vec![ReleaseAction::TakeOver],
        Hands::Ours | Hands::Nobodys if release.asks_for_less().is_some() => return vec![ReleaseAction::AbortBelow],
        Hands::Ours | Hands::Nobodys if !moves => return Vec::new(),
        Hands::Ours | Hands::Nobodys => {}
    }
    match release.state {
        ReleaseState::Stopped | ReleaseState::Resting => vec![ReleaseAction::Continue, ReleaseAction::Abort],
        ReleaseState::Moving => vec![ReleaseAction::Pause, ReleaseAction::Abort],
        _ => Vec::new(),
    }
}
