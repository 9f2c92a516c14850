//! Where programs are: the PATH of a login shell, because a desktop session's own is often shorter.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;
use tokio::sync::OnceCell;

/// A login shell that takes longer is stuck in somebody's profile.
const SHELL_TIMEOUT: Duration = Duration::from_secs(5);
/// Profiles print greetings: what stands between two of these is the answer.
const MARK: &str = "__slipway_path__";

/// PATH as programs of a kubeconfig expect it; asked of the shell once in the life of the process.
pub async fn login_path() -> String {
    static PATH: OnceCell<String> = OnceCell::const_new();
    PATH.get_or_init(async || {
        let own = std::env::var("PATH").unwrap_or_default();
        match ask_shell().await {
            Some(path) if !path.is_empty() => path,
            _ => own,
        }
    })
    .await
    .clone()
}

async fn ask_shell() -> Option<String> {
    if cfg!(windows) {
        return None;
    }
    let shell = std::env::var("SHELL").ok().filter(|shell| shell.starts_with('/'))?;
    let print = format!("printf '%s%s%s' {MARK} \"$PATH\" {MARK}");
    let run = Command::new(shell)
        .args(["-l", "-c", &print])
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(SHELL_TIMEOUT, run).await.ok()?.ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    // fish prints its list with spaces; it is the only shell that does, and its entries then begin with a slash.
    let path = text.split(MARK).nth(1)?.replace(" /", ":/");
    Some(path)
}

/// The file that running `command` would run, or `None` when it is not installed.
pub(crate) fn resolve(command: &str, path: &str) -> Option<PathBuf> {
    let here = std::env::current_dir().unwrap_or_default();
    which::which_in(command, Some(path), here).ok()
}
