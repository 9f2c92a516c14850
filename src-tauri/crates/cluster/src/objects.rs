//! Objects in and out, as JSON: get, list, create, apply, patch, delete.
//!
//! Reads that failed in passing are asked again; writes are sent once, because only the caller knows which of them may
//! be done twice.

use crate::backoff::about;
use crate::{ClusterError, Connection, conflict};
use kube::api::{DeleteParams, GetParams, ListParams, Patch, PatchParams, PostParams, Preconditions};
use kube::core::Request;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// The field manager of all our writes.
pub(crate) const MANAGER: &str = slipway_render::names::MANAGER;
/// Objects of one page of a list.
pub(crate) const PAGE: u32 = 500;
/// A read is not asked again once this much time has gone into it.
const RETRY_WITHIN: Duration = Duration::from_secs(3);
const RETRIES: u32 = 3;
const RETRY_FIRST: Duration = Duration::from_millis(150);

/// The kinds that Slipway writes or reads whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    ConfigMap,
    Deployment,
    EndpointSlice,
    Event,
    HorizontalPodAutoscaler,
    Lease,
    Namespace,
    NetworkPolicy,
    Pod,
    PodDisruptionBudget,
    ReplicaSet,
    ResourceQuota,
    Role,
    RoleBinding,
    Secret,
    Service,
    ServiceAccount,
}

impl Kind {
    /// Group and version as in `apiVersion`, and the plural that paths use.
    pub fn api(self) -> (&'static str, &'static str) {
        match self {
            Self::ConfigMap => ("v1", "configmaps"),
            Self::Event => ("v1", "events"),
            Self::Namespace => ("v1", "namespaces"),
            Self::Pod => ("v1", "pods"),
            Self::ResourceQuota => ("v1", "resourcequotas"),
            Self::Secret => ("v1", "secrets"),
            Self::Service => ("v1", "services"),
            Self::ServiceAccount => ("v1", "serviceaccounts"),
            Self::HorizontalPodAutoscaler => ("autoscaling/v2", "horizontalpodautoscalers"),
            Self::NetworkPolicy => ("networking.k8s.io/v1", "networkpolicies"),
            Self::PodDisruptionBudget => ("policy/v1", "poddisruptionbudgets"),
            Self::Deployment => ("apps/v1", "deployments"),
            Self::ReplicaSet => ("apps/v1", "replicasets"),
            Self::EndpointSlice => ("discovery.k8s.io/v1", "endpointslices"),
            Self::Lease => ("coordination.k8s.io/v1", "leases"),
            Self::Role => ("rbac.authorization.k8s.io/v1", "roles"),
            Self::RoleBinding => ("rbac.authorization.k8s.io/v1", "rolebindings"),
        }
    }

    pub(crate) fn path(self, namespace: &str) -> String {
        let (version, plural) = self.api();
        let root = if version.contains('/') { "/apis/" } else { "/api/" };
        match self {
            Self::Namespace => format!("{root}{version}/{plural}"),
            _ => format!("{root}{version}/namespaces/{namespace}/{plural}"),
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Debug::fmt(self, f)
    }
}

/// How a server-side apply is meant. The object itself may carry a resourceVersion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Apply {
    /// Take fields over from other managers.
    pub force: bool,
    /// Ask what would become of it; nothing is written.
    pub dry_run: bool,
}

/// Which object is meant, and which version of it.
#[derive(Clone, Copy, Debug)]
pub struct Version<'a> {
    pub uid: &'a str,
    /// resourceVersion; `None` for any.
    pub resource: Option<&'a str>,
}

/// An object without what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Named {
    pub name: String,
    #[serde(default)]
    pub uid: String,
    #[serde(default, rename = "resourceVersion")]
    pub version: String,
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct NamesPage {
    #[serde(default)]
    metadata: PageEnd,
    /// `null` where there are none.
    items: Option<Vec<NamesItem>>,
}

#[derive(Default, Deserialize)]
struct PageEnd {
    #[serde(default, rename = "continue")]
    next: String,
}

#[derive(Deserialize)]
struct NamesItem {
    metadata: Named,
}

impl Connection {
    /// # Errors
    /// What the cluster says; never `NotFound`.
    pub async fn get(&self, kind: Kind, name: &str) -> Result<Option<Value>, ClusterError> {
        let doing = self.doing("read", kind, name);
        let request = || self.at(kind).get(name, &GetParams::default());
        match self.read(&doing, request).await {
            Ok(object) => Ok(Some(object)),
            Err(ClusterError::NotFound { .. } | ClusterError::NamespaceGone { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All objects of a kind that carry the labels of `selector`.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn list(&self, kind: Kind, selector: &str) -> Result<Vec<Value>, ClusterError> {
        let doing = format!("list {kind} of {}", self.namespace);
        let mut items = Vec::new();
        let mut params = ListParams::default().labels(selector).limit(PAGE);
        loop {
            let mut page: Value = self.read(&doing, || self.at(kind).list(&params)).await?;
            if let Value::Array(found) = page["items"].take() {
                items.extend(found);
            }
            match page["metadata"]["continue"].as_str() {
                Some(token) if !token.is_empty() => params = params.continue_token(token),
                _ => return Ok(items),
            }
        }
    }

    /// The same without what they hold: of large ones only this is cheap.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn list_names(&self, kind: Kind, selector: &str) -> Result<Vec<Named>, ClusterError> {
        let doing = format!("list {kind} of {}", self.namespace);
        let mut found = Vec::new();
        let mut params = ListParams::default().labels(selector).limit(PAGE);
        loop {
            let page: NamesPage = self.read(&doing, || self.at(kind).list_metadata(&params)).await?;
            found.extend(page.items.into_iter().flatten().map(|item| item.metadata));
            if page.metadata.next.is_empty() {
                return Ok(found);
            }
            params = params.continue_token(&page.metadata.next);
        }
    }

    /// # Errors
    /// `AlreadyExists`, and what the cluster says.
    pub async fn create(&self, kind: Kind, object: &Value) -> Result<Value, ClusterError> {
        self.post(kind, object, false).await
    }

    /// Asks whether it could be created, and under this name: existence is told without a right to read.
    ///
    /// # Errors
    /// `AlreadyExists`, and what the cluster says.
    pub async fn dry_create(&self, kind: Kind, object: &Value) -> Result<Value, ClusterError> {
        self.post(kind, object, true).await
    }

    async fn post(&self, kind: Kind, object: &Value, dry_run: bool) -> Result<Value, ClusterError> {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let doing = self.doing("create", kind, name);
        let params = PostParams { dry_run, field_manager: Some(MANAGER.to_owned()) };
        let object = typed(kind, object).to_string().into_bytes();
        self.send(&doing, self.at(kind).create(&params, object)).await
    }

    /// Server-side apply as `slipway`.
    ///
    /// # Errors
    /// `Conflict` with the fields of other managers (or without any, for an old resourceVersion), and what the cluster
    /// says.
    pub async fn apply(&self, kind: Kind, object: &Value, how: Apply) -> Result<Value, ClusterError> {
        let name = object["metadata"]["name"].as_str().unwrap_or_default();
        let doing = self.doing("apply", kind, name);
        let params = PatchParams { force: how.force, dry_run: how.dry_run, ..PatchParams::apply(MANAGER) };
        let patch = Patch::Apply(typed(kind, object));
        let mut answer = self.send(&doing, self.at(kind).patch(name, &params, &patch)).await;
        if let Err(ClusterError::Conflict { conflicts, .. }) = &mut answer
            && !conflicts.is_empty()
            && let Ok(Some(live)) = self.get(kind, name).await
        {
            conflict::add_times(conflicts, &live);
        }
        answer
    }

    /// A merge patch, best with `metadata.resourceVersion`.
    ///
    /// # Errors
    /// `Conflict` where the version has moved on, and what the cluster says.
    pub async fn merge_patch(&self, kind: Kind, name: &str, patch: &Value) -> Result<Value, ClusterError> {
        let doing = self.doing("change", kind, name);
        self.send(&doing, self.at(kind).patch(name, &ours(), &Patch::Merge(patch))).await
    }

    /// A JSON patch (a list of operations).
    ///
    /// # Errors
    /// `Invalid` where a `test` does not hold, and what the cluster says.
    pub async fn json_patch(&self, kind: Kind, name: &str, patch: &Value) -> Result<Value, ClusterError> {
        let doing = self.doing("change", kind, name);
        let operations = serde_json::from_value(patch.clone()).map_err(|error| ClusterError::other(&doing, error))?;
        self.send(&doing, self.at(kind).patch(name, &ours(), &Patch::<Value>::Json(operations))).await
    }

    /// True when it was there.
    ///
    /// # Errors
    /// What the cluster says; never `NotFound`.
    pub async fn delete(&self, kind: Kind, name: &str) -> Result<bool, ClusterError> {
        self.delete_with(kind, name, &DeleteParams::background()).await
    }

    /// The same of this object only, and of this version of it. Another one of the name stays, and is answered as
    /// `Conflict`.
    ///
    /// # Errors
    /// What the cluster says; never `NotFound`.
    pub async fn delete_exact(&self, kind: Kind, name: &str, version: Version<'_>) -> Result<bool, ClusterError> {
        let preconditions =
            Preconditions { uid: Some(version.uid.to_owned()), resource_version: version.resource.map(str::to_owned) };
        let params = DeleteParams { preconditions: Some(preconditions), ..DeleteParams::background() };
        self.delete_with(kind, name, &params).await
    }

    async fn delete_with(&self, kind: Kind, name: &str, params: &DeleteParams) -> Result<bool, ClusterError> {
        let doing = self.doing("delete", kind, name);
        let request = self.at(kind).delete(name, params);
        match self.send::<Value>(&doing, request).await {
            Ok(_) => Ok(true),
            Err(ClusterError::NotFound { .. } | ClusterError::NamespaceGone { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Whether this identity may use `verb` on `resource` (`pods`, `pods/log`) of `group` in the namespace.
    ///
    /// # Errors
    /// What the cluster says of the question.
    pub async fn may(&self, group: &str, resource: &str, verb: &str) -> Result<bool, ClusterError> {
        self.may_one(group, resource, verb, "").await
    }

    pub(crate) async fn may_one(
        &self,
        group: &str,
        resource: &str,
        verb: &str,
        name: &str,
    ) -> Result<bool, ClusterError> {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": { "resourceAttributes": {
                "namespace": self.namespace, "group": group, "resource": resource, "subresource": subresource,
                "verb": verb, "name": name,
            } },
        });
        let doing = format!("ask whether {verb} {resource} is allowed in {}", self.namespace);
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        let body = review.to_string().into_bytes();
        let answer: Value =
            self.read(&doing, || Request::new(path).create(&PostParams::default(), body.clone())).await?;
        Ok(answer["status"]["allowed"] == true)
    }

    /// `gitVersion` of the API server: the cheapest question that needs an accepted identity.
    ///
    /// # Errors
    /// What the cluster says.
    pub async fn version(&self) -> Result<String, ClusterError> {
        let request = http::Request::get("/version").body(Vec::new()).map_err(kube::core::request::Error::BuildRequest);
        let answer: Value = self.send(&format!("ask {} for its version", self.server), request).await?;
        Ok(answer["gitVersion"].as_str().unwrap_or_default().to_owned())
    }

    fn at(&self, kind: Kind) -> Request {
        Request::new(kind.path(&self.namespace))
    }

    pub(crate) fn doing(&self, verb: &str, kind: Kind, name: &str) -> String {
        format!("{verb} {kind} {}/{name}", self.namespace)
    }

    /// Sends once.
    pub(crate) async fn send<T: DeserializeOwned>(
        &self,
        doing: &str,
        request: Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<T, ClusterError> {
        let request = request.map_err(|error| ClusterError::other(doing, error))?;
        // Text first: on an answer that does not fit, kube's own decoding would log the whole of it.
        let text = self.clients.calls.request_text(request).await;
        let text = text.map_err(|error| ClusterError::from_kube(doing, &self.server, error))?;
        serde_json::from_str(&text).map_err(|error| ClusterError::Nonsense {
            doing: doing.to_owned(),
            server: self.server.clone(),
            reason: error.to_string(),
        })
    }

    /// Asks again while the answer is that it may help.
    pub(crate) async fn read<T: DeserializeOwned>(
        &self,
        doing: &str,
        request: impl Fn() -> Result<http::Request<Vec<u8>>, kube::core::request::Error>,
    ) -> Result<T, ClusterError> {
        let begun = Instant::now();
        let mut wait = RETRY_FIRST;
        for _ in 1..RETRIES {
            match self.send(doing, request()).await {
                Err(error) if error.retryable() && begun.elapsed() < RETRY_WITHIN => {
                    let asked = match error {
                        ClusterError::Busy { retry_after_seconds, .. } => {
                            Duration::from_secs(retry_after_seconds.into())
                        }
                        _ => Duration::ZERO,
                    };
                    tokio::time::sleep(about(wait).max(asked.min(RETRY_WITHIN))).await;
                    wait *= 2;
                }
                answer => return answer,
            }
        }
        self.send(doing, request()).await
    }
}

fn ours() -> PatchParams {
    PatchParams { field_manager: Some(MANAGER.to_owned()), ..PatchParams::default() }
}

/// The object with its `apiVersion` and `kind`.
fn typed(kind: Kind, object: &Value) -> Value {
    let mut object = object.clone();
    object["apiVersion"] = kind.api().0.into();
    object["kind"] = kind.to_string().into();
    object
}
