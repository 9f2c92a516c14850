//! The cluster's program: built once for each state of its sources, then taken from the cache.

use crate::keyring::hex;
use crate::place;
use crate::process;
use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where it is, built when there is none for these sources.
pub(crate) fn binary() -> Result<PathBuf> {
    let folder = place::made(place::cache()?.join("cluster").join(key(&sources())?))?;
    let binary = folder.join("slipway-cluster");
    if binary.is_file() {
        return Ok(binary);
    }
    eprintln!("Building the cluster. The first time this compiles all of Kubernetes: some 10 minutes of CPU.");
    demo()?;
    // Under a name of its own until it is whole.
    let partial = folder.join(format!("slipway-cluster.{}", std::process::id()));
    let mut build = go(&["build", "-ldflags"]);
    build.arg(linked()).arg("-o").arg(&partial).arg(".");
    process::run(&mut build, "build the cluster")?;
    fs::rename(&partial, &binary).with_context(|| format!("put the cluster's binary at {}", binary.display()))?;
    Ok(binary)
}

/// The demo application, which the binary embeds; whatever compiles that package needs it.
pub(crate) fn demo() -> Result<()> {
    let mut build = go(&["build", "-ldflags", "-s -w", "-o", "demo/demo", "./demo/server"]);
    process::run(&mut build, "build the demo application")
}

/// go in `tests/cluster`. Always with the same flags: others would compile all of Kubernetes once more.
pub(crate) fn go(words: &[&str]) -> Command {
    let mut command = process::command("go");
    command.current_dir(sources()).env("CGO_ENABLED", "0").env("GOFLAGS", "-trimpath -buildvcs=false").args(words);
    command
}

fn sources() -> PathBuf {
    place::root().join("tests/cluster")
}

/// What Kubernetes reports as its version.
fn linked() -> String {
    let values = ["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"].map(|package| {
        ["gitVersion=v1.36.3", "gitMajor=1", "gitMinor=36", "gitTreeState=clean"]
            .map(|value| format!("-X {package}.{value}"))
            .join(" ")
    });
    format!("-s -w {}", values.join(" "))
}

/// A name for this state of the sources.
fn key(sources: &Path) -> Result<String> {
    let mut names = Vec::new();
    list(sources, "", &mut names)?;
    names.retain(|name| is_source(name));
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        let content = fs::read(sources.join(&name)).with_context(|| format!("read tests/cluster/{name}"))?;
        hash.update(format!("{name}\n{}\n", content.len()));
        hash.update(content);
    }
    Ok(hex(&hash.finalize()))
}

fn is_source(name: &str) -> bool {
    let go = Path::new(name).extension().is_some_and(|extension| extension == "go");
    name == "go.mod" || name == "go.sum" || (go && !name.ends_with("_test.go"))
}

/// All files of a folder and below, with slashes.
fn list(folder: &Path, under: &str, names: &mut Vec<String>) -> Result<()> {
    let doing = || format!("list {}", folder.display());
    for entry in fs::read_dir(folder).with_context(doing)? {
        let entry = entry.with_context(doing)?;
        let name = format!("{under}{}", entry.file_name().to_string_lossy());
        if entry.file_type().with_context(doing)?.is_dir() {
            list(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::key;
    use std::fs;

    #[test]
    fn only_sources_change_the_key() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("demo")).unwrap();
        write("go.mod", "module x\n");
        write("demo/images.go", "package demo\n");
        let first = key(folder.path()).unwrap();
        write("demo/demo", "a binary");
        write("key_test.go", "package main\n");
        write("demo/go.mod", "module y\n");
        assert_eq!(key(folder.path()).unwrap(), first);
        write("demo/images.go", "package demo // changed\n");
        assert_ne!(key(folder.path()).unwrap(), first);
    }
}
