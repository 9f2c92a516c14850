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

const COUNTS: &str = "SELECT environment, count(*) FROM group_draft WHERE deleted_ms IS NULL GROUP BY environment";
const INSIDE: &str = "SELECT g.name, app.title FROM group_draft g JOIN app ON app.id = g.app
     WHERE g.environment = ?1 AND g.deleted_ms IS NULL ORDER BY app.slug, g.name";

/// A group that stands in an environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupOfEnvironment {
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

    /// How many groups stand in each that has any.
    pub fn environment_counts(&self) -> Result<Vec<(EnvironmentId, u32)>, Failure> {
        let mut query = self.connection.prepare_cached(COUNTS)?;
        let rows = query.query_map([], |row| Ok((row.get::<_, String>(0)?.into(), row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The groups that stand in one, by app and name.
    pub fn groups_of_environment(&self, id: &EnvironmentId) -> Result<Vec<GroupOfEnvironment>, Failure> {
        let mut query = self.connection.prepare_cached(INSIDE)?;
        let rows = query
            .query_map([id.as_str()], |row| Ok(GroupOfEnvironment { name: row.get(0)?, app_title: row.get(1)? }))?;
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
        let count = self.groups_of_environment(id)?.len();
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
        let counts = store.read(|r| r.environment_counts()).await.expect("counts");
        assert_eq!(counts, [("dev".into(), 1)]);
        let group = store.read(|r| Ok(r.groups_of_environment(&"dev".into())?.remove(0))).await.expect("a group");
        assert_eq!((group.name.as_str(), group.app_title.as_str()), ("dev-0", "Sample app 0"));
        let refused = store.write(|w| w.delete_environment(&"dev".into())).await;
        assert!(matches!(refused, Err(StoreError::InUse { what: "environment", count: 1 })), "{refused:?}");
        assert_eq!(tags_of(&store, |w| w.delete_environment(&"test".into())).await, [tag::environments()]);

        let mut moved = first_environments().remove(0);
        moved.order = 9;
        store.write(move |w| w.put_environment(&moved)).await.expect("a known one");
        let order = store.read(|r| r.environments()).await.expect("read");
        assert_eq!(order.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["staging", "prod", "dev"]);
    }

    /// A draft takes a page of its own, and there may be thousands.
    #[tokio::test]
    async fn where_groups_stand_is_told_by_the_index_alone() {
        let (_folder, store) = store().await;
        for (sql, by) in [(COUNTS, "SCAN group_draft USING COVERING INDEX"), (INSIDE, "SEARCH g USING INDEX")] {
            let plan = store.read(move |r| crate::table::testing::plan(r, sql)).await.expect("a plan");
            let by = format!("{by} group_draft_environment");
            assert!(plan.iter().any(|step| step.starts_with(&by)), "{sql}: {plan:?}");
        }
    }
}
