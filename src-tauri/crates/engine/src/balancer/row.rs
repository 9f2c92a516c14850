//! A stored load balancer as the window lists it.

use super::place::Known;
use super::{links_of, valid};
use jiff::Timestamp;
use serde::Serialize;
use slipway_model::balancer::BalancerDraft;
use slipway_model::id::{AppId, BalancerId, EnvironmentId, GroupId, LinkId};
use slipway_render::service::definition_hash;
use slipway_store::BalancerEntry;
use ts_rs::TS;

#[derive(Clone, Debug, Serialize, TS)]
pub struct BalancerRow {
    pub id: BalancerId,
    pub app: AppId,
    pub draft: BalancerDraft,
    #[ts(type = "string")]
    pub saved: Timestamp,
    /// Those that are known here, in the order in which they were chosen.
    pub groups: Vec<BalancerGroup>,
    /// Groups of the definition that are not known on this computer.
    pub unknown_groups: u32,
    /// One for each cluster where it has, or is to have, a Service.
    pub places: Vec<BalancerPlace>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BalancerGroup {
    pub id: GroupId,
    pub name: String,
    pub environment: EnvironmentId,
    pub link: LinkId,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct BalancerPlace {
    pub link: LinkId,
    /// `None`: linked no more.
    pub link_name: Option<String>,
    pub namespace: Option<String>,
    pub state: PlaceState,
    /// Selects by a label of its own, which pods carry from their next release on.
    pub labelled: bool,
    #[ts(type = "string | null")]
    pub applied: Option<Timestamp>,
}

/// How the Service of a cluster stands to what is saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PlaceState {
    /// Saved, not there yet.
    New,
    Applied,
    /// There, with an older definition.
    Changed,
    /// There, and not wanted any more.
    Leaving,
}

impl BalancerRow {
    pub(super) fn of(entry: &BalancerEntry, known: &Known) -> Self {
        let groups = entry.draft.groups.iter().filter_map(|id| known.groups.iter().find(|group| group.id == *id));
        let groups: Vec<_> = groups
            .map(|group| BalancerGroup {
                id: group.id.clone(),
                name: group.draft.name.trim().to_owned(),
                environment: EnvironmentId::from(group.draft.environment.as_str()),
                link: LinkId::from(group.draft.link.as_str()),
            })
            .collect();
        Self {
            id: entry.id.clone(),
            app: entry.app.clone(),
            draft: entry.draft.clone(),
            saved: entry.saved,
            unknown_groups: u32::try_from(entry.draft.groups.len() - groups.len()).unwrap_or(u32::MAX),
            places: places(entry, known),
            groups,
        }
    }
}

fn places(entry: &BalancerEntry, known: &Known) -> Vec<BalancerPlace> {
    let Some(balancer) = valid(entry) else { return Vec::new() };
    let hash = definition_hash(&balancer);
    let places = known.places(&balancer, &links_of(entry)).into_iter();
    places
        .map(|place| {
            let link = known.link(&place.link);
            let service = entry.services.iter().find(|service| service.link == place.link);
            let state = match service {
                Some(_) if !place.wanted => PlaceState::Leaving,
                Some(service) if service.hash == hash => PlaceState::Applied,
                Some(_) => PlaceState::Changed,
                None => PlaceState::New,
            };
            BalancerPlace {
                link_name: link.map(|link| link.name.clone()),
                namespace: link.map(|link| link.namespace.clone()),
                state,
                labelled: place.labelled(),
                applied: service.map(|service| service.applied),
                link: place.link,
            }
        })
        .collect()
}
