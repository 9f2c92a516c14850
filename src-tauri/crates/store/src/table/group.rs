//! Groups, as drafts: as typed, and possibly wrong. (`group` is a word of SQL.)

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use slipway_model::group::GroupDraft;
use slipway_model::id::{AppId, GroupId, LinkId};

pub(crate) const V1: &str = "CREATE TABLE group_draft (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL REFERENCES app (id),
    name TEXT NOT NULL,
    link TEXT NOT NULL,
    workload TEXT,
    body BLOB NOT NULL,
    saved_ms INTEGER NOT NULL,
    deleted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX group_draft_name ON group_draft (app, name) WHERE deleted_ms IS NULL;
CREATE INDEX group_draft_link ON group_draft (link) WHERE deleted_ms IS NULL;";

/// Lists of thousands of groups are read from these alone: a draft takes a page of its own, and lists show nothing of it.
pub(crate) const V3: &str = "DROP INDEX group_draft_link;
CREATE INDEX group_draft_link ON group_draft (link, name, app, id, deleted_ms) WHERE deleted_ms IS NULL;
CREATE INDEX group_draft_live ON group_draft (app, id, deleted_ms) WHERE deleted_ms IS NULL;
CREATE INDEX group_draft_deleted ON group_draft (deleted_ms) WHERE deleted_ms IS NOT NULL;";

/// Where groups stand is counted from this alone.
pub(crate) const V5: &str = "ALTER TABLE group_draft ADD COLUMN environment TEXT NOT NULL DEFAULT '';
UPDATE group_draft SET environment = json_extract(CAST(body AS TEXT), '$.environment');
CREATE INDEX group_draft_environment ON group_draft (environment, deleted_ms) WHERE deleted_ms IS NULL;";

/// A stored group.
#[derive(Clone, Debug, PartialEq)]
pub struct GroupEntry {
    pub id: GroupId,
    pub app: AppId,
    pub draft: GroupDraft,
    /// Name of its Deployment, fixed when the first release has begun.
    pub workload: Option<String>,
    pub saved: Timestamp,
}

/// A group as the list of linked clusters shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfLink {
    pub id: GroupId,
    pub name: String,
    pub app: AppId,
    pub app_title: String,
}

const COLUMNS: &str = "id, app, body, workload, saved_ms";

type Columns = (String, String, Vec<u8>, Option<String>, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?))
}

fn entry((id, app, body, workload, saved): Columns) -> Result<GroupEntry, Failure> {
    Ok(GroupEntry {
        id: id.into(),
        app: app.into(),
        draft: super::from_json("group", &body)?,
        workload,
        saved: time(saved)?,
    })
}

fn time(at: i64) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_millisecond(at).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(4, at))?)
}

impl Reader<'_> {
    /// By name.
    pub fn groups_of_app(&self, app: &AppId) -> Result<Vec<GroupEntry>, Failure> {
        self.groups("app = ?1 AND deleted_ms IS NULL ORDER BY name", app.as_str())
    }

    /// Name and place of each, by name, without their drafts: a link may have thousands. Also of a link that is here no
    /// more.
    pub fn groups_of_link(&self, link: &LinkId) -> Result<Vec<GroupOfLink>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT g.id, g.name, app.id, app.title FROM group_draft g JOIN app ON app.id = g.app
             WHERE g.link = ?1 AND g.deleted_ms IS NULL ORDER BY g.name",
        )?;
        let rows = query.query_map([link.as_str()], |row| {
            Ok(GroupOfLink {
                id: row.get::<_, String>(0)?.into(),
                name: row.get(1)?,
                app: row.get::<_, String>(2)?.into(),
                app_title: row.get(3)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Names of the Secrets with which groups of a link pull their images, each once, by name.
    pub fn pull_secrets_of_link(&self, link: &LinkId) -> Result<Vec<String>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT DISTINCT trim(json_extract(CAST(body AS TEXT), '$.pull_secret')) AS secret FROM group_draft
             WHERE link = ?1 AND deleted_ms IS NULL AND secret > '' ORDER BY 1",
        )?;
        let rows = query.query_map([link.as_str()], |row| row.get(0))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Groups of an app that can still be restored, the last deleted first, and since when they are deleted.
    pub fn deleted_groups(&self, app: &AppId) -> Result<Vec<(GroupEntry, Timestamp)>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS}, deleted_ms FROM group_draft WHERE app = ?1 AND deleted_ms IS NOT NULL
             ORDER BY deleted_ms DESC"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([app.as_str()], |row| Ok((columns(row)?, row.get::<_, i64>(5)?)))?;
        let rows = rows.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|(row, deleted)| Ok((entry(row)?, time(deleted)?))).collect()
    }

    /// A deleted group that can still be restored.
    pub fn deleted_group(&self, id: &GroupId) -> Result<Option<GroupEntry>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM group_draft WHERE id = ?1 AND deleted_ms IS NOT NULL");
        let row = self.connection.prepare_cached(&sql)?.query_row([id.as_str()], columns).optional()?;
        row.map(entry).transpose()
    }

    fn groups(&self, filter: &str, key: &str) -> Result<Vec<GroupEntry>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM group_draft WHERE {filter}");
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([key], columns)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(entry).collect()
    }

    /// Also a deleted one that can still be had back.
    pub fn knows_group(&self, id: &GroupId) -> Result<bool, Failure> {
        let sql = "SELECT EXISTS (SELECT 1 FROM group_draft WHERE id = ?1)";
        Ok(self.connection.prepare_cached(sql)?.query_row([id.as_str()], |row| row.get(0))?)
    }

    pub fn group(&self, id: &GroupId) -> Result<Option<GroupEntry>, Failure> {
        let sql = format!("SELECT {COLUMNS} FROM group_draft WHERE id = ?1 AND deleted_ms IS NULL");
        let row = self.connection.prepare_cached(&sql)?.query_row([id.as_str()], columns).optional()?;
        row.map(entry).transpose()
    }
}

impl Writer<'_> {
    /// # Errors
    /// `Taken` when the app has a group of this name.
    pub fn insert_group(&mut self, id: &GroupId, app: &AppId, draft: &GroupDraft) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO group_draft (id, app, name, link, environment, body, saved_ms)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                id.as_str(),
                app.as_str(),
                draft.name.trim(),
                draft.link,
                draft.environment,
                super::to_json("group", draft)?,
                super::now()
            ],
        )?;
        self.touch(tag::groups(app));
        self.touch(tag::apps());
        self.touch(tag::clusters());
        Ok(())
    }

    /// # Errors
    /// `Taken` when the app has another group of this name.
    pub fn update_group(&mut self, id: &GroupId, draft: &GroupDraft) -> Result<(), Failure> {
        self.connection.execute(
            "UPDATE group_draft SET name = ?2, link = ?3, environment = ?4, body = ?5, saved_ms = ?6 WHERE id = ?1",
            params![
                id.as_str(),
                draft.name.trim(),
                draft.link,
                draft.environment,
                super::to_json("group", draft)?,
                super::now()
            ],
        )?;
        self.touch_group(id)
    }

    /// The name of the Deployment, once: it stands in the cluster from now on.
    pub fn fix_workload(&mut self, id: &GroupId, workload: &str) -> Result<(), Failure> {
        let changed = self.connection.execute(
            "UPDATE group_draft SET workload = ?2 WHERE id = ?1 AND workload IS NULL",
            params![id.as_str(), workload],
        )?;
        if changed > 0 { self.touch_group(id) } else { Ok(()) }
    }

    /// Keeps the row for thirty days, see `restore_group`.
    pub fn delete_group(&mut self, id: &GroupId) -> Result<(), Failure> {
        super::delete(self.connection, "group_draft", id.as_str())?;
        self.touch(tag::apps());
        self.touch(tag::clusters());
        self.touch_group(id)
    }

    /// # Errors
    /// `Taken` when the app has a new group of this name.
    pub fn restore_group(&mut self, id: &GroupId) -> Result<(), Failure> {
        super::restore(self.connection, "group_draft", id.as_str())?;
        self.touch(tag::apps());
        self.touch(tag::clusters());
        self.touch_group(id)
    }

    fn touch_group(&mut self, id: &GroupId) -> Result<(), Failure> {
        let sql = "SELECT app FROM group_draft WHERE id = ?1";
        let app: Option<String> = self.connection.query_row(sql, [id.as_str()], |row| row.get(0)).optional()?;
        if let Some(app) = app {
            self.touch(tag::groups(&AppId::from(app)));
        }
        self.touch(tag::group(id));
        Ok(())
    }
}

/// Removes for good what was deleted more than thirty days ago.
pub(crate) fn forget_deleted(connection: &Connection) -> rusqlite::Result<()> {
    let before = super::undone_before();
    let of_groups = "DELETE FROM deletion WHERE group_id IN (SELECT id FROM group_draft WHERE deleted_ms < ?1)";
    connection.execute(of_groups, [before])?;
    connection.execute("DELETE FROM group_draft WHERE deleted_ms < ?1", [before])?;
    Ok(())
}

/// All of an app, before the app itself goes.
pub(crate) fn delete_of_app(connection: &Connection, app: &AppId) -> rusqlite::Result<()> {
    let of_groups = "DELETE FROM deletion WHERE group_id IN (SELECT id FROM group_draft WHERE app = ?1)";
    connection.execute(of_groups, [app.as_str()])?;
    connection.execute("DELETE FROM group_draft WHERE app = ?1", [app.as_str()])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreError;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};

    async fn with_app() -> (tempfile::TempDir, crate::Store, AppId) {
        let (folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 0, releases: 0 }).await.expect("an empty store");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        (folder, store, app)
    }

    fn draft(name: &str, link: &str) -> GroupDraft {
        GroupDraft { name: name.to_owned(), link: link.to_owned(), count: "many".to_owned(), ..GroupDraft::default() }
    }

    #[tokio::test]
    async fn a_draft_comes_back_as_typed() {
        let (_folder, store, app) = with_app().await;
        let of_app = app.clone();
        let tags = tags_of(&store, move |w| w.insert_group(&"1".into(), &of_app, &draft(" prod ", "gone"))).await;
        assert!(tags.contains(&tag::groups(&app)), "{tags:?}");
        let entry = store.read(|r| r.group(&"1".into())).await.expect("read").expect("stored");
        assert_eq!(entry.draft, draft(" prod ", "gone"), "wrong, and kept");
        assert_eq!((entry.app, entry.workload), (app.clone(), None));

        let tags = tags_of(&store, |w| w.update_group(&"1".into(), &draft("prod", "other"))).await;
        assert_eq!(tags, [tag::groups(&app), tag::group(&"1".into())]);
        assert_eq!(store.read(|r| r.groups_of_link(&"gone".into())).await.expect("read"), []);
        let of_link = store.read(|r| r.groups_of_link(&"other".into())).await.expect("read");
        assert_eq!((of_link[0].name.as_str(), &of_link[0].app), ("prod", &app), "found by the link it has now");
        assert_eq!(store.read(|r| Ok(r.apps()?[0].1)).await.expect("read"), 1);
    }

    #[tokio::test]
    async fn names_are_unique_in_an_app() {
        let (_folder, store, app) = with_app().await;
        let of_app = app.clone();
        store
            .write(move |w| {
                w.insert_group(&"1".into(), &of_app, &draft("prod", ""))?;
                w.insert_group(&"2".into(), &of_app, &draft("test", ""))
            })
            .await
            .expect("two names");
        let of_app = app.clone();
        let refused = store.write(move |w| w.insert_group(&"3".into(), &of_app, &draft("prod ", ""))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "group.name" })), "{refused:?}");
        let refused = store.write(|w| w.update_group(&"2".into(), &draft("prod", ""))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "group.name" })), "{refused:?}");
        let orphan = store.write(|w| w.insert_group(&"4".into(), &"nowhere".into(), &draft("x", ""))).await;
        assert!(orphan.is_err(), "a group belongs to an app");
    }

    #[tokio::test]
    async fn a_deleted_group_can_be_had_back_for_thirty_days() {
        let (folder, store, app) = with_app().await;
        let of_app = app.clone();
        store.write(move |w| w.insert_group(&"1".into(), &of_app, &draft("prod", ""))).await.expect("a new name");
        store.write(|w| w.delete_group(&"1".into())).await.expect("a group");
        assert_eq!(store.read(|r| r.group(&"1".into())).await.expect("read"), None);
        let of_app = app.clone();
        assert_eq!(store.read(move |r| r.deleted_groups(&of_app)).await.expect("read").len(), 1);

        let of_app = app.clone();
        store.write(move |w| w.insert_group(&"2".into(), &of_app, &draft("prod", ""))).await.expect("the name is free");
        let refused = store.write(|w| w.restore_group(&"1".into())).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "group.name" })), "{refused:?}");
        store.write(|w| w.delete_group(&"2".into())).await.expect("a group");
        store.write(|w| w.restore_group(&"1".into())).await.expect("the name is free again");
        assert!(store.read(|r| r.group(&"1".into())).await.expect("read").is_some());

        let day = jiff::SignedDuration::from_hours(24);
        for (id, days) in [("1", 29), ("2", 31)] {
            let deleted = (Timestamp::now() - day * days).as_millisecond();
            let sql = "UPDATE group_draft SET deleted_ms = ?2 WHERE id = ?1";
            store
                .write(move |w| Ok(w.connection.execute(sql, params![id, deleted]).map(drop)?))
                .await
                .expect("a group");
        }
        store.close().await;
        let store = crate::Store::open(folder.path()).await.expect("again").store;
        let left = store.read(move |r| r.deleted_groups(&app)).await.expect("read");
        assert_eq!(left.iter().map(|(entry, _)| entry.id.as_str()).collect::<Vec<_>>(), ["1"]);
    }

    #[tokio::test]
    async fn the_name_of_a_workload_is_fixed_once() {
        let (_folder, store, app) = with_app().await;
        store.write(move |w| w.insert_group(&"1".into(), &app, &draft("prod", ""))).await.expect("a new name");
        for name in ["api-prod", "another"] {
            store.write(move |w| w.fix_workload(&"1".into(), name)).await.expect("a group");
        }
        let entry = store.read(|r| r.group(&"1".into())).await.expect("read").expect("stored");
        assert_eq!(entry.workload.as_deref(), Some("api-prod"));
    }
}
