//! Pods that a person sends away: by eviction, which asks the disruption budgets, or by deletion, which asks nobody.

use crate::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use slipway_cluster::{Kind, Version};
use slipway_model::id::GroupId;
use ts_rs::TS;

/// Pods of a group that are to go, one after the other.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct EvictOrder {
    pub group: GroupId,
    pub pods: Vec<PodRef>,
    /// Without asking any budget.
    pub delete: bool,
}

/// This very pod, and no other one of its name.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct PodRef {
    pub name: String,
    pub uid: String,
}

/// What came of one of them.
#[derive(Clone, Debug)]
pub struct Evicted {
    pub pod: String,
    pub error: Option<Error>,
}

impl Engine {
    /// Each pod is asked for once. Where the cluster itself does not answer, those after it are not asked for.
    ///
    /// # Errors
    /// Where the group or its cluster is not known; what came of each pod is in the answer.
    pub async fn instance_evict(&self, order: &EvictOrder) -> Result<Vec<Evicted>> {
        let session = self.place(&order.group).await?.session;
        let mut done: Vec<Evicted> = Vec::new();
        for PodRef { name, uid } in &order.pods {
            let silent = done.last().and_then(|last| last.error.as_ref()).filter(|error| error.passing());
            let error = if let Some(error) = silent {
                Some(error.clone())
            } else if order.delete {
                session.delete_exact(Kind::Pod, name, Version { uid, resource: None }).await.err().map(Error::Cluster)
            } else {
                session.evict(name, uid).await.err().map(Error::Cluster)
            };
            done.push(Evicted { pod: name.clone(), error });
        }
        Ok(done)
    }
}
