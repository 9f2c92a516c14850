// Generated from the contract in Rust. Do not edit: `cargo xtask wire` writes it anew.

import type {
  About,
  App,
  AppCheck,
  AppDraft,
  AppId,
  AppPending,
  AppRow,
  AppUpdate,
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
  CloneRequest,
  ClusterLinkRequest,
  ClusterRename,
  ClusterRow,
  ContextsFrom,
  DiffOfGroups,
  DiffRequest,
  DiffSideOf,
  Environment,
  EnvironmentId,
  EnvironmentSave,
  EnvironmentUse,
  FieldError,
  ForeignFields,
  GroupCard,
  GroupCheck,
  GroupCreate,
  GroupDraft,
  GroupId,
  GroupUpdate,
  GroupView,
  KubeconfigView,
  LinkFrom,
  LinkId,
  LinkPreview,
  Overview,
  PlanRequest,
  PlanView,
  ReleaseAct,
  ReleaseId,
  ReleasePage,
  ReleaseQuery,
  ReleaseStart,
  Settings,
  ThreeView,
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
  environment_list: { in: null; out: Array<Environment> };
  environment_uses: { in: null; out: Array<EnvironmentUse> };
  environment_save: { in: EnvironmentSave; out: EnvironmentId };
  environment_order: { in: Array<EnvironmentId>; out: null };
  environment_delete: { in: EnvironmentId; out: null };
  group_list: { in: AppId; out: Array<GroupCard> };
  group_get: { in: GroupId; out: GroupView };
  group_new: { in: AppId; out: GroupDraft };
  group_check: { in: GroupCheck; out: Array<FieldError> };
  group_create: { in: GroupCreate; out: GroupId };
  group_update: { in: GroupUpdate; out: null };
  group_delete: { in: GroupId; out: null };
  group_clone: { in: CloneRequest; out: GroupId };
  group_stop: { in: GroupId; out: null };
  group_start: { in: GroupId; out: null };
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
  group_revert: { in: ForeignFields; out: null };
  cluster_list: { in: null; out: Array<ClusterRow> };
  cluster_contexts: { in: ContextsFrom; out: KubeconfigView };
  cluster_inspect: { in: LinkFrom; out: LinkPreview };
  cluster_inspect_stop: { in: null; out: null };
  cluster_link: { in: ClusterLinkRequest; out: LinkId };
  cluster_rename: { in: ClusterRename; out: null };
  cluster_unlink: { in: LinkId; out: null };
  cluster_retry: { in: LinkId; out: null };
  release_list: { in: ReleaseQuery; out: ReleasePage };
  release_plan: { in: PlanRequest; out: PlanView };
  release_start: { in: ReleaseStart; out: ReleaseId };
  release_act: { in: ReleaseAct; out: null };
  setting_get: { in: null; out: Settings };
  setting_set: { in: Settings; out: null };
  setting_about: { in: null; out: About };
  keyring_retry: { in: null; out: About };
  keyring_memory_only: { in: null; out: About };
  window_visible: { in: boolean; out: null };
}
