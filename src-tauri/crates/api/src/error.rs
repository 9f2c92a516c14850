//! The one error the window sees.

mod files;
mod registry;
mod remote;
mod store;

use files::{code, import, kubeconfig};
use serde::{Deserialize, Serialize};
use slipway_engine::{ClusterError, Error, SignInFailure};
use slipway_model::FieldError;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use store::{store, vault};
use ts_rs::TS;

/// `code` and `params` are translated by the window; `detail` is English, for copying; a hint is something a person can do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct ApiError {
    pub code: Code,
    #[serde(default)]
    pub params: BTreeMap<String, String>,
    /// What was being done and what it met. English, never a secret.
    pub detail: String,
    pub hints: Vec<Hint>,
    pub retryable: bool,
    /// For `invalid`: the fields.
    #[serde(default)]
    pub fields: Vec<FieldError>,
}

/// A code exists only where the window says or does something different.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A bug: the call panicked or met what cannot be.
    Internal,
    /// `fields` says which.
    Invalid,
    /// `what`, `name`
    NotFound,
    /// `what`, `name`
    Taken,
    /// `what`, `count`
    InUse,
    /// The window and the core do not agree on the contract.
    BadCall,

    /// `file`, `line`, `column`
    KubeconfigNotYaml,
    /// `file`
    KubeconfigNoContexts,
    /// `file`
    KubeconfigMissing,
    /// `context`, `what` (user, cluster), `name`
    KubeconfigDangling,
    /// `what` is not supported; or `context`, which cannot be used for the `reason`
    KubeconfigUnsupported,
    /// `at`
    CertificateExpired,
    /// `program`, `path`
    ExecNotInstalled,
    /// `program`, `message`
    ExecFailed,
    /// `program`, `seconds`
    ExecTimeout,
    /// `issuer`, `message`
    OidcFailed,

    CodeEmpty,
    /// Text that is no code at all.
    CodeUnknown,
    /// `have`, `expected`
    CodeCutOff,
    CodeTypo,
    /// `format`
    CodeNewer,
    /// `at`
    CodeExpired,

    /// `server`, `reason`
    Unreachable,
    /// `server`, `reason`
    WrongCa,
    /// What answers is no API server, or sends what nobody can take: `server`, `reason`
    Nonsense,
    /// `server`, and `reason` where it says more than 401.
    Unauthorized,
    /// `verb`, `resource`, `namespace`
    Forbidden,
    /// `reason`
    Timeout,
    /// The person closed a dialog of the system without a choice, or ended what was under way.
    Dismissed,
    /// The preview is gone.
    LinkForgotten,
    /// The group's cluster is linked no more.
    Unlinked,
    /// `container`: its image has none.
    NoShell,
    /// `container`: its image has not the `tool`.
    NoTool,
    /// A file of a container: `what` stands in the way, `path`, and the `message` of the container.
    Remote,
    /// `name`
    SignIn,

    /// `namespace`
    NamespaceGone,
    /// `manager`, `field`, `more`
    Conflict,
    /// Another computer changed it since this one did: `what`, `name`
    ChangedElsewhere,
    /// `message`
    Quota,
    /// `message`: an admission rule or validation of the server.
    Rejected,
    /// `name`
    GroupGone,
    /// `by`, `seq`
    ReleaseRunning,
    /// Sensitive values that neither this computer nor the cluster has: `keys`
    Elsewhere,
    /// A configuration file was saved elsewhere since it was read: `path`, `by`
    FileMoved,
    FieldMoved,
    /// The draft or the newest release moved since the merge was shown.
    MergeMoved,
    /// The live objects moved since the plan; `what`.
    PlanMoved,
    /// The plan has something in the clear that was made sensitive since.
    MadeSensitive,
    /// The plan is not known any more.
    PlanForgotten,
    /// The plan is blocked.
    PlanBlocked,
    /// `state`: this action is not possible now.
    NotNow,
    /// `name`: the Deployment is paused, or rests between two batches.
    Held,
    /// `message`, and `budget` where it is one: a `PodDisruptionBudget` keeps a pod.
    Budget,
    /// `message`: the server asks for patience.
    Busy,
    /// `path`, `reason`
    File,
    /// `name`: what is asked for has to wait for the group's deletion.
    Deleting,
    /// `reason`: not a zip, or not one of ours.
    ImportUnknown,
    /// `part`, `reason`
    ImportBroken,
    /// `format`, `known`
    ImportNewer,
    /// `part`, `max` in bytes
    ImportTooLarge,
    /// `name`, which leads out of the archive
    ImportName,

    /// `host`, `repository`
    RegistryMissing,
    /// `host`, `signed_in`, and `message` where it says more.
    RegistryRefused,
    /// `host`, and `seconds` where it says how long.
    RegistryLimited,
    /// `host`, `reason`
    RegistryUnreachable,
    /// It has no TLS: `host`
    RegistryPlain,
    /// It has trouble, or what answers is none: `host`, `reason`
    RegistryBroken,
    /// A program that keeps a login of Docker's: `program`, `reason`
    CredentialHelper,
    /// `path`, `reason`
    DockerConfig,
    /// `tag`, and the digests `planned` and `now`
    TagMoved,

    /// `path`, `reason`
    NotWritable,
    /// `path`
    DiskFull,
    /// `path`, `found`, `known`
    DatabaseNewer,
    /// `path`, `reason`
    Database,
    /// `reason`
    KeyringMissing,
    KeyringLocked,
    KeyLost,
}

/// Something a person can do about an error. One sentence each in the catalogues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Hint {
    TryAgain,
    CopyCodeWhole,
    AskOwnerForCode,
    AskOwnerForRole,
    AskClusterAdmin,
    UpdateSlipway,
    CheckAddress,
    CheckVpn,
    CheckCa,
    SignInAgain,
    InstallProgram,
    RunProgramInTerminal,
    ChooseAnotherFile,
    ChooseAnotherName,
    ChooseAnotherGroup,
    DeleteGroupsFirst,
    PlanAgain,
    OpenRunningRelease,
    WaitOrContinue,
    LowerAmounts,
    FreeSpace,
    ChooseAnotherFolder,
    UnlockKeyring,
    UseMemoryOnly,
    LinkAgain,
    ReportBug,
    CheckClock,
    CompareVersions,
    SetValueHere,
    RegistrySignIn,
    AllowPlain,
    CheckRepository,
    CorrectDraft,
    ListAgain,
    DebugContainer,
}

impl ApiError {
    pub fn new(code: Code, detail: String) -> Self {
        Self {
            code,
            params: BTreeMap::new(),
            detail: plain(&detail),
            hints: Vec::new(),
            retryable: false,
            fields: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn with(mut self, key: &str, value: impl ToString) -> Self {
        self.params.insert(key.to_owned(), plain(&value.to_string()));
        self
    }

    #[must_use]
    pub(crate) fn hint(mut self, hint: Hint) -> Self {
        self.hints.push(hint);
        self
    }

    #[must_use]
    pub(crate) fn retry(mut self) -> Self {
        self.retryable = true;
        self.hint(Hint::TryAgain)
    }
}

/// Longest text of an error in characters: enough for every sentence that a server says, little enough for a dialog.
const TEXT_MAX: usize = 2_000;

/// Text of others as it can be shown: what would act on a terminal or turn the direction of writing becomes visible,
/// and there is an end to it.
fn plain(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(TEXT_MAX));
    let mut signs = text.chars();
    for sign in signs.by_ref().take(TEXT_MAX) {
        match sign {
            '\n' => shown.push(sign),
            '\u{0}'..='\u{1f}' => shown.extend(char::from_u32(0x2400 + u32::from(sign))),
            '\u{7f}' => shown.push('␡'),
            '\u{80}'..='\u{9f}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                write!(shown, "<{:04X}>", u32::from(sign)).expect("a String takes it");
            }
            _ => shown.push(sign),
        }
    }
    if signs.next().is_some() {
        shown.push('…');
    }
    shown
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}: {}", self.code, self.detail)
    }
}

impl std::error::Error for ApiError {}

impl From<Error> for ApiError {
    fn from(error: Error) -> Self {
        let detail = error.to_string();
        let of = |code| Self::new(code, detail.clone());
        match error {
            Error::Invalid(fields) => Self { fields, ..of(Code::Invalid) },
            Error::Draft { group, fields } => {
                Self { fields, ..of(Code::Invalid).with("group", group).hint(Hint::CorrectDraft) }
            }
            Error::NotFound { what, name } => of(Code::NotFound).with("what", what).with("name", name),
            Error::Taken { what, name } => {
                of(Code::Taken).with("what", what).with("name", name).hint(Hint::ChooseAnotherName)
            }
            Error::InUse { what, name, count } => {
                let error = of(Code::InUse).with("what", what).with("name", name).with("count", count);
                if matches!(what, "app" | "environment") { error.hint(Hint::DeleteGroupsFirst) } else { error }
            }
            Error::GroupGone => of(Code::GroupGone).hint(Hint::ChooseAnotherGroup),
            Error::Unlinked { group } => of(Code::Unlinked).with("name", group).hint(Hint::LinkAgain),
            Error::NoShell { container } => of(Code::NoShell).with("container", container).hint(Hint::DebugContainer),
            error @ (Error::NoTool { .. }
            | Error::Remote { .. }
            | Error::Differs { .. }
            | Error::Outside { .. }
            | Error::Special { .. }
            | Error::DiskFull { .. }) => remote::remote(error, detail),
            Error::Deleting { group } => of(Code::Deleting).with("name", group),
            Error::Import(error) => import(error, detail),
            Error::Stopped => of(Code::Dismissed),
            Error::LinkForgotten => of(Code::LinkForgotten).hint(Hint::LinkAgain),
            Error::PlanForgotten => of(Code::PlanForgotten).hint(Hint::PlanAgain),
            Error::PlanBlocked => of(Code::PlanBlocked).hint(Hint::PlanAgain),
            Error::FieldMoved { field } => of(Code::FieldMoved).with("field", field),
            Error::FileMoved { path, by } => {
                of(Code::FileMoved).with("path", path).with("by", by).hint(Hint::CompareVersions)
            }
            Error::Elsewhere { keys } => of(Code::Elsewhere).with("keys", keys.join(", ")).hint(Hint::SetValueHere),
            Error::MergeMoved => of(Code::MergeMoved),
            Error::PlanMoved { what } => of(Code::PlanMoved).with("what", what).hint(Hint::PlanAgain),
            Error::MadeSensitive { what } => of(Code::MadeSensitive).with("what", what).hint(Hint::PlanAgain),
            Error::ReleaseRunning { id, seq, by } => {
                let error = of(Code::ReleaseRunning).with("seq", seq).with("by", by).hint(Hint::OpenRunningRelease);
                id.into_iter().fold(error, |error, id| error.with("id", id))
            }
            Error::Held { name } => of(Code::Held).with("name", name),
            Error::NotNow { state } => {
                let hint = if state.ended() { Hint::PlanAgain } else { Hint::WaitOrContinue };
                of(Code::NotNow).with("state", format!("{state:?}").to_lowercase()).hint(hint)
            }
            Error::Conflict(conflicts) => {
                let error = of(Code::Conflict).with("more", conflicts.len().saturating_sub(1)).hint(Hint::PlanAgain);
                match conflicts.into_iter().next() {
                    Some(first) => error.with("manager", first.manager).with("field", first.field),
                    None => error,
                }
            }
            Error::ChangedElsewhere { what, name } => of(Code::ChangedElsewhere).with("what", what).with("name", name),
            Error::Record(message) => of(Code::Rejected).with("message", message),
            Error::Code(error) => code(&error, detail),
            Error::Kubeconfig(error) => kubeconfig(error, detail),
            Error::Cluster(error) => cluster(error, detail),
            Error::Store(error) => store(&error, detail),
            Error::Vault(error) => vault(&error, detail),
            Error::Registry { host, repository, failure } => registry::registry(host, repository, failure, detail),
            Error::TagMoved { tag, planned, now } => {
                of(Code::TagMoved).with("tag", tag).with("planned", planned).with("now", now).hint(Hint::PlanAgain)
            }
            Error::Export { path, reason } | Error::File { operation: "write", path, reason } => {
                of(Code::NotWritable).with("path", path).with("reason", reason).hint(Hint::ChooseAnotherFolder)
            }
            Error::File { path, reason, .. } => {
                of(Code::File).with("path", path).with("reason", reason).hint(Hint::ChooseAnotherFile)
            }
        }
    }
}

fn cluster(error: ClusterError, detail: String) -> ApiError {
    use slipway_engine::ClusterError as E;
    let of = |code| ApiError::new(code, detail.clone());
    match error {
        E::Unreachable { server, reason, .. } => of(Code::Unreachable)
            .with("server", server)
            .with("reason", reason)
            .hint(Hint::CheckAddress)
            .hint(Hint::CheckVpn)
            .retry(),
        E::WrongCa { server, reason, .. } => {
            of(Code::WrongCa).with("server", server).with("reason", reason).hint(Hint::CheckCa)
        }
        E::SignIn { failure, .. } => sign_in(failure, detail),
        E::Forbidden { verb, resource, namespace, .. } => of(Code::Forbidden)
            .with("verb", verb)
            .with("resource", resource)
            .with("namespace", namespace)
            .hint(Hint::AskOwnerForRole),
        E::NotFound { what, .. } => of(Code::NotFound).with("what", what),
        E::NamespaceGone { namespace, .. } => {
            of(Code::NamespaceGone).with("namespace", namespace).hint(Hint::LinkAgain)
        }
        E::Conflict { conflicts, .. } => match conflicts.into_iter().next() {
            Some(first) => of(Code::Conflict)
                .with("manager", first.manager)
                .with("field", first.field)
                .with("more", 0)
                .hint(Hint::PlanAgain),
            None => of(Code::PlanMoved).hint(Hint::PlanAgain),
        },
        E::AlreadyExists { what, .. } => of(Code::Taken).with("what", what),
        E::Invalid { message, .. } | E::Admission { message, .. } | E::TooLarge { message, .. } => {
            of(Code::Rejected).with("message", message).hint(Hint::AskClusterAdmin)
        }
        E::QuotaExceeded { message, .. } => of(Code::Quota).with("message", message).hint(Hint::LowerAmounts),
        E::Budget { budget, message, .. } => of(Code::Budget).with("budget", budget).with("message", message),
        E::Timeout { reason, .. } => of(Code::Timeout).with("reason", reason).retry(),
        // A list that was too old: the next try begins anew.
        E::Busy { message, .. } | E::Expired { message, .. } => of(Code::Busy).with("message", message).retry(),
        E::Nonsense { server, reason, .. } => of(Code::Nonsense)
            .with("server", server)
            .with("reason", reason)
            .hint(Hint::CheckAddress)
            .hint(Hint::CheckVpn)
            .retry(),
        E::Other { message, .. } => of(Code::Rejected).with("message", message).hint(Hint::AskClusterAdmin),
    }
}

fn sign_in(failure: SignInFailure, detail: String) -> ApiError {
    let of = |code| ApiError::new(code, detail.clone());
    match failure {
        SignInFailure::Refused { server, reason } => {
            let error = of(Code::Unauthorized).with("server", server);
            // The bare word of a 401 says nothing that the code does not.
            let error = if reason == "Unauthorized" { error } else { error.with("reason", reason) };
            error.hint(Hint::SignInAgain).hint(Hint::AskOwnerForCode)
        }
        SignInFailure::Kubeconfig(error) => kubeconfig(error, detail),
        SignInFailure::Program { program, message } => {
            of(Code::ExecFailed).with("program", program).with("message", message).hint(Hint::RunProgramInTerminal)
        }
        SignInFailure::ProgramSilent { program, seconds } => of(Code::ExecTimeout)
            .with("program", program)
            .with("seconds", seconds)
            .hint(Hint::RunProgramInTerminal)
            .retry(),
        SignInFailure::Oidc { issuer, message } => of(Code::OidcFailed)
            .with("issuer", issuer)
            .with("message", message)
            .hint(Hint::SignInAgain)
            .hint(Hint::CheckVpn),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_of_others_is_shown_and_not_obeyed() {
        let error = ApiError::new(Code::Rejected, "a\u{1b}[31mb".to_owned())
            .with("message", "<b>\u{202e}c\u{7f}\n\u{85}")
            .with("long", "x".repeat(TEXT_MAX + 1));
        assert_eq!(error.detail, "a␛[31mb");
        assert_eq!(error.params["message"], "<b><202E>c␡\n<0085>");
        assert_eq!(error.params["long"].chars().count(), TEXT_MAX + 1);
        assert!(error.params["long"].ends_with('…'));
    }
}
