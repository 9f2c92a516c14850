//! Case 15: releases in batches against the model of the controllers, on one core.

use crate::result::{Budget, Finding, Line};
use anyhow::{Result, anyhow};
use slipway_simulation::{End, run};
use std::collections::BTreeMap;
use std::time::Instant;

/// Releases of a full run, and of a quick one.
const RELEASES: u32 = 1_000_000;
const QUICK: u32 = 50_000;
/// What a minute has to bring.
const A_MINUTE: f64 = 100_000.0;

pub(crate) fn measure(quick: bool) -> Result<Finding> {
    let releases = if quick { QUICK } else { RELEASES };
    let mut ends: BTreeMap<&'static str, u32> = BTreeMap::new();
    let started = Instant::now();
    for seed in 0..u64::from(releases) {
        let report = run(seed).map_err(|broken| anyhow!("{broken}"))?;
        *ends.entry(word(report.end)).or_default() += 1;
    }
    let seconds = started.elapsed().as_secs_f64();
    // As the time that so many take, because a budget of time is one that must not be passed.
    let taken = seconds * A_MINUTE / f64::from(releases);
    let line = Line::new("100,000 releases", "s", taken, Budget::Most(60.0));
    let ends = ends.iter().map(|(end, count)| format!("{count} {end}")).collect::<Vec<_>>().join(", ");
    Ok(Finding { lines: vec![line], notes: vec![format!("{releases} releases: {ends}")], ..Finding::default() })
}

fn word(end: End) -> &'static str {
    match end {
        End::Succeeded => "succeeded",
        End::Aborted => "aborted",
        End::Stopped => "stopped",
        End::Refused => "refused",
    }
}
