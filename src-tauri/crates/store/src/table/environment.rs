//! Environments.

use crate::database::{Failure, Reader, Writer};
use crate::error::StoreError;
use crate::tag;
use rusqlite::{Connection, params};
use slipway_model::environment::{Environment, first_environments};
use slipway_model::id::EnvironmentId;

pub(crate) const V1: &str = "CREATE TABLE environment (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;";

/// A group that stands in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfEnvironment {
    pub environment: EnvironmentId,
    pub name: String,
    pub app_title: String,
}

/// What a new folder begins with.
pub(crate) fn seed(connection: &Connection) -> rusqlite::Result<()> {
    for environment in first_environments() {
        let body = serde_json::to_vec(&environment).expect("an environment is plain data");
        connection.execute(
            "INSERT INTO environment (id, position, body) VALUES (?1, ?2, ?3)",
            params![environment.id.as_str(), environment.order, body],
        )?;
    }
    Ok(())
}

impl Reader<'_> {
    /// All, from the safest to the most dangerous.
    pub fn environments(&self) -> Result<Vec<Environment>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM environment ORDER BY position, id")?;
        let bodies = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
        bodies.iter().map(|body| super::from_json("environment", body)).collect()
    }

    /// Every group with its environment, by app and name.
    pub fn groups_by_environment(&self) -> Result<Vec<GroupOfEnvironment>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT json_extract(CAST(g.body AS TEXT), '$.environment'), g.name, app.title
             FROM group_draft g JOIN app ON app.id = g.app WHERE g.deleted_ms IS NULL ORDER BY app.slug, g.name",
        )?;
        let rows = query.query_map([], |row| {
            Ok(GroupOfEnvironment {
                environment: row.get::<_, String>(0)?.into(),
                name: row.get(1)?,
                app_title: row.get(2)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// A new environment, or another state of one. Records keep what they said.
    pub fn put_environment(&mut self, environment: &Environment) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO environment (id, position, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (id) DO UPDATE SET position = ?2, body = ?3",
            params![environment.id.as_str(), environment.order, super::to_json("environment", environment)?],
        )?;
        self.touch(tag::environments());
        Ok(())
    }

    /// # Errors
    /// `InUse` while a group stands in it.
    pub fn delete_environment(&mut self, id: &EnvironmentId) -> Result<(), Failure> {
        let count = self.groups_by_environment()?.iter().filter(|group| group.environment == *id).count();
        if count > 0 {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            return Err(StoreError::InUse { what: "environment", count }.into());
        }
        self.connection.execute("DELETE FROM environment WHERE id = ?1", [id.as_str()])?;
        self.touch(tag::environments());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};

    #[tokio::test]
    async fn a_new_folder_has_the_first_environments() {
        let (_folder, store) = store().await;
        assert_eq!(store.read(|r| r.environments()).await.expect("read"), first_environments());
    }

    #[tokio::test]
    async fn an_environment_goes_once_no_group_stands_in_it() {
        let (_folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 1, releases: 0 }).await.expect("an empty store");
        let group = store.read(|r| Ok(r.groups_by_environment()?.remove(0))).await.expect("a group");
        assert_eq!((group.environment.as_str(), group.app_title.as_str()), ("dev", "Sample app 0"));
        let refused = store.write(|w| w.delete_environment(&"dev".into())).await;
        assert!(matches!(refused, Err(StoreError::InUse { what: "environment", count: 1 })), "{refused:?}");
        assert_eq!(tags_of(&store, |w| w.delete_environment(&"test".into())).await, [tag::environments()]);

        let mut moved = first_environments().remove(0);
        moved.order = 9;
        store.write(move |w| w.put_environment(&moved)).await.expect("a known one");
        let order = store.read(|r| r.environments()).await.expect("read");
        assert_eq!(order.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["staging", "prod", "dev"]);
    }
}
