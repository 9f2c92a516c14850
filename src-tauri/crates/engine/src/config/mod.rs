//! Configuration: files, values and variables, as they are edited and as a group gets them.

mod answer;

pub use answer::*;

use crate::Engine;
use crate::error::{Error, Result};
use slipway_model::id::{AppId, FileId, GroupId, SecretId};

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
