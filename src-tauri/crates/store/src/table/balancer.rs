//! Load balancers, as drafts, and what of them was applied to which cluster.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, params};
use slipway_model::balancer::BalancerDraft;
use slipway_model::id::{AppId, BalancerId, LinkId};

pub(crate) const V2: &str = "CREATE TABLE balancer (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL REFERENCES app (id),
    name TEXT NOT NULL,
    body BLOB NOT NULL,
    saved_ms INTEGER NOT NULL,
    deleted_ms INTEGER
) STRICT;
CREATE UNIQUE INDEX balancer_name ON balancer (app, name) WHERE deleted_ms IS NULL;
CREATE TABLE balancer_service (
    balancer TEXT NOT NULL REFERENCES balancer (id),
    link TEXT NOT NULL,
    hash TEXT NOT NULL,
    version TEXT NOT NULL,
    applied_ms INTEGER NOT NULL,
    PRIMARY KEY (balancer, link)
) STRICT;";

/// A stored load balancer.
#[derive(Clone, Debug, PartialEq)]
pub struct BalancerEntry {
    pub id: BalancerId,
    pub app: AppId,
    pub draft: BalancerDraft,
    pub saved: Timestamp,
    /// By link.
    pub services: Vec<BalancerService>,
}

/// A Service that stands in a cluster for a load balancer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BalancerService {
    pub link: LinkId,
    /// Hash of the definition that it was given. Another one than today's: saved, and not applied.
    pub hash: String,
    /// Its resourceVersion then: what a watch tells of an older one is of the time before.
    pub version: String,
    pub applied: Timestamp,
}

type Columns = (String, String, Vec<u8>, i64);

fn columns(row: &Row<'_>) -> rusqlite::Result<Columns> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
}

fn time(at: i64) -> Result<Timestamp, Failure> {
    Ok(Timestamp::from_millisecond(at).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(0, at))?)
}

impl Reader<'_> {
    /// By name.
    pub fn balancers_of_app(&self, app: &AppId) -> Result<Vec<BalancerEntry>, Failure> {
        self.balancers("app = ?1 AND deleted_ms IS NULL ORDER BY name", app.as_str())
    }

    pub fn balancer(&self, id: &BalancerId) -> Result<Option<BalancerEntry>, Failure> {
        Ok(self.balancers("id = ?1 AND deleted_ms IS NULL", id.as_str())?.pop())
    }

    /// Load balancers of an app that can still be restored, the last deleted first.
    pub fn deleted_balancers(&self, app: &AppId) -> Result<Vec<BalancerEntry>, Failure> {
        self.balancers("app = ?1 AND deleted_ms IS NOT NULL ORDER BY deleted_ms DESC", app.as_str())
    }

    /// Also one that was deleted and can still be restored.
    pub fn knows_balancer(&self, id: &BalancerId) -> Result<bool, Failure> {
        let sql = "SELECT count(*) FROM balancer WHERE id = ?1";
        Ok(self.connection.query_row(sql, [id.as_str()], |row| row.get::<_, i64>(0))? > 0)
    }

    pub fn balancer_named(&self, app: &AppId, name: &str) -> Result<bool, Failure> {
        let sql = "SELECT count(*) FROM balancer WHERE app = ?1 AND name = ?2 AND deleted_ms IS NULL";
        Ok(self.connection.query_row(sql, [app.as_str(), name], |row| row.get::<_, i64>(0))? > 0)
    }

    fn balancers(&self, filter: &str, key: &str) -> Result<Vec<BalancerEntry>, Failure> {
        let sql = format!("SELECT id, app, body, saved_ms FROM balancer WHERE {filter}");
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([key], columns)?.collect::<Result<Vec<_>, _>>()?;
        rows.into_iter().map(|row| self.balancer_entry(row)).collect()
    }

    fn balancer_entry(&self, (id, app, body, saved): Columns) -> Result<BalancerEntry, Failure> {
        let sql = "SELECT link, hash, version, applied_ms FROM balancer_service WHERE balancer = ?1 ORDER BY link";
        let mut query = self.connection.prepare_cached(sql)?;
        let rows = query.query_map([&id], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)));
        let rows = rows?.collect::<Result<Vec<_>, _>>()?;
        let service = |(link, hash, version, applied): (String, String, String, i64)| {
            Ok(BalancerService { link: link.into(), hash, version, applied: time(applied)? })
        };
        Ok(BalancerEntry {
            services: rows.into_iter().map(service).collect::<Result<_, Failure>>()?,
            id: id.into(),
            app: app.into(),
            draft: super::from_json("load balancer", &body)?,
            saved: time(saved)?,
        })
    }
}

impl Writer<'_> {
    /// # Errors
    /// `Taken` when the app has a load balancer of this name.
    pub fn insert_balancer(&mut self, id: &BalancerId, app: &AppId, draft: &BalancerDraft) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO balancer (id, app, name, body, saved_ms) VALUES (?1, ?2, ?3, ?4, ?5)",
            params![
                id.as_str(),
                app.as_str(),
                draft.name.trim(),
                super::to_json("load balancer", draft)?,
                super::now()
            ],
        )?;
        self.touch(tag::balancers(app));
        Ok(())
    }

    /// # Errors
    /// `Taken` when the app has another load balancer of this name.
    pub fn update_balancer(&mut self, id: &BalancerId, draft: &BalancerDraft) -> Result<(), Failure> {
        self.connection.execute(
            "UPDATE balancer SET name = ?2, body = ?3, saved_ms = ?4 WHERE id = ?1",
            params![id.as_str(), draft.name.trim(), super::to_json("load balancer", draft)?, super::now()],
        )?;
        self.touch_balancer(id)
    }

    /// Notes that the Service of a link has the definition of this hash, since this resourceVersion.
    pub fn put_balancer_service(
        &mut self,
        id: &BalancerId,
        link: &LinkId,
        hash: &str,
        version: &str,
    ) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO balancer_service (balancer, link, hash, version, applied_ms) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (balancer, link) DO UPDATE SET hash = ?3, version = ?4, applied_ms = ?5",
            params![id.as_str(), link.as_str(), hash, version, super::now()],
        )?;
        self.touch_balancer(id)
    }

    /// Notes that the Service of a link is there no more.
    pub fn forget_balancer_service(&mut self, id: &BalancerId, link: &LinkId) -> Result<(), Failure> {
        self.connection.execute(
            "DELETE FROM balancer_service WHERE balancer = ?1 AND link = ?2",
            params![id.as_str(), link.as_str()],
        )?;
        self.touch_balancer(id)
    }

    /// Keeps the row for thirty days, see `restore_balancer`.
    pub fn delete_balancer(&mut self, id: &BalancerId) -> Result<(), Failure> {
        super::delete(self.connection, "balancer", id.as_str())?;
        self.touch_balancer(id)
    }

    /// # Errors
    /// `Taken` when the app has a new load balancer of this name.
    pub fn restore_balancer(&mut self, id: &BalancerId) -> Result<(), Failure> {
        super::restore(self.connection, "balancer", id.as_str())?;
        self.touch_balancer(id)
    }

    fn touch_balancer(&mut self, id: &BalancerId) -> Result<(), Failure> {
        let sql = "SELECT app FROM balancer WHERE id = ?1";
        let app: Option<String> = self.connection.query_row(sql, [id.as_str()], |row| row.get(0)).optional()?;
        if let Some(app) = app {
            self.touch(tag::balancers(&AppId::from(app)));
        }
        self.touch(tag::balancer(id));
        Ok(())
    }
}

/// How many load balancers of an app have a Service in a cluster.
pub(crate) fn standing(connection: &Connection, app: &AppId) -> rusqlite::Result<u32> {
    let sql = "SELECT count(DISTINCT balancer) FROM balancer_service JOIN balancer ON id = balancer WHERE app = ?1";
    connection.query_row(sql, [app.as_str()], |row| row.get(0))
}

/// All of an app, before the app itself goes.
pub(crate) fn delete_of_app(connection: &Connection, app: &AppId) -> rusqlite::Result<()> {
    let services = "DELETE FROM balancer_service WHERE balancer IN (SELECT id FROM balancer WHERE app = ?1)";
    connection.execute(services, [app.as_str()])?;
    connection.execute("DELETE FROM balancer WHERE app = ?1", [app.as_str()])?;
    Ok(())
}

/// Removes for good what was deleted more than thirty days ago.
pub(crate) fn forget_deleted(connection: &Connection) -> rusqlite::Result<()> {
    let before = super::undone_before();
    let services = "DELETE FROM balancer_service WHERE balancer IN (SELECT id FROM balancer WHERE deleted_ms < ?1)";
    connection.execute(services, [before])?;
    connection.execute("DELETE FROM balancer WHERE deleted_ms < ?1", [before])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreError;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};
    use jiff::SignedDuration;

    async fn with_app() -> (tempfile::TempDir, crate::Store, AppId) {
        let (folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 0, releases: 0 }).await.expect("an empty store");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        (folder, store, app)
    }

    fn draft(name: &str) -> BalancerDraft {
        BalancerDraft { name: name.to_owned(), groups: vec!["gone".into()], ..BalancerDraft::default() }
    }

    #[tokio::test]
    async fn a_draft_comes_back_as_typed_with_what_was_applied() {
        let (_folder, store, app) = with_app().await;
        let of_app = app.clone();
        let tags = tags_of(&store, move |w| w.insert_balancer(&"1".into(), &of_app, &draft(" web "))).await;
        assert_eq!(tags, [tag::balancers(&app)]);
        let entry = store.read(|r| r.balancer(&"1".into())).await.expect("read").expect("stored");
        assert_eq!((entry.draft, entry.services), (draft(" web "), vec![]), "wrong, and kept; applied nowhere");

        let tags = tags_of(&store, |w| w.put_balancer_service(&"1".into(), &"beijing".into(), "one", "7")).await;
        assert_eq!(tags, [tag::balancers(&app), tag::balancer(&"1".into())]);
        store.write(|w| w.put_balancer_service(&"1".into(), &"beijing".into(), "two", "7")).await.expect("again");
        store.write(|w| w.put_balancer_service(&"1".into(), &"shanghai".into(), "two", "7")).await.expect("a second");
        store.write(|w| w.update_balancer(&"1".into(), &draft("web"))).await.expect("changed");
        let of_app = app.clone();
        let entry = store.read(move |r| Ok(r.balancers_of_app(&of_app)?.remove(0))).await.expect("read");
        let applied: Vec<_> = entry.services.iter().map(|s| (s.link.as_str(), s.hash.as_str())).collect();
        assert_eq!(applied, [("beijing", "two"), ("shanghai", "two")], "a change of the draft applies nothing");
        store.write(|w| w.forget_balancer_service(&"1".into(), &"beijing".into())).await.expect("gone there");
        let entry = store.read(|r| r.balancer(&"1".into())).await.expect("read").expect("stored");
        assert_eq!(entry.services.len(), 1);
    }

    #[tokio::test]
    async fn names_are_unique_in_an_app() {
        let (_folder, store, app) = with_app().await;
        let of_app = app.clone();
        store.write(move |w| w.insert_balancer(&"1".into(), &of_app, &draft("web"))).await.expect("a first");
        let refused = store.write(move |w| w.insert_balancer(&"2".into(), &app, &draft("web "))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "balancer.name" })), "{refused:?}");
    }

    #[tokio::test]
    async fn a_deleted_one_can_be_had_back_for_thirty_days_and_goes_with_its_app() {
        let (folder, store, app) = with_app().await;
        let of_app = app.clone();
        store
            .write(move |w| {
                w.insert_balancer(&"1".into(), &of_app, &draft("web"))?;
                w.insert_balancer(&"2".into(), &of_app, &draft("metrics"))?;
                w.put_balancer_service(&"2".into(), &"beijing".into(), "hash", "7")
            })
            .await
            .expect("two");
        let of_app = app.clone();
        let refused = store.write(move |w| w.delete_app(&of_app)).await;
        assert!(matches!(refused, Err(StoreError::InUse { what: "app.balancers", count: 1 })), "{refused:?}");
        store.write(|w| w.forget_balancer_service(&"2".into(), &"beijing".into())).await.expect("gone there");
        for id in ["1", "2"] {
            store.write(move |w| w.delete_balancer(&id.into())).await.expect("deleted");
        }
        assert_eq!(store.read(|r| r.balancer(&"1".into())).await.expect("read"), None);
        store.write(|w| w.restore_balancer(&"1".into())).await.expect("the name is free");
        assert!(store.read(|r| r.balancer(&"1".into())).await.expect("read").is_some());
        let long_ago = (Timestamp::now() - SignedDuration::from_hours(24 * 31)).as_millisecond();
        let sql = "UPDATE balancer SET deleted_ms = ?1 WHERE id = '2'";
        store.write(move |w| Ok(w.connection.execute(sql, [long_ago]).map(drop)?)).await.expect("aged");
        store.close().await;
        let store = crate::Store::open(folder.path()).await.expect("again").store;
        let of_app = app.clone();
        assert_eq!(store.read(move |r| r.deleted_balancers(&of_app)).await.expect("read"), []);
        let of_app = app.clone();
        store.write(move |w| w.delete_app(&of_app)).await.expect("an app without groups");
        assert_eq!(store.read(move |r| r.balancers_of_app(&app)).await.expect("read"), []);
    }
}
