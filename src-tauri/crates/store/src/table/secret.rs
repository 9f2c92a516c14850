//! Sealed secrets, and the folder's name in the OS keyring.

use crate::database::{Failure, Reader, Writer};
use rusqlite::{OptionalExtension, params};

pub(crate) const V1: &str = "CREATE TABLE secret (
    id TEXT PRIMARY KEY,
    sealed BLOB NOT NULL
) STRICT;
CREATE TABLE vault (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    folder TEXT NOT NULL
) STRICT;";

impl Reader<'_> {
    pub(crate) fn sealed(&self, id: &str) -> Result<Option<Vec<u8>>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT sealed FROM secret WHERE id = ?1")?;
        Ok(query.query_row([id], |row| row.get(0)).optional()?)
    }

    /// Ids of all that is sealed.
    pub fn sealed_ids(&self) -> Result<Vec<String>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT id FROM secret")?;
        let ids = query.query_map([], |row| row.get(0))?;
        Ok(ids.collect::<Result<_, _>>()?)
    }

    /// Some sealed secret with its id, to try a key on.
    pub(crate) fn any_sealed(&self) -> Result<Option<(String, Vec<u8>)>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT id, sealed FROM secret LIMIT 1")?;
        Ok(query.query_row([], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }
}

impl Writer<'_> {
    pub(crate) fn put_sealed(&mut self, id: &str, sealed: &[u8]) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO secret (id, sealed) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE SET sealed = ?2",
            params![id, sealed],
        )?;
        Ok(())
    }

    pub(crate) fn delete_sealed(&mut self, id: &str) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM secret WHERE id = ?1", [id])?;
        Ok(())
    }

    /// The random name under which the keyring holds this folder's key; made at the first asking.
    pub(crate) fn vault_folder(&mut self) -> Result<String, Failure> {
        let fresh = uuid::Uuid::new_v4().to_string();
        self.connection
            .execute("INSERT INTO vault (id, folder) VALUES (1, ?1) ON CONFLICT (id) DO NOTHING", [fresh])?;
        Ok(self.connection.query_row("SELECT folder FROM vault WHERE id = 1", [], |row| row.get(0))?)
    }
}
