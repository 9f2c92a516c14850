//! What a person sets on this computer, and the window on its desktop.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn setting_get(api: &Api, (): ()) -> Out<Settings> {
    Ok(Read(api.engine.settings().await?, vec![tag::settings()]))
}

pub(super) async fn setting_set(api: &Api, settings: Settings) -> Out<()> {
    Ok(api.engine.set_settings(settings).await?.into())
}

pub(super) async fn setting_about(api: &Api, (): ()) -> Out<About> {
    Ok(Read(api.engine.about(), vec![tag::keyring()]))
}

pub(super) async fn keyring_retry(api: &Api, (): ()) -> Out<About> {
    Ok(api.engine.keyring_retry().await?.into())
}

pub(super) async fn keyring_memory_only(api: &Api, (): ()) -> Out<About> {
    Ok(api.engine.keyring_memory_only().into())
}

pub(super) async fn window_visible(api: &Api, visible: bool) -> Out<()> {
    api.engine.set_visible(visible);
    Ok(().into())
}

/// A click on it is answered, and the window goes where it tells of.
pub(super) async fn notification_show(api: &Api, show: NotificationShow) -> Out<bool> {
    Ok(api.desktop.notify(show.title, show.text).await.into())
}
