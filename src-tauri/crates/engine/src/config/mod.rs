//! Configuration: files, values and variables, as they are edited and as a group gets them.

mod answer;
mod discard;
mod file;
mod hidden;
mod import;
mod known;
mod past;
mod tree;
mod value;
mod version;

pub use answer::*;
pub(crate) use discard::{put_back, save};
pub(crate) use file::next_content;
pub(crate) use hidden::hidden_since;
pub use import::{ConfigImport, ImportFile, ImportRow, NotPicked, PickFrom, PickedFiles};
pub(crate) use known::{Known, template_errors};
pub(crate) use value::sensitive_since;

use crate::Engine;
use crate::error::{Error, Result};
use slipway_cluster::{ClusterError, Kind, Session};
use slipway_model::config::Config;
use slipway_model::group::Group;
use slipway_model::id::SecretId;
use slipway_render::Secrets;
use slipway_render::config::{ConfigObject, ObjectKind};

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
        Ok(_) if object.body.is_none() => Err(Error::Elsewhere { keys: object.missing.clone() }),
        Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

impl Engine {
    /// The sensitive values of a configuration that this computer knows. What the vault cannot give now is not known.
    pub(crate) async fn secrets_of(&self, config: &Config, group: &Group) -> Secrets {
        let of_files = config.files.iter().filter_map(|file| file.content.sealed());
        let of_values = config.values.iter().filter_map(|value| value.effective()?.0.sealed());
        let variables = config.variables.iter().chain(&group.variables);
        let of_variables = variables.filter_map(|variable| variable.secret.as_ref());
        let ids = of_files.chain(of_values).chain(of_variables).cloned().collect();
        self.secrets(ids).await
    }

    /// Those that are known here.
    async fn secrets(&self, ids: Vec<SecretId>) -> Secrets {
        let mut secrets = Secrets::default();
        for id in ids {
            match self.vault.get(&id.in_vault()).await {
                Ok(Some(value)) => secrets.put(id, value),
                Ok(None) => {}
                Err(error) => tracing::info!(%error, "a sensitive value is out of reach"),
            }
        }
        secrets
    }
}
