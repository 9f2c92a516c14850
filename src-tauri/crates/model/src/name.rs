//! Names that become Kubernetes names.

use crate::field::{FieldCode, Refusal};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Longest DNS label (RFC 1123).
pub const LABEL_MAX: usize = 63;
/// App slug + group slug: Deployment names over 46 characters lose the template hash in pod names (seen on 1.36.3).
pub const APP_AND_GROUP_MAX: usize = 45;
/// Titles and notes: long enough for a sentence, short enough for a table.
pub const TITLE_MAX: usize = 120;
pub const NOTE_MAX: usize = 1_000;

/// A DNS label that starts with a letter: app and group names. Fixed at creation, because it stands in selectors.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(try_from = "String", into = "String")]
#[ts(type = "string")]
pub struct Slug(String);

impl Slug {
    /// # Errors
    /// `Required`, `TooLong` or `NotALabel`, the last with a mend where lower-casing and replacing is enough.
    pub fn parse(typed: &str) -> Result<Self, Refusal> {
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(Refusal::new(FieldCode::Required));
        }
        if typed.len() > LABEL_MAX {
            return Err(Refusal::new(FieldCode::TooLong).with("max", LABEL_MAX));
        }
        if is_label(typed) {
            return Ok(Self(typed.to_owned()));
        }
        let refusal = Refusal::new(FieldCode::NotALabel);
        let mended = mend(typed);
        Err(if is_label(&mended) { refusal.fix(mended) } else { refusal })
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_label(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.first().is_some_and(u8::is_ascii_lowercase)
        && bytes.last().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// What the person most likely meant: lower case, anything else as single dashes.
fn mend(typed: &str) -> String {
    let mut mended = String::with_capacity(typed.len());
    for c in typed.to_lowercase().chars() {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            mended.push(c);
        } else if !mended.ends_with('-') {
            mended.push('-');
        }
    }
    mended.trim_matches('-').trim_start_matches(|c: char| c.is_ascii_digit() || c == '-').to_owned()
}

/// Characters that do something to the text around them, and are not seen: control characters, and those that turn the
/// direction of writing. A name with one of them could look like another. What joins emoji and letters is none of them.
pub(crate) fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}')
}

/// A title or note: any text without control characters (line breaks allowed where `lines`), at most `max` characters.
///
/// # Errors
/// `TooLong` or `ControlCharacters`.
pub fn text(typed: &str, max: usize, lines: bool) -> Result<String, Refusal> {
    let text = typed.trim();
    if text.chars().count() > max {
        return Err(Refusal::new(FieldCode::TooLong).with("max", max));
    }
    if text.chars().any(|c| is_hidden(c) && !(lines && c == '\n')) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    Ok(text.to_owned())
}

impl TryFrom<String> for Slug {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).map_err(|_| format!("{text:?} is not a DNS label that starts with a letter"))
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> Self {
        slug.0
    }
}

impl std::fmt::Display for Slug {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn slugs() {
        for good in ["a", "checkout-api", "prod-bj-1", "a0", &"a".repeat(63)] {
            assert_eq!(Slug::parse(good).map(String::from), Ok((*good).to_owned()));
        }
        for (bad, code, fix) in [
            ("", FieldCode::Required, None),
            ("   ", FieldCode::Required, None),
            ("Prod GZ", FieldCode::NotALabel, Some("prod-gz")),
            ("1st", FieldCode::NotALabel, Some("st")),
            ("a_b", FieldCode::NotALabel, Some("a-b")),
            ("a-", FieldCode::NotALabel, Some("a")),
            ("支付", FieldCode::NotALabel, None),
            (&"a".repeat(64), FieldCode::TooLong, None),
        ] {
            let refusal = Slug::parse(bad).expect_err(bad);
            assert_eq!((refusal.code, refusal.fix.as_deref()), (code, fix), "{bad:?}");
        }
    }

    #[test]
    fn what_is_not_seen_is_refused_and_what_joins_letters_is_not() {
        for good in ["支付", "🚢👩‍👧", "e\u{301}te\u{301}", "क्‍ष", "שלום"] {
            assert_eq!(text(good, TITLE_MAX, false).as_deref(), Ok(good));
        }
        for bad in ["a\u{202e}b", "a\u{2066}b", "a\0b", "a\u{1b}[31m", "a\nb", "a\u{2028}b"] {
            let refusal = text(bad, TITLE_MAX, false).expect_err(bad);
            assert_eq!(refusal.code, FieldCode::ControlCharacters, "{bad:?}");
        }
        assert_eq!(text("a\nb", NOTE_MAX, true).as_deref(), Ok("a\nb"));
    }

    proptest! {
        #[test]
        fn an_offered_mend_is_always_accepted(typed in "\\PC{0,63}") {
            if let Err(Refusal { fix: Some(fix), .. }) = Slug::parse(&typed) {
                prop_assert!(Slug::parse(&fix).is_ok());
            }
        }
    }
}
