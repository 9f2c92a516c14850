//! Evictions: a pod is asked to go, and the budgets of those who need it are asked first.

use crate::{ClusterError, Kind, Session};
use kube::api::PostParams;
use kube::core::Request;
use serde_json::{Value, json};

impl Session {
    /// Asks once, whatever the answer: a refusal is for a person to read. False when this very pod is gone already.
    ///
    /// # Errors
    /// `Budget` where a `PodDisruptionBudget` keeps it, `Conflict` for another pod of the name, and what the cluster says.
    pub async fn evict(&self, pod: &str, uid: &str) -> Result<bool, ClusterError> {
        let connection = self.connection().await?;
        let doing = connection.doing("evict", Kind::Pod, pod);
        // kube's own eviction names its options in a way that the server passes over.
        let eviction = json!({
            "apiVersion": "policy/v1",
            "kind": "Eviction",
            "metadata": { "name": pod, "namespace": connection.namespace },
            "deleteOptions": { "preconditions": { "uid": uid } },
        });
        let body = eviction.to_string().into_bytes();
        let request = Request::new(Kind::Pod.path(&connection.namespace));
        let request = request.create_subresource("eviction", pod, &PostParams::default(), body);
        match self.note(connection.send::<Value>(&doing, request).await) {
            Ok(_) => Ok(true),
            Err(ClusterError::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }
}
