//! What lists of releases are made of: bodies read without what they do not show.

use jiff::Timestamp;
use serde::Deserialize;
use slipway_model::config::ConfigValue;
use slipway_model::environment::Environment;
use slipway_model::id::{AppId, GroupId, LinkId, ReleaseId, TrainId};
use slipway_model::image::ImageRef;
use slipway_model::name::Slug;
use slipway_model::release::{Author, Back, Release, ReleaseState, Seq, Stage};
use slipway_model::train::Decided;

/// A release as a list shows it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReleaseHead {
    pub id: ReleaseId,
    pub app: AppId,
    pub group: GroupId,
    pub link: LinkId,
    pub seq: Option<Seq>,
    pub state: ReleaseState,
    pub stage: Stage,
    pub plan: PlanHead,
    pub author: Author,
    pub note: String,
    pub created: Timestamp,
    pub ended: Option<Timestamp>,
    pub train: Option<TrainHead>,
    /// What was decided of that when it began.
    #[serde(default)]
    pub decided: Vec<Decided>,
}

/// What a list shows of the train that a release is part of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct TrainHead {
    pub id: TrainId,
    pub cars: Vec<CarHead>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct CarHead {
    pub group: GroupId,
}

/// What a list shows of a plan.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct PlanHead {
    pub environment: Environment,
    pub group: GroupHead,
    pub image: ImageRef,
    pub from: Option<String>,
    pub objects: Vec<String>,
    pub back: Option<Back>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct GroupHead {
    pub slug: Slug,
}

/// What a release gave to keys.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct ReleasedValues {
    pub id: ReleaseId,
    pub group: GroupId,
    plan: Values,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Values {
    #[serde(default)]
    config: OfConfig,
}

#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct OfConfig {
    values: Vec<ConfigValue>,
}

impl ReleasedValues {
    pub fn values(&self) -> &[ConfigValue] {
        &self.plan.config.values
    }
}

impl From<&Release> for ReleaseHead {
    fn from(release: &Release) -> Self {
        let plan = &release.plan;
        Self {
            id: release.id.clone(),
            app: release.app.clone(),
            group: release.group.clone(),
            link: release.link.clone(),
            seq: release.seq,
            state: release.state,
            stage: release.stage,
            plan: PlanHead {
                environment: plan.environment.clone(),
                group: GroupHead { slug: plan.group.slug.clone() },
                image: plan.image.clone(),
                from: plan.from.clone(),
                objects: plan.objects.clone(),
                back: plan.back.clone(),
            },
            author: release.author.clone(),
            note: release.note.clone(),
            created: release.created,
            ended: release.ended,
            train: release.train.as_ref().map(|train| TrainHead {
                id: train.id.clone(),
                cars: train.cars.iter().map(|car| CarHead { group: car.group.clone() }).collect(),
            }),
            decided: release.decided.clone(),
        }
    }
}
