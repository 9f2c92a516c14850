//! A cluster of one test's own: for what would disturb the others, or needs other settings than theirs.

use anyhow::{Context, Result, bail, ensure};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Numbers of such clusters on this machine. The lower ones belong to practice and to whole runs of the tests.
const NUMBERS: std::ops::Range<u8> = 20..60;
const API_PORT: u16 = 6443;
/// The lowest priority that `nice` gives.
const NICEST: u8 = 19;

/// Ended when dropped, whatever happened.
#[derive(Debug)]
pub struct OwnCluster {
    work: PathBuf,
    /// Keeps the number ours. It is let go of by the kernel also when we are killed.
    _number: File,
}

impl OwnCluster {
    /// Starts one with these words for `slipway-cluster up`. Needs the program that `SLIPWAY_CLUSTER_BIN` names, and root.
    pub fn start(words: &[&str]) -> Result<Self> {
        Self::start_at(0, words)
    }

    /// One whose servers give way to everything else on this machine: a cluster stands on others, and takes nothing from
    /// the window that looks at it.
    pub fn start_behind() -> Result<Self> {
        Self::start_at(NICEST, &[])
    }

    fn start_at(nice: u8, words: &[&str]) -> Result<Self> {
        for number in NUMBERS {
            let name = std::env::temp_dir().join(format!("slipway-own-cluster-{number}"));
            let lock = name.with_extension("lock");
            let lock = File::create(&lock).with_context(|| format!("make the lock {}", lock.display()))?;
            if lock.try_lock().is_err() {
                continue;
            }
            let cluster = Self { work: name, _number: lock };
            // A test that was killed leaves its cluster behind.
            cluster.end()?;
            if TcpListener::bind((Ipv4Addr::new(127, 10, number, 1), API_PORT)).is_err() {
                continue;
            }
            cluster.run_at(nice, "up", &[&["--index", &number.to_string()], words].concat())?;
            return Ok(cluster);
        }
        bail!("start a cluster for one test: the addresses of all {} are taken", NUMBERS.len());
    }

    /// Of its administrator.
    pub fn kubeconfig(&self) -> PathBuf {
        self.work.join("admin.kubeconfig")
    }

    pub fn work(&self) -> &std::path::Path {
        &self.work
    }

    fn end(&self) -> Result<()> {
        if self.work.exists() {
            self.run("down", &[])?;
            std::fs::remove_dir_all(&self.work).or_else(|error| match error.kind() {
                std::io::ErrorKind::NotFound => Ok(()),
                _ => Err(error).with_context(|| format!("remove {}", self.work.display())),
            })?;
        }
        Ok(())
    }

    /// Runs a command of the cluster's program on it.
    pub fn run(&self, verb: &str, words: &[&str]) -> Result<()> {
        self.run_at(0, verb, words)
    }

    fn run_at(&self, nice: u8, verb: &str, words: &[&str]) -> Result<()> {
        let program = std::env::var_os("SLIPWAY_CLUSTER_BIN")
            .context("SLIPWAY_CLUSTER_BIN names no program of a cluster: run `cargo xtask test cluster`")?;
        let mut command = Command::new("nice");
        command.args(["-n", &nice.to_string()]).arg(program);
        command.args([verb, "--work"]).arg(&self.work).args(words).stdin(Stdio::null());
        let status = command.status().with_context(|| format!("run slipway-cluster {verb}"))?;
        ensure!(status.success(), "slipway-cluster {verb} ended with {status}");
        Ok(())
    }
}

impl Drop for OwnCluster {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("error: {error:#}");
        }
    }
}
