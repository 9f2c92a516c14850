//! What a cluster refuses, said before anything is kept; and what waits for a cluster.

use crate::scene::{created, draft, everywhere, live, row};
use anyhow::{Context, Result};
use serde_json::json;
use slipway_cluster::{ClusterError, Kind};
use slipway_engine::balancer::{LiveState, PlaceState};
use slipway_engine::cluster::Credential;
use slipway_engine::{Engine, Error};
use slipway_model::balancer::BalancerKind;
use slipway_model::cluster::Role;
use slipway_model::field::FieldCode;
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_service_of_the_same_name_stays_untouched() -> Result<()> {
    let ground = Ground::new("foreign", |_| {}).await?;
    let foreign = json!({ "metadata": { "name": "checkout" }, "spec": { "ports": [{ "port": 7 }] } });
    let foreign = ground.owner.connection.create(Kind::Service, &foreign).await?;
    let typed = draft("checkout", BalancerKind::ClusterIP, &[&ground.group]);
    let refused = ground.engine.balancer_create(&ground.app, &typed).await.expect_err("the name is taken");
    assert!(matches!(&refused, Error::Taken { what: "Service", name } if name == "checkout"), "{refused:?}");
    assert_eq!(ground.owner.connection.get(Kind::Service, "checkout").await?, Some(foreign));
    assert!(ground.engine.balancer_list(&ground.app).await?.is_empty(), "nothing is kept");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_node_port_that_is_taken_or_out_of_range_stands_under_its_field() -> Result<()> {
    let ground = Ground::new("taken", |_| {}).await?;
    let first = created(&ground, &draft("first", BalancerKind::NodePort, &[&ground.group])).await?;
    let there =
        live(&ground.engine, &ground.app, &first, "it is there", |place| place.state == LiveState::There).await?;
    let port = there.places[0].ports[0].node_port.context("the cluster chose one")?;
    let mut typed = draft("second", BalancerKind::NodePort, &[&ground.group]);
    for (node_port, code) in [(port.to_string(), FieldCode::NodePortTaken), ("80".into(), FieldCode::OutOfRange)] {
        typed.ports[0].node_port = node_port;
        let refused = ground.engine.balancer_create(&ground.app, &typed).await.expect_err("refused");
        let Error::Invalid(errors) = refused else { panic!("{refused:?}") };
        assert_eq!((errors[0].field.as_str(), errors[0].code), ("ports.0.node_port", code));
    }
    assert_eq!(ground.engine.balancer_list(&ground.app).await?.len(), 1, "nothing is kept");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_right_that_is_missing_is_named() -> Result<()> {
    let ground = Ground::new("rights", |_| {}).await?;
    let code = ground.owner.code("test", Role::Deployer, Duration::from_hours(1)).await?;
    let engine = Engine::open(&ground.folder().join("member")).await?;
    let preview = engine.cluster_inspect(Credential::Code(code)).await?;
    let link = engine.cluster_link(&preview.token, "test").await?;
    let app = ground.engine.app(&ground.app).await?;
    let typed = slipway_model::app::AppDraft {
        slug: app.slug.to_string(),
        repository: app.repository,
        ..slipway_model::app::AppDraft::default()
    };
    let app = engine.app_create(&typed).await?.id;
    let mut group = ground.engine.group(&ground.group).await?.draft;
    group.link = link.to_string();
    let group = engine.group_create(&app, &group).await?;
    let refused = engine.balancer_create(&app, &draft("checkout", BalancerKind::ClusterIP, &[&group])).await;
    let refused = refused.map(|saved| saved.attempts).expect_err("a deployer may not");
    assert!(
        matches!(&refused, Error::Cluster(ClusterError::Forbidden { verb, resource, .. })
            if verb == "patch" && resource == "services"),
        "{refused:?}"
    );
    engine.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_set_is_taken_over_only_when_told() -> Result<()> {
    let ground = Ground::new("fields", |_| {}).await?;
    let id = created(&ground, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?;
    let other = r#"[{"op": "replace", "path": "/spec/ports/0/targetPort", "value": 9000}]"#;
    ground.owner.kubectl(&["patch", "service", "checkout", "--type=json", "--patch", other]).await?;
    let mut changed = draft("checkout", BalancerKind::ClusterIP, &[&ground.group]);
    changed.ports[0].target = "8080".into();
    let saved = ground.engine.balancer_update(&id, &changed).await?;
    let error = saved.attempts[0].error.as_ref().context("it says whose the field is")?;
    assert!(matches!(error, Error::Conflict(fields) if fields[0].manager == "kubectl-patch"), "{error:?}");
    assert_eq!(row(&ground, &id).await?.places[0].state, PlaceState::Changed, "kept, and waits");
    let attempts = ground.engine.balancer_apply(&id, true).await?;
    assert!(attempts[0].error.is_none(), "{attempts:?}");
    assert_eq!(row(&ground, &id).await?.places[0].state, PlaceState::Applied);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_its_cluster_everything_is_kept_and_applied_later() -> Result<()> {
    let cluster = OwnCluster::start(&["--no-node"])?;
    let ground = Ground::on(&cluster, "offline", |_| {}).await?;
    // A second cluster, which stays in reach.
    let (link, other) = ground.elsewhere("in-reach").await?;
    let there = ground.group_like("there", &link).await?;
    let id = created(&ground, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?;
    cluster.run("fault", &["port", "api", "refuse"])?;
    let saved =
        ground.engine.balancer_update(&id, &draft("checkout", BalancerKind::NodePort, &[&ground.group])).await?;
    let error = saved.attempts[0].error.as_ref().context("it says that it waits")?;
    assert!(matches!(error, Error::Cluster(ClusterError::Unreachable { .. })), "{error:?}");
    let new = ground
        .engine
        .balancer_create(&ground.app, &draft("metrics", BalancerKind::ClusterIP, &[&ground.group]))
        .await?;
    assert_eq!(row(&ground, &id).await?.places[0].state, PlaceState::Changed);
    assert_eq!(row(&ground, &new.id).await?.places[0].state, PlaceState::New);
    // One entry over both has its Service where it can, and waits where it can not.
    let both = draft("both", BalancerKind::ClusterIP, &[&ground.group, &there]);
    let both = ground.engine.balancer_create(&ground.app, &both).await?;
    assert_eq!(both.attempts.iter().map(|attempt| attempt.error.is_none()).collect::<Vec<_>>(), [false, true]);
    let states: Vec<_> = row(&ground, &both.id).await?.places.iter().map(|place| place.state).collect();
    assert_eq!(states, [PlaceState::New, PlaceState::Applied]);
    assert!(other.connection.get(Kind::Service, "both").await?.is_some());
    assert!(ground.engine.balancer_delete(&id).await.is_err(), "what stands in a cluster goes only there");

    cluster.run("fault", &["port", "api", "ok"])?;
    ground.engine.cluster_retry(&ground.link).await?;
    let mut sessions = ground.engine.live_clusters();
    let answers = async {
        while let Some(update) = sessions.next().await {
            let ready = |state: &slipway_model::cluster::SessionState| {
                matches!(state, slipway_model::cluster::SessionState::Ready { .. })
            };
            if update.upserts.iter().any(|row| row.id == ground.link && ready(&row.session)) {
                return;
            }
        }
    };
    tokio::time::timeout(slipway_tests::ground::PATIENCE, answers).await.context("the cluster answers again")?;
    for id in [&id, &new.id, &both.id] {
        let attempts = ground.engine.balancer_apply(id, false).await?;
        assert!(attempts.iter().all(|attempt| attempt.error.is_none()), "{attempts:?}");
        assert!(row(&ground, id).await?.places.iter().all(|place| place.state == PlaceState::Applied));
    }
    for connection in [&ground.owner.connection, &other.connection] {
        let service = connection.get(Kind::Service, "both").await?.context("a Service in each cluster")?;
        let selector = service["spec"]["selector"].as_object().context("a selector")?;
        assert_eq!(selector.len(), 2, "of the one group that is there: {selector:?}");
    }
    everywhere(
        &ground.engine.balancer_update(&id, &draft("checkout", BalancerKind::ClusterIP, &[&ground.group])).await?,
    )?;
    let namespace = other.connection.namespace.clone();
    other.connection.delete(Kind::Namespace, &namespace).await?;
    ground.close().await
}
