//! The program of a desktop that opens pages and folders. Test machines have none, so this one notes what it is asked for.

use super::{Desktop, eventually};
use anyhow::{Context, Result};
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

#[derive(Debug)]
pub struct Opener {
    path: String,
    opened: PathBuf,
}

impl Desktop {
    /// From now on there is one, for those who look for programs where [`Opener::path`] says.
    pub fn opener(&self) -> Result<Opener> {
        let programs = self.home().join("programs");
        std::fs::create_dir(&programs)?;
        let (program, opened) = (programs.join("xdg-open"), programs.join("opened"));
        std::fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display()))?;
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755))?;
        let known = self.variable("PATH").context("a desktop has programs")?;
        Ok(Opener { path: format!("{}:{known}", programs.display()), opened })
    }
}

impl Opener {
    /// Value of `PATH`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Waits for the one with this number, from 0.
    pub async fn number(&self, at: usize) -> Result<String> {
        eventually(format!("something to be opened, number {at}"), async || {
            // The file is there once something was opened; a line that is being written has no end yet.
            let opened = std::fs::read_to_string(&self.opened)?;
            let line = opened.split_inclusive('\n').nth(at).and_then(|line| line.strip_suffix('\n'));
            Ok(line.map(str::to_owned))
        })
        .await
    }
}
