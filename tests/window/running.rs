//! What runs of a group, by keys alone: its tabs, its pods sorted and read one after the other, a pod evicted against the
//! word of a budget and with it, more pods, and all of them replaced.

use crate::hand::{Hand, arrow_to, tab_into};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};
use std::collections::HashSet;

const HAND: Hand = Hand::Keyboard;

fn list() -> By {
    role("grid", "Instances")
}

/// Those that are not on their way out.
async fn pods(ground: &Ground) -> Result<Vec<Value>> {
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
    Ok(pods.into_iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null()).collect())
}

fn uids(pods: &[Value]) -> HashSet<String> {
    pods.iter().filter_map(|pod| pod["metadata"]["uid"].as_str()).map(str::to_owned).collect()
}

/// Waits until as many are ready as wanted, and no other is there.
async fn settled(ground: &Ground, count: usize) -> Result<HashSet<String>> {
    eventually(format!("{count} pods ready"), async || {
        let now = pods(ground).await?;
        let ready = ground.deployment().await?["status"]["readyReplicas"].as_u64().unwrap_or(0);
        Ok((now.len() == count && ready == count as u64).then(|| uids(&now)))
    })
    .await
}

async fn tab(window: &Window, name: &str) -> Result<()> {
    let any = By::any("tab").within(role("tablist", "Running state"));
    tab_into(window, &any).await?;
    arrow_to(window, "Right", &By::containing("tab", name).within(role("tablist", "Running state"))).await
}

async fn to_first_row(window: &Window) -> Result<By> {
    let any = By::any("row").within(list());
    let first = any.clone().nth(1);
    window.find(&first).await?;
    tab_into(window, &any).await?;
    window.press("Home").await?;
    eventually("the first pod to have the keyboard", async || Ok(window.has_focus(&first).await?.then_some(())))
        .await?;
    Ok(first)
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_evictions_count_and_restart_by_keys() -> Result<()> {
    let ground = Ground::new("window-running", |_| {}).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let budget = json!({ "metadata": { "name": "all-serve" }, "spec": {
        "minAvailable": 2, "selector": { "matchLabels": { "slipway.dev/group": "prod" } },
    } });
    ground.owner.connection.create(Kind::PodDisruptionBudget, &budget).await?;
    let before = settled(&ground, 2).await?;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    HAND.watched(&window).await?;

    // What was released, and what was released before.
    tab(&window, "Deployment info").await?;
    window.sees("kind: Deployment").await?;
    tab(&window, "History").await?;
    window.find(&By::containing("row", "v1").within(role("grid", "Releases"))).await?;
    tab(&window, "Instances").await?;

    // The arrows move the selection, and the drawer follows.
    to_first_row(&window).await?;
    window.press("Enter").await?;
    let drawer = By::any("complementary").nth(0);
    let first = window.find(&drawer).await?.attr("aria-label").await?.context("it is named")?;
    window.press("Down").await?;
    eventually("the drawer to follow", async || {
        let now = window.find(&drawer).await?.attr("aria-label").await?;
        Ok((now.as_deref() != Some(first.as_str())).then_some(()))
    })
    .await?;
    window.press("Escape").await?;
    window.find_none(&drawer).await?;

    // Ticked, and refused by a budget that is named; then it gives way.
    to_first_row(&window).await?;
    window.press("Space").await?;
    HAND.activate(&window, &button("Evict…")).await?;
    let dialog = By::any("dialog");
    HAND.activate(&window, &button("Evict").within(dialog.clone())).await?;
    window.sees("all-serve keeps this pod").await?;
    ensure!(uids(&pods(&ground).await?) == before, "a refused pod stays");
    let less = json!({ "spec": { "minAvailable": 1 } });
    ground.owner.connection.merge_patch(Kind::PodDisruptionBudget, "all-serve", &less).await?;
    eventually("the budget to let one go", async || {
        let budget = ground.owner.connection.get(Kind::PodDisruptionBudget, "all-serve").await?;
        Ok((budget.context("it is there")?["status"]["disruptionsAllowed"] == 1).then_some(()))
    })
    .await?;
    HAND.activate(&window, &button("Evict").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    eventually("one pod to be another", async || {
        let now = settled(&ground, 2).await?;
        Ok((now.intersection(&before).count() == 1).then_some(()))
    })
    .await?;

    HAND.activate(&window, &button("Scale")).await?;
    let dialog = role("dialog", "Scale prod");
    HAND.write(&window, &textbox("Pods").within(dialog.clone()), "3").await?;
    window.press("Tab").await?;
    HAND.activate(&window, &button("Scale to 3").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    let three = settled(&ground, 3).await?;

    HAND.activate(&window, &button("Restart")).await?;
    let dialog = role("dialog", "Restart all pods of prod?");
    HAND.activate(&window, &button("Restart all").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    eventually("every pod to be another one", async || {
        let now = settled(&ground, 3).await?;
        Ok(now.is_disjoint(&three).then_some(()))
    })
    .await?;
    window.sees("Restarted").await?;
    HAND.was_used_alone(&window).await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_silent_cluster_leaves_everything_readable_and_comes_back_by_itself() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "window-silent", |_| {}).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    settled(&ground, 2).await?;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    // With everything open: a pod in full, and its log below.
    to_first_row(&window).await?;
    window.press("Enter").await?;
    let drawer = By::any("complementary").nth(0);
    window.find(&role("list", "Status and events").within(drawer.clone())).await?;
    window.press("l").await?;
    window.find(&By::containing("tab", "Log")).await?;

    cluster.run("fault", &["port", "api", "refuse"])?;
    window.sees("Was running").await?;
    window.sees("As of").await?;
    ensure!(window.count(&By::containing("row", "Was running").within(list())).await? == 2, "what was known stays");
    window.find(&role("list", "Status and events").within(drawer.clone())).await?;
    for action in ["Restart", "Scale"] {
        let off = window.find(&button(action)).await?.attr("aria-disabled").await?;
        ensure!(off.as_deref() == Some("true"), "{action} needs the cluster");
    }
    // What was released is known here.
    window.find(&By::containing("tab", "History")).await?.click().await?;
    window.find(&By::containing("row", "v1").within(role("grid", "Releases"))).await?;
    window.find(&By::containing("tab", "Instances")).await?.click().await?;
    window.sees("Was running").await?;

    cluster.run("fault", &["port", "api", "ok"])?;
    window.sees_no_more("Was running").await?;
    window.sees("Live").await?;
    ensure!(window.count(&By::containing("row", "Running").within(list())).await? == 2);
    window.quit().await?;
    ground.close().await
}
