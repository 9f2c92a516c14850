//! Files of containers as the window asks for them: where they come from and go to is chosen in dialogs of the system, or
//! dropped on the window. The page never names a path of this computer.

use crate::error::ApiError;
use crate::feed::{FeedMessage, FeedState};
use crate::host::Drag;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use slipway_engine::file::{FileDownload, FileTransfer, FolderAsk};
use slipway_engine::live::Row;
use tokio::sync::watch;
use ts_rs::TS;

/// What is brought here, and what the choice of its place is called.
#[derive(Debug, Deserialize, TS)]
pub struct FileSave {
    pub file: FileDownload,
    pub title: String,
}

/// What is put into a folder of a container, and what the choice is called.
#[derive(Debug, Deserialize, TS)]
pub struct FileUpload {
    pub to: FolderAsk,
    pub from: UploadFrom,
    pub title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum UploadFrom {
    Files,
    Folder,
    /// What was dropped last, once.
    Dropped,
}

/// A transfer with why it failed.
#[derive(Clone, Debug, Serialize, TS)]
pub struct TransferRow {
    #[serde(flatten)]
    pub transfer: FileTransfer,
    pub error: Option<ApiError>,
}

impl From<FileTransfer> for TransferRow {
    fn from(transfer: FileTransfer) -> Self {
        let error = transfer.failure.as_ref().map(|failure| failure.0.clone().into());
        Self { transfer, error }
    }
}

/// Files over the window, or dropped on it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct DragRow {
    pub id: String,
    /// Where the pointer is, in the page; `None` while nothing is dragged over it.
    pub over: Option<(f64, f64)>,
    /// Rises with each drop.
    pub drops: u32,
    /// Where the last one came down.
    pub dropped: Option<(f64, f64)>,
}

impl Row for DragRow {
    fn id(&self) -> &str {
        &self.id
    }
}

impl From<Drag> for DragRow {
    fn from(Drag { over, drops, dropped }: Drag) -> Self {
        Self { id: "drag".to_owned(), over, drops, dropped }
    }
}

/// How files are dragged over the window, as it is now and as it changes.
pub(crate) fn drags(mut drags: watch::Receiver<Drag>) -> BoxStream<'static, FeedMessage> {
    let row = |drags: &mut watch::Receiver<Drag>| {
        let row = DragRow::from(drags.borrow_and_update().clone());
        serde_json::to_value(row).into_iter().collect::<Vec<_>>()
    };
    let (as_of, state) = (Timestamp::now(), FeedState::Live);
    let first = FeedMessage::Snapshot { seq: 0, rows: row(&mut drags), as_of, state };
    let others = stream::unfold((drags, 1), move |(mut drags, seq)| async move {
        drags.changed().await.ok()?;
        let (upserts, as_of) = (row(&mut drags), Timestamp::now());
        let message = FeedMessage::Delta { seq, upserts, removes: Vec::new(), as_of, state: FeedState::Live };
        Some((message, (drags, seq + 1)))
    });
    stream::once(std::future::ready(first)).chain(others).boxed()
}
