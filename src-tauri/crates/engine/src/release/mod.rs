//! Releases: planned, confirmed, moved, watched, recorded.

mod abort;
mod act;
mod answer;
mod apply;
mod configuration;
mod driver;
mod drivers;
mod evidence;
mod garbage;
mod helper;
mod history;
mod image;
mod movement;
mod plan;
mod preflight;
mod record;
mod rollback;
mod room;
mod standing;
pub mod train;
mod view;
mod watch;

pub use answer::{
    BatchView, Check, Hands, Narrow, PlanRequest, PlanView, ReleaseAction, ReleasePage, ReleaseQuery, ReleaseRow,
    ReleaseView, TrainPlace, UnreadRecord, Verdict, VerdictLevel,
};
pub use drivers::Drivers;
pub use plan::Plans;
pub(crate) use plan::frozen;
pub(crate) use preflight::verdict;
pub use record::Records;
pub use rollback::{BackChange, BalancerSince, ChangedBy, RollbackRequest, RollbackView, SinceThen};
pub use room::PodsLeft;
pub(crate) use room::pods_left;
pub use standing::Scaler;
