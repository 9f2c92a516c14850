//! Whom registries know this person as. Passwords are in the vault.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::params;
use slipway_model::registry::RegistryLogin;

pub(crate) const V2: &str = "CREATE TABLE registry (
    host TEXT PRIMARY KEY,
    username TEXT NOT NULL
) STRICT;";

/// Without TLS, because somebody said so. Who only said that has no name there.
pub(crate) const V5: &str = "ALTER TABLE registry ADD COLUMN plain INTEGER NOT NULL DEFAULT 0;";

impl Reader<'_> {
    /// By host.
    pub fn registries(&self) -> Result<Vec<RegistryLogin>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT host, username, plain FROM registry ORDER BY host")?;
        let rows = query
            .query_map([], |row| Ok(RegistryLogin { host: row.get(0)?, username: row.get(1)?, plain: row.get(2)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Replaces the one of this host.
    pub fn put_registry(&mut self, login: &RegistryLogin) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO registry (host, username, plain) VALUES (?1, ?2, ?3)
             ON CONFLICT (host) DO UPDATE SET username = ?2, plain = ?3",
            params![login.host, login.username, login.plain],
        )?;
        self.touch(tag::registries());
        Ok(())
    }

    pub fn delete_registry(&mut self, host: &str) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM registry WHERE host = ?1", [host])?;
        self.touch(tag::registries());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::{store, tags_of};

    #[tokio::test]
    async fn one_login_a_host() {
        let (_folder, store) = store().await;
        for username in ["ci", "", "ann"] {
            let host = "registry.example.com".into();
            let login = RegistryLogin { host, username: username.into(), plain: username.is_empty() };
            assert_eq!(tags_of(&store, move |w| w.put_registry(&login)).await, [tag::registries()]);
        }
        let found = store.read(|r| r.registries()).await.expect("read");
        let host = "registry.example.com".into();
        assert_eq!(found, [RegistryLogin { host, username: "ann".into(), plain: false }]);
        store.write(|w| w.delete_registry("registry.example.com")).await.expect("deleted");
        assert_eq!(store.read(|r| r.registries()).await.expect("read"), []);
    }
}
