//! Clusters that lie: what answers is no cluster, or says what no honest one would.

use crate::fake::{Fake, Say};
use crate::site::Site;
use crate::table::cases;
use anyhow::{Context, Result, bail, ensure};
use futures::StreamExt as _;
use serde_json::{Value, json};
use slipway_api::Topic;
use slipway_api::feed::FeedMessage;
use slipway_api::feed::FeedState;
use slipway_tests::ground::PATIENCE;

cases! {
    "lie/login_page" => login_page,
    "lie/huge_object" => huge_object,
    "lie/control_characters_in_refusal" => control_characters_in_refusal,
    "lie/html_and_control_characters_in_names" => html_and_control_characters_in_names,
    "lie/endless_refusal" => endless_refusal,
    "lie/watch_never_answers" => watch_never_answers,
}

/// What inspecting this server meets, when nothing was written there either.
async fn inspected(site: &mut Site, fake: &Fake) -> Result<Value> {
    site.differs(&fake.address, "server");
    let met = site.refused("cluster_inspect", site.context_of(&fake.kubeconfig())?).await?;
    ensure!(fake.written() == 0, "the server was asked to change something");
    Ok(met)
}

/// A proxy that wants a person to sign in first.
async fn login_page(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|_| {
        let page = "<!doctype html><title>Sign in</title><script>alert(1)</script>";
        Some(Say::All(200, "text/html", page.into()))
    })
    .await?;
    inspected(site, &fake).await
}

async fn huge_object(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|path| {
        path.starts_with("/api/v1/namespaces/shop").then(|| {
            let filling = "x".repeat(65 * 1024 * 1024);
            Say::json(&json!({ "metadata": { "name": "shop", "uid": "5d0e", "annotations": { "filling": filling } } }))
        })
    })
    .await?;
    inspected(site, &fake).await
}

fn refusal(message: &str) -> Say {
    let status = json!({ "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure", "message": message,
        "reason": "Invalid", "code": 422 });
    Say::All(422, "application/json", status.to_string().into_bytes())
}

async fn control_characters_in_refusal(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|path| {
        path.starts_with("/api/v1/namespaces/shop")
            .then(|| refusal("<img src=x onerror=alert(1)>\u{1b}[2Jshop\u{202e}gnp.exe\u{7}"))
    })
    .await?;
    inspected(site, &fake).await
}

/// Longer than a dialog.
async fn endless_refusal(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|path| {
        path.starts_with("/api/v1/namespaces/shop").then(|| refusal(&"and so on ".repeat(1_000_000)))
    })
    .await?;
    let mut met = inspected(site, &fake).await?;
    let message = &mut met["error"]["params"]["message"];
    let long = message.as_str().context("it is told")?;
    ensure!(long.chars().count() == 2_001 && long.ends_with('…'), "{} characters", long.chars().count());
    *message = "{2000 characters}…".into();
    Ok(met)
}

/// Not refused: what is shown is text, on one line, and has an end.
async fn html_and_control_characters_in_names(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|path| match path.split('?').next().unwrap_or_default() {
        "/version" => Some(Say::json(&json!({ "gitVersion": "v1<script>alert(1)</script>\u{1b}[31m\n2" }))),
        path if path.ends_with("/selfsubjectreviews") => {
            let name = format!("<b>ann</b>\u{202e}nimda\u{1b}]0;x\u{7}{}", "a".repeat(10_000));
            Some(Say::json(&json!({ "status": { "userInfo": { "username": name } } })))
        }
        _ => None,
    })
    .await?;
    let preview = site.answered("cluster_inspect", site.context_of(&fake.kubeconfig())?).await?;
    ensure!(fake.written() == 0, "the server was asked to change something");
    let identity = preview["identity"].as_str().context("it is told")?;
    ensure!(identity.chars().count() == 512, "{} characters", identity.chars().count());
    let identity = identity.trim_end_matches('a');
    Ok(json!({ "answer": { "identity": format!("{identity}{{a…}}"), "server_version": preview["server_version"] } }))
}

/// The page shows what it knew, which is nothing, and since when it has been waiting for more.
async fn watch_never_answers(site: &mut Site) -> Result<Value> {
    let fake = Fake::start(|path| path.contains("watch=").then_some(Say::Nothing)).await?;
    site.differs(&fake.address, "server");
    let link = site.link_from(site.context_of(&fake.kubeconfig())?, "fake").await?;
    let group = site.group_on(link).await?;
    let topic = Topic::Instances { group: group.id.as_str().into() };
    let api = site.api.clone();
    let watching = async {
        let mut messages = api.subscribe(topic);
        while let Some(message) = messages.next().await {
            let (rows, state) = match message {
                FeedMessage::Snapshot { rows, state, .. } => (rows, state),
                FeedMessage::Delta { upserts, state, .. } => (upserts, state),
            };
            ensure!(rows.is_empty(), "rows of nowhere: {rows:?}");
            match state {
                FeedState::Loading => {}
                FeedState::Error { error } => return Ok(error),
                other => bail!("it is said to be {other:?}"),
            }
        }
        bail!("the feed has ended")
    };
    let met = site.unchanged(async || tokio::time::timeout(PATIENCE, watching).await).await?;
    let error = met.with_context(|| format!("waited {PATIENCE:?} for the feed to say so"))??;
    ensure!(fake.written() == 0, "the server was asked to change something");
    site.error(&error)
}
