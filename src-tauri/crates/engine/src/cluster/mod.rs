//! Linked clusters: linking, health, unlinking.

mod link;

pub use link::{
    Credential, KubeconfigContext, KubeconfigContexts, KubeconfigSource, LinkFrom, LinkPreview, Previews, SignInView,
};

use crate::Engine;
use crate::app::taken_name;
use crate::error::{Error, Result};
use crate::live::{Live, Row, Trust};
use crate::tag;
use link::vault_id;
use serde::Serialize;
use slipway_cluster::Session;
use slipway_model::cluster::{ClusterLink, SessionState, link_name};
use slipway_model::field::Fields;
use slipway_model::id::LinkId;
use slipway_store::StoreError;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;
use ts_rs::TS;

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClusterRow {
    pub link: ClusterLink,
    /// Groups that run there, by name, across apps.
    pub groups: Vec<ClusterGroup>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ClusterGroup {
    pub app: String,
    pub app_id: slipway_model::id::AppId,
    pub group: String,
    pub group_id: slipway_model::id::GroupId,
}

/// A row of the feed `clusters`.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct ClusterLive {
    pub id: LinkId,
    pub name: String,
    pub session: SessionState,
    pub server_version: Option<String>,
}

/// Sessions with linked clusters, by link.
#[derive(Debug, Default)]
pub struct Sessions {
    open: Mutex<HashMap<LinkId, Session>>,
    /// Links whose credential could not be had from the vault, and why.
    waiting: Mutex<HashMap<LinkId, String>>,
}

impl Sessions {
    pub(crate) fn set_visible(&self, visible: bool) {
        for session in held(&self.open).values() {
            session.set_visible(visible);
        }
    }

    pub(crate) fn stop(&self) {
        for (_, session) in held(&self.open).drain() {
            session.stop();
        }
    }
}

fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Row for ClusterLive {
    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Engine {
    pub async fn cluster_list(&self) -> Result<Vec<ClusterRow>> {
        let rows = self
            .store
            .read(|r| {
                r.links()?
                    .into_iter()
                    .map(|link| {
                        let groups = r.groups_of_link(&link.id)?.into_iter().map(|group| ClusterGroup {
                            app: group.app_title,
                            app_id: group.app,
                            group: group.name,
                            group_id: group.id,
                        });
                        Ok(ClusterRow { groups: groups.collect(), link })
                    })
                    .collect()
            })
            .await?;
        Ok(rows)
    }

    pub async fn cluster_rename(&self, id: &LinkId, name: &str) -> Result<()> {
        let mut fields = Fields::new();
        let name = fields.take("name", link_name(name));
        fields.finish().map_err(Error::Invalid)?;
        let mut link = self.link(id).await?;
        link.name = name.unwrap_or_default();
        let written = self.store.write(move |w| w.put_link(&link)).await;
        written.map_err(|error| match error {
            StoreError::Taken { .. } => Error::Invalid(taken_name("name")),
            error => error.into(),
        })
    }

    /// Forgets the link and erases its credential. Nothing in the cluster changes; groups there become read-only.
    pub async fn cluster_unlink(&self, id: &LinkId) -> Result<()> {
        self.link(id).await?;
        if let Some(session) = held(&self.sessions.open).remove(id) {
            session.stop();
        }
        self.records.leave(id);
        held(&self.sessions.waiting).remove(id);
        self.vault.delete(&vault_id(id)).await?;
        let id = id.clone();
        Ok(self.store.write(move |w| w.delete_link(&id)).await?)
    }

    /// Tries now instead of waiting.
    pub async fn cluster_retry(&self, id: &LinkId) -> Result<()> {
        match self.session(id) {
            Ok(session) => session.retry_now(),
            Err(_) => self.connect_all().await?,
        }
        Ok(())
    }

    /// State of every link, again whenever one changes.
    pub fn live_clusters(&self) -> Live<ClusterLive> {
        let engine = self.clone();
        Live::start(|mut sender| async move {
            let mut changes = engine.store.changes();
            let tag = tag::clusters();
            loop {
                let links = match engine.store.read(|r| r.links()).await {
                    Ok(links) => links,
                    Err(error) => {
                        sender.trust(Trust::Failed(error.into())).await;
                        return;
                    }
                };
                let mut states = Vec::new();
                let rows = links
                    .into_iter()
                    .map(|link| {
                        let session = held(&engine.sessions.open).get(&link.id).cloned();
                        let (state, version) = if let Some(session) = session {
                            let mut receiver = session.state();
                            let state = receiver.borrow_and_update().clone();
                            states.push(receiver);
                            (state, session.server_version())
                        } else {
                            let reason = held(&engine.sessions.waiting).get(&link.id).cloned();
                            (SessionState::SignInNeeded { reason: reason.unwrap_or_default() }, None)
                        };
                        ClusterLive { id: link.id, name: link.name, session: state, server_version: version }
                    })
                    .collect();
                if !sender.replace(rows, Some(Trust::Live)).await {
                    return;
                }
                tokio::select! {
                    () = any_changed(&mut states) => {}
                    open = crate::live::changed(&mut changes, &tag) => if !open { return },
                }
            }
        })
    }

    /// Opens a session for every link that has none, as far as the vault gives their credentials.
    pub(crate) async fn connect_all(&self) -> Result<()> {
        for link in self.store.read(|r| r.links()).await? {
            if held(&self.sessions.open).contains_key(&link.id) {
                continue;
            }
            match self.stored_credential(&link).await {
                Ok(credential) => self.open_session(&link.id, credential),
                Err(error) => {
                    tracing::info!(link = %link.id, %error, "not connected");
                    held(&self.sessions.waiting).insert(link.id, error.to_string());
                }
            }
        }
        self.store.announce(vec![tag::clusters()]);
        Ok(())
    }

    fn open_session(&self, id: &LinkId, credential: slipway_cluster::Credential) {
        let session = Session::start(id.clone(), credential);
        session.set_visible(*self.visible.borrow());
        held(&self.sessions.waiting).remove(id);
        if let Some(before) = held(&self.sessions.open).insert(id.clone(), session) {
            before.stop();
        }
        self.follow_records(id);
        self.store.announce(vec![tag::clusters()]);
    }

    /// The session of a link.
    ///
    /// # Errors
    /// `Unlinked` when there is none.
    pub(crate) fn session(&self, id: &LinkId) -> Result<Session> {
        held(&self.sessions.open).get(id).cloned().ok_or_else(|| Error::Unlinked { group: String::new() })
    }

    pub(crate) async fn link(&self, id: &LinkId) -> Result<ClusterLink> {
        let id = id.clone();
        self.store.read(move |r| r.link(&id)).await?.ok_or_else(|| Error::not_found("cluster", ""))
    }
}

/// Waits until one of them changes; for ever when there are none.
async fn any_changed(states: &mut [watch::Receiver<SessionState>]) {
    if states.is_empty() {
        return std::future::pending().await;
    }
    // A session that ended is told by the tag of its link.
    let changes = states.iter_mut().map(|state| {
        Box::pin(async {
            if state.changed().await.is_err() {
                std::future::pending::<()>().await;
            }
        })
    });
    futures::future::select_all(changes).await;
}
