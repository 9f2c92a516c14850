//! Plans: what a release would do, asked of the cluster by dry run, kept until it is confirmed.

use super::answer::{BatchView, Check, PlanRequest, PlanView, Verdict, VerdictLevel};
use super::configuration;
use super::preflight::{self, verdict};
use super::room::{self, Needs};
use super::standing;
use crate::Engine;
use crate::config::hidden_since;
use crate::error::{Error, Result};
use crate::gpu;
use crate::group::ValidGroup;
use jiff::Timestamp;
use serde_json::{Value, json};
use slipway_cluster::{ClusterError, Kind, Session, lease, tombstone};
use slipway_model::FieldError;
use slipway_model::cluster::ClusterLink;
use slipway_model::field::Fields;
use slipway_model::group::GroupDraft;
use slipway_model::id::{GroupId, LinkId, ReleaseId};
use slipway_model::image::ImageRef;
use slipway_model::release::{Author, Base, Plan, Preflight, Progress, Release, ReleaseState, Stage, Transition};
use slipway_model::train::{Decided, Train};
use slipway_model::variable::Variable;
use slipway_render::config::ObjectKind;
use slipway_render::{Workload, names};
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;

/// Plans that wait for confirmation; the oldest are forgotten.
const PLANS_MAX: usize = 64;
/// A release label that no release has: what the dry run carries.
const LABEL_OF_A_PLAN: &str = "r0";

/// Plans that were shown and not confirmed yet, by hash.
#[derive(Debug, Default)]
pub struct Plans(Mutex<HashMap<String, Planned>>);

#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) plan: Plan,
    link: LinkId,
    /// The digest of its image was typed; else it is what the tag led to.
    typed_digest: bool,
    pub(super) blocked: bool,
    at: Timestamp,
}

impl Plans {
    fn keep(&self, planned: Planned) {
        let mut plans = self.0.lock().expect("no panic while it is held");
        if plans.len() >= PLANS_MAX
            && let Some(oldest) = plans.iter().min_by_key(|(_, planned)| planned.at).map(|(hash, _)| hash.clone())
        {
            plans.remove(&oldest);
        }
        plans.insert(planned.plan.hash.clone(), planned);
    }

    /// Whether one of them is made of this content.
    pub(crate) fn have(&self, content: &str) -> bool {
        let plans = self.0.lock().expect("no panic while it is held");
        plans.values().any(|planned| planned.plan.config.files.iter().any(|file| file.hash == content))
    }

    pub(super) fn get(&self, hash: &str) -> Option<Planned> {
        self.0.lock().expect("no panic while it is held").get(hash).cloned()
    }
}

impl Engine {
    /// What would happen, as the cluster itself answers. Writes nothing.
    pub async fn release_plan(&self, request: &PlanRequest) -> Result<PlanView> {
        let valid = self.valid_group(&request.group).await?;
        let image = image(&request.image, &valid.app.repository).map_err(Error::Invalid)?;
        let link = valid.link.clone();
        let session = self.session(&link.id)?;
        same_namespace(&session, &link).await?;
        let workload = match &valid.workload {
            Some(workload) => workload.clone(),
            None => free_name(&session, &valid.app, &valid.group).await?,
        };
        Box::pin(self.weigh(&session, link, frozen(valid, image, workload))).await
    }

    /// Asks the cluster and the registry what a plan would do, and keeps it until it is confirmed.
    pub(super) async fn weigh(&self, session: &Session, link: ClusterLink, mut plan: Plan) -> Result<PlanView> {
        match self.catch_up(session, &plan.app.slug, &plan.group.slug).await {
            // What may not be read is among the permissions that are missing.
            Err(error) if error.refusal().is_some() => tracing::info!(%error, "releases of others are not known"),
            answer => answer?,
        }
        let live = session.get(Kind::Deployment, &plan.workload).await?;
        let before = configuration::live_side(session, live.as_ref()).await?;
        let typed_digest = plan.image.digest().is_some();
        let looked = self.look_at_image(session, &plan.image, &plan.group).await?;
        if let Some(digest) = looked.digest {
            plan.image = plan.image.at(&digest);
            plan.group.image = Some(plan.image.clone());
        }
        let running = live.as_ref().and_then(|live| slipway_render::template_image(live, plan.group.container()));
        plan.from = running.map(ImageRef::version_of);
        plan.base = live
            .as_ref()
            .map(|live| Base { variables: variables(&configuration::variable_maps(&before)), ..base(live) });
        let secrets = self.secrets_of(&plan.config, &plan.group).await;
        let of_plan = Workload { secrets: Some(&secrets), ..Workload::from(&plan) };
        let rendered = slipway_render::render(of_plan, LABEL_OF_A_PLAN);
        let mut configured = configuration::check(session, of_plan, &rendered, plan.back.is_some()).await?;
        configured.extend(self.unfit_to_go_back(&plan).await?);
        plan.objects = rendered.objects.iter().map(|object| object.name.clone()).collect();
        plan.hash = hash(&plan);
        let sensitive = rendered.objects.iter().any(|object| object.kind == ObjectKind::Secret);
        let (dry, mut verdicts) = preflight::dry_run(session, rendered.deployment, &plan.workload).await?;
        verdicts.insert(0, preflight::permissions(session, sensitive, plan.takes_balancers_back()).await?);
        verdicts.extend(looked.verdicts);
        verdicts.extend(configured);
        verdicts.extend(gpu::preflight(session, &plan.group).await?);
        verdicts.extend(self.helper_image(&plan.group).await?);
        verdicts.push(self.alone(session, &plan).await?);
        if plan.back.is_none() {
            verdicts.extend(Box::pin(self.meanwhile(&plan.group.id)).await?);
        }
        let template = &dry["spec"]["template"];
        let needs = Needs::of(&plan, &template["spec"], &rendered.objects);
        let (standing, owner, quota, room, budget) = tokio::try_join!(
            standing::deployment(session, &plan, live.as_ref()),
            standing::replica_owner(session, &plan),
            room::quota(session, &needs),
            room::nodes(session, &needs),
            standing::budget(session, template, &plan),
        )?;
        verdicts.extend(standing);
        verdicts.extend([owner, quota, room, budget]);
        verdicts.extend(standing::probe_ports(&template["spec"]));
        verdicts.extend(preflight::balancers(&plan));
        plan.preflight = Some(counted(&verdicts));
        let (count, (surge, unavailable)) = (plan.count(), plan.fenceposts());
        let in_batches = plan.in_batches();
        let view = PlanView {
            hash: plan.hash.clone(),
            group: plan.group.id.clone(),
            group_name: plan.group.slug.to_string(),
            environment: plan.environment.clone(),
            cluster: link.name,
            namespace: plan.namespace.clone(),
            workload: plan.workload.clone(),
            from_version: plan.from.clone(),
            to_version: plan.image.version().to_owned(),
            image: plan.image.to_string(),
            count,
            surge,
            unavailable,
            batches: if in_batches { BatchView::all(&plan.group.strategy, count) } else { Vec::new() },
            first: live.is_none(),
            diff: slipway_render::diff::objects(
                &live.iter().chain(before.objects.iter().skip(1).map(|object| &object.body)).collect::<Vec<_>>(),
                &std::iter::once(&dry).chain(rendered.objects.iter().map(|object| object.shown())).collect::<Vec<_>>(),
            ),
            objects: plan.objects.clone(),
            verdicts,
            as_of: Timestamp::now(),
        };
        let blocked = view.verdicts.iter().any(|verdict| verdict.level == VerdictLevel::Blocks);
        self.sample_for_plan(&view.group);
        self.plans.keep(Planned { plan, link: link.id, typed_digest, blocked, at: view.as_of });
        Ok(view)
    }

    /// Begins what was planned, unless the live objects moved since.
    ///
    /// # Errors
    /// `PlanForgotten`, `PlanBlocked`, `PlanMoved`, `MadeSensitive`, `TagMoved`, `ReleaseRunning`, and what the cluster
    /// says.
    pub async fn release_start(&self, hash: &str, note: &str) -> Result<ReleaseId> {
        Box::pin(self.start(hash, note, None)).await
    }

    /// The same for a car of a train, too, with what was decided of that so far.
    pub(super) async fn start(
        &self,
        hash: &str,
        note: &str,
        train: Option<(Train, Vec<Decided>)>,
    ) -> Result<ReleaseId> {
        let planned = self.plans.get(hash).ok_or(Error::PlanForgotten)?;
        if planned.blocked {
            return Err(Error::PlanBlocked);
        }
        let note = note_of(note)?;
        let entry = self.group_entry(&planned.plan.group.id).await?;
        if self.group_deletion(&entry.id).await?.is_some() {
            return Err(Error::Deleting { group: entry.draft.name });
        }
        let session = self.session(&planned.link)?;
        let (train, decided) = train.unzip();
        same_namespace(&session, &self.link(&planned.link).await?).await?;
        self.nothing_moves(&planned.plan.group.id).await?;
        let release = Release {
            id: ReleaseId::random(),
            app: planned.plan.app.id.clone(),
            group: planned.plan.group.id.clone(),
            link: planned.link.clone(),
            seq: None,
            state: ReleaseState::Planned,
            stage: Stage::Plan,
            author: self.author(&planned.link).await?,
            note,
            created: Timestamp::now(),
            ended: None,
            transitions: Vec::new(),
            diagnosis: None,
            progress: Progress::default(),
            usage: None,
            newer: None,
            train,
            decided: decided.unwrap_or_default(),
            plan: planned.plan,
        };
        // What is refused anyway leaves no trace in the cluster.
        if let Err(error) = self.still_as_planned(&session, &release.plan, planned.typed_digest).await {
            // Perhaps it was moved by a release that began a moment ago.
            self.nobody_moves(&release.group, &session, &release.plan.workload).await?;
            return Err(error);
        }
        let of_plan = release.plan.clone();
        if let Some(what) = self.store.read(move |r| hidden_since(r, &of_plan)).await? {
            return Err(Error::MadeSensitive { what });
        }
        // Of two who start at once, one has it, and the other is told by whom.
        let (name, claim) = (names::lease(&release.plan.workload), self.claim(&release));
        lease::take(&session, &name, &claim).await?;
        match Box::pin(self.start_held(&session, release, planned.typed_digest)).await {
            Ok(id) => Ok(id),
            Err(error) => {
                lease::give_back(&session, &name, &claim).await?;
                Err(error)
            }
        }
    }

    /// Once the Lease of its group is held: what others did before is in their records, and they do nothing now.
    async fn start_held(&self, session: &Session, mut release: Release, typed_digest: bool) -> Result<ReleaseId> {
        self.still_as_planned(session, &release.plan, typed_digest).await?;
        self.bring_balancers_back(&release.plan).await?;
        release.created = Timestamp::now();
        release.transitions.push(Transition {
            at: release.created,
            stage: Stage::Plan,
            state: ReleaseState::Planned,
            by: None,
            note: None,
            batch: None,
        });
        Box::pin(self.begin_alone(session, &release)).await?;
        self.follow_image(&release).await?;
        self.cut_released(&release).await?;
        // With the way back that it has from the one whose place it took.
        self.drive(session.clone(), self.release(&release.id).await?);
        Ok(release.id)
    }

    async fn still_as_planned(&self, session: &Session, plan: &Plan, typed_digest: bool) -> Result<()> {
        // Before the look at the live objects: a release that runs has moved them, and is the better answer.
        self.catch_up(session, &plan.app.slug, &plan.group.slug).await?;
        self.nothing_moves(&plan.group.id).await?;
        let live = session.get(Kind::Deployment, &plan.workload).await?;
        let moved = match (&plan.base, &live) {
            (None, None) => false,
            (Some(base), Some(live)) => !same(base, live),
            _ => true,
        };
        if moved {
            return Err(Error::PlanMoved { what: format!("Deployment {}", plan.workload) });
        }
        self.refuse_moved(&plan.image, typed_digest).await
    }

    async fn nothing_moves(&self, group: &GroupId) -> Result<()> {
        let group = group.clone();
        self.store.read(move |r| r.moving_release(&group)).await?.map_or(Ok(()), |other| Err(running(other)))
    }

    /// Writes the new release down in one transaction with the checks that no other of its group moves here, that nothing
    /// of it was made sensitive since it was planned, and that nobody held up the train that it is part of. One that is stopped or rests is superseded, and its stable
    /// template inherited.
    async fn begin_alone(&self, session: &Session, release: &Release) -> Result<()> {
        let group = release.group.clone();
        let waiting = self.store.read(move |r| r.waiting_releases(&group)).await?;
        for release in &waiting {
            self.drivers.halt(&release.id).await;
        }
        let (release, computer) = (release.clone(), self.computer.clone());
        let begun = self.store.write(move |w| match hidden_since(w, &release.plan)? {
            Some(what) => Ok(Some(Error::MadeSensitive { what })),
            None if !w.may_begin(&release, &computer)? => Ok(Some(Error::NotNow { state: ReleaseState::Stopped })),
            None => Ok(w.begin_release(&release)?.map(running)),
        });
        let refused = begun.await?;
        // The records of those that it took the place of are told; what was only held up goes on.
        for waiting in waiting {
            if self.owes(&waiting.id).await? {
                self.drive(session.clone(), self.release(&waiting.id).await?);
            }
        }
        refused.map_or(Ok(()), Err)
    }

    /// The draft proposes the image that was released last: an older one in it would look like a change that waits.
    async fn follow_image(&self, release: &Release) -> Result<()> {
        let (image, repository) = (&release.plan.image, &release.plan.app.repository);
        let draft = self.group_entry(&release.group).await?.draft;
        // An empty one proposes it anyway.
        if draft.image.trim().is_empty()
            || ImageRef::parse(&draft.image, repository).is_ok_and(|now| now.leads_to(image))
        {
            return Ok(());
        }
        let typed = match image.tag() {
            Some(tag) if image.repository() == repository => tag.to_owned(),
            _ => image.to_string(),
        };
        let (group, draft) = (release.group.clone(), GroupDraft { image: typed, ..draft });
        Ok(self.store.write(move |w| w.update_group(&group, &draft)).await?)
    }

    async fn alone(&self, session: &Session, plan: &Plan) -> Result<Verdict> {
        let group = plan.group.id.clone();
        let running = self.store.read(move |r| r.moving_release(&group)).await?;
        if let Some(version) = self.newer_release(&plan.group.id).await? {
            let version = ("version", version.to_string());
            return Ok(verdict(Check::Alone, VerdictLevel::Blocks, "newer", [version]));
        }
        if let Some(other) = running {
            let seq = other.seq.map(|seq| seq.to_string()).unwrap_or_default();
            return Ok(verdict(
                Check::Alone,
                VerdictLevel::Blocks,
                "running",
                [("seq", seq), ("by", other.driver().display.clone())],
            ));
        }
        let holder = lease::holder(session, &names::lease(&plan.workload)).await?;
        Ok(match holder {
            Some(holder) if !holder.expired => verdict(Check::Alone, VerdictLevel::Blocks, "held", [("by", holder.by)]),
            _ => self.buried(session, plan).await?,
        })
    }

    /// The version of the record of a release that a newer Slipway moves, or lets rest.
    async fn newer_release(&self, group: &GroupId) -> Result<Option<u32>> {
        let group = group.clone();
        let open = self.store.read(move |r| Ok((r.moving_release(&group)?, r.waiting_releases(&group)?))).await?;
        Ok(open.0.iter().chain(&open.1).find_map(|release| release.newer))
    }

    /// A group that somebody deleted, here or on another computer, comes back by a release. That is said before.
    async fn buried(&self, session: &Session, plan: &Plan) -> Result<Verdict> {
        let tombstones = tombstone::of_name(session, &plan.app.slug, &plan.group.slug).await?;
        Ok(match tombstones.into_iter().find(|tombstone| tombstone.group == plan.group.id) {
            Some(tombstone) => {
                let params = [("by", tombstone.author.display), ("at", tombstone.at.to_string())];
                verdict(Check::Alone, VerdictLevel::Warning, "buried", params)
            }
            None => verdict(Check::Alone, VerdictLevel::Ok, "ok", []),
        })
    }

    /// Who writes through this link, from this computer.
    pub(crate) async fn author(&self, link: &LinkId) -> Result<Author> {
        let link = link.clone();
        let (link, settings) = self.store.read(move |r| Ok((r.link(&link)?, r.settings()?))).await?;
        let identity = link.map(|link| link.identity).unwrap_or_default();
        let display = if settings.display_name.is_empty() { short(&identity) } else { settings.display_name };
        Ok(Author { identity, display, device: self.device.clone() })
    }
}

/// What is saved, as a release would freeze it now: nothing of a cluster is in it yet.
pub(crate) fn frozen(valid: ValidGroup, image: ImageRef, workload: String) -> Plan {
    let ValidGroup { app, mut group, config, environment, link, balancers, .. } = valid;
    group.image = Some(image.clone());
    Plan {
        hash: String::new(),
        app,
        environment,
        config,
        namespace: link.namespace,
        workload,
        image,
        from: None,
        objects: Vec::new(),
        base: None,
        group,
        balancers,
        back: None,
        preflight: None,
    }
}

fn running(other: Release) -> Error {
    let seq = other.seq.map(|seq| seq.to_string()).unwrap_or_default();
    Error::ReleaseRunning { seq, by: other.driver().display.clone(), id: Some(other.id) }
}

/// Refuses a namespace that was deleted since it was linked, also where another has its name now. Who may not read it
/// finds out by the next question.
pub(super) async fn same_namespace(session: &Session, link: &ClusterLink) -> Result<()> {
    let found = match session.get(Kind::Namespace, &link.namespace).await {
        Err(ClusterError::Forbidden { .. }) => return Ok(()),
        answer => answer?,
    };
    let same = found.is_some_and(|found| {
        found["metadata"]["uid"] == link.namespace_uid.as_str() && found["metadata"]["deletionTimestamp"].is_null()
    });
    if same {
        return Ok(());
    }
    let (doing, namespace) = (format!("read Namespace {}", link.namespace), link.namespace.clone());
    Err(ClusterError::NamespaceGone { doing, namespace }.into())
}

/// What a person says of a release.
///
/// # Errors
/// `Invalid`.
pub(super) fn note_of(typed: &str) -> Result<String> {
    let mut fields = Fields::new();
    let note = fields.take("note", slipway_model::name::text(typed, slipway_model::name::NOTE_MAX, true));
    fields.finish().map_err(Error::Invalid)?;
    Ok(note.unwrap_or_default())
}

/// `system:serviceaccount:shop-access:li-hua` reads as `li-hua`.
fn short(identity: &str) -> String {
    identity.rsplit(':').next().unwrap_or(identity).to_owned()
}

fn image(typed: &str, repository: &str) -> std::result::Result<ImageRef, Vec<FieldError>> {
    let mut fields = Fields::new();
    let image = fields.take("image", ImageRef::parse(typed, repository));
    image.ok_or_else(|| fields.into_errors())
}

/// The default name, or one with the group's id where another group of ours has it. Refused where it is somebody else's.
async fn free_name(
    session: &Session,
    app: &slipway_model::app::App,
    group: &slipway_model::group::Group,
) -> Result<String> {
    let name = names::workload(&app.slug, &group.slug);
    let Some(live) = session.get(Kind::Deployment, &name).await? else { return Ok(name) };
    match slipway_render::group_uid(&live) {
        Some(uid) if uid == group.id.as_str() => Ok(name),
        Some(_) => Ok(names::workload_apart(&app.slug, &group.slug, &group.id)),
        None => Err(Error::Taken { what: "Deployment", name }),
    }
}

fn base(live: &Value) -> Base {
    Base {
        uid: live["metadata"]["uid"].as_str().unwrap_or_default().to_owned(),
        generation: live["metadata"]["generation"].as_i64().unwrap_or_default(),
        spec_hash: slipway_render::spec_hash(live),
        replicas: live["spec"]["replicas"].as_u64().and_then(|n| u32::try_from(n).ok()).unwrap_or(1),
        stable: slipway_render::stable_of(live),
        variables: Vec::new(),
    }
}

/// What these objects say, the later ones over the earlier as Kubernetes takes them.
fn variables(objects: &[&Value]) -> Vec<Variable> {
    let said = objects.iter().filter_map(|object| object["data"].as_object()).flatten();
    let said: BTreeMap<_, _> = said.map(|(name, value)| (name, value.as_str().unwrap_or_default())).collect();
    said.into_iter().map(|(name, value)| Variable::plain(name, value)).collect()
}

fn counted(verdicts: &[Verdict]) -> Preflight {
    let count = |verdicts: usize| u32::try_from(verdicts).unwrap_or(u32::MAX);
    let passed = verdicts.iter().filter(|verdict| verdict.level == VerdictLevel::Ok).count();
    Preflight { checks: count(verdicts.len()), passed: count(passed) }
}

/// Whether a live Deployment is still the one that was planned against.
pub(super) fn same(planned: &Base, live: &Value) -> bool {
    let now = base(live);
    now.uid == planned.uid && now.generation == planned.generation && now.spec_hash == planned.spec_hash
}

/// SHA-256 over the plan without its own hash; number and label of the release are not in it.
fn hash(plan: &Plan) -> String {
    let plan = Plan { hash: String::new(), ..plan.clone() };
    slipway_render::live::hash(&json!(plan))
}
