//! Other programs. Each runs in a process group of its own, so that ending it ends what it started as well.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process_group};
use std::env;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// How long a group may take to end by itself before it is killed.
const GRACE: Duration = Duration::from_secs(10);

static INTERRUPTED: AtomicBool = AtomicBool::new(false);
static RUNNING: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

fn running() -> MutexGuard<'static, Vec<Pid>> {
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Ctrl-C and SIGTERM end the programs under way; what was begun is then torn down as after any failure.
/// A second signal kills them.
pub(crate) fn pass_signals_on() -> Result<()> {
    ctrlc::set_handler(|| {
        let signal = if INTERRUPTED.swap(true, Ordering::SeqCst) { Signal::KILL } else { Signal::TERM };
        for group in running().iter() {
            let _ = kill_process_group(*group, signal);
        }
    })
    .context("listen for Ctrl-C")
}

pub(crate) fn interrupted() -> bool {
    INTERRUPTED.load(Ordering::SeqCst)
}

/// A command without what `cargo run` set for xtask itself: it would make cargo build things anew.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_"].iter().any(|prefix| text.starts_with(prefix)) {
            command.env_remove(name);
        }
    }
    command
}

/// A running process group; ended when dropped.
pub(crate) struct Group {
    child: Option<Child>,
    id: Pid,
    doing: String,
}

impl Group {
    /// `doing` says what it is for, as in "build the pages".
    pub(crate) fn start(command: &mut Command, doing: &str) -> Result<Self> {
        if interrupted() {
            bail!("{doing}: interrupted");
        }
        let program = command.get_program().to_string_lossy().into_owned();
        let child = command
            .stdin(Stdio::null())
            .process_group(0)
            .spawn()
            .with_context(|| format!("{doing}: start `{program}`"))?;
        let id = Pid::from_child(&child);
        running().push(id);
        if interrupted() {
            // The signal came before the group was listed.
            let _ = kill_process_group(id, Signal::TERM);
        }
        Ok(Self { child: Some(child), id, doing: doing.to_owned() })
    }

    /// What it prints, when its stdout is piped.
    pub(crate) fn stdout(&mut self) -> Option<ChildStdout> {
        self.child.as_mut()?.stdout.take()
    }

    pub(crate) fn wait(mut self) -> Result<ExitStatus> {
        let mut child = self.child.take().expect("only wait and drop take the child");
        let status = child.wait();
        running().retain(|id| *id != self.id);
        let status = status.with_context(|| format!("{}: wait for its end", self.doing))?;
        if interrupted() {
            bail!("{}: interrupted", self.doing);
        }
        Ok(status)
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let Some(mut child) = self.child.take() else { return };
        let _ = kill_process_group(self.id, Signal::TERM);
        let (ended, end) = mpsc::channel();
        let waiting = thread::spawn(move || {
            let _ = child.wait();
            let _ = ended.send(());
        });
        if end.recv_timeout(GRACE).is_err() {
            let _ = kill_process_group(self.id, Signal::KILL);
        }
        let _ = waiting.join();
        running().retain(|id| *id != self.id);
    }
}

/// Runs a command to its end; anything but success is an error.
pub(crate) fn run(command: &mut Command, doing: &str) -> Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    require(Group::start(command, doing)?.wait()?, &program, doing)
}

/// As `run`, giving each line of stdout to `line`.
pub(crate) fn run_lines(command: &mut Command, doing: &str, mut line: impl FnMut(&str)) -> Result<ExitStatus> {
    let mut group = Group::start(command.stdout(Stdio::piped()), doing)?;
    if let Some(stdout) = group.stdout() {
        let mut reader = BufReader::new(stdout);
        let mut bytes = Vec::new();
        while reader.read_until(b'\n', &mut bytes).with_context(|| format!("{doing}: read its output"))? > 0 {
            line(String::from_utf8_lossy(&bytes).trim_end_matches(['\n', '\r']));
            bytes.clear();
        }
    }
    group.wait()
}

/// Runs a command with our terminal, for programs that ask for a password; also after an interruption, to tear down.
pub(crate) fn run_at_terminal(command: &mut Command, doing: &str) -> Result<ExitStatus> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.status().with_context(|| format!("{doing}: start `{program}`"))
}

/// What a short command prints on stdout, whatever its exit code; `None` when it cannot be started.
pub(crate) fn printed(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

pub(crate) fn require(status: ExitStatus, program: &str, doing: &str) -> Result<()> {
    if status.success() {
        return Ok(());
    }
    bail!("{doing}: `{program}` ended with {status}")
}
