//! Configuration files as they are saved, their versions, and what they hold: each content once, by its hash.

mod version;

pub(crate) use version::V2 as VERSIONS_V2;
pub use version::VersionEntry;

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use slipway_model::config::{Content, Owner};
use slipway_model::id::{AppId, FileId, GroupId};

/// `saved_in` is the editor that saved it last, `fresh` whether that is newer than the newest version.
pub(crate) const V2: &str = "CREATE TABLE config_content (
    hash TEXT PRIMARY KEY,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE config_file (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    group_id TEXT,
    path TEXT NOT NULL,
    literal INTEGER NOT NULL,
    sensitive INTEGER NOT NULL,
    content TEXT NOT NULL REFERENCES config_content (hash),
    revision INTEGER NOT NULL,
    fresh INTEGER NOT NULL,
    saved_ms INTEGER NOT NULL,
    saved_by TEXT NOT NULL,
    saved_in TEXT NOT NULL,
    deleted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX config_file_path ON config_file (app, coalesce(group_id, ''), path) WHERE deleted_ms IS NULL;
CREATE INDEX config_file_content ON config_file (content);";

pub(crate) const V3: &str =
    "CREATE INDEX config_file_deleted ON config_file (app, deleted_ms) WHERE deleted_ms IS NOT NULL;";

/// A stored file, as its writer left it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    pub id: FileId,
    pub app: AppId,
    /// The group's own; else the app's.
    pub group: Option<GroupId>,
    /// As typed.
    pub path: String,
    pub literal: bool,
    pub sensitive: bool,
    pub content: Content,
    pub hash: String,
    /// Rises with every save.
    pub revision: u32,
    pub saved: Timestamp,
    pub saved_by: String,
    pub saved_in: String,
    /// How many versions it has, and the hash of the newest.
    pub versions: u32,
    pub newest: Option<String>,
    /// Saved since the newest version.
    pub fresh: bool,
}

impl FileEntry {
    /// A new file, of nobody yet.
    pub fn new(id: FileId, app: AppId, group: Option<GroupId>, path: String, content: Content) -> Self {
        Self {
            id,
            app,
            group,
            path,
            literal: false,
            sensitive: matches!(content, Content::Sealed(_)),
            hash: content.hash(),
            content,
            revision: 1,
            saved: Timestamp::now(),
            saved_by: String::new(),
            saved_in: String::new(),
            versions: 0,
            newest: None,
            fresh: true,
        }
    }

    pub fn owner(&self) -> Owner {
        if self.group.is_some() { Owner::Group } else { Owner::App }
    }
}

const SELECT: &str = "SELECT f.id, f.app, f.group_id, f.path, f.literal, f.sensitive, c.body, f.content, f.revision,
    f.saved_ms, f.saved_by, f.saved_in, f.fresh,
    coalesce((SELECT max(v.number) FROM config_version v WHERE v.file = f.id), 0),
    (SELECT v.content FROM config_version v WHERE v.file = f.id ORDER BY v.number DESC LIMIT 1)
    FROM config_file f JOIN config_content c ON c.hash = f.content";

struct Columns {
    entry: FileEntry,
    body: Vec<u8>,
}

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    let entry = FileEntry {
        id: row.get::<_, String>(0)?.into(),
        app: row.get::<_, String>(1)?.into(),
        group: row.get::<_, Option<String>>(2)?.map(GroupId::from),
        path: row.get(3)?,
        literal: row.get(4)?,
        sensitive: row.get(5)?,
        content: Content::Text(String::new()),
        hash: row.get(7)?,
        revision: row.get(8)?,
        saved: time(row.get(9)?)?,
        saved_by: row.get(10)?,
        saved_in: row.get(11)?,
        fresh: row.get(12)?,
        versions: row.get(13)?,
        newest: row.get(14)?,
    };
    Ok(Columns { entry, body: row.get(6)? })
}

pub(super) fn time(at: i64) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(at).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, at))
}

pub(in crate::table) fn content(body: &[u8]) -> Result<Content, Failure> {
    crate::table::from_json("file", &crate::table::unpack("file", body)?)
}

impl Columns {
    fn read(self) -> Result<FileEntry, Failure> {
        Ok(FileEntry { content: content(&self.body)?, ..self.entry })
    }
}

impl Reader<'_> {
    /// The app's and those of its groups, by path.
    pub fn files_of_app(&self, app: &AppId) -> Result<Vec<FileEntry>, Failure> {
        self.files("f.app = ?1 AND f.deleted_ms IS NULL", app.as_str())
    }

    /// Those that can still be had back, the last deleted first.
    pub fn deleted_files(&self, app: &AppId) -> Result<Vec<(FileEntry, Timestamp)>, Failure> {
        let sql = format!("{SELECT} WHERE f.app = ?1 AND f.deleted_ms IS NOT NULL ORDER BY f.deleted_ms DESC");
        let deleted = "SELECT deleted_ms FROM config_file WHERE id = ?1";
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([app.as_str()], columns)?.collect::<Result<Vec<_>, _>>()?;
        let mut at = self.connection.prepare_cached(deleted)?;
        rows.into_iter()
            .map(|row| {
                let deleted = time(at.query_row([row.entry.id.as_str()], |row| row.get(0))?)?;
                Ok((row.read()?, deleted))
            })
            .collect()
    }

    fn files(&self, filter: &str, key: &str) -> Result<Vec<FileEntry>, Failure> {
        let mut query = self.connection.prepare_cached(&format!("{SELECT} WHERE {filter} ORDER BY f.path"))?;
        let rows = query.query_map([key], columns)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(Columns::read).collect()
    }

    pub fn file(&self, id: &FileId) -> Result<Option<FileEntry>, Failure> {
        Ok(self.files("f.id = ?1 AND f.deleted_ms IS NULL", id.as_str())?.pop())
    }

    /// Whether a file is sensitive, also one that was deleted.
    pub fn is_file_sensitive(&self, id: &FileId) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM config_file WHERE id = ?1 AND sensitive)";
        Ok(self.connection.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0))?)
    }

    /// Also one that was deleted.
    pub fn any_file(&self, id: &FileId) -> Result<Option<FileEntry>, Failure> {
        Ok(self.files("f.id = ?1", id.as_str())?.pop())
    }
}

impl Writer<'_> {
    /// A new file. Revision and versions of the entry are given here.
    ///
    /// # Errors
    /// `Taken` when its owner has one of this path.
    pub fn insert_file(&mut self, file: &FileEntry) -> Result<(), Failure> {
        let hash = self.put_content(&file.content)?;
        self.connection.execute(
            "INSERT INTO config_file (id, app, group_id, path, literal, sensitive, content, revision, fresh, saved_ms,
                                      saved_by, saved_in)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 1, ?8, ?9, ?10)",
            params![
                file.id.as_str(),
                file.app.as_str(),
                file.group.as_ref().map(GroupId::as_str),
                file.path,
                file.literal,
                file.sensitive,
                hash,
                file.saved.as_millisecond(),
                file.saved_by,
                file.saved_in,
            ],
        )?;
        self.touch_file(file);
        Ok(())
    }

    /// Content and switches as they are now.
    pub fn save_file(&mut self, file: &FileEntry) -> Result<(), Failure> {
        let hash = self.put_content(&file.content)?;
        self.connection
            .prepare_cached(
                "UPDATE config_file SET literal = ?2, sensitive = ?3, content = ?4, revision = revision + 1, fresh = 1,
                                        saved_ms = ?5, saved_by = ?6, saved_in = ?7
                 WHERE id = ?1",
            )?
            .execute(params![
                file.id.as_str(),
                file.literal,
                file.sensitive,
                hash,
                file.saved.as_millisecond(),
                file.saved_by,
                file.saved_in
            ])?;
        self.forget_content(&file.hash)?;
        self.touch_file(file);
        Ok(())
    }

    /// Keeps the row for thirty days, see `undelete_file`.
    pub fn delete_file(&mut self, file: &FileEntry) -> Result<(), Failure> {
        crate::table::delete(self.connection, "config_file", file.id.as_str())?;
        self.touch_file(file);
        Ok(())
    }

    /// # Errors
    /// `Taken` when its owner has a new one of this path.
    pub fn undelete_file(&mut self, file: &FileEntry) -> Result<(), Failure> {
        crate::table::restore(self.connection, "config_file", file.id.as_str())?;
        self.touch_file(file);
        Ok(())
    }

    pub(in crate::table) fn put_content(&mut self, content: &Content) -> Result<String, Failure> {
        let hash = content.hash();
        let known = "SELECT EXISTS (SELECT 1 FROM config_content WHERE hash = ?1)";
        if !self.connection.prepare_cached(known)?.query_row([&hash], |row| row.get(0))? {
            let body = crate::table::pack("file", crate::table::to_json("file", content)?)?;
            self.connection
                .prepare_cached("INSERT INTO config_content (hash, body) VALUES (?1, ?2)")?
                .execute(params![hash, body])?;
        }
        Ok(hash)
    }

    /// Drops a content that nothing refers to any more: what was typed between two versions is not kept.
    pub(super) fn forget_content(&mut self, hash: &str) -> Result<(), Failure> {
        self.connection
            .prepare_cached(
                "DELETE FROM config_content WHERE hash = ?1
                     AND NOT EXISTS (SELECT 1 FROM config_file WHERE content = ?1)
                     AND NOT EXISTS (SELECT 1 FROM config_version WHERE content = ?1)
                     AND NOT EXISTS (SELECT 1 FROM release_file WHERE content = ?1)",
            )?
            .execute([hash])?;
        Ok(())
    }

    pub(super) fn touch_file(&mut self, file: &FileEntry) {
        self.touch(tag::file(&file.id));
        self.touch(tag::config(&file.app));
    }
}

/// Removes for good what was deleted more than thirty days ago, alone or with its group.
pub(crate) fn forget_deleted(connection: &Connection) -> rusqlite::Result<()> {
    let gone = connection.execute(
        "DELETE FROM config_file WHERE deleted_ms < ?1
             OR (group_id IS NOT NULL AND group_id NOT IN (SELECT id FROM group_draft))",
        [crate::table::undone_before()],
    )?;
    connection.execute(
        "DELETE FROM config_value WHERE group_id <> '' AND group_id NOT IN (SELECT id FROM group_draft)",
        [],
    )?;
    if gone > 0 {
        forget_versions(connection)?;
    }
    Ok(())
}

/// Everything of an app.
pub(crate) fn forget_app(connection: &Connection, app: &AppId) -> rusqlite::Result<()> {
    for table in ["config_file", "config_value", "config_key", "app_variables"] {
        connection.execute(&format!("DELETE FROM {table} WHERE app = ?1"), [app.as_str()])?;
    }
    forget_versions(connection)
}

/// Versions and contents that no file has any more.
fn forget_versions(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM config_version WHERE file NOT IN (SELECT id FROM config_file)", [])?;
    connection.execute(
        "DELETE FROM config_content WHERE hash NOT IN (
             SELECT content FROM config_file UNION SELECT content FROM config_version
             UNION SELECT content FROM release_file)",
        [],
    )?;
    Ok(())
}

#[cfg(test)]
mod tests;
