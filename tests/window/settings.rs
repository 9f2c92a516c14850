//! Environments in Settings, without a pointer: what is changed there holds at once, everywhere.

use crate::hand::{Hand, command};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_tests::window::{By, Desktop, Window, button, eventually, role};

/// English names, in the order of the list.
async fn environments(window: &Window) -> Result<Vec<String>> {
    let all = window.call("environment_list", &Value::Null).await?;
    let name = |one: &Value| one["name"]["own"]["en"].as_str().or(one["name"].as_str()).unwrap_or_default().to_owned();
    Ok(all.as_array().into_iter().flatten().map(name).collect())
}

async fn environment(window: &Window, name: &str) -> Result<Value> {
    let all = window.call("environment_list", &Value::Null).await?;
    let found = all.as_array().into_iter().flatten().find(|one| one["name"]["own"]["en"] == name);
    Ok(found.with_context(|| format!("no {name}"))?.clone())
}

#[tokio::test(flavor = "multi_thread")]
async fn environments_are_made_named_ordered_protected_and_deleted() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let draft = json!({ "slug": "shop", "title": "shop", "repository": "", "deploy_path": "" });
    let app = window.call("app_create", &draft).await?["id"].clone();
    let mut group = window.call("group_new", &app).await?;
    group["name"] = json!("dev");
    window.call("group_create", &json!({ "app": app, "draft": group })).await?;

    let hand = Hand::Keyboard;
    hand.watched(&window).await?;
    command(&window, "Command palette", "Settings").await?;
    hand.activate(&window, &button("Add environment")).await?;
    let list = role("list", "Environments");
    window.find(&role("listitem", "Environment 5").within(list.clone())).await?;
    // Two names a row. By its place: what it is called changes as it is typed and saved.
    let name = By::any("textbox").within(list.clone()).nth(8);
    hand.write(&window, &name, "Canary").await?;
    let row = role("listitem", "Canary").within(list.clone());
    window.find(&row).await?;

    // A name that another has is refused, and the one before is kept.
    window.desktop().copy("Production")?;
    window.press("Control+a").await?;
    window.press("Control+v").await?;
    window.find(&By::any("alert").within(list.clone())).await?;
    ensure!(environments(&window).await?.last().map(String::as_str) == Some("Canary"));
    hand.write(&window, &name, "Canary").await?;
    window.find_none(&By::any("alert").within(list.clone())).await?;

    hand.choose(&window, &role("combobox", "Colour: Canary"), &role("option", "blue")).await?;
    window.tab_to(&role("switch", "Protected: Canary")).await?;
    window.press("Space").await?;
    eventually("colour and protection to be kept", async || {
        let kept = environment(&window, "Canary").await?;
        Ok((kept["colour"] == "test" && kept["protected"] == true).then_some(()))
    })
    .await?;

    // From the last place to the first; the keyboard stays with the row.
    window.tab_to(&button("Move Canary")).await?;
    for before in (0..4).rev() {
        window.comes_to_rest().await?;
        window.press("Alt+Up").await?;
        eventually(format!("Canary to be number {before}"), async || {
            let names = environments(&window).await?;
            Ok((names.iter().position(|name| name == "Canary") == Some(before)).then_some(()))
        })
        .await?;
    }
    ensure!(window.has_focus(&button("Move Canary")).await?, "{} has the focus", window.focused().await?);
    let first = By::any("listitem").within(list.clone()).nth(0);
    ensure!(window.text(&first).await?.contains("Canary"), "it stands first");

    // A group stands in it: refused, and the group named.
    hand.activate(&window, &button("Delete Development")).await?;
    let dialog = role("dialog", "Delete Development?");
    hand.activate(&window, &button("Delete Development").within(dialog.clone())).await?;
    window.sees("Groups stand in this environment").await?;
    window.sees("shop / dev").await?;
    window.press("Escape").await?;
    window.find_none(&dialog).await?;
    ensure!(environments(&window).await?.len() == 5);

    // All of it holds after a restart, and where groups are made.
    hand.was_used_alone(&window).await?;
    let window = window.restart().await?;
    hand.watched(&window).await?;
    ensure!(environments(&window).await?[0] == "Canary");
    let route = format!("/app/{}/groups/new", app.as_str().context("an id")?);
    window.go(&route).await?;
    hand.activate(&window, &role("combobox", "Environment")).await?;
    let options = By::any("option").within(By::any("listbox"));
    let first = window.text(&options.clone().nth(0)).await?.trim().to_owned();
    ensure!(first == "Canary" && window.count(&options).await? == 5, "{first} is offered first");
    window.press("Escape").await?;

    window.go("/settings").await?;
    hand.activate(&window, &button("Delete Canary")).await?;
    let dialog = role("dialog", "Delete Canary?");
    hand.activate(&window, &button("Delete Canary").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find_none(&role("listitem", "Canary")).await?;
    ensure!(environments(&window).await? == ["development", "test", "staging", "production"]);
    hand.was_used_alone(&window).await?;
    window.quit().await
}
