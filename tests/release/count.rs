//! The count of a group and the restart of all its pods, live and without a release.

use crate::batches::ready_for;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::error::Error;
use slipway_engine::group::GroupLive;
use slipway_engine::release::ReleaseAction;
use slipway_model::cluster::Role;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, settled, until};
use slipway_tests::window::eventually;
use std::collections::HashSet;

async fn pods(ground: &Ground) -> Result<HashSet<String>> {
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
    let going = |pod: &serde_json::Value| pod["metadata"]["deletionTimestamp"].is_string();
    Ok(pods
        .iter()
        .filter(|pod| !going(pod))
        .filter_map(|pod| pod["metadata"]["uid"].as_str())
        .map(str::to_owned)
        .collect())
}

async fn live(ground: &Ground) -> Result<GroupLive> {
    let mut feed = ground.engine.live_groups(ground.app.clone());
    loop {
        let update = feed.next().await.context("the feed goes on")?;
        if let Some(row) = update.upserts.into_iter().find(|row| row.id == ground.group && row.desired > 0) {
            return Ok(row);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pods_are_replaced_it_is_said_who_did_it_and_releases_go_on_after_it() -> Result<()> {
    let ground = Ground::new("restart", |_| {}).await?;
    let engine = &ground.engine;
    ground.release("v1").await?;
    ensure!(live(&ground).await?.restarted.is_none());
    let before = pods(&ground).await?;

    engine.group_restart(&ground.group).await?;
    eventually("every pod to be another one", async || {
        let now = pods(&ground).await?;
        let ready = ground.deployment().await?["status"]["readyReplicas"] == 2;
        Ok((ready && now.len() == 2 && now.is_disjoint(&before)).then_some(()))
    })
    .await?;
    let told = live(&ground).await?.restarted.context("it is said")?;
    ensure!(told.by.is_some_and(|by| !by.is_empty()), "and who did it");
    // It is ours: nothing in it is anybody else's change.
    ensure!(engine.group_three(&ground.group).await?.foreign.is_empty());

    let next = ground.release("v2").await?;
    ensure!(next.row.state == ReleaseState::Succeeded, "{next:#?}");
    let held = json!({ "spec": { "paused": true } });
    ground.owner.connection.merge_patch(Kind::Deployment, "checkout-api-prod", &held).await?;
    let refused = engine.group_restart(&ground.group).await;
    ensure!(matches!(refused, Err(Error::Held { .. })), "{refused:?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_count_is_live_with_a_word_of_scalers_quotas_and_moving_releases() -> Result<()> {
    let ground = Ground::new("scale", |_| {}).await?;
    let engine = &ground.engine;
    ground.release("v1").await?;
    let plain = engine.group_count(&ground.group).await?;
    ensure!(plain.count == 2 && plain.scaler.is_none() && plain.left.is_none(), "{plain:?}");

    let quota = json!({ "metadata": { "name": "small" }, "spec": { "hard": { "pods": "5", "requests.cpu": "1" } } });
    ground.owner.connection.create(Kind::ResourceQuota, &quota).await?;
    let scaler = json!({ "metadata": { "name": "by-load" }, "spec": {
        "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout-api-prod" },
        "minReplicas": 2, "maxReplicas": 7,
        // Pods that have just started use a lot: that is no reason, and one that was about to act acts on after it is gone.
        "behavior": { "scaleDown": { "selectPolicy": "Disabled" }, "scaleUp": { "selectPolicy": "Disabled" } },
    } });
    ground.owner.connection.create(Kind::HorizontalPodAutoscaler, &scaler).await?;
    let told = eventually("the quota to be counted", async || {
        let told = engine.group_count(&ground.group).await?;
        Ok(told.left.as_ref().is_some_and(|left| left.pods == 3).then_some(told))
    })
    .await?;
    ensure!(told.left.is_some_and(|left| left.quota == "small" && left.resource == "pods"));
    ensure!(told.scaler.is_some_and(|scaler| (scaler.min, scaler.max) == (2, 7)));
    ground.owner.connection.delete(Kind::HorizontalPodAutoscaler, "by-load").await?;

    engine.group_scale(&ground.group, 3).await?;
    eventually("three pods", async || Ok((pods(&ground).await?.len() == 3).then_some(()))).await?;
    ensure!(matches!(engine.group_scale(&ground.group, 1001).await, Err(Error::Invalid(_))));
    engine.group_scale(&ground.group, 0).await?;
    engine.group_start(&ground.group).await?;
    ensure!(ground.deployment().await?["spec"]["replicas"] == 3, "none is a stop, which remembers");

    // Pods on their way out count, too: the quota would stop a release.
    ground.owner.connection.delete(Kind::ResourceQuota, "small").await?;
    // A release that moves is the only writer. This one does until somebody ends it.
    ready_for(&ground, 300).await?;
    let id = ground.start("v2").await?;
    let both = [engine.group_scale(&ground.group, 2).await, engine.group_restart(&ground.group).await];
    for refused in both {
        ensure!(matches!(refused, Err(Error::ReleaseRunning { .. })), "{refused:?}");
    }
    until(engine, &id, |view| view.actions.contains(&ReleaseAction::Abort)).await?;
    engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_allowed_is_named_by_its_rule() -> Result<()> {
    let ground = Ground::new("rights", |_| {}).await?;
    let all = ground.engine.group_rights(&ground.group).await?;
    ensure!(all.change.is_none() && all.evict.is_none() && all.delete.is_none(), "{all:?}");
    let (viewer, group) = ground.member(Role::Viewer).await?;
    let lacks = viewer.group_rights(&group).await?;
    let named: Vec<_> =
        [lacks.change, lacks.evict, lacks.delete].into_iter().flatten().map(|rule| rule.resource).collect();
    ensure!(named == ["deployments", "pods/eviction", "pods"], "{named:?}");
    viewer.close().await;
    ground.close().await
}
