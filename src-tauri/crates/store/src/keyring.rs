//! The OS keyring, off the async threads and with a timeout: a locked one may prompt, and the call then blocks.

use keyring_core::CredentialStore;
use secrecy::zeroize::Zeroizing;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long a person may take to answer a prompt of the keyring before Slipway goes on without it.
const PATIENCE: Duration = Duration::from_secs(20);
const SERVICE: &str = "dev.slipway.Slipway";

/// Which keyring, and how long to wait for it.
#[derive(Clone, Debug)]
pub struct Keyring {
    patience: Duration,
    source: Source,
}

#[derive(Clone, Debug)]
enum Source {
    Platform,
    Nothing,
    #[cfg(test)]
    Given(Arc<CredentialStore>),
}

/// Why the keyring gave nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum KeyringError {
    #[error("{0}")]
    Missing(String),
    #[error("the keyring is locked")]
    Locked,
}

impl Keyring {
    /// The platform's own: Secret Service, Keychain or Credential Manager.
    pub fn platform() -> Self {
        Self { patience: PATIENCE, source: Source::Platform }
    }

    /// The platform's own, waited for this long when it prompts.
    pub fn with_patience(patience: Duration) -> Self {
        Self { patience, source: Source::Platform }
    }

    /// No keyring at all: secrets can be kept in memory only.
    pub fn none() -> Self {
        Self { patience: PATIENCE, source: Source::Nothing }
    }

    #[cfg(test)]
    pub(crate) fn given(store: Arc<CredentialStore>, patience: Duration) -> Self {
        Self { patience, source: Source::Given(store) }
    }

    /// The secret under `user`, if there is one.
    pub(crate) async fn get(&self, user: String) -> Result<Option<Zeroizing<Vec<u8>>>, KeyringError> {
        self.ask(move |store| match store.build(SERVICE, &user, None)?.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(keyring_core::Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    pub(crate) async fn set(&self, user: String, secret: Zeroizing<Vec<u8>>) -> Result<(), KeyringError> {
        self.ask(move |store| store.build(SERVICE, &user, None)?.set_secret(&secret)).await
    }

    /// Asks on a thread of its own, not on the runtime's: a runtime that ends would wait for a prompt nobody answers.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&CredentialStore) -> keyring_core::Result<T> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let source = self.source.clone();
        let (answer, answered) = oneshot::channel();
        std::thread::spawn(move || {
            // Nobody waits any more when the prompt was answered too late.
            let _ = answer.send(source.open().and_then(|store| ask(&*store).map_err(|error| sort(&error))));
        });
        match tokio::time::timeout(self.patience, answered).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(KeyringError::Missing("the call of the keyring panicked".to_owned())),
            Err(_) => Err(KeyringError::Locked),
        }
    }
}

impl Source {
    /// Anew for every call, so that a keyring that starts or is unlocked later is seen.
    fn open(self) -> Result<Arc<CredentialStore>, KeyringError> {
        match self {
            Self::Platform => platform().map_err(|error| sort(&error)),
            Self::Nothing => Err(KeyringError::Missing("no keyring is wanted".to_owned())),
            #[cfg(test)]
            Self::Given(store) => Ok(store),
        }
    }
}

#[cfg(target_os = "linux")]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(zbus_secret_service_keyring_store::Store::new()?)
}

#[cfg(target_os = "macos")]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(apple_native_keyring_store::keychain::Store::new()?)
}

#[cfg(target_os = "windows")]
fn platform() -> keyring_core::Result<Arc<CredentialStore>> {
    Ok(windows_native_keyring_store::Store::new()?)
}

/// What a person can act on. The Secret Service's own words say little: all of its failures but three are "zbus error".
#[cfg(target_os = "linux")]
fn sort(error: &keyring_core::Error) -> KeyringError {
    use keyring_core::Error::{NoStorageAccess, PlatformFailure};
    use secret_service::Error as Cause;

    let (PlatformFailure(cause) | NoStorageAccess(cause)) = error else {
        return KeyringError::Missing(error.to_string());
    };
    match cause.downcast_ref::<Cause>() {
        Some(Cause::Locked | Cause::Prompt | Cause::PromptDisconnected) => KeyringError::Locked,
        Some(
            Cause::Unavailable
            | Cause::Zbus(zbus::Error::Connection(..) | zbus::Error::InputOutput(_) | zbus::Error::Address(_)),
        ) => KeyringError::Missing("there is no D-Bus session bus".to_owned()),
        Some(cause) if is_unknown_service(cause) => {
            KeyringError::Missing("no keyring (Secret Service) answers on the D-Bus session bus".to_owned())
        }
        Some(Cause::NoResult) => KeyringError::Missing("the Secret Service has no default keyring".to_owned()),
        _ => KeyringError::Missing(error.to_string()),
    }
}

#[cfg(target_os = "linux")]
fn is_unknown_service(cause: &secret_service::Error) -> bool {
    use secret_service::Error as Cause;
    const UNKNOWN: &str = "org.freedesktop.DBus.Error.ServiceUnknown";
    match cause {
        Cause::Zbus(zbus::Error::MethodError(name, ..)) => name.as_str() == UNKNOWN,
        Cause::Zbus(zbus::Error::FDO(error)) => matches!(**error, zbus::fdo::Error::ServiceUnknown(_)),
        Cause::ZbusFdo(error) => matches!(error, zbus::fdo::Error::ServiceUnknown(_)),
        _ => false,
    }
}

#[cfg(not(target_os = "linux"))]
fn sort(error: &keyring_core::Error) -> KeyringError {
    match error {
        // A locked keychain, or a person who refused it.
        keyring_core::Error::NoStorageAccess(_) => KeyringError::Locked,
        _ => KeyringError::Missing(error.to_string()),
    }
}
