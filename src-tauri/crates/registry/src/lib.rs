//! Asks image registries what they have.
//!
//! The only crate that talks to a registry. Nothing is pulled but manifests and configurations, each once: what stands
//! under a digest never changes.

mod address;
mod answer;
mod docker;
mod failure;
mod image;
mod tags;

pub use address::{Repository, is_of_this_machine};
pub use docker::{Docker, of_docker};
pub use failure::Failure;
pub use tags::{TAGS_MAX, Tags};

use answer::{Pass, PassOf};
use reqwest::redirect::Policy;
use secrecy::SecretString;
use std::collections::HashMap;
use std::sync::Mutex;
use std::time::Duration;

/// One question and its answer.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
const REDIRECTS_MAX: usize = 5;
/// How Docker calls somebody who has a token instead of a password.
const IDENTITY: &str = "<token>";

/// Who asks.
#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub password: SecretString,
}

impl Login {
    /// With a token that stands for the whole login.
    pub(crate) fn identity(token: SecretString) -> Self {
        Self { username: IDENTITY.to_owned(), password: token }
    }

    pub(crate) fn is_identity(&self) -> bool {
        self.username == IDENTITY
    }
}

/// How a registry is asked.
#[derive(Clone, Debug, Default)]
pub struct Access {
    pub login: Option<Login>,
    /// Without TLS: somebody said so, or it is of this machine.
    pub plain: bool,
}

/// The way to all registries. Keeps what they were told, as long as they take it.
#[derive(Debug)]
pub struct Registries {
    http: reqwest::Client,
    passes: Mutex<HashMap<PassOf, Pass>>,
}

impl Default for Registries {
    fn default() -> Self {
        // An error means that somebody installed one before, which is as good.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let http = reqwest::Client::builder()
            .user_agent(concat!("slipway/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(Policy::custom(|attempt| {
                let secure = attempt.previous().iter().any(|url| url.scheme() == "https");
                if attempt.previous().len() > REDIRECTS_MAX {
                    attempt.error("it leads in circles")
                } else if secure && attempt.url().scheme() != "https" {
                    attempt.error("it leads to a server without TLS")
                } else {
                    attempt.follow()
                }
            }))
            .build()
            .expect("a client of these settings");
        Self { http, passes: Mutex::default() }
    }
}

#[cfg(test)]
mod tests;
