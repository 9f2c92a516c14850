//! What a person sets, and what Slipway says about itself.

use crate::Engine;
use crate::error::{Error, Result};
use serde::Serialize;
use slipway_model::field::Fields;
use slipway_model::name::{self, TITLE_MAX};
use slipway_model::setting::Settings;
use slipway_store::VaultState;
use ts_rs::TS;

#[derive(Clone, Debug, Serialize, TS)]
pub struct About {
    pub version: String,
    pub data_dir: String,
    pub keyring: KeyringState,
    /// A corrupt database was set aside under this name when Slipway started.
    pub set_aside: Option<String>,
    /// Name of this computer as it stands in records.
    pub device: String,
}

/// How the OS keyring answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum KeyringState {
    Ready,
    Missing {
        reason: String,
    },
    Locked,
    /// Secrets are kept in memory until Slipway ends.
    MemoryOnly,
    /// The keyring answers, but has lost the key of this data folder.
    KeyLost,
}

impl Engine {
    pub async fn settings(&self) -> Result<Settings> {
        Ok(self.store.read(|r| r.settings()).await?)
    }

    pub async fn set_settings(&self, settings: Settings) -> Result<()> {
        let mut fields = Fields::new();
        let name = fields.take("display_name", name::text(&settings.display_name, TITLE_MAX, false));
        fields.take("log_size", settings.log_size.bytes());
        fields.finish().map_err(Error::Invalid)?;
        let settings = Settings { display_name: name.unwrap_or_default(), ..settings };
        Ok(self.store.write(move |w| w.set_settings(&settings)).await?)
    }

    pub fn about(&self) -> About {
        About {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            data_dir: self.data_dir.display().to_string(),
            keyring: self.vault.state().into(),
            set_aside: self.set_aside.as_ref().map(|path| path.display().to_string()),
            device: self.device.clone(),
        }
    }

    /// Asks the keyring again, for instance after it was unlocked; links that waited for it connect.
    pub async fn keyring_retry(&self) -> Result<About> {
        self.vault.retry().await;
        self.connect_all().await?;
        Ok(self.about())
    }

    /// Keeps secrets in memory until Slipway ends; nothing is written anywhere.
    pub fn keyring_memory_only(&self) -> About {
        self.vault.use_memory_only();
        self.about()
    }
}

impl From<VaultState> for KeyringState {
    fn from(state: VaultState) -> Self {
        match state {
            VaultState::Ready => Self::Ready,
            VaultState::NoKeyring { reason } => Self::Missing { reason },
            VaultState::Locked => Self::Locked,
            VaultState::MemoryOnly => Self::MemoryOnly,
            VaultState::KeyLost => Self::KeyLost,
        }
    }
}

/// The name of this computer as records carry it.
pub(crate) fn device_name() -> String {
    let name = std::env::var("HOSTNAME").ok().or_else(|| std::fs::read_to_string("/etc/hostname").ok());
    name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).unwrap_or_else(|| "unnamed".to_owned())
}
