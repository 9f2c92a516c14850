//! Links with clusters. Their credentials are in the vault.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{OptionalExtension, params};
use slipway_model::cluster::ClusterLink;
use slipway_model::id::LinkId;

pub(crate) const V1: &str = "CREATE TABLE link (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    namespace_uid TEXT NOT NULL UNIQUE,
    body BLOB NOT NULL
) STRICT;";

impl Reader<'_> {
    /// All by name.
    pub fn links(&self) -> Result<Vec<ClusterLink>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM link ORDER BY name")?;
        let bodies = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
        bodies.iter().map(|body| super::from_json("link", body)).collect()
    }

    pub fn link(&self, id: &LinkId) -> Result<Option<ClusterLink>, Failure> {
        self.one_link("SELECT body FROM link WHERE id = ?1", id.as_str())
    }

    pub fn link_by_name(&self, name: &str) -> Result<Option<ClusterLink>, Failure> {
        self.one_link("SELECT body FROM link WHERE name = ?1", name)
    }

    pub fn link_by_namespace(&self, uid: &str) -> Result<Option<ClusterLink>, Failure> {
        self.one_link("SELECT body FROM link WHERE namespace_uid = ?1", uid)
    }

    fn one_link(&self, sql: &str, key: &str) -> Result<Option<ClusterLink>, Failure> {
        let mut query = self.connection.prepare_cached(sql)?;
        let body = query.query_row([key], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        body.map(|body| super::from_json("link", &body)).transpose()
    }
}

impl Writer<'_> {
    /// A new link, or new facts of one.
    ///
    /// # Errors
    /// `Taken` for a name or namespace that another link has.
    pub fn put_link(&mut self, link: &ClusterLink) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO link (id, name, namespace_uid, body) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (id) DO UPDATE SET name = ?2, namespace_uid = ?3, body = ?4",
            params![link.id.as_str(), link.name, link.namespace_uid, super::to_json("link", link)?],
        )?;
        self.touch(tag::clusters());
        self.touch(tag::cluster(&link.id));
        Ok(())
    }

    /// Groups there keep the id of the link and become read-only.
    pub fn delete_link(&mut self, id: &LinkId) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM link WHERE id = ?1", [id.as_str()])?;
        self.touch(tag::clusters());
        self.touch(tag::cluster(id));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreError;
    use crate::table::testing::{store, tags_of};
    use slipway_model::cluster::{LinkSource, Role};

    fn link(id: &str, name: &str, uid: &str) -> ClusterLink {
        ClusterLink {
            id: id.into(),
            name: name.to_owned(),
            server: "https://127.0.0.1:6443".to_owned(),
            fingerprint: "AB:CD".to_owned(),
            namespace: "shop".to_owned(),
            namespace_uid: uid.to_owned(),
            identity: "system:serviceaccount:shop-access:li-hua".to_owned(),
            role: Some(Role::Manager),
            expires: Some("2031-01-02T03:04:05.678Z".parse().expect("a time")),
            source: LinkSource::Kubeconfig { file: "/home/li/.kube/config".to_owned(), context: "prod".to_owned() },
            prometheus: None,
        }
    }

    #[tokio::test]
    async fn a_link_is_written_renamed_and_deleted() {
        let (_folder, store) = store().await;
        let tags = tags_of(&store, |w| w.put_link(&link("1", "Beijing", "uid-1"))).await;
        assert_eq!(tags, [tag::cluster(&"1".into()), tag::clusters()]);
        store.write(|w| w.put_link(&link("1", "北京", "uid-1"))).await.expect("a new name");
        let renamed = link("1", "北京", "uid-1");
        assert_eq!(store.read(|r| r.links()).await.expect("read"), std::slice::from_ref(&renamed));
        assert_eq!(store.read(|r| r.link_by_namespace("uid-1")).await.expect("read"), Some(renamed.clone()));
        assert_eq!(store.read(|r| r.link_by_name("北京")).await.expect("read"), Some(renamed));
        assert_eq!(store.read(|r| r.link_by_name("Beijing")).await.expect("read"), None);
        store.write(|w| w.delete_link(&"1".into())).await.expect("a link");
        assert_eq!(store.read(|r| r.link(&"1".into())).await.expect("read"), None);
    }

    #[tokio::test]
    async fn names_and_namespaces_are_linked_once() {
        let (_folder, store) = store().await;
        store.write(|w| w.put_link(&link("1", "Beijing", "uid-1"))).await.expect("a first link");
        let refused = store.write(|w| w.put_link(&link("2", "Beijing", "uid-2"))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "cluster.name" })), "{refused:?}");
        let refused = store.write(|w| w.put_link(&link("2", "Shanghai", "uid-1"))).await;
        assert!(matches!(refused, Err(StoreError::Taken { what: "cluster.namespace" })), "{refused:?}");
    }
}
