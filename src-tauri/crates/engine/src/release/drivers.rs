//! The tasks that drive something on this computer, one for each of it at most.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::task::JoinHandle;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};

/// The running drivers of this computer, by what they drive.
#[derive(Debug)]
pub struct Drivers<Id> {
    running: Mutex<HashMap<Id, JoinHandle<()>>>,
    /// Also those that another has taken the place of.
    all: TaskTracker,
}

impl<Id> Default for Drivers<Id> {
    fn default() -> Self {
        Self { running: Mutex::default(), all: TaskTracker::new() }
    }
}

impl<Id: Eq + Hash> Drivers<Id> {
    pub(super) fn start(&self, id: Id, run: impl Future<Output = ()> + Send + 'static) {
        let mut drivers = self.lock();
        if self.all.is_closed() {
            return;
        }
        if let Some(before) = drivers.insert(id, self.all.spawn(run)) {
            before.abort();
        }
    }

    /// Runs once the one before has ended by itself.
    pub(super) fn start_after(&self, id: Id, run: impl Future<Output = ()> + Send + 'static) {
        let mut drivers = self.lock();
        if self.all.is_closed() {
            return;
        }
        // It ends with the one that waits for it.
        let before = drivers.remove(&id).map(AbortOnDropHandle::new);
        let run = async move {
            if let Some(before) = before {
                // Ended in whatever way, it is over.
                let _ = before.await;
            }
            run.await;
        };
        drivers.insert(id, self.all.spawn(run));
    }

    /// Ends one driver and waits until it has let go.
    pub(super) async fn halt(&self, id: &Id) {
        let driver = self.lock().remove(id);
        if let Some(driver) = driver {
            driver.abort();
            // Aborted or finished, it is over.
            let _ = driver.await;
        }
    }

    /// Ends all, and none begins any more; what moves in a cluster goes on there, and is driven on at the next start.
    pub(crate) async fn stop(&self) {
        {
            let mut drivers = self.lock();
            self.all.close();
            drivers.drain().for_each(|(_, driver)| driver.abort());
        }
        self.all.wait().await;
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, JoinHandle<()>>> {
        let mut drivers = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        drivers.retain(|_, driver| !driver.is_finished());
        drivers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn one_that_waits_for_another_ends_with_it() {
        let drivers = Drivers::default();
        let held = Arc::new(());
        for _ in 0..3 {
            let held = held.clone();
            drivers.start_after("train", async move {
                std::future::pending::<()>().await;
                drop(held);
            });
            // The first of them is under way.
            tokio::task::yield_now().await;
        }
        drivers.stop().await;
        assert_eq!(Arc::strong_count(&held), 1, "none is left");
        drivers.start("late", async move { drop(held.clone()) });
        assert!(drivers.lock().is_empty(), "none begins");
    }
}
