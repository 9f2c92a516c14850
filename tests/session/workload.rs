//! Watches, applies, logs and usage of a real workload.

use crate::place::{Place, deployment, rows_until, until};
use serde_json::json;
use slipway_cluster::{Apply, ClusterError, Kind, LogOptions, Operation};

const SELECTOR: &str = "slipway.dev/app=api,slipway.dev/group=g";

#[tokio::test]
async fn a_rollout_is_seen_from_all_sides() {
    let place = Place::new("rollout").await;
    let server = &place.admin.server;
    let mut pods = place.session.pods(SELECTOR);
    let mut sets = place.session.replica_sets(SELECTOR);
    let mut deployments = place.session.deployments(SELECTOR);
    let mut events = place.session.events();
    rows_until(&mut pods, "an empty list is complete", |rows, live| live && rows.is_empty()).await;
    place.apply(Kind::Deployment, &deployment(server, "api", "v1", 2, "r1")).await;
    let rows =
        rows_until(&mut pods, "two pods ready", |rows, _| rows.iter().filter(|pod| pod.ready).count() == 2).await;
    assert!(rows.iter().all(|pod| pod.release == "r1" && pod.containers[0].name == "app" && !pod.node.is_empty()));
    rows_until(&mut events, "events of the pods", |rows, _| {
        rows.iter().any(|event| event.reason == "Scheduled") && rows.iter().any(|event| event.reason == "Started")
    })
    .await;
    place.apply(Kind::Deployment, &deployment(server, "api", "v2", 2, "r2")).await;
    let found = rows_until(&mut deployments, "the second version is out", |rows, _| {
        rows.iter().any(|d| {
            d.template_release == "r2"
                && d.observed_generation == d.generation
                && d.updated == 2
                && d.available == 2
                && d.current == 2
        })
    })
    .await;
    let sets = rows_until(&mut sets, "the first set is empty", |rows, _| {
        rows.len() == 2 && rows.iter().any(|set| set.template_release == "r1" && set.current == 0)
    })
    .await;
    let new = sets.iter().find(|set| set.template_release == "r2").expect("the second set");
    assert_eq!((new.revision, new.desired, new.owner.as_str()), (2, 2, found[0].uid.as_str()));
    assert_eq!(new.template_hash, found[0].template_hash);
    rows_until(&mut pods, "old pods are gone", |rows, _| rows.len() == 2 && rows.iter().all(|pod| pod.release == "r2"))
        .await;
    let mut late = place.session.pods(SELECTOR);
    rows_until(&mut late, "a late reader has all at once", |rows, live| live && rows.len() == 2).await;
    place.done().await;
}

#[tokio::test]
async fn conflicts_name_manager_field_and_operation() {
    let place = Place::new("conflict").await;
    let ours = deployment(&place.admin.server, "api", "v1", 1, "r1");
    let applied = place.apply(Kind::Deployment, &ours).await;
    let version = applied["metadata"]["resourceVersion"].clone();
    // Without a version, because the controller writes the status of a new Deployment at any moment.
    place.session.merge_patch(Kind::Deployment, "api", &json!({ "spec": { "paused": true } })).await.expect("paused");
    let patch = json!({ "metadata": { "resourceVersion": version }, "spec": { "paused": false } });
    let error = place.session.merge_patch(Kind::Deployment, "api", &patch).await.expect_err("an old version");
    assert!(error.stale_version(), "{error:?}");

    let mut second = ours.clone();
    second["spec"]["paused"] = false.into();
    let error = place.session.apply(Kind::Deployment, &second, Apply::default()).await.expect_err("our own update");
    let ClusterError::Conflict { conflicts, .. } = &error else { panic!("{error:?}") };
    let own: Vec<_> =
        conflicts.iter().map(|c| (c.manager.as_str(), c.field.as_str(), c.operation, c.time.is_some())).collect();
    assert_eq!(own, [("slipway", ".spec.paused", Operation::Update, true)]);
    assert!(!error.stale_version());
    let dry = Apply { force: true, dry_run: true };
    let asked = place.session.apply(Kind::Deployment, &second, dry).await.expect("asked");
    assert_eq!(asked["spec"]["paused"], serde_json::Value::Null, "false is not kept");
    let live = place.session.get(Kind::Deployment, "api").await.expect("read").expect("there");
    assert_eq!(live["spec"]["paused"], true, "a dry run writes nothing");

    let wrong = json!([{ "op": "test", "path": "/metadata/resourceVersion", "value": "1" }, { "op": "remove", "path": "/spec/paused" }]);
    let error = place.session.json_patch(Kind::Deployment, "api", &wrong).await.expect_err("the test does not hold");
    assert!(matches!(error, ClusterError::Invalid { .. }), "{error:?}");
    let right =
        json!([{ "op": "test", "path": "/metadata/name", "value": "api" }, { "op": "remove", "path": "/spec/paused" }]);
    place.session.json_patch(Kind::Deployment, "api", &right).await.expect("patched");
    assert!(place.session.delete(Kind::Deployment, "api").await.expect("deleted"));
    place.done().await;
}

#[tokio::test]
async fn logs_and_usage_of_a_pod() {
    let place = Place::new("logs").await;
    place.apply(Kind::Deployment, &deployment(&place.admin.server, "api", "v1", 1, "r1")).await;
    let mut pods = place.session.pods(SELECTOR);
    let rows = rows_until(&mut pods, "a pod ready", |rows, _| rows.iter().any(|pod| pod.ready)).await;
    let pod = rows[0].name.clone();
    let lines = until("it has written", async || {
        let lines = place.session.last_lines(&pod, "app", false, 3).await.expect("read");
        (!lines.is_empty()).then_some(lines)
    })
    .await;
    assert!(lines.len() <= 3 && lines.iter().all(|line| !line.contains('\n')), "{lines:?}");
    let options = LogOptions { follow: true, timestamps: true, tail: Some(1), ..LogOptions::default() };
    let mut log = place.session.log(&pod, "app", &options).await.expect("open");
    let mut lines = Vec::new();
    while lines.is_empty() {
        let more = log.read(|line| lines.push(String::from_utf8_lossy(line.text).into_owned())).await.expect("read");
        assert!(more, "a log that is followed does not end");
    }
    let time = lines[0].split(' ').next().unwrap_or_default();
    assert!(time.parse::<jiff::Timestamp>().is_ok(), "{lines:?}");
    let error = place.session.log(&pod, "app", &LogOptions { previous: true, ..LogOptions::default() }).await;
    assert!(matches!(error, Err(ClusterError::Invalid { .. })), "{error:?}");
    let error = place.session.log("none", "app", &LogOptions::default()).await;
    assert!(matches!(error, Err(ClusterError::NotFound { .. })), "{error:?}");
    let usage = until("the first sample", async || {
        let usage = place.session.usage(SELECTOR).await.expect("read").expect("a metrics API");
        usage.into_iter().next()
    })
    .await;
    assert!(usage.pod == pod && usage.memory_bytes > 0, "{usage:?}");
    place.done().await;
}

#[tokio::test]
async fn a_crash_is_seen_with_its_last_words() {
    let place = Place::new("crash").await;
    place.apply(Kind::Deployment, &deployment(&place.admin.server, "api", "crash", 1, "r1")).await;
    let mut pods = place.session.pods(SELECTOR);
    let rows = rows_until(&mut pods, "it restarted", |rows, _| {
        rows.iter().any(|pod| pod.containers[0].restarts > 0 && pod.containers[0].last.is_some())
    })
    .await;
    let exit = rows[0].containers[0].last.clone().expect("an exit");
    assert!(exit.code != 0 && exit.finished.is_some(), "{exit:?}");
    let name = rows[0].name.clone();
    let lines = until("its previous run's log", async || {
        place.session.last_lines(&name, "app", true, 50).await.ok().filter(|lines| !lines.is_empty())
    });
    assert!(!lines.await.is_empty());
    place.done().await;
}
