//! Deployments that others made become groups: what the form has goes into a draft, all else into its patch. Labels are
//! added to the Deployment itself, which replaces no pod; its selector and the name of its container stay theirs.

use crate::Engine;
use crate::app::refuse;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_cluster::{Apply, ClusterError, FieldConflict, Kind, Session};
use slipway_model::FieldError;
use slipway_model::app::App;
use slipway_model::group::GroupDraft;
use slipway_model::id::{AppId, EnvironmentId, GroupId, LinkId};
use slipway_model::image::ImageRef;
use slipway_render::managed::{folded, owners};
use slipway_render::names;
use slipway_render::read::{KeptPart, containers, read};
use ts_rs::TS;

/// Writes status and revision of every Deployment: nobody's definition.
const CONTROLLER: &str = "kube-controller-manager";
/// On a pod template: what kubectl takes for the main container.
const DEFAULT_CONTAINER: &str = "kubectl.kubernetes.io/default-container";
/// A write that meets a newer resourceVersion is made again on it, this often.
const TRIES: u32 = 8;

/// A Deployment that no Slipway made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Candidate {
    pub name: String,
    /// Name and image of each container, in their order.
    pub containers: Vec<CandidateContainer>,
    pub count: u32,
    pub ready: u32,
    /// Who wrote its definition first, and last.
    pub made_by: String,
    #[ts(type = "string | null")]
    pub made: Option<Timestamp>,
    pub changed_by: String,
    #[ts(type = "string | null")]
    pub changed: Option<Timestamp>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct CandidateContainer {
    pub name: String,
    pub image: String,
}

/// A field that another manager holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct HeldField {
    pub manager: String,
    /// `.metadata.labels.app.kubernetes.io/managed-by`
    pub field: String,
}

/// What is to become of which Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct Takeover {
    pub app: AppId,
    pub link: LinkId,
    /// Name of the Deployment.
    pub workload: String,
    /// The app's container; `None`: the one that it most likely is.
    pub container: Option<String>,
    /// Name of the group.
    pub name: String,
    pub environment: EnvironmentId,
    /// Also where other managers hold what is written now.
    pub force: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TakeoverPreview {
    pub candidate: Candidate,
    /// The app's container.
    pub container: String,
    pub selector: String,
    pub draft: GroupDraft,
    /// What stays untouched.
    pub kept: Vec<KeptPart>,
    /// Labels that are written now, on the Deployment itself.
    pub labels: Vec<String>,
    /// Which of them other managers hold: adopting takes them only where it is forced.
    pub conflicts: Vec<HeldField>,
    /// What has to be mended before it can be released; name and environment before it can be adopted.
    pub errors: Vec<FieldError>,
}

impl Engine {
    /// Deployments of a linked namespace that could become groups, by name.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn takeover_list(&self, link: &LinkId) -> Result<Vec<Candidate>> {
        let session = self.session(link)?;
        let mut found: Vec<_> = session
            .list(Kind::Deployment, "")
            .await?
            .iter()
            .filter(|live| slipway_render::group_uid(live).is_none())
            .map(candidate)
            .collect();
        found.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(found)
    }

    /// What would become of a Deployment. Nothing is written.
    ///
    /// # Errors
    /// `Taken` where a Slipway made it, `NotFound`, and what the cluster says, also of the writes that adopting makes.
    pub async fn takeover_preview(&self, takeover: &Takeover) -> Result<TakeoverPreview> {
        let session = self.session(&takeover.link)?;
        let app = self.app(&takeover.app).await?;
        let live = foreign(&session, &takeover.workload).await?;
        let container = container(&app, takeover, &live)?;
        let labelled = labelled(&app, takeover, &GroupId::random(), &live);
        let conflicts = conflicts(&session, &labelled).await?;
        let reading = read(&live, &container);
        let draft = placed(reading.draft, takeover);
        let errors = self.group_check(&takeover.app, None, &draft).await?;
        let labels = live["spec"]["selector"]["matchLabels"].as_object().into_iter().flatten();
        let selector: Vec<_> =
            labels.map(|(key, value)| format!("{key}={}", value.as_str().unwrap_or_default())).collect();
        Ok(TakeoverPreview {
            candidate: candidate(&live),
            container,
            selector: selector.join(", "),
            draft,
            kept: reading.kept,
            labels: label_names(&labelled),
            conflicts,
            errors,
        })
    }

    /// Makes a group of it. No pod restarts; the first release replaces them.
    ///
    /// # Errors
    /// `Invalid` with `name` or `environment`, `Conflict` where another manager holds one of our labels, and as
    /// [`Engine::takeover_preview`].
    pub async fn takeover_start(&self, takeover: &Takeover) -> Result<GroupId> {
        let session = self.session(&takeover.link)?;
        let app = self.app(&takeover.app).await?;
        let live = foreign(&session, &takeover.workload).await?;
        let draft = placed(read(&live, &container(&app, takeover, &live)?).draft, takeover);
        let mut errors = self.group_check(&takeover.app, None, &draft).await?;
        errors.retain(|error| matches!(error.field.as_str(), "name" | "environment" | "link"));
        refuse(errors)?;
        let id = GroupId::random();
        // Written here first: a crash then leaves a group whose next release says whose the Deployment is.
        let (stored, of_app, workload) = (id.clone(), app.id.clone(), takeover.workload.clone());
        self.store
            .write(move |w| {
                w.insert_group(&stored, &of_app, &draft)?;
                w.fix_workload(&stored, &workload)
            })
            .await?;
        if let Err(error) = take(&session, &app, takeover, &id).await {
            // What says there whose it is would else keep everybody from adopting it. Where it cannot be taken back, the
            // group stays: the Deployment is its.
            leave(&session, takeover, &id).await?;
            let stored = id.clone();
            self.store.write(move |w| w.delete_group(&stored)).await?;
            return Err(error);
        }
        Ok(id)
    }
}

fn placed(draft: GroupDraft, takeover: &Takeover) -> GroupDraft {
    GroupDraft {
        name: takeover.name.clone(),
        environment: takeover.environment.to_string(),
        link: takeover.link.to_string(),
        ..draft
    }
}

async fn foreign(session: &Session, workload: &str) -> Result<Value> {
    let live = session.get(Kind::Deployment, workload).await?;
    let live = live.ok_or_else(|| Error::not_found("Deployment", workload))?;
    match slipway_render::group_uid(&live) {
        None => Ok(live),
        Some(_) => Err(Error::Taken { what: "Deployment", name: workload.to_owned() }),
    }
}

/// The app's container: the chosen one; else the one that kubectl takes for the main one, that has an image of the app's
/// repository, or that is named as the app or the Deployment is; else the first.
fn container(app: &App, takeover: &Takeover, live: &Value) -> Result<String> {
    let names = containers(live);
    if let Some(wanted) = &takeover.container {
        let found = names.iter().find(|name| *name == wanted);
        return found.map(|name| (*name).to_owned()).ok_or_else(|| Error::not_found("container", wanted));
    }
    let template = &live["spec"]["template"];
    let main = template["metadata"]["annotations"][DEFAULT_CONTAINER].as_str();
    let of_app = |name: &&&str| {
        let image = slipway_render::template_image(live, name).unwrap_or_default();
        !app.repository.is_empty() && ImageRef::parse(image, "").is_ok_and(|image| image.repository() == app.repository)
    };
    let named = |name: &&&str| **name == app.slug.as_str() || **name == takeover.workload;
    let found = names.iter().find(|name| Some(**name) == main);
    let found = found.or_else(|| names.iter().find(of_app)).or_else(|| names.iter().find(named)).or(names.first());
    found.map(|name| (*name).to_owned()).ok_or_else(|| Error::not_found("container", ""))
}

fn candidate(live: &Value) -> Candidate {
    let number = |value: &Value| value.as_u64().and_then(|number| u32::try_from(number).ok()).unwrap_or_default();
    let mut writers: Vec<_> =
        owners(live).filter(|owner| owner.subresource.is_empty() && owner.manager != CONTROLLER).collect();
    writers.sort_by_key(|owner| owner.time);
    let manager = |owner: Option<&slipway_render::managed::Owner<'_>>| {
        owner.map(|owner| owner.manager.to_owned()).unwrap_or_default()
    };
    let containers = live["spec"]["template"]["spec"]["containers"].as_array().into_iter().flatten();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    Candidate {
        name: text(&live["metadata"]["name"]),
        containers: containers
            .map(|one| CandidateContainer { name: text(&one["name"]), image: text(&one["image"]) })
            .collect(),
        count: number(&live["spec"]["replicas"]),
        ready: number(&live["status"]["readyReplicas"]),
        made_by: manager(writers.first()),
        made: live["metadata"]["creationTimestamp"].as_str().and_then(|time| time.parse().ok()),
        changed_by: manager(writers.last()),
        changed: writers.last().and_then(|owner| owner.time),
    }
}

/// Our labels on the Deployment, then its definition from others to us: the next apply prunes and changes without force.
/// In this order: an apply of labels alone would remove all else that were ours by then.
async fn take(session: &Session, app: &App, takeover: &Takeover, group: &GroupId) -> Result<()> {
    let mut tries = 0;
    while !settled(label(session, app, takeover, group).await, &mut tries)? {}
    tries = 0;
    while !settled(own(session, takeover).await, &mut tries)? {}
    Ok(())
}

async fn label(session: &Session, app: &App, takeover: &Takeover, group: &GroupId) -> Result<Value> {
    let live = foreign(session, &takeover.workload).await?;
    let mut object = labelled(app, takeover, group, &live);
    object["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
    let how = Apply { force: takeover.force, dry_run: false };
    Ok(session.apply(Kind::Deployment, &object, how).await?)
}

/// A Deployment with nothing but what says whose it is.
fn labelled(app: &App, takeover: &Takeover, group: &GroupId, live: &Value) -> Value {
    let mut labels = json!({
        names::LABEL_APP: app.slug, names::LABEL_GROUP: takeover.name.trim(), names::LABEL_MANAGED_BY: names::MANAGER,
    });
    if live["metadata"]["labels"][names::LABEL_NAME].is_null() {
        labels[names::LABEL_NAME] = json!(app.slug);
    }
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": takeover.workload, "namespace": live["metadata"]["namespace"], "labels": labels,
            "annotations": { names::ANNOTATION_APP: app.id, names::ANNOTATION_GROUP: group },
        },
    })
}

fn label_names(labelled: &Value) -> Vec<String> {
    labelled["metadata"]["labels"].as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect()
}

/// Who holds what would be written; also tells whether one may write at all.
async fn conflicts(session: &Session, labelled: &Value) -> Result<Vec<HeldField>> {
    let mut asked = labelled.clone();
    // Not yet typed, or not yet right: that is the form's to say.
    asked["metadata"]["labels"].as_object_mut().map(|labels| labels.remove(names::LABEL_GROUP));
    match session.apply(Kind::Deployment, &asked, Apply { force: false, dry_run: true }).await {
        Ok(_) => Ok(Vec::new()),
        Err(ClusterError::Conflict { conflicts, .. }) => {
            let held = |held: FieldConflict| HeldField { manager: held.manager, field: held.field };
            Ok(conflicts.into_iter().map(held).collect())
        }
        Err(error) => Err(error.into()),
    }
}

/// Takes back what says whose it is: an apply of nothing removes what only we said.
async fn leave(session: &Session, takeover: &Takeover, group: &GroupId) -> Result<()> {
    let Some(live) = session.get(Kind::Deployment, &takeover.workload).await? else { return Ok(()) };
    if slipway_render::group_uid(&live) != Some(group.as_str()) {
        return Ok(());
    }
    let nothing = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": takeover.workload, "namespace": live["metadata"]["namespace"] },
    });
    session.apply(Kind::Deployment, &nothing, Apply::default()).await?;
    Ok(())
}

async fn own(session: &Session, takeover: &Takeover) -> Result<Value> {
    let live = session.get(Kind::Deployment, &takeover.workload).await?;
    let live = live.ok_or_else(|| Error::not_found("Deployment", &takeover.workload))?;
    let owned = folded(&live, |manager| manager != CONTROLLER && manager != names::MANAGER);
    let patch = json!([
        // Replaced and not tested: an older one is then told as a conflict, and not as a patch that is wrong.
        { "op": "replace", "path": "/metadata/resourceVersion", "value": live["metadata"]["resourceVersion"] },
        { "op": "replace", "path": "/metadata/managedFields", "value": owned },
    ]);
    Ok(session.json_patch(Kind::Deployment, &takeover.workload, &patch).await?)
}

/// False where somebody (mostly the controller, with the status) wrote it in between: then it is written again.
fn settled(written: Result<Value>, tries: &mut u32) -> Result<bool> {
    *tries += 1;
    match written {
        Ok(_) => Ok(true),
        Err(Error::Cluster(ClusterError::Conflict { conflicts, .. })) if !conflicts.is_empty() => {
            Err(Error::Conflict(conflicts))
        }
        Err(Error::Cluster(error)) if error.stale_version() && *tries < TRIES => Ok(false),
        Err(error) => Err(error),
    }
}
