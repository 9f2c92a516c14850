//! Somebody at the window, in one language, with a pointer or without: every step of the main path once.

use super::site::{LINK, Site};
use super::words::{Words, named};
use crate::hand::{Hand, command};
use anyhow::{Context, Result, ensure};
use slipway_tests::window::{By, Window, button, eventually, heading, link, role, textbox};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

pub(super) const APP: &str = "checkout-api";
pub(super) const GROUP: &str = "demo";
/// How many pods the group has.
pub(super) const COUNT: usize = 3;

#[derive(Debug)]
pub(super) struct Person {
    pub(super) window: Window,
    pub(super) words: &'static Words,
    hand: Hand,
    pictures: AtomicU32,
}

impl Person {
    pub(super) async fn new(window: Window, words: &'static Words, hand: Hand) -> Result<Self> {
        let person = Self { window, words, hand, pictures: AtomicU32::new(0) };
        person.hand.watched(&person.window).await?;
        Ok(person)
    }

    // The hand.

    /// Uses a button or a link.
    pub(super) async fn activate(&self, by: &By) -> Result<()> {
        self.hand.activate(&self.window, by).await
    }

    /// Replaces what is in a field.
    pub(super) async fn write(&self, by: &By, text: &str) -> Result<()> {
        self.hand.write(&self.window, by, text).await
    }

    /// Chooses from a list that opens.
    async fn choose(&self, list: &By, option: &By) -> Result<()> {
        self.hand.choose(&self.window, list, option).await
    }

    /// Opens a page of the app: by the sidebar, or without a pointer by the palette.
    pub(super) async fn open(&self, page: &str) -> Result<()> {
        match self.hand {
            Hand::Pointer => {
                let pages = role("list", &named(self.words.pages_of, APP));
                self.window.click(&By::containing("link", page).within(pages)).await
            }
            Hand::Keyboard => self.command(page).await,
        }
    }

    /// Chooses from the palette what is called exactly so.
    pub(super) async fn command(&self, name: &str) -> Result<()> {
        command(&self.window, self.words.palette, name).await
    }

    async fn enabled(&self, by: &By) -> Result<()> {
        eventually(format!("{by} to be enabled"), async || {
            Ok(self.window.find(by).await?.is_enabled().await?.then_some(()))
        })
        .await
    }

    // The main path.

    /// From the first run to a linked cluster.
    pub(super) async fn link_cluster(&self, site: &Site) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        self.activate(&link(words.link_cluster_first)).await?;
        let dialog = role("dialog", words.link_dialog);
        window.find(&dialog).await?;
        window.desktop().copy(site.code())?;
        self.activate(&button(words.paste)).await?;
        // What the code says and what the cluster says, before anything is saved.
        for fact in [site.server(), site.namespace(), words.role_manager] {
            // What is long is drawn in two pieces, cut in the middle.
            eventually(format!("{fact} in the dialog"), async || {
                let said: String = window.page_text().await?.split_whitespace().collect();
                Ok(said.contains(fact).then_some(()))
            })
            .await?;
        }
        self.picture("link").await?;
        self.activate(&button(&named(words.link_named, LINK))).await?;
        window.find_none(&dialog).await?;
        window.sees(words.connected).await?;
        self.picture("linked").await
    }

    pub(super) async fn create_app(&self) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        self.activate(&link(words.new_app)).await?;
        let dialog = role("dialog", words.new_app);
        window.find(&dialog).await?;
        let field = |name| textbox(name).within(dialog.clone());
        self.write(&field(words.app_name), APP).await?;
        self.write(&field(words.app_repository), &Site::repository()?).await?;
        self.picture("app").await?;
        self.activate(&button(words.create_app)).await?;
        window.find_none(&dialog).await?;
        window.find(&heading(words.overview)).await?;
        self.picture("overview-empty").await
    }

    /// From the empty overview, step by step, to a group that is saved and runs nothing.
    pub(super) async fn create_group(&self) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        self.activate(&link(words.create_group)).await?;
        self.write(&textbox(words.group_name), GROUP).await?;
        self.choose(&role("combobox", words.environment), &role("option", words.environment_test)).await?;
        self.choose(&role("combobox", words.cluster), &By::containing("option", LINK)).await?;
        self.write(&textbox(words.count), &COUNT.to_string()).await?;
        self.picture("group-new").await?;
        self.activate(&By::containing("button", words.save_and_next)).await?;
        self.picture("group-balancers").await?;
        self.activate(&By::containing("button", words.next)).await?;
        self.picture("group-files").await?;
        self.activate(&By::containing("button", words.create_group)).await?;
        window.sees(&named(words.group_saved, GROUP)).await?;
        self.picture("group-saved").await
    }

    /// From a link *New release* on the page in front to the page of the release.
    pub(super) async fn deploy(&self, new_release: &By, tag: &str) -> Result<String> {
        let (window, words) = (&self.window, self.words);
        self.activate(new_release).await?;
        let image = textbox(words.image);
        self.write(&image, tag).await?;
        window.press("Enter").await?;
        let deploy = By::containing("button", &named(words.deploy_to, GROUP));
        window.sees(words.preflight).await?;
        self.enabled(&deploy).await?;
        self.picture(&format!("plan-{tag}")).await?;
        self.activate(&deploy).await?;
        window.find(&role("list", words.stages)).await?;
        let route = window.route().await?;
        ensure!(route.contains("/releases/"), "the release is in front, not {route}");
        Ok(route)
    }

    /// Waits on the page of a release until it says that it is over.
    pub(super) async fn succeeds(&self, tag: &str) -> Result<()> {
        let over = By::containing("listitem", self.words.succeeded).within(role("list", self.words.stages));
        self.window.find(&over).await?;
        self.picture(&format!("release-{tag}")).await
    }

    /// *Running state* shows `COUNT` pods, all of this tag, all ready, and no other; so says the cluster.
    pub(super) async fn only_runs(&self, tag: &str, site: &Site) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        let pods = role("grid", words.instances);
        let cell = |text| role("gridcell", text).within(pods.clone());
        let shown = eventually(format!("{COUNT} pods of {tag}, ready, and no other"), async || {
            let rows = window.count(&By::any("row").within(pods.clone())).await?;
            let header = 1;
            let all = [cell(tag), cell("1/1"), cell(words.running)];
            for cell in &all {
                let count = window.count(cell).await?;
                ensure!(count == COUNT, "{count} of {cell}");
            }
            Ok((rows == COUNT + header).then_some(()))
        });
        if let Err(error) = shown.await {
            return Err(error.context(window.outline().await?));
        }
        let live = site.pods().await?;
        ensure!(live == vec![(tag.to_owned(), true); COUNT], "the cluster runs {live:?}");
        self.picture(&format!("running-{tag}")).await
    }

    /// The page of a release that can not start: stopped, with exit code and last line.
    pub(super) async fn sees_the_crash(&self) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        window.sees(words.stopped).await?;
        window.sees(words.exits_with_1).await?;
        // The end of the sentence; the line itself begins with its time.
        window.sees(&format!("{LAST_LINE}”")).await?;
        window.sees(words.last_exit).await
    }

    /// The history lists these releases, newest first, with how they ended.
    pub(super) async fn sees_releases(&self, releases: &[(&str, &str, &str)]) -> Result<()> {
        let (window, words) = (&self.window, self.words);
        self.open(words.releases).await?;
        let which = role("radiogroup", words.which_releases);
        self.hand.pick(window, &which, &By::containing("radio", words.all)).await?;
        for (number, tag, state) in releases {
            self.sees_release(number, tag, state).await?;
        }
        Ok(())
    }

    /// The list of releases has this one, and says that it ended so.
    pub(super) async fn sees_release(&self, number: &str, tag: &str, state: &str) -> Result<()> {
        let row = By::containing("row", number).within(role("grid", self.words.releases));
        for cell in [By::containing("gridcell", tag), role("gridcell", state)] {
            self.window.find(&cell.within(row.clone())).await?;
        }
        Ok(())
    }

    /// Waits until the core keeps the page in front as the one to come back to.
    pub(super) async fn is_remembered(&self) -> Result<String> {
        let route = self.window.route().await?;
        let asked = "return (await window.__TAURI_INTERNALS__.invoke('call', { name: 'setting_get', payload: null })).value.last_route;";
        eventually(format!("{route} to be remembered"), async || {
            Ok((self.window.evaluate(asked).await?.as_str() == Some(&route)).then_some(()))
        })
        .await?;
        Ok(route)
    }

    /// Makes it speak another language, by the palette.
    pub(super) async fn switch_to(self, words: &'static Words) -> Result<Self> {
        self.command(words.switch_to_it).await?;
        let spoken = "return document.documentElement.lang;";
        eventually(format!("the language to be {}", words.lang), async || {
            Ok(self
                .window
                .evaluate(spoken)
                .await?
                .as_str()
                .is_some_and(|lang| lang.starts_with(words.lang))
                .then_some(()))
        })
        .await?;
        Ok(Self { words, ..self })
    }

    /// Quits and starts again.
    pub(super) async fn restart(self) -> Result<Self> {
        self.hand.was_used_alone(&self.window).await?;
        let Self { window, words, hand, pictures } = self;
        let person = Self { window: window.restart().await.context("start again")?, words, hand, pictures };
        person.hand.watched(&person.window).await?;
        Ok(person)
    }

    /// The window is killed at once, and started on the same folder.
    pub(super) async fn gets_killed_and_starts_again(self) -> Result<Self> {
        let Self { window, words, hand, pictures } = self;
        let (desktop, folder) = (window.desktop().clone(), window.data_dir().to_owned());
        window.kill().await?;
        let person = Self { window: desktop.open(&folder, &[]).await?, words, hand, pictures };
        person.hand.watched(&person.window).await?;
        Ok(person)
    }

    pub(super) async fn quit(self) -> Result<()> {
        self.hand.was_used_alone(&self.window).await?;
        self.window.quit().await
    }

    /// Keeps a picture of the page in `target/journeys/TEST/`, for people to look at.
    pub(super) async fn picture(&self, step: &str) -> Result<()> {
        let test = std::thread::current().name().unwrap_or("unnamed").replace("::", "-");
        let number = self.pictures.fetch_add(1, Ordering::Relaxed);
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/journeys").join(test);
        self.window.save_screenshot(&folder.join(format!("{number:02}-{step}.png"))).await
    }
}

/// The last thing that the demo image `crash` says.
pub(super) const LAST_LINE: &str = r#"fatal: cannot initialise data source "orders" after 3 attempts, exiting with 1"#;
