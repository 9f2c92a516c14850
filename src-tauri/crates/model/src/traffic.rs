//! What goes over the network to the pods of a release and from them, as a Prometheus of the cluster knows it.

use crate::field::{FieldCode, Refusal};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A port of a Service, as the API server forwards to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ServicePlace {
    pub namespace: String,
    pub service: String,
    /// Number or name.
    pub port: String,
}

impl std::fmt::Display for ServicePlace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}:{}", self.namespace, self.service, self.port)
    }
}

impl ServicePlace {
    /// `namespace/service:port` as typed; nothing typed is no place.
    ///
    /// # Errors
    /// `NotAServicePlace`, where it is of another form.
    pub fn typed(text: &str) -> Result<Option<Self>, Refusal> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        let parts = text.split_once('/').and_then(|(namespace, rest)| Some((namespace, rest.split_once(':')?)));
        match parts {
            Some((namespace, (service, port))) if [namespace, service, port].into_iter().all(is_label) => {
                Ok(Some(Self { namespace: namespace.into(), service: service.into(), port: port.into() }))
            }
            _ => Err(Refusal::new(FieldCode::NotAServicePlace)),
        }
    }
}

/// What names of these objects consist of; whether they are there is for the cluster to say.
fn is_label(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 63 && text.chars().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}

/// What is known of one time; a figure that nobody counts is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Traffic {
    /// Bytes a second that a pod receives, mean.
    #[ts(type = "number | null")]
    pub receive: Option<u64>,
    /// Bytes a second that a pod sends, mean.
    #[ts(type = "number | null")]
    pub transmit: Option<u64>,
    /// Requests in 1,000 seconds, of all pods together.
    #[ts(type = "number | null")]
    pub requests_milli: Option<u64>,
    /// How many of 1,000 requests were answered with a status of 500 or above.
    pub errors_permille: Option<u32>,
}

/// The pods of the version that a release brings, or of those before it, at one time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrafficPoint {
    #[ts(type = "string")]
    pub at: Timestamp,
    /// Of the version that the release brings.
    pub new: bool,
    pub traffic: Traffic,
}

/// Why nothing is known of network and requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum NoPrometheus {
    /// No Prometheus is found, and none is named in the settings of the cluster.
    Unknown,
    /// The Service is not there, or no pod is behind it.
    Missing,
    /// The role does not allow it.
    Forbidden,
    /// What answers there is no Prometheus.
    Foreign,
    /// It does not answer in time, or with an error of its own.
    Silent,
    /// It has no series of these pods.
    NoSeries,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_as_it_is_written() {
        for text in ["monitoring/prometheus:9090", "obs/prometheus-server:http-web"] {
            let place = ServicePlace::typed(&format!(" {text} ")).expect("a place").expect("one");
            assert_eq!(place.to_string(), text);
        }
        assert_eq!(ServicePlace::typed(" ").expect("none"), None);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in ["prometheus:9090", "monitoring/prometheus", "m/../x:1", "m/p:9090/api", "M/p:1", "m/p:", "m/-p:1"]
        {
            assert!(ServicePlace::typed(text).is_err(), "{text}");
        }
    }
}
