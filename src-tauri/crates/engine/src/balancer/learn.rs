//! What other computers did to load balancers: the Services in the clusters are the truth, the store follows.

use super::valid;
use crate::Engine;
use crate::error::Result;
use slipway_model::balancer::{Balancer, BalancerDraft};
use slipway_model::id::{AppId, LinkId};
use slipway_model::service::ServiceFacts;
use slipway_render::service::{definition, definition_hash};
use slipway_store::{BalancerEntry, BalancerService};

/// Something that the store does not know yet.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct News {
    balancer: Balancer,
    link: LinkId,
    version: String,
    what: What,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A load balancer that this computer has not seen.
    Unseen,
    /// Its definition was changed elsewhere, and nothing is waiting here.
    Newer,
    /// It has what is saved, or stands where nobody remembers it to.
    Known,
}

impl Engine {
    /// Takes over what Services say of load balancers, wherever nothing of this computer is lost by it.
    pub(super) async fn learn(&self, news: Vec<News>) -> Result<()> {
        if news.is_empty() {
            return Ok(());
        }
        Ok(self
            .store
            .write(move |w| {
                for News { balancer, link, version, what } in news {
                    let draft = BalancerDraft::from(&balancer);
                    match what {
                        // One that was deleted here, or was seen a moment ago in another cluster, stays as it is.
                        What::Unseen if w.knows_balancer(&balancer.id)? => continue,
                        // Another one has its name here. It is seen again when that is gone.
                        What::Unseen if w.balancer_named(&balancer.app, &draft.name)? => continue,
                        What::Unseen => w.insert_balancer(&balancer.id, &balancer.app, &draft)?,
                        What::Newer => w.update_balancer(&balancer.id, &draft)?,
                        What::Known => {}
                    }
                    w.put_balancer_service(&balancer.id, &link, &definition_hash(&balancer), &version)?;
                }
                Ok(())
            })
            .await?)
    }
}

/// What one Service tells that the store does not know.
pub(super) fn news(app: &AppId, link: &LinkId, entries: &[BalancerEntry], service: &ServiceFacts) -> Option<News> {
    if service.deleting {
        return None;
    }
    let balancer = definition(&service.definition)?;
    if balancer.app != *app || balancer.id.as_str() != service.balancer || balancer.name.as_str() != service.name {
        return None;
    }
    let found = definition_hash(&balancer);
    let what = match entries.iter().find(|entry| entry.id == balancer.id) {
        None => What::Unseen,
        Some(entry) => {
            let saved = valid(entry).map(|balancer| definition_hash(&balancer));
            match entry.services.iter().find(|known| known.link == *link) {
                Some(known) if known.hash == found || !later(known, service) => return None,
                _ if saved.as_ref() == Some(&found) => What::Known,
                Some(known) if saved.as_ref() == Some(&known.hash) => What::Newer,
                // Both have changed it: the person decides.
                Some(_) => return None,
                None => What::Known,
            }
        }
    };
    Some(News { balancer, link: link.clone(), version: service.resource_version.clone(), what })
}

/// Whether a Service is of the time after what is known. Its versions are numbers that rise (KEP-5504).
fn later(known: &BalancerService, service: &ServiceFacts) -> bool {
    match (known.version.parse::<u64>(), service.resource_version.parse::<u64>()) {
        (Ok(known), Ok(now)) => now > known,
        _ => known.version != service.resource_version,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::Timestamp;
    use slipway_model::balancer::{BalancerKind, BalancerPortDraft};

    fn balancer(kind: BalancerKind) -> Balancer {
        let draft = BalancerDraft {
            name: "web".into(),
            kind,
            ports: vec![BalancerPortDraft { port: "80".into(), ..BalancerPortDraft::default() }],
            ..BalancerDraft::default()
        };
        draft.validate("b".into(), "app".into()).expect("valid")
    }

    fn service(balancer: &Balancer, version: &str) -> ServiceFacts {
        ServiceFacts {
            name: balancer.name.to_string(),
            resource_version: version.into(),
            balancer: balancer.id.to_string(),
            definition: serde_json::to_string(balancer).expect("JSON"),
            ..ServiceFacts::default()
        }
    }

    fn entry(saved: &Balancer, applied: &Balancer) -> BalancerEntry {
        BalancerEntry {
            id: saved.id.clone(),
            app: saved.app.clone(),
            draft: saved.into(),
            saved: Timestamp::UNIX_EPOCH,
            services: vec![BalancerService {
                link: "bj".into(),
                hash: definition_hash(applied),
                version: "100".into(),
                applied: Timestamp::UNIX_EPOCH,
            }],
        }
    }

    #[test]
    fn what_others_did_is_taken_over_where_nothing_waits_here() {
        let (old, new, own) =
            (balancer(BalancerKind::ClusterIP), balancer(BalancerKind::NodePort), balancer(BalancerKind::LoadBalancer));
        let what = |entries: &[BalancerEntry], service: &ServiceFacts| {
            news(&"app".into(), &"bj".into(), entries, service).map(|news| news.what)
        };
        assert_eq!(what(&[], &service(&new, "101")), Some(What::Unseen));
        assert_eq!(what(&[entry(&old, &old)], &service(&new, "101")), Some(What::Newer));
        assert_eq!(what(&[entry(&old, &old)], &service(&new, "99")), None, "of the time before our own apply");
        assert_eq!(what(&[entry(&old, &old)], &service(&old, "101")), None, "nothing new");
        assert_eq!(what(&[entry(&own, &old)], &service(&new, "101")), None, "both changed it");
        assert_eq!(
            what(&[entry(&new, &old)], &service(&new, "101")),
            Some(What::Known),
            "our own answer that got lost"
        );
        let other_app =
            ServiceFacts { definition: service(&new, "1").definition.replace("app", "x"), ..service(&new, "1") };
        assert_eq!(what(&[], &other_app), None);
        assert_eq!(what(&[], &ServiceFacts { definition: "{}".into(), ..service(&new, "1") }), None);
    }
}
