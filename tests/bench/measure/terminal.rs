//! Case 9: twenty megabytes of a shell on the screen, beside xterm alone; and how soon a key is echoed, beside a raw exec.

use super::Bench;
use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result, bail};
use serde_json::Value;
use slipway_cluster::{Session, Size};
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::{Pods, name};
use slipway_tests::window::{Window, button, eventually, textbox};
use std::path::Path;
use std::time::Instant;

const BYTES: u32 = 20_000_000;
const LINE: &str = "GET /v2/orders/confirm 200 41ms trace=8f21c0 a line as logs have it, and some more of it";
const KEYS: usize = 50;
const SIZE: Size = Size { columns: 120, rows: 30 };

/// What the scripts share: typing as a paste does, and the end of a frame.
const PAGE: &str = "
    const frame = () => new Promise(requestAnimationFrame);
    const rows = () => [...document.querySelectorAll('[role=tabpanel] .xterm-rows > div')].map((row) => row.textContent).join('\\n');
    const type = (text) => {
        const data = new DataTransfer();
        data.setData('text', text);
        document.querySelector('.xterm-helper-textarea')
            .dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
    };
";
/// Ms from the command to the frame that shows its end.
const FLOOD: &str = "
    const begun = performance.now();
    type(`cat /tmp/big; echo through-$((${turn}+0))-end\\n`);
    while (!rows().includes(`through-${turn}-end`)) {
        await frame();
        if (performance.now() - begun > 25000) return null;
    }
    return performance.now() - begun;
";
/// A terminal of the same size that has nothing around it.
const ALONE: &str = "
    const place = document.querySelector('[role=tabpanel] .xterm').parentElement;
    const host = document.createElement('div');
    const { width, height } = place.getBoundingClientRect();
    const { fontFamily } = getComputedStyle(place);
    host.style.cssText = `position: fixed; inset: 0 auto auto 0; z-index: 9; width: ${width}px; height: ${height}px; background: white`;
    document.body.append(host);
    const screen = new Terminal({ cols: columns, rows: lines, fontFamily, fontSize: 12, lineHeight: 1.25, scrollback: 10000 });
    screen.open(host);
    const piece = new TextEncoder().encode(`${line}\\r\\n`.repeat(Math.ceil(65536 / (line.length + 2)))).slice(0, 65536);
    await frame();
";
/// The same bytes written to it, ms.
const FLOOD_ALONE: &str = "
    const begun = performance.now();
    for (let left = bytes; left > 0; left -= piece.length) {
        await new Promise((done) => screen.write(left < piece.length ? piece.subarray(0, left) : piece, done));
    }
    await frame();
    const took = performance.now() - begun;
    screen.dispose();
    host.remove();
    return took;
";
/// Ms from each key to the change of the screen that shows it.
const ECHO: &str = "
    const echoes = async (rows, press) => {
        const changed = () => new Promise((done) => {
            const watch = new MutationObserver(() => { watch.disconnect(); done(performance.now()); });
            watch.observe(rows, { subtree: true, childList: true, characterData: true });
        });
        const times = [];
        for (let key = 0; key < keys; key += 1) {
            const begun = performance.now();
            const seen = changed();
            press();
            times.push(await seen - begun);
            for (let at = 0; at < 12; at += 1) await frame();
        }
        return times;
    };
";
const ECHO_OURS: &str = "return echoes(document.querySelector('[role=tabpanel] .xterm-rows'), () => type('x'));";
/// Of the terminal alone, which writes at once what is typed: it waits for a frame, too.
const ECHO_ALONE: &str = "
    screen.onData((data) => screen.write(data));
    const times = await echoes(host.querySelector('.xterm-rows'), () => screen.input('x'));
    screen.dispose();
    host.remove();
    return times;
";

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    if let Some(why) = &bench.options.no_cluster {
        bail!("no cluster: {why}");
    }
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "bench-shell", |draft| draft.count = "1".into()).await?;
    ground.release("v1").await?;
    let pods = Pods::of(&ground).await?;
    let pod = name(&pods.only("prod").await?).to_owned();
    let raw = raw_echo(&ground.session().await?, &pod).await?;
    pods.close();
    ground.engine.close().await;

    let window: Window = bench.desktop().await?.open_program(&bench.options.slipway, &ground.data_dir()).await?;
    window.loaded().await?;
    eventually("Slipway to open its first page", async || Ok((window.route().await? != "/").then_some(()))).await?;
    window.go(&format!("/app/{}/running/{}", ground.app, ground.group)).await?;
    window.click(&slipway_tests::window::By::containing("row", &pod[pod.len() - 5..])).await?;
    window.click(&button("Terminal")).await?;
    // It takes the focus once it takes what is typed.
    let screen = textbox(&format!("Terminal of {pod}"));
    eventually("the terminal to be open", async || Ok(window.has_focus(&screen).await?.then_some(()))).await?;
    let run = async |script: &str| window.evaluate(&format!("{PAGE}\n{script}")).await;
    let fill = format!("type(`yes '{LINE}' | head -c {BYTES} > /tmp/big; echo filled-$((1+1))\\n`); return null;");
    run(&fill).await?;
    eventually("the file to be written", async || {
        let rows = run("return rows();").await?;
        Ok(rows.as_str().unwrap_or_default().contains("filled-2").then_some(()))
    })
    .await?;

    let lib = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../ui/node_modules/@xterm/xterm/lib/xterm.js"),
    )
    .context("read xterm")?;
    let alone = format!(
        "const [bytes, columns, lines, line, keys] = [{BYTES}, {}, {}, '{LINE}', {KEYS}];
        const module = {{ exports: {{}} }}; const exports = module.exports;\n{lib}\n;const {{ Terminal }} = module.exports;\n{ALONE}",
        SIZE.columns, SIZE.rows
    );
    let turns = if bench.options.quick { 2 } else { 5 };
    let (mut ours, mut yardstick) = (Vec::new(), Vec::new());
    // The first of each warms up. In turn, so that what else the machine does falls on both.
    for turn in 0..=turns {
        let our = run(&format!("const turn = {turn};\n{FLOOD}")).await?;
        let bare = run(&format!("{alone}\n{FLOOD_ALONE}")).await?;
        let (our, bare) = (our.as_f64().context("20 MB in 25 s")?, bare.as_f64().context("xterm has written")?);
        if turn > 0 {
            ours.push(our / 1000.0);
            yardstick.push(bare / 1000.0);
        }
    }
    let echoes = samples(&run(&format!("const keys = {KEYS};\n{ECHO}\n{ECHO_OURS}")).await?)?;
    let drawn = median(&samples(&run(&format!("{alone}\n{ECHO}\n{ECHO_ALONE}")).await?)?);
    window.quit().await?;
    ground.close().await?;
    let echo = Line::new("key to echo", "ms", median(&echoes), Budget::MostMore(5.0)).beside(raw + drawn);
    Ok(Finding {
        lines: vec![
            Line::of_samples("20 MB", "s", ours, &yardstick, Budget::MostTimes(1.3)),
            Line { samples: echoes, ..echo },
        ],
        notes: vec![format!(
            "cat of {BYTES} bytes, {turns} turns of each; {KEYS} keys, to the change of the page, which waits for a frame, beside a raw exec, {raw:.2} ms, and xterm alone that echoes by itself, {drawn:.1} ms"
        )],
        ..Finding::default()
    })
}

fn samples(times: &Value) -> Result<Vec<f64>> {
    Ok(times.as_array().context("times")?.iter().filter_map(Value::as_f64).collect())
}

/// Ms from a key to its echo, where nothing is drawn: the median.
async fn raw_echo(session: &Session, pod: &str) -> Result<f64> {
    let mut shell = session.shell(pod, "app", SIZE).await?;
    shell.input.write(b"echo begun-$((1+1))\n").await.context("somebody reads it")?;
    let mut seen = String::new();
    while !seen.ends_with("# \u{1b}[6n") || !seen.contains("begun-2") {
        seen.push_str(&String::from_utf8_lossy(&shell.output.next().await.context("the shell runs")?));
    }
    let mut times = Vec::new();
    for _ in 0..KEYS {
        let begun = Instant::now();
        shell.input.write(b"x").await.context("somebody reads it")?;
        shell.output.next().await.context("the shell runs")?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(&times))
}
