//! What people order: a train begins, is paused, gone on with, ended, taken over.

use super::super::plan::{Planned, note_of};
use super::answer::{TrainAct, TrainAction, TrainOrder};
use super::view::Seen;
use super::{confirmed, newest};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use slipway_cluster::record;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{GroupId, LinkId, TrainId};
use slipway_model::image::ImageRef;
use slipway_model::release::{Release, ReleaseState};
use slipway_model::train::{Car, Confirmed, Decided, Decision, Train, Turn, Why, joined, moment};
use slipway_store::TrainEntry;

impl Engine {
    /// Begins the first car of a train; the others follow while a Slipway that goes on with it is open.
    ///
    /// # Errors
    /// `Invalid`, `PlanForgotten`, `PlanBlocked`, `TagMoved` where the plans are of different images, and as of
    /// `release_start` for the first car: then nothing was begun.
    pub async fn train_start(&self, order: &TrainOrder) -> Result<TrainId> {
        let (soak_seconds, rules) = order.draft.validate().map_err(Error::Invalid)?;
        let note = note_of(&order.note)?;
        let planned = order.plans.iter().map(|hash| self.plans.get(hash).ok_or(Error::PlanForgotten));
        let planned = planned.collect::<Result<Vec<_>>>()?;
        let (first, image) = one_train(&order.draft.cars, &planned)?;
        let author = self.author(&first.plan.group.link).await?;
        let train = Train {
            id: TrainId::random(),
            app: first.plan.app.id.clone(),
            image,
            cars: planned.iter().map(car).collect(),
            soak_seconds,
            ask: order.draft.ask,
            rules,
            note: note.clone(),
            author,
            computer: self.computer.clone(),
            created: Timestamp::now(),
        };
        let of = |planned: &Planned| (planned.plan.group.id.clone(), confirmed(&planned.plan));
        let confirmed = planned.iter().map(of).collect();
        let entry = TrainEntry { train: train.clone(), decided: Vec::new(), told: true, confirmed };
        self.store.write(move |w| w.insert_train(&entry)).await?;
        let id = train.id.clone();
        if let Err(error) = Box::pin(self.start(&order.plans[0], &note, Some((train.clone(), Vec::new())))).await {
            self.store.write(move |w| w.forget_train(&train)).await?;
            return Err(error);
        }
        self.conduct(id.clone());
        Ok(id)
    }

    /// # Errors
    /// `NotNow` when the train has moved on, `PlanForgotten` and `PlanBlocked` of a plan that comes with it; where another
    /// computer goes on with the train, what the cluster says.
    pub async fn train_act(&self, act: &TrainAct) -> Result<()> {
        let confirmed = self.confirmed_now(&act.plans)?;
        let seen = self.decide_of_train(&act.id, confirmed, |seen| seen.decision(act)).await?;
        if act.action == TrainAction::TakeOver {
            self.conduct(act.id.clone());
        }
        if act.action == TrainAction::Resume {
            self.let_go_on(&seen).await?;
        }
        Ok(())
    }

    /// Writes down what somebody decides of a train as it stands, here and, where another computer goes on with it, in its
    /// newest record. Answers how it stood.
    pub(super) async fn decide_of_train(
        &self,
        id: &TrainId,
        confirmed: Vec<(GroupId, Confirmed)>,
        decide: impl FnOnce(&Seen) -> Result<Decision>,
    ) -> Result<Seen> {
        let before = self.train_entry(id).await?;
        let ours = before.standing().computer == self.computer;
        match self.hear_of_train(&before).await {
            // Whoever goes on with a train may pause it also while its clusters are away.
            Err(error) if ours => tracing::info!(train = %id, %error, "what others decided is not known"),
            answer => _ = answer?,
        }
        let seen = self.seen_train(self.train_entry(id).await?).await?;
        let what = decide(&seen)?;
        let author = self.author(&self.link_of_train(&seen).await?).await?;
        let by = Some(author.display.clone());
        let takes_over = matches!(what, Decision::TakeOver { .. });
        let what = match what {
            Decision::TakeOver { .. } => Decision::TakeOver { author, computer: self.computer.clone() },
            what => what,
        };
        let decided = Decided { at: moment(&seen.entry.decided, Timestamp::now()), by, what };
        let mut all = seen.entry.decided.clone();
        all.push(decided);
        let mut told = false;
        if !ours && let Some(newest) = newest(seen.begun.iter().flatten()) {
            // Nobody would hear of it otherwise.
            all = record::decide(&self.session(&newest.link)?, newest, &all).await?;
            told = true;
        }
        let id = id.clone();
        self.store
            .write(move |w| {
                let Some(mut entry) = w.train(&id)? else { return Ok(()) };
                entry.confirmed.extend(confirmed);
                // Perhaps something else was decided meanwhile.
                entry.decided = joined(&entry.decided, &all);
                entry.told = told && entry.decided == all;
                w.update_train(&entry)?;
                if takes_over { w.open_train(&entry.train.id, true) } else { Ok(()) }
            })
            .await?;
        Ok(seen)
    }

    /// A car that was held because a rule broke goes on with its train.
    async fn let_go_on(&self, seen: &Seen) -> Result<()> {
        let Some(Why::Rule { group, .. }) = seen.standing.stopped.as_ref().map(|stopped| &stopped.why) else {
            return Ok(());
        };
        let held = |release: &&Release| release.group == *group && release.state == ReleaseState::Stopped;
        match seen.begun.iter().flatten().find(held) {
            Some(release) if release.diagnosis.is_none() => {
                Box::pin(self.release_act(&release.id, super::super::ReleaseAction::Continue)).await
            }
            _ => Ok(()),
        }
    }

    /// Plans that somebody was shown, by their hashes.
    fn confirmed_now(&self, plans: &[String]) -> Result<Vec<(GroupId, Confirmed)>> {
        let one = |hash: &String| {
            let planned = self.plans.get(hash).ok_or(Error::PlanForgotten)?;
            Ok((planned.plan.group.id.clone(), confirmed(&planned.plan)))
        };
        plans.iter().map(one).collect()
    }

    /// A link of the train, for who writes through it.
    async fn link_of_train(&self, seen: &Seen) -> Result<LinkId> {
        match newest(seen.begun.iter().flatten()) {
            Some(release) => Ok(release.link.clone()),
            None => Ok(self.group_entry(&seen.train.cars[0].group).await?.draft.link.as_str().into()),
        }
    }
}

impl Seen {
    /// What an order decides, where it is possible now.
    fn decision(&self, act: &TrainAct) -> Result<Decision> {
        let refused = || Error::NotNow { state: self.as_release() };
        if !self.actions().contains(&act.action) {
            return Err(refused());
        }
        Ok(match act.action {
            TrainAction::Pause => Decision::Pause,
            TrainAction::Resume => Decision::Resume,
            TrainAction::End => Decision::End,
            TrainAction::Begin => {
                let group = self.next().cloned().ok_or_else(refused)?;
                if act.group.as_ref().is_some_and(|shown| *shown != group) {
                    return Err(refused());
                }
                Decision::Begin { group }
            }
            TrainAction::TakeOver => {
                Decision::TakeOver { author: self.entry.train.author.clone(), computer: String::new() }
            }
            TrainAction::Skip => {
                let group = act.group.clone().ok_or_else(refused)?;
                let place = self.train.place(&group).filter(|place| self.skippable(*place));
                place.ok_or_else(refused)?;
                Decision::Skip { group }
            }
        })
    }

    /// The same as of a release, for what is not possible.
    pub(super) fn as_release(&self) -> ReleaseState {
        match self.turn {
            Turn::Done => ReleaseState::Succeeded,
            _ if self.standing.ended.is_some() => ReleaseState::Aborted,
            _ if self.standing.held() => ReleaseState::Stopped,
            Turn::Soak { .. } => ReleaseState::Resting,
            Turn::Begin(_) | Turn::Follow(_) | Turn::Fallen(_) => ReleaseState::Moving,
        }
    }
}

fn car(planned: &Planned) -> Car {
    let plan = &planned.plan;
    Car { group: plan.group.id.clone(), name: plan.group.slug.clone(), environment: plan.environment.clone() }
}

/// Plans of one app, in the order of the cars, with the image that all of them bring.
fn one_train<'p>(cars: &[GroupId], planned: &'p [Planned]) -> Result<(&'p Planned, ImageRef)> {
    if !planned.iter().map(|planned| &planned.plan.group.id).eq(cars) {
        return Err(Error::PlanForgotten);
    }
    if planned.iter().any(|planned| planned.blocked) {
        return Err(Error::PlanBlocked);
    }
    let first = planned.first().ok_or(Error::PlanForgotten)?;
    let mut image = first.plan.image.clone();
    let mut fields = Fields::new();
    for (at, other) in planned.iter().enumerate() {
        if other.plan.app.id != first.plan.app.id {
            fields.refuse(format!("cars.{at}"), FieldCode::Unknown);
        }
        let theirs = &other.plan.image;
        if image.leads_to(theirs) {
            image = theirs.clone();
        } else if !theirs.leads_to(&image) {
            let digest = |image: &ImageRef| image.digest().unwrap_or_default().to_owned();
            let tag = image.version().to_owned();
            return Err(Error::TagMoved { tag, planned: digest(&image), now: digest(theirs) });
        }
    }
    fields.finish().map_err(Error::Invalid)?;
    Ok((first, image))
}
