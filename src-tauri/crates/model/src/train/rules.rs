//! Stop rules: what must hold for the new pods of a car while it moves, and while it soaks.

use serde::{Deserialize, Serialize};
use std::time::Duration;
use ts_rs::TS;

/// Less than this above the version before says nothing: a pod that idles uses one millicore now and three then.
const CPU_NOISE_MILLI: u32 = 20;
const MEMORY_NOISE: u64 = 16 << 20;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct StopRules {
    /// No container starts again.
    pub restarts: bool,
    /// No pod that was ready stops being so.
    pub ready: bool,
    /// Mean of a pod at most so much above that of the version before, percent.
    pub cpu_percent: Option<u32>,
    pub memory_percent: Option<u32>,
    /// How long a car may move, what it waits for people left out.
    pub limit_seconds: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StopRule {
    Restarts,
    Ready,
    Cpu,
    Memory,
    Time,
}

/// A rule, and what was measured of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Measured {
    pub rule: StopRule,
    /// `None` while nothing is known.
    pub holds: Option<bool>,
    /// Restarts, pods that stopped being ready, percent above (below, where negative) the version before, seconds.
    #[ts(type = "number | null")]
    pub figure: Option<i64>,
    /// The most that it may be.
    pub limit: u32,
    /// The pod that is farthest from what it should be.
    pub pod: Option<String>,
}

/// The new pods of a car at one moment, and what they are compared with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    pub pods: Vec<PodLook>,
    /// Means of a pod of the new version over the last minute, and of the version before.
    pub cpu_milli: (Option<u32>, Option<u32>),
    pub memory_bytes: (Option<u64>, Option<u64>),
    /// How long the car has moved.
    pub moved: Duration,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PodLook {
    pub name: String,
    /// Of its containers, since it was made.
    pub restarts: u32,
    /// It was ready, is not any more, and nobody deletes it.
    pub lost: bool,
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
}

/// Every rule that is set, in their order.
pub fn measure(rules: &StopRules, look: &Look) -> Vec<Measured> {
    let mut all = Vec::new();
    if rules.restarts {
        let most = look.pods.iter().max_by_key(|pod| pod.restarts).filter(|pod| pod.restarts > 0);
        let restarts = look.pods.iter().map(|pod| i64::from(pod.restarts)).sum();
        all.push(counted(StopRule::Restarts, restarts, most));
    }
    if rules.ready {
        let lost = || look.pods.iter().filter(|pod| pod.lost);
        let count = i64::try_from(lost().count()).unwrap_or(i64::MAX);
        all.push(counted(StopRule::Ready, count, lost().next()));
    }
    if let Some(limit) = rules.cpu_percent {
        let (new, old) = look.cpu_milli;
        let most = look.pods.iter().max_by_key(|pod| pod.cpu_milli);
        let of = (new.map(u64::from), old.map(u64::from));
        all.push(compared(StopRule::Cpu, of, limit, CPU_NOISE_MILLI.into(), most));
    }
    if let Some(limit) = rules.memory_percent {
        let most = look.pods.iter().max_by_key(|pod| pod.memory_bytes);
        all.push(compared(StopRule::Memory, look.memory_bytes, limit, MEMORY_NOISE, most));
    }
    if let Some(limit) = rules.limit_seconds {
        let moved = look.moved.as_secs();
        all.push(Measured {
            rule: StopRule::Time,
            holds: Some(look.moved <= Duration::from_secs(limit.into())),
            figure: Some(i64::try_from(moved).unwrap_or(i64::MAX)),
            limit,
            pod: None,
        });
    }
    all
}

/// None may be.
fn counted(rule: StopRule, figure: i64, pod: Option<&PodLook>) -> Measured {
    let pod = pod.map(|pod| pod.name.clone());
    Measured { rule, holds: Some(figure == 0), figure: Some(figure), limit: 0, pod }
}

fn compared(
    rule: StopRule,
    (new, old): (Option<u64>, Option<u64>),
    limit: u32,
    noise: u64,
    most: Option<&PodLook>,
) -> Measured {
    let (Some(new), Some(old)) = (new, old) else {
        return Measured { rule, holds: None, figure: None, limit, pod: None };
    };
    let above = (i128::from(new) - i128::from(old)) * 100 / i128::from(old.max(1));
    let holds = above <= i128::from(limit) || new.saturating_sub(old) < noise;
    let figure = i64::try_from(above).unwrap_or(i64::MAX);
    let pod = most.filter(|_| !holds).map(|pod| pod.name.clone());
    Measured { rule, holds: Some(holds), figure: Some(figure), limit, pod }
}
