//! Two computers with the same app on one release: one is killed in the middle of a batch, the other takes over.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_tests::ground::{Ground, in_steps};
use slipway_tests::window::{By, Window, button, heading, role};

/// Long enough for the first batch to be killed in.
const READY_SECONDS: &str = "15";

/// Opens the page of the newest release of the group.
async fn release(window: &Window, ground: &Ground, seq: u64) -> Result<()> {
    let query =
        json!({ "app": ground.app, "last": false, "group": ground.group, "before": null, "narrow": null, "limit": 1 });
    let newest = slipway_tests::window::eventually(format!("r{seq} in the history"), async || {
        let page = window.call("release_list", &query).await?;
        Ok((page["rows"][0]["seq"] == seq).then(|| page["rows"][0]["id"].clone()))
    })
    .await?;
    let id = newest.as_str().context("it has an id")?;
    window.go(&format!("/app/{}/releases/{id}", ground.app)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_windows_on_one_release_one_is_killed_and_the_other_takes_over() -> Result<()> {
    let ground = Ground::new("window-two", |draft| {
        in_steps(draft, 2, "1", "0", &["1"]);
        draft.strategy.min_ready_seconds = READY_SECONDS.into();
    })
    .await?;
    ground.release("v1").await?;
    ground.colleague("Chen Wei").await?.close().await;
    ground.engine.close().await;
    let first = Window::open(&ground.data_dir(), &[]).await?;
    let second = Window::open(&ground.folder().join("Chen Wei"), &[]).await?;
    for window in [&first, &second] {
        window.find(&heading("Overview")).await?;
    }

    let plan = first.call("release_plan", &json!({ "group": ground.group, "image": "v2" })).await?;
    first.call("release_start", &json!({ "plan": plan["hash"], "note": "" })).await?;
    release(&first, &ground, 2).await?;
    first.find(&button("Pause")).await?;
    release(&second, &ground, 2).await?;
    // The colleague sees it move, and who moves it, and cannot interfere.
    second.sees("drives it.").await?;
    second.find_none(&button("Pause")).await?;
    first.kill().await?;

    second.sees("Nobody drives this release.").await?;
    let hand = Hand::Keyboard;
    hand.activate(&second, &button("Take over")).await?;
    let go_on: By = By::containing("button", "Continue: batch 2");
    second.find(&go_on).await?;
    second.sees("Taken over").await?;
    let live = ground.deployment().await?;
    ensure!(live["spec"]["paused"] == true, "it rests: {live:#}");
    hand.activate(&second, &go_on).await?;

    // Whoever comes back has missed nothing, and only watches.
    let back = Window::open(&ground.data_dir(), &[]).await?;
    release(&back, &ground, 2).await?;
    for window in [&second, &back] {
        let done = By::containing("listitem", "Succeeded").within(role("list", "Timeline"));
        window.find(&done).await?;
    }
    let told: Vec<Value> =
        ground.records().await?.iter().map(|one| one["metadata"]["labels"]["slipway.dev/status"].clone()).collect();
    ensure!(told == ["succeeded", "succeeded"], "{told:?}");
    second.quit().await?;
    back.quit().await?;
    ground.close().await
}
