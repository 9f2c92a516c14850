//! Load balancers live: addresses, and which pod of which version receives traffic.

use super::learn::{News, news};
use super::place::{Known, Place, container_of};
use super::{links_of, valid};
use crate::Engine;
use crate::error::Result;
use crate::live::{Live, Row, Sender, Trust};
use crate::tag;
use crate::watched::Kept;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use slipway_cluster::Session;
use slipway_model::app::App;
use slipway_model::balancer::{BalancerKind, BalancerPort};
use slipway_model::diagnosis::EventFact;
use slipway_model::id::{AppId, BalancerId, LinkId};
use slipway_model::instance::{Health, Instance, PodFacts};
use slipway_model::service::{ServiceFacts, SliceFacts};
use slipway_render::names;
use slipway_render::service::{definition, definition_hash};
use slipway_store::{BalancerEntry, BalancerService, GroupEntry};
use std::collections::{HashMap, HashSet};
use ts_rs::TS;

/// Endpoints that a row carries one by one; the shares count all.
const ENDPOINTS_MAX: usize = 500;
/// Latest events of a Service that a row carries.
const EVENTS_MAX: usize = 5;
/// A Service that was applied so lately may be missing because its watch has not told of it yet.
const WATCH_LAG: SignedDuration = SignedDuration::from_secs(10);

/// A row of the feed `balancers`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct BalancerLive {
    pub id: BalancerId,
    /// One for each cluster where it has, or is to have, a Service.
    pub places: Vec<PlaceLive>,
}

/// The Service of one cluster, as it is there.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct PlaceLive {
    pub link: LinkId,
    pub state: LiveState,
    /// What is known is not current since then.
    #[ts(type = "string | null")]
    pub stale_since: Option<Timestamp>,
    /// Changed by another computer, while something else waits here.
    pub changed_elsewhere: bool,
    pub kind: Option<BalancerKind>,
    pub cluster_ip: Option<String>,
    /// Addresses or host names from outside.
    pub addresses: Vec<String>,
    /// With the node ports that the cluster chose.
    pub ports: Vec<BalancerPort>,
    /// Waits since then for a controller to give it an address.
    #[ts(type = "string | null")]
    pub pending_since: Option<Timestamp>,
    /// Of the Service, the newest first; at most 5.
    pub events: Vec<EventFact>,
    /// Those that get traffic first; at most 500.
    pub endpoints: Vec<Endpoint>,
    /// Of the endpoints that get traffic: the newest release first.
    pub shares: Vec<Share>,
    /// Why nothing gets traffic.
    pub no_traffic: Option<NoTraffic>,
    /// Pods of its groups without its label, where it selects by one.
    pub unlabelled: u32,
    /// Pods with its label that are of none of its groups.
    pub stray: u32,
}

impl PlaceLive {
    /// Nothing is known but this.
    fn bare(link: &LinkId, state: LiveState) -> Self {
        Self {
            link: link.clone(),
            state,
            stale_since: None,
            changed_elsewhere: false,
            kind: None,
            cluster_ip: None,
            addresses: Vec::new(),
            ports: Vec::new(),
            pending_since: None,
            events: Vec::new(),
            endpoints: Vec::new(),
            shares: Vec::new(),
            no_traffic: None,
            unlabelled: 0,
            stray: 0,
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LiveState {
    /// Not asked yet.
    Loading,
    /// The cluster has no such Service.
    Absent,
    There,
    /// The cluster cannot be asked.
    Unknown,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Endpoint {
    /// Empty for an address that is no pod's.
    pub pod: String,
    pub address: String,
    /// Name of the pod's group.
    pub group: String,
    pub version: String,
    pub release: Option<String>,
    /// Of the newer of two releases.
    pub new: bool,
    /// Gets traffic.
    pub ready: bool,
    pub terminating: bool,
    pub health: Health,
    /// In rotation since.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
}

/// How many of the endpoints that get traffic are of one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Share {
    pub version: String,
    pub new: bool,
    pub count: u32,
}

/// Why no endpoint gets traffic, by what is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NoTraffic {
    /// It has no group.
    NoGroup,
    /// Its groups have no pods here.
    NoPods,
    /// No pod has its label: the next release brings it.
    NoLabel { pods: u32 },
    /// None of its pods is ready.
    NoneReady { pods: u32 },
    /// No pod has a port of the target's name.
    NoPort { pods: u32 },
}

impl Row for BalancerLive {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// The watches of one cluster.
struct Watched {
    services: Kept<ServiceFacts>,
    slices: Kept<SliceFacts>,
    pods: Kept<PodFacts>,
    events: Kept<EventFact>,
}

impl Watched {
    fn open(session: &Session, selector: &str) -> Self {
        Self {
            services: Kept::new(session.services(selector)),
            slices: Kept::new(session.endpoint_slices(selector)),
            pods: Kept::new(session.pods(selector)),
            events: Kept::new(session.events()),
        }
    }

    async fn changed(&mut self) {
        tokio::select! {
            () = self.services.changed() => {}
            () = self.slices.changed() => {}
            () = self.pods.changed() => {}
            () = self.events.changed() => {}
        }
    }

    /// Of what an answer needs: without events there still is one.
    fn trust(&self) -> Trust {
        let all = [self.services.trust(), self.slices.trust(), self.pods.trust()];
        let worst = |trust: &Trust| match trust {
            Trust::Failed(_) => 3,
            Trust::Loading => 2,
            Trust::Stale { .. } => 1,
            Trust::Live => 0,
        };
        all.into_iter().max_by_key(worst).unwrap_or(Trust::Loading)
    }
}

impl Engine {
    /// What stands in the clusters for every load balancer of an app.
    pub fn live_balancers(&self, app: AppId) -> Live<BalancerLive> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            if let Err(error) = engine.watch_balancers(&app, &mut sender).await {
                sender.trust(Trust::Failed(error)).await;
            }
        })
    }

    async fn watch_balancers(&self, app: &AppId, sender: &mut Sender<BalancerLive>) -> Result<()> {
        let app = self.app(app).await?;
        let selector = names::selector_of_app(&app.slug);
        let tags = [tag::balancers(&app.id), tag::groups(&app.id), tag::clusters()];
        let mut changes = self.store.changes();
        loop {
            let of_app = app.id.clone();
            let entries = self.store.read(move |r| r.balancers_of_app(&of_app)).await?;
            let known = self.known(&app.id).await?;
            let mut watched = self.open_watches(&known, &entries, &selector);
            // The watches are kept by their sessions: opening them again after a change of ours asks nothing anew.
            loop {
                self.learn(unknown(&app, &entries, &watched)).await?;
                let rows = entries.iter().map(|entry| row(entry, &known, &watched)).collect();
                if !sender.replace(rows, Some(Trust::Live)).await {
                    return Ok(());
                }
                tokio::select! {
                    () = any_changed(&mut watched) => {}
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

    /// Of every cluster where the app has groups, or a Service of it stands.
    fn open_watches(&self, known: &Known, entries: &[BalancerEntry], selector: &str) -> HashMap<LinkId, Watched> {
        let groups = known.groups.iter().map(|group| LinkId::from(group.draft.link.as_str()));
        let links: HashSet<LinkId> = groups.chain(entries.iter().flat_map(links_of)).collect();
        let open = |link: LinkId| self.session(&link).ok().map(|session| (link, Watched::open(&session, selector)));
        links.into_iter().filter_map(open).collect()
    }
}

async fn any_changed(watched: &mut HashMap<LinkId, Watched>) {
    let changes: Vec<_> = watched.values_mut().map(|watched| Box::pin(watched.changed())).collect();
    if changes.is_empty() {
        return std::future::pending().await;
    }
    futures::future::select_all(changes).await;
}

fn unknown(app: &App, entries: &[BalancerEntry], watched: &HashMap<LinkId, Watched>) -> Vec<News> {
    let services = watched.iter().flat_map(|(link, watched)| watched.services.rows().map(move |row| (link, row)));
    services.filter_map(|(link, service)| news(&app.id, link, entries, service)).collect()
}

fn row(entry: &BalancerEntry, known: &Known, watched: &HashMap<LinkId, Watched>) -> BalancerLive {
    let places = valid(entry).map(|balancer| known.places(&balancer, &links_of(entry))).unwrap_or_default();
    let live = places.iter().map(|place| {
        let applied = entry.services.iter().find(|service| service.link == place.link);
        place_live(entry, place, &known.groups, applied, watched.get(&place.link))
    });
    BalancerLive { id: entry.id.clone(), places: live.collect() }
}

fn place_live(
    entry: &BalancerEntry,
    place: &Place,
    groups: &[GroupEntry],
    applied: Option<&BalancerService>,
    watched: Option<&Watched>,
) -> PlaceLive {
    let bare = |state| PlaceLive::bare(&place.link, state);
    let Some(watched) = watched else { return bare(LiveState::Unknown) };
    let stale_since = match watched.trust() {
        Trust::Loading => return bare(LiveState::Loading),
        Trust::Failed(_) => return bare(LiveState::Unknown),
        Trust::Stale { since, .. } => Some(since),
        Trust::Live => None,
    };
    let Some(service) = watched.services.rows().find(|service| service.balancer == entry.id.as_str()) else {
        let lately = applied.is_some_and(|service| Timestamp::now().duration_since(service.applied) < WATCH_LAG);
        return PlaceLive { stale_since, ..bare(if lately { LiveState::Loading } else { LiveState::Absent }) };
    };
    let pods: Vec<&PodFacts> = watched.pods.rows().collect();
    let slices: Vec<&SliceFacts> = watched.slices.rows().filter(|slice| slice.service == service.name).collect();
    let scene = Scene { place, name: &service.name, pods: &pods, slices: &slices };
    let mut endpoints = scene.endpoints(groups, Timestamp::now());
    let shares = shares(&endpoints);
    endpoints.truncate(ENDPOINTS_MAX);
    let found = definition(&service.definition).map(|definition| definition_hash(&definition));
    let kind = serde_json::from_value(service.kind.as_str().into()).ok();
    let waits = kind == Some(BalancerKind::LoadBalancer) && service.addresses.is_empty();
    PlaceLive {
        state: LiveState::There,
        stale_since,
        changed_elsewhere: applied.is_some_and(|applied| found.as_ref() != Some(&applied.hash)),
        kind,
        cluster_ip: Some(service.cluster_ip.clone()).filter(|ip| !ip.is_empty()),
        addresses: service.addresses.clone(),
        ports: service.ports.clone(),
        pending_since: service.created.filter(|_| waits),
        events: events(&watched.events, &service.name),
        no_traffic: if shares.is_empty() { Some(scene.no_traffic()) } else { None },
        unlabelled: count(scene.own().filter(|pod| place.labelled() && !scene.has_label(pod))),
        stray: count(pods.iter().filter(|pod| place.labelled() && scene.has_label(pod) && !scene.is_own(pod))),
        endpoints,
        shares,
        link: place.link.clone(),
    }
}

fn events(all: &Kept<EventFact>, service: &str) -> Vec<EventFact> {
    let object = format!("Service/{service}");
    let mut events: Vec<EventFact> = all.rows().filter(|event| event.object == object).cloned().collect();
    events.sort_by_key(|event| std::cmp::Reverse(event.at));
    events.truncate(EVENTS_MAX);
    events
}

fn count<T>(of: impl Iterator<Item = T>) -> u32 {
    u32::try_from(of.count()).unwrap_or(u32::MAX)
}

/// What is seen of one Service.
struct Scene<'a> {
    place: &'a Place,
    name: &'a str,
    pods: &'a [&'a PodFacts],
    slices: &'a [&'a SliceFacts],
}

impl Scene<'_> {
    fn is_own(&self, pod: &PodFacts) -> bool {
        self.place.groups.iter().any(|(_, slug)| slug.as_str() == pod.group)
    }

    fn has_label(&self, pod: &PodFacts) -> bool {
        pod.balancers.iter().any(|name| name == self.name)
    }

    /// Pods of its groups that are not on their way out.
    fn own(&self) -> impl Iterator<Item = &PodFacts> {
        self.pods.iter().copied().filter(|pod| self.is_own(pod) && !pod.deleting)
    }

    /// Those that get traffic first, of the newer release first, by name.
    fn endpoints(&self, groups: &[GroupEntry], now: Timestamp) -> Vec<Endpoint> {
        let pods: HashMap<&str, &PodFacts> = self.pods.iter().map(|pod| (pod.name.as_str(), *pod)).collect();
        let newest = newest(self.pods);
        let mut seen = HashSet::new();
        let slices = self.slices.iter().filter(|slice| slice.has_ports);
        // Slices of two address families, and copies in the moment of a move, name a pod twice.
        let unique = slices.flat_map(|slice| &slice.endpoints).filter(|endpoint| {
            let key = if endpoint.pod.is_empty() { &endpoint.address } else { &endpoint.pod };
            seen.insert(key.as_str())
        });
        let mut endpoints: Vec<Endpoint> = unique
            .map(|endpoint| {
                let pod = pods.get(endpoint.pod.as_str()).copied();
                let instance = pod.map(|pod| Instance::new(pod, container_of(groups, &pod.group), now));
                Endpoint {
                    pod: endpoint.pod.clone(),
                    address: endpoint.address.clone(),
                    group: pod.map(|pod| pod.group.clone()).unwrap_or_default(),
                    new: pod.is_some_and(|pod| newest.get(pod.group.as_str()) == Some(&Some(pod.release.as_str()))),
                    ready: endpoint.ready,
                    terminating: endpoint.terminating,
                    health: instance.as_ref().map_or(Health::Unknown, |instance| instance.health),
                    since: instance.as_ref().and_then(|instance| instance.ready_since).filter(|_| endpoint.ready),
                    version: instance.as_ref().map(|instance| instance.version.clone()).unwrap_or_default(),
                    release: instance.and_then(|instance| instance.release),
                }
            })
            .collect();
        endpoints.sort_by(|a, b| (!a.ready, !a.new, &a.pod, &a.address).cmp(&(!b.ready, !b.new, &b.pod, &b.address)));
        endpoints
    }

    fn no_traffic(&self) -> NoTraffic {
        let pods = count(self.own());
        let labelled = !self.place.labelled() || self.own().any(|pod| self.has_label(pod));
        let without_port = self.slices.iter().any(|slice| !slice.has_ports && slice.endpoints.iter().any(|e| e.ready));
        match () {
            () if self.place.groups.is_empty() => NoTraffic::NoGroup,
            () if pods == 0 => NoTraffic::NoPods,
            () if !labelled => NoTraffic::NoLabel { pods },
            () if without_port => NoTraffic::NoPort { pods },
            () => NoTraffic::NoneReady { pods },
        }
    }
}

/// The newest release of each group with pods of more than one; `None` where all are of the same.
fn newest<'a>(pods: &[&'a PodFacts]) -> HashMap<&'a str, Option<&'a str>> {
    let mut releases: HashMap<&str, Vec<&str>> = HashMap::new();
    for pod in pods.iter().filter(|pod| !pod.release.is_empty()) {
        releases.entry(pod.group.as_str()).or_default().push(pod.release.as_str());
    }
    let number = |release: &str| release.trim_start_matches('r').parse::<u64>().unwrap_or_default();
    let one = |releases: Vec<&'a str>| {
        let newest = releases.iter().copied().max_by_key(|release| number(release));
        newest.filter(|newest| releases.iter().any(|release| release != newest))
    };
    releases.into_iter().map(|(group, releases)| (group, one(releases))).collect()
}

fn shares(endpoints: &[Endpoint]) -> Vec<Share> {
    let mut shares: Vec<Share> = Vec::new();
    for endpoint in endpoints.iter().filter(|endpoint| endpoint.ready) {
        match shares.iter_mut().find(|share| share.version == endpoint.version && share.new == endpoint.new) {
            Some(share) => share.count += 1,
            None => shares.push(Share { version: endpoint.version.clone(), new: endpoint.new, count: 1 }),
        }
    }
    shares
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::id::GroupId;
    use slipway_model::instance::ContainerFacts;
    use slipway_model::name::Slug;
    use slipway_model::service::EndpointFacts;

    fn place(groups: &[&str]) -> Place {
        let group = |slug: &&str| (GroupId::from(*slug), Slug::parse(slug).expect("a slug"));
        Place { link: "bj".into(), groups: groups.iter().map(group).collect(), wanted: true }
    }

    fn pod(name: &str, group: &str, release: &str, label: bool) -> PodFacts {
        let image = format!("registry.example.com/web:{release}.0");
        PodFacts {
            name: name.into(),
            group: group.into(),
            release: release.into(),
            ready: true,
            balancers: label.then(|| "web".to_owned()).into_iter().collect(),
            containers: vec![ContainerFacts { name: "app".into(), image, ..ContainerFacts::default() }],
            ..PodFacts::default()
        }
    }

    fn slice(pods: &[(&str, bool)]) -> SliceFacts {
        let endpoint = |(pod, ready): &(&str, bool)| EndpointFacts {
            pod: (*pod).into(),
            address: "10.0.0.1".into(),
            ready: *ready,
            terminating: false,
        };
        SliceFacts {
            service: "web".into(),
            has_ports: true,
            endpoints: pods.iter().map(endpoint).collect(),
            ..SliceFacts::default()
        }
    }

    #[test]
    fn shares_by_version_with_the_newer_release_first() {
        let pods = [
            pod("b", "prod", "r9", false),
            pod("a", "prod", "r10", false),
            pod("c", "prod", "r10", false),
            pod("d", "test", "r1", false),
        ];
        let pods: Vec<&PodFacts> = pods.iter().collect();
        let (slice, place) = (slice(&[("a", true), ("b", true), ("c", false), ("a", true)]), place(&["prod"]));
        let scene = Scene { place: &place, name: "web", pods: &pods, slices: &[&slice] };
        let endpoints = scene.endpoints(&[], Timestamp::now());
        let order: Vec<_> = endpoints.iter().map(|e| (e.pod.as_str(), e.ready, e.new)).collect();
        assert_eq!(order, [("a", true, true), ("b", true, false), ("c", false, true)]);
        let shares: Vec<_> = shares(&endpoints).into_iter().map(|s| (s.version, s.new, s.count)).collect();
        assert_eq!(shares, [("r10.0".into(), true, 1), ("r9.0".into(), false, 1)]);
        assert_eq!(newest(&pods)["test"], None, "all are of one release");
    }

    #[test]
    fn why_nothing_gets_traffic() {
        let none = SliceFacts::default();
        let why = |groups: &[&str], pods: &[PodFacts], slice: &SliceFacts| {
            let (place, pods): (_, Vec<&PodFacts>) = (place(groups), pods.iter().collect());
            Scene { place: &place, name: "web", pods: &pods, slices: &[slice] }.no_traffic()
        };
        let two = [pod("a", "prod", "r1", false), pod("b", "canary", "r1", false)];
        assert_eq!(why(&[], &two, &none), NoTraffic::NoGroup);
        assert_eq!(why(&["south"], &two, &none), NoTraffic::NoPods);
        assert_eq!(why(&["prod", "canary"], &two, &none), NoTraffic::NoLabel { pods: 2 });
        assert_eq!(why(&["prod"], &two, &slice(&[("a", false)])), NoTraffic::NoneReady { pods: 1 });
        let unnamed = SliceFacts { has_ports: false, ..slice(&[("a", true)]) };
        assert_eq!(why(&["prod"], &two, &unnamed), NoTraffic::NoPort { pods: 1 });
    }
}
