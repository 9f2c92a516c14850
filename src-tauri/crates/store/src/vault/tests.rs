use super::*;
use crate::table::testing::store;
use keyring_core::api::{CredentialApi, CredentialStoreApi};
use keyring_core::{Credential, Entry, Error};
use std::any::Any;
use std::time::Duration;

/// A keyring in memory that can be locked, with or without a prompt.
#[derive(Clone, Debug, Default)]
struct Fake(Arc<FakeState>);

#[derive(Debug, Default)]
struct FakeState {
    entries: Mutex<HashMap<String, Vec<u8>>>,
    mood: Mutex<Mood>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
enum Mood {
    #[default]
    Open,
    Refuses,
    /// Every call waits for a person who never comes.
    Prompts,
}

impl Fake {
    fn keyring(&self) -> Keyring {
        self.keyring_with_patience(Duration::from_secs(30))
    }

    fn keyring_with_patience(&self, patience: Duration) -> Keyring {
        Keyring::given(Arc::new(self.clone()), patience)
    }

    fn becomes(&self, mood: Mood) {
        *self.0.mood.lock().expect("a test") = mood;
    }

    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<String, Vec<u8>>> {
        self.0.entries.lock().expect("a test")
    }
}

#[derive(Debug)]
struct FakeEntry(Fake, String);

impl FakeEntry {
    fn entries(&self) -> keyring_core::Result<std::sync::MutexGuard<'_, HashMap<String, Vec<u8>>>> {
        let mood = *self.0.0.mood.lock().expect("a test");
        match mood {
            Mood::Open => Ok(self.0.entries()),
            Mood::Refuses => Err(Error::BadStoreFormat("no keyring today".to_owned())),
            Mood::Prompts => loop {
                std::thread::park();
            },
        }
    }
}

impl CredentialStoreApi for Fake {
    fn vendor(&self) -> String {
        "test".to_owned()
    }

    fn id(&self) -> String {
        "test".to_owned()
    }

    fn build(&self, service: &str, user: &str, _: Option<&HashMap<&str, &str>>) -> keyring_core::Result<Entry> {
        assert_eq!(service, "dev.slipway.Slipway");
        Ok(Entry::new_with_credential(Arc::new(FakeEntry(self.clone(), user.to_owned()))))
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl CredentialApi for FakeEntry {
    fn set_secret(&self, secret: &[u8]) -> keyring_core::Result<()> {
        self.entries()?.insert(self.1.clone(), secret.to_vec());
        Ok(())
    }

    fn get_secret(&self) -> keyring_core::Result<Vec<u8>> {
        self.entries()?.get(&self.1).cloned().ok_or(Error::NoEntry)
    }

    fn delete_credential(&self) -> keyring_core::Result<()> {
        self.entries()?.remove(&self.1).map(drop).ok_or(Error::NoEntry)
    }

    fn get_credential(&self) -> keyring_core::Result<Option<Arc<Credential>>> {
        Ok(None)
    }

    fn get_specifiers(&self) -> Option<(String, String)> {
        None
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn secret(text: &str) -> SecretString {
    SecretString::from(text)
}

async fn text(vault: &Vault, id: &str) -> Result<Option<String>, VaultError> {
    Ok(vault.get(id).await?.map(|secret| secret.expose_secret().to_owned()))
}

async fn rows(store: &Store) -> Vec<(String, Vec<u8>)> {
    store
        .read(|r| {
            let mut query = r.connection.prepare("SELECT id, sealed FROM secret ORDER BY id")?;
            let rows = query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
        .await
        .expect("read")
}

#[tokio::test]
async fn a_secret_is_kept_replaced_and_erased() {
    let (_folder, store) = store().await;
    let fake = Fake::default();
    let vault = Vault::open(store.clone(), fake.keyring()).await;
    assert_eq!(vault.state(), VaultState::Ready);
    assert_eq!(text(&vault, "link:1").await.expect("open"), None);
    let long = "支付 secret ".repeat(10_000);
    for value in ["first", "", long.as_str()] {
        vault.put("link:1", secret(value)).await.expect("open");
        assert_eq!(text(&vault, "link:1").await.expect("open").as_deref(), Some(value));
    }
    let again = Vault::open(store.clone(), fake.keyring()).await;
    assert_eq!(text(&again, "link:1").await.expect("the same key"), Some(long));
    again.delete("link:1").await.expect("open");
    assert_eq!(text(&vault, "link:1").await.expect("open"), None);
    assert_eq!(rows(&store).await, []);
    assert_eq!(fake.entries().len(), 1, "one key for the folder");
}

#[tokio::test]
async fn a_sealed_secret_is_bound_to_its_id() {
    let (_folder, store) = store().await;
    let vault = Vault::open(store.clone(), Fake::default().keyring()).await;
    vault.put("a", secret("of a")).await.expect("open");
    vault.put("b", secret("of b")).await.expect("open");
    store
        .write(|w| {
            let of_a = w.sealed("a")?.expect("a row");
            w.put_sealed("b", &of_a)
        })
        .await
        .expect("a swap");
    assert!(matches!(vault.get("b").await, Err(VaultError::KeyLost)));
    assert_eq!(text(&vault, "a").await.expect("untouched").as_deref(), Some("of a"));
}

#[tokio::test]
async fn the_same_secret_is_sealed_differently_each_time() {
    let (_folder, store) = store().await;
    let vault = Vault::open(store.clone(), Fake::default().keyring()).await;
    vault.put("a", secret("same")).await.expect("open");
    let first = rows(&store).await;
    vault.put("a", secret("same")).await.expect("open");
    assert_ne!(rows(&store).await, first);
}

#[tokio::test]
async fn a_lost_or_foreign_key_is_said_and_nothing_is_touched() {
    let (_folder, store) = store().await;
    let fake = Fake::default();
    Vault::open(store.clone(), fake.keyring()).await.put("a", secret("kept")).await.expect("open");
    let before = rows(&store).await;
    let (user, key) = fake.entries().iter().next().map(|(user, key)| (user.clone(), key.clone())).expect("one key");

    for broken in [None, Some(vec![7; KEY_BYTES]), Some(b"short".to_vec())] {
        fake.entries().clear();
        fake.entries().extend(broken.clone().map(|broken| (user.clone(), broken)));
        let vault = Vault::open(store.clone(), fake.keyring()).await;
        assert_eq!(vault.state(), VaultState::KeyLost, "{broken:?}");
        assert!(matches!(vault.get("a").await, Err(VaultError::KeyLost)));
        assert!(matches!(vault.put("b", secret("new")).await, Err(VaultError::KeyLost)));
        assert_eq!(rows(&store).await, before);
        assert_eq!(fake.entries().get(&user), broken.as_ref(), "no other key takes its place");

        fake.entries().insert(user.clone(), key.clone());
        vault.retry().await;
        assert_eq!(text(&vault, "a").await.expect("the key is back").as_deref(), Some("kept"));
    }
}

#[tokio::test]
async fn in_memory_only_nothing_is_written_until_the_keyring_answers() {
    let (_folder, store) = store().await;
    let fake = Fake::default();
    fake.becomes(Mood::Refuses);
    let vault = Vault::open(store.clone(), fake.keyring()).await;
    assert!(matches!(vault.state(), VaultState::NoKeyring { reason } if reason.contains("no keyring today")));
    assert!(matches!(vault.put("a", secret("x")).await, Err(VaultError::NoKeyring { .. })));

    let mut changes = store.changes();
    vault.use_memory_only();
    assert_eq!(changes.try_recv().expect("told").tags, [tag::keyring()]);
    vault.put("a", secret("in memory")).await.expect("memory");
    vault.put("b", secret("erased")).await.expect("memory");
    vault.delete("b").await.expect("memory");
    assert_eq!(text(&vault, "a").await.expect("memory").as_deref(), Some("in memory"));
    assert_eq!(rows(&store).await, []);

    vault.retry().await;
    assert_eq!(vault.state(), VaultState::MemoryOnly, "still no keyring: nothing is thrown away");
    fake.becomes(Mood::Open);
    vault.retry().await;
    assert_eq!(vault.state(), VaultState::Ready);
    let again = Vault::open(store.clone(), fake.keyring()).await;
    assert_eq!(text(&again, "a").await.expect("sealed").as_deref(), Some("in memory"));
    assert_eq!(text(&again, "b").await.expect("sealed"), None);
}

#[tokio::test]
async fn a_prompt_that_nobody_answers_is_a_locked_keyring() {
    let (_folder, store) = store().await;
    let fake = Fake::default();
    fake.becomes(Mood::Prompts);
    let vault = Vault::open(store, fake.keyring_with_patience(Duration::from_millis(200))).await;
    assert_eq!(vault.state(), VaultState::Locked);
    assert!(matches!(vault.get("a").await, Ok(None)), "there is no such secret, whatever the keyring says");
    assert!(matches!(vault.put("a", secret("x")).await, Err(VaultError::Locked)));
    fake.becomes(Mood::Open);
    crate::tests::ready(&vault).await;
}

#[tokio::test]
async fn two_that_ask_at_once_share_one_key() {
    let (_folder, store) = store().await;
    let fake = Fake::default();
    fake.becomes(Mood::Refuses);
    let vault = Vault::open(store, fake.keyring()).await;
    fake.becomes(Mood::Open);
    tokio::join!(vault.retry(), vault.retry(), vault.retry());
    vault.put("a", secret("x")).await.expect("open");
    fake.becomes(Mood::Refuses);
    vault.retry().await;
    assert_eq!(vault.state(), VaultState::Ready, "what is open stays open");
    assert_eq!(text(&vault, "a").await.expect("open").as_deref(), Some("x"));
}

#[tokio::test]
async fn nothing_shows_a_secret_by_accident() {
    let (_folder, store) = store().await;
    let vault = Vault::open(store, Fake::default().keyring()).await;
    vault.put("a", secret("canary-7f3a")).await.expect("open");
    let shown = format!("{vault:?} {:?}", vault.get("a").await);
    assert!(shown.contains("Ready") && !shown.contains("canary"), "{shown}");
}
