//! Case 19: two long files compared in the window, from the choice of a side until the difference is drawn.

use super::Bench;
use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result};
use serde_json::Value;
use slipway_model::config::Content;
use slipway_store::sample::{self, Size};
use slipway_store::{FileEntry, Store};
use slipway_tests::window::eventually;
use std::fmt::Write as _;

const LINES: u32 = 10_000;
const PATH: &str = "conf/application.yaml";
/// Versions that are compared with what is saved, one after the other; a few more warm up.
const TURNS: u32 = 21;
const WARM: u32 = 3;

/// Chooses a version and answers ms until its difference was drawn: from the change of the address to the end of the frame
/// in which its first line stands in the page. Beside it what the screen takes by itself: a frame with one letter changed.
/// Each begins when what was drawn before has come to the screen.
const COMPARED: &str = "
    const drawn = () => new Promise((done) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => done(performance.now());
        port2.postMessage(null);
    }));
    const until = (holds) => new Promise((done) => {
        if (holds()) return done();
        const watch = new MutationObserver(() => { if (holds()) { watch.disconnect(); done(); } });
        watch.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    const shown = (word) => document.querySelector('main figure')?.textContent.includes(word) ?? false;
    const rest = async () => { for (let at = 0; at < 12; at += 1) await drawn(); };
    const [base, version] = arguments[0];
    const letter = document.body.appendChild(document.createElement('span'));
    letter.style.cssText = 'position: fixed; right: 0; bottom: 0';
    letter.textContent = 'a';
    await rest();
    let begun = performance.now();
    letter.textContent = 'b';
    const frame = await drawn() - begun;
    letter.remove();
    await rest();
    begun = performance.now();
    location.hash = `${base}&from=${version}`;
    await until(() => shown(`of version ${version};`));
    const time = await drawn() - begun;
    return { time, frame, rows: document.querySelectorAll('main figure [data-row]').length };
";

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let folder = tempfile::tempdir()?;
    let store = Store::open(folder.path()).await?.store;
    sample::fill(&store, Size { apps: 1, groups: 1, releases: 0 }).await?;
    let app = store
        .write(|w| {
            let app = w.apps()?.swap_remove(0).0.id;
            let file = FileEntry::new("long".into(), app.clone(), None, PATH.to_owned(), Content::Text(text(1)));
            w.insert_file(&file)?;
            for version in 1..=WARM + TURNS {
                let saved = w.file(&file.id)?.unwrap_or_else(|| file.clone());
                w.cut_version(&saved, "idle", None)?;
                w.save_file(&FileEntry { content: Content::Text(text(version + 1)), ..saved })?;
            }
            Ok(app)
        })
        .await?;
    store.close().await;

    let window = bench.desktop().await?.open_program(&bench.options.slipway, folder.path()).await?;
    window.loaded().await?;
    eventually("Slipway to open its first page", async || Ok((window.route().await? != "/").then_some(()))).await?;
    window.comes_to_rest().await?;
    let base = format!("/app/{app}/config?open=long");
    window.go(&format!("{base}&from=1")).await?;
    eventually("the first difference to be drawn", async || {
        let text = window.evaluate("return document.querySelector('main figure')?.textContent ?? '';").await?;
        Ok(text.as_str().is_some_and(|text| text.contains("of version 1;")).then_some(()))
    })
    .await?;
    window.comes_to_rest().await?;
    let (mut times, mut frames, mut rows) = (Vec::new(), Vec::new(), 0);
    for version in 2..=WARM + TURNS {
        let seen = window.evaluate(&COMPARED.replace("arguments[0]", &format!("['{base}', {version}]"))).await?;
        rows = seen["rows"].as_u64().context("the page counts its rows")?;
        // What a webview compiles while it draws for the first times is no part of it.
        if version > WARM {
            times.push(number(&seen["time"])?);
            frames.push(number(&seen["frame"])?);
        }
    }
    window.quit().await?;

    let frame = median(&frames);
    let line = Line::new("to the screen", "ms", median(&times), Budget::Most(50.0)).beside(frame);
    Ok(Finding {
        lines: vec![Line { samples: times, ..line }],
        notes: vec![format!(
            "two files of {LINES} lines and {} bytes, every hundredth changed; {rows} rows drawn; the yardstick is a frame with one letter changed",
            text(1).len(),
        )],
        ..Finding::default()
    })
}

/// As people edit: a line here and there is another in each version.
fn text(version: u32) -> String {
    let mut text = String::new();
    for line in 0..LINES {
        let of = if line % 100 == 7 { format!(" of version {version};") } else { String::new() };
        writeln!(text, "setting-{line}: value {line}{of}").expect("a String takes it");
    }
    text
}

fn number(value: &Value) -> Result<f64> {
    value.as_f64().context("a time is a number")
}
