//! Health checks: each of the three kinds as each of the three probes, when they pass and when they do not.

use anyhow::{Result, ensure};
use slipway_model::diagnosis::{Cause, ProbeKind};
use slipway_model::group::{CheckKind, CommandDraft, GroupDraft, Header, HttpGetDraft, ProbeDraft, Scheme};
use slipway_model::id::GroupId;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;
use slipway_tests::pod::{Call, Pods};

const PORT: u16 = 8080;
/// Who asks in the name of a check: the header that the group says, and the demo image.
const BY_HEADER: &str = "checked-by-slipway";
const BY_COMMAND: &str = "Go-http-client/";

/// A check that passes, and whose calls tell what it is of.
fn passing(kind: CheckKind, of: &str) -> ProbeDraft {
    let path = format!("/healthz?of={of}");
    let url = format!("http://127.0.0.1:{PORT}{path}");
    let agent = Header { name: "User-Agent".into(), value: BY_HEADER.into() };
    ProbeDraft {
        kind,
        http: HttpGetDraft { path, port: "http".into(), headers: vec![agent], ..HttpGetDraft::default() },
        command: CommandDraft::List(vec!["/app/server".into(), "get".into(), url]),
        tcp: PORT.to_string(),
        period_seconds: "1".into(),
        // A command is a process more, on a machine that has other things to do.
        timeout_seconds: "10".into(),
        ..if of == "startup" { ProbeDraft::startup() } else { ProbeDraft::default() }
    }
}

/// One pod, with each kind once.
fn with(draft: &mut GroupDraft, [liveness, readiness, startup]: [CheckKind; 3]) {
    draft.count = "1".into();
    draft.strategy.min_ready_seconds = "0".into();
    draft.liveness = passing(liveness, "liveness");
    draft.readiness = passing(readiness, "readiness");
    draft.startup = passing(startup, "startup");
}

async fn passes(ground: &Ground, pods: &Pods<'_>, group: &GroupId, kinds: [CheckKind; 3]) -> Result<()> {
    let view = ground.release_of(group, "v1").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{kinds:?}: {view:#?}");
    let pod = pods.only(&view.row.group_name).await?;
    let first = |calls: &[Call], (kind, of): (CheckKind, &str)| {
        let agent = if kind == CheckKind::Http { BY_HEADER } else { BY_COMMAND };
        calls.iter().position(|call| call.is(&format!("/healthz?of={of}"), agent))
    };
    // A connection leaves no call.
    let told: Vec<_> = kinds
        .into_iter()
        .zip(["liveness", "readiness", "startup"])
        .filter(|(kind, _)| *kind != CheckKind::Tcp)
        .collect();
    let all = |calls: &[Call]| told.iter().all(|check| first(calls, *check).is_some());
    let calls = pods.calls(&pod, PORT, "each check asks", all).await?;
    if let Some(startup) = told.iter().find(|(_, of)| *of == "startup") {
        ensure!(first(&calls, *startup) == Some(0), "the others wait until it has started: {calls:#?}");
    }
    let pod = pods.only(&view.row.group_name).await?;
    ensure!(pod["status"]["containerStatuses"][0]["restartCount"] == 0, "{}", pod["status"]);
    Ok(())
}

/// A check that fails, the release that stops for it, and what it is to say.
async fn fails(ground: &Ground, group: &GroupId, probe: ProbeKind, words: &str) -> Result<()> {
    let view = ground.release_of(group, "v1").await?;
    ensure!(view.row.state == ReleaseState::Stopped, "{view:#?}");
    let cause = view.diagnosis.map(|diagnosis| diagnosis.cause);
    let told = matches!(&cause, Some(Cause::Probe { probe: found, message, .. })
        if *found == probe && message.contains(words));
    ensure!(told, "{probe:?} says {words:?}: {cause:#?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn checks_of_every_kind_act_as_every_probe() -> Result<()> {
    use CheckKind::{Command, Http, Tcp};
    let ground = Ground::new("checks", |draft| with(draft, [Http, Command, Tcp])).await?;
    let pods = Pods::of(&ground).await?;
    let first = ground.engine.group(&ground.group).await?.draft;
    let another = async |name: &str, change: &dyn Fn(&mut GroupDraft)| {
        let mut draft = GroupDraft { name: name.into(), ..first.clone() };
        change(&mut draft);
        anyhow::Ok(ground.engine.group_create(&ground.app, &draft).await?)
    };
    let second = another("second", &|draft| with(draft, [Command, Tcp, Http])).await?;
    let third = another("third", &|draft| with(draft, [Tcp, Http, Command])).await?;
    let closed = another("closed", &|draft| {
        draft.readiness.kind = Tcp;
        draft.readiness.tcp = "9".into();
    });
    let stuck = another("stuck", &|draft| {
        // It is ready at once: what counts is what comes after.
        draft.strategy.min_ready_seconds = "10".into();
        draft.liveness.kind = Command;
        draft.liveness.command = CommandDraft::Shell("echo the queue is stuck; exit 3".into());
    });
    let plain = another("plain", &|draft| {
        draft.startup.kind = Http;
        draft.startup.http.scheme = Scheme::Https;
        draft.startup.failure_threshold = "3".into();
    });
    let (closed, stuck, plain) = tokio::try_join!(closed, stuck, plain)?;
    tokio::try_join!(
        passes(&ground, &pods, &ground.group, [Http, Command, Tcp]),
        passes(&ground, &pods, &second, [Command, Tcp, Http]),
        passes(&ground, &pods, &third, [Tcp, Http, Command]),
        fails(&ground, &closed, ProbeKind::Readiness, "connection refused"),
        fails(&ground, &stuck, ProbeKind::Liveness, "the queue is stuck"),
        fails(&ground, &plain, ProbeKind::Startup, "HTTP response to HTTPS client"),
    )?;
    pods.close();
    ground.close().await
}
