//! The order of the cars of a train, and what lies before each, by what was decided on the way.

use super::{Decided, Decision, Soak, Standing, StopRules, Train};
use crate::id::GroupId;

/// Groups by all that was decided of their order: those that a decision names change places among themselves.
pub fn ordered(groups: Vec<GroupId>, decided: &[Decided]) -> Vec<GroupId> {
    decided.iter().fold(groups, |mut now, one| {
        if let Decision::Order { groups } = &one.what {
            let mut named: Vec<GroupId> = Vec::new();
            for group in groups.iter().filter(|group| now.contains(group)) {
                if !named.contains(group) {
                    named.push(group.clone());
                }
            }
            let mut places = now.iter_mut().filter(|group| groups.contains(group));
            for group in named {
                if let Some(place) = places.next() {
                    *place = group;
                }
            }
        }
        now
    })
}

impl Train {
    /// Its cars in the order in which they have their turn; `begun` are those that have had it. Whatever two people
    /// decided at once, what has not begun comes after what has.
    #[must_use]
    pub fn in_order(&self, decided: &[Decided], skipped: &[GroupId], begun: &[GroupId]) -> Self {
        let order = ordered(self.cars.iter().map(|car| car.group.clone()).collect(), decided);
        let last = order.iter().rposition(|group| begun.contains(group)).map_or(0, |last| last + 1);
        let (went, rest) = order.split_at(last);
        let (went, late): (Vec<_>, Vec<_>) =
            went.iter().partition(|group| begun.contains(group) || skipped.contains(group));
        let car = |group: &GroupId| self.cars.iter().find(|car| car.group == *group).cloned();
        let cars = went.into_iter().chain(late).chain(rest).filter_map(car).collect();
        Self { cars, ..self.clone() }
    }

    /// What lies before a group.
    pub fn soak(&self, standing: &Standing, group: &GroupId) -> Soak {
        let changed = standing.soaks.iter().rev().find(|(of, _)| of == group).map(|(_, soak)| *soak);
        changed.unwrap_or(Soak { seconds: self.soak_seconds, ask: self.ask })
    }

    /// The rules that hold now.
    pub fn rules<'t>(&'t self, standing: &'t Standing) -> &'t StopRules {
        standing.rules.as_ref().unwrap_or(&self.rules)
    }

    /// Whether a group begins only once a person says so. The first one of a train has begun when that was confirmed.
    pub fn asks(&self, standing: &Standing, group: &GroupId) -> bool {
        let first = self.place(group) == Some(0);
        !first && self.soak(standing, group).ask && !standing.let_begin.contains(group)
    }
}
