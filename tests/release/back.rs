//! Back to a version: what its pods had comes back, and what cannot come back is said before.

use crate::config::{SENSITIVE, ask, create, file, ground, save, sensitive, set, text};
use crate::image::{delete, push, said};
use anyhow::{Context, Result, ensure};
use slipway_cluster::Kind;
use slipway_engine::release::{
    Check, ReleaseAction, ReleaseView, RollbackRequest, RollbackView, SinceThen, VerdictLevel,
};
use slipway_engine::{Engine, Error};
use slipway_model::balancer::{BalancerDraft, BalancerPortDraft};
use slipway_model::group::GroupDraft;
use slipway_model::release::{BackScope, ReleaseState};
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, registry, rested, settled};
use slipway_tests::pod::Pods;

async fn planned(ground: &Ground, to: &ReleaseView, scope: BackScope) -> Result<RollbackView> {
    let request = RollbackRequest { release: to.id.clone(), scope };
    Ok(Box::pin(ground.engine.rollback_plan(&request)).await?)
}

pub(crate) async fn back(ground: &Ground, to: &ReleaseView, scope: BackScope) -> Result<ReleaseView> {
    let plan = planned(ground, to, scope).await?.plan;
    let blocking: Vec<_> = plan.verdicts.iter().filter(|verdict| verdict.level == VerdictLevel::Blocks).collect();
    ensure!(blocking.is_empty(), "{blocking:#?}");
    let id = ground.engine.release_start(&plan.hash, "back").await?;
    settled(&ground.engine, &id).await
}

/// The group's own variable.
async fn variable(ground: &Ground, value: &str) -> Result<()> {
    let draft = ground.engine.group(&ground.group).await?.draft;
    let draft = GroupDraft { variables: vec![Variable::plain("MODE", value)], ..draft };
    Ok(ground.engine.group_update(&ground.group, &draft).await?)
}

/// What the live Deployment runs.
async fn image(ground: &Ground) -> Result<String> {
    let live = ground.deployment().await?;
    let image = live["spec"]["template"]["spec"]["containers"][0]["image"].as_str();
    Ok(image.context("an image")?.to_owned())
}

async fn mode(ground: &Ground, release: &str) -> Result<String> {
    let answers = ask(ground, release, "/env").await?;
    let said = answers.iter().flat_map(|all| all.as_array().into_iter().flatten());
    let modes: Vec<&str> = said.filter_map(|one| one.as_str()?.strip_prefix("MODE=")).collect();
    ensure!(modes.len() == answers.len() && modes.windows(2).all(|pair| pair[0] == pair[1]), "{modes:?}");
    Ok(modes[0].to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_pods_had_comes_back_and_drafts_stay_where_they_are() -> Result<()> {
    let ground = ground("back").await?;
    let id = create(&ground, None, "conf/app.yml", text("word: {{word}}\n")).await?;
    set(&ground, "word", None, "one").await?;
    variable(&ground, "old").await?;
    let first = ground.release("v1").await?;
    set(&ground, "word", None, "two").await?;
    variable(&ground, "new").await?;
    save(&ground, &id, "word: {{word}}\nmore: true\n").await?;
    let second = ground.release("v2").await?;
    ensure!(second.row.state == ReleaseState::Succeeded, "{second:#?}");
    // Begun and not released: no part of a way back.
    set(&ground, "word", None, "three").await?;

    let view = planned(&ground, &first, BackScope::Configuration).await?;
    assert_eq!((view.to.seq, view.now.seq), (Some(1), Some(2)));
    assert_eq!(view.plan.to_version, "v1");
    let told = |field: &str| {
        let change = view.changes.iter().find(|one| one.change.field == field).context("it is told")?;
        let words = [&change.change.before, &change.change.after].map(|value| value.clone().unwrap_or_default());
        anyhow::Ok((words, change.key, change.last.as_ref().and_then(|last| last.seq)))
    };
    assert_eq!(told("word")?, (["two".into(), "one".into()], true, Some(2)));
    assert_eq!(told("variables.MODE")?, (["new".into(), "old".into()], false, Some(2)));
    assert_eq!(told("/export/app/conf/app.yml")?.2, Some(2));
    assert!(!view.changes.iter().any(|one| one.change.field == "image"), "it has a place of its own");

    // The image alone: the configuration that runs now stays.
    let third = back(&ground, &first, BackScope::Image).await?;
    assert_eq!((third.row.state, third.row.back_to), (ReleaseState::Succeeded, Some(1)), "{third:#?}");
    assert_eq!((image(&ground).await?, mode(&ground, "r3").await?), (first.image.clone(), "new".to_owned()));
    assert_eq!(file(&ground, "r3", "app.yml").await?, "word: two\nmore: true\n");

    let fourth = back(&ground, &first, BackScope::Configuration).await?;
    assert_eq!((fourth.row.state, fourth.row.back_to), (ReleaseState::Succeeded, Some(1)), "{fourth:#?}");
    assert!(first.image.contains("@sha256:"), "{}", first.image);
    assert_eq!((image(&ground).await?, mode(&ground, "r4").await?), (first.image.clone(), "old".to_owned()));
    assert_eq!(file(&ground, "r4", "app.yml").await?, "word: one\n");
    assert_eq!(fourth.objects, first.objects, "the same objects by name");

    // What runs in the containers, as the kubelet tells it.
    let pods = Pods::of(&ground).await?;
    let digest = first.image.split_once('@').context("a digest")?.1;
    for pod in pods.with("slipway.dev/release=r4").await? {
        let id = pod["status"]["containerStatuses"][0]["imageID"].as_str().unwrap_or_default();
        assert!(id.ends_with(digest), "{id} is {digest}");
    }
    // Whoever reads the record knows, too.
    let records = pods.records().await?;
    let relation = records.last().and_then(|record| record.release.plan.back.clone()).context("a relation")?;
    assert_eq!((relation.release, relation.scope), (first.id, BackScope::Configuration));
    pods.close();
    // Drafts are as they were, and count against what runs now.
    let plan = ground.plan("v1").await?;
    let shown = |line: &str| plan.diff.lines.iter().any(|shown| shown.text.contains(line));
    assert!(shown("word: three") && shown("word: one") && !shown("word: two"), "{:#?}", plan.diff);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_in_batches_goes_back_in_batches() -> Result<()> {
    let ground = Ground::new("back-batches", |draft| crate::batches::in_steps(draft, 2, "1", "0", &["1", "1"])).await?;
    let first = ground.release("v1").await?;
    crate::batches::approved(&ground, "v2", &[1, 2]).await?;
    let plan = planned(&ground, &first, BackScope::Configuration).await?.plan;
    assert_eq!(plan.batches.iter().map(|batch| batch.pods).collect::<Vec<_>>(), [1, 1]);
    let id = ground.engine.release_start(&plan.hash, "").await?;
    let view = rested(&ground.engine, &id, 0).await?;
    assert_eq!((view.row.state, view.row.back_to), (ReleaseState::Resting, Some(1)), "{view:#?}");
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    assert_eq!(settled(&ground.engine, &id).await?.row.state, ReleaseState::Succeeded);
    assert_eq!(image(&ground).await?, first.image);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_image_that_its_registry_has_no_more_is_no_way_back() -> Result<()> {
    let ground = Ground::new("back-gone", |draft| draft.count = "1".into()).await?;
    let repository = format!("demo/back-{}", &ground.app.as_str()[..8]);
    let manifest = crate::image::manifest("v1")?;
    push(&repository, "v1", &manifest)?;
    let first = ground.release(&format!("{}/{repository}:v1", registry()?)).await?;
    ensure!(first.row.state == ReleaseState::Succeeded, "{first:#?}");
    ground.release("v2").await?;
    let there = planned(&ground, &first, BackScope::Image).await?.plan;
    assert_eq!(said(&there, Check::Image), Some((VerdictLevel::Ok, "ok")));

    let digest = first.image.split_once('@').context("a digest")?.1;
    delete(&repository, digest)?;
    let gone = planned(&ground, &first, BackScope::Image).await?.plan;
    assert_eq!(said(&gone, Check::Image), Some((VerdictLevel::Blocks, "missing")));
    let refused = ground.engine.release_start(&gone.hash, "").await;
    assert!(matches!(refused, Err(Error::PlanBlocked)), "{refused:?}");
    assert_eq!(ground.records().await?.len(), 2);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sensitive_value_of_then_is_that_of_its_secret_or_stands_in_the_way() -> Result<()> {
    let mut ground = ground("back-secret").await?;
    sensitive(&ground).await?;
    set(&ground, "word", None, "one").await?;
    let first = ground.release("v1").await?;
    ensure!(first.row.state == ReleaseState::Succeeded, "{first:#?}");
    set(&ground, "password", None, "of-today").await?;
    let second = ground.release("v1").await?;
    assert_eq!(file(&ground, "r2", "db.conf").await?, "of-today\n# one\n");
    let view = planned(&ground, &first, BackScope::Configuration).await?;
    let password = view.changes.iter().find(|one| one.change.field == "password").context("it is told")?;
    assert!(password.change.hidden && password.key);
    let words = serde_json::to_string(&view)?;
    assert!(!words.contains(SENSITIVE) && !words.contains("of-today"), "{words}");

    // A computer that has none of the values: the cluster still has the Secret.
    ground.engine.close().await;
    let database = ground.data_dir().join("slipway.db");
    rusqlite::Connection::open(&database)?.execute("DELETE FROM secret WHERE id LIKE 'value:%'", [])?;
    ground.engine = Engine::open(&ground.data_dir()).await?;
    let third = back(&ground, &first, BackScope::Configuration).await?;
    assert_eq!(third.row.state, ReleaseState::Succeeded, "{third:#?}");
    assert_eq!(file(&ground, "r3", "db.conf").await?, format!("{SENSITIVE}\n# one\n"));

    // Nobody has it any more.
    let connection = &ground.owner.connection;
    for secret in second.objects.iter().filter(|name| !first.objects.contains(name)) {
        connection.delete(Kind::Secret, secret).await?;
    }
    let gone = planned(&ground, &second, BackScope::Configuration).await?.plan;
    let verdict = gone.verdicts.iter().find(|verdict| verdict.code == "gone").context("it says so")?;
    assert_eq!((verdict.level, verdict.params["keys"].as_str()), (VerdictLevel::Blocks, "password"));
    let image = planned(&ground, &second, BackScope::Image).await?;
    assert!(image.plan.verdicts.iter().all(|verdict| verdict.level != VerdictLevel::Blocks), "{:#?}", image.plan);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn load_balancers_go_back_where_that_is_wanted_and_stay_else() -> Result<()> {
    let ground = Ground::new("back-balancers", |draft| draft.count = "1".into()).await?;
    let engine = &ground.engine;
    let draft = |name: &str, port: &str| BalancerDraft {
        name: name.into(),
        ports: vec![BalancerPortDraft { port: port.into(), target: "http".into(), ..BalancerPortDraft::default() }],
        groups: vec![ground.group.clone()],
        ..BalancerDraft::default()
    };
    let web = engine.balancer_create(&ground.app, &draft("web", "80")).await?.id;
    let gone = engine.balancer_create(&ground.app, &draft("gone", "90")).await?.id;
    let first = ground.release("v1").await?;
    engine.balancer_update(&web, &draft("web", "81")).await?;
    engine.balancer_delete(&gone).await?;
    engine.balancer_create(&ground.app, &draft("metrics", "9102")).await?;
    ground.release("v2").await?;

    let view = planned(&ground, &first, BackScope::Configuration).await?;
    let told: Vec<_> = view.balancers.iter().map(|one| (one.name.as_str(), one.what)).collect();
    assert_eq!(told, [("metrics", SinceThen::Added), ("web", SinceThen::Changed), ("gone", SinceThen::Removed)]);
    let ports = async || {
        let mut ports = Vec::new();
        for name in ["web", "gone", "metrics"] {
            let service = ground.owner.connection.get(Kind::Service, name).await?;
            ports.push(service.and_then(|service| service["spec"]["ports"][0]["port"].as_u64()));
        }
        anyhow::Ok(ports)
    };
    let third = back(&ground, &first, BackScope::Configuration).await?;
    ensure!(third.row.state == ReleaseState::Succeeded, "{third:#?}");
    assert_eq!(ports().await?, [Some(81), None, Some(9102)], "they stay");
    let fourth = back(&ground, &first, BackScope::Balancers).await?;
    ensure!(fourth.row.state == ReleaseState::Succeeded, "{fourth:#?}");
    assert_eq!(ports().await?, [Some(80), Some(90), None]);
    let names = engine.balancer_list(&ground.app).await?;
    assert_eq!(names.iter().map(|row| row.draft.name.as_str()).collect::<Vec<_>>(), ["gone", "web"]);
    ground.close().await
}
