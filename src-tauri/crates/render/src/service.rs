//! A load balancer in one cluster: its Service, and the labels that lead pods to it.

use crate::live;
use crate::names;
use serde_json::{Value, json};
use slipway_model::app::App;
use slipway_model::balancer::{Balancer, BalancerPort};
use slipway_model::group::Protocol;
use slipway_model::name::Slug;

/// Hash of a definition: what tells that a Service has another one than today's.
pub fn definition_hash(balancer: &Balancer) -> String {
    live::hash(&json!(balancer))
}

/// The definition that a live Service carries; `None` on one that is not ours, or of a newer Slipway.
pub fn definition_of(service: &Value) -> Option<Balancer> {
    definition(service["metadata"]["annotations"][names::ANNOTATION_DEFINITION].as_str()?)
}

/// The definition in the text of the annotation.
pub fn definition(text: &str) -> Option<Balancer> {
    serde_json::from_str(text).ok()
}

/// Id of the load balancer that a live Service stands for.
pub fn balancer_uid(service: &Value) -> Option<&str> {
    service["metadata"]["annotations"][names::ANNOTATION_BALANCER].as_str()
}

/// The Service of a load balancer in a cluster where it has these groups. The same input gives the same bytes.
///
/// # Panics
/// Never: a load balancer is text and numbers, which can always be written.
pub fn service(app: &App, balancer: &Balancer, namespace: &str, groups: &[Slug]) -> Value {
    // Not by way of a `Value`, whose order of fields is for the features of the whole build to say.
    let definition = serde_json::to_string(balancer).expect("text and numbers");
    json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": balancer.name,
            "namespace": namespace,
            "labels": {
                names::LABEL_NAME: app.slug,
                names::LABEL_MANAGED_BY: names::MANAGER,
                names::LABEL_APP: app.slug,
            },
            "annotations": {
                names::ANNOTATION_APP: app.id,
                names::ANNOTATION_BALANCER: balancer.id,
                names::ANNOTATION_DEFINITION: definition,
            },
        },
        "spec": {
            "type": balancer.kind,
            "selector": selector(app, balancer, groups),
            "ports": balancer.ports.iter().map(port).collect::<Vec<_>>(),
        },
    })
}

/// One group is selected by its own labels. Several are selected by the label of the load balancer, which their pods
/// carry from their next release on. None: by a value of that label that no pod has.
fn selector(app: &App, balancer: &Balancer, groups: &[Slug]) -> Value {
    let label = names::balancer_label(&balancer.name);
    match groups {
        [] => json!({ names::LABEL_APP: app.slug, label: "none" }),
        [only] => json!({ names::LABEL_APP: app.slug, names::LABEL_GROUP: only }),
        _ => json!({ names::LABEL_APP: app.slug, label: "true" }),
    }
}

fn port(port: &BalancerPort) -> Value {
    let protocol = match port.protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    };
    let mut value = json!({ "port": port.port, "targetPort": port.target, "protocol": protocol });
    if !port.name.is_empty() {
        value["name"] = port.name.as_str().into();
    }
    if let Some(node_port) = port.node_port {
        value["nodePort"] = node_port.into();
    }
    value
}

/// Merge patch that puts a live pod behind a load balancer of several groups, or takes it away from there.
pub fn label_patch(name: &Slug, behind: bool) -> Value {
    let value = if behind { json!("true") } else { Value::Null };
    json!({ "metadata": { "labels": { names::balancer_label(name): value } } })
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::app::AppDraft;
    use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};

    fn nouns(kind: BalancerKind, node_port: &str) -> (App, Balancer) {
        let app = AppDraft {
            slug: "checkout-api".into(),
            repository: "registry.example.com/shop/checkout-api".into(),
            ..AppDraft::default()
        };
        let port = |name: &str, port: &str, target: &str, node_port: &str| {
            let [name, port, target, node_port] = [name, port, target, node_port].map(str::to_owned);
            BalancerPortDraft { name, port, target, node_port, ..BalancerPortDraft::default() }
        };
        let draft = BalancerDraft {
            name: "checkout-api-bj".into(),
            kind,
            ports: vec![port("http", "80", "8080", node_port), port("metrics", "9102", "metrics", "")],
            groups: vec!["g1".into(), "g2".into()],
        };
        let balancer = draft.validate("balancer-uid".into(), "app-uid".into()).expect("valid");
        (app.validate("app-uid".into()).expect("app"), balancer)
    }

    fn slugs(names: &[&str]) -> Vec<Slug> {
        names.iter().map(|name| Slug::parse(name).expect("a slug")).collect()
    }

    #[test]
    fn everything_that_a_load_balancer_says() {
        let (app, balancer) = nouns(BalancerKind::NodePort, "30080");
        insta::assert_yaml_snapshot!(service(&app, &balancer, "shop", &slugs(&["prod-bj-1"])));
    }

    #[test]
    fn who_is_selected() {
        let (app, balancer) = nouns(BalancerKind::ClusterIP, "");
        let selector = |groups: &[&str]| service(&app, &balancer, "shop", &slugs(groups))["spec"]["selector"].clone();
        let app_label = ("slipway.dev/app", "checkout-api");
        let own = json!({ app_label.0: app_label.1, "slipway.dev/group": "prod" });
        assert_eq!(selector(&["prod"]), own);
        let several = json!({ app_label.0: app_label.1, "balancer.slipway.dev/checkout-api-bj": "true" });
        assert_eq!(selector(&["prod", "canary"]), several);
        assert_ne!(selector(&[]), several, "pods that still carry the label are not meant");
    }

    #[test]
    fn the_definition_comes_back_from_the_service() {
        let (app, balancer) = nouns(BalancerKind::LoadBalancer, "");
        let live = service(&app, &balancer, "shop", &slugs(&["prod"]));
        assert_eq!(definition_of(&live), Some(balancer.clone()));
        assert_eq!(balancer_uid(&live), Some("balancer-uid"));
        assert_eq!(definition_of(&json!({ "metadata": { "name": "foreign" } })), None);
        let other = Balancer { kind: BalancerKind::ClusterIP, ..balancer.clone() };
        assert_ne!(definition_hash(&balancer), definition_hash(&other));
    }
}
