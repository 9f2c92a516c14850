//! `cargo xtask VERB`: everything that is done with this checkout, from an empty machine on.

mod arguments;
mod bench;
mod build;
mod cluster;
mod display;
mod keyring;
mod place;
mod process;
mod root;
mod run;
mod setup;
mod shots;
mod test;
mod wire;

use anyhow::{Result, bail};
use lexopt::Arg::{Long, Short, Value};
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask VERB

  run [--practice] [--headless] [--debug] [-- ARGUMENTS]
      Sets up what is missing, builds Slipway and opens its window on your own clusters.
      --practice   on a small real Kubernetes of this machine, with two apps to play with (Linux, root)
      --headless   without a display: takes a picture of each page and prints where they are
      --debug      unoptimised, with the pages from a dev server that reloads them as you edit
      ARGUMENTS go to Slipway, e.g. --data-dir FOLDER

  test [lint] [unit] [house] [cluster] [window] [-- FILTER]
      Sets up what is missing, then runs these layers (all by default) and stops at the first broken one.
      FILTER picks tests by name. SLIPWAY_TEST_KUBECONFIG names a cluster to test on instead of one of our own.

  cluster up|down|status [OPTIONS], cluster kubectl ARGUMENTS
      The practice cluster by itself. OPTIONS go to it; --index N and --work FOLDER choose another one.

  shots [--debug]
      Takes a picture of every page of the practice run: light and dark, English and Chinese, two sizes; and of what it
      shows while it waits, when it has nothing, and without its cluster. Breaks that cluster for a while.
      --debug      of an unoptimised build

  bench [--quick] [--against FILE] [CASE…]
      Measures the cases (all by default; by number or name) against their budgets, beside a bare window and kubectl.
      Prints a table and keeps it in target/bench. What needs a cluster needs root.
      --quick      smaller sizes, fewer repetitions
      --against    compares with an earlier run

  wire
      Writes the contract with the window to ui/src/wire.

Caches are kept in SLIPWAY_CACHE, by default XDG_CACHE_HOME/slipway or ~/.cache/slipway.
";

fn main() -> ExitCode {
    match dispatch() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::from(if process::interrupted() { 130 } else { 1 })
        }
    }
}

fn dispatch() -> Result<ExitCode> {
    process::pass_signals_on()?;
    let mut arguments = lexopt::Parser::from_env();
    match arguments.next()? {
        Some(Value(verb)) => match verb.to_string_lossy().as_ref() {
            "run" => run::run(&run::Options::parse(arguments)?).map(|()| ExitCode::SUCCESS),
            "test" => test::test(&test::Options::parse(arguments)?),
            "shots" => run::run(&run::Options::shots(arguments)?).map(|()| ExitCode::SUCCESS),
            "bench" => bench::bench(&bench::Options::parse(arguments)?).map(|()| ExitCode::SUCCESS),
            "cluster" => cluster::verb(arguments),
            "wire" => wire::write().map(|()| ExitCode::SUCCESS),
            other => bail!("there is no verb `{other}`\n\n{HELP}"),
        },
        Some(Long("help") | Short('h')) | None => {
            print!("{HELP}");
            Ok(ExitCode::SUCCESS)
        }
        Some(other) => bail!("{}\n\n{HELP}", other.unexpected()),
    }
}
