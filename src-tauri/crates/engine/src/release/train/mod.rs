//! Trains: one image to several groups, one after the other.
//!
//! A car is a release like any other, which needs nobody while it moves. Between two of them somebody has to be there: the
//! computer that goes on with the train watches what its rules are about, waits for the soak to be over, plans the next
//! group anew and begins it, unless that plan is not what was confirmed.

mod answer;
mod begin;
mod conductor;
mod edit;
mod lookout;
mod order;
mod view;

pub use answer::{
    CarState, CarView, TrainAct, TrainAction, TrainChange, TrainEdit, TrainOrder, TrainRow, TrainState, TrainView,
};

use super::drivers::Drivers;
use crate::Engine;
use crate::error::{Error, Result};
use serde_json::{Value, json};
use slipway_model::group::Group;
use slipway_model::id::TrainId;
use slipway_model::release::{Plan, Release};
use slipway_model::train::{Confirmed, Measured, Part};
use slipway_store::TrainEntry;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// The trains that this computer goes on with, and what their rules say.
#[derive(Debug, Default)]
pub struct Trains {
    conductors: Drivers<TrainId>,
    measured: Mutex<HashMap<TrainId, Vec<Measured>>>,
}

impl Trains {
    pub(crate) async fn stop(&self) {
        self.conductors.stop().await;
    }

    /// What was measured last.
    fn measured(&self, id: &TrainId) -> Vec<Measured> {
        self.measured.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned().unwrap_or_default()
    }

    /// Whether that is news.
    fn measure(&self, id: &TrainId, now: Vec<Measured>) -> bool {
        let mut measured = self.measured.lock().unwrap_or_else(PoisonError::into_inner);
        measured.insert(id.clone(), now.clone()) != Some(now)
    }
}

impl Engine {
    async fn train_entry(&self, id: &TrainId) -> Result<TrainEntry> {
        let id = id.clone();
        self.store.read(move |r| r.train(&id)).await?.ok_or_else(|| Error::not_found("train", ""))
    }

    /// What has begun, without what files hold.
    async fn begun(&self, id: &TrainId) -> Result<Vec<Release>> {
        let id = id.clone();
        Ok(self.store.read(move |r| r.releases_of_train(&id)).await?)
    }
}

/// The one whose record tells what was decided.
fn newest<'r>(begun: impl IntoIterator<Item = &'r Release>) -> Option<&'r Release> {
    begun.into_iter().filter(|release| release.seq.is_some()).max_by_key(|release| release.created)
}

/// What a person confirms of a plan.
fn confirmed(plan: &Plan) -> Confirmed {
    let hash = |value: Value| slipway_render::live::hash(&value);
    let Plan { app, environment, config, namespace, workload, image, base, balancers, .. } = plan;
    let group = Group { variables: Vec::new(), image: None, ..plan.group.clone() };
    let live = base.as_ref().map(|base| json!([base.uid, base.stable, base.variables]));
    Confirmed(vec![
        (Part::Image, image.to_string()),
        (Part::Group, hash(json!([group, app.deploy_path, environment.id, namespace, workload]))),
        (Part::Configuration, hash(json!([config, plan.group.variables]))),
        (Part::Balancers, hash(json!(balancers))),
        (Part::Live, hash(json!(live))),
    ])
}
