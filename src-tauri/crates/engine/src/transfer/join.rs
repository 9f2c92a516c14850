//! Apps of colleagues, joined from the records that stand in a linked cluster.
//!
//! What a computer does not know of an app or of its groups is rebuilt from the newest records, with files, values and
//! history. Nothing is written to the cluster. Sensitive values stay where they are: only the ids of their versions come,
//! and a release of what uses them keeps them.

use super::rebuild::{Rebuilt, rebuild};
use super::shared::Shared;
use super::take_in;
use super::verify::verify;
use crate::Engine;
use crate::error::{Error, Result};
use crate::release::UnreadRecord;
use futures::{StreamExt, stream};
use serde::{Deserialize, Serialize};
use slipway_cluster::record::{self, Record, RecordFacts};
use slipway_cluster::{Session, tombstone};
use slipway_model::cluster::ClusterLink;
use slipway_model::id::{AppId, GroupId, LinkId};
use slipway_store::{Failure, Hidden, Writer};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use ts_rs::TS;

/// So many records are read at a time.
const AT_ONCE: usize = 8;

#[derive(Clone, Debug, Deserialize, TS)]
pub struct JoinRequest {
    pub link: LinkId,
    pub apps: Vec<AppId>,
}

/// What came of an app.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Joined {
    pub app: AppId,
    pub groups: Vec<GroupId>,
    /// Things of the app that its groups have in versions that do not come together, or that are others here: those of the
    /// newest release, or those that are here, are kept.
    pub differs: Vec<String>,
}

/// The records of a group that is not here, the newest first.
pub(super) type Strangers = BTreeMap<GroupId, Vec<RecordFacts>>;

impl Engine {
    /// Joins apps: their groups, files, values and history come to this computer, each app in one transaction.
    ///
    /// # Errors
    /// `Taken` where a name is another app's here, `NotFound` for an app of which nothing new stands there, `Import` for
    /// records that say what nobody could have typed, and what the cluster says. Apps before it are joined.
    pub async fn join_apps(&self, request: &JoinRequest) -> Result<Vec<Joined>> {
        let link = self.link(&request.link).await?;
        let session = self.session(&link.id)?;
        let strangers = self.strangers(&session).await?;
        let mut joined = Vec::new();
        for app in &request.apps {
            joined.push(Box::pin(self.join_one(&session, &link, app, &strangers)).await?);
        }
        Ok(joined)
    }

    async fn join_one(
        &self,
        session: &Session,
        link: &ClusterLink,
        app: &AppId,
        strangers: &Strangers,
    ) -> Result<Joined> {
        // Of each group the newest first.
        let stand: Vec<_> = strangers.values().flatten().filter(|facts| facts.app == *app).collect();
        let mut reads = Vec::new();
        for facts in &stand {
            reads.push(read(session, facts));
        }
        let found: Vec<_> = stream::iter(reads).buffered(AT_ONCE).collect().await;
        let mut records: Vec<Record> = Vec::new();
        let mut withheld = HashSet::new();
        for (facts, found) in stand.into_iter().zip(found) {
            match found? {
                Ok(record) => records.extend(record),
                // What a newer one said would be taken back.
                Err(why) if why.newer.is_some() => {
                    let of_group = |record: &Record| record.release.group == facts.group;
                    let effect = |record: &Record| of_group(record) && record.release.state.took_effect();
                    if !records.iter().any(effect) {
                        withheld.insert(facts.group.clone());
                    }
                }
                // What cannot be read is named beside the history.
                Err(_) => {}
            }
        }
        records.retain(|record| !withheld.contains(&record.release.group));
        let (of_app, slugs) = (app.clone(), records.iter().map(|record| record.release.plan.group.slug.to_string()));
        let slugs: BTreeSet<String> = slugs.collect();
        let (known, names) = self
            .store
            .read(move |r| {
                let groups = r.groups_of_app(&of_app)?.into_iter().map(|group| group.draft.name.trim().to_owned());
                Ok((r.app(&of_app)?, groups.filter(|name| slugs.contains(name)).collect::<HashSet<_>>()))
            })
            .await?;
        records.retain(|record| !names.contains(record.release.plan.group.slug.as_str()));
        let rebuilt = rebuild(link, &records, known.as_ref()).ok_or_else(|| Error::not_found("app", app.as_str()))?;
        let Rebuilt { mut parcel, lineages, forked } = rebuilt;
        verify(&parcel)?;
        self.seal_values(&mut parcel).await?;
        let slug = parcel.app.slug.to_string();
        let groups: Vec<GroupId> = parcel.groups.iter().map(|group| group.id.clone()).collect();
        let (joined, by) = (groups.clone(), self.writer().await?);
        let written = self.store.write(move |w| {
            let shared = known.is_some().then(|| Shared::of(&parcel));
            let mut fresh = Vec::new();
            for lineage in lineages {
                if w.any_file(&lineage.file)?.is_none() {
                    fresh.push(lineage);
                }
            }
            let app = take_in(w, parcel, &by)?;
            let mut differs = forked;
            if let Some(shared) = shared {
                differs.extend(shared.complete(w, &app, &by)?);
            }
            fresh.iter().try_for_each(|lineage| lineage.write(w, &app))?;
            history(w, &records, &joined)?;
            Ok((app, differs))
        });
        let (app, differs) = written.await.map_err(|error| match Error::from(error) {
            Error::Taken { what: "app.slug", .. } => Error::Taken { what: "app", name: slug },
            error => error,
        })?;
        Ok(Joined { app, groups, differs })
    }

    /// Groups that have records and that this computer does not know; one that was deleted is nobody's any more.
    pub(super) async fn strangers(&self, session: &Session) -> Result<Strangers> {
        let mut facts = record::facts(session, None).await?;
        let buried: HashSet<GroupId> =
            tombstone::all(session).await?.into_iter().map(|tombstone| tombstone.group).collect();
        let groups: HashSet<GroupId> = facts.iter().map(|facts| facts.group.clone()).collect();
        let known = self.store.read(move |r| {
            let mut known = HashSet::new();
            for group in groups {
                if r.knows_group(&group)? {
                    known.insert(group);
                }
            }
            Ok(known)
        });
        let known = known.await?;
        facts.retain(|facts| !known.contains(&facts.group) && !buried.contains(&facts.group));
        let mut strangers = Strangers::new();
        for facts in facts {
            strangers.entry(facts.group.clone()).or_default().push(facts);
        }
        for facts in strangers.values_mut() {
            facts.sort_by_key(|facts| std::cmp::Reverse(facts.seq()));
        }
        Ok(strangers)
    }
}

/// One record; why not, where it cannot be read. One that says it is of another app or group is of nobody.
pub(super) async fn read(
    session: &Session,
    facts: &RecordFacts,
) -> Result<std::result::Result<Option<Record>, UnreadRecord>> {
    Ok(match record::get(session, &facts.name).await {
        Ok(record) => Ok(record.filter(|record| {
            let release = &record.release;
            (&release.app, &release.group, &release.id) == (&facts.app, &facts.group, &facts.release)
        })),
        Err(error) => Err(UnreadRecord::of(&facts.name, error)?),
    })
}

/// All of it is history here, less what became sensitive since, and each draft goes out from the newest that took effect.
fn history(w: &mut Writer<'_>, records: &[Record], groups: &[GroupId]) -> std::result::Result<(), Failure> {
    let mut oldest_first: Vec<&Record> = records.iter().collect();
    oldest_first.sort_by_key(|record| (record.created, record.release.seq));
    let hidden = Hidden::of(oldest_first.into_iter().map(|record| &record.release));
    for record in records {
        w.take_release(&hidden.withhold(record.release.clone()), &record.version, record.created)?;
    }
    for group in groups {
        if let Some(base) = w.released(group)? {
            w.go_out_from(&base.id)?;
        }
    }
    Ok(())
}
