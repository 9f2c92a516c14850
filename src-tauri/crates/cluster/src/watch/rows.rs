//! The rows of one watch, and what each of its readers has not been told yet.

use super::{Row, Update};
use crate::ClusterError;
use jiff::{SignedDuration, Timestamp};
use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::Notify;

/// Whoever comes back to a page within this time is told what changed, and later all of it.
const GOES_ON_WITHIN: SignedDuration = SignedDuration::from_mins(1);

#[derive(Debug)]
pub(crate) struct Rows<T>(Mutex<Inner<T>>);

#[derive(Debug)]
struct Inner<T> {
    rows: HashMap<String, Arc<T>>,
    /// What the rows are as of, once listed: a watch from there on tells of everything since.
    version: Option<String>,
    /// A list has been read to its end once.
    complete: bool,
    /// For rows of an earlier watch: when that ended, or was behind already.
    as_of: Option<Timestamp>,
    trust: Trust,
    readers: HashMap<u64, Reader>,
    next_reader: u64,
    ended: bool,
}

#[derive(Debug)]
enum Trust {
    Listing,
    Live,
    Stale { since: Timestamp, reason: String },
    Failed(ClusterError),
}

#[derive(Debug)]
struct Reader {
    /// Has been told nothing yet.
    fresh: bool,
    changed: HashSet<String>,
    trust: bool,
    wake: Arc<Notify>,
}

impl<T> Default for Rows<T> {
    fn default() -> Self {
        Self(Mutex::new(Inner {
            rows: HashMap::new(),
            version: None,
            complete: false,
            as_of: None,
            trust: Trust::Listing,
            readers: HashMap::new(),
            next_reader: 0,
            ended: false,
        }))
    }
}

impl<T> Rows<T> {
    /// Begins with what an earlier watch of the same knew when it ended `now`.
    pub(super) fn after(earlier: &Self, now: Timestamp) -> Self {
        let rows = Self::default();
        {
            let (mut inner, known) = (rows.lock(), earlier.lock());
            inner.rows.clone_from(&known.rows);
            inner.version.clone_from(&known.version);
            inner.complete = known.complete;
            inner.as_of = match &known.trust {
                Trust::Live => Some(now),
                Trust::Stale { since, .. } => Some(*since),
                Trust::Listing | Trust::Failed(_) => known.as_of,
            };
        }
        rows
    }

    fn lock(&self) -> MutexGuard<'_, Inner<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn join(&self) -> (u64, Arc<Notify>) {
        let mut inner = self.lock();
        let (id, wake) = (inner.next_reader, Arc::new(Notify::new()));
        inner.next_reader += 1;
        let reader = Reader { fresh: true, changed: HashSet::new(), trust: false, wake: wake.clone() };
        inner.readers.insert(id, reader);
        (id, wake)
    }

    pub(super) fn leave(&self, reader: u64) {
        self.lock().readers.remove(&reader);
    }

    /// Whether there is something to tell; `None` once the watch has ended and all is told.
    pub(super) fn waiting(&self, reader: u64) -> Option<bool> {
        let inner = self.lock();
        let waits = inner.readers.get(&reader).is_some_and(|r| r.fresh || r.trust || !r.changed.is_empty());
        if inner.ended && !waits { None } else { Some(waits) }
    }

    /// What a reader has not been told, oldest meaning first: rows before how far they can be believed.
    pub(super) fn take(&self, reader: u64) -> VecDeque<Update<T>> {
        let inner = &mut *self.lock();
        let Some(reader) = inner.readers.get_mut(&reader) else { return VecDeque::new() };
        let changed = std::mem::take(&mut reader.changed);
        let mut updates = VecDeque::new();
        if std::mem::take(&mut reader.fresh) {
            let listing = matches!(inner.trust, Trust::Listing);
            let complete = inner.complete && !listing;
            updates.push_back(Update::Snapshot { rows: inner.rows.values().cloned().collect(), complete });
            reader.trust = !listing;
        } else {
            let (mut upserts, mut removes) = (Vec::new(), Vec::new());
            for uid in changed {
                match inner.rows.get(&uid) {
                    Some(row) => upserts.push(row.clone()),
                    None => removes.push(uid),
                }
            }
            if !removes.is_empty() {
                updates.push_back(Update::Remove(removes));
            }
            if !upserts.is_empty() {
                updates.push_back(Update::Upsert(upserts));
            }
        }
        if std::mem::take(&mut reader.trust) {
            updates.extend(match &inner.trust {
                Trust::Listing => None,
                Trust::Live => Some(Update::Live),
                Trust::Stale { since, reason } => Some(Update::Stale { since: *since, reason: reason.clone() }),
                Trust::Failed(error) => Some(Update::Failed(error.clone())),
            });
        }
        updates
    }

    /// Lists anew if what is known is old by `now`: what has changed since comes without saying when that was all of it.
    pub(super) fn expire_if_old(&self, now: Timestamp) {
        let mut inner = self.lock();
        if inner.as_of.is_none_or(|as_of| now.duration_since(as_of) > GOES_ON_WITHIN) {
            inner.version = None;
        }
    }

    /// Where to go on; `None`: list first.
    pub(super) fn version(&self) -> Option<String> {
        self.lock().version.clone()
    }

    /// Nothing but what is told here has changed until `version`.
    pub(super) fn reach(&self, version: &str) {
        self.lock().version = Some(version.to_owned());
    }

    /// The server no longer knows what has changed since.
    pub(super) fn expire(&self) {
        self.lock().version = None;
    }

    /// Also reaches the version in which it went.
    pub(super) fn remove(&self, uid: &str, version: &str) {
        let mut inner = self.lock();
        inner.version = Some(version.to_owned());
        inner.remove(uid);
    }

    /// Forgets what was not seen in a list that has been read to its end, as of `version`.
    pub(super) fn keep(&self, seen: &HashSet<String>, version: &str) {
        let mut inner = self.lock();
        inner.version = Some(version.to_owned());
        let gone: Vec<String> = inner.rows.keys().filter(|uid| !seen.contains(*uid)).cloned().collect();
        for uid in gone {
            inner.remove(&uid);
        }
    }

    pub(super) fn live(&self) {
        let mut inner = self.lock();
        inner.complete = true;
        inner.as_of = None;
        if !matches!(inner.trust, Trust::Live) {
            inner.trust = Trust::Live;
            inner.tell_trust();
        }
    }

    /// What is known is old from the first failure in a row on. Where nothing was ever known there is nothing old to
    /// show either: that is the failure itself.
    pub(super) fn stale(&self, at: Timestamp, error: &ClusterError) {
        let mut inner = self.lock();
        if !inner.complete {
            inner.trust = Trust::Failed(error.clone());
            inner.tell_trust();
            return;
        }
        let reason = error.to_string();
        let since = match &inner.trust {
            Trust::Stale { reason: same, .. } if *same == reason => return,
            Trust::Stale { since, .. } => *since,
            _ => inner.as_of.unwrap_or(at),
        };
        inner.trust = Trust::Stale { since, reason };
        inner.tell_trust();
    }

    pub(super) fn failed(&self, error: ClusterError) {
        let mut inner = self.lock();
        inner.trust = Trust::Failed(error);
        inner.tell_trust();
    }

    pub(super) fn end(&self) {
        let mut inner = self.lock();
        inner.ended = true;
        inner.readers.values().for_each(|reader| reader.wake.notify_one());
    }
}

impl<T: Row> Rows<T> {
    /// `version`: reached with it. Rows of a list come in no order, and reach none.
    pub(super) fn upsert(&self, row: T, version: Option<&str>) {
        let mut inner = self.lock();
        if let Some(version) = version {
            inner.version = Some(version.to_owned());
        }
        let uid = row.uid().to_owned();
        if inner.rows.get(&uid).is_some_and(|known| **known == row) {
            return;
        }
        inner.rows.insert(uid.clone(), Arc::new(row));
        inner.tell_row(&uid);
    }
}

impl<T> Inner<T> {
    fn remove(&mut self, uid: &str) {
        if self.rows.remove(uid).is_some() {
            self.tell_row(uid);
        }
    }

    fn tell_row(&mut self, uid: &str) {
        for reader in self.readers.values_mut().filter(|reader| !reader.fresh) {
            reader.changed.insert(uid.to_owned());
            reader.wake.notify_one();
        }
    }

    fn tell_trust(&mut self) {
        for reader in self.readers.values_mut() {
            reader.trust = true;
            reader.wake.notify_one();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq)]
    struct Number(&'static str, u32);

    impl Row for Number {
        fn uid(&self) -> &str {
            self.0
        }
    }

    fn told(rows: &Rows<Number>, reader: u64) -> String {
        let mut words = Vec::new();
        for update in rows.take(reader) {
            let numbers = |rows: Vec<Arc<Number>>| {
                let mut all: Vec<String> = rows.iter().map(|row| format!("{}{}", row.0, row.1)).collect();
                all.sort();
                all.join(",")
            };
            words.push(match update {
                Update::Snapshot { rows, complete } => format!("all {} {complete}", numbers(rows)),
                Update::Upsert(rows) => format!("set {}", numbers(rows)),
                Update::Remove(uids) => format!("del {}", uids.join(",")),
                Update::Live => "live".to_owned(),
                Update::Stale { reason, .. } => format!("stale {reason}"),
                Update::Failed(error) => format!("failed {error}"),
            });
        }
        words.join("; ")
    }

    #[test]
    fn a_reader_is_told_what_it_missed() {
        let rows = Rows::default();
        let (early, _) = rows.join();
        assert_eq!(told(&rows, early), "all  false", "not listed yet is not none");
        rows.upsert(Number("a", 1), None);
        rows.upsert(Number("b", 1), None);
        rows.upsert(Number("a", 2), None);
        rows.live();
        assert_eq!(told(&rows, early), "set a2,b1; live");
        rows.upsert(Number("a", 2), None);
        assert_eq!(rows.waiting(early), Some(false), "nothing changed");
        let (late, _) = rows.join();
        assert_eq!(told(&rows, late), "all a2,b1 true; live");
        rows.remove("a", "2");
        rows.upsert(Number("c", 1), None);
        rows.upsert(Number("d", 1), None);
        rows.remove("d", "3");
        rows.stale(Timestamp::UNIX_EPOCH, &ClusterError::other("watch", "cut"));
        let both = told(&rows, late);
        assert!(both.starts_with("del ") && both.ends_with("set c1; stale watch: cut"), "{both}");
        rows.live();
        assert_eq!(told(&rows, late), "live");
        rows.keep(&HashSet::from(["c".to_owned()]), "4");
        assert_eq!(told(&rows, late), "del b");
        rows.end();
        assert_eq!((rows.waiting(early), rows.waiting(late)), (Some(true), None));
    }

    #[test]
    fn an_outage_keeps_its_beginning() {
        let rows: Rows<Number> = Rows::default();
        let (reader, _) = rows.join();
        rows.live();
        rows.stale(Timestamp::UNIX_EPOCH, &ClusterError::other("watch", "cut"));
        rows.stale(Timestamp::MAX, &ClusterError::other("watch", "refused"));
        let since = rows.take(reader).into_iter().find_map(|update| match update {
            Update::Stale { since, .. } => Some(since),
            _ => None,
        });
        assert_eq!(since, Some(Timestamp::UNIX_EPOCH));
    }

    #[test]
    fn what_was_never_known_is_not_old() {
        let rows: Rows<Number> = Rows::default();
        let (reader, _) = rows.join();
        rows.stale(Timestamp::UNIX_EPOCH, &ClusterError::other("watch", "cut"));
        assert_eq!(told(&rows, reader), "all  false; failed watch: cut");
        rows.live();
        assert_eq!(told(&rows, reader), "live");
    }

    #[test]
    fn a_watch_goes_on_where_the_one_before_ended_while_that_is_not_long_ago() {
        let ended = Timestamp::UNIX_EPOCH;
        let after = |rows: &Rows<Number>, later: SignedDuration| {
            let rows = Rows::after(rows, ended);
            rows.expire_if_old(ended + later);
            rows.version()
        };
        let rows = Rows::default();
        rows.upsert(Number("a", 1), None);
        assert_eq!(after(&rows, SignedDuration::ZERO), None, "not listed to its end");
        rows.keep(&HashSet::from(["a".to_owned()]), "3");
        rows.live();
        rows.upsert(Number("a", 1), Some("4"));
        assert_eq!(after(&rows, GOES_ON_WITHIN).as_deref(), Some("4"), "unchanged, and later all the same");
        assert_eq!(after(&rows, GOES_ON_WITHIN + SignedDuration::from_secs(1)), None);
        rows.remove("a", "5");
        assert_eq!(rows.version().as_deref(), Some("5"));
        rows.reach("6");
        assert_eq!(rows.version().as_deref(), Some("6"));
        rows.expire();
        assert_eq!(after(&rows, SignedDuration::ZERO), None);
    }

    #[test]
    fn a_watch_begins_with_what_the_one_before_knew_and_says_how_old_that_is() {
        let rows = Rows::default();
        rows.upsert(Number("a", 1), None);
        rows.live();
        let rows = Rows::after(&rows, Timestamp::UNIX_EPOCH);
        let (reader, _) = rows.join();
        assert_eq!(told(&rows, reader), "all a1 false", "shown, and not yet believed");
        rows.stale(Timestamp::MAX, &ClusterError::other("watch", "cut"));
        let since = rows.take(reader).into_iter().find_map(|update| match update {
            Update::Stale { since, .. } => Some(since),
            _ => None,
        });
        assert_eq!(since, Some(Timestamp::UNIX_EPOCH));
        rows.keep(&HashSet::new(), "9");
        rows.live();
        assert_eq!(told(&rows, reader), "del a; live");
    }
}
