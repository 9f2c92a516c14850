//! A cluster of the run's own, where kwok plays nodes and pods, with one group of Slipway's on it.

use crate::Options;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use std::collections::HashSet;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Pods of the group at first.
pub(crate) const FEW: u32 = 50;
/// Far more than ten thousand pods take.
const SCALED_WITHIN: Duration = Duration::from_mins(20);
const LOOK_AGAIN_AFTER: Duration = Duration::from_secs(1);
const NODES: u32 = 10;
const DEPLOYMENT: &str = "checkout-api-prod";

pub(crate) struct Site {
    pub(crate) ground: Ground,
    program: PathBuf,
    /// As whom Slipway asks.
    user: String,
    // Ends last.
    cluster: OwnCluster,
}

impl Site {
    /// With a group of few pods, released by Slipway.
    pub(crate) async fn start(options: &Options) -> Result<Self> {
        if let Some(why) = &options.no_cluster {
            bail!("no cluster: {why}");
        }
        let program = std::env::var_os("SLIPWAY_CLUSTER_BIN").context("no cluster: SLIPWAY_CLUSTER_BIN names none")?;
        let cluster = OwnCluster::start(&["--no-node", "--kwok"])?;
        let kubectl = |words: &[&str]| kubectl(&PathBuf::from(&program), &cluster, words);
        pipe(kubectl(&["apply", "-f", "-"]), &nodes().to_string())?;
        let user = printed(kubectl(&["auth", "whoami", "-o", "jsonpath={.status.userInfo.username}"]))?;
        let ground = Ground::on(&cluster, "bench", |draft| draft.count = FEW.to_string()).await?;
        let release = ground.release("v1").await?;
        ensure!(release.row.state == ReleaseState::Succeeded, "the release of {FEW} pods is {:?}", release.row.state);
        // From here on the window drives.
        ground.engine.close().await;
        Ok(Self { ground, program: program.into(), user, cluster })
    }

    /// The route of the page that lists the group's pods.
    pub(crate) fn running(&self) -> String {
        format!("/app/{}/running/{}", self.ground.app, self.ground.group)
    }

    pub(crate) fn overview(&self) -> String {
        format!("/app/{}/overview", self.ground.app)
    }

    /// Makes it so many pods, and waits until all are ready.
    pub(crate) async fn scale(&self, pods: u32) -> Result<()> {
        let connection = &self.ground.owner.connection;
        connection.merge_patch(Kind::Deployment, DEPLOYMENT, &json!({ "spec": { "replicas": pods } })).await?;
        let deadline = Instant::now() + SCALED_WITHIN;
        loop {
            let live = self.ground.deployment().await?;
            if live["status"]["readyReplicas"] == pods && live["status"]["replicas"] == pods {
                return Ok(());
            }
            ensure!(Instant::now() < deadline, "{pods} pods were not ready within {SCALED_WITHIN:?}");
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// Seconds that kubectl takes for the list of the group's pods, as the server sends it.
    pub(crate) fn raw_list(&self) -> Result<f64> {
        let path = format!("/api/v1/namespaces/{}/pods", self.ground.owner.connection.namespace);
        let mut command = kubectl(&self.program, &self.cluster, &["get", "--raw", &path]);
        let begun = Instant::now();
        let status = command.stdout(Stdio::null()).status().context("start kubectl")?;
        ensure!(status.success(), "kubectl get --raw {path} ended with {status}");
        Ok(begun.elapsed().as_secs_f64())
    }

    /// How many requests Slipway began between two moments of the clock, in seconds of 1970.
    pub(crate) fn requests(&self, from: f64, until: f64) -> Result<usize> {
        let state = std::fs::read(self.cluster.work().join("state.json")).context("read the cluster's state")?;
        let state: Value = serde_json::from_slice(&state).context("read the cluster's state")?;
        let log = state["auditLog"].as_str().context("the cluster keeps an audit log")?;
        let log = std::fs::read_to_string(log).context("read the cluster's audit log")?;
        Ok(requests(&log, &self.user, from, until))
    }

    pub(crate) fn kubectl_in_namespace(&self, words: &[&str]) -> Result<()> {
        let mut command = kubectl(&self.program, &self.cluster, words);
        command.args(["--namespace", &self.ground.owner.connection.namespace]);
        let status = command.stdout(Stdio::null()).status().context("start kubectl")?;
        ensure!(status.success(), "kubectl {words:?} ended with {status}");
        Ok(())
    }

    pub(crate) async fn close(self) -> Result<()> {
        self.ground.close().await
    }
}

fn kubectl(program: &PathBuf, cluster: &OwnCluster, words: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.arg("kubectl").args(words).env("KUBECONFIG", cluster.kubeconfig()).stdin(Stdio::null());
    command
}

fn pipe(mut command: Command, text: &str) -> Result<()> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().context("start kubectl")?;
    child.stdin.take().context("stdin was asked for")?.write_all(text.as_bytes())?;
    let status = child.wait()?;
    ensure!(status.success(), "kubectl ended with {status}");
    Ok(())
}

fn printed(mut command: Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().context("start kubectl")?;
    ensure!(output.status.success(), "kubectl ended with {}", output.status);
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Nodes that kwok plays, with room for all.
fn nodes() -> Value {
    let node = |number| {
        json!({
            "apiVersion": "v1", "kind": "Node",
            "metadata": { "name": format!("fake-{number}"), "annotations": { "kwok.x-k8s.io/node": "fake" } },
        })
    };
    json!({ "apiVersion": "v1", "kind": "List", "items": (0..NODES).map(node).collect::<Vec<_>>() })
}

/// An audit log has a line at each stage of a request; all bear its id.
fn requests(log: &str, user: &str, from: f64, until: f64) -> usize {
    let mut ids = HashSet::new();
    for line in log.lines() {
        // The last line may not be whole yet.
        let Ok(entry) = serde_json::from_str::<Value>(line) else { continue };
        let received = entry["requestReceivedTimestamp"].as_str().and_then(|text| text.parse::<jiff::Timestamp>().ok());
        let received = received.map(|received| received.as_duration().as_secs_f64());
        if entry["user"]["username"] == user && received.is_some_and(|received| (from..until).contains(&received)) {
            ids.insert(entry["auditID"].as_str().map(str::to_owned));
        }
    }
    ids.len()
}

#[cfg(test)]
mod tests {
    use super::requests;

    #[test]
    fn requests_of_one_user_within_a_time_are_counted_once() {
        let line = |id: &str, user: &str, second: u32, stage: &str| {
            format!(
                r#"{{"auditID":"{id}","stage":"{stage}","user":{{"username":"{user}"}},"requestReceivedTimestamp":"1970-01-01T00:00:{second:02}.500000Z"}}"#
            )
        };
        let log = [
            line("before", "us", 9, "ResponseComplete"),
            line("watch", "us", 10, "ResponseStarted"),
            line("watch", "us", 10, "ResponseComplete"),
            line("get", "us", 19, "ResponseComplete"),
            line("theirs", "them", 15, "ResponseComplete"),
            line("after", "us", 20, "ResponseComplete"),
            r#"{"auditID":"cut"#.to_owned(),
        ];
        assert_eq!(requests(&log.join("\n"), "us", 10.0, 20.0), 2);
    }
}
