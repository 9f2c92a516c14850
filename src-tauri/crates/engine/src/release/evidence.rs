//! What explains a failed release later: the last log lines of the container that fails.

use slipway_cluster::Session;
use slipway_model::diagnosis::{Cause, Diagnosis, LOG_LINE_MAX, LOG_LINES_MAX};
use std::time::Duration;
use tokio::time::Instant;

/// A container that exited is begun anew within this time, unless it has failed often and is held back.
const BEGUN_ANEW_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(250);

/// Adds the last lines of the failing container, of its previous run where it has begun a new one. Called when the
/// verdict stands: it may take its time, and a log that cannot be read leaves the diagnosis without one.
pub(super) async fn add_log(session: &Session, diagnosis: &mut Diagnosis) {
    let Some((pod, container)) = place(&diagnosis.cause) else { return };
    let logs = Logs { session, pod: &pod, container: &container };
    // One that lives and is not ready speaks for itself.
    let lives = matches!(diagnosis.cause, Cause::Probe { .. });
    let mut failed = if lives { logs.current().await } else { None };
    if failed.is_none() {
        failed = logs.previous().await;
    }
    if failed.is_none() {
        failed = logs.current().await;
    }
    if let Some((previous, lines)) = failed {
        let evidence = &mut diagnosis.evidence;
        evidence.log = lines.into_iter().map(cut).collect();
        evidence.log_pod = pod;
        evidence.log_container = container;
        evidence.log_previous = previous;
    }
}

/// The logs of one container, each with whether it is of the run before.
struct Logs<'a> {
    session: &'a Session,
    pod: &'a str,
    container: &'a str,
}

impl Logs<'_> {
    async fn current(&self) -> Option<(bool, Vec<String>)> {
        self.read(false).await.filter(|(_, lines)| !lines.is_empty())
    }

    /// The run before, once there is one. Until the kubelet says so, the current run may be the failed one or the next:
    /// only the run before a run is certain.
    async fn previous(&self) -> Option<(bool, Vec<String>)> {
        let until = Instant::now() + BEGUN_ANEW_WITHIN;
        loop {
            let log = self.read(true).await;
            if log.is_some() || Instant::now() > until {
                return log;
            }
            tokio::time::sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    async fn read(&self, previous: bool) -> Option<(bool, Vec<String>)> {
        let Self { session, pod, container } = self;
        match session.last_lines(pod, container, previous, LOG_LINES_MAX).await {
            Ok(lines) => Some((previous, lines)),
            Err(error) => {
                tracing::debug!(%pod, %container, previous, %error, "no log for the diagnosis");
                None
            }
        }
    }
}

/// Where the log is, for causes that have one.
fn place(cause: &Cause) -> Option<(String, String)> {
    match cause {
        Cause::Crash { pod, container, .. }
        | Cause::OutOfMemory { pod, container, .. }
        | Cause::Probe { pod, container, .. } => Some((pod.clone(), container.clone())),
        _ => None,
    }
}

fn cut(mut line: String) -> String {
    if line.len() > LOG_LINE_MAX {
        let end = (0..=LOG_LINE_MAX).rev().find(|at| line.is_char_boundary(*at)).unwrap_or(0);
        line.truncate(end);
        line.push('…');
    }
    line
}
