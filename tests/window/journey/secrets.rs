//! What must never be found in the page or on the disk, in every form it could take there.

use super::site::Site;
use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use slipway_tests::window::Window;
use std::path::Path;

/// Everything a page holds that a script in it, or somebody who opens the inspector, could read.
const PAGE: &str = "
    const stored = (storage) => Object.entries({ ...storage });
    return JSON.stringify([
        document.documentElement.outerHTML,
        [...document.querySelectorAll('input, textarea')].map((field) => field.value),
        stored(localStorage), stored(sessionStorage), document.cookie,
        location.href, history.state, document.title, window.name,
    ]);
";

/// A credential in its forms, each with what it is.
#[derive(Debug)]
pub(super) struct Secrets(Vec<(String, Vec<u8>)>);

impl Secrets {
    pub(super) fn of(code: &str, token: &str) -> Self {
        let mut plain = vec![("the code".to_owned(), code), ("the token".to_owned(), token)];
        // slw1.LENGTH.PAYLOAD.CHECK
        plain.extend(code.split('.').nth(2).map(|payload| ("the code's payload".to_owned(), payload)));
        // The header of a JWT says nothing that another one would not say too.
        plain.extend(
            token.split('.').skip(1).enumerate().map(|(n, part)| (format!("part {} of the token", n + 1), part)),
        );
        Self(plain.iter().flat_map(|(what, text)| forms(what, text)).collect())
    }

    /// The search finds what is there: without this, finding nothing would say nothing. Planted where `WebKit` writes
    /// nothing to the disk, whose files are searched later.
    pub(super) async fn are_found_where_planted(&self, window: &Window) -> Result<()> {
        for (what, form) in self.0.iter().filter_map(|(what, form)| Some((what, std::str::from_utf8(form).ok()?))) {
            if form.contains('\0') {
                continue;
            }
            let planted = serde_json::to_string(form)?;
            window.evaluate(&format!("sessionStorage.setItem('canary', {planted});")).await?;
            ensure!(self.in_page(window).await?.is_some(), "{what} is not found in the page where it is");
        }
        window.evaluate("sessionStorage.removeItem('canary');").await?;
        let file = window.data_dir().join("canary");
        for (what, form) in &self.0 {
            std::fs::write(&file, form)?;
            ensure!(self.in_file(&file)?.is_some(), "{what} is not found in the file where it is");
        }
        std::fs::remove_file(&file).context("remove the canary")
    }

    /// Neither in what the page holds, nor in what it wrote to its console.
    pub(super) async fn are_not_in(&self, window: &Window) -> Result<()> {
        let found = self.in_page(window).await?;
        ensure!(found.is_none(), "the page holds {}", found.unwrap_or_default());
        let found = self.within(window.output()?.as_bytes());
        ensure!(found.is_none(), "Slipway said {}", found.unwrap_or_default());
        Ok(())
    }

    /// In no file below a folder: data, logs, what `WebKit` keeps.
    pub(super) fn are_not_below(&self, folder: &Path) -> Result<()> {
        for entry in folder.read_dir().with_context(|| format!("list {}", folder.display()))? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if kind.is_dir() {
                self.are_not_below(&entry.path())?;
            } else if kind.is_file() {
                let found = self.in_file(&entry.path())?;
                ensure!(found.is_none(), "{} holds {}", entry.path().display(), found.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// Neither in the arguments nor in the environment of Slipway and of what it started.
    pub(super) fn are_not_in_processes(&self, window: &Window) -> Result<()> {
        let processes = window.processes()?;
        ensure!(processes.len() > 1, "the page has processes of its own: {processes:?}");
        for process in processes {
            for part in ["cmdline", "environ"] {
                let file = format!("/proc/{process}/{part}");
                let found = self.in_file(file.as_ref())?;
                ensure!(found.is_none(), "{file} holds {}", found.unwrap_or_default());
            }
        }
        Ok(())
    }

    /// In nothing that Slipway left in the cluster, unpacked.
    pub(super) async fn are_not_in_the_cluster(&self, site: &Site) -> Result<()> {
        let left = site.left_in_the_cluster().await?;
        ensure!(left.len() > 3, "the record of a release is among what it left: {}", left.len());
        for (what, content) in left {
            let found = self.within(&content);
            ensure!(found.is_none(), "{what} holds {}", found.unwrap_or_default());
        }
        Ok(())
    }

    async fn in_page(&self, window: &Window) -> Result<Option<String>> {
        let held = window.evaluate(PAGE).await?;
        Ok(self.within(held.as_str().context("the page answers with a text")?.as_bytes()))
    }

    fn in_file(&self, file: &Path) -> Result<Option<String>> {
        let content = std::fs::read(file).with_context(|| format!("read {}", file.display()))?;
        Ok(self.within(&content))
    }

    fn within(&self, content: &[u8]) -> Option<String> {
        let is_in = |form: &[u8]| content.windows(form.len()).any(|piece| piece == form);
        self.0.iter().find(|(_, form)| is_in(form)).map(|(what, _)| what.clone())
    }
}

/// As it is, in both base64 alphabets, and in UTF-16. Its characters stay as they are in an address.
fn forms(what: &str, text: &str) -> Vec<(String, Vec<u8>)> {
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        (what.to_owned(), text.into()),
        (format!("{what} in base64"), STANDARD_NO_PAD.encode(text).into()),
        (format!("{what} in base64url"), URL_SAFE_NO_PAD.encode(text).into()),
        (format!("{what} in UTF-16"), utf16),
    ]
}
