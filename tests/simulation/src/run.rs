//! One run: a seed, a release, and what must hold at every instant of it.

use crate::cluster::{Cluster, Instant, Limits, PodState, Template};
use crate::controller::{Cache, Kubelet, sync, sync_set};
use crate::driver::{Act, Change, Driver, Ended, Group, OURS, Record, STABLE};
use crate::fault::{Faults, Foreign, happens};
use crate::random::{share, split};
use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};
use slipway_model::group::Strategy;
use slipway_rollout::pinned::PINNED_SECONDS;
use std::fmt::Write as _;

/// Longest time that pods may take before a release stops because of them, milliseconds.
const PATIENCE: Instant = 180_000;
/// When the faults of a run are over, milliseconds: from then on it has to end.
const CHAOS: Instant = 600_000;
/// By then every run has ended, milliseconds.
const LATEST: Instant = CHAOS + 4 * 3_600_000;
/// Steps of a driver with the door open.
const OPEN_STEPS_MAX: u32 = 400;

/// What a run was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Report {
    pub end: End,
    /// Writes of the Deployment by drivers.
    pub writes: u32,
    pub rests: u32,
    /// Fewest pods that took traffic, and most that `ReplicaSets` wanted.
    pub least_ready: u32,
    pub most_wanted: u32,
}

/// How a release ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum End {
    Succeeded,
    Aborted,
    /// Somebody else changed what it stands on, or its pods do not get ready: it waits for a person.
    Stopped,
    /// It never began, because the group was changed first.
    Refused,
}

/// An invariant that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    pub seed: u64,
    pub invariant: String,
}

impl std::fmt::Display for Broken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "seed {}: {}\n{}", self.seed, self.invariant, trace(self.seed))
    }
}

/// Runs the release of a seed.
///
/// # Errors
/// The first invariant that did not hold.
pub fn run(seed: u64) -> Result<Report, Broken> {
    let mut run = Run::new(seed);
    run.go().map_err(|invariant| Broken { seed, invariant })
}

/// What happened in the run of a seed, a line each.
pub fn trace(seed: u64) -> String {
    let mut run = Run::new(seed);
    run.lines = Some(String::new());
    let end = run.go();
    let mut lines = run.lines.unwrap_or_default();
    let _ = writeln!(lines, "{end:?}");
    lines
}

/// How pods of this run live.
struct Nature {
    rng: SmallRng,
    /// Longest start and longest end, milliseconds.
    start: Instant,
    end: Instant,
    /// New pods never get ready.
    never: bool,
    floor: Floor,
}

/// What is watched while pods that take traffic are ended.
#[derive(Default)]
struct Floor {
    limits: Option<Limits>,
    /// Somebody wrote while the door was open, or took pods away: what follows is theirs.
    excused: bool,
    /// Pods that were lost by themselves, until as many are ready again: what was decided before may still take its own.
    lost: u32,
    /// Smallest count since the controllers agreed with it.
    count: u32,
    broken: Option<String>,
}

impl Kubelet for Nature {
    fn ready_at(&mut self, template: Template, now: Instant) -> Option<Instant> {
        if self.never && template == OURS {
            return None;
        }
        Some(now + self.rng.random_range(200..=self.start))
    }

    fn gone_at(&mut self, now: Instant) -> Instant {
        now + self.rng.random_range(0..=self.end)
    }

    fn ends(&mut self, cluster: &Cluster, _: Template) {
        let Some(limits) = self.floor.limits else { return };
        let count = self.floor.count.min(cluster.deployment.count);
        let (_, unavailable) = limits.resolved(count);
        let least = count.saturating_sub(unavailable + self.floor.lost + cluster.taken_by_others(&[STABLE, OURS]));
        let left = cluster.ready() - 1;
        if left < least && !self.floor.excused && self.floor.broken.is_none() {
            self.floor.broken = Some(format!("{left} pods left ready where {least} of {count} must be"));
        }
    }
}

/// A run under way.
struct Run {
    rng: SmallRng,
    cluster: Cluster,
    cache: Cache,
    nature: Nature,
    group: Group,
    faults: Faults,
    /// As the cluster has it.
    record: Record,
    driver: Option<Driver>,
    second: Option<Driver>,
    /// Steps that the driver still sees nothing new.
    blind: u32,
    skew: i64,
    open_steps: u32,
    /// Somebody else changed the count, or took pods away, since the release began.
    disturbed: bool,
    /// Pods above the count that somebody else allowed.
    allowed: u32,
    /// Pods above the count that were written for a larger one, until the driver writes again.
    standing: u32,
    report: Report,
    lines: Option<String>,
}

impl Run {
    /// What a seed makes of it.
    fn new(seed: u64) -> Self {
        let mut rng = SmallRng::seed_from_u64(seed);
        let count = rng.random_range(1..=23);
        let limits = Limits { surge: share(&mut rng), unavailable: share(&mut rng) };
        let min_ready_seconds = if rng.random_bool(0.5) { 0 } else { rng.random_range(1..=10) };
        let strategy = Strategy {
            max_surge: limits.surge,
            max_unavailable: limits.unavailable,
            min_ready_seconds,
            batches: Some(split(&mut rng)),
            ..Strategy::default()
        };
        let mut cluster = Cluster::at_work(count, limits, min_ready_seconds);
        if rng.random_ratio(1, 8) {
            // Nothing is kept of what ran before but the template in the record.
            cluster.deployment.history = 0;
        }
        let group = Group { strategy, limits, planned: cluster.deployment.generation };
        let faults = Faults::random(&mut rng);
        let skew = if rng.random_ratio(1, 4) { rng.random_range(-300_000..300_000) } else { 0 };
        let nature = Nature {
            start: rng.random_range(500..=20_000),
            end: rng.random_range(1..=12_000),
            never: rng.random_ratio(1, 40),
            floor: Floor { limits: Some(limits), count, ..Floor::default() },
            rng: SmallRng::seed_from_u64(seed ^ 0x5eed),
        };
        let report = Report { end: End::Stopped, writes: 0, rests: 0, least_ready: count, most_wanted: count };
        Self {
            cache: Cache::of(&cluster),
            rng,
            cluster,
            nature,
            group,
            faults,
            record: Record { count, ..Record::default() },
            driver: Some(Driver::of(Record { count, ..Record::default() })),
            second: None,
            blind: 0,
            skew,
            open_steps: 0,
            disturbed: false,
            allowed: 0,
            standing: 0,
            report,
            lines: None,
        }
    }

    fn go(&mut self) -> Result<Report, String> {
        let from = self.cluster.now;
        self.note(|run| format!("{:?}, {:?}", run.group, run.faults));
        while self.record.end.is_none() {
            let since = self.cluster.now - from;
            if since > CHAOS {
                self.faults = Faults::default();
                self.skew = 0;
            }
            if since > LATEST {
                return Err(format!("no end after {since} ms: {:?}", self.cluster.deployment));
            }
            self.step()?;
        }
        self.settle()?;
        Ok(self.report)
    }

    /// One thing happens, whichever.
    fn step(&mut self) -> Result<(), String> {
        match self.rng.random_range(0..12) {
            0..3 => {
                let passed = self.rng.random_range(10..800);
                self.cluster.pass(passed);
            }
            3 => self.cache.refresh_deployment(&self.cluster),
            4 => self.cache.refresh_sets(&self.cluster),
            5 | 6 => self.sync_deployment()?,
            7 | 8 => self.sync_sets()?,
            9 => self.go_wrong(),
            _ => self.drive()?,
        }
        let ready = self.cluster.ready();
        self.report.least_ready = self.report.least_ready.min(ready);
        if self.nature.floor.lost > 0 && self.cluster.whole() {
            self.nature.floor.lost = 0;
        }
        Ok(())
    }

    fn sync_deployment(&mut self) -> Result<(), String> {
        let before = self.cluster.wanted();
        let count = self.cache.deployment.count;
        // A conflict is tried again, as the controller's queue does.
        let _ = sync(&mut self.cluster, &mut self.cache);
        let wanted = self.cluster.wanted();
        if wanted != before {
            self.note(|run| format!("controller: {before} → {wanted} pods wanted, {:?}", run.sizes()));
        }
        let (surge, _) = self.group.limits.resolved(count.max(self.cluster.deployment.count));
        let most = count.max(self.cluster.deployment.count) + surge.max(self.allowed).max(self.standing);
        self.report.most_wanted = self.report.most_wanted.max(wanted);
        if wanted > before && wanted > most {
            return Err(format!("{wanted} pods wanted where {most} may be"));
        }
        let agreed = self.cluster.deployment.observed >= self.cluster.deployment.generation;
        if agreed && self.cluster.sets.iter().all(|set| set.observed >= set.generation) && !self.door() {
            self.nature.floor.count = self.cluster.deployment.count;
            self.nature.floor.excused = false;
        }
        Ok(())
    }

    fn sync_sets(&mut self) -> Result<(), String> {
        let at = self.rng.random_range(0..self.cluster.sets.len().max(1));
        if let Some(set) = self.cluster.sets.get(at) {
            let template = set.template;
            sync_set(&mut self.cluster, template, &mut self.nature);
        }
        self.nature.floor.broken.take().map_or(Ok(()), Err)
    }

    /// Old pods may be removed in number: pinned, not paused, and U above what the group allows.
    fn door(&self) -> bool {
        let deployment = &self.cluster.deployment;
        let (_, unavailable) = self.group.limits.resolved(deployment.count);
        !deployment.paused
            && deployment.min_ready_seconds >= PINNED_SECONDS
            && deployment.limits.unavailable.down(deployment.count) > unavailable
    }

    fn go_wrong(&mut self) {
        if happens(&mut self.rng, self.faults.pod_lost)
            && let Some(at) = (!self.cluster.pods.is_empty()).then(|| self.rng.random_range(0..self.cluster.pods.len()))
        {
            // A failed pod is replaced by its ReplicaSet.
            self.nature.floor.lost += u32::from(self.cluster.pods[at].ready());
            self.cluster.pods[at].state = PodState::Ending { gone_at: self.cluster.now };
            self.note(|_| "a pod is lost".to_owned());
        }
        if happens(&mut self.rng, self.faults.foreign) {
            let foreign = Foreign::random(&mut self.rng, self.cluster.deployment.count);
            // What is not pinned any more is moved by the controller alone, by the group's own limits.
            let pinned = self.cluster.deployment.min_ready_seconds >= PINNED_SECONDS;
            self.nature.floor.excused |= self.door() || !pinned || foreign.takes_pods();
            self.disturbed = true;
            let deployment = &self.cluster.deployment;
            match foreign {
                Foreign::EditLimits(limits) => self.allowed = limits.surge.up(deployment.count),
                Foreign::Scale(_) => self.standing = self.standing.max(deployment.limits.surge.up(deployment.count)),
                _ => {}
            }
            foreign.act(&mut self.cluster, &mut self.rng);
            // What the group allows of a larger count may be a door of a smaller one.
            self.nature.floor.excused |= self.door();
            self.nature.floor.count = self.nature.floor.count.min(self.cluster.deployment.count);
            self.note(|_| format!("somebody else: {foreign:?}"));
        }
    }

    fn drive(&mut self) -> Result<(), String> {
        if self.door() {
            self.open_steps += 1;
            if self.open_steps > OPEN_STEPS_MAX && self.faults == Faults::default() {
                return Err(format!("the door stays open: {:?}", self.cluster.deployment));
            }
        } else {
            self.open_steps = 0;
        }
        if self.second.is_none() && happens(&mut self.rng, self.faults.second_driver) {
            self.note(|_| "a second driver".to_owned());
            self.second = Some(Driver::of(self.record));
        }
        let mut driver = match self.second.take() {
            Some(second) if self.rng.random_bool(0.5) => {
                let first = self.driver.replace(second);
                self.second = first;
                self.driver.take().unwrap_or_default()
            }
            second => {
                self.second = second;
                self.driver.take().unwrap_or_else(|| Driver::of(self.record))
            }
        };
        if self.act(&mut driver)? {
            self.driver = Some(driver);
        }
        Ok(())
    }

    /// Whether the driver lives on.
    fn act(&mut self, driver: &mut Driver) -> Result<bool, String> {
        if self.blind > 0 {
            self.blind -= 1;
        } else {
            driver.observe(&self.cluster);
            if happens(&mut self.rng, self.faults.blind) {
                self.blind = self.rng.random_range(1..200);
            }
        }
        let mut act = driver.decide(&self.group, self.skew, PATIENCE);
        if act == Act::Approval && self.rng.random_ratio(1, 50) {
            act = Act::Note(driver.approved());
        }
        if happens(&mut self.rng, self.faults.abort) && driver.record.begun && driver.record.end.is_none() {
            act = Act::Note(driver.aborting());
        }
        if matches!(act, Act::Idle | Act::Approval) {
            return Ok(true);
        }
        if happens(&mut self.rng, self.faults.killed_before) {
            self.note(|_| format!("killed before {act:?}"));
            return Ok(false);
        }
        match act {
            Act::Idle | Act::Approval => {}
            Act::Note(record) => {
                self.check_rest(&record, driver)?;
                driver.record = record;
                self.keep(record);
                self.note(|_| format!("{record:?}"));
            }
            Act::Deployment { write: Change::Hold(hold) | Change::Begin(hold), .. }
                if hold.surge == 0 && hold.unavailable == 0 =>
            {
                return Err(format!("the API server refuses {hold:?}"));
            }
            Act::Deployment { write, version, then } => self.write(driver, write, version, then),
        }
        Ok(!happens(&mut self.rng, self.faults.killed_after))
    }

    fn write(&mut self, driver: &mut Driver, write: Change, version: u64, then: Record) {
        let group = self.group.clone();
        let done = self.cluster.write(Some(version), |deployment| write.apply(&group, deployment));
        self.note(|run| format!("{write:?} {done:?}, {:?}", run.sizes()));
        if done.is_err() {
            return;
        }
        self.report.writes += 1;
        self.standing = 0;
        if happens(&mut self.rng, self.faults.answer_lost) {
            return;
        }
        driver.record = then;
        // What a release ends with is written again and again until it is there.
        if then.end.is_some() { self.record = then } else { self.keep(then) }
    }

    /// The record in the cluster follows, unless its write fails: that never stops the movement.
    fn keep(&mut self, record: Record) {
        if record.end.is_some() || record.aborting || !happens(&mut self.rng, self.faults.record_lost) {
            self.record = record;
        }
    }

    fn check_rest(&mut self, record: &Record, driver: &Driver) -> Result<(), String> {
        let Some(left) = record.rest.filter(|left| driver.record.rest != Some(*left)) else { return Ok(()) };
        self.report.rests += 1;
        let target = self.group.target(left.count, record);
        if !self.disturbed && left.new != target {
            return Err(format!("rests with {} new pods where {target} were meant", left.new));
        }
        Ok(())
    }

    /// The end: nothing is left open, and the cluster comes to rest in a state that fits it.
    fn settle(&mut self) -> Result<(), String> {
        let ended = self.record.end;
        self.report.end = match ended {
            Some(Ended::Succeeded) => End::Succeeded,
            Some(Ended::Aborted) => End::Aborted,
            Some(Ended::Refused) => End::Refused,
            Some(Ended::Stopped(_)) | None => End::Stopped,
        };
        if self.door() {
            return Err(format!("ended with the door open: {:?}", self.cluster.deployment));
        }
        self.nature.never = false;
        for _ in 0..4_000 {
            match self.rng.random_range(0..4) {
                0 => self.cluster.pass(500),
                1 => self.cache = Cache::of(&self.cluster),
                2 => self.sync_deployment()?,
                _ => self.sync_sets()?,
            }
        }
        let whole = |template: Template| {
            let of = self.cluster.sets.iter().filter(|set| set.desired > 0);
            let mut of = of.map(|set| (set.template, set.desired));
            of.next() == Some((template, self.cluster.deployment.count)) && of.next().is_none()
        };
        let (count, template) = (self.cluster.deployment.count, self.cluster.deployment.template);
        let fits = match self.report.end {
            End::Succeeded if !self.disturbed => template == OURS && whole(OURS),
            End::Aborted if !self.disturbed => template != OURS && whole(template),
            _ => true,
        };
        if fits || count == 0 { Ok(()) } else { Err(format!("{ended:?} in {:?}", self.sizes())) }
    }

    fn sizes(&self) -> Vec<(Template, u32)> {
        self.cluster.sets.iter().map(|set| (set.template, set.desired)).collect()
    }

    fn note(&mut self, line: impl FnOnce(&Self) -> String) {
        if self.lines.is_some() {
            let line = format!("{:>8} {}\n", self.cluster.now, line(self));
            if let Some(lines) = &mut self.lines {
                lines.push_str(&line);
            }
        }
    }
}

#[cfg(test)]
mod tests;
