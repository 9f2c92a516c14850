//! What the contract needs of the desktop it runs on. The shell implements it; tests bring their own.

use std::future::Future;
use std::path::PathBuf;
use std::pin::Pin;
use tokio::sync::watch;

pub type Later<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Files that are dragged over the window. Places are in pixels of the page.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Drag {
    /// Where the pointer is; `None` while nothing is dragged.
    pub over: Option<(f64, f64)>,
    /// How often something was dropped.
    pub drops: u32,
    /// Where the last drop came down.
    pub dropped: Option<(f64, f64)>,
}

/// The desktop, as far as calls need it. Secrets that come from it stay in Rust.
pub trait Desktop: Send + Sync + std::fmt::Debug {
    /// Text on the clipboard, if there is any.
    fn clipboard_text(&self) -> Later<Option<String>>;
    /// A file that the person chooses; `None` when the dialog was dismissed.
    fn choose_file(&self, title: String) -> Later<Option<PathBuf>>;
    /// Files that the person chooses; none when the dialog was dismissed.
    fn choose_files(&self, title: String) -> Later<Vec<PathBuf>>;
    /// Where the person wants a file of this name to be saved; `None` when the dialog was dismissed.
    fn choose_place(&self, title: String, name: String) -> Later<Option<PathBuf>>;
    /// A folder that the person chooses; `None` when the dialog was dismissed.
    fn choose_folder(&self, title: String) -> Later<Option<PathBuf>>;
    /// Tells the person something while no window of ours is in front of them. Answers once they have seen it: whether
    /// they came because of it, and so have the window in front now. Where the desktop does not say, it never answers.
    fn notify(&self, title: String, text: String) -> Later<bool>;
    /// How files are dragged over the window. Where nothing can be, nothing ever is.
    fn drags(&self) -> watch::Receiver<Drag> {
        watch::Sender::new(Drag::default()).subscribe()
    }
    /// The files that were dropped last. They are handed over once.
    fn dropped(&self) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Opens a page in the person's browser. Whether there is one.
    fn browse(&self, address: String) -> Later<bool>;
    /// Shows a file or folder where it lies, in the desktop's program for folders. Whether there is one.
    fn reveal(&self, path: PathBuf) -> Later<bool>;
}
