//! Kubeconfigs: what contexts there are and how each would sign in, said before anything is run or sent.

pub(crate) mod exec;
mod family;
mod program;
mod read;

pub use program::login_path;
pub(crate) use read::{certificate, from_text, load};
pub use read::{default_files, parse, read};

use jiff::Timestamp;
use std::path::PathBuf;

/// What stands in one or several kubeconfig files, merged as kubectl does (the first to name a thing wins).
#[derive(Clone, Debug)]
pub struct Contexts {
    /// The files that were read; empty for pasted text.
    pub files: Vec<PathBuf>,
    pub rows: Vec<ContextRow>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ContextRow {
    pub name: String,
    /// The file that names this context; empty for pasted text.
    pub file: PathBuf,
    pub cluster: String,
    pub user: String,
    pub server: String,
    /// `default` where the context names none.
    pub namespace: String,
    /// `current-context`
    pub current: bool,
    pub sign_in: SignIn,
    /// What linking it would meet, where that is plain already.
    pub problem: Option<KubeconfigError>,
}

/// How a context signs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    Certificate {
        expires: Option<Timestamp>,
    },
    Token,
    /// A program that would be run; `resolved` is where it is installed.
    Exec {
        command: String,
        args: Vec<String>,
        resolved: Option<PathBuf>,
    },
    Oidc {
        issuer: String,
    },
    Basic,
    None,
}

/// Why a kubeconfig, or one context of it, cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KubeconfigError {
    /// `file` is empty for pasted text; line and column count from 1, 0 where unknown.
    #[error("read kubeconfig {file}: not YAML of a kubeconfig, line {line} column {column}: {reason}")]
    NotYaml { file: String, line: u64, column: u64, reason: String },
    #[error("read kubeconfig {}: it has no contexts", files.join(", "))]
    NoContexts { files: Vec<String> },
    #[error("read kubeconfig: {file}: {reason}")]
    Missing { file: String, reason: String },
    #[error("read kubeconfig: there is no context {context}")]
    NoSuchContext { context: String },
    #[error("read kubeconfig: context {context} names the user {user}, which is not there")]
    DanglingUser { context: String, user: String },
    #[error("read kubeconfig: context {context} names the cluster {cluster}, which is not there")]
    DanglingCluster { context: String, cluster: String },
    #[error("read kubeconfig: the certificate of user {user} expired at {at}")]
    CertificateExpired { user: String, at: Timestamp },
    #[error("read kubeconfig: {program} is not installed (looked in {path})")]
    ExecNotInstalled { program: String, path: String },
    /// A setting of it is no such thing as it should be.
    #[error("read kubeconfig: context {context}: {reason}")]
    Unusable { context: String, reason: String },
    /// A way of signing in, or a setting, that Slipway does not take, as the kubeconfig has it.
    #[error("read kubeconfig: {what} is not supported")]
    Unsupported { what: String },
}
