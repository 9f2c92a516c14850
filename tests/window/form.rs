//! What the form of a group asks its cluster for: a check that is tried on a pod, a secret that is made from a login.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_model::group::{CheckKind, HttpGetDraft, ProbeDraft};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{Window, button, eventually, heading, role, textbox};

const HAND: Hand = Hand::Keyboard;
const PASSWORD: &str = "hunter2-of-the-registry";

/// The window on a section of the group's form.
async fn open(ground: &Ground, section: &str) -> Result<Window> {
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/groups/{}?step={section}", ground.app, ground.group)).await?;
    HAND.watched(&window).await?;
    Ok(window)
}

/// Tries the checks as they are typed, and waits for what came of one.
async fn tried(window: &Window, check: &str, outcome: &str) -> Result<String> {
    HAND.activate(window, &button("Try now")).await?;
    let column = role("group", check);
    eventually(format!("{check} to say {outcome:?}"), async || {
        let said = window.text(&column).await?;
        Ok(said.contains(outcome).then_some(said))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_is_tried_on_a_pod_before_it_is_saved() -> Result<()> {
    let ground = Ground::new("window-try", |draft| {
        draft.count = "1".into();
        draft.readiness = ProbeDraft {
            kind: CheckKind::Http,
            http: HttpGetDraft { path: "/readyz".into(), port: "8080".into(), ..HttpGetDraft::default() },
            ..ProbeDraft::default()
        };
    })
    .await?;
    let released = ground.release("v1").await?;
    ensure!(released.row.state == ReleaseState::Succeeded, "{released:#?}");
    ground.engine.close().await;
    let window = open(&ground, "health").await?;

    let said = tried(&window, "Readiness", "200 in").await?;
    ensure!(said.contains(" ms") && said.contains("ok"), "status, time and body: {said}");

    // Another address is another question: the answer before says nothing of it.
    let path = textbox("Readiness: path");
    HAND.write(&window, &path, "/nowhere-to-be-found").await?;
    let column = role("group", "Readiness");
    ensure!(!window.text(&column).await?.contains("200 in"), "an answer to what was asked before");
    tried(&window, "Readiness", "404 in").await?;

    // Nobody listens there, and that is said.
    HAND.write(&window, &textbox("Readiness: port"), "9").await?;
    tried(&window, "Readiness", "no answer: ").await?;

    // A command in the container: what it ended with, and what it wrote.
    let kind = role("radiogroup", "Readiness: kind");
    HAND.pick(&window, &kind, &role("radio", "Command")).await?;
    HAND.write(&window, &textbox("Readiness: command"), "echo warming up; exit 3").await?;
    let said = tried(&window, "Readiness", "exit 3 in").await?;
    ensure!(said.contains("warming up"), "{said}");

    // None of it was saved, and none of it was told to the cluster.
    let draft = window.call("group_get", &json!(ground.group)).await?["draft"].clone();
    ensure!(draft["readiness"]["http"]["path"] == "/readyz", "{draft}");
    ensure!(ground.deployment().await?["metadata"]["generation"] == 1);
    HAND.was_used_alone(&window).await?;
    window.quit().await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pull_secret_is_made_from_a_login_that_stays_in_the_keyring() -> Result<()> {
    let ground = Ground::new("window-pull", |_| {}).await?;
    let data = ground.data_dir();
    ground.engine.close().await;
    let window = open(&ground, "container").await?;

    HAND.activate(&window, &button("Create from a login…")).await?;
    let dialog = role("dialog", "Create a pull secret");
    let field = |name| textbox(name).within(dialog.clone());
    let create = button("Create").within(dialog.clone());
    // What is missing is said where it is missing, and nothing is made.
    HAND.write(&window, &field("Registry"), "registry.example.com").await?;
    HAND.activate(&window, &create).await?;
    for name in ["User", "Password"] {
        eventually(format!("{name} to be called wrong"), async || {
            Ok((window.find(&field(name)).await?.attr("aria-invalid").await?.as_deref() == Some("true")).then_some(()))
        })
        .await?;
    }
    ensure!(ground.owner.connection.get(Kind::Secret, "registry").await?.is_none(), "nothing is made");
    HAND.write(&window, &field("User"), "robot").await?;
    HAND.write(&window, &field("Password"), PASSWORD).await?;
    HAND.write(&window, &field("Name"), "shop-registry").await?;
    HAND.activate(&window, &create).await?;
    window.find_none(&dialog).await?;
    window.sees("The pull secret shop-registry is in the cluster").await?;
    let chosen = textbox("Pull secret");
    ensure!(window.value(&chosen).await? == "shop-registry", "the form has it");

    let secret = ground.owner.connection.get(Kind::Secret, "shop-registry").await?.context("it is in the cluster")?;
    ensure!(secret["type"] == "kubernetes.io/dockerconfigjson", "{}", secret["type"]);
    window.press("Control+Enter").await?;
    eventually("the group to be saved with it", async || {
        let draft = window.call("group_get", &json!(ground.group)).await?["draft"].clone();
        Ok((draft["pull_secret"] == "shop-registry").then_some(()))
    })
    .await?;

    // The next one is made from the same login: it is known, and its password is asked for no more.
    HAND.activate(&window, &button("Create from a login…")).await?;
    let login = role("combobox", "Login").within(dialog.clone());
    eventually("the login to be proposed", async || {
        Ok(window.text(&login).await?.contains("registry.example.com").then_some(()))
    })
    .await?;
    window.find_none(&field("Password")).await?;
    window.press("Escape").await?;
    window.find_none(&dialog).await?;
    let known = window.call("registry_list", &Value::Null).await?;
    let login = json!({ "host": "registry.example.com", "username": "robot", "plain": false });
    ensure!(known == json!([login]), "{known}");
    ensure!(!window.page_text().await?.contains(PASSWORD), "the page shows the password");
    HAND.was_used_alone(&window).await?;
    window.quit().await?;
    for file in std::fs::read_dir(&data)? {
        let path = file?.path();
        if path.is_file() {
            let bytes = std::fs::read(&path)?;
            let found = bytes.windows(PASSWORD.len()).any(|part| part == PASSWORD.as_bytes());
            ensure!(!found, "{} holds the password", path.display());
        }
    }
    ground.close().await
}
