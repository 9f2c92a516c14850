//! Release records: one `ConfigMap` a release, from which history can be rebuilt on any computer.
//!
//! `head` (what was decided: plan, who, number) is written once, and its hash stands in the head of the next record.
//! `body` (what became of it) follows the release. Both are zstd of JSON in `binaryData`. Fields that this version does
//! not know are kept when the body is written again; a record that only a newer version may write is left alone.

use crate::stored::{self, Known, Stored};
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
    Author, Plan, Progress, RECORD_VERSION, RECORDS_KEPT, Release, ReleaseState, Seq, Stage, Transition,
};
use slipway_render::names;
use std::fmt::Write as _;

const ANNOTATION_RELEASE: &str = "slipway.dev/release-uid";
const ANNOTATION_HEAD: &str = "slipway.dev/head-hash";
const ANNOTATION_VERSION: &str = "slipway.dev/record-version";
/// The oldest version that may write this record.
const ANNOTATION_WRITER: &str = "slipway.dev/record-writer";
/// On records: `head_hash` of the record before.
const ANNOTATION_PREVIOUS: &str = "slipway.dev/previous-head";
/// On records whose head stands beside them: the names of its pieces in their order, with a space between.
const ANNOTATION_PIECES: &str = "slipway.dev/head-pieces";
/// Most bytes that one part may unpack to: more than any group can say.
const UNPACKED_MAX: usize = 256 * 1024 * 1024;
pub(crate) const COMPRESSION: i32 = 9;
/// Files above this stand beside the record, bytes; where the head does not fit then, those above the next.
const LONG: [usize; 3] = [64 * 1024, 16 * 1024, 4 * 1024];
/// Most bytes of the head, and of one piece of it, packed: the API server limits all that a `ConfigMap` holds to 1 MiB,
/// and the body, whose logs and events are counted, stands in the same.
const HEAD_MAX: usize = 640 * 1024;
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
        let previous = own["metadata"]["annotations"][ANNOTATION_PREVIOUS].as_str().map(str::to_owned);
        stored::keep(session, release, packed(release, seq, previous).await?.beside).await?;
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
        let Packed { record, beside } = packed(release, seq, previous.clone()).await?;
        match session.create(Kind::ConfigMap, &record).await {
            Ok(_) => {
                // Named in the record by now.
                stored::keep(session, release, beside).await?;
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
                    stored::keep(session, release, beside).await?;
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
        let mut body = part(&found, &name, "body")?;
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
    let mut found = session.list(Kind::ConfigMap, &selector(app, group)).await?;
    found.sort_by_key(seq_of);
    let (mut records, mut known) = (Vec::with_capacity(found.len()), Known::new());
    for record in &found {
        records.push(read(session, record, &mut known).await);
    }
    Ok(records)
}

/// Names of the config objects that each record of a group refers to. What it needs besides is not read for that. One
/// that cannot be read, or only by a newer Slipway, is an error: it may refer to anything.
///
/// # Errors
/// What the cluster says, `Newer` and `Broken`.
pub async fn objects(session: &Session, release: &Release) -> Result<Vec<String>, RecordError> {
    let (app, group) = (&release.plan.app.slug, &release.plan.group.slug);
    let mut objects = Vec::new();
    // Also of another group that had the name: what it refers to costs nothing to keep.
    for record in session.list(Kind::ConfigMap, &selector(Some(app), Some(group))).await? {
        let name = record["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        if let Some(version) = newer(&record) {
            return Err(RecordError::Newer { name, version });
        }
        let head = head(session, &record, &name).await?;
        let broken = |error: serde_json::Error| RecordError::Broken { name: name.clone(), reason: error.to_string() };
        objects.extend(serde_json::from_value::<Vec<String>>(head["plan"]["objects"].clone()).map_err(broken)?);
    }
    Ok(objects)
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
    let mut records = session.list(Kind::ConfigMap, &selector(Some(app), Some(group))).await?;
    records.retain(|record| record["metadata"]["annotations"][names::ANNOTATION_GROUP] == release.group.as_str());
    Ok(records)
}

/// Selects the records of the namespace, of one app, or of one group of it.
fn selector(app: Option<&Slug>, group: Option<&Slug>) -> String {
    let mut selector = names::LABEL_SEQ.to_owned();
    for (label, slug) in [(names::LABEL_APP, app), (names::LABEL_GROUP, group)] {
        if let Some(slug) = slug {
            write!(selector, ",{label}={slug}").expect("a String takes it");
        }
    }
    selector
}

/// A record as it is written, and what stands beside it.
struct Packed {
    record: Value,
    beside: Vec<Stored>,
}

/// Off the async threads: a group may say hundreds of megabytes.
async fn packed(release: &Release, seq: Seq, previous: Option<String>) -> Result<Packed, RecordError> {
    let release = release.clone();
    let name = names::record(&release.plan.workload, seq);
    let packed = tokio::task::spawn_blocking(move || packed_now(&release, seq, previous)).await;
    packed.map_err(|error| RecordError::Broken { name, reason: error.to_string() })?
}

fn packed_now(release: &Release, seq: Seq, previous: Option<String>) -> Result<Packed, RecordError> {
    let name = names::record(&release.plan.workload, seq);
    let app = &release.plan.app.slug;
    let mut head = to_value(&Head::of(release, seq, previous.clone()), &name)?;
    let broken = |error: std::io::Error| RecordError::Broken { name: name.clone(), reason: error.to_string() };
    let (mut beside, mut packed) = (Vec::new(), Vec::new());
    for long in LONG {
        beside.extend(stored::take_out(&mut head["plan"], app, long).map_err(broken)?);
        packed = compress(&head).map_err(broken)?;
        if packed.len() <= HEAD_MAX {
            break;
        }
    }
    let mut data = json!({ "body": pack(&to_value(&Body::of(release), &name)?, &name)? });
    let mut annotations = json!({
        names::ANNOTATION_APP: release.app,
        names::ANNOTATION_GROUP: release.group,
        ANNOTATION_RELEASE: release.id,
        ANNOTATION_HEAD: hash(&head),
        ANNOTATION_VERSION: RECORD_VERSION.to_string(),
        ANNOTATION_WRITER: RECORD_VERSION.to_string(),
    });
    if let Some(previous) = previous {
        annotations[ANNOTATION_PREVIOUS] = previous.into();
    }
    if packed.len() <= HEAD_MAX {
        data["head"] = STANDARD.encode(packed).into();
    } else {
        let pieces: Vec<_> = packed.chunks(HEAD_MAX).map(|piece| Stored::new(app, piece)).collect();
        annotations[ANNOTATION_PIECES] = names_of(&pieces).into();
        beside.extend(pieces);
    }
    if !beside.is_empty() {
        annotations[stored::ANNOTATION_NEEDS] = names_of(&beside).into();
    }
    let record = json!({
        "metadata": {
            "name": name,
            "labels": {
                names::LABEL_MANAGED_BY: names::MANAGER,
                names::LABEL_APP: app,
                names::LABEL_GROUP: release.plan.group.slug,
                names::LABEL_SEQ: seq.0.to_string(),
                names::LABEL_STATUS: word(release.state),
            },
            "annotations": annotations,
        },
        "binaryData": data,
    });
    Ok(Packed { record, beside })
}

fn names_of(stored: &[Stored]) -> String {
    stored.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(" ")
}

/// The head as it is stored: contents that stand beside the record are not in it.
async fn head(session: &Session, record: &Value, name: &str) -> Result<Value, RecordError> {
    let pieces = annotation(record, ANNOTATION_PIECES);
    let head = if pieces.is_empty() {
        part(record, name, "head")?
    } else {
        let mut packed = Vec::new();
        for piece in pieces.split(' ') {
            packed.extend(stored::bytes(session, name, piece).await?);
        }
        let broken = |reason| RecordError::Broken { name: name.to_owned(), reason: format!("head: {reason}") };
        unpack(&packed).map_err(broken)?
    };
    if annotation(record, ANNOTATION_HEAD) == hash(&head) {
        return Ok(head);
    }
    Err(RecordError::Broken { name: name.to_owned(), reason: "its head was changed".to_owned() })
}

async fn read(session: &Session, record: &Value, known: &mut Known) -> Result<Record, RecordError> {
    let name = record["metadata"]["name"].as_str().unwrap_or_default().to_owned();
    let mut head = head(session, record, &name).await?;
    let head_hash = annotation(record, ANNOTATION_HEAD).to_owned();
    stored::put_back(session, &name, &mut head["plan"], known).await?;
    let broken = |error: serde_json::Error| RecordError::Broken { name: name.clone(), reason: error.to_string() };
    let newer = newer(record);
    // A newer one is read as far as it goes.
    let unreadable = |error: serde_json::Error| match newer {
        Some(version) => RecordError::Newer { name: name.clone(), version },
        None => broken(error),
    };
    let head: Head = serde_json::from_value(head).map_err(unreadable)?;
    let body: Body = serde_json::from_value(part(record, &name, "body")?).map_err(unreadable)?;
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
        progress: body.progress,
    };
    Ok(Record { name, release, head_hash, previous: head.previous, created, newer })
}

/// The version of a record that a newer Slipway made.
fn newer(record: &Value) -> Option<u32> {
    annotation(record, ANNOTATION_VERSION).parse().ok().filter(|version| *version > RECORD_VERSION)
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
    #[serde(default)]
    progress: Progress,
}

impl Body {
    fn of(release: &Release) -> Self {
        Self {
            state: release.state,
            stage: release.stage,
            ended: release.ended,
            transitions: release.transitions.clone(),
            diagnosis: release.diagnosis.clone(),
            progress: release.progress.clone(),
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
    let packed =
        compress(part).map_err(|error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() })?;
    Ok(STANDARD.encode(packed))
}

fn compress(part: &Value) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(part.to_string().as_bytes(), COMPRESSION)
}

fn part(record: &Value, name: &str, part: &str) -> Result<Value, RecordError> {
    let broken = |reason: String| RecordError::Broken { name: name.to_owned(), reason: format!("{part}: {reason}") };
    let text = record["binaryData"][part].as_str().ok_or_else(|| broken("it is missing".to_owned()))?;
    let packed = STANDARD.decode(text).map_err(|error| broken(error.to_string()))?;
    unpack(&packed).map_err(broken)
}

/// What was packed, or why it cannot be read.
pub(crate) fn unpack(packed: &[u8]) -> Result<Value, String> {
    let size = zstd::bulk::Decompressor::upper_bound(packed).filter(|size| *size <= UNPACKED_MAX);
    let json = zstd::bulk::decompress(packed, size.ok_or("it is too large")?).map_err(|error| error.to_string())?;
    serde_json::from_slice(&json).map_err(|error| error.to_string())
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
