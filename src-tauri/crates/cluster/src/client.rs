//! kube clients as we want them: no retry of kube's own, short timeouts for calls, keepalive for what stays open.

use http_body_util::Limited;
use hyper_timeout::TimeoutConnector;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ConfigExt as _};
use kube::{Client, Config};
use std::time::Duration;
use tower::{BoxError, ServiceBuilder};
use tower_http::decompression::DecompressionLayer;

/// TCP and TLS together.
pub(crate) const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Silence after which a call is given up.
const READ_TIMEOUT: Duration = Duration::from_secs(30);
/// Largest answer to a call, bytes unpacked: a page of a list, each object as large as the storage of a cluster takes
/// them, is below it by far.
pub(crate) const ANSWER_MAX: usize = 64 * 1024 * 1024;
/// Largest answer of an issuer, bytes.
const ISSUER_ANSWER_MAX: usize = 1024 * 1024;
/// A dead peer is noticed after about 20 + 3 × 10 s.
const KEEPALIVE: Duration = Duration::from_secs(20);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
const KEEPALIVE_TRIES: u32 = 3;

/// Two clients of one sign-in.
#[derive(Clone)]
pub(crate) struct Clients {
    /// Questions and orders: an answer is expected at once.
    pub calls: Client,
    /// Watches, logs, terminals: silence is normal, only a dead peer ends them.
    pub streams: Client,
}

impl Clients {
    /// Fresh ones, with no connection left of a network that may be gone.
    pub(crate) fn new(config: &Config) -> kube::Result<Self> {
        let mut config = config.clone();
        config.connect_timeout = Some(CONNECT_TIMEOUT);
        // kube would send *every* verb again on 429, 503 and 504, up to 15 times.
        config.default_retry = false;
        config.reset_reader_on_write = true;
        config.headers.push((http::header::USER_AGENT, http::HeaderValue::from_static(USER_AGENT)));
        config.read_timeout = None;
        let streams = client(config.clone(), usize::MAX)?;
        config.read_timeout = Some(READ_TIMEOUT);
        Ok(Self { calls: client(config, ANSWER_MAX)?, streams })
    }
}

/// Of an identity's issuer: small questions, answered at once.
pub(crate) fn for_issuer(mut config: Config) -> kube::Result<Client> {
    config.connect_timeout = Some(CONNECT_TIMEOUT);
    config.read_timeout = Some(READ_TIMEOUT);
    config.default_retry = false;
    client(config, ISSUER_ANSWER_MAX)
}

const USER_AGENT: &str = concat!("slipway/", env!("CARGO_PKG_VERSION"));

/// The cryptography of all TLS here: two providers are compiled in, so one must be chosen.
pub(crate) fn install_crypto() {
    // An error means that somebody installed one before, which is as good.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
}

/// `answer_max`: bytes of a body after which it is given up.
fn client(config: Config, answer_max: usize) -> kube::Result<Client> {
    install_crypto();
    if config.proxy_url.is_some() {
        // The connection is the proxy's to keep alive.
        return Client::try_from(config);
    }
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    tcp.set_keepalive(Some(KEEPALIVE));
    tcp.set_keepalive_interval(Some(KEEPALIVE_INTERVAL));
    tcp.set_keepalive_retries(Some(KEEPALIVE_TRIES));
    let mut connector = TimeoutConnector::new(config.rustls_https_connector_with_connector(tcp)?);
    connector.set_connect_timeout(config.connect_timeout);
    connector.set_read_timeout(config.read_timeout);
    connector.set_write_timeout(config.write_timeout);
    connector.set_reset_reader_on_write(config.reset_reader_on_write);
    let http: HttpClient<_, Body> = HttpClient::builder(TokioExecutor::new()).build(connector);
    let service = ServiceBuilder::new()
        .map_response(move |answer: http::Response<_>| answer.map(|body| Limited::new(body, answer_max)))
        .layer(config.base_uri_layer())
        .layer(DecompressionLayer::new().gzip(!config.disable_compression))
        .option_layer(config.auth_layer()?)
        .layer(config.extra_headers_layer()?)
        .map_err(BoxError::from)
        .service(http);
    Ok(Client::new(service, config.default_namespace))
}
