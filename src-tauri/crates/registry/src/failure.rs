//! What questions end with, in facts. Nothing of a credential, and no signed address, is ever in one.

use std::error::Error;
use std::time::Duration;

/// Longest piece of a registry's own words that is kept, characters.
const WORDS_MAX: usize = 300;

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It has no such repository.
    NoRepository,
    /// It has no such tag or digest in the repository, or no such content.
    NoImage,
    /// It does not tell who asked (401, 403).
    Refused {
        /// Whether somebody was named.
        signed_in: bool,
        message: String,
    },
    /// It was asked too often (429).
    Limited { retry_after: Option<Duration> },
    /// It can not be asked from here, which says nothing of the nodes.
    Unreachable { reason: String },
    /// It was asked over TLS, and speaks plain HTTP.
    Plain,
    /// It has trouble itself (5xx).
    Broken { status: u16, message: String },
    /// It answered something that no registry may.
    Nonsense { reason: String },
    /// The program that keeps a login of Docker's did not give it.
    Helper { program: String, reason: String },
    /// The configuration of Docker can not be read.
    Config { path: String, reason: String },
}

impl Failure {
    pub(crate) fn nonsense(reason: impl Into<String>) -> Self {
        Self::Nonsense { reason: reason.into() }
    }

    /// Of a question that got no whole answer. The address is left out: storage behind a registry signs its own.
    pub(crate) fn of(error: reqwest::Error) -> Self {
        let timeout = error.is_timeout();
        let error = error.without_url();
        let mut inner: &(dyn Error + 'static) = &error;
        let mut plain = false;
        while let Some(source) = inner.source() {
            inner = source;
            plain |= speaks_plainly(inner);
        }
        if plain {
            return Self::Plain;
        }
        Self::Unreachable { reason: if timeout { "no answer in time".to_owned() } else { inner.to_string() } }
    }
}

/// An answer in plain HTTP is no TLS record.
fn speaks_plainly(error: &(dyn Error + 'static)) -> bool {
    let wrong = rustls::InvalidMessage::InvalidContentType;
    if matches!(error.downcast_ref(), Some(rustls::Error::InvalidMessage(found)) if *found == wrong) {
        return true;
    }
    // One that only wraps another does not tell of it as its source.
    let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
    wrapped.is_some_and(|inner| speaks_plainly(inner))
}

/// The beginning of what others wrote, on one line.
pub(crate) fn words(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(WORDS_MAX).collect();
    line.trim().to_owned()
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoRepository => f.write_str("it has no such repository"),
            Self::NoImage => f.write_str("it has no such image"),
            Self::Refused { message, .. } if message.is_empty() => f.write_str("it refuses"),
            Self::Refused { message, .. } => write!(f, "it refuses: {message}"),
            Self::Limited { retry_after: None } => f.write_str("it was asked too often"),
            Self::Limited { retry_after: Some(after) } => {
                write!(f, "it was asked too often, and answers again in {} s", after.as_secs())
            }
            Self::Unreachable { reason } | Self::Nonsense { reason } => f.write_str(reason),
            Self::Plain => f.write_str("it speaks plain HTTP"),
            Self::Broken { status, message } => write!(f, "status {status} {message}"),
            Self::Helper { program, reason } => write!(f, "{program}: {reason}"),
            Self::Config { path, reason } => write!(f, "{path}: {reason}"),
        }
    }
}
