//! `cargo xtask bench`: builds what is measured and what measures it, and calls `tests/bench`.

use crate::build::{self, Profile};
use crate::cluster;
use crate::keyring::Keyring;
use crate::place;
use crate::process;
use crate::root;
use crate::setup::{self, Purpose};
use anyhow::{Context, Result, bail};
use lexopt::Arg::{Long, Value};
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Options {
    quick: bool,
    /// The run to compare with.
    against: Option<PathBuf>,
    /// By number or name; all when there are none.
    cases: Vec<OsString>,
}

impl Options {
    pub(crate) fn parse(mut from: lexopt::Parser) -> Result<Self> {
        let mut options = Self::default();
        while let Some(argument) = from.next()? {
            match argument {
                Long("quick") => options.quick = true,
                Long("against") => options.against = Some(PathBuf::from(from.value()?)),
                Value(case) => options.cases.push(case),
                other => bail!("bench: {}", other.unexpected()),
            }
        }
        match &options.against {
            Some(file) if !file.is_file() => bail!("bench: {} is no file to compare with", file.display()),
            _ => Ok(options),
        }
    }
}

pub(crate) fn bench(options: &Options) -> Result<()> {
    if !cfg!(target_os = "linux") {
        bail!("bench: windows are driven and memory is read as Linux has it");
    }
    let mut purposes = vec![Purpose::Build, Purpose::Headless, Purpose::Keyring];
    if root::is_root() {
        purposes.push(Purpose::Cluster);
    }
    setup::ensure(&purposes)?;
    build::pages()?;
    build::binaries(&["slipway", "bare-window", "bench"], Profile::Release, build::BUILT_PAGES)?;

    let mut command = process::command(build::binary("bench", Profile::Release)?);
    command.arg("--slipway").arg(build::binary("slipway", Profile::Release)?);
    command.arg("--bare").arg(build::binary("bare-window", Profile::Release)?);
    command.arg("--out").arg(place::results().join("bench"));
    if root::is_root() {
        command.env("SLIPWAY_CLUSTER_BIN", cluster::binary()?);
    } else {
        command.args(["--no-cluster", "it needs root"]);
    }
    if options.quick {
        command.arg("--quick");
    }
    if let Some(file) = &options.against {
        command.arg("--against").arg(file);
    }
    command.args(&options.cases);
    // The core that prepares the data looks for a keyring; the person's is none of its business.
    let folder = tempfile::tempdir().context("make a folder for a keyring")?;
    process::run(&mut Keyring::open(folder.path())?.session(&command), "measure")
}

#[cfg(test)]
mod tests {
    use super::Options;

    fn parse(words: &[&str]) -> anyhow::Result<Options> {
        Options::parse(lexopt::Parser::from_args(words))
    }

    #[test]
    fn cases_are_passed_on() {
        let options = parse(&["bridge", "--quick", "1"]).unwrap();
        assert_eq!(options, Options { quick: true, cases: vec!["bridge".into(), "1".into()], ..Options::default() });
    }

    #[test]
    fn a_run_that_is_not_there_is_refused_before_anything_is_built() {
        assert!(parse(&["--against", "no/such/run.json"]).unwrap_err().to_string().contains("no/such/run.json"));
        assert!(parse(&["--fast"]).unwrap_err().to_string().contains("--fast"));
    }
}
