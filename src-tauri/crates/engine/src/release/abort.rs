//! The way back to exactly what ran before, watched until that runs again.

use super::act::{self, Patch};
use super::driver::{self, Driver, Outcome};
use super::movement::RENEW_EVERY;
use super::watch::{Scene, Watch};
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use slipway_cluster::Kind;
use slipway_model::diagnosis::{Cause, Diagnosis};
use slipway_model::release::{Base, Below, ReleaseState, Stage};
use slipway_rollout::pinned::Figures;
use slipway_rollout::{Expected, Observed, Step};
use std::time::Duration;
use tokio::time::Instant;

/// A pod that has ended leaves its room in the quota, and the controller tries again, within that time.
const ROOM_AFTER: Duration = Duration::from_secs(20);

impl Driver {
    /// A first release is scaled to nothing.
    pub(super) async fn go_back(&mut self) -> Result<Outcome> {
        self.make_sure().await?;
        self.mirror_record().await?;
        fault::place("before abort");
        let less = self.release.goes_below();
        // It may take hours by now: what somebody else put there meanwhile is theirs.
        let written = match self.is_overwritten().await {
            Ok(true) => Ok(()),
            Ok(false) => self.put_back(less).await,
            Err(error) => Err(error),
        };
        fault::place("after abort");
        match written {
            Ok(()) => {}
            Err(error) if error.passing() => return Err(error),
            Err(error) => {
                let progress = &mut self.release.progress;
                (progress.aborting, progress.below, progress.written_back) = (None, None, false);
                return self.stop(Some(driver::refused("abort", &error)), None).await;
            }
        }
        if !self.release.progress.written_back {
            self.release.progress.written_back = true;
            self.save().await?;
            // Whoever takes it over does not write it over what somebody else has put there by then.
            self.mirror_record().await?;
        }
        match self.release.plan.base.clone() {
            Some(base) => self.until_back(&base).await,
            None => self.aborted().await,
        }
    }

    /// Whether another template stands there than the one that was put back.
    async fn is_overwritten(&self) -> Result<bool> {
        let (Some(base), true) = (&self.release.plan.base, self.release.progress.written_back) else {
            return Ok(false);
        };
        let live = self.session.get(Kind::Deployment, &self.release.plan.workload).await?;
        let hash = slipway_render::template_hash;
        Ok(live.is_some_and(|live| hash(&live["spec"]["template"]) != hash(&base.stable["template"])))
    }

    /// The one write of it. Done twice it changes nothing.
    async fn put_back(&mut self, less: u32) -> Result<()> {
        let stable = self.release.plan.base.as_ref().map(|base| match less {
            0 => base.stable.clone(),
            less => slipway_render::with_less(&base.stable, less),
        });
        let back = |version: &str| match &stable {
            Some(stable) => Patch::Json(slipway_render::abort_patch(stable, version)),
            None => Patch::Merge(slipway_render::zero_patch(version)),
        };
        if self.release.in_batches() {
            return self.once_current(|_, version| back(version)).await;
        }
        act::on_newest(&self.session, &self.release.plan.workload, back).await
    }

    async fn until_back(&mut self, base: &Base) -> Result<Outcome> {
        let since = Instant::now();
        let expected = self.expected_back(base).await?;
        let mut watch = Watch::open(&self.session, &self.release);
        let mut renew = tokio::time::interval(RENEW_EVERY);
        loop {
            tokio::select! {
                scene = watch.next(&expected) => if let Scene::Seen(observed) = scene
                    && let Some(outcome) = self.on_the_way_back(&observed, &expected, since.elapsed()).await?
                {
                    return Ok(outcome);
                },
                _ = renew.tick() => self.renew().await?,
            }
        }
    }

    /// What ran before, as it is in the cluster once the way back is written.
    async fn expected_back(&self, base: &Base) -> Result<Expected> {
        let workload = self.release.plan.workload.clone();
        let live = self.session.get(Kind::Deployment, &workload).await?;
        let live = live.ok_or_else(|| Error::not_found("Deployment", &workload))?;
        let release = &base.stable["template"]["metadata"]["labels"][slipway_render::names::LABEL_RELEASE];
        Ok(Expected {
            workload,
            uid: Some(base.uid.clone()),
            release: release.as_str().unwrap_or_default().to_owned(),
            template_hash: Some(slipway_render::template_hash(&base.stable["template"])),
            generation: live["metadata"]["generation"].as_i64().unwrap_or_default(),
            ..Expected::default()
        })
    }

    /// `since`: how long it has been watched.
    async fn on_the_way_back(
        &mut self,
        observed: &Observed,
        expected: &Expected,
        since: Duration,
    ) -> Result<Option<Outcome>> {
        match slipway_rollout::decide(observed, expected) {
            Step::Stop(Diagnosis { cause: Cause::Quota { message }, .. })
                if self.release.progress.below.is_some() || only_on_top(observed, expected) =>
            {
                self.refused_by_quota(message, since).await?;
                Ok(None)
            }
            Step::Fail(diagnosis) => self.finish(ReleaseState::Failed, Some(diagnosis)).await.map(Some),
            Step::Succeed => {
                self.put_own_back().await?;
                self.aborted().await.map(Some)
            }
            // It does not lead back any more: that counts, whatever it was aborted for.
            Step::Stop(diagnosis) if matches!(diagnosis.cause, Cause::Foreign { .. }) => {
                self.release.diagnosis = Some(diagnosis);
                self.aborted().await.map(Some)
            }
            // What keeps it from running again is nothing of this release, and told with it.
            Step::Stop(diagnosis) => {
                self.put_own_back().await?;
                self.release.diagnosis.get_or_insert(diagnosis);
                self.aborted().await.map(Some)
            }
            Step::Wait(_) => {
                if let Some(Below::Allowed { message: Some(_), less }) = self.release.progress.below {
                    self.put_below(Below::Allowed { message: None, less }).await?;
                }
                Ok(None)
            }
            _ => Ok(None),
        }
    }

    /// What is asked once stays asked: the way back goes on by itself, should there be room.
    async fn refused_by_quota(&mut self, message: String, since: Duration) -> Result<()> {
        match &self.release.progress.below {
            None => {
                self.put_below(Below::Asked { message }).await?;
                self.engine.notify(&self.release).await;
            }
            // The refusal of before may still stand there for a while.
            Some(Below::Allowed { message: None, less }) if since > ROOM_AFTER => {
                let less = *less;
                self.put_below(Below::Allowed { message: Some(message), less }).await?;
                self.engine.notify(&self.release).await;
            }
            Some(_) => {}
        }
        Ok(())
    }

    async fn put_below(&mut self, below: Below) -> Result<()> {
        self.release.progress.below = Some(below);
        self.save().await?;
        self.mirror_record().await
    }

    /// The group's own strategy, after a way with fewer pods.
    async fn put_own_back(&mut self) -> Result<()> {
        if self.release.goes_below() > 0 { self.put_back(0).await } else { Ok(()) }
    }

    async fn aborted(&mut self) -> Result<Outcome> {
        let by = self.release.progress.aborting.take();
        self.release.progress.below = None;
        self.release.ended = Some(Timestamp::now());
        self.transition(ReleaseState::Aborted, Stage::End, by).await?;
        self.engine.notify(&self.release).await;
        Ok(Outcome::Next)
    }
}

/// Whether no pod goes before another one has come.
fn only_on_top(observed: &Observed, expected: &Expected) -> bool {
    let figures = Figures::of(observed, expected, 0);
    figures.surge > 0 && figures.unavailable == 0
}
