//! Authorization codes that are not whole, not ours, or of no use.

use crate::site::{Site, text};
use crate::table::cases;
use anyhow::{Context, Result};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway_cluster::{Code, CodeLink};
use slipway_model::cluster::Role;

/// An address where nobody listens.
pub(crate) const NOBODY: &str = "https://127.0.0.1:1";

cases! {
    "code/empty" => empty,
    "code/clipboard_empty" => clipboard_empty,
    "code/not_a_code" => not_a_code,
    "code/truncated" => truncated,
    "code/one_character_wrong" => one_character_wrong,
    "code/newer_format" => newer_format,
    "code/expired" => expired,
    "code/token_not_accepted" => token_not_accepted,
    "code/server_unreachable" => server_unreachable,
    "code/already_linked" => already_linked,
    "code/file_missing" => file_missing,
    "code/no_file_chosen" => no_file_chosen,
}

fn given(code: &str) -> Value {
    json!({ "kind": "code", "code": code })
}

async fn empty(site: &mut Site) -> Result<Value> {
    site.refused("cluster_inspect", given(" \n")).await
}

async fn clipboard_empty(site: &mut Site) -> Result<Value> {
    site.refused("cluster_inspect", json!({ "kind": "code_clipboard" })).await
}

async fn not_a_code(site: &mut Site) -> Result<Value> {
    site.refused("cluster_inspect", given("apiVersion: v1")).await
}

async fn truncated(site: &mut Site) -> Result<Value> {
    let code = site.code(Role::Viewer).await?;
    let (head, payload) = frame(&code)?;
    let have = payload / 2;
    site.differs(&payload.to_string(), "expected");
    site.differs(&have.to_string(), "have");
    site.refused("cluster_inspect", given(&code[..head + have])).await
}

async fn one_character_wrong(site: &mut Site) -> Result<Value> {
    let mut code = site.code(Role::Viewer).await?;
    let (head, payload) = frame(&code)?;
    let at = head + payload / 2;
    let wrong = if code[at..].starts_with('x') { "y" } else { "x" };
    code.replace_range(at..=at, wrong);
    site.refused("cluster_inspect", given(&code)).await
}

/// Where the payload of a code begins, and how long it is.
fn frame(code: &str) -> Result<(usize, usize)> {
    let (head, _) = code.match_indices('.').nth(1).context("a code has parts")?;
    let length = code[..head].rsplit('.').next().and_then(|length| length.parse().ok());
    Ok((head + 1, length.context("a code says its length")?))
}

async fn newer_format(site: &mut Site) -> Result<Value> {
    let code = site.code(Role::Viewer).await?.replacen("slw1", "slw2", 1);
    site.refused("cluster_inspect", given(&code)).await
}

/// A good code with a change to its link.
async fn changed(site: &Site, change: impl FnOnce(&mut CodeLink)) -> Result<String> {
    let mut code = Code::decode(&site.code(Role::Viewer).await?)?;
    change(&mut code.links[0]);
    Ok(code.encode().expose_secret().to_owned())
}

async fn expired(site: &mut Site) -> Result<Value> {
    let past = "2024-01-31T12:00:00Z".parse()?;
    let code = changed(site, |link| link.expiry = Some(past)).await?;
    site.refused("cluster_inspect", given(&code)).await
}

async fn token_not_accepted(site: &mut Site) -> Result<Value> {
    let code = changed(site, |link| link.token = "of.somebody.else".into()).await?;
    site.refused("cluster_inspect", given(&code)).await
}

async fn server_unreachable(site: &mut Site) -> Result<Value> {
    let code = changed(site, |link| link.servers = vec![NOBODY.to_owned()]).await?;
    site.refused("cluster_inspect", given(&code)).await
}

/// No error: the dialog says that linking replaces the credential, and nothing is replaced before *Link*.
async fn already_linked(site: &mut Site) -> Result<Value> {
    let first = site.code(Role::Viewer).await?;
    site.link_from(given(&first), "test").await?;
    let second = site.code(Role::Manager).await?;
    let preview = site.answered("cluster_inspect", given(&second)).await?;
    Ok(json!({ "answer": { "replaces": text(&preview["replaces"])? } }))
}

async fn file_missing(site: &mut Site) -> Result<Value> {
    site.choose(Some(&site.file("gone.txt")));
    site.refused("cluster_inspect", json!({ "kind": "code_file" })).await
}

async fn no_file_chosen(site: &mut Site) -> Result<Value> {
    site.choose(None);
    site.refused("cluster_inspect", json!({ "kind": "code_file" })).await
}
