//! What a person can type about a group beyond its container, and what the cluster of it does not have.

use crate::form::group;
use crate::site::Site;
use crate::table::cases;
use anyhow::{Context, Result};
use serde_json::{Value, json};

cases! {
    "group/command_open_quote" => command_open_quote,
    "group/compared_without_image" => compared_without_image,
    "group/gpu_nobody_offers" => gpu_nobody_offers,
    "group/gpu_unknown" => gpu_unknown,
    "group/header_without_name" => header_without_name,
    "group/hook_without_time" => hook_without_time,
    "group/node_selector" => node_selector,
    "group/patch_breaks_the_deployment" => patch_breaks_the_deployment,
    "group/patch_no_map" => patch_no_map,
    "group/patch_no_yaml" => patch_no_yaml,
    "group/patch_of_our_labels" => patch_of_our_labels,
    "group/patch_of_the_name" => patch_of_the_name,
    "group/patch_of_the_selector" => patch_of_the_selector,
    "group/patch_that_grows" => patch_that_grows,
    "group/patch_that_sweeps" => patch_that_sweeps,
    "group/patch_too_large" => patch_too_large,
    "group/probe_negative" => probe_negative,
    "group/probe_of_an_unknown_port" => probe_of_an_unknown_port,
    "group/probe_slower_than_its_period" => probe_slower_than_its_period,
    "group/pull_secret_missing" => pull_secret_missing,
    "group/strategy_both_zero" => strategy_both_zero,
    "group/strategy_no_batches" => strategy_no_batches,
    "group/strategy_over_all" => strategy_over_all,
    "group/strategy_steps_over_all" => strategy_steps_over_all,
    "group/strategy_steps_over_the_count" => strategy_steps_over_the_count,
    "group/tolerations" => tolerations,
    "group/variables_of_kubernetes" => variables_of_kubernetes,
    "group/variable_with_bad_names" => variable_with_bad_names,
}

async fn typed(site: &mut Site, field: &str, value: Value) -> Result<Value> {
    group(site, &[(&format!("/{field}"), value)]).await
}

/// What one check of a plan says of a good draft.
async fn checked(site: &mut Site, field: &str, value: Value, check: &str) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft[field] = value;
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    let plan = site.answered("release_plan", json!({ "group": group.id, "image": "v1" })).await?;
    let found = plan["verdicts"].as_array().into_iter().flatten().find(|verdict| verdict["check"] == check);
    Ok(json!({ "verdict": site.plain(found.with_context(|| format!("{check} is checked: {plan}"))?) }))
}

async fn command_open_quote(site: &mut Site) -> Result<Value> {
    typed(site, "command", json!({ "kind": "shell", "value": "exec java -Dname='checkout -jar app.jar" })).await
}

/// Neither the draft nor a release names one: there is nothing that could be compared.
async fn compared_without_image(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let saved = json!({ "group": group.id, "side": { "kind": "saved" } });
    site.refused("group_diff", json!({ "from": saved, "to": saved })).await
}

async fn strategy_both_zero(site: &mut Site) -> Result<Value> {
    typed(site, "strategy", json!({ "max_surge": "0", "max_unavailable": "0%" })).await
}

async fn strategy_over_all(site: &mut Site) -> Result<Value> {
    typed(site, "strategy", json!({ "max_surge": "101%", "max_unavailable": "half" })).await
}

async fn strategy_no_batches(site: &mut Site) -> Result<Value> {
    typed(site, "strategy", json!({ "kind": "batches", "split": "even", "number": "0", "canary": "0" })).await
}

async fn strategy_steps_over_all(site: &mut Site) -> Result<Value> {
    let steps = json!([{ "size": "60%" }, { "size": "50%" }]);
    typed(site, "strategy", json!({ "kind": "batches", "split": "explicit", "steps": steps })).await
}

/// The count may change later: what is over it is left out, and the drawing shows it.
async fn strategy_steps_over_the_count(site: &mut Site) -> Result<Value> {
    let steps = json!([{ "size": "2" }, { "size": "5" }, { "size": "9" }]);
    let strategy = json!({ "kind": "batches", "split": "explicit", "steps": steps });
    let mut met = serde_json::Map::new();
    for count in ["4", "0"] {
        let preview = site.answered("strategy_preview", json!({ "count": count, "strategy": strategy })).await?;
        met.insert(count.to_owned(), preview["batches"].to_string().into());
    }
    Ok(json!({ "answer": met }))
}

fn http(path: &str, port: &str, headers: &Value) -> Value {
    json!({ "kind": "http", "http": { "path": path, "port": port, "headers": headers } })
}

async fn probe_of_an_unknown_port(site: &mut Site) -> Result<Value> {
    let ports = json!([{ "name": "http", "port": "8080", "protocol": "TCP" }]);
    group(site, &[("/ports", ports), ("/liveness", http("/healthz", "htpp", &json!([])))]).await
}

async fn probe_negative(site: &mut Site) -> Result<Value> {
    let mut probe = http("/healthz", "8080", &json!([]));
    for (field, value) in [("delay_seconds", "-1"), ("period_seconds", "0"), ("success_threshold", "2")] {
        probe[field] = value.into();
    }
    typed(site, "liveness", probe).await
}

/// Kubernetes takes it: the next check then waits for the one before.
async fn probe_slower_than_its_period(site: &mut Site) -> Result<Value> {
    let mut probe = http("/healthz", "8080", &json!([]));
    (probe["period_seconds"], probe["timeout_seconds"]) = ("5".into(), "9".into());
    checked(site, "readiness", probe, "dry_run").await
}

async fn header_without_name(site: &mut Site) -> Result<Value> {
    let headers = json!([{ "name": " ", "value": "x" }, { "name": "X Y", "value": "a\nb" }]);
    typed(site, "readiness", http("/healthz", "8080", &headers)).await
}

async fn hook_without_time(site: &mut Site) -> Result<Value> {
    let hook = json!({ "kind": "command", "command": { "kind": "shell", "value": "sync" } });
    typed(site, "lifecycle", json!({ "grace_period_seconds": "0", "before_stop": hook })).await
}

async fn tolerations(site: &mut Site) -> Result<Value> {
    let without = json!({ "key": "", "operator": "Equal", "value": "a b", "effect": "NoExecute", "seconds": "-1" });
    typed(site, "tolerations", json!([without])).await
}

async fn node_selector(site: &mut Site) -> Result<Value> {
    let labels = json!([{ "key": "disk type", "value": "ssd" }, { "key": "disk", "value": "-ssd" }]);
    typed(site, "node_selector", labels).await
}

async fn gpu_unknown(site: &mut Site) -> Result<Value> {
    typed(site, "gpu", json!({ "resource": "gpu", "count": "0", "selector": [] })).await
}

async fn gpu_nobody_offers(site: &mut Site) -> Result<Value> {
    let gpu = json!({ "resource": "gpu.example.com/nobody", "count": "1", "selector": [] });
    let mut met = checked(site, "gpu", gpu, "gpu").await?;
    // What other tests let the node offer.
    if met["verdict"]["code"] == "other" {
        met["verdict"]["code"] = "none".into();
        met["verdict"]["params"].as_object_mut().context("params")?.remove("others");
    }
    Ok(met)
}

async fn pull_secret_missing(site: &mut Site) -> Result<Value> {
    checked(site, "pull_secret", json!("registry-of-yesterday"), "pull_secret").await
}

async fn variable_with_bad_names(site: &mut Site) -> Result<Value> {
    let named = |name: &str| json!({ "name": name, "value": "" });
    typed(site, "variables", json!([named(""), named("A=B"), named("数据"), named(".."), named("A\0")])).await
}

/// Kubernetes and the shell set them too; what the group says goes over it.
async fn variables_of_kubernetes(site: &mut Site) -> Result<Value> {
    let named = |name: &str| json!({ "name": name, "value": "x" });
    let variables = json!([named("KUBERNETES_SERVICE_HOST"), named("HOSTNAME"), named("PATH"), named("a.b-c")]);
    checked(site, "variables", variables, "dry_run").await
}

async fn patch(site: &mut Site, text: &str) -> Result<Value> {
    typed(site, "patch", json!(text)).await
}

async fn patch_no_yaml(site: &mut Site) -> Result<Value> {
    patch(site, "spec:\n  template: [1,\n").await
}

async fn patch_no_map(site: &mut Site) -> Result<Value> {
    patch(site, "- op: add\n  path: /spec/paused\n").await
}

async fn patch_that_grows(site: &mut Site) -> Result<Value> {
    let level = |n: usize| format!("l{n}: &l{n} [{}]\n", vec![format!("*l{}", n - 1); 10].join(", "));
    patch(site, &("l0: &l0 [ha, ha]\n".to_owned() + &(1..10).map(level).collect::<String>())).await
}

async fn patch_too_large(site: &mut Site) -> Result<Value> {
    patch(site, &format!("# {}", "x".repeat(1024 * 1024))).await
}

async fn patch_of_the_selector(site: &mut Site) -> Result<Value> {
    patch(site, "spec:\n  selector:\n    matchLabels: { app: other }\n").await
}

async fn patch_of_our_labels(site: &mut Site) -> Result<Value> {
    patch(site, "spec: { template: { metadata: { labels: { slipway.dev/group: null } } } }").await
}

async fn patch_of_the_name(site: &mut Site) -> Result<Value> {
    patch(site, "metadata:\n  name: other\n  namespace: kube-system\n").await
}

async fn patch_that_sweeps(site: &mut Site) -> Result<Value> {
    patch(site, "spec:\n  $retainKeys: [strategy]\n").await
}

/// The server's own words, with the place.
async fn patch_breaks_the_deployment(site: &mut Site) -> Result<Value> {
    let agent = "- name: agent\n        image: agent:1\n        resources: { limits: { memory: lots } }";
    let text = format!("spec:\n  template:\n    spec:\n      containers:\n      {agent}\n");
    checked(site, "patch", json!(text), "dry_run").await
}
