//! A load balancer, from the button that makes one to the pods that receive its traffic.

use anyhow::{Context, Result, ensure};
use slipway_cluster::Kind;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, role, textbox};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_load_balancer_shows_who_receives_its_traffic() -> Result<()> {
    let ground = Ground::new("window-balancer", |_| {}).await?;
    let released = ground.release("v1").await?;
    ensure!(released.row.state == ReleaseState::Succeeded, "{released:#?}");
    // One Slipway at a time has a data folder.
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.click(&role("link", "Load balancers")).await?;

    window.click(&button("New load balancer")).await?;
    let dialog = role("dialog", "New load balancer");
    let field = |name| textbox(name).within(dialog.clone());
    window.fill(&field("Name"), "Checkout").await?;
    window.click(&button("Use checkout").within(dialog.clone())).await?;
    window.click(&role("radio", "Node port").within(dialog.clone())).await?;
    window.fill(&field("Port 1: Port"), "80").await?;
    window.fill(&field("Port 1: Target"), "http").await?;
    window.fill(&field("Port 1: Node port"), "80").await?;
    window.click(&By::containing("checkbox", "prod").within(dialog.clone())).await?;
    window.click(&button("Create").within(dialog.clone())).await?;
    window.sees("From 30000 to 32767").await?;
    window.fill(&field("Port 1: Node port"), "").await?;
    window.click(&button("Create").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;

    let panel = role("complementary", "checkout");
    let endpoints = role("grid", "Endpoints of checkout").within(panel.clone());
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
    ensure!(pods.len() == 2, "{} pods", pods.len());
    for pod in &pods {
        let name = pod["metadata"]["name"].as_str().context("a pod has a name")?;
        let tail = name.rsplit('-').next().unwrap_or_default();
        window.find(&By::containing("row", tail).within(endpoints.clone())).await?;
    }
    window.sees("100 %").await?;
    let service = ground.owner.connection.get(Kind::Service, "checkout").await?.context("the Service is there")?;
    ensure!(service["spec"]["type"] == "NodePort", "{service}");

    window.click(&button("More actions").within(panel)).await?;
    window.click(&role("menuitem", "Delete…")).await?;
    let dialog = role("dialog", "Delete checkout?");
    window.fill(&textbox("Type checkout to delete it").within(dialog.clone()), "checkout").await?;
    window.click(&button("Delete checkout").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.sees("No load balancers yet").await?;
    ensure!(ground.owner.connection.get(Kind::Service, "checkout").await?.is_none());
    window.quit().await?;
    ground.close().await
}
