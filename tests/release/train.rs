//! Trains: groups one after the other, what stops them, and who goes on with them.

use crate::foreign::kubectl;
use crate::survive::{SIGKILL, pilot};
use crate::taken::{allow_again, as_deployer, forbid};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use slipway_engine::fault::PLACES_OF_A_TRAIN;
use slipway_engine::release::PlanRequest;
use slipway_engine::release::train::{CarState, TrainAct, TrainAction, TrainOrder, TrainState, TrainView};
use slipway_engine::{Engine, Error};
use slipway_model::id::{GroupId, TrainId};
use slipway_model::release::ReleaseState;
use slipway_model::train::{Part, TrainDraft, Why};
use slipway_tests::ground::{Ground, PATIENCE};
use std::os::unix::process::ExitStatusExt;

const COLLEAGUE: &str = "Chen Wei";
const NAMES: [&str; 3] = ["prod", "sh", "gz"];

/// An app with three groups of one pod each.
pub(crate) async fn three(name: &str) -> Result<(Ground, Vec<GroupId>)> {
    let ground = Ground::new(name, |draft| draft.count = "1".into()).await?;
    let mut groups = vec![ground.group.clone()];
    for name in &NAMES[1..] {
        groups.push(ground.group_like(name, &ground.link).await?);
    }
    Ok((ground, groups))
}

pub(crate) fn draft(cars: &[GroupId], soak: &str) -> TrainDraft {
    TrainDraft { cars: cars.to_vec(), soak: soak.into(), restarts: true, ready: true, ..TrainDraft::default() }
}

/// Plans of groups as one computer makes them, in their order.
pub(crate) async fn plans(engine: &Engine, groups: &[GroupId], tag: &str) -> Result<Vec<String>> {
    let mut plans = Vec::with_capacity(groups.len());
    for group in groups {
        plans.push(engine.release_plan(&PlanRequest { group: group.clone(), image: tag.into() }).await?.hash);
    }
    Ok(plans)
}

pub(crate) async fn start(engine: &Engine, draft: TrainDraft, tag: &str) -> Result<TrainId> {
    let plans = plans(engine, &draft.cars, tag).await?;
    Ok(engine.train_start(&TrainOrder { draft, plans, note: "to all".into() }).await?)
}

pub(crate) fn order(id: &TrainId, action: TrainAction) -> TrainAct {
    TrainAct { id: id.clone(), action, group: None, plans: Vec::new() }
}

/// Waits until a train is as it should be.
pub(crate) async fn until(engine: &Engine, id: &TrainId, is: impl Fn(&TrainView) -> bool) -> Result<TrainView> {
    let last = std::cell::RefCell::new(None);
    let wait = async {
        let mut changes = engine.live_changes();
        loop {
            match engine.train(id).await {
                Ok(view) if is(&view) => return Ok(view),
                Ok(view) => _ = last.replace(Some(view)),
                // Nobody has told of it yet.
                Err(Error::NotFound { .. }) => {}
                Err(error) => return Err(error.into()),
            }
            changes.next().await.context("the store is closed")?;
        }
    };
    let told = tokio::time::timeout(PATIENCE, wait).await;
    told.with_context(|| format!("it does not become so: {:#?}", last.borrow()))?
}

pub(crate) async fn done(engine: &Engine, id: &TrainId) -> Result<TrainView> {
    let over = |view: &TrainView| matches!(view.row.state, TrainState::Done | TrainState::Stopped);
    let view = until(engine, id, over).await?;
    ensure!(view.row.state == TrainState::Done, "{view:#?}");
    Ok(view)
}

/// Names of the groups that have records, one for each record.
pub(crate) async fn records(ground: &Ground) -> Result<Vec<String>> {
    let records = ground.records().await?;
    let name = |record: &Value| record["metadata"]["labels"]["slipway.dev/group"].as_str().map(str::to_owned);
    let mut names: Vec<_> = records.iter().filter_map(name).collect();
    names.sort_unstable();
    Ok(names)
}

async fn each_has_one(ground: &Ground) -> Result<()> {
    let names = records(ground).await?;
    ensure!(names == ["gz", "prod", "sh"], "one record of each: {names:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn three_groups_one_after_the_other_with_a_soak_between() -> Result<()> {
    let (ground, groups) = three("train").await?;
    let id = start(&ground.engine, draft(&groups, "2"), "v1").await?;
    let soaks = until(&ground.engine, &id, |view| view.row.state == TrainState::Soaking).await?;
    ensure!(soaks.next == Some(groups[1].clone()) && soaks.watched == Some(groups[0].clone()), "{soaks:#?}");
    let ended = soaks.cars[0].release.as_ref().and_then(|release| release.ended).context("it has ended")?;
    ensure!(soaks.earliest == Some(ended + jiff::SignedDuration::from_secs(2)), "{soaks:#?}");
    let view = done(&ground.engine, &id).await?;
    let releases: Vec<_> = view.cars.iter().filter_map(|car| car.release.as_ref()).collect();
    ensure!(releases.len() == 3 && view.row.passed == 3, "{view:#?}");
    for pair in releases.windows(2) {
        let ended = pair[0].ended.context("it has ended")?;
        ensure!(pair[1].created >= ended + jiff::SignedDuration::from_secs(2), "it soaks: {view:#?}");
    }
    for (at, release) in releases.iter().enumerate() {
        let place = release.train.as_ref().context("it says so")?;
        ensure!((place.car as usize, place.cars) == (at + 1, 3) && place.id == id, "{release:#?}");
        ensure!(release.state == ReleaseState::Succeeded && release.note == "to all", "{release:#?}");
    }
    each_has_one(&ground).await?;
    ensure!(
        view.actions.is_empty() && ground.engine.train_list(&ground.app).await?.is_empty(),
        "nothing is left to do"
    );
    let late = ground.engine.train_act(&order(&id, TrainAction::End)).await;
    ensure!(matches!(late, Err(Error::NotNow { .. })), "{late:?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_paused_waits_and_what_is_skipped_has_no_release() -> Result<()> {
    let (ground, groups) = three("train-pause").await?;
    let engine = &ground.engine;
    let id = start(engine, draft(&groups, "0"), "v1").await?;
    engine.train_act(&order(&id, TrainAction::Pause)).await?;
    let paused = until(engine, &id, |view| view.row.passed == 1).await?;
    ensure!(paused.row.state == TrainState::Paused && paused.next == Some(groups[1].clone()), "{paused:#?}");
    let twice = engine.train_act(&order(&id, TrainAction::Pause)).await;
    ensure!(matches!(twice, Err(Error::NotNow { .. })), "{twice:?}");
    let skip = |group: &GroupId| TrainAct { group: Some(group.clone()), ..order(&id, TrainAction::Skip) };
    let begun = engine.train_act(&skip(&groups[0])).await;
    ensure!(matches!(begun, Err(Error::NotNow { .. })), "it has succeeded: {begun:?}");
    engine.train_act(&skip(&groups[1])).await?;
    engine.train_act(&order(&id, TrainAction::Resume)).await?;
    let view = done(engine, &id).await?;
    ensure!(view.cars[1].state == CarState::Skipped && view.row.passed == 3, "{view:#?}");
    ensure!(records(&ground).await? == ["gz", "prod"]);
    // The newest record says it all.
    let other = ground.colleague(COLLEAGUE).await?;
    let told = until(&other, &id, |view| view.row.state == TrainState::Done).await?;
    ensure!(told.decided == view.decided && told.cars[1].state == CarState::Skipped, "{told:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_car_that_fails_stops_the_train_until_it_goes_on_without_it() -> Result<()> {
    let (ground, groups) = three("train-fails").await?;
    let engine = &ground.engine;
    ground.release_of(&groups[1], "v1").await?;
    let mut spoilt = engine.group(&groups[1]).await?.draft;
    spoilt.variables = vec![slipway_model::variable::Variable::plain("DEMO_MODE", "crash")];
    engine.group_update(&groups[1], &spoilt).await?;
    let id = start(engine, TrainDraft { restarts: false, ready: false, ..draft(&groups, "0") }, "v1").await?;
    let waits = until(engine, &id, |view| view.row.state == TrainState::Waiting).await?;
    let release = waits.cars[1].release.as_ref().context("it has begun")?;
    ensure!(release.state == ReleaseState::Stopped, "{waits:#?}");
    engine.release_act(&release.id, slipway_engine::release::ReleaseAction::Abort).await?;
    let view = until(engine, &id, |view| view.stopped.is_some()).await?;
    let why = view.stopped.as_ref().map(|stopped| stopped.why.clone());
    ensure!(why == Some(Why::Car { group: groups[1].clone(), state: ReleaseState::Aborted }), "{view:#?}");
    ensure!(!view.actions.contains(&TrainAction::Resume), "what has ended does not begin again: {view:#?}");
    engine.train_act(&TrainAct { group: Some(groups[1].clone()), ..order(&id, TrainAction::Skip) }).await?;
    let view = done(engine, &id).await?;
    ensure!(view.row.passed == 2 && view.cars[2].release.is_some(), "{view:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_that_moved_stops_the_train_and_a_count_does_not() -> Result<()> {
    let (ground, groups) = three("train-moved").await?;
    let engine = &ground.engine;
    ground.release_of(&groups[2], "v2").await?;
    let id = start(engine, draft(&groups, "0"), "v1").await?;
    engine.train_act(&order(&id, TrainAction::Pause)).await?;
    let mut changed = engine.group(&groups[1]).await?.draft;
    changed.memory.limit = "256Mi".into();
    engine.group_update(&groups[1], &changed).await?;
    kubectl(&ground, &["scale", "deployment/checkout-api-gz", "--replicas=2"])?;
    engine.train_act(&order(&id, TrainAction::Resume)).await?;
    let view = until(engine, &id, |view| view.stopped.is_some()).await?;
    let why = view.stopped.as_ref().map(|stopped| stopped.why.clone());
    ensure!(why == Some(Why::Moved { group: groups[1].clone(), parts: vec![Part::Group] }), "{view:#?}");
    // Whoever reads the plan as it is now may confirm it.
    let plans = plans(engine, &groups[1..2], "v1").await?;
    engine.train_act(&TrainAct { plans, ..order(&id, TrainAction::Resume) }).await?;
    done(engine, &id).await?;
    ensure!(ground.history(engine).await?.len() == 4, "one before the train, and three of it");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_between_two_cars() -> Result<()> {
    for place in PLACES_OF_A_TRAIN {
        let (ground, _) = three("train-dies").await?;
        ground.engine.close().await;
        let died = pilot(&ground, &["train", ground.app.as_str(), "v1"], Some(place)).await?;
        ensure!(died.signal() == Some(SIGKILL), "{place}: a train comes by here: {died}");
        let resumed = pilot(&ground, &["trains", ground.app.as_str()], None).await?;
        ensure!(resumed.success(), "{place}: {resumed}");
        each_has_one(&ground).await?;
        ground.close().await?;
    }
    Ok(())
}

/// A train that was paused after its first car, by its author.
async fn paused(ground: &Ground, groups: &[GroupId]) -> Result<TrainId> {
    let id = start(&ground.engine, draft(groups, "0"), "v1").await?;
    ground.engine.train_act(&order(&id, TrainAction::Pause)).await?;
    until(&ground.engine, &id, |view| view.row.passed == 1).await?;
    Ok(id)
}

async fn take_over(engine: &Engine, id: &TrainId, groups: &[GroupId]) -> Result<()> {
    let plans = plans(engine, groups, "v1").await?;
    Ok(engine.train_act(&TrainAct { plans, ..order(id, TrainAction::TakeOver) }).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_computer_knows_a_train_and_goes_on_with_it() -> Result<()> {
    let (ground, groups) = three("train-other").await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let id = paused(&ground, &groups).await?;
    let seen = until(&other, &id, |view| view.paused.is_some() && view.row.passed == 1).await?;
    let names: Vec<_> = seen.cars.iter().map(|car| car.name.as_str()).collect();
    ensure!(names == NAMES && !seen.ours && seen.actions.contains(&TrainAction::TakeOver), "{seen:#?}");
    // Its author has gone home.
    ground.engine.close().await;
    take_over(&other, &id, &groups[1..]).await?;
    let taken = until(&other, &id, |view| view.ours).await?;
    ensure!(taken.driver.display == COLLEAGUE && taken.row.state == TrainState::Paused, "{taken:#?}");
    let again = Engine::open(&ground.data_dir()).await?;
    other.train_act(&order(&id, TrainAction::Resume)).await?;
    done(&other, &id).await?;
    let told = until(&again, &id, |view| view.row.state == TrainState::Done).await?;
    ensure!(!told.ours && told.driver.display == COLLEAGUE, "it only watches: {told:#?}");
    each_has_one(&ground).await?;
    let by = told.cars[2].release.as_ref().map(|release| release.author.display.clone());
    ensure!(by.as_deref() == Some(COLLEAGUE), "{told:#?}");
    again.close().await;
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_go_on_at_once_each_car_begins_once() -> Result<()> {
    let (ground, groups) = three("train-two").await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let id = paused(&ground, &groups).await?;
    until(&other, &id, |view| view.paused.is_some() && view.row.passed == 1).await?;
    let resume = order(&id, TrainAction::Resume);
    let (ours, theirs) = tokio::join!(ground.engine.train_act(&resume), take_over(&other, &id, &groups[1..]));
    ours?;
    theirs?;
    let over = |view: &TrainView| view.row.state == TrainState::Done || view.stopped.is_some();
    let view = until(&other, &id, over).await?;
    ensure!(view.row.state == TrainState::Done, "{view:#?}");
    until(&ground.engine, &id, |view| view.row.state == TrainState::Done).await?;
    each_has_one(&ground).await?;
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_may_pause_a_train_that_another_computer_goes_on_with() -> Result<()> {
    let (ground, groups) = three("train-stop").await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let id = start(&ground.engine, draft(&groups, "600"), "v1").await?;
    until(&other, &id, |view| view.row.state == TrainState::Soaking).await?;
    other.train_act(&order(&id, TrainAction::Pause)).await?;
    let paused = until(&ground.engine, &id, |view| view.paused.is_some()).await?;
    ensure!(paused.paused.as_ref().is_some_and(|said| said.by == COLLEAGUE), "{paused:#?}");
    ensure!(paused.ours && paused.row.state == TrainState::Paused, "{paused:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_refused_stops_the_train_with_the_reason_and_not_before_somebody_decides_it_tries_again() -> Result<()>
{
    let (ground, groups) = three("train-refused").await?;
    let engine = &ground.engine;
    as_deployer(&ground).await?;
    // At once after its end: whatever is still owed then changes nothing of how it ended.
    let id = paused(&ground, &groups).await?;
    let binding = forbid(&ground).await?;
    engine.train_act(&order(&id, TrainAction::Resume)).await?;
    let view = until(engine, &id, |view| view.stopped.is_some()).await?;
    let Some(Why::Refused { group, message }) = view.stopped.as_ref().map(|stopped| &stopped.why) else {
        bail!("it was refused: {view:#?}");
    };
    ensure!(*group == groups[1] && message.contains("forbidden"), "{view:#?}");
    allow_again(&ground, &binding).await?;
    // Whatever is refused still stops it again.
    loop {
        engine.train_act(&order(&id, TrainAction::Resume)).await?;
        let view = until(engine, &id, |view| view.stopped.is_some() || view.row.state == TrainState::Done).await?;
        match &view.stopped {
            None => break,
            Some(stopped) => ensure!(matches!(stopped.why, Why::Refused { .. }), "{view:#?}"),
        }
    }
    each_has_one(&ground).await?;
    ground.close().await
}
