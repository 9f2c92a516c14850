use super::*;
use crate::StoreError;
use crate::table::testing::{store, tags_of};

fn file(id: &str, group: Option<&str>, path: &str, text: &str) -> FileEntry {
    let content = Content::Text(text.to_owned());
    FileEntry {
        saved: Timestamp::from_millisecond(1_700_000_000_000).expect("a time"),
        saved_by: "Li Hua".to_owned(),
        saved_in: "window".to_owned(),
        ..FileEntry::new(id.into(), "a".into(), group.map(GroupId::from), path.to_owned(), content)
    }
}

async fn read(store: &crate::Store, id: &str) -> FileEntry {
    let id = FileId::from(id);
    store.read(move |r| r.file(&id)).await.expect("read").expect("a file")
}

async fn save(store: &crate::Store, id: &str, text: &str) {
    let before = read(store, id).await;
    let content = Content::Text(text.to_owned());
    store.write(move |w| w.save_file(&FileEntry { content, ..before })).await.expect("saved");
}

async fn cut(store: &crate::Store, id: &str) -> Option<u32> {
    let now = read(store, id).await;
    store.write(move |w| w.cut_version(&now, "idle", None)).await.expect("cut")
}

async fn contents(store: &crate::Store) -> i64 {
    let count = "SELECT count(*) FROM config_content";
    store.read(move |r| Ok(r.connection.query_row(count, [], |row| row.get(0))?)).await.expect("a count")
}

#[tokio::test]
async fn what_is_saved_comes_back_and_what_was_typed_in_between_does_not_stay() {
    let (_folder, store) = store().await;
    let long = "支付\r\n".repeat(2_000);
    let new = file("1", None, "conf/a.yml", "one");
    let tags = tags_of(&store, move |w| w.insert_file(&new)).await;
    assert_eq!(tags, [tag::config(&"a".into()), tag::file(&"1".into())]);
    assert_eq!(read(&store, "1").await, file("1", None, "conf/a.yml", "one"));
    for text in ["two", "three", &long] {
        save(&store, "1", text).await;
    }
    let now = read(&store, "1").await;
    assert_eq!((now.content, now.revision), (Content::Text(long), 4));
    assert_eq!(contents(&store).await, 1);
}

#[tokio::test]
async fn versions_are_cut_when_something_is_new() {
    let (_folder, store) = store().await;
    store.write(|w| w.insert_file(&file("1", None, "conf/a.yml", "one"))).await.expect("new");
    assert_eq!(cut(&store, "1").await, Some(1));
    assert_eq!(cut(&store, "1").await, None);
    save(&store, "1", "two").await;
    save(&store, "1", "one").await;
    // Back at what the newest version holds: nothing is new.
    assert_eq!(cut(&store, "1").await, None);
    save(&store, "1", "two").await;
    assert_eq!(cut(&store, "1").await, Some(2));
    let versions = store.read(|r| r.file_versions(&"1".into())).await.expect("read");
    let told: Vec<_> = versions.iter().map(|v| (v.number, v.hash.clone(), v.parent.clone(), v.size)).collect();
    let hash = |text: &str| Content::Text(text.to_owned()).hash();
    assert_eq!(told, [(2, hash("two"), Some(hash("one")), Some(3)), (1, hash("one"), None, Some(3))]);
    let first = store.read(|r| r.file_version(&"1".into(), 1)).await.expect("read");
    assert_eq!(first, Some(Content::Text("one".to_owned())));
}

#[tokio::test]
async fn one_content_of_many_files_is_stored_once() {
    let (_folder, store) = store().await;
    store
        .write(|w| (0..50).try_for_each(|n| w.insert_file(&file(&n.to_string(), None, &format!("conf/{n}"), "same"))))
        .await
        .expect("new");
    for n in 0..50 {
        cut(&store, &n.to_string()).await;
    }
    assert_eq!(contents(&store).await, 1);
}

#[tokio::test]
async fn an_owner_has_one_file_of_a_path_and_a_deleted_one_comes_back() {
    let (_folder, store) = store().await;
    store.write(|w| w.insert_file(&file("1", None, "a", "app"))).await.expect("the app's");
    store.write(|w| w.insert_file(&file("2", Some("g"), "a", "group"))).await.expect("the group's");
    let again = store.write(|w| w.insert_file(&file("3", Some("g"), "a", "again"))).await;
    assert!(matches!(again, Err(StoreError::Taken { what: "file.path" })), "{again:?}");
    store.write(|w| w.delete_file(&file("2", Some("g"), "a", ""))).await.expect("deleted");
    assert!(store.read(|r| r.file(&"2".into())).await.expect("read").is_none());
    let deleted = store.read(|r| r.deleted_files(&"a".into())).await.expect("read");
    assert_eq!(deleted.iter().map(|(file, _)| file.id.as_str()).collect::<Vec<_>>(), ["2"]);
    store.write(|w| w.undelete_file(&file("2", Some("g"), "a", ""))).await.expect("restored");
    assert_eq!(read(&store, "2").await.content, Content::Text("group".to_owned()));
}

#[tokio::test]
async fn what_is_sealed_leaves_nothing_to_read() {
    let (folder, store) = store().await;
    store.write(|w| w.insert_file(&file("1", None, "a", "hunter2 in the clear"))).await.expect("new");
    cut(&store, "1").await;
    let before = read(&store, "1").await;
    store
        .write(move |w| {
            let content = Content::Sealed("s".into());
            w.replace_version(&before.id, 1, &content)?;
            w.save_file(&FileEntry { content, sensitive: true, ..before })
        })
        .await
        .expect("sealed");
    store.close().await;
    for entry in std::fs::read_dir(folder.path()).expect("a folder") {
        let bytes = std::fs::read(entry.expect("an entry").path()).expect("a file");
        assert!(!bytes.windows(7).any(|part| part == b"hunter2"));
    }
}

#[tokio::test]
async fn what_was_deleted_long_ago_goes_for_good() {
    let (folder, store) = store().await;
    store
        .write(|w| {
            w.insert_file(&file("1", None, "a", "kept"))?;
            w.insert_file(&file("2", Some("gone"), "b", "of a group that is gone"))?;
            w.set_value(
                &"a".into(),
                "key",
                Some(&"gone".into()),
                Some(&slipway_model::config::Value::Plain("1".into())),
            )?;
            w.insert_file(&file("3", None, "c", "long ago"))?;
            w.connection.execute("UPDATE config_file SET deleted_ms = 1 WHERE id = '3'", [])?;
            Ok(())
        })
        .await
        .expect("new");
    store.close().await;
    let store = crate::Store::open(folder.path()).await.expect("again").store;
    assert_eq!(contents(&store).await, 1);
    assert_eq!(read(&store, "1").await.content, Content::Text("kept".to_owned()));
    assert_eq!(store.read(|r| r.values_of_app(&"a".into())).await.expect("read"), []);
}

#[tokio::test]
async fn an_app_takes_all_with_it_and_a_deleted_group_keeps_what_it_needs_to_come_back() {
    use crate::sample::{self, Size};
    let (folder, store) = store().await;
    sample::fill(&store, Size { apps: 2, groups: 2, releases: 0 }).await.expect("an empty store");
    sample::fill_files(&store, 20).await.expect("files");
    let apps =
        store.read(|r| Ok(r.apps()?.into_iter().map(|(app, _)| app.id).collect::<Vec<_>>())).await.expect("read");
    let [app, other] = apps.as_slice() else { panic!("{apps:?}") };
    let of = app.clone();
    let group = store.read(move |r| Ok(r.groups_of_app(&of)?.remove(0).id)).await.expect("read");
    let (of, gone) = (app.clone(), group.clone());
    store
        .write(move |w| {
            w.insert_file(&FileEntry { app: of, ..file("own", Some(gone.as_str()), "own", "of the group") })?;
            w.delete_group(&gone)
        })
        .await
        .expect("deleted");
    store.close().await;
    let store = crate::Store::open(folder.path()).await.expect("again").store;
    let of = app.clone();
    let (files, values) = store.read(move |r| Ok((r.files_of_app(&of)?, r.values_of_app(&of)?))).await.expect("read");
    assert!(files.iter().any(|file| file.group.as_ref() == Some(&group)), "it can be had back with its file");
    assert!(values.iter().any(|value| value.group.as_ref() == Some(&group)), "and its value");

    let of = app.clone();
    store.write(move |w| w.delete_app(&of)).await.expect("without groups");
    let left = store.read(|r| {
        let mut query = r.connection.prepare(
            "SELECT app FROM config_file UNION SELECT app FROM config_value UNION SELECT app FROM group_draft
             UNION SELECT f.app FROM config_version v LEFT JOIN config_file f ON f.id = v.file",
        )?;
        let apps = query.query_map([], |row| row.get::<_, Option<String>>(0))?.collect::<Result<Vec<_>, _>>()?;
        Ok(apps)
    });
    assert_eq!(left.await.expect("read"), [Some(other.to_string())]);
}
