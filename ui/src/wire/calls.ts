// Generated from the contract in Rust. Do not edit: `cargo xtask wire` writes it anew.

import type {
  About,
  Adopted,
  App,
  AppCheck,
  AppDraft,
  AppId,
  AppPending,
  AppRow,
  AppUpdate,
  AppVariables,
  AppVariablesSet,
  ArtifactLook,
  ArtifactPage,
  ArtifactQuery,
  ArtifactRef,
  ArtifactView,
  BalancerApply,
  BalancerAttempt,
  BalancerCheck,
  BalancerCreate,
  BalancerDraft,
  BalancerId,
  BalancerLabelled,
  BalancerNew,
  BalancerRow,
  BalancerSaved,
  BalancerUpdate,
  Candidate,
  CloneRequest,
  ClusterLinkRequest,
  ClusterRename,
  ClusterRow,
  ConfigChoose,
  ConfigCreate,
  ConfigDiffAsk,
  ConfigFileAsk,
  ConfigImport,
  ConfigSave,
  ConfigSaved,
  ConfigSwitch,
  ConfigTree,
  ContextsFrom,
  CountView,
  DebugContainer,
  DeletedFile,
  DeletedGroup,
  Deletion,
  DeletionOrder,
  DeletionPlan,
  DiffOfGroups,
  DiffRequest,
  DiffSideOf,
  Discard,
  Discarded,
  Environment,
  EnvironmentId,
  EnvironmentSave,
  EnvironmentUse,
  EvictAttempt,
  EvictOrder,
  FieldError,
  FileDiff,
  FileId,
  FileSave,
  FileUpload,
  FileVersion,
  FileView,
  FolderAdd,
  FolderAsk,
  FolderSettle,
  FolderView,
  ForeignFields,
  ForwardDraft,
  ForwardPort,
  ForwardTarget,
  ForwardUse,
  GpuOffers,
  GroupCard,
  GroupCheck,
  GroupCreate,
  GroupDraft,
  GroupId,
  GroupMerge,
  GroupMergeTake,
  GroupRights,
  GroupScale,
  GroupUpdate,
  GroupVariable,
  GroupView,
  ImportRow,
  JoinRequest,
  JoinView,
  Joined,
  KeyDelete,
  KeySet,
  KubeconfigView,
  LinkFrom,
  LinkId,
  LinkPreview,
  LogFind,
  LogFindAnswer,
  LogHit,
  LogHitAsk,
  LogMode,
  LogRead,
  LogRows,
  LogSave,
  LogSaved,
  LogText,
  Monitor,
  MonitorQuery,
  NotificationShow,
  Overview,
  PickFrom,
  PickedFile,
  PickedFiles,
  PlanRequest,
  PlanView,
  PodFolder,
  PodOf,
  PodYaml,
  ProbeTried,
  ProbeTry,
  PrometheusSet,
  PrometheusView,
  PullSecretCreate,
  RegistryLogin,
  RegistryPut,
  ReleaseAct,
  ReleaseId,
  ReleasePage,
  ReleaseQuery,
  ReleaseStart,
  ReleaseTraffic,
  ReleaseUsage,
  RollbackRequest,
  RollbackView,
  SavedYaml,
  SecretId,
  SecretPut,
  Settings,
  StrategyAsked,
  StrategyPreview,
  Takeover,
  TakeoverPreview,
  ThreeView,
  TrainAct,
  TrainDraft,
  TrainEdit,
  TrainId,
  TrainOrder,
  TrainRow,
  TrainView,
  ValueMatrix,
  ValueSet,
  VersionRef,
  YamlView,
} from './types';

export interface Calls {
  app_list: { in: null; out: Array<AppRow> };
  app_get: { in: AppId; out: App };
  app_overview: { in: AppId; out: Overview };
  app_check: { in: AppCheck; out: Array<FieldError> };
  app_create: { in: AppDraft; out: App };
  app_update: { in: AppUpdate; out: App };
  app_delete: { in: AppId; out: null };
  app_export: { in: AppId; out: string };
  app_import: { in: null; out: AppId };
  environment_list: { in: null; out: Array<Environment> };
  environment_uses: { in: null; out: Array<EnvironmentUse> };
  environment_save: { in: EnvironmentSave; out: EnvironmentId };
  environment_order: { in: Array<EnvironmentId>; out: null };
  environment_delete: { in: EnvironmentId; out: null };
  group_list: { in: AppId; out: Array<GroupCard> };
  group_get: { in: GroupId; out: GroupView };
  group_new: { in: AppId; out: GroupDraft };
  group_check: { in: GroupCheck; out: Array<FieldError> };
  takeover_list: { in: LinkId; out: Array<Candidate> };
  takeover_preview: { in: Takeover; out: TakeoverPreview };
  takeover_start: { in: Takeover; out: GroupId };
  strategy_preview: { in: StrategyAsked; out: StrategyPreview };
  group_create: { in: GroupCreate; out: GroupId };
  group_update: { in: GroupUpdate; out: null };
  group_delete_plan: { in: GroupId; out: DeletionPlan };
  group_delete: { in: DeletionOrder; out: null };
  group_deletion: { in: GroupId; out: Deletion | null };
  group_delete_retry: { in: GroupId; out: null };
  group_deleted: { in: AppId; out: Array<DeletedGroup> };
  group_restore: { in: GroupId; out: null };
  group_clone: { in: CloneRequest; out: GroupId };
  group_stop: { in: GroupId; out: null };
  group_start: { in: GroupId; out: null };
  group_count: { in: GroupId; out: CountView };
  group_scale: { in: GroupScale; out: null };
  group_restart: { in: GroupId; out: null };
  group_rights: { in: GroupId; out: GroupRights };
  group_monitor: { in: MonitorQuery; out: Monitor };
  monitor_export: { in: MonitorQuery; out: string | null };
  pod_yaml: { in: PodOf; out: PodYaml };
  instance_evict: { in: EvictOrder; out: Array<EvictAttempt> };
  terminal_debug: { in: DebugContainer; out: string };
  file_list: { in: FolderAsk; out: PodFolder };
  file_download: { in: FileSave; out: string | null };
  file_upload: { in: FileUpload; out: Array<string> };
  file_replace: { in: string; out: null };
  file_stop: { in: string; out: null };
  file_forget: { in: string; out: null };
  file_reveal: { in: string; out: boolean };
  balancer_list: { in: AppId; out: Array<BalancerRow> };
  balancer_new: { in: BalancerNew; out: BalancerDraft };
  balancer_check: { in: BalancerCheck; out: Array<FieldError> };
  balancer_create: { in: BalancerCreate; out: BalancerSaved };
  balancer_update: { in: BalancerUpdate; out: BalancerSaved };
  balancer_apply: { in: BalancerApply; out: Array<BalancerAttempt> };
  balancer_label: { in: BalancerId; out: BalancerLabelled };
  balancer_delete: { in: BalancerId; out: null };
  balancer_restore: { in: BalancerId; out: null };
  app_pending: { in: AppId; out: AppPending };
  group_yaml: { in: DiffSideOf; out: YamlView };
  group_diff: { in: DiffRequest; out: DiffOfGroups };
  group_three: { in: GroupId; out: ThreeView };
  group_adopt: { in: ForeignFields; out: Adopted };
  group_revert: { in: ForeignFields; out: null };
  group_discard: { in: Discard; out: Discarded };
  group_merge: { in: GroupId; out: GroupMerge | null };
  group_merge_take: { in: GroupMergeTake; out: null };
  group_save_yaml: { in: Array<GroupId>; out: Array<SavedYaml> | null };
  config_tree: { in: AppId; out: ConfigTree };
  config_deleted: { in: AppId; out: Array<DeletedFile> };
  config_file: { in: ConfigFileAsk; out: FileView };
  config_create: { in: ConfigCreate; out: FileId };
  config_save: { in: ConfigSave; out: ConfigSaved };
  config_switch: { in: ConfigSwitch; out: null };
  config_delete: { in: FileId; out: null };
  config_undelete: { in: FileId; out: null };
  config_choose: { in: ConfigChoose; out: FileId | null };
  config_pick: { in: null; out: PickedFile };
  config_pick_files: { in: PickFrom; out: PickedFiles };
  config_import: { in: ConfigImport; out: Array<ImportRow> };
  config_versions: { in: FileId; out: Array<FileVersion> };
  config_restore: { in: VersionRef; out: null };
  config_diff: { in: ConfigDiffAsk; out: FileDiff };
  config_matrix: { in: AppId; out: ValueMatrix };
  config_variables: { in: GroupId; out: Array<GroupVariable> };
  value_set: { in: ValueSet; out: null };
  key_set: { in: KeySet; out: null };
  key_delete: { in: KeyDelete; out: null };
  app_variables: { in: AppId; out: AppVariables };
  app_variables_set: { in: AppVariablesSet; out: null };
  secret_put: { in: SecretPut; out: SecretId };
  probe_try: { in: ProbeTry; out: ProbeTried };
  gpu_list: { in: LinkId; out: GpuOffers };
  registry_list: { in: null; out: Array<RegistryLogin> };
  registry_put: { in: RegistryPut; out: RegistryLogin };
  registry_delete: { in: string; out: null };
  pull_secret_list: { in: LinkId; out: Array<string> };
  pull_secret_create: { in: PullSecretCreate; out: string };
  artifact_list: { in: ArtifactQuery; out: ArtifactPage };
  artifact_get: { in: ArtifactRef; out: ArtifactView };
  artifact_refresh: { in: AppId; out: null };
  artifact_look: { in: ArtifactLook; out: null };
  folder_get: { in: AppId; out: FolderView | null };
  folder_open: { in: AppId; out: FolderView | null };
  folder_close: { in: AppId; out: null };
  folder_write: { in: AppId; out: null };
  folder_settle: { in: FolderSettle; out: null };
  folder_add: { in: FolderAdd; out: FileId };
  cluster_list: { in: null; out: Array<ClusterRow> };
  cluster_contexts: { in: ContextsFrom; out: KubeconfigView };
  cluster_inspect: { in: LinkFrom; out: LinkPreview };
  cluster_inspect_stop: { in: null; out: null };
  cluster_link: { in: ClusterLinkRequest; out: LinkId };
  cluster_rename: { in: ClusterRename; out: null };
  cluster_unlink: { in: LinkId; out: null };
  cluster_retry: { in: LinkId; out: null };
  join_list: { in: LinkId; out: JoinView };
  join_apps: { in: JoinRequest; out: Array<Joined> };
  cluster_prometheus: { in: LinkId; out: PrometheusView };
  cluster_prometheus_set: { in: PrometheusSet; out: null };
  release_list: { in: ReleaseQuery; out: ReleasePage };
  release_people: { in: AppId; out: Array<string> };
  release_plan: { in: PlanRequest; out: PlanView };
  rollback_plan: { in: RollbackRequest; out: RollbackView };
  release_start: { in: ReleaseStart; out: ReleaseId };
  release_act: { in: ReleaseAct; out: null };
  release_usage: { in: ReleaseId; out: ReleaseUsage };
  release_traffic: { in: ReleaseId; out: ReleaseTraffic };
  train_list: { in: AppId; out: Array<TrainRow> };
  train_get: { in: TrainId; out: TrainView };
  train_check: { in: TrainDraft; out: Array<FieldError> };
  train_start: { in: TrainOrder; out: TrainId };
  train_act: { in: TrainAct; out: null };
  train_edit: { in: TrainEdit; out: null };
  log_live: { in: LogMode; out: null };
  log_refresh: { in: string; out: null };
  log_rows: { in: LogRead; out: LogRows };
  log_text: { in: LogText; out: string };
  log_find: { in: LogFind; out: LogFindAnswer };
  log_hit: { in: LogHitAsk; out: LogHit | null };
  log_save: { in: LogSave; out: LogSaved | null };
  log_save_stop: { in: string; out: null };
  forward_open: { in: ForwardDraft; out: string };
  forward_use: { in: ForwardUse; out: null };
  forward_close: { in: string; out: null };
  forward_ports: { in: ForwardTarget; out: Array<ForwardPort> };
  setting_get: { in: null; out: Settings };
  setting_set: { in: Settings; out: null };
  setting_about: { in: null; out: About };
  keyring_retry: { in: null; out: About };
  keyring_memory_only: { in: null; out: About };
  window_visible: { in: boolean; out: null };
  notification_show: { in: NotificationShow; out: boolean };
  browser_open: { in: string; out: boolean };
}
