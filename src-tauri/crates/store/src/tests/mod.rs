//! The store and the vault on real files, a real full disk, a real kill and a real keyring.

mod cost;
mod damage;
#[cfg(target_os = "linux")]
mod disk;
#[cfg(target_os = "linux")]
mod keyring;
mod kill;
#[cfg(target_os = "linux")]
mod unused;
mod version;

use crate::{Vault, VaultState};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

/// Set in a process that this test program started to run one test of its own.
const INSIDE: &str = "SLIPWAY_STORE_INSIDE";

/// What the process that runs this test from inside was given; `None` in the test run itself.
fn inside() -> Option<String> {
    std::env::var(INSIDE).ok()
}

/// Command line of this test program for one test, on the inside.
fn again(test: &str, given: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().expect("a running program has a file"));
    command.args(["--exact", test, "--nocapture", "--test-threads=1"]).env(INSIDE, given);
    command
}

/// The same below another program, which gets it as its last arguments.
fn again_under(program: &[&str], test: &str, given: &str) -> Command {
    let own = again(test, given);
    let mut command = Command::new(program[0]);
    command.args(&program[1..]).arg(own.get_program()).args(own.get_args()).env(INSIDE, given);
    command
}

/// Runs to the end and shows what was said when it failed.
fn succeeds(command: &mut Command) {
    let output = command.output().unwrap_or_else(|error| panic!("start {command:?}: {error}"));
    let said = [output.stdout.as_slice(), &output.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    // A test that is not found is a success, too.
    assert!(output.status.success() && said.contains("1 passed"), "{command:?}\n{said}");
}

fn runs(program: &str, arguments: &[&str]) -> bool {
    Command::new(program).args(arguments).output().is_ok_and(|output| output.status.success())
}

/// Waits for what another process or thread does.
async fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !holds() {
        assert!(begin.elapsed() < Duration::from_secs(30), "{what} did not happen");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Asks the keyring until it answers, as a person does who presses *Retry*.
pub(crate) async fn ready(vault: &Vault) {
    let begin = Instant::now();
    while vault.state() != VaultState::Ready {
        assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", vault.state());
        vault.retry().await;
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("a folder");
    let mut names: Vec<String> =
        entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
