//! What a person does to a release that moves or is stopped.

use super::answer::ReleaseAction;
use super::apply::CONFLICTS_MAX;
use super::driver::Driver;
use super::view::actions;
use crate::Engine;
use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::id::ReleaseId;
use slipway_model::release::{ReleaseState, Stage};

impl Engine {
    /// # Errors
    /// `NotNow` when the release has moved on, `ReleaseRunning` when somebody else drives it; what the cluster says.
    pub async fn release_act(&self, id: &ReleaseId, action: ReleaseAction) -> Result<()> {
        let release = self.release(id).await?;
        let session = self.session(&release.link)?;
        // Nothing moves on while it is decided.
        self.drivers.halt(id).await;
        let mut driver = self.driver(session.clone(), self.release(id).await?);
        let done = self.act(&mut driver, action).await;
        if done.is_ok() || self.owes(id).await? {
            self.drive(session, driver.release);
        }
        done
    }

    async fn act(&self, driver: &mut Driver, action: ReleaseAction) -> Result<()> {
        let (id, state) = (driver.release.id.clone(), driver.release.state);
        if !actions(&driver.release).contains(&action) {
            return Err(Error::NotNow { state });
        }
        let by = Some(self.author(&driver.release.link).await?.display);
        match (action, state) {
            (ReleaseAction::Continue, ReleaseState::Resting) => {
                driver.lease().await?;
                driver.next_batch(by).await?;
            }
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
                driver.release.progress.aborting = by;
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
