//! What is told while the cluster cannot be reached: what was known before, with its age, and never "none".

use anyhow::{Context, Result};
use slipway_engine::Engine;
use slipway_engine::group::{GroupLive, GroupState};
use slipway_engine::live::{Live, Row, Trust};
use slipway_model::cluster::SessionState;
use slipway_tests::ground::{Ground, PATIENCE};
use slipway_tests::own_cluster::OwnCluster;
use std::collections::BTreeMap;

/// Waits until the view is as it should be, and gives its rows.
pub(crate) async fn seen<R: Row + std::fmt::Debug>(
    mut live: Live<R>,
    what: &str,
    holds: impl Fn(&[R], &Trust) -> bool,
) -> Result<Vec<R>> {
    let (mut rows, mut trust) = (BTreeMap::new(), Trust::Loading);
    let wait = async {
        while let Some(update) = live.next().await {
            update.removes.iter().for_each(|id| drop(rows.remove(id)));
            rows.extend(update.upserts.into_iter().map(|row| (row.id().to_owned(), row)));
            trust = update.trust.unwrap_or(trust);
            let now: Vec<R> = rows.values().cloned().collect();
            if holds(&now, &trust) {
                return Ok(now);
            }
        }
        anyhow::bail!("{what}: the view has ended")
    };
    tokio::time::timeout(PATIENCE, wait).await.with_context(|| format!("waited {PATIENCE:?} until {what}"))?
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_known_stays_and_what_was_not_is_no_none() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "blind", |_| {}).await?;
    ground.release("v1").await?;
    let instances = |engine: &Engine| engine.live_instances(ground.group.clone());
    let known = seen(instances(&ground.engine), "two pods run", |rows, trust| {
        matches!(trust, Trust::Live) && rows.len() == 2 && rows.iter().all(|pod| pod.ready)
    });
    let known: Vec<String> = known.await?.into_iter().map(|pod| pod.name).collect();

    // Nobody looks while it goes away: the page is opened afterwards.
    cluster.run("fault", &["port", "api", "refuse"])?;
    seen(ground.engine.live_clusters(), "the cluster is known to be gone", |rows, _| {
        rows.iter().all(|row| matches!(row.session, SessionState::Unreachable { .. }))
    })
    .await?;
    let stale = |_: &[_], trust: &Trust| matches!(trust, Trust::Stale { .. });
    let pods = seen(instances(&ground.engine), "the pods are told with their age", stale).await?;
    assert_eq!(pods.into_iter().map(|pod| pod.name).collect::<Vec<_>>(), known);

    // Started anew, it has never seen a pod.
    ground.engine.close().await;
    let engine = Engine::open(&ground.data_dir()).await?;
    let failed = |rows: &[_], trust: &Trust| {
        assert!(rows.is_empty() && !matches!(trust, Trust::Live | Trust::Stale { .. }), "{trust:?}");
        matches!(trust, Trust::Failed(_))
    };
    seen(instances(&engine), "it is told why no pod is known", failed).await?;
    let unknown = |rows: &[GroupLive], _: &Trust| {
        assert!(rows.iter().all(|row| row.state != GroupState::Absent), "{rows:?}");
        rows.iter().any(|row| row.state == GroupState::Unknown)
    };
    seen(engine.live_groups(ground.app.clone()), "the group is unknown", unknown).await?;
    cluster.run("fault", &["port", "api", "ok"])?;
    engine.close().await;
    ground.close().await
}
