//! How serious a line says it is, as far as it says so itself.

use memchr::memmem;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum LogLevel {
    /// It says nothing of it.
    None,
    Trace,
    Debug,
    Info,
    Warn,
    Error,
    Fatal,
}

/// Bytes of a line in which its level is looked for.
const HEAD: usize = 512;
/// Words at the beginning of a line of text, the time and the thread among them, that may be its level.
const WORDS: usize = 6;

impl LogLevel {
    pub(super) fn of_tag(tag: u8) -> Self {
        [Self::None, Self::Trace, Self::Debug, Self::Info, Self::Warn, Self::Error, Self::Fatal]
            .into_iter()
            .find(|level| *level as u8 == tag)
            .unwrap_or(Self::None)
    }

    /// Of a line as a container wrote it: JSON, logfmt, klog, or words in front.
    pub(super) fn of(text: &[u8]) -> Self {
        let head = &text[..text.len().min(HEAD)];
        if head.first() == Some(&b'{') {
            return json(head);
        }
        let words = head.split(|byte| byte.is_ascii_whitespace() || b"[]()|:".contains(byte));
        let words = words.map(bare).filter(|word| !word.is_empty());
        for (at, word) in words.take(WORDS).enumerate() {
            let value = word.strip_prefix(b"level=").or_else(|| word.strip_prefix(b"lvl="));
            let said = value.is_some() || (word.len() > 1 && word.iter().all(u8::is_ascii_uppercase));
            let level = Self::word(value.unwrap_or(word));
            if said && level != Self::None {
                return level;
            }
            if at == 0 && is_klog(word) {
                return Self::word(&word[..1]);
            }
        }
        Self::None
    }

    fn word(word: &[u8]) -> Self {
        match word.to_ascii_uppercase().as_slice() {
            b"TRACE" => Self::Trace,
            b"DEBUG" => Self::Debug,
            b"INFO" | b"NOTICE" | b"INFORMATION" | b"I" => Self::Info,
            b"WARN" | b"WARNING" | b"W" => Self::Warn,
            b"ERROR" | b"ERR" | b"SEVERE" | b"E" => Self::Error,
            b"FATAL" | b"PANIC" | b"CRITICAL" | b"CRIT" | b"EMERG" | b"ALERT" | b"F" => Self::Fatal,
            _ => Self::None,
        }
    }
}

/// `E1126 14:03:12.1`
fn is_klog(word: &[u8]) -> bool {
    matches!(word, [b'I' | b'W' | b'E' | b'F', digits @ ..] if digits.len() == 4 && digits.iter().all(u8::is_ascii_digit))
}

/// Without the colours around it; their bracket was taken for the end of a word before.
fn bare(word: &[u8]) -> &[u8] {
    let numbers = word.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b';').count();
    let word = if word.get(numbers) == Some(&b'm') { &word[numbers + 1..] } else { word };
    &word[..memchr::memchr(0x1b, word).unwrap_or(word.len())]
}

fn json(head: &[u8]) -> LogLevel {
    for key in ["\"level\"", "\"severity\"", "\"lvl\"", "\"log.level\"", "\"loglevel\"", "\"levelname\""] {
        let Some(at) = memmem::find(head, key.as_bytes()) else { continue };
        let value = head[at + key.len()..].trim_ascii_start();
        let Some(value) = value.strip_prefix(b":").map(<[u8]>::trim_ascii_start) else { continue };
        match value {
            [b'"', word @ ..] => return LogLevel::word(&word[..memchr::memchr(b'"', word).unwrap_or(0)]),
            // pino and bunyan
            [tens @ b'1'..=b'6', b'0', ..] => return LogLevel::of_tag(tens - b'0'),
            _ => {}
        }
    }
    LogLevel::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_as_programs_write_them() {
        for (line, level) in [
            ("ERROR fatal: no connection", LogLevel::Error),
            ("[WARN] slow", LogLevel::Warn),
            ("2026-11-25 15:52:41,639 [main] WARN c.s.Pool - slow", LogLevel::Warn),
            ("time=\"2026\" level=info msg=up", LogLevel::Info),
            ("E1126 14:03:12.1 1 server.go:12] no", LogLevel::Error),
            ("{\"ts\":1,\"level\":\"warning\",\"msg\":\"slow\"}", LogLevel::Warn),
            ("{\"severity\": \"CRITICAL\"}", LogLevel::Fatal),
            ("{\"level\":50,\"msg\":\"no\"}", LogLevel::Error),
            ("{\"msg\":\"level\"}", LogLevel::None),
            ("panic in the middle of nothing ERROR", LogLevel::None),
            ("informed guess", LogLevel::None),
            ("an Error", LogLevel::None),
            ("\u{1b}[31mERROR\u{1b}[0m no", LogLevel::Error),
            ("", LogLevel::None),
        ] {
            assert_eq!(LogLevel::of(line.as_bytes()), level, "{line}");
        }
    }
}
