//! Case 14: what each page asks the core, answered as the window gets it, on a large store.

use super::Bench;
use crate::result::{Budget, Finding, Line, Point, median};
use anyhow::{Context, Result};
use rusqlite::{Connection, OpenFlags};
use serde_json::{Value, json};
use slipway_api::host::Later;
use slipway_api::{Api, ApiError, Desktop};
use slipway_store::Store;
use slipway_store::sample::{self, Size};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

const WHOLE: Size = Size { apps: 1_000, groups: 5_000, releases: 100_000 };
/// Beside the whole; as many fewer or more.
const VERSIONS: u32 = 50_000;
const PART: &str = "slowest page";
/// All of them of one app: what its history opens, turns and is narrowed in.
const HISTORY: Size = Size { apps: 1, groups: 20, releases: 100_000 };
const HISTORY_PART: &str = "history";
/// What its page asks before anything is narrowed.
const OPENING: [&str; 3] = ["last of each group", "all", "people"];

/// A desktop with an empty clipboard, at which nobody chooses anything.
#[derive(Debug)]
struct Nobody;

impl Desktop for Nobody {
    fn clipboard_text(&self) -> Later<Option<String>> {
        Box::pin(async { None })
    }

    fn choose_file(&self, _title: String) -> Later<Option<PathBuf>> {
        Box::pin(async { None })
    }

    fn choose_folder(&self, title: String) -> Later<Option<PathBuf>> {
        self.choose_file(title)
    }

    fn choose_files(&self, title: String) -> Later<Vec<PathBuf>> {
        let file = self.choose_file(title);
        Box::pin(async { file.await.into_iter().collect() })
    }

    fn choose_place(&self, title: String, _name: String) -> Later<Option<PathBuf>> {
        self.choose_file(title)
    }

    fn notify(&self, _title: String, _text: String) -> Later<bool> {
        Box::pin(async { false })
    }

    fn browse(&self, _address: String) -> Later<bool> {
        Box::pin(async { false })
    }

    fn reveal(&self, _path: PathBuf) -> Later<bool> {
        Box::pin(async { false })
    }
}

/// Medians of one size, in ms.
struct Times {
    /// By call, the slowest first.
    calls: Vec<(&'static str, f64)>,
    lookup: f64,
}

pub(crate) async fn measure(bench: &Bench) -> Result<Finding> {
    let quick = bench.options.quick;
    // One tenth, one and ten times of everything; in a hurry only the first two, and of a tenth.
    let sizes: Vec<Size> =
        if quick { vec![divided(100), divided(10)] } else { vec![divided(10), WHOLE, multiplied(10)] };
    let judged = if quick { divided(10) } else { WHOLE };
    let mut finding = Finding::default();
    let history = if quick { Size { releases: HISTORY.releases / 10, ..HISTORY } } else { HISTORY };
    let calls = history_times(history).await?;
    let opening = calls.iter().filter(|(name, _)| OPENING.contains(name)).map(|(_, ms)| *ms).fold(0.0, f64::max);
    finding.lines.push(Line::new(HISTORY_PART, "ms", opening, Budget::Most(50.0)));
    let all = calls.iter().map(|(name, ms)| format!("{name} {ms:.2}")).collect::<Vec<_>>().join(", ");
    let note = format!("ms, {} releases of one app: {all}", history.releases);
    // Told while the rest is measured: larger sizes take long to fill.
    eprintln!("  {note}");
    finding.notes.push(note);
    for size in sizes {
        let Times { calls, lookup } = times(size).await?;
        let (slowest, ms) = calls[0];
        eprintln!("  {} releases: {slowest} {ms:.2} ms", size.releases);
        finding.curve.push(Point {
            part: PART.to_owned(),
            size: size.releases.into(),
            unit: "ms".to_owned(),
            ours: ms,
            yardstick: Some(lookup),
        });
        if size == judged {
            finding.lines.push(Line::new(PART, "ms", ms, Budget::Most(50.0)).beside(lookup));
            finding.notes.push(format!(
                "{} apps, {} groups, {} releases, {} file versions; the slowest is {slowest}",
                size.apps,
                size.groups,
                size.releases,
                versions(size)
            ));
            let all = calls.iter().map(|(name, ms)| format!("{name} {ms:.2}")).collect::<Vec<_>>();
            finding.notes.push(format!("ms: {}", all.join(", ")));
        }
    }
    Ok(finding)
}

/// What the page of releases asks of one app, the slowest first.
async fn history_times(size: Size) -> Result<Vec<(&'static str, f64)>> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open(folder.path()).await?;
    sample::fill(&opened.store, size).await?;
    opened.store.close().await;
    let api = Api::open(folder.path(), Arc::new(Nobody)).await.map_err(said)?;
    let app = value(&api, "app_list", Value::Null).await?[0]["id"].clone();
    let group = value(&api, "group_list", app.clone()).await?[0]["id"].clone();
    let list = |last: bool, group: &Value, narrow: Value| json!({ "app": app, "last": last, "group": group, "before": null, "limit": 100, "narrow": narrow });
    let narrow = |change: Value| {
        let mut narrow = json!({ "person": null, "state": null, "since": null, "text": "" });
        if let (Some(narrow), Value::Object(change)) = (narrow.as_object_mut(), change) {
            narrow.extend(change);
        }
        narrow
    };
    let questions = [
        ("last of each group", "release_list", list(true, &Value::Null, Value::Null)),
        ("all", "release_list", list(false, &Value::Null, Value::Null)),
        ("of a group", "release_list", list(false, &group, Value::Null)),
        ("by a person", "release_list", list(false, &Value::Null, narrow(json!({ "person": "Sample" })))),
        ("aborted", "release_list", list(false, &Value::Null, narrow(json!({ "state": "aborted" })))),
        ("with a word", "release_list", list(false, &Value::Null, narrow(json!({ "text": "release 99" })))),
        ("with no such word", "release_list", list(false, &Value::Null, narrow(json!({ "text": "no such" })))),
        ("people", "release_people", app.clone()),
    ];
    let mut calls = Vec::new();
    for (page, name, payload) in questions {
        calls.push((
            page,
            median(&repeated(async || api.call(name, payload.clone()).await.map(drop).map_err(said)).await?),
        ));
    }
    calls.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    api.close().await;
    Ok(calls)
}

fn divided(by: u32) -> Size {
    Size { apps: WHOLE.apps / by, groups: WHOLE.groups / by, releases: WHOLE.releases / by }
}

fn multiplied(by: u32) -> Size {
    Size { apps: WHOLE.apps * by, groups: WHOLE.groups * by, releases: WHOLE.releases * by }
}

/// In proportion to the apps.
fn versions(size: Size) -> u32 {
    size.apps * (VERSIONS / WHOLE.apps)
}

async fn times(size: Size) -> Result<Times> {
    let folder = tempfile::tempdir()?;
    let opened = Store::open(folder.path()).await?;
    sample::fill(&opened.store, size).await?;
    sample::fill_files(&opened.store, versions(size)).await?;
    opened.store.close().await;

    let api = Api::open(folder.path(), Arc::new(Nobody)).await.map_err(said)?;
    let mut calls = Vec::new();
    for (page, name, payload) in questions(&api).await? {
        let ms = median(&repeated(async || api.call(name, payload.clone()).await.map(drop).map_err(said)).await?);
        calls.push((page, ms));
    }
    calls.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let lookup = lookup(&folder.path().join("slipway.db"))?;
    api.close().await;
    Ok(Times { calls, lookup })
}

/// What the pages ask, of an app in the middle: a word for it, the call and its payload.
async fn questions(api: &Api) -> Result<Vec<(&'static str, &'static str, Value)>> {
    let apps = value(api, "app_list", Value::Null).await?;
    let apps = apps.as_array().context("app_list answers a list")?;
    let app = apps.get(apps.len() / 2).context("there is an app")?["id"].clone();
    let groups = value(api, "group_list", app.clone()).await?;
    let group = groups[0]["id"].clone();
    let tree = value(api, "config_tree", app.clone()).await?;
    let file = tree["files"][0]["id"].clone();
    let list = |group: &Value, last: bool, before: Value, limit: u32| json!({ "app": app, "last": last, "group": group, "before": before, "limit": limit });
    let page = value(api, "release_list", list(&Value::Null, false, Value::Null, 50)).await?;
    let below = page["rows"].as_array().and_then(|rows| rows.last()).context("the app has releases")?["id"].clone();
    let side = |kind: &str| json!({ "group": group, "side": { "kind": kind } });
    Ok(vec![
        ("apps", "app_list", Value::Null),
        ("app", "app_get", app.clone()),
        ("overview", "app_overview", app.clone()),
        ("pending", "app_pending", app.clone()),
        ("environments", "environment_list", Value::Null),
        ("uses of environments", "environment_uses", Value::Null),
        ("groups", "group_list", app.clone()),
        ("new group", "group_new", app.clone()),
        ("group", "group_get", group.clone()),
        ("deleted groups", "group_deleted", app.clone()),
        ("load balancers", "balancer_list", app.clone()),
        ("YAML", "group_yaml", side("saved")),
        ("difference", "group_diff", json!({ "from": side("released"), "to": side("saved") })),
        ("clusters", "cluster_list", Value::Null),
        ("last releases", "release_list", list(&Value::Null, true, Value::Null, 1)),
        ("releases", "release_list", list(&Value::Null, false, Value::Null, 200)),
        ("releases below", "release_list", list(&Value::Null, false, below, 200)),
        ("releases of a group", "release_list", list(&group, false, Value::Null, 200)),
        ("files", "config_tree", app.clone()),
        ("file", "config_file", json!({ "id": file, "group": group })),
        ("versions", "config_versions", file.clone()),
        ("deleted files", "config_deleted", app.clone()),
        ("values", "config_matrix", app.clone()),
        ("variables of the app", "app_variables", app.clone()),
        ("variables", "config_variables", group.clone()),
        ("settings", "setting_get", Value::Null),
        ("about", "setting_about", Value::Null),
    ])
}

async fn value(api: &Api, name: &str, payload: Value) -> Result<Value> {
    Ok(api.call(name, payload).await.map_err(said)?.value())
}

fn said(error: ApiError) -> anyhow::Error {
    anyhow::anyhow!("{:?}: {}", error.code, error.detail)
}

/// ms of each of some calls, after a first one that warms up.
async fn repeated(call: impl AsyncFn() -> Result<()>) -> Result<Vec<f64>> {
    const TIMES: usize = 21;
    call().await?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        call().await?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

/// One row by its key, with nothing of ours between.
fn lookup(database: &Path) -> Result<f64> {
    const TIMES: usize = 101;
    let database = Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let mut row = database.prepare("SELECT * FROM app WHERE rowid = (SELECT max(rowid) FROM app)")?;
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        let mut rows = row.query([])?;
        rows.next()?.context("there is an app")?;
        times.push(begun.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(median(&times))
}
