//! Tests on a file system of their own: full, or read-only.

use std::path::PathBuf;
use std::process::Command;

/// Set in a process that this test program started to run one test of its own, on a mount of its own.
const PLACE: &str = "PLACE";
const PRIVATE: [&str; 3] = ["--mount", "--map-root-user", "--"];

/// Where the mount is, on the inside, by a shell's `mount` of `$PLACE`. On the outside runs the test (its `module_path!()`
/// and name) there, or says that nobody may mount here.
pub(crate) fn mounted(module: &str, test: &str, mount: &str) -> Option<PathBuf> {
    if let Some(place) = std::env::var_os(PLACE) {
        return Some(place.into());
    }
    let unshare = |script: &str, more: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(PRIVATE).args(["sh", "-c", script, "sh"]).args(more);
        command
    };
    if !unshare("mount -t tmpfs none /mnt", &[]).output().is_ok_and(|output| output.status.success()) {
        eprintln!("{test} is skipped: this user may not mount a file system");
        return None;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let own = std::env::current_exe().expect("a running program has a file");
    let within = module.split_once("::").map_or("", |(_crate, within)| within);
    let test = format!("{within}::{test}");
    let run = [own.to_str().expect("a plain path"), "--exact", &test, "--nocapture", "--test-threads=1"];
    let output = unshare(&format!("{mount} && exec \"$@\""), &run).env(PLACE, folder.path()).output();
    let output = output.expect("unshare runs");
    let said = String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned();
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    None
}
