//! What the rules of a train are about: the pods of its last car, what they use, and how long it has been under way.

use crate::Engine;
use crate::error::Result;
use crate::usage::{Latest, Sampled};
use crate::watched::Kept;
use jiff::{SignedDuration, Timestamp};
use slipway_cluster::record::RecordFacts;
use slipway_model::id::ReleaseId;
use slipway_model::instance::PodFacts;
use slipway_model::release::{Release, ReleaseState};
use slipway_model::train::{Look, PodLook, StopRules};
use slipway_model::usage::{AROUND, SAMPLE_EVERY, UsagePoint, points};
use std::collections::HashSet;
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::Instant;

/// The new version is judged by what it used so long: one figure of the metrics API may be that of its start.
const RECENT: SignedDuration = SignedDuration::from_secs(4 * SAMPLE_EVERY.as_secs());

pub(super) struct Lookout {
    pub(super) release: ReleaseId,
    pods: Kept<PodFacts>,
    records: Kept<RecordFacts>,
    latest: watch::Receiver<Latest>,
    _sampled: Sampled,
    /// Uids of pods that were ready at some time.
    ready: HashSet<String>,
    moved: Stopwatch,
    soaked: Stopwatch,
    /// The version of its record that was heard of last.
    heard: Option<String>,
}

impl Lookout {
    pub(super) async fn open(engine: &Engine, release: &Release) -> Result<Self> {
        let place = engine.place(&release.group).await?;
        let sampled = engine.sampled(&release.group, &place, true);
        let now = Timestamp::now();
        let soaked = release.ended.map(|ended| passed(ended, now)).unwrap_or_default();
        Ok(Self {
            release: release.id.clone(),
            pods: Kept::new(place.session.pods(&place.selector)),
            records: Kept::new(place.session.records()),
            latest: sampled.latest(),
            _sampled: sampled,
            ready: HashSet::new(),
            moved: Stopwatch::at(moved(release, now)),
            soaked: Stopwatch::at(soaked),
            heard: None,
        })
    }

    /// Goes by the monotonic clock from here on.
    pub(super) fn follow(&mut self, release: &Release) {
        self.moved.run(moves(release.state));
        self.soaked.run(release.state == ReleaseState::Succeeded);
    }

    pub(super) fn soaked(&self) -> Duration {
        self.soaked.elapsed()
    }

    pub(super) fn moved(&self) -> Duration {
        self.moved.elapsed()
    }

    /// Waits for a change of anything that is watched.
    pub(super) async fn changed(&mut self) {
        tokio::select! {
            () = self.pods.changed() => {}
            () = self.records.changed() => {}
            Ok(()) = self.latest.changed() => {}
        }
    }

    /// Whether somebody wrote to the record since it was asked last.
    pub(super) fn news(&mut self) -> bool {
        let now = self.records.rows().find(|record| record.release == self.release);
        let now = now.map(|record| record.version.clone());
        let news = now.is_some() && now != self.heard;
        self.heard = now;
        news
    }

    /// How the new pods are; `None` while nobody sees them.
    pub(super) async fn look(&mut self, engine: &Engine, release: &Release, rules: &StopRules) -> Result<Option<Look>> {
        if !self.pods.live() {
            return Ok(None);
        }
        let version = release.seq.map(|seq| seq.to_string()).unwrap_or_default();
        let latest = self.latest.borrow_and_update().pods.clone();
        let mut pods = Vec::new();
        for pod in self.pods.rows().filter(|pod| pod.release == version && runs(pod)) {
            let known = self.ready.contains(&pod.uid);
            let usage = latest.get(&pod.name);
            pods.push(PodLook {
                name: pod.name.clone(),
                restarts: pod.init_containers.iter().chain(&pod.containers).map(|one| one.restarts).sum(),
                lost: known && !pod.ready && !pod.deleting,
                cpu_milli: usage.map(|usage| usage.cpu_milli),
                memory_bytes: usage.map(|usage| usage.memory_bytes),
            });
        }
        let ready = self.pods.rows().filter(|pod| pod.ready).map(|pod| pod.uid.clone());
        self.ready.extend(ready);
        let mut look = Look { pods, moved: self.moved(), ..Look::default() };
        if rules.cpu_percent.is_some() || rules.memory_percent.is_some() {
            let (new, old) = used(engine, release, &version).await?;
            let of = |point: &Option<UsagePoint>| {
                (point.as_ref().and_then(|point| point.cpu_milli), point.as_ref().and_then(|point| point.memory_bytes))
            };
            let ((new_cpu, new_memory), (old_cpu, old_memory)) = (of(&new), of(&old));
            (look.cpu_milli, look.memory_bytes) = ((new_cpu, old_cpu), (new_memory, old_memory));
        }
        Ok(Some(look))
    }
}

/// One that the kubelet put away stays behind, and is none of the group's any more.
fn runs(pod: &PodFacts) -> bool {
    !matches!(pod.phase.as_str(), "Failed" | "Succeeded")
}

fn moves(state: ReleaseState) -> bool {
    matches!(state, ReleaseState::Planned | ReleaseState::Moving)
}

/// Means of a pod of the new version over the last minute, and of the one before from some time before the release on.
async fn used(engine: &Engine, release: &Release, version: &str) -> Result<(Option<UsagePoint>, Option<UsagePoint>)> {
    let (group, from, now) = (release.group.clone(), release.created - AROUND, Timestamp::now());
    let samples = engine.store.read(move |r| r.usage(&group, from, now)).await?;
    let mean = |samples: &[_], new| points(samples, version, 2).into_iter().find(|point| point.new == new);
    let recent = samples.partition_point(|sample| sample.at < now - RECENT);
    Ok((mean(&samples[recent..], true), mean(&samples, false)))
}

/// How long a release has moved by what it wrote down: rests and stops, which wait for somebody, left out.
fn moved(release: &Release, now: Timestamp) -> Duration {
    let ends = release.transitions.iter().skip(1).map(|next| next.at).chain([release.ended.unwrap_or(now)]);
    let stretches = release.transitions.iter().zip(ends);
    stretches.filter(|(from, _)| moves(from.state)).map(|(from, to)| passed(from.at, to)).sum()
}

fn passed(from: Timestamp, to: Timestamp) -> Duration {
    Duration::try_from(to.duration_since(from)).unwrap_or_default()
}

/// Time that goes by the monotonic clock, once what went before is known.
struct Stopwatch {
    before: Duration,
    since: Option<Instant>,
}

impl Stopwatch {
    fn at(before: Duration) -> Self {
        Self { before, since: None }
    }

    fn run(&mut self, runs: bool) {
        match (runs, self.since) {
            (true, None) => self.since = Some(Instant::now()),
            (false, Some(since)) => {
                self.before += since.elapsed();
                self.since = None;
            }
            _ => {}
        }
    }

    fn elapsed(&self) -> Duration {
        self.before + self.since.map(|since| since.elapsed()).unwrap_or_default()
    }
}
