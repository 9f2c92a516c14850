//! A train as it stands, for its page and for what may be decided of it.

use super::super::answer::ReleaseRow;
use super::answer::{CarState, CarView, TrainAction, TrainRow, TrainState, TrainView};
use crate::Engine;
use crate::error::Result;
use jiff::Timestamp;
use slipway_model::id::{AppId, GroupId, TrainId};
use slipway_model::release::{Release, ReleaseState};
use slipway_model::train::{Car, Decided, Standing, Stopped, Train, Turn, Why};
use slipway_store::{ReleaseHead, TrainEntry};

/// All that is known of a train.
pub(super) struct Seen {
    /// As it was confirmed, and all that was decided since.
    pub(super) entry: TrainEntry,
    /// Its cars in their order as decided.
    pub(super) train: Train,
    pub(super) standing: Standing,
    /// By car.
    pub(super) begun: Vec<Option<Release>>,
    pub(super) turn: Turn,
    /// Whether this computer goes on with it.
    pub(super) ours: bool,
}

impl Engine {
    pub(super) async fn seen_train(&self, entry: TrainEntry) -> Result<Seen> {
        let (begun, standing) = (self.begun(&entry.train.id).await?, entry.standing());
        let groups: Vec<GroupId> = begun.iter().map(|release| release.group.clone()).collect();
        let train = entry.train.in_order(&entry.decided, &standing.skipped, &groups);
        let begun = in_turn(&train, begun);
        let states: Vec<Option<ReleaseState>> =
            begun.iter().map(|release| release.as_ref().map(|release| release.state)).collect();
        let turn = train.turn(&standing.skipped, &states);
        let ours = standing.computer == self.computer;
        Ok(Seen { entry, train, standing, begun, turn, ours })
    }

    /// # Errors
    /// `NotFound`, and what the store says.
    pub async fn train(&self, id: &TrainId) -> Result<TrainView> {
        let seen = self.seen_train(self.train_entry(id).await?).await?;
        let train = &seen.train;
        let mut cars = Vec::with_capacity(train.cars.len());
        for at in 0..train.cars.len() {
            cars.push(self.car_view(&seen, at).await?);
        }
        let group = |at: usize| train.cars[at].group.clone();
        let (next, watched) = match seen.turn {
            Turn::Begin(at) => (Some(group(at)), None),
            Turn::Follow(at) | Turn::Fallen(at) => (None, Some(group(at))),
            Turn::Soak { after, next } => (Some(group(next)), Some(group(after))),
            Turn::Done => (None, None),
        };
        Ok(TrainView {
            row: seen.row(),
            image: train.image.to_string(),
            rules: train.rules(&seen.standing).clone(),
            cars,
            driver: seen.standing.driver.clone(),
            ours: seen.ours,
            next,
            earliest: seen.earliest(),
            asks: seen.asks(),
            watched,
            measured: if seen.ours { self.trains.measured(id) } else { Vec::new() },
            paused: seen.standing.paused.clone(),
            stopped: seen.standing.stopped.clone().map(|stopped| Stopped { why: stopped.why.shown(), ..stopped }),
            ended: seen.standing.ended.clone(),
            decided: seen.entry.decided.iter().cloned().map(|one| Decided { what: one.what.shown(), ..one }).collect(),
            actions: seen.actions(),
        })
    }

    /// Trains of an app that are under way, newest first.
    pub async fn train_list(&self, app: &AppId) -> Result<Vec<TrainRow>> {
        let app = app.clone();
        let mut rows = Vec::new();
        for entry in self.store.read(move |r| r.unfinished_trains(&app)).await? {
            let seen = self.seen_train(entry).await?;
            if !seen.over() {
                rows.push(seen.row());
            }
        }
        Ok(rows)
    }

    async fn car_view(&self, seen: &Seen, at: usize) -> Result<CarView> {
        let (car, release) = (&seen.train.cars[at], seen.begun[at].as_ref());
        let group = car.group.clone();
        let (entry, links, released) =
            self.store.read(move |r| Ok((r.group(&group)?, r.links()?, r.released(&group)?))).await?;
        let link = entry.map(|entry| entry.draft.link);
        let link = link.and_then(|link| links.into_iter().find(|known| known.id.as_str() == link));
        let state = match release {
            Some(_) => CarState::Begun,
            None if seen.standing.skipped.contains(&car.group) => CarState::Skipped,
            None => CarState::Waiting,
        };
        let version = match release {
            Some(release) => release.plan.from.clone(),
            None => released.map(|release| release.plan.image.version().to_owned()),
        };
        Ok(CarView {
            group: car.group.clone(),
            name: car.name.to_string(),
            environment: car.environment.clone(),
            cluster: link.map(|link| link.name),
            state,
            release: release.map(|release| ReleaseRow::from(&ReleaseHead::from(release))),
            version,
            soak: (at > 0).then(|| seen.entry.train.soak(&seen.standing, &car.group)),
            skippable: !seen.over() && seen.skippable(at),
        })
    }
}

impl Seen {
    pub(super) fn over(&self) -> bool {
        self.turn == Turn::Done || self.standing.ended.is_some()
    }

    /// Whether the train can go on without a car.
    pub(super) fn skippable(&self, at: usize) -> bool {
        let skipped = self.standing.skipped.contains(&self.train.cars[at].group);
        let state = self.begun[at].as_ref().map(|release| release.state);
        !skipped && state.is_none_or(|state| state.ended() && state != ReleaseState::Succeeded)
    }

    /// Whether a car has not had its turn, and will.
    pub(super) fn waiting(&self, at: usize) -> bool {
        self.begun[at].is_none() && !self.standing.skipped.contains(&self.train.cars[at].group)
    }

    /// The car that begins next, where none is on its way.
    pub(super) fn next(&self) -> Option<&GroupId> {
        match self.turn {
            Turn::Begin(at) | Turn::Soak { next: at, .. } => Some(&self.train.cars[at].group),
            Turn::Follow(_) | Turn::Fallen(_) | Turn::Done => None,
        }
    }

    /// Whether that one waits for a person's word, now or once its soak is over.
    pub(super) fn asks(&self) -> bool {
        self.next().is_some_and(|group| self.entry.train.asks(&self.standing, group))
    }

    /// The soak before the next car is not over before.
    fn earliest(&self) -> Option<Timestamp> {
        let Turn::Soak { after, next } = self.turn else { return None };
        let ended = self.begun[after].as_ref()?.ended?;
        Some(ended + self.entry.train.soak(&self.standing, &self.train.cars[next].group).duration())
    }

    /// What a person may do now. Who may write at all is for the clusters to say.
    pub(super) fn actions(&self) -> Vec<TrainAction> {
        if self.over() {
            return Vec::new();
        }
        let mut actions = Vec::new();
        let why = self.standing.stopped.as_ref().map(|stopped| &stopped.why);
        let fallen = matches!(self.turn, Turn::Fallen(_)) || matches!(why, Some(Why::Car { .. }));
        match self.standing.held() {
            false => actions.push(TrainAction::Pause),
            // Only past it: what has ended does not begin again.
            true if fallen => {}
            // A plan counts where it was confirmed.
            true if !self.ours && why.is_some_and(Why::needs_plan) => {}
            true => actions.push(TrainAction::Resume),
        }
        if self.asks() && !self.standing.held() {
            actions.push(TrainAction::Begin);
        }
        if (0..self.begun.len()).any(|at| self.skippable(at)) {
            actions.push(TrainAction::Skip);
        }
        actions.push(TrainAction::End);
        if !self.ours {
            actions.push(TrainAction::TakeOver);
        }
        actions
    }

    fn state(&self) -> TrainState {
        match self.turn {
            Turn::Done => TrainState::Done,
            _ if self.standing.ended.is_some() => TrainState::Ended,
            _ if self.standing.stopped.is_some() => TrainState::Stopped,
            Turn::Fallen(_) => TrainState::Stopped,
            _ if self.standing.paused.is_some() => TrainState::Paused,
            Turn::Follow(at) if self.begun[at].as_ref().is_some_and(Release::waits) => TrainState::Waiting,
            Turn::Begin(_) | Turn::Soak { .. }
                if self.asks() && self.earliest().is_none_or(|earliest| earliest <= Timestamp::now()) =>
            {
                TrainState::Waiting
            }
            Turn::Begin(_) | Turn::Follow(_) => TrainState::Moving,
            Turn::Soak { .. } => TrainState::Soaking,
        }
    }

    fn row(&self) -> TrainRow {
        let Train { id, app, image, cars, note, author, created, .. } = &self.train;
        let passed = cars.iter().zip(&self.begun).filter(|(car, release)| match release {
            Some(release) => release.state == ReleaseState::Succeeded,
            None => self.standing.skipped.contains(&car.group),
        });
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        TrainRow {
            id: id.clone(),
            app: app.clone(),
            version: image.version().to_owned(),
            note: note.clone(),
            author: author.clone(),
            created: *created,
            state: self.state(),
            cars: number(cars.len()),
            passed: number(passed.count()),
        }
    }
}

/// What has begun, by the cars of a train.
fn in_turn(train: &Train, mut releases: Vec<Release>) -> Vec<Option<Release>> {
    let mut of = |car: &Car| {
        let at = releases.iter().position(|release| release.group == car.group)?;
        Some(releases.swap_remove(at))
    };
    train.cars.iter().map(&mut of).collect()
}
