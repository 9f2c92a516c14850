//! Linking: from what a person gives to a saved link. Nothing is saved before *Link* is pressed.

use super::held;
use crate::Engine;
use crate::app::taken_name;
use crate::error::{Error, Result};
use jiff::Timestamp;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use slipway_cluster::kubeconfig::{self, Contexts, KubeconfigError, SignIn};
use slipway_cluster::{Code, Inspection};
use slipway_model::cluster::{ClusterLink, Grant, LinkSource, Role, link_name};
use slipway_model::field::Fields;
use slipway_model::id::LinkId;
use slipway_store::VaultError;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;
use ts_rs::TS;

/// How long a person may look at a preview before it is forgotten.
const PREVIEW_KEPT: Duration = Duration::from_mins(10);

/// Where the credential for a new link comes from. A secret in it is used for this one call and kept nowhere until
/// the person presses *Link*.
#[derive(Clone, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum LinkFrom {
    /// Typed or pasted into the page.
    Code {
        code: String,
    },
    /// Read from the clipboard by the core.
    CodeClipboard,
    /// Read from a file that the person chooses.
    CodeFile,
    Kubeconfig {
        file: String,
        context: String,
    },
    /// A pasted kubeconfig; a copy goes to the vault.
    KubeconfigText {
        text: String,
        context: String,
    },
}

impl std::fmt::Debug for LinkFrom {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code { .. } => "Code",
            Self::CodeClipboard => "CodeClipboard",
            Self::CodeFile => "CodeFile",
            Self::Kubeconfig { .. } => "Kubeconfig",
            Self::KubeconfigText { .. } => "KubeconfigText",
        })
    }
}

/// What a person sees before a link is saved.
#[derive(Clone, Debug, Serialize, TS)]
pub struct LinkPreview {
    /// Names this inspection when the person presses *Link*; forgotten after ten minutes or the next inspection.
    pub token: String,
    /// Proposed name.
    pub name: String,
    pub server: String,
    pub fingerprint: String,
    pub namespace: String,
    pub identity: String,
    pub role: Option<Role>,
    #[ts(type = "string | null")]
    pub expires: Option<Timestamp>,
    pub server_version: String,
    pub latency_ms: u32,
    pub grants: Vec<Grant>,
    /// This namespace is linked already, under this name: linking replaces its credential.
    pub replaces: Option<String>,
}

/// The contexts of a kubeconfig.
#[derive(Clone, Debug)]
pub struct KubeconfigContexts {
    pub files: Vec<String>,
    pub contexts: Vec<KubeconfigContext>,
}

#[derive(Clone, Debug)]
pub struct KubeconfigContext {
    pub name: String,
    pub file: String,
    pub cluster: String,
    pub user: String,
    pub server: String,
    pub namespace: String,
    pub current: bool,
    pub sign_in: SignInView,
    /// What linking it would meet, where that is plain already.
    pub problem: Option<KubeconfigError>,
}

/// How a context signs in, said before anything is run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum SignInView {
    Certificate {
        #[ts(type = "string | null")]
        expires: Option<Timestamp>,
    },
    Token,
    /// This program would be run.
    Exec {
        command: String,
        args: Vec<String>,
        found: Option<String>,
    },
    Oidc {
        issuer: String,
    },
    Basic,
    None,
}

/// What a person gives to link a cluster. Where it holds a secret, it holds it no longer than the call.
#[derive(Debug)]
pub enum Credential {
    Code(SecretString),
    CodeFile(PathBuf),
    Kubeconfig { file: PathBuf, context: String },
    KubeconfigText { text: SecretString, context: String },
}

/// Where contexts are read from.
#[derive(Debug)]
pub enum KubeconfigSource {
    /// `KUBECONFIG`, else `~/.kube/config`.
    Default,
    File(PathBuf),
    Text(SecretString),
}

/// An inspection that waits for *Link*. Only the newest is kept, and no longer than `PREVIEW_KEPT`.
#[derive(Debug, Default)]
pub struct Previews {
    kept: Mutex<Option<Preview>>,
    /// Ends the inspection that is under way.
    looking: Mutex<CancellationToken>,
}

#[derive(Debug)]
struct Preview {
    token: String,
    at: Instant,
    credential: slipway_cluster::Credential,
    source: LinkSource,
    inspection: Inspection,
}

impl Engine {
    /// The contexts of a kubeconfig, each with how it signs in. Runs nothing.
    pub async fn cluster_contexts(&self, source: KubeconfigSource) -> Result<KubeconfigContexts> {
        let contexts = match source {
            KubeconfigSource::Default => kubeconfig::read(&kubeconfig::default_files()).await?,
            KubeconfigSource::File(file) => kubeconfig::read(&[file]).await?,
            KubeconfigSource::Text(text) => kubeconfig::parse(text.expose_secret()).await?,
        };
        Ok(KubeconfigContexts {
            files: contexts.files.iter().map(|file| file.display().to_string()).collect(),
            contexts: contexts.rows.into_iter().map(KubeconfigContext::from).collect(),
        })
    }

    /// Asks the cluster what this credential is and may do. Saves nothing. One is under way at a time: the next ends it.
    ///
    /// # Errors
    /// `Stopped` by the next one or by `cluster_inspect_stop`, and what reading, signing in and asking meet.
    pub async fn cluster_inspect(&self, credential: Credential) -> Result<LinkPreview> {
        let stop = self.previews.stop();
        stop.run_until_cancelled(self.look_at(credential)).await.unwrap_or(Err(Error::Stopped))
    }

    /// Ends the inspection that is under way, with the program that signs in for it.
    pub fn cluster_inspect_stop(&self) {
        self.previews.stop();
    }

    async fn look_at(&self, credential: Credential) -> Result<LinkPreview> {
        let (credential, source) = self.read_credential(credential).await?;
        let inspection = slipway_cluster::inspect(&credential).await?;
        let uid = inspection.namespace_uid.clone();
        let replaces = self.store.read(move |r| r.link_by_namespace(&uid)).await?.map(|link| link.name);
        let name = match (&replaces, &credential) {
            (Some(name), _) => name.clone(),
            (None, slipway_cluster::Credential::Code(link)) => link.cluster.clone(),
            (None, slipway_cluster::Credential::Kubeconfig { context, .. }) => context.clone(),
        };
        let token = uuid::Uuid::new_v4().to_string();
        let preview = LinkPreview {
            token: token.clone(),
            name,
            server: inspection.server.clone(),
            fingerprint: inspection.fingerprint.clone(),
            namespace: inspection.namespace.clone(),
            identity: inspection.identity.clone(),
            role: inspection.role,
            expires: inspection.expires,
            server_version: inspection.server_version.clone(),
            latency_ms: inspection.latency_ms,
            grants: inspection.grants.clone(),
            replaces,
        };
        *held(&self.previews.kept) = Some(Preview { token, at: Instant::now(), credential, source, inspection });
        Ok(preview)
    }

    async fn read_credential(&self, given: Credential) -> Result<(slipway_cluster::Credential, LinkSource)> {
        use slipway_cluster::{Credential as Known, KubeconfigSource as Source};
        let code = match given {
            Credential::Code(code) => code,
            Credential::CodeFile(path) => {
                SecretString::from(read_text(&path, "read an authorization code from").await?)
            }
            Credential::Kubeconfig { file, context } => {
                let contexts = kubeconfig::read(std::slice::from_ref(&file)).await?;
                usable(contexts, &context)?;
                let source = LinkSource::Kubeconfig { file: file.display().to_string(), context: context.clone() };
                return Ok((Known::Kubeconfig { source: Source::Files(vec![file]), context }, source));
            }
            Credential::KubeconfigText { text, context } => {
                usable(kubeconfig::parse(text.expose_secret()).await?, &context)?;
                let source = LinkSource::KubeconfigCopy { context: context.clone() };
                return Ok((Known::Kubeconfig { source: Source::Text(text), context }, source));
            }
        };
        let mut code = Code::decode(code.expose_secret())?;
        // A code may name several clusters; the first cut links them one at a time, the first one first.
        Ok((Known::Code(code.links.swap_remove(0)), LinkSource::Code))
    }

    /// Saves an inspected link: the credential to the vault, the rest to the store. A namespace that is linked already
    /// gets the new credential under its old identity.
    pub async fn cluster_link(&self, token: &str, name: &str) -> Result<LinkId> {
        let mut fields = Fields::new();
        let name = fields.take("name", link_name(name));
        fields.finish().map_err(Error::Invalid)?;
        let name = name.unwrap_or_default();
        let preview = self.previews.take(token)?;
        let (uid, typed) = (preview.inspection.namespace_uid.clone(), name.clone());
        let (known, named) =
            self.store.read(move |r| Ok((r.link_by_namespace(&uid)?, r.link_by_name(&typed)?))).await?;
        let (id, prometheus) = known.map_or_else(|| (LinkId::random(), None), |link| (link.id, link.prometheus));
        if named.is_some_and(|other| other.id != id) {
            self.previews.put_back(preview);
            return Err(Error::Invalid(taken_name("name")));
        }
        if let Some(secret) = secret_of(&preview.credential)
            && let Err(error) = self.vault.put(&vault_id(&id), secret).await
        {
            self.previews.put_back(preview);
            return Err(error.into());
        }
        let inspection = preview.inspection;
        let link = ClusterLink {
            id: id.clone(),
            name,
            server: inspection.server,
            fingerprint: inspection.fingerprint,
            namespace: inspection.namespace,
            namespace_uid: inspection.namespace_uid,
            identity: inspection.identity,
            role: inspection.role,
            expires: inspection.expires,
            source: preview.source,
            prometheus,
        };
        let stored = link.clone();
        self.store.write(move |w| w.put_link(&stored)).await?;
        self.open_session(&link.id, preview.credential);
        self.resume_releases().await?;
        Ok(id)
    }

    pub(super) async fn stored_credential(&self, link: &ClusterLink) -> Result<slipway_cluster::Credential> {
        use slipway_cluster::{Credential as Known, KubeconfigSource as Source};
        let lost = || Error::from(VaultError::KeyLost);
        Ok(match &link.source {
            LinkSource::Kubeconfig { file, context } => {
                Known::Kubeconfig { source: Source::Files(vec![file.into()]), context: context.clone() }
            }
            LinkSource::KubeconfigCopy { context } => {
                let text = self.vault.get(&vault_id(&link.id)).await?.ok_or_else(lost)?;
                Known::Kubeconfig { source: Source::Text(text), context: context.clone() }
            }
            LinkSource::Code => {
                let code = self.vault.get(&vault_id(&link.id)).await?.ok_or_else(lost)?;
                Known::Code(Code::decode(code.expose_secret())?.links.swap_remove(0))
            }
        })
    }
}

impl From<kubeconfig::ContextRow> for KubeconfigContext {
    fn from(row: kubeconfig::ContextRow) -> Self {
        let sign_in = match row.sign_in {
            SignIn::Certificate { expires } => SignInView::Certificate { expires },
            SignIn::Token => SignInView::Token,
            SignIn::Exec { command, args, resolved } => {
                SignInView::Exec { command, args, found: resolved.map(|path| path.display().to_string()) }
            }
            SignIn::Oidc { issuer } => SignInView::Oidc { issuer },
            SignIn::Basic => SignInView::Basic,
            SignIn::None => SignInView::None,
        };
        Self {
            name: row.name,
            file: row.file.display().to_string(),
            cluster: row.cluster,
            user: row.user,
            server: row.server,
            namespace: row.namespace,
            current: row.current,
            sign_in,
            problem: row.problem,
        }
    }
}

impl Previews {
    /// Ends what is under way and answers what ends the next.
    fn stop(&self) -> CancellationToken {
        let next = CancellationToken::new();
        std::mem::replace(&mut *held(&self.looking), next.clone()).cancel();
        next
    }

    fn take(&self, token: &str) -> Result<Preview> {
        let kept = held(&self.kept).take_if(|preview| preview.token == token && preview.at.elapsed() < PREVIEW_KEPT);
        kept.ok_or(Error::LinkForgotten)
    }

    /// The person mends the name, or unlocks the keyring, and presses *Link* again.
    fn put_back(&self, preview: Preview) {
        *held(&self.kept) = Some(preview);
    }
}

fn usable(contexts: Contexts, context: &str) -> Result<()> {
    let row = contexts.rows.into_iter().find(|row| row.name == context);
    match row {
        Some(row) => row.problem.map_or(Ok(()), |problem| Err(problem.into())),
        None => Err(KubeconfigError::NoSuchContext { context: context.to_owned() }.into()),
    }
}

async fn read_text(path: &Path, operation: &'static str) -> Result<String> {
    let text = tokio::fs::read_to_string(path).await;
    text.map_err(|error| Error::File { operation, path: path.display().to_string(), reason: error.to_string() })
}

pub(super) fn vault_id(link: &LinkId) -> String {
    format!("link:{link}")
}

/// What of a credential must be kept in the vault.
fn secret_of(credential: &slipway_cluster::Credential) -> Option<SecretString> {
    match credential {
        slipway_cluster::Credential::Code(link) => {
            Some(Code { id: uuid::Uuid::new_v4().to_string(), links: vec![link.clone()] }.encode())
        }
        slipway_cluster::Credential::Kubeconfig { source: slipway_cluster::KubeconfigSource::Text(text), .. } => {
            Some(text.clone())
        }
        slipway_cluster::Credential::Kubeconfig { .. } => None,
    }
}
