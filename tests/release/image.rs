//! Artifacts of a real registry, and what a plan says of them.

use anyhow::{Context, Result, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use slipway_engine::artifact::{ArtifactFilter, ArtifactLook, ArtifactPage, ArtifactQuery, ArtifactRef, ArtifactSort};
use slipway_engine::registry::{PullSecretCreate, RegistryPut};
use slipway_engine::release::{Check, PlanView, VerdictLevel};
use slipway_engine::{Error, RegistryFailure};
use slipway_model::app::AppDraft;
use slipway_model::id::AppId;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, registry};
use std::io::{Read as _, Write as _};
use std::net::TcpStream;

const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const TAGS: usize = 2_000;

/// Asks the registry itself: method, path below `/v2/`, and what is put there.
fn ask(method: &str, path: &str, body: &str) -> Result<String> {
    let host = registry()?;
    let mut stream = TcpStream::connect(&host)?;
    let length = body.len();
    write!(
        stream,
        "{method} /v2/{path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nAccept: {MANIFEST}\r\n\
         Content-Type: {MANIFEST}\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").context("an answer")?;
    ensure!(head.starts_with("HTTP/1.1 2"), "{method} {path}: {head}");
    Ok(body.to_owned())
}

/// The manifest of a demo image, as it was pushed.
pub(crate) fn manifest(tag: &str) -> Result<String> {
    ask("GET", &format!("demo/checkout-api/manifests/{tag}"), "")
}

/// A repository of one test, with these tags of these contents.
pub(crate) fn push(repository: &str, tag: &str, manifest: &str) -> Result<()> {
    ask("PUT", &format!("{repository}/manifests/{tag}"), manifest).map(drop)
}

/// Takes a manifest away, by its tag or digest.
pub(crate) fn delete(repository: &str, reference: &str) -> Result<()> {
    ask("DELETE", &format!("{repository}/manifests/{reference}"), "").map(drop)
}

async fn list(ground: &Ground, app: &AppId, change: impl FnOnce(&mut ArtifactQuery)) -> Result<ArtifactPage> {
    let mut query = ArtifactQuery {
        app: app.clone(),
        text: String::new(),
        sort: ArtifactSort::Version,
        only: ArtifactFilter::All,
        offset: 0,
        limit: 100,
    };
    change(&mut query);
    Ok(ground.engine.artifact_list(&query).await?)
}

fn tags(page: &ArtifactPage) -> Vec<&str> {
    page.rows.iter().map(|row| row.tag.as_str()).collect()
}

/// What one check of a plan says.
pub(crate) fn said(plan: &PlanView, check: Check) -> Option<(VerdictLevel, &str)> {
    plan.verdicts.iter().find(|verdict| verdict.check == check).map(|verdict| (verdict.level, verdict.code.as_str()))
}

#[tokio::test(flavor = "multi_thread")]
async fn thousands_of_tags_are_listed_and_only_those_in_sight_are_looked_at() -> Result<()> {
    let ground = Ground::new("tags", |_| {}).await?;
    let (v1, arm) = (manifest("v1")?, manifest("arm64")?);
    ensure!(arm.contains("manifests"), "an index: {arm}");
    let repository = format!("demo/many-{}", &ground.app.as_str()[..8]);
    for n in 0..TAGS {
        push(&repository, &format!("1.{n}.0"), &v1)?;
    }
    let draft =
        AppDraft { slug: "many".into(), repository: format!("{}/{repository}", registry()?), ..AppDraft::default() };
    let app = ground.engine.app_create(&draft).await?.id;
    assert_eq!(list(&ground, &app, |_| {}).await?.read, None, "nothing is asked by itself");
    ground.engine.artifact_refresh(&app).await?;
    let page = list(&ground, &app, |_| {}).await?;
    assert_eq!((page.total as usize, page.rows.len(), page.looked), (TAGS, 100, 0));
    assert_eq!(tags(&page)[..3], ["1.1999.0", "1.1998.0", "1.1997.0"], "as versions, not as words");
    let second = list(&ground, &app, |query| query.offset = 1_950).await?;
    assert_eq!((second.rows.len(), tags(&second)[49]), (50, "1.0.0"));
    let found = list(&ground, &app, |query| query.text = "1.19".into()).await?;
    assert_eq!(found.matching, 111, "1.19, 1.190 to 1.199, 1.1900 to 1.1999");

    let look = ArtifactLook { app: app.clone(), tags: vec!["1.1999.0".into(), "1.7.0".into(), "none".into()] };
    ground.engine.artifact_look(&look).await?;
    let page = list(&ground, &app, |query| query.sort = ArtifactSort::Time).await?;
    assert_eq!((page.looked, &tags(&page)[..2]), (2, &["1.1999.0", "1.7.0"][..]));
    let image = page.rows[0].image.clone().context("it was looked at")?;
    let size = image.looked_at().and_then(|image| image.size).context("its size")?;
    let layers: Value = serde_json::from_str(&v1)?;
    let sum = layers["layers"].as_array().into_iter().flatten().chain([&layers["config"]]);
    assert_eq!(Some(size), sum.map(|part| part["size"].as_u64()).sum());
    assert_eq!(image.platforms[0].architecture, "amd64");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_pins_its_digest_and_a_tag_that_moves_or_goes_is_told() -> Result<()> {
    let ground = Ground::new("pinned", |draft| draft.count = "1".into()).await?;
    let tag = format!("moves-{}", &ground.app.as_str()[..8]);
    push("demo/checkout-api", &tag, &manifest("v1")?)?;
    let plan = ground.plan(&tag).await?;
    assert_eq!(said(&plan, Check::Image), Some((VerdictLevel::Ok, "ok")));
    assert_eq!(said(&plan, Check::Platform), Some((VerdictLevel::Ok, "ok")));
    let (_, planned) = plan.image.split_once('@').context("the digest is in the plan")?;

    push("demo/checkout-api", &tag, &manifest("v2")?)?;
    match ground.engine.release_start(&plan.hash, "").await {
        Err(Error::TagMoved { planned: told, now, .. }) => assert!(told == planned && now != planned),
        other => bail!("it begins with what nobody saw: {other:?}"),
    }
    let view = ground.release(&tag).await?;
    assert_eq!(view.row.state, ReleaseState::Succeeded);
    assert!(view.image.contains(&format!(":{tag}@sha256:")), "{}", view.image);
    // A tag as typed is no change against what it led to.
    let pending = ground.engine.group(&ground.group).await?;
    assert!(pending.draft.image.is_empty() || pending.draft.image == tag, "{}", pending.draft.image);

    ground.engine.artifact_refresh(&ground.app).await?;
    let used = list(&ground, &ground.app, |query| query.only = ArtifactFilter::Used).await?;
    assert_eq!((tags(&used), used.rows[0].gone, used.rows[0].releases), (vec![tag.as_str()], false, 1));
    delete("demo/checkout-api", &tag)?;
    ground.engine.artifact_refresh(&ground.app).await?;
    let of = ArtifactRef { app: ground.app.clone(), tag: tag.clone() };
    let gone = ground.engine.artifact_get(&of).await?;
    assert!(gone.row.gone && gone.releases.len() == 1, "{gone:#?}");
    let missing = ground.plan(&tag).await?;
    assert_eq!(said(&missing, Check::Image), Some((VerdictLevel::Blocks, "missing")));
    let foreign = ground.plan("arm64").await?;
    assert_eq!(said(&foreign, Check::Platform), Some((VerdictLevel::Blocks, "none")));
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_wants_a_login_is_tried_with_the_pull_secret() -> Result<()> {
    let ground = Ground::new("login", |_| {}).await?;
    let host = registry()?;
    let image = format!("{host}/private/checkout-api:v1");
    let plan = ground.plan(&image).await?;
    assert_eq!(said(&plan, Check::Image), Some((VerdictLevel::Warning, "refused")));
    let draft =
        AppDraft { slug: "closed".into(), repository: format!("{host}/private/checkout-api"), ..AppDraft::default() };
    let app = ground.engine.app_create(&draft).await?.id;
    match ground.engine.artifact_refresh(&app).await {
        Err(Error::Registry { failure: RegistryFailure::Refused { signed_in: false, .. }, .. }) => {}
        other => bail!("nobody may see it: {other:?}"),
    }
    let (username, password) = login()?;
    let put = |password: &str| RegistryPut {
        host: host.clone(),
        username: username.clone(),
        password: password.to_owned(),
        plain: None,
    };
    ground.engine.registry_put(put(&password)).await?;
    ground.engine.artifact_refresh(&app).await?;
    assert_eq!(tags(&list(&ground, &app, |_| {}).await?), ["v1"]);
    let plan = ground.plan(&image).await?;
    assert_eq!(said(&plan, Check::Image), Some((VerdictLevel::Ok, "ok")));
    assert_eq!(said(&plan, Check::PullSecret), Some((VerdictLevel::Warning, "needed")));

    let create = |name: &str| PullSecretCreate { link: ground.link.clone(), name: name.into(), host: host.clone() };
    ground.engine.pull_secret_create(&create("good")).await?;
    ground.engine.registry_put(put("of yesterday")).await?;
    ground.engine.pull_secret_create(&create("bad")).await?;
    for (name, expected) in [("good", (VerdictLevel::Ok, "works")), ("bad", (VerdictLevel::Blocks, "refused"))] {
        let mut draft = ground.engine.group(&ground.group).await?.draft;
        draft.pull_secret = name.into();
        ground.engine.group_update(&ground.group, &draft).await?;
        let plan = ground.plan(&image).await?;
        assert_eq!(said(&plan, Check::PullSecret), Some(expected), "{name}");
        let told = json!(plan).to_string();
        let pair = STANDARD.encode(format!("{username}:{password}"));
        assert!(!told.contains(&password) && !told.contains(&pair), "a plan tells no password");
    }
    ground.close().await
}

/// Who may see the private repositories of the registry.
fn login() -> Result<(String, String)> {
    let work = std::env::var_os("SLIPWAY_CLUSTER_WORK").context("a cluster of this run")?;
    let state: Value = serde_json::from_slice(&std::fs::read(std::path::Path::new(&work).join("state.json"))?)?;
    let part = |name: &str| state["registry"][name].as_str().map(str::to_owned);
    part("user").zip(part("password")).context("the cluster names who may see it")
}
