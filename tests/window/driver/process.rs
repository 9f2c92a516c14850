//! Processes that end together, whatever happens to the test that started them.

use anyhow::{Context, Result};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};
use std::collections::HashMap;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};

/// A process group that is killed when this is dropped, or when the process that holds it dies.
#[derive(Debug)]
pub(super) struct Leash {
    leader: Child,
}

impl Leash {
    pub(super) fn new() -> Result<Self> {
        // Its stdin ends with us, and then it kills its group: itself and everything that joined.
        let mut leader = Command::new("sh");
        leader.arg("-c").arg("cat; kill -KILL 0").stdin(Stdio::piped()).stdout(Stdio::null()).process_group(0);
        Ok(Self { leader: leader.spawn().context("start sh")? })
    }

    /// Starts `command` in the group.
    pub(super) fn spawn(&self, command: &mut Command) -> Result<Child> {
        let group = self.leader.id().cast_signed();
        command.process_group(group).spawn().with_context(|| format!("start {}", command.get_program().display()))
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        // The leader is not waited for before this, so its id is still the group's.
        kill_process_group(pid(self.leader.id()), Signal::KILL).ok();
        self.leader.wait().ok();
    }
}

/// A process that is killed and waited for when this is dropped.
#[derive(Debug)]
pub(super) struct Process(Child);

impl Process {
    pub(super) fn spawn(leash: &Leash, mut command: Command, output: &Path) -> Result<Self> {
        let output = File::options().create(true).append(true).open(output);
        let output = output.context("open the file for what a process says")?;
        command.stdin(Stdio::null()).stdout(output.try_clone()?).stderr(output);
        Ok(Self(leash.spawn(&mut command)?))
    }

    pub(super) fn pid(&self) -> u32 {
        self.0.id()
    }
}

impl From<Child> for Process {
    fn from(child: Child) -> Self {
        Self(child)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

pub(super) fn kill(id: u32) -> Result<()> {
    kill_process(pid(id), Signal::KILL).with_context(|| format!("kill process {id}"))
}

/// Whether a process of this id runs. One that has ended and was not waited for runs no more.
pub(super) fn runs(id: u32) -> bool {
    stat(id).is_some_and(|(state, _)| state != 'Z')
}

/// The process below `ancestor` that runs `binary`.
pub(super) fn descendant(ancestor: u32, binary: &Path) -> Result<u32> {
    let runs_it = |id: &u32| Path::new(&format!("/proc/{id}/exe")).read_link().is_ok_and(|exe| exe == binary);
    descendants(ancestor)?
        .into_iter()
        .find(runs_it)
        .with_context(|| format!("no process below {ancestor} runs {}", binary.display()))
}

/// All processes below `ancestor`.
pub(super) fn descendants(ancestor: u32) -> Result<Vec<u32>> {
    let processes = Path::new("/proc").read_dir().context("list /proc")?;
    let ids = processes.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    let parents: HashMap<u32, u32> = ids.filter_map(|id| Some((id, stat(id)?.1))).collect();
    let below = |id: &u32| {
        std::iter::successors(Some(*id), |id| parents.get(id).copied()).skip(1).any(|parent| parent == ancestor)
    };
    Ok(parents.keys().copied().filter(below).collect())
}

/// State and parent of a process.
fn stat(id: u32) -> Option<(char, u32)> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name before it stands in brackets and may contain anything.
    let mut rest = stat.rsplit_once(')')?.1.split_whitespace();
    Some((rest.next()?.chars().next()?, rest.next()?.parse().ok()?))
}

fn pid(id: u32) -> Pid {
    Pid::from_raw(id.cast_signed()).expect("a process has an id above 0")
}
