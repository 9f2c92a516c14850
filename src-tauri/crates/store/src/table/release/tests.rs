use super::*;
use crate::FileEntry;
use crate::sample::{self, Size};
use crate::table::testing::{store, tags_of};
use crate::tag;
use jiff::Timestamp;
use slipway_model::config::{ConfigSource, Content};
use slipway_model::release::{Seq, Stage};

const SIZE: Size = Size { apps: 2, groups: 6, releases: 60 };

/// A store with releases, its first app and that app's first group.
async fn filled() -> (tempfile::TempDir, crate::Store, AppId, GroupId) {
    let (folder, store) = store().await;
    sample::fill(&store, SIZE).await.expect("an empty store");
    let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("apps");
    let of_app = app.clone();
    let group = store.read(move |r| Ok(r.groups_of_app(&of_app)?.remove(0).id)).await.expect("groups");
    (folder, store, app, group)
}

/// A release of the group that has not begun.
fn planned(like: &Release, id: &str) -> Release {
    let id = ReleaseId::from(id);
    let created = like.created + jiff::SignedDuration::from_hours(1);
    let state = ReleaseState::Planned;
    Release { id, created, state, seq: None, ended: None, stage: Stage::Plan, ..like.clone() }
}

#[tokio::test]
async fn a_release_comes_back_as_it_went_in_small_or_large() {
    let (_folder, store, _, group) = filled().await;
    let of_group = group.clone();
    let mut release =
        store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    for (id, note) in [("small", String::new()), ("large", "text ".repeat(100_000))] {
        release.id = id.into();
        release.seq = None;
        release.note = note;
        let inserted = release.clone();
        store.write(move |w| w.insert_release(&inserted)).await.expect("room");
        let body = body_of(&store, &release.id).await;
        assert!(body.len() < 20_000, "{id} takes {} bytes", body.len(), id = release.id);
        let id = release.id.clone();
        assert_eq!(store.read(move |r| r.release(&id)).await.expect("read"), Some(release.clone()));
    }
}

/// A text that nothing makes shorter.
fn noise(bytes: usize) -> String {
    let mut noise = String::new();
    while noise.len() < bytes {
        noise.push_str(&uuid::Uuid::new_v4().simple().to_string());
    }
    noise
}

async fn body_of(store: &crate::Store, id: &ReleaseId) -> Vec<u8> {
    let id = id.clone();
    let body = store.read(move |r| {
        Ok(r.connection.query_row("SELECT body FROM release WHERE id = ?1", [id.as_str()], |row| row.get(0))?)
    });
    body.await.expect("a row")
}

/// Lists are made of bodies: what files hold is in none of them, and there once for all releases that have it.
#[tokio::test]
async fn what_files_hold_is_kept_once_and_beside_the_bodies() {
    const LONG: usize = 200_000;
    let (_folder, store, app, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let before = newest.plan.config.files.len();
    let long = Content::Text(noise(LONG));
    let files = [
        ConfigSource::new("long", long.clone()),
        ConfigSource::new("binary", Content::Binary("/wA=".to_owned())),
        ConfigSource::new("sensitive", Content::Sealed("s".into())),
        ConfigSource::new("empty", Content::Text(String::new())),
    ];
    for id in ["first", "second"] {
        let mut release = planned(&newest, id);
        release.plan.config.files.extend(files.clone());
        let inserted = release.clone();
        store.write(move |w| w.insert_release(&inserted)).await.expect("a new id");
        release.state = ReleaseState::Succeeded;
        let updated = release.clone();
        store.write(move |w| w.update_release(&updated)).await.expect("it exists");
        assert!(body_of(&store, &release.id).await.len() < 20_000);
        let id = release.id.clone();
        assert_eq!(store.read(move |r| r.release(&id)).await.expect("read"), Some(release));
    }
    let kept = async |table: &'static str| {
        let sql = format!("SELECT count(*) FROM {table} WHERE length(body) > {}", LONG / 4);
        store.read(move |r| Ok(r.connection.query_row(&sql, [], |row| row.get::<_, u32>(0))?)).await.expect("a count")
    };
    assert_eq!((kept("release").await, kept("config_content").await), (0, 1));

    // A file that held it and holds something else now takes nothing away from them.
    let path = "long".to_owned();
    let file = FileEntry::new("f".into(), app, None, path, long.clone());
    let other = FileEntry { content: Content::Text("short".to_owned()), ..file.clone() };
    let written = store.write(move |w| {
        w.insert_file(&file)?;
        w.save_file(&other)
    });
    written.await.expect("saved");
    let release = store.read(|r| r.release(&"first".into())).await.expect("read").expect("stored");
    assert_eq!(release.plan.config.files[before].content, long);
    let heads = store.read(move |r| r.releases_of_group(&group, None, 2)).await.expect("a page");
    assert!(heads.contains(&ReleaseHead::from(&release)), "{heads:#?}");
}

/// As releases were stored before.
#[tokio::test]
async fn a_release_with_its_files_in_its_body_is_read_too() {
    let (_folder, store, _, group) = filled().await;
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&group, 1)?.remove(0))).await.expect("a page");
    let mut release = planned(&newest, "old");
    release.plan.config.files = vec![ConfigSource::new("a", Content::Text("hello".to_owned()))];
    let inserted = release.clone();
    let written = store.write(move |w| {
        w.insert_release(&inserted)?;
        w.connection.execute("DELETE FROM release_file WHERE release = 'old'", [])?;
        let whole = crate::table::to_json("release", &inserted)?;
        Ok(w.connection.execute("UPDATE release SET body = ?1 WHERE id = 'old'", [whole])?)
    });
    assert_eq!(written.await.expect("a write"), 1);
    assert_eq!(store.read(|r| r.release(&"old".into())).await.expect("read"), Some(release.clone()));
    // A transition later, too.
    release.state = ReleaseState::Failed;
    let updated = release.clone();
    store.write(move |w| w.update_release(&updated)).await.expect("it exists");
    assert_eq!(store.read(|r| r.release(&"old".into())).await.expect("read"), Some(release));
}

#[tokio::test]
async fn pages_join_without_gap_or_double_newest_first() {
    let (_folder, store, app, _) = filled().await;
    let of_app = app.clone();
    let whole = store.read(move |r| r.releases_of_app(&of_app, None, 1_000)).await.expect("one page");
    assert_eq!(whole.len(), 30);
    assert!(whole.is_sorted_by(|a, b| (a.created, &a.id) > (b.created, &b.id)));

    let mut paged: Vec<ReleaseHead> = Vec::new();
    loop {
        let (of_app, before) = (app.clone(), paged.last().map(|last| last.id.clone()));
        let page = store.read(move |r| r.releases_of_app(&of_app, before.as_ref(), 7)).await.expect("a page");
        if page.is_empty() {
            break;
        }
        paged.extend(page);
    }
    assert_eq!(paged, whole);
    assert_eq!(store.read(move |r| r.count_of_app(&app)).await.expect("a count"), 30);
}

/// Releases made in the same millisecond are told apart by their ids.
#[tokio::test]
async fn a_page_ends_between_releases_of_the_same_moment() {
    let (_folder, store, _, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let twins = [planned(&newest, "twin-a"), planned(&newest, "twin-b")];
    store.write(move |w| twins.iter().try_for_each(|twin| w.insert_release(twin))).await.expect("two new ids");
    let ids = store
        .read(move |r| {
            let first = r.releases_of_group(&group, None, 1)?.remove(0);
            let second = r.releases_of_group(&group, Some(&first.id), 1)?.remove(0);
            Ok([first.id, second.id])
        })
        .await
        .expect("two pages");
    assert_eq!(ids.map(|id| id.to_string()), ["twin-b", "twin-a"]);
}

#[tokio::test]
async fn the_last_of_each_group_has_what_moves_on_top() {
    let (_folder, store, app, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let before = newest.created - jiff::SignedDuration::from_hours(1);
    let mut older = planned(&newest, "moving");
    older.state = ReleaseState::Moving;
    let moving = older.clone();
    store.write(move |w| w.insert_release(&moving)).await.expect("a new id");

    let of_app = app.clone();
    let last = store.read(move |r| r.last_releases(&of_app)).await.expect("last ones");
    assert_eq!(last.len(), 3, "one for each group");
    assert_eq!(last[0], ReleaseHead::from(&older));
    assert!(last.iter().all(|release| release.created > before));
    let states = store.read(|r| r.last_states()).await.expect("states");
    assert_eq!(states.len(), 6);
    assert_eq!(states.iter().filter(|(_, state)| *state == ReleaseState::Moving).count(), 1);

    let mut found = planned(&newest, "found in the cluster");
    (found.state, found.created) = (ReleaseState::Failed, before);
    store.write(move |w| w.insert_release(&found)).await.expect("a new id");
    let of_app = app.clone();
    let last = store.read(move |r| r.last_releases(&of_app)).await.expect("last ones");
    assert_eq!(last[0], ReleaseHead::from(&older), "what is read from an old record is no newer for it");

    store.write(move |w| w.delete_group(&group)).await.expect("a group");
    let last = store.read(move |r| r.last_releases(&app)).await.expect("last ones");
    assert_eq!(last.len(), 2, "a deleted group is not on the overview");
    let states = store.read(|r| r.last_states()).await.expect("states");
    assert_eq!(states.len(), 5, "nor in the sidebar");
}

#[tokio::test]
async fn one_release_of_a_group_moves_at_a_time() {
    let (_folder, store, _, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let (first, second) = (planned(&newest, "first"), planned(&newest, "second"));
    let begun = first.clone();
    assert_eq!(store.write(move |w| w.begin_release(&begun)).await.expect("nothing moves"), None);
    let begun = second.clone();
    let moving = store.write(move |w| w.begin_release(&begun)).await.expect("an answer");
    assert_eq!(moving.as_ref(), Some(&first), "the one that moves is answered");
    assert_eq!(store.read(|r| r.release(&"second".into())).await.expect("read"), None, "nothing is written");

    let mut stopped = first;
    stopped.state = ReleaseState::Stopped;
    stopped.plan.base.as_mut().expect("not the first of its group").stable = serde_json::json!("what ran before");
    store.write(move |w| w.update_release(&stopped)).await.expect("it exists");
    assert_eq!(store.write(move |w| w.begin_release(&second)).await.expect("nothing moves"), None);
    let [first, second] = store
        .read(|r| Ok(["first", "second"].map(|id| r.release(&id.into()).expect("read").expect("stored"))))
        .await
        .expect("both");
    assert_eq!(first.state, ReleaseState::Superseded);
    let open = store.read(|r| r.open_releases()).await.expect("read");
    assert!(open.iter().any(|release| release.id == first.id), "its record is still to be told");
    assert_eq!(first.ended, Some(second.created));
    assert_eq!(second.plan.base.map(|base| base.stable), Some(serde_json::json!("what ran before")));
}

#[tokio::test]
async fn open_releases_are_those_not_settled() {
    let (_folder, store, _, group) = filled().await;
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&group, 1)?.remove(0))).await.expect("a page");
    assert_eq!(store.read(|r| r.open_releases()).await.expect("read"), [], "the ended ones owe nothing");
    let moving = planned(&newest, "moving");
    let inserted = moving.clone();
    store.write(move |w| w.insert_release(&inserted)).await.expect("a new id");
    assert_eq!(store.read(|r| r.open_releases()).await.expect("read"), std::slice::from_ref(&moving));
    let mut ended = moving;
    ended.state = ReleaseState::Succeeded;
    let updated = ended.clone();
    store.write(move |w| w.update_release(&updated)).await.expect("it exists");
    assert_eq!(store.read(|r| r.open_releases()).await.expect("read").len(), 1, "until the cluster knows it");
    store.write(move |w| w.settle_release(&ended.id, false)).await.expect("it exists");
    assert_eq!(store.read(|r| r.open_releases()).await.expect("read"), []);
}

#[tokio::test]
async fn numbers_are_unique_in_a_group() {
    let (_folder, store, _, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    assert_eq!(store.read(move |r| r.max_seq(&group)).await.expect("a number"), 10);
    assert_eq!(newest.seq, Some(Seq(10)));
    let double = Release { id: "double".into(), ..newest };
    store.write(move |w| w.insert_release(&double)).await.expect_err("r10 exists");
    assert_eq!(store.read(|r| r.max_seq(&"unknown".into())).await.expect("a number"), 0);
}

#[tokio::test]
async fn writes_say_what_they_changed() {
    let (_folder, store, app, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let expected = [tag::release(&newest.id), tag::releases_of_app(&app), tag::releases_of_group(&group), tag::apps()];
    let tags = tags_of(&store, move |w| w.update_release(&newest)).await;
    assert_eq!(tags.len(), expected.len());
    assert!(expected.iter().all(|tag| tags.contains(tag)), "{tags:?}");
}

/// With years of history, a query that walks through all of it would be felt on every page.
#[tokio::test]
async fn no_query_walks_through_all_releases() {
    let (_folder, store, ..) = filled().await;
    let pages = ["app", "group_id"].iter().flat_map(|column| ["", BEFORE].map(|before| bodies(&page(column, before))));
    let queries = [BY_ID, OPEN, MOVING, WAITING, LAST_OF_APP, RELEASED, record::OWN]
        .map(bodies)
        .into_iter()
        .chain([OPEN_IDS, STATES_OF_GROUP, LAST_STATES, COUNT_OF_APP, COUNT_OF_GROUP, MAX_SEQ].map(str::to_owned))
        .chain([RELEASED_OF_APP.to_owned(), bodies(&format!("WHERE id IN (SELECT released FROM ({RELEASED_OF_APP}))"))])
        .chain(pages)
        .chain([search::PEOPLE.to_owned(), format!("SELECT count(*) {} AND instr(words, ?2)", search::NARROWED)]);
    for sql in queries.chain([bodies("WHERE state = 'moving'")]) {
        let asked = sql.clone();
        let plan = store.read(move |r| crate::table::testing::plan(r, &asked)).await.expect("a plan");
        let walks = plan.iter().any(|step| step == "SCAN release" || step == "SCAN r");
        // The last one has no index, to show that a walk would be seen.
        assert_eq!(walks, sql.ends_with("state = 'moving'"), "{sql}: {plan:?}");
        let sorts = plan.iter().any(|step| step.contains("TEMP B-TREE"));
        assert!(!sorts || !sql.contains("LIMIT ?2"), "a page is read in the order of its index: {sql}: {plan:?}");
    }
}

/// What a filter takes in memory, it finds in the table, page by page.
#[tokio::test]
async fn a_history_is_narrowed_by_what_it_shows() {
    let (_folder, store, app, group) = filled().await;
    let of_app = app.clone();
    let all = store.read(move |r| r.releases_of_app(&of_app, None, 100)).await.expect("all");
    let middle = all[all.len() / 2].created;
    let person = Some("Sample".to_owned());
    let filters = [
        ReleaseFilter::default(),
        ReleaseFilter { group: Some(group.clone()), ..ReleaseFilter::default() },
        ReleaseFilter { person: person.clone(), since: Some(middle), ..ReleaseFilter::default() },
        ReleaseFilter { person: Some("Nobody".to_owned()), ..ReleaseFilter::default() },
        ReleaseFilter { state: Some(ReleaseState::Aborted), ..ReleaseFilter::default() },
        ReleaseFilter { text: "R3".to_owned(), ..ReleaseFilter::default() },
        ReleaseFilter { text: " 1.0.2 ".to_owned(), group: Some(group), person, ..ReleaseFilter::default() },
        ReleaseFilter { text: "sample release 1".to_owned(), ..ReleaseFilter::default() },
        // Signs of a pattern are letters like others.
        ReleaseFilter { text: "%".to_owned(), ..ReleaseFilter::default() },
    ];
    for filter in filters {
        let taken: Vec<_> = all.iter().filter(|release| filter.takes(release)).cloned().collect();
        let (of_app, asked) = (app.clone(), filter.clone());
        let (found, count) = store
            .read(move |r| {
                let (mut found, count) = r.releases_found(&of_app, &asked, None, 3)?;
                while let Some(last) = found.last().map(|last| last.id.clone()) {
                    let (below, all) = r.releases_found(&of_app, &asked, Some(&last), 3)?;
                    assert_eq!(all, count, "{asked:?}");
                    if below.is_empty() {
                        break;
                    }
                    found.extend(below);
                }
                Ok((found, count))
            })
            .await
            .expect("found");
        assert_eq!((&found, count as usize), (&taken, taken.len()), "{filter:?}");
    }
    let of_app = app.clone();
    assert_eq!(store.read(move |r| r.people_of_app(&of_app)).await.expect("people"), ["Sample"]);
}

#[tokio::test]
async fn releases_of_before_are_searched_too() {
    let (_folder, store, app, _) = filled().await;
    let found = store.write(move |w| {
        w.connection.execute("UPDATE release SET person = '', words = ''", [])?;
        seed(w.connection)?;
        let filter = ReleaseFilter { text: "r3".to_owned(), person: Some("Sample".to_owned()), ..Default::default() };
        w.releases_found(&app, &filter, None, 1)
    });
    assert!(found.await.expect("a count").1 > 0);
}

#[tokio::test]
async fn a_record_is_taken_in_once_and_never_over_what_is_driven_here() {
    let (_folder, store, _, group) = filled().await;
    let of_group = group.clone();
    let newest = store.read(move |r| Ok(r.whole_releases_of_group(&of_group, 1)?.remove(0))).await.expect("a page");
    let take = async |release: &Release, version: &'static str, created: Option<Timestamp>| {
        let release = release.clone();
        store.write(move |w| w.take_release(&release, version, created)).await.expect("an answer")
    };
    let stands = async |id: &'static str| {
        let row = store.read(move |r| Ok((r.release(&id.into())?, r.release_record(&id.into())?))).await.expect("read");
        (row.0.expect("stored"), row.1.expect("stored"))
    };
    let moves = |at: i8| Transition {
        at: newest.created + jiff::SignedDuration::from_secs(at.into()),
        stage: Stage::Move,
        state: ReleaseState::Moving,
        by: None,
        note: None,
        batch: None,
    };
    let mut theirs = planned(&newest, "theirs");
    (theirs.seq, theirs.transitions) = (Some(Seq(11)), vec![moves(0)]);
    assert_eq!(take(&theirs, "1", None).await, Taken::In);
    let (stored, record) = stands("theirs").await;
    assert_eq!((stored, record.open, record.version.as_deref()), (theirs.clone(), false, Some("1")));
    assert_eq!(store.read(|r| r.open_releases()).await.expect("read"), [], "another computer drives it");
    // It goes on.
    theirs.transitions.push(moves(1));
    assert_eq!((take(&theirs, "2", None).await, take(&theirs, "2", None).await), (Taken::In, Taken::In));
    assert_eq!(stands("theirs").await.0, theirs);
    // What was written down here and told to nobody is not lost; where the ways part, the record is right.
    let mut ahead = theirs.clone();
    ahead.transitions.push(moves(2));
    let updated = ahead.clone();
    store.write(move |w| w.update_release(&updated)).await.expect("it exists");
    assert_eq!(take(&theirs, "3", None).await, Taken::Known);
    theirs.transitions.push(moves(3));
    assert_eq!(take(&theirs, "4", None).await, Taken::In);
    assert_eq!(stands("theirs").await.0, theirs);
    // Taken over by this computer.
    store.write(|w| w.settle_release(&"theirs".into(), true)).await.expect("it exists");
    let other = Release { note: "from elsewhere".into(), ..theirs.clone() };
    assert_eq!(take(&other, "5", None).await, Taken::Known);
    assert_eq!(stands("theirs").await.0, theirs);

    // Of one number there is one; and nothing changes into a release of another group.
    let double = Release { id: "double".into(), ..theirs.clone() };
    assert_eq!(take(&double, "1", None).await, Taken::Refused);
    let moved = Release { group: "another".into(), seq: Some(Seq(12)), ..newest.clone() };
    assert_eq!(take(&moved, "1", None).await, Taken::Refused);
    // Whatever a computer's clock says, the server's orders.
    let old = newest.created - jiff::SignedDuration::from_hours(1);
    let mut early = planned(&newest, "early");
    (early.seq, early.created) = (Some(Seq(20)), newest.created + jiff::SignedDuration::from_hours(9));
    assert_eq!(take(&early, "1", Some(old)).await, Taken::In);
    let first = store.read(move |r| r.releases_of_group(&group, None, 1)).await.expect("a page");
    assert_eq!(first[0].id.as_str(), "theirs");
}
