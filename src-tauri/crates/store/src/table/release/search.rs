//! History narrowed: by group, person, result, time and words, from one index, so that its length hardly matters.

use super::{ReleaseHead, word};
use crate::database::{Failure, Reader};
use jiff::Timestamp;
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, params, params_from_iter};
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_model::release::ReleaseState;

/// Who, and everything that is searched, beside the body: a list is made without reading those that it does not show.
pub(crate) const V6: &str = "ALTER TABLE release ADD COLUMN person TEXT NOT NULL DEFAULT '';
ALTER TABLE release ADD COLUMN words TEXT NOT NULL DEFAULT '';
CREATE INDEX release_search ON release (app, created_ms, id, group_id, state, person, words);
CREATE INDEX release_person ON release (app, person, created_ms, id);
CREATE INDEX release_state ON release (app, state, created_ms, id);";

/// From name to name, so that it costs as many steps as there are people.
pub(super) const PEOPLE: &str = "WITH RECURSIVE one (name) AS (
         SELECT min(person) FROM release WHERE app = ?1 AND person > ''
         UNION ALL SELECT (SELECT min(person) FROM release WHERE app = ?1 AND person > name) FROM one
         WHERE name IS NOT NULL)
     SELECT name FROM one WHERE name IS NOT NULL";
/// From an index alone: bodies would be ten times as much to read.
pub(super) const NARROWED: &str = "FROM release INDEXED BY release_search WHERE app = ?";

/// What of a history is shown; nothing said: all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseFilter {
    pub group: Option<GroupId>,
    /// As the list names who released it.
    pub person: Option<String>,
    pub state: Option<ReleaseState>,
    pub since: Option<Timestamp>,
    /// Part of a number, a version, a group's name or a note; the case does not matter.
    pub text: String,
}

impl ReleaseFilter {
    /// Whether a release is shown.
    pub fn takes(&self, release: &ReleaseHead) -> bool {
        self.group.as_ref().is_none_or(|group| *group == release.group)
            && self.person.as_ref().is_none_or(|person| person == person_of(release))
            && self.state.is_none_or(|state| state == release.state)
            && self.since.is_none_or(|since| since <= release.created)
            && words_of(release).contains(self.text.trim().to_lowercase().as_str())
    }

    fn conditions(&self, app: &AppId) -> (String, Vec<Value>) {
        let mut sql = match self {
            // With time or without, these stand together in an index of their own.
            Self { group: None, person: Some(_), state: None, text, .. } if text.trim().is_empty() => {
                NARROWED.replace("release_search", "release_person")
            }
            Self { group: None, person: None, state: Some(_), text, .. } if text.trim().is_empty() => {
                NARROWED.replace("release_search", "release_state")
            }
            _ => NARROWED.to_owned(),
        };
        let mut values = vec![Value::from(app.to_string())];
        let mut and = |condition: &str, value: Value| {
            sql.push_str(condition);
            values.push(value);
        };
        if let Some(group) = &self.group {
            and(" AND group_id = ?", group.to_string().into());
        }
        if let Some(person) = &self.person {
            and(" AND person = ?", person.clone().into());
        }
        if let Some(state) = self.state {
            and(" AND state = ?", word(state).into());
        }
        if let Some(since) = self.since {
            and(" AND created_ms >= ?", since.as_millisecond().into());
        }
        let text = self.text.trim().to_lowercase();
        if !text.is_empty() {
            and(" AND instr(words, ?)", text.into());
        }
        (sql, values)
    }
}

/// As they call themselves, else as the cluster knows them.
pub(super) fn person_of(release: &ReleaseHead) -> &str {
    let author = &release.author;
    if author.display.is_empty() { &author.identity } else { &author.display }
}

pub(super) fn words_of(release: &ReleaseHead) -> String {
    let number = release.seq.map(|seq| seq.to_string()).unwrap_or_default();
    let (from, to) = (release.plan.from.as_deref().unwrap_or_default(), release.plan.image.version());
    [number.as_str(), from, to, release.plan.group.slug.as_str(), &release.note].join("\n").to_lowercase()
}

/// Fills the columns of releases that were stored before there were any. What cannot be read stays without.
pub(crate) fn seed(connection: &Connection) -> rusqlite::Result<()> {
    let mut query = connection.prepare("SELECT id, body FROM release")?;
    let mut fill = connection.prepare("UPDATE release SET person = ?2, words = ?3 WHERE id = ?1")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (id, body): (String, Vec<u8>) = (row.get(0)?, row.get(1)?);
        if let Ok(head) = super::unpack::<ReleaseHead>(&body) {
            fill.execute(params![id, person_of(&head), words_of(&head)])?;
        }
    }
    Ok(())
}

impl Reader<'_> {
    /// Releases of an app that a filter takes, newest first, below `before`, and how many it takes in all.
    pub fn releases_found(
        &self,
        app: &AppId,
        filter: &ReleaseFilter,
        before: Option<&ReleaseId>,
        limit: u32,
    ) -> Result<(Vec<ReleaseHead>, u32), Failure> {
        // It may have become one that the filter does not take any more.
        let before = before.map(|before| self.place_of(before)).transpose()?;
        let (sql, values) = filter.conditions(app);
        let sql = format!("SELECT id, created_ms {sql} ORDER BY created_ms DESC, id DESC");
        let mut query = self.connection.prepare_cached(&sql)?;
        let mut rows = query.query(params_from_iter(values))?;
        // One walk through the index for both: a word that hardly any has is looked for in all of them.
        let (mut ids, mut total) = (Vec::new(), 0);
        while let Some(row) = rows.next()? {
            total += 1;
            if ids.len() < limit as usize {
                let (id, created): (String, i64) = (row.get(0)?, row.get(1)?);
                if before.as_ref().is_none_or(|before| (created, &id) < (before.0, &before.1)) {
                    ids.push(id);
                }
            }
        }
        let mut query = self.connection.prepare_cached("SELECT body FROM release WHERE id = ?1")?;
        let found = ids.iter().map(|id| super::unpack(&query.query_row([id], |row| row.get::<_, Vec<u8>>(0))?));
        Ok((found.collect::<Result<_, _>>()?, total))
    }

    /// Where a release stands in a list; below one that is not there stands nothing.
    fn place_of(&self, id: &ReleaseId) -> Result<(i64, String), Failure> {
        let mut query = self.connection.prepare_cached("SELECT created_ms, id FROM release WHERE id = ?1")?;
        let place = query.query_row([id.as_str()], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        Ok(place.unwrap_or((i64::MIN, String::new())))
    }

    /// Everybody who released something of an app, by name.
    pub fn people_of_app(&self, app: &AppId) -> Result<Vec<String>, Failure> {
        let mut query = self.connection.prepare_cached(PEOPLE)?;
        let people = query.query_map([app.as_str()], |row| row.get(0))?;
        Ok(people.collect::<Result<_, _>>()?)
    }
}
