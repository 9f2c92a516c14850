//! New groups, step by step, up to pods that have their files: with the cluster in reach, and without.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_cluster::Kind;
use slipway_tests::ground::Ground;
use slipway_tests::own_cluster::OwnCluster;
use slipway_tests::pod::Pods;
use slipway_tests::window::{By, Window, button, eventually, link, role, textbox};

const TEMPLATE: &str = "db:\n  host: {{db.host}}\n  pool: {{db.pool|20}}\n  user: {{db.user}}\n";
pub(crate) const TAG: &str = "A tag or digest of the app's repository, or a full reference.";
const SENSITIVE: &str = "hunter2-of-the-shop";

fn starting(name: &str) -> By {
    By::containing("button", name)
}

fn value_of(key: &str, group: &str) -> By {
    textbox(&format!("{key}, Value in {group}"))
}

/// Opens a page of the app in the sidebar.
async fn open(window: &Window, page: &str) -> Result<()> {
    window.click(&By::containing("link", page).within(role("list", "Pages of shop"))).await
}

/// The first step, from the groups' page.
async fn begin(window: &Window, group: &str, environment: &str) -> Result<()> {
    open(window, "Groups").await?;
    window.click(&link("New group")).await?;
    // What is missing is led to before anything is kept.
    window.click(&starting("Save & next")).await?;
    window.find(&role("heading", "New group")).await?;
    let name = textbox("Name");
    eventually("the way to the name", async || Ok(window.has_focus(&name).await?.then_some(()))).await?;
    window.fill(&textbox("Name"), group).await?;
    crate::hand::Hand::Pointer.choose(window, &role("combobox", "Environment"), &role("option", environment)).await?;
    window.click(&button("Add port")).await?;
    window.fill(&textbox("Port 1: Name"), "http").await?;
    window.fill(&textbox("Port 1: Port"), "8080").await?;
    window.click(&starting("Save & next")).await
}

/// A load balancer in the second step, as the dialog proposes it but for its name.
async fn balance(window: &Window, name: &str) -> Result<()> {
    window.click(&button("New load balancer")).await?;
    let dialog = role("dialog", "New load balancer");
    window.fill(&textbox("Name").within(dialog.clone()), name).await?;
    window.click(&button("Create").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;
    window.find(&role("checkbox", &format!("{name} leads to this group"))).await?;
    Ok(())
}

/// A file of the group in the third step.
async fn add_file(window: &Window, path: &str, content: &str) -> Result<()> {
    window.click(&button("Add file")).await?;
    let dialog = role("dialog", "New config file");
    window.fill(&textbox("Path").within(dialog.clone()), path).await?;
    window.click(&textbox("Content").within(dialog.clone())).await?;
    window.desktop().copy(content)?;
    window.press("Control+v").await?;
    window.click(&button("Create file").within(dialog.clone())).await?;
    window.find_none(&dialog).await
}

async fn add_secret(window: &Window, name: &str) -> Result<()> {
    window.click(&button("Add variable")).await?;
    window.fill(&textbox("Variable 1: Name"), name).await?;
    let kind = role("combobox", "Kind of variable 1");
    crate::hand::Hand::Pointer.choose(window, &kind, &role("option", "sensitive")).await?;
    window.fill(&textbox("Variable 1: Value"), SENSITIVE).await?;
    window.sees("in the system keyring").await
}

/// From the plan in front to pods that run.
async fn deploy(window: &Window, group: &str) -> Result<()> {
    window.sees("every placeholder has a value").await?;
    window.click(&starting(&format!("Deploy to {group}"))).await?;
    window.find(&By::containing("listitem", "Succeeded").within(role("list", "Stages"))).await?;
    Ok(())
}

/// What the one pod of a group has: its file, and its environment.
async fn pod_has(ground: &Ground, group: &str, file: &str, content: &str) -> Result<()> {
    let pods = Pods::of(ground).await?;
    let pod = pods.only(group).await?;
    let files = pods.json(&pod, 8080, "/files?dir=/export/app/conf/").await?;
    ensure!(files[format!("/export/app/conf/{file}")] == content, "{files:?}");
    let environment = pods.json(&pod, 8080, "/env").await?;
    let token = Value::from(format!("TOKEN={SENSITIVE}"));
    ensure!(environment.as_array().is_some_and(|all| all.contains(&token)), "{environment:?}");
    pods.close();
    Ok(())
}

/// Nothing that another may read holds a sensitive value.
async fn nobody_reads_it(ground: &Ground) -> Result<()> {
    for kind in [Kind::ConfigMap, Kind::Deployment, Kind::Pod] {
        for object in ground.owner.connection.list(kind, "slipway.dev/app=shop").await? {
            ensure!(!object.to_string().contains(SENSITIVE), "{kind:?} has it: {object}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_are_made_with_their_cluster_and_without_it() -> Result<()> {
    // A cluster of its own, because it is broken on the way.
    let cluster = OwnCluster::start(&[])?;
    let ground = Ground::on(&cluster, "wizard", |_| {}).await?;
    let repository = ground.engine.app(&ground.app).await?.repository;
    // One Slipway at a time has a data folder.
    ground.engine.close().await;
    let window = Window::open(&ground.data_dir(), &[]).await?;

    window.click(&link("New app")).await?;
    let dialog = role("dialog", "New app");
    for (name, text) in [("Name", "shop"), ("Repository", repository.as_str()), ("Deploy path", "/export/app/")] {
        window.fill(&textbox(name).within(dialog.clone()), text).await?;
    }
    window.click(&button("Create app").within(dialog.clone())).await?;
    window.find_none(&dialog).await?;

    begin(&window, "canary", "Test").await?;
    balance(&window, "shop").await?;
    ensure!(ground.owner.connection.get(Kind::Service, "shop").await?.is_some(), "it acts at once");
    window.click(&starting("Next")).await?;
    add_file(&window, "conf/app.yaml", TEMPLATE).await?;
    window.sees("2 of 3 empty").await?;
    window.fill(&value_of("db.host", "canary"), "mysql-test").await?;
    window.sees("1 of 3 empty").await?;

    // Slipway is closed in the middle, and comes back to the step and what was typed in it.
    let route = window.route().await?;
    eventually(format!("{route} to be remembered"), async || {
        Ok((window.call("setting_get", &Value::Null).await?["last_route"] == route.as_str()).then_some(()))
    })
    .await?;
    let window = window.restart().await?;
    let again = async || Ok((window.route().await? == route).then_some(()));
    eventually("the page where it was left", again).await?;
    eventually("what was typed", async || {
        Ok((window.value(&value_of("db.host", "canary")).await? == "mysql-test").then_some(()))
    })
    .await?;
    open(&window, "Groups").await?;
    let row = By::containing("row", "canary").within(role("grid", "Groups"));
    window.find(&role("gridcell", "Draft").within(row)).await?;
    window.go(&route).await?;
    window.fill(&value_of("db.user", "canary"), "shop").await?;
    window.sees("3 of 3 filled").await?;
    add_secret(&window, "TOKEN").await?;
    window.sees("Secret of variables").await?;
    window.click(&button("Create and plan a release…")).await?;
    window.fill(&textbox(TAG), "v1").await?;
    window.press("Enter").await?;
    deploy(&window, "canary").await?;
    let filled = "db:\n  host: mysql-test\n  pool: 20\n  user: shop\n";
    pod_has(&ground, "canary", "app.yaml", filled).await?;

    // The same without the cluster, up to where nothing goes on without it.
    cluster.run("fault", &["port", "api", "refuse"])?;
    begin(&window, "stable", "Staging").await?;
    window.find(&By::containing("listitem", "Cluster does not answer")).await?;
    balance(&window, "shop-stable").await?;
    window.click(&starting("Next")).await?;
    add_file(&window, "conf/app.yaml", TEMPLATE).await?;
    window.click(&button("Copy all from canary")).await?;
    window.sees("3 of 3 filled").await?;
    add_secret(&window, "TOKEN").await?;
    window.click(&button("Create and plan a release…")).await?;
    window.fill(&textbox(TAG), "v1").await?;
    window.press("Enter").await?;
    window.fill(&textbox("Note"), "First of its kind").await?;
    window.sees("The cluster can not be reached").await?;
    let disabled = window.find(&starting("Deploy to stable")).await?;
    ensure!(!disabled.is_enabled().await? || disabled.attr("aria-disabled").await?.as_deref() == Some("true"));

    // In reach again: nothing is typed anew.
    cluster.run("fault", &["port", "api", "ok"])?;
    window.sees("every placeholder has a value").await?;
    ensure!(window.value(&textbox("Note")).await? == "First of its kind");
    deploy(&window, "stable").await?;
    pod_has(&ground, "stable", "app.yaml", filled).await?;
    nobody_reads_it(&ground).await?;
    // What could not act without its cluster says so, and acts when a person tells it to.
    ensure!(ground.owner.connection.get(Kind::Service, "shop-stable").await?.is_none(), "nobody told it to");
    open(&window, "Load balancers").await?;
    window.click(&By::containing("row", "shop-stable").within(By::any("main"))).await?;
    let panel = role("complementary", "shop-stable");
    window.click(&button("Apply").within(panel)).await?;
    window.sees("shop-stable is applied").await?;
    ensure!(ground.owner.connection.get(Kind::Service, "shop-stable").await?.is_some(), "it acts now");
    let balancers = window.call("balancer_list", &group_app(&window).await?).await?;
    ensure!(balancers.as_array().is_some_and(|all| all.len() == 2), "{balancers}");
    window.quit().await?;
    Ok(())
}

/// Id of the app whose page is in front.
async fn group_app(window: &Window) -> Result<Value> {
    let route = window.route().await?;
    let id = route.split('/').nth(2).with_context(|| format!("{route} is a page of an app"))?;
    Ok(json!(id))
}
