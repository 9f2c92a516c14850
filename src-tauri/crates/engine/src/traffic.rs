//! Network and requests of a group's pods: asked of a Prometheus of the cluster, when somebody looks and once at the end.

use crate::Engine;
use crate::error::{Error, Result};
use futures::try_join;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use slipway_cluster::{Kind, Range, Series, Session};
use slipway_model::field::Fields;
use slipway_model::id::{GroupId, LinkId, ReleaseId};
use slipway_model::release::Release;
use slipway_model::traffic::{NoPrometheus, ServicePlace, Traffic, TrafficPoint};
use slipway_model::usage::{AROUND, SAMPLE_EVERY, SUMMARY_POINTS};
use slipway_render::names;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use ts_rs::TS;

/// Points that a page gets of a release.
const POINTS_SHOWN: usize = 2 * SUMMARY_POINTS;
/// What was found, or not, in a cluster holds for so long.
const FOUND_FOR: Duration = Duration::from_mins(5);
/// The end of a release waits no longer than this for what belongs to it.
const AT_THE_END: Duration = Duration::from_secs(3);
/// A rate is that of at least so long: two scrapes lie in it wherever they are a minute apart, which is the default.
const WINDOW: SignedDuration = SignedDuration::from_mins(2);

/// Counters of requests as the usual libraries name them, best first: of Prometheus' own conventions, of Micrometer
/// (Spring Boot), of OpenTelemetry, and the counts of older histograms of how long requests take.
const REQUESTS: &[&str] = &[
    "http_requests_total",
    "http_server_requests_seconds_count",
    "http_server_request_duration_seconds_count",
    "http_request_duration_seconds_count",
];
/// The label of the same libraries that holds the status of the answer.
const STATUS: &[&str] = &["code", "status", "status_code", "http_response_status_code"];

/// Network and requests of both versions of a release.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ReleaseTraffic {
    pub group: GroupId,
    /// By time.
    pub points: Vec<TrafficPoint>,
    /// Who says so: `namespace/service:port`; `None` for what the record of the release keeps.
    pub source: Option<String>,
    /// The counter that requests are counted by; `None` where none of the well-known ones is there.
    pub requests: Option<String>,
    /// Names that are looked for.
    pub known: Vec<String>,
    pub missing: Option<NoPrometheus>,
}

/// How a cluster's Prometheus is.
#[derive(Clone, Debug, Serialize, TS)]
pub struct PrometheusView {
    /// As a person has named it; empty where it is looked for.
    pub typed: String,
    /// Where it is asked: `namespace/service:port`.
    pub place: Option<String>,
    /// Why it is of no use; `None` where it answers.
    pub missing: Option<NoPrometheus>,
    /// A Role and a `RoleBinding` that would allow it; empty where it is allowed.
    pub yaml: String,
}

/// What was found in the clusters.
#[derive(Debug, Default)]
pub struct Found(Mutex<HashMap<LinkId, (Instant, Place)>>);

type Place = std::result::Result<ServicePlace, NoPrometheus>;

impl Found {
    fn get(&self, link: &LinkId) -> Option<Place> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        found.get(link).filter(|(at, _)| at.elapsed() < FOUND_FOR).map(|(_, place)| place.clone())
    }

    fn put(&self, link: &LinkId, place: Place) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(link.clone(), (Instant::now(), place));
    }

    fn forget(&self, link: &LinkId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(link);
    }
}

/// An answer, and by what counter.
struct Told {
    points: Vec<TrafficPoint>,
    requests: Option<String>,
}

impl Engine {
    /// How the Prometheus of a linked cluster is, asked anew.
    pub async fn prometheus(&self, id: &LinkId) -> Result<PrometheusView> {
        let link = self.link(id).await?;
        self.found.forget(id);
        let typed = link.prometheus.as_ref().map(ToString::to_string).unwrap_or_default();
        let (place, missing) = match self.place_of_prometheus(id).await {
            Err(missing) => (None, Some(missing)),
            Ok(place) => {
                let now = Timestamp::now();
                let range = Range { from: now, to: now, step: SAMPLE_EVERY };
                let asked = self.session(id)?.query_range(&place, "vector(1)", range).await;
                (Some(place), asked.err())
            }
        };
        let yaml = match (&place, missing) {
            (Some(place), Some(NoPrometheus::Forbidden)) => Session::prometheus_role(place, &link.identity),
            _ => String::new(),
        };
        Ok(PrometheusView { typed, place: place.as_ref().map(ToString::to_string), missing, yaml })
    }

    /// Says where the Prometheus of a cluster is; nothing, that it is to be looked for.
    ///
    /// # Errors
    /// `Invalid`, `NotFound`, and what the store says.
    pub async fn prometheus_set(&self, id: &LinkId, typed: &str) -> Result<()> {
        let mut fields = Fields::new();
        let place = fields.take("prometheus", ServicePlace::typed(typed));
        fields.finish().map_err(Error::Invalid)?;
        let mut link = self.link(id).await?;
        link.prometheus = place.flatten();
        self.found.forget(id);
        Ok(self.store.write(move |w| w.put_link(&link)).await?)
    }

    /// Where the Prometheus of a cluster is: as typed, else as found a short while ago or now.
    pub(crate) async fn place_of_prometheus(&self, id: &LinkId) -> Place {
        let silent = |error: Error| {
            tracing::debug!(%error, "no Prometheus looked for");
            NoPrometheus::Silent
        };
        if let Some(place) = self.link(id).await.map_err(silent)?.prometheus {
            return Ok(place);
        }
        if let Some(found) = self.found.get(id) {
            return found;
        }
        let session = self.session(id).map_err(silent)?;
        let place = session.find_prometheus().await?.ok_or(NoPrometheus::Unknown);
        self.found.put(id, place.clone());
        place
    }

    /// What a Prometheus knows of a release, else what its record keeps.
    ///
    /// # Errors
    /// `NotFound`, and what the store says.
    pub async fn release_traffic(&self, id: &ReleaseId) -> Result<ReleaseTraffic> {
        let release = self.release(id).await?;
        let place = self.place_of_prometheus(&release.link).await;
        let told = match &place {
            Ok(place) => self.ask(&release, place, POINTS_SHOWN).await,
            Err(missing) => Err(*missing),
        };
        let source = place.ok().filter(|_| told.is_ok()).map(|place| place.to_string());
        let (told, missing) = match told {
            Ok(told) => (told, None),
            Err(missing) => (kept(&release), Some(missing)),
        };
        Ok(ReleaseTraffic {
            group: release.group,
            // What the record keeps is as good.
            missing: missing.filter(|_| told.points.is_empty()),
            points: told.points,
            source,
            requests: told.requests,
            known: REQUESTS.iter().map(|&name| name.to_owned()).collect(),
        })
    }

    /// What a release has moved over the network, for its record; nothing where it would have to wait for that.
    pub(crate) async fn traffic_summary(&self, release: &Release) -> Vec<TrafficPoint> {
        let asked = async {
            let place = self.place_of_prometheus(&release.link).await?;
            self.ask(release, &place, SUMMARY_POINTS).await
        };
        match tokio::time::timeout(AT_THE_END, asked).await {
            Ok(Ok(told)) => told.points,
            Ok(Err(missing)) => {
                tracing::debug!(release = %release.id, ?missing, "no traffic in the record");
                Vec::new()
            }
            Err(_) => Vec::new(),
        }
    }

    async fn ask(
        &self,
        release: &Release,
        place: &ServicePlace,
        most: usize,
    ) -> std::result::Result<Told, NoPrometheus> {
        let session = self.session(&release.link).map_err(|_| NoPrometheus::Silent)?;
        let range = range_of(release, most);
        let question = Question::of(release, &self.sets_of(&session, release).await, range);
        let ask = async |query: String| session.query_range(place, &query, range).await;
        let (receive, transmit, counters) =
            try_join!(ask(question.network("receive")), ask(question.network("transmit")), ask(question.counters()))?;
        let counter = REQUESTS.iter().copied().find(|&name| {
            counters.iter().any(|series| series.labels.get("__name__").map(String::as_str) == Some(name))
        });
        let requests = match counter {
            Some(counter) => ask(question.requests(counter)).await?,
            None => Vec::new(),
        };
        let points = points(&receive, &transmit, &requests);
        if points.is_empty() {
            Err(NoPrometheus::NoSeries)
        } else {
            Ok(Told { points, requests: counter.map(str::to_owned) })
        }
    }

    /// Names of the `ReplicaSet`s that a release made: those that are there, and those whose pods were measured here.
    async fn sets_of(&self, session: &Session, release: &Release) -> BTreeSet<String> {
        let Some(version) = release.seq.map(|seq| seq.to_string()) else { return BTreeSet::new() };
        let selector = names::selector(&release.plan.app.slug, release.plan.group.slug.as_str());
        let there = session.list(Kind::ReplicaSet, &selector).await.unwrap_or_default();
        let of_it = there.iter().filter(|set| set["metadata"]["labels"][names::LABEL_RELEASE] == version.as_str());
        let mut sets: BTreeSet<String> =
            of_it.filter_map(|set| set["metadata"]["name"].as_str()).map(str::to_owned).collect();
        let group = release.group.clone();
        let pods = self.store.read(move |r| r.measured_pods(&group, &version)).await.unwrap_or_default();
        sets.extend(pods.iter().filter_map(|pod| pod.rsplit_once('-')).map(|(set, _)| set.to_owned()));
        sets
    }
}

/// From before its beginning to after its end, in at most so many points of both versions together.
fn range_of(release: &Release, most: usize) -> Range {
    let now = Timestamp::now();
    let from = release.created - AROUND;
    let to = release.ended.map_or(now, |ended| (ended + AROUND).min(now));
    let stretches = i64::try_from(most / 2).unwrap_or(i64::MAX).max(1);
    let span = to.duration_since(from).as_secs();
    Range { from, to, step: SAMPLE_EVERY.max(SignedDuration::from_secs(span / stretches + 1)) }
}

fn kept(release: &Release) -> Told {
    let points = release.usage.as_ref().map_or_else(Vec::new, |usage| slipway_model::usage::traffic(&usage.points));
    Told { points, requests: None }
}

/// What is asked of the pods of one release. Each answer has two lines at most, or one a status of each: Prometheus sums up,
/// however many pods there are.
struct Question {
    /// Labels of the pods.
    pods: String,
    /// Matches the name of a pod of the version that the release brings.
    new: String,
    window: i64,
}

impl Question {
    fn of(release: &Release, sets: &BTreeSet<String>, range: Range) -> Self {
        let plan = &release.plan;
        let sets: Vec<String> = sets.iter().map(|set| exactly(set)).collect();
        Self {
            pods: labels_of_pods(&plan.namespace, &plan.workload),
            // Without a set of its own nothing is new.
            new: if sets.is_empty() { "-".to_owned() } else { format!("(?:{})-[a-z0-9]+", sets.join("|")) },
            window: window(range),
        }
    }

    /// The same, with a label that tells the new version.
    fn told_apart(&self, expression: &str) -> String {
        format!("label_replace({expression}, \"new\", \"1\", \"pod\", \"{}\")", self.new)
    }

    /// Bytes a second of a pod. A cluster whose kubelets are scraped by two jobs counts them once.
    fn network(&self, direction: &str) -> String {
        let Self { pods, window, .. } = self;
        let rate = format!("rate(container_network_{direction}_bytes_total{{{pods}}}[{window}s])");
        format!("avg by (new) ({})", self.told_apart(&format!("sum by (pod) (max by (pod, interface) ({rate}))")))
    }

    /// Which of the known counters there are.
    fn counters(&self) -> String {
        format!("count by (__name__) ({{__name__=~\"{}\",{}}})", REQUESTS.join("|"), self.pods)
    }

    /// Requests a second by status.
    fn requests(&self, counter: &str) -> String {
        let Self { pods, window, .. } = self;
        let rate = format!("rate({counter}{{{pods}}}[{window}s])");
        format!("sum by (new, {}) ({})", STATUS.join(", "), self.told_apart(&rate))
    }
}

/// Matches the pods of a Deployment.
pub(crate) fn labels_of_pods(namespace: &str, workload: &str) -> String {
    format!("namespace=\"{}\",pod=~\"{}-[a-z0-9]+-[a-z0-9]+\"", quoted(namespace), exactly(workload))
}

/// Seconds that a rate is taken over.
pub(crate) fn window(range: Range) -> i64 {
    WINDOW.max(range.step * 2).as_secs()
}

/// As it stands between the quotes of `PromQL`. Names of a colleague's record may hold anything.
fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}

/// Matches this text and no other, between the quotes of `PromQL`.
fn exactly(text: &str) -> String {
    let mut pattern = String::new();
    for letter in text.chars() {
        if !letter.is_ascii_alphanumeric() && letter != '-' {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    quoted(&pattern)
}

fn is_new(series: &Series) -> bool {
    series.labels.contains_key("new")
}

/// Puts the answers together by time and version.
fn points(receive: &[Series], transmit: &[Series], requests: &[Series]) -> Vec<TrafficPoint> {
    let mut all: BTreeMap<(Timestamp, bool), Traffic> = BTreeMap::new();
    for series in receive {
        for (at, value) in &series.values {
            all.entry((*at, is_new(series))).or_default().receive = Some(whole(*value));
        }
    }
    for series in transmit {
        for (at, value) in &series.values {
            all.entry((*at, is_new(series))).or_default().transmit = Some(whole(*value));
        }
    }
    let mut counted: BTreeMap<(Timestamp, bool), (f64, Option<f64>)> = BTreeMap::new();
    for series in requests {
        let status = STATUS.iter().find_map(|label| series.labels.get(*label));
        for (at, value) in &series.values {
            let (all, errors) = counted.entry((*at, is_new(series))).or_default();
            *all += value;
            if let Some(status) = status {
                *errors.get_or_insert(0.0) += if status.starts_with('5') { *value } else { 0.0 };
            }
        }
    }
    for (key, (requests, errors)) in counted {
        let traffic = all.entry(key).or_default();
        traffic.requests_milli = Some(whole(requests * 1000.0));
        let share = errors.filter(|_| requests > 0.0).map(|errors| whole(errors / requests * 1000.0));
        traffic.errors_permille = share.and_then(|share| u32::try_from(share).ok());
    }
    all.into_iter().map(|((at, new), traffic)| TrafficPoint { at, new, traffic }).collect()
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates, which is what is wanted")]
pub(crate) fn whole(value: f64) -> u64 {
    value.max(0.0).round() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).expect("a time")
    }

    fn series(labels: &[(&str, &str)], values: &[(i64, f64)]) -> Series {
        Series {
            labels: labels.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
            values: values.iter().map(|(second, value)| (at(*second), *value)).collect(),
        }
    }

    #[test]
    fn answers_are_put_together_by_time_and_version() {
        let receive = [series(&[], &[(0, 100.4), (15, 200.0)]), series(&[("new", "1")], &[(15, 50.0)])];
        let requests = [
            series(&[("code", "200")], &[(0, 3.0), (15, 3.0)]),
            series(&[("code", "503")], &[(15, 1.0)]),
            series(&[("code", "404"), ("new", "1")], &[(15, 0.0)]),
        ];
        let told: Vec<_> = points(&receive, &[], &requests)
            .into_iter()
            .map(|point| (point.at.as_second() - 1_700_000_000, point.new, point.traffic))
            .collect();
        let traffic = |receive, requests_milli, errors_permille| Traffic {
            receive,
            transmit: None,
            requests_milli,
            errors_permille,
        };
        assert_eq!(
            told,
            [
                (0, false, traffic(Some(100), Some(3000), Some(0))),
                (15, false, traffic(Some(200), Some(4000), Some(250))),
                (15, true, traffic(Some(50), Some(0), None)),
            ]
        );
    }

    #[test]
    fn without_a_status_nothing_is_said_of_errors() {
        let [point] = &points(&[], &[], &[series(&[("method", "GET")], &[(0, 2.0)])])[..] else { panic!("one") };
        assert_eq!((point.traffic.requests_milli, point.traffic.errors_permille), (Some(2000), None));
    }

    #[test]
    fn a_name_is_a_name_whatever_is_in_it() {
        assert_eq!(quoted(r#"shop"} or up{a="b\"#), r#"shop\"} or up{a=\"b\\"#);
        assert_eq!(exactly("api.v1-prod"), r"api\\.v1-prod");
    }

    #[test]
    fn the_new_version_is_told_by_its_replica_sets() {
        let question = Question {
            pods: "namespace=\"shop\",pod=~\"checkout-api-prod-[a-z0-9]+-[a-z0-9]+\"".into(),
            new: "(?:checkout-api-prod-58d4c9c7f6)-[a-z0-9]+".into(),
            window: 120,
        };
        assert_eq!(
            question.network("receive"),
            "avg by (new) (label_replace(sum by (pod) (max by (pod, interface) (rate(container_network_receive_bytes_total{\
             namespace=\"shop\",pod=~\"checkout-api-prod-[a-z0-9]+-[a-z0-9]+\"}[120s]))), \"new\", \"1\", \"pod\", \
             \"(?:checkout-api-prod-58d4c9c7f6)-[a-z0-9]+\"))"
        );
        assert!(question.requests("http_requests_total").starts_with("sum by (new, code, status, status_code, "));
    }
}
