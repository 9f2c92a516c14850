//! One writer, several readers, and who hears of a change.

use crate::error::StoreError;
use crate::opening;
use crate::table;
use crate::tag::Tag;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// Connections kept open for reading: more queries than this at once wait for nothing but a new connection.
const READERS_KEPT: usize = 4;
/// Changes that a slow listener may be behind before it is told that it missed some.
const CHANGES_KEPT: usize = 256;

/// The database of one data folder. A cheap clone.
#[derive(Clone, Debug)]
pub struct Store(Arc<Inner>);

struct Inner {
    path: PathBuf,
    writer: Mutex<Option<Connection>>,
    readers: Mutex<Vec<Connection>>,
    changes: broadcast::Sender<Changes>,
    #[cfg(any(test, feature = "sample"))]
    reads: std::sync::atomic::AtomicU64,
}

/// The result of opening a folder.
#[derive(Debug)]
pub struct Opened {
    pub store: Store,
    /// Where a corrupt database was put; the one that is open now was begun anew.
    pub set_aside: Option<PathBuf>,
}

/// The tags that one transaction changed. `seq` rises with every transaction of this folder.
#[derive(Clone, Debug)]
pub struct Changes {
    pub seq: i64,
    pub tags: Vec<Tag>,
}

/// A consistent view for one read. The queries stand with their tables.
#[derive(Debug)]
pub struct Reader<'a> {
    pub(crate) connection: &'a Connection,
}

/// One transaction. Also reads.
#[derive(Debug)]
pub struct Writer<'a> {
    reader: Reader<'a>,
    tags: BTreeSet<Tag>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;

    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl Writer<'_> {
    /// Notes that what `tag` names has changed.
    pub(crate) fn touch(&mut self, tag: Tag) {
        self.tags.insert(tag);
    }
}

/// What a query or a write failed with, before the operation around it names itself.
#[derive(Debug)]
pub enum Failure {
    Sqlite(rusqlite::Error),
    Store(StoreError),
}

impl From<rusqlite::Error> for Failure {
    fn from(error: rusqlite::Error) -> Self {
        Self::Sqlite(error)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

impl Failure {
    fn at(self, operation: &'static str, path: &Path) -> StoreError {
        match self {
            Self::Sqlite(source) => StoreError::sqlite(operation, path, source),
            Self::Store(error) => error,
        }
    }
}

impl Store {
    /// Opens or makes the database of a folder. A file of a newer version is refused untouched; a corrupt one is set
    /// aside, named, and a new one begun.
    pub async fn open(folder: &Path) -> Result<Opened, StoreError> {
        let folder = folder.to_owned();
        off_thread(move || {
            let (path, connection, set_aside) = opening::open(&folder)?;
            let (changes, _) = broadcast::channel(CHANGES_KEPT);
            let inner = Inner {
                path,
                writer: Mutex::new(Some(connection)),
                readers: Mutex::default(),
                changes,
                #[cfg(any(test, feature = "sample"))]
                reads: std::sync::atomic::AtomicU64::default(),
            };
            Ok(Opened { store: Self(Arc::new(inner)), set_aside })
        })
        .await
    }

    /// Runs a read on a connection of its own.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Reader<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.0.clone();
        off_thread(move || inner.read(read)).await
    }

    /// Runs a write as one transaction and publishes the tags that it touched.
    pub async fn write<T: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Writer<'_>) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, StoreError> {
        let inner = self.0.clone();
        off_thread(move || inner.write(write)).await
    }

    /// The same for a write that may take itself back: with an `Err` inside, nothing of it is written.
    pub async fn try_write<T: Send + 'static, U: Send + 'static>(
        &self,
        write: impl FnOnce(&mut Writer<'_>) -> Result<Result<T, U>, Failure> + Send + 'static,
    ) -> Result<Result<T, U>, StoreError> {
        let inner = self.0.clone();
        off_thread(move || inner.watched(inner.transact(write))).await
    }

    /// Tags as they change, from now on.
    pub fn changes(&self) -> broadcast::Receiver<Changes> {
        self.0.changes.subscribe()
    }

    /// Publishes tags of what is not stored, so that windows ask again.
    pub fn announce(&self, tags: Vec<Tag>) {
        // Nobody listens when no window is open.
        let _ = self.0.changes.send(Changes { seq: 0, tags });
    }

    /// How often it was read so far.
    #[cfg(any(test, feature = "sample"))]
    pub fn reads(&self) -> u64 {
        self.0.reads.load(std::sync::atomic::Ordering::Relaxed)
    }

    /// Ends the writer: later writes are refused.
    pub async fn close(&self) {
        let inner = self.0.clone();
        let closed = tokio::task::spawn_blocking(move || {
            inner.readers().clear();
            // The last connection to close takes what the -wal holds into the file.
            inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        });
        if let Err(error) = closed.await {
            tracing::warn!(%error, "the store did not close in order");
        }
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Inner {
    fn read<T>(&self, read: impl FnOnce(&Reader<'_>) -> Result<T, Failure>) -> Result<T, StoreError> {
        #[cfg(any(test, feature = "sample"))]
        self.reads.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let kept = self.readers().pop();
        let connection = match kept {
            Some(connection) => connection,
            None => opening::connect(&self.path, OpenFlags::SQLITE_OPEN_READ_ONLY)?,
        };
        let answer = {
            let failed = |source| StoreError::sqlite("read from the database", &self.path, source);
            let transaction = connection.unchecked_transaction().map_err(failed)?;
            read(&Reader { connection: &transaction })
                .map_err(|failure| failure.at("read from the database", &self.path))
        };
        let mut readers = self.readers();
        if readers.len() < READERS_KEPT {
            readers.push(connection);
        }
        drop(readers);
        self.watched(answer)
    }

    fn write<T>(&self, write: impl FnOnce(&mut Writer<'_>) -> Result<T, Failure>) -> Result<T, StoreError> {
        let answer = self.transact(|w| write(w).map(Ok::<T, Infallible>));
        self.watched(answer.map(|Ok(answer)| answer))
    }

    fn transact<T, U>(
        &self,
        write: impl FnOnce(&mut Writer<'_>) -> Result<Result<T, U>, Failure>,
    ) -> Result<Result<T, U>, StoreError> {
        let failed = |source| StoreError::sqlite("write to the database", &self.path, source);
        // A write that panicked was rolled back by its transaction: the connection is sound.
        let mut guard = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let connection = guard.as_mut().ok_or(StoreError::Closed)?;
        let transaction = Transaction::new(connection, TransactionBehavior::Immediate).map_err(failed)?;
        let (answer, tags, seq) = {
            let mut writer = Writer { reader: Reader { connection: &transaction }, tags: BTreeSet::new() };
            let written = write(&mut writer).map_err(|failure| failure.at("write to the database", &self.path))?;
            let answer = match written {
                Ok(answer) => answer,
                // Dropped, a transaction is rolled back.
                Err(taken_back) => return Ok(Err(taken_back)),
            };
            let tags: Vec<Tag> = writer.tags.into_iter().collect();
            let seq = table::change::append(&transaction, &tags).map_err(failed)?;
            (answer, tags, seq)
        };
        transaction.commit().map_err(failed)?;
        if !tags.is_empty() {
            // Nobody listens when no window is open.
            let _ = self.changes.send(Changes { seq, tags });
        }
        Ok(Ok(answer))
    }

    /// A file found damaged in use is looked through at the next opening.
    fn watched<T>(&self, answer: Result<T, StoreError>) -> Result<T, StoreError> {
        if answer.as_ref().is_err_and(StoreError::is_damage) {
            opening::suspect(&self.path);
        }
        answer
    }

    fn readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(answer) => answer,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(StoreError::Closed),
    }
}
