//! A group at one image, as the objects that Kubernetes gets.

use crate::config::{self, ConfigObject};
use crate::secrets::Secrets;
use crate::{live, names, pod};
use serde_json::{Map, Value, json};
use slipway_model::app::App;
use slipway_model::balancer::BalancerSnapshot;
use slipway_model::config::Config;
use slipway_model::group::{Amounts, Group, Protocol};
use slipway_model::image::ImageRef;
use slipway_model::release::{Hold, Plan};

/// What the group does not say, stated so that the server's default never decides it.
pub(crate) const REVISIONS_KEPT: u32 = 10;

/// What is rendered.
#[derive(Clone, Copy, Debug)]
pub struct Workload<'a> {
    pub app: &'a App,
    pub group: &'a Group,
    pub config: &'a Config,
    /// Without them, what is sensitive has a name and no body.
    pub secrets: Option<&'a Secrets>,
    pub image: &'a ImageRef,
    pub namespace: &'a str,
    /// Name of the Deployment.
    pub name: &'a str,
    /// Live count: every apply carries it, because an apply without a field that Apply once owned removes it.
    pub live_count: Option<u32>,
    /// The load balancers that point at the group.
    pub balancers: &'a [BalancerSnapshot],
    /// In place of the group's own strategy and timings: how a release in batches begins.
    pub hold: Option<Hold>,
}

impl<'a> From<&'a Plan> for Workload<'a> {
    fn from(plan: &'a Plan) -> Self {
        Self {
            app: &plan.app,
            group: &plan.group,
            config: &plan.config,
            secrets: None,
            image: &plan.image,
            namespace: &plan.namespace,
            name: &plan.workload,
            live_count: plan.base.as_ref().map(|base| base.replicas),
            balancers: &plan.balancers,
            hold: None,
        }
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    pub deployment: Value,
    /// Created before the Deployment refers to them.
    pub objects: Vec<ConfigObject>,
}

/// Renders a group. The same input gives the same bytes.
///
/// `release` is the value of the template's label (`r7`): always fresh, so that a new `ReplicaSet` is certain.
pub fn render(workload: Workload<'_>, release: &str) -> Rendered {
    let objects = config::objects(workload);
    let (volumes, mounts) = config::mounts(&objects);
    let mut deployment = json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(workload, workload.name),
        "spec": {
            "replicas": workload.live_count.unwrap_or(workload.group.count),
            "revisionHistoryLimit": REVISIONS_KEPT,
            "paused": false,
            "selector": selector(workload),
            "template": {
                "metadata": { "labels": template_labels(workload, release) },
                "spec": { "containers": [container(workload, &objects, mounts)] },
            },
        },
    });
    if !volumes.is_empty() {
        deployment["spec"]["template"]["spec"]["volumes"] = volumes.into();
    }
    pod::complete(workload, &mut deployment);
    if let Some(hold) = &workload.hold {
        live::put_hold(&mut deployment["spec"], hold);
    }
    Rendered { deployment, objects }
}

pub(crate) fn metadata(workload: Workload<'_>, name: &str) -> Value {
    json!({
        "name": name,
        "namespace": workload.namespace,
        "labels": labels(workload),
        "annotations": { names::ANNOTATION_APP: workload.app.id, names::ANNOTATION_GROUP: workload.group.id },
    })
}

/// Never changes; an adopted Deployment keeps its own.
fn selector(workload: Workload<'_>) -> Value {
    match &workload.group.adopted {
        Some(adopted) => adopted.selector.clone(),
        None => json!({ "matchLabels": identity(workload) }),
    }
}

fn identity(workload: Workload<'_>) -> Map<String, Value> {
    let mut labels = Map::new();
    labels.insert(names::LABEL_APP.to_owned(), workload.app.slug.as_str().into());
    labels.insert(names::LABEL_GROUP.to_owned(), workload.group.slug.as_str().into());
    labels
}

fn labels(workload: Workload<'_>) -> Map<String, Value> {
    let mut labels = identity(workload);
    labels.insert(names::LABEL_NAME.to_owned(), workload.app.slug.as_str().into());
    labels.insert(names::LABEL_MANAGED_BY.to_owned(), names::MANAGER.into());
    labels
}

fn template_labels(workload: Workload<'_>, release: &str) -> Map<String, Value> {
    let mut labels = labels(workload);
    labels.insert(names::LABEL_RELEASE.to_owned(), release.into());
    let labelled = workload.balancers.iter().filter(|snapshot| snapshot.labelled);
    labels.extend(labelled.map(|snapshot| (names::balancer_label(&snapshot.balancer.name), "true".into())));
    // What an adopted Deployment finds its pods by has to stay on them.
    let kept = workload.group.adopted.as_ref().and_then(|adopted| adopted.selector["matchLabels"].as_object());
    labels.extend(kept.cloned().unwrap_or_default());
    labels
}

fn container(workload: Workload<'_>, objects: &[ConfigObject], mounts: Vec<Value>) -> Value {
    let group = workload.group;
    let mut container = Map::new();
    container.insert("name".into(), group.container().into());
    container.insert("image".into(), workload.image.to_string().into());
    if !group.command.is_empty() {
        container.insert("command".into(), json!(group.command));
    }
    if !group.args.is_empty() {
        container.insert("args".into(), json!(group.args));
    }
    if !group.ports.is_empty() {
        container.insert("ports".into(), group.ports.iter().map(port).collect());
    }
    let env_from = config::env_from(objects);
    if !env_from.is_empty() {
        container.insert("envFrom".into(), env_from.into());
    }
    if !mounts.is_empty() {
        container.insert("volumeMounts".into(), mounts.into());
    }
    let resources = resources(group);
    if !resources.is_empty() {
        container.insert("resources".into(), resources.into());
    }
    container.into()
}

fn port(port: &slipway_model::group::Port) -> Value {
    let protocol = match port.protocol {
        Protocol::Tcp => "TCP",
        Protocol::Udp => "UDP",
        Protocol::Sctp => "SCTP",
    };
    let mut value = json!({ "containerPort": port.port, "protocol": protocol });
    if !port.name.is_empty() {
        value["name"] = port.name.as_str().into();
    }
    value
}

fn resources(group: &Group) -> Map<String, Value> {
    let column = |pick: fn(&Amounts) -> Option<&slipway_model::quantity::Quantity>| -> Map<String, Value> {
        [("cpu", &group.cpu), ("memory", &group.memory)]
            .into_iter()
            .filter_map(|(name, amounts)| pick(amounts).map(|amount| (name.to_owned(), amount.as_str().into())))
            .collect()
    };
    [("requests", column(|a| a.request.as_ref())), ("limits", column(|a| a.limit.as_ref()))]
        .into_iter()
        .filter(|(_, amounts)| !amounts.is_empty())
        .map(|(name, amounts)| (name.to_owned(), amounts.into()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use slipway_model::app::AppDraft;
    use slipway_model::balancer::{Balancer, BalancerKind};
    use slipway_model::group::{CommandDraft, GroupDraft, PortDraft, first_draft};
    use slipway_model::name::Slug;
    use slipway_model::variable::Variable;

    fn nouns(change: impl FnOnce(&mut GroupDraft)) -> (App, Group, ImageRef) {
        let app = AppDraft {
            slug: "checkout-api".into(),
            repository: "registry.example.com/shop/checkout-api".into(),
            ..AppDraft::default()
        };
        let app = app.validate("app-uid".into()).expect("app");
        let mut draft = GroupDraft {
            name: "prod-bj-1".into(),
            environment: "prod".into(),
            link: "link".into(),
            image: "2.14.0".into(),
            count: "10".into(),
            ..first_draft()
        };
        change(&mut draft);
        let group = draft.validate("group-uid".into(), &app).expect("group");
        let image = group.image.clone().expect("image");
        (app, group, image)
    }

    fn rendered(change: impl FnOnce(&mut GroupDraft), live_count: Option<u32>) -> Rendered {
        let (app, group, image) = nouns(change);
        let name = names::workload(&app.slug, &group.slug);
        let workload = Workload {
            app: &app,
            group: &group,
            config: &Config::default(),
            secrets: None,
            image: &image,
            namespace: "shop",
            name: &name,
            live_count,
            balancers: &[],
            hold: None,
        };
        render(workload, "r7")
    }

    #[test]
    fn pods_carry_the_labels_of_their_load_balancers_of_several_groups() {
        let (app, group, image) = nouns(|_| {});
        let snapshot = |name: &str, labelled| BalancerSnapshot {
            balancer: Balancer {
                id: "b".into(),
                app: app.id.clone(),
                name: Slug::parse(name).expect("a name"),
                kind: BalancerKind::ClusterIP,
                ports: Vec::new(),
                groups: vec![group.id.clone()],
            },
            labelled,
        };
        let balancers = [snapshot("all", true), snapshot("own", false)];
        let workload = Workload {
            app: &app,
            group: &group,
            config: &Config::default(),
            secrets: None,
            image: &image,
            namespace: "shop",
            name: "w",
            live_count: None,
            balancers: &balancers,
            hold: None,
        };
        let deployment = render(workload, "r7").deployment;
        let labels = &deployment["spec"]["template"]["metadata"]["labels"];
        assert_eq!(
            (&labels["balancer.slipway.dev/all"], &labels["balancer.slipway.dev/own"]),
            (&json!("true"), &Value::Null)
        );
        assert_eq!(
            deployment["spec"]["selector"]["matchLabels"].as_object().expect("labels").len(),
            2,
            "never changes"
        );
    }

    #[test]
    fn everything_that_a_group_says() {
        insta::assert_yaml_snapshot!(
            rendered(
                |draft| {
                    draft.command = CommandDraft::Shell("exec java -jar app.jar".into());
                    draft.args = vec!["--profile".into(), "prod".into()];
                    draft.ports = vec![PortDraft { name: "http".into(), port: "8080".into(), ..PortDraft::default() }];
                    draft.variables = vec![Variable::plain("PROFILE", "prod")];
                },
                None
            )
            .deployment
        );
    }

    #[test]
    fn the_live_count_stays() {
        assert_eq!(rendered(|_| {}, Some(3)).deployment["spec"]["replicas"], 3);
        assert_eq!(rendered(|_| {}, None).deployment["spec"]["replicas"], 10);
    }

    #[test]
    fn variables_are_named_by_their_content() {
        let with = |value: &str| {
            let value = value.to_owned();
            rendered(move |d| d.variables = vec![Variable::plain("A", value)], None).objects.remove(0)
        };
        assert_eq!(with("1"), with("1"));
        assert_ne!(with("1").name, with("2").name);
        assert!(rendered(|_| {}, None).objects.is_empty());
    }
}
