//! What a person is shown before a link is saved: where, who, what it may do.

use crate::objects::Kind;
use crate::rules::{self, NEEDS, Need, Scope};
use crate::{ClusterError, Connection, Credential, connect};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use jiff::Timestamp;
use kube::api::PostParams;
use kube::core::Request;
use serde_json::{Value, json};
use slipway_model::cluster::{Feature, Grant, Role, Rule};
use std::collections::BTreeMap;
use std::time::Instant;

/// Questions asked at the same time.
const AT_ONCE: usize = 12;

/// All of it is the cluster's own answer, except where said.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    pub server: String,
    /// See `ClusterLink`.
    pub fingerprint: String,
    pub namespace: String,
    /// The link's identity.
    pub namespace_uid: String,
    /// Authenticated name; empty where the server is too old to say it (before 1.28).
    pub identity: String,
    /// The strongest preset that is granted in full; `None` when not even all of *viewer* is.
    pub role: Option<Role>,
    /// As the credential says; `None` also for one that is had anew without anybody's doing.
    pub expires: Option<Timestamp>,
    pub server_version: String,
    /// Of one small question on an open connection.
    pub latency_ms: u32,
    pub grants: Vec<Grant>,
}

/// Signs in and looks around. Nothing is written.
///
/// # Errors
/// Of signing in, and what the cluster says of reading the namespace.
pub async fn inspect(credential: &Credential) -> Result<Inspection, ClusterError> {
    look_around(&connect(credential).await?).await
}

/// As `inspect`, of a connection that is there already.
///
/// # Errors
/// What the cluster says of reading the namespace.
pub async fn look_around(connection: &Connection) -> Result<Inspection, ClusterError> {
    let server_version = connection.version().await?;
    let begun = Instant::now();
    let identity = identity(connection).await?;
    let latency_ms = u32::try_from(begun.elapsed().as_millis()).unwrap_or(u32::MAX);
    let namespace_uid = namespace_uid(connection).await?;
    let grants = grants(connection, &identity).await?;
    Ok(Inspection {
        server: connection.server.clone(),
        fingerprint: connection.fingerprint.clone(),
        namespace: connection.namespace.clone(),
        namespace_uid,
        identity: line(&identity),
        role: role(&grants),
        expires: connection.expires(),
        server_version: line(&server_version),
        latency_ms,
        grants,
    })
}

/// Longest name that is taken from a cluster, in characters: the longest `ServiceAccount`'s is shorter.
const LINE_MAX: usize = 512;

/// A name of the cluster's as one line: without what controls a terminal or turns the direction of writing, and with an
/// end.
fn line(text: &str) -> String {
    let acts = |sign: char| {
        sign.is_control() || matches!(sign, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    text.chars().filter(|sign| !acts(*sign)).take(LINE_MAX).collect()
}

/// The name that the API server authenticated.
pub(crate) async fn identity(connection: &Connection) -> Result<String, ClusterError> {
    let review =
        json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" }).to_string().into_bytes();
    let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
    let request = || Request::new(path).create(&PostParams::default(), review.clone());
    match connection.read::<Value>("ask the cluster who this is", request).await {
        Ok(answer) => Ok(answer["status"]["userInfo"]["username"].as_str().unwrap_or_default().to_owned()),
        Err(ClusterError::NotFound { .. }) => Ok(String::new()),
        Err(error) => Err(error),
    }
}

pub(crate) async fn namespace_uid(connection: &Connection) -> Result<String, ClusterError> {
    let name = &connection.namespace;
    let found = connection.get(Kind::Namespace, name).await?;
    let uid = found.as_ref().and_then(|namespace| namespace["metadata"]["uid"].as_str());
    uid.map(str::to_owned)
        .ok_or_else(|| ClusterError::NamespaceGone { doing: format!("read Namespace {name}"), namespace: name.clone() })
}

/// Feature by feature. Each rule is asked for by itself: a list of rules may be incomplete by the API's own word.
async fn grants(connection: &Connection, identity: &str) -> Result<Vec<Grant>, ClusterError> {
    let access = connection.in_namespace(&rules::access_namespace(&connection.namespace));
    let cluster = connection.in_namespace("");
    let mut questions: Vec<(usize, &'static str, String)> = Vec::new();
    for (at, need) in NEEDS.iter().enumerate() {
        let mut names = rules::names(need, &connection.namespace);
        names.truncate(1);
        let name = names.pop().unwrap_or_default();
        questions.extend(need.verbs.iter().map(|verb| (at, *verb, name.clone())));
    }
    // All asked for before any is awaited: a closure that lived across the awaits would tie this future to one lifetime.
    let asked: Vec<_> = questions
        .into_iter()
        .map(|(at, verb, name)| {
            let need = &NEEDS[at];
            let place = match need.scope {
                Scope::App => connection,
                Scope::Access => &access,
                Scope::Cluster => &cluster,
            };
            async move { Ok((at, verb, place.may_one(need.group, need.resource, verb, &name).await?)) }
        })
        .collect();
    let answers: Vec<(usize, &'static str, bool)> = stream::iter(asked).buffer_unordered(AT_ONCE).try_collect().await?;
    let mut refused: BTreeMap<usize, Vec<&'static str>> = BTreeMap::new();
    for (at, verb, _) in answers.into_iter().filter(|(.., allowed)| !allowed) {
        refused.entry(at).or_default().push(verb);
    }
    Ok(rules::FEATURES.iter().map(|feature| grant(*feature, &refused, &connection.namespace, identity)).collect())
}

fn grant(feature: Feature, refused: &BTreeMap<usize, Vec<&'static str>>, namespace: &str, identity: &str) -> Grant {
    let of_feature = refused.iter().map(|(at, verbs)| (&NEEDS[*at], verbs)).filter(|(need, _)| need.feature == feature);
    let (mut missing, mut needs) = (Vec::new(), Vec::<Need>::new());
    for (need, verbs) in of_feature {
        let mut verbs: Vec<String> = verbs.iter().map(|verb| (*verb).to_owned()).collect();
        verbs.sort_unstable();
        missing.push(Rule { verbs, ..Rule::from(need) });
        needs.push(*need);
    }
    Grant { feature, allowed: missing.is_empty(), missing, yaml: rules::yaml(feature, &needs, namespace, identity) }
}

fn role(grants: &[Grant]) -> Option<Role> {
    let granted = |feature: &Feature| grants.iter().any(|grant| grant.feature == *feature && grant.allowed);
    rules::ROLES.into_iter().rev().find(|role| rules::features(*role).iter().all(granted))
}
