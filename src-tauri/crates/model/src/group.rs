//! A group: one place where an app runs (environment, cluster, namespace), with its own size and start.

use crate::app::App;
use crate::field::{FieldCode, FieldError, Fields, Refusal};
use crate::id::{AppId, EnvironmentId, GroupId, LinkId};
use crate::image::ImageRef;
use crate::name::{self, APP_AND_GROUP_MAX, NOTE_MAX, Slug};
use crate::quantity::Quantity;
use crate::variable::{self, Variable};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use ts_rs::TS;

/// Most pods of one group (model limits).
pub const COUNT_MAX: u32 = 1_000;
/// Most entries of a command or of arguments: well below the kernel's limit, far above anything sensible.
const WORDS_MAX: usize = 1_000;

/// A valid group: the only thing that `render` accepts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Group {
    pub id: GroupId,
    pub app: AppId,
    pub environment: EnvironmentId,
    pub link: LinkId,
    pub slug: Slug,
    pub note: String,
    /// The image that the next release proposes. What runs is the cluster's to say.
    pub image: Option<ImageRef>,
    /// The count of the first release; afterwards the live count is kept.
    pub count: u32,
    pub cpu: Amounts,
    pub memory: Amounts,
    /// Replaces the image's entrypoint; empty keeps it.
    pub command: Vec<String>,
    /// Replaces the image's arguments; empty keeps them.
    pub args: Vec<String>,
    pub ports: Vec<Port>,
    /// When a pod is ready to serve: an HTTP GET that answers below 400. `None`: as soon as it runs.
    #[serde(default)]
    pub readiness: Option<HttpProbe>,
    pub variables: Vec<Variable>,
}

/// An HTTP GET on the pod's own address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HttpProbe {
    /// Begins with `/`.
    pub path: String,
    /// 1…65535
    pub port: u16,
}

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

/// A group as typed: may be wrong, is stored, survives a quit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct GroupDraft {
    pub name: String,
    /// Id of an environment.
    pub environment: String,
    /// Id of a cluster link.
    pub link: String,
    pub note: String,
    /// A tag or digest of the app's repository, or a full reference.
    pub image: String,
    pub count: String,
    pub cpu: AmountsDraft,
    pub memory: AmountsDraft,
    pub command: CommandDraft,
    /// One a line of the form; empty lines are kept as empty arguments only between others.
    pub args: Vec<String>,
    pub ports: Vec<PortDraft>,
    #[serde(default)]
    pub readiness: HttpProbeDraft,
    pub variables: Vec<Variable>,
}

/// No probe while both are empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct HttpProbeDraft {
    pub path: String,
    pub port: String,
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

/// How the start command was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", content = "value", rename_all = "snake_case")]
pub enum CommandDraft {
    /// What the image says.
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
}

/// What a new group begins with.
pub fn first_draft() -> GroupDraft {
    GroupDraft {
        count: "1".into(),
        cpu: AmountsDraft { request: "100m".into(), limit: "500m".into() },
        memory: AmountsDraft { request: "128Mi".into(), limit: "256Mi".into() },
        ..GroupDraft::default()
    }
}

impl GroupDraft {
    /// # Errors
    /// Every field that is wrong. Whether the name is taken and the environment and link exist is the store's to say.
    pub fn validate(&self, id: GroupId, app: &App) -> Result<Group, Vec<FieldError>> {
        let mut fields = Fields::new();
        let slug = fields.take("name", group_slug(&self.name, app));
        let environment = fields.take("environment", chosen(&self.environment));
        let link = fields.take("link", chosen(&self.link));
        let note = fields.take("note", name::text(&self.note, NOTE_MAX, true));
        let image =
            optional(&self.image).and_then(|typed| fields.take("image", ImageRef::parse(typed, &app.repository)));
        let count = fields.take("count", count(&self.count));
        let cpu = amounts(&mut fields, "cpu", &self.cpu);
        let memory = amounts(&mut fields, "memory", &self.memory);
        let command = words(&mut fields, "command", self.command.words());
        let args = words(&mut fields, "args", self.args.clone());
        let ports = ports(&mut fields, &self.ports);
        let readiness = readiness(&mut fields, &self.readiness);
        let variables = variable::variables(&mut fields, &self.variables);
        match (slug, environment, link, note, count, fields.into_errors()) {
            (Some(slug), Some(environment), Some(link), Some(note), Some(count), errors) if errors.is_empty() => {
                Ok(Group {
                    id,
                    app: app.id.clone(),
                    environment: EnvironmentId::from(environment),
                    link: LinkId::from(link),
                    slug,
                    note,
                    image,
                    count,
                    cpu,
                    memory,
                    command,
                    args,
                    ports,
                    readiness,
                    variables,
                })
            }
            (.., errors) => Err(errors),
        }
    }
}

fn optional(typed: &str) -> Option<&str> {
    Some(typed.trim()).filter(|text| !text.is_empty())
}

fn chosen(id: &str) -> Result<String, Refusal> {
    optional(id).map(str::to_owned).ok_or_else(|| Refusal::new(FieldCode::Required))
}

fn group_slug(typed: &str, app: &App) -> Result<Slug, Refusal> {
    let slug = Slug::parse(typed)?;
    let max = APP_AND_GROUP_MAX.saturating_sub(app.slug.as_str().len());
    if slug.as_str().len() > max {
        return Err(Refusal::new(FieldCode::NamesTooLong).with("max", max).with("app", &app.slug));
    }
    Ok(slug)
}

fn count(typed: &str) -> Result<u32, Refusal> {
    whole(typed, 0, i128::from(COUNT_MAX)).map(|n| u32::try_from(n).expect("in range by COUNT_MAX"))
}

pub(crate) fn whole(typed: &str, min: i128, max: i128) -> Result<i128, Refusal> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(Refusal::new(FieldCode::Required));
    }
    let digits = typed.strip_prefix(['-', '+']).unwrap_or(typed);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Refusal::new(FieldCode::NotANumber));
    }
    // Too many digits for any integer is still a number, and out of range.
    typed
        .parse::<i128>()
        .ok()
        .filter(|n| (min..=max).contains(n))
        .ok_or_else(|| Refusal::new(FieldCode::OutOfRange).with("min", min).with("max", max))
}

fn amounts(fields: &mut Fields, field: &str, typed: &AmountsDraft) -> Amounts {
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

fn words(fields: &mut Fields, field: &str, words: Vec<String>) -> Vec<String> {
    if words.len() > WORDS_MAX {
        fields.refuse(field, FieldCode::OutOfRange).with("min", 0).with("max", WORDS_MAX);
    }
    for (at, word) in words.iter().enumerate() {
        if word.contains('\0') {
            fields.refuse(format!("{field}.{at}"), FieldCode::ControlCharacters);
        }
    }
    words
}

fn ports(fields: &mut Fields, typed: &[PortDraft]) -> Vec<Port> {
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

fn readiness(fields: &mut Fields, typed: &HttpProbeDraft) -> Option<HttpProbe> {
    if typed.path.trim().is_empty() && typed.port.trim().is_empty() {
        return None;
    }
    let path = fields.take("readiness.path", probe_path(&typed.path))?;
    let port = fields.take("readiness.port", whole(&typed.port, 1, i128::from(u16::MAX)))?;
    Some(HttpProbe { path, port: u16::try_from(port).expect("in range by u16::MAX") })
}

fn probe_path(typed: &str) -> Result<String, Refusal> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn app() -> App {
        App {
            id: "a".into(),
            slug: Slug::parse("checkout-api").expect("slug"),
            title: "checkout-api".into(),
            repository: "registry.example.com/shop/checkout-api".into(),
            deploy_path: String::new(),
        }
    }

    fn draft() -> GroupDraft {
        GroupDraft {
            name: "prod-bj-1".into(),
            environment: "prod".into(),
            link: "l".into(),
            image: "2.14.0".into(),
            ..first_draft()
        }
    }

    fn check(change: impl FnOnce(&mut GroupDraft), field: &str, code: FieldCode) {
        let mut draft = draft();
        change(&mut draft);
        let errors = draft.validate("g".into(), &app()).expect_err(field);
        assert!(errors.iter().any(|e| e.field == field && e.code == code), "{field}: {errors:?}");
    }

    #[test]
    fn a_valid_draft_is_a_group() {
        let group = draft().validate("g".into(), &app()).expect("valid");
        assert_eq!(group.image.expect("image").to_string(), "registry.example.com/shop/checkout-api:2.14.0");
    }

    #[test]
    fn every_wrong_field_is_named() {
        use FieldCode as Code;
        check(|d| d.name = "Prod".into(), "name", Code::NotALabel);
        check(|d| d.name = "a".repeat(34), "name", Code::NamesTooLong);
        check(|d| d.environment.clear(), "environment", Code::Required);
        check(|d| d.link.clear(), "link", Code::Required);
        check(|d| d.image = "A/b:1".into(), "image", Code::NotAnImage);
        check(|d| d.count = "-1".into(), "count", Code::OutOfRange);
        check(|d| d.count = "9".repeat(60), "count", Code::OutOfRange);
        check(|d| d.count = "2.5".into(), "count", Code::NotANumber);
        check(|d| d.count = String::new(), "count", Code::Required);
        check(|d| d.cpu.request = "one".into(), "cpu.request", Code::NotAQuantity);
        check(|d| d.cpu.limit = "50m".into(), "cpu.limit", Code::LimitBelowRequest);
        check(|d| d.memory.limit = "-5Mi".into(), "memory.limit", Code::OutOfRange);
        check(|d| d.args = vec!["a\0b".into()], "args.0", Code::ControlCharacters);
        let port = |name: &str, port: &str| PortDraft { name: name.into(), port: port.into(), ..PortDraft::default() };
        check(|d| d.ports = vec![port("http", "0")], "ports.0.port", Code::OutOfRange);
        check(|d| d.ports = vec![port("http", "65536")], "ports.0.port", Code::OutOfRange);
        check(|d| d.ports = vec![port("a-very-long-port", "80")], "ports.0.name", Code::NotAPortName);
        check(|d| d.ports = vec![port("http", "80"), port("http", "81")], "ports.1.name", Code::Duplicate);
        check(|d| d.ports = vec![port("http", "80"), port("web", "80")], "ports.1.port", Code::Duplicate);
        check(|d| d.ports = vec![port("", "80"), port("web", "81")], "ports.0.name", Code::Required);
        check(|d| d.readiness.port = "8080".into(), "readiness.path", Code::Required);
        check(
            |d| d.readiness = HttpProbeDraft { path: "ready".into(), port: "80".into() },
            "readiness.path",
            Code::NotAPath,
        );
        check(
            |d| d.readiness = HttpProbeDraft { path: "/".into(), port: "0".into() },
            "readiness.port",
            Code::OutOfRange,
        );
        let variable = |name: &str, value: &str| Variable::plain(name, value);
        check(|d| d.variables = vec![variable("1A", "")], "variables.0.name", Code::NotAVariableName);
        check(|d| d.variables = vec![variable("A", ""), variable("A", "")], "variables.1.name", Code::Duplicate);
        check(|d| d.variables = vec![variable("A", &"x".repeat(32 * 1024 + 1))], "variables.0.value", Code::TooLarge);
    }

    #[test]
    fn commands_become_words() {
        assert!(CommandDraft::Image.words().is_empty());
        assert_eq!(CommandDraft::Shell("exec java".into()).words(), ["/bin/sh", "-c", "exec java"]);
        assert_eq!(CommandDraft::List(vec!["a".into()]).words(), ["a"]);
    }
}
