//! What a pod asks of its namespace's quotas and of a node.

use serde_json::Value;
use slipway_model::quantity::Quantity;

/// Thousandths of what a pod asks of a resource, as the scheduler counts it: its containers together with the init
/// containers that stay, or the largest of the others where that is more. A limit stands for a request that is not said.
/// `None` where some container says nothing.
pub fn requested(pod: &Value, resource: &str) -> Option<i128> {
    sum(pod, |resources| amount(&resources["requests"], resource).or_else(|| amount(&resources["limits"], resource)))
}

/// The same of its limits.
pub fn limited(pod: &Value, resource: &str) -> Option<i128> {
    sum(pod, |resources| amount(&resources["limits"], resource))
}

fn sum(pod: &Value, of: impl Fn(&Value) -> Option<i128>) -> Option<i128> {
    let all = |field: &str| pod[field].as_array().into_iter().flatten().collect::<Vec<_>>();
    let (stay, pass): (Vec<_>, Vec<_>) =
        all("initContainers").into_iter().partition(|container| container["restartPolicy"] == "Always");
    let of = |container: &Value| of(&container["resources"]);
    let together: Option<i128> = all("containers").into_iter().chain(stay).map(of).sum();
    let largest: Option<Vec<i128>> = pass.into_iter().map(of).collect();
    Some(together?.max(largest?.into_iter().max().unwrap_or(0)))
}

fn amount(of: &Value, resource: &str) -> Option<i128> {
    let text = match &of[resource] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    Quantity::parse(&text).ok().map(|quantity| quantity.milli())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pod_asks_for_what_runs_at_once() {
        let asks = |cpu: &str| json!({ "resources": { "requests": { "cpu": cpu } } });
        let mut pod = json!({ "containers": [asks("100m"), asks("1")], "initContainers": [asks("2")] });
        assert_eq!(requested(&pod, "cpu"), Some(2_000), "the one that starts first asks for more");
        pod["initContainers"][0]["restartPolicy"] = "Always".into();
        assert_eq!(requested(&pod, "cpu"), Some(3_100), "it stays");
        assert_eq!((requested(&pod, "memory"), limited(&pod, "cpu")), (None, None));
        let limits = json!({ "containers": [{ "resources": { "limits": { "memory": "64Mi" } } }] });
        let bytes = Some(64 * 1024 * 1024 * 1000);
        assert_eq!((requested(&limits, "memory"), limited(&limits, "memory")), (bytes, bytes));
    }
}
