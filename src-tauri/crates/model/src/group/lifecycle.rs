//! What runs around the container: before it starts, once it has, and before it stops.

use super::container::CommandDraft;
use super::probe::{HttpGet, HttpGetDraft, Ports, command};
use super::{SECONDS_MAX, optional, whole_u32};
use crate::field::{FieldCode, Fields, Refusal};
use crate::image::ImageRef;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Waits for a URL where the group names no image of its own: small, with a shell and an HTTP client.
pub const HELPER_IMAGE: &str = "docker.io/library/busybox:1.37.0";
/// Kubernetes' own default.
const GRACE_PERIOD_SECONDS: u32 = 30;
/// How long a URL is waited for unless another time is typed.
const WAIT_SECONDS: u32 = 120;
const URL_MAX: usize = 2_000;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Lifecycle {
    pub before_start: Option<BeforeStart>,
    pub after_start: Option<Hook>,
    pub before_stop: Option<Hook>,
    /// From the order to stop until the container is killed; what runs before the stop is part of it.
    pub grace_period_seconds: u32,
}

impl Default for Lifecycle {
    fn default() -> Self {
        Self { before_start: None, after_start: None, before_stop: None, grace_period_seconds: GRACE_PERIOD_SECONDS }
    }
}

/// What has to end well before the container starts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BeforeStart {
    /// In a container of the same image.
    Command(Vec<String>),
    Wait(WaitForUrl),
}

/// Waits until a URL answers with a status from 200 to 299.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct WaitForUrl {
    pub url: String,
    /// Has `/bin/sh`, `wget` and `timeout`.
    pub image: ImageRef,
    /// After so long it has failed; Kubernetes then begins again.
    pub seconds: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Hook {
    Command(Vec<String>),
    Http(HttpGet),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LifecycleDraft {
    pub before_start: BeforeStartDraft,
    pub after_start: HookDraft,
    pub before_stop: HookDraft,
    pub grace_period_seconds: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct BeforeStartDraft {
    pub kind: BeforeStartKind,
    pub command: CommandDraft,
    pub url: String,
    /// Empty: the image that Slipway proposes.
    pub image: String,
    pub seconds: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum BeforeStartKind {
    #[default]
    None,
    Command,
    Wait,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HookDraft {
    pub kind: HookKind,
    pub command: CommandDraft,
    pub http: HttpGetDraft,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum HookKind {
    #[default]
    None,
    Command,
    Http,
}

impl Default for LifecycleDraft {
    fn default() -> Self {
        Self::from(&Lifecycle::default())
    }
}

impl Default for BeforeStartDraft {
    fn default() -> Self {
        Self {
            kind: BeforeStartKind::None,
            command: CommandDraft::Image,
            url: String::new(),
            image: String::new(),
            seconds: WAIT_SECONDS.to_string(),
        }
    }
}

impl LifecycleDraft {
    /// Notes every field that is wrong as `lifecycle.…`; the result then lacks it.
    pub(super) fn read(&self, fields: &mut Fields, ports: &Ports<'_>) -> Lifecycle {
        let before_start = self.before_start.read(fields);
        let after_start = self.after_start.read(fields, "lifecycle.after_start", ports);
        let before_stop = self.before_stop.read(fields, "lifecycle.before_stop", ports);
        // Without any time the kubelet kills the container at once, and runs nothing before.
        let least = u32::from(self.before_stop.kind != HookKind::None);
        let grace = whole_u32(&self.grace_period_seconds, least, SECONDS_MAX);
        let grace = fields.take("lifecycle.grace_period_seconds", grace);
        Lifecycle {
            before_start,
            after_start,
            before_stop,
            grace_period_seconds: grace.unwrap_or(GRACE_PERIOD_SECONDS),
        }
    }
}

impl BeforeStartDraft {
    fn read(&self, fields: &mut Fields) -> Option<BeforeStart> {
        const FIELD: &str = "lifecycle.before_start";
        match self.kind {
            BeforeStartKind::None => None,
            BeforeStartKind::Command => {
                command(fields, &format!("{FIELD}.command"), &self.command).map(BeforeStart::Command)
            }
            BeforeStartKind::Wait => {
                let url = fields.take(format!("{FIELD}.url"), url(&self.url));
                let image = optional(&self.image).unwrap_or(HELPER_IMAGE);
                let image = fields.take(format!("{FIELD}.image"), ImageRef::parse(image, ""));
                let seconds = fields.take(format!("{FIELD}.seconds"), whole_u32(&self.seconds, 1, SECONDS_MAX));
                Some(BeforeStart::Wait(WaitForUrl { url: url?, image: image?, seconds: seconds? }))
            }
        }
    }
}

impl HookDraft {
    fn read(&self, fields: &mut Fields, field: &str, ports: &Ports<'_>) -> Option<Hook> {
        match self.kind {
            HookKind::None => None,
            HookKind::Command => command(fields, &format!("{field}.command"), &self.command).map(Hook::Command),
            HookKind::Http => self.http.read(fields, &format!("{field}.http"), ports).map(Hook::Http),
        }
    }
}

impl From<&Lifecycle> for LifecycleDraft {
    fn from(lifecycle: &Lifecycle) -> Self {
        let before_start = match &lifecycle.before_start {
            None => BeforeStartDraft::default(),
            Some(BeforeStart::Command(words)) => BeforeStartDraft {
                kind: BeforeStartKind::Command,
                command: CommandDraft::of(words),
                ..BeforeStartDraft::default()
            },
            Some(BeforeStart::Wait(WaitForUrl { url, image, seconds })) => BeforeStartDraft {
                kind: BeforeStartKind::Wait,
                url: url.clone(),
                image: Some(image.to_string()).filter(|image| image != HELPER_IMAGE).unwrap_or_default(),
                seconds: seconds.to_string(),
                ..BeforeStartDraft::default()
            },
        };
        let hook = |hook: &Option<Hook>| match hook {
            None => HookDraft::default(),
            Some(Hook::Command(words)) => {
                HookDraft { kind: HookKind::Command, command: CommandDraft::of(words), ..HookDraft::default() }
            }
            Some(Hook::Http(get)) => HookDraft { kind: HookKind::Http, http: get.into(), ..HookDraft::default() },
        };
        Self {
            before_start,
            after_start: hook(&lifecycle.after_start),
            before_stop: hook(&lifecycle.before_stop),
            grace_period_seconds: lifecycle.grace_period_seconds.to_string(),
        }
    }
}

/// `http` or `https`, a host, and nothing that a command line could trip over.
fn url(typed: &str) -> Result<String, Refusal> {
    let url = typed.trim();
    if url.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if url.len() > URL_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", URL_MAX));
    }
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    let good = host.is_some_and(|host| !host.is_empty() && !host.starts_with(':'))
        && url.bytes().all(|b| b.is_ascii_graphic());
    if good {
        return Ok(url.to_owned());
    }
    let refusal = Refusal::new(FieldCode::NotAUrl);
    let bare = rest.is_none() && !url.contains("://") && url.bytes().all(|b| b.is_ascii_graphic());
    Err(if bare { refusal.fix(format!("http://{}", url.trim_start_matches('/'))) } else { refusal })
}
