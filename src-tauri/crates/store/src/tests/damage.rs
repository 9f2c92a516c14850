//! Damaged files are set aside and named; copies are made while they are sound.

use super::{eventually, names};
use crate::sample::{self, Size};
use crate::{Opened, Store};
use rusqlite::Connection;
use slipway_model::setting::Settings;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

const SIZE: Size = Size { apps: 2, groups: 4, releases: 200 };
const PAGE: usize = 4096;

async fn filled(folder: &Path) -> PathBuf {
    let store = Store::open(folder).await.expect("a new store").store;
    sample::fill(&store, SIZE).await.expect("fill");
    store.close().await;
    folder.join("slipway.db")
}

async fn count(store: &Store) -> usize {
    store.read(|r| Ok(r.apps()?.len())).await.expect("read")
}

#[tokio::test]
async fn a_file_that_is_no_database_is_set_aside_whole() {
    let sound = tempfile::tempdir().expect("a folder");
    let bytes = fs::read(filled(sound.path()).await).expect("the file");
    let garbage = b"this is not a database at all, but long enough to be looked at ".repeat(100);
    let broken_header = [&[0; 64], &bytes[64..]].concat();
    for content in [garbage, broken_header] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join("slipway.db"), &content).expect("write");
        let Opened { store, set_aside } = Store::open(folder.path()).await.expect("open");
        let aside = set_aside.expect("it was damaged");
        assert!(aside.display().to_string().contains("slipway.db.corrupt-"), "{}", aside.display());
        assert_eq!(fs::read(&aside).expect("it is there"), content);
        assert_eq!(count(&store).await, 0);
        store.write(|w| w.set_settings(&Settings::default())).await.expect("the new one takes writes");
        store.close().await;
        let again = Store::open(folder.path()).await.expect("open");
        assert_eq!(again.set_aside, None, "once");
    }
}

#[tokio::test]
async fn a_page_found_damaged_in_use_sets_the_file_aside_at_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = filled(folder.path()).await;
    let root: u32 = Connection::open(&path)
        .and_then(|c| c.query_row("SELECT rootpage FROM sqlite_schema WHERE name = 'release'", [], |row| row.get(0)))
        .expect("the schema");
    let root = root as usize;
    let mut bytes = fs::read(&path).expect("the file");
    bytes[(root - 1) * PAGE..root * PAGE].fill(0xff);
    fs::write(&path, &bytes).expect("write");

    let opened = Store::open(folder.path()).await.expect("a start reads no releases");
    assert_eq!(opened.set_aside, None);
    assert_eq!(count(&opened.store).await, 2, "what is sound can be read");
    let app = opened.store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("read");
    let error = opened.store.read(move |r| r.releases_of_app(&app, None, 10)).await.expect_err("the page is damaged");
    assert!(error.is_damage(), "{error}");
    opened.store.close().await;

    let opened = Store::open(folder.path()).await.expect("open");
    assert!(opened.set_aside.is_some());
    assert_eq!(count(&opened.store).await, 0);
    assert!(!fs::exists(folder.path().join("slipway.db.backup-1")).expect("a folder"), "no copy of damage");
    opened.store.close().await;
    assert_eq!(Store::open(folder.path()).await.expect("open").set_aside, None, "once");
}

#[tokio::test]
async fn the_companions_of_a_damaged_file_go_with_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slipway.db");
    fs::write(&path, [7; 5000]).expect("write");
    for companion in ["slipway.db-wal", "slipway.db-shm"] {
        fs::write(folder.path().join(companion), companion).expect("write");
    }
    let aside = Store::open(folder.path()).await.expect("open").set_aside.expect("it was damaged");
    let aside = aside.display().to_string();
    assert_eq!(fs::read(format!("{aside}-wal")).expect("it is there"), b"slipway.db-wal");
    assert!(fs::exists(format!("{aside}-shm")).expect("a folder"));
}

#[tokio::test]
async fn three_copies_rotate_one_a_day() {
    let folder = tempfile::tempdir().expect("a folder");
    filled(folder.path()).await;
    let copy = |n: u32| folder.path().join(format!("slipway.db.backup-{n}"));
    let day = Duration::from_hours(24);
    for round in 1..=5_u32 {
        let store = Store::open(folder.path()).await.expect("open").store;
        let made = || fs::metadata(copy(1)).and_then(|file| file.modified()).ok();
        eventually("a copy", || {
            made().is_some_and(|made| made.elapsed().is_ok_and(|age| age < day))
                && fs::exists(copy(round.min(3))).unwrap_or(false)
        })
        .await;
        let settings = Settings { display_name: format!("round {round}"), ..Settings::default() };
        store.write(move |w| w.set_settings(&settings)).await.expect("write");
        store.close().await;
        // Opened again on the same day: no other copy.
        let before = made();
        Store::open(folder.path()).await.expect("open").store.close().await;
        assert_eq!(made(), before);
        let file = fs::File::options().write(true).open(copy(1)).expect("the copy");
        file.set_modified(SystemTime::now() - day - Duration::from_secs(1)).expect("a day passes");
    }
    let copies: Vec<_> = names(folder.path()).into_iter().filter(|name| name.contains("backup")).collect();
    assert_eq!(copies, ["slipway.db.backup-1", "slipway.db.backup-2", "slipway.db.backup-3"]);
    for (n, name) in [(1, "round 4"), (2, "round 3"), (3, "round 2")] {
        let restored = tempfile::tempdir().expect("a folder");
        fs::copy(copy(n), restored.path().join("slipway.db")).expect("copy");
        let store = Store::open(restored.path()).await.expect("a copy is a database").store;
        assert_eq!(store.read(|r| r.settings()).await.expect("read").display_name, name);
        assert_eq!(count(&store).await, 2);
    }
}
