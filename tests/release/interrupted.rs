//! Releases in batches that somebody interrupts: the person whose release it is, a colleague, kubectl, an autoscaler.

use crate::batches::{own, running, wanted};
use crate::foreign::kubectl;
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_engine::release::ReleaseAction;
use slipway_model::diagnosis::{Cause, ForeignChange};
use slipway_model::group::PaceDraft;
use slipway_model::id::ReleaseId;
use slipway_model::release::{ReleaseState, Stage};
use slipway_tests::ground::{Ground, as_told, rested, settled, until};
use slipway_tests::window::eventually;

pub(crate) const DEPLOYMENT: &str = "deployment/checkout-api-prod";

/// Six pods, one above the count at a time, two of them in the first batch; and a release that rests after it.
pub(crate) async fn at_rest(name: &str) -> Result<(Ground, ReleaseId)> {
    let ground = running(name, (6, "1", "0"), &["2", "2"]).await?;
    let id = ground.start("v2").await?;
    let view = rested(&ground.engine, &id, 0).await?;
    ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
    Ok((ground, id))
}

/// Waits until the Deployment is as it should be.
pub(crate) async fn live(ground: &Ground, is: impl Fn(&Value) -> bool) -> Result<Value> {
    eventually("the Deployment to become as it should", async || {
        let live = ground.deployment().await?;
        ensure!(is(&live), "{live:#}");
        Ok(Some(live))
    })
    .await
}

pub(crate) fn settled_down(live: &Value) -> bool {
    let (spec, status) = (&live["spec"], &live["status"]);
    let count = &spec["replicas"];
    status["observedGeneration"] == live["metadata"]["generation"]
        && [&status["replicas"], &status["updatedReplicas"], &status["availableReplicas"]].iter().all(|of| *of == count)
}

#[tokio::test(flavor = "multi_thread")]
async fn abort_in_the_second_batch_brings_back_exactly_what_ran() -> Result<()> {
    let ground = running("abort-second", (6, "1", "0"), &["2", "2"]).await?;
    let (template, strategy) = (ground.deployment().await?["spec"]["template"].clone(), own(&ground).await?);
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    until(&ground.engine, &id, |view| view.progress.batch == 1).await?;
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    ensure!(aborted.transitions.last().is_some_and(|last| last.by.is_some()), "it says by whom: {aborted:#?}");
    let now = live(&ground, settled_down).await?;
    ensure!(now["spec"]["template"] == template, "the very template");
    ensure!(own(&ground).await? == strategy);
    ensure!(ground.active_sets().await?.len() == 1, "no third ReplicaSet was made for it");
    watcher.end().await?.keeps(6, 7)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_count_that_changes_at_rest_is_kept_and_the_batches_fitted_to_it() -> Result<()> {
    let (ground, id) = at_rest("rest-scale").await?;
    kubectl(&ground, &["scale", DEPLOYMENT, "--replicas=4"])?;
    let view = until(&ground.engine, &id, |view| view.progress.count == 4).await?;
    ensure!(view.row.state == ReleaseState::Resting, "no approval is invented: {view:#?}");
    let left = view.progress.rest.context("it rests")?.left;
    ensure!(left.count == 4 && left.new <= 2, "{left:?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    // Four of four are in the first two batches.
    let done = until(&ground.engine, &id, |view| view.row.state != ReleaseState::Moving).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ensure!(wanted(&ground, done.label.as_deref().unwrap_or_default()).await? == (4, 0));
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resume_by_hand_moves_nothing() -> Result<()> {
    let (ground, id) = at_rest("rest-resume").await?;
    let watcher = Watcher::of(&ground);
    for verb in ["undo", "restart"] {
        ensure!(kubectl(&ground, &["rollout", verb, DEPLOYMENT]).is_err(), "kubectl refuses what is paused: {verb}");
    }
    kubectl(&ground, &["rollout", "resume", DEPLOYMENT])?;
    live(&ground, |live| live["spec"]["paused"] == true).await?;
    let view = as_told(&ground.engine, &id).await?;
    ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
    ensure!(wanted(&ground, "r2").await? == (2, 4));
    watcher.end().await?.keeps(6, 6)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_set_by_hand_at_rest_stops_it() -> Result<()> {
    let (ground, id) = at_rest("rest-image").await?;
    let watcher = Watcher::of(&ground);
    let image = ground.deployment().await?["spec"]["template"]["spec"]["containers"][0]["image"].clone();
    let other = image.as_str().unwrap_or_default().replace(":v2", ":v1");
    kubectl(&ground, &["set", "image", DEPLOYMENT, &format!("app={}", other.split('@').next().unwrap_or_default())])?;
    let stopped = settled(&ground.engine, &id).await?;
    let Some(Cause::Foreign { what: ForeignChange::Template, manager }) = stopped.diagnosis.map(|found| found.cause)
    else {
        bail!("the template is named: {:?}", stopped.row)
    };
    ensure!(manager == "kubectl-set", "{manager}");
    ensure!(ground.deployment().await?["spec"]["paused"] == true);
    watcher.end().await?.keeps(6, 6)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_stays_until_somebody_continues() -> Result<()> {
    let (ground, id) = at_rest("batch-pause").await?;
    let watcher = Watcher::of(&ground);
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    ground.engine.release_act(&id, ReleaseAction::Pause).await?;
    let stopped = settled(&ground.engine, &id).await?;
    ensure!(stopped.row.state == ReleaseState::Stopped && stopped.diagnosis.is_none(), "{stopped:#?}");
    ensure!(ground.deployment().await?["spec"]["paused"] == true);
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    let view = rested(&ground.engine, &id, 1).await?;
    ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
    ensure!(wanted(&ground, "r2").await? == (4, 2));
    watcher.end().await?.keeps(6, 7)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_over_a_resting_one_takes_its_place_and_keeps_its_way_back() -> Result<()> {
    let ground = running("rest-over", (6, "1", "0"), &["2", "2"]).await?;
    let template = ground.deployment().await?["spec"]["template"].clone();
    let second = ground.start("v2").await?;
    rested(&ground.engine, &second, 0).await?;
    let watcher = Watcher::of(&ground);
    let third = ground.start("2.14.0").await?;
    let view = rested(&ground.engine, &third, 0).await?;
    ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
    let superseded = settled(&ground.engine, &second).await?;
    ensure!(superseded.row.state == ReleaseState::Superseded, "{superseded:#?}");
    let told = |records: &[Value]| {
        let status = |seq: &str| {
            let of = |record: &&Value| record["metadata"]["labels"]["slipway.dev/seq"] == seq;
            records.iter().find(of).map(|record| record["metadata"]["labels"]["slipway.dev/status"].clone())
        };
        (status("2"), status("3"))
    };
    // What happens is written down here before it is told to the cluster.
    eventually("both records to say it", async || {
        let told = told(&ground.records().await?);
        Ok((told == (Some(json!("superseded")), Some(json!("resting")))).then_some(()))
    })
    .await?;
    ground.engine.release_act(&third, ReleaseAction::Abort).await?;
    settled(&ground.engine, &third).await?;
    let now = live(&ground, settled_down).await?;
    ensure!(now["spec"]["template"] == template, "what ran before both");
    watcher.end().await?.keeps(6, 7)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_with_a_wait_need_nobody() -> Result<()> {
    let ground = running("batch-timer", (3, "1", "0"), &["1", "1"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    for step in &mut draft.strategy.steps {
        step.pace = PaceDraft { approval: false, seconds: "1".into() };
    }
    ground.engine.group_update(&ground.group, &draft).await?;
    let done = ground.release("v2").await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    let rests: Vec<_> = done.transitions.iter().filter(|one| one.state == ReleaseState::Resting).collect();
    ensure!(rests.len() == 2, "{:#?}", done.transitions);
    ensure!(done.transitions.iter().all(|one| one.by.is_none() || one.stage < Stage::Move));
    ensure!(done.progress.rest.is_none());
    ground.close().await
}
