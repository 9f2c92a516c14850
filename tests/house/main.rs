//! The rules of the house that no compiler and no linter knows.

mod crates;
mod files;
mod pages;

use std::path::{Path, PathBuf};

/// The root of the checkout.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the tests stand below the root").to_owned()
}

/// All files of the checkout below a folder that git does not ignore, by their path from the root.
fn files(under: &str) -> Vec<String> {
    let root = root();
    let found: Vec<_> = ignore::WalkBuilder::new(root.join(under))
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git")
        .build()
        .map(|entry| entry.expect("list the checkout"))
        .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        .map(|entry| entry.path().strip_prefix(&root).expect("it is below the root").to_string_lossy().into_owned())
        .collect();
    assert!(!found.is_empty(), "no files below {under}");
    found
}

/// Whether a file is written in one of these languages, by its extension.
fn is_written_in(languages: &[&str], path: &str) -> bool {
    let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
    extension.is_some_and(|extension| languages.contains(&extension))
}

/// The text of a file, `None` when it is not text.
fn text(path: &str) -> Option<String> {
    String::from_utf8(std::fs::read(root().join(path)).unwrap_or_else(|error| panic!("read {path}: {error}"))).ok()
}

fn assert_none(what: &str, broken: &[String]) {
    assert!(broken.is_empty(), "{what}:\n  {}", broken.join("\n  "));
}
