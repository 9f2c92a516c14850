//! Groups: their drafts, and what runs of them.

use crate::Engine;
use crate::app::{GroupCard, refuse, taken_name};
use crate::balancer::Pointing;
use crate::config::{Known, sensitive_since};
use crate::error::{Error, Result};
use crate::live::{Live, Row, Sender, Trust};
use crate::release::ReleaseRow;
use crate::tag;
use crate::watched::Kept;
use jiff::Timestamp;
use serde::Serialize;
use slipway_cluster::Session;
use slipway_model::FieldError;
use slipway_model::app::App;
use slipway_model::balancer::BalancerSnapshot;
use slipway_model::cluster::ClusterLink;
use slipway_model::config::Config;
use slipway_model::environment::Environment;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::group::{Group, GroupDraft, first_draft};
use slipway_model::id::{AppId, EnvironmentId, GroupId, LinkId};
use slipway_model::image::ImageRef;
use slipway_model::instance::Health;
use slipway_model::release::ReleaseState;
use slipway_model::workload::{DeploymentFacts, ReplicaSetFacts, Restart, image_of};
use slipway_render::names;
use slipway_store::{GroupEntry, Writer};
use ts_rs::TS;

/// Pods that are drawn one by one; above it the window draws a bar from the counts.
const CELLS_MAX: u32 = 80;

/// A group opened for editing.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupView {
    pub id: GroupId,
    pub app: AppId,
    pub card: GroupCard,
    pub environment: Option<Environment>,
    pub draft: GroupDraft,
    pub errors: Vec<FieldError>,
    /// Name of its Deployment: proposed until the first release, then fixed.
    pub workload: String,
    #[ts(type = "string")]
    pub saved: Timestamp,
}

/// A row of the feed `groups`: what runs, from watches of the cluster.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct GroupLive {
    pub id: GroupId,
    pub state: GroupState,
    /// Version of the Deployment's template.
    pub version: Option<String>,
    /// Version of the pods that are being replaced, while a release moves.
    pub from_version: Option<String>,
    pub desired: u32,
    pub ready: u32,
    /// One for each pod: new first, failing after them, old last; at most 80, then only the counts.
    pub cells: Vec<Cell>,
    /// When all its pods were last replaced without a release.
    pub restarted: Option<Restart>,
    /// What is known is not current since then.
    #[ts(type = "string | null")]
    pub stale_since: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum GroupState {
    /// Not asked yet.
    Loading,
    /// Nothing runs in the cluster.
    Absent,
    Running,
    Rolling,
    Resting,
    Stopped,
    /// Fewer pods are ready than wanted, and nothing moves.
    Degraded,
    /// Wanted at zero.
    Zero,
    /// The cluster cannot be asked.
    Unknown,
}

/// One pod as the pod cell draws it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Cell {
    pub new: bool,
    pub ready: bool,
    pub health: Health,
}

impl Row for GroupLive {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Engine {
    pub async fn group_list(&self, app: &AppId) -> Result<Vec<GroupCard>> {
        let of_app = app.clone();
        let app = self.app(app).await?;
        let (groups, links, last, deletions) = self
            .store
            .read(move |r| Ok((r.groups_of_app(&of_app)?, r.links()?, r.last_releases(&of_app)?, r.open_deletions()?)))
            .await?;
        Ok(groups
            .iter()
            .map(|entry| {
                let last = last.iter().find(|release| release.group == entry.id).map(ReleaseRow::from);
                let link = links.iter().find(|link| link.id.as_str() == entry.draft.link);
                let deleting = deletions.iter().any(|deletion| deletion.group == entry.id);
                GroupCard { deleting, ..card(entry, &app, link, last) }
            })
            .collect())
    }

    pub async fn group(&self, id: &GroupId) -> Result<GroupView> {
        let entry = self.group_entry(id).await?;
        let app = self.app(&entry.app).await?;
        let of_group = id.clone();
        let (environments, links, last) = self
            .store
            .read(move |r| Ok((r.environments()?, r.links()?, r.releases_of_group(&of_group, None, 1)?)))
            .await?;
        let environment = environments.into_iter().find(|e| e.id.as_str() == entry.draft.environment);
        let link = links.iter().find(|link| link.id.as_str() == entry.draft.link);
        Ok(GroupView {
            card: card(&entry, &app, link, last.first().map(ReleaseRow::from)),
            errors: entry.draft.validate(id.clone(), &app).err().unwrap_or_default(),
            workload: entry.workload.clone().unwrap_or_else(|| format!("{}-{}", app.slug, entry.draft.name.trim())),
            id: entry.id,
            app: entry.app,
            environment,
            draft: entry.draft,
            saved: entry.saved,
        })
    }

    /// What a new group of this app begins with: the only linked cluster is chosen already.
    pub async fn group_new(&self, app: &AppId) -> Result<GroupDraft> {
        self.app(app).await?;
        let (links, environments) = self.store.read(|r| Ok((r.links()?, r.environments()?))).await?;
        let mut draft = first_draft();
        if let [only] = links.as_slice() {
            draft.link = only.id.to_string();
        }
        if let Some(first) = environments.first() {
            draft.environment = first.id.to_string();
        }
        Ok(draft)
    }

    /// What is wrong with a draft, with what only the store knows: names taken, what does not exist, what is fixed.
    pub async fn group_check(&self, app: &AppId, id: Option<&GroupId>, draft: &GroupDraft) -> Result<Vec<FieldError>> {
        let app = self.app(app).await?;
        let mut errors = draft.validate(GroupId::from(""), &app).err().unwrap_or_default();
        let of_app = app.id.clone();
        let (groups, links, environments) =
            self.store.read(move |r| Ok((r.groups_of_app(&of_app)?, r.links()?, r.environments()?))).await?;
        let before = groups.iter().find(|entry| Some(&entry.id) == id);
        let name = draft.name.trim();
        if groups.iter().any(|entry| entry.draft.name.trim() == name && Some(&entry.id) != id) {
            errors.extend(taken_name("name"));
        }
        let mut fields = Fields::new();
        if let Some(before) = before {
            for (field, new, old) in [
                ("name", name, before.draft.name.trim()),
                ("environment", draft.environment.as_str(), before.draft.environment.as_str()),
                ("link", draft.link.as_str(), before.draft.link.as_str()),
            ] {
                // What was left open when it was begun can still be chosen.
                if new != old && !old.is_empty() {
                    fields.refuse(field, FieldCode::Fixed).fix(old);
                }
            }
        }
        // One that is gone since then is said of the group as a whole: the field can not mend it.
        let chosen = |now: &str, then: Option<&str>| !now.is_empty() && then.is_none_or(str::is_empty);
        if chosen(&draft.link, before.map(|entry| entry.draft.link.as_str()))
            && !links.iter().any(|link| link.id.as_str() == draft.link)
        {
            fields.refuse("link", FieldCode::Unknown);
        }
        if chosen(&draft.environment, before.map(|entry| entry.draft.environment.as_str()))
            && !environments.iter().any(|e| e.id.as_str() == draft.environment)
        {
            fields.refuse("environment", FieldCode::Unknown);
        }
        errors.extend(fields.into_errors());
        errors.extend(crate::config::template_errors(&draft.variables));
        Ok(errors)
    }

    /// Keeps a new group as typed. Wrong fields are kept too: they stand in the way of a release only.
    ///
    /// # Errors
    /// `Invalid` with every wrong field, where the name can not be that of a group, or a place does not exist.
    pub async fn group_create(&self, app: &AppId, draft: &GroupDraft) -> Result<GroupId> {
        refuse_to_keep(self.group_check(app, None, draft).await?)?;
        let (id, app, draft) = (GroupId::random(), app.clone(), draft.clone());
        let stored = id.clone();
        self.store.write(move |w| w.insert_group(&stored, &app, &draft)).await?;
        Ok(id)
    }

    /// Keeps a group as typed, as [`Engine::group_create`] does.
    ///
    /// # Errors
    /// `Invalid` with every wrong field, where it would be another group than it was.
    pub async fn group_update(&self, id: &GroupId, draft: &GroupDraft) -> Result<()> {
        let entry = self.group_entry(id).await?;
        refuse_to_keep(self.group_check(&entry.app, Some(id), draft).await?)?;
        let id = id.clone();
        // Nobody types it.
        let draft = GroupDraft { adopted: entry.draft.adopted, ..draft.clone() };
        let write = move |w: &mut Writer<'_>| {
            let before = w.group(&id)?.map(|entry| entry.draft.variables).unwrap_or_default();
            Ok((w.update_group(&id, &draft)?, sensitive_since(&before, &draft.variables)))
        };
        self.write_and_hide(&entry.app, write).await
    }

    pub(crate) async fn group_entry(&self, id: &GroupId) -> Result<GroupEntry> {
        let id = id.clone();
        self.store.read(move |r| r.group(&id)).await?.ok_or_else(|| Error::GroupGone)
    }

    /// A group that can be released, with all that belongs to it.
    pub(crate) async fn valid_group(&self, id: &GroupId) -> Result<ValidGroup> {
        let app = self.group_entry(id).await?.app;
        let around = Box::pin(self.around_groups(&app)).await?;
        self.valid_in(&around, id).await
    }

    /// What groups of an app are released with, read once for all of them.
    pub(crate) async fn around_groups(&self, app: &AppId) -> Result<Around> {
        let known = self.configured(app).await?;
        let links = self.store.read(|r| r.links()).await?;
        Ok(Around { known, links, pointing: self.pointing(app).await? })
    }

    pub(crate) async fn valid_in(&self, around: &Around, id: &GroupId) -> Result<ValidGroup> {
        let Around { known, links, pointing } = around;
        let entry = known.groups.iter().find(|entry| entry.id == *id).ok_or(Error::GroupGone)?;
        let group = entry.draft.validate(id.clone(), &known.app).map_err(Error::Invalid)?;
        let link = links.iter().find(|link| link.id == group.link);
        let environment = known.environments.iter().find(|environment| environment.id == group.environment);
        Ok(ValidGroup {
            link: link.cloned().ok_or_else(|| Error::Unlinked { group: entry.draft.name.clone() })?,
            environment: environment
                .cloned()
                .ok_or_else(|| Error::not_found("environment", group.environment.as_str()))?,
            config: self.config_of(known, id).await?,
            app: known.app.clone(),
            balancers: pointing.at(id),
            workload: entry.workload.clone(),
            group,
        })
    }
}

/// An app with all that its groups are released with.
pub(crate) struct Around {
    known: Known,
    links: Vec<ClusterLink>,
    pointing: Pointing,
}

/// A draft is kept with all that is wrong in it, unless nobody could say which group it is.
fn refuse_to_keep(errors: Vec<FieldError>) -> Result<()> {
    let identity = |error: &FieldError| match error.field.as_str() {
        "name" => true,
        "environment" | "link" => error.code != FieldCode::Required,
        _ => false,
    };
    if errors.iter().any(identity) { refuse(errors) } else { Ok(()) }
}

pub(crate) struct ValidGroup {
    pub app: App,
    pub group: Group,
    pub config: Config,
    pub environment: Environment,
    pub link: ClusterLink,
    /// Fixed since the first release.
    pub workload: Option<String>,
    /// The load balancers that point at it.
    pub balancers: Vec<BalancerSnapshot>,
}

fn card(entry: &GroupEntry, app: &App, link: Option<&ClusterLink>, last_release: Option<ReleaseRow>) -> GroupCard {
    let draft = &entry.draft;
    GroupCard {
        id: entry.id.clone(),
        name: draft.name.clone(),
        note: draft.note.clone(),
        environment: EnvironmentId::from(draft.environment.as_str()),
        link: LinkId::from(draft.link.as_str()),
        link_name: link.map(|link| link.name.clone()),
        namespace: link.map(|link| link.namespace.clone()),
        errors: draft.validate(entry.id.clone(), app).err().map_or(0, |e| u32::try_from(e.len()).unwrap_or(u32::MAX)),
        draft_version: ImageRef::parse(&draft.image, &app.repository).ok().map(|image| image.version().to_owned()),
        count: draft.count.clone(),
        last_release,
        deleting: false,
    }
}

impl Engine {
    /// What runs of every group of an app, from watches of Deployments and `ReplicaSets`: one pair a cluster.
    pub fn live_groups(&self, app: AppId) -> Live<GroupLive> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            if let Err(error) = engine.watch_groups(&app, &mut sender).await {
                sender.trust(Trust::Failed(error)).await;
            }
        })
    }

    async fn watch_groups(&self, app: &AppId, sender: &mut Sender<GroupLive>) -> Result<()> {
        let app = self.app(app).await?;
        let selector = names::selector_of_app(&app.slug);
        let mut changes = self.store.changes();
        loop {
            let groups = self.groups_and_states(&app.id).await?;
            let mut places: Vec<(LinkId, Option<Place>)> = Vec::new();
            for (entry, _) in &groups {
                let link = LinkId::from(entry.draft.link.as_str());
                if !places.iter().any(|(known, _)| *known == link) {
                    let place = self.session(&link).ok().map(|session| Place::open(&session, &selector));
                    places.push((link, place));
                }
            }
            let tags = [tag::groups(&app.id), tag::releases_of_app(&app.id), tag::clusters()];
            // The watches are kept by their sessions: opening them again after a change of ours asks nothing anew.
            loop {
                let rows = groups.iter().map(|(entry, state)| {
                    let place = places.iter().find(|(link, _)| link.as_str() == entry.draft.link);
                    live(entry, *state, &app, place.and_then(|(_, place)| place.as_ref()))
                });
                if !sender.replace(rows.collect(), Some(Trust::Live)).await {
                    return Ok(());
                }
                tokio::select! {
                    () = any_changed(&mut places) => {}
                    open = crate::live::any_changed(&mut changes, &tags) => {
                        if !open {
                            return Ok(());
                        }
                        break;
                    }
                }
            }
        }
    }

    async fn groups_and_states(&self, app: &AppId) -> Result<Vec<(GroupEntry, Option<ReleaseState>)>> {
        let app = app.clone();
        let (groups, last) = self.store.read(move |r| Ok((r.groups_of_app(&app)?, r.last_releases(&app)?))).await?;
        let state = |id: &GroupId| last.iter().find(|release| release.group == *id).map(|release| release.state);
        Ok(groups.into_iter().map(|entry| (state(&entry.id), entry)).map(|(state, entry)| (entry, state)).collect())
    }
}

/// The watches of one cluster.
struct Place {
    deployments: Kept<DeploymentFacts>,
    replica_sets: Kept<ReplicaSetFacts>,
}

impl Place {
    fn open(session: &Session, selector: &str) -> Self {
        Self {
            deployments: Kept::new(session.deployments(selector)),
            replica_sets: Kept::new(session.replica_sets(selector)),
        }
    }
}

async fn any_changed(places: &mut [(LinkId, Option<Place>)]) {
    let changes = places.iter_mut().filter_map(|(_, place)| place.as_mut()).map(|place| {
        Box::pin(async {
            tokio::select! {
                () = place.deployments.changed() => {}
                () = place.replica_sets.changed() => {}
            }
        })
    });
    let changes: Vec<_> = changes.collect();
    if changes.is_empty() {
        return std::future::pending().await;
    }
    futures::future::select_all(changes).await;
}

/// The row of one group.
fn live(entry: &GroupEntry, release: Option<ReleaseState>, app: &App, place: Option<&Place>) -> GroupLive {
    let id = entry.id.clone();
    let unknown = |state| GroupLive {
        id: id.clone(),
        state,
        version: None,
        from_version: None,
        desired: 0,
        ready: 0,
        cells: Vec::new(),
        restarted: None,
        stale_since: None,
    };
    let Some(place) = place else { return unknown(GroupState::Unknown) };
    let stale_since = match (place.deployments.trust(), place.replica_sets.trust()) {
        (Trust::Loading, _) | (_, Trust::Loading) => return unknown(GroupState::Loading),
        (Trust::Failed(_), _) | (_, Trust::Failed(_)) => return unknown(GroupState::Unknown),
        (Trust::Stale { since, .. }, _) | (_, Trust::Stale { since, .. }) => Some(since),
        (Trust::Live, Trust::Live) => None,
    };
    let workload = entry.workload.clone().unwrap_or_else(|| format!("{}-{}", app.slug, entry.draft.name.trim()));
    let Some(deployment) = place.deployments.rows().find(|d| d.name == workload) else {
        return GroupLive { stale_since, ..unknown(GroupState::Absent) };
    };
    let sets = place.replica_sets.rows().filter(|set| set.owner == deployment.uid && set.current.max(set.desired) > 0);
    let (new, old): (Vec<_>, Vec<_>) = sets.partition(|set| set.template_hash == deployment.template_hash);
    // ReplicaSets of an adopted Deployment have no label of ours until its first release: the Deployment itself tells then.
    let unlabelled = new.is_empty() && old.is_empty();
    let ready = if unlabelled { deployment.ready } else { new.iter().chain(&old).map(|set| set.ready).sum() };
    let moving = !old.is_empty() && !new.is_empty();
    let version = |images: &[(String, String)]| {
        Some(image_of(images, entry.draft.container())).filter(|image| !image.is_empty()).map(ImageRef::version_of)
    };
    let state = match release {
        Some(ReleaseState::Stopped) => GroupState::Stopped,
        Some(ReleaseState::Resting) => GroupState::Resting,
        Some(ReleaseState::Moving | ReleaseState::Planned) => GroupState::Rolling,
        _ if deployment.desired == 0 => GroupState::Zero,
        _ if moving || deployment.observed_generation < deployment.generation => GroupState::Rolling,
        _ if ready < deployment.desired => GroupState::Degraded,
        _ => GroupState::Running,
    };
    GroupLive {
        id,
        state,
        version: version(&deployment.images),
        from_version: old.iter().max_by_key(|set| set.revision).and_then(|set| version(&set.images)),
        desired: deployment.desired,
        ready,
        restarted: deployment.restarted.clone(),
        cells: if unlabelled { of_deployment(deployment) } else { cells(&new, &old, state) },
        stale_since,
    }
}

/// What the Deployment alone tells of its pods: none is newer than another.
fn of_deployment(deployment: &DeploymentFacts) -> Vec<Cell> {
    let of = |ready: bool, count: u32| {
        let health = if ready { Health::Ok } else { Health::Progress };
        std::iter::repeat_n(Cell { new: false, ready, health }, count.min(CELLS_MAX) as usize)
    };
    let waiting = deployment.current.saturating_sub(deployment.ready);
    of(true, deployment.ready).chain(of(false, waiting)).take(CELLS_MAX as usize).collect()
}

/// New pods first, those that are not ready behind them, old ones last.
fn cells(new: &[&ReplicaSetFacts], old: &[&ReplicaSetFacts], state: GroupState) -> Vec<Cell> {
    let waiting = if state == GroupState::Stopped { Health::Danger } else { Health::Progress };
    let moving = !old.is_empty();
    let of = |sets: &[&ReplicaSetFacts], new: bool, ready: bool| {
        let count: u32 =
            sets.iter().map(|set| if ready { set.ready } else { set.current.saturating_sub(set.ready) }).sum();
        let health = if ready { Health::Ok } else { waiting };
        std::iter::repeat_n(Cell { new, ready, health }, count.min(CELLS_MAX) as usize)
    };
    of(new, moving, true)
        .chain(of(new, moving, false))
        .chain(of(old, false, true))
        .chain(of(old, false, false))
        .take(CELLS_MAX as usize)
        .collect()
}
