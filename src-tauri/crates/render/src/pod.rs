//! What a group says of its pods beyond image, command and variables; over all of it, its patch.

use crate::patch;
use crate::workload::Workload;
use serde_json::{Map, Value, json};
use slipway_model::group::{
    BeforeStart, Check, Group, Hook, HttpGet, Probe, Scheme, Share, Strategy, Toleration, TolerationEffect,
    TolerationOperator,
};

/// Name of the container that runs before the app's.
pub(crate) const BEFORE_START: &str = "before-start";
/// For the shell of the helper image: `$1` is the URL, `$2` how many seconds it is waited for. Backquotes, because
/// Kubernetes looks for variables of its own in `$(…)`. `timeout`, because wget's own limit is of each silence only, and
/// some builds die of it.
pub(crate) const WAIT_FOR_URL: &str = "end=`date +%s`; end=`expr $end + $2`; \
    until timeout 5 wget -q -O /dev/null \"$1\"; do \
    [ `date +%s` -lt $end ] || { echo \"$1 did not answer within $2 s\" >&2; exit 1; }; sleep 1; done";
/// What the shell calls itself in its messages.
pub(crate) const WAIT_NAME: &str = "wait-for-url";

/// Adds to a Deployment whose first container is the app's.
pub(crate) fn complete(workload: Workload<'_>, deployment: &mut Value) {
    let group = workload.group;
    let spec = &mut deployment["spec"];
    let (surge, unavailable) = (share(group.strategy.max_surge), share(group.strategy.max_unavailable));
    spec["strategy"] = json!({
        "type": "RollingUpdate", "rollingUpdate": { "maxSurge": surge, "maxUnavailable": unavailable },
    });
    let Strategy { min_ready_seconds, progress_deadline_seconds, .. } = group.strategy;
    spec["minReadySeconds"] = min_ready_seconds.into();
    spec["progressDeadlineSeconds"] = progress_deadline_seconds.into();
    let pod = &mut spec["template"]["spec"];
    container(group, &mut pod["containers"][0]);
    if let Some(before) = &group.lifecycle.before_start {
        pod["initContainers"] = json!([before_start(workload, before, &pod["containers"][0])]);
    }
    place(group, pod);
    if let Some(patch) = &group.patch {
        patch::apply(deployment, &patch.value());
    }
}

fn share(share: Share) -> Value {
    match share {
        Share::Pods(pods) => pods.into(),
        Share::Percent(_) => share.to_string().into(),
    }
}

fn place(group: &Group, pod: &mut Value) {
    pod["terminationGracePeriodSeconds"] = group.lifecycle.grace_period_seconds.into();
    if let Some(name) = &group.pull_secret {
        pod["imagePullSecrets"] = json!([{ "name": name }]);
    }
    if let Some(name) = &group.service_account {
        pod["serviceAccountName"] = name.as_str().into();
    }
    if !group.node_selector.is_empty() {
        pod["nodeSelector"] = json!(group.node_selector);
    }
    if !group.tolerations.is_empty() {
        pod["tolerations"] = group.tolerations.iter().map(toleration).collect();
    }
}

fn toleration(toleration: &Toleration) -> Value {
    let mut fields = Map::new();
    if !toleration.key.is_empty() {
        fields.insert("key".into(), toleration.key.as_str().into());
    }
    match toleration.operator {
        TolerationOperator::Exists => _ = fields.insert("operator".into(), "Exists".into()),
        TolerationOperator::Equal => {
            fields.insert("operator".into(), "Equal".into());
            fields.insert("value".into(), toleration.value.as_str().into());
        }
    }
    if toleration.effect != TolerationEffect::Any {
        fields.insert("effect".into(), json!(toleration.effect));
    }
    if let Some(seconds) = toleration.seconds {
        fields.insert("tolerationSeconds".into(), seconds.into());
    }
    fields.into()
}

fn container(group: &Group, container: &mut Value) {
    if let Some(dir) = &group.working_dir {
        container["workingDir"] = dir.as_str().into();
    }
    for (name, probe) in
        [("readinessProbe", &group.readiness), ("livenessProbe", &group.liveness), ("startupProbe", &group.startup)]
    {
        if let Some(found) = probe {
            container[name] = self::probe(found);
        }
    }
    let hooks = [("postStart", &group.lifecycle.after_start), ("preStop", &group.lifecycle.before_stop)];
    for (name, found) in hooks {
        if let Some(found) = found {
            container["lifecycle"][name] = hook(found);
        }
    }
    if let Some(gpu) = &group.gpu {
        // Extended resources cannot be asked for and limited apart.
        for column in ["requests", "limits"] {
            container["resources"][column][&gpu.resource] = gpu.count.to_string().into();
        }
    }
}

fn probe(probe: &Probe) -> Value {
    let mut value = match &probe.check {
        Check::Http(get) => json!({ "httpGet": http_get(get) }),
        Check::Command(words) => json!({ "exec": { "command": words } }),
        Check::Tcp(port) => json!({ "tcpSocket": { "port": port } }),
    };
    value["initialDelaySeconds"] = probe.delay_seconds.into();
    value["periodSeconds"] = probe.period_seconds.into();
    value["timeoutSeconds"] = probe.timeout_seconds.into();
    value["successThreshold"] = probe.success_threshold.into();
    value["failureThreshold"] = probe.failure_threshold.into();
    value
}

fn http_get(get: &HttpGet) -> Value {
    let scheme = match get.scheme {
        Scheme::Http => "HTTP",
        Scheme::Https => "HTTPS",
    };
    let mut value = json!({ "path": get.path, "port": get.port, "scheme": scheme });
    if !get.headers.is_empty() {
        value["httpHeaders"] = json!(get.headers);
    }
    value
}

fn hook(hook: &Hook) -> Value {
    match hook {
        Hook::Command(words) => json!({ "exec": { "command": words } }),
        Hook::Http(get) => json!({ "httpGet": http_get(get) }),
    }
}

/// Asks for what the app's container has anyway: a pod's request is the larger of the two.
fn before_start(workload: Workload<'_>, before: &BeforeStart, app: &Value) -> Value {
    let mut container = match before {
        BeforeStart::Command(words) => {
            let mut container = json!({ "name": BEFORE_START, "image": workload.image, "command": words });
            for shared in ["workingDir", "envFrom", "volumeMounts"] {
                if let Some(value) = app.get(shared) {
                    container[shared] = value.clone();
                }
            }
            container
        }
        BeforeStart::Wait(wait) => json!({
            "name": BEFORE_START,
            "image": wait.image,
            "command": ["/bin/sh", "-c", WAIT_FOR_URL, WAIT_NAME, wait.url, wait.seconds.to_string()],
        }),
    };
    if let Some(resources) = app.get("resources") {
        container["resources"] = resources.clone();
        if let Some(gpu) = &workload.group.gpu {
            for column in ["requests", "limits"] {
                if let Some(amounts) = container["resources"][column].as_object_mut() {
                    amounts.remove(&gpu.resource);
                }
            }
        }
    }
    container
}
