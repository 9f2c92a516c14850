//! The saved definition as a folder that `kubectl apply -k` takes.

use super::side::{Side, SideOf};
use crate::Engine;
use crate::error::{Error, Result};
use serde::Serialize;
use serde_json::{Value, json};
use slipway_model::id::GroupId;
use slipway_render::yaml;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use ts_rs::TS;

const KUSTOMIZATION: &str = "kustomization.yaml";
/// First line of what Slipway wrote: a folder that begins so may be replaced.
const MARK: &str = "# Written by Slipway.";

/// A saved folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, TS)]
pub struct SavedYaml {
    pub folder: String,
    pub files: u32,
    /// Names of the Secrets that are not in it.
    pub left_out: Vec<String>,
}

impl Engine {
    /// As [`Engine::group_save_yaml`], for several groups below one folder.
    ///
    /// # Errors
    /// As there; what was written before stays.
    pub async fn groups_save_yaml(&self, groups: &[GroupId], folder: &Path) -> Result<Vec<SavedYaml>> {
        let mut saved = Vec::new();
        for group in groups {
            saved.push(Box::pin(self.group_save_yaml(group, folder)).await?);
        }
        Ok(saved)
    }

    /// Writes what is saved of a group to a folder of its own below `folder`, named as its Deployment. What Slipway wrote
    /// there before is replaced; anything else is left alone. Secrets are left out, and named.
    ///
    /// # Errors
    /// `Draft` for one that is not complete, and `File` for a folder that can not be written, or is somebody else's.
    pub async fn group_save_yaml(&self, group: &GroupId, folder: &Path) -> Result<SavedYaml> {
        let loaded = self.load_side(&SideOf { group: group.clone(), side: Side::Saved }).await?;
        let mut files = BTreeMap::new();
        let (mut left_out, mut namespace) = (Vec::new(), Value::Null);
        for object in &loaded.side.objects {
            if object.sensitive {
                left_out.push(object.name.clone());
                continue;
            }
            let mut body = object.body.clone();
            // The folder says it once, for whoever wants to put it elsewhere.
            if let Some(own) = body["metadata"].as_object_mut().and_then(|metadata| metadata.remove("namespace")) {
                namespace = own;
            }
            let file = match object.kind.as_str() {
                "Deployment" => "deployment.yaml".to_owned(),
                kind => format!("{}-{}.yaml", kind.to_ascii_lowercase(), object.name),
            };
            files.insert(file, yaml::text(&body));
        }
        let kustomization = json!({
            "apiVersion": "kustomize.config.k8s.io/v1beta1",
            "kind": "Kustomization",
            "namespace": namespace,
            "resources": files.keys().collect::<Vec<_>>(),
        });
        let text = format!("{MARK}\n{}{}", note(&left_out), yaml::text(&kustomization));
        files.insert(KUSTOMIZATION.to_owned(), text);
        let count = u32::try_from(files.len()).unwrap_or(u32::MAX);
        let target = folder.join(&loaded.head.workload);
        let written = target.clone();
        let writing = tokio::task::spawn_blocking(move || write(&written, &files));
        writing
            .await
            .unwrap_or_else(|error| Err(std::io::Error::other(error)))
            .map_err(|error| refused(&target, &error))?;
        Ok(SavedYaml { folder: target.display().to_string(), files: count, left_out })
    }
}

fn note(left_out: &[String]) -> String {
    if left_out.is_empty() {
        return String::new();
    }
    let names: Vec<_> = left_out.iter().map(|name| format!("#   Secret {name}\n")).collect();
    format!(
        "# Left out, because what they hold is sensitive. They must be in the namespace already:\n{}",
        names.concat()
    )
}

fn refused(path: &Path, error: &std::io::Error) -> Error {
    Error::File { operation: "write", path: path.display().to_string(), reason: error.to_string() }
}

/// Writes all files beside the target first, so that a full disk leaves what was there.
fn write(target: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    let known = std::fs::read_to_string(target.join(KUSTOMIZATION)).is_ok_and(|text| text.starts_with(MARK));
    let there = target.try_exists()?;
    if there && !known && std::fs::read_dir(target)?.next().is_some() {
        let reason = "something else is in this folder";
        return Err(std::io::Error::new(std::io::ErrorKind::AlreadyExists, reason));
    }
    let beside = beside(target);
    std::fs::create_dir_all(&beside)?;
    let moved = fill(&beside, files).and_then(|()| {
        if there {
            std::fs::remove_dir_all(target)?;
        }
        std::fs::rename(&beside, target)
    });
    if moved.is_err() {
        // What could not be finished is of no use to anybody.
        std::fs::remove_dir_all(&beside).ok();
    }
    moved
}

fn fill(folder: &Path, files: &BTreeMap<String, String>) -> std::io::Result<()> {
    for (name, text) in files {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

fn beside(target: &Path) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.{}", uuid::Uuid::new_v4().simple()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_we_wrote_is_replaced_and_nothing_else() {
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("checkout-api-prod");
        let files = |extra: &str| {
            let text = format!("{MARK}\nresources: []\n");
            BTreeMap::from([(KUSTOMIZATION.to_owned(), text), (extra.to_owned(), "kind: X\n".to_owned())])
        };
        write(&target, &files("a.yaml")).expect("a new folder");
        write(&target, &files("b.yaml")).expect("ours");
        let mut found: Vec<_> =
            std::fs::read_dir(&target).expect("there").map(|entry| entry.expect("a file").file_name()).collect();
        found.sort();
        assert_eq!(found, ["b.yaml", KUSTOMIZATION], "what is no part of it any more is gone");

        std::fs::write(target.join(KUSTOMIZATION), "resources: []\n").expect("written");
        let refused = write(&target, &files("c.yaml")).expect_err("a person's own");
        assert_eq!(refused.kind(), std::io::ErrorKind::AlreadyExists);
        assert!(target.join("b.yaml").exists());
        assert_eq!(std::fs::read_dir(folder.path()).expect("there").count(), 1, "nothing is left beside it");
    }
}
