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
/// What is changed of a pod: the tag of its image, which its row shows. As in a release the pods come to one after the
/// other, so that there are two at a time; a letter ends it, for a row says other numbers too.
const TAG: &str = "bench-";
const TAG_ENDS: &str = "x";
/// Writes under way at once: a server that is slower than that is not given more than it takes.
const WRITERS: usize = 8;

/// In the page: notes when the row of each pod first shows a tag, in ms of 1970, by the end of the pod's name and the tag.
const WATCH: &str = "
    window.shownAt = {};
    const table = document.querySelector('main [role=group] > [role=grid]');
    new MutationObserver((changes) => {
        const now = Date.now();
        for (const { target } of changes) {
            const row = (target.parentElement ?? target).closest('[role=row]');
            const said = /-([a-z0-9]{5})(bench-\\d+)x/.exec(row?.textContent ?? '');
            if (said) window.shownAt[`${said[1]} ${said[2]}`] ??= now;
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
            for pod in &rows {
                let Some(image) = pod.containers.first().map(|container| &container.image) else { continue };
                if let Some((_, round)) = image.trim_end_matches(TAG_ENDS).rsplit_once(TAG) {
                    heard.entry(key(&pod.name, round)).or_insert(now);
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
        let (round, place) = (number as usize / names.len(), number as usize % names.len());
        let (connection, pod) = (site.ground.owner.connection.clone(), names[place].name.clone());
        let image = format!("registry.example.com/demo/checkout-api:{TAG}{round}{TAG_ENDS}");
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
    let rounds = changes as usize / names.len();
    ensure!(changes as usize == rounds * names.len(), "each pod changes as often");
    let last: Vec<String> = names.iter().map(|pod| key(&pod.name, rounds - 1)).collect();
    eventually("the last change of each pod to be heard", async || {
        let heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(last.iter().all(|change| heard.contains_key(change)).then_some(()))
    })
    .await?;
    session.stop();
    listening.await?;
    window.comes_to_rest().await?;
    let heard = heard.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let shown = window.evaluate("return window.shownAt;").await?;
    let shown = shown.as_object().context("the page has noted them")?;
    window.quit().await?;
    let mut late: Vec<f64> =
        heard.iter().filter_map(|(change, heard)| Some(shown.get(change)?.as_f64()? - heard)).collect();
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

/// A change, as the page notes it.
fn key(pod: &str, round: impl std::fmt::Display) -> String {
    let (_, end) = pod.rsplit_once('-').unwrap_or_default();
    format!("{end} {TAG}{round}")
}

fn millis() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1_000.0
}
