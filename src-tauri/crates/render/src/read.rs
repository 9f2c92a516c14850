//! A Deployment that others made, read into the form: what the form has a field for becomes the group, all else its
//! patch. Putting the patch over the rendered group gives the same pods again.

mod normal;

use crate::pod::{BEFORE_START, WAIT_FOR_URL, WAIT_NAME};
use crate::workload::{Workload, render};
use crate::{names, patch, yaml};
pub(crate) use normal::normal;
use serde::Serialize;
use serde_json::{Map, Value};
use slipway_model::app::App;
use slipway_model::config::Config;
use slipway_model::group::{
    AdoptedFrom, AmountsDraft, BeforeStartDraft, BeforeStartKind, CheckKind, CommandDraft, Group, GroupDraft, Header,
    HookDraft, HookKind, HttpGetDraft, LabelDraft, LifecycleDraft, PortDraft, ProbeDraft, Protocol, Scheme,
    StrategyDraft, TolerationDraft, TolerationEffect, TolerationOperator,
};
use slipway_model::image::ImageRef;
use slipway_model::name::Slug;
use slipway_model::variable::{Variable, variable_name};
use ts_rs::TS;

/// A Deployment as the form has it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// Without name, environment, link and note, which no Deployment has. With the patch.
    pub draft: GroupDraft,
    /// What stays as it is, for a person to see.
    pub kept: Vec<KeptPart>,
}

/// Something that the form does not model.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct KeptPart {
    pub kind: KeptKind,
    /// Its name, or its path below the pod.
    pub name: String,
    /// Its image, its type, or a short value.
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum KeptKind {
    Volume,
    Sidecar,
    InitContainer,
    Label,
    Annotation,
    Variable,
    /// A field of the app's container.
    Container,
    /// A field of the pod.
    Pod,
    /// A field of the Deployment.
    Deployment,
}

/// Reads a live Deployment; `container` is the name of the one that the app runs in.
///
/// Whatever it is given it reads, also what no server would take: the form then has less, and the patch what is left.
pub fn read(live: &Value, container: &str) -> Reading {
    let live = yaml::cleaned(live);
    let untyped = GroupDraft { count: "1".into(), ..GroupDraft::default() };
    let mut draft = form(&live, container);
    let group = loop {
        match stand_in(&draft) {
            Ok(group) => break group,
            // What the form would refuse stays in the patch, as it is.
            Err(fields) => fields.iter().for_each(|field| reset(&mut draft, &untyped, field)),
        }
    };
    let patch = rest(&live, &group, &draft.variables);
    let kept = kept(&patch, container);
    if patch.as_object().is_some_and(|fields| !fields.is_empty()) {
        draft.patch = yaml::text(&patch);
    }
    Reading { draft, kept }
}

/// Names of the containers, in their order.
pub fn containers(live: &Value) -> Vec<&str> {
    let containers = live["spec"]["template"]["spec"]["containers"].as_array();
    containers.into_iter().flatten().filter_map(|container| container["name"].as_str()).collect()
}

/// What the form has a field for, also where it would refuse it.
pub(crate) fn form(live: &Value, container: &str) -> GroupDraft {
    let spec = &live["spec"];
    let pod = &spec["template"]["spec"];
    let own = of_name(&pod["containers"], container).unwrap_or(&Value::Null);
    let gpu = gpu(own);
    let domain = gpu.as_ref().and_then(|(resource, _)| resource.split_once('/')).map(|(domain, _)| domain.to_owned());
    let labels = pod["nodeSelector"].as_object().into_iter().flatten();
    let labels = labels.map(|(key, value)| LabelDraft { key: key.clone(), value: text(value) });
    let (of_gpu, node_selector) = labels.partition(|label| {
        let of_key = label.key.split_once('/').map(|(domain, _)| domain);
        of_key.is_some() && of_key == domain.as_deref()
    });
    let (resource, count) = gpu.unwrap_or_default();
    let amounts = |name: &str| AmountsDraft {
        request: text(&own["resources"]["requests"][name]),
        limit: text(&own["resources"]["limits"][name]),
    };
    GroupDraft {
        image: text(&own["image"]),
        count: spec["replicas"].as_u64().unwrap_or(1).to_string(),
        cpu: amounts("cpu"),
        memory: amounts("memory"),
        gpu: slipway_model::group::GpuDraft { resource, count, selector: of_gpu },
        command: CommandDraft::of(&words(&own["command"])),
        args: words(&own["args"]),
        working_dir: text(&own["workingDir"]),
        ports: items(&own["ports"]).map(port).collect(),
        pull_secret: text(&pod["imagePullSecrets"][0]["name"]),
        service_account: text(&pod["serviceAccountName"]),
        node_selector,
        tolerations: items(&pod["tolerations"]).map(toleration).collect(),
        strategy: strategy(spec),
        readiness: probe(&own["readinessProbe"]).unwrap_or_default(),
        liveness: probe(&own["livenessProbe"]).unwrap_or_default(),
        startup: probe(&own["startupProbe"]).unwrap_or_else(ProbeDraft::startup),
        lifecycle: lifecycle(pod, own),
        variables: variables(own),
        adopted: Some(AdoptedFrom { container: container.to_owned(), selector: spec["selector"].clone() }),
        ..GroupDraft::default()
    }
}

fn items(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}

fn of_name<'v>(list: &'v Value, name: &str) -> Option<&'v Value> {
    items(list).find(|item| item["name"] == name)
}

/// Text or number as a person would type it; nothing for what is not there.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

fn number(value: &Value, absent: &str) -> String {
    if value.is_null() { absent.to_owned() } else { text(value) }
}

fn words(list: &Value) -> Vec<String> {
    items(list).map(text).collect()
}

fn port(port: &Value) -> PortDraft {
    let protocol = match port["protocol"].as_str() {
        Some("UDP") => Protocol::Udp,
        Some("SCTP") => Protocol::Sctp,
        _ => Protocol::Tcp,
    };
    PortDraft { name: text(&port["name"]), port: text(&port["containerPort"]), protocol }
}

/// The only extended resource, where there is just one.
fn gpu(own: &Value) -> Option<(String, String)> {
    let extended = |name: &str| name.split_once('/').is_some_and(|(domain, _)| !domain.ends_with("kubernetes.io"));
    let mut found = own["resources"]["limits"].as_object()?.iter().filter(|(name, _)| extended(name));
    let (name, count) = found.next()?;
    (found.next().is_none()).then(|| (name.clone(), text(count)))
}

fn toleration(toleration: &Value) -> TolerationDraft {
    TolerationDraft {
        key: text(&toleration["key"]),
        operator: match toleration["operator"].as_str() {
            Some("Exists") => TolerationOperator::Exists,
            _ => TolerationOperator::Equal,
        },
        value: text(&toleration["value"]),
        effect: serde_json::from_value(toleration["effect"].clone()).unwrap_or(TolerationEffect::Any),
        seconds: text(&toleration["tolerationSeconds"]),
    }
}

fn strategy(spec: &Value) -> StrategyDraft {
    let rolling = &spec["strategy"]["rollingUpdate"];
    StrategyDraft {
        max_surge: number(&rolling["maxSurge"], "25%"),
        max_unavailable: number(&rolling["maxUnavailable"], "25%"),
        min_ready_seconds: number(&spec["minReadySeconds"], "0"),
        progress_deadline_seconds: number(&spec["progressDeadlineSeconds"], "600"),
        ..StrategyDraft::default()
    }
}

fn http_get(get: &Value) -> HttpGetDraft {
    let header = |header: &Value| Header { name: text(&header["name"]), value: text(&header["value"]) };
    HttpGetDraft {
        path: number(&get["path"], "/"),
        port: text(&get["port"]),
        scheme: if get["scheme"] == "HTTPS" { Scheme::Https } else { Scheme::Http },
        headers: items(&get["httpHeaders"]).map(header).collect(),
    }
}

/// `None` for none, and for a kind that the form does not have.
fn probe(probe: &Value) -> Option<ProbeDraft> {
    let mut draft = ProbeDraft {
        delay_seconds: number(&probe["initialDelaySeconds"], "0"),
        period_seconds: number(&probe["periodSeconds"], "10"),
        timeout_seconds: number(&probe["timeoutSeconds"], "1"),
        success_threshold: number(&probe["successThreshold"], "1"),
        failure_threshold: number(&probe["failureThreshold"], "3"),
        ..ProbeDraft::default()
    };
    if probe["httpGet"].is_object() {
        (draft.kind, draft.http) = (CheckKind::Http, http_get(&probe["httpGet"]));
    } else if probe["exec"].is_object() {
        (draft.kind, draft.command) = (CheckKind::Command, CommandDraft::of(&words(&probe["exec"]["command"])));
    } else if probe["tcpSocket"].is_object() {
        (draft.kind, draft.tcp) = (CheckKind::Tcp, text(&probe["tcpSocket"]["port"]));
    } else {
        return None;
    }
    Some(draft)
}

fn hook(hook: &Value) -> HookDraft {
    if hook["exec"].is_object() {
        let command = CommandDraft::of(&words(&hook["exec"]["command"]));
        HookDraft { kind: HookKind::Command, command, ..HookDraft::default() }
    } else if hook["httpGet"].is_object() {
        HookDraft { kind: HookKind::Http, http: http_get(&hook["httpGet"]), ..HookDraft::default() }
    } else {
        HookDraft::default()
    }
}

fn lifecycle(pod: &Value, own: &Value) -> LifecycleDraft {
    let defaults = LifecycleDraft::default();
    LifecycleDraft {
        before_start: of_name(&pod["initContainers"], BEFORE_START)
            .map_or(defaults.before_start, |first| before_start(first, own)),
        after_start: hook(&own["lifecycle"]["postStart"]),
        before_stop: hook(&own["lifecycle"]["preStop"]),
        grace_period_seconds: number(&pod["terminationGracePeriodSeconds"], "30"),
    }
}

fn before_start(first: &Value, own: &Value) -> BeforeStartDraft {
    let words = words(&first["command"]);
    match words.as_slice() {
        [_, _, script, name, url, seconds] if script == WAIT_FOR_URL && name == WAIT_NAME => BeforeStartDraft {
            kind: BeforeStartKind::Wait,
            url: url.clone(),
            image: text(&first["image"]),
            seconds: seconds.clone(),
            ..BeforeStartDraft::default()
        },
        _ if first["image"] == own["image"] => BeforeStartDraft {
            kind: BeforeStartKind::Command,
            command: CommandDraft::of(&words),
            ..BeforeStartDraft::default()
        },
        _ => BeforeStartDraft::default(),
    }
}

/// Variables with a text of their own. One that another is made of stays where the other is.
fn variables(own: &Value) -> Vec<Variable> {
    let all: Vec<_> = items(&own["env"]).collect();
    let plain = |entry: &&&Value| entry["valueFrom"].is_null() && !text(&entry["value"]).contains("$(");
    let used = |name: &str| all.iter().any(|entry| text(&entry["value"]).contains(&format!("$({name})")));
    let once = |name: &str| all.iter().filter(|entry| entry["name"] == name).count() == 1;
    let plain = all.iter().filter(plain).map(|entry| Variable::plain(text(&entry["name"]), text(&entry["value"])));
    plain.filter(|found| variable_name(&found.name).is_ok() && !used(&found.name) && once(&found.name)).collect()
}

/// The group that a draft would be, wherever it is; else the fields that are wrong.
fn stand_in(draft: &GroupDraft) -> Result<Group, Vec<String>> {
    let draft = GroupDraft {
        name: "group".into(),
        environment: "environment".into(),
        link: "link".into(),
        // What a person may not type runs nevertheless: it is mended before the first release.
        image: String::new(),
        ..draft.clone()
    };
    draft.validate("".into(), &app()).map_err(|errors| errors.into_iter().map(|error| error.field).collect())
}

fn app() -> App {
    App {
        id: "".into(),
        slug: Slug::parse("app").expect("a label"),
        title: String::new(),
        repository: String::new(),
        deploy_path: String::new(),
    }
}

/// Puts back what a field belongs to, as `to` has it.
pub(crate) fn reset(draft: &mut GroupDraft, to: &GroupDraft, field: &str) {
    match field.split('.').next().unwrap_or_default() {
        "count" => draft.count.clone_from(&to.count),
        "cpu" => draft.cpu.clone_from(&to.cpu),
        "memory" => draft.memory.clone_from(&to.memory),
        "gpu" => draft.gpu.clone_from(&to.gpu),
        "command" => draft.command.clone_from(&to.command),
        "args" => draft.args.clone_from(&to.args),
        "working_dir" => draft.working_dir.clone_from(&to.working_dir),
        "ports" => draft.ports.clone_from(&to.ports),
        "pull_secret" => draft.pull_secret.clone_from(&to.pull_secret),
        "service_account" => draft.service_account.clone_from(&to.service_account),
        "node_selector" => draft.node_selector.clone_from(&to.node_selector),
        "tolerations" => draft.tolerations.clone_from(&to.tolerations),
        "strategy" => draft.strategy.clone_from(&to.strategy),
        "readiness" => draft.readiness.clone_from(&to.readiness),
        "liveness" => draft.liveness.clone_from(&to.liveness),
        "startup" => draft.startup.clone_from(&to.startup),
        "lifecycle" => draft.lifecycle.clone_from(&to.lifecycle),
        "variables" => draft.variables.clone_from(&to.variables),
        _ => draft.patch.clone_from(&to.patch),
    }
}

/// What the rendered group lacks of the live Deployment, as a patch.
fn rest(live: &Value, group: &Group, taken: &[Variable]) -> Value {
    let mut group = group.clone();
    // They are in an object of their own, and gone from the container.
    group.variables = Vec::new();
    let image = ImageRef::parse("image:1", "").expect("an image");
    let workload = Workload {
        app: &app(),
        group: &group,
        config: &Config::default(),
        secrets: None,
        image: &image,
        namespace: "",
        name: "",
        live_count: None,
        balancers: &[],
        hold: None,
    };
    lacks(&render(workload, "").deployment, live, &group, taken)
}

/// What `rendered`, which is `group` without its patch, lacks of a Deployment, as a patch. Variables that were taken out of
/// the container are not missed there.
pub(crate) fn lacks(rendered: &Value, live: &Value, group: &Group, taken: &[Variable]) -> Value {
    let before = group.lifecycle.before_start.is_some();
    let rendered = normal(rendered, group.container(), before, &[]);
    let wanted = normal(live, group.container(), before, taken);
    let mut patch = patch::diff(&rendered, &wanted);
    for (path, at) in [("/metadata", None), ("/spec/template/metadata", Some("template"))] {
        let metadata = foreign_metadata(live.pointer(path).unwrap_or(&Value::Null), group, at.is_some());
        if metadata.is_empty() {
            continue;
        }
        match at {
            None => patch["metadata"] = metadata.into(),
            Some(template) => patch["spec"][template]["metadata"] = metadata.into(),
        }
    }
    patch
}

/// Labels and annotations that are not ours.
fn foreign_metadata(metadata: &Value, group: &Group, of_pods: bool) -> Map<String, Value> {
    // The name that everybody uses is ours where we made it.
    let made = metadata["labels"].get(names::LABEL_GROUP).is_some();
    let own = |key: &str| {
        let domain = key.split_once('/').map_or("", |(domain, _)| domain);
        domain == "slipway.dev"
            || domain.ends_with(".slipway.dev")
            || key == names::LABEL_MANAGED_BY
            || (made && key == names::LABEL_NAME)
    };
    let selected = group.adopted.as_ref().and_then(|adopted| adopted.selector["matchLabels"].as_object());
    let rendered = |key: &str| of_pods && selected.is_some_and(|labels| labels.contains_key(key));
    let mut left = Map::new();
    for kind in ["labels", "annotations"] {
        let all = metadata[kind].as_object().into_iter().flatten();
        let foreign: Map<_, _> = all
            .filter(|(key, _)| !(own(key) || kind == "labels" && rendered(key)))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        if !foreign.is_empty() {
            left.insert(kind.to_owned(), foreign.into());
        }
    }
    left
}

/// What a patch is about, in the order of a Deployment.
fn kept(patch: &Value, container: &str) -> Vec<KeptPart> {
    let mut kept = Vec::new();
    let mut note = |kind, name: &str, detail: String| kept.push(KeptPart { kind, name: name.to_owned(), detail });
    let pod = &patch["spec"]["template"]["spec"];
    for (list, kind) in [("initContainers", KeptKind::InitContainer), ("containers", KeptKind::Sidecar)] {
        for one in items(&pod[list]).filter(|one| one["name"] != container) {
            note(kind, &text(&one["name"]), text(&one["image"]));
        }
    }
    for volume in items(&pod["volumes"]) {
        let source = volume.as_object().into_iter().flatten().find(|(field, _)| *field != "name");
        note(KeptKind::Volume, &text(&volume["name"]), source.map(|(kind, _)| kind.clone()).unwrap_or_default());
    }
    let own = of_name(&pod["containers"], container).and_then(Value::as_object);
    for (field, value) in own.into_iter().flatten().filter(|(field, _)| *field != "name") {
        if field == "env" {
            items(value).for_each(|entry| note(KeptKind::Variable, &text(&entry["name"]), text(&entry["value"])));
        } else {
            note(KeptKind::Container, field, short(value));
        }
    }
    for (field, value) in pod.as_object().into_iter().flatten() {
        if !matches!(field.as_str(), "initContainers" | "containers" | "volumes") {
            note(KeptKind::Pod, field, short(value));
        }
    }
    for (field, value) in patch["spec"].as_object().into_iter().flatten().filter(|(field, _)| *field != "template") {
        note(KeptKind::Deployment, field, short(value));
    }
    for metadata in [&patch["metadata"], &patch["spec"]["template"]["metadata"]] {
        for (list, kind) in [("labels", KeptKind::Label), ("annotations", KeptKind::Annotation)] {
            for (key, value) in metadata[list].as_object().into_iter().flatten() {
                note(kind, key, text(value));
            }
        }
    }
    kept
}

/// A value in a few words; of a map or list, what is in it.
fn short(value: &Value) -> String {
    match value {
        Value::Object(fields) => fields.keys().cloned().collect::<Vec<_>>().join(", "),
        Value::Array(items) => items.len().to_string(),
        Value::Bool(flag) => flag.to_string(),
        other => text(other),
    }
}

#[cfg(test)]
mod tests;
