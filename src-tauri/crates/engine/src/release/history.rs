//! History: what `SQLite` knows of past and moving releases.

use super::answer::{ReleasePage, ReleaseQuery, ReleaseRow, TrainPlace, UnreadRecord};
use crate::Engine;
use crate::error::Result;
use slipway_model::id::{AppId, ReleaseId};
use slipway_model::release::ReleaseState;
use slipway_model::train::ordered;
use slipway_store::{ReleaseFilter, ReleaseHead};
use std::collections::BTreeMap;

/// Most rows of one page, and marks in the *last ten* column.
const PAGE_MAX: u32 = 200;
const PAST: u32 = 10;

impl Engine {
    pub async fn release_list(&self, query: &ReleaseQuery) -> Result<ReleasePage> {
        let query = query.clone();
        let unread = self.unread_records(&query).await?;
        let limit = query.limit.clamp(1, PAGE_MAX);
        let narrow = query.narrow.clone().unwrap_or_default();
        let filter = ReleaseFilter {
            group: query.group.clone(),
            person: narrow.person,
            state: narrow.state,
            since: narrow.since,
            text: narrow.text,
        };
        let (mut rows, total, past) = self
            .store
            .read(move |r| {
                let narrowed = filter != ReleaseFilter { group: filter.group.clone(), ..ReleaseFilter::default() };
                let (rows, total) = match (&query.group, query.last) {
                    (None, true) => {
                        let mut rows = r.last_releases(&query.app)?;
                        rows.retain(|row| filter.takes(row));
                        let total = u32::try_from(rows.len()).unwrap_or(u32::MAX);
                        (rows, total)
                    }
                    _ if narrowed => r.releases_found(&query.app, &filter, query.before.as_ref(), limit + 1)?,
                    (Some(group), _) => {
                        (r.releases_of_group(group, query.before.as_ref(), limit + 1)?, r.count_of_group(group)?)
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
        let rows = rows.iter().map(ReleaseRow::from).collect();
        Ok(ReleasePage { rows, total, more, unread, past })
    }
}

impl Engine {
    /// Of one group, or of all of an app.
    async fn unread_records(&self, query: &ReleaseQuery) -> Result<Vec<UnreadRecord>> {
        if let Some(group) = &query.group {
            return Ok(self.records.unread(group));
        }
        let app = query.app.clone();
        let groups = self.store.read(move |r| r.groups_of_app(&app)).await?;
        Ok(groups.iter().flat_map(|group| self.records.unread(&group.id)).collect())
    }
}

impl Engine {
    /// Everybody who released something of an app, as its rows name them.
    pub async fn release_people(&self, app: &AppId) -> Result<Vec<String>> {
        let app = app.clone();
        Ok(self.store.read(move |r| r.people_of_app(&app)).await?)
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
            back_to: release.plan.back.as_ref().and_then(|back| back.seq).map(|seq| seq.0),
            author: release.author.clone(),
            note: release.note.clone(),
            created: release.created,
            ended: release.ended,
            train: release.train.as_ref().map(|train| {
                let groups = train.cars.iter().map(|car| car.group.clone()).collect();
                let place = ordered(groups, &release.decided).iter().position(|group| *group == release.group);
                let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
                TrainPlace {
                    id: train.id.clone(),
                    car: number(place.map_or(0, |place| place + 1)),
                    cars: number(train.cars.len()),
                }
            }),
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
