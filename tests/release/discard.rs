//! What a group changed of its files since its release, taken back one by one.

use crate::config::{create, ground, save, set, text};
use anyhow::{Context, Result, ensure};
use slipway_engine::Error;
use slipway_engine::config::{
    ConfigChoose, ConfigCreate, ConfigSwitch, FileAsk, FileChoice, FileContent, KeySet, ValueSet,
};
use slipway_engine::diff::{DiffRequest, Discard, Section, Side, SideOf};
use slipway_model::group::GroupDraft;
use slipway_model::id::{FileId, GroupId};
use slipway_model::release::ReleaseState;
use slipway_tests::ground::Ground;

const FOLDER: &str = "/export/app/conf/";

/// Takes one file back; whether something of it was left to the app.
pub(crate) async fn discard(ground: &Ground, name: &str) -> Result<bool, Error> {
    let (group, field) = (ground.group.clone(), format!("{FOLDER}{name}"));
    let discard = Discard { group, section: Section::Files, field };
    ground.engine.group_discard(&discard).await.map(|discarded| discarded.left_to_app)
}

/// What the group's release would change of its files now, by their names.
pub(crate) async fn changed(ground: &Ground) -> Result<Vec<String>> {
    let side = |side| SideOf { group: ground.group.clone(), side };
    let diff = ground.engine.group_diff(&DiffRequest { from: side(Side::Released), to: side(Side::Saved) }).await?;
    let files = diff.objects.iter().filter_map(|object| object.role.strip_prefix("file:"));
    Ok(files.map(|file| file.trim_start_matches(FOLDER).to_owned()).collect())
}

async fn content(ground: &Ground, id: &FileId) -> Result<FileContent> {
    Ok(ground.engine.config_file(&FileAsk { id: id.clone(), group: None }).await?.content)
}

async fn unset(ground: &Ground, key: &str, group: Option<&GroupId>) -> Result<()> {
    let (app, key, group) = (ground.app.clone(), key.to_owned(), group.cloned());
    Ok(ground.engine.value_set(&ValueSet { app, key, group, value: None }).await?)
}

async fn choose(ground: &Ground, id: &FileId, choice: FileChoice) -> Result<Option<FileId>> {
    let (id, group) = (id.clone(), ground.group.clone());
    Ok(ground.engine.config_choose(&ConfigChoose { id, group, choice }).await?)
}

/// Nothing of the release is to be seen: it has no pod.
async fn scene(name: &str) -> Result<Ground> {
    let ground = ground(name).await?;
    let draft = ground.engine.group(&ground.group).await?.draft;
    ground.engine.group_update(&ground.group, &GroupDraft { count: "0".into(), ..draft }).await?;
    Ok(ground)
}

async fn release(ground: &Ground) -> Result<()> {
    let release = ground.release("v1").await?;
    ensure!(release.row.state == ReleaseState::Succeeded, "{release:#?}");
    ensure!(changed(ground).await?.is_empty(), "{:?}", changed(ground).await?);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_groups_own_files_are_as_they_were_released() -> Result<()> {
    let ground = Box::pin(scene("discard-own")).await?;
    let (engine, group) = (&ground.engine, ground.group.clone());
    let own = async |name: &str, content| create(&ground, Some(&group), &format!("conf/{name}"), content).await;
    let edited = own("edited.yml", text("a: 1\r\n")).await?;
    let deleted = own("deleted.yml", text("b: 1\n")).await?;
    let switched = own("switched.yml", text("c: {{none|1}}\n")).await?;
    let bytes = own("bytes.bin", FileContent::Binary { base64: "/wA=".into() }).await?;
    let (app, path) = (ground.app.clone(), "conf/secret.conf".to_owned());
    let sensitive = ConfigCreate {
        app,
        group: Some(group.clone()),
        path,
        content: text("hunter2\n"),
        literal: false,
        sensitive: true,
    };
    let secret = engine.config_create(&sensitive).await?;
    let shared = create(&ground, None, "conf/shared.yml", text("d: 1\n")).await?;
    let inherited = create(&ground, None, "conf/inherited.yml", text("e: 1\n")).await?;
    let overriding = choose(&ground, &shared, FileChoice::Override).await?.context("the group's own")?;
    save(&ground, &overriding, "d: of the group\n").await?;
    release(&ground).await?;

    save(&ground, &edited, "a: 2\n").await?;
    engine.config_delete(&deleted).await?;
    engine.config_switch(&ConfigSwitch { id: switched.clone(), literal: true, sensitive: false }).await?;
    save(&ground, &bytes, "text now\n").await?;
    save(&ground, &secret, "another\n").await?;
    own("new.yml", text("f: 1\n")).await?;
    choose(&ground, &shared, FileChoice::Inherit).await?;
    let over = choose(&ground, &inherited, FileChoice::Override).await?.context("the group's own")?;
    save(&ground, &over, "e: of the group\n").await?;
    let all = [
        "bytes.bin",
        "deleted.yml",
        "edited.yml",
        "inherited.yml",
        "new.yml",
        "secret.conf",
        "shared.yml",
        "switched.yml",
    ];
    assert_eq!(changed(&ground).await?, all);

    for (n, name) in all.iter().enumerate() {
        assert!(!discard(&ground, name).await?, "{name} is all the group's");
        assert_eq!(changed(&ground).await?, all[n + 1..], "{name} and no other");
        let again = discard(&ground, name).await;
        assert!(matches!(again, Err(Error::NotFound { .. })), "{name}: {again:?}");
    }
    assert_eq!(content(&ground, &edited).await?, text("a: 1\r\n"));
    assert_eq!(content(&ground, &deleted).await?, text("b: 1\n"), "it is the same file again");
    assert_eq!(content(&ground, &bytes).await?, FileContent::Binary { base64: "/wA=".into() });
    assert_eq!(content(&ground, &secret).await?, text("hunter2\n"));
    assert_eq!(content(&ground, &overriding).await?, text("d: of the group\n"));
    assert!(engine.config_file(&FileAsk { id: over, group: None }).await.is_err(), "the app's takes effect again");
    // What was typed is not lost: it is a version.
    let versions = engine.config_versions(&edited).await?;
    assert_eq!(versions.len(), 3, "{versions:#?}");
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn values_go_back_and_what_the_app_changed_stays() -> Result<()> {
    let ground = Box::pin(scene("discard-values")).await?;
    let (engine, group) = (&ground.engine, ground.group.clone());
    let file = async |name: &str, content: &str| create(&ground, None, &format!("conf/{name}"), text(content)).await;
    file("mine.yml", "{{mine}} {{added|}} {{taken}}\n").await?;
    file("theirs.yml", "{{theirs}}\n").await?;
    file("both.yml", "{{both}} {{of.app}}\n").await?;
    file("hidden.yml", "{{hidden}}\n").await?;
    let edited = file("edited.yml", "1\n").await?;
    let gone = file("gone.yml", "1\n").await?;
    for key in ["mine", "taken", "both", "hidden"] {
        set(&ground, key, Some(&group), "released").await?;
    }
    for key in ["theirs", "of.app", "taken"] {
        set(&ground, key, None, "default").await?;
    }
    release(&ground).await?;

    set(&ground, "mine", Some(&group), "changed").await?;
    set(&ground, "added", Some(&group), "new").await?;
    unset(&ground, "taken", Some(&group)).await?;
    set(&ground, "both", Some(&group), "changed").await?;
    for key in ["theirs", "of.app"] {
        set(&ground, key, None, "changed").await?;
    }
    engine.key_set(&KeySet { app: ground.app.clone(), key: "hidden".into(), sensitive: true }).await?;
    save(&ground, &edited, "2\n").await?;
    engine.config_delete(&gone).await?;
    file("new.yml", "1\n").await?;
    let all = ["both.yml", "edited.yml", "gone.yml", "hidden.yml", "mine.yml", "new.yml", "theirs.yml"];
    assert_eq!(changed(&ground).await?, all);

    assert!(!discard(&ground, "mine.yml").await?);
    let of_app = ["both.yml", "edited.yml", "gone.yml", "hidden.yml", "new.yml", "theirs.yml"];
    assert_eq!(changed(&ground).await?, of_app, "all three values are as they were");
    for name in of_app {
        assert!(discard(&ground, name).await?, "{name} is the app's to take back");
    }
    assert_eq!(changed(&ground).await?, of_app);
    // Of the one that both changed the group's part is back.
    let matrix = engine.config_matrix(&ground.app).await?;
    let pending = matrix.keys.iter().filter(|key| key.cells.iter().any(|cell| cell.pending));
    assert_eq!(pending.map(|key| key.key.as_str()).collect::<Vec<_>>(), ["hidden", "of.app", "theirs"]);
    ground.close().await
}
