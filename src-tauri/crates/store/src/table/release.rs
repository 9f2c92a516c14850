//! Releases: the newest state of each, and all of history.

mod file;
mod head;
mod record;
mod search;
mod withheld;

pub(crate) use file::V5 as FILES_V5;
pub use head::{ReleaseHead, ReleasedValues};
pub use record::{ReleaseRecord, Taken};
pub use search::ReleaseFilter;
pub(crate) use search::{V6 as SEARCH_V6, seed};
pub use withheld::{Hidden, Kept};

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{ToSql, params};
use serde::de::DeserializeOwned;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::release::{Release, ReleaseState, Stage, Transition};
use std::collections::HashSet;

pub(crate) const V1: &str = "CREATE TABLE release (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    group_id TEXT NOT NULL,
    seq INTEGER,
    state TEXT NOT NULL,
    -- Whether this computer still owes the cluster something.
    open INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX release_seq ON release (group_id, seq);
CREATE INDEX release_of_app ON release (app, created_ms, id);
-- With the state, so that the last one of every group is read from the index alone.
CREATE INDEX release_of_group ON release (group_id, created_ms, id, state);
CREATE INDEX release_open ON release (open) WHERE open;";

/// The newest of each group is marked, so that the state of all groups is read in one go.
pub(crate) const V3: &str = "ALTER TABLE release ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
UPDATE release SET last = 1 WHERE id IN (
    SELECT (SELECT newest.id FROM release newest WHERE newest.group_id = of.group_id
            ORDER BY newest.created_ms DESC, newest.id DESC LIMIT 1)
    FROM (SELECT DISTINCT group_id FROM release) of);
CREATE INDEX release_last ON release (app, group_id, state, last) WHERE last;";

/// Of the record that it was read from: its resourceVersion. And whether this computer began it (1), or the draft here has
/// by now what it changed (2).
pub(crate) const V7: &str = "ALTER TABLE release ADD COLUMN record TEXT;
ALTER TABLE release ADD COLUMN own INTEGER NOT NULL DEFAULT 1;";

/// Queries of whole releases, from what follows the table on.
const BY_ID: &str = "WHERE id = ?1";
const OPEN: &str = "WHERE open ORDER BY created_ms";
const MOVING: &str = "WHERE group_id = ?1 AND state IN ('planned', 'moving') ORDER BY created_ms DESC LIMIT 1";
const WAITING: &str = "WHERE group_id = ?1 AND state IN ('stopped', 'resting') ORDER BY created_ms DESC";
/// Without the name of the index the whole history of the app is read: a partial one is passed over beside EXISTS.
const LAST_OF_APP: &str = "INDEXED BY release_last WHERE app = ?1 AND last
         AND EXISTS (SELECT 1 FROM group_draft g WHERE g.id = group_id AND g.deleted_ms IS NULL)
     ORDER BY state IN ('moving', 'planned', 'resting', 'stopped') DESC, created_ms DESC, id DESC";
/// Not taken back, and not without any effect.
const RELEASED: &str = "WHERE group_id = ?1 AND state NOT IN ('aborted', 'failed', 'superseded')
     ORDER BY created_ms DESC, id DESC LIMIT 1";
/// What stands before the first row of a page.
const BEFORE: &str = "AND (created_ms, id) < (SELECT created_ms, id FROM release WHERE id = ?3)";

const OPEN_IDS: &str = "SELECT id FROM release WHERE open ORDER BY created_ms";
const STATES_OF_GROUP: &str =
    "SELECT state FROM release WHERE group_id = ?1 ORDER BY created_ms DESC, id DESC LIMIT ?2";
/// The last that took effect of every group that has one, from the indexes alone.
const RELEASED_OF_APP: &str = "SELECT id, released FROM (
         SELECT g.id, (SELECT r.id FROM release r
                       WHERE r.group_id = g.id AND r.state NOT IN ('aborted', 'failed', 'superseded')
                       ORDER BY r.created_ms DESC, r.id DESC LIMIT 1) AS released
         FROM group_draft g WHERE g.app = ?1 AND g.deleted_ms IS NULL)
     WHERE released IS NOT NULL";
const LAST_STATES: &str = "SELECT group_id, app, state FROM release WHERE last";
const LIVE_GROUPS: &str = "SELECT id FROM group_draft WHERE deleted_ms IS NULL";
const COUNT_OF_APP: &str = "SELECT count(*) FROM release WHERE app = ?1";
const COUNT_OF_GROUP: &str = "SELECT count(*) FROM release WHERE group_id = ?1";
const MAX_SEQ: &str = "SELECT coalesce(max(seq), 0) FROM release WHERE group_id = ?1";

fn bodies(rest: &str) -> String {
    format!("SELECT body FROM release {rest}")
}

fn page(column: &str, before: &str) -> String {
    format!("WHERE {column} = ?1 {before} ORDER BY created_ms DESC, id DESC LIMIT ?2")
}

/// A body: the release without what its files hold.
fn pack(release: &Release) -> Result<Vec<u8>, Failure> {
    super::pack("release", super::to_json("release", &file::without_contents(release))?)
}

fn unpack<T: DeserializeOwned>(body: &[u8]) -> Result<T, Failure> {
    super::from_json("release", &super::unpack("release", body)?)
}

fn state(word: &str) -> Result<ReleaseState, Failure> {
    super::from_json("state", format!("{word:?}").as_bytes())
}

fn word(state: ReleaseState) -> String {
    serde_json::to_value(state).ok().and_then(|word| word.as_str().map(str::to_owned)).expect("a state is a word")
}

impl Reader<'_> {
    pub fn release(&self, id: &ReleaseId) -> Result<Option<Release>, Failure> {
        Ok(self.releases(BY_ID, &[&id.as_str()])?.pop())
    }

    /// Newest first, below `before`.
    pub fn releases_of_app(
        &self,
        app: &AppId,
        before: Option<&ReleaseId>,
        limit: u32,
    ) -> Result<Vec<ReleaseHead>, Failure> {
        self.page("app", app.as_str(), before, limit)
    }

    /// Newest first, below `before`.
    pub fn releases_of_group(
        &self,
        group: &GroupId,
        before: Option<&ReleaseId>,
        limit: u32,
    ) -> Result<Vec<ReleaseHead>, Failure> {
        self.page("group_id", group.as_str(), before, limit)
    }

    fn page(
        &self,
        column: &str,
        key: &str,
        before: Option<&ReleaseId>,
        limit: u32,
    ) -> Result<Vec<ReleaseHead>, Failure> {
        match before {
            None => self.bodies(&page(column, ""), &[&key, &limit]),
            Some(before) => self.bodies(&page(column, BEFORE), &[&key, &limit, &before.as_str()]),
        }
    }

    /// The newest of a group with all that they hold, newest first.
    pub fn whole_releases_of_group(&self, group: &GroupId, limit: u32) -> Result<Vec<Release>, Failure> {
        self.releases(&page("group_id", ""), &[&group.as_str(), &limit])
    }

    /// How the newest of a group stand, newest first.
    pub fn states_of_group(&self, group: &GroupId, limit: u32) -> Result<Vec<ReleaseState>, Failure> {
        let mut query = self.connection.prepare_cached(STATES_OF_GROUP)?;
        let words = query.query_map(params![group.as_str(), limit], |row| row.get::<_, String>(0))?;
        words.map(|word| state(&word?)).collect()
    }

    /// The last release of each group of an app, newest first; what moves or waits stands on top.
    pub fn last_releases(&self, app: &AppId) -> Result<Vec<ReleaseHead>, Failure> {
        self.bodies(LAST_OF_APP, &[&app.as_str()])
    }

    /// The last release of a group that took effect and was not taken back: what its pods are, or become.
    pub fn released(&self, group: &GroupId) -> Result<Option<Release>, Failure> {
        Ok(self.releases(RELEASED, &[&group.as_str()])?.pop())
    }

    /// Which that is, of every group of an app that has one.
    pub fn released_of_app(&self, app: &AppId) -> Result<Vec<(GroupId, ReleaseId)>, Failure> {
        let mut query = self.connection.prepare_cached(RELEASED_OF_APP)?;
        let rows = query.query_map([app.as_str()], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        rows.map(|row| row.map(|(group, id)| (group.into(), id.into())).map_err(Failure::from)).collect()
    }

    /// The values that each of them gave to keys.
    pub fn released_values_of_app(&self, app: &AppId) -> Result<Vec<ReleasedValues>, Failure> {
        let rest = format!("WHERE id IN (SELECT released FROM ({RELEASED_OF_APP}))");
        self.bodies(&rest, &[&app.as_str()])
    }

    /// State of the last release of every group.
    pub fn last_states(&self) -> Result<Vec<(AppId, ReleaseState)>, Failure> {
        let mut live = self.connection.prepare_cached(LIVE_GROUPS)?;
        let live = live.query_map([], |row| row.get::<_, String>(0))?.collect::<Result<HashSet<_>, _>>()?;
        let mut query = self.connection.prepare_cached(LAST_STATES)?;
        let rows = query
            .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?, row.get::<_, String>(2)?)))?
            .collect::<Result<Vec<_>, _>>()?;
        rows.into_iter()
            .filter(|(group, ..)| live.contains(group))
            .map(|(_, app, word)| Ok((app.into(), state(&word)?)))
            .collect()
    }

    pub fn count_of_app(&self, app: &AppId) -> Result<u32, Failure> {
        Ok(self.connection.prepare_cached(COUNT_OF_APP)?.query_row([app.as_str()], |row| row.get(0))?)
    }

    pub fn count_of_group(&self, group: &GroupId) -> Result<u32, Failure> {
        Ok(self.connection.prepare_cached(COUNT_OF_GROUP)?.query_row([group.as_str()], |row| row.get(0))?)
    }

    /// Releases that this computer still owes the cluster something: driven on at the next start.
    pub fn open_releases(&self) -> Result<Vec<Release>, Failure> {
        self.releases(OPEN, &[])
    }

    /// Which those are.
    pub fn open_release_ids(&self) -> Result<Vec<ReleaseId>, Failure> {
        let mut query = self.connection.prepare_cached(OPEN_IDS)?;
        let ids = query.query_map([], |row| row.get::<_, String>(0))?;
        ids.map(|id| Ok(id?.into())).collect()
    }

    /// The release of a group that moves just now.
    pub fn moving_release(&self, group: &GroupId) -> Result<Option<Release>, Failure> {
        Ok(self.releases(MOVING, &[&group.as_str()])?.pop())
    }

    /// Releases of a group that wait for a person or for their next batch: a new one takes their place.
    pub fn waiting_releases(&self, group: &GroupId) -> Result<Vec<Release>, Failure> {
        self.releases(WAITING, &[&group.as_str()])
    }

    /// Highest number a group has had here.
    pub fn max_seq(&self, group: &GroupId) -> Result<u32, Failure> {
        Ok(self.connection.prepare_cached(MAX_SEQ)?.query_row([group.as_str()], |row| row.get(0))?)
    }

    /// With all that they hold.
    fn releases(&self, rest: &str, parameters: &[&dyn ToSql]) -> Result<Vec<Release>, Failure> {
        self.bodies(rest, parameters)?.into_iter().map(|release| self.with_contents(release)).collect()
    }

    pub(super) fn bodies<T: DeserializeOwned>(&self, rest: &str, parameters: &[&dyn ToSql]) -> Result<Vec<T>, Failure> {
        let mut query = self.connection.prepare_cached(&bodies(rest))?;
        let bodies = query.query_map(parameters, |row| row.get::<_, Vec<u8>>(0))?.collect::<Result<Vec<_>, _>>()?;
        bodies.iter().map(|body| unpack(body)).collect()
    }
}

impl Writer<'_> {
    /// A new release, unless another of the group moves, or has begun for the same train: then that one is answered and
    /// nothing is written. One that is stopped or rests is superseded, which its record has still to be told, and the way back that it kept becomes the new
    /// one's.
    pub fn begin_release(&mut self, release: &Release) -> Result<Option<Release>, Failure> {
        if let Some(other) = self.moving_release(&release.group)?.or(self.begun_of_train(release)?) {
            return Ok(Some(other));
        }
        let mut release = release.clone();
        for mut waiting in self.waiting_releases(&release.group)? {
            if let (Some(base), Some(kept)) = (&mut release.plan.base, &waiting.plan.base) {
                base.stable.clone_from(&kept.stable);
            }
            waiting.state = ReleaseState::Superseded;
            waiting.stage = Stage::End;
            waiting.ended = Some(release.created);
            waiting.transitions.push(Transition {
                at: release.created,
                stage: waiting.stage,
                state: ReleaseState::Superseded,
                by: Some(release.author.display.clone()),
                note: None,
                batch: None,
            });
            self.update_release(&waiting)?;
            self.settle_release(&waiting.id, true)?;
        }
        self.insert_release(&release)?;
        Ok(None)
    }

    /// One that has ended already owes the cluster nothing.
    pub fn insert_release(&mut self, release: &Release) -> Result<(), Failure> {
        let head = ReleaseHead::from(release);
        self.connection
            .prepare_cached(
                "INSERT INTO release (id, app, group_id, seq, state, open, created_ms, body, person, words, train)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
            )?
            .execute(params![
                release.id.as_str(),
                release.app.as_str(),
                release.group.as_str(),
                release.seq.map(|seq| seq.0),
                word(release.state),
                !release.state.ended(),
                release.created.as_millisecond(),
                pack(release)?,
                search::person_of(&head),
                search::words_of(&head),
                release.train.as_ref().map(|train| train.id.as_str()),
            ])?;
        self.put_release_files(release)?;
        self.note_image(release)?;
        self.mark_last(release)?;
        self.touch_release(release);
        Ok(())
    }

    /// One that is read from a record may be older than others of its group.
    fn mark_last(&mut self, release: &Release) -> Result<(), Failure> {
        self.connection
            .prepare_cached(
                "UPDATE release SET last = id = (SELECT newest.id FROM release newest WHERE newest.group_id = ?2
                                                 ORDER BY newest.created_ms DESC, newest.id DESC LIMIT 1)
                 WHERE id = ?1 OR (app = ?3 AND group_id = ?2 AND last)",
            )?
            .execute(params![release.id.as_str(), release.group.as_str(), release.app.as_str()])?;
        Ok(())
    }

    /// The whole of it, after each transition, but for what its files hold: that is frozen.
    pub fn update_release(&mut self, release: &Release) -> Result<(), Failure> {
        // Its number comes after it was begun.
        let words = search::words_of(&ReleaseHead::from(release));
        self.connection
            .prepare_cached("UPDATE release SET seq = ?2, state = ?3, body = ?4, words = ?5 WHERE id = ?1")?
            .execute(params![
                release.id.as_str(),
                release.seq.map(|seq| seq.0),
                word(release.state),
                pack(release)?,
                words
            ])?;
        self.keep_release_files(release)?;
        self.touch_release(release);
        Ok(())
    }

    /// The cluster has been told everything about it, or a person has to decide first.
    pub fn settle_release(&mut self, id: &ReleaseId, open: bool) -> Result<(), Failure> {
        self.connection.execute("UPDATE release SET open = ?2 WHERE id = ?1", params![id.as_str(), open])?;
        self.touch(tag::release(id));
        Ok(())
    }

    fn touch_release(&mut self, release: &Release) {
        self.touch(tag::release(&release.id));
        self.touch(tag::releases_of_group(&release.group));
        self.touch(tag::releases_of_app(&release.app));
        self.touch(tag::apps());
        if let Some(train) = &release.train {
            self.touch(tag::train(&train.id));
        }
    }
}

#[cfg(test)]
mod tests;
