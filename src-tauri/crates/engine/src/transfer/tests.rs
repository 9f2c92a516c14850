//! What an import makes of values that must not be read.

use crate::Engine;
use slipway_model::app::App;
use slipway_model::config::Value;
use slipway_model::id::AppId;
use slipway_model::name::Slug;

/// An engine of its own, with one app whose key `password` has this value and is sensitive, or not.
async fn engine(password: Value, sensitive: bool) -> (tempfile::TempDir, Engine, AppId) {
    let folder = tempfile::tempdir().expect("a folder");
    let engine = Engine::open(&folder.path().join("data")).await.expect("a new core");
    engine.vault.use_memory_only();
    let app = AppId::from("app");
    let new = App {
        id: app.clone(),
        slug: Slug::parse("shop").expect("a slug"),
        title: "Shop".to_owned(),
        repository: String::new(),
        deploy_path: "/export/".to_owned(),
    };
    let stored = engine.store.write(move |w| {
        w.insert_app(&new)?;
        w.put_key(&new.id, "password", sensitive)?;
        w.set_value(&new.id, "password", None, Some(&password))
    });
    stored.await.expect("stored");
    (folder, engine, app)
}

async fn password(engine: &Engine, app: &AppId) -> Value {
    let app = app.clone();
    engine.store.read(move |r| Ok(r.values_of_app(&app)?.remove(0).value)).await.expect("a value")
}

#[tokio::test]
async fn a_sensitive_key_whose_value_stands_there_as_text_is_sealed() {
    // Nobody's Slipway writes it so.
    let (folder, theirs, app) = engine(Value::Plain("hunter2".to_owned()), true).await;
    let export = folder.path().join("shop.zip");
    theirs.app_export(&app, &export).await.expect("written");
    theirs.close().await;
    let data = tempfile::tempdir().expect("a folder");
    let ours = Engine::open(data.path()).await.expect("a new core");
    ours.vault.use_memory_only();
    let app = ours.app_import(&export).await.expect("taken in");
    let Value::Sealed(id) = password(&ours, &app).await else { panic!("it can be read") };
    let value = ours.vault.get(&id.in_vault()).await.expect("in memory").expect("kept");
    assert_eq!(secrecy::ExposeSecret::expose_secret(&value), "hunter2");
    ours.close().await;
}

#[tokio::test]
async fn an_export_has_no_sensitive_value() {
    let (folder, engine, app) = engine(Value::Sealed("id-of-it".into()), true).await;
    engine.vault.put("value:id-of-it", "hunter2".to_owned().into()).await.expect("in memory");
    let export = folder.path().join("shop.zip");
    engine.app_export(&app, &export).await.expect("written");
    let mut zip = zip::ZipArchive::new(std::fs::File::open(&export).expect("a file")).expect("a zip");
    let mut whole = String::new();
    for at in 0..zip.len() {
        std::io::Read::read_to_string(&mut zip.by_index(at).expect("a part"), &mut whole).expect("JSON");
    }
    assert!(whole.contains("id-of-it") && !whole.contains("hunter2"));
    engine.close().await;
}
