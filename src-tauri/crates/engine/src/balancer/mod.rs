//! Load balancers: their drafts, and the Services that stand for them in clusters.

mod apply;
mod back;
mod learn;
mod live;
mod place;
mod row;

pub use apply::{Attempt, Labelled};
pub use live::{BalancerLive, Endpoint, LiveState, NoTraffic, PlaceLive, Share};
pub use row::{BalancerGroup, BalancerPlace, BalancerRow, PlaceState};

use crate::Engine;
use crate::app::{refuse, taken_name};
use crate::error::{Error, Result};
use place::Known;
use slipway_model::FieldError;
use slipway_model::balancer::{Balancer, BalancerDraft, BalancerPortDraft, BalancerSnapshot};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{AppId, BalancerId, GroupId, LinkId};
use slipway_store::BalancerEntry;

/// What came of saving: also where it could not be applied yet.
#[derive(Clone, Debug)]
pub struct Saved {
    pub id: BalancerId,
    pub attempts: Vec<Attempt>,
}

impl Engine {
    /// The load balancers of an app, by name, with what of each was applied where.
    pub async fn balancer_list(&self, app: &AppId) -> Result<Vec<BalancerRow>> {
        let app = self.app(app).await?;
        let of_app = app.id.clone();
        let entries = self.store.read(move |r| r.balancers_of_app(&of_app)).await?;
        let known = self.known(&app.id).await?;
        Ok(entries.iter().map(|entry| BalancerRow::of(entry, &known)).collect())
    }

    /// What a new load balancer begins with: the named groups, and the ports of the first of them that has some.
    pub async fn balancer_new(&self, app: &AppId, groups: &[GroupId]) -> Result<BalancerDraft> {
        let app = self.app(app).await?;
        let of_app = app.id.clone();
        let entries = self.store.read(move |r| r.groups_of_app(&of_app)).await?;
        let chosen = entries.iter().filter(|entry| groups.contains(&entry.id));
        let ports = chosen.map(|entry| &entry.draft.ports).find(|ports| !ports.is_empty());
        let ports = ports.map(Vec::as_slice).unwrap_or_default().iter().map(|port| BalancerPortDraft {
            name: port.name.clone(),
            port: port.port.clone(),
            target: if port.name.is_empty() { port.port.clone() } else { port.name.clone() },
            node_port: String::new(),
            protocol: port.protocol,
        });
        let ports: Vec<_> = ports.collect();
        let ports = if ports.is_empty() { vec![BalancerPortDraft::default()] } else { ports };
        Ok(BalancerDraft { name: app.slug.to_string(), ports, groups: groups.to_vec(), ..BalancerDraft::default() })
    }

    /// What is wrong with a draft, with what only the store knows: names taken, groups that do not exist, what is fixed.
    pub async fn balancer_check(
        &self,
        app: &AppId,
        id: Option<&BalancerId>,
        draft: &BalancerDraft,
    ) -> Result<Vec<FieldError>> {
        let app = self.app(app).await?;
        let mut errors = draft.validate(BalancerId::from(""), app.id.clone()).err().unwrap_or_default();
        let of_app = app.id.clone();
        let (entries, groups) =
            self.store.read(move |r| Ok((r.balancers_of_app(&of_app)?, r.groups_of_app(&of_app)?))).await?;
        let before = entries.iter().find(|entry| Some(&entry.id) == id);
        let name = draft.name.trim();
        if entries.iter().any(|entry| entry.draft.name.trim() == name && Some(&entry.id) != id) {
            errors.extend(taken_name("name"));
        }
        let mut fields = Fields::new();
        if let Some(before) = before
            && !before.services.is_empty()
            && before.draft.name.trim() != name
        {
            fields.refuse("name", FieldCode::Fixed).fix(before.draft.name.trim());
        }
        for (at, group) in draft.groups.iter().enumerate() {
            if !groups.iter().any(|entry| entry.id == *group) {
                fields.refuse(format!("groups.{at}"), FieldCode::Unknown);
            }
        }
        errors.extend(fields.into_errors());
        Ok(errors)
    }

    /// Keeps a new load balancer and applies it at once where its clusters are in reach.
    ///
    /// # Errors
    /// `Invalid`, also where a cluster finds a node port taken; and what else a cluster refuses, before anything is
    /// kept.
    pub async fn balancer_create(&self, app: &AppId, draft: &BalancerDraft) -> Result<Saved> {
        refuse(self.balancer_check(app, None, draft).await?)?;
        let id = BalancerId::random();
        let balancer = draft.validate(id.clone(), app.clone()).map_err(Error::Invalid)?;
        self.rehearse(&balancer, &[]).await?;
        let (stored, app, draft) = (id.clone(), app.clone(), draft.clone());
        self.store.write(move |w| w.insert_balancer(&stored, &app, &draft)).await?;
        Ok(Saved { attempts: self.balancer_apply(&id, false).await?, id })
    }

    /// Keeps a change and applies it at once where the clusters are in reach.
    ///
    /// # Errors
    /// As of `balancer_create`.
    pub async fn balancer_update(&self, id: &BalancerId, draft: &BalancerDraft) -> Result<Saved> {
        let entry = self.balancer_entry(id).await?;
        refuse(self.balancer_check(&entry.app, Some(id), draft).await?)?;
        let balancer = draft.validate(id.clone(), entry.app.clone()).map_err(Error::Invalid)?;
        self.rehearse(&balancer, &links_of(&entry)).await?;
        let (stored, draft) = (id.clone(), draft.clone());
        self.store.write(move |w| w.update_balancer(&stored, &draft)).await?;
        Ok(Saved { attempts: self.balancer_apply(id, false).await?, id: id.clone() })
    }

    /// Had back within thirty days; what stood in clusters is applied anew.
    pub async fn balancer_restore(&self, id: &BalancerId) -> Result<()> {
        let id = id.clone();
        Ok(self.store.write(move |w| w.restore_balancer(&id)).await?)
    }

    pub(crate) async fn balancer_entry(&self, id: &BalancerId) -> Result<BalancerEntry> {
        let (asked, name) = (id.clone(), id.to_string());
        let entry = self.store.read(move |r| r.balancer(&asked)).await?;
        entry.ok_or_else(|| Error::not_found("balancer", &name))
    }

    /// The load balancers of an app as they point at its groups.
    pub(crate) async fn pointing(&self, app: &AppId) -> Result<Pointing> {
        let of_app = app.clone();
        let entries = self.store.read(move |r| r.balancers_of_app(&of_app)).await?;
        Ok(Pointing { balancers: entries.iter().filter_map(valid).collect(), known: self.known(app).await? })
    }

    /// The groups and links that load balancers of an app can speak of.
    async fn known(&self, app: &AppId) -> Result<Known> {
        let app = app.clone();
        let (groups, links) = self.store.read(move |r| Ok((r.groups_of_app(&app)?, r.links()?))).await?;
        Ok(Known { groups, links })
    }
}

/// The load balancers of an app.
pub(crate) struct Pointing {
    balancers: Vec<Balancer>,
    known: Known,
}

impl Pointing {
    /// Those that point at a group, as a release of it would say.
    pub(crate) fn at(&self, group: &GroupId) -> Vec<BalancerSnapshot> {
        let pointing = self.balancers.iter().filter(|balancer| balancer.groups.contains(group));
        let snapshot = |balancer: &Balancer| {
            let place = self.known.places(balancer, &[]).into_iter().find(|place| place.has(group));
            let labelled = place.is_some_and(|place| place.groups.len() > 1);
            BalancerSnapshot { labelled, balancer: balancer.clone() }
        };
        pointing.map(snapshot).collect()
    }
}

/// What a stored draft means; `None` where it is wrong.
fn valid(entry: &BalancerEntry) -> Option<Balancer> {
    entry.draft.validate(entry.id.clone(), entry.app.clone()).ok()
}

/// Where a Service stands for it.
fn links_of(entry: &BalancerEntry) -> Vec<LinkId> {
    entry.services.iter().map(|service| service.link.clone()).collect()
}
