//! The count of a group as a live operation: more or fewer, stop, and start again with as many as before; and all of its
//! pods replaced by themselves. None of it while a release moves the group.
//!
//! How many that were stands in an annotation of the Deployment, in the same write as the zero: any computer brings the
//! group back.

use crate::Engine;
use crate::error::{Error, Result};
use crate::release::{PodsLeft, Scaler, pods_left};
use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use slipway_cluster::{Kind, Session, lease};
use slipway_model::field::{FieldCode, FieldError};
use slipway_model::group::COUNT_MAX;
use slipway_model::id::{GroupId, LinkId};
use slipway_render::names;
use std::collections::BTreeMap;
use ts_rs::TS;

/// A write that meets a newer version is made again on it, this often.
const TRIES: u32 = 8;

/// How many pods a group is meant to have, and who else has a say in that.
#[derive(Clone, Debug, Serialize, TS)]
pub struct CountView {
    pub count: u32,
    pub scaler: Option<Scaler>,
    pub left: Option<PodsLeft>,
    pub most: u32,
    /// How many more and fewer there may be while pods are replaced, as written; both empty where all end first.
    pub surge: String,
    pub unavailable: String,
}

impl Engine {
    /// # Errors
    /// `NotFound` where nothing runs, and what the cluster says.
    pub async fn group_count(&self, id: &GroupId) -> Result<CountView> {
        let (session, name) = self.workload(id).await?;
        let live = own(&session, id, &name).await?;
        let (scaler, left) =
            tokio::try_join!(Scaler::read(&session, &name), pods_left(&session, &live["spec"]["template"]))?;
        let count = live["spec"]["replicas"].as_u64().and_then(|count| count.try_into().ok()).unwrap_or(1);
        let limits = &live["spec"]["strategy"]["rollingUpdate"];
        let limit = |name: &str| match &limits[name] {
            Value::Null => String::new(),
            Value::String(share) => share.clone(),
            number => number.to_string(),
        };
        let (surge, unavailable) = (limit("maxSurge"), limit("maxUnavailable"));
        Ok(CountView { count, scaler, left, most: COUNT_MAX, surge, unavailable })
    }

    /// Has as many pods as that; none is a stop.
    ///
    /// # Errors
    /// `Invalid` above the limit, and as `group_stop`.
    pub async fn group_scale(&self, id: &GroupId, count: u32) -> Result<()> {
        if count > COUNT_MAX {
            let params =
                BTreeMap::from([("min".to_owned(), "0".to_owned()), ("max".to_owned(), COUNT_MAX.to_string())]);
            return Err(Error::Invalid(vec![FieldError {
                field: "count".to_owned(),
                code: FieldCode::OutOfRange,
                params,
                fix: None,
            }]));
        }
        if count == 0 {
            return self.group_stop(id).await;
        }
        self.recount(id, |live| {
            let other = live["spec"]["replicas"].as_u64() != Some(count.into());
            other.then(|| slipway_render::start_patch(version(live), count.into()))
        })
        .await
    }

    /// Replaces every pod by a like one, as many at a time as the group's strategy lets.
    ///
    /// # Errors
    /// `Held` where the Deployment is paused or held for a release in batches, and as `group_stop`.
    pub async fn group_restart(&self, id: &GroupId) -> Result<()> {
        let link = LinkId::from(self.group_entry(id).await?.draft.link.as_str());
        let author = self.author(&link).await?;
        let (session, name) = self.unmoved(id).await?;
        let live = own(&session, id, &name).await?;
        if live["spec"]["paused"] == true || slipway_render::is_pinned(&live) {
            return Err(Error::Held { name });
        }
        let at = Timestamp::from_second(Timestamp::now().as_second()).unwrap_or_default();
        let patch = slipway_render::restart_patch(version(&live), at, &author.display);
        // A newer version may be one that a release has just begun to move.
        Ok(session.merge_patch(Kind::Deployment, &name, &patch).await.map(drop)?)
    }

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
            let live = own(&session, id, &name).await?;
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
        let (session, name) = self.workload(id).await?;
        self.nobody_moves(id, &session, &name).await?;
        Ok((session, name))
    }

    /// The cluster of a group that was released, and the name of its Deployment.
    async fn workload(&self, id: &GroupId) -> Result<(Session, String)> {
        let entry = self.group_entry(id).await?;
        let name = entry.workload.ok_or_else(|| Error::not_found("Deployment", &entry.draft.name))?;
        Ok((self.session(&entry.draft.link.as_str().into())?, name))
    }

    /// # Errors
    /// `ReleaseRunning`, from here or from another computer.
    pub(crate) async fn nobody_moves(&self, id: &GroupId, session: &Session, workload: &str) -> Result<()> {
        let group = id.clone();
        if let Some(other) = self.store.read(move |r| r.moving_release(&group)).await? {
            let seq = other.seq.map(|seq| seq.to_string()).unwrap_or_default();
            return Err(Error::ReleaseRunning { seq, by: other.driver().display.clone(), id: Some(other.id) });
        }
        match lease::holder(session, &names::lease(workload)).await? {
            Some(holder) if !holder.expired => {
                Err(Error::ReleaseRunning { id: None, seq: String::new(), by: holder.by })
            }
            _ => Ok(()),
        }
    }
}

/// The Deployment of a group, and not another one of its name.
async fn own(session: &Session, id: &GroupId, name: &str) -> Result<Value> {
    let live = session.get(Kind::Deployment, name).await?;
    let live = live.filter(|live| slipway_render::group_uid(live) == Some(id.as_str()));
    live.ok_or_else(|| Error::not_found("Deployment", name))
}

fn version(live: &Value) -> &str {
    live["metadata"]["resourceVersion"].as_str().unwrap_or_default()
}
