//! Pictures of the pages, taken by `tests/shots` in the real window without a display.

use crate::build::{self, Profile};
use crate::cluster;
use crate::display::Xvfb;
use crate::keyring::Keyring;
use crate::place;
use crate::process;
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};

/// What is photographed.
pub(crate) struct Subject<'a> {
    pub(crate) profile: Profile,
    /// The person's own data folder when `None`.
    pub(crate) data: Option<&'a Path>,
    /// The person's own session when `None`.
    pub(crate) keyring: Option<&'a Keyring>,
    /// Light and dark, Chinese and English, two sizes; otherwise one of each.
    pub(crate) every_variant: bool,
    /// Work folder of a cluster that may be broken, to show what the pages say then.
    pub(crate) breakable: Option<&'a Path>,
}

/// Takes the pictures and prints their paths.
pub(crate) fn take(subject: &Subject<'_>) -> Result<()> {
    let folder = emptied(&place::results().join("shots"))?;
    let display = Xvfb::start()?;
    let mut command = process::command(build::binary("shots", subject.profile)?);
    command.arg("--binary").arg(build::binary("slipway", subject.profile)?);
    command.arg("--out").arg(&folder).env("DISPLAY", &display.name).env_remove("WAYLAND_DISPLAY");
    if let Some(data) = subject.data {
        command.arg("--data-dir").arg(data);
    }
    if subject.every_variant {
        command.arg("--every-variant");
    }
    if let Some(work) = subject.breakable {
        command.arg("--cluster").arg(cluster::binary()?).arg("--cluster-work").arg(work);
    }
    if let Some(keyring) = subject.keyring {
        command = keyring.session(&command);
    }
    process::run(&mut command, "take pictures of the pages")
        .with_context(|| format!("the pictures so far are in {}", folder.display()))
}

/// No picture of an earlier run stays beside the new ones.
fn emptied(folder: &Path) -> Result<PathBuf> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("empty the folder {}", folder.display()))?;
    }
    place::made(folder)
}
