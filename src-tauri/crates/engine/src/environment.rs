//! Environments: named, ordered, coloured and protected by the person, on this computer only. Records keep what they
//! said, and a colleague keeps theirs.

use crate::Engine;
use crate::app::{refuse, taken_name};
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use slipway_model::FieldError;
use slipway_model::environment::{ENVIRONMENTS_MAX, Environment, EnvironmentColour, EnvironmentName};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::EnvironmentId;
use ts_rs::TS;

/// Groups that a refusal names one by one.
const NAMED_MAX: usize = 3;

/// An environment as it is to be.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct EnvironmentDraft {
    pub name: EnvironmentName,
    pub colour: EnvironmentColour,
    pub protected: bool,
}

/// How many groups stand in an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct EnvironmentUse {
    pub environment: EnvironmentId,
    pub groups: u32,
}

impl Engine {
    pub async fn environment_list(&self) -> Result<Vec<Environment>> {
        Ok(self.store.read(|r| r.environments()).await?)
    }

    /// Those that groups stand in.
    pub async fn environment_uses(&self) -> Result<Vec<EnvironmentUse>> {
        let counts = self.store.read(|r| r.environment_counts()).await?;
        Ok(counts.into_iter().map(|(environment, groups)| EnvironmentUse { environment, groups }).collect())
    }

    /// A new environment behind the others, for `None`; else another state of a known one.
    ///
    /// # Errors
    /// `Invalid` with `en` or `zh`, or `limit` where there are enough.
    pub async fn environment_save(
        &self,
        id: Option<&EnvironmentId>,
        draft: &EnvironmentDraft,
    ) -> Result<EnvironmentId> {
        let name = draft.name.validate().map_err(Error::Invalid)?;
        let known = self.environment_list().await?;
        refuse(taken(&name, id, &known))?;
        let before = known.iter().find(|environment| Some(&environment.id) == id);
        if id.is_some() && before.is_none() {
            return Err(Error::not_found("environment", ""));
        }
        if before.is_none() && known.len() >= ENVIRONMENTS_MAX {
            let mut fields = Fields::new();
            fields.refuse("limit", FieldCode::OutOfRange).with("min", 1).with("max", ENVIRONMENTS_MAX);
            fields.finish().map_err(Error::Invalid)?;
        }
        let last = known.last().map_or(0, |last| last.order + 1);
        let environment = Environment {
            id: id.cloned().unwrap_or_else(EnvironmentId::random),
            name,
            order: before.map_or(last, |before| before.order),
            colour: draft.colour,
            protected: draft.protected,
        };
        let stored = environment.clone();
        self.store.write(move |w| w.put_environment(&stored)).await?;
        Ok(environment.id)
    }

    /// Puts the environments into this order; those that it does not name stay behind them.
    pub async fn environment_order(&self, order: &[EnvironmentId]) -> Result<()> {
        let mut known = self.environment_list().await?;
        known.sort_by_key(|environment| order.iter().position(|id| *id == environment.id).unwrap_or(usize::MAX));
        Ok(self
            .store
            .write(move |w| {
                (0..)
                    .zip(known)
                    .try_for_each(|(order, environment)| w.put_environment(&Environment { order, ..environment }))
            })
            .await?)
    }

    /// # Errors
    /// `InUse` with the groups that stand in it.
    pub async fn environment_delete(&self, id: &EnvironmentId) -> Result<()> {
        let of = id.clone();
        let inside = self.store.read(move |r| r.groups_of_environment(&of)).await?;
        if !inside.is_empty() {
            let named: Vec<String> =
                inside.iter().take(NAMED_MAX).map(|group| format!("{} / {}", group.app_title, group.name)).collect();
            let count = u32::try_from(inside.len()).unwrap_or(u32::MAX);
            return Err(Error::InUse { what: "environment", name: named.join(", "), count });
        }
        let id = id.clone();
        Ok(self.store.write(move |w| w.delete_environment(&id)).await?)
    }
}

/// Two environments of one name could not be told apart.
fn taken(name: &EnvironmentName, id: Option<&EnvironmentId>, known: &[Environment]) -> Vec<FieldError> {
    let EnvironmentName::Own { en, zh } = name else { return Vec::new() };
    let others = known.iter().filter(|other| Some(&other.id) != id);
    for other in others {
        let EnvironmentName::Own { en: other_en, zh: other_zh } = &other.name else { continue };
        if !en.is_empty() && en == other_en {
            return taken_name("en");
        }
        if !zh.is_empty() && zh == other_zh {
            return taken_name("zh");
        }
    }
    Vec::new()
}
