//! Exports that nobody could have made here, taken in by a real store: it stays as it was.

use super::super::unpack::unpack;
use crate::Engine;
use crate::error::Error;
use crate::transfer::ImportError;
use proptest::prelude::*;
use serde_json::{Value, json};
use slipway_store::FileEntry;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

type Parts = Vec<(String, Vec<u8>)>;

/// The parts of an export of an app with something of everything, and the core that made it.
async fn exported(data: &Path) -> (Engine, Parts) {
    let engine = Engine::open(data).await.expect("a new core");
    let app = json!({ "id": "app", "slug": "shop", "title": "", "repository": "registry.example.com/shop", "deploy_path": "/export/" });
    let app = serde_json::from_value(app).expect("an app");
    let file = |id: &str, group: Option<&str>, content: Value| {
        let content: slipway_model::config::Content = serde_json::from_value(content).expect("a content");
        FileEntry::new(id.into(), "app".into(), group.map(Into::into), format!("{id}.yml"), content)
    };
    let files = [
        file("f1", None, json!({ "kind": "text", "value": "a: {{a}}\r\n" })),
        file("f2", Some("g"), json!({ "kind": "binary", "value": "/wA=" })),
        file("f3", None, json!({ "kind": "sealed", "value": "s" })),
    ];
    let draft = slipway_model::group::GroupDraft {
        name: "prod".into(),
        environment: "prod".into(),
        ..slipway_model::group::first_draft()
    };
    let stored = engine.store.write(move |w| {
        w.insert_app(&app)?;
        w.insert_group(&"g".into(), &app.id, &draft)?;
        w.fix_workload(&"g".into(), "shop-prod")?;
        files.iter().try_for_each(|file| w.insert_file(file))?;
        w.put_key(&app.id, "a", false)?;
        w.set_value(&app.id, "a", None, Some(&slipway_model::config::Value::Plain("1".into())))
    });
    stored.await.expect("stored");
    let file = data.join("export.zip");
    engine.app_export(&"app".into(), &file).await.expect("exported");
    let mut zip = ZipArchive::new(std::fs::File::open(&file).expect("there")).expect("a zip");
    let mut parts = Vec::new();
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).expect("a part");
        let mut bytes = Vec::new();
        part.read_to_end(&mut bytes).expect("read");
        parts.push((String::from_utf8_lossy(part.name_raw()).into_owned(), bytes));
    }
    (engine, parts)
}

fn pack(parts: &Parts) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        zip.start_file(name.as_str(), SimpleFileOptions::default()).expect("a part");
        zip.write_all(bytes).expect("in memory");
    }
    zip.finish().expect("in memory").into_inner()
}

/// The export with another value in one place.
fn with(parts: &Parts, part: &str, at: &str, value: &Value) -> Vec<u8> {
    let mut parts = parts.clone();
    let (_, bytes) = parts.iter_mut().find(|(name, _)| name == part).expect("a part");
    let mut json: Value = serde_json::from_slice(bytes).expect("our own JSON");
    match json.pointer_mut(at) {
        Some(place) => *place = value.clone(),
        None => panic!("{part} has no {at}: {json}"),
    }
    *bytes = json.to_string().into_bytes();
    pack(&parts)
}

#[tokio::test]
async fn what_nobody_could_have_typed_is_named_and_nothing_of_it_is_taken_in() {
    let data = tempfile::tempdir().expect("a folder");
    let (engine, parts) = exported(data.path()).await;
    engine.store.write(|w| w.delete_group(&"g".into())).await.expect("deleted");
    engine.app_delete(&"app".into()).await.expect("deleted");
    let file = data.path().join("import.zip");
    for (part, at, value, reason) in [
        ("app.json", "/title", json!("a\u{202e}b"), "title"),
        ("app.json", "/id", json!("../../x"), "id"),
        ("groups.json", "/0/draft/name", json!("Prod/../x"), "0.name"),
        ("groups.json", "/0/draft/name", json!("n".repeat(10_000_000)), "0.name"),
        ("groups.json", "/0/id", json!("a b"), "0.id"),
        ("groups.json", "/0/workload", json!("shop-prod?dryRun=All"), "0.workload"),
        ("groups.json", "/0/workload", json!("../../secrets/token"), "0.workload"),
        ("files.json", "/0/path", json!("../../etc/passwd"), "0.path"),
        ("files.json", "/0/path", json!("a\0b"), "0.path"),
        ("files.json", "/0/path", json!("f3.yml"), "path"),
        ("files.json", "/0/sensitive", json!(true), "0.content"),
        ("files/0.json", "/kind", json!("sealed"), "0.content"),
        ("values.json", "/keys/0/0", json!("a b"), "keys.0"),
        ("values.json", "/values/0/value/value", json!("x".repeat(40_000)), "values.0.value"),
        ("values.json", "/values/0/value/value", json!("a\0b"), "values.0.value"),
        ("values.json", "/variables", json!([{ "name": "1A", "value": "" }]), "variables.0.name"),
        ("environments.json", "/0/name", json!({ "own": { "en": "x".repeat(100), "zh": "" } }), "0.en"),
    ] {
        std::fs::write(&file, with(&parts, part, at, &value)).expect("written");
        let error = engine.app_import(&file).await.expect_err(reason);
        let Error::Import(ImportError::Broken { part: named, reason: said }) = &error else {
            panic!("{part}{at}: {error:?}")
        };
        assert!(named == part.split('/').next().unwrap_or(part) || part.starts_with("files/"), "{part}{at}: {named}");
        assert!(
            said.split(", ").any(|said| said == reason || said.ends_with(&format!(".{reason}"))),
            "{part}{at}: {said}"
        );
        assert!(engine.app_list().await.expect("read").is_empty(), "{part}{at}: nothing half taken in");
    }
    std::fs::write(&file, pack(&parts)).expect("written");
    engine.app_import(&file).await.expect("as it was, it is taken in");
    let files = engine.store.read(|r| r.files_of_app(&"app".into())).await.expect("read");
    assert_eq!(files.len(), 3);
}

#[tokio::test]
async fn a_part_that_is_missing_is_named() {
    let data = tempfile::tempdir().expect("a folder");
    let (engine, parts) = exported(data.path()).await;
    for (at, (name, _)) in parts.iter().enumerate().skip(1) {
        let mut without = parts.clone();
        without.remove(at);
        let error = unpack(Cursor::new(pack(&without))).expect_err(name);
        assert!(matches!(&error, ImportError::Broken { part, .. } if part == name), "{name}: {error}");
    }
    engine.close().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_are_an_export_or_are_not(
        bytes in proptest::collection::vec(any::<u8>(), 0..400),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
        cut in any::<prop::sample::Index>(),
    ) {
        let _ = unpack(Cursor::new(&bytes));
        let head = br#"{"format":1,"reader":1,"contents":"app","app":"a","created":"2026-01-01T00:00:00Z","by":"0"}"#;
        let names = ["slipway.json", "app.json", "environments.json", "groups.json", "files.json", "values.json"];
        let mut parts: Parts = names.iter().map(|name| ((*name).to_owned(), bytes.clone())).collect();
        parts[0].1 = head.to_vec();
        let mut whole = pack(&parts);
        for (at, byte) in changes {
            let at = at.index(whole.len());
            whole[at] = byte;
        }
        whole.truncate(cut.index(whole.len() * 2).max(1));
        prop_assert!(unpack(Cursor::new(&whole)).is_err(), "garbage is no app");
    }
}
