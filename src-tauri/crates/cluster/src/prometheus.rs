//! A Prometheus of the cluster: where it is, and what it answers through the API server's proxy of its Service.

use crate::{ClusterError, Connection, Session, rules};
use form_urlencoded::Serializer;
use futures::AsyncReadExt as _;
use jiff::{SignedDuration, Timestamp};
use kube::api::ListParams;
use kube::core::Request;
use serde::Deserialize;
use serde_json::Value;
use slipway_model::traffic::{NoPrometheus, ServicePlace};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::timeout;

/// What it may take for one question, and what we wait for it on top.
const QUERY_SECONDS: u64 = 10;
const WAIT: Duration = Duration::from_secs(QUERY_SECONDS + 5);
/// All of looking for one: some twenty small questions at most.
const LOOK_FOR: Duration = Duration::from_secs(20);
/// Largest answer, bytes: what is asked for has some lines of some hundred values, each about 30 bytes.
const ANSWER_MAX: u64 = 4 * 1024 * 1024;
/// Services of one label that are looked at.
const SERVICES_MAX: u32 = 50;

/// Labels of the Services of the usual installations: the Prometheus operator and kube-prometheus, the charts of
/// kube-prometheus-stack and Prometheus, and older ones of all of them.
const LABELS: &[&str] = &[
    "app.kubernetes.io/name=prometheus",
    "app=kube-prometheus-stack-prometheus",
    "operated-prometheus=true",
    "app=prometheus",
];
/// Where it usually runs, for who may not look into all namespaces.
const NAMESPACES: &[&str] = &["monitoring", "prometheus", "observability", "kube-prometheus-stack", "kube-system"];
/// The port of a Service, best first: by the names and the number that these installations give it.
const PORTS: &[&str] = &["web", "http-web", "http", "9090"];

/// One line of an answer: its labels, and its values by time. What is no number is left out.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub labels: BTreeMap<String, String>,
    pub values: Vec<(Timestamp, f64)>,
}

/// When something is asked for, and how far apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub from: Timestamp,
    pub to: Timestamp,
    pub step: SignedDuration,
}

impl Session {
    /// Looks for the Service of a Prometheus as far as this identity may look: in the whole cluster, else in the
    /// namespaces where one usually runs.
    ///
    /// # Errors
    /// `Silent` where the cluster does not answer, or not soon enough.
    pub async fn find_prometheus(&self) -> Result<Option<ServicePlace>, NoPrometheus> {
        let found = timeout(LOOK_FOR, self.find()).await.map_err(|_| NoPrometheus::Silent)?;
        found.map_err(|error| {
            tracing::debug!(%error, "no Prometheus looked for");
            NoPrometheus::Silent
        })
    }

    async fn find(&self) -> Result<Option<ServicePlace>, ClusterError> {
        for label in LABELS {
            match self.services_of("/api/v1/services", label).await {
                Err(ClusterError::Forbidden { .. }) => return self.find_in_namespaces().await,
                found => {
                    if let Some(place) = found?.iter().find_map(place) {
                        return Ok(Some(place));
                    }
                }
            }
        }
        Ok(None)
    }

    async fn find_in_namespaces(&self) -> Result<Option<ServicePlace>, ClusterError> {
        let own = self.connection().await?.namespace;
        for namespace in NAMESPACES.iter().copied().chain([own.as_str()]) {
            let path = format!("/api/v1/namespaces/{namespace}/services");
            for label in LABELS {
                match self.services_of(&path, label).await {
                    Err(ClusterError::Forbidden { .. }) => break,
                    found => {
                        if let Some(place) = found?.iter().find_map(place) {
                            return Ok(Some(place));
                        }
                    }
                }
            }
        }
        Ok(None)
    }

    async fn services_of(&self, path: &str, label: &str) -> Result<Vec<Value>, ClusterError> {
        let connection = self.connection().await?;
        let params = ListParams::default().labels(label).limit(SERVICES_MAX);
        let list: Value =
            self.note(connection.send("look for a Prometheus", Request::new(path).list(&params)).await)?;
        Ok(list["items"].as_array().cloned().unwrap_or_default())
    }

    /// A Role and a `RoleBinding`, as YAML, by which an identity may ask it.
    pub fn prometheus_role(place: &ServicePlace, identity: &str) -> String {
        rules::prometheus_yaml(place, identity)
    }

    /// What an expression was over a time.
    ///
    /// # Errors
    /// Why it is not known.
    pub async fn query_range(
        &self,
        place: &ServicePlace,
        query: &str,
        range: Range,
    ) -> Result<Vec<Series>, NoPrometheus> {
        let ServicePlace { namespace, service, port } = place;
        let path = format!("/api/v1/namespaces/{namespace}/services/{service}:{port}/proxy/api/v1/query_range");
        let request = http::Request::get(format!("{path}?{}", words(query, range))).body(Vec::new());
        let asked = async {
            // What becomes of a request behind the API server says nothing of the connection with it.
            let connection = self.connection().await?;
            let doing = format!("ask the Prometheus at {place}");
            connection.answer(&doing, request.map_err(kube::core::request::Error::BuildRequest)).await
        };
        match timeout(WAIT, asked).await {
            Ok(Ok(answer)) => series(answer).ok_or(NoPrometheus::Foreign),
            Ok(Err(error)) => {
                tracing::debug!(%place, query, %error, "no answer of a Prometheus");
                Err(why(&error))
            }
            Err(_) => Err(NoPrometheus::Silent),
        }
    }
}

impl Connection {
    /// An answer of whatever is behind the API server: it may be endless.
    async fn answer(
        &self,
        doing: &str,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<Value, ClusterError> {
        let request = request.map_err(|error| ClusterError::other(doing, error))?;
        let answer = self.clients.calls.request_stream(request).await;
        let answer = answer.map_err(|error| ClusterError::from_kube(doing, &self.server, error))?;
        let mut bytes = Vec::new();
        let read = Box::pin(answer.take(ANSWER_MAX + 1)).read_to_end(&mut bytes).await;
        let nonsense =
            |reason: String| ClusterError::Nonsense { doing: doing.to_owned(), server: self.server.clone(), reason };
        read.map_err(|error| nonsense(error.to_string()))?;
        if bytes.len() as u64 > ANSWER_MAX {
            return Err(nonsense(format!("more than {ANSWER_MAX} bytes")));
        }
        serde_json::from_slice(&bytes).map_err(|error| nonsense(error.to_string()))
    }
}

/// What is asked, as it stands behind the `?`.
fn words(query: &str, range: Range) -> String {
    let mut words = Serializer::new(String::new());
    words.append_pair("query", query);
    words.append_pair("start", &range.from.as_second().to_string());
    words.append_pair("end", &range.to.as_second().to_string());
    words.append_pair("step", &range.step.as_secs().to_string());
    words.append_pair("timeout", &format!("{QUERY_SECONDS}s"));
    words.finish()
}

/// Where a Service that may be one is asked.
fn place(service: &Value) -> Option<ServicePlace> {
    let ports = service["spec"]["ports"].as_array()?;
    let is = |port: &Value, known: &str| {
        port["name"] == known || port["port"].as_u64().is_some_and(|n| n.to_string() == known)
    };
    let port = PORTS.iter().find_map(|known| ports.iter().find(|port| is(port, known)))?;
    Some(ServicePlace {
        namespace: service["metadata"]["namespace"].as_str()?.to_owned(),
        service: service["metadata"]["name"].as_str()?.to_owned(),
        port: port["port"].as_u64()?.to_string(),
    })
}

/// The lines of an answer; `None` for one that no Prometheus gives.
fn series(answer: Value) -> Option<Vec<Series>> {
    let Answer { status, data } = serde_json::from_value(answer).ok()?;
    if status != "success" || data.result_type != "matrix" {
        return None;
    }
    let line = |line: Line| {
        let value = |(at, value): (f64, String)| {
            // Below a millisecond nothing is asked for.
            #[allow(clippy::cast_possible_truncation, reason = "a time of this century in milliseconds fits")]
            let at = Timestamp::from_millisecond((at * 1000.0).round() as i64).ok()?;
            value.parse().ok().filter(|value: &f64| value.is_finite()).map(|value| (at, value))
        };
        Series { labels: line.metric, values: line.values.into_iter().filter_map(value).collect() }
    };
    Some(data.result.into_iter().map(line).collect())
}

/// An error of Prometheus comes through as text of an error of no API server's form.
fn why(error: &ClusterError) -> NoPrometheus {
    match error {
        ClusterError::Forbidden { .. } => NoPrometheus::Forbidden,
        // The API server names the Service that is not there; all else is a page that a server behind it does not have.
        ClusterError::NotFound { what, .. } if !what.starts_with("services ") => NoPrometheus::Foreign,
        ClusterError::NotFound { .. } | ClusterError::NamespaceGone { .. } => NoPrometheus::Missing,
        ClusterError::Busy { message, .. } if message.contains("no endpoints available") => NoPrometheus::Missing,
        ClusterError::Busy { message, .. } if message.contains("no service port") => NoPrometheus::Missing,
        ClusterError::Invalid { message, .. } if !is_of_prometheus(message) => NoPrometheus::Foreign,
        ClusterError::Nonsense { .. } | ClusterError::Other { .. } => NoPrometheus::Foreign,
        _ => NoPrometheus::Silent,
    }
}

fn is_of_prometheus(message: &str) -> bool {
    serde_json::from_str::<Value>(message).is_ok_and(|body| body["status"] == "error" && body["errorType"].is_string())
}

#[derive(Deserialize)]
struct Answer {
    status: String,
    data: Data,
}

#[derive(Deserialize)]
struct Data {
    #[serde(rename = "resultType")]
    result_type: String,
    result: Vec<Line>,
}

#[derive(Deserialize)]
struct Line {
    metric: BTreeMap<String, String>,
    values: Vec<(f64, String)>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn service(name: &str, ports: Value) -> Value {
        json!({ "metadata": { "namespace": "monitoring", "name": name }, "spec": { "ports": ports } })
    }

    #[test]
    fn the_port_of_the_usual_installations_is_found() {
        for (ports, port) in [
            (json!([{ "name": "reloader-web", "port": 8080 }, { "name": "http-web", "port": 9090 }]), Some("9090")),
            (json!([{ "name": "http", "port": 80 }]), Some("80")),
            (json!([{ "port": 9090 }]), Some("9090")),
            (json!([{ "name": "grpc", "port": 10901 }]), None),
        ] {
            assert_eq!(place(&service("p", ports)).map(|place| place.port).as_deref(), port);
        }
    }

    #[test]
    fn an_answer_is_read_without_what_is_no_number() {
        let answer = json!({ "status": "success", "data": { "resultType": "matrix", "result": [
            { "metric": { "new": "1" }, "values": [[1_700_000_000, "1.5"], [1_700_000_015.5, "NaN"], [1_700_000_030, "+Inf"], [1_700_000_045, "0"]] },
        ] } });
        let [line] = &series(answer).expect("an answer")[..] else { panic!("one line") };
        let values: Vec<_> = line.values.iter().map(|(at, value)| (at.as_second() - 1_700_000_000, *value)).collect();
        assert_eq!((line.labels["new"].as_str(), values), ("1", vec![(0, 1.5), (45, 0.0)]));
        for foreign in [json!({ "status": "up" }), json!([]), json!({ "status": "success", "data": [] })] {
            assert_eq!(series(foreign.clone()), None, "{foreign}");
        }
    }
}
