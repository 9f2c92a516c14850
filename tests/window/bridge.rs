//! Calls, feeds and pipes between the real page and the real core.

use anyhow::Result;
use serde_json::{Value, json};
use slipway_tests::window::{Desktop, Window, eventually};

/// In the page: `invoke`, and a channel that keeps what comes, in order.
const PAGE: &str = "
    const { invoke, transformCallback } = window.__TAURI_INTERNALS__;
    const refusal = (asked) => asked.then(() => null, (error) => error.code ?? String(error));
    const channel = (name) => {
        const came = (window[name] = []);
        const id = transformCallback((event) => { if ('message' in event) came[event.index] = event.message; });
        return `__CHANNEL__:${id}`;
    };
";

async fn in_page(window: &Window, script: &str) -> Result<Value> {
    window.evaluate(&format!("{PAGE}\n{script}")).await
}

async fn arrived(window: &Window, count: u64) -> Result<()> {
    eventually(format!("{count} pieces"), async || {
        Ok((window.evaluate("return window.came.length;").await?.as_u64() == Some(count)).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_contract_does_not_have_is_answered_and_harms_nothing() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let asked = [
        "invoke('call', { name: 'no_such_call', payload: null })",
        "invoke('call', { name: 'app_get', payload: { not: 'an id' } })",
        "invoke('feed_open', { topic: { kind: 'nothing' }, channel: channel('came') })",
        "invoke('pipe_open', { topic: 7, channel: channel('came') })",
    ];
    for asked in asked {
        let code = in_page(&window, &format!("return await refusal({asked});")).await?;
        assert_eq!(code, "bad_call", "{asked}");
    }
    // Closing what is not open is no error: it may have ended by itself.
    let closed = "return [await invoke('feed_close', { id: 4242 }), await invoke('pipe_ack', { id: 4242, seq: 0 })];";
    assert_eq!(in_page(&window, closed).await?, json!([null, null]));
    let apps = in_page(&window, "return (await invoke('call', { name: 'app_list', payload: null })).value;").await?;
    assert_eq!(apps, json!([]));
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_feed_begins_with_a_snapshot() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    in_page(&window, "return await invoke('feed_open', { topic: { kind: 'clusters' }, channel: channel('came') });")
        .await?;
    let first = eventually("a snapshot", async || {
        Ok(Some(window.evaluate("return window.came[0] ?? null;").await?).filter(|message| !message.is_null()))
    })
    .await?;
    assert_eq!((&first["kind"], &first["seq"]), (&json!("snapshot"), &json!(0)), "{first}");
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_waits_for_acks_and_loses_nothing() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let open = "window.id = await invoke('pipe_open',
        { topic: { kind: 'measure_bytes', bytes: 655360, piece: 65536 }, channel: channel('came') }); return window.id;";
    in_page(&window, open).await?;
    arrived(&window, 8).await?;
    // Were there a ninth, it would overtake answers that are asked for after the eighth.
    for _ in 0..20 {
        in_page(&window, "await invoke('call', { name: 'app_list', payload: null });").await?;
    }
    arrived(&window, 8).await?;
    in_page(&window, "await invoke('pipe_ack', { id: window.id, seq: 0 });").await?;
    arrived(&window, 9).await?;
    in_page(&window, "for (let seq = 1; seq < 10; seq++) await invoke('pipe_ack', { id: window.id, seq });").await?;
    // Ten pieces and the end.
    arrived(&window, 11).await?;
    let came = "return { bytes: window.came.slice(0, 10).map((piece) => piece.byteLength), end: window.came[10] };";
    let came = window.evaluate(came).await?;
    assert_eq!(came["bytes"], json!(vec![65_536; 10]));
    assert_eq!(came["end"], json!({ "kind": "end", "error": null }));
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reload_ends_what_the_page_had_open() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    // Ten thousand pieces, of which the page takes the first eight.
    let open = "return await invoke('pipe_open',
        { topic: { kind: 'measure_lines', lines: 10000, batch: 1 }, channel: channel('came') });";
    let id = in_page(&window, open).await?;
    arrived(&window, 8).await?;
    window.reload().await?;
    // The new page acks the old pipe. Were it alive, pieces would come for a channel this page does not know.
    in_page(&window, &format!("for (let seq = 0; seq < 8; seq++) await invoke('pipe_ack', {{ id: {id}, seq }});"))
        .await?;
    let known = "return (await invoke('call', { name: 'app_list', payload: null })).value.length;";
    assert_eq!(in_page(&window, known).await?, 0);
    let strays: Vec<_> = window.console()?.into_iter().filter(|line| line.contains("callback id")).collect();
    assert!(strays.is_empty(), "{strays:?}");
    window.quit().await
}
