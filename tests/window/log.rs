//! Logs in the dock: merged, looked through, filtered, kept over pages, and what is missing is said.

use anyhow::{Result, ensure};
use slipway_tests::ground::Ground;
use slipway_tests::pod::Pods;
use slipway_tests::window::{By, Window, button, eventually, heading, role};

fn panel() -> By {
    role("tabpanel", "Logs · prod")
}

fn within(by: By) -> By {
    by.within(panel())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_pods_of_a_group_are_merged_looked_through_and_filtered() -> Result<()> {
    let ground = Ground::new("window-log", |draft| draft.count = "3".into()).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    for pod in pods.with("slipway.dev/group=prod").await? {
        pods.get(&pod, 8080, "/log?rate=100").await?;
    }
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;

    window.click(&button("Logs of all pods")).await?;
    window.find(&within(role("log", "Logs · prod"))).await?;
    window.sees("3 of 3 streaming").await?;
    window.sees("New pods join by themselves").await?;
    eventually("lines of three pods", async || {
        let text = window.text(&within(role("log", "Logs · prod"))).await?;
        Ok(text.contains("line 0000").then_some(()))
    })
    .await?;

    // By keyboard: looked for, the newest first, then the one before it.
    let search = within(role("searchbox", "Find in log"));
    window.click(&search).await?;
    window.type_text("line 000000").await?;
    eventually("what is found to be counted", async || Ok(window.page_text().await?.contains(" found").then_some(())))
        .await?;
    window.press("Enter").await?;
    window.find(&within(button("Follow"))).await?;
    window.click(&within(button("Only matching lines"))).await?;
    eventually("only what is found", async || {
        let text = window.text(&within(role("log", "Logs · prod"))).await?;
        let lines: Vec<_> = text.lines().filter(|line| line.contains("line ")).collect();
        Ok((!lines.is_empty() && lines.iter().all(|line| line.contains("line 000000"))).then_some(()))
    })
    .await?;

    // What is found is saved where the person says.
    let saved = ground.folder().join("found");
    window.click(&within(button("Save"))).await?;
    window.click(&role("menuitem", "What is found")).await?;
    // The dialog keeps the ending of the name that it proposes.
    window.answer_dialog(&saved.to_string_lossy()).await?;
    window.sees("Saved to").await?;
    let text = std::fs::read_to_string(saved.with_extension("log"))?;
    let found = text.lines().filter(|line| line.contains("line 000000")).count();
    ensure!(found > 0 && found == text.lines().count(), "{text}");

    // It stays over another page, and beside another log.
    window.go(&format!("/app/{}/overview", ground.app)).await?;
    window.find(&heading("Overview")).await?;
    window.find(&panel()).await?;
    window.click(&button("Full screen")).await?;
    window.find_none(&heading("Overview")).await?;
    window.click(&button("Leave full screen")).await?;
    window.click(&button("Close Logs · prod")).await?;
    window.find_none(&panel()).await?;
    let folder = ground.data_dir().join("cache/logs");
    eventually("its files to go", async || Ok((std::fs::read_dir(&folder)?.count() == 0).then_some(()))).await?;
    ensure!(window.console_errors()?.is_empty(), "{:?}", window.console_errors()?);
    window.quit().await?;
    pods.close();
    Ok(())
}
