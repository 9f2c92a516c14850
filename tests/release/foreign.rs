//! What somebody else changes in the cluster, and the definitions of a group beside each other.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_engine::diff::{AppPending, DiffRequest, ForeignFields, ForeignRow, Section, Side, SideOf, ThreeView};
use slipway_engine::release::{PlanRequest, VerdictLevel};
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, PATIENCE};
use std::path::Path;
use std::process::Command;

const DEPLOYMENT: &str = "deployment/checkout-api-prod";
const CPU: &str = "spec.template.spec.containers[app].resources.requests.cpu";
const MEMORY: &str = "spec.template.spec.containers[app].resources.limits.memory";

/// Real kubectl, in the namespace of the test.
pub(crate) fn kubectl(ground: &Ground, words: &[&str]) -> Result<()> {
    let program =
        std::env::var_os("SLIPWAY_CLUSTER_BIN").context("SLIPWAY_CLUSTER_BIN names no program of a cluster")?;
    let output = Command::new(program)
        .arg("kubectl")
        .args(words)
        .env("KUBECONFIG", ground.folder().join("kubeconfig"))
        .output()
        .with_context(|| format!("run kubectl {words:?}"))?;
    ensure!(output.status.success(), "kubectl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(())
}

fn of(ground: &Ground, paths: &[&str]) -> ForeignFields {
    ForeignFields { group: ground.group.clone(), paths: paths.iter().map(|path| (*path).to_owned()).collect() }
}

fn row<'a>(three: &'a ThreeView, path: &str) -> &'a ForeignRow {
    let found = three.foreign.iter().find(|row| row.path == path);
    found.unwrap_or_else(|| panic!("{path} is named: {:#?}", three.foreign))
}

async fn blocked(ground: &Ground, tag: &str) -> Result<bool> {
    let plan = ground.plan(tag).await?;
    Ok(plan.verdicts.iter().any(|verdict| verdict.level == VerdictLevel::Blocks))
}

/// What waits for a release, once it is counted.
async fn pending(ground: &Ground) -> Result<AppPending> {
    let wait = async {
        let mut changes = ground.engine.live_changes();
        loop {
            let pending = ground.engine.app_pending(&ground.app).await?;
            if !pending.counting {
                return Ok(pending);
            }
            changes.next().await.context("the store is closed")?;
        }
    };
    tokio::time::timeout(PATIENCE, wait).await.context("it is counted for ever")?
}

#[tokio::test(flavor = "multi_thread")]
async fn what_somebody_else_changed_is_named_adopted_and_reverted() -> Result<()> {
    let ground = Ground::new("foreign", |draft| {
        draft.variables = vec![Variable { name: "A".into(), value: "1".into(), ..Variable::default() }];
    })
    .await?;
    let engine = &ground.engine;
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    let three = engine.group_three(&ground.group).await?;
    assert_eq!(three.foreign, [], "what the controller and the server wrote is nobody's change");
    assert!(three.objects.iter().all(|object| object.foreign + object.drafted == 0), "{:#?}", three.objects);
    assert!(three.defaulted > 10, "the server filled in {}", three.defaulted);
    let live = SideOf { group: ground.group.clone(), side: Side::Live };
    let saved = SideOf { side: Side::Saved, ..live.clone() };
    let same = engine.group_diff(&DiffRequest { from: live.clone(), to: saved.clone() }).await?;
    assert_eq!((same.changes, same.objects.len()), (vec![], 0));

    kubectl(&ground, &["scale", DEPLOYMENT, "--replicas=3"])?;
    kubectl(&ground, &["set", "resources", DEPLOYMENT, "-c=app", "--limits=memory=192Mi", "--requests=cpu=20m"])?;
    kubectl(&ground, &["label", DEPLOYMENT, "team=shop"])?;
    let three = engine.group_three(&ground.group).await?;
    let told = |path: &str| {
        let row = row(&three, path);
        // The server keeps no time for what was written through a subresource.
        assert!(row.time.is_some() || row.subresource == "scale", "{row:?}");
        let value = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".into());
        let manager = format!("{} {}", value(&row.manager), row.subresource);
        [value(&row.released), value(&row.live), value(&row.draft), manager.trim().to_owned()]
    };
    assert_eq!(told("spec.replicas"), ["2", "3", "2", "kubectl scale"]);
    assert_eq!(told(MEMORY), ["128Mi", "192Mi", "128Mi", "kubectl-set"]);
    assert_eq!(told(CPU), ["10m", "20m", "10m", "kubectl-set"]);
    assert_eq!(told("metadata.labels.team"), ["-", "shop", "-", "kubectl-label"]);
    assert_eq!(three.foreign.len(), 4, "{:#?}", three.foreign);
    assert!(row(&three, "spec.replicas").at_once && !row(&three, CPU).at_once);
    assert!(blocked(&ground, "v1").await?, "a release stops and asks");

    let adopted = engine.group_adopt(&of(&ground, &["spec.replicas", MEMORY])).await?;
    assert!(!adopted.patched);
    let draft = engine.group(&ground.group).await?.draft;
    assert_eq!((draft.count.as_str(), draft.memory.limit.as_str()), ("3", "192Mi"));
    let waits = pending(&ground).await?.groups;
    assert_eq!((waits[0].changes, waits[0].sections[0].section), (1, Section::Container), "{waits:?}");

    let before = ground.deployment().await?["metadata"]["generation"].clone();
    engine.group_revert(&of(&ground, &[CPU, "metadata.labels.team"])).await?;
    let marked = ground.deployment().await?;
    assert_eq!(marked["metadata"]["generation"], before, "nothing that runs was touched");
    assert_eq!(marked["metadata"]["labels"]["team"], "shop");
    let three = engine.group_three(&ground.group).await?;
    assert!(row(&three, CPU).goes_back && row(&three, "metadata.labels.team").goes_back, "{:#?}", three.foreign);
    engine.group_revert(&of(&ground, &["spec.replicas"])).await?;
    assert_eq!(ground.deployment().await?["spec"]["replicas"], 2, "at once");
    assert!(!blocked(&ground, "v1").await?, "{:#?}", ground.plan("v1").await?.verdicts);

    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    let after = ground.deployment().await?;
    let resources = &after["spec"]["template"]["spec"]["containers"][0]["resources"];
    assert_eq!((&resources["limits"]["memory"], &resources["requests"]["cpu"]), (&"192Mi".into(), &"10m".into()));
    assert_eq!(after["metadata"]["labels"]["team"], Value::Null, "what we never said is gone with the release");
    assert_eq!(engine.group_three(&ground.group).await?.foreign, []);
    assert_eq!(pending(&ground).await?.groups, []);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn any_two_definitions_are_compared() -> Result<()> {
    let ground = Ground::new("sides", |draft| draft.image = "v1".into()).await?;
    let engine = &ground.engine;
    let (one, two) = (ground.release("v1").await?, ground.release("v2").await?);
    let mut draft = engine.group(&ground.group).await?.draft;
    assert_eq!(draft.image, "v2", "what was released last is proposed, and no change that waits");
    draft.memory.limit = "160Mi".into();
    engine.group_update(&ground.group, &draft).await?;
    let diff = async |from: Side, to: Side| {
        let side = |side| SideOf { group: ground.group.clone(), side };
        let diff = engine.group_diff(&DiffRequest { from: side(from), to: side(to) }).await?;
        let changes: Vec<_> = diff.changes.into_iter().map(|change| change.field).collect();
        anyhow::Ok((
            changes,
            diff.objects.iter().map(|object| (object.diff.added, object.diff.removed)).collect::<Vec<_>>(),
        ))
    };
    let memory = "containers.app.resources.limits.memory".to_owned();
    let releases = (Side::Release { id: one.id }, Side::Release { id: two.id });
    assert_eq!(diff(releases.0, releases.1.clone()).await?, (vec!["image".to_owned()], vec![(1, 1)]));
    assert_eq!(diff(releases.1, Side::Released).await?, (vec![], vec![]));
    assert_eq!(diff(Side::Released, Side::Saved).await?, (vec!["memory.limit".to_owned()], vec![(1, 1)]));
    assert_eq!(diff(Side::Live, Side::Saved).await?, (vec![memory], vec![(1, 1)]));
    assert_eq!(diff(Side::Released, Side::Live).await?, (vec![], vec![]));
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn kubectl_takes_what_is_saved_as_a_folder() -> Result<()> {
    let ground = Ground::new("kustomize", |draft| {
        draft.image = "v1".into();
        draft.variables = vec![Variable { name: "ON".into(), value: "yes".into(), ..Variable::default() }];
    })
    .await?;
    let target = ground.folder().join("out");
    std::fs::create_dir(&target)?;
    let saved = ground.engine.group_save_yaml(&ground.group, &target).await?;
    assert_eq!((saved.files, saved.left_out.len()), (3, 0));
    let folder = Path::new(&saved.folder);
    assert_eq!(folder, target.join("checkout-api-prod"));
    // Never applied before, and over what is there.
    for _ in 0..2 {
        kubectl(&ground, &["apply", "-k", &saved.folder])?;
    }
    let applied = ground.deployment().await?;
    let label = &applied["metadata"]["labels"]["app.kubernetes.io/name"];
    assert_eq!((label, &applied["spec"]["replicas"]), (&"checkout-api".into(), &2.into()));
    let plan = PlanRequest { group: ground.group.clone(), image: "v1".into() };
    assert!(!ground.engine.release_plan(&plan).await?.first, "it is this group's");
    ground.close().await
}
