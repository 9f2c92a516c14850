//! Reads lists of tags and what tags lead to, and keeps it: what stands under a digest is asked for once.

use super::{Asked, count};
use crate::Engine;
use crate::error::{Error, Result};
use futures::{StreamExt as _, stream};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use slipway_model::artifact::ImageFacts;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::AppId;
use slipway_registry::{Failure, Repository};
use std::collections::HashMap;
use ts_rs::TS;

/// Tags looked at by one call: what a screen shows, and a little more.
const LOOK_MAX: usize = 60;
/// Questions to one registry at a time.
const AT_ONCE: usize = 4;
/// How long what a tag leads to is taken for known, unless the list was read anew since.
const LOOKED_KEPT: SignedDuration = SignedDuration::from_mins(10);
/// Whose size and time stand for an index of several.
const ARCHITECTURES: [&str; 2] = ["amd64", "arm64"];

/// Tags that somebody sees.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ArtifactLook {
    pub app: AppId,
    /// At most 60.
    pub tags: Vec<String>,
}

impl Engine {
    /// Reads the list of tags anew. What was known stays where it fails.
    ///
    /// # Errors
    /// `Registry`: what it says, or why it can not be asked.
    pub async fn artifact_refresh(&self, app: &AppId) -> Result<()> {
        let (repository, asked) = self.repository_of(app).await?;
        let found = self.ways.registries.tags(&asked.of, &asked.access).await;
        let found = found.map_err(|failure| asked.failed(failure))?;
        tracing::info!(tags = count(found.tags.len()), more = found.more, "the list of tags is read");
        let now = Timestamp::now();
        Ok(self.store.write(move |w| w.put_tags(&repository, &found.tags, found.more, now)).await?)
    }

    /// Looks what tags lead to, where that is not known. Nothing is asked for those that are.
    ///
    /// # Errors
    /// `Registry` of the first that failed; what the others said is kept.
    pub async fn artifact_look(&self, look: &ArtifactLook) -> Result<()> {
        let (repository, asked) = self.repository_of(&look.app).await?;
        let of = repository.clone();
        let (read, known) = self.store.read(move |r| Ok((r.tags_read(&of)?, r.known_tags(&of)?))).await?;
        let now = Timestamp::now();
        let stale =
            |looked: Timestamp| now.duration_since(looked) > LOOKED_KEPT || read.is_some_and(|read| looked < read.at);
        let known: HashMap<&str, _> = known.iter().map(|known| (known.tag.as_str(), known)).collect();
        let unknown = |tag: &&String| {
            let known = known.get(tag.as_str());
            known.is_some_and(|known| known.looked.is_none_or(stale) || known.digest.is_none())
        };
        let tags: Vec<String> = look.tags.iter().take(LOOK_MAX).filter(unknown).cloned().collect();
        let asked = &asked;
        let mut answers = stream::iter(tags)
            .map(|tag| async move {
                let found = self.leads_to(asked, &tag).await;
                (tag, found)
            })
            .buffer_unordered(AT_ONCE);
        let (mut looked, mut failed) = (Vec::new(), None);
        while let Some((tag, found)) = answers.next().await {
            match found {
                Ok(digest) => looked.push((tag, Some(digest))),
                Err(Error::Registry { failure: Failure::NoImage, .. }) => looked.push((tag, None)),
                // What fails for one fails for all: nothing more is asked.
                Err(error) => {
                    failed = Some(error);
                    break;
                }
            }
        }
        drop(answers);
        if !looked.is_empty() {
            self.store.write(move |w| w.put_looked(&repository, &looked, now)).await?;
        }
        failed.map_or(Ok(()), Err)
    }

    async fn repository_of(&self, app: &AppId) -> Result<(String, Asked)> {
        let repository = self.app(app).await?.repository;
        let Some(of) = Repository::parse(&repository) else {
            let mut fields = Fields::new();
            fields.refuse("repository", FieldCode::Required);
            return Err(Error::Invalid(fields.into_errors()));
        };
        Ok((repository, self.asked(of).await?))
    }

    /// The digest of a tag, with what it stands for kept.
    async fn leads_to(&self, asked: &Asked, tag: &str) -> Result<String> {
        let found = self.ways.registries.digest(&asked.of, tag, &asked.access).await;
        let digest = found.map_err(|failure| asked.failed(failure))?;
        self.facts(asked, &digest).await?;
        Ok(digest)
    }

    /// What a tag leads to now.
    ///
    /// # Errors
    /// `Registry`.
    pub(crate) async fn digest_of(&self, asked: &Asked, tag: &str) -> Result<String> {
        let found = self.ways.registries.digest(&asked.of, tag, &asked.access).await;
        found.map_err(|failure| asked.failed(failure))
    }

    /// What a digest stands for: as it is known, else as the registry says.
    ///
    /// # Errors
    /// `Registry`.
    pub(crate) async fn facts(&self, asked: &Asked, digest: &str) -> Result<ImageFacts> {
        let of = digest.to_owned();
        let mut known = self.store.read(move |r| r.image_facts([of.as_str()])).await?;
        if let Some(facts) = known.remove(digest) {
            return Ok(facts);
        }
        let architectures = ARCHITECTURES.map(str::to_owned);
        let found = self.ways.registries.image(&asked.of, digest, &architectures, &asked.access).await;
        let facts = found.map_err(|failure| asked.failed(failure))?;
        let kept = facts.clone();
        self.store.write(move |w| w.put_image_facts(&[kept])).await?;
        Ok(facts)
    }
}
