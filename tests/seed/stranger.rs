//! A Deployment of the story that kubectl made: one that can be adopted.

use anyhow::{Context, Result};
use serde_json::{Value, json};
use slipway_cluster::{Connection, Kind};

const NAME: &str = "checkout-backoffice";

/// Makes it where it is not there yet.
pub(crate) async fn made(connection: &Connection, registry: &str) -> Result<()> {
    if connection.get(Kind::Deployment, NAME).await?.is_none() {
        connection.create(Kind::Deployment, &deployment(registry)).await.with_context(|| format!("create {NAME}"))?;
    }
    Ok(())
}

/// With what the form knows, and with more: a sidecar, a volume, an affinity, annotations.
fn deployment(registry: &str) -> Value {
    let image = format!("{registry}/demo/checkout-api:2.13.3");
    let labels = json!({ "app": NAME });
    let node = json!({ "matchExpressions": [{ "key": "disk", "operator": "In", "values": ["ssd"] }] });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": NAME, "annotations": { "team": "back-office" } },
        "spec": {
            "replicas": 2,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": labels, "annotations": { "prometheus.io/scrape": "true", "prometheus.io/port": "9102" } },
                "spec": {
                    "terminationGracePeriodSeconds": 20,
                    "affinity": { "nodeAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [{ "weight": 1, "preference": node }] } },
                    "volumes": [{ "name": "report-cache", "emptyDir": { "sizeLimit": "64Mi" } }],
                    "containers": [
                        {
                            "name": "backoffice", "image": image,
                            "ports": [{ "name": "http", "containerPort": 8080 }],
                            "env": [{ "name": "PROFILE", "value": "backoffice" }, { "name": "TZ", "value": "Asia/Shanghai" }],
                            "resources": { "requests": { "cpu": "10m", "memory": "16Mi" }, "limits": { "cpu": "250m", "memory": "128Mi" } },
                            "readinessProbe": { "httpGet": { "path": "/readyz", "port": "http" }, "periodSeconds": 10 },
                            "livenessProbe": { "tcpSocket": { "port": 8080 }, "periodSeconds": 20 },
                            "lifecycle": { "preStop": { "exec": { "command": ["sleep", "1"] } } },
                            "volumeMounts": [{ "name": "report-cache", "mountPath": "/var/cache" }],
                        },
                        { "name": "log-agent", "image": image, "env": [{ "name": "PORT", "value": "9102" }] },
                    ],
                },
            },
        },
    })
}
