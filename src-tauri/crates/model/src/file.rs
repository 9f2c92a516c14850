//! Files in containers: their paths, which are bytes and need not be text.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use ts_rs::TS;

/// Where bytes that are no UTF-8 stand in text: private characters, one a byte.
const PRIVATE: u32 = 0xf700;

/// Name or path of a file in a container. As text every byte that is no UTF-8 becomes a private character, so that it
/// comes back as it was.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RemotePath(Vec<u8>);

impl RemotePath {
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name after the last slash.
    pub fn name(&self) -> &[u8] {
        let path = self.0.strip_suffix(b"/").unwrap_or(&self.0);
        path.rsplit(|byte| *byte == b'/').next().unwrap_or(path)
    }

    #[must_use]
    pub fn join(&self, name: &[u8]) -> Self {
        let mut path = self.0.clone();
        if !path.ends_with(b"/") {
            path.push(b'/');
        }
        path.extend_from_slice(name);
        Self(path)
    }

    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.0.len());
        for chunk in self.0.utf8_chunks() {
            for sign in chunk.valid().chars() {
                if is_private(sign) {
                    text.extend(sign.encode_utf8(&mut [0; 4]).bytes().map(private));
                } else {
                    text.push(sign);
                }
            }
            text.extend(chunk.invalid().iter().copied().map(private));
        }
        text
    }

    pub fn from_text(text: &str) -> Self {
        let mut bytes = Vec::with_capacity(text.len());
        for sign in text.chars() {
            match u8::try_from(u32::from(sign).wrapping_sub(PRIVATE)) {
                Ok(byte) if is_private(sign) => bytes.push(byte),
                _ => bytes.extend_from_slice(sign.encode_utf8(&mut [0; 4]).as_bytes()),
            }
        }
        Self(bytes)
    }
}

fn is_private(sign: char) -> bool {
    (PRIVATE + 0x80..=PRIVATE + 0xff).contains(&u32::from(sign))
}

fn private(byte: u8) -> char {
    char::from_u32(PRIVATE + u32::from(byte)).unwrap_or(char::REPLACEMENT_CHARACTER)
}

impl fmt::Debug for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&String::from_utf8_lossy(&self.0), f)
    }
}

impl fmt::Display for RemotePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

impl Serialize for RemotePath {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.to_text())
    }
}

impl<'de> Deserialize<'de> for RemotePath {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text: Cow<'de, str> = Cow::deserialize(deserializer)?;
        Ok(Self::from_text(&text))
    }
}

impl TS for RemotePath {
    type WithoutGenerics = Self;
    type OptionInnerType = Self;

    fn name(_: &ts_rs::Config) -> String {
        "string".to_owned()
    }

    fn inline(config: &ts_rs::Config) -> String {
        <Self as TS>::name(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn any_bytes_come_back_from_text(bytes: Vec<u8>) {
            let path = RemotePath::new(bytes);
            prop_assert_eq!(RemotePath::from_text(&path.to_text()), path);
        }

        #[test]
        fn any_text_comes_back_as_it_is(text: String) {
            let path = RemotePath::new(text.as_bytes());
            let back = RemotePath::from_text(&path.to_text());
            prop_assert_eq!(back.as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn ordinary_paths_are_their_own_text() {
        let path = RemotePath::from_text("/export/部署").join(b"a\n\xff\xef\x9f\xbf");
        assert_eq!(path.as_bytes(), b"/export/\xe9\x83\xa8\xe7\xbd\xb2/a\n\xff\xef\x9f\xbf");
        assert!(path.to_text().starts_with("/export/部署/a\n\u{f7ff}"));
        assert_eq!(path.name(), b"a\n\xff\xef\x9f\xbf");
        assert_eq!(RemotePath::from_text("/a/b/").name(), b"b");
        assert_eq!(RemotePath::from_text("/").join(b"etc").as_bytes(), b"/etc");
    }
}
