//! History: what `SQLite` knows of past and moving releases.

use super::answer::{ReleasePage, ReleaseQuery, ReleaseRow};
use crate::Engine;
use crate::error::Result;
use slipway_model::id::ReleaseId;
use slipway_model::release::ReleaseState;
use slipway_store::ReleaseHead;
use std::collections::BTreeMap;

/// Most rows of one page, and marks in the *last ten* column.
const PAGE_MAX: u32 = 200;
const PAST: u32 = 10;

impl Engine {
    pub async fn release_list(&self, query: &ReleaseQuery) -> Result<ReleasePage> {
        let query = query.clone();
        let limit = query.limit.clamp(1, PAGE_MAX);
        let (mut rows, total, past) = self
            .store
            .read(move |r| {
                let (rows, total) = match (&query.group, query.last) {
                    (Some(group), _) => {
                        (r.releases_of_group(group, query.before.as_ref(), limit + 1)?, r.count_of_group(group)?)
                    }
                    (None, true) => {
                        let rows = r.last_releases(&query.app)?;
                        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                        (rows, total)
                    }
                    (None, false) => {
                        (r.releases_of_app(&query.app, query.before.as_ref(), limit + 1)?, r.count_of_app(&query.app)?)
                    }
                };
                let mut past: BTreeMap<String, Vec<ReleaseState>> = BTreeMap::new();
                if query.last {
                    for row in &rows {
                        let mut states = r.states_of_group(&row.group, PAST)?;
                        states.reverse();
                        past.insert(row.group.to_string(), states);
                    }
                }
                Ok((rows, total, past))
            })
            .await?;
        let more = rows.len() > limit as usize;
        rows.truncate(limit as usize);
        Ok(ReleasePage { rows: rows.iter().map(ReleaseRow::from).collect(), total, more, past })
    }
}

impl From<&ReleaseHead> for ReleaseRow {
    fn from(release: &ReleaseHead) -> Self {
        Self {
            id: release.id.clone(),
            app: release.app.clone(),
            group: release.group.clone(),
            group_name: release.plan.group.slug.to_string(),
            environment: release.plan.environment.clone(),
            seq: release.seq.map(|seq| seq.0),
            state: release.state,
            stage: release.stage,
            from_version: release.plan.from.clone(),
            to_version: release.plan.image.version().to_owned(),
            author: release.author.clone(),
            note: release.note.clone(),
            created: release.created,
            ended: release.ended,
        }
    }
}

impl Engine {
    /// Whether the cluster has still to be told something of a release.
    pub async fn owes(&self, id: &ReleaseId) -> Result<bool> {
        Ok(self.store.read(|r| r.open_release_ids()).await?.contains(id))
    }

    /// Releases that this computer still drives, or would at the next start.
    pub async fn owed(&self) -> Result<Vec<ReleaseId>> {
        Ok(self.store.read(|r| r.open_release_ids()).await?)
    }
}
