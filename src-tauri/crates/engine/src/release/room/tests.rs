use super::*;
use serde_json::json;

fn pod() -> Value {
    json!({
        "containers": [{ "resources": { "requests": { "cpu": "100m", "memory": "64Mi" }, "limits": { "memory": "128Mi" } } }],
    })
}

fn needs(pod: &Value, pods: u32, unavailable: u32) -> Needs<'_> {
    Needs { first: false, pods, unavailable, pod, objects: &[], selector: String::new() }
}

fn quota(spec: Value, hard: Value, used: Value) -> Value {
    json!({ "metadata": { "name": "team" }, "spec": spec, "status": { "hard": hard, "used": used } })
}

fn told(found: &Verdict) -> (VerdictLevel, &str) {
    (found.level, found.code.as_str())
}

#[test]
fn what_a_quota_leaves_decides_whether_it_moves() {
    use VerdictLevel::{Blocks, Ok, Warning};
    let pod = pod();
    for (hard, used, pods, unavailable, expected) in [
        (json!({ "pods": "10" }), json!({ "pods": "8" }), 2, 0, (Ok, "ok")),
        (json!({ "pods": "10" }), json!({ "pods": "9" }), 2, 0, (Warning, "tight")),
        (json!({ "pods": "10" }), json!({ "pods": "10" }), 2, 0, (Blocks, "full")),
        // Old pods go first, and make room.
        (json!({ "pods": "10" }), json!({ "pods": "10" }), 2, 1, (Warning, "tight")),
        (json!({ "pods": "10" }), json!({ "pods": "12" }), 0, 1, (Ok, "ok")),
        (json!({ "requests.cpu": "1" }), json!({ "requests.cpu": "950m" }), 1, 0, (Blocks, "full")),
        (json!({ "cpu": "1" }), json!({ "cpu": "900m" }), 1, 0, (Ok, "ok")),
        (json!({ "limits.memory": "1Gi" }), json!({ "limits.memory": "960Mi" }), 1, 0, (Blocks, "full")),
        (json!({ "limits.cpu": "100" }), json!({}), 1, 0, (Warning, "unsaid")),
        (json!({ "requests.nvidia.com/gpu": "0" }), json!({}), 1, 0, (Ok, "ok")),
        (json!({ "services": "0", "requests.storage": "0" }), json!({}), 1, 0, (Ok, "ok")),
        (json!({ "count/replicasets.apps": "5" }), json!({ "count/replicasets.apps": "5" }), 0, 1, (Blocks, "objects")),
        (json!({ "configmaps": "5" }), json!({ "configmaps": "4" }), 0, 1, (Blocks, "objects")),
        (json!({ "configmaps": "5" }), json!({ "configmaps": "3" }), 0, 1, (Ok, "ok")),
        (json!({ "count/secrets": "1" }), json!({ "count/secrets": "1" }), 0, 1, (Blocks, "objects")),
    ] {
        let found = of_quotas(&[quota(json!({}), hard.clone(), used.clone())], &needs(&pod, pods, unavailable), 2, 1);
        assert_eq!(told(&found), expected, "{hard} {used} {pods} {unavailable}: {found:?}");
    }
    let full = of_quotas(
        &[quota(json!({}), json!({ "memory": "1Gi" }), json!({ "memory": "1Gi" }))],
        &needs(&pod, 3, 0),
        0,
        0,
    );
    let params = ["quota", "resource", "hard", "used", "free", "need"].map(|name| full.params[name].as_str());
    assert_eq!(params, ["team", "memory", "1Gi", "1Gi", "0Mi", "192Mi"]);
}

#[test]
fn a_quota_of_other_pods_says_nothing() {
    let full = |spec: Value| quota(spec, json!({ "pods": "1" }), json!({ "pods": "1" }));
    let (some, best) = (pod(), json!({ "containers": [{}] }));
    for (scopes, pod, level) in [
        (json!({ "scopes": ["BestEffort"] }), &some, VerdictLevel::Ok),
        (json!({ "scopes": ["BestEffort"] }), &best, VerdictLevel::Blocks),
        (json!({ "scopes": ["NotBestEffort", "NotTerminating"] }), &some, VerdictLevel::Blocks),
        (json!({ "scopes": ["Terminating"] }), &some, VerdictLevel::Ok),
        (json!({ "scopeSelector": { "matchExpressions": [] } }), &some, VerdictLevel::Ok),
    ] {
        assert_eq!(of_quotas(&[full(scopes.clone())], &needs(pod, 1, 0), 0, 0).level, level, "{scopes}");
    }
}

fn node(name: &str, cpu: i128, pods: i128) -> NodeOffer {
    let memory = 1024 * MEBI * ONE;
    let allocatable = [("cpu", cpu), ("memory", memory), ("pods", pods * ONE)];
    NodeOffer {
        name: name.into(),
        resources: BTreeMap::new(),
        labels: BTreeMap::from([("zone".to_owned(), name.to_owned())]),
        cordoned: false,
        allocatable: allocatable.map(|(name, amount)| (name.to_owned(), amount)).into(),
        taints: Vec::new(),
    }
}

#[test]
fn what_the_nodes_have_left_is_counted_pod_by_pod() {
    use VerdictLevel::{Ok, Warning};
    let nodes = [node("a", 250, 10), node("b", 150, 10)];
    let on = |node: &str| (node.to_owned(), pod());
    for (pods, surge, unavailable, expected) in [
        (vec![], 3, 0, (Ok, "ok")),
        (vec![on("a")], 3, 0, (Warning, "tight")),
        (vec![on("a"), on("a"), on("b")], 1, 0, (Warning, "full")),
        (vec![on("a"), on("a"), on("b")], 1, 1, (Warning, "tight")),
    ] {
        let pod = pod();
        let found = of_nodes(&nodes, &pods, &needs(&pod, surge, unavailable));
        assert_eq!(told(&found), expected, "{} {surge}: {found:?}", pods.len());
    }
    // Room for CPU, and none for one more pod.
    let pod = pod();
    assert_eq!(told(&of_nodes(&[node("a", 1_000, 1)], &[on("a")], &needs(&pod, 1, 0))), (Warning, "full"));
    let mut large = self::pod();
    large["containers"][0]["resources"]["requests"]["memory"] = "64Gi".into();
    assert_eq!(told(&of_nodes(&nodes, &[], &needs(&large, 1, 0))), (Warning, "large"));
}

#[test]
fn nodes_that_keep_the_pods_away_have_no_room_for_them() {
    let taint = Taint { key: "gpu".into(), value: "yes".into(), effect: "NoSchedule".into() };
    let tainted = NodeOffer { taints: vec![taint], ..node("a", 1_000, 10) };
    let cordoned = NodeOffer { cordoned: true, ..node("a", 1_000, 10) };
    let code = |node: &NodeOffer, change: Value| {
        let mut pod = pod();
        if let (Some(pod), Value::Object(change)) = (pod.as_object_mut(), change) {
            pod.extend(change);
        }
        of_nodes(std::slice::from_ref(node), &[], &needs(&pod, 1, 0)).code
    };
    assert_eq!(code(&tainted, json!({})), "large", "no node for them at all");
    assert_eq!(code(&tainted, json!({ "tolerations": [{ "key": "gpu", "operator": "Exists" }] })), "ok");
    assert_eq!(code(&tainted, json!({ "tolerations": [{ "key": "gpu", "value": "no" }] })), "large");
    assert_eq!(code(&cordoned, json!({})), "full");
    assert_eq!(code(&node("a", 1_000, 10), json!({ "nodeSelector": { "zone": "b" } })), "large");
}
