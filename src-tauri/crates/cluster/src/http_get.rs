//! An HTTP GET to a port of a pod, as the kubelet asks for a probe.

use crate::exec::REFUSED_WITHIN;
use crate::{ClusterError, Session};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, SignatureScheme};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

/// What is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpGet {
    /// Begins with `/`.
    pub path: String,
    pub port: u16,
    /// The certificate is not checked, as the kubelet does not.
    pub tls: bool,
    pub headers: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HttpAnswer {
    Answered {
        status: u16,
        /// The first bytes.
        body: Vec<u8>,
        /// There were more.
        cut: bool,
        /// From the open connection to what is kept of the body.
        took: Duration,
    },
    /// Nobody listens, or what listens speaks no HTTP: why.
    Nothing(String),
}

impl Session {
    /// Asks a port of a pod; redirects are not followed. `most` bytes of the body are kept. Ends when it is dropped.
    ///
    /// # Errors
    /// As `dial`.
    pub async fn http_get(&self, pod: &str, get: &HttpGet, most: usize) -> Result<HttpAnswer, ClusterError> {
        let (stream, refusal) = self.forward(pod, get.port).await?;
        let begun = Instant::now();
        let answer = if get.tls {
            match without_check().connect(ServerName::IpAddress(LOOPBACK.into()), stream).await {
                Ok(stream) => ask(stream, get, most).await,
                Err(error) => Err(error.into()),
            }
        } else {
            ask(stream, get, most).await
        };
        match answer {
            Ok((status, body, cut)) => Ok(HttpAnswer::Answered { status, body, cut, took: begun.elapsed() }),
            // Where nobody listens, the kubelet knows better why than a stream that just ends.
            Err(error) => {
                let reason = timeout(REFUSED_WITHIN, refusal).await;
                Ok(HttpAnswer::Nothing(reason.unwrap_or_else(|_| said(error.as_ref()))))
            }
        }
    }
}

/// Where the forwarded connection ends, inside the pod.
const LOOPBACK: std::net::Ipv4Addr = std::net::Ipv4Addr::LOCALHOST;

async fn ask(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    get: &HttpGet,
    most: usize,
) -> Result<(u16, Vec<u8>, bool), Box<dyn std::error::Error + Send + Sync>> {
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // Ends with the answer, or when the sender is dropped.
    tokio::spawn(connection);
    let mut request = http::Request::get(&get.path).header(http::header::USER_AGENT, USER_AGENT);
    if !get.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("host")) {
        request = request.header(http::header::HOST, format!("{LOOPBACK}:{}", get.port));
    }
    for (name, value) in &get.headers {
        request = request.header(name, value);
    }
    let answer = sender.send_request(request.body(Empty::<Bytes>::new())?).await?;
    let (status, mut from) = (answer.status().as_u16(), answer.into_body());
    let mut body = Vec::new();
    while body.len() <= most
        && let Some(frame) = from.frame().await.transpose()?
    {
        body.extend(frame.into_data().unwrap_or_default());
    }
    let cut = body.len() > most;
    body.truncate(most);
    Ok((status, body, cut))
}

const USER_AGENT: &str = concat!("slipway/", env!("CARGO_PKG_VERSION"));

/// The innermost reason: the outer ones only say that a connection broke.
fn said(error: &(dyn std::error::Error + Send + Sync + 'static)) -> String {
    let mut inner: &dyn std::error::Error = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    inner.to_string()
}

fn without_check() -> TlsConnector {
    crate::client::install_crypto();
    let algorithms = CryptoProvider::get_default().map(|provider| provider.signature_verification_algorithms);
    let verifier = AnyCertificate(algorithms.expect("just installed"));
    let config = ClientConfig::builder().dangerous().with_custom_certificate_verifier(Arc::new(verifier));
    TlsConnector::from(Arc::new(config.with_no_client_auth()))
}

/// Takes any certificate, but only from who has its key.
#[derive(Debug)]
struct AnyCertificate(WebPkiSupportedAlgorithms);

impl ServerCertVerifier for AnyCertificate {
    fn verify_server_cert(
        &self,
        _: &CertificateDer<'_>,
        _: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.0)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.0)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.0.supported_schemes()
    }
}
