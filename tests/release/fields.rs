//! What a group says of its pods: through the API server and back, and as the kubelet acts on it.

use anyhow::{Context, Result, ensure};
use slipway_cluster::Kind;
use slipway_engine::release::{Check, VerdictLevel};
use slipway_model::diagnosis::Cause;
use slipway_model::group::{
    BeforeStartDraft, BeforeStartKind, CheckKind, CommandDraft, GpuDraft, Group, GroupDraft, HookDraft, HookKind,
    HttpGetDraft, LabelDraft, PaceDraft, ProbeDraft, Split, StepDraft, StrategyKind, TolerationDraft, TolerationEffect,
    TolerationOperator,
};
use slipway_model::release::ReleaseState;
use slipway_render::read::read;
use slipway_tests::ground::Ground;
use slipway_tests::owner::kubeconfig;
use slipway_tests::pod::Pods;
use std::process::Command;

fn http(path: &str) -> HttpGetDraft {
    HttpGetDraft { path: path.into(), port: "http".into(), ..HttpGetDraft::default() }
}

fn get(path: &str) -> CommandDraft {
    CommandDraft::List(vec!["/app/server".into(), "get".into(), format!("http://127.0.0.1:8080{path}")])
}

/// Every kind of check and hook that one group can have.
fn acting(draft: &mut GroupDraft) {
    let probe = |probe: ProbeDraft| ProbeDraft { period_seconds: "1".into(), ..probe };
    draft.readiness = probe(ProbeDraft { kind: CheckKind::Http, http: http("/readyz"), ..ProbeDraft::default() });
    draft.liveness = probe(ProbeDraft {
        kind: CheckKind::Command,
        command: get("/healthz"),
        timeout_seconds: "10".into(),
        ..ProbeDraft::default()
    });
    draft.startup = probe(ProbeDraft { kind: CheckKind::Tcp, tcp: "8080".into(), ..ProbeDraft::startup() });
    draft.lifecycle.before_start = BeforeStartDraft {
        kind: BeforeStartKind::Command,
        command: CommandDraft::Shell("echo before the start".into()),
        ..BeforeStartDraft::default()
    };
    draft.lifecycle.after_start = HookDraft {
        kind: HookKind::Command,
        command: CommandDraft::Shell(
            "until /app/server get http://127.0.0.1:8080/hook/started; do sleep 1; done".into(),
        ),
        ..HookDraft::default()
    };
    draft.lifecycle.before_stop =
        HookDraft { kind: HookKind::Http, http: http("/hook/stopping"), ..HookDraft::default() };
    draft.lifecycle.grace_period_seconds = "20".into();
}

/// Everything that the form has, in places that need nothing of a node.
fn everything(draft: &mut GroupDraft) {
    acting(draft);
    draft.count = "0".into();
    draft.command = CommandDraft::Shell("exec /app/server".into());
    draft.args = vec!["--a".into(), String::new()];
    draft.working_dir = "/tmp".into();
    draft.pull_secret = "registry".into();
    draft.service_account = "default".into();
    draft.node_selector = vec![LabelDraft { key: "disk".into(), value: "ssd".into() }];
    draft.gpu = GpuDraft {
        resource: "gpu.example.com/there-and-back".into(),
        count: "2".into(),
        selector: vec![LabelDraft { key: "gpu.example.com/product".into(), value: "T1000".into() }],
    };
    draft.tolerations = vec![
        TolerationDraft { operator: TolerationOperator::Exists, ..TolerationDraft::default() },
        TolerationDraft {
            key: "gpu".into(),
            value: "a100".into(),
            effect: TolerationEffect::NoExecute,
            seconds: "60".into(),
            ..TolerationDraft::default()
        },
    ];
    draft.strategy.max_surge = "1".into();
    draft.strategy.max_unavailable = "50%".into();
    draft.strategy.min_ready_seconds = "0".into();
    draft.strategy.progress_deadline_seconds = "120".into();
    draft.strategy.kind = StrategyKind::Batches;
    draft.strategy.split = Split::Explicit;
    let wait = PaceDraft { approval: false, seconds: "60".into() };
    draft.strategy.steps =
        vec![StepDraft { size: "1".into(), pace: PaceDraft::default() }, StepDraft { size: "50%".into(), pace: wait }];
    draft.patch = "spec:\n  template:\n    spec:\n      containers:\n      - name: app\n        stdin: true\n      \
                   dnsPolicy: Default\n"
        .into();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_comes_back_from_the_api_server_as_it_was() -> Result<()> {
    let ground = Ground::new("there-and-back", everything).await?;
    let node = Node::with("gpu.example.com/there-and-back", 2, &["disk=ssd", "gpu.example.com/product=T1000"])?;
    let saved = ground.engine.group(&ground.group).await?.draft;
    // What the form does not model is the server's to judge.
    for (field, words) in [("runAsUser: -5", "runAsUser"), ("runAsEverybody: true", "runAsEverybody")] {
        let lines =
            ["spec:", "  template:", "    spec:", "      securityContext:", &format!("        {field}")].join("\n");
        ground.engine.group_update(&ground.group, &GroupDraft { patch: lines, ..saved.clone() }).await?;
        let verdicts = ground.plan("v1").await?.verdicts;
        let refused = verdicts.iter().find(|verdict| verdict.check == Check::DryRun).context("it was asked")?;
        ensure!(refused.level == VerdictLevel::Blocks && refused.params["message"].contains(words), "{refused:?}");
    }
    ground.engine.group_update(&ground.group, &saved).await?;
    let view = ground.release("v1").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");

    let app = ground.engine.app(&ground.app).await?;
    let saved = ground.engine.group(&ground.group).await?.draft;
    let mut back = GroupDraft {
        name: saved.name.clone(),
        environment: saved.environment.clone(),
        link: saved.link.clone(),
        image: saved.image.clone(),
        adopted: None,
        ..read(&ground.deployment().await?, "app").draft
    };
    // Batches are of a release: it is the record that has them.
    let (kind, split, steps) = (saved.strategy.kind, saved.strategy.split, saved.strategy.steps.clone());
    (back.strategy.kind, back.strategy.split, back.strategy.steps) = (kind, split, steps);
    let valid = |draft: &GroupDraft| draft.validate(ground.group.clone(), &app);
    let (mut saved, mut back) = (valid(&saved).expect("valid"), valid(&back).expect("valid"));
    let pods = Pods::of(&ground).await?;
    let record = pods.records().await?.remove(0).release.plan.group;
    assert_eq!(Group { image: saved.image.clone(), ..record }, saved, "every field, on another computer, too");
    let patch = |group: &Group| group.patch.as_ref().map(slipway_model::group::Patch::value);
    assert_eq!(patch(&back), patch(&saved));
    (saved.patch, back.patch) = (None, None);
    assert_eq!(back, saved);

    // Saved again and again, by a form that knows nothing of it.
    for memory in ["96Mi", "64Mi"] {
        let mut draft = ground.engine.group(&ground.group).await?.draft;
        draft.memory.limit = memory.into();
        ground.engine.group_update(&ground.group, &draft).await?;
    }
    ground.release("v2").await?;
    drop(node);
    let pod = &ground.deployment().await?["spec"]["template"]["spec"];
    assert_eq!((&pod["containers"][0]["stdin"], &pod["dnsPolicy"]), (&true.into(), &"Default".into()));
    assert_eq!(pod["containers"][0]["resources"]["limits"]["memory"], "64Mi");
    pods.close();
    ground.close().await
}

/// Real kubectl, as the owner of the whole cluster.
fn admin(words: &[&str]) -> Result<String> {
    let program =
        std::env::var_os("SLIPWAY_CLUSTER_BIN").context("SLIPWAY_CLUSTER_BIN names no program of a cluster")?;
    let output = Command::new(program).arg("kubectl").args(words).env("KUBECONFIG", kubeconfig()?).output()?;
    ensure!(output.status.success(), "kubectl {words:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}

/// The node, with something that it offers for the time of a test.
struct Node {
    name: String,
    resource: String,
    labels: Vec<String>,
}

impl Node {
    fn with(resource: &str, count: u32, labels: &[&str]) -> Result<Self> {
        let name = admin(&["get", "nodes", "-o", "name"])?;
        let labels = labels.iter().map(|label| (*label).to_owned()).collect();
        let node = Self { name, resource: resource.to_owned(), labels };
        node.offer(&format!("\"{count}\""))?;
        for label in &node.labels {
            admin(&["label", "--overwrite", &node.name, label])?;
        }
        Ok(node)
    }

    fn offer(&self, count: &str) -> Result<()> {
        let cards = format!(r#"{{"{}":{count}}}"#, self.resource);
        let status = format!(r#"{{"status":{{"capacity":{cards},"allocatable":{cards}}}}}"#);
        admin(&["patch", &self.name, "--subresource=status", "--type=merge", "-p", &status])?;
        Ok(())
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        let labels = self.labels.iter().filter_map(|label| label.split_once('='));
        let gone: Result<()> = labels
            .map(|(key, _)| admin(&["label", &self.name, &format!("{key}-")]).map(|_| ()))
            .chain([self.offer("null")])
            .collect();
        if let Err(error) = gone {
            eprintln!("error: {error:#}");
        }
    }
}

const CARD: &str = "gpu.example.com/card";
const PRODUCT: &str = "nvidia.com/gpu.product";

#[tokio::test(flavor = "multi_thread")]
async fn a_gpu_is_given_where_a_node_offers_it_and_missed_in_words() -> Result<()> {
    let ground = Ground::new("gpu", |draft| {
        draft.count = "1".into();
        draft.strategy.min_ready_seconds = "0".into();
        let selector = vec![LabelDraft { key: PRODUCT.into(), value: "A100".into() }];
        draft.gpu = GpuDraft { resource: CARD.into(), count: "3".into(), selector };
    })
    .await?;
    let told = async || {
        let verdict = ground.plan("v1").await?.verdicts.into_iter().find(|verdict| verdict.check == Check::Gpu);
        verdict.context("it was looked")
    };
    let none = told().await?;
    ensure!(none.level == VerdictLevel::Blocks && none.params["resource"] == CARD, "{none:?}");
    ensure!(["none", "other"].contains(&none.code.as_str()), "other tests may offer another: {none:?}");
    let node = Node::with(CARD, 4, &["nvidia.com/gpu.product=T4"])?;
    let other = told().await?;
    ensure!(other.code == "product" && other.params["labels"] == format!("{PRODUCT}=A100"), "{other:?}");
    drop(node);

    let node = Node::with(CARD, 4, &["nvidia.com/gpu.product=A100"])?;
    let offers = ground.engine.gpu_list(&ground.link).await?;
    let card = offers.types.iter().find(|offer| offer.resource == CARD).context("it is offered")?;
    let products: Vec<_> = card.products.iter().map(|product| (product.value.as_str(), product.most)).collect();
    assert_eq!((offers.known, products.as_slice()), (true, [("A100", 4)].as_slice()));
    let fits = told().await?;
    ensure!((fits.level, fits.params["nodes"].as_str()) == (VerdictLevel::Ok, "1"), "{fits:?}");
    let view = ground.release("v1").await?;
    ensure!(view.row.state == ReleaseState::Succeeded, "{view:#?}");
    let pods = ground.owner.connection.list(Kind::Pod, "slipway.dev/release=r1").await?;
    assert_eq!(pods[0]["spec"]["containers"][0]["resources"]["limits"][CARD], "3");
    assert_eq!(pods[0]["spec"]["nodeSelector"][PRODUCT], "A100");

    // The node has as many, but not any more: only the scheduler knows, and what runs says so.
    let second = ground.group_like("second", &ground.link).await?;
    let view = ground.release_of(&second, "v1").await?;
    let cause = view.diagnosis.map(|diagnosis| diagnosis.cause);
    let missed = matches!(&cause, Some(Cause::Unschedulable { message, .. }) if message.contains(CARD));
    ensure!(view.row.state == ReleaseState::Stopped && missed, "{cause:#?}");
    let mut instances = ground.engine.live_instances(second);
    let row = instances.next().await.and_then(|mut update| update.upserts.pop()).context("its pod")?;
    ensure!(format!("{row:?}").contains(&format!("Insufficient {CARD}")), "{row:#?}");
    drop(node);
    ground.close().await
}
