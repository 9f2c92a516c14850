//! The service that shows notifications on a desktop. Test machines have none, so this one keeps what it is told.

use super::{Desktop, eventually};
use anyhow::{Context, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use zbus::object_server::SignalEmitter;
use zbus::zvariant::OwnedValue;
use zbus::{Connection, interface};

const PATH: &str = "/org/freedesktop/Notifications";
/// Reason of the protocol: the program that showed it took it back.
const TAKEN_BACK: u32 = 3;

/// A notification as the service got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub app: String,
    pub title: String,
    pub text: String,
    /// It is not shown any more.
    pub gone: bool,
}

/// What was told on a desktop, from the first on. They stay until somebody clicks on them or they are taken back.
#[derive(Debug)]
pub struct Notifications {
    connection: Connection,
    told: Arc<Mutex<Vec<Told>>>,
}

impl Desktop {
    /// From now on the desktop has somebody who shows notifications.
    pub async fn notifications(&self) -> Result<Notifications> {
        let told = Arc::<Mutex<Vec<Told>>>::default();
        let address = self.variable("DBUS_SESSION_BUS_ADDRESS").context("a desktop has a bus")?;
        let connection = zbus::connection::Builder::address(address)?
            .name("org.freedesktop.Notifications")?
            .serve_at(PATH, Service(told.clone()))?
            .build()
            .await?;
        Ok(Notifications { connection, told })
    }
}

impl Notifications {
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Waits for the one with this number, from 0.
    pub async fn number(&self, at: usize) -> Result<Told> {
        eventually(format!("notification {at}"), async || Ok(self.told().get(at).cloned())).await
    }

    /// Clicks on the one with this number.
    pub async fn click(&self, at: usize) -> Result<()> {
        let service = self.connection.object_server().interface::<_, Service>(PATH).await?;
        Service::action_invoked(service.signal_emitter(), id(at), "default").await?;
        gone(&self.told, at);
        Ok(())
    }
}

fn gone(told: &Mutex<Vec<Told>>, at: usize) {
    if let Some(told) = told.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
        told.gone = true;
    }
}

/// Numbers of the protocol begin with 1.
fn id(at: usize) -> u32 {
    u32::try_from(at + 1).unwrap_or(u32::MAX)
}

struct Service(Arc<Mutex<Vec<Told>>>);

#[allow(clippy::too_many_arguments, clippy::unused_self, unused_variables, reason = "the protocol has them")]
#[interface(name = "org.freedesktop.Notifications")]
impl Service {
    fn notify(
        &self,
        app_name: String,
        replaces_id: u32,
        app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        expire_timeout: i32,
    ) -> u32 {
        let mut told = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        told.push(Told { app: app_name, title: summary, text: body, gone: false });
        id(told.len() - 1)
    }

    async fn close_notification(&self, #[zbus(signal_emitter)] emitter: SignalEmitter<'_>, number: u32) {
        if let Some(at) = usize::try_from(number).ok().and_then(|number| number.checked_sub(1)) {
            gone(&self.0, at);
        }
        // Who asked may be gone by now.
        Self::notification_closed(&emitter, number, TAKEN_BACK).await.ok();
    }

    fn get_capabilities(&self) -> Vec<String> {
        vec!["actions".into(), "body".into(), "body-markup".into()]
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        ("kept".into(), "test".into(), "1".into(), "1.2".into())
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, action_key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(emitter: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}
