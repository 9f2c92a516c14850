//! The next car begins: planned anew, and only if that is what was confirmed.

use super::conductor::Conductor;
use super::confirmed;
use super::view::Seen;
use crate::error::{Error, Result};
use crate::fault;
use crate::release::{Check, PlanRequest, PlanView, Verdict, VerdictLevel};
use slipway_model::train::{Part, Why};

impl Conductor {
    /// # Errors
    /// What passes: it is tried again.
    pub(super) async fn begin(&mut self, seen: &Seen, at: usize) -> Result<bool> {
        // Who paused it, or goes on with it, said so in the newest record.
        if self.engine.hear_of_train(&seen.entry).await? {
            return Ok(true);
        }
        fault::place("before a car");
        if let Some(why) = self.try_to_begin(seen, at).await? {
            // Perhaps another computer was first.
            let group = &seen.train.cars[at].group;
            if self.engine.begun(&self.id).await?.iter().all(|release| release.group != *group) {
                self.stop(seen, why).await?;
            }
        }
        fault::place("after a car");
        Ok(true)
    }

    /// Why it does not begin.
    async fn try_to_begin(&self, seen: &Seen, at: usize) -> Result<Option<Why>> {
        // As it was confirmed: it is the same in each of its releases, beside what was decided.
        let train = &seen.entry.train;
        let group = seen.train.cars[at].group.clone();
        let request = PlanRequest { group: group.clone(), image: train.image.to_string() };
        let refused = |error: Error| match error {
            error if error.passing() => Err(error),
            error => Ok(Some(Why::Refused { group: group.clone(), message: error.to_string() })),
        };
        let view = match Box::pin(self.engine.release_plan(&request)).await {
            Ok(view) => view,
            Err(error) => return refused(error),
        };
        if let Some(why) = blocked(&view) {
            return Ok(Some(why));
        }
        let planned = self.engine.plans.get(&view.hash).ok_or(Error::PlanForgotten)?;
        let Some(shown) = seen.entry.confirmed(&group) else { return Ok(Some(Why::Unconfirmed { group })) };
        let parts = shown.moved(&confirmed(&planned.plan));
        if !parts.is_empty() {
            return Ok(Some(Why::Moved { group, parts }));
        }
        // Somebody may have said so while it was planned.
        if self.engine.hear_of_train(&seen.entry).await? {
            return Ok(None);
        }
        let part = Some((train.clone(), seen.entry.decided.clone()));
        match Box::pin(self.engine.start(&view.hash, &train.note, part)).await {
            // Decided at the last moment: what that comes to is looked at anew.
            Ok(_) | Err(Error::NotNow { .. }) => Ok(None),
            Err(Error::PlanMoved { .. }) => Ok(Some(Why::Moved { group, parts: vec![Part::Live] })),
            Err(Error::ReleaseRunning { by, .. }) => Ok(Some(Why::Busy { group, by })),
            Err(error) => refused(error),
        }
    }
}

/// What keeps a plan from being begun.
fn blocked(view: &PlanView) -> Option<Why> {
    let group = view.group.clone();
    let blocks: Vec<&Verdict> = view.verdicts.iter().filter(|one| one.level == VerdictLevel::Blocks).collect();
    match blocks.as_slice() {
        [] => None,
        [one] if one.check == Check::Alone => {
            Some(Why::Busy { group, by: one.params.get("by").cloned().unwrap_or_default() })
        }
        many => {
            let word = |one: &&Verdict| serde_json::to_value(one.check).ok()?.as_str().map(str::to_owned);
            Some(Why::Blocked { group, checks: many.iter().filter_map(word).collect() })
        }
    }
}
