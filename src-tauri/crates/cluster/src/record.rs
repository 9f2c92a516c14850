//! Release records: one `ConfigMap` a release, from which history can be rebuilt on any computer.
//!
//! `head` (what was decided: plan, who, number) is written once, and its hash stands in the head of the next record.
//! `body` (what became of it) follows the release. Both are zstd of JSON in `binaryData`. Fields that this version does
//! not know are kept when the body is written again; a record that only a newer version may write is left alone.

use crate::{ClusterError, Kind, Session, lease, tombstone};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_model::diagnosis::Diagnosis;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::name::Slug;
use slipway_model::release::{
    Author, Plan, RECORD_VERSION, RECORDS_KEPT, Release, ReleaseState, Seq, Stage, Transition,
};
use slipway_render::names;
use std::fmt::Write as _;

const ANNOTATION_RELEASE: &str = "slipway.dev/release-uid";
const ANNOTATION_HEAD: &str = "slipway.dev/head-hash";
const ANNOTATION_VERSION: &str = "slipway.dev/record-version";
/// The oldest version that may write this record.
const ANNOTATION_WRITER: &str = "slipway.dev/record-writer";
/// Most bytes that one part may unpack to: a `ConfigMap` holds 1 MiB packed.
const UNPACKED_MAX: usize = 32 * 1024 * 1024;
const COMPRESSION: i32 = 9;
/// A number that is taken makes room for the next one, this often.
const TRIES: u32 = 50;

#[derive(Clone, Debug, thiserror::Error)]
pub enum RecordError {
    #[error("write record {name}: it is of version {version}, this Slipway writes {RECORD_VERSION}")]
    Newer { name: String, version: u32 },
    #[error("read record {name}: {reason}")]
    Broken { name: String, reason: String },
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// A record as it is in the cluster.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub name: String,
    /// With the link of the session that read it.
    pub release: Release,
    /// SHA-256 of the head, hex.
    pub head_hash: String,
    /// `head_hash` of the record before; `None` for the first.
    pub previous: Option<String>,
    /// By the server's clock: what history is sorted by.
    pub created: Option<Timestamp>,
    /// A newer Slipway made it: shown, not written.
    pub newer: Option<u32>,
}

/// Allocates the number of a release by creating its record. Done twice for the same release it finds what the first
/// time made. The numbers of records, of the live Deployment, of the Lease, of deleted groups of the name and of the
/// release itself are all passed.
///
/// # Errors
/// `Broken` for one that cannot be packed, and what the cluster says.
pub async fn create(session: &Session, release: &Release) -> Result<Seq, RecordError> {
    let known = of_group(session, release).await?;
    if let Some(own) = known.iter().find(|record| annotation(record, ANNOTATION_RELEASE) == release.id.as_str())
        && let Some(seq) = seq_of(own)
    {
        return Ok(seq);
    }
    let lease_name = names::lease(&release.plan.workload);
    let newest = known.iter().max_by_key(|record| seq_of(record));
    let live = session.get(Kind::Deployment, &release.plan.workload).await?;
    let live = live.as_ref().and_then(slipway_render::template_release);
    let buried = tombstone::of_name(session, &release.plan.app.slug, &release.plan.group.slug).await?;
    let numbers = [
        buried.iter().filter_map(|tombstone| tombstone.seq).max(),
        newest.and_then(seq_of),
        lease::marked(session, &lease_name).await?,
        live.and_then(|label| label.strip_prefix('r')?.parse().ok()).map(Seq),
    ];
    let highest = numbers.into_iter().flatten().max().unwrap_or(Seq(0));
    let mut seq = release.seq.filter(|seq| *seq > highest).unwrap_or(Seq(highest.0 + 1));
    let previous = newest.map(|record| annotation(record, ANNOTATION_HEAD).to_owned());
    for _ in 0..TRIES {
        match session.create(Kind::ConfigMap, &packed(release, seq, previous.clone())?).await {
            Ok(_) => {
                if let Err(error) = lease::mark(session, &lease_name, seq).await {
                    tracing::info!(%error, "the number was not noted on the Lease; the record has it");
                }
                // Whoever releases a deleted group has it back.
                for tombstone in buried.iter().filter(|tombstone| tombstone.group == release.group) {
                    tombstone::remove(session, tombstone).await?;
                }
                return Ok(seq);
            }
            Err(ClusterError::AlreadyExists { .. }) => {
                let name = names::record(&release.plan.workload, seq);
                let taken = session.get(Kind::ConfigMap, &name).await?;
                // Perhaps by ourselves, and only the answer was lost.
                if taken.is_some_and(|taken| annotation(&taken, ANNOTATION_RELEASE) == release.id.as_str()) {
                    return Ok(seq);
                }
                seq = Seq(seq.0 + 1);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let reason = format!("{TRIES} numbers up to {seq} are taken");
    Err(RecordError::Broken { name: names::record(&release.plan.workload, seq), reason })
}

/// Writes what became of a release into its record.
///
/// # Errors
/// `Newer`, `Broken`, `Cluster(NotFound)` when the record is gone, and what the cluster says.
pub async fn update(session: &Session, release: &Release) -> Result<(), RecordError> {
    let Some(seq) = release.seq else { return Ok(()) };
    let name = names::record(&release.plan.workload, seq);
    let mut tries = 0;
    loop {
        let found = session.get(Kind::ConfigMap, &name).await?.ok_or_else(|| ClusterError::NotFound {
            doing: format!("write record {name}"),
            what: format!("ConfigMap {name}"),
        })?;
        if let Some(version) = only_newer_may_write(&found) {
            return Err(RecordError::Newer { name, version });
        }
        let mut body = unpack(&found, &name, "body")?;
        merge(&mut body, to_value(&Body::of(release), &name)?);
        let patch = json!({
            "metadata": {
                "resourceVersion": found["metadata"]["resourceVersion"],
                "labels": { names::LABEL_STATUS: word(release.state) },
            },
            "binaryData": { "body": pack(&body, &name)? },
        });
        tries += 1;
        match session.merge_patch(Kind::ConfigMap, &name, &patch).await {
            Err(error) if error.stale_version() && tries < TRIES => {}
            answer => return Ok(answer.map(drop)?),
        }
    }
}

/// The records of the namespace, of one app, or of one group of it, oldest number first. A record that cannot be read
/// is an error of its own among the others.
///
/// # Errors
/// What the cluster says.
pub async fn list(
    session: &Session,
    app: Option<&Slug>,
    group: Option<&Slug>,
) -> Result<Vec<Result<Record, RecordError>>, ClusterError> {
    let mut selector = names::LABEL_SEQ.to_owned();
    for (label, slug) in [(names::LABEL_APP, app), (names::LABEL_GROUP, group)] {
        if let Some(slug) = slug {
            write!(selector, ",{label}={slug}").expect("a String takes it");
        }
    }
    let mut found = session.list(Kind::ConfigMap, &selector).await?;
    found.sort_by_key(seq_of);
    Ok(found.iter().map(|record| read(session, record)).collect())
}

/// Removes the oldest ended records of the release's group beyond those that stay.
///
/// # Errors
/// What the cluster says.
pub async fn prune(session: &Session, release: &Release) -> Result<(), ClusterError> {
    let mut records = of_group(session, release).await?;
    records.sort_by_key(seq_of);
    let ended = |record: &&Value| {
        let status = record["metadata"]["labels"][names::LABEL_STATUS].clone();
        serde_json::from_value::<ReleaseState>(status).is_ok_and(ReleaseState::ended)
    };
    let surplus = records.len().saturating_sub(RECORDS_KEPT);
    for record in records.iter().take(surplus).filter(ended) {
        session.delete(Kind::ConfigMap, record["metadata"]["name"].as_str().unwrap_or_default()).await?;
    }
    Ok(())
}

/// All records of the release's group: of its id, because names are given again after a deletion.
async fn of_group(session: &Session, release: &Release) -> Result<Vec<Value>, ClusterError> {
    let (app, group) = (&release.plan.app.slug, &release.plan.group.slug);
    let selector = format!("{},{}={app},{}={group}", names::LABEL_SEQ, names::LABEL_APP, names::LABEL_GROUP);
    let mut records = session.list(Kind::ConfigMap, &selector).await?;
    records.retain(|record| record["metadata"]["annotations"][names::ANNOTATION_GROUP] == release.group.as_str());
    Ok(records)
}

fn packed(release: &Release, seq: Seq, previous: Option<String>) -> Result<Value, RecordError> {
    let name = names::record(&release.plan.workload, seq);
    let head = to_value(&Head::of(release, seq, previous), &name)?;
    let body = to_value(&Body::of(release), &name)?;
    Ok(json!({
        "metadata": {
            "name": name,
            "labels": {
                names::LABEL_MANAGED_BY: names::MANAGER,
                names::LABEL_APP: release.plan.app.slug,
                names::LABEL_GROUP: release.plan.group.slug,
                names::LABEL_SEQ: seq.0.to_string(),
                names::LABEL_STATUS: word(release.state),
            },
            "annotations": {
                names::ANNOTATION_APP: release.app,
                names::ANNOTATION_GROUP: release.group,
                ANNOTATION_RELEASE: release.id,
                ANNOTATION_HEAD: hash(&head),
                ANNOTATION_VERSION: RECORD_VERSION.to_string(),
                ANNOTATION_WRITER: RECORD_VERSION.to_string(),
            },
        },
        "binaryData": { "head": pack(&head, &name)?, "body": pack(&body, &name)? },
    }))
}

fn read(session: &Session, record: &Value) -> Result<Record, RecordError> {
    let name = record["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let head = unpack(record, &name, "head")?;
    let head_hash = hash(&head);
    if annotation(record, ANNOTATION_HEAD) != head_hash {
        return Err(RecordError::Broken { name, reason: "its head was changed".to_owned() });
    }
    let broken = |error: serde_json::Error| RecordError::Broken { name: name.clone(), reason: error.to_string() };
    let version: u32 = annotation(record, ANNOTATION_VERSION).parse().unwrap_or(0);
    let newer = Some(version).filter(|version| *version > RECORD_VERSION);
    // A newer one is read as far as it goes.
    let unreadable = |error: serde_json::Error| match newer {
        Some(version) => RecordError::Newer { name: name.clone(), version },
        None => broken(error),
    };
    let head: Head = serde_json::from_value(head).map_err(unreadable)?;
    let body: Body = serde_json::from_value(unpack(record, &name, "body")?).map_err(unreadable)?;
    let created = record["metadata"]["creationTimestamp"].as_str().and_then(|at| at.parse().ok());
    let release = Release {
        id: head.id,
        app: head.app,
        group: head.group,
        link: session.link().clone(),
        seq: Some(head.seq),
        state: body.state,
        stage: body.stage,
        plan: head.plan,
        author: head.author,
        note: head.note,
        created: head.created,
        ended: body.ended,
        transitions: body.transitions,
        diagnosis: body.diagnosis,
    };
    Ok(Record { name, release, head_hash, previous: head.previous, created, newer })
}

#[derive(Serialize, Deserialize)]
struct Head {
    id: ReleaseId,
    app: AppId,
    group: GroupId,
    seq: Seq,
    plan: Plan,
    author: Author,
    note: String,
    created: Timestamp,
    previous: Option<String>,
}

impl Head {
    fn of(release: &Release, seq: Seq, previous: Option<String>) -> Self {
        Self {
            id: release.id.clone(),
            app: release.app.clone(),
            group: release.group.clone(),
            seq,
            plan: release.plan.clone(),
            author: release.author.clone(),
            note: release.note.clone(),
            created: release.created,
            previous,
        }
    }
}

#[derive(Serialize, Deserialize)]
struct Body {
    state: ReleaseState,
    stage: Stage,
    ended: Option<Timestamp>,
    transitions: Vec<Transition>,
    diagnosis: Option<Diagnosis>,
}

impl Body {
    fn of(release: &Release) -> Self {
        Self {
            state: release.state,
            stage: release.stage,
            ended: release.ended,
            transitions: release.transitions.clone(),
            diagnosis: release.diagnosis.clone(),
        }
    }
}

fn to_value(part: &impl Serialize, name: &str) -> Result<Value, RecordError> {
    serde_json::to_value(part).map_err(|error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() })
}

/// Top-level fields of `new` over those of `old`; what only `old` has stays.
fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old.extend(new),
        (old, new) => *old = new,
    }
}

fn pack(part: &Value, name: &str) -> Result<String, RecordError> {
    let packed = zstd::bulk::compress(part.to_string().as_bytes(), COMPRESSION);
    let packed = packed.map_err(|error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() })?;
    Ok(STANDARD.encode(packed))
}

fn unpack(record: &Value, name: &str, part: &str) -> Result<Value, RecordError> {
    let broken = |reason: String| RecordError::Broken { name: name.to_owned(), reason: format!("{part}: {reason}") };
    let text = record["binaryData"][part].as_str().ok_or_else(|| broken("it is missing".to_owned()))?;
    let packed = STANDARD.decode(text).map_err(|error| broken(error.to_string()))?;
    let json = zstd::bulk::Decompressor::upper_bound(&packed).filter(|size| *size <= UNPACKED_MAX);
    let json =
        zstd::bulk::decompress(&packed, json.unwrap_or(UNPACKED_MAX)).map_err(|error| broken(error.to_string()))?;
    serde_json::from_slice(&json).map_err(|error| broken(error.to_string()))
}

/// The version that may write the record, when ours may not.
fn only_newer_may_write(record: &Value) -> Option<u32> {
    annotation(record, ANNOTATION_WRITER).parse().ok().filter(|writer| *writer > RECORD_VERSION)
}

fn hash(head: &Value) -> String {
    slipway_render::live::hash(head)
}

fn annotation<'a>(record: &'a Value, key: &str) -> &'a str {
    record["metadata"]["annotations"][key].as_str().unwrap_or_default()
}

fn seq_of(record: &Value) -> Option<Seq> {
    record["metadata"]["labels"][names::LABEL_SEQ].as_str()?.parse().ok().map(Seq)
}

fn word(state: ReleaseState) -> Value {
    serde_json::to_value(state).expect("a state is a word")
}
