//! Leases and records.

use crate::place::{Place, credential, kubeconfig};
use jiff::Timestamp;
use serde_json::json;
use slipway_cluster::lease::{self, Claim, LeaseError};
use slipway_cluster::record::{self, RecordError};
use slipway_cluster::{ClusterError, Kind, Session, stored};
use slipway_model::app::AppDraft;
use slipway_model::config::{CONTENT_MAX, Config, ConfigSource, ConfigValue, Content, FILES_MAX, Value};
use slipway_model::environment::first_environments;
use slipway_model::group::first_draft;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::image::ImageRef;
use slipway_model::release::{Author, Plan, Progress, RECORDS_KEPT, Release, ReleaseState, Seq, Stage, Transition};
use std::time::Duration;

const LEASE: &str = "slipway-api-prod";

fn claim(computer: &str) -> Claim {
    Claim { computer: computer.to_owned(), purpose: "r".into(), by: format!("{computer} at work") }
}

fn release(group: &GroupId) -> Release {
    let draft = AppDraft { slug: "api".into(), repository: "127.0.0.1:5000/api".into(), ..AppDraft::default() };
    let app = draft.validate(AppId::from("app-uid")).expect("an app");
    let environment = first_environments().remove(3);
    let mut draft = first_draft();
    draft.name = "prod".into();
    draft.environment = environment.id.to_string();
    draft.link = "link".into();
    let group = draft.validate(group.clone(), &app).expect("a group");
    let plan = Plan {
        hash: "h".into(),
        environment,
        config: Config::default(),
        namespace: "n".into(),
        workload: "api-prod".into(),
        image: ImageRef::parse("v1", "127.0.0.1:5000/api").expect("an image"),
        from: None,
        objects: vec![],
        base: None,
        balancers: Vec::new(),
        back: None,
        preflight: None,
        group: group.clone(),
        app: app.clone(),
    };
    Release {
        id: ReleaseId::random(),
        app: app.id,
        group: group.id,
        link: "test".into(),
        seq: None,
        state: ReleaseState::Planned,
        stage: Stage::Record,
        plan,
        author: Author { identity: "ann".into(), display: "Ann".into(), device: "laptop".into() },
        note: "first".into(),
        created: Timestamp::now().round(jiff::Unit::Millisecond).expect("a time"),
        ended: None,
        transitions: vec![],
        diagnosis: None,
        progress: Progress::default(),
        newer: None,
        usage: None,
        train: None,
        decided: Vec::new(),
    }
}

#[tokio::test]
async fn a_lease_is_held_renewed_given_back_and_stolen_only_when_observed_to_stand_still() {
    let place = Place::new("lease").await;
    let (ours, theirs) = (&place.session, Session::start("other".into(), credential(&kubeconfig(), &place.namespace)));
    assert_eq!(lease::holder(ours, LEASE).await.expect("read"), None);
    lease::take(ours, LEASE, &claim("a")).await.expect("taken");
    lease::take(ours, LEASE, &claim("a")).await.expect("taken again by its holder");
    let refused = lease::take(&theirs, LEASE, &claim("b")).await.expect_err("held");
    assert!(
        matches!(&refused, LeaseError::Held { holder, free_in, .. } if holder == "a at work" && *free_in > Duration::from_secs(25))
    );
    lease::renew(ours, LEASE, &claim("a")).await.expect("renewed");
    lease::give_back(&theirs, LEASE, &claim("b")).await.expect("not theirs, left alone");
    assert_eq!(lease::holder(ours, LEASE).await.expect("read").map(|holder| holder.identity).as_deref(), Some("a r"));
    lease::give_back(ours, LEASE, &claim("a")).await.expect("given back");
    assert_eq!(lease::holder(ours, LEASE).await.expect("read"), None);
    lease::take(&theirs, LEASE, &claim("b")).await.expect("free");
    let lost = lease::renew(ours, LEASE, &claim("a")).await.expect_err("lost");
    assert!(matches!(&lost, LeaseError::Lost { holder, .. } if holder.as_deref() == Some("b at work")), "{lost:?}");

    // Its own time is ten years old, and yet it is not expired until it was seen to stand still for its duration.
    let patch = json!({ "spec": { "leaseDurationSeconds": 2, "renewTime": "2016-01-01T00:00:00.000000Z" } });
    ours.merge_patch(Kind::Lease, LEASE, &patch).await.expect("patched");
    assert!(matches!(lease::take(ours, LEASE, &claim("a")).await, Err(LeaseError::Held { .. })));
    let begun = std::time::Instant::now();
    crate::place::until("it expires", async || lease::take(ours, LEASE, &claim("a")).await.ok()).await;
    assert!(begun.elapsed() >= Duration::from_millis(1900), "{:?}", begun.elapsed());
    let lease = ours.get(Kind::Lease, LEASE).await.expect("read").expect("there");
    assert_eq!(lease["spec"]["leaseTransitions"], 2);
    place.done().await;
}

#[tokio::test]
async fn of_many_who_take_a_lease_one_has_it() {
    let place = Place::new("race").await;
    let tries = (0..8).map(|n| {
        let session = place.session.clone();
        async move { lease::take(&session, LEASE, &claim(&format!("h{n}"))).await.is_ok() }
    });
    let taken = futures::future::join_all(tries).await;
    assert_eq!(taken.into_iter().filter(|taken| *taken).count(), 1);
    place.done().await;
}

#[tokio::test]
async fn a_record_is_written_once_follows_and_is_read_elsewhere() {
    let place = Place::new("record").await;
    let (session, group) = (&place.session, GroupId::random());
    lease::take(session, LEASE, &claim("a")).await.expect("taken");
    let mut first = release(&group);
    let seq = record::create(session, &first).await.expect("created");
    assert_eq!(seq, Seq(1));
    assert_eq!(record::create(session, &first).await.expect("again"), Seq(1), "our own answer that got lost");
    first.seq = Some(seq);
    first.state = ReleaseState::Succeeded;
    first.ended = Some(first.created);
    first.transitions.push(Transition {
        at: first.created,
        stage: Stage::End,
        state: ReleaseState::Succeeded,
        by: None,
        note: Some("支付".into()),
        batch: None,
    });
    record::update(session, &first).await.expect("updated");
    let second = release(&group);
    assert_eq!(record::create(session, &second).await.expect("created"), Seq(2));

    let (app, group_slug) = (&first.plan.app.slug, &first.plan.group.slug);
    let records = record::list(session, Some(app), Some(group_slug)).await.expect("listed");
    let records: Vec<_> = records.into_iter().map(|record| record.expect("readable")).collect();
    assert_eq!(records[0].release, first);
    assert_eq!(records[1].release.id, second.id);
    assert_eq!((&records[0].previous, records[1].previous.as_ref()), (&None, Some(&records[0].head_hash)));
    let name = records[0].name.clone();
    let object = session.get(Kind::ConfigMap, &name).await.expect("read").expect("there");
    assert_eq!(object["metadata"]["labels"]["slipway.dev/status"], "succeeded");

    // The number goes on after the records are gone: the Lease remembers it.
    for record in &records {
        session.delete(Kind::ConfigMap, &record.name).await.expect("deleted");
    }
    assert_eq!(record::create(session, &release(&group)).await.expect("created"), Seq(3));
    let gone = record::update(session, &first).await.expect_err("gone");
    assert!(matches!(gone, RecordError::Cluster(ClusterError::NotFound { .. })), "{gone:?}");
    place.done().await;
}

#[tokio::test]
async fn a_newer_record_is_shown_and_not_written_and_unknown_fields_stay() {
    use base64::Engine as _;
    let place = Place::new("newer").await;
    let session = &place.session;
    let mut release = release(&GroupId::random());
    release.seq = Some(record::create(session, &release).await.expect("created"));
    let name = "slipway-api-prod-r1";
    let unpack = |text: &str| -> serde_json::Value {
        let packed = base64::engine::general_purpose::STANDARD.decode(text).expect("base64");
        serde_json::from_slice(&zstd::decode_all(packed.as_slice()).expect("zstd")).expect("JSON")
    };
    let object = session.get(Kind::ConfigMap, name).await.expect("read").expect("there");
    let mut body = unpack(object["binaryData"]["body"].as_str().expect("a body"));
    body["weather"] = json!({ "sunny": true });
    let packed = zstd::encode_all(body.to_string().as_bytes(), 3).expect("packed");
    let packed = base64::engine::general_purpose::STANDARD.encode(packed);
    session.merge_patch(Kind::ConfigMap, name, &json!({ "binaryData": { "body": packed } })).await.expect("patched");
    release.state = ReleaseState::Moving;
    record::update(session, &release).await.expect("updated");
    let object = session.get(Kind::ConfigMap, name).await.expect("read").expect("there");
    let body = unpack(object["binaryData"]["body"].as_str().expect("a body"));
    assert_eq!((&body["weather"]["sunny"], &body["state"]), (&json!(true), &json!("moving")));

    let newer = json!({ "metadata": { "annotations": { "slipway.dev/record-version": "9", "slipway.dev/record-writer": "9" } } });
    session.merge_patch(Kind::ConfigMap, name, &newer).await.expect("patched");
    let refused = record::update(session, &release).await.expect_err("newer");
    assert!(matches!(refused, RecordError::Newer { version: 9, .. }), "{refused:?}");
    let records = record::list(session, None, None).await.expect("listed");
    assert_eq!(records[0].as_ref().expect("readable").release.newer, Some(9));
    let head = json!({ "binaryData": { "head": packed } });
    session.merge_patch(Kind::ConfigMap, name, &head).await.expect("patched");
    let records = record::list(session, None, None).await.expect("listed");
    assert!(matches!(&records[0], Err(RecordError::Broken { name: broken, .. }) if broken == name), "{records:?}");
    place.done().await;
}

#[tokio::test]
async fn two_computers_get_two_numbers_and_old_records_go() {
    let place = Place::new("numbers").await;
    let (session, group) = (&place.session, GroupId::random());
    let mut releases: Vec<Release> = (0..4).map(|_| release(&group)).collect();
    let seqs = futures::future::join_all(releases.iter().map(|release| record::create(session, release))).await;
    let mut numbers: Vec<u32> = seqs.iter().map(|seq| seq.as_ref().expect("created").0).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [1, 2, 3, 4]);
    for (release, seq) in releases.iter_mut().zip(seqs) {
        release.seq = seq.ok();
        release.state = ReleaseState::Succeeded;
        record::update(session, release).await.expect("updated");
    }
    let total = RECORDS_KEPT + 3;
    for _ in 4..total {
        let mut next = release(&group);
        next.state = ReleaseState::Succeeded;
        record::create(session, &next).await.expect("created");
    }
    record::prune(session, &releases[0]).await.expect("pruned");
    let records = record::list(session, None, None).await.expect("listed");
    let left: Vec<u32> = records.iter().filter_map(|r| r.as_ref().ok()?.release.seq).map(|seq| seq.0).collect();
    assert_eq!((left.len(), left.first()), (RECORDS_KEPT, Some(&4)));
    place.done().await;
}

/// So many bytes that no compression makes smaller: the letters of random ids.
fn noise(bytes: usize) -> String {
    let mut noise = String::with_capacity(bytes + 32);
    while noise.len() < bytes {
        noise.push_str(&uuid::Uuid::new_v4().simple().to_string());
    }
    noise.truncate(bytes);
    noise
}

async fn beside(session: &Session) -> Vec<String> {
    let found = session.list_names(Kind::ConfigMap, "slipway.dev/stored,slipway.dev/app=api").await.expect("listed");
    found.into_iter().map(|found| found.name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn long_files_stand_beside_the_records_that_share_them_and_go_with_the_last() {
    let place = Place::new("long").await;
    let (session, group) = (&place.session, GroupId::random());
    let long = |path: &str| ConfigSource::new(path, Content::Text(noise(CONTENT_MAX)));
    let binary = ConfigSource::new("binary", Content::Binary(noise(CONTENT_MAX / 4 * 4)));
    let (shared, short) = (long("shared"), ConfigSource::new("short", Content::Text("a".repeat(64 * 1024))));
    let mut first = release(&group);
    first.plan.config.files = vec![shared.clone(), binary, short, long("first")];
    // Of another group of the app.
    let mut second = release(&GroupId::random());
    second.plan.group.slug = slipway_model::name::Slug::parse("test").expect("a slug");
    second.plan.workload = "api-test".into();
    second.plan.config.files = vec![shared, long("second")];
    first.seq = Some(record::create(session, &first).await.expect("created"));
    second.seq = Some(record::create(session, &second).await.expect("created"));
    assert_eq!(beside(session).await.len(), 4, "three of the first, and one more of the second");
    let object = session.get(Kind::ConfigMap, "slipway-api-prod-r1").await.expect("read").expect("there");
    assert!(object.to_string().len() < 16 * 1024, "{}", object.to_string().len());

    let all = async || {
        let found = record::list(session, Some(&first.plan.app.slug), None).await.expect("listed");
        let found = found.into_iter().map(|record| record.expect("readable").release);
        found.collect::<Vec<_>>()
    };
    for known in [&first, &second] {
        assert!(all().await.contains(known), "{} is whole", known.plan.workload);
    }
    // Cut off before they were made: the same release makes what is missing.
    let names = beside(session).await;
    session.delete(Kind::ConfigMap, &names[0]).await.expect("deleted");
    let broken = record::list(session, None, None).await.expect("listed");
    assert!(broken.iter().any(|record| matches!(record, Err(RecordError::Broken { .. }))), "one is missing");
    for known in [&first, &second] {
        assert_eq!(Some(record::create(session, known).await.expect("again")), known.seq);
    }
    assert_eq!(beside(session).await.len(), 4);

    let app = &first.plan.app.slug;
    assert_eq!(stored::sweep(session, app).await.expect("swept"), Vec::<String>::new());
    session.delete(Kind::ConfigMap, "slipway-api-prod-r1").await.expect("deleted");
    assert_eq!(stored::sweep(session, app).await.expect("swept").len(), 2, "what only the first had");
    assert_eq!(all().await, [second]);
    place.done().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_a_release_says_its_record_fits() {
    let place = Place::new("full").await;
    let (session, group) = (&place.session, GroupId::random());
    let mut release = release(&group);
    // As many files as a group may have, each just short; and values, which stand nowhere else.
    let file = |n: usize| {
        ConfigSource::new(
            &format!("conf/{n}"),
            Content::Text(noise(if n.is_multiple_of(10) { 60 * 1024 } else { 5_000 })),
        )
    };
    release.plan.config.files = (0..FILES_MAX).map(file).collect();
    let value = |n: usize| {
        let value = Some(Value::Plain(noise(16 * 1024)));
        ConfigValue { key: format!("key.{n}"), sensitive: false, value, default: None }
    };
    release.plan.config.values = (0..200).map(value).collect();
    release.seq = Some(record::create(session, &release).await.expect("created"));
    let records = record::list(session, None, None).await.expect("listed");
    assert_eq!(records[0].as_ref().expect("readable").release, release);
    release.state = ReleaseState::Succeeded;
    record::update(session, &release).await.expect("updated");
    release.plan.objects = record::objects(session, &release).await.expect("readable");
    let piece = beside(session).await.into_iter().next().expect("one of many");
    let patch = json!({ "binaryData": { "content": "" } });
    session.merge_patch(Kind::ConfigMap, &piece, &patch).await.expect_err("immutable");
    place.done().await;
}
