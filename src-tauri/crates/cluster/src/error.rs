//! What can go wrong between here and a cluster, told apart where the window says something different.

use crate::client::ANSWER_MAX;
use crate::conflict::{self, FieldConflict};
use crate::kubeconfig::KubeconfigError;
use http_body_util::LengthLimitError;
use kube::core::response::{Status, reason};
use std::error::Error as StdError;

/// Every kind names the operation with its object in `doing` (`read Deployment shop/checkout-api`).
#[derive(Clone, Debug, thiserror::Error)]
pub enum ClusterError {
    /// No answer at all: refused, cut, timed out while connecting, no such host, broken TLS.
    #[error("{doing}: {server} cannot be reached: {reason}")]
    Unreachable { doing: String, server: String, reason: String },
    /// The server's certificate is not of the authority (or not for the address) that this link trusts.
    #[error("{doing}: the certificate of {server} is not trusted: {reason}")]
    WrongCa { doing: String, server: String, reason: String },
    /// 401, or a credential that cannot be had (a program that failed, a refused refresh, an expired certificate).
    #[error("{doing}: the cluster does not accept this identity: {failure}")]
    SignIn { doing: String, failure: SignInFailure },
    /// 403. `verb`, `resource` (`pods/log`) and `namespace` are empty where the server does not say them.
    #[error("{doing}: not allowed: {message}")]
    Forbidden { doing: String, verb: String, resource: String, namespace: String, message: String },
    #[error("{doing}: {what} does not exist")]
    NotFound { doing: String, what: String },
    /// The namespace itself is not there, or is being deleted.
    #[error("{doing}: the namespace {namespace} is gone")]
    NamespaceGone { doing: String, namespace: String },
    /// Status 409. Without `conflicts` the object has moved on (an old resourceVersion); otherwise other field managers own
    /// what was applied.
    #[error("{doing}: {message}")]
    Conflict { doing: String, message: String, conflicts: Vec<FieldConflict> },
    #[error("{doing}: {what} exists already")]
    AlreadyExists { doing: String, what: String },
    /// 422 or 400. `fields`: path and message each.
    #[error("{doing}: refused as invalid: {message}")]
    Invalid { doing: String, message: String, fields: Vec<(String, String)> },
    /// An admission rule of the cluster refused it.
    #[error("{doing}: refused by an admission rule: {message}")]
    Admission { doing: String, message: String },
    #[error("{doing}: {message}")]
    QuotaExceeded { doing: String, message: String },
    /// The object or the request is larger than the server takes.
    #[error("{doing}: too large: {message}")]
    TooLarge { doing: String, message: String },
    /// It was sent, and no answer came: it may have been done.
    #[error("{doing}: no answer in time ({reason})")]
    Timeout { doing: String, reason: String },
    /// The server asks for patience: 429, 503, a storage that is just starting.
    #[error("{doing}: the server is busy: {message}")]
    Busy { doing: String, message: String, retry_after_seconds: u32 },
    /// A `PodDisruptionBudget` keeps a pod where it is. `budget` is empty where several concern the pod.
    #[error("{doing}: {message}")]
    Budget { doing: String, budget: String, message: String },
    /// The server no longer has the version that was asked for: list again.
    #[error("{doing}: {message}")]
    Expired { doing: String, message: String },
    /// What answers is no API server, or one that sends what nobody can take.
    #[error("{doing}: {server} does not answer as a cluster does: {reason}")]
    Nonsense { doing: String, server: String, reason: String },
    #[error("{doing}: {message}")]
    Other { doing: String, message: String },
}

/// Why there is no identity that the cluster accepts.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignInFailure {
    /// By the cluster: a 401, or a handshake that it ended.
    #[error("{reason}")]
    Refused { server: String, reason: String },
    #[error(transparent)]
    Kubeconfig(#[from] KubeconfigError),
    /// The user's program ran, and gave no credential.
    #[error("{program}: {message}")]
    Program { program: String, message: String },
    #[error("{program}: no answer within {seconds} s")]
    ProgramSilent { program: String, seconds: u64 },
    /// `issuer` is empty where the kubeconfig names none.
    #[error("{issuer}: {message}")]
    Oidc { issuer: String, message: String },
}

impl ClusterError {
    pub(crate) fn other(doing: impl Into<String>, error: impl std::fmt::Display) -> Self {
        Self::Other { doing: doing.into(), message: error.to_string() }
    }

    /// The operation and its object.
    pub fn doing(&self) -> &str {
        match self {
            Self::Unreachable { doing, .. }
            | Self::WrongCa { doing, .. }
            | Self::SignIn { doing, .. }
            | Self::Forbidden { doing, .. }
            | Self::NotFound { doing, .. }
            | Self::NamespaceGone { doing, .. }
            | Self::Conflict { doing, .. }
            | Self::AlreadyExists { doing, .. }
            | Self::Invalid { doing, .. }
            | Self::Admission { doing, .. }
            | Self::QuotaExceeded { doing, .. }
            | Self::TooLarge { doing, .. }
            | Self::Timeout { doing, .. }
            | Self::Busy { doing, .. }
            | Self::Budget { doing, .. }
            | Self::Expired { doing, .. }
            | Self::Nonsense { doing, .. }
            | Self::Other { doing, .. } => doing,
        }
    }

    /// The same request may succeed later without anybody's doing. Whether it is *safe* to send again is the caller's
    /// to know: after `Timeout` a write may have been done.
    pub fn retryable(&self) -> bool {
        matches!(self, Self::Unreachable { .. } | Self::Timeout { .. } | Self::Busy { .. })
    }

    /// Somebody wrote the object since it was read.
    pub fn stale_version(&self) -> bool {
        matches!(self, Self::Conflict { conflicts, .. } if conflicts.is_empty())
    }

    /// Tells the connection itself is in doubt, rather than this one request.
    pub(crate) fn of_the_connection(&self) -> bool {
        matches!(
            self,
            Self::Unreachable { .. }
                | Self::WrongCa { .. }
                | Self::SignIn { .. }
                | Self::Timeout { .. }
                | Self::Nonsense { .. }
        )
    }

    pub(crate) fn from_kube(doing: impl Into<String>, server: &str, error: kube::Error) -> Self {
        let doing = doing.into();
        match error {
            kube::Error::Api(status) => Self::from_status(doing, server, &status),
            kube::Error::Auth(error) => Self::SignIn { doing, failure: refused(server, error.to_string()) },
            error => Self::from_transport(doing, server, &error),
        }
    }

    /// Reads the answer as kubectl does: the reason first, the code where there is none.
    pub(crate) fn from_status(doing: String, server: &str, status: &Status) -> Self {
        let message = status.message.clone();
        let details = status.details.as_ref();
        let what = || {
            let named = details.filter(|details| !details.name.is_empty());
            named.map_or_else(|| message.clone(), |details| format!("{} {}", details.kind, details.name))
        };
        let retry_after_seconds = details.map_or(0, |details| details.retry_after_seconds);
        match (status.reason.as_str(), status.code) {
            (reason::UNAUTHORIZED, _) | (_, 401) => Self::SignIn { doing, failure: refused(server, message) },
            (_, 403) if is_ending(status) => Self::NamespaceGone { doing, namespace: namespace_of(&message) },
            (_, 403) if message.contains("exceeded quota") => Self::QuotaExceeded { doing, message },
            (_, 400 | 403 | 422) if is_admission(&message) => Self::Admission { doing, message },
            (reason::FORBIDDEN, _) | (_, 403) => {
                let (verb, resource, namespace) = refusal(&message);
                Self::Forbidden { doing, verb, resource, namespace, message }
            }
            (reason::ALREADY_EXISTS, _) => Self::AlreadyExists { doing, what: what() },
            (reason::CONFLICT, _) | (_, 409) => {
                let conflicts = conflict::conflicts(details.map_or(&[], |details| details.causes.as_slice()));
                Self::Conflict { doing, message, conflicts }
            }
            (reason::NOT_FOUND, _) if details.is_some_and(|details| details.kind == "namespaces") => {
                Self::NamespaceGone {
                    doing,
                    namespace: details.map(|details| details.name.clone()).unwrap_or_default(),
                }
            }
            (reason::NOT_FOUND, _) | (_, 404) => Self::NotFound { doing, what: what() },
            (reason::EXPIRED | reason::GONE, _) | (_, 410) => Self::Expired { doing, message },
            (reason::REQUEST_ENTITY_TOO_LARGE, _) | (_, 413) => Self::TooLarge { doing, message },
            (_, 422 | 500) if is_too_large(&message) => Self::TooLarge { doing, message },
            (_, 500) if is_of_no_type(&message) => Self::Invalid { doing, message, fields: Vec::new() },
            (reason::INVALID | reason::BAD_REQUEST, _) | (_, 400 | 422) => {
                let causes = details.map_or(&[][..], |details| details.causes.as_slice());
                let fields = causes.iter().map(|cause| (cause.field.clone(), cause.message.clone())).collect();
                Self::Invalid { doing, message, fields }
            }
            (_, 429 | 500) if budget(status).is_some() => {
                let (budget, message) = budget(status).unwrap_or_default();
                Self::Budget { doing, budget, message }
            }
            (reason::TIMEOUT | reason::SERVER_TIMEOUT, _) | (_, 504) => Self::Timeout { doing, reason: message },
            (reason::TOO_MANY_REQUESTS | reason::SERVICE_UNAVAILABLE, _) | (_, 429 | 500 | 502 | 503) => {
                Self::Busy { doing, message, retry_after_seconds }
            }
            _ => Self::Other { doing, message },
        }
    }

    fn from_transport(doing: String, server: &str, error: &(dyn StdError + 'static)) -> Self {
        let server = server.to_owned();
        let causes = causes(error);
        let reason = causes.last().map_or_else(|| error.to_string(), ToString::to_string);
        for cause in &causes {
            if let Some(tls) = cause.downcast_ref::<rustls::Error>() {
                return match tls {
                    rustls::Error::InvalidCertificate(_) => Self::WrongCa { doing, server, reason: tls.to_string() },
                    // The server looks at our certificate: an expired or foreign one ends the handshake there.
                    rustls::Error::AlertReceived(_) => {
                        Self::SignIn { doing, failure: refused(&server, tls.to_string()) }
                    }
                    _ => Self::Unreachable { doing, server, reason: tls.to_string() },
                };
            }
            if let Some(error) = cause.downcast_ref::<kube::client::AuthError>() {
                return Self::SignIn { doing, failure: refused(&server, error.to_string()) };
            }
        }
        if causes.iter().any(|cause| cause.downcast_ref::<LengthLimitError>().is_some()) {
            let reason = format!("more than {} MiB", ANSWER_MAX / 1024 / 1024);
            return Self::Nonsense { doing, server, reason };
        }
        let connecting = causes.iter().any(|cause| {
            cause
                .downcast_ref::<hyper_util::client::legacy::Error>()
                .is_some_and(hyper_util::client::legacy::Error::is_connect)
        });
        let timed_out = causes.iter().any(|cause| {
            cause.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == std::io::ErrorKind::TimedOut)
        });
        match () {
            () if timed_out && !connecting => Self::Timeout { doing, reason },
            () if connecting || causes.iter().any(|cause| is_cut(*cause)) => {
                Self::Unreachable { doing, server, reason }
            }
            () => Self::Other { doing, message: reason },
        }
    }
}

fn refused(server: &str, reason: String) -> SignInFailure {
    SignInFailure::Refused { server: server.to_owned(), reason }
}

/// The error and everything below it. `io::Error` hides what it wraps from `source`, so it is asked for it by name.
pub(crate) fn causes<'a>(error: &'a (dyn StdError + 'static)) -> Vec<&'a (dyn StdError + 'static)> {
    let mut all = vec![error];
    let mut next = Some(error);
    while let Some(error) = next {
        let wrapped = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        next = match wrapped {
            Some(inner) => Some(inner as &(dyn StdError + 'static)),
            None => error.source(),
        };
        all.extend(next);
    }
    all
}

/// A connection that was there and ended in the middle.
fn is_cut(error: &(dyn StdError + 'static)) -> bool {
    use std::io::ErrorKind as Kind;
    let io = error.downcast_ref::<std::io::Error>().is_some_and(|error| {
        matches!(
            error.kind(),
            Kind::ConnectionReset
                | Kind::ConnectionAborted
                | Kind::ConnectionRefused
                | Kind::BrokenPipe
                | Kind::UnexpectedEof
        )
    });
    io || error
        .downcast_ref::<hyper::Error>()
        .is_some_and(|error| error.is_incomplete_message() || error.is_canceled() || error.is_closed())
}

fn is_admission(message: &str) -> bool {
    message.contains("denied the request")
        || message.contains("violates PodSecurity")
        || message.contains("ValidatingAdmissionPolicy")
}

/// A namespace takes nothing new while it is being deleted.
fn is_ending(status: &Status) -> bool {
    let causes = status.details.as_ref().map_or(&[][..], |details| details.causes.as_slice());
    causes.iter().any(|cause| cause.reason == "NamespaceTerminating")
}

/// `… unable to create new content in namespace shop because it is being terminated`
fn namespace_of(message: &str) -> String {
    let after = message.split_once("in namespace ").map(|(_, rest)| rest);
    after.and_then(|rest| rest.split(' ').next()).unwrap_or_default().to_owned()
}

/// An apply of a field that the kind does not have, or of a value that no field of it takes: the server calls it an
/// error of its own.
fn is_of_no_type(message: &str) -> bool {
    message.starts_with("failed to create typed patch object") || message.starts_with("failed to convert new object")
}

fn is_too_large(message: &str) -> bool {
    message.contains("Too long: ") || message.contains("request is too large") || message.contains("larger than max")
}

/// Which budget keeps a pod, and the sentence about it: `The disruption budget web needs 2 healthy pods and has 2
/// currently`. The name is empty where several concern the pod, which the server does not weigh.
fn budget(status: &Status) -> Option<(String, String)> {
    if status.message.contains("more than one PodDisruptionBudget") {
        return Some((String::new(), status.message.clone()));
    }
    let causes = status.details.as_ref().map_or(&[][..], |details| details.causes.as_slice());
    let cause = causes.iter().find(|cause| cause.reason == "DisruptionBudget")?;
    let name = cause.message.split_once("disruption budget ").and_then(|(_, rest)| rest.split(' ').next());
    Some((name.unwrap_or_default().to_owned(), cause.message.clone()))
}

/// Verb, resource and namespace of the authorizer's sentence: `… cannot list resource "pods" in API group "" in the
/// namespace "shop"`.
fn refusal(message: &str) -> (String, String, String) {
    let after = |mark: &str| message.split_once(mark).map(|(_, rest)| rest);
    let quoted = |mark: &str| after(mark).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    let verb = after(" cannot ").and_then(|rest| rest.split(' ').next()).unwrap_or_default().to_owned();
    (verb, quoted("resource \""), quoted("namespace \""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn read(status: serde_json::Value) -> ClusterError {
        let status: Status = serde_json::from_value(status).expect("a Status");
        ClusterError::from_status("create Pod shop/a".into(), "https://127.0.0.1:6443", &status)
    }

    #[test]
    fn a_refusal_names_verb_resource_and_namespace() {
        let error = read(json!({ "code": 403, "reason": "Forbidden", "message":
            "pods is forbidden: User \"jane\" cannot list resource \"pods/log\" in API group \"\" in the namespace \"shop\"" }));
        let ClusterError::Forbidden { verb, resource, namespace, .. } = error else { panic!("{error:?}") };
        assert_eq!((verb.as_str(), resource.as_str(), namespace.as_str()), ("list", "pods/log", "shop"));
    }

    type Fits = fn(&ClusterError) -> bool;

    #[test]
    fn answers_are_told_apart() {
        let quota = "pods \"a\" is forbidden: exceeded quota: q, requested: pods=1, used: pods=2, limited: pods=2";
        let cases: [(serde_json::Value, Fits); 15] = [
            (
                json!({ "code": 404, "reason": "NotFound", "message": "", "details": { "kind": "namespaces", "name": "shop" } }),
                |e| matches!(e, ClusterError::NamespaceGone { namespace, .. } if namespace == "shop"),
            ),
            (
                json!({ "code": 403, "reason": "Forbidden", "details": { "causes": [{ "reason": "NamespaceTerminating" }] },
                    "message": "leases \"a\" is forbidden: unable to create new content in namespace shop because it is being terminated" }),
                |e| matches!(e, ClusterError::NamespaceGone { namespace, .. } if namespace == "shop"),
            ),
            (json!({ "code": 401, "reason": "Unauthorized", "message": "Unauthorized" }), |e| {
                matches!(e, ClusterError::SignIn { .. })
            }),
            (json!({ "code": 403, "reason": "Forbidden", "message": quota }), |e| {
                matches!(e, ClusterError::QuotaExceeded { .. })
            }),
            (
                json!({ "code": 404, "reason": "NotFound", "message": "", "details": { "kind": "pods", "name": "a" } }),
                |e| matches!(e, ClusterError::NotFound { what, .. } if what == "pods a"),
            ),
            (json!({ "code": 409, "reason": "AlreadyExists", "message": "x" }), |e| {
                matches!(e, ClusterError::AlreadyExists { .. })
            }),
            (
                json!({ "code": 409, "reason": "Conflict", "message": "the object has been modified" }),
                ClusterError::stale_version,
            ),
            (
                json!({ "code": 422, "reason": "Invalid", "message": "ConfigMap \"a\" is invalid: []: Too long: may not be more than 1048576 bytes" }),
                |e| matches!(e, ClusterError::TooLarge { .. }),
            ),
            (
                json!({ "code": 500, "message": "failed to create typed patch object (shop/a; apps/v1, Kind=Deployment): .spec.b: field not declared in schema" }),
                |e| matches!(e, ClusterError::Invalid { .. }) && !e.retryable(),
            ),
            (
                json!({ "code": 500, "message": "failed to convert new object (shop/a; apps/v1, Kind=Deployment) to proper version: quantities must match" }),
                |e| matches!(e, ClusterError::Invalid { .. }) && !e.retryable(),
            ),
            (
                json!({ "code": 400, "reason": "BadRequest", "message": "admission webhook \"w\" denied the request: no" }),
                |e| matches!(e, ClusterError::Admission { .. }),
            ),
            (
                json!({ "code": 429, "reason": "TooManyRequests", "message": "slow", "details": { "retryAfterSeconds": 3 } }),
                |e| matches!(e, ClusterError::Busy { retry_after_seconds: 3, .. }) && e.retryable(),
            ),
            (
                json!({ "code": 429, "reason": "TooManyRequests", "message": "Cannot evict pod", "details": { "causes": [
                    { "reason": "DisruptionBudget", "message": "The disruption budget web needs 2 healthy pods and has 2 currently" },
                ] } }),
                |e| matches!(e, ClusterError::Budget { budget, .. } if budget == "web") && !e.retryable(),
            ),
            (
                json!({ "code": 500, "message": "This pod has more than one PodDisruptionBudget, which the eviction subresource does not support." }),
                |e| matches!(e, ClusterError::Budget { budget, .. } if budget.is_empty()),
            ),
            (json!({ "code": 504, "reason": "Timeout", "message": "late" }), |e| {
                matches!(e, ClusterError::Timeout { .. })
            }),
        ];
        for (status, fits) in cases {
            let error = read(status.clone());
            assert!(fits(&error), "{status} became {error:?}");
            assert!(error.to_string().starts_with("create Pod shop/a: "), "{error}");
        }
    }
}
