//! Case 20: a log that is followed for an hour, with the window open on it: what Slipway takes for it stays the same.

use super::Bench;
use super::logs::{HTTP, opened, printing};
use super::process::{memory, resident};
use crate::result::{Budget, Finding, Line};
use anyhow::{Context, Result};
use slipway_tests::pod::Pods;
use std::time::{Duration, Instant};
use tokio::time::interval;

/// Lines a second.
const RATE: u32 = 5_000;
const HOUR: Duration = Duration::from_hours(1);
const QUICK: Duration = Duration::from_mins(5);
/// Between one look at its memory and the next.
const EVERY: Duration = Duration::from_secs(30);

const OPEN: &str = "
    [...document.querySelectorAll('main button')].find((one) => one.textContent.includes('Logs of all pods')).click();
";
/// What the page says of the lines: how many are kept, and of any that were not.
const SAID: &str = "return document.querySelector('[role=log]').parentElement.parentElement.parentElement.lastElementChild.textContent;";

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let (_cluster, ground) = printing(bench).await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    let window = opened(bench, &ground).await?;
    window.evaluate(OPEN).await?;
    pods.get(&pod, HTTP, &format!("/log?rate={RATE}")).await?;
    let span = if bench.options.quick { QUICK } else { HOUR };
    let begun = Instant::now();
    // What a log takes as soon as it is open is no growth.
    bench.settle().await;
    let (mut core, mut all, mut looks) = (Vec::new(), Vec::new(), interval(EVERY));
    while begun.elapsed() < span {
        looks.tick().await;
        core.push(resident(window.pid())?);
        all.push(memory(&window.processes()?)?.all);
    }
    pods.get(&pod, HTTP, "/log?rate=0").await?;
    let said = window.evaluate(SAID).await?;
    window.quit().await?;
    pods.close();
    let first = *core.first().context("it was looked at")?;
    let most = core.iter().copied().fold(first, f64::max);
    let least = core.iter().copied().fold(first, f64::min);
    let most_of_all = all.iter().copied().fold(0.0, f64::max);
    let line = Line::new("core, from its least to its most", "MB", most - least, Budget::Most(20.0));
    let notes = vec![
        format!(
            "{RATE} lines a second for {} min; resident in the core {first:.0} MB after {} s, {least:.0} to {most:.0} MB \
             from then on; PSS with the web processes {:.0} MB, at most {most_of_all:.0} MB",
            span.as_secs() / 60,
            bench.settling().as_secs(),
            all.first().copied().unwrap_or_default(),
        ),
        format!("the page says: {}", said.as_str().unwrap_or_default()),
    ];
    ground.close().await?;
    Ok(Finding { lines: vec![Line { samples: core, ..line }], notes, ..Finding::default() })
}
