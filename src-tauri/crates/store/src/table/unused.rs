//! Sensitive values that nothing refers to any more.
//!
//! What is saved refers to them, deleted or not as long as it can be had back; so do releases. History is long, so it is
//! asked only for values that nothing else has referred to for a while.

use crate::database::{Failure, Reader, Writer};
use jiff::Timestamp;
use rusqlite::{Connection, params};
use serde_json::Value;
use slipway_model::id::SecretId;
use std::collections::HashSet;

/// Since when nothing that is saved refers to it, as far as was looked.
pub(crate) const V4: &str = "ALTER TABLE secret ADD COLUMN unused_ms INTEGER;";

/// Everything saved that may hold the id of a value. A content that is one, and so is a value, is a short JSON.
const SAVED: &[&str] = &[
    "SELECT body FROM group_draft",
    "SELECT body FROM app_variables",
    "SELECT body FROM config_value WHERE length(body) < 256",
    "SELECT body FROM config_content WHERE length(body) < 256",
];
/// Releases looked through in one go.
const PAGE: u32 = 200;

impl Reader<'_> {
    /// Those of some values that the releases behind a row refer to, and the last row that was looked at; `None` when
    /// there are no more.
    pub(crate) fn values_of_history(
        &self,
        of: &HashSet<SecretId>,
        behind: i64,
    ) -> Result<(HashSet<SecretId>, Option<i64>), Failure> {
        let sql = "SELECT body, rowid FROM release WHERE rowid > ?1 ORDER BY rowid LIMIT ?2";
        let mut query = self.connection.prepare_cached(sql)?;
        let mut rows = query.query(params![behind, PAGE])?;
        let (mut found, mut last) = (HashSet::new(), None);
        while let Some(row) = rows.next()? {
            let body: Vec<u8> = row.get(0)?;
            last = Some(row.get(1)?);
            named(&body, of, &mut found)?;
        }
        Ok((found, last))
    }
}

impl Writer<'_> {
    /// Notes since when nothing that is saved refers to each value, and answers those of which that is so since before
    /// `before`.
    pub(crate) fn note_unused(&mut self, now: Timestamp, before: Timestamp) -> Result<HashSet<SecretId>, Failure> {
        let unused = unused(self.connection, all(self.connection)?)?;
        let (mut note, mut forget) = (
            self.connection.prepare_cached("UPDATE secret SET unused_ms = coalesce(unused_ms, ?2) WHERE id = ?1")?,
            self.connection.prepare_cached("UPDATE secret SET unused_ms = NULL WHERE id = ?1")?,
        );
        for id in all(self.connection)? {
            if unused.contains(&id) {
                note.execute(params![id.in_vault(), now.as_millisecond()])?;
            } else {
                forget.execute([id.in_vault()])?;
            }
        }
        let mut query = self.connection.prepare_cached("SELECT id FROM secret WHERE unused_ms < ?1")?;
        let ids = query.query_map([before.as_millisecond()], |row| row.get::<_, String>(0))?;
        Ok(ids.collect::<Result<Vec<_>, _>>()?.iter().filter_map(|id| SecretId::of_vault(id)).collect())
    }

    /// Erases values, unless something saved or a release behind a row refers to them by now.
    pub(crate) fn forget_values(&mut self, values: HashSet<SecretId>, behind: i64) -> Result<usize, Failure> {
        let mut unused = unused(self.connection, values)?;
        let mut behind = Some(behind);
        while let Some(row) = behind {
            let (found, last) = self.values_of_history(&unused, row)?;
            unused.retain(|id| !found.contains(id));
            behind = last;
        }
        unused.iter().try_for_each(|id| self.delete_sealed(&id.in_vault()))?;
        Ok(unused.len())
    }

    /// Values that only history refers to are asked for again when as much time has gone by.
    pub(crate) fn note_kept(&mut self, values: &HashSet<SecretId>, now: Timestamp) -> Result<(), Failure> {
        let mut note = self.connection.prepare_cached("UPDATE secret SET unused_ms = ?2 WHERE id = ?1")?;
        values.iter().try_for_each(|id| Ok(note.execute(params![id.in_vault(), now.as_millisecond()]).map(drop)?))
    }
}

/// All sensitive values that are sealed.
fn all(connection: &Connection) -> Result<HashSet<SecretId>, Failure> {
    let mut query = connection.prepare_cached("SELECT id FROM secret")?;
    let ids = query.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<Vec<_>, _>>()?;
    Ok(ids.iter().filter_map(|id| SecretId::of_vault(id)).collect())
}

/// Those that nothing saved refers to.
fn unused(connection: &Connection, mut of: HashSet<SecretId>) -> Result<HashSet<SecretId>, Failure> {
    let mut used = HashSet::new();
    for sql in SAVED {
        let mut query = connection.prepare_cached(sql)?;
        let mut rows = query.query([])?;
        while let Some(row) = rows.next()? {
            named(&row.get::<_, Vec<u8>>(0)?, &of, &mut used)?;
        }
    }
    of.retain(|id| !used.contains(id));
    Ok(of)
}

/// Finds the ids that a body names, in whichever field they stand.
fn named(body: &[u8], of: &HashSet<SecretId>, found: &mut HashSet<SecretId>) -> Result<(), Failure> {
    if of.is_empty() {
        return Ok(());
    }
    let body: Value = super::from_json("references", &super::unpack("references", body)?)?;
    strings(&body, &mut |text| {
        let id = SecretId::from(text);
        if of.contains(&id) {
            found.insert(id);
        }
    });
    Ok(())
}

fn strings(value: &Value, each: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => each(text),
        Value::Array(items) => items.iter().for_each(|item| strings(item, each)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, each)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
