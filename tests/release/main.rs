//! Releases on the real cluster: what succeeds, what stops and why, what survives a death at any moment, and what is told without
//! the cluster.

mod batches;
mod blind;
mod check;
mod config;
mod delete;
mod discard;
mod fields;
mod foreign;
mod hook;
mod image;
mod interrupted;
mod long;
mod move_on;
mod sensitive;
mod stop;
mod survive;
mod takeover;
mod watcher;
mod whole;
