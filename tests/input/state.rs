//! What there is, in the store and in the cluster, to be compared before and after.

use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection as Database, OpenFlags};
use serde_json::Value;
use slipway_cluster::{Connection, Kind};
use std::path::Path;

/// Everything that Slipway could leave in a namespace.
const KINDS: [Kind; 11] = [
    Kind::ConfigMap,
    Kind::Deployment,
    Kind::Lease,
    Kind::Pod,
    Kind::ReplicaSet,
    Kind::ResourceQuota,
    Kind::Role,
    Kind::RoleBinding,
    Kind::Secret,
    Kind::Service,
    Kind::ServiceAccount,
];

/// What a registry said of an image, kept by its digest, and what pods were measured to use: true whatever becomes of
/// who asked. Numbers that are given out stand in their rows.
const SEEN_MEANWHILE: [&str; 5] = ["artifact_repository", "artifact_tag", "artifact_image", "usage", "sqlite_sequence"];
/// Begins the tag under which what was measured is told of.
const MEASURED: &str = "usage:";

/// Of a release that has ended, as its record is read back by and by: its version, and when the server made it.
const TOLD_LATER: [&str; 2] = ["record", "created_ms"];

/// Every row of every table, one a line, less what is seen meanwhile and what records tell later.
pub(crate) fn store(data_dir: &Path) -> Result<Vec<String>> {
    let path = data_dir.join("slipway.db");
    let database = Database::open_with_flags(&path, OpenFlags::SQLITE_OPEN_READ_ONLY)
        .with_context(|| format!("read {}", path.display()))?;
    let mut tables = database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")?;
    let tables: Vec<String> = tables.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
    let mut lines = Vec::new();
    for table in tables.iter().filter(|table| !SEEN_MEANWHILE.contains(&table.as_str())) {
        let mut rows = database.prepare(&format!("SELECT * FROM \"{table}\""))?;
        let told_later = |name: &str| table == "release" && TOLD_LATER.contains(&name);
        let columns: Vec<usize> =
            rows.column_names().enumerate().filter(|(_, name)| !told_later(name)).map(|(at, _)| at).collect();
        let mut rows = rows.query([])?;
        while let Some(row) = rows.next()? {
            let values: Vec<String> =
                columns.iter().map(|at| Ok(shown(row.get_ref(*at)?))).collect::<rusqlite::Result<_>>()?;
            if table != "change" || !values.iter().any(|value| value.contains(MEASURED)) {
                lines.push(format!("{table}: {}", values.join(" | ")));
            }
        }
    }
    lines.sort();
    Ok(lines)
}

fn shown(value: ValueRef<'_>) -> String {
    match value {
        ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
        other => format!("{other:?}"),
    }
}

/// Every object of the namespace as somebody wrote it: without its status, and what the server notes beside it.
pub(crate) async fn cluster(place: &Connection) -> Result<Vec<String>> {
    let mut lines = Vec::new();
    let namespace = place.get(Kind::Namespace, &place.namespace).await?;
    lines.extend(namespace.map(|object| line(Kind::Namespace, object)));
    for kind in KINDS {
        lines.extend(place.list(kind, "").await?.into_iter().map(|object| line(kind, object)));
    }
    lines.sort();
    Ok(lines)
}

fn line(kind: Kind, mut object: Value) -> String {
    if let Some(object) = object.as_object_mut() {
        object.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        metadata.remove("managedFields");
        metadata.remove("resourceVersion");
    }
    format!("{kind} {object}")
}
