//! A Deployment that others made, from the dialog that adopts it to the first release.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, eventually, heading, role, textbox};

/// As kubectl makes it: a sidecar, a volume and an affinity, of which no form speaks.
fn backoffice(image: &str) -> Value {
    let term =
        json!({ "topologyKey": "kubernetes.io/hostname", "labelSelector": { "matchLabels": { "app": "backoffice" } } });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": "checkout-api-backoffice" },
        "spec": {
            "replicas": 1, "selector": { "matchLabels": { "app": "backoffice" } },
            "template": {
                "metadata": { "labels": { "app": "backoffice" } },
                "spec": {
                    "affinity": { "podAntiAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [
                        { "weight": 1, "podAffinityTerm": term },
                    ] } },
                    "volumes": [{ "name": "cache", "emptyDir": { "sizeLimit": "16Mi" } }],
                    "containers": [
                        { "name": "agent", "image": image, "env": [{ "name": "PORT", "value": "9102" }] },
                        { "name": "web", "image": image, "ports": [{ "name": "http", "containerPort": 8080 }],
                          "volumeMounts": [{ "name": "cache", "mountPath": "/var/cache" }] },
                    ],
                },
            },
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn what_kubectl_made_is_adopted_edited_and_released() -> Result<()> {
    let ground = Ground::new("window-adopt", |_| {}).await?;
    let connection = &ground.owner.connection;
    let repository = ground.engine.app(&ground.app).await?.repository;
    let object = backoffice(&format!("{repository}:v1"));
    connection.create(Kind::Deployment, &object).await?;
    let live = async || connection.get(Kind::Deployment, "checkout-api-backoffice").await?.context("it is there");
    eventually("it to run", async || Ok((live().await?["status"]["readyReplicas"] == 1).then_some(()))).await?;
    // One Slipway at a time has a data folder.
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;

    // By keyboard alone, from the list to the group.
    window.go(&format!("/app/{}/groups", ground.app)).await?;
    window.tab_to(&button("Adopt…")).await?;
    window.press("Enter").await?;
    window.tab_to(&button("Adopt checkout-api-backoffice")).await?;
    window.press("Enter").await?;
    let dialog = role("dialog", "Adopt checkout-api-backoffice");
    let environment = role("combobox", "Environment").within(dialog.clone());
    Hand::Keyboard.choose(&window, &environment, &By::containing("option", "Test")).await?;
    // Both containers have the app's image, and none its name.
    let container = role("combobox", "App’s container").within(dialog.clone());
    Hand::Keyboard.choose(&window, &container, &By::containing("option", "web")).await?;
    let untouched = role("region", "Stays untouched").within(dialog.clone());
    for part in ["Sidecar agent", "Volume cache", "affinity", "app=backoffice"] {
        eventually(format!("{part} to stay untouched"), async || {
            // All of it: long names are drawn in two parts.
            let kept = window.find(&untouched).await?.prop("textContent").await?.unwrap_or_default();
            Ok(kept.contains(part).then_some(()))
        })
        .await?;
    }
    window.find(&button("Adopt as backoffice").within(dialog.clone())).await?;
    window.tab_to(&textbox("Group name").within(dialog.clone())).await?;
    window.press("Enter").await?;
    window.sees("backoffice is a group now").await?;

    // One field of the form, and a release of it.
    window.click(&By::containing("button", "Advanced working directory")).await?;
    window.fill(&textbox("Working directory"), "/tmp").await?;
    window.press("Control+Enter").await?;
    let route = window.route().await?;
    let group = route.split("/groups/").nth(1).and_then(|rest| rest.split('?').next()).context("the group's page")?;
    eventually("the field to be saved", async || {
        let draft = window.call("group_get", &json!(group)).await?["draft"].clone();
        Ok((draft["working_dir"] == "/tmp").then_some(()))
    })
    .await?;
    window.go(&format!("/app/{}/releases/new?group={group}&choose=v2", ground.app)).await?;
    let deploy = By::containing("button", "Deploy to");
    window.sees("Preflight").await?;
    eventually("the plan to let it begin", async || {
        let off = window.find(&deploy).await?.attr("aria-disabled").await?;
        Ok((off.as_deref() != Some("true")).then_some(()))
    })
    .await?;
    window.click(&deploy).await?;
    eventually("the release to be through", async || {
        let now = live().await?;
        let pod = &now["spec"]["template"]["spec"];
        let web = pod["containers"].as_array().into_iter().flatten().find(|one| one["name"] == "web");
        // Pinned by its digest, where the registry tells it.
        let tag = format!("{repository}:v2");
        let is_new = |web: &Value| web["image"].as_str().is_some_and(|image| image.starts_with(&tag));
        let new = web.is_some_and(|web| web["workingDir"] == "/tmp" && is_new(web));
        Ok((new && now["status"]["updatedReplicas"] == 1 && now["status"]["readyReplicas"] == 1).then_some(()))
    })
    .await?;
    let now = live().await?;
    let pod = &now["spec"]["template"]["spec"];
    let named = |name: &str| pod["containers"].as_array().into_iter().flatten().find(|one| one["name"] == name);
    ensure!(named("agent").is_some_and(|agent| agent["image"] == format!("{repository}:v1")), "{pod}");
    ensure!(named("web").is_some_and(|web| web["volumeMounts"][0]["mountPath"] == "/var/cache"), "{pod}");
    ensure!(pod["volumes"][0]["emptyDir"]["sizeLimit"] == "16Mi", "{pod}");
    ensure!(pod["affinity"]["podAntiAffinity"].is_object(), "{pod}");
    ensure!(now["spec"]["selector"] == object["spec"]["selector"], "{now}");
    window.quit().await?;
    ground.close().await
}
