//! The config files of an app as a folder, in which any editor works.

use crate::hand::Hand;
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use slipway_tests::window::{By, Desktop, Window, button, eventually, role};
use std::fs;
use std::path::{Path, PathBuf};

const TEMPLATE: &str = "db:\n  host: {{db.host}}\n";
const EDITED: &str = "db:\n  host: {{db.host}}\n  port: 3306\n";
const OURS: &str = "db:\n  host: {{db.host}}\n  port: 3307\n";
const TWO_PLACES: &str = "host: a\nport: 1\npool: 5\nmode: x\nlevel: info\nname: shop\ncolour: red\n";
const THEIRS: &str = "db:\n  host: {{db.host}}\n  port: 3308\n";

/// Saves as editors do: beside it first, and renamed then.
fn edit(file: &Path, content: &str) -> Result<()> {
    let beside = file.with_extension("swp");
    fs::write(&beside, content)?;
    fs::rename(&beside, file).with_context(|| format!("save {}", file.display()))
}

async fn content(window: &Window, file: &Value) -> Result<Value> {
    window.call("config_file", &json!({ "id": file, "group": null })).await
}

async fn holds(window: &Window, file: &Value, wanted: &str) -> Result<()> {
    eventually(format!("Slipway to hold {wanted:?}"), async || {
        Ok((content(window, file).await?["content"]["text"] == wanted).then_some(()))
    })
    .await
}

async fn stands(file: &Path, wanted: &str) -> Result<()> {
    eventually(format!("{} to be {wanted:?}", file.display()), async || {
        Ok((fs::read_to_string(file)? == wanted).then_some(()))
    })
    .await
}

/// An app with one file that is opened as a folder, and its dialog in front.
struct Opened {
    window: Window,
    /// The file here, and in the folder.
    id: Value,
    file: PathBuf,
    dialog: By,
}

impl Opened {
    async fn new(text: &str) -> Result<Self> {
        let desktop = Desktop::start().await?;
        let window = desktop.open(&desktop.home().join("data"), &[]).await?;
        let draft = json!({ "slug": "shop", "title": "shop", "repository": "", "deploy_path": "/export/app/" });
        let app = window.call("app_create", &draft).await?["id"].clone();
        let typed = json!({ "kind": "text", "text": text });
        let create = json!({ "app": app, "group": null, "path": "conf/app.yaml", "content": typed });
        let id = window.call("config_create", &create).await?;
        let chosen = desktop.home().join("Work-1");
        fs::create_dir(&chosen)?;
        window.go(&format!("/app/{}/config", app.as_str().context("an id")?)).await?;
        window.click(&button("Open as folder")).await?;
        window.answer_dialog(&chosen.to_string_lossy()).await?;
        window.sees("1 file on both sides").await?;
        let file = chosen.join("shop/config/conf/app.yaml");
        stands(&file, text).await?;
        Ok(Self { window, id, file, dialog: role("dialog", "Open as a folder") })
    }

    /// Changes the file on both sides at once: while it is gone there, what is saved here is not written there.
    async fn changed_on_both_sides(&self, ours: &str, theirs: &str) -> Result<()> {
        fs::remove_file(&self.file)?;
        self.window.sees("Deleted in the folder. In Slipway it is as it was.").await?;
        let save = json!({
            "id": self.id, "base": content(&self.window, &self.id).await?["revision"], "editor": "test",
            "content": { "kind": "text", "text": ours },
        });
        self.window.call("config_save", &save).await?;
        edit(&self.file, theirs)?;
        self.window.sees("1 file changed on both sides").await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_editor_does_in_the_folder_comes_back_as_a_draft() -> Result<()> {
    let opened = Opened::new(TEMPLATE).await?;
    let Opened { window, id, file, dialog } = &opened;
    edit(file, EDITED)?;
    holds(window, id, EDITED).await?;
    let changed = By::any("figure").within(dialog.clone());
    eventually("the change in the dialog", async || {
        Ok(window.text(&changed).await?.contains("port: 3306").then_some(()))
    })
    .await?;

    // Deleting there deletes nothing here; and what both sides changed meanwhile waits for a decision.
    opened.changed_on_both_sides(OURS, THEIRS).await?;
    for line in ["port: 3306", "port: 3307", "port: 3308"] {
        ensure!(window.text(dialog).await?.contains(line), "the dialog shows {line}");
    }
    stands(file, THEIRS).await?;
    holds(window, id, OURS).await?;
    window.click(&button("Take the folder's").within(dialog.clone())).await?;
    holds(window, id, THEIRS).await?;
    window.sees_no_more("changed on both sides").await?;

    // A file that somebody puts there is taken when a person says so.
    let root = file.ancestors().nth(3).context("the folder of the app")?;
    fs::write(root.join("config/extra.txt"), "more\n")?;
    window.sees("In the folder, not in Slipway").await?;
    window.click(&button("Add").within(dialog.clone())).await?;
    window.sees("2 files on both sides").await?;

    fs::remove_dir_all(root)?;
    window.sees("The folder is gone").await?;
    window.click(&button("Write again").within(dialog.clone())).await?;
    stands(file, THEIRS).await?;
    stands(&root.join("config/extra.txt"), "more\n").await?;
    // What stands above the button goes first.
    window.sees_no_more("The folder is gone").await?;

    window.click(&button("Follow no more").within(dialog.clone())).await?;
    window.find_none(dialog).await?;
    window.find(&button("Open as folder")).await?;
    ensure!(file.is_file(), "the files on the disk stay");
    opened.window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_both_sides_changed_is_decided_place_by_place() -> Result<()> {
    let opened = Opened::new(TWO_PLACES).await?;
    let Opened { window, id, file, dialog } = &opened;
    // Both changed the first line and the last, each for itself; the pool was changed here only, the level there only.
    let ours = "host: ours\nport: 1\npool: 9\nmode: x\nlevel: info\nname: shop\ncolour: blue\n";
    let theirs = "host: theirs\nport: 1\npool: 5\nmode: x\nlevel: debug\nname: shop\ncolour: green\n";
    opened.changed_on_both_sides(ours, theirs).await?;
    window.sees("2 places are not decided yet").await?;
    let result = button("Save the result").within(dialog.clone());
    let off = window.find(&result).await?.attr("aria-disabled").await?;
    ensure!(off.as_deref() == Some("true"), "nothing can be saved before everything is decided");

    // The first place as Slipway has it, by pointer; the second as both have it, by keys.
    let place = |number: u8| role("radiogroup", &format!("Place {number}: what stays")).within(dialog.clone());
    Hand::Pointer.pick(window, &place(1), &role("radio", "Slipway")).await?;
    window.sees("1 place is not decided yet").await?;
    Hand::Keyboard.pick(window, &place(2), &role("radio", "Both")).await?;
    let text = By::containing("textbox", "Result, as both sides will have it").within(dialog.clone());
    eventually("the result of both", async || {
        let text = window.text(&text).await?;
        Ok(["host: ours", "pool: 9", "level: debug", "colour: blue", "colour: green"]
            .iter()
            .all(|line| text.contains(line))
            .then_some(()))
    })
    .await?;
    window.click(&result).await?;
    let merged = "host: ours\nport: 1\npool: 9\nmode: x\nlevel: debug\nname: shop\ncolour: blue\ncolour: green\n";
    holds(window, id, merged).await?;
    stands(file, merged).await?;
    window.sees_no_more("changed on both sides").await?;
    opened.window.quit().await
}
