//! Versions of files: listed, compared, had back, and cut when something is released.

use super::answer::{ConfigDiffAsk, DeletedFile, FileDiff, FileVersion, VersionRef, VersionWhy};
use super::file::IDLE;
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use slipway_model::config::Content;
use slipway_model::id::{AppId, FileId};
use slipway_model::release::Release;
use slipway_store::FileEntry;

/// Of longer files only what is near a change goes to the window: the rest would take most of the time until it is drawn.
const LINES_AT_ONCE: usize = 1_000;

impl VersionWhy {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Release => "release",
            Self::Restore => "restore",
            Self::Import => "import",
            Self::Idle => "idle",
        }
    }

    fn read(word: &str) -> Self {
        let all = [Self::Created, Self::Release, Self::Restore, Self::Import];
        all.into_iter().find(|why| why.word() == word).unwrap_or(Self::Idle)
    }
}

impl Engine {
    /// Newest first. What has lain for five minutes is a version by now.
    pub async fn config_versions(&self, id: &FileId) -> Result<Vec<FileVersion>> {
        let file = self.file_entry(id).await?;
        if file.fresh && Timestamp::now().duration_since(file.saved) > IDLE {
            self.store.write(move |w| w.cut_version(&file, VersionWhy::Idle.word(), None)).await?;
        }
        let id = id.clone();
        let versions = self.store.read(move |r| r.file_versions(&id)).await?;
        let shown = |version: slipway_store::VersionEntry| FileVersion {
            number: version.number,
            why: VersionWhy::read(&version.why),
            by: version.by,
            at: version.at,
            size: version.size,
            release: version.release,
        };
        Ok(versions.into_iter().map(shown).collect())
    }

    /// Makes an older version the newest. What was saved since the last version becomes one first.
    pub async fn config_restore(&self, version: &VersionRef) -> Result<()> {
        let number = version.number.ok_or_else(|| Error::not_found("version", ""))?;
        let (id, by) = (version.file.clone(), self.writer().await?);
        let found = self
            .store
            .write(move |w| {
                let (Some(now), Some(content)) = (w.file(&id)?, w.file_version(&id, number)?) else { return Ok(false) };
                w.cut_version(&now, VersionWhy::Idle.word(), None)?;
                if content == now.content {
                    return Ok(true);
                }
                // A version of the time before the file was sensitive, or after, says by itself which it was.
                let sensitive = matches!(content, Content::Sealed(_));
                let saved_in = String::new();
                w.save_file(&FileEntry { content, sensitive, saved: Timestamp::now(), saved_by: by, saved_in, ..now })?;
                if let Some(restored) = w.file(&id)? {
                    w.cut_version(&restored, VersionWhy::Restore.word(), None)?;
                }
                Ok(true)
            })
            .await?;
        if found { Ok(()) } else { Err(Error::not_found("version", &number.to_string())) }
    }

    /// What differs between two versions, also of two files.
    pub async fn config_diff(&self, ask: &ConfigDiffAsk) -> Result<FileDiff> {
        let (from, to) = tokio::try_join!(self.content_of(&ask.from), self.content_of(&ask.to))?;
        let changed = match (from, to) {
            (Content::Text(before), Content::Text(after)) => {
                let changed = before != after;
                // The window folds and opens them itself, where they are few.
                let whole = ask.whole || before.lines().count().max(after.lines().count()) <= LINES_AT_ONCE;
                let compare = move || {
                    if whole {
                        slipway_render::diff::texts_around(&before, &after, usize::MAX)
                    } else {
                        slipway_render::diff::texts(&before, &after)
                    }
                };
                let diff = tokio::task::spawn_blocking(compare).await;
                return Ok(FileDiff { changed, diff: diff.ok() });
            }
            (from, to) => match (self.text_of(&from).await?, self.text_of(&to).await?) {
                (Some(before), Some(after)) => before != after,
                _ => from != to,
            },
        };
        Ok(FileDiff { changed, diff: None })
    }

    async fn content_of(&self, of: &VersionRef) -> Result<Content> {
        let Some(number) = of.number else { return Ok(self.file_entry(&of.file).await?.content) };
        let file = of.file.clone();
        let content = self.store.read(move |r| r.file_version(&file, number)).await?;
        content.ok_or_else(|| Error::not_found("version", &number.to_string()))
    }

    pub async fn config_deleted(&self, app: &AppId) -> Result<Vec<DeletedFile>> {
        let app = app.clone();
        let deleted = self.store.read(move |r| r.deleted_files(&app)).await?;
        let shown = |(file, deleted): (FileEntry, Timestamp)| DeletedFile {
            id: file.id,
            group: file.group,
            path: file.path,
            deleted,
        };
        Ok(deleted.into_iter().map(shown).collect())
    }

    /// What a release was made with is a version from then on.
    pub(crate) async fn cut_released(&self, release: &Release) -> Result<()> {
        let files: Vec<_> = release.plan.config.files.iter().map(|file| (file.id.clone(), file.hash.clone())).collect();
        let id = release.id.clone();
        Ok(self
            .store
            .write(move |w| {
                for (file, hash) in &files {
                    // One that was saved since the plan is cut by its next reason.
                    if let Some(now) = w.file(file)?.filter(|now| now.hash == *hash) {
                        w.cut_version(&now, VersionWhy::Release.word(), Some(&id))?;
                    }
                }
                Ok(())
            })
            .await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::app::AppDraft;
    use slipway_render::diff::LineKind;
    use std::fmt::Write as _;

    fn text(lines: usize, last: &str) -> String {
        let mut text = String::new();
        for line in 1..lines {
            writeln!(text, "line: {line}").expect("a String takes it");
        }
        text + last + "\n"
    }

    /// Kinds of the lines between version 1 of a file of so many lines and what is saved.
    async fn kinds(lines: usize, whole: bool) -> Vec<LineKind> {
        let folder = tempfile::tempdir().expect("a folder");
        let engine = Engine::open(folder.path()).await.expect("a new core");
        let draft = AppDraft { slug: "shop".into(), ..AppDraft::default() };
        let app = engine.app_create(&draft).await.expect("an app").id;
        let file = FileId::from("long");
        let first = FileEntry::new(file.clone(), app, None, "conf.yml".into(), Content::Text(text(lines, "last: 1")));
        engine
            .store
            .write(move |w| {
                w.insert_file(&first)?;
                let kept = w.file(&first.id)?.unwrap_or(first);
                w.cut_version(&kept, VersionWhy::Idle.word(), None)?;
                w.save_file(&FileEntry { content: Content::Text(text(lines, "last: 2")), ..kept })
            })
            .await
            .expect("written");
        let version = |number| VersionRef { file: file.clone(), number };
        let ask = ConfigDiffAsk { from: version(Some(1)), to: version(None), whole };
        let answer = engine.config_diff(&ask).await.expect("compared");
        engine.close().await;
        answer.diff.expect("it is text").lines.into_iter().map(|line| line.kind).collect()
    }

    #[tokio::test]
    async fn of_a_long_file_the_rest_comes_when_it_is_asked_for() {
        use LineKind::{Add, Del, Fold, Same};
        assert_eq!(kinds(LINES_AT_ONCE, false).await.len(), LINES_AT_ONCE + 1);
        assert_eq!(kinds(LINES_AT_ONCE + 1, false).await, [Fold, Same, Same, Same, Del, Add]);
        assert_eq!(kinds(LINES_AT_ONCE + 1, true).await.len(), LINES_AT_ONCE + 2);
    }
}
