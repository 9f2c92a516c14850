//! Definitions of a group beside each other: what is saved, what was released, what is live.

mod discard;
mod foreign;
mod live;
mod pending;
mod save;
mod side;

pub use discard::{Discard, Discarded};
pub use foreign::{Adopted, ForeignFields, ForeignRow, SeenField, ThreeObject, ThreeView};
pub use pending::{AppPending, GroupPending, Pendings, SectionPending};
pub use save::SavedYaml;
pub(crate) use side::between;
pub use side::{Side, SideHead, SideOf};

use crate::Engine;
use crate::error::Result;
use serde::{Deserialize, Serialize};
use side::Loaded;
use slipway_render::Workload;
use slipway_render::diff::{Definition, Diff};
pub use slipway_render::diff::{FieldChange, Section};
use slipway_render::side::{Object, Role};
use slipway_render::yaml;
use ts_rs::TS;

/// The objects of one side.
#[derive(Clone, Debug, Serialize, TS)]
pub struct YamlView {
    pub head: SideHead,
    pub objects: Vec<YamlObject>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct YamlObject {
    /// What it is for: `workload`, `variables`, `sensitive`, `file:PATH`. The same on all sides.
    pub role: String,
    pub kind: String,
    pub name: String,
    /// What it holds is sensitive and not in the text.
    pub sensitive: bool,
    pub yaml: String,
}

#[derive(Clone, Debug, Deserialize, TS)]
pub struct DiffRequest {
    pub from: SideOf,
    pub to: SideOf,
}

/// Two definitions and what differs.
#[derive(Clone, Debug, Serialize, TS)]
pub struct DiffOfGroups {
    pub from: SideHead,
    pub to: SideHead,
    /// By section, by the names of the form.
    pub changes: Vec<FieldChange>,
    /// Only those that differ.
    pub objects: Vec<ObjectDiff>,
    /// Values of the live objects that the server filled in, and that are no difference therefore.
    pub defaulted: u32,
    /// What the server said when it would not take what is compared with the live objects: they are compared as they are
    /// then.
    pub refused: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ObjectDiff {
    pub role: String,
    pub kind: String,
    pub before: Option<String>,
    pub after: Option<String>,
    pub sensitive: bool,
    pub diff: Diff,
    /// Of a file that may be shown: its content alone, all lines.
    pub content: Option<Diff>,
}

impl Engine {
    /// The objects of one side as YAML.
    ///
    /// # Errors
    /// `Draft` for one that is not complete, `NotFound`, and for the live side what the cluster says.
    pub async fn group_yaml(&self, of: &SideOf) -> Result<YamlView> {
        let Loaded { head, side, .. } = self.load_side(of).await?;
        let objects = side.objects.iter().map(|object| YamlObject {
            role: object.role.to_string(),
            kind: object.kind.clone(),
            name: object.name.clone(),
            sensitive: object.sensitive,
            yaml: yaml::text(&object.body),
        });
        Ok(YamlView { objects: objects.collect(), head })
    }

    /// What differs between two sides, also of two groups.
    ///
    /// # Errors
    /// As of `group_yaml`.
    pub async fn group_diff(&self, request: &DiffRequest) -> Result<DiffOfGroups> {
        let mut from = Box::pin(self.load_side(&request.from)).await?;
        let mut to = Box::pin(self.load_side(&request.to)).await?;
        let (mut defaulted, mut refused) = (0, None);
        match (request.from.side == Side::Live, request.to.side == Side::Live) {
            (true, false) => (defaulted, refused) = Box::pin(self.beside_live(&mut from, &mut to)).await?,
            (false, true) => (defaulted, refused) = Box::pin(self.beside_live(&mut to, &mut from)).await?,
            // How many pods run is no part of either.
            _ => to.set_count(from.count()),
        }
        let changes = slipway_render::diff::changes(
            Definition { plan: from.plan.as_ref(), side: &from.side },
            Definition { plan: to.plan.as_ref(), side: &to.side },
        );
        Ok(DiffOfGroups { changes, objects: objects(&from, &to), from: from.head, to: to.head, defaulted, refused })
    }
}

fn objects(from: &Loaded, to: &Loaded) -> Vec<ObjectDiff> {
    let roles = |loaded: &Loaded| loaded.side.objects.iter().map(|object| object.role.clone()).collect::<Vec<_>>();
    let mut all: Vec<Role> = roles(from);
    all.extend(roles(to));
    all.sort();
    all.dedup();
    let diff = |role: &Role| {
        let (old, new) = (from.side.get(role), to.side.get(role));
        let body = |object: Option<&Object>| object.map(|object| object.body.clone());
        let (before, after) = (body(old), body(new));
        let diff = slipway_render::diff::objects(&before.iter().collect::<Vec<_>>(), &after.iter().collect::<Vec<_>>());
        let name = |object: Option<&Object>| object.map(|object| object.name.clone());
        ObjectDiff {
            role: role.to_string(),
            kind: new.or(old).map(|object| object.kind.clone()).unwrap_or_default(),
            sensitive: old.is_some_and(|object| object.sensitive) || new.is_some_and(|object| object.sensitive),
            before: name(old),
            after: name(new),
            diff,
            content: content(role, from, to),
        }
    };
    let differs = |object: &ObjectDiff| object.diff.added + object.diff.removed > 0;
    let differing = all.iter().map(|role| (role, diff(role))).filter(|(_, object)| differs(object));
    differing.filter(|(role, object)| !holds_the_same(role, object, from, to)).map(|(_, object)| object).collect()
}

/// Whether two config objects differ by nothing but what they are called: those of another group always do.
fn holds_the_same(role: &Role, diff: &ObjectDiff, from: &Loaded, to: &Loaded) -> bool {
    let (Some(old), Some(new)) = (from.side.get(role), to.side.get(role)) else { return false };
    if old.sensitive || new.sensitive {
        return diff.content.as_ref().is_some_and(|content| content.added + content.removed == 0);
    }
    *role != Role::Workload && old.body["data"] == new.body["data"] && old.body["binaryData"] == new.body["binaryData"]
}

/// What a file held and holds, the sensitive values of a template as dots; nothing where one side has no such file. `None`
/// for what is no file, is sensitive as a whole or not text, and for what only the cluster's Secret has.
fn content(role: &Role, from: &Loaded, to: &Loaded) -> Option<Diff> {
    let Role::File(path) = role else { return None };
    let text = |of: &Loaded, beside: &Loaded| match (of.side.get(role), &of.plan) {
        (None, _) => Some(String::new()),
        (Some(object), _) if !object.sensitive => {
            object.body["data"].as_object()?.values().next()?.as_str().map(str::to_owned)
        }
        (Some(_), Some(plan)) => {
            slipway_render::config::masked(Workload::from(plan), beside.plan.as_ref().map(Workload::from), path)
        }
        (Some(_), None) => None,
    };
    Some(slipway_render::diff::texts_around(&text(from, to)?, &text(to, from)?, usize::MAX))
}
