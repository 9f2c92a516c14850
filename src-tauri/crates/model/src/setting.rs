//! What a person sets for this data folder.

use crate::field::{FieldCode, Refusal};
use crate::quantity::Quantity;
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
    pub log_size: LogSize,
}

/// How much of a log is kept on disk, as a person typed it: `1 GiB`, `512Mi`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(transparent)]
#[ts(type = "string")]
pub struct LogSize(String);

impl LogSize {
    /// Below it, a ring turns before a person has read it.
    const LEAST: u64 = 16 << 20;
    /// Above it, one log fills the disk of a laptop.
    const MOST: u64 = 64 << 30;
    const DEFAULT: u64 = 1 << 30;

    pub fn new(typed: impl Into<String>) -> Self {
        Self(typed.into())
    }

    /// # Errors
    /// `Required`, `NotASize`, or `OutOfRange`.
    pub fn bytes(&self) -> Result<u64, Refusal> {
        // As sizes are said in the window: with a space, and with a B behind the unit.
        let text: String = self.0.split_whitespace().collect();
        let out_of_range = || Refusal::new(FieldCode::OutOfRange).with("min", "16 MiB").with("max", "64 GiB");
        match Quantity::parse(text.strip_suffix('B').unwrap_or(&text)) {
            Ok(size) => {
                let size = u64::try_from(size.units()).ok();
                size.filter(|size| (Self::LEAST..=Self::MOST).contains(size)).ok_or_else(out_of_range)
            }
            Err(refusal) if refusal.code == FieldCode::NotAQuantity => Err(Refusal::new(FieldCode::NotASize)),
            Err(refusal) if refusal.code == FieldCode::OutOfRange => Err(out_of_range()),
            Err(refusal) => Err(refusal),
        }
    }

    /// What holds: the default where a newer Slipway has left a text that cannot be read here.
    pub fn held(&self) -> u64 {
        self.bytes().unwrap_or(Self::DEFAULT)
    }
}

impl Default for LogSize {
    fn default() -> Self {
        Self::new("1 GiB")
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_logs() {
        for (good, bytes) in [
            ("1Gi", 1 << 30),
            ("1 GiB", 1 << 30),
            (" 512MiB ", 512 << 20),
            ("0.5 Gi", 512 << 20),
            ("2G", 2_000_000_000),
            ("16Mi", 16 << 20),
            ("64 GiB", 64 << 30),
        ] {
            assert_eq!(LogSize::new(good).bytes(), Ok(bytes), "{good:?}");
        }
        for (bad, code) in [
            ("", FieldCode::Required),
            (" B ", FieldCode::Required),
            ("a lot", FieldCode::NotASize),
            ("1 gb", FieldCode::NotASize),
            ("1,5 GiB", FieldCode::NotASize),
            ("-1 GiB", FieldCode::OutOfRange),
            ("1", FieldCode::OutOfRange),
            ("15.9 MiB", FieldCode::OutOfRange),
            ("65 GiB", FieldCode::OutOfRange),
            ("9 EiB", FieldCode::OutOfRange),
        ] {
            assert_eq!(LogSize::new(bad).bytes().map_err(|refusal| refusal.code), Err(code), "{bad:?}");
        }
    }

    #[test]
    fn settings_of_an_older_slipway_have_the_default() {
        let settings: Settings = serde_json::from_str(r#"{"theme":"dark"}"#).expect("settings");
        assert_eq!(settings.log_size.bytes(), Ok(LogSize::DEFAULT));
        assert_eq!(LogSize::new("of the future").held(), LogSize::DEFAULT);
    }
}
