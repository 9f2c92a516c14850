//! Open logs, by the name that the window opened them under. Nothing of them is kept by tags: a log has a feed.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn log_live(api: &Api, mode: LogMode) -> Out<()> {
    Ok(api.engine.log_live(&mode.log, mode.live)?.into())
}

pub(super) async fn log_refresh(api: &Api, log: String) -> Out<()> {
    Ok(api.engine.log_refresh(&log)?.into())
}

pub(super) async fn log_rows(api: &Api, read: LogRead) -> Out<LogRows> {
    Ok(api.engine.log_rows(read).await?.into())
}

pub(super) async fn log_text(api: &Api, text: LogText) -> Out<String> {
    Ok(api.engine.log_text(text).await?.into())
}

pub(super) async fn log_find(api: &Api, find: LogFind) -> Out<LogFindAnswer> {
    Ok(api.engine.log_find(&find)?.into())
}

pub(super) async fn log_hit(api: &Api, ask: LogHitAsk) -> Out<Option<LogHit>> {
    Ok(api.engine.log_hit(&ask).await?.into())
}

pub(super) async fn log_save(api: &Api, save: LogSave) -> Out<Option<LogSaved>> {
    let Some(path) = api.desktop.choose_place(save.title.clone(), save.name.clone()).await else {
        return Ok(None.into());
    };
    Ok(api.engine.log_save(&save, &path).await?.into())
}

pub(super) async fn log_save_stop(api: &Api, log: String) -> Out<()> {
    Ok(api.engine.log_save_stop(&log)?.into())
}
