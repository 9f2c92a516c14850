//! A train as a person orders it.

use super::{CARS_MAX, CARS_MIN, Soak, StopRules};
use crate::FieldError;
use crate::field::{FieldCode, Fields};
use crate::group::whole_u32;
use crate::id::GroupId;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest soak, and longest time for a car: a week, in seconds.
const SECONDS_MAX: u32 = 7 * 24 * 60 * 60;
/// Most that a version may use above the one before it, percent: ten times as much and more is no limit.
const PERCENT_MAX: u32 = 1_000;

/// Texts as they stand in the fields; an empty one sets no rule.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TrainDraft {
    /// In their order.
    pub cars: Vec<GroupId>,
    /// Seconds.
    pub soak: String,
    /// A person says of each group but the first that it may begin.
    pub ask: bool,
    pub restarts: bool,
    pub ready: bool,
    /// Percent above the version before.
    pub cpu: String,
    pub memory: String,
    /// Seconds that a car may move.
    pub limit: String,
}

impl TrainDraft {
    /// Seconds of the soak, and the rules.
    ///
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<(u32, StopRules), Vec<FieldError>> {
        let mut fields = Fields::new();
        if self.cars.len() < CARS_MIN {
            fields.refuse("cars", FieldCode::Required);
        }
        if self.cars.len() > CARS_MAX {
            fields.refuse("cars", FieldCode::TooMany).with("max", CARS_MAX);
        }
        for (at, car) in self.cars.iter().enumerate() {
            if self.cars[..at].contains(car) {
                fields.refuse(format!("cars.{at}"), FieldCode::Taken);
            }
        }
        let soak = fields.take("soak", whole_u32(&self.soak, 0, SECONDS_MAX));
        let Self { restarts, ready, cpu, memory, limit, .. } = self.clone();
        let rules = RulesDraft { restarts, ready, cpu, memory, limit }.take(&mut fields);
        fields.finish()?;
        Ok((soak.unwrap_or_default(), rules))
    }
}

/// Stop rules as a person changes them on the way; an empty text sets none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RulesDraft {
    pub restarts: bool,
    pub ready: bool,
    pub cpu: String,
    pub memory: String,
    pub limit: String,
}

impl RulesDraft {
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<StopRules, Vec<FieldError>> {
        let mut fields = Fields::new();
        let rules = self.take(&mut fields);
        fields.finish()?;
        Ok(rules)
    }

    fn take(&self, fields: &mut Fields) -> StopRules {
        let mut optional = |field: &str, typed: &str, max| {
            let typed = typed.trim();
            if typed.is_empty() { None } else { fields.take(field, whole_u32(typed, 1, max)) }
        };
        StopRules {
            restarts: self.restarts,
            ready: self.ready,
            cpu_percent: optional("cpu", &self.cpu, PERCENT_MAX),
            memory_percent: optional("memory", &self.memory, PERCENT_MAX),
            limit_seconds: optional("limit", &self.limit, SECONDS_MAX),
        }
    }
}

/// What lies before a group, as a person changes it on the way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct SoakDraft {
    /// Seconds.
    pub soak: String,
    pub ask: bool,
}

impl SoakDraft {
    /// # Errors
    /// What is wrong with the time.
    pub fn validate(&self) -> Result<Soak, Vec<FieldError>> {
        let mut fields = Fields::new();
        let seconds = fields.take("soak", whole_u32(&self.soak, 0, SECONDS_MAX));
        fields.finish()?;
        Ok(Soak { seconds: seconds.unwrap_or_default(), ask: self.ask })
    }
}
