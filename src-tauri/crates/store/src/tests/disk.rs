//! Folders that cannot be written, and a disk without room.

use super::{again_under, inside, runs, succeeds};
use crate::{Store, StoreError};
use slipway_model::setting::Settings;
use std::fs;
use std::path::Path;

/// A name space of mounts of its own: nothing is left on this computer.
const PRIVATE: [&str; 3] = ["unshare", "--mount", "--map-root-user"];

/// Whether mounting is possible here; says so when it is not.
fn can_mount(test: &str) -> bool {
    let possible = runs("unshare", &["--mount", "--map-root-user", "mount", "-t", "tmpfs", "none", "/mnt"]);
    if !possible {
        eprintln!("{test} is skipped: this user may not mount a file system");
    }
    possible
}

/// Runs a test of this program on the inside, after a mount onto the folder.
fn on_mount(mount: &str, folder: &Path, test: &str) {
    let place = folder.to_str().expect("a plain path");
    let script = format!("{mount} && exec \"$@\"");
    let program = [PRIVATE.as_slice(), &["sh", "-c", &script, "sh"]].concat();
    succeeds(again_under(&program, test, place).env("PLACE", place));
}

#[tokio::test]
async fn a_full_disk_is_said_and_half_a_write_is_not_kept() {
    const TEST: &str = "tests::disk::a_full_disk_is_said_and_half_a_write_is_not_kept";
    let Some(place) = inside() else {
        if can_mount(TEST) {
            let folder = tempfile::tempdir().expect("a folder");
            on_mount("mount -t tmpfs -o size=2m tmpfs \"$PLACE\"", folder.path(), TEST);
        }
        return;
    };
    let store = Store::open(Path::new(&place)).await.expect("room for an empty one").store;
    let room = Path::new(&place).join("room");
    fs::write(&room, vec![1; 512 * 1024]).expect("room for both");
    let mut kept = None;
    let refused = loop {
        let round = kept.map_or(0, |n: usize| n + 1);
        // The text differs from round to round and is larger each time.
        let settings = Settings { last_route: format!("{round} ").repeat(4_000 * (round + 1)), ..Settings::default() };
        match store.write(move |w| w.set_settings(&settings)).await {
            Ok(()) => kept = Some(round),
            Err(error) => break error,
        }
    };
    assert!(matches!(refused, StoreError::Full { .. }), "{refused}");
    let settings = store.read(|r| r.settings()).await.expect("reading goes on");
    let round = kept.expect("some fitted");
    assert!(settings.last_route.starts_with(&format!("{round} {round} ")), "the last that was answered with success");
    // Wiping what is replaced takes room as well.
    fs::remove_file(&room).expect("somebody clears up");
    store.write(|w| w.set_settings(&Settings::default())).await.expect("with a little room it goes on");

    store.close().await;
    let rest = Path::new(&place).join("ballast");
    let mut size = 1024 * 1024;
    while size > 0 {
        let written = fs::read(&rest).unwrap_or_default();
        if fs::write(&rest, [written, vec![1; size]].concat()).is_err() {
            size /= 2;
        }
    }
    match Store::open(Path::new(&place)).await {
        // Opened: nothing had to be written for it.
        Ok(opened) => assert_eq!(opened.set_aside, None),
        Err(error) => assert!(matches!(error, StoreError::Full { .. }), "{error:?}"),
    }
}

#[tokio::test]
async fn a_folder_that_may_only_be_read_is_named() {
    const TEST: &str = "tests::disk::a_folder_that_may_only_be_read_is_named";
    let Some(place) = inside() else {
        if can_mount(TEST) {
            let folder = tempfile::tempdir().expect("a folder");
            fs::create_dir(folder.path().join("new")).expect("create");
            Store::open(&folder.path().join("known")).await.expect("open").store.close().await;
            let mount = "mount --bind \"$PLACE\" \"$PLACE\" && mount -o remount,ro,bind \"$PLACE\"";
            on_mount(mount, folder.path(), TEST);
        }
        return;
    };
    for folder in ["new", "known", "not/there/yet"] {
        let folder = Path::new(&place).join(folder);
        match Store::open(&folder).await {
            Err(StoreError::NotWritable { path, reason }) => {
                assert!(path.starts_with(&folder), "{}", path.display());
                assert!(!reason.is_empty());
            }
            other => panic!("{}: {other:?}", folder.display()),
        }
    }
}

#[tokio::test]
async fn a_path_below_a_file_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("file");
    fs::write(&file, "in the way").expect("write");
    for place in [file.clone(), file.join("below")] {
        let refused = Store::open(&place).await.map(|opened| opened.set_aside);
        assert!(matches!(&refused, Err(StoreError::NotWritable { path, .. }) if *path == place), "{refused:?}");
    }
    assert_eq!(fs::read(&file).expect("read"), b"in the way");
}
