//! Instances: the pods of a group, live.

mod detail;
mod evict;
mod list;

pub use detail::{
    ContainerDetail, ContainerKind, ContainerNow, Happened, PodCondition, PodDetail, PodEntry, PodOf, PodYaml,
};
pub use evict::{EvictOrder, Evicted, PodRef};
pub use list::{
    InstanceLine, InstanceQuery, InstanceRow, InstanceSort, InstanceSummary, PodState, StateCount, VersionShare,
};

use crate::Engine;
use crate::error::Result;
use crate::live::{Live, Row, Sender, Trust};
use crate::watched::Kept;
use jiff::Timestamp;
use slipway_cluster::Session;
use slipway_model::app::App;
use slipway_model::diagnosis::EventFact;
use slipway_model::id::GroupId;
use slipway_model::instance::Instance;
use slipway_render::names;
use std::time::Duration;
use tokio::time::interval;

/// Pods are looked at anew this often without a change: some states ripen by time alone.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Events of a group that are told.
const EVENTS_MAX: usize = 500;

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

/// Where the pods of a group are.
pub(crate) struct Place {
    pub(crate) session: Session,
    pub(crate) selector: String,
    workload: String,
    /// Name of the app's container.
    pub(crate) container: String,
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
            engine.watch_instances(&group, &place, &mut sender).await;
        })
    }

    async fn watch_instances(&self, group: &GroupId, place: &Place, sender: &mut Sender<Instance>) {
        let mut pods = Kept::new(place.session.pods(&place.selector));
        let sampled = self.sampled(group, place, false);
        let mut usage = sampled.latest();
        let mut look = interval(LOOK_EVERY);
        // Pods first: figures of none are nothing.
        pods.changed().await;
        loop {
            let now = Timestamp::now();
            let rows = {
                let usage = usage.borrow_and_update();
                let row = |pod| {
                    let mut row = Instance::new(pod, &place.container, now);
                    if let Some(used) = usage.pods.get(&row.name) {
                        row.cpu_milli = Some(used.cpu_milli);
                        row.memory_bytes = Some(used.memory_bytes);
                    }
                    row
                };
                pods.rows().map(row).collect()
            };
            if !sender.replace(rows, Some(pods.trust())).await {
                return;
            }
            tokio::select! {
                () = pods.changed() => {}
                _ = look.tick() => {}
                Ok(()) = usage.changed() => {}
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
                if !sender.replace(newest(rows.collect()), Some(events.trust())).await {
                    return;
                }
            }
        })
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

/// A flood of events would drown whoever reads them: the newest are told.
fn newest(mut events: Vec<EventFact>) -> Vec<EventFact> {
    if events.len() > EVENTS_MAX {
        events.select_nth_unstable_by(EVENTS_MAX, |a, b| b.at.cmp(&a.at).then_with(|| a.id.cmp(&b.id)));
        events.truncate(EVENTS_MAX);
    }
    events
}

/// Whether an event's object (`Pod/checkout-api-prod-7f86…`) belongs to a workload.
pub(crate) fn of_workload(object: &str, workload: &str) -> bool {
    object
        .split_once('/')
        .and_then(|(_, name)| name.strip_prefix(workload))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}
