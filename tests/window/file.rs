//! Files of a container in the dock, by keys alone: walked through, one brought here, others put there.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use sha2::{Digest as _, Sha256};
use slipway_tests::ground::{Ground, PATIENCE};
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};
use std::fs;
use std::path::Path;

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
    let window = Window::open(&ground.data_dir(), &[]).await?;
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

    has_keyboard(&window, "brought").await?;
    window.press("Backspace").await?;
    window.find(&role("grid", "Files in /tmp")).await?;
    has_keyboard(&window, "box").await?;
    HAND.was_used_alone(&window).await?;

    // The pod goes, and what was listed stays.
    ground.owner.connection.delete(slipway_cluster::Kind::Pod, &pod).await?;
    window.sees("The pod is gone.").await?;
    window.find(&By::containing("row", "zero").within(role("grid", "Files in /tmp"))).await?;
    ensure!(window.console_errors()?.is_empty(), "{:?}", window.console_errors()?);
    window.quit().await?;
    ground.close().await
}

/// The same bytes in a file of this computer and in one of the container.
async fn is_there(ground: &Ground, pod: &str, here: &Path, there: &str) -> Result<()> {
    let digest = slipway_model::hex::hex(&Sha256::digest(fs::read(here)?));
    eventually(format!("{there} to be whole"), async || {
        Ok(sh(ground, pod, &format!("sha256sum {there}")).await?.starts_with(&digest).then_some(()))
    })
    .await
}

/// The files of a pod in the window, in a folder with one file.
struct Scene {
    ground: Ground,
    pod: String,
    window: Window,
    list: By,
}

impl Scene {
    async fn new(word: &str) -> Result<Self> {
        let ground = Ground::new(word, |draft| draft.count = "1".into()).await?;
        ground.release("v1").await?;
        let pods = Pods::of(&ground).await?;
        let pod = name(&pods.only("prod").await?).to_owned();
        pods.close();
        sh(&ground, &pod, "mkdir -p /tmp/box && echo old >/tmp/box/taken").await?;
        ground.engine.close().await;
        let window = Window::open(&ground.data_dir(), &[]).await?;
        window.find(&heading("Overview")).await?;
        window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
        window.click(&button(&format!("Files of {}", &pod[pod.len() - 5..]))).await?;
        HAND.write(&window, &textbox("Path"), "/tmp/box").await?;
        window.press("Enter").await?;
        let list = role("grid", "Files in /tmp/box");
        window.find(&list).await?;
        Ok(Self { ground, pod, window, list })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_put_there_from_a_dialog() -> Result<()> {
    let Scene { ground, pod, window, list } = Scene::new("window-upload").await?;
    has_keyboard(&window, "taken").await?;
    HAND.watched(&window).await?;

    // Several pieces of what can not be told from one another, and an end that is no full piece.
    let chosen = ground.folder().join("chosen.bin");
    fs::write(&chosen, (0..=250).cycle().take(5_000_003).collect::<Vec<u8>>())?;
    window.press("Control+u").await?;
    window.answer_dialog(&chosen.to_string_lossy()).await?;
    window.find(&By::containing("row", "chosen.bin").within(list)).await?;
    is_there(&ground, &pod, &chosen, "/tmp/box/chosen.bin").await?;

    HAND.was_used_alone(&window).await?;
    ensure!(!sh(&ground, &pod, "ls -A /tmp/box").await?.contains(".part"), "no part is left");
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_program_drags_over_the_list_is_put_there() -> Result<()> {
    let Scene { ground, pod, window, list } = Scene::new("window-drop").await?;

    // A name that no address has as it is, and a folder.
    let (file, folder) = (ground.folder().join("日志 1.txt"), ground.folder().join("inner"));
    fs::write(&file, "dropped\n")?;
    fs::create_dir(&folder)?;
    fs::write(folder.join("deep"), "deep\n")?;
    let drag = window.drag(&[file.clone(), folder.clone()], &list).await?;
    window.sees("Drop to upload into /tmp/box").await?;
    drag.release().await?;
    window.find(&By::containing("row", "日志 1.txt").within(list.clone())).await?;
    window.find(&By::containing("row", "inner").within(list)).await?;
    is_there(&ground, &pod, &file, "'/tmp/box/日志 1.txt'").await?;
    is_there(&ground, &pod, &folder.join("deep"), "/tmp/box/inner/deep").await?;
    window.sees_no_more("Drop to upload").await?;
    ensure!(!sh(&ground, &pod, "ls -A /tmp/box").await?.contains(".part"), "no part is left");
    window.quit().await?;
    ground.close().await
}
