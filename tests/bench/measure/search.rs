//! Case 8: a search in ten million lines on disk, beside ripgrep on the same bytes.

use super::Bench;
use crate::result::{Budget, Finding, Line, Point, median};
use anyhow::{Context, Result, ensure};
use slipway_journal::{Choice, Entry, Hit, Journal, Pattern, Search};
use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::time::Instant;

const LINES: u64 = 10_000_000;
/// Stands in one line of a thousand.
const NEEDLE: &str = "took=81ms trace=7d3";
/// Lines that are written in one go.
const BATCH: u64 = 10_000;
/// More than all of them take.
const LIMIT: u64 = 4 << 30;
const THREADS: usize = 2;

pub(crate) fn measure(bench: &Bench) -> Result<Finding> {
    let sizes = if bench.options.quick { [LINES / 100, LINES / 10] } else { [LINES / 10, LINES] };
    let folder = tempfile::tempdir()?;
    let mut finding = Finding::default();
    for lines in sizes {
        let file = folder.path().join("plain.log");
        let journal = fill(&folder.path().join(lines.to_string()), &file, lines)?;
        let (tool, expected) = counted(&file)?;
        let (mut first, mut all, mut yardstick) = (Vec::new(), Vec::new(), Vec::new());
        // The first of each warms up. In turn, so that what else the machine does falls on both.
        for repetition in 0..=7 {
            let begun = Instant::now();
            ensure!(counted(&file)?.1 == expected, "{tool} counts differently each time");
            let theirs = begun.elapsed().as_secs_f64();
            let (hit, whole, found) = search(&journal, lines)?;
            ensure!(found == expected, "{found} lines were found, {expected} by {tool}");
            if repetition > 0 {
                yardstick.push(theirs);
                first.push(hit * 1000.0);
                all.push(whole);
            }
        }
        let point = |part: &str, unit: &str, ours: f64, yardstick: Option<f64>| Point {
            part: part.to_owned(),
            size: lines,
            unit: unit.to_owned(),
            ours,
            yardstick,
        };
        finding.curve.push(point("first hit", "ms", median(&first), None));
        finding.curve.push(point("all", "s", median(&all), Some(median(&yardstick))));
        if lines == sizes[1] {
            let hit = Line::new("first hit", "ms", median(&first), Budget::Most(200.0));
            finding.lines = vec![
                Line { samples: first, ..hit },
                Line::of_samples("all", "s", all, &yardstick, Budget::MostTimes(1.5)),
            ];
            finding.notes = vec![format!(
                "{lines} lines, {} MB, {expected} of them found; the yardstick is `{tool}` on the same bytes in one file",
                journal.bytes() / 1_000_000
            )];
        }
    }
    Ok(finding)
}

fn fill(folder: &Path, file: &Path, lines: u64) -> Result<Journal> {
    let (mut writer, journal) = Journal::create(folder, LIMIT)?;
    let mut plain = BufWriter::with_capacity(1 << 20, File::create(file)?);
    let mut text = Vec::new();
    for begin in (0..lines).step_by(usize::try_from(BATCH)?) {
        text.clear();
        let mut ends = Vec::new();
        for line in begin..begin + BATCH {
            write!(
                text,
                "2025-11-20T14:45:42.{:06}Z INFO POST /v2/orders/confirm 200 took={}ms trace={:x}{line:07}",
                line % 1_000_000,
                line * 31 % 97,
                line * 7919 % 4096,
            )?;
            ends.push(text.len());
            text.push(b'\n');
        }
        plain.write_all(&text)?;
        let starts = std::iter::once(0).chain(ends.iter().map(|end| end + 1));
        writer.append(starts.zip(&ends).map(|(from, until)| Entry {
            text: &text[from..*until],
            time: 0,
            source: 0,
            mark: false,
            tag: 0,
            left_out: 0,
        }))?;
    }
    plain.flush()?;
    Ok(journal)
}

/// ripgrep where it is installed, else grep.
fn counted(file: &Path) -> Result<(&'static str, u64)> {
    for (tool, words) in [("rg", &["-c", "-F"][..]), ("grep", &["-c", "-F"][..])] {
        let mut command = Command::new(tool);
        command.args(words).arg(NEEDLE).arg(file).env("LC_ALL", "C");
        match command.output() {
            Ok(output) => {
                ensure!(output.status.success(), "{tool} ended with {}", output.status);
                let count = String::from_utf8(output.stdout)?;
                return Ok((if tool == "rg" { "rg -c -F" } else { "grep -c -F" }, count.trim().parse()?));
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(error).with_context(|| format!("start {tool}")),
        }
    }
    anyhow::bail!("neither rg nor grep is installed")
}

/// Seconds to the nearest line that is found, and to all of them; how many there are.
fn search(journal: &Journal, lines: u64) -> Result<(f64, f64, u64)> {
    let pattern = Pattern::new(NEEDLE, false, true)?;
    let begun = Instant::now();
    let search = Search::new(journal.clone(), Some(pattern), Choice::default(), 0, lines);
    let first = Mutex::new(None);
    search.run(THREADS, &|| {
        let mut first = first.lock().expect("nobody panics with it");
        if first.is_none() && matches!(search.hit(lines, false), Hit::Line { .. }) {
            *first = Some(begun.elapsed().as_secs_f64());
        }
    })?;
    let all = begun.elapsed().as_secs_f64();
    let first = first.into_inner().expect("nobody panics with it").context("something is found")?;
    Ok((first, all, search.progress().found))
}
