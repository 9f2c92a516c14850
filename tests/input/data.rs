//! Data folders that cannot be used, and databases that are not ours to read.
//!
//! Mounts are made in a name space of their own, by this program started once more: nothing is left on the computer.

use crate::site::Site;
use crate::state;
use crate::table::cases;
use anyhow::{Context, Result, bail, ensure};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use slipway_api::{Api, ApiError};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

cases! {
    "data/folder_is_a_file" => folder_is_a_file,
    "data/folder_not_writable" => folder_not_writable,
    "data/disk_full" => disk_full,
    "data/database_newer" => database_newer,
    "data/database_corrupt" => database_corrupt,
}

/// Set in the process on the inside: `WHAT:FOLDER`.
const INSIDE: &str = "SLIPWAY_INPUT_INSIDE";

/// What the process on the inside is to do.
pub(crate) fn inside() -> Option<String> {
    std::env::var(INSIDE).ok()
}

/// Prints what was met, as JSON.
pub(crate) fn run_inside(wanted: &str) -> ExitCode {
    let met = tokio::runtime::Runtime::new().map_err(Into::into).and_then(|runtime| {
        runtime.block_on(async {
            match wanted.split_once(':') {
                Some(("open", folder)) => Ok(json!(open_refused(Path::new(folder)).await?)),
                Some(("folder", folder)) => Ok(json!(crate::folder::open_refused(Path::new(folder)).await?)),
                Some(("read-only", folder)) => crate::folder::made_read_only(Path::new(folder)).await,
                Some(("filled", folder)) => crate::folder::filled(Path::new(folder)).await,
                Some(("fill", folder)) => Ok(json!(fill(Path::new(folder)).await?)),
                _ => bail!("{wanted} is nothing to do"),
            }
        })
    });
    match met {
        Ok(met) => {
            println!("{met}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs this program again, after a mount onto the folder.
pub(crate) fn on_mount<T: DeserializeOwned>(mount: &str, what: &str, folder: &Path) -> Result<T> {
    let script = format!("{mount} && exec \"$@\"");
    let mut command = Command::new("unshare");
    command.args(["--mount", "--map-root-user", "sh", "-c", &script, "sh"]).arg(std::env::current_exe()?);
    command.env("PLACE", folder).env(INSIDE, format!("{what}:{}", folder.display())).stdin(Stdio::null());
    let output = command.output().context("start unshare")?;
    ensure!(output.status.success(), "on a mount: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).context("read what was met on the mount")
}

/// Why a folder cannot be opened, as the window is told at the start.
async fn open_refused(folder: &Path) -> Result<ApiError> {
    match Api::open(folder, crate::site::desktop()).await {
        Ok(_) => bail!("{} was opened", folder.display()),
        Err(error) => Ok(error),
    }
}

/// Sets ever longer settings until the disk is full, and makes sure that the last accepted ones are kept whole.
async fn fill(folder: &Path) -> Result<ApiError> {
    let api = Api::open(folder, crate::site::desktop()).await?;
    let mut settings = api.call("setting_get", Value::Null).await?.value();
    for round in 1.. {
        settings["last_route"] = format!("{round} ").repeat(4_000 * round).into();
        let before = state::store(folder)?;
        if let Err(error) = api.call("setting_set", settings.clone()).await {
            ensure!(state::store(folder)? == before, "half a write was kept");
            api.close().await;
            return Ok(error);
        }
    }
    bail!("the disk has no end")
}

async fn folder_is_a_file(site: &mut Site) -> Result<Value> {
    let file = PathBuf::from(site.write("in-the-way", "not a folder")?);
    let error = open_refused(&file).await?;
    ensure!(std::fs::read_to_string(&file)? == "not a folder", "the file was touched");
    site.error(&error)
}

async fn folder_not_writable(site: &mut Site) -> Result<Value> {
    let folder = site.file("read-only");
    std::fs::create_dir(&folder)?;
    let mount = "mount --bind \"$PLACE\" \"$PLACE\" && mount -o remount,ro,bind \"$PLACE\"";
    let error = on_mount(mount, "open", &folder)?;
    ensure!(std::fs::read_dir(&folder)?.next().is_none(), "something was written");
    site.error(&error)
}

async fn disk_full(site: &mut Site) -> Result<Value> {
    let folder = site.file("full");
    std::fs::create_dir(&folder)?;
    site.error(&on_mount("mount -t tmpfs -o size=1m tmpfs \"$PLACE\"", "fill", &folder)?)
}

/// A folder with a database, closed.
async fn closed_folder(site: &Site) -> Result<(PathBuf, PathBuf)> {
    let folder = site.file("closed");
    Api::open(&folder, crate::site::desktop()).await?.close().await;
    let database = folder.join("slipway.db");
    Ok((folder, database))
}

async fn database_newer(site: &mut Site) -> Result<Value> {
    let (folder, database) = closed_folder(site).await?;
    rusqlite::Connection::open(&database)?.pragma_update(None, "user_version", 9_999)?;
    let before = std::fs::read(&database)?;
    let error = open_refused(&folder).await?;
    ensure!(std::fs::read(&database)? == before, "the file was touched");
    site.error(&error)
}

/// Not refused: it is set aside whole, named, and a new one begun.
async fn database_corrupt(site: &mut Site) -> Result<Value> {
    let (folder, database) = closed_folder(site).await?;
    let garbage = b"this is not a database at all, but long enough to be looked at ".repeat(100);
    std::fs::write(&database, &garbage)?;
    let api = Api::open(&folder, crate::site::desktop()).await?;
    let about = api.call("setting_about", Value::Null).await?.value();
    api.close().await;
    let aside = about["set_aside"].as_str().context("it is named")?.to_owned();
    ensure!(std::fs::read(&aside)? == garbage, "the damaged file is kept as it was");
    site.differs(aside.rsplit('-').next().unwrap_or_default(), "time");
    let day = aside.rsplit('-').nth(1).unwrap_or_default().to_owned();
    site.differs(&day, "day");
    Ok(site.plain(&json!({ "answer": { "set_aside": aside } })))
}
