//! Releases: planned, confirmed, moved, watched, recorded.

mod act;
mod answer;
mod apply;
mod configuration;
mod driver;
mod evidence;
mod garbage;
mod helper;
mod history;
mod image;
mod movement;
mod plan;
mod view;
mod watch;

pub use answer::{
    Check, PlanRequest, PlanView, ReleaseAction, ReleasePage, ReleaseQuery, ReleaseRow, ReleaseView, Verdict,
    VerdictLevel,
};
pub use driver::Drivers;
pub use plan::Plans;
pub(crate) use plan::frozen;
pub(crate) use plan::verdict;
