//! Network and requests of both versions, as a real Prometheus of the cluster counts them.

use crate::batches::running;
use anyhow::{Context, Result, ensure};
use slipway_engine::Engine;
use slipway_engine::cluster::Credential;
use slipway_engine::release::ReleaseAction;
use slipway_model::cluster::Role;
use slipway_model::release::ReleaseState;
use slipway_model::traffic::{NoPrometheus, TrafficPoint};
use slipway_tests::ground::{Ground, rested, settled};
use slipway_tests::window::eventually;
use std::time::Duration;

const PLACE: &str = "monitoring/prometheus:9090";

/// Both versions at the same time, with all that is counted.
fn beside(points: &[TrafficPoint]) -> bool {
    let whole = |point: &&TrafficPoint| {
        let traffic = point.traffic;
        traffic.receive.is_some_and(|bytes| bytes > 0)
            && traffic.transmit.is_some_and(|bytes| bytes > 0)
            && traffic.requests_milli.is_some_and(|requests| requests > 0)
            && traffic.errors_permille == Some(0)
    };
    let new = || points.iter().filter(|point| point.new).filter(whole);
    new().any(|new| points.iter().filter(whole).any(|old| !old.new && old.at == new.at))
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_are_told_apart_and_the_record_keeps_it() -> Result<()> {
    let ground = running("traffic", (2, "1", "0"), &["1"]).await?;
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    let traffic = eventually("network and requests of both versions", async || {
        let traffic = ground.engine.release_traffic(&id).await?;
        ensure!(beside(&traffic.points), "{traffic:#?}");
        Ok(Some(traffic))
    })
    .await?;
    ensure!(traffic.source.as_deref() == Some(PLACE) && traffic.missing.is_none(), "{traffic:#?}");
    ensure!(traffic.requests.as_deref() == Some("http_requests_total"), "{traffic:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    let state = settled(&ground.engine, &id).await?.row.state;
    ensure!(state == ReleaseState::Succeeded, "{state:?}");

    // A colleague whose cluster has no Prometheus any more has what the record says.
    let other = ground.colleague("Chen Wei").await?;
    let link = other.cluster_list().await?.first().context("it is linked")?.link.id.clone();
    other.prometheus_set(&link, "monitoring/nothing:9090").await?;
    let kept = eventually("the record to come in", async || {
        let kept = other.release_traffic(&id).await?;
        Ok((!kept.points.is_empty()).then_some(kept))
    })
    .await?;
    ensure!(kept.source.is_none() && kept.missing.is_none(), "{kept:#?}");
    ensure!(kept.points.iter().any(|point| point.new) && kept.points.iter().any(|point| !point.new), "{kept:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_ask_is_told_which_rule_is_missing_and_may_once_it_is_there() -> Result<()> {
    let ground = Ground::new("traffic-role", |_| {}).await?;
    let engine = Engine::open(&ground.folder().join("viewer")).await?;
    let code = ground.owner.code("as a viewer", Role::Viewer, Duration::from_hours(1)).await?;
    let preview = engine.cluster_inspect(Credential::Code(code)).await?;
    let link = engine.cluster_link(&preview.token, "as a viewer").await?;
    // The preset looks into its own namespace only.
    let view = engine.prometheus(&link).await?;
    ensure!((view.place.as_deref(), view.missing) == (None, Some(NoPrometheus::Unknown)), "{view:#?}");
    engine.prometheus_set(&link, "monitoring/nothing:9090").await?;
    let view = engine.prometheus(&link).await?;
    ensure!(view.missing == Some(NoPrometheus::Forbidden), "whether it is there is none of its business: {view:#?}");
    engine.prometheus_set(&link, PLACE).await?;
    let view = engine.prometheus(&link).await?;
    ensure!((view.typed.as_str(), view.missing) == (PLACE, Some(NoPrometheus::Forbidden)), "{view:#?}");
    ensure!(view.yaml.contains("services/proxy") && view.yaml.contains("prometheus:9090"), "{}", view.yaml);
    let file = ground.folder().join("role.yaml");
    std::fs::write(&file, &view.yaml)?;
    ground.owner.kubectl(&["--namespace", "monitoring", "apply", "-f", &file.to_string_lossy()]).await?;
    eventually("the role to act", async || {
        let view = engine.prometheus(&link).await?;
        ensure!(view.missing.is_none() && view.yaml.is_empty(), "{view:#?}");
        Ok(Some(()))
    })
    .await?;
    engine.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_prometheus_is_said_to_be_none() -> Result<()> {
    let ground = Ground::new("traffic-foreign", |_| {}).await?;
    ground.release("v1").await?;
    let namespace = ground.owner.connection.namespace.clone();
    let expose = ["expose", "deployment", "checkout-api-prod", "--name=demo", "--port=8080", "--target-port=8080"];
    ground.owner.kubectl(&expose).await?;
    for (place, missing) in [
        (format!("{namespace}/demo:8080"), NoPrometheus::Foreign),
        (format!("{namespace}/nothing:8080"), NoPrometheus::Missing),
        ("monitoring/prometheus:80".to_owned(), NoPrometheus::Missing),
    ] {
        ground.engine.prometheus_set(&ground.link, &place).await?;
        eventually(format!("{place} to be {missing:?}"), async || {
            let view = ground.engine.prometheus(&ground.link).await?;
            ensure!(view.missing == Some(missing), "{view:#?}");
            Ok(Some(()))
        })
        .await?;
    }
    ensure!(ground.engine.prometheus_set(&ground.link, "prometheus:9090").await.is_err());
    // Nothing typed: it is found.
    ground.engine.prometheus_set(&ground.link, "").await?;
    let view = ground.engine.prometheus(&ground.link).await?;
    ensure!((view.place.as_deref(), view.missing) == (Some(PLACE), None), "{view:#?}");
    ground.close().await
}
