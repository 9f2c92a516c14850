//! Case 10: bytes, lines and small calls over the bridge, in Slipway's window and in the bare one.

use super::Bench;
use crate::result::{Budget, Finding, Line};
use anyhow::{Context, Result};
use slipway_tests::window::Window;

/// In the page: opens a pipe as `ui/src/platform/pipe.ts` does and acknowledges every piece. The same in both windows.
const PAGE: &str = "
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    const drained = (topic, size) => new Promise((resolve, reject) => {
        let next = 0, taken = 0, begun = 0, seq = 0;
        const early = new Map();
        const take = (message) => {
            if (message.kind === 'end') {
                const seconds = (performance.now() - begun) / 1000;
                if (message.error) reject(new Error(JSON.stringify(message.error)));
                else resolve({ taken, rate: taken / seconds });
                return;
            }
            taken += size(message);
            const piece = seq++;
            opened.then((id) => invoke('pipe_ack', { id, seq: piece })).catch(reject);
        };
        // Messages are numbered and may overtake each other.
        const id = transformCallback((event) => {
            if (!('message' in event)) return;
            early.set(event.index, event.message);
            for (; early.has(next); next++) {
                const message = early.get(next);
                early.delete(next);
                take(message);
            }
        });
        begun = performance.now();
        const opened = invoke('pipe_open', { topic, channel: `__CHANNEL__:${id}` });
        opened.catch(reject);
    });
";

/// One of the three ways.
struct Way {
    part: &'static str,
    unit: &'static str,
    /// What comes over it, in the page's own count, and how many of that are one of the unit.
    script: String,
    expected: u32,
    divisor: f64,
}

fn ways(quick: bool) -> [Way; 3] {
    let scale = if quick { 1 } else { 8 };
    let (bytes, lines, calls) = (16 * 1024 * 1024 * scale, 60_000 * scale, 500 * scale);
    [
        Way {
            part: "raw bytes",
            unit: "MB/s",
            script: format!(
                "return await drained({{ kind: 'measure_bytes', bytes: {bytes}, piece: 262144 }}, (m) => m.byteLength);"
            ),
            expected: bytes,
            divisor: 1e6,
        },
        Way {
            part: "lines",
            unit: "lines/s",
            script: format!(
                "return await drained({{ kind: 'measure_lines', lines: {lines}, batch: 1000 }}, (m) => m.lines.length);"
            ),
            expected: lines,
            divisor: 1.0,
        },
        Way {
            part: "small calls",
            unit: "calls/s",
            // An order that changes nothing: the window is visible already.
            script: format!(
                "const begun = performance.now();
                 for (let n = 0; n < {calls}; n++) await invoke('call', {{ name: 'window_visible', payload: true }});
                 return {{ taken: {calls}, rate: {calls} / ((performance.now() - begun) / 1000) }};"
            ),
            expected: calls,
            divisor: 1.0,
        },
    ]
}

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let folder = tempfile::tempdir()?;
    let desktop = bench.desktop().await?;
    let ours = desktop.open_program(&bench.options.slipway, &folder.path().join("slipway")).await?;
    let bare = desktop.open_program(&bench.options.bare, &folder.path().join("bare")).await?;
    for window in [&ours, &bare] {
        window.loaded().await?;
        window.comes_to_rest().await?;
    }
    let repetitions = if bench.options.quick { 3 } else { 7 };
    let mut lines = Vec::new();
    for way in ways(bench.options.quick) {
        let (mut our_rates, mut bare_rates) = (Vec::new(), Vec::new());
        // The first of each warms up. In turn, so that what else the machine does falls on both.
        for repetition in 0..=repetitions {
            let (our, bare) = (rate(&ours, &way).await?, rate(&bare, &way).await?);
            if repetition > 0 {
                our_rates.push(our);
                bare_rates.push(bare);
            }
        }
        lines.push(Line::of_samples(way.part, way.unit, our_rates, &bare_rates, Budget::LeastTimes(0.9)));
    }
    ours.quit().await?;
    bare.quit().await?;
    Ok(Finding { lines, ..Finding::default() })
}

async fn rate(window: &Window, way: &Way) -> Result<f64> {
    let came = window.evaluate(&format!("{PAGE}\n{}", way.script)).await.with_context(|| way.part)?;
    anyhow::ensure!(came["taken"] == way.expected, "{}: {came} came of {}", way.part, way.expected);
    Ok(came["rate"].as_f64().context("the page counts")? / way.divisor)
}
