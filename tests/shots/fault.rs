//! The cluster's API, broken on purpose for the pictures of what a page shows then.

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The practice cluster, and the program that can break it.
pub(crate) struct Cluster {
    pub(crate) program: PathBuf,
    pub(crate) work: PathBuf,
}

/// How the API's port behaves.
#[derive(Clone, Copy)]
pub(crate) enum Port {
    Ok,
    /// Nothing listens.
    Refuse,
    /// Connections are accepted and silent.
    Hang,
}

impl Cluster {
    /// Breaks the port until what it gives is dropped.
    pub(crate) fn broken(&self, port: Port) -> Result<Broken<'_>> {
        self.set(port)?;
        Ok(Broken(self))
    }

    fn set(&self, port: Port) -> Result<()> {
        let word = match port {
            Port::Ok => "ok",
            Port::Refuse => "refuse",
            Port::Hang => "hang",
        };
        let mut command = Command::new(&self.program);
        command.args(["fault", "--work"]).arg(&self.work).args(["port", "api", word]).stdin(Stdio::null());
        let doing = || format!("let the cluster's API port {word}");
        let status = command.status().with_context(doing)?;
        ensure!(status.success(), "{}: {} ended with {status}", doing(), self.program.display());
        Ok(())
    }
}

/// A broken port; whole again when dropped.
pub(crate) struct Broken<'a>(&'a Cluster);

impl Drop for Broken<'_> {
    fn drop(&mut self) {
        if let Err(error) = self.0.set(Port::Ok) {
            eprintln!("error: {error:#}");
        }
    }
}
