//! Artifacts: the tags of repositories as they were read last, what digests stand for, and which releases used them.

use crate::database::{Failure, Reader, Writer};
use crate::table::release::ReleaseHead;
use crate::tag;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::Deserialize;
use slipway_model::artifact::ImageFacts;
use slipway_model::id::{AppId, ReleaseId};
use slipway_model::image::ImageRef;
use slipway_model::release::Release;
use std::collections::{HashMap, HashSet};

pub(crate) const V5: &str = "CREATE TABLE artifact_repository (
    repository TEXT PRIMARY KEY,
    read_ms INTEGER NOT NULL,
    -- It has more tags than were read.
    more INTEGER NOT NULL
) STRICT;
CREATE TABLE artifact_tag (
    repository TEXT NOT NULL,
    tag TEXT NOT NULL,
    -- What it led to, and when that was looked at.
    digest TEXT,
    looked_ms INTEGER,
    PRIMARY KEY (repository, tag)
) STRICT, WITHOUT ROWID;
-- Never changes: a digest stands for one content.
CREATE TABLE artifact_image (
    digest TEXT PRIMARY KEY,
    created_ms INTEGER,
    body BLOB NOT NULL
) STRICT;
CREATE TABLE release_image (
    release TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    repository TEXT NOT NULL,
    tag TEXT,
    digest TEXT
) STRICT;
CREATE INDEX release_image_of_app ON release_image (app, repository, tag);";

/// A tag as it was read last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownTag {
    pub tag: String,
    /// What it led to when it was looked at.
    pub digest: Option<String>,
    pub looked: Option<Timestamp>,
    /// When that image was built.
    pub created: Option<Timestamp>,
}

/// When the tags of a repository were read, and whether it has more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TagsRead {
    pub at: Timestamp,
    pub more: bool,
}

/// A tag that releases used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedTag {
    pub tag: String,
    pub releases: u32,
}

/// Fills `release_image` from the releases that are there. One that can not be read is one that nobody is shown.
pub(crate) fn seed(connection: &Connection) -> rusqlite::Result<()> {
    let mut query = connection.prepare("SELECT body FROM release")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let body: Vec<u8> = row.get(0)?;
        let release = super::unpack("release", &body).and_then(|json| super::from_json::<Stored>("release", &json));
        if let Ok(Stored { id, app, plan }) = release {
            note(connection, &id, &app, &plan.image)?;
        }
    }
    Ok(())
}

/// What of a stored release is asked here.
#[derive(Deserialize)]
struct Stored {
    id: ReleaseId,
    app: AppId,
    plan: StoredPlan,
}

#[derive(Deserialize)]
struct StoredPlan {
    image: ImageRef,
}

fn note(connection: &Connection, id: &ReleaseId, app: &AppId, image: &ImageRef) -> rusqlite::Result<()> {
    let sql = "INSERT INTO release_image (release, app, repository, tag, digest) VALUES (?1, ?2, ?3, ?4, ?5)";
    connection.prepare_cached(sql)?.execute(params![
        id.as_str(),
        app.as_str(),
        image.repository(),
        image.tag(),
        image.digest()
    ])?;
    Ok(())
}

fn timestamp(ms: Option<i64>) -> Option<Timestamp> {
    ms.and_then(|ms| Timestamp::from_millisecond(ms).ok())
}

impl Reader<'_> {
    /// `None` until the tags of a repository were read once.
    pub fn tags_read(&self, repository: &str) -> Result<Option<TagsRead>, Failure> {
        let sql = "SELECT read_ms, more FROM artifact_repository WHERE repository = ?1";
        let mut query = self.connection.prepare_cached(sql)?;
        let row = query.query_row([repository], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?))).optional()?;
        Ok(row.and_then(|(at, more)| Some(TagsRead { at: timestamp(Some(at))?, more })))
    }

    /// By name.
    pub fn known_tags(&self, repository: &str) -> Result<Vec<KnownTag>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT tag, t.digest, looked_ms, created_ms FROM artifact_tag t
             LEFT JOIN artifact_image i ON i.digest = t.digest WHERE repository = ?1 ORDER BY tag",
        )?;
        let rows = query.query_map([repository], |row| {
            Ok(KnownTag {
                tag: row.get(0)?,
                digest: row.get(1)?,
                looked: timestamp(row.get(2)?),
                created: timestamp(row.get(3)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// What these digests stand for, as far as it is known.
    pub fn image_facts<'d>(
        &self,
        digests: impl IntoIterator<Item = &'d str>,
    ) -> Result<HashMap<String, ImageFacts>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM artifact_image WHERE digest = ?1")?;
        let mut found = HashMap::new();
        for digest in digests {
            if let Some(body) = query.query_row([digest], |row| row.get::<_, Vec<u8>>(0)).optional()? {
                found.insert(digest.to_owned(), super::from_json("image", &super::unpack("image", &body)?)?);
            }
        }
        Ok(found)
    }

    /// Tags of a repository that releases of an app used, by name.
    pub fn used_tags(&self, app: &AppId, repository: &str) -> Result<Vec<UsedTag>, Failure> {
        let mut query = self.connection.prepare_cached(
            "SELECT tag, count(*) FROM release_image WHERE app = ?1 AND repository = ?2 AND tag IS NOT NULL
             GROUP BY tag ORDER BY tag",
        )?;
        let rows = query
            .query_map([app.as_str(), repository], |row| Ok(UsedTag { tag: row.get(0)?, releases: row.get(1)? }))?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// The last releases of an app with a tag, newest first.
    pub fn releases_of_tag(
        &self,
        app: &AppId,
        repository: &str,
        tag: &str,
        limit: u32,
    ) -> Result<Vec<ReleaseHead>, Failure> {
        self.bodies(
            "WHERE id IN (SELECT release FROM release_image WHERE app = ?1 AND repository = ?2 AND tag = ?3)
             ORDER BY created_ms DESC, id DESC LIMIT ?4",
            &[&app.as_str(), &repository, &tag, &limit],
        )
    }
}

impl Writer<'_> {
    /// The tags that a repository has now. What is known of those that stay is kept.
    pub fn put_tags(&mut self, repository: &str, tags: &[String], more: bool, now: Timestamp) -> Result<(), Failure> {
        let known: HashSet<String> = self.known_tags(repository)?.into_iter().map(|known| known.tag).collect();
        let listed: HashSet<&str> = tags.iter().map(String::as_str).collect();
        let mut insert =
            self.connection.prepare_cached("INSERT OR IGNORE INTO artifact_tag (repository, tag) VALUES (?1, ?2)")?;
        for tag in tags.iter().filter(|tag| !known.contains(*tag)) {
            insert.execute([repository, tag])?;
        }
        let mut delete =
            self.connection.prepare_cached("DELETE FROM artifact_tag WHERE repository = ?1 AND tag = ?2")?;
        for tag in known.iter().filter(|tag| !listed.contains(tag.as_str())) {
            delete.execute([repository, tag])?;
        }
        self.connection.execute(
            "INSERT INTO artifact_repository (repository, read_ms, more) VALUES (?1, ?2, ?3)
             ON CONFLICT (repository) DO UPDATE SET read_ms = ?2, more = ?3",
            params![repository, now.as_millisecond(), more],
        )?;
        self.touch(tag::artifacts(repository));
        Ok(())
    }

    /// What tags lead to now: `None` for one that the registry has no longer.
    pub fn put_looked(
        &mut self,
        repository: &str,
        looked: &[(String, Option<String>)],
        now: Timestamp,
    ) -> Result<(), Failure> {
        let mut update = self
            .connection
            .prepare_cached("UPDATE artifact_tag SET digest = ?3, looked_ms = ?4 WHERE repository = ?1 AND tag = ?2")?;
        let mut delete =
            self.connection.prepare_cached("DELETE FROM artifact_tag WHERE repository = ?1 AND tag = ?2")?;
        for (tag, digest) in looked {
            match digest {
                Some(digest) => update.execute(params![repository, tag, digest, now.as_millisecond()])?,
                None => delete.execute([repository, tag])?,
            };
        }
        self.touch(tag::artifacts(repository));
        Ok(())
    }

    pub fn put_image_facts(&mut self, facts: &[ImageFacts]) -> Result<(), Failure> {
        let sql = "INSERT OR REPLACE INTO artifact_image (digest, created_ms, body) VALUES (?1, ?2, ?3)";
        let mut insert = self.connection.prepare_cached(sql)?;
        for facts in facts {
            let created = facts.looked_at().and_then(|image| image.created).map(Timestamp::as_millisecond);
            let body = super::pack("image", super::to_json("image", facts)?)?;
            insert.execute(params![facts.digest, created, body])?;
        }
        Ok(())
    }

    pub(crate) fn note_image(&mut self, release: &Release) -> Result<(), Failure> {
        Ok(note(self.connection, &release.id, &release.app, &release.plan.image)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::{store, tags_of};
    use slipway_model::artifact::PlatformImage;

    const REPOSITORY: &str = "registry.example.com/shop/checkout-api";

    fn now() -> Timestamp {
        "2025-11-20T14:02:00Z".parse().expect("a time")
    }

    fn facts(digest: &str) -> ImageFacts {
        let image = PlatformImage {
            os: "linux".into(),
            architecture: "amd64".into(),
            variant: None,
            digest: digest.into(),
            size: Some(194_000_000),
            created: Some(now()),
            revision: None,
        };
        ImageFacts { digest: digest.into(), platforms: vec![image], other: None }
    }

    fn names(tags: &[&str]) -> Vec<String> {
        tags.iter().map(|&tag| tag.to_owned()).collect()
    }

    #[tokio::test]
    async fn what_is_known_of_a_tag_is_kept_while_it_is_listed() {
        let (_folder, store) = store().await;
        assert_eq!(store.read(|r| r.tags_read(REPOSITORY)).await.expect("read"), None);
        let first = names(&["1.0", "1.1"]);
        let told = tags_of(&store, move |w| w.put_tags(REPOSITORY, &first, false, now())).await;
        assert_eq!(told, [tag::artifacts(REPOSITORY)]);
        let looked = vec![("1.1".to_owned(), Some("sha256:b".to_owned()))];
        store
            .write(move |w| {
                w.put_image_facts(&[facts("sha256:b")])?;
                w.put_looked(REPOSITORY, &looked, now())
            })
            .await
            .expect("written");
        let second = names(&["1.1", "1.2"]);
        store.write(move |w| w.put_tags(REPOSITORY, &second, true, now())).await.expect("written");
        let (read, known) =
            store.read(|r| Ok((r.tags_read(REPOSITORY)?, r.known_tags(REPOSITORY)?))).await.expect("read");
        assert_eq!(read, Some(TagsRead { at: now(), more: true }));
        let told: Vec<_> =
            known.iter().map(|known| (known.tag.as_str(), known.digest.as_deref(), known.created)).collect();
        assert_eq!(told, [("1.1", Some("sha256:b"), Some(now())), ("1.2", None, None)]);
        let found = store.read(|r| r.image_facts(["sha256:b", "sha256:c"])).await.expect("read");
        assert_eq!(found, HashMap::from([("sha256:b".to_owned(), facts("sha256:b"))]));
        store.write(|w| w.put_looked(REPOSITORY, &[("1.1".to_owned(), None)], now())).await.expect("written");
        assert_eq!(store.read(|r| r.known_tags(REPOSITORY)).await.expect("read").len(), 1);
    }

    #[tokio::test]
    async fn releases_are_found_by_their_image() {
        let (_folder, store) = store().await;
        sample::fill(&store, Size { apps: 2, groups: 4, releases: 40 }).await.expect("filled");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0)).await.expect("apps");
        let (of_app, repository) = (app.id.clone(), app.repository.clone());
        let used = store.read(move |r| r.used_tags(&of_app, &repository)).await.expect("read");
        assert_eq!(used.iter().map(|used| used.releases).sum::<u32>(), 20);
        let (first, of_app) = (used[0].clone(), app.id.clone());
        let found =
            store.read(move |r| r.releases_of_tag(&of_app, &app.repository, &first.tag, 1)).await.expect("read");
        assert_eq!((found.len(), found[0].plan.image.tag()), (1, Some(used[0].tag.as_str())));
    }
}
