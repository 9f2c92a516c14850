//! What the page may not do, whatever runs in it.

use anyhow::{Context, Result};
use serde_json::Value;
use slipway_tests::window::{Desktop, Window};
use std::net::TcpListener;

/// Asks the shell for a command as any script in the page could; answers the refusal.
async fn refusal(window: &Window, command: &str) -> Result<Option<String>> {
    let script = format!(
        "return await window.__TAURI_INTERNALS__.invoke({command:?}, {{ label: 'main', value: 'Slipway' }}).then(() => null, String);"
    );
    let answer = window.evaluate(&script).await.with_context(|| format!("invoke {command}"))?;
    Ok(answer.as_str().map(str::to_owned))
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_has_the_contract_and_no_way_around_it() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let commands = [
        "plugin:clipboard-manager|read_text",
        "plugin:clipboard-manager|write_image",
        "plugin:dialog|open",
        "plugin:dialog|save",
        "plugin:opener|open_url",
        "plugin:fs|read_text_file",
        "plugin:shell|execute",
        "plugin:event|listen",
        "plugin:webview|create_webview_window",
        "plugin:window|create",
        "plugin:window|destroy",
        "plugin:window-state|filename",
    ];
    for command in commands {
        let refusal = refusal(&window, command).await?.with_context(|| format!("{command} was allowed"))?;
        assert!(refusal.contains("not allowed") || refusal.contains("not found"), "{command}: {refusal}");
    }
    // The same way, what is allowed works.
    assert_eq!(refusal(&window, "plugin:window|set_title").await?, None);
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_reaches_nobody_and_goes_nowhere() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let here = window.evaluate("return location.href;").await?;
    let attempts = [
        "await fetch(url)",
        "await new Promise((done) => Object.assign(new Image(), { onload: done, onerror: done, src: url }))",
        "new WebSocket(url.replace('http', 'ws'))",
        "navigator.sendBeacon(url, 'x')",
        "new EventSource(url)",
        "location.href = url",
        "window.open(url)",
        "add('iframe', { src: url })",
        "add('script', { src: url })",
        "add('link', { rel: 'stylesheet', href: url })",
        "add('link', { rel: 'preconnect', href: url })",
        "add('a', { href: url, ping: url, download: 'x' }).click()",
        "add('form', { action: url }).submit()",
    ];
    let mut listeners = Vec::new();
    for attempt in attempts {
        let elsewhere = TcpListener::bind("127.0.0.1:0")?;
        elsewhere.set_nonblocking(true)?;
        let script = format!(
            "const url = 'http://{}/';
             const add = (tag, set) => document.body.appendChild(Object.assign(document.createElement(tag), set));
             try {{ {attempt}; }} catch {{}}",
            elsewhere.local_addr()?
        );
        window.evaluate(&script).await.with_context(|| attempt.to_owned())?;
        listeners.push((attempt, elsewhere));
    }
    window
        .evaluate("document.body.append(Object.assign(document.createElement('script'), { text: 'inline = 1' }))")
        .await?;
    assert_eq!(window.evaluate("return window.inline ?? null;").await?, Value::Null);
    assert_eq!(window.evaluate("return location.href;").await?, here);

    // What was begun before two frames were drawn has reached a listener on the same machine by now.
    window.screenshot().await?;
    let reached: Vec<_> =
        listeners.iter().filter(|(_, elsewhere)| visited(elsewhere)).map(|(attempt, _)| attempt).collect();
    assert!(reached.is_empty(), "the page reached somebody by {reached:?}");
    for (attempt, elsewhere) in &listeners {
        std::net::TcpStream::connect(elsewhere.local_addr()?)?;
        assert!(visited(elsewhere), "the listener for {attempt} would have seen it");
    }
    // Its console is full of refusals by now.
    window.kill().await
}

fn visited(listener: &TcpListener) -> bool {
    listener.accept().is_ok()
}
