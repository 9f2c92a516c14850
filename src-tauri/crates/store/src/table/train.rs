//! Trains: what was decided on the way, as this computer knows it, and the plans that were confirmed here.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use rusqlite::{OptionalExtension, params};
use serde::{Deserialize, Serialize};
use slipway_model::id::{AppId, GroupId, TrainId};
use slipway_model::release::Release;
use slipway_model::train::{Confirmed, Decided, Standing, Train, joined};

pub(crate) const V9: &str = "CREATE TABLE train (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    -- Whether this computer goes on with it.
    open INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    body BLOB NOT NULL
) STRICT;
CREATE INDEX train_of_app ON train (app, created_ms, id);
CREATE INDEX train_open ON train (created_ms) WHERE open;
ALTER TABLE release ADD COLUMN train TEXT;
CREATE INDEX release_of_train ON release (train, created_ms, id) WHERE train IS NOT NULL;";

/// Where each car has succeeded, nothing is under way.
const OF_APP: &str = "SELECT body FROM train WHERE app = ?1
    AND (SELECT count(*) FROM release WHERE release.train = train.id AND release.state = 'succeeded')
        < json_array_length(CAST(body AS TEXT), '$.train.cars')
    ORDER BY created_ms DESC, id DESC";
const OPEN: &str = "SELECT body FROM train WHERE open ORDER BY created_ms";
/// Of a car there is one; one that came to nothing before it had a number is none.
const RELEASES: &str = "WHERE train = ?1 AND NOT (state = 'failed' AND seq IS NULL) ORDER BY created_ms, id";

/// A train as this computer knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainEntry {
    pub train: Train,
    /// In their order.
    pub decided: Vec<Decided>,
    /// The cluster has been told all of that.
    pub told: bool,
    /// Plans of its groups that were confirmed on this computer.
    pub confirmed: Vec<(GroupId, Confirmed)>,
}

impl TrainEntry {
    pub fn standing(&self) -> Standing {
        self.train.standing(&self.decided)
    }

    /// The plan of a group that was confirmed here last.
    pub fn confirmed(&self, group: &GroupId) -> Option<&Confirmed> {
        self.confirmed.iter().rev().find(|(of, _)| of == group).map(|(_, confirmed)| confirmed)
    }
}

impl Reader<'_> {
    pub fn train(&self, id: &TrainId) -> Result<Option<TrainEntry>, Failure> {
        let mut query = self.connection.prepare_cached("SELECT body FROM train WHERE id = ?1")?;
        let body = query.query_row([id.as_str()], |row| row.get::<_, Vec<u8>>(0)).optional()?;
        body.map(|body| super::from_json("train", &body)).transpose()
    }

    /// Whether this computer goes on with it.
    pub fn train_is_open(&self, id: &TrainId) -> Result<bool, Failure> {
        let mut query = self.connection.prepare_cached("SELECT open FROM train WHERE id = ?1")?;
        Ok(query.query_row([id.as_str()], |row| row.get(0)).optional()?.unwrap_or_default())
    }

    /// Those of which a car has not succeeded, newest first. What people decided of them is not looked at.
    pub fn unfinished_trains(&self, app: &AppId) -> Result<Vec<TrainEntry>, Failure> {
        let mut query = self.connection.prepare_cached(OF_APP)?;
        let bodies = query.query_map([app.as_str()], |row| row.get::<_, Vec<u8>>(0))?;
        bodies.map(|body| super::from_json("train", &body?)).collect()
    }

    /// Those that this computer goes on with.
    pub fn open_trains(&self) -> Result<Vec<TrainEntry>, Failure> {
        let mut query = self.connection.prepare_cached(OPEN)?;
        let bodies = query.query_map([], |row| row.get::<_, Vec<u8>>(0))?;
        bodies.map(|body| super::from_json("train", &body?)).collect()
    }

    /// What has begun of a train, without what files hold, in the order in which it did.
    pub fn releases_of_train(&self, id: &TrainId) -> Result<Vec<Release>, Failure> {
        self.bodies(RELEASES, &[&id.as_str()])
    }

    /// Whether this computer may begin a release by what was decided of its train; one that is part of none may begin.
    pub fn may_begin(&self, release: &Release, computer: &str) -> Result<bool, Failure> {
        let Some(train) = &release.train else { return Ok(true) };
        let known = self.train(&train.id)?;
        Ok(known.is_none_or(|known| {
            let standing = known.standing();
            standing.lets_begin(&release.group, computer) && !known.train.asks(&standing, &release.group)
        }))
    }

    /// What has begun of the train and the group of a release, where that is another.
    pub(super) fn begun_of_train(&self, release: &Release) -> Result<Option<Release>, Failure> {
        let Some(train) = &release.train else { return Ok(None) };
        let begun = self.releases_of_train(&train.id)?;
        Ok(begun.into_iter().find(|other| other.group == release.group && other.id != release.id))
    }
}

impl Writer<'_> {
    /// A new train, which this computer goes on with.
    pub fn insert_train(&mut self, entry: &TrainEntry) -> Result<(), Failure> {
        self.put_train(entry, true)
    }

    fn put_train(&mut self, entry: &TrainEntry, open: bool) -> Result<(), Failure> {
        let train = &entry.train;
        self.connection
            .prepare_cached(
                "INSERT INTO train (id, app, open, created_ms, body) VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (id) DO UPDATE SET open = ?3, body = ?5",
            )?
            .execute(params![
                train.id.as_str(),
                train.app.as_str(),
                open,
                train.created.as_millisecond(),
                super::to_json("train", entry)?
            ])?;
        self.touch(tag::train(&train.id));
        self.touch(tag::releases_of_app(&train.app));
        Ok(())
    }

    /// What it comes to after a change; whether this computer goes on with it stays as it is.
    pub fn update_train(&mut self, entry: &TrainEntry) -> Result<(), Failure> {
        let open = self.train_is_open(&entry.train.id)?;
        self.put_train(entry, open)
    }

    /// Whether this computer goes on with it.
    pub fn open_train(&mut self, id: &TrainId, open: bool) -> Result<(), Failure> {
        self.connection.execute("UPDATE train SET open = ?2 WHERE id = ?1", params![id.as_str(), open])?;
        self.touch(tag::train(id));
        Ok(())
    }

    /// Nothing of it was begun.
    pub fn forget_train(&mut self, train: &Train) -> Result<(), Failure> {
        self.connection.execute("DELETE FROM train WHERE id = ?1", [train.id.as_str()])?;
        self.touch(tag::train(&train.id));
        self.touch(tag::releases_of_app(&train.app));
        Ok(())
    }

    /// Takes in what the record of a release says of its train.
    pub(super) fn take_train(&mut self, release: &Release) -> Result<(), Failure> {
        let Some(train) = &release.train else { return Ok(()) };
        let Some(known) = self.train(&train.id)? else {
            let decided = release.decided.clone();
            let entry = TrainEntry { train: train.clone(), decided, told: true, confirmed: Vec::new() };
            return self.put_train(&entry, false);
        };
        self.hear_of_train(known, &release.decided)
    }

    /// Takes in what was decided elsewhere.
    pub fn hear_of_train(&mut self, known: TrainEntry, decided: &[Decided]) -> Result<(), Failure> {
        let all = joined(&known.decided, decided);
        if all == known.decided { Ok(()) } else { self.update_train(&TrainEntry { decided: all, ..known }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{self, Size};
    use crate::table::testing::{plan, store, tags_of};
    use jiff::{SignedDuration, Timestamp};
    use slipway_model::id::ReleaseId;
    use slipway_model::release::{ReleaseState, Seq};
    use slipway_model::train::{Car, Decision, Part, StopRules};

    /// A store with one release, and a train that it is part of.
    async fn one() -> (tempfile::TempDir, crate::Store, Release) {
        let (folder, store) = store().await;
        sample::fill(&store, Size { apps: 1, groups: 1, releases: 1 }).await.expect("filled");
        let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        let group = store.read(move |r| Ok(r.groups_of_app(&app)?.remove(0).id)).await.expect("a group");
        let releases = store.read(move |r| r.whole_releases_of_group(&group, 1)).await.expect("read");
        let mut release = releases.into_iter().next().expect("it has one");
        release.id = ReleaseId::from("car");
        release.seq = Some(Seq(2));
        release.train = Some(Train {
            id: "t".into(),
            app: release.app.clone(),
            image: release.plan.image.clone(),
            cars: vec![Car {
                group: release.group.clone(),
                name: release.plan.group.slug.clone(),
                environment: release.plan.environment.clone(),
            }],
            soak_seconds: 60,
            ask: false,
            rules: StopRules::default(),
            note: String::new(),
            author: release.author.clone(),
            computer: "here".into(),
            created: release.created,
        });
        (folder, store, release)
    }

    fn decided(second: i64, what: Decision) -> Decided {
        Decided { at: Timestamp::UNIX_EPOCH + SignedDuration::from_secs(second), by: Some("Li Hua".into()), what }
    }

    #[tokio::test]
    async fn a_train_is_known_from_the_record_of_a_car() {
        let (_folder, store, mut release) = one().await;
        let (id, app) = (TrainId::from("t"), release.app.clone());
        release.decided = vec![decided(1, Decision::Pause)];
        let taken = release.clone();
        let tags = tags_of(&store, move |w| w.take_release(&taken, "1", None).map(drop)).await;
        assert!(tags.contains(&tag::train(&id)), "{tags:?}");
        let known = store.read(|r| Ok(r.train(&"t".into())?.expect("it is known"))).await.expect("read");
        assert_eq!((&known.decided, known.told), (&release.decided, true));
        assert!(!store.read(|r| r.train_is_open(&"t".into())).await.expect("read"), "somebody else goes on with it");
        assert_eq!(store.read(|r| r.open_trains()).await.expect("read"), []);
        let cars = store.read(|r| r.releases_of_train(&"t".into())).await.expect("read");
        assert_eq!(cars.iter().map(|car| car.id.as_str()).collect::<Vec<_>>(), ["car"]);
        let unfinished = async || {
            let app = app.clone();
            store.read(move |r| r.unfinished_trains(&app)).await.expect("read")
        };
        let entry = known.clone();
        assert_eq!(unfinished().await.len(), usize::from(release.state != ReleaseState::Succeeded));
        // However many are done since.
        let mut waits = release.clone();
        waits.state = ReleaseState::Stopped;
        store.write(move |w| w.take_release(&waits, "1a", None).map(drop)).await.expect("written");
        for number in 0..60 {
            let mut done = release.clone();
            (done.id, done.state) = (format!("done-{number}").as_str().into(), ReleaseState::Succeeded);
            done.seq = Some(Seq(100 + number));
            done.train = release.train.clone().map(|train| Train { id: done.id.as_str().into(), ..train });
            store.write(move |w| w.take_release(&done, "1", None).map(drop)).await.expect("written");
        }
        assert_eq!(unfinished().await, [entry]);

        // Another decision, which another record tells, adds to it.
        let mut again = release.clone();
        again.decided = vec![decided(2, Decision::Resume)];
        store.write(move |w| w.take_release(&again, "2", None)).await.expect("written");
        let known = store.read(|r| Ok(r.train(&"t".into())?.expect("it is known"))).await.expect("read");
        assert_eq!(known.decided, [decided(1, Decision::Pause), decided(2, Decision::Resume)]);
    }

    #[tokio::test]
    async fn a_car_begins_once() {
        let (_folder, store, release) = one().await;
        let mut first = release.clone();
        first.state = ReleaseState::Succeeded;
        store.write(move |w| w.insert_release(&first)).await.expect("written");
        let again = Release { id: "again".into(), seq: None, state: ReleaseState::Planned, ..release.clone() };
        let other = store.write(move |w| w.begin_release(&again)).await.expect("asked");
        assert_eq!(other.map(|other| other.id.to_string()).as_deref(), Some("car"));

        // One that came to nothing is no car.
        let mut nothing = release.clone();
        nothing.id = "nothing".into();
        nothing.train = release.train.clone().map(|train| Train { id: "u".into(), ..train });
        (nothing.seq, nothing.state) = (None, ReleaseState::Failed);
        let after = Release { id: "after".into(), state: ReleaseState::Planned, ..nothing.clone() };
        store.write(move |w| w.insert_release(&nothing)).await.expect("written");
        assert_eq!(store.read(|r| r.releases_of_train(&"u".into())).await.expect("read"), []);
        assert_eq!(store.write(move |w| w.begin_release(&after)).await.expect("asked"), None);
    }

    #[tokio::test]
    async fn a_car_does_not_begin_against_what_was_decided() {
        let (_folder, store, release) = one().await;
        let may = async |release: &Release, computer: &'static str| {
            let release = release.clone();
            store.read(move |r| r.may_begin(&release, computer)).await.expect("read")
        };
        assert!(may(&release, "there").await, "nothing is known of its train");
        let train = release.train.clone().expect("it is part of one");
        let entry = TrainEntry { train, decided: Vec::new(), told: true, confirmed: Vec::new() };
        let written = entry.clone();
        store.write(move |w| w.insert_train(&written)).await.expect("written");
        assert!(may(&release, "here").await);
        assert!(!may(&release, "there").await, "another computer goes on with it");
        let skip = Decision::Skip { group: release.group.clone() };
        for what in [Decision::Pause, Decision::End, skip] {
            let entry = TrainEntry { decided: vec![decided(1, what.clone())], ..entry.clone() };
            store.write(move |w| w.update_train(&entry)).await.expect("written");
            assert!(!may(&release, "here").await, "{what:?}");
        }
        let alone = Release { train: None, ..release };
        assert!(may(&alone, "here").await);
    }

    #[tokio::test]
    async fn what_was_confirmed_here_last_counts_and_lists_are_read_from_indexes() {
        let (_folder, store, release) = one().await;
        let group = release.group.clone();
        let confirmed = |hash: &str| (group.clone(), Confirmed(vec![(Part::Live, hash.to_owned())]));
        let train = release.train.expect("it is part of one");
        let entry =
            TrainEntry { train, decided: Vec::new(), told: true, confirmed: vec![confirmed("old"), confirmed("new")] };
        let written = entry.clone();
        store.write(move |w| w.insert_train(&written)).await.expect("written");
        let open = store.read(|r| r.open_trains()).await.expect("read");
        assert_eq!(open, [entry]);
        assert_eq!(open[0].confirmed(&group), Some(&confirmed("new").1));
        store.write(|w| w.open_train(&"t".into(), false)).await.expect("written");
        assert_eq!(store.read(|r| r.open_trains()).await.expect("read"), []);
        for sql in [OF_APP, OPEN, &format!("SELECT body FROM release {RELEASES}")] {
            let sql = sql.to_owned();
            let mut steps = store.read(move |r| plan(r, &sql)).await.expect("a plan");
            steps.retain(|step| !step.starts_with("CORRELATED"));
            assert!(steps.iter().all(|one| one.contains("USING INDEX")), "{steps:?}");
        }
    }
}
