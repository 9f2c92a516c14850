//! The live side: read from the cluster, and compared by dry run.

use super::side::{Loaded, Side, SideHead};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde_json::Value;
use slipway_cluster::{Apply, Kind, Session};
use slipway_model::id::{GroupId, LinkId};
use slipway_render::diff::seen;
use slipway_render::foreign::owned;
use slipway_render::managed::owners;
use slipway_render::names::{LABEL_RELEASE, MANAGER};
use slipway_render::side::Side as Objects;

/// What the server makes of an object of ours over the live one.
pub(super) struct Dry {
    /// As it would be stored, with everything.
    pub object: Value,
    /// What the server said when it refused: then `object` is ours, as it is.
    pub refused: Option<String>,
}

impl Engine {
    /// The live Deployment and the `ConfigMap`s that it refers to. Secrets are not read.
    pub(super) async fn live_side(&self, group: &GroupId) -> Result<Loaded> {
        let entry = self.group_entry(group).await?;
        let (session, workload) = self.live_place(group).await?;
        let live = session.get(Kind::Deployment, &workload).await?;
        let side = match &live {
            Some(live) => {
                let mut configs = Vec::new();
                for object in Objects::of(live, []).objects.iter().filter(|object| object.kind == "ConfigMap") {
                    configs.extend(session.get(Kind::ConfigMap, &object.name).await?);
                }
                Objects::of(live, configs)
            }
            None => Objects::default(),
        };
        let label = live.as_ref().and_then(slipway_render::template_release);
        let head = SideHead {
            group: group.clone(),
            group_name: entry.draft.name.trim().to_owned(),
            side: Side::Live,
            seq: label.and_then(|label| label.strip_prefix('r')?.parse().ok()),
            version: live
                .as_ref()
                .and_then(|live| slipway_render::template_image(live, entry.draft.container()))
                .map(slipway_model::image::ImageRef::version_of),
            by: None,
            at: Timestamp::now(),
            workload,
        };
        Ok(Loaded { head, plan: None, side })
    }

    /// Where the live objects of a group are.
    pub(super) async fn live_place(&self, group: &GroupId) -> Result<(Session, String)> {
        let entry = self.group_entry(group).await?;
        let session = self.session(&LinkId::from(entry.draft.link.as_str())).map_err(|error| match error {
            Error::Unlinked { .. } => Error::Unlinked { group: entry.draft.name.clone() },
            error => error,
        })?;
        let app = self.app(&entry.app).await?;
        let name = entry.draft.name.trim();
        Ok((session, entry.workload.unwrap_or_else(|| format!("{}-{name}", app.slug))))
    }

    /// Makes two sides comparable of which one is live: of the live one what somebody states or owns, of the other what
    /// the server would make of it. Tells how many values the server filled in, and why it refused.
    pub(super) async fn beside_live(&self, live: &mut Loaded, other: &mut Loaded) -> Result<(u32, Option<String>)> {
        let Some(now) = live.side.deployment().cloned() else { return Ok((0, None)) };
        let (session, _) = self.live_place(&live.head.group).await?;
        // A count that nobody else set is what runs, and releases keep it.
        let foreign =
            owners(&now).any(|owner| owner.manager != MANAGER && !owner.fields["f:spec"]["f:replicas"].is_null());
        if !foreign {
            other.set_count(live.count());
        }
        other.hold_as(&now);
        let Some(ours) = other.side.deployment().cloned() else { return Ok((0, None)) };
        // Two workloads under two names: what the server would make of one says nothing of the other.
        let dry = if live.head.workload == other.head.workload {
            dry_run(&session, &ours, &now).await?
        } else {
            Dry { object: ours.clone(), refused: None }
        };
        let owned_then = owned(&dry.object);
        let (then, _) = seen(&dry.object, &[&ours], &owned_then);
        let (shown, defaulted) = seen(&now, &[&then], &owned(&now));
        live.put_deployment(shown);
        other.put_deployment(then);
        Ok((defaulted, dry.refused))
    }
}

/// Asks what the server would make of `ours`, over fields of others too: nothing is written. It carries the live
/// release's label, so that this is no difference.
pub(super) async fn dry_run(session: &Session, ours: &Value, live: &Value) -> Result<Dry> {
    let mut asked = ours.clone();
    if let Some(label) = slipway_render::template_release(live) {
        asked["spec"]["template"]["metadata"]["labels"][LABEL_RELEASE] = label.into();
    }
    match session.apply(Kind::Deployment, &asked, Apply { force: true, dry_run: true }).await {
        Ok(object) => Ok(Dry { object, refused: None }),
        Err(error) => {
            let error = Error::from(error);
            match error.refusal() {
                Some(message) => Ok(Dry { object: ours.clone(), refused: Some(message) }),
                None => Err(error),
            }
        }
    }
}
