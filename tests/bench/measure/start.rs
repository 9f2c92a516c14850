//! Case 1: from the start of the process to an overview that can be used.

use super::Bench;
use super::process::started;
use crate::result::{Budget, Finding, Line};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use slipway_store::Store;
use slipway_store::sample::{self, Size};
use slipway_tests::window::{WITHIN, Window};
use std::path::Path;
use std::time::Instant;

/// Answers the page's clock in ms of 1970 once the groups of the overview are drawn, and whether they were at first sight.
const USABLE: &str = "
    const drawn = () => document.querySelector('main a[href*=\"/running/\"]') !== null
        && document.querySelectorAll('main [aria-busy=true]').length === 0;
    const late = drawn();
    while (!drawn()) await new Promise(requestAnimationFrame);
    // The frame that shows it.
    await new Promise(requestAnimationFrame);
    return { at: Date.now(), late };
";
/// The same of a page that is there as soon as it is drawn: the browser's own note of that moment.
const PAINTED: &str = "
    const paint = performance.getEntriesByName('first-contentful-paint')[0];
    return paint ? { at: performance.timeOrigin + paint.startTime, late: false } : null;
";

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let folder = tempfile::tempdir()?;
    let (ours, bare) = (folder.path().join("slipway"), folder.path().join("bare"));
    let releases = if bench.options.quick { 10_000 } else { 100_000 };
    let opened = Store::open(&ours).await?;
    sample::fill(&opened.store, Size { apps: 50, groups: 1_000, releases }).await?;
    opened.store.close().await;

    let repetitions = if bench.options.quick { 3 } else { 9 };
    let (mut our_times, mut bare_times, mut late) = (Vec::new(), Vec::new(), 0);
    // The first of each warms up. In turn, so that what else the machine does falls on both.
    for repetition in 0..=repetitions {
        let (our, was_late) = once(bench, &bench.options.slipway, &ours, USABLE).await.context("start Slipway")?;
        let (bare, _) = once(bench, &bench.options.bare, &bare, PAINTED).await.context("start the bare window")?;
        if repetition > 0 {
            our_times.push(our);
            bare_times.push(bare);
            late += u32::from(was_late);
        }
    }
    let line = Line::of_samples("", "s", our_times, &bare_times, Budget::MostTimes(1.3));
    let mut notes =
        vec![format!("50 apps, 1,000 groups, {releases} releases; {repetitions} starts of each, in turn, warm")];
    if late > 0 {
        notes.push(format!("{late} of our starts were over before the page could be asked: those times are too long"));
    }
    Ok(Finding { lines: vec![line], notes, ..Finding::default() })
}

/// Seconds of one start, and whether the page was asked too late to know better.
async fn once(bench: &Bench, binary: &Path, data_dir: &Path, script: &str) -> Result<(f64, bool)> {
    let window = bench.desktop().await?.open_program(binary, data_dir).await?;
    let begun = started(window.pid())?;
    let seen = asked(&window, script).await?;
    let at = seen["at"].as_f64().context("the page has a clock")? / 1000.0;
    // Not in the middle of what it still does.
    window.loaded().await?;
    window.comes_to_rest().await?;
    window.quit().await?;
    Ok((at - begun, seen["late"] == true))
}

/// Asks again and again until there is an answer: a page on its way takes no questions.
async fn asked(window: &Window, script: &str) -> Result<Value> {
    let begun = Instant::now();
    loop {
        match window.evaluate(script).await {
            Ok(answer) if !answer.is_null() => return Ok(answer),
            Err(error) if begun.elapsed() > WITHIN => return Err(error),
            _ if begun.elapsed() > WITHIN => bail!("the page drew nothing within {WITHIN:?}"),
            _ => {}
        }
    }
}
