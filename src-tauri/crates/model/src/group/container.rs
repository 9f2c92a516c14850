//! What runs in a pod, how large, and where it may stand.

use super::{SECONDS_MAX, optional, whole, whole_u32};
use crate::field::{FieldCode, Fields, Refusal};
use crate::quantity::Quantity;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashSet};
use ts_rs::TS;

/// Most entries of a command or of arguments: well below the kernel's limit, far above anything sensible.
const WORDS_MAX: usize = 1_000;
/// Longest DNS subdomain (RFC 1123): names of objects, and the first part of a label's key.
const SUBDOMAIN_MAX: usize = 253;
/// Longest value of a label, and the second part of its key.
const LABEL_MAX: usize = 63;
/// Longest path of a working directory: `PATH_MAX` of Linux, less its end.
const DIR_MAX: usize = 4_095;
/// Most devices of one pod: more than any node has.
const GPU_MAX: u32 = 128;

/// Request and limit of one resource.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
pub struct Amounts {
    pub request: Option<Quantity>,
    pub limit: Option<Quantity>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Port {
    pub name: String,
    /// 1…65535
    pub port: u16,
    pub protocol: Protocol,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    #[default]
    Tcp,
    Udp,
    Sctp,
}

/// Devices that a pod gets whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Gpu {
    /// Name of the extended resource: `nvidia.com/gpu`.
    pub resource: String,
    /// 1…128
    pub count: u32,
}

/// A taint that pods may stand on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Toleration {
    /// Empty with `Exists`: every taint.
    pub key: String,
    pub operator: TolerationOperator,
    /// Of `Equal`.
    pub value: String,
    pub effect: TolerationEffect,
    /// How long a pod stays after the taint came; `None`: for ever. Of `NoExecute` only.
    pub seconds: Option<u32>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum TolerationOperator {
    #[default]
    Equal,
    Exists,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub enum TolerationEffect {
    /// All of them.
    #[default]
    #[serde(rename = "")]
    Any,
    NoSchedule,
    PreferNoSchedule,
    NoExecute,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AmountsDraft {
    pub request: String,
    pub limit: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct PortDraft {
    pub name: String,
    pub port: String,
    pub protocol: Protocol,
}

/// No GPU while the resource and the count are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct GpuDraft {
    pub resource: String,
    pub count: String,
    /// Labels of the nodes that have the right type.
    pub selector: Vec<LabelDraft>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct LabelDraft {
    pub key: String,
    pub value: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default)]
pub struct TolerationDraft {
    pub key: String,
    pub operator: TolerationOperator,
    pub value: String,
    pub effect: TolerationEffect,
    /// Empty: for ever.
    pub seconds: String,
}

/// How the start command was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum CommandDraft {
    /// What the image says; nothing where a command is needed.
    #[default]
    Image,
    /// A line for `/bin/sh -c`.
    Shell(String),
    /// Word by word.
    List(Vec<String>),
}

impl CommandDraft {
    /// The words that Kubernetes runs; empty means the image's own entrypoint.
    pub fn words(&self) -> Vec<String> {
        match self {
            Self::Image => Vec::new(),
            Self::Shell(line) if line.trim().is_empty() => Vec::new(),
            Self::Shell(line) => vec!["/bin/sh".to_owned(), "-c".to_owned(), line.clone()],
            Self::List(words) => words.clone(),
        }
    }

    /// How these words are shown to a person: a line where they are one for the shell.
    pub fn of(words: &[String]) -> Self {
        match words {
            [] => Self::Image,
            [shell, flag, line] if shell == "/bin/sh" && flag == "-c" && !line.trim().is_empty() => {
                Self::Shell(line.clone())
            }
            words => Self::List(words.to_vec()),
        }
    }
}

pub(super) fn amounts(fields: &mut Fields, field: &str, typed: &AmountsDraft) -> Amounts {
    let mut one = |part: &str, text: &str| {
        optional(text).and_then(|text| fields.take(format!("{field}.{part}"), Quantity::parse(text)))
    };
    let (request, limit) = (one("request", &typed.request), one("limit", &typed.limit));
    if let (Some(request), Some(limit)) = (&request, &limit)
        && limit < request
    {
        fields
            .refuse(format!("{field}.limit"), FieldCode::LimitBelowRequest)
            .with("request", request.as_str())
            .fix(request.as_str());
    }
    Amounts { request, limit }
}

pub(super) fn words(fields: &mut Fields, field: &str, words: Vec<String>) -> Vec<String> {
    if words.len() > WORDS_MAX {
        fields.refuse(field, FieldCode::OutOfRange).with("min", 0).with("max", WORDS_MAX);
    }
    for (at, word) in words.iter().enumerate() {
        if word.contains('\0') {
            fields.refuse(format!("{field}.{at}"), FieldCode::ControlCharacters);
        }
    }
    if let CommandDraft::Shell(line) = CommandDraft::of(&words)
        && is_open(&line)
    {
        fields.refuse(field, FieldCode::OpenQuote);
    }
    words
}

/// Whether a line for the shell ends within quotes. Where it may quote in ways of its own, nothing is said.
fn is_open(line: &str) -> bool {
    let own_ways = ["<<", "$'", "${"];
    own_ways.iter().all(|way| !line.contains(way)) && shlex::split(line).is_none()
}

pub(super) fn ports(fields: &mut Fields, typed: &[PortDraft]) -> Vec<Port> {
    let (mut names, mut numbers) = (HashSet::new(), HashSet::new());
    let mut ports = Vec::with_capacity(typed.len());
    for (at, draft) in typed.iter().enumerate() {
        let name = fields.take(format!("ports.{at}.name"), port_name(&draft.name));
        let port = fields.take(format!("ports.{at}.port"), whole(&draft.port, 1, i128::from(u16::MAX)));
        let (Some(name), Some(port)) = (name, port) else { continue };
        if !name.is_empty() && !names.insert(name.clone()) {
            fields.refuse(format!("ports.{at}.name"), FieldCode::Duplicate);
        }
        if !numbers.insert((port, draft.protocol)) {
            fields.refuse(format!("ports.{at}.port"), FieldCode::Duplicate);
        }
        let port = u16::try_from(port).expect("in range by u16::MAX");
        ports.push(Port { name, port, protocol: draft.protocol });
    }
    if typed.len() > 1 {
        for (at, draft) in typed.iter().enumerate() {
            if draft.name.trim().is_empty() {
                fields.refuse(format!("ports.{at}.name"), FieldCode::Required);
            }
        }
    }
    ports
}

/// apimachinery `IsValidPortName`; may be empty where it is the only port.
pub(crate) fn port_name(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    let good = name.len() <= 15
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && name.bytes().any(|b| b.is_ascii_lowercase())
        && !name.starts_with('-')
        && !name.ends_with('-')
        && !name.contains("--");
    if name.is_empty() || good { Ok(name.to_owned()) } else { Err(Refusal::new(FieldCode::NotAPortName)) }
}

/// Notes what is wrong as `gpu.…`.
pub(super) fn gpu(fields: &mut Fields, typed: &GpuDraft) -> Option<Gpu> {
    if typed.resource.trim().is_empty() && typed.count.trim().is_empty() {
        return None;
    }
    let resource = fields.take("gpu.resource", resource(&typed.resource));
    let count = fields.take("gpu.count", whole_u32(&typed.count, 1, GPU_MAX));
    Some(Gpu { resource: resource?, count: count? })
}

/// Name of an extended resource: a domain that is not Kubernetes' own, `/`, a name (apimachinery `IsQualifiedName`).
fn resource(typed: &str) -> Result<String, Refusal> {
    let name = typed.trim();
    if name.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let good = name.split_once('/').is_some_and(|(domain, rest)| {
        is_subdomain(domain) && !domain.ends_with("kubernetes.io") && is_label_text(rest) && !rest.is_empty()
    });
    if good { Ok(name.to_owned()) } else { Err(Refusal::new(FieldCode::NotAResource)) }
}

/// All labels that a node needs: those of the group, and those of its GPU.
pub(super) fn node_selector(fields: &mut Fields, own: &[LabelDraft], gpu: &GpuDraft) -> BTreeMap<String, String> {
    let mut selector = BTreeMap::new();
    let own = own.iter().enumerate().map(|(at, label)| (format!("node_selector.{at}"), label));
    let of_gpu = gpu.selector.iter().enumerate().map(|(at, label)| (format!("gpu.selector.{at}"), label));
    for (field, label) in own.chain(of_gpu) {
        let key = fields.take(format!("{field}.key"), label_key(&label.key));
        let value = fields.take(format!("{field}.value"), label_value(&label.value));
        let (Some(key), Some(value)) = (key, value) else { continue };
        if selector.insert(key, value).is_some() {
            fields.refuse(format!("{field}.key"), FieldCode::Duplicate);
        }
    }
    selector
}

/// Splits them again: those of the GPU's own domain are of its type.
pub(super) fn selector_drafts(
    selector: &BTreeMap<String, String>,
    gpu: Option<&Gpu>,
) -> (Vec<LabelDraft>, Vec<LabelDraft>) {
    let domain = gpu.and_then(|gpu| gpu.resource.split_once('/')).map(|(domain, _)| domain);
    let label = |(key, value): (&String, &String)| LabelDraft { key: key.clone(), value: value.clone() };
    selector.iter().map(label).partition(|label| {
        let of_key = label.key.split_once('/').map(|(domain, _)| domain);
        of_key.is_none() || of_key != domain
    })
}

pub(super) fn tolerations(fields: &mut Fields, typed: &[TolerationDraft]) -> Vec<Toleration> {
    let mut tolerations = Vec::with_capacity(typed.len());
    for (at, draft) in typed.iter().enumerate() {
        let field = |part: &str| format!("tolerations.{at}.{part}");
        let exists = draft.operator == TolerationOperator::Exists;
        let key = if exists && draft.key.trim().is_empty() { Ok(String::new()) } else { label_key(&draft.key) };
        let key = fields.take(field("key"), key);
        // Text that was typed before the operator changed goes nowhere.
        let value = if exists { Ok(String::new()) } else { label_value(&draft.value) };
        let value = fields.take(field("value"), value);
        let seconds = optional(&draft.seconds).filter(|_| draft.effect == TolerationEffect::NoExecute);
        let seconds = seconds.and_then(|typed| fields.take(field("seconds"), whole_u32(typed, 0, SECONDS_MAX)));
        let (Some(key), Some(value)) = (key, value) else { continue };
        tolerations.push(Toleration { key, operator: draft.operator, value, effect: draft.effect, seconds });
    }
    tolerations
}

impl From<&Toleration> for TolerationDraft {
    fn from(toleration: &Toleration) -> Self {
        Self {
            key: toleration.key.clone(),
            operator: toleration.operator,
            value: toleration.value.clone(),
            effect: toleration.effect,
            seconds: toleration.seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
        }
    }
}

/// An absolute path, or nothing.
pub(super) fn working_dir(typed: &str) -> Result<Option<String>, Refusal> {
    let Some(dir) = optional(typed) else { return Ok(None) };
    if dir.len() > DIR_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", DIR_MAX));
    }
    if dir.chars().any(char::is_control) {
        return Err(Refusal::new(FieldCode::ControlCharacters));
    }
    if dir.starts_with('/') {
        Ok(Some(dir.to_owned()))
    } else {
        Err(Refusal::new(FieldCode::NotAPath).fix(format!("/{dir}")))
    }
}

/// The name of an object, or nothing: a DNS subdomain.
pub(crate) fn object_name(typed: &str) -> Result<Option<String>, Refusal> {
    let Some(name) = optional(typed) else { return Ok(None) };
    if name.len() > SUBDOMAIN_MAX {
        return Err(Refusal::new(FieldCode::TooLong).with("max", SUBDOMAIN_MAX));
    }
    if is_subdomain(name) {
        return Ok(Some(name.to_owned()));
    }
    let refusal = Refusal::new(FieldCode::NotAnObjectName);
    let lower = name.to_ascii_lowercase();
    Err(if is_subdomain(&lower) { refusal.fix(lower) } else { refusal })
}

/// apimachinery `IsQualifiedName`.
fn label_key(typed: &str) -> Result<String, Refusal> {
    let key = typed.trim();
    if key.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let (domain, name) = key.split_once('/').map_or((None, key), |(domain, name)| (Some(domain), name));
    let good = !name.is_empty() && is_label_text(name) && domain.is_none_or(is_subdomain);
    if good { Ok(key.to_owned()) } else { Err(Refusal::new(FieldCode::NotALabelKey)) }
}

/// apimachinery `IsValidLabelValue`; may be empty.
fn label_value(typed: &str) -> Result<String, Refusal> {
    let value = typed.trim();
    if is_label_text(value) { Ok(value.to_owned()) } else { Err(Refusal::new(FieldCode::NotALabelValue)) }
}

fn is_label_text(text: &str) -> bool {
    text.len() <= LABEL_MAX
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
        && text.bytes().next().is_none_or(|b| b.is_ascii_alphanumeric())
        && text.bytes().last().is_none_or(|b| b.is_ascii_alphanumeric())
}

/// A name that Kubernetes takes for an object, also one that nobody of ours gave it.
///
/// # Errors
/// `NotAnObjectName`
pub fn subdomain(name: &str) -> Result<(), Refusal> {
    if is_subdomain(name) { Ok(()) } else { Err(Refusal::new(FieldCode::NotAnObjectName)) }
}

fn is_subdomain(text: &str) -> bool {
    let label = |label: &str| {
        let bytes = label.as_bytes();
        let edge = |b: Option<&u8>| b.is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        edge(bytes.first())
            && edge(bytes.last())
            && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
    };
    text.len() <= SUBDOMAIN_MAX && text.split('.').all(label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_become_words() {
        assert!(CommandDraft::Image.words().is_empty());
        assert_eq!(CommandDraft::Shell("exec java".into()).words(), ["/bin/sh", "-c", "exec java"]);
        assert_eq!(CommandDraft::List(vec!["a".into()]).words(), ["a"]);
    }

    #[test]
    fn words_become_commands() {
        for command in
            [CommandDraft::Image, CommandDraft::Shell("exec java".into()), CommandDraft::List(vec!["a".into()])]
        {
            assert_eq!(CommandDraft::of(&command.words()), command);
        }
    }

    #[test]
    fn a_line_that_ends_within_quotes() {
        for open in ["echo 'a", "echo \"a", "echo \"$(date)", "java '-Dx=\"y\"", "echo a \\"] {
            let mut fields = Fields::new();
            words(&mut fields, "command", CommandDraft::Shell(open.into()).words());
            let errors = fields.into_errors();
            assert_eq!(errors.iter().map(|error| error.code).collect::<Vec<_>>(), [FieldCode::OpenQuote], "{open}");
        }
        for closed in [
            "echo 'a' \"b\"",
            "echo it\\'s",
            "exec java # it's said",
            "cat <<END\nit's\nEND",
            "printf $'it\\'s'",
            "echo ${name#'}",
            "echo \"$(date)\"",
        ] {
            let mut fields = Fields::new();
            words(&mut fields, "command", CommandDraft::Shell(closed.into()).words());
            assert_eq!(fields.into_errors(), [], "{closed}");
        }
        // Word by word nobody quotes.
        let mut fields = Fields::new();
        words(&mut fields, "command", vec!["echo".into(), "it's".into()]);
        assert_eq!(fields.into_errors(), []);
    }

    #[test]
    fn names_of_resources() {
        for good in ["nvidia.com/gpu", "amd.com/gpu", "nvidia.com/mig-1g.5gb", "gpu.example.com/a_b"] {
            assert_eq!(resource(good), Ok(good.to_owned()));
        }
        for bad in ["gpu", "nvidia.com/", "/gpu", "kubernetes.io/gpu", "Nvidia.com/gpu", "a/b/c", "a.com/-"] {
            assert_eq!(resource(bad).map_err(|refusal| refusal.code), Err(FieldCode::NotAResource), "{bad}");
        }
    }
}
