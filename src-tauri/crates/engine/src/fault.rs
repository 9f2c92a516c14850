//! Named places where a test ends the process, to prove that every one of them can be survived.
//!
//! Without the feature `fault` a place is nothing at all.

use slipway_model::release::{ReleaseState, Stage};

/// Every place in the life of a release, before and after what it is named for.
pub const PLACES: &[&str] = &[
    "before lease",
    "after lease",
    "before record",
    "after record",
    "before object",
    "after object",
    "before begin",
    "after begin",
    "before pause",
    "after pause",
    "before end",
    "after end",
    "before moving at lease",
    "after moving at lease",
    "before moving at record",
    "after moving at record",
    "before moving at objects",
    "after moving at objects",
    "before moving at begin",
    "after moving at begin",
    "before moving at move",
    "after moving at move",
    "before stopped at move",
    "after stopped at move",
    "before succeeded at end",
    "after succeeded at end",
];

/// Every place that only a release in batches passes, and the way back.
pub const PLACES_OF_BATCHES: &[&str] = &[
    "before write",
    "after write",
    "before resting at move",
    "after resting at move",
    "before abort",
    "after abort",
    "before aborted at end",
    "after aborted at end",
];

/// Every place in the deletion of a group.
pub const PLACES_OF_A_DELETION: &[&str] = &[
    "after the intention",
    "before tombstone",
    "after tombstone",
    "before an object goes",
    "after an object went",
    "before the group goes",
];

/// Every place between two cars of a train.
pub const PLACES_OF_A_TRAIN: &[&str] = &["before a car", "after a car"];

/// Dies here as by kill -9 when the environment variable `SLIPWAY_FAULT` names this place.
#[inline]
pub(crate) fn place(name: &str) {
    #[cfg(feature = "fault")]
    {
        let known = [PLACES, PLACES_OF_BATCHES, PLACES_OF_A_DELETION, PLACES_OF_A_TRAIN].concat();
        debug_assert!(known.contains(&name), "{name:?} is in the list");
        if std::env::var("SLIPWAY_FAULT").is_ok_and(|wanted| wanted == name) {
            kill();
        }
    }
    let _ = name;
}

/// The same before or after a transition is written down, named for the state and the stage that it leads to.
#[inline]
pub(crate) fn transition(when: &str, state: ReleaseState, stage: Stage) {
    #[cfg(feature = "fault")]
    {
        let name = format!("{when} {state:?} at {stage:?}").to_lowercase();
        // Those that a release comes by only when a person or the cluster interferes are no places.
        if PLACES.contains(&name.as_str()) || PLACES_OF_BATCHES.contains(&name.as_str()) {
            place(&name);
        }
    }
    let _ = (when, state, stage);
}

/// No destructor, no flush, no goodbye.
#[cfg(feature = "fault")]
fn kill() -> ! {
    let _ = std::process::Command::new("kill").args(["-9", &std::process::id().to_string()]).status();
    std::process::abort()
}
