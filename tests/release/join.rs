//! An app joined from its records: a computer that knows nothing of it gets its group, files, values and history, and can
//! release it without knowing what is sensitive.

use crate::config::{create, files_below, ground, holds, set, text};
use crate::sensitive::{WORDS, hide, readable};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::cluster::Credential;
use slipway_engine::config::{ConfigSave, ConfigSwitch, FileAsk, FileContent, KeySet, ValueSet};
use slipway_engine::diff::{DiffRequest, Side, SideOf};
use slipway_engine::release::{PlanRequest, VerdictLevel};
use slipway_engine::transfer::{JoinRequest, JoinRuns, JoinView, Joined};
use slipway_model::cluster::Role;
use slipway_model::config::Value;
use slipway_model::group::GroupDraft;
use slipway_model::id::LinkId;
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, deleted, settled};
use slipway_tests::window::eventually;
use std::path::Path;
use std::time::Duration;

/// A computer that has the cluster linked, and nothing else.
async fn newcomer(ground: &Ground, name: &str) -> Result<(Engine, LinkId)> {
    let engine = Engine::open(&ground.folder().join(name)).await?;
    let link = ground.link_on(&engine).await?;
    Ok((engine, link))
}

async fn offered(engine: &Engine, link: &LinkId) -> Result<JoinView> {
    Ok(Box::pin(engine.join_list(link)).await?)
}

async fn join(engine: &Engine, link: &LinkId, ground: &Ground) -> Result<Joined> {
    let request = JoinRequest { link: link.clone(), apps: vec![ground.app.clone()] };
    Box::pin(engine.join_apps(&request)).await?.pop().context("one app was asked for")
}

async fn scene(name: &str) -> Result<Ground> {
    let ground = ground(name).await?;
    let draft = ground.engine.group(&ground.group).await?.draft;
    let variables = vec![Variable::plain("PROFILE", "prod")];
    let draft = GroupDraft { count: "0".into(), variables, ..draft };
    ground.engine.group_update(&ground.group, &draft).await?;
    create(&ground, None, "conf/app.yml", text("pool: 20\n")).await?;
    create(&ground, Some(&ground.group), "conf/own.yml", text("own: {{host}}\n")).await?;
    create(&ground, None, "conf/token.yml", text("token: {{token}}\n")).await?;
    ground.engine.key_set(&KeySet { app: ground.app.clone(), key: "token".into(), sensitive: true }).await?;
    set(&ground, "token", None, "hunter2-nobody-else-knows").await?;
    set(&ground, "host", Some(&ground.group), "db-1").await?;
    ground.release("v1").await?;
    Ok(ground)
}

/// What a group is released with now, less what each computer says of itself.
async fn definition(engine: &Engine, ground: &Ground) -> Result<Vec<(String, String)>> {
    let side = SideOf { group: ground.group.clone(), side: Side::Saved };
    let objects = engine.group_yaml(&side).await?.objects.into_iter();
    Ok(objects.map(|object| (object.role, object.yaml)).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn who_knows_nothing_of_an_app_joins_it_and_releases_it_with_the_values_that_others_know() -> Result<()> {
    let ground = Box::pin(scene("join-app")).await?;
    let tree = ground.engine.config_tree(&ground.app).await?;
    let file = tree.files.iter().find(|file| file.path == "conf/app.yml").context("the app's")?.id.clone();
    let view = ground.engine.config_file(&FileAsk { id: file.clone(), group: None }).await?;
    let save = slipway_engine::config::ConfigSave {
        id: file.clone(),
        base: view.revision,
        editor: "test".into(),
        content: text("pool: 60\n"),
    };
    ground.engine.config_save(&save).await?;
    ground.release("v2").await?;

    let (other, link) = newcomer(&ground, "newcomer").await?;
    ensure!(other.app_list().await?.is_empty());
    let view = offered(&other, &link).await?;
    let [app] = view.apps.as_slice() else { anyhow::bail!("one app: {view:#?}") };
    ensure!((app.slug.as_str(), app.known, app.taken, app.releases) == ("checkout-api", false, false, 2), "{app:#?}");
    ensure!(app.sensitive == ["token"] && app.last.seq == Some(2) && app.groups[0].name == "prod", "{app:#?}");
    let joined = join(&other, &link, &ground).await?;
    ensure!((&joined.app, joined.groups.as_slice()) == (&ground.app, std::slice::from_ref(&ground.group)));
    ensure!(joined.differs.is_empty(), "{joined:#?}");
    ensure!(offered(&other, &link).await?.apps.is_empty(), "it is here now");

    // Definition, files, values and variables are those of the first.
    let (ours, theirs) = (definition(&ground.engine, &ground).await?, definition(&other, &ground).await?);
    ensure!(ours == theirs, "{ours:#?}\n{theirs:#?}");
    let both = |engine: &Engine| {
        let (engine, app) = (engine.clone(), ground.app.clone());
        async move { anyhow::Ok((engine.config_matrix(&app).await?, engine.app_variables(&app).await?.variables)) }
    };
    let ((matrix, variables), (of_first, of_first_app)) = (both(&other).await?, both(&ground.engine).await?);
    let keys = |matrix: &slipway_engine::config::ValueMatrix| -> Vec<(String, bool)> {
        matrix.keys.iter().map(|key| (key.key.clone(), key.sensitive)).collect()
    };
    ensure!(keys(&matrix) == keys(&of_first) && variables == of_first_app);
    ensure!(other.group(&ground.group).await?.draft.variables == vec![Variable::plain("PROFILE", "prod")]);
    let versions = other.config_versions(&file).await?;
    ensure!(versions.len() == 2 && versions.iter().all(|version| version.release.is_some()), "{versions:#?}");
    let content = other.config_file(&FileAsk { id: file, group: None }).await?.content;
    ensure!(content == FileContent::Text { text: "pool: 60\n".into() });
    // History, and what is pending: nothing.
    let told: Vec<_> = ground.history(&other).await?.into_iter().map(|row| (row.seq, row.state)).collect();
    ensure!(told == [(Some(2), ReleaseState::Succeeded), (Some(1), ReleaseState::Succeeded)], "{told:?}");
    let side = |side| SideOf { group: ground.group.clone(), side };
    let diff = other.group_diff(&DiffRequest { from: side(Side::Released), to: side(Side::Saved) }).await?;
    ensure!(diff.changes.is_empty(), "{:#?}", diff.changes);
    ensure!(Box::pin(other.group_merge(&ground.group)).await?.is_none(), "its draft goes out from their release");

    // A release from it keeps the value that it does not know.
    let value = Some(Value::Plain("db-2".into()));
    let (app, group) = (ground.app.clone(), Some(ground.group.clone()));
    other.value_set(&ValueSet { app, key: "host".into(), group, value }).await?;
    let plan = ground.plan_on(&other, "v1").await?;
    ensure!(plan.verdicts.iter().all(|verdict| verdict.level != VerdictLevel::Blocks), "{:#?}", plan.verdicts);
    let release = settled(&other, &other.release_start(&plan.hash, "").await?).await?;
    ensure!(release.row.state == ReleaseState::Succeeded && release.row.seq == Some(3), "{release:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_sensitive_does_not_come_back_in_clear_text() -> Result<()> {
    let ground = ground("join-sensitive").await?;
    let engine = &ground.engine;
    let draft = engine.group(&ground.group).await?.draft;
    engine.group_update(&ground.group, &GroupDraft { count: "0".into(), ..draft }).await?;
    let id = create(&ground, None, "conf/keys.yml", text("key: hunter2-in-clear-text\n")).await?;
    ground.release("v1").await?;
    engine.config_switch(&ConfigSwitch { id: id.clone(), literal: true, sensitive: true }).await?;
    let base = engine.config_file(&FileAsk { id: id.clone(), group: None }).await?.revision;
    let content = text("key: hunter2-out-of-sight\n");
    engine.config_save(&ConfigSave { id: id.clone(), base, editor: "test".into(), content }).await?;
    ground.release("v1").await?;

    let (other, link) = newcomer(&ground, "newcomer").await?;
    join(&other, &link, &ground).await?;
    let file = other.config_file(&FileAsk { id: id.clone(), group: None }).await?;
    ensure!(file.file.sensitive && file.content == FileContent::Elsewhere, "{file:#?}");
    let versions = other.config_versions(&id).await?;
    ensure!(versions.len() == 1, "the one in clear text stays away: {versions:#?}");
    other.close().await;
    ground.close().await
}

/// Which of some words anybody can read who has the data folder of a computer: in files as they are, and in whatever the
/// database has packed.
fn readable_in(folder: &Path) -> Result<Vec<&'static str>> {
    let mut contents = Vec::new();
    files_below(folder, &mut contents)?;
    let mut contents: Vec<Vec<u8>> = contents.into_iter().map(|(_, content)| content).collect();
    let database = rusqlite::Connection::open(folder.join("slipway.db"))?;
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    for table in tables {
        let mut query = database.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let columns = query.column_count();
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            for at in 0..columns {
                if let rusqlite::types::ValueRef::Blob(packed) = row.get_ref(at)? {
                    contents.extend(zstd::decode_all(packed));
                }
            }
        }
    }
    Ok(WORDS.into_iter().filter(|word| contents.iter().any(|content| holds(content, word))).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_became_sensitive_after_a_release_is_readable_nowhere_on_the_computer_that_joins() -> Result<()> {
    let ground = ground("join-withheld").await?;
    let engine = &ground.engine;
    let draft = engine.group(&ground.group).await?.draft;
    engine.group_update(&ground.group, &GroupDraft { count: "0".into(), ..draft }).await?;
    let id = readable(&ground).await?;
    ground.release("v1").await?;
    // Who joined while everybody could read it has it: the search finds it there.
    let (early, link) = newcomer(&ground, "early").await?;
    join(&early, &link, &ground).await?;
    early.close().await;
    let found = readable_in(&ground.folder().join("early"))?;
    ensure!(found == WORDS, "{found:?}");

    for which in 0..WORDS.len() {
        hide(&ground, which, &id).await?;
    }
    ground.release("v1").await?;
    let (late, link) = newcomer(&ground, "late").await?;
    join(&late, &link, &ground).await?;
    let history = ground.history(&late).await?;
    ensure!(history.len() == 2, "{history:#?}");
    // That there was something stays known: the first release is compared with the second as one of other values.
    let side = |at: usize| SideOf { group: ground.group.clone(), side: Side::Release { id: history[at].id.clone() } };
    let diff = late.group_diff(&DiffRequest { from: side(1), to: side(0) }).await?;
    ensure!(!format!("{diff:?}").contains("readable-word"), "{diff:#?}");
    late.close().await;
    let found = readable_in(&ground.folder().join("late"))?;
    ensure!(found.is_empty(), "{found:?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_one_may_not_see_of_an_app_keeps_nobody_from_joining_it() -> Result<()> {
    let ground = Box::pin(scene("join-unseen")).await?;
    let code = ground.owner.code("test", Role::Deployer, Duration::from_hours(1)).await?;
    let other = Engine::open(&ground.folder().join("newcomer")).await?;
    let preview = other.cluster_inspect(Credential::Code(code)).await?;
    let link = other.cluster_link(&preview.token, "test").await?;
    let runs = async || anyhow::Ok(offered(&other, &link).await?.apps.first().map(|app| app.groups[0].runs));
    ensure!(runs().await? == Some(JoinRuns::Pods { ready: 0, desired: 0 }));
    let connection = &ground.owner.connection;
    let role = connection.get(Kind::Role, "slipway-deployer").await?.context("the preset is there")?;
    let mut rules = role["rules"].as_array().context("it has rules")?.clone();
    for rule in &mut rules {
        rule["resources"].as_array_mut().context("resources")?.retain(|resource| resource != "deployments");
    }
    rules.retain(|rule| rule["resources"] != json!([]));
    connection.merge_patch(Kind::Role, "slipway-deployer", &json!({ "rules": rules })).await?;
    eventually("the Deployment to be out of sight", async || {
        Ok((runs().await? == Some(JoinRuns::Unknown)).then_some(()))
    })
    .await?;
    join(&other, &link, &ground).await?;
    ensure!(ground.history(&other).await?.len() == 1, "the records are there all the same");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_that_came_later_are_joined_too_and_deleted_ones_are_not() -> Result<()> {
    let ground = Box::pin(scene("join-later")).await?;
    let (other, link) = newcomer(&ground, "newcomer").await?;
    join(&other, &link, &ground).await?;
    let later = ground.group_like("later", &ground.link).await?;
    let gone = ground.group_like("gone", &ground.link).await?;
    for group in [&later, &gone] {
        let plan = ground.engine.release_plan(&PlanRequest { group: group.clone(), image: "v1".into() }).await?;
        settled(&ground.engine, &ground.engine.release_start(&plan.hash, "").await?).await?;
    }
    let plan = ground.engine.group_delete_plan(&gone).await?;
    let order = slipway_engine::deletion::DeletionOrder { group: gone.clone(), plan: plan.hash, typed: plan.name };
    ground.engine.group_delete(&order).await?;
    deleted(&ground.engine, &gone).await?;

    let view = offered(&other, &link).await?;
    let [app] = view.apps.as_slice() else { anyhow::bail!("one app: {view:#?}") };
    let names: Vec<_> = app.groups.iter().map(|group| group.name.as_str()).collect();
    ensure!(app.known && names == ["later"], "{app:#?}");
    let joined = join(&other, &link, &ground).await?;
    ensure!(joined.groups == [later] && joined.differs.is_empty(), "{joined:#?}");
    ensure!(offered(&other, &link).await?.apps.is_empty());

    // A name that is another app's here is said, and nothing is written.
    let (third, link) = newcomer(&ground, "third").await?;
    let draft = slipway_model::app::AppDraft { slug: "checkout-api".into(), ..Default::default() };
    let own = third.app_create(&draft).await?;
    ensure!(offered(&third, &link).await?.apps[0].taken);
    let request = JoinRequest { link, apps: vec![ground.app.clone()] };
    let refused = Box::pin(third.join_apps(&request)).await;
    ensure!(matches!(refused, Err(slipway_engine::Error::Taken { what: "app", .. })), "{refused:?}");
    ensure!(third.group_list(&own.id).await?.is_empty() && third.app_list().await?.len() == 1);
    third.close().await;
    other.close().await;
    ground.close().await
}
