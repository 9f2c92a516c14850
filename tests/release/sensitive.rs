//! What is made sensitive, renamed or deleted while a release is planned or begins: nothing of it is sent in the clear,
//! and nothing else than was planned is sent.

use crate::back::back;
use crate::config::{ask, create, file, files_below, ground, holds, left, set, text};
use crate::discard::{changed, discard};
use anyhow::{Context, Result, ensure};
use slipway_engine::config::{AppVariablesSet, CellValue, ConfigSwitch, FileAsk, KeyDelete, KeySet, SecretPut};
use slipway_engine::diff::{Discard, Section};
use slipway_engine::release::VerdictLevel;
use slipway_engine::{Engine, Error};
use slipway_model::group::GroupDraft;
use slipway_model::id::FileId;
use slipway_model::release::{BackScope, ReleaseState};
use slipway_model::variable::{Variable, VariableKind};
use slipway_tests::ground::{Ground, settled};

/// In one of the four, each in words of its own.
pub(crate) const WORDS: [&str; 4] =
    ["readable-word-of-a-file", "readable-word-of-a-key", "readable-word-of-the-app", "readable-word-of-the-group"];

fn variable(name: &str, value: &str) -> Vec<Variable> {
    vec![Variable::plain(name, value)]
}

async fn hidden(ground: &Ground, name: &str, value: &str) -> Result<Vec<Variable>> {
    let secret = Some(ground.engine.secret_put(SecretPut { value: value.into() }).await?);
    Ok(vec![Variable { kind: VariableKind::Sensitive, secret, ..Variable::plain(name, "") }])
}

/// A file, a key, a variable of the app and one of the group, all readable.
pub(crate) async fn readable(ground: &Ground) -> Result<FileId> {
    let engine = &ground.engine;
    let id = create(ground, None, "conf/whole.conf", text(WORDS[0])).await?;
    create(ground, None, "conf/part.conf", text("{{password}}")).await?;
    set(ground, "password", None, WORDS[1]).await?;
    let variables = variable("OF_APP", WORDS[2]);
    engine.app_variables_set(&AppVariablesSet { app: ground.app.clone(), variables }).await?;
    let draft = engine.group(&ground.group).await?.draft;
    engine.group_update(&ground.group, &GroupDraft { variables: variable("OF_GROUP", WORDS[3]), ..draft }).await?;
    Ok(id)
}

/// Nothing readable is left of any of these. The database is looked at when it is closed: until then its log has what
/// was there before.
async fn hides(ground: &Ground, words: &[&str], closed: bool) -> Result<()> {
    for (what, content) in left(ground).await?.iter().filter(|(what, _)| closed || !what.contains("slipway.db")) {
        for word in words {
            ensure!(!holds(content, word), "{what} holds {word}");
        }
    }
    Ok(())
}

pub(crate) async fn hide(ground: &Ground, which: usize, id: &FileId) -> Result<()> {
    let (engine, app) = (&ground.engine, ground.app.clone());
    match which {
        0 => engine.config_switch(&ConfigSwitch { id: id.clone(), literal: false, sensitive: true }).await?,
        1 => engine.key_set(&KeySet { app, key: "password".into(), sensitive: true }).await?,
        2 => {
            let variables = hidden(ground, "OF_APP", WORDS[2]).await?;
            engine.app_variables_set(&AppVariablesSet { app, variables }).await?;
        }
        _ => {
            let variables = hidden(ground, "OF_GROUP", WORDS[3]).await?;
            let draft = engine.group(&ground.group).await?.draft;
            engine.group_update(&ground.group, &GroupDraft { variables, ..draft }).await?;
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_does_not_begin_with_what_was_made_sensitive_since() -> Result<()> {
    let ground = ground("made-sensitive").await?;
    let id = readable(&ground).await?;
    for which in 0..WORDS.len() {
        let plan = ground.plan("v1").await?;
        hide(&ground, which, &id).await?;
        let refused = ground.engine.release_start(&plan.hash, "").await;
        let what = ["conf/whole.conf", "password", "OF_APP", "OF_GROUP"][which];
        assert!(matches!(&refused, Err(Error::MadeSensitive { what: told }) if told == what), "{refused:?}");
    }
    let nothing = ground.records().await?;
    assert!(nothing.is_empty(), "{nothing:#?}");
    hides(&ground, &WORDS, false).await?;
    // Planned anew it goes, and everything arrives.
    let release = ground.release("v1").await?;
    assert_eq!(release.row.state, ReleaseState::Succeeded, "{release:#?}");
    assert_eq!(file(&ground, "r1", "whole.conf").await?, WORDS[0]);
    assert_eq!(file(&ground, "r1", "part.conf").await?, WORDS[1]);
    ground.engine.close().await;
    hides(&ground, &WORDS, true).await?;
    ground.close().await
}

/// Whichever comes first: where the release did, it is what was planned; where the switch did, there is none.
#[tokio::test(flavor = "multi_thread")]
async fn a_release_and_a_switch_at_the_same_moment_are_one_after_the_other() -> Result<()> {
    let ground = ground("switch-race").await?;
    let draft = ground.engine.group(&ground.group).await?.draft;
    ground.engine.group_update(&ground.group, &GroupDraft { count: "0".into(), ..draft }).await?;
    let engine = &ground.engine;
    for round in 0..8 {
        let (path, key) = (format!("conf/{round}.conf"), format!("key.{round}"));
        let words = [format!("whole-file-of-round-{round}"), format!("value-of-round-{round}")];
        let id = create(&ground, None, &path, text(&words[0])).await?;
        create(&ground, None, &format!("conf/{round}.part"), text(&format!("{{{{{key}}}}}"))).await?;
        set(&ground, &key, None, &words[1]).await?;
        let plan = ground.plan("v1").await?;
        let switch = ConfigSwitch { id, literal: false, sensitive: true };
        let key = KeySet { app: ground.app.clone(), key, sensitive: true };
        let (started, switched, set) =
            tokio::join!(engine.release_start(&plan.hash, ""), engine.config_switch(&switch), engine.key_set(&key));
        switched?;
        set?;
        match started {
            Ok(id) => {
                let release = settled(engine, &id).await?;
                assert_eq!(release.row.state, ReleaseState::Succeeded, "{release:#?}");
                assert_eq!(release.objects, plan.objects, "what was planned");
            }
            Err(Error::MadeSensitive { .. }) => hides(&ground, &[&words[0], &words[1]], false).await?,
            Err(error) => return Err(error.into()),
        }
    }
    ground.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_renamed_or_deleted_after_the_plan_changes_nothing_of_it() -> Result<()> {
    let ground = ground("key-renamed").await?;
    let (engine, app) = (&ground.engine, ground.app.clone());
    let id = create(&ground, None, "conf/a.conf", text("{{old}}\n")).await?;
    set(&ground, "old", None, "planned").await?;
    let plan = ground.plan("v1").await?;
    // Another name for it: the text says so, the value moves, the old key goes.
    crate::config::save(&ground, &id, "{{new}}\n").await?;
    set(&ground, "new", None, "renamed").await?;
    engine.key_delete(&KeyDelete { app: app.clone(), key: "old".into() }).await?;
    let release = engine.release_start(&plan.hash, "").await?;
    assert_eq!(settled(engine, &release).await?.row.state, ReleaseState::Succeeded);
    assert_eq!(file(&ground, "r1", "a.conf").await?, "planned\n", "what was shown is what was sent");

    // What is saved by now waits, and goes with the next.
    ground.release("v1").await?;
    assert_eq!(file(&ground, "r2", "a.conf").await?, "renamed\n");
    engine.key_delete(&KeyDelete { app: app.clone(), key: "new".into() }).await?;
    let unset = ground.plan("v1").await?;
    let verdict = unset.verdicts.iter().find(|verdict| verdict.code == "unset").context("it has no value")?;
    assert_eq!((verdict.level, verdict.params["key"].as_str()), (VerdictLevel::Blocks, "new"));

    // A key of the same name that is sensitive now is another key: the plan of before does not begin.
    set(&ground, "new", None, "readable").await?;
    let plan = ground.plan("v1").await?;
    engine.key_delete(&KeyDelete { app: app.clone(), key: "new".into() }).await?;
    engine.key_set(&KeySet { app: app.clone(), key: "new".into(), sensitive: true }).await?;
    set(&ground, "new", None, "hidden-value-of-the-new-key").await?;
    let refused = engine.release_start(&plan.hash, "").await;
    assert!(matches!(&refused, Err(Error::MadeSensitive { what }) if what == "new"), "{refused:?}");
    let matrix = engine.config_matrix(&app).await?;
    let key = matrix.keys.iter().find(|key| key.key == "new").context("the key")?;
    assert!(matches!(key.default, Some(CellValue::Sealed { known: true, .. })), "{key:?}");
    ground.release("v1").await?;
    assert_eq!(file(&ground, "r3", "a.conf").await?, "hidden-value-of-the-new-key\n");
    ground.close().await
}

/// The key, and the file as a whole.
async fn sensitive(ground: &Ground, id: &FileId) -> Result<(bool, bool)> {
    let matrix = ground.engine.config_matrix(&ground.app).await?;
    let key = matrix.keys.iter().any(|key| key.key == "password" && key.sensitive);
    let file = ground.engine.config_file(&FileAsk { id: id.clone(), group: None }).await?;
    Ok((key, file.file.sensitive))
}

#[tokio::test(flavor = "multi_thread")]
async fn what_becomes_sensitive_leaves_history_with_it_and_waits_for_a_release() -> Result<()> {
    let own_word = "readable-word-of-its-own-file";
    let mut ground = ground("history-hides").await?;
    let id = readable(&ground).await?;
    let own = create(&ground, Some(&ground.group), "conf/own.conf", text(own_word)).await?;
    let first = ground.release("v1").await?;
    assert_eq!(first.row.state, ReleaseState::Succeeded, "{first:#?}");

    // A vault that takes what is set and not what history said: then nothing becomes sensitive.
    let database = ground.data_dir().join("slipway.db");
    let fault = rusqlite::Connection::open(&database)?;
    fault.execute_batch(
        "CREATE TRIGGER refuses BEFORE INSERT ON secret WHEN NEW.id LIKE '%withheld'
         BEGIN SELECT RAISE(ABORT, 'refused'); END",
    )?;
    for (which, word) in WORDS.iter().enumerate() {
        assert!(hide(&ground, which, &id).await.is_err(), "{word}");
    }
    assert_eq!(sensitive(&ground, &id).await?, (false, false));
    assert!(changed(&ground).await?.is_empty());
    fault.execute_batch("DROP TRIGGER refuses")?;
    drop(fault);

    for which in 0..WORDS.len() {
        hide(&ground, which, &id).await?;
    }
    let switch = ConfigSwitch { id: own.clone(), literal: false, sensitive: true };
    ground.engine.config_switch(&switch).await?;
    assert_eq!(sensitive(&ground, &id).await?, (true, true));
    // What runs has it in the clear for as long as nothing is released, and however it is taken back.
    let waiting = ["own.conf", "part.conf", "whole.conf"];
    assert_eq!(changed(&ground).await?, waiting);
    assert!(!discard(&ground, "own.conf").await?);
    assert_eq!(changed(&ground).await?, waiting);
    let view = ground.engine.config_file(&FileAsk { id: own, group: None }).await?;
    assert_eq!((view.content, view.file.sensitive), (text(own_word), true));
    let variable =
        || Discard { group: ground.group.clone(), section: Section::Variables, field: "variables.OF_GROUP".to_owned() };
    for _ in 0..2 {
        assert!(!ground.engine.group_discard(&variable()).await?.left_to_app, "it is the group's, and still waits");
    }

    ground.engine.close().await;
    let mut files = Vec::new();
    files_below(ground.folder(), &mut files)?;
    for (what, content) in files {
        for word in WORDS.iter().chain([&own_word]) {
            assert!(!holds(&content, word), "{what} holds {word}");
        }
    }
    ground.engine = Engine::open(&ground.data_dir()).await?;

    let second = ground.release("v2").await?;
    assert_eq!(second.row.state, ReleaseState::Succeeded, "{second:#?}");
    assert!(changed(&ground).await?.is_empty(), "{:?}", changed(&ground).await?);
    let third = back(&ground, &first, BackScope::Configuration).await?;
    assert_eq!(third.row.state, ReleaseState::Succeeded, "{third:#?}");
    for (name, word) in [("whole.conf", WORDS[0]), ("part.conf", WORDS[1]), ("own.conf", own_word)] {
        assert_eq!(file(&ground, "r3", name).await?, word);
    }
    let environment = ask(&ground, "r3", "/env").await?;
    for variable in [format!("OF_APP={}", WORDS[2]), format!("OF_GROUP={}", WORDS[3])] {
        assert!(environment[0].as_array().is_some_and(|all| all.contains(&variable.as_str().into())), "{variable}");
    }
    ground.close().await
}
