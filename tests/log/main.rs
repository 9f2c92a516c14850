//! Logs on a real cluster: every line once and in order, whatever happens to containers, servers and files.

mod hard;
mod many;

use anyhow::{Context, Result, ensure};
use slipway_engine::log::{LogFind, LogFrom, LogMark, LogOf, LogPartState, LogRead, LogSave, LogSource, LogText};
use slipway_model::group::GroupDraft;
use slipway_tests::ground::Ground;
use slipway_tests::log::{OpenLog, Said, numbers, source};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::{Pods, name};

const HTTP: u16 = 8080;

fn one(draft: &mut GroupDraft) {
    draft.count = "1".into();
}

fn three(draft: &mut GroupDraft) {
    draft.count = "3".into();
}

/// The runs of a container, by the marks between them.
fn runs(said: &[Said]) -> Vec<Vec<u64>> {
    said.split(|said| matches!(said, Said::Mark(LogMark::Restarted { .. }))).map(numbers).collect()
}

/// Each number of a run once, from the first one on.
fn check(runs: &[Vec<u64>]) -> Result<()> {
    for run in runs {
        let whole = run.iter().copied().eq(1..=run.len() as u64);
        let odd = run.windows(2).find(|pair| pair[1] != pair[0] + 1);
        ensure!(whole, "from {:?} to {:?}, {odd:?}", run.first(), run.last());
    }
    Ok(())
}

fn marks(said: &[Said]) -> Vec<&LogMark> {
    let mut marks = Vec::new();
    for said in said {
        if let Said::Mark(mark) = said {
            marks.push(mark);
        }
    }
    marks
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_restarts_loses_nothing() -> Result<()> {
    let ground = Ground::new("log-restart", one).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    for restart in 1..=3_u64 {
        // It writes before it listens.
        while pods.get(&pod, HTTP, "/log?rate=500").await.is_err() {
            let end = log.end();
            log.until("it listens", |log| log.end() > end).await?;
        }
        let end = log.end();
        log.until("it writes", |log| log.end() >= end + 300).await?;
        // It may be gone before it has answered.
        pods.get(&pod, HTTP, "/exit?code=1").await.ok();
        let end = log.end();
        log.until("it goes on with its next run", |log| {
            log.end() > end && log.parts.values().all(|part| part.state == LogPartState::Live)
        })
        .await?;
        let mut seen = 0;
        while seen < restart {
            let end = log.end();
            log.until("the next run writes", |log| log.end() > end).await?;
            seen = log
                .by_part()
                .await?
                .values()
                .map(|said| runs(said).iter().filter(|run| !run.is_empty()).count() as u64 - 1)
                .sum();
        }
    }
    let said = log.by_part().await?;
    let said = said.values().next().context("a container")?;
    let runs = runs(said);
    ensure!(runs.len() == 4 && runs.iter().all(|run| !run.is_empty()), "{} runs", runs.len());
    check(&runs)?;
    ensure!(marks(said).iter().all(|mark| **mark == LogMark::Restarted { missed: 0 }), "{:?}", marks(said));

    // The run before by itself.
    let before = LogSource { previous: true, ..source(&ground.group, LogOf::Pod { pod: name(&pod).to_owned() }) };
    let mut before = OpenLog::new(&ground.engine, before);
    before.until("it has ended", OpenLog::has_ended).await?;
    let last = numbers(before.by_part().await?.values().next().context("a container")?);
    ensure!(last == runs[2], "{} of {}", last.len(), runs[2].len());
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rolling_release_merges_and_what_ended_stays() -> Result<()> {
    let ground = Ground::new("log-roll", three).await?;
    ground.release("v1").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    log.until("three are followed", |log| log.parts.len() == 3 && log.end() > 10).await?;
    ground.release("v2").await?;
    log.until("the old ones have ended, the new ones go on", |log| {
        let ended = log.parts.values().filter(|part| part.state == LogPartState::Ended).count();
        ended == 3 && log.parts.len() == 6
    })
    .await?;
    let end = log.end();
    log.until("the new ones write", |log| log.end() > end + 10).await?;
    let said = log.by_part().await?;
    for (source, part) in &log.parts {
        let lines = said.get(source).with_context(|| format!("{} has written", part.pod))?;
        check(&[numbers(lines)])?;
        ensure!(marks(lines).is_empty(), "{:?}", marks(lines));
        ensure!(part.version == if part.state == LogPartState::Ended { "v1" } else { "v2" }, "{part:?}");
    }
    // What was there before came in the order of time, whatever came from where.
    let lines = log.lines().await?;
    let behind = lines.windows(2).filter(|pair| pair[1].at < pair[0].at).count();
    ensure!(behind * 20 < lines.len(), "{behind} of {} are out of order", lines.len());
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rotated_log_is_whole_or_says_what_is_missing() -> Result<()> {
    let ground = Ground::new("log-rotate", one).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    pods.get(&pod, HTTP, "/log?rate=20000").await?;
    // The kubelet begins a new file at 10 MiB; a log from the beginning then begins later.
    let mut lines = 200_000;
    loop {
        log.until("it writes", |log| log.end() >= lines).await?;
        let mut fresh = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
        fresh.until("it is read", |fresh| fresh.end() > 0).await?;
        let read = LogRead { log: fresh.name.clone(), from: 0, count: 1, found: false, whole: true };
        let first = ground.engine.log_rows(read).await?.rows.remove(0).text;
        if numbers(&[Said::Line(first)]) != [1] {
            break;
        }
        lines += 50_000;
    }
    let end = log.end();
    log.until("it goes on", |log| log.end() >= end + 50_000).await?;
    let said = log.by_part().await?;
    let said = said.values().next().context("a container")?;
    check(&[numbers(said)])?;
    ensure!(marks(said).is_empty(), "{:?}", marks(said));
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_dies_loses_nothing() -> Result<()> {
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "log-server", three).await?;
    ground.release("v1").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    log.until("three are followed", |log| log.parts.len() == 3 && log.end() > 20).await?;
    for _ in 0..2 {
        cluster.run("fault", &["kill", "kube-apiserver"])?;
        let end = log.end();
        log.until("it goes on", |log| {
            log.end() > end + 30 && log.parts.values().all(|part| part.state == LogPartState::Live)
        })
        .await?;
    }
    for said in log.by_part().await?.values() {
        check(&[numbers(said)])?;
        ensure!(marks(said).is_empty(), "{:?}", marks(said));
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_found_copied_saved_and_stands_still() -> Result<()> {
    let ground = Ground::new("log-find", one).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    pods.get(&pod, HTTP, "/log?rate=1000").await?;
    let engine = &ground.engine;
    let mut log = OpenLog::new(engine, source(&ground.group, LogOf::Group));
    log.until("it writes", |log| log.end() > 2_000).await?;
    engine.log_live(&log.name, false)?;
    log.until("it stands still", |log| log.parts.values().all(|part| part.state == LogPartState::Read)).await?;
    let still = log.end();

    let find = LogFind {
        log: log.name.clone(),
        text: r"line 0000\d{2}00".into(),
        regex: true,
        case: true,
        sources: Vec::new(),
        levels: Vec::new(),
        context: 1,
        from: still,
    };
    let wrong = engine.log_find(&LogFind { text: "(".into(), ..find.clone() })?;
    ensure!(wrong.wrong.is_some(), "{wrong:?}");
    engine.log_find(&find)?;
    log.until("all is looked at", |log| {
        log.log.as_ref().and_then(|log| log.found).is_some_and(|found| found.seen == found.total && found.count >= 20)
    })
    .await?;
    let found = log.log.as_ref().and_then(|log| log.found).context("it looks")?;
    let read = LogRead { log: log.name.clone(), from: 0, count: 9, found: true, whole: true };
    let rows = engine.log_rows(read).await?.rows;
    ensure!(rows.len() == 9 && rows[1].places.len() == 1 && rows[0].places.is_empty(), "{rows:#?}");

    let text = LogText { log: log.name.clone(), from: 0, until: 3, found: true, prefix: true };
    let copied = engine.log_text(text).await?;
    ensure!(copied.lines().count() == 3 && copied.contains(&format!(" {}/app ", name(&pod))), "{copied}");

    let path = ground.folder().join("found.log");
    let save = LogSave { log: log.name.clone(), title: String::new(), name: String::new(), found: true, prefix: false };
    let saved = engine.log_save(&save, &path).await?.context("it is saved")?;
    let file = std::fs::read_to_string(&path)?;
    ensure!(saved.lines == found.shown && file.lines().count() as u64 == found.shown, "{saved:?}");
    let all = engine.log_save(&LogSave { found: false, ..save.clone() }, &path).await?.context("it is saved")?;
    ensure!(all.lines == still && std::fs::read(&path)?.len() as u64 == all.bytes, "{all:?} of {still}");
    let nowhere = ground.folder().join("nothing/here.log");
    engine.log_save(&save, &nowhere).await.expect_err("there is no such folder");

    // Read by hand, it joins what was there.
    ensure!(log.end() == still, "it stands still");
    engine.log_refresh(&log.name)?;
    log.until("it was read anew", |log| log.end() > still).await?;
    engine.log_live(&log.name, true)?;
    let end = log.end();
    log.until("it follows", |log| log.end() > end + 1_000).await?;
    for said in log.by_part().await?.values() {
        check(&[numbers(said)])?;
    }
    // Gone with its feed.
    let folder = ground.data_dir().join("cache/logs");
    ensure!(std::fs::read_dir(&folder)?.count() == 1, "one journal");
    drop(log);
    let gone = async {
        while std::fs::read_dir(&folder)?.count() > 0 {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    tokio::time::timeout(slipway_tests::ground::PATIENCE, gone).await.context("its files are gone")??;
    pods.close();
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_range_ends_and_a_tail_begins_where_it_should() -> Result<()> {
    let ground = Ground::new("log-range", one).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    pods.get(&pod, HTTP, "/log?rate=200").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    log.until("it writes", |log| log.end() > 1_000).await?;
    let lines = log.lines().await?;
    let (from, until) = (lines[300].at, lines[800].at);
    let range = LogFrom::Range { from, until: Some(until) };
    let mut part = OpenLog::new(&ground.engine, LogSource { from: range, ..source(&ground.group, LogOf::Group) });
    part.until("it ends", OpenLog::has_ended).await?;
    let seen = part.lines().await?;
    // The cluster knows whole seconds at the beginning.
    ensure!(
        seen.first().is_some_and(|line| line.at.as_second() == from.as_second() && line.at <= from),
        "{:?}",
        seen.first()
    );
    ensure!(seen.last().is_some_and(|line| line.at == until), "{:?} of {until}", seen.last());
    let tail = LogSource { from: LogFrom::Tail { lines: 5 }, previous: false, ..source(&ground.group, LogOf::Group) };
    let mut tail = OpenLog::new(&ground.engine, tail);
    tail.until("it is read", |log| log.end() > 4).await?;
    let seen = numbers(&tail.by_part().await?[&0]);
    ensure!(seen[0] > 1_000 && seen.windows(2).all(|pair| pair[1] == pair[0] + 1), "{seen:?}");
    ensure!(tail.parts.values().all(|part| !part.failing && part.pod == name(&pod)), "{:?}", tail.parts);
    let nobody = LogOf::Pod { pod: "nobody".into() };
    let mut nobody = OpenLog::new(&ground.engine, source(&ground.group, nobody));
    nobody.until("it is said", |log| matches!(log.trust, Some(slipway_engine::live::Trust::Failed(_)))).await?;
    pods.close();
    ground.close().await
}
