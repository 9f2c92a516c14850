//! Somebody who looks at the pods of a group all the time: a floor of ready ones and a cap of wanted ones.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::{Connection, Kind};
use slipway_tests::ground::Ground;
use slipway_tests::ground::PATIENCE;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Looks that it takes after all has happened, before it is believed.
const LAST_LOOKS: u64 = 10;
/// How often it looks.
const EVERY: Duration = Duration::from_millis(20);
const SELECTOR: &str = "slipway.dev/app=checkout-api";

/// What was seen at worst.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) looks: u64,
    /// Fewest pods that were ready and not on their way out. One whose node is not heard of counts as it was: that no release
    /// has caused.
    pub(crate) least_ready: u64,
    /// Most pods of which the node controller said so.
    pub(crate) unheard: u64,
    /// Most pods that `ReplicaSets` wanted at the same time.
    pub(crate) most_wanted: u64,
    /// The moments in which it got worse.
    pub(crate) story: Vec<String>,
}

pub(crate) struct Watcher {
    seen: watch::Receiver<Seen>,
    run: JoinHandle<()>,
}

impl Watcher {
    pub(crate) fn of(ground: &Ground) -> Self {
        let connection = ground.owner.connection.clone();
        let first = Seen { looks: 0, least_ready: u64::MAX, unheard: 0, most_wanted: 0, story: Vec::new() };
        let (sender, seen) = watch::channel(first);
        let run = tokio::spawn(async move {
            let mut every = tokio::time::interval(EVERY);
            loop {
                every.tick().await;
                // An API server that is away shows nothing.
                let Ok((ready, unheard, wanted)) = look(&connection).await else { continue };
                sender.send_modify(|seen| {
                    if ready < seen.least_ready || wanted > seen.most_wanted || unheard > seen.unheard {
                        let now = jiff::Timestamp::now();
                        let line =
                            format!("{now}: {ready} ready, {unheard} of these on a silent node, {wanted} wanted");
                        seen.story.push(line);
                    }
                    seen.unheard = seen.unheard.max(unheard);
                    seen.least_ready = seen.least_ready.min(ready);
                    seen.most_wanted = seen.most_wanted.max(wanted);
                    seen.looks += 1;
                });
            }
        });
        Self { seen, run }
    }

    /// Ends it, once it has seen where things came to; what it saw.
    pub(crate) async fn end(mut self) -> Result<Seen> {
        let looks = self.seen.borrow().looks + LAST_LOOKS;
        let wait = self.seen.wait_for(|seen| seen.looks >= looks);
        let seen = tokio::time::timeout(PATIENCE, wait).await.context("nobody looks any more")??.clone();
        self.run.abort();
        Ok(seen)
    }
}

impl Seen {
    pub(crate) fn keeps(&self, floor: u64, cap: u64) -> Result<()> {
        ensure!(self.least_ready >= floor, "fewer than {floor} pods ready: {self:#?}");
        ensure!(self.most_wanted <= cap, "more than {cap} pods wanted: {self:#?}");
        Ok(())
    }
}

async fn look(connection: &Connection) -> Result<(u64, u64, u64)> {
    let (pods, sets) =
        tokio::try_join!(connection.list(Kind::Pod, SELECTOR), connection.list(Kind::ReplicaSet, SELECTOR))?;
    let stays = pods.iter().filter(|pod| pod["metadata"]["deletionTimestamp"].is_null());
    // The kubelet says both at once. That its node is silent is said by the node controller, which leaves the second as it
    // is.
    let (ready, unheard): (Vec<_>, Vec<_>) =
        stays.filter(|pod| is(pod, "ContainersReady")).partition(|pod| is(pod, "Ready"));
    let wanted = sets.iter().filter_map(|set| set["spec"]["replicas"].as_u64()).sum();
    Ok(((ready.len() + unheard.len()) as u64, unheard.len() as u64, wanted))
}

fn is(pod: &Value, condition: &str) -> bool {
    let conditions = pod["status"]["conditions"].as_array();
    conditions.into_iter().flatten().any(|one| one["type"] == condition && one["status"] == "True")
}
