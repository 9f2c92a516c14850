//! Releases in batches against a model of the Deployment controller, with faults at random.
//!
//! A seed decides everything: the group, how fast its pods become ready, what the controllers and the driver see and when,
//! who else writes, and when the driver dies. A run checks its invariants at every instant; a seed that breaks one prints
//! a trace that replays it.

mod cluster;
mod controller;
mod driver;
mod fault;
mod model;
mod random;
mod run;

pub use model::{Change, Model};
pub use run::{Broken, End, Report, run, trace};
