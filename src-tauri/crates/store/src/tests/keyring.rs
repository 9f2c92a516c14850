//! The vault on a real Secret Service, in each of the states it can be in.

use super::{again, again_under, inside, names, ready, runs, succeeds};
use crate::{Keyring, Store, Vault, VaultError, VaultState};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::{ExposeSecret, SecretString};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// Longer than any answer takes.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);
/// Short enough to wait for once.
const IMPATIENCE: Duration = Duration::from_secs(2);
const CANARY: &str = "canary-4f1c9d27-支付";

/// A bus that starts no service by itself.
const BARE_BUS: &str = r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><listen>unix:tmpdir=/tmp</listen><auth>EXTERNAL</auth>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy>
</busconfig>"#;

pub(super) const UNLOCK: &str = "printf %s password | gnome-keyring-daemon --unlock --components=secrets";

/// Home of a person whose sessions come and go.
pub(super) struct Home(tempfile::TempDir);

impl Home {
    pub(super) fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        fs::create_dir(home.path().join("run")).expect("create");
        fs::set_permissions(home.path().join("run"), fs::Permissions::from_mode(0o700)).expect("own it");
        fs::write(home.path().join("bus.conf"), BARE_BUS).expect("write");
        Self(home)
    }

    fn data(&self) -> PathBuf {
        self.0.path().join("data")
    }

    /// Nothing of the session that the tests themselves run in.
    fn own(&self, mut command: Command) -> Command {
        for name in ["DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY", "XDG_DATA_HOME", "XDG_CONFIG_HOME"] {
            command.env_remove(name);
        }
        command.env("HOME", self.0.path()).env("XDG_RUNTIME_DIR", self.0.path().join("run"));
        command
    }

    /// Runs a test on the inside of a session that begins with a line of shell.
    pub(super) fn session(&self, begin: &str, test: &str, given: &str) {
        let bus = format!("--config-file={}", self.0.path().join("bus.conf").display());
        // What the line of shell started ends with the bus.
        let script = format!("{{ {begin}; }} >/dev/null && exec \"$@\"");
        let program = ["dbus-run-session", &bus, "--", "sh", "-c", &script, "sh"];
        let given = format!("{given} {}", self.data().display());
        succeeds(&mut self.own(again_under(&program, test, &given)));
    }
}

/// What the inside was told to do, and the data folder.
pub(super) fn told() -> Option<(String, PathBuf)> {
    let given = inside()?;
    let (what, folder) = given.split_once(' ').expect("two words");
    Some((what.to_owned(), folder.into()))
}

/// Whether there is a keyring to test with; says so when there is none.
pub(super) fn can_run(test: &str) -> bool {
    let possible = runs("dbus-run-session", &["true"]) && runs("gnome-keyring-daemon", &["--version"]);
    if !possible {
        eprintln!("{test} is skipped: dbus and gnome-keyring are not installed");
    }
    possible
}

/// The store of a folder, its vault, and how long the keyring took to answer.
pub(super) async fn open(folder: &Path, patience: Duration) -> (Store, Vault, Duration) {
    let store = Store::open(folder).await.expect("open").store;
    let begin = Instant::now();
    let vault = Vault::open(store.clone(), Keyring::with_patience(patience)).await;
    (store, vault, begin.elapsed())
}

/// The daemon goes to the background before it stands on the bus.
pub(super) async fn service() {
    let bus = zbus::Connection::session().await.expect("a session bus");
    let bus = zbus::fdo::DBusProxy::new(&bus).await.expect("every bus has it");
    let begin = Instant::now();
    let name = || "org.freedesktop.secrets".try_into().expect("a name");
    while !bus.name_has_owner(name()).await.expect("an answer") {
        assert!(begin.elapsed() < PATIENCE, "the keyring did not start");
    }
}

async fn canary(vault: &Vault) -> Option<String> {
    vault.get("canary").await.expect("an open vault").map(|secret| secret.expose_secret().to_owned())
}

#[tokio::test]
async fn without_a_bus_there_is_no_keyring() {
    const TEST: &str = "tests::keyring::without_a_bus_there_is_no_keyring";
    let Some((_, folder)) = told() else {
        let home = Home::new();
        return succeeds(&mut home.own(again(TEST, &format!("look {}", home.data().display()))));
    };
    let (_, vault, took) = open(&folder, PATIENCE).await;
    let VaultState::NoKeyring { reason } = vault.state() else { panic!("{:?}", vault.state()) };
    assert_eq!(reason, "there is no D-Bus session bus");
    assert!(took < PATIENCE);
}

#[tokio::test]
async fn without_a_service_there_is_no_keyring() {
    const TEST: &str = "tests::keyring::without_a_service_there_is_no_keyring";
    let Some((_, folder)) = told() else {
        if can_run(TEST) {
            Home::new().session("true", TEST, "look");
        }
        return;
    };
    let (_, vault, took) = open(&folder, PATIENCE).await;
    let VaultState::NoKeyring { reason } = vault.state() else { panic!("{:?}", vault.state()) };
    assert_eq!(reason, "no keyring (Secret Service) answers on the D-Bus session bus");
    assert!(took < PATIENCE);
}

#[tokio::test]
async fn secrets_outlive_the_session_and_can_be_read_nowhere() {
    const TEST: &str = "tests::keyring::secrets_outlive_the_session_and_can_be_read_nowhere";
    match told() {
        None if can_run(TEST) => {
            let home = Home::new();
            home.session(UNLOCK, TEST, "put");
            assert_unreadable(home.0.path());
            home.session(UNLOCK, TEST, "get");
        }
        None => {}
        Some((what, folder)) => {
            service().await;
            let (store, vault, _) = open(&folder, PATIENCE).await;
            assert_eq!(vault.state(), VaultState::Ready);
            if what == "put" {
                vault.put("canary", SecretString::from(CANARY)).await.expect("open");
            }
            assert_eq!(canary(&vault).await.as_deref(), Some(CANARY));
            // Also what stands in the -wal before the store is closed.
            assert_unreadable(&folder);
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_locked_keyring_that_cannot_prompt_says_so_at_once_and_is_seen_when_unlocked() {
    const TEST: &str = "tests::keyring::a_locked_keyring_that_cannot_prompt_says_so_at_once_and_is_seen_when_unlocked";
    match told() {
        None if can_run(TEST) => {
            let home = Home::new();
            home.session(UNLOCK, TEST, "put");
            home.session("gnome-keyring-daemon --start --components=secrets", TEST, "locked");
        }
        None => {}
        Some((what, folder)) => {
            service().await;
            let (store, vault, took) = open(&folder, PATIENCE).await;
            if what == "put" {
                vault.put("canary", SecretString::from(CANARY)).await.expect("open");
            } else {
                assert_eq!(vault.state(), VaultState::Locked);
                assert!(took < PATIENCE, "nothing was waited for: {took:?}");
                assert!(matches!(vault.get("canary").await, Err(VaultError::Locked)));
                unlock();
                ready(&vault).await;
                assert_eq!(canary(&vault).await.as_deref(), Some(CANARY), "nothing remembers the failure");
            }
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_locked_keyring_that_prompts_is_waited_for_and_then_given_up() {
    const TEST: &str = "tests::keyring::a_locked_keyring_that_prompts_is_waited_for_and_then_given_up";
    match told() {
        None if can_run(TEST) => {
            let home = Home::new();
            home.session(UNLOCK, TEST, "put");
            home.session("gnome-keyring-daemon --start --components=secrets", TEST, "locked");
        }
        None => {}
        Some((what, folder)) if what == "put" => {
            service().await;
            let (store, vault, _) = open(&folder, PATIENCE).await;
            vault.put("canary", SecretString::from(CANARY)).await.expect("open");
            store.close().await;
        }
        Some((_, folder)) => {
            // A prompter that takes the question and never answers, as a dialog nobody looks at.
            let _prompter = zbus::connection::Builder::session()
                .and_then(|builder| builder.name("org.gnome.keyring.SystemPrompter"))
                .expect("a session bus")
                .build()
                .await
                .expect("nobody else prompts");
            service().await;
            let (store, vault, took) = open(&folder, IMPATIENCE).await;
            assert_eq!(vault.state(), VaultState::Locked);
            assert!(took >= IMPATIENCE, "the prompt was waited for: {took:?}");
            assert!(matches!(vault.put("other", SecretString::from("x")).await, Err(VaultError::Locked)));
            unlock();
            ready(&vault).await;
            assert_eq!(canary(&vault).await.as_deref(), Some(CANARY));
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_key_that_the_keyring_lost_is_said() {
    const TEST: &str = "tests::keyring::a_key_that_the_keyring_lost_is_said";
    match told() {
        None if can_run(TEST) => {
            let (first, second) = (Home::new(), Home::new());
            first.session(UNLOCK, TEST, "put");
            // The data folder moves to another computer; its keyring stays.
            fs::rename(first.data(), second.data()).expect("move");
            second.session(UNLOCK, TEST, "lost");
        }
        None => {}
        Some((what, folder)) => {
            service().await;
            let (store, vault, _) = open(&folder, PATIENCE).await;
            if what == "put" {
                vault.put("canary", SecretString::from(CANARY)).await.expect("open");
            } else {
                assert_eq!(vault.state(), VaultState::KeyLost);
                assert!(matches!(vault.get("canary").await, Err(VaultError::KeyLost)));
            }
            store.close().await;
        }
    }
}

/// As a person does who types the password a while later.
fn unlock() {
    let script = "printf %s password | gnome-keyring-daemon --replace --unlock --components=secrets";
    assert!(runs("sh", &["-c", &format!("{{ {script}; }} >/dev/null 2>&1")]), "unlock");
}

/// Looks for the canary in all files of a folder, in every dress it may wear, and first finds one it planted itself.
fn assert_unreadable(folder: &Path) {
    let planted = tempfile::tempdir().expect("a folder");
    for (n, dress) in dresses().into_iter().enumerate() {
        let file = planted.path().join(n.to_string());
        fs::write(&file, [b"before ".as_slice(), &dress, b" after"].concat()).expect("write");
        assert_eq!(readable(planted.path()), std::slice::from_ref(&file));
        fs::remove_file(&file).expect("remove");
    }
    assert!(names(folder).iter().any(|name| name.starts_with("slipway.db") || name == "data"), "nothing to look at");
    assert_eq!(readable(folder), Vec::<PathBuf>::new());
}

fn dresses() -> Vec<Vec<u8>> {
    let utf16: Vec<u16> = CANARY.encode_utf16().collect();
    vec![
        CANARY.as_bytes().to_vec(),
        STANDARD.encode(CANARY).into_bytes(),
        URL_SAFE_NO_PAD.encode(CANARY).into_bytes(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
    ]
}

fn readable(folder: &Path) -> Vec<PathBuf> {
    let dresses = dresses();
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        let kind = entry.file_type().expect("a kind");
        if kind.is_dir() {
            found.extend(readable(&entry.path()));
        } else if kind.is_file() {
            let bytes = fs::read(entry.path()).expect("read");
            let shown = |dress: &Vec<u8>| bytes.windows(dress.len()).any(|window| window == dress.as_slice());
            found.extend(dresses.iter().any(shown).then(|| entry.path()));
        }
    }
    found
}
