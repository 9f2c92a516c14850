//! What a person does to a release that moves or is stopped.

use super::answer::ReleaseAction;
use super::apply::CONFLICTS_MAX;
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde_json::Value;
use slipway_cluster::{Kind, Session};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Release, ReleaseState, Stage, Transition};

impl Engine {
    /// # Errors
    /// `NotNow` when the release has moved on; what the cluster says of the write.
    pub async fn release_act(&self, id: &ReleaseId, action: ReleaseAction) -> Result<()> {
        let release = self.release(id).await?;
        match (action, release.state) {
            (ReleaseAction::Continue, ReleaseState::Stopped) => self.go_on(release).await,
            (ReleaseAction::Abort, ReleaseState::Stopped | ReleaseState::Moving) => self.abort(release).await,
            (_, state) => Err(Error::NotNow { state }),
        }
    }

    /// Unpauses, and drives on.
    async fn go_on(&self, mut release: Release) -> Result<()> {
        let session = self.session(&release.link)?;
        patch(&session, &release.plan.workload, slipway_render::resume_patch).await?;
        release.diagnosis = None;
        self.reopen(&release.id).await?;
        self.decided(&mut release, ReleaseState::Moving, Stage::Move).await?;
        self.drive(session, release);
        Ok(())
    }

    /// Back to exactly what ran before; a first release is scaled to nothing.
    async fn abort(&self, mut release: Release) -> Result<()> {
        let session = self.session(&release.link)?;
        self.drivers.halt(&release.id).await;
        let stable = release.plan.base.as_ref().map(|base| base.stable.clone());
        let name = &release.plan.workload;
        match stable {
            Some(stable) => {
                on_newest(&session, name, |version| Patch::Json(slipway_render::abort_patch(&stable, version))).await?;
            }
            None => patch(&session, name, slipway_render::zero_patch).await?,
        }
        release.ended = Some(Timestamp::now());
        self.reopen(&release.id).await?;
        self.decided(&mut release, ReleaseState::Aborted, Stage::End).await?;
        self.drive(session, release);
        Ok(())
    }

    /// Something is owed to the cluster again.
    async fn reopen(&self, id: &ReleaseId) -> Result<()> {
        let id = id.clone();
        Ok(self.store.write(move |w| w.settle_release(&id, true)).await?)
    }

    async fn decided(&self, release: &mut Release, state: ReleaseState, stage: Stage) -> Result<()> {
        let by = Some(self.author(&release.link).await?.display);
        release.state = state;
        release.stage = stage;
        release.transitions.push(Transition { at: Timestamp::now(), stage, state, by, note: None });
        let release = release.clone();
        Ok(self.store.write(move |w| w.update_release(&release)).await?)
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

enum Patch {
    Merge(Value),
    Json(Value),
}

/// Patches the newest version, again when somebody (mostly the controller) wrote in between.
async fn on_newest(session: &Session, workload: &str, make: impl Fn(&str) -> Patch + Send + Sync) -> Result<()> {
    let mut tries = 0;
    loop {
        let live = session.get(Kind::Deployment, workload).await?;
        let live = live.ok_or_else(|| Error::not_found("Deployment", workload))?;
        let version = live["metadata"]["resourceVersion"].as_str().unwrap_or_default();
        let written = match make(version) {
            Patch::Merge(patch) => session.merge_patch(Kind::Deployment, workload, &patch).await,
            Patch::Json(patch) => session.json_patch(Kind::Deployment, workload, &patch).await,
        };
        tries += 1;
        match written {
            Ok(_) => return Ok(()),
            Err(error) if error.stale_version() && tries < CONFLICTS_MAX => {}
            Err(error) => return Err(error.into()),
        }
    }
}
