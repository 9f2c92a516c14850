//! What the files of releases hold: each content once, and apart from the bodies, which lists are made of.

use crate::database::{Failure, Reader, Writer};
use crate::table::config;
use rusqlite::params;
use slipway_model::config::Content;
use slipway_model::id::ReleaseId;
use slipway_model::release::Release;

/// Releases of before have it in their bodies.
pub(crate) const V5: &str = "CREATE TABLE release_file (
    release TEXT NOT NULL REFERENCES release (id),
    -- Among the files of the release.
    place INTEGER NOT NULL,
    content TEXT NOT NULL REFERENCES config_content (hash),
    PRIMARY KEY (release, place)
) STRICT, WITHOUT ROWID;
CREATE INDEX release_file_content ON release_file (content);";

const CONTENTS: &str = "SELECT f.place, c.body FROM release_file f JOIN config_content c ON c.hash = f.content
     WHERE f.release = ?1";

/// The release with empty files. Ids of sensitive contents stay: who looks for them looks through the bodies.
pub(super) fn without_contents(release: &Release) -> Release {
    let mut release = release.clone();
    for file in &mut release.plan.config.files {
        if !matches!(file.content, Content::Sealed(_)) {
            file.content = Content::Text(String::new());
        }
    }
    release
}

impl Reader<'_> {
    /// Puts back what the files of a release hold.
    pub(super) fn with_contents(&self, mut release: Release) -> Result<Release, Failure> {
        if release.plan.config.files.is_empty() {
            return Ok(release);
        }
        let mut query = self.connection.prepare_cached(CONTENTS)?;
        let rows =
            query.query_map([release.id.as_str()], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        for (place, body) in rows.collect::<Result<Vec<_>, _>>()? {
            if let Some(file) = release.plan.config.files.get_mut(place as usize) {
                file.content = config::content(&body)?;
            }
        }
        Ok(release)
    }
}

impl Writer<'_> {
    /// A release of before brings its own from its body; what others hold stands already.
    pub(super) fn keep_release_files(&mut self, release: &Release) -> Result<(), Failure> {
        let stands = "SELECT EXISTS (SELECT 1 FROM release_file WHERE release = ?1)";
        if self.connection.prepare_cached(stands)?.query_row([release.id.as_str()], |row| row.get(0))? {
            return Ok(());
        }
        self.put_release_files(release)
    }

    pub(super) fn put_release_files(&mut self, release: &Release) -> Result<(), Failure> {
        for (place, file) in (0_u32..).zip(&release.plan.config.files) {
            if matches!(file.content, Content::Sealed(_)) {
                continue;
            }
            let hash = self.put_content(&file.content)?;
            self.connection
                .prepare_cached("INSERT INTO release_file (release, place, content) VALUES (?1, ?2, ?3)")?
                .execute(params![release.id.as_str(), place, hash])?;
        }
        Ok(())
    }

    /// Contents that nothing else holds go with them.
    pub(super) fn forget_release_files(&mut self, release: &ReleaseId) -> Result<(), Failure> {
        let of = "DELETE FROM release_file WHERE release = ?1 RETURNING content";
        let mut query = self.connection.prepare_cached(of)?;
        let contents = query.query_map([release.as_str()], |row| row.get::<_, String>(0))?;
        let contents = contents.collect::<Result<Vec<_>, _>>()?;
        drop(query);
        contents.iter().try_for_each(|content| self.forget_content(content))
    }
}
