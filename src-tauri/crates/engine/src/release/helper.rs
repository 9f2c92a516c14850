//! The image that waits for a URL before a start. It is not the app's own, so nothing of the app shows whether it is
//! there.

use super::answer::{Check, Verdict, VerdictLevel};
use super::preflight::verdict;
use crate::Engine;
use crate::error::{Error, Result};
use slipway_model::group::{BeforeStart, Group};
use slipway_registry::Failure;

impl Engine {
    /// What its registry says of it; nothing of a group that waits for no URL.
    pub(super) async fn helper_image(&self, group: &Group) -> Result<Option<Verdict>> {
        let Some(BeforeStart::Wait(wait)) = &group.lifecycle.before_start else { return Ok(None) };
        let image = ("image", wait.image.to_string());
        let said = |level, code| verdict(Check::Helper, level, code, [image.clone()]);
        Ok(Some(match self.resolved(&wait.image).await {
            Ok(_) => said(VerdictLevel::Ok, "ok"),
            Err(Error::Registry { failure, .. }) => match failure {
                Failure::NoRepository | Failure::NoImage => said(VerdictLevel::Blocks, "missing"),
                // Nodes may sign in, and reach what this computer does not.
                Failure::Refused { .. } => said(VerdictLevel::Warning, "refused"),
                failure => {
                    let reason = ("reason", failure.to_string());
                    verdict(Check::Helper, VerdictLevel::Warning, "silent", [image, reason])
                }
            },
            Err(error) => return Err(error),
        }))
    }
}
