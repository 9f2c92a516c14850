//! Case 5: a pod changes in the cluster, and its row on screen.

use super::Bench;
use super::site::FEW;
use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::{Kind, Update};
use slipway_tests::window::eventually;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;
use tokio::time::{MissedTickBehavior, interval};

/// A hundred changes a second, each of another pod than the one before.
const PACE: Duration = Duration::from_millis(10);
/// What is changed of a pod: the tag of its image, which its row shows.
const TAG: &str = "bench-";
/// Writes under way at once: a server that is slower than that is not given more than it takes.
const WRITERS: usize = 8;

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
    let heard: Arc<Mutex<HashMap<String, f64>>> = Arc::default();
    let hears = heard.clone();
    let listening = tokio::spawn(async move {
        while let Some(update) = pods.next().await {
            let now = millis();
            let (Update::Snapshot { rows, .. } | Update::Upsert(rows)) = update else { continue };
            let mut heard = hears.lock().unwrap_or_else(PoisonError::into_inner);
            for image in rows.iter().flat_map(|pod| &pod.containers).map(|container| &container.image) {
                if let Some((_, number)) = image.rsplit_once(TAG) {
                    heard.entry(format!("{TAG}{number}")).or_insert(now);
                }
            }
        }
    });
    let changes: u32 = if bench.options.quick { 300 } else { 2_000 };
    let names = site.ground.owner.connection.list_names(Kind::Pod, "slipway.dev/group=prod").await?;
    ensure!(!names.is_empty(), "there are pods");
    let (mut pace, begun) = (interval(PACE), Instant::now());
    pace.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let writers = Arc::new(Semaphore::new(WRITERS));
    let mut writes = tokio::task::JoinSet::new();
    for number in 0..changes {
        pace.tick().await;
        let (connection, pod) =
            (site.ground.owner.connection.clone(), names[number as usize % names.len()].name.clone());
        let image = format!("registry.example.com/demo/checkout-api:{TAG}{number}");
        let patch = json!([{ "op": "replace", "path": "/spec/containers/0/image", "value": image }]);
        let permit = writers.clone().acquire_owned().await?;
        writes.spawn(async move {
            let written = connection.json_patch(Kind::Pod, &pod, &patch).await;
            drop(permit);
            written
        });
    }
    while let Some(written) = writes.join_next().await {
        written??;
    }
    let rate = f64::from(changes) / begun.elapsed().as_secs_f64();
    // The last change of a pod is not overtaken by another.
    let last: Vec<String> = (0..changes).rev().take(names.len()).map(|number| format!("{TAG}{number}")).collect();
    eventually("the last change of each pod to be heard", async || {
        let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(last.iter().all(|tag| heard.contains_key(tag)).then_some(()))
    })
    .await?;
    session.stop();
    listening.await?;
    window.comes_to_rest().await?;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let shown = window.evaluate("return window.shownAt;").await?;
    let shown = shown.as_object().context("the page has noted them")?;
    window.quit().await?;
    let mut late: Vec<f64> = heard.iter().filter_map(|(tag, heard)| Some(shown.get(tag)?.as_f64()? - heard)).collect();
    late.sort_by(f64::total_cmp);
    // Of pods whose rows are in sight, and as many as a hundredth can be told of.
    ensure!(late.len() >= 100, "{} of {} changes were on screen", late.len(), heard.len());
    let last = late[late.len() * 99 / 100];
    let lines = vec![
        Line::new("median", "ms", median(&late), Budget::Most(100.0)),
        Line::new("p99", "ms", last, Budget::Most(250.0)),
    ];
    let notes = vec![format!(
        "{changes} changes at {rate:.0} a second over {FEW} pods; after the watch event in another session of the same core code; \
         {} came to a watch, {} to the screen before the next change of their pod",
        heard.len(),
        late.len()
    )];
    Ok(Finding { lines, notes, ..Finding::default() })
}

fn millis() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1_000.0
}
