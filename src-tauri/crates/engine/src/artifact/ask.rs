//! Questions to the registry of an app, signed in as this person is there.

use crate::Engine;
use crate::error::{Error, Result};
use secrecy::SecretString;
use slipway_cluster::kubeconfig::login_path;
use slipway_model::registry::RegistryLogin;
use slipway_registry::{Access, Docker, Failure, Login, Registries, Repository, is_of_this_machine};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How long a login of Docker's is good here: its programs may take their time, and one list asks for many things.
const LOGIN_KEPT: Duration = Duration::from_mins(5);

/// The way to registries, and what Docker said of them.
#[derive(Debug, Default)]
pub struct Ways {
    pub(crate) registries: Registries,
    docker: Mutex<HashMap<String, (Instant, Option<Login>)>>,
}

impl Ways {
    fn held(&self) -> MutexGuard<'_, HashMap<String, (Instant, Option<Login>)>> {
        self.docker.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who one is at a registry has changed.
    pub(crate) fn forget(&self, host: &str) {
        self.held().remove(host);
    }
}

/// A registry that can be asked of a repository.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) of: Repository,
    pub(crate) access: Access,
}

impl Asked {
    /// The same by somebody else.
    pub(crate) fn by(&self, login: Option<Login>) -> Self {
        Self { of: self.of.clone(), access: Access { login, plain: self.access.plain } }
    }

    pub(crate) fn failed(&self, failure: Failure) -> Error {
        Error::Registry { host: self.of.host().to_owned(), repository: self.of.path().to_owned(), failure }
    }
}

impl Engine {
    /// How the registry of a repository is asked: with the login that is kept here, else with Docker's, else as nobody.
    pub(crate) async fn asked(&self, of: Repository) -> Result<Asked> {
        let known = self.registry_list().await?.into_iter().find(|known| known.host == of.host());
        let plain = known.as_ref().is_some_and(|known| known.plain) || is_of_this_machine(of.host());
        let access = Access { login: None, plain };
        let asked = Asked { of, access };
        let login = match known.filter(|known| !known.username.is_empty()) {
            Some(known) => self.own_login(&known).await?,
            None => self.docker_login(asked.of.host()).await.map_err(|failure| asked.failed(failure))?,
        };
        Ok(asked.by(login))
    }

    async fn own_login(&self, known: &RegistryLogin) -> Result<Option<Login>> {
        let password: Option<SecretString> = self.registry_password(&known.host).await?;
        Ok(password.map(|password| Login { username: known.username.clone(), password }))
    }

    async fn docker_login(&self, host: &str) -> std::result::Result<Option<Login>, Failure> {
        if let Some((at, login)) = self.ways.held().get(host)
            && at.elapsed() < LOGIN_KEPT
        {
            return Ok(login.clone());
        }
        let Some(folder) = docker_folder() else { return Ok(None) };
        let login = Docker::new(&folder, login_path().await).login(host).await?;
        self.ways.held().insert(host.to_owned(), (Instant::now(), login.clone()));
        Ok(login)
    }
}

/// Where Docker keeps its configuration.
fn docker_folder() -> Option<PathBuf> {
    let said = std::env::var_os("DOCKER_CONFIG").filter(|folder| !folder.is_empty());
    said.map(PathBuf::from).or_else(|| std::env::home_dir().map(|home| home.join(".docker")))
}
