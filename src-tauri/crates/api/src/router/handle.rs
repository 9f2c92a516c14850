//! One function a call, in the order of the list. A read names its tags here; a write's tags come from the store.

pub(super) use super::artifact::*;
pub(super) use super::cluster::*;
pub(super) use super::file::*;
pub(super) use super::forward::*;
pub(super) use super::instance::*;
pub(super) use super::log::*;
pub(super) use super::setting::*;
pub(super) use super::train::*;
#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn app_list(api: &Api, (): ()) -> Out<Vec<AppRow>> {
    Ok(Read(api.engine.app_list().await?, vec![tag::apps(), tag::settings()]))
}

pub(super) async fn app_get(api: &Api, id: AppId) -> Out<App> {
    Ok(Read(api.engine.app(&id).await?, vec![tag::app(&id)]))
}

pub(super) async fn app_overview(api: &Api, id: AppId) -> Out<Overview> {
    let tags = vec![tag::app(&id), tag::groups(&id), tag::releases_of_app(&id), tag::clusters(), tag::environments()];
    Ok(Read(api.engine.app_overview(&id).await?, tags))
}

pub(super) async fn app_check(api: &Api, check: AppCheck) -> Out<Vec<FieldError>> {
    Ok(api.engine.app_check(check.id.as_ref(), &check.draft).await?.into())
}

pub(super) async fn app_create(api: &Api, draft: AppDraft) -> Out<App> {
    Ok(api.engine.app_create(&draft).await?.into())
}

pub(super) async fn app_update(api: &Api, update: AppUpdate) -> Out<App> {
    Ok(api.engine.app_update(&update.id, &update.draft).await?.into())
}

pub(super) async fn app_delete(api: &Api, id: AppId) -> Out<()> {
    Ok(api.engine.app_delete(&id).await?.into())
}

pub(super) async fn app_export(api: &Api, id: AppId) -> Out<String> {
    let app = api.engine.app(&id).await?;
    let name = format!("{}.zip", app.slug);
    let Some(path) = api.desktop.choose_place("export".to_owned(), name).await else {
        return Err(ApiError::new(Code::Dismissed, "choose a place for an export".into()));
    };
    api.engine.app_export(&id, &path).await?;
    Ok(path.display().to_string().into())
}

pub(super) async fn app_import(api: &Api, (): ()) -> Out<AppId> {
    let Some(path) = api.desktop.choose_file("export".to_owned()).await else {
        return Err(ApiError::new(Code::Dismissed, "choose an export".into()));
    };
    Ok(api.engine.app_import(&path).await?.into())
}

pub(super) async fn environment_list(api: &Api, (): ()) -> Out<Vec<Environment>> {
    Ok(Read(api.engine.environment_list().await?, vec![tag::environments()]))
}

pub(super) async fn environment_uses(api: &Api, (): ()) -> Out<Vec<EnvironmentUse>> {
    // Every change of a group changes the list of apps too, or is of no group's environment.
    Ok(Read(api.engine.environment_uses().await?, vec![tag::environments(), tag::apps()]))
}

pub(super) async fn environment_save(api: &Api, save: EnvironmentSave) -> Out<EnvironmentId> {
    Ok(api.engine.environment_save(save.id.as_ref(), &save.draft).await?.into())
}

pub(super) async fn environment_order(api: &Api, order: Vec<EnvironmentId>) -> Out<()> {
    Ok(api.engine.environment_order(&order).await?.into())
}

pub(super) async fn environment_delete(api: &Api, id: EnvironmentId) -> Out<()> {
    Ok(api.engine.environment_delete(&id).await?.into())
}

pub(super) async fn group_list(api: &Api, app: AppId) -> Out<Vec<GroupCard>> {
    let tags = vec![tag::groups(&app), tag::releases_of_app(&app), tag::clusters()];
    Ok(Read(api.engine.group_list(&app).await?, tags))
}

pub(super) async fn group_get(api: &Api, id: GroupId) -> Out<GroupView> {
    let tags = vec![tag::group(&id), tag::releases_of_group(&id), tag::clusters(), tag::environments()];
    Ok(Read(api.engine.group(&id).await?, tags))
}

pub(super) async fn group_new(api: &Api, app: AppId) -> Out<GroupDraft> {
    Ok(api.engine.group_new(&app).await?.into())
}

pub(super) async fn group_check(api: &Api, check: GroupCheck) -> Out<Vec<FieldError>> {
    Ok(api.engine.group_check(&check.app, check.id.as_ref(), &check.draft).await?.into())
}

pub(super) async fn takeover_list(api: &Api, link: LinkId) -> Out<Vec<Candidate>> {
    Ok(Read(api.engine.takeover_list(&link).await?, vec![tag::clusters()]))
}

pub(super) async fn takeover_preview(api: &Api, takeover: Takeover) -> Out<TakeoverPreview> {
    Ok(api.engine.takeover_preview(&takeover).await?.into())
}

pub(super) async fn takeover_start(api: &Api, takeover: Takeover) -> Out<GroupId> {
    Ok(api.engine.takeover_start(&takeover).await?.into())
}

pub(super) async fn strategy_preview(_: &Api, asked: StrategyAsked) -> Out<StrategyPreview> {
    Ok(asked.strategy.preview(&asked.count).into())
}

pub(super) async fn group_create(api: &Api, create: GroupCreate) -> Out<GroupId> {
    Ok(api.engine.group_create(&create.app, &create.draft).await?.into())
}

pub(super) async fn group_update(api: &Api, update: GroupUpdate) -> Out<()> {
    Ok(api.engine.group_update(&update.id, &update.draft).await?.into())
}

pub(super) async fn group_delete_plan(api: &Api, id: GroupId) -> Out<DeletionPlan> {
    Ok(api.engine.group_delete_plan(&id).await?.into())
}

pub(super) async fn group_delete(api: &Api, order: DeletionOrder) -> Out<()> {
    Ok(api.engine.group_delete(&order).await?.into())
}

pub(super) async fn group_deletion(api: &Api, id: GroupId) -> Out<Option<Deletion>> {
    Ok(Read(api.engine.group_deletion(&id).await?, vec![tag::group(&id)]))
}

pub(super) async fn group_delete_retry(api: &Api, id: GroupId) -> Out<()> {
    Ok(api.engine.group_delete_retry(&id).await?.into())
}

pub(super) async fn group_deleted(api: &Api, app: AppId) -> Out<Vec<DeletedGroup>> {
    Ok(Read(api.engine.group_deleted(&app).await?, vec![tag::groups(&app)]))
}

pub(super) async fn group_restore(api: &Api, id: GroupId) -> Out<()> {
    Ok(api.engine.group_restore(&id).await?.into())
}

pub(super) async fn group_clone(api: &Api, request: CloneRequest) -> Out<GroupId> {
    Ok(api.engine.group_clone(&request).await?.into())
}

pub(super) async fn group_stop(api: &Api, id: GroupId) -> Out<()> {
    Ok(api.engine.group_stop(&id).await?.into())
}

pub(super) async fn group_start(api: &Api, id: GroupId) -> Out<()> {
    Ok(api.engine.group_start(&id).await?.into())
}

pub(super) async fn balancer_list(api: &Api, app: AppId) -> Out<Vec<BalancerRow>> {
    let tags = vec![tag::balancers(&app), tag::groups(&app), tag::clusters()];
    Ok(Read(api.engine.balancer_list(&app).await?, tags))
}

pub(super) async fn balancer_new(api: &Api, new: BalancerNew) -> Out<BalancerDraft> {
    Ok(api.engine.balancer_new(&new.app, &new.groups).await?.into())
}

pub(super) async fn balancer_check(api: &Api, check: BalancerCheck) -> Out<Vec<FieldError>> {
    Ok(api.engine.balancer_check(&check.app, check.id.as_ref(), &check.draft).await?.into())
}

pub(super) async fn balancer_create(api: &Api, create: BalancerCreate) -> Out<BalancerSaved> {
    Ok(saved(api.engine.balancer_create(&create.app, &create.draft).await?).into())
}

pub(super) async fn balancer_update(api: &Api, update: BalancerUpdate) -> Out<BalancerSaved> {
    Ok(saved(api.engine.balancer_update(&update.id, &update.draft).await?).into())
}

fn saved(saved: slipway_engine::balancer::Saved) -> BalancerSaved {
    let attempts = saved.attempts.into_iter().map(BalancerAttempt::from).collect();
    BalancerSaved { id: saved.id, attempts }
}

pub(super) async fn balancer_apply(api: &Api, apply: BalancerApply) -> Out<Vec<BalancerAttempt>> {
    let attempts = api.engine.balancer_apply(&apply.id, apply.take_over).await?;
    Ok(attempts.into_iter().map(BalancerAttempt::from).collect::<Vec<_>>().into())
}

pub(super) async fn balancer_label(api: &Api, id: BalancerId) -> Out<BalancerLabelled> {
    let labelled = api.engine.balancer_label(&id).await?;
    Ok(BalancerLabelled { added: labelled.added, removed: labelled.removed }.into())
}

pub(super) async fn balancer_delete(api: &Api, id: BalancerId) -> Out<()> {
    Ok(api.engine.balancer_delete(&id).await?.into())
}

pub(super) async fn balancer_restore(api: &Api, id: BalancerId) -> Out<()> {
    Ok(api.engine.balancer_restore(&id).await?.into())
}

pub(super) async fn app_pending(api: &Api, app: AppId) -> Out<AppPending> {
    // Everything of the app: it is counted anew when any of it changes.
    let tags = vec![tag::pending(&app), tag::app(&app)];
    Ok(Read(api.engine.app_pending(&app).await?, tags))
}

pub(super) async fn group_yaml(api: &Api, of: SideOf) -> Out<YamlView> {
    Ok(Read(api.engine.group_yaml(&of).await?, sides([&of])))
}

pub(super) async fn group_diff(api: &Api, request: DiffRequest) -> Out<DiffOfGroups> {
    Ok(Read(Box::pin(api.engine.group_diff(&request)).await?, sides([&request.from, &request.to])))
}

pub(super) async fn group_three(api: &Api, group: GroupId) -> Out<ThreeView> {
    let tags = vec![tag::group(&group), tag::apps()];
    Ok(Read(api.engine.group_three(&group).await?, tags))
}

pub(super) async fn group_adopt(api: &Api, chosen: ForeignFields) -> Out<Adopted> {
    Ok(api.engine.group_adopt(&chosen).await?.into())
}

pub(super) async fn group_revert(api: &Api, chosen: ForeignFields) -> Out<()> {
    Ok(api.engine.group_revert(&chosen).await?.into())
}

pub(super) async fn group_discard(api: &Api, discard: Discard) -> Out<Discarded> {
    Ok(Box::pin(api.engine.group_discard(&discard)).await?.into())
}

pub(super) async fn group_merge(api: &Api, group: GroupId) -> Out<Option<GroupMerge>> {
    let app = api.engine.group(&group).await?.app;
    let tags = vec![tag::group(&group), tag::releases_of_group(&group), tag::app(&app), tag::config(&app)];
    Ok(Read(Box::pin(api.engine.group_merge(&group)).await?, tags))
}

pub(super) async fn group_merge_take(api: &Api, take: GroupMergeTake) -> Out<()> {
    Ok(Box::pin(api.engine.group_merge_take(&take)).await?.into())
}

/// `None` when the person thought better of it.
pub(super) async fn group_save_yaml(api: &Api, groups: Vec<GroupId>) -> Out<Option<Vec<SavedYaml>>> {
    let Some(folder) = api.desktop.choose_folder("kubectl apply -k".to_owned()).await else {
        return Ok(None.into());
    };
    Ok(Some(api.engine.groups_save_yaml(&groups, &folder).await?).into())
}

/// What definitions of groups are made of: their drafts and releases, and what they inherit.
fn sides<'a>(sides: impl IntoIterator<Item = &'a SideOf>) -> Vec<Tag> {
    sides.into_iter().map(|of| tag::group(&of.group)).chain([tag::apps()]).collect()
}

pub(super) async fn config_tree(api: &Api, app: AppId) -> Out<ConfigTree> {
    let tags = vec![tag::config(&app), tag::groups(&app), tag::app(&app), tag::environments()];
    Ok(Read(api.engine.config_tree(&app).await?, tags))
}

pub(super) async fn config_deleted(api: &Api, app: AppId) -> Out<Vec<DeletedFile>> {
    let tags = vec![tag::config(&app)];
    Ok(Read(api.engine.config_deleted(&app).await?, tags))
}

pub(super) async fn config_file(api: &Api, ask: FileAsk) -> Out<FileView> {
    let view = api.engine.config_file(&ask).await?;
    let mut tags = vec![tag::file(&ask.id), tag::config(&view.app), tag::app(&view.app)];
    tags.extend(ask.group.as_ref().map(tag::group));
    Ok(Read(view, tags))
}

pub(super) async fn config_create(api: &Api, create: ConfigCreate) -> Out<FileId> {
    Ok(api.engine.config_create(&create).await?.into())
}

pub(super) async fn config_save(api: &Api, save: ConfigSave) -> Out<ConfigSaved> {
    Ok(api.engine.config_save(&save).await?.into())
}

pub(super) async fn config_switch(api: &Api, switch: ConfigSwitch) -> Out<()> {
    Ok(api.engine.config_switch(&switch).await?.into())
}

pub(super) async fn config_delete(api: &Api, id: FileId) -> Out<()> {
    Ok(api.engine.config_delete(&id).await?.into())
}

pub(super) async fn config_undelete(api: &Api, id: FileId) -> Out<()> {
    Ok(api.engine.config_undelete(&id).await?.into())
}

pub(super) async fn config_choose(api: &Api, choose: ConfigChoose) -> Out<Option<FileId>> {
    Ok(api.engine.config_choose(&choose).await?.into())
}

pub(super) async fn config_pick(api: &Api, (): ()) -> Out<PickedFile> {
    match api.desktop.choose_file("configuration file".to_owned()).await {
        Some(file) => Ok(api.engine.config_pick(&file).await?.into()),
        None => Err(ApiError::new(Code::Dismissed, "choose a configuration file".into())),
    }
}

pub(super) async fn config_pick_files(api: &Api, from: PickFrom) -> Out<PickedFiles> {
    let title = "configuration files".to_owned();
    let paths = match from {
        PickFrom::Files => api.desktop.choose_files(title).await,
        PickFrom::Folder => api.desktop.choose_folder(title).await.into_iter().collect(),
    };
    Ok(api.engine.config_pick_files(paths).await?.into())
}

pub(super) async fn config_import(api: &Api, import: ConfigImport) -> Out<Vec<ImportRow>> {
    Ok(api.engine.config_import(import).await?.into())
}

pub(super) async fn config_versions(api: &Api, id: FileId) -> Out<Vec<FileVersion>> {
    Ok(Read(api.engine.config_versions(&id).await?, vec![tag::file(&id)]))
}

pub(super) async fn config_restore(api: &Api, version: VersionRef) -> Out<()> {
    Ok(api.engine.config_restore(&version).await?.into())
}

pub(super) async fn config_diff(api: &Api, ask: ConfigDiffAsk) -> Out<FileDiff> {
    let tags = vec![tag::file(&ask.from.file), tag::file(&ask.to.file)];
    Ok(Read(api.engine.config_diff(&ask).await?, tags))
}

pub(super) async fn config_matrix(api: &Api, app: AppId) -> Out<ValueMatrix> {
    let tags = vec![tag::config(&app), tag::groups(&app), tag::releases_of_app(&app), tag::app(&app)];
    Ok(Read(api.engine.config_matrix(&app).await?, tags))
}

pub(super) async fn config_variables(api: &Api, group: GroupId) -> Out<Vec<GroupVariable>> {
    let app = api.engine.group(&group).await?.app;
    let tags = vec![tag::group(&group), tag::config(&app)];
    Ok(Read(api.engine.config_variables(&group).await?, tags))
}

pub(super) async fn folder_get(api: &Api, app: AppId) -> Out<Option<FolderView>> {
    let tags = vec![tag::folder(&app), tag::app(&app)];
    Ok(Read(api.engine.folder(&app).await?, tags))
}

/// `None` when the dialog was dismissed.
pub(super) async fn folder_open(api: &Api, app: AppId) -> Out<Option<FolderView>> {
    let title = api.engine.app(&app).await?.title;
    let Some(parent) = api.desktop.choose_folder(title).await else { return Ok(None.into()) };
    Ok(Some(api.engine.folder_open(&app, &parent).await?).into())
}

pub(super) async fn folder_close(api: &Api, app: AppId) -> Out<()> {
    Ok(api.engine.folder_close(&app).await?.into())
}

pub(super) async fn folder_write(api: &Api, app: AppId) -> Out<()> {
    Ok(api.engine.folder_write(&app).await?.into())
}

pub(super) async fn folder_settle(api: &Api, settle: FolderSettle) -> Out<()> {
    Ok(api.engine.folder_settle(&settle).await?.into())
}

pub(super) async fn folder_add(api: &Api, add: FolderAdd) -> Out<FileId> {
    Ok(api.engine.folder_add(&add).await?.into())
}

pub(super) async fn value_set(api: &Api, set: ValueSet) -> Out<()> {
    Ok(api.engine.value_set(&set).await?.into())
}

pub(super) async fn key_set(api: &Api, set: KeySet) -> Out<()> {
    Ok(api.engine.key_set(&set).await?.into())
}

pub(super) async fn key_delete(api: &Api, delete: KeyDelete) -> Out<()> {
    Ok(api.engine.key_delete(&delete).await?.into())
}

pub(super) async fn app_variables(api: &Api, app: AppId) -> Out<AppVariables> {
    let tags = vec![tag::config(&app)];
    Ok(Read(api.engine.app_variables(&app).await?, tags))
}

pub(super) async fn app_variables_set(api: &Api, set: AppVariablesSet) -> Out<()> {
    Ok(api.engine.app_variables_set(&set).await?.into())
}

pub(super) async fn secret_put(api: &Api, put: SecretPut) -> Out<SecretId> {
    Ok(api.engine.secret_put(put).await?.into())
}

pub(super) async fn probe_try(api: &Api, request: ProbeTry) -> Out<ProbeTried> {
    Ok(api.engine.probe_try(&request).await?.into())
}

pub(super) async fn gpu_list(api: &Api, link: LinkId) -> Out<GpuOffers> {
    Ok(Read(api.engine.gpu_list(&link).await?, vec![tag::cluster(&link)]))
}

pub(super) async fn release_list(api: &Api, query: ReleaseQuery) -> Out<ReleasePage> {
    let tags = vec![tag::releases_of_app(&query.app), tag::groups(&query.app)];
    Ok(Read(api.engine.release_list(&query).await?, tags))
}

pub(super) async fn release_people(api: &Api, app: AppId) -> Out<Vec<String>> {
    Ok(Read(api.engine.release_people(&app).await?, vec![tag::releases_of_app(&app)]))
}

pub(super) async fn release_plan(api: &Api, request: PlanRequest) -> Out<PlanView> {
    Ok(api.engine.release_plan(&request).await?.into())
}

pub(super) async fn rollback_plan(api: &Api, request: RollbackRequest) -> Out<RollbackView> {
    Ok(Box::pin(api.engine.rollback_plan(&request)).await?.into())
}

pub(super) async fn release_start(api: &Api, start: ReleaseStart) -> Out<ReleaseId> {
    Ok(api.engine.release_start(&start.plan, &start.note).await?.into())
}

pub(super) async fn release_act(api: &Api, act: ReleaseAct) -> Out<()> {
    Ok(api.engine.release_act(&act.id, act.action).await?.into())
}

pub(super) async fn release_usage(api: &Api, id: ReleaseId) -> Out<ReleaseUsage> {
    let usage = api.engine.release_usage(&id).await?;
    let tags = vec![tag::release(&id), tag::usage(&usage.group)];
    Ok(Read(usage, tags))
}

pub(super) async fn release_traffic(api: &Api, id: ReleaseId) -> Out<ReleaseTraffic> {
    let traffic = api.engine.release_traffic(&id).await?;
    let tags = vec![tag::release(&id), tag::usage(&traffic.group), tag::clusters()];
    Ok(Read(traffic, tags))
}
