//! Slipway killed at every named place of a release, and at random ones: each ends with one record, at most two
//! `ReplicaSets`, and the right image.

use crate::foreign::kubectl;
use crate::interrupted::DEPLOYMENT;
use crate::watcher::Watcher;
use anyhow::{Context, Result};
use futures::{StreamExt, TryStreamExt, stream};
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::fault::{PLACES, PLACES_OF_BATCHES};
use slipway_engine::release::ReleaseAction;
use slipway_model::group::{GroupDraft, PaceDraft};
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, in_steps, settled};
use std::io::Write;
use std::os::unix::process::ExitStatusExt;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::process::Command;

pub(crate) const SIGKILL: i32 = 9;
/// Places that only a stop comes by.
const OF_A_STOP: &[&str] = &["before pause", "after pause", "before stopped at move", "after stopped at move"];
/// Random deaths, besides the named ones.
const RANDOM: u64 = 10;
/// Deaths at once: each has a namespace and a process of its own, which mostly wait.
const AT_ONCE: usize = 4;

pub(crate) async fn pilot(ground: &Ground, verb: &[&str], fault: Option<&str>) -> Result<ExitStatus> {
    let mut command = command(ground, verb);
    if let Some(fault) = fault {
        command.env("SLIPWAY_FAULT", fault);
    }
    Ok(command.status().await?)
}

pub(crate) fn command(ground: &Ground, verb: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pilot"));
    command.arg(ground.data_dir()).args(verb).stdin(Stdio::null()).kill_on_drop(true);
    command
}

/// What must hold after any death, when somebody went on.
async fn holds(ground: &Ground, place: &str, image: &str, state: ReleaseState) -> Result<()> {
    let records = ground.records().await?;
    assert_eq!(records.len(), 1, "{place}: one record");
    assert_eq!(records[0]["metadata"]["labels"]["slipway.dev/status"], word(state), "{place}: it says how it ended");
    assert!(ground.active_sets().await?.len() <= 2, "{place}: at most two ReplicaSets");
    let live = ground.deployment().await?;
    let runs = live["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
    let (tagged, _) = runs.split_once('@').context("it names the digest")?;
    assert!(tagged.ends_with(image), "{place}: {runs}");
    let lease = ground.owner.connection.get(Kind::Lease, "slipway-checkout-api-prod").await?;
    let holder = lease.map(|lease| lease["spec"]["holderIdentity"].as_str().unwrap_or_default().to_owned());
    assert_eq!(holder.unwrap_or_default(), "", "{place}: the Lease is given back");
    Ok(())
}

fn word(state: ReleaseState) -> String {
    format!("{state:?}").to_lowercase()
}

async fn ground() -> Result<Ground> {
    let ground = Ground::new("survive", |draft| {
        draft.count = "1".into();
        draft.variables = vec![Variable::plain("PROFILE", "prod")];
    })
    .await?;
    // The pilots open the same folder, one after the other.
    ground.engine.close().await;
    Ok(ground)
}

/// Dies at one place, and goes on.
async fn die_at(place: &str) -> Result<()> {
    let ground = ground().await?;
    let (image, state) =
        if OF_A_STOP.contains(&place) { ("crash", ReleaseState::Stopped) } else { ("v1", ReleaseState::Succeeded) };
    let died = pilot(&ground, &["start", ground.group.as_str(), image], Some(place)).await?;
    assert_eq!(died.signal(), Some(SIGKILL), "{place}: a release comes by here");
    let resumed = pilot(&ground, &["resume"], None).await?;
    assert!(resumed.success(), "{place}: {resumed}");
    holds(&ground, place, &format!(":{image}"), state).await?;
    // Not kept back by the test runner: the list is part of the proof.
    writeln!(std::io::stderr(), "survived a death {place}")?;
    ground.close().await
}

/// Three pods in two batches, a second apart.
pub(crate) fn in_two_batches(draft: &mut GroupDraft) {
    in_steps(draft, 3, "1", "0", &["1"]);
    draft.strategy.steps[0].pace = PaceDraft { approval: false, seconds: "1".into() };
}

/// Dies at one place of a release in batches, or of its way back, and goes on.
async fn die_in_batches(place: &str) -> Result<()> {
    let ground = Ground::new("survive-batches", in_two_batches).await?;
    let first = ground.release("v1").await?;
    assert_eq!(first.row.state, ReleaseState::Succeeded, "{first:#?}");
    let watcher = Watcher::of(&ground);
    ground.engine.close().await;
    let back = place.contains("abort");
    let verb = if back { "abort" } else { "start" };
    let died = pilot(&ground, &[verb, ground.group.as_str(), "v2"], Some(place)).await?;
    assert_eq!(died.signal(), Some(SIGKILL), "{place}: a release in batches comes by here");
    let resumed = pilot(&ground, &["resume"], None).await?;
    assert!(resumed.success(), "{place}: {resumed}");
    let (image, state) = if back { (":v1", "aborted") } else { (":v2", "succeeded") };
    let records = ground.records().await?;
    let told: Vec<_> = records.iter().map(|record| &record["metadata"]["labels"]["slipway.dev/status"]).collect();
    assert_eq!(told, ["succeeded", state], "{place}");
    let live = ground.deployment().await?;
    let runs = live["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
    assert!(runs.contains(image), "{place}: {runs}");
    assert_eq!(live["spec"]["minReadySeconds"].as_u64().unwrap_or(0), 0, "{place}: nothing is left pinned");
    watcher.end().await?.keeps(3, 4)?;
    writeln!(std::io::stderr(), "survived a death {place}")?;
    ground.close().await
}

/// Dies after some time, wherever that is.
async fn die_after(moment: Duration) -> Result<()> {
    let ground = ground().await?;
    let mut child = command(&ground, &["start", ground.group.as_str(), "v1"]).spawn()?;
    match tokio::time::timeout(moment, child.wait()).await {
        Ok(ended) => assert!(ended?.success(), "it ended by itself before {moment:?}"),
        Err(_) => child.kill().await.context("kill the pilot")?,
    }
    let resumed = pilot(&ground, &["resume"], None).await?;
    assert!(resumed.success(), "{moment:?}: {resumed}");
    if ground.records().await?.is_empty() {
        // Killed before anything was written down: nothing was begun, and nothing is there.
        assert!(ground.active_sets().await?.is_empty(), "{moment:?}");
    } else {
        holds(&ground, &format!("{moment:?}"), ":v1", ReleaseState::Succeeded).await?;
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_every_named_place() -> Result<()> {
    stream::iter(PLACES).map(|place| die_at(place)).buffer_unordered(AT_ONCE).try_collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_every_named_place_of_batches() -> Result<()> {
    stream::iter(PLACES_OF_BATCHES).map(|place| die_in_batches(place)).buffer_unordered(AT_ONCE).try_collect().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_death_at_any_moment() -> Result<()> {
    // Spread over the whole of a release, which takes about three seconds: the same share of it each, and anywhere
    // within that share.
    let moments = (0..RANDOM).map(|number| Duration::from_millis(150 + number * 300 + rand::random_range(0..300)));
    stream::iter(moments).map(die_after).buffer_unordered(AT_ONCE).try_collect().await
}

/// Dies when it has begun and could not say so, and somebody takes the template back before anybody comes.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_undone_right_after_it_began_is_held_and_not_left_as_it_is() -> Result<()> {
    let mut ground = Ground::new("survive-undone", in_two_batches).await?;
    let first = ground.release("v1").await?;
    assert_eq!(first.row.state, ReleaseState::Succeeded, "{first:#?}");
    ground.engine.close().await;
    let died = pilot(&ground, &["start", ground.group.as_str(), "v2"], Some("after begin")).await?;
    assert_eq!(died.signal(), Some(SIGKILL));
    kubectl(&ground, &["rollout", "undo", DEPLOYMENT])?;
    let resumed = pilot(&ground, &["resume"], None).await?;
    assert!(resumed.success(), "{resumed}");
    let live = ground.deployment().await?;
    assert_eq!(live["spec"]["paused"], true, "{}", live["spec"]);

    ground.engine = Engine::open(&ground.data_dir()).await?;
    let history = ground.history(&ground.engine).await?;
    let stopped = history.iter().find(|row| row.seq == Some(2)).context("it has a number")?;
    assert_eq!(stopped.state, ReleaseState::Stopped, "{stopped:#?}");
    ground.engine.release_act(&stopped.id, ReleaseAction::Abort).await?;
    assert_eq!(settled(&ground.engine, &stopped.id).await?.row.state, ReleaseState::Aborted);
    let live = ground.deployment().await?;
    assert_eq!(live["spec"]["minReadySeconds"].as_u64().unwrap_or(0), 0, "nothing is left pinned");
    assert_ne!(live["spec"]["paused"], true);
    ground.close().await
}
