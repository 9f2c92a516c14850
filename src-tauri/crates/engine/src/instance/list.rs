//! The pods of a group as a list: all of them are known here, and whoever looks gets the rows in sight, with counts of
//! the rest.

use crate::Engine;
use crate::error::Result;
use crate::live::{Live, Row, Sender, Trust, any_changed};
use crate::tag;
use crate::usage::Latest;
use crate::watched::Kept;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::id::GroupId;
use slipway_model::image::ImageRef;
use slipway_model::instance::{Health, Instance, PodFacts, status};
use slipway_model::release::ReleaseState;
use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tokio::time::interval;
use ts_rs::TS;

/// Pods that are drawn one by one; above it there are only counts.
const CELLS_MAX: usize = 80;
/// Rows that somebody can have in sight, with as many around them as make scrolling smooth.
const ROWS_MAX: u32 = 500;
/// Identity of the row that is none of a pod.
const SUMMARY: &str = "summary";

/// Which pods, in which order, and which part of them is in sight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct InstanceQuery {
    /// Every word must occur in name, node, address, version or status.
    pub text: String,
    pub health: Option<Health>,
    /// Key of a share.
    pub share: Option<String>,
    /// `None`: what fails on top, then new before old, then by name.
    pub sort: Option<InstanceSort>,
    pub descending: bool,
    pub from: u32,
    pub most: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum InstanceSort {
    Status,
    Pod,
    Version,
    Ready,
    Restarts,
    Cpu,
    Memory,
    Node,
    Ip,
    Age,
}

/// A row of the feed `instance_list`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum InstanceLine {
    Summary(InstanceSummary),
    Pod(Box<InstanceRow>),
}

/// All pods of the group, counted.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct InstanceSummary {
    pub id: String,
    pub total: u32,
    /// Of these, what the query asks for.
    pub matching: u32,
    /// Worst first, without those that no pod is in.
    pub states: Vec<StateCount>,
    /// By version, new ones first.
    pub shares: Vec<VersionShare>,
    /// Sums over the pods with a figure, and how many these are.
    #[ts(type = "number")]
    pub cpu_milli: u64,
    #[ts(type = "number")]
    pub memory_bytes: u64,
    pub measured: u32,
    /// Highest figure of any pod that a curve shows, so that curves compare.
    pub cpu_peak: u32,
    #[ts(type = "number")]
    pub memory_peak: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StateCount {
    pub health: Health,
    pub count: u32,
}

/// Pods of one version; of the one that a release brings in, those of that release.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct VersionShare {
    pub key: String,
    pub version: String,
    pub release: Option<String>,
    pub new: bool,
    pub pods: u32,
    pub ready: u32,
    pub failing: u32,
    /// One for each pod, while they are few in all.
    pub cells: Vec<PodState>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PodState {
    pub name: String,
    pub ready: bool,
    pub health: Health,
}

/// One pod in its place.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct InstanceRow {
    #[serde(flatten)]
    pub instance: Instance,
    /// Place among all that the query asks for.
    pub at: u32,
    /// A release brings it in.
    pub new: bool,
    /// Recent figures, the last one now.
    pub cpu: Vec<u32>,
    #[ts(type = "Array<number>")]
    pub memory: Vec<u64>,
}

impl Row for InstanceLine {
    fn id(&self) -> &str {
        match self {
            Self::Summary(summary) => &summary.id,
            Self::Pod(row) => &row.instance.id,
        }
    }
}

impl Engine {
    /// The rows in sight of a group's pods, and a summary of all.
    pub fn live_instance_list(&self, group: GroupId, query: InstanceQuery) -> Live<InstanceLine> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            if let Err(error) = engine.watch_list(&group, &query, &mut sender).await {
                sender.trust(Trust::Failed(error)).await;
            }
        })
    }

    async fn watch_list(
        &self,
        group: &GroupId,
        query: &InstanceQuery,
        sender: &mut Sender<InstanceLine>,
    ) -> Result<()> {
        let place = self.place(group).await?;
        let mut pods = Kept::new(place.session.pods(&place.selector));
        let sampled = self.sampled(group, &place, false);
        let mut usage = sampled.latest();
        let mut look = interval(super::LOOK_EVERY);
        let mut changes = self.store.changes();
        let tags = [tag::releases_of_group(group)];
        let mut list = List::new(query, self.moving_label(group).await?);
        // Pods first: figures of none are nothing.
        pods.changed().await;
        let mut ripened = false;
        loop {
            list.update(&pods, &place.container, Timestamp::now(), std::mem::take(&mut ripened));
            let rows = list.lines(&place.container, &usage.borrow_and_update(), Timestamp::now());
            if !sender.replace(rows, Some(pods.trust())).await {
                return Ok(());
            }
            tokio::select! {
                () = pods.changed() => {}
                _ = look.tick() => ripened = true,
                Ok(()) = usage.changed() => {}
                open = any_changed(&mut changes, &tags) => {
                    if !open {
                        return Ok(());
                    }
                    list.moving = self.moving_label(group).await?;
                    list.entries.clear();
                }
            }
        }
    }

    /// Template label of the pods that a release brings in, while it is not over.
    async fn moving_label(&self, group: &GroupId) -> Result<Option<String>> {
        let group = group.clone();
        let last = self.store.read(move |r| r.releases_of_group(&group, None, 1)).await?;
        let under_way = |state| matches!(state, ReleaseState::Moving | ReleaseState::Resting | ReleaseState::Stopped);
        let moving = last.first().filter(|release| under_way(release.state));
        Ok(moving.and_then(|release| release.seq).map(|seq| seq.to_string()))
    }
}

/// What is sorted, filtered and counted of a pod.
struct Entry {
    pod: Arc<PodFacts>,
    health: Health,
    status: String,
    version: String,
    new: bool,
    ready: bool,
}

impl Entry {
    fn new(pod: &Arc<PodFacts>, container: &str, moving: Option<&str>, now: Timestamp) -> Self {
        let (health, status, _) = status(pod, now);
        let own = pod.containers.iter().find(|one| one.name == container).or_else(|| pod.containers.first());
        Self {
            health,
            status,
            version: own.map(|own| ImageRef::version_of(&own.image)).unwrap_or_default(),
            new: moving.is_some_and(|moving| moving == pod.release),
            ready: pod.ready && !pod.deleting,
            pod: pod.clone(),
        }
    }

    fn is_of(&self, share: &str) -> bool {
        match share.strip_suffix('+') {
            Some(version) if self.new => version == self.version,
            _ => !self.new && share == self.version,
        }
    }

    fn has(&self, words: &[String]) -> bool {
        let texts = [&self.pod.name, &self.pod.node, &self.pod.ip, &self.version, &self.status];
        words.iter().all(|word| texts.iter().any(|text| text.to_lowercase().contains(word)))
    }

    fn restarts(&self) -> u32 {
        self.pod.containers.iter().map(|container| container.restarts).sum()
    }

    fn ready_containers(&self) -> usize {
        self.pod.containers.iter().filter(|container| container.ready).count()
    }
}

fn rank(health: Health) -> u8 {
    match health {
        Health::Danger => 0,
        Health::Unknown => 1,
        Health::Warn => 2,
        Health::Progress | Health::Ok => 3,
        Health::Done => 4,
    }
}

/// What fails on top, then new before old, then by name: a row keeps its place while nothing changes.
fn usual(a: &Entry, b: &Entry) -> Ordering {
    rank(a.health).cmp(&rank(b.health)).then(b.new.cmp(&a.new)).then_with(|| a.pod.name.cmp(&b.pod.name))
}

/// What is known of a group's pods while somebody looks at some of them.
struct List<'q> {
    query: &'q InstanceQuery,
    words: Vec<String>,
    moving: Option<String>,
    entries: HashMap<String, Entry>,
}

impl<'q> List<'q> {
    fn new(query: &'q InstanceQuery, moving: Option<String>) -> Self {
        let words = query.text.to_lowercase().split_whitespace().map(str::to_owned).collect();
        Self { query, words, moving, entries: HashMap::new() }
    }

    /// Takes over what changed; `ripened`: time has passed, and some states ripen by time alone.
    fn update(&mut self, pods: &Kept<PodFacts>, container: &str, now: Timestamp, ripened: bool) {
        self.take(pods.shared(), container, now, ripened);
        self.entries.retain(|uid, _| pods.has(uid));
    }

    fn take<'p>(
        &mut self,
        pods: impl Iterator<Item = &'p Arc<PodFacts>>,
        container: &str,
        now: Timestamp,
        ripened: bool,
    ) {
        let moving = self.moving.as_deref();
        for pod in pods {
            match self.entries.get_mut(&pod.uid) {
                Some(entry) if Arc::ptr_eq(&entry.pod, pod) && !ripened => {}
                Some(entry) => *entry = Entry::new(pod, container, moving, now),
                None => _ = self.entries.insert(pod.uid.clone(), Entry::new(pod, container, moving, now)),
            }
        }
    }

    fn matches(&self, entry: &Entry) -> bool {
        self.query.health.is_none_or(|health| health == entry.health)
            && self.query.share.as_ref().is_none_or(|share| entry.is_of(share))
            && (self.words.is_empty() || entry.has(&self.words))
    }

    fn order(&self, usage: &Latest, a: &Entry, b: &Entry) -> Ordering {
        use InstanceSort as By;
        let Some(by) = self.query.sort else { return usual(a, b) };
        let cpu = |one: &Entry| usage.pods.get(&one.pod.name).map(|usage| usage.cpu_milli);
        let memory = |one: &Entry| usage.pods.get(&one.pod.name).map(|usage| usage.memory_bytes);
        let order = match by {
            By::Status => rank(a.health).cmp(&rank(b.health)).then_with(|| a.status.cmp(&b.status)),
            By::Pod => a.pod.name.cmp(&b.pod.name),
            By::Version => a.version.cmp(&b.version),
            By::Ready => a.ready_containers().cmp(&b.ready_containers()),
            By::Restarts => a.restarts().cmp(&b.restarts()),
            By::Cpu => cpu(a).cmp(&cpu(b)),
            By::Memory => memory(a).cmp(&memory(b)),
            By::Node => a.pod.node.cmp(&b.pod.node),
            By::Ip => address(&a.pod.ip).cmp(&address(&b.pod.ip)),
            // The older one has the higher age.
            By::Age => b.pod.created.cmp(&a.pod.created),
        };
        (if self.query.descending { order.reverse() } else { order }).then_with(|| usual(a, b))
    }

    fn lines(&self, container: &str, usage: &Latest, now: Timestamp) -> Vec<InstanceLine> {
        let mut matching: Vec<&Entry> = self.entries.values().filter(|entry| self.matches(entry)).collect();
        let from = (self.query.from as usize).min(matching.len());
        let to = (from + self.query.most.min(ROWS_MAX) as usize).min(matching.len());
        let order = |a: &&Entry, b: &&Entry| self.order(usage, a, b);
        // Only the part in sight has to be in order.
        if to < matching.len() {
            matching.select_nth_unstable_by(to, order);
        }
        if from > 0 && from < to {
            matching[..to].select_nth_unstable_by(from, order);
        }
        matching[from..to].sort_unstable_by(order);
        let summary = self.summary(usage, matching.len());
        let rows = matching[from..to].iter().zip(self.query.from..).map(|(entry, at)| {
            let mut instance = Instance::new(&entry.pod, container, now);
            let figures = usage.pods.get(&instance.name);
            instance.cpu_milli = figures.map(|figures| figures.cpu_milli);
            instance.memory_bytes = figures.map(|figures| figures.memory_bytes);
            let recent = usage.recent.get(&instance.name);
            InstanceLine::Pod(Box::new(InstanceRow {
                at,
                new: entry.new,
                cpu: recent.map(|recent| recent.cpu.iter().copied().collect()).unwrap_or_default(),
                memory: recent.map(|recent| recent.memory.iter().copied().collect()).unwrap_or_default(),
                instance,
            }))
        });
        std::iter::once(InstanceLine::Summary(summary)).chain(rows).collect()
    }

    fn summary(&self, usage: &Latest, matching: usize) -> InstanceSummary {
        let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
        let mut summary = InstanceSummary {
            id: SUMMARY.to_owned(),
            total: number(self.entries.len()),
            matching: number(matching),
            ..InstanceSummary::default()
        };
        let few = self.entries.len() <= CELLS_MAX;
        let mut states: BTreeMap<u8, StateCount> = BTreeMap::new();
        let mut shares: BTreeMap<(bool, &str), VersionShare> = BTreeMap::new();
        for entry in self.entries.values() {
            // As `rank`, and those that it puts together apart.
            let place = rank(entry.health) * 2 + u8::from(entry.health == Health::Ok);
            states.entry(place).or_insert(StateCount { health: entry.health, count: 0 }).count += 1;
            let share = shares.entry((!entry.new, &entry.version)).or_insert_with(|| VersionShare {
                key: format!("{}{}", entry.version, if entry.new { "+" } else { "" }),
                version: entry.version.clone(),
                release: Some(entry.pod.release.clone()).filter(|release| !release.is_empty()),
                new: entry.new,
                pods: 0,
                ready: 0,
                failing: 0,
                cells: Vec::new(),
            });
            share.pods += 1;
            share.ready += u32::from(entry.ready);
            share.failing += u32::from(entry.health == Health::Danger);
            if few {
                share.cells.push(PodState { name: entry.pod.name.clone(), ready: entry.ready, health: entry.health });
            }
            if let Some(figures) = usage.pods.get(&entry.pod.name) {
                summary.measured += 1;
                summary.cpu_milli += u64::from(figures.cpu_milli);
                summary.memory_bytes += figures.memory_bytes;
            }
            if let Some(recent) = usage.recent.get(&entry.pod.name) {
                summary.cpu_peak = recent.cpu.iter().copied().fold(summary.cpu_peak, u32::max);
                summary.memory_peak = recent.memory.iter().copied().fold(summary.memory_peak, u64::max);
            }
        }
        summary.states = states.into_values().collect();
        summary.shares = shares.into_values().collect();
        for share in &mut summary.shares {
            share.cells.sort_by(|a, b| a.name.cmp(&b.name));
        }
        summary
    }
}

/// Addresses in the order of their numbers; what is none comes first.
fn address(text: &str) -> Option<std::net::IpAddr> {
    text.parse().ok()
}

#[cfg(test)]
mod tests;
