//! Config objects that nothing needs any more.
//!
//! What a kept record, the live Deployment or any `ReplicaSet` of the group refers to stays. Done at the end of a release,
//! while its Lease is held: no other release of the group can be creating objects then.

use super::driver::Driver;
use crate::config::kind_of;
use crate::error::Result;
use serde_json::Value;
use slipway_cluster::record::{self, RecordError};
use slipway_cluster::{Kind, stored};
use slipway_model::release::{RECORDS_KEPT, Release};
use slipway_render::config::ObjectKind;
use slipway_render::{Workload, names};
use std::collections::HashSet;

/// Releases of this computer's history that are looked through for Secrets, which nobody may list: those whose records
/// are kept, and as many again.
const LOOKED_THROUGH: usize = RECORDS_KEPT * 2;

impl Driver {
    /// Deletes what only forgotten releases referred to.
    pub(super) async fn collect(&self) -> Result<()> {
        for name in stored::sweep(&self.session, &self.release.plan.app.slug).await? {
            tracing::info!(release = %self.release.id, name, "no record needs it any more");
        }
        let Some(needed) = self.needed().await? else { return Ok(()) };
        let plan = &self.release.plan;
        let group = self.release.group.as_str();
        let selector = names::selector(&plan.app.slug, plan.group.slug.as_str());
        // Records and tombstones carry the same labels, and one more.
        let selector = format!("{selector},!{},!{}", names::LABEL_SEQ, names::LABEL_TOMBSTONE);
        let maps = self.session.list_names(Kind::ConfigMap, &selector).await?;
        let ours = maps
            .into_iter()
            .filter(|map| map.annotations.get(names::ANNOTATION_GROUP).map(String::as_str) == Some(group));
        let gone = ours.map(|map| (ObjectKind::ConfigMap, map.name));
        let gone: Vec<_> =
            gone.chain(self.secrets_of_history().await?).filter(|(_, name)| !needed.contains(name)).collect();
        for (kind, name) in gone {
            if self.session.delete(kind_of(kind), &name).await? {
                tracing::info!(release = %self.release.id, kind = kind.as_str(), name, "nothing needs it any more");
            }
        }
        Ok(())
    }

    /// Names that something refers to; `None` where a record cannot be read, because it may refer to anything.
    async fn needed(&self) -> Result<Option<HashSet<String>>> {
        let plan = &self.release.plan;
        let mut needed: HashSet<String> = plan.objects.iter().cloned().collect();
        match record::objects(&self.session, &self.release).await {
            Ok(objects) => needed.extend(objects),
            Err(RecordError::Cluster(error)) => return Err(error.into()),
            Err(_) => return Ok(None),
        }
        let selector = names::selector(&plan.app.slug, plan.group.slug.as_str());
        for kind in [Kind::Deployment, Kind::ReplicaSet] {
            for object in self.session.list(kind, &selector).await? {
                strings(&object["spec"]["template"]["spec"], &mut needed);
            }
        }
        // A way back that this computer keeps: the template before a release that still moves or is stopped.
        let group = self.release.group.clone();
        for open in self.engine.store.read(|r| r.open_releases()).await?.into_iter().filter(|open| open.group == group)
        {
            needed.extend(open.plan.objects);
            open.plan.base.iter().for_each(|base| strings(&base.stable, &mut needed));
        }
        Ok(Some(needed))
    }

    /// Secrets of releases that this computer knows of, with those that it has not got the values of.
    async fn secrets_of_history(&self) -> Result<Vec<(ObjectKind, String)>> {
        let (group, limit) = (self.release.group.clone(), u32::try_from(LOOKED_THROUGH).unwrap_or(u32::MAX));
        let releases = self.engine.store.read(move |r| r.whole_releases_of_group(&group, limit)).await?;
        Ok(releases.iter().flat_map(secrets).collect())
    }
}

fn secrets(release: &Release) -> Vec<(ObjectKind, String)> {
    let objects = slipway_render::render(Workload::from(&release.plan), "").objects;
    let secrets = objects.into_iter().filter(|object| object.kind == ObjectKind::Secret);
    secrets.map(|object| (object.kind, object.name)).collect()
}

/// Every string below a value: whichever field a name stands in, it is found.
fn strings(value: &Value, found: &mut HashSet<String>) {
    match value {
        Value::String(text) => _ = found.insert(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| strings(field, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
