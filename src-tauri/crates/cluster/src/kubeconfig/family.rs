//! A program and what it starts: credential programs are often wrappers, whose own child would outlive them.

use std::io;
use tokio::process::{Child, Command};

/// Kills a program and what it has started when dropped.
#[derive(Debug)]
pub(super) struct Family {
    #[cfg(unix)]
    group: Option<rustix::process::Pid>,
}

/// Starts a program at the head of a process group of its own.
pub(super) fn spawn(command: &mut Command) -> io::Result<(Child, Family)> {
    #[cfg(unix)]
    command.process_group(0);
    let child = command.spawn()?;
    let family = Family {
        #[cfg(unix)]
        group: child.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())),
    };
    Ok((child, family))
}

impl Family {
    /// The program has ended by itself; what it leaves behind (an agent, say) is meant to stay.
    pub(super) fn leave(self) {
        #[cfg(unix)]
        {
            let mut family = self;
            family.group = None;
        }
    }
}

#[cfg(unix)]
impl Drop for Family {
    fn drop(&mut self) {
        // The number is not given to others while anybody of the group is left; nobody left is no error.
        if let Some(group) = self.group {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}
