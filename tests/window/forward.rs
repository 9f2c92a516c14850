//! A port of a pod on this computer, by keys alone: opened, asked, followed to another pod, opened in the browser, closed.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};
use slipway_tests::forward::host;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Desktop, Window, button, eventually, heading, role, textbox};
use std::net::{Ipv4Addr, TcpListener};

const HAND: Hand = Hand::Keyboard;

async fn pod(ground: &Ground) -> Result<String> {
    eventually("a pod that is ready", async || {
        let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
        let ready = |pod: &&Value| {
            pod["metadata"]["deletionTimestamp"].is_null() && pod["status"]["containerStatuses"][0]["ready"] == true
        };
        Ok(pods.iter().find(ready).and_then(|pod| pod["metadata"]["name"].as_str()).map(str::to_owned))
    })
    .await
}

fn short(pod: &str) -> &str {
    &pod[pod.len() - 5..]
}

/// The port of this computer that a row of the list is named for.
async fn local_of(window: &Window, row: &By) -> Result<u16> {
    let name = window.find(row).await?.attr("aria-label").await?.context("it is named")?;
    name.rsplit(':').next().and_then(|port| port.parse().ok()).context(name)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_is_opened_followed_and_closed_by_keys() -> Result<()> {
    let ground = Ground::new("window-forward", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let first = pod(&ground).await?;

    let desktop = Desktop::start().await?;
    let opener = desktop.opener()?;
    let window = desktop.open(&ground.data_dir(), &[("PATH", opener.path())]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    HAND.watched(&window).await?;

    HAND.activate(&window, &button("Forward a port")).await?;
    let panel = role("tabpanel", "Forwards");
    let target = role("combobox", "Forward to").within(panel.clone());
    HAND.choose(&window, &target, &By::containing("option", &format!("Pod {}", short(&first)))).await?;
    HAND.activate(&window, &button("Forward").within(panel.clone())).await?;
    let row = By::containing("listitem", &format!("Pod {} http 8080", short(&first)));
    let local = local_of(&window, &row).await?;
    window.sees("follows its replacement").await?;
    ensure!(host(local).await? == first, "the pod answers");
    window.find(&role("tab", "Forwards 1")).await?;

    // The pod goes, and the same port leads to the next.
    ground.owner.connection.delete(Kind::Pod, &first).await?;
    window.sees("now through").await?;
    let second = pod(&ground).await?;
    ensure!(host(local).await? == second && second != first, "the next one answers");
    window.sees(&format!("now through {}", short(&second))).await?;

    HAND.activate(&window, &button(&format!("Open http://127.0.0.1:{local} in the browser"))).await?;
    let page = opener.number(0).await?;
    ensure!(page == format!("http://127.0.0.1:{local}"), "{page}");

    HAND.activate(&window, &button(&format!("Close the forward to Pod {} http 8080", short(&first)))).await?;
    window.find_none(&row).await?;
    TcpListener::bind((Ipv4Addr::LOCALHOST, local)).context("its port is free")?;
    HAND.was_used_alone(&window).await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_balancer_is_led_to_and_the_dock_has_one_more_of_each() -> Result<()> {
    let ground = Ground::new("window-dock", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    let port = BalancerPortDraft { port: "80".into(), target: "http".into(), ..BalancerPortDraft::default() };
    let groups = vec![ground.group.clone()];
    let draft = BalancerDraft { name: "checkout".into(), kind: BalancerKind::ClusterIP, ports: vec![port], groups };
    ground.engine.balancer_create(&ground.app, &draft).await?;
    ground.engine.close().await;
    let pod = pod(&ground).await?;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;

    window.click(&button("Forward a port")).await?;
    let panel = role("tabpanel", "Forwards");
    let target = role("combobox", "Forward to").within(panel.clone());
    let hand = Hand::Pointer;
    hand.choose(&window, &target, &role("option", "Load balancer checkout")).await?;
    window.click(&button("Forward").within(panel.clone())).await?;
    let row = By::containing("listitem", "Load balancer checkout 80");
    let local = local_of(&window, &row).await?;
    window.sees(&format!("now through {}", short(&pod))).await?;
    ensure!(host(local).await? == pod, "the pod behind the load balancer answers");

    // What the group in sight has to offer, in a tab of its own each.
    let more = button("New tab");
    hand.take(&window, &more, &role("menuitem", "Files · prod")).await?;
    window.find(&role("grid", "Files in /app")).await?;
    hand.take(&window, &more, &role("menuitem", "Terminal · prod")).await?;
    let shell = textbox(&format!("Terminal of {pod}"));
    eventually("the shell to have the keyboard", async || Ok(window.has_focus(&shell).await?.then_some(()))).await?;
    hand.take(&window, &more, &role("menuitem", "Logs · prod")).await?;
    window.find(&role("tabpanel", "Logs · prod")).await?;
    // One that is open comes to the front again.
    hand.take(&window, &more, &role("menuitem", "Forwards")).await?;
    window.find(&row).await?;
    ensure!(window.count(&By::any("tab").within(role("tablist", "Dock"))).await? == 4, "four tabs");
    window.quit().await?;
    ground.close().await
}
