//! Drives one release from stage to stage: write `SQLite` → act.
//!
//! Every stage is written down before it is acted on, and every act can be done twice: a driver that died at any
//! moment is continued by a new one from what the cluster says.

use super::{apply, plan};
use crate::Engine;
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use serde_json::Value;
use slipway_cluster::{ClusterError, Kind, Session, lease, record};
use slipway_model::diagnosis::{Cause, Diagnosis, Evidence, ForeignChange};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Release, ReleaseState, Stage, Transition};
use slipway_render::{Rendered, Secrets, Workload, names};
use slipway_rollout::{Expected, InBatches};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// First and longest wait before something that failed in passing is tried again.
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_secs(20);

/// The running drivers of this computer, by release.
#[derive(Debug, Default)]
pub struct Drivers(Mutex<HashMap<ReleaseId, JoinHandle<()>>>);

impl Drivers {
    pub(super) fn start(&self, id: ReleaseId, run: impl Future<Output = ()> + Send + 'static) {
        let mut drivers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drivers.retain(|_, driver| !driver.is_finished());
        if let Some(before) = drivers.insert(id, tokio::spawn(run)) {
            before.abort();
        }
    }

    /// Whether a release is driven here just now.
    pub(super) fn drives(&self, id: &ReleaseId) -> bool {
        let drivers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        drivers.get(id).is_some_and(|driver| !driver.is_finished())
    }

    /// Ends the driver of one release and waits until it has let go.
    pub(super) async fn halt(&self, id: &ReleaseId) {
        let driver = self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
        if let Some(driver) = driver {
            driver.abort();
            // Aborted or finished, it is over.
            let _ = driver.await;
        }
    }

    /// Ends all; what moves in a cluster goes on there, and is driven on at the next start.
    pub(crate) async fn stop(&self) {
        let drivers: Vec<_> = self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        for (_, driver) in drivers {
            driver.abort();
            let _ = driver.await;
        }
    }
}

impl Engine {
    /// Drives a release from where it stands.
    pub(super) fn drive(&self, session: Session, release: Release) {
        self.drivers.start(release.id.clone(), self.driver(session, release).run());
    }

    pub(super) fn driver(&self, session: Session, release: Release) -> Driver {
        Driver { engine: self.clone(), session, release, left: None }
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
}

impl Driver {
    /// Runs until the release ends or waits for a person. What fails in passing is tried again for as long as it takes.
    async fn run(mut self) {
        let mut wait = RETRY_FIRST;
        loop {
            match self.stage().await {
                Ok(Outcome::Next) => wait = RETRY_FIRST,
                Ok(Outcome::Rest) => return,
                // What moves already goes on whatever one answer says; only what the watches show can stop it.
                Err(error) if error.passing() || self.release.stage == Stage::Move => {
                    tracing::info!(release = %self.release.id, stage = ?self.release.stage, %error, "trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
                Err(error) => match self.refused(&error).await {
                    Ok(()) => return,
                    Err(error) => tracing::error!(release = %self.release.id, %error, "could not note why it ended"),
                },
            }
        }
    }

    async fn stage(&mut self) -> Result<Outcome> {
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
            if live.and_then(slipway_render::template_release) == Some(label.as_str()) {
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

    /// Refuses to begin over live objects that moved since the plan.
    fn unmoved(&self, live: Option<&serde_json::Value>) -> Result<()> {
        match (&self.release.plan.base, live) {
            (None, None) => Ok(()),
            (Some(base), Some(live)) if plan::same(base, live) => Ok(()),
            _ => Err(Error::PlanMoved { what: format!("Deployment {}", self.release.plan.workload) }),
        }
    }

    /// Writes the outcome down, then tells the cluster.
    pub(super) async fn finish(&mut self, state: ReleaseState, diagnosis: Option<Diagnosis>) -> Result<Outcome> {
        if diagnosis.is_some() {
            self.release.diagnosis = diagnosis;
        }
        self.release.ended = Some(Timestamp::now());
        self.transition(state, Stage::End, None).await?;
        Ok(Outcome::Next)
    }

    /// What is owed to the cluster once the outcome stands: the record says it, the Lease is free, old records go.
    async fn end(&mut self) -> Result<Outcome> {
        fault::place("before end");
        if self.release.seq.is_some() {
            record::update(&self.session, &self.release).await?;
        }
        // Only what has taken effect knows what is needed: a release that failed leaves the way back to somebody else.
        if self.release.state == ReleaseState::Succeeded
            && let Err(error) = self.collect().await
        {
            tracing::info!(release = %self.release.id, %error, "what nothing needs is left for the next release");
        }
        lease::give_back(&self.session, &self.lease_name(), &self.holder()).await?;
        record::prune(&self.session, &self.release).await?;
        self.settle().await?;
        fault::place("after end");
        Ok(Outcome::Rest)
    }

    /// Nothing is owed to the cluster any more: the next start leaves this release alone.
    pub(super) async fn settle(&self) -> Result<()> {
        let id = self.release.id.clone();
        Ok(self.engine.store.write(move |w| w.settle_release(&id, false)).await?)
    }

    /// The cluster refused a stage for good. Before the movement it ends the release; during it, it stops it.
    async fn refused(&mut self, error: &Error) -> Result<()> {
        tracing::warn!(release = %self.release.id, stage = ?self.release.stage, %error, "refused");
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
        self.release.transitions.push(Transition { at: Timestamp::now(), stage, state, by, note: None });
        self.save().await?;
        fault::transition("after", state, stage);
        Ok(())
    }

    pub(super) async fn save(&self) -> Result<()> {
        let release = self.release.clone();
        Ok(self.engine.store.write(move |w| w.update_release(&release)).await?)
    }

    pub(super) async fn lease(&self) -> Result<()> {
        Ok(lease::take(&self.session, &self.lease_name(), &self.holder()).await?)
    }

    /// The record follows; a write of it that fails never stops the movement.
    pub(super) async fn mirror_record(&self) {
        if let Err(error) = record::update(&self.session, &self.release).await {
            tracing::info!(release = %self.release.id, %error, "record not updated");
        }
    }

    pub(super) async fn give_back(&self) {
        if let Err(error) = lease::give_back(&self.session, &self.lease_name(), &self.holder()).await {
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

    pub(super) fn holder(&self) -> String {
        format!("{} {}", self.engine.device, self.release.id)
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
