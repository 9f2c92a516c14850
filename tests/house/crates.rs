//! `model ← render, rollout ← store, cluster, registry ← engine ← api ← the window`: a crate uses what stands left of it.

use crate::{assert_none, files, is_written_in, root, text};
use serde_json::Value;
use std::process::Command;

/// From left to right; crates of one row do not know each other. Rows may name crates that are yet to come.
const ROWS: &[&[&str]] = &[
    &["slipway-model"],
    &["slipway-render", "slipway-rollout"],
    // The simulation is a test, of no more than what stands left of it.
    &["slipway-store", "slipway-cluster", "slipway-registry", "slipway-journal", "slipway-simulation"],
    &["slipway-engine"],
    &["slipway-api"],
    &["slipway"],
];

/// Libraries that only some crates may name, by the beginning of their name.
const RESERVED: &[(&str, &[&str])] = &[
    ("kube", &["slipway-render", "slipway-cluster"]),
    ("k8s-openapi", &["slipway-render", "slipway-cluster"]),
    ("rusqlite", &["slipway-store"]),
    ("keyring", &["slipway-store"]),
    ("reqwest", &["slipway-registry"]),
    // The bare window is what Slipway's own window is measured against.
    ("tauri", &["slipway", "slipway-bare-window"]),
];

/// Tests may look at everything but the window's inside: they drive it from outside.
const TESTS: &str = "slipway-tests";

struct Edge {
    from: String,
    to: String,
    for_tests: bool,
}

/// What each package of the workspace names in its Cargo.toml.
fn edges() -> Vec<Edge> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(root())
        .output()
        .expect("start cargo metadata");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo metadata prints JSON");
    let mut edges = Vec::new();
    for package in metadata["packages"].as_array().expect("packages") {
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            edges.push(Edge {
                from: package["name"].as_str().expect("a name").to_owned(),
                to: dependency["name"].as_str().expect("a name").to_owned(),
                for_tests: dependency["kind"] == "dev",
            });
        }
    }
    assert!(edges.iter().any(|edge| edge.from == "slipway-engine" && edge.to == "slipway-model"), "no edges were read");
    edges
}

fn row(package: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&package))
}

/// Why an edge must not be, if so.
fn complaint(edge: &Edge) -> Option<String> {
    let Edge { from, to, for_tests } = edge;
    if from == TESTS {
        return to.starts_with("tauri").then(|| format!("{from} names {to}"));
    }
    if let Some(to_row) = row(to) {
        return match row(from) {
            Some(from_row) if to_row < from_row => None,
            Some(_) => Some(format!("{from} uses {to}, which does not stand left of it")),
            None => Some(format!("{from} uses {to}, and stands in no row")),
        };
    }
    let reserved = |name: &str| to == name || to.starts_with(&format!("{name}-"));
    let (_, allowed) = RESERVED.iter().find(|(name, _)| reserved(name))?;
    (!for_tests && !allowed.contains(&from.as_str())).then(|| format!("{from} names {to}, which only {allowed:?} may"))
}

#[test]
fn crates_use_only_what_stands_left_of_them() {
    assert_none("edges against the direction", &edges().iter().filter_map(complaint).collect::<Vec<_>>());
}

#[test]
fn an_edge_against_the_direction_is_seen() {
    let edge = |from: &str, to: &str, for_tests| Edge { from: from.to_owned(), to: to.to_owned(), for_tests };
    for (from, to, for_tests, wrong) in [
        ("slipway-model", "slipway-store", false, true),
        ("slipway-store", "slipway-cluster", false, true),
        ("slipway-rollout", "kube", false, true),
        ("slipway-engine", "k8s-openapi", false, true),
        ("slipway-engine", "kube-runtime", false, true),
        ("slipway-api", "tauri-plugin-dialog", false, true),
        ("slipway-cluster", "keyring-core", false, true),
        ("xtask", "slipway-engine", false, true),
        ("slipway-tests", "tauri", true, true),
        ("slipway-tests", "kube", false, false),
        ("slipway-engine", "kube", true, false),
        ("slipway-cluster", "kube", false, false),
        ("slipway", "tauri-plugin-dialog", false, false),
        ("slipway-engine", "slipway-store", false, false),
    ] {
        assert_eq!(complaint(&edge(from, to, for_tests)).is_some(), wrong, "{from} to {to}");
    }
}

/// A crate that may name a reserved library could hand it on to those that must not.
#[test]
fn reserved_libraries_are_not_handed_on() {
    let reserved: Vec<_> = edges()
        .into_iter()
        .filter(|edge| RESERVED.iter().any(|(name, _)| edge.to.starts_with(name)))
        .map(|edge| edge.to.replace('-', "_"))
        .collect();
    let mut broken = Vec::new();
    for path in files("src-tauri/crates").iter().filter(|path| is_written_in(&["rs"], path)) {
        for line in text(path).unwrap_or_default().lines() {
            if reserved.iter().any(|library| hands_on(line, library)) {
                broken.push(format!("{path}: {}", line.trim()));
            }
        }
    }
    assert_none("libraries handed on", &broken);
}

fn hands_on(line: &str, library: &str) -> bool {
    ["pub use ", "pub extern crate "].iter().any(|word| {
        let named = line.trim().strip_prefix(word).map(|rest| rest.trim_start_matches("::"));
        let after = named.and_then(|named| named.strip_prefix(library));
        after.is_some_and(|after| after.starts_with([':', ';', ' ']))
    })
}

#[test]
fn a_library_handed_on_is_seen() {
    for (line, seen) in [
        ("pub use kube::Client;", true),
        ("    pub use ::kube;", true),
        ("pub extern crate kube as k;", true),
        ("pub use kubeconfig::Context;", false),
        ("use kube::Client;", false),
    ] {
        assert_eq!(hands_on(line, "kube"), seen, "{line}");
    }
}
