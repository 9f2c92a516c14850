//! The list of calls. `read` names the tags an answer depends on; a `write` changes tags through the store's feed.

use crate::error::ApiError;
pub use crate::file::{FileSave, FileUpload};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
pub use slipway_engine::app::{AppRow, GroupCard, Overview};
pub use slipway_engine::artifact::{ArtifactLook, ArtifactPage, ArtifactQuery, ArtifactRef, ArtifactView};
use slipway_engine::balancer::Attempt;
pub use slipway_engine::balancer::BalancerRow;
pub use slipway_engine::cluster::{ClusterRow, LinkFrom, LinkPreview, SignInView};
use slipway_engine::cluster::{KubeconfigContext, KubeconfigContexts};
pub use slipway_engine::config::{
    AppVariables, AppVariablesSet, ConfigChoose, ConfigCreate, ConfigDiffAsk, ConfigImport, ConfigSave, ConfigSaved,
    ConfigSwitch, ConfigTree, DeletedFile, FileAsk, FileDiff, FileVersion, FileView, GroupVariable, ImportRow,
    KeyDelete, KeySet, PickFrom, PickedFile, PickedFiles, SecretPut, ValueMatrix, ValueSet, VersionRef,
};
pub use slipway_engine::copy::CloneRequest;
pub use slipway_engine::count::CountView;
pub use slipway_engine::deletion::{DeletedGroup, DeletionOrder, DeletionPlan};
pub use slipway_engine::diff::{
    Adopted, AppPending, DiffOfGroups, DiffRequest, Discard, Discarded, ForeignFields, SavedYaml, SideOf, ThreeView,
    YamlView,
};
pub use slipway_engine::environment::{EnvironmentDraft, EnvironmentUse};
pub use slipway_engine::file::{FolderAsk, PodFolder};
pub use slipway_engine::folder::{FolderAdd, FolderSettle, FolderView};
pub use slipway_engine::forward::{ForwardDraft, ForwardPort, ForwardTarget, ForwardUse};
pub use slipway_engine::gpu::GpuOffers;
pub use slipway_engine::group::GroupView;
pub use slipway_engine::instance::{EvictOrder, PodOf, PodYaml};
pub use slipway_engine::log::{
    LogFind, LogFindAnswer, LogHit, LogHitAsk, LogRead, LogRows, LogSave, LogSaved, LogText,
};
pub use slipway_engine::merge::{GroupMerge, GroupMergeTake};
pub use slipway_engine::monitor::{Monitor, MonitorQuery};
pub use slipway_engine::probe::{ProbeTried, ProbeTry};
pub use slipway_engine::registry::{PullSecretCreate, RegistryPut};
pub use slipway_engine::release::train::{TrainAct, TrainEdit, TrainOrder, TrainRow, TrainView};
pub use slipway_engine::release::{
    PlanRequest, PlanView, ReleaseAction, ReleasePage, ReleaseQuery, RollbackRequest, RollbackView,
};
pub use slipway_engine::right::GroupRights;
pub use slipway_engine::setting::About;
pub use slipway_engine::takeover::{Candidate, Takeover, TakeoverPreview};
pub use slipway_engine::terminal::DebugContainer;
pub use slipway_engine::traffic::{PrometheusView, ReleaseTraffic};
pub use slipway_engine::transfer::{JoinRequest, JoinView, Joined};
pub use slipway_engine::usage::ReleaseUsage;
pub use slipway_model::FieldError;
pub use slipway_model::app::{App, AppDraft};
pub use slipway_model::balancer::BalancerDraft;
pub use slipway_model::deletion::Deletion;
pub use slipway_model::environment::Environment;
pub use slipway_model::group::{GroupDraft, StrategyDraft, StrategyPreview};
pub use slipway_model::id::{AppId, BalancerId, EnvironmentId, FileId, GroupId, LinkId, ReleaseId, SecretId, TrainId};
pub use slipway_model::registry::RegistryLogin;
pub use slipway_model::setting::Settings;
pub use slipway_model::train::TrainDraft;
use ts_rs::TS;

/// Expands `$then! { … }` with the whole list: `name(In) -> Out`.
macro_rules! with_calls {
    ($then:ident) => {
        $then! {
            app_list(()) -> Vec<AppRow>,
            app_get(AppId) -> App,
            app_overview(AppId) -> Overview,
            app_check(AppCheck) -> Vec<FieldError>,
            app_create(AppDraft) -> App,
            app_update(AppUpdate) -> App,
            app_delete(AppId) -> (),
            app_export(AppId) -> String,
            app_import(()) -> AppId,

            environment_list(()) -> Vec<Environment>,
            environment_uses(()) -> Vec<EnvironmentUse>,
            environment_save(EnvironmentSave) -> EnvironmentId,
            environment_order(Vec<EnvironmentId>) -> (),
            environment_delete(EnvironmentId) -> (),

            group_list(AppId) -> Vec<GroupCard>,
            group_get(GroupId) -> GroupView,
            group_new(AppId) -> GroupDraft,
            group_check(GroupCheck) -> Vec<FieldError>,
            takeover_list(LinkId) -> Vec<Candidate>,
            takeover_preview(Takeover) -> TakeoverPreview,
            takeover_start(Takeover) -> GroupId,
            strategy_preview(StrategyAsked) -> StrategyPreview,
            group_create(GroupCreate) -> GroupId,
            group_update(GroupUpdate) -> (),
            group_delete_plan(GroupId) -> DeletionPlan,
            group_delete(DeletionOrder) -> (),
            group_deletion(GroupId) -> Option<Deletion>,
            group_delete_retry(GroupId) -> (),
            group_deleted(AppId) -> Vec<DeletedGroup>,
            group_restore(GroupId) -> (),
            group_clone(CloneRequest) -> GroupId,
            group_stop(GroupId) -> (),
            group_start(GroupId) -> (),
            group_count(GroupId) -> CountView,
            group_scale(GroupScale) -> (),
            group_restart(GroupId) -> (),
            group_rights(GroupId) -> GroupRights,
            group_monitor(MonitorQuery) -> Monitor,
            monitor_export(MonitorQuery) -> Option<String>,
            pod_yaml(PodOf) -> PodYaml,
            instance_evict(EvictOrder) -> Vec<EvictAttempt>,
            terminal_debug(DebugContainer) -> String,
            file_list(FolderAsk) -> PodFolder,
            file_download(FileSave) -> Option<String>,
            file_upload(FileUpload) -> Vec<String>,
            file_replace(String) -> (),
            file_stop(String) -> (),
            file_forget(String) -> (),
            file_reveal(String) -> bool,

            balancer_list(AppId) -> Vec<BalancerRow>,
            balancer_new(BalancerNew) -> BalancerDraft,
            balancer_check(BalancerCheck) -> Vec<FieldError>,
            balancer_create(BalancerCreate) -> BalancerSaved,
            balancer_update(BalancerUpdate) -> BalancerSaved,
            balancer_apply(BalancerApply) -> Vec<BalancerAttempt>,
            balancer_label(BalancerId) -> BalancerLabelled,
            balancer_delete(BalancerId) -> (),
            balancer_restore(BalancerId) -> (),
            app_pending(AppId) -> AppPending,
            group_yaml(SideOf) -> YamlView,
            group_diff(DiffRequest) -> DiffOfGroups,
            group_three(GroupId) -> ThreeView,
            group_adopt(ForeignFields) -> Adopted,
            group_revert(ForeignFields) -> (),
            group_discard(Discard) -> Discarded,
            group_merge(GroupId) -> Option<GroupMerge>,
            group_merge_take(GroupMergeTake) -> (),
            group_save_yaml(Vec<GroupId>) -> Option<Vec<SavedYaml>>,

            config_tree(AppId) -> ConfigTree,
            config_deleted(AppId) -> Vec<DeletedFile>,
            config_file(FileAsk) -> FileView,
            config_create(ConfigCreate) -> FileId,
            config_save(ConfigSave) -> ConfigSaved,
            config_switch(ConfigSwitch) -> (),
            config_delete(FileId) -> (),
            config_undelete(FileId) -> (),
            config_choose(ConfigChoose) -> Option<FileId>,
            config_pick(()) -> PickedFile,
            config_pick_files(PickFrom) -> PickedFiles,
            config_import(ConfigImport) -> Vec<ImportRow>,
            config_versions(FileId) -> Vec<FileVersion>,
            config_restore(VersionRef) -> (),
            config_diff(ConfigDiffAsk) -> FileDiff,
            config_matrix(AppId) -> ValueMatrix,
            config_variables(GroupId) -> Vec<GroupVariable>,
            value_set(ValueSet) -> (),
            key_set(KeySet) -> (),
            key_delete(KeyDelete) -> (),
            app_variables(AppId) -> AppVariables,
            app_variables_set(AppVariablesSet) -> (),
            secret_put(SecretPut) -> SecretId,

            probe_try(ProbeTry) -> ProbeTried,
            gpu_list(LinkId) -> GpuOffers,
            registry_list(()) -> Vec<RegistryLogin>,
            registry_put(RegistryPut) -> RegistryLogin,
            registry_delete(String) -> (),
            pull_secret_list(LinkId) -> Vec<String>,
            pull_secret_create(PullSecretCreate) -> String,
            artifact_list(ArtifactQuery) -> ArtifactPage,
            artifact_get(ArtifactRef) -> ArtifactView,
            artifact_refresh(AppId) -> (),
            artifact_look(ArtifactLook) -> (),
            folder_get(AppId) -> Option<FolderView>,
            folder_open(AppId) -> Option<FolderView>,
            folder_close(AppId) -> (),
            folder_write(AppId) -> (),
            folder_settle(FolderSettle) -> (),
            folder_add(FolderAdd) -> FileId,

            cluster_list(()) -> Vec<ClusterRow>,
            cluster_contexts(ContextsFrom) -> KubeconfigView,
            cluster_inspect(LinkFrom) -> LinkPreview,
            cluster_inspect_stop(()) -> (),
            cluster_link(ClusterLinkRequest) -> LinkId,
            cluster_rename(ClusterRename) -> (),
            cluster_unlink(LinkId) -> (),
            cluster_retry(LinkId) -> (),
            join_list(LinkId) -> JoinView,
            join_apps(JoinRequest) -> Vec<Joined>,
            cluster_prometheus(LinkId) -> PrometheusView,
            cluster_prometheus_set(PrometheusSet) -> (),

            release_list(ReleaseQuery) -> ReleasePage,
            release_people(AppId) -> Vec<String>,
            release_plan(PlanRequest) -> PlanView,
            rollback_plan(RollbackRequest) -> RollbackView,
            release_start(ReleaseStart) -> ReleaseId,
            release_act(ReleaseAct) -> (),
            release_usage(ReleaseId) -> ReleaseUsage,
            release_traffic(ReleaseId) -> ReleaseTraffic,
            train_list(AppId) -> Vec<TrainRow>,
            train_get(TrainId) -> TrainView,
            train_check(TrainDraft) -> Vec<FieldError>,
            train_start(TrainOrder) -> TrainId,
            train_act(TrainAct) -> (),
            train_edit(TrainEdit) -> (),

            log_live(LogMode) -> (),
            log_refresh(String) -> (),
            log_rows(LogRead) -> LogRows,
            log_text(LogText) -> String,
            log_find(LogFind) -> LogFindAnswer,
            log_hit(LogHitAsk) -> Option<LogHit>,
            log_save(LogSave) -> Option<LogSaved>,
            log_save_stop(String) -> (),

            forward_open(ForwardDraft) -> String,
            forward_use(ForwardUse) -> (),
            forward_close(String) -> (),
            forward_ports(ForwardTarget) -> Vec<ForwardPort>,

            setting_get(()) -> Settings,
            setting_set(Settings) -> (),
            setting_about(()) -> About,
            keyring_retry(()) -> About,
            keyring_memory_only(()) -> About,

            window_visible(bool) -> (),
            notification_show(NotificationShow) -> bool,
            browser_open(String) -> bool,
        }
    };
}
pub(crate) use with_calls;

#[derive(Debug, Deserialize, TS)]
pub struct AppCheck {
    /// The app being changed; `None` while it is being created.
    pub id: Option<AppId>,
    pub draft: AppDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct LogMode {
    pub log: String,
    /// Follows what comes; otherwise it stands still until it is read anew.
    pub live: bool,
}

#[derive(Debug, Deserialize, TS)]
pub struct AppUpdate {
    pub id: AppId,
    pub draft: AppDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct EnvironmentSave {
    /// The environment being changed; `None` for a new one.
    pub id: Option<EnvironmentId>,
    pub draft: EnvironmentDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct GroupCheck {
    pub app: AppId,
    /// The group being changed; `None` while it is being created.
    pub id: Option<GroupId>,
    pub draft: GroupDraft,
}

/// What a strategy as typed means for a count as typed.
#[derive(Debug, Deserialize, TS)]
pub struct StrategyAsked {
    pub strategy: StrategyDraft,
    pub count: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct GroupCreate {
    pub app: AppId,
    pub draft: GroupDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct GroupUpdate {
    pub id: GroupId,
    pub draft: GroupDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct GroupScale {
    pub id: GroupId,
    pub count: u32,
}

/// What came of a pod that was to go.
#[derive(Clone, Debug, Serialize, TS)]
pub struct EvictAttempt {
    pub pod: String,
    /// Why it stays.
    pub error: Option<ApiError>,
}

#[derive(Debug, Deserialize, TS)]
pub struct BalancerNew {
    pub app: AppId,
    /// Chosen already.
    pub groups: Vec<GroupId>,
}

#[derive(Debug, Deserialize, TS)]
pub struct BalancerCheck {
    pub app: AppId,
    /// The load balancer being changed; `None` while it is being created.
    pub id: Option<BalancerId>,
    pub draft: BalancerDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct BalancerCreate {
    pub app: AppId,
    pub draft: BalancerDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct BalancerUpdate {
    pub id: BalancerId,
    pub draft: BalancerDraft,
}

#[derive(Debug, Deserialize, TS)]
pub struct BalancerApply {
    pub id: BalancerId,
    /// Over fields of other managers, and over what another computer applied since.
    pub take_over: bool,
}

/// Kept on this computer; the attempts say where it stands in a cluster by now.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BalancerSaved {
    pub id: BalancerId,
    pub attempts: Vec<BalancerAttempt>,
}

/// What came of one cluster of a load balancer.
#[derive(Clone, Debug, Serialize, TS)]
pub struct BalancerAttempt {
    pub link: LinkId,
    /// Name of the link; empty when it is linked no more.
    pub cluster: String,
    /// Why it waits, or what the cluster refused.
    pub error: Option<ApiError>,
}

impl From<Attempt> for BalancerAttempt {
    fn from(attempt: Attempt) -> Self {
        Self { link: attempt.link, cluster: attempt.cluster, error: attempt.error.map(ApiError::from) }
    }
}

/// Pods whose label was changed at once.
#[derive(Clone, Copy, Debug, Serialize, TS)]
pub struct BalancerLabelled {
    pub added: u32,
    pub removed: u32,
}

/// Where kubeconfig contexts are read from: the default place (`KUBECONFIG`, else `~/.kube/config`) when all are empty.
#[derive(Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ContextsFrom {
    Default,
    /// Chosen by the person in a dialog of the system.
    ChooseFile,
    File {
        file: String,
    },
    Text {
        text: String,
    },
}

impl std::fmt::Debug for ContextsFrom {
    /// Without the pasted text, which may hold secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Default => "Default",
            Self::ChooseFile => "ChooseFile",
            Self::File { .. } => "File",
            Self::Text { .. } => "Text",
        })
    }
}

/// The contexts of a kubeconfig.
#[derive(Clone, Debug, Serialize, TS)]
pub struct KubeconfigView {
    pub files: Vec<String>,
    pub contexts: Vec<ContextRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ContextRow {
    pub name: String,
    pub file: String,
    pub cluster: String,
    pub user: String,
    pub server: String,
    pub namespace: String,
    pub current: bool,
    pub sign_in: SignInView,
    /// What linking it would meet, where that is plain already.
    pub problem: Option<ApiError>,
}

impl From<KubeconfigContexts> for KubeconfigView {
    fn from(found: KubeconfigContexts) -> Self {
        Self { files: found.files, contexts: found.contexts.into_iter().map(ContextRow::from).collect() }
    }
}

impl From<KubeconfigContext> for ContextRow {
    fn from(context: KubeconfigContext) -> Self {
        Self {
            name: context.name,
            file: context.file,
            cluster: context.cluster,
            user: context.user,
            server: context.server,
            namespace: context.namespace,
            current: context.current,
            sign_in: context.sign_in,
            problem: context.problem.map(|problem| slipway_engine::Error::from(problem).into()),
        }
    }
}

#[derive(Debug, Deserialize, TS)]
pub struct ClusterLinkRequest {
    /// Of the preview.
    pub token: String,
    pub name: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ClusterRename {
    pub id: LinkId,
    pub name: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct PrometheusSet {
    pub id: LinkId,
    /// `namespace/service:port`; empty where it is to be looked for.
    pub place: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReleaseStart {
    /// Of the plan that was shown.
    pub plan: String,
    pub note: String,
}

#[derive(Debug, Deserialize, TS)]
pub struct ReleaseAct {
    pub id: ReleaseId,
    pub action: ReleaseAction,
}

/// A notification in the language of the window.
#[derive(Debug, Deserialize, TS)]
pub struct NotificationShow {
    pub title: String,
    pub text: String,
}

/// What a call answers: the value, and the tags it depends on. The window asks again when one of them changes.
#[derive(Debug, Serialize)]
pub struct Answer {
    /// Written out already: an answer of thousands of rows is not made of values first.
    pub(crate) value: Box<RawValue>,
    pub(crate) reads: Vec<String>,
}

impl Answer {
    /// The value read back, for whoever asks without a window.
    pub fn value(&self) -> serde_json::Value {
        serde_json::from_str(self.value.get()).unwrap_or_default()
    }
}
