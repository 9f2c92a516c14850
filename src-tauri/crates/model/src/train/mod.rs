//! A train: one image to several groups, one after the other, with time to look in between.
//!
//! What it is stands in each of its releases and never changes; what people and rules decided on the way is a list that
//! only grows, so that two computers that both wrote to it agree once they have read each other.

mod draft;
mod order;
mod rules;
mod turn;

#[cfg(test)]
mod tests;

pub use draft::{RulesDraft, SoakDraft, TrainDraft};
pub use order::ordered;
pub use rules::{Look, Measured, PodLook, StopRule, StopRules, measure};
pub use turn::{Said, Standing, Stopped, Turn};

use crate::environment::Environment;
use crate::id::{AppId, GroupId, TrainId};
use crate::image::ImageRef;
use crate::name::Slug;
use crate::release::{Author, ReleaseState};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::time::Duration;
use ts_rs::TS;

/// Most groups of one train (model limits).
pub const CARS_MAX: usize = 50;
/// Fewer than these are no train.
pub const CARS_MIN: usize = 2;

/// What was confirmed when it began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Train {
    pub id: TrainId,
    pub app: AppId,
    /// With its digest where the registry says it: every car gets the same.
    pub image: ImageRef,
    /// In their order.
    pub cars: Vec<Car>,
    /// Between the end of a car and the beginning of the next, seconds.
    pub soak_seconds: u32,
    /// A person says of each car but the first that it may begin.
    #[serde(default)]
    pub ask: bool,
    pub rules: StopRules,
    pub note: String,
    pub author: Author,
    /// The computer that it was begun on, told from all others.
    pub computer: String,
    pub created: Timestamp,
}

/// A group of a train.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Car {
    pub group: GroupId,
    pub name: Slug,
    pub environment: Environment,
}

/// What lies between the end of a car and the beginning of the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Soak {
    pub seconds: u32,
    /// Once it is over, a person says that the next may begin.
    pub ask: bool,
}

impl Soak {
    pub fn duration(self) -> Duration {
        Duration::from_secs(self.seconds.into())
    }
}

impl Train {
    /// Place of a group in the order, from 0.
    pub fn place(&self, group: &GroupId) -> Option<usize> {
        self.cars.iter().position(|car| car.group == *group)
    }
}

/// One thing that was decided on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Decided {
    /// Later than whatever its author knew of, whatever the clocks of two computers say.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// `None` for what the train did by itself.
    pub by: Option<String>,
    pub what: Decision,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Decision {
    /// No further car begins.
    Pause,
    /// After a pause or a stop; of a rule that broke, the car is not asked any more.
    Resume,
    /// The train goes on without this group, or past it.
    Skip {
        group: GroupId,
    },
    /// No further car begins, for good.
    End,
    /// What lies before a group that has not begun.
    Soak {
        group: GroupId,
        soak: Soak,
    },
    Rules {
        rules: StopRules,
    },
    /// Groups that had not begun, in the order in which they do.
    Order {
        groups: Vec<GroupId>,
    },
    /// A group that waits for a person may begin.
    Begin {
        group: GroupId,
    },
    /// This computer begins what follows.
    TakeOver {
        author: Author,
        computer: String,
    },
    /// The train stopped by itself.
    Stop {
        why: Why,
    },
    /// Of a newer Slipway, as it wrote it: so it goes into the next record.
    #[serde(untagged)]
    Unknown(#[ts(type = "{ \"kind\": \"unknown\" }")] Value),
}

impl Decision {
    /// As a window is told, which knows what only a newer Slipway does by that word.
    #[must_use]
    pub fn shown(self) -> Self {
        match self {
            Self::Stop { why } => Self::Stop { why: why.shown() },
            Self::Unknown(_) => Self::Unknown(unknown()),
            known => known,
        }
    }
}

fn unknown() -> Value {
    json!({ "kind": "unknown" })
}

/// Why a train stopped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Why {
    /// A rule broke.
    Rule { group: GroupId, measured: Measured },
    /// The release of a group ended without success.
    Car { group: GroupId, state: ReleaseState },
    /// The plan of the next group is not the one that was confirmed.
    Moved { group: GroupId, parts: Vec<Part> },
    /// Nobody confirmed a plan of the next group on the computer that goes on with the train.
    Unconfirmed { group: GroupId },
    /// The plan of the next group is blocked: by these checks.
    Blocked { group: GroupId, checks: Vec<String> },
    /// Something else moves the next group.
    Busy { group: GroupId, by: String },
    /// The next group could not be planned or begun.
    Refused { group: GroupId, message: String },
    /// Of a newer Slipway, as it wrote it: so it goes into the next record.
    #[serde(untagged)]
    Unknown(#[ts(type = "{ \"kind\": \"unknown\" }")] Value),
}

impl Why {
    /// As a window is told.
    #[must_use]
    pub fn shown(self) -> Self {
        match self {
            Self::Unknown(_) => Self::Unknown(unknown()),
            known => known,
        }
    }
}

/// What a plan is made of, as far as a person confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Image,
    /// Settings of the group.
    Group,
    /// Files, values and variables.
    Configuration,
    Balancers,
    /// What runs.
    Live,
}

/// A plan that somebody confirmed: hashes of its parts, SHA-256 as hex. How many pods there are is none of them: an
/// autoscaler changes that while nobody looks, and a release leaves it as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed(pub Vec<(Part, String)>);

impl Confirmed {
    /// The parts that are others by now.
    pub fn moved(&self, now: &Self) -> Vec<Part> {
        now.0.iter().filter(|part| !self.0.contains(part)).map(|(part, _)| *part).collect()
    }
}

/// All that two computers know of what was decided, in the order in which it was.
pub fn joined(ours: &[Decided], theirs: &[Decided]) -> Vec<Decided> {
    let mut all = ours.to_vec();
    all.extend(theirs.iter().filter(|one| !ours.contains(one)).cloned());
    all.sort_by(|one, other| one.at.cmp(&other.at).then_with(|| one.by.cmp(&other.by)));
    all
}

/// The moment of a decision that is made now, after those that are known.
pub fn moment(known: &[Decided], now: Timestamp) -> Timestamp {
    let after = known.last().map(|last| last.at + SignedDuration::from_millis(1));
    after.map_or(now, |after| after.max(now))
}
