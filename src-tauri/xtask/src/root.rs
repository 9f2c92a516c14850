//! What needs root: packages and the cluster. Everything else runs as the person who called.

use crate::process;
use anyhow::{Result, bail};
use std::ffi::OsStr;
use std::io::{IsTerminal, stderr, stdin};
use std::process::{Command, Stdio};

/// `program` as root: itself for root, through sudo where sudo can ask for a password or needs none.
pub(crate) fn command(program: impl AsRef<OsStr>, doing: &str) -> Result<Command> {
    if is_root() {
        return Ok(process::command(program));
    }
    let asks = stdin().is_terminal() && stderr().is_terminal();
    if which::which("sudo").is_err() || !(asks || needs_no_password()) {
        let why = if asks { "sudo is not installed" } else { "there is no terminal for sudo to ask at" };
        bail!("{doing}: this needs root, and {why}; run it as root");
    }
    let mut command = process::command("sudo");
    command.arg("--").arg(program);
    Ok(command)
}

pub(crate) fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

fn needs_no_password() -> bool {
    let status = process::command("sudo").args(["-n", "true"]).stdin(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}
