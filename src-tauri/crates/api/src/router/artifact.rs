//! Registries, and what they have.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn registry_list(api: &Api, (): ()) -> Out<Vec<RegistryLogin>> {
    Ok(Read(api.engine.registry_list().await?, vec![tag::registries()]))
}

pub(super) async fn registry_put(api: &Api, put: RegistryPut) -> Out<RegistryLogin> {
    Ok(api.engine.registry_put(put).await?.into())
}

pub(super) async fn registry_delete(api: &Api, host: String) -> Out<()> {
    Ok(api.engine.registry_delete(&host).await?.into())
}

pub(super) async fn pull_secret_list(api: &Api, link: LinkId) -> Out<Vec<String>> {
    Ok(Read(api.engine.pull_secret_list(&link).await?, vec![tag::clusters()]))
}

pub(super) async fn pull_secret_create(api: &Api, create: PullSecretCreate) -> Out<String> {
    Ok(api.engine.pull_secret_create(&create).await?.into())
}

pub(super) async fn artifact_list(api: &Api, query: ArtifactQuery) -> Out<ArtifactPage> {
    let page = api.engine.artifact_list(&query).await?;
    let tags = vec![tag::app(&query.app), tag::artifacts(&page.repository), tag::releases_of_app(&query.app)];
    Ok(Read(page, tags))
}

pub(super) async fn artifact_get(api: &Api, of: ArtifactRef) -> Out<ArtifactView> {
    let repository = api.engine.app(&of.app).await?.repository;
    let tags = vec![tag::app(&of.app), tag::artifacts(&repository), tag::releases_of_app(&of.app)];
    Ok(Read(api.engine.artifact_get(&of).await?, tags))
}

pub(super) async fn artifact_refresh(api: &Api, app: AppId) -> Out<()> {
    Ok(api.engine.artifact_refresh(&app).await?.into())
}

pub(super) async fn artifact_look(api: &Api, look: ArtifactLook) -> Out<()> {
    Ok(api.engine.artifact_look(&look).await?.into())
}
