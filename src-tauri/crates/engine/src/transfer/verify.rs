//! Whether what an export holds could have been typed here. Anybody can write one, and what is taken in is believed
//! from then on: names become those of objects and folders, ids keys of the vault.

use super::format::{
    BALANCERS, CLUSTERS, ENVIRONMENTS, ExportedFile, ExportedGroup, ExportedValues, FILES, GROUPS, Parcel, VALUES,
};
use super::unpack::ImportError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use slipway_model::FieldError;
use slipway_model::app::App;
use slipway_model::config::{self, Content, KEYS_MAX, Value};
use slipway_model::field::{FieldCode, Fields, Refusal};
use slipway_model::name::Slug;
use slipway_model::variable::{self, VALUE_MAX};
use std::collections::{HashMap, HashSet};

/// Longest id, bytes: ours are UUIDs.
const ID_MAX: usize = 64;

/// # Errors
/// `Broken` with the part, and the first thing in it that nobody could have typed.
pub(super) fn verify(parcel: &Parcel) -> Result<(), ImportError> {
    let Parcel { app, environments, clusters, groups, balancers, files, values, .. } = parcel;
    said(super::format::APP, [("id".to_owned(), id(app.id.as_str()))])?;
    for (at, one) in environments.iter().enumerate() {
        said(ENVIRONMENTS, [(format!("{at}.id"), id(one.id.as_str()))])?;
        one.name.validate().map_err(|errors| broken(ENVIRONMENTS, &format!("{at}."), &errors))?;
    }
    for (at, one) in clusters.iter().enumerate() {
        said(CLUSTERS, [(format!("{at}.id"), id(one.id.as_str()))])?;
    }
    for (at, group) in groups.iter().enumerate() {
        said(GROUPS, [(format!("{at}.id"), id(group.id.as_str())), (format!("{at}.workload"), workload(group))])?;
        // All else may be wrong, as it may in the form.
        let errors = group.draft.validate(group.id.clone(), app).err().unwrap_or_default();
        named(GROUPS, at, errors)?;
    }
    for (at, one) in balancers.iter().enumerate() {
        said(BALANCERS, [(format!("{at}.id"), id(one.id.as_str()))])?;
        let errors = one.draft.validate(one.id.clone(), app.id.clone()).err();
        errors.map_or(Ok(()), |errors| Err(broken(BALANCERS, &format!("{at}."), &errors)))?;
    }
    verify_files(app, files)?;
    verify_values(values)
}

fn verify_files(app: &App, files: &[(ExportedFile, Content)]) -> Result<(), ImportError> {
    // A relative path is a good one, whether or not the app still has a folder to join it to.
    let deploy_path = if app.deploy_path.is_empty() { "/" } else { &app.deploy_path };
    let mut places = HashSet::new();
    for (at, (file, content)) in files.iter().enumerate() {
        let path = config::resolve(deploy_path, &file.path).and_then(|path| {
            let free = places.insert((&file.group, path));
            if free { Ok(()) } else { Err(Refusal::new(FieldCode::Duplicate)) }
        });
        // What is sensitive is only an id here, and an id is only of what is sensitive.
        let fits = match content {
            Content::Sealed(secret) => file.sensitive && id(secret.as_str()).is_ok(),
            Content::Binary(base64) => !file.sensitive && STANDARD.decode(base64).is_ok(),
            Content::Text(_) => !file.sensitive,
        };
        let content = if fits { Ok(()) } else { Err(Refusal::new(FieldCode::Unknown)) };
        let own = id(file.id.as_str());
        said(FILES, [(format!("{at}.id"), own), (format!("{at}.path"), path), (format!("{at}.content"), content)])?;
    }
    Ok(())
}

fn verify_values(values: &ExportedValues) -> Result<(), ImportError> {
    if values.keys.len() > KEYS_MAX {
        said(VALUES, [("keys".to_owned(), Err(Refusal::new(FieldCode::TooMany)))])?;
    }
    let mut sensitive = HashMap::new();
    for (at, (key, marked)) in values.keys.iter().enumerate() {
        said(VALUES, [(format!("keys.{at}"), config::key(key).map(drop))])?;
        sensitive.insert(key, *marked);
    }
    for (at, entry) in values.values.iter().enumerate() {
        let marked = sensitive.get(&entry.key).copied().unwrap_or_default();
        let value = match &entry.value {
            Value::Plain(text) if text.len() > VALUE_MAX || text.contains('\0') => {
                Err(Refusal::new(FieldCode::Unknown))
            }
            Value::Sealed(secret) if !marked || id(secret.as_str()).is_err() => Err(Refusal::new(FieldCode::Unknown)),
            Value::Plain(_) | Value::Sealed(_) => Ok(()),
        };
        let key = config::key(&entry.key).map(drop);
        said(VALUES, [(format!("values.{at}.key"), key), (format!("values.{at}.value"), value)])?;
    }
    let mut fields = Fields::new();
    variable::variables(&mut fields, &values.variables);
    fields.finish().map_err(|errors| broken(VALUES, "", &errors))
}

/// Ids go into keys and names as they are.
fn id(id: &str) -> Result<(), Refusal> {
    let good = !id.is_empty()
        && id.len() <= ID_MAX
        && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if good { Ok(()) } else { Err(Refusal::new(FieldCode::Unknown)) }
}

/// The name of a Deployment, which is asked for by it.
fn workload(group: &ExportedGroup) -> Result<(), Refusal> {
    let Some(name) = &group.workload else { return Ok(()) };
    match Slug::parse(name) {
        Ok(slug) if slug.as_str() == name => Ok(()),
        Ok(_) => Err(Refusal::new(FieldCode::NotALabel)),
        // One that was taken over has the name that others gave it.
        Err(refusal) if group.draft.adopted.is_none() => Err(refusal),
        Err(_) => slipway_model::group::subdomain(name),
    }
}

/// What is wrong with the name alone.
fn named(part: &str, at: usize, mut errors: Vec<FieldError>) -> Result<(), ImportError> {
    errors.retain(|error| error.field == "name");
    if errors.is_empty() { Ok(()) } else { Err(broken(part, &format!("{at}."), &errors)) }
}

fn said(part: &str, fields: impl IntoIterator<Item = (String, Result<(), Refusal>)>) -> Result<(), ImportError> {
    let mut found = Fields::new();
    for (field, answer) in fields {
        found.take(field, answer);
    }
    found.finish().map_err(|errors| broken(part, "", &errors))
}

fn broken(part: &str, below: &str, errors: &[FieldError]) -> ImportError {
    let reason = errors.iter().map(|error| format!("{below}{}", error.field)).collect::<Vec<_>>().join(", ");
    ImportError::Broken { part: part.to_owned(), reason }
}

#[cfg(test)]
mod tests;
