//! Rust, Node and Go: found, and new enough. The versions needed stand where each toolchain reads them itself.

use super::Purpose;
use crate::place;
use crate::process;
use anyhow::{Context, Result, bail};
use std::fs;

type Version = (u32, u32);

struct Toolchain {
    name: &'static str,
    found: Option<Version>,
    needed: Version,
    get: &'static str,
}

/// One error for all that is missing or too old.
pub(crate) fn check(purposes: &[Purpose]) -> Result<()> {
    let mut toolchains = Vec::new();
    if purposes.contains(&Purpose::Build) {
        toolchains.push(rust()?);
        toolchains.push(node()?);
        if which::which("npm").is_err() {
            bail!("npm is not installed; it comes with Node: {NODE}");
        }
    }
    if [Purpose::Go, Purpose::Cluster].iter().any(|purpose| purposes.contains(purpose)) {
        toolchains.push(go()?);
    }
    let wrong: Vec<_> = toolchains.iter().filter_map(Toolchain::complaint).collect();
    if wrong.is_empty() {
        return Ok(());
    }
    bail!("{}", wrong.join("\n"))
}

impl Toolchain {
    fn complaint(&self) -> Option<String> {
        let (name, (major, minor)) = (self.name, self.needed);
        match self.found {
            Some(found) if found >= self.needed => None,
            Some((a, b)) => {
                Some(format!("{name} {a}.{b} is too old, {major}.{minor} or newer is needed: {}", self.get))
            }
            None => Some(format!("{name} is not installed, {major}.{minor} or newer is needed: {}", self.get)),
        }
    }
}

const NODE: &str = "https://nodejs.org/en/download";

fn rust() -> Result<Toolchain> {
    let needed = version(env!("CARGO_PKG_RUST_VERSION")).context("read rust-version of Cargo.toml")?;
    let found = process::printed(process::command("rustc").arg("--version")).and_then(|text| version(&text));
    Ok(Toolchain { name: "Rust", found, needed, get: "`rustup update stable`, or https://rustup.rs" })
}

fn node() -> Result<Toolchain> {
    let text = fs::read_to_string(place::ui().join("package.json")).context("read ui/package.json")?;
    let package: serde_json::Value = serde_json::from_str(&text).context("read ui/package.json")?;
    let needed =
        package["engines"]["node"].as_str().and_then(version).context("read engines.node of ui/package.json")?;
    let found = process::printed(process::command("node").arg("--version")).and_then(|text| version(&text));
    Ok(Toolchain { name: "Node", found, needed, get: NODE })
}

fn go() -> Result<Toolchain> {
    let text = fs::read_to_string(place::root().join("tests/cluster/go.mod")).context("read tests/cluster/go.mod")?;
    let needed = text
        .lines()
        .find_map(|line| line.strip_prefix("go "))
        .and_then(version)
        .context("read tests/cluster/go.mod")?;
    let mut command = process::command("go");
    command.args(["env", "GOVERSION"]).env("GOTOOLCHAIN", "local");
    let found = process::printed(&mut command).and_then(|text| version(&text));
    Ok(Toolchain { name: "Go", found, needed, get: "https://go.dev/dl" })
}

/// The first `MAJOR.MINOR` of a text.
fn version(text: &str) -> Option<Version> {
    text.split(|c: char| !c.is_ascii_digit() && c != '.').find_map(|word| {
        let mut numbers = word.split('.').map(str::parse);
        Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
    })
}

#[cfg(test)]
mod tests {
    use super::{Toolchain, version};

    #[test]
    fn versions_are_read_from_what_the_tools_print() {
        for (text, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", Some((1, 95))),
            ("v20.20.2\n", Some((20, 20))),
            ("go1.26.8", Some((1, 26))),
            (">=20.19", Some((20, 19))),
            ("command not found", None),
            ("", None),
        ] {
            assert_eq!(version(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_too_old_names_both_versions() {
        let old = Toolchain { name: "Node", found: Some((18, 19)), needed: (20, 19), get: "there" };
        assert_eq!(old.complaint().as_deref(), Some("Node 18.19 is too old, 20.19 or newer is needed: there"));
        let newer = Toolchain { found: Some((22, 1)), ..old };
        assert_eq!(newer.complaint(), None);
    }
}
