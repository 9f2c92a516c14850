use super::*;
use crate::scene::{DAY, Scene, ago, done, exit};
use proptest::prelude::*;
use slipway_model::diagnosis::ProbeKind::{Liveness, Readiness, Startup};
use slipway_model::instance::{ContainerFacts, ContainerState};
use slipway_model::workload::Condition;

const NOTHING: Option<Cause> = None;
const WORDS: &[&str] =
    &["", "ContainerCreating", "ErrImagePull", "ImagePullBackOff", "CrashLoopBackOff", "RunContainerError"];

/// The cause in a scene in which one pod of three is changed.
fn cause(change: impl FnOnce(&mut Scene)) -> Option<Cause> {
    diagnosis(change).map(|diagnosis| diagnosis.cause)
}

fn diagnosis(change: impl FnOnce(&mut Scene)) -> Option<Diagnosis> {
    let mut scene = done(3);
    scene.pod().ready = false;
    scene.container().ready = false;
    change(&mut scene);
    verdict(&scene.observed, &scene.expected)
}

#[track_caller]
fn check(change: impl FnOnce(&mut Scene), expected: impl Into<Option<Cause>>) {
    assert_eq!(cause(change), expected.into());
}

fn waits(scene: &mut Scene, reason: &str, message: &str) {
    scene.container().state = ContainerState::Waiting { reason: reason.into(), message: message.into() };
}

/// The container has ended with this code for the first time.
fn ends(scene: &mut Scene, code: i32, reason: &str) {
    scene.container().state = ContainerState::Terminated(exit(code, reason));
}

/// The container runs again after it ended.
fn restarted(scene: &mut Scene, restarts: u32, code: i32, reason: &str) {
    scene.container().restarts = restarts;
    scene.container().last = Some(exit(code, reason));
}

fn image(reason: &str, message: &str) -> Cause {
    let (reason, message) = (reason.into(), message.into());
    Cause::Image { pod: "p0".into(), image: "shop/api:2".into(), reason, message }
}

fn crash(code: i32, restarts: u32) -> Cause {
    Cause::Crash { pod: "p0".into(), container: "app".into(), code, restarts }
}

fn out_of_memory(restarts: u32) -> Cause {
    Cause::OutOfMemory { pod: "p0".into(), container: "app".into(), limit: Some("256Mi".into()), restarts }
}

fn probe(probe: ProbeKind, message: &str) -> Cause {
    Cause::Probe { pod: "p0".into(), container: "app".into(), probe, message: message.into() }
}

fn unschedulable(message: &str) -> Cause {
    Cause::Unschedulable { pod: "p0".into(), message: message.into() }
}

#[test]
fn nothing_is_wrong_with_a_pod_on_its_way() {
    check(|_| {}, NOTHING);
    check(|s| waits(s, "ContainerCreating", ""), NOTHING);
    check(|s| waits(s, "PodInitializing", ""), NOTHING);
    check(|s| s.container().state = ContainerState::Unknown, NOTHING);
    check(|s| s.event("Scheduled", "Successfully assigned", 1), NOTHING);
}

#[test]
fn images_that_cannot_be_had() {
    for (reason, message) in [
        ("ErrImagePull", "rpc error: code = NotFound desc = failed to pull: shop/api:2: not found"),
        ("ErrImagePull", "failed to authorize: 401 Unauthorized"),
        ("ErrImagePull", "pull access denied, repository does not exist"),
        ("ErrImagePull", "no match for platform in manifest: not found"),
        ("InvalidImageName", "couldn't parse image name"),
        ("ErrImageNeverPull", "image is not present with pull policy of Never"),
        ("ImagePullBackOff", "Back-off pulling image \"shop/api:2\": ErrImagePull: i/o timeout"),
    ] {
        check(|s| waits(s, reason, message), image(reason, message));
    }
}

#[test]
fn a_first_failure_of_the_network_may_pass() {
    for message in [
        "dial tcp 127.0.0.1:5000: connect: connection refused",
        "dial tcp: lookup registry.example.com: i/o timeout",
        "unexpected status from HEAD request: 503 Service Unavailable",
        "toomanyrequests: You have reached your pull rate limit. 429 Too Many Requests",
        "net/http: TLS handshake timeout",
    ] {
        check(|s| waits(s, "ErrImagePull", message), NOTHING);
        let backed_off = |failures: u32| {
            move |s: &mut Scene| {
                waits(s, "ImagePullBackOff", "Back-off pulling image \"shop/api:2\"");
                s.event("Failed", &format!("Failed to pull image \"shop/api:2\": {message}"), failures);
            }
        };
        check(backed_off(1), NOTHING);
        let said = format!("Failed to pull image \"shop/api:2\": {message}");
        check(backed_off(2), image("ImagePullBackOff", &said));
    }
}

#[test]
fn a_binary_for_another_architecture_is_the_images_fault() {
    let message = "exec /app: exec format error";
    check(
        |s| {
            let ended = slipway_model::instance::Exit { message: message.into(), ..exit(128, "StartError") };
            s.container().state = ContainerState::Terminated(ended);
        },
        image("exec format error", message),
    );
    check(|s| waits(s, "RunContainerError", message), image("exec format error", message));
}

#[test]
fn missing_configuration() {
    let message = "configmap \"shop-prod-env-0123456789\" not found";
    let config = || Cause::Config { pod: "p0".into(), container: "app".into(), message: message.into() };
    check(|s| waits(s, "CreateContainerConfigError", message), config());
    check(|s| waits(s, "CreateContainerError", message), config());
}

#[test]
fn crashes_are_seen_before_the_second_restart() {
    check(|s| ends(s, 1, "Error"), crash(1, 0));
    check(|s| ends(s, 0, "Completed"), crash(0, 0));
    check(|s| restarted(s, 1, 1, "Error"), crash(1, 1));
    check(|s| restarted(s, 1, 0, "Completed"), crash(0, 1));
    check(
        |s| {
            restarted(s, 1, 3, "Error");
            waits(s, "CrashLoopBackOff", "back-off 10s restarting failed container");
        },
        crash(3, 1),
    );
    check(
        |s| {
            restarted(s, 1, 3, "Error");
            waits(s, "", "");
        },
        crash(3, 1),
    );
    check(|s| waits(s, "RunContainerError", "exec: \"serve\": executable file not found in $PATH"), crash(128, 0));
}

#[test]
fn what_has_recovered_or_is_going_is_no_crash() {
    check(
        |s| {
            restarted(s, 1, 1, "Error");
            s.pod().ready = true;
            s.container().ready = true;
        },
        NOTHING,
    );
    check(
        |s| {
            ends(s, 143, "Error");
            s.pod().deleting = true;
        },
        NOTHING,
    );
    check(
        |s| {
            ends(s, 1, "Error");
            s.pod().release = "r6".into();
        },
        NOTHING,
    );
    check(
        |s| {
            ends(s, 137, "Error");
            s.pod().phase = "Failed".into();
            s.pod().reason = "Evicted".into();
        },
        NOTHING,
    );
}

#[test]
fn init_containers_may_end_well() {
    let init = |state: ContainerState, restarts: u32, sidecar: bool| {
        move |s: &mut Scene| {
            let last = (restarts > 0).then(|| exit(2, "Error"));
            let container =
                ContainerFacts { name: "app".into(), state, restarts, last, sidecar, ..ContainerFacts::default() };
            s.pod().init_containers.push(container);
            waits(s, "PodInitializing", "");
        }
    };
    let ended = |code: i32| ContainerState::Terminated(exit(code, "Error"));
    check(init(ended(0), 0, false), NOTHING);
    check(init(ended(0), 0, true), crash(0, 0));
    check(init(ended(2), 0, false), crash(2, 0));
    check(init(ContainerState::Running { since: None }, 0, false), NOTHING);
    check(init(ContainerState::Running { since: None }, 1, false), crash(2, 1));
}

#[test]
fn out_of_memory_is_more_than_a_sigkill() {
    check(|s| ends(s, 137, "OOMKilled"), out_of_memory(0));
    check(|s| restarted(s, 1, 137, "OOMKilled"), out_of_memory(1));
    check(|s| ends(s, 137, "Error"), crash(137, 0));
    check(
        |s| {
            ends(s, 137, "Error");
            s.event("OOMKilling", "Memory cgroup out of memory", 1);
        },
        out_of_memory(0),
    );
}

#[test]
fn probes_past_their_threshold() {
    let failed = "Readiness probe failed: HTTP probe failed with statuscode: 503";
    let running_for = |seconds: i64, failures: u32| {
        move |s: &mut Scene| {
            s.container().state = ContainerState::Running { since: Some(ago(seconds)) };
            s.event("Unhealthy", failed, failures);
        }
    };
    check(running_for(60, 3), probe(Readiness, failed));
    check(running_for(60, 2), NOTHING);
    check(running_for(20, 9), NOTHING);
    check(
        |s| {
            running_for(20, 9)(s);
            s.deployment().progress_deadline_seconds = 100;
        },
        probe(Readiness, failed),
    );
    check(
        |s| {
            running_for(60, 3)(s);
            s.container().started = false;
        },
        NOTHING,
    );
    let liveness = "Liveness probe failed: connection refused";
    let killed = |word: &'static str| {
        move |s: &mut Scene| {
            s.event("Unhealthy", liveness, 3);
            s.event("Killing", &format!("Container app failed {word} probe, will be restarted"), 1);
        }
    };
    check(killed("liveness"), probe(Liveness, liveness));
    check(killed("startup"), probe(Startup, "startup probe failed"));
    check(
        |s| {
            restarted(s, 1, 137, "Error");
            killed("liveness")(s);
            s.container().ready = true;
        },
        probe(Liveness, liveness),
    );
    check(
        |s| {
            restarted(s, 1, 143, "Error");
            s.event("Unhealthy", liveness, 3);
        },
        probe(Liveness, liveness),
    );
    check(|s| s.event("Unhealthy", liveness, 3), NOTHING);
}

#[test]
fn no_node_takes_it() {
    let lack = "0/3 nodes are available: 3 Insufficient cpu.";
    let pending = |message: &'static str, seconds: i64| {
        move |s: &mut Scene| {
            s.container().state = ContainerState::Unknown;
            s.pod().phase = "Pending".into();
            s.pod().node = String::new();
            s.pod().created = Some(ago(seconds));
            s.pod().unschedulable = Some(("Unschedulable".into(), message.into()));
        }
    };
    check(pending(lack, 2), unschedulable(lack));
    check(pending(lack, 1), NOTHING);
    // A clock that is behind the cluster's does not make a pod older than our watch.
    check(
        |s| {
            pending(lack, 3600)(s);
            s.observed.since_begin = Duration::from_secs(1);
        },
        NOTHING,
    );
    let going = |message: &'static str, seconds: i64| {
        move |s: &mut Scene| {
            pending(message, seconds)(s);
            s.observed.pods[1].deleting = true;
        }
    };
    check(going(lack, 5), NOTHING);
    check(going(lack, 40), unschedulable(lack));
    let selector = "0/3 nodes are available: 3 node(s) didn't match Pod's node affinity/selector.";
    check(going(selector, 5), unschedulable(selector));
    check(
        |s| {
            pending(lack, 9)(s);
            s.pod().unschedulable = Some(("SchedulingGated".into(), lack.into()));
        },
        NOTHING,
    );
}

#[test]
fn pods_that_may_not_be_made() {
    let fails = |message: &'static str, seconds: i64| {
        move |s: &mut Scene| {
            s.new_set().failure = Some(("FailedCreate".into(), message.into()));
            s.new_set().created = Some(ago(seconds));
        }
    };
    let quota =
        "pods \"shop-prod-x\" is forbidden: exceeded quota: team, requested: pods=1, used: pods=4, limited: pods=4";
    check(fails(quota, 2), Cause::Quota { message: quota.into() });
    check(fails(quota, 1), NOTHING);
    check(
        |s| {
            fails(quota, 5)(s);
            s.observed.pods[2].deleting = true;
        },
        NOTHING,
    );
    let denied = "admission webhook \"policy.example.com\" denied the request: no latest tag";
    check(fails(denied, 2), Cause::Admission { message: denied.into() });
    let silent = "Internal error occurred: failed calling webhook \"policy.example.com\": context deadline exceeded";
    check(fails(silent, 9), NOTHING);
    check(fails(silent, 10), Cause::Admission { message: silent.into() });
    let account = "pods \"shop-prod-x\" is forbidden: error looking up service account shop/default: serviceaccount \"default\" not found";
    check(fails(account, 5), NOTHING);
    check(fails(account, 10), Cause::Admission { message: account.into() });
    check(
        |s| {
            let failure = Some(("FailedCreate".into(), quota.into()));
            s.old_set().failure = failure;
        },
        NOTHING,
    );
}

#[test]
fn a_lost_node() {
    let lost = || Cause::NodeLost { pod: "p0".into(), node: "n1".into() };
    check(|s| s.event("NodeNotReady", "Node is not ready", 1), lost());
    check(|s| s.pod().reason = "NodeLost".into(), lost());
    check(
        |s| {
            s.event("NodeNotReady", "Node is not ready", 1);
            s.pod().ready = true;
        },
        NOTHING,
    );
}

fn late(scene: &mut Scene) {
    scene.deployment().conditions.push(Condition {
        kind: "Progressing".into(),
        status: "False".into(),
        reason: "ProgressDeadlineExceeded".into(),
        message: String::new(),
    });
}

#[test]
fn the_deadline_is_told_only_where_nothing_better_is_known() {
    check(late, Cause::Deadline { seconds: 600 });
    check(
        |s| {
            late(s);
            s.deployment().generation += 1;
        },
        NOTHING,
    );
    check(
        |s| {
            late(s);
            s.event("Unhealthy", "Readiness probe failed: 503", 1);
        },
        probe(Readiness, "Readiness probe failed: 503"),
    );
}

#[test]
fn the_most_specific_cause_of_several_pods_is_told() {
    let second = |state: ContainerState| {
        move |s: &mut Scene| {
            ends(s, 1, "Error");
            s.observed.pods[1].ready = false;
            s.observed.pods[1].containers[0].ready = false;
            s.observed.pods[1].containers[0].state = state;
        }
    };
    check(second(ContainerState::Terminated(exit(2, "Error"))), crash(1, 0));
    let found = cause(second(ContainerState::Waiting { reason: "InvalidImageName".into(), message: String::new() }));
    assert!(matches!(&found, Some(Cause::Image { pod, .. }) if pod == "p1"), "{found:?}");
    let found = cause(second(ContainerState::Terminated(exit(137, "OOMKilled"))));
    assert!(matches!(&found, Some(Cause::OutOfMemory { pod, .. }) if pod == "p1"), "{found:?}");
}

#[test]
fn evidence_says_how_it_ended_and_where_the_last_words_are() {
    let found = diagnosis(|s| {
        restarted(s, 1, 3, "Error");
        for n in 0..30 {
            s.event("BackOff", &format!("Back-off restarting {n}"), 1);
        }
        s.event_of("Pod/another", "Failed", "not ours", 1);
    })
    .expect("a crash");
    let evidence = found.evidence;
    assert_eq!(found.at, DAY);
    assert_eq!(evidence.last_exit, Some(exit(3, "Error")));
    assert_eq!((evidence.log_pod.as_str(), evidence.log_container.as_str()), ("p0", "app"));
    assert!(evidence.log_previous, "the next run has begun");
    assert_eq!(evidence.events.len(), 20);
    assert!(evidence.events.iter().all(|event| event.object == "Pod/p0"));
    assert_eq!(evidence.ruled_out, ["scheduled", "image_pulled", "config_present", "no_oom"]);

    let first = diagnosis(|s| ends(s, 3, "Error")).expect("a crash").evidence;
    assert!(!first.log_previous, "the failing run is the current one");
    let pull = diagnosis(|s| waits(s, "InvalidImageName", "")).expect("an image").evidence;
    assert_eq!((pull.log_pod.as_str(), pull.ruled_out), ("", vec!["scheduled".to_owned()]));
}

fn containers() -> impl Strategy<Value = ContainerFacts> {
    let exits = (prop_oneof![Just(0), Just(1), Just(137)], prop_oneof![Just("Error"), Just("OOMKilled")])
        .prop_map(|(code, reason)| exit(code, reason));
    let messages = prop_oneof![Just(String::new()), Just("i/o timeout".to_owned()), "\\PC{0,20}"];
    let state = prop_oneof![
        Just(ContainerState::Unknown),
        (proptest::sample::select(WORDS), messages)
            .prop_map(|(reason, message)| ContainerState::Waiting { reason: reason.to_owned(), message }),
        Just(ContainerState::Running { since: Some(ago(30)) }),
        exits.clone().prop_map(ContainerState::Terminated),
    ];
    (state, any::<bool>(), 0..3_u32, proptest::option::of(exits)).prop_map(|(state, ready, restarts, last)| {
        ContainerFacts { name: "app".into(), state, ready, restarts, last, ..ContainerFacts::default() }
    })
}

proptest! {
    #[test]
    fn pods_of_another_version_or_going_ones_never_give_a_verdict(
        containers in proptest::collection::vec(containers(), 3), old in any::<bool>()
    ) {
        let mut scene = done(3);
        for (pod, container) in scene.observed.pods.iter_mut().zip(containers) {
            pod.ready = false;
            pod.containers = vec![container];
            if old { pod.release = "r6".into() } else { pod.deleting = true }
        }
        prop_assert_eq!(verdict(&scene.observed, &scene.expected), None);
    }

    #[test]
    fn every_observation_has_one_verdict(containers in proptest::collection::vec(containers(), 3)) {
        let mut scene = done(3);
        for (pod, container) in scene.observed.pods.iter_mut().zip(containers) {
            pod.ready = container.ready;
            pod.containers = vec![container];
        }
        let found = verdict(&scene.observed, &scene.expected);
        scene.observed.pods.reverse();
        prop_assert_eq!(found, verdict(&scene.observed, &scene.expected));
    }
}
