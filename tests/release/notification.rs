//! Who is told of a release: whoever began it or drives it, of each transition that they wait for, once.

use crate::batches::running;
use anyhow::{Context, Result, bail, ensure};
use slipway_engine::live::Live;
use slipway_engine::notification::{News, Notification};
use slipway_engine::release::ReleaseAction;
use slipway_engine::release::train::TrainView;
use slipway_model::group::CheckKind;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{PATIENCE, rested, settled, until};
use slipway_tests::window::eventually;
use tokio::time::timeout;

/// State, batch, and who decided.
type Told = (ReleaseState, u32, Option<String>);

async fn next(heard: &mut Live<Notification>) -> Result<Told> {
    loop {
        let update = timeout(PATIENCE, heard.next()).await?;
        if let Some(news) = update.and_then(|update| update.upserts.into_iter().next()) {
            let News::Release(news) = news.news else { bail!("no train is under way: {news:?}") };
            return Ok((news.release.state, news.batch, news.by));
        }
    }
}

/// The next news that are of this kind.
async fn heard<T>(heard: &mut Live<Notification>, kind: impl Fn(News) -> Option<T>) -> Result<T> {
    loop {
        let update = timeout(PATIENCE, heard.next()).await?.context("it is told of")?;
        if let Some(news) = update.upserts.into_iter().find_map(|notification| kind(notification.news)) {
            return Ok(news);
        }
    }
}

/// The next train that stopped.
pub(crate) async fn train_that_stopped(news: &mut Live<Notification>) -> Result<TrainView> {
    heard(news, |news| if let News::Train(view) = news { Some(*view) } else { None }).await
}

/// The next release whose way back waits for somebody.
pub(crate) async fn asks_for_less(news: &mut Live<Notification>) -> Result<()> {
    heard(news, |news| matches!(news, News::Release(release) if release.asks_for_less.is_some()).then_some(())).await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_began_a_release_is_told_what_becomes_of_it_and_a_colleague_who_looks_on_is_not() -> Result<()> {
    let ground = running("told", (3, "1", "0"), &["1", "1"]).await?;
    // What crashes at once was never ready.
    let mut draft = ground.engine.group(&ground.group).await?.draft;
    draft.readiness.kind = CheckKind::Tcp;
    draft.readiness.tcp = "8080".into();
    ground.engine.group_update(&ground.group, &draft).await?;
    let other = ground.colleague("Chen Wei").await?;
    let (mut here, mut there) = (ground.engine.live_notifications(), other.live_notifications());
    let id = ground.start("v2").await?;
    rested(&ground.engine, &id, 0).await?;
    ensure!(next(&mut here).await? == (ReleaseState::Resting, 1, None));
    ground.engine.release_act(&id, ReleaseAction::Continue).await?;
    rested(&ground.engine, &id, 1).await?;
    ensure!(next(&mut here).await? == (ReleaseState::Resting, 2, None));
    until(&other, &id, |view| view.actions.contains(&ReleaseAction::Abort)).await?;
    other.release_act(&id, ReleaseAction::Abort).await?;
    settled(&other, &id).await?;
    let by = Some("Chen Wei".to_owned());
    ensure!(next(&mut here).await? == (ReleaseState::Aborted, 2, by.clone()));
    // The colleague drove it in the end: what they looked on at was not told there.
    ensure!(next(&mut there).await? == (ReleaseState::Aborted, 2, by));
    // What is told next is of the next release: nothing was told twice.
    // As soon as the pods of the one that was aborted are gone.
    let id = eventually("a plan that nothing blocks", async || ground.start("crash").await.map(Some)).await?;
    settled(&ground.engine, &id).await?;
    ensure!(next(&mut here).await? == (ReleaseState::Stopped, 1, None));
    other.close().await;
    ground.close().await
}
