//! What each feature of Slipway needs of RBAC, and the preset roles made of it.

use serde_json::{Value, json};
use slipway_model::cluster::{Feature, Role, Rule};
use slipway_model::traffic::ServicePlace;
use std::collections::BTreeMap;

/// Where a rule must hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Scope {
    /// The app's namespace.
    App,
    /// The namespace that holds the members' `ServiceAccounts`.
    Access,
    Cluster,
}

/// Verbs on one resource, needed by one feature.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need {
    pub feature: Feature,
    pub scope: Scope,
    pub group: &'static str,
    pub resource: &'static str,
    pub verbs: &'static [&'static str],
    pub names: Names,
}

/// Whether the rule is narrowed to some objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Names {
    All,
    /// The namespace itself.
    Namespace,
    /// Our preset roles.
    Presets,
}

const READ: &[&str] = &["get", "list", "watch"];

macro_rules! needs {
    ($($feature:ident $scope:ident $group:literal $resource:literal $verbs:expr $(, $names:ident)?;)+) => {
        &[$(Need {
            feature: Feature::$feature,
            scope: Scope::$scope,
            group: $group,
            resource: $resource,
            verbs: $verbs,
            names: needs!(@ $($names)?),
        }),+]
    };
    (@) => { Names::All };
    (@ $names:ident) => { Names::$names };
}

pub(crate) const NEEDS: &[Need] = needs! {
    See App "" "namespaces" &["get"], Namespace;
    See App "" "pods" READ;
    See App "" "services" READ;
    See App "" "configmaps" READ;
    See App "" "events" READ;
    See App "" "resourcequotas" READ;
    See App "" "pods/log" &["get"];
    See App "apps" "deployments" READ;
    See App "apps" "replicasets" READ;
    See App "autoscaling" "horizontalpodautoscalers" READ;
    See App "coordination.k8s.io" "leases" READ;
    See App "discovery.k8s.io" "endpointslices" READ;
    See App "policy" "poddisruptionbudgets" READ;
    Metrics App "metrics.k8s.io" "pods" &["get", "list"];
    Operate App "" "pods" &["delete"];
    Operate App "" "pods/ephemeralcontainers" &["patch"];
    Operate App "" "pods/eviction" &["create"];
    Operate App "" "pods/exec" &["create", "get"];
    Operate App "" "pods/portforward" &["create", "get"];
    Operate App "apps" "deployments" &["patch"];
    Deploy App "" "configmaps" &["create", "patch", "delete"];
    Deploy App "" "pods" &["patch"];
    Deploy App "" "secrets" &["create", "delete"];
    Deploy App "apps" "deployments" &["create", "patch"];
    Deploy App "coordination.k8s.io" "leases" &["create", "update", "patch"];
    Manage App "" "services" &["create", "patch", "delete"];
    Manage App "apps" "deployments" &["delete"];
    Manage App "coordination.k8s.io" "leases" &["delete"];
    Members App "rbac.authorization.k8s.io" "rolebindings" &["create", "list", "delete"];
    Members App "rbac.authorization.k8s.io" "roles" &["bind", "get"], Presets;
    Members Access "" "serviceaccounts" &["create", "get", "list", "delete"];
    Members Access "" "serviceaccounts/token" &["create"];
    Members Access "" "secrets" &["create", "get", "list", "delete"];
    Members Access "rbac.authorization.k8s.io" "roles" &["create", "get", "list", "delete"];
    Members Access "rbac.authorization.k8s.io" "rolebindings" &["create", "get", "list", "delete"];
    Nodes Cluster "" "nodes" &["get", "list"];
};

/// In the order that the window shows them.
pub(crate) const FEATURES: [Feature; 7] = [
    Feature::See,
    Feature::Metrics,
    Feature::Operate,
    Feature::Deploy,
    Feature::Manage,
    Feature::Members,
    Feature::Nodes,
];

pub(crate) const ROLES: [Role; 5] = [Role::Viewer, Role::Operator, Role::Deployer, Role::Manager, Role::Owner];

/// Features of a preset: each role has those of the weaker ones too. Nodes are the cluster's, and nobody's preset.
pub(crate) fn features(role: Role) -> &'static [Feature] {
    use Feature::{Deploy, Manage, Members, Metrics, Operate, See};
    match role {
        Role::Viewer => &[See, Metrics],
        Role::Operator => &[See, Metrics, Operate],
        Role::Deployer => &[See, Metrics, Operate, Deploy],
        Role::Manager => &[See, Metrics, Operate, Deploy, Manage],
        Role::Owner => &[See, Metrics, Operate, Deploy, Manage, Members],
    }
}

/// Name of a preset's Role.
pub(crate) fn preset(role: Role) -> String {
    let name = serde_json::to_value(role).expect("a role is a word");
    format!("slipway-{}", name.as_str().unwrap_or_default())
}

/// Name of the namespace that holds the members of an app's namespace.
pub(crate) fn access_namespace(namespace: &str) -> String {
    format!("{namespace}-access")
}

/// `rules` of a Role: verbs of the same resource are put together.
pub(crate) fn policy<'a>(needs: impl IntoIterator<Item = &'a Need>, namespace: &str) -> Value {
    let mut rules: BTreeMap<(&str, &str, Vec<String>), Vec<&str>> = BTreeMap::new();
    for need in needs {
        let names = names(need, namespace);
        let verbs = rules.entry((need.group, need.resource, names)).or_default();
        verbs.extend(need.verbs.iter().filter(|verb| !verbs.contains(verb)).copied().collect::<Vec<_>>());
    }
    let rules = rules.into_iter().map(|((group, resource, names), verbs)| {
        let mut rule = json!({ "apiGroups": [group], "resources": [resource], "verbs": verbs });
        if !names.is_empty() {
            rule["resourceNames"] = json!(names);
        }
        rule
    });
    Value::Array(rules.collect())
}

/// `resourceNames` of a need; empty for all.
pub(crate) fn names(need: &Need, namespace: &str) -> Vec<String> {
    match need.names {
        Names::All => Vec::new(),
        Names::Namespace => vec![namespace.to_owned()],
        Names::Presets => ROLES.map(preset).to_vec(),
    }
}

/// A Role and a `RoleBinding` for every scope that `missing` touches, as YAML; empty when nothing is missing.
pub(crate) fn yaml(feature: Feature, missing: &[Need], namespace: &str, identity: &str) -> String {
    let mut documents = Vec::new();
    for scope in [Scope::App, Scope::Access, Scope::Cluster] {
        let needs: Vec<&Need> = missing.iter().filter(|need| need.scope == scope).collect();
        if needs.is_empty() {
            continue;
        }
        let word = serde_json::to_value(feature).expect("a feature is a word");
        let (kind, place) = match scope {
            Scope::App => ("Role", Some(namespace.to_owned())),
            Scope::Access => ("Role", Some(access_namespace(namespace))),
            Scope::Cluster => ("ClusterRole", None),
        };
        let mut metadata = json!({ "name": format!("slipway-may-{}", word.as_str().unwrap_or_default()) });
        if let Some(place) = place {
            metadata["namespace"] = place.into();
        }
        documents.extend(granted(kind, &metadata, policy(needs.iter().copied(), namespace), identity));
    }
    written(&documents)
}

/// The same for what goes through the API server to a Prometheus: its Service alone.
pub(crate) fn prometheus_yaml(place: &ServicePlace, identity: &str) -> String {
    let metadata = json!({ "name": "slipway-may-ask-prometheus", "namespace": place.namespace });
    let rules = json!([{
        "apiGroups": [""], "resources": ["services/proxy"], "verbs": ["get"],
        // The name as it stands in the request, with the port.
        "resourceNames": [format!("{}:{}", place.service, place.port)],
    }]);
    written(&granted("Role", &metadata, rules, identity))
}

/// A role of these rules, and who has it.
fn granted(kind: &str, metadata: &Value, rules: Value, identity: &str) -> [Value; 2] {
    let role = json!({ "apiVersion": RBAC, "kind": kind, "metadata": metadata, "rules": rules });
    let binding = json!({
        "apiVersion": RBAC, "kind": format!("{kind}Binding"), "metadata": metadata,
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": metadata["name"] },
        "subjects": [subject(identity)],
    });
    [role, binding]
}

fn written(documents: &[Value]) -> String {
    let texts = documents.iter().map(|document| serde_saphyr::to_string(document).expect("JSON is YAML"));
    texts.collect::<Vec<_>>().join("---\n")
}

pub(crate) const RBAC: &str = "rbac.authorization.k8s.io/v1";

fn subject(identity: &str) -> Value {
    match identity.strip_prefix("system:serviceaccount:").and_then(|rest| rest.split_once(':')) {
        Some((namespace, name)) => json!({ "kind": "ServiceAccount", "namespace": namespace, "name": name }),
        None => json!({ "kind": "User", "name": identity, "apiGroup": "rbac.authorization.k8s.io" }),
    }
}

impl From<&Need> for Rule {
    fn from(need: &Need) -> Self {
        Self {
            api_group: need.group.to_owned(),
            resource: need.resource.to_owned(),
            verbs: need.verbs.iter().map(|verb| (*verb).to_owned()).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules_of(role: Role, scope: Scope) -> Value {
        policy(NEEDS.iter().filter(|n| n.scope == scope && features(role).contains(&n.feature)), "shop")
    }

    #[test]
    fn presets_grow() {
        for pair in ROLES.windows(2) {
            assert!(features(pair[0]).iter().all(|feature| features(pair[1]).contains(feature)));
        }
    }

    #[test]
    fn nobody_reads_secrets_of_the_app() {
        let rules = rules_of(Role::Owner, Scope::App);
        let secrets = rules.as_array().expect("rules").iter().find(|rule| rule["resources"][0] == "secrets");
        assert_eq!(secrets.expect("a rule")["verbs"], json!(["create", "delete"]));
        assert!(!rules.to_string().contains("nodes"));
    }

    #[test]
    fn verbs_of_one_resource_are_one_rule() {
        let rules = rules_of(Role::Manager, Scope::App);
        let deployments: Vec<&Value> =
            rules.as_array().expect("rules").iter().filter(|rule| rule["resources"][0] == "deployments").collect();
        assert_eq!(deployments.len(), 1);
        assert_eq!(deployments[0]["verbs"], json!(["get", "list", "watch", "patch", "create", "delete"]));
    }

    #[test]
    fn the_yaml_grants_to_whom_asks() {
        let missing: Vec<Need> = NEEDS.iter().filter(|need| need.feature == Feature::Metrics).copied().collect();
        let text = yaml(Feature::Metrics, &missing, "shop", "system:serviceaccount:shop-access:ann");
        for part in ["kind: RoleBinding", "metrics.k8s.io", "namespace: shop-access", "name: ann", "---\n"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
        assert!(yaml(Feature::Metrics, &[], "shop", "jane").is_empty());
        let place = ServicePlace { namespace: "monitoring".into(), service: "prometheus".into(), port: "9090".into() };
        let text = prometheus_yaml(&place, "jane");
        for part in ["namespace: monitoring", "services/proxy", "prometheus:9090", "name: jane"] {
            assert!(text.contains(part), "{part} in\n{text}");
        }
    }
}
