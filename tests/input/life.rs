//! Bad input around groups as a whole: environments, copies, deletions, and apps in files.

use crate::site::{Site, app_draft};
use crate::table::cases;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use slipway_tests::ground::registry;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

cases! {
    "life/clone_name_taken" => clone_name_taken,
    "life/deletion_name_wrong" => deletion_name_wrong,
    "life/environment_in_use" => environment_in_use,
    "life/environment_without_name" => environment_without_name,
    "life/import_app_is_here" => import_app_is_here,
    "life/import_bomb" => import_bomb,
    "life/import_cut_off" => import_cut_off,
    "life/import_half_a_file" => import_half_a_file,
    "life/import_hostile_path" => import_hostile_path,
    "life/import_hostile_workload" => import_hostile_workload,
    "life/import_leads_out" => import_leads_out,
    "life/import_newer" => import_newer,
    "life/import_of_something_else" => import_of_something_else,
    "life/import_piece_missing" => import_piece_missing,
    "life/import_too_large" => import_too_large,
}

async fn clone_name_taken(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let request = json!({ "group": group.id, "name": "prod", "environment": "test", "link": group.link });
    site.refused("group_clone", request).await
}

async fn deletion_name_wrong(site: &mut Site) -> Result<Value> {
    let (group, _) = site.released_group().await?;
    let plan = site.call("group_delete_plan", json!(group.id)).await?;
    let order = json!({ "group": group.id, "plan": plan["hash"], "typed": "pro" });
    site.refused("group_delete", order).await
}

async fn environment_in_use(site: &mut Site) -> Result<Value> {
    site.group().await?;
    site.refused("environment_delete", json!("prod")).await
}

async fn environment_without_name(site: &mut Site) -> Result<Value> {
    let draft = json!({ "name": { "own": { "en": " ", "zh": "" } }, "colour": "dev", "protected": false });
    site.refused("environment_save", json!({ "id": null, "draft": draft })).await
}

/// Writes an app to a file.
async fn export(site: &mut Site) -> Result<PathBuf> {
    let app = site.call("app_create", app_draft("checkout-api", &registry()?)).await?;
    let file = site.file("checkout-api.zip");
    site.choose(Some(&file));
    site.call("app_export", app["id"].clone()).await?;
    site.call("app_delete", app["id"].clone()).await?;
    Ok(file)
}

/// An export with some parts changed, added, or left out.
async fn changed(site: &mut Site, change: impl Fn(&mut Vec<(String, Vec<u8>)>)) -> Result<PathBuf> {
    let file = export(site).await?;
    let mut zip = ZipArchive::new(File::open(&file)?)?;
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at)?;
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes)?;
        parts.push((String::from_utf8_lossy(part.name_raw()).into_owned(), bytes));
    }
    change(&mut parts);
    let mut zip = ZipWriter::new(File::create(&file)?);
    for (name, bytes) in parts {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(&bytes)?;
    }
    zip.finish()?;
    Ok(file)
}

async fn import(site: &mut Site, file: &Path) -> Result<Value> {
    site.choose(Some(file));
    site.refused("app_import", Value::Null).await
}

async fn import_app_is_here(site: &mut Site) -> Result<Value> {
    let file = export(site).await?;
    site.call("app_create", app_draft("checkout-api", &registry()?)).await?;
    import(site, &file).await
}

async fn import_bomb(site: &mut Site) -> Result<Value> {
    let zeros = vec![b' '; 64 * 1024 * 1024 + 1];
    let file = changed(site, |parts| {
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name == "groups.json") {
            bytes.clone_from(&zeros);
        }
    })
    .await?;
    import(site, &file).await
}

async fn import_cut_off(site: &mut Site) -> Result<Value> {
    let file = changed(site, |parts| {
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name == "groups.json") {
            bytes.truncate(1);
        }
    })
    .await?;
    import(site, &file).await
}

async fn import_half_a_file(site: &mut Site) -> Result<Value> {
    let file = export(site).await?;
    let half = std::fs::metadata(&file)?.len() / 2;
    File::options().write(true).open(&file)?.set_len(half)?;
    import(site, &file).await
}

async fn import_piece_missing(site: &mut Site) -> Result<Value> {
    let file = changed(site, |parts| parts.retain(|(name, _)| name != "values.json")).await?;
    import(site, &file).await
}

/// An export with one part that somebody wrote by hand.
async fn written(site: &mut Site, part: &str, json: &Value) -> Result<Value> {
    let file = changed(site, |parts| {
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name == part) {
            *bytes = json.to_string().into_bytes();
        }
        parts.push(("files/0.json".to_owned(), br#"{"kind":"text","value":""}"#.to_vec()));
    })
    .await?;
    import(site, &file).await
}

async fn import_hostile_path(site: &mut Site) -> Result<Value> {
    let file = json!({ "id": "f", "group": null, "path": "/../etc/passwd", "literal": false, "sensitive": false });
    written(site, "files.json", &json!([file])).await
}

async fn import_hostile_workload(site: &mut Site) -> Result<Value> {
    let group = json!({ "id": "g", "draft": crate::site::group_draft("l"), "workload": "../../secrets/token" });
    written(site, "groups.json", &json!([group])).await
}

async fn import_leads_out(site: &mut Site) -> Result<Value> {
    let file = changed(site, |parts| parts.push(("../../.bashrc".to_owned(), b"true".to_vec()))).await?;
    import(site, &file).await
}

async fn import_newer(site: &mut Site) -> Result<Value> {
    let file = changed(site, |parts| {
        for (_, bytes) in parts.iter_mut().filter(|(name, _)| name == "slipway.json") {
            let mut manifest: Value = serde_json::from_slice(bytes).unwrap_or_default();
            manifest["format"] = json!(9);
            manifest["reader"] = json!(9);
            *bytes = manifest.to_string().into_bytes();
        }
    })
    .await?;
    import(site, &file).await
}

async fn import_of_something_else(site: &mut Site) -> Result<Value> {
    let file = site.file("holiday.zip");
    let mut zip = ZipWriter::new(File::create(&file)?);
    zip.start_file("holiday.jpg", SimpleFileOptions::default())?;
    zip.finish()?;
    import(site, &file).await
}

async fn import_too_large(site: &mut Site) -> Result<Value> {
    let file = site.file("huge.zip");
    // A hole: it takes no room on the disk.
    File::create(&file)?.set_len(256 * 1024 * 1024 + 1).context("make a large file")?;
    import(site, &file).await
}
