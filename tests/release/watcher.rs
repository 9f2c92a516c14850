//! Somebody who looks at the pods of a group all the time: a floor of ready ones and a cap of wanted ones.

use anyhow::{Result, ensure};
use serde_json::Value;
use slipway_cluster::{Connection, Kind};
use slipway_tests::ground::Ground;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;

/// How often it looks.
const EVERY: Duration = Duration::from_millis(20);
const SELECTOR: &str = "slipway.dev/app=checkout-api";

/// What was seen at worst.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) looks: u64,
    /// Fewest pods that were ready and not on their way out.
    pub(crate) least_ready: u64,
    /// Most pods that `ReplicaSets` wanted at the same time.
    pub(crate) most_wanted: u64,
    /// The moments in which it got worse.
    pub(crate) story: Vec<String>,
}

pub(crate) struct Watcher {
    seen: Arc<Mutex<Seen>>,
    looks: Arc<AtomicU64>,
    run: JoinHandle<()>,
}

impl Watcher {
    pub(crate) fn of(ground: &Ground) -> Self {
        let connection = ground.owner.connection.clone();
        let first = Seen { looks: 0, least_ready: u64::MAX, most_wanted: 0, story: Vec::new() };
        let (seen, looks) = (Arc::new(Mutex::new(first)), Arc::new(AtomicU64::new(0)));
        let (told, counted) = (seen.clone(), looks.clone());
        let run = tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                // An API server that is away shows nothing.
                if let Ok((ready, wanted)) = look(&connection).await {
                    let mut seen = told.lock().expect("nobody panics with it");
                    if ready < seen.least_ready || wanted > seen.most_wanted {
                        let line = format!("{}: {ready} ready, {wanted} wanted", jiff::Timestamp::now());
                        seen.story.push(line);
                    }
                    seen.least_ready = seen.least_ready.min(ready);
                    seen.most_wanted = seen.most_wanted.max(wanted);
                    counted.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { seen, looks, run }
    }

    /// Ends it; what it saw.
    pub(crate) fn end(self) -> Seen {
        self.run.abort();
        let seen = self.seen.lock().expect("nobody panics with it").clone();
        Seen { looks: self.looks.load(Ordering::Relaxed), ..seen }
    }
}

impl Seen {
    pub(crate) fn keeps(&self, floor: u64, cap: u64) -> Result<()> {
        ensure!(self.looks > 10, "it hardly looked: {self:#?}");
        ensure!(self.least_ready >= floor, "fewer than {floor} pods ready: {self:#?}");
        ensure!(self.most_wanted <= cap, "more than {cap} pods wanted: {self:#?}");
        Ok(())
    }
}

async fn look(connection: &Connection) -> Result<(u64, u64)> {
    let (pods, sets) =
        tokio::try_join!(connection.list(Kind::Pod, SELECTOR), connection.list(Kind::ReplicaSet, SELECTOR))?;
    let ready = pods.iter().filter(|pod| ready(pod)).count();
    let wanted = sets.iter().filter_map(|set| set["spec"]["replicas"].as_u64()).sum();
    Ok((ready as u64, wanted))
}

fn ready(pod: &Value) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    let ready = conditions.into_iter().flatten().any(|one| one["type"] == "Ready" && one["status"] == "True");
    ready && pod["metadata"]["deletionTimestamp"].is_null()
}
