//! Case 5: a pod changes in the cluster, and its row on screen.

use super::Bench;
use super::site::FEW;
use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::{Kind, Update};
use std::collections::HashMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::time::{MissedTickBehavior, interval};

/// A hundred changes a second, each of another pod than the one before.
const PACE: Duration = Duration::from_millis(10);
/// What is changed of a pod: the tag of its image, which its row shows.
const TAG: &str = "bench-";
/// Changes that are still on their way when the last one has been written.
const LAST_ONES: Duration = Duration::from_secs(5);

/// In the page: notes when each tag is first on screen, in ms of 1970.
const WATCH: &str = "
    window.shownAt = {};
    const note = (text) => {
        for (const [tag] of (text ?? '').matchAll(/bench-\\d+/g)) window.shownAt[tag] ??= Date.now();
    };
    const table = document.querySelector('main [role=group] > [role=grid]');
    new MutationObserver((changes) => {
        for (const { target, addedNodes } of changes) {
            note(target.textContent);
            for (const node of addedNodes) note(node.textContent);
        }
    }).observe(table, { subtree: true, childList: true, characterData: true });
";

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let site = bench.site().await?;
    site.scale(FEW).await?;
    let window = bench.open(site).await?;
    window.go(&site.running()).await?;
    window.comes_to_rest().await?;
    window.evaluate(WATCH).await?;

    // Beside it, what a core hears of the same pods.
    let session = site.ground.session().await?;
    let mut pods = session.pods("slipway.dev/group=prod");
    let hears = tokio::spawn(async move {
        let mut heard: HashMap<String, f64> = HashMap::new();
        while let Some(update) = pods.next().await {
            let now = millis();
            let (Update::Snapshot { rows, .. } | Update::Upsert(rows)) = update else { continue };
            for image in rows.iter().flat_map(|pod| &pod.containers).map(|container| &container.image) {
                if let Some((_, number)) = image.rsplit_once(TAG) {
                    heard.entry(format!("{TAG}{number}")).or_insert(now);
                }
            }
        }
        heard
    });
    let changes: u32 = if bench.options.quick { 300 } else { 2_000 };
    let names = site.ground.owner.connection.list_names(Kind::Pod, "slipway.dev/group=prod").await?;
    ensure!(!names.is_empty(), "there are pods");
    let mut pace = interval(PACE);
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..changes {
        pace.tick().await;
        let (connection, pod) =
            (site.ground.owner.connection.clone(), names[number as usize % names.len()].name.clone());
        let image = format!("registry.example.com/demo/checkout-api:{TAG}{number}");
        let patch = json!([{ "op": "replace", "path": "/spec/containers/0/image", "value": image }]);
        writes.spawn(async move { connection.json_patch(Kind::Pod, &pod, &patch).await });
    }
    while let Some(written) = writes.join_next().await {
        written??;
    }
    tokio::time::sleep(LAST_ONES).await;
    session.stop();
    let heard = hears.await?;
    let shown = window.evaluate("return window.shownAt;").await?;
    let shown = shown.as_object().context("the page has noted them")?;
    window.quit().await?;
    let mut late: Vec<f64> = heard.iter().filter_map(|(tag, heard)| Some(shown.get(tag)?.as_f64()? - heard)).collect();
    late.sort_by(f64::total_cmp);
    ensure!(late.len() > heard.len() / 2, "{} of {} changes were on screen", late.len(), heard.len());
    let last = late[late.len() * 99 / 100];
    let lines = vec![
        Line::new("median", "ms", median(&late), Budget::Most(100.0)),
        Line::new("p99", "ms", last, Budget::Most(250.0)),
    ];
    let notes = vec![format!(
        "{changes} changes at {} a second over {FEW} pods; after the watch event in another session of the same core code; \
         {} came to a watch, {} to the screen before the next change of their pod",
        1_000 / PACE.as_millis(),
        heard.len(),
        late.len()
    )];
    Ok(Finding { lines, notes, ..Finding::default() })
}

fn millis() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1_000.0
}
