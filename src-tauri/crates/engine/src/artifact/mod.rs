//! Artifacts: the tags of an app's repository, what they lead to, and which releases used them.

mod ask;
mod read;

pub(crate) use ask::Asked;
pub use ask::Ways;
pub use read::ArtifactLook;

use crate::Engine;
use crate::error::Result;
use crate::release::ReleaseRow;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_model::artifact::{ImageFacts, newest_first};
use slipway_model::id::AppId;
use slipway_registry::Repository;
use slipway_store::{KnownTag, TagsRead, UsedTag};
use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use ts_rs::TS;

/// Rows of one page.
const PAGE_MAX: u32 = 200;
/// Releases that are told of one tag.
const RELEASES: u32 = 20;

/// Which part of the list is looked at.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ArtifactQuery {
    pub app: AppId,
    /// Part of a tag or digest; empty for all.
    pub text: String,
    pub sort: ArtifactSort,
    pub only: ArtifactFilter,
    pub offset: u32,
    /// At most 200.
    pub limit: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ArtifactSort {
    /// Newest version first.
    Version,
    /// Built last first; those that nobody looked at yet stand below, by version.
    Time,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ArtifactFilter {
    All,
    /// A release used it.
    Used,
    /// These: what runs is known where it is watched.
    Tags {
        tags: Vec<String>,
    },
}

/// A part of the list, and what is known of the whole.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ArtifactPage {
    /// Of the app, as images name it; empty where it has none.
    pub repository: String,
    /// Of the registry.
    pub host: String,
    pub rows: Vec<ArtifactRow>,
    /// How many there are with this filter.
    pub matching: u32,
    /// In the registry, when the list was read.
    pub total: u32,
    /// Tags that releases used, also those that are gone.
    pub used: u32,
    /// Of how many it is known when they were built.
    pub looked: u32,
    /// When the list was read; `None` before the first time.
    #[ts(type = "string | null")]
    pub read: Option<Timestamp>,
    /// The registry has more than are listed.
    pub more: bool,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ArtifactRow {
    pub tag: String,
    /// A release used it, and the registry has it no longer.
    pub gone: bool,
    /// What it led to when it was looked at.
    pub digest: Option<String>,
    /// When that was.
    #[ts(type = "string | null")]
    pub looked: Option<Timestamp>,
    /// What that stands for.
    pub image: Option<ImageFacts>,
    /// How many releases used it.
    pub releases: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize, TS)]
pub struct ArtifactRef {
    pub app: AppId,
    pub tag: String,
}

/// One tag with its releases.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ArtifactView {
    pub row: ArtifactRow,
    /// The last ones, newest first.
    pub releases: Vec<ArtifactRelease>,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ArtifactRelease {
    pub release: ReleaseRow,
    /// What the tag led to then, where it was known.
    pub digest: Option<String>,
}

/// All that is known of a repository.
struct Known {
    read: Option<TagsRead>,
    tags: Vec<KnownTag>,
    used: Vec<UsedTag>,
}

impl Known {
    fn rows(&self) -> Vec<(KnownTag, bool, u32)> {
        let used: HashMap<&str, u32> = self.used.iter().map(|used| (used.tag.as_str(), used.releases)).collect();
        let listed: HashSet<&str> = self.tags.iter().map(|known| known.tag.as_str()).collect();
        let there = self.tags.iter().map(|known| {
            let releases = used.get(known.tag.as_str()).copied().unwrap_or(0);
            (known.clone(), false, releases)
        });
        // Only of a list that was read to its end it is known what is missing in it.
        let whole = self.read.is_some_and(|read| !read.more);
        let gone = self.used.iter().filter(|used| whole && !listed.contains(used.tag.as_str())).map(|used| {
            (KnownTag { tag: used.tag.clone(), digest: None, looked: None, created: None }, true, used.releases)
        });
        there.chain(gone).collect()
    }
}

fn count(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}

impl Engine {
    /// A part of the list, from what was read last: nothing is asked of the registry.
    pub async fn artifact_list(&self, query: &ArtifactQuery) -> Result<ArtifactPage> {
        let app = self.app(&query.app).await?;
        let repository = app.repository;
        let known = self.known_artifacts(&query.app, &repository).await?;
        let all = known.rows();
        let text = query.text.trim().to_lowercase();
        let wanted = |(row, _, releases): &(KnownTag, bool, u32)| {
            let of_text = text.is_empty()
                || row.tag.to_lowercase().contains(&text)
                || row.digest.as_ref().is_some_and(|digest| digest.contains(&text));
            of_text
                && match &query.only {
                    ArtifactFilter::All => true,
                    ArtifactFilter::Used => *releases > 0,
                    ArtifactFilter::Tags { tags } => tags.contains(&row.tag),
                }
        };
        let mut rows: Vec<_> = all.into_iter().filter(wanted).collect();
        rows.sort_by(|(a, ..), (b, ..)| newest_first(&a.tag, &b.tag));
        if query.sort == ArtifactSort::Time {
            rows.sort_by_key(|(known, ..)| Reverse(known.created));
        }
        let matching = count(rows.len());
        let page = rows.into_iter().skip(query.offset as usize).take(query.limit.min(PAGE_MAX) as usize).collect();
        Ok(ArtifactPage {
            host: Repository::parse(&repository).map(|of| of.host().to_owned()).unwrap_or_default(),
            rows: self.with_facts(page).await?,
            repository,
            matching,
            total: count(known.tags.len()),
            used: count(known.used.len()),
            looked: count(known.tags.iter().filter(|known| known.created.is_some()).count()),
            read: known.read.map(|read| read.at),
            more: known.read.is_some_and(|read| read.more),
        })
    }

    /// One tag, from what was read last.
    ///
    /// # Errors
    /// `NotFound` for a tag that was neither listed nor used.
    pub async fn artifact_get(&self, of: &ArtifactRef) -> Result<ArtifactView> {
        let repository = self.app(&of.app).await?.repository;
        let known = self.known_artifacts(&of.app, &repository).await?;
        let row = known.rows().into_iter().find(|(known, ..)| known.tag == of.tag);
        let row = row.ok_or_else(|| crate::Error::not_found("tag", &of.tag))?;
        let (app, tag) = (of.app.clone(), of.tag.clone());
        let releases = self.store.read(move |r| r.releases_of_tag(&app, &repository, &tag, RELEASES)).await?;
        let releases = releases.iter().map(|release| ArtifactRelease {
            digest: release.plan.image.digest().map(str::to_owned),
            release: ReleaseRow::from(release),
        });
        let row = self.with_facts(vec![row]).await?.remove(0);
        Ok(ArtifactView { row, releases: releases.collect() })
    }

    async fn known_artifacts(&self, app: &AppId, repository: &str) -> Result<Known> {
        let (app, repository) = (app.clone(), repository.to_owned());
        let known = self.store.read(move |r| {
            Ok(Known {
                read: r.tags_read(&repository)?,
                tags: r.known_tags(&repository)?,
                used: r.used_tags(&app, &repository)?,
            })
        });
        Ok(known.await?)
    }

    async fn with_facts(&self, rows: Vec<(KnownTag, bool, u32)>) -> Result<Vec<ArtifactRow>> {
        let digests: Vec<String> = rows.iter().filter_map(|(known, ..)| known.digest.clone()).collect();
        let facts = self.store.read(move |r| r.image_facts(digests.iter().map(String::as_str))).await?;
        let row = |(known, gone, releases): (KnownTag, bool, u32)| ArtifactRow {
            image: known.digest.as_ref().and_then(|digest| facts.get(digest)).cloned(),
            tag: known.tag,
            gone,
            digest: known.digest,
            looked: known.looked,
            releases,
        };
        Ok(rows.into_iter().map(row).collect())
    }
}
