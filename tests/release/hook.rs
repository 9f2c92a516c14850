//! What runs before the start, after it and before the stop: by command and by URL, as the kubelet does it.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_engine::release::{Check, PlanRequest, PlanView, Verdict, VerdictLevel};
use slipway_model::group::{
    BeforeStartDraft, BeforeStartKind, CommandDraft, GroupDraft, HookDraft, HookKind, HttpGetDraft,
};
use slipway_model::id::GroupId;
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, registry, settled};
use slipway_tests::pod::{Pods, name};

/// Where a second demo server in the pod records what is asked of it: it is there before the app starts, and longer.
const RECORDER: u16 = 9090;
const APP: u16 = 8080;
/// What the demo image, the kubelet and the helper image call themselves.
const BY_COMMAND: &str = "Go-http-client/";
const BY_KUBELET: &str = "kube-lifecycle/";
const BY_HELPER: &str = "Wget";

fn image() -> Result<String> {
    Ok(format!("{}/demo/checkout-api:v1", registry()?))
}

/// A sidecar, which no form has.
fn recorder() -> Result<String> {
    Ok(format!(
        "spec:\n  template:\n    spec:\n      initContainers:\n      - name: recorder\n        image: {}\n        \
         restartPolicy: Always\n        env:\n        - name: PORT\n          value: \"{RECORDER}\"\n        \
         startupProbe:\n          tcpSocket:\n            port: {RECORDER}\n          periodSeconds: 1\n",
        image()?
    ))
}

fn by_command(path: &str) -> HookDraft {
    let words = vec!["/app/server".into(), "get".into(), format!("http://127.0.0.1:{RECORDER}{path}")];
    HookDraft { kind: HookKind::Command, command: CommandDraft::List(words), ..HookDraft::default() }
}

fn by_url(path: &str) -> HookDraft {
    let http = HttpGetDraft { path: path.into(), port: RECORDER.to_string(), ..HttpGetDraft::default() };
    HookDraft { kind: HookKind::Http, http, ..HookDraft::default() }
}

fn commands(draft: &mut GroupDraft) {
    draft.count = "1".into();
    draft.strategy.min_ready_seconds = "0".into();
    draft.patch = recorder().expect("a registry");
    draft.lifecycle.before_start = BeforeStartDraft {
        kind: BeforeStartKind::Command,
        command: CommandDraft::Shell("echo before the start of $APP with $TERM_DELAY".into()),
        ..BeforeStartDraft::default()
    };
    draft.lifecycle.after_start = by_command("/hook/after-start");
    draft.lifecycle.before_stop = by_url("/hook/before-stop");
    draft.lifecycle.grace_period_seconds = "20".into();
    draft.variables = vec![Variable::plain("TERM_DELAY", "1s")];
}

/// The other kind of each, in a group that the first one keeps waiting.
fn urls(draft: &mut GroupDraft, first: &str) -> Result<()> {
    draft.name = "urls".into();
    draft.lifecycle.before_start = BeforeStartDraft {
        kind: BeforeStartKind::Wait,
        url: format!("http://{first}:{APP}/readyz"),
        image: image()?,
        ..BeforeStartDraft::default()
    };
    draft.lifecycle.after_start = by_url("/hook/after-start");
    draft.lifecycle.before_stop = by_command("/hook/before-stop");
    draft.lifecycle.grace_period_seconds = "3".into();
    draft.variables = vec![Variable::plain("IGNORE_TERM", "1")];
    Ok(())
}

/// What a plan says of the image that waits.
fn helper(plan: &PlanView) -> Result<Verdict> {
    let found = plan.verdicts.iter().find(|verdict| verdict.check == Check::Helper);
    found.cloned().context("it was looked for")
}

/// When a line of a log that holds this was written: the demo server begins each with its time, in an order of text.
fn time_of<'l>(log: &'l [String], text: &str) -> Result<&'l str> {
    let line = log.iter().find(|line| line.contains(text)).with_context(|| format!("{text}: {log:#?}"))?;
    line.get(..26).context("a time")
}

/// Ends a pod, and gives what its app wrote.
async fn ended(ground: &Ground, pods: &Pods<'_>, group: &GroupId, pod: &Value, seconds: u32) -> Result<Vec<String>> {
    let connection = &ground.owner.connection;
    let delete = async {
        connection.delete(Kind::Pod, name(pod)).await?;
        // With the shortest period it may be gone before it is looked at.
        let going = connection.get(Kind::Pod, name(pod)).await?.context("it has its time")?;
        ensure!(going["metadata"]["deletionGracePeriodSeconds"] == seconds, "{}", going["metadata"]);
        Ok(())
    };
    let (app, recorder, ()) = tokio::try_join!(pods.log(group, pod, "app"), pods.log(group, pod, "recorder"), delete)?;
    let (hook, signal) = (time_of(&recorder, "hook before-stop called")?, time_of(&app, "received terminated")?);
    ensure!(hook <= signal, "the hook at {hook} comes before the signal at {signal}");
    Ok(app)
}

#[tokio::test(flavor = "multi_thread")]
async fn hooks_of_both_kinds_run_when_they_are_to() -> Result<()> {
    let ground = Ground::new("hooks", commands).await?;
    let pods = Pods::of(&ground).await?;
    let view = ground.release("v1").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    let first = pods.only("prod").await?;
    let status = &first["status"]["initContainerStatuses"][0];
    let (app, done) = (&first["status"]["containerStatuses"][0], &status["state"]["terminated"]);
    ensure!(status["name"] == "before-start" && status["imageID"] == app["imageID"], "of the same image: {status}");
    ensure!(done["exitCode"] == 0, "{status}");
    let (before, after) = (done["finishedAt"].as_str(), app["state"]["running"]["startedAt"].as_str());
    ensure!(before <= after, "{before:?} comes before {after:?}");
    let said = pods.log(&ground.group, &first, "before-start").await?;
    assert_eq!(said, ["before the start of checkout-api with 1s"], "with the group's variables");
    let started =
        |agent| move |calls: &[slipway_tests::pod::Call]| calls.iter().any(|call| call.is("/hook/after-start", agent));
    pods.calls(&first, RECORDER, "the command after the start", started(BY_COMMAND)).await?;

    // The second group waits for the first, which is not ready yet.
    ensure!(pods.get(&first, APP, "/readyz?set=false").await?.0 == 503, "it answers so from now on");
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    urls(&mut draft, first["status"]["podIP"].as_str().context("an address")?)?;
    let group = ground.engine.group_create(&ground.app, &draft).await?;
    let request = PlanRequest { group: group.clone(), image: "v1".into() };
    // The image that waits is looked for before anything needs it.
    for (image, level, code) in [
        ("demo/checkout-api:none", VerdictLevel::Blocks, "missing"),
        ("none/at-all:1", VerdictLevel::Blocks, "missing"),
        ("private/checkout-api:v1", VerdictLevel::Warning, "refused"),
    ] {
        let mut other = draft.clone();
        other.lifecycle.before_start.image = format!("{}/{image}", registry()?);
        ground.engine.group_update(&group, &other).await?;
        let told = helper(&ground.engine.release_plan(&request).await?)?;
        ensure!((told.level, told.code.as_str()) == (level, code), "{image}: {told:?}");
    }
    ground.engine.group_update(&group, &draft).await?;
    let plan = ground.engine.release_plan(&request).await?;
    let told = helper(&plan)?;
    ensure!((told.level, told.code.as_str()) == (VerdictLevel::Ok, "ok"), "{told:?}");
    let release = ground.engine.release_start(&plan.hash, "").await?;
    let asked =
        |calls: &[slipway_tests::pod::Call]| calls.iter().filter(|call| call.is("/readyz", BY_HELPER)).count() > 1;
    pods.calls(&first, APP, "it is waited for, more than once", asked).await?;
    let second = pods.only("urls").await?;
    let waiting = &second["status"]["initContainerStatuses"][0]["state"];
    ensure!(waiting["running"].is_object(), "nothing of the app runs before: {}", second["status"]);
    ensure!(pods.get(&first, APP, "/readyz?set=true").await?.0 == 200, "it may begin");
    let view = settled(&ground.engine, &release).await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    pods.calls(&second, RECORDER, "the URL after the start", started(BY_KUBELET)).await?;

    // One ends in its own time, which is less than it is given; the other does not, and is made to.
    let (by_itself, killed) =
        tokio::try_join!(ended(&ground, &pods, &ground.group, &first, 20), ended(&ground, &pods, &group, &second, 3))?;
    let has = |log: &[String], text: &str| log.iter().any(|line| line.contains(text));
    ensure!(has(&by_itself, "stopped"), "{by_itself:#?}");
    ensure!(has(&killed, "ignored") && !has(&killed, "stopped"), "{killed:#?}");
    pods.close();
    ground.close().await
}
