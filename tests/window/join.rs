//! Somebody new on an empty computer: links the cluster, joins the app of their colleagues, and has its groups, files and
//! history, without what is sensitive.

use anyhow::{Result, ensure};
use secrecy::ExposeSecret;
use serde_json::Value;
use slipway_engine::config::{ConfigCreate, ConfigSave, FileContent, KeySet, ValueSet};
use slipway_model::cluster::Role;
use slipway_model::config::Value as KeyValue;
use slipway_model::id::FileId;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, heading, link, role};
use std::time::Duration;

const FILE: &str = "/etc/checkout/application.yaml";
const TOKEN: &str = "hunter2-nobody-else-knows";

fn content(text: &str) -> FileContent {
    FileContent::Text { text: text.to_owned() }
}

/// Two releases of a group, with a file in two versions and a value that only one computer knows.
async fn released(ground: &Ground) -> Result<FileId> {
    let engine = &ground.engine;
    let create = ConfigCreate {
        app: ground.app.clone(),
        group: None,
        path: FILE.into(),
        content: content("pool: 20\ntoken: {{token}}\n"),
        literal: false,
        sensitive: false,
    };
    let id = engine.config_create(&create).await?;
    engine.key_set(&KeySet { app: ground.app.clone(), key: "token".into(), sensitive: true }).await?;
    let value = Some(KeyValue::Plain(TOKEN.into()));
    engine.value_set(&ValueSet { app: ground.app.clone(), key: "token".into(), group: None, value }).await?;
    ground.release("v1").await?;
    let content = content("pool: 60\ntoken: {{token}}\n");
    engine.config_save(&ConfigSave { id: id.clone(), base: 1, editor: "test".into(), content }).await?;
    ground.release("v2").await?;
    Ok(id)
}

/// From the first run to a linked cluster.
async fn link_cluster(window: &Window, ground: &Ground) -> Result<()> {
    let code = ground.owner.code("practice", Role::Manager, Duration::from_hours(1)).await?;
    window.click(&link("Link cluster…")).await?;
    window.find(&role("dialog", "Link a cluster")).await?;
    window.desktop().copy(code.expose_secret())?;
    window.click(&button("Paste")).await?;
    window.click(&button("Link practice")).await?;
    window.find_none(&role("dialog", "Link a cluster")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_an_empty_computer_an_app_is_joined_with_its_groups_files_and_history() -> Result<()> {
    let ground = Ground::new("window-join", |draft| draft.count = "1".into()).await?;
    let file = released(&ground).await?;
    ground.engine.close().await;
    let folder = ground.folder().join("newcomer");
    let window = Window::open(&folder, &[]).await?;
    link_cluster(&window, &ground).await?;

    window.sees("1 app of colleagues is in practice").await?;
    window.click(&button("Join…")).await?;
    let dialog = By::containing("dialog", "practice is linked.");
    let inside = |by: By| by.within(dialog.clone());
    let row = inside(By::containing("row", "checkout-api"));
    for fact in ["2 releases", "prod", "r2 · v2", "1/1"] {
        window.find(&By::containing("row", fact).within(dialog.clone())).await?;
    }
    ensure!(window.text(&row).await?.contains("checkout-api"));
    window.sees("1 sensitive value: token.").await?;
    window.click(&inside(button("Join 1 app"))).await?;
    window.find_none(&dialog).await?;
    window.sees("1 app joined").await?;
    window.sees_no_more("1 app of colleagues").await?;

    // Its group, and that the pods of it are seen.
    window.go(&format!("/app/{}/groups", ground.app)).await?;
    window.find(&heading("Groups")).await?;
    window.find(&By::containing("row", "prod")).await?;
    window.sees("v2").await?;
    // Its files, with both versions.
    window.go(&format!("/app/{}/config?open={file}", ground.app)).await?;
    window.sees("pool: 60").await?;
    window.sees("2 versions").await?;
    // Its history: who, what, how it went.
    window.go(&format!("/app/{}/releases?show=all", ground.app)).await?;
    for number in ["r1", "r2"] {
        let row = By::containing("row", number).within(role("grid", "Releases"));
        window.find(&role("gridcell", "Succeeded").within(row)).await?;
    }
    let told: Value = window.call("config_matrix", &ground.app.as_str().into()).await?;
    ensure!(!told.to_string().contains(TOKEN), "what is sensitive stays in the cluster");
    window.quit().await?;
    ground.close().await
}
