//! The owner of a test cluster: makes namespaces and hands out authorization codes, as an owner does.

use anyhow::{Context, Result, ensure};
use secrecy::SecretString;
use serde_json::{Value, json};
use slipway_cluster::{CodeRequest, Connection, Credential, Kind, KubeconfigSource, Session, connect, issue_code};
use slipway_model::cluster::Role;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// An owner of one namespace.
#[derive(Debug)]
pub struct Owner {
    pub connection: Connection,
    kubeconfig: PathBuf,
}

/// The kubeconfig that tests use: `SLIPWAY_TEST_KUBECONFIG`.
pub fn kubeconfig() -> Result<PathBuf> {
    let file = std::env::var_os("SLIPWAY_TEST_KUBECONFIG");
    Ok(file.context("SLIPWAY_TEST_KUBECONFIG names no cluster: run `cargo xtask test cluster`")?.into())
}

/// The owner of a namespace of the cluster under a work folder; the namespace is made where it is missing.
pub async fn owner(work: &Path, namespace: &str) -> Result<Owner> {
    owner_by(&work.join("admin.kubeconfig"), namespace).await
}

/// The same by kubeconfig.
pub async fn owner_by(kubeconfig: &Path, namespace: &str) -> Result<Owner> {
    let connection = connect(&credential(kubeconfig, namespace)?).await?;
    if connection.get(Kind::Namespace, namespace).await?.is_none() {
        connection.create(Kind::Namespace, &json!({ "metadata": { "name": namespace } })).await?;
    }
    Ok(Owner { connection, kubeconfig: kubeconfig.to_owned() })
}

/// The first context of a file, in a namespace.
pub fn credential(kubeconfig: &Path, namespace: &str) -> Result<Credential> {
    let text = std::fs::read_to_string(kubeconfig).with_context(|| format!("read {}", kubeconfig.display()))?;
    let mut config: Value = serde_saphyr::from_str(&text)?;
    config["contexts"][0]["context"]["namespace"] = namespace.into();
    let context = config["contexts"][0]["name"].as_str().context("a context")?.to_owned();
    Ok(Credential::Kubeconfig { source: KubeconfigSource::Text(SecretString::from(config.to_string())), context })
}

impl Owner {
    /// A session of this namespace. End it with `stop`.
    pub fn session(&self) -> Result<Session> {
        let credential = credential(&self.kubeconfig, &self.connection.namespace)?;
        Ok(Session::start("owner".into(), credential))
    }

    /// Runs kubectl on this namespace: somebody else at work.
    pub async fn kubectl(&self, words: &[&str]) -> Result<()> {
        let program = std::env::var_os("SLIPWAY_CLUSTER_BIN").context("SLIPWAY_CLUSTER_BIN names no kubectl")?;
        let mut command = tokio::process::Command::new(program);
        command
            .arg("kubectl")
            .arg("--kubeconfig")
            .arg(&self.kubeconfig)
            .args(["--namespace", &self.connection.namespace]);
        let output = command.args(words).output().await.context("start kubectl")?;
        ensure!(output.status.success(), "kubectl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
        Ok(())
    }

    /// A code for a new member of this namespace.
    pub async fn code(&self, cluster: &str, role: Role, ttl: Duration) -> Result<SecretString> {
        let request = CodeRequest {
            cluster: cluster.to_owned(),
            servers: vec![self.connection.server.clone()],
            ca: self.connection.ca(),
            role,
            member: "li-hua".to_owned(),
            ttl,
        };
        Ok(issue_code(&self.connection, &request).await?.encode())
    }
}
