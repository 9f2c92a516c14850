//! Kubeconfigs that cannot be read, contexts that lead nowhere, and clusters that do not take them.

use crate::code::NOBODY;
use crate::site::Site;
use crate::table::cases;
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rcgen::{CertificateParams, DnType, KeyPair, date_time_ymd};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway_cluster::Code;
use slipway_model::cluster::Role;

cases! {
    "kubeconfig/not_yaml" => not_yaml,
    "kubeconfig/pasted_not_yaml" => pasted_not_yaml,
    "kubeconfig/no_contexts" => no_contexts,
    "kubeconfig/pasted_no_contexts" => pasted_no_contexts,
    "kubeconfig/missing_file" => missing_file,
    "kubeconfig/missing_context" => missing_context,
    "kubeconfig/dangling_user" => dangling_user,
    "kubeconfig/dangling_cluster" => dangling_cluster,
    "kubeconfig/expired_certificate" => expired_certificate,
    "kubeconfig/certificate_file_missing" => certificate_file_missing,
    "kubeconfig/certificate_of_another_authority" => certificate_of_another_authority,
    "kubeconfig/unsupported_sign_in" => unsupported_sign_in,
    "kubeconfig/authority_not_base64" => authority_not_base64,
    "kubeconfig/server_unreachable" => server_unreachable,
    "kubeconfig/wrong_ca" => wrong_ca,
    "kubeconfig/token_not_accepted" => token_not_accepted,
    "kubeconfig/forbidden_namespace" => forbidden_namespace,
}

const BROKEN: &str = "apiVersion: v1\nkind: Config\nclusters: [\n  {name: shop\n";

async fn not_yaml(site: &mut Site) -> Result<Value> {
    let file = site.write("kubeconfig", BROKEN)?;
    site.refused("cluster_contexts", json!({ "kind": "file", "file": file })).await
}

async fn pasted_not_yaml(site: &mut Site) -> Result<Value> {
    site.refused("cluster_contexts", json!({ "kind": "text", "text": BROKEN })).await
}

async fn no_contexts(site: &mut Site) -> Result<Value> {
    let file = site.write("kubeconfig", "apiVersion: v1\nkind: Config\n")?;
    site.refused("cluster_contexts", json!({ "kind": "file", "file": file })).await
}

async fn pasted_no_contexts(site: &mut Site) -> Result<Value> {
    site.refused("cluster_contexts", json!({ "kind": "text", "text": "kind: Config" })).await
}

async fn missing_file(site: &mut Site) -> Result<Value> {
    let file = site.file("gone").display().to_string();
    site.refused("cluster_contexts", json!({ "kind": "file", "file": file })).await
}

async fn missing_context(site: &mut Site) -> Result<Value> {
    let mut from = site.context_of(&site.kubeconfig()?)?;
    from["context"] = "elsewhere".into();
    site.refused("cluster_inspect", from).await
}

/// What is plain before anything is run stands beside the context, and is the answer to choosing it all the same.
pub(crate) async fn plain_at_once(site: &Site, config: &Value) -> Result<Value> {
    let from = site.context_of(config)?;
    let seen = site.answered("cluster_contexts", json!({ "kind": "file", "file": from["file"] })).await?;
    let problem = serde_json::from_value(seen["contexts"][0]["problem"].clone()).context("its problem is told")?;
    let told = site.error(&problem)?;
    let met = site.refused("cluster_inspect", from).await?;
    ensure!(told == met, "the list says {told}, choosing it {met}");
    Ok(met)
}

/// The site's kubeconfig with another user.
pub(crate) fn with_user(site: &Site, user: Value) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    config["users"][0]["user"] = user;
    Ok(config)
}

async fn dangling_user(site: &mut Site) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    config["contexts"][0]["name"] = "shop".into();
    config["contexts"][0]["context"]["user"] = "nobody".into();
    plain_at_once(site, &config).await
}

async fn dangling_cluster(site: &mut Site) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    config["contexts"][0]["name"] = "shop".into();
    config["contexts"][0]["context"]["cluster"] = "nowhere".into();
    plain_at_once(site, &config).await
}

/// A client certificate that signs itself, as a user of a kubeconfig has it.
fn certificate(year: i32) -> Result<Value> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::default();
    params.distinguished_name.push(DnType::CommonName, "ann");
    (params.not_before, params.not_after) = (date_time_ymd(2023, 1, 1), date_time_ymd(year, 1, 31));
    let certificate = params.self_signed(&key)?.pem();
    Ok(json!({
        "client-certificate-data": STANDARD.encode(certificate),
        "client-key-data": STANDARD.encode(key.serialize_pem()),
    }))
}

async fn expired_certificate(site: &mut Site) -> Result<Value> {
    let mut config = with_user(site, certificate(2024)?)?;
    config["users"][0]["name"] = "ann".into();
    config["contexts"][0]["context"]["user"] = "ann".into();
    plain_at_once(site, &config).await
}

async fn certificate_file_missing(site: &mut Site) -> Result<Value> {
    let gone = site.file("gone.crt").display().to_string();
    let mut config = with_user(site, json!({ "client-certificate": gone, "client-key": gone }))?;
    config["contexts"][0]["name"] = "shop".into();
    plain_at_once(site, &config).await
}

async fn certificate_of_another_authority(site: &mut Site) -> Result<Value> {
    let config = with_user(site, certificate(2099)?)?;
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn unsupported_sign_in(site: &mut Site) -> Result<Value> {
    let config = with_user(site, json!({ "auth-provider": { "name": "gcp" } }))?;
    plain_at_once(site, &config).await
}

async fn authority_not_base64(site: &mut Site) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    config["contexts"][0]["name"] = "shop".into();
    config["clusters"][0]["cluster"]["certificate-authority-data"] = "not base64!".into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn server_unreachable(site: &mut Site) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    config["clusters"][0]["cluster"]["server"] = NOBODY.into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn wrong_ca(site: &mut Site) -> Result<Value> {
    let mut config = site.kubeconfig()?;
    let other = rcgen::generate_simple_self_signed(["elsewhere".to_owned()])?.cert.pem();
    config["clusters"][0]["cluster"]["certificate-authority-data"] = STANDARD.encode(other).into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

async fn token_not_accepted(site: &mut Site) -> Result<Value> {
    let config = with_user(site, json!({ "token": "of.somebody.else" }))?;
    site.refused("cluster_inspect", site.context_of(&config)?).await
}

/// The token of a member of this namespace.
pub(crate) async fn member(site: &Site) -> Result<String> {
    let code = Code::decode(&site.code(Role::Viewer).await?)?;
    Ok(code.links[0].token.expose_secret().to_owned())
}

async fn forbidden_namespace(site: &mut Site) -> Result<Value> {
    let mut config = with_user(site, json!({ "token": member(site).await? }))?;
    config["contexts"][0]["context"]["namespace"] = "kube-system".into();
    site.refused("cluster_inspect", site.context_of(&config)?).await
}
