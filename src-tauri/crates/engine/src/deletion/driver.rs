//! Takes a group out of its cluster, object by object: what is to go is written down before, every deletion can be done
//! twice, and whoever died in the middle goes on at the next start.

use crate::Engine;
use crate::error::{Error, Result};
use crate::fault;
use jiff::Timestamp;
use slipway_cluster::lease::{self, Claim};
use slipway_cluster::{ClusterError, Kind, Session, Version, tombstone};
use slipway_model::balancer::BalancerDraft;
use slipway_model::deletion::{Deletion, Doomed, DoomedKind, DoomedState, Tombstone};
use slipway_model::id::GroupId;
use slipway_model::release::Seq;
use slipway_render::names;
use slipway_store::{Failure, Writer};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// First and longest wait before something that failed in passing is tried again.
const RETRY_FIRST: Duration = Duration::from_millis(500);
const RETRY_MAX: Duration = Duration::from_secs(20);

/// The deletions that run on this computer, by group.
#[derive(Debug, Default)]
pub struct Deletions(Mutex<HashMap<GroupId, JoinHandle<()>>>);

impl Deletions {
    /// One that runs already is left alone.
    fn start(&self, group: GroupId, run: impl Future<Output = ()> + Send + 'static) {
        let mut running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, task| !task.is_finished());
        running.entry(group).or_insert_with(|| tokio::spawn(run));
    }

    /// Ends all; they are gone on with at the next start.
    pub(crate) async fn stop(&self) {
        let running: Vec<_> = self.0.lock().unwrap_or_else(PoisonError::into_inner).drain().collect();
        for (_, task) in running {
            task.abort();
            // Aborted or finished, it is over.
            let _ = task.await;
        }
    }
}

impl Engine {
    pub(super) fn drive_deletion(&self, session: Session, deletion: Deletion) {
        let group = deletion.group.clone();
        self.deletions.start(group, Driver { engine: self.clone(), session, deletion }.run());
    }

    /// Goes on with what this computer left.
    pub(crate) async fn resume_deletions(&self) -> Result<()> {
        for deletion in self.store.read(|r| r.open_deletions()).await? {
            match self.session(&deletion.link) {
                Ok(session) => self.drive_deletion(session, deletion),
                Err(error) => tracing::info!(group = %deletion.group, %error, "deletion not gone on with"),
            }
        }
        Ok(())
    }
}

struct Driver {
    engine: Engine,
    session: Session,
    deletion: Deletion,
}

impl Driver {
    /// Until everything is gone, or something waits for a person. What fails in passing is tried again.
    async fn run(mut self) {
        let mut wait = RETRY_FIRST;
        loop {
            match self.go().await {
                Ok(()) => return,
                Err(error) if error.passing() => {
                    self.stuck(&error).await;
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
                Err(error) => return self.stuck(&error).await,
            }
        }
    }

    async fn go(&mut self) -> Result<()> {
        let lease = names::lease(&self.deletion.workload);
        let waiting = |object: &Doomed| object.state != DoomedState::Gone;
        // The Lease is the last to go: without it everything else is gone already.
        if self.deletion.objects.iter().any(waiting) {
            lease::take(&self.session, &lease, &self.claim()).await?;
        }
        fault::place("before tombstone");
        tombstone::put(&self.session, &self.tombstone().await?).await?;
        fault::place("after tombstone");
        for at in 0..self.deletion.objects.len() {
            if self.deletion.objects[at].state == DoomedState::Gone {
                continue;
            }
            // What runs needs its configuration, and what is left needs the Lease.
            let (done, refused) = (&self.deletion.objects[..at], self.deletion.objects[at].kind);
            let holds = |object: &Doomed| {
                object.state != DoomedState::Gone
                    && (object.kind == DoomedKind::Deployment || refused == DoomedKind::Lease)
            };
            if done.iter().any(holds) {
                break;
            }
            fault::place("before an object goes");
            let state = match self.remove(&self.deletion.objects[at]).await {
                Ok(()) => DoomedState::Gone,
                Err(error) if error.passing() => return Err(error),
                Err(error) => DoomedState::Failed { message: error.to_string() },
            };
            fault::place("after an object went");
            self.deletion.objects[at].state = state;
            self.deletion.stuck = None;
            self.save().await?;
        }
        if self.deletion.objects.iter().any(waiting) {
            return Ok(());
        }
        fault::place("before the group goes");
        self.deletion.stuck = None;
        self.deletion.ended = Some(Timestamp::now());
        let deletion = self.deletion.clone();
        Ok(self.engine.store.write(move |w| finish(w, &deletion)).await?)
    }

    /// An object that is gone, or whose name another has by now, is done with.
    async fn remove(&self, object: &Doomed) -> Result<()> {
        let kind = match object.kind {
            DoomedKind::Deployment => Kind::Deployment,
            DoomedKind::Service => Kind::Service,
            DoomedKind::ConfigMap => Kind::ConfigMap,
            DoomedKind::Secret => Kind::Secret,
            DoomedKind::Lease => Kind::Lease,
        };
        let answer = if object.uid.is_empty() {
            self.session.delete(kind, &object.name).await
        } else {
            let version = Version { uid: &object.uid, resource: None };
            self.session.delete_exact(kind, &object.name, version).await
        };
        match answer {
            Ok(_) | Err(ClusterError::Conflict { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    async fn tombstone(&self) -> Result<Tombstone> {
        let group = self.deletion.group.clone();
        let seq = self.engine.store.read(move |r| r.max_seq(&group)).await?;
        let marked = lease::marked(&self.session, &names::lease(&self.deletion.workload)).await?;
        let deletion = &self.deletion;
        Ok(Tombstone {
            group: deletion.group.clone(),
            app: deletion.app.clone(),
            app_slug: deletion.app_slug.clone(),
            group_slug: deletion.group_slug.clone(),
            workload: deletion.workload.clone(),
            author: deletion.author.clone(),
            at: deletion.begun,
            seq: marked.max(Some(Seq(seq)).filter(|seq| seq.0 > 0)),
        })
    }

    async fn stuck(&mut self, error: &Error) {
        self.deletion.stuck = Some(error.to_string());
        if let Err(error) = self.save().await {
            tracing::error!(group = %self.deletion.group, %error, "could not note how far the deletion is");
        }
    }

    async fn save(&self) -> Result<()> {
        let deletion = self.deletion.clone();
        Ok(self.engine.store.write(move |w| w.put_deletion(&deletion)).await?)
    }

    fn claim(&self) -> Claim {
        Claim {
            computer: self.engine.computer.clone(),
            purpose: self.deletion.group.to_string(),
            by: self.deletion.author.display.clone(),
        }
    }
}

/// The group goes from this computer, and from its load balancers; one that leads nowhere else goes too.
fn finish(w: &mut Writer<'_>, deletion: &Deletion) -> std::result::Result<(), Failure> {
    let mut deletion = deletion.clone();
    for entry in w.balancers_of_app(&deletion.app)? {
        if !entry.draft.groups.contains(&deletion.group) {
            continue;
        }
        deletion.balancers.push(entry.id.clone());
        let gone = |object: &Doomed| object.kind == DoomedKind::Service && object.name == entry.draft.name.trim();
        if deletion.objects.iter().any(gone) {
            w.forget_balancer_service(&entry.id, &deletion.link)?;
        }
        let mut groups = entry.draft.groups.clone();
        groups.retain(|group| *group != deletion.group);
        if groups.is_empty() {
            w.delete_balancer(&entry.id)?;
        } else {
            w.update_balancer(&entry.id, &BalancerDraft { groups, ..entry.draft })?;
        }
    }
    w.put_deletion(&deletion)?;
    w.delete_group(&deletion.group)
}
