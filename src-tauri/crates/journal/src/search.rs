//! A search: from one line outwards over all that is there, then over what comes.

use crate::query::{Choice, Pattern};
use crate::ring::Journal;
use crate::unit::Unit;
use grep_searcher::{Searcher, SearcherBuilder, Sink, SinkMatch};
use roaring::RoaringTreemap;
use std::collections::BTreeMap;
use std::io;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

/// The numbers of all lines that are found. What is found stays small, also where every line is.
#[derive(Debug)]
pub struct Search {
    journal: Journal,
    pattern: Option<Pattern>,
    choice: Choice,
    /// Lines before and after one that is found which are shown with it.
    context: u64,
    state: Mutex<State>,
    stopped: AtomicBool,
}

#[derive(Debug)]
struct State {
    found: RoaringTreemap,
    /// With their context.
    shown: RoaringTreemap,
    /// Begin and end of what was looked at, in pieces that do not touch.
    seen: BTreeMap<u64, u64>,
    /// What is looked at next: downwards from the first, upwards from the second.
    next: (u64, u64),
    down: bool,
}

/// Lines of one piece: short ones would make a unit of half a million.
const LINES_MAX: u64 = 65_536;

/// The nearest line that is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// Its number, and which of all it is, from 1.
    Line {
        number: u64,
        ordinal: u64,
    },
    /// Not known yet: nothing is found where it was looked, and there is more.
    Searching,
    Nothing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    pub found: u64,
    /// Lines that were looked at, of those that are there.
    pub seen: u64,
    pub total: u64,
}

impl Search {
    /// Looks at nothing yet. `from`: what is near it is looked at first.
    pub fn new(journal: Journal, pattern: Option<Pattern>, choice: Choice, context: u32, from: u64) -> Self {
        let from = from.clamp(journal.first(), journal.end());
        let state = State {
            found: RoaringTreemap::new(),
            shown: RoaringTreemap::new(),
            seen: BTreeMap::new(),
            next: (from, from),
            down: true,
        };
        Self { journal, pattern, choice, context: context.into(), state: state.into(), stopped: false.into() }
    }

    pub fn pattern(&self) -> Option<&Pattern> {
        self.pattern.as_ref()
    }

    /// Looks at everything that was not looked at, up to the journal's end as it is then; `threads` share that.
    /// `step` is called after each piece, from any of them.
    ///
    /// # Errors
    /// Of the file system.
    pub fn run(&self, threads: usize, step: &(dyn Fn() + Sync)) -> io::Result<()> {
        self.forget_dropped();
        thread::scope(|scope| {
            // Little is left when lines come one by one: not worth a thread.
            let helpers = if self.left() > 100_000 { threads.saturating_sub(1) } else { 0 };
            let helpers: Vec<_> = (0..helpers).map(|_| scope.spawn(|| self.work(step))).collect();
            let own = self.work(step);
            let helped = helpers.into_iter().map(|helper| {
                helper.join().unwrap_or_else(|_| Err(io::Error::other("a thread of the search panicked")))
            });
            helped.fold(own, |all, one| all.and(one))
        })
    }

    /// Ends `run` soon.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Release);
    }

    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Acquire)
    }

    pub fn progress(&self) -> Progress {
        let (first, end) = (self.journal.first(), self.journal.end());
        let state = self.state();
        let seen = state.seen.iter().map(|(&from, &until)| until.saturating_sub(from.max(first))).sum();
        let found = state.found.len() - before(&state.found, first);
        Progress { found, seen, total: end - first }
    }

    /// Lines that are shown: those found, with their context.
    pub fn shown(&self) -> u64 {
        let (first, end) = (self.journal.first(), self.journal.end());
        let state = self.state();
        before(&state.shown, end) - before(&state.shown, first)
    }

    /// The numbers of the lines that are shown, by their place among these.
    pub fn numbers(&self, places: Range<u64>) -> Vec<u64> {
        let (first, end) = (self.journal.first(), self.journal.end());
        let state = self.state();
        let dropped = before(&state.shown, first);
        (places.start + dropped..places.end + dropped)
            .map_while(|at| state.shown.select(at))
            .take_while(|number| *number < end)
            .collect()
    }

    /// The place, among the lines that are shown, of the first one that is not before a line.
    pub fn place(&self, number: u64) -> u64 {
        let first = self.journal.first();
        let state = self.state();
        before(&state.shown, number.max(first)) - before(&state.shown, first)
    }

    /// The nearest line that is found: at `from` or behind it, or else before it.
    pub fn hit(&self, from: u64, forward: bool) -> Hit {
        let (first, end) = (self.journal.first(), self.journal.end());
        let state = self.state();
        let at = before(&state.found, from);
        let found =
            if forward { state.found.select(at) } else { at.checked_sub(1).and_then(|at| state.found.select(at)) };
        let found = found.filter(|number| (first..end).contains(number));
        let between = match (forward, found) {
            (true, found) => from.max(first)..found.unwrap_or(end),
            (false, found) => found.unwrap_or(first)..from.min(end),
        };
        if !state.has_seen(&between) {
            return Hit::Searching;
        }
        match found {
            None => Hit::Nothing,
            Some(number) => {
                Hit::Line { number, ordinal: before(&state.found, number) - before(&state.found, first) + 1 }
            }
        }
    }

    /// What the ring has dropped is found no more.
    fn forget_dropped(&self) {
        let first = self.journal.first();
        let mut state = self.state();
        state.found.remove_range(..first);
        state.shown.remove_range(..first);
    }

    fn left(&self) -> u64 {
        let progress = self.progress();
        progress.total - progress.seen.min(progress.total)
    }

    fn work(&self, step: &(dyn Fn() + Sync)) -> io::Result<()> {
        let mut unit = Unit::default();
        let mut searcher = SearcherBuilder::new().line_number(false).build();
        while !self.is_stopped() {
            let Some(piece) = self.take()? else { return Ok(()) };
            let mut from = piece.start;
            while from < piece.end {
                self.journal.load(from, piece.end, &mut unit)?;
                let looked = unit.numbers();
                if looked.is_empty() {
                    break;
                }
                let found = self.look(&unit, &mut searcher)?;
                self.state().add(looked.clone(), &found, self.context);
                from = looked.end;
            }
            // Nothing is left of what was dropped before it could be looked at.
            self.state().add(piece, &[], self.context);
            step();
        }
        Ok(())
    }

    /// The next piece to look at: down and up in turn.
    fn take(&self) -> io::Result<Option<Range<u64>>> {
        let (first, end) = (self.journal.first(), self.journal.end());
        let mut state = self.state();
        let (down, up) = state.next;
        let (down, up) = (down.max(first), up.max(first));
        let more = (down < end, first < up);
        state.down = if more.0 && more.1 { !state.down } else { more.0 };
        if !more.0 && !more.1 {
            return Ok(None);
        }
        let piece = if state.down {
            // Within one segment, as a unit is.
            down..self.journal.segment_end(down).unwrap_or(end).min(end).min(down + LINES_MAX)
        } else {
            self.journal.back(up)?.max(up.saturating_sub(LINES_MAX))..up
        };
        state.next = if state.down { (piece.end, up) } else { (down, piece.start) };
        Ok(Some(piece))
    }

    /// The lines of a unit that are looked for.
    fn look(&self, unit: &Unit, searcher: &mut Searcher) -> io::Result<Vec<u64>> {
        let first = unit.numbers().start;
        let mut found = Vec::new();
        let Some(pattern) = &self.pattern else {
            let lines = 0..u32::try_from(unit.numbers().count()).unwrap_or(u32::MAX);
            let taken = lines.filter(|at| self.choice.is_all() || self.choice.takes(&unit.record(*at)));
            return Ok(taken.map(|at| first + u64::from(at)).collect());
        };
        let mut at = 0;
        searcher.search_slice(
            pattern.matcher(),
            unit.text(),
            EachLine(|place| {
                at = unit.line_at(place, at);
                let record = unit.record(at);
                if !record.mark && self.choice.takes(&record) {
                    found.push(first + u64::from(at));
                }
            }),
        )?;
        Ok(found)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn add(&mut self, looked: Range<u64>, found: &[u64], context: u64) {
        // They rise.
        self.found.extend(found.iter().copied());
        if context == 0 {
            self.shown.extend(found.iter().copied());
        } else {
            for number in found {
                self.shown.insert_range(number.saturating_sub(context)..=number + context);
            }
        }
        let (mut from, mut until) = (looked.start, looked.end);
        while let Some((&begin, &end)) = self.seen.range(..=until).next_back() {
            if end < from {
                break;
            }
            self.seen.remove(&begin);
            (from, until) = (from.min(begin), until.max(end));
        }
        if from < until {
            self.seen.insert(from, until);
        }
    }

    fn has_seen(&self, lines: &Range<u64>) -> bool {
        lines.is_empty() || self.seen.range(..=lines.start).next_back().is_some_and(|(_, end)| *end >= lines.end)
    }
}

/// How many of a set are smaller than a number.
fn before(set: &RoaringTreemap, number: u64) -> u64 {
    number.checked_sub(1).map_or(0, |last| set.rank(last))
}

struct EachLine<F>(F);

impl<F: FnMut(u64)> Sink for EachLine<F> {
    type Error = io::Error;

    fn matched(&mut self, _: &Searcher, found: &SinkMatch<'_>) -> Result<bool, io::Error> {
        (self.0)(found.absolute_byte_offset());
        Ok(true)
    }
}
