//! A load balancer: one Service in each cluster where it has groups, under one entry.

use crate::field::{FieldCode, FieldError, Fields, Refusal};
use crate::group::{Group, Protocol, port_name, whole};
use crate::id::{AppId, BalancerId, GroupId};
use crate::name::Slug;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use ts_rs::TS;

/// Longest name: with the suffixes that cloud controllers add it still is a DNS label.
pub const NAME_MAX: usize = 40;
/// Node ports of a cluster that does not say otherwise (kube-apiserver `--service-node-port-range`).
pub const NODE_PORTS: std::ops::RangeInclusive<u16> = 30_000..=32_767;
/// Most ports of one Service: far above anything sensible, below what a Service can hold.
const PORTS_MAX: usize = 100;

/// A valid load balancer: the only thing that `render` accepts. It is the definition in its Services' annotations, too.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Balancer {
    pub id: BalancerId,
    pub app: AppId,
    /// Name of the Services.
    pub name: Slug,
    pub kind: BalancerKind,
    pub ports: Vec<BalancerPort>,
    /// None: its Services keep their addresses and lead nowhere.
    pub groups: Vec<GroupId>,
}

/// Who can reach it. The words of Kubernetes' `spec.type`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum BalancerKind {
    LoadBalancer,
    NodePort,
    #[default]
    ClusterIP,
}

impl BalancerKind {
    /// Whether its ports are open on every node.
    pub fn has_node_ports(self) -> bool {
        self != Self::ClusterIP
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalancerPort {
    /// May be empty where it is the only port.
    pub name: String,
    /// 1…65535
    pub port: u16,
    pub target: Target,
    /// `None`: the cluster chooses one where the type has them.
    pub node_port: Option<u16>,
    pub protocol: Protocol,
}

/// Port of the pods.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum Target {
    /// 1…65535
    Number(u16),
    /// Name of a container's port: each pod's own number.
    Name(String),
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => number.fmt(f),
            Self::Name(name) => name.fmt(f),
        }
    }
}

/// A load balancer that pointed at a group when a release of it was planned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalancerSnapshot {
    pub balancer: Balancer,
    /// It has several groups in the cluster of this one, so that it selects pods by a label of its own.
    pub labelled: bool,
}

/// A load balancer as typed: may be wrong, is stored, survives a quit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalancerDraft {
    pub name: String,
    pub kind: BalancerKind,
    pub ports: Vec<BalancerPortDraft>,
    pub groups: Vec<GroupId>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct BalancerPortDraft {
    pub name: String,
    pub port: String,
    /// A number or a name; empty means the same number as `port`.
    pub target: String,
    /// Empty: the cluster chooses.
    pub node_port: String,
    pub protocol: Protocol,
}

impl BalancerDraft {
    /// # Errors
    /// Every field that is wrong. Whether the name is taken and the groups exist is the store's to say.
    pub fn validate(&self, id: BalancerId, app: AppId) -> Result<Balancer, Vec<FieldError>> {
        let mut fields = Fields::new();
        let name = fields.take("name", balancer_name(&self.name));
        let ports = ports(&mut fields, self.kind, &self.ports);
        let mut groups = HashSet::new();
        for (at, group) in self.groups.iter().enumerate() {
            if !groups.insert(group) {
                fields.refuse(format!("groups.{at}"), FieldCode::Duplicate);
            }
        }
        match (name, fields.into_errors()) {
            (Some(name), errors) if errors.is_empty() => {
                Ok(Balancer { id, app, name, kind: self.kind, ports, groups: self.groups.clone() })
            }
            (_, errors) => Err(errors),
        }
    }
}

impl From<&Balancer> for BalancerDraft {
    fn from(balancer: &Balancer) -> Self {
        let port = |port: &BalancerPort| BalancerPortDraft {
            name: port.name.clone(),
            port: port.port.to_string(),
            target: port.target.to_string(),
            node_port: port.node_port.map(|node_port| node_port.to_string()).unwrap_or_default(),
            protocol: port.protocol,
        };
        Self {
            name: balancer.name.to_string(),
            kind: balancer.kind,
            ports: balancer.ports.iter().map(port).collect(),
            groups: balancer.groups.clone(),
        }
    }
}

impl Balancer {
    /// Target ports that a group does not have. A container may listen on more than it says, so this is no error; a
    /// name that no container has leads nowhere.
    pub fn missing_targets(&self, group: &Group) -> Vec<Target> {
        let has = |wanted: &BalancerPort| {
            group.ports.iter().any(|port| {
                port.protocol == wanted.protocol
                    && match &wanted.target {
                        Target::Number(number) => port.port == *number,
                        Target::Name(name) => port.name == *name,
                    }
            })
        };
        self.ports.iter().filter(|port| !has(port)).map(|port| port.target.clone()).collect()
    }
}

fn balancer_name(typed: &str) -> Result<Slug, Refusal> {
    let slug = Slug::parse(typed)?;
    if slug.as_str().len() > NAME_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", NAME_MAX));
    }
    Ok(slug)
}

fn ports(fields: &mut Fields, kind: BalancerKind, typed: &[BalancerPortDraft]) -> Vec<BalancerPort> {
    if typed.is_empty() || typed.len() > PORTS_MAX {
        let code = if typed.is_empty() { FieldCode::Required } else { FieldCode::OutOfRange };
        fields.refuse("ports", code).with("min", 1).with("max", PORTS_MAX);
    }
    let (mut names, mut numbers, mut node_ports) = (HashSet::new(), HashSet::new(), HashSet::new());
    let mut ports = Vec::with_capacity(typed.len());
    for (at, draft) in typed.iter().enumerate() {
        let field = |part: &str| format!("ports.{at}.{part}");
        let name = fields.take(field("name"), port_name(&draft.name));
        let port = fields.take(field("port"), number(&draft.port, 1, u16::MAX));
        let target = fields.take(field("target"), target(&draft.target, port));
        let node_port = node_port(fields, &field("node_port"), kind, &draft.node_port);
        if let Some(name) = &name {
            if name.is_empty() && typed.len() > 1 {
                fields.refuse(field("name"), FieldCode::Required);
            } else if !name.is_empty() && !names.insert(name.clone()) {
                fields.refuse(field("name"), FieldCode::Duplicate);
            }
        }
        if port.is_some_and(|port| !numbers.insert((port, draft.protocol))) {
            fields.refuse(field("port"), FieldCode::Duplicate);
        }
        if node_port.is_some_and(|port| !node_ports.insert((port, draft.protocol))) {
            fields.refuse(field("node_port"), FieldCode::Duplicate);
        }
        if let (Some(name), Some(port), Some(target)) = (name, port, target) {
            ports.push(BalancerPort { name, port, target, node_port, protocol: draft.protocol });
        }
    }
    ports
}

pub(crate) fn number(typed: &str, min: u16, max: u16) -> Result<u16, Refusal> {
    whole(typed, min.into(), max.into()).map(|number| u16::try_from(number).expect("in range by its bounds"))
}

/// Empty means the same number as the port; a wrong port then has its own error only.
pub(crate) fn target(typed: &str, port: Option<u16>) -> Result<Target, Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(Target::Number(port.unwrap_or_default()));
    }
    if typed.bytes().all(|b| b.is_ascii_digit() || b == b'-' || b == b'+') {
        return number(typed, 1, u16::MAX).map(Target::Number);
    }
    port_name(typed).map(Target::Name).map_err(|_| Refusal::new(FieldCode::NotATarget))
}

fn node_port(fields: &mut Fields, field: &str, kind: BalancerKind, typed: &str) -> Option<u16> {
    if typed.trim().is_empty() {
        return None;
    }
    if !kind.has_node_ports() {
        fields.refuse(field, FieldCode::NoNodePort).fix("");
        return None;
    }
    fields.take(field, number(typed, *NODE_PORTS.start(), *NODE_PORTS.end()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn port(name: &str, port: &str, target: &str, node_port: &str) -> BalancerPortDraft {
        let [name, port, target, node_port] = [name, port, target, node_port].map(str::to_owned);
        BalancerPortDraft { name, port, target, node_port, protocol: Protocol::Tcp }
    }

    fn draft(kind: BalancerKind, ports: &[BalancerPortDraft]) -> BalancerDraft {
        BalancerDraft { name: "checkout".into(), kind, ports: ports.to_vec(), groups: Vec::new() }
    }

    fn refused(draft: &BalancerDraft) -> Vec<(String, FieldCode)> {
        let errors = draft.validate("b".into(), "a".into()).expect_err("refused");
        errors.into_iter().map(|error| (error.field, error.code)).collect()
    }

    #[test]
    fn what_is_not_typed_has_an_obvious_meaning() {
        let draft = draft(BalancerKind::ClusterIP, &[port("", " 80 ", "", "")]);
        let balancer = draft.validate("b".into(), "a".into()).expect("valid");
        assert_eq!(balancer.ports[0].target, Target::Number(80));
        assert_eq!(balancer.ports[0].node_port, None);
        assert!(balancer.groups.is_empty(), "a load balancer may lead nowhere");
    }

    #[test]
    fn ports_that_clash() {
        let both = [port("http", "80", "8080", "30080"), port("http", "80", "http", "30080")];
        assert_eq!(
            refused(&draft(BalancerKind::NodePort, &both)),
            [
                ("ports.1.name".to_owned(), FieldCode::Duplicate),
                ("ports.1.port".to_owned(), FieldCode::Duplicate),
                ("ports.1.node_port".to_owned(), FieldCode::Duplicate),
            ]
        );
        let mut two = [port("dns", "53", "", ""), port("dns-udp", "53", "", "")];
        two[1].protocol = Protocol::Udp;
        assert!(draft(BalancerKind::LoadBalancer, &two).validate("b".into(), "a".into()).is_ok(), "two protocols");
    }

    #[test]
    fn several_ports_have_names() {
        let two = [port("", "80", "", ""), port("metrics", "9102", "", "")];
        assert_eq!(refused(&draft(BalancerKind::ClusterIP, &two)), [("ports.0.name".into(), FieldCode::Required)]);
        assert_eq!(refused(&draft(BalancerKind::ClusterIP, &[])), [("ports".into(), FieldCode::Required)]);
    }

    #[test]
    fn node_ports_are_of_the_range_and_of_the_type() {
        for (typed, kind, code) in [
            ("29999", BalancerKind::NodePort, FieldCode::OutOfRange),
            ("32768", BalancerKind::LoadBalancer, FieldCode::OutOfRange),
            ("x", BalancerKind::NodePort, FieldCode::NotANumber),
            ("30080", BalancerKind::ClusterIP, FieldCode::NoNodePort),
        ] {
            let draft = draft(kind, &[port("", "80", "8080", typed)]);
            assert_eq!(refused(&draft), [("ports.0.node_port".into(), code)], "{typed}");
        }
        for typed in ["30000", "32767"] {
            assert!(
                draft(BalancerKind::NodePort, &[port("", "80", "", typed)]).validate("b".into(), "a".into()).is_ok()
            );
        }
    }

    #[test]
    fn names_and_targets() {
        for (name, code) in
            [("", FieldCode::Required), ("Checkout", FieldCode::NotALabel), (&"a".repeat(41), FieldCode::TooLong)]
        {
            let draft =
                BalancerDraft { name: name.into(), ..draft(BalancerKind::ClusterIP, &[port("", "80", "", "")]) };
            assert_eq!(refused(&draft), [("name".into(), code)], "{name}");
        }
        for (target, code) in
            [("0", FieldCode::OutOfRange), ("-1", FieldCode::OutOfRange), ("Http!", FieldCode::NotATarget)]
        {
            let draft = draft(BalancerKind::ClusterIP, &[port("", "80", target, "")]);
            assert_eq!(refused(&draft), [("ports.0.target".into(), code)], "{target}");
        }
        let twice = BalancerDraft {
            groups: vec!["g".into(), "g".into()],
            ..draft(BalancerKind::ClusterIP, &[port("", "80", "", "")])
        };
        assert_eq!(refused(&twice), [("groups.1".into(), FieldCode::Duplicate)]);
    }

    proptest! {
        #[test]
        fn a_draft_of_a_balancer_means_the_same(
            numbers in proptest::collection::hash_map(1_u16.., (1_u16.., proptest::option::of(30_000_u16..=32_767)), 1..5),
            named: bool, kind in 0_usize..3
        ) {
            let kind = [BalancerKind::LoadBalancer, BalancerKind::NodePort, BalancerKind::ClusterIP][kind];
            let mut used = HashSet::new();
            let ports = numbers.into_iter().enumerate().map(|(at, (port, (target, node_port)))| BalancerPort {
                name: format!("p{at}"),
                port,
                target: if named { Target::Name(format!("t{at}")) } else { Target::Number(target) },
                node_port: node_port.filter(|port| kind.has_node_ports() && used.insert(*port)),
                protocol: Protocol::Tcp,
            });
            let balancer = Balancer {
                id: "b".into(), app: "a".into(), name: Slug::parse("checkout").expect("a name"), kind,
                ports: ports.collect(), groups: vec!["g".into()],
            };
            prop_assert_eq!(BalancerDraft::from(&balancer).validate("b".into(), "a".into()), Ok(balancer.clone()));
            let json = serde_json::to_string(&balancer).expect("JSON");
            prop_assert_eq!(serde_json::from_str::<Balancer>(&json).expect("read"), balancer);
        }
    }
}
