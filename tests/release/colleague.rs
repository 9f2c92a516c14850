//! Two computers with the same app on the same cluster: what one sees of the other, who goes on where the other left off,
//! and who is first.

use crate::batches::{own, running, wanted};
use crate::interrupted::{live, settled_down};
use crate::survive::{SIGKILL, command, in_two_batches, pilot};
use crate::taken::lease;
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use jiff::{SignedDuration, Timestamp};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::release::{Check, Hands, ReleaseAction, ReleaseQuery, ReleaseRow, VerdictLevel};
use slipway_engine::{Engine, Error};
use slipway_model::group::{CheckKind, CommandDraft, PaceDraft, ProbeDraft};
use slipway_model::id::ReleaseId;
use slipway_model::release::{ReleaseState, Stage};
use slipway_tests::ground::{Ground, PATIENCE, as_told, rested, settled, until};
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::eventually;
use std::os::unix::process::ExitStatusExt;
use std::time::Duration;
use tokio::process::Child;

pub(crate) const LEASE: &str = "slipway-checkout-api-prod";
const COLLEAGUE: &str = "Chen Wei";

/// Waits until a computer has heard of the newest release of the group.
pub(crate) async fn heard(engine: &Engine, ground: &Ground, seq: u32) -> Result<ReleaseRow> {
    eventually(format!("r{seq} in the history of the other"), async || {
        Ok(ground.history(engine).await?.into_iter().find(|row| row.seq == Some(seq)))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_sees_it_move_and_has_its_history_without_the_cluster() -> Result<()> {
    let ground = running("other-sees", (3, "1", "0"), &["1"]).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let first = heard(&other, &ground, 1).await?;
    ensure!(first.state == ReleaseState::Succeeded, "{first:#?}");
    let id = ground.start("v2").await?;
    let view = until(&other, &id, |view| view.row.state == ReleaseState::Resting).await?;
    let ours = rested(&ground.engine, &id, 0).await?;
    ensure!(view.hands == Hands::Nobodys && ours.hands == Hands::Ours, "{view:#?}");
    ensure!((&view.transitions, &view.progress, &view.driver) == (&ours.transitions, &ours.progress, &ours.driver));
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    let moving = until(&other, &id, |view| view.hands == Hands::Others).await?;
    ensure!(moving.actions.is_empty(), "it is driven: {moving:#?}");
    settled(&ground.engine, &id).await?;
    let done = until(&other, &id, |view| view.row.state.ended()).await?;
    ensure!(done.row.state == ReleaseState::Succeeded && done.row.ended.is_some(), "{done:#?}");
    // The cluster goes, and the other is started anew.
    let link = done.link.clone();
    other.cluster_unlink(&link).await?;
    let told: Vec<_> = ground.history(&other).await?.into_iter().map(|row| (row.seq, row.state)).collect();
    ensure!(told == [(Some(2), ReleaseState::Succeeded), (Some(1), ReleaseState::Succeeded)], "{told:?}");
    let kept = as_told(&other, &id).await?;
    ensure!(kept.cluster.is_none() && kept.transitions == done.transitions, "{kept:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn anybody_decides_at_a_rest_and_the_other_only_watches_from_then_on() -> Result<()> {
    let ground = running("other-decides", (6, "1", "0"), &["2", "2"]).await?;
    let template = ground.deployment().await?["spec"]["template"].clone();
    let other = ground.colleague(COLLEAGUE).await?;
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    until(&other, &id, |view| view.actions.contains(&ReleaseAction::Continue)).await?;
    other.release_act(&id, ReleaseAction::Continue).await?;
    let rests = rested(&other, &id, 1).await?;
    ensure!(rests.row.state == ReleaseState::Resting && rests.driver.display == COLLEAGUE, "{rests:#?}");
    let watched = until(&ground.engine, &id, |view| view.progress.rest.is_some() && view.progress.batch == 1).await?;
    ensure!(watched.hands == Hands::Nobodys && watched.driver.display == COLLEAGUE, "{watched:#?}");
    ensure!(wanted(&ground, "r2").await? == (4, 2));
    // And back again, to what ran before.
    ground.engine.release_act(&id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &id).await?;
    ensure!(aborted.row.state == ReleaseState::Aborted, "{aborted:#?}");
    let told = until(&other, &id, |view| view.row.state == ReleaseState::Aborted).await?;
    ensure!(told.transitions == aborted.transitions);
    ensure!(live(&ground, settled_down).await?["spec"]["template"] == template, "the very template");
    watcher.end().await?.keeps(6, 7)?;
    other.close().await;
    ground.close().await
}

/// The computer that drove it died with the door open.
#[tokio::test(flavor = "multi_thread")]
async fn what_drifts_is_taken_over_in_the_middle_of_a_batch() -> Result<()> {
    let ground = running("other-takes", (10, "3", "2"), &["1", "4"]).await?;
    let before = own(&ground).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let watcher = Watcher::of(&ground);
    ground.engine.close().await;
    let died = pilot(&ground, &["start", ground.group.as_str(), "v2"], Some("after write")).await?;
    ensure!(died.signal() == Some(SIGKILL), "it opens the door: {died}");
    let id = heard(&other, &ground, 2).await?.id;
    let seen = until(&other, &id, |view| view.hands == Hands::Others).await?;
    ensure!(seen.actions.is_empty(), "whoever drives may only be busy: {seen:#?}");
    let early = other.release_act(&id, ReleaseAction::TakeOver).await;
    ensure!(matches!(early, Err(Error::ReleaseRunning { .. })), "the Lease stands: {early:?}");
    let adrift = until(&other, &id, |view| view.hands == Hands::Adrift).await?;
    ensure!(adrift.actions == [ReleaseAction::TakeOver, ReleaseAction::Abort], "{adrift:#?}");
    other.release_act(&id, ReleaseAction::TakeOver).await?;
    // It wakes when the other has it.
    let again = Engine::open(&ground.data_dir()).await?;
    for (batch, new) in [(0, 1), (1, 5)] {
        let view = rested(&other, &id, batch).await?;
        ensure!(view.row.state == ReleaseState::Resting && view.driver.display == COLLEAGUE, "{view:#?}");
        ensure!(wanted(&ground, "r2").await? == (new, 10 - new), "batch {batch}: {new} were meant");
        let watched = until(&again, &id, |view| view.progress.rest.is_some() && view.progress.batch == batch).await?;
        ensure!(watched.hands == Hands::Nobodys, "it only watches: {watched:#?}");
        other.release_act(&id, ReleaseAction::Continue).await?;
    }
    let done = settled(&other, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ensure!(until(&again, &id, |view| view.row.state.ended()).await?.transitions == done.transitions);
    watcher.end().await?.keeps(8, 13)?;
    ensure!(own(&ground).await? == before, "the group's own strategy is back");
    again.close().await;
    other.close().await;
    ground.close().await
}

/// A computer that falls asleep while it drives a release.
///
/// It sleeps until its Lease of 30 s has run out. Half of it is how long a driver may write without having looked who
/// drives; both are over when it wakes, by the clock of the wall and by that of the machine. With a deadline that is over
/// then, too, it is as good as an hour: nothing else is waited for so long. What only a longer sleep does, connections that
/// nobody remembers and a watch whose history is gone, is done on purpose in `outage.rs`.
struct Sleeper {
    process: Child,
    pid: Pid,
}

impl Sleeper {
    /// One that fell asleep when the release moved, and that `other` takes for gone.
    async fn of(ground: &Ground, other: &Engine) -> Result<(Self, ReleaseId)> {
        let process = command(ground, &["start", ground.group.as_str(), "v2"]).spawn()?;
        let pid = process.id().and_then(|id| Pid::from_raw(i32::try_from(id).ok()?)).context("it runs")?;
        let id = heard(other, ground, 2).await?.id;
        until(other, &id, |view| view.row.stage == Stage::Move).await?;
        kill_process(pid, Signal::STOP)?;
        until(other, &id, |view| view.hands == Hands::Adrift).await?;
        Ok((Self { process, pid }, id))
    }

    fn wakes(&self) -> Result<()> {
        Ok(kill_process(self.pid, Signal::CONT)?)
    }

    async fn ends_well(mut self) -> Result<()> {
        let ended = self.process.wait().await?;
        ensure!(ended.success(), "{ended}");
        Ok(())
    }
}

/// The computer that drove it sleeps, and wakes when the other has it.
#[tokio::test(flavor = "multi_thread")]
async fn who_slept_meanwhile_only_watches() -> Result<()> {
    let ground = running("other-sleeps", (4, "1", "0"), &["1"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.strategy.min_ready_seconds = "10".into();
    ground.engine.group_update(&ground.group, &draft).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let watcher = Watcher::of(&ground);
    ground.engine.close().await;
    let (sleeper, id) = Sleeper::of(&ground, &other).await?;
    other.release_act(&id, ReleaseAction::TakeOver).await?;
    sleeper.wakes()?;
    let rests = rested(&other, &id, 0).await?;
    ensure!(rests.row.state == ReleaseState::Resting && rests.driver.display == COLLEAGUE, "{rests:#?}");
    ensure!(wanted(&ground, "r2").await? == (1, 3));
    other.release_act(&id, ReleaseAction::Continue).await?;
    let done = settled(&other, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    // It has seen the end of it, and owes nothing.
    sleeper.ends_well().await?;
    let now = as_told(&other, &id).await?;
    ensure!(now.transitions == done.transitions, "nobody else wrote of it: {now:#?}");
    watcher.end().await?.keeps(4, 5)?;
    other.close().await;
    ground.close().await
}

/// What a pod is ready with.
const GATE: &str = "/tmp/gate";

/// Makes each new pod ready that there is, as they come; ends only by an error.
async fn let_in(ground: &Ground) -> Result<()> {
    let pods = Pods::of(ground).await?;
    let session = ground.session().await?;
    let open = ["touch", GATE].map(str::to_owned);
    let mut look = tokio::time::interval(Duration::from_millis(500));
    loop {
        look.tick().await;
        for pod in pods.with("slipway.dev/release=r2").await? {
            // One that does not run yet is asked again.
            let _ = session.run(name(&pod), "app", &open, 64, PATIENCE).await;
        }
    }
}

/// The computer that drove it sleeps for longer than its Lease stands and than pods may take, and nobody takes over. The
/// first new pod is not ready before it wakes: what it knows then is old, and would be reason enough to stop.
#[tokio::test(flavor = "multi_thread")]
async fn who_slept_and_was_not_replaced_goes_on() -> Result<()> {
    const DEADLINE: SignedDuration = SignedDuration::from_mins(1);
    let ground = Ground::new("other-waits", in_two_batches).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.strategy.min_ready_seconds = "3".into();
    draft.strategy.progress_deadline_seconds = DEADLINE.as_secs().to_string();
    draft.readiness = ProbeDraft {
        kind: CheckKind::Command,
        command: CommandDraft::List(vec!["cat".into(), GATE.into()]),
        period_seconds: "1".into(),
        ..ProbeDraft::default()
    };
    ground.engine.group_update(&ground.group, &draft).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let watcher = Watcher::of(&ground);
    ground.engine.close().await;
    let (sleeper, id) = Sleeper::of(&ground, &other).await?;
    let asked = async || anyhow::Ok(ground.deployment().await?["metadata"]["generation"].clone());
    let before = asked().await?;
    eventually("it to have slept for longer than pods may take", async || {
        let renewed: Timestamp = serde_json::from_value(lease(&ground).await?)?;
        Ok((Timestamp::now().duration_since(renewed) > DEADLINE).then_some(()))
    })
    .await?;
    ensure!(asked().await? == before, "nobody asked for anything meanwhile");
    sleeper.wakes()?;
    tokio::select! {
        ended = sleeper.ends_well() => ended?,
        failed = let_in(&ground) => failed?,
    }
    let done = until(&other, &id, |view| view.row.state.ended()).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ensure!(wanted(&ground, "r2").await? == (3, 0));
    watcher.end().await?.keeps(3, 4)?;
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_start_at_once_one_is_told_by_whom() -> Result<()> {
    let ground = running("other-starts", (2, "1", "0"), &["1"]).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let settings = slipway_model::setting::Settings { display_name: "Li Hua".into(), ..Default::default() };
    ground.engine.set_settings(settings).await?;
    let (ours, theirs) = (ground.plan("v2").await?, ground.plan_on(&other, "2.14.0").await?);
    let (ours, theirs) =
        tokio::join!(ground.engine.release_start(&ours.hash, ""), other.release_start(&theirs.hash, ""));
    let (id, refused, winner, engine) = match (ours, theirs) {
        (Ok(id), Err(error)) => (id, error, "Li Hua", &ground.engine),
        (Err(error), Ok(id)) => (id, error, COLLEAGUE, &other),
        both => bail!("one of them, and no more: {both:?}"),
    };
    let Error::ReleaseRunning { by, .. } = &refused else { bail!("told by whom: {refused:?}") };
    ensure!(by == winner, "{refused:?}");
    rested(engine, &id, 0).await?;
    ensure!(ground.records().await?.len() == 2, "the first of the group, and one");
    // Whoever plans now is told, too; who planned before is told that it moved.
    let late = ground.plan("v2").await?;
    ensure!(late.from_version.is_some());
    engine.release_act(&id, ReleaseAction::Abort).await?;
    settled(engine, &id).await?;
    let moved = ground.engine.release_start(&late.hash, "").await;
    ensure!(matches!(moved, Err(Error::PlanMoved { .. })), "{moved:?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn over_a_rest_of_a_colleague_the_way_back_leads_to_what_ran_before_both() -> Result<()> {
    let ground = running("other-over", (6, "1", "0"), &["2", "2"]).await?;
    let template = ground.deployment().await?["spec"]["template"].clone();
    let other = ground.colleague(COLLEAGUE).await?;
    let watcher = Watcher::of(&ground);
    let second = ground.start("v2").await?;
    rested(&ground.engine, &second, 0).await?;
    let plan = ground.plan_on(&other, "2.14.0").await?;
    let third = other.release_start(&plan.hash, "").await?;
    let view = rested(&other, &third, 0).await?;
    ensure!(view.row.state == ReleaseState::Resting && view.row.seq == Some(3), "{view:#?}");
    let superseded = until(&ground.engine, &second, |view| view.row.state == ReleaseState::Superseded).await?;
    ensure!(superseded.transitions.last().is_some_and(|last| last.by.as_deref() == Some(COLLEAGUE)), "{superseded:#?}");
    ensure!(ground.engine.owed().await?.is_empty(), "the other has it");
    other.release_act(&third, ReleaseAction::Abort).await?;
    settled(&other, &third).await?;
    ensure!(live(&ground, settled_down).await?["spec"]["template"] == template, "what ran before both");
    watcher.end().await?.keeps(6, 7)?;
    other.close().await;
    ground.close().await
}

/// A release whose first batch is followed by nothing for long enough to take something away from it.
async fn resting_for(name: &str, seconds: &str) -> Result<(Ground, ReleaseId)> {
    let ground = running(name, (3, "1", "0"), &["1"]).await?;
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.strategy.steps[0].pace = PaceDraft { approval: false, seconds: seconds.into() };
    ground.engine.group_update(&ground.group, &draft).await?;
    let id = ground.start("v2").await?;
    let view = rested(&ground.engine, &id, 0).await?;
    ensure!(view.row.state == ReleaseState::Resting, "{view:#?}");
    Ok((ground, id))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_deleted_by_hand_is_made_anew() -> Result<()> {
    let (ground, id) = Box::pin(resting_for("record-gone", "2")).await?;
    let connection = &ground.owner.connection;
    connection.delete(Kind::ConfigMap, "slipway-checkout-api-prod-r2").await?;
    let done = settled(&ground.engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    let records = ground.records().await?;
    let told: Vec<_> = records.iter().map(|record| &record["metadata"]["labels"]["slipway.dev/status"]).collect();
    ensure!(told == ["succeeded", "succeeded"], "{told:?}");
    let other = ground.colleague(COLLEAGUE).await?;
    let told = eventually("the record to be read", async || Ok(as_told(&other, &id).await.ok())).await?;
    ensure!(told.transitions == done.transitions, "all of it is told again: {told:#?}");
    other.close().await;
    ground.close().await
}

async fn holder(ground: &Ground) -> Result<Option<Value>> {
    let lease = ground.owner.connection.get(Kind::Lease, LEASE).await?;
    Ok(lease.map(|lease| lease["spec"]["holderIdentity"].clone()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_deleted_by_hand_is_taken_again() -> Result<()> {
    let (ground, id) = Box::pin(resting_for("lease-gone", "15")).await?;
    let before = holder(&ground).await?.context("it is held while a timer runs")?;
    ground.owner.connection.delete(Kind::Lease, LEASE).await?;
    eventually("the Lease to be there again", async || {
        Ok((holder(&ground).await? == Some(before.clone())).then_some(()))
    })
    .await?;
    let done = settled(&ground.engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lease_that_somebody_stole_is_let_go_and_taken_back_once_nobody_drives() -> Result<()> {
    let (ground, id) = Box::pin(resting_for("lease-stolen", "15")).await?;
    let stolen = json!({ "spec": { "holderIdentity": "somebody" }, "metadata": { "annotations": { "slipway.dev/held-by": "Somebody" } } });
    ground.owner.connection.merge_patch(Kind::Lease, LEASE, &stolen).await?;
    let watches = until(&ground.engine, &id, |view| view.hands == Hands::Others).await?;
    ensure!(watches.actions.is_empty(), "{watches:#?}");
    let plan = ground.plan("v2").await?;
    ensure!(plan.verdicts.iter().any(|one| one.check == Check::Alone && one.level == VerdictLevel::Blocks));
    until(&ground.engine, &id, |view| view.hands == Hands::Adrift).await?;
    ground.engine.release_act(&id, ReleaseAction::TakeOver).await?;
    let done = settled(&ground.engine, &id).await?;
    ensure!(done.row.state == ReleaseState::Succeeded, "{done:#?}");
    ground.close().await
}

async fn takes_back(ground: &Ground, engine: &Engine) -> Result<Option<String>> {
    let plan = ground.plan_on(engine, "v2").await?;
    let found = plan.verdicts.into_iter().find(|verdict| verdict.check == Check::Meanwhile);
    Ok(found.map(|found| format!("{} {} {}", found.params["seq"], found.params["by"], found.params["fields"])))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_released_meanwhile_is_not_taken_back_unsaid() -> Result<()> {
    let ground = Ground::new("other-meanwhile", |draft| draft.count = "0".into()).await?;
    let other = ground.colleague(COLLEAGUE).await?;
    ground.release("v1").await?;
    let plan = ground.plan_on(&other, "v1").await?;
    ensure!(plan.verdicts.iter().all(|verdict| verdict.check != Check::Meanwhile), "it never released this group");
    let theirs = other.release_start(&plan.hash, "").await?;
    settled(&other, &theirs).await?;
    ensure!(takes_back(&ground, &ground.engine).await?.is_none(), "nothing but a release was made");

    let mut draft = other.group(&ground.group).await?.draft;
    draft.memory.limit = "256Mi".into();
    other.group_update(&ground.group, &draft).await?;
    let plan = ground.plan_on(&other, "v1").await?;
    let theirs = other.release_start(&plan.hash, "").await?;
    settled(&other, &theirs).await?;
    let said = takes_back(&ground, &ground.engine).await?;
    ensure!(said.as_deref() == Some("r3 Chen Wei memory.limit"), "{said:?}");
    ensure!(takes_back(&ground, &other).await?.is_none(), "it is their own");
    // Taken over into the draft, nothing is taken back any more.
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.memory.limit = "256Mi".into();
    ground.engine.group_update(&ground.group, &draft).await?;
    ensure!(takes_back(&ground, &ground.engine).await?.is_none());
    other.close().await;
    ground.close().await
}

/// A record of the group that somebody wrote by hand, after that of its first release.
async fn forged(ground: &Ground, seq: u32, change: impl FnOnce(&mut Value)) -> Result<()> {
    let mut record = ground.records().await?.into_iter().next().context("the first has a record")?;
    let labels = record["metadata"]["labels"].clone();
    let annotations = record["metadata"]["annotations"].clone();
    record = json!({
        "metadata": { "name": format!("slipway-checkout-api-prod-r{seq}"), "labels": labels, "annotations": annotations },
        "binaryData": record["binaryData"],
    });
    record["metadata"]["labels"]["slipway.dev/seq"] = json!(seq.to_string());
    change(&mut record);
    ground.owner.connection.create(Kind::ConfigMap, &record).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn records_that_lie_or_are_of_a_newer_slipway_are_named_and_harm_nothing() -> Result<()> {
    let ground = Ground::new("other-lies", |draft| draft.count = "0".into()).await?;
    ground.release("v1").await?;
    // It says that it is the first release, under another name.
    forged(&ground, 7, |_| {}).await?;
    forged(&ground, 8, |record| {
        record["metadata"]["annotations"]["slipway.dev/release-uid"] = json!("another");
        record["binaryData"]["head"] = json!("bm8genN0ZA==");
    })
    .await?;
    let other = ground.colleague(COLLEAGUE).await?;
    let query = ReleaseQuery { last: true, limit: 1, ..ground.all_releases() };
    // Which of the three records is read first is nobody's promise.
    let (unread, rows) = eventually("both to be named, and the release to be known", async || {
        let unread = other.release_list(&query).await?.unread;
        let rows = ground.history(&other).await?;
        Ok((unread.len() == 2 && !rows.is_empty()).then_some((unread, rows)))
    })
    .await?;
    ensure!(unread.iter().all(|one| one.newer.is_none() && !one.reason.is_empty()), "{unread:#?}");
    ensure!(rows.len() == 1 && rows[0].state == ReleaseState::Succeeded, "{rows:#?}");

    // What a newer one wrote is shown as far as it can be read, and no release goes over what it may still move.
    let newer = json!({ "metadata": { "annotations": { "slipway.dev/record-version": "9", "slipway.dev/record-writer": "9" } } });
    ground.owner.connection.merge_patch(Kind::ConfigMap, "slipway-checkout-api-prod-r1", &newer).await?;
    let id = rows[0].id.clone();
    let view = until(&other, &id, |view| view.newer == Some(9)).await?;
    ensure!(view.actions.is_empty());
    other.close().await;
    ground.close().await
}
