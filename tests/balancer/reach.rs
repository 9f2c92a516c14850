//! Every kind of load balancer reaches its pods.

use crate::scene::{asked, created, draft, everywhere, live, released, row, serving};
use anyhow::{Context, Result};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::balancer::{LiveState, NoTraffic, PlaceState};
use slipway_engine::release::{Check, VerdictLevel};
use slipway_model::balancer::{BalancerDraft, BalancerKind};
use slipway_tests::ground::Ground;

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_ip_leads_to_every_ready_pod_and_says_which() -> Result<()> {
    let ground = Ground::new("cluster-ip", |_| {}).await?;
    let id = created(&ground, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?;
    let before = live(&ground.engine, &ground.app, &id, "it is there", |place| place.state == LiveState::There).await?;
    assert_eq!(before.places[0].no_traffic, Some(NoTraffic::NoPods), "nothing runs yet");

    released(&ground, &ground.group, "2.13.4").await?;
    let there = live(&ground.engine, &ground.app, &id, "two endpoints", |place| serving(place) == 2).await?;
    let place = &there.places[0];
    assert_eq!((place.no_traffic, place.pending_since), (None, None));
    assert!(
        place.endpoints.iter().all(|e| e.version == "2.13.4" && e.since.is_some() && e.group == "prod"),
        "{place:#?}"
    );
    assert_eq!(place.shares.iter().map(|s| (s.version.as_str(), s.count)).collect::<Vec<_>>(), [("2.13.4", 2)]);
    let ip = place.cluster_ip.as_deref().context("an address")?;
    let hosts = asked(&ground.owner, &format!("{ip}:80"), 40).await?;
    let pods: Vec<&str> = place.endpoints.iter().map(|endpoint| endpoint.pod.as_str()).collect();
    assert_eq!(hosts.keys().map(String::as_str).collect::<Vec<_>>(), pods, "both answer, and nobody else");

    // A definition acts at once, and its Service keeps its address.
    let mut changed = draft("checkout", BalancerKind::ClusterIP, &[&ground.group]);
    changed.ports[0].port = "8000".into();
    everywhere(&ground.engine.balancer_update(&id, &changed).await?)?;
    assert_eq!(row(&ground, &id).await?.places[0].state, PlaceState::Applied);
    asked(&ground.owner, &format!("{ip}:8000"), 1).await?;

    ground.engine.balancer_delete(&id).await?;
    assert_eq!(ground.owner.connection.get(Kind::Service, "checkout").await?, None);
    ground.engine.balancer_restore(&id).await?;
    assert_eq!(row(&ground, &id).await?.places[0].state, PlaceState::New, "had back, and not in the cluster yet");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_port_is_open_on_the_node_and_goes_with_the_type() -> Result<()> {
    let ground = Ground::new("node-port", |_| {}).await?;
    released(&ground, &ground.group, "v1").await?;
    let id = created(&ground, &draft("checkout", BalancerKind::NodePort, &[&ground.group])).await?;
    let there = live(&ground.engine, &ground.app, &id, "endpoints", |place| serving(place) == 2).await?;
    let port = there.places[0].ports[0].node_port.context("the cluster chose one")?;
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
    let node = pods[0]["status"]["hostIP"].as_str().context("the address of a node")?.to_owned();
    let hosts = asked(&ground.owner, &format!("{node}:{port}"), 10).await?;
    assert!(hosts.keys().all(|host| host.starts_with("checkout-api-prod-")), "{hosts:?}");

    let inside = draft("checkout", BalancerKind::ClusterIP, &[&ground.group]);
    everywhere(&ground.engine.balancer_update(&id, &inside).await?)?;
    let closed = |place: &slipway_engine::balancer::PlaceLive| place.ports.iter().all(|port| port.node_port.is_none());
    live(&ground.engine, &ground.app, &id, "the node port is given back", closed).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_load_balancer_waits_for_an_address_and_shows_it() -> Result<()> {
    let ground = Ground::new("load-balancer", |_| {}).await?;
    released(&ground, &ground.group, "v1").await?;
    let id = created(&ground, &draft("checkout", BalancerKind::LoadBalancer, &[&ground.group])).await?;
    let there = live(&ground.engine, &ground.app, &id, "endpoints", |place| serving(place) == 2).await?;
    let place = &there.places[0];
    assert!(place.addresses.is_empty() && place.pending_since.is_some(), "no controller has answered: {place:#?}");
    // Inside of the cluster it works without one.
    let ip = place.cluster_ip.as_deref().context("an address")?;
    asked(&ground.owner, &format!("{ip}:80"), 1).await?;

    // What the controller of a cloud does.
    let status = json!({ "status": { "loadBalancer": { "ingress": [{ "ip": "192.0.2.80" }] } } });
    ground.owner.connection.merge_patch(Kind::Service, "checkout/status", &status).await?;
    let shown = live(&ground.engine, &ground.app, &id, "the address", |place| !place.addresses.is_empty()).await?;
    assert_eq!((shown.places[0].addresses[0].as_str(), shown.places[0].pending_since), ("192.0.2.80", None));
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn why_no_pod_gets_traffic() -> Result<()> {
    let ground = Ground::new("no-traffic", |draft| {
        draft.count = "1".into();
        draft.readiness.kind = slipway_model::group::CheckKind::Http;
        draft.readiness.http.path = "/readyz".into();
        draft.readiness.http.port = "8080".into();
    })
    .await?;
    let mut typed = draft("checkout", BalancerKind::ClusterIP, &[&ground.group]);
    typed.ports[0].target = "grpc".into();
    let id = created(&ground, &typed).await?;
    let plan = ground.plan("v1").await?;
    let verdict = plan.verdicts.iter().find(|verdict| verdict.check == Check::Balancers).context("a verdict")?;
    assert_eq!(
        (verdict.level, verdict.params["port"].as_str()),
        (VerdictLevel::Warning, "grpc"),
        "said, and no obstacle"
    );
    released(&ground, &ground.group, "v1").await?;
    let no_port = |place: &slipway_engine::balancer::PlaceLive| place.no_traffic == Some(NoTraffic::NoPort { pods: 1 });
    live(&ground.engine, &ground.app, &id, "no port of that name", no_port).await?;

    everywhere(
        &ground.engine.balancer_update(&id, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?,
    )?;
    live(&ground.engine, &ground.app, &id, "an endpoint", |place| serving(place) == 1).await?;
    // Without a group it keeps its address, and nobody is behind it.
    let alone = BalancerDraft { groups: Vec::new(), ..draft("checkout", BalancerKind::ClusterIP, &[]) };
    everywhere(&ground.engine.balancer_update(&id, &alone).await?)?;
    let none = |place: &slipway_engine::balancer::PlaceLive| place.no_traffic == Some(NoTraffic::NoGroup);
    let alone = live(&ground.engine, &ground.app, &id, "no group", none).await?;
    assert!(alone.places[0].cluster_ip.is_some());
    ground.close().await
}
