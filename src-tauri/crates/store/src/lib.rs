//! `SQLite` for what the person prepares and for history; the vault for secrets.
//!
//! One writer, several readers, one transaction a write; every write appends to the change feed the tags it changed.

// The lint's advice does not compile: a method of `Reader<'_>` passed by name is of one lifetime, not of any.
#![allow(clippy::redundant_closure_for_method_calls)]

mod backup;
mod database;
mod error;
mod keyring;
mod migration;
mod opening;
#[cfg(any(test, feature = "sample"))]
pub mod sample;
mod table;
pub mod tag;
#[cfg(test)]
mod tests;
mod vault;

pub use database::{Changes, Failure, Opened, Reader, Store, Writer};
pub use error::StoreError;
pub use keyring::Keyring;
pub use table::UNDO;
pub use table::artifact::{KnownTag, TagsRead, UsedTag};
pub use table::balancer::{BalancerEntry, BalancerService};
pub use table::config::{FileEntry, VersionEntry};
pub use table::environment::GroupOfEnvironment;
pub use table::folder::{FolderEntry, FolderFile};
pub use table::group::{GroupEntry, GroupOfLink};
pub use table::release::{Hidden, Kept, ReleaseFilter, ReleaseHead, ReleaseRecord, ReleasedValues, Taken};
pub use table::train::TrainEntry;
pub use table::usage::PodStretch;
pub use table::value::ValueEntry;
pub use tag::Tag;
pub use vault::{Vault, VaultError, VaultState};
