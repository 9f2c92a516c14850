//! Terminals: shells in the pods of a group.

use crate::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
pub use slipway_cluster::Shell;
use slipway_cluster::{ShellEnd, ShellOutput, Size};
use slipway_model::field::Fields;
use slipway_model::group::HELPER_IMAGE;
use slipway_model::id::GroupId;
use slipway_model::image::ImageRef;
use ts_rs::TS;

/// Where a shell runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalSource {
    pub group: GroupId,
    pub pod: String,
    pub container: String,
    pub size: TerminalSize,
}

/// A container with tools that is added to a running pod.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct DebugContainer {
    pub group: GroupId,
    pub pod: String,
    /// Whose processes it sees.
    pub container: String,
    /// As typed; empty for the one that helpers of a group have.
    pub image: String,
}

/// Of a screen, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TerminalSize {
    pub columns: u16,
    pub rows: u16,
}

impl From<TerminalSize> for Size {
    fn from(TerminalSize { columns, rows }: TerminalSize) -> Self {
        Self { columns, rows }
    }
}

impl Engine {
    /// Starts a shell in a container of one of the group's pods.
    ///
    /// # Errors
    /// What the cluster says: `Forbidden` without the right to `pods/exec`, `NotFound` once the pod is gone.
    pub async fn shell(&self, source: &TerminalSource) -> Result<Shell> {
        let place = self.place(&source.group).await?;
        Ok(place.session.shell(&source.pod, &source.container, source.size.into()).await?)
    }
}

impl Engine {
    /// Adds a container with tools to a running pod and answers its name once it runs.
    ///
    /// # Errors
    /// `Invalid` for what is no image, and what the cluster says.
    pub async fn terminal_debug(&self, of: &DebugContainer) -> Result<String> {
        let typed = if of.image.trim().is_empty() { HELPER_IMAGE } else { &of.image };
        let mut fields = Fields::new();
        let Some(image) = fields.take("image", ImageRef::parse(typed, "")) else {
            return Err(Error::Invalid(fields.into_errors()));
        };
        let place = self.place(&of.group).await?;
        Ok(place.session.debug_container(&of.pod, &of.container, &image.to_string()).await?)
    }
}

/// Waits for the end of a shell after its last output.
///
/// # Errors
/// `NoShell` where the image has none, and `Cluster` where the connection broke.
pub async fn ended(output: ShellOutput, container: &str) -> Result<()> {
    match output.end().await? {
        ShellEnd::Exited(_) => Ok(()),
        ShellEnd::NoShell => Err(Error::NoShell { container: container.to_owned() }),
    }
}
