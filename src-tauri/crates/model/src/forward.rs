//! A forward: a port of this computer that leads to a port of a pod.

use crate::balancer::{Target, number, target};
use crate::field::{FieldCode, FieldError, Fields};
use crate::id::{BalancerId, GroupId, LinkId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a forward leads to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ForwardTarget {
    /// A pod by its name, and once that is gone, one that took its place in the group.
    Pod { group: GroupId, pod: String },
    /// Any pod of the group that is ready.
    Group { group: GroupId },
    /// Any pod that a load balancer sends traffic to, in one of its clusters.
    Balancer { balancer: BalancerId, link: LinkId },
}

/// A forward as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ForwardDraft {
    pub target: ForwardTarget,
    /// Number or name: of a pod's port, and of the Service's where it leads to a load balancer.
    pub port: String,
    /// Number on this computer; empty for any that is free.
    pub local: String,
}

/// What a draft of a forward means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forward {
    pub target: ForwardTarget,
    pub port: Target,
    /// `None`: any that is free.
    pub local: Option<u16>,
}

impl ForwardDraft {
    /// # Errors
    /// Every field that is wrong.
    pub fn validate(&self) -> Result<Forward, Vec<FieldError>> {
        let mut fields = Fields::new();
        let port = self.port.trim();
        let port = if port.is_empty() {
            fields.refuse("port", FieldCode::Required);
            None
        } else {
            fields.take("port", target(port, None))
        };
        let local = self.local.trim();
        let local = if local.is_empty() { None } else { fields.take("local", number(local, 1, u16::MAX)) };
        match (port, fields.into_errors()) {
            (Some(port), errors) if errors.is_empty() => Ok(Forward { target: self.target.clone(), port, local }),
            (_, errors) => Err(errors),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Typed = Result<(Target, Option<u16>), Vec<(String, FieldCode)>>;

    fn typed(port: &str, local: &str) -> Typed {
        let draft = ForwardDraft {
            target: ForwardTarget::Group { group: "prod".into() },
            port: port.into(),
            local: local.into(),
        };
        let errors = |errors: Vec<FieldError>| errors.into_iter().map(|error| (error.field, error.code)).collect();
        draft.validate().map(|forward| (forward.port, forward.local)).map_err(errors)
    }

    #[test]
    fn ports_by_number_and_by_name() {
        assert_eq!(typed("8080", ""), Ok((Target::Number(8080), None)));
        assert_eq!(typed(" http ", " 65535 "), Ok((Target::Name("http".into()), Some(65_535))));
    }

    #[test]
    fn what_is_no_port_is_refused_field_by_field() {
        let wrong = |port, local| typed(port, local).expect_err("refused");
        assert_eq!(wrong("", ""), [("port".into(), FieldCode::Required)]);
        assert_eq!(wrong("0", ""), [("port".into(), FieldCode::OutOfRange)]);
        assert_eq!(wrong("65536", ""), [("port".into(), FieldCode::OutOfRange)]);
        assert_eq!(wrong("Not A Port", ""), [("port".into(), FieldCode::NotATarget)]);
        assert_eq!(
            wrong("-1", "70000"),
            [("port".into(), FieldCode::OutOfRange), ("local".into(), FieldCode::OutOfRange)]
        );
        assert_eq!(wrong("80", "http"), [("local".into(), FieldCode::NotANumber)]);
        assert_eq!(wrong("80", "0"), [("local".into(), FieldCode::OutOfRange)], "0 is no port that can be typed");
    }
}
