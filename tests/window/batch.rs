//! A release in batches as a person does it: an image chosen from the artifacts, the plan confirmed, each batch approved,
//! and another aborted in its second batch.

use anyhow::{Result, ensure};
use serde_json::Value;
use slipway_tests::ground::{Ground, in_steps};
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};

/// From the tag in the artifacts to the page of its release.
async fn deploy(window: &Window, ground: &Ground, tag: &str) -> Result<()> {
    window.go(&format!("/app/{}/artifacts", ground.app)).await?;
    window.click(&role("gridcell", tag)).await?;
    window.find(&heading(tag)).await?;
    window.click(&By::containing("link", "Deploy")).await?;
    window.click(&By::containing("checkbox", "prod")).await?;
    window.fill(&textbox("Note"), &format!("try {tag}")).await?;
    let action = By::containing("button", "Deploy to prod");
    eventually("the plan to be ready", async || Ok(window.find(&action).await?.is_enabled().await?.then_some(())))
        .await?;
    // What it means for these pods, before anybody confirms it.
    window.sees("After batch 2").await?;
    window.click(&action).await?;
    let dialog = role("dialog", "Deploy to prod?");
    window.click(&By::containing("button", "Deploy to").within(dialog)).await?;
    window.find(&role("list", "Stages")).await.map(drop)
}

async fn rests(window: &Window, after: &str) -> Result<()> {
    window.sees(&format!("Rests after batch {after}")).await?;
    window.sees("You can close the lid.").await
}

async fn ends(window: &Window, how: &str) -> Result<()> {
    window.find(&By::containing("listitem", how).within(role("list", "Stages"))).await.map(drop)
}

/// Pods that each `ReplicaSet` wants, by the version in its template.
async fn wanted(ground: &Ground) -> Result<Vec<(String, u64)>> {
    let version = |set: &Value| {
        let image = set["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
        let tag = image.rsplit_once('@').map_or(image, |(tagged, _)| tagged);
        tag.rsplit_once(':').map_or(tag, |(_, tag)| tag).to_owned()
    };
    let sets = ground.active_sets().await?;
    let mut wanted: Vec<_> =
        sets.iter().map(|set| (version(set), set["spec"]["replicas"].as_u64().unwrap_or_default())).collect();
    wanted.sort();
    Ok(wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_are_approved_one_by_one_and_another_release_is_aborted_in_the_second() -> Result<()> {
    let ground = Ground::new("window-batch", |draft| in_steps(draft, 4, "1", "0", &["1", "1"])).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;

    deploy(&window, &ground, "v2").await?;
    rests(&window, "1 of 3").await?;
    ensure!(wanted(&ground).await? == [("v1".into(), 3), ("v2".into(), 1)], "{:?}", wanted(&ground).await?);
    window.click(&button("Continue: batch 2, 1 pod")).await?;
    rests(&window, "2 of 3").await?;
    ensure!(wanted(&ground).await? == [("v1".into(), 2), ("v2".into(), 2)], "{:?}", wanted(&ground).await?);
    window.click(&button("Continue: batch 3, 2 pods")).await?;
    ends(&window, "Succeeded").await?;
    ensure!(wanted(&ground).await? == [("v2".into(), 4)], "{:?}", wanted(&ground).await?);
    let timeline = role("list", "Timeline");
    for told in ["Batch 2 begun", "Batch 3 begun", "Rested after batch 1"] {
        window.find(&By::containing("listitem", told).within(timeline.clone())).await?;
    }

    deploy(&window, &ground, "2.14.0").await?;
    rests(&window, "1 of 3").await?;
    window.click(&button("Continue: batch 2, 1 pod")).await?;
    rests(&window, "2 of 3").await?;
    window.click(&button("Abort, back to v2…")).await?;
    let dialog = By::containing("dialog", "Abort r3 on prod?");
    window.click(&button("Abort, back to v2").within(dialog)).await?;
    ends(&window, "Aborted").await?;
    ensure!(wanted(&ground).await? == [("v2".into(), 4)], "{:?}", wanted(&ground).await?);
    let live = ground.deployment().await?;
    ensure!(
        live["spec"]["paused"].is_null() && live["spec"]["strategy"]["rollingUpdate"]["maxUnavailable"] == 0,
        "{live:#}"
    );

    // What runs where, and what was released, is said of the tags.
    window.go(&format!("/app/{}/artifacts?open=v2", ground.app)).await?;
    window.sees("4 of 4").await?;
    window.quit().await?;
    ground.close().await
}
