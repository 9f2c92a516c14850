//! Follows what a forward may lead to, and says where its connections go now.

use super::carry::{self, Report, Route};
use super::choose::{Candidate, Choice, Chosen, Life};
use super::offer::declared;
use super::{ForwardState, ForwardWait, OpenForward};
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Trust, any_changed};
use crate::watched::Kept;
use futures::future::{BoxFuture, FutureExt as _};
use jiff::{SignedDuration, Timestamp};
use slipway_cluster::{ClusterError, Dialled, Session};
use slipway_model::balancer::Target;
use slipway_model::cluster::{Rule, SessionState};
use slipway_model::forward::ForwardTarget;
use slipway_model::group::Protocol;
use slipway_model::id::BalancerId;
use slipway_model::instance::PodFacts;
use slipway_model::service::{ServiceFacts, SliceFacts};
use slipway_render::names;
use slipway_store::tag::{self, Tag};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio::time::{Instant, sleep_until};

/// Before a way that broke is tried again. Doubles up to the longest.
const AGAIN_FIRST: Duration = Duration::from_millis(500);
const AGAIN_MAX: Duration = Duration::from_secs(10);
/// Words of connections that may wait.
const REPORTS: usize = 64;

/// Until the forward is closed, or can not go on.
pub(super) async fn run(engine: Engine, forward: Arc<OpenForward>, listener: TcpListener) {
    let routes = watch::Sender::new(None);
    let (reports, mut said) = mpsc::channel(REPORTS);
    let ended = tokio::select! {
        ended = follow(&engine, &forward, &routes, &mut said) => ended,
        () = carry::accept(listener, forward.clone(), routes.subscribe(), reports) => return,
    };
    forward.set(ended);
}

/// Answers how it ended.
async fn follow(
    engine: &Engine,
    forward: &OpenForward,
    routes: &watch::Sender<Option<Route>>,
    said: &mut mpsc::Receiver<Report>,
) -> ForwardState {
    let named = match &forward.asked.target {
        ForwardTarget::Pod { pod, .. } => Some(pod.as_str()),
        ForwardTarget::Group { .. } | ForwardTarget::Balancer { .. } => None,
    };
    let mut choice = Choice::new(named);
    let mut changes = engine.store.changes();
    loop {
        let (scene, tags) = match scene(engine, &forward.asked.target).await {
            Ok(found) => found,
            Err(error) => return ended(&error),
        };
        let mut follower = Follower::new(forward, routes, &mut choice, scene);
        tokio::select! {
            ended = follower.run(said) => return ended,
            // The link, the group or the load balancer may be another one now. Their watches are kept by the session.
            open = any_changed(&mut changes, &tags) => if !open {
                return ended(&Error::Stopped);
            },
        }
    }
}

fn ended(error: &Error) -> ForwardState {
    let lacks = match error {
        Error::Cluster(ClusterError::Forbidden { verb, resource, .. }) if !resource.is_empty() => {
            Some(Rule { api_group: String::new(), resource: resource.clone(), verbs: vec![verb.clone()] })
        }
        _ => None,
    };
    ForwardState::Ended { lacks, reason: error.to_string() }
}

/// What is seen of a cluster.
struct Scene {
    session: Session,
    state: watch::Receiver<SessionState>,
    sight: Sight,
}

enum Sight {
    Pods(Kept<PodFacts>),
    Service { balancer: BalancerId, services: Box<Kept<ServiceFacts>>, slices: Kept<SliceFacts> },
}

async fn scene(engine: &Engine, target: &ForwardTarget) -> Result<(Scene, Vec<Tag>)> {
    let (session, sight, own) = match target {
        ForwardTarget::Pod { group, .. } | ForwardTarget::Group { group } => {
            let place = engine.place(group).await?;
            (place.session.clone(), Sight::Pods(Kept::new(place.session.pods(&place.selector))), tag::group(group))
        }
        ForwardTarget::Balancer { balancer, link } => {
            let entry = engine.balancer_entry(balancer).await?;
            let app = engine.app(&entry.app).await?;
            let (session, selector) = (engine.session(link)?, names::selector_of_app(&app.slug));
            let services = Box::new(Kept::new(session.services(&selector)));
            let slices = Kept::new(session.endpoint_slices(&selector));
            (session, Sight::Service { balancer: balancer.clone(), services, slices }, tag::balancer(balancer))
        }
    };
    let state = session.state();
    Ok((Scene { session, state, sight }, vec![tag::clusters(), own]))
}

impl Sight {
    async fn changed(&mut self) {
        match self {
            Self::Pods(pods) => pods.changed().await,
            Self::Service { services, slices, .. } => tokio::select! {
                () = services.changed() => {}
                () = slices.changed() => {}
            },
        }
    }

    fn trust(&self) -> Trust {
        match self {
            Self::Pods(pods) => pods.trust(),
            Self::Service { services, slices, .. } => match services.trust() {
                Trust::Live | Trust::Stale { .. } => slices.trust(),
                trust => trust,
            },
        }
    }
}

/// What is to be done now.
enum Next {
    Look,
    Through { pod: String, port: Target },
    Wait { why: ForwardWait, reason: String, retry_at: Option<Timestamp>, wake: Option<Instant> },
    NoPort { of: String, port: String },
    End(ForwardState),
}

/// A pod that was asked once whether it takes connections.
struct Asked {
    pod: String,
    met: Met,
}

enum Met {
    Taken,
    Refused(String),
    NoPort(String),
}

struct Broken {
    pod: String,
    reason: String,
    at: Instant,
    retry_at: Option<Timestamp>,
}

type Asking = BoxFuture<'static, (String, std::result::Result<Met, ClusterError>)>;

struct Follower<'f> {
    forward: &'f OpenForward,
    routes: &'f watch::Sender<Option<Route>>,
    choice: &'f mut Choice,
    scene: Scene,
    asked: Option<Asked>,
    asking: Option<(String, Asking)>,
    broken: Option<Broken>,
    again: Duration,
}

impl<'f> Follower<'f> {
    fn new(
        forward: &'f OpenForward,
        routes: &'f watch::Sender<Option<Route>>,
        choice: &'f mut Choice,
        scene: Scene,
    ) -> Self {
        Self { forward, routes, choice, scene, asked: None, asking: None, broken: None, again: AGAIN_FIRST }
    }

    async fn run(&mut self, said: &mut mpsc::Receiver<Report>) -> ForwardState {
        loop {
            let next = self.next();
            let wake = match self.act(next) {
                Ok(wake) => wake,
                Err(ended) => return ended,
            };
            let asking = async {
                match &mut self.asking {
                    Some((_, asking)) => asking.await,
                    None => std::future::pending().await,
                }
            };
            let woken = async {
                match wake {
                    Some(at) => sleep_until(at).await,
                    None => std::future::pending().await,
                }
            };
            let answer = tokio::select! {
                () = self.scene.sight.changed() => None,
                Ok(()) = self.scene.state.changed() => None,
                () = woken => None,
                answer = asking => Some(answer),
                Some(report) = said.recv() => match self.hear(report) {
                    Ok(()) => None,
                    Err(ended) => return ended,
                },
            };
            if let Some((pod, met)) = answer {
                self.asking = None;
                match met {
                    Ok(met) => {
                        self.again = AGAIN_FIRST;
                        self.asked = Some(Asked { pod, met });
                    }
                    Err(error) => {
                        if let Err(ended) = self.broke(pod, error) {
                            return ended;
                        }
                    }
                }
            }
        }
    }

    fn next(&mut self) -> Next {
        let wait = |why, reason: &str, retry_at| Next::Wait { why, reason: reason.to_owned(), retry_at, wake: None };
        match &*self.scene.state.borrow_and_update() {
            SessionState::Connecting => return Next::Look,
            SessionState::Unreachable { retry_at, reason, .. } => return wait(ForwardWait::Cluster, reason, *retry_at),
            SessionState::SignInNeeded { reason } => return wait(ForwardWait::Cluster, reason, None),
            SessionState::Ready { .. } | SessionState::Degraded { .. } => {}
        }
        match self.scene.sight.trust() {
            Trust::Loading => return Next::Look,
            Trust::Failed(error) => return Next::End(ended(&error)),
            // While the watch is behind, what it knew is all there is to go by.
            Trust::Live | Trust::Stale { .. } => {}
        }
        let now = Instant::now();
        let asked = &self.forward.asked.port;
        let (chosen, port) = match &self.scene.sight {
            Sight::Pods(pods) => {
                let pods: Vec<Candidate<'_>> = pods.rows().map(Candidate::from).collect();
                (self.choice.choose(&pods, now), asked.clone())
            }
            Sight::Service { balancer, services, slices } => {
                let Some(service) = services.rows().find(|service| service.balancer == balancer.as_str()) else {
                    return wait(ForwardWait::Service, "", None);
                };
                let Some(port) = port_of(service, asked) else {
                    return Next::NoPort { of: service.name.clone(), port: asked.to_string() };
                };
                let pods: Vec<Candidate<'_>> = endpoints(slices.rows(), &service.name).collect();
                (self.choice.choose(&pods, now), port)
            }
        };
        match chosen {
            Chosen::Pod(pod) => Next::Through { pod, port },
            Chosen::Wait { replacement, until } => Next::Wait {
                why: if replacement { ForwardWait::Replacement } else { ForwardWait::Pod },
                reason: String::new(),
                retry_at: until.map(|until| time_of(until, now)),
                wake: until,
            },
        }
    }

    /// When to look again without any change.
    fn act(&mut self, next: Next) -> std::result::Result<Option<Instant>, ForwardState> {
        let mut wake_at = None;
        let state = match next {
            Next::End(ended) => return Err(ended),
            Next::Look => self.nowhere(ForwardState::Opening),
            Next::NoPort { of, port } => self.nowhere(ForwardState::NoPort { of, port }),
            Next::Wait { why, reason, retry_at, wake } => {
                wake_at = wake;
                self.nowhere(ForwardState::Waiting { why, reason, retry_at })
            }
            Next::Through { pod, port } => {
                if self.broken.as_ref().is_some_and(|broken| broken.pod != pod || broken.at <= Instant::now()) {
                    self.broken = None;
                }
                let asked = self.asked.as_ref().filter(|asked| asked.pod == pod).map(|asked| &asked.met);
                match (&self.broken, asked) {
                    (Some(broken), _) => {
                        wake_at = Some(broken.at);
                        let (reason, retry_at) = (broken.reason.clone(), broken.retry_at);
                        self.routes.send_replace(None);
                        ForwardState::Waiting { why: ForwardWait::Way, reason, retry_at }
                    }
                    (None, Some(Met::Taken)) => ForwardState::Open { pod },
                    (None, Some(Met::Refused(reason))) => ForwardState::Refused { reason: reason.clone(), pod },
                    (None, Some(Met::NoPort(port))) => ForwardState::NoPort { port: port.clone(), of: pod },
                    (None, None) => {
                        if self.asking.as_ref().is_none_or(|(asked, _)| *asked != pod) {
                            self.ask(pod, port);
                        }
                        ForwardState::Opening
                    }
                }
            }
        };
        self.forward.set(state);
        Ok(wake_at)
    }

    /// Connections wait, and what is found later is asked anew.
    fn nowhere(&mut self, state: ForwardState) -> ForwardState {
        self.routes.send_if_modified(|route| route.take().is_some());
        (self.asked, self.asking, self.broken) = (None, None, None);
        state
    }

    /// Whether a pod takes connections. They may go there at once: only what is shown waits for the answer.
    fn ask(&mut self, pod: String, port: Target) {
        self.routes.send_if_modified(|route| route.take().is_some());
        let (session, routes, of) = (self.scene.session.clone(), self.routes.clone(), pod.clone());
        let service = matches!(self.scene.sight, Sight::Service { .. });
        let (number, name) = match port {
            Target::Number(number) => (Some(number), String::new()),
            Target::Name(name) => (None, name),
        };
        if let Some(number) = number.filter(|_| !service) {
            self.learn(number);
        }
        let asking = async move {
            let asked = async {
                let port = match number {
                    Some(number) => number,
                    None => match declared(&session, &of).await?.into_iter().find(|port| port.name == name) {
                        Some(port) => port.port,
                        None => return Ok(Met::NoPort(name)),
                    },
                };
                routes.send_replace(Some(Route { session: session.clone(), pod: of.clone(), port }));
                Ok(match session.dial(&of, port).await? {
                    Dialled::Taken(_) => Met::Taken,
                    Dialled::Refused(reason) => Met::Refused(reason),
                })
            };
            let met = asked.await;
            (of, met)
        };
        self.asking = Some((pod, asking.boxed()));
    }

    fn learn(&self, port: u16) {
        if self.forward.now().port != Some(port) {
            self.forward.tell(|now| now.port = Some(port));
        }
    }

    fn hear(&mut self, report: Report) -> std::result::Result<(), ForwardState> {
        match report {
            Report::Works { pod } => self.met(&pod, Met::Taken),
            Report::Refused { pod, reason } => self.met(&pod, Met::Refused(reason)),
            Report::Broken { pod, error } => return self.broke(pod, error),
        }
        Ok(())
    }

    fn met(&mut self, pod: &str, met: Met) {
        if let Some(asked) = self.asked.as_mut().filter(|asked| asked.pod == pod) {
            asked.met = met;
        }
    }

    /// The way to a pod is tried again after a while, unless nothing will come of it.
    fn broke(&mut self, pod: String, error: ClusterError) -> std::result::Result<(), ForwardState> {
        if matches!(error, ClusterError::Forbidden { .. }) {
            return Err(ended(&error.into()));
        }
        let now = Instant::now();
        if self.broken.as_ref().is_some_and(|broken| broken.at > now) {
            return Ok(());
        }
        let at = now + self.again;
        self.again = (self.again * 2).min(AGAIN_MAX);
        self.broken = Some(Broken { pod, reason: error.to_string(), at, retry_at: Some(time_of(at, now)) });
        (self.asked, self.asking) = (None, None);
        Ok(())
    }
}

fn time_of(at: Instant, now: Instant) -> Timestamp {
    let wait = SignedDuration::try_from(at.saturating_duration_since(now)).unwrap_or_default();
    Timestamp::now().checked_add(wait).unwrap_or(Timestamp::MAX)
}

/// Where a port of a Service leads in its pods.
fn port_of(service: &ServiceFacts, asked: &Target) -> Option<Target> {
    let tcp = service.ports.iter().filter(|port| port.protocol == Protocol::Tcp);
    let mut meant = tcp.filter(|port| match asked {
        Target::Number(number) => port.port == *number,
        Target::Name(name) => port.name == *name,
    });
    meant.next().map(|port| port.target.clone())
}

/// The pods that get traffic of a Service.
fn endpoints<'s>(slices: impl Iterator<Item = &'s SliceFacts>, service: &str) -> impl Iterator<Item = Candidate<'s>> {
    let own = slices.filter(move |slice| slice.service == service && slice.has_ports);
    let pods = own.flat_map(|slice| &slice.endpoints).filter(|endpoint| endpoint.ready && !endpoint.pod.is_empty());
    pods.map(|endpoint| Candidate {
        id: &endpoint.pod,
        name: &endpoint.pod,
        created: None,
        life: if endpoint.terminating { Life::Ends } else { Life::Runs },
        ready: true,
    })
}
