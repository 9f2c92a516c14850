//! Case 7: a log read as fast as the cluster gives it, beside kubectl; and how soon its first lines are on the screen.

use super::Bench;
use crate::result::{Budget, Finding, Line};
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use slipway_engine::log::{LogOf, LogPartState};
use slipway_tests::ground::Ground;
use slipway_tests::log::{OpenLog, numbers, source};
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::{Window, eventually};
use std::fs::File;
use std::process::{Command, Stdio};
use std::time::Instant;

/// Lines that are in the log before it is read: about 9 MB, below what the kubelet begins a new file at.
const LINES: u64 = 85_000;
pub(super) const HTTP: u16 = 8080;

/// In the page: opens the log of all pods and says when its first line is drawn, ms from the click; then watches frames for
/// so many seconds, and answers the longest, ms.
const CLICK: &str = "
    const frame = () => new Promise(requestAnimationFrame);
    const open = [...document.querySelectorAll('main button')].find((one) => one.textContent.includes('Logs of all pods'));
    const begun = performance.now();
    open.click();
    let first = null;
    for (;;) {
        await frame();
        if (/line \\d{8} /.test(document.querySelector('[role=log]')?.textContent ?? '')) { first = performance.now() - begun; break; }
        if (performance.now() - begun > 20000) return { first };
    }
    let longest = 0, last = await frame(), frames = 0, long = 0;
    for (const until = last + seconds * 1000; last < until; ) {
        const now = await frame();
        longest = Math.max(longest, now - last);
        if (now - last > 50) long += 1;
        last = now;
        frames += 1;
    }
    return { first, longest, frames, long };
";

/// A group of one pod that prints when it is told to, on a cluster that gives way to the window which shows it.
pub(super) async fn printing(bench: &Bench) -> Result<(OwnCluster, Ground)> {
    if let Some(why) = &bench.options.no_cluster {
        bail!("no cluster: {why}");
    }
    let cluster = OwnCluster::start_behind()?;
    let ground = printer(&cluster).await?;
    Ok((cluster, ground))
}

async fn printer(cluster: &OwnCluster) -> Result<Ground> {
    let ground = Ground::on(cluster, "bench-log", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    Ok(ground)
}

/// Lets the pod print its lines; it rests when they are read.
async fn print(ground: &Ground, pods: &Pods<'_>, pod: &Value) -> Result<()> {
    let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
    pods.get(pod, HTTP, "/log?rate=20000").await?;
    log.until("the log is long", |log| log.end() >= LINES).await?;
    pods.get(pod, HTTP, "/log?rate=0").await?;
    Ok(())
}

/// The group's page in a window, which is the only one that has its data folder open.
pub(super) async fn opened(bench: &Bench, ground: &Ground) -> Result<Window> {
    ground.engine.close().await;
    let window = bench.desktop().await?.open_program(&bench.options.slipway, &ground.data_dir()).await?;
    window.loaded().await?;
    eventually("Slipway to open its first page", async || Ok((window.route().await? != "/").then_some(()))).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    window.comes_to_rest().await?;
    Ok(window)
}

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let mut finding = Box::pin(to_disk(bench)).await?;
    Box::pin(to_screen(bench, &mut finding)).await?;
    Ok(finding)
}

/// Both readers and what they read are equals.
async fn to_disk(bench: &Bench) -> Result<Finding> {
    if let Some(why) = &bench.options.no_cluster {
        bail!("no cluster: {why}");
    }
    let cluster = OwnCluster::start(&[])?;
    let ground = printer(&cluster).await?;
    let program = std::env::var_os("SLIPWAY_CLUSTER_BIN").context("no cluster: SLIPWAY_CLUSTER_BIN names none")?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    print(&ground, &pods, &pod).await?;

    let file = ground.folder().join("kubectl.log");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    let repetitions = if bench.options.quick { 3 } else { 7 };
    for repetition in 0..=repetitions {
        let mut kubectl = Command::new(&program);
        kubectl.args(["kubectl", "logs", name(&pod), "--timestamps", "--namespace"]);
        kubectl.arg(&ground.owner.connection.namespace).env("KUBECONFIG", cluster.kubeconfig());
        let begun = Instant::now();
        let status = kubectl.stdin(Stdio::null()).stdout(File::create(&file)?).status().context("start kubectl")?;
        ensure!(status.success(), "kubectl logs ended with {status}");
        let took = begun.elapsed().as_secs_f64();
        let bytes = u32::try_from(std::fs::metadata(&file)?.len())?;
        let lines = std::fs::read_to_string(&file)?.lines().count() as u64;

        let begun = Instant::now();
        let mut log = OpenLog::new(&ground.engine, source(&ground.group, LogOf::Group));
        log.until("all is read", |log| log.end() >= lines).await?;
        let ours_took = begun.elapsed().as_secs_f64();
        ensure!(log.end() == lines, "{} of {lines} lines", log.end());
        ensure!(log.parts.values().all(|part| part.state == LogPartState::Live), "it is followed");
        if repetition == 0 {
            let said = log.by_part().await?;
            let seen = numbers(said.values().next().context("a container")?);
            ensure!(seen.iter().copied().eq(1..=seen.len() as u64), "each number once");
            continue;
        }
        let rate = |seconds: f64| f64::from(bytes) / 1e6 / seconds;
        theirs.push(rate(took));
        ours.push(rate(ours_took));
    }
    pods.close();
    ground.close().await?;
    Ok(Finding {
        lines: vec![Line::of_samples("to disk", "MB/s", ours, &theirs, Budget::LeastTimes(0.9))],
        notes: vec![format!(
            "{LINES} lines of one pod, each number once; the yardstick is kubectl logs --timestamps > file"
        )],
        ..Finding::default()
    })
}

async fn to_screen(bench: &Bench, finding: &mut Finding) -> Result<()> {
    let (_cluster, ground) = printing(bench).await?;
    let pods = Pods::of(&ground).await?;
    let pod = pods.only("prod").await?;
    print(&ground, &pods, &pod).await?;
    let window = opened(bench, &ground).await?;
    let seconds = if bench.options.quick { 5 } else { 20 };
    let click = format!("const seconds = {{}};\n{CLICK}");
    let (mut first, mut still) = (Vec::new(), 0.0_f64);
    for _ in 0..5 {
        let seen = window.evaluate(&click.replace("{}", "1")).await?;
        first.push(seen["first"].as_f64().with_context(|| format!("the page answered {seen}"))?);
        still = still.max(seen["longest"].as_f64().unwrap_or_default());
        window.evaluate("document.querySelector('[aria-label^=\"Close Logs\"]').click()").await?;
        bench.pause().await;
    }
    // As fast as it can, while somebody looks.
    pods.get(&pod, HTTP, "/log?rate=-1").await?;
    let seen = window.evaluate(&click.replace("{}", &seconds.to_string())).await?;
    pods.get(&pod, HTTP, "/log?rate=0").await?;
    let longest = seen["longest"].as_f64().with_context(|| format!("the page answered {seen}"))?;
    let line = Line::new("first lines", "ms", crate::result::median(&first), Budget::Most(300.0));
    finding.lines.push(Line { samples: first, ..line });
    finding.lines.push(Line::new("longest frame", "ms", longest, Budget::Most(50.0)));
    finding.notes.push(format!(
        "{} frames in {seconds} s at full speed beside a cluster that gives way, {} of them longer than 50 ms; at rest the longest was {still:.0} ms",
        seen["frames"], seen["long"]
    ));
    window.quit().await?;
    pods.close();
    ground.close().await
}
