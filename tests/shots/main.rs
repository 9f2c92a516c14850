//! A picture of every page of a filled data folder, in the real window, and of what each page shows when it has nothing,
//! waits, lost its cluster or never had it.
//!
//! Works on the display, message bus and keyring that it finds: `cargo xtask` gives it those of the practice cluster.

mod browser;
mod fault;

use anyhow::{Context, Result, bail, ensure};
use browser::{Browser, Until, eventually};
use fault::{Cluster, Port};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// The list that sidebar, palette and router are made from.
const ROUTES: &str = include_str!("../../ui/src/app/routes.ts");
/// "As of", as a page says that what it shows is old.
const AS_OF: &[&str] = &["As of", "截至"];
/// Of nothing that there is.
const NOBODY: &str = "00000000-0000-4000-8000-000000000000";

struct Options {
    binary: PathBuf,
    out: PathBuf,
    data_dir: Option<PathBuf>,
    every_variant: bool,
    /// Pictures of broken pages are taken too when it is known.
    cluster: Option<Cluster>,
}

impl Options {
    fn parse(mut from: lexopt::Parser) -> Result<Self> {
        use lexopt::Arg::Long;
        let (mut binary, mut out, mut data_dir, mut every_variant) = (None, None, None, false);
        let (mut program, mut work) = (None, None);
        while let Some(argument) = from.next()? {
            match argument {
                Long("binary") => binary = Some(from.value()?.into()),
                Long("out") => out = Some(from.value()?.into()),
                Long("data-dir") => data_dir = Some(from.value()?.into()),
                Long("every-variant") => every_variant = true,
                Long("cluster") => program = Some(from.value()?.into()),
                Long("cluster-work") => work = Some(from.value()?.into()),
                other => bail!("shots: {}", other.unexpected()),
            }
        }
        let cluster = match (program, work) {
            (Some(program), Some(work)) => Some(Cluster { program, work }),
            (None, None) => None,
            _ => bail!("shots: --cluster and --cluster-work go together"),
        };
        let binary = binary.context("shots: --binary names no Slipway")?;
        Ok(Self { binary, out: out.context("shots: --out names no folder")?, data_dir, every_variant, cluster })
    }

    fn variants(&self) -> Vec<Variant> {
        if !self.every_variant {
            return vec![Variant { theme: "light", language: "en", size: SIZES[0] }];
        }
        let mut variants = Vec::new();
        for size in SIZES {
            for theme in ["light", "dark"] {
                for language in ["en", "zh"] {
                    variants.push(Variant { theme, language, size });
                }
            }
        }
        variants
    }

    async fn open(&self, data_dir: Option<&Path>) -> Result<Browser> {
        let output = self.out.join("output.log");
        let file = File::options().create(true).append(true).open(&output);
        let file = file.with_context(|| format!("write {}", output.display()))?;
        Browser::open(&self.binary, data_dir.map(Path::as_os_str), file).await
    }
}

/// Width and height of the page, in pixels.
const SIZES: [(u32, u32); 2] = [(1440, 900), (1024, 700)];

#[derive(Clone, Copy)]
struct Variant {
    theme: &'static str,
    language: &'static str,
    size: (u32, u32),
}

/// Both themes and languages once, for what differs little.
const STATES_IN: [Variant; 2] = [
    Variant { theme: "light", language: "en", size: SIZES[0] },
    Variant { theme: "dark", language: "zh", size: SIZES[0] },
];

impl Variant {
    fn file(self, page: &str) -> String {
        let (width, height) = self.size;
        format!("{page}-{}-{}-{width}x{height}.png", self.language, self.theme)
    }
}

/// What a person opens on a route, and other subjects of one.
const VIEWS: &[(&str, &str)] = &[
    ("overview-app", "/app/$app/overview?dialog=app"),
    ("groups-chosen", "/app/$app/groups?choose=$group,$broken"),
    ("groups-adopt", "/app/$app/groups?dialog=adopt"),
    ("groups-adopt-one", "/app/$app/groups?dialog=adopt&from=$stranger"),
    ("group-container", "/app/$app/groups/$group?step=container"),
    ("group-strategy", "/app/$app/groups/$group?step=strategy"),
    ("group-health", "/app/$app/groups/$group?step=health"),
    ("group-lifecycle", "/app/$app/groups/$group?step=lifecycle"),
    ("group-gpu", "/app/$app/groups/$group?step=gpu"),
    ("group-variables", "/app/$app/groups/$group?step=variables"),
    ("groupNew-balancers", "/app/$app/groups/new?group=$draft&step=balancers"),
    ("groupNew-files", "/app/$app/groups/new?group=$draft&step=files"),
    ("groupYaml-changed", "/app/$app/groups/$broken/yaml"),
    ("groupYaml-live", "/app/$app/groups/$broken/yaml?show=live"),
    ("groupDiff-changed", "/app/$app/groups/$broken/diff"),
    ("groupDiff-inline", "/app/$app/groups/$broken/diff?view=inline"),
    ("groupDiff-groups", "/app/$app/groups/$broken/diff?from=saved&to=$group/saved"),
    ("config-file", "/app/$app/config?open=$file&group=$broken"),
    ("config-template", "/app/$app/config?open=$file"),
    ("config-versions", "/app/$app/config?open=$file&dialog=versions"),
    ("config-values", "/app/$app/config?show=values"),
    ("config-environment", "/app/$app/config?show=environment&group=$broken"),
    ("config-import", "/app/$app/config?dialog=import"),
    ("artifacts-open", "/app/$app/artifacts?open=2.14.0"),
    ("artifacts-used", "/app/$app/artifacts?show=used&by=time"),
    ("balancers-open", "/app/$app/balancers?open=$balancer"),
    ("balancers-new", "/app/$app/balancers?dialog=balancer"),
    ("running-broken", "/app/$app/running/$broken"),
    ("releases-all", "/app/$app/releases?show=all"),
    ("releaseNew-plan", "/app/$app/releases/new?group=$group&choose=$version"),
    ("release-stopped", "/app/$app/releases/$stopped"),
    ("clusters-link", "/clusters?dialog=link"),
    ("settings-environments", "/settings?step=environments"),
];

/// What opens in the dock below a running group: its name, and the words of the button that opens it.
const DOCKS: &[(&str, &[&str])] = &[
    ("dock-log", &["Logs of all pods", "全部 Pod 的日志"]),
    ("dock-terminal", &["Terminal of", "的终端"]),
    ("dock-files", &["Files of", "的文件"]),
    ("dock-forwards", &["Forward a port", "转发端口"]),
];

/// Name and path of each route, in the order of the list.
fn routes(list: &str) -> Vec<(&str, &str)> {
    list.lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().split_once(": { path: \"")?;
            Some((name, rest.split('"').next()?))
        })
        .collect()
}

/// What stands for the words with a `$`: `$group` and its `$release` went well, `$broken` and `$stopped` did not; `$version`
/// is what ran before that, `$train` what one of them was part of. `$draft` is a group that was never released, `$file` the
/// one with most placeholders, `$balancer` the first, `$stranger` a Deployment that others made.
type Subjects = BTreeMap<&'static str, String>;

/// The first app that has had releases.
async fn subjects(browser: &Browser) -> Result<Subjects> {
    let mut subjects = Subjects::new();
    let apps = browser.call("app_list", Value::Null).await?;
    for app in apps.as_array().context("app_list answers a list")? {
        let query = json!({ "app": app["id"], "last": false, "group": null, "before": null, "limit": 100 });
        let releases = browser.call("release_list", query).await?;
        for (state, group, release) in [("succeeded", "$group", "$release"), ("stopped", "$broken", "$stopped")] {
            let rows = releases["rows"].as_array().context("release_list answers with rows")?;
            // Of several always the same: groups of the story end their releases in any order.
            let fitting = rows.iter().filter(|row| row["state"] == state && row["from_version"].is_string());
            let Some(row) = fitting.min_by_key(|row| row["group_name"].to_string()) else { continue };
            let known = [("$app", &row["app"]), (group, &row["group"]), (release, &row["id"])];
            subjects.extend(known.map(|(name, id)| (name, text(id))));
            if state == "succeeded" {
                subjects.extend(row["from_version"].as_str().map(|version| ("$version", version.to_owned())));
            }
        }
        if !subjects.is_empty() {
            // A story without a train has the page that says so.
            let mut rows = releases["rows"].as_array().into_iter().flatten();
            let train = rows.find_map(|row| row["train"]["id"].as_str());
            subjects.insert("$train", train.unwrap_or(NOBODY).to_owned());
            configured(browser, &app["id"], &mut subjects).await?;
            break;
        }
    }
    Ok(subjects)
}

/// The file with most placeholders.
fn fullest(files: &Value) -> Option<&Value> {
    files.as_array()?.iter().max_by_key(|file| file["keys"].as_u64())
}

/// What an app has beside its releases.
async fn configured(browser: &Browser, app: &Value, subjects: &mut Subjects) -> Result<()> {
    let groups = browser.call("group_list", app.clone()).await?;
    let groups = groups.as_array().context("group_list answers a list")?;
    let tree = browser.call("config_tree", app.clone()).await?;
    let balancers = browser.call("balancer_list", app.clone()).await?;
    let known = [
        ("$draft", groups.iter().find(|card| card["last_release"].is_null()).map(|card| &card["id"])),
        ("$file", fullest(&tree["files"]).map(|file| &file["id"])),
        ("$balancer", balancers.get(0).map(|row| &row["id"])),
    ];
    subjects.extend(known.into_iter().filter_map(|(name, id)| Some((name, text(id?)))));
    let links = browser.call("cluster_list", Value::Null).await?;
    for link in links.as_array().context("cluster_list answers a list")? {
        let link = text(&link["link"]["id"]);
        let others = browser.call("takeover_list", json!(link)).await?;
        if let Some(one) = others.get(0) {
            subjects.insert("$stranger", format!("{link}/{}", text(&one["name"])));
        }
    }
    Ok(())
}

fn text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// The path with its parameters filled in, `None` when there is nothing to fill in.
fn filled(path: &str, subjects: &Subjects) -> Option<String> {
    let filled = subjects.iter().fold(path.to_owned(), |path, (name, id)| path.replace(name, id));
    (!filled.contains('$')).then_some(filled)
}

/// One state of all pages.
#[derive(Clone, Copy)]
struct Series<'a> {
    /// Ends the names of its files; empty for a page that has all it asked for.
    state: &'a str,
    /// Name and path.
    pages: &'a [(&'static str, &'static str)],
    until: Until,
    subjects: &'a Subjects,
    /// None: as the page comes.
    variants: &'a [Variant],
    /// Words of a button that is pressed first.
    press: Option<&'a [&'a str]>,
}

impl Series<'_> {
    /// Takes the pictures. Gives the pages that there is nothing for.
    async fn take(&self, browser: &Browser, out: &Path) -> Result<Vec<&'static str>> {
        let mut left_out = Vec::new();
        let before =
            if self.variants.is_empty() { Value::Null } else { browser.call("setting_get", Value::Null).await? };
        for (page, path) in self.pages {
            let Some(path) = filled(path, self.subjects) else {
                left_out.push(*page);
                continue;
            };
            let name = if self.state.is_empty() { (*page).to_owned() } else { format!("{page}.{}", self.state) };
            let doing = || format!("take a picture of {name} at {path}");
            browser.visit(&path).await.with_context(doing)?;
            if let Some(words) = self.press {
                browser.press(words).await.with_context(doing)?;
            }
            for variant in self.variants {
                self.shoot_in(browser, *variant, &out.join(variant.file(&name))).await.with_context(doing)?;
            }
            if self.variants.is_empty() {
                let file = out.join(format!("{name}.png"));
                self.shoot(browser, &file).await.with_context(doing)?;
                println!("{}", file.display());
            }
        }
        if !self.variants.is_empty() {
            browser.call("setting_set", before).await?;
        }
        Ok(left_out)
    }

    /// Puts the window in a theme, a language and a size, without loading its page anew.
    async fn shoot_in(&self, browser: &Browser, variant: Variant, file: &Path) -> Result<()> {
        let Variant { theme, language, size } = variant;
        browser.resize(size).await?;
        eventually(&format!("a picture in {theme} and {language}"), async || {
            // The page keeps where it is in the settings too: all others stay as they are now, and a page that wrote
            // what it had read before gets them once more.
            let mut settings = browser.call("setting_get", Value::Null).await?;
            settings["theme"] = theme.into();
            settings["language"] = language.into();
            browser.call("setting_set", settings).await?;
            self.shoot(browser, file).await?;
            browser.wears(theme, language).await
        })
        .await?;
        println!("{}", file.display());
        Ok(())
    }

    async fn shoot(&self, browser: &Browser, file: &Path) -> Result<()> {
        browser.until(self.until).await?;
        std::fs::write(file, browser.screenshot().await?).with_context(|| format!("write {}", file.display()))
    }
}

/// Every page as it is, and with a cluster that can be broken as it is when that goes away.
async fn filled_folder(options: &Options) -> Result<Subjects> {
    let browser = options.open(options.data_dir.as_deref()).await?;
    let subjects = subjects(&browser).await?;
    let pages = [routes(ROUTES).as_slice(), VIEWS].concat();
    let variants = options.variants();
    let full =
        Series { state: "", pages: &pages, until: Until::Rest, subjects: &subjects, variants: &variants, press: None };
    let left_out = full.take(&browser, &options.out).await?;
    // A fixed data set has something for each page; a person's own folder may be empty.
    if !left_out.is_empty() {
        let left_out = left_out.join(", ");
        ensure!(!options.every_variant, "no picture of {left_out}: nothing to show there");
        eprintln!("Not shown, because there is nothing to show there: {left_out}");
    }
    if let Some(cluster) = &options.cluster {
        for (name, words) in DOCKS {
            let pages = &[(*name, "/app/$app/running/$group")];
            Series { pages, until: Until::GoesOn, press: Some(words), ..full }.take(&browser, &options.out).await?;
        }
        let _broken = cluster.broken(Port::Refuse)?;
        browser.visit(&filled("/app/$app/overview", &subjects).context("there is an app")?).await?;
        browser.says(AS_OF).await?;
        let stale = Series {
            state: "stale",
            pages: &routes(ROUTES),
            until: Until::Rest,
            subjects: &subjects,
            variants: &STATES_IN,
            press: None,
        };
        stale.take(&browser, &options.out).await?;
    }
    browser.close().await?;
    Ok(subjects)
}

/// A start on a cluster that does not answer, and on one that can not be reached.
async fn broken_cluster(options: &Options, cluster: &Cluster, subjects: &Subjects) -> Result<()> {
    for (state, port, until) in [("loading", Port::Hang, Until::Waiting), ("error", Port::Refuse, Until::Rest)] {
        // Anew for each: at some time hanging becomes unreachable.
        for variant in STATES_IN {
            let _broken = cluster.broken(port)?;
            let browser = options.open(options.data_dir.as_deref()).await?;
            Series { state, pages: &routes(ROUTES), until, subjects, variants: &[variant], press: None }
                .take(&browser, &options.out)
                .await?;
            browser.close().await?;
        }
    }
    Ok(())
}

/// A folder with nothing in it but an app.
async fn empty_folder(options: &Options) -> Result<()> {
    let folder = tempfile::tempdir().context("make an empty data folder")?;
    let browser = options.open(Some(folder.path())).await?;
    let first = Series {
        state: "first",
        pages: &routes(ROUTES),
        until: Until::Rest,
        subjects: &Subjects::new(),
        variants: &STATES_IN,
        press: None,
    };
    first.take(&browser, &options.out).await?;
    let draft = json!({ "slug": "checkout-api", "title": "checkout-api", "repository": "", "deploy_path": "" });
    let app = browser.call("app_create", draft).await?;
    let app = app["id"].as_str().or(app.as_str()).context("app_create answers with the app")?.to_owned();
    let nobody = ["$group", "$release", "$train"].map(|subject| (subject, NOBODY.to_owned()));
    let subjects: Subjects = nobody.into_iter().chain([("$app", app)]).collect();
    Series { state: "empty", subjects: &subjects, ..first }.take(&browser, &options.out).await?;
    browser.close().await
}

/// The same data, written by a Slipway of the future.
async fn newer_folder(options: &Options, subjects: &Subjects) -> Result<()> {
    const DATABASE: &str = "slipway.db";
    /// Where `SQLite` keeps `user_version`, four bytes, the highest first.
    const VERSION_AT: usize = 60;
    let doing = "make a data folder of a newer version";
    let from = options.data_dir.as_deref().context("the practice run has a data folder")?.join(DATABASE);
    let folder = tempfile::tempdir().context(doing)?;
    let mut database = std::fs::read(from).context(doing)?;
    database[VERSION_AT..VERSION_AT + 4].copy_from_slice(&99_u32.to_be_bytes());
    std::fs::write(folder.path().join(DATABASE), database).context(doing)?;
    let browser = options.open(Some(folder.path())).await?;
    browser.resize(SIZES[0]).await?;
    // No settings can be read: it wears what the system does.
    Series { state: "refused", pages: &routes(ROUTES), until: Until::Rest, subjects, variants: &[], press: None }
        .take(&browser, &options.out)
        .await?;
    browser.close().await
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let options = Options::parse(lexopt::Parser::from_env())?;
    std::fs::create_dir_all(&options.out).with_context(|| format!("make the folder {}", options.out.display()))?;
    let subjects = filled_folder(&options).await?;
    let Some(cluster) = &options.cluster else { return Ok(()) };
    broken_cluster(&options, cluster, &subjects).await?;
    empty_folder(&options).await?;
    newer_folder(&options, &subjects).await
}

#[cfg(test)]
mod tests {
    use super::{ROUTES, Subjects, filled, routes};

    #[test]
    fn every_route_of_the_list_is_read() {
        let found = routes(ROUTES);
        assert_eq!(found.len(), ROUTES.matches("path: \"").count());
        assert!(found.contains(&("settings", "/settings")), "{found:?}");
    }

    #[test]
    fn parameters_are_filled_in() {
        let subjects = Subjects::from([("$app", "7".to_owned())]);
        assert_eq!(filled("/app/$app/groups", &subjects).as_deref(), Some("/app/7/groups"));
        assert_eq!(filled("/app/$app/groups/$group", &subjects), None);
    }
}
