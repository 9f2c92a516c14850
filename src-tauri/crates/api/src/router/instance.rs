//! What runs of a group.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn group_count(api: &Api, id: GroupId) -> Out<CountView> {
    Ok(api.engine.group_count(&id).await?.into())
}

pub(super) async fn group_scale(api: &Api, scale: GroupScale) -> Out<()> {
    Ok(api.engine.group_scale(&scale.id, scale.count).await?.into())
}

pub(super) async fn group_restart(api: &Api, id: GroupId) -> Out<()> {
    Ok(api.engine.group_restart(&id).await?.into())
}

pub(super) async fn group_rights(api: &Api, id: GroupId) -> Out<GroupRights> {
    // A group never goes to another cluster.
    Ok(Read(api.engine.group_rights(&id).await?, vec![tag::clusters()]))
}

pub(super) async fn instance_evict(api: &Api, order: EvictOrder) -> Out<Vec<EvictAttempt>> {
    let done = api.engine.instance_evict(&order).await?.into_iter();
    let attempt =
        |one: slipway_engine::instance::Evicted| EvictAttempt { pod: one.pod, error: one.error.map(ApiError::from) };
    Ok(done.map(attempt).collect::<Vec<_>>().into())
}

pub(super) async fn terminal_debug(api: &Api, of: DebugContainer) -> Out<String> {
    Ok(api.engine.terminal_debug(&of).await?.into())
}

pub(super) async fn group_monitor(api: &Api, query: MonitorQuery) -> Out<Monitor> {
    let mut tags = vec![tag::releases_of_group(&query.group), tag::clusters()];
    let monitor = api.engine.group_monitor(&query).await?;
    // A Prometheus is not asked anew for each figure that is measured here.
    if monitor.source.is_none() {
        tags.push(tag::usage(&query.group));
    }
    Ok(Read(monitor, tags))
}

/// `None` when the person thought better of it.
pub(super) async fn monitor_export(api: &Api, query: MonitorQuery) -> Out<Option<String>> {
    let name = format!("{}-usage.csv", api.engine.group(&query.group).await?.card.name);
    let Some(path) = api.desktop.choose_place("CSV".to_owned(), name).await else { return Ok(None.into()) };
    api.engine.monitor_export(&query, &path).await?;
    Ok(Some(path.display().to_string()).into())
}

pub(super) async fn pod_yaml(api: &Api, of: PodOf) -> Out<PodYaml> {
    Ok(api.engine.pod_yaml(&of).await?.into())
}
