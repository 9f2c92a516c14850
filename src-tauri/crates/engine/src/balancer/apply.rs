//! Services written and removed: never over somebody else's without being told to.

use super::place::Place;
use super::{links_of, valid};
use crate::Engine;
use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{Apply, ClusterError, FieldConflict, Kind, Session};
use slipway_model::app::App;
use slipway_model::balancer::Balancer;
use slipway_model::cluster::{ClusterLink, SessionState};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{BalancerId, LinkId};
use slipway_model::name::Slug;
use slipway_render::names::{self, MANAGER};
use slipway_render::service::{balancer_uid, definition_hash, definition_of, label_patch, service};

/// What came of one cluster of a load balancer.
#[derive(Clone, Debug)]
pub struct Attempt {
    pub link: LinkId,
    /// Name of the link; empty when it is linked no more.
    pub cluster: String,
    /// Why it waits, or what the cluster refused.
    pub error: Option<Error>,
}

/// Pods whose label was changed at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Labelled {
    pub added: u32,
    pub removed: u32,
}

/// How an apply is meant.
#[derive(Clone, Copy)]
struct How {
    dry_run: bool,
    /// Over fields of other managers, and over what another computer applied since.
    take_over: bool,
}

impl Engine {
    /// Brings the Services of a load balancer to what is saved, cluster by cluster: one that fails keeps no other.
    pub async fn balancer_apply(&self, id: &BalancerId, take_over: bool) -> Result<Vec<Attempt>> {
        let entry = self.balancer_entry(id).await?;
        let app = self.app(&entry.app).await?;
        let balancer = valid(&entry).ok_or_else(|| Error::not_found("balancer", id.as_str()))?;
        let known = self.known(&app.id).await?;
        let how = How { dry_run: false, take_over };
        let mut attempts = Vec::new();
        for place in known.places(&balancer, &links_of(&entry)) {
            let link = known.link(&place.link);
            let base = entry.services.iter().find(|service| service.link == place.link);
            let base = base.map(|service| service.hash.as_str());
            let done = self.write_place(&app, &balancer, &place, link, base, how).await;
            let cluster = link.map(|link| link.name.clone()).unwrap_or_default();
            attempts.push(Attempt { link: place.link, cluster, error: done.err() });
        }
        Ok(attempts)
    }

    /// Asks the clusters in reach what they would say, so that nothing is kept that they refuse.
    pub(super) async fn rehearse(&self, balancer: &Balancer, standing: &[LinkId]) -> Result<()> {
        let app = self.app(&balancer.app).await?;
        let known = self.known(&app.id).await?;
        let how = How { dry_run: true, take_over: true };
        for place in known.places(balancer, standing).into_iter().filter(|place| place.wanted) {
            match self.write_place(&app, balancer, &place, known.link(&place.link), None, how).await {
                Err(error) if waits(&error) => {}
                answer => answer?,
            }
        }
        Ok(())
    }

    async fn write_place(
        &self,
        app: &App,
        balancer: &Balancer,
        place: &Place,
        link: Option<&ClusterLink>,
        base: Option<&str>,
        how: How,
    ) -> Result<()> {
        let link = link.ok_or_else(|| Error::Unlinked { group: balancer.name.to_string() })?;
        let session = self.in_reach(&link.id)?;
        let live = session.get(Kind::Service, balancer.name.as_str()).await?;
        if !place.wanted {
            return self.remove(&session, balancer, link, live.as_ref()).await;
        }
        check(balancer, live.as_ref(), base, how)?;
        let object = service(app, balancer, &link.namespace, &place.slugs());
        let written = write(&session, balancer, &object, how).await?;
        if !how.dry_run {
            self.note(balancer, &link.id, &definition_hash(balancer), &written).await?;
        }
        Ok(())
    }

    pub(super) async fn note(&self, balancer: &Balancer, link: &LinkId, hash: &str, written: &Value) -> Result<()> {
        let version = written["metadata"]["resourceVersion"].as_str().unwrap_or_default().to_owned();
        let (id, link, hash) = (balancer.id.clone(), link.clone(), hash.to_owned());
        Ok(self.store.write(move |w| w.put_balancer_service(&id, &link, &hash, &version)).await?)
    }

    async fn remove(
        &self,
        session: &Session,
        balancer: &Balancer,
        link: &ClusterLink,
        live: Option<&Value>,
    ) -> Result<()> {
        if live.is_some_and(|live| balancer_uid(live) == Some(balancer.id.as_str())) {
            session.delete(Kind::Service, balancer.name.as_str()).await?;
        }
        let (id, link) = (balancer.id.clone(), link.id.clone());
        Ok(self.store.write(move |w| w.forget_balancer_service(&id, &link)).await?)
    }

    /// Removes its Services, and keeps the draft for thirty days. Where a cluster cannot be asked it stays, with what is
    /// left of it; of one that is linked no more the Service is forgotten.
    pub async fn balancer_delete(&self, id: &BalancerId) -> Result<()> {
        let entry = self.balancer_entry(id).await?;
        if let Some(balancer) = valid(&entry) {
            let known = self.known(&entry.app).await?;
            for link in links_of(&entry).iter().filter_map(|link| known.link(link)) {
                let session = self.in_reach(&link.id)?;
                let live = session.get(Kind::Service, balancer.name.as_str()).await?;
                self.remove(&session, &balancer, link, live.as_ref()).await?;
            }
        }
        let id = id.clone();
        Ok(self
            .store
            .write(move |w| {
                for link in links_of(&entry) {
                    w.forget_balancer_service(&id, &link)?;
                }
                w.delete_balancer(&id)
            })
            .await?)
    }

    /// Puts the live pods of its groups behind a load balancer of several groups, at once, and takes others from there.
    /// Pods that replace them have the label from their group's next release on.
    pub async fn balancer_label(&self, id: &BalancerId) -> Result<Labelled> {
        let entry = self.balancer_entry(id).await?;
        let app = self.app(&entry.app).await?;
        let balancer = valid(&entry).ok_or_else(|| Error::not_found("balancer", id.as_str()))?;
        let known = self.known(&app.id).await?;
        let mut labelled = Labelled::default();
        for place in known.places(&balancer, &links_of(&entry)).into_iter().filter(Place::labelled) {
            let session = self.in_reach(&place.link)?;
            let slugs = place.slugs();
            for pod in session.list(Kind::Pod, &names::selector_of_app(&app.slug)).await? {
                if let Some(behind) = change(&pod, &balancer.name, &slugs) {
                    let name = pod["metadata"]["name"].as_str().unwrap_or_default();
                    match session.merge_patch(Kind::Pod, name, &label_patch(&balancer.name, behind)).await {
                        // It ended since it was listed.
                        Err(ClusterError::NotFound { .. }) => continue,
                        answer => answer?,
                    };
                    *(if behind { &mut labelled.added } else { &mut labelled.removed }) += 1;
                }
            }
        }
        Ok(labelled)
    }

    /// The session of a link whose cluster answered the last time: without it, every call would wait for its own
    /// timeout.
    fn in_reach(&self, link: &LinkId) -> Result<Session> {
        let session = self.session(link)?;
        let state = session.state().borrow().clone();
        let doing = || format!("use the cluster of link {link}");
        match state {
            SessionState::Unreachable { reason, .. } => {
                Err(ClusterError::Unreachable { doing: doing(), server: String::new(), reason }.into())
            }
            _ => Ok(session),
        }
    }
}

/// The cluster cannot be asked just now, whatever it would say.
fn waits(error: &Error) -> bool {
    matches!(error, Error::Unlinked { .. } | Error::Cluster(ClusterError::WrongCa { .. })) || error.passing()
}

/// Whether a pod's label has to be changed, and to what.
fn change(pod: &Value, balancer: &Slug, groups: &[Slug]) -> Option<bool> {
    let labels = &pod["metadata"]["labels"];
    let has = labels[names::balancer_label(balancer)] == "true";
    let group = labels[names::LABEL_GROUP].as_str();
    let wants = groups.iter().any(|slug| Some(slug.as_str()) == group);
    (has != wants).then_some(wants)
}

/// Refuses a Service that is not this load balancer's, and one that another computer changed since `base`.
fn check(balancer: &Balancer, live: Option<&Value>, base: Option<&str>, how: How) -> Result<()> {
    let Some(live) = live else { return Ok(()) };
    let name = balancer.name.to_string();
    if balancer_uid(live) != Some(balancer.id.as_str()) {
        return Err(Error::Taken { what: "Service", name });
    }
    let found = definition_of(live).map(|definition| definition_hash(&definition));
    let ours = definition_hash(balancer);
    let expected = found.as_deref().is_none_or(|found| base.is_none_or(|base| base == found) || found == ours);
    if expected || how.take_over { Ok(()) } else { Err(Error::ChangedElsewhere { what: "Service", name }) }
}

/// Without force at first. Conflicts with our own patches are taken back; others only where the person said so.
async fn write(session: &Session, balancer: &Balancer, object: &Value, how: How) -> Result<Value> {
    let options = Apply { dry_run: how.dry_run, force: false };
    let answer = match session.apply(Kind::Service, object, options).await {
        Err(ClusterError::Conflict { conflicts, .. }) if !conflicts.is_empty() => {
            let foreign: Vec<FieldConflict> = conflicts.into_iter().filter(|c| c.manager != MANAGER).collect();
            if !foreign.is_empty() && !how.take_over {
                return Err(Error::Conflict(foreign));
            }
            session.apply(Kind::Service, object, Apply { force: true, ..options }).await
        }
        answer => answer,
    };
    answer.map_err(|error| of_node_ports(balancer, &error).unwrap_or_else(|| error.into()))
}

/// What the API server says of a node port (`ErrAllocated` and `ErrNotInRange` of its port allocator), as errors of the
/// form.
fn of_node_ports(balancer: &Balancer, error: &ClusterError) -> Option<Error> {
    let ClusterError::Invalid { fields: causes, .. } = error else { return None };
    let mut fields = Fields::new();
    for (at, port) in balancer.ports.iter().enumerate() {
        let Some(node_port) = port.node_port else { continue };
        let value = format!("Invalid value: {node_port}:");
        for (_, message) in causes.iter().filter(|(field, text)| field.ends_with("nodePort") && text.contains(&value)) {
            let field = format!("ports.{at}.node_port");
            if message.contains("already allocated") {
                fields.refuse(field, FieldCode::NodePortTaken);
            } else if let Some((min, max)) = range(message) {
                fields.refuse(field, FieldCode::OutOfRange).with("min", min).with("max", max);
            }
        }
    }
    let errors = fields.into_errors();
    (!errors.is_empty()).then_some(Error::Invalid(errors))
}

/// `… The range of valid ports is 30000-32767`
fn range(message: &str) -> Option<(u16, u16)> {
    let (min, max) = message.rsplit_once("range of valid ports is ")?.1.trim().split_once('-')?;
    Some((min.parse().ok()?, max.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};

    fn balancer() -> Balancer {
        let port = |name: &str, port: &str, node_port: &str| {
            let [name, port, node_port] = [name, port, node_port].map(str::to_owned);
            BalancerPortDraft { name, port, node_port, ..BalancerPortDraft::default() }
        };
        let draft = BalancerDraft {
            name: "web".into(),
            kind: BalancerKind::NodePort,
            ports: vec![port("http", "80", "30080"), port("metrics", "9102", "30081")],
            ..BalancerDraft::default()
        };
        draft.validate("b".into(), "app".into()).expect("valid")
    }

    #[test]
    fn node_ports_that_the_cluster_refuses_stand_under_their_fields() {
        let invalid = |message: &str| ClusterError::Invalid {
            doing: "apply Service shop/web".into(),
            message: message.into(),
            fields: vec![("spec.ports[1].nodePort".into(), message.into())],
        };
        let errors = |message: &str| match of_node_ports(&balancer(), &invalid(message)) {
            Some(Error::Invalid(errors)) => errors,
            other => panic!("{message}: {other:?}"),
        };
        let taken = errors("Invalid value: 30081: provided port is already allocated").remove(0);
        assert_eq!((taken.field.as_str(), taken.code), ("ports.1.node_port", FieldCode::NodePortTaken));
        let range = errors(
            "Invalid value: 30080: provided port is not in the valid range. The range of valid ports is 31000-31999",
        )
        .remove(0);
        assert_eq!((range.field.as_str(), range.code), ("ports.0.node_port", FieldCode::OutOfRange));
        assert_eq!(range.params["max"], "31999");
        assert!(of_node_ports(&balancer(), &invalid("Invalid value: 7: something else")).is_none());
    }

    #[test]
    fn whose_service_it_is() {
        let app: App = serde_json::from_value(
            json!({ "id": "app", "slug": "checkout", "title": "", "repository": "r", "deploy_path": "/" }),
        )
        .expect("an app");
        let ours = balancer();
        let live = service(&app, &ours, "shop", &[]);
        let how = How { dry_run: false, take_over: false };
        let hash = definition_hash(&ours);
        let changed = Balancer { kind: BalancerKind::ClusterIP, ..ours.clone() };
        assert!(check(&ours, None, None, how).is_ok(), "the name is free");
        assert!(check(&changed, Some(&live), Some(&hash), how).is_ok(), "as we left it");
        let elsewhere = check(&changed, Some(&live), Some("older"), how);
        assert!(matches!(elsewhere, Err(Error::ChangedElsewhere { .. })), "{elsewhere:?}");
        assert!(check(&changed, Some(&live), Some("older"), How { take_over: true, ..how }).is_ok());
        let foreign = json!({ "metadata": { "name": "web" } });
        let refused = check(&ours, Some(&foreign), None, How { take_over: true, ..how });
        assert!(matches!(refused, Err(Error::Taken { what: "Service", .. })), "never taken over");
    }

    #[test]
    fn pods_get_the_label_and_lose_it() {
        let pod = |group: &str, label: Option<&str>| json!({ "metadata": { "labels": { "slipway.dev/group": group, "balancer.slipway.dev/web": label } } });
        let (name, groups) = (Slug::parse("web").expect("a name"), [Slug::parse("prod").expect("a slug")]);
        assert_eq!(change(&pod("prod", None), &name, &groups), Some(true));
        assert_eq!(change(&pod("prod", Some("true")), &name, &groups), None);
        assert_eq!(change(&pod("old", Some("true")), &name, &groups), Some(false));
        assert_eq!(change(&pod("old", None), &name, &groups), None);
    }
}
