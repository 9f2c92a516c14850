//! What a plan says of the cluster around it: quotas, nodes, autoscalers, budgets, ports, and hands of others.

use crate::batches::in_steps;
use crate::foreign::kubectl;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::release::{Check, PlanRequest, PlanView, VerdictLevel};
use slipway_model::cluster::Role;
use slipway_model::group::{CheckKind, GroupDraft, HttpGetDraft, ProbeDraft};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, PATIENCE};

const DEPLOYMENT: &str = "deployment/checkout-api-prod";

fn all(plan: &PlanView, check: Check) -> Vec<(VerdictLevel, &str)> {
    let of_check = plan.verdicts.iter().filter(|verdict| verdict.check == check);
    of_check.map(|verdict| (verdict.level, verdict.code.as_str())).collect()
}

/// Plans until a check says this: controllers of the cluster take their time to say what they see.
async fn says(ground: &Ground, check: Check, level: VerdictLevel, code: &str) -> Result<PlanView> {
    let mut last = None;
    let look = async {
        loop {
            let plan = ground.plan("v2").await?;
            if all(&plan, check).contains(&(level, code)) {
                return anyhow::Ok(plan);
            }
            last = Some(plan.verdicts);
        }
    };
    let found = tokio::time::timeout(PATIENCE, look).await;
    found.with_context(|| format!("{check:?} {code}: {last:#?}"))?
}

async fn change(ground: &Ground, change: impl FnOnce(&mut GroupDraft)) -> Result<()> {
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    change(&mut draft);
    Ok(ground.engine.group_update(&ground.group, &draft).await?)
}

/// A quota of the namespace, in place of the one before.
async fn quota(ground: &Ground, hard: Value) -> Result<()> {
    let connection = &ground.owner.connection;
    connection.delete(Kind::ResourceQuota, "team").await?;
    let quota = json!({ "metadata": { "name": "team" }, "spec": { "hard": hard } });
    connection.create(Kind::ResourceQuota, &quota).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_leaves_room_or_stands_in_the_way() -> Result<()> {
    use VerdictLevel::{Blocks, Ok as Fine, Warning};
    let ground = Ground::new("quota", |draft| draft.strategy.max_surge = "2".into()).await?;
    says(&ground, Check::Quota, Fine, "none").await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    for (hard, level, code) in [
        (json!({ "pods": "4" }), Fine, "ok"),
        (json!({ "pods": "3" }), Warning, "tight"),
        (json!({ "pods": "2" }), Blocks, "full"),
        (json!({ "requests.cpu": "25m" }), Blocks, "full"),
        (json!({ "limits.memory": "384Mi" }), Warning, "tight"),
        (json!({ "limits.cpu": "2" }), Warning, "unsaid"),
        (json!({ "configmaps": "2" }), Blocks, "objects"),
        (json!({ "count/secrets": "0" }), Fine, "ok"),
    ] {
        quota(&ground, hard).await?;
        says(&ground, Check::Quota, level, code).await?;
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_node_has_room_for_is_told() -> Result<()> {
    let ground = Ground::new("room", |_| {}).await?;
    says(&ground, Check::Room, VerdictLevel::Ok, "ok").await?;
    change(&ground, |draft| draft.memory.request = "900Gi".into()).await?;
    change(&ground, |draft| draft.memory.limit = "900Gi".into()).await?;
    says(&ground, Check::Room, VerdictLevel::Warning, "large").await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_that_are_asked_are_those_of_the_containers() -> Result<()> {
    let ask = |port: &str| ProbeDraft {
        kind: CheckKind::Http,
        http: HttpGetDraft { path: "/healthz".into(), port: port.into(), ..HttpGetDraft::default() },
        ..ProbeDraft::default()
    };
    let ground = Ground::new("ports", |_| {}).await?;
    for (port, level, code) in [
        ("http", VerdictLevel::Ok, "ok"),
        ("8080", VerdictLevel::Ok, "ok"),
        ("9999", VerdictLevel::Warning, "undeclared"),
    ] {
        let probe = ask(port);
        change(&ground, |draft| draft.readiness = probe).await?;
        says(&ground, Check::Ports, level, code).await?;
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn autoscalers_and_budgets_are_named() -> Result<()> {
    let ground = Ground::new("owners", |_| {}).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    let connection = &ground.owner.connection;
    says(&ground, Check::ReplicaOwner, VerdictLevel::Ok, "ok").await?;
    says(&ground, Check::Budget, VerdictLevel::Ok, "none").await?;
    let scaler = json!({
        "metadata": { "name": "by-cpu" },
        "spec": {
            "minReplicas": 2, "maxReplicas": 5,
            "scaleTargetRef": { "apiVersion": "apps/v1", "kind": "Deployment", "name": "checkout-api-prod" },
            "metrics": [{ "type": "Resource", "resource": { "name": "cpu", "target": { "type": "Utilization", "averageUtilization": 80 } } }],
        },
    });
    connection.create(Kind::HorizontalPodAutoscaler, &scaler).await?;
    let plan = says(&ground, Check::ReplicaOwner, VerdictLevel::Ok, "hpa").await?;
    let scaler = plan.verdicts.iter().find(|verdict| verdict.code == "hpa").context("it is named")?;
    assert_eq!(["name", "min", "max"].map(|param| scaler.params[param].as_str()), ["by-cpu", "2", "5"]);
    change(&ground, |draft| in_steps(draft, 2, "1", "0", &["1", "1"])).await?;
    says(&ground, Check::ReplicaOwner, VerdictLevel::Warning, "hpa_batches").await?;

    let selector = json!({ "matchLabels": { "slipway.dev/group": "prod" } });
    let budget = json!({ "metadata": { "name": "all" }, "spec": { "minAvailable": "100%", "selector": selector } });
    connection.create(Kind::PodDisruptionBudget, &budget).await?;
    says(&ground, Check::Budget, VerdictLevel::Ok, "ok").await?;
    change(&ground, |draft| (draft.strategy.max_surge, draft.strategy.max_unavailable) = ("0".into(), "1".into()))
        .await?;
    says(&ground, Check::Budget, VerdictLevel::Warning, "below").await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_somebody_else_moves_is_told() -> Result<()> {
    use VerdictLevel::{Blocks, Ok as Fine, Warning};
    let ground = Ground::new("standing", |draft| in_steps(draft, 2, "1", "0", &["1", "1"])).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    says(&ground, Check::Deployment, Fine, "ok").await?;
    kubectl(&ground, &["rollout", "pause", DEPLOYMENT])?;
    says(&ground, Check::Deployment, Blocks, "paused").await?;
    kubectl(&ground, &["rollout", "resume", DEPLOYMENT])?;
    says(&ground, Check::Deployment, Fine, "ok").await?;
    // Two versions beside each other: the new one has no image.
    let image = format!("app={}/demo/checkout-api:never-pushed", slipway_tests::ground::registry()?);
    kubectl(&ground, &["set", "image", DEPLOYMENT, &image])?;
    says(&ground, Check::Deployment, Blocks, "mixed").await?;
    change(&ground, |draft| draft.strategy = GroupDraft::default().strategy).await?;
    says(&ground, Check::Deployment, Warning, "mixed").await?;
    kubectl(&ground, &["rollout", "undo", DEPLOYMENT])?;
    says(&ground, Check::Deployment, Fine, "ok").await?;
    let recreate = r#"{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}"#;
    kubectl(&ground, &["patch", DEPLOYMENT, "-p", recreate])?;
    says(&ground, Check::Deployment, Warning, "recreate").await?;
    ground.close().await
}

/// A pause of ours is nobody's: a release at rest is superseded without a word.
#[tokio::test(flavor = "multi_thread")]
async fn what_rests_by_a_release_of_ours_is_not_called_somebody_elses() -> Result<()> {
    let ground = Ground::new("own-pause", |draft| in_steps(draft, 2, "1", "0", &["1", "1"])).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    let id = ground.start("v2").await?;
    slipway_tests::ground::rested(&ground.engine, &id, 0).await?;
    ensure!(ground.deployment().await?["spec"]["paused"] == true);
    let plan = ground.plan("v1").await?;
    assert_eq!(all(&plan, Check::Deployment), [(VerdictLevel::Ok, "ok")]);
    ground.close().await
}

/// What the role of a deployer may not see is said to be unknown, and is no reason against.
#[tokio::test(flavor = "multi_thread")]
async fn what_a_role_may_not_see_is_not_called_good() -> Result<()> {
    let ground = Ground::new("unseen", |_| {}).await?;
    let (engine, group) = ground.member(Role::Deployer).await?;
    let plan = engine.release_plan(&PlanRequest { group, image: "v1".into() }).await?;
    assert_eq!(all(&plan, Check::Room), [(VerdictLevel::Warning, "unseen")]);
    for check in [Check::Quota, Check::ReplicaOwner, Check::Budget] {
        assert!(all(&plan, check).iter().all(|(level, _)| *level == VerdictLevel::Ok), "{check:?}: {plan:#?}");
    }
    assert!(plan.verdicts.iter().all(|verdict| verdict.level != VerdictLevel::Blocks), "{plan:#?}");
    engine.close().await;
    ground.close().await
}
