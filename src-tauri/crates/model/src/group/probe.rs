//! What is asked of a container: by health checks and by hooks.

use super::container::{CommandDraft, PortDraft, words};
use super::{SECONDS_MAX, whole_u32};
use crate::field::{FieldCode, FieldError, Fields, Refusal};
use serde::{Deserialize, Deserializer, Serialize};
use ts_rs::TS;

/// Highest number of results in a row that a probe can be asked to wait for.
const THRESHOLD_MAX: u32 = 10_000;
/// Longest value of a header: what common servers take for a whole line.
const HEADER_MAX: usize = 4_096;

/// A health check with its timing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Probe {
    pub check: Check,
    /// Before the first one, after the container has started.
    pub delay_seconds: u32,
    pub period_seconds: u32,
    pub timeout_seconds: u32,
    /// In a row, to pass again after a failure.
    pub success_threshold: u32,
    /// In a row, to fail.
    pub failure_threshold: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Passes with a status from 200 to 399.
    Http(HttpGet),
    /// Passes with exit code 0.
    Command(Vec<String>),
    /// Passes when the port takes a connection.
    Tcp(PortRef),
}

/// An HTTP GET on the pod's own address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HttpGet {
    /// Begins with `/`.
    pub path: String,
    pub port: PortRef,
    pub scheme: Scheme,
    pub headers: Vec<Header>,
}

/// A port of the container.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(untagged)]
pub enum PortRef {
    /// 1…65535
    Number(u16),
    /// One of the group's ports.
    Name(String),
}

impl std::fmt::Display for PortRef {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Name(name) => f.write_str(name),
        }
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum Scheme {
    #[default]
    Http,
    /// The certificate is not checked.
    Https,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Header {
    pub name: String,
    pub value: String,
}

/// A probe as typed. What was typed for another kind is kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct ProbeDraft {
    pub kind: CheckKind,
    pub http: HttpGetDraft,
    pub command: CommandDraft,
    /// Of a TCP check: number or name.
    pub tcp: String,
    pub delay_seconds: String,
    pub period_seconds: String,
    pub timeout_seconds: String,
    pub success_threshold: String,
    pub failure_threshold: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum CheckKind {
    #[default]
    None,
    Http,
    Command,
    Tcp,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct HttpGetDraft {
    pub path: String,
    /// Number or name.
    pub port: String,
    pub scheme: Scheme,
    pub headers: Vec<Header>,
}

/// Kubernetes' own defaults, stated.
impl Default for ProbeDraft {
    fn default() -> Self {
        Self {
            kind: CheckKind::None,
            http: HttpGetDraft::default(),
            command: CommandDraft::Image,
            tcp: String::new(),
            delay_seconds: "0".into(),
            period_seconds: "10".into(),
            timeout_seconds: "1".into(),
            success_threshold: "1".into(),
            failure_threshold: "3".into(),
        }
    }
}

impl ProbeDraft {
    /// What a startup probe begins with: a minute, asked every two seconds.
    pub fn startup() -> Self {
        Self { period_seconds: "2".into(), failure_threshold: "30".into(), ..Self::default() }
    }

    /// A check by itself, beside the group's ports as typed.
    ///
    /// # Errors
    /// Every field that is wrong; `kind` where there is no check.
    pub fn parse(&self, ports: &[PortDraft]) -> Result<Probe, Vec<FieldError>> {
        let mut fields = Fields::new();
        let named = Ports(ports.iter().map(|port| port.name.trim()).filter(|name| !name.is_empty()).collect());
        if self.kind == CheckKind::None {
            fields.refuse("kind", FieldCode::Required);
        }
        let probe = self.read(&mut fields, "probe", &named, false);
        let errors = fields.into_errors();
        if errors.is_empty() { probe.ok_or(errors) } else { Err(errors) }
    }

    /// Notes every field that is wrong as `<field>.…`.
    pub(super) fn read(&self, fields: &mut Fields, field: &str, ports: &Ports<'_>, only_one: bool) -> Option<Probe> {
        let check = match self.kind {
            CheckKind::None => return None,
            CheckKind::Http => self.http.read(fields, &format!("{field}.http"), ports).map(Check::Http),
            CheckKind::Command => command(fields, &format!("{field}.command"), &self.command).map(Check::Command),
            CheckKind::Tcp => fields.take(format!("{field}.tcp"), ports.find(&self.tcp)).map(Check::Tcp),
        };
        let mut number = |part: &str, typed: &str, min, max| {
            fields.take(format!("{field}.{part}"), whole_u32(typed, min, max)).unwrap_or(min)
        };
        // The API server takes no other number where a single success is what the check is about.
        let successes = if only_one { 1 } else { THRESHOLD_MAX };
        let probe = Probe {
            delay_seconds: number("delay_seconds", &self.delay_seconds, 0, SECONDS_MAX),
            period_seconds: number("period_seconds", &self.period_seconds, 1, SECONDS_MAX),
            timeout_seconds: number("timeout_seconds", &self.timeout_seconds, 1, SECONDS_MAX),
            success_threshold: number("success_threshold", &self.success_threshold, 1, successes),
            failure_threshold: number("failure_threshold", &self.failure_threshold, 1, THRESHOLD_MAX),
            check: check?,
        };
        Some(probe)
    }
}

impl From<&Probe> for ProbeDraft {
    fn from(probe: &Probe) -> Self {
        let mut draft = Self {
            delay_seconds: probe.delay_seconds.to_string(),
            period_seconds: probe.period_seconds.to_string(),
            timeout_seconds: probe.timeout_seconds.to_string(),
            success_threshold: probe.success_threshold.to_string(),
            failure_threshold: probe.failure_threshold.to_string(),
            ..Self::default()
        };
        match &probe.check {
            Check::Http(get) => (draft.kind, draft.http) = (CheckKind::Http, get.into()),
            Check::Command(words) => (draft.kind, draft.command) = (CheckKind::Command, CommandDraft::of(words)),
            Check::Tcp(port) => (draft.kind, draft.tcp) = (CheckKind::Tcp, port.to_string()),
        }
        draft
    }
}

impl HttpGetDraft {
    pub(super) fn read(&self, fields: &mut Fields, field: &str, ports: &Ports<'_>) -> Option<HttpGet> {
        let path = fields.take(format!("{field}.path"), path(&self.path));
        let port = fields.take(format!("{field}.port"), ports.find(&self.port));
        let mut headers = Vec::with_capacity(self.headers.len());
        for (at, header) in self.headers.iter().enumerate() {
            let name = fields.take(format!("{field}.headers.{at}.name"), header_name(&header.name));
            let value = fields.take(format!("{field}.headers.{at}.value"), header_value(&header.value));
            headers.extend(name.zip(value).map(|(name, value)| Header { name, value }));
        }
        Some(HttpGet { path: path?, port: port?, scheme: self.scheme, headers })
    }
}

impl From<&HttpGet> for HttpGetDraft {
    fn from(get: &HttpGet) -> Self {
        Self { path: get.path.clone(), port: get.port.to_string(), scheme: get.scheme, headers: get.headers.clone() }
    }
}

/// The ports that a check can name.
pub(super) struct Ports<'a>(pub(super) Vec<&'a str>);

impl Ports<'_> {
    fn find(&self, typed: &str) -> Result<PortRef, Refusal> {
        let typed = typed.trim();
        if typed.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
            let number = whole_u32(typed, 1, u32::from(u16::MAX))?;
            return Ok(PortRef::Number(u16::try_from(number).unwrap_or(u16::MAX)));
        }
        if self.0.contains(&typed) {
            return Ok(PortRef::Name(typed.to_owned()));
        }
        let refusal = Refusal::new(FieldCode::UnknownPort).with("port", typed);
        // The one that was meant, most likely: a slip within a name, or the only one there is.
        let close = self.0.iter().find(|name| similar(name, typed)).or(self.0.first().filter(|_| self.0.len() == 1));
        Err(match close {
            Some(name) => refusal.fix(*name),
            None => refusal,
        })
    }
}

/// The same letters but for one or two.
fn similar(name: &str, typed: &str) -> bool {
    let missing = |a: &str, b: &str| a.chars().filter(|c| !b.contains(*c)).count();
    name.chars().next() == typed.chars().next() && missing(name, typed) + missing(typed, name) <= 2
}

/// A command that has to be there.
pub(super) fn command(fields: &mut Fields, field: &str, typed: &CommandDraft) -> Option<Vec<String>> {
    let words = words(fields, field, typed.words());
    if words.iter().all(|word| word.trim().is_empty()) {
        fields.refuse(field, FieldCode::Required);
        return None;
    }
    Some(words)
}

fn path(typed: &str) -> Result<String, Refusal> {
    let path = typed.trim();
    if path.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    if path.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    if path.starts_with('/') {
        Ok(path.to_owned())
    } else {
        Err(Refusal::new(FieldCode::NotAPath).fix(format!("/{path}")))
    }
}

/// apimachinery `IsHTTPHeaderName`.
fn header_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let good = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if good { Ok(name.to_owned()) } else { Err(Refusal::new(FieldCode::NotAHeader)) }
}

fn header_value(typed: &str) -> Result<String, Refusal> {
    let value = typed.trim();
    if value.len() > HEADER_MAX {
        return Err(Refusal::new(FieldCode::TooLarge).with("max", HEADER_MAX));
    }
    if value.chars().any(char::is_control) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    Ok(value.to_owned())
}

/// Path and port, as all of a readiness probe was stored once.
#[derive(Deserialize)]
struct PathAndPort<P> {
    path: String,
    port: P,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stored<T, P> {
    // First: every field of a draft has a default.
    Old(PathAndPort<P>),
    New(T),
}

/// A draft of today, or what was stored before there was more than a path and a port.
pub(super) fn stored_draft<'de, D: Deserializer<'de>>(input: D) -> Result<ProbeDraft, D::Error> {
    Ok(match Stored::<ProbeDraft, String>::deserialize(input)? {
        Stored::New(draft) => draft,
        Stored::Old(PathAndPort { path, port }) if path.trim().is_empty() && port.trim().is_empty() => {
            ProbeDraft::default()
        }
        Stored::Old(PathAndPort { path, port }) => ProbeDraft {
            kind: CheckKind::Http,
            http: HttpGetDraft { path, port, ..HttpGetDraft::default() },
            ..ProbeDraft::default()
        },
    })
}

/// As [`stored_draft`], for a record.
pub(super) fn stored<'de, D: Deserializer<'de>>(input: D) -> Result<Option<Probe>, D::Error> {
    Ok(Option::<Stored<Probe, u16>>::deserialize(input)?.map(|stored| match stored {
        Stored::New(probe) => probe,
        Stored::Old(PathAndPort { path, port }) => Probe {
            check: Check::Http(HttpGet { path, port: PortRef::Number(port), scheme: Scheme::Http, headers: vec![] }),
            delay_seconds: 0,
            period_seconds: 10,
            timeout_seconds: 1,
            success_threshold: 1,
            failure_threshold: 3,
        },
    }))
}
