//! Authorization codes (授权码): what an owner hands over so that somebody else can link a cluster.
//!
//! `slw1.<length>.<payload>.<check>` where
//! * `slw1` names the format; a higher digit is a newer one,
//! * `length` is the number of characters of `payload`, decimal: it comes first, so that a paste that was cut off can
//!   be told from one that was mistyped, and by how much,
//! * `payload` is base64url without padding of zstd of JSON,
//! * `check` is the CRC-32 of `payload`, eight hex digits. It finds typing errors; it protects nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use slipway_model::cluster::Role;

/// The format that this code writes and reads.
const FORMAT: u32 = 1;
/// Most bytes that a code may unpack to.
const UNPACKED_MAX: usize = 1024 * 1024;
const CHECK_DIGITS: usize = 8;
/// Codes are short and seldom made: take the small result.
const COMPRESSION: i32 = 19;

/// Everything that is needed to link one app's clusters.
#[derive(Clone, Debug)]
pub struct Code {
    /// Random; names the code in the owner's list.
    pub id: String,
    /// At least one.
    pub links: Vec<CodeLink>,
}

/// One cluster of a code: a namespace, and an identity there.
#[derive(Clone, Debug)]
pub struct CodeLink {
    /// Proposed name.
    pub cluster: String,
    /// `https://host:port`, tried in this order.
    pub servers: Vec<String>,
    /// PEM; empty trusts the system's roots.
    pub ca: String,
    pub namespace: String,
    pub namespace_uid: String,
    pub role: Option<Role>,
    pub token: SecretString,
    pub expiry: Option<Timestamp>,
}

/// Why a text is no usable code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeError {
    #[error("read an authorization code: nothing was given")]
    Empty,
    #[error("read an authorization code: it begins with slw1.")]
    NotACode,
    /// Characters of the payload that are here, and of the whole, where the code still says it.
    #[error("read an authorization code: its end is missing")]
    CutOff { have: usize, expected: Option<usize> },
    #[error("read an authorization code: the checksum does not fit, a character is wrong")]
    Typo,
    #[error("read an authorization code: format {format} is newer than this Slipway reads ({FORMAT})")]
    Newer { format: u32 },
    #[error("read an authorization code: it expired at {at}")]
    Expired { at: Timestamp },
    #[error("read an authorization code: it links no cluster")]
    NoLinks,
    /// The checksum fits, and yet it is no code: made by something else.
    #[error("read an authorization code: not readable: {reason}")]
    Damaged { reason: String },
}

impl Code {
    /// The text to hand over. It holds credentials.
    ///
    /// # Panics
    /// Never: a code is always representable as JSON.
    pub fn encode(&self) -> SecretString {
        let json = serde_json::to_vec(&Body::from(self)).expect("strings and times are JSON");
        let packed = zstd::bulk::compress(&json, COMPRESSION).expect("compressing into memory cannot fail");
        let payload = URL_SAFE_NO_PAD.encode(packed);
        let (length, check) = (payload.len(), crc32fast::hash(payload.as_bytes()));
        SecretString::from(format!("slw{FORMAT}.{length}.{payload}.{check:08x}"))
    }

    /// Reads what a person pasted. White space and line breaks anywhere in it are of the chat it came through.
    ///
    /// # Errors
    /// `CodeError`, each for a different mistake. Expired is only a code of which no link is alive.
    pub fn decode(text: &str) -> Result<Self, CodeError> {
        Self::decode_at(text, Timestamp::now())
    }

    fn decode_at(text: &str, now: Timestamp) -> Result<Self, CodeError> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && !is_invisible(*c)).collect();
        let payload = payload(&text)?;
        let damaged = |reason: &dyn std::fmt::Display| CodeError::Damaged { reason: reason.to_string() };
        let packed = URL_SAFE_NO_PAD.decode(payload).map_err(|error| damaged(&error))?;
        let json = zstd::bulk::decompress(&packed, UNPACKED_MAX).map_err(|error| damaged(&error))?;
        let body: Body = serde_json::from_slice(&json).map_err(|error| damaged(&error))?;
        let code = Self::from(body);
        if code.links.is_empty() {
            return Err(CodeError::NoLinks);
        }
        let last = code.links.iter().map(|link| link.expiry.unwrap_or(Timestamp::MAX)).max();
        match last {
            Some(at) if at <= now => Err(CodeError::Expired { at }),
            _ => Ok(code),
        }
    }
}

/// Zero-width characters and byte order marks, which chats and web pages put between words.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' | '\u{ad}')
}

/// The payload of a code whose frame is whole and whose checksum fits.
fn payload(text: &str) -> Result<&str, CodeError> {
    if text.is_empty() {
        return Err(CodeError::Empty);
    }
    let rest = text.strip_prefix("slw").ok_or(CodeError::NotACode)?;
    let (format, rest) = match rest.split_once('.') {
        Some((format, rest)) => (format, Some(rest)),
        None => (rest, None),
    };
    let format: u32 = format.parse().map_err(|_| CodeError::NotACode)?;
    if format > FORMAT {
        return Err(CodeError::Newer { format });
    }
    let mut parts = rest.unwrap_or_default().split('.');
    let length: Option<usize> = match parts.next() {
        Some("") | None => None,
        Some(digits) => Some(digits.parse().map_err(|_| CodeError::Typo)?),
    };
    let payload = parts.next().unwrap_or_default();
    let (check, more) = (parts.next().unwrap_or_default(), parts.next());
    if more.is_some() {
        return Err(CodeError::Typo);
    }
    if check.eq_ignore_ascii_case(&format!("{:08x}", crc32fast::hash(payload.as_bytes())))
        && length == Some(payload.len())
    {
        return Ok(payload);
    }
    let short = length.is_none_or(|length| payload.len() < length);
    if short || check.len() < CHECK_DIGITS {
        return Err(CodeError::CutOff { have: payload.len(), expected: length });
    }
    Err(CodeError::Typo)
}

/// The JSON of format 1. Unknown fields are of newer versions and no business of ours.
#[derive(Serialize, Deserialize)]
struct Body {
    id: String,
    #[serde(default)]
    links: Vec<BodyLink>,
}

#[derive(Serialize, Deserialize)]
struct BodyLink {
    cluster: String,
    servers: Vec<String>,
    #[serde(default)]
    ca: String,
    namespace: String,
    namespace_uid: String,
    #[serde(default)]
    role: Option<Role>,
    token: String,
    #[serde(default)]
    expiry: Option<Timestamp>,
}

impl From<&Code> for Body {
    fn from(code: &Code) -> Self {
        let links = code.links.iter().map(|link| BodyLink {
            cluster: link.cluster.clone(),
            servers: link.servers.clone(),
            ca: link.ca.clone(),
            namespace: link.namespace.clone(),
            namespace_uid: link.namespace_uid.clone(),
            role: link.role,
            token: link.token.expose_secret().to_owned(),
            expiry: link.expiry,
        });
        Self { id: code.id.clone(), links: links.collect() }
    }
}

impl From<Body> for Code {
    fn from(body: Body) -> Self {
        let links = body.links.into_iter().map(|link| CodeLink {
            cluster: link.cluster,
            servers: link.servers,
            ca: link.ca,
            namespace: link.namespace,
            namespace_uid: link.namespace_uid,
            role: link.role,
            token: link.token.into(),
            expiry: link.expiry,
        });
        Self { id: body.id, links: links.collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(token: &str, expiry: Option<i64>) -> Code {
        let link = CodeLink {
            cluster: "prod-bj".into(),
            servers: vec!["https://127.10.1.1:6443".into()],
            ca: "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----\n".into(),
            namespace: "shop".into(),
            namespace_uid: "5d0e".into(),
            role: Some(Role::Manager),
            token: token.into(),
            expiry: expiry.map(|at| Timestamp::from_second(at).expect("a time")),
        };
        Code { id: "c1".into(), links: vec![link] }
    }

    fn now() -> Timestamp {
        Timestamp::from_second(1_000).expect("a time")
    }

    fn text() -> String {
        code("secret", None).encode().expose_secret().to_owned()
    }

    fn fails(text: &str) -> CodeError {
        Code::decode_at(text, now()).expect_err(text)
    }

    proptest! {
        #[test]
        fn what_was_encoded_is_read_again(token in "\\PC{0,300}", name in "\\PC{0,60}", width in 1_usize..80) {
            let mut code = code(&token, Some(2_000));
            code.links[0].cluster.clone_from(&name);
            let text = code.encode();
            let wrapped: Vec<String> = text.expose_secret().as_bytes().chunks(width)
                .map(|line| String::from_utf8(line.to_vec()).expect("ASCII")).collect();
            let read = Code::decode_at(&format!("\u{feff} {} \r\n", wrapped.join("\r\n\t")), now()).expect("readable");
            prop_assert_eq!(read.links[0].token.expose_secret(), token.as_str());
            prop_assert_eq!(&read.links[0].cluster, &name);
        }

        #[test]
        fn every_cut_is_a_cut(at in 0_usize..10_000) {
            let text = text();
            let at = 5 + at % (text.len() - 5);
            prop_assert!(matches!(fails(&text[..at]), CodeError::CutOff { .. }), "{}", &text[..at]);
        }

        #[test]
        fn every_wrong_character_is_noticed(at in 0_usize..10_000, wrong in "[A-Za-z0-9_-]") {
            let text = text();
            let start = text.match_indices('.').nth(1).expect("two dots").0 + 1;
            let at = start + at % (text.len() - start);
            let mut typo = text.clone();
            typo.replace_range(at..=at, &wrong);
            let check = at >= text.len() - CHECK_DIGITS;
            let same = if check { typo.eq_ignore_ascii_case(&text) } else { typo == text };
            prop_assume!(!same && !text[at..].starts_with('.'));
            prop_assert_eq!(fails(&typo), CodeError::Typo);
        }

        #[test]
        fn nothing_panics(text in "(slw1\\.)?\\PC{0,200}") {
            prop_assert!(Code::decode_at(&text, now()).is_err());
        }
    }

    #[test]
    fn each_mistake_has_its_own_answer() {
        let text = text();
        let length: usize = text.split('.').nth(1).and_then(|n| n.parse().ok()).expect("a length");
        assert_eq!(fails(" \n"), CodeError::Empty);
        assert_eq!(fails("apiVersion: v1"), CodeError::NotACode);
        assert_eq!(fails("slwx.1"), CodeError::NotACode);
        assert_eq!(fails(&text.replacen("slw1", "slw2", 1)), CodeError::Newer { format: 2 });
        assert_eq!(fails("slw1."), CodeError::CutOff { have: 0, expected: None });
        let header = format!("slw1.{length}.");
        let cut = &text[..header.len() + 20];
        assert_eq!(fails(cut), CodeError::CutOff { have: 20, expected: Some(length) });
        let hole = format!("{}{}", &text[..30], &text[40..]);
        assert_eq!(fails(&hole), CodeError::CutOff { have: length - 10, expected: Some(length) });
        assert_eq!(fails(&format!("{text}.more")), CodeError::Typo);
        assert_eq!(fails(&text.replacen(&length.to_string(), &(length - 1).to_string(), 1)), CodeError::Typo);
    }

    #[test]
    fn an_expired_or_empty_code_is_refused() {
        let old = code("t", Some(999)).encode();
        assert_eq!(fails(old.expose_secret()), CodeError::Expired { at: Timestamp::from_second(999).expect("a time") });
        let mut half = code("t", Some(999));
        half.links.push(code("t", Some(1_001)).links.remove(0));
        assert!(Code::decode_at(half.encode().expose_secret(), now()).is_ok());
        let none = Code { id: "c".into(), links: vec![] }.encode();
        assert_eq!(fails(none.expose_secret()), CodeError::NoLinks);
    }

    #[test]
    fn a_bomb_does_not_unpack() {
        let packed = zstd::bulk::compress(&vec![b' '; UNPACKED_MAX + 1], 3).expect("compresses");
        let payload = URL_SAFE_NO_PAD.encode(packed);
        let text = format!("slw1.{}.{payload}.{:08x}", payload.len(), crc32fast::hash(payload.as_bytes()));
        assert!(matches!(fails(&text), CodeError::Damaged { .. }));
    }

    #[test]
    fn the_token_is_not_printed() {
        assert!(!format!("{:?}", code("very-secret", None)).contains("very-secret"));
    }
}
