//! The one window: where it is, what it may load, when it is shown.

use crate::bridge::{Core, Streams};
#[cfg(target_os = "linux")]
use crate::desktop;
use crate::drag::Dragged;
use serde_json::Value;
use std::path::Path;
use std::sync::Once;
use std::time::Duration;
use tauri::plugin::TauriPlugin;
use tauri::webview::{Color, NewWindowResponse, PageLoadEvent};
use tauri::{
    AppHandle, Manager, Theme, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, WindowEvent, Wry, async_runtime,
};
use tauri_plugin_window_state::StateFlags;
use tokio::sync::{Mutex, watch};

const LABEL: &str = "main";
const SIZE: (f64, f64) = (1440.0, 900.0);
const SMALLEST: (f64, f64) = (1024.0, 700.0);

/// The page is shown once it is loaded, and after this long in any case: a window that shows something wrong is better
/// than none.
const SHOWN_WITHIN: Duration = Duration::from_secs(5);
/// A window system tells focus and minimising in any order; after this they agree.
const SETTLED_AFTER: Duration = Duration::from_millis(200);

/// `--surface` of the page's theme, so that nothing flashes while the page is drawn for the first time.
const SURFACE_LIGHT: Color = Color(0xff, 0xff, 0xff, 0xff);
const SURFACE_DARK: Color = Color(0x13, 0x19, 0x1c, 0xff);

/// Nobody answers there. What the page's CSP does not cover (preconnecting, the connection a refused navigation begins
/// with) ends here too: the page has no network at all.
#[cfg(target_os = "linux")]
const NOWHERE: &str = "http://127.0.0.1:9";

/// Keeps the window's place in the data folder: two folders are two windows, each with a place of its own.
pub(crate) fn place(data_dir: &Path) -> TauriPlugin<Wry> {
    tauri_plugin_window_state::Builder::new()
        .with_state_flags(StateFlags::SIZE | StateFlags::POSITION | StateFlags::MAXIMIZED | StateFlags::FULLSCREEN)
        // The plugin joins the name to a folder of its own, which an absolute path replaces.
        .with_filename(data_dir.join("window.json").to_string_lossy())
        .build()
}

/// Opens the window, hidden until its page is there. Without a data folder the page keeps nothing.
pub(crate) fn open(app: &AppHandle, data_dir: Option<&Path>) -> tauri::Result<()> {
    let dev = app.config().build.dev_url.clone().filter(|_| tauri::is_dev());
    let mut builder = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::default())
        .title("Slipway")
        .inner_size(SIZE.0, SIZE.1)
        .min_inner_size(SMALLEST.0, SMALLEST.1)
        .center()
        .visible(false)
        .background_color(SURFACE_LIGHT)
        .devtools(cfg!(debug_assertions))
        .on_navigation(move |url| is_the_page(url, dev.as_ref()))
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .on_page_load(|window, page| match page.event() {
            // Whatever the page had open before belongs to nobody now.
            PageLoadEvent::Started => window.state::<Streams>().close_all(),
            PageLoadEvent::Finished => window.state::<Sight>().show(&window),
        });
    builder = match data_dir {
        Some(data_dir) => builder.data_directory(data_dir.join("webview")),
        None => builder.incognito(true),
    };
    #[cfg(target_os = "linux")]
    if !tauri::is_dev() {
        builder = builder.proxy_url(Url::parse(NOWHERE).expect("NOWHERE is an address"));
    }
    if cfg!(not(debug_assertions)) {
        // The web view's own menu offers to reload and to go back. A menu of the page's own is not affected.
        builder = builder.initialization_script("addEventListener('contextmenu', (event) => event.preventDefault())");
    }

    app.manage(Sight { shown: Once::new(), told: Mutex::default(), focused: watch::Sender::new(false) });
    let window = builder.build()?;
    if let Ok(theme) = window.theme() {
        window.set_background_color(Some(surface(theme)))?;
    }
    window.on_window_event({
        let window = window.clone();
        move |event| on_event(&window, event)
    });
    #[cfg(target_os = "linux")]
    settle(&window)?;
    async_runtime::spawn(async move {
        tokio::time::sleep(SHOWN_WITHIN).await;
        window.state::<Sight>().show(&window);
    });
    Ok(())
}

/// A window that is driven by a test writes the page's console to stdout, from the first line on.
///
/// Without a graphics processor the page is drawn into the window itself. Put together from layers by a program that plays
/// one it takes several times as long, and 140 MB more.
#[cfg(target_os = "linux")]
fn settle(window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{HardwareAccelerationPolicy, SettingsExt, WebViewExt};
    window.with_webview(|webview| {
        let Some(settings) = webview.inner().settings() else { return };
        if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
            settings.set_enable_write_console_messages_to_stdout(true);
        }
        if desktop::is_without_graphics() {
            settings.set_hardware_acceleration_policy(HardwareAccelerationPolicy::Never);
        }
    })
}

/// Brings the window to the front, wherever it is.
pub(crate) fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    let shown = window.show().and_then(|()| window.unminimize()).and_then(|()| window.set_focus());
    if let Err(error) = shown {
        tracing::warn!(%error, "bring the window to the front");
    }
}

/// Whether the person works in the window at this moment.
pub(crate) fn is_in_front(app: &AppHandle) -> bool {
    app.try_state::<Sight>().is_some_and(|sight| *sight.focused.borrow())
}

/// Waits until the person works in the window.
pub(crate) async fn in_front(app: &AppHandle) {
    let focused = app.try_state::<Sight>().map(|sight| sight.focused.subscribe());
    let came = match focused {
        Some(mut focused) => focused.wait_for(|focused| *focused).await.is_ok(),
        None => false,
    };
    if !came {
        // There is no window any more.
        std::future::pending::<()>().await;
    }
}

fn on_event(window: &WebviewWindow, event: &WindowEvent) {
    match event {
        WindowEvent::Focused(focused) => {
            window.state::<Sight>().focused.send_replace(*focused);
            Sight::report(window);
        }
        WindowEvent::Resized(_) => Sight::report(window),
        WindowEvent::ThemeChanged(theme) => {
            if let Err(error) = window.set_background_color(Some(surface(*theme))) {
                tracing::warn!(%error, "colour the window");
            }
        }
        WindowEvent::DragDrop(event) => window.state::<Dragged>().on_event(window, event),
        WindowEvent::Destroyed => window.state::<Streams>().close_all(),
        _ => {}
    }
}

fn surface(theme: Theme) -> Color {
    if theme == Theme::Dark { SURFACE_DARK } else { SURFACE_LIGHT }
}

/// The built page, or in development its server; nothing else is ever loaded.
fn is_the_page(url: &Url, dev: Option<&Url>) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" if url.host_str() == Some("tauri.localhost") => true,
        _ => dev.is_some_and(|dev| dev.origin() == url.origin()),
    }
}

/// Whether the person can see the window: live figures of what is out of sight need no probes.
#[derive(Debug)]
struct Sight {
    /// The window shows itself once; afterwards it is the person's to hide.
    shown: Once,
    /// What the core was told last.
    told: Mutex<Option<bool>>,
    /// Whether it has the keyboard.
    focused: watch::Sender<bool>,
}

impl Sight {
    fn show(&self, window: &WebviewWindow) {
        self.shown.call_once(|| {
            if let Err(error) = window.show() {
                tracing::error!(%error, "show the window");
            }
        });
        Self::report(window);
    }

    /// Tells the core when it changed, as soon as the window system has made up its mind.
    fn report(window: &WebviewWindow) {
        let window = window.clone();
        async_runtime::spawn(async move {
            tokio::time::sleep(SETTLED_AFTER).await;
            let core = window.state::<Core>();
            let Ok(api) = core.api().await else { return };
            let sight = window.state::<Self>();
            let mut told = sight.told.lock().await;
            let (Ok(shown), Ok(minimised)) = (window.is_visible(), window.is_minimized()) else { return };
            let visible = shown && !minimised;
            if told.replace(visible) != Some(visible)
                && let Err(error) = api.call("window_visible", Value::Bool(visible)).await
            {
                tracing::warn!(detail = error.detail, "say whether the window can be seen");
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_page_is_loaded() {
        let dev = Url::parse("http://127.0.0.1:5173").unwrap();
        let cases = [
            ("tauri://localhost/", true, true),
            ("tauri://localhost/apps/7?tab=logs#x", true, true),
            ("http://tauri.localhost/", true, true),
            ("http://127.0.0.1:5173/apps", false, true),
            ("http://127.0.0.1:5174/", false, false),
            ("tauri://elsewhere/", false, false),
            ("https://example.com/", false, false),
            ("http://tauri.localhost.example.com/", false, false),
            ("file:///etc/passwd", false, false),
            ("data:text/html,hello", false, false),
            ("javascript:alert(1)", false, false),
            ("about:blank", false, false),
        ];
        for (url, built, developed) in cases {
            let parsed = Url::parse(url).unwrap();
            assert_eq!((is_the_page(&parsed, None), is_the_page(&parsed, Some(&dev))), (built, developed), "{url}");
        }
    }
}
