//! Three-way merges of definitions, field by field.
//!
//! Fields of objects are merged one by one, and so are lists whose entries have names: an entry is one value. What has
//! no parts on all three sides, or is another choice on one of them, is one value as well. A value that one side changed
//! is in the result or in a conflict, never lost.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use ts_rs::TS;

/// What became of something that a side changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(rename = "MergeHow")]
pub enum How {
    /// Only we changed it.
    Ours,
    /// Only they changed it.
    Theirs,
    /// Both made the same of it.
    Same,
    /// Both changed it, in different places that come together.
    Merged,
    /// Both changed it, each in another way.
    Conflict,
}

impl How {
    /// Of three values that differ somewhere and have no parts.
    pub fn of<T: PartialEq>(base: &T, ours: &T, theirs: &T) -> Self {
        if ours == theirs {
            Self::Same
        } else if base == theirs {
            Self::Ours
        } else if base == ours {
            Self::Theirs
        } else {
            Self::Conflict
        }
    }

    /// Whether the side that we have would take something of theirs back.
    pub fn takes_back(self) -> bool {
        matches!(self, Self::Theirs | Self::Merged | Self::Conflict)
    }
}

/// A field that a side changed; `None` where a side does not have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldMerge {
    /// Names of fields and of entries, joined by dots.
    pub field: String,
    pub how: How,
    pub base: Option<Value>,
    pub ours: Option<Value>,
    pub theirs: Option<Value>,
}

/// The merged value, and each field that a side changed. Of a conflict the result has theirs where `take_theirs` says
/// so of the field, else ours.
pub fn fields(
    base: &Value,
    ours: &Value,
    theirs: &Value,
    take_theirs: &dyn Fn(&str) -> bool,
) -> (Value, Vec<FieldMerge>) {
    let mut merging = Merging { path: Vec::new(), take_theirs, rows: Vec::new() };
    let merged = merging.value([base, ours, theirs]);
    (merged, merging.rows)
}

struct Merging<'a> {
    path: Vec<String>,
    take_theirs: &'a dyn Fn(&str) -> bool,
    rows: Vec<FieldMerge>,
}

impl Merging<'_> {
    fn value(&mut self, sides: [&Value; 3]) -> Value {
        let [base, ours, theirs] = sides;
        if base == ours && ours == theirs {
            return ours.clone();
        }
        match sides {
            [Value::Object(base), Value::Object(ours), Value::Object(theirs)] if are_parts([base, ours, theirs]) => {
                self.object([base, ours, theirs])
            }
            [Value::Array(base), Value::Array(ours), Value::Array(theirs)] => {
                match (named(base), named(ours), named(theirs)) {
                    (Some(base), Some(ours), Some(theirs)) => self.list([&base, &ours, &theirs]),
                    _ => self.whole(sides),
                }
            }
            _ => self.whole(sides),
        }
    }

    fn whole(&mut self, [base, ours, theirs]: [&Value; 3]) -> Value {
        let field = self.path.join(".");
        let how = How::of(base, ours, theirs);
        let takes_theirs = how == How::Theirs || how == How::Conflict && (self.take_theirs)(&field);
        let said = |value: &Value| Some(value).filter(|value| !value.is_null()).cloned();
        self.rows.push(FieldMerge { field, how, base: said(base), ours: said(ours), theirs: said(theirs) });
        if takes_theirs { theirs.clone() } else { ours.clone() }
    }

    fn object(&mut self, sides: [&Map<String, Value>; 3]) -> Value {
        let keys: BTreeSet<&String> = sides.iter().flat_map(|side| side.keys()).collect();
        let mut merged = Map::new();
        for key in keys {
            self.path.push(key.clone());
            let value = self.value(sides.map(|side| side.get(key).unwrap_or(&Value::Null)));
            self.path.pop();
            // What nobody has any more; a field that may be empty is so without being named.
            if !value.is_null() {
                merged.insert(key.clone(), value);
            }
        }
        Value::Object(merged)
    }

    /// In the order of whoever changed that, else in ours; what the other side added stands behind it. Order says nothing
    /// of its own where entries have names.
    fn list(&mut self, sides: [&Entries<'_>; 3]) -> Value {
        let [base, ours, theirs] = sides;
        let kept = base.iter().map(|(name, _)| name).eq(ours.iter().map(|(name, _)| name));
        let (first, second) = if kept { (theirs, ours) } else { (ours, theirs) };
        let mut names: Vec<&str> = Vec::new();
        for (name, _) in first.iter().chain(second.iter()).chain(base.iter()) {
            if !names.contains(name) {
                names.push(name);
            }
        }
        let mut merged = Vec::new();
        for name in names {
            let [base, ours, theirs] = sides.map(|side| of(side, name));
            if base == ours && ours == theirs {
                merged.push(ours.clone());
                continue;
            }
            self.path.push(name.to_owned());
            let value = self.whole([base, ours, theirs]);
            self.path.pop();
            if !value.is_null() {
                merged.push(value);
            }
        }
        Value::Array(merged)
    }
}

/// Entries of a list by their names.
type Entries<'v> = Vec<(&'v str, &'v Value)>;

const NOTHING: &Value = &Value::Null;

fn of<'v>(entries: &Entries<'v>, name: &str) -> &'v Value {
    entries.iter().find(|(own, _)| *own == name).map_or(NOTHING, |(_, value)| value)
}

/// `None` where an entry has no name, or shares it with another one.
fn named(items: &[Value]) -> Option<Entries<'_>> {
    let mut names = BTreeSet::new();
    let entry = |item| -> Option<(&str, &Value)> {
        let item: &Value = item;
        let name = item["name"].as_str().filter(|name| !name.is_empty())?;
        names.insert(name).then_some((name, item))
    };
    items.iter().map(entry).collect()
}

/// Whether the fields of three objects are parts of one thing, and not alternatives of one choice: those are told by
/// their `kind`, or by the one field that each has.
fn are_parts([base, ours, theirs]: [&Map<String, Value>; 3]) -> bool {
    let other = |one: &Map<String, Value>, other: &Map<String, Value>| {
        one.get("kind") != other.get("kind") || one.len() == 1 && other.len() == 1 && !one.keys().eq(other.keys())
    };
    !(other(base, ours) || other(ours, theirs) || other(base, theirs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn merged(base: &Value, ours: &Value, theirs: &Value) -> (Value, Vec<(String, How)>) {
        let (value, rows) = fields(base, ours, theirs, &|_| false);
        (value, rows.into_iter().map(|row| (row.field, row.how)).collect())
    }

    #[test]
    fn what_one_side_changed_comes_together() {
        let base = json!({ "memory": { "limit": "1", "request": "1" }, "ports": [{ "name": "http", "port": 80 }] });
        let ours = json!({ "memory": { "limit": "2", "request": "1" },
                           "ports": [{ "name": "admin", "port": 81 }, { "name": "http", "port": 80 }] });
        let theirs = json!({ "memory": { "limit": "1", "request": "3" },
                             "ports": [{ "name": "http", "port": 8080 }, { "name": "grpc", "port": 90 }] });
        let (value, rows) = merged(&base, &ours, &theirs);
        let ports =
            [("admin", 81), ("http", 8080), ("grpc", 90)].map(|(name, port)| json!({ "name": name, "port": port }));
        assert_eq!(value, json!({ "memory": { "limit": "2", "request": "3" }, "ports": ports }));
        let told = |field: &str, how| (field.to_owned(), how);
        assert_eq!(
            rows,
            [
                told("memory.limit", How::Ours),
                told("memory.request", How::Theirs),
                told("ports.admin", How::Ours),
                told("ports.http", How::Theirs),
                told("ports.grpc", How::Theirs),
            ]
        );
    }

    #[test]
    fn what_both_changed_is_chosen() {
        let [base, ours, theirs] = ["1", "2", "3"].map(|limit| json!({ "limit": limit, "a": 1 }));
        let (value, rows) = fields(&base, &ours, &theirs, &|field| field == "limit");
        assert_eq!((&value, rows.len(), rows[0].how), (&theirs, 1, How::Conflict));
        assert_eq!(merged(&base, &ours, &theirs).0, ours);
        // Gone on one side, and another on the other.
        let gone = json!({ "a": 1 });
        let (value, rows) = fields(&base, &gone, &theirs, &|_| false);
        assert_eq!((value, rows[0].how, rows[0].ours.clone()), (gone, How::Conflict, None));
    }

    #[test]
    fn one_choice_is_not_mixed_with_another() {
        let http = json!({ "check": { "http": { "path": "/a" } } });
        let ours = json!({ "check": { "tcp": 80 } });
        let theirs = json!({ "check": { "http": { "path": "/b" } } });
        assert_eq!(merged(&http, &ours, &theirs), (ours, vec![("check".to_owned(), How::Conflict)]));
        let unnamed = |words: &[&str]| json!({ "args": words });
        let (value, rows) = merged(&unnamed(&["a"]), &unnamed(&["a", "b"]), &unnamed(&["c"]));
        assert_eq!((value, rows), (unnamed(&["a", "b"]), vec![("args".to_owned(), How::Conflict)]));
    }

    fn definition() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![Just(Value::Null), (0..3_u32).prop_map(Value::from), "[ab]".prop_map(Value::from)];
        let entry = ("[xyz]", 0..3_u32).prop_map(|(name, port)| json!({ "name": name, "port": port }));
        let list = proptest::collection::vec(entry, 0..4).prop_map(Value::from);
        let object = |part: BoxedStrategy<Value>| {
            proptest::collection::btree_map("[abc]", part, 0..4)
                .prop_map(|fields| Value::Object(fields.into_iter().filter(|(_, value)| !value.is_null()).collect()))
        };
        let inner = prop_oneof![leaf, list, object((0..3_u32).prop_map(Value::from).boxed())];
        object(inner.boxed())
    }

    /// The value at a path of names.
    fn at(value: &Value, path: &str) -> Option<Value> {
        path.split('.').filter(|step| !step.is_empty()).try_fold(value.clone(), |value, step| match &value {
            Value::Object(fields) => fields.get(step).cloned(),
            Value::Array(items) => items.iter().find(|item| item["name"] == step).cloned(),
            _ => None,
        })
    }

    proptest! {
        #[test]
        fn no_field_that_one_side_changed_is_lost_unsaid(
            base in definition(), ours in definition(), theirs in definition(), take in any::<bool>(),
        ) {
            let (value, rows) = fields(&base, &ours, &theirs, &|_| take);
            for row in &rows {
                // Each row tells the three sides as they are, and the result has the one that it says.
                let sides = [&base, &ours, &theirs].map(|side| at(side, &row.field));
                prop_assert_eq!(&sides, &[row.base.clone(), row.ours.clone(), row.theirs.clone()]);
                let [base, ours, theirs] = sides;
                let expected = match row.how {
                    How::Ours => { prop_assert!(theirs == base); ours }
                    How::Theirs => { prop_assert!(ours == base); theirs }
                    How::Same => { prop_assert!(ours == theirs && ours != base); ours }
                    How::Conflict => {
                        prop_assert!(ours != theirs && ours != base && theirs != base);
                        if take { theirs } else { ours }
                    }
                    How::Merged => unreachable!("only texts come together"),
                };
                prop_assert_eq!(at(&value, &row.field), expected);
            }
            // And what no row tells of is the same on all three sides, and in the result.
            let told = |path: &str| rows.iter().any(|row| {
                row.field.is_empty() || path == row.field || path.starts_with(&format!("{}.", row.field))
            });
            for side in [&base, &ours, &theirs] {
                for path in paths(side) {
                    if !told(&path) && rows.iter().all(|row| !row.field.starts_with(&format!("{path}."))) {
                        for other in [&base, &ours, &theirs, &value] {
                            prop_assert_eq!(at(other, &path), at(side, &path), "{}", path);
                        }
                    }
                }
            }
        }

        #[test]
        fn who_changed_nothing_takes_all_fields(base in definition(), other in definition()) {
            prop_assert_eq!(merged(&base, &base, &other).0, other.clone());
            prop_assert_eq!(merged(&base, &other, &base).0, other);
        }
    }

    /// Of every field and named entry; a list is its entries, in any order.
    fn paths(value: &Value) -> Vec<String> {
        let below = |name: &str, value: &Value| {
            let own = Some(name.to_owned()).filter(|_| !value.is_array());
            own.into_iter().chain(paths(value).into_iter().map(|rest| format!("{name}.{rest}"))).collect::<Vec<_>>()
        };
        match value {
            Value::Object(fields) => fields.iter().flat_map(|(name, value)| below(name, value)).collect(),
            Value::Array(items) => items.iter().filter_map(|item| item["name"].as_str().map(str::to_owned)).collect(),
            _ => Vec::new(),
        }
    }
}
