//! The movement of a release: observe → decide → write `SQLite` and the record → act, until it ends or waits for a person.

use super::act::{self, Patch};
use super::driver::{self, Driver, Outcome};
use super::evidence;
use super::watch::{Scene, Watch};
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use serde_json::Value;
use slipway_cluster::{Kind, lease};
use slipway_model::diagnosis::Diagnosis;
use slipway_model::group::{Pace, pace};
use slipway_model::release::{LEASE_SECONDS, Left, ReleaseState, Rest, Stage};
use slipway_render::Workload;
use slipway_rollout::pinned::{Figures, Write};
use slipway_rollout::{Expected, InBatches, Observed, Step, Waiting};
use std::time::Duration;

/// The Lease is renewed three times within its duration.
const RENEW_EVERY: Duration = Duration::from_secs(LEASE_SECONDS as u64 / 3);
/// A rest that lasts longer is made an honest one: what watches the Deployment need not be alarmed by it.
const HONEST_AFTER: Duration = Duration::from_mins(10);

impl Driver {
    /// Watches the rollout until `rollout::decide` says that it is over or must stop.
    pub(super) async fn follow(&mut self) -> Result<Outcome> {
        // A resumed release may have lost its Lease while nobody drove it; who has it now drives it.
        if self.holds_lease() && self.driven_elsewhere().await {
            return Ok(Outcome::Rest);
        }
        self.mirror_record().await;
        let mut expected = self.expected().await?;
        let mut watch = Watch::open(&self.session, &self.release);
        let mut renew = tokio::time::interval(RENEW_EVERY);
        loop {
            tokio::select! {
                scene = watch.next(&expected) => match scene {
                    Scene::Blind => {}
                    Scene::Seen(observed) => {
                        let batch = self.release.progress.batch;
                        if let Some(outcome) = self.step(&observed, &mut expected).await? {
                            return Ok(outcome);
                        }
                        if batch != self.release.progress.batch {
                            watch.progressed();
                        }
                    },
                },
                _ = renew.tick(), if self.holds_lease() => {
                    // A Lease that cannot be renewed just now does not stop the movement.
                    if let Err(error) = lease::renew(&self.session, &self.lease_name(), &self.holder()).await {
                        tracing::info!(release = %self.release.id, %error, "lease not renewed");
                    }
                }
            }
        }
    }

    async fn step(&mut self, observed: &Observed, expected: &mut Expected) -> Result<Option<Outcome>> {
        let step = slipway_rollout::decide(observed, expected);
        let acts = !matches!(step, Step::Wait(_));
        if acts && !self.holds_lease() && self.driven_elsewhere().await {
            return Ok(Some(Outcome::Rest));
        }
        match step {
            Step::Wait(Waiting::Approval) => return self.at_rest(observed, expected).await,
            Step::Wait(_) => {}
            Step::Write(write) => {
                let outcome = self.write(observed, expected, write).await?;
                // What was put right at a rest takes it from nobody.
                if !self.holds_lease() {
                    self.give_back().await;
                }
                return Ok(outcome);
            }
            Step::Rest(left) => self.rest(left, expected).await?,
            Step::Next => {
                self.next_batch(None).await?;
                expected.batches = self.batches();
            }
            Step::Succeed => return self.finish(ReleaseState::Succeeded, None).await.map(Some),
            Step::Stop(diagnosis) => return self.stop(Some(diagnosis), None).await.map(Some),
            Step::Fail(diagnosis) => return self.finish(ReleaseState::Failed, Some(diagnosis)).await.map(Some),
        }
        Ok(None)
    }

    /// Whether somebody may count on this computer: at a rest that waits for a person, anybody may drive on.
    fn holds_lease(&self) -> bool {
        let waits = self.release.state == ReleaseState::Resting && self.timer().is_none();
        !waits
    }

    async fn driven_elsewhere(&self) -> bool {
        let Err(Error::ReleaseRunning { by, .. }) = self.lease().await else { return false };
        tracing::info!(release = %self.release.id, by, "driven elsewhere");
        true
    }

    /// How long the batch that is done is followed by nothing; `None`: until a person says so.
    fn timer(&self) -> Option<Duration> {
        let at = usize::try_from(self.release.progress.batch).unwrap_or(usize::MAX);
        match pace(&self.release.plan.group.strategy, at)? {
            Pace::Approval => None,
            Pace::Wait { seconds } => Some(Duration::from_secs(seconds.into())),
        }
    }

    /// A small patch under the version that was decided on. One that meets a newer one is decided anew.
    async fn write(&mut self, observed: &Observed, expected: &mut Expected, write: Write) -> Result<Option<Outcome>> {
        let Some(deployment) = &observed.deployment else { return Ok(None) };
        let (own, version) = (self.own(), deployment.resource_version.as_str());
        let patch = match write {
            Write::Hold(hold) => slipway_render::hold_patch(&own, &hold, version),
            Write::Commit => slipway_render::commit_patch(&own, version),
        };
        fault::place("before write");
        let written = self.session.merge_patch(Kind::Deployment, &self.release.plan.workload, &patch).await;
        fault::place("after write");
        match written {
            Ok(left) => {
                expected.generation = left["metadata"]["generation"].as_i64().unwrap_or(expected.generation);
                Ok(None)
            }
            Err(error) if error.stale_version() => Ok(None),
            Err(error) => match Error::from(error) {
                error if error.passing() => Err(error),
                error => self.stop(Some(driver::refused("move", &error)), None).await.map(Some),
            },
        }
    }

    /// The group's Deployment as it is when nothing moves.
    fn own(&self) -> Value {
        slipway_render::render(Workload::from(&self.release.plan), &self.label()).deployment
    }

    async fn rest(&mut self, left: Left, expected: &mut Expected) -> Result<()> {
        // A count that somebody changed is no new rest.
        let since = self.release.progress.rest.map_or_else(Timestamp::now, |rest| rest.since);
        self.release.progress.rest = Some(Rest { left, since });
        self.release.progress.count = left.count;
        self.transition(ReleaseState::Resting, Stage::Move, None).await?;
        expected.batches = self.batches();
        self.mirror_record().await;
        if !self.holds_lease() {
            self.give_back().await;
        }
        Ok(())
    }

    /// Nothing is wrong and nothing moves: perhaps it has been so for long enough.
    async fn at_rest(&mut self, observed: &Observed, expected: &mut Expected) -> Result<Option<Outcome>> {
        let (Some(rest), Some(batches)) = (self.release.progress.rest, &expected.batches) else { return Ok(None) };
        let rested = Duration::try_from(Timestamp::now().duration_since(rest.since)).unwrap_or_default();
        let figures = figures(observed, expected, batches);
        if self.timer().is_some_and(|timer| rested >= timer) {
            self.next_batch(None).await?;
            expected.batches = self.batches();
        } else if rested >= HONEST_AFTER && figures.pinned {
            let hold = batches.course(figures.count).honest_rest();
            return self.write(observed, expected, Write::Hold(hold)).await;
        }
        Ok(None)
    }

    /// The batch that follows begins, because of a person or by itself.
    pub(super) async fn next_batch(&mut self, by: Option<String>) -> Result<()> {
        self.release.progress.rest = None;
        self.release.progress.batch += 1;
        self.transition(ReleaseState::Moving, Stage::Move, by).await?;
        self.mirror_record().await;
        Ok(())
    }

    /// Pauses in the cluster, so that nothing resumes behind anybody's back, and keeps what explains it.
    pub(super) async fn stop(&mut self, diagnosis: Option<Diagnosis>, by: Option<String>) -> Result<Outcome> {
        self.release.diagnosis = diagnosis;
        self.transition(ReleaseState::Stopped, Stage::Move, by).await?;
        self.hold().await
    }

    /// Pauses what is stopped. Done twice it changes nothing.
    pub(super) async fn hold(&mut self) -> Result<Outcome> {
        fault::place("before pause");
        match self.pause().await {
            Err(error) if error.passing() => return Err(error),
            // Each state that was written is one that can stay.
            Err(error) => tracing::warn!(release = %self.release.id, %error, "not paused"),
            Ok(()) => {}
        }
        fault::place("after pause");
        if let Some(diagnosis) = &mut self.release.diagnosis {
            evidence::add_log(&self.session, diagnosis).await;
        }
        self.save().await?;
        self.mirror_record().await;
        self.give_back().await;
        self.settle().await?;
        Ok(Outcome::Rest)
    }

    async fn pause(&mut self) -> Result<()> {
        let workload = self.release.plan.workload.clone();
        let Some(batches) = self.batches() else { return act::pause(&self.session, &workload).await };
        let own = self.own();
        self.once_current(|figures, version| {
            let hold = batches.course(figures.count).stop(figures);
            Patch::Merge(slipway_render::hold_patch(&own, &hold, version))
        })
        .await
    }

    /// Back to exactly what ran before; a first release is scaled to nothing.
    pub(super) async fn go_back(&mut self) -> Result<Outcome> {
        self.mirror_record().await;
        let stable = self.release.plan.base.as_ref().map(|base| base.stable.clone());
        let back = |version: &str| match &stable {
            Some(stable) => Patch::Json(slipway_render::abort_patch(stable, version)),
            None => Patch::Merge(slipway_render::zero_patch(version)),
        };
        fault::place("before abort");
        let written = if self.release.in_batches() {
            self.once_current(|_, version| back(version)).await
        } else {
            act::on_newest(&self.session, &self.release.plan.workload, back).await
        };
        fault::place("after abort");
        match written {
            Ok(()) => {
                let by = self.release.progress.aborting.take();
                self.release.ended = Some(Timestamp::now());
                self.transition(ReleaseState::Aborted, Stage::End, by).await?;
                Ok(Outcome::Next)
            }
            Err(error) if error.passing() => Err(error),
            Err(error) => {
                self.release.progress.aborting = None;
                self.stop(Some(driver::refused("abort", &error)), None).await
            }
        }
    }

    /// Writes once the controllers have seen everything: held in the middle of a movement, a Deployment would be brought to
    /// other figures.
    async fn once_current(&mut self, make: impl Fn(&Figures, &str) -> Patch + Send + Sync) -> Result<()> {
        let expected = self.expected().await?;
        let Some(batches) = &expected.batches else { return Ok(()) };
        let workload = &self.release.plan.workload;
        let mut watch = Watch::open(&self.session, &self.release);
        loop {
            let Scene::Seen(observed) = watch.next(&expected).await else { continue };
            let Some(deployment) = &observed.deployment else {
                return Err(Error::not_found("Deployment", workload));
            };
            let figures = figures(&observed, &expected, batches);
            if !figures.current || deployment.generation < expected.generation {
                continue;
            }
            match act::write(&self.session, workload, make(&figures, &deployment.resource_version)).await {
                Err(error) if error.stale_version() => {}
                answer => return Ok(answer?),
            }
        }
    }
}

fn figures(observed: &Observed, expected: &Expected, batches: &InBatches) -> Figures {
    Figures::of(observed, expected, batches.strategy.min_ready_seconds)
}
