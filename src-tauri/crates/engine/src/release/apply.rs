//! Server-side applies of a Deployment: without force, except over our own earlier patches.

use crate::error::{Error, Result};
use serde_json::Value;
use slipway_cluster::{Apply, ClusterError, FieldConflict, Kind, Session};
use slipway_render::names::MANAGER;

/// What the server made of an apply.
pub(super) struct Applied {
    pub object: Value,
    /// Fields of our own patches that were taken back into the apply.
    pub overridden: Vec<String>,
}

/// Ties an apply to the live object it was rendered against.
pub(super) fn pin(ours: &mut Value, live: &Value) {
    ours["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"].clone();
}

pub(super) async fn dry_run(session: &Session, object: &Value) -> Result<Applied> {
    write(session, object, true).await
}

pub(super) async fn apply(session: &Session, object: &Value) -> Result<Applied> {
    write(session, object, false).await
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
