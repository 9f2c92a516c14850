//! A namespace of its own for every test, and what tests do there.

use serde_json::{Value, json};
use slipway_cluster::{Apply, Connection, Credential, Kind, Session, Subscription, Update, connect};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// Longest that anything may take here.
pub(crate) const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Place {
    pub(crate) namespace: String,
    pub(crate) admin: Connection,
    pub(crate) session: Session,
}

impl Place {
    /// A fresh namespace, and a session of the administrator in it.
    pub(crate) async fn new(name: &str) -> Self {
        let namespace = format!("{name}-{}", &uuid::Uuid::new_v4().simple().to_string()[..8]);
        let credential = credential(&kubeconfig(), &namespace);
        let admin = connect(&credential).await.expect("the administrator signs in");
        let object = json!({ "metadata": { "name": namespace } });
        admin.create(Kind::Namespace, &object).await.expect("a namespace");
        let session = Session::start("test".into(), credential);
        Self { namespace, admin, session }
    }

    /// Removes the namespace; what ends in a panic leaves it for a look.
    pub(crate) async fn done(self) {
        self.admin.delete(Kind::Namespace, &self.namespace).await.expect("deleted");
        let access = format!("{}-access", self.namespace);
        self.admin.delete(Kind::Namespace, &access).await.expect("deleted");
    }

    pub(crate) async fn apply(&self, kind: Kind, object: &Value) -> Value {
        self.session.apply(kind, object, Apply::default()).await.expect("applied")
    }
}

pub(crate) fn kubeconfig() -> PathBuf {
    PathBuf::from(std::env::var("SLIPWAY_TEST_KUBECONFIG").expect("SLIPWAY_TEST_KUBECONFIG names the test cluster"))
}

/// The only context of a file, in `namespace`.
pub(crate) fn credential(file: &Path, namespace: &str) -> Credential {
    slipway_tests::owner::credential(file, namespace).expect("a kubeconfig")
}

/// Address of the registry beside the API server.
pub(crate) fn registry(server: &str) -> String {
    let host = server.trim_start_matches("https://").split(':').next().unwrap_or_default();
    format!("{host}:5000")
}

/// A Deployment of the demo image.
pub(crate) fn deployment(server: &str, name: &str, tag: &str, replicas: u32, release: &str) -> Value {
    let labels = json!({ "slipway.dev/app": name, "slipway.dev/group": "g" });
    let mut pod_labels = labels.clone();
    pod_labels["slipway.dev/release"] = release.into();
    json!({
        "metadata": { "name": name, "labels": labels },
        "spec": {
            "replicas": replicas,
            "selector": { "matchLabels": labels },
            "template": {
                "metadata": { "labels": pod_labels },
                "spec": {
                    "terminationGracePeriodSeconds": 0,
                    "containers": [{ "name": "app", "image": format!("{}/demo/checkout-api:{tag}", registry(server)) }],
                },
            },
        },
    })
}

/// Waits until a condition holds of the rows that a subscription has delivered.
pub(crate) async fn rows_until<T: slipway_cluster::Row>(
    source: &mut Subscription<T>,
    what: &str,
    mut holds: impl FnMut(&[Arc<T>], bool) -> bool,
) -> Vec<Arc<T>> {
    let mut rows: Vec<Arc<T>> = Vec::new();
    let mut live = false;
    let wait = async {
        loop {
            match source.next().await.expect("the session goes on") {
                Update::Snapshot { rows: all, complete } => {
                    rows = all;
                    live = complete;
                }
                Update::Upsert(changed) => {
                    for row in changed {
                        rows.retain(|known| known.uid() != row.uid());
                        rows.push(row);
                    }
                }
                Update::Remove(uids) => rows.retain(|row| !uids.iter().any(|uid| uid == row.uid())),
                Update::Live => live = true,
                Update::Stale { .. } => live = false,
                Update::Failed(error) => panic!("{what}: {error}"),
            }
            if holds(&rows, live) {
                return;
            }
        }
    };
    let found = tokio::time::timeout(PATIENCE, wait).await;
    assert!(found.is_ok(), "{what}: not within {PATIENCE:?}; rows {rows:#?}");
    rows
}

/// Asks again until it is so.
pub(crate) async fn until<T>(what: &str, mut ask: impl AsyncFnMut() -> Option<T>) -> T {
    let asking = async {
        loop {
            if let Some(found) = ask().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    tokio::time::timeout(PATIENCE, asking).await.unwrap_or_else(|_| panic!("{what}: not within {PATIENCE:?}"))
}
