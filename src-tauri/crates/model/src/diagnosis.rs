//! Why a release stopped: one cause, the facts that show it, kept with the release for ever.

use crate::instance::Exit;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Last log lines kept with a diagnosis.
pub const LOG_LINES_MAX: usize = 50;
/// Longest line kept, bytes; a longer one is cut there.
pub const LOG_LINE_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Diagnosis {
    pub cause: Cause,
    #[ts(type = "string")]
    pub at: Timestamp,
    pub evidence: Evidence,
}

/// What kept the new version from starting, or the release from going on. One sentence each in the catalogues.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cause {
    /// The image cannot be had: `reason` is the kubelet's word (`ErrImagePull`, `InvalidImageName` …).
    Image {
        pod: String,
        image: String,
        reason: String,
        message: String,
    },
    /// A `ConfigMap` or Secret that the container needs is missing or unusable.
    Config {
        pod: String,
        container: String,
        message: String,
    },
    /// The container exits again and again.
    Crash {
        pod: String,
        container: String,
        code: i32,
        restarts: u32,
    },
    OutOfMemory {
        pod: String,
        container: String,
        limit: Option<String>,
        restarts: u32,
    },
    /// Started, but a probe keeps failing.
    Probe {
        pod: String,
        container: String,
        probe: ProbeKind,
        message: String,
    },
    Unschedulable {
        pod: String,
        message: String,
    },
    /// The `ReplicaSet` may not make pods: a quota.
    Quota {
        message: String,
    },
    /// The `ReplicaSet` may not make pods: an admission rule or another refusal.
    Admission {
        message: String,
    },
    NodeLost {
        pod: String,
        node: String,
    },
    /// Nothing evident, but no progress within the deadline, seconds.
    Deadline {
        seconds: u32,
    },
    /// Somebody changed the Deployment meanwhile.
    Foreign {
        manager: String,
        what: ForeignChange,
    },
    /// The Deployment, its namespace or the record is gone.
    Gone {
        what: String,
    },
    /// The cluster refused one of the first writes; nothing had moved.
    Refused {
        operation: String,
        message: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProbeKind {
    Liveness,
    Readiness,
    Startup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ForeignChange {
    Template,
    Paused,
    Resumed,
    /// What held the release between two batches.
    Strategy,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Evidence {
    pub last_exit: Option<Exit>,
    /// Events of the pods or the `ReplicaSet`, newest last.
    pub events: Vec<EventFact>,
    /// Last lines of the container that fails; of its previous run where `log_previous`.
    pub log: Vec<String>,
    pub log_pod: String,
    pub log_container: String,
    pub log_previous: bool,
    /// What was looked at and found well, as codes (`image_pulled`, `node_ready`, `no_oom`).
    pub ruled_out: Vec<String>,
}

/// An event of the cluster, as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct EventFact {
    /// Event uid, or a made-up one for facts that are no event.
    pub id: String,
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    /// `Normal` or `Warning`.
    pub kind: String,
    pub reason: String,
    pub message: String,
    /// `Pod/checkout-api-…`
    pub object: String,
    pub count: u32,
}
