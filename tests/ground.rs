//! Ground for a test on the real cluster: a namespace, a data folder and an engine of its own.

use crate::own_cluster::OwnCluster;
use crate::owner::{Owner, kubeconfig, owner_by};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use slipway_cluster::{Kind, KubeconfigSource, Session};
use slipway_engine::Engine;
use slipway_engine::cluster::Credential;
use slipway_engine::release::{PlanRequest, PlanView, ReleaseQuery, ReleaseRow, ReleaseView};
use slipway_model::app::AppDraft;
use slipway_model::cluster::Role;
use slipway_model::group::{
    AmountsDraft, GroupDraft, PortDraft, Split, StepDraft, StrategyDraft, StrategyKind, first_draft,
};
use slipway_model::id::{AppId, GroupId, LinkId, ReleaseId};
use slipway_model::release::ReleaseState;
use slipway_model::setting::Settings;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::time::MissedTickBehavior;

/// The one timeout of all waiting: far above anything that works, so that a slow machine is no failure.
pub const PATIENCE: Duration = Duration::from_mins(2);

/// What comes within `PATIENCE`, of which only the time counts that this process runs: whoever was stopped has not waited.
async fn patient<T>(wait: impl Future<Output = T>) -> Option<T> {
    let patience = async {
        let mut second = tokio::time::interval(Duration::from_secs(1));
        second.set_missed_tick_behavior(MissedTickBehavior::Delay);
        for _ in 0..=PATIENCE.as_secs() {
            second.tick().await;
        }
    };
    tokio::select! {
        found = wait => Some(found),
        () = patience => None,
    }
}

/// A namespace, an app with one group, and a data folder. The namespace goes when the test is done with it.
#[derive(Debug)]
pub struct Ground {
    pub engine: Engine,
    pub owner: Owner,
    pub app: AppId,
    pub group: GroupId,
    pub link: LinkId,
    folder: tempfile::TempDir,
}

/// A group of `count` pods in explicit steps: shares or counts, with an approval after each.
pub fn in_steps(draft: &mut GroupDraft, count: u32, surge: &str, unavailable: &str, steps: &[&str]) {
    draft.count = count.to_string();
    let step = |size: &&str| StepDraft { size: (*size).to_owned(), ..StepDraft::default() };
    draft.strategy = StrategyDraft {
        kind: StrategyKind::Batches,
        split: Split::Explicit,
        max_surge: surge.into(),
        max_unavailable: unavailable.into(),
        min_ready_seconds: "0".into(),
        steps: steps.iter().map(step).collect(),
        ..draft.strategy.clone()
    };
}

/// What one group of a test says beyond the ordinary.
pub type Change = fn(&mut GroupDraft);

impl Ground {
    /// On the cluster of the whole run. `name` becomes the namespace's, with a random tail.
    pub async fn new(name: &str, change: Change) -> Result<Self> {
        Self::made(&kubeconfig()?, &registry()?, name, change).await
    }

    /// On a cluster of the test's own.
    pub async fn on(cluster: &OwnCluster, name: &str, change: Change) -> Result<Self> {
        Self::made(&cluster.kubeconfig(), &registry_below(cluster.work())?, name, change).await
    }

    async fn made(kubeconfig: &Path, registry: &str, name: &str, change: Change) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let namespace = format!("{name}-{}", &LinkId::random().as_str()[..8]);
        let owner = owner_by(kubeconfig, &namespace).await?;
        let engine = Engine::open(&data_dir(folder.path())).await?;
        let link = link(&engine, kubeconfig, folder.path(), &namespace).await?;
        let app = AppDraft {
            slug: "checkout-api".into(),
            repository: format!("{registry}/demo/checkout-api"),
            ..AppDraft::default()
        };
        let app = engine.app_create(&app).await?.id;
        let mut draft = GroupDraft {
            name: "prod".into(),
            environment: "prod".into(),
            link: link.to_string(),
            count: "2".into(),
            cpu: AmountsDraft { request: "10m".into(), limit: String::new() },
            memory: AmountsDraft { request: "16Mi".into(), limit: "128Mi".into() },
            ports: vec![PortDraft { name: "http".into(), port: "8080".into(), ..PortDraft::default() }],
            ..first_draft()
        };
        change(&mut draft);
        let group = engine.group_create(&app, &draft).await?;
        Ok(Self { engine, owner, app, group, link, folder })
    }

    pub fn data_dir(&self) -> PathBuf {
        data_dir(self.folder.path())
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// A session beside those of the engine.
    pub async fn session(&self) -> Result<Session> {
        let file = self.folder.path().join("kubeconfig");
        let context = slipway_cluster::kubeconfig::read(std::slice::from_ref(&file)).await?.rows.remove(0).name;
        let source = KubeconfigSource::Files(vec![file]);
        Ok(Session::start(self.link.clone(), slipway_cluster::Credential::Kubeconfig { source, context }))
    }

    /// Another namespace of the same cluster, linked here, too.
    pub async fn elsewhere(&self, name: &str) -> Result<(LinkId, Owner)> {
        let namespace = format!("{name}-{}", &LinkId::random().as_str()[..8]);
        let owner = owner_by(&kubeconfig()?, &namespace).await?;
        let folder = self.folder.path().join(&namespace);
        std::fs::create_dir(&folder)?;
        Ok((link(&self.engine, &kubeconfig()?, &folder, &namespace).await?, owner))
    }

    /// A second group like the first.
    pub async fn group_like(&self, name: &str, link: &LinkId) -> Result<GroupId> {
        let mut draft = self.engine.group(&self.group).await?.draft;
        draft.name = name.to_owned();
        draft.link = link.to_string();
        Ok(self.engine.group_create(&self.app, &draft).await?)
    }

    /// Releases a tag to any group and waits until it has ended or is stopped.
    pub async fn release_of(&self, group: &GroupId, tag: &str) -> Result<ReleaseView> {
        let plan = self.engine.release_plan(&PlanRequest { group: group.clone(), image: tag.into() }).await?;
        let id = self.engine.release_start(&plan.hash, "").await?;
        settled(&self.engine, &id).await.with_context(|| format!("release {tag}"))
    }

    pub async fn plan(&self, tag: &str) -> Result<PlanView> {
        self.plan_on(&self.engine, tag).await
    }

    /// The same by another computer.
    pub async fn plan_on(&self, engine: &Engine, tag: &str) -> Result<PlanView> {
        Ok(engine.release_plan(&PlanRequest { group: self.group.clone(), image: tag.into() }).await?)
    }

    /// Links the same namespace on another computer.
    pub async fn link_on(&self, engine: &Engine) -> Result<LinkId> {
        // The link goes on reading its file: it goes with the folder of the ground.
        let folder = tempfile::tempdir_in(self.folder.path())?.keep();
        link(engine, &kubeconfig()?, &folder, &self.owner.connection.namespace).await
    }

    /// Another computer with the same app on the same cluster, as a colleague of this name has it.
    pub async fn colleague(&self, name: &str) -> Result<Engine> {
        let folder = self.folder.path().join(name);
        let engine = Engine::open(&folder).await?;
        engine.set_settings(Settings { display_name: name.to_owned(), ..Settings::default() }).await?;
        self.link_on(&engine).await?;
        let export = folder.join("app.zip");
        self.engine.app_export(&self.app, &export).await?;
        engine.app_import(&export).await?;
        Ok(engine)
    }

    /// A computer that is linked by an authorization code, with a group like this one's that has not been released.
    pub async fn member(&self, role: Role) -> Result<(Engine, GroupId)> {
        let code = self.owner.code("test", role, Duration::from_hours(1)).await?;
        let engine = Engine::open(&self.folder().join("member")).await?;
        let preview = engine.cluster_inspect(Credential::Code(code)).await?;
        let link = engine.cluster_link(&preview.token, "test").await?;
        let repository = self.engine.app(&self.app).await?.repository;
        let app = AppDraft { slug: "checkout-api".into(), repository, ..AppDraft::default() };
        let app = engine.app_create(&app).await?.id;
        let draft = self.engine.group(&self.group).await?.draft;
        let group = engine.group_create(&app, &GroupDraft { link: link.to_string(), ..draft }).await?;
        Ok((engine, group))
    }

    pub async fn start(&self, tag: &str) -> Result<ReleaseId> {
        let plan = self.plan(tag).await?;
        Ok(self.engine.release_start(&plan.hash, "").await?)
    }

    /// Releases a tag and waits until it has ended or is stopped.
    pub async fn release(&self, tag: &str) -> Result<ReleaseView> {
        let id = self.start(tag).await?;
        settled(&self.engine, &id).await.with_context(|| format!("release {tag}"))
    }

    /// Asks for every release of the app, newest first.
    pub fn all_releases(&self) -> ReleaseQuery {
        ReleaseQuery { app: self.app.clone(), last: false, group: None, before: None, narrow: None, limit: 50 }
    }

    /// All that a computer knows of it.
    pub async fn history(&self, engine: &Engine) -> Result<Vec<ReleaseRow>> {
        Ok(engine.release_list(&self.all_releases()).await?.rows)
    }

    pub async fn deployment(&self) -> Result<Value> {
        let live = self.owner.connection.get(Kind::Deployment, "checkout-api-prod").await?;
        live.context("the Deployment is there")
    }

    /// `ReplicaSets` with pods, or wanting some.
    pub async fn active_sets(&self) -> Result<Vec<Value>> {
        let sets = self.owner.connection.list(Kind::ReplicaSet, "slipway.dev/app=checkout-api").await?;
        Ok(sets.into_iter().filter(|set| set["spec"]["replicas"] != 0 || set["status"]["replicas"] != 0).collect())
    }

    pub async fn records(&self) -> Result<Vec<Value>> {
        let selector = "slipway.dev/app=checkout-api,slipway.dev/seq";
        Ok(self.owner.connection.list(Kind::ConfigMap, selector).await?)
    }

    /// Gives everything back: drivers and sessions end, the namespace goes in the background.
    pub async fn close(self) -> Result<()> {
        self.engine.close().await;
        let namespace = self.owner.connection.namespace.clone();
        self.owner.connection.delete(Kind::Namespace, &namespace).await?;
        Ok(())
    }
}

/// Waits until a deletion has ended.
pub async fn deleted(engine: &Engine, group: &GroupId) -> Result<()> {
    let wait = async {
        let mut changes = engine.live_changes();
        loop {
            let deletion = engine.group_deletion(group).await?.context("it was begun")?;
            if deletion.ended.is_some() {
                return Ok(());
            }
            changes.next().await.context("the store is closed")?;
        }
    };
    patient(wait).await.context("the deletion does not end")?
}

fn data_dir(folder: &Path) -> PathBuf {
    folder.join("data")
}

/// Waits until a release has ended or is stopped, and the cluster has been told everything about it.
pub async fn settled(engine: &Engine, release: &ReleaseId) -> Result<ReleaseView> {
    let wait = async {
        let mut changes = engine.live_changes();
        let mut live = engine.live_release(release.clone());
        while let Some(update) = live.next().await {
            if update.upserts.iter().any(|view| view.row.state.ended() || view.row.state == ReleaseState::Stopped) {
                break;
            }
        }
        while engine.owes(release).await? {
            changes.next().await.context("the store is closed")?;
        }
        as_told(engine, release).await
    };
    patient(wait).await.context("the release neither ended nor stopped")?
}

/// A release as it is told at this moment.
pub async fn as_told(engine: &Engine, id: &ReleaseId) -> Result<ReleaseView> {
    let mut live = engine.live_release(id.clone());
    let now = live.next().await.and_then(|mut update| update.upserts.pop());
    now.context("the release is not told of any more")
}

/// Waits until a release is told to be as it should.
pub async fn until(engine: &Engine, id: &ReleaseId, is: impl Fn(&ReleaseView) -> bool) -> Result<ReleaseView> {
    let last = std::cell::RefCell::new(None);
    let wait = async {
        let mut live = engine.live_release(id.clone());
        while let Some(update) = live.next().await {
            for view in update.upserts {
                if is(&view) {
                    return Ok(view);
                }
                last.replace(Some(view));
            }
        }
        bail!("it is not told of any more")
    };
    patient(wait).await.with_context(|| format!("it does not become so: {:#?}", last.borrow()))?
}

/// Waits until a release rests, or until it does not move any more for another reason.
pub async fn rested(engine: &Engine, release: &ReleaseId, batch: u32) -> Result<ReleaseView> {
    let wait = async {
        let mut live = engine.live_release(release.clone());
        while let Some(update) = live.next().await {
            for view in update.upserts {
                let state = view.row.state;
                let rests = state == ReleaseState::Resting && view.progress.batch == batch;
                if rests || state.ended() || state == ReleaseState::Stopped {
                    return Ok(view);
                }
            }
        }
        bail!("the release is not told of any more")
    };
    patient(wait).await.with_context(|| format!("batch {batch} does not come to rest"))?
}

/// Waits until this computer owes the cluster nothing any more.
pub async fn nothing_owed(engine: &Engine) -> Result<()> {
    let wait = async {
        let mut changes = engine.live_changes();
        while !engine.owed().await?.is_empty() {
            if changes.next().await.is_none() {
                bail!("the store is closed");
            }
        }
        Ok(())
    };
    patient(wait).await.context("something is owed for ever")?
}

/// Host of the registry with the demo images, as the cluster pulls from it: `SLIPWAY_TEST_REGISTRY`, else that of the
/// cluster under `SLIPWAY_CLUSTER_WORK`.
pub fn registry() -> Result<String> {
    if let Ok(host) = std::env::var("SLIPWAY_TEST_REGISTRY") {
        return Ok(host);
    }
    let work = std::env::var_os("SLIPWAY_CLUSTER_WORK").context(
        "neither SLIPWAY_TEST_REGISTRY nor SLIPWAY_CLUSTER_WORK says where the registry with the demo images is",
    )?;
    registry_below(Path::new(&work))
}

/// Host of the registry of the cluster under a work folder.
fn registry_below(work: &Path) -> Result<String> {
    let file = work.join("state.json");
    let state = std::fs::read(&file).with_context(|| format!("read {}", file.display()))?;
    let state: Value = serde_json::from_slice(&state).with_context(|| format!("read {}", file.display()))?;
    let host = state["registry"]["host"].as_str();
    Ok(host.with_context(|| format!("{} names no registry", file.display()))?.to_owned())
}

/// Links a namespace by a kubeconfig of its own.
async fn link(engine: &Engine, kubeconfig: &Path, folder: &Path, namespace: &str) -> Result<LinkId> {
    let file = kubeconfig_for(kubeconfig, folder, namespace)?;
    let context = slipway_cluster::kubeconfig::read(std::slice::from_ref(&file)).await?.rows.remove(0).name;
    let preview = engine.cluster_inspect(Credential::Kubeconfig { file, context }).await?;
    Ok(engine.cluster_link(&preview.token, namespace).await?)
}

/// A kubeconfig with another namespace, in a file of its own.
fn kubeconfig_for(kubeconfig: &Path, folder: &Path, namespace: &str) -> Result<PathBuf> {
    let text = std::fs::read_to_string(kubeconfig)?;
    let mut config: Value = serde_saphyr::from_str(&text).context("read the test's kubeconfig")?;
    for context in config["contexts"].as_array_mut().into_iter().flatten() {
        context["context"]["namespace"] = namespace.into();
    }
    let file = folder.join("kubeconfig");
    std::fs::write(&file, config.to_string())?;
    Ok(file)
}
