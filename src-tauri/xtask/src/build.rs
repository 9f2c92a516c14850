//! What is built, and how: one set of packages and features everywhere, so that cargo compiles each crate once a profile.

use crate::place;
use crate::process;
use anyhow::{Context, Result};
use std::env;
use std::path::PathBuf;
use std::process::Command;

/// Lets the window load the built pages instead of the dev server's.
pub(crate) const BUILT_PAGES: &[&str] = &["--features", "slipway/custom-protocol"];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Profile {
    Dev,
    Release,
}

impl Profile {
    fn flags(self) -> &'static [&'static str] {
        match self {
            Self::Dev => &[],
            Self::Release => &["--release"],
        }
    }

    fn folder(self) -> &'static str {
        match self {
            Self::Dev => "debug",
            Self::Release => "release",
        }
    }
}

/// cargo, building outside of the checkout.
pub(crate) fn cargo() -> Result<Command> {
    let mut command = process::command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(place::root()).env("CARGO_TARGET_DIR", place::cargo_target()?);
    Ok(command)
}

/// npm in `ui`.
pub(crate) fn npm(arguments: &[&str]) -> Command {
    let mut command = process::command("npm");
    command.current_dir(place::ui()).args(arguments);
    command
}

/// The pages, to `ui/dist`, from where the window's binary takes them when it is compiled.
pub(crate) fn pages() -> Result<()> {
    process::run(&mut npm(&["run", "--silent", "build"]), "build the pages")
}

/// Builds binaries of the workspace by name.
pub(crate) fn binaries(names: &[&str], profile: Profile, features: &[&str]) -> Result<()> {
    let mut command = cargo()?;
    command.args(["build", "--workspace"]).args(profile.flags()).args(features);
    for name in names {
        command.args(["--bin", name]);
    }
    process::run(&mut command, &format!("build {}", names.join(", ")))
}

/// Where `binaries` puts one.
pub(crate) fn binary(name: &str, profile: Profile) -> Result<PathBuf> {
    let path = place::cargo_target()?.join(profile.folder()).join(name);
    path.is_file().then_some(path.clone()).with_context(|| format!("{} was not built", path.display()))
}
