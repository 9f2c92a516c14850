//! Which pod a forward leads to.

use jiff::Timestamp;
use slipway_model::instance::PodFacts;
use std::time::Duration;
use tokio::time::Instant;

/// A pod that took the place of a lost one is waited for this long; then any other of its group will do.
pub(super) const REPLACED_WITHIN: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Its containers do not run yet.
    Coming,
    Runs,
    /// On its way out, or ended.
    Ends,
}

/// A pod that could be led to.
#[derive(Clone, Debug)]
pub(super) struct Candidate<'a> {
    pub(super) id: &'a str,
    pub(super) name: &'a str,
    pub(super) created: Option<Timestamp>,
    pub(super) life: Life,
    pub(super) ready: bool,
}

impl<'a> From<&'a PodFacts> for Candidate<'a> {
    fn from(pod: &'a PodFacts) -> Self {
        let life = match pod.phase.as_str() {
            _ if pod.deleting => Life::Ends,
            "Pending" => Life::Coming,
            "Running" => Life::Runs,
            _ => Life::Ends,
        };
        Self { id: &pod.uid, name: &pod.name, created: pod.created, life, ready: pod.ready }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Chosen {
    Pod(String),
    Wait {
        /// For one in the place of another.
        replacement: bool,
        /// When another one will do.
        until: Option<Instant>,
    },
}

/// Stays with a pod as long as it can be led to.
#[derive(Debug)]
pub(super) struct Choice {
    /// A pod that is asked for by its name: also while it is not ready, since that is what is looked into.
    named: Option<String>,
    current: Option<Current>,
    lost: Option<Lost>,
}

#[derive(Debug)]
struct Current {
    id: String,
    name: String,
    created: Option<Timestamp>,
}

#[derive(Debug)]
struct Lost {
    created: Option<Timestamp>,
    since: Instant,
}

impl Choice {
    pub(super) fn new(named: Option<&str>) -> Self {
        Self { named: named.map(str::to_owned), current: None, lost: None }
    }

    pub(super) fn choose(&mut self, pods: &[Candidate<'_>], now: Instant) -> Chosen {
        if let Some(current) = &self.current {
            let asked_for = self.named.as_ref() == Some(&current.name);
            let same = pods.iter().find(|pod| pod.id == current.id);
            if same.is_some_and(|pod| pod.life == Life::Runs && (pod.ready || asked_for)) {
                return Chosen::Pod(current.name.clone());
            }
            self.lost = Some(Lost { created: current.created, since: now });
            self.current = None;
        }
        let named = self.named.as_ref().and_then(|named| pods.iter().find(|pod| pod.name == *named));
        match named.map(|pod| pod.life) {
            Some(Life::Runs) => return self.take(named),
            Some(Life::Coming) => return Chosen::Wait { replacement: false, until: None },
            Some(Life::Ends) | None => {}
        }
        let ready = pods.iter().filter(|pod| pod.life == Life::Runs && pod.ready);
        let newest = ready.max_by_key(|pod| (pod.created, pod.name));
        if self.named.is_none() {
            return self.take(newest);
        }
        // That it is gone was not seen: it is looked for as if it had gone now.
        let lost = self.lost.get_or_insert(Lost { created: named.and_then(|pod| pod.created), since: now });
        let until = lost.since + REPLACED_WITHIN;
        match newest {
            Some(pod) if pod.created > lost.created || now >= until => self.take(newest),
            // Nobody else is there: what comes is the replacement, whenever it does.
            None => Chosen::Wait { replacement: true, until: None },
            Some(_) => Chosen::Wait { replacement: true, until: Some(until) },
        }
    }

    fn take(&mut self, pod: Option<&Candidate<'_>>) -> Chosen {
        let Some(pod) = pod else { return Chosen::Wait { replacement: self.lost.is_some(), until: None } };
        self.current = Some(Current { id: pod.id.to_owned(), name: pod.name.to_owned(), created: pod.created });
        self.lost = None;
        Chosen::Pod(pod.name.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(name: &'static str, second: i64, life: Life, ready: bool) -> Candidate<'static> {
        let created = Some(Timestamp::from_second(second).expect("a time"));
        Candidate { id: name, name, created, life, ready }
    }

    fn runs(name: &'static str, second: i64) -> Candidate<'static> {
        pod(name, second, Life::Runs, true)
    }

    fn through(name: &str) -> Chosen {
        Chosen::Pod(name.into())
    }

    #[test]
    fn any_pod_of_a_group_as_long_as_it_is_ready() {
        let (mut choice, now) = (Choice::new(None), Instant::now());
        assert_eq!(choice.choose(&[], now), Chosen::Wait { replacement: false, until: None });
        let unready = pod("a", 1, Life::Runs, false);
        assert_eq!(
            choice.choose(std::slice::from_ref(&unready), now),
            Chosen::Wait { replacement: false, until: None }
        );
        assert_eq!(choice.choose(&[runs("a", 1), runs("b", 2)], now), through("b"), "the newest one");
        assert_eq!(choice.choose(&[runs("a", 1), runs("b", 2), runs("c", 3)], now), through("b"), "it stays");
        assert_eq!(choice.choose(&[unready.clone(), pod("b", 2, Life::Runs, false), runs("c", 3)], now), through("c"));
        assert_eq!(choice.choose(&[pod("c", 3, Life::Ends, true), runs("a", 1)], now), through("a"), "at once");
        assert_eq!(choice.choose(&[unready], now), Chosen::Wait { replacement: true, until: None });
    }

    #[test]
    fn a_named_pod_is_led_to_until_it_goes_ready_or_not() {
        let (mut choice, now) = (Choice::new(Some("a")), Instant::now());
        let coming = [pod("a", 1, Life::Coming, false), runs("b", 1)];
        assert_eq!(choice.choose(&coming, now), Chosen::Wait { replacement: false, until: None });
        assert_eq!(choice.choose(&[pod("a", 1, Life::Runs, false), runs("b", 2)], now), through("a"));
        let going = [pod("a", 1, Life::Ends, true), runs("b", 1)];
        let until = now + REPLACED_WITHIN;
        assert_eq!(choice.choose(&going, now), Chosen::Wait { replacement: true, until: Some(until) });
        let starting = [runs("b", 1), pod("c", 9, Life::Coming, false)];
        assert_eq!(choice.choose(&starting, now), Chosen::Wait { replacement: true, until: Some(until) });
        assert_eq!(choice.choose(&[runs("b", 1), runs("c", 9)], now), through("c"), "the one that was made since");
        assert_eq!(choice.choose(&[runs("b", 1), pod("c", 9, Life::Runs, false)], now), {
            Chosen::Wait { replacement: true, until: Some(until) }
        });
    }

    #[test]
    fn any_other_will_do_where_nothing_takes_its_place() {
        let (mut choice, now) = (Choice::new(Some("a")), Instant::now());
        assert_eq!(choice.choose(&[runs("a", 5), runs("b", 1)], now), through("a"));
        assert_eq!(choice.choose(&[], now), Chosen::Wait { replacement: true, until: None });
        let until = now + REPLACED_WITHIN;
        assert_eq!(choice.choose(&[runs("b", 1)], now), Chosen::Wait { replacement: true, until: Some(until) });
        assert_eq!(choice.choose(&[runs("b", 1)], until), through("b"));
        let mut late = Choice::new(Some("gone"));
        assert_eq!(late.choose(&[runs("b", 1)], now), through("b"), "nobody knows when it went");
    }
}
