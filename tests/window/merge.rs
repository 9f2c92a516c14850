//! What a colleague released meanwhile, in the window: the plan says so, what both changed is decided, and the plan goes on.

use crate::hand::{Hand, enabled};
use anyhow::{Context, Result, ensure};
use slipway_engine::Engine;
use slipway_engine::config::{ConfigCreate, ConfigSave, FileAsk, FileContent, FileView};
use slipway_model::id::FileId;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, settled};
use slipway_tests::window::{By, Window, button, heading, role, textbox};

const FILE: &str = "/etc/checkout/application.yaml";
const LINES: &str = "pool: 20\nname: a\nmode: fast\nlevel: info\nlast: 1\n";

async fn file(engine: &Engine, id: &FileId) -> Result<FileView> {
    Ok(engine.config_file(&FileAsk { id: id.clone(), group: None }).await?)
}

/// Somebody changes both limits, and a line of the file.
async fn edit(engine: &Engine, ground: &Ground, id: &FileId, limits: [&str; 2], line: (&str, &str)) -> Result<()> {
    let mut draft = engine.group(&ground.group).await?.draft;
    let [memory, cpu] = limits;
    (draft.memory.limit, draft.cpu.limit) = (memory.into(), cpu.into());
    engine.group_update(&ground.group, &draft).await?;
    let content = FileContent::Text { text: LINES.replace(line.0, line.1) };
    let base = file(engine, id).await?.revision;
    engine.config_save(&ConfigSave { id: id.clone(), base, editor: "test".into(), content }).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_colleague_released_is_merged_from_the_plan_and_the_plan_goes_on() -> Result<()> {
    let ground = Ground::new("window-merge", |draft| draft.count = "0".into()).await?;
    let create = ConfigCreate {
        app: ground.app.clone(),
        group: None,
        path: FILE.into(),
        content: FileContent::Text { text: LINES.into() },
        literal: true,
        sensitive: false,
    };
    let id = ground.engine.config_create(&create).await?;
    ground.release("v1").await?;
    let other = ground.colleague("Chen Wei").await?;
    let before = ground.engine.group(&ground.group).await?.draft;
    edit(&other, &ground, &id, ["256Mi", "300m"], ("pool: 20", "pool: 60")).await?;
    let plan = ground.plan_on(&other, "v1").await?;
    let theirs = settled(&other, &other.release_start(&plan.hash, "").await?).await?;
    ensure!(theirs.row.state == ReleaseState::Succeeded, "{theirs:#?}");
    other.close().await;
    edit(&ground.engine, &ground, &id, [&before.memory.limit, "700m"], ("last: 1", "last: 2")).await?;
    ground.engine.close().await;

    let window = Window::open(&ground.data_dir(), &[]).await?;
    window.find(&heading("Overview")).await?;
    window.go(&format!("/app/{}/releases/new?group={}&choose=v1", ground.app, ground.group)).await?;
    // The plan warns, and leads to the merge.
    window.click(&By::containing("link", "Chen Wei")).await?;
    window.sees("Chen Wei released r2 meanwhile").await?;
    let section = |name: &str| role("region", name);
    let comes = section("Comes in from r2");
    window.find(&By::containing("row", "memory.limit").within(comes.clone())).await?;
    window.find(&By::containing("row", "1 place comes in").within(comes)).await?;
    window.find(&By::containing("row", "cpu.limit").within(section("Changed by both"))).await?;

    // Nothing is written while something is open; theirs is taken of what both changed.
    let take = button("Merge into the draft");
    window.sees("0 of 1 conflicts decided").await?;
    ensure!(window.find(&take).await?.attr("aria-disabled").await?.as_deref() == Some("true"), "one is open");
    let theirs = By::containing("radio", "Chen Wei's");
    Hand::Pointer.pick(&window, &role("radiogroup", "What stays of cpu.limit"), &theirs).await?;
    window.sees("1 of 1 conflicts decided").await?;
    window.click(&take).await?;
    window.sees("Your draft has what r2 changed").await?;

    // What is left to release is ours alone, and the plan goes on without a warning.
    window.go(&format!("/app/{}/releases/new?group={}&choose=v1", ground.app, ground.group)).await?;
    let deploy = By::containing("button", "Deploy to prod");
    enabled(&window, &deploy).await?;
    window.find_none(&By::containing("link", "Chen Wei")).await?;
    window.fill(&textbox("Note"), "both").await?;
    window.click(&deploy).await?;
    window.click(&By::containing("button", "Deploy to").within(role("dialog", "Deploy to prod?"))).await?;
    window.find(&By::containing("listitem", "Succeeded").within(role("list", "Stages"))).await?;
    window.quit().await?;

    let engine = Engine::open(&ground.data_dir()).await?;
    let draft = engine.group(&ground.group).await?.draft;
    ensure!((draft.memory.limit.as_str(), draft.cpu.limit.as_str()) == ("256Mi", "300m"), "{draft:#?}");
    let both = LINES.replace("pool: 20", "pool: 60").replace("last: 1", "last: 2");
    ensure!(file(&engine, &id).await?.content == FileContent::Text { text: both });
    engine.close().await;
    let live = ground.deployment().await?;
    let limits = &live["spec"]["template"]["spec"]["containers"][0]["resources"]["limits"];
    ensure!(limits["memory"] == "256Mi" && limits["cpu"] == "300m", "{limits:#}");
    let records = ground.records().await?;
    let last = records.last().context("three releases")?;
    ensure!(records.len() == 3 && last["metadata"]["labels"]["slipway.dev/status"] == "succeeded", "{last:#}");
    ground.close().await
}
