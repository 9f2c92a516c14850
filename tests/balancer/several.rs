//! Several groups behind one load balancer, in one cluster and in two.

use crate::scene::{asked, created, draft, everywhere, live, released, row, serving};
use anyhow::{Context, Result};
use slipway_cluster::Kind;
use slipway_engine::balancer::{Labelled, NoTraffic, PlaceLive, PlaceState};
use slipway_model::balancer::BalancerKind;
use slipway_tests::ground::Ground;

#[tokio::test(flavor = "multi_thread")]
async fn two_groups_behind_one_before_and_after_the_label() -> Result<()> {
    let ground = Ground::new("two-groups", |draft| draft.count = "1".into()).await?;
    let canary = ground.group_like("canary", &ground.link).await?;
    released(&ground, &ground.group, "v1").await?;
    released(&ground, &canary, "v1").await?;
    let id = created(&ground, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group, &canary])).await?;
    let unlabelled = |place: &PlaceLive| place.no_traffic == Some(NoTraffic::NoLabel { pods: 2 });
    let before = live(&ground.engine, &ground.app, &id, "no pod has the label yet", unlabelled).await?;
    assert_eq!(before.places[0].unlabelled, 2);
    assert!(row(&ground, &id).await?.places[0].labelled);

    // At once, onto the pods that run.
    assert_eq!(ground.engine.balancer_label(&id).await?, Labelled { added: 2, removed: 0 });
    let there = live(&ground.engine, &ground.app, &id, "both get traffic", |place| serving(place) == 2).await?;
    let groups: Vec<&str> = there.places[0].endpoints.iter().map(|endpoint| endpoint.group.as_str()).collect();
    assert_eq!(groups, ["canary", "prod"]);
    let ip = there.places[0].cluster_ip.as_deref().context("an address")?;
    let hosts = asked(&ground.owner, &format!("{ip}:80"), 40).await?;
    assert_eq!(hosts.len(), 2, "both groups answer: {hosts:?}");
    assert_eq!(ground.engine.balancer_label(&id).await?, Labelled::default(), "done already");

    // The pods of the next release have it by themselves.
    released(&ground, &canary, "v2").await?;
    let both = |place: &PlaceLive| serving(place) == 2 && place.shares.len() == 2 && place.unlabelled == 0;
    live(&ground.engine, &ground.app, &id, "the new pods are behind it", both).await?;
    let template = ground.owner.connection.get(Kind::Deployment, "checkout-api-canary").await?.context("there")?;
    let labels = &template["spec"]["template"]["metadata"]["labels"];
    assert_eq!(labels["balancer.slipway.dev/checkout"], "true");
    assert_eq!(template["spec"]["selector"]["matchLabels"].as_object().context("labels")?.len(), 2);

    // One alone is selected by its own labels, at once.
    everywhere(
        &ground.engine.balancer_update(&id, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?,
    )?;
    let alone = |place: &PlaceLive| serving(place) == 1 && place.endpoints[0].group == "prod";
    live(&ground.engine, &ground.app, &id, "one is left", alone).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_in_two_namespaces_have_a_service_in_each_under_one_entry() -> Result<()> {
    let ground = Ground::new("two-places", |draft| draft.count = "1".into()).await?;
    let (link, owner) = ground.elsewhere("two-places").await?;
    let south = ground.group_like("south", &link).await?;
    released(&ground, &ground.group, "v1").await?;
    released(&ground, &south, "v2").await?;
    let id = created(&ground, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group, &south])).await?;
    let listed = row(&ground, &id).await?;
    assert_eq!(
        listed.places.iter().map(|place| (place.state, place.labelled)).collect::<Vec<_>>(),
        [(PlaceState::Applied, false), (PlaceState::Applied, false)]
    );
    let there = live(&ground.engine, &ground.app, &id, "an endpoint in each", |place| serving(place) == 1).await?;
    for (place, (owner, version)) in there.places.iter().zip([(&ground.owner, "v1"), (&owner, "v2")]) {
        assert_eq!(place.endpoints[0].version, version);
        let ip = place.cluster_ip.as_deref().context("an address")?;
        let hosts = asked(owner, &format!("{ip}:80"), 3).await?;
        assert_eq!(hosts.keys().next(), Some(&place.endpoints[0].pod));
    }

    // The group of one place goes: so does its Service.
    everywhere(&ground.engine.balancer_update(&id, &draft("checkout", BalancerKind::ClusterIP, &[&south])).await?)?;
    assert_eq!(ground.owner.connection.get(Kind::Service, "checkout").await?, None);
    assert!(owner.connection.get(Kind::Service, "checkout").await?.is_some());
    assert_eq!(row(&ground, &id).await?.places.len(), 1);
    let namespace = owner.connection.namespace.clone();
    owner.connection.delete(Kind::Namespace, &namespace).await?;
    ground.close().await
}
