//! The model of the Deployment controller that the simulation stands on, beside the real one: the same script leaves the same
//! pods wanted of every template.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use jiff::Timestamp;
use serde_json::{Value, json};
use slipway_cluster::{Connection, Kind};
use slipway_model::group::Share::{self, Percent, Pods};
use slipway_model::release::PINNED_SECONDS;
use slipway_simulation::{Change, Model};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::owner::{Owner, owner_by};
use slipway_tests::window::eventually;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const NAME: &str = "api";
const RELEASE: &str = "slipway.dev/release";
const RESTARTED: &str = "kubectl.kubernetes.io/restartedAt";
/// The template of a number, restarted, has the number this much higher.
const ANEW: u32 = 100;

/// What somebody does.
#[derive(Clone, Debug)]
enum Step {
    Write(Vec<Change>),
    /// `kubectl rollout undo`, which leads to this template.
    Undo(u32),
    /// `kubectl rollout restart`.
    Restart,
    /// The `ReplicaSet` of a template is deleted by hand.
    Delete(u32),
}

/// A release in batches as the driver moves it, with everything on its way that others do.
fn script(count: u32, surge: Share, unavailable: Share) -> Vec<Step> {
    use Change::{Count, History, Limits, Paused, Pinned, Template};
    use Step::{Delete, Restart, Undo, Write};
    let (up, down) = (surge.up(count), unavailable.down(count));
    let limits = |surge, unavailable| Limits { surge: Pods(surge), unavailable: Pods(unavailable) };
    let grow = |new: u32| if up > 0 { limits(up, 0) } else { limits(0, new + down.max(1)) };
    let (first, rest) = (up.max(down).max(1).min(count), limits(0, down.max(1)));
    vec![
        // Begin, contract, rest.
        Write(vec![Template(1), Pinned(true), grow(0)]),
        Write(vec![limits(0, first)]),
        Write(vec![Paused(true), rest]),
        // At rest somebody scales, and resumes.
        Write(vec![Count(count + 3)]),
        Write(vec![Count(count.div_ceil(2))]),
        Write(vec![Count(count)]),
        Write(vec![Paused(false)]),
        Write(vec![Paused(true), rest]),
        // Expand; while it moves, somebody scales, edits, undoes and restarts.
        Write(vec![Paused(false), grow(first)]),
        Write(vec![Count(count.div_ceil(2))]),
        Write(vec![Count(count + 2)]),
        Write(vec![Count(count)]),
        Write(vec![Template(2)]),
        Undo(1),
        Restart,
        // Sets are deleted, the newest while it moves and the oldest at rest.
        Delete(1 + ANEW),
        Write(vec![Paused(true), rest]),
        Delete(0),
        Write(vec![Paused(false), grow(first)]),
        // The end, by limits that are parts of the count; and back to what is nowhere any more.
        Write(vec![Pinned(false), Limits { surge, unavailable }]),
        Write(vec![History(0)]),
        Write(vec![Template(0), Limits { surge: Percent(50), unavailable: Percent(50) }]),
        Write(vec![Paused(true), Template(3)]),
        Write(vec![Count(0)]),
    ]
}

/// The merge patch of a write.
fn patch(changes: &[Change]) -> Value {
    let mut spec = json!({});
    for change in changes {
        match *change {
            Change::Count(count) => spec["replicas"] = count.into(),
            Change::Template(number) => spec["template"] = json!({ "metadata": labels(number) }),
            Change::Paused(paused) => spec["paused"] = paused.into(),
            Change::Limits { surge, unavailable } => spec["strategy"] = strategy(surge, unavailable),
            // One less than the product's, so that there are two deadlines above it.
            Change::Pinned(pinned) => spec["minReadySeconds"] = if pinned { PINNED_SECONDS - 1 } else { 0 }.into(),
            Change::History(sets) => spec["revisionHistoryLimit"] = sets.into(),
        }
    }
    json!({ "spec": spec })
}

/// A restart is of the template before it: another one does away with it.
fn labels(number: u32) -> Value {
    json!({ "labels": { "app": NAME, RELEASE: format!("r{number}") }, "annotations": { RESTARTED: null } })
}

fn strategy(surge: Share, unavailable: Share) -> Value {
    let written = |share: Share| match share {
        Pods(pods) => json!(pods),
        Percent(_) => json!(share.to_string()),
    };
    json!({ "rollingUpdate": { "maxSurge": written(surge), "maxUnavailable": written(unavailable) } })
}

/// The real one.
struct Real {
    owner: Owner,
}

impl Real {
    async fn new(cluster: &OwnCluster, name: &str, count: u32, surge: Share, unavailable: Share) -> Result<Self> {
        let owner = owner_by(&cluster.kubeconfig(), name).await?;
        let deployment = json!({
            "metadata": { "name": NAME },
            "spec": {
                "replicas": count,
                "strategy": strategy(surge, unavailable),
                "progressDeadlineSeconds": PINNED_SECONDS,
                "selector": { "matchLabels": { "app": NAME } },
                "template": {
                    "metadata": { "labels": { "app": NAME, RELEASE: "r0" } },
                    "spec": { "containers": [{ "name": "app", "image": "none" }] },
                },
            },
        });
        owner.connection.create(Kind::Deployment, &deployment).await?;
        Ok(Self { owner })
    }

    fn connection(&self) -> &Connection {
        &self.owner.connection
    }

    async fn deployment(&self) -> Result<Value> {
        self.connection().get(Kind::Deployment, NAME).await?.context("the Deployment is there")
    }

    async fn sets(&self) -> Result<Vec<Value>> {
        Ok(self.connection().list(Kind::ReplicaSet, "").await?)
    }

    async fn act(&self, step: &Step) -> Result<()> {
        // Sets of one second would be told apart by the hashes in their names.
        let sets = self.sets().await?;
        let newest = sets.iter().filter_map(|set| set["metadata"]["creationTimestamp"].as_str()).max();
        let newest: Option<Timestamp> = newest.map(str::parse).transpose()?;
        eventually("the next second", async || {
            Ok(newest.is_none_or(|made| Timestamp::now().as_second() > made.as_second()).then_some(()))
        })
        .await?;
        match step {
            Step::Write(changes) => {
                self.connection().merge_patch(Kind::Deployment, NAME, &patch(changes)).await?;
            }
            Step::Undo(_) => self.owner.kubectl(&["rollout", "undo", "deployment", NAME]).await?,
            Step::Restart => self.owner.kubectl(&["rollout", "restart", "deployment", NAME]).await?,
            Step::Delete(template) => {
                for set in self.sets().await?.iter().filter(|set| number(set) == Some(*template)) {
                    let name = set["metadata"]["name"].as_str().unwrap_or_default();
                    self.connection().delete(Kind::ReplicaSet, name).await?;
                }
            }
        }
        Ok(())
    }

    /// Pods wanted by template, once all controllers agree; `None` before.
    async fn settled(&self) -> Result<Option<BTreeMap<u32, u32>>> {
        let (deployment, sets) = tokio::try_join!(self.deployment(), self.sets())?;
        let current = |object: &Value| object["status"]["observedGeneration"] == object["metadata"]["generation"];
        let pods = |set: &Value, figure: &str| set["status"][figure].as_u64().unwrap_or_default();
        let whole = |set: &Value| {
            let wanted = set["spec"]["replicas"].as_u64().unwrap_or_default();
            current(set) && [pods(set, "replicas"), pods(set, "readyReplicas")] == [wanted; 2]
        };
        if !current(&deployment) || !sets.iter().all(whole) {
            return Ok(None);
        }
        let wanted = |set: &Value| Some((number(set)?, u32::try_from(set["spec"]["replicas"].as_u64()?).ok()?));
        Ok(sets.iter().map(wanted).collect())
    }

    /// Lets the controller look once more, at the same.
    async fn nudge(&self) -> Result<()> {
        let deadline = self.deployment().await?["spec"]["progressDeadlineSeconds"].clone();
        let other = if deadline == PINNED_SECONDS { PINNED_SECONDS + 1 } else { PINNED_SECONDS };
        let patch = json!({ "spec": { "progressDeadlineSeconds": other } });
        self.connection().merge_patch(Kind::Deployment, NAME, &patch).await?;
        Ok(())
    }
}

/// Number of the template of a `ReplicaSet`.
fn number(set: &Value) -> Option<u32> {
    let metadata = &set["spec"]["template"]["metadata"];
    let number: u32 = metadata["labels"][RELEASE].as_str()?.strip_prefix('r')?.parse().ok()?;
    Some(if metadata["annotations"][RESTARTED].is_string() { number + ANEW } else { number })
}

/// What the model does at a step.
fn play(model: &mut Model, now: &mut u32, step: &Step) {
    let changes = match step {
        Step::Write(changes) => changes.clone(),
        Step::Undo(template) => vec![Change::Template(*template)],
        Step::Restart => vec![Change::Template(*now + ANEW)],
        Step::Delete(template) => {
            model.delete_set(*template);
            return;
        }
    };
    let template = |change: &Change| if let Change::Template(number) = change { Some(*number) } else { None };
    *now = changes.iter().find_map(template).unwrap_or(*now);
    model.write(&changes);
}

async fn agree(cluster: &OwnCluster, at: usize, (count, surge, unavailable): (u32, Share, Share)) -> Result<()> {
    let real = Real::new(cluster, &format!("model-{at}"), count, surge, unavailable).await?;
    let (mut model, mut now, mut story) = (Model::new(count, surge, unavailable), 0, String::new());
    let begin = [Step::Write(Vec::new())];
    for step in begin.into_iter().chain(script(count, surge, unavailable)) {
        play(&mut model, &mut now, &step);
        let meant = model.settle();
        let _ = writeln!(story, "{step:?}: {meant:?}");
        real.act(&step).await?;
        let comes_to = async || {
            eventually("the real one comes to what the model says", async || {
                let settled = real.settled().await?;
                ensure!(settled.as_ref() == Some(&meant), "{count}, {surge}, {unavailable}: {settled:?}\n{story}");
                Ok(settled)
            })
            .await
        };
        comes_to().await?;
        // It has come to rest there, and does not only pass by.
        real.nudge().await?;
        comes_to().await?;
    }
    Ok(())
}

/// A node on which pods are ready at once, and gone at once.
async fn play_a_node(cluster: &OwnCluster) -> Result<()> {
    let node = json!({
        "apiVersion": "v1", "kind": "Node",
        "metadata": { "name": "fake", "annotations": { "kwok.x-k8s.io/node": "fake" } },
    });
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), node.to_string())?;
    let owner = owner_by(&cluster.kubeconfig(), "default").await?;
    owner.kubectl(&["apply", "--filename", &file.path().to_string_lossy()]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_leaves_the_same_pods_on_the_model_and_on_the_real_controllers() -> Result<()> {
    let cluster = OwnCluster::start(&["--no-node", "--kwok"])?;
    play_a_node(&cluster).await?;
    let groups = [
        (10, Pods(1), Pods(0)),
        (10, Pods(0), Pods(2)),
        (10, Pods(3), Pods(2)),
        (6, Pods(2), Pods(1)),
        (1, Pods(1), Pods(0)),
        (3, Percent(25), Percent(25)),
        (7, Percent(30), Percent(0)),
        (4, Percent(0), Percent(10)),
    ];
    try_join_all(groups.into_iter().enumerate().map(|(at, group)| agree(&cluster, at, group))).await?;
    Ok(())
}
