//! Slipway's window under WebDriver, on the display and session of this process.

use anyhow::{Context, Result};
use fantoccini::Client;
use serde_json::{Value, json};
use slipway_tests::window;
use slipway_tests::window::webdriver::{self, PICTURED, Port};
use std::ffi::OsStr;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// Loaded: fonts are there, and something is to be seen.
const DRAWN: &str = "return document.readyState === 'complete' && document.fonts.status === 'loaded' \
    && document.body.innerText.trim() !== '';";

/// Nothing is a skeleton, and nothing moves but what does for as long as it stands there: what soaks turns for an hour.
const AT_REST: &str = "return !document.querySelector('[aria-busy=\"true\"]') \
    && document.getAnimations().every(({ playState, effect }) => \
        playState !== 'running' || effect?.getComputedTiming().iterations === Infinity);";

/// Answers once the page did not change for longer than a skeleton takes to appear (200 ms): an empty page that waits
/// for its first answer looks at rest too. Given a number, it answers after so many changes as well.
const QUIET: &str = "const [most, done] = arguments; let timer, changes = 0; \
    const observer = new MutationObserver(() => { \
        clearTimeout(timer); changes += 1; \
        if (changes === most) end(); else timer = setTimeout(end, 400); \
    }); \
    const end = () => { observer.disconnect(); done(); }; \
    observer.observe(document, { subtree: true, childList: true, attributes: true, characterData: true }); \
    timer = setTimeout(end, 400);";
/// Of a page that goes on: more than it changes in while it opens.
const CHANGES: u32 = 20;

/// What a page is waited for before its picture is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Until {
    /// It has all that it asked for.
    Rest,
    /// The same, and it may go on by itself, as a log does.
    GoesOn,
    /// It shows that it waits.
    Waiting,
}

pub(crate) struct Browser {
    client: Client,
    driver: Driver,
    /// Of Slipway.
    pid: u32,
}

/// The `WebKitWebDriver`; ends with this.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Browser {
    /// Opens a window; what it and the page say goes to `output`.
    pub(crate) async fn open(binary: &Path, data_dir: Option<&OsStr>, output: File) -> Result<Self> {
        let port = Port::free()?;
        let mut driver = Command::new("WebKitWebDriver");
        port.serve(&mut driver);
        driver.env(PICTURED.0, PICTURED.1);
        driver.stdin(Stdio::null()).stdout(output.try_clone().context("write the window's output")?).stderr(output);
        let driver = Driver(driver.spawn().context("start WebKitWebDriver")?);
        let folder = data_dir.map(|folder| folder.to_string_lossy());
        let arguments: Vec<&str> = folder.iter().flat_map(|folder| ["--data-dir", folder]).collect();
        let client = port.open(binary, &arguments, "normal").await?;
        let pid = window::started_by(driver.0.id(), binary)?;
        let browser = Self { client, driver, pid };
        browser.until(Until::Waiting).await?;
        Ok(browser)
    }

    /// Ends the session, and Slipway with it: the session takes the page away and may leave the process.
    pub(crate) async fn close(self) -> Result<()> {
        let Self { client, driver, pid } = self;
        client.close().await.context("close the window")?;
        drop(driver);
        window::end(pid).await
    }

    /// Asks the core as the page does.
    pub(crate) async fn call(&self, name: &str, payload: Value) -> Result<Value> {
        webdriver::call(&self.client, name, &payload).await
    }

    /// Whether the page wears a theme and speaks a language, as its root says.
    pub(crate) async fn wears(&self, theme: &str, language: &str) -> Result<bool> {
        let script = "const root = document.documentElement; \
            return root.dataset.theme === arguments[0] && root.lang.startsWith(arguments[1]);";
        Ok(self.client.execute(script, vec![json!(theme), json!(language)]).await? == true)
    }

    /// Makes the page itself this large.
    pub(crate) async fn resize(&self, (width, height): (u32, u32)) -> Result<()> {
        self.client.set_window_size(width, height).await.context("resize the window")?;
        let what = format!("the page to be {width}×{height}");
        let script = "return innerWidth === arguments[0] && innerHeight === arguments[1];";
        eventually(&what, async || Ok(self.client.execute(script, vec![json!(width), json!(height)]).await? == true))
            .await
    }

    /// Opens a path afresh, so that nothing of the page before stays.
    pub(crate) async fn visit(&self, path: &str) -> Result<()> {
        self.client.execute("location.hash = arguments[0];", vec![json!(format!("#{path}"))]).await?;
        self.client.refresh().await.context("load the page")
    }

    /// Presses the first button that says one of these words, once it can be pressed.
    pub(crate) async fn press(&self, words: &[&str]) -> Result<()> {
        let script = "const button = [...document.querySelectorAll('main button:not([aria-disabled=\"true\"])')] \
            .find((one) => arguments[0].some((words) => (one.ariaLabel ?? one.textContent).includes(words))); \
            button?.click(); return button !== undefined;";
        let what = format!("a button that says one of {words:?}");
        eventually(&what, async || Ok(self.client.execute(script, vec![json!(words)]).await? == true)).await
    }

    /// Waits until the page shows one of these words.
    pub(crate) async fn says(&self, words: &[&str]) -> Result<()> {
        let script = "return arguments[0].some((words) => document.body.innerText.includes(words));";
        let what = format!("the page to say one of {words:?}");
        eventually(&what, async || Ok(self.client.execute(script, vec![json!(words)]).await? == true)).await
    }

    pub(crate) async fn screenshot(&self) -> Result<Vec<u8>> {
        webdriver::picture(&self.client).await
    }

    pub(crate) async fn until(&self, until: Until) -> Result<()> {
        let most = if until == Until::GoesOn { json!(CHANGES) } else { Value::Null };
        let come = async || {
            self.client.execute_async(QUIET, vec![most.clone()]).await?;
            let drawn = self.client.execute(DRAWN, vec![]).await? == true;
            Ok(drawn && (until == Until::Waiting || self.client.execute(AT_REST, vec![]).await? == true))
        };
        eventually("the page to come to rest", come).await
    }
}

/// Waits until `look` says yes; errors count as "not yet".
pub(crate) async fn eventually(what: &str, mut look: impl AsyncFnMut() -> Result<bool>) -> Result<()> {
    window::eventually(what, async || Ok(look().await?.then_some(()))).await
}
