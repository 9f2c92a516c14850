//! What records are too small for: an immutable `ConfigMap` each, named by what it holds and shared by all records of the
//! app that hold the same, whichever group they are of.
//!
//! A record names what it needs before that is made, and looks after it whenever it is written: so nothing is nameless
//! after a crash. Whoever finds one that is there marks it, and whoever clears away deletes only what is as it was before
//! the records were read: so none goes that a new record has just begun to need.

use crate::objects::Version;
use crate::record::{COMPRESSION, RecordError, unpack};
use crate::{ClusterError, Kind, Session};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures::{StreamExt, TryStreamExt};
use serde_json::{Value, json};
use slipway_model::config::Content;
use slipway_model::name::Slug;
use slipway_model::release::Release;
use slipway_render::names;
use std::collections::{HashMap, HashSet};

/// The one entry of its `ConfigMap`.
const KEY: &str = "content";
/// On records: the names of all that they need, with a space between.
pub(crate) const ANNOTATION_NEEDS: &str = "slipway.dev/needs";
/// The release that needed it last.
const ANNOTATION_NEEDED_BY: &str = "slipway.dev/needed-by";
/// Stands in a record where the content of a file would.
const KIND: &str = "stored";
/// What others make and clear away meanwhile is tried again, this often.
const TRIES: u32 = 8;
/// So many are made, marked or read at a time.
const AT_ONCE: usize = 8;

/// Something that stands beside a record.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Stored {
    pub(crate) name: String,
    /// Base64.
    body: String,
}

impl Stored {
    pub(crate) fn new(app: &Slug, bytes: &[u8]) -> Self {
        let body = STANDARD.encode(bytes);
        Self { name: names::stored(app, &names::content_hash([KIND, &body])), body }
    }
}

/// Takes the contents of files above so many bytes out of a plan, as JSON.
pub(crate) fn take_out(plan: &mut Value, app: &Slug, above: usize) -> std::io::Result<Vec<Stored>> {
    let mut stored: HashMap<String, Stored> = HashMap::new();
    for file in plan["config"]["files"].as_array_mut().into_iter().flatten() {
        let content = &mut file["content"];
        let long = content["kind"] != KIND && content["value"].as_str().is_some_and(|text| text.len() > above);
        if long {
            let one = Stored::new(app, &zstd::bulk::compress(content.to_string().as_bytes(), COMPRESSION)?);
            *content = json!({ "kind": KIND, "value": one.name });
            stored.insert(one.name.clone(), one);
        }
    }
    Ok(stored.into_values().collect())
}

/// Contents that were read already, by name: records share them.
pub(crate) type Known = HashMap<String, Value>;

/// Puts back what `take_out` took.
pub(crate) async fn put_back(
    session: &Session,
    record: &str,
    plan: &mut Value,
    known: &mut Known,
) -> Result<(), RecordError> {
    let files = || plan["config"]["files"].as_array().into_iter().flatten();
    let names = files().filter_map(|file| reference(&file["content"])).filter(|name| !known.contains_key(*name));
    let missing: HashSet<String> = names.map(str::to_owned).collect();
    let read = |name: String| async move {
        let packed = bytes(session, record, &name).await?;
        let broken =
            |reason: String| RecordError::Broken { name: record.to_owned(), reason: format!("{name}: {reason}") };
        let content = unpack(&packed).map_err(broken)?;
        Ok::<_, RecordError>((name, content))
    };
    let found: Vec<_> = futures::stream::iter(missing).map(read).buffer_unordered(AT_ONCE).try_collect().await?;
    known.extend(found);
    for file in plan["config"]["files"].as_array_mut().into_iter().flatten() {
        let Some(content) = reference(&file["content"]).and_then(|name| known.get(name)).cloned() else { continue };
        let same =
            serde_json::from_value::<Content>(content.clone()).is_ok_and(|content| file["hash"] == content.hash());
        if !same {
            let reason = format!("{} was changed", file["content"]["value"]);
            return Err(RecordError::Broken { name: record.to_owned(), reason });
        }
        file["content"] = content;
    }
    Ok(())
}

fn reference(content: &Value) -> Option<&str> {
    content["value"].as_str().filter(|_| content["kind"] == KIND)
}

/// What stands under a name.
pub(crate) async fn bytes(session: &Session, record: &str, name: &str) -> Result<Vec<u8>, RecordError> {
    let broken = |reason: &str| RecordError::Broken { name: record.to_owned(), reason: format!("{name} {reason}") };
    let object = session.get(Kind::ConfigMap, name).await?.ok_or_else(|| broken("is gone"))?;
    let body = object["binaryData"][KEY].as_str().ok_or_else(|| broken("is empty"))?;
    STANDARD.decode(body).map_err(|_| broken("is no base64"))
}

/// Sees to it that all are there, and stay. The record that needs them is there already.
pub(crate) async fn keep(session: &Session, release: &Release, all: Vec<Stored>) -> Result<(), ClusterError> {
    let keep = |one: Stored| async move {
        let mut tries = 0;
        loop {
            if mark(session, release, &one.name).await? {
                return Ok(());
            }
            tries += 1;
            match session.create(Kind::ConfigMap, &object(release, &one)).await {
                // Made by another computer a moment ago, and perhaps gone again.
                Err(ClusterError::AlreadyExists { .. }) if tries < TRIES => {}
                answer => return answer.map(drop),
            }
        }
    };
    futures::stream::iter(all).map(keep).buffer_unordered(AT_ONCE).try_collect().await
}

/// Gives it another version; `false` where it is gone.
async fn mark(session: &Session, release: &Release, name: &str) -> Result<bool, ClusterError> {
    let patch = json!({ "metadata": { "annotations": { ANNOTATION_NEEDED_BY: release.id } } });
    match session.merge_patch(Kind::ConfigMap, name, &patch).await {
        Ok(_) => Ok(true),
        Err(ClusterError::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn object(release: &Release, one: &Stored) -> Value {
    json!({
        "metadata": {
            "name": one.name,
            "labels": {
                names::LABEL_MANAGED_BY: names::MANAGER,
                names::LABEL_APP: release.plan.app.slug,
                names::LABEL_STORED: "true",
            },
            "annotations": { names::ANNOTATION_APP: release.app, ANNOTATION_NEEDED_BY: release.id },
        },
        "immutable": true,
        "binaryData": { KEY: one.body },
    })
}

fn selector(app: &Slug) -> String {
    format!("{},{}", names::LABEL_STORED, names::selector_of_app(app))
}

/// Deletes what no record of the app, of whichever group, needs any more.
///
/// # Errors
/// What the cluster says.
pub async fn sweep(session: &Session, app: &Slug) -> Result<Vec<String>, ClusterError> {
    // Before the records: see the head of this file.
    let stored = session.list_names(Kind::ConfigMap, &selector(app)).await?;
    if stored.is_empty() {
        return Ok(Vec::new());
    }
    let records = format!("{},{}", names::LABEL_SEQ, names::selector_of_app(app));
    let records = session.list_names(Kind::ConfigMap, &records).await?;
    let needed: HashSet<&str> = records
        .iter()
        .filter_map(|record| record.annotations.get(ANNOTATION_NEEDS))
        .flat_map(|needs| needs.split(' '))
        .collect();
    let mut gone = Vec::new();
    for one in stored.iter().filter(|one| !needed.contains(one.name.as_str())) {
        let version = Version { uid: &one.uid, resource: Some(&one.version) };
        match session.delete_exact(Kind::ConfigMap, &one.name, version).await {
            Ok(true) => gone.push(one.name.clone()),
            // Gone, or needed again.
            Ok(false) | Err(ClusterError::Conflict { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(gone)
}
