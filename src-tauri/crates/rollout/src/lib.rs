//! How a version moves: observations in, one step out. Pure.
//!
//! A driver observes, asks `decide`, writes down what it is about to do, and acts. Nothing is remembered between two
//! questions, so that any member's Slipway can go on from what the cluster shows.

mod container;
mod decide;
mod evidence;
mod observe;
pub mod pinned;
mod stage;
mod verdict;

#[cfg(test)]
mod scene;

pub use decide::{Step, Waiting, decide};
pub use observe::{Expected, InBatches, Observed};
pub use stage::next_stage;
pub use verdict::verdict;
