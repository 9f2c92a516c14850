//! A group: one place where an app runs (environment, cluster, namespace), with its own size and start.

mod container;
mod lifecycle;
mod patch;
mod probe;
mod share;
mod strategy;

pub use container::{
    Amounts, AmountsDraft, CommandDraft, Gpu, GpuDraft, LabelDraft, Port, PortDraft, Protocol, Toleration,
    TolerationDraft, TolerationEffect, TolerationOperator, subdomain,
};
pub use lifecycle::{
    BeforeStart, BeforeStartDraft, BeforeStartKind, HELPER_IMAGE, Hook, HookDraft, HookKind, Lifecycle, LifecycleDraft,
    WaitForUrl,
};
pub use patch::Patch;
pub use probe::{Check, CheckKind, Header, HttpGet, HttpGetDraft, PortRef, Probe, ProbeDraft, Scheme};
pub use share::Share;
pub use strategy::{
    Batches, Pace, PaceDraft, Split, Step, StepDraft, Strategy, StrategyDraft, StrategyKind, StrategyPreview, batches,
    pace,
};

use crate::app::App;
use crate::field::{FieldCode, FieldError, Fields, Refusal};
use crate::id::{AppId, EnvironmentId, GroupId, LinkId};
use crate::image::ImageRef;
use crate::name::{self, APP_AND_GROUP_MAX, NOTE_MAX, Slug};
use crate::variable::{self, Variable};
pub(crate) use container::{object_name, port_name};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Most pods of one group (model limits).
pub const COUNT_MAX: u32 = 1_000;
/// Name of the app's container in the pods that Slipway made.
pub const OWN_CONTAINER: &str = "app";
/// Longest time that a form takes: a day.
const SECONDS_MAX: u32 = 86_400;

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
    #[serde(default)]
    pub gpu: Option<Gpu>,
    /// Replaces the image's entrypoint; empty keeps it.
    pub command: Vec<String>,
    /// Replaces the image's arguments; empty keeps them.
    pub args: Vec<String>,
    /// Replaces the image's working directory.
    #[serde(default)]
    pub working_dir: Option<String>,
    pub ports: Vec<Port>,
    /// Secret of the namespace with which the image is pulled.
    #[serde(default)]
    pub pull_secret: Option<String>,
    /// `None`: the namespace's `default`.
    #[serde(default)]
    pub service_account: Option<String>,
    /// Labels that a node needs, also for the GPU's type.
    #[serde(default)]
    pub node_selector: BTreeMap<String, String>,
    #[serde(default)]
    pub tolerations: Vec<Toleration>,
    #[serde(default)]
    pub strategy: Strategy,
    /// While it fails, a pod takes no traffic. `None`: ready as soon as it runs.
    #[serde(default, deserialize_with = "probe::stored")]
    pub readiness: Option<Probe>,
    /// When it fails, the container is started again.
    #[serde(default)]
    pub liveness: Option<Probe>,
    /// Until it passes, the other two wait.
    #[serde(default)]
    pub startup: Option<Probe>,
    #[serde(default)]
    pub lifecycle: Lifecycle,
    pub variables: Vec<Variable>,
    /// Over everything above.
    #[serde(default)]
    pub patch: Option<Patch>,
    #[serde(default)]
    pub adopted: Option<AdoptedFrom>,
}

/// What stays that of the Deployment which became a group: others made it, and it cannot be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct AdoptedFrom {
    /// Name of the app's container.
    pub container: String,
    /// `spec.selector`, as it is.
    #[ts(type = "unknown")]
    pub selector: serde_json::Value,
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
    #[serde(default)]
    pub gpu: GpuDraft,
    pub command: CommandDraft,
    /// One a line of the form; empty lines are kept as empty arguments only between others.
    pub args: Vec<String>,
    /// Empty: the image's.
    #[serde(default)]
    pub working_dir: String,
    pub ports: Vec<PortDraft>,
    /// Name of a Secret of the namespace.
    #[serde(default)]
    pub pull_secret: String,
    #[serde(default)]
    pub service_account: String,
    #[serde(default)]
    pub node_selector: Vec<LabelDraft>,
    #[serde(default)]
    pub tolerations: Vec<TolerationDraft>,
    #[serde(default)]
    pub strategy: StrategyDraft,
    #[serde(default, deserialize_with = "probe::stored_draft")]
    pub readiness: ProbeDraft,
    #[serde(default)]
    pub liveness: ProbeDraft,
    #[serde(default)]
    pub startup: ProbeDraft,
    #[serde(default)]
    pub lifecycle: LifecycleDraft,
    pub variables: Vec<Variable>,
    /// YAML.
    #[serde(default)]
    pub patch: String,
    /// Of an adopted group; nobody types it.
    #[serde(default)]
    #[ts(optional = nullable)]
    pub adopted: Option<AdoptedFrom>,
}

/// What a new group begins with.
pub fn first_draft() -> GroupDraft {
    GroupDraft {
        count: "1".into(),
        cpu: AmountsDraft { request: "100m".into(), limit: "500m".into() },
        memory: AmountsDraft { request: "128Mi".into(), limit: "256Mi".into() },
        startup: ProbeDraft::startup(),
        ..GroupDraft::default()
    }
}

impl GroupDraft {
    /// # Errors
    /// Every field that is wrong. Whether the name is taken and the environment and link exist is the store's to say.
    pub fn validate(&self, id: GroupId, app: &App) -> Result<Group, Vec<FieldError>> {
        let mut fields = Fields::new();
        let fields = &mut fields;
        let slug = fields.take("name", group_slug(&self.name, app));
        let environment = fields.take("environment", chosen(&self.environment));
        let link = fields.take("link", chosen(&self.link));
        let note = fields.take("note", name::text(&self.note, NOTE_MAX, true));
        let image =
            optional(&self.image).and_then(|typed| fields.take("image", ImageRef::parse(typed, &app.repository)));
        let count = fields.take("count", whole_u32(&self.count, 0, COUNT_MAX));
        let cpu = container::amounts(fields, "cpu", &self.cpu);
        let memory = container::amounts(fields, "memory", &self.memory);
        let gpu = container::gpu(fields, &self.gpu);
        let command = container::words(fields, "command", self.command.words());
        let args = container::words(fields, "args", self.args.clone());
        let working_dir = fields.take("working_dir", container::working_dir(&self.working_dir)).flatten();
        let ports = container::ports(fields, &self.ports);
        let pull_secret = fields.take("pull_secret", container::object_name(&self.pull_secret)).flatten();
        let service_account = fields.take("service_account", container::object_name(&self.service_account)).flatten();
        let node_selector = container::node_selector(fields, &self.node_selector, &self.gpu);
        let tolerations = container::tolerations(fields, &self.tolerations);
        let strategy = self.strategy.read(fields);
        let named = self.ports.iter().map(|port| port.name.trim()).filter(|name| !name.is_empty());
        let named = probe::Ports(named.collect());
        let readiness = self.readiness.read(fields, "readiness", &named, false);
        let liveness = self.liveness.read(fields, "liveness", &named, true);
        let startup = self.startup.read(fields, "startup", &named, true);
        let lifecycle = self.lifecycle.read(fields, &named);
        let variables = variable::variables(fields, &self.variables);
        let patch = fields.take("patch", Patch::parse(&self.patch, self.container())).flatten();
        match (slug, environment, link, note, count, std::mem::take(fields).into_errors()) {
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
                    gpu,
                    command,
                    args,
                    working_dir,
                    ports,
                    pull_secret,
                    service_account,
                    node_selector,
                    tolerations,
                    strategy,
                    readiness,
                    liveness,
                    startup,
                    lifecycle,
                    variables,
                    patch,
                    adopted: self.adopted.clone(),
                })
            }
            (.., errors) => Err(errors),
        }
    }
}

/// A valid group as a person would have typed it: validation makes the same group of it.
impl From<&Group> for GroupDraft {
    fn from(group: &Group) -> Self {
        let amounts = |amounts: &Amounts| {
            let text = |amount: &Option<crate::quantity::Quantity>| {
                amount.as_ref().map(|amount| amount.as_str().to_owned()).unwrap_or_default()
            };
            AmountsDraft { request: text(&amounts.request), limit: text(&amounts.limit) }
        };
        let (node_selector, of_gpu) = container::selector_drafts(&group.node_selector, group.gpu.as_ref());
        let gpu = group.gpu.as_ref();
        let probe = |probe: &Option<Probe>| probe.as_ref().map(ProbeDraft::from);
        let port =
            |port: &Port| PortDraft { name: port.name.clone(), port: port.port.to_string(), protocol: port.protocol };
        Self {
            name: group.slug.to_string(),
            environment: group.environment.to_string(),
            link: group.link.to_string(),
            note: group.note.clone(),
            image: group.image.as_ref().map(ToString::to_string).unwrap_or_default(),
            count: group.count.to_string(),
            cpu: amounts(&group.cpu),
            memory: amounts(&group.memory),
            gpu: GpuDraft {
                resource: gpu.map(|gpu| gpu.resource.clone()).unwrap_or_default(),
                count: gpu.map(|gpu| gpu.count.to_string()).unwrap_or_default(),
                selector: of_gpu,
            },
            command: CommandDraft::of(&group.command),
            args: group.args.clone(),
            working_dir: group.working_dir.clone().unwrap_or_default(),
            ports: group.ports.iter().map(port).collect(),
            pull_secret: group.pull_secret.clone().unwrap_or_default(),
            service_account: group.service_account.clone().unwrap_or_default(),
            node_selector,
            tolerations: group.tolerations.iter().map(TolerationDraft::from).collect(),
            strategy: StrategyDraft::from(&group.strategy),
            readiness: probe(&group.readiness).unwrap_or_default(),
            liveness: probe(&group.liveness).unwrap_or_default(),
            startup: probe(&group.startup).unwrap_or_else(ProbeDraft::startup),
            lifecycle: LifecycleDraft::from(&group.lifecycle),
            variables: group.variables.clone(),
            patch: group.patch.as_ref().map(|patch| patch.text().to_owned()).unwrap_or_default(),
            adopted: group.adopted.clone(),
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

pub(crate) fn whole_u32(typed: &str, min: u32, max: u32) -> Result<u32, Refusal> {
    let number = whole(typed, i128::from(min), i128::from(max))?;
    Ok(u32::try_from(number).expect("in range by its type"))
}

#[cfg(test)]
mod tests;
