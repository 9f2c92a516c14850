//! How somebody works at the window: with a pointer, or with nothing but keys.

use anyhow::{Context, Result, ensure};
use slipway_tests::window::{By, Window, eventually, role};
use std::cell::Cell;

/// Counts every use of a pointer; a button that a key presses fires a click as well, without a pointer.
const WATCH_THE_POINTER: &str = "
    window.pointerUsed = 0;
    const count = (event) => { if (event.type !== 'click' || event.detail > 0) window.pointerUsed += 1; };
    for (const type of ['pointerdown', 'mousedown', 'touchstart', 'wheel', 'click']) addEventListener(type, count, true);
";

/// What a person works with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    Pointer,
    /// Nothing but keys: Tab and Enter, arrows, shortcuts, the palette.
    Keyboard,
}

impl Hand {
    /// Uses a button or a link.
    pub(crate) async fn activate(self, window: &Window, by: &By) -> Result<()> {
        match self {
            Self::Pointer => window.click(by).await,
            Self::Keyboard => {
                enabled(window, by).await?;
                window.tab_to(by).await?;
                window.press("Enter").await
            }
        }
    }

    /// Replaces what is in a field.
    pub(crate) async fn write(self, window: &Window, by: &By, text: &str) -> Result<()> {
        match self {
            Self::Pointer => window.fill(by, text).await,
            Self::Keyboard => {
                window.tab_to(by).await?;
                window.press("Control+a").await?;
                window.type_text(text).await?;
                let what = format!("{by} to hold {text:?}");
                eventually(what, async || Ok((window.value(by).await? == text).then_some(()))).await
            }
        }
    }

    /// Chooses from a list that opens.
    pub(crate) async fn choose(self, window: &Window, list: &By, option: &By) -> Result<()> {
        match self {
            // On a busy machine a list may close under the pointer, or miss that the pointer has come to an option: a
            // person sees that the list does not say what they chose, and clicks again.
            Self::Pointer => {
                let clicked = Cell::new(None::<String>);
                eventually(format!("the choice of {option}"), async || {
                    if window.find(list).await?.attr("aria-expanded").await?.as_deref() == Some("true") {
                        let mut found = window.all(option).await?;
                        let option = found.pop().context("the list is not drawn yet")?;
                        let says = option.prop("textContent").await?;
                        option.click().await?;
                        clicked.set(says);
                        return Ok(None);
                    }
                    let chosen = window.find(list).await?.prop("textContent").await?.unwrap_or_default();
                    if clicked.take().is_some_and(|says| !chosen.is_empty() && says.contains(&chosen)) {
                        return Ok(Some(()));
                    }
                    window.click(list).await?;
                    Ok(None)
                })
                .await
            }
            Self::Keyboard => {
                self.activate(window, list).await?;
                window.find(option).await?;
                let last = By::any("option").nth(window.count(&By::any("option")).await? - 1);
                eventually(format!("the arrows to come to {option}"), async || {
                    if window.has_focus(option).await? {
                        return Ok(Some(()));
                    }
                    // The list begins where its choice stands, and its arrows do not go around.
                    let key = if window.has_focus(&last).await? { "Home" } else { "Down" };
                    window.press(key).await?;
                    Ok(None)
                })
                .await?;
                window.press("Enter").await
            }
        }?;
        window.find_none(&By::any("listbox")).await
    }

    /// Chooses one of several that stand beside each other.
    pub(crate) async fn pick(self, window: &Window, group: &By, radio: &By) -> Result<()> {
        let radio = radio.clone().within(group.clone());
        match self {
            Self::Pointer => window.click(&radio).await,
            Self::Keyboard => {
                window.find(&radio).await?;
                tab_into(window, &By::any("radio").within(group.clone())).await?;
                arrow_to(window, "Right", &radio).await
            }
        }
    }

    /// Opens a menu and takes an entry.
    pub(crate) async fn take(self, window: &Window, menu: &By, entry: &By) -> Result<()> {
        self.activate(window, menu).await?;
        window.find(entry).await?;
        match self {
            Self::Pointer => window.click(entry).await,
            Self::Keyboard => {
                arrow_to(window, "Down", entry).await?;
                window.press("Enter").await
            }
        }
    }

    /// Begins to watch what is used on the page in front.
    pub(crate) async fn watched(self, window: &Window) -> Result<()> {
        window.evaluate(WATCH_THE_POINTER).await?;
        Ok(())
    }

    /// Nothing but this was used since [`watched`](Self::watched).
    pub(crate) async fn was_used_alone(self, window: &Window) -> Result<()> {
        let pressed = window.evaluate("return window.pointerUsed;").await?;
        let pressed = pressed.as_u64().context("the pointer is watched")?;
        match self {
            Self::Pointer => ensure!(pressed > 0, "the watch sees no pointer"),
            Self::Keyboard => ensure!(pressed == 0, "the pointer was used {pressed} times"),
        }
        Ok(())
    }
}

/// Presses Tab until one of these has the focus.
pub(crate) async fn tab_into(window: &Window, any: &By) -> Result<()> {
    eventually(format!("Tab to come to a {any}"), async || {
        if window.has_focus(any).await? {
            return Ok(Some(()));
        }
        window.press("Tab").await?;
        Ok(None)
    })
    .await
}

/// Presses an arrow until it has come to a thing.
pub(crate) async fn arrow_to(window: &Window, key: &str, by: &By) -> Result<()> {
    eventually(format!("the arrows to come to {by}"), async || {
        if window.has_focus(by).await? {
            return Ok(Some(()));
        }
        window.press(key).await?;
        Ok(None)
    })
    .await
}

/// A button that cannot be used yet stays in reach of the keyboard, and says so.
pub(crate) async fn enabled(window: &Window, by: &By) -> Result<()> {
    eventually(format!("{by} to be enabled"), async || {
        let element = window.find(by).await?;
        let off = element.attr("aria-disabled").await?.as_deref() == Some("true");
        Ok((!off && element.is_enabled().await?).then_some(()))
    })
    .await
}

/// Chooses from the palette what is called exactly so; `palette` is its name in the language of the window.
pub(crate) async fn command(window: &Window, palette: &str, name: &str) -> Result<()> {
    window.press("Control+k").await?;
    let palette = role("dialog", palette);
    let field = By::any("combobox").within(palette.clone());
    eventually(format!("{field} to take what is typed"), async || Ok(window.has_focus(&field).await?.then_some(())))
        .await?;
    window.type_text(name).await?;
    // What Enter takes is marked; until what was typed is looked for, it may be another.
    let option = By::containing("option", name).within(palette.clone()).nth(0);
    eventually(format!("{option} to be the first"), async || {
        Ok((window.find(&option).await?.attr("aria-selected").await?.as_deref() == Some("true")).then_some(()))
    })
    .await?;
    window.press("Enter").await?;
    window.find_none(&palette).await
}
