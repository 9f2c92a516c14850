//! The order of a release.

use slipway_model::release::Stage;

/// What follows when a stage is done; `None` after the last.
///
/// The Lease comes first, so that one driver moves a group at a time. The record comes before anything that it names,
/// so that a crash leaves nothing nameless; the config objects come before the template that refers to them.
pub fn next_stage(done: Stage) -> Option<Stage> {
    match done {
        Stage::Plan => Some(Stage::Lease),
        Stage::Lease => Some(Stage::Record),
        Stage::Record => Some(Stage::Objects),
        Stage::Objects => Some(Stage::Begin),
        Stage::Begin => Some(Stage::Move),
        Stage::Move => Some(Stage::End),
        Stage::End => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Stage::{Begin, End, Lease, Move, Objects, Plan, Record};

    #[test]
    fn every_stage_leads_on_to_the_end() {
        let way: Vec<Stage> = std::iter::successors(Some(Stage::Plan), |stage| next_stage(*stage)).collect();
        assert_eq!(way, [Plan, Lease, Record, Objects, Begin, Move, End]);
        assert!(way.is_sorted(), "a later stage compares greater");
    }
}
