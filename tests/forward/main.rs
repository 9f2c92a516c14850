//! Forwarded ports on a real cluster: what answers through them, and what they do when a pod, a port or the server goes.

use anyhow::{Context, Result, ensure};
use futures::future::try_join_all;
use slipway_cluster::Kind;
use slipway_engine::Error;
use slipway_engine::forward::{ForwardRow, ForwardState, ForwardTarget, ForwardUse, ForwardWait};
use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};
use slipway_model::cluster::Role;
use slipway_model::field::FieldCode;
use slipway_model::group::GroupDraft;
use slipway_tests::forward::{Forwards, get, host, is_open, through};
use slipway_tests::ground::{Ground, PATIENCE};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::{Pods, name};
use std::net::{Ipv4Addr, TcpListener};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn one(draft: &mut GroupDraft) {
    draft.count = "1".into();
}

fn group(ground: &Ground) -> ForwardTarget {
    ForwardTarget::Group { group: ground.group.clone() }
}

fn pod_of(ground: &Ground, pod: &str) -> ForwardTarget {
    ForwardTarget::Pod { group: ground.group.clone(), pod: pod.to_owned() }
}

fn waits_for(why: ForwardWait) -> impl Fn(&ForwardRow) -> bool {
    move |row| matches!(row.state, ForwardState::Waiting { why: for_what, .. } if for_what == why)
}

/// One question over a connection that stays open.
async fn ask(stream: &mut TcpStream, path: &str) -> Result<String> {
    stream.write_all(format!("GET {path} HTTP/1.1\r\nHost: here\r\n\r\n").as_bytes()).await?;
    let mut answer = vec![0; 4096];
    let length = tokio::time::timeout(PATIENCE, stream.read(&mut answer)).await??;
    ensure!(length > 0, "the connection has ended");
    Ok(String::from_utf8_lossy(&answer[..length]).into_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pod_a_group_and_a_load_balancer_answer_and_their_bytes_are_counted() -> Result<()> {
    let ground = Ground::new("forward", |_| {}).await?;
    ground.release("v1").await?;
    let ports = vec![
        BalancerPortDraft {
            name: "web".into(),
            port: "80".into(),
            target: "http".into(),
            ..BalancerPortDraft::default()
        },
        BalancerPortDraft {
            name: "raw".into(),
            port: "81".into(),
            target: "8080".into(),
            ..BalancerPortDraft::default()
        },
    ];
    let groups = vec![ground.group.clone()];
    let draft = BalancerDraft { name: "checkout".into(), kind: BalancerKind::ClusterIP, ports, groups };
    let balancer = ground.engine.balancer_create(&ground.app, &draft).await?.id;
    let balancer = ForwardTarget::Balancer { balancer, link: ground.link.clone() };
    let pods = Pods::of(&ground).await?;
    let all = pods.with("slipway.dev/group=prod").await?;
    let names: Vec<&str> = all.iter().map(name).collect();
    let mut forwards = Forwards::of(&ground.engine);

    // A named pod, and nobody else.
    for pod in &names {
        let row = forwards.open(pod_of(&ground, pod), "8080", is_open).await?;
        ensure!((row.name.as_str(), row.port_name.as_str(), row.port) == (*pod, "http", Some(8080)), "{row:?}");
        ensure!(host(row.local).await? == **pod, "{row:?}");
    }
    // By the name of the port.
    let any = forwards.open(group(&ground), "http", is_open).await?;
    ensure!(through(&any) == Some(host(any.local).await?.as_str()), "{any:?}");
    ensure!(any.port == Some(8080), "{any:?}");
    for port in ["80", "web", "raw"] {
        let row = forwards.open(balancer.clone(), port, is_open).await?;
        ensure!(names.contains(&host(row.local).await?.as_str()), "{row:?}");
    }
    let offered = ground.engine.forward_ports(&group(&ground)).await?;
    ensure!(offered.iter().any(|port| (port.name.as_str(), port.port) == ("http", 8080)), "{offered:?}");
    let offered = ground.engine.forward_ports(&balancer).await?;
    ensure!(offered.iter().map(|port| port.port).collect::<Vec<_>>() == [80, 81], "{offered:?}");

    // Both directions, while the connection is open.
    let row = forwards.open(group(&ground), "8080", is_open).await?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, row.local)).await?;
    let question = "GET /healthz HTTP/1.1\r\nHost: here\r\n\r\n".len() as u64;
    let mut answers = 0;
    for round in 1..=3 {
        answers += ask(&mut stream, "/healthz").await?.len() as u64;
        let (down, up) = (answers, question * round);
        forwards.until(&row.id, |row| row.down == down && row.up == up).await?;
    }
    // Who says all and then listens is answered.
    let mut half = TcpStream::connect((Ipv4Addr::LOCALHOST, row.local)).await?;
    half.write_all(b"GET /version HTTP/1.0\r\n\r\n").await?;
    half.shutdown().await?;
    let mut answer = String::new();
    half.read_to_string(&mut answer).await?;
    ensure!(answer.contains("\"host\""), "{answer}");

    ground.engine.forward_close(&row.id).await;
    forwards.until_gone(&row.id).await?;
    TcpListener::bind((Ipv4Addr::LOCALHOST, row.local)).context("its port is free")?;
    ensure!(ask(&mut stream, "/healthz").await.is_err(), "what went through it has ended");
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_replaced_pod_is_followed() -> Result<()> {
    let ground = Ground::new("forward-follow", one).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let first = pods.only("prod").await?;
    let mut forwards = Forwards::of(&ground.engine);
    let named = forwards.open(pod_of(&ground, name(&first)), "http", is_open).await?;
    let any = forwards.open(group(&ground), "8080", is_open).await?;
    ensure!(host(named.local).await? == name(&first));

    // What asks while no pod is there waits for the next.
    ground.owner.connection.delete(Kind::Pod, name(&first)).await?;
    forwards.until(&named.id, |row| through(row) != Some(name(&first))).await?;
    let asked = host(named.local).await?;
    ensure!(asked != name(&first), "the next request goes through the new one");
    for row in [&named, &any] {
        let now = forwards.until(&row.id, |row| through(row).is_some_and(|pod| pod != name(&first))).await?;
        ensure!(through(&now) == Some(asked.as_str()) && now.local == row.local, "{now:?}");
        ensure!(host(row.local).await? == asked);
    }

    // A release replaces all of them.
    ground.release("v2").await?;
    for row in [&named, &any] {
        let now = forwards.until(&row.id, |row| through(row).is_some_and(|pod| pod != asked)).await?;
        ensure!(Some(host(row.local).await?.as_str()) == through(&now), "{now:?}");
    }
    // None is left to lead to.
    ground.engine.group_scale(&ground.group, 0).await?;
    forwards.until(&any.id, waits_for(ForwardWait::Replacement)).await?;
    ground.engine.group_scale(&ground.group, 1).await?;
    forwards.until(&any.id, is_open).await?;
    host(any.local).await?;
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn ports_that_are_none_are_told_apart() -> Result<()> {
    let ground = Ground::new("forward-ports", one).await?;
    ground.release("v1").await?;
    let mut forwards = Forwards::of(&ground.engine);

    // Taken, by another program and by another forward.
    let other = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let port = other.local_addr()?.port();
    let id = forwards.begin(group(&ground), "http", &port.to_string()).await?;
    let taken = |row: &ForwardRow| matches!(row.state, ForwardState::Taken { privileged: false, .. });
    let row = forwards.until(&id, taken).await?;
    let ForwardState::Taken { proposal: Some(proposal), .. } = row.state else { anyhow::bail!("{row:?}") };
    ensure!(row.local == port && proposal > port, "{row:?}");
    ground.engine.forward_use(&ForwardUse { id: id.clone(), local: Some(proposal) }).await?;
    let row = forwards.until(&id, is_open).await?;
    ensure!(row.local == proposal, "{row:?}");
    host(proposal).await?;
    let second = forwards.begin(group(&ground), "http", &proposal.to_string()).await?;
    forwards.until(&second, taken).await?;
    ground.engine.forward_use(&ForwardUse { id: second.clone(), local: None }).await?;
    let row = forwards.until(&second, is_open).await?;
    host(row.local).await?;

    // Nobody listens in the container.
    let refused =
        |row: &ForwardRow| matches!(&row.state, ForwardState::Refused { reason, .. } if reason.contains("refused"));
    let row = forwards.open(group(&ground), "9009", refused).await?;
    ensure!(get(row.local, "/").await.is_err(), "the connection ends");
    // It is tried all the same, and says so once somebody does.
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    let listen = ["sh", "-c", "while true; do printf 'HTTP/1.1 200 OK\\r\\n\\r\\nhere' | nc -l -p 9009; done"];
    let listen: Vec<String> = listen.iter().map(|&word| word.to_owned()).collect();
    let session = ground.session().await?;
    let running = tokio::spawn({
        let (session, pod) = (session.clone(), name(&pod).to_owned());
        async move { session.run(&pod, "app", &listen, 64, PATIENCE).await }
    });
    let answered = async {
        while get(row.local, "/").await.is_err() {}
        forwards.until(&row.id, is_open).await
    };
    tokio::time::timeout(PATIENCE, answered).await.context("it never answers")??;
    running.abort();

    let no_port = |row: &ForwardRow| matches!(&row.state, ForwardState::NoPort { port, .. } if port == "admin");
    forwards.open(group(&ground), "admin", no_port).await?;
    let wrong = async |port: &str, local: &str| -> Result<Vec<(String, FieldCode)>> {
        let error = forwards.begin(group(&ground), port, local).await.err().context("it is refused")?;
        let Some(Error::Invalid(fields)) = error.downcast_ref::<Error>() else { return Err(error) };
        Ok(fields.iter().map(|field| (field.field.clone(), field.code)).collect())
    };
    ensure!(wrong("8080", "65536").await? == [("local".to_owned(), FieldCode::OutOfRange)]);
    ensure!(wrong("0", "").await? == [("port".to_owned(), FieldCode::OutOfRange)]);
    session.stop();
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_missing_ends_it_and_is_named() -> Result<()> {
    let ground = Ground::new("forward-right", one).await?;
    ground.release("v1").await?;
    let (viewer, group) = ground.member(Role::Viewer).await?;
    let rule = viewer.group_rights(&group).await?.forward.context("it lacks a rule")?;
    ensure!(
        (rule.resource.as_str(), rule.verbs.as_slice()) == ("pods/portforward", &["create".to_owned()][..]),
        "{rule:?}"
    );
    ensure!(ground.engine.group_rights(&ground.group).await?.forward.is_none());
    let mut forwards = Forwards::of(&viewer);
    let ended = |row: &ForwardRow| matches!(row.state, ForwardState::Ended { .. });
    let row = forwards.open(ForwardTarget::Group { group }, "8080", ended).await?;
    let ForwardState::Ended { lacks: Some(lacks), .. } = &row.state else { anyhow::bail!("{row:?}") };
    ensure!(lacks.resource == "pods/portforward", "{row:?}");
    TcpListener::bind((Ipv4Addr::LOCALHOST, row.local)).context("its port is free")?;
    viewer.close().await;

    // A group that is not there any more.
    let mut forwards = Forwards::of(&ground.engine);
    let row = forwards.open(self::group(&ground), "8080", is_open).await?;
    ground.engine.cluster_unlink(&ground.link).await?;
    let row = forwards.until(&row.id, ended).await?;
    ensure!(matches!(row.state, ForwardState::Ended { lacks: None, .. }), "{row:?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn many_connections_go_side_by_side() -> Result<()> {
    const CONNECTIONS: usize = 100;
    let ground = Ground::new("forward-many", |_| {}).await?;
    ground.release("v1").await?;
    let mut forwards = Forwards::of(&ground.engine);
    let row = forwards.open(group(&ground), "8080", is_open).await?;
    // Each is held open until all have answered.
    let asked = (0..CONNECTIONS).map(|_| async {
        let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, row.local)).await?;
        let answer = ask(&mut stream, "/healthz").await?;
        anyhow::Ok((stream, answer))
    });
    let mut held = try_join_all(asked).await?;
    ensure!(held.iter().all(|(_, answer)| answer.starts_with("HTTP/1.1 200")), "all answer");
    for (stream, _) in &mut held {
        ask(stream, "/healthz").await?;
    }
    let bytes: u64 = held.iter().map(|(_, answer)| 2 * answer.len() as u64).sum();
    forwards.until(&row.id, |row| row.down == bytes).await?;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_goes_and_comes_back_is_waited_for() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "forward-server", one).await?;
    ground.release("v1").await?;
    let mut forwards = Forwards::of(&ground.engine);
    let row = forwards.open(group(&ground), "8080", is_open).await?;
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, row.local)).await?;
    ask(&mut stream, "/healthz").await?;

    cluster.run("fault", &["port", "api", "refuse"])?;
    let counts_down = |row: &ForwardRow| {
        let ForwardState::Waiting { why, retry_at, reason } = &row.state else { return false };
        *why == ForwardWait::Cluster && retry_at.is_some() && !reason.is_empty()
    };
    forwards.until(&row.id, counts_down).await?;
    cluster.run("fault", &["port", "api", "ok"])?;
    forwards.until(&row.id, is_open).await?;
    host(row.local).await?;

    // Killed, it is back within seconds; what was open breaks, and the next request is carried.
    cluster.run("fault", &["kill", "kube-apiserver"])?;
    ensure!(stream.read(&mut [0]).await.unwrap_or(0) == 0, "what went through it has ended");
    let answered = async { while host(row.local).await.is_err() {} };
    tokio::time::timeout(PATIENCE, answered).await.context("it never answers again")?;
    forwards.until(&row.id, is_open).await?;
    ground.close().await
}
