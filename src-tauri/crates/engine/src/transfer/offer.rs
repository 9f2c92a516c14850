//! What stands in a linked cluster of apps and groups that are not on this computer, as it is offered to be joined.

use super::join::{Strangers, read};
use crate::Engine;
use crate::error::Result;
use crate::release::{ReleaseRow, UnreadRecord};
use futures::{StreamExt, stream};
use serde::Serialize;
use slipway_cluster::record::RecordFacts;
use slipway_cluster::{Kind, Session};
use slipway_model::config::{Content, Value};
use slipway_model::environment::Environment;
use slipway_model::id::{AppId, GroupId, LinkId};
use slipway_model::release::{Plan, Release};
use slipway_store::ReleaseHead;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};
use ts_rs::TS;

/// So many groups are asked for at a time.
const AT_ONCE: usize = 8;

/// What stands in a linked cluster of apps and groups that are not on this computer.
#[derive(Clone, Debug, Serialize, TS)]
pub struct JoinView {
    pub link: LinkId,
    /// By name.
    pub apps: Vec<JoinApp>,
    /// Records of groups that are not here.
    pub records: u32,
    /// The newest of groups that cannot be joined for that, or that could not be read just now.
    pub unread: Vec<UnreadRecord>,
}

/// An app with the groups of it that are not here.
#[derive(Clone, Debug, Serialize, TS)]
pub struct JoinApp {
    pub id: AppId,
    pub slug: String,
    pub title: String,
    /// The app is here already; these are groups that somebody added.
    pub known: bool,
    /// Another app has its name here: it cannot be joined.
    pub taken: bool,
    /// By name.
    pub groups: Vec<JoinGroup>,
    /// Releases of these groups that have a record.
    pub releases: u32,
    /// The newest of them.
    pub last: ReleaseRow,
    /// Keys, variables and files whose values only other computers know.
    pub sensitive: Vec<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct JoinGroup {
    pub id: GroupId,
    pub name: String,
    pub environment: Environment,
    /// The app has another group of this name here: it cannot be joined.
    pub taken: bool,
    pub runs: JoinRuns,
}

/// What runs of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum JoinRuns {
    Nothing,
    Pods {
        ready: u32,
        desired: u32,
    },
    /// The cluster does not say.
    Unknown,
}

/// What a group's newest record says of it.
#[derive(Clone, Debug)]
struct Standing {
    app: AppId,
    slug: String,
    title: String,
    group: GroupId,
    name: String,
    environment: Environment,
    workload: String,
    sensitive: Vec<String>,
    last: ReleaseRow,
}

/// Or why there is none: `None` where no record can be read.
type Found = std::result::Result<Standing, Option<UnreadRecord>>;
/// Name and version of each record of a group.
type Versions = Vec<(String, String)>;

/// What was read of the records in the clusters: as long as these are the same, they are not read again.
#[derive(Debug, Default)]
pub struct Offers(Mutex<HashMap<LinkId, Read>>);

/// By group.
type Read = HashMap<GroupId, (Versions, Found)>;

impl Offers {
    fn held(&self) -> MutexGuard<'_, HashMap<LinkId, Read>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn get(&self, link: &LinkId, group: &GroupId, versions: &Versions) -> Option<Found> {
        let held = self.held();
        let (of, found) = held.get(link)?.get(group)?;
        (of == versions).then(|| found.clone())
    }

    fn put(&self, link: &LinkId, group: GroupId, versions: Versions, found: Found) {
        self.held().entry(link.clone()).or_default().insert(group, (versions, found));
    }

    /// Of groups that are offered no more.
    fn forget_all_but(&self, link: &LinkId, strangers: &Strangers) {
        if let Some(groups) = self.held().get_mut(link) {
            groups.retain(|group, _| strangers.contains_key(group));
        }
    }
}

impl Engine {
    /// What colleagues released in a linked cluster that this computer does not know. Reads the newest record of each group,
    /// once.
    ///
    /// # Errors
    /// What the cluster says of its records as a whole; one that cannot be read is named.
    pub async fn join_list(&self, link: &LinkId) -> Result<JoinView> {
        let session = self.session(link)?;
        let strangers = self.strangers(&session).await?;
        self.offers.forget_all_but(link, &strangers);
        let mut reads = Vec::with_capacity(strangers.len());
        for (group, facts) in &strangers {
            reads.push(self.offered(&session, group, facts));
        }
        let found: Vec<_> = stream::iter(reads).buffered(AT_ONCE).collect().await;
        let (mut unread, mut apps) = (Vec::new(), BTreeMap::<AppId, Vec<(Standing, JoinRuns)>>::new());
        for found in found {
            match found {
                Ok((standing, runs)) => apps.entry(standing.app.clone()).or_default().push((standing, runs)),
                Err(why) => unread.extend(why),
            }
        }
        let mut rows = Vec::new();
        for (app, standings) in apps {
            let releases = standings.iter().filter_map(|(one, _)| strangers.get(&one.group)).map(Vec::len).sum();
            rows.extend(self.join_app(&app, standings, releases).await?);
        }
        rows.sort_by(|a, b| a.slug.cmp(&b.slug));
        let records = strangers.values().map(Vec::len).sum();
        Ok(JoinView { link: link.clone(), apps: rows, records: number(records), unread })
    }

    /// What stands there of one group, and what runs.
    async fn offered(
        &self,
        session: &Session,
        group: &GroupId,
        facts: &[RecordFacts],
    ) -> std::result::Result<(Standing, JoinRuns), Option<UnreadRecord>> {
        let versions: Versions = facts.iter().map(|facts| (facts.name.clone(), facts.version.clone())).collect();
        let known = self.offers.get(session.link(), group, &versions);
        let found = match known {
            Some(found) => found,
            None => match newest_record(session, facts).await {
                Ok(found) => {
                    self.offers.put(session.link(), group.clone(), versions, found.clone());
                    found
                }
                // It may be read the next time.
                Err(error) => {
                    let name = facts.first().map(|facts| facts.name.clone()).unwrap_or_default();
                    Err(Some(UnreadRecord { name, newer: None, reason: error.to_string() }))
                }
            },
        };
        let standing = found?;
        let runs = runs(session, &standing.workload).await;
        Ok((standing, runs))
    }

    async fn join_app(
        &self,
        app: &AppId,
        standings: Vec<(Standing, JoinRuns)>,
        releases: usize,
    ) -> Result<Option<JoinApp>> {
        let newest = standings.iter().map(|(one, _)| one).max_by_key(|one| (one.last.created, one.last.seq));
        let Some(newest) = newest.cloned() else { return Ok(None) };
        let (id, slug) = (app.clone(), newest.slug.clone());
        let (here, namesake, names) = self
            .store
            .read(move |r| {
                let names: HashSet<String> =
                    r.groups_of_app(&id)?.into_iter().map(|group| group.draft.name.trim().to_owned()).collect();
                Ok((r.app(&id)?, r.app_by_slug(&slug)?, names))
            })
            .await?;
        let sensitive: BTreeSet<String> = standings.iter().flat_map(|(one, _)| one.sensitive.clone()).collect();
        let group = |(one, runs): (Standing, JoinRuns)| JoinGroup {
            taken: names.contains(&one.name),
            id: one.group,
            name: one.name,
            environment: one.environment,
            runs,
        };
        let mut groups: Vec<_> = standings.into_iter().map(group).collect();
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(Some(JoinApp {
            id: app.clone(),
            slug: newest.slug,
            title: newest.title,
            known: here.is_some(),
            taken: here.is_none() && namesake.is_some(),
            groups,
            releases: number(releases),
            last: newest.last,
            sensitive: sensitive.into_iter().collect(),
        }))
    }
}

impl From<Release> for Standing {
    fn from(release: Release) -> Self {
        let last = ReleaseRow::from(&ReleaseHead::from(&release));
        let plan = release.plan;
        Self {
            sensitive: sensitive(&plan),
            app: release.app,
            slug: plan.app.slug.to_string(),
            title: plan.app.title,
            group: release.group,
            name: plan.group.slug.to_string(),
            environment: plan.environment,
            workload: plan.workload,
            last,
        }
    }
}

/// The newest that took effect, else the newest that can be read; or why that is not to be had.
async fn newest_record(session: &Session, facts: &[RecordFacts]) -> Result<Found> {
    let mut first = None;
    for facts in facts {
        match read(session, facts).await? {
            Ok(Some(record)) if record.release.state.took_effect() => return Ok(Ok(record.release.into())),
            Ok(record) => first = first.or(record),
            // What a newer one said would be taken back.
            Err(why) if why.newer.is_some() => return Ok(Err(Some(why))),
            Err(_) => {}
        }
    }
    Ok(first.map(|record| record.release.into()).ok_or(None))
}

async fn runs(session: &Session, workload: &str) -> JoinRuns {
    let of = |value: &serde_json::Value| value.as_u64().and_then(|count| u32::try_from(count).ok()).unwrap_or(0);
    match session.get(Kind::Deployment, workload).await {
        Ok(Some(live)) => {
            JoinRuns::Pods { ready: of(&live["status"]["readyReplicas"]), desired: of(&live["spec"]["replicas"]) }
        }
        Ok(None) => JoinRuns::Nothing,
        Err(error) => {
            tracing::info!(workload, %error, "what runs is not known");
            JoinRuns::Unknown
        }
    }
}

/// What of a release only whoever set it knows.
fn sensitive(plan: &Plan) -> Vec<String> {
    let files = plan.config.files.iter().filter(|file| matches!(file.content, Content::Sealed(_)));
    let keys = plan.config.values.iter().filter(|key| matches!(key.effective(), Some((Value::Sealed(_), _))));
    let variables = plan.config.variables.iter().chain(&plan.group.variables);
    let variables = variables.filter(|variable| variable.secret.is_some()).map(|variable| variable.name.clone());
    files.map(|file| file.path.clone()).chain(keys.map(|key| key.key.clone())).chain(variables).collect()
}

fn number(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
