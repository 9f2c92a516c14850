//! Files of this computer that become config files: looked at first, then written together.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_tests::window::{By, Desktop, button, eventually, role, textbox};
use std::fs::File;
use std::io::Write;
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

fn archive(path: &Path, files: &[(&str, &[u8])]) -> Result<()> {
    let mut zip = ZipWriter::new(File::create(path)?);
    for (name, content) in files {
        zip.start_file(*name, SimpleFileOptions::default())?;
        zip.write_all(content)?;
    }
    zip.finish()?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_becomes_config_files_once_a_person_has_seen_what_is_in_it() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let draft = json!({ "slug": "shop", "title": "shop", "repository": "", "deploy_path": "/export/app/" });
    let app = window.call("app_create", &draft).await?["id"].clone();
    for (path, text) in [("conf/old.yaml", "pool: 1\n"), ("conf/same.yaml", "a: 1\n")] {
        let content = json!({ "kind": "text", "text": text });
        let create = json!({ "app": app, "group": null, "path": path, "content": content });
        window.call("config_create", &create).await?;
    }
    let zip = desktop.home().join("files.zip");
    let inside: [(&str, &[u8]); 6] = [
        ("old.yaml", b"pool: 2\n"),
        ("same.yaml", b"a: 1\n"),
        ("new.yaml", b"host: {{db.host}}\n"),
        ("logo.png", b"\x89PNG\xff\xfe"),
        ("left.txt", b"left out\n"),
        ("../outside.txt", b"nowhere\n"),
    ];
    archive(&zip, &inside)?;

    window.go(&format!("/app/{}/config", app.as_str().context("an id")?)).await?;
    window.click(&button("Import")).await?;
    let dialog = role("dialog", "Import config files");
    window.fill(&textbox("Below").within(dialog.clone()), "conf/").await?;
    window.click(&button("Choose files or a zip…").within(dialog.clone())).await?;
    window.answer_dialog(&zip.to_string_lossy()).await?;
    let list = role("list", "Files to import").within(dialog.clone());
    for (file, what) in [
        ("conf/old.yaml", "replaces the content"),
        ("conf/same.yaml", "the same already"),
        ("conf/new.yaml", "new"),
        ("conf/logo.png", "new · Not text"),
        ("outside.txt", "Not read."),
    ] {
        let row = By::containing("listitem", file).within(list.clone());
        eventually(format!("{what:?} of {file}"), async || Ok(window.text(&row).await?.contains(what).then_some(())))
            .await?;
    }
    window.click(&role("checkbox", "left.txt").within(list)).await?;
    window.click(&button("Import 3 files").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.sees("3 files are imported").await?;

    let tree = window.call("config_tree", &app).await?;
    let files = tree["files"].as_array().context("files")?;
    let paths: Vec<&str> = files.iter().filter_map(|file| file["path"].as_str()).collect();
    ensure!(paths == ["conf/logo.png", "conf/new.yaml", "conf/old.yaml", "conf/same.yaml"], "{paths:?}");
    let old = files.iter().find(|file| file["path"] == "conf/old.yaml").context("it is there")?;
    let view = window.call("config_file", &json!({ "id": old["id"], "group": null })).await?;
    ensure!(view["content"]["text"] == "pool: 2\n", "{view}");
    let versions = window.call("config_versions", &old["id"]).await?;
    ensure!(versions.as_array().is_some_and(|all| all.len() >= 2), "what it was stays: {versions}");
    window.quit().await
}
