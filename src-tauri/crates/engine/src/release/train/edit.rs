//! What people change of a train on the way: what lies before a group that has not begun, the rules, the order.

use super::answer::{TrainChange, TrainEdit};
use super::view::Seen;
use crate::Engine;
use crate::error::{Error, Result};
use slipway_model::id::GroupId;
use slipway_model::train::Decision;
use std::collections::HashSet;

impl Engine {
    /// Changes a train on the way, whoever goes on with it.
    ///
    /// # Errors
    /// `Invalid`; `NotNow` when it has moved on; where another computer goes on with it, what the cluster says.
    pub async fn train_edit(&self, edit: &TrainEdit) -> Result<()> {
        let decision = decision(&edit.change)?;
        self.decide_of_train(&edit.id, Vec::new(), |seen| {
            if seen.allows(&decision) { Ok(decision) } else { Err(Error::NotNow { state: seen.as_release() }) }
        })
        .await
        .map(drop)
    }
}

fn decision(change: &TrainChange) -> Result<Decision> {
    Ok(match change {
        TrainChange::Soak { group, soak } => {
            Decision::Soak { group: group.clone(), soak: soak.validate().map_err(Error::Invalid)? }
        }
        TrainChange::Rules { rules } => Decision::Rules { rules: rules.validate().map_err(Error::Invalid)? },
        TrainChange::Order { groups } => Decision::Order { groups: groups.clone() },
    })
}

impl Seen {
    fn allows(&self, decision: &Decision) -> bool {
        let waiting: HashSet<&GroupId> =
            (0..self.begun.len()).filter(|at| self.waiting(*at)).map(|at| &self.train.cars[at].group).collect();
        let possible = match decision {
            // Nothing lies before the first one.
            Decision::Soak { group, .. } => waiting.contains(group) && self.train.place(group) != Some(0),
            // Of the groups that wait by now, each once.
            Decision::Order { groups } => {
                groups.len() == waiting.len() && groups.iter().collect::<HashSet<_>>() == waiting
            }
            _ => true,
        };
        possible && !self.over()
    }
}
