//! Notifications as the window has them.

use crate::error::ApiError;
use serde::Serialize;
use slipway_engine::notification::{News, Notification};
use ts_rs::TS;

/// A notification with why what it tells of failed, where that is an error.
#[derive(Clone, Debug, Serialize, TS)]
pub struct NotificationRow {
    #[serde(flatten)]
    pub notification: Notification,
    pub error: Option<ApiError>,
}

impl From<Notification> for NotificationRow {
    fn from(notification: Notification) -> Self {
        let failure = match &notification.news {
            News::Transfers(news) => news.first.failure.as_ref(),
            News::Release(_) | News::Train(_) => None,
        };
        let error = failure.map(|failure| failure.0.clone().into());
        Self { notification, error }
    }
}
