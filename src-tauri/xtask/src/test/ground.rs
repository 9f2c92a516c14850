//! What the layers stand on, made when the first of them asks and torn down with the run, however it ends.

use crate::build;
use crate::cluster::{self, TestCluster};
use crate::keyring::Keyring;
use anyhow::{Context, Result};
use std::env;
use std::process::Command;
use tempfile::TempDir;

/// Names a cluster to test on.
const KUBECONFIG: &str = "SLIPWAY_TEST_KUBECONFIG";

/// Whether the tests are to run on a cluster that is there already.
pub(crate) fn is_given() -> bool {
    env::var_os(KUBECONFIG).is_some_and(|value| !value.is_empty())
}

#[derive(Default)]
pub(crate) struct Ground {
    cluster: Option<TestCluster>,
    keyring: Option<(Keyring, TempDir)>,
    pages: bool,
}

impl Ground {
    /// The pages, as they are now.
    pub(crate) fn pages(&mut self) -> Result<()> {
        if !self.pages {
            build::pages()?;
            self.pages = true;
        }
        Ok(())
    }

    /// Tells tests where their cluster is. The binary is for those that break one of their own.
    pub(crate) fn prepare(&mut self, tests: &mut Command) -> Result<()> {
        tests.env("SLIPWAY_CLUSTER_BIN", cluster::binary()?);
        if is_given() {
            return Ok(());
        }
        let cluster = kept(&mut self.cluster, || TestCluster::start(&[]))?;
        tests.env(KUBECONFIG, cluster.work.join("admin.kubeconfig")).env("SLIPWAY_CLUSTER_WORK", &cluster.work);
        Ok(())
    }

    /// `command` in a D-Bus session with a keyring of its own.
    pub(crate) fn session(&mut self, command: &Command) -> Result<Command> {
        let (keyring, _) = kept(&mut self.keyring, || {
            let folder = TempDir::new().context("make a folder for the tests' keyring")?;
            Ok((Keyring::open(folder.path())?, folder))
        })?;
        Ok(keyring.session(command))
    }
}

/// What is in `place`, made by `start` when nothing is.
fn kept<T>(place: &mut Option<T>, start: impl FnOnce() -> Result<T>) -> Result<&mut T> {
    let value = place.take().map_or_else(start, Ok)?;
    Ok(place.insert(value))
}
