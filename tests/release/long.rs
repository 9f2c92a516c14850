//! Files that are too long for a record: released, cleared away and had back.

use crate::config::{create, file, ground, objects, save, text};
use anyhow::{Result, ensure};
use slipway_cluster::Kind;
use slipway_engine::config::VersionRef;
use slipway_model::config::Content;
use slipway_model::release::{ReleaseState, Seq};
use slipway_tests::ground::Ground;
use slipway_tests::pod::Pods;
use uuid::Uuid;

/// Far above what a record holds itself (releases.md: 64 KiB), and nothing that compression would make short.
const LONG: usize = 300 * 1024;

fn noise(word: &str) -> String {
    let mut text = format!("{word}\n");
    while text.len() < LONG {
        text.push_str(&Uuid::new_v4().simple().to_string());
        text.push('\n');
    }
    text
}

async fn release(ground: &Ground) -> Result<Vec<String>> {
    let release = ground.release("v1").await?;
    ensure!(release.row.state == ReleaseState::Succeeded, "{release:#?}");
    Ok(release.objects)
}

/// What stands beside the records because they are too small for it.
async fn stored(ground: &Ground) -> Result<usize> {
    Ok(ground.owner.connection.list(Kind::ConfigMap, "slipway.dev/stored,slipway.dev/app=checkout-api").await?.len())
}

/// Whether the record of a release has the whole of its one file.
async fn recorded(ground: &Ground, seq: u32, content: &str) -> Result<bool> {
    let pods = Pods::of(ground).await?;
    let records = pods.records().await?;
    pods.close();
    let record = records.iter().find(|record| record.release.seq == Some(Seq(seq)));
    let file = record.and_then(|record| record.release.plan.config.files.first());
    Ok(file.is_some_and(|file| file.content == Content::Text(content.to_owned())))
}

/// Nothing in the cluster knows of these releases any more.
async fn forget(ground: &Ground, names: &[&str]) -> Result<()> {
    let cluster = &ground.owner.connection;
    for release in names {
        cluster.delete(Kind::ConfigMap, &format!("slipway-checkout-api-prod-{release}")).await?;
        let selector = format!("slipway.dev/app=checkout-api,slipway.dev/release={release}");
        for set in cluster.list(Kind::ReplicaSet, &selector).await? {
            cluster.delete(Kind::ReplicaSet, set["metadata"]["name"].as_str().unwrap_or_default()).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_file_is_released_cleared_away_and_had_back() -> Result<()> {
    let ground = ground("long-file").await?;
    let (first, second) = (noise("first"), noise("second"));
    let id = create(&ground, None, "conf/long.txt", text(&first)).await?;
    let of_first = release(&ground).await?;
    assert_eq!(file(&ground, "r1", "long.txt").await?, first);
    save(&ground, &id, &second).await?;
    release(&ground).await?;
    assert_eq!(file(&ground, "r2", "long.txt").await?, second);
    assert_eq!(stored(&ground).await?, 2);
    assert!(recorded(&ground, 1, &first).await? && recorded(&ground, 2, &second).await?);

    // What a record needs stays, however many releases end after it: it is gone back to without a new object.
    save(&ground, &id, "short\n").await?;
    release(&ground).await?;
    assert_eq!(stored(&ground).await?, 2);
    ground.engine.config_restore(&VersionRef { file: id.clone(), number: Some(1) }).await?;
    assert_eq!(release(&ground).await?, of_first, "the same objects by name");
    assert_eq!(file(&ground, "r4", "long.txt").await?, first);
    assert_eq!(stored(&ground).await?, 2, "shared by r1 and r4");

    // Forgotten by the cluster it is cleared away with the next release, and comes back from this computer.
    save(&ground, &id, "short again\n").await?;
    release(&ground).await?;
    forget(&ground, &["r1", "r2", "r4"]).await?;
    save(&ground, &id, "short for the last time\n").await?;
    release(&ground).await?;
    assert_eq!(stored(&ground).await?, 0);
    let left = objects(&ground).await?;
    assert!(of_first.iter().all(|name| !left.contains(name)), "{left:?}");
    ground.engine.config_restore(&VersionRef { file: id, number: Some(1) }).await?;
    assert_eq!(release(&ground).await?, of_first);
    assert_eq!(file(&ground, "r7", "long.txt").await?, first);
    assert_eq!(stored(&ground).await?, 1);
    assert!(recorded(&ground, 7, &first).await?);
    ground.close().await
}
