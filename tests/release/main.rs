//! Releases on the real cluster: what succeeds, what stops and why, and what survives a death at any moment.

mod move_on;
mod stop;
mod survive;
