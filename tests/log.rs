//! An open log, read as the window reads it.

use crate::ground::PATIENCE;
use anyhow::{Context, Result, bail};
use slipway_engine::Engine;
use slipway_engine::live::{Live, Trust};
use slipway_engine::log::{
    LogFrom, LogLine, LogLive, LogMark, LogOf, LogPart, LogPartState, LogRead, LogRow, LogSource,
};
use slipway_model::id::GroupId;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

/// Rows that are asked for in one go.
const PAGE: u32 = 1_000;

/// A log, and what its feed has said of it.
#[derive(Debug)]
pub struct OpenLog {
    engine: Engine,
    pub name: String,
    live: Live<LogRow>,
    pub log: Option<LogLive>,
    pub parts: BTreeMap<u16, LogPart>,
    pub trust: Option<Trust>,
}

/// From the beginning.
pub fn source(group: &GroupId, of: LogOf) -> LogSource {
    LogSource { group: group.clone(), of, previous: false, from: LogFrom::Beginning }
}

impl OpenLog {
    pub fn new(engine: &Engine, source: LogSource) -> Self {
        static NAMES: AtomicU32 = AtomicU32::new(0);
        let name = format!("log {}", NAMES.fetch_add(1, Ordering::Relaxed));
        let live = engine.live_log(name.clone(), source);
        Self { engine: engine.clone(), name, live, log: None, parts: BTreeMap::new(), trust: None }
    }

    /// Waits until what the feed says fits.
    pub async fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) -> Result<()> {
        let wait = async {
            while !holds(self) {
                let Some(update) = self.live.next().await else { bail!("the log has ended") };
                self.trust = update.trust.or(self.trust.take());
                for row in update.upserts {
                    match row {
                        LogRow::Log(log) => self.log = Some(log),
                        LogRow::Part(part) => drop(self.parts.insert(part.source, part)),
                    }
                }
            }
            Ok(())
        };
        let waited = tokio::time::timeout(PATIENCE, wait).await;
        waited.with_context(|| format!("{what}: {:?} {:?} {:?}", self.log, self.parts, self.trust))?
    }

    pub fn end(&self) -> u64 {
        self.log.as_ref().map_or(0, |log| log.end)
    }

    /// Whether nothing more comes of any container, unless it begins again.
    pub fn has_ended(&self) -> bool {
        let over = |part: &LogPart| matches!(part.state, LogPartState::Ended | LogPartState::Waiting { .. });
        self.end() > 0 && self.parts.values().all(over)
    }

    /// Everything that is there now.
    pub async fn lines(&self) -> Result<Vec<LogLine>> {
        let (mut from, mut all) = (0, Vec::new());
        loop {
            let read = LogRead { log: self.name.clone(), from, count: PAGE, found: false, whole: true };
            let rows = self.engine.log_rows(read).await?.rows;
            let Some(last) = rows.last() else { return Ok(all) };
            from = last.number + 1;
            all.extend(rows);
        }
    }

    /// The text of the lines of each container, and what was said between them.
    pub async fn by_part(&self) -> Result<BTreeMap<u16, Vec<Said>>> {
        let mut parts: BTreeMap<u16, Vec<Said>> = BTreeMap::new();
        for line in self.lines().await? {
            parts.entry(line.source).or_default().push(line.mark.map_or(Said::Line(line.text), Said::Mark));
        }
        Ok(parts)
    }
}

#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    Line(String),
    Mark(LogMark),
}

/// The numbers that the demo server writes, a count a run: `… line 00000042 …`.
pub fn numbers(said: &[Said]) -> Vec<u64> {
    let number = |said: &Said| match said {
        Said::Line(text) => text.split_once(" line ")?.1.get(..8)?.parse().ok(),
        Said::Mark(_) => None,
    };
    said.iter().filter_map(number).collect()
}
