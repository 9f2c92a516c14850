//! Cases 3 and 4: a group of ten thousand pods, and of a tenth of that.

use super::Bench;
use super::process::{Memory, memory};
use super::rest::watch_idle;
use super::site::{FEW, Site};
use crate::result::{Budget, Finding, Line, Point, median};
use anyhow::{Context, Result};
use slipway_tests::window::Window;

/// Numbers of the two cases.
pub(crate) const RESTING: u32 = 3;
pub(crate) const LISTING: u32 = 4;

const FIRST: &str = "first rows";
const ALL: &str = "all counted";

/// In the page, on the overview: opens the group and says when its rows are there, in seconds from the click.
const CLICK: &str = "
    const frame = () => new Promise(requestAnimationFrame);
    const begun = performance.now();
    document.querySelector(`main a[href*=\"/running/${group}\"]`).click();
    let first = null, all = null, longest = 0, last = begun;
    while (first === null || all === null) {
        const now = await frame();
        longest = Math.max(longest, now - last);
        last = now;
        const table = document.querySelector('main [role=group] > [role=grid]');
        if (!table) continue;
        if (table.querySelector('[role=row][aria-rowindex=\"2\"]')) first ??= performance.now();
        // With the header. Where all are known, they are counted before their rows are drawn.
        if (Number(table.getAttribute('aria-rowcount')) === pods + 1) all ??= performance.now();
    }
    return { first: (first - begun) / 1000, all: (all - begun) / 1000, longest };
";

/// What was seen of a group of one size.
struct Seen {
    memory: Memory,
    percent: f64,
    first: Vec<f64>,
    all: Vec<f64>,
    raw: Vec<f64>,
    /// First rows where the group was open a moment before.
    again: Vec<f64>,
    /// Longest frame of all, ms.
    longest: f64,
}

/// Of cases 3 and 4.
pub(crate) async fn measure(bench: &Bench) -> Result<(Finding, Finding)> {
    let few = bench.at_rest().await?.memory;
    let site = bench.site().await?;
    let sizes = if bench.options.quick { [100, 1_000] } else { [1_000, 10_000] };
    let (mut resting, mut listing) = (Finding::default(), Finding::default());
    for pods in sizes {
        eprintln!("bench: making {pods} pods");
        site.scale(pods).await?;
        bench.pause().await;
        let seen = see(bench, site, pods).await?;
        let Memory { core, all } = seen.memory;
        for (part, ours, yardstick) in [("core", core, few.core), ("all", all, few.all)] {
            resting.curve.push(point(part, pods, "MB", ours, yardstick));
        }
        let (first, counted, raw) = (median(&seen.first), median(&seen.all), median(&seen.raw));
        listing.curve.extend([point(FIRST, pods, "s", first, raw), point(ALL, pods, "s", counted, raw)]);
        if pods == sizes[1] {
            resting.lines = vec![
                Line::new("core", "MB", core, Budget::MostMore(25.0)).beside(few.core),
                Line::new("all", "MB", all, Budget::MostMore(100.0)).beside(few.all),
            ];
            let a_pod = (all - few.all) * 1000.0 / f64::from(pods - FEW);
            resting.notes = vec![
                format!("{pods} pods: {a_pod:.1} kB a pod in all; at rest {:.1} % of a core", seen.percent),
                "ten times as many pods do not fit on one machine's cluster: the curve ends here".to_owned(),
            ];
            let again = median(&seen.again);
            listing.notes = vec![format!(
                "{pods} pods; longest frame on the way {:.0} ms; opened again a moment later: first rows after {again:.2} s",
                seen.longest
            )];
            listing.lines = vec![
                Line::of_samples(FIRST, "s", seen.first, &seen.raw, Budget::MostTimes(0.4)),
                Line::of_samples(ALL, "s", seen.all, &seen.raw, Budget::MostTimes(2.5)),
            ];
        }
    }
    Ok((resting, listing))
}

fn point(part: &str, pods: u32, unit: &str, ours: f64, yardstick: f64) -> Point {
    Point { part: part.to_owned(), size: pods.into(), unit: unit.to_owned(), ours, yardstick: Some(yardstick) }
}

/// Each time in a window that has not seen the group: what was open a moment ago is known, and asks for no list.
async fn see(bench: &Bench, site: &Site, pods: u32) -> Result<Seen> {
    let repetitions = if bench.options.quick { 3 } else { 7 };
    let mut seen = Seen {
        memory: Memory { core: 0.0, all: 0.0 },
        percent: 0.0,
        first: vec![],
        all: vec![],
        raw: vec![],
        again: vec![],
        longest: 0.0,
    };
    for repetition in 0..=repetitions {
        let window = bench.open(site).await?;
        let (first, all, longest) = click(bench, &window, site, pods).await?;
        if repetition == 0 {
            // Once opened, as a person does, and left alone. It warms up the times as well.
            bench.settle().await;
            seen.memory = memory(&window.processes()?)?;
            seen.percent = watch_idle(&window, site, bench.settling()).await?.percent;
        } else {
            seen.first.push(first);
            seen.all.push(all);
            seen.longest = seen.longest.max(longest);
            seen.again.push(click(bench, &window, site, pods).await?.0);
        }
        window.quit().await?;
        if repetition > 0 {
            seen.raw.push(site.raw_list()?);
        }
    }
    Ok(seen)
}

/// From the overview at rest: seconds until the first rows and until all are counted, and the longest frame, ms.
async fn click(bench: &Bench, window: &Window, site: &Site, pods: u32) -> Result<(f64, f64, f64)> {
    window.go(&site.overview()).await?;
    window.comes_to_rest().await?;
    // What the page before had open ends.
    bench.pause().await;
    let script = format!("const group = '{}', pods = {pods};\n{CLICK}", site.ground.group);
    let seen = window.evaluate(&script).await.with_context(|| format!("open the list of {pods} pods"))?;
    let number = |name: &str| seen[name].as_f64().with_context(|| format!("the page answered {seen}"));
    Ok((number("first")?, number("all")?, number("longest")?))
}
