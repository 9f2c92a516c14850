//! CPU and memory of a group's pods over the last hours or days: as a Prometheus of the cluster has them, else as they
//! were measured here while Slipway was open; with what happened meanwhile.

use crate::Engine;
use crate::error::{Error, Result};
use crate::release::ReleaseRow;
use crate::traffic::{labels_of_pods, whole, window};
use futures::try_join;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use slipway_cluster::{Range, Series};
use slipway_model::id::{GroupId, LinkId, ReleaseId};
use slipway_model::quantity::Quantity;
use slipway_model::release::{Plan, ReleaseState};
use slipway_model::traffic::NoPrometheus;
use slipway_model::usage::{NoMetrics, SAMPLE_EVERY};
use slipway_store::PodStretch;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap};
use std::fmt::Write as _;
use std::path::Path;
use ts_rs::TS;

/// Points of a picture, whatever time it spans.
const POINTS: i64 = 120;
/// Pods that are drawn each by itself; the others of a version are put together.
const PODS_MAX: usize = 60;
/// Releases that a picture marks.
const RELEASES_MAX: u32 = 50;

/// Which hours of which group.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct MonitorQuery {
    pub group: GroupId,
    /// Back from now: 1 to 168.
    pub hours: u32,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct Monitor {
    /// Where each stretch begins; all figures are means over one.
    #[ts(type = "Array<string>")]
    pub times: Vec<Timestamp>,
    #[ts(type = "string")]
    pub to: Timestamp,
    /// By version, the newest first, then by name.
    pub pods: Vec<PodSeries>,
    /// Of one pod.
    pub bounds: Bounds,
    pub releases: Vec<ReleaseMark>,
    pub restarts: Vec<RestartMark>,
    /// `namespace/service:port` of the Prometheus that says so; `None` where it was measured here.
    pub source: Option<String>,
    /// Measured here since then, within what is asked for.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    pub every_seconds: u32,
    /// Why nothing is measured here now.
    pub missing: Option<NoMetrics>,
    /// Why no Prometheus is of use.
    pub no_prometheus: Option<NoPrometheus>,
}

/// What one pod used, or several of a version that are not drawn by themselves.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PodSeries {
    /// Empty where it stands for several.
    pub pod: String,
    pub pods: u32,
    /// Label of the release that made it; empty without one, or where that is not known.
    pub release: String,
    /// Version of its image, where the release is known here.
    pub version: String,
    /// Brought in by the newest release while that is not over.
    pub new: bool,
    /// Millicores, one for each stretch.
    pub cpu: Vec<Option<u32>>,
    /// Bytes.
    #[ts(type = "Array<number | null>")]
    pub memory: Vec<Option<u64>>,
    /// Restarts of its containers in this time.
    pub restarts: u32,
    pub oom_kills: u32,
}

/// What a pod asks for and may take at most.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct Bounds {
    pub cpu_request: Option<u32>,
    pub cpu_limit: Option<u32>,
    #[ts(type = "number | null")]
    pub memory_request: Option<u64>,
    #[ts(type = "number | null")]
    pub memory_limit: Option<u64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ReleaseMark {
    pub id: ReleaseId,
    pub seq: Option<u32>,
    pub version: String,
    pub state: ReleaseState,
    #[ts(type = "string")]
    pub from: Timestamp,
    #[ts(type = "string | null")]
    pub to: Option<Timestamp>,
    /// The older release that it went back to.
    pub back_to: Option<u32>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct RestartMark {
    #[ts(type = "string")]
    pub at: Timestamp,
    pub pod: String,
    pub count: u32,
    pub oom: bool,
}

impl From<ReleaseRow> for ReleaseMark {
    fn from(row: ReleaseRow) -> Self {
        Self {
            id: row.id,
            seq: row.seq,
            version: row.to_version,
            state: row.state,
            from: row.created,
            to: row.ended,
            back_to: row.back_to,
        }
    }
}

impl Engine {
    /// # Errors
    /// Where the group is not known, and what the store says. A Prometheus that is of no use is no error.
    pub async fn group_monitor(&self, query: &MonitorQuery) -> Result<Monitor> {
        let to = Timestamp::now();
        let range = range(query.hours, to);
        let entry = self.group_entry(&query.group).await?;
        let (group, step) = (query.group.clone(), range.step);
        let (stretches, heads) = self
            .store
            .read(move |r| {
                Ok((
                    r.usage_by_pod(&group, range.from, range.to, step)?,
                    r.releases_of_group(&group, None, RELEASES_MAX)?,
                ))
            })
            .await?;
        let rows: Vec<ReleaseRow> = heads.iter().map(ReleaseRow::from).collect();
        let plan = match rows.iter().find(|row| row.seq.is_some()) {
            Some(row) => Some(self.release(&row.id).await?.plan),
            None => None,
        };
        let stretch = |at: i64| Timestamp::from_second(range.from.as_second() + at * range.step.as_secs());
        let count = range.to.duration_since(range.from).as_secs() / range.step.as_secs();
        let times: Vec<Timestamp> = (0..count).filter_map(|at| stretch(at).ok()).collect();
        let here = measured(&stretches, &times, &range);
        let asked = match &plan {
            Some(plan) => self.told_by_prometheus(&entry.draft.link.as_str().into(), plan, &times, range).await,
            None => Err(NoPrometheus::NoSeries),
        };
        let (source, mut pods, no_prometheus) = match asked {
            Ok((source, told)) => (Some(source), with_releases(told, &here), None),
            Err(missing) => (None, here, Some(missing)),
        };
        let label = |row: &ReleaseRow| row.seq.map(|seq| format!("r{seq}"));
        let under_way = |row: &&ReleaseRow| {
            matches!(row.state, ReleaseState::Moving | ReleaseState::Resting | ReleaseState::Stopped)
        };
        let moving = rows.first().filter(under_way).and_then(label);
        let versions: HashMap<String, &str> =
            rows.iter().filter_map(|row| Some((label(row)?, row.to_version.as_str()))).collect();
        for pod in &mut pods {
            pod.new = moving.as_ref().is_some_and(|moving| *moving == pod.release);
            pod.version = versions.get(&pod.release).map(|&version| version.to_owned()).unwrap_or_default();
        }
        let in_sight = |row: &ReleaseRow| row.ended.is_none_or(|ended| ended >= range.from);
        Ok(Monitor {
            pods: put_together(pods),
            since: stretches.iter().map(|stretch| stretch.first).min(),
            bounds: plan.as_ref().map(|plan| bounds(&plan.group)).unwrap_or_default(),
            releases: rows.into_iter().filter(in_sight).map(ReleaseMark::from).collect(),
            restarts: restarts(&stretches),
            every_seconds: u32::try_from(SAMPLE_EVERY.as_secs()).unwrap_or_default(),
            missing: self.missing_metrics(&query.group),
            times,
            to,
            source,
            no_prometheus,
        })
    }

    /// What a Prometheus of the cluster knows, and which one.
    async fn told_by_prometheus(
        &self,
        link: &LinkId,
        plan: &Plan,
        times: &[Timestamp],
        range: Range,
    ) -> std::result::Result<(String, Vec<PodSeries>), NoPrometheus> {
        let place = self.place_of_prometheus(link).await?;
        let session = self.session(link).map_err(|_| NoPrometheus::Silent)?;
        let pods = labels_of_pods(&plan.namespace, &plan.workload);
        // A cluster whose kubelets are scraped by two jobs counts them once.
        let sum = |figure: String| format!("sum by (pod) (max by (pod, container) ({figure}))");
        let cpu = format!("rate(container_cpu_usage_seconds_total{{{pods},container!=\"\"}}[{}s])", window(range));
        let memory = format!("container_memory_working_set_bytes{{{pods},container!=\"\"}}");
        let (cpu, memory) = (sum(cpu), sum(memory));
        let (cpu, memory) =
            try_join!(session.query_range(&place, &cpu, range), session.query_range(&place, &memory, range))?;
        if cpu.is_empty() && memory.is_empty() {
            return Err(NoPrometheus::NoSeries);
        }
        Ok((place.to_string(), told(&cpu, &memory, times, &range)))
    }

    /// The same figures as comma-separated values, to a file: a line for each pod and time.
    ///
    /// # Errors
    /// `Export` where it cannot be written, and as `group_monitor`.
    pub async fn monitor_export(&self, query: &MonitorQuery, path: &Path) -> Result<()> {
        let text = csv(&self.group_monitor(query).await?);
        let failed =
            |error: std::io::Error| Error::Export { path: path.display().to_string(), reason: error.to_string() };
        tokio::fs::write(path, text).await.map_err(failed)
    }
}

/// Whole stretches up to now.
fn range(hours: u32, to: Timestamp) -> Range {
    let hours = i64::from(hours.clamp(1, 168));
    let step = (hours * 3600 / POINTS).max(SAMPLE_EVERY.as_secs());
    let end = (to.as_second() / step + 1) * step;
    let at = |second| Timestamp::from_second(second).unwrap_or(to);
    Range { from: at(end - hours * 3600), to: at(end), step: SignedDuration::from_secs(step) }
}

fn bounds(group: &slipway_model::group::Group) -> Bounds {
    let milli = |amount: &Option<Quantity>| amount.as_ref().and_then(|amount| u32::try_from(amount.milli()).ok());
    let bytes = |amount: &Option<Quantity>| amount.as_ref().and_then(|amount| u64::try_from(amount.units()).ok());
    Bounds {
        cpu_request: milli(&group.cpu.request),
        cpu_limit: milli(&group.cpu.limit),
        memory_request: bytes(&group.memory.request),
        memory_limit: bytes(&group.memory.limit),
    }
}

/// Which stretch a time is in.
fn place(at: Timestamp, range: &Range) -> Option<usize> {
    let since = at.as_second() - range.from.as_second();
    usize::try_from(since.div_euclid(range.step.as_secs())).ok()
}

impl PodSeries {
    /// Stands for another one, too.
    fn add(&mut self, other: &Self) {
        self.pods += other.pods;
        self.restarts += other.restarts;
        self.oom_kills += other.oom_kills;
        for (sum, cpu) in self.cpu.iter_mut().zip(&other.cpu) {
            *sum = sum.map_or(*cpu, |sum| Some(sum.saturating_add(cpu.unwrap_or(0))));
        }
        for (sum, memory) in self.memory.iter_mut().zip(&other.memory) {
            *sum = sum.map_or(*memory, |sum| Some(sum.saturating_add(memory.unwrap_or(0))));
        }
    }
}

fn empty(pod: &str, release: &str, points: usize) -> PodSeries {
    PodSeries {
        pod: pod.to_owned(),
        pods: 1,
        release: release.to_owned(),
        version: String::new(),
        new: false,
        cpu: vec![None; points],
        memory: vec![None; points],
        restarts: 0,
        oom_kills: 0,
    }
}

/// What was measured here, by pod.
fn measured(stretches: &[PodStretch], times: &[Timestamp], range: &Range) -> Vec<PodSeries> {
    let mut all: BTreeMap<&str, (PodSeries, u32)> = BTreeMap::new();
    for stretch in stretches {
        let first = || (empty(&stretch.pod, &stretch.version, times.len()), stretch.restarts_before);
        let (pod, before) = all.entry(&stretch.pod).or_insert_with(first);
        let at = place(stretch.first, range).filter(|at| *at < times.len());
        if let Some(at) = at {
            pod.cpu[at] = stretch.cpu_milli;
            pod.memory[at] = stretch.memory_bytes;
        }
        pod.restarts = stretch.restarts.saturating_sub(*before);
        pod.oom_kills = stretch.oom_kills;
    }
    all.into_values().map(|(pod, _)| pod).collect()
}

/// Where the count of a pod's restarts rose.
fn restarts(stretches: &[PodStretch]) -> Vec<RestartMark> {
    let mut before: HashMap<&str, (u32, u32)> = HashMap::new();
    let mut marks = Vec::new();
    for stretch in stretches {
        let (restarts, kills) = before.get(stretch.pod.as_str()).copied().unwrap_or((stretch.restarts_before, 0));
        if stretch.restarts > restarts {
            marks.push(RestartMark {
                at: stretch.first,
                pod: stretch.pod.clone(),
                count: stretch.restarts - restarts,
                oom: stretch.oom_kills > kills,
            });
        }
        before.insert(&stretch.pod, (stretch.restarts, stretch.oom_kills));
    }
    marks
}

/// What a Prometheus says, by pod.
fn told(cpu: &[Series], memory: &[Series], times: &[Timestamp], range: &Range) -> Vec<PodSeries> {
    let mut all: BTreeMap<&str, PodSeries> = BTreeMap::new();
    let answers = cpu.iter().map(|series| (series, true)).chain(memory.iter().map(|series| (series, false)));
    for (series, of_cpu) in answers {
        let Some(pod) = series.labels.get("pod") else { continue };
        let told = all.entry(pod).or_insert_with(|| empty(pod, "", times.len()));
        for (at, value) in &series.values {
            let Some(at) = place(*at, range).filter(|at| *at < times.len()) else { continue };
            if of_cpu {
                told.cpu[at] = Some(u32::try_from(whole(value * 1000.0)).unwrap_or(u32::MAX));
            } else {
                told.memory[at] = Some(whole(*value));
            }
        }
    }
    all.into_values().collect()
}

/// A Prometheus knows no releases: those that were seen here are known by the pods' names, others by their `ReplicaSet`.
fn with_releases(mut told: Vec<PodSeries>, here: &[PodSeries]) -> Vec<PodSeries> {
    let set = |pod: &str| pod.rsplit_once('-').map(|(set, _)| set.to_owned());
    let seen: HashMap<&str, &PodSeries> = here.iter().map(|one| (one.pod.as_str(), one)).collect();
    let sets: HashMap<String, &str> =
        here.iter().filter_map(|one| Some((set(&one.pod)?, one.release.as_str()))).collect();
    for pod in &mut told {
        if let Some(own) = seen.get(pod.pod.as_str()) {
            (pod.restarts, pod.oom_kills) = (own.restarts, own.oom_kills);
        }
        if let Some(release) = set(&pod.pod).and_then(|set| sets.get(&set).copied()) {
            release.clone_into(&mut pod.release);
        }
    }
    told
}

/// The newest versions first; of more pods than can be told apart, those that use least are put together by version.
fn put_together(mut pods: Vec<PodSeries>) -> Vec<PodSeries> {
    if pods.len() > PODS_MAX {
        let used = |pod: &PodSeries| pod.cpu.iter().flatten().map(|cpu| u64::from(*cpu)).sum::<u64>();
        pods.sort_by_key(|pod| std::cmp::Reverse(used(pod)));
        let mut rest: BTreeMap<String, PodSeries> = BTreeMap::new();
        for pod in pods.split_off(PODS_MAX) {
            match rest.entry(pod.release.clone()) {
                Entry::Vacant(free) => _ = free.insert(PodSeries { pod: String::new(), ..pod }),
                Entry::Occupied(mut of) => of.get_mut().add(&pod),
            }
        }
        pods.extend(rest.into_values());
    }
    let number = |release: &str| release.strip_prefix('r').and_then(|seq| seq.parse::<u32>().ok());
    pods.sort_by(|a, b| {
        let newest = number(&b.release).cmp(&number(&a.release));
        newest.then_with(|| a.pod.is_empty().cmp(&b.pod.is_empty())).then_with(|| a.pod.cmp(&b.pod))
    });
    pods
}

fn csv(monitor: &Monitor) -> String {
    let mut text = String::from("time,pod,release,version,cpu_millicores,memory_bytes\n");
    for (at, time) in monitor.times.iter().enumerate() {
        for pod in &monitor.pods {
            if pod.cpu[at].is_none() && pod.memory[at].is_none() {
                continue;
            }
            let name = if pod.pod.is_empty() { format!("{} others", pod.pods) } else { pod.pod.clone() };
            let number = |value: Option<String>| value.unwrap_or_default();
            let cells = [
                time.to_string(),
                name,
                pod.release.clone(),
                pod.version.clone(),
                number(pod.cpu[at].map(|cpu| cpu.to_string())),
                number(pod.memory[at].map(|bytes| bytes.to_string())),
            ];
            writeln!(text, "{}", cells.map(|cell| cell_of(&cell)).join(",")).expect("a String takes it");
        }
    }
    text
}

/// As RFC 4180 has it. What a spreadsheet would take for a formula stays text.
fn cell_of(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests;
