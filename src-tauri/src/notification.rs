//! Notifications of the desktop, by the service that each system has for them.

use notify_rust::{Notification, NotificationResponse};
use tauri::async_runtime;

const APP: &str = "Slipway";

/// Shows a notification until the person clicks on it, which is answered by `true`, or it goes; `seen` takes it back.
pub(crate) async fn show(title: &str, text: &str, seen: impl Future<Output = ()>) -> notify_rust::error::Result<bool> {
    let mut notification = Notification::new();
    notification.appname(APP).summary(title).body(text);
    #[cfg(all(unix, not(target_os = "macos")))]
    return linux::show(notification, seen).await;
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    return elsewhere::show(notification, seen).await;
}

/// The desktop's service is asked over the session bus.
#[cfg(all(unix, not(target_os = "macos")))]
mod linux {
    use super::{APP, Notification, NotificationResponse, async_runtime};
    use notify_rust::Hint;

    pub(super) async fn show(
        mut notification: Notification,
        seen: impl Future<Output = ()>,
    ) -> notify_rust::error::Result<bool> {
        let capabilities = async_runtime::spawn_blocking(notify_rust::get_capabilities).await;
        // A service that does not say what it can shows text as it is.
        let capabilities = capabilities.ok().and_then(Result::ok).unwrap_or_default();
        if capabilities.iter().any(|capability| capability == "body-markup") {
            notification.body = as_text(&notification.body);
        }
        notification.icon("slipway").hint(Hint::DesktopEntry(APP.to_owned()));
        // What a click anywhere on it does; without this it does nothing.
        notification.action("default", APP);
        let shown = notification.show_async().await?;
        let mut opened = false;
        let answered = shown.wait_for_action_async(|response: &NotificationResponse| {
            opened = *response == NotificationResponse::Default;
        });
        tokio::select! {
            () = answered => {}
            () = seen => shown.close_async().await,
        }
        Ok(opened)
    }

    /// Text for a service that takes it for markup.
    pub(super) fn as_text(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }
}

/// These tell of a click only to a thread that waits for it, and take nothing back.
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod elsewhere {
    use super::{Notification, NotificationResponse, async_runtime};

    pub(super) async fn show(
        notification: Notification,
        seen: impl Future<Output = ()>,
    ) -> notify_rust::error::Result<bool> {
        let answered = async_runtime::spawn_blocking(move || {
            let mut opened = false;
            let taken = |response: &NotificationResponse| opened = *response == NotificationResponse::Default;
            notification.show()?.wait_for_response(taken).map(|()| opened)
        });
        tokio::select! {
            answer = answered => answer.unwrap_or(Ok(false)),
            () = seen => Ok(false),
        }
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn text_is_no_markup() {
        assert_eq!(super::linux::as_text("a <b>&amp;</b>"), "a &lt;b&gt;&amp;amp;&lt;/b&gt;");
    }
}
