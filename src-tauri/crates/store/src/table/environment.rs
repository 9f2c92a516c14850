//! Environments.

use crate::database::{Failure, Reader};
use rusqlite::{Connection, params};
use slipway_model::environment::{Environment, first_environments};

pub(crate) const V1: &str = "CREATE TABLE environment (
    id TEXT PRIMARY KEY,
    position INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;";

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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::store;

    #[tokio::test]
    async fn a_new_folder_has_the_first_environments() {
        let (_folder, store) = store().await;
        assert_eq!(store.read(|r| r.environments()).await.expect("read"), first_environments());
    }
}
