//! The transfers of this window: those under way, and how the others ended.

use super::PodPlace;
use super::meter::Meter;
use crate::Engine;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use jiff::Timestamp;
use serde::Serialize;
use slipway_model::file::RemotePath;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{Semaphore, watch};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use ts_rs::TS;
use uuid::Uuid;

/// Between two words to the window.
const TELL_EVERY: Duration = Duration::from_millis(100);
/// Under way at a time; the others wait.
const AT_A_TIME: usize = 3;
/// That have ended and are kept in the list.
const KEPT: usize = 50;

/// A file or folder on its way.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct FileTransfer {
    pub id: String,
    pub place: PodPlace,
    pub upload: bool,
    /// In the container.
    pub folder: RemotePath,
    pub name: RemotePath,
    /// Path on this computer.
    pub local: String,
    pub state: TransferState,
    pub bytes: u64,
    /// `None` where nobody knows.
    pub total: Option<u64>,
    pub files: u64,
    pub total_files: Option<u64>,
    /// Bytes a second of late.
    pub rate: u64,
    /// Devices, pipes, sockets, and links that lead elsewhere.
    pub left_out: u64,
    #[ts(type = "string")]
    pub begun: Timestamp,
    #[ts(type = "string | null")]
    pub ended: Option<Timestamp>,
    /// Why it failed.
    #[serde(skip)]
    #[ts(skip)]
    pub failure: Option<Failure>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum TransferState {
    /// For those before it.
    Waiting,
    Moving,
    /// Everything has come, and both sides are compared.
    Comparing,
    /// Something of that name is there: a person says whether it is replaced.
    Taken,
    Done {
        compared: Compared,
        /// Files that changed while they were read.
        changed: u64,
        /// What the container could not read, in its words.
        said: String,
    },
    Stopped,
    Failed,
}

impl TransferState {
    fn ended(&self) -> bool {
        matches!(self, Self::Done { .. } | Self::Stopped | Self::Failed)
    }

    /// It moves no more by itself.
    fn rests(&self) -> bool {
        self.ended() || *self == Self::Taken
    }
}

/// By what both sides were found to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Compared {
    Digest,
    /// The image has no sha256sum.
    Size,
}

/// An error that can be compared with another.
#[derive(Clone, Debug)]
pub struct Failure(pub Error);

impl PartialEq for Failure {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_string() == other.0.to_string()
    }
}

impl Row for FileTransfer {
    fn id(&self) -> &str {
        &self.id
    }
}

/// What is fixed of a transfer.
#[derive(Clone, Debug)]
pub(super) struct Head {
    pub(super) place: PodPlace,
    /// Those that a person has begun at once have one in common.
    pub(super) order: Uuid,
    pub(super) upload: bool,
    /// Of a download: what is there to be read.
    pub(super) is_folder: bool,
    pub(super) folder: RemotePath,
    pub(super) name: RemotePath,
    pub(super) local: PathBuf,
}

#[derive(Debug)]
pub(super) struct Transfer {
    pub(super) id: String,
    pub(super) head: Head,
    pub(super) meter: Meter,
    pub(super) stop: CancellationToken,
    now: Mutex<Now>,
    number: u64,
    begun: Timestamp,
}

#[derive(Clone, Debug)]
struct Now {
    state: TransferState,
    total: Option<u64>,
    total_files: Option<u64>,
    /// Where a download came to lie.
    local: Option<PathBuf>,
    ended: Option<Timestamp>,
    failure: Option<Failure>,
}

/// How a transfer came to an end, without an error.
#[derive(Debug)]
pub(super) enum Outcome {
    Done { compared: Compared, changed: u64, said: String, path: Option<PathBuf> },
    Taken,
}

#[derive(Debug)]
pub(crate) struct Transfers {
    all: Mutex<BTreeMap<String, Arc<Transfer>>>,
    news: watch::Sender<u64>,
    pub(super) room: Semaphore,
    pub(super) running: TaskTracker,
    stop: CancellationToken,
}

impl Default for Transfers {
    fn default() -> Self {
        Self {
            all: Mutex::default(),
            news: watch::Sender::new(0),
            room: Semaphore::new(AT_A_TIME),
            running: TaskTracker::new(),
            stop: CancellationToken::new(),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Transfers {
    pub(super) fn add(&self, head: Head) -> Arc<Transfer> {
        let id = Uuid::new_v4().to_string();
        let now = Now {
            state: TransferState::Waiting,
            total: None,
            total_files: None,
            local: None,
            ended: None,
            failure: None,
        };
        let mut all = lock(&self.all);
        let number = all.values().map(|one| one.number).max().map_or(0, |last| last + 1);
        let transfer = Arc::new(Transfer {
            id: id.clone(),
            head,
            meter: Meter::default(),
            stop: self.stop.child_token(),
            now: Mutex::new(now),
            number,
            begun: Timestamp::now(),
        });
        all.insert(id, transfer.clone());
        let mut ended: Vec<_> = all.values().filter(|one| lock(&one.now).state.ended()).cloned().collect();
        ended.sort_by_key(|one| one.number);
        for old in ended.iter().take(ended.len().saturating_sub(KEPT)) {
            all.remove(&old.id);
        }
        drop(all);
        self.tell();
        transfer
    }

    pub(super) fn get(&self, id: &str) -> Result<Arc<Transfer>> {
        lock(&self.all).get(id).cloned().ok_or_else(|| Error::not_found("transfer", id))
    }

    /// Notes how a transfer ended. Answers all of its order once none of them moves any more by itself: to one caller alone,
    /// and to nobody when it was a person who ended the last.
    pub(super) fn end(&self, transfer: &Transfer, outcome: Result<Outcome>) -> Option<Vec<FileTransfer>> {
        let all = lock(&self.all);
        transfer.end(outcome);
        let now = Instant::now();
        let mut order: Vec<_> = all.values().filter(|one| one.head.order == transfer.head.order).collect();
        order.sort_by_key(|one| one.number);
        let rows: Vec<_> = order.into_iter().map(|one| one.row(now)).collect();
        drop(all);
        self.tell();
        (!transfer.is(&TransferState::Stopped) && rows.iter().all(|row| row.state.rests())).then_some(rows)
    }

    fn forget(&self, id: &str) {
        lock(&self.all).remove(id);
        self.tell();
    }

    pub(super) fn tell(&self) {
        self.news.send_modify(|number| *number += 1);
    }

    /// Ends all; what is not whole leaves nothing behind.
    pub(crate) async fn stop(&self) {
        self.stop.cancel();
        self.running.close();
        self.running.wait().await;
    }

    fn rows(&self) -> Vec<FileTransfer> {
        let now = Instant::now();
        lock(&self.all).values().map(|one| one.row(now)).collect()
    }

    fn is_moving(&self) -> bool {
        lock(&self.all).values().any(|one| lock(&one.now).state == TransferState::Moving)
    }
}

impl Transfer {
    pub(super) fn set(&self, state: TransferState) {
        lock(&self.now).state = state;
    }

    pub(super) fn expect(&self, files: u64, bytes: u64) {
        let mut now = lock(&self.now);
        (now.total_files, now.total) = (Some(files), Some(bytes));
    }

    pub(super) fn is(&self, state: &TransferState) -> bool {
        lock(&self.now).state == *state
    }

    fn end(&self, outcome: Result<Outcome>) {
        let mut now = lock(&self.now);
        now.state = match outcome {
            Ok(Outcome::Taken) => TransferState::Taken,
            Ok(Outcome::Done { compared, changed, said, path }) => {
                now.local = path;
                TransferState::Done { compared, changed, said }
            }
            Err(_) if self.stop.is_cancelled() => TransferState::Stopped,
            Err(error) => {
                now.failure = Some(Failure(error));
                TransferState::Failed
            }
        };
        now.ended = now.state.ended().then(Timestamp::now);
    }

    /// Where what it has brought lies.
    fn brought(&self) -> Option<PathBuf> {
        let now = lock(&self.now);
        matches!(now.state, TransferState::Done { .. }).then(|| now.local.clone()).flatten()
    }

    fn row(&self, at: Instant) -> FileTransfer {
        let now = lock(&self.now).clone();
        let (head, meter) = (&self.head, &self.meter);
        let rate = if now.state == TransferState::Moving { meter.rate(at) } else { 0 };
        FileTransfer {
            id: self.id.clone(),
            place: head.place.clone(),
            upload: head.upload,
            folder: head.folder.clone(),
            name: head.name.clone(),
            local: now.local.as_ref().unwrap_or(&head.local).display().to_string(),
            state: now.state,
            bytes: meter.bytes(),
            total: now.total,
            files: meter.files(),
            total_files: now.total_files,
            rate,
            left_out: meter.count_left_out(),
            begun: self.begun,
            ended: now.ended,
            failure: now.failure,
        }
    }
}

impl Engine {
    /// Every transfer since Slipway was opened, live.
    pub fn live_transfers(&self) -> Live<FileTransfer> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let transfers = &engine.transfers;
            let mut news = transfers.news.subscribe();
            loop {
                news.mark_unchanged();
                if !sender.replace(transfers.rows(), Some(Trust::Live)).await {
                    return;
                }
                tokio::time::sleep(TELL_EVERY).await;
                // What moves has news by itself.
                if !transfers.is_moving() && news.changed().await.is_err() {
                    return;
                }
            }
        })
    }

    /// Ends a transfer. Nothing of it is left under its name.
    pub fn transfer_stop(&self, id: &str) -> Result<()> {
        let transfer = self.transfers.get(id)?;
        transfer.stop.cancel();
        if transfer.is(&TransferState::Taken) {
            self.transfers.end(&transfer, Err(Error::Stopped));
        }
        self.transfers.tell();
        Ok(())
    }

    /// Where a file or folder lies that was brought here.
    ///
    /// # Errors
    /// `NotFound` where it has brought nothing, or that is gone.
    pub fn file_brought(&self, id: &str) -> Result<PathBuf> {
        let path = self.transfers.get(id)?.brought().ok_or_else(|| Error::not_found("file", ""))?;
        if path.symlink_metadata().is_err() {
            return Err(Error::not_found("file", &path.display().to_string()));
        }
        Ok(path)
    }

    /// Takes one that has ended off the list.
    pub fn transfer_forget(&self, id: &str) -> Result<()> {
        if lock(&self.transfers.get(id)?.now).state.ended() {
            self.transfers.forget(id);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(order: Uuid, name: &str) -> Head {
        Head {
            place: PodPlace { group: "g".into(), pod: "p".to_owned(), container: "app".to_owned() },
            order,
            upload: true,
            is_folder: false,
            folder: RemotePath::new("/tmp"),
            name: RemotePath::new(name),
            local: name.into(),
        }
    }

    fn done() -> Outcome {
        Outcome::Done { compared: Compared::Digest, changed: 0, said: String::new(), path: None }
    }

    fn names(rows: Option<Vec<FileTransfer>>) -> Option<Vec<String>> {
        Some(rows?.iter().map(|row| row.name.to_text()).collect())
    }

    #[test]
    fn an_order_ends_once_when_none_of_it_moves_any_more() {
        let transfers = Transfers::default();
        let order = Uuid::new_v4();
        let [a, b, c] = ["a", "b", "c"].map(|name| transfers.add(head(order, name)));
        let other = transfers.add(head(Uuid::new_v4(), "other"));
        assert_eq!(transfers.end(&c, Err(Error::Special { path: "c".to_owned() })), None);
        assert_eq!(names(transfers.end(&other, Ok(done()))), Some(vec!["other".to_owned()]));
        assert_eq!(transfers.end(&a, Ok(Outcome::Taken)), None);
        let rows = transfers.end(&b, Ok(done())).expect("none of it moves");
        let states: Vec<_> = rows.iter().map(|row| (row.name.to_text(), row.state == TransferState::Failed)).collect();
        assert_eq!(states, [("a".to_owned(), false), ("b".to_owned(), false), ("c".to_owned(), true)]);
        // It waited for a person, and goes on with their word.
        a.set(TransferState::Waiting);
        assert!(transfers.end(&a, Ok(done())).is_some());
    }

    #[test]
    fn who_ends_the_last_of_an_order_is_not_told_of_it() {
        let transfers = Transfers::default();
        let order = Uuid::new_v4();
        let [a, b] = ["a", "b"].map(|name| transfers.add(head(order, name)));
        assert_eq!(transfers.end(&a, Ok(done())), None);
        b.stop.cancel();
        assert_eq!(transfers.end(&b, Err(Error::Stopped)), None);
    }

    #[test]
    fn only_what_was_brought_here_and_is_there_lies_anywhere() {
        let folder = tempfile::tempdir().expect("a folder");
        let transfers = Transfers::default();
        let transfer = transfers.add(Head { upload: false, ..head(Uuid::new_v4(), "a") });
        assert_eq!(transfer.brought(), None, "it is under way");
        let path = Some(folder.path().join("a"));
        let compared = Compared::Size;
        transfers.end(&transfer, Ok(Outcome::Done { compared, changed: 0, said: String::new(), path: path.clone() }));
        assert_eq!(transfer.brought(), path);
        let put = transfers.add(head(Uuid::new_v4(), "b"));
        transfers.end(&put, Ok(done()));
        assert_eq!(put.brought(), None, "an upload brings nothing");
    }
}
