//! Where things are: the checkout, and what is kept outside of it between runs.

use anyhow::{Context, Result};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// The checkout.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    package.ancestors().nth(2).expect("xtask stands two folders below the root of the checkout").to_owned()
}

pub(crate) fn ui() -> PathBuf {
    root().join("ui")
}

/// Pictures, failures and measurements of this checkout.
pub(crate) fn results() -> PathBuf {
    root().join("target")
}

/// What is kept between runs and shared by all checkouts.
pub(crate) fn cache() -> Result<PathBuf> {
    if let Some(folder) = set("SLIPWAY_CACHE") {
        return std::path::absolute(folder).context("make SLIPWAY_CACHE absolute");
    }
    if let Some(folder) = set("XDG_CACHE_HOME").filter(|folder| folder.is_absolute()) {
        return Ok(folder.join("slipway"));
    }
    let home = env::home_dir().context("find a folder for caches: HOME is not set; set SLIPWAY_CACHE")?;
    Ok(home.join(".cache/slipway"))
}

/// Where cargo builds.
pub(crate) fn cargo_target() -> Result<PathBuf> {
    match set("CARGO_TARGET_DIR") {
        Some(folder) => Ok(root().join(folder)),
        None => Ok(cache()?.join("target")),
    }
}

/// Everything of the practice run: cluster, keyring, Slipway's data.
pub(crate) fn practice() -> Result<PathBuf> {
    made(cache()?.join("practice"))
}

pub(crate) fn made(folder: impl AsRef<Path>) -> Result<PathBuf> {
    let folder = folder.as_ref();
    fs::create_dir_all(folder).with_context(|| format!("make the folder {}", folder.display()))?;
    Ok(folder.to_owned())
}

fn set(variable: &str) -> Option<PathBuf> {
    env::var_os(variable).filter(|value| !value.is_empty()).map(PathBuf::from)
}
