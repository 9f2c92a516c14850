//! Releases that must not begin, or cannot.

use crate::config::{file, text as config_text};
use crate::kubeconfig::with_user;
use crate::site::{Group, Site, WORKLOAD, text};
use crate::table::cases;
use anyhow::{Context, Result, ensure};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway_cluster::{Apply, Code, Kind};
use slipway_model::cluster::Role;
use slipway_tests::ground::{registry, settled};

cases! {
    "release/namespace_gone" => namespace_gone,
    "release/namespace_made_again" => namespace_made_again,
    "release/namespace_gone_after_plan" => namespace_gone_after_plan,
    "release/permission_missing" => permission_missing,
    "release/plan_blocked" => plan_blocked,
    "release/right_to_read_missing" => right_to_read_missing,
    "release/field_of_another_manager" => field_of_another_manager,
    "release/field_taken_after_plan" => field_taken_after_plan,
    "release/file_made_sensitive_after_plan" => file_made_sensitive_after_plan,
    "release/key_made_sensitive_after_plan" => key_made_sensitive_after_plan,
    "release/deployment_of_somebody_else" => deployment_of_somebody_else,
    "release/quota_for_deployments" => quota_for_deployments,
    "release/quota_full" => quota_full,
    "release/quota_of_records_full" => quota_of_records_full,
    "release/pod_larger_than_nodes" => pod_larger_than_nodes,
    "release/probe_port_undeclared" => probe_port_undeclared,
    "release/paused_by_somebody" => paused_by_somebody,
    "release/group_deleted_meanwhile" => group_deleted_meanwhile,
    "release/group_deleted_before_plan" => group_deleted_before_plan,
    "release/two_at_once" => two_at_once,
    "release/two_at_once_planned" => two_at_once_planned,
    "release/moved_by_a_colleague" => moved_by_a_colleague,
    "release/cluster_unlinked" => cluster_unlinked,
    "release/image_unparsable" => image_unparsable,
    "release/plan_unknown" => plan_unknown,
    "release/note_too_long" => note_too_long,
    "release/action_too_late" => action_too_late,
}

async fn plan_refused(site: &Site, group: &Group) -> Result<Value> {
    site.refused("release_plan", json!({ "group": group.id, "image": "v1" })).await
}

async fn start_refused(site: &Site, plan: &str) -> Result<Value> {
    site.refused("release_start", json!({ "plan": plan, "note": "" })).await
}

/// What one check of a plan says.
async fn verdict(site: &Site, group: &Group, check: &str) -> Result<Value> {
    let plan = site.answered("release_plan", json!({ "group": group.id, "image": "v2" })).await?;
    let found = plan["verdicts"].as_array().into_iter().flatten().find(|verdict| verdict["check"] == check);
    let found = found.with_context(|| format!("{check} is not checked: {plan}"))?;
    Ok(json!({ "verdict": site.plain(found) }))
}

/// Deletes the namespace and waits until it is gone.
async fn delete_namespace(site: &Site) -> Result<()> {
    let owner = &site.owner.connection;
    owner.delete(Kind::Namespace, &owner.namespace).await?;
    site.eventually("the namespace to be gone", async || {
        Ok(owner.get(Kind::Namespace, &owner.namespace).await?.is_none().then_some(()))
    })
    .await
}

async fn namespace_gone(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    delete_namespace(site).await?;
    plan_refused(site, &group).await
}

async fn namespace_made_again(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    delete_namespace(site).await?;
    let owner = &site.owner.connection;
    owner.create(Kind::Namespace, &json!({ "metadata": { "name": owner.namespace } })).await?;
    site.furnished().await?;
    plan_refused(site, &group).await
}

async fn namespace_gone_after_plan(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let plan = site.plan(&group, "v1").await?;
    delete_namespace(site).await?;
    start_refused(site, &plan).await
}

/// A group on a link of this role.
async fn group_as(site: &mut Site, role: Role) -> Result<Group> {
    let code = site.code(role).await?;
    let link = site.link_from(json!({ "kind": "code", "code": code }), "test").await?;
    site.group_on(link).await
}

async fn permission_missing(site: &mut Site) -> Result<Value> {
    let group = group_as(site, Role::Viewer).await?;
    verdict(site, &group, "permissions").await
}

async fn plan_blocked(site: &mut Site) -> Result<Value> {
    let group = group_as(site, Role::Viewer).await?;
    let plan = site.plan(&group, "v1").await?;
    start_refused(site, &plan).await
}

/// May read the namespace, and nothing in it.
async fn right_to_read_missing(site: &mut Site) -> Result<Value> {
    let code = Code::decode(&site.code(Role::Viewer).await?)?;
    let owner = &site.owner.connection;
    let preset = owner.list(Kind::Role, "").await?.pop().context("the preset is there")?;
    let rules = json!([{ "apiGroups": [""], "resources": ["namespaces"], "verbs": ["get"] }]);
    let role = json!({ "metadata": { "name": preset["metadata"]["name"] }, "rules": rules });
    owner.apply(Kind::Role, &role, Apply { force: true, dry_run: false }).await?;
    let config = with_user(site, json!({ "token": code.links[0].token.expose_secret() }))?;
    let link = site.link_from(site.context_of(&config)?, "test").await?;
    let group = site.group_on(link).await?;
    plan_refused(site, &group).await
}

/// Somebody sets the image by hand.
async fn meddle(site: &Site) -> Result<()> {
    let image = format!("app={}/demo/checkout-api:unready", registry()?);
    site.kubectl(&["set", "image", &format!("deployment/{WORKLOAD}"), &image]).await?;
    site.observed().await
}

async fn field_of_another_manager(site: &mut Site) -> Result<Value> {
    let (group, _) = site.released_group().await?;
    meddle(site).await?;
    verdict(site, &group, "ownership").await
}

async fn field_taken_after_plan(site: &mut Site) -> Result<Value> {
    let (group, _) = site.released_group().await?;
    let plan = site.plan(&group, "v2").await?;
    meddle(site).await?;
    start_refused(site, &plan).await
}

async fn file_made_sensitive_after_plan(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let id = site.call("config_create", file(&group.app, "/etc/app.yml", config_text("a: 1"))).await?;
    let plan = site.plan(&group, "v1").await?;
    site.call("config_switch", json!({ "id": id, "literal": false, "sensitive": true })).await?;
    start_refused(site, &plan).await
}

async fn key_made_sensitive_after_plan(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("config_create", file(&group.app, "/etc/app.yml", config_text("{{password}}"))).await?;
    let value = json!({ "kind": "plain", "value": "hunter2" });
    site.call("value_set", json!({ "app": group.app, "key": "password", "group": null, "value": value })).await?;
    let plan = site.plan(&group, "v1").await?;
    site.call("key_set", json!({ "app": group.app, "key": "password", "sensitive": true })).await?;
    start_refused(site, &plan).await
}

async fn deployment_of_somebody_else(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let labels = json!({ "app": "other" });
    let theirs = json!({ "metadata": { "name": WORKLOAD }, "spec": {
        "replicas": 0, "selector": { "matchLabels": labels },
        "template": { "metadata": { "labels": labels },
            "spec": { "containers": [{ "name": "other", "image": "registry.example.com/other:1" }] } },
    } });
    site.owner.connection.create(Kind::Deployment, &theirs).await?;
    site.observed().await?;
    plan_refused(site, &group).await
}

async fn with_quota(site: &mut Site, hard: Value, check: &str) -> Result<Value> {
    let group = site.group().await?;
    let owner = &site.owner.connection;
    let quota = json!({ "metadata": { "name": "small" }, "spec": { "hard": hard } });
    owner.create(Kind::ResourceQuota, &quota).await?;
    site.eventually("the quota to act", async || {
        let quota = owner.get(Kind::ResourceQuota, "small").await?;
        Ok(quota.filter(|quota| quota["status"]["used"].is_object()))
    })
    .await?;
    verdict(site, &group, check).await
}

async fn quota_for_deployments(site: &mut Site) -> Result<Value> {
    with_quota(site, json!({ "count/deployments.apps": "0" }), "dry_run").await
}

async fn quota_full(site: &mut Site) -> Result<Value> {
    with_quota(site, json!({ "pods": "0" }), "quota").await
}

/// The one that every namespace has is all that it allows.
async fn quota_of_records_full(site: &mut Site) -> Result<Value> {
    with_quota(site, json!({ "configmaps": "1" }), "quota").await
}

async fn pod_larger_than_nodes(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft["memory"] = json!({ "request": "900Gi", "limit": "900Gi" });
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    verdict(site, &group, "room").await
}

async fn probe_port_undeclared(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft["readiness"] = json!({ "kind": "http", "http": { "path": "/readyz", "port": "9999" } });
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    verdict(site, &group, "ports").await
}

async fn paused_by_somebody(site: &mut Site) -> Result<Value> {
    let (group, _) = site.released_group().await?;
    site.kubectl(&["rollout", "pause", &format!("deployment/{WORKLOAD}")]).await?;
    verdict(site, &group, "deployment").await
}

/// A group that has nothing in a cluster, in a protected environment.
async fn delete(site: &Site, group: &Group) -> Result<()> {
    let plan = site.call("group_delete_plan", json!(group.id)).await?;
    let order = json!({ "group": group.id, "plan": plan["hash"], "typed": plan["name"] });
    site.call("group_delete", order).await.map(drop)
}

async fn group_deleted_meanwhile(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let plan = site.plan(&group, "v1").await?;
    delete(site, &group).await?;
    start_refused(site, &plan).await
}

async fn group_deleted_before_plan(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    delete(site, &group).await?;
    plan_refused(site, &group).await
}

/// Starts one whose pods never are ready, and answers what `act` met, when nothing of a second one is left. The first
/// changes store and cluster meanwhile, so they are looked at once it has ended.
async fn while_one_moves(
    site: &mut Site,
    act: impl AsyncFnOnce(&Site, &Group, &str) -> Result<Value>,
) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft["readiness"] = json!({ "kind": "http", "http": { "path": "/readyz", "port": "8080" } });
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    // Planned before the first begins: nothing blocks this plan.
    let second = site.plan(&group, "v2").await?;
    let id = site.start(&group, "unready").await?;
    let first = site
        .eventually("the first to move", async || {
            let page = site.call("release_list", list_of(&group)).await?;
            let row = page["rows"][0].clone();
            Ok((row["stage"] == "move").then_some(row))
        })
        .await?;
    site.differs(id.as_str(), "release");
    let by = text(&first["author"]["display"])?;
    site.differs(&by, "author");
    let met = act(site, &group, &second).await?;
    site.call("release_act", json!({ "id": id, "action": "abort" })).await?;
    settled(site.api.engine(), &id).await?;
    let page = site.call("release_list", list_of(&group)).await?;
    ensure!(page["total"] == 1, "a second release is in the history: {page}");
    let records = site.owner.connection.list(Kind::ConfigMap, "slipway.dev/seq").await?;
    ensure!(records.len() == 1, "a second release has a record: {records:#?}");
    Ok(met)
}

fn list_of(group: &Group) -> Value {
    json!({ "app": group.app, "last": false, "group": group.id, "before": null, "limit": 10 })
}

async fn two_at_once(site: &mut Site) -> Result<Value> {
    while_one_moves(site, async |site, _, second| {
        let met = site.api.call("release_start", json!({ "plan": second, "note": "" })).await;
        site.error(&met.err().context("one at a time")?)
    })
    .await
}

async fn two_at_once_planned(site: &mut Site) -> Result<Value> {
    while_one_moves(site, async |site, group, _| {
        let plan = site.call("release_plan", json!({ "group": group.id, "image": "v2" })).await?;
        let found = plan["verdicts"].as_array().into_iter().flatten().find(|verdict| verdict["check"] == "alone");
        Ok(json!({ "verdict": site.plain(found.context("it is checked")?) }))
    })
    .await
}

/// Another computer holds the group's Lease.
async fn moved_by_a_colleague(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let now = jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string();
    let lease = json!({ "metadata": { "name": format!("slipway-{WORKLOAD}") }, "spec": {
        "holderIdentity": "ann@laptop", "leaseDurationSeconds": 3600, "acquireTime": now, "renewTime": now,
    } });
    site.owner.connection.create(Kind::Lease, &lease).await?;
    verdict(site, &group, "alone").await
}

async fn cluster_unlinked(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("cluster_unlink", json!(group.link)).await?;
    plan_refused(site, &group).await
}

async fn image_unparsable(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.refused("release_plan", json!({ "group": group.id, "image": "v1 final" })).await
}

async fn plan_unknown(site: &mut Site) -> Result<Value> {
    start_refused(site, "of another day").await
}

async fn note_too_long(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let plan = site.plan(&group, "v1").await?;
    site.refused("release_start", json!({ "plan": plan, "note": "n".repeat(1_001) })).await
}

async fn action_too_late(site: &mut Site) -> Result<Value> {
    let (_, id) = site.released_group().await?;
    site.refused("release_act", json!({ "id": id, "action": "abort" })).await
}
