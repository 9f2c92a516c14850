//! Load balancers that the form refuses, or the cluster.

use crate::site::{Group, Site};
use crate::table::cases;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use slipway_cluster::Kind;

cases! {
    "balancer/name_too_long" => name_too_long,
    "balancer/name_duplicate" => name_duplicate,
    "balancer/name_of_a_foreign_service" => name_of_a_foreign_service,
    "balancer/no_ports" => no_ports,
    "balancer/ports_clash" => ports_clash,
    "balancer/ports_without_names" => ports_without_names,
    "balancer/target_unreadable" => target_unreadable,
    "balancer/node_port_outside" => node_port_outside,
    "balancer/node_port_taken" => node_port_taken,
    "balancer/node_port_of_a_cluster_ip" => node_port_of_a_cluster_ip,
    "balancer/group_unknown" => group_unknown,
    "balancer/target_that_no_group_has" => target_that_no_group_has,
}

fn port(name: &str, port: &str, target: &str, node_port: &str) -> Value {
    json!({ "name": name, "port": port, "target": target, "node_port": node_port, "protocol": "TCP" })
}

fn draft(name: &str, kind: &str, ports: &[Value], groups: &[&str]) -> Value {
    json!({ "name": name, "kind": kind, "ports": ports, "groups": groups })
}

/// What comes of a new load balancer of the site's group.
async fn refused(site: &mut Site, group: &Group, draft: Value) -> Result<Value> {
    let met = site.refused("balancer_create", json!({ "app": group.app, "draft": draft })).await?;
    let kept = site.call("balancer_list", json!(group.app)).await?;
    anyhow::ensure!(kept.as_array().is_some_and(|rows| rows.len() < 2), "it is kept all the same: {kept}");
    Ok(met)
}

async fn with_ports(site: &mut Site, kind: &str, ports: &[Value]) -> Result<Value> {
    let group = site.group().await?;
    refused(site, &group, draft("checkout", kind, ports, &[&group.id])).await
}

async fn name_too_long(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    refused(site, &group, draft(&"a".repeat(41), "ClusterIP", &[port("", "80", "", "")], &[])).await
}

async fn name_duplicate(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let draft = draft("checkout", "ClusterIP", &[port("", "80", "", "")], &[&group.id]);
    site.call("balancer_create", json!({ "app": group.app, "draft": draft })).await?;
    refused(site, &group, draft).await
}

async fn name_of_a_foreign_service(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let foreign = json!({ "metadata": { "name": "checkout" }, "spec": { "ports": [{ "port": 7 }] } });
    site.owner.connection.create(Kind::Service, &foreign).await?;
    refused(site, &group, draft("checkout", "ClusterIP", &[port("", "80", "", "")], &[&group.id])).await
}

async fn no_ports(site: &mut Site) -> Result<Value> {
    with_ports(site, "ClusterIP", &[]).await
}

async fn ports_clash(site: &mut Site) -> Result<Value> {
    with_ports(site, "NodePort", &[port("http", "80", "8080", "30085"), port("http", "80", "8081", "30085")]).await
}

async fn ports_without_names(site: &mut Site) -> Result<Value> {
    with_ports(site, "ClusterIP", &[port("", "80", "8080", ""), port("", "81", "8081", "")]).await
}

async fn target_unreadable(site: &mut Site) -> Result<Value> {
    with_ports(site, "ClusterIP", &[port("", "80", "HTTP port", "")]).await
}

async fn node_port_outside(site: &mut Site) -> Result<Value> {
    with_ports(site, "NodePort", &[port("", "80", "8080", "8080")]).await
}

async fn node_port_taken(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let foreign =
        json!({ "metadata": { "name": "foreign" }, "spec": { "type": "NodePort", "ports": [{ "port": 7 }] } });
    let foreign = site.owner.connection.create(Kind::Service, &foreign).await?;
    let taken = foreign["spec"]["ports"][0]["nodePort"].as_u64().context("the cluster chose one")?.to_string();
    refused(site, &group, draft("checkout", "NodePort", &[port("", "80", "8080", &taken)], &[&group.id])).await
}

async fn node_port_of_a_cluster_ip(site: &mut Site) -> Result<Value> {
    with_ports(site, "ClusterIP", &[port("", "80", "8080", "30085")]).await
}

async fn group_unknown(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    refused(site, &group, draft("checkout", "ClusterIP", &[port("", "80", "", "")], &["nobody"])).await
}

/// No error: a container may listen on more than it says. The plan of a release warns.
async fn target_that_no_group_has(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let draft = draft("checkout", "ClusterIP", &[port("", "80", "grpc", "")], &[&group.id]);
    site.call("balancer_create", json!({ "app": group.app, "draft": draft })).await?;
    let plan = site.call("release_plan", json!({ "group": group.id, "image": "v1" })).await?;
    let verdicts = plan["verdicts"].as_array().context("a plan has verdicts")?;
    let verdict = verdicts.iter().find(|verdict| verdict["check"] == "balancers").context("one of load balancers")?;
    Ok(json!({ "verdict": verdict }))
}
