//! The use cases, one module a noun: who may, in what order, what is written first.
//!
//! `Engine` is a cheap clone of store, vault, sessions and running drivers. The contract calls it; tests call it the
//! same way, with a folder of their own and without a window.

pub mod app;
pub mod artifact;
pub mod balancer;
pub mod change;
pub mod cluster;
pub mod config;
pub mod copy;
pub mod count;
pub mod deletion;
pub mod diff;
pub mod environment;
pub mod error;
pub mod fault;
pub mod file;
pub mod folder;
pub mod forward;
pub mod gpu;
pub mod group;
pub mod instance;
pub mod live;
pub mod log;
pub mod merge;
pub mod monitor;
#[cfg(all(test, target_os = "linux"))]
mod mounted;
pub mod notification;
pub mod probe;
pub mod registry;
pub mod release;
pub mod right;
pub mod setting;
pub mod takeover;
pub mod terminal;
pub mod traffic;
pub mod transfer;
pub mod usage;
mod watched;

pub use error::{Error, Result};
pub use slipway_cluster::kubeconfig::KubeconfigError;
pub use slipway_cluster::{ClusterError, CodeError, Obstacle, SignInFailure};
pub use slipway_registry::Failure as RegistryFailure;
pub use slipway_store::{StoreError, VaultError, tag};

use crate::artifact::Ways;
use crate::cluster::{Previews, Sessions};
use crate::deletion::Deletions;
use crate::diff::Pendings;
use crate::file::Transfers;
use crate::folder::Folders;
use crate::forward::Forwards;
use crate::log::Logs;
use crate::notification::Notifications;
use crate::release::train::Trains;
use crate::release::{Drivers, Plans, Records};
use crate::traffic::Found;
use crate::transfer::Offers;
use crate::usage::Samplers;
use jiff::Timestamp;
use slipway_model::id::ReleaseId;
use slipway_store::{Keyring, Opened, Store, Vault};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::watch;

/// The core behind a window. A cheap clone.
#[derive(Clone, Debug)]
pub struct Engine(Arc<Core>);

/// What every use case may reach.
#[derive(Debug)]
pub struct Core {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) sessions: Sessions,
    pub(crate) previews: Previews,
    pub(crate) plans: Plans,
    pub(crate) pendings: Pendings,
    pub(crate) drivers: Drivers<ReleaseId>,
    pub(crate) trains: Trains,
    pub(crate) records: Records,
    pub(crate) deletions: Deletions,
    pub(crate) folders: Folders,
    pub(crate) forwards: Forwards,
    pub(crate) logs: Logs,
    pub(crate) transfers: Transfers,
    pub(crate) ways: Ways,
    pub(crate) samplers: Samplers,
    pub(crate) notifications: Notifications,
    pub(crate) found: Found,
    pub(crate) offers: Offers,
    /// Whether a window is in front of somebody: probes run only then.
    pub(crate) visible: watch::Sender<bool>,
    pub(crate) device: String,
    /// Tells this computer from all others, also where it has its name in common with them.
    pub(crate) computer: String,
    data_dir: PathBuf,
    /// Where a corrupt database was put when this one was begun.
    set_aside: Option<PathBuf>,
}

impl Deref for Engine {
    type Target = Core;

    fn deref(&self) -> &Core {
        &self.0
    }
}

impl Engine {
    /// Opens a data folder, connects its links in the background and goes on with releases that this computer left.
    ///
    /// # Errors
    /// What the store says of the folder or its database.
    pub async fn open(data_dir: &Path) -> Result<Self> {
        let Opened { store, set_aside } = Store::open(data_dir).await?;
        let (device, id) = (setting::device_name(), store.read(|r| r.computer()).await?);
        let vault = Vault::open(store.clone(), Keyring::platform()).await;
        let engine = Self(Arc::new(Core {
            store,
            vault,
            sessions: Sessions::default(),
            previews: Previews::default(),
            plans: Plans::default(),
            pendings: Pendings::default(),
            drivers: Drivers::default(),
            trains: Trains::default(),
            records: Records::default(),
            deletions: Deletions::default(),
            folders: Folders::default(),
            forwards: Forwards::default(),
            logs: Logs::new(data_dir),
            transfers: Transfers::default(),
            ways: Ways::default(),
            samplers: Samplers::default(),
            notifications: Notifications::default(),
            found: Found::default(),
            offers: Offers::default(),
            visible: watch::Sender::new(true),
            computer: format!("{device} {id}"),
            device,
            data_dir: data_dir.to_owned(),
            set_aside,
        }));
        engine.connect_all().await?;
        engine.resume_releases().await?;
        engine.resume_trains().await?;
        engine.resume_deletions().await?;
        engine.resume_folders().await?;
        engine.forget_unused_values();
        Ok(engine)
    }

    /// Nobody waits for it: what is not done at this start is done at the next.
    fn forget_unused_values(&self) {
        let vault = self.vault.clone();
        tokio::spawn(async move {
            match vault.forget_unused(Timestamp::now()).await {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "sensitive values that nothing refers to are forgotten"),
                Err(error) => {
                    tracing::warn!(%error, "sensitive values that nothing refers to are left for the next start");
                }
            }
        });
    }

    /// Ends drivers, then sessions. What moves in a cluster goes on there.
    pub async fn close(&self) {
        self.folders.stop().await;
        self.transfers.stop().await;
        self.forwards.stop().await;
        // Before the drivers, which it starts.
        self.trains.stop().await;
        self.drivers.stop().await;
        self.samplers.stop().await;
        self.deletions.stop().await;
        self.sessions.stop();
        self.logs.clear();
        self.store.close().await;
    }

    /// Says whether a window is visible.
    pub fn set_visible(&self, visible: bool) {
        self.visible.send_replace(visible);
        self.sessions.set_visible(visible);
        if visible {
            // Not every file system tells of its changes.
            self.folders.wake();
        }
    }
}
