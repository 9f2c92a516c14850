//! The list of a group's pods, one of them in full, and pods that are sent away.

use anyhow::{Context, Result, ensure};
use serde_json::json;
use slipway_cluster::Kind;
use slipway_engine::instance::{
    ContainerKind, EvictOrder, Happened, InstanceLine, InstanceQuery, InstanceRow, InstanceSummary, PodDetail, PodOf,
    PodRef,
};
use slipway_engine::monitor::MonitorQuery;
use slipway_engine::{ClusterError, Error};
use slipway_tests::ground::Ground;
use slipway_tests::window::eventually;
use std::collections::BTreeMap;

/// What the list says once it holds.
async fn list(
    ground: &Ground,
    query: InstanceQuery,
    holds: impl Fn(&InstanceSummary) -> bool,
) -> Result<(InstanceSummary, Vec<InstanceRow>)> {
    let mut feed = ground.engine.live_instance_list(ground.group.clone(), query);
    let mut known: BTreeMap<String, InstanceLine> = BTreeMap::new();
    loop {
        let update = feed.next().await.context("the feed goes on")?;
        for id in update.removes {
            known.remove(&id);
        }
        known.extend(update.upserts.into_iter().map(|line| (slipway_engine::live::Row::id(&line).to_owned(), line)));
        let summary = known.values().find_map(|line| match line {
            InstanceLine::Summary(summary) => Some(summary.clone()),
            InstanceLine::Pod(_) => None,
        });
        let Some(summary) = summary.filter(&holds) else { continue };
        let rows = known.into_values().filter_map(|line| match line {
            InstanceLine::Pod(row) => Some(*row),
            InstanceLine::Summary(_) => None,
        });
        let mut rows: Vec<_> = rows.collect();
        rows.sort_by_key(|row| row.at);
        return Ok((summary, rows));
    }
}

async fn detail(ground: &Ground, of: &PodOf, holds: impl Fn(&PodDetail) -> bool) -> Result<PodDetail> {
    let mut feed = ground.engine.live_pod(of.clone());
    loop {
        let update = feed.next().await.context("the feed goes on")?;
        if let Some(detail) = update.upserts.into_iter().next_back().filter(&holds) {
            return Ok(detail);
        }
    }
}

fn rows(most: u32) -> InstanceQuery {
    InstanceQuery { most, ..InstanceQuery::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_the_list_is_told_with_counts_of_all() -> Result<()> {
    let ground = Ground::new("list", |draft| draft.count = "3".into()).await?;
    ground.release("v1").await?;
    let (summary, told) = list(&ground, rows(2), |summary| summary.total == 3).await?;
    ensure!(summary.matching == 3 && told.iter().map(|row| row.at).eq([0, 1]), "{summary:?} {told:?}");
    let (_, last) = list(&ground, InstanceQuery { from: 2, ..rows(2) }, |summary| summary.total == 3).await?;
    ensure!(last.len() == 1 && last[0].at == 2 && told.iter().all(|row| row.instance.id != last[0].instance.id));
    let by_name = InstanceQuery { text: last[0].instance.name.clone(), ..rows(10) };
    let (narrow, found) = list(&ground, by_name, |summary| summary.total == 3).await?;
    ensure!(narrow.matching == 1 && found[0].instance.id == last[0].instance.id);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn one_pod_in_full_and_what_happened_to_it() -> Result<()> {
    let ground = Ground::new("pod-detail", |_| {}).await?;
    ground.release("v1").await?;
    let (_, told) = list(&ground, rows(1), |summary| summary.total == 2).await?;
    let pod = &told[0].instance;
    let of = PodOf { group: ground.group.clone(), pod: PodRef { name: pod.name.clone(), uid: pod.id.clone() } };
    let known = detail(&ground, &of, |detail| {
        let told = detail.entries.iter().any(|entry| matches!(entry.what, Happened::Event { .. }));
        told && detail.containers.iter().all(|one| one.ready)
    })
    .await?;
    let [app] = &known.containers[..] else { panic!("{known:#?}") };
    ensure!(app.kind == ContainerKind::App && app.ports == ["http 8080/TCP"], "{app:?}");
    ensure!(app.digest.as_ref().is_some_and(|digest| digest.starts_with("sha256:")), "{app:?}");
    let happened = |holds: fn(&Happened) -> bool| known.entries.iter().any(|entry| holds(&entry.what));
    ensure!(happened(|what| matches!(what, Happened::Started { .. })), "{known:#?}");
    ensure!(happened(|what| matches!(what, Happened::Event { reason, .. } if reason == "Scheduled")), "{known:#?}");
    ensure!(happened(
        |what| matches!(what, Happened::Write { ours: false, subresource, .. } if subresource == "status")
    ));
    let yaml = ground.engine.pod_yaml(&of).await?;
    ensure!(yaml.yaml.contains("kind: Pod") && !yaml.yaml.contains("managedFields"), "{}", yaml.yaml);
    ensure!(yaml.managers > 0 && yaml.managed_fields.contains("manager:"));

    // Our own word on it is told as ours; once it is gone, what is known of it stays.
    let label = json!({ "metadata": { "annotations": { "test": "1" } } });
    ground.session().await?.merge_patch(Kind::Pod, &pod.name, &label).await?;
    detail(&ground, &of, |detail| {
        detail.entries.iter().any(|entry| matches!(entry.what, Happened::Write { ours: true, .. }))
    })
    .await?;
    ground.owner.connection.delete(Kind::Pod, &pod.name).await?;
    detail(&ground, &of, |detail| detail.gone).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_budget_keeps_a_pod_from_eviction_and_none_from_deletion() -> Result<()> {
    let ground = Ground::new("evict", |_| {}).await?;
    ground.release("v1").await?;
    let budget = json!({ "metadata": { "name": "all-serve" }, "spec": {
        "minAvailable": 2, "selector": { "matchLabels": { "slipway.dev/group": "prod" } },
    } });
    ground.owner.connection.create(Kind::PodDisruptionBudget, &budget).await?;
    let counted = async |allowed: u64| {
        eventually(format!("the budget to let {allowed} go"), async || {
            let budget = ground.owner.connection.get(Kind::PodDisruptionBudget, "all-serve").await?;
            let status = &budget.context("it is there")?["status"];
            Ok((status["expectedPods"] == 2 && status["disruptionsAllowed"] == allowed).then_some(()))
        })
        .await
    };
    counted(0).await?;
    let (_, told) = list(&ground, rows(2), |summary| summary.total == 2).await?;
    let pod = |row: &InstanceRow| PodRef { name: row.instance.name.clone(), uid: row.instance.id.clone() };
    let order = |pods: Vec<PodRef>, delete| EvictOrder { group: ground.group.clone(), pods, delete };

    let refused = ground.engine.instance_evict(&order(told.iter().map(pod).collect(), false)).await?;
    ensure!(refused.len() == 2, "each has its own answer");
    for one in &refused {
        let Some(Error::Cluster(ClusterError::Budget { budget, message, .. })) = &one.error else { panic!("{one:?}") };
        ensure!(budget == "all-serve" && message.contains("needs 2 healthy pods"), "{message}");
    }
    let (_, stayed) = list(&ground, rows(2), |summary| summary.total == 2).await?;
    ensure!(stayed.iter().map(|row| &row.instance.id).eq(told.iter().map(|row| &row.instance.id)));

    // Another pod of the name is not the one that was meant.
    let other = PodRef { uid: "another".into(), ..pod(&told[0]) };
    for delete in [false, true] {
        let one = ground.engine.instance_evict(&order(vec![other.clone()], delete)).await?;
        ensure!(matches!(&one[0].error, Some(Error::Cluster(_))), "{one:?}");
    }

    let less = json!({ "spec": { "minAvailable": 1 } });
    ground.owner.connection.merge_patch(Kind::PodDisruptionBudget, "all-serve", &less).await?;
    counted(1).await?;
    let gone = ground.engine.instance_evict(&order(vec![pod(&told[0])], false)).await?;
    ensure!(gone[0].error.is_none(), "{gone:?}");
    // Whatever a budget wants.
    let gone = ground.engine.instance_evict(&order(vec![pod(&told[1])], true)).await?;
    ensure!(gone[0].error.is_none(), "{gone:?}");
    list(&ground, rows(2), |summary| summary.total == 2 && summary.shares.iter().all(|share| share.ready == 2)).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_pods_use_is_told_over_time_with_what_happened_and_written_to_a_table() -> Result<()> {
    let ground = Ground::new("monitor", |_| {}).await?;
    ground.release("v1").await?;
    // Somebody looks: it is measured.
    let mut looked_at = ground.engine.live_instance_list(ground.group.clone(), rows(2));
    tokio::spawn(async move { while looked_at.next().await.is_some() {} });
    let query = MonitorQuery { group: ground.group.clone(), hours: 1 };
    let known = |value: &Option<u32>| value.is_some();
    let told = eventually("figures of both pods", async || {
        let told = ground.engine.group_monitor(&query).await?;
        let measured = told.pods.iter().filter(|pod| pod.cpu.iter().any(known) && !pod.pod.is_empty()).count();
        Ok((measured == 2).then_some(told))
    })
    .await?;
    ensure!(told.source.is_none() && told.since.is_some() && told.times.len() == 120, "{told:#?}");
    ensure!(told.pods.iter().all(|pod| pod.release == "r1" && pod.version == "v1" && !pod.new));
    ensure!((told.bounds.cpu_request, told.bounds.memory_limit) == (Some(10), Some(128 << 20)), "{:?}", told.bounds);
    ensure!(told.releases.iter().map(|release| release.seq).eq([Some(1)]), "{:?}", told.releases);
    let path = ground.folder().join("usage.csv");
    ground.engine.monitor_export(&query, &path).await?;
    let table = std::fs::read_to_string(&path)?;
    ensure!(table.starts_with("time,pod,release,version,cpu_millicores,memory_bytes\n"), "{table}");
    ensure!(told.pods.iter().all(|pod| table.contains(&format!(",{},r1,v1,", pod.pod))), "{table}");
    ground.close().await
}
