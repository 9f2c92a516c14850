//! Feeds: live rows. A snapshot, then deltas; on a gap in `seq` the window resubscribes.

use crate::error::ApiError;
use futures::StreamExt;
use futures::stream::{self, BoxStream};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
pub use slipway_engine::change::ChangeRow;
use slipway_engine::instance::{InstanceQuery, PodOf};
use slipway_engine::live::{Live, Row, Trust, Update};
use slipway_engine::log::LogSource;
use slipway_model::id::{AppId, GroupId, ReleaseId};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};
use ts_rs::TS;

/// Between two messages, so that there are twenty a second at most.
const PACE: Duration = Duration::from_millis(50);
/// Changes that belong together come one after the other: what follows the first one this soon goes with it, also after a
/// quiet time.
const GATHER: Duration = Duration::from_millis(5);

/// What can be subscribed to, and the type of its rows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Topic {
    /// Tags that changed, of every window: `ChangeRow`.
    Changes,
    /// What to tell somebody who looks elsewhere, from now on: `NotificationRow`.
    Notifications,
    /// `ClusterLive`
    Clusters,
    /// `GroupLive` of every group of an app.
    Groups { app: AppId },
    /// `BalancerLive` of every load balancer of an app.
    Balancers { app: AppId },
    /// `Instance`
    Instances { group: GroupId },
    /// `InstanceLine`: those in sight, and a summary of all.
    InstanceList { group: GroupId, query: InstanceQuery },
    /// One `PodDetail`.
    Pod { of: PodOf },
    /// `EventFact` of the group's objects.
    Events { group: GroupId },
    /// `LogRow`: opens a log under a name of the window's own, and closes it with the feed.
    Log { log: String, source: LogSource },
    /// `TransferRow`: files on their way to and from containers.
    Transfers,
    /// One `DragRow`.
    Drag,
    /// `ForwardRow` of every forward that is open.
    ForwardList,
    /// One `ReleaseView`.
    Release { release: ReleaseId },
}

/// A message of a feed. `seq` starts at 0 with the snapshot and rises by one.
#[derive(Clone, Debug, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FeedMessage {
    Snapshot {
        seq: u32,
        #[ts(type = "unknown[]")]
        rows: Vec<serde_json::Value>,
        #[ts(type = "string")]
        as_of: Timestamp,
        state: FeedState,
    },
    Delta {
        seq: u32,
        #[ts(type = "unknown[]")]
        upserts: Vec<serde_json::Value>,
        removes: Vec<String>,
        #[ts(type = "string")]
        as_of: Timestamp,
        state: FeedState,
    },
}

/// How much the rows can be believed.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum FeedState {
    /// The first list is not complete: no row does not mean none.
    Loading,
    Live,
    /// The rows are what was last known.
    Stale {
        #[ts(type = "string")]
        since: Timestamp,
        #[ts(type = "string | null")]
        retry_at: Option<Timestamp>,
        reason: String,
    },
    Error {
        error: ApiError,
    },
}

impl From<Trust> for FeedState {
    fn from(trust: Trust) -> Self {
        match trust {
            Trust::Loading => Self::Loading,
            Trust::Live => Self::Live,
            Trust::Stale { since, retry_at, reason } => Self::Stale { since, retry_at, reason },
            Trust::Failed(error) => Self::Error { error: error.into() },
        }
    }
}

/// Messages of a live view: a snapshot of what is known first, then what changed, at most twenty times a second.
pub(crate) fn messages<R: Row + Serialize>(live: Live<R>) -> BoxStream<'static, FeedMessage> {
    messages_as(live, |row| row)
}

/// The same with each row as the window knows it.
pub(crate) fn messages_as<R: Row, S: Serialize + 'static>(
    live: Live<R>,
    shown: fn(R) -> S,
) -> BoxStream<'static, FeedMessage> {
    let begin = Feed { live, shown, seq: 0, state: FeedState::Loading, sent: None };
    stream::unfold(Some(begin), |feed| async move { feed?.next().await }).boxed()
}

struct Feed<R, S> {
    live: Live<R>,
    shown: fn(R) -> S,
    seq: u32,
    state: FeedState,
    /// When the message before was.
    sent: Option<Instant>,
}

impl<R: Row, S: Serialize> Feed<R, S> {
    async fn next(mut self) -> Option<(FeedMessage, Option<Self>)> {
        let mut gathered = Gathered::default();
        let mut open = match self.live.next().await {
            Some(update) => {
                self.take(update, &mut gathered);
                true
            }
            None => return None,
        };
        let deadline = due(Instant::now(), self.sent, self.state != FeedState::Loading);
        while open {
            match timeout_at(deadline, self.live.next()).await {
                Ok(Some(update)) => self.take(update, &mut gathered),
                Ok(None) => open = false,
                Err(_) => break,
            }
        }
        let (as_of, state, seq) = (Timestamp::now(), self.state.clone(), self.seq);
        let (upserts, removes) = gathered.split();
        let message = if seq == 0 {
            FeedMessage::Snapshot { seq, rows: upserts, as_of, state }
        } else {
            FeedMessage::Delta { seq, upserts, removes, as_of, state }
        };
        self.seq += 1;
        self.sent = Some(Instant::now());
        Some((message, open.then_some(self)))
    }

    fn take(&mut self, update: Update<R>, gathered: &mut Gathered) {
        if let Some(trust) = update.trust {
            self.state = trust.into();
        }
        for id in update.removes {
            gathered.0.insert(id, None);
        }
        for row in update.upserts {
            // A row that cannot be written is a bug of ours; leaving it out would be a lie, so it is shown as it is named.
            let id = row.id().to_owned();
            let value = serde_json::to_value((self.shown)(row)).unwrap_or_else(|error| error.to_string().into());
            gathered.0.insert(id, Some(value));
        }
    }
}

/// When a message is sent whose first change comes now: never postponed by those that follow. `whole`: of what is known,
/// nothing is missing.
fn due(now: Instant, sent: Option<Instant>, whole: bool) -> Instant {
    match sent {
        Some(sent) => (now + GATHER).max(sent + PACE),
        // Who opens a feed waits for its first picture.
        None if whole => now,
        None => now + PACE,
    }
}

/// The last word on each row since the message before.
#[derive(Default)]
struct Gathered(BTreeMap<String, Option<serde_json::Value>>);

impl Gathered {
    fn split(self) -> (Vec<serde_json::Value>, Vec<String>) {
        let (mut upserts, mut removes) = (Vec::new(), Vec::new());
        for (id, row) in self.0 {
            match row {
                Some(row) => upserts.push(row),
                None => removes.push(id),
            }
        }
        (upserts, removes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_after_a_quiet_time_is_told_at_once_and_many_twenty_times_a_second() {
        let now = Instant::now();
        assert_eq!(due(now, None, true), now);
        assert_eq!(due(now, None, false), now + PACE);
        assert_eq!(due(now, now.checked_sub(PACE * 10), true), now + GATHER);
        assert_eq!(due(now, Some(now), true), now + PACE);
        assert_eq!(due(now + PACE / 2, Some(now), true), now + PACE);
    }
}
