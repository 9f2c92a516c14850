//! Deployments that others made become groups: what the form has goes into a draft, all else into its patch. Labels are
//! added to the Deployment itself, which replaces no pod; its selector and the name of its container stay theirs.

use crate::Engine;
use crate::app::refuse;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_cluster::{Apply, ClusterError, Kind, Session};
use slipway_model::FieldError;
use slipway_model::app::App;
use slipway_model::group::GroupDraft;
use slipway_model::id::{AppId, EnvironmentId, GroupId, LinkId};
use slipway_render::managed::{folded, owners};
use slipway_render::names;
use slipway_render::read::{KeptPart, containers, read};
use ts_rs::TS;

/// Writes status and revision of every Deployment: nobody's definition.
const CONTROLLER: &str = "kube-controller-manager";
/// A write that meets a newer resourceVersion is made again on it, this often.
const TRIES: u32 = 8;

/// A Deployment that no Slipway made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Candidate {
    pub name: String,
    /// Image of each container, with its name; the first is most likely the app's.
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

/// What is to become of which Deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct Takeover {
    pub app: AppId,
    pub link: LinkId,
    /// Name of the Deployment.
    pub workload: String,
    /// The app's container; `None`: the first.
    pub container: Option<String>,
    /// Name of the group.
    pub name: String,
    pub environment: EnvironmentId,
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
    /// `Taken` where a Slipway made it, `NotFound`, and what the cluster says.
    pub async fn takeover_preview(&self, takeover: &Takeover) -> Result<TakeoverPreview> {
        let live = foreign(&self.session(&takeover.link)?, &takeover.workload).await?;
        let container = container(takeover, &live)?;
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
        let draft = placed(read(&live, &container(takeover, &live)?).draft, takeover);
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

fn container(takeover: &Takeover, live: &Value) -> Result<String> {
    let names = containers(live);
    let found = match &takeover.container {
        None => names.first(),
        Some(wanted) => names.iter().find(|name| *name == wanted),
    };
    let wanted = takeover.container.as_deref().unwrap_or_default();
    found.map(|name| (*name).to_owned()).ok_or_else(|| Error::not_found("container", wanted))
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
    let mut labels = json!({
        names::LABEL_APP: app.slug, names::LABEL_GROUP: takeover.name.trim(), names::LABEL_MANAGED_BY: names::MANAGER,
    });
    if live["metadata"]["labels"][names::LABEL_NAME].is_null() {
        labels[names::LABEL_NAME] = json!(app.slug);
    }
    let object = json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {
            "name": takeover.workload, "namespace": live["metadata"]["namespace"],
            "resourceVersion": live["metadata"]["resourceVersion"], "labels": labels,
            "annotations": { names::ANNOTATION_APP: app.id, names::ANNOTATION_GROUP: group },
        },
    });
    Ok(session.apply(Kind::Deployment, &object, Apply::default()).await?)
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
