//! What a person sets for this data folder.

use crate::release::ReleaseState;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct Settings {
    pub language: Language,
    pub theme: Theme,
    /// Shown beside the authenticated name in records; not proven.
    pub display_name: String,
    /// Where the window was when it was closed (a route of the window).
    pub last_route: String,
    /// Apps at the top of the sidebar, by id.
    pub pinned: Vec<String>,
    pub sidebar_rail: bool,
    /// What is not told on the desktop.
    pub muted: Vec<Occasion>,
}

/// What a person is told of on the desktop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// A release: a batch is done, and the next waits for approval.
    Waits,
    /// A release cannot go on, or has failed.
    Stopped,
    /// A release is done, was aborted or superseded.
    Ended,
    /// Files of a container have come or gone, or could not.
    Transferred,
}

impl Occasion {
    /// What a release in this state gives; `None` while it goes on by itself.
    pub fn of(state: ReleaseState) -> Option<Self> {
        match state {
            ReleaseState::Planned | ReleaseState::Moving => None,
            ReleaseState::Resting => Some(Self::Waits),
            ReleaseState::Stopped | ReleaseState::Failed => Some(Self::Stopped),
            ReleaseState::Succeeded | ReleaseState::Aborted | ReleaseState::Superseded => Some(Self::Ended),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    #[default]
    System,
    En,
    Zh,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Theme {
    #[default]
    System,
    Light,
    Dark,
}
