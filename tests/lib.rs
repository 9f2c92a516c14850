//! Shared ground of the tests that cross crates.

pub mod forward;
pub mod ground;
pub mod log;
pub mod own_cluster;
pub mod owner;
pub mod pod;

#[cfg(target_os = "linux")]
#[path = "window/driver/mod.rs"]
pub mod window;
