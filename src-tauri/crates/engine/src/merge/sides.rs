//! The three sides of a merge, as they are compared.

use super::{GroupMerge, MergeRelease};
use crate::error::{Error, Result};
use serde_json::{Value, json};
use slipway_model::app::App;
use slipway_model::config::Owner;
use slipway_model::group::Group;
use slipway_model::id::GroupId;
use slipway_model::release::Release;
use slipway_model::variable::Variable;
use slipway_store::{Failure, FileEntry, GroupEntry, Reader, ValueEntry};

/// What is decided live or for each release anew, or says which group it is and where: no part of a merge.
const NOT_MERGED: &[&str] = &["id", "app", "environment", "link", "slug", "image", "count", "adopted"];

/// What is saved here of a group and of its app, as it is merged and as it is compared with what was shown.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Ours {
    pub app: App,
    pub entry: GroupEntry,
    /// The app's and the group's own.
    pub files: Vec<FileEntry>,
    /// Of the app and all its groups.
    pub values: Vec<ValueEntry>,
    pub keys: Vec<(String, bool)>,
    pub variables: Vec<Variable>,
}

pub(super) fn ours(r: &Reader<'_>, group: &GroupId) -> std::result::Result<Option<Ours>, Failure> {
    let Some(entry) = r.group(group)? else { return Ok(None) };
    let Some(app) = r.app(&entry.app)? else { return Ok(None) };
    let mut files = r.files_of_app(&app.id)?;
    files.retain(|file| file.group.as_ref().is_none_or(|owner| owner == group));
    Ok(Some(Ours {
        values: r.values_of_app(&app.id)?,
        keys: r.keys_of_app(&app.id)?,
        variables: r.app_variables(&app.id)?,
        files,
        entry,
        app,
    }))
}

pub(super) struct Sides {
    pub base: Release,
    pub ours: Ours,
    pub theirs: Release,
    /// The draft, as it is valid.
    pub group: Group,
}

impl Sides {
    /// # Errors
    /// `Draft` for one that is not complete: nobody could tell what it changes.
    pub(super) fn new(base: Release, ours: Ours, theirs: Release) -> Result<Self> {
        let group = ours.entry.draft.validate(ours.entry.id.clone(), &ours.app);
        let group = group.map_err(|fields| Error::Draft { group: ours.entry.draft.name.clone(), fields })?;
        Ok(Self { base, ours, theirs, group })
    }

    pub(super) fn shown(&self) -> GroupMerge {
        let (_, fields) = self.fields(&|_| false);
        GroupMerge {
            group: self.group.id.clone(),
            group_name: self.group.slug.to_string(),
            hash: self.hash(),
            base: MergeRelease::from(&self.base),
            theirs: MergeRelease::from(&self.theirs),
            fields,
            files: self.files().iter().map(super::files::ThreeFiles::shown).collect(),
        }
    }

    /// Of everything that is merged. Versions of files are told apart by what they hold.
    pub(super) fn hash(&self) -> String {
        let Ours { app, entry, files, values, keys, variables } = &self.ours;
        let files: Vec<_> =
            files.iter().map(|file| json!([file.id, file.hash, file.literal, file.sensitive, file.revision])).collect();
        let values: Vec<_> = values.iter().map(|value| json!([value.key, value.group, value.value])).collect();
        let of = json!([self.base.id, self.theirs.id, app, entry.draft, files, values, keys, variables]);
        slipway_render::live::hash(&of)
    }

    /// The group as a form on each side, what is not merged as it is here.
    pub(super) fn forms(&self) -> [Value; 3] {
        let ours = json!(self.group);
        [&self.base.plan.group, &self.group, &self.theirs.plan.group].map(|group| {
            let mut form = json!(group);
            for field in NOT_MERGED {
                form[field] = ours[field].clone();
            }
            form
        })
    }
}

/// The group that something is, by whose it is.
pub(super) fn of_owner(owner: Owner, group: &GroupId) -> Option<GroupId> {
    (owner == Owner::Group).then(|| group.clone())
}
