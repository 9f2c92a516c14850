//! What a person can type into the forms that Kubernetes would not take.

use crate::site::{Site, app_draft, group_draft};
use crate::table::cases;
use anyhow::Result;
use serde_json::{Value, json};

cases! {
    "form/app_name_empty" => app_name_empty,
    "form/app_name_invalid" => app_name_invalid,
    "form/app_name_too_long" => app_name_too_long,
    "form/app_name_duplicate" => app_name_duplicate,
    "form/app_name_changed" => app_name_changed,
    "form/app_title_control_characters" => app_title_control_characters,
    "form/repository_with_tag" => repository_with_tag,
    "form/deploy_path_relative" => deploy_path_relative,
    "form/group_name_invalid" => group_name_invalid,
    "form/group_name_too_long" => group_name_too_long,
    "form/group_name_duplicate" => group_name_duplicate,
    "form/group_place_unknown" => group_place_unknown,
    "form/group_place_changed" => group_place_changed,
    "form/count_negative" => count_negative,
    "form/count_enormous" => count_enormous,
    "form/count_not_a_number" => count_not_a_number,
    "form/port_zero" => port_zero,
    "form/port_negative" => port_negative,
    "form/port_enormous" => port_enormous,
    "form/ports_duplicate" => ports_duplicate,
    "form/quantity_unparsable" => quantity_unparsable,
    "form/quantity_negative" => quantity_negative,
    "form/quantity_enormous" => quantity_enormous,
    "form/limit_below_request" => limit_below_request,
    "form/limit_zero" => limit_zero,
    "form/image_unparsable" => image_unparsable,
    "form/image_without_tag" => image_without_tag,
    "form/image_bad_digest" => image_bad_digest,
    "form/image_bad_tag" => image_bad_tag,
    "form/argument_with_nul" => argument_with_nul,
    "form/probe_half" => probe_half,
    "form/probe_path_relative" => probe_path_relative,
    "form/variable_name_invalid" => variable_name_invalid,
    "form/variable_duplicate" => variable_duplicate,
    "form/variable_too_large" => variable_too_large,
    "form/everything_wrong_at_once" => everything_wrong_at_once,
    "form/link_name_empty" => link_name_empty,
    "form/link_name_duplicate" => link_name_duplicate,
    "form/link_preview_forgotten" => link_preview_forgotten,
    "form/cluster_name_duplicate" => cluster_name_duplicate,
    "form/app_with_groups_deleted" => app_with_groups_deleted,
    "form/display_name_too_long" => display_name_too_long,
    "form/log_size_too_large" => log_size_too_large,
    "form/log_size_unparsable" => log_size_unparsable,
}

/// A new app with one field as typed.
async fn app(site: &Site, field: &str, typed: &str) -> Result<Value> {
    let mut draft = app_draft("checkout-api", "registry.example.com");
    draft[field] = typed.into();
    site.refused("app_create", draft).await
}

async fn app_name_empty(site: &mut Site) -> Result<Value> {
    app(site, "slug", "  ").await
}

async fn app_name_invalid(site: &mut Site) -> Result<Value> {
    app(site, "slug", "Checkout API").await
}

async fn app_name_too_long(site: &mut Site) -> Result<Value> {
    app(site, "slug", &"a".repeat(43)).await
}

async fn app_name_duplicate(site: &mut Site) -> Result<Value> {
    site.app().await?;
    app(site, "slug", "checkout-api").await
}

async fn app_name_changed(site: &mut Site) -> Result<Value> {
    let id = site.app().await?;
    let draft = app_draft("payments", "registry.example.com");
    site.refused("app_update", json!({ "id": id, "draft": draft })).await
}

async fn app_title_control_characters(site: &mut Site) -> Result<Value> {
    app(site, "title", "Check\u{1b}[31mout").await
}

async fn repository_with_tag(site: &mut Site) -> Result<Value> {
    app(site, "repository", "registry.example.com/shop/checkout-api:2.14.0").await
}

async fn deploy_path_relative(site: &mut Site) -> Result<Value> {
    app(site, "deploy_path", "export/app").await
}

/// A second group of an app, with some things as typed (JSON pointers into the draft): its app, it, what is said of it.
async fn second(site: &mut Site, typed: &[(&str, Value)]) -> Result<(String, Value, Value)> {
    let first = site.group().await?;
    let mut draft = group_draft(&first.link);
    draft["name"] = "second".into();
    for (at, value) in typed {
        match draft.pointer_mut(at) {
            Some(place) => *place = value.clone(),
            None => draft[at.trim_start_matches('/')] = value.clone(),
        }
    }
    let check = json!({ "app": first.app, "id": null, "draft": draft });
    let checked = site.answered("group_check", check).await?;
    Ok((first.app, draft, site.plain(&checked)))
}

/// Whether a value holds all of another; what it has beside that are fields that nobody typed.
fn says(whole: &Value, part: &Value) -> bool {
    match (whole, part) {
        (Value::Object(whole), Value::Object(part)) => {
            part.iter().all(|(field, part)| whole.get(field).is_some_and(|whole| says(whole, part)))
        }
        (Value::Array(whole), Value::Array(part)) => {
            whole.len() == part.len() && whole.iter().zip(part).all(|(whole, part)| says(whole, part))
        }
        _ => whole == part,
    }
}

/// One that is kept as it was typed, and can not be released.
pub(crate) async fn group(site: &mut Site, typed: &[(&str, Value)]) -> Result<Value> {
    let (app, draft, checked) = second(site, typed).await?;
    let id = site.call("group_create", json!({ "app": app, "draft": draft })).await?;
    let kept = site.call("group_get", id.clone()).await?;
    for (at, value) in typed {
        anyhow::ensure!(
            kept["draft"].pointer(at).is_some_and(|kept| says(kept, value)),
            "{at} is kept as {}",
            kept["draft"]
        );
    }
    let met = site.refused("release_plan", json!({ "group": id, "image": "v1" })).await?;
    // The form and the core say the same.
    anyhow::ensure!(checked == met["error"]["fields"], "the form says {checked}, the core {met}");
    Ok(met)
}

/// One that is not kept: nobody could say which group it is.
async fn nameless(site: &mut Site, typed: &[(&str, Value)]) -> Result<Value> {
    let (app, draft, checked) = second(site, typed).await?;
    let met = site.refused("group_create", json!({ "app": app, "draft": draft })).await?;
    anyhow::ensure!(checked == met["error"]["fields"], "the form says {checked}, the core {met}");
    Ok(met)
}

async fn group_name_invalid(site: &mut Site) -> Result<Value> {
    nameless(site, &[("/name", json!("生产"))]).await
}

async fn group_name_too_long(site: &mut Site) -> Result<Value> {
    nameless(site, &[("/name", json!("g".repeat(34)))]).await
}

async fn group_name_duplicate(site: &mut Site) -> Result<Value> {
    nameless(site, &[("/name", json!("prod"))]).await
}

async fn group_place_unknown(site: &mut Site) -> Result<Value> {
    nameless(site, &[("/environment", json!("moon")), ("/link", json!("nowhere"))]).await
}

async fn group_place_changed(site: &mut Site) -> Result<Value> {
    let mut group = site.group().await?;
    group.draft["environment"] = "dev".into();
    site.refused("group_update", json!({ "id": group.id, "draft": group.draft })).await
}

async fn count_negative(site: &mut Site) -> Result<Value> {
    group(site, &[("/count", json!("-1"))]).await
}

async fn count_enormous(site: &mut Site) -> Result<Value> {
    group(site, &[("/count", json!("9".repeat(60)))]).await
}

async fn count_not_a_number(site: &mut Site) -> Result<Value> {
    group(site, &[("/count", json!("2.5"))]).await
}

fn port(name: &str, port: &str) -> Value {
    json!({ "name": name, "port": port, "protocol": "TCP" })
}

async fn port_zero(site: &mut Site) -> Result<Value> {
    group(site, &[("/ports", json!([port("http", "0")]))]).await
}

async fn port_negative(site: &mut Site) -> Result<Value> {
    group(site, &[("/ports", json!([port("http", "-8080")]))]).await
}

async fn port_enormous(site: &mut Site) -> Result<Value> {
    group(site, &[("/ports", json!([port("http", "65536")]))]).await
}

async fn ports_duplicate(site: &mut Site) -> Result<Value> {
    group(site, &[("/ports", json!([port("http", "80"), port("http", "80")]))]).await
}

async fn quantity_unparsable(site: &mut Site) -> Result<Value> {
    group(site, &[("/cpu/request", json!("one")), ("/memory/limit", json!("1 GB"))]).await
}

async fn quantity_negative(site: &mut Site) -> Result<Value> {
    group(site, &[("/memory/request", json!("-5Mi"))]).await
}

async fn quantity_enormous(site: &mut Site) -> Result<Value> {
    group(site, &[("/memory/limit", json!("99999E"))]).await
}

async fn limit_below_request(site: &mut Site) -> Result<Value> {
    group(site, &[("/memory/request", json!("1Gi")), ("/memory/limit", json!("512Mi"))]).await
}

async fn limit_zero(site: &mut Site) -> Result<Value> {
    group(site, &[("/cpu/limit", json!("0"))]).await
}

async fn image_unparsable(site: &mut Site) -> Result<Value> {
    group(site, &[("/image", json!("https://example.com/Shop Api"))]).await
}

async fn image_without_tag(site: &mut Site) -> Result<Value> {
    group(site, &[("/image", json!("registry.example.com/shop/api"))]).await
}

async fn image_bad_digest(site: &mut Site) -> Result<Value> {
    group(site, &[("/image", json!("shop/api@sha256:12"))]).await
}

async fn image_bad_tag(site: &mut Site) -> Result<Value> {
    group(site, &[("/image", json!("shop/api:-2"))]).await
}

async fn argument_with_nul(site: &mut Site) -> Result<Value> {
    group(site, &[("/args", json!(["--name=a\0b"]))]).await
}

async fn probe_half(site: &mut Site) -> Result<Value> {
    with_probe(site, "", "8080").await
}

async fn probe_path_relative(site: &mut Site) -> Result<Value> {
    with_probe(site, "readyz", "8080").await
}

async fn with_probe(site: &mut Site, path: &str, port: &str) -> Result<Value> {
    group(site, &[("/readiness", json!({ "kind": "http", "http": { "path": path, "port": port } }))]).await
}

fn variable(name: &str, value: &str) -> Value {
    json!({ "name": name, "value": value })
}

async fn variable_name_invalid(site: &mut Site) -> Result<Value> {
    group(site, &[("/variables", json!([variable("1ST PROFILE", "prod")]))]).await
}

async fn variable_duplicate(site: &mut Site) -> Result<Value> {
    group(site, &[("/variables", json!([variable("PROFILE", "prod"), variable("PROFILE", "dev")]))]).await
}

async fn variable_too_large(site: &mut Site) -> Result<Value> {
    group(site, &[("/variables", json!([variable("BIG", &"x".repeat(32 * 1024 + 1))]))]).await
}

async fn everything_wrong_at_once(site: &mut Site) -> Result<Value> {
    let wrong = [
        ("/name", json!("")),
        ("/environment", json!("")),
        ("/link", json!("")),
        ("/image", json!("A/b")),
        ("/count", json!("")),
        ("/cpu/request", json!("x")),
        ("/memory/limit", json!("1")),
        ("/ports", json!([port("a-very-long-port", "")])),
    ];
    nameless(site, &wrong).await
}

/// Links what was inspected under a name as typed.
async fn link_named(site: &Site, name: &str) -> Result<Value> {
    let preview = site.call("cluster_inspect", site.context_of(&site.kubeconfig()?)?).await?;
    site.refused("cluster_link", json!({ "token": preview["token"], "name": name })).await
}

async fn link_name_empty(site: &mut Site) -> Result<Value> {
    link_named(site, " ").await
}

/// A link of the namespace `default`, which every cluster has.
async fn other_link(site: &Site) -> Result<String> {
    let mut config = site.kubeconfig()?;
    config["contexts"][0]["context"]["namespace"] = "default".into();
    site.link_from(site.context_of(&config)?, "other").await
}

async fn link_name_duplicate(site: &mut Site) -> Result<Value> {
    other_link(site).await?;
    link_named(site, "other").await
}

async fn link_preview_forgotten(site: &mut Site) -> Result<Value> {
    site.refused("cluster_link", json!({ "token": "of another day", "name": "test" })).await
}

async fn cluster_name_duplicate(site: &mut Site) -> Result<Value> {
    other_link(site).await?;
    let id = site.link().await?;
    site.refused("cluster_rename", json!({ "id": id, "name": "other" })).await
}

async fn app_with_groups_deleted(site: &mut Site) -> Result<Value> {
    let group = site.group().await?;
    site.refused("app_delete", json!(group.app)).await
}

/// The settings with one of them as typed.
async fn setting(site: &Site, field: &str, typed: &str) -> Result<Value> {
    let mut settings = site.call("setting_get", Value::Null).await?;
    settings[field] = typed.into();
    site.refused("setting_set", settings).await
}

async fn display_name_too_long(site: &mut Site) -> Result<Value> {
    setting(site, "display_name", &"n".repeat(121)).await
}

async fn log_size_too_large(site: &mut Site) -> Result<Value> {
    setting(site, "log_size", "2 TiB").await
}

async fn log_size_unparsable(site: &mut Site) -> Result<Value> {
    setting(site, "log_size", "as much as there is").await
}
