//! One session per linked cluster: sign-in, health, watches, apply, logs, records and leases.
//!
//! The only crate that talks to a Kubernetes API server. A `Connection` is one namespace of one cluster with an
//! identity; a `Session` keeps one alive and shares its watches.

mod backoff;
mod certificate;
mod client;
pub mod code;
mod conflict;
mod debug;
mod error;
mod evict;
mod exec;
#[cfg(test)]
mod faults;
mod files;
mod http_get;
mod issue;
pub mod kubeconfig;
pub mod lease;
mod link;
pub mod logs;
mod metrics;
mod nodes;
mod objects;
mod oidc;
mod prometheus;
pub mod record;
mod rules;
mod session;
mod sign_in;
pub mod stored;
mod terminal;
pub mod tombstone;
mod watch;

pub use code::{Code, CodeError, CodeLink};
pub use conflict::{FieldConflict, Operation};
pub use error::{ClusterError, SignInFailure};
pub use exec::{CLOSED, Dialled, REFUSED_WITHIN, Ran};
pub use files::{FileError, InPod, Listing, Node, NodeKind, Obstacle, Process, Put, ROWS_MAX};
pub use http_get::{HttpAnswer, HttpGet};
pub use issue::{CodeRequest, issue_code, remove_member};
pub use link::{Inspection, inspect, look_around};
pub use logs::{LINE_MAX, Line, Log, LogOptions, Since};
pub use metrics::PodUsage;
pub use nodes::{NodeOffer, Taint};
pub use objects::{Apply, Kind, Named, Version};
pub use prometheus::{Range, Series};
pub use session::Session;
pub use sign_in::{Connection, Credential, KubeconfigSource, connect};
pub use terminal::{Shell, ShellEnd, ShellInput, ShellOutput, Size};
pub use watch::{Row, Subscription, Update};
