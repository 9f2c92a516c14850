//! What pods use around a release, by the metrics API.

use crate::batches::running;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::release::{PlanRequest, ReleaseAction};
use slipway_engine::usage::ReleaseUsage;
use slipway_model::cluster::Role;
use slipway_model::id::ReleaseId;
use slipway_model::release::ReleaseState;
use slipway_model::usage::{NoMetrics, SUMMARY_POINTS, UsagePoint};
use slipway_tests::ground::{Ground, settled, until};
use slipway_tests::window::eventually;

/// What a computer knows of a release, once it holds.
async fn known(
    engine: &Engine,
    id: &ReleaseId,
    what: &str,
    holds: impl Fn(&[UsagePoint]) -> bool,
) -> Result<ReleaseUsage> {
    eventually(what.to_owned(), async || {
        let usage = engine.release_usage(id).await?;
        Ok(holds(&usage.points).then_some(usage))
    })
    .await
}

/// A pod of the new version and the two old ones, with their figures, at the same time.
fn beside(points: &[UsagePoint]) -> bool {
    let measured = |point: &&UsagePoint| point.cpu_milli.is_some() && point.memory_bytes.is_some_and(|bytes| bytes > 0);
    points.iter().filter(measured).filter(|point| point.new && point.ready == 1).any(|new| {
        points.iter().filter(measured).any(|old| !old.new && old.at == new.at && old.pods == 2 && old.ready == 2)
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_are_measured_at_the_same_minute_and_a_colleague_has_the_summary() -> Result<()> {
    let ground = running("usage", (3, "1", "0"), &["1"]).await?;
    let other = ground.colleague("Chen Wei").await?;
    let id = ground.start("v2").await?;
    let usage = known(&ground.engine, &id, "both versions with their figures", beside).await?;
    ensure!(usage.missing.is_none() && usage.memory_limit.is_some(), "{usage:#?}");
    ensure!(usage.points.iter().any(|point| !point.new && point.pods == 3), "nothing of before it: {usage:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    let state = settled(&ground.engine, &id).await?.row.state;
    ensure!(state == ReleaseState::Succeeded, "{state:?}");

    // The other has measured nothing: it has what the record says.
    until(&other, &id, |view| view.row.state.ended()).await?;
    let told = known(&other, &id, "the summary of the record", beside).await?;
    ensure!(told.points.len() <= SUMMARY_POINTS, "{} points", told.points.len());
    known(&ground.engine, &id, "what comes after the end", |points| {
        points.iter().any(|point| point.new && point.pods == 3)
    })
    .await?;
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_the_right_it_is_said_and_what_is_seen_of_the_pods_is_there_all_the_same() -> Result<()> {
    let ground = Ground::new("usage-unseen", |_| {}).await?;
    let (engine, group) = ground.member(Role::Deployer).await?;
    let role = ground.owner.connection.get(Kind::Role, "slipway-deployer").await?.context("the preset is there")?;
    let rules = role["rules"].as_array().context("it has rules")?;
    let left: Vec<_> = rules.iter().filter(|rule| rule["apiGroups"] != json!(["metrics.k8s.io"])).collect();
    ensure!(left.len() + 1 == rules.len(), "{role:#}");
    ground.owner.connection.merge_patch(Kind::Role, "slipway-deployer", &json!({ "rules": left })).await?;

    let plan = engine.release_plan(&PlanRequest { group, image: "v1".into() }).await?;
    let id = engine.release_start(&plan.hash, "").await?;
    let ended = settled(&engine, &id).await?;
    ensure!(ended.row.state == ReleaseState::Succeeded, "{ended:#?}");
    let usage =
        known(&engine, &id, "the pods that are ready", |points| points.iter().any(|one| one.ready == 2)).await?;
    ensure!(usage.missing == Some(NoMetrics::Forbidden), "{usage:#?}");
    ensure!(usage.points.iter().all(|one| one.cpu_milli.is_none() && one.memory_bytes.is_none()), "{usage:#?}");
    engine.close().await;
    ground.close().await
}
