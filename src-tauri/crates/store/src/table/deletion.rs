//! Deletions of groups: the intention before anything goes, and how far it is.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{OptionalExtension, params};
use slipway_model::deletion::Deletion;
use slipway_model::id::GroupId;

pub(crate) const V2: &str = "CREATE TABLE deletion (
    group_id TEXT PRIMARY KEY,
    open INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;";

impl Reader<'_> {
    /// The deletion of a group, under way or done.
    pub fn deletion(&self, group: &GroupId) -> Result<Option<Deletion>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM deletion WHERE group_id = ?1")?;
        let body = query.query_row([group.as_str()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        body.map(|body| super::from_json("deletion", &body)).transpose()
    }

    /// Those that are not done.
    pub fn open_deletions(&self) -> Result<Vec<Deletion>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM deletion WHERE open = 1")?;
        let bodies = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
        bodies.iter().map(|body| super::from_json("deletion", body)).collect()
    }
}

impl Writer<'_> {
    /// A new deletion, or how far one is.
    pub fn put_deletion(&mut self, deletion: &Deletion) -> Result<(), Failure> {
        self.connection.execute(
            "INSERT INTO deletion (group_id, open, body) VALUES (?1, ?2, ?3)
             ON CONFLICT (group_id) DO UPDATE SET open = ?2, body = ?3",
            params![deletion.group.as_str(), deletion.ended.is_none(), super::to_json("deletion", deletion)?],
        )?;
        self.touch(tag::group(&deletion.group));
        self.touch(tag::groups(&deletion.app));
        Ok(())
    }

    /// The group is there again.
    pub fn forget_deletion(&mut self, group: &GroupId) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM deletion WHERE group_id = ?1", [group.as_str()])?;
        self.touch(tag::group(group));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::{store, tags_of};
    use jiff::Timestamp;
    use slipway_model::deletion::{Doomed, DoomedKind, DoomedState};
    use slipway_model::release::Author;

    fn deletion() -> Deletion {
        let object = |kind, name: &str| Doomed {
            kind,
            name: name.into(),
            uid: "1".into(),
            facts: std::collections::BTreeMap::new(),
            state: DoomedState::Waiting,
        };
        Deletion {
            group: "g".into(),
            app: "a".into(),
            link: "l".into(),
            namespace: "shop".into(),
            app_slug: "api".into(),
            group_slug: "prod".into(),
            workload: "api-prod".into(),
            author: Author::default(),
            begun: Timestamp::UNIX_EPOCH,
            ended: None,
            objects: vec![object(DoomedKind::Deployment, "api-prod"), object(DoomedKind::Lease, "slipway-api-prod")],
            balancers: Vec::new(),
            export: "/exports/api-prod.zip".into(),
            stuck: None,
        }
    }

    #[tokio::test]
    async fn a_deletion_is_open_until_everything_is_gone() {
        let (_folder, store) = store().await;
        let tags = tags_of(&store, |w| w.put_deletion(&deletion())).await;
        assert_eq!(tags, [tag::groups(&"a".into()), tag::group(&"g".into())]);
        assert_eq!(store.read(|r| r.open_deletions()).await.expect("read"), [deletion()]);

        let mut done = deletion();
        done.objects.iter_mut().for_each(|object| object.state = DoomedState::Gone);
        done.ended = Some(Timestamp::UNIX_EPOCH);
        let written = done.clone();
        store.write(move |w| w.put_deletion(&written)).await.expect("a known one");
        assert_eq!(store.read(|r| r.open_deletions()).await.expect("read"), []);
        assert_eq!(store.read(|r| r.deletion(&"g".into())).await.expect("read"), Some(done));
        store.write(|w| w.forget_deletion(&"g".into())).await.expect("a known one");
        assert_eq!(store.read(|r| r.deletion(&"g".into())).await.expect("read"), None);
    }
}
