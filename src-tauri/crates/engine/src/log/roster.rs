//! Which containers a log is made of, from the watch of the group's pods.

use super::open::OpenLog;
use super::part::{self, Facts};
use super::write::Word;
use super::{LogOf, LogPart, LogPartState};
use crate::error::Error;
use crate::instance::Place;
use crate::live::Trust;
use crate::watched::Kept;
use jiff::Timestamp;
use slipway_model::instance::{ContainerFacts, Health, Instance, PodFacts};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;

/// Containers of one log that are read at the same time. Each is a connection of its own to the cluster.
const MOST: usize = 200;
/// Pods are looked at anew this often without a change: whether they are in trouble ripens by time alone.
const LOOK_EVERY: Duration = Duration::from_secs(5);

struct Known {
    source: u16,
    facts: watch::Sender<Facts>,
}

pub(super) async fn follow(log: Arc<OpenLog>, place: Place, words: mpsc::Sender<Word>) {
    let mut pods = Kept::new(place.session.pods(&place.selector));
    let mut known: HashMap<(String, String), Known> = HashMap::new();
    let mut readers = JoinSet::new();
    loop {
        tokio::select! {
            () = pods.changed() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
            Some(_) = readers.join_next() => continue,
        }
        let mut rows: Vec<&PodFacts> = pods.rows().filter(|pod| is_wanted(&log.source.of, pod)).collect();
        rows.sort_by(|a, b| (a.created, &a.name).cmp(&(b.created, &b.name)));
        let mut unread = 0;
        let mut there = Vec::new();
        for (pod, container) in rows.iter().flat_map(|pod| containers(&log.source.of, pod, &place.container)) {
            let key = (pod.uid.clone(), container.name.clone());
            let facts = Facts { restarts: container.restarts, state: container.state.clone(), gone: false };
            let row = Instance::new(pod, &container.name, Timestamp::now());
            let failing = row.health == Health::Danger;
            match known.get(&key) {
                Some(one) => {
                    one.facts.send_if_modified(|then| std::mem::replace(then, facts.clone()) != facts);
                    log.change_part(one.source, |part| part.failing = failing);
                }
                None if known.values().filter(|one| !one.facts.borrow().gone).count() >= MOST => unread += 1,
                None => {
                    let part = |source: u16| LogPart {
                        id: format!("part {source}"),
                        source,
                        pod: pod.name.clone(),
                        container: container.name.clone(),
                        version: row.version.clone(),
                        created: pod.created,
                        failing,
                        state: LogPartState::Opening,
                    };
                    let Some(source) = log.add_part(part) else {
                        unread += 1;
                        continue;
                    };
                    let facts = watch::Sender::new(facts);
                    readers.spawn(part::read(
                        log.clone(),
                        place.session.clone(),
                        source,
                        facts.subscribe(),
                        words.clone(),
                    ));
                    known.insert(key.clone(), Known { source, facts });
                }
            }
            there.push(key);
        }
        if pods.live() {
            for (_, one) in known.iter().filter(|(key, _)| !there.contains(key)) {
                one.facts.send_if_modified(|facts| !std::mem::replace(&mut facts.gone, true));
            }
        }
        log.set_unread(unread);
        log.set_trust(match (&log.source.of, pods.trust()) {
            // Who asks for one pod is told when it is not there, and never was.
            (LogOf::Pod { pod } | LogOf::Container { pod, .. }, Trust::Live) if known.is_empty() => {
                Trust::Failed(Error::NotFound { what: "pod", name: pod.clone() })
            }
            (_, trust) => trust,
        });
    }
}

fn is_wanted(of: &LogOf, pod: &PodFacts) -> bool {
    match of {
        LogOf::Group => true,
        LogOf::Pod { pod: name } | LogOf::Container { pod: name, .. } => pod.name == *name,
    }
}

fn containers<'p>(of: &'p LogOf, pod: &'p PodFacts, own: &'p str) -> Vec<(&'p PodFacts, &'p ContainerFacts)> {
    let all = || pod.containers.iter().chain(&pod.init_containers);
    let one = |name: &str| all().find(|container| container.name == name);
    match of {
        LogOf::Group => one(own).or_else(|| pod.containers.first()).map(|one| (pod, one)).into_iter().collect(),
        LogOf::Container { container, .. } => one(container).map(|one| (pod, one)).into_iter().collect(),
        LogOf::Pod { .. } => all().map(|container| (pod, container)).collect(),
    }
}
