//! An app that goes to another computer: in a file, or from the records of a cluster.

mod format;
mod join;
mod offer;
mod pack;
mod rebuild;
mod shared;
#[cfg(test)]
mod tests;
mod unpack;
mod verify;

pub use join::{JoinRequest, Joined};
pub use offer::{JoinApp, JoinGroup, JoinRuns, JoinView, Offers};
pub use unpack::ImportError;

use crate::Engine;
use crate::error::{Error, Result};
use format::{Contents, ExportedFile, ExportedValues, Parcel};
use slipway_model::app::App;
use slipway_model::balancer::BalancerDraft;
use slipway_model::config::{Content, Value};
use slipway_model::id::{AppId, BalancerId, FileId, GroupId};
use slipway_store::{Failure, FileEntry, Writer};
use std::collections::{HashMap, HashSet};
use std::path::Path;

impl Engine {
    /// Takes an exported app in as a new one, or an exported group into its app, all or nothing. What is there already is
    /// never changed: ids that are taken are given anew, environments that are known stay as they are here, and a group
    /// whose cluster is not linked here has none.
    ///
    /// # Errors
    /// `Import` for what is wrong with the file, `Taken` where the app's or the group's name is.
    pub async fn app_import(&self, path: &Path) -> Result<AppId> {
        let from = path.to_owned();
        let parcel = tokio::task::spawn_blocking(move || unpack::read(&from)).await;
        let mut parcel = parcel.map_err(|error| ImportError::Unreadable { reason: error.to_string() })??;
        self.seal_values(&mut parcel).await?;
        let (slug, name) = (parcel.app.slug.to_string(), parcel.groups.first().map(|group| group.draft.name.clone()));
        let by = self.writer().await?;
        self.store.write(move |w| take_in(w, parcel, &by)).await.map_err(|error| match Error::from(error) {
            Error::Taken { what: "app.slug", .. } => Error::Taken { what: "app", name: slug },
            Error::Taken { what: "group.name", .. } => Error::Taken { what: "group", name: name.unwrap_or_default() },
            error => error,
        })
    }

    /// Whoever wrote the file: a value of a key that is sensitive, there or here, is never stored as text.
    async fn seal_values(&self, parcel: &mut Parcel) -> Result<()> {
        let app = parcel.app.id.clone();
        let here = self.store.read(move |r| r.keys_of_app(&app)).await?;
        let sensitive: HashSet<String> = here
            .iter()
            .chain(&parcel.values.keys)
            .filter(|(_, sensitive)| *sensitive)
            .map(|(key, _)| key.clone())
            .collect();
        for entry in parcel.values.values.iter_mut().filter(|entry| sensitive.contains(&entry.key)) {
            if let Value::Plain(text) = &entry.value {
                entry.value = Value::Sealed(self.put_value(text.clone()).await?);
            }
        }
        Ok(())
    }
}

/// Everything in one transaction.
fn take_in(w: &mut Writer<'_>, parcel: Parcel, by: &str) -> std::result::Result<AppId, Failure> {
    let (app, new) = home(w, &parcel)?;
    let mut known = w.environments()?;
    for mut environment in parcel.environments {
        if known.iter().all(|one| one.id != environment.id) {
            environment.order = known.last().map_or(0, |last| last.order + 1);
            w.put_environment(&environment)?;
            known.push(environment);
        }
    }
    let links = w.links()?;
    let mut groups: HashMap<GroupId, GroupId> = HashMap::new();
    for group in parcel.groups {
        let id = if w.knows_group(&group.id)? { GroupId::random() } else { group.id.clone() };
        let cluster = parcel.clusters.iter().find(|cluster| cluster.id.as_str() == group.draft.link);
        let link = cluster.and_then(|cluster| links.iter().find(|link| link.namespace_uid == cluster.namespace_uid));
        let mut draft = group.draft;
        draft.link = link.map(|link| link.id.to_string()).unwrap_or_default();
        w.insert_group(&id, &app, &draft)?;
        // Another id is another group: what runs is not its.
        if let Some(workload) = group.workload.filter(|_| id == group.id) {
            w.fix_workload(&id, &workload)?;
        }
        groups.insert(group.id, id);
    }
    for balancer in parcel.balancers {
        // One that is here already goes on with its groups.
        if parcel.contents == Contents::Group && w.knows_balancer(&balancer.id)? {
            continue;
        }
        let id = if w.knows_balancer(&balancer.id)? { BalancerId::random() } else { balancer.id };
        let behind = balancer.draft.groups.iter().filter_map(|group| groups.get(group).cloned()).collect();
        w.insert_balancer(&id, &app, &BalancerDraft { groups: behind, ..balancer.draft })?;
    }
    take_in_config(w, &app, new, &groups, (parcel.files, parcel.values), by)?;
    Ok(app)
}

/// Files and values. What an app that is here already has for all its groups stays as it is.
fn take_in_config(
    w: &mut Writer<'_>,
    app: &AppId,
    new: bool,
    groups: &HashMap<GroupId, GroupId>,
    (files, values): (Vec<(ExportedFile, Content)>, ExportedValues),
    by: &str,
) -> std::result::Result<(), Failure> {
    // Whose it is here; `None` where it is nobody's that came with it.
    let owner = |group: Option<&GroupId>| match group {
        None => new.then_some(None),
        Some(group) => groups.get(group).map(|group| Some(group.clone())),
    };
    for (file, content) in files {
        let Some(group) = owner(file.group.as_ref()) else { continue };
        let id = if w.any_file(&file.id)?.is_some() { FileId::random() } else { file.id };
        w.insert_file(&FileEntry {
            literal: file.literal,
            sensitive: file.sensitive,
            saved_by: by.to_owned(),
            ..FileEntry::new(id, app.clone(), group, file.path, content)
        })?;
    }
    let known = w.keys_of_app(app)?;
    for (key, sensitive) in values.keys {
        if known.iter().all(|(one, _)| *one != key) {
            w.put_key(app, &key, sensitive)?;
        }
    }
    // Sensitivity belongs to the key: where it is another here, the value has no place.
    let fits = |key: &str, value: &Value| {
        let sensitive = known.iter().find(|(one, _)| one == key).map(|(_, sensitive)| *sensitive);
        sensitive.is_none_or(|sensitive| sensitive == matches!(value, Value::Sealed(_)))
    };
    for entry in values.values.into_iter().filter(|entry| fits(&entry.key, &entry.value)) {
        if let Some(group) = owner(entry.group.as_ref()) {
            w.set_value(app, &entry.key, group.as_ref(), Some(&entry.value))?;
        }
    }
    if new { w.put_app_variables(app, &values.variables) } else { Ok(()) }
}

/// The app that the groups go to, and whether it is new: the one that is here, for a group of it; else a new one.
fn home(w: &mut Writer<'_>, parcel: &Parcel) -> std::result::Result<(AppId, bool), Failure> {
    let here = w.app(&parcel.app.id)?;
    if let Some(here) = here.as_ref().filter(|_| parcel.contents == Contents::Group) {
        return Ok((here.id.clone(), false));
    }
    let id = if here.is_some() { AppId::random() } else { parcel.app.id.clone() };
    w.insert_app(&App { id: id.clone(), ..parcel.app.clone() })?;
    Ok((id, true))
}
