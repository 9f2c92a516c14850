//! Releases as their records in a cluster tell them: those of other computers, and our own once they are told.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};
use slipway_model::id::{GroupId, ReleaseId};
use slipway_model::release::Release;

/// What drafts of this computer go out from: begun here or merged into the draft, not taken back, and not without any
/// effect.
pub(super) const OWN: &str = "WHERE group_id = ?1 AND own AND state NOT IN ('aborted', 'failed', 'superseded')
     ORDER BY created_ms DESC, id DESC LIMIT 1";

/// What the row of a release says of its record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReleaseRecord {
    /// This computer drives it: what it writes down is newer than any record.
    pub open: bool,
    /// resourceVersion of the record that was taken in last.
    pub version: Option<String>,
}

/// What was done with a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It stands in history.
    In,
    /// What stands there is as new, or newer.
    Known,
    /// It says that it is a release, or has the number of one, that is another one here.
    Refused,
}

impl Reader<'_> {
    pub fn release_record(&self, id: &ReleaseId) -> Result<Option<ReleaseRecord>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT open, record FROM release WHERE id = ?1")?;
        let row = |row: &rusqlite::Row<'_>| Ok(ReleaseRecord { open: row.get(0)?, version: row.get(1)? });
        Ok(query.query_row([id.as_str()], row).optional()?)
    }
}

impl Reader<'_> {
    /// A release that this computer began, as it stands here.
    pub fn own_release(&self, id: &ReleaseId) -> Result<Option<Release>, Failure> {
        Ok(self.releases("WHERE id = ?1 AND own = 1", &[&id.as_str()])?.pop())
    }

    /// The last release of a group that took effect, where the draft here does not go out from it; and the one that it
    /// goes out from.
    pub fn released_meanwhile(&self, group: &GroupId) -> Result<Option<(Release, Release)>, Failure> {
        let Some(theirs) = self.released(group)? else { return Ok(None) };
        let own = "SELECT own FROM release WHERE id = ?1";
        if self.connection.prepare_cached(own)?.query_row([theirs.id.as_str()], |row| row.get(0))? {
            return Ok(None);
        }
        let base = self.releases(OWN, &[&group.as_str()])?.pop();
        Ok(base.map(|base| (base, theirs)))
    }
}

impl Writer<'_> {
    /// The draft of its group has by now all that a release of another computer changed.
    pub fn go_out_from(&mut self, release: &ReleaseId) -> Result<(), Failure> {
        self.connection.execute("UPDATE release SET own = 2 WHERE id = ?1 AND NOT own", [release.as_str()])?;
        self.touch(tag::release(release));
        Ok(())
    }

    /// Takes a release in as its record tells it, less what is sensitive here by now, unless this computer drives it. `created` is the server's: clocks of
    /// computers differ, and history has one order.
    pub fn take_release(
        &mut self,
        release: &Release,
        version: &str,
        created: Option<Timestamp>,
    ) -> Result<Taken, Failure> {
        let of_number = "SELECT id FROM release WHERE group_id = ?1 AND seq = ?2";
        let numbered: Option<String> = self
            .connection
            .prepare_cached(of_number)?
            .query_row(params![release.group.as_str(), release.seq.map(|seq| seq.0)], |row| row.get(0))
            .optional()?;
        if numbered.is_some_and(|id| id != release.id.as_str()) {
            return Ok(Taken::Refused);
        }
        let began = "SELECT own = 1 FROM release WHERE id = ?1";
        let began: Option<bool> =
            self.connection.prepare_cached(began)?.query_row([release.id.as_str()], |row| row.get(0)).optional()?;
        let (record, known) = (self.release_record(&release.id)?, self.release(&release.id)?);
        let withheld = match &known {
            // Of what was begun here, this computer has the values.
            Some(known) if began == Some(true) && known.plan.hash == release.plan.hash => {
                Release { plan: known.plan.clone(), ..release.clone() }
            }
            _ => self.hidden_of(release)?.withhold(release.clone()),
        };
        let release = &withheld;
        let Some(record) = record else {
            self.insert_release(release)?;
            self.take_train(release)?;
            self.connection.execute("UPDATE release SET own = 0 WHERE id = ?1", [release.id.as_str()])?;
            self.told(release, version, created)?;
            return Ok(Taken::In);
        };
        let Some(known) = known else { return Ok(Taken::Refused) };
        if (&known.app, &known.group, &known.plan.hash) != (&release.app, &release.group, &release.plan.hash) {
            return Ok(Taken::Refused);
        }
        self.take_train(release)?;
        // What its record was not told before this computer let go of it.
        let ahead = known.transitions.len() > release.transitions.len() && known.goes_on_from(&release.transitions);
        if record.open || ahead {
            return Ok(Taken::Known);
        }
        if known != *release {
            self.update_release(release)?;
        }
        self.told(release, version, created)?;
        Ok(Taken::In)
    }

    /// Nothing is owed by this computer, whoever moves it. The server's clock has whole seconds: within one, the number
    /// orders.
    fn told(&mut self, release: &Release, version: &str, created: Option<Timestamp>) -> Result<(), Failure> {
        let number = i64::from(release.seq.map_or(0, |seq| seq.0) % 1000);
        let created = created.map_or(release.created.as_millisecond(), |at| at.as_second() * 1000 + number);
        self.connection
            .prepare_cached("UPDATE release SET open = 0, record = ?2, created_ms = ?3 WHERE id = ?1")?
            .execute(params![release.id.as_str(), version, created])?;
        self.mark_last(release)
    }
}
