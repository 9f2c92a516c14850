//! Events of the cluster.

use super::Wire;
use super::wire::Meta;
use crate::objects::Kind;
use jiff::Timestamp;
use serde::Deserialize;
use slipway_model::diagnosis::EventFact;

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct EventWire {
    metadata: Meta,
    involved_object: Involved,
    #[serde(rename = "type")]
    kind: String,
    reason: String,
    message: String,
    count: u32,
    first_timestamp: Option<Timestamp>,
    last_timestamp: Option<Timestamp>,
    event_time: Option<Timestamp>,
    series: Option<Series>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Involved {
    kind: String,
    name: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Series {
    count: u32,
    last_observed_time: Option<Timestamp>,
}

impl Wire for EventWire {
    type Row = EventFact;
    const KIND: Kind = Kind::Event;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    /// The scheduler's events carry only `eventTime`, the kubelet's only the older fields.
    fn into_row(self) -> EventFact {
        let series = self.series.unwrap_or_default();
        let at = series.last_observed_time.or(self.last_timestamp).or(self.event_time).or(self.first_timestamp);
        EventFact {
            id: self.metadata.uid,
            at: at.or(self.metadata.creation_timestamp),
            kind: self.kind,
            reason: self.reason,
            message: self.message,
            object: format!("{}/{}", self.involved_object.kind, self.involved_object.name),
            count: self.count.max(series.count).max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_generations_of_events() {
        let read = |json: &str| serde_json::from_str::<EventWire>(json).expect("an event").into_row();
        let kubelet = read(
            r#"{"metadata":{"uid":"1","managedFields":[{"fieldsV1":{"f:a":{}}}]},"type":"Warning","reason":"BackOff","message":"m",
                "involvedObject":{"kind":"Pod","name":"a"},"count":7,"firstTimestamp":"2026-01-01T00:00:00Z",
                "lastTimestamp":"2026-01-01T00:01:00Z","eventTime":null}"#,
        );
        assert_eq!((kubelet.object.as_str(), kubelet.count), ("Pod/a", 7));
        assert_eq!(kubelet.at.map(|at| at.to_string()).as_deref(), Some("2026-01-01T00:01:00Z"));
        let scheduler = read(
            r#"{"metadata":{"uid":"2"},"type":"Normal","reason":"Scheduled","message":"m","lastTimestamp":null,
                "involvedObject":{"kind":"Pod","name":"a"},"eventTime":"2026-01-01T00:00:00.123456Z"}"#,
        );
        assert_eq!((scheduler.count, scheduler.at.is_some()), (1, true));
    }
}
