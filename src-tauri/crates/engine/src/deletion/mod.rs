//! The deletion of a group: what would go is shown first, an export is written before, and for thirty days the group can
//! be had back here.

mod driver;
mod survey;

pub use driver::Deletions;
pub use survey::{StayReason, Staying};

use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::json;
use slipway_cluster::{ClusterError, Session};
use slipway_model::balancer::BalancerDraft;
use slipway_model::cluster::{ClusterLink, SessionState};
use slipway_model::deletion::{Deletion, Doomed, DoomedKind};
use slipway_model::environment::Environment;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{AppId, EnvironmentId, GroupId};
use slipway_model::name::Slug;
use slipway_store::{GroupEntry, UNDO};
use std::collections::BTreeSet;
use std::path::PathBuf;
use survey::{Subject, Survey, survey};
use ts_rs::TS;

/// Releases whose config objects are looked for: as many as records are kept.
const RELEASES_MAX: u32 = 50;

/// What a deletion would do.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DeletionPlan {
    /// What `group_delete` is told to do: it refuses when something else would go by then.
    pub hash: String,
    pub group: GroupId,
    pub name: String,
    pub environment: Option<Environment>,
    /// `None` for a group that has nothing in a cluster.
    pub cluster: Option<String>,
    pub namespace: Option<String>,
    pub pods: u32,
    pub goes: Vec<Doomed>,
    pub stays: Vec<Staying>,
    /// Kinds of objects of others that this identity may not look at.
    pub unseen: Vec<String>,
    /// Highest number of its releases.
    pub last_seq: u32,
    /// Pods run or the environment is protected: the name has to be typed.
    pub named: bool,
    /// Where the export will be.
    pub export: String,
    #[ts(type = "string")]
    pub as_of: Timestamp,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct DeletionOrder {
    pub group: GroupId,
    /// Of the plan that was shown.
    pub plan: String,
    /// The name, where it has to be typed.
    pub typed: String,
}

/// A deleted group that can be had back.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DeletedGroup {
    pub id: GroupId,
    pub name: String,
    pub environment: EnvironmentId,
    #[ts(type = "string")]
    pub deleted: Timestamp,
    /// Until then it can be had back.
    #[ts(type = "string")]
    pub until: Timestamp,
    /// Where its export is; `None` for one that had nothing in a cluster.
    pub export: Option<String>,
}

impl Engine {
    /// Reads what would go, and what would stay. Writes nothing.
    ///
    /// # Errors
    /// `Unreachable` and what else the cluster says: a group that was released is deleted with it only.
    pub async fn group_delete_plan(&self, id: &GroupId) -> Result<DeletionPlan> {
        Ok(self.look(id).await?.0)
    }

    async fn look(&self, id: &GroupId) -> Result<(DeletionPlan, Option<Found>)> {
        let entry = self.group_entry(id).await?;
        let app = self.app(&entry.app).await?;
        let of_group = id.clone();
        let (environments, releases, last_seq) = self
            .store
            .read(move |r| {
                let releases = r.releases_of_group(&of_group, None, RELEASES_MAX)?;
                Ok((r.environments()?, releases, r.max_seq(&of_group)?))
            })
            .await?;
        let environment = environments.into_iter().find(|one| one.id.as_str() == entry.draft.environment);
        let found = match &entry.workload {
            None => None,
            Some(workload) => {
                let link = self.link_of(&entry).await?;
                let session = self.reached(&link)?;
                let slug = Slug::parse(&entry.draft.name).map_err(|_| Error::GroupGone)?;
                let objects: BTreeSet<String> =
                    releases.iter().flat_map(|release| release.plan.objects.iter().cloned()).collect();
                let subject = Subject { app: &app, group: id, slug: &slug, workload, objects: &objects };
                let survey = survey(&session, subject).await?;
                Some(Found { survey, session, link, workload: workload.clone(), slug })
            }
        };
        let nothing = Survey::default();
        let survey = found.as_ref().map_or(&nothing, |found| &found.survey);
        let goes: Vec<_> = survey.goes.iter().map(|object| (object.kind, &object.name, &object.uid)).collect();
        let plan = DeletionPlan {
            hash: slipway_render::live::hash(&json!([id, goes])),
            group: id.clone(),
            name: entry.draft.name.trim().to_owned(),
            named: survey.pods > 0 || environment.as_ref().is_some_and(|environment| environment.protected),
            environment,
            cluster: found.as_ref().map(|found| found.link.name.clone()),
            namespace: found.as_ref().map(|found| found.link.namespace.clone()),
            pods: survey.pods,
            goes: survey.goes.clone(),
            stays: survey.stays.clone(),
            unseen: survey.unseen.clone(),
            last_seq,
            export: self.export_place(app.slug.as_str(), entry.draft.name.trim()).display().to_string(),
            as_of: Timestamp::now(),
        };
        Ok((plan, found))
    }

    /// Deletes what was shown: writes the export, then down what is to go, and begins. A group that has nothing in a
    /// cluster is gone at once; of others `group_deletion` tells how far it is.
    ///
    /// # Errors
    /// `Invalid` with `typed` where the name is not that of the group, `PlanMoved` when something else would go by now,
    /// `ReleaseRunning`, and what the cluster says.
    pub async fn group_delete(&self, order: &DeletionOrder) -> Result<()> {
        let id = order.group.clone();
        let entry = self.group_entry(&id).await?;
        if self.store.read(move |r| r.deletion(&id)).await?.is_some() {
            return self.group_delete_retry(&order.group).await;
        }
        let (plan, found) = self.look(&order.group).await?;
        if plan.named && order.typed.trim() != plan.name {
            let mut fields = Fields::new();
            fields.refuse("typed", FieldCode::OtherName).with("name", &plan.name);
            fields.finish().map_err(Error::Invalid)?;
        }
        if plan.hash != order.plan {
            return Err(Error::PlanMoved { what: plan.name });
        }
        if let Some(found) = &found {
            self.nobody_moves(&order.group, &found.session, &found.workload).await?;
            may_delete(found).await?;
        }
        self.group_export(&entry.app, &order.group, &PathBuf::from(&plan.export)).await?;
        let Some(found) = found else {
            let id = order.group.clone();
            return Ok(self.store.write(move |w| w.delete_group(&id)).await?);
        };
        let app = self.app(&entry.app).await?;
        let deletion = Deletion {
            group: order.group.clone(),
            app: entry.app,
            link: found.link.id.clone(),
            namespace: found.link.namespace.clone(),
            app_slug: app.slug.to_string(),
            group_slug: found.slug.to_string(),
            workload: found.workload,
            author: self.author(&found.link.id).await?,
            begun: Timestamp::now(),
            ended: None,
            objects: found.survey.goes,
            balancers: Vec::new(),
            export: plan.export,
            stuck: None,
        };
        let stored = deletion.clone();
        self.store.write(move |w| w.put_deletion(&stored)).await?;
        crate::fault::place("after the intention");
        self.drive_deletion(found.session, deletion);
        Ok(())
    }

    /// The deletion of a group, under way or done.
    pub async fn group_deletion(&self, id: &GroupId) -> Result<Option<Deletion>> {
        let id = id.clone();
        Ok(self.store.read(move |r| r.deletion(&id)).await?)
    }

    /// Goes on with a deletion that waits for a person.
    pub async fn group_delete_retry(&self, id: &GroupId) -> Result<()> {
        let deletion = self.group_deletion(id).await?.ok_or(Error::GroupGone)?;
        if deletion.ended.is_none() {
            let session = self.session(&deletion.link)?;
            self.drive_deletion(session, deletion);
        }
        Ok(())
    }

    /// Groups that can be had back, the last deleted first.
    pub async fn group_deleted(&self, app: &AppId) -> Result<Vec<DeletedGroup>> {
        let app = app.clone();
        let groups = self
            .store
            .read(move |r| {
                let groups = r.deleted_groups(&app)?.into_iter();
                groups
                    .map(|(entry, at)| Ok((r.deletion(&entry.id)?, entry, at)))
                    .collect::<std::result::Result<Vec<_>, _>>()
            })
            .await?;
        Ok(groups
            .into_iter()
            .map(|(deletion, entry, deleted)| DeletedGroup {
                id: entry.id,
                name: entry.draft.name.trim().to_owned(),
                environment: EnvironmentId::from(entry.draft.environment),
                deleted,
                until: deleted + UNDO,
                export: deletion.map(|deletion| deletion.export),
            })
            .collect())
    }

    /// Has a group back as it was saved, and puts it behind its load balancers again. Nothing of a cluster is touched: its
    /// next release brings it there, and takes its tombstone away.
    ///
    /// # Errors
    /// `Taken` where another group of the app has its name by now, `NotFound` where its environment is gone.
    pub async fn group_restore(&self, id: &GroupId) -> Result<()> {
        let of_group = id.clone();
        let (entry, environments) =
            self.store.read(move |r| Ok((r.deleted_group(&of_group)?, r.environments()?))).await?;
        let entry = entry.ok_or(Error::GroupGone)?;
        if environments.iter().all(|one| one.id.as_str() != entry.draft.environment) {
            return Err(Error::not_found("environment", ""));
        }
        let name = entry.draft.name.trim().to_owned();
        let id = id.clone();
        let restored = self.store.write(move |w| {
            w.restore_group(&id)?;
            let deletion = w.deletion(&id)?;
            for balancer in deletion.into_iter().flat_map(|deletion| deletion.balancers) {
                let known = w.balancers_of_app(&entry.app)?.into_iter().find(|entry| entry.id == balancer);
                if let Some(known) = known {
                    let mut groups = known.draft.groups.clone();
                    groups.push(id.clone());
                    w.update_balancer(&balancer, &BalancerDraft { groups, ..known.draft })?;
                    continue;
                }
                let deleted = w.deleted_balancers(&entry.app)?.into_iter().find(|entry| entry.id == balancer);
                // Another one may have its name by now.
                if let Some(deleted) = deleted
                    && !w.balancer_named(&entry.app, deleted.draft.name.trim())?
                {
                    w.restore_balancer(&balancer)?;
                }
            }
            w.forget_deletion(&id)
        });
        restored.await.map_err(|error| match Error::from(error) {
            Error::Taken { .. } => Error::Taken { what: "group", name },
            error => error,
        })
    }

    async fn link_of(&self, entry: &GroupEntry) -> Result<ClusterLink> {
        let link = entry.draft.link.as_str().into();
        let link = self.store.read(move |r| r.link(&link)).await?;
        link.ok_or_else(|| Error::Unlinked { group: entry.draft.name.clone() })
    }

    /// The session, unless its cluster is known not to answer: then nobody waits for it.
    fn reached(&self, link: &ClusterLink) -> Result<Session> {
        let session = self.session(&link.id)?;
        let state = session.state().borrow().clone();
        match state {
            SessionState::Unreachable { reason, .. } => {
                let doing = format!("read what goes from {}", link.name);
                Err(ClusterError::Unreachable { doing, server: link.server.clone(), reason }.into())
            }
            _ => Ok(session),
        }
    }

    /// A place for an export that nothing is at.
    fn export_place(&self, app: &str, group: &str) -> PathBuf {
        let folder = self.data_dir.join("exports");
        let mut place = folder.join(format!("{app}-{group}.zip"));
        let mut number = 1;
        while place.exists() {
            number += 1;
            place = folder.join(format!("{app}-{group}-{number}.zip"));
        }
        place
    }
}

/// What a look at the cluster found.
struct Found {
    survey: Survey,
    session: Session,
    link: ClusterLink,
    workload: String,
    slug: Slug,
}

/// Refuses before anything goes where one of the kinds may not be deleted.
async fn may_delete(found: &Found) -> Result<()> {
    let kinds: BTreeSet<DoomedKind> = found.survey.goes.iter().map(|object| object.kind).collect();
    for kind in kinds {
        let (group, resource) = match kind {
            DoomedKind::Deployment => ("apps", "deployments"),
            DoomedKind::Service => ("", "services"),
            DoomedKind::ConfigMap => ("", "configmaps"),
            DoomedKind::Secret => ("", "secrets"),
            DoomedKind::Lease => ("coordination.k8s.io", "leases"),
        };
        if !found.session.may(group, resource, "delete").await? {
            return Err(ClusterError::Forbidden {
                doing: format!("delete the group of {}", found.workload),
                verb: "delete".to_owned(),
                resource: resource.to_owned(),
                namespace: found.link.namespace.clone(),
                message: String::new(),
            }
            .into());
        }
    }
    Ok(())
}
