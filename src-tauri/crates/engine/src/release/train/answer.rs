//! What the window is told of trains, and what it orders.

use super::super::answer::ReleaseRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::environment::Environment;
use slipway_model::id::{AppId, GroupId, TrainId};
use slipway_model::release::Author;
use slipway_model::train::{Decided, Measured, RulesDraft, Said, Soak, SoakDraft, StopRules, Stopped, TrainDraft};
use ts_rs::TS;

/// What a person confirmed.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrainOrder {
    pub draft: TrainDraft,
    /// Of the plans that were shown, in the order of the cars.
    pub plans: Vec<String>,
    pub note: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrainAct {
    pub id: TrainId,
    pub action: TrainAction,
    /// The car that is skipped, or begins.
    #[serde(default)]
    #[ts(optional)]
    pub group: Option<GroupId>,
    /// Of the plans that were shown of cars to come: confirmed by this.
    #[serde(default)]
    #[ts(optional, as = "Option<Vec<String>>")]
    pub plans: Vec<String>,
}

/// What a person changes of a train on the way.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct TrainEdit {
    pub id: TrainId,
    pub change: TrainChange,
}

#[derive(Clone, Debug, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum TrainChange {
    /// What lies before a group that has not begun.
    Soak {
        group: GroupId,
        soak: SoakDraft,
    },
    Rules {
        rules: RulesDraft,
    },
    /// Every group that has not begun, in the order in which they shall.
    Order {
        groups: Vec<GroupId>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrainAction {
    /// No further car begins until somebody resumes it.
    Pause,
    Resume,
    /// Go on without a group, or past it.
    Skip,
    /// The next group, which waits for a person's word, begins once its soak is over.
    Begin,
    /// No further car begins.
    End,
    /// Go on with it from this computer.
    TakeOver,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum TrainState {
    /// A car is on its way, or about to begin.
    Moving,
    /// Its car waits for a person.
    Waiting,
    /// The last car is looked at before the next begins.
    Soaking,
    Paused,
    Stopped,
    /// Somebody ended it before its last car.
    Ended,
    Done,
}

/// A train that is under way, in a list.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TrainRow {
    pub id: TrainId,
    pub app: AppId,
    pub version: String,
    pub note: String,
    pub author: Author,
    #[ts(type = "string")]
    pub created: Timestamp,
    pub state: TrainState,
    pub cars: u32,
    /// Of these, released or skipped.
    pub passed: u32,
}

/// A train as its page shows it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TrainView {
    pub row: TrainRow,
    pub image: String,
    pub rules: StopRules,
    /// In the order in which they have their turn.
    pub cars: Vec<CarView>,
    /// Whoever goes on with it.
    pub driver: Author,
    /// That is this computer.
    pub ours: bool,
    /// The car that is next, unless one is on its way.
    pub next: Option<GroupId>,
    /// The soak is not over before.
    #[ts(type = "string | null")]
    pub earliest: Option<Timestamp>,
    /// It begins once a person says so.
    pub asks: bool,
    /// The car whose pods the rules are about.
    pub watched: Option<GroupId>,
    /// What its rules say, where this computer goes on with it.
    pub measured: Vec<Measured>,
    pub paused: Option<Said>,
    pub stopped: Option<Stopped>,
    pub ended: Option<Said>,
    /// All that was decided, oldest first.
    pub decided: Vec<Decided>,
    /// What a person may do now.
    pub actions: Vec<TrainAction>,
}

/// A group of a train.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct CarView {
    pub group: GroupId,
    pub name: String,
    pub environment: Environment,
    /// Name of its link; `None` where the group or its cluster is not known on this computer.
    pub cluster: Option<String>,
    pub state: CarState,
    /// Its release in this train.
    pub release: Option<ReleaseRow>,
    /// What ran before it, or runs now.
    pub version: Option<String>,
    /// What lies between the end of the one before it and its beginning; `None` before the first.
    pub soak: Option<Soak>,
    /// The train can go on without it.
    pub skippable: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CarState {
    /// It has not had its turn.
    Waiting,
    Skipped,
    /// Its release says how it is.
    Begun,
}
