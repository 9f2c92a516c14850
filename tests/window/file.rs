//! Files of a container in the dock, by keys alone: walked through, one brought here, others put there.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use slipway_tests::ground::{Ground, PATIENCE};
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::{By, Desktop, Window, button, eventually, heading, role, textbox};
use std::fs;

const HAND: Hand = Hand::Keyboard;

/// What a command in the pod's container writes.
async fn sh(ground: &Ground, pod: &str, script: &str) -> Result<String> {
    let session = ground.session().await?;
    let command = ["sh", "-c", script].map(str::to_owned);
    let ran = session.run(pod, "app", &command, 1 << 16, PATIENCE).await?.context("it does not end")?;
    session.stop();
    let output = String::from_utf8_lossy(&ran.output).into_owned();
    ensure!(ran.exit == 0, "{script} ends with {}: {output}", ran.exit);
    Ok(output)
}

async fn has_keyboard(window: &Window, row: &str) -> Result<()> {
    let row = By::containing("row", row);
    eventually(format!("{row} to have the keyboard"), async || Ok(window.has_focus(&row).await?.then_some(()))).await
}

#[tokio::test(flavor = "multi_thread")]
async fn folders_are_walked_and_a_file_is_brought_here_by_keys() -> Result<()> {
    let ground = Ground::new("window-file", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = name(&pods.only("prod").await?).to_owned();
    pods.close();
    sh(&ground, &pod, "mkdir -p /tmp/box/inner; echo brought >/tmp/box/brought; echo x >/tmp/zero").await?;
    ground.engine.close().await;
    let desktop = Desktop::start().await?;
    let (told, opener) = (desktop.notifications().await?, desktop.opener()?);
    let window = desktop.open(&ground.data_dir(), &[("PATH", opener.path())]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    HAND.watched(&window).await?;

    let end = &pod[pod.len() - 5..];
    HAND.activate(&window, &button(&format!("Files of {end}"))).await?;
    // Where commands of the image begin.
    window.find(&role("grid", "Files in /app")).await?;
    window.sees("tar over exec · as user root").await?;

    let path = textbox("Path");
    HAND.write(&window, &path, "/tmp").await?;
    window.press("Enter").await?;
    window.find(&role("grid", "Files in /tmp")).await?;
    has_keyboard(&window, "box").await?;
    window.press("Enter").await?;
    window.find(&role("grid", "Files in /tmp/box")).await?;
    has_keyboard(&window, "inner").await?;
    window.press("Down").await?;
    has_keyboard(&window, "brought").await?;

    let here = ground.folder().join("brought");
    window.press("Control+d").await?;
    window.answer_dialog(&here.to_string_lossy()).await?;
    window.sees("digest compared").await?;
    ensure!(fs::read_to_string(&here)? == "brought\n");
    // The dialog took the keyboard: whoever has begun it looks elsewhere, and is told.
    let first = told.number(0).await?;
    ensure!(first.title == "Downloaded brought" && first.text.contains(&*here.to_string_lossy()), "{first:?}");
    told.click(0).await?;
    eventually("the window to be in front", async || Ok(window.has_keyboard().await?.then_some(()))).await?;

    has_keyboard(&window, "brought").await?;
    window.press("Backspace").await?;
    window.find(&role("grid", "Files in /tmp")).await?;
    has_keyboard(&window, "box").await?;
    HAND.activate(&window, &button("Open the folder of brought")).await?;
    let shown = opener.number(0).await?;
    ensure!(fs::canonicalize(&shown)? == fs::canonicalize(ground.folder())?, "{shown}");
    fs::remove_file(&here)?;
    window.press("Enter").await?;
    window.sees("does not exist any more").await?;
    HAND.was_used_alone(&window).await?;

    // The pod goes, and what was listed stays.
    ground.owner.connection.delete(slipway_cluster::Kind::Pod, &pod).await?;
    window.sees("The pod is gone.").await?;
    window.find(&By::containing("row", "zero").within(role("grid", "Files in /tmp"))).await?;
    ensure!(window.console_errors()?.is_empty(), "{:?}", window.console_errors()?);
    window.quit().await?;
    ground.close().await
}
