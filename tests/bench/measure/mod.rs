//! What takes the measurements. Each file is a case or two; what they share is made when the first of them asks.

mod bridge;
mod change;
mod difference;
mod hour;
mod logs;
mod matrix;
mod pods;
mod process;
mod queries;
mod release;
mod render;
mod rest;
mod search;
mod simulation;
mod site;
mod start;
mod terminal;

use crate::Options;
use crate::case::{By, Case};
use crate::result::Finding;
use anyhow::{Result, anyhow};
pub(crate) use process::load;
use rest::AtRest;
use site::Site;
use slipway_tests::window::{Desktop, Window, eventually};
use std::collections::BTreeMap;
use std::time::Duration;
use tokio::sync::OnceCell;

/// A run and what its cases stand on.
struct Bench {
    options: Options,
    desktop: OnceCell<Desktop>,
    /// Why there is none is asked once, and told to each case.
    site: OnceCell<Result<Site, String>>,
    at_rest: OnceCell<Result<AtRest, String>>,
}

/// Measures the chosen cases, by number. One that fails has its reason instead of figures, and the others go on.
pub(crate) async fn measure(options: Options, chosen: &[&Case]) -> BTreeMap<u32, Finding> {
    let bench = Bench { options, desktop: OnceCell::new(), site: OnceCell::new(), at_rest: OnceCell::new() };
    let mut found = BTreeMap::new();
    for case in chosen {
        if found.contains_key(&case.number) {
            continue;
        }
        eprintln!("bench: {} {}", case.number, case.title);
        let finding = match case.by {
            By::Start => Box::pin(start::measure(&bench)).await,
            By::Rest => Box::pin(rest::memory_at_rest(&bench)).await,
            By::Idle => Box::pin(rest::idle(&bench)).await,
            By::Change => Box::pin(change::measure(&bench)).await,
            By::Bridge => Box::pin(bridge::measure(&bench)).await,
            By::Queries => Box::pin(queries::measure(&bench)).await,
            By::Rolling => Box::pin(release::rolling(&bench)).await,
            By::Reaction => Box::pin(release::reaction(&bench)).await,
            By::Hour => Box::pin(hour::measure(&bench)).await,
            By::Logs => Box::pin(logs::measure(&bench)).await,
            By::Terminal => Box::pin(terminal::measure(&bench)).await,
            By::Search => search::measure(&bench),
            By::Matrix => Box::pin(matrix::measure(&bench)).await,
            By::Difference => Box::pin(difference::measure(&bench)).await,
            By::Render => render::measure(bench.options.quick),
            By::Simulation => simulation::measure(bench.options.quick),
            By::Nothing(why) => Ok(Finding::not_measured(why)),
            By::Pods => {
                // Both of its cases are seen on the way.
                for (number, finding) in both(Box::pin(pods::measure(&bench)).await) {
                    found.insert(number, finding);
                }
                continue;
            }
        };
        found.insert(case.number, finding.unwrap_or_else(|error| Finding::not_measured(format!("{error:#}"))));
    }
    if let Some(Ok(site)) = bench.site.into_inner()
        && let Err(error) = site.close().await
    {
        eprintln!("bench: give the namespace back: {error:#}");
    }
    found
}

fn both(measured: Result<(Finding, Finding)>) -> [(u32, Finding); 2] {
    let (resting, listing) = measured.unwrap_or_else(|error| {
        let why = Finding::not_measured(format!("{error:#}"));
        (why.clone(), why)
    });
    [(pods::RESTING, resting), (pods::LISTING, listing)]
}

impl Bench {
    async fn desktop(&self) -> Result<&Desktop> {
        self.desktop.get_or_try_init(Desktop::start).await
    }

    async fn site(&self) -> Result<&Site> {
        let site = || Box::pin(async { Site::start(&self.options).await.map_err(|error| format!("{error:#}")) });
        self.site.get_or_init(site).await.as_ref().map_err(|why| anyhow!("{why}"))
    }

    async fn at_rest(&self) -> Result<&AtRest> {
        let rest = async || rest::rest(self, self.site().await?).await;
        let rest = || Box::pin(async { rest().await.map_err(|error| format!("{error:#}")) });
        self.at_rest.get_or_init(rest).await.as_ref().map_err(|why| anyhow!("{why}"))
    }

    /// Slipway on the data folder of the site.
    async fn open(&self, site: &Site) -> Result<Window> {
        let window = self.desktop().await?.open_program(&self.options.slipway, &site.ground.data_dir()).await?;
        window.loaded().await?;
        // It goes to where the person was last; whoever leads it elsewhere before would be led back.
        eventually("Slipway to open its first page", async || Ok((window.route().await? != "/").then_some(()))).await?;
        window.comes_to_rest().await?;
        Ok(window)
    }

    /// How long a window is left alone before it counts as being at rest, and then watched.
    fn settling(&self) -> Duration {
        Duration::from_secs(if self.options.quick { 20 } else { 60 })
    }

    async fn settle(&self) {
        tokio::time::sleep(self.settling()).await;
    }

    /// Between one measurement and the next.
    async fn pause(&self) {
        const PAUSE: Duration = Duration::from_secs(3);
        tokio::time::sleep(PAUSE).await;
    }
}
