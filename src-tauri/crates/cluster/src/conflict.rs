//! Whose fields a server-side apply met: read from the causes of a 409.
//!
//! The sentences are printed by k8s.io/apimachinery `pkg/util/managedfields/internal/fieldmanager.go`.

use jiff::Timestamp;
use kube::core::response::StatusCause;
use serde_json::Value;

/// A field that was applied and belongs to another manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldConflict {
    pub manager: String,
    /// `scale`, `status`, or empty for the object itself.
    pub subresource: String,
    /// `.spec.replicas`
    pub field: String,
    pub operation: Operation,
    /// When its manager last wrote this object.
    pub time: Option<Timestamp>,
}

/// How a manager came to own a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    Apply,
    Update,
}

pub(crate) fn conflicts(causes: &[StatusCause]) -> Vec<FieldConflict> {
    causes.iter().filter(|cause| cause.reason == "FieldManagerConflict").map(conflict).collect()
}

/// `conflict with "kubectl" with subresource "scale" using apps/v1 at 2024-05-01T10:00:00Z`: API version and time are
/// printed for updates only. A sentence that reads otherwise still names its field.
fn conflict(cause: &StatusCause) -> FieldConflict {
    let rest = cause.message.strip_prefix("conflict with ").unwrap_or(&cause.message);
    let (manager, rest) = quoted(rest).unwrap_or_else(|| (rest.to_owned(), ""));
    let (subresource, rest) =
        rest.strip_prefix(" with subresource ").and_then(quoted).unwrap_or_else(|| (String::new(), rest));
    let operation = if rest.starts_with(" using ") { Operation::Update } else { Operation::Apply };
    let time = rest.split_once(" at ").and_then(|(_, time)| time.trim().parse().ok());
    FieldConflict { manager, subresource, field: cause.field.clone(), operation, time }
}

/// Servers since 1.20 leave the time out of the sentence; managedFields of the object have it.
pub(crate) fn add_times(conflicts: &mut [FieldConflict], live: &Value) {
    for conflict in conflicts.iter_mut().filter(|conflict| conflict.time.is_none()) {
        let operation = match conflict.operation {
            Operation::Apply => "Apply",
            Operation::Update => "Update",
        };
        let entries = live["metadata"]["managedFields"].as_array().map(Vec::as_slice).unwrap_or_default();
        let own = entries.iter().filter(|entry| {
            entry["manager"] == conflict.manager.as_str()
                && entry["operation"] == operation
                && entry["subresource"].as_str().unwrap_or_default() == conflict.subresource
        });
        conflict.time = own.filter_map(|entry| entry["time"].as_str()?.parse().ok()).max();
    }
}

/// A quoted string and what follows it. Go's `%q` and JSON agree on everything a manager's name may hold.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut strings = serde_json::Deserializer::from_str(text).into_iter::<String>();
    let first = strings.next()?.ok()?;
    Some((first, &text[strings.byte_offset()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_of_the_server() {
        let read = |message: &str| {
            let cause = StatusCause {
                reason: "FieldManagerConflict".into(),
                message: message.into(),
                field: ".spec.replicas".into(),
            };
            let found = conflicts(&[cause]).remove(0);
            assert_eq!(found.field, ".spec.replicas");
            (found.manager, found.subresource, found.operation, found.time.map(|time| time.to_string()))
        };
        let at = Some("2024-05-01T10:00:00Z".to_owned());
        assert_eq!(
            read(r#"conflict with "kubectl" with subresource "scale" using apps/v1 at 2024-05-01T10:00:00Z"#),
            ("kubectl".into(), "scale".into(), Operation::Update, at.clone())
        );
        assert_eq!(
            read(r#"conflict with "kubectl-client-side-apply" using apps/v1 at 2024-05-01T10:00:00Z"#),
            ("kubectl-client-side-apply".into(), String::new(), Operation::Update, at)
        );
        assert_eq!(read(r#"conflict with "helm""#), ("helm".into(), String::new(), Operation::Apply, None));
        assert_eq!(read(r#"conflict with "a \"b\"" using v1"#).0, "a \"b\"");
        assert_eq!(read("something new"), ("something new".into(), String::new(), Operation::Apply, None));
    }

    #[test]
    fn other_causes_are_no_conflicts() {
        let cause = StatusCause { reason: "FieldValueInvalid".into(), message: "x".into(), field: "y".into() };
        assert!(conflicts(&[cause]).is_empty());
    }
}
