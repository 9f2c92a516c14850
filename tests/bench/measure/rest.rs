//! Cases 2 and 6: a window that rests on a group of fifty pods.

use super::Bench;
use super::process::{Memory, cpu, memory, now};
use super::site::{FEW, Site};
use crate::result::{Budget, Finding, Line};
use anyhow::Result;
use slipway_tests::window::Window;
use std::time::{Duration, Instant};

/// What a resting window takes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Idle {
    /// To the API server, a minute.
    requests: f64,
    /// Of a core.
    pub(crate) percent: f64,
}

/// A window on few pods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AtRest {
    pub(crate) memory: Memory,
    /// On the page that lists the pods, with what they use.
    running: Idle,
    overview: Idle,
}

pub(crate) async fn memory_at_rest(bench: &Bench) -> Result<Finding> {
    let ours = bench.at_rest().await?.memory;
    let folder = tempfile::tempdir()?;
    let bare = bench.desktop().await?.open_program(&bench.options.bare, folder.path()).await?;
    bare.loaded().await?;
    bench.settle().await;
    let yardstick = memory(&bare.processes()?)?;
    bare.quit().await?;
    let line = Line::new("", "MB", ours.all, Budget::MostTimes(1.25)).beside(yardstick.all);
    let notes = vec![
        format!("PSS after {} s; {FEW} pods on the page", bench.settling().as_secs()),
        format!(
            "the core has {:.0} MB of it (bare window {:.0} MB), web processes {:.0} MB (bare window {:.0} MB)",
            ours.core,
            yardstick.core,
            ours.all - ours.core,
            yardstick.all - yardstick.core
        ),
    ];
    Ok(Finding { lines: vec![line], notes, ..Finding::default() })
}

pub(crate) async fn idle(bench: &Bench) -> Result<Finding> {
    let AtRest { running, overview, .. } = bench.at_rest().await?;
    let lines = vec![
        Line::new("requests", "a minute", overview.requests, Budget::Most(6.0)),
        Line::new("requests with metrics", "a minute", running.requests, Budget::Most(10.0)),
        Line::new("CPU", "% of a core", overview.percent, Budget::Most(1.0)),
        Line::new("CPU with metrics", "% of a core", running.percent, Budget::Most(1.0)),
    ];
    let notes = vec![
        format!("over {} s each, of app and web processes, from the cluster's audit log", bench.settling().as_secs()),
        "this cluster has no metrics API: Slipway asks for metrics all the same, and is told so".to_owned(),
    ];
    Ok(Finding { lines, notes, ..Finding::default() })
}

/// Opens Slipway on the site and lets it rest, first on the list of pods, then on the overview.
pub(crate) async fn rest(bench: &Bench, site: &Site) -> Result<AtRest> {
    let window = bench.open(site).await?;
    window.go(&site.running()).await?;
    window.comes_to_rest().await?;
    bench.settle().await;
    let memory = memory(&window.processes()?)?;
    let running = watch_idle(&window, site, bench.settling()).await?;
    window.go(&site.overview()).await?;
    window.comes_to_rest().await?;
    // What the page before had open ends, and its memory is collected.
    bench.settle().await;
    let overview = watch_idle(&window, site, bench.settling()).await?;
    window.quit().await?;
    Ok(AtRest { memory, running, overview })
}

/// Looks at a window for so long without touching it.
pub(crate) async fn watch_idle(window: &Window, site: &Site, span: Duration) -> Result<Idle> {
    let processes = window.processes()?;
    let (from, used, begun) = (now().as_secs_f64(), cpu(&processes)?, Instant::now());
    tokio::time::sleep(span).await;
    let (until, used, seconds) = (now().as_secs_f64(), cpu(&processes)? - used, begun.elapsed().as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "there are few")]
    let requests = site.requests(from, until)? as f64;
    Ok(Idle { requests: requests * 60.0 / seconds, percent: used / seconds * 100.0 })
}
