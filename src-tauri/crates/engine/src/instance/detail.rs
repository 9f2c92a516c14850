//! One pod in full: its containers, what holds of it, and all that happened to it in one timeline.

use super::evict::PodRef;
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Sender, Trust};
use crate::watched::Kept;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_model::diagnosis::EventFact;
use slipway_model::id::GroupId;
use slipway_model::instance::Exit;
use slipway_model::workload::FIELD_MANAGER;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};
use ts_rs::TS;

/// A pod that changes all the time is read in full no more often than this.
const READ_EVERY: Duration = Duration::from_secs(1);
/// Entries of a timeline that are told; of those before them only how many there are.
const ENTRIES_MAX: usize = 200;

/// A pod of a group.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct PodOf {
    pub group: GroupId,
    pub pod: PodRef,
}

/// The row of the feed `pod`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PodDetail {
    /// Uid.
    pub id: String,
    /// It was deleted: what is known of it is of before.
    pub gone: bool,
    /// In the order in which they start.
    pub containers: Vec<ContainerDetail>,
    pub conditions: Vec<PodCondition>,
    /// Newest first.
    pub entries: Vec<PodEntry>,
    /// Older ones that are not told.
    pub left_out: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ContainerKind {
    Init,
    /// An init container that goes on beside the others.
    Sidecar,
    App,
    /// Put into the running pod.
    Ephemeral,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ContainerDetail {
    pub name: String,
    pub kind: ContainerKind,
    pub image: String,
    /// `sha256:…` of what runs.
    pub digest: Option<String>,
    pub state: ContainerNow,
    pub ready: bool,
    pub restarts: u32,
    /// `http 8080/TCP`
    pub ports: Vec<String>,
    /// How it ended the last time.
    pub last: Option<Exit>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum ContainerNow {
    Unknown,
    Waiting {
        reason: String,
        message: String,
    },
    Running {
        #[ts(type = "string | null")]
        since: Option<Timestamp>,
    },
    Ended(Exit),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct PodCondition {
    /// `PodScheduled`, `Initialized`, `Ready` …
    pub kind: String,
    pub holds: bool,
    pub reason: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PodEntry {
    pub id: String,
    #[ts(type = "string | null")]
    pub at: Option<Timestamp>,
    pub what: Happened,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Happened {
    Created,
    /// Its end was asked for.
    Leaving,
    Event {
        warning: bool,
        reason: String,
        message: String,
        count: u32,
    },
    Started {
        container: String,
    },
    Ended {
        container: String,
        exit: Exit,
    },
    Condition {
        condition: String,
        holds: bool,
        reason: String,
        message: String,
    },
    /// Somebody wrote the object.
    Write {
        manager: String,
        /// `Apply` or `Update`
        operation: String,
        /// `status`, or empty for the object itself.
        subresource: String,
        ours: bool,
    },
}

/// The object as text.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PodYaml {
    /// Without managedFields.
    pub yaml: String,
    pub managed_fields: String,
    pub managers: u32,
}

impl Row for PodDetail {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Engine {
    /// One pod in full, live.
    pub fn live_pod(&self, of: PodOf) -> Live<PodDetail> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            if let Err(error) = engine.watch_pod(&of, &mut sender).await {
                sender.trust(Trust::Failed(error)).await;
            }
        })
    }

    async fn watch_pod(&self, PodOf { group, pod }: &PodOf, sender: &mut Sender<PodDetail>) -> Result<()> {
        let place = self.place(group).await?;
        let mut pods = Kept::new(place.session.pods(&place.selector));
        let mut events = Kept::new(place.session.events());
        let object = format!("Pod/{}", pod.name);
        let (mut whole, mut read): (Option<Value>, _) = (None, None);
        let mut next = Instant::now();
        pods.changed().await;
        // No event means none only once the list of them is complete; a slow one keeps nobody from the rest.
        let listed = async {
            while matches!(events.trust(), Trust::Loading) {
                events.changed().await;
            }
        };
        tokio::time::timeout(READ_EVERY, listed).await.ok();
        loop {
            let now = pods.get(&pod.uid).cloned();
            let other = now.is_some() && now != read;
            if other && Instant::now() >= next {
                next = Instant::now() + READ_EVERY;
                // While the cluster does not answer, what was read before stays.
                if let Ok(Some(object)) = place.session.get(Kind::Pod, &pod.name).await
                    && object["metadata"]["uid"] == pod.uid.as_str()
                {
                    whole = Some(object);
                    read.clone_from(&now);
                }
            }
            let gone = now.is_none() && pods.live();
            let of_it = events.rows().filter(|event| event.object == object);
            let detail = whole.as_ref().map(|whole| detail(whole, of_it, gone));
            let rows = detail.or_else(|| gone.then(|| PodDetail::unknown(&pod.uid)));
            if !sender.replace(rows.into_iter().collect(), Some(pods.trust())).await {
                return Ok(());
            }
            let again =
                async { if other && read != now { sleep_until(next).await } else { std::future::pending().await } };
            tokio::select! {
                () = pods.changed() => {}
                () = events.changed() => {}
                () = again => {}
            }
        }
    }

    /// A pod as the cluster has it, as text. Of Secrets it holds the names alone.
    ///
    /// # Errors
    /// `NotFound`, and what the cluster says.
    pub async fn pod_yaml(&self, PodOf { group, pod }: &PodOf) -> Result<PodYaml> {
        let session = self.place(group).await?.session;
        let object = session.get(Kind::Pod, &pod.name).await?;
        let object = object.filter(|object| object["metadata"]["uid"] == pod.uid.as_str());
        let mut object = object.ok_or_else(|| Error::not_found("Pod", &pod.name))?;
        let fields = object["metadata"].as_object_mut().and_then(|metadata| metadata.remove("managedFields"));
        let fields = fields.unwrap_or(Value::Null);
        Ok(PodYaml {
            yaml: slipway_render::yaml::whole(&object),
            managed_fields: slipway_render::yaml::whole(&fields),
            managers: fields.as_array().map_or(0, |managers| u32::try_from(managers.len()).unwrap_or(u32::MAX)),
        })
    }
}

impl PodDetail {
    fn unknown(uid: &str) -> Self {
        Self {
            id: uid.to_owned(),
            gone: true,
            containers: Vec::new(),
            conditions: Vec::new(),
            entries: Vec::new(),
            left_out: 0,
        }
    }
}

fn detail<'e>(pod: &Value, events: impl Iterator<Item = &'e EventFact>, gone: bool) -> PodDetail {
    let containers = containers(pod);
    let (mut entries, conditions) = (of_object(pod), conditions(pod));
    entries.extend(containers.iter().flat_map(of_container));
    entries.extend(events.map(|event| PodEntry {
        id: event.id.clone(),
        at: event.at,
        what: Happened::Event {
            warning: event.kind == "Warning",
            reason: event.reason.clone(),
            message: event.message.clone(),
            count: event.count,
        },
    }));
    entries.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
    let left_out = u32::try_from(entries.len().saturating_sub(ENTRIES_MAX)).unwrap_or(u32::MAX);
    entries.truncate(ENTRIES_MAX);
    PodDetail { id: text(&pod["metadata"]["uid"]), gone, containers, conditions, entries, left_out }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn time(value: &Value) -> Option<Timestamp> {
    value.as_str()?.parse().ok()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn containers(pod: &Value) -> Vec<ContainerDetail> {
    let (spec, status) = (&pod["spec"], &pod["status"]);
    let of = |kind: ContainerKind, specs: &str, statuses: &str| {
        let statuses = list(&status[statuses]);
        let found = list(&spec[specs]).iter().map(move |container| {
            let status = statuses.iter().find(|status| status["name"] == container["name"]).unwrap_or(&Value::Null);
            let sidecar = kind == ContainerKind::Init && container["restartPolicy"] == "Always";
            container_of(if sidecar { ContainerKind::Sidecar } else { kind }, container, status)
        });
        found.collect::<Vec<_>>()
    };
    [
        of(ContainerKind::Init, "initContainers", "initContainerStatuses"),
        of(ContainerKind::App, "containers", "containerStatuses"),
        of(ContainerKind::Ephemeral, "ephemeralContainers", "ephemeralContainerStatuses"),
    ]
    .concat()
}

fn container_of(kind: ContainerKind, spec: &Value, status: &Value) -> ContainerDetail {
    let port = |port: &Value| {
        let name = port["name"].as_str().map(|name| format!("{name} ")).unwrap_or_default();
        format!("{name}{}/{}", port["containerPort"], port["protocol"].as_str().unwrap_or("TCP"))
    };
    let digest = status["imageID"].as_str().and_then(|id| id.rsplit_once("sha256:"));
    ContainerDetail {
        name: text(&spec["name"]),
        kind,
        image: text(&spec["image"]),
        digest: digest.map(|(_, hex)| format!("sha256:{hex}")),
        state: now(&status["state"]),
        ready: status["ready"] == true,
        restarts: status["restartCount"].as_u64().and_then(|count| count.try_into().ok()).unwrap_or(0),
        ports: list(&spec["ports"]).iter().map(port).collect(),
        last: exit(&status["lastState"]["terminated"]),
    }
}

fn now(state: &Value) -> ContainerNow {
    if let Some(exit) = exit(&state["terminated"]) {
        return ContainerNow::Ended(exit);
    }
    if state["running"].is_object() {
        return ContainerNow::Running { since: time(&state["running"]["startedAt"]) };
    }
    let waiting = &state["waiting"];
    if waiting.is_object() {
        return ContainerNow::Waiting { reason: text(&waiting["reason"]), message: text(&waiting["message"]) };
    }
    ContainerNow::Unknown
}

fn exit(end: &Value) -> Option<Exit> {
    end.is_object().then(|| Exit {
        code: end["exitCode"].as_i64().and_then(|code| code.try_into().ok()).unwrap_or(0),
        reason: text(&end["reason"]),
        message: text(&end["message"]),
        started: time(&end["startedAt"]),
        finished: time(&end["finishedAt"]),
    })
}

fn conditions(pod: &Value) -> Vec<PodCondition> {
    let condition = |condition: &Value| PodCondition {
        kind: text(&condition["type"]),
        holds: condition["status"] == "True",
        reason: text(&condition["reason"]),
        message: text(&condition["message"]),
    };
    list(&pod["status"]["conditions"]).iter().map(condition).collect()
}

/// What its starts and ends say.
fn of_container(container: &ContainerDetail) -> Vec<PodEntry> {
    let name = &container.name;
    let started = |at: Option<Timestamp>| PodEntry {
        id: format!("started/{name}/{}", at.unwrap_or_default()),
        at,
        what: Happened::Started { container: name.clone() },
    };
    let ended = |exit: &Exit| PodEntry {
        id: format!("ended/{name}/{}", exit.finished.unwrap_or_default()),
        at: exit.finished,
        what: Happened::Ended { container: name.clone(), exit: exit.clone() },
    };
    let mut entries = Vec::new();
    match &container.state {
        ContainerNow::Running { since } => entries.push(started(*since)),
        ContainerNow::Ended(exit) => entries.extend([started(exit.started), ended(exit)]),
        ContainerNow::Waiting { .. } | ContainerNow::Unknown => {}
    }
    if let Some(exit) = &container.last {
        entries.extend([started(exit.started), ended(exit)]);
    }
    entries.retain(|entry| entry.at.is_some());
    entries
}

/// What the object itself says: that it was made, its conditions, and who wrote it.
fn of_object(pod: &Value) -> Vec<PodEntry> {
    let metadata = &pod["metadata"];
    let mut entries =
        vec![PodEntry { id: "created".into(), at: time(&metadata["creationTimestamp"]), what: Happened::Created }];
    if let Some(at) = time(&metadata["deletionTimestamp"]) {
        // The time is that of the end it has at most; asked for it was so much before.
        let grace = metadata["deletionGracePeriodSeconds"].as_i64().unwrap_or(0);
        let at = at.checked_sub(jiff::SignedDuration::from_secs(grace)).unwrap_or(at);
        entries.push(PodEntry { id: "leaving".into(), at: Some(at), what: Happened::Leaving });
    }
    for condition in list(&pod["status"]["conditions"]) {
        entries.push(PodEntry {
            id: format!("condition/{}", text(&condition["type"])),
            at: time(&condition["lastTransitionTime"]),
            what: Happened::Condition {
                condition: text(&condition["type"]),
                holds: condition["status"] == "True",
                reason: text(&condition["reason"]),
                message: text(&condition["message"]),
            },
        });
    }
    for (number, write) in list(&metadata["managedFields"]).iter().enumerate() {
        let manager = text(&write["manager"]);
        entries.push(PodEntry {
            id: format!("write/{number}"),
            at: time(&write["time"]),
            what: Happened::Write {
                ours: manager == FIELD_MANAGER,
                manager,
                operation: text(&write["operation"]),
                subresource: text(&write["subresource"]),
            },
        });
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::ContainerKind::{App, Ephemeral, Init, Sidecar};
    use super::*;
    use serde_json::json;

    fn pod() -> Value {
        json!({
            "metadata": {
                "uid": "1", "name": "api-1", "creationTimestamp": "2026-01-01T00:00:00Z",
                "deletionTimestamp": "2026-01-01T01:00:30Z", "deletionGracePeriodSeconds": 30,
                "managedFields": [
                    { "manager": "kubelet", "operation": "Update", "subresource": "status", "time": "2026-01-01T00:00:05Z" },
                    { "manager": "slipway", "operation": "Update", "time": "2026-01-01T00:10:00Z" },
                ],
            },
            "spec": {
                "initContainers": [{ "name": "wait", "image": "wait:1" }, { "name": "mesh", "image": "mesh:1", "restartPolicy": "Always" }],
                "containers": [{ "name": "app", "image": "api:2", "ports": [{ "name": "http", "containerPort": 8080 }] }],
                "ephemeralContainers": [{ "name": "debug", "image": "busybox:1" }],
            },
            "status": {
                "conditions": [{ "type": "Ready", "status": "False", "reason": "ContainersNotReady", "lastTransitionTime": "2026-01-01T00:20:00Z" }],
                "containerStatuses": [{
                    "name": "app", "restartCount": 3, "imageID": "registry/api@sha256:abc",
                    "state": { "waiting": { "reason": "CrashLoopBackOff", "message": "back-off" } },
                    "lastState": { "terminated": { "exitCode": 137, "reason": "OOMKilled",
                        "startedAt": "2026-01-01T00:19:00Z", "finishedAt": "2026-01-01T00:20:00Z" } },
                }],
                "ephemeralContainerStatuses": [{ "name": "debug", "state": { "running": { "startedAt": "2026-01-01T00:30:00Z" } } }],
            },
        })
    }

    #[test]
    fn containers_of_every_kind_are_told_with_their_last_exit() {
        let told = detail(&pod(), std::iter::empty(), false).containers;
        let kinds: Vec<_> = told.iter().map(|one| (one.name.as_str(), one.kind)).collect();
        assert_eq!(kinds, [("wait", Init), ("mesh", Sidecar), ("app", App), ("debug", Ephemeral)]);
        let app = &told[2];
        assert_eq!((app.digest.as_deref(), app.restarts), (Some("sha256:abc"), 3));
        assert_eq!(app.ports, ["http 8080/TCP"]);
        assert!(app.last.as_ref().is_some_and(|exit| exit.code == 137 && exit.reason == "OOMKilled"));
        assert!(matches!(&app.state, ContainerNow::Waiting { reason, .. } if reason == "CrashLoopBackOff"));
    }

    #[test]
    fn all_that_happened_stands_in_one_line_of_time() {
        let event = EventFact {
            id: "e".into(),
            at: "2026-01-01T00:25:00Z".parse().ok(),
            kind: "Warning".into(),
            reason: "Unhealthy".into(),
            message: "Readiness probe failed".into(),
            object: "Pod/api-1".into(),
            count: 7,
        };
        let told = detail(&pod(), [event].iter(), false).entries;
        let ids: Vec<_> = told.iter().map(|entry| entry.id.split('/').next().unwrap_or_default()).collect();
        assert_eq!(ids, ["leaving", "started", "e", "condition", "ended", "started", "write", "write", "created"],);
        let leaving = told.first().and_then(|entry| entry.at).map(|at| at.to_string());
        assert_eq!(leaving.as_deref(), Some("2026-01-01T01:00:00Z"), "asked for before its grace began");
        let ours = told.iter().filter(|entry| matches!(&entry.what, Happened::Write { ours: true, .. })).count();
        assert_eq!(ours, 1);
    }

    #[test]
    fn a_flood_of_events_has_an_end_and_says_how_many_are_left_out() {
        let event = |number: i64| EventFact {
            id: number.to_string(),
            at: Timestamp::from_second(number).ok(),
            kind: "Warning".into(),
            reason: "BackOff".into(),
            message: String::new(),
            object: "Pod/api-1".into(),
            count: 1,
        };
        let flood: Vec<EventFact> = (2_000_000_000..2_000_005_000).map(event).collect();
        let told = detail(&pod(), flood.iter(), false);
        assert_eq!(told.entries.len(), ENTRIES_MAX);
        assert_eq!(told.entries.first().map(|entry| entry.id.as_str()), Some("2000004999"));
        assert_eq!(told.left_out as usize, 5_000 + 8 - ENTRIES_MAX);
    }
}
