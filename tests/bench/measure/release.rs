//! Cases 11 and 12: how long a rolling release takes beside kubectl, and how long a batch waits for the write after it.

use super::Bench;
use super::site::Site;
use crate::result::{Budget, Finding, Line};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::{Kind, Session, Subscription, Update};
use slipway_engine::Engine;
use slipway_engine::release::{PlanRequest, ReleaseAction, ReleaseView};
use slipway_model::group::GroupDraft;
use slipway_model::id::{GroupId, ReleaseId};
use slipway_model::instance::PodFacts;
use slipway_model::release::ReleaseState;
use slipway_model::workload::DeploymentFacts;
use slipway_tests::ground::{in_steps, rested, settled};
use std::collections::HashMap;
use std::time::Instant;
use tokio::sync::watch;

const COUNT: u32 = 10;
const TURNS: usize = 7;
const QUICK_TURNS: usize = 3;
const TWIN: &str = "twin";
const TAGS: [&str; 2] = ["v2", "v1"];

/// A group of ten pods beside that of the site, driven by an engine of this process.
struct Group<'b> {
    site: &'b Site,
    engine: Engine,
    id: GroupId,
    name: &'static str,
}

impl<'b> Group<'b> {
    async fn new(bench: &'b Bench, name: &'static str, change: impl FnOnce(&mut GroupDraft)) -> Result<Self> {
        let site = bench.site().await?;
        let engine = Engine::open(&site.ground.data_dir()).await?;
        let mut draft = engine.group(&site.ground.group).await?.draft;
        draft.name = name.to_owned();
        draft.count = COUNT.to_string();
        change(&mut draft);
        let id = engine.group_create(&site.ground.app, &draft).await?;
        let group = Self { site, engine, id, name };
        let first = group.start("v1").await?;
        group.succeeded(&first).await?;
        Ok(group)
    }

    /// Planned and confirmed.
    async fn start(&self, tag: &str) -> Result<ReleaseId> {
        let hash = self.plan(tag).await?;
        Ok(self.engine.release_start(&hash, "").await?)
    }

    async fn plan(&self, tag: &str) -> Result<String> {
        Ok(self.engine.release_plan(&PlanRequest { group: self.id.clone(), image: tag.into() }).await?.hash)
    }

    async fn succeeded(&self, id: &ReleaseId) -> Result<ReleaseView> {
        let view = settled(&self.engine, id).await?;
        ensure!(view.row.state == ReleaseState::Succeeded, "{:?}: {:?}", view.row.state, view.diagnosis);
        Ok(view)
    }

    fn workload(&self) -> String {
        format!("checkout-api-{}", self.name)
    }

    /// Its pods go, so that they are in nobody else's way.
    async fn close(self) -> Result<()> {
        let none = json!({ "spec": { "replicas": 0 } });
        self.site.ground.owner.connection.merge_patch(Kind::Deployment, &self.workload(), &none).await?;
        self.engine.close().await;
        Ok(())
    }
}

fn turns(bench: &Bench) -> usize {
    if bench.options.quick { QUICK_TURNS } else { TURNS }
}

/// From the confirmation until the release has succeeded, beside `kubectl set image` and `rollout status` of a twin.
pub(crate) async fn rolling(bench: &Bench) -> Result<Finding> {
    let group = Group::new(bench, "ten", |_| {}).await?;
    let connection = &group.site.ground.owner.connection;
    let ours = connection.get(Kind::Deployment, &group.workload()).await?.context("it was just released")?;
    connection.create(Kind::Deployment, &twin(&ours)).await?;
    let container = ours["spec"]["template"]["spec"]["containers"][0]["name"].as_str().context("a container")?;
    let repository = group.engine.app(&group.site.ground.app).await?.repository;
    let status = ["rollout", "status", &format!("deployment/{TWIN}"), "--timeout=5m"];
    group.site.kubectl_in_namespace(&status)?;
    let (mut releases, mut kubectls) = (Vec::new(), Vec::new());
    for turn in 0..turns(bench) {
        let tag = TAGS[turn % TAGS.len()];
        let plan = group.plan(tag).await?;
        let begun = Instant::now();
        let id = group.engine.release_start(&plan, "").await?;
        group.succeeded(&id).await?;
        releases.push(begun.elapsed().as_secs_f64());
        let begun = Instant::now();
        let image = format!("{container}={repository}:{tag}");
        group.site.kubectl_in_namespace(&["set", "image", &format!("deployment/{TWIN}"), &image])?;
        group.site.kubectl_in_namespace(&status)?;
        kubectls.push(begun.elapsed().as_secs_f64());
    }
    connection.delete(Kind::Deployment, TWIN).await?;
    group.close().await?;
    Ok(Finding {
        lines: vec![Line::of_samples("to the end", "s", releases, &kubectls, Budget::MostTimes(1.05))],
        notes: vec![format!("{COUNT} pods that kwok plays, {} turns of each, in turn", turns(bench))],
        ..Finding::default()
    })
}

/// The same pods under another name.
fn twin(ours: &Value) -> Value {
    let labels = json!({ "app": TWIN });
    let mut spec = ours["spec"].clone();
    spec["selector"] = json!({ "matchLabels": labels });
    spec["template"]["metadata"] = json!({ "labels": labels });
    json!({ "apiVersion": "apps/v1", "kind": "Deployment", "metadata": { "name": TWIN }, "spec": spec })
}

/// Between the arrival of the event that the last new pod is ready, and of the one that the Deployment was written next:
/// our decision, our write, and the API server's answer to both.
pub(crate) async fn reaction(bench: &Bench) -> Result<Finding> {
    let group = Group::new(bench, "steps", |draft| in_steps(draft, COUNT, "1", "0", &["5"])).await?;
    let mut samples = Vec::new();
    for tag in TAGS.iter().take(if bench.options.quick { 1 } else { TAGS.len() }) {
        let id = group.start(tag).await?;
        let looks = Looks::begin(&group, &id).await?;
        rested(&group.engine, &id, 0).await?;
        group.engine.release_act(&id, ReleaseAction::Continue).await?;
        group.succeeded(&id).await?;
        samples.extend(looks.end(&group).await?);
    }
    group.close().await?;
    ensure!(!samples.is_empty(), "nothing was written after a pod was ready");
    let most = samples.iter().copied().fold(0.0, f64::max);
    let line = Line::new("to the next write", "ms", crate::result::median(&samples), Budget::Most(50.0));
    Ok(Finding {
        notes: vec![format!(
            "{} steps in batches of {COUNT} pods that kwok plays; {most:.0} ms at most",
            samples.len()
        )],
        lines: vec![Line { samples, ..line }],
        ..Finding::default()
    })
}

/// Somebody beside Slipway who sees the same events.
struct Looks {
    session: Session,
    /// Generation of the last write, once it is known.
    last: watch::Sender<i64>,
    run: tokio::task::JoinHandle<Vec<f64>>,
}

impl Looks {
    async fn begin(group: &Group<'_>, id: &ReleaseId) -> Result<Self> {
        let session = group.site.ground.session().await?;
        let mut live = group.engine.live_release(id.clone());
        let label = loop {
            let update = live.next().await.context("the release is told of")?;
            if let Some(label) = update.upserts.into_iter().find_map(|view| view.label) {
                break label;
            }
        };
        let selector = format!("slipway.dev/group={}", group.name);
        let (pods, deployments) = (session.pods(&selector), session.deployments(&selector));
        let (last, known) = watch::channel(i64::MAX);
        let run = tokio::spawn(looks(pods, deployments, label, known));
        Ok(Self { session, last, run })
    }

    /// Milliseconds of each step, once the last write was seen.
    async fn end(self, group: &Group<'_>) -> Result<Vec<f64>> {
        let connection = &group.site.ground.owner.connection;
        let live = connection.get(Kind::Deployment, &group.workload()).await?.context("it was just released")?;
        self.last.send_replace(live["metadata"]["generation"].as_i64().context("a generation")?);
        let samples = self.run.await?;
        self.session.stop();
        Ok(samples)
    }
}

async fn looks(
    mut pods: Subscription<PodFacts>,
    mut deployments: Subscription<DeploymentFacts>,
    label: String,
    mut last: watch::Receiver<i64>,
) -> Vec<f64> {
    let mut ready: HashMap<String, bool> = HashMap::new();
    let (mut came, mut generation, mut samples) = (None, 0, Vec::new());
    while generation < *last.borrow_and_update() {
        tokio::select! {
            update = pods.next() => match update {
                Some(Update::Snapshot { rows, .. } | Update::Upsert(rows)) => {
                    for pod in rows.iter().filter(|pod| pod.release == label) {
                        if ready.insert(pod.uid.clone(), pod.ready) != Some(true) && pod.ready {
                            came = Some(Instant::now());
                        }
                    }
                }
                Some(_) => {}
                None => return samples,
            },
            update = deployments.next() => match update {
                Some(Update::Snapshot { rows, .. } | Update::Upsert(rows)) => {
                    let newest = rows.iter().map(|deployment| deployment.generation).max().unwrap_or_default();
                    if newest > generation {
                        generation = newest;
                        samples.extend(came.take().map(|came: Instant| came.elapsed().as_secs_f64() * 1000.0));
                    }
                }
                Some(_) => {}
                None => return samples,
            },
            Ok(()) = last.changed() => {}
        }
    }
    samples
}
