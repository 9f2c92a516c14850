//! Apps opened as folders that cannot be written, or were changed by other hands.

use crate::config::{file, text};
use crate::data::on_mount;
use crate::site::Site;
use crate::table::cases;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_api::{Api, ApiError};
use std::fs;
use std::path::{Path, PathBuf};

cases! {
    "folder/deleted" => deleted,
    "folder/disk_full" => disk_full,
    "folder/file_deleted" => file_deleted,
    "folder/file_replaced_by_a_link" => file_replaced_by_a_link,
    "folder/file_too_large" => file_too_large,
    "folder/of_somebody_else" => of_somebody_else,
    "folder/read_only" => read_only,
}

const PLACE: &str = "config/_root/etc/app.yml";

/// An app with one file.
async fn app(site: &mut Site) -> Result<String> {
    let app = site.app().await?;
    site.call("config_create", file(&app, "/etc/app.yml", text("a: 1\n"))).await?;
    Ok(app)
}

/// The folder of an app with one file.
async fn opened(site: &mut Site) -> Result<(String, PathBuf)> {
    let app = app(site).await?;
    site.choose(Some(&site.file("")));
    site.call("folder_open", json!(app)).await?;
    Ok((app, site.file("checkout-api")))
}

/// What the window is told once it is told of something wrong; the app's file is as it was.
async fn trouble(site: &Site, app: &str) -> Result<Value> {
    let met = site
        .eventually("the trouble with the folder", async || {
            let view = site.api.call("folder_get", json!(app)).await?.value;
            let problem = view["problems"].as_array().and_then(|problems| problems.first());
            Ok(match problem {
                _ if view["gone"] == true => Some(json!({ "folder": "gone" })),
                Some(problem) => Some(json!({ "folder": problem["what"] })),
                None => None,
            })
        })
        .await?;
    let files = site.call("config_tree", json!(app)).await?.to_string();
    ensure!(files.contains("/etc/app.yml"), "in Slipway it stays: {files}");
    Ok(met)
}

async fn deleted(site: &mut Site) -> Result<Value> {
    let (app, folder) = opened(site).await?;
    fs::remove_dir_all(folder)?;
    trouble(site, &app).await
}

async fn file_deleted(site: &mut Site) -> Result<Value> {
    let (app, folder) = opened(site).await?;
    fs::remove_file(folder.join(PLACE))?;
    trouble(site, &app).await
}

async fn file_replaced_by_a_link(site: &mut Site) -> Result<Value> {
    let (app, folder) = opened(site).await?;
    fs::remove_file(folder.join(PLACE))?;
    std::os::unix::fs::symlink("/etc/passwd", folder.join(PLACE))?;
    trouble(site, &app).await
}

async fn file_too_large(site: &mut Site) -> Result<Value> {
    let (app, folder) = opened(site).await?;
    fs::write(folder.join(PLACE), "x".repeat(crate::config::CONTENT_MAX + 1))?;
    trouble(site, &app).await
}

async fn of_somebody_else(site: &mut Site) -> Result<Value> {
    let app = app(site).await?;
    let folder = site.file("checkout-api");
    fs::create_dir_all(folder.join("src"))?;
    site.choose(Some(&site.file("")));
    let met = site.refused("folder_open", json!(app)).await?;
    ensure!(fs::read_dir(&folder)?.count() == 1, "nothing was written there");
    Ok(met)
}

/// In the process on the inside: an app that does not go into this folder, and nothing that is left of the attempt.
pub(crate) async fn open_refused(folder: &Path) -> Result<ApiError> {
    let data = tempfile::tempdir()?;
    let api = Api::open(data.path(), crate::site::chosen(folder)).await?;
    let app = api.call("app_create", crate::site::app_draft("checkout-api", "registry.example.com")).await?.value;
    let id = app["id"].as_str().context("an app has an id")?;
    api.call("config_create", file(id, "/etc/app.yml", text(&"x".repeat(200 * 1024)))).await?;
    let Err(error) = api.call("folder_open", json!(id)).await else { bail!("it was written") };
    ensure!(fs::read_dir(folder)?.next().is_none(), "something is left of it");
    let view = api.call("folder_get", json!(id)).await?.value;
    ensure!(view.is_null(), "it counts as opened: {view}");
    api.close().await;
    Ok(error)
}

fn on(site: &Site, mount: &str) -> Result<Value> {
    let folder = site.file("mounted");
    fs::create_dir(&folder)?;
    let mut met = site.error(&on_mount(mount, "folder", &folder)?)?;
    // What is written beside the place first has a name of its own each time.
    if let Some(reason) = met["error"]["params"]["reason"].as_str().and_then(|reason| reason.split(" at path").next()) {
        met["error"]["params"]["reason"] = reason.to_owned().into();
    }
    Ok(met)
}

async fn disk_full(site: &mut Site) -> Result<Value> {
    on(site, "mount -t tmpfs -o size=64k tmpfs \"$PLACE\"")
}

async fn read_only(site: &mut Site) -> Result<Value> {
    on(site, "mount -t tmpfs -o ro tmpfs \"$PLACE\"")
}
