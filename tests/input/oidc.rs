//! Signing in with the tokens of an `OpenID` Connect issuer, on a cluster of its own whose API server trusts one on loopback.

use crate::site::{Site, on_site};
use crate::table::{Control, cases};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::{Connection, Kind};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::owner::owner_by;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

const NAMESPACE: &str = "shop";

cases! {
    "oidc/refresh_refused" => refresh_refused,
    "oidc/expired_without_refresh" => expired_without_refresh,
    "oidc/issuer_unreachable" => issuer_unreachable,
}

pub(crate) fn controls() -> Vec<Control> {
    vec![Control { name: "oidc_refreshes_and_writes_nothing_back", run: || on_site("oidc-good", refreshes).map(drop) }]
}

/// The cluster, once the first test has asked for it.
static CLUSTER: Mutex<Option<OwnCluster>> = Mutex::new(None);

/// Ends the cluster, where there is one.
pub(crate) fn end() {
    drop(CLUSTER.lock().unwrap_or_else(PoisonError::into_inner).take());
}

/// A kubeconfig of a user whose identity token has expired and can be refreshed.
fn new_user(name: &str, file: &str) -> Result<PathBuf> {
    let mut cluster = CLUSTER.lock().unwrap_or_else(PoisonError::into_inner);
    let running = cluster.take().map_or_else(|| OwnCluster::start(&["--no-node", "--oidc"]), Ok)?;
    let cluster = cluster.insert(running);
    cluster.run("user", &[name, "--oidc", "--expired", "--out", file])?;
    Ok(cluster.kubeconfig())
}

/// Lets `oidc:NAME` look around.
async fn let_in(kubeconfig: &Path, name: &str) -> Result<()> {
    let place = owner_by(kubeconfig, NAMESPACE).await?.connection;
    let rules = json!([{ "apiGroups": [""], "resources": ["namespaces", "pods"], "verbs": ["get", "list"] }]);
    write(&place, Kind::Role, json!({ "metadata": { "name": name }, "rules": rules })).await?;
    let binding = json!({
        "metadata": { "name": name },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": name },
        "subjects": [{ "apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": format!("oidc:{name}") }],
    });
    write(&place, Kind::RoleBinding, binding).await
}

async fn write(place: &Connection, kind: Kind, object: Value) -> Result<()> {
    place.apply(kind, &object, slipway_cluster::Apply::default()).await.map(drop)?;
    Ok(())
}

/// A user's kubeconfig, in the namespace where they may look around.
async fn user(site: &mut Site, name: &str) -> Result<Value> {
    let file = site.file("oidc");
    let_in(&new_user(name, &file.display().to_string())?, name).await?;
    let mut config: Value = serde_saphyr::from_str(&std::fs::read_to_string(&file)?)?;
    config["contexts"][0]["context"]["namespace"] = NAMESPACE.into();
    let issuer = config["users"][0]["user"]["auth-provider"]["config"]["idp-issuer-url"].clone();
    site.differs(issuer.as_str().context("it names its issuer")?, "issuer");
    Ok(config)
}

async fn refreshes(site: &mut Site) -> Result<Value> {
    let config = user(site, "good").await?;
    let from = site.context_of(&config)?;
    let file = from["file"].as_str().context("a file")?.to_owned();
    let before = std::fs::read(&file)?;
    let preview = site.answered("cluster_inspect", from.clone()).await?;
    ensure!(preview["identity"] == "oidc:good" && preview["namespace"] == NAMESPACE, "{preview}");
    let link = site.link_from(from, "sso").await?;
    site.eventually("the session to be there", async || {
        let session = site.api.engine().cluster_list().await?;
        Ok(session.iter().any(|row| row.link.id.as_str() == link).then_some(()))
    })
    .await?;
    ensure!(std::fs::read(&file)? == before, "something was written back");
    Ok(Value::Null)
}

async fn refresh_refused(site: &mut Site) -> Result<Value> {
    let mut config = user(site, "refused").await?;
    config["users"][0]["user"]["auth-provider"]["config"]["refresh-token"] = "of.another.day".into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn expired_without_refresh(site: &mut Site) -> Result<Value> {
    let mut config = user(site, "without").await?;
    let provider = config["users"][0]["user"]["auth-provider"]["config"].as_object_mut();
    provider.context("it has a provider")?.remove("refresh-token");
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn issuer_unreachable(site: &mut Site) -> Result<Value> {
    let mut config = user(site, "unreachable").await?;
    let provider = &mut config["users"][0]["user"]["auth-provider"]["config"];
    // The client asks the issuer that its kubeconfig names; nobody listens there.
    provider["idp-issuer-url"] = crate::code::NOBODY.into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}
