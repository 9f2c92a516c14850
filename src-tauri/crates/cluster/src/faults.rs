//! Answers that a real server will not give on demand, given by a test.

use crate::{ClusterError, Kind, Range, Session, Update};
use futures::StreamExt as _;
use http::{Request, Response};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame};
use jiff::{SignedDuration, Timestamp};
use kube::client::Body;
use serde_json::{Value, json};
use slipway_model::instance::PodFacts;
use slipway_model::traffic::{NoPrometheus, ServicePlace};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tower_test::mock::{Handle, SendResponse};

type Sent = Response<BoxBody<Bytes, std::io::Error>>;
type Answer = SendResponse<Sent>;

fn session() -> (Session, Handle<Request<Body>, Sent>) {
    let (service, handle) = tower_test::mock::pair::<Request<Body>, Sent>();
    (Session::over(kube::Client::new(service, "shop"), "shop"), handle)
}

async fn asked(handle: &mut Handle<Request<Body>, Sent>) -> (String, Answer) {
    let (request, answer) = handle.next_request().await.expect("a request");
    (format!("{} {}", request.method(), request.uri()), answer)
}

fn say(answer: Answer, status: u16, body: &Value) {
    answer.send_response(Response::builder().status(status).body(whole(body.to_string())).expect("a response"));
}

/// Events one a line, and then the end of the stream.
fn say_events(answer: Answer, events: &[Value]) {
    let lines: Vec<String> = events.iter().map(Value::to_string).collect();
    answer.send_response(Response::new(whole(lines.join("\n"))));
}

/// What is written there is the answer, as long as it stays open.
fn say_more(answer: Answer) -> DuplexStream {
    let (pipe, body) = tokio::io::duplex(4096);
    let body = StreamBody::new(tokio_util::io::ReaderStream::new(body).map(|chunk| chunk.map(Frame::data)));
    answer.send_response(Response::new(BodyExt::boxed(body)));
    pipe
}

fn whole(text: String) -> BoxBody<Bytes, std::io::Error> {
    Full::new(Bytes::from(text)).map_err(|never| match never {}).boxed()
}

/// The end of a streaming list.
fn listed(version: &str) -> Value {
    json!({ "type": "BOOKMARK", "object": { "kind": "Pod", "apiVersion": "v1",
        "metadata": { "resourceVersion": version, "annotations": { "k8s.io/initial-events-end": "true" } } } })
}

fn status(code: u16, reason: &str) -> Value {
    json!({ "kind": "Status", "status": "Failure", "code": code, "reason": reason, "message": format!("{reason} it is") })
}

fn pod(uid: &str, version: &str) -> Value {
    json!({ "metadata": { "uid": uid, "name": uid, "resourceVersion": version } })
}

fn names(rows: &[Arc<PodFacts>]) -> Vec<&str> {
    rows.iter().map(|row| row.name.as_str()).collect()
}

#[tokio::test]
async fn a_watch_survives_an_old_server_an_expired_version_and_a_vanished_pod() {
    let (session, mut handle) = session();
    let mut pods = session.pods("a=b");
    let Some(Update::Snapshot { rows, complete: false }) = pods.next().await else { panic!("not listed is not none") };
    assert!(rows.is_empty());

    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("sendInitialEvents=true"), "{request}");
    say(answer, 422, &status(422, "Invalid"));
    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("limit=500") && !request.contains("watch"), "{request}");
    say(answer, 200, &json!({ "metadata": { "resourceVersion": "5", "continue": "more" }, "items": [pod("a", "1")] }));
    let Some(Update::Upsert(rows)) = pods.next().await else { panic!("the first page is passed on as it comes") };
    assert_eq!(names(&rows), ["a"]);
    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("continue=more"), "{request}");
    say(answer, 200, &json!({ "metadata": { "resourceVersion": "5" }, "items": [pod("b", "2")] }));

    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("watch=true") && request.contains("resourceVersion=5"), "{request}");
    say_events(
        answer,
        &[
            json!({ "type": "MODIFIED", "object": { "metadata": 7 } }),
            json!({ "type": "BOOKMARK", "object": { "kind": "Pod", "apiVersion": "v1", "metadata": { "resourceVersion": "8" } } }),
            json!({ "type": "ERROR", "object": status(410, "Expired") }),
        ],
    );
    let (request, answer) = asked(&mut handle).await;
    assert!(
        !request.contains("watch=true") && !request.contains("sendInitialEvents"),
        "listed again, in pages: {request}"
    );
    say(answer, 200, &json!({ "metadata": { "resourceVersion": "9" }, "items": [pod("b", "2")] }));

    let (mut live, mut removed) = (false, Vec::new());
    while removed.is_empty() || !live {
        match pods.next().await.expect("an update") {
            Update::Live => live = true,
            Update::Remove(uids) => removed = uids,
            Update::Upsert(rows) => assert_eq!(names(&rows), ["b"]),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(removed, ["a"]);
}

#[tokio::test(start_paused = true)]
async fn a_watch_that_falls_silent_is_opened_anew() {
    let (session, mut handle) = session();
    let mut pods = session.pods("");
    let (_, answer) = asked(&mut handle).await;
    let added = json!({ "type": "ADDED", "object": pod("a", "1") });
    let mut pipe = say_more(answer);
    pipe.write_all(format!("{added}\n{}\n", listed("3")).as_bytes()).await.expect("written");
    while !matches!(pods.next().await.expect("an update"), Update::Live) {}
    // `pipe` stays open and says nothing.
    let (request, _answer) = asked(&mut handle).await;
    assert!(request.contains("watch=true") && request.contains("resourceVersion=3"), "{request}");
    drop(pipe);
}

#[tokio::test]
async fn a_refused_watch_says_so_and_keeps_quiet() {
    let (session, mut handle) = session();
    let mut events = session.events();
    assert!(matches!(events.next().await, Some(Update::Snapshot { complete: false, .. })));
    let (_, answer) = asked(&mut handle).await;
    say(answer, 403, &status(403, "Forbidden"));
    assert!(matches!(events.next().await, Some(Update::Failed(ClusterError::Forbidden { .. }))));
}

#[tokio::test]
async fn the_last_subscription_ends_the_watch_and_the_session_ends_all() {
    let (session, mut handle) = session();
    let (mut first, mut second) = (session.pods("a"), session.pods("a"));
    let (_, answer) = asked(&mut handle).await;
    let mut pipe = say_more(answer);
    pipe.write_all(format!("{}\n", listed("3")).as_bytes()).await.expect("written");
    for reader in [&mut first, &mut second] {
        while !matches!(reader.next().await.expect("an update"), Update::Live) {}
    }
    drop(first);
    drop(second);
    while pipe.write_all(b"\n").await.is_ok() {
        tokio::task::yield_now().await;
    }
    let mut third = session.pods("a");
    assert!(matches!(third.next().await, Some(Update::Snapshot { complete: false, .. })), "a watch of its own");
    let (_, _answer) = asked(&mut handle).await;
    drop(session);
    assert!(third.next().await.is_none(), "the session has ended");
    drop(third);
    assert!(handle.next_request().await.is_none(), "two watches, two requests");
}

/// Somebody sees the pods of the selector `a`, which are one of that name, as of version 3, and is gone.
async fn look_and_leave(session: &Session, handle: &mut Handle<Request<Body>, Sent>) {
    let mut pods = session.pods("a");
    let (request, answer) = asked(handle).await;
    assert!(request.contains("sendInitialEvents=true"), "{request}");
    say_events(answer, &[json!({ "type": "ADDED", "object": pod("a", "1") }), listed("3")]);
    while !matches!(pods.next().await.expect("an update"), Update::Live) {}
}

// Time stands still, so that the watch that was left is not opened anew before it is left.
#[tokio::test(start_paused = true)]
async fn who_comes_back_is_told_what_changed_and_all_of_it_where_nobody_knows() {
    let (session, mut handle) = session();
    look_and_leave(&session, &mut handle).await;
    let mut second = session.pods("a");
    let Some(Update::Snapshot { rows, complete: false }) = second.next().await else { panic!("what was known") };
    assert_eq!(names(&rows), ["a"]);
    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("resourceVersion=3") && !request.contains("sendInitialEvents"), "{request}");
    say(answer, 410, &status(410, "Expired"));
    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("sendInitialEvents=true"), "{request}");
    say_events(answer, &[json!({ "type": "ADDED", "object": pod("b", "8") }), listed("9")]);
    let mut gone = Vec::new();
    while gone.is_empty() {
        match second.next().await.expect("an update") {
            Update::Remove(uids) => gone = uids,
            Update::Upsert(rows) => assert_eq!(names(&rows), ["b"]),
            Update::Live => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(gone, ["a"]);
}

#[tokio::test(start_paused = true)]
async fn rows_are_believed_once_what_changed_meanwhile_has_come() {
    let (session, mut handle) = session();
    look_and_leave(&session, &mut handle).await;
    let mut second = session.pods("a");
    let (_, answer) = asked(&mut handle).await;
    let mut pipe = say_more(answer);
    let Some(Update::Snapshot { rows, complete: false }) = second.next().await else { panic!("what was known") };
    assert_eq!(names(&rows), ["a"]);
    let soon = Duration::from_millis(50);
    assert!(tokio::time::timeout(soon, second.next()).await.is_err(), "not believed as soon as it is asked");
    let events =
        [json!({ "type": "ADDED", "object": pod("b", "4") }), json!({ "type": "DELETED", "object": pod("a", "5") })];
    for event in events {
        pipe.write_all(format!("{event}\n").as_bytes()).await.expect("written");
    }
    let mut gone = Vec::new();
    loop {
        match second.next().await.expect("an update") {
            Update::Upsert(rows) => assert_eq!(names(&rows), ["b"]),
            Update::Remove(uids) => gone = uids,
            Update::Live => break,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(gone, ["a"]);
    drop(pipe);
}

#[tokio::test(start_paused = true)]
async fn reads_are_asked_again_and_writes_are_not() {
    let (session, mut handle) = session();
    let server = tokio::spawn(async move {
        let mut seen = Vec::new();
        loop {
            let Some((request, answer)) = handle.next_request().await else { return seen };
            seen.push(request.method().to_string());
            say(answer, 503, &status(503, "ServiceUnavailable"));
        }
    });
    let read = session.get(Kind::Deployment, "a").await.expect_err("busy");
    assert!(
        matches!(&read, ClusterError::Busy { .. }) && read.to_string().starts_with("read Deployment shop/a: "),
        "{read}"
    );
    session.create(Kind::ConfigMap, &json!({ "metadata": { "name": "a" } })).await.expect_err("busy");
    session.merge_patch(Kind::Deployment, "a", &json!({})).await.expect_err("busy");
    drop(session);
    assert_eq!(server.await.expect("the server"), ["GET", "GET", "GET", "POST", "PATCH"]);
}

/// The real stack of layers, whose retry is kube's.
#[tokio::test]
async fn kube_does_not_send_a_write_twice() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicU32::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = counted.clone();
            tokio::spawn(async move {
                let mut buffer = vec![0; 65536];
                while stream.read(&mut buffer).await.is_ok_and(|read| read > 0) {
                    counted.fetch_add(1, Ordering::SeqCst);
                    let body = status(429, "TooManyRequests").to_string();
                    let head = format!(
                        "HTTP/1.1 429 Too Many Requests\r\nretry-after: 0\r\ncontent-length: {}\r\n\r\n",
                        body.len()
                    );
                    if stream.write_all(format!("{head}{body}").as_bytes()).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    let config = kube::Config::new(format!("http://{address}").parse().expect("an address"));
    let connection = crate::Connection::with(config).expect("a connection").in_namespace("shop");
    let object = json!({ "metadata": { "name": "a" } });
    let error = connection.create(Kind::ConfigMap, &object).await.expect_err("refused");
    assert!(matches!(error, ClusterError::Busy { .. }), "{error:?}");
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn no_server_is_unreachable_and_says_where() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    let config = kube::Config::new(format!("https://{address}").parse().expect("an address"));
    let connection = crate::Connection::with(config).expect("a connection");
    let error = connection.version().await.expect_err("refused");
    let ClusterError::Unreachable { server, reason, .. } = &error else { panic!("{error:?}") };
    assert!(server.contains(&address.to_string()) && reason.contains("refused"), "{error}");
}

fn prometheus() -> ServicePlace {
    ServicePlace { namespace: "monitoring".into(), service: "prometheus".into(), port: "9090".into() }
}

#[tokio::test]
async fn an_answer_of_a_prometheus_that_has_no_end_is_given_up() {
    let (session, mut handle) = session();
    let now = Timestamp::now();
    let range = Range { from: now, to: now, step: SignedDuration::from_secs(15) };
    let asking = tokio::spawn(async move { session.query_range(&prometheus(), "up", range).await });
    let (request, answer) = asked(&mut handle).await;
    assert!(request.contains("services/prometheus:9090/proxy/api/v1/query_range?query=up"), "{request}");
    let endless = futures::stream::repeat_with(|| Ok(Frame::data(Bytes::from_static(&[b' '; 4096]))));
    answer.send_response(Response::new(BodyExt::boxed(StreamBody::new(endless))));
    assert_eq!(asking.await.expect("it ends"), Err(NoPrometheus::Foreign));
}

#[tokio::test(start_paused = true)]
async fn a_cluster_that_does_not_say_where_its_prometheus_is_is_waited_for_no_longer() {
    let (session, mut handle) = session();
    let looking = tokio::spawn(async move { session.find_prometheus().await });
    // The clock goes on while nobody answers.
    let (request, _unanswered) = asked(&mut handle).await;
    assert!(request.contains("/api/v1/services?"), "{request}");
    assert_eq!(looking.await.expect("it ends"), Err(NoPrometheus::Silent));
}
