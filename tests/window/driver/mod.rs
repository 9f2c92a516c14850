//! The real window, driven as a person would: the binary in WebKitGTK on a display, a bus and a keyring of its own.
//!
//! A journey opens a [`Desktop`], a [`Window`] on it, finds things by role and name ([`By`]), and ends with
//! [`Window::quit`]. A window that is dropped otherwise belongs to a failed test: it leaves what it showed and said in
//! `target/failures/TEST/`. Whatever was started ends with its desktop, also when the test itself is killed.
//!
//! The binary is the one `SLIPWAY_BIN` names, built with the feature `custom-protocol`. Tests need
//! `#[tokio::test(flavor = "multi_thread")]`.

mod by;
mod clipboard;
mod desktop;
mod display;
mod drag;
mod evidence;
mod notifications;
mod opener;
mod page;
mod process;
pub mod webdriver;

pub use by::{By, button, heading, link, role, textbox};
pub use desktop::{Desktop, Keyring, Undriven};
pub use display::Place;
pub use drag::Drag;
pub use notifications::{Notifications, Told};
pub use opener::Opener;

use anyhow::{Context, Result, bail, ensure};
use fantoccini::Client;
use process::Process;
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The longest anything is waited for. Only what is broken takes that long.
pub const WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(25);

/// Waits until `look` answers something; `what` says in the error what never came. Errors of `look` count as "not yet".
pub async fn eventually<T>(what: impl Display, mut look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    let deadline = Instant::now() + WITHIN;
    loop {
        let seen = look().await;
        match seen {
            Ok(Some(seen)) => return Ok(seen),
            Ok(None) if Instant::now() > deadline => bail!("waited {WITHIN:?} for {what}"),
            Err(error) if Instant::now() > deadline => {
                return Err(error.context(format!("waited {WITHIN:?} for {what}")));
            }
            _ => tokio::time::sleep(LOOK_AGAIN_AFTER).await,
        }
    }
}

/// How a window is started.
#[derive(Clone, Debug)]
struct Start {
    binary: PathBuf,
    data_dir: PathBuf,
    variables: Vec<(String, String)>,
}

/// A running Slipway and its page.
#[derive(Debug)]
pub struct Window {
    desktop: Desktop,
    start: Start,
    /// Ends with the window.
    _driver: Process,
    client: Client,
    /// Of Slipway itself.
    pid: u32,
    /// What Slipway wrote to stdout and stderr, with the page's console.
    output: PathBuf,
    /// Set when the test is done with it; otherwise dropping it leaves evidence.
    ended: bool,
}

impl Window {
    /// A window on a new desktop of its own.
    pub async fn open(data_dir: &Path, variables: &[(&str, &str)]) -> Result<Self> {
        Desktop::start().await?.open(data_dir, variables).await
    }

    async fn launch(desktop: Desktop, start: Start) -> Result<Self> {
        let window = Self::begin(desktop, start, "normal").await?;
        window.loaded().await?;
        Ok(window)
    }

    /// Starts it and waits for no page. `strategy`: how much of the page each later question waits for.
    async fn begin(desktop: Desktop, start: Start, strategy: &str) -> Result<Self> {
        let output = desktop.new_file("output.log");
        let port = webdriver::Port::free()?;
        let mut driver = desktop.command("WebKitWebDriver");
        port.serve(&mut driver);
        driver.envs(start.variables.iter().cloned());
        let driver = desktop.spawn(driver, &output)?;
        let data_dir = start.data_dir.to_string_lossy();
        let client = port.open(&start.binary, &["--data-dir", &data_dir], strategy).await.with_context(|| {
            let said = std::fs::read_to_string(&output).unwrap_or_default();
            format!("start Slipway on {data_dir}; it said:\n{said}")
        })?;
        let pid = process::descendant(driver.pid(), &start.binary)?;
        Ok(Self { desktop, start, _driver: driver, client, pid, output, ended: false })
    }

    /// The process id of Slipway.
    pub fn pid(&self) -> u32 {
        self.pid
    }

    /// Slipway and everything it started: the processes of its page.
    pub fn processes(&self) -> Result<Vec<u32>> {
        Ok([vec![self.pid], process::descendants(self.pid)?].concat())
    }

    pub fn desktop(&self) -> &Desktop {
        &self.desktop
    }

    pub fn data_dir(&self) -> &Path {
        &self.start.data_dir
    }

    /// Starts the same Slipway once more, as a person would who forgot that it runs.
    pub async fn start_again(&self) -> Result<std::process::Output> {
        self.desktop.run(&["--data-dir", &self.start.data_dir.to_string_lossy()], &self.start.variables).await
    }

    /// Closes the window as its close button does, waits until Slipway is gone and expects that the page had no error.
    pub async fn quit(mut self) -> Result<()> {
        self.desktop.display().close(self.pid)?;
        gone(self.pid).await?;
        let errors = self.console_errors()?;
        ensure!(errors.is_empty(), "the page's console has errors:\n{}", errors.join("\n"));
        self.ended = true;
        Ok(())
    }

    /// Kills Slipway where it stands.
    pub async fn kill(mut self) -> Result<()> {
        process::kill(self.pid)?;
        gone(self.pid).await?;
        self.ended = true;
        Ok(())
    }

    /// Ends it as [`quit`](Self::quit) does and starts it again on the same folder and desktop.
    pub async fn restart(self) -> Result<Self> {
        let (desktop, start) = (self.desktop.clone(), self.start.clone());
        self.quit().await?;
        Self::launch(desktop, start).await
    }

    /// Where the window is on the display.
    pub async fn place(&self) -> Result<Place> {
        self.desktop.display().place(self.pid).await
    }

    /// Moves and resizes it, as a person does with the mouse.
    pub async fn put(&self, place: Place) -> Result<()> {
        self.desktop.display().put(self.pid, place)?;
        eventually(format!("the window to be at {place:?}"), async || Ok((self.place().await? == place).then_some(())))
            .await
    }

    /// Types into a dialog of the system that Slipway has opened, as for a file or a folder, and confirms it.
    pub async fn answer_dialog(&self, text: &str) -> Result<()> {
        self.desktop.display().answer(self.pid, text).await
    }

    /// Drags files of another program over something of the page, until the window would take them.
    pub async fn drag(&self, files: &[PathBuf], over: &By) -> Result<Drag> {
        let (x, y, width, height) = self.find(over).await?.rectangle().await?;
        let place = self.place().await?;
        #[expect(clippy::cast_possible_truncation, reason = "a place on the page has some thousand pixels")]
        let at = (place.x + (x + width / 2.0) as i16, place.y + (y + height / 2.0) as i16);
        let display = self.desktop.variable("DISPLAY").context("a desktop has a display")?;
        Drag::begin(display, self.desktop.display().window(self.pid).await?, at, files).await
    }

    /// Whether no other window lies above it.
    pub async fn is_in_front(&self) -> Result<bool> {
        self.desktop.display().is_in_front(self.pid).await
    }

    /// Gives it the keyboard, as a click on it does, and waits until the page knows.
    pub async fn take_up(&self) -> Result<()> {
        eventually("the window to have the keyboard", async || {
            // Again each time: a window that is just being drawn may lose it once more.
            self.desktop.display().focus(self.pid).await?;
            Ok(self.knows_focus().await?.then_some(()))
        })
        .await
    }

    /// Turns to something else on the desktop: the window has the keyboard no more, and the page knows.
    pub async fn look_away(&self) -> Result<()> {
        self.desktop.display().focus_none()?;
        eventually("the window to lose the keyboard", async || Ok((!self.knows_focus().await?).then_some(()))).await
    }

    async fn knows_focus(&self) -> Result<bool> {
        Ok(self.evaluate("return document.hasFocus();").await?.as_bool() == Some(true))
    }

    /// Whether the window has the keyboard.
    pub async fn has_keyboard(&self) -> Result<bool> {
        self.desktop.display().has_focus(self.pid).await
    }

    /// What the page wrote to its console so far.
    pub fn console(&self) -> Result<Vec<String>> {
        let output = std::fs::read(&self.output).with_context(|| format!("read {}", self.output.display()))?;
        let output = String::from_utf8_lossy(&output);
        Ok(output.lines().filter(|line| line.starts_with("CONSOLE ")).map(str::to_owned).collect())
    }

    /// The errors among it: exceptions nobody caught, refused loads, `console.error`.
    pub fn console_errors(&self) -> Result<Vec<String>> {
        Ok(self.console()?.into_iter().filter(|line| line.split(' ').nth(2) == Some("ERROR")).collect())
    }

    /// Everything Slipway and the page said on stdout and stderr.
    pub fn output(&self) -> Result<String> {
        std::fs::read_to_string(&self.output).with_context(|| format!("read {}", self.output.display()))
    }
}

/// The Slipway that a driver started, by their process ids.
pub fn started_by(driver: u32, binary: &Path) -> Result<u32> {
    process::descendant(driver, &binary.canonicalize()?)
}

/// Ends a Slipway whose window cannot be asked to close, and waits until it is gone: only then its folder is free.
pub async fn end(pid: u32) -> Result<()> {
    if process::runs(pid) {
        process::kill(pid)?;
    }
    gone(pid).await
}

/// Waits until Slipway has ended.
async fn gone(pid: u32) -> Result<()> {
    eventually(format!("process {pid} (Slipway) to end"), async || Ok((!process::runs(pid)).then_some(()))).await
}

impl Drop for Window {
    fn drop(&mut self) {
        if !self.ended {
            evidence::leave(self);
        }
        // What is gone already needs no killing.
        process::kill(self.pid).ok();
    }
}

fn binary() -> Result<PathBuf> {
    let path = std::env::var_os("SLIPWAY_BIN").context(
        "SLIPWAY_BIN names the binary to test: build it with `cargo build -p slipway --features custom-protocol`",
    )?;
    let path = PathBuf::from(path);
    path.canonicalize().with_context(|| format!("SLIPWAY_BIN: {}", path.display()))
}
