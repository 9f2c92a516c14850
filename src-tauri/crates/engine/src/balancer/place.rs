//! Where a load balancer has Services, and for which groups.

use slipway_model::balancer::Balancer;
use slipway_model::cluster::ClusterLink;
use slipway_model::group::OWN_CONTAINER;
use slipway_model::id::{GroupId, LinkId};
use slipway_model::name::Slug;
use slipway_store::GroupEntry;

/// The groups of an app and the links, as they are stored.
pub(super) struct Known {
    pub groups: Vec<GroupEntry>,
    pub links: Vec<ClusterLink>,
}

/// Name of the app's container in the pods of a group.
pub(super) fn container_of<'a>(groups: &'a [GroupEntry], group: &str) -> &'a str {
    let entry = groups.iter().find(|entry| entry.draft.name.trim() == group);
    entry.map_or(OWN_CONTAINER, |entry| entry.draft.container())
}

/// One linked cluster of a load balancer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Place {
    pub link: LinkId,
    /// Its groups there, in the order in which they were chosen.
    pub groups: Vec<(GroupId, Slug)>,
    /// Whether a Service is wanted there at all.
    pub wanted: bool,
}

impl Place {
    pub(super) fn has(&self, group: &GroupId) -> bool {
        self.groups.iter().any(|(id, _)| id == group)
    }

    pub(super) fn slugs(&self) -> Vec<Slug> {
        self.groups.iter().map(|(_, slug)| slug.clone()).collect()
    }

    /// Several groups are selected by a label of the load balancer.
    pub(super) fn labelled(&self) -> bool {
        self.groups.len() > 1
    }
}

impl Known {
    pub(super) fn link(&self, id: &LinkId) -> Option<&ClusterLink> {
        self.links.iter().find(|link| link.id == *id)
    }

    /// The clusters of its groups, and those where a Service stands (`standing`). Without any group the Services stay,
    /// with their addresses; with some, those without go.
    pub(super) fn places(&self, balancer: &Balancer, standing: &[LinkId]) -> Vec<Place> {
        let mut places: Vec<Place> = Vec::new();
        for id in &balancer.groups {
            let Some(entry) = self.groups.iter().find(|entry| entry.id == *id) else { continue };
            let Ok(slug) = Slug::parse(&entry.draft.name) else { continue };
            let link = LinkId::from(entry.draft.link.as_str());
            match places.iter_mut().find(|place| place.link == link) {
                Some(place) => place.groups.push((id.clone(), slug)),
                None => places.push(Place { link, groups: vec![(id.clone(), slug)], wanted: true }),
            }
        }
        let alone = places.is_empty();
        for link in standing {
            if !places.iter().any(|place| place.link == *link) {
                places.push(Place { link: link.clone(), groups: Vec::new(), wanted: alone });
            }
        }
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use slipway_model::balancer::{BalancerDraft, BalancerPortDraft};
    use slipway_model::group::GroupDraft;

    fn known() -> Known {
        let group = |id: &str, link: &str| GroupEntry {
            id: id.into(),
            app: "app".into(),
            draft: GroupDraft { name: id.into(), link: link.into(), ..GroupDraft::default() },
            workload: None,
            saved: Timestamp::UNIX_EPOCH,
        };
        Known { groups: vec![group("prod", "bj"), group("canary", "bj"), group("south", "sh")], links: Vec::new() }
    }

    fn balancer(groups: &[&str]) -> Balancer {
        let draft = BalancerDraft {
            name: "web".into(),
            ports: vec![BalancerPortDraft { port: "80".into(), ..BalancerPortDraft::default() }],
            groups: groups.iter().map(|group| (*group).into()).collect(),
            ..BalancerDraft::default()
        };
        draft.validate("b".into(), "app".into()).expect("valid")
    }

    fn places(groups: &[&str], standing: &[&str]) -> Vec<(String, usize, bool)> {
        let standing: Vec<LinkId> = standing.iter().map(|link| (*link).into()).collect();
        let places = known().places(&balancer(groups), &standing);
        places.into_iter().map(|place| (place.link.to_string(), place.groups.len(), place.wanted)).collect()
    }

    #[test]
    fn one_service_in_each_cluster_of_its_groups() {
        assert_eq!(places(&["prod", "south", "canary"], &[]), [("bj".into(), 2, true), ("sh".into(), 1, true)]);
        assert_eq!(places(&["prod"], &["bj", "sh"]), [("bj".into(), 1, true), ("sh".into(), 0, false)], "one goes");
        assert_eq!(places(&[], &["bj", "sh"]), [("bj".into(), 0, true), ("sh".into(), 0, true)], "addresses stay");
        assert_eq!(places(&["gone"], &[]), [], "of a group that is not known here");
    }
}
