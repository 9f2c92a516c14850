//! What is done to a group as a whole, without a pointer: cloned, stopped, started, exported, deleted, had back.

use crate::hand::{Hand, arrow_to, command, tab_into};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};
use std::fs::File;

const HAND: Hand = Hand::Keyboard;

fn row(group: &str) -> By {
    By::containing("row", group).within(role("grid", "Groups"))
}

/// Waits until the list says this of a group.
async fn is(window: &Window, group: &str, state: &str) -> Result<()> {
    window.find(&By::containing("gridcell", state).within(row(group))).await?;
    Ok(())
}

async fn groups(window: &Window) -> Result<()> {
    command(window, "Command palette", "Groups").await?;
    window.find(&role("grid", "Groups")).await?;
    Ok(())
}

/// Comes to the row of a group: with Tab into the list, with arrows within it.
async fn at(window: &Window, list: &str, group: &str) -> Result<()> {
    let any = By::any("row").within(role("grid", list));
    let row = By::containing("row", group).within(role("grid", list));
    window.find(&row).await?;
    tab_into(window, &any).await?;
    window.press("Home").await?;
    arrow_to(window, "Down", &row).await
}

async fn take(window: &Window, group: &str, entry: &str) -> Result<()> {
    at(window, "Groups", group).await?;
    HAND.take(window, &button(&format!("Actions of {group}")), &role("menuitem", entry)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_cloned_stopped_started_deleted_and_restored_by_keys() -> Result<()> {
    let ground = Ground::new("window-life", |draft| draft.note = "Ask Li Hua first".into()).await?;
    let released = ground.release("v1").await?;
    ensure!(released.row.state == ReleaseState::Succeeded, "{released:#?}");
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/groups", ground.app)).await?;
    HAND.watched(&window).await?;

    // A name that is taken is refused where it is typed.
    take(&window, "prod", "Clone to…").await?;
    let dialog = role("dialog", "Clone prod to …");
    let field = |name| textbox(name).within(dialog.clone());
    HAND.write(&window, &field("Name"), "prod").await?;
    window.press("Enter").await?;
    window.find(&role("textbox", "Name").within(dialog.clone())).await?;
    eventually("the name to be refused", async || {
        Ok((window.find(&field("Name")).await?.attr("aria-invalid").await?.as_deref() == Some("true")).then_some(()))
    })
    .await?;
    HAND.write(&window, &field("Name"), "copy").await?;
    let environment = role("combobox", "Environment").within(dialog.clone());
    HAND.choose(&window, &environment, &role("option", "Staging")).await?;
    HAND.activate(&window, &button("Clone").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find(&By::containing("heading", "copy")).await?;
    let id = window.route().await?.rsplit('/').next().context("the clone is in front")?.to_owned();
    let of = async |id: &str| anyhow::Ok(window.call("group_get", &json!(id)).await?["draft"].clone());
    let (mut clone, source) = (of(&id).await?, of(ground.group.as_str()).await?);
    ensure!(clone["name"] == "copy" && clone["environment"] != source["environment"], "{clone}");
    for part in ["name", "environment"] {
        clone[part] = source[part].clone();
    }
    ensure!(clone == source, "everything else is as in the source: {clone} and {source}");

    groups(&window).await?;
    is(&window, "copy", "Draft").await?;
    take(&window, "prod", "Stop…").await?;
    let dialog = role("dialog", "Stop prod?");
    HAND.activate(&window, &button("Stop prod").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    is(&window, "prod", "Scaled to 0").await?;
    ensure!(ground.deployment().await?["spec"]["replicas"] == 0);
    take(&window, "prod", "Start").await?;
    is(&window, "prod", "2/2").await?;

    // Never released: goes from this computer, and nothing has to be typed.
    at(&window, "Groups", "copy").await?;
    HAND.activate(&window, &button("Delete: copy")).await?;
    let dialog = role("dialog", "Delete copy?");
    HAND.activate(&window, &button("Delete group").within(dialog.clone())).await?;
    window.find_none(&row("copy")).await?;
    window.press("Escape").await?;

    // Pods run, and the environment is protected: the whole name, and nothing less.
    at(&window, "Groups", "prod").await?;
    HAND.activate(&window, &button("Delete: prod")).await?;
    let dialog = role("dialog", "Delete prod?");
    let typed = textbox("Type prod to confirm").within(dialog.clone());
    let delete = button("Delete group").within(dialog.clone());
    // A dialog that opens takes the keyboard.
    let any = By::any("button").within(dialog.clone());
    eventually("the keyboard in the dialog", async || {
        Ok((window.has_focus(&any).await? || window.has_focus(&typed).await?).then_some(()))
    })
    .await?;
    HAND.write(&window, &typed, "pro").await?;
    window.press("Enter").await?;
    ensure!(!window.find(&delete).await?.is_enabled().await? || is_off(&window, &delete).await?);
    HAND.write(&window, &typed, "prod").await?;
    HAND.activate(&window, &delete).await?;
    eventually("the Deployment to go", async || {
        let live = ground.owner.connection.get(Kind::Deployment, "checkout-api-prod").await?;
        Ok(live.is_none().then_some(()))
    })
    .await?;
    window.sees("prod is deleted").await?;
    window.press("Escape").await?;
    ensure!(ground.records().await?.len() == 1, "the history stays");

    // Nothing else is left: the deleted groups are shown by themselves.
    let deleted = role("grid", "Deleted");
    for group in ["copy", "prod"] {
        window.find(&By::containing("row", group).within(deleted.clone())).await?;
    }
    // Written before anything went: the group as it was.
    let listed = window.call("group_deleted", &json!(ground.app)).await?;
    let listed = listed.as_array().into_iter().flatten().find(|one| one["name"] == "prod").context("it is listed")?;
    let export = zip::ZipArchive::new(File::open(listed["export"].as_str().context("its export is named")?)?)?;
    ensure!(!export.is_empty(), "it holds the group");

    at(&window, "Deleted", "prod").await?;
    HAND.activate(&window, &button("Restore group: prod")).await?;
    window.sees("prod is here again").await?;
    window.find(&row("prod")).await?;
    ensure!(of(ground.group.as_str()).await? == source, "it is as it was");
    HAND.pick(&window, &role("radiogroup", "Which groups"), &By::containing("radio", "Deleted")).await?;
    window.find(&By::containing("row", "copy").within(deleted.clone())).await?;
    window.find_none(&By::containing("row", "prod").within(deleted)).await?;
    HAND.was_used_alone(&window).await?;
    window.quit().await?;
    ground.close().await
}

async fn is_off(window: &Window, by: &By) -> Result<bool> {
    Ok(window.find(by).await?.attr("aria-disabled").await?.as_deref() == Some("true"))
}
