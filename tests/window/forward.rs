//! A port of a pod on this computer, by keys alone: opened, asked, followed to another pod, opened in the browser, closed.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_tests::forward::host;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Desktop, button, eventually, heading, role};
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
    let name = window.find(&row).await?.attr("aria-label").await?.context("it is named")?;
    let local: u16 = name.rsplit(':').next().and_then(|port| port.parse().ok()).context(name)?;
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
