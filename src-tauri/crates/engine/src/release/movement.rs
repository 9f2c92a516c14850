//! The movement of a release: observe → decide → write `SQLite` and the record → act, until it ends or waits for a person.

use super::act::{self, Patch};
use super::driver::{self, Driver, Outcome};
use super::evidence;
use super::watch::{Scene, Watch};
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_cluster::lease::{self, LeaseError};
use slipway_model::diagnosis::Diagnosis;
use slipway_model::release::{LEASE_SECONDS, Left, ReleaseState, Rest, Stage};
use slipway_render::Workload;
use slipway_rollout::pinned::{Figures, Write};
use slipway_rollout::{Expected, InBatches, Observed, Step, Waiting};
use std::time::Duration;

/// The Lease is renewed three times within its duration.
pub(super) const RENEW_EVERY: Duration = Duration::from_secs(LEASE_SECONDS as u64 / 3);
/// So long after it was looked at last, nobody else can have the Lease: it stands longer.
const SURE_FOR: Duration = Duration::from_secs(LEASE_SECONDS as u64 / 2);
/// A rest that lasts longer is made an honest one: what watches the Deployment need not be alarmed by it.
const HONEST_AFTER: Duration = Duration::from_mins(10);

impl Driver {
    /// Watches the rollout until `rollout::decide` says that it is over or must stop.
    pub(super) async fn follow(&mut self) -> Result<Outcome> {
        // A resumed release may have lost its Lease while nobody drove it; who has it now drives it.
        if self.holds_lease() {
            self.take_charge().await?;
        }
        self.mirror_record().await?;
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
                _ = renew.tick(), if self.holds_lease() => self.renew().await?,
            }
        }
    }

    pub(super) async fn renew(&mut self) -> Result<()> {
        match lease::renew(&self.session, &self.lease_name(), &self.claim()).await {
            Ok(()) => self.sure = Some(Timestamp::now()),
            // Somebody has it, or it was deleted by hand and is made anew.
            Err(LeaseError::Lost { .. }) => self.take_charge().await?,
            // One that cannot be renewed just now does not stop the movement.
            Err(error) => tracing::info!(release = %self.release.id, %error, "lease not renewed"),
        }
        Ok(())
    }

    /// Before anything is written: a computer that slept, or rested without the Lease, may have been overtaken meanwhile.
    pub(super) async fn make_sure(&mut self) -> Result<()> {
        let since = self.sure.map(|sure| Duration::try_from(Timestamp::now().duration_since(sure)));
        let fresh = since.is_some_and(|since| since.is_ok_and(|since| since < SURE_FOR));
        if fresh && self.holds_lease() { Ok(()) } else { self.take_charge().await }
    }

    async fn step(&mut self, observed: &Observed, expected: &mut Expected) -> Result<Option<Outcome>> {
        let step = slipway_rollout::decide(observed, expected);
        if !matches!(step, Step::Wait(_)) {
            self.make_sure().await?;
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
            Step::Again => {
                self.release.progress.rest = None;
                self.transition(ReleaseState::Moving, Stage::Move, None).await?;
                expected.batches = self.batches();
                self.mirror_record().await?;
            }
            Step::Succeed => return self.finish(ReleaseState::Succeeded, None).await.map(Some),
            Step::Stop(diagnosis) => return self.stop(Some(diagnosis), None).await.map(Some),
            Step::Fail(diagnosis) => return self.finish(ReleaseState::Failed, Some(diagnosis)).await.map(Some),
        }
        Ok(None)
    }

    /// Whether somebody may count on this computer: at a rest that waits for a person, anybody may drive on.
    fn holds_lease(&self) -> bool {
        !self.release.waits()
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
        let before = self.release.progress.rest;
        let since = before.map_or_else(Timestamp::now, |rest| rest.since);
        self.release.progress.rest = Some(Rest { left, since });
        self.release.progress.count = left.count;
        self.transition(ReleaseState::Resting, Stage::Move, None).await?;
        if before.is_none() {
            self.engine.notify(&self.release).await;
        }
        expected.batches = self.batches();
        self.mirror_record().await?;
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
        if self.release.timer().is_some_and(|timer| rested >= timer) {
            self.make_sure().await?;
            self.next_batch(None).await?;
            expected.batches = self.batches();
        } else if rested >= HONEST_AFTER && figures.pinned {
            let hold = batches.course(figures.count).honest_rest();
            self.make_sure().await?;
            let outcome = self.write(observed, expected, Write::Hold(hold)).await;
            if !self.holds_lease() {
                self.give_back().await;
            }
            return outcome;
        }
        Ok(None)
    }

    /// The batch that follows begins, because of a person or by itself.
    pub(super) async fn next_batch(&mut self, by: Option<String>) -> Result<()> {
        self.release.progress.rest = None;
        self.release.progress.batch += 1;
        self.transition(ReleaseState::Moving, Stage::Move, by).await?;
        self.mirror_record().await
    }

    /// Pauses in the cluster, so that nothing resumes behind anybody's back, and keeps what explains it.
    pub(super) async fn stop(&mut self, diagnosis: Option<Diagnosis>, by: Option<String>) -> Result<Outcome> {
        self.release.diagnosis = diagnosis;
        self.transition(ReleaseState::Stopped, Stage::Move, by).await?;
        self.hold().await
    }

    /// Pauses what is stopped. Done twice it changes nothing.
    pub(super) async fn hold(&mut self) -> Result<Outcome> {
        self.make_sure().await?;
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
        self.mirror_record().await?;
        self.give_back().await;
        self.settle().await?;
        // With the last lines that explain it, and only now that it is not held once more. Who paused it knows.
        if self.release.diagnosis.is_some() {
            self.engine.notify(&self.release).await;
        }
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

    /// Writes once the controllers have seen everything: held in the middle of a movement, a Deployment would be brought to
    /// other figures.
    pub(super) async fn once_current(&mut self, make: impl Fn(&Figures, &str) -> Patch + Send + Sync) -> Result<()> {
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
