//! What a colleague released meanwhile, merged into the draft: by itself where one side changed something, by choice where
//! both did, and nothing lost unsaid.

use crate::config::{create, ground, set, text};
use anyhow::{Context, Result, bail, ensure};
use slipway_engine::config::{ConfigSave, ConfigSwitch, FileAsk, FileContent, KeySet, SecretPut, ValueSet};
use slipway_engine::merge::{FileSide, GroupMerge, GroupMergeTake, MergeChoice};
use slipway_engine::release::Check;
use slipway_engine::{Engine, Error};
use slipway_model::config::{Owner, Value};
use slipway_model::group::GroupDraft;
use slipway_model::id::FileId;
use slipway_model::release::ReleaseState;
use slipway_model::variable::{Variable, VariableKind};
use slipway_render::merge::{How, MergePart};
use slipway_tests::ground::{Ground, settled};
use std::collections::BTreeMap;

const LINES: &str = "pool: 20\nname: a\nmode: fast\nlevel: info\nlast: 1\n";

async fn save_on(engine: &Engine, id: &FileId, content: &str) -> Result<()> {
    let base = engine.config_file(&FileAsk { id: id.clone(), group: None }).await?.revision;
    engine.config_save(&ConfigSave { id: id.clone(), base, editor: "test".into(), content: text(content) }).await?;
    Ok(())
}

async fn content(ground: &Ground, id: &FileId) -> Result<FileContent> {
    Ok(ground.engine.config_file(&FileAsk { id: id.clone(), group: None }).await?.content)
}

async fn set_on(engine: &Engine, ground: &Ground, key: &str, own: bool, value: &str) -> Result<()> {
    let (app, group) = (ground.app.clone(), own.then(|| ground.group.clone()));
    let value = Some(Value::Plain(value.to_owned()));
    Ok(engine.value_set(&ValueSet { app, key: key.into(), group, value }).await?)
}

async fn edit(engine: &Engine, ground: &Ground, change: impl FnOnce(&mut GroupDraft)) -> Result<()> {
    let mut draft = engine.group(&ground.group).await?.draft;
    change(&mut draft);
    Ok(engine.group_update(&ground.group, &draft).await?)
}

async fn release_on(engine: &Engine, ground: &Ground) -> Result<()> {
    let plan = ground.plan_on(engine, "v1").await?;
    let release = settled(engine, &engine.release_start(&plan.hash, "").await?).await?;
    ensure!(release.row.state == ReleaseState::Succeeded, "{release:#?}");
    Ok(())
}

async fn warned(ground: &Ground) -> Result<bool> {
    Ok(ground.plan("v1").await?.verdicts.iter().any(|verdict| verdict.check == Check::Meanwhile))
}

async fn merge(ground: &Ground) -> Result<GroupMerge> {
    ensure!(warned(ground).await?, "the plan hears of what they released, and says so");
    ground.engine.group_merge(&ground.group).await?.context("there is something to merge")
}

async fn take(ground: &Ground, merge: &GroupMerge, choices: &[(&str, MergeChoice)]) -> Result<(), Error> {
    let choices = choices.iter().map(|(id, choice)| ((*id).to_owned(), choice.clone())).collect();
    let take = GroupMergeTake { group: ground.group.clone(), hash: merge.hash.clone(), choices };
    Box::pin(ground.engine.group_merge_take(&take)).await
}

/// How each thing stands, by its id.
fn told(merge: &GroupMerge) -> BTreeMap<&str, How> {
    let fields = merge.fields.iter().map(|field| (field.id.as_str(), field.how));
    fields.chain(merge.files.iter().map(|file| (file.id.as_str(), file.how))).collect()
}

/// A group with variables, files and values, released by this computer first; and a colleague who has all of it.
async fn scene(name: &str) -> Result<(Ground, Engine, [FileId; 2])> {
    let ground = ground(name).await?;
    edit(&ground.engine, &ground, |draft| {
        draft.count = "0".into();
        draft.variables = vec![Variable::plain("SAME", "1"), Variable::plain("GONE", "1")];
    })
    .await?;
    let apart = create(&ground, None, "conf/apart.yml", text(LINES)).await?;
    let close = create(&ground, None, "conf/close.yml", text(LINES)).await?;
    create(&ground, None, "conf/token.yml", text("token: {{token}}\nhost: {{host}}\n")).await?;
    ground.engine.key_set(&KeySet { app: ground.app.clone(), key: "token".into(), sensitive: true }).await?;
    set(&ground, "token", None, "hunter2-of-before").await?;
    set(&ground, "host", None, "db-1").await?;
    ground.release("v1").await?;
    let other = ground.colleague("Chen Wei").await?;
    Ok((ground, other, [apart, close]))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_made_comes_together_and_the_draft_goes_out_from_theirs() -> Result<()> {
    let (ground, other, [apart, close]) = Box::pin(scene("merge-both")).await?;
    // They: fields, variables, two files, a new one, a value and a sensitive value.
    let secret = Some(other.secret_put(SecretPut { value: "hunter2-of-theirs".into() }).await?);
    edit(&other, &ground, |draft| {
        draft.memory.limit = "256Mi".into();
        draft.cpu.limit = "300m".into();
        draft.variables = vec![
            Variable::plain("SAME", "1"),
            Variable { kind: VariableKind::Sensitive, secret: secret.clone(), ..Variable::plain("HIDDEN", "") },
        ];
    })
    .await?;
    save_on(&other, &apart, &LINES.replace("pool: 20", "pool: 60")).await?;
    save_on(&other, &close, &LINES.replace("mode: fast", "mode: theirs")).await?;
    set_on(&other, &ground, "token", false, "hunter2-of-theirs").await?;
    set_on(&other, &ground, "host", true, "db-2").await?;
    release_on(&other, &ground).await?;
    // We: another field, another variable, other lines of one file and the same of the other.
    edit(&ground.engine, &ground, |draft| {
        draft.cpu.limit = "0.5".into();
        draft.note = "ours".into();
        draft.variables.push(Variable::plain("OURS", "1"));
    })
    .await?;
    save_on(&ground.engine, &apart, &LINES.replace("last: 1", "last: 2")).await?;
    save_on(&ground.engine, &close, &LINES.replace("mode: fast", "mode: ours")).await?;

    let shown = merge(&ground).await?;
    ensure!((shown.base.seq, shown.theirs.seq, shown.theirs.by.as_str()) == (Some(1), Some(2), "Chen Wei"));
    let expected = BTreeMap::from([
        ("group:cpu.limit", How::Conflict),
        ("group:memory.limit", How::Theirs),
        ("group:note", How::Ours),
        ("group:variables.GONE", How::Theirs),
        ("group:variables.HIDDEN", How::Theirs),
        ("group:variables.OURS", How::Ours),
        ("default:token", How::Theirs),
        ("value:host", How::Theirs),
        ("file:app:conf/apart.yml", How::Merged),
        ("file:app:conf/close.yml", How::Conflict),
    ]);
    ensure!(told(&shown) == expected, "{:#?}", told(&shown));
    let text_of_it = format!("{shown:?}");
    ensure!(!text_of_it.contains("hunter2"), "sensitive values are told by the ids of their versions alone");
    let conflict = shown.files.iter().find(|file| file.how == How::Conflict).context("a file")?;
    let parts = &conflict.merge.as_ref().context("it is text")?.parts;
    let mode = |mode: &str| format!("mode: {mode}\n");
    let three = MergePart::Conflict { base: mode("fast"), ours: mode("ours"), theirs: mode("theirs") };
    ensure!(parts.contains(&three), "{parts:#?}");

    // Undecided, nothing is written.
    let refused = Box::pin(take(&ground, &shown, &[])).await;
    let Err(Error::Invalid(fields)) = refused else { bail!("conflicts are open: {refused:?}") };
    let open: Vec<_> = fields.iter().map(|field| field.field.as_str()).collect();
    ensure!(open == ["group:cpu.limit", "file:app:conf/close.yml"], "{open:?}");
    ensure!(content(&ground, &apart).await? == text(&LINES.replace("last: 1", "last: 2")));
    let result = LINES.replace("mode: fast", "mode: both");
    let choices = [
        ("group:cpu.limit", MergeChoice::Ours),
        ("file:app:conf/close.yml", MergeChoice::Text { text: result.clone() }),
    ];
    // Nor when a side moved since it was shown.
    edit(&ground.engine, &ground, |draft| draft.note = "ours again".into()).await?;
    let moved = Box::pin(take(&ground, &shown, &choices)).await;
    ensure!(matches!(moved, Err(Error::MergeMoved)), "{moved:?}");
    let now = merge(&ground).await?;
    Box::pin(take(&ground, &now, &choices)).await?;

    let draft = ground.engine.group(&ground.group).await?.draft;
    ensure!((draft.memory.limit.as_str(), draft.cpu.limit.as_str()) == ("256Mi", "0.5"), "as typed: {draft:#?}");
    let mut names: Vec<_> = draft.variables.iter().map(|variable| variable.name.as_str()).collect();
    names.sort_unstable();
    ensure!(names == ["HIDDEN", "OURS", "SAME"] && draft.note == "ours again", "{draft:#?}");
    let both = LINES.replace("pool: 20", "pool: 60").replace("last: 1", "last: 2");
    ensure!(content(&ground, &apart).await? == text(&both) && content(&ground, &close).await? == text(&result));
    let versions = ground.engine.config_versions(&close).await?;
    ensure!(versions.len() == 3, "what was released, what was ours, and the result: {versions:#?}");
    // The draft goes out from theirs: nothing is warned of, and a release keeps the values that only they know.
    ensure!(!warned(&ground).await? && ground.engine.group_merge(&ground.group).await?.is_none());
    let release = ground.release("v1").await?;
    ensure!(release.row.state == ReleaseState::Succeeded, "{release:#?}");
    other.close().await;
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_came_went_or_became_sensitive_are_merged_as_wholes() -> Result<()> {
    let (ground, other, [apart, close]) = Box::pin(scene("merge-files")).await?;
    // They take one out of sight, delete one that we change, and make one of their group.
    other.config_switch(&ConfigSwitch { id: apart.clone(), literal: false, sensitive: true }).await?;
    save_on(&other, &apart, "hunter2: in a whole file\n").await?;
    other.config_delete(&close).await?;
    let own = slipway_engine::config::ConfigCreate {
        app: ground.app.clone(),
        group: Some(ground.group.clone()),
        path: "conf/own.yml".into(),
        content: text("own: 1\n"),
        literal: true,
        sensitive: false,
    };
    other.config_create(&own).await?;
    release_on(&other, &ground).await?;
    save_on(&ground.engine, &close, &LINES.replace("mode: fast", "mode: ours")).await?;

    let shown = merge(&ground).await?;
    let files: Vec<_> =
        shown.files.iter().map(|file| (file.path.as_str(), file.owner, file.how, file.theirs)).collect();
    let expected = [
        ("conf/apart.yml", Owner::App, How::Theirs, FileSide::Sensitive),
        ("conf/close.yml", Owner::App, How::Conflict, FileSide::Missing),
        ("conf/own.yml", Owner::Group, How::Theirs, FileSide::Text),
    ];
    ensure!(files == expected, "{files:#?}");
    let theirs = [("file:app:conf/close.yml", MergeChoice::Theirs)];
    Box::pin(take(&ground, &shown, &theirs)).await?;
    ensure!(content(&ground, &apart).await? == FileContent::Elsewhere, "only they can read it");
    let tree = ground.engine.config_tree(&ground.app).await?;
    let group = &tree.groups[0];
    let paths: Vec<_> = group.files.iter().map(|file| file.file.path.as_str()).collect();
    ensure!(paths == ["conf/apart.yml", "conf/own.yml", "conf/token.yml"], "{paths:?}");
    let deleted = ground.engine.config_deleted(&ground.app).await?;
    ensure!(deleted.len() == 1 && deleted[0].id == close, "it can be had back: {deleted:#?}");
    ensure!(!warned(&ground).await?);
    let release = ground.release("v1").await?;
    ensure!(release.row.state == ReleaseState::Succeeded, "{release:#?}");
    other.close().await;
    ground.close().await
}
