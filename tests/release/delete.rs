//! A group stopped, deleted and had back on the real cluster: what goes, what stays, what another computer learns of it,
//! and what a death in the middle leaves.

use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::deletion::{DeletionOrder, DeletionPlan};
use slipway_engine::fault::PLACES_OF_A_DELETION;
use slipway_engine::release::{Check, VerdictLevel};
use slipway_engine::{Engine, Error};
use slipway_model::deletion::DoomedKind;
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Change, Ground, deleted, settled};
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Stdio;
use tokio::process::Command;

const SIGKILL: i32 = 9;
/// Deaths at once: each has a namespace and a process of its own, which mostly wait.
const AT_ONCE: usize = 3;

const WITH_A_VARIABLE: Change = |draft| {
    draft.count = "1".into();
    draft.variables = vec![Variable { name: "PROFILE".into(), value: "prod".into(), ..Variable::default() }];
};

fn order(ground: &Ground, plan: &DeletionPlan, typed: &str) -> DeletionOrder {
    DeletionOrder { group: ground.group.clone(), plan: plan.hash.clone(), typed: typed.into() }
}

/// Names of a kind that carry the labels of the app.
async fn left(ground: &Ground, kind: Kind) -> Result<Vec<String>> {
    let found = ground.owner.connection.list(kind, "slipway.dev/app=checkout-api").await?;
    Ok(found.iter().map(|one| one["metadata"]["name"].as_str().unwrap_or_default().to_owned()).collect())
}

/// What must hold once everything is gone.
async fn holds(ground: &Ground, place: &str) -> Result<()> {
    assert!(left(ground, Kind::Deployment).await?.is_empty(), "{place}: nothing runs");
    let maps = left(ground, Kind::ConfigMap).await?;
    let tombstone = |name: &&String| name.starts_with("slipway-checkout-api-prod-deleted-");
    assert_eq!(maps.len(), 2, "{place}: the record and the tombstone stay: {maps:?}");
    assert_eq!(maps.iter().filter(tombstone).count(), 1, "{place}: one tombstone: {maps:?}");
    let lease = ground.owner.connection.get(Kind::Lease, "slipway-checkout-api-prod").await?;
    assert!(lease.is_none(), "{place}: the Lease is gone");
    Ok(())
}

/// A budget and a Service of somebody else, around the group.
async fn put_foreign_objects(ground: &Ground) -> Result<()> {
    let labels = json!({ "slipway.dev/app": "checkout-api", "slipway.dev/group": "prod" });
    let budget = json!({
        "metadata": { "name": "theirs" },
        "spec": { "minAvailable": 1, "selector": { "matchLabels": labels } },
    });
    ground.owner.connection.create(Kind::PodDisruptionBudget, &budget).await?;
    let service = json!({
        "metadata": { "name": "theirs" },
        "spec": { "selector": labels, "ports": [{ "port": 80 }] },
    });
    ground.owner.connection.create(Kind::Service, &service).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ours_goes_and_everything_else_stays() -> Result<()> {
    let ground = Ground::new("delete", WITH_A_VARIABLE).await?;
    ground.release("v1").await?;
    put_foreign_objects(&ground).await?;
    let plan = ground.engine.group_delete_plan(&ground.group).await?;
    let kinds: Vec<_> = plan.goes.iter().map(|object| object.kind).collect();
    assert_eq!(kinds, [DoomedKind::Deployment, DoomedKind::ConfigMap, DoomedKind::Lease], "{plan:#?}");
    let stays: Vec<_> = plan.stays.iter().map(|one| (one.kind.as_str(), one.name.as_str())).collect();
    assert_eq!(stays, [("Service", "theirs"), ("PodDisruptionBudget", "theirs")]);
    assert!(plan.named && plan.pods == 1, "{plan:#?}");

    let refused = ground.engine.group_delete(&order(&ground, &plan, "pro")).await;
    assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    let other = DeletionPlan { hash: "another".into(), ..plan.clone() };
    let refused = ground.engine.group_delete(&order(&ground, &other, "prod")).await;
    assert!(matches!(refused, Err(Error::PlanMoved { .. })), "{refused:?}");
    assert_eq!(left(&ground, Kind::Deployment).await?.len(), 1, "a refusal takes nothing");

    ground.engine.group_delete(&order(&ground, &plan, "prod")).await?;
    deleted(&ground.engine, &ground.group).await?;
    holds(&ground, "a whole deletion").await?;
    for kind in [Kind::PodDisruptionBudget, Kind::Service] {
        assert!(ground.owner.connection.get(kind, "theirs").await?.is_some(), "{kind}");
    }
    assert!(Path::new(&plan.export).is_file(), "the export is there");

    Box::pin(comes_back_on_another_computer(&ground, Path::new(&plan.export))).await?;
    comes_back_here(&ground).await?;
    ground.close().await
}

/// Another computer that takes the export in has the same group, is told that it was deleted, and may bring it back.
async fn comes_back_on_another_computer(ground: &Ground, export: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let other = Engine::open(folder.path()).await?;
    ground.link_on(&other).await?;
    let app = other.app_import(export).await?;
    assert_eq!(app, ground.app, "the same app");
    let card = other.group_list(&app).await?.remove(0);
    assert_eq!(card.id, ground.group, "the same group");
    let draft = other.group(&card.id).await?.draft;
    assert_eq!(draft.variables[0].value, "prod", "as it was saved");

    let plan = ground.plan_on(&other, "v2").await?;
    let alone = plan.verdicts.iter().find(|verdict| verdict.check == Check::Alone).context("it was looked")?;
    assert_eq!((alone.level, alone.code.as_str()), (VerdictLevel::Warning, "buried"), "{alone:?}");
    let release = other.release_start(&plan.hash, "").await?;
    let view = settled(&other, &release).await?;
    assert_eq!((view.row.state, view.row.seq), (ReleaseState::Succeeded, Some(2)), "numbers go on");
    let maps = left(ground, Kind::ConfigMap).await?;
    assert!(maps.iter().all(|name| !name.contains("deleted")), "the tombstone is gone: {maps:?}");
    other.close().await;
    Ok(())
}

/// Within thirty days the draft is here again, as it was, and finds what runs.
async fn comes_back_here(ground: &Ground) -> Result<()> {
    assert!(ground.engine.group_list(&ground.app).await?.is_empty());
    let known = ground.engine.group_deleted(&ground.app).await?;
    assert_eq!(known.iter().map(|group| &group.id).collect::<Vec<_>>(), [&ground.group]);
    ground.engine.group_restore(&ground.group).await?;
    let view = ground.engine.group(&ground.group).await?;
    assert_eq!((view.workload.as_str(), view.draft.name.as_str()), ("checkout-api-prod", "prod"));
    assert!(ground.engine.group_deleted(&ground.app).await?.is_empty());
    let plan = ground.engine.group_delete_plan(&ground.group).await?;
    assert_eq!(plan.goes[0].kind, DoomedKind::Deployment, "what runs is the group's again");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_group_comes_back_with_as_many_as_before() -> Result<()> {
    let ground = Ground::new("stop-group", |_| {}).await?;
    ground.release("v1").await?;
    ground.engine.group_stop(&ground.group).await?;
    assert_eq!(ground.deployment().await?["spec"]["replicas"], 0);
    ground.engine.group_stop(&ground.group).await?;
    ground.engine.group_start(&ground.group).await?;
    let live = ground.deployment().await?;
    assert_eq!(live["spec"]["replicas"], 2, "also where it was stopped twice");
    assert_eq!(live["metadata"]["annotations"]["slipway.dev/stopped-count"], Value::Null);
    // A release over a group that was stopped by us meets no other manager.
    ground.engine.group_stop(&ground.group).await?;
    let view = ground.release("v2").await?;
    assert_eq!(view.row.state, ReleaseState::Succeeded, "{view:#?}");
    assert_eq!(ground.deployment().await?["spec"]["replicas"], 0, "a release never touches the count");
    ground.close().await
}

/// Dies at one place of a deletion, and goes on.
async fn die_at(place: &str) -> Result<()> {
    let ground = Ground::new("delete-death", WITH_A_VARIABLE).await?;
    ground.release("v1").await?;
    // The pilots open the same folder, one after the other.
    ground.engine.close().await;
    let pilot = |verb: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pilot"));
        command.arg(ground.data_dir()).args([verb, ground.group.as_str()]).stdin(Stdio::null()).kill_on_drop(true);
        command
    };
    let died = pilot("delete").env("SLIPWAY_FAULT", place).status().await?;
    assert_eq!(died.signal(), Some(SIGKILL), "{place}: a deletion comes by here");
    let resumed = pilot("bury").status().await?;
    assert!(resumed.success(), "{place}: {resumed}");
    holds(&ground, place).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_survives_a_death_at_every_named_place() -> Result<()> {
    stream::iter(PLACES_OF_A_DELETION).map(|place| die_at(place)).buffer_unordered(AT_ONCE).try_collect().await
}
