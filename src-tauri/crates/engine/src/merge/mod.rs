//! What a colleague released meanwhile, merged into the draft.
//!
//! Three sides: the release that the draft goes out from, the draft, and the newest release, which somebody else made. What
//! one side changed comes together by itself; of what both changed a person chooses. Nothing of either side is dropped
//! without being told, and the draft goes out from the newest release then.

mod fields;
mod files;
mod sides;
mod take;

use crate::Engine;
use crate::error::Result;
use crate::release::{Check, Verdict, VerdictLevel, verdict};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sides::Sides;
use slipway_model::config::Owner;
use slipway_model::id::{GroupId, ReleaseId};
use slipway_model::release::Release;
use slipway_render::diff::Section;
use slipway_render::merge::{How, Merge};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Fields that a verdict names; it counts all.
const NAMED: usize = 5;

/// Everything that a side changed since the release that the draft goes out from.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupMerge {
    pub group: GroupId,
    pub group_name: String,
    /// Names the three sides as they were shown, when the merge is taken.
    pub hash: String,
    /// What the draft goes out from.
    pub base: MergeRelease,
    /// What a colleague released.
    pub theirs: MergeRelease,
    pub fields: Vec<MergedField>,
    pub files: Vec<MergedFile>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct MergeRelease {
    pub id: ReleaseId,
    pub seq: Option<u32>,
    pub by: String,
    #[ts(type = "string")]
    pub at: Timestamp,
}

/// A field, a variable or a value.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct MergedField {
    /// Of this merge: a choice names it.
    pub id: String,
    pub of: MergedOf,
    pub section: Section,
    /// As its form names it; of a value its key.
    pub field: String,
    pub how: How,
    #[ts(type = "unknown")]
    pub base: Option<Value>,
    #[ts(type = "unknown")]
    pub ours: Option<Value>,
    #[ts(type = "unknown")]
    pub theirs: Option<Value>,
    /// A sensitive value: only that it is another one is told, by the ids of its versions.
    pub hidden: bool,
}

/// Whose a merged field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MergedOf {
    Group,
    /// A value of the group.
    Value,
    /// Of the app, and so of all its groups.
    App,
    /// A variable that all groups inherit.
    AppVariable,
    /// The app's value, where a group says nothing.
    Default,
    /// Whether the values of a key are sensitive.
    Sensitive,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct MergedFile {
    /// Of this merge: a choice names it.
    pub id: String,
    pub owner: Owner,
    /// As typed.
    pub path: String,
    pub how: How,
    pub base: FileSide,
    pub ours: FileSide,
    pub theirs: FileSide,
    /// Line by line, where they changed it. `None` of what is sensitive, not text, or missing on a side.
    pub merge: Option<Merge>,
}

/// How a file stands on one side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FileSide {
    Missing,
    Text,
    Binary,
    Sensitive,
}

/// A merge as a person decided it.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct GroupMergeTake {
    pub group: GroupId,
    /// Of what was shown.
    pub hash: String,
    /// One for each conflict, by its id.
    pub choices: BTreeMap<String, MergeChoice>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum MergeChoice {
    Ours,
    Theirs,
    /// Of a file: what a person made of both.
    Text {
        text: String,
    },
}

impl Engine {
    /// `None` where nobody else released since, or the draft has all that they changed.
    ///
    /// # Errors
    /// `Draft` for one that is not complete.
    pub async fn group_merge(&self, group: &GroupId) -> Result<Option<GroupMerge>> {
        let Some(sides) = self.merge_sides(group).await? else { return Ok(None) };
        // Files may be long. A panic in it is one of this call, and not that there is nothing to merge.
        let merged = tokio::task::spawn_blocking(move || sides.shown()).await;
        let merge = merged.unwrap_or_else(|panicked| std::panic::resume_unwind(panicked.into_panic()));
        Ok(Some(merge).filter(|merge| merge.takes_back().next().is_some()))
    }

    /// Says what a release of the draft would take back of what others released.
    pub(crate) async fn meanwhile(&self, group: &GroupId) -> Result<Option<Verdict>> {
        let Some(merge) = self.group_merge(group).await? else { return Ok(None) };
        let back: Vec<&str> = merge.takes_back().collect();
        let params = [
            ("seq", merge.theirs.seq.map(|seq| format!("r{seq}")).unwrap_or_default()),
            ("by", merge.theirs.by.clone()),
            ("fields", back.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ")),
            ("count", back.len().to_string()),
        ];
        Ok(Some(verdict(Check::Meanwhile, VerdictLevel::Warning, "takes_back", params)))
    }

    async fn merge_sides(&self, group: &GroupId) -> Result<Option<Sides>> {
        let of = group.clone();
        let Some((base, theirs)) = self.store.read(move |r| r.released_meanwhile(&of)).await? else { return Ok(None) };
        let of = group.clone();
        let ours = self.store.read(move |r| sides::ours(r, &of)).await?.ok_or(crate::Error::GroupGone)?;
        Sides::new(base, ours, theirs).map(Some)
    }
}

impl GroupMerge {
    /// What the draft lacks of theirs.
    fn takes_back(&self) -> impl Iterator<Item = &str> {
        let fields = self.fields.iter().filter(|field| field.how.takes_back()).map(|field| field.field.as_str());
        fields.chain(self.files.iter().filter(|file| file.how.takes_back()).map(|file| file.path.as_str()))
    }
}

impl From<&Release> for MergeRelease {
    fn from(release: &Release) -> Self {
        let by = release.driver().display.clone();
        Self { id: release.id.clone(), seq: release.seq.map(|seq| seq.0), by, at: release.created }
    }
}
