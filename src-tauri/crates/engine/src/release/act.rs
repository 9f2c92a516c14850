//! What a person does to a release that moves or is stopped.

use super::answer::{Hands, ReleaseAction};
use super::apply::CONFLICTS_MAX;
use super::driver::Driver;
use super::view::actions;
use crate::Engine;
use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Below, ReleaseState, Stage};

impl Engine {
    /// # Errors
    /// `NotNow` when the release has moved on, `ReleaseRunning` when somebody else drives it; what the cluster says.
    pub async fn release_act(&self, id: &ReleaseId, action: ReleaseAction) -> Result<()> {
        let release = self.release(id).await?;
        // What has ended needs nobody's hands.
        if release.state.ended() {
            return Err(Error::NotNow { state: release.state });
        }
        let session = self.session(&release.link)?;
        // Nothing moves on while it is decided.
        self.drivers.halt(id).await;
        let ours = self.owes(id).await?;
        let mut driver = self.driver(session.clone(), self.release(id).await?);
        let done = match self.at_hand(&mut driver, ours).await {
            Ok(hands) => self.act(&mut driver, action, hands).await,
            Err(error) => Err(error),
        };
        Box::pin(self.after(session, driver, done)).await
    }

    /// A driver that was halted goes on, or lets go, by what came of an action.
    async fn after(&self, session: Session, driver: Driver, done: Result<()>) -> Result<()> {
        let id = driver.release.id.clone();
        match &done {
            Err(error) if error.is_overtaken() => driver.let_go().await?,
            Err(_) if !self.owes(&id).await? => driver.give_back().await,
            // What could not be written down has not happened.
            Err(_) => self.drive(session, self.release(&id).await?),
            Ok(()) => self.drive(session, driver.release),
        }
        done
    }

    /// Holds a release that this computer moves, and nobody has to say anything of: whatever it is part of has stopped.
    pub(super) async fn hold_release(&self, id: &ReleaseId) -> Result<()> {
        let release = self.release(id).await?;
        let moves = release.stage == Stage::Move && release.progress.aborting.is_none();
        if !moves || release.state.ended() || release.waits() || !self.owes(id).await? {
            return Ok(());
        }
        let session = self.session(&release.link)?;
        self.drivers.halt(id).await;
        let mut driver = self.driver(session.clone(), self.release(id).await?);
        let done = if driver.release.state.ended() {
            Ok(())
        } else {
            driver.transition(ReleaseState::Stopped, Stage::Move, None).await
        };
        Box::pin(self.after(session, driver, done)).await
    }

    /// Takes the Lease where this computer has not got it, and then looks how others left the release.
    async fn at_hand(&self, driver: &mut Driver, ours: bool) -> Result<Hands> {
        if ours {
            if driver.release.waits() {
                driver.lease().await?;
                driver.take_charge().await?;
            }
            return Ok(Hands::Ours);
        }
        let author = self.author(&driver.release.link).await?;
        driver.release.progress.driver = Some(author.clone());
        driver.lease().await?;
        let plan = &driver.release.plan;
        self.catch_up(&driver.session, &plan.app.slug, &plan.group.slug).await?;
        let left = self.release(&driver.release.id).await?;
        // Nobody has the Lease: what has to be driven is not.
        let hands = if left.waits() { Hands::Nobodys } else { Hands::Adrift };
        driver.release = left;
        driver.release.progress.driver = Some(author);
        Ok(hands)
    }

    async fn act(&self, driver: &mut Driver, action: ReleaseAction, hands: Hands) -> Result<()> {
        let (id, state) = (driver.release.id.clone(), driver.release.state);
        if !actions(&driver.release, hands).contains(&action) {
            return Err(Error::NotNow { state });
        }
        let by = Some(self.author(&driver.release.link).await?.display);
        match (action, state) {
            (ReleaseAction::TakeOver, state) => {
                driver.transition(state, driver.release.stage, by).await?;
                driver.mirror_record().await?;
            }
            (ReleaseAction::Continue, ReleaseState::Resting) => driver.next_batch(by).await?,
            (ReleaseAction::Continue, _) => {
                // What is in batches is unpaused by its next step.
                if !driver.release.in_batches() {
                    patch(&driver.session, &driver.release.plan.workload, slipway_render::resume_patch).await?;
                }
                driver.release.diagnosis = None;
                driver.transition(ReleaseState::Moving, Stage::Move, by).await?;
            }
            (ReleaseAction::Pause, _) => driver.transition(ReleaseState::Stopped, Stage::Move, by).await?,
            (ReleaseAction::Abort, _) => {
                let progress = &mut driver.release.progress;
                (progress.aborting, progress.rest) = (by, None);
                (progress.below, progress.written_back) = (None, false);
                driver.release.state = ReleaseState::Moving;
                driver.save().await?;
            }
            (ReleaseAction::AbortBelow, _) => {
                let less = driver.release.asks_for_less().unwrap_or(1);
                driver.release.progress.below = Some(Below::Allowed { message: None, less });
                driver.save().await?;
            }
        }
        // Something is owed to the cluster again.
        Ok(self.store.write(move |w| w.settle_release(&id, true)).await?)
    }
}

/// Holds the Deployment where it is.
pub(super) async fn pause(session: &Session, workload: &str) -> Result<()> {
    patch(session, workload, slipway_render::pause_patch).await
}

/// A merge patch under resourceVersion.
async fn patch(session: &Session, workload: &str, make: fn(&str) -> Value) -> Result<()> {
    on_newest(session, workload, |version| Patch::Merge(make(version))).await
}

pub(super) enum Patch {
    Merge(Value),
    Json(Value),
}

pub(super) async fn write(session: &Session, workload: &str, patch: Patch) -> std::result::Result<(), ClusterError> {
    let written = match patch {
        Patch::Merge(patch) => session.merge_patch(Kind::Deployment, workload, &patch).await,
        Patch::Json(patch) => session.json_patch(Kind::Deployment, workload, &patch).await,
    };
    written.map(drop)
}

/// Patches the newest version, again when somebody (mostly the controller) wrote in between.
pub(super) async fn on_newest(
    session: &Session,
    workload: &str,
    make: impl Fn(&str) -> Patch + Send + Sync,
) -> Result<()> {
    let mut tries = 0;
    loop {
        let live = session.get(Kind::Deployment, workload).await?;
        let live = live.ok_or_else(|| Error::not_found("Deployment", workload))?;
        let version = live["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        tries += 1;
        match write(session, workload, make(version)).await {
            Err(error) if error.stale_version() && tries < CONFLICTS_MAX => {}
            answer => return Ok(answer?),
        }
    }
}
