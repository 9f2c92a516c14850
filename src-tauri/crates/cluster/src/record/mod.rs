//! Release records: one `ConfigMap` a release, from which history can be rebuilt on any computer.
//!
//! `head` (what was decided: plan, who, number) is written once, and its hash stands in the head of the next record.
//! `body` (what became of it) follows the release. Both are zstd of JSON in `binaryData`. Fields that this version does
//! not know are kept when the body is written again; a record that only a newer version may write is left alone.

mod format;

pub(crate) use format::{COMPRESSION, unpack};

use crate::stored::{self, Known};
use crate::{ClusterError, Kind, Session, lease, tombstone};
use format::{Body, Head, Packed, hash, join, merge, only_newer_may_write, pack, packed, part, to_value, word};
use jiff::Timestamp;
use serde_json::{Value, json};
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::name::Slug;
use slipway_model::release::{RECORD_VERSION, RECORDS_KEPT, Release, ReleaseState, Seq, Transition};
use slipway_model::train::{Decided, Train};
use slipway_render::names;
use std::collections::BTreeMap;
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
/// On records of the releases of a train: its id.
const ANNOTATION_TRAIN: &str = "slipway.dev/train-uid";
/// A number that is taken makes room for the next one, this often.
const TRIES: u32 = 50;

#[derive(Clone, Debug, thiserror::Error)]
pub enum RecordError {
    #[error("write record {name}: it is of version {version}, this Slipway writes {RECORD_VERSION}")]
    Newer { name: String, version: u32 },
    #[error("read record {name}: {reason}")]
    Broken { name: String, reason: String },
    /// Another computer wrote it since: whoever has it drives the release.
    #[error("write record {name}: another computer went on with it")]
    Overtaken { name: String },
    /// Another computer has begun the same group of the same train.
    #[error("create the record of {workload}: its train has one there already")]
    Begun { workload: String },
    #[error(transparent)]
    Cluster(#[from] ClusterError),
}

/// A record as its watch keeps it: what tells that it has changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    pub uid: String,
    pub name: String,
    /// resourceVersion.
    pub version: String,
    pub app: AppId,
    pub group: GroupId,
    pub release: ReleaseId,
}

impl RecordFacts {
    pub(crate) fn new(name: String, uid: String, version: String, mut annotations: BTreeMap<String, String>) -> Self {
        let mut id = |key: &str| annotations.remove(key).unwrap_or_default();
        let (app, group) = (id(names::ANNOTATION_APP).into(), id(names::ANNOTATION_GROUP).into());
        let release = id(ANNOTATION_RELEASE).into();
        Self { uid, name, version, app, group, release }
    }

    /// Its number, which its name ends with.
    pub fn seq(&self) -> Option<Seq> {
        self.name.rsplit_once("-r")?.1.parse().ok().map(Seq)
    }
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
    /// resourceVersion.
    pub version: String,
}

/// Allocates the number of a release by creating its record. Done twice for the same release it finds what the first
/// time made. The numbers of records, of the live Deployment, of the Lease, of deleted groups of the name and of the
/// release itself are all passed.
///
/// # Errors
/// `Broken` for one that cannot be packed, `Begun` where its train has one of the group, and what the cluster says.
pub async fn create(session: &Session, release: &Release) -> Result<Seq, RecordError> {
    let known = of_group(session, release).await?;
    if let Some(own) = known.iter().find(|record| annotation(record, ANNOTATION_RELEASE) == release.id.as_str())
        && let Some(seq) = seq_of(own)
    {
        let previous = own["metadata"]["annotations"][ANNOTATION_PREVIOUS].as_str().map(str::to_owned);
        stored::keep(session, release, packed(release, seq, previous).await?.beside).await?;
        return Ok(seq);
    }
    if let Some(Train { id, .. }) = &release.train
        && known.iter().any(|record| annotation(record, ANNOTATION_TRAIN) == id.as_str())
    {
        return Err(RecordError::Begun { workload: release.plan.workload.clone() });
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
/// `Newer`, `Broken`, `Overtaken`, `Cluster(NotFound)` when the record is gone, and what the cluster says.
pub async fn update(session: &Session, release: &Release) -> Result<(), RecordError> {
    let Some(seq) = release.seq else { return Ok(()) };
    let name = names::record(&release.plan.workload, seq);
    let status = json!({ "labels": { names::LABEL_STATUS: word(release.state) } });
    rewrite(session, &name, status, |body| {
        if !release.goes_on_from(&told(body, &name)?) {
            return Err(RecordError::Overtaken { name: name.clone() });
        }
        // Others decide of a train, too.
        let ours = Body { decided: Vec::new(), ..Body::of(release) };
        merge(body, to_value(&ours, &name)?);
        join(body, &release.decided, &name)?;
        Ok(true)
    })
    .await
    .map(drop)
}

/// Adds what was decided of a train to the record of one of its releases, and answers all that it says then.
///
/// # Errors
/// As of `update`; but it does not matter who drives the release.
pub async fn decide(session: &Session, release: &Release, decided: &[Decided]) -> Result<Vec<Decided>, RecordError> {
    let Some(seq) = release.seq else { return Ok(Vec::new()) };
    let name = names::record(&release.plan.workload, seq);
    let body = rewrite(session, &name, json!({}), |body| join(body, decided, &name)).await?;
    let broken = |error: serde_json::Error| RecordError::Broken { name: name.clone(), reason: error.to_string() };
    match &body["decided"] {
        Value::Null => Ok(Vec::new()),
        decided => serde_json::from_value(decided.clone()).map_err(broken),
    }
}

/// Changes the body of a record under its version, again where somebody wrote in between; `false`: there is nothing to
/// write. Answers the body.
async fn rewrite(
    session: &Session,
    name: &str,
    metadata: Value,
    change: impl Fn(&mut Value) -> Result<bool, RecordError> + Send,
) -> Result<Value, RecordError> {
    let mut tries = 0;
    loop {
        let found = session.get(Kind::ConfigMap, name).await?.ok_or_else(|| ClusterError::NotFound {
            doing: format!("write record {name}"),
            what: format!("ConfigMap {name}"),
        })?;
        if let Some(version) = only_newer_may_write(&found) {
            return Err(RecordError::Newer { name: name.to_owned(), version });
        }
        let mut body = part(&found, name, "body")?;
        if !change(&mut body)? {
            return Ok(body);
        }
        let mut patch = json!({ "metadata": metadata, "binaryData": { "body": pack(&body, name)? } });
        patch["metadata"]["resourceVersion"] = found["metadata"]["resourceVersion"].clone();
        tries += 1;
        match session.merge_patch(Kind::ConfigMap, name, &patch).await {
            Err(error) if error.stale_version() && tries < TRIES => {}
            answer => return Ok(answer.map(|_| body)?),
        }
    }
}

/// Whether another computer has gone on with a release, or begun one after it: nothing is left to drive here then. Asked
/// once its Lease is held, because only who has it writes.
///
/// # Errors
/// `Broken`, and what the cluster says.
pub async fn overtaken(session: &Session, release: &Release) -> Result<bool, RecordError> {
    for record in of_group(session, release).await? {
        let overtaken = if annotation(&record, ANNOTATION_RELEASE) == release.id.as_str() {
            let name = name_of(&record);
            !release.goes_on_from(&told(&part(&record, &name, "body")?, &name)?)
        } else {
            // One that has no number yet comes after all that have.
            release.seq.is_some() && seq_of(&record) > release.seq
        };
        if overtaken {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Makes the record of a release anew, under its number: somebody deleted it by hand.
///
/// # Errors
/// `Broken` for one that cannot be packed, and what the cluster says.
pub async fn restore(session: &Session, release: &Release) -> Result<(), RecordError> {
    let Some(seq) = release.seq else { return Ok(()) };
    let known = of_group(session, release).await?;
    let before = known.iter().filter(|record| seq_of(record) < Some(seq)).max_by_key(|record| seq_of(record));
    let previous = before.map(|record| annotation(record, ANNOTATION_HEAD).to_owned());
    let Packed { record, beside } = packed(release, seq, previous).await?;
    match session.create(Kind::ConfigMap, &record).await {
        Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(stored::keep(session, release, beside).await?),
        Err(error) => Err(error.into()),
    }
}

/// One record by its name; nothing where it is gone.
///
/// # Errors
/// `Newer` where only a newer Slipway can read it, `Broken`, and what the cluster says.
pub async fn get(session: &Session, name: &str) -> Result<Option<Record>, RecordError> {
    match session.get(Kind::ConfigMap, name).await? {
        Some(record) => read(session, &record, &mut Known::new()).await.map(Some),
        None => Ok(None),
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

/// What there is of records of one group, or of all, without what they hold.
///
/// # Errors
/// What the cluster says.
pub async fn facts(session: &Session, of: Option<(&Slug, &Slug)>) -> Result<Vec<RecordFacts>, ClusterError> {
    let (app, group) = of.unzip();
    let found = session.list_names(Kind::ConfigMap, &selector(app, group)).await?;
    Ok(found
        .into_iter()
        .map(|found| RecordFacts::new(found.name, found.uid, found.version, found.annotations))
        .collect())
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
        let name = name_of(&record);
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
    let name = name_of(record);
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
    let named = names::record(&head.plan.workload, head.seq);
    let said = [
        (named.as_str(), name.as_str()),
        (head.id.as_str(), annotation(record, ANNOTATION_RELEASE)),
        (head.app.as_str(), annotation(record, names::ANNOTATION_APP)),
        (head.group.as_str(), annotation(record, names::ANNOTATION_GROUP)),
    ];
    if let Some((inside, outside)) = said.iter().find(|(inside, outside)| inside != outside) {
        let reason = format!("it is of {outside:?} and says {inside:?}");
        return Err(RecordError::Broken { name, reason });
    }
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
        newer,
        usage: body.usage,
        train: head.train,
        decided: body.decided,
    };
    let version = record["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
    Ok(Record { name, release, head_hash, previous: head.previous, created, version })
}

/// The version of a record that a newer Slipway made.
fn newer(record: &Value) -> Option<u32> {
    annotation(record, ANNOTATION_VERSION).parse().ok().filter(|version| *version > RECORD_VERSION)
}

/// What a body tells of the way of its release.
fn told(body: &Value, name: &str) -> Result<Vec<Transition>, RecordError> {
    let broken = |error: serde_json::Error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() };
    serde_json::from_value(body["transitions"].clone()).map_err(broken)
}

fn name_of(record: &Value) -> String {
    record["metadata"]["name"].as_str().unwrap_or_default().to_owned()
}

fn annotation<'a>(record: &'a Value, key: &str) -> &'a str {
    record["metadata"]["annotations"][key].as_str().unwrap_or_default()
}

fn seq_of(record: &Value) -> Option<Seq> {
    record["metadata"]["labels"][names::LABEL_SEQ].as_str()?.parse().ok().map(Seq)
}
