//! Server-side applies of a Deployment: without force, except over our own earlier patches.

use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{Apply, ClusterError, FieldConflict, Kind, Session};
use slipway_render::names::MANAGER;

/// A write that meets a newer resourceVersion is made again on it, this often.
pub(super) const CONFLICTS_MAX: u32 = 8;

/// What the server made of an apply.
pub(super) struct Applied {
    pub object: Value,
    /// Fields of our own patches that were taken back into the apply.
    pub overridden: Vec<String>,
}

/// Asks what an apply would make, over the newest version of the live object. What else moved of it since it was read is
/// for the start of the release to find.
pub(super) async fn dry_run(session: &Session, ours: &Value, name: &str) -> Result<Applied> {
    on_newest(session, ours, name, true, |_| Ok(true)).await?.ok_or_else(|| Error::not_found("Deployment", name))
}

/// Applies over the newest version of the live object, after `check` has seen it: `false` leaves it as it is, and gives
/// nothing.
pub(super) async fn apply(
    session: &Session,
    ours: &Value,
    name: &str,
    check: impl Fn(Option<&Value>) -> Result<bool> + Send + Sync,
) -> Result<Option<Applied>> {
    on_newest(session, ours, name, false, check).await
}

/// Ties an apply to the live object that was looked at, and begins again when somebody (mostly the controller, with the
/// status) wrote it in between.
async fn on_newest(
    session: &Session,
    ours: &Value,
    name: &str,
    dry_run: bool,
    check: impl Fn(Option<&Value>) -> Result<bool> + Send + Sync,
) -> Result<Option<Applied>> {
    let mut tries = 0;
    loop {
        let live = session.get(Kind::Deployment, name).await?;
        if !check(live.as_ref())? {
            return Ok(None);
        }
        let mut pinned = ours.clone();
        if let Some(live) = &live {
            pinned["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
        }
        tries += 1;
        match write(session, &pinned, dry_run).await {
            Err(Error::Cluster(error)) if error.stale_version() && tries < CONFLICTS_MAX => {}
            written => return written.map(Some),
        }
    }
}

/// A merge patch of ours is recorded as `slipway`/Update, and a later apply of the same name conflicts with it. So: no
/// force at first; when every conflict is with ourselves, again with force on the same resourceVersion; when any is
/// somebody else's, say whose.
async fn write(session: &Session, object: &Value, dry_run: bool) -> Result<Applied> {
    let options = Apply { dry_run, force: false };
    match session.apply(Kind::Deployment, object, options).await {
        Ok(object) => Ok(Applied { object, overridden: Vec::new() }),
        Err(ClusterError::Conflict { conflicts, .. }) if !conflicts.is_empty() => {
            let foreign: Vec<FieldConflict> = conflicts.iter().filter(|c| c.manager != MANAGER).cloned().collect();
            if !foreign.is_empty() {
                return Err(Error::Conflict(foreign));
            }
            let object = session.apply(Kind::Deployment, object, Apply { force: true, ..options }).await?;
            Ok(Applied { object, overridden: conflicts.into_iter().map(|conflict| conflict.field).collect() })
        }
        Err(error) => Err(error.into()),
    }
}
