//! What somebody else changes in the cluster, and the definitions of a group beside each other.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_engine::Error;
use slipway_engine::config::{ConfigCreate, FileContent};
use slipway_engine::diff::{
    AppPending, DiffRequest, ForeignFields, ForeignRow, Section, SeenField, Side, SideOf, ThreeView,
};
use slipway_engine::release::{PlanRequest, ReleaseAction, VerdictLevel};
use slipway_model::group::CheckKind;
use slipway_model::id::GroupId;
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, PATIENCE, settled};
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

/// Rows as they are seen in `three`.
fn of(ground: &Ground, three: &ThreeView, paths: &[&str]) -> ForeignFields {
    let seen = |path: &&str| SeenField { path: (*path).to_owned(), live: row(three, path).live.clone() };
    ForeignFields { group: ground.group.clone(), fields: paths.iter().map(seen).collect() }
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

    let adopted = engine.group_adopt(&of(&ground, &three, &["spec.replicas", MEMORY])).await?;
    assert!(!adopted.patched);
    let draft = engine.group(&ground.group).await?.draft;
    assert_eq!((draft.count.as_str(), draft.memory.limit.as_str()), ("3", "192Mi"));
    let waits = pending(&ground).await?.groups;
    assert_eq!((waits[0].changes, waits[0].sections[0].section), (1, Section::Container), "{waits:?}");

    let before = ground.deployment().await?["metadata"]["generation"].clone();
    engine.group_revert(&of(&ground, &three, &[CPU, "metadata.labels.team"])).await?;
    let marked = ground.deployment().await?;
    assert_eq!(marked["metadata"]["generation"], before, "nothing that runs was touched");
    assert_eq!(marked["metadata"]["labels"]["team"], "shop");
    let three = engine.group_three(&ground.group).await?;
    assert!(row(&three, CPU).goes_back && row(&three, "metadata.labels.team").goes_back, "{:#?}", three.foreign);
    engine.group_revert(&of(&ground, &three, &["spec.replicas"])).await?;
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
async fn every_field_is_adopted_and_what_moved_meanwhile_is_told() -> Result<()> {
    let ground = Ground::new("adopted", |_| {}).await?;
    let engine = &ground.engine;
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    let repository = engine.app(&ground.app).await?.repository;
    let patch = serde_json::json!({ "spec": { "template": { "spec": {
        "tolerations": [{ "key": "gpu", "operator": "Exists" }],
        "containers": [
            { "name": "app", "stdin": true, "env": [{ "name": "LEVEL", "value": "debug" }],
              "readinessProbe": { "tcpSocket": { "port": 8080 }, "periodSeconds": 1 } },
            { "name": "agent", "image": format!("{repository}:v1"), "env": [{ "name": "PORT", "value": "9102" }] },
        ],
    } } } });
    kubectl(&ground, &["patch", DEPLOYMENT, "--type=strategic", "-p", &patch.to_string()])?;
    kubectl(&ground, &["rollout", "status", DEPLOYMENT, "--timeout=120s"])?;
    let three = engine.group_three(&ground.group).await?;
    let mut fields: Vec<_> = three.foreign.iter().map(|row| row.field.as_str()).collect();
    fields.sort_unstable();
    let of_app = |field: &str| format!("containers[app].{field}");
    let expected =
        ["containers[agent]", &of_app("env[LEVEL]"), &of_app("readinessProbe"), &of_app("stdin"), "tolerations"];
    assert_eq!(fields, expected, "{:#?}", three.foreign);

    let all: Vec<&str> = three.foreign.iter().map(|row| row.path.as_str()).collect();
    let mut old = of(&ground, &three, &all);
    old.fields[0].live = Some("what it was before".into());
    for answer in [engine.group_adopt(&old).await.map(drop), engine.group_revert(&old).await] {
        assert!(matches!(answer, Err(Error::FieldMoved { .. })), "{answer:?}");
    }
    assert!(engine.group(&ground.group).await?.draft.variables.is_empty(), "nothing was written");

    assert!(engine.group_adopt(&of(&ground, &three, &all)).await?.patched, "the form has no sidecar");
    let draft = engine.group(&ground.group).await?.draft;
    assert_eq!((draft.readiness.kind, draft.readiness.tcp.as_str()), (CheckKind::Tcp, "8080"));
    assert_eq!(draft.variables, [Variable::plain("LEVEL", "debug")]);
    assert_eq!(draft.tolerations.len(), 1);
    assert!(draft.patch.contains("agent") && draft.patch.contains("stdin"), "{}", draft.patch);

    // Reverted after all: it leaves the draft, too.
    let three = engine.group_three(&ground.group).await?;
    let stdin = three.foreign.iter().find(|row| row.field.ends_with("stdin")).context("it is still another's")?;
    engine.group_revert(&of(&ground, &three, &[&stdin.path])).await?;
    assert!(!engine.group(&ground.group).await?.draft.patch.contains("stdin"));
    let agent = three.foreign.iter().find(|row| row.field == "containers[agent]").context("until it is released")?;
    assert!(agent.draft == agent.live && !agent.goes_back, "the draft has it: {agent:?}");

    assert!(!blocked(&ground, "v1").await?, "{:#?}", ground.plan("v1").await?.verdicts);
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    let pod = ground.deployment().await?["spec"]["template"]["spec"].clone();
    let named = |name: &str| pod["containers"].as_array().into_iter().flatten().find(|one| one["name"] == name);
    let (app, agent) = (named("app").context("the app")?, named("agent").context("the sidecar")?);
    assert_eq!(agent["env"][0]["value"], "9102");
    assert_eq!(app["readinessProbe"]["tcpSocket"]["port"], 8080);
    assert_eq!((&app["stdin"], &app["env"]), (&Value::Null, &Value::Null), "one goes back, one is the group's: {app}");
    assert!(app["envFrom"][0]["configMapRef"]["name"].is_string());
    assert_eq!(pod["tolerations"][0]["key"], "gpu");
    assert_eq!(engine.group_three(&ground.group).await?.foreign, []);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_adopted_variable_is_reverted_to_what_the_group_said() -> Result<()> {
    let ground = Ground::new("adopted-env", |draft| draft.variables = vec![Variable::plain("LEVEL", "info")]).await?;
    let engine = &ground.engine;
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    kubectl(&ground, &["set", "env", DEPLOYMENT, "LEVEL=debug", "TRACE=yes"])?;
    let both = ["LEVEL", "TRACE"].map(|name| format!("spec.template.spec.containers[app].env[{name}]"));
    let both = both.each_ref().map(String::as_str);
    let three = engine.group_three(&ground.group).await?;
    engine.group_adopt(&of(&ground, &three, &both)).await?;
    let draft = engine.group(&ground.group).await?.draft;
    assert_eq!(draft.variables, [Variable::plain("LEVEL", "debug"), Variable::plain("TRACE", "yes")]);

    let three = engine.group_three(&ground.group).await?;
    assert!(both.iter().all(|path| row(&three, path).draft == row(&three, path).live), "{:#?}", three.foreign);
    engine.group_revert(&of(&ground, &three, &both)).await?;
    let draft = engine.group(&ground.group).await?.draft;
    assert_eq!(draft.variables, [Variable::plain("LEVEL", "info")], "one was the group's before, one was nobody's");
    assert_eq!(pending(&ground).await?.groups, []);
    let three = engine.group_three(&ground.group).await?;
    assert!(both.iter().all(|path| row(&three, path).goes_back), "{:#?}", three.foreign);

    assert!(!blocked(&ground, "v1").await?, "{:#?}", ground.plan("v1").await?.verdicts);
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    let app = ground.deployment().await?["spec"]["template"]["spec"]["containers"][0].clone();
    assert_eq!(app["env"], Value::Null, "{app}");
    assert_eq!(engine.group_three(&ground.group).await?.foreign, []);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn how_we_hold_a_deployment_is_nobody_elses_change() -> Result<()> {
    const PAUSED: &str = "spec.paused";
    let ground = Ground::new("held", |_| {}).await?;
    let engine = &ground.engine;
    let live = SideOf { group: ground.group.clone(), side: Side::Live };
    let released = SideOf { side: Side::Released, ..live.clone() };
    let clean = async || -> Result<()> {
        let three = engine.group_three(&ground.group).await?;
        ensure!(three.foreign.is_empty(), "{:#?}", three.foreign);
        ensure!(three.objects.iter().all(|object| object.foreign == 0), "{:#?}", three.objects);
        let diff = engine.group_diff(&DiffRequest { from: released.clone(), to: live.clone() }).await?;
        ensure!(diff.changes.is_empty() && diff.objects.is_empty(), "{diff:#?}");
        Ok(())
    };
    assert_eq!(ground.release("v1").await?.row.state, ReleaseState::Succeeded);
    engine.group_stop(&ground.group).await?;
    assert_eq!(ground.deployment().await?["spec"]["replicas"], 0);
    clean().await.context("stopped by us")?;
    engine.group_start(&ground.group).await?;
    clean().await.context("started by us")?;

    let stopped = ground.release("crash").await?;
    assert_eq!(stopped.row.state, ReleaseState::Stopped);
    assert_eq!(ground.deployment().await?["spec"]["paused"], true);
    clean().await.context("paused by us")?;
    engine.release_act(&stopped.id, ReleaseAction::Abort).await?;
    settled(engine, &stopped.id).await?;

    kubectl(&ground, &["rollout", "pause", DEPLOYMENT])?;
    let three = engine.group_three(&ground.group).await?;
    assert_eq!(row(&three, PAUSED).manager.as_deref(), Some("kubectl-rollout"), "{:#?}", three.foreign);
    assert!(three.objects.iter().any(|object| object.foreign > 0), "{:#?}", three.objects);
    let diff = engine.group_diff(&DiffRequest { from: released.clone(), to: live.clone() }).await?;
    assert_eq!(diff.objects.len(), 1, "{diff:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_groups_are_compared() -> Result<()> {
    let ground = Ground::new("two-groups", |draft| {
        draft.image = "v1".into();
        draft.variables = vec![Variable::plain("LEVEL", "info")];
    })
    .await?;
    let engine = &ground.engine;
    let other = ground.group_like("canary", &ground.link).await?;
    let mut draft = engine.group(&other).await?.draft;
    draft.variables = vec![Variable::plain("LEVEL", "debug")];
    draft.memory.limit = "256Mi".into();
    engine.group_update(&other, &draft).await?;
    let of_app = (None, "same.yaml", "same: yes\n");
    for (group, name, text) in
        [(Some(&ground.group), "pool.yaml", "pool: 20\n"), (Some(&other), "pool.yaml", "pool: 60\n"), of_app]
    {
        let create = ConfigCreate {
            app: ground.app.clone(),
            group: group.cloned(),
            path: format!("/etc/app/{name}"),
            content: FileContent::Text { text: text.into() },
            literal: false,
            sensitive: false,
        };
        engine.config_create(&create).await?;
    }
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    ensure!(ground.release_of(&other, "v1").await?.row.state == ReleaseState::Succeeded);
    for side in [Side::Saved, Side::Released, Side::Live] {
        let of = |group: &GroupId| SideOf { group: group.clone(), side: side.clone() };
        let diff = engine.group_diff(&DiffRequest { from: of(&ground.group), to: of(&other) }).await?;
        assert_eq!((diff.from.group_name.as_str(), diff.to.group_name.as_str()), ("prod", "canary"));
        let fields: Vec<_> = diff.changes.iter().map(|change| change.field.as_str()).collect();
        for field in ["LEVEL", "pool.yaml", "memory"] {
            assert!(fields.iter().any(|found| found.contains(field)), "{side:?} {field}: {fields:?}");
        }
        let file = diff.objects.iter().find(|object| object.role == "file:/etc/app/pool.yaml").context("the file")?;
        let content = file.content.as_ref().context("it may be shown")?;
        assert_eq!((content.added, content.removed), (1, 1), "{side:?}");
        assert!(file.before != file.after, "each has its own object");
        let same = diff.objects.iter().any(|object| object.role == "file:/etc/app/same.yaml");
        assert!(!same, "{side:?}: a file that both have is no difference, whatever its object is called");
    }
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
