//! Debug containers: tools beside an app whose image has none.

use crate::{ClusterError, Kind, Session};
use kube::api::{Patch, PatchParams};
use kube::core::Request;
use serde_json::{Value, json};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// Pulling an image of tools takes a while; after this a person should look at the events.
const RUNS_WITHIN: Duration = Duration::from_mins(2);
/// No watch tells of these containers; this is asked only while one is being started.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Reasons of waiting that end by themselves.
const ON_ITS_WAY: [&str; 2] = ["ContainerCreating", "PodInitializing"];

impl Session {
    /// Adds a container to a running pod, beside the processes of `target`, and waits until it runs. Nothing is restarted;
    /// it cannot be taken away again before the pod goes. Answers its name.
    ///
    /// # Errors
    /// `Forbidden` without the right to `pods/ephemeralcontainers`, `NotFound`, `Timeout`, and `Other` with the kubelet's
    /// words where its image cannot be had or it does not stay.
    pub async fn debug_container(&self, pod: &str, target: &str, image: &str) -> Result<String, ClusterError> {
        let connection = self.connection().await?;
        let doing = connection.doing("add a debug container to", Kind::Pod, pod);
        let name = format!("debug-{}", &uuid::Uuid::new_v4().simple().to_string()[..6]);
        let container = json!({
            "name": name, "image": image, "targetContainerName": target,
            // It waits for input for ever: shells are run in it.
            "command": ["sh"], "stdin": true, "tty": true,
        });
        let patch = Patch::Strategic(json!({ "spec": { "ephemeralContainers": [container] } }));
        let request = Request::new(Kind::Pod.path(&connection.namespace));
        let request = request.patch_subresource("ephemeralcontainers", pod, &PatchParams::default(), &patch);
        self.note(connection.send::<Value>(&doing, request).await)?;

        let begun = Instant::now();
        loop {
            let seen = self.note(connection.get(Kind::Pod, pod).await)?;
            let Some(seen) = seen else {
                return Err(ClusterError::NotFound { doing, what: format!("Pod {pod}") });
            };
            match state_of(&seen, &name) {
                State::Runs => return Ok(name),
                State::Fails(reason) => return Err(ClusterError::other(&doing, reason)),
                State::Waits if begun.elapsed() > RUNS_WITHIN => {
                    let reason = format!("within {} s", RUNS_WITHIN.as_secs());
                    return Err(ClusterError::Timeout { doing, reason });
                }
                State::Waits => sleep(LOOK_EVERY).await,
            }
        }
    }
}

#[derive(Debug, PartialEq, Eq)]
enum State {
    Waits,
    Runs,
    Fails(String),
}

fn state_of(pod: &Value, name: &str) -> State {
    let statuses = pod["status"]["ephemeralContainerStatuses"].as_array();
    let Some(status) = statuses.into_iter().flatten().find(|status| status["name"] == name) else {
        return State::Waits;
    };
    let state = &status["state"];
    let said = |of: &Value| {
        let words = [of["reason"].as_str(), of["message"].as_str()];
        words.into_iter().flatten().collect::<Vec<_>>().join(": ")
    };
    if state["running"].is_object() {
        State::Runs
    } else if state["terminated"].is_object() {
        State::Fails(said(&state["terminated"]))
    } else {
        match state["waiting"]["reason"].as_str() {
            Some(reason) if !ON_ITS_WAY.contains(&reason) => State::Fails(said(&state["waiting"])),
            _ => State::Waits,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_runs_or_fails_is_told_apart() {
        let pod =
            |state: Value| json!({ "status": { "ephemeralContainerStatuses": [{ "name": "d", "state": state }] } });
        assert_eq!(state_of(&json!({}), "d"), State::Waits);
        assert_eq!(state_of(&pod(json!({ "waiting": { "reason": "ContainerCreating" } })), "d"), State::Waits);
        assert_eq!(state_of(&pod(json!({ "running": {} })), "d"), State::Runs);
        assert_eq!(state_of(&pod(json!({ "running": {} })), "other"), State::Waits);
        let refused = json!({ "waiting": { "reason": "ErrImagePull", "message": "not found" } });
        assert_eq!(state_of(&pod(refused), "d"), State::Fails("ErrImagePull: not found".into()));
        let ended = json!({ "terminated": { "reason": "StartError" } });
        assert_eq!(state_of(&pod(ended), "d"), State::Fails("StartError".into()));
    }
}
