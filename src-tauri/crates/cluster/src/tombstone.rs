//! Tombstones: what stays in the cluster of a deleted group. Its records stay too, and would bring it back on every
//! computer that reads them.

use crate::{ClusterError, Kind, Session};
use serde_json::{Value, json};
use slipway_model::deletion::Tombstone;
use slipway_model::name::Slug;
use slipway_render::names;

/// The one entry of its `ConfigMap`.
const KEY: &str = "tombstone.json";

/// Sets a tombstone. Done twice it changes nothing.
///
/// # Errors
/// What the cluster says.
pub async fn put(session: &Session, tombstone: &Tombstone) -> Result<(), ClusterError> {
    let object = json!({
        "metadata": {
            "name": names::tombstone(&tombstone.workload, &tombstone.group),
            "labels": {
                names::LABEL_MANAGED_BY: names::MANAGER,
                names::LABEL_APP: tombstone.app_slug,
                names::LABEL_GROUP: tombstone.group_slug,
                names::LABEL_TOMBSTONE: "true",
            },
            "annotations": { names::ANNOTATION_APP: tombstone.app, names::ANNOTATION_GROUP: tombstone.group },
        },
        "data": { KEY: json!(tombstone).to_string() },
    });
    match session.create(Kind::ConfigMap, &object).await {
        Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The tombstones of groups that had this name. One that cannot be read is of a newer Slipway, and left out.
///
/// # Errors
/// What the cluster says.
pub async fn of_name(session: &Session, app: &Slug, group: &Slug) -> Result<Vec<Tombstone>, ClusterError> {
    let selector = format!("{},{}", names::LABEL_TOMBSTONE, names::selector(app, group.as_str()));
    let found = session.list(Kind::ConfigMap, &selector).await?;
    Ok(found.iter().filter_map(read).collect())
}

/// All of the namespace. One that cannot be read is of a newer Slipway, and left out.
///
/// # Errors
/// What the cluster says.
pub async fn all(session: &Session) -> Result<Vec<Tombstone>, ClusterError> {
    let found = session.list(Kind::ConfigMap, names::LABEL_TOMBSTONE).await?;
    Ok(found.iter().filter_map(read).collect())
}

/// Takes a tombstone away: the group is there again.
///
/// # Errors
/// What the cluster says.
pub async fn remove(session: &Session, tombstone: &Tombstone) -> Result<(), ClusterError> {
    session.delete(Kind::ConfigMap, &names::tombstone(&tombstone.workload, &tombstone.group)).await.map(drop)
}

fn read(object: &Value) -> Option<Tombstone> {
    serde_json::from_str(object["data"][KEY].as_str()?).ok()
}
