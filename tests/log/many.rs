//! Logs of many pods in one.

use crate::{check, marks};
use anyhow::{Result, ensure};
use slipway_engine::log::{LogLine, LogOf, LogPartState};
use slipway_model::group::{AmountsDraft, CommandDraft, GroupDraft};
use slipway_tests::ground::{Ground, settled};
use slipway_tests::log::{OpenLog, numbers, source};

const PODS: usize = 50;
const LINES: usize = 20;

/// Each writes a few lines beside those of the others, and goes at once when it is told to.
fn many(draft: &mut GroupDraft) {
    let script = format!(
        "trap 'exit 0' TERM
        i=1; while [ $i -le {LINES} ]; do printf 'at line %08d x\\n' $i; i=$((i+1)); sleep 0.3; done
        sleep 3600 & wait"
    );
    draft.count = PODS.to_string();
    draft.command = CommandDraft::List(["sh", "-c", &script].map(str::to_owned).to_vec());
    draft.cpu = AmountsDraft { request: "1m".into(), limit: String::new() };
    draft.memory = AmountsDraft { request: "4Mi".into(), limit: "64Mi".into() };
}

/// Every number of every pod once and in order.
async fn whole(log: &OpenLog) -> Result<Vec<LogLine>> {
    let said = log.by_part().await?;
    ensure!(said.len() == PODS, "{} of {PODS} pods have written", said.len());
    for said in said.values() {
        check(&[numbers(said)])?;
        ensure!(said.len() == LINES && marks(said).is_empty(), "{said:?}");
    }
    log.lines().await
}

/// What is late is not waited for long, so a few lines may stand behind one that was written later.
fn in_order(lines: &[LogLine]) -> Result<()> {
    let late = lines.windows(2).filter(|pair| pair[1].at < pair[0].at).count();
    ensure!(late * 20 < lines.len(), "{late} of {} are out of order", lines.len());
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_pods_are_merged_in_the_order_of_time() -> Result<()> {
    let ground = Ground::new("log-many", many).await?;
    let release = ground.start("v1").await?;
    let mut live = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    // Waited for in steps: how long fifty take is the machine's affair, and each step has the patience of one.
    for pods in (5..=PODS).step_by(5) {
        live.until(&format!("{pods} pods have joined"), |log| log.parts.len() >= pods).await?;
    }
    for pods in 1..=PODS {
        let lines = (pods * LINES) as u64;
        live.until(&format!("as many lines as {pods} pods write"), |log| log.end() >= lines).await?;
    }
    ensure!(live.end() == (PODS * LINES) as u64, "{} lines", live.end());
    in_order(&whole(&live).await?)?;
    settled(&ground.engine, &release).await?;
    let end = live.end();
    // A kubelet watches the files of all logs that are followed, and a system has few of what it watches with.
    drop(live);

    // What lies behind is in order as well, whichever pod answers first.
    let mut past = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    past.until("all of it is read", |log| log.end() >= end).await?;
    let lines = whole(&past).await?;
    in_order(&lines)?;
    ensure!(past.parts.values().all(|part| part.state == LogPartState::Live), "{:?}", past.parts);
    // They took turns: no pod's lines stand alone.
    let turns = lines.windows(2).filter(|pair| pair[0].source != pair[1].source).count();
    ensure!(turns > lines.len() / 2, "{turns} turns in {} lines", lines.len());
    ground.close().await
}
