//! The reasons for which a version cannot start, each on the real kubelet.

use anyhow::Result;
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::release::{Check, ReleaseView, VerdictLevel};
use slipway_model::diagnosis::{Cause, Diagnosis};
use slipway_model::group::{AmountsDraft, CheckKind, CommandDraft, HttpGetDraft, ProbeDraft};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Change, Ground, settled};
use slipway_tests::own_cluster::OwnCluster;

async fn stopped(ground: &Ground, tag: &str) -> Result<(ReleaseView, Diagnosis)> {
    why(ground, ground.release(tag).await?).await
}

/// Why a release is stopped.
async fn why(ground: &Ground, view: ReleaseView) -> Result<(ReleaseView, Diagnosis)> {
    assert_eq!(view.row.state, ReleaseState::Stopped, "{view:#?}");
    assert_eq!(ground.deployment().await?["spec"]["paused"], true, "nothing resumes behind anybody's back");
    let diagnosis = view.diagnosis.clone().expect("a stopped release says why");
    Ok((view, diagnosis))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_cannot_be_had() -> Result<()> {
    let ground = Ground::new("stop-image", |_| {}).await?;
    // What its registry does not have is no plan; of a registry that is silent only a node can tell.
    let missing = ground.plan("no-such-tag").await?;
    assert!(
        missing.verdicts.iter().any(|verdict| verdict.check == Check::Image && verdict.level == VerdictLevel::Blocks)
    );
    let (_, diagnosis) = stopped(&ground, "127.0.0.1:1/demo/checkout-api:no-such-tag").await?;
    let Cause::Image { image, .. } = &diagnosis.cause else { panic!("{diagnosis:#?}") };
    assert!(image.ends_with(":no-such-tag"), "{image}");
    ground.close().await
}

/// What must be said of an image that starts, prints and exits.
async fn crash(ground: &Ground) -> Result<()> {
    ground.release("v1").await?;
    let (_, diagnosis) = stopped(ground, "crash").await?;
    let Cause::Crash { code, restarts, .. } = &diagnosis.cause else { panic!("{diagnosis:#?}") };
    assert_eq!(*code, 1);
    assert!(*restarts < 2, "the verdict stands before the second restart: {diagnosis:#?}");
    let last = diagnosis.evidence.log.last().expect("its last lines are kept");
    assert!(last.contains("exiting with 1"), "{last}");
    let ready = &ground.deployment().await?["status"]["readyReplicas"];
    assert!(ready.as_u64().unwrap_or(0) >= 1, "the version before still serves: {ready}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_exits() -> Result<()> {
    let ground = Ground::new("stop-crash", |_| {}).await?;
    crash(&ground).await?;
    ground.close().await
}

/// Such a kubelet waits longer between restarts and hardly ever says `CrashLoopBackOff`.
#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_exits_under_a_kubelet_with_its_defaults() -> Result<()> {
    let cluster = OwnCluster::start(&["--kubelet-defaults"])?;
    let ground = Ground::on(&cluster, "stop-defaults", |_| {}).await?;
    crash(&ground).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_that_fits_nowhere() -> Result<()> {
    let too_much: Change = |draft| draft.cpu = AmountsDraft { request: "500".into(), limit: String::new() };
    let ground = Ground::new("stop-room", too_much).await?;
    let (_, diagnosis) = stopped(&ground, "v1").await?;
    let Cause::Unschedulable { message, .. } = &diagnosis.cause else { panic!("{diagnosis:#?}") };
    assert!(message.contains("Insufficient cpu"), "{message}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_that_is_used_up() -> Result<()> {
    let ground = Ground::new("stop-quota", |_| {}).await?;
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": { "name": "small" }, "spec": { "hard": { "pods": "1" } },
    });
    // A plan that sees it is blocked.
    let plan = ground.plan("v1").await?;
    ground.owner.connection.create(Kind::ResourceQuota, &quota).await?;
    let id = ground.engine.release_start(&plan.hash, "").await?;
    let (_, diagnosis) = why(&ground, settled(&ground.engine, &id).await?).await?;
    let Cause::Quota { message } = &diagnosis.cause else { panic!("{diagnosis:#?}") };
    assert!(message.contains("exceeded quota: small"), "{message}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exit_without_an_error_is_a_crash_too() -> Result<()> {
    let ends: Change = |draft| draft.command = CommandDraft::Shell("exit 0".into());
    let ground = Ground::new("stop-exit", ends).await?;
    let (_, diagnosis) = stopped(&ground, "v1").await?;
    assert!(matches!(diagnosis.cause, Cause::Crash { code: 0, .. }), "{diagnosis:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_takes_more_memory_than_it_may() -> Result<()> {
    let greedy: Change = |draft| {
        // A line without an end, which is kept until the end has come.
        draft.command = CommandDraft::Shell("exec tail -n 1 /dev/zero".into());
        draft.memory = AmountsDraft { request: "16Mi".into(), limit: "32Mi".into() };
    };
    let ground = Ground::new("stop-memory", greedy).await?;
    let (_, diagnosis) = stopped(&ground, "v1").await?;
    assert!(matches!(diagnosis.cause, Cause::OutOfMemory { .. }), "{diagnosis:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_probe_that_keeps_failing() -> Result<()> {
    let asks: Change = |draft| {
        draft.readiness = ProbeDraft {
            kind: CheckKind::Http,
            http: HttpGetDraft { path: "/readyz".into(), port: "8080".into(), ..HttpGetDraft::default() },
            ..ProbeDraft::default()
        }
    };
    let ground = Ground::new("stop-probe", asks).await?;
    let (_, diagnosis) = stopped(&ground, "unready").await?;
    let Cause::Probe { message, .. } = &diagnosis.cause else { panic!("{diagnosis:#?}") };
    assert!(message.contains("503"), "{message}");
    ground.close().await
}
