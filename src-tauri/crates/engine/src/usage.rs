//! What pods use, measured while somebody looks or a release moves, one asker a group however many want it.

use crate::Engine;
use crate::error::Result;
use crate::instance::Place;
use crate::watched::Kept;
use jiff::Timestamp;
use serde::Serialize;
use slipway_cluster::{ClusterError, PodUsage, Session};
use slipway_model::group::Group;
use slipway_model::id::{GroupId, ReleaseId};
use slipway_model::instance::{ContainerState, Exit, PodFacts};
use slipway_model::quantity::Quantity;
use slipway_model::release::Release;
use slipway_model::usage::{self, AROUND, NoMetrics, PodSample, SAMPLE_EVERY, SUMMARY_POINTS, Usage, UsagePoint};
use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{Notify, watch};
use tokio::task::AbortHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use ts_rs::TS;

/// Points that a page gets of a release.
const POINTS_SHOWN: usize = 2 * SUMMARY_POINTS;

/// Figures of a pod that a curve in its row shows.
const CURVE_POINTS: usize = 24;

/// What the pods of a release and those before it used, and what they may.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleaseUsage {
    pub group: GroupId,
    /// By time.
    pub points: Vec<UsagePoint>,
    pub missing: Option<NoMetrics>,
    /// Of a pod, as Kubernetes writes it.
    pub cpu_request: Option<String>,
    pub memory_limit: Option<String>,
}

/// What the metrics API said last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Latest {
    pub(crate) pods: HashMap<String, PodUsage>,
    /// The figures before them, too: as many as a curve shows.
    pub(crate) recent: HashMap<String, Recent>,
    missing: Option<NoMetrics>,
}

/// Figures of one pod, the last one now.
#[derive(Clone, Debug, Default)]
pub(crate) struct Recent {
    pub(crate) cpu: VecDeque<u32>,
    pub(crate) memory: VecDeque<u64>,
}

impl Recent {
    fn push(&mut self, usage: &PodUsage) {
        if self.cpu.len() == CURVE_POINTS {
            self.cpu.pop_front();
            self.memory.pop_front();
        }
        self.cpu.push_back(usage.cpu_milli);
        self.memory.push_back(usage.memory_bytes);
    }
}

impl Latest {
    /// What failed in passing leaves what was said before.
    pub(crate) fn take(&mut self, pods: HashMap<String, PodUsage>, missing: Option<NoMetrics>) {
        match missing {
            None => {
                self.recent.retain(|pod, _| pods.contains_key(pod));
                for (pod, usage) in &pods {
                    self.recent.entry(pod.clone()).or_default().push(usage);
                }
                self.pods = pods;
                self.missing = None;
            }
            Some(NoMetrics::Silent) => _ = self.missing.get_or_insert(NoMetrics::Silent),
            Some(missing) => self.missing = Some(missing),
        }
    }
}

/// Those that measure, by group.
#[derive(Debug, Default)]
pub struct Samplers {
    running: Mutex<HashMap<GroupId, Weak<Sampler>>>,
    /// What goes on measuring for a while after a plan or a release.
    lingering: TaskTracker,
    /// That of the last plan of a group.
    planned: Mutex<HashMap<GroupId, AbortHandle>>,
    closed: CancellationToken,
}

impl Samplers {
    pub(crate) async fn stop(&self) {
        self.closed.cancel();
        self.lingering.close();
        self.lingering.wait().await;
    }
}

#[derive(Debug)]
struct Sampler {
    latest: watch::Receiver<Latest>,
    /// How many want figures also while no window is in front of anybody.
    always: Arc<AtomicUsize>,
    /// Told when somebody wants to know how it is at this moment.
    now: Arc<Notify>,
    _task: AbortOnDropHandle<()>,
}

/// Whoever holds it gets figures.
#[derive(Debug)]
pub(crate) struct Sampled {
    sampler: Arc<Sampler>,
    always: bool,
}

impl Sampled {
    /// Hears of each new figure.
    pub(crate) fn latest(&self) -> watch::Receiver<Latest> {
        self.sampler.latest.clone()
    }
}

impl Drop for Sampled {
    fn drop(&mut self) {
        if self.always {
            self.sampler.always.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

impl Engine {
    /// Has the pods of a group measured for as long as the answer is held; `always`, at once and whoever looks.
    pub(crate) fn sampled(&self, group: &GroupId, place: &Place, always: bool) -> Sampled {
        let mut running = self.samplers.running.lock().unwrap_or_else(PoisonError::into_inner);
        running.retain(|_, sampler| sampler.strong_count() > 0);
        let sampler = running.get(group).and_then(Weak::upgrade).unwrap_or_else(|| {
            let sampler = Arc::new(self.sampler(group.clone(), place));
            running.insert(group.clone(), Arc::downgrade(&sampler));
            sampler
        });
        if always {
            sampler.always.fetch_add(1, Ordering::Relaxed);
            sampler.now.notify_one();
        }
        Sampled { sampler, always }
    }

    fn sampler(&self, group: GroupId, place: &Place) -> Sampler {
        let (sender, latest) = watch::channel(Latest::default());
        let always = Arc::new(AtomicUsize::new(0));
        let now = Arc::new(Notify::new());
        let (engine, session, selector) = (self.clone(), place.session.clone(), place.selector.clone());
        let (wanted, at_once) = (always.clone(), now.clone());
        let task = tokio::spawn(async move {
            let mut pods = Kept::new(session.pods(&selector));
            let mut ask = interval(SAMPLE_EVERY.unsigned_abs());
            ask.set_missed_tick_behavior(MissedTickBehavior::Delay);
            let mut seen = false;
            loop {
                tokio::select! {
                    () = pods.changed() => {
                        // The first figures are those of the pods that were there.
                        if !seen && pods.live() {
                            seen = true;
                            ask.reset_immediately();
                        }
                        continue;
                    }
                    _ = ask.tick() => {}
                    () = at_once.notified() => {}
                }
                let looked_at = *engine.visible.borrow() || wanted.load(Ordering::Relaxed) > 0;
                // Pods that nobody sees just now are not counted as they were.
                if !looked_at || !pods.live() {
                    continue;
                }
                let (figures, missing) = match measured(&session, &selector).await {
                    Ok(figures) => (figures, None),
                    Err(missing) => (HashMap::new(), Some(missing)),
                };
                let (of, now) = (group.clone(), Timestamp::now());
                let samples: Vec<_> = pods.rows().filter_map(|pod| sample(pod, &figures)).collect();
                sender.send_modify(|latest| latest.take(figures, missing));
                if let Err(error) = engine.store.write(move |w| w.put_usage(&of, now, &samples)).await {
                    tracing::warn!(%group, %error, "what pods use is not kept");
                }
            }
        });
        Sampler { latest, always, now, _task: AbortOnDropHandle::new(task) }
    }

    /// Measures the group of a plan that somebody reads: a release of it is compared with what was before.
    pub(crate) fn sample_for_plan(&self, group: &GroupId) {
        let task = self.linger(group.clone(), std::future::ready(()));
        let mut planned = self.samplers.planned.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = planned.insert(group.clone(), task) {
            before.abort();
        }
    }

    /// Measures a group for `AROUND` more, whoever looks, and does something `then`.
    pub(crate) fn linger(&self, group: GroupId, then: impl Future<Output = ()> + Send + 'static) -> AbortHandle {
        let engine = self.clone();
        let task = self.samplers.lingering.spawn(async move {
            let closed = engine.samplers.closed.clone();
            let measure = async {
                match engine.place(&group).await {
                    Ok(place) => {
                        let _sampled = engine.sampled(&group, &place, true);
                        tokio::time::sleep(AROUND.unsigned_abs()).await;
                    }
                    Err(error) => tracing::info!(%group, %error, "not measured"),
                }
                then.await;
            };
            closed.run_until_cancelled(measure).await;
        });
        task.abort_handle()
    }

    /// What was measured around a release: here, or else on the computer that drove it.
    ///
    /// # Errors
    /// `NotFound`, and what the store says.
    pub async fn release_usage(&self, id: &ReleaseId) -> Result<ReleaseUsage> {
        let mut release = self.release(id).await?;
        let here = self.usage_of(&release, POINTS_SHOWN).await?;
        let told = release.usage.take().filter(|told| told.points.len() > here.points.len());
        let Usage { points, missing } = told.unwrap_or(here);
        let Group { id, cpu, memory, .. } = release.plan.group;
        let amount = |amount: &Option<Quantity>| amount.as_ref().map(|amount| amount.as_str().to_owned());
        Ok(ReleaseUsage {
            group: id,
            points,
            missing,
            cpu_request: amount(&cpu.request),
            memory_limit: amount(&memory.limit),
        })
    }

    /// The summary of a release, as its record keeps it.
    pub(crate) async fn usage_summary(&self, release: &Release) -> Result<Usage> {
        self.usage_of(release, SUMMARY_POINTS).await
    }

    async fn usage_of(&self, release: &Release, most: usize) -> Result<Usage> {
        let from = release.created - AROUND;
        let to = release.ended.map_or_else(Timestamp::now, |ended| ended + AROUND);
        let group = release.group.clone();
        let samples = self.store.read(move |r| r.usage(&group, from, to)).await?;
        let version = release.seq.map(|seq| seq.to_string()).unwrap_or_default();
        Ok(Usage { points: usage::points(&samples, &version, most), missing: self.missing_metrics(&release.group) })
    }

    /// Why a group that is measured now has no figures.
    pub(crate) fn missing_metrics(&self, group: &GroupId) -> Option<NoMetrics> {
        let running = self.samplers.running.lock().unwrap_or_else(PoisonError::into_inner);
        let sampler = running.get(group).and_then(Weak::upgrade);
        sampler.and_then(|sampler| sampler.latest.borrow().missing)
    }
}

/// What the metrics API says now, by pod, or why it says nothing.
async fn measured(session: &Session, selector: &str) -> std::result::Result<HashMap<String, PodUsage>, NoMetrics> {
    match session.usage(selector).await {
        Ok(Some(pods)) => Ok(pods.into_iter().map(|pod| (pod.pod.clone(), pod)).collect()),
        Ok(None) => Err(NoMetrics::Missing),
        Err(ClusterError::Forbidden { .. }) => Err(NoMetrics::Forbidden),
        Err(error) => {
            tracing::debug!(%error, "no metrics");
            Err(NoMetrics::Silent)
        }
    }
}

/// `None` for a pod that does not run.
fn sample(pod: &PodFacts, figures: &HashMap<String, PodUsage>) -> Option<PodSample> {
    if pod.phase != "Running" {
        return None;
    }
    let usage = figures.get(&pod.name);
    let all = || pod.init_containers.iter().chain(&pod.containers);
    let killed = |exit: &Exit| exit.reason == "OOMKilled";
    let count = all().filter(|container| {
        container.last.as_ref().is_some_and(killed)
            || matches!(&container.state, ContainerState::Terminated(exit) if killed(exit))
    });
    Some(PodSample {
        pod: pod.name.clone(),
        version: pod.release.clone(),
        ready: pod.ready && !pod.deleting,
        restarts: all().map(|container| container.restarts).sum(),
        oom_kills: u32::try_from(count.count()).unwrap_or(u32::MAX),
        cpu_milli: usage.map(|usage| usage.cpu_milli),
        memory_bytes: usage.map(|usage| usage.memory_bytes),
    })
}
