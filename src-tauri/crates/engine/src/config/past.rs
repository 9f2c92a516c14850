//! What releases of before say of what became sensitive: it goes into the vault, and its id takes its place.

use crate::Engine;
use crate::error::Result;
use secrecy::ExposeSecret;
use slipway_model::config::{Content, Value};
use slipway_model::id::{AppId, ReleaseId, SecretId};
use slipway_store::{Failure, Reader};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

impl Engine {
    /// Hides in all releases of an app what is sensitive by now. Doing it again does no more.
    pub(crate) async fn hide_in_past(&self, app: &AppId) -> Result<()> {
        let of = app.clone();
        let releases = self.store.read(move |r| r.past_of_app(&of)).await?;
        self.hide_in(app, releases).await
    }

    /// Hides in a release that this computer drives no more what became sensitive while it moved.
    pub(crate) async fn hide_in_settled(&self, app: &AppId, release: &ReleaseId) -> Result<()> {
        self.hide_in(app, vec![release.clone()]).await
    }

    async fn hide_in(&self, app: &AppId, releases: Vec<ReleaseId>) -> Result<()> {
        let (of, app) = (releases.clone(), app.clone());
        let (said, sealed) = self
            .store
            .read(move |r| {
                let said = r.said_in_clear(&of)?;
                let sealed = if said.is_empty() { Vec::new() } else { sealed(r, &app)? };
                Ok((said, sealed))
            })
            .await?;
        if said.is_empty() {
            return Ok(());
        }
        // What the app has in the vault keeps its id: a comparison tells the same by it.
        let mut ids: HashMap<String, SecretId> = HashMap::new();
        for id in sealed {
            if let Some(text) = self.vault.get(&id.in_vault()).await?.map(|text| text.expose_secret().to_owned())
                && said.contains(&text)
            {
                ids.entry(text).or_insert(id);
            }
        }
        for text in said {
            if let Entry::Vacant(free) = ids.entry(text) {
                let id = self.put_value(free.key().clone()).await?;
                free.insert(id);
            }
        }
        Ok(self.store.write(move |w| w.hide_in(&releases, &ids)).await?)
    }
}

/// What an app has in the vault, but for what is typed into a file: that is erased with the next letter.
fn sealed(r: &Reader<'_>, app: &AppId) -> std::result::Result<Vec<SecretId>, Failure> {
    let mut sealed = Vec::new();
    for file in r.files_of_app(app)?.iter().filter(|file| file.sensitive) {
        sealed.extend(r.file_contents(&file.id)?.into_iter().filter_map(|(_, content)| match content {
            Content::Sealed(id) => Some(id),
            Content::Text(_) | Content::Binary(_) => None,
        }));
    }
    sealed.extend(r.values_of_app(app)?.into_iter().filter_map(|entry| match entry.value {
        Value::Sealed(id) => Some(id),
        Value::Plain(_) => None,
    }));
    let of_groups = r.groups_of_app(app)?.into_iter().flat_map(|entry| entry.draft.variables);
    let variables = r.app_variables(app)?.into_iter().chain(of_groups);
    sealed.extend(variables.filter_map(|variable| variable.secret));
    Ok(sealed)
}
