//! The nouns of Slipway: identity, names, limits, validation.
//!
//! Pure: no I/O, no clock, no async, no Kubernetes crate. What is *typed* by a person is a draft and may be wrong;
//! validation turns it into the noun itself, the only thing the rest of the house accepts.

pub mod app;
pub mod artifact;
pub mod balancer;
pub mod cluster;
pub mod config;
pub mod deletion;
pub mod diagnosis;
pub mod environment;
pub mod field;
pub mod file;
pub mod forward;
pub mod group;
pub mod hex;
pub mod id;
pub mod image;
pub mod instance;
pub mod name;
pub mod quantity;
pub mod registry;
pub mod release;
pub mod service;
pub mod setting;
pub mod traffic;
pub mod train;
pub mod usage;
pub mod variable;
pub mod workload;

pub use field::{FieldError, Fields};
