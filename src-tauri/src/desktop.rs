//! The desktop around the window: clipboard, file dialogs, notifications, the browser and the program
//! for folders for the core, and what particular systems need.

use crate::drag::Dragged;
use crate::{notification, window};
use slipway_api::host::{Desktop, Drag, Later};
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager, async_runtime};
use tauri_plugin_clipboard_manager::ClipboardExt;
use tauri_plugin_dialog::DialogExt;
use tokio::sync::{oneshot, watch};

/// The desktop of the running window.
#[derive(Debug)]
pub(crate) struct System {
    app: AppHandle,
}

impl System {
    pub(crate) fn new(app: AppHandle) -> Self {
        Self { app }
    }
}

impl Desktop for System {
    fn clipboard_text(&self) -> Later<Option<String>> {
        let app = self.app.clone();
        Box::pin(async move {
            // Another program may own the clipboard and take its time.
            let read = async_runtime::spawn_blocking(move || app.clipboard().read_text()).await;
            // Nothing there and something that is no text are the same to us.
            read.ok()?.ok().filter(|text| !text.is_empty())
        })
    }

    fn choose_file(&self, title: String) -> Later<Option<PathBuf>> {
        let app = self.app.clone();
        Box::pin(async move {
            let (chosen, choice) = oneshot::channel();
            app.dialog().file().set_title(title).pick_file(move |file| {
                // The call that asked may have been given up meanwhile.
                chosen.send(file).ok();
            });
            choice.await.ok()??.into_path().ok()
        })
    }

    fn choose_files(&self, title: String) -> Later<Vec<PathBuf>> {
        let app = self.app.clone();
        Box::pin(async move {
            let (chosen, choice) = oneshot::channel();
            // Where it would begin otherwise, at the files used last, no path can be typed.
            let home = app.path().home_dir().unwrap_or_default();
            app.dialog().file().set_title(title).set_directory(home).pick_files(move |files| {
                // The call that asked may have been given up meanwhile.
                chosen.send(files).ok();
            });
            let files = choice.await.ok().flatten().unwrap_or_default();
            files.into_iter().filter_map(|file| file.into_path().ok()).collect()
        })
    }

    fn choose_folder(&self, title: String) -> Later<Option<PathBuf>> {
        let app = self.app.clone();
        Box::pin(async move {
            let (chosen, choice) = oneshot::channel();
            // Where it would begin otherwise, at the files used last, no folder can be chosen.
            let home = app.path().home_dir().unwrap_or_default();
            app.dialog().file().set_title(title).set_directory(home).pick_folder(move |folder| {
                // The call that asked may have been given up meanwhile.
                chosen.send(folder).ok();
            });
            choice.await.ok()??.into_path().ok()
        })
    }

    fn choose_place(&self, title: String, name: String) -> Later<Option<PathBuf>> {
        let app = self.app.clone();
        Box::pin(async move {
            let (chosen, choice) = oneshot::channel();
            app.dialog().file().set_title(title).set_file_name(name).save_file(move |file| {
                // The call that asked may have been given up meanwhile.
                chosen.send(file).ok();
            });
            choice.await.ok()??.into_path().ok()
        })
    }

    fn notify(&self, title: String, text: String) -> Later<bool> {
        let app = self.app.clone();
        Box::pin(async move {
            if window::is_in_front(&app) {
                tracing::info!("no notification is shown: the window is in front");
                return false;
            }
            let opened = match notification::show(&title, &text, window::in_front(&app)).await {
                Ok(opened) => opened,
                // Not every desktop has a place for them.
                Err(error) => {
                    tracing::info!(%error, "no notification is shown");
                    false
                }
            };
            if opened {
                window::focus(&app);
            }
            opened
        })
    }

    fn drags(&self) -> watch::Receiver<Drag> {
        self.app.state::<Dragged>().follow()
    }

    fn dropped(&self) -> Vec<PathBuf> {
        self.app.state::<Dragged>().take()
    }

    fn browse(&self, address: String) -> Later<bool> {
        Box::pin(async move {
            // It starts a program.
            let begun =
                async_runtime::spawn_blocking(move || tauri_plugin_opener::open_url(address, None::<&str>)).await;
            match begun {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::info!(%error, "no page is opened");
                    false
                }
                Err(_) => false,
            }
        })
    }

    fn reveal(&self, path: PathBuf) -> Later<bool> {
        Box::pin(async move {
            // It asks other programs, and starts one where none answers.
            let shown = async_runtime::spawn_blocking(move || show_folder(&path)).await;
            match shown {
                Ok(Ok(())) => true,
                Ok(Err(error)) => {
                    tracing::info!(%error, "no folder is shown");
                    false
                }
                Err(_) => false,
            }
        })
    }
}

/// Marks the file in its folder where the desktop can, and opens the folder where it cannot.
fn show_folder(path: &Path) -> Result<(), tauri_plugin_opener::Error> {
    tauri_plugin_opener::reveal_item_in_dir(path).or_else(|error| match path.parent() {
        Some(folder) if folder.is_dir() => tauri_plugin_opener::open_path(folder, None::<&str>),
        _ => Err(error),
    })
}

/// Ends Slipway in good order when the system asks for it.
pub(crate) fn quit_on_signal(app: AppHandle) {
    async_runtime::spawn(async move {
        match asked_to_quit().await {
            Ok(()) => app.exit(0),
            Err(error) => tracing::warn!(%error, "wait for the system's request to quit"),
        }
    });
}

#[cfg(unix)]
async fn asked_to_quit() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut terminate, mut hangup) = (signal(SignalKind::terminate())?, signal(SignalKind::hangup())?);
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = hangup.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
async fn asked_to_quit() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Sets what WebKit reads from the environment. Call it before any thread is started.
pub(crate) fn settle_environment() {
    #[cfg(target_os = "linux")]
    if linux::nvidia_on_x11(
        |name| std::env::var(name).ok(),
        std::path::Path::new("/proc/driver/nvidia/version").exists(),
    ) && let Err(error) = gtk::glib::setenv(linux::DISABLE_DMABUF, "1", false)
    {
        eprintln!("slipway: set {}: {error}", linux::DISABLE_DMABUF);
    }
}

/// Whether the processor has to draw all that a graphics processor would, and nobody has said how.
#[cfg(target_os = "linux")]
pub(crate) fn is_without_graphics() -> bool {
    linux::without_graphics(|name| std::env::var(name).ok(), Path::new("/"))
}

/// Whether there is a display to open a window on.
pub(crate) fn check_display() -> Result<(), String> {
    #[cfg(target_os = "linux")]
    gtk::init().map_err(|_| "there is no display (DISPLAY or WAYLAND_DISPLAY names none that answers)".to_owned())?;
    Ok(())
}

#[cfg(target_os = "linux")]
mod linux {
    pub(super) const DISABLE_DMABUF: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";

    /// NVIDIA's driver draws nothing on X11 when WebKit shares buffers. What the person has set themselves is theirs.
    pub(super) fn nvidia_on_x11(variable: impl Fn(&str) -> Option<String>, nvidia: bool) -> bool {
        let x11 = match variable("GDK_BACKEND") {
            Some(backend) => backend.starts_with("x11"),
            None => variable("WAYLAND_DISPLAY").is_none() && variable("DISPLAY").is_some(),
        };
        nvidia && x11 && variable(DISABLE_DMABUF).is_none()
    }

    /// No render node of a driver of the kernel, and none of the drivers that have no such node: NVIDIA's and that of Linux
    /// in Windows.
    pub(super) fn without_graphics(variable: impl Fn(&str) -> Option<String>, root: &std::path::Path) -> bool {
        let nodes = std::fs::read_dir(root.join("dev/dri")).into_iter().flatten().flatten();
        let rendering = nodes.filter(|node| node.file_name().to_string_lossy().starts_with("renderD")).count();
        let others = ["proc/driver/nvidia/version", "dev/dxg"].iter().any(|driver| root.join(driver).exists());
        rendering == 0 && !others && variable(DISABLE_DMABUF).is_none()
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_graphics_processor_is_known_by_its_node() {
            let without = |files: &[&str], set: Option<&str>| {
                let root = tempfile::tempdir().expect("a folder");
                for file in files {
                    let file = root.path().join(file);
                    std::fs::create_dir_all(file.parent().expect("a folder")).expect("made");
                    std::fs::write(file, "").expect("written");
                }
                without_graphics(|_| set.map(str::to_owned), root.path())
            };
            assert!(without(&[], None));
            // A card that only shows pictures.
            assert!(without(&["dev/dri/card0"], None));
            assert!(!without(&["dev/dri/card0", "dev/dri/renderD128"], None));
            assert!(!without(&["proc/driver/nvidia/version"], None));
            assert!(!without(&["dev/dxg"], None));
            assert!(!without(&[], Some("0")) && !without(&[], Some("1")));
        }

        #[test]
        fn shared_buffers_are_given_up_on_nvidia_and_x11_only() {
            type Variables = &'static [(&'static str, &'static str)];
            const X11: (&str, &str) = ("DISPLAY", ":0");
            const WAYLAND: (&str, &str) = ("WAYLAND_DISPLAY", "wayland-0");
            let cases: [(Variables, bool, bool); 8] = [
                (&[X11], true, true),
                (&[X11], false, false),
                (&[X11, WAYLAND], true, false),
                (&[X11, WAYLAND, ("GDK_BACKEND", "x11")], true, true),
                (&[X11, ("GDK_BACKEND", "wayland")], true, false),
                (&[X11, (DISABLE_DMABUF, "0")], true, false),
                (&[X11, (DISABLE_DMABUF, "1")], true, false),
                (&[], true, false),
            ];
            for (set, nvidia, expected) in cases {
                let variable =
                    |name: &str| set.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
                assert_eq!(nvidia_on_x11(variable, nvidia), expected, "{set:?}, nvidia {nvidia}");
            }
        }
    }
}
