//! Commands in a running container, and what answers at its ports.

use crate::access::code;
use crate::place::{Place, deployment, rows_until};
use slipway_cluster::{ClusterError, Credential, Dialled, HttpAnswer, HttpGet, Session};
use slipway_model::cluster::Role;
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(20);
const MOST: usize = 64;

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}

#[tokio::test]
async fn a_container_is_asked_from_inside() {
    let place = Place::new("inside").await;
    place.apply(slipway_cluster::Kind::Deployment, &deployment(&place.admin.server, "api", "v1", 1, "r1")).await;
    let mut pods = place.session.pods("slipway.dev/app=api");
    // Without a probe a pod is ready before its server listens.
    let rows = rows_until(&mut pods, "a pod ready", |rows, _| rows.iter().any(|pod| pod.ready)).await;
    let pod = rows[0].name.clone();
    let run = async |command: &[&str], within| place.session.run(&pod, "app", &words(command), MOST, within).await;

    let ran = run(&["sh", "-c", "echo out; echo err >&2; exit 3"], WITHIN).await.expect("ran").expect("ended");
    assert_eq!((ran.exit, ran.cut), (3, false));
    assert_eq!(String::from_utf8_lossy(&ran.output), "out\nerr\n");
    let ran = run(&["true"], WITHIN).await.expect("ran").expect("ended");
    assert_eq!((ran.exit, ran.output.len()), (0, 0));
    let ran = run(&["sh", "-c", "head -c 200000 /dev/zero"], WITHIN).await.expect("ran").expect("ended");
    assert_eq!((ran.exit, ran.output.len(), ran.cut), (0, MOST, true));
    assert_eq!(run(&["sleep", "60"], Duration::from_secs(1)).await.expect("ran"), None);
    let error = run(&["no-such-program"], WITHIN).await.expect_err("nothing to run");
    assert!(matches!(&error, ClusterError::Other { message, .. } if message.contains("no-such-program")), "{error:?}");
    let error = place.session.run("none", "app", &words(&["true"]), MOST, WITHIN).await.expect_err("no such pod");
    assert!(matches!(error, ClusterError::NotFound { .. }), "{error:?}");

    let get = |path: &str, port, tls| HttpGet { path: path.into(), port, tls, headers: vec![] };
    crate::place::until("the server listens", async || {
        matches!(place.session.dial(&pod, 8080).await.expect("asked"), Dialled::Taken(_)).then_some(())
    })
    .await;
    let refused = place.session.dial(&pod, 9).await.expect("asked");
    assert!(matches!(&refused, Dialled::Refused(reason) if reason.contains("refused")), "{refused:?}");
    let answer = place.session.http_get(&pod, &get("/healthz", 8080, false), MOST).await.expect("asked");
    assert!(
        matches!(&answer, HttpAnswer::Answered { status: 200, body, cut: false, .. } if body == b"ok\n"),
        "{answer:?}"
    );
    let answer = place.session.http_get(&pod, &get("/readyz?set=false", 8080, false), MOST).await.expect("asked");
    assert!(
        matches!(&answer, HttpAnswer::Answered { status: 503, body, .. } if body.starts_with(b"not ready")),
        "{answer:?}"
    );
    let answer = place.session.http_get(&pod, &get("/metrics", 8080, false), MOST).await.expect("asked");
    assert!(
        matches!(&answer, HttpAnswer::Answered { status: 200, body, cut: true, .. } if body.len() == MOST),
        "{answer:?}"
    );
    let answer = place.session.http_get(&pod, &get("/", 8080, true), MOST).await.expect("asked");
    assert!(matches!(&answer, HttpAnswer::Nothing(_)), "a plain server has no TLS: {answer:?}");
    let answer = place.session.http_get(&pod, &get("/", 9, false), MOST).await.expect("asked");
    assert!(matches!(&answer, HttpAnswer::Nothing(reason) if reason.contains("refused")), "{answer:?}");

    let viewer = Session::start("viewer".into(), Credential::Code(code(&place, Role::Viewer, "vic").await));
    let error = viewer.run(&pod, "app", &words(&["true"]), MOST, WITHIN).await.expect_err("may not");
    assert!(matches!(&error, ClusterError::Forbidden { resource, .. } if resource == "pods/exec"), "{error:?}");
    let error = viewer.dial(&pod, 8080).await.expect_err("may not");
    assert!(matches!(&error, ClusterError::Forbidden { resource, .. } if resource == "pods/portforward"), "{error:?}");
    assert_eq!(viewer.nodes().await.expect("asked"), None, "may not list nodes");
    let nodes = place.session.nodes().await.expect("asked").expect("an administrator may");
    assert!(nodes.iter().any(|node| node.labels.contains_key("kubernetes.io/hostname")), "{nodes:?}");
    place.done().await;
}
