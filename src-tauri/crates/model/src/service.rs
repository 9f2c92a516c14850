//! The few facts of Services and their endpoints that load balancers are shown from: what their watches are decoded
//! into.

use crate::balancer::BalancerPort;
use jiff::Timestamp;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFacts {
    pub uid: String,
    pub name: String,
    pub resource_version: String,
    pub created: Option<Timestamp>,
    pub deleting: bool,
    /// Id of the load balancer that it stands for; empty on a Service that is not ours.
    pub balancer: String,
    /// The annotation with its definition, as text.
    pub definition: String,
    /// `LoadBalancer`, `NodePort`, `ClusterIP`
    pub kind: String,
    /// Empty until the server has given one.
    pub cluster_ip: String,
    /// With the node ports that the cluster chose.
    pub ports: Vec<BalancerPort>,
    /// Addresses or host names that a load balancer's controller has reported.
    pub addresses: Vec<String>,
}

/// Some of the endpoints of one Service.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SliceFacts {
    pub uid: String,
    /// Name of the Service.
    pub service: String,
    /// Whether any port leads to them: none does where a target's name is not among the pods' ports.
    pub has_ports: bool,
    pub endpoints: Vec<EndpointFacts>,
}

#[derive(Clone, Debug, Default, PartialEq)]
pub struct EndpointFacts {
    pub address: String,
    /// Name of the pod; empty for an address that somebody wrote by hand.
    pub pod: String,
    /// Gets traffic.
    pub ready: bool,
    pub terminating: bool,
}
