//! The config files of an app as a folder, in which any editor works.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_tests::window::{By, Desktop, Window, button, eventually, role};
use std::fs;
use std::path::Path;

const TEMPLATE: &str = "db:\n  host: {{db.host}}\n";
const EDITED: &str = "db:\n  host: {{db.host}}\n  port: 3306\n";
const OURS: &str = "db:\n  host: {{db.host}}\n  port: 3307\n";
const THEIRS: &str = "db:\n  host: {{db.host}}\n  port: 3308\n";

/// Saves as editors do: beside it first, and renamed then.
fn edit(file: &Path, content: &str) -> Result<()> {
    let beside = file.with_extension("swp");
    fs::write(&beside, content)?;
    fs::rename(&beside, file).with_context(|| format!("save {}", file.display()))
}

async fn content(window: &Window, file: &Value) -> Result<Value> {
    window.call("config_file", &json!({ "id": file, "group": null })).await
}

async fn holds(window: &Window, file: &Value, wanted: &str) -> Result<()> {
    eventually(format!("Slipway to hold {wanted:?}"), async || {
        Ok((content(window, file).await?["content"]["text"] == wanted).then_some(()))
    })
    .await
}

async fn stands(file: &Path, wanted: &str) -> Result<()> {
    eventually(format!("{} to be {wanted:?}", file.display()), async || {
        Ok((fs::read_to_string(file)? == wanted).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_editor_does_in_the_folder_comes_back_as_a_draft() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let draft = json!({ "slug": "shop", "title": "shop", "repository": "", "deploy_path": "/export/app/" });
    let app = window.call("app_create", &draft).await?["id"].clone();
    let typed = json!({ "kind": "text", "text": TEMPLATE });
    let create = json!({ "app": app, "group": null, "path": "conf/app.yaml", "content": typed });
    let id = window.call("config_create", &create).await?;

    let chosen = desktop.home().join("Work-1");
    fs::create_dir(&chosen)?;
    window.go(&format!("/app/{}/config", app.as_str().context("an id")?)).await?;
    window.click(&button("Open as folder")).await?;
    window.answer_dialog(&chosen.to_string_lossy()).await?;
    let dialog = role("dialog", "Open as a folder");
    window.sees("1 file on both sides").await?;
    let root = chosen.join("shop");
    let file = root.join("config/conf/app.yaml");
    stands(&file, TEMPLATE).await?;

    edit(&file, EDITED)?;
    holds(&window, &id, EDITED).await?;
    let changed = By::any("figure").within(dialog.clone());
    eventually("the change in the dialog", async || {
        Ok(window.text(&changed).await?.contains("port: 3306").then_some(()))
    })
    .await?;

    // Deleting there deletes nothing here; and what both sides changed meanwhile waits for a decision.
    fs::remove_file(&file)?;
    window.sees("Deleted in the folder. In Slipway it is as it was.").await?;
    let save = json!({
        "id": id, "base": content(&window, &id).await?["revision"], "editor": "test",
        "content": { "kind": "text", "text": OURS },
    });
    window.call("config_save", &save).await?;
    edit(&file, THEIRS)?;
    window.sees("1 file changed on both sides").await?;
    for line in ["port: 3306", "port: 3307", "port: 3308"] {
        ensure!(window.text(&dialog).await?.contains(line), "the dialog shows {line}");
    }
    stands(&file, THEIRS).await?;
    holds(&window, &id, OURS).await?;
    window.click(&button("Take the folder's").within(dialog.clone())).await?;
    holds(&window, &id, THEIRS).await?;
    window.sees_no_more("changed on both sides").await?;

    // A file that somebody puts there is taken when a person says so.
    fs::write(root.join("config/extra.txt"), "more\n")?;
    window.sees("In the folder, not in Slipway").await?;
    window.click(&button("Add").within(dialog.clone())).await?;
    window.sees("2 files on both sides").await?;

    fs::remove_dir_all(&root)?;
    window.sees("The folder is gone").await?;
    window.click(&button("Write again").within(dialog.clone())).await?;
    stands(&file, THEIRS).await?;
    stands(&root.join("config/extra.txt"), "more\n").await?;

    window.click(&button("Follow no more").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find(&button("Open as folder")).await?;
    ensure!(file.is_file(), "the files on the disk stay");
    window.quit().await
}
