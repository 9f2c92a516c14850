//! Versions of configuration files.

use super::{FileEntry, content, time};
use crate::database::{Failure, Reader, Writer};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use slipway_model::config::Content;
use slipway_model::id::{FileId, ReleaseId};

pub(crate) const V2: &str = "CREATE TABLE config_version (
    file TEXT NOT NULL,
    number INTEGER NOT NULL,
    content TEXT NOT NULL REFERENCES config_content (hash),
    parent TEXT,
    why TEXT NOT NULL,
    made_by TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    release TEXT,
    -- Bytes of the file; NULL of a sensitive one.
    size INTEGER,
    PRIMARY KEY (file, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX config_version_content ON config_version (content);";

/// A version of a file, without what it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionEntry {
    pub number: u32,
    pub hash: String,
    /// Hash of the version before.
    pub parent: Option<String>,
    /// What cut it: a word of the caller's.
    pub why: String,
    pub by: String,
    pub at: Timestamp,
    pub release: Option<ReleaseId>,
    /// Bytes of the content as stored.
    pub size: Option<u32>,
}

impl Reader<'_> {
    /// Newest first.
    pub fn file_versions(&self, file: &FileId) -> Result<Vec<VersionEntry>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT v.number, v.content, v.parent, v.why, v.made_by, v.made_ms, v.release, v.size
             FROM config_version v WHERE v.file = ?1 ORDER BY v.number DESC",
        )?;
        let rows = query.query_map([file.as_str()], |row| {
            Ok(VersionEntry {
                number: row.get(0)?,
                hash: row.get(1)?,
                parent: row.get(2)?,
                why: row.get(3)?,
                by: row.get(4)?,
                at: time(row.get(5)?)?,
                release: row.get::<_, Option<String>>(6)?.map(ReleaseId::from),
                size: row.get(7)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What a version holds.
    pub fn file_version(&self, file: &FileId, number: u32) -> Result<Option<Content>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT c.body FROM config_version v JOIN config_content c ON c.hash = v.content
             WHERE v.file = ?1 AND v.number = ?2",
        )?;
        let body: Option<Vec<u8>> = query.query_row(params![file.as_str(), number], |row| row.get(0)).optional()?;
        body.map(|body| content(&body)).transpose()
    }

    /// All that its versions hold, by number.
    pub fn file_contents(&self, file: &FileId) -> Result<Vec<(u32, Content)>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT v.number, c.body FROM config_version v JOIN config_content c ON c.hash = v.content
             WHERE v.file = ?1 ORDER BY v.number",
        )?;
        let rows = query.query_map([file.as_str()], |row| Ok((row.get(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        rows.map(|row| {
            let (number, body) = row?;
            Ok((number, content(&body)?))
        })
        .collect()
    }
}

impl Writer<'_> {
    /// Makes a version of what is saved, as of when and by whom it was saved. `None` where the newest holds the same.
    pub fn cut_version(
        &mut self,
        file: &FileEntry,
        why: &str,
        release: Option<&ReleaseId>,
    ) -> Result<Option<u32>, Failure> {
        if !file.fresh {
            return Ok(None);
        }
        self.connection
            .prepare_cached("UPDATE config_file SET fresh = 0 WHERE id = ?1")?
            .execute([file.id.as_str()])?;
        if file.newest.as_ref() == Some(&file.hash) {
            return Ok(None);
        }
        let number = file.versions + 1;
        self.connection
            .prepare_cached(
                "INSERT INTO config_version (file, number, content, parent, why, made_by, made_ms, release, size)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                file.id.as_str(),
                number,
                file.hash,
                file.newest,
                why,
                file.saved_by,
                file.saved.as_millisecond(),
                release.map(ReleaseId::as_str),
                file.content.size().and_then(|size| u32::try_from(size).ok()),
            ])?;
        self.touch_file(file);
        Ok(Some(number))
    }

    /// Puts another content in the place of a version's: when a file becomes sensitive, nothing of it stays readable.
    pub fn replace_version(&mut self, file: &FileId, number: u32, content: &Content) -> Result<(), Failure> {
        let before: Option<String> = self
            .connection
            .query_row(
                "SELECT content FROM config_version WHERE file = ?1 AND number = ?2",
                params![file.as_str(), number],
                |row| row.get(0),
            )
            .optional()?;
        let Some(before) = before else { return Ok(()) };
        let hash = self.put_content(content)?;
        let size = content.size().and_then(|size| u32::try_from(size).ok());
        self.connection.execute(
            "UPDATE config_version SET content = ?3, size = ?4 WHERE file = ?1 AND number = ?2",
            params![file.as_str(), number, hash, size],
        )?;
        self.connection.execute(
            "UPDATE config_version SET parent = ?3 WHERE file = ?1 AND number = ?2 + 1",
            params![file.as_str(), number, hash],
        )?;
        self.forget_content(&before)
    }
}
