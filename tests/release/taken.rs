//! What a release in batches stands on, taken away in its second batch: the namespace, the permission, room on the disk.

use crate::batches::{ready_for, running, wanted};
use crate::colleague::heard;
use crate::interrupted::live;
use crate::survive::{command, in_two_batches};
use crate::watcher::Watcher;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_engine::cluster::Credential;
use slipway_engine::release::ReleaseAction;
use slipway_engine::{ClusterError, Error};
use slipway_model::cluster::Role;
use slipway_model::diagnosis::Cause;
use slipway_model::id::ReleaseId;
use slipway_model::release::{ReleaseState, Stage};
use slipway_tests::ground::{Ground, rested, settled, until};
use slipway_tests::window::eventually;
use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};

/// Goes on with the second batch, and waits until its first pod is wanted.
async fn second_batch(ground: &Ground, id: &ReleaseId) -> Result<()> {
    ground.engine.release_act(id, ReleaseAction::Continue).await?;
    live(ground, |live| live["spec"]["paused"] != true).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_namespace_that_goes_ends_it() -> Result<()> {
    let ground = running("namespace-gone", (4, "1", "0"), &["2", "1"]).await?;
    ready_for(&ground, 3).await?;
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    second_batch(&ground, &id).await?;
    let connection = &ground.owner.connection;
    connection.delete(Kind::Namespace, &connection.namespace).await?;
    let mut failed = settled(&ground.engine, &id).await?;
    // What is in a namespace goes in no order: where its ReplicaSets went first, it stops, and whoever goes on is told.
    if failed.row.state == ReleaseState::Stopped {
        ensure!(failed.diagnosis.is_some_and(|found| matches!(found.cause, Cause::Gone { .. })), "{:?}", failed.row);
        eventually("the Deployment to be gone", async || {
            let left = connection.list(Kind::Deployment, "slipway.dev/app").await?;
            Ok(left.is_empty().then_some(()))
        })
        .await?;
        match ground.engine.release_act(&id, ReleaseAction::Continue).await {
            // The namespace itself may be gone by now: who goes on is told so at once, and it stays where it is.
            Err(Error::Cluster(ClusterError::NamespaceGone { .. })) => {
                ground.engine.close().await;
                return Ok(());
            }
            acted => acted?,
        }
        failed = until(&ground.engine, &id, |view| view.row.state.ended()).await?;
    }
    ensure!(failed.row.state == ReleaseState::Failed && failed.progress.batch == 1, "{failed:#?}");
    let told = failed.diagnosis.map(|found| found.cause);
    ensure!(matches!(told, Some(Cause::Gone { .. })), "{told:?}");
    let ends = failed.transitions.iter().filter(|one| one.state == ReleaseState::Failed).count();
    ensure!(ends == 1, "it ends once: {:#?}", failed.transitions);
    ground.engine.close().await;
    Ok(())
}

/// From here on this computer may what a deployer may.
pub(crate) async fn as_deployer(ground: &Ground) -> Result<()> {
    let code = ground.owner.code("test", Role::Deployer, Duration::from_hours(1)).await?;
    let preview = ground.engine.cluster_inspect(Credential::Code(code)).await?;
    let link = ground.engine.cluster_link(&preview.token, "test").await?;
    ensure!(link == ground.link, "the same namespace is linked anew");
    Ok(())
}

/// Takes away what a deployer may; the answer gives it back.
pub(crate) async fn forbid(ground: &Ground) -> Result<Value> {
    let connection = &ground.owner.connection;
    let mut bindings = connection.list(Kind::RoleBinding, "slipway.dev/member").await?;
    let mut binding = bindings.pop().context("the member is bound")?;
    let name = binding["metadata"]["name"].as_str().context("it has a name")?.to_owned();
    connection.delete(Kind::RoleBinding, &name).await?;
    binding["metadata"] = json!({ "name": name, "labels": binding["metadata"]["labels"] });
    Ok(binding)
}

pub(crate) async fn allow_again(ground: &Ground, binding: &Value) -> Result<()> {
    ground.owner.connection.create(Kind::RoleBinding, binding).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_permission_it_stops_and_with_it_goes_on() -> Result<()> {
    let ground = running("permission-gone", (4, "1", "0"), &["2", "1"]).await?;
    ready_for(&ground, 3).await?;
    as_deployer(&ground).await?;
    let watcher = Watcher::of(&ground);
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    second_batch(&ground, &id).await?;
    let binding = forbid(&ground).await?;
    let stopped = until(&ground.engine, &id, |view| view.row.state == ReleaseState::Stopped).await?;
    let Some(Cause::Refused { operation, message }) = stopped.diagnosis.map(|found| found.cause) else {
        bail!("the refusal is told: {:?}", stopped.row)
    };
    ensure!(operation == "move" && message.contains("forbidden"), "{operation}: {message}");
    ensure!(wanted(&ground, "r2").await? == (3, 2), "what was written last stays");
    allow_again(&ground, &binding).await?;
    eventually("the release to go on", async || {
        Ok(Some(ground.engine.release_act(&id, ReleaseAction::Continue).await?))
    })
    .await?;
    let view = rested(&ground.engine, &id, 1).await?;
    ensure!(view.row.state == ReleaseState::Resting && wanted(&ground, "r2").await? == (3, 1), "{view:#?}");
    watcher.end().await?.keeps(4, 5)?;
    ground.close().await
}

/// A pilot whose data folder is a disk of its own, which this process reaches by the pilot's root.
struct OnSmallDisk {
    pilot: Child,
    folder: PathBuf,
}

const DISK: &str = "cp -a \"$DATA\" \"$DATA.copy\" && mount -t tmpfs -o size=4m tmpfs \"$DATA\" \
                    && cp -a \"$DATA.copy/.\" \"$DATA\" && exec \"$@\"";

impl OnSmallDisk {
    fn start(ground: &Ground, verb: &[&str]) -> Result<Self> {
        let pilot = command(ground, verb);
        let mut inside = Command::new("unshare");
        inside
            .args(["--mount", "sh", "-c", DISK, "sh"])
            .arg(pilot.as_std().get_program())
            .args(pilot.as_std().get_args());
        inside.env("DATA", ground.data_dir()).stdin(Stdio::null()).kill_on_drop(true);
        let pilot = inside.spawn().context("start the pilot on a disk of its own")?;
        let pid = pilot.id().context("it runs")?;
        let data = ground.data_dir();
        let folder = Path::new("/proc").join(pid.to_string()).join("root").join(data.strip_prefix("/")?);
        Ok(Self { pilot, folder })
    }

    fn filler(&self) -> PathBuf {
        self.folder.join("filler")
    }

    /// Takes all room that is left.
    fn fill(&self) -> Result<()> {
        let mut file = File::create(self.filler())?;
        let block = [0; 4096];
        loop {
            match file.write_all(&block) {
                Ok(()) => {}
                Err(error) if error.kind() == ErrorKind::StorageFull => return Ok(()),
                Err(error) => return Err(error.into()),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_full_disk_it_stands_still_and_with_room_goes_on() -> Result<()> {
    let ground = Ground::new("disk-full", in_two_batches).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    ready_for(&ground, 8).await?;
    let other = ground.colleague("Chen Wei").await?;
    ground.engine.close().await;
    let watcher = Watcher::of(&ground);
    let mut disk = OnSmallDisk::start(&ground, &["abort", ground.group.as_str(), "v2"])?;
    // Another computer hears that it moves: that is written down there, too.
    let id = heard(&other, &ground, 2).await?.id;
    until(&other, &id, |view| view.row.stage == Stage::Move).await?;
    other.close().await;
    disk.fill()?;
    // The first batch comes to rest in the cluster, and nobody can write that down.
    live(&ground, |live| live["spec"]["paused"] == true).await?;
    let renewed = lease(&ground).await?;
    eventually("it to try again", async || Ok((lease(&ground).await? != renewed).then_some(()))).await?;
    ensure!(wanted(&ground, "r2").await? == (1, 2), "it stands still");
    let records = ground.records().await?;
    let told = records.last().map(|record| record["metadata"]["labels"]["slipway.dev/status"].clone());
    ensure!(told == Some("moving".into()), "nothing is told that is not written down: {told:?}");
    std::fs::remove_file(disk.filler())?;
    let ended = disk.pilot.wait().await?;
    ensure!(ended.success(), "it went on, and back: {ended}");
    ensure!(wanted(&ground, "r1").await? == (3, 0));
    watcher.end().await?.keeps(3, 4)?;
    ground.close().await
}

/// When the driver of the group's release renewed its Lease last.
pub(crate) async fn lease(ground: &Ground) -> Result<serde_json::Value> {
    let lease = ground.owner.connection.get(Kind::Lease, "slipway-checkout-api-prod").await?;
    Ok(lease.context("the Lease is there")?["spec"]["renewTime"].clone())
}
