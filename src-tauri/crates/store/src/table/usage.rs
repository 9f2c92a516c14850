//! What pods used, as it was measured.

use crate::database::{Failure, Reader, Writer};
use crate::tag;
use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use slipway_model::id::GroupId;
use slipway_model::usage::{PodSample, SAMPLE_EVERY, SAMPLES_DENSE, SAMPLES_KEPT, SAMPLES_THIN, VersionSample};

pub(crate) const V8: &str = "CREATE TABLE usage (
    group_id TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    pod TEXT NOT NULL,
    version TEXT NOT NULL,
    ready INTEGER NOT NULL,
    restarts INTEGER NOT NULL,
    oom_kills INTEGER NOT NULL,
    -- Both NULL without a figure of the metrics API.
    cpu_milli INTEGER,
    memory_bytes INTEGER,
    PRIMARY KEY (group_id, at_ms, pod)
) STRICT, WITHOUT ROWID;
CREATE INDEX usage_at ON usage (at_ms);";

const OF_VERSIONS: &str =
    "SELECT at_ms, version, count(*), sum(ready), sum(restarts), sum(oom_kills), count(cpu_milli),
        coalesce(sum(cpu_milli), 0), coalesce(sum(memory_bytes), 0)
    FROM usage WHERE group_id = ?1 AND at_ms BETWEEN ?2 AND ?3 GROUP BY at_ms, version ORDER BY at_ms, version";

const BY_POD: &str =
    "SELECT (at_ms - ?2) / ?4 AS stretch, pod, version, min(at_ms), CAST(round(avg(cpu_milli)) AS INTEGER),
        CAST(round(avg(memory_bytes)) AS INTEGER), min(restarts), max(restarts), max(oom_kills)
    FROM usage WHERE group_id = ?1 AND at_ms BETWEEN ?2 AND ?3 GROUP BY stretch, pod ORDER BY stretch, pod";

/// What one pod used in one stretch of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PodStretch {
    /// Time of the first sample in it.
    pub first: Timestamp,
    pub pod: String,
    /// Label of the release that made it; empty for one that none made.
    pub version: String,
    /// Means; `None` without a figure.
    pub cpu_milli: Option<u32>,
    pub memory_bytes: Option<u64>,
    /// At the first sample in it, and at the last.
    pub restarts_before: u32,
    pub restarts: u32,
    pub oom_kills: u32,
}

/// `SQLite` has signed numbers; none of these was written negative.
fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}

impl Reader<'_> {
    /// Sums by time and version, from the first of a time on to the last of another.
    pub fn usage(&self, group: &GroupId, from: Timestamp, to: Timestamp) -> Result<Vec<VersionSample>, Failure> {
        let mut query = self.connection.prepare_cached(OF_VERSIONS)?;
        let rows = query.query_map(params![group.as_str(), from.as_millisecond(), to.as_millisecond()], |row| {
            Ok(VersionSample {
                at: Timestamp::from_millisecond(row.get(0)?).unwrap_or_default(),
                version: row.get(1)?,
                pods: row.get(2)?,
                ready: row.get(3)?,
                restarts: row.get(4)?,
                oom_kills: row.get(5)?,
                measured: row.get(6)?,
                cpu_milli: unsigned(row.get(7)?),
                memory_bytes: unsigned(row.get(8)?),
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }
}

impl Reader<'_> {
    /// By stretches of `step` from `from` on, then by pod.
    pub fn usage_by_pod(
        &self,
        group: &GroupId,
        from: Timestamp,
        to: Timestamp,
        step: SignedDuration,
    ) -> Result<Vec<PodStretch>, Failure> {
        let mut query = self.connection.prepare_cached(BY_POD)?;
        let step = i64::try_from(step.as_millis()).unwrap_or(i64::MAX).max(1);
        let asked = params![group.as_str(), from.as_millisecond(), to.as_millisecond(), step];
        let rows = query.query_map(asked, |row| {
            Ok(PodStretch {
                pod: row.get(1)?,
                version: row.get(2)?,
                first: Timestamp::from_millisecond(row.get(3)?).unwrap_or_default(),
                cpu_milli: row.get(4)?,
                memory_bytes: row.get::<_, Option<i64>>(5)?.map(unsigned),
                restarts_before: row.get(6)?,
                restarts: row.get(7)?,
                oom_kills: row.get(8)?,
            })
        })?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Names of the pods of one version that were measured.
    pub fn measured_pods(&self, group: &GroupId, version: &str) -> Result<Vec<String>, Failure> {
        let mut query =
            self.connection.prepare_cached("SELECT DISTINCT pod FROM usage WHERE group_id = ?1 AND version = ?2")?;
        let pods = query.query_map(params![group.as_str(), version], |row| row.get(0))?;
        Ok(pods.collect::<Result<_, _>>()?)
    }
}

impl Writer<'_> {
    /// Keeps what was measured of a group's pods; thins out and lets go of what is old, of any group.
    pub fn put_usage(&mut self, group: &GroupId, at: Timestamp, samples: &[PodSample]) -> Result<(), Failure> {
        let last: Option<i64> =
            self.connection.prepare_cached("SELECT max(at_ms) FROM usage")?.query_row([], |row| row.get(0))?;
        let mut insert = self.connection.prepare_cached(
            "INSERT OR REPLACE INTO usage (group_id, at_ms, pod, version, ready, restarts, oom_kills, cpu_milli, memory_bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?;
        for sample in samples {
            insert.execute(params![
                group.as_str(),
                at.as_millisecond(),
                sample.pod,
                sample.version,
                sample.ready,
                sample.restarts,
                sample.oom_kills,
                sample.cpu_milli,
                sample.memory_bytes.map(|bytes| i64::try_from(bytes).unwrap_or(i64::MAX)),
            ])?;
        }
        let old = (at - SAMPLES_KEPT).as_millisecond();
        self.connection.prepare_cached("DELETE FROM usage WHERE at_ms < ?1")?.execute([old])?;
        // What came of age since the samples before these.
        let dense = i64::try_from(SAMPLES_DENSE.as_millis()).unwrap_or(i64::MAX);
        let aged = [last.map_or(0, |last| last - dense), at.as_millisecond() - dense];
        let [thin, every] =
            [SAMPLES_THIN, SAMPLE_EVERY].map(|span| i64::try_from(span.as_millis()).unwrap_or(i64::MAX));
        self.connection
            .prepare_cached("DELETE FROM usage WHERE at_ms >= ?1 AND at_ms < ?2 AND at_ms % ?3 >= ?4")?
            .execute(params![aged[0], aged[1], thin, every])?;
        self.touch(tag::usage(group));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::testing::{plan, store, tags_of};

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + second).expect("a time")
    }

    fn pod(pod: &str, version: &str, cpu_milli: Option<u32>) -> PodSample {
        let memory_bytes = cpu_milli.map(|cpu| u64::from(cpu) << 20);
        PodSample {
            pod: pod.into(),
            version: version.into(),
            ready: true,
            restarts: 1,
            oom_kills: 0,
            cpu_milli,
            memory_bytes,
        }
    }

    #[tokio::test]
    async fn pods_are_summed_by_version_and_old_samples_go() {
        let (_folder, store) = store().await;
        let (group, other) = (GroupId::from("prod"), GroupId::from("other"));
        let (of, samples) =
            (group.clone(), [pod("a", "r4", Some(100)), pod("b", "r4", None), pod("c", "r5", Some(70))]);
        let told = tags_of(&store, move |w| w.put_usage(&of, at(0), &samples)).await;
        assert_eq!(told, [tag::usage(&group)]);
        assert!(!told[0].as_str().starts_with(tag::group(&group).as_str()), "who reads the group is not told");
        store.write(move |w| w.put_usage(&other, at(0), &[pod("a", "r1", None)])).await.expect("written");
        let of = group.clone();
        let read = async |from, to| {
            let of = of.clone();
            store.read(move |r| r.usage(&of, at(from), at(to))).await.expect("read")
        };
        let told: Vec<_> = read(0, 0)
            .await
            .into_iter()
            .map(|sum| (sum.version, sum.pods, sum.ready, sum.restarts, sum.measured, sum.cpu_milli, sum.memory_bytes))
            .collect();
        assert_eq!(told, [("r4".into(), 2, 2, 2, 1, 100, 100 << 20), ("r5".into(), 1, 1, 1, 1, 70, 70 << 20)]);
        let of = group.clone();
        assert_eq!(store.read(move |r| r.measured_pods(&of, "r4")).await.expect("read"), ["a", "b"]);
        let of = group.clone();
        store.write(move |w| w.put_usage(&of, at(7 * 86_400 + 1), &[])).await.expect("written");
        assert_eq!(read(0, 700_000).await, []);
        let steps = store.read(|r| plan(r, OF_VERSIONS)).await.expect("a plan");
        assert!(steps.iter().any(|step| step.contains("PRIMARY KEY")), "{steps:?}");
    }

    #[tokio::test]
    async fn pods_are_told_by_stretches_and_what_is_a_day_old_is_thinned_out() {
        let (_folder, store) = store().await;
        let group = GroupId::from("prod");
        let put = async |second: i64, samples: Vec<PodSample>| {
            let of = group.clone();
            store.write(move |w| w.put_usage(&of, at(second), &samples)).await.expect("written");
        };
        // At a whole five minutes, so that all of a stretch lie in it.
        let begin = 100;
        for number in 0..40_u32 {
            let restarts = if number < 30 { 1 } else { 3 };
            let sample = PodSample { restarts, ..pod("a", "r4", Some(100 + number)) };
            put(begin + i64::from(number) * 15, vec![sample, pod("b", "r4", None)]).await;
        }
        let read = async || {
            let of = group.clone();
            let step = SignedDuration::from_mins(5);
            store.read(move |r| r.usage_by_pod(&of, at(begin), at(begin + 3_600), step)).await.expect("read")
        };
        let told: Vec<_> = read()
            .await
            .into_iter()
            .map(|one| {
                (one.pod, one.cpu_milli, one.restarts_before, one.restarts, one.first.as_second() - 1_700_000_000)
            })
            .collect();
        let of = |pod: &str, cpu, before, restarts, second| (pod.to_owned(), cpu, before, restarts, begin + second);
        assert_eq!(
            told,
            [
                of("a", Some(110), 1, 1, 0),
                of("b", None, 1, 1, 0),
                of("a", Some(130), 1, 3, 300),
                of("b", None, 1, 1, 300),
            ]
        );
        put(86_400 + 1_000, vec![]).await;
        let left: Vec<_> = read().await.into_iter().map(|one| (one.pod, one.cpu_milli)).collect();
        let of = |pod: &str, cpu| (pod.to_owned(), cpu);
        assert_eq!(left, [of("a", Some(100)), of("b", None), of("a", Some(120)), of("b", None)]);
        let steps = store.read(|r| plan(r, BY_POD)).await.expect("a plan");
        assert!(steps.iter().any(|step| step.contains("PRIMARY KEY")), "{steps:?}");
    }
}
