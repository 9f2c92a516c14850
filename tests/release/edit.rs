//! What is changed of a train on the way, and that it holds on whichever computer goes on with it.

use crate::train::{done, draft, order, plans, start, three, until};
use anyhow::{Context, Result, ensure};
use slipway_engine::release::train::{CarState, TrainAct, TrainAction, TrainChange, TrainEdit, TrainState, TrainView};
use slipway_engine::{Engine, Error};
use slipway_model::id::{GroupId, TrainId};
use slipway_model::train::{RulesDraft, Soak, SoakDraft, StopRule, TrainDraft};

const COLLEAGUE: &str = "Chen Wei";

async fn edit(engine: &Engine, id: &TrainId, change: TrainChange) -> slipway_engine::error::Result<()> {
    engine.train_edit(&TrainEdit { id: id.clone(), change }).await
}

fn soak(group: &GroupId, seconds: &str, ask: bool) -> TrainChange {
    TrainChange::Soak { group: group.clone(), soak: SoakDraft { soak: seconds.into(), ask } }
}

fn named(view: &TrainView) -> Vec<&str> {
    view.cars.iter().map(|car| car.name.as_str()).collect()
}

/// Names of the groups in the order in which their releases began.
fn begun(view: &TrainView) -> Vec<&str> {
    let mut cars: Vec<_> =
        view.cars.iter().filter_map(|car| Some((car.release.as_ref()?.created, car.name.as_str()))).collect();
    cars.sort_unstable();
    cars.into_iter().map(|(_, name)| name).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_changed_on_the_way_holds_also_on_the_computer_that_takes_over() -> Result<()> {
    let (ground, groups) = three("edit-other").await?;
    let engine = &ground.engine;
    let other = ground.colleague(COLLEAGUE).await?;
    let id = start(engine, draft(&groups, "600"), "v1").await?;
    until(engine, &id, |view| view.row.state == TrainState::Soaking).await?;
    edit(engine, &id, TrainChange::Order { groups: vec![groups[2].clone(), groups[1].clone()] }).await?;
    edit(engine, &id, soak(&groups[2], "1", true)).await?;
    edit(engine, &id, soak(&groups[1], "0", false)).await?;
    let rules = RulesDraft { restarts: true, limit: "3600".into(), ..RulesDraft::default() };
    edit(engine, &id, TrainChange::Rules { rules }).await?;

    // Its author's computer waits for the word, and tells so.
    let asks = until(engine, &id, |view| view.row.state == TrainState::Waiting && view.asks).await?;
    ensure!(named(&asks) == ["prod", "gz", "sh"] && asks.next == Some(groups[2].clone()), "{asks:#?}");
    ensure!(asks.actions.contains(&TrainAction::Begin) && asks.cars[1].release.is_none(), "{asks:#?}");
    // Measured by the rules that hold now.
    until(engine, &id, |view| view.measured.iter().map(|one| one.rule).eq([StopRule::Restarts, StopRule::Time]))
        .await?;

    // The colleague sees the same, from the record alone.
    let seen = until(&other, &id, |view| view.decided.len() == 4 && view.row.passed == 1).await?;
    ensure!(named(&seen) == ["prod", "gz", "sh"] && seen.rules == asks.rules && seen.asks, "{seen:#?}");
    ensure!(seen.cars[1].soak == Some(Soak { seconds: 1, ask: true }), "{seen:#?}");
    ensure!(seen.cars[0].soak.is_none() && seen.earliest == asks.earliest, "{seen:#?}");

    // Its author has gone home; whoever goes on with it is asked as well.
    ground.engine.close().await;
    let plans = plans(&other, &[groups[2].clone(), groups[1].clone()], "v1").await?;
    other.train_act(&TrainAct { plans, ..order(&id, TrainAction::TakeOver) }).await?;
    let asks = until(&other, &id, |view| view.ours && view.row.state == TrainState::Waiting).await?;
    ensure!(asks.cars[1].release.is_none(), "{asks:#?}");
    other.train_act(&TrainAct { group: Some(groups[2].clone()), ..order(&id, TrainAction::Begin) }).await?;
    let view = done(&other, &id).await?;
    ensure!(begun(&view) == ["prod", "gz", "sh"], "{view:#?}");
    let place = view.cars[1].release.as_ref().and_then(|release| release.train.clone()).context("it says so")?;
    ensure!((place.car, place.cars) == (2, 3), "as it came, not as it was ordered: {place:?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_changes_what_another_computer_goes_on_with() -> Result<()> {
    let (ground, groups) = three("edit-by").await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let id = start(&ground.engine, draft(&groups, "600"), "v1").await?;
    until(&other, &id, |view| view.row.state == TrainState::Soaking).await?;
    edit(&other, &id, TrainChange::Order { groups: vec![groups[2].clone(), groups[1].clone()] }).await?;
    other.train_act(&TrainAct { group: Some(groups[1].clone()), ..order(&id, TrainAction::Skip) }).await?;
    edit(&other, &id, soak(&groups[2], "0", false)).await?;
    let view = done(&ground.engine, &id).await?;
    ensure!(begun(&view) == ["prod", "gz"] && view.cars[2].state == CarState::Skipped, "{view:#?}");
    let by: Vec<_> = view.decided.iter().map(|one| one.by.as_deref()).collect();
    ensure!(by == [Some(COLLEAGUE); 3], "{view:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_group_waits_for_a_word_where_that_was_ordered() -> Result<()> {
    let (ground, groups) = three("edit-ask").await?;
    let engine = &ground.engine;
    let id = start(engine, TrainDraft { ask: true, ..draft(&groups[..2], "0") }, "v1").await?;
    let asks = until(engine, &id, |view| view.row.state == TrainState::Waiting && view.asks).await?;
    ensure!(asks.row.passed == 1 && asks.next == Some(groups[1].clone()), "the first one begins at once: {asks:#?}");
    let wrong = engine.train_act(&TrainAct { group: Some(groups[0].clone()), ..order(&id, TrainAction::Begin) }).await;
    ensure!(matches!(wrong, Err(Error::NotNow { .. })), "another one is next: {wrong:?}");
    engine.train_act(&order(&id, TrainAction::Begin)).await?;
    done(engine, &id).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_begun_or_is_over_is_not_changed_any_more() -> Result<()> {
    let (ground, groups) = three("edit-late").await?;
    let engine = &ground.engine;
    let id = start(engine, draft(&groups, "600"), "v1").await?;
    until(engine, &id, |view| view.row.state == TrainState::Soaking).await?;
    let refused = async |change| {
        let told = edit(engine, &id, change).await;
        ensure!(matches!(told, Err(Error::NotNow { .. })), "{told:?}");
        anyhow::Ok(())
    };
    refused(soak(&groups[0], "0", false)).await?;
    refused(TrainChange::Order { groups: groups.clone() }).await?;
    refused(TrainChange::Order { groups: vec![groups[1].clone(), groups[1].clone()] }).await?;
    let wrong = edit(engine, &id, soak(&groups[1], "soon", false)).await;
    ensure!(matches!(&wrong, Err(Error::Invalid(fields)) if fields[0].field == "soak"), "{wrong:?}");
    let rules = TrainChange::Rules { rules: RulesDraft { cpu: "0".into(), ..RulesDraft::default() } };
    let wrong = edit(engine, &id, rules).await;
    ensure!(matches!(&wrong, Err(Error::Invalid(fields)) if fields[0].field == "cpu"), "{wrong:?}");
    ensure!(engine.train(&id).await?.decided.is_empty(), "nothing was written down");
    engine.train_act(&order(&id, TrainAction::End)).await?;
    refused(soak(&groups[1], "0", false)).await?;
    refused(TrainChange::Rules { rules: RulesDraft::default() }).await?;
    ground.close().await
}
