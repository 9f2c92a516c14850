//! What the tests of load balancers do and wait for.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::balancer::{BalancerLive, BalancerRow, PlaceLive, Saved};
use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};
use slipway_model::id::{AppId, BalancerId, GroupId};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, PATIENCE, registry};
use slipway_tests::owner::Owner;
use std::collections::BTreeMap;
use std::time::Duration;

/// How long between two looks at something of the cluster that no feed tells of.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// The container of a pod that asks.
const ASKING: &str = "ask";

pub(crate) fn draft(name: &str, kind: BalancerKind, groups: &[&GroupId]) -> BalancerDraft {
    let port = BalancerPortDraft { port: "80".into(), target: "http".into(), ..BalancerPortDraft::default() };
    let groups = groups.iter().map(|group| (*group).clone()).collect();
    BalancerDraft { name: name.into(), kind, ports: vec![port], groups }
}

/// Creates one that its clusters take at once.
pub(crate) async fn created(ground: &Ground, draft: &BalancerDraft) -> Result<BalancerId> {
    let saved = ground.engine.balancer_create(&ground.app, draft).await?;
    everywhere(&saved)?;
    Ok(saved.id)
}

pub(crate) fn everywhere(saved: &Saved) -> Result<()> {
    for attempt in &saved.attempts {
        if let Some(error) = &attempt.error {
            return Err(error.clone()).context(attempt.cluster.clone());
        }
    }
    Ok(())
}

/// A released group serves.
pub(crate) async fn released(ground: &Ground, group: &GroupId, tag: &str) -> Result<()> {
    let view = ground.release_of(group, tag).await?;
    assert_eq!(view.row.state, ReleaseState::Succeeded, "{view:#?}");
    Ok(())
}

/// The row of the list.
pub(crate) async fn row(ground: &Ground, id: &BalancerId) -> Result<BalancerRow> {
    let rows = ground.engine.balancer_list(&ground.app).await?;
    rows.into_iter().find(|row| row.id == *id).context("the load balancer is listed")
}

/// Waits until it is so in every cluster of a load balancer.
pub(crate) async fn live(
    engine: &Engine,
    app: &AppId,
    id: &BalancerId,
    what: &str,
    holds: impl Fn(&PlaceLive) -> bool,
) -> Result<BalancerLive> {
    let mut feed = engine.live_balancers(app.clone());
    let mut last = None;
    let wait = async {
        while let Some(update) = feed.next().await {
            for row in update.upserts.into_iter().filter(|row| row.id == *id) {
                if !row.places.is_empty() && row.places.iter().all(&holds) {
                    return Some(row);
                }
                last = Some(row);
            }
        }
        None
    };
    let found = tokio::time::timeout(PATIENCE, wait).await.ok().flatten();
    found.with_context(|| format!("{what}: it is {last:#?}"))
}

/// Endpoints that get traffic.
pub(crate) fn serving(place: &PlaceLive) -> usize {
    place.endpoints.iter().filter(|endpoint| endpoint.ready).count()
}

/// What answers at an address, asked from a pod beside a group's `times` times, by host.
pub(crate) async fn asked(owner: &Owner, address: &str, times: u32) -> Result<BTreeMap<String, u32>> {
    let pod = format!("ask-{}", &GroupId::random().as_str()[..8]);
    // The demo image prints what is at a URL, over a new connection each time, so that each request is led anew. What
    // fails is asked again: the node learns of a new Service a moment later.
    let script = format!(
        "n=0; while [ $n -lt {times} ]; do /app/server get http://{address}/version 2>/dev/null && n=$((n+1)) || sleep 0.2; done"
    );
    let object = json!({
        "metadata": { "name": pod },
        "spec": {
            "restartPolicy": "Never",
            "terminationGracePeriodSeconds": 0,
            "containers": [{
                "name": ASKING, "image": format!("{}/demo/checkout-api:v1", registry()?),
                "command": ["/bin/sh", "-c", script],
            }],
        },
    });
    owner.connection.create(Kind::Pod, &object).await?;
    let done = async {
        loop {
            let object = owner.connection.get(Kind::Pod, &pod).await?.context("the pod that asks is there")?;
            if object["status"]["phase"] == "Succeeded" {
                return anyhow::Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    };
    let waited = tokio::time::timeout(PATIENCE, done).await;
    waited.with_context(|| format!("nothing answers at {address}"))??;
    let session = owner.session()?;
    let text = session.last_lines(&pod, ASKING, false, 1_000).await?.concat();
    session.stop();
    owner.connection.delete(Kind::Pod, &pod).await?;
    let mut hosts = BTreeMap::new();
    for answer in serde_json::Deserializer::from_str(&text).into_iter::<Value>() {
        *hosts.entry(answer?["host"].as_str().unwrap_or_default().to_owned()).or_default() += 1;
    }
    Ok(hosts)
}
