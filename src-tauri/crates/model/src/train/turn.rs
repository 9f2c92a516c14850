//! Whose turn it is: what was decided, and what became of each car, in; one thing to do, out.

use super::{Decided, Decision, Soak, StopRule, StopRules, Train, Why};
use crate::id::GroupId;
use crate::release::{Author, ReleaseState};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What all that was decided comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The computer that begins what follows, and whoever made it that.
    pub computer: String,
    pub driver: Author,
    pub paused: Option<Said>,
    pub stopped: Option<Stopped>,
    pub skipped: Vec<GroupId>,
    /// Rules that a car is not asked any more.
    pub waived: Vec<(GroupId, StopRule)>,
    pub ended: Option<Said>,
    /// What lies before a group, where that was changed; the last one counts.
    pub soaks: Vec<(GroupId, Soak)>,
    pub rules: Option<StopRules>,
    /// Groups of which a person said that they may begin.
    pub let_begin: Vec<GroupId>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Said {
    pub by: String,
    #[ts(type = "string")]
    pub at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Stopped {
    pub why: Why,
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// What a train waits for, or does. Numbers are places of cars.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The first car, or one after none that succeeded.
    Begin(usize),
    /// It is on its way.
    Follow(usize),
    /// It ended without success.
    Fallen(usize),
    /// One has succeeded, and the next waits for the soak to be over.
    Soak { after: usize, next: usize },
    /// Every car has had its turn.
    Done,
}

impl Train {
    pub fn standing(&self, decided: &[Decided]) -> Standing {
        let mut standing = Standing {
            computer: self.computer.clone(),
            driver: self.author.clone(),
            paused: None,
            stopped: None,
            skipped: Vec::new(),
            waived: Vec::new(),
            ended: None,
            soaks: Vec::new(),
            rules: None,
            let_begin: Vec::new(),
        };
        for one in decided {
            standing.take(one);
        }
        standing
    }

    /// What comes next; `states` are those of the releases of its cars, `None` for one that has not begun.
    pub fn turn(&self, skipped: &[GroupId], states: &[Option<ReleaseState>]) -> Turn {
        let mut after = None;
        for (at, (car, state)) in self.cars.iter().zip(states).enumerate() {
            match state {
                Some(ReleaseState::Succeeded) => after = Some(at),
                Some(state) if !state.ended() => return Turn::Follow(at),
                _ if skipped.contains(&car.group) => {}
                Some(_) => return Turn::Fallen(at),
                None => return after.map_or(Turn::Begin(at), |after| Turn::Soak { after, next: at }),
            }
        }
        Turn::Done
    }
}

impl Standing {
    /// Whether a person has to say that it goes on.
    pub fn held(&self) -> bool {
        self.paused.is_some() || self.stopped.is_some()
    }

    /// Whether this computer may begin the car of a group.
    pub fn lets_begin(&self, group: &GroupId, computer: &str) -> bool {
        !self.held() && self.ended.is_none() && self.computer == computer && !self.skipped.contains(group)
    }

    fn take(&mut self, decided: &Decided) {
        let said = || Said { by: decided.by.clone().unwrap_or_default(), at: decided.at };
        match &decided.what {
            Decision::Pause => self.paused = Some(said()),
            Decision::Resume => {
                self.paused = None;
                if let Some(Stopped { why: Why::Rule { group, measured }, .. }) = self.stopped.take() {
                    self.waived.push((group, measured.rule));
                }
            }
            Decision::Skip { group } => {
                self.skipped.push(group.clone());
                self.stopped = self.stopped.take().filter(|stopped| stopped.why.group() != Some(group));
            }
            Decision::End => self.ended = Some(said()),
            Decision::Soak { group, soak } => {
                self.soaks.push((group.clone(), *soak));
                // Whoever wants to be asked was not asked yet.
                self.let_begin.retain(|known| known != group);
            }
            Decision::Rules { rules } => {
                self.rules = Some(rules.clone());
                // A limit that somebody set is asked; a container that started again has, and did before.
                self.waived.retain(|(_, rule)| matches!(rule, StopRule::Restarts | StopRule::Ready));
            }
            Decision::Begin { group } => self.let_begin.push(group.clone()),
            Decision::TakeOver { author, computer } => {
                self.driver = author.clone();
                self.computer.clone_from(computer);
                // Whoever takes over has confirmed the plan anew.
                self.stopped = self.stopped.take().filter(|stopped| !stopped.why.of_plan());
            }
            Decision::Stop { why } => self.stopped = Some(Stopped { why: why.clone(), at: decided.at }),
            // An order is of `Train::in_order`.
            Decision::Order { .. } | Decision::Unknown(_) => {}
        }
    }
}

impl Why {
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Self::Rule { group, .. }
            | Self::Car { group, .. }
            | Self::Moved { group, .. }
            | Self::Unconfirmed { group }
            | Self::Blocked { group, .. }
            | Self::Busy { group, .. }
            | Self::Refused { group, .. } => Some(group),
            Self::Unknown(_) => None,
        }
    }

    /// Whether a person has to confirm a plan of the next group, on the computer that goes on with the train.
    pub fn needs_plan(&self) -> bool {
        matches!(self, Self::Moved { .. } | Self::Unconfirmed { .. })
    }

    /// Whether it is the plan of the next group that was in the way.
    pub fn of_plan(&self) -> bool {
        !matches!(self, Self::Rule { .. } | Self::Car { .. } | Self::Unknown(_))
    }
}
