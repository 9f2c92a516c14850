//! Releases in batches on a cluster whose parts die, that cannot be reached, and that loses its node.

use crate::batches::{ready_for, running_on, wanted};
use crate::blind::seen;
use crate::colleague::LEASE;
use crate::interrupted::{live, settled_down};
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use futures::future::try_join_all;
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::release::{ReleaseAction, ReleaseView};
use slipway_model::cluster::SessionState;
use slipway_model::diagnosis::Cause;
use slipway_model::id::ReleaseId;
use slipway_model::release::{LEASE_SECONDS, ReleaseState, Stage};
use slipway_tests::ground::{Ground, as_told, rested, settled, until};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::window::eventually;

/// One in the middle of each batch.
const PARTS: [&str; 3] = ["kube-controller-manager", "kube-apiserver", "etcd"];
const COUNT: u64 = 6;
/// New pods after each batch.
const ENDS: [u64; 3] = [2, 4, COUNT];

/// Waits until a batch is under way.
async fn moves(ground: &Ground, id: &ReleaseId, batch: u32) -> Result<()> {
    let moves = |view: &ReleaseView| {
        view.row.stage == Stage::Move && view.row.state == ReleaseState::Moving && view.progress.batch == batch
    };
    until(&ground.engine, id, moves).await.map(drop)
}

/// Waits until a batch is done, and has left as many new pods as were meant.
async fn leaves(ground: &Ground, id: &ReleaseId, label: &str, batch: u32) -> Result<()> {
    let view = rested(&ground.engine, id, batch).await?;
    let new = ENDS[usize::try_from(batch)?];
    let last = if new == COUNT { ReleaseState::Succeeded } else { ReleaseState::Resting };
    ensure!(view.row.state == last, "{view:#?}");
    ensure!(wanted(ground, label).await? == (new, COUNT - new), "batch {batch}: {new} were meant");
    Ok(())
}

/// Releases in batches side by side, and a part of the cluster that dies in each batch. Each keeps its floor and its cap.
async fn parts_die(cluster: &OwnCluster, grounds: [(&Ground, u64, u64); 2]) -> Result<()> {
    let begun = grounds.map(async |(ground, floor, cap)| {
        let strategy = ground.deployment().await?["spec"]["strategy"].clone();
        anyhow::Ok((ground, ground.start("v2").await?, strategy, Watcher::of(ground), (floor, cap)))
    });
    let begun = try_join_all(begun).await?;
    for (batch, part) in (0..).zip(PARTS) {
        try_join_all(begun.iter().map(|(ground, id, ..)| moves(ground, id, batch))).await?;
        cluster.run("fault", &["kill", part])?;
        try_join_all(begun.iter().map(|(ground, id, ..)| leaves(ground, id, "r2", batch))).await?;
        if part != PARTS[PARTS.len() - 1] {
            for (ground, id, ..) in &begun {
                ground.engine.release_act(id, ReleaseAction::Continue).await?;
            }
        }
    }
    for (ground, id, strategy, watcher, (floor, cap)) in begun {
        settled(&ground.engine, &id).await?;
        ensure!(ground.deployment().await?["spec"]["strategy"] == strategy, "the group's own strategy is back");
        watcher.end().await?.keeps(floor, cap)?;
    }
    Ok(())
}

/// Nothing answers for longer than anything is waited for, in the first batch: five minutes, or an hour, in which all runs
/// out that there is.
///
/// What the time is made of, done on purpose: every question has been given up and the session says that the cluster is
/// gone; the Lease has expired, because here it stands for a second; the API server is another one by then.
async fn cut_off(cluster: &OwnCluster, ground: &Ground) -> Result<ReleaseId> {
    let watcher = Watcher::of(ground);
    let id = ground.start("v1").await?;
    moves(ground, &id, 0).await?;
    let connection = &ground.owner.connection;
    let short = json!({ "spec": { "leaseDurationSeconds": 1 } });
    connection.merge_patch(Kind::Lease, LEASE, &short).await?;
    cluster.run("fault", &["port", "api", "hang"])?;
    seen(ground.engine.live_clusters(), "the cluster is known to be gone", |rows, _| {
        rows.iter().all(|row| matches!(row.session, SessionState::Unreachable { .. }))
    })
    .await?;
    let view = as_told(&ground.engine, &id).await?;
    ensure!(view.row.state == ReleaseState::Moving, "nothing is decided blindly: {view:#?}");
    // No connection outlives it, and no watch goes on where it was.
    cluster.run("fault", &["kill", "kube-apiserver"])?;
    cluster.run("fault", &["port", "api", "ok"])?;
    // Nobody had a chance to take it: it goes on being ours, for as long as it should.
    eventually("the Lease to be renewed", async || {
        let lease = connection.get(Kind::Lease, LEASE).await?.context("it is there")?;
        Ok((lease["spec"]["leaseDurationSeconds"] == LEASE_SECONDS).then_some(()))
    })
    .await?;
    heard_of_again(ground, &id).await?;
    leaves(ground, &id, "r3", 0).await?;
    watcher.end().await?.keeps(5, 8)?;
    Ok(id)
}

/// An API server that takes longer to come back than a node may be silent finds every pod of it not ready: then the release
/// stops and says so, and goes on once somebody has seen that the node is there.
async fn heard_of_again(ground: &Ground, id: &ReleaseId) -> Result<()> {
    let view = rested(&ground.engine, id, 0).await?;
    if view.row.state != ReleaseState::Stopped {
        return Ok(());
    }
    let why = settled(&ground.engine, id).await?.diagnosis.map(|found| found.cause);
    ensure!(matches!(why, Some(Cause::NodeLost { .. })), "{why:#?}");
    live(ground, |live| live["status"]["readyReplicas"].as_u64() >= Some(COUNT)).await?;
    ground.engine.release_act(id, ReleaseAction::Continue).await.context("go on")
}

/// The only node falls silent in the second batch; once it is back, the release goes on.
async fn node_lost(cluster: &OwnCluster, ground: &Ground, id: &ReleaseId) -> Result<()> {
    ground.engine.release_act(id, ReleaseAction::Continue).await?;
    moves(ground, id, 1).await?;
    cluster.run("fault", &["stop", "kubelet"])?;
    let stopped = settled(&ground.engine, id).await?;
    ensure!(stopped.row.state == ReleaseState::Stopped && stopped.progress.batch == 1, "{stopped:#?}");
    let Some(Cause::NodeLost { node, .. }) = stopped.diagnosis.map(|found| found.cause) else {
        bail!("the node is named: {:?}", stopped.row)
    };
    ensure!(node == "slipway-node", "{node}");
    ensure!(ground.deployment().await?["spec"]["paused"] == true);
    cluster.run("fault", &["start", "kubelet"])?;
    live(ground, |live| live["status"]["readyReplicas"].as_u64() >= Some(COUNT)).await?;
    ground.engine.release_act(id, ReleaseAction::Continue).await?;
    leaves(ground, id, "r3", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn batches_outlive_what_happens_to_their_cluster() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let grounds =
        [("outage-both", ("2", "1")), ("outage-below", ("0", "2"))].map(async |(name, (surge, unavailable))| {
            let ground = Box::pin(Ground::on(&cluster, name, |_| {})).await?;
            let ground = Box::pin(running_on(ground, (6, surge, unavailable), &["2", "2"])).await?;
            ready_for(&ground, 3).await?;
            anyhow::Ok(ground)
        });
    let mut grounds = try_join_all(grounds).await?;
    parts_die(&cluster, [(&grounds[0], 5, 8), (&grounds[1], 4, 6)]).await?;
    let ground = grounds.remove(0);
    let id = Box::pin(cut_off(&cluster, &ground)).await?;
    node_lost(&cluster, &ground, &id).await?;
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    live(&ground, settled_down).await?;
    for ground in grounds.into_iter().chain([ground]) {
        ground.close().await?;
    }
    Ok(())
}
