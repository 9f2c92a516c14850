//! Files of other versions: older ones are brought up to date, newer ones are left alone.

use crate::sample::{self, Size};
use crate::{Store, StoreError};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use slipway_model::config::Content;
use slipway_model::id::{AppId, ReleaseId, SecretId};
use slipway_model::setting::{Language, Settings};
use std::fs;
use std::path::{Path, PathBuf};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

#[tokio::test]
async fn a_newer_file_is_refused_untouched() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slipway.db");
    Store::open(folder.path()).await.expect("a new store").store.close().await;
    Connection::open(&path).expect("open").pragma_update(None, "user_version", 99).expect("write");
    let before = fs::read(&path).expect("read");
    let refused = Store::open(folder.path()).await.map(|opened| opened.set_aside);
    let newest = crate::migration::newest();
    assert!(matches!(refused, Err(StoreError::Newer { found: 99, known, .. }) if known == newest), "{refused:?}");
    assert_eq!(fs::read(&path).expect("read"), before);
    assert!(!fs::exists(folder.path().join("slipway.db.backup-1")).expect("a folder"));
}

/// The files of `fixtures` were written by the code of their version; see `writes_the_fixture_of_this_version`. Those of 6 to 8
/// are that of 5 on its way: no code was released whose version they are; see `writes_the_fixtures_between`.
#[tokio::test]
async fn files_of_every_version_open_with_their_rows() {
    let mut seen = 0;
    for fixture in fs::read_dir(fixtures()).expect("a folder") {
        let fixture = fixture.expect("an entry").path();
        let folder = tempfile::tempdir().expect("a folder");
        fs::copy(&fixture, folder.path().join("slipway.db")).expect("copy");
        let opened = Store::open(folder.path()).await.unwrap_or_else(|error| panic!("{}: {error}", fixture.display()));
        assert_eq!(opened.set_aside, None, "{}", fixture.display());
        let (apps, environments, links, settings) =
            opened.store.read(|r| Ok((r.apps()?, r.environments()?, r.links()?, r.settings()?))).await.expect("read");
        let slugs: Vec<_> = apps.iter().map(|(app, groups)| (app.slug.as_str(), *groups)).collect();
        assert_eq!(slugs, [("app-0", 2), ("app-1", 2)]);
        assert_eq!(environments, slipway_model::environment::first_environments());
        assert_eq!(links[0].name, "sample");
        assert_eq!(settings.language, Language::Zh);
        let app = apps[0].0.id.clone();
        let (groups, releases) = opened
            .store
            .read(move |r| Ok((r.groups_of_app(&app)?, r.releases_of_app(&app, None, 100)?)))
            .await
            .expect("read");
        assert_eq!(groups.iter().map(|group| group.draft.name.as_str()).collect::<Vec<_>>(), ["dev-0", "staging-1"]);
        assert_eq!(releases.len(), 20);
        assert_eq!(releases[0].app, apps[0].0.id);
        let states = opened.store.read(|r| r.last_states()).await.expect("read");
        assert_eq!(states.len(), 4, "one of each group");
        let last: ReleaseId = releases[19].id.clone();
        assert!(opened.store.read(move |r| r.release(&last)).await.expect("read").is_some());
        files_of_a_fixture(&opened.store, &fixture, &apps[1].0.id).await;
        seen += 1;
    }
    assert_eq!(seen, crate::migration::newest(), "one of each version in {}", fixtures().display());
}

/// Every table and index of a file, as it was made.
fn schema(path: &Path) -> Vec<(String, String)> {
    let connection = Connection::open(path).expect("open");
    let sql = "SELECT name, sql FROM sqlite_schema WHERE sql IS NOT NULL ORDER BY name";
    let mut query = connection.prepare(sql).expect("a query");
    let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).expect("rows");
    rows.collect::<Result<_, _>>().expect("text")
}

/// A step that is changed after it was released makes two kinds of files of one version.
#[tokio::test]
async fn files_of_every_version_become_what_a_new_one_is() {
    let folder = tempfile::tempdir().expect("a folder");
    Store::open(folder.path()).await.expect("a new store").store.close().await;
    let new = schema(&folder.path().join("slipway.db"));
    for fixture in fs::read_dir(fixtures()).expect("a folder") {
        let fixture = fixture.expect("an entry").path();
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("slipway.db");
        fs::copy(&fixture, &path).expect("copy");
        Store::open(folder.path()).await.expect("it opens").store.close().await;
        assert_eq!(schema(&path), new, "{}", fixture.display());
    }
}

/// What the steps behind version 2 make of rows that are there: the newest release of each group is marked, and of a
/// sensitive value nothing is known yet.
#[tokio::test]
async fn a_file_of_version_2_takes_all_later_steps_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("slipway.db");
    fs::copy(fixtures().join("v2.db"), &path).expect("copy");
    let old = Connection::open(&path).expect("open");
    let id = SecretId::from("nobody's");
    old.execute("INSERT INTO secret (id, sealed) VALUES (?1, x'00')", [id.in_vault()]).expect("a row");
    old.execute(
        "UPDATE release SET created_ms = created_ms + 100000000000 WHERE id = (SELECT min(id) FROM release)",
        [],
    )
    .expect("one is the newest");
    let newest = |connection: &Connection, sql: &str| -> Vec<String> {
        let mut query = connection.prepare(sql).expect("a query");
        let rows = query.query_map([], |row| row.get(0)).expect("rows");
        rows.collect::<Result<_, _>>().expect("ids")
    };
    let by_time = newest(
        &old,
        "SELECT id FROM release r WHERE NOT EXISTS (
             SELECT 1 FROM release o WHERE o.group_id = r.group_id AND o.created_ms > r.created_ms) ORDER BY id",
    );
    drop(old);

    let store = Store::open(folder.path()).await.expect("it opens").store;
    let marked = newest(&Connection::open(&path).expect("open"), "SELECT id FROM release WHERE last ORDER BY id");
    assert_eq!((marked.len(), &marked), (4, &by_time));
    let begin = Timestamp::now();
    let mut unused = Vec::new();
    for days in [0, 29, 31] {
        let now = begin + SignedDuration::from_hours(24 * days);
        let before = now - SignedDuration::from_hours(24 * 30);
        unused.push(store.write(move |w| w.note_unused(now, before)).await.expect("a write").len());
    }
    assert_eq!(unused, [0, 0, 1], "thirty days begin with the step");
    store.close().await;
}

/// What version 2 brought: an older file has none of it, and takes it. Nor has that of version 3, which was written
/// without files.
async fn files_of_a_fixture(store: &Store, fixture: &Path, app: &AppId) {
    let of_app = app.clone();
    let (files, values, keys) = store
        .read(move |r| Ok((r.files_of_app(&of_app)?, r.values_of_app(&of_app)?, r.keys_of_app(&of_app)?)))
        .await
        .expect("read");
    if fixture.ends_with("v1.db") || fixture.ends_with("v3.db") {
        assert!(files.is_empty() && values.is_empty() && keys.is_empty());
        sample::fill_files(store, 10).await.expect("files");
        return;
    }
    let told: Vec<_> = files.iter().map(|file| (file.path.as_str(), file.versions)).collect();
    assert_eq!(told[0], ("conf/sample-0.yml", 2));
    assert_eq!((told.len(), values.len(), keys.len()), (5, 22, 0), "{}", fixture.display());
    let (id, hash) = (files[0].id.clone(), files[0].hash.clone());
    let (versions, first) =
        store.read(move |r| Ok((r.file_versions(&id)?, r.file_version(&id, 1)?))).await.expect("read");
    assert_eq!(
        (versions[0].hash.as_str(), versions[0].parent.clone()),
        (hash.as_str(), Some(versions[1].hash.clone()))
    );
    assert!(matches!(first, Some(Content::Text(text)) if text.ends_with(" of 0\n")));
}

#[test]
#[ignore = "writes files of the repository, for versions between two that were released"]
fn writes_the_fixtures_between() {
    for version in 6..=8 {
        let (from, to) = (fixtures().join(format!("v{}.db", version - 1)), fixtures().join(format!("v{version}.db")));
        fs::copy(from, &to).expect("copy");
        let mut connection = Connection::open(&to).expect("open");
        crate::migration::migrate_to(version, &mut connection, &to).expect("one step");
        connection.pragma_update(None, "wal_checkpoint", "TRUNCATE").expect("one file");
    }
}

#[tokio::test]
#[ignore = "writes a file of the repository, once for each version, before it is released"]
async fn writes_the_fixture_of_this_version() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Store::open(folder.path()).await.expect("a new store").store;
    sample::fill(&store, Size { apps: 2, groups: 4, releases: 40 }).await.expect("fill");
    sample::fill_files(&store, 20).await.expect("files");
    let settings = Settings { language: Language::Zh, ..Settings::default() };
    store.write(move |w| w.set_settings(&settings)).await.expect("write");
    store.close().await;
    let path = folder.path().join("slipway.db");
    let version: u32 = Connection::open(&path)
        .and_then(|connection| connection.query_row("PRAGMA user_version", [], |row| row.get(0)))
        .expect("a version");
    fs::create_dir_all(fixtures()).expect("a folder");
    fs::copy(&path, fixtures().join(format!("v{version}.db"))).expect("copy");
}
