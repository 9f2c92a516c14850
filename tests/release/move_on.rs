//! Releases that go as they should.

use anyhow::Result;
use slipway_engine::release::ReleaseAction;
use slipway_model::group::GroupDraft;
use slipway_model::release::ReleaseState;
use slipway_model::variable::Variable;
use slipway_tests::ground::{Ground, settled};

#[tokio::test(flavor = "multi_thread")]
async fn one_version_after_another() -> Result<()> {
    let ground = Ground::new("move-on", |draft| {
        draft.variables = vec![Variable::plain("PROFILE", "prod")];
    })
    .await?;
    let first = ground.release("v1").await?;
    assert_eq!((first.row.state, first.row.seq), (ReleaseState::Succeeded, Some(1)), "{first:#?}");
    let plan = ground.plan("v2").await?;
    assert!(!plan.first && plan.from_version.as_deref() == Some("v1"), "{plan:#?}");
    let changed = plan.diff.lines.iter().filter(|line| line.text.contains("image:")).count();
    assert_eq!(changed, 2, "the image goes from v1 to v2: {:#?}", plan.diff);
    let second = ground.release("v2").await?;
    assert_eq!((second.row.state, second.row.seq), (ReleaseState::Succeeded, Some(2)));
    let live = ground.deployment().await?;
    let image = live["spec"]["template"]["spec"]["containers"][0]["image"].as_str().unwrap_or_default();
    assert!(image.contains(":v2@sha256:"), "{image}");
    assert_eq!(ground.active_sets().await?.len(), 1);
    assert_eq!(ground.records().await?.len(), 2);
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_variable_is_told_by_its_name_and_not_by_the_object_it_is_in() -> Result<()> {
    let profile = |value: &str| vec![Variable::plain("PROFILE", value)];
    let ground = Ground::new("variable", |_| {}).await?;
    let draft = ground.engine.group(&ground.group).await?.draft;
    for value in ["staging", "prod"] {
        let draft = GroupDraft { variables: profile(value), ..draft.clone() };
        ground.engine.group_update(&ground.group, &draft).await?;
        let plan = ground.plan("v1").await?;
        let is_shown = |text: &str| plan.diff.lines.iter().any(|line| line.text.trim() == text);
        assert!(is_shown(&format!("PROFILE: {value}")), "{:#?}", plan.diff);
        assert!(!plan.diff.lines.iter().any(|line| line.text.contains("slipway.dev/release")), "{:#?}", plan.diff);
        let release = ground.release("v1").await?;
        let told = release.changes.iter().find(|change| change.field == "variables.PROFILE").expect("it is told");
        let before = (value == "prod").then(|| "staging".into());
        assert_eq!((&told.before, &told.after), (&before, &Some(value.into())));
        // A first release is told by what its group begins with.
        let strategy = release.changes.iter().find(|change| change.field == "strategy");
        assert_eq!(strategy.is_some(), value == "staging", "{:#?}", release.changes);
        assert!(!release.changes.iter().any(|change| change.field.contains("envFrom")), "{:#?}", release.changes);
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn abort_goes_back_to_exactly_what_ran() -> Result<()> {
    let ground = Ground::new("abort", |_| {}).await?;
    ground.release("v1").await?;
    let before = ground.deployment().await?["spec"]["template"].clone();
    let stopped = ground.release("crash").await?;
    assert_eq!(stopped.row.state, ReleaseState::Stopped, "{stopped:#?}");
    ground.engine.release_act(&stopped.id, ReleaseAction::Abort).await?;
    let aborted = settled(&ground.engine, &stopped.id).await?;
    assert_eq!(aborted.row.state, ReleaseState::Aborted);
    let live = ground.deployment().await?;
    assert_eq!(live["spec"]["template"], before);
    assert!(!live["spec"]["paused"].as_bool().unwrap_or(false));
    let next = ground.release("v2").await?;
    assert_eq!(next.row.state, ReleaseState::Succeeded, "an aborted release leaves the way free: {next:#?}");
    ground.close().await
}
