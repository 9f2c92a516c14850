//! What the pods of a group use, over time.

use crate::traffic::{Traffic, TrafficPoint};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How often pods are asked for what they use: the metrics API has a new figure about as often.
pub const SAMPLE_EVERY: SignedDuration = SignedDuration::from_secs(15);
/// How long what was measured is kept …
pub const SAMPLES_KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);
/// … and how long all of it; of what is older one sample in so much time.
pub const SAMPLES_DENSE: SignedDuration = SignedDuration::from_hours(24);
pub const SAMPLES_THIN: SignedDuration = SignedDuration::from_mins(5);
/// What was measured so long before a release began, and after it ended, belongs to it.
pub const AROUND: SignedDuration = SignedDuration::from_mins(15);
/// Points of the summary that a record keeps, of both versions together.
pub const SUMMARY_POINTS: usize = 120;
/// What was measured so far apart is told as of one time.
const TOGETHER: SignedDuration = SignedDuration::from_mins(1);

/// What was measured of a pod at one time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodSample {
    pub pod: String,
    /// Label `slipway.dev/release` of the pod; empty for one that no release made.
    pub version: String,
    pub ready: bool,
    /// Of its containers, since it was made.
    pub restarts: u32,
    /// Containers whose last run ended because it had no memory left.
    pub oom_kills: u32,
    /// `None` without a figure of the metrics API: there is none, or it has not seen this pod yet.
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
}

/// Sums over the pods of one version at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionSample {
    pub at: Timestamp,
    pub version: String,
    pub pods: u32,
    pub ready: u32,
    pub restarts: u32,
    pub oom_kills: u32,
    /// Pods with a figure of the metrics API.
    pub measured: u32,
    pub cpu_milli: u64,
    pub memory_bytes: u64,
}

/// The pods of the version that a release brings, or of those before it, at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct UsagePoint {
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Of the version that the release brings.
    pub new: bool,
    pub pods: u32,
    pub ready: u32,
    /// Since these pods were made.
    pub restarts: u32,
    pub oom_kills: u32,
    /// Mean of a pod, millicores; `None` without a figure.
    pub cpu_milli: Option<u32>,
    /// Mean of a pod, bytes.
    #[ts(type = "number | null")]
    pub memory_bytes: Option<u64>,
    /// Where a Prometheus was asked.
    #[serde(default)]
    pub traffic: Option<Traffic>,
}

/// Why nothing is known of CPU and memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoMetrics {
    /// The cluster has no metrics API.
    Missing,
    /// The role does not allow it.
    Forbidden,
    /// It is there and does not answer.
    Silent,
}

/// What was measured while a release moved, before it and after it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    /// By time.
    pub points: Vec<UsagePoint>,
    pub missing: Option<NoMetrics>,
}

/// What a release shows of what was measured: at most `most` points, each the mean of the same stretch of time for both
/// versions. `version` is the label of the release; all other pods are those before it.
pub fn points(samples: &[VersionSample], version: &str, most: usize) -> Vec<UsagePoint> {
    let (Some(first), Some(last)) = (samples.first(), samples.last()) else { return Vec::new() };
    let stretches = i64::try_from(most / 2).unwrap_or(i64::MAX).max(1);
    let (begin, span) = (first.at.as_millisecond(), last.at.as_millisecond() - first.at.as_millisecond() + 1);
    let stretch = |sample: &VersionSample| (sample.at.as_millisecond() - begin) * stretches / span;
    let mut points = Vec::new();
    for of_stretch in samples.chunk_by(|one, next| stretch(one) == stretch(next)) {
        for new in [false, true] {
            points.extend(mean(of_stretch.iter().filter(|sample| (sample.version == version) == new), new));
        }
    }
    points
}

/// Pods and what happened to them are told as they were at the end of the stretch.
fn mean<'s>(samples: impl Iterator<Item = &'s VersionSample>, new: bool) -> Option<UsagePoint> {
    let mut point: Option<UsagePoint> = None;
    let (mut measured, mut cpu, mut memory) = (0_u64, 0_u64, 0_u64);
    for sample in samples {
        let now = point.get_or_insert(UsagePoint {
            at: sample.at,
            new,
            pods: 0,
            ready: 0,
            restarts: 0,
            oom_kills: 0,
            cpu_milli: None,
            memory_bytes: None,
            traffic: None,
        });
        // Several versions before this one count together.
        let same = now.at == sample.at;
        let with = |before: u32, more: u32| if same { before.saturating_add(more) } else { more };
        now.pods = with(now.pods, sample.pods);
        now.ready = with(now.ready, sample.ready);
        now.restarts = with(now.restarts, sample.restarts);
        now.oom_kills = with(now.oom_kills, sample.oom_kills);
        now.at = sample.at;
        measured += u64::from(sample.measured);
        cpu += sample.cpu_milli;
        memory += sample.memory_bytes;
    }
    point.map(|point| UsagePoint {
        cpu_milli: cpu.checked_div(measured).map(|mean| u32::try_from(mean).unwrap_or(u32::MAX)),
        memory_bytes: memory.checked_div(measured),
        ..point
    })
}

/// What a Prometheus said, as points keep it.
pub fn traffic(points: &[UsagePoint]) -> Vec<TrafficPoint> {
    let told = |point: &UsagePoint| Some(TrafficPoint { at: point.at, new: point.new, traffic: point.traffic? });
    points.iter().filter_map(told).collect()
}

/// Gives each point what a Prometheus said of the same version at about the same time.
pub fn join(points: &mut [UsagePoint], traffic: &[TrafficPoint]) {
    for point in points {
        let apart = |told: &&TrafficPoint| told.at.duration_since(point.at).abs();
        let nearest = traffic.iter().filter(|told| told.new == point.new).min_by_key(apart);
        point.traffic = nearest.filter(|told| apart(told) <= TOGETHER).map(|told| told.traffic);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(second: i64, version: &str, pods: u32, cpu_milli: u64) -> VersionSample {
        VersionSample {
            at: Timestamp::from_second(1_700_000_000 + second).expect("a time"),
            version: version.to_owned(),
            pods,
            ready: pods,
            restarts: 0,
            oom_kills: 0,
            measured: pods,
            cpu_milli,
            memory_bytes: u64::from(pods) << 20,
        }
    }

    #[test]
    fn points_are_means_of_a_pod_for_both_versions_at_the_same_time() {
        let samples =
            [sample(0, "r4", 4, 400), sample(15, "r3", 1, 90), sample(15, "r4", 3, 270), sample(15, "r5", 1, 200)];
        let told: Vec<_> = points(&samples, "r5", 120)
            .into_iter()
            .map(|point| (point.at.as_second() - 1_700_000_000, point.new, point.pods, point.cpu_milli))
            .collect();
        assert_eq!(told, [(0, false, 4, Some(100)), (15, false, 4, Some(90)), (15, true, 1, Some(200))]);
    }

    #[test]
    fn a_long_release_has_no_more_points_than_a_short_one() {
        let samples: Vec<_> =
            (0..5_000).flat_map(|at| [sample(at * 15, "r4", 2, 200), sample(at * 15, "r5", 2, 300)]).collect();
        let points = points(&samples, "r5", SUMMARY_POINTS);
        assert_eq!(points.len(), SUMMARY_POINTS);
        assert!(points.iter().all(|point| point.cpu_milli == Some(if point.new { 150 } else { 100 })));
        assert_eq!(points.last().map(|point| point.at), samples.last().map(|sample| sample.at));
    }

    #[test]
    fn what_a_prometheus_said_goes_to_the_nearest_point_of_the_same_version() {
        let samples = [sample(0, "r4", 4, 400), sample(120, "r5", 1, 200)];
        let mut points = points(&samples, "r5", 120);
        let told = |second: i64, new, receive| TrafficPoint {
            at: Timestamp::from_second(1_700_000_000 + second).expect("a time"),
            new,
            traffic: Traffic { receive: Some(receive), ..Traffic::default() },
        };
        join(&mut points, &[told(-30, false, 1), told(10, false, 2), told(120, false, 3), told(200, true, 4)]);
        let receive: Vec<_> = points.iter().map(|point| point.traffic.and_then(|traffic| traffic.receive)).collect();
        assert_eq!(receive, [Some(2), None]);
    }

    #[test]
    fn without_a_figure_nothing_is_said_of_cpu_and_memory() {
        let silent = VersionSample { measured: 0, cpu_milli: 0, memory_bytes: 0, ..sample(0, "r5", 2, 0) };
        let [point] = &points(&[silent], "r5", 120)[..] else { panic!("one point") };
        assert_eq!((point.pods, point.cpu_milli, point.memory_bytes), (2, None, None));
        assert_eq!(points(&[], "r5", 120), []);
    }
}
