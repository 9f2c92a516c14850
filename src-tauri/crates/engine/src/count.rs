//! The count of a group as a live operation: stop, and start again with as many as before.
//!
//! How many that were stands in an annotation of the Deployment, in the same write as the zero: any computer brings the
//! group back.

use crate::Engine;
use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{Kind, Session, lease};
use slipway_model::group::COUNT_MAX;
use slipway_model::id::GroupId;
use slipway_render::names;

/// A write that meets a newer version is made again on it, this often.
const TRIES: u32 = 8;

impl Engine {
    /// Scales to nothing and remembers the count. Done twice it changes nothing.
    ///
    /// # Errors
    /// `ReleaseRunning` while a release moves it, `NotFound` where nothing runs, and what the cluster says.
    pub async fn group_stop(&self, id: &GroupId) -> Result<()> {
        self.recount(id, |live| {
            let count = live["spec"]["replicas"].as_u64().unwrap_or(1);
            (count > 0).then(|| slipway_render::stop_patch(version(live), count))
        })
        .await
    }

    /// Brings back as many as there were: the remembered count, else that of the draft. One that runs is left alone.
    ///
    /// # Errors
    /// As `group_stop`.
    pub async fn group_start(&self, id: &GroupId) -> Result<()> {
        let draft = self.group_entry(id).await?.draft.count.trim().parse().unwrap_or(1);
        self.recount(id, |live| {
            let count = slipway_render::stopped_count(live).unwrap_or(draft).clamp(1, u64::from(COUNT_MAX));
            let stopped = live["spec"]["replicas"].as_u64() == Some(0);
            stopped.then(|| slipway_render::start_patch(version(live), count))
        })
        .await
    }

    /// Patches the newest version of the Deployment; `None` leaves it as it is.
    async fn recount(&self, id: &GroupId, make: impl Fn(&Value) -> Option<Value> + Send + Sync) -> Result<()> {
        let (session, name) = self.unmoved(id).await?;
        let mut tries = 0;
        loop {
            let live = session.get(Kind::Deployment, &name).await?;
            let live = live.filter(|live| slipway_render::group_uid(live) == Some(id.as_str()));
            let live = live.ok_or_else(|| Error::not_found("Deployment", &name))?;
            let Some(patch) = make(&live) else { return Ok(()) };
            tries += 1;
            match session.merge_patch(Kind::Deployment, &name, &patch).await {
                Err(error) if error.stale_version() && tries < TRIES => {}
                answer => return Ok(answer.map(drop)?),
            }
        }
    }

    /// The cluster of a group that was released and that no release moves just now, and the name of its Deployment.
    async fn unmoved(&self, id: &GroupId) -> Result<(Session, String)> {
        let valid = self.group_entry(id).await?;
        let name = valid.workload.ok_or_else(|| Error::not_found("Deployment", &valid.draft.name))?;
        let session = self.session(&valid.draft.link.as_str().into())?;
        self.nobody_moves(id, &session, &name).await?;
        Ok((session, name))
    }

    /// # Errors
    /// `ReleaseRunning`, from here or from another computer.
    pub(crate) async fn nobody_moves(&self, id: &GroupId, session: &Session, workload: &str) -> Result<()> {
        let group = id.clone();
        if let Some(other) = self.store.read(move |r| r.moving_release(&group)).await? {
            let seq = other.seq.map(|seq| seq.to_string()).unwrap_or_default();
            return Err(Error::ReleaseRunning { id: Some(other.id), seq, by: other.author.display });
        }
        match lease::holder(session, &names::lease(workload)).await? {
            Some(holder) if !holder.expired => {
                Err(Error::ReleaseRunning { id: None, seq: String::new(), by: holder.identity })
            }
            _ => Ok(()),
        }
    }
}

fn version(live: &Value) -> &str {
    live["metadata"]["resourceVersion"].as_str().unwrap_or_default()
}
