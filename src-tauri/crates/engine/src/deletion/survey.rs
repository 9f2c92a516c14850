//! What a deletion would take, and what it would leave, read from the cluster.

use crate::error::Result;
use serde::Serialize;
use serde_json::{Value, json};
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::app::App;
use slipway_model::deletion::{Doomed, DoomedKind, DoomedState};
use slipway_model::id::GroupId;
use slipway_model::name::Slug;
use slipway_render::{group_uid, names, service};
use std::collections::{BTreeMap, BTreeSet};
use ts_rs::TS;

/// An object that stays although it has to do with the group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Staying {
    pub kind: String,
    pub name: String,
    pub why: StayReason,
    /// The field manager that made it.
    pub manager: String,
    #[ts(type = "string | null")]
    pub created: Option<jiff::Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum StayReason {
    /// Slipway did not make it.
    Foreign,
    /// Other groups are behind it too.
    Shared,
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Survey {
    pub goes: Vec<Doomed>,
    pub stays: Vec<Staying>,
    /// Pods that run, or are to.
    pub pods: u32,
    /// Kinds that could not be looked through.
    pub unseen: Vec<String>,
}

/// Whose group it is that is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Subject<'a> {
    pub app: &'a App,
    pub group: &'a GroupId,
    pub slug: &'a Slug,
    pub workload: &'a str,
    /// Names of config objects that its releases made: those of Secrets may not be listed.
    pub objects: &'a BTreeSet<String>,
}

/// # Errors
/// What the cluster says of what has to be read: Deployment, `ReplicaSets`, pods, `ConfigMaps`, Services, Lease.
pub(super) async fn survey(session: &Session, subject: Subject<'_>) -> Result<Survey> {
    let mut survey = Survey::default();
    let labels = look_at_workload(session, subject, &mut survey).await?;
    look_at_services(session, subject, &labels, &mut survey).await?;
    look_at_config(session, subject, &mut survey).await?;
    let lease = names::lease(subject.workload);
    if let Some(found) = session.get(Kind::Lease, &lease).await? {
        survey.goes.push(doomed(DoomedKind::Lease, &found, []));
    }
    look_at_foreign(session, subject, &labels, &mut survey).await?;
    survey.goes.sort_by(|a, b| (a.kind, &a.name).cmp(&(b.kind, &b.name)));
    Ok(survey)
}

/// The Deployment with what hangs on it; gives the labels of its pods. One of the name that is not this group's stays.
async fn look_at_workload(
    session: &Session,
    subject: Subject<'_>,
    survey: &mut Survey,
) -> Result<BTreeMap<String, String>> {
    let group_labels = BTreeMap::from([
        (names::LABEL_APP.to_owned(), subject.app.slug.to_string()),
        (names::LABEL_GROUP.to_owned(), subject.slug.to_string()),
    ]);
    let Some(live) = session.get(Kind::Deployment, subject.workload).await? else { return Ok(group_labels) };
    if group_uid(&live) != Some(subject.group.as_str()) {
        survey.stays.push(staying("Deployment", &live, StayReason::Foreign));
        return Ok(group_labels);
    }
    let selector = match live["spec"]["selector"]["matchLabels"].as_object() {
        Some(labels) => {
            let pair = |(key, value): (&String, &Value)| format!("{key}={}", value.as_str().unwrap_or_default());
            labels.iter().map(pair).collect::<Vec<_>>().join(",")
        }
        None => names::selector(&subject.app.slug, subject.slug.as_str()),
    };
    let sets = session.list(Kind::ReplicaSet, &selector).await?;
    let owned = sets.iter().filter(|set| set["metadata"]["ownerReferences"][0]["uid"] == live["metadata"]["uid"]);
    let pods = session.list(Kind::Pod, &selector).await?;
    let pods = pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null()).count();
    let desired = live["spec"]["replicas"].as_u64().unwrap_or_default();
    survey.pods = u32::try_from(pods).unwrap_or(u32::MAX).max(u32::try_from(desired).unwrap_or(u32::MAX));
    let facts = [("pods", pods.to_string()), ("replica_sets", owned.count().to_string())];
    survey.goes.push(doomed(DoomedKind::Deployment, &live, facts));
    Ok(text_map(&live["spec"]["template"]["metadata"]["labels"]))
}

/// Our Services that lead to this group only go; others that lead to it stay.
async fn look_at_services(
    session: &Session,
    subject: Subject<'_>,
    labels: &BTreeMap<String, String>,
    survey: &mut Survey,
) -> Result<()> {
    for found in session.list(Kind::Service, "").await? {
        let selector = text_map(&found["spec"]["selector"]);
        if selector.is_empty() || !selector.iter().all(|(key, value)| labels.get(key) == Some(value)) {
            continue;
        }
        let ours = service::balancer_uid(&found).is_some()
            && found["metadata"]["annotations"][names::ANNOTATION_APP] == subject.app.id.as_str();
        if !ours {
            survey.stays.push(staying("Service", &found, StayReason::Foreign));
        } else if selector.contains_key(names::LABEL_GROUP) {
            let kind = found["spec"]["type"].as_str().unwrap_or("ClusterIP").to_owned();
            survey.goes.push(doomed(DoomedKind::Service, &found, [("type", kind), ("address", address(&found))]));
        } else {
            survey.stays.push(staying("Service", &found, StayReason::Shared));
        }
    }
    Ok(())
}

/// Where a Service is reached from outside, else within.
fn address(service: &Value) -> String {
    let ingress = &service["status"]["loadBalancer"]["ingress"][0];
    let outside = ingress["ip"].as_str().or(ingress["hostname"].as_str());
    outside.or(service["spec"]["clusterIP"].as_str()).unwrap_or_default().to_owned()
}

/// Config objects by our labels and the group's id. Secrets that may not be listed are found by the names in releases.
async fn look_at_config(session: &Session, subject: Subject<'_>, survey: &mut Survey) -> Result<()> {
    let own = names::selector(&subject.app.slug, subject.slug.as_str());
    let selector = format!("{own},!{},!{}", names::LABEL_SEQ, names::LABEL_TOMBSTONE);
    let of_group = |object: &&Value| group_uid(object) == Some(subject.group.as_str());
    let maps = session.list(Kind::ConfigMap, &selector).await?;
    for map in maps.iter().filter(of_group) {
        let entries = text_map(&map["data"]);
        let bytes: usize = entries.values().map(String::len).sum();
        let facts = [("keys", entries.len().to_string()), ("bytes", bytes.to_string())];
        survey.goes.push(doomed(DoomedKind::ConfigMap, map, facts));
    }
    match session.list(Kind::Secret, &selector).await {
        Ok(secrets) => {
            for secret in secrets.iter().filter(of_group) {
                let keys = secret["data"].as_object().map_or(0, serde_json::Map::len);
                survey.goes.push(doomed(DoomedKind::Secret, secret, [("keys", keys.to_string())]));
            }
        }
        Err(ClusterError::Forbidden { .. }) => {
            for name in subject.objects.iter().filter(|name| maps.iter().all(|map| map["metadata"]["name"] != **name)) {
                let asked = json!({ "metadata": { "name": name } });
                match session.dry_create(Kind::Secret, &asked).await {
                    Err(ClusterError::AlreadyExists { .. }) => {
                        survey.goes.push(doomed(DoomedKind::Secret, &asked, []));
                    }
                    Ok(_) | Err(ClusterError::Forbidden { .. }) => {}
                    Err(error) => return Err(error.into()),
                }
            }
        }
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

/// What somebody else has put around the group, as far as it may be listed.
async fn look_at_foreign(
    session: &Session,
    subject: Subject<'_>,
    labels: &BTreeMap<String, String>,
    survey: &mut Survey,
) -> Result<()> {
    for kind in [Kind::HorizontalPodAutoscaler, Kind::NetworkPolicy, Kind::PodDisruptionBudget] {
        let found = match session.list(kind, "").await {
            Ok(found) => found,
            Err(ClusterError::Forbidden { .. } | ClusterError::NotFound { .. }) => {
                survey.unseen.push(kind.to_string());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let points_at = |object: &&Value| match kind {
            Kind::HorizontalPodAutoscaler => {
                let target = &object["spec"]["scaleTargetRef"];
                target["kind"] == "Deployment" && target["name"] == subject.workload
            }
            Kind::NetworkPolicy => selects(&object["spec"]["podSelector"], labels),
            _ => selects(&object["spec"]["selector"], labels),
        };
        let pointing = found.iter().filter(points_at);
        survey.stays.extend(pointing.map(|object| staying(&kind.to_string(), object, StayReason::Foreign)));
    }
    Ok(())
}

/// Whether a label selector that names something selects pods with these labels. One that selects everything is about no
/// group.
fn selects(selector: &Value, labels: &BTreeMap<String, String>) -> bool {
    let exact = text_map(&selector["matchLabels"]);
    let expressions = selector["matchExpressions"].as_array().map(Vec::as_slice).unwrap_or_default();
    if exact.is_empty() && expressions.is_empty() {
        return false;
    }
    exact.iter().all(|(key, value)| labels.get(key) == Some(value))
        && expressions.iter().all(|expression| {
            let value = labels.get(expression["key"].as_str().unwrap_or_default());
            let among = value.is_some_and(|value| {
                expression["values"].as_array().is_some_and(|values| values.iter().any(|one| one == value.as_str()))
            });
            match expression["operator"].as_str() {
                Some("In") => among,
                Some("NotIn") => !among,
                Some("Exists") => value.is_some(),
                Some("DoesNotExist") => value.is_none(),
                _ => false,
            }
        })
}

fn text_map(object: &Value) -> BTreeMap<String, String> {
    let entries = object.as_object().into_iter().flatten();
    entries.filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned()))).collect()
}

fn doomed<const N: usize>(kind: DoomedKind, object: &Value, facts: [(&str, String); N]) -> Doomed {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Doomed {
        kind,
        name: text(&object["metadata"]["name"]),
        uid: text(&object["metadata"]["uid"]),
        facts: facts.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        state: DoomedState::Waiting,
    }
}

fn staying(kind: &str, object: &Value, why: StayReason) -> Staying {
    let meta = &object["metadata"];
    Staying {
        kind: kind.to_owned(),
        name: meta["name"].as_str().unwrap_or_default().to_owned(),
        why,
        manager: meta["managedFields"][0]["manager"].as_str().unwrap_or_default().to_owned(),
        created: meta["creationTimestamp"].as_str().and_then(|at| at.parse().ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_selector_is_read_as_kubernetes_does() {
        let labels = text_map(&json!({ "app": "api", "tier": "web" }));
        for (selector, selected) in [
            (json!({ "matchLabels": { "app": "api" } }), true),
            (json!({ "matchLabels": { "app": "api", "tier": "db" } }), false),
            (json!({}), false),
            (json!({ "matchExpressions": [{ "key": "tier", "operator": "In", "values": ["web", "x"] }] }), true),
            (json!({ "matchExpressions": [{ "key": "tier", "operator": "NotIn", "values": ["web"] }] }), false),
            (json!({ "matchExpressions": [{ "key": "none", "operator": "NotIn", "values": ["web"] }] }), true),
            (json!({ "matchExpressions": [{ "key": "tier", "operator": "Exists" }] }), true),
            (json!({ "matchExpressions": [{ "key": "tier", "operator": "DoesNotExist" }] }), false),
            (
                json!({ "matchLabels": { "app": "api" },
                     "matchExpressions": [{ "key": "none", "operator": "Exists" }] }),
                false,
            ),
        ] {
            assert_eq!(selects(&selector, &labels), selected, "{selector}");
        }
    }
}
