//! A cluster that falls silent for a minute while everything of it is open, and comes back as another process.

use crate::hand::Hand;
use crate::terminal::{run, shows};
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_tests::forward::host;
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};
use std::collections::BTreeMap;

const HAND: Hand = Hand::Pointer;
/// Milliseconds.
const SILENCE: u64 = 60_000;
const HTTP: u16 = 8080;

fn short(pod: &str) -> &str {
    &pod[pod.len() - 5..]
}

/// The pods of the group, the first by name before the other.
async fn two(ground: &Ground) -> Result<Vec<Value>> {
    eventually("two pods that are ready", async || {
        let mut pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
        pods.retain(|pod| pod["status"]["containerStatuses"][0]["ready"] == true);
        pods.sort_by_key(|pod| name(pod).to_owned());
        Ok((pods.len() == 2).then_some(pods))
    })
    .await
}

/// The number of a line of the demo server.
fn number(line: &str) -> Option<u64> {
    line.split_once(" line ")?.1.get(..8)?.parse().ok()
}

/// The numbers of each pod in a file of lines with time and pod.
fn by_pod(file: &str) -> BTreeMap<String, Vec<u64>> {
    let mut pods: BTreeMap<String, Vec<u64>> = BTreeMap::new();
    for line in file.lines() {
        let pod = line.split_whitespace().find_map(|word| word.strip_suffix("/app"));
        if let (Some(pod), Some(number)) = (pod, number(line)) {
            pods.entry(pod.to_owned()).or_default().push(number);
        }
    }
    pods
}

/// The page's own clock.
async fn clock(window: &Window) -> Result<u64> {
    window.evaluate("return Date.now();").await?.as_u64().context("a clock counts milliseconds")
}

async fn front(window: &Window, tab: &str) -> Result<()> {
    window.click(&By::containing("tab", tab).within(role("region", "Dock"))).await
}

/// Opens a log, files, a forward, a pod and a shell of the group; answers the port of the forward.
async fn open_everything(window: &Window, ground: &Ground, pod: &Value) -> Result<u16> {
    let running = format!("/app/{}/running/{}", ground.app, ground.group);
    window.go(&running).await?;
    window.click(&button("Logs of all pods")).await?;
    window.sees("2 of 2 streaming").await?;
    window.click(&button(&format!("Files of {}", short(name(pod))))).await?;
    window.find(&role("grid", "Files in /app")).await?;
    window.click(&button("Forward a port")).await?;
    let panel = role("tabpanel", "Forwards");
    let target = role("combobox", "Forward to").within(panel.clone());
    let option = format!("Pod {}", short(name(pod)));
    HAND.choose(window, &target, &By::containing("option", &option)).await?;
    window.click(&button("Forward").within(panel.clone())).await?;
    let row = By::containing("listitem", &format!("Pod {} http 8080", short(name(pod))));
    let row = window.find(&row).await?.attr("aria-label").await?.context("it is named")?;
    window.sees("follows its replacement").await?;
    let local = row.rsplit(':').next().and_then(|port| port.parse().ok()).context(row)?;
    ensure!(host(local).await? == name(pod), "the pod answers");
    let uid = pod["metadata"]["uid"].as_str().context("a pod has a uid")?;
    window.go(&format!("{running}?open={uid}")).await?;
    window.find(&role("list", "Status and events")).await?;
    window.click(&button("Terminal").within(role("complementary", name(pod)))).await?;
    let input = textbox(&format!("Terminal of {}", name(pod)));
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(()))).await?;
    run(window, "cd /tmp; echo here-$((6*7))").await?;
    shows(window, "here-42").await?;
    Ok(local)
}

/// What was known stays in every part, and the page says that it is old.
async fn stays_readable(window: &Window, pod: &Value) -> Result<()> {
    ensure!(window.count(&By::containing("row", "Was running").within(role("grid", "Instances"))).await? == 2);
    window.find(&role("list", "Status and events")).await?;
    shows(window, "here-42").await?;
    front(window, "Logs · prod").await?;
    let log = role("log", "Logs · prod");
    eventually("the lines to stay", async || Ok(window.text(&log).await?.contains("line 0000").then_some(()))).await?;
    window.sees("No answer since").await?;
    front(window, "Files").await?;
    window.find(&By::containing("row", "server").within(role("grid", "Files in /app"))).await?;
    front(window, "Forwards").await?;
    window.sees("the cluster does not answer").await?;
    window.find(&By::containing("listitem", &format!("Pod {} http 8080", short(name(pod))))).await?;
    Ok(())
}

/// Nothing is missing of the log and nothing stands twice, up to the last line that each pod has written.
async fn log_is_whole(window: &Window, ground: &Ground, pods: &[Value]) -> Result<()> {
    let inside = Pods::of(ground).await?;
    let session = ground.session().await?;
    let mut last = BTreeMap::new();
    for pod in pods {
        inside.get(pod, HTTP, "/log?rate=0").await?;
        let lines = session.last_lines(name(pod), "app", false, 20).await?;
        let newest = lines.iter().rev().find_map(|line| number(line)).context("it has written")?;
        last.insert(name(pod).to_owned(), newest);
    }
    inside.close();
    session.stop();
    front(window, "Logs · prod").await?;
    let panel = role("tabpanel", "Logs · prod");
    eventually("the last lines of both", async || {
        let text = window.text(&role("log", "Logs · prod")).await?;
        Ok(last.values().all(|number| text.contains(&format!("line {number:08}"))).then_some(()))
    })
    .await?;
    let saved = ground.folder().join("whole");
    window.click(&button("Save").within(panel)).await?;
    window.click(&role("menuitem", "Everything, with time and pod")).await?;
    window.answer_dialog(&saved.to_string_lossy()).await?;
    window.sees("Saved to").await?;
    let file = std::fs::read_to_string(saved.with_extension("log"))?;
    let written = by_pod(&file);
    ensure!(written.len() == 2, "{:?}", written.keys());
    for (pod, numbers) in &written {
        let odd = numbers.windows(2).find(|pair| pair[1] != pair[0] + 1);
        ensure!(odd.is_none(), "{pod}: {odd:?}");
        ensure!(numbers.last() == last.get(pod), "{pod}: {:?} of {last:?}", numbers.last());
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_minute_of_silence_with_everything_open_ends_as_it_began() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "window-blind", |_| {}).await?;
    ground.release("v1").await?;
    let pods = two(&ground).await?;
    let inside = Pods::of(&ground).await?;
    for pod in &pods {
        inside.get(pod, HTTP, "/log?rate=10").await?;
    }
    inside.close();
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    let local = open_everything(&window, &ground, &pods[0]).await?;

    // It takes connections, and answers nothing.
    let begun = clock(&window).await?;
    cluster.run("fault", &["pause", "kube-apiserver"])?;
    window.sees("Was running").await?;
    let noticed = clock(&window).await?;
    // Since when is said by the clock: the last answer came before the silence, or while it began.
    let minutes = window
        .evaluate(&format!(
            "return [{begun} - 60000, {begun}, {noticed}].map((at) => new Date(at).toISOString().slice(11, 16));"
        ))
        .await?;
    let page = window.page_text().await?;
    let says = |minute: &Value| minute.as_str().is_some_and(|minute| page.contains(&format!("As of {minute}")));
    ensure!(minutes.as_array().is_some_and(|minutes| minutes.iter().any(says)), "{minutes} {page}");
    stays_readable(&window, &pods[0]).await?;
    eventually("the silence to last a minute", async || Ok((clock(&window).await? >= begun + SILENCE).then_some(())))
        .await?;
    window.sees("As of").await?;
    front(&window, "Terminal").await?;
    shows(&window, "here-42").await?;

    // It comes back as another process: every connection of before is broken.
    cluster.run("fault", &["kill", "kube-apiserver"])?;
    window.find(&button("Reconnect")).await?;
    shows(&window, "here-42").await?;
    window.sees_no_more("Was running").await?;
    window.sees("Live").await?;
    eventually("both pods to run", async || {
        let running = By::containing("row", "Running").within(role("grid", "Instances"));
        Ok((window.count(&running).await? == 2).then_some(()))
    })
    .await?;
    window.click(&button("Reconnect")).await?;
    let input = textbox(&format!("Terminal of {}", name(&pods[0])));
    eventually("the new shell to have the keyboard", async || Ok(window.has_focus(&input).await?.then_some(())))
        .await?;
    run(&window, "echo again-$((5+5))").await?;
    shows(&window, "again-10").await?;
    shows(&window, "here-42").await?;
    front(&window, "Logs · prod").await?;
    window.sees("2 of 2 streaming").await?;
    log_is_whole(&window, &ground, &pods).await?;
    front(&window, "Forwards").await?;
    window.sees("follows its replacement").await?;
    ensure!(host(local).await? == name(&pods[0]), "the forward leads where it led");
    front(&window, "Files").await?;
    window.click(&button("List again")).await?;
    window.find(&By::containing("row", "server").within(role("grid", "Files in /app"))).await?;
    window.quit().await?;
    ground.close().await
}
