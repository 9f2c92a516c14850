//! A group once more, in another place: what cannot change of a group is chosen anew, everything else is copied.

use crate::Engine;
use crate::app::refuse;
use crate::error::Result;
use serde::Deserialize;
use slipway_model::id::{AppId, FileId, GroupId};
use slipway_store::{Failure, FileEntry, Writer};
use ts_rs::TS;

/// The fields that are fixed for a group's life.
const CHOSEN: &[&str] = &["name", "environment", "link"];

#[derive(Clone, Debug, Deserialize, TS)]
pub struct CloneRequest {
    pub group: GroupId,
    pub name: String,
    /// Id of an environment.
    pub environment: String,
    /// Id of a cluster link.
    pub link: String,
}

impl Engine {
    /// Copies a group as it is saved, right or wrong, with its own files and values, and gives the new one. Nothing of a cluster is
    /// touched.
    ///
    /// # Errors
    /// `Invalid` with `name`, `environment` or `link`.
    pub async fn group_clone(&self, request: &CloneRequest) -> Result<GroupId> {
        let entry = self.group_entry(&request.group).await?;
        let mut draft = entry.draft;
        draft.name.clone_from(&request.name);
        draft.environment.clone_from(&request.environment);
        draft.link.clone_from(&request.link);
        // The copy is a Deployment of its own, with our names.
        draft.adopted = None;
        let mut errors = self.group_check(&entry.app, None, &draft).await?;
        errors.retain(|error| CHOSEN.contains(&error.field.as_str()));
        refuse(errors)?;
        let (id, app) = (GroupId::random(), entry.app);
        let (stored, from) = (id.clone(), request.group.clone());
        self.store
            .write(move |w| {
                w.insert_group(&stored, &app, &draft)?;
                copy_config(w, &app, &from, &stored)
            })
            .await?;
        Ok(id)
    }
}

/// The group's own files and values. Sensitive ones are the same versions: who knows them here knows them there.
fn copy_config(w: &mut Writer<'_>, app: &AppId, from: &GroupId, to: &GroupId) -> std::result::Result<(), Failure> {
    for file in w.files_of_app(app)?.into_iter().filter(|file| file.group.as_ref() == Some(from)) {
        w.insert_file(&FileEntry { id: FileId::random(), group: Some(to.clone()), ..file })?;
    }
    for entry in w.values_of_app(app)?.into_iter().filter(|entry| entry.group.as_ref() == Some(from)) {
        w.set_value(app, &entry.key, Some(to), Some(&entry.value))?;
    }
    Ok(())
}
