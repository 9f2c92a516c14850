//! Apps opened as folders that cannot be written, or were changed by other hands.

use crate::config::{file, text};
use crate::data::on_mount;
use crate::site::{LOOK_AGAIN_AFTER, Site};
use crate::table::cases;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_api::{Api, ApiError};
use slipway_tests::ground::PATIENCE;
use std::fs;
use std::path::{Path, PathBuf};

cases! {
    "folder/deleted" => deleted,
    "folder/disk_full" => disk_full,
    "folder/file_deleted" => file_deleted,
    "folder/file_replaced_by_a_link" => file_replaced_by_a_link,
    "folder/file_too_large" => file_too_large,
    "folder/edited_in_an_export" => edited_in_an_export,
    "folder/filled_up" => filled_up,
    "folder/made_read_only" => made_read_only_meanwhile,
    "folder/swapped_by_rename" => swapped_by_rename,
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
            let view = site.api.call("folder_get", json!(app)).await?.value();
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
    // Renamed over it: at no moment is nothing there, which would be another trouble.
    let link = site.file("link");
    std::os::unix::fs::symlink("/etc/passwd", &link)?;
    fs::rename(link, folder.join(PLACE))?;
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
    let app = api.call("app_create", crate::site::app_draft("checkout-api", "registry.example.com")).await?.value();
    let id = app["id"].as_str().context("an app has an id")?;
    api.call("config_create", file(id, "/etc/app.yml", text(&"x".repeat(200 * 1024)))).await?;
    let Err(error) = api.call("folder_open", json!(id)).await else { bail!("it was written") };
    ensure!(fs::read_dir(folder)?.next().is_none(), "something is left of it");
    let view = api.call("folder_get", json!(id)).await?.value();
    ensure!(view.is_null(), "it counts as opened: {view}");
    api.close().await;
    Ok(error)
}

/// In the process on the inside: what is told of the one file of an app that was opened here, after `change` made it
/// impossible to write. In Slipway it is saved, in the folder it is as it was.
async fn unwritten(folder: &Path, change: impl FnOnce() -> Result<()>, content: &str) -> Result<Value> {
    let data = tempfile::tempdir()?;
    let api = Api::open(data.path(), crate::site::chosen(folder)).await?;
    let app = api.call("app_create", crate::site::app_draft("checkout-api", "registry.example.com")).await?.value();
    let id = app["id"].as_str().context("an app has an id")?;
    let file = api.call("config_create", file(id, "/etc/app.yml", text("a: 1\n"))).await?.value();
    api.call("folder_open", json!(id)).await?;
    change()?;
    let save = json!({ "id": file, "base": 1, "editor": "e", "content": text(content) });
    api.call("config_save", save).await?;
    let told = async {
        loop {
            let view = api.call("folder_get", json!(id)).await?.value();
            if let Some(problem) = view["problems"].as_array().and_then(|problems| problems.first()) {
                return anyhow::Ok(problem["what"].clone());
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    };
    let what = tokio::time::timeout(PATIENCE, told).await.context("nothing is told")??;
    let saved = api.call("config_file", json!({ "id": file, "group": null })).await?.value();
    ensure!(saved["content"] == text(content), "in Slipway it is saved");
    ensure!(fs::read_to_string(folder.join("checkout-api").join(PLACE))? == "a: 1\n", "the old one is whole");
    api.close().await;
    Ok(json!({ "folder": what }))
}

pub(crate) async fn made_read_only(folder: &Path) -> Result<Value> {
    let remount = || {
        let ran = std::process::Command::new("mount").args(["-o", "remount,ro"]).arg(folder).status()?;
        ensure!(ran.success(), "it is not read-only");
        Ok(())
    };
    unwritten(folder, remount, "a: 2\n").await
}

pub(crate) async fn filled(folder: &Path) -> Result<Value> {
    unwritten(folder, || Ok(()), &"x".repeat(200 * 1024)).await
}

fn made(site: &Site, mount: &str, what: &str) -> Result<Value> {
    let folder = site.file("mounted");
    fs::create_dir(&folder)?;
    on_mount(mount, what, &folder)
}

async fn made_read_only_meanwhile(site: &mut Site) -> Result<Value> {
    made(site, "mount -t tmpfs tmpfs \"$PLACE\"", "read-only")
}

async fn filled_up(site: &mut Site) -> Result<Value> {
    made(site, "mount -t tmpfs -o size=64k tmpfs \"$PLACE\"", "filled")
}

/// What two files of an app hold, once the first holds this.
async fn once_it_holds(site: &Site, app: &str, first: &str) -> Result<[Value; 2]> {
    site.eventually("the edits to be taken", async || {
        let tree = site.api.call("config_tree", json!(app)).await?.value();
        let mut contents = Vec::new();
        for file in tree["files"].as_array().context("files")? {
            let view = site.api.call("config_file", json!({ "id": file["id"], "group": null })).await?.value();
            contents.push(view["content"]["text"].clone());
        }
        let contents: [Value; 2] = contents.try_into().ok().context("two files")?;
        Ok((contents[0] == first).then_some(contents))
    })
    .await
}

/// Two files with each other's names: two changes, and no file more or less.
async fn swapped_by_rename(site: &mut Site) -> Result<Value> {
    let app = app(site).await?;
    site.call("config_create", file(&app, "/etc/other.yml", text("b: 2\n"))).await?;
    site.choose(Some(&site.file("")));
    site.call("folder_open", json!(app)).await?;
    let (one, other) = (site.file("checkout-api").join(PLACE), site.file("checkout-api/config/_root/etc/other.yml"));
    let aside = site.file("aside");
    fs::rename(&one, &aside)?;
    fs::rename(&other, &one)?;
    fs::rename(&aside, &other)?;
    let [one, other] = once_it_holds(site, &app, "b: 2\n").await?;
    let view = site.call("folder_get", json!(app)).await?;
    ensure!(view["problems"] == json!([]) && view["strangers"] == json!([]), "{view}");
    Ok(json!({ "answer": { "/etc/app.yml": one, "/etc/other.yml": other } }))
}

/// Slipway saves all the time and writes it there, and somebody types beside it: nothing of theirs is lost, and nothing
/// half is read.
async fn edited_in_an_export(site: &mut Site) -> Result<Value> {
    let app = app(site).await?;
    let other = site.call("config_create", file(&app, "/etc/other.yml", text("0\n"))).await?;
    site.choose(Some(&site.file("")));
    site.call("folder_open", json!(app)).await?;
    let place = site.file("checkout-api").join(PLACE);
    for round in 1..=20 {
        let content = text(&format!("{round}\n").repeat(20_000));
        site.call("config_save", json!({ "id": other, "base": round, "editor": "e", "content": content })).await?;
        fs::write(&place, format!("typed {round}\n"))?;
    }
    let [typed, _] = once_it_holds(site, &app, "typed 20\n").await?;
    let there = site.file("checkout-api/config/_root/etc/other.yml");
    site.eventually("the last save in the folder", async || {
        Ok((fs::read_to_string(&there)? == "20\n".repeat(20_000)).then_some(()))
    })
    .await?;
    let view = site.call("folder_get", json!(app)).await?;
    ensure!(view["conflicts"] == json!([]) && view["problems"] == json!([]), "{view}");
    Ok(json!({ "answer": { "/etc/app.yml": typed } }))
}

fn on(site: &Site, mount: &str) -> Result<Value> {
    let folder = site.file("mounted");
    fs::create_dir(&folder)?;
    let mut met = site.error(&on_mount::<ApiError>(mount, "folder", &folder)?)?;
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
