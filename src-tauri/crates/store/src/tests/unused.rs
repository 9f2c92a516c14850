//! Sensitive values that nothing refers to go, and no other, on a real keyring.

use super::keyring::{Home, PATIENCE, UNLOCK, can_run, open, service, told};
use crate::sample::{self, Size};
use crate::{FileEntry, Store, Vault, VaultState};
use jiff::{SignedDuration, Timestamp};
use secrecy::SecretString;
use slipway_model::config::{Content, Value};
use slipway_model::id::{AppId, GroupId, SecretId};
use slipway_model::release::Release;
use slipway_model::variable::{Variable, VariableKind};

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn sealed(id: &str) -> Value {
    Value::Sealed(id.into())
}

fn variable(id: &str) -> Variable {
    Variable { kind: VariableKind::Sensitive, secret: Some(id.into()), ..Variable::plain("TOKEN", "") }
}

fn file(app: &AppId, path: &str, id: &str) -> FileEntry {
    let content = Content::Sealed(id.into());
    FileEntry::new(path.into(), app.clone(), None, path.to_owned(), content)
}

/// An app, one of its groups, and the last release of it.
async fn filled(store: &Store) -> (AppId, GroupId, Release) {
    sample::fill(store, Size { apps: 1, groups: 1, releases: 450 }).await.expect("an empty store");
    let found = store.read(|r| {
        let app = r.apps()?.remove(0).0.id;
        let group = r.groups_of_app(&app)?.remove(0).id;
        let release = r.whole_releases_of_group(&group, 1)?.remove(0);
        Ok((app, group, release))
    });
    found.await.expect("read")
}

/// One value for each place that may refer to one, and one that nothing does.
async fn refer(store: &Store) {
    let (app, group, release) = filled(store).await;
    let written = store.write(move |w| {
        w.set_value(&app, "value", Some(&group), Some(&sealed("value")))?;
        w.set_value(&app, "default", None, Some(&sealed("default")))?;
        w.put_app_variables(&app, &[variable("app")])?;
        let mut entry = w.group(&group)?.expect("a group");
        entry.draft.variables.push(variable("group"));
        w.update_group(&group, &entry.draft)?;
        w.insert_file(&file(&app, "conf/a", "version"))?;
        let first = w.file(&"conf/a".into())?.expect("a file");
        w.cut_version(&first, "idle", None)?;
        w.save_file(&FileEntry { content: Content::Sealed("file".into()), ..first })?;
        w.insert_file(&file(&app, "conf/b", "deleted"))?;
        let gone = w.file(&"conf/b".into())?.expect("a file");
        w.delete_file(&gone)?;
        // An old release, behind which there are many.
        let first = w.releases_of_group(&group, Some(&release.id), 449)?.pop().expect("the first");
        let mut old = w.release(&first.id)?.expect("the first");
        old.plan.group.variables.push(variable("released"));
        w.update_release(&old)
    });
    written.await.expect("written");
}

const NAMED: [&str; 8] = ["value", "default", "app", "group", "version", "file", "deleted", "released"];

async fn left(vault: &Vault, id: &str) -> bool {
    vault.get(id).await.expect("an open vault").is_some()
}

#[tokio::test]
async fn values_that_nothing_refers_to_are_forgotten_after_thirty_days() {
    const TEST: &str = "tests::unused::values_that_nothing_refers_to_are_forgotten_after_thirty_days";
    let Some((_, folder)) = told() else {
        if can_run(TEST) {
            Home::new().session(UNLOCK, TEST, "sweep");
        }
        return;
    };
    service().await;
    let (store, vault, _) = open(&folder, PATIENCE).await;
    assert_eq!(vault.state(), VaultState::Ready);
    refer(&store).await;
    let id = |name: &str| SecretId::from(name).in_vault();
    for name in NAMED.iter().chain(&["nothing"]) {
        vault.put(&id(name), SecretString::from(*name)).await.expect("open");
    }
    vault.put("link:1", SecretString::from("a credential")).await.expect("open");

    let begin = Timestamp::now();
    let at = |days: i32| begin + DAY * days;
    let forget = async |days| vault.forget_unused(at(days)).await.expect("swept");
    assert_eq!(forget(0).await, 0, "seen for the first time");
    assert_eq!(forget(29).await, 0);
    // Referred to again, and once more no longer: the days begin anew.
    let app = store.read(|r| Ok(r.apps()?.remove(0).0.id)).await.expect("read");
    let of = app.clone();
    store.write(move |w| w.set_value(&of, "again", None, Some(&sealed("nothing")))).await.expect("written");
    assert_eq!(forget(30).await, 0);
    let of = app.clone();
    store.write(move |w| w.set_value(&of, "again", None, None)).await.expect("written");
    assert_eq!((forget(31).await, forget(60).await), (0, 0));
    assert!(left(&vault, &id("nothing")).await);
    assert_eq!(forget(62).await, 1);
    assert!(!left(&vault, &id("nothing")).await);
    for name in NAMED {
        assert!(left(&vault, &id(name)).await, "{name} is needed");
    }
    assert!(left(&vault, "link:1").await, "what is no value is not looked at");

    // What only history refers to stays for as long as there is history.
    assert_eq!(forget(200).await, 0);
    // Without the drafts only that is left.
    store.write(move |w| w.set_value(&app, "default", None, None)).await.expect("written");
    assert_eq!((forget(201).await, forget(232).await), (0, 1));
    assert!(!left(&vault, &id("default")).await && left(&vault, &id("released")).await);
    store.close().await;
}
