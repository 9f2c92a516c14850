//! A desktop of its own: display, home, message bus, keyring. Nothing of the person's own desktop is seen from it.

use super::display::{Place, Screen};
use super::process::{Leash, Process};
use super::webdriver::PICTURED;
use super::{Start, Window, binary, eventually, gone};
use anyhow::{Context, Result, ensure};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tempfile::TempDir;

/// How the keyring of a desktop answers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keyring {
    /// gnome-keyring, unlocked.
    #[default]
    Ready,
    /// There is a bus, and no Secret Service on it.
    Missing,
}

/// A display, a bus and a home that end with the last clone of it.
#[derive(Clone, Debug)]
pub struct Desktop(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    screen: Screen,
    variables: Vec<(&'static str, String)>,
    files: AtomicU32,
    // In the order they end.
    _processes: Vec<Process>,
    leash: Leash,
    folder: TempDir,
}

impl Desktop {
    /// With an unlocked keyring.
    pub async fn start() -> Result<Self> {
        Self::with(Keyring::Ready).await
    }

    pub async fn with(keyring: Keyring) -> Result<Self> {
        let folder = tempfile::Builder::new().prefix("slipway-window-").tempdir().context("make a home")?;
        let leash = Leash::new()?;
        let home = folder.path().join("home");
        let runtime = folder.path().join("run");
        for made in [&home, &runtime] {
            std::fs::create_dir(made)?;
            std::fs::set_permissions(made, std::os::unix::fs::PermissionsExt::from_mode(0o700))?;
        }
        let mut variables = vec![
            ("HOME", home.to_string_lossy().into_owned()),
            ("XDG_RUNTIME_DIR", runtime.to_string_lossy().into_owned()),
            ("PATH", std::env::var("PATH").unwrap_or_default()),
            ("LANG", "C.UTF-8".to_owned()),
            ("TZ", "UTC".to_owned()),
            ("NO_AT_BRIDGE", "1".to_owned()),
            ("GSETTINGS_BACKEND", "memory".to_owned()),
            ("RUST_BACKTRACE", "1".to_owned()),
        ];
        let messages = folder.path().join("desktop.log");

        let mut xvfb = command("Xvfb", &variables);
        xvfb.args(["-displayfd", "1", "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"]);
        let (xvfb, number) = first_line(&leash, xvfb, &messages)?;
        variables.push(("DISPLAY", format!(":{number}")));

        let mut bus = command("dbus-daemon", &variables);
        bus.args(["--session", "--nofork", "--print-address=1"]);
        let (bus, address) = first_line(&leash, bus, &messages)?;
        variables.push(("DBUS_SESSION_BUS_ADDRESS", address));

        let mut processes = vec![xvfb, bus];
        if keyring == Keyring::Ready {
            processes.insert(0, unlocked_keyring(&leash, &variables).await?);
        }
        let screen = Screen::connect(&format!(":{number}"))?;
        let parts = Parts { screen, variables, files: AtomicU32::new(0), _processes: processes, leash, folder };
        Ok(Self(Arc::new(parts)))
    }

    /// Opens Slipway on a data folder, with these variables added, and waits until its page is loaded.
    pub async fn open(&self, data_dir: &Path, variables: &[(&str, &str)]) -> Result<Window> {
        let variables = [PICTURED].iter().chain(variables);
        let variables = variables.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Window::launch(self.clone(), Start { binary: binary()?, data_dir: data_dir.to_owned(), variables }).await
    }

    /// Opens a program that is made as Slipway's window is, and draws as it does for a person: no pictures are taken of it. The
    /// page can be asked before it is loaded.
    pub async fn open_program(&self, binary: &Path, data_dir: &Path) -> Result<Window> {
        let binary = binary.canonicalize().with_context(|| format!("find {}", binary.display()))?;
        let start = Start { binary, data_dir: data_dir.to_owned(), variables: Vec::new() };
        Window::begin(self.clone(), start, "none").await
    }

    /// Starts Slipway without a driver: its window can be seen and closed, its page cannot be asked.
    pub fn open_undriven(&self, data_dir: &Path) -> Result<Undriven> {
        let mut command = self.command(binary()?);
        command.arg("--data-dir").arg(data_dir);
        let output = self.new_file("output.log");
        let process = self.spawn(command, &output)?;
        Ok(Undriven { desktop: self.clone(), process, output })
    }

    /// Runs the binary until it ends.
    pub async fn run(&self, arguments: &[&str], variables: &[(String, String)]) -> Result<Output> {
        let mut command = self.command(binary()?);
        command.args(arguments).envs(variables.iter().cloned());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = self.0.leash.spawn(&mut command)?;
        let ended = tokio::task::spawn_blocking(move || child.wait_with_output());
        let ended = tokio::time::timeout(super::WITHIN, ended).await;
        ended.context("the binary did not end")??.context("wait for the binary")
    }

    /// A home for what a test needs besides: made with the desktop, removed with it.
    pub fn home(&self) -> PathBuf {
        self.0.folder.path().join("home")
    }

    /// Puts a text into the clipboard, as if it had been copied from a chat.
    pub fn copy(&self, text: &str) -> Result<()> {
        super::clipboard::offer(self.variable("DISPLAY").context("a desktop has a display")?, text.to_owned())
    }

    pub(super) fn variable(&self, name: &str) -> Option<&str> {
        self.0.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn display(&self) -> &Screen {
        &self.0.screen
    }

    pub(super) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        command(program, &self.0.variables)
    }

    pub(super) fn spawn(&self, command: Command, output: &Path) -> Result<Process> {
        Process::spawn(&self.0.leash, command, output)
    }

    /// A file name that is not taken yet.
    pub(super) fn new_file(&self, name: &str) -> PathBuf {
        let number = self.0.files.fetch_add(1, Ordering::Relaxed);
        self.0.folder.path().join(format!("{number}-{name}"))
    }
}

/// A Slipway whose page nobody drives.
#[derive(Debug)]
pub struct Undriven {
    desktop: Desktop,
    process: Process,
    output: PathBuf,
}

impl Undriven {
    /// Waits until its window is shown.
    pub async fn shown(&self) -> Result<Place> {
        self.desktop.display().place(self.process.pid()).await
    }

    /// How many colours stand in its window.
    pub async fn colours(&self) -> Result<usize> {
        self.desktop.display().colours(self.process.pid()).await
    }

    /// What it wrote to stdout and stderr.
    pub fn output(&self) -> Result<String> {
        std::fs::read_to_string(&self.output).with_context(|| format!("read {}", self.output.display()))
    }

    /// Closes its window and waits until it is gone.
    pub async fn quit(self) -> Result<()> {
        self.desktop.display().close(self.process.pid())?;
        gone(self.process.pid()).await
    }
}

/// Only what a desktop sets: a test must not depend on who runs it.
fn command(program: impl AsRef<std::ffi::OsStr>, variables: &[(&str, String)]) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(variables.iter().map(|(name, value)| (name, value)));
    command
}

/// Starts a server that says on stdout where it can be found, and reads that.
fn first_line(leash: &Leash, mut command: Command, messages: &Path) -> Result<(Process, String)> {
    let messages = std::fs::File::options().create(true).append(true).open(messages)?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(messages);
    let mut child = leash.spawn(&mut command)?;
    let stdout = child.stdout.take().context("stdout was asked for")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    ensure!(!line.trim().is_empty(), "{} ended before it was ready", command.get_program().display());
    Ok((child.into(), line.trim().to_owned()))
}

async fn unlocked_keyring(leash: &Leash, variables: &[(&str, String)]) -> Result<Process> {
    let mut keyring = command("gnome-keyring-daemon", variables);
    keyring.args(["--foreground", "--unlock", "--components=secrets"]);
    keyring.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = leash.spawn(&mut keyring)?;
    child.stdin.take().context("stdin was asked for")?.write_all(b"a password")?;
    eventually("gnome-keyring to offer the Secret Service", async || {
        let mut ask = command("dbus-send", variables);
        ask.args(["--session", "--print-reply=literal", "--dest=org.freedesktop.DBus", "/org/freedesktop/DBus"]);
        ask.args(["org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets"]);
        let answer = ask.output().context("start dbus-send")?;
        Ok(String::from_utf8_lossy(&answer.stdout).contains("true").then_some(()))
    })
    .await?;
    Ok(child.into())
}
