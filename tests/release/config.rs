//! Configuration on its way into pods: by a release only, and nothing sensitive outside of Secrets.

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_engine::Engine;
use slipway_engine::config::{
    AppVariablesSet, ConfigChoose, ConfigCreate, ConfigSave, FileAsk, FileChoice, FileContent, KeySet, SecretPut,
    ValueSet,
};
use slipway_engine::release::{PlanRequest, VerdictLevel};
use slipway_model::app::AppDraft;
use slipway_model::config::Value as KeyValue;
use slipway_model::id::{FileId, GroupId};
use slipway_model::release::ReleaseState;
use slipway_model::variable::{Variable, VariableKind};
use slipway_tests::ground::{Ground, settled};
use slipway_tests::pod::Pods;
use std::path::Path;

const FOLDER: &str = "/export/app/conf/";
pub(crate) const SENSITIVE: &str = "hunter2-of-the-order-database";

/// A ground whose app has a deploy path, and an engine that has forgotten nothing.
pub(crate) async fn ground(name: &str) -> Result<Ground> {
    let ground = Ground::new(name, |_| {}).await?;
    let app = ground.engine.app(&ground.app).await?;
    let draft = AppDraft {
        slug: app.slug.to_string(),
        title: app.title,
        repository: app.repository,
        deploy_path: "/export/app/".into(),
    };
    ground.engine.app_update(&ground.app, &draft).await?;
    Ok(ground)
}

pub(crate) fn text(text: &str) -> FileContent {
    FileContent::Text { text: text.to_owned() }
}

pub(crate) async fn create(
    ground: &Ground,
    group: Option<&GroupId>,
    path: &str,
    content: FileContent,
) -> Result<FileId> {
    let (app, group, path) = (ground.app.clone(), group.cloned(), path.to_owned());
    let create = ConfigCreate { app, group, path, content, literal: false, sensitive: false };
    Ok(ground.engine.config_create(&create).await?)
}

pub(crate) async fn save(ground: &Ground, id: &FileId, content: &str) -> Result<()> {
    let view = ground.engine.config_file(&FileAsk { id: id.clone(), group: None }).await?;
    let (base, content) = (view.revision, text(content));
    ground.engine.config_save(&ConfigSave { id: id.clone(), base, editor: "test".into(), content }).await?;
    Ok(())
}

pub(crate) async fn set(ground: &Ground, key: &str, group: Option<&GroupId>, value: &str) -> Result<()> {
    let (app, value) = (ground.app.clone(), Some(KeyValue::Plain(value.to_owned())));
    let set = ValueSet { app, key: key.to_owned(), group: group.cloned(), value };
    Ok(ground.engine.value_set(&set).await?)
}

/// Asks every pod with this label value, newest included: the answer is the pods' own.
pub(crate) async fn ask(ground: &Ground, release: &str, path: &str) -> Result<Vec<Value>> {
    let pods = Pods::of(ground).await?;
    let mut answers = Vec::new();
    for pod in pods.with(&format!("slipway.dev/app=checkout-api,slipway.dev/release={release}")).await? {
        answers.push(pods.json(&pod, 8080, path).await?);
    }
    pods.close();
    ensure!(!answers.is_empty(), "no pod of {release}");
    Ok(answers)
}

/// What the pods of a release find in one file.
pub(crate) async fn file(ground: &Ground, release: &str, name: &str) -> Result<String> {
    let answers = ask(ground, release, &format!("/files?dir={FOLDER}")).await?;
    let found: Vec<&str> = answers.iter().filter_map(|files| files[format!("{FOLDER}{name}")].as_str()).collect();
    ensure!(found.len() == answers.len(), "each pod of {release} has {name}: {answers:?}");
    ensure!(found.windows(2).all(|pair| pair[0] == pair[1]), "all pods of {release} have the same: {found:?}");
    Ok(found[0].to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_reaches_pods_by_a_release_and_the_groups_own_wins() -> Result<()> {
    let ground = ground("config-file").await?;
    let id = create(&ground, None, "conf/app.yml", text("word: {{word}}\r\nidle: {{idle|5}}\r\n")).await?;
    let blocked = ground.plan("v1").await?;
    let unset = blocked.verdicts.iter().find(|verdict| verdict.code == "unset").context("no value yet")?;
    assert_eq!(unset.level, VerdictLevel::Blocks);
    let named = ["file", "key", "line"].map(|param| unset.params[param].as_str());
    assert_eq!(named, ["conf/app.yml", "word", "1"]);

    set(&ground, "word", None, "default").await?;
    let opts = Variable { kind: VariableKind::Template, ..Variable::plain("OPTS", "-Dword={{word}}") };
    ground.engine.app_variables_set(&AppVariablesSet { app: ground.app.clone(), variables: vec![opts] }).await?;
    let first = ground.release("v1").await?;
    assert_eq!(first.row.state, ReleaseState::Succeeded, "{first:#?}");
    assert_eq!(file(&ground, "r1", "app.yml").await?, "word: default\r\nidle: 5\r\n");
    let environment = ask(&ground, "r1", "/env").await?;
    assert!(
        environment[0].as_array().is_some_and(|all| all.contains(&"OPTS=-Dword=default".into())),
        "{environment:?}"
    );

    // Saved is not released: what runs keeps what it has.
    set(&ground, "word", Some(&ground.group), "group").await?;
    assert_eq!(file(&ground, "r1", "app.yml").await?, "word: default\r\nidle: 5\r\n");
    let plan = ground.plan("v1").await?;
    let shown = |line: &str| plan.diff.lines.iter().any(|shown| shown.text.contains(line));
    assert!(shown("word: group") && shown("word: default"), "{:#?}", plan.diff);
    ground.release("v1").await?;
    assert_eq!(file(&ground, "r2", "app.yml").await?, "word: group\r\nidle: 5\r\n");

    // In the middle of a release that does not come through, the old pods keep the old file.
    let choose = ConfigChoose { id: id.clone(), group: ground.group.clone(), choice: FileChoice::Override };
    let own = ground.engine.config_choose(&choose).await?.context("the group's own file")?;
    save(&ground, &own, "own\n").await?;
    let stopped = ground.release("crash").await?;
    assert_eq!(stopped.row.state, ReleaseState::Stopped, "{stopped:#?}");
    assert!(stopped.changes.iter().any(|change| change.field == format!("{FOLDER}app.yml")), "{:#?}", stopped.changes);
    assert_eq!(file(&ground, "r2", "app.yml").await?, "word: group\r\nidle: 5\r\n");

    let third = ground.release("v2").await?;
    assert_eq!(third.row.state, ReleaseState::Succeeded, "{third:#?}");
    assert_eq!(file(&ground, "r4", "app.yml").await?, "own\n");
    let versions = ground.engine.config_versions(&own).await?;
    assert!(versions.iter().any(|version| version.release.as_ref() == Some(&stopped.id)), "{versions:#?}");
    ground.close().await
}

/// Everything that Slipway left behind but the Secrets, unpacked.
pub(crate) async fn left(ground: &Ground) -> Result<Vec<(String, Vec<u8>)>> {
    let mut left = Vec::new();
    for kind in [Kind::ConfigMap, Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Lease, Kind::Event] {
        for object in ground.owner.connection.list(kind, "").await? {
            let name = format!("{kind} {}", object["metadata"]["name"]);
            for packed in object["binaryData"].as_object().into_iter().flatten().filter_map(|(_, part)| part.as_str()) {
                let packed = STANDARD.decode(packed)?;
                left.push((name.clone(), zstd::decode_all(packed.as_slice()).unwrap_or(packed)));
            }
            left.push((name, object.to_string().into_bytes()));
        }
    }
    files_below(ground.folder(), &mut left)?;
    Ok(left)
}

pub(crate) fn files_below(folder: &Path, found: &mut Vec<(String, Vec<u8>)>) -> Result<()> {
    for entry in folder.read_dir()? {
        let path = entry?.path();
        if path.is_dir() {
            files_below(&path, found)?;
        } else if path.is_file() {
            found.push((path.display().to_string(), std::fs::read(&path)?));
        }
    }
    Ok(())
}

pub(crate) fn holds(content: &[u8], text: &str) -> bool {
    let encoded = STANDARD.encode(text);
    let forms = [text.as_bytes(), encoded.trim_end_matches('=').as_bytes()];
    forms.iter().any(|form| content.windows(form.len()).any(|part| part == *form))
}

/// A file with a sensitive value in it, and a sensitive variable.
pub(crate) async fn sensitive(ground: &Ground) -> Result<FileId> {
    ground.engine.key_set(&KeySet { app: ground.app.clone(), key: "password".into(), sensitive: true }).await?;
    // Typed as text, kept in the vault: sensitivity belongs to the key.
    set(ground, "password", None, SENSITIVE).await?;
    set(ground, "word", None, "one").await?;
    let id = create(ground, None, "conf/db.conf", text("{{password}}\n# {{word}}\n")).await?;
    let secret = Some(ground.engine.secret_put(SecretPut { value: SENSITIVE.into() }).await?);
    let variable = Variable { kind: VariableKind::Sensitive, secret, ..Variable::plain("DB_PASSWORD", "") };
    let variables = vec![variable];
    ground.engine.app_variables_set(&AppVariablesSet { app: ground.app.clone(), variables }).await?;
    Ok(id)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_sensitive_is_in_secrets_only_and_a_colleague_releases_it_unchanged() -> Result<()> {
    let mut ground = ground("config-secret").await?;
    let id = sensitive(&ground).await?;
    let plan = ground.plan("v1").await?;
    assert!(plan.diff.lines.iter().all(|line| !line.text.contains(SENSITIVE)), "{:#?}", plan.diff);
    let first = ground.release("v1").await?;
    assert_eq!(first.row.state, ReleaseState::Succeeded, "{first:#?}");
    assert_eq!(file(&ground, "r1", "db.conf").await?, format!("{SENSITIVE}\n# one\n"));
    let environment = ask(&ground, "r1", "/env").await?;
    let variable = Value::from(format!("DB_PASSWORD={SENSITIVE}"));
    assert!(environment[0].as_array().is_some_and(|all| all.contains(&variable)), "the variable is there");
    // The search finds what is there to be found.
    let secrets = ground.owner.connection.list(Kind::Secret, "slipway.dev/app=checkout-api").await?;
    let found = secrets.iter().filter(|secret| {
        secret["data"].as_object().into_iter().flatten().any(|(_, part)| {
            STANDARD.decode(part.as_str().unwrap_or_default()).is_ok_and(|content| holds(&content, SENSITIVE))
        })
    });
    assert_eq!(found.count(), 2, "one of the file, one of the variables");
    for (what, content) in left(&ground).await? {
        assert!(!holds(&content, SENSITIVE), "{what} holds it");
    }

    // A colleague's computer: the same drafts, and none of the values.
    ground.engine.close().await;
    let database = ground.data_dir().join("slipway.db");
    let gone = rusqlite::Connection::open(&database)?.execute("DELETE FROM secret WHERE id LIKE 'value:%'", [])?;
    assert_eq!(gone, 2);
    ground.engine = Engine::open(&ground.data_dir()).await?;
    let second = ground.release("v2").await?;
    assert_eq!(second.row.state, ReleaseState::Succeeded, "{second:#?}");
    assert_eq!(file(&ground, "r2", "db.conf").await?, format!("{SENSITIVE}\n# one\n"));
    // What has to be rendered anew names what is not known.
    set(&ground, "word", None, "two").await?;
    let plan = ground.plan("v2").await?;
    let elsewhere = plan.verdicts.iter().find(|verdict| verdict.code == "elsewhere").context("it is not known here")?;
    assert_eq!((elsewhere.level, elsewhere.params["keys"].as_str()), (VerdictLevel::Blocks, "password"));
    // Replaced, it goes on.
    set(&ground, "password", None, "another-value").await?;
    ground.release("v2").await?;
    assert_eq!(file(&ground, "r3", "db.conf").await?, "another-value\n# two\n");
    let view = ground.engine.config_file(&FileAsk { id, group: Some(ground.group.clone()) }).await?;
    let shown = view.in_group.and_then(|group| group.effective).context("a template")?;
    assert!(!shown.text.contains("another-value"), "{}", shown.text);
    ground.close().await
}

/// Names of the config objects of the group that the cluster has.
pub(crate) async fn objects(ground: &Ground) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for kind in [Kind::ConfigMap, Kind::Secret] {
        for object in ground.owner.connection.list(kind, "slipway.dev/app=checkout-api,!slipway.dev/seq").await? {
            names.push(object["metadata"]["name"].as_str().unwrap_or_default().to_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_kept_record_or_a_replica_set_needs_is_never_cleared_away() -> Result<()> {
    let ground = ground("config-garbage").await?;
    sensitive(&ground).await?;
    let mut made: Vec<Vec<String>> = Vec::new();
    for word in ["one", "two", "three"] {
        set(&ground, "word", None, word).await?;
        let release = ground.release("v1").await?;
        assert_eq!(release.row.state, ReleaseState::Succeeded, "{release:#?}");
        made.push(release.objects);
    }
    // Something of the same namespace that is not of this group, with a name like ours.
    let other = serde_json::json!({
        "metadata": { "name": "checkout-api-prod-theirs-0123456789", "labels": { "slipway.dev/app": "checkout-api" } },
        "immutable": true, "data": { "a": "b" },
    });
    ground.owner.connection.create(Kind::ConfigMap, &other).await?;
    let all = |of: &[Vec<String>]| {
        let mut names: Vec<String> = of.iter().flatten().cloned().collect();
        names.push("checkout-api-prod-theirs-0123456789".to_owned());
        names.sort();
        names.dedup();
        names
    };
    assert_eq!(objects(&ground).await?, all(&made), "all three are in records");

    // The record of r1 is gone, its ReplicaSet is not: one `kubectl rollout undo` away.
    ground.owner.connection.delete(Kind::ConfigMap, "slipway-checkout-api-prod-r1").await?;
    set(&ground, "word", None, "four").await?;
    made.push(ground.release("v1").await?.objects);
    assert_eq!(objects(&ground).await?, all(&made), "a ReplicaSet refers to the first");

    // Both of r1 are gone; of r2 the ReplicaSet only, so its record keeps it.
    for release in ["r1", "r2"] {
        let selector = format!("slipway.dev/app=checkout-api,slipway.dev/release={release}");
        for set in ground.owner.connection.list(Kind::ReplicaSet, &selector).await? {
            let name = set["metadata"]["name"].as_str().unwrap_or_default();
            ground.owner.connection.delete(Kind::ReplicaSet, name).await?;
        }
    }
    set(&ground, "word", None, "five").await?;
    made.push(ground.release("v1").await?.objects);
    let first = made.remove(0);
    assert_eq!(objects(&ground).await?, all(&made), "only what the first release alone had is gone: {first:?}");

    // What is needed is there: any of the kept can come back.
    let request = PlanRequest { group: ground.group.clone(), image: "v2".into() };
    let plan = ground.engine.release_plan(&request).await?;
    let last = ground.engine.release_start(&plan.hash, "").await?;
    assert_eq!(settled(&ground.engine, &last).await?.row.state, ReleaseState::Succeeded);
    // By somebody else, too, and the oldest that a ReplicaSet is left of.
    let sets = ground.owner.connection.list(Kind::ReplicaSet, "slipway.dev/release=r3").await?;
    let revision = sets[0]["metadata"]["annotations"]["deployment.kubernetes.io/revision"].as_str();
    let revision = format!("--to-revision={}", revision.context("a revision")?);
    crate::foreign::kubectl(&ground, &["rollout", "undo", "deployment/checkout-api-prod", &revision])?;
    crate::foreign::kubectl(&ground, &["rollout", "status", "deployment/checkout-api-prod", "--timeout=120s"])?;
    assert_eq!(file(&ground, "r3", "db.conf").await?, format!("{SENSITIVE}\n# three\n"));
    ground.close().await
}
