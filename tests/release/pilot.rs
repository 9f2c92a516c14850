//! A process that drives one release and may be killed at a named place: `pilot DATA_DIR start GROUP IMAGE` begins
//! one, `pilot DATA_DIR abort GROUP IMAGE` takes it back at its first rest, `pilot DATA_DIR delete GROUP` deletes a
//! group, `pilot DATA_DIR train APP IMAGE` begins a train of all its groups, `pilot DATA_DIR resume`, `bury GROUP` and
//! `trains APP` only go on with what was left. All wait until nothing is owed any more.

use anyhow::{Context, Result, bail};
use slipway_engine::Engine;
use slipway_engine::deletion::DeletionOrder;
use slipway_engine::release::train::TrainOrder;
use slipway_engine::release::{PlanRequest, ReleaseAction};
use slipway_model::id::{AppId, GroupId};
use slipway_model::train::TrainDraft;
use slipway_tests::ground::{deleted, nothing_owed, rested, settled};
use std::path::PathBuf;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, verb) = match arguments.as_slice() {
        [folder, verb @ ..] => (PathBuf::from(folder), verb),
        [] => bail!(
            "usage: pilot DATA_DIR start GROUP IMAGE | abort GROUP IMAGE | delete GROUP | bury GROUP | train APP IMAGE | trains APP | resume"
        ),
    };
    let engine = Engine::open(&folder).await?;
    match verb {
        [verb @ ("start" | "abort"), group, image] => {
            let request = PlanRequest { group: (*group).into(), image: (*image).to_owned() };
            let plan = engine.release_plan(&request).await.context("plan")?;
            let release = engine.release_start(&plan.hash, "").await.context("start")?;
            if *verb == "abort" {
                rested(&engine, &release, 0).await?;
                engine.release_act(&release, ReleaseAction::Abort).await.context("abort")?;
            }
            let ended = settled(&engine, &release).await?;
            // Whoever expected it to die somewhere on the way wants to know where it went instead.
            eprintln!("{image} {:?}: {:?}", ended.row.state, ended.diagnosis);
        }
        ["delete", group] => {
            let group = GroupId::from(*group);
            let plan = engine.group_delete_plan(&group).await.context("look what goes")?;
            let order = DeletionOrder { group: group.clone(), plan: plan.hash, typed: plan.name };
            engine.group_delete(&order).await.context("delete")?;
            deleted(&engine, &group).await?;
        }
        ["bury", group] => deleted(&engine, &GroupId::from(*group)).await?,
        ["train", app, image] => {
            let app = AppId::from(*app);
            let cars: Vec<_> = engine.group_list(&app).await?.into_iter().map(|group| group.id).collect();
            let mut plans = Vec::with_capacity(cars.len());
            for group in &cars {
                let request = PlanRequest { group: group.clone(), image: (*image).to_owned() };
                plans.push(engine.release_plan(&request).await.context("plan")?.hash);
            }
            let draft = TrainDraft { cars, soak: "0".into(), ..TrainDraft::default() };
            engine.train_start(&TrainOrder { draft, plans, note: String::new() }).await.context("start")?;
            no_train_left(&engine, &app).await?;
        }
        ["trains", app] => no_train_left(&engine, &AppId::from(*app)).await?,
        ["resume"] => {}
        other => bail!("no such verb: {other:?}"),
    }
    nothing_owed(&engine).await?;
    engine.close().await;
    Ok(())
}

async fn no_train_left(engine: &Engine, app: &AppId) -> Result<()> {
    let mut changes = engine.live_changes();
    while !engine.train_list(app).await?.is_empty() {
        changes.next().await.context("the store is closed")?;
    }
    Ok(())
}
