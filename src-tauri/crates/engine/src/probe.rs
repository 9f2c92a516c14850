//! Health checks tried by hand against a running pod.

use crate::Engine;
use crate::error::{Error, Result};
use serde::{Deserialize, Serialize};
use slipway_cluster::{Dialled, HttpAnswer, HttpGet, Ran};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::group::{Check, PortDraft, PortRef, ProbeDraft, Scheme};
use slipway_model::id::GroupId;
use std::time::{Duration, Instant};
use ts_rs::TS;

/// What is shown of a body or an output, bytes: the beginning says what is wrong.
const SHOWN: usize = 1024;
/// What opening a stream may take, beside the check's own timeout.
const OPENING: Duration = Duration::from_secs(5);

/// Which check is tried, as typed.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ProbeTry {
    pub group: GroupId,
    pub pod: String,
    pub container: String,
    pub probe: ProbeDraft,
    /// The group's ports as typed: a check may name one.
    pub ports: Vec<PortDraft>,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ProbeTried {
    /// Whether the kubelet would count it as a success.
    pub passed: bool,
    /// What the check itself took, without the way to the pod; `None` where it did not end.
    pub ms: Option<u32>,
    pub outcome: ProbeOutcome,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ProbeOutcome {
    Http {
        status: u16,
        /// At most the first 1024 bytes.
        body: String,
        cut: bool,
    },
    Exit {
        code: i32,
        /// Of both outputs, at most the first 1024 bytes.
        output: String,
        cut: bool,
    },
    /// The port takes connections.
    Taken,
    /// Nobody listens, or what listens does not speak as it is asked.
    Nothing { reason: String },
    /// No answer within the timeout.
    TooSlow { seconds: u32 },
}

impl Engine {
    /// Asks a running pod what a health check would ask, from inside the pod.
    ///
    /// # Errors
    /// `Invalid` where the check is not written down well; what the cluster says of the way to the pod.
    pub async fn probe_try(&self, request: &ProbeTry) -> Result<ProbeTried> {
        let probe = request.probe.parse(&request.ports).map_err(Error::Invalid)?;
        let session = self.place(&request.group).await?.session;
        let pod = request.pod.as_str();
        let within = Duration::from_secs(probe.timeout_seconds.into());
        let too_slow =
            ProbeTried { passed: false, ms: None, outcome: ProbeOutcome::TooSlow { seconds: probe.timeout_seconds } };
        let tried = match &probe.check {
            Check::Command(command) => {
                let ran = session.run(pod, &request.container, command, SHOWN, within + OPENING).await?;
                ran.filter(|ran| ran.took <= within).map(|Ran { exit, output, cut, took }| ProbeTried {
                    passed: exit == 0,
                    ms: Some(millis(took)),
                    outcome: ProbeOutcome::Exit { code: exit, output: text(&output), cut },
                })
            }
            Check::Http(get) => {
                let headers = get.headers.iter().map(|header| (header.name.clone(), header.value.clone()));
                let get = HttpGet {
                    path: get.path.clone(),
                    port: port(&get.port, &request.ports)?,
                    tls: get.scheme == Scheme::Https,
                    headers: headers.collect(),
                };
                let asked = tokio::time::timeout(within + OPENING, session.http_get(pod, &get, SHOWN)).await;
                match asked.ok().transpose()? {
                    None => None,
                    Some(HttpAnswer::Answered { took, .. }) if took > within => None,
                    Some(HttpAnswer::Answered { status, body, cut, took }) => Some(ProbeTried {
                        passed: (200..400).contains(&status),
                        ms: Some(millis(took)),
                        outcome: ProbeOutcome::Http { status, body: text(&body), cut },
                    }),
                    Some(HttpAnswer::Nothing(reason)) => Some(nothing(reason)),
                }
            }
            Check::Tcp(named) => {
                let begun = Instant::now();
                match session.dial(pod, port(named, &request.ports)?).await? {
                    Dialled::Taken(_) => Some(ProbeTried {
                        passed: true,
                        ms: Some(millis(begun.elapsed())),
                        outcome: ProbeOutcome::Taken,
                    }),
                    Dialled::Refused(reason) => Some(nothing(reason)),
                }
            }
        };
        Ok(tried.unwrap_or(too_slow))
    }
}

/// The port that a check means. A name was found among the ports before; its number may still be wrong.
fn port(named: &PortRef, ports: &[PortDraft]) -> Result<u16> {
    let name = match named {
        PortRef::Number(number) => return Ok(*number),
        PortRef::Name(name) => name,
    };
    let typed = ports.iter().find(|port| port.name.trim() == name).map(|port| port.port.trim());
    typed.and_then(|typed| typed.parse().ok()).filter(|port| *port > 0).ok_or_else(|| {
        let mut fields = Fields::new();
        fields.refuse("probe.port", FieldCode::UnknownPort).with("port", name);
        Error::Invalid(fields.into_errors())
    })
}

fn nothing(reason: String) -> ProbeTried {
    ProbeTried { passed: false, ms: None, outcome: ProbeOutcome::Nothing { reason } }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn millis(took: Duration) -> u32 {
    u32::try_from(took.as_millis()).unwrap_or(u32::MAX)
}
