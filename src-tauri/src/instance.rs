//! One running Slipway per data folder: a locked file says who runs, a local socket in the folder asks it to come forward.
//!
//! The lock is the system's, so it ends with its process however that ended; a socket file left behind is replaced.

use crate::folder::not_writable;
use interprocess::local_socket::tokio::{Listener, Stream, prelude::*};
use interprocess::local_socket::{ListenerOptions, Name};
use sha2::{Digest, Sha256};
use slipway_api::ApiError;
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::time::{sleep, timeout};

const REQUEST: &str = "focus\n";
const ANSWER: &str = "ok\n";

/// How long a running Slipway may take to answer. It may still be starting.
const ANSWER_WITHIN: Duration = Duration::from_secs(5);
const ASK_AGAIN_AFTER: Duration = Duration::from_millis(50);
/// How long another process may take to say what it wants.
const REQUEST_WITHIN: Duration = Duration::from_secs(1);

/// Who runs on a data folder.
#[derive(Debug)]
pub(crate) enum Claim {
    /// This process, until the value is dropped.
    First(Running),
    /// Another process; its window has been brought to the front.
    Second,
}

/// Holds the data folder for this process.
#[derive(Debug)]
pub(crate) struct Running {
    _lock: File,
    /// `None` where the file system has no sockets: nobody can ask us to come forward.
    listener: Option<Listener>,
}

/// Takes the data folder, or brings the window forward that has it. `data_dir` exists and is absolute.
pub(crate) async fn claim(data_dir: &Path) -> Result<Claim, ApiError> {
    let path = data_dir.join("slipway.lock");
    let lock = File::options().create(true).truncate(false).write(true).open(&path);
    let lock = lock.map_err(|error| not_writable(&path, &error))?;
    let name = socket(data_dir).map_err(|error| not_writable(&path, &error))?;
    match timeout(ANSWER_WITHIN, lock_or_ask(&lock, &name)).await {
        Ok(Ok(Owner::Us)) => {
            let listener = ListenerOptions::new().name(name).try_overwrite(true).create_tokio();
            let listener =
                listener.inspect_err(|error| eprintln!("slipway: another start cannot reach this one: {error}"));
            Ok(Claim::First(Running { _lock: lock, listener: listener.ok() }))
        }
        Ok(Ok(Owner::Other)) => Ok(Claim::Second),
        Ok(Err(error)) => Err(not_writable(&path, &error)),
        Err(_) => Err(not_writable(data_dir, &"another Slipway has it open and does not answer")),
    }
}

/// Whose the data folder is, and whoever has it has answered.
enum Owner {
    Us,
    Other,
}

/// Both are tried until one succeeds: who has the lock may still be starting, or, when killed, still be ending.
async fn lock_or_ask(lock: &File, name: &Name<'_>) -> io::Result<Owner> {
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Owner::Us),
            Err(TryLockError::WouldBlock) => {}
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if ask(name.borrow()).await.is_ok() {
            return Ok(Owner::Other);
        }
        sleep(ASK_AGAIN_AFTER).await;
    }
}

impl Running {
    /// Calls `focus` whenever somebody starts Slipway on this data folder again. Ends only with the process.
    pub(crate) async fn serve(self, focus: impl Fn()) {
        let Some(listener) = &self.listener else { return std::future::pending().await };
        loop {
            match listener.accept().await {
                Ok(stream) => match timeout(REQUEST_WITHIN, answer(stream, &focus)).await {
                    Ok(Ok(())) => {}
                    Ok(Err(error)) => tracing::warn!(%error, "answer another start"),
                    Err(_) => tracing::warn!("another start said nothing"),
                },
                Err(error) => {
                    tracing::warn!(%error, "wait for another start");
                    sleep(ASK_AGAIN_AFTER).await;
                }
            }
        }
    }
}

async fn answer(stream: Stream, focus: &impl Fn()) -> io::Result<()> {
    let mut line = String::new();
    BufReader::new((&stream).take(REQUEST.len() as u64)).read_line(&mut line).await?;
    if line == REQUEST {
        focus();
        (&stream).write_all(ANSWER.as_bytes()).await?;
    }
    Ok(())
}

async fn ask(name: Name<'_>) -> io::Result<()> {
    let mut stream = Stream::connect(name).await?;
    stream.write_all(REQUEST.as_bytes()).await?;
    let mut line = String::new();
    stream.read_to_string(&mut line).await?;
    if line == ANSWER { Ok(()) } else { Err(io::Error::other("no answer")) }
}

/// A socket's path may have about 100 bytes; a deeper data folder has it where the system keeps such files.
#[cfg(unix)]
fn socket(data_dir: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::GenericFilePath;
    socket_path(data_dir).to_fs_name::<GenericFilePath>()
}

#[cfg(unix)]
fn socket_path(data_dir: &Path) -> PathBuf {
    /// `sun_path` has 104 bytes on macOS, 108 on Linux, with the closing zero.
    const LONGEST: usize = 103;
    let path = data_dir.join("slipway.sock");
    if path.as_os_str().len() <= LONGEST {
        return path;
    }
    let runtime = directories::BaseDirs::new().and_then(|base| base.runtime_dir().map(Path::to_owned));
    runtime.unwrap_or_else(std::env::temp_dir).join(format!("slipway-{}.sock", fingerprint(data_dir)))
}

/// A named pipe, which lives in no folder.
#[cfg(windows)]
fn socket(data_dir: &Path) -> io::Result<Name<'static>> {
    use interprocess::local_socket::GenericNamespaced;
    format!("slipway-{}", fingerprint(data_dir)).to_ns_name::<GenericNamespaced>()
}

fn fingerprint(data_dir: &Path) -> String {
    use std::fmt::Write as _;
    let digest = Sha256::digest(data_dir.as_os_str().as_encoded_bytes());
    digest[..8].iter().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a String takes it");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::sync::Notify;

    async fn first(folder: &Path) -> (tokio::task::JoinHandle<()>, Arc<Notify>) {
        let Claim::First(running) = claim(folder).await.unwrap() else {
            panic!("somebody else has {}", folder.display())
        };
        let focused = Arc::new(Notify::new());
        let notify = focused.clone();
        (tokio::spawn(running.serve(move || notify.notify_one())), focused)
    }

    #[tokio::test]
    async fn a_second_start_brings_the_first_forward() {
        let folder = tempfile::tempdir().unwrap();
        let (_task, focused) = first(folder.path()).await;
        assert!(matches!(claim(folder.path()).await.unwrap(), Claim::Second));
        focused.notified().await;
        assert!(matches!(claim(folder.path()).await.unwrap(), Claim::Second));
        focused.notified().await;
    }

    #[tokio::test]
    async fn another_folder_is_free() {
        let (one, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let _one = first(one.path()).await;
        assert!(matches!(claim(other.path()).await.unwrap(), Claim::First(_)));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_folder_too_deep_for_a_socket_works_too() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("deep".repeat(50));
        std::fs::create_dir(&folder).unwrap();
        assert!(!socket_path(&folder).starts_with(&folder));
        let (_task, focused) = first(&folder).await;
        assert!(matches!(claim(&folder).await.unwrap(), Claim::Second));
        focused.notified().await;
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn what_a_killed_process_left_is_taken_over() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("slipway.lock"), "").unwrap();
        let socket = folder.path().join("slipway.sock");
        // A socket file that nobody listens on.
        drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
        let (_task, focused) = first(folder.path()).await;
        assert!(matches!(claim(folder.path()).await.unwrap(), Claim::Second));
        focused.notified().await;
    }

    #[tokio::test]
    async fn who_is_ending_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        // Its socket is gone, its lock not yet: so a killed process looks while its threads end one by one.
        let ending = File::create(folder.path().join("slipway.lock")).unwrap();
        ending.lock().unwrap();
        let (claimed, ()) = tokio::join!(claim(folder.path()), async {
            tokio::task::yield_now().await;
            drop(ending);
        });
        assert!(matches!(claimed.unwrap(), Claim::First(_)));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_visitor_that_says_nothing_does_not_block_the_next() {
        let folder = tempfile::tempdir().unwrap();
        let (_task, focused) = first(folder.path()).await;
        let _silent = tokio::net::UnixStream::connect(folder.path().join("slipway.sock")).await.unwrap();
        assert!(matches!(claim(folder.path()).await.unwrap(), Claim::Second));
        focused.notified().await;
    }
}
