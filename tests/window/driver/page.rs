//! What a person does on the page and sees there.

use super::{By, Window, eventually, webdriver};
use anyhow::{Context, Result, anyhow, bail, ensure};
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions, MOUSE_BUTTON_LEFT, MouseActions, PointerAction};
use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use serde_json::{Value, json};
use std::path::Path;

/// Roles and names, computed in the page.
const FIND: &str = include_str!("find.js");
/// More than any page has.
const TAB_STOPS_MAX: usize = 150;
/// The key under which WebDriver names an element.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Window {
    /// Waits for the one thing that is meant; more than one is as wrong as none.
    pub async fn find(&self, by: &By) -> Result<Element> {
        let found = eventually(by, async || {
            let mut found = self.all(by).await?;
            ensure!(found.len() < 2, "{} things are {by}: narrow it with within() or nth()", found.len());
            Ok(found.pop())
        });
        match found.await {
            Ok(element) => Ok(element),
            Err(error) => Err(error.context(format!("the page has\n{}", self.outline().await.unwrap_or_default()))),
        }
    }

    /// Everything that is meant, at this moment.
    pub async fn all(&self, by: &By) -> Result<Vec<Element>> {
        let found = self.client.execute(&format!("{FIND}\nreturn find(arguments[0]);"), vec![json!(by)]).await?;
        let Value::Array(found) = found else { bail!("find.js answered {found}") };
        let element = |found: &Value| {
            let id = found[ELEMENT].as_str().ok_or_else(|| anyhow!("find.js answered {found}"))?;
            Ok(Element::from_element_id(self.client.clone(), ElementRef::from(id.to_owned())))
        };
        found.iter().map(element).collect()
    }

    pub async fn count(&self, by: &By) -> Result<usize> {
        Ok(self.all(by).await?.len())
    }

    /// Waits until nothing is meant any more.
    pub async fn find_none(&self, by: &By) -> Result<()> {
        eventually(format!("no {by}"), async || Ok(self.all(by).await?.is_empty().then_some(()))).await
    }

    /// Clicks, as soon as it is there, enabled and not covered.
    pub async fn click(&self, by: &By) -> Result<()> {
        eventually(format!("a click on {by}"), async || {
            let element = self.find(by).await?;
            ensure!(element.is_enabled().await?, "{by} is disabled");
            Ok(Some(element.click().await?))
        })
        .await
    }

    /// Brings the pointer to a place of the page, for what has no role: the screen of a terminal. With `press` it clicks.
    pub async fn point_at(&self, (x, y): (f64, f64), press: bool) -> Result<()> {
        let pointer = MouseActions::new("pointer".to_owned()).then(PointerAction::MoveTo { duration: None, x, y });
        let button = MOUSE_BUTTON_LEFT;
        let click = [PointerAction::Down { button }, PointerAction::Up { button }].into_iter().filter(|_| press);
        Ok(self.client.perform_actions(click.fold(pointer, MouseActions::then)).await?)
    }

    /// Replaces what is in a field, key by key.
    pub async fn fill(&self, by: &By, text: &str) -> Result<()> {
        self.click(by).await?;
        self.press("Control+a").await?;
        self.press("Delete").await?;
        self.type_text(text).await?;
        let what = format!("{by} to hold {text:?}");
        eventually(what, async || Ok((self.value(by).await? == text).then_some(()))).await
    }

    /// What is in a field.
    pub async fn value(&self, by: &By) -> Result<String> {
        Ok(self.find(by).await?.prop("value").await?.unwrap_or_default())
    }

    /// The visible text of a thing. The driver's own reading of it leaves out what it takes for hidden.
    pub async fn text(&self, by: &By) -> Result<String> {
        Ok(self.find(by).await?.prop("innerText").await?.unwrap_or_default())
    }

    /// Presses keys where the focus is: `Enter`, `Control+k`, `Shift+Tab`, `Down`.
    pub async fn press(&self, keys: &str) -> Result<()> {
        let keys = keys.split('+').map(key).collect::<Result<Vec<_>>>()?;
        let down = keys.iter().map(|value| KeyAction::Down { value: *value });
        let up = keys.iter().rev().map(|value| KeyAction::Up { value: *value });
        self.keys(down.chain(up)).await
    }

    /// Types where the focus is.
    pub async fn type_text(&self, text: &str) -> Result<()> {
        self.keys(text.chars().flat_map(|value| [KeyAction::Down { value }, KeyAction::Up { value }])).await
    }

    async fn keys(&self, keys: impl Iterator<Item = KeyAction>) -> Result<()> {
        let source = keys.fold(KeyActions::new("keyboard".to_owned()), KeyActions::then);
        Ok(self.client.perform_actions(source).await?)
    }

    /// Moves the focus to a thing as somebody without a pointer does: with Tab, all around the page at most once.
    pub async fn tab_to(&self, by: &By) -> Result<()> {
        self.find(by).await?;
        let mut passed = Vec::new();
        while passed.len() < TAB_STOPS_MAX {
            if self.has_focus(by).await? {
                return Ok(());
            }
            passed.push(self.focused().await?);
            self.press("Tab").await?;
        }
        bail!("Tab never came to {by}; it came by {passed:#?}")
    }

    /// Whether this very thing has the focus.
    pub async fn has_focus(&self, by: &By) -> Result<bool> {
        let script = format!("{FIND}\nreturn find(arguments[0]).includes(document.activeElement);");
        Ok(self.client.execute(&script, vec![json!(by)]).await? == Value::Bool(true))
    }

    /// Role and name of what has the focus, as `button "Deploy"`.
    pub async fn focused(&self) -> Result<String> {
        self.ask("return describe(document.activeElement);").await
    }

    /// Waits until the page shows this text.
    pub async fn sees(&self, text: &str) -> Result<()> {
        let seen =
            eventually(format!("the text {text:?}"), async || Ok(self.page_text().await?.contains(text).then_some(())));
        match seen.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!("the page says\n{}", self.page_text().await.unwrap_or_default()))),
        }
    }

    /// Waits until the page does not show this text.
    pub async fn sees_no_more(&self, text: &str) -> Result<()> {
        let what = format!("the text {text:?} to go");
        eventually(what, async || Ok((!self.page_text().await?.contains(text)).then_some(()))).await
    }

    /// All visible text of the page.
    pub async fn page_text(&self) -> Result<String> {
        self.ask("return document.body.innerText;").await
    }

    /// Roles and names of what is on the page, one thing a line, indented as it is nested.
    pub async fn outline(&self) -> Result<String> {
        self.ask("return outline();").await
    }

    /// Where in the app the page is: the path and query behind the `#` of its address.
    pub async fn route(&self) -> Result<String> {
        self.ask("return location.hash.slice(1) || '/';").await
    }

    /// Goes to an address within the app, as a link or the history would.
    pub async fn go(&self, route: &str) -> Result<()> {
        let what = format!("{route} to be in front");
        eventually(what, async || {
            // Again when a page that was still loading has had its own way: a person would click again.
            self.client.execute("location.hash = arguments[0];", vec![json!(route)]).await?;
            Ok((self.route().await? == route).then_some(()))
        })
        .await
    }

    /// Waits until everything on the page is loaded and nothing is animated, for half a second of frames.
    pub async fn comes_to_rest(&self) -> Result<()> {
        let rests = "
            for (let frame = 0; frame < 30; frame++) {
                const moving = document.getAnimations().map((one) => one.animationName ?? one.transitionProperty);
                const busy = document.querySelectorAll('[aria-busy=true]').length;
                if (moving.length + busy > 0) return `animated: ${moving.join()}; loading: ${busy}`;
                await new Promise(requestAnimationFrame);
            }
            return null;
        ";
        eventually("the page to come to rest", async || {
            let moves = self.evaluate(rests).await?;
            ensure!(moves.is_null(), "{moves}");
            Ok(Some(()))
        })
        .await
    }

    /// Loads the page anew.
    pub async fn reload(&self) -> Result<()> {
        self.client.refresh().await?;
        self.loaded().await
    }

    /// Runs the body of an async function in the page; the answer is what it returns. For what no person could see.
    pub async fn evaluate(&self, script: &str) -> Result<Value> {
        let script = format!("return (async () => {{ {script} }})();");
        Ok(self.client.execute(&script, vec![]).await?)
    }

    /// Asks the core as the page does.
    pub async fn call(&self, name: &str, payload: &Value) -> Result<Value> {
        webdriver::call(&self.client, name, payload).await
    }

    /// A picture of the page as it is drawn now, as PNG.
    pub async fn screenshot(&self) -> Result<Vec<u8>> {
        webdriver::picture(&self.client).await
    }

    /// Writes a picture of the page; missing folders are made.
    pub async fn save_screenshot(&self, path: &Path) -> Result<()> {
        let picture = self.screenshot().await?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        std::fs::write(path, picture).with_context(|| format!("write {}", path.display()))
    }

    /// Waits until the page is loaded and has drawn something.
    pub async fn loaded(&self) -> Result<()> {
        eventually("the page to draw itself", async || {
            let drawn = "return document.readyState === 'complete' && document.body.innerText.trim() !== '';";
            Ok(self.evaluate(drawn).await?.as_bool().filter(|drawn| *drawn).map(drop))
        })
        .await
    }

    async fn ask(&self, script: &str) -> Result<String> {
        let answer = self.evaluate(&format!("{FIND}\n{script}")).await?;
        answer.as_str().map(str::to_owned).ok_or_else(|| anyhow!("the page answered {answer}"))
    }
}

fn key(name: &str) -> Result<char> {
    let key = match name {
        "Control" => Key::Control,
        "Shift" => Key::Shift,
        "Alt" => Key::Alt,
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => return Ok(' '),
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "F6" => Key::F6,
        _ => {
            let mut letters = name.chars();
            return match (letters.next(), letters.next()) {
                (Some(letter), None) => Ok(letter),
                _ => bail!("there is no key {name:?}"),
            };
        }
    };
    Ok(key.into())
}
