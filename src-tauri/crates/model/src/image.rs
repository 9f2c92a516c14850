//! Image references: `[registry/]repository[:tag][@digest]`.
//!
//! Grammar: github.com/distribution/reference.

use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A full image reference with a tag, a digest, or both.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct ImageRef {
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl ImageRef {
    /// Reads what a person typed: a full reference, or only a tag (`2.14.0`) or digest of `repository`.
    ///
    /// # Errors
    /// `Required` or `NotAnImage` with a `reason`.
    pub fn parse(typed: &str, repository: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Refusal::new(FieldCode::Required));
        }
        if typed.starts_with("sha256:") && is_digest(typed) && !repository.is_empty() {
            return Self::parse_full(&format!("{repository}@{typed}"));
        }
        if !typed.contains(['/', ':', '@']) && !repository.is_empty() {
            return Self::parse_full(&format!("{repository}:{typed}"));
        }
        Self::parse_full(typed)
    }

    fn parse_full(text: &str) -> Result<Self, Refusal> {
        let refuse = |reason: &str| Err(Refusal::new(FieldCode::NotAnImage).with("reason", reason));
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) if is_digest(digest) => (rest, Some(digest.to_owned())),
            Some(_) => return refuse("digest"),
            None => (text, None),
        };
        // A colon after the last slash begins the tag; one before it belongs to the registry's port.
        let after_slash = rest.rfind('/').map_or(0, |at| at + 1);
        let (repository, tag) = match rest[after_slash..].find(':') {
            Some(at) => (&rest[..after_slash + at], Some(rest[after_slash + at + 1..].to_owned())),
            None => (rest, None),
        };
        if let Some(tag) = &tag
            && !is_tag(tag)
        {
            return refuse("tag");
        }
        if !is_repository(repository) {
            return refuse("repository");
        }
        if tag.is_none() && digest.is_none() {
            return refuse("no_tag");
        }
        Ok(Self { repository: repository.to_owned(), tag, digest })
    }

    pub fn repository(&self) -> &str {
        &self.repository
    }

    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The same with what its tag leads to.
    #[must_use]
    pub fn at(&self, digest: &str) -> Self {
        Self { digest: Some(digest.to_owned()), ..self.clone() }
    }

    /// Whether `other` is this image, or what its tag was found to lead to.
    pub fn leads_to(&self, other: &Self) -> bool {
        self.repository == other.repository
            && self.tag == other.tag
            && self.digest.as_ref().is_none_or(|digest| other.digest.as_ref() == Some(digest))
    }

    /// What a person calls this version: the tag, else the digest's first twelve digits.
    pub fn version(&self) -> &str {
        match (&self.tag, &self.digest) {
            (Some(tag), _) => tag,
            (None, Some(digest)) => digest.get(7..19).unwrap_or(digest),
            (None, None) => "latest",
        }
    }

    /// The version of any image text found in a cluster, also of one that we would not accept from a person.
    pub fn version_of(image: &str) -> String {
        Self::parse_full(image).map_or_else(|_| image.to_owned(), |reference| reference.version().to_owned())
    }
}

/// A repository with its registry host, as an app's *repository* field takes it (no tag, no digest).
///
/// # Errors
/// `Required` or `NotAnImage`.
pub fn repository(typed: &str) -> Result<String, Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let with_tag = typed.rfind('/').map_or(typed, |slash| &typed[slash..]).contains([':', '@']);
    if with_tag || !is_repository(typed) {
        return Err(Refusal::new(FieldCode::NotAnImage).with("reason", "repository"));
    }
    Ok(typed.to_owned())
}

fn is_repository(text: &str) -> bool {
    if text.len() > 255 {
        return false;
    }
    let mut parts = text.split('/').peekable();
    let host = match parts.peek() {
        Some(first) if text.contains('/') && (first.contains(['.', ':']) || *first == "localhost") => parts.next(),
        _ => None,
    };
    host.is_none_or(is_host) && parts.peek().is_some() && parts.all(is_path_component)
}

fn is_host(text: &str) -> bool {
    let (name, port) = text.split_once(':').map_or((text, None), |(name, port)| (name, Some(port)));
    port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
        && name.split('.').all(|label| {
            !label.is_empty()
                && label.len() <= 63
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        })
}

/// Lower-case letters and digits, separated by `.`, `_`, `__` or dashes.
fn is_path_component(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.bytes().next().is_some_and(word)
        && text.bytes().last().is_some_and(word)
        && text.bytes().all(|b| word(b) || matches!(b, b'.' | b'_' | b'-'))
        && !text.contains("..")
        && !text.contains("___")
}

fn is_tag(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_')
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn is_digest(text: &str) -> bool {
    text.strip_prefix("sha256:")
        .is_some_and(|hex| hex.len() == 64 && hex.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)))
}

impl std::fmt::Display for ImageRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for ImageRef {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse_full(&text).map_err(|_| format!("{text:?} is not an image reference"))
    }
}

impl From<ImageRef> for String {
    fn from(image: ImageRef) -> Self {
        image.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted() {
        let digest = format!("sha256:{}", "a".repeat(64));
        let repository = "registry.example.com/shop/checkout-api";
        for (typed, full, version) in [
            ("2.14.0", format!("{repository}:2.14.0"), "2.14.0"),
            ("nginx:1.27", "nginx:1.27".to_owned(), "1.27"),
            ("127.10.1.1:5000/demo/api:v1", "127.10.1.1:5000/demo/api:v1".to_owned(), "v1"),
            (digest.as_str(), format!("{repository}@{digest}"), "aaaaaaaaaaaa"),
            ("a/b__c:x", "a/b__c:x".to_owned(), "x"),
        ] {
            let image = ImageRef::parse(typed, repository).expect(typed);
            assert_eq!((image.to_string(), image.version()), (full, version));
        }
    }

    #[test]
    fn refused() {
        for (typed, reason) in [
            ("UPPER/case:1", "repository"),
            ("a b:1", "repository"),
            ("nginx:", "tag"),
            ("nginx:-x", "tag"),
            ("nginx@sha256:12", "digest"),
            ("host.example.com/x", "no_tag"),
            ("host:99999/x:1", "repository"),
            ("http://host/x:1", "repository"),
        ] {
            let refusal = ImageRef::parse(typed, "").expect_err(typed);
            assert_eq!(refusal.params.get("reason").map(String::as_str), Some(reason), "{typed}");
        }
    }
}
