//! Sensitive values in memory, for as long as something is rendered with them.

use secrecy::{ExposeSecret, SecretString};
use slipway_model::id::SecretId;
use std::collections::HashMap;

/// Those that are known on this computer. Debug shows none.
#[derive(Debug, Default)]
pub struct Secrets(HashMap<SecretId, SecretString>);

impl Secrets {
    pub fn put(&mut self, id: SecretId, value: SecretString) {
        self.0.insert(id, value);
    }

    pub fn get(&self, id: &SecretId) -> Option<&str> {
        self.0.get(id).map(|value| value.expose_secret())
    }
}
