//! Values of a Deployment taken into a draft: what somebody changed in the cluster, or what was released before.
//!
//! The draft is rendered, the values are put over it, and what comes of that is read as a Deployment that others made: what
//! the form has a field for goes there, all else into the patch.

use crate::managed::{Path, Step, plain};
use crate::read::{form, lacks, normal, reset};
use crate::workload::{Workload, render};
use crate::yaml;
use serde_json::{Map, Value};
use slipway_model::group::{Group, GroupDraft, Patch};
use slipway_model::variable::Variable;

/// A draft with the values in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Adopted {
    pub draft: GroupDraft,
    /// Some are in the patch, because the form has no field for them.
    pub patched: bool,
    /// What is rendered elsewhere from now on: a variable of the container that became one of the group.
    pub moved: Vec<Path>,
}

/// Takes the values that `source` has at `paths` into a draft; what it lacks there is taken away. `workload` is what the
/// draft means now.
///
/// # Errors
/// The path that neither form nor patch may speak of: it is for releases to decide, or nobody's to change.
pub fn adopt(draft: &GroupDraft, workload: Workload<'_>, source: &Value, paths: &[&Path]) -> Result<Adopted, Path> {
    let all = take(draft, workload, source, paths);
    let alone = |path: &&&Path| take(draft, workload, source, &[path]).is_none();
    all.ok_or_else(|| paths.iter().find(alone).or(paths.first()).map(|path| (*path).clone()).unwrap_or_default())
}

fn take(draft: &GroupDraft, workload: Workload<'_>, source: &Value, paths: &[&Path]) -> Option<Adopted> {
    // As the form says it: what runs is for releases to keep.
    let workload = Workload { live_count: None, ..workload };
    let own = draft.container();
    let old = render(workload, "").deployment;
    let mut new = old.clone();
    for path in paths {
        path.set(&mut new, path.of(source).cloned());
    }

    let mut taken = merged(draft, &form(&old, own), &form(&new, own))?;
    let group = loop {
        match taken.validate(workload.group.id.clone(), workload.app) {
            Ok(group) => break group,
            // What the form would refuse goes into the patch, as it is.
            Err(errors) => {
                let before = taken.clone();
                for error in &errors {
                    reset(&mut taken, draft, &error.field);
                }
                if taken == before {
                    return None;
                }
            }
        }
    };
    let moved: Vec<_> = taken.variables.iter().filter(|one| !draft.variables.contains(one)).cloned().collect();
    let patch_of = |group: &Group, wanted: &Value, moved: &[Variable]| {
        // Variables are in objects of their own, and those are the same on both sides.
        let bare = Group { patch: None, variables: workload.group.variables.clone(), ..group.clone() };
        lacks(&render(Workload { group: &bare, ..workload }, "").deployment, wanted, group, moved)
    };
    let (was, is) = (patch_of(workload.group, &old, &[]), patch_of(&group, &new, &moved));
    if was != is {
        let empty = is.as_object().is_none_or(Map::is_empty);
        taken.patch = if empty { String::new() } else { yaml::text(&is) };
        Patch::parse(&taken.patch, own).ok()?;
    }
    let variables = workload.group.variables.clone();
    let group = Group { variables, ..taken.validate(group.id, workload.app).ok()? };
    let image = group.image.as_ref().unwrap_or(workload.image);
    let last = render(Workload { group: &group, image, ..workload }, "").deployment;
    let comparable =
        |deployment: &Value, moved: &[Variable]| normal(deployment, own, group.lifecycle.before_start.is_some(), moved);
    let (shown, wanted) = (comparable(&last, &[]), comparable(&new, &moved));
    let says = |path: &&Path| {
        let typed = is_image(path, own) && path.of(&new).is_some_and(|image| plain(image) == taken.image);
        typed || path.of(&last) == path.of(&new) || (is_of_pods(path) && same(path.of(&shown), path.of(&wanted)))
    };
    let patched = paths.iter().any(|path| path.of(&is).is_some() && path.of(&is) != path.of(&was));
    let elsewhere = |path: &&&Path| path.of(&new).is_some() && path.of(&last).is_none();
    let moved = paths.iter().filter(elsewhere).map(|path| (*path).clone()).collect();
    paths.iter().all(says).then_some(Adopted { draft: taken, patched, moved })
}

/// The draft with every field that differs between the two others as the second of them has it.
fn merged(draft: &GroupDraft, before: &GroupDraft, after: &GroupDraft) -> Option<GroupDraft> {
    let value = |draft: &GroupDraft| serde_json::to_value(draft).ok();
    let mut all = value(draft)?;
    merge(&mut all, &value(before)?, &value(after)?);
    let mut merged: GroupDraft = serde_json::from_value(all).ok()?;
    // Those of the group are in objects of their own, so that only new ones are seen in the container.
    merged.variables.clone_from(&draft.variables);
    for found in after.variables.iter().filter(|found| !before.variables.contains(found)) {
        merged.variables.retain(|known| known.name != found.name);
        merged.variables.push(found.clone());
    }
    Some(merged)
}

fn merge(draft: &mut Value, before: &Value, after: &Value) {
    if before == after {
        return;
    }
    match (draft, before, after) {
        (Value::Object(fields), Value::Object(before), Value::Object(after))
            if before.get("kind") == after.get("kind") =>
        {
            let missing = Value::Null;
            for (field, value) in after {
                let draft = fields.entry(field.clone()).or_insert(Value::Null);
                merge(draft, before.get(field).unwrap_or(&missing), value);
            }
        }
        (draft, _, after) => draft.clone_from(after),
    }
}

fn field(path: &Path, at: usize) -> &str {
    match path.0.get(at) {
        Some(Step::Field(name)) => name,
        _ => "",
    }
}

fn is_image(path: &Path, container: &str) -> bool {
    let named =
        matches!(path.0.get(4), Some(Step::Entry(keys)) if keys.get("name").is_some_and(|name| name == container));
    named && field(path, 3) == "containers" && field(path, 5) == "image"
}

/// Whether two definitions without what releases decide are comparable there.
fn is_of_pods(path: &Path) -> bool {
    let of_releases = matches!(field(path, 1), "replicas" | "selector" | "paused");
    field(path, 0) == "spec" && !of_releases && !(field(path, 1) == "template" && field(path, 2) == "metadata")
}

/// Sources of variables come in an order of their own: those of the group stay the last.
fn same(shown: Option<&Value>, wanted: Option<&Value>) -> bool {
    match (shown, wanted) {
        (Some(Value::Array(shown)), Some(Value::Array(wanted))) => {
            shown.len() == wanted.len() && shown.iter().all(|one| wanted.contains(one))
        }
        (shown, wanted) => shown == wanted,
    }
}

#[cfg(test)]
mod tests;
