//! Nouns to Kubernetes objects, and the differences between two of them. Pure.

pub mod adopt;
pub mod amount;
pub mod config;
pub mod diff;
pub mod effective;
pub mod foreign;
pub mod live;
pub mod managed;
pub mod merge;
pub mod names;
pub mod patch;
pub(crate) mod pod;
pub mod read;
pub mod secrets;
pub mod service;
pub mod side;
pub mod template;
pub mod workload;
pub mod yaml;

pub use config::ConfigObject;
pub use live::{
    abort_patch, commit_patch, group_uid, hold_patch, is_pinned, pause_patch, restart_patch, restarted, resume_patch,
    spec_hash, stable_of, start_patch, stop_patch, stopped_count, template_hash, template_image, template_release,
    variable_objects, with_less, without_variable_objects, zero_patch,
};
pub use secrets::Secrets;
pub use workload::{Rendered, Workload, render};
