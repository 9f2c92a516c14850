//! Deployments that others made, taken over as groups.

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use slipway_cluster::Kind;
use slipway_engine::Error;
use slipway_engine::group::{GroupLive, GroupState};
use slipway_engine::live::Trust;
use slipway_engine::release::{PlanRequest, VerdictLevel};
use slipway_engine::takeover::Takeover;
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;

/// As people make them: a sidecar stands first, and much of it no form has.
fn foreign(image: &str, sidecar: &str) -> Value {
    serde_json::json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": "backoffice", "labels": { "team": "orders" } },
        "spec": {
            "replicas": 2, "selector": { "matchLabels": { "app": "backoffice" } },
            "template": {
                "metadata": { "labels": { "app": "backoffice" }, "annotations": { "example.com/scrape": "true",
                                              "kubectl.kubernetes.io/default-container": "web" } },
                "spec": {
                    "affinity": { "podAntiAffinity": { "preferredDuringSchedulingIgnoredDuringExecution": [
                        { "weight": 1, "podAffinityTerm": { "topologyKey": "kubernetes.io/hostname",
                          "labelSelector": { "matchLabels": { "app": "backoffice" } } } },
                    ] } },
                    "volumes": [{ "name": "cache", "emptyDir": {} }],
                    "containers": [
                        { "name": "agent", "image": sidecar, "env": [{ "name": "PORT", "value": "9102" }] },
                        { "name": "web", "image": image, "ports": [{ "containerPort": 8080 }],
                          "env": [{ "name": "PROFILE", "value": "prod" },
                                  { "name": "POD", "valueFrom": { "fieldRef": { "fieldPath": "metadata.name" } } }],
                          "volumeMounts": [{ "name": "cache", "mountPath": "/var/cache" }] },
                    ],
                },
            },
        },
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_deployment_that_kubectl_made_keeps_what_no_form_has() -> Result<()> {
    let ground = Ground::new("takeover", |_| {}).await?;
    let repository = ground.engine.app(&ground.app).await?.repository;
    let sidecar = format!("{repository}:v2");
    let file = ground.folder().join("backoffice.json");
    std::fs::write(&file, foreign(&format!("{repository}:v1"), &sidecar).to_string())?;
    crate::foreign::kubectl(&ground, &["create", "-f", file.to_str().context("a path")?])?;
    crate::foreign::kubectl(&ground, &["rollout", "status", "deployment/backoffice", "--timeout=120s"])?;
    let connection = &ground.owner.connection;
    let sets = async || connection.list(Kind::ReplicaSet, "app=backoffice").await;
    assert_eq!(sets().await?.len(), 1);

    let candidates = ground.engine.takeover_list(&ground.link).await?;
    assert_eq!((candidates[0].name.as_str(), candidates[0].made_by.as_str()), ("backoffice", "kubectl-create"));
    let takeover = Takeover {
        app: ground.app.clone(),
        link: ground.link.clone(),
        workload: "backoffice".into(),
        container: None,
        name: "backoffice".into(),
        environment: "prod".into(),
        force: false,
    };
    let preview = ground.engine.takeover_preview(&takeover).await?;
    assert_eq!((preview.container.as_str(), preview.errors.as_slice()), ("web", [].as_slice()));
    assert_eq!((preview.labels.len(), preview.conflicts.as_slice()), (4, [].as_slice()));
    assert!(preview.kept.iter().any(|part| part.name == "affinity"), "{:?}", preview.kept);
    let group = ground.engine.takeover_start(&takeover).await?;
    let live = connection.get(Kind::Deployment, "backoffice").await?.context("it is there")?;
    assert_eq!(sets().await?.len(), 1, "no pod restarts");
    assert_eq!(live["metadata"]["labels"]["slipway.dev/group"], "backoffice");
    assert_eq!(live["spec"]["template"]["metadata"]["labels"], serde_json::json!({ "app": "backoffice" }));
    assert!(ground.engine.takeover_list(&ground.link).await?.is_empty());

    // Before its first release its ReplicaSet has no label of ours; all of it is known nevertheless.
    let runs =
        |rows: &[GroupLive], _: &Trust| rows.iter().any(|row| row.id == group && row.state == GroupState::Running);
    let rows = crate::blind::seen(ground.engine.live_groups(ground.app.clone()), "it runs", runs).await?;
    let row = rows.iter().find(|row| row.id == group).context("its row")?;
    assert_eq!(
        (row.version.as_deref(), row.ready, row.cells.len()),
        (Some("v1"), 2, 2),
        "of the app, not of the sidecar"
    );

    let request = PlanRequest { group: group.clone(), image: "v2".into() };
    let plan = ground.engine.release_plan(&request).await?;
    assert_eq!(plan.from_version.as_deref(), Some("v1"));
    let verdicts = plan.verdicts;
    ensure!(verdicts.iter().all(|verdict| verdict.level != VerdictLevel::Blocks), "{verdicts:#?}");
    let view = ground.release_of(&group, "v2").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    let live = connection.get(Kind::Deployment, "backoffice").await?.context("it is there")?;
    assert_eq!(sets().await?.len(), 2, "the first release replaces them");
    assert_eq!(live["spec"]["selector"]["matchLabels"], serde_json::json!({ "app": "backoffice" }));
    assert_eq!(live["metadata"]["labels"]["team"], "orders");
    let template = &live["spec"]["template"];
    assert_eq!(template["metadata"]["annotations"]["example.com/scrape"], "true");
    assert_eq!(template["metadata"]["labels"]["slipway.dev/release"], "r1");
    let pod = &template["spec"];
    assert_eq!(pod["volumes"][0]["name"], "cache");
    assert!(pod["affinity"]["podAntiAffinity"].is_object(), "{pod}");
    let named = |name: &str| pod["containers"].as_array().into_iter().flatten().find(|one| one["name"] == name);
    let (web, agent) = (named("web").context("the app")?, named("agent").context("the sidecar")?);
    let pinned = format!("{repository}:v2@sha256:");
    assert!(web["image"].as_str().is_some_and(|image| image.starts_with(&pinned)), "{web}");
    assert_eq!(agent["image"], sidecar);
    assert_eq!(web["env"].as_array().map(Vec::len), Some(1), "a plain variable became the group's: {web}");
    assert_eq!(web["env"][0]["valueFrom"]["fieldRef"]["fieldPath"], "metadata.name");
    assert_eq!(web["volumeMounts"][0]["mountPath"], "/var/cache");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_manager_holds_is_taken_only_where_it_is_said() -> Result<()> {
    let ground = Ground::new("held", |_| {}).await?;
    let mut charted = foreign("registry.example.com/shop/none:1", "registry.example.com/shop/none:1");
    charted["metadata"]["labels"]["app.kubernetes.io/managed-by"] = "Helm".into();
    charted["spec"]["replicas"] = 0.into();
    let file = ground.folder().join("charted.json");
    std::fs::write(&file, charted.to_string())?;
    let file = file.to_str().context("a path")?;
    crate::foreign::kubectl(&ground, &["apply", "--server-side", "--field-manager=helm", "-f", file])?;
    let mut takeover = Takeover {
        app: ground.app.clone(),
        link: ground.link.clone(),
        workload: "backoffice".into(),
        container: Some("web".into()),
        name: "backoffice".into(),
        environment: "prod".into(),
        force: false,
    };
    let conflicts = ground.engine.takeover_preview(&takeover).await?.conflicts;
    let held: Vec<_> = conflicts.iter().map(|held| (held.manager.as_str(), held.field.as_str())).collect();
    assert_eq!(held, [("helm", ".metadata.labels.app.kubernetes.io/managed-by")]);

    let refused = ground.engine.takeover_start(&takeover).await;
    assert!(matches!(refused, Err(Error::Conflict(_))), "{refused:?}");
    let live = ground.owner.connection.get(Kind::Deployment, "backoffice").await?.context("it is there")?;
    assert_eq!(live["metadata"]["labels"]["app.kubernetes.io/managed-by"], "Helm");
    assert_eq!(slipway_render::group_uid(&live), None, "nothing says that it is ours");
    assert_eq!(ground.engine.group_list(&ground.app).await?.len(), 1, "and no group is left of it");

    takeover.force = true;
    ground.engine.takeover_start(&takeover).await?;
    let live = ground.owner.connection.get(Kind::Deployment, "backoffice").await?.context("it is there")?;
    assert_eq!(live["metadata"]["labels"]["app.kubernetes.io/managed-by"], "slipway");
    ground.close().await
}
