//! Where a journey goes: a namespace of its own on the real cluster, and what is true there, whatever the window says.

use super::person::{APP, GROUP};
use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use serde_json::Value;
use slipway_cluster::{Code, Kind};
use slipway_model::cluster::Role;
use slipway_model::id::LinkId;
use slipway_tests::ground::registry;
use slipway_tests::owner::{Owner, kubeconfig, owner_by};
use std::time::Duration;

/// The name that the owner proposes for the link.
pub(super) const LINK: &str = "practice";
const AN_HOUR: Duration = Duration::from_hours(1);

/// Where the API server of the tests' cluster is. Nothing is asked.
pub(super) async fn server() -> Result<String> {
    let contexts = slipway_cluster::kubeconfig::read(&[kubeconfig()?]).await?;
    Ok(contexts.rows.first().context("the kubeconfig has a context")?.server.clone())
}

/// A namespace and its owner.
#[derive(Debug)]
pub(super) struct Site {
    owner: Owner,
    code: SecretString,
}

impl Site {
    /// `name` becomes the namespace's, with a random tail.
    pub(super) async fn new(name: &str) -> Result<Self> {
        let namespace = format!("{name}-{}", &LinkId::random().as_str()[..8]);
        let owner = owner_by(&kubeconfig()?, &namespace).await?;
        let code = owner.code(LINK, Role::Manager, AN_HOUR).await?;
        Ok(Self { owner, code })
    }

    pub(super) fn namespace(&self) -> &str {
        &self.owner.connection.namespace
    }

    pub(super) fn server(&self) -> &str {
        &self.owner.connection.server
    }

    /// What the owner hands to a new member.
    pub(super) fn code(&self) -> &str {
        self.code.expose_secret()
    }

    /// The credential in the code: it must never come to the page.
    pub(super) fn token(&self) -> Result<String> {
        let code = Code::decode(self.code())?;
        Ok(code.links.first().context("the code links a cluster")?.token.expose_secret().to_owned())
    }

    /// The repository with the demo images.
    pub(super) fn repository() -> Result<String> {
        Ok(format!("{}/demo/checkout-api", registry()?))
    }

    /// Tag and readiness of every pod that is not on its way out.
    pub(super) async fn pods(&self) -> Result<Vec<(String, bool)>> {
        let pods = self.owner.connection.list(Kind::Pod, &format!("slipway.dev/app={APP}")).await?;
        let stay = pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        Ok(stay.map(|pod| (tag(&pod["spec"]), is_ready(pod))).collect())
    }

    /// `status` of every record that releases left in the cluster, oldest first.
    pub(super) async fn records(&self) -> Result<Vec<String>> {
        let selector = format!("slipway.dev/app={APP},slipway.dev/seq");
        let mut records = self.owner.connection.list(Kind::ConfigMap, &selector).await?;
        let seq = |record: &Value| {
            record["metadata"]["labels"]["slipway.dev/seq"].as_str().and_then(|n| n.parse::<u64>().ok())
        };
        records.sort_by_key(seq);
        let status = |record: &Value| record["metadata"]["labels"]["slipway.dev/status"].as_str().map(str::to_owned);
        Ok(records.iter().map(|record| status(record).unwrap_or_default()).collect())
    }

    /// Every object that a release makes or changes, as text, and each part of a record unpacked; with what it is.
    pub(super) async fn left_in_the_cluster(&self) -> Result<Vec<(String, Vec<u8>)>> {
        let mut left = Vec::new();
        for kind in [Kind::ConfigMap, Kind::Deployment, Kind::ReplicaSet, Kind::Pod, Kind::Lease, Kind::Event] {
            for object in self.owner.connection.list(kind, "").await? {
                let name = format!("{kind:?} {}", object["metadata"]["name"].as_str().unwrap_or_default());
                for (part, packed) in object["binaryData"].as_object().into_iter().flatten() {
                    let packed = STANDARD.decode(packed.as_str().unwrap_or_default())?;
                    left.push((format!("{part} of {name}"), zstd::decode_all(packed.as_slice())?));
                }
                left.push((name, object.to_string().into_bytes()));
            }
        }
        Ok(left)
    }

    /// The tag that the Deployment asks for.
    pub(super) async fn wanted(&self) -> Result<String> {
        let name = format!("{APP}-{GROUP}");
        let live = self.owner.connection.get(Kind::Deployment, &name).await?.context("the Deployment is there")?;
        Ok(tag(&live["spec"]["template"]["spec"]))
    }

    /// How many `ReplicaSets` there are.
    pub(super) async fn replica_sets(&self) -> Result<usize> {
        Ok(self.owner.connection.list(Kind::ReplicaSet, &format!("slipway.dev/app={APP}")).await?.len())
    }

    /// Gives the namespace back; it goes in the background.
    pub(super) async fn close(self) -> Result<()> {
        self.owner.connection.delete(Kind::Namespace, self.namespace()).await?;
        Ok(())
    }
}

/// Tag of the first container's image in a pod's spec.
fn tag(spec: &Value) -> String {
    let image = spec["containers"][0]["image"].as_str().unwrap_or_default();
    let image = image.split('@').next().unwrap_or(image);
    image.rsplit_once(':').map_or(image, |(_, tag)| tag).to_owned()
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    conditions.into_iter().flatten().any(|one| one["type"] == "Ready" && one["status"] == "True")
}
