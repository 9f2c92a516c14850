//! Configuration: files, values and variables, as they are edited and as a group gets them.

mod answer;

pub use answer::*;

use crate::Engine;
use crate::error::{Error, Result};
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::config::{Config, Content, Value};
use slipway_model::group::Group;
use slipway_model::id::{AppId, FileId, GroupId, SecretId};
use slipway_render::Secrets;
use slipway_render::config::{ConfigObject, ObjectKind};

impl Engine {
    pub async fn config_tree(&self, _app: &AppId) -> Result<ConfigTree> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_deleted(&self, _app: &AppId) -> Result<Vec<DeletedFile>> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_file(&self, _ask: &FileAsk) -> Result<FileView> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_create(&self, _create: &ConfigCreate) -> Result<FileId> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_save(&self, _save: &ConfigSave) -> Result<ConfigSaved> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_switch(&self, _switch: &ConfigSwitch) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_delete(&self, _id: &FileId) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_undelete(&self, _id: &FileId) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_choose(&self, _choose: &ConfigChoose) -> Result<Option<FileId>> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_versions(&self, _id: &FileId) -> Result<Vec<FileVersion>> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_restore(&self, _version: &VersionRef) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_diff(&self, _ask: &ConfigDiffAsk) -> Result<FileDiff> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_matrix(&self, _app: &AppId) -> Result<ValueMatrix> {
        Err(Error::not_found("file", ""))
    }

    pub async fn config_variables(&self, _group: &GroupId) -> Result<Vec<GroupVariable>> {
        Err(Error::not_found("file", ""))
    }

    pub async fn value_set(&self, _set: &ValueSet) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn key_set(&self, _set: &KeySet) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn key_delete(&self, _delete: &KeyDelete) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn app_variables(&self, _app: &AppId) -> Result<AppVariables> {
        Err(Error::not_found("file", ""))
    }

    pub async fn app_variables_set(&self, _set: &AppVariablesSet) -> Result<()> {
        Err(Error::not_found("file", ""))
    }

    pub async fn secret_put(&self, _put: SecretPut) -> Result<SecretId> {
        Err(Error::not_found("file", ""))
    }
}

impl Engine {
    pub async fn config_pick(&self, _file: &std::path::Path) -> Result<PickedFile> {
        Err(Error::not_found("file", ""))
    }
}

/// The kind of a config object as the cluster knows it.
pub(crate) fn kind_of(kind: ObjectKind) -> Kind {
    match kind {
        ObjectKind::ConfigMap => Kind::ConfigMap,
        ObjectKind::Secret => Kind::Secret,
    }
}

/// Config objects are immutable and named by what they hold: one that exists is the same. One whose values are not known
/// here has to exist.
pub(crate) async fn create_object(session: &Session, object: &ConfigObject) -> Result<()> {
    let kind = kind_of(object.kind);
    let created = match &object.body {
        Some(body) => session.create(kind, body).await,
        None => session.dry_create(kind, object.probe()).await,
    };
    match created {
        Err(ClusterError::AlreadyExists { .. }) => Ok(()),
        Ok(_) if object.body.is_none() => Err(Error::Elsewhere { keys: object.missing.clone() }),
        Ok(_) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

impl Engine {
    /// The sensitive values of a configuration that this computer knows. What the vault cannot give now is not known.
    pub(crate) async fn secrets_of(&self, config: &Config, group: &Group) -> Secrets {
        let of_files = config.files.iter().filter_map(|file| match &file.content {
            Content::Sealed(id) => Some(id),
            Content::Text(_) | Content::Binary(_) => None,
        });
        let of_values = config.values.iter().filter_map(|value| match value.effective() {
            Some((Value::Sealed(id), _)) => Some(id),
            _ => None,
        });
        let variables = config.variables.iter().chain(&group.variables);
        let of_variables = variables.filter_map(|variable| variable.secret.as_ref());
        let mut secrets = Secrets::default();
        for id in of_files.chain(of_values).chain(of_variables) {
            match self.vault.get(&id.in_vault()).await {
                Ok(Some(value)) => secrets.put(id.clone(), value),
                Ok(None) => {}
                Err(error) => tracing::info!(%error, "a sensitive value is out of reach"),
            }
        }
        secrets
    }
}
