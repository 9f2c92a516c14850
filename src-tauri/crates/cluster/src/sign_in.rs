//! From a credential to a connection: one namespace of one cluster, with an identity.

use crate::client::{Clients, install_crypto};
use crate::code::CodeLink;
use crate::kubeconfig::{self, KubeconfigError, exec};
use crate::{ClusterError, certificate, oidc};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jiff::Timestamp;
use kube::Config;
use kube::config::{
    AuthInfo, Cluster, Context, ExecAuthCluster, KubeConfigOptions, Kubeconfig, NamedAuthInfo, NamedCluster,
    NamedContext,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::Value;
use std::path::PathBuf;

/// What a link signs in with. Read anew at each sign-in, so that a renewed file is seen.
#[derive(Clone, Debug)]
pub enum Credential {
    /// One link of an authorization code.
    Code(CodeLink),
    Kubeconfig {
        source: KubeconfigSource,
        context: String,
    },
}

#[derive(Clone, Debug)]
pub enum KubeconfigSource {
    /// Merged, the first to name a thing winning.
    Files(Vec<PathBuf>),
    /// A copy from the vault, or pasted.
    Text(SecretString),
}

impl Credential {
    /// Signing in runs a program, which may open a browser: not to be done again without being asked.
    pub(crate) fn runs_a_program(&self) -> bool {
        match self.kubeconfig() {
            Ok((mut config, context)) => user_of(&mut config, &context).is_some_and(|user| user.exec.is_some()),
            Err(_) => false,
        }
    }

    /// The kubeconfig that says the same, and the context in it. A code becomes one too, so that proxies and
    /// certificates are treated in one place.
    fn kubeconfig(&self) -> Result<(Kubeconfig, String), KubeconfigError> {
        match self {
            Self::Code(link) => Ok((of_code(link), NAME.to_owned())),
            Self::Kubeconfig { source, context } => {
                let config = match source {
                    KubeconfigSource::Files(files) => kubeconfig::load(files)?.merged,
                    KubeconfigSource::Text(text) => kubeconfig::from_text(text.expose_secret())?,
                };
                if config.contexts.iter().any(|named| named.name == *context) {
                    Ok((config, context.clone()))
                } else {
                    Err(KubeconfigError::NoSuchContext { context: context.clone() })
                }
            }
        }
    }
}

/// Name of everything in the kubeconfig that stands for a code.
const NAME: &str = "slipway";

fn of_code(link: &CodeLink) -> Kubeconfig {
    let cluster = Cluster {
        server: link.servers.first().cloned(),
        certificate_authority_data: Some(link.ca.clone()).filter(|ca| !ca.is_empty()).map(|ca| STANDARD.encode(ca)),
        ..Cluster::default()
    };
    let user = AuthInfo { token: Some(link.token.clone()), ..AuthInfo::default() };
    let context = Context {
        cluster: NAME.to_owned(),
        user: Some(NAME.to_owned()),
        namespace: Some(link.namespace.clone()),
        ..Context::default()
    };
    Kubeconfig {
        clusters: vec![NamedCluster { name: NAME.to_owned(), cluster: Some(cluster), ..NamedCluster::default() }],
        auth_infos: vec![NamedAuthInfo { name: NAME.to_owned(), auth_info: Some(user), ..NamedAuthInfo::default() }],
        contexts: vec![NamedContext { name: NAME.to_owned(), context: Some(context), ..NamedContext::default() }],
        ..Kubeconfig::default()
    }
}

/// One namespace of one cluster, with an identity that the cluster has not been asked about yet. A cheap clone.
#[derive(Clone)]
pub struct Connection {
    pub(crate) clients: Clients,
    config: Config,
    /// `https://host:port`
    pub server: String,
    pub namespace: String,
    /// Of the certificate authority, see `ClusterLink`.
    pub fingerprint: String,
    ends: Ends,
}

impl std::fmt::Debug for Connection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Connection")
            .field("server", &self.server)
            .field("namespace", &self.namespace)
            .field("ends", &self.ends)
            .finish_non_exhaustive()
    }
}

/// Gets ready to talk: reads the credential, runs its program where it has one. Nothing is sent to the cluster, except
/// to find the first address that answers when a code names several.
///
/// # Errors
/// `SignIn` for a credential that cannot be had, `Other` for one that makes no sense.
pub async fn connect(credential: &Credential) -> Result<Connection, ClusterError> {
    let Credential::Code(link) = credential else { return connect_one(credential).await };
    let mut failed = None;
    for server in &link.servers {
        let one = CodeLink { servers: vec![server.clone()], ..link.clone() };
        let connection = connect_one(&Credential::Code(one)).await?;
        if link.servers.len() == 1 {
            return Ok(connection);
        }
        match connection.version().await {
            Err(error @ ClusterError::Unreachable { .. }) => failed = Some(error),
            _ => return Ok(connection),
        }
    }
    Err(failed.unwrap_or_else(|| ClusterError::other("sign in", "the code names no server")))
}

async fn connect_one(credential: &Credential) -> Result<Connection, ClusterError> {
    install_crypto();
    let doing = "sign in";
    let sign_in = |error: KubeconfigError| ClusterError::SignIn { doing: doing.to_owned(), failure: error.into() };
    let (mut config, context) = credential.kubeconfig().map_err(sign_in)?;
    let ends = settle(&mut config, &context).await?;
    let options = KubeConfigOptions { context: Some(context.clone()), ..KubeConfigOptions::default() };
    let config = Config::from_custom_kubeconfig(config, &options)
        .await
        .map_err(|error| sign_in(KubeconfigError::Unusable { context, reason: error.to_string() }))?;
    let ends = match credential {
        Credential::Code(link) => Ends { at: link.expiry.or(ends.at), ..ends },
        Credential::Kubeconfig { .. } => ends,
    };
    Connection::new(config, ends)
}

impl Connection {
    fn new(config: Config, ends: Ends) -> Result<Self, ClusterError> {
        let server = config.cluster_url.to_string().trim_end_matches('/').to_owned();
        let clients = Clients::new(&config).map_err(|error| ClusterError::from_kube("sign in", &server, error))?;
        let ca = config.root_cert.as_ref().and_then(|certificates| certificates.first());
        Ok(Self {
            clients,
            server,
            namespace: config.default_namespace.clone(),
            fingerprint: ca.map(|der| certificate::fingerprint(der)).unwrap_or_default(),
            ends,
            config,
        })
    }

    /// The same with nothing left of connections made before.
    pub(crate) fn renewed(&self) -> Self {
        Self::new(self.config.clone(), self.ends).unwrap_or_else(|_| self.clone())
    }

    /// When the credential ends for good, where it says so: what a program or an issuer gives anew does not.
    pub fn expires(&self) -> Option<Timestamp> {
        self.ends.at.filter(|_| !self.ends.renewable)
    }

    /// When what was signed in with ends, whatever comes after it.
    pub(crate) fn ends(&self) -> Option<Timestamp> {
        self.ends.at
    }

    /// A connection that was made otherwise.
    #[cfg(test)]
    pub(crate) fn with(config: Config) -> Result<Self, ClusterError> {
        Self::new(config, Ends::default())
    }

    /// The same identity in another namespace of the cluster.
    #[must_use]
    pub fn in_namespace(&self, namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..self.clone() }
    }

    /// The certificate authority, PEM; empty where the system's roots are trusted.
    pub fn ca(&self) -> String {
        let mut pem = String::new();
        for der in self.config.root_cert.iter().flatten() {
            pem.push_str("-----BEGIN CERTIFICATE-----\n");
            let text = STANDARD.encode(der);
            let mut rest = text.as_str();
            while !rest.is_empty() {
                let (line, more) = rest.split_at(rest.len().min(64));
                pem.push_str(line);
                pem.push('\n');
                rest = more;
            }
            pem.push_str("-----END CERTIFICATE-----\n");
        }
        pem
    }

    #[cfg(test)]
    pub(crate) fn over(client: kube::Client, namespace: &str) -> Self {
        let config = Config::new(http::Uri::from_static("http://127.0.0.1:1"));
        Self {
            clients: Clients { calls: client.clone(), streams: client },
            server: "http://127.0.0.1:1".to_owned(),
            namespace: namespace.to_owned(),
            fingerprint: String::new(),
            ends: Ends::default(),
            config,
        }
    }
}

/// When a credential ends, where it says so.
#[derive(Clone, Copy, Debug, Default)]
struct Ends {
    at: Option<Timestamp>,
    /// Another one is had without anybody's doing.
    renewable: bool,
}

/// Runs the user's program, or exchanges their token, where they have one, and puts the answer in its place.
async fn settle(config: &mut Kubeconfig, context: &str) -> Result<Ends, ClusterError> {
    let cluster = cluster_of(config, context);
    let Some(user) = user_of(config, context) else { return Ok(Ends::default()) };
    let once = |at| Ok(Ends { at, renewable: false });
    if let Some(provider) = user.auth_provider.as_ref() {
        if provider.name == "oidc" {
            let (token, expires) = oidc::token(&provider.config, Timestamp::now())
                .await
                .map_err(|failure| ClusterError::SignIn { doing: "sign in".to_owned(), failure })?;
            (user.auth_provider, user.token) = (None, Some(token));
            return Ok(Ends { at: expires, renewable: true });
        }
        let failure = KubeconfigError::Unsupported { what: format!("auth-provider: {}", provider.name) }.into();
        return Err(ClusterError::SignIn { doing: "sign in".to_owned(), failure });
    }
    if let Some(token) = &user.token {
        return once(token_expiry(token.expose_secret()));
    }
    if user.token_file.is_some() || (user.username.is_some() && user.password.is_some()) {
        return once(None);
    }
    let Some(mut exec) = user.exec.take() else {
        return once(kubeconfig::certificate(user).map(|facts| facts.not_after));
    };
    if exec.provide_cluster_info {
        exec.cluster = cluster.as_ref().and_then(|cluster| ExecAuthCluster::try_from(cluster).ok());
    }
    let issued = exec::run(&exec).await?;
    let by_certificate = issued.certificate.as_ref().and_then(|(pem, _)| certificate::first_of_pem(pem.as_bytes()));
    user.token = issued.token;
    if let Some((certificate, key)) = issued.certificate {
        user.client_certificate_data = Some(STANDARD.encode(certificate));
        user.client_key_data = Some(STANDARD.encode(key.expose_secret()).into());
    }
    Ok(Ends { at: issued.expires.or(by_certificate.map(|facts| facts.not_after)), renewable: true })
}

fn context_of<'a>(config: &'a Kubeconfig, context: &str) -> Option<&'a Context> {
    config.contexts.iter().find(|named| named.name == context)?.context.as_ref()
}

fn cluster_of(config: &Kubeconfig, context: &str) -> Option<Cluster> {
    let name = &context_of(config, context)?.cluster;
    config.clusters.iter().find(|named| named.name == *name)?.cluster.clone()
}

fn user_of<'a>(config: &'a mut Kubeconfig, context: &str) -> Option<&'a mut AuthInfo> {
    let name = context_of(config, context)?.user.clone()?;
    config.auth_infos.iter_mut().find(|named| named.name == name)?.auth_info.as_mut()
}

/// `exp` of a JWT. The token is the server's to judge; this is only for showing.
pub(crate) fn token_expiry(token: &str) -> Option<Timestamp> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Timestamp::from_second(claims["exp"].as_i64()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SignInFailure;

    #[test]
    fn a_token_says_when_it_ends() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"exp":1900000000}"#);
        assert_eq!(token_expiry(&format!("a.{claims}.c")).map(Timestamp::as_second), Some(1_900_000_000));
        assert_eq!(token_expiry("opaque"), None);
    }

    #[tokio::test]
    async fn a_code_keeps_its_words() {
        let link = CodeLink {
            cluster: "c".into(),
            servers: vec!["https://127.0.0.1:6443".into()],
            ca: String::new(),
            namespace: "shop".into(),
            namespace_uid: "u".into(),
            role: None,
            token: "t".into(),
            expiry: Some(Timestamp::MAX),
        };
        let connection = connect(&Credential::Code(link)).await.expect("connects");
        assert_eq!((connection.server.as_str(), connection.namespace.as_str()), ("https://127.0.0.1:6443", "shop"));
        assert_eq!(connection.expires(), Some(Timestamp::MAX));
    }

    #[tokio::test]
    async fn a_failed_program_is_a_failed_sign_in() {
        let text = "
apiVersion: v1
clusters: [{name: c, cluster: {server: 'https://127.0.0.1:6443'}}]
contexts: [{name: a, context: {cluster: c, user: u}}]
users: [{name: u, user: {exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [-c, 'echo no >&2; exit 1']}}}]
";
        let credential = Credential::Kubeconfig { source: KubeconfigSource::Text(text.into()), context: "a".into() };
        assert!(credential.runs_a_program());
        let error = connect(&credential).await.expect_err("fails");
        assert!(
            matches!(&error, ClusterError::SignIn { failure: SignInFailure::Program { program, message }, .. }
                if program == "sh" && message.ends_with(": no")),
            "{error}"
        );
        let credential = Credential::Kubeconfig { source: KubeconfigSource::Text(text.into()), context: "b".into() };
        assert!(connect(&credential).await.expect_err("no context").to_string().contains("no context b"));
    }
}
