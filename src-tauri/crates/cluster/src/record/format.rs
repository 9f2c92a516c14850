//! How a record is packed, and how it is read back.

use super::{
    ANNOTATION_HEAD, ANNOTATION_PIECES, ANNOTATION_PREVIOUS, ANNOTATION_RELEASE, ANNOTATION_TRAIN, ANNOTATION_VERSION,
    ANNOTATION_WRITER, RecordError, annotation,
};
use crate::stored::{self, Stored};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_model::diagnosis::Diagnosis;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::release::{Author, Plan, Progress, RECORD_VERSION, Release, ReleaseState, Seq, Stage, Transition};
use slipway_model::train::{Decided, Train};
use slipway_model::usage::Usage;
use slipway_render::names;

/// Most bytes that one part may unpack to: more than any group can say.
const UNPACKED_MAX: usize = 256 * 1024 * 1024;
pub(crate) const COMPRESSION: i32 = 9;
/// Files above this stand beside the record, bytes; where the head does not fit then, those above the next.
const LONG: [usize; 3] = [64 * 1024, 16 * 1024, 4 * 1024];
/// Most bytes of the head, and of one piece of it, packed: the API server limits all that a `ConfigMap` holds to 1 MiB,
/// and the body, whose logs and events are counted, stands in the same.
const HEAD_MAX: usize = 640 * 1024;

/// A record as it is written, and what stands beside it.
pub(super) struct Packed {
    pub(super) record: Value,
    pub(super) beside: Vec<Stored>,
}

/// Off the async threads: a group may say hundreds of megabytes.
pub(super) async fn packed(release: &Release, seq: Seq, previous: Option<String>) -> Result<Packed, RecordError> {
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
    if let Some(train) = &release.train {
        annotations[ANNOTATION_TRAIN] = train.id.as_str().into();
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

#[derive(Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) id: ReleaseId,
    pub(super) app: AppId,
    pub(super) group: GroupId,
    pub(super) seq: Seq,
    pub(super) plan: Plan,
    pub(super) author: Author,
    pub(super) note: String,
    pub(super) created: Timestamp,
    pub(super) previous: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) train: Option<Train>,
}

impl Head {
    pub(super) fn of(release: &Release, seq: Seq, previous: Option<String>) -> Self {
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
            train: release.train.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
pub(super) struct Body {
    pub(super) state: ReleaseState,
    pub(super) stage: Stage,
    pub(super) ended: Option<Timestamp>,
    pub(super) transitions: Vec<Transition>,
    pub(super) diagnosis: Option<Diagnosis>,
    #[serde(default)]
    pub(super) progress: Progress,
    #[serde(default)]
    pub(super) usage: Option<Usage>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(super) decided: Vec<Decided>,
}

impl Body {
    pub(super) fn of(release: &Release) -> Self {
        Self {
            state: release.state,
            stage: release.stage,
            ended: release.ended,
            transitions: release.transitions.clone(),
            diagnosis: release.diagnosis.clone(),
            progress: release.progress.clone(),
            usage: release.usage.clone(),
            decided: release.decided.clone(),
        }
    }
}

pub(super) fn to_value(part: &impl Serialize, name: &str) -> Result<Value, RecordError> {
    serde_json::to_value(part).map_err(|error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() })
}

/// Top-level fields of `new` over those of `old`; what only `old` has stays.
pub(super) fn merge(old: &mut Value, new: Value) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => old.extend(new),
        (old, new) => *old = new,
    }
}

/// What a body says was decided, with what this computer knows besides, in its order. `true`: that was more. What a newer
/// Slipway decided stays as it wrote it.
pub(super) fn join(body: &mut Value, ours: &[Decided], name: &str) -> Result<bool, RecordError> {
    let broken = |error: serde_json::Error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() };
    let told = body["decided"].as_array().cloned().unwrap_or_default();
    let mut all = Vec::with_capacity(told.len() + ours.len());
    for one in told {
        all.push((serde_json::from_value::<Decided>(one.clone()).map_err(broken)?, one));
    }
    let before = all.len();
    for one in ours {
        if !all.iter().any(|(known, _)| known == one) {
            all.push((one.clone(), to_value(one, name)?));
        }
    }
    let more = all.len() > before;
    if more {
        all.sort_by_key(|(one, _)| one.at);
        body["decided"] = all.into_iter().map(|(_, told)| told).collect();
    }
    Ok(more)
}

pub(super) fn pack(part: &Value, name: &str) -> Result<String, RecordError> {
    let packed =
        compress(part).map_err(|error| RecordError::Broken { name: name.to_owned(), reason: error.to_string() })?;
    Ok(STANDARD.encode(packed))
}

fn compress(part: &Value) -> std::io::Result<Vec<u8>> {
    zstd::bulk::compress(part.to_string().as_bytes(), COMPRESSION)
}

pub(super) fn part(record: &Value, name: &str, part: &str) -> Result<Value, RecordError> {
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
pub(super) fn only_newer_may_write(record: &Value) -> Option<u32> {
    annotation(record, ANNOTATION_WRITER).parse().ok().filter(|writer| *writer > RECORD_VERSION)
}

pub(super) fn hash(head: &Value) -> String {
    slipway_render::live::hash(head)
}

pub(super) fn word(state: ReleaseState) -> Value {
    serde_json::to_value(state).expect("a state is a word")
}
