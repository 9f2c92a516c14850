//! Fills a data folder for practice: the story of `checkout-api`, on the practice cluster.
//!
//! `seed --data-dir DIR --cluster-work DIR`. What is there already stays as it is, so that it can run at every start.

mod config;
mod stranger;

use anyhow::{Context, Result, bail};
use lexopt::Arg;
use secrecy::ExposeSecret;
use serde_json::Value;
use slipway_engine::Engine;
use slipway_engine::cluster::Credential;
use slipway_engine::release::train::{TrainAct, TrainAction, TrainOrder};
use slipway_engine::release::{PlanRequest, ReleaseQuery, ReleaseRow};
use slipway_model::app::AppDraft;
use slipway_model::cluster::Role;
use slipway_model::group::{
    AmountsDraft, CheckKind, CommandDraft, GroupDraft, HookDraft, HookKind, HttpGetDraft, LifecycleDraft, PaceDraft,
    PortDraft, ProbeDraft, first_draft,
};
use slipway_model::id::{AppId, GroupId, TrainId};
use slipway_model::release::ReleaseState;
use slipway_model::setting::Settings;
use slipway_model::train::TrainDraft;
use slipway_model::variable::Variable;
use slipway_tests::ground::{in_steps, settled};
use slipway_tests::owner::owner;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the codes of the practice links live.
const CODE_LIVES: Duration = Duration::from_hours(90 * 24);

/// Links: name and namespace, four of one cluster as if they were four.
const LINKS: &[(&str, &str)] =
    &[("bj-dev", "shop-dev"), ("bj-prod", "shop-bj"), ("sh-prod", "shop-sh"), ("gz-prod", "shop-gz")];

/// The link of the namespace in which kubectl was at work, too.
const STRANGERS: &str = "bj-prod";

/// What happened to one app.
struct Story {
    app: &'static str,
    /// It has files, values and load balancers.
    configured: bool,
    chapters: &'static [Chapter],
    departure: Option<&'static Departure>,
}

/// A train that was paused after its first group.
struct Departure {
    tag: &'static str,
    note: &'static str,
    /// In their order.
    groups: &'static [&'static str],
}

/// A group of the story.
struct Chapter {
    group: &'static str,
    environment: &'static str,
    link: &'static str,
    count: u32,
    /// The tag that its form holds.
    draft: &'static str,
    /// In order.
    releases: &'static [Told],
    /// The next release goes in batches.
    batches: bool,
}

/// One release of the story.
struct Told {
    tag: &'static str,
    note: &'static str,
    /// Size of the group's connection pool since then. Above 40 the demo application finds too few connections and exits.
    pool: u32,
    ends: ReleaseState,
}

const fn went_well(tag: &'static str, note: &'static str, pool: u32) -> Told {
    Told { tag, note, pool, ends: ReleaseState::Succeeded }
}

const CHECKOUT: &Story = &Story {
    app: "checkout-api",
    configured: true,
    chapters: CHECKOUT_CHAPTERS,
    departure: Some(&Departure { tag: "2.14.0", note: "shipping address v2", groups: &["staging", "prod-gz-1"] }),
};

const USERS: &Story = &Story { app: "user-center", configured: false, chapters: USERS_CHAPTERS, departure: None };

const CHECKOUT_CHAPTERS: &[Chapter] = &[
    Chapter {
        group: "dev-lihua",
        environment: "dev",
        link: "bj-dev",
        count: 1,
        draft: "2.15.0-dev.7",
        releases: &[went_well("2.15.0-dev.7", "", 20)],
        batches: false,
    },
    Chapter {
        group: "test",
        environment: "test",
        link: "bj-dev",
        count: 2,
        draft: "2.14.1-rc.1",
        releases: &[went_well("2.14.0", "", 20), went_well("2.14.1-rc.1", "release candidate", 20)],
        batches: false,
    },
    Chapter {
        group: "staging",
        environment: "staging",
        link: "bj-dev",
        count: 3,
        draft: "2.14.0",
        releases: &[went_well("2.13.4", "", 20)],
        batches: false,
    },
    Chapter {
        group: "prod-bj-1",
        environment: "prod",
        link: "bj-prod",
        count: 6,
        draft: "2.14.0",
        releases: &[
            went_well("2.13.4", "", 20),
            went_well("2.14.0", "2.14.0 to production: shipping address v2, larger DB pool", 40),
        ],
        batches: true,
    },
    Chapter {
        group: "prod-sh-1",
        environment: "prod",
        link: "sh-prod",
        count: 4,
        draft: "2.14.0",
        releases: &[
            went_well("2.13.4", "", 20),
            Told { tag: "2.14.0", note: "larger DB pool", pool: 60, ends: ReleaseState::Stopped },
        ],
        batches: false,
    },
    Chapter {
        group: "prod-gz-1",
        environment: "prod",
        link: "gz-prod",
        count: 3,
        draft: "2.14.0",
        releases: &[went_well("2.13.3", "", 20), went_well("2.13.4", "", 20)],
        batches: false,
    },
    Chapter {
        group: "prod-gz-2",
        environment: "prod",
        link: "gz-prod",
        count: 2,
        draft: "2.14.0",
        releases: &[],
        batches: false,
    },
];

const USERS_CHAPTERS: &[Chapter] = &[Chapter {
    group: "prod-bj-1",
    environment: "prod",
    link: "bj-prod",
    count: 2,
    draft: "1.9.0",
    releases: &[went_well("1.9.0", "", 20)],
    batches: false,
}];

#[tokio::main]
async fn main() -> Result<()> {
    let (data_dir, work) = arguments()?;
    let state = std::fs::read_to_string(work.join("state.json")).context("read the state of the practice cluster")?;
    let state: Value = serde_json::from_str(&state).context("read the state of the practice cluster")?;
    let registry = state["registry"]["host"].as_str().context("the practice cluster names its registry")?;
    let engine = Engine::open(&data_dir).await.context("open the data folder")?;
    introduce(&engine).await?;
    for (name, namespace) in LINKS {
        link(&engine, &work, name, namespace, registry).await.with_context(|| format!("link {name}"))?;
    }
    futures::future::try_join_all([CHECKOUT, USERS].map(|story| tell(&engine, registry, story))).await?;
    engine.close().await;
    Ok(())
}

fn arguments() -> Result<(PathBuf, PathBuf)> {
    let (mut data_dir, mut work) = (None, None);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        match argument {
            Arg::Long("data-dir") => data_dir = Some(PathBuf::from(arguments.value()?)),
            Arg::Long("cluster-work") => work = Some(PathBuf::from(arguments.value()?)),
            other => return Err(other.unexpected().into()),
        }
    }
    match (data_dir, work) {
        (Some(data_dir), Some(work)) => Ok((data_dir, work)),
        _ => bail!("usage: seed --data-dir DIR --cluster-work DIR"),
    }
}

/// The story is told by one of its people, unless somebody else has said who they are.
async fn introduce(engine: &Engine) -> Result<()> {
    let settings = engine.settings().await?;
    if settings.display_name.is_empty() {
        engine.set_settings(Settings { display_name: "Li Hua".into(), ..settings }).await?;
    }
    Ok(())
}

/// Links a namespace by a code that the owner issues, as a person would get it.
async fn link(engine: &Engine, work: &Path, name: &str, namespace: &str, registry: &str) -> Result<()> {
    if engine.cluster_list().await?.iter().any(|row| row.link.name == name) {
        return Ok(());
    }
    let owner = owner(work, namespace).await?;
    if name == STRANGERS {
        stranger::made(&owner.connection, registry).await?;
    }
    let code = owner.code(name, Role::Manager, CODE_LIVES).await?;
    let preview = engine.cluster_inspect(Credential::Code(code.expose_secret().into())).await?;
    engine.cluster_link(&preview.token, name).await?;
    Ok(())
}

async fn tell(engine: &Engine, registry: &str, story: &Story) -> Result<()> {
    let slug = story.app;
    let known = engine.app_list().await?.into_iter().find(|app| app.slug == slug);
    let app = if let Some(app) = known {
        app.id
    } else {
        let draft = AppDraft {
            slug: slug.into(),
            title: slug.into(),
            repository: format!("{registry}/demo/{slug}"),
            deploy_path: "/export/app/".into(),
        };
        let app = engine.app_create(&draft).await.with_context(|| format!("create {slug}"))?.id;
        if story.configured {
            config::of_app(engine, &app).await.with_context(|| format!("configure {slug}"))?;
        }
        app
    };
    let groups = engine.group_list(&app).await?;
    // Chapters of different groups do not wait for each other.
    let told = story.chapters.iter().map(|chapter| {
        let known = groups.iter().find(|card| card.name == chapter.group).map(|card| card.id.clone());
        write(engine, &app, story, chapter, known)
    });
    futures::future::try_join_all(told).await?;
    if let Some(departure) = story.departure {
        depart(engine, &app, departure).await.with_context(|| format!("release {} by a train", departure.tag))?;
    }
    if story.configured {
        config::balancers(engine, &app).await?;
    }
    Ok(())
}

/// The first group of a train has the new version; the next one waits until somebody resumes it.
async fn depart(engine: &Engine, app: &AppId, departure: &Departure) -> Result<()> {
    let known = history(engine, app, None).await?.into_iter().find_map(|row| row.train);
    let train = match known {
        Some(train) => train.id,
        None => start(engine, app, departure).await?,
    };
    let view = engine.train(&train).await?;
    if view.actions.contains(&TrainAction::Pause) {
        let pause = TrainAct { id: train, action: TrainAction::Pause, group: None, plans: Vec::new() };
        engine.train_act(&pause).await?;
    }
    let first = view.cars.first().and_then(|car| car.release.as_ref()).context("it has begun")?;
    settled(engine, &first.id).await.map(drop)
}

async fn start(engine: &Engine, app: &AppId, departure: &Departure) -> Result<TrainId> {
    let cards = engine.group_list(app).await?;
    let (mut cars, mut plans) = (Vec::new(), Vec::new());
    for name in departure.groups {
        let card = cards.iter().find(|card| card.name == *name).context("the story's groups are made first")?;
        let request = PlanRequest { group: card.id.clone(), image: departure.tag.into() };
        plans.push(engine.release_plan(&request).await?.hash);
        cars.push(card.id.clone());
    }
    let rules =
        TrainDraft { restarts: true, ready: true, cpu: "30".into(), memory: "30".into(), ..TrainDraft::default() };
    let draft = TrainDraft { cars, soak: "600".into(), ..rules };
    Ok(engine.train_start(&TrainOrder { draft, plans, note: departure.note.into() }).await?)
}

/// Every release of an app or a group, newest first.
async fn history(engine: &Engine, app: &AppId, group: Option<GroupId>) -> Result<Vec<ReleaseRow>> {
    let query = ReleaseQuery { app: app.clone(), last: false, group, before: None, limit: 100, narrow: None };
    Ok(engine.release_list(&query).await?.rows)
}

/// Goes on where an earlier run was ended.
async fn write(engine: &Engine, app: &AppId, story: &Story, chapter: &Chapter, known: Option<GroupId>) -> Result<()> {
    let group = match known {
        Some(group) => group,
        None => create(engine, app, story, chapter).await.with_context(|| format!("create {}", chapter.group))?,
    };
    let told = history(engine, app, Some(group.clone())).await?;
    if let Some(release) = told.first() {
        settled(engine, &release.id).await.with_context(|| format!("finish the last release of {}", chapter.group))?;
    }
    for Told { tag, note, pool, ends } in chapter.releases.iter().skip(told.len()) {
        let doing = || format!("release {tag} to {}", chapter.group);
        if story.configured {
            config::pool(engine, app, &group, *pool).await.with_context(doing)?;
        }
        let plan = engine
            .release_plan(&PlanRequest { group: group.clone(), image: (*tag).into() })
            .await
            .with_context(doing)?;
        let release = engine.release_start(&plan.hash, note).await.with_context(doing)?;
        let ended = settled(engine, &release).await.with_context(doing)?.row.state;
        if ended != *ends {
            bail!("{}: it {ended:?} instead of {ends:?}", doing());
        }
    }
    if story.configured && told.len() < chapter.releases.len() {
        change(engine, app, &group, chapter).await.with_context(|| format!("change {}", chapter.group))?;
    }
    Ok(())
}

/// What is changed after the last release, and waits for the next.
async fn change(engine: &Engine, app: &AppId, group: &GroupId, chapter: &Chapter) -> Result<()> {
    config::pending(engine, app, group, chapter.group).await?;
    if chapter.batches {
        let mut draft = engine.group(group).await?.draft;
        let ready = draft.strategy.min_ready_seconds.clone();
        in_steps(&mut draft, chapter.count, "1", "0", &["1", "2"]);
        draft.strategy.min_ready_seconds = ready;
        draft.strategy.steps[1].pace = PaceDraft { approval: false, seconds: "600".into() };
        engine.group_update(group, &draft).await?;
    }
    Ok(())
}

async fn create(engine: &Engine, app: &AppId, story: &Story, chapter: &Chapter) -> Result<GroupId> {
    let links = engine.cluster_list().await?;
    let link = links.iter().find(|row| row.link.name == chapter.link).context("the story's links are made first")?;
    let draft = GroupDraft {
        name: chapter.group.into(),
        environment: chapter.environment.into(),
        link: link.link.id.to_string(),
        count: chapter.count.to_string(),
        cpu: AmountsDraft { request: "10m".into(), limit: "500m".into() },
        memory: AmountsDraft { request: "16Mi".into(), limit: "128Mi".into() },
        ports: vec![PortDraft { name: "http".into(), port: "8080".into(), ..PortDraft::default() }],
        readiness: ProbeDraft {
            kind: CheckKind::Http,
            http: HttpGetDraft { path: "/readyz".into(), port: "8080".into(), ..HttpGetDraft::default() },
            ..ProbeDraft::default()
        },
        liveness: ProbeDraft { kind: CheckKind::Tcp, tcp: "http".into(), ..ProbeDraft::default() },
        lifecycle: LifecycleDraft {
            before_stop: HookDraft {
                kind: HookKind::Command,
                command: CommandDraft::Shell("sleep 1".into()),
                ..HookDraft::default()
            },
            ..LifecycleDraft::default()
        },
        variables: vec![Variable::plain("PROFILE", chapter.group)],
        image: chapter.draft.into(),
        ..first_draft()
    };
    let group = engine.group_create(app, &draft).await?;
    if story.configured {
        config::of_group(engine, app, &group, chapter.group).await?;
    }
    Ok(group)
}
