//! Apps.

use crate::database::{Failure, Reader, Writer};
use crate::error::StoreError;
use crate::tag;
use rusqlite::{OptionalExtension, Row, params};
use slipway_model::app::App;
use slipway_model::id::AppId;
use slipway_model::name::Slug;

pub(crate) const V1: &str = "CREATE TABLE app (
    id TEXT PRIMARY KEY,
    slug TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL,
    repository TEXT NOT NULL,
    deploy_path TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;";

const COLUMNS: &str = "app.id, app.slug, app.title, app.repository, app.deploy_path";

fn read(row: &Row<'_>) -> rusqlite::Result<App> {
    let slug: String = row.get(1)?;
    let slug =
        Slug::parse(&slug).map_err(|_| rusqlite::Error::InvalidColumnType(1, slug, rusqlite::types::Type::Text))?;
    Ok(App {
        id: row.get::<_, String>(0)?.into(),
        slug,
        title: row.get(2)?,
        repository: row.get(3)?,
        deploy_path: row.get(4)?,
    })
}

impl Reader<'_> {
    /// All by slug, each with the number of its groups.
    pub fn apps(&self) -> Result<Vec<(App, u32)>, Failure> {
        let sql = format!(
            "SELECT {COLUMNS}, (SELECT count(*) FROM group_draft g WHERE g.app = app.id AND g.deleted_ms IS NULL)
             FROM app ORDER BY slug"
        );
        let mut query = self.connection.prepare_cached(&sql)?;
        let rows = query.query_map([], |row| Ok((read(row)?, row.get(5)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    pub fn app(&self, id: &AppId) -> Result<Option<App>, Failure> {
        let mut query = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM app WHERE id = ?1"))?;
        Ok(query.query_row([id.as_str()], read).optional()?)
    }

    pub fn app_by_slug(&self, slug: &str) -> Result<Option<App>, Failure> {
        let mut query = self.connection.prepare_cached(&format!("SELECT {COLUMNS} FROM app WHERE slug = ?1"))?;
        Ok(query.query_row([slug], read).optional()?)
    }
}

impl Writer<'_> {
    /// # Errors
    /// `Taken` when another app has the slug.
    pub fn insert_app(&mut self, app: &App) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO app (id, slug, title, repository, deploy_path, created_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            params![app.id.as_str(), app.slug.as_str(), app.title, app.repository, app.deploy_path, super::now()],
        )?;
        self.touch(tag::apps());
        Ok(())
    }

    pub fn update_app(&mut self, app: &App) -> Result<(), Failure> {
        self.connection.execute(
            "UPDATE app SET title = ?2, repository = ?3, deploy_path = ?4 WHERE id = ?1",
            params![app.id.as_str(), app.title, app.repository, app.deploy_path],
        )?;
        self.touch(tag::apps());
        self.touch(tag::app(&app.id));
        Ok(())
    }

    /// # Errors
    /// `InUse` while the app has groups, or load balancers that stand in a cluster.
    pub fn delete_app(&mut self, id: &AppId) -> Result<(), Failure> {
        let count: u32 = self.connection.query_row(
            "SELECT count(*) FROM group_draft WHERE app = ?1 AND deleted_ms IS NULL",
            [id.as_str()],
            |row| row.get(0),
        )?;
        if count > 0 {
            return Err(StoreError::InUse { what: "app", count }.into());
        }
        let count = super::balancer::standing(self.connection, id)?;
        if count > 0 {
            return Err(StoreError::InUse { what: "app.balancers", count }.into());
        }
        super::balancer::delete_of_app(self.connection, id)?;
        super::folder::delete_of_app(self.connection, id)?;
        super::group::delete_of_app(self.connection, id)?;
        super::config::forget_app(self.connection, id)?;
        self.connection.execute("DELETE FROM app WHERE id = ?1", [id.as_str()])?;
        self.touch(tag::apps());
        self.touch(tag::app(id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};

    fn app(id: &str, slug: &str) -> App {
        let slug = Slug::parse(slug).expect("a label");
        let (repository, deploy_path) = ("registry.example.com/shop/api".to_owned(), "/export/".to_owned());
        App { id: id.into(), slug, title: "支付 API".to_owned(), repository, deploy_path }
    }

    #[tokio::test]
    async fn an_app_is_written_changed_and_deleted() {
        let (_folder, store) = store().await;
        let inserted = app("1", "checkout-api");
        let tags = tags_of(&store, move |w| w.insert_app(&inserted)).await;
        assert_eq!(tags, [tag::apps()]);
        let changed = App { title: "Checkout".to_owned(), ..app("1", "checkout-api") };
        let update = changed.clone();
        let tags = tags_of(&store, move |w| w.update_app(&update)).await;
        assert_eq!(tags, [tag::app(&"1".into()), tag::apps()]);
        assert_eq!(store.read(|r| r.apps()).await.expect("read"), [(changed.clone(), 0)]);
        assert_eq!(store.read(|r| r.app_by_slug("checkout-api")).await.expect("read"), Some(changed));
        assert_eq!(store.read(|r| r.app_by_slug("Checkout-api")).await.expect("read"), None);
        store.write(|w| w.delete_app(&"1".into())).await.expect("no groups");
        assert_eq!(store.read(|r| r.app(&"1".into())).await.expect("read"), None);
    }

    #[tokio::test]
    async fn two_apps_do_not_share_a_slug() {
        let (_folder, store) = store().await;
        store.write(|w| w.insert_app(&app("1", "api"))).await.expect("a new slug");
        let refused = store.write(|w| w.insert_app(&app("2", "api"))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "app.slug" })), "{refused:?}");
    }

    #[tokio::test]
    async fn an_app_with_groups_stays() {
        let (_folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 2, releases: 2 }).await.expect("an empty store");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        let deleted = app.clone();
        let refused = store.write(move |w| w.delete_app(&deleted)).await;
        assert!(matches!(refused, Err(StoreError::InUse { what: "app", count: 2 })), "{refused:?}");

        store
            .write(move |w| {
                for group in w.groups_of_app(&app)? {
                    w.delete_group(&group.id)?;
                }
                w.delete_app(&app)
            })
            .await
            .expect("no groups any more");
        assert_eq!(store.read(|r| r.apps()).await.expect("read"), []);
    }
}
