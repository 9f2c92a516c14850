//! Lines of several containers in the order of their times.
//!
//! The next line is the oldest of those in front, once every container has one in front. One that is quiet does not hold
//! the others for long, nor does one whose node has another idea of the time. At the beginning all of them are connected
//! to: as long as one after the other answers, those that have not yet are waited for.

use std::collections::{BTreeMap, VecDeque};
use std::ops::Range;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Duration, Instant};

/// A container without a word for this long does not hold the others.
const QUIET: Duration = Duration::from_millis(250);
/// A container that does not answer at all holds the others no longer than this.
const ANSWERS_WITHIN: Duration = Duration::from_secs(3);
/// How often the pace of a container is taken, at most.
const PACE_EVERY: Duration = Duration::from_millis(100);
/// A container whose lines pass this much faster than time does is still reading what lies behind.
const CATCHING_UP: i128 = 2;
/// Bytes that are given out in one go.
const OUT_MAX: usize = 4 * 1024 * 1024;

/// Lines of one container, as they came.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) source: u16,
    pub(super) text: Vec<u8>,
    pub(super) lines: VecDeque<Line>,
    /// Room that its text takes; given back once it is out.
    pub(super) room: Option<OwnedSemaphorePermit>,
}

/// A line, and where its text is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) text: Range<usize>,
    pub(super) time: i64,
    pub(super) source: u16,
    pub(super) mark: bool,
    pub(super) tag: u8,
    pub(super) left_out: u64,
}

impl Batch {
    pub(super) fn push(&mut self, text: &[u8], line: Line) {
        let from = self.text.len();
        self.text.extend_from_slice(text);
        self.lines.push_back(Line { text: from..self.text.len(), ..line });
    }
}

/// Lines that are in order, to be written.
#[derive(Debug, Default)]
pub(super) struct Out {
    pub(super) text: Vec<u8>,
    pub(super) lines: Vec<Line>,
}

#[derive(Debug)]
struct Queue {
    batches: VecDeque<(Instant, Batch)>,
    heard: Instant,
    /// It was asked for the first time, and has not answered.
    connecting: bool,
    /// When the pace was taken, and the time of the line then.
    paced: Option<(Instant, i64)>,
    catching_up: bool,
}

impl Queue {
    fn front(&self) -> Option<(&Instant, &Line)> {
        let (came, batch) = self.batches.front()?;
        Some((came, batch.lines.front()?))
    }
}

/// The containers whose lines are under way.
#[derive(Debug, Default)]
pub(super) struct Merge {
    queues: BTreeMap<u16, Queue>,
    /// When one of those that were asked for the first time answered last.
    answered: Option<Instant>,
}

impl Merge {
    /// This container is asked for its lines.
    pub(super) fn connect(&mut self, source: u16, now: Instant) {
        let queue = Queue { batches: VecDeque::new(), heard: now, connecting: true, paced: None, catching_up: true };
        self.queues.entry(source).or_insert(queue).heard = now;
    }

    /// Lines of this container may come.
    pub(super) fn open(&mut self, source: u16, now: Instant) {
        self.connect(source, now);
        let Some(queue) = self.queues.get_mut(&source) else { return };
        if std::mem::take(&mut queue.connecting) {
            self.answered = Some(now);
        }
    }

    /// Until when what else comes of a container may be older than what others have in front; `None` when that is over.
    fn holds(&self, queue: &Queue, now: Instant) -> Option<Instant> {
        let quiet = queue.heard + QUIET;
        let until = match self.answered {
            Some(answered) if queue.connecting => (answered + QUIET).max(quiet).min(queue.heard + ANSWERS_WITHIN),
            _ => quiet,
        };
        (queue.batches.is_empty() && now < until).then_some(until)
    }

    /// Nothing more comes of it.
    pub(super) fn close(&mut self, source: u16) {
        if let Some(queue) = self.queues.get_mut(&source) {
            queue.connecting = false;
            // As if it had been quiet for long.
            queue.heard = queue.heard.checked_sub(QUIET).unwrap_or(queue.heard);
        }
    }

    /// Lines of one container, at least one.
    pub(super) fn push(&mut self, batch: Batch, now: Instant) {
        let Some(newest) = batch.lines.back().map(|line| line.time) else { return };
        self.open(batch.source, now);
        let Some(queue) = self.queues.get_mut(&batch.source) else { return };
        match queue.paced {
            Some((then, _)) if now < then + PACE_EVERY => {}
            Some((then, line_then)) => {
                let passed = i128::from(newest) - i128::from(line_then);
                let took = i128::try_from((now - then).as_nanos()).unwrap_or(i128::MAX);
                queue.catching_up = passed > took.saturating_mul(CATCHING_UP);
                queue.paced = Some((now, newest));
            }
            None => queue.paced = Some((now, newest)),
        }
        queue.batches.push_back((now, batch));
    }

    /// Gives out what is in order. Answers when to look again, unless something comes before; `now` where there is more.
    pub(super) fn drain(&mut self, now: Instant, out: &mut Out) -> Option<Instant> {
        while out.text.len() < OUT_MAX {
            let mut held_until = None;
            let mut wait_for_all = false;
            for queue in self.queues.values() {
                let Some(until) = self.holds(queue, now) else { continue };
                held_until = Some(held_until.map_or(until, |other: Instant| other.max(until)));
                wait_for_all |= queue.catching_up;
            }
            // A line that waits for containers which speak all the time goes after a while: their clocks differ.
            let may_go = |came: &Instant| held_until.is_none() || (!wait_for_all && *came + QUIET <= now);
            let oldest = self
                .queues
                .iter()
                .filter_map(|(source, queue)| queue.front().map(|(came, line)| (line.time, *source, *came)))
                .filter(|(_, _, came)| may_go(came))
                .min();
            let Some((_, source, _)) = oldest else {
                let first = self.queues.values().filter_map(Queue::front).map(|(came, _)| *came + QUIET).min();
                let free = self.queues.values().filter_map(|queue| self.holds(queue, now)).min();
                return first.and(if wait_for_all { free } else { first.min(free).or(free) });
            };
            self.give(source, out);
        }
        Some(now)
    }

    /// Gives out lines of one container as long as they stay the oldest.
    fn give(&mut self, source: u16, out: &mut Out) {
        let others = self.queues.iter().filter(|(other, _)| **other != source);
        let next = others.filter_map(|(_, queue)| queue.front().map(|(_, line)| line.time)).min();
        let Some(queue) = self.queues.get_mut(&source) else { return };
        let Some((_, batch)) = queue.batches.front_mut() else { return };
        let mut first = true;
        while let Some(line) = batch.lines.front() {
            if !first && (next.is_some_and(|next| line.time > next) || out.text.len() >= OUT_MAX) {
                return;
            }
            first = false;
            let from = out.text.len();
            out.text.extend_from_slice(&batch.text[line.text.clone()]);
            let text = from..out.text.len();
            out.lines.extend(batch.lines.pop_front().map(|line| Line { text, ..line }));
        }
        queue.batches.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const MS: i64 = 1_000_000;

    fn batch(source: u16, times: &[i64]) -> Batch {
        let mut batch = Batch { source, ..Batch::default() };
        for time in times {
            let line = Line { text: 0..0, time: *time * MS, source, mark: false, tag: 0, left_out: 0 };
            batch.push(format!("{source} {time}").as_bytes(), line);
        }
        batch
    }

    fn drained(merge: &mut Merge, now: Instant) -> (Vec<String>, Option<Instant>) {
        let mut out = Out::default();
        let again = merge.drain(now, &mut out);
        let text = |line: &Line| String::from_utf8(out.text[line.text.clone()].to_vec()).expect("text");
        (out.lines.iter().map(text).collect(), again)
    }

    fn ms(count: u64) -> Duration {
        Duration::from_millis(count)
    }

    #[test]
    fn one_waits_for_the_others_but_not_for_long() {
        let (mut merge, now) = (Merge::default(), Instant::now());
        merge.open(1, now);
        merge.open(2, now);
        merge.push(batch(1, &[10, 30]), now);
        assert_eq!(drained(&mut merge, now), (vec![], Some(now + QUIET)));
        merge.push(batch(2, &[20, 40]), now + ms(5));
        assert_eq!(drained(&mut merge, now + ms(5)).0, ["1 10", "2 20", "1 30"]);
        assert_eq!(drained(&mut merge, now + ms(100)), (vec![], Some(now + QUIET)), "1 may have more before 40");
        assert_eq!(drained(&mut merge, now + ms(251)), (vec!["2 40".to_owned()], None));
    }

    #[test]
    fn one_that_has_ended_holds_nobody() {
        let (mut merge, now) = (Merge::default(), Instant::now());
        merge.open(1, now);
        merge.open(2, now);
        merge.push(batch(1, &[10]), now);
        merge.close(2);
        assert_eq!(drained(&mut merge, now).0, ["1 10"]);
    }

    #[test]
    fn those_that_answer_one_after_the_other_are_all_waited_for() {
        let (mut merge, now) = (Merge::default(), Instant::now());
        for source in 1..=4 {
            merge.connect(source, now);
        }
        for (source, time) in [(1, 30), (2, 20), (3, 10)] {
            let at = now + ms(200 * u64::from(source));
            assert_eq!(drained(&mut merge, at).0, [""; 0], "{source} has not answered");
            merge.open(source, at);
            merge.push(batch(source, &[time]), at);
        }
        // The last one says nothing at all, and holds them no longer than any that is quiet.
        assert_eq!(drained(&mut merge, now + ms(600)), (vec![], Some(now + ms(850))));
        assert_eq!(drained(&mut merge, now + ms(851)).0, ["3 10", "2 20", "1 30"]);
    }

    #[test]
    fn one_that_never_answers_holds_nobody_for_long() {
        let (mut merge, now) = (Merge::default(), Instant::now());
        merge.connect(0, now);
        let mut at = now;
        for source in 1.. {
            at += ms(200);
            merge.connect(source, at);
            merge.open(source, at);
            merge.push(batch(source, &[source.into()]), at);
            if !drained(&mut merge, at).0.is_empty() {
                break;
            }
        }
        assert_eq!(at, now + ANSWERS_WITHIN);
    }

    /// Two that speak every 50 ms, one of them an hour ahead: nobody waits for longer than the hold.
    #[test]
    fn a_clock_that_is_off_stalls_nobody() {
        for ahead in [3_600_000, -3_600_000] {
            let (mut merge, begun) = (Merge::default(), Instant::now());
            merge.open(1, begun);
            merge.open(2, begun);
            let mut seen = Vec::new();
            for step in 0..100 {
                let now = begun + ms(step * 50);
                let time = i64::try_from(step * 50).expect("small");
                merge.push(batch(1, &[time]), now);
                merge.push(batch(2, &[time + ahead]), now + ms(25));
                for at in [now, now + ms(25)] {
                    for line in drained(&mut merge, at).0 {
                        let (source, time) = line.split_once(' ').expect("two words");
                        let off = if source == "2" { ahead } else { 0 };
                        let written = time.parse::<i64>().expect("a number") - off;
                        let waited = i64::try_from((at - begun).as_millis()).expect("small") - written;
                        // From when the pace is known.
                        assert!(step < 20 || waited <= 350, "{line} after {waited} ms, {ahead} ms off");
                        seen.push(line);
                    }
                }
            }
            assert!(seen.len() > 180, "{} of 200 came out, {ahead} ms off", seen.len());
        }
    }

    proptest! {
        /// What lies behind comes out in order, however it arrives within the hold.
        #[test]
        fn the_past_is_in_order(
            pods in proptest::collection::vec(proptest::collection::vec(0..10_000_i64, 1..60), 1..6),
            order in proptest::collection::vec((0..6_usize, 1..9_usize), 1..200),
        ) {
            let (mut merge, now) = (Merge::default(), Instant::now());
            let mut pods: Vec<VecDeque<i64>> = pods.into_iter().map(|mut times| { times.sort_unstable(); times.into() }).collect();
            let mut expected: Vec<i64> = pods.iter().flatten().copied().collect();
            expected.sort_unstable();
            for source in 0..pods.len() {
                merge.open(u16::try_from(source).expect("few"), now);
            }
            let mut seen = Vec::new();
            let rest = (0..pods.len()).map(|pod| (pod, 60));
            for (pod, count) in order.into_iter().chain(rest) {
                let pod = pod % pods.len();
                let times: Vec<i64> = (0..count).map_while(|_| pods[pod].pop_front()).collect();
                // All of them speak within the hold until they have ended.
                for (source, left) in pods.iter().enumerate() {
                    let source = u16::try_from(source).expect("few");
                    if left.is_empty() && source as usize != pod { merge.close(source); } else { merge.open(source, now); }
                }
                merge.push(batch(u16::try_from(pod).expect("few"), &times), now);
                seen.extend(drained(&mut merge, now).0);
            }
            for source in 0..pods.len() {
                merge.close(u16::try_from(source).expect("few"));
            }
            seen.extend(drained(&mut merge, now + QUIET).0);
            let times: Vec<i64> = seen.iter().map(|line| line.split_once(' ').expect("two words").1.parse().expect("a number")).collect();
            prop_assert_eq!(times, expected);
        }
    }
}
