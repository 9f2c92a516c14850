//! What waits for a release, and what somebody else changed meanwhile: counted everywhere, shown beside each other, taken
//! back.

use crate::hand::Hand;
use crate::wizard::TAG;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, eventually, heading, link, role, textbox};

async fn text_of(window: &Window, by: &By, part: &str) -> Result<()> {
    eventually(format!("{part:?} in {by}"), async || {
        let text = window.text(by).await?;
        // A count does not break from what it counts.
        let words: Vec<&str> = text.split_whitespace().collect();
        Ok(words.join(" ").contains(part).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_waits_is_told_everywhere_and_can_be_taken_back() -> Result<()> {
    let ground = Ground::new("window-pending", |draft| draft.environment = "test".into()).await?;
    let released = ground.release("v1").await?;
    ensure!(released.row.state == ReleaseState::Succeeded, "{released:#?}");
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    let (app, group) = (ground.app.to_string(), ground.group.to_string());
    let page = format!("/app/{app}/groups/{group}");

    window.find(&heading("Overview")).await?;

    // Edited in place: counted on the page itself, in the list, in the overview.
    window.go(&page).await?;
    Hand::Pointer.pick(&window, &role("radiogroup", "Size"), &By::containing("radio", "Large")).await?;
    window.sees("Not saved yet").await?;
    window.press("Control+Enter").await?;
    window.sees("4 changes wait for a release: container 4.").await?;
    window.find(&By::containing("button", "Container").within(role("navigation", "Sections"))).await?;
    window.go(&format!("/app/{app}/groups")).await?;
    let row = By::containing("row", "prod").within(role("grid", "Groups"));
    let changes = By::containing("gridcell", "4 changes").within(row);
    window.find(&changes).await?;
    window.click(&By::containing("radio", "Pending").within(role("radiogroup", "Which groups"))).await?;
    window.find(&changes).await?;
    window.go(&format!("/app/{app}/overview")).await?;
    window.find(&By::containing("link", "4 changes").within(By::any("main"))).await?;

    // Somebody with kubectl changes two fields meanwhile.
    ground.owner.kubectl(&["set", "env", "deployment/checkout-api-prod", "DEBUG=1"]).await?;
    ground.owner.kubectl(&["scale", "deployment/checkout-api-prod", "--replicas=3"]).await?;
    window.go(&format!("{page}/yaml")).await?;
    window.sees("2 fields were changed in the cluster by somebody else").await?;
    let table = role("table", "Fields that differ");
    let differs = |field: &str| By::containing("row", field).within(table.clone());
    for (field, parts) in [
        ("spec.replicas", vec!["2", "3", "kubectl, subresource scale"]),
        ("containers[app].env[DEBUG]", vec!["DEBUG", "kubectl-set", ":"]),
        ("memory.limit", vec!["128Mi", "1Gi", "with the next release"]),
    ] {
        for part in parts {
            text_of(&window, &differs(field), part).await?;
        }
    }
    let three = role("region", "Three-way");
    for part in ["Last released", "Live", "Rendered", "name: DEBUG", "4 lines from the draft"] {
        text_of(&window, &three, part).await?;
    }

    // Reverted: the count at once, the variable with the next release.
    window.click(&button("Revert both…")).await?;
    let dialog = role("dialog", "Revert 2 fields?");
    text_of(&window, &dialog, "The count goes back to 2 at once.").await?;
    window.click(&button("Revert").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find_none(&differs("spec.replicas")).await?;
    text_of(&window, &differs("containers[app].env[DEBUG]"), "goes back with the next release").await?;
    window.sees_no_more("changed in the cluster by somebody else").await?;
    ensure!(ground.deployment().await?["spec"]["replicas"] == 2);

    // The objects as a folder that kubectl takes.
    let folder = window.desktop().home().join("apply");
    std::fs::create_dir(&folder)?;
    window.click(&button("Save for apply -k…")).await?;
    window.answer_dialog(&folder.to_string_lossy()).await?;
    window.sees("kubectl apply -k takes the folder as it is.").await?;
    let saved = std::fs::read_dir(&folder)?.next().context("a folder is made in it")??.path();
    ensure!(saved.join("kustomization.yaml").is_file(), "{}", saved.display());
    ground.owner.kubectl(&["apply", "--dry-run=client", "-k", &saved.to_string_lossy()]).await?;

    // The draft is given up, change by change: nothing waits any more, here and everywhere.
    for field in ["memory.request", "memory.limit", "cpu.limit", "cpu.request"] {
        let discard = button(&format!("Discard the change of {field}"));
        window.click(&discard).await?;
        window.find_none(&discard).await?;
    }
    window.sees_no_more("waits for a release").await?;
    let draft = window.call("group_get", &json!(group)).await?["draft"].clone();
    ensure!(draft["memory"] == json!({ "request": "16Mi", "limit": "128Mi" }), "{draft}");
    window.go(&format!("/app/{app}/groups")).await?;
    window.find_none(&changes).await?;

    // What was marked goes back with a release that changes nothing else.
    window.click(&link("Deploy: prod")).await?;
    window.fill(&textbox(TAG), "v1").await?;
    window.press("Enter").await?;
    window.click(&By::containing("button", "Deploy to prod")).await?;
    window.find(&By::containing("listitem", "Succeeded").within(role("list", "Stages"))).await?;
    let live = ground.owner.connection.get(Kind::Deployment, "checkout-api-prod").await?.context("it is there")?;
    ensure!(live["spec"]["template"]["spec"]["containers"][0]["env"] == Value::Null, "{live}");
    window.quit().await?;
    ground.close().await
}
