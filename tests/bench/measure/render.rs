//! Case 13: rendering the files of a hundred groups, the difference of two long files, and their three-way merge.

use crate::result::{Budget, Finding, Line, median};
use anyhow::{Context, Result, anyhow};
use slipway_model::app::AppDraft;
use slipway_model::config::{Config, ConfigSource, ConfigValue, Content, Value};
use slipway_model::group::{Group, first_draft};
use slipway_model::image::ImageRef;
use slipway_render::{Workload, diff, merge, render};
use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

const GROUPS: usize = 100;
const FILES: usize = 50;
/// Keys in each file, and values that all files have between them.
const KEYS: usize = 6;
const VALUES: usize = 300;
const LINES: usize = 10_000;

pub(crate) fn measure(quick: bool) -> Result<Finding> {
    let times = if quick { 5 } else { 21 };
    let (app, group, image) = nouns()?;
    let configs: Vec<Config> = (0..GROUPS).map(config).collect();
    let name = format!("{}-{}", app.slug, group.slug);
    let all = || {
        for config in &configs {
            let workload = Workload {
                app: &app,
                group: &group,
                config,
                secrets: None,
                image: &image,
                namespace: "shop",
                name: &name,
                live_count: None,
                balancers: &[],
                hold: None,
            };
            black_box(render(workload, "r1"));
        }
    };
    let base = long("");
    // A word here and a line there, as people edit: every hundredth line on one side, others on the other.
    let (ours, theirs) = (edited(&base, 7, "ours"), edited(&base, 57, "theirs"));
    // Nothing is where it was: what the comparison has to do most for.
    let other = long("another ");
    let mut finding = Finding::default();
    let mut line = |part: &str, samples: Vec<f64>, bound| {
        let line = Line { samples: samples.clone(), ..Line::new(part, "ms", median(&samples), Budget::Most(bound)) };
        finding.lines.push(line);
    };
    line("render 100 × 50 files", taken(times, all), 100.0);
    line("diff of 10,000 lines", taken(times, || drop(black_box(diff::texts(&base, &ours)))), 50.0);
    line("diff, every line another", taken(times, || drop(black_box(diff::texts(&base, &other)))), 50.0);
    line("merge of 10,000 lines", taken(times, || drop(black_box(merge::texts(&base, &ours, &theirs)))), 50.0);
    finding.notes.push(format!("files of {} bytes, {KEYS} placeholders in each, {VALUES} values", file(0).len()));
    Ok(finding)
}

fn nouns() -> Result<(slipway_model::app::App, Group, ImageRef)> {
    let draft = AppDraft {
        slug: "checkout-api".to_owned(),
        repository: "registry.example.com/shop/checkout-api".to_owned(),
        deploy_path: "/export/".to_owned(),
        ..AppDraft::default()
    };
    let wrong = |errors| anyhow!("{errors:?}");
    let app = draft.validate("app".into()).map_err(wrong)?;
    let mut draft = first_draft();
    (draft.name, draft.environment, draft.link) = ("prod".to_owned(), "prod".to_owned(), "link".to_owned());
    (draft.image, draft.count) = ("2.14.0".to_owned(), "10".to_owned());
    let group = draft.validate("group".into(), &app).map_err(wrong)?;
    let image = group.image.clone().context("the draft has an image")?;
    Ok((app, group, image))
}

/// Every group has values of its own: no file of one is that of another.
fn config(group: usize) -> Config {
    let files =
        (0..FILES).map(|number| ConfigSource::new(&format!("conf/service-{number}.yaml"), Content::Text(file(number))));
    let values = (0..VALUES).map(|key| ConfigValue {
        key: format!("key.{key:03}"),
        sensitive: false,
        value: Some(Value::Plain(format!("value {key} of group {group}"))),
        default: None,
    });
    Config { files: files.collect(), values: values.collect(), variables: Vec::new() }
}

fn file(number: usize) -> String {
    let mut text = String::new();
    for line in 0..60 {
        if line % (60 / KEYS) == 0 {
            let key = (number * KEYS + line) % VALUES;
            writeln!(text, "setting-{line}: {{{{key.{key:03}|none}}}}").expect("a String takes it");
        } else {
            writeln!(text, "setting-{line}: a value that is the same everywhere").expect("a String takes it");
        }
    }
    text
}

fn long(word: &str) -> String {
    let mut text = String::new();
    for line in 0..LINES {
        writeln!(text, "{word}setting-{line}: value {line}").expect("a String takes it");
    }
    text
}

fn edited(base: &str, first: usize, word: &str) -> String {
    let mut text = String::new();
    for (number, line) in base.lines().enumerate() {
        if number % 100 == first {
            writeln!(text, "{line} {word}").expect("a String takes it");
        } else if number % 1_000 != first + 1 {
            writeln!(text, "{line}").expect("a String takes it");
        }
    }
    text
}

/// ms of each of some turns, after a first one that warms up.
fn taken(times: usize, work: impl Fn()) -> Vec<f64> {
    work();
    let turn = |_| {
        let begun = Instant::now();
        work();
        begun.elapsed().as_secs_f64() * 1000.0
    };
    (0..times).map(turn).collect()
}
