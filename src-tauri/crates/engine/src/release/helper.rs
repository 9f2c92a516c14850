//! The image that waits for a URL before a start. It is not the app's own, so nothing of the app shows whether it is
//! there.

use super::answer::{Check, Verdict, VerdictLevel};
use super::plan::verdict;
use crate::Engine;
use crate::error::Result;
use slipway_model::group::{BeforeStart, Group};
use slipway_registry::{Answer, Login, host, look};

impl Engine {
    /// What its registry says of it; nothing of a group that waits for no URL.
    pub(super) async fn helper_image(&self, group: &Group) -> Result<Option<Verdict>> {
        let Some(BeforeStart::Wait(wait)) = &group.lifecycle.before_start else { return Ok(None) };
        let login = match host(&wait.image) {
            Some(host) => self.registry_login(&host).await?,
            None => None,
        };
        let image = ("image", wait.image.to_string());
        let said = |level, code| verdict(Check::Helper, level, code, [image.clone()]);
        Ok(Some(match look(&wait.image, login.as_ref()).await {
            Answer::Found => said(VerdictLevel::Ok, "ok"),
            Answer::Missing => said(VerdictLevel::Blocks, "missing"),
            // Nodes may sign in, and reach what this computer does not.
            Answer::Refused => said(VerdictLevel::Warning, "refused"),
            Answer::Silent { reason } => {
                verdict(Check::Helper, VerdictLevel::Warning, "silent", [image, ("reason", reason)])
            }
        }))
    }

    /// What this computer signs in with at a registry, if it has something.
    async fn registry_login(&self, host: &str) -> Result<Option<Login>> {
        let known = self.registry_list().await?.into_iter().find(|login| login.host == host);
        let Some(known) = known else { return Ok(None) };
        let password = self.registry_password(host).await?;
        Ok(password.map(|password| Login { username: known.username, password }))
    }
}
