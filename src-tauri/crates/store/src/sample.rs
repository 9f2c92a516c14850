//! Invented apps, groups and releases for measurements: the same every time for the same size.

use crate::{Failure, FileEntry, Store, StoreError, Writer};
use jiff::{SignedDuration, Timestamp};
use slipway_model::app::{App, AppDraft};
use slipway_model::cluster::{ClusterLink, LinkSource};
use slipway_model::config::{Config, ConfigSource, ConfigValue, Content, Value};
use slipway_model::environment::{Environment, first_environments};
use slipway_model::group::{Group, GroupDraft, first_draft};
use slipway_model::id::{AppId, FileId, GroupId, LinkId, ReleaseId};
use slipway_model::image::ImageRef;
use slipway_model::release::{Author, Base, Plan, Progress, Release, ReleaseState, Seq, Stage, Transition};
use slipway_model::variable::Variable;
use std::sync::Arc;

/// How much to invent. Groups are spread evenly over the apps, releases over the groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    pub apps: u32,
    pub groups: u32,
    pub releases: u32,
}

/// Releases written in one transaction.
const BATCH: u32 = 2_000;
const VARIABLES: u32 = 20;
/// Files of an app, keys of an app, lines of a file.
const FILES: u32 = 5;
const KEYS: u32 = 20;
const LINES: u32 = 60;
/// Between one release and the next.
const PACE: SignedDuration = SignedDuration::from_mins(7);

/// Fills an empty store. All releases have ended, so that nothing is resumed.
///
/// # Panics
/// Without apps for the groups, or groups for the releases.
pub async fn fill(store: &Store, size: Size) -> Result<(), StoreError> {
    assert!(size.groups == 0 || size.apps > 0, "groups belong to apps");
    assert!(size.releases == 0 || size.groups > 0, "releases belong to groups");
    let groups: Arc<Vec<(App, Group)>> = store.write(move |w| places(w, size)).await?.into();
    let mut from = 0;
    while from < size.releases {
        let until = size.releases.min(from + BATCH);
        let groups = groups.clone();
        store
            .write(move |w| {
                (from..until).try_for_each(|n| {
                    let (app, group) = &groups[n as usize % groups.len()];
                    w.insert_release(&release(app, group, n, n / size.groups))
                })
            })
            .await?;
        from = until;
    }
    Ok(())
}

/// Files and versions of a filled store, spread evenly over its apps: a few templates each, with a default for each key
/// and a value of every group for one of them.
pub async fn fill_files(store: &Store, versions: u32) -> Result<(), StoreError> {
    let apps = store.read(|r| r.apps()).await?;
    let files = u32::try_from(apps.len()).unwrap_or(u32::MAX).saturating_mul(FILES).max(1);
    let each = versions.div_ceil(files);
    for (app, _) in apps {
        store
            .write(move |w| {
                for key in 0..KEYS {
                    w.set_value(&app.id, &format!("key.{key}"), None, Some(&Value::Plain(format!("default {key}"))))?;
                }
                for group in w.groups_of_app(&app.id)? {
                    let own = Value::Plain(format!("of {}", group.draft.name));
                    w.set_value(&app.id, "key.0", Some(&group.id), Some(&own))?;
                }
                (0..FILES).try_for_each(|n| file(w, &app, n, each))
            })
            .await?;
    }
    Ok(())
}

fn file(w: &mut Writer<'_>, app: &App, n: u32, versions: u32) -> Result<(), Failure> {
    let id = FileId::from(format!("{}/{n}", app.id));
    for version in 0..versions {
        let content = text(n, version);
        let saved = Timestamp::UNIX_EPOCH + PACE * i32::try_from(version).unwrap_or(i32::MAX);
        let before = w.file(&id)?;
        let new = before.unwrap_or_else(|| FileEntry::new(id.clone(), app.id.clone(), None, path(n), content.clone()));
        let entry = FileEntry { content, saved, saved_by: "Sample".to_owned(), ..new };
        if version == 0 {
            w.insert_file(&entry)?;
        } else {
            w.save_file(&entry)?;
        }
        if let Some(saved) = w.file(&id)? {
            w.cut_version(&saved, "idle", None)?;
        }
    }
    Ok(())
}

/// The link, the apps and the groups, which are answered.
fn places(w: &mut Writer<'_>, size: Size) -> Result<Vec<(App, Group)>, Failure> {
    let link = link();
    w.put_link(&link)?;
    let apps: Vec<App> = (0..size.apps).map(app).collect();
    for app in &apps {
        w.insert_app(app)?;
    }
    let environments = first_environments();
    let mut groups = Vec::with_capacity(size.groups as usize);
    for n in 0..size.groups {
        let app = &apps[(n % size.apps) as usize];
        let environment = &environments[n as usize % environments.len()];
        let draft = draft(n / size.apps, environment, &link);
        let id = GroupId::from(id(2, n));
        w.insert_group(&id, &app.id, &draft)?;
        groups.push((app.clone(), draft.validate(id, app).expect("the invented draft is valid")));
    }
    Ok(groups)
}

/// A random-looking id that is the same every time: neighbours in time are no neighbours in an index.
fn id(kind: u64, n: u32) -> String {
    let mut x = (kind << 32 | u64::from(n)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    uuid::Uuid::from_u64_pair(x ^ (x >> 31), kind << 32 | u64::from(n)).to_string()
}

fn link() -> ClusterLink {
    ClusterLink {
        id: LinkId::from(id(1, 0)),
        name: "sample".to_owned(),
        // Nobody answers on the discard port of this computer.
        server: "https://127.0.0.1:9".to_owned(),
        fingerprint: String::new(),
        namespace: "sample".to_owned(),
        namespace_uid: id(1, 1),
        identity: "sample".to_owned(),
        role: None,
        expires: None,
        source: LinkSource::Code,
        prometheus: None,
    }
}

fn app(n: u32) -> App {
    let draft = AppDraft {
        slug: format!("app-{n}"),
        title: format!("Sample app {n}"),
        repository: format!("registry.example.com/sample/app-{n}"),
        deploy_path: "/export/app/".to_owned(),
    };
    draft.validate(AppId::from(id(0, n))).expect("the invented app is valid")
}

fn draft(n: u32, environment: &Environment, link: &ClusterLink) -> GroupDraft {
    let variable = |n| Variable::plain(format!("SETTING_{n}"), format!("value {n} of an invented setting"));
    GroupDraft {
        name: format!("{}-{n}", environment.id),
        environment: environment.id.to_string(),
        link: link.id.to_string(),
        variables: (0..VARIABLES).map(variable).collect(),
        ..first_draft()
    }
}

/// Release `n` of all, the `nth` of its group.
fn release(app: &App, group: &Group, n: u32, nth: u32) -> Release {
    let begin = Timestamp::UNIX_EPOCH + SignedDuration::from_hours(54 * 365 * 24);
    let created = begin + PACE * i32::try_from(n).unwrap_or(i32::MAX);
    let ended = created + SignedDuration::from_secs(90);
    // Here and there one, and of no group all.
    let state = if (n + nth) % 50 == 49 { ReleaseState::Aborted } else { ReleaseState::Succeeded };
    let environment = first_environments().into_iter().find(|e| e.id == group.environment);
    let image = format!("1.{}.{}", nth / 10, nth % 10);
    let transition = |at, stage, state| Transition { at, stage, state, by: None, note: None, batch: None };
    Release {
        id: ReleaseId::from(id(3, n)),
        app: app.id.clone(),
        group: group.id.clone(),
        link: group.link.clone(),
        seq: Some(Seq(nth + 1)),
        state,
        stage: Stage::End,
        plan: Plan {
            hash: format!("{n:064x}"),
            app: app.clone(),
            environment: environment.expect("the invented groups are in the first environments"),
            group: group.clone(),
            config: config(group, nth),
            namespace: "sample".to_owned(),
            workload: format!("{}-{}", app.slug, group.slug),
            image: ImageRef::parse(&image, &app.repository).expect("the invented image is valid"),
            from: nth.checked_sub(1).map(|before| format!("1.{}.{}", before / 10, before % 10)),
            objects: vec![format!("{}-{}-variables-{n:08x}", app.slug, group.slug)],
            base: (nth > 0).then(|| base(app, group, n)),
            balancers: Vec::new(),
            back: None,
            preflight: None,
        },
        author: Author {
            identity: "system:serviceaccount:sample-access:sample".to_owned(),
            display: "Sample".to_owned(),
            device: "sample".to_owned(),
        },
        note: format!("Sample release {n}"),
        created,
        ended: Some(ended),
        transitions: vec![
            transition(created, Stage::Plan, ReleaseState::Planned),
            transition(created, Stage::Begin, ReleaseState::Moving),
            transition(ended, Stage::End, state),
        ],
        diagnosis: None,
        progress: Progress::default(),
        newer: None,
        usage: None,
        train: None,
        decided: Vec::new(),
    }
}

/// As `fill_files` makes it, with a file or another changed every tenth release.
fn config(group: &Group, nth: u32) -> Config {
    let file = |n| ConfigSource::new(&path(n), text(n, nth / 10 + u32::from(nth % 10 > n)));
    let value = |key| ConfigValue {
        key: format!("key.{key}"),
        sensitive: false,
        value: (key == 0).then(|| Value::Plain(format!("of {}", group.slug))),
        default: Some(Value::Plain(format!("default {key}"))),
    };
    Config { files: (0..FILES).map(file).collect(), values: (0..KEYS).map(value).collect(), variables: Vec::new() }
}

fn path(n: u32) -> String {
    format!("conf/sample-{n}.yml")
}

fn text(n: u32, version: u32) -> Content {
    let lines = (0..LINES).map(|line| format!("setting.{line}: {{{{key.{}}}}} of {version}\n", (n + line) % KEYS));
    Content::Text(lines.collect())
}

/// What ran before, of the length that a pod template has.
fn base(app: &App, group: &Group, n: u32) -> Base {
    let container = serde_json::json!({
        "name": app.slug, "image": app.repository, "command": ["/bin/sh", "-c", "exec /export/app/bin/server"],
        "envFrom": [{ "configMapRef": { "name": format!("{}-{}", app.slug, group.slug) } }],
        "resources": { "requests": { "cpu": "100m", "memory": "128Mi" }, "limits": { "cpu": "500m", "memory": "256Mi" } },
        "readinessProbe": { "httpGet": { "path": "/readyz", "port": 8080 }, "periodSeconds": 5, "failureThreshold": 3 },
        "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent",
    });
    Base {
        uid: id(4, n),
        generation: i64::from(n),
        spec_hash: format!("{n:064x}"),
        replicas: group.count,
        stable: serde_json::json!({
            "template": {
                "metadata": { "labels": { "slipway.dev/app": app.id, "slipway.dev/group": group.id } },
                "spec": { "containers": [container], "restartPolicy": "Always", "dnsPolicy": "ClusterFirst" },
            },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 0 } },
            "minReadySeconds": 5, "progressDeadlineSeconds": 600,
        }),
        variables: group.variables.clone(),
    }
}
