//! What holds for every file: its length, and that it would read the same on any machine.

use crate::{assert_none, files, is_written_in, root, text};
use std::env;

/// Lines of a file of code. A longer one is usually two.
const LONGEST: usize = 500;
const CODE: &[&str] = &["rs", "ts", "tsx", "css", "go"];
/// Written by the contract in Rust.
const GENERATED: &str = "ui/src/wire/";

fn is_code(path: &str) -> bool {
    is_written_in(CODE, path) && !path.starts_with(GENERATED)
}

#[test]
fn no_file_is_too_long() {
    let mut broken = Vec::new();
    for path in files(".").iter().filter(|path| is_code(path)) {
        let lines = text(path).unwrap_or_default().lines().count();
        if lines > LONGEST {
            broken.push(format!("{path}: {lines} lines"));
        }
    }
    assert_none(&format!("files over {LONGEST} lines"), &broken);
}

#[test]
fn no_file_names_folders_of_this_machine() {
    // Invented homes of examples are nobody's.
    let own: Vec<_> = [Some(root()), env::home_dir()]
        .into_iter()
        .flatten()
        .filter(|folder| folder.components().count() > 2)
        .map(|folder| folder.display().to_string())
        .collect();
    let mut broken = Vec::new();
    for path in files(".") {
        for (at, line) in text(&path).unwrap_or_default().lines().enumerate() {
            if own.iter().any(|folder| names(line, folder)) {
                broken.push(format!("{path}:{}: {}", at + 1, line.trim()));
            }
        }
    }
    assert_none("folders of this machine", &broken);
}

/// Whether a line names this folder or something below it.
fn names(line: &str, folder: &str) -> bool {
    line.match_indices(folder).any(|(at, _)| {
        let whole = |c: Option<char>| !c.is_some_and(|c| c.is_alphanumeric() || "-_.".contains(c));
        whole(line[..at].chars().next_back()) && whole(line[at + folder.len()..].chars().next())
    })
}

#[test]
fn a_folder_of_this_machine_is_seen() {
    for (line, named) in [
        ("cd /srv/checkout", true),
        ("open \"/srv/checkout/ui\"", true),
        ("cd /srv/checkouts/ui", false),
        ("tests/house/main.rs", false),
    ] {
        assert_eq!(names(line, "/srv/checkout"), named, "{line}");
    }
}

/// Lock files written behind a mirror would send everybody else there. npm's names no registry at all: each machine
/// takes its own.
#[test]
fn lock_files_name_no_mirror() {
    let mut broken = Vec::new();
    for (path, marker, allowed) in [
        ("Cargo.lock", "source = ", Some("rust-lang/crates.io-index")),
        ("ui/package-lock.json", "\"resolved\": ", None),
    ] {
        let text = text(path).unwrap_or_default();
        assert!(!text.is_empty(), "{path} is empty");
        let is_allowed = |line: &str| allowed.is_some_and(|allowed| line.contains(allowed));
        let foreign = text.lines().filter(|line| line.contains(marker) && !is_allowed(line));
        broken.extend(foreign.map(|line| format!("{path}: {}", line.trim())));
    }
    assert_none("foreign registries", &broken);
}
