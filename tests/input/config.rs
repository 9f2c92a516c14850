//! Files, values and variables that cannot be what was typed.

use crate::site::{Group, Site, app_draft};
use crate::table::cases;
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use slipway_cluster::Kind;

cases! {
    "config/path_relative" => path_relative,
    "config/path_upwards" => path_upwards,
    "config/path_double_slash" => path_double_slash,
    "config/path_too_long" => path_too_long,
    "config/path_with_nul" => path_with_nul,
    "config/path_that_turns_around" => path_that_turns_around,
    "config/path_of_a_folder" => path_of_a_folder,
    "config/path_in_other_case" => path_in_other_case,
    "config/path_taken" => path_taken,
    "config/paths_meet" => paths_meet,
    "config/path_below_file" => path_below_file,
    "config/file_too_large" => file_too_large,
    "config/file_at_the_limit" => file_at_the_limit,
    "config/file_of_control_characters" => file_of_control_characters,
    "config/line_ends_kept" => line_ends_kept,
    "config/variables_too_large_together" => variables_too_large_together,
    "config/picked_too_large" => picked_too_large,
    "config/binary_over_template" => binary_over_template,
    "config/binary_sensitive" => binary_sensitive,
    "config/value_too_large" => value_too_large,
    "config/key_invalid" => key_invalid,
    "config/variable_unclosed" => variable_unclosed,
    "config/variable_name" => variable_name,
    "config/saved_meanwhile" => saved_meanwhile,
    "config/value_missing" => value_missing,
    "config/braces_unclosed" => braces_unclosed,
    "config/key_syntax_unknown" => key_syntax_unknown,
    "config/placeholders_too_many" => placeholders_too_many,
    "config/placeholders_many" => placeholders_many,
    "config/value_unused" => value_unused,
    "config/deploy_path_gone" => deploy_path_gone,
    "config/value_with_braces" => value_with_braces,
    "config/binary_kept" => binary_kept,
    "config/used_file_deleted" => used_file_deleted,
}

const PATH: &str = "/etc/app.yml";
pub(crate) const CONTENT_MAX: usize = 900 * 1024;
/// What no UTF-8 begins with.
const BYTES: &[u8] = &[0xff, 0xfe, 0x00];

pub(crate) fn text(text: &str) -> Value {
    json!({ "kind": "text", "text": text })
}

fn binary() -> Value {
    json!({ "kind": "binary", "base64": STANDARD.encode(BYTES) })
}

pub(crate) fn file(app: &str, path: &str, content: Value) -> Value {
    json!({ "app": app, "group": null, "path": path, "content": content })
}

async fn path(site: &mut Site, typed: &str) -> Result<Value> {
    let app = site.app().await?;
    site.refused("config_create", file(&app, typed, text(""))).await
}

/// An app with a deploy path.
async fn deployed(site: &mut Site) -> Result<String> {
    let app = site.app().await?;
    deploy_path(site, &app, "/export/app/").await?;
    Ok(app)
}

async fn deploy_path(site: &Site, app: &str, path: &str) -> Result<()> {
    let mut draft = app_draft("checkout-api", &slipway_tests::ground::registry()?);
    draft["deploy_path"] = path.into();
    site.call("app_update", json!({ "id": app, "draft": draft })).await?;
    Ok(())
}

async fn path_relative(site: &mut Site) -> Result<Value> {
    path(site, "conf/app.yml").await
}

async fn path_upwards(site: &mut Site) -> Result<Value> {
    path(site, "/etc/../app.yml").await
}

async fn path_double_slash(site: &mut Site) -> Result<Value> {
    path(site, "/etc//app.yml").await
}

async fn path_too_long(site: &mut Site) -> Result<Value> {
    path(site, &format!("/{}", "a".repeat(255))).await
}

async fn path_with_nul(site: &mut Site) -> Result<Value> {
    path(site, "/etc/app\0.yml").await
}

async fn path_that_turns_around(site: &mut Site) -> Result<Value> {
    path(site, "/etc/\u{202e}lmy.ppa").await
}

async fn path_of_a_folder(site: &mut Site) -> Result<Value> {
    path(site, "/etc/conf/").await
}

/// Two files, as in the container.
async fn path_in_other_case(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("config_create", file(&group.app, "/etc/App.yml", text("upper"))).await?;
    site.call("config_create", file(&group.app, "/etc/app.yml", text("lower"))).await?;
    verdict(site, &group).await
}

async fn path_taken(site: &mut Site) -> Result<Value> {
    let app = deployed(site).await?;
    site.call("config_create", file(&app, "conf/app.yml", text(""))).await?;
    site.refused("config_create", file(&app, "/export/app/conf/app.yml", text(""))).await
}

/// Each was alone until the app got another deploy path.
async fn paths_meet(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    deploy_path(site, &group.app, "/export/app/").await?;
    site.call("config_create", file(&group.app, "app.yml", text("joined"))).await?;
    site.call("config_create", file(&group.app, PATH, text("absolute"))).await?;
    deploy_path(site, &group.app, "/etc/").await?;
    group.draft["count"] = "0".into();
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    verdict(site, &group).await
}

async fn path_below_file(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    site.call("config_create", file(&app, PATH, text(""))).await?;
    site.refused("config_create", file(&app, "/etc/app.yml/more", text(""))).await
}

async fn file_too_large(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    site.refused("config_create", file(&app, PATH, text(&"x".repeat(CONTENT_MAX + 1)))).await
}

/// A file goes to the cluster and comes back by name: what the objects of a release hold.
async fn released(site: &mut Site, content: &str) -> Result<(Value, Value)> {
    let mut group = site.group().await?;
    group.draft["count"] = "0".into();
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    let mut file = file(&group.app, PATH, text(content));
    file["literal"] = true.into();
    site.call("config_create", file).await?;
    let release = site.start(&group, "v1").await?;
    slipway_tests::ground::settled(site.api.engine(), &release).await?;
    let selector = "slipway.dev/app=checkout-api,!slipway.dev/seq";
    let made = site.owner.connection.list(Kind::ConfigMap, selector).await?;
    // What records keep of a long file stands there, too.
    let found = made.iter().map(|object| (object["data"]["content"].clone(), object["binaryData"]["content"].clone()));
    found.into_iter().find(|(text, bytes)| text.is_string() || bytes.is_string()).context("the object of the file")
}

async fn file_at_the_limit(site: &mut Site) -> Result<Value> {
    let whole = "\n".repeat(CONTENT_MAX);
    let (text, _) = released(site, &whole).await?;
    ensure!(text == whole, "it is there whole");
    Ok(json!({ "answer": { "in the cluster": CONTENT_MAX.to_string() } }))
}

/// JSON would write each in six bytes, and the API server takes no request of that size.
async fn file_of_control_characters(site: &mut Site) -> Result<Value> {
    let whole = "\u{1}".repeat(CONTENT_MAX);
    let (_, base64) = released(site, &whole).await?;
    let bytes = STANDARD.decode(base64.as_str().context("it is kept as bytes")?)?;
    ensure!(bytes == whole.as_bytes(), "it is there whole");
    Ok(json!({ "answer": { "in the cluster": bytes.len().to_string() } }))
}

async fn line_ends_kept(site: &mut Site) -> Result<Value> {
    let written = "\u{feff}a: 1\r\nb: 2\rc: 3\n\r\n";
    let (text, _) = released(site, written).await?;
    ensure!(text == written, "byte for byte: {text:?}");
    Ok(json!({ "answer": { "in the cluster": "CRLF, CR, LF, BOM" } }))
}

/// Each list is within the limit, and both share one object.
async fn variables_too_large_together(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    let list = |of: &str| -> Vec<Value> {
        (0..20).map(|n| json!({ "name": format!("{of}_{n}"), "value": of.repeat(30_000) })).collect()
    };
    site.call("app_variables_set", json!({ "app": group.app, "variables": list("A") })).await?;
    group.draft["variables"] = list("G").into();
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    verdict(site, &group).await
}

async fn picked_too_large(site: &mut Site) -> Result<Value> {
    site.write("large", &"x".repeat(CONTENT_MAX + 1))?;
    site.choose(Some(&site.file("large")));
    site.refused("config_pick", Value::Null).await
}

async fn binary_over_template(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    let id = site.call("config_create", file(&app, PATH, text("host: {{db.host}}"))).await?;
    site.refused("config_save", json!({ "id": id, "base": 1, "editor": "a", "content": binary() })).await
}

async fn binary_sensitive(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    let mut file = file(&app, PATH, binary());
    file["sensitive"] = true.into();
    site.refused("config_create", file).await
}

async fn value(site: &mut Site, key: &str, value: &str) -> Result<Value> {
    let app = site.app().await?;
    site.refused("value_set", set(&app, key, None, value)).await
}

fn set(app: &str, key: &str, group: Option<&str>, value: &str) -> Value {
    json!({ "app": app, "key": key, "group": group, "value": { "kind": "plain", "value": value } })
}

async fn value_too_large(site: &mut Site) -> Result<Value> {
    value(site, "db.host", &"x".repeat(32 * 1024 + 1)).await
}

async fn key_invalid(site: &mut Site) -> Result<Value> {
    value(site, "db host", "x").await
}

async fn variable(site: &mut Site, name: &str, value: &str) -> Result<Value> {
    let app = site.app().await?;
    let variables = json!([{ "name": name, "value": value, "kind": "template" }]);
    site.refused("app_variables_set", json!({ "app": app, "variables": variables })).await
}

async fn variable_unclosed(site: &mut Site) -> Result<Value> {
    variable(site, "OPTS", "-Xmx {{heap").await
}

async fn variable_name(site: &mut Site) -> Result<Value> {
    variable(site, "1OPTS", "").await
}

async fn saved_meanwhile(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    let settings = site.call("setting_get", Value::Null).await?;
    let mut settings = settings;
    settings["display_name"] = "Li Hua".into();
    site.call("setting_set", settings).await?;
    site.differs("Li Hua", "author");
    let id = site.call("config_create", file(&app, PATH, text("one"))).await?;
    let save = |editor: &str, base: u32, content: &str| json!({ "id": id, "base": base, "editor": editor, "content": text(content) });
    site.call("config_save", save("first", 1, "two")).await?;
    // The same window goes on whatever it knew, and what was sent twice is saved once.
    site.call("config_save", save("first", 1, "three")).await?;
    site.call("config_save", save("second", 1, "three")).await?;
    site.refused("config_save", save("second", 1, "four")).await
}

async fn verdict(site: &Site, group: &Group) -> Result<Value> {
    let plan = site.answered("release_plan", json!({ "group": group.id, "image": "v1" })).await?;
    let found = plan["verdicts"].as_array().into_iter().flatten().find(|verdict| verdict["check"] == "config");
    Ok(json!({ "verdict": site.plain(found.context("it is checked")?) }))
}

/// A plan with one file.
async fn planned(site: &mut Site, content: &str) -> Result<Value> {
    let group = site.group().await?;
    site.call("config_create", file(&group.app, PATH, text(content))).await?;
    verdict(site, &group).await
}

async fn value_missing(site: &mut Site) -> Result<Value> {
    planned(site, "port: 1\nhost: {{db.host}}").await
}

async fn braces_unclosed(site: &mut Site) -> Result<Value> {
    planned(site, "a: {{db.host").await
}

async fn key_syntax_unknown(site: &mut Site) -> Result<Value> {
    planned(site, "{{#if x}}").await
}

async fn placeholders_too_many(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("value_set", set(&group.app, "long", None, &"x".repeat(1024))).await?;
    site.call("config_create", file(&group.app, PATH, text(&"{{long}}".repeat(10_000)))).await?;
    verdict(site, &group).await
}

/// As many, of short values: they are all filled in.
async fn placeholders_many(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("value_set", set(&group.app, "a", None, "1")).await?;
    let id = site.call("config_create", file(&group.app, PATH, text(&"{{a}}-".repeat(10_000)))).await?;
    let view = site.call("config_file", json!({ "id": id, "group": group.id })).await?;
    ensure!(view["in_group"]["effective"]["text"] == "1-".repeat(10_000), "each is filled in");
    verdict(site, &group).await
}

async fn value_unused(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.call("value_set", set(&group.app, "old.key", Some(&group.id), "x")).await?;
    verdict(site, &group).await
}

async fn deploy_path_gone(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    deploy_path(site, &group.app, "/export/app/").await?;
    site.call("config_create", file(&group.app, "conf/app.yml", text(""))).await?;
    deploy_path(site, &group.app, "").await?;
    verdict(site, &group).await
}

async fn value_with_braces(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    let id = site.call("config_create", file(&group.app, PATH, text("host: {{db.host}}"))).await?;
    site.call("value_set", set(&group.app, "db.host", None, "{{not.again}}")).await?;
    let view = site.call("config_file", json!({ "id": id, "group": group.id })).await?;
    Ok(json!({ "answer": { PATH: view["in_group"]["effective"]["text"] } }))
}

async fn binary_kept(site: &mut Site) -> Result<Value> {
    let app = site.app().await?;
    let id = site.call("config_create", file(&app, PATH, binary())).await?;
    let view = site.call("config_file", json!({ "id": id, "group": null })).await?;
    ensure!(view["content"] == binary(), "it is kept as it is: {view}");
    Ok(json!({ "answer": { "kind": view["content"]["kind"] } }))
}

async fn used_file_deleted(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft["count"] = "0".into();
    site.call("group_update", json!({ "id": group.id, "draft": group.draft })).await?;
    let id = site.call("config_create", file(&group.app, PATH, text("a: 1"))).await?;
    let release = site.start(&group, "v1").await?;
    slipway_tests::ground::settled(site.api.engine(), &release).await?;
    site.call("config_delete", id).await?;
    let selector = "slipway.dev/app=checkout-api,!slipway.dev/seq";
    let left = site.owner.connection.list(Kind::ConfigMap, selector).await?.len();
    let deleted = site.call("config_deleted", json!(group.app)).await?;
    Ok(json!({ "answer": { "can be had back": deleted[0]["path"], "still in the cluster": left.to_string() } }))
}
