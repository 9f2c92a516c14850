//! Who this person is at registries, and the image pull secrets that are made of it.

use crate::Engine;
use crate::error::{Error, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::json;
use slipway_cluster::{ClusterError, Kind};
use slipway_model::field::Fields;
use slipway_model::id::LinkId;
use slipway_model::registry::{RegistryLogin, secret_name};
use slipway_render::names;
use ts_rs::TS;

/// How Docker's configuration calls its own hub.
const HUB: &str = "docker.io";
const HUB_KEY: &str = "https://index.docker.io/v1/";

/// A login as a person types it.
#[derive(Deserialize, TS)]
pub struct RegistryPut {
    pub host: String,
    pub username: String,
    pub password: String,
    /// Ask it without TLS; `None` leaves that as it is. Alone, it needs no login.
    pub plain: Option<bool>,
}

impl std::fmt::Debug for RegistryPut {
    /// Without the password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RegistryPut").field("host", &self.host).finish_non_exhaustive()
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct PullSecretCreate {
    pub link: LinkId,
    pub name: String,
    /// Of a known login.
    pub host: String,
}

impl Engine {
    /// By host; also those of which only is known how they are asked.
    pub async fn registry_list(&self) -> Result<Vec<RegistryLogin>> {
        Ok(self.store.read(|r| r.registries()).await?)
    }

    /// Keeps a login; the password goes to the vault first, so that none is listed without one.
    pub async fn registry_put(&self, put: RegistryPut) -> Result<RegistryLogin> {
        let plain = match put.plain {
            Some(plain) => plain,
            None => self.registry_list().await?.iter().any(|known| known.plain && known.host == put.host.trim()),
        };
        let login = RegistryLogin::parse(&put.host, &put.username, &put.password, plain).map_err(Error::Invalid)?;
        if login.username.is_empty() {
            self.vault.delete(&vault_id(&login.host)).await?;
        } else {
            self.vault.put(&vault_id(&login.host), SecretString::from(put.password)).await?;
        }
        self.ways.forget(&login.host);
        let stored = login.clone();
        self.store.write(move |w| w.put_registry(&stored)).await?;
        Ok(login)
    }

    pub(crate) async fn registry_password(&self, host: &str) -> Result<Option<SecretString>> {
        Ok(self.vault.get(&vault_id(host)).await?)
    }

    pub async fn registry_delete(&self, host: &str) -> Result<()> {
        self.ways.forget(host);
        let gone = host.to_owned();
        self.store.write(move |w| w.delete_registry(&gone)).await?;
        Ok(self.vault.delete(&vault_id(host)).await?)
    }

    /// Names that groups in this cluster use already. Which others there are, no role may list.
    pub async fn pull_secret_list(&self, link: &LinkId) -> Result<Vec<String>> {
        let link = link.clone();
        Ok(self.store.read(move |r| r.pull_secrets_of_link(&link)).await?)
    }

    /// Creates an image pull secret in the cluster, from a login that is known here. Acts at once.
    ///
    /// # Errors
    /// `Invalid`, `NotFound` for an unknown login, `Taken`, and what the cluster says.
    pub async fn pull_secret_create(&self, create: &PullSecretCreate) -> Result<String> {
        let mut fields = Fields::new();
        let name = fields.take("name", secret_name(&create.name));
        fields.finish().map_err(Error::Invalid)?;
        let name = name.unwrap_or_default();
        let logins = self.registry_list().await?;
        let login = logins.into_iter().find(|login| login.host == create.host);
        let login = login.ok_or_else(|| Error::not_found("registry", &create.host))?;
        let password = self.registry_password(&login.host).await?;
        let password = password.ok_or_else(|| Error::not_found("registry", &create.host))?;
        let session = self.session(&create.link)?;
        match session.create(Kind::Secret, &secret(&name, &login, &password)).await {
            Ok(_) => Ok(name),
            Err(ClusterError::AlreadyExists { .. }) => Err(Error::Taken { what: "Secret", name }),
            Err(error) => Err(error.into()),
        }
    }
}

fn vault_id(host: &str) -> String {
    format!("registry:{host}")
}

fn secret(name: &str, login: &RegistryLogin, password: &SecretString) -> serde_json::Value {
    let (username, password) = (login.username.as_str(), password.expose_secret());
    let auth = STANDARD.encode(format!("{username}:{password}"));
    let key = if login.host == HUB { HUB_KEY } else { login.host.as_str() };
    let config = json!({ "auths": { key: { "username": username, "password": password, "auth": auth } } });
    json!({
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "metadata": { "name": name, "labels": { names::LABEL_MANAGED_BY: names::MANAGER } },
        "data": { ".dockerconfigjson": STANDARD.encode(config.to_string()) },
    })
}
