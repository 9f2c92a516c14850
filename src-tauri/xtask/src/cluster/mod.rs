//! The practice and test cluster: `tests/cluster`, called as the comment at the top of its `main.go` says.

mod program;

pub(crate) use program::{binary, demo, go};

use crate::keyring::hex;
use crate::place;
use crate::process;
use crate::root;
use crate::setup::{self, Purpose};
use anyhow::{Context, Result, bail};
use lexopt::Arg::{Long, Short, Value};
use lexopt::ValueExt;
use sha2::{Digest, Sha256};
use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// The exit code of a cluster that this machine cannot run.
const UNABLE: i32 = 3;
/// Clusters of tests have the numbers after the practice cluster's.
const TEST_INDEXES: std::ops::Range<u8> = 2..10;
const API_PORT: u16 = 6443;
const PRACTICE_INDEX: &str = "1";

const WAYS_OUT: &str = "\
Slipway works on any Kubernetes all the same. Make one with `kind create cluster` or `minikube start`, or take
the kubeconfig you have, start Slipway with `cargo xtask run`, and link it on the page Clusters.";

/// `cargo xtask cluster …`
pub(crate) fn verb(mut arguments: lexopt::Parser) -> Result<ExitCode> {
    let mut words: Vec<OsString> = Vec::new();
    let (mut index, mut work) = (OsString::from(PRACTICE_INDEX), None);
    let verb = match arguments.next()? {
        Some(Value(verb)) => verb.string()?,
        _ => bail!("say what to do with the cluster: up, down, status or kubectl"),
    };
    if verb == "kubectl" {
        return kubectl(arguments.raw_args()?.collect());
    }
    if !["up", "down", "status"].contains(&verb.as_str()) {
        bail!("the cluster has no verb `{verb}`, only up, down, status and kubectl");
    }
    while let Some(argument) = arguments.next()? {
        match argument {
            Long("index") => index = arguments.value()?,
            Long("work") => work = Some(std::path::absolute(arguments.value()?)?),
            Long(name) => {
                words.push(format!("--{name}").into());
                words.extend(arguments.optional_value());
            }
            Short(name) => words.push(format!("-{name}").into()),
            Value(value) => words.push(value),
        }
    }
    let work = work.map_or_else(practice_work, Ok)?;
    setup::ensure(&[Purpose::Cluster])?;
    if verb == "up" {
        return up(&work, &index, &words).map(|()| ExitCode::SUCCESS);
    }
    let mut command = root::command(binary()?, &format!("cluster {verb}"))?;
    command.arg(&verb).arg("--work").arg(&work).args(&words);
    let status = process::run_at_terminal(&mut command, &format!("cluster {verb}"))?;
    Ok(ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}

/// The cluster of `run --practice`, up. Gives its work folder.
pub(crate) fn practice() -> Result<PathBuf> {
    let work = practice_work()?;
    up(&work, PRACTICE_INDEX, &[])?;
    Ok(work)
}

/// What tells the cluster in a work folder from the one that was there before: a hash of its administrator's keys.
pub(crate) fn identity(work: &Path) -> Result<String> {
    let kubeconfig = work.join("admin.kubeconfig");
    let keys = fs::read(&kubeconfig).with_context(|| format!("read {}", kubeconfig.display()))?;
    Ok(hex(&Sha256::digest(keys)))
}

fn practice_work() -> Result<PathBuf> {
    Ok(place::practice()?.join("cluster"))
}

/// Takes over this process, so that `kubectl exec -it` has the terminal.
fn kubectl(words: Vec<OsString>) -> Result<ExitCode> {
    let kubeconfig = practice_work()?.join("admin.kubeconfig");
    if !kubeconfig.is_file() {
        bail!("cluster kubectl: there is no practice cluster; `cargo xtask cluster up` makes it");
    }
    let mut command = process::command(binary()?);
    let error = command.arg("kubectl").args(words).env("KUBECONFIG", kubeconfig).exec();
    Err(error).context("cluster kubectl: start kubectl")
}

fn up(work: &Path, index: impl Into<OsString>, words: &[OsString]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("the practice cluster needs Linux: it is made of containers of this machine's own kernel\n\n{WAYS_OUT}");
    }
    let mut command = root::command(binary()?, "start the cluster")?;
    command.args(["up", "--index"]).arg(index.into()).arg("--work").arg(work).args(words);
    let status = process::run_at_terminal(&mut command, "start the cluster")?;
    if status.code() == Some(UNABLE) {
        bail!("start the cluster: this machine cannot run it, see above\n\n{WAYS_OUT}");
    }
    process::require(status, "slipway-cluster up", "start the cluster")?;
    own(work)
}

/// A cluster that was started through sudo writes its kubeconfigs for root alone: gives them to who called, and the socket
/// by which it can be broken.
fn own(work: &Path) -> Result<()> {
    let user = rustix::process::getuid().as_raw();
    let metadata = fs::metadata(work).with_context(|| format!("read the owner of {}", work.display()))?;
    if root::is_root() || metadata.uid() == user {
        return Ok(());
    }
    let mut command = root::command("chown", "take over the cluster's kubeconfigs")?;
    command.args(["-R", &user.to_string()]);
    command.args(["admin.kubeconfig", "state.json", "control.sock", "users"].map(|name| work.join(name)));
    let status = process::run_at_terminal(&mut command, "take over the cluster's kubeconfigs")?;
    process::require(status, "chown", "take over the cluster's kubeconfigs")
}

/// A cluster for one run of the tests; ended when dropped, whatever happened.
pub(crate) struct TestCluster {
    pub(crate) work: PathBuf,
    /// Keeps the number ours. It is let go of by the kernel also when we are killed.
    _number: fs::File,
}

impl TestCluster {
    /// Takes a number that no other run has, ends what a killed run left there, and starts.
    pub(crate) fn start(words: &[OsString]) -> Result<Self> {
        let folder = place::made(place::cache()?.join("test"))?;
        for index in TEST_INDEXES {
            let path = folder.join(format!("{index}.lock"));
            let number = fs::File::create(&path).with_context(|| format!("make the lock {}", path.display()))?;
            if number.try_lock().is_err() {
                continue;
            }
            let cluster = Self { work: folder.join(format!("cluster-{index}")), _number: number };
            cluster.end()?;
            // Somebody may have started one by hand.
            if TcpListener::bind((Ipv4Addr::new(127, 10, index, 1), API_PORT)).is_ok() {
                up(&cluster.work, index.to_string(), words)?;
                return Ok(cluster);
            }
        }
        bail!("start a cluster for the tests: the addresses of all {} are taken", TEST_INDEXES.len());
    }

    fn end(&self) -> Result<()> {
        if !self.work.exists() {
            return Ok(());
        }
        let mut command = root::command(binary()?, "end the cluster")?;
        // Out of reach of a second Ctrl-C at the terminal.
        if root::is_root() {
            command.process_group(0);
        }
        let status = process::run_at_terminal(command.args(["down", "--work"]).arg(&self.work), "end the cluster")?;
        process::require(status, "slipway-cluster down", "end the cluster")
    }
}

impl Drop for TestCluster {
    fn drop(&mut self) {
        if let Err(error) = self.end() {
            eprintln!("error: {error:#}");
        }
    }
}
