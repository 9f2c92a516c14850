//! Services and `EndpointSlices`, down to the facts that load balancers are shown from.

use super::Wire;
use super::wire::Meta;
use crate::objects::Kind;
use serde::Deserialize;
use slipway_model::balancer::{BalancerPort, Target};
use slipway_model::group::Protocol;
use slipway_model::service::{EndpointFacts, ServiceFacts, SliceFacts};

/// What the server writes where a headless Service has no address.
const NO_ADDRESS: &str = "None";

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ServiceWire {
    metadata: Meta,
    spec: Spec,
    status: Status,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Spec {
    #[serde(rename = "type")]
    kind: String,
    #[serde(rename = "clusterIP")]
    cluster_ip: String,
    ports: Vec<PortWire>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct PortWire {
    #[serde(default)]
    name: String,
    port: u16,
    #[serde(default)]
    target_port: Option<Target>,
    #[serde(default)]
    node_port: Option<u16>,
    #[serde(default)]
    protocol: Protocol,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Status {
    load_balancer: LoadBalancer,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct LoadBalancer {
    ingress: Vec<Ingress>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Ingress {
    ip: String,
    hostname: String,
}

impl From<PortWire> for BalancerPort {
    fn from(wire: PortWire) -> Self {
        Self {
            name: wire.name,
            port: wire.port,
            target: wire.target_port.unwrap_or(Target::Number(wire.port)),
            node_port: wire.node_port.filter(|port| *port != 0),
            protocol: wire.protocol,
        }
    }
}

impl Wire for ServiceWire {
    type Row = ServiceFacts;
    const KIND: Kind = Kind::Service;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> ServiceFacts {
        let Self { metadata, spec, status } = self;
        let address = |ingress: Ingress| if ingress.ip.is_empty() { ingress.hostname } else { ingress.ip };
        ServiceFacts {
            uid: metadata.uid,
            name: metadata.name,
            resource_version: metadata.resource_version,
            created: metadata.creation_timestamp,
            deleting: metadata.deletion_timestamp.is_some(),
            balancer: metadata.annotations.balancer,
            definition: metadata.annotations.definition,
            kind: spec.kind,
            cluster_ip: if spec.cluster_ip == NO_ADDRESS { String::new() } else { spec.cluster_ip },
            ports: spec.ports.into_iter().map(BalancerPort::from).collect(),
            addresses: status.load_balancer.ingress.into_iter().map(address).collect(),
        }
    }
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SliceWire {
    metadata: Meta,
    endpoints: Option<Vec<EndpointWire>>,
    ports: Option<Vec<serde::de::IgnoredAny>>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct EndpointWire {
    addresses: Vec<String>,
    conditions: Conditions,
    target_ref: Option<TargetRef>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct Conditions {
    ready: Option<bool>,
    terminating: Option<bool>,
}

#[derive(Clone, Default, Deserialize)]
#[serde(default)]
struct TargetRef {
    kind: String,
    name: String,
}

impl From<EndpointWire> for EndpointFacts {
    fn from(wire: EndpointWire) -> Self {
        let pod = wire.target_ref.filter(|target| target.kind == "Pod").map(|target| target.name);
        Self {
            address: wire.addresses.into_iter().next().unwrap_or_default(),
            pod: pod.unwrap_or_default(),
            // "A nil value should be interpreted as true" (discovery/v1).
            ready: wire.conditions.ready.unwrap_or(true),
            terminating: wire.conditions.terminating.unwrap_or(false),
        }
    }
}

impl Wire for SliceWire {
    type Row = SliceFacts;
    const KIND: Kind = Kind::EndpointSlice;

    fn uid(&self) -> &str {
        &self.metadata.uid
    }

    fn resource_version(&self) -> &str {
        &self.metadata.resource_version
    }

    fn into_row(self) -> SliceFacts {
        SliceFacts {
            uid: self.metadata.uid,
            service: self.metadata.labels.service,
            has_ports: self.ports.is_some_and(|ports| !ports.is_empty()),
            endpoints: self.endpoints.unwrap_or_default().into_iter().map(EndpointFacts::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_as_the_server_sends_it() {
        let service = serde_json::from_str::<ServiceWire>(
            r#"{"metadata":{"uid":"1","name":"web","resourceVersion":"7","creationTimestamp":"2026-01-01T00:00:00Z",
                "annotations":{"slipway.dev/balancer-uid":"b","slipway.dev/balancer":"{}"}},
               "spec":{"type":"LoadBalancer","clusterIP":"10.0.0.7","ports":[
                 {"name":"http","port":80,"targetPort":"http","nodePort":30080,"protocol":"TCP"},
                 {"name":"dns","port":53,"targetPort":53,"nodePort":0,"protocol":"UDP"}]},
               "status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.7"},{"hostname":"lb.example.com"}]}}}"#,
        );
        let service = service.expect("a Service").into_row();
        assert_eq!((service.balancer.as_str(), service.cluster_ip.as_str()), ("b", "10.0.0.7"));
        assert_eq!(service.addresses, ["192.0.2.7", "lb.example.com"]);
        assert_eq!(service.ports[0].target, Target::Name("http".into()));
        assert_eq!((service.ports[0].node_port, service.ports[1].node_port), (Some(30080), None));
        let waiting = r#"{"metadata":{"uid":"1"},"spec":{"clusterIP":"None"},"status":{"loadBalancer":{}}}"#;
        let waiting = serde_json::from_str::<ServiceWire>(waiting).expect("a Service").into_row();
        assert!(waiting.addresses.is_empty() && waiting.cluster_ip.is_empty());
    }

    #[test]
    fn a_slice_as_the_server_sends_it() {
        let slice = serde_json::from_str::<SliceWire>(
            r#"{"metadata":{"uid":"1","labels":{"kubernetes.io/service-name":"web","slipway.dev/app":"checkout"}},
               "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[
                {"addresses":["10.1.0.3"],"conditions":{"ready":false,"serving":true,"terminating":true},
                 "targetRef":{"kind":"Pod","name":"web-1","uid":"2"}},{"addresses":["10.1.0.4"]}]}"#,
        );
        let slice = slice.expect("a slice").into_row();
        assert_eq!((slice.service.as_str(), slice.has_ports), ("web", true));
        let [going, manual] = slice.endpoints.as_slice() else { panic!("{:?}", slice.endpoints) };
        assert_eq!((going.pod.as_str(), going.ready, going.terminating), ("web-1", false, true));
        assert_eq!((manual.pod.as_str(), manual.ready), ("", true), "what is not said is ready");
        let empty = serde_json::from_str::<SliceWire>(r#"{"metadata":{"uid":"1"},"endpoints":null,"ports":null}"#);
        assert!(!empty.expect("a slice").into_row().has_ports);
    }
}
