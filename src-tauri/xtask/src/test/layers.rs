//! What each layer runs.

use super::ground::Ground;
use super::runner::Runner;
use super::{Layer, Options};
use crate::build::{self, Profile};
use crate::cluster;
use anyhow::{Context, Result};
use serde_json::Value;
use std::num::NonZero;
use std::process::Command;
use std::thread;

/// The package of the tests that cross crates.
const TESTS: &str = "slipway-tests";
/// Its targets with a layer of their own.
const HOUSE: &str = "house";
const WINDOW: &str = "window";
/// Tests on the cluster at once, for each processor: most of their time they wait for it.
const AT_ONCE: usize = 2;

pub(crate) fn run(layer: Layer, runner: &mut Runner, ground: &mut Ground, options: &Options) -> Result<()> {
    match layer {
        Layer::Lint => lint(runner),
        Layer::Unit => unit(runner, ground),
        Layer::House => house(runner, options),
        Layer::Cluster => on_cluster(runner, ground),
        Layer::Window => window(runner, ground),
    }
}

fn lint(runner: &mut Runner) -> Result<()> {
    runner.check(build::cargo()?.args(["fmt", "--all", "--check"]), "cargo fmt")?;
    runner.check(&mut build::npm(&["run", "--silent", "lint"]), "biome")?;
    runner.check(&mut build::npm(&["run", "--silent", "typecheck"]), "tsc")?;
    runner.check(&mut build::npm(&["run", "--silent", "knip"]), "knip")?;
    cluster::demo()?;
    runner.check(&mut cluster::go(&["vet", "./..."]), "go vet")?;
    let mut clippy = build::cargo()?;
    clippy.args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    runner.check(&mut clippy, "clippy")
}

fn unit(runner: &mut Runner, ground: &mut Ground) -> Result<()> {
    runner.vitest()?;
    ground.pages()?;
    let targets = Target::all()?;
    let mut tests = cargo_test(&targets)?;
    tests.args(["--lib", "--bins"]);
    for target in targets.iter().filter(|target| target.package != TESTS) {
        tests.args(["--test", &target.name]);
    }
    runner.cargo(&mut tests, "tests of the crates")?;
    runner.cargo(cargo_test(&targets)?.arg("--doc"), "examples of the crates' documentation")?;
    cluster::demo()?;
    runner.go()
}

fn house(runner: &mut Runner, options: &Options) -> Result<()> {
    runner.cargo(cargo_test(&Target::all()?)?.args(["--test", HOUSE]), "rules of the house")?;
    // Among the unit tests anyway.
    if !options.layers.contains(&Layer::Unit) {
        runner.cargo(build::cargo()?.args(["test", "--package", "slipway-api", "wire"]), "ui/src/wire is current")?;
    }
    Ok(())
}

fn on_cluster(runner: &mut Runner, ground: &mut Ground) -> Result<()> {
    let targets = Target::all()?;
    let mut chosen = targets
        .iter()
        .filter(|target| target.package == TESTS && ![HOUSE, WINDOW].contains(&target.name.as_str()))
        .peekable();
    // Without any name cargo would take all.
    chosen.peek().with_context(|| format!("find the targets of {TESTS} that test on a cluster: there are none"))?;
    let mut tests = cargo_test(&targets)?;
    for target in chosen {
        tests.args(["--test", &target.name]);
    }
    ground.prepare(&mut tests)?;
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    tests.env("RUST_TEST_THREADS", (AT_ONCE * cores).to_string());
    runner.cargo(&mut ground.session(&tests)?, "tests on the cluster")
}

fn window(runner: &mut Runner, ground: &mut Ground) -> Result<()> {
    ground.pages()?;
    build::binaries(&["slipway"], Profile::Dev, build::BUILT_PAGES)?;
    let mut tests = cargo_test(&Target::all()?)?;
    tests.args(["--test", WINDOW]).env("SLIPWAY_BIN", build::binary("slipway", Profile::Dev)?);
    ground.prepare(&mut tests)?;
    // Each window brings a display, a bus and a keyring of its own; what a test prepares without one needs a keyring too.
    runner.cargo(&mut ground.session(&tests)?, "tests of the window")
}

/// All layers ask for the same packages and features, so that nothing is compiled twice.
fn cargo_test(targets: &[Target]) -> Result<Command> {
    let mut command = build::cargo()?;
    command.args(["test", "--workspace", "--no-fail-fast"]).args(build::BUILT_PAGES);
    for feature in targets.iter().flat_map(|target| &target.features) {
        command.args(["--features", feature]);
    }
    Ok(command)
}

/// A `[[test]]` of the workspace.
#[derive(Debug, PartialEq, Eq)]
struct Target {
    package: String,
    name: String,
    /// What it requires, each as `package/feature`.
    features: Vec<String>,
}

impl Target {
    fn all() -> Result<Vec<Self>> {
        let doing = "read the workspace's test targets";
        let mut metadata = build::cargo()?;
        let output = metadata.args(["metadata", "--no-deps", "--format-version=1"]).output().context(doing)?;
        Self::read(&serde_json::from_slice(&output.stdout).context(doing)?).context(doing)
    }

    /// Reads what `cargo metadata` prints.
    fn read(metadata: &Value) -> Option<Vec<Self>> {
        let mut found = Vec::new();
        for package in metadata["packages"].as_array()? {
            let name = package["name"].as_str()?;
            for target in package["targets"].as_array()?.iter().filter(|target| target["kind"][0] == "test") {
                let required = target["required-features"].as_array().into_iter().flatten().filter_map(Value::as_str);
                found.push(Self {
                    package: name.to_owned(),
                    name: target["name"].as_str()?.to_owned(),
                    features: required.map(|feature| format!("{name}/{feature}")).collect(),
                });
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::Target;
    use serde_json::json;

    #[test]
    fn test_targets_are_read_with_what_they_require() {
        let metadata = json!({"packages": [{"name": "store", "targets": [
            {"kind": ["lib"], "name": "store"},
            {"kind": ["test"], "name": "real", "required-features": ["sample"]},
            {"kind": ["test"], "name": "plain"},
        ]}]});
        let target = |name: &str, features: &[&str]| Target {
            package: "store".to_owned(),
            name: name.to_owned(),
            features: features.iter().map(|feature| (*feature).to_owned()).collect(),
        };
        assert_eq!(Target::read(&metadata), Some(vec![target("real", &["store/sample"]), target("plain", &[])]));
    }
}
