//! The main job, from an empty folder to a release that is stopped, as people with different habits do it.

mod alone;
mod person;
mod secrets;
mod site;
mod words;

use crate::hand::Hand;
use alone::Alone;
use anyhow::{Context, Result, ensure};
use person::{COUNT, GROUP, Person};
use secrets::Secrets;
use site::{LINK, Site};
use slipway_tests::window::{By, Desktop, Window, button, eventually, heading, link, role};
use words::{CHINESE, ENGLISH};

/// In the new window of an empty folder, the first run.
async fn first_run(variables: &[(&str, &str)]) -> Result<Window> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), variables).await?;
    window.find(&link(ENGLISH.link_cluster_first)).await?;
    Ok(window)
}

/// From the first run to three pods of v1. Answers where the page of the release is.
async fn to_v1(person: &Person, site: &Site) -> Result<String> {
    person.picture("first-run").await?;
    person.link_cluster(site).await.context("link the cluster")?;
    person.create_app().await.context("create the app")?;
    person.create_group().await.context("create the group")?;
    let new_release = link(person.words.new_release).within(By::any("status"));
    let release = person.deploy(&new_release, "v1").await.context("deploy v1")?;
    person.succeeds("v1").await?;
    person.open(person.words.running_state).await?;
    person.only_runs("v1", site).await?;
    Ok(release)
}

/// From v1 over v2 to the image that crashes, and once around the restart.
async fn to_the_end(person: Person, site: &Site) -> Result<Person> {
    let words = person.words;
    let new_release = link(words.new_release);
    person.deploy(&new_release, "v2").await.context("deploy v2")?;
    person.succeeds("v2").await?;
    person.open(words.running_state).await?;
    person.only_runs("v2", site).await?;

    person.deploy(&new_release, "crash").await.context("deploy crash")?;
    person.sees_the_crash().await?;
    person.picture("release-crash").await?;
    let served = site.pods().await?.into_iter().filter(|(tag, ready)| tag == "v2" && *ready).count();
    ensure!(served >= COUNT - 1, "v2 goes on serving with {served} pods");

    let route = person.is_remembered().await?;
    let person = person.restart().await?;
    let window = &person.window;
    ensure!(window.route().await? == route, "it starts on the page where it was left");
    person.sees_the_crash().await.context("after the restart")?;
    person.picture("restarted").await?;
    let ended = [("r1", "v1", words.succeeded), ("r2", "v2", words.succeeded), ("r3", "crash", words.stopped)];
    person.sees_releases(&ended).await?;
    person.picture("releases").await?;
    ensure!(site.records().await? == ["succeeded", "succeeded", "stopped"]);
    person.open(words.groups).await?;
    window.find(&By::containing("row", GROUP).within(By::any("main"))).await?;
    person.picture("groups").await?;
    person.open(words.overview).await?;
    window.find(&heading(words.overview)).await?;
    person.picture("overview").await?;
    person.open(words.clusters).await?;
    window.find(&By::containing("row", LINK).within(role("grid", words.clusters))).await?;
    window.sees(words.connected).await?;
    person.picture("clusters").await?;
    Ok(person)
}

#[tokio::test(flavor = "multi_thread")]
async fn from_an_empty_folder_to_a_stopped_release() -> Result<()> {
    let site = Site::new("main").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    to_v1(&person, &site).await?;
    to_the_end(person, &site).await?.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_in_chinese() -> Result<()> {
    let site = Site::new("chinese").await?;
    let english = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    let person = english.switch_to(&CHINESE).await?;
    to_v1(&person, &site).await?;
    to_the_end(person, &site).await?.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_without_a_pointer() -> Result<()> {
    let site = Site::new("keyboard").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Keyboard).await?;
    to_v1(&person, &site).await?;
    to_the_end(person, &site).await?.quit().await?;
    site.close().await
}

/// A locale that names no language: numbers and dates have to be formatted all the same, on every page of the way.
#[tokio::test(flavor = "multi_thread")]
async fn a_system_without_a_language_deploys_as_well() -> Result<()> {
    let site = Site::new("locale").await?;
    let window = first_run(&[("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8")]).await?;
    let person = Person::new(window, &ENGLISH, Hand::Pointer).await?;
    to_v1(&person, &site).await?;
    person.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_outlives_the_window_that_began_it() -> Result<()> {
    let site = Site::new("killed").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    to_v1(&person, &site).await?;
    let words = person.words;
    person.deploy(&link(words.new_release), "v2").await?;
    let begun = By::containing("listitem", words.begun).within(role("list", words.timeline));
    person.window.find(&begun).await?;
    let person = person.gets_killed_and_starts_again().await?;

    person.open(words.releases).await?;
    person.window.find(&By::containing("row", "r2")).await?;
    person.sees_release("r2", "v2", words.succeeded).await?;
    person.open(words.running_state).await?;
    person.only_runs("v2", &site).await?;
    ensure!(site.records().await? == ["succeeded", "succeeded"], "{:?}", site.records().await?);
    ensure!(site.replica_sets().await? == 2);
    ensure!(site.wanted().await? == "v2");
    person.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_with_pods_goes_once_its_name_is_typed_and_can_be_had_back() -> Result<()> {
    let site = Site::new("deleted").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    to_v1(&person, &site).await?;
    person.open(person.words.groups).await?;
    let window = &person.window;
    person.activate(&button(&format!("Delete: {GROUP}"))).await?;
    let dialog = role("dialog", &format!("Delete {GROUP}?"));
    let goes = role("region", "What goes").within(dialog.clone());
    window.find(&By::containing("listitem", "Deployment").within(goes.clone())).await?;
    window.find(&By::containing("listitem", "Lease").within(goes)).await?;
    person.picture("delete").await?;

    let name = By::any("textbox").within(dialog.clone());
    let delete = button("Delete group").within(dialog.clone());
    person.write(&name, &GROUP[..GROUP.len() - 1]).await?;
    let disabled = window.find(&delete).await?.attr("aria-disabled").await?;
    ensure!(disabled.as_deref() == Some("true"), "a part of the name is not enough");
    person.write(&name, GROUP).await?;
    person.activate(&delete).await?;
    window.sees(&format!("{GROUP} is deleted")).await?;
    ensure!(site.wanted().await.is_err(), "its Deployment is gone");
    eventually("its pods to end", async || Ok(site.pods().await?.is_empty().then_some(()))).await?;
    ensure!(site.records().await? == ["succeeded"], "the history stays");

    person.activate(&button(&format!("Restore group: {GROUP}"))).await?;
    window.find(&By::containing("row", GROUP).within(role("grid", person.words.groups))).await?;
    person.picture("restored").await?;
    person.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn at_rest_nothing_moves_and_the_page_holds_no_secret() -> Result<()> {
    let site = Site::new("rest").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    let secrets = Secrets::of(site.code(), &site.token()?);
    let release = to_v1(&person, &site).await?;
    let window = &person.window;
    secrets.are_found_where_planted(window).await?;

    // /app/APP/running/GROUP
    let here = window.route().await?;
    let (app, group) = here.split_once("/running/").context("the running state is in front")?;
    let pages = [
        format!("{app}/overview"),
        format!("{app}/groups"),
        format!("{app}/groups/{group}"),
        format!("{app}/groups/new"),
        here.clone(),
        format!("{app}/releases"),
        release,
        format!("{app}/releases/new?group={group}&choose=v2"),
        "/clusters".to_owned(),
        "/settings".to_owned(),
    ];
    for page in pages {
        window.go(&page).await?;
        window.comes_to_rest().await.with_context(|| format!("on {page}"))?;
        person.picture(&format!("rest{}", page.replace(['/', '?'], "-"))).await?;
        secrets.are_not_in(window).await.with_context(|| format!("on {page}"))?;
    }
    secrets.are_not_in_processes(window)?;
    secrets.are_not_in_the_cluster(&site).await?;
    secrets.are_not_below(&window.desktop().home())?;
    person.quit().await?;
    site.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_spoken_to_but_the_cluster() -> Result<()> {
    const TEST: &str = "journey::nobody_is_spoken_to_but_the_cluster";
    let server = site::server().await?;
    if !Alone::is_inside() {
        return Alone::run(TEST, &server).await;
    }
    let alone = Alone::enter(&server).await?;
    let site = Site::new("alone").await?;
    let person = Person::new(first_run(&[]).await?, &ENGLISH, Hand::Pointer).await?;
    to_v1(&person, &site).await?;
    person.quit().await?;
    site.close().await?;
    alone.nobody_was_visited().await
}
