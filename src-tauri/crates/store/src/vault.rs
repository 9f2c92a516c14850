//! Secrets by id, sealed under one key of the OS keyring.
//!
//! The keyring holds a random data key for each data folder; what it seals (XChaCha20-Poly1305, the row's id as
//! associated data) stands in `SQLite`. Nothing readable is ever written.

use crate::database::Store;
use crate::error::StoreError;
use crate::keyring::{Keyring, KeyringError};
use crate::tag;
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use jiff::{SignedDuration, Timestamp};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretBox, SecretString};
use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Mutex as AsyncMutex;

const KEY_BYTES: usize = 32;
const NONCE_BYTES: usize = 24;
/// How long a sensitive value stays that nothing refers to: as long as what is deleted can be had back.
const UNUSED_KEPT: SignedDuration = crate::UNDO;

/// A cheap clone.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    store: Store,
    keyring: Keyring,
    held: Mutex<Held>,
    /// One asks the keyring at a time: two that found no key would both make one.
    asking: AsyncMutex<()>,
    /// One changes secrets at a time, so that none is left in memory when the keyring answers at last.
    changing: AsyncMutex<()>,
}

type DataKey = SecretBox<[u8; KEY_BYTES]>;

/// What is in memory.
enum Held {
    Key(DataKey),
    Memory(HashMap<String, SecretString>),
    Nothing(VaultState),
}

/// How the keyring answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VaultState {
    Ready,
    NoKeyring {
        reason: String,
    },
    Locked,
    /// Secrets are kept until Slipway ends, and written nowhere.
    MemoryOnly,
    /// There are sealed secrets, but the keyring has no key for this folder, or another one.
    KeyLost,
}

#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error("there is no keyring: {reason}")]
    NoKeyring { reason: String },
    #[error("the keyring is locked")]
    Locked,
    #[error("the keyring has lost the key of this data folder")]
    KeyLost,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("state", &self.state()).finish_non_exhaustive()
    }
}

impl Vault {
    /// Asks the keyring for this folder's key, making one for a new folder. Without a keyring the vault is still there
    /// and says so.
    pub async fn open(store: Store, keyring: Keyring) -> Self {
        let nothing = VaultState::NoKeyring { reason: "it was not asked yet".to_owned() };
        let vault = Self(Arc::new(Inner {
            store,
            keyring,
            held: Mutex::new(Held::Nothing(nothing)),
            asking: AsyncMutex::default(),
            changing: AsyncMutex::default(),
        }));
        vault.retry().await;
        vault
    }

    pub fn state(&self) -> VaultState {
        match &*self.held() {
            Held::Key(_) => VaultState::Ready,
            Held::Memory(_) => VaultState::MemoryOnly,
            Held::Nothing(state) => state.clone(),
        }
    }

    /// Asks the keyring again, unless it has answered. Secrets that were kept in memory are sealed when it answers now.
    pub async fn retry(&self) {
        let _alone = self.0.asking.lock().await;
        if matches!(&*self.held(), Held::Key(_)) {
            return;
        }
        let answer = match self.key().await {
            Ok(key) => self.hold(key).await,
            Err(error) => Err(error),
        };
        if let Err(error) = answer {
            tracing::warn!(%error, "the vault stays closed");
            let mut held = self.held();
            // What is in memory is not thrown away for a keyring that still does not answer.
            if let Held::Nothing(state) = &mut *held {
                *state = error.into();
            }
        }
        self.0.store.announce(vec![tag::keyring()]);
    }

    /// Seals what is in memory, then goes on with the key.
    async fn hold(&self, key: DataKey) -> Result<(), VaultError> {
        let _alone = self.0.changing.lock().await;
        let sealed: Vec<_> = match &*self.held() {
            Held::Memory(secrets) => secrets
                .iter()
                .map(|(id, secret)| (id.clone(), seal(&key, id, secret.expose_secret().as_bytes())))
                .collect(),
            Held::Key(_) | Held::Nothing(_) => Vec::new(),
        };
        self.0.store.write(move |w| sealed.iter().try_for_each(|(id, sealed)| w.put_sealed(id, sealed))).await?;
        *self.held() = Held::Key(key);
        Ok(())
    }

    /// Keeps secrets in memory from now on, when the keyring does not answer.
    pub fn use_memory_only(&self) {
        let mut held = self.held();
        if matches!(&*held, Held::Nothing(_)) {
            *held = Held::Memory(HashMap::new());
        }
        drop(held);
        self.0.store.announce(vec![tag::keyring()]);
    }

    /// Ids of what is kept in memory only.
    pub fn in_memory(&self) -> Vec<String> {
        match &*self.held() {
            Held::Memory(secrets) => secrets.keys().cloned().collect(),
            Held::Key(_) | Held::Nothing(_) => Vec::new(),
        }
    }

    /// Replaces what was under the id.
    pub async fn put(&self, id: &str, secret: SecretString) -> Result<(), VaultError> {
        let _alone = self.0.changing.lock().await;
        let sealed = match &mut *self.held() {
            Held::Key(key) => seal(key, id, secret.expose_secret().as_bytes()),
            Held::Memory(secrets) => {
                secrets.insert(id.to_owned(), secret);
                return Ok(());
            }
            Held::Nothing(state) => return Err(state.clone().into()),
        };
        let id = id.to_owned();
        Ok(self.0.store.write(move |w| w.put_sealed(&id, &sealed)).await?)
    }

    /// What was put under the id. In memory only, what was sealed earlier is out of reach and is answered with `None`.
    pub async fn get(&self, id: &str) -> Result<Option<SecretString>, VaultError> {
        if let Held::Memory(secrets) = &*self.held()
            && let Some(secret) = secrets.get(id)
        {
            return Ok(Some(secret.clone()));
        }
        let row = id.to_owned();
        let Some(sealed) = self.0.store.read(move |r| r.sealed(&row)).await? else { return Ok(None) };
        match &*self.held() {
            Held::Key(key) => unseal(key, id, &sealed).map(Some),
            Held::Memory(_) => Ok(None),
            Held::Nothing(state) => Err(state.clone().into()),
        }
    }

    /// Erases a secret; that needs no key.
    pub async fn delete(&self, id: &str) -> Result<(), VaultError> {
        let _alone = self.0.changing.lock().await;
        if let Held::Memory(secrets) = &mut *self.held() {
            secrets.remove(id);
        }
        let id = id.to_owned();
        Ok(self.0.store.write(move |w| w.delete_sealed(&id)).await?)
    }

    /// Erases sensitive values that nothing has referred to for thirty days, and answers how many. Done at each start: the
    /// days begin when a start first sees that nothing does. `now` is the caller's clock.
    pub async fn forget_unused(&self, now: Timestamp) -> Result<usize, StoreError> {
        let store = &self.0.store;
        let due = store.write(move |w| w.note_unused(now, now - UNUSED_KEPT)).await?;
        if due.is_empty() {
            return Ok(0);
        }
        let (mut kept, mut behind) = (HashSet::new(), 0);
        loop {
            let of = due.clone();
            let (found, last) = store.read(move |r| r.values_of_history(&of, behind)).await?;
            kept.extend(found);
            match last {
                Some(last) => behind = last,
                None => break,
            }
        }
        let due: HashSet<_> = due.difference(&kept).cloned().collect();
        store
            .write(move |w| {
                w.note_kept(&kept, now)?;
                w.forget_values(due, behind)
            })
            .await
    }

    fn held(&self) -> std::sync::MutexGuard<'_, Held> {
        self.0.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// This folder's key: found and tried, or made where nothing is sealed yet.
    async fn key(&self) -> Result<DataKey, VaultError> {
        let user = self.0.store.write(|w| w.vault_folder()).await?;
        let found = self.0.keyring.get(user.clone()).await?;
        let sealed = self.0.store.read(|r| r.any_sealed()).await?;
        match (found, sealed) {
            (Some(found), sealed) => {
                let key = <[u8; KEY_BYTES]>::try_from(found.as_slice()).map_err(|_| VaultError::KeyLost)?;
                let key = SecretBox::new(Box::new(key));
                if let Some((id, sealed)) = sealed {
                    unseal(&key, &id, &sealed)?;
                }
                Ok(key)
            }
            (None, Some(_)) => Err(VaultError::KeyLost),
            (None, None) => {
                let key = SecretBox::init_with(rand::random::<[u8; KEY_BYTES]>);
                self.0.keyring.set(user, Zeroizing::new(key.expose_secret().to_vec())).await?;
                Ok(key)
            }
        }
    }
}

/// nonce ‖ ciphertext and tag
fn seal(key: &DataKey, id: &str, secret: &[u8]) -> Vec<u8> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let sealed = cipher
        .encrypt(&XNonce::from(nonce), Payload { msg: secret, aad: id.as_bytes() })
        .expect("a secret is far below the cipher's limit of 256 GiB");
    [nonce.as_slice(), &sealed].concat()
}

fn unseal(key: &DataKey, id: &str, sealed: &[u8]) -> Result<SecretString, VaultError> {
    let (nonce, sealed) = sealed.split_first_chunk::<NONCE_BYTES>().ok_or(VaultError::KeyLost)?;
    let cipher = XChaCha20Poly1305::new(key.expose_secret().into());
    let secret = cipher
        .decrypt(&XNonce::from(*nonce), Payload { msg: sealed, aad: id.as_bytes() })
        .map_err(|_| VaultError::KeyLost)?;
    String::from_utf8(secret).map(SecretString::from).map_err(|_| VaultError::KeyLost)
}

impl From<VaultState> for VaultError {
    fn from(state: VaultState) -> Self {
        match state {
            VaultState::NoKeyring { reason } => Self::NoKeyring { reason },
            VaultState::Locked => Self::Locked,
            VaultState::KeyLost | VaultState::Ready | VaultState::MemoryOnly => Self::KeyLost,
        }
    }
}

impl From<VaultError> for VaultState {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::NoKeyring { reason } => Self::NoKeyring { reason },
            VaultError::Locked => Self::Locked,
            VaultError::KeyLost => Self::KeyLost,
            VaultError::Store(error) => Self::NoKeyring { reason: error.to_string() },
        }
    }
}

impl From<KeyringError> for VaultError {
    fn from(error: KeyringError) -> Self {
        match error {
            KeyringError::Missing(reason) => Self::NoKeyring { reason },
            KeyringError::Locked => Self::Locked,
        }
    }
}

#[cfg(test)]
mod tests;
