//! A group once more, in another place: what cannot change of a group is chosen anew, everything else is copied.

use crate::Engine;
use crate::app::refuse;
use crate::error::Result;
use serde::Deserialize;
use slipway_model::id::GroupId;
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
    /// Copies a group as it is saved, right or wrong, under another name, and gives the new one. Nothing of a cluster is
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
        let mut errors = self.group_check(&entry.app, None, &draft).await?;
        errors.retain(|error| CHOSEN.contains(&error.field.as_str()));
        refuse(errors)?;
        let (id, app) = (GroupId::random(), entry.app);
        let stored = id.clone();
        self.store.write(move |w| w.insert_group(&stored, &app, &draft)).await?;
        Ok(id)
    }
}
