//! What the groups of an app have in common, where the app is here already and groups of it come.

use super::format::{ExportedFile, ExportedValue, Parcel};
use slipway_model::config::Content;
use slipway_model::id::{AppId, BalancerId, FileId, GroupId};
use slipway_model::variable::Variable;
use slipway_store::{Failure, FileEntry, Writer};

/// What comes with the groups, and belongs to the app.
pub(super) struct Shared {
    files: Vec<(ExportedFile, Content)>,
    values: Vec<ExportedValue>,
    keys: Vec<(String, bool)>,
    variables: Vec<Variable>,
    /// Load balancers that the groups are behind.
    balancers: Vec<(BalancerId, Vec<GroupId>)>,
}

impl Shared {
    pub(super) fn of(parcel: &Parcel) -> Self {
        Self {
            files: parcel.files.iter().filter(|(file, _)| file.group.is_none()).cloned().collect(),
            values: parcel.values.values.iter().filter(|value| value.group.is_none()).cloned().collect(),
            keys: parcel.values.keys.clone(),
            variables: parcel.values.variables.clone(),
            balancers: parcel.balancers.iter().map(|one| (one.id.clone(), one.draft.groups.clone())).collect(),
        }
    }

    /// Adds what is not here; what is stays. What of it is another here, by its names.
    pub(super) fn complete(self, w: &mut Writer<'_>, app: &AppId, by: &str) -> Result<Vec<String>, Failure> {
        let mut differs = Vec::new();
        let here = w.files_of_app(app)?;
        for (file, content) in self.files {
            match here.iter().find(|one| one.group.is_none() && one.path.trim() == file.path) {
                Some(one) if one.content == content => {}
                Some(_) => differs.push(file.path),
                None => {
                    let id = if w.any_file(&file.id)?.is_some() { FileId::random() } else { file.id };
                    w.insert_file(&FileEntry {
                        literal: file.literal,
                        sensitive: file.sensitive,
                        saved_by: by.to_owned(),
                        ..FileEntry::new(id, app.clone(), None, file.path, content)
                    })?;
                }
            }
        }
        let (values, keys) = (w.values_of_app(app)?, w.keys_of_app(app)?);
        for (key, sensitive) in self.keys {
            if keys.iter().find(|(one, _)| *one == key).is_some_and(|(_, here)| *here != sensitive) {
                differs.push(key);
            }
        }
        for value in self.values {
            match values.iter().find(|one| one.group.is_none() && one.key == value.key) {
                Some(one) if one.value == value.value => {}
                Some(_) => differs.push(value.key),
                // Sensitivity is the key's, as it is here.
                None if differs.contains(&value.key) => {}
                None => w.set_value(app, &value.key, None, Some(&value.value))?,
            }
        }
        let mut variables = w.app_variables(app)?;
        let before = variables.len();
        for variable in self.variables {
            match variables.iter().find(|one| one.name == variable.name) {
                Some(one) if *one == variable => {}
                Some(_) => differs.push(variable.name),
                None => variables.push(variable),
            }
        }
        if variables.len() > before {
            w.put_app_variables(app, &variables)?;
        }
        for (id, groups) in self.balancers {
            let Some(mut balancer) = w.balancer(&id)? else { continue };
            let added: Vec<_> = groups.into_iter().filter(|group| !balancer.draft.groups.contains(group)).collect();
            if !added.is_empty() {
                balancer.draft.groups.extend(added);
                w.update_balancer(&id, &balancer.draft)?;
            }
        }
        differs.sort();
        differs.dedup();
        Ok(differs)
    }
}
