//! Where a row is tried: a data folder with the core on it, and a namespace of the real cluster.

use crate::state;
use anyhow::{Context, Result, bail, ensure};
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};
use slipway_api::host::Later;
use slipway_api::{Api, ApiError, Desktop};
use slipway_cluster::Kind;
use slipway_model::cluster::Role;
use slipway_model::id::{LinkId, ReleaseId};
use slipway_tests::ground::{PATIENCE, registry, settled};
use slipway_tests::owner::{Owner, kubeconfig, owner_by};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Name of the Deployment of the site's group.
pub(crate) const WORKLOAD: &str = "checkout-api-prod";
/// How long between two looks at something that is waited for.
pub(crate) const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(50);

pub(crate) struct Site {
    pub api: Api,
    pub owner: Owner,
    desktop: Arc<Chosen>,
    folder: tempfile::TempDir,
    /// What differs from run to run, and the word that stands for it in the table.
    volatile: Vec<(String, String)>,
}

/// A desktop on which a person has chosen a file already, or chooses none.
#[derive(Debug, Default)]
struct Chosen(Mutex<Option<PathBuf>>);

impl Desktop for Chosen {
    fn clipboard_text(&self) -> Later<Option<String>> {
        Box::pin(async { None })
    }

    fn choose_file(&self, _title: String) -> Later<Option<PathBuf>> {
        let file = self.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Box::pin(async { file })
    }

    fn choose_folder(&self, title: String) -> Later<Option<PathBuf>> {
        self.choose_file(title)
    }

    fn choose_files(&self, title: String) -> Later<Vec<PathBuf>> {
        let file = self.choose_file(title);
        Box::pin(async { file.await.into_iter().collect() })
    }

    fn choose_place(&self, title: String, _name: String) -> Later<Option<PathBuf>> {
        self.choose_file(title)
    }

    fn notify(&self, _title: String, _text: String) -> Later<bool> {
        Box::pin(async { false })
    }

    fn browse(&self, _address: String) -> Later<bool> {
        Box::pin(async { false })
    }

    fn reveal(&self, _path: PathBuf) -> Later<bool> {
        Box::pin(async { false })
    }
}

/// A desktop on which nobody chooses anything.
pub(crate) fn desktop() -> Arc<dyn Desktop> {
    Arc::new(Chosen::default())
}

/// A desktop on which this is chosen, whatever is asked for.
pub(crate) fn chosen(path: &Path) -> Arc<dyn Desktop> {
    Arc::new(Chosen(Mutex::new(Some(path.to_owned()))))
}

/// Runs one row on a site of its own.
pub(crate) fn on_site<F>(id: &str, produce: F) -> Result<Value>
where
    F: AsyncFnOnce(&mut Site) -> Result<Value>,
{
    // One thread, so that a row may stop the clock.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut site = Site::new(id).await.context("make the site")?;
        let met = produce(&mut site).await?;
        site.close().await?;
        Ok(met)
    })
}

impl Site {
    async fn new(id: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let namespace = format!("input-{}-{}", id.replace(['/', '_'], "-"), &LinkId::random().as_str()[..8]);
        let owner = owner_by(&kubeconfig()?, &namespace).await?;
        let desktop = Arc::new(Chosen::default());
        let api = Api::open(&folder.path().join("data"), desktop.clone()).await?;
        // No row is about the keyring: the store's own tests are.
        api.call("keyring_memory_only", Value::Null).await?;
        let volatile = vec![
            (folder.path().display().to_string(), "{folder}".to_owned()),
            (owner.connection.server.clone(), "{server}".to_owned()),
            (namespace, "{namespace}".to_owned()),
        ];
        let site = Self { api, owner, desktop, folder, volatile };
        site.furnished().await?;
        Ok(site)
    }

    /// Waits for what the controllers make a moment after a namespace.
    pub(crate) async fn furnished(&self) -> Result<()> {
        let owner = &self.owner.connection;
        self.eventually("what every namespace has", async || {
            let account = owner.get(Kind::ServiceAccount, "default").await?;
            let ca = owner.get(Kind::ConfigMap, "kube-root-ca.crt").await?;
            Ok(account.and(ca).map(drop))
        })
        .await
    }

    async fn close(self) -> Result<()> {
        self.api.close().await;
        let namespace = self.owner.connection.namespace.clone();
        for name in [format!("{namespace}-access"), namespace] {
            self.owner.connection.delete(Kind::Namespace, &name).await?;
        }
        Ok(())
    }

    pub(crate) fn namespace(&self) -> &str {
        &self.owner.connection.namespace
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file of the site and answers its path as the window would send it.
    pub(crate) fn write(&self, name: &str, text: &str) -> Result<String> {
        let path = self.file(name);
        std::fs::write(&path, text)?;
        Ok(path.display().to_string())
    }

    /// The person's next choice in a dialog of the system.
    pub(crate) fn choose(&self, file: Option<&Path>) {
        *self.desktop.0.lock().unwrap_or_else(PoisonError::into_inner) = file.map(Path::to_owned);
    }

    /// Notes that `value` differs from run to run: the table has `{word}` in its place.
    pub(crate) fn differs(&mut self, value: &str, word: &str) {
        self.volatile.push((value.to_owned(), format!("{{{word}}}")));
        // What holds another is replaced before it.
        self.volatile.sort_by_key(|(value, _)| std::cmp::Reverse(value.len()));
    }

    /// A call that must succeed: what a row stands on.
    pub(crate) async fn call(&self, name: &str, payload: Value) -> Result<Value> {
        Ok(self.api.call(name, payload).await.with_context(|| format!("call {name}"))?.value())
    }

    /// A call that must be refused, and leave store and cluster as they were.
    pub(crate) async fn refused(&self, name: &str, payload: Value) -> Result<Value> {
        let met = self.unchanged(async || self.api.call(name, payload).await).await?;
        match met {
            Ok(answer) => bail!("{name} answers {}", answer.value()),
            Err(error) => self.error(&error),
        }
    }

    /// A call that is answered, with what is wrong in the answer, and leaves store and cluster as they were.
    pub(crate) async fn answered(&self, name: &str, payload: Value) -> Result<Value> {
        Ok(self.unchanged(async || self.api.call(name, payload).await).await??.value())
    }

    /// What `act` answers, when it has changed nothing.
    pub(crate) async fn unchanged<T>(&self, act: impl AsyncFnOnce() -> T) -> Result<T> {
        let before = self.state().await?;
        let answer = act().await;
        let after = self.state().await?;
        for (what, before, after) in [("store", &before.0, &after.0), ("cluster", &before.1, &after.1)] {
            let gone: Vec<_> = before.iter().filter(|line| !after.contains(line)).collect();
            let new: Vec<_> = after.iter().filter(|line| !before.contains(line)).collect();
            ensure!(gone.is_empty() && new.is_empty(), "the {what} changed: gone {gone:#?}, new {new:#?}");
        }
        Ok(answer)
    }

    async fn state(&self) -> Result<(Vec<String>, Vec<String>)> {
        Ok((state::store(&self.data_dir())?, state::cluster(&self.owner.connection).await?))
    }

    /// An error as the table has it. Its English detail is for the log, and not compared.
    pub(crate) fn error(&self, error: &ApiError) -> Result<Value> {
        ensure!(!error.detail.trim().is_empty(), "the error says nothing for the log: {error:?}");
        let mut error = self.plain(&json!(error));
        let fields = error.as_object_mut().context("an error is an object")?;
        fields.remove("detail");
        Ok(json!({ "error": error }))
    }

    /// A value with words in place of what differs from run to run.
    pub(crate) fn plain(&self, value: &Value) -> Value {
        match value {
            Value::String(text) => {
                self.volatile.iter().fold(text.clone(), |text, (value, word)| text.replace(value, word)).into()
            }
            Value::Array(items) => items.iter().map(|item| self.plain(item)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, value)| (name.clone(), self.plain(value)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }

    pub(crate) async fn eventually<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>>,
    ) -> Result<T> {
        let looking = async {
            loop {
                if let Some(seen) = look().await? {
                    return Ok(seen);
                }
                tokio::time::sleep(LOOK_AGAIN_AFTER).await;
            }
        };
        tokio::time::timeout(PATIENCE, looking).await.with_context(|| format!("waited {PATIENCE:?} for {what}"))?
    }

    /// The administrator's kubeconfig for this namespace, to be changed.
    pub(crate) fn kubeconfig(&self) -> Result<Value> {
        let text = std::fs::read_to_string(kubeconfig()?)?;
        let mut config: Value = serde_saphyr::from_str(&text).context("read the test's kubeconfig")?;
        config["contexts"][0]["context"]["namespace"] = self.namespace().into();
        Ok(config)
    }

    /// What the window sends to inspect the only context of a kubeconfig.
    pub(crate) fn context_of(&self, config: &Value) -> Result<Value> {
        let context = config["contexts"][0]["name"].as_str().context("it has a context")?.to_owned();
        let file = self.write("kubeconfig", &config.to_string())?;
        Ok(json!({ "kind": "kubeconfig", "file": file, "context": context }))
    }

    /// A code for a new member of the namespace.
    pub(crate) async fn code(&self, role: Role) -> Result<String> {
        let code = self.owner.code("test", role, Duration::from_hours(1)).await?;
        Ok(code.expose_secret().to_owned())
    }

    /// Links this namespace as its administrator, under the name `test`.
    pub(crate) async fn link(&self) -> Result<String> {
        let from = self.context_of(&self.kubeconfig()?)?;
        self.link_from(from, "test").await
    }

    pub(crate) async fn link_from(&self, from: Value, name: &str) -> Result<String> {
        let preview = self.call("cluster_inspect", from).await?;
        let link = self.call("cluster_link", json!({ "token": preview["token"], "name": name })).await?;
        text(&link)
    }

    /// An app of the demo images.
    pub(crate) async fn app(&mut self) -> Result<String> {
        let registry = registry()?;
        self.differs(&registry, "registry");
        let app = self.call("app_create", app_draft("checkout-api", &registry)).await?;
        text(&app["id"])
    }

    /// A linked cluster, an app and one group.
    pub(crate) async fn group(&mut self) -> Result<Group> {
        let link = self.link().await?;
        self.group_on(link).await
    }

    pub(crate) async fn group_on(&mut self, link: String) -> Result<Group> {
        let app = self.app().await?;
        let draft = group_draft(&link);
        let id = text(&self.call("group_create", json!({ "app": app, "draft": draft })).await?)?;
        Ok(Group { app, id, link, draft })
    }

    /// A group whose first release has ended, without pods: nothing moves there by itself.
    pub(crate) async fn released_group(&mut self) -> Result<(Group, ReleaseId)> {
        let mut group = self.group().await?;
        group.draft["count"] = "0".into();
        self.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
        let id = self.start(&group, "v1").await?;
        settled(self.api.engine(), &id).await?;
        self.observed().await?;
        Ok((group, id))
    }

    /// Waits until the controller has done what the Deployment says.
    pub(crate) async fn observed(&self) -> Result<()> {
        let owner = &self.owner.connection;
        self.eventually("the controller to have seen the Deployment", async || {
            let live = owner.get(Kind::Deployment, WORKLOAD).await?;
            let seen = |live: &Value| live["status"]["observedGeneration"] == live["metadata"]["generation"];
            Ok(live.filter(seen).map(drop))
        })
        .await
    }

    /// Somebody else at work in this namespace.
    pub(crate) async fn kubectl(&self, words: &[&str]) -> Result<()> {
        self.owner.kubectl(words).await
    }

    /// The hash of a plan.
    pub(crate) async fn plan(&self, group: &Group, tag: &str) -> Result<String> {
        let plan = self.call("release_plan", json!({ "group": group.id, "image": tag })).await?;
        text(&plan["hash"])
    }

    pub(crate) async fn start(&self, group: &Group, tag: &str) -> Result<ReleaseId> {
        let plan = self.plan(group, tag).await?;
        let id = self.call("release_start", json!({ "plan": plan, "note": "" })).await?;
        Ok(ReleaseId::from(text(&id)?.as_str()))
    }
}

/// A group on the site, with the draft that made it.
pub(crate) struct Group {
    pub app: String,
    pub id: String,
    pub link: String,
    pub draft: Value,
}

pub(crate) fn app_draft(slug: &str, registry: &str) -> Value {
    json!({ "slug": slug, "title": "", "repository": format!("{registry}/demo/checkout-api"), "deploy_path": "" })
}

pub(crate) fn group_draft(link: &str) -> Value {
    json!({
        "name": "prod", "environment": "prod", "link": link, "note": "", "image": "", "count": "1",
        "cpu": { "request": "10m", "limit": "" }, "memory": { "request": "16Mi", "limit": "128Mi" },
        "command": { "kind": "image" }, "args": [], "ports": [], "variables": [],
    })
}

/// A string of an answer.
pub(crate) fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}
