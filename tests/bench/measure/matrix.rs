//! Case 18: the values of 300 keys in 50 groups, scrolled from end to end in the window.

use super::Bench;
use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result};
use serde_json::Value;
use slipway_model::config::Value as KeyValue;
use slipway_store::Store;
use slipway_store::sample::{self, Size};
use slipway_tests::window::{Window, eventually};

const KEYS: u32 = 300;
const GROUPS: u32 = 50;

/// Ms between frames while nothing happens, then while the matrix is scrolled for 90 frames each, down and across: thrown
/// from end to end, or at a pace, px a frame. Then the same of a text of the same size in its place: what any page would take
/// to be painted here.
const SCROLLED: &str = "
    const grid = document.querySelector('main [role=grid]');
    if (grid === null) return null;
    const frames = async (count, step) => {
        const times = [];
        let last = await new Promise(requestAnimationFrame);
        for (let frame = 0; frame < count; frame += 1) {
            step(frame / (count - 1));
            const now = await new Promise(requestAnimationFrame);
            times.push(now - last);
            last = now;
        }
        return times;
    };
    const scrolled = async (of) => {
        const [down, across] = [of.scrollHeight - of.clientHeight, of.scrollWidth - of.clientWidth];
        [of.scrollTop, of.scrollLeft] = [0, 0];
        await frames(3, () => {});
        const reach = (length) => pace === null ? length : Math.min(length, 90 * pace);
        return [
            ...await frames(90, (part) => { of.scrollTop = part * reach(down); }),
            ...await frames(90, (part) => { of.scrollLeft = part * reach(across); }),
        ];
    };
    const cell = grid.querySelector('[role=gridcell]');
    const { font } = getComputedStyle(cell);
    const idle = await frames(60, () => {});
    const ours = await scrolled(grid);
    const cells = grid.querySelectorAll('[role=gridcell]').length;
    const { width, height } = grid.getBoundingClientRect();
    const text = document.createElement('pre');
    const [rows, columns] = size;
    text.textContent = Array.from({ length: rows }, (_, row) =>
        Array.from({ length: columns }, (_, column) => `https://group-${column}/${row}`.padEnd(20)).join('')).join('\\n');
    text.style.cssText = `overflow: auto; margin: 0; width: ${width}px; height: ${height}px; font: ${font}; line-height: 32px`;
    grid.style.display = 'none';
    grid.before(text);
    const plain = await scrolled(text);
    text.remove();
    grid.style.display = '';
    return { idle, ours, plain, cells };
";
/// Of a wheel that is turned fast, px a frame.
const WHEEL: u32 = 40;
/// A frame that took so many times the usual one left another out.
const DROPPED: f64 = 1.5;
/// What a display shows a second. A webview at rest may wake more often than that.
const FRAME_MS: f64 = 1000.0 / 60.0;

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open(folder.path()).await?;
    let store = opened.store;
    sample::fill(&store, Size { apps: 1, groups: GROUPS, releases: GROUPS }).await?;
    let app = store
        .write(|w| {
            let app = w.apps()?.swap_remove(0).0.id;
            let groups = w.groups_of_app(&app)?;
            for key in 0..KEYS {
                let (name, default) = (format!("service.{key:03}.url"), KeyValue::Plain(format!("default {key}")));
                w.set_value(&app, &name, None, Some(&default))?;
                // As people do it: most groups leave most keys as they are.
                for group in groups.iter().skip(key as usize % 3).step_by(3) {
                    let own = KeyValue::Plain(format!("https://{}/{key}", group.draft.name));
                    w.set_value(&app, &name, Some(&group.id), Some(&own))?;
                }
            }
            Ok(app)
        })
        .await?;
    store.close().await;

    let window = bench.desktop().await?.open_program(&bench.options.slipway, folder.path()).await?;
    window.loaded().await?;
    eventually("Slipway to open its first page", async || Ok((window.route().await? != "/").then_some(()))).await?;
    window.comes_to_rest().await?;
    window.go(&format!("/app/{app}/config?show=values")).await?;
    // It is drawn for its size once that is known.
    window.comes_to_rest().await?;
    // What a webview compiles while it scrolls for the first time is no part of it.
    scrolled(&window, "null").await?;
    // One after the other: a script of a page has half a minute.
    let thrown = scrolled(&window, "null").await?;
    let wheel = scrolled(&window, &WHEEL.to_string()).await?;
    window.quit().await?;

    let idle = times(&thrown["idle"])?;
    let of = |seen: &Value| anyhow::Ok((times(&seen["ours"])?, times(&seen["plain"])?));
    let (cells, (ours, plain), (wheel, plain_wheel)) = (&thrown["cells"], of(&thrown)?, of(&wheel)?);
    let usual = median(&idle).max(FRAME_MS);
    let dropped = |times: &[f64]| {
        #[expect(clippy::cast_precision_loss, reason = "some hundred frames")]
        let count = times.iter().filter(|time| **time > usual * DROPPED).count() as f64;
        count
    };
    let longest = |times: &[f64]| times.iter().copied().fold(0.0, f64::max);
    Ok(Finding {
        lines: vec![
            Line::new("frame", "ms", median(&ours), Budget::MostTimes(1.2)).beside(median(&plain)),
            Line::new("dropped frames", "", dropped(&ours), Budget::MostMore(0.0)).beside(dropped(&plain)),
            Line::new("longest frame", "ms", longest(&ours), Budget::MostTimes(1.5)).beside(longest(&plain)),
            Line::new("frame by wheel", "ms", median(&wheel), Budget::MostTimes(1.2)).beside(median(&plain_wheel)),
            Line::new("dropped by wheel", "", dropped(&wheel), Budget::MostMore(0.0)).beside(dropped(&plain_wheel)),
        ],
        notes: vec![format!(
            "{KEYS} keys × {GROUPS} groups, {} frames scrolled, and {} by a wheel, beside a text of the same size; a frame is {usual:.1} ms; {} cells drawn of {}",
            ours.len(),
            wheel.len(),
            cells,
            KEYS * GROUPS,
        )],
        ..Finding::default()
    })
}

async fn scrolled(window: &Window, pace: &str) -> Result<Value> {
    let script = format!("const [pace, size] = [{pace}, [{KEYS}, {GROUPS}]];\n{SCROLLED}");
    eventually("the matrix to be drawn", async || {
        let seen = window.evaluate(&script).await?;
        Ok((!seen.is_null()).then_some(seen))
    })
    .await
}

fn times(value: &Value) -> Result<Vec<f64>> {
    let list = value.as_array().context("the page counts its frames")?;
    list.iter().map(|time| time.as_f64().context("a frame has a length")).collect()
}
