//! Instances: the pods of a group, live.

use crate::Engine;
use crate::error::Result;
use crate::live::{Live, Row, Sender, Trust};
use crate::watched::Kept;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_cluster::{Log, LogOptions, Session};
use slipway_model::app::App;
use slipway_model::diagnosis::EventFact;
use slipway_model::id::GroupId;
use slipway_model::instance::Instance;
use slipway_render::names;
use std::collections::HashMap;
use std::time::Duration;
use tokio::time::interval;
use ts_rs::TS;

/// How often the metrics API is asked while somebody looks: it has a new figure every ten seconds or more.
const METRICS_EVERY: Duration = Duration::from_secs(15);
/// Pods are looked at anew this often without a change: some states ripen by time alone.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Which log a person opens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct LogSource {
    pub group: GroupId,
    pub pod: String,
    pub container: String,
    /// The run before the current one.
    pub previous: bool,
    /// Begin with this many last lines.
    pub tail: u32,
}

impl Row for Instance {
    fn id(&self) -> &str {
        &self.id
    }
}

impl Row for EventFact {
    fn id(&self) -> &str {
        &self.id
    }
}

/// CPU in millicores and memory in bytes, by pod.
type Usage = HashMap<String, (u32, u64)>;

/// Where the pods of a group are.
pub(crate) struct Place {
    pub(crate) session: Session,
    selector: String,
    workload: String,
    /// Name of the app's container.
    container: String,
}

impl Engine {
    /// The pods of a group, live, with what they use.
    pub fn live_instances(&self, group: GroupId) -> Live<Instance> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let place = match engine.place(&group).await {
                Ok(place) => place,
                Err(error) => {
                    sender.trust(Trust::Failed(error)).await;
                    return;
                }
            };
            engine.watch_instances(&place, &mut sender).await;
        })
    }

    async fn watch_instances(&self, place: &Place, sender: &mut Sender<Instance>) {
        let mut pods = Kept::new(place.session.pods(&place.selector));
        let mut usage = Usage::new();
        let mut look = interval(LOOK_EVERY);
        let mut ask = interval(METRICS_EVERY);
        loop {
            tokio::select! {
                () = pods.changed() => {}
                _ = look.tick() => {}
                _ = ask.tick() => {
                    if *self.visible.borrow() {
                        usage = used(&place.session, &place.selector).await.unwrap_or(usage);
                    }
                }
            }
            let now = Timestamp::now();
            let rows = pods.rows().map(|pod| {
                let mut row = Instance::new(pod, &place.container, now);
                if let Some((cpu, memory)) = usage.get(&row.name) {
                    row.cpu_milli = Some(*cpu);
                    row.memory_bytes = Some(*memory);
                }
                row
            });
            if !sender.replace(rows.collect(), Some(pods.trust())).await {
                return;
            }
        }
    }

    /// Events of a group's Deployment, `ReplicaSets` and pods.
    pub fn live_events(&self, group: GroupId) -> Live<EventFact> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let place = match engine.place(&group).await {
                Ok(place) => place,
                Err(error) => {
                    sender.trust(Trust::Failed(error)).await;
                    return;
                }
            };
            let mut events = Kept::new(place.session.events());
            loop {
                events.changed().await;
                let rows = events.rows().filter(|event| of_workload(&event.object, &place.workload)).cloned();
                if !sender.replace(rows.collect(), Some(events.trust())).await {
                    return;
                }
            }
        })
    }

    /// One container's log, followed as it grows; the log of a run before ends by itself.
    pub async fn log(&self, source: &LogSource) -> Result<Log> {
        let place = self.place(&source.group).await?;
        let options = LogOptions {
            previous: source.previous,
            tail: Some(source.tail),
            follow: !source.previous,
            ..LogOptions::default()
        };
        Ok(place.session.log(&source.pod, &source.container, &options).await?)
    }

    pub(crate) async fn place(&self, group: &GroupId) -> Result<Place> {
        let entry = self.group_entry(group).await?;
        let app: App = self.app(&entry.app).await?;
        let session = self.session(&entry.draft.link.as_str().into())?;
        let name = entry.draft.name.trim();
        let container = entry.draft.container().to_owned();
        let workload = entry.workload.unwrap_or_else(|| format!("{}-{name}", app.slug));
        // Until its first release, the pods of an adopted group have only the labels of who made them.
        let selected = entry.draft.adopted.as_ref().and_then(|adopted| adopted.selector["matchLabels"].as_object());
        let selector = match selected {
            None => names::selector(&app.slug, name),
            Some(labels) => {
                let label = |(key, value): (&String, &serde_json::Value)| {
                    format!("{key}={}", value.as_str().unwrap_or_default())
                };
                labels.iter().map(label).collect::<Vec<_>>().join(",")
            }
        };
        Ok(Place { session, selector, workload, container })
    }
}

/// Whether an event's object (`Pod/checkout-api-prod-7f86…`) belongs to a workload.
pub(crate) fn of_workload(object: &str, workload: &str) -> bool {
    object
        .split_once('/')
        .and_then(|(_, name)| name.strip_prefix(workload))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// What the metrics API says; `None` keeps what was known, because a cluster without it is no fault.
async fn used(session: &Session, selector: &str) -> Option<Usage> {
    match session.usage(selector).await {
        Ok(Some(samples)) => {
            Some(samples.into_iter().map(|sample| (sample.pod, (sample.cpu_milli, sample.memory_bytes))).collect())
        }
        Ok(None) => None,
        Err(error) => {
            tracing::debug!(%error, "no metrics");
            None
        }
    }
}
