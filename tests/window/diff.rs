//! The diff pages on a real cluster: what waits for a release, what somebody else changed, and what is done about both.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use slipway_engine::config::{ConfigCreate, ConfigSave, FileContent};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, eventually, heading, role};

const FILE: &str = "/etc/checkout/application.yaml";
const WORKLOAD: &str = "deployment/checkout-api-prod";

fn content(pool: &str) -> FileContent {
    FileContent::Text { text: format!("db:\n  host: mysql\n  pool: {pool}\n") }
}

/// Released with a file, edited since, and changed in the cluster by kubectl. The engine has given the data folder up.
async fn changed(name: &str) -> Result<Ground> {
    let ground = Ground::new(name, |draft| draft.image = "v1".into()).await?;
    let engine = &ground.engine;
    let create = ConfigCreate {
        app: ground.app.clone(),
        group: Some(ground.group.clone()),
        path: FILE.into(),
        content: content("20"),
        literal: false,
        sensitive: false,
    };
    let file = engine.config_create(&create).await?;
    let released = ground.release("v1").await?;
    ensure!(released.row.state == ReleaseState::Succeeded, "{released:#?}");
    let save = ConfigSave { id: file, base: 1, editor: "test".into(), content: content("26") };
    engine.config_save(&save).await?;
    let mut draft = engine.group(&ground.group).await?.draft;
    draft.memory.limit = "160Mi".into();
    engine.group_update(&ground.group, &draft).await?;
    ground.owner.kubectl(&["set", "resources", WORKLOAD, "-c=app", "--requests=cpu=20m"]).await?;
    engine.close().await;
    Ok(ground)
}

/// The window on a page of the group. Where it begins by itself is waited for: it would go there afterwards.
async fn open(ground: &Ground, page: &str) -> Result<Window> {
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/groups/{}/{page}", ground.app, ground.group)).await?;
    Ok(window)
}

async fn choose(window: &Window, list: &By, option: &str) -> Result<()> {
    Hand::Keyboard.choose(window, list, &By::containing("option", option)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn any_two_sides_of_a_group_are_compared_without_a_pointer() -> Result<()> {
    let ground = Box::pin(changed("window-sides")).await?;
    let window = open(&ground, "diff").await?;
    window.sees("2 changes").await?;
    window.find(&By::containing("row", "memory.limit")).await?;
    let file = role("figure", FILE);
    eventually("the file's two versions beside each other", async || {
        let text = window.text(&file).await?;
        Ok((text.contains("pool: 20") && text.contains("pool: 26")).then_some(()))
    })
    .await?;

    // What runs has neither change, and one that nobody made here.
    let (from, to) = (role("combobox", "Compare"), role("combobox", "with"));
    choose(&window, &from, "Live").await?;
    window.find(&By::containing("row", "requests.cpu")).await?;
    window.sees("compared by dry run").await?;
    choose(&window, &to, "Release r1").await?;
    window.find_none(&By::containing("row", "limits.memory")).await?;
    window.find(&By::containing("row", "requests.cpu")).await?;
    ensure!(window.route().await?.contains("from=live"), "{}", window.route().await?);

    window.click(&role("radio", "Inline")).await?;
    window.tab_to(&role("link", "Swap the sides")).await?;
    window.press("Enter").await?;
    eventually("the sides to be swapped", async || Ok(window.route().await?.contains("to=live").then_some(()))).await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_differs_is_adopted_and_discarded_on_the_page_of_the_yaml() -> Result<()> {
    let ground = Box::pin(changed("window-yaml")).await?;
    let window = open(&ground, "yaml").await?;
    window.sees("1 field was changed in the cluster by somebody else").await?;
    let foreign = By::containing("row", "requests.cpu");
    ensure!(window.text(&foreign).await?.contains("kubectl-set"), "{}", window.text(&foreign).await?);
    let columns = role("region", "Three-way");
    eventually("all three columns", async || {
        let text = window.text(&columns).await?;
        Ok((text.contains("cpu: 10m") && text.contains("cpu: 20m") && text.contains("memory: 160Mi")).then_some(()))
    })
    .await?;

    window.tab_to(&By::containing("button", "Adopt").within(foreign.clone())).await?;
    window.press("Enter").await?;
    window.find_none(&By::containing("button", "Adopt").within(foreign)).await?;
    let memory = By::containing("row", "memory.limit");
    window.tab_to(&button("Discard the change of memory.limit").within(memory.clone())).await?;
    window.press("Enter").await?;
    window.find_none(&memory).await?;
    let discard = format!("Discard the change of {FILE}");
    window.tab_to(&button(&discard)).await?;
    window.press("Enter").await?;
    window.find_none(&button(&discard)).await?;

    let script = format!(
        "return (await window.__TAURI_INTERNALS__.invoke('call', {{ name: 'group_get', payload: '{}' }})).value.draft;",
        ground.group
    );
    let draft = window.evaluate(&script).await?;
    let told = |path: &str| draft.pointer(path).and_then(|value| value.as_str()).map(str::to_owned).context("a field");
    ensure!(told("/memory/limit")? == "128Mi" && told("/cpu/request")? == "20m", "{draft}");

    window.click(&role("radio", "Live")).await?;
    eventually("what runs", async || {
        let text = window.text(&By::containing("textbox", "Deployment")).await?;
        Ok(text.contains("kind: Deployment").then_some(()))
    })
    .await?;
    window.quit().await?;
    ground.close().await
}
