use super::*;
use serde_json::json;

fn codes(found: &[Verdict]) -> Vec<(VerdictLevel, &str)> {
    found.iter().map(|verdict| (verdict.level, verdict.code.as_str())).collect()
}

#[test]
fn a_deployment_as_somebody_left_it() {
    use VerdictLevel::{Blocks, Ok, Warning};
    let live = |spec: Value| json!({ "metadata": { "uid": "d" }, "spec": spec });
    let set = |owner: &str, pods: u32| json!({ "metadata": { "ownerReferences": [{ "uid": owner }] }, "spec": { "replicas": pods } });
    let two = [set("d", 1), set("d", 2), set("d", 0)];
    for (spec, sets, ours, in_batches, expected) in [
        (json!({}), Some(&two[..1]), false, false, vec![(Ok, "ok")]),
        (json!({ "paused": true }), Some(&two[..1]), false, false, vec![(Blocks, "paused")]),
        (json!({ "paused": true }), Some(&two[..]), true, true, vec![(Ok, "ok")]),
        (json!({ "strategy": { "type": "Recreate" } }), Some(&two[..1]), false, true, vec![(Warning, "recreate")]),
        (json!({}), Some(&two[..]), false, false, vec![(Warning, "mixed")]),
        (json!({}), Some(&two[..]), false, true, vec![(Blocks, "mixed")]),
        (json!({}), Some(&[set("d", 1), set("other", 1)][..]), false, true, vec![(Ok, "ok")]),
        (json!({}), None, false, false, vec![(Warning, "unseen")]),
    ] {
        let found = of_deployment(&live(spec.clone()), sets, ours, in_batches);
        assert_eq!(codes(&found), expected, "{spec} {ours} {in_batches}");
    }
}

#[test]
fn a_budget_that_the_release_goes_below_is_told() {
    use VerdictLevel::{Ok, Warning};
    let template = json!({ "metadata": { "labels": { "app": "a", "tier": "web" } } });
    let budget = |selector: Value, spec: Value| {
        let mut budget = json!({ "metadata": { "name": "b" }, "spec": spec });
        budget["spec"]["selector"] = selector;
        budget
    };
    let mine = || json!({ "matchLabels": { "app": "a" } });
    let among =
        |operator: &str| json!({ "matchExpressions": [{ "key": "tier", "operator": operator, "values": ["web"] }] });
    for (budgets, ready, expected) in [
        (vec![], 9, (Ok, "none")),
        (vec![budget(json!({ "matchLabels": { "app": "b" } }), json!({ "minAvailable": 10 }))], 9, (Ok, "none")),
        (vec![budget(among("NotIn"), json!({ "minAvailable": 10 }))], 9, (Ok, "none")),
        (vec![budget(among("In"), json!({ "minAvailable": 10 }))], 9, (Warning, "below")),
        (vec![budget(mine(), json!({ "minAvailable": "85%" }))], 9, (Ok, "ok")),
        (vec![budget(mine(), json!({ "minAvailable": "91%" }))], 9, (Warning, "below")),
        (vec![budget(mine(), json!({ "maxUnavailable": 1 }))], 9, (Ok, "ok")),
        (vec![budget(mine(), json!({ "maxUnavailable": 0 }))], 9, (Warning, "below")),
        (vec![budget(mine(), json!({})), budget(json!({}), json!({}))], 9, (Warning, "several")),
    ] {
        let found = of_budgets(&budgets, &template, 10, ready);
        assert_eq!((found.level, found.code.as_str()), expected, "{budgets:?}");
    }
}

#[test]
fn ports_that_are_asked_and_that_nobody_says() {
    use VerdictLevel::{Blocks, Ok, Warning};
    let container =
        |probe: Value| json!({ "ports": [{ "name": "http", "containerPort": 8080 }], "readinessProbe": probe });
    let get = |port: Value| container(json!({ "httpGet": { "path": "/", "port": port } }));
    let sidecar = json!({ "ports": [{ "name": "admin", "containerPort": 9000 }] });
    for (containers, expected) in [
        (vec![container(json!({ "exec": { "command": ["true"] } }))], None),
        (vec![get(json!(8080))], Some((Ok, "ok"))),
        (vec![get(json!("http"))], Some((Ok, "ok"))),
        (vec![get(json!("web"))], Some((Blocks, "unnamed"))),
        (vec![get(json!(9000))], Some((Warning, "undeclared"))),
        (vec![get(json!(9000)), sidecar.clone()], Some((Ok, "ok"))),
        (vec![get(json!("admin")), sidecar], Some((Blocks, "unnamed"))),
        (vec![json!({ "lifecycle": { "preStop": { "tcpSocket": { "port": 1 } } } })], Some((Warning, "undeclared"))),
    ] {
        let found = probe_ports(&json!({ "containers": containers }));
        let told = found.as_ref().map(|verdict| (verdict.level, verdict.code.as_str()));
        assert_eq!(told, expected, "{containers:?}");
    }
}
