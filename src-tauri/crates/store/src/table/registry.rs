//! Whom registries know this person as. Passwords are in the vault.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::params;
use slipway_model::registry::RegistryLogin;

pub(crate) const V2: &str = "CREATE TABLE registry (
    host TEXT PRIMARY KEY,
    username TEXT NOT NULL
) STRICT;";

impl Reader<'_> {
    /// By host.
    pub fn registries(&self) -> Result<Vec<RegistryLogin>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT host, username FROM registry ORDER BY host")?;
        let rows = query.query_map([], |row| Ok(RegistryLogin { host: row.get(0)?, username: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Replaces the one of this host.
    pub fn put_registry(&mut self, login: &RegistryLogin) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO registry (host, username) VALUES (?1, ?2) ON CONFLICT (host) DO UPDATE SET username = ?2",
            params![login.host, login.username],
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
        for username in ["ci", "ann"] {
            let login = RegistryLogin { host: "registry.example.com".into(), username: username.into() };
            assert_eq!(tags_of(&store, move |w| w.put_registry(&login)).await, [tag::registries()]);
        }
        let found = store.read(|r| r.registries()).await.expect("read");
        assert_eq!(found, [RegistryLogin { host: "registry.example.com".into(), username: "ann".into() }]);
        store.write(|w| w.delete_registry("registry.example.com")).await.expect("deleted");
        assert_eq!(store.read(|r| r.registries()).await.expect("read"), []);
    }
}
