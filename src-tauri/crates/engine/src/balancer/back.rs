//! Load balancers as they led to a group when a release of it was made.

use super::{Attempt, Pointing};
use crate::Engine;
use crate::error::Result;
use slipway_model::balancer::{Balancer, BalancerDraft, BalancerSnapshot};
use slipway_model::id::{AppId, GroupId};

impl Pointing {
    /// Those of `then` lead to the group with their ports of then, and no others do; of other groups nothing changes.
    pub(crate) fn back(mut self, group: &GroupId, then: &[BalancerSnapshot]) -> Self {
        for balancer in &mut self.balancers {
            let was = then.iter().map(|snapshot| &snapshot.balancer).find(|was| same(was, balancer));
            balancer.groups.retain(|one| was.is_some() || one != group);
            if let Some(was) = was {
                balancer.kind = was.kind;
                balancer.ports.clone_from(&was.ports);
                if !balancer.groups.contains(group) {
                    balancer.groups.push(group.clone());
                }
            }
        }
        for was in then.iter().map(|snapshot| &snapshot.balancer) {
            if !self.balancers.iter().any(|balancer| same(was, balancer)) {
                self.balancers.push(Balancer { groups: vec![group.clone()], ..was.clone() });
            }
        }
        self
    }
}

/// One that was made anew under the same name is the same for everybody who uses it.
fn same(was: &Balancer, balancer: &Balancer) -> bool {
    was.id == balancer.id || was.name == balancer.name
}

impl Engine {
    /// Brings load balancers and their Services back to how they led to a group. One that led to no other goes.
    ///
    /// # Errors
    /// As of `balancer_update`; what was changed before stays so.
    pub(crate) async fn balancers_back(&self, app: &AppId, group: &GroupId, then: &[BalancerSnapshot]) -> Result<()> {
        let now = self.pointing(app).await?;
        let wanted = self.pointing(app).await?.back(group, then);
        for balancer in wanted.balancers {
            let attempts = match now.balancers.iter().find(|one| one.id == balancer.id) {
                Some(same) if *same == balancer => continue,
                Some(one) if balancer.groups.is_empty() && !one.groups.is_empty() => {
                    self.balancer_delete(&balancer.id).await?;
                    continue;
                }
                Some(_) => self.balancer_update(&balancer.id, &BalancerDraft::from(&balancer)).await?.attempts,
                None => self.had_back(app, &balancer).await?,
            };
            if let Some(error) = attempts.into_iter().find_map(|attempt| attempt.error) {
                return Err(error);
            }
        }
        Ok(())
    }

    /// Restored where it was deleted not long ago, else made anew.
    async fn had_back(&self, app: &AppId, balancer: &Balancer) -> Result<Vec<Attempt>> {
        let draft = BalancerDraft::from(balancer);
        self.balancer_restore(&balancer.id).await?;
        let id = balancer.id.clone();
        let saved = match self.store.read(move |r| r.balancer(&id)).await? {
            Some(_) => self.balancer_update(&balancer.id, &draft).await?,
            None => self.balancer_create(app, &draft).await?,
        };
        Ok(saved.attempts)
    }
}
