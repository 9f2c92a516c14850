//! The table, and what stands against it.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeSet;

/// One bad input.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Row {
    /// `group/what`
    pub id: String,
    /// What is put in, for people.
    pub input: String,
    /// What is met, with a word in braces for what differs from run to run: an error (code, params, hints, fields), a
    /// verdict of a plan, a state of a feed, or an answer that says so.
    pub meets: Value,
    /// What the window says of it.
    pub en: Value,
    pub zh: Value,
}

/// What produces one row.
pub(crate) struct Case {
    pub id: &'static str,
    pub run: fn() -> Result<Value>,
}

/// What must go well, so that what goes wrong means something.
pub(crate) struct Control {
    pub name: &'static str,
    pub run: fn() -> Result<()>,
}

pub(crate) fn read() -> Result<Vec<Row>> {
    let rows: Vec<Row> = serde_json::from_str(include_str!("table.json")).context("read tests/input/table.json")?;
    let mut seen = BTreeSet::new();
    for row in &rows {
        anyhow::ensure!(seen.insert(&row.id), "tests/input/table.json has {} twice", row.id);
    }
    Ok(rows)
}

/// The cases of a module: each an async function on a site of its own.
macro_rules! cases {
    ($($id:literal => $produce:path),+ $(,)?) => {
        pub(crate) fn cases() -> Vec<crate::table::Case> {
            vec![$(crate::table::Case {
                id: $id,
                run: || crate::site::on_site($id, async |site| $produce(site).await),
            }),+]
        }
    };
}
pub(crate) use cases;
