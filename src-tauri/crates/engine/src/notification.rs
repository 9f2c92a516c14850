//! What a person is told while they look elsewhere: a release that they began here or took over waits for them, or is over;
//! a train that this computer goes on with has stopped; files that they had brought or put have come, or have not.

use crate::Engine;
use crate::error::Result;
use crate::file::{FileTransfer, TransferState};
use crate::live::{Live, Row, Trust};
use crate::release::train::TrainView;
use crate::release::{BatchView, ReleaseRow};
use serde::Serialize;
use slipway_model::app::App;
use slipway_model::diagnosis::Diagnosis;
use slipway_model::id::TrainId;
use slipway_model::release::Release;
use slipway_model::setting::Occasion;
use slipway_model::train::Why;
use slipway_store::ReleaseHead;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use ts_rs::TS;

/// So many wait for a slow window; it is not told of those before them.
const BACKLOG: usize = 16;

/// What has come about, as it is told.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Notification {
    /// Names what it tells of: nothing is told twice.
    pub id: String,
    /// The app by its name.
    pub app: String,
    pub news: News,
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum News {
    /// Where a release has come to.
    Release(Box<ReleaseNews>),
    /// A train has stopped by itself, or waits for a person's word.
    Train(Box<TrainView>),
    /// Files that were brought or put at once: none of them is under way any more.
    Transfers(Box<TransferNews>),
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct TransferNews {
    pub count: usize,
    pub failed: usize,
    /// Wait for a person to say whether something of their name is replaced.
    pub taken: usize,
    /// The one that says most: the first that failed, else that waits, else of all.
    pub first: FileTransfer,
}

impl TransferNews {
    fn of(order: &[FileTransfer]) -> Option<Self> {
        let failed = |one: &&FileTransfer| one.state == TransferState::Failed;
        let taken = |one: &&FileTransfer| one.state == TransferState::Taken;
        let first = order.iter().find(failed).or_else(|| order.iter().find(taken)).or(order.first())?.clone();
        let (failed, taken) = (order.iter().filter(failed).count(), order.iter().filter(taken).count());
        Some(Self { count: order.len(), failed, taken, first })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ReleaseNews {
    pub release: ReleaseRow,
    /// Number of the batch that it is in or has done, of so many; both 0 when it is rolling.
    pub batch: u32,
    pub batches: u32,
    /// Who decided it; `None` for what the release did by itself.
    pub by: Option<String>,
    /// Its way back waits for somebody to agree to so many pods less.
    pub asks_for_less: Option<u32>,
    pub diagnosis: Option<Diagnosis>,
}

impl Row for Notification {
    fn id(&self) -> &str {
        &self.id
    }
}

impl From<&Release> for Notification {
    fn from(release: &Release) -> Self {
        let batches = BatchView::of(release).len();
        let news = ReleaseNews {
            release: ReleaseRow::from(&ReleaseHead::from(release)),
            batch: if batches == 0 { 0 } else { release.progress.batch + 1 },
            batches: u32::try_from(batches).unwrap_or(u32::MAX),
            by: release.transitions.last().and_then(|last| last.by.clone()),
            asks_for_less: release.asks_for_less(),
            diagnosis: release.diagnosis.clone(),
        };
        let asks = news.asks_for_less.map(|less| format!("/less-{less}")).unwrap_or_default();
        let id = format!("{}/{}{asks}", release.id, release.transitions.len());
        Self { id, app: name_of(&release.plan.app), news: News::Release(Box::new(news)) }
    }
}

fn name_of(app: &App) -> String {
    if app.title.is_empty() { app.slug.to_string() } else { app.title.clone() }
}

/// To whoever listens.
#[derive(Debug)]
pub struct Notifications(broadcast::Sender<Notification>);

impl Default for Notifications {
    fn default() -> Self {
        Self(broadcast::Sender::new(BACKLOG))
    }
}

impl Engine {
    /// Notifications from now on.
    pub fn live_notifications(&self) -> Live<Notification> {
        let mut told = self.notifications.0.subscribe();
        Live::start(|mut sender| async move {
            let mut open = sender.trust(Trust::Live).await;
            while open {
                match told.recv().await {
                    // Each is news by itself: none is kept.
                    Ok(notification) => open = sender.tell(vec![notification]).await,
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return,
                }
            }
        })
    }

    /// Tells where a release has come to, if that is the end or waits for a person, and unless that is muted.
    pub(crate) async fn notify(&self, release: &Release) {
        let occasion = if release.asks_for_less().is_some() {
            Some(Occasion::Waits)
        } else {
            Occasion::of(release.state).filter(|_| release.state.ended() || release.waits())
        };
        let Some(occasion) = occasion else { return };
        if let Err(error) = self.tell(occasion, release.into()).await {
            tracing::warn!(release = %release.id, %error, "not told");
        }
    }

    /// Tells that a train has stopped, and why; or that its next group waits for a person's word.
    pub(crate) async fn notify_of_train(&self, id: &TrainId) {
        let told = async {
            let view = self.train(id).await?;
            let occasion = match view.stopped.as_ref().map(|stopped| &stopped.why) {
                None if view.asks => Occasion::Waits,
                // What became of the release was told already.
                None | Some(Why::Car { .. }) => return Ok(()),
                Some(_) => Occasion::Stopped,
            };
            let app = name_of(&self.app(&view.row.app).await?);
            let next = view.next.as_ref().filter(|_| view.stopped.is_none());
            let id = format!("{id}/{}/{}", view.decided.len(), next.map_or("", |group| group.as_str()));
            self.tell(occasion, Notification { id, app, news: News::Train(Box::new(view)) }).await
        };
        if let Err(error) = told.await {
            tracing::warn!(train = %id, %error, "not told");
        }
    }

    /// Tells that files have come, or why not.
    pub(crate) async fn notify_of_transfers(&self, order: &[FileTransfer]) {
        let Some(news) = TransferNews::of(order) else { return };
        let told = async {
            let app = name_of(&self.app(&self.group_entry(&news.first.place.group).await?.app).await?);
            // One that waited is told once more when it has ended.
            let id = format!("{}/{}", news.first.id, news.taken);
            self.tell(Occasion::Transferred, Notification { id, app, news: News::Transfers(Box::new(news)) }).await
        };
        if let Err(error) = told.await {
            tracing::warn!(%error, "the end of a transfer is not told");
        }
    }

    async fn tell(&self, occasion: Occasion, notification: Notification) -> Result<()> {
        if !self.settings().await?.muted.contains(&occasion) {
            // That nobody listens is no fault.
            self.notifications.0.send(notification).ok();
        }
        Ok(())
    }
}
