//! Releases in batches on the real controllers: as many new pods at each rest as were meant, never fewer ready and never
//! more wanted than the group allows.

use crate::watcher::Watcher;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_engine::release::{ReleaseAction, ReleaseView};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, rested, settled};

pub(crate) use slipway_tests::ground::in_steps;

/// Pods wanted of the new version and of all others.
pub(crate) async fn wanted(ground: &Ground, label: &str) -> Result<(u64, u64)> {
    let sets = ground.active_sets().await?;
    let of = |new: bool| {
        let new_ones = sets.iter().filter(|set| is(set, label) == new);
        new_ones.filter_map(|set| set["spec"]["replicas"].as_u64()).sum::<u64>()
    };
    Ok((of(true), of(false)))
}

fn is(set: &Value, label: &str) -> bool {
    set["spec"]["template"]["metadata"]["labels"]["slipway.dev/release"] == label
}

/// What the group itself says of how it moves.
pub(crate) async fn own(ground: &Ground) -> Result<Value> {
    let spec = &ground.deployment().await?["spec"];
    Ok(json!([spec["strategy"], spec["minReadySeconds"], spec["progressDeadlineSeconds"], spec["paused"]]))
}

/// Goes through all batches, and looks at each rest.
pub(crate) async fn approved(ground: &Ground, tag: &str, ends: &[u64]) -> Result<ReleaseView> {
    let id = Box::pin(ground.start(tag)).await?;
    let (rests, all) = (ends.len() - 1, ends[ends.len() - 1]);
    for (batch, new) in ends[..rests].iter().enumerate() {
        let view = rested(&ground.engine, &id, u32::try_from(batch)?).await?;
        ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
        let label = view.label.context("it has a number")?;
        ensure!(wanted(ground, &label).await? == (*new, all - new), "batch {batch}: {new} of {all} were meant");
        ensure!(ground.deployment().await?["spec"]["paused"] == true);
        ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    }
    let view = settled(&ground.engine, &id).await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    ensure!(wanted(ground, view.label.as_deref().unwrap_or_default()).await? == (all, 0));
    Ok(view)
}

/// A group in explicit steps whose first release has succeeded.
pub(crate) async fn running(name: &str, group: (u32, &str, &str), steps: &[&str]) -> Result<Ground> {
    Box::pin(running_on(Box::pin(Ground::new(name, |_| {})).await?, group, steps)).await
}

/// The same on some ground.
pub(crate) async fn running_on(
    ground: Ground,
    (count, surge, unavailable): (u32, &str, &str),
    steps: &[&str],
) -> Result<Ground> {
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    in_steps(&mut draft, count, surge, unavailable, steps);
    ground.engine.group_update(&ground.group, &draft).await?;
    let first = Box::pin(ground.release("v1")).await?;
    ensure!(first.row.state == ReleaseState::Succeeded, "{first:#?}");
    Ok(ground)
}

/// Lets new pods count only once they have been ready for so long: a batch takes that much longer.
pub(crate) async fn ready_for(ground: &Ground, seconds: u32) -> Result<()> {
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.strategy.min_ready_seconds = seconds.to_string();
    Ok(ground.engine.group_update(&ground.group, &draft).await?)
}

async fn exact(
    name: &str,
    group: (u32, &str, &str),
    steps: &[&str],
    ends: &[u64],
    (floor, cap): (u64, u64),
) -> Result<()> {
    let ground = Box::pin(running(name, group, steps)).await?;
    let before = own(&ground).await?;
    let watcher = Watcher::of(&ground);
    Box::pin(approved(&ground, "v2", ends)).await?;
    watcher.end().await?.keeps(floor, cap)?;
    ensure!(own(&ground).await? == before, "the group's own strategy is back");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_above_the_count() -> Result<()> {
    exact("batches-surge", (10, "1", "0"), &["1", "4"], &[1, 5, 10], (10, 11)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_below_the_count() -> Result<()> {
    exact("batches-below", (10, "0", "2"), &["3", "30%"], &[3, 6, 10], (8, 10)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn above_and_below_the_count() -> Result<()> {
    exact("batches-both", (10, "3", "2"), &["1", "4"], &[1, 5, 10], (8, 13)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn six_pods() -> Result<()> {
    exact("batches-six", (6, "2", "1"), &["2", "2"], &[2, 4, 6], (5, 8)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_single_pod() -> Result<()> {
    exact("batches-one", (1, "1", "0"), &["1"], &[1], (1, 2)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_three_pods() -> Result<()> {
    exact("batches-parts", (3, "25%", "25%"), &["30%"], &[1, 3], (3, 4)).await
}
