//! A process that drives one release and may be killed at a named place: `pilot DATA_DIR start GROUP IMAGE` begins
//! one, `pilot DATA_DIR abort GROUP IMAGE` takes it back at its first rest, `pilot DATA_DIR delete GROUP` deletes a
//! group, `pilot DATA_DIR resume` and `bury GROUP` only go on with what was left. All wait until nothing is owed any more.

use anyhow::{Context, Result, bail};
use slipway_engine::Engine;
use slipway_engine::deletion::DeletionOrder;
use slipway_engine::release::{PlanRequest, ReleaseAction};
use slipway_model::id::GroupId;
use slipway_tests::ground::{deleted, nothing_owed, rested, settled};
use std::path::PathBuf;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (folder, verb) = match arguments.as_slice() {
        [folder, verb @ ..] => (PathBuf::from(folder), verb),
        [] => bail!("usage: pilot DATA_DIR start GROUP IMAGE | abort GROUP IMAGE | delete GROUP | bury GROUP | resume"),
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
        ["resume"] => {}
        other => bail!("no such verb: {other:?}"),
    }
    nothing_owed(&engine).await?;
    engine.close().await;
    Ok(())
}
