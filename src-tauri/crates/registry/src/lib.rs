//! Asks image registries what they have.
//!
//! The only crate that talks to a registry.

use oci_client::client::{ClientConfig, ClientProtocol};
use oci_client::errors::{OciDistributionError, OciErrorCode};
use oci_client::secrets::RegistryAuth;
use oci_client::{Client, Reference};
use secrecy::{ExposeSecret as _, SecretString};
use slipway_model::image::ImageRef;
use std::error::Error;
use std::net::IpAddr;
use std::time::Duration;

/// Sign-in and question together. A plan waits for it.
const TIMEOUT: Duration = Duration::from_secs(5);

/// What a registry says of an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Found,
    /// It has no such repository, or no such tag or digest in it.
    Missing,
    /// It does not tell who asked.
    Refused,
    /// It can not be asked from here, which says nothing of the nodes: why.
    Silent {
        reason: String,
    },
}

/// Who asks.
#[derive(Clone, Debug)]
pub struct Login {
    pub username: String,
    pub password: SecretString,
}

/// Host of the registry of an image, with its port; `docker.io` where it names none.
pub fn host(image: &ImageRef) -> Option<String> {
    let reference: Reference = image.to_string().parse().ok()?;
    Some(reference.registry().to_owned())
}

/// Asks for the manifest of an image; nothing of it is pulled.
pub async fn look(image: &ImageRef, login: Option<&Login>) -> Answer {
    match tokio::time::timeout(TIMEOUT, ask(image, login)).await {
        Ok(Ok(())) => Answer::Found,
        Ok(Err(error)) => told(&error),
        Err(_) => Answer::Silent { reason: format!("no answer within {} s", TIMEOUT.as_secs()) },
    }
}

async fn ask(image: &ImageRef, login: Option<&Login>) -> Result<(), OciDistributionError> {
    // An error means that somebody installed one before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let reference: Reference =
        image.to_string().parse().map_err(|_| OciDistributionError::UrlParseError(image.to_string()))?;
    let plain = is_of_this_machine(reference.resolve_registry());
    let protocol = if plain { ClientProtocol::Http } else { ClientProtocol::Https };
    let client = Client::try_from(ClientConfig { protocol, ..ClientConfig::default() })?;
    let auth = login.map_or(RegistryAuth::Anonymous, |login| {
        RegistryAuth::Basic(login.username.clone(), login.password.expose_secret().to_owned())
    });
    client.fetch_manifest_digest(&reference, &auth).await.map(|_| ())
}

/// Container runtimes speak plain HTTP with registries of their own machine, and with no others.
fn is_of_this_machine(registry: &str) -> bool {
    let host = registry.rsplit_once(':').map_or(registry, |(host, _)| host);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

fn told(error: &OciDistributionError) -> Answer {
    use OciErrorCode::{Denied, ManifestUnknown, NameUnknown, NotFound, Unauthorized};
    match error {
        OciDistributionError::ImageManifestNotFoundError(_) | OciDistributionError::ServerError { code: 404, .. } => {
            Answer::Missing
        }
        OciDistributionError::UnauthorizedError { .. }
        | OciDistributionError::AuthenticationFailure(_)
        | OciDistributionError::ServerError { code: 401 | 403, .. } => Answer::Refused,
        OciDistributionError::RegistryError { envelope, .. } => {
            let is = |codes: &[OciErrorCode]| envelope.errors.iter().any(|error| codes.contains(&error.code));
            if is(&[ManifestUnknown, NameUnknown, NotFound]) {
                Answer::Missing
            } else if is(&[Denied, Unauthorized]) {
                Answer::Refused
            } else {
                silent(error)
            }
        }
        error => silent(error),
    }
}

/// With the innermost reason: the outer ones only say that a request failed.
fn silent(error: &OciDistributionError) -> Answer {
    let mut inner: &dyn Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    Answer::Silent { reason: inner.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    fn image(text: &str) -> ImageRef {
        ImageRef::parse(text, "").expect("an image")
    }

    #[test]
    fn hosts_are_read_as_container_runtimes_do() {
        for (text, named, plain) in [
            ("busybox:1.37.0", "docker.io", false),
            ("docker.io/library/busybox:1.37.0", "docker.io", false),
            ("registry.example.com:5000/tools/curl:8", "registry.example.com:5000", false),
            ("localhost:5000/tools/curl:8", "localhost:5000", true),
            ("127.10.1.1:5000/tools/curl:8", "127.10.1.1:5000", true),
        ] {
            let found = host(&image(text)).expect("a host");
            assert_eq!((found.as_str(), is_of_this_machine(&found)), (named, plain), "{text}");
        }
    }

    #[tokio::test]
    async fn who_does_not_answer_is_no_answer_about_the_image() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let at = listener.local_addr().expect("its address");
        drop(listener);
        let answer = look(&image(&format!("{at}/tools/curl:8")), None).await;
        assert!(matches!(&answer, Answer::Silent { reason } if reason.contains("refused")), "{answer:?}");
    }
}
