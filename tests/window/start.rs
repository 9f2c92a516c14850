//! Starting, starting again, and starting where something is wrong.

use anyhow::{Context, Result};
use slipway_tests::window::{By, Desktop, Place, eventually, heading, link};
use std::path::Path;

/// What every page of a window that works has.
fn sidebar() -> By {
    By::any("navigation")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_folder_begins_with_the_first_run() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    window.find(&link("Link cluster…")).await?;
    window.find(&link("Create app")).await?;
    window.quit().await
}

/// Nobody drives it and takes pictures of it: it draws as this computer does it best, with layers or without.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_drawn_is_seen_on_the_display() -> Result<()> {
    /// A blank window has one or two; letters have many, for their edges are smooth.
    const COLOURS: usize = 64;
    let desktop = Desktop::start().await?;
    let window = desktop.open_undriven(&desktop.home().join("data"))?;
    eventually("the page on the display", async || Ok((window.colours().await? > COLOURS).then_some(()))).await?;
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_keyboard_leads_everywhere() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    window.find(&link("Link cluster…")).await?;
    window.press("Control+k").await?;
    let field = By::any("combobox").within(By::any("dialog"));
    eventually("the palette to take what is typed", async || Ok(window.has_focus(&field).await?.then_some(()))).await?;
    window.type_text("Settings").await?;
    window.press("Enter").await?;
    window.find_none(&By::any("dialog")).await?;
    window.find(&heading("Settings").within(By::any("main"))).await?;
    assert_eq!(window.route().await?, "/settings");
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_start_brings_the_first_window_forward() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("one"), &[]).await?;
    let above = desktop.open(&desktop.home().join("other"), &[]).await?;
    eventually("the other window to lie above", async || Ok(above.is_in_front().await?.then_some(()))).await?;

    let second = window.start_again().await?;
    assert!(second.status.success(), "{second:?}");
    assert_eq!(String::from_utf8_lossy(&second.stdout).lines().count(), 1, "{second:?}");
    eventually("the first window to come forward", async || Ok(window.is_in_front().await?.then_some(()))).await?;

    window.find(&sidebar().nth(0)).await?;
    above.quit().await?;
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_folders_are_two_windows() -> Result<()> {
    let desktop = Desktop::start().await?;
    let one = desktop.open(&desktop.home().join("one"), &[]).await?;
    let other = desktop.open(&desktop.home().join("other"), &[]).await?;
    assert_ne!(one.pid(), other.pid());
    one.quit().await?;
    other.find(&sidebar().nth(0)).await?;
    other.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_system_without_a_language_starts_in_english() -> Result<()> {
    for locale in ["C", "C.UTF-8", "POSIX"] {
        let desktop = Desktop::start().await?;
        let window = desktop.open(&desktop.home().join("data"), &[("LANG", locale)]).await?;
        window.find(&sidebar().nth(0)).await.with_context(|| format!("with LANG={locale}"))?;
        assert_eq!(window.evaluate("return document.documentElement.lang;").await?, "en", "with LANG={locale}");
        window.quit().await.with_context(|| format!("with LANG={locale}"))?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_of_a_newer_version_is_shown_as_such_and_left_alone() -> Result<()> {
    let desktop = Desktop::start().await?;
    let folder = desktop.home().join("data");
    desktop.open(&folder, &[]).await?.quit().await?;
    let database = folder.join("slipway.db");
    let newer = with_schema_version(&database, 9_999)?;

    let window = desktop.open(&folder, &[]).await?;
    window.sees(&database.to_string_lossy()).await?;
    assert!(window.output()?.contains("slipway.db"), "stderr names the file");
    let second = window.start_again().await?;
    assert!(second.status.success(), "{second:?}");
    window.quit().await?;
    assert_eq!(std::fs::read(&database)?, newer);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_none_gets_a_window_and_a_reason() -> Result<()> {
    let desktop = Desktop::start().await?;
    let file = desktop.home().join("data");
    std::fs::write(&file, "no folder")?;
    // Without a folder the page keeps nothing, and such a page takes no driver.
    let window = desktop.open_undriven(&file)?;
    window.shown().await?;
    let reason = format!("open the data folder {}", file.display());
    eventually("the reason on stderr", async || Ok(window.output()?.contains(&reason).then_some(()))).await?;
    window.quit().await?;
    assert_eq!(std::fs::read_to_string(&file)?, "no folder");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_display_it_says_so() -> Result<()> {
    let desktop = Desktop::start().await?;
    let data = desktop.home().join("data");
    let nowhere = [("DISPLAY".to_owned(), ":4242".to_owned())];
    let ended = desktop.run(&["--data-dir", &data.to_string_lossy()], &nowhere).await?;
    assert_eq!(ended.status.code(), Some(1), "{ended:?}");
    assert!(String::from_utf8_lossy(&ended.stderr).contains("no window can be opened"), "{ended:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_kill_it_starts_again() -> Result<()> {
    let desktop = Desktop::start().await?;
    let folder = desktop.home().join("data");
    desktop.open(&folder, &[]).await?.kill().await?;
    let window = desktop.open(&folder, &[]).await?;
    window.find(&sidebar().nth(0)).await?;
    // The socket that was left behind is the new window's now.
    assert!(window.start_again().await?.status.success());
    window.quit().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_is_where_it_was_left() -> Result<()> {
    let desktop = Desktop::start().await?;
    let window = desktop.open(&desktop.home().join("data"), &[]).await?;
    let first = window.place().await?;
    assert_eq!((first.width, first.height), (1440, 900));
    let left = Place { x: 210, y: 130, width: 1180, height: 760 };
    window.put(left).await?;
    let window = window.restart().await?;
    eventually(format!("the window to be at {left:?}"), async || Ok((window.place().await? == left).then_some(())))
        .await?;
    // Another folder has a place of its own.
    let other = window.desktop().open(&desktop.home().join("other"), &[]).await?;
    assert_eq!(other.place().await?, first);
    other.quit().await?;
    window.quit().await
}

/// Sets `user_version`, which stands in the file's header, and answers the file's new content.
fn with_schema_version(database: &Path, version: u32) -> Result<Vec<u8>> {
    const USER_VERSION: std::ops::Range<usize> = 60..64;
    let mut content = std::fs::read(database).with_context(|| format!("read {}", database.display()))?;
    content[USER_VERSION].copy_from_slice(&version.to_be_bytes());
    std::fs::write(database, &content)?;
    Ok(content)
}
