//! Folders that apps are opened as, and what each file of them was when both sides were last the same.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{Connection, OptionalExtension, params};
use slipway_model::id::{AppId, FileId};

pub(crate) const V2: &str = "CREATE TABLE folder (
    app TEXT PRIMARY KEY REFERENCES app (id),
    path TEXT NOT NULL,
    opened_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE folder_file (
    app TEXT NOT NULL REFERENCES folder (app),
    file TEXT NOT NULL,
    place TEXT NOT NULL,
    base BLOB NOT NULL,
    PRIMARY KEY (app, file)
) STRICT;";

/// A folder that an app is opened as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderEntry {
    pub app: AppId,
    /// The app's own folder, absolute.
    pub path: String,
    /// By place.
    pub files: Vec<FolderFile>,
}

/// A file of such a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FolderFile {
    pub file: FileId,
    /// Path below the folder, with `/`.
    pub place: String,
    /// Its bytes when folder and Slipway had the same last.
    pub base: Vec<u8>,
}

impl Reader<'_> {
    pub fn folder(&self, app: &AppId) -> Result<Option<FolderEntry>, Failure> {
        let sql = "SELECT path FROM folder WHERE app = ?1";
        let path: Option<String> = self.connection.query_row(sql, [app.as_str()], |row| row.get(0)).optional()?;
        let Some(path) = path else { return Ok(None) };
        let sql = "SELECT file, place, base FROM folder_file WHERE app = ?1 ORDER BY place";
        let mut query = self.connection.prepare_cached(sql)?;
        let files = query.query_map([app.as_str()], |row| {
            let file: String = row.get(0)?;
            Ok(FolderFile { file: file.into(), place: row.get(1)?, base: row.get(2)? })
        })?;
        let files = files.collect::<Result<Vec<_>, _>>()?;
        Ok(Some(FolderEntry { app: app.clone(), path, files }))
    }

    /// Apps that are opened as a folder.
    pub fn folders(&self) -> Result<Vec<AppId>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT app FROM folder ORDER BY opened_ms")?;
        let apps = query.query_map([], |row| Ok(AppId::from(row.get::<_, String>(0)?)))?;
        Ok(apps.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Notes that an app is opened as this folder, and as no other. Nothing is known of its files yet.
    pub fn put_folder(&mut self, app: &AppId, path: &str) -> Result<(), Failure> {
        delete_of_app(self.connection, app)?;
        self.connection.execute(
            "INSERT INTO folder (app, path, opened_ms) VALUES (?1, ?2, ?3)",
            params![app.as_str(), path, super::now()],
        )?;
        self.touch(tag::folder(app));
        Ok(())
    }

    /// Notes what both sides have the same of now.
    pub fn put_folder_file(&mut self, app: &AppId, file: &FolderFile) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO folder_file (app, file, place, base) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (app, file) DO UPDATE SET place = ?3, base = ?4",
            params![app.as_str(), file.file.as_str(), file.place, file.base],
        )?;
        Ok(())
    }

    /// The folder has this file no more, or Slipway has not.
    pub fn forget_folder_file(&mut self, app: &AppId, file: &FileId) -> Result<(), Failure> {
        let sql = "DELETE FROM folder_file WHERE app = ?1 AND file = ?2";
        self.connection.execute(sql, [app.as_str(), file.as_str()])?;
        Ok(())
    }

    /// Forgets the folder; what is on the disk stays.
    pub fn forget_folder(&mut self, app: &AppId) -> Result<(), Failure> {
        delete_of_app(self.connection, app)?;
        self.touch(tag::folder(app));
        Ok(())
    }
}

/// All of an app, before the app itself goes.
pub(crate) fn delete_of_app(connection: &Connection, app: &AppId) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM folder_file WHERE app = ?1", [app.as_str()])?;
    connection.execute("DELETE FROM folder WHERE app = ?1", [app.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};

    #[tokio::test]
    async fn a_folder_and_its_bases_come_back_and_go_with_the_app() {
        let (_folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 0, releases: 0 }).await.expect("an empty store");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        let of_app = app.clone();
        let tags = tags_of(&store, move |w| w.put_folder(&of_app, "/home/li/checkout")).await;
        assert_eq!(tags, [tag::folder(&app)]);
        let file =
            |base: &[u8]| FolderFile { file: "1".into(), place: "config/a.yml".to_owned(), base: base.to_owned() };
        for base in [b"one".as_slice(), b"\xff\0two"] {
            let (of_app, file) = (app.clone(), file(base));
            store.write(move |w| w.put_folder_file(&of_app, &file)).await.expect("written");
        }
        let of_app = app.clone();
        let entry = store.read(move |r| r.folder(&of_app)).await.expect("read").expect("stored");
        assert_eq!((entry.path.as_str(), entry.files), ("/home/li/checkout", vec![file(b"\xff\0two")]));
        assert_eq!(store.read(|r| r.folders()).await.expect("read"), std::slice::from_ref(&app));

        let of_app = app.clone();
        store.write(move |w| w.put_folder(&of_app, "/srv")).await.expect("another");
        let of_app = app.clone();
        let entry = store.read(move |r| r.folder(&of_app)).await.expect("read").expect("stored");
        assert_eq!(entry.files, [], "what the other folder had says nothing of this one");
        let of_app = app.clone();
        store.write(move |w| w.delete_app(&of_app)).await.expect("an app without groups");
        assert_eq!(store.read(move |r| r.folder(&app)).await.expect("read"), None);
    }
}
