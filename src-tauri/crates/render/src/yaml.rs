//! Objects as people read them.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};
use serde_json::Value;

/// Fields that the server keeps for itself: never a change of ours.
const SERVER_METADATA: &[&str] =
    &["managedFields", "resourceVersion", "uid", "creationTimestamp", "generation", "selfLink"];
/// Annotations that the Deployment controller and kubectl keep.
const FOREIGN_ANNOTATIONS: &[&str] =
    &["deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"];
/// Keys that people look for first, in this order; all others follow in the alphabet's.
const FIRST_KEYS: &[&str] = &["apiVersion", "kind", "metadata", "name", "namespace", "image"];

/// An object as YAML, without status and what the server keeps for itself. The same object gives the same lines.
pub fn text(object: &Value) -> String {
    whole(&cleaned(object))
}

/// A value as YAML with all that it holds.
pub fn whole(value: &Value) -> String {
    let options = serde_saphyr::ser_options! {
        // A folded line would be several lines of a diff.
        folded_wrap_chars: usize::MAX,
    };
    serde_saphyr::to_string_with_options(&Ordered(value), options)
        .unwrap_or_else(|error| format!("# this object cannot be written as YAML: {error}\n"))
}

pub(crate) fn cleaned(object: &Value) -> Value {
    let mut object = object.clone();
    if let Some(fields) = object.as_object_mut() {
        fields.remove("status");
    }
    if let Some(metadata) = object.get_mut("metadata").and_then(Value::as_object_mut) {
        for field in SERVER_METADATA {
            metadata.remove(*field);
        }
        if let Some(annotations) = metadata.get_mut("annotations").and_then(Value::as_object_mut) {
            for annotation in FOREIGN_ANNOTATIONS {
                annotations.remove(*annotation);
            }
        }
    }
    if let Some(template) = object.pointer_mut("/spec/template/metadata").and_then(Value::as_object_mut) {
        template.remove("creationTimestamp");
    }
    object
}

/// A value whose keys are written in a fixed order, whatever order its maps keep.
struct Ordered<'a>(&'a Value);

impl Serialize for Ordered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Object(fields) => {
                let rank = |key: &str| FIRST_KEYS.iter().position(|first| *first == key).unwrap_or(FIRST_KEYS.len());
                let mut fields: Vec<_> = fields.iter().collect();
                fields.sort_by(|(a, _), (b, _)| (rank(a), a).cmp(&(rank(b), b)));
                let mut map = serializer.serialize_map(Some(fields.len()))?;
                for (key, value) in fields {
                    map.serialize_entry(key, &Ordered(value))?;
                }
                map.end()
            }
            Value::Array(items) => {
                let mut list = serializer.serialize_seq(Some(items.len()))?;
                for item in items {
                    list.serialize_element(&Ordered(item))?;
                }
                list.end()
            }
            other => other.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    #[test]
    fn keys_in_the_usual_order_and_nothing_of_the_servers() {
        let object = json!({
            "status": { "readyReplicas": 1 },
            "spec": {
                "template": {
                    "metadata": { "creationTimestamp": null },
                    "spec": { "containers": [{ "args": ["--long ".repeat(20)], "image": "a:1", "name": "app" }] },
                },
                "replicas": 3,
            },
            "metadata": {
                "uid": "u", "resourceVersion": "7", "generation": 2, "managedFields": [], "namespace": "shop",
                "creationTimestamp": "2026-01-01T00:00:00Z", "name": "api", "labels": { "on": "yes", "n": "1" },
                "annotations": { "deployment.kubernetes.io/revision": "4" },
            },
            "kind": "Deployment",
            "apiVersion": "apps/v1",
        });
        insta::assert_snapshot!(text(&object));
    }

    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            "[ -~\n]{0,12}".prop_map(Value::from),
            Just(Value::from("yes")),
            Just(Value::from("0755")),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                proptest::collection::btree_map("[a-z]{1,4}", inner, 0..4)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back_the_same(value in values()) {
            let object = json!({ "spec": value });
            let read: Value = serde_saphyr::from_str(&text(&object)).expect("our own YAML");
            prop_assert_eq!(read, object);
        }
    }
}
