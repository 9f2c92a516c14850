//! Measures Slipway against its budgets: every case beside its yardstick, in one run on one machine.
//!
//! `bench --slipway FILE --bare FILE --out FOLDER [--no-cluster WHY] [--against FILE] [--quick] [CASE…]`
//!
//! Brings its own display, bus and keyring, and a cluster of its own for the cases that need one, by the program that
//! `SLIPWAY_CLUSTER_BIN` names. `cargo xtask bench` builds all of that and calls it.

mod case;
mod compare;
#[cfg_attr(not(target_os = "linux"), path = "elsewhere.rs")]
mod measure;
mod result;
mod table;

use anyhow::{Context, Result, bail};
use case::{CASES, Case};
use lexopt::Arg::{Long, Value};
use lexopt::ValueExt as _;
use result::{Finding, Row, Run};
use std::path::{Path, PathBuf};

struct Options {
    slipway: PathBuf,
    bare: PathBuf,
    out: PathBuf,
    /// Why there can be none.
    no_cluster: Option<String>,
    against: Option<PathBuf>,
    quick: bool,
    cases: Vec<&'static Case>,
}

impl Options {
    fn parse(mut from: lexopt::Parser) -> Result<Self> {
        let (mut slipway, mut bare, mut out) = (None, None, None);
        let (mut no_cluster, mut against, mut quick, mut cases) = (None, None, false, Vec::new());
        while let Some(argument) = from.next()? {
            match argument {
                Long("slipway") => slipway = Some(from.value()?.into()),
                Long("bare") => bare = Some(from.value()?.into()),
                Long("out") => out = Some(from.value()?.into()),
                Long("no-cluster") => no_cluster = Some(from.value()?.string()?),
                Long("against") => against = Some(from.value()?.into()),
                Long("quick") => quick = true,
                Value(word) => cases.push(chosen(&word.string()?)?),
                other => bail!("bench: {}", other.unexpected()),
            }
        }
        if cases.is_empty() {
            cases = CASES.iter().collect();
        }
        cases.sort_by_key(|case| case.number);
        Ok(Self {
            slipway: slipway.context("bench: --slipway names no window")?,
            bare: bare.context("bench: --bare names no window to compare with")?,
            out: out.context("bench: --out names no folder")?,
            no_cluster,
            against,
            quick,
            cases,
        })
    }
}

fn chosen(word: &str) -> Result<&'static Case> {
    case::find(word).with_context(|| {
        let all = CASES.iter().map(|case| format!("{} {}", case.number, case.name)).collect::<Vec<_>>();
        format!("bench: there is no case `{word}`, only {}", all.join(", "))
    })
}

#[tokio::main]
async fn main() -> Result<()> {
    let options = Options::parse(lexopt::Parser::from_env())?;
    // Said now, not after the measurements.
    let before = options.against.as_deref().map(read).transpose()?;
    let (out, cases, quick) = (options.out.clone(), options.cases.clone(), options.quick);
    let began = measure::load();
    let mut found = Box::pin(measure::measure(options, &cases)).await;
    let rows = CASES.iter().map(|case| Row {
        number: case.number,
        title: case.title.to_owned(),
        finding: found.remove(&case.number).unwrap_or_else(|| Finding::not_measured("not chosen")),
    });
    let run = Run {
        taken: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        quick,
        cores: std::thread::available_parallelism().map_or(1, usize::from),
        load: began.zip(measure::load()),
        rows: rows.collect(),
    };
    print!("{}", table::table(&run));
    if let Some(before) = before {
        print!("\n{}", compare::comparison(&before, &run));
    }
    println!("{}", keep(&run, &out)?.display());
    Ok(())
}

fn read(path: &Path) -> Result<Run> {
    let doing = || format!("read the run in {}", path.display());
    serde_json::from_slice(&std::fs::read(path).with_context(doing)?).with_context(doing)
}

/// Writes a run to a file of its own.
fn keep(run: &Run, folder: &Path) -> Result<PathBuf> {
    let path = folder.join(format!("{}.json", run.taken.replace(':', "-")));
    let mut text = serde_json::to_string_pretty(run)?;
    text.push('\n');
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&path, text))
        .with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use result::{Budget, Line};

    fn parse(words: &[&str]) -> Result<Options> {
        let all = [&["--slipway", "s", "--bare", "b", "--out", "o"], words].concat();
        Options::parse(lexopt::Parser::from_args(all))
    }

    #[test]
    fn cases_are_chosen_by_number_or_name_and_all_without_a_word() {
        let numbers = |words: &[&str]| parse(words).unwrap().cases.iter().map(|case| case.number).collect::<Vec<_>>();
        assert_eq!(numbers(&["bridge", "1", "--quick"]), [1, 10]);
        assert_eq!(numbers(&[]).len(), CASES.len());
        let refused = parse(&["brigde"]).err().unwrap().to_string();
        assert!(refused.contains("brigde") && refused.contains("10 bridge"), "{refused}");
    }

    #[test]
    fn a_run_that_was_kept_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let line = Line::of_samples("lines", "lines/s", vec![1.5, 2.5, 2.0], &[2.0], Budget::LeastTimes(0.9));
        let finding = Finding { lines: vec![line], ..Finding::default() };
        let run = Run {
            taken: "2026-01-01T10:20:30Z".to_owned(),
            version: "0.1.0".to_owned(),
            quick: true,
            cores: 2,
            load: Some((0.5, 1.5)),
            rows: vec![Row { number: 10, title: "bridge".to_owned(), finding }],
        };
        let path = keep(&run, &folder.path().join("bench")).unwrap();
        assert_eq!(path.file_name().unwrap(), "2026-01-01T10-20-30Z.json");
        assert_eq!(read(&path).unwrap(), run);
    }
}
