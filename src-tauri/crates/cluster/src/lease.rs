//! The Lease of a group: who moves it. Judged as client-go does: a holder is gone when its Lease has not changed for
//! its duration *as observed here*, by the monotonic clock of this computer.

use crate::{ClusterError, Kind, Session};
use jiff::Timestamp;
use serde_json::{Value, json};
use slipway_model::release::{LEASE_SECONDS, Seq};
use slipway_render::names;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A write that meets a newer version is made again on it, this often.
const TRIES: u32 = 4;
/// Highest number that a release of the group ever had: goes on after records are gone.
const ANNOTATION_SEQ: &str = names::LABEL_SEQ;
/// Who holds it, as people know them.
const ANNOTATION_BY: &str = "slipway.dev/held-by";

/// What a computer takes a Lease for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Tells the computer from all others.
    pub computer: String,
    /// What it does under the Lease: two things of one computer do not wait for each other.
    pub purpose: String,
    /// Who sits there, as people know them.
    pub by: String,
}

impl Claim {
    fn identity(&self) -> String {
        format!("{} {}", self.computer, self.purpose)
    }

    fn same_computer(&self, identity: &str) -> bool {
        identity.strip_prefix(self.computer.as_str()).is_some_and(|rest| rest.starts_with(' '))
    }
}

/// A Lease as its watch keeps it.
#[derive(Clone, Debug, PartialEq)]
pub struct LeaseFacts {
    pub uid: String,
    pub name: String,
    /// Who holds it, as people know them; `None` when it is free.
    pub by: Option<String>,
    pub(crate) spec: Value,
}

#[derive(Clone, Debug, thiserror::Error)]
pub enum LeaseError {
    /// Somebody else moves the group; `free_in` from now, unless they renew.
    #[error("take Lease {name}: held by {holder}")]
    Held { name: String, holder: String, free_in: Duration },
    /// It was ours and is not any more.
    #[error("renew Lease {name}: taken over{}", holder.as_ref().map(|holder| format!(" by {holder}")).unwrap_or_default())]
    Lost { name: String, holder: Option<String> },
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// Who holds a Lease.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    pub identity: String,
    /// As people know them.
    pub by: String,
    /// By the holder's clock.
    pub renewed: Option<Timestamp>,
    /// It has not changed for its duration while we looked: whoever holds it is gone.
    pub expired: bool,
}

/// Takes the Lease, or goes on with it where it is this computer's. A Lease of somebody else is taken only once it has expired
/// *as observed by this session*: the first look at a Lease never finds it expired.
///
/// # Errors
/// `Held`, and what the cluster says.
pub async fn take(session: &Session, name: &str, claim: &Claim) -> Result<(), LeaseError> {
    for _ in 0..TRIES {
        let Some(lease) = session.get(Kind::Lease, name).await? else {
            let lease = json!({ "metadata": metadata(name, claim), "spec": spec(&claim.identity(), 0, true) });
            match session.create(Kind::Lease, &lease).await {
                Err(ClusterError::AlreadyExists { .. }) => continue,
                answer => return Ok(answer.map(drop)?),
            }
        };
        let current = held_by(&lease);
        if current.as_deref().is_some_and(|current| !claim.same_computer(current)) {
            let left = session.seen_leases().left(name, &lease["spec"], Instant::now());
            if !left.is_zero() {
                let holder = by(&lease).unwrap_or_default();
                return Err(LeaseError::Held { name: name.to_owned(), holder, free_in: left });
            }
        }
        let holder = claim.identity();
        let same = current.as_deref() == Some(holder.as_str());
        let transitions = lease["spec"]["leaseTransitions"].as_u64().unwrap_or(0) + u64::from(!same);
        let metadata = json!({ "annotations": { ANNOTATION_BY: claim.by } });
        match write(session, &lease, metadata, spec(&holder, transitions, !same)).await {
            Err(error) if error.stale_version() => {}
            answer => return Ok(answer?),
        }
    }
    Err(ClusterError::Conflict {
        doing: format!("take Lease {name}"),
        message: "somebody else writes it too".to_owned(),
        conflicts: Vec::new(),
    }
    .into())
}

/// Says that we are still there. Three times within `LEASE_SECONDS`.
///
/// # Errors
/// `Lost`, and what the cluster says.
pub async fn renew(session: &Session, name: &str, claim: &Claim) -> Result<(), LeaseError> {
    let lease = session.get(Kind::Lease, name).await?;
    let holder = claim.identity();
    let lost = || LeaseError::Lost { name: name.to_owned(), holder: lease.as_ref().and_then(by) };
    let ours = |lease: &&Value| held_by(lease).as_deref() == Some(holder.as_str());
    let lease = lease.as_ref().filter(ours).ok_or_else(lost)?;
    let transitions = lease["spec"]["leaseTransitions"].as_u64().unwrap_or(0);
    match write(session, lease, json!({}), spec(&holder, transitions, false)).await {
        Err(error) if error.stale_version() => Err(lost()),
        answer => Ok(answer?),
    }
}

/// Frees the Lease for the next one at once. What is not ours is left alone.
///
/// # Errors
/// What the cluster says.
pub async fn give_back(session: &Session, name: &str, claim: &Claim) -> Result<(), ClusterError> {
    let Some(lease) = session.get(Kind::Lease, name).await? else { return Ok(()) };
    if held_by(&lease) != Some(claim.identity()) {
        return Ok(());
    }
    match write(session, &lease, json!({}), json!({ "holderIdentity": null, "renewTime": now() })).await {
        // Whoever wrote it meanwhile has taken it.
        Err(error) if error.stale_version() => Ok(()),
        answer => answer,
    }
}

/// Who holds the Lease. Looking twice, `LEASE_SECONDS` apart, tells whether the holder is gone.
///
/// # Errors
/// What the cluster says.
pub async fn holder(session: &Session, name: &str) -> Result<Option<Holder>, ClusterError> {
    let lease = session.get(Kind::Lease, name).await?;
    Ok(lease.and_then(|lease| {
        let identity = held_by(&lease)?;
        let renewed = lease["spec"]["renewTime"].as_str().and_then(|at| at.parse().ok());
        let expired = session.seen_leases().left(name, &lease["spec"], Instant::now()).is_zero();
        Some(Holder { by: by(&lease).unwrap_or_default(), identity, renewed, expired })
    }))
}

/// How long a Lease stands unless it is renewed, by what this session observed: zero once whoever had it is gone. One
/// that is free, or not there, stands as long, because whoever drives takes it again.
pub fn left(session: &Session, name: &str, facts: Option<&LeaseFacts>) -> Duration {
    session.seen_leases().left(name, facts.map_or(&Value::Null, |facts| &facts.spec), Instant::now())
}

/// Notes the highest number that a release of the group ever had. A lower one changes nothing.
///
/// # Errors
/// What the cluster says.
pub async fn mark(session: &Session, name: &str, seq: Seq) -> Result<(), ClusterError> {
    if marked(session, name).await?.is_some_and(|known| known >= seq) {
        return Ok(());
    }
    let patch = json!({ "metadata": { "annotations": { ANNOTATION_SEQ: seq.0.to_string() } } });
    match session.merge_patch(Kind::Lease, name, &patch).await {
        Ok(_) | Err(ClusterError::NotFound { .. } | ClusterError::NamespaceGone { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The number that `mark` noted.
///
/// # Errors
/// What the cluster says.
pub async fn marked(session: &Session, name: &str) -> Result<Option<Seq>, ClusterError> {
    let lease = session.get(Kind::Lease, name).await?;
    let text = lease.as_ref().and_then(|lease| lease["metadata"]["annotations"][ANNOTATION_SEQ].as_str());
    Ok(text.and_then(|text| text.parse().ok()).map(Seq))
}

async fn write(session: &Session, lease: &Value, mut metadata: Value, spec: Value) -> Result<(), ClusterError> {
    let name = lease["metadata"]["name"].as_str().unwrap_or_default();
    metadata["resourceVersion"] = lease["metadata"]["resourceVersion"].clone();
    let patch = json!({ "metadata": metadata, "spec": spec });
    session.merge_patch(Kind::Lease, name, &patch).await.map(drop)
}

fn spec(holder: &str, transitions: u64, acquired: bool) -> Value {
    let mut spec = json!({
        "holderIdentity": holder,
        "leaseDurationSeconds": LEASE_SECONDS,
        "renewTime": now(),
        "leaseTransitions": transitions,
    });
    if acquired {
        spec["acquireTime"] = spec["renewTime"].clone();
    }
    spec
}

fn metadata(name: &str, claim: &Claim) -> Value {
    json!({
        "name": name,
        "labels": { names::LABEL_MANAGED_BY: names::MANAGER },
        "annotations": { ANNOTATION_BY: claim.by },
    })
}

/// `MicroTime` of the API: microseconds, always.
fn now() -> String {
    format!("{:.6}", Timestamp::now())
}

fn held_by(lease: &Value) -> Option<String> {
    lease["spec"]["holderIdentity"].as_str().filter(|holder| !holder.is_empty()).map(str::to_owned)
}

/// Who holds it, as people know them; as it stands there where nobody said so.
pub(crate) fn by(lease: &Value) -> Option<String> {
    let identity = held_by(lease)?;
    let by = lease["metadata"]["annotations"][ANNOTATION_BY].as_str().filter(|by| !by.is_empty());
    Some(by.map_or(identity, str::to_owned))
}

/// What this session has seen of Leases, and since when.
#[derive(Debug, Default)]
pub(crate) struct Observed(Mutex<HashMap<String, (String, Instant)>>);

impl Observed {
    /// How long the Lease stands, as observed until `now`; zero when it has expired.
    fn left(&self, name: &str, spec: &Value, now: Instant) -> Duration {
        // Not the resourceVersion: annotations move it too, and say nothing of the holder.
        let record = spec.to_string();
        let seconds = spec["leaseDurationSeconds"].as_u64().unwrap_or_else(|| LEASE_SECONDS.into());
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = seen.entry(name.to_owned()).or_insert_with(|| (record.clone(), now));
        if entry.0 != record {
            *entry = (record, now);
        }
        (entry.1 + Duration::from_secs(seconds)).saturating_duration_since(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lease_expires_by_what_was_observed_here() {
        let observed = Observed::default();
        let lease = |renewed: &str| json!({ "holderIdentity": "a", "leaseDurationSeconds": 30, "renewTime": renewed });
        let start = Instant::now();
        let at = |seconds: u64| start + Duration::from_secs(seconds);
        // However old its own time is: the holder's clock is not ours.
        assert_eq!(observed.left("x", &lease("2001-01-01T00:00:00Z"), at(0)), Duration::from_secs(30));
        assert_eq!(observed.left("x", &lease("2001-01-01T00:00:00Z"), at(29)), Duration::from_secs(1));
        assert_eq!(observed.left("x", &lease("2001-01-01T00:00:10Z"), at(31)), Duration::from_secs(30), "renewed");
        assert_eq!(observed.left("y", &lease("2001-01-01T00:00:10Z"), at(31)), Duration::from_secs(30), "another one");
        assert_eq!(observed.left("x", &lease("2001-01-01T00:00:10Z"), at(61)), Duration::ZERO);
    }

    #[test]
    fn one_computer_does_not_wait_for_itself() {
        let claim = |computer: &str| Claim { computer: computer.into(), purpose: "r".into(), by: "Ann".into() };
        assert!(claim("laptop 1").same_computer("laptop 1 another release"));
        assert!(!claim("laptop 1").same_computer("laptop 12 another release"));
        assert!(!claim("laptop 1").same_computer("laptop 1"));
    }

    #[test]
    fn times_have_microseconds() {
        let text = now();
        assert_eq!(text.len(), "2026-01-01T00:00:00.000000Z".len(), "{text}");
    }
}
