//! A display: the person's own, or one in memory.

use crate::process::{self, Group};
use anyhow::{Context, Result};
use std::env;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

/// Whether a window can be shown to somebody.
pub(crate) fn exists() -> bool {
    cfg!(target_os = "macos")
        || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// An X server in memory; ends when dropped.
pub(crate) struct Xvfb {
    /// For `DISPLAY`.
    pub(crate) name: String,
    _server: Group,
}

impl Xvfb {
    pub(crate) fn start() -> Result<Self> {
        let doing = "start a display in memory";
        let mut command = process::command("Xvfb");
        // It picks a free number itself and prints it once it can be used.
        command.args(["-displayfd", "1", "-screen", "0", "1600x1000x24", "-nolisten", "tcp", "-noreset"]);
        let mut server = Group::start(command.stdout(Stdio::piped()).stderr(Stdio::null()), doing)?;
        let mut number = String::new();
        let stdout = server.stdout().context("Xvfb's stdout is piped")?;
        BufReader::new(stdout).read_line(&mut number).context(doing)?;
        let number: u32 = number.trim().parse().with_context(|| format!("{doing}: Xvfb ended early"))?;
        Ok(Self { name: format!(":{number}"), _server: server })
    }
}
