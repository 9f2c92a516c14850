//! What a group changed of a file since a release, taken back.

use super::answer::VersionWhy;
use super::known::{Known, Read};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use slipway_model::config::{self, ConfigSource, Content, Owner, Value};
use slipway_model::id::{FileId, GroupId};
use slipway_model::release::Plan;
use slipway_store::{Failure, FileEntry, Writer};
use std::collections::BTreeSet;

/// What becomes of the group's own file.
enum Own {
    Stays,
    /// The group had none.
    Deleted(FileEntry),
    /// It is there, and held something else.
    Saved(FileEntry),
    /// It is there no more.
    Back(FileEntry),
}

/// The group's values that go back, and whether the app changed something of these keys.
struct Values {
    back: Vec<(String, Option<Value>)>,
    left_to_app: bool,
}

impl Engine {
    /// Sets the group's own file at a place, and its values of the keys in it, back to what was released. What was saved
    /// is a version first. Whether the app changed something of it too: that stays.
    ///
    /// # Errors
    /// `NotFound` where nothing of the file changed.
    pub(crate) async fn config_discard(&self, group: &GroupId, place: &str, plan: &Plan) -> Result<bool> {
        let known = self.configured(&plan.app.id).await?;
        let at = |source: &&ConfigSource| {
            config::resolve(&plan.app.deploy_path, &source.path).as_deref().unwrap_or(&source.path) == place
        };
        let mut before = plan.config.files.iter().find(at).cloned();
        let files = known.in_group(group);
        let now = files.iter().find(|found| found.file.place() == place);
        if let Some(before) = before.as_mut().filter(|before| before.owner == Owner::Group)
            && let Some(id) = before.content.sealed().filter(|id| id.is_withheld())
        {
            before.content = Content::Sealed(self.version_of(id, place).await?);
            before.hash = before.content.hash();
        }
        let before = before.as_ref();
        let was_own = before.filter(|before| before.owner == Owner::Group);
        let is_own = now.filter(|found| found.file.is_of(Some(group))).map(|found| found.file.entry.clone());
        let own = own(was_own, is_own, group, plan, &self.writer().await?);
        let of_app = known.of(None).find(|file| file.place() == place).map(|file| &file.entry);
        let file_of_app = match (before.filter(|before| before.owner == Owner::App), of_app) {
            (Some(source), Some(entry)) => !same(entry, source),
            (Some(_), None) => true,
            // Whether it came since is hidden behind the group's own.
            (None, Some(_)) => was_own.is_none(),
            (None, None) => false,
        };
        let used = now.into_iter().flat_map(|found| found.file.read.uses.iter().map(|of| of.key.clone()));
        let Values { back, left_to_app } = values(&known, plan, group, used.chain(before.into_iter().flat_map(keys)));
        let left_to_app = left_to_app || file_of_app;
        if !left_to_app && back.is_empty() && matches!(own, Own::Stays) {
            return Err(Error::not_found("field", place));
        }
        let (app, group) = (plan.app.id.clone(), group.clone());
        let set = self.store.write(move |w| {
            match own {
                Own::Stays => {}
                Own::Deleted(entry) => w.delete_file(&entry)?,
                Own::Saved(entry) => save(w, &entry, VersionWhy::Restore)?,
                Own::Back(entry) => put_back(w, entry, VersionWhy::Restore)?,
            }
            back.iter().try_for_each(|(key, value)| w.set_value(&app, key, Some(&group), value.as_ref()))
        });
        set.await?;
        Ok(left_to_app)
    }
}

fn same(entry: &FileEntry, source: &ConfigSource) -> bool {
    (&entry.hash, entry.literal, entry.sensitive) == (&source.hash, source.literal, source.sensitive)
}

fn own(was: Option<&ConfigSource>, is: Option<FileEntry>, group: &GroupId, plan: &Plan, by: &str) -> Own {
    let Some(source) = was else { return is.map_or(Own::Stays, Own::Deleted) };
    let stored = is.is_some();
    if is.as_ref().is_some_and(|entry| same(entry, source)) {
        return Own::Stays;
    }
    let entry = is.unwrap_or_else(|| {
        let (app, group) = (plan.app.id.clone(), Some(group.clone()));
        FileEntry::new(source.id.clone(), app, group, source.path.clone(), source.content.clone())
    });
    let entry = FileEntry {
        content: source.content.clone(),
        literal: source.literal,
        sensitive: source.sensitive,
        saved: Timestamp::now(),
        saved_by: by.to_owned(),
        saved_in: String::new(),
        ..entry
    };
    if stored { Own::Saved(entry) } else { Own::Back(entry) }
}

/// Keys that a file used when it was released.
fn keys(source: &ConfigSource) -> Vec<String> {
    match &source.content {
        _ if source.literal => Vec::new(),
        Content::Text(text) => Read::text(text).uses.into_iter().map(|of| of.key).collect(),
        Content::Sealed(_) => source.keys.clone(),
        Content::Binary(_) => Vec::new(),
    }
}

fn values(known: &Known, plan: &Plan, group: &GroupId, keys: impl Iterator<Item = String>) -> Values {
    let mut values = Values { back: Vec::new(), left_to_app: false };
    for key in keys.collect::<BTreeSet<_>>() {
        let (said, released) = (known.keys.get(&key), plan.config.value(&key));
        let is = said.and_then(|said| said.groups.get(group));
        let was = released.and_then(|released| released.value.as_ref());
        let default = said.and_then(|said| said.default.as_ref());
        values.left_to_app |= default != released.and_then(|released| released.default.as_ref());
        let sensitive = said.is_some_and(|said| said.sensitive);
        match was {
            _ if is == was => {}
            // Sensitivity belongs to the key, and so to the app.
            Some(was) if was.sealed().map_or(sensitive, |id| !sensitive || id.is_withheld()) => {
                values.left_to_app = true;
            }
            was => values.back.push((key, was.cloned())),
        }
    }
    values
}

/// Brings a file back that was deleted since, or that this computer has no more.
pub(crate) fn put_back(w: &mut Writer<'_>, entry: FileEntry, why: VersionWhy) -> std::result::Result<(), Failure> {
    let Some(gone) = w.any_file(&entry.id)? else {
        w.insert_file(&entry)?;
        return cut(w, &entry.id, why);
    };
    w.undelete_file(&gone)?;
    let FileEntry { content, literal, sensitive, saved, saved_by, .. } = entry;
    save(w, &FileEntry { content, literal, sensitive, saved, saved_by, ..gone }, why)
}

/// Saves what was released, and keeps what was there as a version.
pub(crate) fn save(w: &mut Writer<'_>, entry: &FileEntry, why: VersionWhy) -> std::result::Result<(), Failure> {
    cut(w, &entry.id, VersionWhy::Idle)?;
    w.save_file(entry)?;
    cut(w, &entry.id, why)
}

/// Makes a version of a file as it is now.
pub(super) fn cut(w: &mut Writer<'_>, id: &FileId, why: VersionWhy) -> std::result::Result<(), Failure> {
    if let Some(now) = w.file(id)? {
        w.cut_version(&now, why.word(), None)?;
    }
    Ok(())
}
