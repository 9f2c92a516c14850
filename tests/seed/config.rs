//! The configuration of the story: files of the app, the values of its groups, and its load balancers.

use anyhow::{Context, Result};
use slipway_engine::Engine;
use slipway_engine::config::{AppVariablesSet, ConfigCreate, FileContent, KeySet, ValueSet};
use slipway_model::balancer::{BalancerDraft, BalancerKind, BalancerPortDraft};
use slipway_model::config::Value;
use slipway_model::id::{AppId, GroupId};
use slipway_model::variable::{Variable, VariableKind};

/// Path below the deploy path, or from `/`; content.
const FILES: &[(&str, &str)] = &[
    ("conf/application.yaml", include_str!("files/application.yaml")),
    ("conf/logback.xml", include_str!("files/logback.xml")),
    ("conf/feature-flags.json", include_str!("files/feature-flags.json")),
    ("/etc/nginx/conf.d/app.conf", include_str!("files/app.conf")),
];

/// The one file that only one group has.
const ROUTES: (&str, &str, &str) = ("prod-sh-1", "conf/sh-routes.yaml", include_str!("files/sh-routes.yaml"));

/// Key and its default for all groups.
const DEFAULTS: &[(&str, &str)] = &[
    (POOL, "20"),
    ("cache.timeout", "250ms"),
    ("payment.retry", "3"),
    ("shipping.schema", "v1"),
    ("order.topic", "orders"),
    ("log.level", "INFO"),
    ("jvm.heap", "384m"),
    ("legacy.gateway", "off"),
];

/// Keys whose values only the keyring knows.
const SECRETS: &[(&str, &str)] = &[("db.password", "practice-only"), ("payment.merchant.key", "practice-only")];

/// The size of the connection pool: the value that the story's failing release raises too far.
const POOL: &str = "db.pool.max";

/// Group, and the keys that it sets when it is made.
const VALUES: &[(&str, &[(&str, &str)])] = &[
    (
        "dev-lihua",
        &[
            ("db.host", "mysql-dev"),
            ("cache.host", "redis-dev"),
            ("payment.callback.host", "pay-cb-dev"),
            ("shipping.schema", "v2"),
            ("order.topic", "orders-dev"),
            ("region", "bj"),
            ("log.level", "DEBUG"),
            ("gateway.url", "gw-dev"),
            ("jvm.heap", "256m"),
        ],
    ),
    (
        "test",
        &[
            ("db.host", "mysql-test"),
            ("cache.host", "redis-test"),
            ("payment.callback.host", "pay-cb-test"),
            ("shipping.schema", "v2"),
            ("order.topic", "orders-test"),
            ("region", "bj"),
            ("log.level", "DEBUG"),
            ("gateway.url", "gw-test"),
        ],
    ),
    (
        "staging",
        &[
            ("db.host", "mysql-stg"),
            ("cache.host", "redis-stg"),
            ("payment.callback.host", "pay-cb-stg"),
            ("shipping.schema", "v2"),
            ("region", "bj"),
            ("gateway.url", "gw-stg"),
        ],
    ),
    (
        "prod-bj-1",
        &[
            ("db.host", "mysql-bj.internal"),
            ("cache.host", "redis-cart.bj.internal"),
            ("payment.callback.host", "pay-cb-bj.example.com"),
            ("shipping.schema", "v2"),
            ("region", "bj"),
            ("gateway.url", "gw.bj"),
        ],
    ),
    (
        "prod-sh-1",
        &[
            ("db.host", "mysql-sh.internal"),
            ("cache.host", "redis-cart.sh.internal"),
            ("payment.callback.host", "pay-cb-sh.example.com"),
            ("region", "sh"),
            ("gateway.url", "gw.sh"),
        ],
    ),
    (
        "prod-gz-1",
        &[
            ("db.host", "mysql-gz.internal"),
            ("cache.host", "redis-cart.gz.internal"),
            ("payment.callback.host", "pay-cb-gz.example.com"),
            ("region", "gz"),
            ("gateway.url", "gw.gz"),
        ],
    ),
    (
        // Its callback host is missing: what blocks its first release.
        "prod-gz-2",
        &[
            ("db.host", "mysql-gz.internal"),
            ("cache.host", "redis-cart.gz.internal"),
            ("shipping.schema", "v2"),
            ("region", "gz"),
            ("gateway.url", "gw.gz"),
        ],
    ),
];

/// What is corrected or tried after the last release of a group, and waits for the next.
const PENDING: &[(&str, &[(&str, &str)])] =
    &[("prod-sh-1", &[(POOL, "26"), ("shipping.schema", "v2")]), ("prod-gz-1", &[("log.level", "WARN")])];

/// A load balancer: name, type, port, groups.
const BALANCERS: &[(&str, BalancerKind, &str, &[&str])] = &[
    ("checkout-api-bj", BalancerKind::LoadBalancer, "80", &["prod-bj-1"]),
    ("checkout-api-bj-metrics", BalancerKind::ClusterIP, "9102", &["prod-bj-1"]),
    ("checkout-api-sh", BalancerKind::LoadBalancer, "80", &["prod-sh-1"]),
    ("checkout-api-gz", BalancerKind::LoadBalancer, "80", &["prod-gz-1"]),
    ("checkout-api-stg", BalancerKind::NodePort, "8080", &["staging"]),
    ("checkout-api-test", BalancerKind::NodePort, "8080", &["test"]),
    ("checkout-api-dev", BalancerKind::ClusterIP, "8080", &["dev-lihua"]),
];

/// Files, keys and variables that all groups of a new app have.
pub(crate) async fn of_app(engine: &Engine, app: &AppId) -> Result<()> {
    for (path, text) in FILES {
        file(engine, app, None, path, text).await?;
    }
    for (key, value) in DEFAULTS {
        set(engine, app, None, key, value).await?;
    }
    for (key, value) in SECRETS {
        engine.key_set(&KeySet { app: app.clone(), key: (*key).into(), sensitive: true }).await?;
        set(engine, app, None, key, value).await?;
    }
    let template = |name: &str, value: &str| Variable { kind: VariableKind::Template, ..Variable::plain(name, value) };
    let variables = vec![
        Variable::plain("TZ", "Asia/Shanghai"),
        template("JAVA_OPTS", "-Xmx{{jvm.heap}} -XX:+UseZGC"),
        template("DB_POOL_MAX", "{{db.pool.max}}"),
    ];
    engine.app_variables_set(&AppVariablesSet { app: app.clone(), variables }).await?;
    Ok(())
}

/// What a new group has of its own.
pub(crate) async fn of_group(engine: &Engine, app: &AppId, group: &GroupId, name: &str) -> Result<()> {
    if name == ROUTES.0 {
        file(engine, app, Some(group), ROUTES.1, ROUTES.2).await?;
    }
    values(engine, app, group, name, VALUES).await
}

/// The pool that the next release of a group comes with.
pub(crate) async fn pool(engine: &Engine, app: &AppId, group: &GroupId, size: u32) -> Result<()> {
    set(engine, app, Some(group), POOL, &size.to_string()).await
}

/// Changes that wait for a release.
pub(crate) async fn pending(engine: &Engine, app: &AppId, group: &GroupId, name: &str) -> Result<()> {
    values(engine, app, group, name, PENDING).await
}

/// The load balancers that there are not yet.
pub(crate) async fn balancers(engine: &Engine, app: &AppId) -> Result<()> {
    let known = engine.balancer_list(app).await?;
    let groups = engine.group_list(app).await?;
    for (name, kind, port, of) in BALANCERS {
        if known.iter().any(|row| row.draft.name == *name) {
            continue;
        }
        let chosen = of.iter().map(|name| groups.iter().find(|card| card.name == *name).map(|card| card.id.clone()));
        let port = BalancerPortDraft {
            name: "http".into(),
            port: (*port).into(),
            target: "http".into(),
            ..BalancerPortDraft::default()
        };
        let draft = BalancerDraft {
            name: (*name).into(),
            kind: *kind,
            ports: vec![port],
            groups: chosen.collect::<Option<_>>().context("the story's groups are made first")?,
        };
        engine.balancer_create(app, &draft).await.with_context(|| format!("create the load balancer {name}"))?;
    }
    Ok(())
}

async fn values(
    engine: &Engine,
    app: &AppId,
    group: &GroupId,
    name: &str,
    of: &[(&str, &[(&str, &str)])],
) -> Result<()> {
    let mine = of.iter().filter(|(of, _)| *of == name).flat_map(|(_, values)| *values);
    for (key, value) in mine {
        set(engine, app, Some(group), key, value).await?;
    }
    Ok(())
}

async fn set(engine: &Engine, app: &AppId, group: Option<&GroupId>, key: &str, value: &str) -> Result<()> {
    let value = Some(Value::Plain(value.into()));
    let set = ValueSet { app: app.clone(), key: key.into(), group: group.cloned(), value };
    engine.value_set(&set).await.with_context(|| format!("set {key}"))
}

async fn file(engine: &Engine, app: &AppId, group: Option<&GroupId>, path: &str, text: &str) -> Result<()> {
    let create = ConfigCreate {
        app: app.clone(),
        group: group.cloned(),
        path: path.into(),
        content: FileContent::Text { text: text.into() },
        literal: false,
        sensitive: false,
    };
    engine.config_create(&create).await.with_context(|| format!("create {path}"))?;
    Ok(())
}
