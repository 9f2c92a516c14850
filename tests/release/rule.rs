//! The rules that stop a train, each broken for real, and one of which nobody knows a figure.

use crate::batches::in_steps;
use crate::notification::train_that_stopped;
use crate::train::{done, draft, order, records, start, three, until};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use slipway_engine::Engine;
use slipway_engine::release::train::{TrainAction, TrainState, TrainView};
use slipway_model::group::CheckKind;
use slipway_model::id::{GroupId, TrainId};
use slipway_model::train::{Measured, StopRule, TrainDraft, Why};
use slipway_tests::ground::Ground;
use slipway_tests::pod::{Pods, name};

/// The rule that a train stopped by, and what was measured of it.
fn broken<'v>(view: &'v TrainView, group: &GroupId) -> Result<&'v Measured> {
    match view.stopped.as_ref().map(|stopped| &stopped.why) {
        Some(Why::Rule { group: of, measured }) if of == group && view.row.state == TrainState::Stopped => Ok(measured),
        _ => bail!("a rule broke: {view:#?}"),
    }
}

async fn stops(engine: &Engine, id: &TrainId) -> Result<TrainView> {
    until(engine, id, |view| view.stopped.is_some()).await
}

/// Goes on without the rule that broke.
async fn goes_on(engine: &Engine, id: &TrainId) -> Result<TrainView> {
    engine.train_act(&order(id, TrainAction::Resume)).await?;
    until(engine, id, |view| view.stopped.is_none()).await
}

async fn ends(engine: &Engine, id: &TrainId) -> Result<()> {
    engine.train_act(&order(id, TrainAction::End)).await?;
    let ended = until(engine, id, |view| view.ended.is_some()).await?;
    ensure!(ended.row.state == TrainState::Ended && ended.actions.is_empty(), "{ended:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_starts_again_while_it_soaks_stops_the_train() -> Result<()> {
    let (ground, groups) = three("train-rule").await?;
    let engine = &ground.engine;
    let id = start(engine, TrainDraft { ready: false, ..draft(&groups, "600") }, "v1").await?;
    until(engine, &id, |view| view.row.state == TrainState::Soaking && view.measured.len() == 1).await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    // It has no time to answer.
    let _ = pods.get(&pod, 8080, "/exit?code=1").await;
    let view = stops(engine, &id).await?;
    let measured = broken(&view, &groups[0])?;
    ensure!(measured.rule == StopRule::Restarts && measured.figure == Some(1), "{measured:?}");
    ensure!(measured.pod.as_deref() == pod["metadata"]["name"].as_str(), "{measured:?}");
    ensure!(records(&ground).await? == ["prod"], "nothing else begins");
    // Nobody asks that any more of this group; the train goes on, and soaks.
    let again = goes_on(engine, &id).await?;
    ensure!(again.row.state == TrainState::Soaking, "{again:#?}");
    ensure!(again.row.passed == 1, "{again:#?}");
    ends(engine, &id).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_is_not_ready_any_more_while_it_soaks_stops_the_train_and_is_told() -> Result<()> {
    let ground = Ground::new("train-ready", |draft| {
        draft.count = "1".into();
        draft.readiness.kind = CheckKind::Http;
        draft.readiness.http.path = "/readyz".into();
        draft.readiness.http.port = "8080".into();
        draft.readiness.period_seconds = "1".into();
    })
    .await?;
    let groups = [ground.group.clone(), ground.group_like("sh", &ground.link).await?];
    let engine = &ground.engine;
    let mut heard = engine.live_notifications();
    let id = start(engine, TrainDraft { restarts: false, ..draft(&groups, "600") }, "v1").await?;
    until(engine, &id, |view| view.row.state == TrainState::Soaking && view.measured.len() == 1).await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    pods.get(&pod, 8080, "/readyz?set=false").await?;
    let view = stops(engine, &id).await?;
    let measured = broken(&view, &groups[0])?;
    ensure!(measured.rule == StopRule::Ready && measured.figure == Some(1), "{measured:?}");
    ensure!(measured.pod.as_deref() == Some(name(&pod)), "{measured:?}");
    ensure!(records(&ground).await? == ["prod"], "nothing else begins");
    // Whoever looks elsewhere is told, with the reason.
    let told = train_that_stopped(&mut heard).await?;
    ensure!(told.stopped == view.stopped && told.row.id == id, "{told:#?}");
    ends(engine, &id).await?;
    ground.close().await
}

/// The only new pod while the first batch rests.
async fn new_pod(pods: &Pods<'_>) -> Result<Value> {
    let new = pods.with("slipway.dev/group=prod,slipway.dev/release=r2").await?;
    ensure!(new.len() == 1, "one of the first batch: {new:#?}");
    new.into_iter().next().context("it is there")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_version_that_uses_more_than_the_one_before_stops_the_train() -> Result<()> {
    let ground = Ground::new("train-uses", |draft| in_steps(draft, 2, "1", "0", &["1"])).await?;
    let groups = [ground.group.clone(), ground.group_like("sh", &ground.link).await?];
    ground.release("v1").await?;
    let engine = &ground.engine;
    let rules = TrainDraft { cpu: "50".into(), memory: "50".into(), ..TrainDraft::default() };
    let id = start(engine, TrainDraft { cars: groups.to_vec(), soak: "0".into(), ..rules }, "v2").await?;
    // Both versions run beside each other while the first batch rests, and are measured.
    let known = |view: &TrainView| view.measured.len() == 2 && view.measured.iter().all(|one| one.holds == Some(true));
    until(engine, &id, |view| view.row.state == TrainState::Waiting && known(view)).await?;
    let pods = Pods::of(&ground).await?;
    let pod = new_pod(&pods).await?;
    for (rule, burn) in [(StopRule::Cpu, "/burn?cpu=1&seconds=600"), (StopRule::Memory, "/burn?mem=64&cpu=0")] {
        ensure!(pods.get(&pod, 8080, burn).await?.0 < 300, "it burns");
        let view = stops(engine, &id).await?;
        let measured = broken(&view, &groups[0])?;
        ensure!(measured.rule == rule && measured.figure > Some(50) && measured.limit == 50, "{measured:?}");
        ensure!(measured.pod.as_deref() == Some(name(&pod)), "{measured:?}");
        let again = goes_on(engine, &id).await?;
        ensure!(again.row.state == TrainState::Waiting, "it rests where it did: {again:#?}");
    }
    ends(engine, &id).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_which_nobody_knows_a_figure_stops_nothing() -> Result<()> {
    let (ground, groups) = three("train-blind").await?;
    let engine = &ground.engine;
    // Nothing ran before: there is nothing to compare with.
    let rules = TrainDraft { cpu: "1".into(), memory: "1".into(), ..TrainDraft::default() };
    let id = start(engine, TrainDraft { cars: groups, soak: "2".into(), ..rules }, "v1").await?;
    let unknown = |one: &Measured| one.holds.is_none() && one.figure.is_none() && one.pod.is_none();
    let soaks = until(engine, &id, |view| view.row.state == TrainState::Soaking && !view.measured.is_empty()).await?;
    ensure!(soaks.measured.len() == 2 && soaks.measured.iter().all(unknown), "{soaks:#?}");
    let view = done(engine, &id).await?;
    ensure!(view.row.passed == 3, "{view:#?}");
    ground.close().await
}
