//! What a machine needs, checked at every start and installed where that is possible. Quick when nothing is missing.

mod modules;
mod packages;
mod toolchains;

use anyhow::Result;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// Compile Slipway.
    Build,
    /// Compile what is written in Go.
    Go,
    /// Build and run the practice cluster.
    Cluster,
    /// A keyring of our own.
    Keyring,
    /// A window without a display, driven from outside.
    Headless,
}

pub(crate) fn ensure(purposes: &[Purpose]) -> Result<()> {
    toolchains::check(purposes)?;
    packages::ensure(purposes)?;
    if purposes.contains(&Purpose::Build) {
        modules::ensure()?;
    }
    Ok(())
}
