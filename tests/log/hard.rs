//! Logs of containers that write what they should not, or do not live long.

use crate::{check, marks, runs};
use anyhow::{Context, Result, ensure};
use slipway_engine::log::{LogLine, LogMark, LogOf, LogPartState, LogText};
use slipway_model::group::{CommandDraft, GroupDraft};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::{Ground, PATIENCE, settled};
use slipway_tests::log::{OpenLog, Said, source};
use slipway_tests::pod::{Pods, name};

const LONG: u64 = 50 << 20;
/// As `slipway_cluster` says: the rest of a longer line is counted and left out.
const KEPT: u64 = slipway_cluster::LINE_MAX as u64;
/// The kubelet's time and a space stand in front of what is kept.
const TIME_MAX: u64 = 36;

fn writes(draft: &mut GroupDraft, script: &str) {
    draft.count = "1".into();
    draft.command = CommandDraft::List(["sh", "-c", script].map(str::to_owned).to_vec());
}

fn odd(draft: &mut GroupDraft) {
    // The line without an end comes last: where the kubelet begins another file while such a line waits for its end, the
    // runtime ends it in the file before, which no one is given any more.
    let script = r"
        while [ ! -e /tmp/begin ]; do sleep 1; done
        echo before
        head -c 52428800 /dev/zero | tr '\0' x
        echo
        printf 'nul \000 broken \377\376 bidi \342\200\256 title \033]0;owned\007 clear \033[2J\033[H back \r over\n'
        while [ ! -e /tmp/end ]; do sleep 1; done
        printf 'no newline ever'
    ";
    writes(draft, script);
}

async fn touch(ground: &Ground, file: &str) -> Result<()> {
    let pods = Pods::of(ground).await?;
    let pod = pods.only("prod").await?;
    let container = pod["spec"]["containers"][0]["name"].as_str().context("a container")?;
    let command = ["touch", file].map(str::to_owned);
    let ran = ground.session().await?.run(name(&pod), container, &command, 1024, PATIENCE).await?;
    ensure!(ran.as_ref().is_some_and(|ran| ran.exit == 0), "{ran:?}");
    pods.close();
    Ok(())
}

fn text(line: &LogLine) -> &str {
    &line.text
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_log_should_hold_is_shown_as_it_is_and_bounded() -> Result<()> {
    let ground = Ground::new("log-odd", odd).await?;
    ensure!(ground.release("v1").await?.row.state == ReleaseState::Succeeded);
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    log.until("it is followed", |log| log.parts.values().any(|part| part.state == LogPartState::Live)).await?;
    // The kubelet gives out the file of now only, and such a line makes it begin another.
    touch(&ground, "/tmp/begin").await?;
    log.until("three lines are whole", |log| log.end() == 3).await?;
    let lines = log.lines().await?;
    ensure!(text(&lines[0]) == "before");
    let long = &lines[1];
    let kept = long.text.len() as u64 + long.more;
    ensure!(long.text.bytes().all(|byte| byte == b'x') && kept + long.left_out == LONG, "{kept} + {}", long.left_out);
    ensure!((KEPT - TIME_MAX..=KEPT).contains(&kept), "{kept}");
    let odd =
        "nul \0 broken \u{fffd}\u{fffd} bidi \u{202e} title \u{1b}]0;owned\u{7} clear \u{1b}[2J\u{1b}[H back \r over";
    ensure!(text(&lines[2]) == odd && lines[2].broken, "{:?}", lines[2]);

    // What is copied is what was written, too.
    let copied = LogText { log: log.name.clone(), from: 0, until: 3, found: false, prefix: false };
    let copied = ground.engine.log_text(copied).await?;
    ensure!(copied.lines().next() == Some("before") && copied.contains("\u{1b}[2J"), "{} bytes", copied.len());

    // A line that never ends is one once its container does.
    touch(&ground, "/tmp/end").await?;
    log.until("the last line", |log| log.end() > 3).await?;
    ensure!(text(&log.lines().await?[3]) == "no newline ever");
    ground.close().await
}

fn short_lived(draft: &mut GroupDraft) {
    writes(draft, "i=1; while [ $i -le 50 ]; do printf 'at line %08d x\\n' $i; i=$((i+1)); done; exit 1");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_that_never_stays_is_read_run_by_run_and_what_was_missed_is_counted() -> Result<()> {
    const RUNS: u64 = 5;
    let ground = Ground::new("log-loop", short_lived).await?;
    let release = ground.start("v1").await?;
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    let restarts = |said: &[Said]| -> u64 {
        marks(said)
            .iter()
            .map(|mark| match mark {
                LogMark::Restarted { missed } => u64::from(*missed) + 1,
                _ => 0,
            })
            .sum()
    };
    let mut end = 0;
    let said = loop {
        log.until("a run is read", |log| log.end() > end).await?;
        end = log.end();
        let said = log.by_part().await?;
        ensure!(said.len() <= 1, "{:?}", said.keys());
        if let Some((_, said)) = said.into_iter().next()
            && restarts(&said) >= RUNS
        {
            break said;
        }
    };
    let runs = runs(&said);
    let read = runs.iter().filter(|run| !run.is_empty()).count();
    // The run that is under way may not be whole yet.
    let (_, before) = runs.split_last().context("a run")?;
    ensure!(before.iter().all(|run| run.len() == 50), "{:?}", before.iter().map(Vec::len).collect::<Vec<_>>());
    check(&runs)?;
    ensure!(read >= 2, "{read} runs of {RUNS}");
    ensure!(log.parts.values().all(|part| !matches!(part.state, LogPartState::Failed { .. })), "{:?}", log.parts);
    settled(&ground.engine, &release).await?;
    ground.close().await
}
