//! Authorization codes for others: a `ServiceAccount` in the access namespace, bound to a preset role, and a token that
//! ends with the Secret it is bound to.

use crate::code::{Code, CodeLink};
use crate::objects::{Apply, Kind};
use crate::rules::{self, NEEDS, RBAC, Scope};
use crate::{ClusterError, Connection, link};
use jiff::Timestamp;
use kube::api::PostParams;
use kube::core::Request;
use secrecy::SecretString;
use serde_json::{Value, json};
use slipway_model::cluster::Role;
use slipway_render::names;
use std::time::Duration;

/// Names a member's `ServiceAccount`, Secret and binding.
const LABEL_MEMBER: &str = "slipway.dev/member";
/// The shortest token that the API server makes.
const TTL_MIN: Duration = Duration::from_mins(10);

/// What an owner wants to hand over.
#[derive(Clone, Debug)]
pub struct CodeRequest {
    /// Proposed name of the cluster.
    pub cluster: String,
    /// Addresses that the member can reach, best first.
    pub servers: Vec<String>,
    /// PEM; empty trusts the member's system.
    pub ca: String,
    pub role: Role,
    /// DNS label of at most 30 characters: the `ServiceAccount`.
    pub member: String,
    /// At least ten minutes; the server may make it shorter.
    pub ttl: Duration,
}

/// Makes all that a member needs in the connection's namespace, and the code to hand over. Done twice for the same
/// member it changes the role and issues one more code.
///
/// # Errors
/// What the cluster says. Objects made until then stay and are used the next time.
pub async fn issue_code(owner: &Connection, request: &CodeRequest) -> Result<Code, ClusterError> {
    let access = owner.in_namespace(&rules::access_namespace(&owner.namespace));
    let namespace_uid = link::namespace_uid(owner).await?;
    ensure_account(owner, &access, &request.member).await?;
    ensure_bound(owner, &access, Scope::App, request).await?;
    if request.role == Role::Owner {
        ensure_bound(&access, &access, Scope::Access, request).await?;
    }
    let id = uuid::Uuid::new_v4().simple().to_string();
    let (token, expiry) = mint(&access, &id, request).await?;
    let link = CodeLink {
        cluster: request.cluster.clone(),
        servers: request.servers.clone(),
        ca: request.ca.clone(),
        namespace: owner.namespace.clone(),
        namespace_uid,
        role: Some(request.role),
        token,
        expiry,
    };
    Ok(Code { id, links: vec![link] })
}

/// Takes a member out: every token of theirs ends within seconds. Done twice it does nothing.
///
/// # Errors
/// What the cluster says.
pub async fn remove_member(owner: &Connection, member: &str) -> Result<(), ClusterError> {
    let access = owner.in_namespace(&rules::access_namespace(&owner.namespace));
    access.delete(Kind::ServiceAccount, member).await?;
    for place in [owner, &access] {
        for binding in place.list(Kind::RoleBinding, &format!("{LABEL_MEMBER}={member}")).await? {
            place.delete(Kind::RoleBinding, name_of(&binding)).await?;
        }
    }
    for secret in access.list(Kind::Secret, &format!("{LABEL_MEMBER}={member}")).await? {
        access.delete(Kind::Secret, name_of(&secret)).await?;
    }
    Ok(())
}

fn name_of(object: &Value) -> &str {
    object["metadata"]["name"].as_str().unwrap_or_default()
}

async fn ensure_account(owner: &Connection, access: &Connection, member: &str) -> Result<(), ClusterError> {
    let account = json!({ "metadata": metadata(member, member), "automountServiceAccountToken": false });
    match access.create(Kind::ServiceAccount, &account).await {
        Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(()),
        Err(ClusterError::NamespaceGone { .. }) => {
            let labels = json!({ names::LABEL_MANAGED_BY: names::MANAGER });
            let namespace = json!({ "metadata": { "name": access.namespace, "labels": labels } });
            tolerate(owner.create(Kind::Namespace, &namespace).await)?;
            tolerate(access.create(Kind::ServiceAccount, &account).await)
        }
        Err(error) => Err(error),
    }
}

/// The preset's Role in one namespace, and the member bound to it there and to no other preset.
async fn ensure_bound(
    place: &Connection,
    access: &Connection,
    scope: Scope,
    request: &CodeRequest,
) -> Result<(), ClusterError> {
    let preset = rules::preset(request.role);
    let app = access.namespace.strip_suffix("-access").unwrap_or(&access.namespace);
    let needs =
        NEEDS.iter().filter(|need| need.scope == scope && rules::features(request.role).contains(&need.feature));
    let rules = rules::policy(needs, app);
    match place.get(Kind::Role, &preset).await {
        Ok(Some(role)) if role["rules"] == rules => {}
        // An owner may bind presets, not write them: whoever set the namespace up has made them.
        Err(ClusterError::Forbidden { .. }) => {}
        Ok(_) => {
            let labels = json!({ names::LABEL_MANAGED_BY: names::MANAGER });
            let role = json!({ "metadata": { "name": preset, "labels": labels }, "rules": rules });
            place.apply(Kind::Role, &role, Apply { force: true, dry_run: false }).await?;
        }
        Err(error) => return Err(error),
    }
    let name = format!("slipway-{}", request.member);
    let binding = json!({
        "metadata": metadata(&name, &request.member),
        "roleRef": { "apiGroup": RBAC.split('/').next(), "kind": "Role", "name": preset },
        "subjects": [{ "kind": "ServiceAccount", "namespace": access.namespace, "name": request.member }],
    });
    match place.create(Kind::RoleBinding, &binding).await {
        Ok(_) => return Ok(()),
        Err(ClusterError::AlreadyExists { .. }) => {}
        Err(error) => return Err(error),
    }
    let selector = format!("{LABEL_MEMBER}={}", request.member);
    let found = place.list(Kind::RoleBinding, &selector).await?;
    if found.iter().any(|found| name_of(found) == name && found["roleRef"]["name"] == binding["roleRef"]["name"]) {
        return Ok(());
    }
    // A binding's role can not be changed.
    place.delete(Kind::RoleBinding, &name).await?;
    place.create(Kind::RoleBinding, &binding).await.map(drop)
}

/// A token bound to a Secret of its own, so that deleting the Secret ends this code and no other.
async fn mint(
    access: &Connection,
    id: &str,
    request: &CodeRequest,
) -> Result<(SecretString, Option<Timestamp>), ClusterError> {
    let name = format!("link-{id}");
    let secret = access.create(Kind::Secret, &json!({ "metadata": metadata(&name, &request.member) })).await?;
    let ttl = request.ttl.max(TTL_MIN).as_secs();
    let review = json!({
        "apiVersion": "authentication.k8s.io/v1",
        "kind": "TokenRequest",
        "spec": {
            "expirationSeconds": ttl,
            "boundObjectRef": { "apiVersion": "v1", "kind": "Secret", "name": name, "uid": secret["metadata"]["uid"] },
        },
    });
    let doing = access.doing("make a token for", Kind::ServiceAccount, &request.member);
    let path = Kind::ServiceAccount.path(&access.namespace);
    let body = review.to_string().into_bytes();
    let request = Request::new(path).create_subresource("token", &request.member, &PostParams::default(), body);
    let answer: Value = access.send(&doing, request).await?;
    let token =
        answer["status"]["token"].as_str().ok_or_else(|| ClusterError::other(&doing, "the answer has no token"))?;
    let expiry = answer["status"]["expirationTimestamp"].as_str().and_then(|at| at.parse().ok());
    Ok((SecretString::from(token), expiry))
}

fn metadata(name: &str, member: &str) -> Value {
    json!({ "name": name, "labels": { names::LABEL_MANAGED_BY: names::MANAGER, LABEL_MEMBER: member } })
}

fn tolerate(answer: Result<Value, ClusterError>) -> Result<(), ClusterError> {
    match answer {
        Ok(_) | Err(ClusterError::AlreadyExists { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}
