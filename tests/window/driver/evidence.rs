//! What a failed test leaves: picture, outline and console of the page, and the core's log.

use super::{WITHIN, Window};
use std::path::{Path, PathBuf};

/// Writes it to `target/failures/TEST/`, as far as it can still be had.
pub(super) fn leave(window: &Window) {
    let folder = folder(window.data_dir());
    if let Err(error) = std::fs::create_dir_all(&folder) {
        eprintln!("no evidence is left: make {}: {error}", folder.display());
        return;
    }
    let console = window.console().map(|lines| lines.join("\n"));
    keep(&folder, "console.txt", console.as_deref().unwrap_or_default());
    keep(&folder, "output.txt", window.output().unwrap_or_default());
    let log = window.data_dir().join("logs/slipway.log");
    keep(&folder, "core.log", std::fs::read(log).unwrap_or_default());
    if super::process::runs(window.pid()) {
        ask_the_page(window, &folder);
    }
    eprintln!("evidence is in {}", folder.display());
}

/// The page is asked from a thread of its own: this runs while a value is dropped, where nothing can be awaited.
fn ask_the_page(window: &Window, folder: &Path) {
    let asked = std::thread::scope(|scope| {
        let asking = scope.spawn(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
            runtime.block_on(async {
                let seen = async { (window.outline().await, window.client.screenshot().await) };
                tokio::time::timeout(WITHIN, seen).await.map_err(std::io::Error::other)
            })
        });
        asking.join()
    });
    let Ok(Ok((outline, picture))) = asked else {
        eprintln!("the page did not answer any more");
        return;
    };
    keep(folder, "page.txt", outline.unwrap_or_default());
    keep(folder, "page.png", picture.unwrap_or_default());
}

fn keep(folder: &Path, name: &str, content: impl AsRef<[u8]>) {
    if let Err(error) = std::fs::write(folder.join(name), content) {
        eprintln!("write {}/{name}: {error}", folder.display());
    }
}

/// One a test and data folder: a test may fail with several windows open.
fn folder(data_dir: &Path) -> PathBuf {
    let test = std::thread::current().name().unwrap_or("unnamed").replace("::", "-");
    let data_dir = data_dir.file_name().unwrap_or_default().to_string_lossy();
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/failures").join(format!("{test}-{data_dir}"))
}
