//! An app with everything that it can have, deleted and had back from its export; and a deletion that its cluster leaves
//! waiting.

use crate::config::{SENSITIVE, create, file, ground, holds, sensitive, set, text};
use anyhow::{Context, Result, ensure};
use slipway_cluster::{ClusterError, Kind};
use slipway_engine::balancer::PlaceState;
use slipway_engine::config::{AppVariablesSet, CellState, CellValue, SecretPut, ValueMatrix, ValueSet};
use slipway_engine::deletion::{DeletionOrder, StayReason};
use slipway_engine::release::VerdictLevel;
use slipway_engine::{Engine, Error};
use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};
use slipway_model::config::Value;
use slipway_model::deletion::DoomedKind;
use slipway_model::id::GroupId;
use slipway_model::release::ReleaseState;
use slipway_model::variable::{Variable, VariableKind};
use slipway_tests::ground::{Ground, PATIENCE, deleted, settled};
use slipway_tests::own_cluster::OwnCluster;
use std::io::Read as _;
use std::path::Path;
use std::process::Stdio;

fn balancer(name: &str, groups: &[&GroupId]) -> BalancerDraft {
    let port = BalancerPortDraft { port: "80".into(), target: "http".into(), ..BalancerPortDraft::default() };
    let groups = groups.iter().map(|group| (*group).clone()).collect();
    BalancerDraft { name: name.into(), kind: BalancerKind::ClusterIP, ports: vec![port], groups }
}

/// Everything in a zip, unpacked.
fn unpacked(export: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let mut zip = zip::ZipArchive::new(std::fs::File::open(export)?)?;
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at)?;
        let mut content = Vec::new();
        part.read_to_end(&mut content)?;
        parts.push((part.name()?.into_owned(), content));
    }
    Ok(parts)
}

/// What the only group of a matrix has for a key, after the app's default.
fn cell<'m>(matrix: &'m ValueMatrix, key: &str) -> Result<(Option<&'m CellValue>, CellState, Option<&'m CellValue>)> {
    let row = matrix.keys.iter().find(|row| row.key == key).with_context(|| format!("no key {key}"))?;
    Ok((row.default.as_ref(), row.cells[0].state, row.cells[0].value.as_ref()))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deleted_group_is_had_back_from_its_export_with_all_it_had() -> Result<()> {
    let ground = ground("whole").await?;
    let engine = &ground.engine;
    sensitive(&ground).await?;
    create(&ground, Some(&ground.group), "conf/own.yml", text("mine: {{word}}\n")).await?;
    set(&ground, "word", Some(&ground.group), "two").await?;
    let canary = ground.group_like("canary", &ground.link).await?;
    for draft in [balancer("alone", &[&ground.group]), balancer("shared", &[&ground.group, &canary])] {
        let saved = engine.balancer_create(&ground.app, &draft).await?;
        ensure!(saved.attempts.iter().all(|attempt| attempt.error.is_none()), "{:#?}", saved.attempts);
    }
    let (first, second) = tokio::try_join!(ground.release("v1"), ground.release_of(&canary, "v1"))?;
    ensure!([&first, &second].iter().all(|view| view.row.state == ReleaseState::Succeeded), "{first:#?} {second:#?}");

    let plan = engine.group_delete_plan(&ground.group).await?;
    let going = |kind| plan.goes.iter().filter(move |object| object.kind == kind);
    let services: Vec<&str> = going(DoomedKind::Service).map(|object| object.name.as_str()).collect();
    assert_eq!(services, ["alone"], "a load balancer of nobody else goes, too");
    let secrets = going(DoomedKind::Secret).count();
    assert_eq!((secrets, going(DoomedKind::ConfigMap).count()), (2, 1), "of its own pods: {:#?}", plan.goes);
    let stays: Vec<_> = plan.stays.iter().map(|one| (one.name.as_str(), one.why)).collect();
    assert_eq!(stays, [("shared", StayReason::Shared)]);
    ensure!(plan.named && plan.pods == 2, "{plan:#?}");
    let order =
        |typed: &str| DeletionOrder { group: ground.group.clone(), plan: plan.hash.clone(), typed: typed.to_owned() };
    ensure!(matches!(engine.group_delete(&order("canary")).await, Err(Error::Invalid(_))), "another name is typed");
    engine.group_delete(&order("prod")).await?;
    deleted(engine, &ground.group).await?;
    let service = async |name: &str| ground.owner.connection.get(Kind::Service, name).await;
    ensure!(service("alone").await?.is_none() && service("shared").await?.is_some());
    let rows = engine.balancer_list(&ground.app).await?;
    let left: Vec<_> = rows.iter().map(|row| (row.draft.name.as_str(), row.draft.groups.as_slice())).collect();
    assert_eq!(left, [("shared", [canary.clone()].as_slice())]);
    // The other group goes on as it was.
    assert_eq!(ground.owner.connection.list(Kind::Secret, "slipway.dev/group=canary").await?.len(), 2);

    let parts = unpacked(Path::new(&plan.export))?;
    ensure!(parts.iter().any(|(_, content)| holds(content, "mine: {{word}}")), "the search finds what is there");
    for (name, content) in parts {
        ensure!(!holds(&content, SENSITIVE), "{name} holds a sensitive value");
    }
    Box::pin(had_back(&ground, Path::new(&plan.export))).await?;
    ground.close().await
}

/// On another computer, which has none of the values.
async fn had_back(ground: &Ground, export: &Path) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let other = Engine::open(folder.path()).await?;
    ground.link_on(&other).await?;
    let app = other.app_import(export).await?;
    assert_eq!((&app, other.app(&app).await?.deploy_path.as_str()), (&ground.app, "/export/app/"));
    let tree = other.config_tree(&app).await?;
    let paths = |rows: &mut dyn Iterator<Item = &slipway_engine::config::FileRow>| {
        rows.map(|row| row.path.clone()).collect::<Vec<_>>()
    };
    assert_eq!(paths(&mut tree.files.iter()), ["conf/db.conf"]);
    assert_eq!(paths(&mut tree.groups[0].files.iter().map(|file| &file.file)), ["conf/db.conf", "conf/own.yml"]);
    let matrix = other.config_matrix(&app).await?;
    let plain = |text: &str| CellValue::Plain { text: text.to_owned() };
    assert_eq!(cell(&matrix, "word")?, (Some(&plain("one")), CellState::Set, Some(&plain("two"))));
    let password = cell(&matrix, "password")?;
    ensure!(matches!(password.0, Some(CellValue::Sealed { known: false, .. })), "named as not known: {password:?}");
    let variables = other.config_variables(&ground.group).await?;
    let told: Vec<_> = variables.iter().map(|variable| (variable.name.as_str(), variable.elsewhere)).collect();
    assert_eq!(told, [("DB_PASSWORD", true)]);
    let mut rows: Vec<_> = other.balancer_list(&app).await?;
    rows.sort_by(|a, b| a.draft.name.cmp(&b.draft.name));
    let back: Vec<_> = rows.iter().map(|row| (row.draft.name.as_str(), row.draft.groups.as_slice())).collect();
    let behind = [ground.group.clone()];
    assert_eq!(back, [("alone", behind.as_slice()), ("shared", behind.as_slice())]);
    assert_eq!(rows[0].places[0].state, PlaceState::New, "its Service is gone");

    // What is missing is named before anything begins; given anew, everything is as it was.
    let plan = ground.plan_on(&other, "v1").await?;
    let mut missing: Vec<_> = plan
        .verdicts
        .iter()
        .filter(|verdict| verdict.code == "elsewhere" && verdict.level == VerdictLevel::Blocks)
        .map(|verdict| verdict.params["keys"].as_str())
        .collect();
    missing.sort_unstable();
    assert_eq!(missing, ["DB_PASSWORD", "password"]);
    let value = Some(Value::Plain("given-anew".into()));
    other.value_set(&ValueSet { app: app.clone(), key: "password".into(), group: None, value }).await?;
    let secret = Some(other.secret_put(SecretPut { value: "given-anew".into() }).await?);
    let variable = Variable { kind: VariableKind::Sensitive, secret, ..Variable::plain("DB_PASSWORD", "") };
    other.app_variables_set(&AppVariablesSet { app: app.clone(), variables: vec![variable] }).await?;
    let plan = ground.plan_on(&other, "v1").await?;
    let release = other.release_start(&plan.hash, "").await?;
    let view = settled(&other, &release).await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    let label = view.label.context("its pods have it")?;
    assert_eq!(file(ground, &label, "db.conf").await?, "given-anew\n# two\n");
    assert_eq!(file(ground, &label, "own.yml").await?, "mine: two\n");
    other.close().await;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deletion_waits_for_its_cluster_and_goes_on_by_itself() -> Result<()> {
    let cluster = OwnCluster::start(&["--no-node"])?;
    let mut ground = Ground::on(&cluster, "waits", |draft| draft.count = "0".into()).await?;
    let view = ground.release("v1").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    // It dies as soon as it is written down what goes: nothing has.
    ground.engine.close().await;
    let mut pilot = tokio::process::Command::new(env!("CARGO_BIN_EXE_pilot"));
    pilot.arg(ground.data_dir()).args(["delete", ground.group.as_str()]).env("SLIPWAY_FAULT", "after the intention");
    let died = pilot.stdin(Stdio::null()).kill_on_drop(true).status().await?;
    ensure!(died.code().is_none(), "a deletion comes by here: {died}");

    cluster.run("fault", &["port", "api", "refuse"])?;
    ground.engine = Engine::open(&ground.data_dir()).await?;
    let engine = &ground.engine;
    let stuck = async {
        let mut changes = engine.live_changes();
        loop {
            let deletion = engine.group_deletion(&ground.group).await?.context("it was begun")?;
            ensure!(deletion.ended.is_none(), "{deletion:#?}");
            if let Some(why) = deletion.stuck {
                return Ok(why);
            }
            changes.next().await.context("the store is closed")?;
        }
    };
    let why = tokio::time::timeout(PATIENCE, stuck).await.context("it says that it waits")??;
    let asked = engine.group_delete_plan(&ground.group).await;
    let refused = matches!(&asked, Err(Error::Cluster(ClusterError::Unreachable { .. })));
    ensure!(refused, "what goes is the cluster's to say: {asked:?}; {why}");
    let card = engine.group_list(&ground.app).await?;
    assert_eq!(card[0].id, ground.group, "nothing is forgotten meanwhile");

    cluster.run("fault", &["port", "api", "ok"])?;
    engine.cluster_retry(&ground.link).await?;
    deleted(engine, &ground.group).await?;
    assert_eq!(ground.owner.connection.get(Kind::Deployment, "checkout-api-prod").await?, None);
    ensure!(engine.group_list(&ground.app).await?.is_empty());
    ground.close().await
}
