//! What somebody else does to a Deployment in the middle of a release in batches: each way that was seen to harm a release
//! without these steps.

use crate::batches::{approved, own, ready_for, running, wanted};
use crate::foreign::kubectl;
use crate::interrupted::{DEPLOYMENT, at_rest, live, settled_down};
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::release::ReleaseAction;
use slipway_model::diagnosis::{Cause, ForeignChange};
use slipway_model::group::{CheckKind, HttpGetDraft, ProbeDraft};
use slipway_model::id::ReleaseId;
use slipway_model::release::ReleaseState;
use slipway_store::Store;
use slipway_tests::ground::{Ground, rested, settled, until};
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::eventually;

/// Six pods, one above the count at a time, and a release whose first batch takes some seconds and is under way.
async fn in_motion(name: &str) -> Result<(Ground, ReleaseId, Watcher)> {
    let ground = running(name, (6, "1", "0"), &["2", "2"]).await?;
    ready_for(&ground, 3).await?;
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    live(&ground, |live| live["spec"]["template"]["metadata"]["labels"]["slipway.dev/release"] == "r2").await?;
    Ok((ground, id, watcher))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_falls_in_the_middle_of_a_batch_is_never_gone_below() -> Result<()> {
    let (ground, id, watcher) = in_motion("motion-scale").await?;
    kubectl(&ground, &["scale", DEPLOYMENT, "--replicas=3"])?;
    let view = until(&ground.engine, &id, |view| view.progress.rest.is_some_and(|rest| rest.left.count == 3)).await?;
    ensure!(view.progress.batch == 0 && view.progress.rest.is_some_and(|rest| rest.left.new <= 2), "{view:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    let done = settled(&ground.engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded && done.progress.count == 3, "{done:#?}");
    watcher.end().await?.keeps(3, 7)?;
    ground.close().await
}

/// Who owns the count by the last apply of each manager, as managedFields say it.
fn owners_of_the_count(live: &Value) -> Vec<&str> {
    let entries = live["metadata"]["managedFields"].as_array().into_iter().flatten();
    let own =
        entries.filter(|entry| entry["operation"] == "Apply" && !entry["fieldsV1"]["f:spec"]["f:replicas"].is_null());
    own.filter_map(|entry| entry["manager"].as_str()).collect()
}

/// An apply without the count that an apply once owned takes it back to one pod: so says the API server itself at the end.
/// Each of ours carries the count that is live.
#[tokio::test(flavor = "multi_thread")]
async fn every_apply_carries_the_live_count() -> Result<()> {
    let ground = running("apply-count", (6, "1", "0"), &["2"]).await?;
    ensure!(owners_of_the_count(&ground.deployment().await?) == ["slipway"], "the first apply owns it");
    let watcher = Watcher::of(&ground);
    approved(&ground, "v2", &[2, 6]).await?;
    watcher.end().await?.keeps(6, 7)?;

    // Also one that is another than the group says.
    kubectl(&ground, &["scale", DEPLOYMENT, "--replicas=4"])?;
    live(&ground, |live| live["status"]["readyReplicas"] == 4 && live["status"]["replicas"] == 4).await?;
    let watcher = Watcher::of(&ground);
    approved(&ground, "v1", &[2, 4]).await?;
    watcher.end().await?.keeps(4, 5)?;
    let now = ground.deployment().await?;
    ensure!(now["spec"]["replicas"] == 4 && owners_of_the_count(&now).contains(&"slipway"), "{now:#}");

    // The same without the count, in our name, once nobody else owns it.
    let apply = |object: &Value| {
        let file = ground.folder().join("apply.json");
        std::fs::write(&file, object.to_string())?;
        let file = file.to_str().context("a name in UTF-8")?;
        kubectl(&ground, &["apply", "--server-side", "--force-conflicts", "--field-manager=slipway", "-f", file])
    };
    let mut object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": now["metadata"]["name"], "labels": now["metadata"]["labels"] },
        "spec": now["spec"],
    });
    object["spec"]["replicas"] = json!(5);
    apply(&object)?;
    ensure!(ground.deployment().await?["spec"]["replicas"] == 5);
    object["spec"].as_object_mut().context("a spec")?.remove("replicas");
    apply(&object)?;
    ensure!(ground.deployment().await?["spec"]["replicas"] == 1, "this is what must not happen");
    ground.close().await
}

/// Another template, set while new pods come: it is said by whom, nobody is missing, and the way back leads to what ran.
async fn another_template(place: &str, words: &[&str], by: &str) -> Result<()> {
    let (ground, id, watcher) = in_motion(place).await?;
    kubectl(&ground, words)?;
    let stopped = settled(&ground.engine, &id).await?;
    let Some(Cause::Foreign { what: ForeignChange::Template, manager }) = stopped.diagnosis.map(|found| found.cause)
    else {
        bail!("the template is named: {:?}", stopped.row)
    };
    ensure!(manager == by, "{manager}");
    ensure!(ground.deployment().await?["spec"]["paused"] == true, "nothing goes on by itself");
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    let now = live(&ground, settled_down).await?;
    ensure!(now["spec"]["template"]["metadata"]["labels"]["slipway.dev/release"] == "r1", "{now:#}");
    watcher.end().await?.keeps(6, 7)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_template_that_changes_in_the_middle_of_a_batch_stops_it_where_it_is() -> Result<()> {
    let environment = ["set", "env", DEPLOYMENT, "BY=hand"];
    let restart = ["rollout", "restart", DEPLOYMENT];
    let set = Box::pin(another_template("motion-set", &environment, "kubectl-set"));
    let restarted = Box::pin(another_template("motion-restart", &restart, "kubectl-rollout"));
    tokio::try_join!(set, restarted)?;
    Ok(())
}

/// Deletes the `ReplicaSets` of the new version, or all others.
async fn delete_sets(ground: &Ground, new: bool) -> Result<()> {
    for set in ground.active_sets().await? {
        if (set["spec"]["template"]["metadata"]["labels"]["slipway.dev/release"] == "r2") == new {
            ground.owner.connection.delete(Kind::ReplicaSet, name(&set)).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn new_pods_that_somebody_took_away_come_again_and_no_approval_with_them() -> Result<()> {
    let (ground, id) = at_rest("rest-new-gone").await?;
    let watcher = Watcher::of(&ground);
    delete_sets(&ground, true).await?;
    let again = until(&ground.engine, &id, |view| {
        let rests = view.transitions.iter().filter(|one| one.state == ReleaseState::Resting);
        rests.count() == 2
    });
    let again = again.await?;
    ensure!(again.row.state == ReleaseState::Resting && again.progress.batch == 0, "{again:#?}");
    ensure!(wanted(&ground, "r2").await? == (2, 4));
    // The old ones were not touched.
    watcher.end().await?.keeps(4, 7)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn old_pods_that_somebody_took_away_stop_it_and_the_record_has_the_way_back() -> Result<()> {
    let (ground, id) = at_rest("rest-old-gone").await?;
    delete_sets(&ground, false).await?;
    let stopped = settled(&ground.engine, &id).await?;
    ensure!(stopped.row.state == ReleaseState::Stopped && stopped.progress.batch == 0, "{stopped:#?}");
    let told = stopped.diagnosis.map(|found| found.cause);
    ensure!(matches!(&told, Some(Cause::Gone { what }) if what.starts_with("ReplicaSet")), "{told:?}");
    ensure!(ground.deployment().await?["spec"]["paused"] == true, "no approval is invented");
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    ensure!(wanted(&ground, "r1").await? == (6, 0), "all of what ran before, and nothing else");
    ground.close().await
}

/// Old pods that are not ready make no new ones wait: they are the first to go.
#[tokio::test(flavor = "multi_thread")]
async fn unready_old_pods_go_first() -> Result<()> {
    let ground = running("rest-unready", (4, "0", "2"), &["2"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.readiness = ProbeDraft {
        kind: CheckKind::Http,
        http: HttpGetDraft { path: "/readyz".into(), port: "8080".into(), ..HttpGetDraft::default() },
        period_seconds: "1".into(),
        failure_threshold: "1".into(),
        ..ProbeDraft::default()
    };
    ground.engine.group_update(&ground.group, &draft).await?;
    let first = ground.start("v1").await?;
    rested(&ground.engine, &first, 0).await?;
    ground.engine.release_act(&first, ReleaseAction::Continue).await?;
    settled(&ground.engine, &first).await?;
    let pods = Pods::of(&ground).await?;
    let sick = pods.with("slipway.dev/release=r2").await?.pop().context("it has pods")?;
    pods.get(&sick, 8080, "/readyz?set=false").await?;
    live(&ground, |live| live["status"]["readyReplicas"] == 3).await?;
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    let view = rested(&ground.engine, &id, 0).await?;
    ensure!(view.row.state == ReleaseState::Resting && wanted(&ground, "r3").await? == (2, 2), "{view:#?}");
    let left = pods.with("slipway.dev/release=r2").await?;
    ensure!(left.iter().all(|pod| name(pod) != name(&sick)), "{left:#?}");
    watcher.end().await?.keeps(2, 4)?;
    pods.close();
    ground.close().await
}

/// Moves the beginning of a rest back in time, in the data folder of an engine that is closed.
async fn rests_since(ground: &Ground, id: &ReleaseId, since: Timestamp) -> Result<()> {
    let store = Store::open(&ground.data_dir()).await?.store;
    let id = id.clone();
    let mut release = store.read(move |r| r.release(&id)).await?.context("it is in the history")?;
    release.progress.rest.as_mut().context("it rests")?.since = since;
    store.write(move |w| w.update_release(&release)).await?;
    store.close().await;
    Ok(())
}

/// After long enough a rest alarms nobody any more, and is left as safely as a fresh one.
async fn honest(place: &str, (surge, unavailable): (&str, &str), (floor, cap): (u64, u64)) -> Result<()> {
    let ground = running(place, (6, surge, unavailable), &["2", "2"]).await?;
    let before = own(&ground).await?;
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    ground.engine.close().await;
    rests_since(&ground, &id, Timestamp::now() - SignedDuration::from_mins(11)).await?;
    let engine = Engine::open(&ground.data_dir()).await?;
    let watcher = Watcher::of(&ground);
    let honest = live(&ground, |live| {
        live["status"]["availableReplicas"] == 6
            && live["status"]["observedGeneration"] == live["metadata"]["generation"]
    })
    .await?;
    ensure!(honest["spec"]["paused"] == true && honest["spec"]["minReadySeconds"] != 2_147_483_646_u32, "{honest:#}");
    ensure!(wanted(&ground, "r2").await? == (2, 4));
    for batch in [1, 2] {
        engine.release_act(&id, ReleaseAction::Continue).await?;
        rested(&engine, &id, batch).await?;
        ensure!(wanted(&ground, "r2").await? == (2 + 2 * u64::from(batch), 4 - 2 * u64::from(batch)));
    }
    let done = settled(&engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    watcher.end().await?.keeps(floor, cap)?;
    eventually("the group's own strategy", async || Ok((own(&ground).await? == before).then_some(()))).await?;
    engine.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_rest_becomes_an_honest_one_and_is_left_safely() -> Result<()> {
    let above = Box::pin(honest("honest-above", ("1", "0"), (6, 7)));
    let below = Box::pin(honest("honest-below", ("0", "2"), (4, 6)));
    tokio::try_join!(above, below)?;
    Ok(())
}
