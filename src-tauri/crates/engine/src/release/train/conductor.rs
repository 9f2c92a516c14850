//! Goes on with one train: looks whose turn it is, watches the car that is under way or soaks, and begins the next.
//!
//! It remembers nothing that it could not read again: what was decided is in `SQLite` and in the records, what became of
//! each car in its release. One that died is followed by another at the next start.

use super::super::driver::{RETRY_FIRST, RETRY_MAX};
use super::lookout::Lookout;
use super::newest;
use super::view::Seen;
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::any_changed;
use crate::tag;
use jiff::Timestamp;
use slipway_cluster::ClusterError;
use slipway_cluster::record::{self, RecordError};
use slipway_model::id::{GroupId, TrainId};
use slipway_model::release::{Release, ReleaseState};
use slipway_model::train::{Decided, Decision, Measured, Standing, Turn, Why, joined, measure, moment};
use slipway_store::{Changes, TrainEntry};
use std::time::Duration;
use tokio::sync::broadcast;

impl Engine {
    /// Goes on with the trains that this computer left.
    pub(crate) async fn resume_trains(&self) -> Result<()> {
        for entry in self.store.read(|r| r.open_trains()).await? {
            self.conduct(entry.train.id);
        }
        Ok(())
    }

    /// Goes on with a train from where it stands.
    pub(super) fn conduct(&self, id: TrainId) {
        let conductor = Conductor { engine: self.clone(), id: id.clone(), lookout: None, asked: None };
        self.trains.conductors.start_after(id, conductor.run());
    }

    /// Takes in what others decided of a train, as its newest record says it. Whether that is news.
    pub(super) async fn hear_of_train(&self, known: &TrainEntry) -> Result<bool> {
        let begun = self.begun(&known.train.id).await?;
        let Some(release) = newest(&begun) else { return Ok(false) };
        let session = self.session(&release.link)?;
        let Some(seq) = release.seq else { return Ok(false) };
        let name = slipway_render::names::record(&release.plan.workload, seq);
        let Some(record) = record::get(&session, &name).await? else { return Ok(false) };
        let id = known.train.id.clone();
        let now = self
            .store
            .write(move |w| {
                let Some(entry) = w.train(&id)? else { return Ok(Vec::new()) };
                w.hear_of_train(entry, &record.release.decided)?;
                Ok(w.train(&id)?.map(|entry| entry.decided).unwrap_or_default())
            })
            .await?;
        Ok(now != known.decided)
    }
}

pub(super) struct Conductor {
    pub(super) engine: Engine,
    pub(super) id: TrainId,
    lookout: Option<Lookout>,
    /// The group of which a person was told that it waits for their word.
    asked: Option<GroupId>,
}

impl Conductor {
    /// Until the train is over, or another computer goes on with it. What fails in passing is tried again for as long as it
    /// takes; what is refused stops the train.
    async fn run(mut self) {
        let mut wait = RETRY_FIRST;
        loop {
            let answer = match self.round().await {
                Err(error) if !error.passing() => self.refused(&error).await,
                answer => answer,
            };
            match answer {
                Ok(true) => wait = RETRY_FIRST,
                Ok(false) => return,
                Err(error) => {
                    tracing::info!(train = %self.id, %error, "trying again");
                    tokio::time::sleep(wait).await;
                    wait = (wait * 2).min(RETRY_MAX);
                }
            }
        }
    }

    /// Stops the train for what does not pass by itself, and does nothing until somebody has decided something.
    async fn refused(&mut self, error: &Error) -> Result<bool> {
        tracing::warn!(train = %self.id, %error, "refused");
        let mut changes = self.engine.store.changes();
        let entry = match self.engine.train_entry(&self.id).await {
            Err(Error::NotFound { .. }) => return Ok(false),
            entry => entry?,
        };
        let seen = self.engine.seen_train(entry).await?;
        if !seen.ours || seen.over() {
            return self.leave().await;
        }
        if seen.standing.stopped.is_some() {
            return Ok(any_changed(&mut changes, &[tag::train(&self.id)]).await);
        }
        let at = match seen.turn {
            Turn::Begin(at) | Turn::Follow(at) | Turn::Fallen(at) | Turn::Soak { next: at, .. } => at,
            Turn::Done => return Ok(true),
        };
        let group = seen.train.cars[at].group.clone();
        self.stop(&seen, Why::Refused { group, message: error.to_string() }).await?;
        Ok(true)
    }

    /// One look at everything, and what follows from it. `false`: there is nothing more to do here.
    async fn round(&mut self) -> Result<bool> {
        // Before anything is read, so that nothing is missed.
        let mut changes = self.engine.store.changes();
        let seen = self.engine.seen_train(self.engine.train_entry(&self.id).await?).await?;
        // What was decided here while the cluster was away is told also where another computer goes on with it by now.
        let leaves = !seen.ours || seen.over();
        match self.tell(&seen).await {
            Err(error) if leaves => return Err(error),
            Err(error) => tracing::info!(train = %self.id, %error, "what was decided is told later"),
            Ok(()) if leaves => return self.leave().await,
            Ok(()) => {}
        }
        match seen.turn {
            Turn::Fallen(at) if seen.standing.stopped.is_none() => {
                let (group, state) = (seen.train.cars[at].group.clone(), state_of(&seen, at));
                self.stop(&seen, Why::Car { group, state }).await?;
                Ok(true)
            }
            Turn::Begin(at) if !seen.standing.held() && !seen.asks() => self.begin(&seen, at).await,
            Turn::Follow(at) => self.watch(&seen, at, None, &mut changes).await,
            Turn::Soak { after, next } => self.watch(&seen, after, Some(next), &mut changes).await,
            Turn::Begin(_) | Turn::Fallen(_) => {
                self.ask(&seen).await;
                let tag = tag::train(&self.id);
                Ok(any_changed(&mut changes, &[tag]).await)
            }
            // Over, and left above.
            Turn::Done => Ok(false),
        }
    }

    /// Nothing is to be done here any more, also not at the next start.
    async fn leave(&self) -> Result<bool> {
        let id = self.id.clone();
        self.engine.store.write(move |w| w.open_train(&id, false)).await?;
        Ok(false)
    }

    /// Watches a car that is under way, or that soaks before the next.
    async fn watch(
        &mut self,
        seen: &Seen,
        at: usize,
        next: Option<usize>,
        changes: &mut broadcast::Receiver<Changes>,
    ) -> Result<bool> {
        let Some(release) = &seen.begun[at] else { return Ok(true) };
        if unheld(&seen.standing, release) {
            Box::pin(self.engine.hold_release(&release.id)).await?;
        }
        let lookout = match self.lookout.take().filter(|lookout| lookout.release == release.id) {
            Some(lookout) => lookout,
            None => Lookout::open(&self.engine, release).await?,
        };
        let lookout = self.lookout.insert(lookout);
        lookout.follow(release);
        let rules = seen.entry.train.rules(&seen.standing);
        let look = lookout.look(&self.engine, release, rules).await?;
        if lookout.news() && self.engine.hear_of_train(&seen.entry).await? {
            return Ok(true);
        }
        let (soaked, moved, sees) = (lookout.soaked(), lookout.moved(), look.is_some());
        if let Some(look) = look {
            let measured = measure(rules, &look);
            if self.engine.trains.measure(&self.id, measured.clone()) {
                self.engine.store.announce(vec![tag::train(&self.id)]);
            }
            if let Some(why) = broken(seen, &release.group, measured) {
                Box::pin(self.engine.hold_release(&release.id)).await?;
                self.stop(seen, why).await?;
                return Ok(true);
            }
        }
        // The next begins only when somebody sees how this one is.
        let soak = |next: usize| seen.entry.train.soak(&seen.standing, &seen.train.cars[next].group).duration();
        let left = next.filter(|_| sees && !seen.standing.held()).map(|next| soak(next).saturating_sub(soaked));
        if let (Some(next), Some(Duration::ZERO)) = (next, left) {
            if !seen.asks() {
                return self.begin(seen, next).await;
            }
            self.ask(seen).await;
        }
        let left = left.filter(|left| !left.is_zero());
        let limit = rules.limit_seconds.filter(|_| release.state == ReleaseState::Moving);
        let limit = limit.map(|limit| Duration::from_secs(limit.into()).saturating_sub(moved));
        let limit = limit.filter(|limit| !limit.is_zero());
        // Just past it.
        let limit = limit.map(|limit| limit + Duration::from_millis(1));
        let tags = [tag::train(&self.id), tag::release(&release.id)];
        let Some(lookout) = &mut self.lookout else { return Ok(true) };
        tokio::select! {
            open = any_changed(changes, &tags) => return Ok(open),
            () = lookout.changed() => {}
            () = tokio::time::sleep(left.unwrap_or_default()), if left.is_some() => {}
            () = tokio::time::sleep(limit.unwrap_or_default()), if limit.is_some() => {}
            () = tokio::time::sleep(RETRY_MAX), if !seen.entry.told => {}
        }
        Ok(true)
    }

    /// Tells that the next group waits for a person's word, once.
    async fn ask(&mut self, seen: &Seen) {
        let next = seen.next().filter(|_| seen.asks() && !seen.standing.held());
        if next.is_some() && self.asked.as_ref() != next {
            // Whoever looks at it sees that the soak is over.
            self.engine.store.announce(vec![tag::train(&self.id)]);
            self.engine.notify_of_train(&self.id).await;
        }
        self.asked = next.cloned();
    }

    /// Stops the train, unless another computer has gone on with it.
    pub(super) async fn stop(&self, seen: &Seen, why: Why) -> Result<()> {
        match self.engine.hear_of_train(&seen.entry).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => tracing::info!(train = %self.id, %error, "what others decided is not known"),
        }
        tracing::info!(train = %self.id, ?why, "stopped");
        let id = self.id.clone();
        let stopped = self.engine.store.write(move |w| {
            let Some(mut entry) = w.train(&id)? else { return Ok(()) };
            let at = moment(&entry.decided, Timestamp::now());
            entry.decided.push(Decided { at, by: None, what: Decision::Stop { why } });
            entry.told = false;
            w.update_train(&entry)
        });
        stopped.await?;
        self.engine.notify_of_train(&self.id).await;
        Ok(())
    }

    /// Tells the newest record what was decided.
    async fn tell(&self, seen: &Seen) -> Result<()> {
        if seen.entry.told {
            return Ok(());
        }
        let Some(newest) = newest(seen.begun.iter().flatten()) else { return Ok(()) };
        let decided = seen.entry.decided.clone();
        let all = match record::decide(&self.engine.session(&newest.link)?, newest, &decided).await {
            // Somebody deleted it by hand: whoever drives it makes it anew.
            Err(RecordError::Cluster(ClusterError::NotFound { .. })) => decided.clone(),
            all => all.map_err(Error::from)?,
        };
        let id = self.id.clone();
        let told = self.engine.store.write(move |w| {
            let Some(mut entry) = w.train(&id)? else { return Ok(()) };
            entry.told = entry.decided == decided;
            entry.decided = joined(&entry.decided, &all);
            w.update_train(&entry)
        });
        Ok(told.await?)
    }
}

fn state_of(seen: &Seen, at: usize) -> ReleaseState {
    seen.begun[at].as_ref().map_or(ReleaseState::Failed, |release: &Release| release.state)
}

/// Whether a rule of a car broke before the car could be held: it is once it moves. One that was held and goes on does
/// so because somebody said so.
fn unheld(standing: &Standing, release: &Release) -> bool {
    let why = standing.stopped.as_ref().map(|stopped| &stopped.why);
    matches!(why, Some(Why::Rule { group, .. }) if *group == release.group)
        && release.transitions.iter().all(|transition| transition.state != ReleaseState::Stopped)
}

/// The first rule that broke, of those that the car is still asked.
fn broken(seen: &Seen, group: &GroupId, measured: Vec<Measured>) -> Option<Why> {
    if seen.standing.stopped.is_some() {
        return None;
    }
    let waived = |one: &Measured| seen.standing.waived.iter().any(|(of, rule)| of == group && *rule == one.rule);
    let broken = measured.into_iter().find(|one| one.holds == Some(false) && !waived(one));
    broken.map(|measured| Why::Rule { group: group.clone(), measured })
}
