//! Back to a version, in the window: found in the history, told what goes back, done, and kept in the history as that.

use anyhow::{Result, ensure};
use slipway_cluster::Kind;
use slipway_engine::config::{ConfigCreate, ConfigSave, FileContent};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};

const FILE: &str = "/etc/checkout/application.yaml";

fn content(pool: &str) -> FileContent {
    FileContent::Text { text: format!("pool: {pool}\n") }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_release_comes_back_with_its_files_by_a_few_clicks() -> Result<()> {
    let ground = Ground::new("window-back", |draft| draft.image = "v1".into()).await?;
    let create = ConfigCreate {
        app: ground.app.clone(),
        group: Some(ground.group.clone()),
        path: FILE.into(),
        content: content("20"),
        literal: false,
        sensitive: false,
    };
    let id = ground.engine.config_create(&create).await?;
    let first = ground.release("v1").await?;
    let save = ConfigSave { id, base: 1, editor: "test".into(), content: content("32") };
    ground.engine.config_save(&save).await?;
    let second = ground.release("v2").await?;
    ensure!(second.row.state == ReleaseState::Succeeded, "{second:#?}");
    ground.engine.close().await;

    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/releases?show=all&open={}", ground.app, first.id)).await?;
    window.click(&button("Roll back to this version…")).await?;
    let dialog = By::containing("dialog", "Roll back prod to r1");
    let inside = |by: By| by.within(dialog.clone());
    eventually("what goes back", async || {
        let text = window.text(&dialog).await?;
        let told = ["v2 r2", "v1 r1", "What else changed since r1", FILE, "sha256:"];
        Ok(told.iter().all(|part| text.contains(part)).then_some(()))
    })
    .await?;
    window.fill(&inside(textbox("Note")), "orders without address").await?;
    window.click(&inside(button("Roll back prod"))).await?;

    window.find(&By::containing("listitem", "Succeeded").within(role("list", "Stages"))).await?;
    window.sees("rollback to r1").await?;
    window.sees("orders without address").await?;
    let template = &ground.deployment().await?["spec"]["template"]["spec"];
    ensure!(template["containers"][0]["image"] == first.image.as_str(), "{template}");
    let file = template["volumes"][0]["configMap"]["name"].as_str().unwrap_or_default();
    let map = ground.owner.connection.get(Kind::ConfigMap, file).await?;
    ensure!(map.as_ref().is_some_and(|map| map["data"]["content"] == "pool: 20\n"), "{map:?}");

    // The draft is as it was: newer than what runs.
    window.go(&format!("/app/{}/releases", ground.app)).await?;
    window.find(&By::containing("row", "rollback to r1")).await?;
    window.go(&format!("/app/{}/groups/{}", ground.app, ground.group)).await?;
    window.sees("1 change waits for a release").await?;
    window.quit().await?;
    ground.close().await
}
