//! Linked clusters, and what is found in them.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn cluster_list(api: &Api, (): ()) -> Out<Vec<ClusterRow>> {
    Ok(Read(api.engine.cluster_list().await?, vec![tag::clusters(), tag::apps()]))
}

pub(super) async fn cluster_contexts(api: &Api, from: ContextsFrom) -> Out<KubeconfigView> {
    use slipway_engine::cluster::KubeconfigSource as Source;
    let source = match from {
        ContextsFrom::Default => Source::Default,
        ContextsFrom::File { file } => Source::File(file.into()),
        ContextsFrom::Text { text } => Source::Text(text.into()),
        ContextsFrom::ChooseFile => match api.desktop.choose_file("kubeconfig".to_owned()).await {
            Some(file) => Source::File(file),
            None => return Ok(KubeconfigView { files: Vec::new(), contexts: Vec::new() }.into()),
        },
    };
    Ok(KubeconfigView::from(api.engine.cluster_contexts(source).await?).into())
}

pub(super) async fn cluster_inspect(api: &Api, from: LinkFrom) -> Out<LinkPreview> {
    let credential = match from {
        LinkFrom::Code { code } => Credential::Code(code.into()),
        LinkFrom::CodeClipboard => Credential::Code(api.desktop.clipboard_text().await.unwrap_or_default().into()),
        LinkFrom::CodeFile => match api.desktop.choose_file("authorization code".to_owned()).await {
            Some(file) => Credential::CodeFile(file),
            None => return Err(ApiError::new(Code::Dismissed, "choose a file with an authorization code".into())),
        },
        LinkFrom::Kubeconfig { file, context } => Credential::Kubeconfig { file: file.into(), context },
        LinkFrom::KubeconfigText { text, context } => Credential::KubeconfigText { text: text.into(), context },
    };
    Ok(api.engine.cluster_inspect(credential).await?.into())
}

pub(super) async fn cluster_inspect_stop(api: &Api, (): ()) -> Out<()> {
    api.engine.cluster_inspect_stop();
    Ok(().into())
}

pub(super) async fn cluster_link(api: &Api, request: ClusterLinkRequest) -> Out<LinkId> {
    Ok(api.engine.cluster_link(&request.token, &request.name).await?.into())
}

pub(super) async fn cluster_rename(api: &Api, rename: ClusterRename) -> Out<()> {
    Ok(api.engine.cluster_rename(&rename.id, &rename.name).await?.into())
}

pub(super) async fn cluster_unlink(api: &Api, id: LinkId) -> Out<()> {
    Ok(api.engine.cluster_unlink(&id).await?.into())
}

pub(super) async fn cluster_retry(api: &Api, id: LinkId) -> Out<()> {
    Ok(api.engine.cluster_retry(&id).await?.into())
}

pub(super) async fn join_list(api: &Api, link: LinkId) -> Out<JoinView> {
    let tags = vec![tag::cluster(&link), tag::apps()];
    Ok(Read(Box::pin(api.engine.join_list(&link)).await?, tags))
}

pub(super) async fn join_apps(api: &Api, request: JoinRequest) -> Out<Vec<Joined>> {
    Ok(Box::pin(api.engine.join_apps(&request)).await?.into())
}

pub(super) async fn cluster_prometheus(api: &Api, id: LinkId) -> Out<PrometheusView> {
    Ok(Read(api.engine.prometheus(&id).await?, vec![tag::cluster(&id)]))
}

pub(super) async fn cluster_prometheus_set(api: &Api, set: PrometheusSet) -> Out<()> {
    Ok(api.engine.prometheus_set(&set.id, &set.place).await?.into())
}
