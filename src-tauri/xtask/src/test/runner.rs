//! Runs the checks and test runners of one layer, all of them, and keeps count.

use super::count::{self, Counts, GoEvents};
use crate::build;
use crate::cluster;
use crate::process;
use anyhow::{Context, Result};
use std::fs;
use std::process::{Command, ExitStatus};

pub(crate) struct Runner {
    /// Picks tests by name.
    filter: Option<String>,
    pub(crate) counts: Counts,
    /// What broke and, below it, the tests of it that failed, each in one line.
    pub(crate) broken: Vec<String>,
}

impl Runner {
    pub(crate) fn new(filter: Option<String>) -> Self {
        Self { filter, counts: Counts::default(), broken: Vec::new() }
    }

    /// A check without tests of its own: only its failure counts.
    pub(crate) fn check(&mut self, command: &mut Command, what: &str) -> Result<()> {
        println!("\n--- {what}");
        let status = process::run_lines(command, what, |line| println!("{line}"))?;
        self.end(status, Counts::default(), Vec::new(), what);
        Ok(())
    }

    /// `cargo test`, with the words that say which targets.
    pub(crate) fn cargo(&mut self, command: &mut Command, what: &str) -> Result<()> {
        println!("\n--- {what}");
        if let Some(filter) = &self.filter {
            command.args(["--", filter]);
        }
        let mut counts = Counts::default();
        let mut failed = Vec::new();
        let status = process::run_lines(command, what, |line| {
            println!("{line}");
            counts += count::cargo_line(line).unwrap_or_default();
            failed.extend(count::cargo_failed(line).map(str::to_owned));
        })?;
        self.end(status, counts, failed, what);
        Ok(())
    }

    pub(crate) fn vitest(&mut self) -> Result<()> {
        let what = "tests of the pages";
        println!("\n--- {what}");
        let report = tempfile::NamedTempFile::new().context("make a file for Vitest's report")?;
        let mut command = build::npm(&["exec", "--", "vitest", "run", "--reporter=default", "--reporter=json"]);
        command.arg(format!("--outputFile.json={}", report.path().display()));
        if let Some(filter) = &self.filter {
            command.args(["--testNamePattern", filter]);
        }
        let status = process::run_lines(&mut command, what, |line| println!("{line}"))?;
        let text = fs::read_to_string(report.path()).context("read Vitest's report")?;
        let (counts, failed) = count::vitest_report(&text).unwrap_or_default();
        self.end(status, counts, failed, what);
        Ok(())
    }

    pub(crate) fn go(&mut self) -> Result<()> {
        let what = "tests of the cluster's own parts";
        println!("\n--- {what}");
        let mut command = cluster::go(&["test", "-json"]);
        if let Some(filter) = &self.filter {
            command.args(["-run", filter]);
        }
        let mut events = GoEvents::default();
        let status = process::run_lines(command.arg("./..."), what, |line| {
            if let Some(text) = events.line(line) {
                print!("{text}");
            }
        })?;
        self.end(status, events.counts, events.failed, what);
        Ok(())
    }

    /// What failed before any test could say so, a compile error say, counts as one.
    fn end(&mut self, status: ExitStatus, mut counts: Counts, failed: Vec<String>, what: &str) {
        if !status.success() {
            counts.failed = counts.failed.max(1);
            self.broken.push(format!("broken: {what} ({status})"));
            self.broken.extend(failed.into_iter().map(|test| format!("  {test}")));
        }
        self.counts += counts;
    }
}
