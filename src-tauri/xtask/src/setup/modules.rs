//! The pages' npm modules, as `ui/package-lock.json` has them.

use crate::build;
use crate::place;
use crate::process;
use anyhow::{Context, Result};
use serde_json::Value;
use std::fs;
use std::path::Path;

pub(crate) fn ensure() -> Result<()> {
    let locked = read(&place::ui().join("package-lock.json"))?;
    // npm notes here what it installed, also when somebody called it by hand.
    let installed = read(&place::ui().join("node_modules/.package-lock.json"));
    if installed.is_ok_and(|installed| is_installed(&locked, &installed)) {
        return Ok(());
    }
    process::run(&mut build::npm(&["ci", "--no-audit", "--no-fund"]), "install the pages' npm modules")
}

fn read(path: &Path) -> Result<Value> {
    let doing = || format!("read {}", path.display());
    serde_json::from_slice(&fs::read(path).with_context(doing)?).with_context(doing)
}

/// Whether every locked module is there in its locked version. Optional ones are for other systems too.
fn is_installed(locked: &Value, installed: &Value) -> bool {
    let Some(modules) = locked["packages"].as_object() else { return false };
    modules.iter().filter(|(path, _)| !path.is_empty()).all(|(path, module)| match installed["packages"].get(path) {
        Some(found) => found["version"] == module["version"] && found["integrity"] == module["integrity"],
        None => ["optional", "devOptional"].iter().any(|kind| module[kind] == true),
    })
}

#[cfg(test)]
mod tests {
    use super::is_installed;
    use serde_json::json;

    #[test]
    fn modules_are_installed_when_all_versions_agree() {
        let locked = json!({"packages": {
            "": {"version": "0.0.0"},
            "node_modules/a": {"version": "1.0.0", "integrity": "x"},
            "node_modules/b-darwin": {"version": "1.0.0", "optional": true},
        }});
        let with = |a: &str| json!({"packages": {"node_modules/a": {"version": a, "integrity": "x"}}});
        assert!(is_installed(&locked, &with("1.0.0")));
        assert!(!is_installed(&locked, &with("1.0.1")));
        assert!(!is_installed(&locked, &json!({"packages": {}})));
        assert!(!is_installed(&json!({}), &with("1.0.0")));
    }
}
