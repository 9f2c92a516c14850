//! Who looks elsewhere is told on the desktop what they wait for, once and in their language; who looks at the window is not.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_model::group::CheckKind;
use slipway_tests::ground::{Ground, in_steps};
use slipway_tests::window::{By, Desktop, Told, Window, button, eventually, heading, role};

/// As soon as nothing blocks it: the pods of one that was aborted have to be gone.
async fn start(window: &Window, ground: &Ground, tag: &str) -> Result<String> {
    eventually(format!("the start of {tag}"), async || {
        let plan = window.call("release_plan", &json!({ "group": ground.group, "image": tag })).await?;
        let id = window.call("release_start", &json!({ "plan": plan["hash"], "note": "" })).await?;
        Ok(Some(id.as_str().context("it has an id")?.to_owned()))
    })
    .await
}

/// As soon as it can be done.
async fn act(window: &Window, id: &str, action: &str) -> Result<Value> {
    eventually(format!("{action} of {id}"), async || {
        window.call("release_act", &json!({ "id": id, "action": action })).await.map(Some)
    })
    .await
}

fn is(told: &Told, title: &str, text: &str) -> Result<()> {
    ensure!(told.app == "Slipway" && told.title == title && told.text.contains(text), "{told:#?}");
    Ok(())
}

/// The settings with one of them changed.
async fn set(window: &Window, name: &str, value: Value) -> Result<()> {
    let mut settings = window.call("setting_get", &Value::Null).await?;
    settings[name] = value;
    window.call("setting_set", &settings).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_looks_elsewhere_is_told_what_waits_what_is_done_and_what_failed() -> Result<()> {
    let ground = Ground::new("window-tell", |draft| {
        in_steps(draft, 2, "1", "0", &["1"]);
        draft.readiness.kind = CheckKind::Tcp;
        draft.readiness.tcp = "8080".into();
    })
    .await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let desktop = Desktop::start().await?;
    let told = desktop.notifications().await?;
    let window = desktop.open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    let page = |id: &str| format!("/app/{}/releases/{id}", ground.app);
    let go_on = By::containing("button", "Continue: batch 2");

    // In front of it, nobody is told what they see: what comes next is the first that is told.
    window.take_up().await?;
    let second = start(&window, &ground, "v2").await?;
    window.go(&page(&second)).await?;
    window.find(&go_on).await?;
    eventually("the first to be kept back", async || {
        let log = std::fs::read_to_string(window.data_dir().join("logs/slipway.log"))?;
        Ok(log.contains("no notification is shown: the window is in front").then_some(()))
    })
    .await?;
    window.look_away().await?;
    act(&window, &second, "continue").await?;
    is(&told.number(0).await?, "checkout-api / prod runs v2", "r2 succeeded, it took")?;

    // A click leads to what it tells of.
    window.go("/settings").await?;
    let third = start(&window, &ground, "v1").await?;
    let waits = "r3 · v1. The next batch waits for your approval.";
    is(&told.number(1).await?, "checkout-api / prod: batch 1 of 2 is done", waits)?;
    ensure!(!window.has_keyboard().await?);
    // Who shows it listens for a click a moment after it is there: sooner than a person, and not always than a test.
    eventually("a click on it to lead to r3", async || {
        told.click(1).await?;
        Ok((window.route().await? == page(&third)).then_some(()))
    })
    .await?;
    window.find(&go_on).await?;
    ensure!(window.route().await? == page(&third) && window.has_keyboard().await?);
    // What was told before is not shown any more: it is seen now.
    eventually("the first to be taken back", async || Ok(told.told()[0].gone.then_some(()))).await?;
    window.click(&button("Abort, back to v2…")).await?;
    window.click(&button("Abort, back to v2").within(role("dialog", "Abort r3 on prod?"))).await?;
    window.find(&By::containing("listitem", "Aborted").within(role("list", "Timeline"))).await?;

    // In the language of the window.
    set(&window, "language", json!("zh")).await?;
    window.sees("已中止").await?;
    window.look_away().await?;
    let fourth = start(&window, &ground, "crash").await?;
    is(&told.number(2).await?, "checkout-api / prod：r4 已停止", "Pod")?;

    // What is muted is not told; the next is of what comes after that.
    set(&window, "muted", json!(["ended"])).await?;
    act(&window, &fourth, "abort").await?;
    eventually("r4 to be aborted", async || {
        let query = json!({ "app": ground.app, "last": true, "group": null, "before": null, "limit": 1 });
        let page = window.call("release_list", &query).await?;
        Ok((page["rows"][0]["state"] == "aborted").then_some(()))
    })
    .await?;
    start(&window, &ground, "v1").await?;
    is(&told.number(3).await?, "checkout-api / prod：第 1 批已完成，共 2 批", "r5 · v1")?;
    ensure!(told.told().len() == 4, "{:#?}", told.told());
    window.quit().await?;
    ground.close().await
}
