//! Releases in batches where something is scarce: room in a quota, time to end, history, pods that an autoscaler leaves.

use crate::batches::{approved, own, ready_for, running, wanted};
use crate::foreign::kubectl;
use crate::interrupted::{live, settled_down};
use crate::notification::asks_for_less;
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::release::{Hands, ReleaseAction, ReleaseView};
use slipway_model::diagnosis::{Cause, ForeignChange};
use slipway_model::id::ReleaseId;
use slipway_model::release::{Below, ReleaseState};
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, rested, settled, until};
use slipway_tests::window::eventually;

/// A group of four whose quota is full in the second batch.
struct Full {
    ground: Ground,
    id: ReleaseId,
    watcher: Watcher,
    /// Template and strategy before.
    before: (Value, Value),
}

async fn stands(ground: &Ground) -> Result<(Value, Value)> {
    Ok((ground.deployment().await?["spec"]["template"].clone(), own(ground).await?))
}

impl Full {
    async fn new(name: &str) -> Result<Self> {
        let ground = running(name, (4, "1", "0"), &["2"]).await?;
        let before = stands(&ground).await?;
        let id = ground.start("v2").await?;
        rested(&ground.engine, &id, 0).await?;
        let connection = &ground.owner.connection;
        let quota = json!({ "metadata": { "name": "team" }, "spec": { "hard": { "pods": "4" } } });
        connection.create(Kind::ResourceQuota, &quota).await?;
        // Pods that are on their way out have no claim on it any more.
        eventually("four pods, and a quota that counts them", async || {
            let (pods, quota) =
                tokio::try_join!(connection.list(Kind::Pod, ""), connection.get(Kind::ResourceQuota, "team"))?;
            Ok((pods.len() == 4 && quota.is_some_and(|quota| quota["status"]["used"]["pods"] == "4")).then_some(()))
        })
        .await?;
        let watcher = Watcher::of(&ground);
        ground.engine.release_act(&id, ReleaseAction::Continue).await?;
        let stopped = settled(&ground.engine, &id).await?;
        ensure!(stopped.row.state == ReleaseState::Stopped && stopped.progress.batch == 1, "{stopped:#?}");
        let Some(Cause::Quota { message }) = stopped.diagnosis.map(|found| found.cause) else {
            bail!("the quota is named: {:?}", stopped.row)
        };
        ensure!(message.contains("exceeded quota: team"), "{message}");
        Ok(Self { ground, id, watcher, before })
    }

    /// Wants the way back, which cannot go on as the group has it.
    async fn asks(&self) -> Result<()> {
        let Self { ground, id, .. } = self;
        let mut news = ground.engine.live_notifications();
        ground.engine.release_act(id, ReleaseAction::Abort).await?;
        let asks = until(&ground.engine, id, |view| view.progress.below.is_some()).await?;
        let Some(Below::Asked { message }) = &asks.progress.below else { bail!("it says why: {asks:#?}") };
        ensure!(message.contains("exceeded quota: team") && asks.row.state == ReleaseState::Moving, "{asks:#?}");
        ensure!(asks.actions == [ReleaseAction::AbortBelow], "{asks:#?}");
        // Whoever looks elsewhere is told that it waits.
        asks_for_less(&mut news).await
    }

    async fn comes_back(self, floor: u64) -> Result<()> {
        let Self { ground, id, watcher, before } = self;
        let aborted = settled(&ground.engine, &id).await?;
        ensure!(aborted.row.state == ReleaseState::Aborted && aborted.progress.below.is_none(), "{aborted:#?}");
        ensure!(aborted.transitions.last().is_some_and(|last| last.by.is_some()), "it says by whom: {aborted:#?}");
        live(&ground, settled_down).await?;
        ensure!(stands(&ground).await? == before, "the very template and strategy");
        ensure!(wanted(&ground, "r1").await? == (4, 0));
        watcher.end().await?.keeps(floor, 5)?;
        ground.close().await
    }
}

async fn with_consent() -> Result<()> {
    let full = Box::pin(Full::new("quota-below")).await?;
    full.asks().await?;
    full.ground.engine.release_act(&full.id, ReleaseAction::AbortBelow).await?;
    full.comes_back(3).await
}

async fn with_room() -> Result<()> {
    let full = Box::pin(Full::new("quota-room")).await?;
    full.asks().await?;
    full.ground.owner.connection.delete(Kind::ResourceQuota, "team").await?;
    full.comes_back(4).await
}

async fn allow_pods(ground: &Ground, most: &str) -> Result<()> {
    let hard = json!({ "spec": { "hard": { "pods": most } } });
    ground.owner.connection.merge_patch(Kind::ResourceQuota, "team", &hard).await?;
    Ok(())
}

/// Somebody else takes the room of the pod that ends first.
async fn without_room_all_the_same(full: &Full) -> Result<()> {
    full.asks().await?;
    let Full { ground, id, .. } = full;
    allow_pods(ground, "3").await?;
    ground.engine.release_act(id, ReleaseAction::AbortBelow).await?;
    let mut news = ground.engine.live_notifications();
    let still = |view: &ReleaseView| matches!(view.progress.below, Some(Below::Allowed { message: Some(_), .. }));
    let view = until(&ground.engine, id, still).await?;
    let Some(Below::Allowed { message: Some(message), less: 1 }) = &view.progress.below else { bail!("{view:#?}") };
    ensure!(message.contains("exceeded quota: team") && view.row.state == ReleaseState::Moving, "{view:#?}");
    ensure!(view.actions == [ReleaseAction::AbortBelow], "one more may be agreed to: {view:#?}");
    asks_for_less(&mut news).await
}

async fn with_consent_and_no_room() -> Result<()> {
    let full = Box::pin(Full::new("quota-still")).await?;
    without_room_all_the_same(&full).await?;
    allow_pods(&full.ground, "5").await?;
    full.comes_back(3).await
}

async fn with_consent_to_one_more() -> Result<()> {
    let full = Box::pin(Full::new("quota-two")).await?;
    without_room_all_the_same(&full).await?;
    let Full { ground, id, .. } = &full;
    ground.engine.release_act(id, ReleaseAction::AbortBelow).await?;
    // The last one has no room: whoever took it still has it.
    let connection = &ground.owner.connection;
    eventually("as many pods of the version before as there is room for", async || {
        Ok((connection.list(Kind::Pod, "slipway.dev/release=r1").await?.len() == 3).then_some(()))
    })
    .await?;
    allow_pods(ground, "4").await?;
    full.comes_back(2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_takes_over_a_way_back_writes_it_over_nobodys_template() -> Result<()> {
    let full = Box::pin(Full::new("quota-taken")).await?;
    let other = full.ground.colleague("Chen Wei").await?;
    full.asks().await?;
    let Full { ground, id, watcher, .. } = full;
    until(&other, &id, |view| view.progress.written_back && view.progress.below.is_some()).await?;
    ground.engine.close().await;
    let image = "registry.example/somebody:else";
    kubectl(&ground, &["set", "image", "deployment/checkout-api-prod", &format!("app={image}")])?;
    until(&other, &id, |view| view.hands == Hands::Adrift).await?;
    other.release_act(&id, ReleaseAction::TakeOver).await?;
    let ended = settled(&other, &id).await?;
    let Some(Cause::Foreign { what: ForeignChange::Template, .. }) = ended.diagnosis.as_ref().map(|found| &found.cause)
    else {
        bail!("somebody else's template is named: {ended:#?}")
    };
    ensure!(ended.row.state == ReleaseState::Aborted, "{ended:#?}");
    let live = ground.deployment().await?;
    ensure!(live["spec"]["template"]["spec"]["containers"][0]["image"] == image, "theirs stays: {live:#}");
    watcher.end().await?;
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_full_in_the_second_batch_is_told_and_the_way_back_asks_for_a_pod_less() -> Result<()> {
    tokio::try_join!(Box::pin(with_consent()), Box::pin(with_consent_and_no_room()), Box::pin(with_room()))?;
    Box::pin(with_consent_to_one_more()).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn pods_that_take_their_time_to_end_come_on_top_and_nothing_is_missing() -> Result<()> {
    let ground = running("slow-end", (4, "1", "0"), &["2"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.variables = vec![Variable::plain("TERM_DELAY", "12s")];
    ground.engine.group_update(&ground.group, &draft).await?;
    // These end at once, and those after them slowly.
    approved(&ground, "v1", &[2, 4]).await?;
    let watcher = Watcher::of(&ground);
    approved(&ground, "v2", &[2, 4]).await?;
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/release=r2").await?;
    ensure!(!pods.is_empty() && pods.iter().all(|pod| pod["metadata"]["deletionTimestamp"].is_string()), "{pods:#?}");
    watcher.end().await?.keeps(4, 5)?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_history_the_way_back_is_in_the_record() -> Result<()> {
    let ground = running("no-history", (1, "0", "1"), &["1"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.patch = "spec:\n  revisionHistoryLimit: 0\n".into();
    ground.engine.group_update(&ground.group, &draft).await?;
    // The only batch waits, with its pod in place of the old one, for longer than anything here takes.
    ready_for(&ground, 300).await?;
    let before = stands(&ground).await?;
    let id = ground.start("v2").await?;
    eventually("nothing to be left of what ran before", async || {
        let sets = ground.owner.connection.list(Kind::ReplicaSet, "").await?;
        let labels = &sets.first().context("the new one is there")?["spec"]["template"]["metadata"]["labels"];
        Ok((sets.len() == 1 && labels["slipway.dev/release"] == "r2").then_some(()))
    })
    .await?;
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    ensure!(stands(&ground).await? == before, "the very template and strategy");
    ensure!(wanted(&ground, "r1").await? == (1, 0));
    ground.close().await
}

/// An autoscaler that allows so many pods at most: more than these it takes away at once.
async fn allow(ground: &Ground, most: u32) -> Result<()> {
    let scaler = json!({
        "metadata": { "name": "few" },
        "spec": {
            "minReplicas": 1, "maxReplicas": most,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout-api-prod" },
            "metrics": [{ "type": "Resource", "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 80 } } }],
            // Whatever is measured is no reason.
            "behavior": { "scaleDown": { "selectPolicy": "Disabled" }, "scaleUp": { "selectPolicy": "Disabled" } },
        },
    });
    let connection = &ground.owner.connection;
    let kind = Kind::HorizontalPodAutoscaler;
    if connection.get(kind, "few").await?.is_none() {
        connection.create(kind, &scaler).await?;
    } else {
        connection.merge_patch(kind, "few", &json!({ "spec": { "maxReplicas": most } })).await?;
    }
    live(ground, |live| live["spec"]["replicas"] == most).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_autoscaler_takes_pods_away_at_each_stage() -> Result<()> {
    let ground = running("autoscaler", (8, "1", "0"), &["2", "1"]).await?;
    ready_for(&ground, 3).await?;
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    live(&ground, |live| live["spec"]["template"]["metadata"]["labels"]["slipway.dev/release"] == "r2").await?;
    // While it moves, at its rest, and while it moves on.
    allow(&ground, 7).await?;
    let view = until(&ground.engine, &id, |view| view.progress.rest.is_some_and(|rest| rest.left.count == 7)).await?;
    ensure!(view.progress.rest.is_some_and(|rest| rest.left.new == 2), "{view:#?}");
    allow(&ground, 6).await?;
    let view = until(&ground.engine, &id, |view| view.progress.count == 6).await?;
    ensure!(view.row.state == ReleaseState::Resting, "no approval is invented: {view:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    allow(&ground, 5).await?;
    let view = until(&ground.engine, &id, |view| view.progress.rest.is_some() && view.progress.batch == 1).await?;
    ensure!(view.progress.rest.is_some_and(|rest| (rest.left.count, rest.left.new) == (5, 3)), "{view:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    allow(&ground, 4).await?;
    let done = settled(&ground.engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ensure!(wanted(&ground, "r2").await? == (4, 0));
    watcher.end().await?.keeps(4, 9)?;
    ground.close().await
}
