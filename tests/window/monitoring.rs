//! What pods used: drawn, listed, and written to a file.

use anyhow::{Result, ensure};
use slipway_cluster::Kind;
use slipway_tests::ground::Ground;
use slipway_tests::window::{By, Window, button, heading, role};

#[tokio::test(flavor = "multi_thread")]
async fn what_pods_used_is_drawn_listed_and_written() -> Result<()> {
    let ground = Ground::new("window-monitor", |_| {}).await?;
    ground.release("v1").await?;
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    window.click(&By::containing("tab", "Monitoring")).await?;
    window.find(&By::containing("img", "CPU: ")).await?;
    window.find(&By::containing("img", "Memory: ")).await?;
    window.find(&role("list", "Releases")).await?;

    window.click(&role("radio", "Table").within(role("radiogroup", "View"))).await?;
    let table = role("grid", "Monitoring");
    window.find(&By::containing("row", "MiB").within(table)).await?;

    // The dialog keeps the ending of the name that it proposes.
    let file = ground.folder().join("used");
    window.click(&button("CSV")).await?;
    window.answer_dialog(&file.to_string_lossy()).await?;
    window.sees("Written to").await?;
    let text = std::fs::read_to_string(file.with_extension("csv"))?;
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/group=prod").await?;
    ensure!(pods.len() == 2, "{} pods", pods.len());
    for pod in &pods {
        let name = pod["metadata"]["name"].as_str().unwrap_or_default();
        ensure!(text.contains(name), "{name} is not in {text}");
    }
    window.quit().await?;
    ground.close().await
}
