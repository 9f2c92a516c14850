//! Drives one release from stage to stage: write `SQLite` → act.
//!
//! Every stage is written down before it is acted on, and every act can be done twice: a driver that died at any
//! moment is continued by a new one from what the cluster says.

use super::{apply, plan};
use crate::Engine;
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use serde_json::{Value, json};
use slipway_cluster::lease::{self, Claim};
use slipway_cluster::record::{self, RecordError};
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::diagnosis::{Cause, Diagnosis, Evidence, ForeignChange};
use slipway_model::release::{Release, ReleaseState, Stage, Transition};
use slipway_model::usage::{join, traffic};
use slipway_render::{Rendered, Secrets, Workload, is_pinned, names};
use slipway_rollout::{Expected, InBatches};
use std::time::Duration;

/// First and longest wait before something that failed in passing is tried again.
pub(super) const RETRY_FIRST: Duration = Duration::from_millis(500);
pub(super) const RETRY_MAX: Duration = Duration::from_secs(20);

impl Engine {
    /// Drives a release from where it stands.
    pub(super) fn drive(&self, session: Session, release: Release) {
        self.drivers.start(release.id.clone(), self.driver(session, release).run());
    }

    /// What this computer takes the Lease of a release's group for.
    pub(super) fn claim(&self, release: &Release) -> Claim {
        let by = release.driver().display.clone();
        Claim { computer: self.computer.clone(), purpose: release.id.to_string(), by }
    }

    pub(super) fn driver(&self, session: Session, release: Release) -> Driver {
        Driver { engine: self.clone(), session, release, left: None, sure: None }
    }

    /// Goes on with what this computer left open, wherever it was left.
    pub(crate) async fn resume_releases(&self) -> Result<()> {
        for release in self.store.read(|r| r.open_releases()).await? {
            match self.session(&release.link) {
                Ok(session) => self.drive(session, release),
                // Unlinked meanwhile: any other computer with the link may take it over.
                Err(error) => tracing::info!(release = %release.id, %error, "not driven on"),
            }
        }
        Ok(())
    }
}

/// How one stage ended.
pub(super) enum Outcome {
    /// Written and done: go on with the stage that is now in the release.
    Next,
    /// Nothing more to drive: it ended, or waits for a person.
    Rest,
}

pub(super) struct Driver {
    pub(super) engine: Engine,
    pub(super) session: Session,
    pub(super) release: Release,
    /// The Deployment as our last write left it, where this driver wrote it.
    left: Option<Value>,
    /// When it was certain last that nobody else drives.
    pub(super) sure: Option<Timestamp>,
}

impl Driver {
    /// Runs until the release ends or waits for a person, and measures what its pods use until some time after that.
    async fn run(mut self) {
        let group = self.release.group.clone();
        let place = self.engine.place(&group).await;
        let sampled = place.as_ref().map(|place| self.engine.sampled(&group, place, true));
        self.drive().await;
        let engine = self.engine.clone();
        engine.linger(group, self.sum_up());
        drop(sampled);
    }

    /// What fails in passing is tried again for as long as it takes.
    async fn drive(&mut self) {
        let mut wait = RETRY_FIRST;
        loop {
            match self.stage().await {
                Ok(Outcome::Next) => wait = RETRY_FIRST,
                Ok(Outcome::Rest) => return,
                Err(error) if error.is_overtaken() => match self.let_go().await {
                    Ok(()) => return,
                    Err(error) => {
                        tracing::info!(release = %self.release.id, %error, "not let go of yet");
                        tokio::time::sleep(wait).await;
                        wait = (wait * 2).min(RETRY_MAX);
                    }
                },
                // What moves already goes on whatever one answer says; only what the watches show can stop it.
                Err(error) if error.passing() || self.release.stage == Stage::Move => {
                    tracing::info!(release = %self.release.id, stage = ?self.release.stage, %error, "trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                    self.forget_unwritten().await;
                }
                Err(error) => match self.refused(&error).await {
                    Ok(()) => return,
                    Err(error) => tracing::error!(release = %self.release.id, %error, "could not note why it ended"),
                },
            }
        }
    }

    /// What could not be written down has not happened: the next try goes by what stands, as another driver would.
    async fn forget_unwritten(&mut self) {
        match self.engine.release(&self.release.id).await {
            Ok(release) => self.release = release,
            Err(error) => tracing::warn!(release = %self.release.id, %error, "cannot be read again"),
        }
    }

    async fn stage(&mut self) -> Result<Outcome> {
        // Where another driver had come to: perhaps somebody has gone on since.
        if matches!(self.release.stage, Stage::Record | Stage::Objects | Stage::Begin) {
            self.make_sure().await?;
        }
        match self.release.stage {
            Stage::Plan => self.enter(Stage::Lease).await,
            Stage::Lease => self.take_lease().await,
            Stage::Record => self.create_record().await,
            Stage::Objects => self.create_objects().await,
            Stage::Begin => self.begin().await,
            Stage::Move if self.release.progress.aborting.is_some() => self.go_back().await,
            Stage::Move if self.release.state == ReleaseState::Stopped => self.hold().await,
            Stage::Move => self.follow().await,
            Stage::End => self.end().await,
        }
    }

    async fn take_lease(&mut self) -> Result<Outcome> {
        fault::place("before lease");
        self.lease().await?;
        self.sure = Some(Timestamp::now());
        fault::place("after lease");
        self.enter(Stage::Record).await
    }

    /// Creating the record allocates the number. Our own record of an earlier try is found by the release's id.
    async fn create_record(&mut self) -> Result<Outcome> {
        fault::place("before record");
        let seq = record::create(&self.session, &self.release).await?;
        fault::place("after record");
        self.release.seq = Some(seq);
        self.enter(Stage::Objects).await
    }

    /// Config objects are immutable and named by their content: one that exists is the same.
    async fn create_objects(&mut self) -> Result<Outcome> {
        let secrets = self.engine.secrets_of(&self.release.plan.config, &self.release.plan.group).await;
        for object in self.rendered(&secrets).objects {
            fault::place("before object");
            crate::config::create_object(&self.session, &object).await?;
            fault::place("after object");
        }
        self.enter(Stage::Begin).await
    }

    /// The apply that begins. Done twice it changes nothing: the label of this release tells that it arrived.
    async fn begin(&mut self) -> Result<Outcome> {
        fault::place("before begin");
        let workload = self.release.plan.workload.clone();
        let label = self.label();
        self.release.progress.count = self.count();
        let due = |live: Option<&Value>| {
            let arrived = live.and_then(slipway_render::template_release) == Some(label.as_str());
            // Held in motion, as only a release does: it has begun, and somebody took it back since. The movement says so.
            let held = !self.was_held() && live.is_some_and(|live| is_pinned(live) && live["spec"]["paused"] != true);
            if arrived || held {
                return Ok(false);
            }
            self.unmoved(live).map(|()| true)
        };
        let secrets = self.engine.secrets_of(&self.release.plan.config, &self.release.plan.group).await;
        let mut rendered = Workload { secrets: Some(&secrets), ..Workload::from(&self.release.plan) };
        if let Some(batches) = self.batches() {
            rendered.hold = Some(batches.course(self.count()).begin());
        }
        let ours = slipway_render::render(rendered, &label).deployment;
        let applied = apply::apply(&self.session, &ours, &workload, due).await?;
        self.left = applied.map(|applied| applied.object);
        fault::place("after begin");
        let group = self.release.group.clone();
        self.engine.store.write(move |w| w.fix_workload(&group, &workload)).await?;
        self.enter(Stage::Move).await
    }

    /// Whether what ran before was held by a release in batches, so that a hold tells nothing of this one.
    fn was_held(&self) -> bool {
        let base = self.release.plan.base.as_ref();
        base.is_some_and(|base| is_pinned(&json!({ "spec": base.stable })))
    }

    /// Refuses to begin over live objects that moved since the plan.
    fn unmoved(&self, live: Option<&serde_json::Value>) -> Result<()> {
        match (&self.release.plan.base, live) {
            (None, None) => Ok(()),
            (Some(base), Some(live)) if plan::same(base, live) => Ok(()),
            _ => Err(Error::PlanMoved { what: format!("Deployment {}", self.release.plan.workload) }),
        }
    }

    /// Some time after the end: what was measured since belongs to it too. A record that is gone by then stays gone.
    async fn sum_up(mut self) {
        if !self.release.state.ended() {
            return;
        }
        self.measure().await;
        let told = async {
            self.measure_traffic().await?;
            Ok::<_, Error>(record::update(&self.session, &self.release).await?)
        };
        if let Err(error) = told.await {
            tracing::info!(release = %self.release.id, %error, "what was measured after the end is not kept");
        }
    }

    /// Puts together what was measured; a release ends without it too.
    async fn measure(&mut self) {
        match self.engine.usage_summary(&self.release).await {
            Ok(mut usage) => {
                // What a Prometheus said before stays, should it not answer again.
                let before = self.release.usage.take().map_or_else(Vec::new, |before| traffic(&before.points));
                join(&mut usage.points, &before);
                self.release.usage = Some(usage);
            }
            Err(error) => tracing::warn!(release = %self.release.id, %error, "nothing measured"),
        }
    }

    /// Adds what a Prometheus of the cluster knows to what was measured.
    async fn measure_traffic(&mut self) -> Result<()> {
        if self.release.usage.is_some() {
            let traffic = self.engine.traffic_summary(&self.release).await;
            if let Some(usage) = &mut self.release.usage
                && !traffic.is_empty()
            {
                join(&mut usage.points, &traffic);
            }
        }
        self.save().await
    }

    /// Writes the outcome down, then tells the cluster.
    pub(super) async fn finish(&mut self, state: ReleaseState, diagnosis: Option<Diagnosis>) -> Result<Outcome> {
        if diagnosis.is_some() {
            self.release.diagnosis = diagnosis;
        }
        self.release.ended = Some(Timestamp::now());
        self.measure().await;
        self.transition(state, Stage::End, None).await?;
        self.engine.notify(&self.release).await;
        Ok(Outcome::Next)
    }

    /// What is owed to the cluster once the outcome stands: the record says it, the Lease is free, old records go.
    async fn end(&mut self) -> Result<Outcome> {
        fault::place("before end");
        self.measure_traffic().await?;
        match self.tell().await {
            Err(error) if error.passing() || error.is_overtaken() => return Err(error),
            // The outcome stands, whoever may read of it.
            Err(error) => tracing::warn!(release = %self.release.id, %error, "outcome not told to the cluster"),
            Ok(()) => {}
        }
        // Only what has taken effect knows what is needed: a release that failed leaves the way back to somebody else.
        if self.release.state == ReleaseState::Succeeded
            && let Err(error) = self.collect().await
        {
            tracing::info!(release = %self.release.id, %error, "what nothing needs is left for the next release");
        }
        lease::give_back(&self.session, &self.lease_name(), &self.claim()).await?;
        record::prune(&self.session, &self.release).await?;
        self.settle().await?;
        fault::place("after end");
        Ok(Outcome::Rest)
    }

    /// Nothing is owed to the cluster any more: the next start leaves this release alone.
    pub(super) async fn settle(&self) -> Result<()> {
        let Release { app, id, state, .. } = &self.release;
        self.engine.settle_and_hide(app, id, state.ended()).await
    }

    /// The cluster refused a stage for good. Before the movement it ends the release; during it, it stops it.
    async fn refused(&mut self, error: &Error) -> Result<()> {
        tracing::warn!(release = %self.release.id, stage = ?self.release.stage, %error, "refused");
        // The outcome stands: what is owed to the cluster besides it is left to whoever releases next.
        if self.release.state.ended() {
            return self.settle().await;
        }
        let operation = format!("{:?}", self.release.stage).to_lowercase();
        let diagnosis = refused(&operation, error);
        self.finish(ReleaseState::Failed, Some(diagnosis)).await?;
        // The record and the Lease are told as far as they can be: the refusal may be of just these.
        if let Err(error) = self.end().await {
            tracing::info!(release = %self.release.id, %error, "outcome not told to the cluster");
            self.settle().await?;
        }
        Ok(())
    }

    /// Writes the next stage down; the caller acts on it afterwards.
    async fn enter(&mut self, stage: Stage) -> Result<Outcome> {
        self.transition(ReleaseState::Moving, stage, None).await?;
        Ok(Outcome::Next)
    }

    pub(super) async fn transition(&mut self, state: ReleaseState, stage: Stage, by: Option<String>) -> Result<()> {
        fault::transition("before", state, stage);
        self.release.state = state;
        self.release.stage = stage;
        let batch = (self.release.in_batches() && stage == Stage::Move).then_some(self.release.progress.batch);
        self.release.transitions.push(Transition { at: Timestamp::now(), stage, state, by, note: None, batch });
        self.save().await?;
        fault::transition("after", state, stage);
        Ok(())
    }

    pub(super) async fn save(&self) -> Result<()> {
        let mut release = self.release.clone();
        let written = self.engine.store.write(move |w| {
            // It is frozen. What became sensitive since is out of the one that is stored.
            if release.state.ended()
                && let Some(stored) = w.release(&release.id)?
            {
                release.plan = stored.plan;
            }
            w.update_release(&release)
        });
        Ok(written.await?)
    }

    pub(super) async fn lease(&self) -> Result<()> {
        Ok(lease::take(&self.session, &self.lease_name(), &self.claim()).await?)
    }

    /// Takes the Lease, and looks whether another computer has gone on with the release, or over it.
    ///
    /// # Errors
    /// `Error::overtaken`. That the cluster cannot be asked just now does not stop what moves.
    pub(super) async fn take_charge(&mut self) -> Result<()> {
        match self.lease().await {
            Err(Error::ReleaseRunning { .. }) => return Err(self.overtaken()),
            Err(error) => tracing::info!(release = %self.release.id, %error, "lease not taken"),
            Ok(()) => {}
        }
        match record::overtaken(&self.session, &self.release).await {
            Ok(true) => return Err(self.overtaken()),
            Err(error) => tracing::info!(release = %self.release.id, %error, "records not read"),
            Ok(false) => self.sure = Some(Timestamp::now()),
        }
        Ok(())
    }

    fn overtaken(&self) -> Error {
        Error::overtaken(self.release.plan.workload.clone())
    }

    /// Another computer has it: this one only watches from now on.
    pub(super) async fn let_go(&self) -> Result<()> {
        tracing::info!(release = %self.release.id, "driven elsewhere");
        self.give_back().await;
        self.settle().await?;
        let plan = &self.release.plan;
        if let Err(error) = self.engine.catch_up(&self.session, &plan.app.slug, &plan.group.slug).await {
            tracing::info!(release = %self.release.id, %error, "what became of it is read later");
        }
        Ok(())
    }

    /// The record follows; a write of it that fails never stops the movement.
    ///
    /// # Errors
    /// `Error::overtaken` only.
    pub(super) async fn mirror_record(&self) -> Result<()> {
        match self.tell().await {
            Err(error) if error.is_overtaken() => Err(error),
            Err(error) => {
                tracing::info!(release = %self.release.id, %error, "record not updated");
                Ok(())
            }
            Ok(()) => Ok(()),
        }
    }

    /// Writes the record, anew where somebody deleted it.
    async fn tell(&self) -> Result<()> {
        match record::update(&self.session, &self.release).await {
            Err(RecordError::Cluster(ClusterError::NotFound { .. })) => {
                tracing::warn!(release = %self.release.id, "its record was deleted, and is made anew");
                Ok(record::restore(&self.session, &self.release).await?)
            }
            answer => Ok(answer?),
        }
    }

    pub(super) async fn give_back(&self) {
        if let Err(error) = lease::give_back(&self.session, &self.lease_name(), &self.claim()).await {
            tracing::info!(release = %self.release.id, %error, "lease not given back; it expires by itself");
        }
    }

    fn rendered(&self, secrets: &Secrets) -> Rendered {
        let workload = Workload { secrets: Some(secrets), ..Workload::from(&self.release.plan) };
        slipway_render::render(workload, &self.label())
    }

    /// What our last write left in the cluster. A driver that did not make it reads it from there: a template with our
    /// label is taken as ours.
    pub(super) async fn expected(&mut self) -> Result<Expected> {
        let workload = self.release.plan.workload.clone();
        let left = match self.left.take() {
            Some(left) => Some(left),
            None => self.session.get(Kind::Deployment, &workload).await?,
        };
        let release = self.label();
        let ours = left.as_ref().filter(|left| slipway_render::template_release(left) == Some(release.as_str()));
        Ok(Expected {
            uid: left.as_ref().and_then(|left| left["metadata"]["uid"].as_str()).map(str::to_owned),
            template_hash: ours.map(|left| slipway_render::template_hash(&left["spec"]["template"])),
            generation: left.as_ref().and_then(|left| left["metadata"]["generation"].as_i64()).unwrap_or_default(),
            workload,
            release,
            paused: false,
            batches: self.batches(),
            memory_limit: self.release.plan.group.memory.limit.as_ref().map(|limit| limit.as_str().to_owned()),
        })
    }

    /// What a release in batches goes by now.
    pub(super) fn batches(&self) -> Option<InBatches> {
        let (strategy, progress) = (&self.release.plan.group.strategy, &self.release.progress);
        self.release.in_batches().then(|| InBatches { strategy: strategy.clone(), progress: progress.clone() })
    }

    /// Pods of the group when it was planned.
    fn count(&self) -> u32 {
        self.release.plan.base.as_ref().map_or(self.release.plan.group.count, |base| base.replicas)
    }

    /// Value of the template's label: `r7`.
    pub(super) fn label(&self) -> String {
        self.release
            .seq
            .map(|seq| seq.to_string())
            .expect("the record, which allocates the number, comes before the apply")
    }

    pub(super) fn lease_name(&self) -> String {
        names::lease(&self.release.plan.workload)
    }

    pub(super) fn claim(&self) -> Claim {
        self.engine.claim(&self.release)
    }
}

/// Why something that a release had to do was refused for good.
pub(super) fn refused(operation: &str, error: &Error) -> Diagnosis {
    let cause = match error {
        Error::Cluster(ClusterError::NotFound { what, .. }) => Cause::Gone { what: what.clone() },
        Error::Cluster(ClusterError::NamespaceGone { namespace, .. }) => {
            Cause::Gone { what: format!("Namespace {namespace}") }
        }
        Error::PlanMoved { what } => Cause::Foreign { manager: what.clone(), what: ForeignChange::Template },
        other => Cause::Refused { operation: operation.to_owned(), message: other.to_string() },
    };
    Diagnosis { cause, at: Timestamp::now(), evidence: Evidence::default() }
}
