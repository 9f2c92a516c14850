//! What the window is told of releases.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::diagnosis::Diagnosis;
use slipway_model::environment::Environment;
use slipway_model::group::{Pace, Strategy, batches, pace};
use slipway_model::id::{AppId, GroupId, LinkId, ReleaseId, TrainId};
use slipway_model::release::{Author, Preflight, Progress, Release, ReleaseState, Stage, Transition};
use slipway_render::diff::{Diff, FieldChange};
use std::collections::BTreeMap;
use ts_rs::TS;

/// A row of history.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ReleaseRow {
    pub id: ReleaseId,
    pub app: AppId,
    pub group: GroupId,
    pub group_name: String,
    pub environment: Environment,
    /// `None` until the record exists.
    pub seq: Option<u32>,
    pub state: ReleaseState,
    pub stage: Stage,
    pub from_version: Option<String>,
    pub to_version: String,
    /// Number of the older release that it goes back to.
    pub back_to: Option<u32>,
    pub author: Author,
    pub note: String,
    #[ts(type = "string")]
    pub created: Timestamp,
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    /// The train that it is part of.
    pub train: Option<TrainPlace>,
}

/// Where in a train a release stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct TrainPlace {
    pub id: TrainId,
    /// From 1.
    pub car: u32,
    pub cars: u32,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct ReleaseQuery {
    pub app: AppId,
    /// Only the last release of each group.
    pub last: bool,
    pub group: Option<GroupId>,
    /// Continue below this release.
    pub before: Option<ReleaseId>,
    /// At most 200.
    pub limit: u32,
    #[serde(default)]
    #[ts(optional)]
    pub narrow: Option<Narrow>,
}

/// What of a history is shown; what is not said, or empty, hides nothing.
#[derive(Clone, Debug, Default, Deserialize, TS)]
pub struct Narrow {
    /// As the rows name who released.
    pub person: Option<String>,
    pub state: Option<ReleaseState>,
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    /// Part of a number, a version, a group's name or a note.
    pub text: String,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleasePage {
    pub rows: Vec<ReleaseRow>,
    /// How many there are with this filter.
    pub total: u32,
    /// More follow below the last row.
    pub more: bool,
    /// Records in the clusters that are in nobody's history.
    pub unread: Vec<UnreadRecord>,
    /// The results of the last ten releases of each group in `rows`, oldest first.
    pub past: BTreeMap<String, Vec<ReleaseState>>,
}

/// A release record in the cluster that history does not show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct UnreadRecord {
    pub name: String,
    /// The version of the Slipway that can read it.
    pub newer: Option<u32>,
    /// What is wrong with it, for experts.
    pub reason: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct PlanRequest {
    pub group: GroupId,
    /// A tag or digest of the app's repository, or a full reference.
    pub image: String,
}

/// What will happen, before anybody confirms it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PlanView {
    /// Names the plan when it is confirmed.
    pub hash: String,
    pub group: GroupId,
    pub group_name: String,
    pub environment: Environment,
    pub cluster: String,
    pub namespace: String,
    pub workload: String,
    pub from_version: Option<String>,
    pub to_version: String,
    pub image: String,
    /// Pods that will run: the live count, or the group's first one.
    pub count: u32,
    /// Most pods above `count` while it moves, and most below.
    pub surge: u32,
    pub unavailable: u32,
    /// Pods of each batch, in their order; empty when it is rolling.
    pub batches: Vec<BatchView>,
    /// Nothing runs yet.
    pub first: bool,
    pub verdicts: Vec<Verdict>,
    /// Live object → what the server would make of ours (dry run).
    pub diff: Diff,
    /// Config objects that will be created.
    pub objects: Vec<String>,
    #[ts(type = "string")]
    pub as_of: Timestamp,
}

/// One line of the preflight.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Verdict {
    pub check: Check,
    pub level: VerdictLevel,
    /// Sentence in the catalogues: `check` + this word.
    pub code: String,
    pub params: BTreeMap<String, String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    Permissions,
    /// The server accepted our objects in a dry run.
    DryRun,
    /// Field managers other than ours.
    Ownership,
    /// Another release of this group moves.
    Alone,
    /// The draft takes back what others released since this computer did.
    Meanwhile,
    /// Whether something else decides how many pods there are.
    ReplicaOwner,
    /// The Deployment is neither paused by somebody, nor of another type, nor between two versions.
    Deployment,
    /// The namespace's quotas have room for what is made on the way.
    Quota,
    /// The nodes have room for it.
    Room,
    /// It keeps as many pods as disruption budgets want.
    Budget,
    /// Containers say that they have the ports that health checks and hooks ask.
    Ports,
    /// Files, values and variables can be rendered.
    Config,
    /// The registry has the image.
    Image,
    /// The nodes can run it.
    Platform,
    /// The nodes may pull it: the image pull secret is there, and good for it.
    PullSecret,
    /// Load balancers that point at the group reach a port of it.
    Balancers,
    /// A node offers what the group's pods ask for.
    Gpu,
    /// The image that waits for a URL before a start can be had.
    Helper,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum VerdictLevel {
    Ok,
    Warning,
    Blocks,
}

/// The one row of the feed `release`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ReleaseView {
    pub id: ReleaseId,
    pub row: ReleaseRow,
    pub link: LinkId,
    pub cluster: Option<String>,
    pub namespace: String,
    pub workload: String,
    pub image: String,
    /// Template label of the new pods (`r7`); pods of other values are old.
    pub label: Option<String>,
    pub count: u32,
    /// Empty when it is rolling.
    pub batches: Vec<BatchView>,
    pub progress: Progress,
    pub transitions: Vec<Transition>,
    pub diagnosis: Option<Diagnosis>,
    /// Who drives it, and what is known of that.
    pub hands: Hands,
    /// Whoever drives it, or drove it last.
    pub driver: Author,
    /// A newer Slipway made its record, of this version: it is shown, and not driven.
    pub newer: Option<u32>,
    /// What a person may do now.
    pub actions: Vec<ReleaseAction>,
    /// Objects that the release made.
    pub objects: Vec<String>,
    /// What changed against what ran before, as it was planned; of a first release what it begins with.
    pub changes: Vec<FieldChange>,
    /// `None` where whoever planned it did not keep it.
    pub preflight: Option<Preflight>,
}

/// In whose hands a release is, as this computer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Hands {
    /// This computer drives it.
    Ours,
    /// Nobody has to drive it: it has ended, or waits for a person, and anybody may decide.
    Nobodys,
    /// Another computer drives it.
    Others,
    /// Nobody drives what should be driven: whoever did is gone.
    Adrift,
}

/// One batch, for the count that the group has or will have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct BatchView {
    pub pods: u32,
    /// What follows it; `None` after the last.
    pub pace: Option<Pace>,
}

impl BatchView {
    /// Those of a release; none when it is rolling.
    pub(crate) fn of(release: &Release) -> Vec<Self> {
        if release.in_batches() { Self::all(&release.plan.group.strategy, release.count()) } else { Vec::new() }
    }

    /// Those of a release for so many pods.
    pub(crate) fn all(strategy: &Strategy, count: u32) -> Vec<Self> {
        let sizes = batches(strategy, count);
        let last = sizes.len().saturating_sub(1);
        let pace = |at: usize| (at < last).then(|| pace(strategy, at)).flatten();
        sizes.iter().enumerate().map(|(at, pods)| Self { pods: *pods, pace: pace(at) }).collect()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ReleaseAction {
    /// Go on after a stop; at a rest: begin the next batch.
    Continue,
    /// Stop where it is.
    Pause,
    /// Back to what ran before.
    Abort,
    /// Go on with that where a quota leaves no room: with one pod less meanwhile, or with one more of these.
    AbortBelow,
    /// Drive it from here: whoever did is gone.
    TakeOver,
}
