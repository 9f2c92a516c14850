//! What somebody else changed in the cluster, and the three definitions on the same lines.

use super::live::{Dry, dry_run};
use super::side::{Loaded, Side, SideHead, SideOf, count_of};
use crate::Engine;
use crate::error::{Error, Result};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use slipway_cluster::{Kind, Session};
use slipway_model::field::{FieldCode, Fields};
use slipway_model::group::GroupDraft;
use slipway_model::id::GroupId;
use slipway_model::variable::Variable;
use slipway_render::Workload;
use slipway_render::adopt::{Adopted as Kept, adopt};
use slipway_render::diff::{Definition, FieldChange, Row, Section, section_of, seen, short};
use slipway_render::foreign::{ForeignField, foreign, owned, shown};
use slipway_render::managed::{Path, Step, taken_over};
use slipway_render::side::{Object, Role, without_release};
use slipway_render::yaml;
use ts_rs::TS;

/// A write that meets a newer version is made again on it, this often.
const TRIES: u32 = 8;
/// Path of the count: the one field that goes back at once, because it replaces no pod.
const COUNT: &str = "spec.replicas";

/// A field of the live Deployment that is not as it was released.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct ForeignRow {
    /// Where it is, complete: names it when it is adopted or reverted.
    pub path: String,
    /// As it is shown: without the way to the pod.
    pub field: String,
    pub section: Section,
    pub released: Option<String>,
    pub live: Option<String>,
    pub draft: Option<String>,
    /// Who changed it; `None` where it was taken away, or goes back already.
    pub manager: Option<String>,
    /// `scale`, or empty.
    pub subresource: String,
    #[ts(type = "string | null")]
    pub time: Option<Timestamp>,
    /// Reverting acts at once; every other field goes with a release.
    pub at_once: bool,
    /// The next release sets it back.
    pub goes_back: bool,
}

/// Fields of a group that somebody chose to adopt or revert.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct ForeignFields {
    pub group: GroupId,
    pub fields: Vec<SeenField>,
}

/// A row as somebody saw it: what became of it since is not what they chose.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct SeenField {
    pub path: String,
    pub live: Option<String>,
}

/// What became of adopted fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct Adopted {
    /// Some are in the patch, because the form has no field for them.
    pub patched: bool,
}

/// What was released, what is live, and what would be rendered now.
#[derive(Clone, Debug, Serialize, TS)]
pub struct ThreeView {
    pub released: Option<SideHead>,
    pub live: SideHead,
    pub saved: SideHead,
    /// What somebody else changed in the cluster.
    pub foreign: Vec<ForeignRow>,
    /// What the draft changes.
    pub drafted: Vec<FieldChange>,
    pub objects: Vec<ThreeObject>,
    /// Values that the server filled in, and that are no difference therefore.
    pub defaulted: u32,
    /// Why the server would not take the draft: then it is compared as it is.
    pub refused: Option<String>,
}

#[derive(Clone, Debug, Serialize, TS)]
pub struct ThreeObject {
    pub role: String,
    pub kind: String,
    pub name: String,
    pub sensitive: bool,
    pub lines: Vec<Row>,
    /// Lines that differ in the cluster, and in the draft.
    pub foreign: u32,
    pub drafted: u32,
}

/// The three sides of a group, made comparable.
struct Three {
    released: Option<Loaded>,
    live: Loaded,
    saved: Loaded,
    /// The Deployment as it was read; `None` where there is none.
    now: Option<Value>,
    fields: Vec<ForeignField>,
    defaulted: u32,
    refused: Option<String>,
}

impl Engine {
    /// What was released, what is live and what is saved, on the same lines, with what somebody else changed.
    ///
    /// # Errors
    /// `Draft` for one that is not complete, and what the cluster says.
    pub async fn group_three(&self, group: &GroupId) -> Result<ThreeView> {
        let three = Box::pin(self.three(group)).await?;
        let rows = three.rows();
        let drafted = three.released.as_ref().map(|released| {
            slipway_render::diff::changes(
                Definition { plan: released.plan.as_ref(), side: &released.side },
                Definition { plan: three.saved.plan.as_ref(), side: &three.saved.side },
            )
        });
        Ok(ThreeView {
            foreign: rows,
            drafted: drafted.unwrap_or_default(),
            objects: three.objects(),
            released: three.released.map(|released| released.head),
            live: three.live.head,
            saved: three.saved.head,
            defaulted: three.defaulted,
            refused: three.refused,
        })
    }

    async fn three(&self, group: &GroupId) -> Result<Three> {
        let of = |side: Side| SideOf { group: group.clone(), side };
        let release = self.released(group).await?;
        let mut released = match &release {
            Some(_) => Some(self.load_side(&of(Side::Released)).await?),
            None => None,
        };
        let (mut saved, mut live) = (self.saved_side(group).await?, self.live_side(group).await?);
        let (session, _) = self.live_place(group).await?;
        let Some(now) = live.side.deployment().cloned() else {
            return Ok(Three { released, live, saved, now: None, fields: Vec::new(), defaulted: 0, refused: None });
        };
        let count = release.as_ref().map(count_of);
        let mut refused = None;
        for loaded in released.iter_mut().chain([&mut saved]) {
            loaded.set_count(count);
            let Some(ours) = loaded.side.deployment().cloned() else { continue };
            let Dry { object, refused: why } = dry_run(&session, &ours, &now).await?;
            loaded.put_deployment(seen(&object, &[&ours], &[]).0);
            loaded.hold_as(&now);
            if loaded.head.side == Side::Saved {
                refused = why;
            }
        }
        let fields = released
            .as_ref()
            .and_then(|released| released.side.deployment())
            .map(|released| foreign(&now, released))
            .unwrap_or_default();
        // Nobody else's, so it is what runs that releases keep.
        if !fields.iter().any(|field| field.path.to_string() == COUNT) {
            let count = live.count();
            released.iter_mut().chain([&mut saved]).for_each(|loaded| loaded.set_count(count));
        }
        let stated: Vec<Value> =
            released.iter().chain([&saved]).filter_map(|loaded| loaded.side.deployment().cloned()).collect();
        let (shown, defaulted) = seen(&now, &stated.iter().collect::<Vec<_>>(), &owned(&now));
        live.put_deployment(shown);
        Ok(Three { released, live, saved, now: Some(now), fields, defaulted, refused })
    }

    /// Writes live values into the draft.
    ///
    /// # Errors
    /// `NotFound` for a field that differs no more, `FieldMoved` for one that has another value than was seen,
    /// `Invalid` for one that no draft may speak of, and what the cluster says.
    pub async fn group_adopt(&self, chosen: &ForeignFields) -> Result<Adopted> {
        let mut tries = 0;
        // What was read is what is marked: whatever moved since is read again, and told where it is another value.
        loop {
            let three = Box::new(Box::pin(self.three(&chosen.group)).await?);
            tries += 1;
            match Box::pin(self.adopt(&three, chosen)).await {
                Err(Error::Cluster(error)) if error.stale_version() && tries < TRIES => {}
                answer => return answer,
            }
        }
    }

    async fn adopt(&self, three: &Three, chosen: &ForeignFields) -> Result<Adopted> {
        let fields = three.chosen(&chosen.fields)?;
        let draft = self.group_entry(&chosen.group).await?.draft;
        let adopted = three.with(&draft, three.now.as_ref().unwrap_or(&Value::Null), &fields)?;
        // Where a variable stood it goes with the next release; and of what is adopted as a whole, whoever made it holds no
        // part any more, nor what the server filled into it.
        let whole =
            fields.iter().filter(|field| field.by.is_some() && field.live.as_ref().is_some_and(Value::is_object));
        let ours: Vec<_> = whole.map(|field| field.path.clone()).chain(adopted.moved).collect();
        if let Some(now) = &three.now
            && !ours.is_empty()
        {
            let (session, workload) = self.live_place(&chosen.group).await?;
            mark(&session, &workload, now, &ours).await?;
        }
        Box::pin(self.group_update(&chosen.group, &adopted.draft)).await?;
        Ok(Adopted { patched: adopted.patched })
    }

    /// Sets fields back to what was released, also in a draft that took them over. The count acts at once; a field of
    /// the pod template goes with a release, because it replaces pods: until then it is marked in the cluster as one that
    /// the next apply decides.
    ///
    /// # Errors
    /// As `group_adopt`.
    pub async fn group_revert(&self, chosen: &ForeignFields) -> Result<()> {
        let mut tries = 0;
        loop {
            let three = Box::new(Box::pin(self.three(&chosen.group)).await?);
            tries += 1;
            match Box::pin(self.revert(&three, chosen)).await {
                Err(Error::Cluster(error)) if error.stale_version() && tries < TRIES => {}
                answer => return answer,
            }
        }
    }

    async fn revert(&self, three: &Three, chosen: &ForeignFields) -> Result<()> {
        let fields = three.chosen(&chosen.fields)?;
        let mut draft = self.group_entry(&chosen.group).await?.draft;
        let taken: Vec<_> = fields.iter().copied().filter(|field| three.is_taken(field)).collect();
        if let Some(released) = three.released.as_ref().and_then(|released| released.side.deployment())
            && !taken.is_empty()
        {
            // A variable that was adopted is one of the group: it says again what it said then, or is gone.
            let named = |name: &str| taken.iter().any(|field| three.is_variable(field) && names(field, name));
            let plan = three.released.iter().filter_map(|released| released.plan.as_ref());
            let before = plan.flat_map(|plan| &plan.group.variables);
            for variable in std::mem::take(&mut draft.variables) {
                if named(&variable.name) {
                    draft.variables.extend(before.clone().find(|before| before.name == variable.name).cloned());
                } else {
                    draft.variables.push(variable);
                }
            }
            let back = three.with(&draft, released, &taken)?;
            self.group_update(&chosen.group, &back.draft).await?;
        }
        let Some(now) = &three.now else { return Ok(()) };
        let (session, workload) = self.live_place(&chosen.group).await?;
        let others: Vec<_> = fields
            .iter()
            .filter(|field| field.by.is_some() && field.path.to_string() != COUNT)
            .map(|field| field.path.clone())
            .collect();
        let mut version = now["metadata"]["resourceVersion"].clone();
        if !others.is_empty() {
            version = mark(&session, &workload, now, &others).await?["metadata"]["resourceVersion"].clone();
        }
        if let Some(count) = fields.iter().find(|field| field.path.to_string() == COUNT) {
            let patch = json!({ "metadata": { "resourceVersion": version }, "spec": { "replicas": count.released } });
            session.merge_patch(Kind::Deployment, &workload, &patch).await?;
        }
        Ok(())
    }
}

fn names(field: &ForeignField, variable: &str) -> bool {
    field.live.as_ref().is_some_and(|live| live["name"] == variable)
}

/// Whether a live value says all that a part of a definition does.
fn says(live: &Value, part: &Value) -> bool {
    match (live, part) {
        (Value::Object(live), Value::Object(part)) => {
            part.iter().all(|(field, part)| live.get(field).is_some_and(|live| says(live, part)))
        }
        (Value::Array(live), Value::Array(part)) => {
            live.len() == part.len() && live.iter().zip(part).all(|(live, part)| says(live, part))
        }
        (live, part) => live == part,
    }
}

/// Marks fields of the Deployment that was read as ones that the next apply decides. Nothing that runs changes.
async fn mark(session: &Session, workload: &str, now: &Value, paths: &[Path]) -> Result<Value> {
    let patch = json!([
        // Replaced and not tested: an older one is then told as a conflict, and not as a patch that is wrong.
        { "op": "replace", "path": "/metadata/resourceVersion", "value": now["metadata"]["resourceVersion"] },
        { "op": "replace", "path": "/metadata/managedFields", "value": taken_over(now, paths) },
    ]);
    Ok(session.json_patch(Kind::Deployment, workload, &patch).await?)
}

impl Three {
    fn chosen(&self, seen: &[SeenField]) -> Result<Vec<&ForeignField>> {
        let find = |seen: &SeenField| {
            let found = self.fields.iter().find(|field| field.path.to_string() == seen.path);
            let found = found.ok_or_else(|| Error::not_found("field", &seen.path))?;
            if found.live.as_ref().map(shown) == seen.live {
                return Ok(found);
            }
            Err(Error::FieldMoved { field: short(&seen.path) })
        };
        seen.iter().map(find).collect()
    }

    /// Whether it is a variable of the container that the draft has as one of the group.
    fn is_variable(&self, field: &ForeignField) -> bool {
        let of_env = matches!(field.path.0.as_slice(), [.., Step::Field(list), Step::Entry(_)] if list == "env");
        let (Some(live), Some(plan)) = (&field.live, &self.saved.plan) else { return false };
        let same =
            |variable: &Variable| live["name"] == variable.name.as_str() && live["value"] == variable.value.as_str();
        of_env && plan.group.variables.iter().any(same)
    }

    /// Whether the draft has what is live.
    fn is_taken(&self, field: &ForeignField) -> bool {
        self.row(field).draft == field.live.as_ref().map(shown)
    }

    /// The draft with fields as they are in `source`.
    fn with(&self, draft: &GroupDraft, source: &Value, fields: &[&ForeignField]) -> Result<Kept> {
        let plan = self.saved.plan.as_ref().ok_or_else(|| Error::not_found("plan", &draft.name))?;
        let paths: Vec<_> = fields.iter().map(|field| &field.path).collect();
        adopt(draft, Workload::from(plan), source, &paths).map_err(|path| {
            let mut fields = Fields::new();
            fields.refuse("patch", FieldCode::NotInPatch).with("path", path);
            Error::Invalid(fields.into_errors())
        })
    }

    fn rows(&self) -> Vec<ForeignRow> {
        self.fields.iter().map(|field| self.row(field)).collect()
    }

    fn row(&self, field: &ForeignField) -> ForeignRow {
        let path = field.path.to_string();
        let told = |value: Option<&Value>| value.map(shown);
        let draft = if path == COUNT {
            self.saved.plan.as_ref().map(|plan| plan.group.count.to_string())
        } else if self.is_variable(field) {
            told(field.live.as_ref())
        } else {
            let saved = self.saved.side.deployment().and_then(|saved| field.path.of(saved));
            // It says the same, less what the server fills in.
            let same = saved.zip(field.live.as_ref()).is_some_and(|(saved, live)| says(live, saved));
            told(if same { field.live.as_ref() } else { saved })
        };
        let goes_back = field.goes_back && draft != told(field.live.as_ref());
        ForeignRow {
            field: short(&path),
            section: section_of(&path),
            released: told(field.released.as_ref()),
            live: told(field.live.as_ref()),
            draft,
            manager: field.by.as_ref().map(|by| by.manager.clone()),
            subresource: field.by.as_ref().map(|by| by.subresource.clone()).unwrap_or_default(),
            time: field.by.as_ref().and_then(|by| by.time),
            at_once: path == COUNT,
            goes_back,
            path,
        }
    }

    fn objects(&self) -> Vec<ThreeObject> {
        let sides = || self.released.iter().chain([&self.live, &self.saved]);
        let mut roles: Vec<Role> =
            sides().flat_map(|loaded| loaded.side.objects.iter().map(|object| object.role.clone())).collect();
        roles.sort();
        roles.dedup();
        let object = |role: &Role| {
            let of = |loaded: &Loaded| {
                let object = loaded.side.get(role);
                object.map(|object| yaml::text(&without_release(&object.body))).unwrap_or_default()
            };
            let (live, saved) = (of(&self.live), of(&self.saved));
            // Never released: nothing differs but what the draft changes of what runs.
            let released = self.released.as_ref().map_or_else(|| live.clone(), of);
            let lines = slipway_render::diff::three(&released, &live, &saved);
            let named: Vec<&Object> = sides().filter_map(|loaded| loaded.side.get(role)).collect();
            let last = named.last();
            let number = |is: fn(&Row) -> bool| u32::try_from(lines.iter().filter(|row| is(row)).count()).unwrap_or(0);
            ThreeObject {
                role: role.to_string(),
                kind: last.map(|object| object.kind.clone()).unwrap_or_default(),
                name: last.map(|object| object.name.clone()).unwrap_or_default(),
                sensitive: named.iter().any(|object| object.sensitive),
                foreign: number(|row| row.foreign),
                drafted: number(|row| row.drafted),
                lines,
            }
        };
        roles.iter().map(object).collect()
    }
}
