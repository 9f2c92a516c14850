//! Who imports whom in `ui/src`.

use crate::{assert_none, files, is_written_in, text};
use std::path::{Component, Path, PathBuf};

const SOURCES: &str = "ui/src";

/// What a module imports, as it is written.
fn imports(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for opening in ["from \"", "import \"", "import(\""] {
        found.extend(text.match_indices(opening).filter_map(|(at, _)| text[at + opening.len()..].split('"').next()));
    }
    found
}

/// Where an import of ours leads, from `ui/src`; `None` for a library.
fn target(module: &str, import: &str) -> Option<String> {
    if let Some(path) = import.strip_prefix("~/") {
        return Some(path.to_owned());
    }
    if !import.starts_with('.') {
        return None;
    }
    let mut path = PathBuf::new();
    for part in Path::new(module).parent().unwrap_or(Path::new("")).join(import).components() {
        match part {
            Component::ParentDir => {
                path.pop();
            }
            Component::CurDir => {}
            part => path.push(part),
        }
    }
    Some(path.to_string_lossy().into_owned())
}

fn is_test(module: &str) -> bool {
    module.contains(".test.") || module.starts_with("test/")
}

/// Why a module must not import this, if so.
fn complaint(module: &str, import: &str) -> Option<&'static str> {
    let Some(target) = target(module, import) else {
        return match import {
            _ if import.starts_with("@tauri-apps/") && !module.starts_with("platform/") && !is_test(module) => {
                Some("only platform speaks with Tauri")
            }
            "@tanstack/react-virtual" if module != "kit/VirtualList.tsx" => {
                Some("only kit/VirtualList opts out of the Compiler")
            }
            _ => None,
        };
    };
    let of = |path: &str, folder: &str| path == folder || path.starts_with(&format!("{folder}/"));
    let feature =
        |path: &str| path.strip_prefix("features/").and_then(|rest| rest.split('/').next()).map(str::to_owned);
    match (feature(module), feature(&target)) {
        (Some(own), Some(other)) if own != other => return Some("a feature knows no other feature"),
        (None, Some(_)) if !of(module, "app") && !is_test(module) => return Some("only app knows features"),
        _ => {}
    }
    if of(module, "kit") && !is_test(module) && !["kit", "theme"].iter().any(|folder| of(&target, folder)) {
        return Some("kit knows nothing of ours");
    }
    if of(module, "platform") && ["app", "data", "kit", "i18n"].iter().any(|folder| of(&target, folder)) {
        return Some("platform knows only the wire");
    }
    None
}

#[test]
fn imports_follow_the_direction() {
    let mut broken = Vec::new();
    let mut seen = 0;
    for path in files(SOURCES).iter().filter(|path| is_written_in(&["ts", "tsx"], path)) {
        let module = &path[SOURCES.len() + 1..];
        for import in imports(&text(path).unwrap_or_default()) {
            seen += 1;
            if let Some(why) = complaint(module, import) {
                broken.push(format!("{path} imports {import}: {why}"));
            }
        }
    }
    assert!(seen > 0, "no import was read");
    assert_none("imports against the direction", &broken);
}

#[test]
fn an_import_against_the_direction_is_seen() {
    for (module, import, wrong) in [
        ("features/app/AppPage.tsx", "../group/GroupPage", true),
        ("features/app/AppPage.tsx", "~/features/group/GroupPage", true),
        ("features/app/AppPage.tsx", "./AppForm", false),
        ("features/app/AppPage.tsx", "~/kit", false),
        ("features/app/AppPage.tsx", "@tauri-apps/api/core", true),
        ("platform/call.ts", "@tauri-apps/api/core", false),
        ("platform/call.ts", "~/kit", true),
        ("kit/Table.tsx", "~/data", true),
        ("kit/Table.tsx", "../data/feeds", true),
        ("kit/Table.tsx", "./cx", false),
        ("kit/Table.tsx", "@tanstack/react-virtual", true),
        ("kit/VirtualList.tsx", "@tanstack/react-virtual", false),
        ("data/calls.ts", "~/features/app/AppPage", true),
        ("app/routes.ts", "~/features/app/AppPage", false),
    ] {
        assert_eq!(complaint(module, import).is_some(), wrong, "{module} imports {import}");
    }
    assert_eq!(imports("import { a } from \"x\";\nimport \"y\";\nconst z = import(\"z\");"), ["x", "y", "z"]);
}
