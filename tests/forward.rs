//! Forwards as their feed tells of them, and what answers through them.

use crate::ground::PATIENCE;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use slipway_engine::Engine;
use slipway_engine::forward::{ForwardDraft, ForwardRow, ForwardState, ForwardTarget};
use slipway_engine::live::Live;
use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// What the feed has said.
#[derive(Debug)]
pub struct Forwards {
    engine: Engine,
    live: Live<ForwardRow>,
    rows: BTreeMap<String, ForwardRow>,
}

impl Forwards {
    pub fn of(engine: &Engine) -> Self {
        Self { engine: engine.clone(), live: engine.live_forwards(), rows: BTreeMap::new() }
    }

    /// Opens one and waits until it is so.
    pub async fn open(
        &mut self,
        target: ForwardTarget,
        port: &str,
        holds: impl Fn(&ForwardRow) -> bool,
    ) -> Result<ForwardRow> {
        let id = self.begin(target, port, "").await?;
        self.until(&id, holds).await
    }

    pub async fn begin(&self, target: ForwardTarget, port: &str, local: &str) -> Result<String> {
        let draft = ForwardDraft { target, port: port.to_owned(), local: local.to_owned() };
        Ok(self.engine.forward_open(&draft).await?)
    }

    /// Waits until a forward is told to be so.
    pub async fn until(&mut self, id: &str, holds: impl Fn(&ForwardRow) -> bool) -> Result<ForwardRow> {
        let wait = async {
            loop {
                if let Some(row) = self.rows.get(id).filter(|row| holds(row)) {
                    return Ok(row.clone());
                }
                self.next().await?;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        waited.with_context(|| format!("{id} does not become so: {:#?}", self.rows))?
    }

    /// Waits until a forward is told of no more.
    pub async fn until_gone(&mut self, id: &str) -> Result<()> {
        while self.rows.contains_key(id) {
            self.next().await?;
        }
        Ok(())
    }

    async fn next(&mut self) -> Result<()> {
        let next = tokio::time::timeout(PATIENCE, self.live.next()).await?;
        let Some(update) = next else { bail!("forwards are told of no more") };
        self.rows.extend(update.upserts.into_iter().map(|row| (row.id.clone(), row)));
        self.rows.retain(|id, _| !update.removes.contains(id));
        Ok(())
    }
}

pub fn is_open(row: &ForwardRow) -> bool {
    through(row).is_some()
}

/// The pod that it leads to now.
pub fn through(row: &ForwardRow) -> Option<&str> {
    match &row.state {
        ForwardState::Open { pod } => Some(pod),
        _ => None,
    }
}

/// Asks what listens on this computer, over a connection of its own: the body of its answer.
pub async fn get(local: u16, path: &str) -> Result<Vec<u8>> {
    let asked = async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, local)).await?;
        stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n").as_bytes()).await?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await?;
        anyhow::Ok(answer)
    };
    let answer = tokio::time::timeout(PATIENCE, asked).await.context("no answer")??;
    let end = answer.windows(4).position(|piece| piece == b"\r\n\r\n").context("no answer of HTTP")?;
    ensure!(answer.starts_with(b"HTTP/1.1 200"), "{}", String::from_utf8_lossy(&answer));
    Ok(answer[end + 4..].to_vec())
}

/// Name of the pod that answers there.
pub async fn host(local: u16) -> Result<String> {
    let answer: Value = serde_json::from_slice(&get(local, "/version").await?)?;
    Ok(answer["host"].as_str().context("it says who it is")?.to_owned())
}
