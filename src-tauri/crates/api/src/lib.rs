//! The contract with the window: calls, feeds and pipes, their types, the error.
//!
//! One list each (`calls`, `feed::Topic`, `pipe::PipeTopic`); the router and `ui/src/wire` both come from it.

pub mod calls;
pub mod error;
pub mod feed;
pub mod file;
pub mod host;
pub mod notification;
pub mod pipe;
mod router;
pub mod wire;

pub use calls::Answer;
pub use error::{ApiError, Code, Hint};
pub use feed::{FeedMessage, Topic};
pub use host::Desktop;
pub use pipe::{Acker, Piece, Pipe, PipeTopic};

use crate::notification::NotificationRow;
use futures::stream::BoxStream;
use slipway_engine::Engine;
use std::path::Path;
use std::sync::Arc;

/// The core behind one window, or behind a test that calls it the same way. A cheap clone.
#[derive(Clone, Debug)]
pub struct Api {
    engine: Engine,
    desktop: Arc<dyn Desktop>,
}

impl Api {
    /// Opens the data folder (made where it is missing) and resumes what was under way.
    ///
    /// # Errors
    /// `not_writable`, `disk_full`, `database_newer`, `database`.
    pub async fn open(data_dir: &Path, desktop: Arc<dyn Desktop>) -> Result<Self, ApiError> {
        Ok(Self { engine: Engine::open(data_dir).await?, desktop })
    }

    /// The core itself, for what is no business of a window: seeding, tests, benchmarks.
    pub fn engine(&self) -> &Engine {
        &self.engine
    }

    /// Answers one call by its name in the list. A panic in it is answered with `internal`.
    pub async fn call(&self, name: &str, payload: serde_json::Value) -> Result<Answer, ApiError> {
        router::call(self, name, payload).await
    }

    /// Live rows of a topic: a snapshot, then deltas. Dropping the stream ends the work behind it.
    pub fn subscribe(&self, topic: Topic) -> BoxStream<'static, FeedMessage> {
        match topic {
            Topic::Changes => feed::messages(self.engine.live_changes()),
            Topic::Notifications => feed::messages_as(self.engine.live_notifications(), NotificationRow::from),
            Topic::Clusters => feed::messages(self.engine.live_clusters()),
            Topic::Groups { app } => feed::messages(self.engine.live_groups(app)),
            Topic::Balancers { app } => feed::messages(self.engine.live_balancers(app)),
            Topic::Instances { group } => feed::messages(self.engine.live_instances(group)),
            Topic::InstanceList { group, query } => feed::messages(self.engine.live_instance_list(group, query)),
            Topic::Pod { of } => feed::messages(self.engine.live_pod(of)),
            Topic::Events { group } => feed::messages(self.engine.live_events(group)),
            Topic::Log { log, source } => feed::messages(self.engine.live_log(log, source)),
            Topic::Transfers => feed::messages_as(self.engine.live_transfers(), file::TransferRow::from),
            Topic::Drag => file::drags(self.desktop.drags()),
            Topic::ForwardList => feed::messages(self.engine.live_forwards()),
            Topic::Release { release } => feed::messages(self.engine.live_release(release)),
        }
    }

    /// Bytes or lines with backpressure. Dropping the pipe stops its source.
    pub fn pipe(&self, topic: PipeTopic) -> Pipe {
        Pipe::open(&self.engine, topic)
    }

    /// Ends drivers, sessions and the store in order; releases go on in the cluster and are resumed at the next start.
    pub async fn close(&self) {
        self.engine.close().await;
    }
}
