//! What the records of a cluster tell: releases of colleagues come into history, and stay readable without the cluster.
//!
//! One watch a linked cluster, without what the records hold; each that is news is read by itself. What this computer
//! drives is never touched: what it writes down is newer than any record.

use super::answer::UnreadRecord;
use crate::error::{Error, Result};
use crate::{Core, Engine};
use futures::{StreamExt, stream};
use slipway_cluster::record::{self, RecordError, RecordFacts};
use slipway_cluster::{Row, Session, Subscription, Update};
use slipway_model::id::{GroupId, LinkId};
use slipway_model::name::Slug;
use slipway_store::{Taken, tag};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;
use tokio::task::AbortHandle;

/// So many are read at a time.
const AT_ONCE: usize = 8;
/// What could not be read in passing is read again.
const AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Who follows the records of linked clusters, and which of them cannot be shown.
#[derive(Debug, Default)]
pub struct Records {
    followers: Mutex<HashMap<LinkId, AbortHandle>>,
    unread: Mutex<HashMap<GroupId, BTreeMap<String, UnreadRecord>>>,
}

impl Records {
    pub(crate) fn leave(&self, link: &LinkId) {
        if let Some(follower) = held(&self.followers).remove(link) {
            follower.abort();
        }
    }

    /// Records of a group that are there and not in its history, by name.
    pub(super) fn unread(&self, group: &GroupId) -> Vec<UnreadRecord> {
        held(&self.unread).get(group).into_iter().flat_map(BTreeMap::values).cloned().collect()
    }

    /// Notes why a record is not shown, or (`None`) that it is. Whether that is news.
    fn note(&self, facts: &RecordFacts, why: Option<UnreadRecord>) -> bool {
        let mut unread = held(&self.unread);
        let of_group = unread.entry(facts.group.clone()).or_default();
        match why {
            Some(why) => of_group.insert(facts.name.clone(), why.clone()) != Some(why),
            None => of_group.remove(&facts.name).is_some(),
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Engine {
    /// Follows the records of a linked cluster until its session ends.
    pub(crate) fn follow_records(&self, link: &LinkId) {
        let follower = Follower { core: std::sync::Arc::downgrade(&self.0), link: link.clone(), seen: HashMap::new() };
        let task = tokio::spawn(follower.run(self.store.changes())).abort_handle();
        if let Some(before) = held(&self.records.followers).insert(link.clone(), task) {
            before.abort();
        }
    }

    /// Takes in what others did to a group, before something is decided that depends on it.
    pub(crate) async fn catch_up(&self, session: &Session, app: &Slug, group: &Slug) -> Result<()> {
        let mut facts = record::facts(session, Some((app, group))).await?;
        let known = self.groups_of(session.link()).await?;
        facts.retain(|facts| known.contains(&facts.group));
        self.take_all(session, facts).await.into_iter().try_for_each(|(_, read)| read.map(drop))
    }

    /// What became of each, in no order.
    async fn take_all(&self, session: &Session, all: Vec<RecordFacts>) -> Vec<(RecordFacts, Result<bool>)> {
        let mut reads = Vec::with_capacity(all.len());
        for facts in all {
            reads.push(async move {
                let read = self.take_in(session, &facts).await;
                (facts, read)
            });
        }
        stream::iter(reads).buffer_unordered(AT_ONCE).collect().await
    }

    async fn groups_of(&self, link: &LinkId) -> Result<HashSet<GroupId>> {
        let link = link.clone();
        Ok(self.store.read(move |r| r.groups_of_link(&link)).await?.into_iter().map(|group| group.id).collect())
    }

    /// Takes one record in. `false`: while this computer drives its release, there is nothing to take.
    async fn take_in(&self, session: &Session, facts: &RecordFacts) -> Result<bool> {
        let id = facts.release.clone();
        let here = self.store.read(move |r| r.release_record(&id)).await?;
        if here.as_ref().is_some_and(|here| here.open) {
            return Ok(false);
        }
        if here.is_some_and(|here| here.version.as_deref() == Some(facts.version.as_str())) {
            return Ok(true);
        }
        let why = match record::get(session, &facts.name).await {
            Ok(None) => None,
            Ok(Some(record)) => {
                let (release, version) = (record.release.clone(), record.version);
                let (taken, before) = self
                    .store
                    .write(move |w| {
                        let before = w.own_release(&release.id)?;
                        Ok((w.take_release(&release, &version, record.created)?, before))
                    })
                    .await?;
                // What a colleague made of a release that was begun here.
                let moved = before.is_some_and(|before| before.transitions != record.release.transitions);
                if taken == Taken::In && moved {
                    self.notify(&record.release).await;
                }
                (taken == Taken::Refused).then(|| UnreadRecord {
                    name: facts.name.clone(),
                    newer: None,
                    reason: "another release stands in its place".to_owned(),
                })
            }
            Err(error) => Some(UnreadRecord::of(&facts.name, error)?),
        };
        if let Some(why) = &why {
            tracing::warn!(record = %why.name, why.reason, newer = ?why.newer, "not taken into history");
        }
        if self.records.note(facts, why) {
            self.store.announce(vec![tag::releases_of_group(&facts.group), tag::releases_of_app(&facts.app)]);
        }
        Ok(true)
    }
}

impl UnreadRecord {
    /// Why a record is not shown.
    ///
    /// # Errors
    /// What the cluster says: then nobody knows yet.
    pub(crate) fn of(name: &str, error: RecordError) -> Result<Self> {
        let name = name.to_owned();
        match error {
            RecordError::Cluster(error) => Err(error.into()),
            RecordError::Newer { version, .. } => Ok(Self { name, newer: Some(version), reason: String::new() }),
            error => Ok(Self { name, newer: None, reason: error.to_string() }),
        }
    }
}

struct Follower {
    /// Not to keep an engine alive that nobody uses any more.
    core: Weak<Core>,
    link: LinkId,
    /// The version of each record that was taken in, by uid.
    seen: HashMap<String, String>,
}

impl Follower {
    async fn run(mut self, mut changes: tokio::sync::broadcast::Receiver<slipway_store::Changes>) {
        let mut records: HashMap<String, RecordFacts> = HashMap::new();
        let mut watch: Option<Subscription<RecordFacts>> = None;
        let links = tag::clusters();
        loop {
            let Some(engine) = self.core.upgrade().map(Engine) else { return };
            let Ok(session) = engine.session(&self.link) else { return };
            let groups = engine.groups_of(&self.link).await.unwrap_or_default();
            if groups.is_empty() {
                watch = None;
            } else if watch.is_none() {
                watch = Some(session.records());
            }
            let done = self.take_news(&engine, &session, &groups, &records).await;
            drop((engine, session));
            tokio::select! {
                update = next(watch.as_mut()) => match update {
                    Some(update) => follow(&mut records, update),
                    None => return,
                },
                open = crate::live::changed(&mut changes, &links) => if !open { return },
                () = tokio::time::sleep(AGAIN_AFTER), if !done => {}
            }
        }
    }

    /// Whether all that is there was read.
    async fn take_news(
        &mut self,
        engine: &Engine,
        session: &Session,
        groups: &HashSet<GroupId>,
        records: &HashMap<String, RecordFacts>,
    ) -> bool {
        let news = records.values().filter(|facts| groups.contains(&facts.group));
        let news = news.filter(|facts| self.seen.get(&facts.uid) != Some(&facts.version)).cloned().collect();
        let mut done = true;
        for (facts, answer) in engine.take_all(session, news).await {
            match answer {
                Ok(true) => _ = self.seen.insert(facts.uid, facts.version),
                Ok(false) => {}
                Err(error) => {
                    tracing::info!(record = %facts.name, %error, "not read");
                    done = false;
                }
            }
        }
        done
    }
}

/// The next update; for ever where nothing is watched.
async fn next(watch: Option<&mut Subscription<RecordFacts>>) -> Option<Update<RecordFacts>> {
    match watch {
        Some(watch) => watch.next().await,
        None => std::future::pending().await,
    }
}

/// What history has stays there when its record goes: the cluster keeps only the newest.
fn follow(records: &mut HashMap<String, RecordFacts>, update: Update<RecordFacts>) {
    match update {
        Update::Snapshot { rows, .. } => {
            *records = rows.into_iter().map(|row| (row.uid().to_owned(), row.as_ref().clone())).collect();
        }
        Update::Upsert(rows) => {
            records.extend(rows.into_iter().map(|row| (row.uid().to_owned(), row.as_ref().clone())));
        }
        Update::Remove(uids) => records.retain(|uid, _| !uids.contains(uid)),
        Update::Live | Update::Stale { .. } | Update::Failed(_) => {}
    }
}

impl Error {
    /// Another computer went on with what this one drove.
    pub(crate) fn overtaken(name: String) -> Self {
        Self::ChangedElsewhere { what: "release", name }
    }

    pub(crate) fn is_overtaken(&self) -> bool {
        matches!(self, Self::ChangedElsewhere { what: "release", .. })
    }
}
