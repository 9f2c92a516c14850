//! Apps: what the sidebar lists and the overview shows.

use crate::Engine;
use crate::error::{Error, Result};
use crate::release::ReleaseRow;
use serde::Serialize;
use slipway_model::FieldError;
use slipway_model::app::{App, AppDraft};
use slipway_model::environment::Environment;
use slipway_model::field::{FieldCode, Fields};
use slipway_model::id::{AppId, EnvironmentId, GroupId, LinkId};
use slipway_model::release::ReleaseState;
use std::collections::{HashMap, HashSet};
use ts_rs::TS;

/// Releases on the overview.
const LATEST: u32 = 10;

/// An app in the sidebar.
#[derive(Clone, Debug, Serialize, TS)]
pub struct AppRow {
    pub id: AppId,
    pub slug: String,
    pub title: String,
    pub groups: u32,
    pub pinned: bool,
    pub mark: AppMark,
}

/// What the last releases of an app's groups say about it, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AppMark {
    Stopped,
    Moving,
    Resting,
    Ok,
    /// Never released.
    Idle,
}

/// The overview of one app, from what is stored; live figures come over the feed `groups`.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Overview {
    pub app: App,
    pub columns: Vec<OverviewColumn>,
    /// Distinct linked clusters that its groups are in.
    pub clusters: u32,
    /// Newest first, at most ten.
    pub latest: Vec<ReleaseRow>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct OverviewColumn {
    pub environment: Environment,
    pub groups: Vec<GroupCard>,
}

/// A group as cards and lists show it before anything live is known.
#[derive(Clone, Debug, Serialize, TS)]
pub struct GroupCard {
    pub id: GroupId,
    pub name: String,
    pub note: String,
    pub environment: EnvironmentId,
    pub link: LinkId,
    /// Name of the linked cluster; `None` when it is linked no more (the group is then read-only).
    pub link_name: Option<String>,
    pub namespace: Option<String>,
    /// Why the stored draft is not a valid group: number of wrong fields.
    pub errors: u32,
    /// Image that the draft proposes, as a version.
    pub draft_version: Option<String>,
    pub count: String,
    pub last_release: Option<ReleaseRow>,
    /// It is being deleted.
    pub deleting: bool,
}

impl Engine {
    pub async fn app_list(&self) -> Result<Vec<AppRow>> {
        let (apps, settings, last) = self.store.read(|r| Ok((r.apps()?, r.settings()?, r.last_states()?))).await?;
        let mut marks: HashMap<AppId, AppMark> = HashMap::new();
        for (id, state) in last {
            let mark = mark(state);
            marks.entry(id).and_modify(|first| *first = mark.min(*first)).or_insert(mark);
        }
        Ok(apps
            .into_iter()
            .map(|(app, groups)| AppRow {
                pinned: settings.pinned.iter().any(|id| id == app.id.as_str()),
                mark: marks.get(&app.id).copied().unwrap_or(AppMark::Idle),
                slug: app.slug.to_string(),
                title: app.title,
                id: app.id,
                groups,
            })
            .collect())
    }

    pub async fn app(&self, id: &AppId) -> Result<App> {
        let id = id.clone();
        self.store.read(move |r| r.app(&id)).await?.ok_or_else(|| Error::not_found("app", ""))
    }

    pub async fn app_overview(&self, id: &AppId) -> Result<Overview> {
        let app = self.app(id).await?;
        let cards = self.group_list(id).await?;
        let of_app = id.clone();
        let (environments, latest) =
            self.store.read(move |r| Ok((r.environments()?, r.releases_of_app(&of_app, None, LATEST)?))).await?;
        let clusters = cards.iter().map(|card| &card.link).collect::<HashSet<_>>().len();
        let mut columns: Vec<OverviewColumn> =
            environments.into_iter().map(|environment| OverviewColumn { environment, groups: Vec::new() }).collect();
        for card in cards {
            if let Some(column) = columns.iter_mut().find(|column| column.environment.id == card.environment) {
                column.groups.push(card);
            }
        }
        Ok(Overview {
            app,
            columns,
            clusters: u32::try_from(clusters).unwrap_or(u32::MAX),
            latest: latest.iter().map(ReleaseRow::from).collect(),
        })
    }

    /// What is wrong with a draft, with what only the store knows.
    pub async fn app_check(&self, id: Option<&AppId>, draft: &AppDraft) -> Result<Vec<FieldError>> {
        let mut errors = draft.validate(AppId::from("")).err().unwrap_or_default();
        let (slug, own) = (draft.slug.trim().to_owned(), id.cloned());
        let taken = self.store.read(move |r| r.app_by_slug(&slug)).await?;
        if taken.is_some_and(|app| Some(&app.id) != own.as_ref()) {
            errors.extend(taken_name("slug"));
        }
        Ok(errors)
    }

    pub async fn app_create(&self, draft: &AppDraft) -> Result<App> {
        refuse(self.app_check(None, draft).await?)?;
        let app = draft.validate(AppId::random()).map_err(Error::Invalid)?;
        let stored = app.clone();
        self.store.write(move |w| w.insert_app(&stored)).await?;
        Ok(app)
    }

    /// Changes title, repository and deploy path. The slug stands in immutable selectors and stays.
    pub async fn app_update(&self, id: &AppId, draft: &AppDraft) -> Result<App> {
        let before = self.app(id).await?;
        let app = draft.validate(id.clone()).map_err(Error::Invalid)?;
        if app.slug != before.slug {
            let mut fields = Fields::new();
            fields.refuse("slug", FieldCode::Fixed).fix(before.slug.as_str());
            return Err(Error::Invalid(fields.into_errors()));
        }
        let stored = app.clone();
        self.store.write(move |w| w.update_app(&stored)).await?;
        Ok(app)
    }

    /// Only an app without groups can be deleted.
    pub async fn app_delete(&self, id: &AppId) -> Result<()> {
        self.app(id).await?;
        let id = id.clone();
        Ok(self.store.write(move |w| w.delete_app(&id)).await?)
    }
}

fn mark(state: ReleaseState) -> AppMark {
    match state {
        ReleaseState::Stopped | ReleaseState::Failed => AppMark::Stopped,
        ReleaseState::Planned | ReleaseState::Moving => AppMark::Moving,
        ReleaseState::Resting => AppMark::Resting,
        ReleaseState::Succeeded | ReleaseState::Aborted | ReleaseState::Superseded => AppMark::Ok,
    }
}

pub(crate) fn taken_name(field: &str) -> Vec<FieldError> {
    let mut fields = Fields::new();
    fields.refuse(field, FieldCode::Taken);
    fields.into_errors()
}

pub(crate) fn refuse(errors: Vec<FieldError>) -> Result<()> {
    if errors.is_empty() { Ok(()) } else { Err(Error::Invalid(errors)) }
}
