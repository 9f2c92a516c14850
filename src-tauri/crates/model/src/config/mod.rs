//! Configuration of a group: files, the values of their placeholders, and the app's variables.
//!
//! What is stored and edited are files and values one by one; a `Config` is all that takes effect for one group, frozen
//! into the plan of a release. It never holds a sensitive value: only the random id under which the vault has it.

mod path;

pub use path::{PATH_MAX, clash, resolve};

use crate::field::{FieldCode, Refusal};
use crate::hex::hex;
use crate::id::{FileId, SecretId};
use crate::variable::Variable;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;

/// Largest content of one file, bytes: the API server limits a `ConfigMap` to 1 MiB, names and labels included.
pub const CONTENT_MAX: usize = 900 * 1024;
/// Most files of one group, inherited ones included (model limits).
pub const FILES_MAX: usize = 500;
/// Most keys of one app (model limits).
pub const KEYS_MAX: usize = 2_000;
/// Longest key, bytes: it has to fit a table, a message and a line of a file.
pub const KEY_MAX: usize = 128;

/// All configuration that takes effect for one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Config {
    /// By path as typed; an app's file that a file of the group overrides is not among them.
    pub files: Vec<ConfigSource>,
    /// By key: those that the group or the app has said something of.
    pub values: Vec<ConfigValue>,
    /// The app's, which the group's own of the same name go over. The group's stand in the group itself.
    pub variables: Vec<Variable>,
}

/// One file as its writer left it: the source, not what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigSource {
    pub id: FileId,
    /// As typed; `resolve` joins it to the deploy path.
    pub path: String,
    pub owner: Owner,
    /// The app's file of the same path that this one takes the place of.
    #[serde(default)]
    pub overrides: Option<FileId>,
    /// `{{` means nothing in it.
    pub literal: bool,
    /// Rendered into a Secret; its content is `Sealed`.
    pub sensitive: bool,
    pub content: Content,
    /// Keys that a sealed content uses: who cannot read it names its object all the same.
    #[serde(default)]
    pub keys: Vec<String>,
    /// Number of the version, for display only: two computers may count differently.
    pub version: u32,
    /// Of the content, see `Content::hash`.
    pub hash: String,
    /// Hash of the version that this one was made from: lineage across computers.
    #[serde(default)]
    pub parent: Option<String>,
}

/// Whose file it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Inherited by every group.
    #[default]
    App,
    Group,
}

/// What a file holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum Content {
    /// UTF-8, line ends as they are.
    Text(String),
    /// What is not UTF-8, as base64 (RFC 4648, padded). Never a template.
    Binary(String),
    /// Text in the vault.
    Sealed(SecretId),
}

/// One placeholder key of one group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ConfigValue {
    pub key: String,
    /// Belongs to the key: every value of it is `Sealed` then.
    pub sensitive: bool,
    /// The group's.
    pub value: Option<Value>,
    /// The app's, where the group says nothing.
    pub default: Option<Value>,
}

/// The value of a key: text that is never expanded again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
#[ts(rename = "KeyValue")]
pub enum Value {
    Plain(String),
    /// In the vault.
    Sealed(SecretId),
}

impl Value {
    /// The id of a text in the vault.
    pub fn sealed(&self) -> Option<&SecretId> {
        match self {
            Self::Sealed(id) => Some(id),
            Self::Plain(_) => None,
        }
    }
}

impl Config {
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.values.is_empty() && self.variables.is_empty()
    }

    pub fn value(&self, key: &str) -> Option<&ConfigValue> {
        self.values.iter().find(|value| value.key == key)
    }
}

impl ConfigSource {
    /// A file of the app by the name of its path, in its first version, of which nothing else was said.
    pub fn new(path: &str, content: Content) -> Self {
        Self {
            id: path.into(),
            path: path.to_owned(),
            owner: Owner::App,
            overrides: None,
            literal: false,
            sensitive: matches!(content, Content::Sealed(_)),
            keys: Vec::new(),
            version: 1,
            hash: content.hash(),
            parent: None,
            content,
        }
    }
}

impl ConfigValue {
    /// What the group gets, and whose it is.
    pub fn effective(&self) -> Option<(&Value, Owner)> {
        let own = self.value.as_ref().map(|value| (value, Owner::Group));
        own.or_else(|| self.default.as_ref().map(|value| (value, Owner::App)))
    }
}

impl Content {
    /// The id of a text in the vault.
    pub fn sealed(&self) -> Option<&SecretId> {
        match self {
            Self::Sealed(id) => Some(id),
            Self::Text(_) | Self::Binary(_) => None,
        }
    }

    /// SHA-256 of kind and content, hex. That of a sealed one is of its random id: it tells nothing about the text.
    pub fn hash(&self) -> String {
        let (kind, content): (&[u8], &str) = match self {
            Self::Text(text) => (b"text\0", text),
            Self::Binary(base64) => (b"binary\0", base64),
            Self::Sealed(id) => (b"sealed\0", id.as_str()),
        };
        let digest = Sha256::new().chain_update(kind).chain_update(content.as_bytes()).finalize();
        hex(&digest)
    }

    /// Bytes of the file; of a sealed one the vault knows it.
    pub fn size(&self) -> Option<usize> {
        match self {
            Self::Text(text) => Some(text.len()),
            Self::Binary(base64) => {
                let padding = base64.bytes().rev().take_while(|byte| *byte == b'=').count();
                Some((base64.len() / 4 * 3).saturating_sub(padding))
            }
            Self::Sealed(_) => None,
        }
    }
}

/// What a key is made of, here and between the braces of a template: letters and digits of any script, and a few marks.
pub fn in_key(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-' | '.')
}

/// # Errors
/// `Required`, `TooLong` or `NotAKey`.
pub fn key(typed: &str) -> Result<String, Refusal> {
    let key = typed.trim();
    if key.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if key.len() > KEY_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", KEY_MAX));
    }
    if key.chars().all(in_key) { Ok(key.to_owned()) } else { Err(Refusal::new(FieldCode::NotAKey)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for good in ["db.host", "A_1-b", "0", "数据库"] {
            assert_eq!(key(good).as_deref(), Ok(good));
        }
        for (bad, code) in [
            (" ", FieldCode::Required),
            ("a b", FieldCode::NotAKey),
            ("a|b", FieldCode::NotAKey),
            ("a，b", FieldCode::NotAKey),
            (&"k".repeat(129), FieldCode::TooLong),
        ] {
            assert_eq!(key(bad).map_err(|refusal| refusal.code), Err(code), "{bad:?}");
        }
    }

    #[test]
    fn sizes_are_of_the_file_not_of_its_base64() {
        for (base64, size) in [("", 0), ("AA==", 1), ("AAA=", 2), ("AAAA", 3), ("AAAAAA==", 4)] {
            assert_eq!(Content::Binary(base64.to_owned()).size(), Some(size), "{base64:?}");
        }
        assert_eq!(Content::Text("支付\r\n".to_owned()).size(), Some(8));
        assert_eq!(Content::Sealed("x".into()).size(), None);
    }

    #[test]
    fn the_same_text_of_another_kind_is_another_content() {
        let text = || "AAAA".to_owned();
        let hashes =
            [Content::Text(text()).hash(), Content::Binary(text()).hash(), Content::Sealed(text().into()).hash()];
        assert!(hashes.iter().all(|hash| hash.len() == 64));
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2] && hashes[0] != hashes[2]);
    }

    #[test]
    fn the_groups_value_goes_over_the_default() {
        let plain = |text: &str| Some(Value::Plain(text.to_owned()));
        let of = |value, default| ConfigValue { key: "k".to_owned(), sensitive: false, value, default };
        assert_eq!(of(plain("g"), plain("a")).effective(), Some((&Value::Plain("g".into()), Owner::Group)));
        assert_eq!(of(None, plain("")).effective(), Some((&Value::Plain(String::new()), Owner::App)));
        assert_eq!(of(None, None).effective(), None);
    }
}
