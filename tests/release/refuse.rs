//! Releases that must not begin, or cannot: each says what, where and why, and leaves nothing half-done.

use anyhow::Result;
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::Error;
use slipway_engine::release::{Check, VerdictLevel};
use slipway_tests::ground::Ground;

#[tokio::test(flavor = "multi_thread")]
async fn two_releases_of_one_group_at_once() -> Result<()> {
    let ground = Ground::new("refuse-two", |_| {}).await?;
    let (one, two) = (ground.plan("v1").await?, ground.plan("v2").await?);
    let first = ground.engine.release_start(&one.hash, "").await?;
    let error = ground.engine.release_start(&two.hash, "").await.expect_err("one at a time");
    assert!(matches!(&error, Error::ReleaseRunning { id: Some(id), .. } if *id == first), "{error:?}");
    let plan = ground.plan("v2").await?;
    let alone = plan.verdicts.iter().find(|verdict| verdict.check == Check::Alone).expect("it is checked");
    assert_eq!(alone.level, VerdictLevel::Blocks, "{alone:?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn live_objects_that_moved_since_the_plan() -> Result<()> {
    let ground = Ground::new("refuse-moved", |_| {}).await?;
    ground.release("v1").await?;
    let plan = ground.plan("v2").await?;
    let patch = json!({ "spec": { "revisionHistoryLimit": 3 } });
    ground.owner.connection.merge_patch(Kind::Deployment, "checkout-api-prod", &patch).await?;
    let error = ground.engine.release_start(&plan.hash, "").await.expect_err("it moved");
    assert!(matches!(&error, Error::PlanMoved { what } if what == "Deployment checkout-api-prod"), "{error:?}");
    assert_eq!(ground.records().await?.len(), 1, "nothing was begun");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_deleted_after_its_plan() -> Result<()> {
    let ground = Ground::new("refuse-gone", |_| {}).await?;
    let plan = ground.plan("v1").await?;
    ground.engine.group_delete(&ground.group).await?;
    let error = ground.engine.release_start(&plan.hash, "").await.expect_err("the group is gone");
    assert!(matches!(error, Error::GroupGone), "{error:?}");
    assert!(ground.records().await?.is_empty());
    ground.close().await
}
