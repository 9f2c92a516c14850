//! Trains.

#[allow(clippy::wildcard_imports, reason = "it speaks of every type of the list")]
use super::*;

type Out<T> = Result<Read<T>>;

pub(super) async fn train_list(api: &Api, app: AppId) -> Out<Vec<TrainRow>> {
    Ok(Read(api.engine.train_list(&app).await?, vec![tag::releases_of_app(&app)]))
}

pub(super) async fn train_get(api: &Api, id: TrainId) -> Out<TrainView> {
    let view = api.engine.train(&id).await?;
    let tags = vec![tag::train(&id), tag::releases_of_app(&view.row.app), tag::clusters()];
    Ok(Read(view, tags))
}

pub(super) async fn train_check(_: &Api, draft: TrainDraft) -> Out<Vec<FieldError>> {
    Ok(draft.validate().err().unwrap_or_default().into())
}

pub(super) async fn train_start(api: &Api, order: TrainOrder) -> Out<TrainId> {
    Ok(Box::pin(api.engine.train_start(&order)).await?.into())
}

pub(super) async fn train_edit(api: &Api, edit: TrainEdit) -> Out<()> {
    Ok(Box::pin(api.engine.train_edit(&edit)).await?.into())
}

pub(super) async fn train_act(api: &Api, act: TrainAct) -> Out<()> {
    Ok(Box::pin(api.engine.train_act(&act)).await?.into())
}
