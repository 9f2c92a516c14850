//! Pods asked from inside, and what they wrote.

use crate::ground::{Ground, PATIENCE};
use crate::log::{self, OpenLog};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use slipway_cluster::record::{self, Record};
use slipway_cluster::{HttpAnswer, HttpGet, Kind, Session};
use slipway_engine::log::LogOf;
use slipway_model::id::GroupId;
use std::time::Duration;

/// How long between two looks at something of the cluster that no feed tells of.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// More bytes than any pod of a test answers.
const BYTES: usize = 1 << 20;

/// The pods of a namespace, asked as the kubelet would.
#[derive(Debug)]
pub struct Pods<'g> {
    ground: &'g Ground,
    session: Session,
}

impl<'g> Pods<'g> {
    pub async fn of(ground: &'g Ground) -> Result<Self> {
        Ok(Self { ground, session: ground.session().await? })
    }

    /// Those with these labels that are not on their way out.
    pub async fn with(&self, selector: &str) -> Result<Vec<Value>> {
        let mut pods = self.ground.owner.connection.list(Kind::Pod, selector).await?;
        pods.retain(|pod| pod["metadata"]["deletionTimestamp"].is_null());
        Ok(pods)
    }

    /// The only one of a group.
    pub async fn only(&self, group: &str) -> Result<Value> {
        let mut pods = self.with(&format!("slipway.dev/group={group}")).await?;
        match pods.len() {
            1 => Ok(pods.remove(0)),
            count => bail!("{count} pods of {group}: {pods:?}"),
        }
    }

    pub async fn get(&self, pod: &Value, port: u16, path: &str) -> Result<(u16, Vec<u8>)> {
        let get = HttpGet { path: path.to_owned(), port, tls: false, headers: Vec::new() };
        match self.session.http_get(name(pod), &get, BYTES).await? {
            HttpAnswer::Answered { status, body, .. } => Ok((status, body)),
            HttpAnswer::Nothing(reason) => bail!("{} does not answer at {port}: {reason}", name(pod)),
        }
    }

    pub async fn json(&self, pod: &Value, port: u16, path: &str) -> Result<Value> {
        match self.get(pod, port, path).await? {
            (200, body) => Ok(serde_json::from_slice(&body)?),
            (status, _) => bail!("{} answers {status} at {path}", name(pod)),
        }
    }

    /// What the demo server in a pod recorded of probes and hooks, once it holds.
    pub async fn calls(
        &self,
        pod: &Value,
        port: u16,
        what: &str,
        holds: impl Fn(&[Call]) -> bool,
    ) -> Result<Vec<Call>> {
        let mut last = Vec::new();
        let look = async {
            loop {
                last = self.json(pod, port, "/calls").await?.as_array().into_iter().flatten().map(Call::of).collect();
                if holds(&last) {
                    return anyhow::Ok(());
                }
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, look).await;
        found.with_context(|| format!("{what}: {last:#?}"))??;
        Ok(last)
    }

    /// Every line of a container up to its end.
    pub async fn log(&self, group: &GroupId, pod: &Value, container: &str) -> Result<Vec<String>> {
        let of = LogOf::Container { pod: name(pod).to_owned(), container: container.to_owned() };
        let mut log = OpenLog::new(&self.ground.engine, log::source(group, of));
        log.until("it has ended", OpenLog::has_ended).await?;
        Ok(log.lines().await?.into_iter().filter(|line| line.mark.is_none()).map(|line| line.text).collect())
    }

    /// The records of releases, oldest first.
    pub async fn records(&self) -> Result<Vec<Record>> {
        let records = record::list(&self.session, None, None).await?;
        records.into_iter().map(|record| record.context("a record that can be read")).collect()
    }

    pub fn close(self) {
        self.session.stop();
    }
}

pub fn name(pod: &Value) -> &str {
    pod["metadata"]["name"].as_str().unwrap_or_default()
}

/// A request that the demo server recorded.
#[derive(Debug)]
pub struct Call {
    /// With its query.
    pub path: String,
    pub agent: String,
}

impl Call {
    fn of(call: &Value) -> Self {
        let text = |key: &str| call[key].as_str().unwrap_or_default().to_owned();
        let query = call["query"].as_str().map(|query| format!("?{query}")).unwrap_or_default();
        Self { path: text("path") + &query, agent: text("agent") }
    }

    pub fn is(&self, path: &str, agent: &str) -> bool {
        self.path == path && self.agent.starts_with(agent)
    }
}
