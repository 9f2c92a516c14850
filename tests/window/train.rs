//! A train as a person does it with nothing but keys: two groups in their order, a rule that stops it, and on to its end.

use crate::hand::{Hand, command};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_tests::ground::{Ground, in_steps};
use slipway_tests::pod::Pods;
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};

const HAND: Hand = Hand::Keyboard;

/// Ticks or unticks.
async fn toggle(window: &Window, by: &By) -> Result<()> {
    window.tab_to(by).await?;
    window.press("Space").await
}

/// What was pressed is gone: the keyboard goes on where this is.
async fn has_come_to(window: &Window, by: &By) -> Result<()> {
    let came = eventually(format!("the focus to come to {by}"), async || Ok(window.has_focus(by).await?.then_some(())));
    came.await.context(window.focused().await?)
}

/// From *New release* to the page of the train.
async fn deploy(window: &Window, tag: &str) -> Result<()> {
    command(window, "Command palette", "New release").await?;
    for group in ["prod", "sh"] {
        toggle(window, &By::containing("checkbox", group).within(role("group", "Production"))).await?;
    }
    // In the other order first: the keyboard moves it.
    let order = role("region", "In this order, one after another");
    let first = By::any("listitem").within(order.clone()).nth(0);
    window.find(&By::containing("button", "Move sh").within(order.clone())).await?;
    window.tab_to(&button("Move sh")).await?;
    for (keys, name) in [("Alt+Up", "sh"), ("Alt+Down", "prod")] {
        window.comes_to_rest().await?;
        window.press(keys).await?;
        let what = format!("{name} to be the first");
        eventually(what, async || Ok(window.text(&first).await?.contains(name).then_some(()))).await?;
    }
    HAND.choose(window, &role("combobox", "Soak"), &role("option", "none")).await?;
    let image = textbox("A tag or digest of the app's repository, or a full reference.");
    HAND.write(window, &image, tag).await?;
    window.press("Enter").await?;
    HAND.write(window, &textbox("Note"), "to both").await?;
    // One rule is enough: a container that starts again is not ready for a while.
    toggle(window, &role("checkbox", "No ready pod is lost")).await?;
    HAND.activate(window, &By::containing("button", "Deploy to 2 groups…")).await?;
    let dialog = role("dialog", "Deploy to 2 groups?");
    HAND.activate(window, &By::containing("button", "Deploy to 2 groups").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find(&role("list", "Groups of the train")).await.map(drop)
}

/// A longer list of rules, and a question before the second group: changed while the first one rests.
async fn change(window: &Window) -> Result<()> {
    HAND.activate(window, &button("Edit the stop rules")).await?;
    let dialog = role("dialog", "Stop rules of this train");
    let memory = textbox("Memory per pod above old, at most").within(dialog.clone());
    HAND.write(window, &memory, "900").await?;
    HAND.activate(window, &button("Save").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.sees("Memory per pod at most 900% above old").await?;
    HAND.choose(window, &role("combobox", "Before sh"), &role("option", "ask me first")).await?;
    window.sees("then ask before sh").await?;
    let planned = role("region", "sh");
    window.find(&By::containing("listitem", "not begun").within(planned)).await.map(drop)
}

/// A container of the new version ends, and starts again.
async fn restart_one(ground: &Ground, release: &str) -> Result<()> {
    let pods = Pods::of(ground).await?;
    let mut new = pods.with(&format!("slipway.dev/group=prod,slipway.dev/release={release}")).await?;
    ensure!(new.len() == 1, "one of the first batch: {new:#?}");
    // It has no time to answer.
    let _ = pods.get(&new.remove(0), 8080, "/exit?code=1").await;
    pods.close();
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn by_keyboard_a_train_is_begun_stopped_by_a_rule_and_goes_on_to_its_end() -> Result<()> {
    let ground = Ground::new("window-train", |draft| in_steps(draft, 2, "1", "0", &["1"])).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.name = "sh".into();
    draft.strategy.kind = slipway_model::group::StrategyKind::Rolling;
    ground.engine.group_create(&ground.app, &draft).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    HAND.watched(&window).await?;

    deploy(&window, "v2").await?;
    let car = |name: &str| role("region", name);
    let batches = role("list", "Batches").within(car("prod"));
    window.find(&By::containing("listitem", "Batch 1").within(batches.clone())).await?;
    let go_on = button("Continue: batch 2, 1 pod");
    window.find(&go_on).await?;

    // Paused and resumed: the keyboard stays where it was.
    HAND.activate(&window, &button("Pause the train")).await?;
    has_come_to(&window, &button("Resume")).await?;
    window.press("Enter").await?;
    has_come_to(&window, &button("Pause the train")).await?;

    change(&window).await?;
    restart_one(&ground, "r2").await?;
    window.sees("the rule allows none").await?;
    HAND.activate(&window, &button("Go on, without this rule")).await?;
    has_come_to(&window, &button("Pause the train")).await?;
    window.sees("prod waits for a person").await?;
    HAND.activate(&window, &go_on).await?;
    window.sees("sh waits for your word").await?;
    HAND.activate(&window, &button("Begin sh")).await?;
    window.sees("Done").await?;
    window.find(&By::containing("listitem", "sh: succeeded").within(role("list", "Timeline"))).await?;
    window.find_none(&button("Pause the train")).await?;
    ensure!(window.focused().await? != "body", "the focus is on the page");
    HAND.was_used_alone(&window).await?;

    let told: Vec<Value> =
        ground.records().await?.iter().map(|one| one["metadata"]["labels"]["slipway.dev/status"].clone()).collect();
    ensure!(told == ["succeeded", "succeeded", "succeeded"], "{told:?}");
    // Found again above the history while it is under way, and in each of its releases afterwards.
    window.go(&format!("/app/{}/releases", ground.app)).await?;
    window.find_none(&role("list", "Trains under way")).await?;
    window.quit().await?;
    ground.close().await
}
