//! Config files and the values in them, as a person edits them: no cluster is in reach, and none is needed.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_tests::window::{By, Desktop, Window, button, eventually, role, textbox};

const TEMPLATE: &str = "db:\n  host: {{db.host}}\n  pool: {{db.pool|20}}\n";
const PATH: &str = "conf/application.yaml";

/// An app with two groups and a template, made by the page's own calls.
struct Made {
    window: Window,
    app: String,
    file: String,
    /// By name: dev, prod.
    groups: [String; 2],
}

async fn call(window: &Window, name: &str, payload: &Value) -> Result<Value> {
    let script = format!(
        "return await window.__TAURI_INTERNALS__.invoke('call', {{ name: {name:?}, payload: {payload} }})
            .then((answer) => ({{ value: answer.value }}), (error) => ({{ error }}));"
    );
    let mut answer = window.evaluate(&script).await.with_context(|| format!("call {name}"))?;
    ensure!(answer.get("error").is_none(), "{name} is refused: {}", answer["error"]);
    Ok(answer["value"].take())
}

fn text(value: &Value) -> Result<String> {
    value.as_str().map(str::to_owned).with_context(|| format!("{value} is no text"))
}

impl Made {
    async fn new() -> Result<Self> {
        let desktop = Desktop::start().await?;
        let window = desktop.open(&desktop.home().join("data"), &[]).await?;
        let draft = json!({ "slug": "shop", "title": "shop", "repository": "", "deploy_path": "/export/app/" });
        let app = text(&call(&window, "app_create", &draft).await?["id"])?;
        let base = call(&window, "group_new", &json!(app)).await?;
        let mut groups = Vec::new();
        for (name, environment) in [("dev", "development"), ("prod", "production")] {
            let mut draft = base.clone();
            draft["name"] = json!(name);
            let all = call(&window, "environment_list", &Value::Null).await?;
            let known = all.as_array().into_iter().flatten().find(|one| one["name"] == environment);
            draft["environment"] = known.context("the environment")?["id"].clone();
            groups.push(text(&call(&window, "group_create", &json!({ "app": app, "draft": draft })).await?)?);
        }
        let content = json!({ "kind": "text", "text": TEMPLATE });
        let create = json!({ "app": app, "group": null, "path": PATH, "content": content });
        let file = text(&call(&window, "config_create", &create).await?)?;
        let groups = groups.try_into().map_err(|_| anyhow::anyhow!("two groups"))?;
        Ok(Self { window, app, file, groups })
    }

    /// The value that a group has of a key of its own.
    async fn value_of(&self, key: &str, group: &str) -> Result<Value> {
        let mut matrix = call(&self.window, "config_matrix", &json!(self.app)).await?;
        let at = |matrix: &Value| matrix["groups"].as_array()?.iter().position(|one| one["id"] == group);
        let column = at(&matrix).context("the group's column")?;
        let rows = matrix["keys"].as_array_mut().context("keys")?;
        let row = rows.iter_mut().find(|row| row["key"] == key).context("the key's row")?;
        Ok(row["cells"][column]["value"].take())
    }

    async fn holds(&self, key: &str, group: &str, wanted: &str) -> Result<()> {
        eventually(format!("{key} to be {wanted:?}"), async || {
            Ok((self.value_of(key, group).await?["text"] == wanted).then_some(()))
        })
        .await
    }

    async fn content(&self) -> Result<Value> {
        let mut view = call(&self.window, "config_file", &json!({ "id": self.file, "group": null })).await?;
        Ok(view["content"]["text"].take())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_filled_in_without_a_pointer() -> Result<()> {
    let made = Made::new().await?;
    let window = &made.window;
    let [dev, prod] = &made.groups;
    window.go(&format!("/app/{}/config?show=values", made.app)).await?;
    window.sees("1 empty value blocks dev").await?;
    window.sees("1 empty value blocks prod").await?;
    let grid = role("grid", "Values of all groups");
    window.tab_to(&grid).await?;

    // From the default of the first key to its first group.
    window.press("Home").await?;
    window.press("Right").await?;
    window.press("Enter").await?;
    window.type_text("mysql-dev").await?;
    window.press("Enter").await?;
    made.holds("db.host", dev, "mysql-dev").await?;
    window.sees_no_more("1 empty value blocks dev").await?;

    // Below it now; typing begins at once, Escape takes it back, and the grid keeps the keyboard.
    window.type_text("99").await?;
    window.press("Escape").await?;
    ensure!(window.has_focus(&grid).await?, "{} has the focus", window.focused().await?);
    window.type_text("5").await?;
    window.press("Tab").await?;
    made.holds("db.pool", dev, "5").await?;

    // To the right of it: the other group's pool; above that its host, which takes what some other program copied.
    window.press("Up").await?;
    window.desktop().copy("mysql-prod")?;
    window.press("Control+v").await?;
    made.holds("db.host", prod, "mysql-prod").await?;
    window.sees_no_more("empty value blocks").await?;
    ensure!(made.value_of("db.pool", prod).await?["text"] != "99");

    window.press("Down").await?;
    window.press("Left").await?;
    window.press("Delete").await?;
    eventually("the group to take the default again", async || {
        Ok((made.value_of("db.pool", dev).await?["text"] != "5").then_some(()))
    })
    .await?;
    made.window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_of_a_spreadsheet_go_into_the_matrix_and_secrets_are_never_seen() -> Result<()> {
    let made = Made::new().await?;
    let window = &made.window;
    let [dev, prod] = &made.groups;
    call(window, "key_set", &json!({ "app": made.app, "key": "db.password", "sensitive": true })).await?;
    window.go(&format!("/app/{}/config?show=values", made.app)).await?;
    let grid = role("grid", "Values of all groups");
    window.tab_to(&grid).await?;

    // Two rows of two groups, and the row of the secret between them.
    window.press("Home").await?;
    window.press("Right").await?;
    window.desktop().copy("mysql-dev\tmysql-prod\nhunter2\thunter2\n5\t32\n")?;
    window.press("Control+v").await?;
    made.holds("db.host", prod, "mysql-prod").await?;
    made.holds("db.pool", dev, "5").await?;
    made.holds("db.pool", prod, "32").await?;
    window.sees("2 secret cells were left as they are").await?;
    ensure!(made.value_of("db.password", dev).await?.is_null());

    window.press("Down").await?;
    window.type_text("s3cret-typed").await?;
    ensure!(!window.page_text().await?.contains("s3cret"), "what is typed into a secret cell is seen");
    window.press("Enter").await?;
    eventually("the secret to be kept", async || {
        Ok((made.value_of("db.password", dev).await?["kind"] == "sealed").then_some(()))
    })
    .await?;

    // A copy of the secret cell is no copy: what was copied before is still there.
    window.desktop().copy("40")?;
    window.press("Up").await?;
    window.press("Control+c").await?;
    window.press("Down").await?;
    window.press("Control+v").await?;
    made.holds("db.pool", dev, "40").await?;
    ensure!(!window.page_text().await?.contains("s3cret"), "the secret is in the page");
    made.window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_typed_compared_and_looked_at_in_a_group() -> Result<()> {
    let made = Made::new().await?;
    let window = &made.window;
    let [dev, _] = &made.groups;
    window.go(&format!("/app/{}/config?open={}", made.app, made.file)).await?;
    window.click(&textbox(PATH)).await?;
    window.press("Control+End").await?;
    window.type_text("log: {{log.level}}").await?;
    let typed = format!("{TEMPLATE}log: {{{{log.level}}}}");
    eventually("the file to save itself", async || Ok((made.content().await? == typed.as_str()).then_some(()))).await?;
    window.sees("Saved").await?;

    // Tab leaves the editor: whoever has no pointer is not caught in it.
    window.press("Tab").await?;
    ensure!(!window.has_focus(&textbox(PATH)).await?, "the editor keeps the keyboard");

    // The line that is new, beside the version before.
    let changes = By::any("figure").within(By::any("main"));
    window.find(&changes).await?;
    eventually("the new line in the comparison", async || {
        Ok(window.text(&changes).await?.contains("log: {{log.level}}").then_some(()))
    })
    .await?;
    window.click(&role("radio", "Inline")).await?;
    window.click(&role("radio", "Side by side")).await?;

    window.go(&format!("/app/{}/config?open={}&group={dev}", made.app, made.file)).await?;
    let effective = textbox(&format!("{PATH}, Effective"));
    window.find(&effective).await?;
    eventually("the default of the placeholder", async || {
        Ok(window.text(&effective).await?.contains("pool: 20").then_some(()))
    })
    .await?;
    window.click(&role("radio", "Override")).await?;
    // What the group inherits can not be typed into.
    window.find(&By::containing("treeitem", "override")).await?;
    window.click(&role("radio", "Template")).await?;
    window.click(&textbox(PATH)).await?;
    window.press("Control+a").await?;
    window.type_text("own: true").await?;
    window.click(&role("radio", "Effective")).await?;
    eventually("the group's own file", async || {
        Ok((window.text(&effective).await?.trim() == "own: true").then_some(()))
    })
    .await?;
    ensure!(made.content().await? == typed.as_str(), "the app's file is untouched");

    window.click(&role("radio", "Inherit")).await?;
    window.click(&button("Inherit").within(By::any("dialog"))).await?;
    eventually("the app's file again", async || Ok(window.text(&effective).await?.contains("pool: 20").then_some(())))
        .await?;
    made.window.quit().await
}
