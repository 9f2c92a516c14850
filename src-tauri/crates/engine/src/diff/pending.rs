//! What waits for a release: counted in the background, told from memory.

use super::side::{between, planned};
use crate::Engine;
use crate::error::{Error, Result};
use crate::group::Around;
use crate::tag;
use jiff::Timestamp;
use serde::Serialize;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use slipway_render::diff::{FieldChange, Section};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use ts_rs::TS;

/// Changes that wait, of all groups of an app.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, TS)]
pub struct AppPending {
    /// Only groups that have any.
    pub groups: Vec<GroupPending>,
    /// They are being counted: what stands here is of before.
    pub counting: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct GroupPending {
    pub group: GroupId,
    pub changes: u32,
    /// In the order of the page.
    pub sections: Vec<SectionPending>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SectionPending {
    pub section: Section,
    pub changes: u32,
}

/// What was counted last, by app.
#[derive(Debug, Default)]
pub struct Pendings(Mutex<HashMap<AppId, Known>>);

#[derive(Clone, Debug, Default)]
struct Known {
    /// Number of the last change of the store that was looked at.
    as_of: i64,
    /// The newest change that somebody asked about.
    asked: i64,
    groups: HashMap<GroupId, Counted>,
    counting: bool,
}

/// A group's count, and what it was counted of.
#[derive(Clone, Debug)]
struct Counted {
    of: Of,
    sections: Vec<SectionPending>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Of {
    saved: Timestamp,
    released: ReleaseId,
    /// Number of the last change of what groups inherit and use.
    around: i64,
}

impl Pendings {
    fn held(&self) -> MutexGuard<'_, HashMap<AppId, Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn answer(&self) -> Vec<GroupPending> {
        let mut groups: Vec<GroupPending> = self
            .groups
            .iter()
            .filter(|(_, counted)| !counted.sections.is_empty())
            .map(|(group, counted)| GroupPending {
                group: group.clone(),
                changes: counted.sections.iter().map(|section| section.changes).sum(),
                sections: counted.sections.clone(),
            })
            .collect();
        groups.sort_by(|a, b| a.group.cmp(&b.group));
        groups
    }
}

impl Engine {
    /// How many changes of each group wait for a release: what is known, at once. Where anything was saved or released
    /// since, it is counted again in the background, and announced by the tag `pending` when it is another number.
    pub async fn app_pending(&self, app: &AppId) -> Result<AppPending> {
        let newest = self.store.read(|r| r.last_change()).await?;
        let (answer, begin) = {
            let mut all = self.pendings.held();
            let known = all.entry(app.clone()).or_default();
            known.asked = known.asked.max(newest);
            let begin = !known.counting && known.as_of != newest;
            known.counting |= begin;
            (AppPending { groups: known.answer(), counting: known.counting }, begin)
        };
        if begin {
            let (engine, app) = (self.clone(), app.clone());
            tokio::spawn(async move { engine.count_pending(&app).await });
        }
        Ok(answer)
    }

    /// Counts until all is counted that anybody asked about meanwhile.
    async fn count_pending(&self, app: &AppId) {
        let first = self.pendings.held().get(app).is_none_or(|known| known.as_of == 0);
        let before = self.pendings.held().get(app).map(Known::answer).unwrap_or_default();
        loop {
            let counted = self.counted(app).await;
            let mut all = self.pendings.held();
            let known = all.entry(app.clone()).or_default();
            match counted {
                Ok((as_of, groups)) => {
                    known.as_of = as_of;
                    known.groups = groups;
                    if as_of < known.asked {
                        continue;
                    }
                }
                Err(error) => tracing::warn!(%app, %error, "count what is pending"),
            }
            known.counting = false;
            if first || known.answer() != before {
                self.store.announce(vec![tag::pending(app)]);
            }
            return;
        }
    }

    async fn counted(&self, app: &AppId) -> Result<(i64, HashMap<GroupId, Counted>)> {
        let of_app = app.clone();
        let (as_of, around, entries, released) = self
            .store
            .read(move |r| {
                // First, so that a write in between is counted the next time.
                let (as_of, around) = (r.last_change()?, r.last_change_around_groups()?);
                Ok((as_of, around, r.groups_of_app(&of_app)?, r.released_of_app(&of_app)?))
            })
            .await?;
        let known = self.pendings.held().get(app).map(|known| known.groups.clone()).unwrap_or_default();
        let saved: HashMap<_, _> = entries.iter().map(|entry| (&entry.id, entry.saved)).collect();
        let (mut groups, mut changed) = (HashMap::new(), Vec::new());
        for (group, released) in released {
            let Some(saved) = saved.get(&group) else { continue };
            let of = Of { saved: *saved, released, around };
            match known.get(&group) {
                Some(counted) if counted.of == of => _ = groups.insert(group, counted.clone()),
                _ => changed.push((group, of)),
            }
        }
        if !changed.is_empty() {
            let around = self.around_groups(app).await?;
            for (group, of) in changed {
                let sections = self.sections(&around, &group, &of.released).await?;
                groups.insert(group, Counted { of, sections });
            }
        }
        Ok((as_of, groups))
    }

    async fn sections(&self, around: &Around, group: &GroupId, released: &ReleaseId) -> Result<Vec<SectionPending>> {
        let valid = match self.valid_in(around, group).await {
            Ok(valid) => valid,
            // What is no group, or has no cluster any more, can not be compared: its errors are told elsewhere.
            Err(Error::Invalid(_) | Error::Unlinked { .. } | Error::GroupGone | Error::NotFound { .. }) => {
                return Ok(Vec::new());
            }
            Err(error) => return Err(error),
        };
        let release = self.release(released).await?;
        let saved = planned(valid, Some(&release))?;
        let compare = move || by_section(&between(&release.plan, &saved));
        // Files may be long.
        Ok(tokio::task::spawn_blocking(compare).await.unwrap_or_default())
    }
}

fn by_section(changes: &[FieldChange]) -> Vec<SectionPending> {
    let mut sections: Vec<SectionPending> = Vec::new();
    for change in changes {
        match sections.last_mut().filter(|last| last.section == change.section) {
            Some(last) => last.changes += change.count,
            None => sections.push(SectionPending { section: change.section, changes: change.count }),
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::config::Value;
    use slipway_store::sample::{self, Size};

    /// A core whose first app has so many groups, each released once with the files that it has now.
    async fn filled(folder: &std::path::Path, groups: u32) -> (Engine, AppId) {
        let engine = Engine::open(folder).await.expect("a new core");
        sample::fill(&engine.store, Size { apps: 1, groups, releases: groups }).await.expect("an empty store");
        sample::fill_files(&engine.store, 5).await.expect("files");
        let app = engine.store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("an app");
        (engine, app)
    }

    /// How often the store is read for something.
    async fn reads(engine: &Engine, work: impl Future<Output = ()>) -> u64 {
        let before = engine.store.reads();
        work.await;
        engine.store.reads() - before
    }

    #[tokio::test]
    async fn what_groups_share_is_read_once_for_all_of_them() {
        const MORE: u32 = 20;
        let mut cost = Vec::new();
        for groups in [5, 5 + MORE] {
            let folder = tempfile::tempdir().expect("a folder");
            let (engine, app) = filled(folder.path(), groups).await;
            let counted = reads(&engine, async {
                let (_, counted) = engine.counted(&app).await.expect("counted");
                assert_eq!(counted.len(), groups as usize);
            });
            let counted = counted.await;
            let matrix = reads(&engine, async {
                assert_eq!(engine.config_matrix(&app).await.expect("a matrix").keys.len(), 20);
            });
            cost.push((counted, matrix.await));
            engine.close().await;
        }
        let (counted, matrix) = (cost[1].0 - cost[0].0, cost[1].1.saturating_sub(cost[0].1));
        assert!(counted < u64::from(MORE) * 2, "one release a group, and nothing else: {cost:?}");
        assert!(matrix < u64::from(MORE), "no release at all: {cost:?}");
    }

    #[tokio::test]
    async fn what_has_not_changed_is_not_counted_again() {
        const GROUPS: u32 = 20;
        let folder = tempfile::tempdir().expect("a folder");
        let (engine, app) = filled(folder.path(), GROUPS).await;
        engine.count_pending(&app).await;
        let again = reads(&engine, async {
            engine.counted(&app).await.expect("counted");
        });
        assert!(again.await < u64::from(GROUPS));

        // One group's own draft concerns that group, a value of the app all of them.
        let of = app.clone();
        let written = engine.store.write(move |w| {
            let entry = w.groups_of_app(&of)?.remove(0);
            w.update_group(&entry.id, &slipway_model::group::GroupDraft { count: "7".into(), ..entry.draft })
        });
        written.await.expect("saved");
        let one = reads(&engine, engine.count_pending(&app)).await;
        assert!(one < u64::from(GROUPS), "{one}");
        let of = app.clone();
        let value = Value::Plain("another".to_owned());
        engine.store.write(move |w| w.set_value(&of, "key.1", None, Some(&value))).await.expect("saved");
        let all = reads(&engine, engine.count_pending(&app)).await;
        assert!(all >= u64::from(GROUPS), "{all}");
        let answer = engine.pendings.held().get(&app).map(Known::answer).unwrap_or_default();
        assert_eq!(answer.len(), GROUPS as usize, "the file that uses it is another in each");
        engine.close().await;
    }
}
