//! How the pods of a group are replaced by those of another version.

use super::SECONDS_MAX;
use super::share::Share;
use super::whole_u32;
use crate::field::{FieldCode, Fields};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Most batches of one release (model limits).
const BATCHES_MAX: u32 = 100;
/// A container without a probe is ready as soon as it runs: one that dies in its first seconds must not count as there.
const MIN_READY_SECONDS: u32 = 5;
/// Kubernetes' own default.
const PROGRESS_DEADLINE_SECONDS: u32 = 600;
/// Kubernetes' own default of both limits.
const LIMIT_PERCENT: u32 = 25;
/// What a person most likely has in mind who has not said how long to wait.
const WAIT_SECONDS: u32 = 600;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Strategy {
    /// Pods above the count while a release moves.
    pub max_surge: Share,
    /// Pods below the count while a release moves.
    pub max_unavailable: Share,
    /// How long a pod must have been ready to count.
    pub min_ready_seconds: u32,
    /// How long a release may make no progress; more than `min_ready_seconds`.
    pub progress_deadline_seconds: u32,
    /// `None`: rolling, in one go.
    pub batches: Option<Batches>,
}

impl Default for Strategy {
    fn default() -> Self {
        Self {
            max_surge: Share::Percent(LIMIT_PERCENT),
            max_unavailable: Share::Percent(LIMIT_PERCENT),
            min_ready_seconds: MIN_READY_SECONDS,
            progress_deadline_seconds: PROGRESS_DEADLINE_SECONDS,
            batches: None,
        }
    }
}

impl Strategy {
    /// Pods above and below the count while a release moves, as the Deployment controller resolves the two limits:
    /// surge up, unavailable down, and not both zero (`ResolveFenceposts`).
    pub fn fenceposts(&self, count: u32) -> (u32, u32) {
        let (surge, unavailable) = (self.max_surge.up(count), self.max_unavailable.down(count));
        if surge == 0 && unavailable == 0 { (0, 1) } else { (surge, unavailable) }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Batches {
    /// So many batches of the same size, the remainder in the later ones. `canary` is the size of the first.
    Even { number: u32, canary: Option<Share>, pace: Pace },
    /// One after the other; what they leave is one last batch.
    Explicit { steps: Vec<Step> },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Step {
    pub size: Share,
    /// What follows it. Nothing follows the last batch.
    pub pace: Pace,
}

/// When the next batch begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Pace {
    /// When a person says so.
    Approval,
    /// By itself.
    Wait { seconds: u32 },
}

/// Sizes of the batches in which `count` pods are replaced. They add up to it; none is zero.
pub fn batches(strategy: &Strategy, count: u32) -> Vec<u32> {
    let mut sizes = Vec::new();
    let mut left = count;
    let mut take = |size: u32, left: &mut u32| {
        let size = size.max(1).min(*left);
        if size > 0 {
            sizes.push(size);
            *left -= size;
        }
    };
    match &strategy.batches {
        None => {}
        Some(Batches::Explicit { steps }) => steps.iter().for_each(|step| take(step.size.up(count), &mut left)),
        Some(Batches::Even { number, canary, .. }) => {
            if let Some(canary) = canary {
                take(canary.up(count), &mut left);
            }
            for further in (1..=number.saturating_sub(u32::from(canary.is_some()))).rev() {
                // A batch of the rest: rounded down, so that the remainder comes later.
                if left >= further {
                    take(left / further, &mut left);
                }
            }
        }
    }
    take(left, &mut left);
    sizes
}

/// What follows the batch of this index (from 0), also of a batch that is the rest.
pub fn pace(strategy: &Strategy, at: usize) -> Option<Pace> {
    match strategy.batches.as_ref()? {
        Batches::Even { pace, .. } => Some(*pace),
        Batches::Explicit { steps } => steps.get(at).map(|step| step.pace),
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StrategyDraft {
    pub kind: StrategyKind,
    /// `1` or `25%`, as the next.
    pub max_surge: String,
    pub max_unavailable: String,
    pub min_ready_seconds: String,
    pub progress_deadline_seconds: String,
    pub split: Split,
    /// Even split: how many batches, with the canary.
    pub number: String,
    /// Even split: size of the first; empty for none.
    pub canary: String,
    /// Even split: what follows each batch.
    pub pace: PaceDraft,
    pub steps: Vec<StepDraft>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StrategyKind {
    #[default]
    Rolling,
    Batches,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Split {
    #[default]
    Even,
    Explicit,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct StepDraft {
    /// `1` or `10%`
    pub size: String,
    pub pace: PaceDraft,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct PaceDraft {
    /// Waits for a person, whatever `seconds` says.
    pub approval: bool,
    pub seconds: String,
}

impl Default for PaceDraft {
    fn default() -> Self {
        Self { approval: true, seconds: WAIT_SECONDS.to_string() }
    }
}

impl Default for StrategyDraft {
    fn default() -> Self {
        Self::from(&Strategy::default())
    }
}

impl From<&Strategy> for StrategyDraft {
    fn from(strategy: &Strategy) -> Self {
        let mut draft = Self {
            kind: StrategyKind::Rolling,
            max_surge: strategy.max_surge.to_string(),
            max_unavailable: strategy.max_unavailable.to_string(),
            min_ready_seconds: strategy.min_ready_seconds.to_string(),
            progress_deadline_seconds: strategy.progress_deadline_seconds.to_string(),
            split: Split::Even,
            number: "3".into(),
            canary: "1".into(),
            pace: PaceDraft::default(),
            steps: Vec::new(),
        };
        match &strategy.batches {
            None => {}
            Some(Batches::Even { number, canary, pace }) => {
                draft.kind = StrategyKind::Batches;
                draft.number = number.to_string();
                draft.canary = canary.map(|share| share.to_string()).unwrap_or_default();
                draft.pace = (*pace).into();
            }
            Some(Batches::Explicit { steps }) => {
                draft.kind = StrategyKind::Batches;
                draft.split = Split::Explicit;
                let step = |step: &Step| StepDraft { size: step.size.to_string(), pace: step.pace.into() };
                draft.steps = steps.iter().map(step).collect();
            }
        }
        draft
    }
}

impl From<Pace> for PaceDraft {
    fn from(pace: Pace) -> Self {
        match pace {
            Pace::Approval => Self::default(),
            Pace::Wait { seconds } => Self { approval: false, seconds: seconds.to_string() },
        }
    }
}

/// What a strategy means for a count, for a drawing of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StrategyPreview {
    /// Sizes of the batches; one for a rolling strategy, none for no pods.
    pub batches: Vec<u32>,
    /// Fewest pods that are ready while a release moves …
    pub least: u32,
    /// … and most that are wanted.
    pub most: u32,
}

impl StrategyPreview {
    fn new(strategy: &Strategy, count: u32) -> Self {
        let (surge, unavailable) = strategy.fenceposts(count);
        Self { batches: batches(strategy, count), least: count.saturating_sub(unavailable), most: count + surge }
    }
}

impl StrategyDraft {
    /// Notes every field that is wrong as `strategy.…`; the result then has defaults in their place.
    pub fn read(&self, fields: &mut Fields) -> Strategy {
        let fallback = Strategy::default();
        let mut share = |field: &str, typed: &str| fields.take(format!("strategy.{field}"), Share::parse(typed));
        let surge = share("max_surge", &self.max_surge);
        let unavailable = share("max_unavailable", &self.max_unavailable);
        if let (Some(surge), Some(unavailable)) = (surge, unavailable)
            && surge.is_zero()
            && unavailable.is_zero()
        {
            fields.refuse("strategy.max_unavailable", FieldCode::BothZero);
        }
        let min_ready = whole_u32(&self.min_ready_seconds, 0, SECONDS_MAX);
        let min_ready = fields.take("strategy.min_ready_seconds", min_ready).unwrap_or(fallback.min_ready_seconds);
        let deadline = whole_u32(&self.progress_deadline_seconds, min_ready + 1, SECONDS_MAX + 1);
        let deadline = fields.take("strategy.progress_deadline_seconds", deadline);
        Strategy {
            max_surge: surge.unwrap_or(fallback.max_surge),
            max_unavailable: unavailable.unwrap_or(fallback.max_unavailable),
            min_ready_seconds: min_ready,
            progress_deadline_seconds: deadline.unwrap_or(fallback.progress_deadline_seconds),
            batches: (self.kind == StrategyKind::Batches).then(|| match self.split {
                Split::Even => self.even(fields),
                Split::Explicit => self.explicit(fields),
            }),
        }
    }

    /// What it means for a count as typed; nothing while one of them is wrong.
    pub fn preview(&self, count: &str) -> StrategyPreview {
        let mut fields = Fields::new();
        let strategy = self.read(&mut fields);
        match whole_u32(count, 0, super::COUNT_MAX) {
            Ok(count) if fields.into_errors().is_empty() => StrategyPreview::new(&strategy, count),
            _ => StrategyPreview::default(),
        }
    }

    fn even(&self, fields: &mut Fields) -> Batches {
        let canary = Some(self.canary.trim()).filter(|typed| !typed.is_empty());
        let canary = canary.and_then(|typed| fields.take("strategy.canary", size(typed)));
        let least = 1 + u32::from(canary.is_some());
        let number = fields.take("strategy.number", whole_u32(&self.number, least, BATCHES_MAX));
        let pace = self.pace.read(fields, "strategy.pace");
        Batches::Even { number: number.unwrap_or(least), canary, pace }
    }

    fn explicit(&self, fields: &mut Fields) -> Batches {
        if self.steps.is_empty() || self.steps.len() >= BATCHES_MAX as usize {
            fields.refuse("strategy.steps", FieldCode::OutOfRange).with("min", 1).with("max", BATCHES_MAX - 1);
        }
        let (mut steps, mut percent) = (Vec::with_capacity(self.steps.len()), 0);
        for (at, step) in self.steps.iter().enumerate() {
            let field = format!("strategy.steps.{at}.size");
            let pace = step.pace.read(fields, &format!("strategy.steps.{at}.pace"));
            let Some(size) = fields.take(&field, size(&step.size)) else { continue };
            if let Share::Percent(part) = size {
                if percent + part > 100 {
                    fields.refuse(field, FieldCode::OutOfRange).with("min", 1).with("max", 100 - percent.min(100));
                }
                percent += part;
            }
            steps.push(Step { size, pace });
        }
        Batches::Explicit { steps }
    }
}

fn size(typed: &str) -> Result<Share, crate::field::Refusal> {
    let share = Share::parse(typed)?;
    let max = if matches!(share, Share::Percent(_)) { 100 } else { super::COUNT_MAX };
    if share.is_zero() {
        return Err(crate::field::Refusal::new(FieldCode::OutOfRange).with("min", 1).with("max", max));
    }
    Ok(share)
}

impl PaceDraft {
    fn read(&self, fields: &mut Fields, field: &str) -> Pace {
        if self.approval {
            return Pace::Approval;
        }
        let seconds = fields.take(format!("{field}.seconds"), whole_u32(&self.seconds, 0, SECONDS_MAX));
        Pace::Wait { seconds: seconds.unwrap_or_default() }
    }
}

#[cfg(test)]
mod tests {
    use super::{Batches, Pace, Share, Step, Strategy, StrategyDraft, StrategyKind, StrategyPreview, batches};
    use proptest::prelude::{Strategy as Generator, *};

    fn even(number: u32, canary: Option<Share>) -> Strategy {
        Strategy { batches: Some(Batches::Even { number, canary, pace: Pace::Approval }), ..Strategy::default() }
    }

    fn explicit(sizes: &[Share]) -> Strategy {
        let steps = sizes.iter().map(|size| Step { size: *size, pace: Pace::Approval }).collect();
        Strategy { batches: Some(Batches::Explicit { steps }), ..Strategy::default() }
    }

    #[test]
    fn an_even_split_has_its_remainder_in_later_batches() {
        for (number, canary, count, sizes) in [
            (3, Some(Share::Pods(1)), 10, vec![1, 4, 5]),
            (3, None, 10, vec![3, 3, 4]),
            (4, None, 10, vec![2, 2, 3, 3]),
            (2, Some(Share::Percent(10)), 3, vec![1, 2]),
            (3, None, 2, vec![1, 1]),
            (3, Some(Share::Pods(5)), 4, vec![4]),
            (1, None, 4, vec![4]),
            (5, None, 0, vec![]),
        ] {
            assert_eq!(batches(&even(number, canary), count), sizes, "{count} in {number}, canary {canary:?}");
        }
    }

    #[test]
    fn explicit_steps_leave_the_rest_to_one_last_batch() {
        use Share::{Percent, Pods};
        for (steps, count, sizes) in [
            (vec![Pods(1), Pods(4), Pods(5)], 10, vec![1, 4, 5]),
            (vec![Pods(1), Pods(4)], 10, vec![1, 4, 5]),
            (vec![Pods(1), Pods(4)], 3, vec![1, 2]),
            (vec![Percent(10), Percent(40)], 10, vec![1, 4, 5]),
            (vec![Percent(1), Percent(1)], 3, vec![1, 1, 1]),
            (vec![Percent(50)], 0, vec![]),
        ] {
            assert_eq!(batches(&explicit(&steps), count), sizes, "{count} by {steps:?}");
        }
        assert_eq!(batches(&Strategy::default(), 7), [7], "rolling is one batch");
    }

    #[test]
    fn fenceposts_as_the_controller_resolves_them() {
        for (count, posts) in [(0, (0, 1)), (1, (1, 0)), (3, (1, 0)), (4, (1, 1)), (10, (3, 2))] {
            assert_eq!(Strategy::default().fenceposts(count), posts, "{count}");
        }
    }

    #[test]
    fn a_preview_of_what_is_typed() {
        let draft = StrategyDraft { kind: StrategyKind::Batches, ..StrategyDraft::default() };
        let preview = StrategyPreview { batches: vec![1, 4, 5], least: 8, most: 13 };
        assert_eq!(draft.preview("10"), preview);
        assert_eq!(draft.preview("ten"), StrategyPreview::default());
        let wrong = StrategyDraft { number: "0".into(), ..draft };
        assert_eq!(wrong.preview("10"), StrategyPreview::default());
    }

    fn share() -> impl Generator<Value = Share> {
        prop_oneof![(1_u32..=50).prop_map(Share::Pods), (1_u32..=100).prop_map(Share::Percent)]
    }

    proptest! {
        #[test]
        fn batches_add_up_and_none_is_empty(
            count in 0_u32..1_000,
            number in 1_u32..=100,
            canary in proptest::option::of(share()),
            steps in proptest::collection::vec(share(), 0..8),
        ) {
            for strategy in [even(number, canary), explicit(&steps)] {
                let sizes = batches(&strategy, count);
                prop_assert_eq!(sizes.iter().sum::<u32>(), count);
                prop_assert!(sizes.iter().all(|size| *size > 0), "{:?}", sizes);
            }
            let sizes = batches(&even(number, None), count);
            prop_assert!(sizes.len() <= number as usize);
            prop_assert!(sizes.is_sorted(), "{:?}", sizes);
        }
    }
}
